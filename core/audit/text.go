package audit

import (
	"regexp"
	"strings"
)

// The blocks that programs put into descriptions: how one joins, and numbers to
// dial (A2.6).
var (
	tags       = regexp.MustCompile(`(?s)<(style|script)[^>]*>.*?</(style|script)>|<[^>]{1,500}>`)
	meetBlock  = regexp.MustCompile(`(?s)-::~:~::~.*?(-::~:~::~[^\n]*::-|$)`)
	teamsBlock = regexp.MustCompile(`(?s)_{20,}.*?(_{20,}|$)`)
	webexBlock = regexp.MustCompile(`(?is)-{2,} ?do not delete or change any of the following text.*`)
	zoomBlock  = regexp.MustCompile(`(?is)(join zoom meeting|is inviting you to a scheduled zoom meeting).*?(find your local number:?[^\n]*|\n\s*\n\s*\n|$)`)
	dialLine   = regexp.MustCompile(`(?im)^[ \t]*(\+\d[\d ()/.-]{6,}.*|\d{5,}#.*|(meeting|webinar|conference) id:?.*|pass(code|word):?.*|one tap mobile.*|dial by your location.*|dial-?in.*|phone conference id.*|tel:.*|sip:.*|kenncode:.*|meeting-id:.*)$`)
	quoted     = regexp.MustCompile(`(?m)^[ \t]*>.*$`)
	listItem   = regexp.MustCompile(`(?m)^[ \t]*([-*•–·]|\d{1,2}[.)]|\[[ x]\])[ \t]+\S`)
	address    = regexp.MustCompile(`https?://[^\s<>"']+`)
	entity     = strings.NewReplacer("&nbsp;", " ", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'")
	breaks     = regexp.MustCompile(`(?i)<(br|/p|/div|/li|/tr)[^>]{0,100}>`)
	items      = regexp.MustCompile(`(?i)<li[^>]{0,100}>`)
)

// own is what of a description its writer wrote (A2.6).
func own(text string) string {
	if strings.Contains(text, "<") && strings.Contains(text, ">") {
		text = items.ReplaceAllString(text, "\n- ")
		text = breaks.ReplaceAllString(text, "\n")
		text = tags.ReplaceAllString(text, "")
	}
	if strings.Contains(text, "&") {
		text = entity.Replace(text)
	}
	for _, block := range []*regexp.Regexp{meetBlock, teamsBlock, webexBlock, zoomBlock, dialLine, quoted} {
		text = block.ReplaceAllString(text, "")
	}
	return strings.TrimSpace(text)
}

// The hosts on which one meets (A2.5), with what their paths hold, if that tells.
var meets = []struct{ host, path string }{
	{"zoom.us", "/j/"},
	{"zoom.us", "/my/"},
	{"zoom.us", "/s/"},
	{"zoom.us", "/meeting"},
	{"teams.microsoft.com", ""},
	{"teams.live.com", ""},
	{"meet.google.com", ""},
	{"webex.com", ""},
	{"gotomeeting.com", ""},
	{"gotomeet.me", ""},
	{"goto.com", ""},
	{"whereby.com", ""},
	{"meet.jit.si", ""},
	{"", "/jitsi/"},
	{"", "/b/"},
	{"chime.aws", ""},
	{"app.slack.com", "/huddle"},
	{"discord.gg", ""},
	{"around.co", ""},
}

// documents are the hosts of what one reads or writes together (A2.7).
var documents = []struct{ host, path string }{
	{"docs.google.com", ""},
	{"drive.google.com", ""},
	{"office.com", ""},
	{"sharepoint.com", ""},
	{"onedrive.live.com", ""},
	{"notion.so", ""},
	{"notion.site", ""},
	{"atlassian.net", "/wiki"},
	{"", "confluence"},
	{"hackmd.io", ""},
	{"codimd", ""},
	{"etherpad", ""},
	{"", "/pad"},
	{"pad.", ""},
	{"pads.", ""},
	{"coda.io", ""},
	{"quip.com", ""},
	{"github.com", "/issues"},
	{"github.com", "/pull"},
	{"github.com", "/discussions"},
	{"github.com", "/wiki"},
	{"github.com", "/blob"},
	{"github.com", ".md"},
	{"gitlab", "/issues"},
	{"gitlab", "/merge_requests"},
	{"gitlab", "/wikis"},
	{"bit.ly", "notes"},
}

// boards are where ideas are collected.
var boards = []string{"miro.com", "mural.co", "figma.com", "forms.gle", "docs.google.com/forms", "typeform.com", "forms.office.com", "jamboard", "excalidraw", "slido", "mentimeter"}

// links are the addresses in texts.
func links(texts ...string) []string {
	var out []string
	for _, t := range texts {
		if strings.Contains(t, "://") {
			out = append(out, address.FindAllString(t, 50)...)
		}
	}
	return out
}

// leads reports whether an address leads to one of these.
func leads(link string, to []struct{ host, path string }) bool {
	_, rest, ok := strings.Cut(strings.ToLower(link), "://")
	if !ok {
		return false
	}
	host, path, _ := strings.Cut(rest, "/")
	path = "/" + path
	for _, one := range to {
		switch {
		case one.host == "":
			if strings.Contains(path, one.path) {
				return true
			}
		case strings.Contains(one.host, ".") && !strings.HasSuffix(one.host, "."):
			if (host == one.host || strings.HasSuffix(host, "."+one.host)) && strings.Contains(path, one.path) {
				return true
			}
		default: // a part of the host's name
			if strings.Contains(host, one.host) && strings.Contains(path, one.path) {
				return true
			}
		}
	}
	return false
}
