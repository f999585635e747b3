package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

func (c cast) askSamples(add func(string, viewer)) {
	b := c.brief(BriefSealed)
	p := Asks{Frame: c.frame(RoomAsks, "/asks"), Chart: b.Due}
	for i, l := range b.Sections[1].Lines {
		p.Mine = append(p.Mine, AskLine{Head: l.Head, Stands: "open", State: "waiting", At: c.berlin(0, "11:00"), Delivered: i != 1, Due: l.Due, Left: l.Left, Overdue: i == 2, Urgent: l.Urgent, Because: l.UrgentWhy, Needed: 1})
	}
	p.Mine = append(p.Mine, AskLine{Head: p.Mine[0].Head, Stands: "open", State: "waiting", Delivered: true, Paused: c.berlin(0, "08:00"), Needed: 1})
	a := c.askItem()
	p.Theirs = []AskLine{
		{Head: a.Head, Stands: "open", Answers: 1, Needed: 5, Waits: []Person{c.jonas, c.ana, c.kenji}, Overdue: true, Due: c.berlin(-1, "15:00"), TimeAsked: true, AsksBack: true},
		{Head: c.head(item.Ask, "A-33", "Who speaks with the operator in Porto?", c.lena, c.berlin(-2, "10:00")), Stands: "short", Needed: 1, Waits: []Person{c.caio}, Due: c.berlin(1, "15:00")},
		{Head: c.head(item.Ask, "A-31", "May the stand-up move to writing?", c.lena, c.berlin(-6, "10:00")), Stands: "closed", Answers: 2, Needed: 2},
	}
	p.Done = []AskLine{{Head: c.head(item.Ask, "A-30", "Is the trip schema final?", c.jonas, c.berlin(-5, "10:00")), State: "answered"}, {Head: c.head(item.Ask, "A-29", "Do you want the old boards?", c.ana, c.berlin(-7, "10:00")), State: "declined"}}
	add("asks", p)
	add("asks-none", Asks{Frame: c.frame(RoomAsks, "/asks")})
	add("drafts", Drafts{Frame: c.frame(NoRoom, "/drafts"), Drafts: []DraftLine{
		{ID: "dr-1", Kind: item.Ask, Point: "Can each arrival time carry a confidence from 0 to 100?", Saved: c.berlin(0, "08:30"), Files: []File{{ID: "f1", Name: "confidence.pdf", Size: 310_000, Kind: "pdf"}}},
		{ID: "dr-2", Kind: item.Update, Saved: c.berlin(-2, "17:30")},
		{ID: "dr-3", Kind: item.Update, Point: "From Monday 7 December trip updates are an append-only log.", Saved: c.berlin(-3, "17:30"), Edits: &Head{Ref: "U-91"}},
	}})
	add("drafts-none", Drafts{Frame: c.frame(NoRoom, "/drafts")})
	c.editSamples(add)
	c.crisisSamples(add)
}

func (c cast) editSamples(add func(string, viewer)) {
	head := c.head(item.Update, "U-91", "From Monday 7 December trip updates are an append-only log.", c.jonas, c.berlin(-1, "21:00"))
	edit := Edit{Frame: c.frame(NoRoom, "/items/i/edit"), Head: head, Base: 3, Point: head.Point, Context: "The snapshot is written at 03:00 UTC.\n\nReads go through it.", Files: []File{{ID: "f1", Name: "reads.csv", Size: 48_000, Kind: "text"}}, Desk: hanging("edit-i")}
	add("edit", edit)
	clash := edit
	clash.Base = 4
	clash.Conflict = &Conflict{By: c.deniz, Version: 4, TheirPoint: head.Point, TheirContext: "The snapshot is written at 04:00 UTC.\n\nReads go through it.", Context: []Piece{
		{Kind: "conflict", Mine: "The snapshot is written at 03:00 UTC.", Theirs: "The snapshot is written at 04:00 UTC."},
		{Kind: "same", Mine: "\n\nReads go through it.", Theirs: "\n\nReads go through it."},
		{Kind: "conflict", Mine: "Jonas owns it.", Theirs: ""},
	}}
	clash.Problems = Problems{{Code: "changed"}}
	add("edit-conflict", clash)
	revs := []Revision{{4, c.deniz, c.berlin(0, "08:10")}, {3, c.jonas, c.berlin(0, "02:20")}, {2, c.jonas, c.berlin(-1, "22:00")}, {1, c.jonas, c.berlin(-1, "21:00")}}
	add("revisions", Revisions{Frame: c.frame(NoRoom, "/items/i/revisions"), Head: head, Revisions: revs})
	add("diff", Diff{
		Frame: c.frame(NoRoom, "/items/i/revisions/3"), Head: head, This: revs[1], Before: revs[2], Newest: 4,
		Point:   []Change{{"kept", head.Point}},
		Context: []Change{{"kept", "The snapshot is written at "}, {"deleted", "midnight"}, {"inserted", "03:00"}, {"kept", " UTC.\n\nReads go through it."}},
	})
	add("diff-first", Diff{Frame: c.frame(NoRoom, "/items/i/revisions/1"), Head: head, This: revs[3], Newest: 4, Point: []Change{{"inserted", head.Point}}})
}

