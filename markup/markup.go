// Package markup turns the Markdown that people write into safe HTML and into
// readable plain text. It is the only place that does so: pages, briefs, mails
// and reports call [HTML], whose output obeys one narrow policy (security 1.1).
//
// What does not live here: HTML that came from elsewhere (mail bodies), the
// look of what is rendered, who a handle belongs to (the caller's resolver
// knows), and storage or caching of rendered text. Nothing here reads a clock,
// a file or the network.
package markup

import (
	"fmt"
	"strings"

	"github.com/yuin/goldmark/text"
)

// MaxBytes is the longest text that [HTML] renders. A fifteen-page memo has
// about 50,000 bytes; ten of them fit.
const MaxBytes = 512 << 10

// Options says where a text is shown. The zero value renders for a page of
// ours: links relative to the site, no images, no mentions.
type Options struct {
	// HeadingShift is added to every heading level, so that a document nests
	// under the page's own h1. Levels stay within 1 and 6.
	HeadingShift int
	// PublicURL is put before links into this site ("https://rubato.example.org"),
	// for mail and for files that are read elsewhere. Empty keeps them relative.
	PublicURL string
	// Uploads is the path under which our own uploads are served, with its last
	// slash ("/files/").
	// Images under it are shown; every other image becomes a link to it, because
	// showing it would tell an outside host who reads what, and when.
	Uploads string
	// Person says whether a handle belongs to somebody. A mention of one who is
	// known becomes a link to /people/HANDLE; nil knows nobody.
	Person func(handle string) bool
	// Item says whether a reference such as "D-214" is an item. Nil takes every
	// reference for one, so that a text can be rendered without a look-up.
	Item func(ref string) bool
}

// TooLarge is the refusal of a text longer than [MaxBytes].
type TooLarge struct {
	Bytes, Max int
}

// Error names both sizes, in bytes.
func (e *TooLarge) Error() string {
	return fmt.Sprintf("text of %d bytes, more than the %d that are rendered", e.Bytes, e.Max)
}

// HTML renders Markdown (CommonMark with GFM tables, strikethrough, task lists
// and bare links) as HTML that may stand in any page under our policy. Raw HTML
// in the text is shown as written, as text. The only error is a [*TooLarge];
// every other text renders, and the work is linear in its length.
func HTML(md string, o Options) (string, error) {
	if len(md) > MaxBytes {
		return "", &TooLarge{Bytes: len(md), Max: MaxBytes}
	}
	src := []byte(clean(md))
	w := writer{src: src, o: o, known: map[string]bool{}, expansion: 64<<10 + 2*len(src)}
	w.o.PublicURL = strings.TrimRight(o.PublicURL, "/")
	w.b.Grow(len(src) + len(src)/2)
	w.blocks(parse(src))
	return policy().Sanitize(w.b.String()), nil
}

// Mentions returns the handles that a text mentions, each once, in order of
// their first appearance, in lower case. A handle in code, in a link or after a
// backslash is not a mention, nor is the second half of an e-mail address.
// Whether anybody bears the handle is the caller's question. A text longer than
// [MaxBytes] mentions nobody, because it is not rendered either.
func Mentions(md string) []string {
	if len(md) > MaxBytes || !strings.Contains(md, "@") {
		return nil
	}
	src := []byte(clean(md))
	var handles []string
	seen := map[string]bool{}
	eachRun(parse(src), func(start, stop int) {
		for t := range tokens(src, start, stop) {
			if t.kind == mention && !seen[t.name] {
				seen[t.name] = true
				handles = append(handles, t.name)
			}
		}
	})
	return handles
}

// parse reads a cleaned text into a tree, within the bounds of bounds.go.
func parse(src []byte) node {
	return reader().Parse(text.NewReader(src))
}
