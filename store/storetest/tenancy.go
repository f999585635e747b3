package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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

// op is one method of a transaction, called with the ids of a filled
// organisation. changes says that it writes something there.
type op struct {
	method  string
	changes bool
	do      func(ctx context.Context, tx *store.Tx) (any, error)
}

// ops holds every method of a transaction at least once, those that read
// first, then those that write, in an order in which each has something to do.
// What ends a thing comes last.
func ops() []op {
	var all []op
	read := func(method string, do func(ctx context.Context, tx *store.Tx) (any, error)) {
		all = append(all, op{method, false, do})
	}
	change := func(method string, do func(ctx context.Context, tx *store.Tx) error) {
		all = append(all, op{method, true, func(ctx context.Context, tx *store.Tx) (any, error) { return nil, do(ctx, tx) }})
	}
	opsThatRead(read)
	opsThatWrite(change)
	opsThatDeliver(change)
	opsThatEnd(change)
	return all
}

func opsThatRead(read func(string, func(context.Context, *store.Tx) (any, error))) {
	read("Org", func(_ context.Context, tx *store.Tx) (any, error) { return len(tx.Org()), nil })
	read("Unsent", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Unsent(ctx, ben) })
	read("AttachmentsOf", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.AttachmentsOf(ctx, update) })
	read("Ask", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Ask(ctx, question) })
	read("OpenAsks", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.OpenAsks(ctx, ben) })
	read("Askers", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Askers(ctx, ben) })
	read("BriefByID", func(ctx context.Context, tx *store.Tx) (any, error) {
		b, lines, err := tx.BriefByID(ctx, "brief")
		return []any{b, lines}, err
	})
	read("LockAsks", func(ctx context.Context, tx *store.Tx) (any, error) { return "", tx.LockAsks(ctx, []string{question}) })
	read("MailWaits", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.MailWaits(ctx, []string{ben}) })
	read("ContactsOf", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.ContactsOf(ctx, []string{ben}) })
	read("Contacts", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Contacts(ctx, ben) })
	read("PersonByAddress", func(ctx context.Context, tx *store.Tx) (any, error) {
		return tx.PersonByAddress(ctx, "ben@example.org")
	})
	read("Crisis", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Crisis(ctx, fire) })
	read("RaisedSince", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.RaisedSince(ctx, ada, after(-60)) })
	read("InvitesSince", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.InvitesSince(ctx, ada, after(-60)) })
	read("CountCalendars", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.CountCalendars(ctx) })
	read("CountHeld", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.CountHeld(ctx, after(600)) })
	read("IsWatched", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.IsWatched(ctx, ben) })
	read("LeadsOf", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.LeadsOf(ctx, ben) })
	read("Waiting", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Waiting(ctx, ben) })
	read("Lock", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Lock(ctx, []string{ada, ben}) })
	read("Draft", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Draft(ctx, ben, "draft-ben") })
	read("Head", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Head(ctx) })
	read("EventsAfter", func(ctx context.Context, tx *store.Tx) (any, error) {
		return tx.EventsAfter(ctx, store.TeamStream(teamPrivate), store.Position{}, 10)
	})
	read("Gather", func(ctx context.Context, tx *store.Tx) (any, error) {
		p, err := tx.Person(ctx, ben)
		if err != nil {
			return nil, err
		}
		waiting, err := tx.Waiting(ctx, ben)
		if err != nil {
			return nil, err
		}
		return tx.Gather(ctx, []store.Wanted{{Person: p, Waiting: waiting, Paces: []store.Pace{store.PaceWindow}, Until: sec(600)}})
	})
	read("Item", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Item(ctx, update) })
	read("ItemByRef", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.ItemByRef(ctx, item.Update, 1) })
	read("RevisionOf", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.RevisionOf(ctx, update, 1) })
	read("Setting", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Setting(ctx, "note") })
	read("Person", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Person(ctx, ben) })
	read("People", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.People(ctx, []string{ada, ben}) })
	read("PeopleByHandle", func(ctx context.Context, tx *store.Tx) (any, error) {
		return tx.PeopleByHandle(ctx, []string{"ben-handle"})
	})
	read("Imported", func(ctx context.Context, tx *store.Tx) (any, error) {
		return tx.Imported(ctx, source, store.ImportedEntry, "room", []string{"1", "2"})
	})
	read("VerifiedPerson", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.VerifiedPerson(ctx, "ben@example.org") })
	read("Reigns", func(ctx context.Context, tx *store.Tx) (any, error) {
		r, err := tx.Reigns(ctx, ben, sec(600))
		return len(r), err
	})
	read("Admins", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Admins(ctx) })
	read("Team", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.Team(ctx, teamPrivate) })
	read("TeamBySlug", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.TeamBySlug(ctx, teamPrivate+"-slug") })
	read("TeamsOf", func(ctx context.Context, tx *store.Tx) (any, error) { return tx.TeamsOf(ctx, ben) })
	read("Actor", func(ctx context.Context, tx *store.Tx) (any, error) {
		p := person(ben, access.Member, "caller")
		p.Org = "" // only its teams come from the store
		a, err := tx.Actor(ctx, p)
		return a.Teams, err
	})
}

