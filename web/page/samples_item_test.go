package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

func (c cast) asked(r Reach, state string) Asked {
	return Asked{Person: r.Person, State: state, Term: "24h", At: r.At, Due: r.Due, Why: r.Why, Rhythm: r.Rhythm, Left: 14280}
}

const context = HTML(`<p>Operators send us 2,100 trip updates a second on a weekday morning. Since March (<a href="/U-61">U-61</a>) we rewrite each trip in place and compact the files every night at 02:00 UTC.</p><h2>What I know</h2><ul><li>Three times since September a run held the writers for more than ten minutes.</li><li>The reads that matter go through <code>snapshot</code>.</li></ul><pre><code>compact --store trips --dry-run</code></pre>`)

func (c cast) askItem() Item {
	rs := c.reaches()
	head := c.head(item.Ask, "A-35", "Does anything you run read compacted files?", c.lena, c.berlin(-1, "09:00"))
	head.Version, head.Edited = 3, c.berlin(0, "02:20")
	answered := c.asked(rs[0], "answered")
	answered.Delivered, answered.At, answered.Due = true, c.in(c.elif.Loc, -1, "11:00"), c.in(c.elif.Loc, 0, "11:00")
	answered.Settled = c.berlin(-1, "15:25")
	waits := c.asked(rs[1], "waiting")
	waits.Delivered, waits.At, waits.Due = true, c.berlin(-1, "15:00"), c.berlin(0, "15:00")
	waits.TimeAsked, waits.TimeReason = "48h", "The export runs on Wednesday; then I know."
	late := c.asked(rs[2], "waiting")
	late.Delivered, late.Overdue, late.At, late.Due = true, true, c.in(c.ana.Loc, -4, "11:00"), c.in(c.ana.Loc, -1, "11:00")
	handed := c.asked(Reach{Person: c.maya, Rhythm: c.rhythm(c.maya, "09:00", "17:00", "11:00", "16:00")}, "handed")
	handed.To, handed.Settled, handed.Reason = c.kenji, c.berlin(-1, "20:00"), "Kenji runs the API"
	taken := c.asked(rs[3], "waiting")
	taken.From = c.maya
	declined := c.asked(Reach{Person: c.caio, Rhythm: c.rhythm(c.caio, "09:00", "18:00", "10:00", "16:00")}, "declined")
	declined.Settled, declined.Reason, declined.CouldWait = c.berlin(-1, "16:00"), "Nothing of mine touches the files.", true
	return Item{
		Frame: c.frame(RoomAsks, "/A-35"), Head: head, Body: context,
		Files: []File{{ID: "f1", Name: "held-writers.csv", Size: 48_000, Kind: "text"}},
		Ask: &Ask{
			Term: "24h", Needed: 5, Answers: 1, Stands: "open", Asker: true,
			Asked:   []Asked{answered, waits, late, handed, taken, declined},
			Axis:    Axis{From: c.berlin(-1, "06:00"), To: c.berlin(2, "06:00")},
			Replies: []Comment{{ID: "c-9", By: c.elif, At: c.berlin(-1, "15:25"), Body: "<p>Yes: the morning report reads them at 06:00 in Istanbul.</p>"}},
		},
		Comments: []Comment{
			{ID: "c-10", By: c.kenji, At: c.berlin(-1, "19:05"), Body: "<p>I would keep hourly compaction on the table until we know what a replay costs.</p>", Outcome: "the snapshot is written at 03:00 UTC.", Replies: []Comment{
				{ID: "c-11", By: c.lena, At: c.berlin(0, "08:10"), Edited: c.berlin(0, "08:12"), Body: "<p>Fair. I measure a whole week on Wednesday.</p>", Mine: true},
				{ID: "c-12", By: c.deniz, At: c.berlin(0, "08:15"), Gone: true},
			}},
		},
		Said:       Said{All: 3},
		CanComment: true, CanEdit: true, CanDelete: true, CanFollow: true, Pace: "window",
		ReplySees: []Reach{rs[3]}, People: c.people(), Desk: hanging(""),
	}
}

