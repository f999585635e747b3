package web

// walk says for every route who may come there, and with what status they are
// in: 200 and 201 show a page, 303 leads on, 422 asks to mend the form.
func walk() []line {
	return append(append(walkPlain(), walkWriting()...), append(walkPeople(), walkAdmin()...)...)
}

func walkPlain() []line {
	return []line{
		{"GET /{$}", anyone, "/", 303, nil},
		{"GET /static/", anyone, "/static/mark.svg", 404, nil}, // its address carries a checksum
		{"POST /csp", anyone, "/csp", 204, nil},
		{"GET /healthz", anyone, "/healthz", 200, nil},
		{"GET /readyz", anyone, "/readyz", 200, nil},
		{"GET /setup/{token}", anyone, "/setup/none", 404, nil},
		{"POST /setup/{token}", anyone, "/setup/none", 404, nil},
		{"GET /sign-in", anyone, "/sign-in", 200, nil},
		{"POST /sign-in", anyone, "/sign-in", 422, form("email", "nobody@example.org", "password", "wrong")},
		{"POST /sign-out", anyone, "/sign-out", 303, nil},
		{"GET /join/{token}", anyone, "/join/{invite}", 200, nil},
		{"POST /join/{token}", anyone, "/join/{invite}", 422, form("name", "")},
		{"GET /reset", anyone, "/reset", 200, nil},
		{"POST /reset", anyone, "/reset", 422, form("email", "no address")},
		{"GET /reset/{token}", anyone, "/reset/{reset}", 200, nil},
		{"POST /reset/{token}", anyone, "/reset/{reset}", 422, form("password", "short")},

		{"GET /address/{token}", anyone, "/address/{address}", 200, nil},
		{"POST /address/{token}", anyone, "/address/none", 404, nil}, // a link works once
		{"GET /c/{secret}", anyone, "/c/{public}", 200, nil},
		{"GET /feeds/{file}", anyone, "/feeds/{calendar}.ics", 200, nil},
		{"GET /u/{secret}", anyone, "/u/{way-out}", 200, nil},
		{"POST /u/{secret}", anyone, "/u/{way-out}", 200, form("List-Unsubscribe", "One-Click")},

		{"GET /brief", mine, "/brief", 200, nil},
		{"GET /brief/look", mine, "/brief/look", 200, nil},
		{"GET /why/{id}", ours, "/why/{delivery}", 200, nil},
		{"GET /why/{id}", ours, "/why/{update}", 200, nil}, // an item's id, of what nobody brought by name
		{"GET /why/{id}", ours, "/why/{mine}", 200, nil},
		{"GET /why/{id}", ours, "/why/{crisis}", 200, nil},
		{"GET /why/{id}", ours, "/why/{asked}", 200, nil},
		{"GET /drafts", mine, "/drafts", 200, nil},
		{"GET /drafts/{id}", ours, "/drafts/{draft}", 200, nil},
		{"POST /drafts/{id}", ours, "/drafts/{draft}", 303, form("kind", "update", "point", "More.")},
		{"POST /drafts/{id}/deletion", mine, "/drafts/{draft}/deletion", 303, nil}, // another's is not there
		{"POST /drafts/{draft}/files", mine, "/drafts/{draft}/files", 303, nil},    // no file, nothing to do
		{"GET /files/{id}", ours, "/files/{file}", 200, nil},
		{"POST /files/{id}/removal", ours, "/files/{file}/removal", 303, nil},
	}
}

