package api_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"
)

// try is one operation as the nine actors try it.
type try struct {
	method, path, body string
	// kind says who may: see want.
	kind kind
	// but holds what is other than the kind says.
	but map[string]int
}

type kind string

const (
	// own is what everybody who has joined does with what is theirs.
	own kind = "own"
	// inTeam is an object of the private team: only its members know of it.
	inTeam kind = "in the team"
	// all is what everybody in the organisation but a guest reads or does.
	all kind = "all"
	// governs is what admins do.
	governs kind = "governs"
)

// want is the status that somebody gets for a try that would succeed with ok.
func (o try) want(who string, ok int) int {
	if status, other := o.but[who]; other {
		return status
	}
	read := o.method == http.MethodGet || o.path == "/reach" || o.path == "/check"
	switch who {
	case "nobody", "removed", "deactivated":
		return http.StatusUnauthorized
	case "read-token":
		switch {
		case o.kind == governs:
			return http.StatusForbidden
		case !read:
			return http.StatusForbidden
		}
		return ok
	}
	switch o.kind {
	case inTeam:
		if who != "member" {
			return http.StatusNotFound
		}
	case all:
		if who == "guest" {
			return http.StatusForbidden
		}
	case governs:
		switch who {
		case "member", "other-team", "guest":
			return http.StatusForbidden
		}
	case own:
	}
	return ok
}

// hidden is what those get who have nothing of that kind themselves.
func hidden(who ...string) map[string]int {
	m := make(map[string]int)
	for _, w := range who {
		m[w] = http.StatusNotFound
	}
	return m
}

// strangers are those who are here and not in the private team.
var strangers = []string{"other-team", "guest", "other-org", "admin"}

