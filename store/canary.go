package store

import (
	"context"
	"fmt"
	"time"
)

// CanaryOrg is the organisation of the server's trial deliveries (package
// canary): two people that nobody is, in an organisation that no host leads to
// and that no list of organisations, no count and no backup holds. Delivery
// serves it like any other.
const CanaryOrg = "canary"

// EveryOrganisation lists those that delivery serves: those of people, and
// that of the trial deliveries.
func (s *Store) EveryOrganisation(ctx context.Context) ([]Organisation, error) {
	os, err := list(ctx, s.read, s.dialect, scanOrganisation, `SELECT org_id, name, url, created_at FROM organisation ORDER BY org_id`)
	if err != nil {
		return nil, fmt.Errorf("organisations to serve: %w", err)
	}
	return os, nil
}

// Canary is how the trial deliveries stand. Instants are zero for none.
type Canary struct {
	// Arrived is when the last one came to its end, and Promised when its writer
	// was told that it would.
	Arrived, Promised time.Time
	// Waiting is when the one on its way was promised, and Sealed is true when
	// it stands in its brief already and only its message is not out.
	Waiting time.Time
	Sealed  bool
}

// Late is how much later than promised: the one on its way, if that is overdue
// at now, or else the last that arrived.
func (c Canary) Late(now time.Time) time.Duration {
	if !c.Waiting.IsZero() && now.After(c.Waiting) {
		return now.Sub(c.Waiting)
	}
	if c.Arrived.IsZero() {
		return 0
	}
	return max(0, c.Arrived.Sub(c.Promised))
}

// Canary tells how the trial deliveries stand.
func (s *Store) Canary(ctx context.Context) (Canary, error) {
	type row struct {
		plan, delivered, done int64
		state                 string
	}
	// The newest first; what is old is forgotten, so that there are few.
	rows, err := list(ctx, s.read, s.dialect, func(r scanner) (row, error) {
		var v row
		err := r.Scan(&v.plan, &v.delivered, &v.state, &v.done)
		return v, err
	}, `SELECT d.plan_sec, d.delivered_sec, coalesce(o.state, ''), coalesce(o.done_at, 0) FROM delivery d
		LEFT JOIN outbox o ON o.org_id = d.org_id AND o.subject_kind = 'brief' AND o.subject_id = d.brief_id AND o.person_id = d.person_id AND o.channel = 'canary' AND o.round = 1
		WHERE d.org_id = $1 ORDER BY d.plan_sec DESC, d.id DESC`, CanaryOrg)
	if err != nil {
		return Canary{}, fmt.Errorf("trial deliveries: %w", err)
	}
	var c Canary
	for _, v := range rows {
		if v.state == string(SendSent) {
			// A later message carries what an earlier one could not bring.
			c.Arrived, c.Promised = instant(v.done), instant(v.plan*1000)
			break
		}
		c.Waiting, c.Sealed = instant(v.plan*1000), v.delivered > 0
	}
	return c, nil
}

// ForgetCanary removes the trial deliveries that were written before.
func (s *Store) ForgetCanary(ctx context.Context, before time.Time) error {
	err := s.Write(ctx, CanaryOrg, func(t *Tx) error {
		for _, text := range []string{
			`DELETE FROM brief_line WHERE org_id = $1 AND brief_id IN (SELECT id FROM brief WHERE org_id = $1 AND sealed_at < $2)`,
			`DELETE FROM brief_line WHERE org_id = $1 AND item_id IN (SELECT id FROM item WHERE org_id = $1 AND sent_at < $2)`,
			`DELETE FROM outbox WHERE org_id = $1 AND created_at < $2`,
			`DELETE FROM delivery WHERE org_id = $1 AND item_id IN (SELECT id FROM item WHERE org_id = $1 AND sent_at < $2)`,
			`DELETE FROM brief WHERE org_id = $1 AND sealed_at < $2`,
			`DELETE FROM named WHERE org_id = $1 AND item_id IN (SELECT id FROM item WHERE org_id = $1 AND sent_at < $2)`,
			`DELETE FROM revision WHERE org_id = $1 AND item_id IN (SELECT id FROM item WHERE org_id = $1 AND sent_at < $2)`,
			`DELETE FROM item WHERE org_id = $1 AND sent_at < $2`,
			`DELETE FROM follow WHERE org_id = $1 AND since < $2`,
			`DELETE FROM receipt WHERE org_id = $1 AND created_at < $2`,
		} {
			if _, err := t.exec(ctx, text, t.org, millis(before)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("forget trial deliveries: %w", err)
	}
	return nil
}
