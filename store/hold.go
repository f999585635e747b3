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
		`UPDATE outbox SET lease_until = 0, lease_owner = '' WHERE org_id = $1 AND lease_until > 0`,
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