func (c cast) itemSamples(add func(string, viewer)) {
	asker := c.askItem()
	asker.Ask.Asked[1].Asking, asker.Ask.Asked[1].Due = c.berlin(0, "07:10"), time.Time{}
	asker.Ask.Asked[1].Question = Comment{ID: "c-20", By: c.jonas, At: c.berlin(0, "07:10"), Body: "<p>Of which store: the trips or the boards?</p>"}
	add("ask-asker", asker)
	replied, rows := asker, *asker.Ask
	rows.Asked = append([]Asked(nil), rows.Asked...)
	rows.Asked[1].Replied, rows.Fixed = true, true
	replied.Ask = &rows
	rows.Asked[2].Asking, rows.Asked[2].Question = c.berlin(0, "07:10"), Comment{ID: "c-21", By: c.ana, Body: "<p>By file?</p>"}
	add("ask-replied", replied)

	short, out := asker, *asker.Ask
	out.Asked = append([]Asked(nil), out.Asked[0], out.Asked[5], c.asked(Reach{Person: c.maya, Rhythm: c.rhythm(c.maya, "09:00", "17:00", "11:00", "16:00")}, "left"))
	out.Asked[1].To, out.Stands, out.Needed, out.Vacant = c.kenji, "short", 3, c.maya
	short.Ask, short.Act, short.Problems, short.Typed = &out, "instead", Problems{{Field: "to", Code: "already-asked"}}, map[string]string{"to": "Caio"}
	add("ask-short-asker", short)

	mine := c.askItem()
	mine.Head = c.head(item.Ask, "A-41", "Which of the two İzmir branches may I delete before the operator’s review?", c.kenji, c.berlin(-1, "22:10"))
	me := c.asked(Reach{Person: c.lena, At: c.berlin(0, "08:30"), Due: c.berlin(0, "12:30"), Why: Why{Code: "start", State: "off"}, Rhythm: c.lenasDay()}, "waiting")
	me.Delivered, me.WhyID = true, "d-1"
	mine.Ask = &Ask{Term: "4wh", Urgent: true, Because: "the review is at 15:00 in Istanbul and the wrong branch is still the default.", Needed: 1, Anyone: true, Stands: "open", Asked: []Asked{me}, Axis: Axis{From: c.berlin(0, "06:00"), To: c.berlin(0, "20:00")}, Mine: &me}
	mine.CanEdit, mine.CanDelete, mine.Comments, mine.Said = false, false, nil, Said{}
	add("ask-mine", mine)

	wrong := mine
	wrong.Act, wrong.Problems, wrong.Typed = "decline", Problems{{Field: "reason", Code: "no-reason"}}, map[string]string{"reason": ""}
	add("ask-decline", wrong)

	for _, v := range []struct {
		name string
		row  func(*Asked)
		ask  func(*Ask)
	}{
		{"answered", func(r *Asked) { r.State, r.Settled = "answered", c.berlin(0, "09:10") }, nil},
		{"declined", func(r *Asked) { r.State, r.Settled, r.Reason = "declined", c.berlin(0, "09:10"), "Kenji knows better." }, nil},
		{"handed", func(r *Asked) { r.State, r.Settled, r.To = "handed", c.berlin(0, "09:10"), c.deniz }, nil},
		{"early", func(r *Asked) { r.Delivered, r.At = false, c.berlin(0, "11:00") }, nil},
		{"paused", func(r *Asked) { r.Asking, r.Due = c.berlin(0, "09:00"), time.Time{} }, nil},
		{"question", nil, func(a *Ask) { a.CanAskBack = true }},
		{"question-fixed", func(r *Asked) { r.Asking = c.berlin(0, "09:00") }, func(a *Ask) { a.CanAskBack, a.Fixed = true, true }},
		{"no-due", func(r *Asked) { r.Due = time.Time{} }, nil},
		{"overdue", func(r *Asked) {
			r.Overdue, r.Due, r.TimeAsked, r.From, r.Reason, r.CouldWait = true, c.berlin(-1, "12:30"), "eow", c.maya, "you wrote it", true
		}, nil},
		{"closed", nil, func(a *Ask) { a.Stands, a.Answers = "closed", 1 }},
		{"withdrawn", nil, func(a *Ask) { a.Stands = "withdrawn" }},
		{"in-document", nil, func(a *Ask) { a.Stands = "in-document" }},
		{"short", nil, func(a *Ask) { a.Stands, a.Anyone, a.Needed = "short", false, 2 }},
	} {
		p, ask, row := mine, *mine.Ask, me
		if v.row != nil {
			v.row(&row)
		}
		if v.ask != nil {
			v.ask(&ask)
		}
		ask.Mine, ask.Asked = &row, []Asked{row}
		p.Ask = &ask
		if ask.Stands == "in-document" {
			p.Into = &Head{Ref: "U-93"}
		}
		add("ask-"+v.name, p)
	}

	update := c.askItem()
	update.Ask = nil
	update.Head = c.head(item.Update, "U-91", "From Monday 7 December trip updates are an append-only log.", c.jonas, c.berlin(-1, "21:00"))
	update.Readers, update.Named = []Person{c.lena, c.deniz, c.kenji}, []Person{c.elif}
	update.From = &Head{Ref: "A-35"}
	update.Act, update.Problems = "comment", Problems{{Field: "text", Code: "empty"}}
	var kinds []File
	for _, k := range []string{"picture", "sound", "film", "pdf", "text", "archive", "office", "plain"} {
		kinds = append(kinds, File{ID: "f-" + k, Name: "a " + k + " of the week", Size: 1_380_000, Kind: k, Picture: k == "picture"})
	}
	update.Files = kinds
	update.Unsent = map[string][]File{DeskID("comment", update.Head.ID): kinds[:2]}
	add("update", update)

	old := update
	old.Head = c.head(item.Update, "U-4", "general, 3 March 2025", c.ana, time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC))
	old.Head.Imported, old.Head.Team, old.Head.Minutes = true, Team{}, 0
	old.Act, old.CanComment, old.CanEdit, old.CanDelete, old.Files = "", false, false, false, []File{{ID: "f9", Name: "tram at Konak.jpg", Size: 88_000, Kind: "picture", Picture: true}}
	old.Head.Author.Bot, old.Head.Edited, old.Head.Version = true, old.Head.Sent.Add(time.Hour), 1
	old.Elsewhere = []File{{Name: "plan.pdf", Size: 88_000}, {Name: "notes"}}
	old.Comments = []Comment{{ID: "c-1", By: Person{Name: "slackbot", Bot: true}, At: old.Head.Sent, Body: "<p>hello</p>", Elsewhere: []File{{Name: "tram.jpg", Size: 1_200}}}}
	old.Said = Said{All: 1}
	add("imported", old)
	old.Said = Said{All: 1998, Before: 1200, After: 797, First: "c-0", Earlier: "c-7", Later: "c-9"}
	add("imported-long", old)

	bare := Item{Frame: c.frame(RoomTeams, "/R-12"), Head: c.head(item.Request, "R-12", "Please put the eleven riders’ answers beside the board pictures before Friday.", c.elif, c.berlin(-1, "20:00")), CanComment: true, CanFollow: true, Desk: hanging("")}
	bare.Head.Team, bare.Head.Wide = Team{}, true
	add("request", bare)

	c.whySamples(add)
}

