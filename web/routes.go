package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
	"github.com/rubato-hq/rubato/web/static"
)

type component = templ.Component

// policy says who may come to an address at all. What they may see or do there
// is asked of core/access for each object.
type policy string

const (
	bare    policy = "bare"    // anybody, and nobody asks who: no database is needed to answer
	anybody policy = "anybody" // signed in or not
	member  policy = "member"  // somebody who has joined
	admin   policy = "admin"   // who administers the organisation
)

// route is one address. A route without a policy does not come up.
type route struct {
	pattern string
	policy  policy
	handler func(*Server, *request) error
}

// routes is the site map. GET changes nothing; acts are nouns and POST.
func (s *Server) routes() []route {
	all := []route{
		{"GET /{$}", anybody, (*Server).getHome},
		{"GET " + static.Prefix, bare, (*Server).getStatic},
		{"POST /csp", anybody, (*Server).postCSP},
		{pathHealth, bare, (*Server).getHealth},
		{pathReady, bare, (*Server).getReady},

		{"GET /setup/{token}", anybody, (*Server).getSetup},
		{"POST /setup/{token}", anybody, (*Server).postSetup},
		{"GET " + page.PathSignIn, anybody, (*Server).getSignIn},
		{"POST " + page.PathSignIn, anybody, (*Server).postSignIn},
		{"POST " + page.PathSignOut, anybody, (*Server).postSignOut},
		{"GET /join/{token}", anybody, (*Server).getJoin},
		{"POST /join/{token}", anybody, (*Server).postJoin},
		{"GET " + page.PathReset, anybody, (*Server).getReset},
		{"POST " + page.PathReset, anybody, (*Server).postReset},
		{"GET " + page.PathReset + "/{token}", anybody, (*Server).getNewPassword},
		{"POST " + page.PathReset + "/{token}", anybody, (*Server).postNewPassword},

		{"GET " + page.PathAddress + "/{token}", anybody, (*Server).getAddress},
		{"POST " + page.PathAddress + "/{token}", anybody, (*Server).postAddress},

		{"GET " + page.PathBrief, member, (*Server).getBrief},
		{"GET " + page.PathLook, member, (*Server).getLook},
		{"GET /why/{id}", member, (*Server).getWhy},

		{"GET " + page.PathWrite, member, (*Server).getWrite},
		{"POST " + page.PathWrite, member, (*Server).postWrite},
		{"POST " + page.PathPreview, member, (*Server).postPreview},

		{"GET " + page.PathDrafts, member, (*Server).getDrafts},
		{"GET " + page.PathDrafts + "/{id}", member, (*Server).getDraft},
		{"POST " + page.PathDrafts + "/{id}", member, (*Server).postDraft},
		{"POST " + page.PathDrafts + "/{id}/deletion", member, (*Server).postDraftDeletion},
		{"POST " + page.PathDrafts + "/{draft}/files", member, (*Server).postFiles},
		{"GET " + page.PathFiles + "/{id}", member, (*Server).getFile},
		{"POST " + page.PathFiles + "/{id}/removal", member, (*Server).postFileRemoval},

		{"GET " + page.PathAsks, member, (*Server).getAsks},
		{"POST /asks/{id}/answer", member, (*Server).postAnswer},
		{"POST /asks/{id}/decline", member, (*Server).postDecline},
		{"POST /asks/{id}/hand-on", member, (*Server).postHandOn},
		{"POST /asks/{id}/instead", member, (*Server).postInstead},
		{"POST /asks/{id}/document", member, (*Server).postDocument},
		{"POST /asks/{id}/question", member, (*Server).postQuestion},
		{"POST /asks/{id}/more-time", member, (*Server).postAskTime},
		{"POST /asks/{id}/more-time/{person}", member, (*Server).postGrantTime},
		{"POST /asks/{id}/withdrawal", member, (*Server).postWithdraw},
		{"POST /asks/{id}/could-have-waited", member, (*Server).postCouldWait},

		{"POST /items/{id}/comments", member, (*Server).postComment},
		{"GET /items/{id}/edit", member, (*Server).getEdit},
		{"GET /items/{id}/revisions", member, (*Server).getRevisions},
		{"POST /items/{id}/revisions", member, (*Server).postRevision},
		{"GET /items/{id}/revisions/{version}", member, (*Server).getRevision},
		{"POST /items/{id}/deletion", member, (*Server).postDeletion},
		{"GET " + page.PathAudit, member, (*Server).getReport},
		{"POST " + page.PathAudit, member, (*Server).postReport},
		{"GET " + page.PathAudit + "/report.html", member, (*Server).getReportFile},
		{"POST " + page.PathAudit + "/removal", member, (*Server).postReportRemoval},
		{"GET " + page.PathCharter, member, (*Server).getCharter},
		{"POST " + page.PathCharter, member, (*Server).postCharter},
		{"POST " + page.PathCharterOff, member, (*Server).postTimeOff},
		{"POST " + page.PathCharterTrip, member, (*Server).postTrip},
		{"GET " + page.PathCharterHolidays + "/{name}", member, (*Server).getHolidays},
		{"POST " + page.PathCharterHolidays, member, (*Server).postHoliday},
		{"POST " + page.PathCharterDays, member, (*Server).postHolidays},
		{"POST " + page.PathCharterHolidays + "/removal", member, (*Server).postHolidaysRemoval},
		{"POST " + page.PathCharter + "/{list}/{id}/removal", member, (*Server).postAbsenceRemoval},
		{"POST " + page.PathCharterPublic, member, (*Server).postPublic},
		{"POST " + page.PathCharterPublic + "/removal", member, (*Server).postPublicRemoval},
		{"POST " + page.PathCharterFeed, member, (*Server).postFeed},
		{"POST " + page.PathCharterFeed + "/removal", member, (*Server).postFeedRemoval},
		{"GET " + page.PathPublic + "/{secret}", anybody, (*Server).getPublic},
		{"GET " + page.PathFeeds + "/{file}", anybody, (*Server).getFeed},
		{"GET " + page.PathUnsubscribe + "/{secret}", anybody, (*Server).getUnsubscribe},
		{"POST " + page.PathUnsubscribe + "/{secret}", anybody, (*Server).postUnsubscribe},
		{"POST " + page.PathCharterFollow, member, (*Server).postFollow},

		{"GET " + page.PathCrisis, member, (*Server).getCrises},
		{"POST " + page.PathCrisis, member, (*Server).postCrisis},
		{"GET " + page.PathAlarms, member, (*Server).getAlarms},
		{"POST " + page.PathRaisers + "/{person}", member, (*Server).postRaiser},
		{"POST /crises/{id}/acknowledgement", member, (*Server).postHaveIt},
		{"POST /crises/{id}/notes", member, (*Server).postCrisisNote},
		{"POST /crises/{id}/calls", member, (*Server).postCall},
		{"POST /crises/{id}/end", member, (*Server).postCrisisEnd},

		{"GET " + page.PathPeople, member, (*Server).getPeople},
		{"GET " + page.PathPeople + "/{handle}", member, (*Server).getPerson},
		{"GET " + page.PathNames, member, (*Server).getNames},
		{"GET " + page.PathBetween, member, (*Server).getBetween},
		{"GET " + page.PathTeams, member, (*Server).getTeams},
		{"POST " + page.PathTeams, member, (*Server).postTeam},
		{"GET " + page.PathTeams + "/{slug}", member, (*Server).getTeam},
		{"POST " + page.PathTeams + "/{slug}/membership", member, (*Server).postMembership},
		{"POST " + page.PathTeams + "/{slug}/membership/removal", member, (*Server).postMembershipRemoval},
		{"POST " + page.PathTeams + "/{slug}/members", member, (*Server).postMember},
		{"POST " + page.PathTeams + "/{slug}/members/{person}/removal", member, (*Server).postMemberRemoval},

		{"GET " + page.PathSettings, member, (*Server).getSettings},
		{"POST " + page.PathSettings + "/name", member, (*Server).postName},
		{"POST " + page.PathPassword, member, (*Server).postPassword},
		{"POST " + page.PathSettings + "/address", member, (*Server).postNewAddress},
		{"POST " + page.PathEmail, member, (*Server).postEmail},
		{"POST " + page.PathWebhook, member, (*Server).postWebhook},
		{"POST " + page.PathWebhook + "/removal", member, (*Server).postWebhookRemoval},
		{"POST " + page.PathSessions + "/end", member, (*Server).postSessionEnd},
		{"POST " + page.PathSessions + "/{id}/end", member, (*Server).postSessionEnd},
		{"POST " + page.PathTokens, member, (*Server).postToken},
		{"POST " + page.PathTokens + "/{id}/removal", member, (*Server).postTokenRemoval},

		{"GET " + page.PathAdmin, admin, (*Server).getAdmin},
		{"POST " + page.PathAdminPeople + "/{person}/role", admin, (*Server).postRole},
		{"POST " + page.PathAdminPeople + "/{person}/state", admin, (*Server).postState},
		{"POST " + page.PathAdminPeople + "/{person}/reset", admin, (*Server).postResetLink},
		{"POST " + page.PathAdminPeople + "/{person}/invite", admin, (*Server).postInvitePerson},
		{"POST " + page.PathAdminPeople + "/{person}/crises", admin, (*Server).postMayRaise},
		{"POST " + page.PathAdminInvites, admin, (*Server).postInvite},
		{"POST " + page.PathAdminInvites + "/{id}/removal", admin, (*Server).postInviteRemoval},
		{"GET " + page.PathAdminDelivery, admin, (*Server).getDelivery},
		{"POST " + page.PathAdminRetry + "/{id}", admin, (*Server).postRetry},
		{"POST " + page.PathAdminDays, admin, (*Server).postCalendar},
		{"POST " + page.PathAdminDays + "/{name}/removal", admin, (*Server).postCalendarRemoval},
		{"POST " + page.PathAdminRelease, admin, (*Server).postRelease},
		{"GET " + page.PathAdminAudit, admin, (*Server).getAudit},
		{"POST " + page.PathAdminAudit + "/export", admin, (*Server).postAuditExport},

		{"GET /{ref}", member, (*Server).getItem},
	}
	if s.cfg.Demo != nil {
		all = append(all, []route{
			{"GET " + page.PathDemo, anybody, (*Server).getDemo},
			{"POST " + page.PathDemoClock, member, (*Server).postDemoClock},
			{"POST " + page.PathDemoPerson, anybody, (*Server).postDemoPerson},
		}...)
	}
	return all
}

