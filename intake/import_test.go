package intake_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/history"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/store/storetest"
	"github.com/rubato-hq/rubato/wire/slackexport"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// files are those of an export, by name.
type files map[string]string

// small is an export in which everything occurs once: a member of ours, a
// person, a guest, one who left and two bots; all kinds of channels; a thread
// over two days, one whose beginning was deleted, loose messages around
// midnight, an edit, a file, and what is no writing.
func small() files {
	return files{
		"users.json": `[
			{"id":"U1","team_id":"T1","name":"mia.chen","real_name":"Mia Chen","tz":"America/Los_Angeles","profile":{"email":"Mia@Example.org"}},
			{"id":"U2","team_id":"T1","name":"lena","real_name":"Lena Other","tz":"Europe/Berlin","profile":{"email":"lena.other@example.org"}},
			{"id":"U3","team_id":"T1","name":"old","real_name":"Old Hand","deleted":true,"tz":"Europe/Berlin"},
			{"id":"U4","team_id":"T1","name":"visitor","real_name":"Visitor","is_ultra_restricted":true,"tz":"Europe/Berlin"},
			{"id":"U5","team_id":"T1","name":"deploy","real_name":"Deploy","is_bot":true,"profile":{"bot_id":"B5"}}]`,
		"channels.json": `[{"id":"C1","name":"general","members":["U1","U2","U3","U5"],"purpose":{"value":"All &amp; everybody"}},
			{"id":"C2","name":"gone","is_archived":true}]`,
		"groups.json": `[{"id":"G1","name":"salaries","members":["U2","U4"]}]`,
		"mpims.json":  `[{"id":"G2","name":"mpdm-1","members":["U1","U2","U4"]}]`,
		"dms.json":    `[{"id":"D1","members":["U1","U2"]},{"id":"D2","members":["U2","U4"]}]`,
		"general/2026-03-01.json": `[
			{"user":"U2","text":"late evening","ts":"1772400600.000100"},
			{"user":"U1","text":"*Point* of the thread\nand <@U3|old> knows, see <https://example.org|this>","ts":"1772400700.000100","thread_ts":"1772400700.000100"},
			{"user":"U2","text":"after midnight","ts":"1772406100.000100","edited":{"user":"U2","ts":"1772406200.0"}},
			{"user":"U3","text":"said much later the same night","ts":"1772406300.000100","files":[{"id":"F1","name":"plan.pdf","mimetype":"application/pdf","size":12}],"reactions":[{"name":"tada","count":1,"users":["U1"]}]},
			{"subtype":"channel_join","user":"U4","text":"<@U4> has joined","ts":"1772406400.000100"},
			{"subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"1772406500.000100","thread_ts":"1772406500.000100"}]`,
		"general/2026-03-05.json": `[
			{"user":"U2","text":"reply, days later","ts":"1772700000.000100","thread_ts":"1772400700.000100"},
			{"user":"U2","text":"its first reply","ts":"1772700001.000100","thread_ts":"1772406500.000100"},
			{"user":"U1","text":"its second","ts":"1772700002.000100","thread_ts":"1772406500.000100"},
			{"user":"U1","text":"to a loose one","ts":"1772700003.000100","thread_ts":"1772406300.000100"},
			{"bot_id":"B5","subtype":"bot_message","text":"deployed","ts":"1772700004.000100"},
			{"bot_id":"B9","username":"alerts","subtype":"bot_message","text":"fire","ts":"1772700005.000100"},
			{"user":"U77","user_profile":{"real_name":"From Elsewhere"},"text":"hello from outside","ts":"1772700006.000100"},
			{"subtype":"huddle_thread","user":"USLACKBOT","text":"A huddle started","ts":"1772700007.000100"},
			{"user":"U1","text":" ","ts":"1772700008.000100"},
			{"user":"U1","text":"no time"}]`,
		"salaries/2026-03-05.json": `[{"user":"U2","text":"secret","ts":"1772700000.000100"}]`,
		"mpdm-1/2026-03-05.json":   `[{"user":"U4","text":"among three","ts":"1772700000.000100"}]`,
		"D1/2026-03-05.json":       `[{"user":"U2","text":"to mia alone","ts":"1772700000.000100"},{"user":"U1","text":"thanks","ts":"1772700060.000100"}]`,
		"D2/2026-03-05.json":       `[{"user":"U2","text":"not for mia","ts":"1772700000.000100"}]`,
	}
}

