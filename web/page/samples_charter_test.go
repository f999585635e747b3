package page

import (
	"time"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/words"
)

func (c cast) reading() words.Reading {
	r := words.Reading{Place: "Berlin", Normal: "24h", Urgent: "4wh", Focus: true}
	for d := 1; d <= 4; d++ {
		r.Windows[d] = []string{"11:00", "16:00"}
	}
	r.Windows[5] = []string{"11:00"}
	return r
}

func (c cast) week() Week {
	w := Week{Hours: 38 * 3600, Focus: 16 * 3600, Longest: 2 * 3600}
	for d := 1; d <= 7; d++ {
		day := WeekDay{Day: d, Now: -1}
		switch {
		case d <= 4:
			day.Work = []Minutes{{510, 750}, {870, 1110}}
			day.Focus = []Minutes{{540, 660}, {870, 960}}
			day.Windows = []int{660, 960}
		case d == 5:
			day.Work = []Minutes{{510, 750}, {780, 900}}
			day.Windows = []int{660}
		}
		if d == 2 {
			day.Now = 965
		}
		w.Days = append(w.Days, day)
	}
	return w
}

func (c cast) charter() Charter {
	p := Charter{
		Frame: c.frame(RoomCharter, "/charter"), Revision: 4, Reading: c.reading(), Week: c.week(),
		Hours: map[string][]Pair{"fri": {{"08:30", "12:30"}, {"13:00", "15:00"}}}, Focus: map[string][]Pair{"fri": {{"09:00", "11:00"}}},
		Windows: []string{"11:00", "16:00"}, Zone: "Europe/Berlin", Place: "Berlin", Zones: []string{"Europe/Berlin", "America/Sao_Paulo"},
		Lang: "en", Langs: []string{"en"}, Archetype: "maker", Archetypes: []string{"maker", "manager", "operator", "decider", "connector"},
		Budget: "36", Cover: "@jonas", People: c.people(),
		Off: []Off{
			{ID: "o1", From: c.berlin(30, "00:00"), To: c.berlin(38, "00:00"), Back: c.berlin(41, "11:00")},
			{ID: "o2", From: c.berlin(14, "14:30"), To: c.berlin(14, "18:30"), Part: true, Back: c.berlin(15, "11:00")},
			{ID: "o3", From: c.berlin(20, "00:00"), To: c.berlin(20, "00:00")},
		},
		Trips:   []Trip{{ID: "t1", From: c.berlin(50, "00:00"), To: c.berlin(55, "00:00"), Zone: "America/Sao_Paulo"}, {ID: "t2", From: c.berlin(400, "00:00"), Open: true, Zone: "Europe/Istanbul"}},
		Contact: "+49 30 5550 114",
		Holidays: []HolidaySource{
			{ID: "0", Name: "berlin.ics", Days: []Holiday{{ID: "2026-12-25", Day: c.berlin(31, "00:00"), Name: "Christmas Day"}, {ID: "2026-12-26", Day: c.berlin(32, "00:00"), Name: "Boxing Day"}}},
			{ID: "1", Days: []Holiday{{ID: "2027-02-01", Day: c.berlin(69, "00:00")}}},
		},
		Seen: []Seen{
			{Person: c.kenji, Windows: []time.Time{c.berlin(0, "11:00"), c.berlin(0, "16:00")}, Next: c.berlin(0, "11:00")},
			{Person: c.elif, Windows: []time.Time{c.berlin(0, "11:00"), c.berlin(0, "16:00")}, Next: c.berlin(1, "11:00")},
			{Person: c.ana},
		},
		Follows: []Follow{{Stream: "team:t-1", Name: "Meridian", Path: "/teams/meridian", Pace: "window"}, {Stream: "item:i-1", Name: "A-35", Path: "/A-35", Pace: "daily"}},
	}
	for _, d := range []string{"mon", "tue", "wed", "thu"} {
		p.Hours[d] = []Pair{{"08:30", "12:30"}, {"14:30", "18:30"}}
		p.Focus[d] = []Pair{{"09:00", "11:00"}, {"14:30", "16:00"}}
	}
	return p
}

func (c cast) charterSamples(add func(string, viewer)) {
	add("charter", c.charter())
	wrong := c.charter()
	wrong.ByDay, wrong.WindowsOn = true, map[string][]string{"mon": {"11:00", "25:00"}, "fri": {"11:00"}}
	wrong.Problems = Problems{{Field: "hours.mon", Code: "overlap"}, {Field: "windows.mon", Code: "time"}, {Field: "zone", Code: "zone"}}
	wrong.Warnings = Problems{{Field: "windows.19:00", Code: "window_partial"}, {Field: "focus.sat", Code: "focus_outside"}}
	wrong.Hours["mon"] = []Pair{{"08:30", "12:30"}, {"12:00", "18:30"}, {"19:00", "20:00"}, {"21:00", "22:00"}}
	wrong.Public, wrong.PublicAddress, wrong.Feed = true, "https://rubato.example.org/c/Zm9v", true
	wrong.Off, wrong.Trips, wrong.Holidays, wrong.Seen, wrong.Follows = nil, nil, nil, nil, nil
	for i := range wrong.Week.Days[:2] {
		wrong.Week.Days[i].Windows = []int{540, 660, 840, 960}
	}
	add("charter-wrong", wrong)
	for _, act := range []string{"time-off", "trips", "holidays"} {
		p := c.charter()
		p.Act, p.Typed = act, map[string]string{"from": "2026-12-24", "to": "2026-12-20", "zone": "Europe/Berln"}
		p.Problems = Problems{{Field: map[string]string{"time-off": "to", "trips": "zone", "holidays": "day"}[act], Code: map[string]string{"time-off": "off", "trips": "zone", "holidays": "not-a-date"}[act]}}
		add("charter-"+act, p)
	}
	c.sharedSamples(add)
	c.peopleSamples(add)
	c.settingsSamples(add)
}

