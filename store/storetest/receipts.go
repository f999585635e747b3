package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

// receipts: a key is used once, and a repeat gets what the first one got.
func receipts(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	b.fill("b", "other")
	take := func(org, actor, key, hash string) (result string, fresh bool, err error) {
		err = b.Store.Write(ctx, org, func(tx *store.Tx) error {
			var err error
			if result, fresh, err = tx.TakeKey(ctx, actor, key, hash, now); err == nil && fresh {
				err = tx.KeepResult(ctx, actor, key, "result of "+actor+" in "+org)
			}
			return err
		})
		return result, fresh, err
	}
	for _, tt := range []struct {
		name, org, actor, key, hash string
		result                      string
		fresh                       bool
		err                         error
	}{
		{"new", "a", ben, "k", "h", "", true, nil},
		{"again", "a", ben, "k", "h", "result of ben in a", false, nil},
		{"and again", "a", ben, "k", "h", "result of ben in a", false, nil},
		{"with another body", "a", ben, "k", "other", "", false, store.ErrKeyReused},
		{"the key of somebody else", "a", ada, "k", "other", "", true, nil},
		{"another key", "a", ben, "k2", "h", "", true, nil},
		{"another organisation", "b", ben, "k", "other", "", true, nil},
	} {
		result, fresh, err := take(tt.org, tt.actor, tt.key, tt.hash)
		if !errors.Is(err, tt.err) || result != tt.result || fresh != tt.fresh {
			t.Errorf("%s: %q, %v, %v, want %q, %v, %v", tt.name, result, fresh, err, tt.result, tt.fresh, tt.err)
		}
	}
	broken := errors.New("refused")
	b.refuse("a verb that refuses", broken, "a", func(tx *store.Tx) error {
		if _, _, err := tx.TakeKey(ctx, ben, "k3", "h", now); err != nil {
			return err
		}
		return broken
	})
	if _, fresh, err := take("a", ben, "k3", "h"); err != nil || !fresh {
		t.Errorf("the key of a refused request: fresh %v, %v, want to be taken anew", fresh, err)
	}
	b.refuse("a result without its key", store.ErrNotFound, "a", func(tx *store.Tx) error { return tx.KeepResult(ctx, ben, "none", "x") })

	b.write("a", func(tx *store.Tx) error {
		if _, _, err := tx.TakeKey(ctx, ben, "young", "h", after(10)); err != nil {
			return err
		}
		n, err := tx.ForgetKeys(ctx, after(10))
		if err == nil && n == 0 {
			t.Error("ForgetKeys forgot nothing")
		}
		return err
	})
	if _, fresh, err := take("a", ben, "young", "h"); err != nil || fresh {
		t.Errorf("a key younger than the bound: fresh %v, %v, want to be kept", fresh, err)
	}
	if _, fresh, err := take("a", ben, "k", "h"); err != nil || !fresh {
		t.Errorf("an old key: fresh %v, %v, want to be forgotten", fresh, err)
	}
	if result, _, err := take("b", ben, "k", "other"); err != nil || result == "" {
		t.Errorf("the key of another organisation was forgotten too: %q, %v", result, err)
	}
	if _, _, err := take("a", ben, strings.Repeat("k", 200), "h"); err != nil {
		t.Errorf("a key of 200 characters: %v", err)
	}
}

// concurrentReceipts: of many that come at once with one key one is executed,
// and all get the same receipt.
func concurrentReceipts(t *testing.T, b *Bench) {
	ctx := t.Context()
	b.fill("a", "mark")
	const requests = 12
	for round := range 5 {
		key := fmt.Sprintf("k%d", round)
		var executed atomic.Int64
		results := make([]string, requests)
		err := concurrently(requests, func(n int) error {
			return b.Store.Write(ctx, "a", func(tx *store.Tx) error {
				result, fresh, err := tx.TakeKey(ctx, ben, key, "h", now)
				if err != nil {
					return err
				}
				if fresh {
					i, err := tx.AddItem(ctx, document(fmt.Sprintf("%s-%d", key, n), item.Update, ben, ""))
					if err != nil {
						return err
					}
					executed.Add(1)
					result = i.ID
					if err := tx.KeepResult(ctx, ben, key, result); err != nil {
						return err
					}
				}
				results[n] = result
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := executed.Load(); n != 1 {
			t.Errorf("round %d: executed %d times, want once", round, n)
		}
		for n, r := range results {
			if r == "" || r != results[0] {
				t.Errorf("round %d: request %d got %q, the first %q", round, n, r, results[0])
			}
		}
		written := 0
		for _, row := range b.dump("a")["item"] {
			if strings.Contains(row, " id="+key+"-") {
				written++
			}
		}
		if written != 1 {
			t.Errorf("round %d: %d items were written, want one", round, written)
		}
	}
}
