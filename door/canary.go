package door

import (
	"context"
	"errors"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// The two of the canary's organisation: one writes, one has a window at every
// full hour.
const (
	canaryWriter = "canary-writer"
	canaryReader = "canary-reader"
)

// canaryKept is how long trial deliveries are kept.
const canaryKept = 48 * time.Hour

// Canary writes a trial delivery (package canary) for the next full hour, unless
// one is on its way, and forgets old ones. It is a short update from one person
// to another, written and delivered like any other, in an organisation that
// nobody sees.
func (d *Door) Canary(ctx context.Context) error {
	now := d.now()
	waits := 0
	err := d.store.Write(ctx, store.CanaryOrg, func(tx *store.Tx) error {
		_, err := tx.Person(ctx, canaryReader)
		if errors.Is(err, store.ErrNotFound) {
			return nest(ctx, tx, now)
		}
		if err != nil {
			return err
		}
		waiting, err := tx.Waiting(ctx, canaryReader)
		waits = len(waiting)
		return err
	})
	if err != nil || waits > 0 {
		return err
	}
	if err := d.store.ForgetCanary(ctx, now.Add(-canaryKept)); err != nil {
		return err
	}
	by := access.Actor{Org: store.CanaryOrg, Person: canaryWriter, Role: access.Member, State: access.Active}
	_, err = d.Write(ctx, by, item.Update, Writing{
		Key: "canary " + now.UTC().Truncate(time.Hour).Format(time.RFC3339), Point: "Trial delivery", To: []string{canaryReader},
	})
	return err
}

// nest makes the canary's organisation.
func nest(ctx context.Context, tx *store.Tx, now time.Time) error {
	if err := tx.AddOrganisation(ctx, store.Organisation{ID: store.CanaryOrg, Name: "canary", Created: now}); err != nil {
		return err
	}
	c := charter.Charter{Time: worktime.Charter{Zone: "UTC"}}
	var hours []worktime.TimeOfDay
	for h := range 24 {
		hours = append(hours, worktime.ClockTime(h, 0))
	}
	c.Time.Windows = worktime.EveryDay(hours...)
	for day := range c.Time.Hours {
		c.Time.Hours[day] = []worktime.Span{{From: 0, To: worktime.ClockTime(24, 0)}}
	}
	for _, id := range []string{canaryWriter, canaryReader} {
		p := store.Person{
			ID: id, Org: store.CanaryOrg, Name: id, Handle: id, Lang: "en", Role: access.Member, State: access.Active,
			Created: now, Joined: now, Charter: c, Archetype: charter.Maker,
		}
		if err := tx.AddPerson(ctx, p); err != nil {
			return err
		}
	}
	if err := tx.SetContact(ctx, store.Contact{Person: canaryReader, Channel: store.ChannelCanary, Address: store.ChannelCanary, Briefs: true}); err != nil {
		return err
	}
	return tx.AddTick(ctx, canaryReader, now, worktime.Of(now))
}