func opsThatWrite(change func(string, func(context.Context, *store.Tx) error)) {
	change("SetAsk", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetAsk(ctx, ask.Ask{Item: question, Term: worktime.Hours(24), Recipients: []ask.Recipient{{Person: ben, State: ask.Declined, Term: worktime.EndOfDay(), Reason: "written by the test"}}})
	})
	change("TakeSource", func(ctx context.Context, tx *store.Tx) error {
		_, _, err := tx.TakeSource(ctx, history.Source{Tool: "slack", Team: "another"}, "UTC", now)
		return err
	})
	change("SetImported", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetImported(ctx, source, store.ImportedEntry, "room", "1", store.ImportedAs{Ref: comment, Document: update, Edited: after(5)})
	})
	change("AddImportFiles", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddImportFiles(ctx, comment, []history.File{{Name: "another.pdf"}})
	})
	change("AddNamed", func(ctx context.Context, tx *store.Tx) error { return tx.AddNamed(ctx, letter, dia, item.To) })
	change("AddAttachment", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddAttachment(ctx, attached("file-2", "", "draft-ben", ben, "caller"))
	})
	change("SendAttachments", func(ctx context.Context, tx *store.Tx) error {
		return tx.SendAttachments(ctx, ben, "draft-ben", comment)
	})
	change("SetPassword", func(ctx context.Context, tx *store.Tx) error { return tx.SetPassword(ctx, ben, "another", now) })
	change("TouchSession", func(ctx context.Context, tx *store.Tx) error { return tx.TouchSession(ctx, "session-ben", after(5)) })
	change("AddSession", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddSession(ctx, store.Session{Hash: "session-2", ID: "session-id-2", Person: ben, Created: now, Used: now, Ends: after(600)})
	})
	change("AddLink", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddLink(ctx, store.Link{Hash: "invite-2", Kind: store.LinkInvite, ID: "invite-id-2", MadeBy: ben, Created: now, Ends: after(600)})
	})
	change("AddToken", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddToken(ctx, store.Token{Hash: "token-2", ID: "token-id-2", Person: ben, Created: now, Ends: after(600)})
	})
	change("AddFeed", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddFeed(ctx, ben, store.FeedPage, "feed-2", now)
	})
	change("SetContact", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetContact(ctx, store.Contact{Person: ben, Channel: store.ChannelEmail, Address: "other@example.org", Briefs: true, Crises: true})
	})
	change("BriefMail", func(ctx context.Context, tx *store.Tx) error { return tx.BriefMail(ctx, ben, false) })
	change("AddAddress", func(ctx context.Context, tx *store.Tx) error {
		return errors.Join(tx.AddAddress(ctx, ben, "second@example.org", now, now), tx.AddAddress(ctx, ben, "third@example.org", time.Time{}, now))
	})
	change("MoveAddress", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.MoveAddress(ctx, ben, "moved@example.org", now)
		return err
	})
	change("VerifyAddress", func(ctx context.Context, tx *store.Tx) error { return tx.VerifyAddress(ctx, "third@example.org", now) })
	change("SetCrisis", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetCrisis(ctx, crisis.Crisis{Item: fire, Needed: []crisis.Needed{{Person: ben, Round: 4, Next: after(3)}}})
	})
	change("CallOut", func(ctx context.Context, tx *store.Tx) error { return tx.CallOut(ctx, fire, ben, 5, now) })
	change("TellOfCrises", func(ctx context.Context, tx *store.Tx) error { return tx.TellOfCrises(ctx, fire, ben, ada, now) })
	change("Watch", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.Watch(ctx, ben, 9, now)
		return err
	})
	change("Audit", func(ctx context.Context, tx *store.Tx) error {
		return tx.Audit(ctx, store.AuditEntry{At: after(1), Actor: ben, Act: store.ActRole, Object: ada, Detail: "written by the test"})
	})
	change("KeepAuditReport", func(ctx context.Context, tx *store.Tx) error {
		return tx.KeepAuditReport(ctx, store.AuditReport{Person: ben, Made: now, Paper: "{}", Figures: "{}"})
	})
	change("AddDraft", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddDraft(ctx, store.Draft{ID: "draft-2", Person: ben, Save: 1, Fields: "x", Created: now, Saved: now})
	})
	change("SaveDraft", func(ctx context.Context, tx *store.Tx) error {
		return tx.SaveDraft(ctx, store.Draft{ID: "draft-ben", Person: ben, Save: 2, Fields: "written by the test", Saved: now})
	})
	change("AddItem", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.AddItem(ctx, document("item-new", item.Update, ben, "written by the test", naming(item.To, ada)))
		return err
	})
	change("AddAsk", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddAsk(ctx, ask.Ask{Item: "item-new", Term: worktime.EndOfDay(), Recipients: []ask.Recipient{{Person: ben, State: ask.Waiting, Term: worktime.EndOfDay()}}})
	})
	change("SetNamed", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetNamed(ctx, update, []item.Named{{Person: ada, As: item.Reader}})
	})
	change("Revise", func(ctx context.Context, tx *store.Tx) error {
		return tx.Revise(ctx, document(update, item.Update, ada, "written by the test", func(i *item.Item) { i.Version = 2 }), ben, after(1))
	})
	change("SetSetting", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetSetting(ctx, "note", "written by the test")
	})
	change("KeepSetting", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.KeepSetting(ctx, "other", "written by the test")
		return err
	})
	change("AddPerson", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddPerson(ctx, person("eli", access.Member, "written by the test"))
	})
	change("SetPerson", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetPerson(ctx, person(ben, access.Admin, "written by the test"))
	})
	change("SetHandle", func(ctx context.Context, tx *store.Tx) error { return tx.SetHandle(ctx, ben, "benedict") })
	change("AddCharter", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddCharter(ctx, ben, 2, sec(5), charter.Proposed("Asia/Tokyo"), "moved", after(5))
	})
	change("TakeKey", func(ctx context.Context, tx *store.Tx) error {
		_, _, err := tx.TakeKey(ctx, ben, "key-2", "hash", now)
		return err
	})
	change("KeepResult", func(ctx context.Context, tx *store.Tx) error {
		return tx.KeepResult(ctx, ben, "key-ben", "written by the test")
	})
	change("AddTeam", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddTeam(ctx, team("team-new", true, "written by the test"))
	})
	change("SetTeam", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetTeam(ctx, team(teamPrivate, true, "written by the test"))
	})
	change("AddMember", func(ctx context.Context, tx *store.Tx) error { return tx.AddMember(ctx, teamPrivate, dia, true, now) })
}