func (c cast) whySamples(add func(string, viewer)) {
	why := WhyPage{
		Frame: c.frame(RoomBrief, "/why/d-1"), Head: c.head(item.Ask, "A-41", "Which of the two İzmir branches may I delete before the operator’s review?", c.kenji, c.berlin(-1, "22:10")),
		Cause: "asked", By: c.kenji, For: c.lena, Mine: true, Class: "normal", Written: c.berlin(-1, "22:10"),
		Plans: []Planned{
			{At: c.berlin(-1, "22:10"), For: c.berlin(0, "11:00"), Why: Why{Code: "window", State: "off"}},
			{At: c.berlin(0, "08:00"), For: c.berlin(0, "08:30"), Why: Why{Code: "window", State: "off"}, Again: "charter"},
		},
		Delivered: c.berlin(0, "08:30"), Due: c.berlin(0, "12:30"),
		Sends: []Send{{Channel: "email", State: "sent", At: c.berlin(0, "08:30"), Attempt: 1}},
	}
	add("why-mine", why)
	theirs := why
	theirs.Mine, theirs.By, theirs.For, theirs.Class = false, c.lena, c.kenji, "daily"
	theirs.Late = c.berlin(0, "08:00")
	theirs.Sends = []Send{{Channel: "webhook", State: "failed", At: c.berlin(0, "08:31"), Error: "410 Gone"}, {Channel: "email", State: "waiting", At: c.berlin(0, "11:00")}, {Channel: "email", State: "dropped", At: c.berlin(0, "11:00")}}
	add("why-theirs", theirs)
	for _, mine := range []bool{true, false} {
		for _, code := range []string{"now", "free", "after-focus", "start", "window", "daily", "weekly", "muted", "never"} {
			v := why
			v.Mine, v.Delivered, v.Sends, v.Due = mine, time.Time{}, nil, time.Time{}
			if !mine {
				v.By, v.For = c.lena, c.kenji
			}
			v.Class = map[string]string{"now": "crisis", "free": "urgent", "after-focus": "urgent", "start": "urgent", "daily": "daily", "weekly": "weekly", "muted": "muted"}[code]
			if v.Class == "" {
				v.Class = "normal"
			}
			state := map[string]string{"after-focus": "focus", "free": "on"}[code]
			if state == "" {
				state = "off"
			}
			v.Plans = []Planned{{At: v.Written, For: c.berlin(0, "11:00"), Why: Why{Code: code, State: state}}}
			if code == "never" || code == "muted" {
				v.Plans[0].For = time.Time{}
			}
			name := "why-" + code
			if !mine {
				name += "-theirs"
			}
			add(name, v)
		}
	}
	for _, code := range []string{"gone", "no-access", "settled", "withdrawn", "left"} {
		v := why
		v.Dropped = code
		v.Plans[1].Again = "late"
		add("why-dropped-"+code, v)
	}
	waits := why
	waits.Open = true
	add("why-open", waits)
	c.whyStreamSamples(add)
}

