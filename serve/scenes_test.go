package serve_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/rubato-hq/rubato/internal/browsertest"
)

const (
	tuesday   = "2026-11-24"
	wednesday = "2026-11-25"
)

// scenes are all pages, in the order in which the day has them.
func scenes() []scene {
	path := func(p string) func(*gallery) { return func(g *gallery) { g.open(p) } }
	all := append(freshScenes(), []scene{
		{name: "sign-in-demo", kept: true, day: tuesday, at: "08:32", do: path("/sign-in")},
		{name: "reset", kept: true, do: path("/reset")},
		{name: "join", kept: true, do: func(g *gallery) {
			g.open(strings.TrimPrefix(g.invite("maya"), g.demo))
		}},
		{name: "join-used", status: http.StatusNotFound, do: path("/join/none")},
		{name: "reset-set", kept: true, do: func(g *gallery) {
			page := g.act("maya").get("/admin").body
			reset := first(g.T, resetForm, page)
			link := g.act("maya").post(http.StatusCreated, reset).find(g.T, `http://[^"< ]*/reset/[a-z0-9]+`)
			g.Open(link)
		}},

		{name: "brief-catch-up", who: "lena", do: path("/brief")},
		{name: "brief-off", who: "kenji", kept: true, do: path("/brief")},
		{name: "brief-look", who: "lena", do: path("/brief/look")},
		{name: "demo", who: "lena", kept: true, do: path("/demo")},
	}...)
	all = append(all, writeScenes()...)
	all = append(all, itemScenes()...)
	all = append(all, roomScenes()...)
	all = append(all, crisisScenes()...)
	return append(all, errorScenes()...)
}

