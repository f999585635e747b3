package auth

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// failures counts sign-ins that failed until the audit log is told of them: with
// the account's next success, when the account is slowed down, or after an hour.
// Unknown addresses are one account, so that there are never more counts than people.
type failures struct {
	mu   sync.Mutex
	seen map[account]tally
}

type account struct{ org, person string }

type tally struct {
	n     int
	since time.Time
	from  string // the last address
}

// failure is a count that is due to be told.
type failure struct {
	account
	tally
}

// tellAfter is how long a count grows before it is told.
const tellAfter = time.Hour

// add counts one failure, and returns the counts that are due.
func (f *failures) add(now time.Time, org, person, from string) []failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen == nil {
		f.seen = make(map[account]tally)
	}
	key := account{org, person}
	t := f.seen[key]
	if t.n == 0 {
		t.since = now
	}
	t.n, t.from = t.n+1, from
	f.seen[key] = t
	var due []failure
	for k, t := range f.seen {
		if t.n >= signInTries || now.Sub(t.since) >= tellAfter {
			due = append(due, failure{k, t})
			delete(f.seen, k)
		}
	}
	return due
}

// take ends the count of an account that signed in, and returns it.
func (f *failures) take(org, person string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.seen[account{org, person}].n
	delete(f.seen, account{org, person})
	return n
}

// all ends every count.
func (f *failures) all() []failure {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []failure
	for k, t := range f.seen {
		out = append(out, failure{k, t})
	}
	clear(f.seen)
	return out
}

// tell writes counts to the audit log.
func (a *Auth) tell(ctx context.Context, due []failure) error {
	var errs []error
	for _, f := range due {
		errs = append(errs, a.store.Write(ctx, f.org, func(tx *store.Tx) error {
			return tx.Audit(ctx, store.AuditEntry{
				At: time.Now(), Actor: f.person, Act: store.ActSignInFailed, Detail: countOf(f.n), Origin: "web " + Peer(f.from),
			})
		}))
	}
	return errors.Join(errs...)
}

// Stop tells the audit log what was not told yet.
func (a *Auth) Stop(ctx context.Context) error { return a.tell(ctx, a.failed.all()) }

// countOf writes a number, "" for none.
func countOf(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
