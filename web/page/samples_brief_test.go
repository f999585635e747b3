package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
)

func (c cast) night() *Night {
	n := &Night{From: c.berlin(-1, "18:30"), To: c.berlin(0, "08:30")}
	for i := range 156 { // most of it in the San Francisco day
		at := time.Duration(i*i*37%480)*time.Minute + time.Duration(i%7)*17*time.Second
		n.Events = append(n.Events, n.From.Add(at))
	}
	for i, m := range []int{10, 51, 100, 225, 380, 455, 815} {
		n.Events[i*20] = n.From.Add(time.Duration(m) * time.Minute)
		n.Notes = append(n.Notes, n.From.Add(time.Duration(m)*time.Minute))
	}
	return n
}

func (c cast) brief(kind BriefKind) Brief {
	asks := []BriefLine{
		{
			Head:  c.head(item.Ask, "A-41", "Which of the two İzmir branches may I delete before the operator’s review?", c.kenji, c.berlin(-1, "22:10")),
			Cause: "asked", By: c.kenji, Why: "d-1", Due: c.berlin(0, "12:30"), Left: 14280, Urgent: true, Open: true,
			UrgentWhy: "the review is at 15:00 in Istanbul and the wrong branch is still the default.",
		},
		{
			Head:  c.head(item.Ask, "A-39", "Can each arrival time carry a confidence? Yes or no and a field name is enough.", c.ana, c.berlin(-1, "19:00")),
			Cause: "asked", By: c.ana, Why: "d-2", Due: c.berlin(1, "11:00"), Left: 28800, Open: true,
		},
		{
			Head:  c.head(item.Ask, "A-36", "Name the two figures you want in the operators’ monthly report.", c.elif, c.berlin(-3, "12:00")),
			Cause: "asked", By: c.elif, Why: "d-3", Due: c.berlin(3, "15:00"), Left: 107880, Open: true,
		},
	}
	crisis := c.head(item.Crisis, "C-17", "São Paulo’s operator could not read arrival times for 48 minutes.", c.priya, c.berlin(0, "01:22"))
	root := c.head(item.Ask, "A-35", "Does anything you run read compacted files?", c.lena, c.berlin(-1, "09:00"))
	return Brief{
		Frame: c.frame(RoomBrief, "/brief"), Kind: kind, At: c.berlin(0, "08:30"), Since: c.berlin(-1, "18:30"),
		Away: 14 * 3600, Things: 156, Minutes: 11, All: 36,
		Due: &DueChart{From: c.berlin(0, "06:00"), To: c.berlin(3, "19:00"), Work: c.lenasDay().Work, Dues: []DueMark{{"Kenji", c.berlin(0, "12:30")}, {"Ana", c.berlin(1, "11:00")}, {"Elif", c.berlin(3, "15:00")}}},
		Sections: []BriefSection{
			{Name: "crises", Minutes: 1, Lines: []BriefLine{{Head: crisis, Cause: "crisis", By: c.priya, Why: "d-4", Ended: c.berlin(0, "02:10")}}},
			{Name: "asks", Minutes: 3, Lines: asks},
			{Name: "replies", Minutes: 2, Lines: []BriefLine{
				{Head: Head{ID: "c-9", Kind: item.Reply, Author: c.deniz}, Cause: "answered", By: c.deniz, Root: root, Why: "d-5", Said: "Yes: the morning report reads them at 06:00 in Istanbul. With a snapshot at 03:00 UTC it would be fine."},
				{Head: Head{ID: "c-11", Kind: item.Comment, Author: c.caio}, Cause: "commented", By: c.caio, Root: c.head(item.Update, "U-88", "The İzmir launch page is ready for the operators.", c.lena, c.berlin(-1, "15:00")), Why: "d-6", Said: "Opening hours corrected; the rest reads well."},
			}},
			{Name: "named", Minutes: 2, Lines: []BriefLine{
				{Head: c.head(item.Request, "R-12", "Please put the eleven riders’ answers beside the board pictures before Friday.", c.elif, c.berlin(-1, "20:00")), Cause: "to", By: c.elif, Why: "d-7"},
				{Head: c.head(item.Update, "U-91", "From Monday 7 December trip updates are an append-only log.", c.jonas, c.berlin(-1, "21:00")), Cause: "reader", By: c.jonas, Why: "d-8"},
			}},
			{Name: "updates", Minutes: 3, Lines: []BriefLine{
				{Head: c.head(item.Update, "U-90", "The “about” wording tested well with eleven riders.", c.ana, c.berlin(-1, "21:30")), Cause: "update", By: c.ana, Why: "b-1.9"},
				{Head: c.head(item.Update, "U-89", "Replay of one day took four minutes.", c.jonas, c.berlin(-1, "17:30")), Cause: "update", By: c.jonas, Why: "b-1.10"},
			}},
		},
		Rest: []Fold{
			{Code: "commented", N: 12, Minutes: 5, Lines: []FoldLine{{Ref: "A-35", Point: "the snapshot time is settled at 03:00 UTC.", By: c.deniz, Why: "b-1.11"}, {Ref: "U-88", Point: "opening hours corrected.", By: c.caio}}},
			{Code: "updates", Name: "Departure boards", N: 5, Minutes: 8, Lines: []FoldLine{{Ref: "U-87", Point: "Board firmware 4 is out in Porto.", By: c.ana}}},
			{Code: "changed", N: 1},
		},
	}
}

