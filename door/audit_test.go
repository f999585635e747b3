package door_test

import (
	"context"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// TestRightsAreLogged: every act on rights, ways in and settings writes what it
// did into the audit log, once, and one that is refused writes nothing.
func TestRightsAreLogged(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { logged(t, filepath.Join(t.TempDir(), "rubato.db")) })
	t.Run("postgres", func(t *testing.T) { logged(t, pgtest.URL(t)) })
}

func logged(t *testing.T, database string) {
	ctx := t.Context()
	zones := zoneinfo.New().Zone
	st, err := store.Open(ctx, store.Config{Database: database, Unsynced: true, Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	at := time.Date(2026, 11, 24, 8, 30, 0, 0, time.UTC)
	d := door.New(door.Config{Store: st, Now: func() time.Time { return at }, Wake: func() {}, Zones: zones})
	newcomer := func(handle string) door.Newcomer {
		return door.Newcomer{Name: handle, Handle: handle, Address: handle + "@example.org", Zone: "Europe/Berlin"}
	}
	org, owner, err := d.Found(ctx, "here", "", newcomer("ada"))
	if err != nil {
		t.Fatal(err)
	}
	who := func(id string) access.Actor { return actor(ctx, t, st, org, id) }
	seen := int64(1)
	news := func() (acts []store.Act) {
		t.Helper()
		entries, err := st.Reader(who(owner)).Audit(ctx, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.N > seen {
				acts = append(acts, e.Act)
			}
		}
		seen = entries[0].N
		slices.Reverse(acts)
		return acts
	}
	done := map[string]bool{"Found": true}
	// does runs a verb and wants these entries; refused wants an error and none.
	does := func(verb string, err error, want ...store.Act) {
		t.Helper()
		done[verb] = true
		if err != nil {
			t.Fatalf("%s: %v", verb, err)
		}
		if diff := cmp.Diff(want, news()); diff != "" {
			t.Errorf("%s wrote (-want +got):\n%s", verb, diff)
		}
	}
	refused := func(verb string, err error) {
		t.Helper()
		if err == nil {
			t.Errorf("%s was not refused", verb)
		}
		if got := news(); len(got) > 0 {
			t.Errorf("%s was refused and wrote %v", verb, got)
		}
	}

	ben, err := d.Enrol(ctx, org, newcomer("ben"), access.Member)
	does("Enrol", err, store.ActJoined)
	ada := who(owner)
	does("SetRole", d.SetRole(ctx, ada, ben, access.Admin), store.ActRole)
	does("SetRole", d.SetRole(ctx, ada, ben, access.Member), store.ActRole)
	refused("SetRole", d.SetRole(ctx, who(ben), owner, access.Member))
	does("SetState", d.SetState(ctx, ada, ben, access.Deactivated), store.ActState)
	does("SetState", d.SetState(ctx, ada, ben, access.Active), store.ActState)
	refused("SetState", d.SetState(ctx, who(ben), owner, access.Removed))
	does("SetMayRaise", d.SetMayRaise(ctx, ada, ben, false), store.ActMayRaise)
	does("SetMayRaise", d.SetMayRaise(ctx, ada, ben, true), store.ActMayRaise)

	team, err := d.AddTeam(ctx, ada, door.TeamDraft{Name: "Depot", Slug: "depot", Open: true})
	does("AddTeam", err, store.ActTeamMade)
	does("JoinTeam", d.JoinTeam(ctx, who(ben), door.Membership{Team: team}), store.ActTeamJoined)
	does("LeaveTeam", d.LeaveTeam(ctx, who(owner), door.Membership{Team: team, Person: ben}), store.ActTeamLeft)
	refused("JoinTeam", d.JoinTeam(ctx, who(ben), door.Membership{Team: "none"}))

	invite := func(id string) door.InviteDraft {
		return door.InviteDraft{Hash: id, Role: access.Member, Team: team, Ends: time.Now().Add(time.Hour)}
	}
	does("Invite", d.Invite(ctx, ada, invite("h1")), store.ActInvited)
	refused("Invite", d.Invite(ctx, who(ben), invite("h2")))
	_, err = d.Join(ctx, org, "h1", newcomer("cem"))
	does("Join", err, store.ActTeamJoined, store.ActJoined)
	_, err = d.Join(ctx, org, "h1", newcomer("dia"))
	refused("Join", err)
	does("Invite", d.Invite(ctx, ada, invite("h3")), store.ActInvited)
	invites, err := st.Reader(ada).Invites(ctx, time.Now())
	if err != nil || len(invites) != 1 {
		t.Fatal(invites, err)
	}
	does("EndInvite", d.EndInvite(ctx, ada, invites[0].ID), store.ActInviteEnded)

	reset := func() door.ResetDraft {
		_, hash := auth.NewSecret()
		return door.ResetDraft{Hash: hash, Ends: time.Now().Add(time.Hour), Path: "/reset/x"}
	}
	does("MakeReset", d.MakeReset(ctx, ada, ben, reset()), store.ActResetMade)
	does("AskReset", d.AskReset(ctx, org, "ben@example.org", reset()), store.ActResetMade)
	_, hash := auth.NewSecret()
	does("AskAddress", d.AskAddress(ctx, who(ben), door.AddressDraft{Address: "b@example.org", Hash: hash, Path: "/address/x", Ends: time.Now().Add(time.Hour)}), store.ActAddressAsked)
	does("SetWebhook", d.SetWebhook(ctx, who(ben), "https://hooks.example.org/x", "secret", true, true), store.ActWebhookSet)
	does("DropWebhook", d.DropWebhook(ctx, who(ben)), store.ActWebhookRemoved)
	rec, err := d.Raise(ctx, who(ben), door.CrisisDraft{What: "No power", Stake: "The depot is dark", Needed: []string{owner}, Sure: true})
	does("Raise", err, store.ActCrisisRaised)
	_, err = d.EndCrisis(ctx, who(ben), door.CrisisReply{Crisis: rec.ID, Text: "It is back"})
	does("EndCrisis", err, store.ActCrisisEnded)
	does("SetCalendar", d.SetCalendar(ctx, ada, "Germany", []store.Holiday{{Name: "Christmas"}}), store.ActCalendarSet)
	does("DropCalendar", d.DropCalendar(ctx, ada, "Germany"), store.ActCalendarDropped)
	does("NoteExport", d.NoteExport(ctx, ada, "audit log"), store.ActExported)
	does("NoteBackup", d.NoteBackup(ctx, []access.Actor{ada}, at), store.ActExported)
	if err := st.Write(ctx, store.Server, func(tx *store.Tx) error { return tx.Hold(ctx, at) }); err != nil {
		t.Fatal(err)
	}
	_, _, err = d.Release(ctx, []access.Actor{ada}, false)
	does("Release", err, store.ActReleased)
	if c, err := st.Reader(ada).AuditChain(ctx); err != nil || c.Broken != 0 {
		t.Errorf("the chain afterwards: %+v, %v", c, err)
	}
	everyVerb(t, done)
}

// everyVerb wants each verb of the door in the test above, or a reason why it
// changes no right.
func everyVerb(t *testing.T, done map[string]bool) {
	t.Helper()
	writing := "is writing, which stands where it was written"
	own := "is somebody's own: no right of anybody changes"
	without := map[string]string{
		"Setup": "is Found behind a link", "AddOrganisation": "is tried with the terminal: one invite", "Import": "is tried with imports: one entry for each batch",
		"Answer": writing, "Decline": writing, "HandOn": writing, "AskInstead": writing, "AskTime": writing, "GrantTime": writing, "Withdraw": writing, "CouldWait": writing,
		"AskBack": writing, "Ask": writing, "Write": writing, "Comment": writing, "Edit": writing, "TakeBack": writing, "Attach": writing, "Detach": writing,
		"HaveIt": writing, "NoteCrisis": writing, "CallToo": writing,
		"SetCharter": own, "SetBriefMail": own, "Unsubscribe": own, "Rename": own, "SetPace": own, "SaveDraft": own, "DropDraft": own, "KeepReport": own, "DropReport": own,
		"SweepFiles": "is housekeeping", "Canary": "is the server's own", "SendAgain": "sends what was to be sent",
	}
	for m := range reflect.TypeFor[*door.Door]().Methods() {
		if !m.Type.In(1).Implements(reflect.TypeFor[context.Context]()) {
			continue // reads nothing and writes nothing
		}
		if done[m.Name] == (without[m.Name] != "") {
			t.Errorf("%s: say what it writes into the audit log, or why nothing", m.Name)
		}
	}
}