func (c cast) sharedSamples(add func(string, viewer)) {
	p := c.charter()
	p.Proposed, p.Calendars = true, []Calendar{{Name: "Germany", Days: 34, New: 12}, {Name: "Bavaria", Days: 2}, {Name: "Berlin", Days: 1, New: 1}}
	add("charter-proposed", p)
	p.Focus = nil
	p.Contact, p.ContactShown, p.Archetype = "", true, ""
	add("charter-proposed-none", p)

	public := PublicCharter{Frame: c.outside(), Person: c.lena, Zone: "Europe/Berlin", Reading: c.reading(), Week: c.week(), Next: c.berlin(0, "11:00"), Contact: "+49 30 5550 114"}
	for i := range public.Week.Days {
		public.Week.Days[i].Focus, public.Week.Days[i].Now = nil, -1
	}
	add("charter-public", public)
	public.Frame, public.Next, public.Contact = c.frame(NoRoom, "/c/Zm9v"), c.in(c.lena.Loc, 13, "11:00"), ""
	public.Person = c.kenji
	add("charter-public-member", public)
	public.Next = time.Time{}
	add("charter-public-never", public)

	file := HolidayFile{Frame: c.frame(RoomCharter, "/charter/holidays"), Source: "berlin.ics", There: 2, Timed: 1, Unreadable: 3, Days: []FileDay{
		{Value: "2026-12-25 Christmas Day", Day: c.berlin(31, "00:00"), Name: "Christmas Day", Works: true},
		{Value: "2026-12-26 Boxing Day", Day: c.berlin(32, "00:00"), Name: "Boxing Day"},
		{Value: "2027-01-01 ", Day: c.berlin(38, "00:00"), Works: true},
	}}
	add("charter-file", file)
	add("charter-file-nothing-new", HolidayFile{Frame: file.Frame, Source: "berlin.ics", There: 1})
	mail := Unsubscribe{Frame: c.outside()}
	mail.Frame.Path = "/u/Zm9v"
	add("unsubscribe", mail)
	mail.Done = true
	add("unsubscribe-done", mail)
}