func opsThatDeliver(change func(string, func(context.Context, *store.Tx) error)) {
	change("Replan", func(ctx context.Context, tx *store.Tx) error {
		return tx.Replan(ctx, "delivery-ask", sec(240), "start")
	})
	change("AddDelivery", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.AddDelivery(ctx, waitingFor("delivery-2", ben, fire, store.CauseMention, worktime.Normal))
		return err
	})
	change("Seal", func(ctx context.Context, tx *store.Tx) error {
		return seal(ctx, tx, store.Brief{ID: "brief-2", Person: ben, Kind: brief.Window, Window: sec(180), Delivered: sec(180), Sealed: now},
			[]brief.Line{{Section: brief.Named, Item: update, Version: 1}})
	})
	change("Deliver", func(ctx context.Context, tx *store.Tx) error {
		return tx.Deliver(ctx, store.Given{Delivery: "delivery-ask", Brief: "brief", At: sec(180), Why: "window"})
	})
	change("Drop", func(ctx context.Context, tx *store.Tx) error {
		return tx.Drop(ctx, "delivery-update", store.DroppedGone, after(181))
	})
	change("AddEvent", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddEvent(ctx, store.Event{ID: "event-2", Stream: store.WideStream, Kind: store.EventSent, Item: fire, Version: 1, Actor: ada, At: now})
	})
	change("AddFollow", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddFollow(ctx, ben, store.WideStream, store.PaceDaily, now)
	})
	change("SetPace", func(ctx context.Context, tx *store.Tx) error {
		return tx.SetPace(ctx, ben, store.TeamStream(teamPrivate), store.PaceWeekly, now)
	})
	change("MoveFollow", func(ctx context.Context, tx *store.Tx) error {
		return tx.MoveFollow(ctx, store.Follow{Person: ben, Stream: store.TeamStream(teamPrivate), Pace: store.PaceWeekly, Position: store.Position{Tx: 1 << 60, N: 9}})
	})
	change("AddTick", func(ctx context.Context, tx *store.Tx) error { return tx.AddTick(ctx, ben, after(400), sec(1)) })
	change("MoveTick", func(ctx context.Context, tx *store.Tx) error { return tx.MoveTick(ctx, ben, after(300)) })
	claim := store.Claim{Person: ben, Due: after(300), Fence: 0}
	change("Serve", func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.Serve(ctx, []store.Claim{claim}); err != nil {
			return err
		}
		return tx.MoveTick(ctx, ben, after(299)) // Serve itself only locks
	})
	change("Release", func(ctx context.Context, tx *store.Tx) error {
		return tx.Release(ctx, store.Released{Served: store.Served{Claim: claim, Sealed: sec(3)}, Due: after(500)})
	})
	change("StartClocks", func(ctx context.Context, tx *store.Tx) error {
		return tx.StartClocks(ctx, store.Clock{Item: question, Recipient: ask.Recipient{Person: ben, Started: sec(7), Due: sec(70)}})
	})
	change("AddOutgoing", func(ctx context.Context, tx *store.Tx) error {
		return tx.AddOutgoing(ctx, store.Outgoing{ID: "outgoing-2", Subject: store.SubjectBrief, About: "brief-2", Person: ben, Channel: store.ChannelEmail, Round: 1, Due: now, Created: now})
	})
	change("MailLink", func(ctx context.Context, tx *store.Tx) error {
		return tx.MailLink(ctx, store.LinkMail{Link: "l-2", Kind: store.LinkReset, Person: ben, Address: "ben@example.org", Path: "/x", Ends: after(30)}, now)
	})
	change("WakeBriefs", func(ctx context.Context, tx *store.Tx) error { return tx.WakeBriefs(ctx, ben, after(10)) })
	change("TakeUp", func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.TakeUp(ctx, ben, store.ChannelEmail, "outgoing-3", after(11), after(11), after(5))
		return err
	})
	change("SendAgain", func(ctx context.Context, tx *store.Tx) error { return tx.SendAgain(ctx, "outgoing", after(12)) })
}