func (c cast) crisis() Crisis {
	f := c.frame(RoomCrisis, "/C-18")
	f.Now = c.berlin(0, "10:07")
	mine := Called{Person: c.lena, Round: 2, Next: c.berlin(0, "10:09")}
	return Crisis{
		Frame: f, Head: c.head(item.Crisis, "C-18", "İzmir’s departure boards show yesterday’s timetable", c.elif, c.berlin(0, "10:04")),
		Stake:  "about 9,000 riders an hour are sent to trams that do not run. Two stops have no staff. It began at 12:01 in İzmir.",
		Called: []Called{mine, {Person: c.deniz, HasIt: c.berlin(0, "10:06"), Round: 1}}, Mine: &mine, Others: 6, CanSettle: true, People: c.people(), Desk: hanging("note-i"),
		Log: []CrisisNote{
			{At: c.berlin(0, "10:04"), By: c.elif, Code: "raised", Text: "Boards at Konak and Alsancak seen by a driver."},
			{At: c.berlin(0, "10:05"), By: c.elif, Code: "called", Who: c.deniz},
			{At: c.berlin(0, "10:06"), By: c.deniz, Code: "has-it"},
			{At: c.berlin(0, "10:06"), By: c.deniz, Code: "note", Text: "Reading the importer’s log. Need somebody who knows the store.", Files: []File{{ID: "f1", Name: "importer.log", Size: 48_000, Kind: "text"}}},
		},
	}
}

func (c cast) crisisSamples(add func(string, viewer)) {
	needed := c.crisis()
	add("crisis-needed", needed)
	has := c.crisis()
	has.Mine = &Called{Person: c.lena, HasIt: c.berlin(0, "10:07")}
	has.Called[0] = *has.Mine
	has.Act, has.Problems = "call", Problems{{Field: "to", Code: "nobody"}}
	add("crisis-yours", has)
	other := c.crisis()
	other.Mine, other.CanSettle = nil, false
	add("crisis-other", other)
	nobody := c.crisis()
	nobody.Mine, nobody.Called, nobody.Others = nil, nobody.Called[:1], 1
	add("crisis-nobody", nobody)
	over := c.crisis()
	over.Frame.Now = c.berlin(0, "12:00")
	over.Ended, over.EndedBy, over.Outcome = c.berlin(0, "10:52"), c.deniz, "The importer had kept the old file. It reads the new one since 10:50."
	over.Called = append(over.Called, Called{Person: c.jonas, Cannot: c.berlin(0, "10:09"), Round: 3})
	over.Called[0].Next = time.Time{}
	over.Log = append(over.Log, CrisisNote{At: c.berlin(0, "10:09"), By: c.jonas, Code: "cannot"}, CrisisNote{At: c.berlin(0, "10:52"), By: c.deniz, Code: "ended"})
	add("crisis-over", over)

	list := Crises{
		Frame: c.frame(RoomCrisis, "/crisis"), What: "Two operators can read each other’s riders", Stake: "Names and fares of about 400 people are open to the wrong company until the export is stopped.",
		Teams: []Team{c.meridian, c.boards}, Org: "Meridian", People: c.people(),
		Likely: []Callable{
			{Person: c.jonas, Next: c.berlin(0, "10:00"), Chosen: true},
			{Person: c.caio, Next: c.in(c.caio.Loc, 0, "10:00"), Off: true, Chosen: true},
			{Person: c.deniz, Next: c.in(c.deniz.Loc, 0, "11:00"), Focus: true},
		},
		Ended: []CrisisHead{
			{Head: c.head(item.Crisis, "C-17", "São Paulo without arrivals", c.priya, c.berlin(0, "01:22")), Ended: c.berlin(0, "02:10"), Answered: c.berlin(0, "01:24"), Called: 2},
			{Head: c.head(item.Crisis, "C-16", "Wrong fares in Porto", c.caio, c.berlin(-25, "15:00")), Ended: c.berlin(-25, "15:25"), Called: 1},
		},
	}
	add("crisis", list)
	wrong := list
	wrong.Running = []CrisisHead{{Head: needed.Head, Mine: true, Called: 2}}
	wrong.Frame.Alarms = []Alarm{{Ref: "C-18", Point: needed.Head.Point, By: c.elif, Since: needed.Head.Sent, Mine: true}}
	wrong.Likely, wrong.Problems = nil, Problems{{Field: "needed", Code: "nobody"}, {Field: "sure", Code: "not-sure"}}
	add("crisis-running", wrong)
	not := list
	not.MayNot, not.Ended = true, nil
	add("crisis-may-not", not)
}
