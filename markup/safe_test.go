package markup

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// allowed is the policy once more, written down apart from the one under test.
var allowed = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "h1": nil, "h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil,
	"ul": nil, "ol": {"start"}, "li": nil, "blockquote": nil, "pre": nil, "code": {"class"},
	"em": nil, "strong": nil, "del": nil,
	"a": {"href", "rel", "title"}, "img": {"src", "alt", "title"},
	"table": nil, "thead": nil, "tbody": nil, "tr": nil, "th": {"align"}, "td": {"align"},
}

var (
	languagePattern = regexp.MustCompile(`^language-[A-Za-z0-9+#._-]+$`)
	uploadPattern   = regexp.MustCompile(`^(https://rubato\.example\.org)?/files(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$`)
	hiddenPattern   = regexp.MustCompile(`[\x00-\x08\x0b-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]`)
)

// safeOptions are the settings that every payload is tried with.
func safeOptions() map[string]Options {
	all := func(string) bool { return true }
	return map[string]Options{
		"page": {HeadingShift: 1, Uploads: "/files/", Person: all},
		"mail": {HeadingShift: 2, PublicURL: "https://rubato.example.org", Person: all},
		"full": {PublicURL: "https://rubato.example.org", Uploads: "/files/", Person: all, Item: all},
	}
}