// readings holds every method of a Reader at least once.
func readings(ctx context.Context, r *store.Reader) map[string]func() (any, error) {
	view := func() (store.View, error) { return r.ItemByRef(ctx, item.Update, 1) }
	all := map[string]func() (any, error){
		"Audit":       func() (any, error) { return r.Audit(ctx, 0, 10) },
		"AuditChain":  func() (any, error) { return r.AuditChain(ctx) },
		"Watched":     func() (any, error) { return r.Watched(ctx) },
		"Invites":     func() (any, error) { return r.Invites(ctx, now) },
		"Unreachable": func() (any, error) { return r.Unreachable(ctx) },
		"Backlog":     func() (any, error) { return r.Backlog(ctx, after(600)) },
		"Overdue":     func() (any, error) { return r.Overdue(ctx, after(600), 10) },
		"Failing":     func() (any, error) { return r.Failing(ctx, after(600), now) },
		"Outbox":      func() (any, error) { return r.Outbox(ctx) },
		"Canary":      func() (any, error) { return r.Canary(ctx) },
		"BackedUp":    func() (any, error) { return r.BackedUp(ctx) },
		"HoldsAudit":  func() (any, error) { return r.HoldsAudit(ctx, 1, "x") },
		"Enrolled":    func() (any, error) { return r.Enrolled(ctx, ben) },
		"EachAudit": func() (any, error) {
			var all []store.AuditEntry
			err := r.EachAudit(ctx, func(e store.AuditEntry) error { all = append(all, e); return nil })
			return all, err
		},
		"Attachment":  func() (any, error) { return r.Attachment(ctx, "file-update") },
		"Attachments": func() (any, error) { return r.Attachments(ctx, []item.Item{{ID: update}}) },
		"Unsent":      func() (any, error) { return r.Unsent(ctx) },
		"HasFeed":     func() (any, error) { return r.HasFeed(ctx, store.FeedCalendar) },
		"Sessions":    func() (any, error) { return r.Sessions(ctx) },
		"Tokens":      func() (any, error) { return r.Tokens(ctx) },
		"Crises":      func() (any, error) { return r.Crises(ctx, 100) },
		"Alarms":      func() (any, error) { return r.Alarms(ctx) },
		"Call": func() (any, error) {
			i, c, err := r.Call(ctx, fire)
			return []any{i, c}, err
		},
		"Crisis":         func() (any, error) { return r.Crisis(ctx, store.View{Item: item.Item{ID: fire}}) },
		"Followers":      func() (any, error) { return r.Followers(ctx, store.TeamStream(teamPrivate)) },
		"Waits":          func() (any, error) { return r.Waits(ctx, sec(600)) },
		"AuditReport":    func() (any, error) { return r.AuditReport(ctx) },
		"Drafts":         func() (any, error) { return r.Drafts(ctx) },
		"Draft":          func() (any, error) { return r.Draft(ctx, "draft-ben") },
		"Happened":       func() (any, error) { return r.Happened(ctx, sec(-60), after(60)) },
		"ImportFiles":    func() (any, error) { return r.ImportFiles(ctx, []item.Item{{ID: update}}) },
		"Contact":        func() (any, error) { return r.Contact(ctx, store.ChannelEmail) },
		"Revisions":      func() (any, error) { return r.Revisions(ctx, store.View{Item: item.Item{ID: update}}) },
		"Me":             func() (any, error) { return r.Me(ctx) },
		"Organisation":   func() (any, error) { return r.Organisation(ctx) },
		"People":         func() (any, error) { return r.People(ctx) },
		"Nameable":       func() (any, error) { return r.Nameable(ctx) },
		"FewNameable":    func() (any, error) { return r.FewNameable(ctx, 100) },
		"Everybody":      func() (any, error) { return r.Everybody(ctx) },
		"Names":          func() (any, error) { return r.Names(ctx, []string{ada, ben}) },
		"PersonByHandle": func() (any, error) { return r.PersonByHandle(ctx, "ben-handle") },
		"Handles":        func() (any, error) { return r.Handles(ctx, []string{"ben-handle", "cem-handle"}) },
		"ItemByRef":      func() (any, error) { return view() },
		"Item":           func() (any, error) { return r.Item(ctx, question) },
		"LastBrief":      func() (any, error) { return r.LastBrief(ctx, store.Whole) },
		"Brief":          func() (any, error) { return r.Brief(ctx, "brief", store.Whole) },
		"Look":           func() (any, error) { return r.Look(ctx, after(600), store.Whole) },
		"Sealed":         func() (any, error) { return r.Sealed(ctx, []string{ada, ben}) },
		"Delivery":       func() (any, error) { _, v, err := r.Delivery(ctx, "delivery-ask"); return v, err },
		"Came":           func() (any, error) { return r.Came(ctx, update, now) },
		"AsksToMe":       func() (any, error) { return r.AsksToMe(ctx) },
		"AsksDone":       func() (any, error) { return r.AsksDone(ctx, 10) },
		"AsksOfMine":     func() (any, error) { return r.AsksOfMine(ctx, 10) },
		"Reigns":         func() (any, error) { rs, err := r.Reigns(ctx, ben, sec(0)); return len(rs), err },
		"Teams":          func() (any, error) { return r.Teams(ctx) },
		"TeamBySlug":     func() (any, error) { return r.TeamBySlug(ctx, teamPrivate+"-slug") },
		"Members":        func() (any, error) { return r.Members(ctx, team(teamPrivate, false, "caller")) },
		"TeamItems": func() (any, error) {
			is, _, err := r.TeamItems(ctx, team(teamPrivate, false, "caller"), "", 10)
			return is, err
		},
		"PacesOf":      func() (any, error) { return r.PacesOf(ctx, store.TeamStream(teamPrivate)) },
		"Paces":        func() (any, error) { return r.Paces(ctx, []string{store.TeamStream(teamPrivate)}) },
		"AllPaces":     func() (any, error) { return r.AllPaces(ctx) },
		"Sendings":     func() (any, error) { return r.Sendings(ctx, store.SendWaiting, 100) },
		"SendingsToMe": func() (any, error) { return r.SendingsToMe(ctx, store.SubjectBrief, "brief") },
	}
	maps.Copy(all, pagings(ctx, r))
	return all
}

