package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/rubato-hq/rubato/core/access"
)

// Act names what an entry of the audit log tells.
type Act string

// The acts that are logged (security 1.13). Reading is not among them.
const (
	ActFounded         Act = "founded"
	ActSignIn          Act = "sign-in"          // detail: how many tries failed before, "" for none
	ActSignInFailed    Act = "sign-in-failed"   // detail: how many tries; the actor is whose account it was, "" for unknown ones
	ActSessionsEnded   Act = "sessions-ended"   // by hand
	ActPassword        Act = "password"         // changed
	ActResetMade       Act = "reset-made"       // a link for a new password; detail: "mail" or "copy"
	ActReset           Act = "reset"            // such a link was used
	ActAddressAsked    Act = "address-asked"    // a link for another mail address
	ActAddress         Act = "address"          // such a link was used
	ActTokenMade       Act = "token-made"       // object: its id; detail: its scopes
	ActTokenEnded      Act = "token-ended"      // object: its id
	ActFeedMade        Act = "feed-made"        // object: its kind
	ActFeedEnded       Act = "feed-ended"       // object: its kind
	ActWebhookSet      Act = "webhook-set"      // detail: its host
	ActWebhookRemoved  Act = "webhook-removed"  //
	ActInvited         Act = "invited"          // object: the link; detail: the role
	ActInviteEnded     Act = "invite-ended"     // object: the link
	ActJoined          Act = "joined"           // object: the link, "" if they were let in at the terminal; detail: the role
	ActRole            Act = "role"             // object: the person; detail: the role
	ActState           Act = "state"            // object: the person; detail: the state
	ActTeamMade        Act = "team-made"        // object: the team
	ActTeamJoined      Act = "team-joined"      // object: the team; detail: the person
	ActTeamLeft        Act = "team-left"        // object: the team; detail: the person
	ActCrisisRaised    Act = "crisis-raised"    // object: its number
	ActCrisisEnded     Act = "crisis-ended"     // object: its number
	ActCrisisWatched   Act = "crisis-watched"   // object: the person; detail: how many in an hour
	ActMayRaise        Act = "may-raise"        // object: the person; detail: "yes" or "no"
	ActImported        Act = "imported"         // object: where from
	ActExported        Act = "exported"         // object: what
	ActRestored        Act = "restored"         // the whole server, from a backup; detail: when that was made
	ActSetting         Act = "setting"          // object: its name
	ActReleased        Act = "released"         // what a restore held back; detail: "sent" or "dropped"
	ActCalendarSet     Act = "calendar-set"     // of holidays; object: its name
	ActCalendarDropped Act = "calendar-dropped" // object: its name
)

// AuditEntry is one line of the audit log: who did what to what, when, and
// from where. It never holds words that somebody wrote, and no secret.
type AuditEntry struct {
	N      int64
	At     time.Time // real time
	Actor  string    // id of the person, "" for nobody that is known
	Act    Act
	Object string
	Detail string
	Origin string // where it came from; the context's if empty
	Hash   string
}

// chained is the hash of an entry that follows one with the hash before: the
// SHA-256, in hex, of that hash, a line feed, and the entry's other fields as a
// JSON list. Whoever holds an export can work it out again.
func (e AuditEntry) chained(before string) (string, error) {
	fields, err := json.Marshal([]any{e.N, millis(e.At), e.Actor, e.Act, e.Object, e.Detail, e.Origin})
	if err != nil {
		return "", fmt.Errorf("hash an entry of the audit log: %w", err)
	}
	sum := sha256.Sum256([]byte(before + "\n" + string(fields)))
	return hex.EncodeToString(sum[:]), nil
}

type originKey struct{}

// WithOrigin says where the acts under this context come from, for the audit
// log: "web 192.0.2.7".
func WithOrigin(ctx context.Context, origin string) context.Context {
	return context.WithValue(ctx, originKey{}, origin)
}

func originOf(ctx context.Context) string {
	origin, _ := ctx.Value(originKey{}).(string)
	return origin
}

// auditCounter numbers the entries of an organisation. Its row is locked until
// the transaction ends, so that entries are chained in the order of their numbers.
const auditCounter = "audit"