func walkWriting() []line {
	return []line{
		{"GET /write", mine, "/write", 200, nil},
		{"POST /write", mine, "/write", 422, form("kind", "update", "point", "")},
		{"POST /write/preview", mine, "/write/preview", 200, form("kind", "update", "point", "So.")},
		{"GET /audit", mine, "/audit", 200, nil},
		{"POST /audit", mine, "/audit", 422, form("me", "lena@example.org")}, // no files
		{"GET /audit/report.html", mine, "/audit/report.html", 404, nil},     // none was made
		{"POST /audit/removal", mine, "/audit/removal", 303, nil},            // and none is there to delete
		{"GET /asks", mine, "/asks", 200, nil},
		{"POST /asks/{id}/answer", ours, "/asks/{ask}/answer", 303, form("text", "The second.")},
		{"POST /asks/{id}/decline", ours, "/asks/{ask}/decline", 303, form("reason", "Not mine.")},
		{"POST /asks/{id}/hand-on", ours, "/asks/{ask}/hand-on", 422, form("to", "@nobody.at.all")},
		{"POST /asks/{id}/instead", ours, "/asks/{asked}/instead", 422, form("to", "@nobody.at.all")},
		{"POST /asks/{id}/document", ours, "/asks/{ask}/document", 303, nil},
		{"POST /asks/{id}/question", ours, "/asks/{ask}/question", 303, form("text", "Which of them?")},
		{"POST /asks/{id}/more-time", ours, "/asks/{ask}/more-time", 303, form("term", "48h", "reason", "Too much today.")},
		{"POST /asks/{id}/more-time/{person}", ours, "/asks/{asked}/more-time/{mate}", 303, form("grant", "yes")},
		{"POST /asks/{id}/withdrawal", ours, "/asks/{asked}/withdrawal", 303, nil},
		{"POST /asks/{id}/could-have-waited", ours, "/asks/{ask}/could-have-waited", 303, nil},
		{"POST /items/{id}/comments", ours, "/items/{update}/comments", 303, form("text", "Good.")},
		{"GET /items/{id}/edit", ours, "/items/{update}/edit", 200, nil},
		{"GET /items/{id}/revisions", ours, "/items/{update}/revisions", 200, nil},
		{"POST /items/{id}/revisions", ours, "/items/{update}/revisions", 303, form("base", "1", "point", "Mended.")},
		{"GET /items/{id}/revisions/{version}", ours, "/items/{update}/revisions/1", 200, nil},
		{"POST /items/{id}/deletion", ours, "/items/{mine}/deletion", 303, nil},
		{"GET /{ref}", ours, "/{update.ref}", 200, nil},

		{"GET /crisis", mine, "/crisis", 200, nil},
		{"POST /crisis", mine, "/crisis", 422, form("what", "")},
		{"GET /alarms", mine, "/alarms", 200, nil},
		{"POST /crisis/raisers/{person}", curb, "/crisis/raisers/{mate}", 303, form("may", "no")},
		{"POST /crises/{id}/acknowledgement", ours, "/crises/{crisis}/acknowledgement", 303, form("has", "yes")},
		{"POST /crises/{id}/notes", ours, "/crises/{crisis}/notes", 303, form("text", "Looking.")},
		{"POST /crises/{id}/calls", ours, "/crises/{crisis}/calls", 422, form("to", "@nobody.at.all")},
		{"POST /crises/{id}/end", ours, "/crises/{crisis}/end", 303, form("text", "Over.")},
	}
}

