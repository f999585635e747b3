// Package door is where every change goes through: one verb per file, one
// transaction each, in the order access, rule, store with events and
// deliveries (ARCHITECTURE.md). A verb reads the clock once.
//
// What does not live here: reading for pages (store.Reader), sending
// (package delivery), who is there (package auth), and sentences (words).
package door

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/fault"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/store"
)

// Config is what a Door needs. Now is the time that people live in (the demo's
// movable clock in the demo); Wake nudges delivery after a commit and must not
// block.
type Config struct {
	Store *store.Store
	Now   func() time.Time
	Wake  func()
	Zones worktime.Zones
	// Files keeps attachments; without it nothing can be attached.
	Files *files.Folder
}

// Door holds the verbs. It is safe for concurrent use.
type Door struct {
	store *store.Store
	now   func() time.Time
	wake  func()
	zones worktime.Zones
	files *files.Folder
}

// New returns a Door.
func New(cfg Config) *Door {
	return &Door{store: cfg.Store, now: cfg.Now, wake: cfg.Wake, zones: cfg.Zones, files: cfg.Files}
}

// Problem is a refusal that a person can mend: which field, and a code that
// package words turns into what happened, what was kept and what to do.
type Problem struct {
	Field string
	Code  string
	// Name is the person, team or file the problem is about, "" for none.
	Name string
}

func (p *Problem) Error() string {
	if p.Name != "" {
		return p.Field + ": " + p.Code + " (" + p.Name + ")"
	}
	return p.Field + ": " + p.Code
}

func problem(field, code string) error { return &Problem{Field: field, Code: code} }

// once runs a verb's transaction, and with a key it runs it once: the key goes
// in first, and a repeat of the same request gets the stored receipt. input is
// what the request said; a different input under the same key is refused. A
// commit whose answer was lost is settled by reading the key.
func once[T any](ctx context.Context, d *Door, by access.Actor, verb, key string, input any, fn func(tx *store.Tx) (T, error)) (T, error) {
	hash, err := requestHash(verb, input)
	if err != nil {
		return *new(T), err
	}
	run := func(again bool) (T, error) {
		var out T
		err := d.store.Write(ctx, by.Org, func(tx *store.Tx) error {
			out = *new(T)
			if key == "" {
				var err error
				out, err = fn(tx)
				return err
			}
			kept, fresh, err := tx.TakeKey(ctx, by.Person, key, hash, d.now())
			if err != nil {
				return err
			}
			if !fresh {
				err := json.Unmarshal([]byte(kept), &out)
				if r, ok := any(&out).(*Receipt); ok {
					r.Again = !again
				}
				return err
			}
			if again {
				return errNotCommitted
			}
			if out, err = fn(tx); err != nil {
				return err
			}
			result, err := json.Marshal(out)
			if err != nil {
				return fmt.Errorf("keep the receipt: %w", err)
			}
			return tx.KeepResult(ctx, by.Person, key, string(result))
		})
		return out, err
	}
	out, err := run(false)
	if errors.Is(err, store.ErrUnknownOutcome) && key != "" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), settling)
		defer cancel()
		if out, again := run(true); again == nil {
			return out, nil
		}
	}
	if err != nil {
		return *new(T), fmt.Errorf("%s: %w", verb, err)
	}
	fault.Stop("commit-wake")
	d.wake()
	return out, nil
}

// settling bounds the look for a lost commit: whoever asked still waits.
const settling = 1500 * time.Millisecond

// errNotCommitted ends the look for a lost commit that did not happen.
var errNotCommitted = errors.New("the commit did not happen")

func requestHash(verb string, input any) (string, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return "", fmt.Errorf("%s: read the request: %w", verb, err)
	}
	sum := sha256.Sum256(append([]byte(verb+"\n"), body...))
	return hex.EncodeToString(sum[:]), nil
}
