package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost of a password (security 1.7): argon2id, 19 MiB, two passes, one lane.
const (
	argonMemory  = 19456
	argonTime    = 2
	argonThreads = 1
	argonKey     = 32
)

// Lengths of a password in characters. A longer one is refused, not cut.
const (
	MinPassword = 8
	MaxPassword = 256
)

// hasher hashes at most two passwords at once, so that a flood of sign-ins
// cannot take the machine's memory.
type hasher struct{ slots chan struct{} }

func newHasher() *hasher { return &hasher{slots: make(chan struct{}, 2)} }

// HashPassword checks a new password and returns how it is stored. name and
// address are what it must not be.
func (a *Auth) HashPassword(ctx context.Context, password string, known ...string) (string, error) {
	n := utf8.RuneCountInString(password)
	if n < MinPassword || n > MaxPassword || common(password) {
		return "", ErrWeak
	}
	for _, k := range known {
		if k != "" && strings.EqualFold(k, password) {
			return "", ErrWeak
		}
	}
	var salt [16]byte
	rand.Read(salt[:]) // never fails (crypto/rand)
	key, err := a.hasher.key(ctx, password, salt[:])
	if err != nil {
		return "", err
	}
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		enc.EncodeToString(salt[:]), enc.EncodeToString(key)), nil
}

func (h *hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
		return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonThreads, argonKey), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// verify compares a password with a stored hash in constant time. An empty
// hash does the same work and is never right.
func (h *hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	if len(password) > 4*MaxPassword {
		password = ""
	}
	parts := strings.Split(stored, "$")
	known := len(parts) == 6 && parts[1] == "argon2id"
	salt, want := make([]byte, 16), make([]byte, argonKey)
	if known {
		var err1, err2 error
		salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
		want, err2 = base64.RawStdEncoding.DecodeString(parts[5])
		if err1 != nil || err2 != nil {
			return false, fmt.Errorf("a stored password hash is unreadable")
		}
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}
