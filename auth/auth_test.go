package auth

import (
	"errors"
	"fmt"
	"math/bits"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func open(t testing.TB) *store.Store {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{Database: filepath.Join(t.TempDir(), "rubato.db"), Unsynced: true, Zones: zoneinfo.New().Zone})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// TestTenThousandSecrets is row 34 of security 2: of ten thousand no two are the
// same, none tells when it was made, and every bit of them falls either way.
func TestTenThousandSecrets(t *testing.T) {
	const n = 10_000
	const letters = "abcdefghijklmnopqrstuvwxyz234567"
	for name, kind := range map[string]struct {
		make    func() string
		letters int // that are drawn
	}{
		"links, sessions and feeds": {func() string { s, _ := NewSecret(); return s }, 51}, // the 52nd holds one bit
		"tokens":                    {func() string { return strings.TrimPrefix(newToken(), TokenPrefix) }, 48},
	} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			ones := make([]int, kind.letters*5)
			up, before := 0, ""
			for range n {
				s := kind.make()
				if seen[s] {
					t.Fatalf("%s was made twice", s)
				}
				seen[s] = true
				if before < s {
					up++
				}
				if before != "" && strings.HasPrefix(s, before[:8]) { // 40 bits
					t.Errorf("%s follows %s", s, before)
				}
				before = s
				for i := range kind.letters {
					v := uint(strings.IndexByte(letters, s[i]))
					for b := range 5 {
						ones[i*5+b] += bits.OnesCount(v >> b & 1)
					}
				}
			}
			if kind.letters*5 < 128 {
				t.Errorf("%d bits, want 128 at least", kind.letters*5)
			}
			for i, got := range ones { // seven times the standard deviation, which is 50
				if got < n/2-350 || got > n/2+350 {
					t.Errorf("bit %d is set in %d of %d", i, got, n)
				}
			}
			if up < n/2-210 || up > n/2+210 { // of 29
				t.Errorf("%d of %d are greater than the one before", up, n)
			}
		})
	}
}

// TestSignaturesAreOfTheirParts is row 45: no two lists of parts share a
// signature, however they are cut, and no other server's is taken.
func TestSignaturesAreOfTheirParts(t *testing.T) {
	a, other := New(open(t)), New(open(t))
	ctx := t.Context()
	texts := rapid.SliceOfN(rapid.StringMatching(`[a-b\x00:|/ ]{0,4}`), 0, 5)
	rapid.Check(t, func(r *rapid.T) {
		one, two := texts.Draw(r, "one"), texts.Draw(r, "two")
		sig, err := a.Sign(ctx, one...)
		if err != nil {
			r.Fatal(err)
		}
		for _, parts := range [][]string{one, two, append(slices.Clone(one), ""), append([]string{""}, one...), {strings.Join(one, "")}} {
			ok, err := a.Signed(ctx, sig, parts...)
			if err != nil || ok != slices.Equal(parts, one) {
				r.Errorf("the signature of %q is taken for %q: %v, %v", one, parts, ok, err)
			}
		}
		if ok, err := other.Signed(ctx, sig, one...); ok || err != nil {
			r.Errorf("another server takes it: %v", err)
		}
		for i := range sig {
			bent := slices.Clone(sig)
			bent[i] ^= 1 << (i % 8)
			if ok, _ := a.Signed(ctx, bent, one...); ok {
				r.Errorf("a bent signature is taken")
			}
		}
		for _, cut := range [][]byte{nil, sig[:8], append(slices.Clone(sig), 0)} {
			if ok, _ := a.Signed(ctx, cut, one...); ok {
				r.Errorf("a signature of %d bytes is taken", len(cut))
			}
		}
	})
}

// TestLongPasswords is row 58: what is too long is refused, and not cut.
func TestLongPasswords(t *testing.T) {
	a := New(open(t))
	ctx := t.Context()
	for _, long := range []string{strings.Repeat("a", MaxPassword+1), strings.Repeat("ä b", 1<<20), strings.Repeat("\x00", 1<<20)} {
		if _, err := a.HashPassword(ctx, long); !errors.Is(err, ErrWeak) {
			t.Errorf("a password of %d bytes: %v", len(long), err)
		}
	}
	longest := strings.Repeat("😀", MaxPassword)
	stored, err := a.HashPassword(ctx, longest)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("it is stored as %s", stored)
	}
	for password, want := range map[string]bool{longest: true, longest + "x": false, longest[:len(longest)-4]: false, strings.Repeat(longest, 1000): false, "": false} {
		got, err := a.hasher.verify(ctx, stored, password)
		if err != nil || got != want {
			t.Errorf("a password of %d bytes opens: %v, %v", len(password), got, err)
		}
	}
	if ok, err := a.hasher.verify(ctx, "", ""); ok || err != nil {
		t.Errorf("no password is right where none is stored: %v", err)
	}
}

