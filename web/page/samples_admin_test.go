package page

import "time"

func (c cast) adminSamples(add func(string, viewer)) {
	a := Admin{
		Frame: c.frame(NoRoom, "/admin"), Org: "Meridian", URL: "https://rubato.example.org", Roles: []string{"admin", "member", "guest"},
		People: []AdminPerson{
			{Person: c.maya, Email: "maya@meridian.example", Role: "owner", State: "active", MayRaise: true, Fixed: true},
			{Person: c.lena, Email: "lena@meridian.example", Role: "admin", State: "active", MayRaise: true, Fixed: true},
			{Person: c.jonas, Email: "jonas@meridian.example", Role: "member", State: "active"},
			{Person: c.elif, Email: "elif@meridian.example", Role: "member", State: "active", MayRaise: true},
			{Person: c.deniz, Email: "deniz@meridian.example", Role: "guest", State: "deactivated", MayRaise: true},
			{Person: Person{ID: "p-9", Name: "Old Hand", Handle: "old"}, Email: "old@meridian.example", Role: "member", State: "imported"},
			{Person: Person{ID: "p-7", Name: "Depot bot", Handle: "depot", Bot: true}, Role: "member", State: "imported"},
			{Person: Person{ID: "p-8", Name: "Gone Away", Handle: "gone"}, Role: "member", State: "removed", Fixed: true},
		},
		States: []string{"imported", "active", "deactivated", "removed"}, Found: 412, Before: 50, More: "p-8", Find: Finding{After: "p-0"},
		Invites: []Invite{
			{ID: "v1", Email: "new@meridian.example", Role: "member", Team: "Meridian", By: "Maya Okafor", Ends: c.berlin(7, "09:00")},
			{ID: "v2", Role: "guest", Team: "Departure boards", By: "Lena Vogt", Ends: c.berlin(7, "09:00")},
			{ID: "v3", Name: "Old Hand", Email: "old@meridian.example", Role: "member", By: "Lena Vogt", Ends: c.berlin(7, "09:00")},
		},
		Calendars: []AdminCalendar{
			{Name: "Germany", Days: 34, Changed: c.berlin(-3, "10:00"), By: "Maya Okafor"},
			{Name: "Turkey", Days: 1, Changed: c.berlin(-30, "10:00"), By: "Lena Vogt"},
		},
		Teams: []Team{c.meridian, c.boards}, Mail: "on", MailHost: "smtp.example.org", Promise: Promise{Kept: true},
	}
	a.Frame.Admin = true
	add("admin", a)
	fresh := Admin{
		Frame: a.Frame, Org: "Meridian", URL: "http://localhost:8080", Roles: []string{"owner", "admin", "member", "guest"}, People: a.People[:2], Found: 2, States: a.States, Mail: "off",
		NewLink: "http://localhost:8080/join/Zm9v", NewLinkKind: "invite", Promise: Promise{Troubles: []string{"late"}, Late: 2, LateBy: 1800},
	}
	fresh.Frame.Notices = []Notice{NoticeMailOff, NoticeAlone}
	fresh.Act, fresh.Typed, fresh.Problems = "invite", map[string]string{"email": "new", "role": "guest"}, Problems{{Field: "email", Code: "not-an-address"}, {Field: "team", Code: "guest-needs-team"}}
	add("admin-fresh", fresh)
	failing := a
	failing.Mail, failing.NewLink, failing.NewLinkKind, failing.NewLinkFor = "failing", "https://rubato.example.org/reset/Zm9v", "reset", "Jonas Brandt"
	failing.Find, failing.People, failing.Found, failing.Before, failing.More = Finding{Words: "nobody", State: "active"}, nil, 0, 0, ""
	failing.Promise = Promise{Kept: true, Troubles: []string{"mail"}}
	failing.Act, failing.Problems = "people", Problems{{Code: "last-owner"}}
	failing.Frame.Watched = []Watched{
		{Person: c.jonas, Since: c.berlin(0, "08:10"), Raised: 8, MayRaise: true},
		{Person: c.deniz, Since: c.berlin(-1, "17:10"), Raised: 7},
	}
	add("admin-failing", failing)
	mailed := a
	mailed.NewLink, mailed.NewLinkKind, mailed.NewLinkFor, mailed.NewLinkMailed = "https://rubato.example.org/join/Zm9v", "invite", "new@meridian.example", "new@meridian.example"
	add("admin-invited", mailed)
	c.deliverySamples(add)
	c.auditSamples(add)
}

