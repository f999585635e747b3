package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// life is the team while its three weeks are lived.
type life struct {
	*Demo
	door   *door.Door
	org    string
	cast   cast
	people map[string]string // id by handle
	teams  map[string]string // id by slug
	items  map[string]string // id by ref of the script
}

// live brings the team together and lets every act of the script happen at its
// time, with the engine serving everybody in between.
func (d *Demo) live(ctx context.Context, dr *door.Door) error {
	l := &life{Demo: d, door: dr, cast: meridian(), people: map[string]string{}, teams: map[string]string{}, items: map[string]string{}}
	if err := l.found(ctx); err != nil {
		return err
	}
	for _, a := range script() {
		at, err := l.when(a)
		if err != nil {
			return err
		}
		if at.After(d.start) {
			break
		}
		if err := d.Forward(ctx, at); err != nil {
			return err
		}
		if err := l.act(ctx, a); err != nil {
			return fmt.Errorf("%s %s by %s: %w", a.At, a.Do, a.By, err)
		}
	}
	return nil
}

// found makes the organisation, its people with their charters, and its teams.
func (l *life) found(ctx context.Context) error {
	for i, m := range ownerFirst(l.cast.People) {
		n := door.Newcomer{Name: m.Name, Handle: m.Handle, Address: m.Handle + "@meridian.example", Zone: m.Zone, Lang: "en"}
		var id string
		var err error
		if i == 0 {
			l.org, id, err = l.door.Found(ctx, l.cast.Name, "", n)
		} else {
			id, err = l.door.Enrol(ctx, l.org, n, access.Role(m.Role))
		}
		if err != nil {
			return fmt.Errorf("enrol %s: %w", m.Handle, err)
		}
		l.people[m.Handle] = id
	}
	for _, m := range l.cast.People {
		if err := l.charter(ctx, m); err != nil {
			return fmt.Errorf("charter of %s: %w", m.Handle, err)
		}
	}
	for _, t := range l.cast.Teams {
		if err := l.team(ctx, t); err != nil {
			return fmt.Errorf("team %s: %w", t.Slug, err)
		}
	}
	return nil
}

func ownerFirst(people []castMember) []castMember {
	var out []castMember
	for _, m := range people {
		if m.Role == string(access.Owner) {
			out = append([]castMember{m}, out...)
		} else {
			out = append(out, m)
		}
	}
	return out
}

func (l *life) charter(ctx context.Context, m castMember) error {
	by, me, err := l.actor(ctx, m.Handle)
	if err != nil {
		return err
	}
	c := me.Charter
	if c.Time.Hours, err = charter.ParseWeek(strings.Join(m.Hours, "; ")); err != nil {
		return err
	}
	if c.Time.Focus, err = charter.ParseWeek(strings.Join(m.Focus, "; ")); err != nil {
		return err
	}
	if c.Time.Windows, err = charter.ParseWindows(strings.Join(m.Windows, " ")); err != nil {
		return err
	}
	for _, o := range m.Off {
		from, to, _ := strings.Cut(strings.ReplaceAll(o, " ", "T"), "..")
		off, err := worktime.ParseTimeOff(from, to)
		if err != nil {
			return err
		}
		c.Time.Off = append(c.Time.Off, off)
	}
	c.Budget, c.Cover = m.Minutes, l.people[m.Cover]
	_, err = l.door.SetCharter(ctx, by, door.CharterDraft{
		Revision: me.Revision, Charter: c, Place: m.Place, Archetype: charter.Archetype(m.Archetype),
	})
	return err
}

func (l *life) team(ctx context.Context, t castTeam) error {
	members := t.Members
	if t.Everyone {
		members = nil
		for _, m := range l.cast.People {
			members = append(members, m.Handle)
		}
	}
	first := members[0]
	by, _, err := l.actor(ctx, first)
	if err != nil {
		return err
	}
	id, err := l.door.AddTeam(ctx, by, door.TeamDraft{Name: t.Name, Slug: t.Slug, Purpose: t.About, Open: t.Open})
	if err != nil {
		return err
	}
	l.teams[t.Slug] = id
	if by, _, err = l.actor(ctx, first); err != nil { // now a member
		return err
	}
	for _, m := range members[1:] {
		if err := l.door.JoinTeam(ctx, by, door.Membership{Team: id, Person: l.people[m]}); err != nil {
			return err
		}
	}
	return nil
}

