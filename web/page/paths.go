package page

import "net/url"

// The addresses of pages and acts, in one place: forms and links use them, and
// the site map of package web mounts them. Acts are nouns and always POST.
const (
	PathBrief    = "/brief"
	PathLook     = "/brief/look"
	PathWrite    = "/write"
	PathPreview  = "/write/preview"
	PathDrafts   = "/drafts"
	PathAsks     = "/asks"
	PathPeople   = "/people"
	PathNames    = "/names"
	PathBetween  = "/between"
	PathTeams    = "/teams"
	PathAudit    = "/audit" // make; /report.html; /removal
	PathCharter  = "/charter"
	PathCrisis   = "/crisis"
	PathRaise    = "/crisis#raise"
	PathSettings = "/settings"
	PathAdmin    = "/admin"
	PathSignIn   = "/sign-in"
	PathSignOut  = "/sign-out"
	PathReset    = "/reset"
	PathAddress  = "/address" // {secret}: another mail address
	PathDemo     = "/demo"
	PathAlarms   = "/alarms"

	PathDemoClock  = "/demo/clock"
	PathDemoPerson = "/demo/person"

	PathCharterHours    = "/charter"               // hours, windows, focus, place, language, budget
	PathCharterOff      = "/charter/time-off"      // add; {id}/removal
	PathCharterTrip     = "/charter/trips"         // add; {id}/removal
	PathCharterHolidays = "/charter/holidays"      // show an .ics, add a day; {name}: of the organisation; {id}/removal; /removal for all of a file
	PathCharterDays     = "/charter/holidays/days" // save the days of a file
	PathCharterPublic   = "/charter/public"        // make or renew the public page; /charter/public/removal
	PathCharterFeed     = "/charter/feed"          // make or renew the calendar feed; /charter/feed/removal
	PathCharterFollow   = "/charter/follows"       // change the pace of a stream

	// Addresses that hold a secret: each opens one thing of one person.
	PathPublic      = "/c"     // {secret}: the public charter
	PathFeeds       = "/feeds" // {secret}.ics: focus blocks and windows
	PathUnsubscribe = "/u"     // {secret}: brief mail off, RFC 8058

	PathSessions = "/settings/sessions" // {id}/end, or /end for all others
	PathTokens   = "/settings/tokens"   // make; {id}/removal
	PathEmail    = "/settings/email"    // brief mail on or off
	PathWebhook  = "/settings/webhook"  // set; /removal
	PathPassword = "/settings/password"

	PathRaisers = "/crisis/raisers" // {id}: end or give back the right to raise

	PathAdminPeople   = "/admin/people"         // {id}/role, /state, /reset, /invite, /crises
	PathAdminInvites  = "/admin/invites"        // make; {id}/removal
	PathAdminDelivery = "/admin/delivery"       // whether the promise holds
	PathAdminRetry    = "/admin/delivery/retry" // {id}
	PathAdminRelease  = "/admin/delivery/release"
	PathAdminDays     = "/admin/holidays" // set a calendar; {name}/removal
	PathAdminAudit    = "/admin/audit"    // who did what to rights; /export
)

// Sub joins a path and what is under it, each part escaped: Sub(PathAsks, id, "answer").
func Sub(base string, parts ...string) string {
	for _, p := range parts {
		base += "/" + url.PathEscape(p)
	}
	return base
}

// DraftPath opens the form with a draft, or empty when that was sent meanwhile.
func DraftPath(id string) string { return PathWrite + "?draft=" + url.QueryEscape(id) }

// RefPath is the permanent address of an item: "/A-12".
func RefPath(ref string) string { return "/" + url.PathEscape(ref) }

// SaidPath is where a comment or an answer stands on its item's page, however
// much was said there; with "" it is the page.
func SaidPath(ref, id string) string {
	if id == "" {
		return RefPath(ref)
	}
	return RefPath(ref) + "?c=" + url.QueryEscape(id) + "#c-" + id
}

// PersonPath is the page of a person.
func PersonPath(handle string) string { return Sub(PathPeople, handle) }

// BetweenPath is what was written between the reader and a person.
func BetweenPath(handle string) string { return PathBetween + "?with=" + url.QueryEscape(handle) }

// TeamPath is the page of a team.
func TeamPath(slug string) string { return Sub(PathTeams, slug) }

// WhyPath is the page that explains a line of a brief.
func WhyPath(id string) string { return Sub("/why", id) }