func (c cast) briefSamples(add func(string, viewer)) {
	catchUp := c.brief(BriefCatchUp)
	catchUp.Budget, catchUp.Night = 36, c.night()
	add("brief-catch-up", catchUp)

	sealed := c.brief(BriefSealed)
	sealed.At, sealed.Frame.NextBrief = c.berlin(0, "11:00"), c.berlin(0, "16:00")
	sealed.Frame.Now = c.berlin(0, "11:20")
	sealed.MailOff = true
	sealed.MailTo, sealed.MailFailed, sealed.MailFailedWhy = "lena@meridian.example", c.berlin(-1, "11:00"), "550 no such user"
	sealed.Sections[1].Lines[0].Overdue = true
	waits := AskLine{Head: c.head(item.Ask, "A-33", "Who speaks with the operator in Porto?", c.lena, c.berlin(-2, "10:00")), Stands: "open", Needed: 1, Waits: []Person{c.caio}, Due: c.berlin(0, "15:00")}
	late1, short := waits, waits
	late1.Head, late1.Answers, late1.Needed = c.head(item.Ask, "A-35", "Does anything you run read compacted files?", c.lena, c.berlin(-1, "09:00")), 1, 2
	late1.Waits, late1.Due, late1.Overdue, late1.TimeAsked = []Person{c.jonas, c.ana}, c.berlin(-1, "15:00"), true, true
	short.Head, short.Stands = c.head(item.Ask, "A-34", "Which two of you take the night of the release?", c.lena, c.berlin(-1, "09:30")), "short"
	own := BriefSection{Name: "asked"}
	for _, l := range []AskLine{late1, waits, short} {
		own.Lines = append(own.Lines, BriefLine{Head: l.Head, Mine: &l})
	}
	declined := BriefLine{Head: Head{ID: "c-12", Kind: item.State, Author: c.caio}, Cause: "declined", By: c.caio, Root: short.Head, Why: "d-9", Said: "I am in Porto that night.", Short: true}
	left := BriefLine{Head: Head{ID: "c-13", Kind: item.State, Author: c.maya}, Cause: "left", By: c.maya, Root: waits.Head, Why: "d-10"}
	replies := sealed.Sections[2]
	replies.Lines = append(replies.Lines, declined, left)
	sealed.Sections = append([]BriefSection{sealed.Sections[0], sealed.Sections[1], own, replies}, sealed.Sections[3:]...)
	sealed.Sections = sealed.Sections[1:]
	sealed.Frame.Demo = &DemoBar{NextAt: c.berlin(0, "16:00")}
	add("brief-sealed", sealed)

	late := c.brief(BriefSealed)
	late.At, late.Late = c.berlin(0, "11:00"), c.berlin(0, "11:47")
	late.Sections = late.Sections[4:]
	late.Rest, late.Due = nil, nil
	running := c.head(item.Crisis, "C-18", "İzmir’s departure boards show yesterday’s timetable", c.elif, c.berlin(0, "10:04"))
	late.Sections = append([]BriefSection{{Name: "crises", Minutes: 1, Lines: []BriefLine{{Head: running, Cause: "crisis", By: c.elif, Needed: true}}}}, late.Sections...)
	late.Frame.Alarms = []Alarm{{Ref: "C-18", Point: running.Point, By: c.elif, Since: running.Sent, Mine: true}}
	late.Frame.Admin = true
	late.Frame.Notices = []Notice{NoticeInsecure, NoticeMailOff, NoticeMailFail}
	late.Frame.Flash = &Flash{Code: "answered", Ref: "A-41", Name: "Kenji Watanabe", At: c.berlin(0, "18:30")}
	add("brief-late", late)

	part := c.brief(BriefSealed)
	part.From, part.Next, part.Of, part.Beyond = 100, 200, 341, map[string]int{"asks": 2, "updates": 180}
	add("brief-part", part)

	look := c.brief(BriefLook)
	look.Sections = look.Sections[1:2]
	look.Rest = nil
	add("brief-look", look)

	empty := Brief{Frame: c.frame(RoomBrief, "/brief"), Kind: BriefSealed, At: c.berlin(0, "11:00")}
	empty.Frame.NextBrief = c.berlin(0, "16:00")
	add("brief-empty", empty)
	emptyLook := Brief{Frame: c.frame(RoomBrief, "/brief"), Kind: BriefCatchUp, Since: c.berlin(-1, "18:30"), Away: 14 * 3600, Things: 1, Rest: c.brief(BriefLook).Rest}
	add("brief-away-nothing", emptyLook)
	none := Brief{Frame: c.frame(RoomBrief, "/brief"), Kind: BriefNone}
	add("brief-none", none)
	never := Brief{Frame: c.frame(RoomBrief, "/brief"), Kind: BriefNone}
	never.Frame.NextBrief = time.Time{}
	add("brief-never", never)
}