// maxForm bounds the body of an ordinary form, and the text of one with files.
const maxForm = 1 << 20

// handle wraps a route: policy first, then the handler, and its error as a page.
func (s *Server) handle(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		r = r.WithContext(store.WithOrigin(r.Context(), "web "+auth.Peer(s.cfg.Peer(r))))
		rec := front.Record(w)
		r.Body = http.MaxBytesReader(rec, r.Body, maxBody(rt.pattern, r))
		q, err := &request{w: rec, r: r}, error(nil)
		if rt.policy != bare {
			if q, err = s.begin(rec, r); err == nil {
				err = s.admit(q, rt)
			}
		}
		if err == nil {
			err = rt.handler(s, q)
		}
		if err != nil {
			s.fail(rec, r, q, err)
		}
		if !often(rt.pattern) || rec.Status >= http.StatusInternalServerError {
			s.cfg.Log.InfoContext(r.Context(), "request", "route", rt.pattern, "status", rec.Status, "ms", time.Since(started).Milliseconds()) //nolint:contextcheck // r carries where it came from
		}
	})
}

// often are routes whose requests would fill the log: what a page is made of, and
// what a monitor asks every few seconds.
func often(pattern string) bool {
	return pattern == "GET "+static.Prefix || pattern == pathHealth || pattern == pathReady
}

// errSignIn sends somebody who is not signed in to the door.
var errSignIn = errors.New("sign in first")

func (s *Server) admit(q *request, rt route) error {
	switch rt.policy {
	case bare, anybody:
		return nil
	case member:
		if !q.signedIn() {
			return errSignIn
		}
		return nil
	case admin:
		if !q.signedIn() {
			return errSignIn
		}
		return access.Can(q.actor(), access.Govern, access.Object{Kind: access.Organisation, Org: q.org.ID})
	}
	return access.ErrDenied // a route without a policy
}

// signInFirst redirects to the door and back to where somebody wanted to go.
func signInFirst(w http.ResponseWriter, r *http.Request) {
	to := page.PathSignIn
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?back=" + url.QueryEscape(r.URL.RequestURI())
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// back is a path on this server to return to, or the brief: whatever parses to
// another host, or is no plain path, is refused.
func back(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || raw == "" || u.Scheme != "" || u.Host != "" || u.Opaque != "" || u.User != nil ||
		!strings.HasPrefix(raw, "/") || strings.HasPrefix(raw, "//") || strings.ContainsAny(raw, "\\\r\n\t") {
		return page.PathBrief
	}
	return u.RequestURI()
}