// byOrg holds every method of the Store that is given an organisation, at least once.
func byOrg(ctx context.Context, s *store.Store, org string) map[string]func() (any, error) {
	lease := time.Minute
	stale := store.Outgoing{Org: org, ID: "outgoing", Subject: store.SubjectBrief, About: "brief", Person: ben, Channel: store.ChannelEmail, Round: 2, Fence: 1}
	return map[string]func() (any, error){
		"Attached":   func() (any, error) { return s.Attached(ctx, org, []string{"file-update", "file-ben"}) },
		"Session":    func() (any, error) { v, p, a, err := s.Session(ctx, org, "session-ben"); return []any{v, p, a}, err },
		"Password":   func() (any, error) { p, h, err := s.Password(ctx, org, "ben@example.org"); return []any{p, h}, err },
		"PasswordOf": func() (any, error) { return s.PasswordOf(ctx, org, ben) },
		"Link":       func() (any, error) { return s.Link(ctx, org, store.LinkInvite, "invite") },
		"Invitation": func() (any, error) {
			return s.Invitation(ctx, org, store.Link{MadeBy: ada, Person: ben, Team: teamPrivate})
		},
		"Token":            func() (any, error) { v, p, a, err := s.Token(ctx, org, "token-ben"); return []any{v, p, a}, err },
		"Feed":             func() (any, error) { return s.Feed(ctx, org, store.FeedCalendar, "feed-ben") },
		"DueCalls":         func() (any, error) { return s.DueCalls(ctx, org, after(60)) },
		"NextCall":         func() (any, error) { at, _, err := s.NextCall(ctx, org); return at, err },
		"Receiver":         func() (any, error) { return s.Receiver(ctx, org, ben) },
		"OrganisationByID": func() (any, error) { return s.OrganisationByID(ctx, org) },
		"FirstCall":        func() (any, error) { return s.FirstCall(ctx, stale) },
		"Setting":          func() (any, error) { return s.Setting(ctx, org, "note") },
		"ClaimOutgoing":    func() (any, error) { return s.ClaimOutgoing(ctx, org, "other", false, after(60), lease, 100) },
		"NextOutgoing":     func() (any, error) { at, _, err := s.NextOutgoing(ctx, org, false); return at, err },
		"Snooze":           func() (any, error) { return nil, s.Snooze(ctx, stale, after(70)) },
		"Retry": func() (any, error) {
			return nil, s.Retry(ctx, stale, after(70), after(70), store.Failure{Reason: "later", Address: "ben@example.org"})
		},
		"Sent": func() (any, error) { return nil, s.Sent(ctx, stale, after(70), "receipt", "ben@example.org") },
		"Fail": func() (any, error) {
			return nil, s.Fail(ctx, stale, after(70), store.Failure{Reason: "gone", Address: "ben@example.org", Ends: true})
		},
		"Rewind": func() (any, error) {
			return nil, s.Rewind(ctx, org, store.Rewound{By: time.Minute, Now: now, Wall: now, Owner: "other"})
		},
		"DropOutgoing":  func() (any, error) { return nil, s.DropOutgoing(ctx, stale, after(70), "dropped") },
		"CountSendings": func() (any, error) { return s.CountSendings(ctx, org) },
		"Backlog":       func() (any, error) { return s.Backlog(ctx, org, after(600)) },
		"UnsentCalls":   func() (any, error) { return s.UnsentCalls(ctx, org, after(600)) },
		"ClaimTicks":    func() (any, error) { return s.ClaimTicks(ctx, org, "other", after(600), after(60), lease, 100) },
		"NextDue":       func() (any, error) { at, _, err := s.NextDue(ctx, org, after(60)); return at, err },
		"Reader": func() (any, error) {
			return s.Reader(access.Actor{Org: org, Person: ben, State: access.Active}).People(ctx)
		},
		"Forget": func() (any, error) { return nil, s.Forget(ctx, org, func(*store.Tx) error { return nil }) },
		"Write":  func() (any, error) { return nil, s.Write(ctx, org, func(*store.Tx) error { return nil }) },
	}
}