// Audit appends an entry to the audit log, in the transaction of what it
// tells. Others that write one wait for the end of this transaction: call it
// last, and never before something slow.
func (t *Tx) Audit(ctx context.Context, e AuditEntry) error {
	if e.Origin == "" {
		e.Origin = originOf(ctx)
	}
	var err error
	if e.N, err = t.count(ctx, auditCounter); err != nil {
		return err
	}
	before := ""
	if e.N > 1 {
		if before, err = single(ctx, t.q, t.s.dialect, scanString, `SELECT hash FROM audit_log WHERE org_id = $1 AND n = $2`, t.org, e.N-1); err != nil {
			return fmt.Errorf("the audit log before %d: %w", e.N, err)
		}
	}
	if e.Hash, err = e.chained(before); err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO audit_log (org_id, n, at, actor_id, act, object, detail, origin, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.org, e.N, millis(e.At), e.Actor, e.Act, e.Object, e.Detail, e.Origin, e.Hash)
	if err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	return nil
}

func scanAudit(r scanner) (AuditEntry, error) {
	var e AuditEntry
	var at int64
	err := r.Scan(&e.N, &at, &e.Actor, &e.Act, &e.Object, &e.Detail, &e.Origin, &e.Hash)
	e.At = instant(at)
	return e, err
}

const auditColumns = `n, at, actor_id, act, object, detail, origin, hash`

func (r *Reader) governs() error {
	return r.can(access.Govern, access.Object{Kind: access.Organisation, Org: r.viewer.Org})
}

// Audit lists entries for admins, the newest first, at most limit; before is
// the number below which they are, 0 for the newest.
func (r *Reader) Audit(ctx context.Context, before int64, limit int) ([]AuditEntry, error) {
	if err := r.governs(); err != nil {
		return nil, err
	}
	if before <= 0 {
		before = math.MaxInt64
	}
	out, err := list(ctx, r.s.read, r.s.dialect, scanAudit, `SELECT `+auditColumns+` FROM audit_log WHERE org_id = $1 AND n < $2 ORDER BY n DESC LIMIT $3`,
		r.viewer.Org, before, limit)
	if err != nil {
		return nil, fmt.Errorf("audit log: %w", err)
	}
	return out, nil
}

// auditPage is how many entries are read at a time.
const auditPage = 1000

// EachAudit hands every entry to an admin's fn, the oldest first.
func (r *Reader) EachAudit(ctx context.Context, fn func(AuditEntry) error) error {
	if err := r.governs(); err != nil {
		return err
	}
	for after := int64(0); ; {
		page, err := list(ctx, r.s.read, r.s.dialect, scanAudit, `SELECT `+auditColumns+` FROM audit_log WHERE org_id = $1 AND n > $2 ORDER BY n LIMIT $3`,
			r.viewer.Org, after, auditPage)
		if err != nil {
			return fmt.Errorf("audit log: %w", err)
		}
		for _, e := range page {
			if err := fn(e); err != nil {
				return err
			}
			after = e.N
		}
		if len(page) < auditPage {
			return nil
		}
	}
}

// AuditChain is whether the audit log is whole.
type AuditChain struct {
	Entries int64
	// Broken is the number of the first entry that was changed, or that is
	// missing; 0 when all of them are as they were written.
	Broken int64
	// Head is the hash of the newest entry, "" for none. Whoever keeps it elsewhere
	// finds out when somebody with the database in their hands writes the whole
	// log anew, or takes its end away: see HoldsAudit.
	Head string
}

// AuditChain works the chain of the audit log out again.
func (r *Reader) AuditChain(ctx context.Context) (AuditChain, error) {
	var c AuditChain
	written, err := list(ctx, r.s.read, r.s.dialect, scanInt, `SELECT value FROM counter WHERE org_id = $1 AND name = $2`, r.viewer.Org, auditCounter)
	if err != nil {
		return c, fmt.Errorf("count the audit log: %w", err)
	}
	before := ""
	err = r.EachAudit(ctx, func(e AuditEntry) error {
		hash, err := e.chained(before)
		if err != nil {
			return err
		}
		if c.Broken == 0 && (e.N != c.Entries+1 || hash != e.Hash) {
			c.Broken = c.Entries + 1
		}
		c.Entries++
		before, c.Head = e.Hash, e.Hash
		return nil
	})
	if err != nil {
		return c, err
	}
	if c.Broken == 0 && len(written) > 0 && c.Entries < written[0] {
		c.Broken = c.Entries + 1 // the newest are gone
	}
	return c, nil
}

// HoldsAudit reports whether the audit log still has an entry with this number
// and this hash.
func (r *Reader) HoldsAudit(ctx context.Context, n int64, hash string) (bool, error) {
	if err := r.governs(); err != nil {
		return false, err
	}
	got, err := list(ctx, r.s.read, r.s.dialect, scanString, `SELECT hash FROM audit_log WHERE org_id = $1 AND n = $2`, r.viewer.Org, n)
	if err != nil {
		return false, fmt.Errorf("entry %d of the audit log: %w", n, err)
	}
	return len(got) == 1 && got[0] == hash, nil
}