func (c cast) deliverySamples(add func(string, viewer)) {
	beats := []LoopBeat{{"briefs", 3}, {"calls", 12}, {"messages", 3}, {"crises", 28}}
	good := Delivery{
		Frame: c.frame(NoRoom, "/admin/delivery"), Promise: Promise{Kept: true}, Items: 1, Next: c.berlin(0, "09:00"),
		Trials: true, TrialArrived: c.berlin(0, "08:00"), TrialWaiting: c.berlin(0, "09:00"), Up: 14 * 3600, Loops: beats, Mail: "on", MailHost: "smtp.example.org",
	}
	good.Frame.Admin = true
	quiet := good
	quiet.Items, quiet.TrialArrived = 0, time.Time{}
	add("delivery-quiet", quiet)
	quiet.TrialWaiting = time.Time{}
	add("delivery-new", quiet)
	add("delivery", good)
	noted := good
	noted.Promise = Promise{Kept: true, Troubles: []string{"held", "mail", "failed"}, Lately: 2}
	noted.Mail, noted.MailError, noted.Held, noted.HeldCount = "failing", "454 not now", c.berlin(0, "07:10"), 17
	noted.Queues = []Queue{{"email", "waiting", 41}, {"webhook", "waiting", 1}, {"email", "failed", 2}, {"webhook", "failed", 1}}
	noted.Items, noted.TrialLate, noted.TrialArrived, noted.TrialWaiting = 12, 320*60, c.berlin(0, "07:20"), c.berlin(0, "09:00")
	noted.Waiting = []Outgoing{
		{ID: "x1", To: c.kenji.Name, Channel: "email", Subject: "brief", At: c.berlin(0, "08:40"), Attempt: 2, Error: "send mail: 421 try later"},
		{ID: "x4", To: c.ana.Name, Channel: "email", Subject: "brief", At: c.berlin(5, "08:40"), Window: true, Attempt: 5, Error: "dial tcp 192.0.2.1:587: connection refused"},
	}
	noted.Failed = []Outgoing{
		{ID: "x2", To: c.ana.Name, Channel: "webhook", Subject: "crisis", At: c.berlin(-1, "11:00"), Attempt: 9, Error: "the address answers that it is gone (410)"},
		{ID: "x3", To: "new@meridian.example", Channel: "email", Subject: "link", At: c.berlin(-1, "11:00"), Attempt: 1, Error: "550 no such user"},
		{ID: "x5", To: c.caio.Name, Channel: "email", Subject: "brief", At: c.berlin(-1, "11:00"), Attempt: 1, Error: "552 5.2.2 mailbox full"},
	}
	noted.Unreachable = []Unreachable{
		{Name: c.ana.Name, Channel: "webhook", Address: "https://hooks.example.org/a-rather-long-address/of/a/webhook", At: c.berlin(-1, "11:00"), Error: "the address answers that it is gone (410)"},
		{Name: c.caio.Name, Channel: "email", Address: "caio@meridian.example", At: c.berlin(-1, "11:00"), Error: "554 5.7.1 looks like spam"},
	}
	noted.BackedUp = c.berlin(0, "03:00")
	noted.WaitingCount, noted.FailedCount, noted.Problems = 42, 3, Problems{{Code: "held-for-others"}}
	add("delivery-noted", noted)
	bad := noted
	bad.Promise = Promise{
		Troubles: []string{"disk", "stopped", "calls", "late", "refused", "canary", "mail", "failed"}, Late: 3, LateBy: 4*60 + 10, Calls: 2, Violations: 1, Lately: 1,
		Stopped: []string{"briefs", "crises"},
	}
	bad.Oldest, bad.Held, bad.HeldCount, bad.LastViolation = c.berlin(0, "08:25"), time.Time{}, 0, 30*60
	bad.Overdue = []Overdue{{c.jonas.Name, c.berlin(0, "08:25")}, {c.elif.Name, c.berlin(0, "08:26")}, {c.deniz.Name, c.berlin(0, "08:28")}}
	bad.TrialOverdue, bad.TrialWaiting, bad.TrialLate = true, c.berlin(0, "08:00"), 30*60
	bad.Loops = []LoopBeat{{"briefs", 412}, {"calls", 12}, {"messages", 3}, {"crises", -1}}
	bad.Problems = nil
	add("delivery-broken", bad)
	sealed := good
	sealed.Promise = Promise{Troubles: []string{"canary"}}
	sealed.TrialOverdue, sealed.TrialSealed, sealed.TrialWaiting, sealed.TrialLate = true, true, c.berlin(0, "08:00"), 30*60
	add("delivery-unsent", sealed)
	begun := Delivery{Frame: good.Frame, Promise: Promise{Troubles: []string{"late"}, Late: 1, LateBy: 61}, Oldest: c.berlin(0, "08:29"), Trials: true, Up: 20, Mail: "off", Loops: []LoopBeat{{"briefs", -1}}}
	begun.Overdue = []Overdue{{c.jonas.Name, c.berlin(0, "08:29")}}
	add("delivery-begun", begun)
	demo := good
	demo.Trials = false
	add("delivery-demo", demo)
}