// server are the methods of a Store that belong to no organisation.
func server() []string {
	return []string{"SchemaVersion", "Organisations", "EveryOrganisation", "Canary", "ForgetCanary", "BackedUp", "Close", "Ping", "Held", "Writes", "Check", "Damaged", "Current"}
}

// sameIDs holds that two organisations with the very same ids in them have
// nothing to do with one another: whatever is done in one is done there alone,
// and nothing of the other is read.
func sameIDs(t *testing.T, b *Bench) {
	b.fill("a", "canary-a")
	b.fill("b", "canary-b")
	ctx := t.Context()
	before := b.dump("a")
	unchanged := func(what string) {
		t.Helper()
		if diff := cmp.Diff(before, b.dump("a")); diff != "" {
			t.Fatalf("%s in one organisation changed another (-before +after):\n%s", what, diff)
		}
	}
	for name, rows := range before {
		if len(rows) == 0 && name != "pause" {
			t.Errorf("table %s is empty: this test says nothing about it", name)
		}
	}

	reader := b.Store.Reader(b.actor("b", ada))
	for name, read := range readings(ctx, reader) {
		v, err := read()
		silentAbout(t, "Reader."+name, v, err)
		unchanged("Reader." + name)
	}
	for _, o := range ops() {
		mine := b.dump("b")
		var v any
		err := b.Store.Write(ctx, "b", func(tx *store.Tx) error {
			var err error
			v, err = o.do(ctx, tx)
			return err
		})
		if err != nil {
			t.Errorf("Tx.%s in an organisation of its own: %v", o.method, err)
		}
		silentAbout(t, "Tx."+o.method, v, err)
		unchanged("Tx." + o.method)
		if changed := !cmp.Equal(mine, b.dump("b")); changed != o.changes {
			t.Errorf("Tx.%s changed something: %v, want %v", o.method, changed, o.changes)
		}
	}
	for name, do := range byOrg(ctx, b.Store, "b") {
		v, err := do()
		silentAbout(t, "Store."+name, v, err)
		unchanged("Store." + name)
	}
	covered(t, reflect.TypeFor[*store.Tx](), func(yield func(string)) {
		yield("AddOrganisation") // how every organisation of this suite begins
		for _, o := range ops() {
			yield(o.method)
		}
	})
	covered(t, reflect.TypeFor[*store.Reader](), func(yield func(string)) {
		for name := range readings(ctx, reader) {
			yield(name)
		}
	})
	covered(t, reflect.TypeFor[*store.Store](), func(yield func(string)) {
		for name := range byOrg(ctx, b.Store, "b") {
			yield(name)
		}
		for _, name := range server() {
			yield(name)
		}
	})
}