// tries holds every operation once, as mara may do it, or adam.
func tries() map[string]try {
	return map[string]try{
		"get-me":         {"GET", "/me", "", own, nil},
		"rename":         {"PUT", "/me/profile", `{"name":"New Name","handle":"newname","place":"Bonn","lang":"en"}`, own, map[string]int{"guest": 422, "admin": 422, "member": 422}},
		"list-sessions":  {"GET", "/me/sessions", "", own, nil},
		"end-sessions":   {"DELETE", "/me/sessions", "", own, nil},
		"end-session":    {"DELETE", "/me/sessions/{session}", "", own, nil},
		"list-tokens":    {"GET", "/me/tokens", "", own, nil},
		"end-token":      {"DELETE", "/me/tokens/{token read-token}", "", own, nil},
		"get-channel":    {"GET", "/me/channels/webhook", "", own, hidden(strangers...)},
		"set-brief-mail": {"PUT", "/me/channels/email", `{"briefs":false}`, own, nil},
		"change-address": {"POST", "/me/address", `{"email":"new@example.org","password":"not mine"}`, own, unprocessable("member", "other-team", "guest", "other-org", "admin")},
		"drop-webhook":   {"DELETE", "/me/channels/webhook", "", own, nil},

		"list-feeds": {"GET", "/me/feeds", "", own, nil},
		"end-feed":   {"DELETE", "/me/feeds/calendar", "", own, nil},

		"get-brief":       {"GET", "/brief", "", own, hidden(strangers...)},
		"look":            {"GET", "/brief/look", "", own, nil},
		"list-briefs":     {"GET", "/briefs", "", own, nil},
		"get-brief-by-id": {"GET", "/briefs/{brief}", "", own, hidden(strangers...)},
		"why":             {"GET", "/why/{delivery}", "", own, hidden(strangers...)},

		"write":   {"POST", "/items", `{"kind":"update","point":"One more.","team":"core"}`, own, unprocessable(strangers...)},
		"ask":     {"POST", "/asks", `{"point":"Which one?","team":"core","to":["arno"]}`, own, unprocessable(strangers...)},
		"preview": {"POST", "/reach", `{"to":["arno"],"ask":true}`, own, unprocessable("other-org")},
		"check":   {"POST", "/check", `{"kind":"request","text":"Could somebody look at it?"}`, own, nil},

		"get-item":       {"GET", "/items/{update}", "", inTeam, nil},
		"list-thread":    {"GET", "/items/{update}/thread", "", inTeam, nil},
		"comment":        {"POST", "/items/{update}/comments", `{"text":"Thank you."}`, inTeam, nil},
		"list-revisions": {"GET", "/items/{update}/revisions", "", inTeam, nil},
		"get-revision":   {"GET", "/items/{update}/revisions/1", "", inTeam, nil},
		"edit":           {"POST", "/items/{update}/revisions", `{"base":1,"point":"The feed is up.","body":"All of it."}`, inTeam, nil},
		"take-back":      {"POST", "/items/{mine}/deletion", "", inTeam, nil},

		"list-asks":         {"GET", "/asks", "", own, nil},
		"answer":            {"POST", "/asks/{ask}/answer", `{"text":"The second."}`, inTeam, nil},
		"decline":           {"POST", "/asks/{ask}/decline", `{"reason":"Not mine to say."}`, inTeam, nil},
		"hand-on":           {"POST", "/asks/{ask}/hand-on", `{"to":"olga","reason":"She knows."}`, inTeam, unprocessable("member", "guest", "other-org")},
		"ask-instead":       {"POST", "/asks/{mine-left}/instead", `{"to":"arno"}`, inTeam, unprocessable("other-org")},
		"ask-back":          {"POST", "/asks/{ask}/question", `{"text":"For whom?"}`, inTeam, nil},
		"ask-time":          {"POST", "/asks/{ask}/more-time", `{"term":"48h","reason":"A holiday."}`, inTeam, nil},
		"grant-time":        {"POST", "/asks/{mine-ask}/more-time/{arno}", `{"grant":true}`, inTeam, nil},
		"withdraw":          {"POST", "/asks/{mine-ask}/withdrawal", "", inTeam, nil},
		"could-have-waited": {"POST", "/asks/{ask}/could-have-waited", "", inTeam, nil},

		"list-crises": {"GET", "/crises", "", own, nil},
		"list-alarms": {"GET", "/crises/alarms", "", own, nil},
		"raise":       {"POST", "/crises", `{"what":"Smoke.","stake":"The depot.","team":"core","needed":["arno"],"sure":true}`, own, unprocessable(strangers...)},
		"have-it":     {"POST", "/crises/{crisis}/acknowledgement", `{"has":true}`, inTeam, nil},
		"note-crisis": {"POST", "/crises/{crisis}/notes", `{"text":"Half are back."}`, inTeam, nil},
		"call-too":    {"POST", "/crises/{crisis}/calls", `{"person":"arno"}`, inTeam, unprocessable("other-org")},
		"end-crisis":  {"POST", "/crises/{crisis}/end", `{"text":"All are back."}`, inTeam, nil},

		"list-drafts": {"GET", "/drafts", "", own, nil},
		"get-draft":   {"GET", "/drafts/{draft}", "", own, hidden(strangers...)},
		"save-draft":  {"PUT", "/drafts/{draft}", `{"fields":{"point":"Perhaps not."}}`, own, hidden("other-team", "guest", "admin")},
		"drop-draft":  {"DELETE", "/drafts/{draft}", "", own, nil},

		"list-files": {"GET", "/drafts/{draft}/files", "", own, nil},
		"attach":     {"POST", "/drafts/{draft}/files?name=more.txt", "More of it.", own, nil},
		"detach":     {"DELETE", "/files/{unsent}", "", own, hidden(strangers...)},
		"get-file":   {"GET", "/files/{file}", "", inTeam, nil},

		"get-charter":    {"GET", "/charter", "", own, nil},
		"set-charter":    {"PUT", "/charter", charter, own, nil},
		"list-calendars": {"GET", "/holidays", "", own, nil},
		"set-calendar":   {"PUT", "/admin/holidays/Bavaria", `{"days":[{"date":"2026-12-25","name":"Christmas"}]}`, governs, nil},
		"drop-calendar":  {"DELETE", "/admin/holidays/Germany", "", governs, hidden("other-org")},

		"list-follows": {"GET", "/follows", "", own, nil},
		"set-pace":     {"PUT", "/follows/team:{core}", `{"pace":"daily"}`, inTeam, nil},

		"list-people":   {"GET", "/people", "", own, nil},
		"list-between":  {"GET", "/between?with=mara", "", own, hidden("guest", "other-org")},
		"get-person":    {"GET", "/people/mara", "", own, hidden("guest", "other-org")},
		"set-role":      {"PUT", "/people/{gita}/role", `{"role":"member"}`, governs, hidden("other-org")},
		"set-state":     {"PUT", "/people/{gita}/state", `{"state":"deactivated"}`, governs, hidden("other-org")},
		"set-may-raise": {"PUT", "/people/{gita}/may-raise", `{"may_raise":false}`, governs, hidden("other-org")},

		"list-watched": {"GET", "/people/watched", "", own, nil},

		"list-teams":      {"GET", "/teams", "", own, nil},
		"add-team":        {"POST", "/teams", `{"name":"Fresh","slug":"fresh","open":true}`, all, map[string]int{"member": 422, "admin": 422}},
		"get-team":        {"GET", "/teams/core", "", inTeam, nil},
		"list-members":    {"GET", "/teams/core/members", "", inTeam, nil},
		"list-team-items": {"GET", "/teams/core/items", "", inTeam, nil},
		"join-team":       {"POST", "/teams/square/membership", "", own, hidden("guest", "other-org")},
		"leave-team":      {"POST", "/teams/core/membership/removal", "", inTeam, nil},
		"add-member":      {"POST", "/teams/core/members", `{"person":"adam"}`, inTeam, nil},
		"remove-member":   {"POST", "/teams/core/members/arno/removal", "", inTeam, nil},

		"list-invites": {"GET", "/admin/invites", "", governs, nil},
		"end-invite":   {"DELETE", "/admin/invites/{org}", "", governs, hidden("other-org", "admin")},
		"list-audit":   {"GET", "/admin/audit", "", governs, nil},

		"list-enrolled":    {"GET", "/admin/people?find=arno&state=active", "", governs, nil},
		"check-audit":      {"GET", "/admin/audit/chain", "", governs, nil},
		"get-backlog":      {"GET", "/admin/delivery", "", governs, nil},
		"release":          {"POST", "/admin/delivery/release", `{"drop":true}`, governs, map[string]int{"other-org": 409, "admin": 409}},
		"list-unreachable": {"GET", "/admin/unreachable", "", governs, nil},

		"list-mail":  {"GET", "/admin/mail", "", governs, nil},
		"send-again": {"POST", "/admin/mail/{mail}/again", "", governs, hidden("other-org", "admin")},
	}
}

