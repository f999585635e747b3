package door

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
)

// CrisisDraft raises a crisis: two sentences and who is needed (R11.1).
type CrisisDraft struct {
	Key    string
	What   string
	Stake  string
	Team   string // where followers read of it; "" is the whole organisation
	Needed []string
	// Sure confirms that it cannot wait for their windows (R4.2).
	Sure bool
}

// Raise raises a crisis. Those needed are called in this transaction, whatever
// they are doing; everybody else reads of it in their windows. It is never
// refused for its number: from the seventh in an hour leads and admins are told.
func (d *Door) Raise(ctx context.Context, by access.Actor, draft CrisisDraft) (Receipt, error) {
	draft.What, draft.Stake = strings.TrimSpace(draft.What), written(draft.Stake)
	if !draft.Sure {
		return Receipt{}, problem("sure", "not-sure")
	}
	id := store.NewID(d.now())
	return once(ctx, d, by, "raise", draft.Key, draft, func(tx *store.Tx) (Receipt, error) {
		if err := access.Can(by, access.Raise, access.Object{Kind: access.Organisation, Org: by.Org}); err != nil {
			return Receipt{}, err
		}
		me, err := tx.Person(ctx, by.Person)
		if err != nil {
			return Receipt{}, err
		}
		if !me.MayRaise {
			return Receipt{}, problem("", "may-not-raise")
		}
		s, err := d.begin(ctx, tx, by, draft.Needed)
		if err != nil {
			return Receipt{}, err
		}
		c, err := crisis.New(id, draft.What, draft.Stake, draft.Needed, s.now)
		if err != nil {
			return Receipt{}, crisisProblem(err)
		}
		i, err := s.add(ctx, item.Crisis, id, Writing{Point: draft.What, Body: draft.Stake, Team: draft.Team, Wide: draft.Team == "", To: draft.Needed})
		if err != nil {
			return Receipt{}, err
		}
		if err := tx.SetCrisis(ctx, c); err != nil {
			return Receipt{}, err
		}
		wall := time.Now()
		rec := Receipt{ID: i.ID, Ref: i.Ref()}
		for _, n := range c.Needed {
			plan, err := s.call(ctx, i, n.Person, n.Round, wall)
			if err != nil {
				return Receipt{}, err
			}
			rec.Plans = append(rec.Plans, plan)
		}
		if err := s.watch(ctx, i, wall); err != nil {
			return Receipt{}, err
		}
		return rec, tx.Audit(ctx, store.AuditEntry{At: wall, Actor: by.Person, Act: store.ActCrisisRaised, Object: i.Ref()})
	})
}

// call reaches one person now: the delivery counts as given, and a message
// goes out over every channel of theirs.
func (s *sending) call(ctx context.Context, i item.Item, person string, round int64, wall time.Time) (Planned, error) {
	_, err := s.tx.AddDelivery(ctx, store.Delivery{
		ID: store.NewID(s.now), Person: person, Item: i.ID, Version: i.Version, Cause: store.CauseCrisis, Class: worktime.Crisis,
		From: s.from, Plan: s.from, PlanWhy: "now", Delivered: s.from, DeliveredWhy: "now",
	})
	if err != nil {
		return Planned{}, err
	}
	plan := Planned{Person: person}
	plan.Plan.At, plan.Plan.OK, plan.Plan.Why.Code = s.from, true, "now"
	return plan, s.tx.CallOut(ctx, i.ID, person, round, wall)
}

// watch tells the admins, and the leads of whoever raised it, at once when one
// person raises many crises (R11.3). They are told of the person: what the
// crisis is about may not be theirs to read.
func (s *sending) watch(ctx context.Context, i item.Item, wall time.Time) error {
	n, err := s.tx.RaisedSince(ctx, s.by.Person, s.now.Add(-crisis.WatchedIn))
	if err != nil || n < crisis.Watched {
		return err
	}
	first, err := s.tx.Watch(ctx, s.by.Person, n, s.now)
	if err != nil {
		return err
	}
	admins, err := s.tx.Admins(ctx)
	if err != nil {
		return err
	}
	leads, err := s.tx.LeadsOf(ctx, s.by.Person)
	if err != nil {
		return err
	}
	for _, p := range unique(append(admins, leads...)) {
		if p == s.by.Person {
			continue
		}
		if err := s.tx.TellOfCrises(ctx, i.ID, p, s.by.Person, wall); err != nil {
			return err
		}
	}
	if !first {
		return nil
	}
	return s.tx.Audit(ctx, store.AuditEntry{At: wall, Actor: s.by.Person, Act: store.ActCrisisWatched, Object: s.by.Person, Detail: strconv.Itoa(n)})
}

// CrisisReply is what somebody does about a running crisis.
type CrisisReply struct {
	Key    string
	Crisis string // id of its item
	Has    bool   // they have it; else they cannot
	Text   string // an update, or how it ended
	Person string // whom to call as well
	Draft  string // where the files of an update hang, "" for none
}

