package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
)

// notes are the settings that writers of these tests leave behind.
func notes(t *testing.T, s *Store) []string {
	t.Helper()
	got, err := list(t.Context(), s.read, s.dialect, scanString, `SELECT name FROM setting WHERE org_id = 'a' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// commits counts what others committed, as one reader sees it.
func commits(t *testing.T, s *Store) func() int64 {
	t.Helper()
	conn, err := s.pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	version := func() int64 {
		var n int64
		if err := conn.QueryRowContext(t.Context(), `PRAGMA data_version`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := version()
	return func() int64 { return version() - before }
}

// queue holds the writer, lets so many others line up behind it, each doing
// what act does, and then lets go.
func queue(t *testing.T, s *Store, n int, act func(i int, tx *Tx) error) []error {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	errs := make([]error, n+1)
	var all sync.WaitGroup
	var once sync.Once
	all.Go(func() {
		errs[n] = s.Write(t.Context(), "a", func(tx *Tx) error {
			once.Do(func() { close(held) })
			<-let
			return tx.SetSetting(t.Context(), "holder", "x")
		})
	})
	<-held
	for i := range n {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					errs[i] = fmt.Errorf("crashed: %v", p)
				}
			}()
			errs[i] = s.Write(t.Context(), "a", func(tx *Tx) error { return act(i, tx) })
		})
	}
	for deadline := time.Now().Add(10 * time.Second); s.together.waiting.Load() < int64(n); runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("the writers do not line up")
		}
	}
	close(let)
	all.Wait()
	return errs
}

func openTogether(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), Config{Database: filepath.Join(t.TempDir(), "rubato.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// TestTogether: who waits for the writer shares a commit, and each transaction
// is whole or not there, whatever happens to the others.
func TestTogether(t *testing.T) {
	s := openTogether(t)
	refusal := errors.New("refused")
	done := commits(t, s)
	errs := queue(t, s, 12, func(i int, tx *Tx) error {
		if err := tx.SetSetting(t.Context(), fmt.Sprintf("n%02d", i), "x"); err != nil {
			return err
		}
		switch i {
		case 3:
			return refusal
		case 7:
			panic("seven")
		}
		return nil
	})
	if n := done(); n != 1 {
		t.Errorf("%d commits for all, want one", n)
	}
	want := []string{"holder"}
	for i := range 12 {
		switch i {
		case 3:
			if !errors.Is(errs[i], refusal) {
				t.Errorf("the refusal came back as %v", errs[i])
			}
		case 7:
			if errs[i] == nil || errs[i].Error() != "crashed: seven" {
				t.Errorf("the crash came back as %v", errs[i])
			}
		default:
			if errs[i] != nil {
				t.Errorf("writer %d: %v", i, errs[i])
			}
			want = append(want, fmt.Sprintf("n%02d", i))
		}
	}
	if got := notes(t, s); !slices.Equal(got, want) {
		t.Errorf("kept %v, want %v", got, want)
	}
}

// TestTogetherGoneDown: when the database ends the whole transaction, as it does
// when the disk is full, those beside the one that failed are run again.
func TestTogetherGoneDown(t *testing.T) {
	s := openTogether(t)
	full := errors.New("full")
	errs := queue(t, s, 8, func(i int, tx *Tx) error {
		if err := tx.SetSetting(t.Context(), fmt.Sprintf("n%02d", i), "x"); err != nil {
			return err
		}
		if i == 4 {
			if _, err := tx.q.ExecContext(t.Context(), `ROLLBACK`); err != nil {
				return err
			}
			return full
		}
		return nil
	})
	want := []string{"holder", "n00", "n01", "n02", "n03", "n05", "n06", "n07"}
	if got := notes(t, s); !slices.Equal(got, want) {
		t.Errorf("kept %v, want %v", got, want)
	}
	for i, err := range errs {
		if i == 4 != errors.Is(err, full) || i != 4 && err != nil {
			t.Errorf("writer %d: %v", i, err)
		}
	}
}

// TestTogetherGivesUp: whoever is not waited for any more leaves nothing, and
// holds nobody.
func TestTogetherGivesUp(t *testing.T) {
	s := openTogether(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Write(ctx, "a", func(tx *Tx) error {
		if err := tx.SetSetting(ctx, "before", "x"); err != nil {
			return err
		}
		cancel()
		return tx.SetSetting(ctx, "after", "x")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a transaction whose caller left: %v", err)
	}
	if err := s.Write(ctx, "a", func(*Tx) error { t.Error("ran for nobody"); return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a transaction for nobody: %v", err)
	}
	if err := s.Write(t.Context(), "a", func(tx *Tx) error { return tx.SetSetting(t.Context(), "next", "x") }); err != nil {
		t.Errorf("the next writer: %v", err)
	}
	if got := notes(t, s); !slices.Equal(got, []string{"next"}) {
		t.Errorf("kept %v, want next", got)
	}
}