func (c cast) whyStreamSamples(add func(string, viewer)) {
	head := c.head(item.Update, "U-90", "The “about” wording tested well with eleven riders.", c.ana, c.berlin(-1, "21:30"))
	told := Told{Window: c.berlin(0, "08:30"), Came: c.berlin(0, "08:30"), Why: Why{Code: "window", State: "off"}}
	team := Followed{Stream: "team:t-1", Kind: "team", Name: "Meridian", Path: TeamPath("meridian"), Pace: "window", Since: c.berlin(-20, "09:00")}
	came := WhyPage{
		Frame: c.frame(RoomBrief, "/why/i-90"), Head: head, Cause: "update", By: c.ana, For: c.lena, Mine: true, Code: "stream", Class: "normal",
		Written: head.Sent, Follow: &team, Told: []Told{told},
	}
	add("why-stream", came)
	again := came
	daily := team
	daily.Pace, daily.ByHand = "daily", true
	again.Follow, again.Class, again.Cause, again.Changed = &daily, "daily", "changed", c.berlin(0, "09:10")
	again.Told = []Told{{Window: c.berlin(-1, "16:00"), Came: c.berlin(-1, "16:40"), Why: Why{Code: "then"}}, {Window: c.berlin(0, "08:30"), Came: c.berlin(0, "08:30"), Named: true}}
	again.Coming, again.Next, again.NextWhy = true, c.berlin(1, "08:30"), Why{Code: "daily"}
	add("why-stream-again", again)
	coming := came
	thread := Followed{Stream: "item:i-90", Kind: "thread", Name: "U-90", Path: RefPath("U-90"), Pace: "weekly", Since: c.berlin(-2, "09:00")}
	coming.Follow, coming.Class, coming.Cause, coming.By, coming.Told = &thread, "weekly", "commented", c.caio, nil
	coming.Coming, coming.Next, coming.NextWhy = true, c.berlin(6, "08:30"), Why{Code: "weekly", State: "on"}
	add("why-stream-waits", coming)
	never := coming
	never.Next, never.NextWhy = time.Time{}, Why{Code: "never"}
	add("why-stream-never", never)
	crisis := came
	wide := Followed{Stream: "wide", Kind: "wide", Name: "everyone in Meridian", Path: PathTeams, Pace: "window", Since: c.berlin(-20, "09:00")}
	crisis.Head, crisis.Cause, crisis.By = c.head(item.Crisis, "C-3", "The trip store takes no writes.", c.priya, c.berlin(0, "01:20")), "crisis", c.priya
	crisis.Head.Wide, crisis.Head.Team = true, Team{}
	crisis.Written, crisis.Ended, crisis.Follow, crisis.Called = crisis.Head.Sent, c.berlin(0, "02:10"), &wide, []Person{c.deniz, c.kenji}
	add("why-crisis", crisis)
	called := crisis
	called.Needed = true
	add("why-crisis-needed", called)

	asked := WhyPage{
		Frame: c.frame(RoomBrief, "/why/i-35"), Head: c.head(item.Ask, "A-35", "May the nightly snapshot move to 03:00 UTC?", c.lena, c.berlin(-1, "15:00")), Cause: "waits",
		By: c.lena, For: c.deniz, Mine: true, Code: "asked", Class: "normal", Written: c.berlin(-1, "15:00"), Due: c.berlin(0, "12:00"),
		Told: []Told{{Window: c.berlin(0, "08:30"), Came: c.berlin(0, "08:30"), Why: Why{Code: "window"}}}, Coming: true, Next: c.berlin(0, "14:00"), NextWhy: Why{Code: "window"},
	}
	add("why-asked", asked)
	soon, quiet, over := asked, asked, asked
	soon.Told, quiet.Told, quiet.Coming, over.Coming = nil, nil, false, false
	add("why-asked-soon", soon)
	add("why-asked-quiet", quiet)
	add("why-asked-over", over)

	for _, code := range []string{"own", "imported", "unfollowed", "muted", "before", "nothing"} {
		v := came
		v.Code, v.Told = code, nil
		switch code {
		case "own":
			v.By, v.Head.Author, v.Follow = c.lena, c.lena, nil
		case "imported":
			v.Follow = nil
		case "unfollowed":
			for _, kind := range []string{"team", "thread", "wide"} {
				one := *map[string]*Followed{"team": &team, "thread": &thread, "wide": &wide}[kind]
				one.Pace, one.Since = "", time.Time{}
				v.Follow = &one
				add("why-none-unfollowed-"+kind, v)
			}
			continue
		case "muted":
			muted := team
			muted.Pace = "muted"
			v.Follow = &muted
		}
		add("why-none-"+code, v)
	}
}