func walkPeople() []line {
	return []line{
		{"GET /charter", mine, "/charter", 200, nil},
		{"POST /charter", mine, "/charter", 422, form("zone", "Nowhere/Land")},
		{"POST /charter/time-off", mine, "/charter/time-off", 422, form("from", "never")},
		{"POST /charter/trips", mine, "/charter/trips", 422, form("from", "never")},
		{"GET /charter/holidays/{name}", mine, "/charter/holidays/Turkey", 200, nil},
		{"POST /charter/holidays", mine, "/charter/holidays", 422, form("day", "never")},
		{"POST /charter/holidays/days", mine, "/charter/holidays/days", 400, form("day", "never")},
		{"POST /charter/holidays/removal", mine, "/charter/holidays/removal", 303, nil},
		{"POST /charter/{list}/{id}/removal", mine, "/charter/trips/none/removal", 404, nil}, // nobody has this trip
		{"POST /charter/public", mine, "/charter/public", 201, nil},
		{"POST /charter/public/removal", mine, "/charter/public/removal", 303, nil},
		{"POST /charter/feed", mine, "/charter/feed", 201, nil},
		{"POST /charter/feed/removal", mine, "/charter/feed/removal", 303, nil},
		{"POST /charter/follows", mine, "/charter/follows", 404, form("stream", "team:none", "pace", "muted")},

		{"GET /people", mine, "/people", 200, nil},
		{"GET /names", mine, "/names?q=ma", 200, nil},
		{"GET /people/{handle}", seen, "/people/mate", 200, nil},
		{"GET /between", mine, "/between", 200, nil},
		{"GET /teams", mine, "/teams", 200, nil},
		{"POST /teams", full, "/teams", 422, form("name", "New", "slug", "core-team")},
		{"GET /teams/{slug}", ours, "/teams/core-team", 200, nil},
		{"POST /teams/{slug}/membership", class{in, in, hidden, in}, "/teams/open-team/membership", 303, nil},
		{"POST /teams/{slug}/membership/removal", ours, "/teams/core-team/membership/removal", 303, nil},
		{"POST /teams/{slug}/members", ours, "/teams/core-team/members", 422, form("person", "")},
		{"POST /teams/{slug}/members/{person}/removal", ours, "/teams/core-team/members/{mate}/removal", 303, nil},

		{"GET /settings", mine, "/settings", 200, nil},
		{"POST /settings/name", mine, "/settings/name", 422, form("name", "")},
		{"POST /settings/password", mine, "/settings/password", 422, form("old", "", "password", "short")},
		{"POST /settings/address", mine, "/settings/address", 422, form("email", "no address")},
		{"POST /settings/email", mine, "/settings/email", 303, form("briefs", "off")},
		{"POST /settings/webhook", mine, "/settings/webhook", 422, form("url", "no address")},
		{"POST /settings/webhook/removal", mine, "/settings/webhook/removal", 303, nil},
		{"POST /settings/sessions/end", mine, "/settings/sessions/end", 303, nil},
		{"POST /settings/sessions/{id}/end", mine, "/settings/sessions/none/end", 303, nil},
		{"POST /settings/tokens", mine, "/settings/tokens", 422, form("name", "")},
		{"POST /settings/tokens/{id}/removal", mine, "/settings/tokens/{token}/removal", 303, nil},
	}
}

func walkAdmin() []line {
	return []line{
		{"GET /admin", govern, "/admin", 200, nil},
		{"POST /admin/people/{person}/role", govern, "/admin/people/{member}/role", 303, form("role", "admin")},
		{"POST /admin/people/{person}/state", govern, "/admin/people/{member}/state", 303, form("state", "deactivated")},
		{"POST /admin/people/{person}/reset", govern, "/admin/people/{member}/reset", 201, nil},
		{"POST /admin/people/{person}/invite", govern, "/admin/people/imported/invite", 201, nil},
		{"POST /admin/people/{person}/crises", govern, "/admin/people/{member}/crises", 303, form("may", "no")},
		{"POST /admin/invites", govern, "/admin/invites", 201, form("role", "member")},
		{"POST /admin/invites/{id}/removal", govern, "/admin/invites/{invite.id}/removal", 303, nil},
		{"GET /admin/delivery", govern, "/admin/delivery", 200, nil},
		{"POST /admin/delivery/retry/{id}", govern, "/admin/delivery/retry/failed", 303, nil},
		{"POST /admin/holidays", govern, "/admin/holidays", 422, form("name", "Germany")}, // no file
		{"POST /admin/holidays/{name}/removal", govern, "/admin/holidays/Turkey/removal", 303, nil},
		{"POST /admin/delivery/release", govern, "/admin/delivery/release", 422, nil}, // the server holds another organisation
		{"GET /admin/audit", govern, "/admin/audit", 200, nil},
		{"POST /admin/audit/export", govern, "/admin/audit/export", 200, nil},
	}
}
