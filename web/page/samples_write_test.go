package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

func (c cast) reaches() []Reach {
	return []Reach{
		{Person: c.elif, At: c.in(c.elif.Loc, 0, "11:00"), Due: c.in(c.elif.Loc, 1, "11:00"), Why: Why{Code: "window", State: "on"}, Urgent: c.in(c.elif.Loc, 0, "10:50"), Rhythm: c.rhythm(c.elif, "09:00", "18:00", "11:00", "16:00")},
		{Person: c.jonas, At: c.berlin(0, "10:00"), Due: c.berlin(1, "10:00"), Why: Why{Code: "window", State: "off"}, Rhythm: c.rhythm(c.jonas, "09:30", "18:00", "10:00", "15:00")},
		{Person: c.ana, At: c.in(c.ana.Loc, 0, "11:00"), Due: c.in(c.ana.Loc, 1, "11:00"), Why: Why{Code: "window", State: "off"}, Rhythm: c.rhythm(c.ana, "09:00", "18:00", "11:00", "16:00")},
		{Person: c.kenji, At: c.in(c.kenji.Loc, 1, "09:30"), Due: c.in(c.kenji.Loc, 2, "09:30"), Why: Why{Code: "window", State: "off"}, Rhythm: c.rhythm(c.kenji, "08:30", "17:00", "09:30", "15:30")},
	}
}

func hanging(id string, files ...File) Desk {
	return Desk{ID: id, Files: files, Max: 100_000_000, Most: 20}
}

func (c cast) people() []Person {
	return []Person{c.lena, c.jonas, c.elif, c.deniz, c.ana, c.caio, c.kenji, c.priya, c.maya}
}

func (c cast) write(kind item.Kind) Write {
	return Write{
		Frame: c.frame(RoomWrite, "/write"), Draft: "dr-1", SavedAt: c.berlin(0, "08:30"), Kind: kind,
		Where: "meridian", Teams: []Team{c.meridian, c.boards}, Org: "Meridian", Wide: true,
		NormalTerm: "24h", UrgentTerm: "4wh", People: c.people(), Desk: hanging("dr-1"),
	}
}

func (c cast) axis() Axis { return Axis{From: c.berlin(0, "08:00"), To: c.berlin(1, "02:00")} }

func (c cast) writeSamples(add func(string, viewer)) {
	add("write-empty", func() Write { p := c.write(item.Update); p.SavedAt = time.Time{}; return p }())

	ask := c.write(item.Ask)
	ask.Point = "Can each arrival time carry a confidence from 0 to 100? Say what it would break for you."
	ask.Context = "Riders forgive a late tram more easily than a wrong minute. Ana’s test with eleven riders shows that “about 6 min” is understood, but today the boards cannot know when to say “about”."
	ask.To = "@elif, @jonas, @ana, @kenji"
	ask.Preview = &Preview{Axis: c.axis(), Reaches: c.reaches(), Minutes: 2, Hint: "quick_call", AsksOf: 10, UrgentOf: 6, Unknown: []string{"Elfi"}}
	add("write-ask", ask)

	urgent := c.write(item.Ask)
	urgent.Point, urgent.To, urgent.Term = "Which branch may I delete?", "@kenji, @deniz", "urgent"
	urgent.Because = ""
	urgent.Problems = Problems{{Field: "because", Code: "no-urgent-why"}, {Field: "to", Code: "nobody"}}
	ask.Preview.CouldWait = 2
	rs := c.reaches()[2:]
	rs[0].Person, rs[0].At, rs[0].Why = c.deniz, c.in(c.deniz.Loc, 0, "13:00"), Why{Code: "after-focus", State: "focus"}
	rs[0].Due = c.in(c.deniz.Loc, 0, "17:00")
	rs[0].Tight = true
	rs[1].At, rs[1].Why = c.in(c.kenji.Loc, 1, "08:30"), Why{Code: "start", State: "off"}
	rs[1].Due = c.in(c.kenji.Loc, 1, "12:30")
	urgent.Preview = &Preview{Axis: c.axis(), Reaches: rs, Minutes: 1, Urgent: true, Suggest: "ask", Outside: true, OnNow: []Person{c.jonas, c.elif}}
	urgent.Desk = hanging("dr-1", File{ID: "f1", Name: "branches.txt", Size: 2100, Kind: "text"}, File{ID: "f2", Name: "board.png", Size: 1_380_000, Kind: "picture"})
	urgent.Problems = append(urgent.Problems, Problem{Field: "files", Code: "file-too-large", Values: []any{"name", "İzmir review.mp4"}})
	urgent.Apart = true
	urgent.Source = &Head{Ref: "A-35"}
	add("write-urgent", urgent)

	update := c.write(item.Update)
	update.Point, update.Term = "The “about” wording tested well with eleven riders.", "date"
	away := c.reaches()[3:]
	away[0].At, away[0].Due, away[0].Why = c.in(c.kenji.Loc, 7, "09:30"), time.Time{}, Why{Code: "window", State: "off", Away: 2}
	covered := away[0]
	covered.Person, covered.Cover = c.caio, c.ana
	weekend := away[0]
	weekend.Person, weekend.At, weekend.Why.Away = c.priya, c.in(c.priya.Loc, 6, "09:30"), 0
	away = append(away, covered, weekend)
	never := Reach{Person: c.maya, Why: Why{Code: "never"}}
	update.Preview = &Preview{
		Remarks: []Remark{{Rule: "undefined_acronym", Word: "SLO", Line: 3}, {Rule: "wall_of_text", N: 180, Line: 7}},
		Axis:    Axis{From: c.berlin(0, "08:00"), To: c.berlin(7, "20:00")}, Reaches: append(away, never), Minutes: 1,
		Teams: []TeamReach{{Team: c.meridian, People: 8, Muted: 1, First: c.berlin(0, "09:00"), Last: c.berlin(0, "18:30")}},
	}
	add("write-update", update)

	sent := Sent{Frame: c.frame(RoomWrite, "/write"), Head: c.head(item.Ask, "A-42", "Which snapshot hour suits the arrivals API?", c.lena, c.berlin(0, "23:00")), Minutes: 1, Outside: true}
	sent.Frame.Now = c.berlin(0, "23:00")
	sent.Axis = Axis{From: c.berlin(0, "22:00"), To: c.berlin(2, "02:00")}
	one := c.reaches()[3]
	one.At, one.Due = c.in(c.kenji.Loc, 1, "15:30"), c.in(c.kenji.Loc, 2, "15:30")
	sent.Reaches = []Reach{one}
	add("sent-night", sent)

	many := Sent{Frame: c.frame(RoomWrite, "/write"), Head: c.head(item.Update, "U-92", "The “about” wording tested well with eleven riders.", c.lena, c.now), Axis: c.axis(), Reaches: c.reaches(), Minutes: 1, Teams: update.Preview.Teams}
	add("sent-day", many)
	again := many
	again.Again, again.Outside = true, true
	again.Frame.Now = c.berlin(0, "13:00")
	add("sent-again", again)
	add("sent-team", Sent{Frame: c.frame(RoomWrite, "/write"), Head: many.Head, Teams: many.Teams})
}