// checkSafe parses what was rendered as a browser would and reports everything
// in it that the policy does not name.
func checkSafe(t *testing.T, md, out string, o Options) {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(out), body)
	if err != nil {
		t.Errorf("HTML(%q) = %q: %v", md, out, err)
		return
	}
	bad := func(format string, what ...any) {
		t.Helper()
		t.Errorf("HTML(%q) = %q: "+format, append([]any{md, out}, what...)...)
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch n.Type {
		case html.TextNode:
			if hiddenPattern.MatchString(n.Data) {
				bad("hidden characters in %q", n.Data)
			}
		case html.ElementNode:
			checkElement(n, o, bad)
		default:
			bad("a node of type %v", n.Type)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	var again strings.Builder
	for _, n := range nodes {
		walk(n)
		if err := html.Render(&again, n); err != nil {
			bad("render: %v", err)
		}
	}
	// What a browser reads and writes back must read the same a second time.
	second, err := html.ParseFragment(strings.NewReader(again.String()), body)
	var third strings.Builder
	for _, n := range second {
		_ = html.Render(&third, n)
	}
	if err != nil || third.String() != again.String() {
		bad("reads as %q, and that as %q", again.String(), third.String())
	}
	if once := policy().Sanitize(out); once != out {
		bad("the policy changes it once more, to %q", once)
	}
}

func checkElement(n *html.Node, o Options, bad func(string, ...any)) {
	attributes, ok := allowed[n.Data]
	if !ok || n.Namespace != "" {
		bad("element %s %s", n.Namespace, n.Data)
		return
	}
	values := map[string]string{}
	for _, a := range n.Attr {
		values[a.Key] = a.Val
		if a.Namespace != "" || !contains(attributes, a.Key) {
			bad("attribute %s on %s", a.Key, n.Data)
		}
		if hiddenPattern.MatchString(a.Val) {
			bad("hidden characters in %s=%q", a.Key, a.Val)
		}
	}
	if class, ok := values["class"]; ok && !languagePattern.MatchString(class) {
		bad("class %q", class)
	}
	switch n.Data {
	case "a":
		if values["rel"] != "nofollow noopener noreferrer" {
			bad("rel %q", values["rel"])
		}
		checkLink(values["href"], bad)
		for c := n.Parent; c != nil; c = c.Parent {
			if c.Data == "a" {
				bad("a link in a link")
			}
		}
	case "img":
		if o.Uploads == "" || !uploadPattern.MatchString(values["src"]) {
			bad("image from %q", values["src"])
		}
		if _, ok := values["alt"]; !ok {
			bad("image without a description")
		}
	}
}

func checkLink(href string, bad func(string, ...any)) {
	u, err := url.Parse(href)
	if err != nil || strings.ContainsAny(href, " \t\n\r\\\"<>`") || href == "" {
		bad("address %q: %v", href, err)
		return
	}
	switch {
	case u.Scheme == "http" || u.Scheme == "https":
		if u.Host == "" || u.User != nil {
			bad("address %q", href)
		}
	case u.Scheme == "mailto":
	case u.Scheme == "" && u.Host == "" && strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//"):
	default:
		bad("address %q with scheme %q", href, u.Scheme)
	}
}

func contains(list []string, s string) bool {
	return slices.Contains(list, s)
}

// Each payload stands alone and in every place that a text has for words.
func TestPayloadsAreHarmless(t *testing.T) {
	list := payloads()
	if len(list) < 150 {
		t.Fatalf("%d payloads, want at least 150", len(list))
	}
	seen := map[string]bool{}
	for _, p := range list {
		if seen[p] {
			t.Errorf("payload %q stands twice", p)
		}
		seen[p] = true
		flat := strings.ReplaceAll(p, "\n", " ")
		for _, md := range []string{
			p,
			"Before " + p + " after.",
			"# " + flat,
			"> " + strings.ReplaceAll(p, "\n", "\n> "),
			"- " + strings.ReplaceAll(p, "\n", "\n  "),
			"*" + p + "* **" + p + "** ~~" + p + "~~",
			"| a | " + flat + " |\n|---|:--|\n| " + flat + " | b |",
			"[" + p + "](https://example.org/x)",
			"[x](" + p + ")",
			"[x](<" + p + ">)",
			"[x](https://example.org/" + p + ")",
			"[x](/" + p + ")",
			"[x](https://example.org '" + p + "')",
			"![" + p + "](/files/a.png)",
			"![x](" + p + ")",
			"![x](/files/" + p + ")",
			"[1]: " + p + "\n\n[1] ![1]",
			"[" + p + "]: /x '" + p + "'\n\n[" + p + "]",
			"`" + p + "`",
			"```\n" + p + "\n```",
			"```" + flat + "\nx\n```",
			"<" + p + ">",
			"@" + p,
			"https://example.org/" + p,
			html.EscapeString(p),
			p + p,
		} {
			for name, o := range safeOptions() {
				out, err := HTML(md, o)
				if err != nil {
					t.Fatalf("HTML(%q) for %s: %v", md, name, err)
				}
				checkSafe(t, md, out, o)
			}
			if plain := PlainAt(md, "https://rubato.example.org"); hiddenPattern.MatchString(plain) {
				t.Errorf("Plain(%q) = %q: hidden characters", md, plain)
			}
			if line := Conclusion(md); hiddenPattern.MatchString(line) || strings.ContainsAny(line, "\n\t") {
				t.Errorf("Conclusion(%q) = %q: not one plain line", md, line)
			}
		}
	}
}

// The policy alone, given the payloads as HTML, must hold without the renderer
// in front of it, and must have nothing to do the second time.
func TestPolicyAlone(t *testing.T) {
	for _, p := range payloads() {
		once := policy().Sanitize(p)
		if twice := policy().Sanitize(once); twice != once {
			t.Errorf("Sanitize(%q) = %q, and of that %q", p, once, twice)
		}
		nodes, err := html.ParseFragment(strings.NewReader(once), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
		if err != nil {
			t.Fatal(err)
		}
		var walk func(n *html.Node)
		walk = func(n *html.Node) {
			if n.Type == html.ElementNode {
				if _, ok := allowed[n.Data]; !ok {
					t.Errorf("Sanitize(%q) = %q: element %s", p, once, n.Data)
				}
				for _, a := range n.Attr {
					if !contains(allowed[n.Data], a.Key) || a.Key == "href" && !strings.HasPrefix(a.Val, "http") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "mailto:") {
						t.Errorf("Sanitize(%q) = %q: %s=%q", p, once, a.Key, a.Val)
					}
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c)
			}
		}
		for _, n := range nodes {
			walk(n)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, p := range payloads() {
		f.Add(p)
	}
	for _, slow := range slowTexts() {
		f.Add(slow(300))
	}
	f.Fuzz(func(t *testing.T, md string) {
		for _, o := range safeOptions() {
			out, err := HTML(md, o)
			if err != nil {
				return // too long, the only error there is
			}
			checkSafe(t, md, out, o)
		}
		if plain := Plain(md); hiddenPattern.MatchString(plain) {
			t.Errorf("Plain(%q) = %q: hidden characters", md, plain)
		}
		if line := Conclusion(md); len([]rune(line)) > ConclusionRunes || strings.Contains(line, "\n") {
			t.Errorf("Conclusion(%q) = %q", md, line)
		}
		for _, h := range Mentions(md) {
			if !handlePattern.MatchString(h) {
				t.Errorf("Mentions(%q) has %q", md, h)
			}
		}
	})
}

var handlePattern = regexp.MustCompile(`^[a-z0-9._-]{1,31}[a-z0-9_-]$`)
