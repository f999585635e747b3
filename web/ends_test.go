package web

import (
	"cmp"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// An end is what a page offers: an address to go to, or a form to send.
type end struct {
	method string
	to     string // as it stands on the page, resolved
	form   url.Values
	// name tells two forms of one route apart: its fields, and the button that
	// sends it.
	name string
}

// ends are all those of a page, those that its scripts ask for included.
func ends(t testing.TB, at *url.URL, page string) (found []end, ids map[string]bool) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	ids = map[string]bool{}
	resolve := func(to string) string {
		u, err := at.Parse(to)
		if err != nil {
			t.Errorf("%s leads to %q: %v", at, to, err)
			return ""
		}
		return u.String()
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "href" || a.Key == "src":
				found = append(found, end{method: http.MethodGet, to: resolve(a.Val)})
			case strings.HasPrefix(a.Key, "data-") && strings.HasPrefix(a.Val, "/"):
				found = append(found, end{to: resolve(a.Val), name: a.Key})
			}
		}
		if n.Data == "form" && attribute(n, "method") != "dialog" {
			found = append(found, formEnds(n, resolve)...)
		}
	}
	return found, ids
}

// formEnds are the ways in which a form can be sent: one for each button of it.
func formEnds(form *html.Node, resolve func(string) string) (found []end) {
	values := url.Values{}
	var buttons []*html.Node
	for n := range form.Descendants() {
		name := attribute(n, "name")
		switch {
		case n.Data == "button" && cmp.Or(attribute(n, "type"), "submit") == "submit":
			buttons = append(buttons, n)
		case name == "":
		case n.Data == "textarea":
			values.Add(name, content(n))
		case n.Data == "select":
			values.Add(name, chosen(n))
		case n.Data == "input" && slices.Contains([]string{"radio", "checkbox"}, attribute(n, "type")):
			if has(n, "checked") {
				values.Add(name, cmp.Or(attribute(n, "value"), "on"))
			}
		case n.Data == "input" && attribute(n, "type") != "file":
			values.Add(name, attribute(n, "value"))
		}
	}
	for _, b := range buttons {
		sent := url.Values{}
		for name, v := range values {
			sent[name] = slices.Clone(v)
		}
		if name := attribute(b, "name"); name != "" {
			sent.Add(name, attribute(b, "value"))
		}
		var fields []string
		for name := range sent {
			fields = append(fields, name)
		}
		sort.Strings(fields)
		found = append(found, end{
			method: strings.ToUpper(cmp.Or(attribute(form, "method"), "get")), to: resolve(cmp.Or(attribute(b, "formaction"), attribute(form, "action"))),
			form: sent, name: strings.Join(fields, ",") + " " + attribute(b, "value"),
		})
	}
	return found
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// chosen is the option of a select that is sent.
func chosen(n *html.Node) string {
	first, all := "", false
	for o := range n.Descendants() {
		if o.Data != "option" {
			continue
		}
		value := attribute(o, "value")
		if has(o, "selected") {
			return value
		}
		if !all {
			first, all = value, true
		}
	}
	return first
}

// TestNoDeadEnds follows every link and sends every form of every page of the
// walk, as whoever sees it: each leads to a route, and nobody is offered what
// is then refused. A form goes out as it stands on the page, each in an
// organisation of its own.
func TestNoDeadEnds(t *testing.T) {
	h := newHouse(t, "")
	tried := map[string]bool{}
	for _, who := range []string{"member", "other", "guest", "admin"} {
		t.Run(who, func(t *testing.T) {
			h.TB = t
			w := h.newWorld()
			more := []line{ // faces of pages that the walk has once
				{"GET /{ref}", ours, "/{ask.ref}", 200, nil},
				{"GET /{ref}", ours, "/{asked.ref}", 200, nil},
				{"GET /{ref}", ours, "/{mine.ref}", 200, nil},
				{"GET /{ref}", ours, "/{crisis.ref}", 200, nil},
				{"GET /teams/{slug}", class{in, in, hidden, in}, "/teams/open-team", 200, nil},
			}
			for _, l := range append(walk(), more...) {
				if strings.HasPrefix(l.pattern, http.MethodGet) && l.class.of(who) == in && l.ok == http.StatusOK {
					w.followAll(who, l, tried)
				}
			}
		})
	}
}

// followAll tries the ends of one page.
func (w *world) followAll(who string, l line, tried map[string]bool) {
	w.Helper()
	at, found, ids := w.pageOf(who, l)
	for i, e := range found {
		there, err := url.Parse(e.to)
		w.must(err)
		if there.Host != at.Host {
			continue // the world outside
		}
		if there.Path == at.Path && there.Fragment != "" && !ids[there.Fragment] {
			w.Errorf("%s sees %s: %s leads to no place on it", who, at.Path, e.to)
		}
		r, err := http.NewRequestWithContext(w.Context(), cmp.Or(e.method, http.MethodPost), e.to, nil)
		w.must(err)
		_, pattern := w.server.mux.Handler(r)
		if pattern == "" && e.method == "" {
			r.Method = http.MethodGet
			_, pattern = w.server.mux.Handler(r)
		}
		if pattern == "" {
			w.Errorf("%s sees %s: no route for %s %s %s", who, at.Path, e.method, e.to, e.name)
			continue
		}
		key := who + " " + pattern + " " + e.name
		if e.method == http.MethodGet {
			key = who + " " + e.to
		}
		if e.method == "" || tried[key] {
			continue
		}
		tried[key] = true
		if e.method == http.MethodGet {
			w.arrives(who, at.Path, e, w)
			continue
		}
		other := w.newWorld() // what it does shows nowhere else
		_, again, _ := other.pageOf(who, l)
		if i >= len(again) || again[i].name != e.name {
			w.Fatalf("%s has other forms in another organisation", at.Path)
		}
		w.arrives(who, at.Path, again[i], other)
	}
}

// pageOf reads the page of a line.
func (w *world) pageOf(who string, l line) (at *url.URL, found []end, ids map[string]bool) {
	w.Helper()
	at, err := url.Parse("http://" + w.host + w.fill(l.path))
	w.must(err)
	answer := w.do(w.host, http.MethodGet, at.RequestURI(), w.cookies[who], "", nil)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	w.must(err)
	if answer.StatusCode != http.StatusOK {
		w.Errorf("%s asks for %s and gets %d", who, at.Path, answer.StatusCode)
	}
	if !strings.HasPrefix(answer.Header.Get("Content-Type"), "text/html") {
		return at, nil, nil
	}
	found, ids = ends(w.TB, at, string(body))
	return at, found, ids
}

// arrives sends what a page offers and wants an answer that is none of an error.
func (w *world) arrives(who, from string, e end, in *world) {
	w.Helper()
	to, err := url.Parse(e.to)
	w.must(err)
	answer := in.do(in.host, e.method, to.RequestURI(), in.cookies[who], "", e.form)
	answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusSeeOther, http.StatusUnprocessableEntity:
	default:
		w.Errorf("%s sees %s: %s %s (%s) answers %d", who, from, e.method, to.RequestURI(), e.name, answer.StatusCode)
	}
}

// TestWriteHere: who opens the form from the page of an open team that they do
// not belong to writes there, and not in a team of their own.
func TestWriteHere(t *testing.T) {
	w := newHouse(t, "").newWorld()
	for path, want := range map[string]string{"/write?where=open-team": "open-team", "/write?where=core-team": "side-team", "/write": "named"} {
		answer := w.ask(http.MethodGet, path, w.cookies["other"], nil)
		root, err := html.Parse(strings.NewReader(answer.text))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if attribute(n, "id") == "where" && chosen(n) != want {
				t.Errorf("%s is about to write in %q, not in %q", path, chosen(n), want)
			}
		}
	}
}
