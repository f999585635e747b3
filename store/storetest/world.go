package storetest

import (
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/crisis"
	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/store"
)

// The ids of a filled organisation. They are the same in each, which the schema
// allows: an organisation is part of every key.
const (
	ada = "ada" // owner, writes
	ben = "ben" // member, is asked
	cem = "cem" // guest, in the private team
	dia = "dia" // member in no team

	teamOpen    = "team-open"
	teamPrivate = "team-private"

	update   = "item-update"  // of the private team, by ada
	question = "item-ask"     // of the private team, by ada to ben
	fire     = "item-crisis"  // for all, by ada, needs ben
	comment  = "item-comment" // of ben on the update
	letter   = "item-letter"  // to ben alone, by ada
)

// source is where some of it came from.
var source = history.Source{Tool: "slack", Team: "T1"}

// person is somebody who has joined.
func person(id string, role access.Role, mark string) store.Person {
	return store.Person{
		ID: id, Name: "Name of " + id + " " + mark, Handle: id + "-handle", Lang: "en", Place: "Place " + mark, Archetype: charter.Maker, Role: role,
		State: access.Active, MayRaise: true, Created: now, Joined: now, Charter: charter.Proposed("Europe/Berlin"),
	}
}

// document is an item that was written here.
func document(id string, kind item.Kind, author, mark string, change ...func(*item.Item)) item.Item {
	i := item.Item{
		ID: id, Kind: kind, Author: author, Point: "Point of " + id + " " + mark, Body: "Body of " + id + " " + mark, Words: 7, Origin: item.Here,
		Sent: now, Edited: now,
	}
	for _, c := range change {
		c(&i)
	}
	return i
}

func inTeam(team string) func(*item.Item) { return func(i *item.Item) { i.Team = team } }

func wide(i *item.Item) { i.Wide = true }

func on(root string) func(*item.Item) {
	return func(i *item.Item) { i.Root, i.Parent = root, root }
}

func naming(as item.Naming, people ...string) func(*item.Item) {
	return func(i *item.Item) {
		for _, p := range people {
			i.People = append(i.People, item.Named{Person: p, As: as})
		}
	}
}

func waitingFor(id, person, of, cause string, class worktime.Class) store.Delivery {
	return store.Delivery{
		ID: id, Person: person, Item: of, Version: 1, Cause: cause, Class: class, From: worktime.Of(now), Plan: worktime.Of(after(120)), PlanWhy: "window",
	}
}