func (c cast) auditSamples(add func(string, viewer)) {
	au := Audit{Frame: c.frame(NoRoom, "/admin/audit"), Count: 1312, Older: "/admin/audit?before=40"}
	au.Frame.Admin = true
	for i, l := range []AuditLine{
		{Act: "founded"},
		{Act: "sign-in"},
		{Act: "sign-in-after", What: "3"},
		{Act: "sign-in-failed", What: "10"},
		{Act: "sign-in-failed-unknown", What: "41"},
		{Act: "sessions-ended"},
		{Act: "password"},
		{Act: "reset-made-mail"},
		{Act: "reset-made-copy", Whom: c.jonas.Name},
		{Act: "reset"},
		{Act: "token-made", What: "read write"},
		{Act: "token-ended"},
		{Act: "feed-made", What: "their calendar feed"},
		{Act: "feed-ended", What: "their public charter"},
		{Act: "webhook-set", What: "hooks.example.org"},
		{Act: "webhook-removed"},
		{Act: "invited", What: "Member"},
		{Act: "invite-ended"},
		{Act: "joined", What: "Guest"},
		{Act: "role", Whom: c.jonas.Name, What: "Admin"},
		{Act: "state", Whom: c.jonas.Name, What: "kept out"},
		{Act: "calendar-set", Whom: "Germany"},
		{Act: "calendar-dropped", Whom: "Germany"},
		{Act: "released-sent"},
		{Act: "released-dropped"},
		{Act: "team-made", Whom: "Meridian"},
		{Act: "team-joined", Whom: "Meridian"},
		{Act: "team-joined-other", Whom: "a private team", What: c.elif.Name},
		{Act: "team-left", Whom: "Meridian"},
		{Act: "team-left-other", Whom: "Meridian", What: c.elif.Name},
		{Act: "crisis-raised", Whom: "C-9"},
		{Act: "crisis-ended", Whom: "C-9"},
		{Act: "crisis-watched", What: "7"},
		{Act: "may-raise-no", Whom: c.jonas.Name},
		{Act: "may-raise-yes", Whom: c.jonas.Name},
		{Act: "imported", Whom: "slack"},
		{Act: "exported", Whom: "audit log"},
		{Act: "restored", What: "2026-11-24T03:00:00Z"},
		{Act: "setting", Whom: "mail-from"},
		{Act: "from-a-newer-version"},
	} {
		l.N, l.At, l.Who, l.From = int64(1312-i), c.now, c.maya.Name, "2001:db8:1:2::/64"
		au.Entries = append(au.Entries, l)
	}
	add("audit", au)
	au.Broken, au.Entries, au.Older = 7, au.Entries[:3], ""
	add("audit-broken", au)
}
