package markup

import (
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// rel is on every link: no credit to the target, no handle on our window, and
// no word to it about where the reader comes from.
const rel = "nofollow noopener noreferrer"

// target returns the address that a link to dest may carry, and whether it may
// carry one: http and https with a host and without a name or password in front
// of it, mailto, and paths of this site, which get publicURL before them. The
// answer is plain printable ASCII.
func target(dest, publicURL string) (string, bool) {
	dest = string(util.URLEscape([]byte(strings.TrimSpace(clean(dest))), false))
	dest = strings.ReplaceAll(strings.ReplaceAll(dest, `"`, "%22"), "^", "%5E")
	if dest == "" || len(dest) > maxLinkURL || strings.ContainsFunc(dest, notPlain) {
		return "", false
	}
	u, err := url.Parse(dest)
	if err != nil {
		return "", false
	}
	switch u.Scheme {
	case "http", "https":
		// No browser goes to a host with a percent sign left in it.
		if u.Hostname() == "" || u.User != nil || u.Opaque != "" || strings.Contains(u.Host, "%") {
			return "", false
		}
	case "mailto":
		// A line break in it would add a header to the mail that it opens.
		low := strings.ToLower(dest)
		if !strings.Contains(u.Opaque, "@") || strings.Contains(low, "%0a") || strings.Contains(low, "%0d") {
			return "", false
		}
	case "":
		// One slash: two are another host, and a backslash counts as a slash.
		if dest[0] != '/' || strings.HasPrefix(dest, "//") || u.Host != "" {
			return "", false
		}
		return publicURL + dest, true
	default:
		return "", false
	}
	return u.Scheme + dest[len(u.Scheme):], true // the scheme in lower case, the rest as typed
}

// notPlain reports what does not stand in an address unescaped. Backslashes are
// among it because browsers read them as slashes.
func notPlain(r rune) bool {
	return r <= ' ' || r >= 0x7F || strings.ContainsRune("\\\"<>^`{|}", r)
}

// upload returns the address of an image among our own uploads.
func upload(dest string, o Options) (string, bool) {
	if o.Uploads == "" {
		return "", false
	}
	if o.PublicURL != "" {
		dest = strings.TrimPrefix(dest, o.PublicURL)
	}
	path, ok := target(dest, "")
	if !ok || !strings.HasPrefix(path, o.Uploads) || !strings.HasSuffix(o.Uploads, "/") {
		return "", false
	}
	// The names are made by us: what has another shape is not an upload, and
	// nothing climbs out of the prefix again in any spelling.
	for segment := range strings.SplitSeq(path[len(o.Uploads):], "/") {
		if segment == "" || segment[0] == '.' || strings.ContainsFunc(segment, notInName) {
			return "", false
		}
	}
	return o.PublicURL + path, true
}

func notInName(r rune) bool { return r >= 0x80 || !handleByte(byte(r)) } //nolint:gosec // below 0x80 by what stands before it

func (w *writer) link(n *ast.Link) {
	if w.inLink || w.spent(n) {
		w.inlines(n)
		return
	}
	title := clean(resolve(string(n.Title)))
	address, ok := target(resolve(string(n.Destination)), w.o.PublicURL)
	if !ok {
		w.inlines(n)
		return
	}
	w.open(address, title)
	w.inLink = true
	before := w.b.Len()
	w.inlines(n)
	if strings.TrimSpace(w.b.String()[before:]) == "" {
		w.text(address) // a link without words is one that nobody can find
	}
	w.inLink = false
	w.b.WriteString("</a>")
}

// spent takes a link that repeats a definition off the budget for such, and
// reports whether that is used up: one long address may be used a thousand times.
func (w *writer) spent(n *ast.Link) bool {
	if n.Reference == nil {
		return false
	}
	w.expansion -= len(n.Destination) + len(n.Title)
	return w.expansion < 0
}

func (w *writer) autoLink(n *ast.AutoLink) {
	label := string(n.Label(w.src))
	address := string(n.URL(w.src))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
		address = "mailto:" + address
	}
	address, ok := target(address, w.o.PublicURL)
	if !ok || w.inLink {
		w.text(label)
		return
	}
	w.open(address, "")
	w.text(label)
	w.b.WriteString("</a>")
}

// image shows an upload of ours; any other picture is a link to it, so that
// nothing is fetched from outside unless its reader asks.
func (w *writer) image(n *ast.Image) {
	alt := strings.Join(strings.Fields(clean(plainText(n, w.src))), " ")
	if n.Reference != nil {
		w.expansion -= len(n.Destination) + len(n.Title)
		if w.expansion < 0 {
			w.text(alt)
			return
		}
	}
	dest := resolve(string(n.Destination))
	title := clean(resolve(string(n.Title)))
	if src, ok := upload(dest, w.o); ok {
		w.b.WriteString(`<img src="` + html.EscapeString(src) + `" alt="` + html.EscapeString(alt) + `"`)
		w.title(title)
		w.b.WriteString(">")
		return
	}
	address, ok := target(dest, w.o.PublicURL)
	if alt == "" {
		alt = address
	}
	if !ok || w.inLink {
		w.text(alt)
		return
	}
	w.open(address, "")
	w.text(alt)
	w.b.WriteString("</a>")
}