// fill writes at least one row into every table, all with a mark in its words.
func (b *Bench) fill(org, mark string) {
	b.T.Helper()
	ctx := b.T.Context()
	b.write(org, func(tx *store.Tx) error {
		for _, do := range []func() error{
			func() error {
				return tx.AddOrganisation(ctx, store.Organisation{Name: "Org " + mark, URL: "http://" + mark, Created: now})
			},
			func() error { return tx.SetSetting(ctx, "note", "setting "+mark) },
			func() error { return tx.AddPerson(ctx, person(ada, access.Owner, mark)) },
			func() error { return tx.AddPerson(ctx, person(ben, access.Member, mark)) },
			func() error { return tx.AddPerson(ctx, person(cem, access.Guest, mark)) },
			func() error { return tx.AddPerson(ctx, person(dia, access.Member, mark)) },
			func() error { return tx.AddTeam(ctx, team(teamOpen, true, mark)) },
			func() error { return tx.AddTeam(ctx, team(teamPrivate, false, mark)) },
			func() error { return tx.AddMember(ctx, teamOpen, ada, true, now) },
			func() error { return tx.AddMember(ctx, teamPrivate, ada, true, now) },
			func() error { return tx.AddMember(ctx, teamPrivate, ben, false, now) },
			func() error { return tx.AddMember(ctx, teamPrivate, cem, false, now) },
			func() error {
				return tx.SetCalendar(ctx, store.Calendar{Name: "Turkey", Days: []store.Holiday{{Date: worktime.DateFrom(2026, 10, 29), Name: mark}}, Changed: now, By: ada})
			},
			func() error { return b.fillPeople(tx, mark) },
			func() error { return b.fillItems(tx, mark) },
			func() error { return b.fillDelivery(tx, mark) },
			func() error { return b.fillHistory(tx, mark) },
			func() error { return b.fillFiles(tx, mark) },
		} {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	})
}

func team(id string, open bool, mark string) store.Team {
	return store.Team{ID: id, Slug: id + "-slug", Name: "Team " + id + " " + mark, Purpose: "Purpose " + mark, Open: open, Created: now}
}

func (b *Bench) fillPeople(tx *store.Tx, mark string) error {
	ctx := b.T.Context()
	for _, p := range []string{ada, ben, cem, dia} {
		for _, do := range []func() error{
			func() error { return tx.AddAddress(ctx, p, p+"@example.org", now, now) },
			func() error {
				return tx.SetContact(ctx, store.Contact{Person: p, Channel: store.ChannelEmail, Address: p + "@" + mark, Secret: "secret " + mark, Briefs: true, Crises: true})
			},
			func() error { return tx.SetPassword(ctx, p, "password of "+p+" "+mark, now) },
			func() error { return tx.AddTick(ctx, p, after(120), worktime.Of(now)) },
			func() error {
				return tx.AddSession(ctx, store.Session{Hash: "session-" + p, ID: "session-id-" + p, Person: p, Device: "Device " + mark, Created: now, Used: now, Ends: after(600)})
			},
			func() error {
				return tx.AddToken(ctx, store.Token{Hash: "token-" + p, ID: "token-id-" + p, Person: p, Name: "Token " + mark, Scopes: []access.Scope{access.ScopeRead}, Created: now, Ends: after(600)})
			},
			func() error { return tx.AddFeed(ctx, p, store.FeedCalendar, "feed-"+p, now) },
			func() error {
				return tx.AddLink(ctx, store.Link{Hash: "reset-" + p, Kind: store.LinkReset, ID: "reset-id-" + p, Person: p, Address: p + "@" + mark, MadeBy: ada, Created: now, Ends: after(30)})
			},
			func() error {
				return tx.AddDraft(ctx, store.Draft{ID: "draft-" + p, Person: p, Save: 1, Fields: "Fields " + mark, Created: now, Saved: now})
			},
			func() error {
				_, _, err := tx.TakeKey(ctx, p, "key-"+p, "hash", now)
				return err
			},
			func() error { return tx.KeepResult(ctx, p, "key-"+p, "result "+mark) },
			func() error { return tx.AddFollow(ctx, p, store.TeamStream(teamPrivate), store.PaceWindow, now) },
		} {
			if err := do(); err != nil {
				return err
			}
		}
	}
	if _, err := tx.Watch(ctx, ben, 7, now); err != nil {
		return err
	}
	if err := tx.Audit(ctx, store.AuditEntry{At: now, Actor: ada, Act: store.ActFounded, Detail: mark, Origin: "web " + mark}); err != nil {
		return err
	}
	return tx.AddLink(ctx, store.Link{
		Hash: "invite", Kind: store.LinkInvite, ID: "invite-id", Address: "new@" + mark, Role: access.Member, MadeBy: ada, Created: now, Ends: after(600),
	})
}

func (b *Bench) fillHistory(tx *store.Tx, mark string) error {
	ctx := b.T.Context()
	if _, _, err := tx.TakeSource(ctx, source, "Zone/"+mark, now); err != nil {
		return err
	}
	if err := tx.SetImported(ctx, source, store.ImportedEntry, "room", "1", store.ImportedAs{Ref: update + " " + mark, Document: update}); err != nil {
		return err
	}
	if err := tx.KeepAuditReport(ctx, store.AuditReport{Person: ben, Made: now, Paper: mark, Figures: mark}); err != nil {
		return err
	}
	return tx.AddImportFiles(ctx, update, []history.File{{Name: "File " + mark, Type: "image/png", Size: 12}})
}

func (b *Bench) fillItems(tx *store.Tx, mark string) error {
	ctx := b.T.Context()
	for _, i := range []item.Item{
		document(update, item.Update, ada, mark, inTeam(teamPrivate), naming(item.Mentioned, ben)),
		document(question, item.Ask, ada, mark, inTeam(teamPrivate), naming(item.To, ben)),
		document(fire, item.Crisis, ada, mark, wide, naming(item.To, ben)),
		document(comment, item.Comment, ben, mark, inTeam(teamPrivate), on(update)),
		document(letter, item.Update, ada, mark, naming(item.To, ben)),
	} {
		if _, err := tx.AddItem(ctx, i); err != nil {
			return err
		}
	}
	a, err := ask.New(question, ada, "Which?", []string{ben}, worktime.Hours(24), true, "Urgent "+mark, 0)
	if err != nil {
		return err
	}
	if err := tx.AddAsk(ctx, a); err != nil {
		return err
	}
	c, err := crisis.New(fire, "Down.", "Money.", []string{ben}, now)
	if err != nil {
		return err
	}
	return tx.SetCrisis(ctx, c)
}

func (b *Bench) fillDelivery(tx *store.Tx, mark string) error {
	ctx := b.T.Context()
	for _, d := range []store.Delivery{
		waitingFor("delivery-ask", ben, question, store.CauseAsked, worktime.Urgent),
		waitingFor("delivery-update", ben, update, store.CauseMention, worktime.Normal),
		waitingFor("delivery-letter", ben, letter, store.CauseTo, worktime.Normal),
	} {
		if _, err := tx.AddDelivery(ctx, d); err != nil {
			return err
		}
	}
	if err := tx.AddEvent(ctx, store.Event{ID: "event", Stream: store.TeamStream(teamPrivate), Kind: store.EventSent, Item: update, Version: 1, Actor: ada, At: now}); err != nil {
		return err
	}
	b1 := store.Brief{ID: "brief", Person: ben, Kind: brief.Window, Window: worktime.Of(now), Delivered: worktime.Of(now), Sealed: now, Lines: 1, Words: 7}
	if err := seal(ctx, tx, b1, []brief.Line{{Section: brief.Named, Item: letter, Version: 1, Cause: store.CauseTo}}); err != nil {
		return err
	}
	for _, o := range []store.Outgoing{
		{ID: "outgoing", Subject: store.SubjectBrief, About: "brief", Person: ben, Channel: store.ChannelEmail, Round: 1, Due: now, Created: now, Payload: ""},
		{ID: "outgoing-link", Subject: store.SubjectLink, About: "reset-id-ben", Person: ben, Channel: store.ChannelEmail, Round: 1, Due: now, Created: now, Payload: `{"path":"` + mark + `"}`},
	} {
		if err := tx.AddOutgoing(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// fillFiles hangs a file on an item, on a draft of each of three, and on a
// draft that was never saved.
func (b *Bench) fillFiles(tx *store.Tx, mark string) error {
	for _, a := range []store.Attachment{
		attached("file-update", update, "", ada, mark),
		attached("file-ada", "", "draft-ada", ada, mark),
		attached("file-ben", "", "draft-ben", ben, mark),
		attached("file-cem", "", "draft-cem", cem, mark),
		attached("file-left", "", "comment-nowhere", dia, mark),
	} {
		if err := tx.AddAttachment(b.T.Context(), a); err != nil {
			return err
		}
	}
	return nil
}

func attached(id, itemID, draft, person, mark string) store.Attachment {
	return store.Attachment{ID: id, Item: itemID, Draft: draft, Person: person, Name: "Name of " + id + " " + mark, Type: "text/plain", Size: 7, Sum: "sum", At: now}
}

// actor is somebody of a filled organisation as rights see them now.
func (b *Bench) actor(org, id string) access.Actor {
	b.T.Helper()
	var a access.Actor
	b.write(org, func(tx *store.Tx) error {
		p, err := tx.Person(b.T.Context(), id)
		if err != nil {
			return err
		}
		a, err = tx.Actor(b.T.Context(), p)
		return err
	})
	return a
}

// sec is an instant so many minutes after now.
func sec(minutes int) worktime.Instant { return worktime.Of(after(minutes)) }