func (c cast) faultSamples(add func(string, viewer)) {
	for _, status := range []int{403, 404, 405, 409, 413, 421, 422, 429, 500, 503, 507, 599} {
		p := Fault{Frame: c.frame(NoRoom, "/somewhere"), Status: status, Wait: 240, Max: 100_000_000, Host: "https://rubato.example.org"}
		switch status {
		case 404, 503:
			p.Frame = c.outside()
		case 409, 507:
			p.Kept = []Kept{{Label: "point", Text: "The snapshot hour is settled."}, {Label: "context", Text: "At 03:00 UTC, after the morning report."}}
		}
		add("fault-"+itoa(status), p)
	}
	add("fault-again", Fault{Frame: c.frame(NoRoom, "/somewhere"), Status: 409, Says: FaultAgain, Kept: []Kept{{Label: "text", Text: "At 03:00 UTC."}}})
	add("fault-away", Fault{Frame: c.frame(NoRoom, "/somewhere"), Status: 503, Says: FaultAway, Kept: []Kept{{Label: "text", Text: "At 03:00 UTC."}}})
	add("fault-read-only", Fault{Frame: c.frame(NoRoom, "/somewhere"), Status: 503, Says: FaultReadOnly, Kept: []Kept{{Label: "text", Text: "At 03:00 UTC."}}})
}

func (c cast) demoSamples(add func(string, viewer)) {
	p := Demo{Frame: c.frame(NoRoom, "/demo"), Org: "Meridian", People: c.demoPeople(), Problems: Problems{{Field: "clock", Code: "clock-back"}}, Day: "2026-11-23", Clock: "23:00"}
	p.Frame.Demo = &DemoBar{NextAt: c.berlin(0, "11:00")}
	p.Windows = []DemoWindow{
		{At: c.in(c.elif.Loc, 0, "11:00"), Person: c.elif, Waits: 2},
		{At: c.berlin(0, "10:00"), Person: c.jonas},
		{At: c.berlin(0, "11:00"), Person: c.lena, Waits: 10},
		{At: c.in(c.ana.Loc, 0, "11:00"), Person: c.ana, Waits: 1},
		{At: c.in(c.kenji.Loc, 1, "09:30"), Person: c.kenji, Waits: 3},
	}
	add("demo", p)
}
