package page

func (c cast) demoPeople() []DemoPerson {
	return []DemoPerson{
		{Person: c.lena, Next: c.berlin(0, "11:00")},
		{Person: c.jonas, Next: c.berlin(0, "10:00")},
		{Person: c.elif, Next: c.in(c.elif.Loc, 0, "11:00")},
		{Person: c.deniz, Next: c.in(c.deniz.Loc, 0, "11:00"), Focus: true},
		{Person: c.ana, Next: c.in(c.ana.Loc, 0, "11:00"), Off: true},
		{Person: c.caio, Next: c.in(c.caio.Loc, 0, "10:00"), Off: true},
		{Person: c.kenji, Next: c.in(c.kenji.Loc, 1, "09:30"), Off: true},
		{Person: c.maya, Next: c.in(c.maya.Loc, 1, "11:00"), Off: true},
	}
}

func (c cast) entrySamples(add func(string, viewer)) {
	zones := []string{"Europe/Berlin", "Europe/Istanbul", "America/Sao_Paulo", "America/Los_Angeles"}
	add("sign-in-demo", SignIn{Frame: c.outside(), Org: "Meridian", People: c.demoPeople()})
	add("sign-in-expired", SignIn{Frame: c.outside(), Org: "Meridian", Expired: true, Kept: []Kept{{"point", "Which branch may I delete?"}, {"text", "The second one."}}, Back: "/write?draft=x"})
	add("sign-in", SignIn{Frame: c.outside(), Org: "Meridian", Mail: true})
	add("sign-in-wrong", SignIn{Frame: c.outside(), Org: "Meridian", Email: "lena@meridian.example", Problems: Problems{{Code: "wrong-password"}}})
	add("setup", Setup{Frame: c.outside(), Token: "tok", Zone: "Europe/Berlin", Zones: zones})
	add("setup-wrong", Setup{Frame: c.outside(), Token: "tok", Org: "Meridian", Name: "Lena Vogt", Handle: "Le na", Email: "lena", Zone: "Europe/Berln", Zones: zones, Problems: Problems{{Field: "handle", Code: "not-a-handle"}, {Field: "email", Code: "not-an-address"}, {Field: "password", Code: "weak-password"}, {Field: "zone", Code: "unknown-zone"}}})
	add("join", Join{Frame: c.outside(), Token: "tok", Org: "Meridian", By: "Maya Okafor", Team: "Departure boards", Email: "new@meridian.example", EmailFixed: true, Zone: "Europe/Berlin", Zones: zones})
	add("join-org", Join{Frame: c.outside(), Token: "tok", Org: "Meridian", By: "Maya Okafor", Zone: "Europe/Berlin", Zones: zones})
	add("reset-ask", ResetAsk{Frame: c.outside(), Mail: true})
	add("reset-sent", ResetAsk{Frame: c.outside(), Mail: true, Sent: true})
	add("reset-no-mail", ResetAsk{Frame: c.outside()})
	add("reset-set", ResetSet{Frame: c.outside(), Token: "tok", Name: "Lena Vogt"})
	add("bad-link-setup", BadLink{Frame: c.outside(), Kind: "setup"})
	for _, kind := range []string{"invite", "reset"} {
		for _, how := range []string{"used", "late", "unknown"} {
			add("bad-link-"+kind+"-"+how, BadLink{Frame: c.outside(), Kind: kind, How: how})
		}
	}
	for _, how := range []string{"used", "late", "unknown", "taken"} {
		add("bad-link-address-"+how, BadLink{Frame: c.outside(), Kind: "address", How: how})
	}
	add("address-link", AddressLink{Frame: c.outside(), Token: "tok", Name: "Lena Vogt", Org: "Meridian", Email: "lena@new.example"})
	add("address-done", AddressLink{Frame: c.outside(), Org: "Meridian", Email: "lena@new.example", Done: true})
	add("address-done-here", AddressLink{Frame: c.frame(NoRoom, "/address/tok"), Org: "Meridian", Email: "lena@new.example", Done: true})
	add("here-already", HereAlready{Frame: c.frame(NoRoom, "/join/tok"), Org: "Meridian"})
}