func (f files) zip(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		e, err := w.Create(name)
		if err == nil {
			_, err = e.Write([]byte(f[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "export.zip")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// house is an organisation that imports: @lena owns it, @mia is a member, and
// mia reads what lena wrote there before.
type house struct {
	*testing.T
	database string
	store    *store.Store
	door     *door.Door
	org      string
	lena     access.Actor
	mia      access.Actor
}

func both(t *testing.T, test func(h *house)) {
	t.Run("sqlite", func(t *testing.T) { test(newHouse(t, filepath.Join(t.TempDir(), "rubato.db"))) })
	t.Run("postgres", func(t *testing.T) { test(newHouse(t, pgtest.URL(t))) })
}

func newHouse(t *testing.T, database string) *house {
	t.Helper()
	h := &house{T: t, database: database, store: storetest.Open(t, database)}
	h.door = door.New(door.Config{Store: h.store, Now: time.Now, Wake: func() {}, Zones: zoneinfo.New().Zone})
	ctx := t.Context()
	org, lena, err := h.door.Found(ctx, "Meridian", "http://localhost", door.Newcomer{Name: "Lena Vogt", Handle: "lena", Address: "lena@example.org", Zone: "Europe/Berlin", Lang: "en"})
	if err != nil {
		t.Fatal(err)
	}
	mia, err := h.door.Enrol(ctx, org, door.Newcomer{Name: "Mia Chen", Handle: "mia", Address: "mia@example.org", Zone: "America/Los_Angeles", Lang: "en"}, access.Member)
	if err != nil {
		t.Fatal(err)
	}
	h.org = org
	h.lena, h.mia = h.actor(lena), h.actor(mia)
	if _, err := h.door.Write(ctx, h.lena, item.Update, door.Writing{Point: "Before the import.", To: []string{mia}}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) actor(id string) (a access.Actor) {
	h.Helper()
	err := h.store.Write(h.Context(), h.org, func(tx *store.Tx) error {
		p, err := tx.Person(h.Context(), id)
		if err == nil {
			a, err = tx.Actor(h.Context(), p)
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return a
}

// bring imports an export in the name of somebody. stop, if it is not nil, is
// asked before each batch.
func (h *house) bring(by access.Actor, export string, stop func() error) (intake.Report, error) {
	h.Helper()
	x, err := slackexport.Open(export)
	if err != nil {
		h.Fatal(err)
	}
	defer x.Close()
	return intake.Slack(h.Context(), x, zoneinfo.New().Zone, func(ctx context.Context, b history.Batch) (history.Done, error) {
		if stop != nil {
			if err := stop(); err != nil {
				return history.Done{}, err
			}
		}
		return h.door.Import(ctx, by, b)
	}, func(intake.Report) {})
}

func (h *house) mustBring(export string) intake.Report {
	h.Helper()
	r, err := h.bring(h.lena, export, nil)
	if err != nil {
		h.Fatal(err)
	}
	return r
}

// shelf is what a reader finds, as lines: each document with what is said on it.
func (h *house) shelf(who access.Actor) []string {
	h.Helper()
	ctx := h.Context()
	r := h.store.Reader(who)
	var lines []string
	for n := int64(1); n < 40; n++ {
		v, err := r.ItemByRef(ctx, item.Update, n)
		if errors.Is(err, access.ErrHidden) {
			continue
		}
		if err != nil {
			h.Fatal(err)
		}
		if v.Item.Origin != item.Imported {
			continue
		}
		lines = append(lines, h.line("", v.Item))
		thread, err := r.ThreadPage(ctx, v, store.Mark{}, 1000)
		if err != nil {
			h.Fatal(err)
		}
		files, err := r.ImportFiles(ctx, thread.Rows)
		if err != nil {
			h.Fatal(err)
		}
		for _, c := range thread.Rows {
			indent := "- "
			if c.Parent != "" {
				indent = "-- "
			}
			line := h.line(indent, c)
			for _, f := range files[c.ID] {
				line += fmt.Sprintf(" [%s, %d]", f.Name, f.Size)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func (h *house) line(indent string, i item.Item) string {
	h.Helper()
	names, err := h.store.Reader(h.lena).Names(h.Context(), []string{i.Author})
	if err != nil {
		h.Fatal(err)
	}
	s := indent + names[i.Author].Name + ", " + i.Sent.Format("02 15:04") + ": " + i.Point
	if i.Body != "" {
		s = strings.TrimSuffix(s, " ") + " | " + strings.ReplaceAll(i.Body, "\n", "/")
	}
	if i.Edited.After(i.Sent) {
		s += " (" + i.Edited.Format("02 15:04") + ")"
	}
	return s
}

// What an export becomes, for the member who was in it and for an owner who was not.
func TestWhatBecomesWhat(t *testing.T) {
	both(t, func(h *house) {
		r := h.mustBring(small().zip(h.T))
		want := history.Counts{People: 6, Bots: 2, Left: 2, Members: 1, Teams: 2, Documents: 9, Comments: 7, Files: 1}
		if diff := cmp.Diff(want, r.Counts); diff != "" {
			h.Errorf("counts (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(intake.LeftOut{Notices: 1, Gone: 1, Huddles: 1, Empty: 1}, r.LeftOut); diff != "" {
			h.Errorf("left out (-want +got):\n%s", diff)
		}
		if len(r.Problems) != 1 || r.Problems[0].File != "general/2026-03-05.json" || r.Problems[0].Item != 9 || r.Problems[0].Why != slackexport.NoTime {
			h.Errorf("problems: %v", r.Problems)
		}
		if r.Zone != "Europe/Berlin" {
			h.Errorf("days are those of %s", r.Zone)
		}
		general := []string{
			"Lena Other, 01 21:30: late evening",
			"Mia Chen, 01 21:31: **Point** of the thread | and @old knows, see [this](https://example.org)",
			"- Lena Other, 05 08:40: | reply, days later",
			"Lena Other, 01 23:01: after midnight (01 23:03)",
			"- Old Hand, 01 23:05: | said much later the same night [plan.pdf, 12]",
			"-- Mia Chen, 05 08:40: | to a loose one",
			"Lena Other, 05 08:40: its first reply",
			"- Mia Chen, 05 08:40: | its second",
			"Deploy, 05 08:40: deployed",
			"- alerts, 05 08:40: | fire",
			"- From Elsewhere, 05 08:40: | hello from outside",
		}
		mias := append(slices.Clone(general),
			"Visitor, 05 08:40: among three",
			"Lena Other, 05 08:40: to mia alone",
			"- Mia Chen, 05 08:41: | thanks")
		if diff := cmp.Diff(mias, h.shelf(h.mia)); diff != "" {
			h.Errorf("what mia reads (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(general, h.shelf(h.lena)); diff != "" {
			h.Errorf("what the owner reads, who was in no direct conversation and no private channel (-want +got):\n%s", diff)
		}
	})
}

// Names are there to be read beside what they wrote, and nothing reaches them.
func TestPeopleOfAnImport(t *testing.T) {
	both(t, func(h *house) {
		h.mustBring(small().zip(h.T))
		ctx := h.Context()
		r := h.store.Reader(h.lena)
		all, err := r.People(ctx)
		if err != nil {
			h.Fatal(err)
		}
		var got []string
		for _, p := range all {
			got = append(got, fmt.Sprintf("%s @%s %s %s %s", p.Name, p.Handle, p.State, p.Role, p.Charter.Time.Zone))
		}
		want := []string{
			"Lena Vogt @lena active owner Europe/Berlin", "Mia Chen @mia active member America/Los_Angeles",
			"Lena Other @lena-2 imported member Europe/Berlin", "Visitor @visitor imported guest Europe/Berlin",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			h.Errorf("people (-want +got):\n%s", diff)
		}
		for handle, want := range map[string]access.State{"old": access.Removed, "from-elsewhere": access.Removed, "deploy": access.Imported} {
			p, err := r.PersonByHandle(ctx, handle)
			if err != nil || p.State != want || p.Bot != (handle == "deploy") {
				h.Errorf("@%s is %s, bot %v, %v; want %s", handle, p.State, p.Bot, err, want)
			}
		}
		team, err := h.store.Reader(h.actor(h.mia.Person)).TeamBySlug(ctx, "general")
		if err != nil || !team.Open || team.Purpose != "All & everybody" {
			h.Fatalf("team general: %+v, %v", team, err)
		}
		members, err := r.Members(ctx, team)
		if err != nil || len(members) != 2 { // mia and the other lena; who left and the bot are not
			h.Errorf("members of general: %d, %v", len(members), err)
		}
		if _, err := r.TeamBySlug(ctx, "salaries"); !errors.Is(err, access.ErrHidden) {
			h.Errorf("the owner sees a private team that they are not in: %v", err)
		}
	})
}

// The address that a member verified makes an account theirs; one that they
// only typed does not.
func TestOnlyAVerifiedAddressMatches(t *testing.T) {
	both(t, func(h *house) {
		err := h.store.Write(h.Context(), h.org, func(tx *store.Tx) error {
			return tx.AddAddress(h.Context(), h.lena.Person, "lena.other@example.org", time.Time{}, time.Now())
		})
		if err != nil {
			h.Fatal(err)
		}
		if r := h.mustBring(small().zip(h.T)); r.Counts.Members != 1 {
			h.Errorf("%d accounts became members, want mia's alone", r.Counts.Members)
		}
	})
}

// What moves people is as it was: no delivery, tick, event, mail, clock or brief.
func TestImportReachesNobody(t *testing.T) {
	both(t, func(h *house) {
		before := storetest.Dump(h.T, h.database)
		h.mustBring(small().zip(h.T))
		after := storetest.Dump(h.T, h.database)
		for _, table := range []string{"delivery", "tick", "event", "outbox", "ask", "asked", "pause", "brief", "brief_line", "crisis", "needed", "address", "contact", "credential", "session", "link", "draft", "attachment"} {
			if diff := cmp.Diff(before[table], after[table]); diff != "" {
				h.Errorf("%s (-before +after):\n%s", table, diff)
			}
		}
		// Mia follows the team she is found in, from the end of the log on.
		look, err := h.store.Reader(h.actor(h.mia.Person)).Look(h.Context(), time.Now().Add(240*time.Hour), store.Whole)
		if err != nil || len(look.Lines) != 1 || look.Items[look.Lines[0].Item].Origin != item.Here {
			h.Errorf("what waits for mia after the import: %d lines, %v; want lena's update alone", len(look.Lines), err)
		}
	})
}

// Twice is once, and so is an import that ended at any batch and was run again.
func TestAgainIsOnce(t *testing.T) {
	both(t, func(h *house) {
		export := small().zip(h.T)
		for stop := 1; ; stop++ {
			batches := 0
			_, err := h.bring(h.lena, export, func() error {
				if batches++; batches > stop {
					return errors.New("killed")
				}
				return nil
			})
			if err == nil {
				if stop < 5 {
					h.Fatalf("only %d batches: nothing was tried", stop)
				}
				break
			}
		}
		once := h.shelf(h.mia)
		before := storetest.Dump(h.T, h.database)
		r := h.mustBring(export)
		if diff := cmp.Diff(before, storetest.Dump(h.T, h.database)); diff != "" {
			h.Errorf("running it again changed something (-before +after):\n%s", diff)
		}
		if diff := cmp.Diff(history.Counts{Known: 23}, r.Counts); diff != "" {
			h.Errorf("counts of the second run (-want +got):\n%s", diff)
		}
		whole := newHouse(h.T, filepath.Join(h.TempDir(), "whole.db"))
		whole.mustBring(export)
		if diff := cmp.Diff(whole.shelf(whole.mia), once); diff != "" {
			h.Errorf("an import that was ended at every batch differs from one that was not (-whole +ended):\n%s", diff)
		}
	})
}

// A newer export brings what is new, with newer words as a revision, and undoes
// nothing that was done here.
func TestNewerExport(t *testing.T) {
	both(t, func(h *house) {
		ctx := h.Context()
		h.mustBring(small().zip(h.T))
		mia := h.actor(h.mia.Person)
		team, err := h.store.Reader(mia).TeamBySlug(ctx, "general")
		if err != nil {
			h.Fatal(err)
		}
		if err := h.door.LeaveTeam(ctx, mia, door.Membership{Team: team.ID}); err != nil {
			h.Fatal(err)
		}
		newer := small()
		newer["general/2026-03-01.json"] = strings.Replace(newer["general/2026-03-01.json"], `{"user":"U2","text":"late evening","ts":"1772400600.000100"}`,
			`{"user":"U2","text":"late evening, as corrected","ts":"1772400600.000100","edited":{"user":"U2","ts":"1772800000.000000"}}`, 1)
		newer["general/2026-03-09.json"] = `[{"user":"U1","text":"new day","ts":"1773050000.000100"},{"user":"U2","text":"one more reply","ts":"1773050001.000100","thread_ts":"1772400700.000100"}]`
		newer["users.json"] = strings.ReplaceAll(newer["users.json"], `"Europe/Berlin"`, `"Asia/Tokyo"`) // the days stay as they were cut
		r := h.mustBring(newer.zip(h.T))
		if diff := cmp.Diff(history.Counts{Documents: 1, Comments: 1, Edited: 1, Known: 23}, r.Counts); diff != "" || r.Zone != "Europe/Berlin" {
			h.Errorf("counts, zone %s (-want +got):\n%s", r.Zone, diff)
		}
		if h.actor(h.mia.Person).Teams[team.ID] {
			h.Error("mia is in the team again, which she left")
		}
		shelf := h.shelf(h.mia)
		if shelf[0] != "Lena Other, 01 21:30: late evening, as corrected (06 12:26)" {
			h.Errorf("first of the shelf: %s", shelf[0])
		}
		if diff := cmp.Diff(storetest.Dump(h.T, h.database), func() map[string][]string { h.mustBring(newer.zip(h.T)); return storetest.Dump(h.T, h.database) }()); diff != "" {
			h.Errorf("the newer export again (-before +after):\n%s", diff)
		}
	})
}

// Only those who govern import, and nothing of a refused one stays.
func TestOnlyAdminsImport(t *testing.T) {
	h := newHouse(t, filepath.Join(t.TempDir(), "rubato.db"))
	before := storetest.Dump(t, h.database)
	if _, err := h.bring(h.mia, small().zip(t), nil); !errors.Is(err, access.ErrDenied) {
		t.Errorf("a member imports: %v", err)
	}
	if diff := cmp.Diff(before, storetest.Dump(t, h.database)); diff != "" {
		t.Errorf("a refused import left something (-before +after):\n%s", diff)
	}
}

// An imported name that joins finds its writing and its teams, and follows them
// from now on; what a bot or somebody who left is called cannot be joined as.
func TestArriving(t *testing.T) {
	both(t, func(h *house) {
		ctx := h.Context()
		h.mustBring(small().zip(h.T))
		r := h.store.Reader(h.lena)
		invite := func(handle, hash string) error {
			p, err := r.PersonByHandle(ctx, handle)
			if err != nil {
				h.Fatal(err)
			}
			err = h.door.Invite(ctx, h.lena, door.InviteDraft{Hash: hash, Address: handle + "@example.org", Role: access.Member, Person: p.ID, Ends: time.Now().Add(time.Hour)})
			if err != nil {
				return err
			}
			_, err = h.door.Join(ctx, h.org, hash, door.Newcomer{Name: p.Name, Address: handle + "@example.org", Zone: "Europe/Berlin", Lang: "en"})
			return err
		}
		if err := invite("lena-2", "hash-1"); err != nil {
			h.Fatal(err)
		}
		p, err := r.PersonByHandle(ctx, "lena-2")
		if err != nil || p.State != access.Active {
			h.Fatalf("lena-2 is %s, %v", p.State, err)
		}
		other := h.store.Reader(h.actor(p.ID))
		if team, err := other.TeamBySlug(ctx, "salaries"); err != nil || team.Open {
			h.Errorf("their private team: %+v, %v", team, err)
		}
		paces, err := other.AllPaces(ctx)
		if err != nil || len(paces) != 3 { // both teams, and the organisation
			h.Errorf("they follow %v, %v", paces, err)
		}
		look, err := other.Look(ctx, time.Now().Add(240*time.Hour), store.Whole)
		if err != nil || len(look.Lines) != 0 {
			h.Errorf("%d lines of history wait for somebody who joins, %v", len(look.Lines), err)
		}
		for _, handle := range []string{"deploy", "old"} {
			if err := invite(handle, "hash-"+handle); err == nil {
				h.Errorf("@%s joined", handle)
			}
		}
	})
}