// foreignIDs holds that the ids of an organisation open nothing from another
// one, be it empty or not.
func foreignIDs(t *testing.T, b *Bench) {
	b.fill("a", "canary-a")
	ctx := t.Context()
	b.write("c", func(tx *store.Tx) error {
		return tx.AddOrganisation(ctx, store.Organisation{Name: "Empty", URL: "http://c", Created: now})
	})
	before := b.dump("a")
	stranger := access.Actor{Org: "c", Person: ben, Role: access.Owner, State: access.Active, Teams: map[string]bool{teamPrivate: true, teamOpen: true}}
	for name, read := range readings(ctx, b.Store.Reader(stranger)) {
		v, err := read()
		silentAbout(t, "Reader."+name, v, err)
	}
	for _, o := range ops() {
		var v any
		err := b.Store.Write(ctx, "c", func(tx *store.Tx) error {
			var err error
			v, err = o.do(ctx, tx)
			return err
		})
		silentAbout(t, "Tx."+o.method, v, err)
		if diff := cmp.Diff(before, b.dump("a")); diff != "" {
			t.Fatalf("Tx.%s with ids of another organisation changed it (-before +after):\n%s", o.method, diff)
		}
	}
	for name, do := range byOrg(ctx, b.Store, "c") {
		v, err := do()
		silentAbout(t, "Store."+name, v, err)
		if diff := cmp.Diff(before, b.dump("a")); diff != "" {
			t.Fatalf("Store.%s with ids of another organisation changed it (-before +after):\n%s", name, diff)
		}
	}
}

// silentAbout fails when an answer, or an error, holds words of organisation a.
func silentAbout(t *testing.T, method string, v any, err error) {
	t.Helper()
	said, bad := json.Marshal(v)
	if bad != nil {
		t.Fatalf("%s: %v", method, bad)
	}
	if strings.Contains(fmt.Sprintf("%s %v", said, err), "canary-a") {
		t.Errorf("%s tells of another organisation: %s %v", method, said, err)
	}
}

// covered fails for a method that no table names, and for a name that is no method.
func covered(t *testing.T, typ reflect.Type, names func(yield func(string))) {
	t.Helper()
	methods := make(map[string]bool)
	for method := range typ.Methods() {
		methods[method.Name] = false
	}
	names(func(name string) {
		if _, ok := methods[name]; !ok {
			t.Errorf("%s has no method %s", typ, name)
		}
		methods[name] = true
	})
	for name, tried := range methods {
		if !tried {
			t.Errorf("%s.%s is not tried with two organisations: add it to the tables of tenancy.go", typ, name)
		}
	}
}
