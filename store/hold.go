package store

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// After a restore nobody knows what went out since the backup was made, so that
// nothing goes out until an admin says so: no mail of a brief at all, and of the
// rest only what somebody began after the restore, such as a new crisis or a
// link that was asked for this minute.
const heldSetting = "held_since"

// Hold holds back what is on its way, from since on; on the Server's transaction.
func (t *Tx) Hold(ctx context.Context, since time.Time) error {
	return t.SetSetting(ctx, heldSetting, strconv.FormatInt(millis(since), 10))
}

// LetGo ends the hold; on the Server's transaction.
func (t *Tx) LetGo(ctx context.Context) error { return t.SetSetting(ctx, heldSetting, "") }

// Held is since when sending is held back, the zero time for not at all.
func (s *Store) Held(ctx context.Context) (time.Time, error) { return s.held(ctx, s.read) }

func (s *Store) held(ctx context.Context, q querier) (time.Time, error) {
	v, err := s.setting(ctx, q, Server, heldSetting)
	if err != nil || v == "" {
		return time.Time{}, err
	}
	ms, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read since when sending is held: %w", err)
	}
	return instant(ms), nil
}

// Held reports whether a hold since a moment, the zero time for none, holds the
// waiting message back: what was on its way then, and briefs, which may say what
// went out already.
func (o Outgoing) Held(since time.Time) bool {
	return !since.IsZero() && (!o.Created.After(since) || o.Subject == SubjectBrief)
}

// Hold is what is held back of an organisation's messages after a restore.
type Hold struct {
	Since    time.Time // zero for no hold
	Messages int
}

// Held tells admins what is held back.
func (r *Reader) Held(ctx context.Context) (Hold, error) {
	if err := r.governs(); err != nil {
		return Hold{}, err
	}
	since, err := r.s.Held(ctx)
	if err != nil || since.IsZero() {
		return Hold{}, err
	}
	n, err := r.s.countHeld(ctx, r.s.read, r.viewer.Org, since)
	return Hold{since, int(n)}, err
}

func (s *Store) countHeld(ctx context.Context, q querier, org string, since time.Time) (int64, error) {
	n, err := single(ctx, q, s.dialect, scanInt, `SELECT count(*) FROM outbox
		WHERE org_id = $1 AND state = 'waiting' AND (created_at <= $2 OR subject_kind = 'brief')`, org, millis(since))
	if err != nil {
		return 0, fmt.Errorf("count what is held: %w", err)
	}
	return n, nil
}

// CountHeld counts what a hold since a moment holds back.
func (t *Tx) CountHeld(ctx context.Context, since time.Time) (int64, error) {
	return t.s.countHeld(ctx, t.q, t.org, since)
}

// DropHeld drops what a hold since a moment holds back, and lets alone what is
// on its way. It returns how many messages that were.
func (t *Tx) DropHeld(ctx context.Context, since, wall time.Time, reason string) (int64, error) {
	n, err := t.exec(ctx, `UPDATE outbox SET state = 'dropped', done_at = $1, error = $2, payload = ''
		WHERE org_id = $3 AND state = 'waiting' AND (created_at <= $4 OR subject_kind = 'brief')`, millis(wall), reason, t.org, millis(since))
	if err != nil {
		return 0, fmt.Errorf("drop what is held: %w", err)
	}
	return n, nil
}

// EndAll ends whatever opens a door in an organisation: sessions, tokens, feeds
// and links; and lets no crisis call again by itself. It is for a restore: what
// was ended after the backup must not come back.
func (t *Tx) EndAll(ctx context.Context, wall time.Time) error {
	for _, text := range []string{
		`DELETE FROM session WHERE org_id = $1`,
		`DELETE FROM token WHERE org_id = $1`,
		`DELETE FROM feed WHERE org_id = $1`,
		`UPDATE needed SET next_at = 0 WHERE org_id = $1 AND next_at > 0`,
		`UPDATE tick SET lease_until = 0, lease_owner = '' WHERE org_id = $1 AND lease_until > 0`,
		`UPDATE outbox SET unsure = TRUE, lease_until = 0, lease_owner = '' WHERE org_id = $1 AND lease_until > 0`,
	} {
		if _, err := t.exec(ctx, text, t.org); err != nil {
			return fmt.Errorf("end what opens doors: %w", err)
		}
	}
	if _, err := t.exec(ctx, `UPDATE link SET used_at = $1 WHERE org_id = $2 AND used_at = 0`, millis(wall), t.org); err != nil {
		return fmt.Errorf("end links: %w", err)
	}
	return nil
}

// backedUpSetting is when the last backup was made, under the Server.
const backedUpSetting = "backed_up_at"

// BackedUp writes down when a backup was made; on the Server's transaction.
func (t *Tx) BackedUp(ctx context.Context, made time.Time) error {
	return t.SetSetting(ctx, backedUpSetting, strconv.FormatInt(millis(made), 10))
}

// BackedUp is when the last backup of this server was made, zero for never.
func (s *Store) BackedUp(ctx context.Context) (time.Time, error) {
	v, err := s.Setting(ctx, Server, backedUpSetting)
	if err != nil || v == "" {
		return time.Time{}, err
	}
	ms, err := strconv.ParseInt(v, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read when the last backup was made: %w", err)
	}
	return instant(ms), nil
}

// BackedUp tells admins when the last backup of this server was made, zero for never.
func (r *Reader) BackedUp(ctx context.Context) (time.Time, error) {
	if err := r.governs(); err != nil {
		return time.Time{}, err
	}
	return r.s.BackedUp(ctx)
}