// actor is somebody of the team with their rights of this moment.
func (l *life) actor(ctx context.Context, handle string) (a access.Actor, p store.Person, err error) {
	err = l.store.Write(ctx, l.org, func(tx *store.Tx) error {
		if p, err = tx.Person(ctx, l.people[handle]); err != nil {
			return err
		}
		a, err = tx.Actor(ctx, p)
		return err
	})
	return a, p, err
}

// when is the moment of an act, given in the actor's local time.
func (l *life) when(a act) (time.Time, error) {
	for _, m := range l.cast.People {
		if m.Handle != a.By {
			continue
		}
		loc, err := time.LoadLocation(m.Zone)
		if err != nil {
			return time.Time{}, err
		}
		return time.ParseInLocation("2006-01-02 15:04", a.At, loc)
	}
	return time.Time{}, fmt.Errorf("nobody is called %s", a.By)
}

func (l *life) ids(handles []string) []string {
	out := make([]string, len(handles))
	for i, h := range handles {
		out[i] = l.people[h]
	}
	return out
}

// act does what the script says.
func (l *life) act(ctx context.Context, a act) error {
	by, _, err := l.actor(ctx, a.By)
	if err != nil {
		return err
	}
	rec, err := l.do(ctx, by, a)
	if err == nil && a.Ref != "" {
		l.items[a.Ref] = rec.ID
	}
	return err
}

func (l *life) do(ctx context.Context, by access.Actor, a act) (door.Receipt, error) {
	w := door.Writing{Point: a.Point, Body: a.Body, Team: l.teams[a.Team], To: l.ids(a.To), Readers: l.ids(a.Readers)}
	on := l.items[a.On]
	reply := door.AskReply{Ask: on, Text: text(a), Reason: text(a), Term: a.Term}
	if len(a.To) > 0 {
		reply.To, reply.Person = l.people[a.To[0]], l.people[a.To[0]]
	}
	called := door.CrisisReply{Crisis: on, Has: true, Text: text(a)}
	switch a.Do {
	case "update", "request":
		return l.door.Write(ctx, by, item.Kind(a.Do), w)
	case "ask":
		return l.door.Ask(ctx, by, door.AskDraft{Writing: w, Term: a.Term, Urgent: a.Urgent != "", UrgentWhy: a.Urgent, Need: a.Need})
	case "comment":
		return l.door.Comment(ctx, by, door.CommentDraft{Item: on, Text: text(a)})
	case "answer":
		return l.door.Answer(ctx, by, reply)
	case "decline":
		return l.door.Decline(ctx, by, reply)
	case "handon":
		return l.door.HandOn(ctx, by, reply)
	case "asktime":
		return l.door.AskTime(ctx, by, reply)
	case "grant":
		reply.Grant = true
		return l.door.GrantTime(ctx, by, reply)
	case "withdraw":
		return l.door.Withdraw(ctx, by, reply)
	case "crisis":
		return l.door.Raise(ctx, by, door.CrisisDraft{What: a.Point, Stake: a.Body, Team: l.teams[a.Team], Needed: l.ids(a.To), Sure: true})
	case "have-it":
		return l.door.HaveIt(ctx, by, called)
	case "crisis-note":
		return l.door.NoteCrisis(ctx, by, called)
	case "end-crisis":
		return l.door.EndCrisis(ctx, by, called)
	}
	return door.Receipt{}, fmt.Errorf("the script does not know %q", a.Do)
}

// text is what an act says, wherever the script wrote it.
func text(a act) string {
	return strings.TrimSpace(a.Point + "\n\n" + a.Body)
}