const charter = `{"revision":1,"charter":{"zone":"Europe/Berlin","hours":{"mon":["09:00-12:30"]},"windows":{"mon":["11:00"]}}}`

func unprocessable(who ...string) map[string]int {
	m := make(map[string]int)
	for _, w := range who {
		m[w] = http.StatusUnprocessableEntity
	}
	return m
}

// alone are those after which others would be refused, or let in: each has a
// world of its own.
func alone() []string {
	return []string{
		"add-member", "answer", "ask-back", "decline", "drop-draft", "drop-webhook", "end-crisis", "end-token", "hand-on", "leave-team", "remove-member", "set-role", "set-state", "withdraw",
	}
}

// TestWalk tries every operation as the nine of security 1.12. One that has no
// try, or no policy, fails; so does an answer that is not as described.
func TestWalk(t *testing.T) { both(t, walk) }

func walk(t *testing.T, open func(testing.TB) *world) {
	all := tries()
	ops := operations(t)
	shared := open(t)
	for id := range all {
		if _, ok := ops[id]; !ok {
			t.Errorf("%s is tried, and there is no such operation", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ops)) {
		success := ops[id]
		o, ok := all[id]
		if !ok {
			t.Errorf("%s is not tried with the nine actors: add it to tries", id)
			continue
		}
		t.Run(id, func(t *testing.T) {
			w := shared
			if slices.Contains(alone(), id) {
				w = open(t)
			}
			w.t = t
			w.server = w.fresh() // and wrong tokens are not counted together
			for _, who := range actors() {
				a := w.do(who, o.method, o.path, o.body)
				if want := o.want(who, success); a.StatusCode != want {
					t.Errorf("%s as %s: %d, want %d\n%s", id, who, a.StatusCode, want, a.body)
				}
				if a.StatusCode == http.StatusUnauthorized && a.Header.Get("WWW-Authenticate") == "" {
					t.Errorf("%s as %s: 401 without WWW-Authenticate", id, who)
				}
			}
		})
	}
}