func (c cast) peopleSamples(add func(string, viewer)) {
	p := People{Frame: c.frame(RoomPeople, "/people")}
	for _, one := range c.people() {
		p.Rows = append(p.Rows, PersonRow{Person: one, Next: c.in(one.Loc, 1, "11:00"), Joined: true})
	}
	p.Rows = append(p.Rows, PersonRow{Person: Person{Name: "Old Hand", Handle: "old"}}, PersonRow{Person: Person{Name: "Quiet One", Handle: "quiet"}, Joined: true})
	p.Found = len(p.Rows)
	add("people", p)
	p.After, p.Before, p.Found, p.More = "p-lena", 50, 50+len(p.Rows)+1, "p-old"
	add("people-further", p)
	letter := c.head(item.Update, "U-92", "The operator in Porto asks for a demonstration on Friday.", c.kenji, c.berlin(-1, "22:30"))
	request := c.head(item.Request, "R-14", "Please send me the list of boards.", c.lena, c.berlin(-4, "12:00"))
	between := Between{Frame: c.frame(RoomPeople, "/between"), Items: []BetweenLine{{letter, []Person{c.lena, c.ana}}, {request, []Person{c.kenji}}}}
	add("between", between)
	between.With, between.Older = c.kenji, "/between?before=i-1&with=kenji"
	add("between-two", between)
	add("between-none", Between{Frame: c.frame(RoomPeople, "/between")})
	add("people-none", People{Frame: c.frame(RoomPeople, "/people"), Query: "zz"})

	one := PersonPage{Frame: c.frame(RoomPeople, "/people/kenji"), Person: c.kenji, Zone: "America/Los_Angeles", Reading: c.reading(), Week: c.week(), Next: c.in(c.kenji.Loc, 1, "09:30"), Joined: true}
	one.Reading.Place = "San Francisco"
	for i := range one.Week.Days {
		for j := range one.Week.Days[i].Work {
			one.Week.Days[i].Work[j].From += 540
			one.Week.Days[i].Work[j].To += 540
		}
	}
	add("person", one)
	away := one
	away.Back, away.Cover = c.in(c.kenji.Loc, 6, "09:30"), c.priya
	add("person-away", away)
	me := one
	me.Person, me.Me = c.lena, true
	add("person-me", me)
	left := one
	left.Left = true
	add("person-left", left)
	imported := one
	imported.Joined = false
	add("person-imported", imported)
	imported.Person.Bot = true
	add("person-bot", imported)

	teams := Teams{Frame: c.frame(RoomTeams, "/teams"), MayAdd: true, Rows: []TeamRow{
		{Team: c.meridian, Purpose: "Arrival times for public transport", Members: 9, Mine: true, Pace: "window"},
		{Team: c.boards, Purpose: "The boards at the stops", Members: 1, Mine: true},
		{Team: Team{Slug: "hiring", Name: "Hiring", Open: true}, Purpose: "", Members: 3},
	}}
	add("teams", teams)
	add("teams-none", Teams{Frame: c.frame(RoomTeams, "/teams"), MayAdd: true, Name: "Boards", Slug: "Bo ards", Private: true, Problems: Problems{{Field: "slug", Code: "not-a-handle"}}})

	b := c.brief(BriefSealed)
	team := TeamPage{Frame: c.frame(RoomTeams, "/teams/meridian"), Team: c.meridian, Purpose: "Arrival times for public transport", Mine: true, Pace: "window", CanLeave: true, CanManage: true, CanWrite: true, People: c.people(), Older: "/teams/meridian?before=x"}
	for i, one := range c.people() {
		team.Members = append(team.Members, Member{Person: one, Lead: i == 8})
	}
	for _, s := range b.Sections[1:] {
		for _, l := range s.Lines {
			if l.Head.Ref != "" {
				team.Items = append(team.Items, l.Head)
			}
		}
	}
	add("team", team)
	other := TeamPage{Frame: c.frame(RoomTeams, "/teams/hiring"), Team: Team{ID: "t-3", Slug: "hiring", Name: "Hiring", Open: true}, CanJoin: true, Members: []Member{{Person: c.maya}}}
	add("team-other", other)
	private := team
	private.Team, private.Older, private.Problems = c.boards, "", Problems{{Field: "person", Code: "unknown-person", Values: []any{"name", "Elfi"}}}
	private.Typed = "Elfi"
	add("team-private", private)
}

func (c cast) settingsSamples(add func(string, viewer)) {
	s := Settings{
		Frame: c.frame(NoRoom, "/settings"), Name: "Lena Vogt", Handle: "lena", Email: "lena@meridian.example", EmailOn: true, Teams: []Team{c.meridian, c.boards},
		Sessions: []Session{{ID: "s1", Device: Device{"Firefox", "Linux"}, Created: c.berlin(-3, "09:00"), Used: c.now, Current: true}, {ID: "s2", Device: Device{"Safari", "iPhone"}, Created: c.berlin(-30, "09:00"), Used: c.berlin(-1, "17:00")}},
		Tokens:   []Token{{ID: "k1", Name: "backup script", Scopes: []string{"read"}, Created: c.berlin(-3, "09:00"), Ends: c.berlin(87, "09:00")}, {ID: "k2", Name: "ticket bot", Scopes: []string{"read", "write"}, Team: "Meridian", Ends: c.berlin(20, "09:00")}},
	}
	s.Frame.Admin = true
	add("settings", s)
	asked := s
	asked.AddressAsked = true
	add("settings-address-asked", asked)
	for _, code := range []string{"not-an-address", "same-address", "mail-off"} {
		p := s
		p.Act, p.Typed, p.Problems = "address", map[string]string{"email": "lena"}, Problems{{Field: "email", Code: code}, {Field: "password", Code: "not-your-password"}}
		add("settings-address-"+code, p)
	}
	wrong := s
	wrong.EmailOn, wrong.Tokens, wrong.NewToken = false, nil, "rbt_0123456789abcdef"
	wrong.Webhook, wrong.WebhookSecret, wrong.WebhookBriefs = "https://hooks.example.org/x", "whsec_0123", true
	wrong.EmailFailed, wrong.EmailFailedWhy = c.berlin(-1, "11:00"), "550 no such user"
	wrong.WebhookFailed, wrong.WebhookFailedWhy = c.berlin(-1, "11:00"), "410 Gone"
	wrong.Act, wrong.Problems = "password", Problems{{Field: "old", Code: "wrong-password"}, {Field: "password", Code: "same-password"}}
	wrong.Sessions = wrong.Sessions[:1]
	add("settings-wrong", wrong)
	for _, act := range []string{"token", "webhook", "name"} {
		p := s
		p.Act, p.Typed, p.EmailOn, p.Email = act, map[string]string{"name": "x", "url": "http://127.0.0.1"}, false, ""
		p.Problems = map[string]Problems{"token": {{Field: "name", Code: "name-length"}}, "webhook": {{Field: "url", Code: "forbidden-url"}}, "name": {{Field: "handle", Code: "taken"}}}[act]
		p.MailOff = act == "token"
		add("settings-"+act, p)
	}
}
