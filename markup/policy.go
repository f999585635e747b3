package markup

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// policy is the second lock (security 1.1): whatever the writer wrote, only these
// elements and attributes pass. No id or name (they clobber), no style, no form,
// no frame, no object, no data-*, hx-* or x-*; the one class is that of a code
// block's language. Addresses are matched whole, so that no scheme but the three
// gets through and no address is rewritten.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(
		"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
		"ul", "ol", "li", "blockquote", "pre", "code",
		"em", "strong", "del",
		"table", "thead", "tbody", "tr", "th", "td",
	)
	exactly := func(re string) *regexp.Regexp { return regexp.MustCompile(`^(?:` + re + `)$`) }
	const rest = "[!#-;=?-\\[\\]_a-z~]*" // printable ASCII but space " < > \ ^ ` { | }
	p.AllowAttrs("href").Matching(exactly(
		`https?://[^/?#\\\s]` + rest + `|mailto:` + rest + `|/|/[!#-.0-;=?-\[\]_a-z~]` + rest)).OnElements("a")
	p.AllowAttrs("rel").Matching(exactly(rel)).OnElements("a")
	p.AllowAttrs("src").Matching(exactly(`(?:https?://[^/?#\\\s]` + rest + `)?/[!#-.0-;=?-\[\]_a-z~]` + rest)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("title").OnElements("a", "img")
	p.AllowAttrs("class").Matching(exactly(`language-[A-Za-z0-9+#._-]{1,32}`)).OnElements("code")
	p.AllowAttrs("start").Matching(exactly(`[0-9]{1,9}`)).OnElements("ol")
	p.AllowAttrs("align").Matching(exactly(`left|center|right`)).OnElements("th", "td")
	return p
})
