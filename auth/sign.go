package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"github.com/rubato-hq/rubato/store"
)

// SignatureSize is the length of a signature in bytes.
const SignatureSize = 16

// signingKey is the setting of the server that holds the key of its signatures.
const signingKey = "signing-key"

// Sign signs what this server hands out and takes back later. The parts are
// told apart: no two lists of parts share a signature (security 2, row 45).
func (a *Auth) Sign(ctx context.Context, parts ...string) ([]byte, error) {
	key, err := a.key(ctx)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(sha256.New, key)
	for _, p := range parts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		mac.Write([]byte(p))
	}
	return mac.Sum(nil)[:SignatureSize], nil
}

// Signed reports, in constant time, whether this server signed these parts.
func (a *Auth) Signed(ctx context.Context, signature []byte, parts ...string) (bool, error) {
	want, err := a.Sign(ctx, parts...)
	return err == nil && hmac.Equal(want, signature), err
}

// key is the server's own, made when it is first wanted and kept: other nodes
// and later starts know what this one signed.
func (a *Auth) key(ctx context.Context) ([]byte, error) {
	a.signing.Lock()
	defer a.signing.Unlock()
	if a.signWith != nil {
		return a.signWith, nil
	}
	var b [32]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	kept := ""
	err := a.store.Write(ctx, store.Server, func(tx *store.Tx) error {
		var err error
		kept, err = tx.KeepSetting(ctx, signingKey, base64.StdEncoding.EncodeToString(b[:]))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep the signing key: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(kept)
	if err != nil || len(key) < 32 {
		return nil, fmt.Errorf("the stored signing key is unreadable")
	}
	a.signWith = key
	return key, nil
}