// freshScenes are those of a server that somebody has just begun with.
func freshScenes() []scene {
	path := func(p string) func(*gallery) {
		return func(g *gallery) { g.Open(strings.Split(g.fresh, "/setup/")[0] + p) }
	}
	return []scene{
		{name: "setup", kept: true, do: func(g *gallery) { g.Open(g.fresh) }},
		{name: "setup-wrong", status: http.StatusUnprocessableEntity, do: func(g *gallery) {
			g.Open(g.fresh)
			g.Fill("#organisation", "Atlas")
			g.Fill("#name", "Mia Chen")
			g.Fill("#handle", "Mia!")
			g.Fill("#email", "mia@example.org")
			g.Fill("#password", "password")
			g.Fill("#zone", "Berlin")
			g.Follow("main button.btn-pen")
		}},
		{name: "alone-charter", do: func(g *gallery) {
			g.Open(g.fresh)
			g.Fill("#organisation", "Atlas")
			g.Fill("#name", "Mia Chen")
			g.Fill("#email", "mia@example.org")
			g.Fill("#password", "a long walk by the river")
			g.Fill("#zone", "Europe/Berlin")
			g.Follow("main button.btn-pen")
		}},
		{name: "alone-brief", do: path("/brief")},
		{name: "alone-write", do: path("/write")},
		{name: "alone-asks", do: path("/asks")},
		{name: "alone-people", do: path("/people")},
		{name: "alone-teams", do: path("/teams")},
		{name: "alone-crisis", do: path("/crisis")},
		{name: "alone-admin", do: path("/admin")},
		{name: "alone-delivery", do: path("/admin/delivery")},
		{name: "long-settings", do: func(g *gallery) {
			path("/settings")(g)
			g.Fill("#name", "Wilhelmina-Alexandrina zu Schleswig-Holstein-Sonderburg-Augustenburg")
			g.Follow(`form[action="/settings/name"] button`)
		}},
		{name: "long-team", do: func(g *gallery) {
			path("/teams")(g)
			g.Fill("#name", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft")
			g.Fill("#purpose", "Everything about https://example.org/a/very/long/address/that/nobody/would/ever/break/anywhere?because=it-has-no-spaces")
			g.Follow(`form[action="/teams"] button`)
		}},
		{name: "long-teams", do: path("/teams")},
		{name: "long-item", do: func(g *gallery) {
			path("/write")(g)
			g.Fill("#point", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftssatzung, second reading")
			g.Fill("#context", "See https://example.org/a/very/long/address/that/nobody/would/ever/break/anywhere?because=it-has-no-spaces\n\n"+
				"```\nrubato import slack /srv/exports/a-very-long-name-of-a-folder/with-more-of-it/export.zip --as somebody-with-a-long-handle\n```\n\n"+
				"| a column | another column | a third column | a fourth column | a fifth column | a sixth one | a seventh |\n|---|---|---|---|---|---|---|\n"+
				"| `a_very_long_identifier_in_code` | `another_very_long_identifier` | words | words | 1,234,567 | 1 | 2 |")
			g.Follow(".bar .btn-pen")
			g.Follow(".point a")
		}},
		{name: "long-brief", do: path("/brief/look")},
		{name: "long-asks", do: path("/asks")},
		{name: "long-people", do: path("/people")},
		{name: "sign-in", kept: true, do: func(g *gallery) {
			g.Follow(".sign-out button")
		}},
		{name: "sign-in-wrong", status: http.StatusUnprocessableEntity, do: func(g *gallery) {
			g.Fill("#email", "mia@example.org")
			g.Fill("#password", "not this one")
			g.Follow("main button.btn-pen")
		}},
	}
}

func (g *gallery) invite(who string) string {
	g.T.Helper()
	return g.act(who).post(http.StatusCreated, "/admin/invites", "role", "member").find(g.T, `http://[^"< ]*/join/[a-z0-9]+`)
}

func writeScenes() []scene {
	return []scene{
		{name: "write", who: "lena", do: func(g *gallery) { g.open("/write") }},
		{name: "write-ask", who: "lena", do: func(g *gallery) {
			g.open("/write?kind=ask")
			g.Fill("#point", "Which of the two feeds is the one that riders read?")
			g.Fill("#context", "The boards show one, the app the other. I would keep the one with fewer changes.")
			g.Type("#to", "@kenji,")
			g.Type("#to", "@ana,")
			g.Type("#to", "@elif,")
			g.WaitText("#beside", "Kenji")
			g.WaitText("#draft-state", "Draft saved")
		}},
		{name: "write-quick-call", who: "lena", do: func(g *gallery) {
			g.open("/write")
			g.Fill("#point", "Got a sec for a quick call about the feed?")
			g.Type("#to", "@jonas, @nobody")
			g.WaitText("#beside", "quick doc")
			g.WaitText("#draft-state", "Draft saved")
		}},
		{name: "write-wrong", who: "lena", status: http.StatusUnprocessableEntity, do: func(g *gallery) {
			g.open("/write?kind=ask")
			g.Fill("#context", "The boards show one, the app the other.")
			g.Click(`[name="term"][value="urgent"]`)
			g.Follow(".bar .btn-pen")
		}},
		{name: "write-attached", who: "lena", do: func(g *gallery) {
			g.open("/write")
			g.Fill("#point", "The board at Konak, as riders see it since this morning.")
			g.Upload("#files-of-write", g.file("konak-board-2026-11-24-morning-rush-hour-platform-two.csv", "stop,line,minutes\nKonak,T1,6\n"))
			g.WaitText(".attached", "konak")
			g.WaitText("#draft-state", "Draft saved")
		}},
		{name: "write-crisis", who: "lena", do: func(g *gallery) {
			g.open("/write?kind=crisis")
			g.Fill("#point", "Two operators can read each other’s riders")
		}},
		{name: "sent", who: "lena", kept: true, status: http.StatusCreated, do: func(g *gallery) {
			g.open("/write?kind=ask")
			g.Fill("#point", "May the boards at Konak show “about 6 min” from Friday on?")
			g.Type("#to", "@kenji,")
			g.Type("#to", "@elif,")
			g.WaitText("#beside", "Kenji")
			g.Follow(".bar .btn-pen")
		}},
		{name: "drafts", who: "lena", kept: true, do: func(g *gallery) { g.open("/drafts") }},
		{name: "drafts-none", who: "priya", do: func(g *gallery) { g.open("/drafts") }},
	}
}

// file writes a file of the reader's own.
func (g *gallery) file(name, body string) string {
	g.T.Helper()
	path := filepath.Join(g.T.TempDir(), name)
	if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
		g.T.Fatal(err)
	}
	return path
}

const proposal = "Store trip updates as an append-only log"

func itemScenes() []scene {
	item := func(team, point, query string) func(*gallery) {
		return func(g *gallery) {
			g.act("jonas")
			g.open(g.ref(team, point) + query)
		}
	}
	return []scene{
		{name: "item-update", who: "lena", kept: true, do: item("trip-store", "The replay of one whole day took four minutes", "")},
		{name: "item-request", who: "lena", kept: true, do: item("trip-store", proposal, "")},
		{name: "item-ask-mine", who: "lena", kept: true, do: item("trip-store", "Which of the two İzmir branches", "")},
		{name: "item-ask-hand-on", who: "lena", do: item("trip-store", "Which of the two İzmir branches", "?act=hand-on")},
		{name: "item-ask-asker", who: "kenji", kept: true, do: item("trip-store", "Which of the two İzmir branches", "")},
		{name: "item-ask-other", who: "priya", do: item("trip-store", "Which of the two İzmir branches", "")},
		{name: "item-ask-answered", who: "lena", do: item("trip-store", "Does İzmir’s file say in which language", "")},
		{name: "item-imported", who: "lena", kept: true, do: item("arrivals", "When is a tram late?", "")},
		{name: "edit", who: "jonas", kept: true, do: func(g *gallery) { g.edit() }},
		{name: "edit-conflict", who: "jonas", kept: true, status: http.StatusConflict, do: func(g *gallery) {
			g.edit()
			id := first(g.T, itemID, g.act("jonas").get(g.ref("trip-store", proposal)).body)
			g.act("jonas").post(http.StatusSeeOther, "/items/"+id+"/revisions", "base", "1",
				"point", g.Value("#point"), "context", "It costs 38 GB more disk a month, in the smallest store.\n\n"+g.Value("#context"))
			g.Fill("#context", "It costs 38 GB more disk a month, measured on Thursday.\n\n"+g.Value("#context"))
			g.Follow("main button.btn-pen")
		}},
		{name: "revisions", who: "lena", kept: true, do: func(g *gallery) {
			g.act("jonas")
			g.open(g.ref("trip-store", proposal))
			g.Follow(`a[href$="/revisions"]`)
		}},
		{name: "diff", who: "lena", kept: true, do: func(g *gallery) {
			g.act("jonas")
			g.open(g.ref("trip-store", proposal))
			g.Follow(`a[href$="/revisions"]`)
			g.Follow(`.chain a`)
		}},
		{name: "why", who: "lena", kept: true, do: func(g *gallery) {
			g.open("/brief/look")
			g.Follow("a.why")
		}},
		{name: "why-stream", who: "priya", kept: true, do: func(g *gallery) { g.why("trip-store", "The replay of one whole day took four minutes") }},
		{name: "why-imported", who: "lena", kept: true, do: func(g *gallery) { g.why("arrivals", "When is a tram late?") }},
		{name: "why-asked", who: "kenji", kept: true, do: func(g *gallery) { g.why("trip-store", "Which of the two İzmir branches") }},
		{name: "brief-sealed", who: "lena", day: tuesday, at: "11:05", do: func(g *gallery) { g.open("/brief") }},
		{name: "why-sealed", who: "lena", do: func(g *gallery) {
			g.open("/brief")
			g.Follow("a.why")
		}},
		{name: "brief-jonas", who: "jonas", do: func(g *gallery) { g.open("/brief") }},
	}
}

// why opens what tells the reader how an item of a team comes to them.
func (g *gallery) why(team, point string) {
	g.T.Helper()
	g.act("jonas")
	g.open("/why/" + first(g.T, itemID, g.act("jonas").get(g.ref(team, point)).body))
}

func (g *gallery) edit() {
	g.T.Helper()
	g.act("jonas")
	g.open(g.ref("trip-store", proposal))
	g.Follow(`a[href$="/edit"]`)
}

func roomScenes() []scene {
	path := func(p string) func(*gallery) { return func(g *gallery) { g.open(p) } }
	return []scene{
		{name: "asks", who: "lena", kept: true, do: path("/asks")},
		{name: "asks-none", who: "maya", do: path("/asks")},
		{name: "people", who: "lena", kept: true, do: path("/people")},
		{name: "people-none", who: "lena", do: path("/people?q=nobody+of+that+name")},
		{name: "person", who: "lena", kept: true, do: path("/people/kenji")},
		{name: "person-me", who: "lena", do: path("/people/lena")},
		{name: "person-imported", who: "lena", do: path("/people/sel")},
		{name: "between", who: "lena", kept: true, do: path("/between")},
		{name: "between-two", who: "lena", do: path("/between?with=jonas")},
		{name: "between-none", who: "maya", do: path("/between?with=jonas")},
		{name: "teams", who: "lena", kept: true, do: path("/teams")},
		{name: "team", who: "lena", kept: true, do: path("/teams/trip-store")},
		{name: "team-private", who: "maya", do: path("/teams/hiring")},
		{name: "team-joinable", who: "lena", do: path("/teams/operators")},
		{name: "charter", who: "lena", do: path("/charter")},
		{name: "charter-wrong", who: "lena", status: http.StatusUnprocessableEntity, do: func(g *gallery) {
			g.open("/charter")
			browsertest.Eval[bool](g.Page, `document.querySelectorAll("input.hm")[1].value = "9 to 5", true`)
			g.Follow(`form[action="/charter"] button.btn-pen`)
		}},
		{name: "charter-public", kept: true, do: func(g *gallery) {
			g.Open(g.act("lena").post(http.StatusCreated, "/charter/public").find(g.T, `http://[^"< ]*/c/[a-z0-9]+`))
		}},
		{name: "charter-links", who: "lena", status: http.StatusCreated, do: func(g *gallery) {
			g.open("/charter")
			g.Follow(`form[action="/charter/feed"] button`)
		}},
		{name: "settings", who: "lena", kept: true, do: path("/settings")},
		{name: "settings-token", who: "lena", status: http.StatusCreated, do: func(g *gallery) {
			g.open("/settings")
			g.Click("#tokens summary")
			g.Fill("#token-name", "The board in the kitchen")
			g.Follow(`form[action="/settings/tokens"] button.btn`)
		}},
		{name: "settings-wrong", who: "lena", status: http.StatusUnprocessableEntity, do: func(g *gallery) {
			g.open("/settings")
			g.Fill(`form[action="/settings/webhook"] [name="url"]`, "hooks.example.org")
			browsertest.Eval[bool](g.Page, `document.querySelector('form[action="/settings/webhook"]').noValidate = true`)
			g.Follow(`form[action="/settings/webhook"] button`)
		}},
		{name: "admin", who: "maya", kept: true, do: path("/admin")},
		{name: "admin-invited", who: "maya", status: http.StatusCreated, do: func(g *gallery) {
			g.open("/admin")
			g.Follow(`form[action="/admin/invites"] button`)
		}},
		{name: "delivery", who: "maya", kept: true, do: path("/admin/delivery")},
		{name: "audit", who: "maya", kept: true, do: path("/admin/audit")},
		{name: "item-ask-short", who: "kenji", kept: true, do: func(g *gallery) {
			lena := g.act("lena")
			ref := g.ref("trip-store", "Which of the two İzmir branches")
			lena.post(http.StatusSeeOther, "/asks/"+first(g.T, itemID, lena.get(ref).body)+"/decline", "reason", "Both were mine last month; today Deniz keeps them.")
			g.open(ref + "?act=instead")
		}},
		{name: "brief-look-short", who: "kenji", do: path("/brief/look")},
	}
}

func crisisScenes() []scene {
	return []scene{
		{name: "crisis", who: "elif", day: wednesday, at: "10:04", do: func(g *gallery) { g.open("/crisis") }},
		{name: "crisis-wrong", who: "elif", status: http.StatusUnprocessableEntity, do: func(g *gallery) {
			g.open("/crisis")
			g.Fill("#what", "İzmir’s departure boards show yesterday’s timetable")
			g.Follow("main .btn-raise")
		}},
		{name: "crisis-running", who: "jonas", do: func(g *gallery) {
			g.act("elif").post(http.StatusSeeOther, "/crisis", "what", "İzmir’s departure boards show yesterday’s timetable",
				"stake", "About 9,000 riders an hour are sent to trams that do not run. Two stops have no staff. It began at 12:01 in İzmir.",
				"needed", "@jonas, @deniz", "team", "", "sure", "yes")
			ref := g.crisis()
			id := g.act("deniz").get(ref).find(g.T, `/crises/([0-9a-z]+)/acknowledgement`)
			g.act("deniz").post(http.StatusSeeOther, "/crises/"+id+"/acknowledgement", "has", "yes")
			g.act("deniz").post(http.StatusSeeOther, "/crises/"+id+"/notes", "text", "Reading the importer’s log. Need somebody who knows the store.")
			g.open(ref)
		}},
		{name: "crisis-alarm", who: "jonas", do: func(g *gallery) { g.open("/people") }},
		{name: "crisis-have", who: "deniz", do: func(g *gallery) { g.open(g.crisis()) }},
		{name: "crisis-others", who: "ana", do: func(g *gallery) { g.open("/crisis") }},
		{name: "crisis-ended", who: "jonas", kept: true, day: wednesday, at: "10:21", do: func(g *gallery) {
			ref := g.crisis()
			id := g.act("deniz").get(ref).find(g.T, `/crises/([0-9a-z]+)/end`)
			g.act("deniz").post(http.StatusSeeOther, "/crises/"+id+"/end", "text", "The importer had the dates of last week. It runs again, and the boards are right since 10:19.")
			g.open(ref)
		}},
		{name: "crisis-past", who: "lena", do: func(g *gallery) { g.open("/crisis") }},
	}
}

// crisis is the address of the newest one.
func (g *gallery) crisis() string {
	g.T.Helper()
	return g.act("elif").get("/crisis").find(g.T, `href="(/C-[0-9]+)"`)
}

func errorScenes() []scene {
	fault := func(status string, code int, who string, do func(*gallery)) scene {
		return scene{name: "error-" + status, status: code, who: who, kept: true, do: do}
	}
	return []scene{
		fault("403", http.StatusForbidden, "lena", func(g *gallery) { g.open("/admin") }),
		fault("404", http.StatusNotFound, "lena", func(g *gallery) { g.open("/D-9999") }),
		fault("409", http.StatusConflict, "lena", func(g *gallery) {
			g.act("jonas")
			ref := g.ref("trip-store", proposal)
			id := first(g.T, itemID, g.other.get(ref).body)
			g.act("lena").post(http.StatusSeeOther, "/items/"+id+"/comments", "key", "twice", "text", "I read none of them.")
			g.open(ref)
			browsertest.Eval[bool](g.Page, `document.querySelector("#comment [name=key]").value = "twice", true`)
			g.Fill("#comment-text", "I read one of them, on Mondays.")
			g.Follow("#comment button.btn")
		}),
		fault("413", http.StatusRequestEntityTooLarge, "lena", func(g *gallery) {
			g.open("/write")
			browsertest.Eval[bool](g.Page, `document.querySelector("#context").value = "all of it ".repeat(120000), true`)
			g.Follow(".bar .btn-pen")
		}),
		fault("500", http.StatusInternalServerError, "lena", func(g *gallery) {
			lena := signIn(g.T, g.demo, "lena")
			lena.post("/drafts/"+draftID(1), []string{"draft", draftID(1), "kind", "update", "point", "The board at Konak."}, file{"board.txt", "Konak, platform two"})
			_, page := lena.get("/drafts")
			link := first(g.T, fileLink, page)
			g.breakFile(strings.TrimPrefix(link, "/files/"))
			g.open(link)
		}),
		{name: "error-429", status: http.StatusTooManyRequests, kept: true, do: func(g *gallery) {
			g.other.t = g.T
			for range 10 {
				g.other.post(http.StatusUnprocessableEntity, "/sign-in", "email", "lena@meridian.example", "password", "not this one")
			}
			g.open("/sign-in")
			g.Fill("#email", "lena@meridian.example")
			g.Fill("#password", "not this one either")
			g.Follow(`form[action="/sign-in"] button`)
		}},
		fault("421", http.StatusMisdirectedRequest, "", func(g *gallery) {
			g.Open(strings.Replace(g.demo, "127.0.0.1", "elsewhere.localhost.test", 1) + "/brief")
		}),
	}
}

// breakFile makes the disk fail where the bytes of an attachment are.
func (g *gallery) breakFile(id string) {
	g.T.Helper()
	found := must(filepath.Glob(filepath.Join(g.data, "files", "*", id)))
	if len(found) != 1 {
		g.T.Fatalf("the bytes of %s: %v", id, found)
	}
	folder := filepath.Dir(found[0])
	if err := errors.Join(os.RemoveAll(folder), os.WriteFile(folder, nil, 0o600)); err != nil {
		g.T.Fatal(err)
	}
}