// HaveIt records that a person needed in a crisis has it, or cannot; the calls
// to them end.
func (d *Door) HaveIt(ctx context.Context, by access.Actor, r CrisisReply) (Receipt, error) {
	state := "cannot"
	if r.Has {
		state = "has-it"
	}
	return d.onCrisis(ctx, by, access.Answer, "have-it", state, r, func(s *sending, c *crisis.Crisis) error {
		return c.Answer(by.Person, r.Has, s.now)
	})
}

// NoteCrisis adds to a crisis's timeline; followers read it in their windows.
func (d *Door) NoteCrisis(ctx context.Context, by access.Actor, r CrisisReply) (Receipt, error) {
	if r.Text = written(r.Text); r.Text == "" {
		return Receipt{}, problem("text", "empty")
	}
	return d.onCrisis(ctx, by, access.Settle, "note", "note", r, func(_ *sending, c *crisis.Crisis) error {
		if c.Over() {
			return crisis.ErrOver
		}
		return nil
	})
}

// CallToo calls one more person into a crisis, now.
func (d *Door) CallToo(ctx context.Context, by access.Actor, r CrisisReply) (Receipt, error) {
	return d.onCrisis(ctx, by, access.Settle, "call", "called", r, func(s *sending, c *crisis.Crisis) error {
		if err := s.addressable(ctx, s.people[r.Person]); err != nil {
			return err
		}
		if err := c.Call(r.Person, s.now); err != nil {
			return err
		}
		i, err := s.tx.Item(ctx, c.Item)
		if err != nil {
			return err
		}
		one, err := c.One(r.Person)
		if err != nil {
			return err
		}
		if one.Round == 1 {
			i.People = append(i.People, item.Named{Person: r.Person, As: item.To})
			if err := s.visibleTo(ctx, i, r.Person); err != nil {
				return err
			}
			if err := s.tx.SetNamed(ctx, i.ID, i.People); err != nil {
				return err
			}
		}
		_, err = s.call(ctx, i, r.Person, one.Round, time.Now())
		return err
	}, r.Person)
}

// EndCrisis ends it for everybody; the calls end with it.
func (d *Door) EndCrisis(ctx context.Context, by access.Actor, r CrisisReply) (Receipt, error) {
	r.Text = written(r.Text)
	return d.onCrisis(ctx, by, access.Settle, "end", "ended", r, func(s *sending, c *crisis.Crisis) error {
		return c.End(by.Person, r.Text, s.now)
	})
}

// onCrisis runs one act on a crisis and writes it into its timeline.
func (d *Door) onCrisis(ctx context.Context, by access.Actor, act access.Action, verb, state string, r CrisisReply,
	fn func(*sending, *crisis.Crisis) error, more ...string,
) (Receipt, error) {
	return once(ctx, d, by, "crisis-"+verb, r.Key, r, func(tx *store.Tx) (Receipt, error) {
		i, err := d.visible(ctx, tx, by, r.Crisis, act)
		if err != nil {
			return Receipt{}, err
		}
		if i.Kind != item.Crisis {
			return Receipt{}, access.ErrHidden
		}
		s, err := d.begin(ctx, tx, by, unique(append(more, by.Person)))
		if err != nil {
			return Receipt{}, err
		}
		c, err := tx.Crisis(ctx, i.ID)
		if err != nil {
			return Receipt{}, err
		}
		if err := fn(s, &c); err != nil {
			return Receipt{}, crisisProblem(err)
		}
		if err := tx.SetCrisis(ctx, c); err != nil {
			return Receipt{}, err
		}
		note, err := tx.AddItem(ctx, item.Item{
			ID: store.NewID(s.now), Org: by.Org, Kind: item.State, Team: i.Team, Wide: i.Wide, Author: by.Person, Root: i.ID, Parent: i.ID,
			Point: state, Body: r.Text, Words: markup.Words(r.Text), Origin: item.Here, Sent: s.now, Edited: s.now, People: told(more),
		})
		if err != nil {
			return Receipt{}, err
		}
		if err := d.sendFiles(ctx, tx, by, r.Draft, note.ID); err != nil {
			return Receipt{}, err
		}
		if err := s.tell(ctx, streamOf(i), store.EventState, note); err != nil {
			return Receipt{}, err
		}
		if c.Over() {
			err = tx.Audit(ctx, store.AuditEntry{At: time.Now(), Actor: by.Person, Act: store.ActCrisisEnded, Object: i.Ref()})
		}
		return Receipt{ID: i.ID, Ref: i.Ref()}, err
	})
}

// told names people in a timeline's entry, without sending them anything.
func told(people []string) []item.Named {
	var out []item.Named
	for _, p := range people {
		out = append(out, item.Named{Person: p, As: item.Mentioned})
	}
	return out
}

func crisisProblem(err error) error {
	for _, p := range []struct {
		err         error
		field, code string
	}{
		{crisis.ErrNothing, "what", "empty"},
		{crisis.ErrNoStake, "stake", "empty"},
		{crisis.ErrNobody, "needed", "nobody"},
		{crisis.ErrOver, "", "over"},
		{crisis.ErrNotNeeded, "", "not-needed"},
	} {
		if errors.Is(err, p.err) {
			return problem(p.field, p.code)
		}
	}
	return err
}