// TestFloodOfNames: whoever is held back stays so, whatever number of other
// names is tried meanwhile, and the count of names has an end.
func TestFloodOfNames(t *testing.T) {
	l := newLimits()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	from := func(n int) string { return fmt.Sprintf("[2001:db8:%x:%x::1]:443", n/0x10000, n%0x10000) }
	for n := range signInTries {
		if err := l.signIn(now, "org", "lena@example.org", from(n)); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 5 * maxLimitKeys {
		now = now.Add(time.Millisecond)
		if err := l.signIn(now, "org", fmt.Sprintf("nobody%d@example.org", n), from(1000+n)); err != nil {
			t.Fatalf("a name tried once from somewhere else: %v", err)
		}
	}
	if err := l.signIn(now, "org", "lena@example.org", from(1)); err == nil {
		t.Error("a flood of names set an account free that is held back")
	}
	if len(l.seen) > maxLimitKeys {
		t.Errorf("%d names are kept, want at most %d", len(l.seen), maxLimitKeys)
	}
	// One place that makes names up leaves no trace of them once it is held back.
	l = newLimits()
	for n := range 1000 {
		_ = l.signIn(now, "org", fmt.Sprintf("nobody%d@example.org", n), "192.0.2.7:1") // refused from the 51st on
	}
	if len(l.seen) > peerTries+1 {
		t.Errorf("%d names of one place are kept", len(l.seen))
	}
}

// TestUnknownAddressesCostTheSame: whoever is not known here is told so after
// the one hash that a wrong password costs (security 2, row 38).
func TestUnknownAddressesCostTheSame(t *testing.T) {
	st := open(t)
	a := New(st)
	hashes := 0
	a.hasher.slots = make(chan struct{})
	defer close(a.hasher.slots)
	go func() { // lets hashes in one by one
		for range a.hasher.slots {
			hashes++
			a.hasher.slots <- struct{}{}
		}
	}()
	stored, err := a.HashPassword(t.Context(), "a few plain words")
	if err != nil {
		t.Fatal(err)
	}
	d := door.New(door.Config{Store: st, Now: time.Now, Wake: func() {}, Zones: zoneinfo.New().Zone})
	org, _, err := d.Found(t.Context(), "One", "", door.Newcomer{Name: "Lena", Handle: "lena", Address: "lena@example.org", Zone: "UTC", Lang: "en", PasswordHash: stored})
	if err != nil {
		t.Fatal(err)
	}
	for i, try := range []struct{ address, password string }{
		{"lena@example.org", "other plain words"},
		{"nobody@example.org", "other plain words"},
		{"lena@example.org", ""},
		{"nobody@example.org", ""},
		{"lena@example.org", strings.Repeat("long ", 1000)},
		{"nobody@example.org", strings.Repeat("long ", 1000)},
	} {
		before := hashes
		if _, err := a.SignIn(t.Context(), org, try.address, try.password, "", fmt.Sprintf("192.0.2.%d", i)); !errors.Is(err, ErrWrong) {
			t.Errorf("%s: %v, want %v", try.address, err, ErrWrong)
		}
		if n := hashes - before; n != 1 {
			t.Errorf("%s with %.20q cost %d hashes, want 1", try.address, try.password, n)
		}
	}
	if _, err := a.SignIn(t.Context(), org, "lena@example.org", "a few plain words", "", "192.0.2.9"); err != nil {
		t.Errorf("the right password: %v", err)
	}
}

// BenchmarkSignIn is row 38: what an unknown address costs beside a known one.
func BenchmarkSignIn(b *testing.B) {
	a := New(open(b))
	hash, err := a.HashPassword(b.Context(), "a few plain words")
	if err != nil {
		b.Fatal(err)
	}
	for name, stored := range map[string]string{"known": hash, "unknown": ""} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if ok, err := a.hasher.verify(b.Context(), stored, "another few words"); ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
