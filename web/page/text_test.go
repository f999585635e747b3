package page

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// TestTextIsFromTheCatalogue renders every sample in the pseudo-language, in
// which the catalogue has no plain letter: whatever plain letter is left in a
// text, a label or a title is data, or a sentence that stands in the code.
func TestTextIsFromTheCatalogue(t *testing.T) {
	for _, s := range Samples(catalogue(t).Pseudo(), morning()) {
		for _, text := range stray(t, render(t, s), s.Data) {
			t.Errorf("%s: %q is neither data nor from the catalogue", s.Name, text)
		}
	}
	planted := `<p>Ada<b title="Lost">[!! šáíð !!]</b> said 3 things</p><kbd>x</kbd><input placeholder="Ada">`
	if found := stray(t, planted, struct{ Name string }{"Ada"}); !slices.Equal(found, []string{"Lost", "said 3 things"}) {
		t.Errorf("of the planted texts only %q were found", found)
	}
}

// stray lists the texts of a page that hold plain letters and are not in data.
func stray(t *testing.T, page string, data any) []string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	known := dataIn(data)
	var out []string
	for text := range visible(doc) {
		left := text
		for _, d := range known {
			left = strings.ReplaceAll(left, d, " ")
		}
		if strings.ContainsFunc(left, func(r rune) bool { return r < 128 && unicode.IsLetter(r) }) {
			out = append(out, text)
		}
	}
	return out
}

// visible yields the texts of a page that somebody sees or hears.
func visible(doc *html.Node) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for n := range doc.Descendants() {
			switch {
			case n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style":
				if text := strings.TrimSpace(n.Data); text != "" && !(n.Parent.Data == "kbd" && len(text) == 1) && !yield(text) {
					return
				}
			case n.Type == html.ElementNode:
				for _, a := range n.Attr {
					if slices.Contains([]string{"aria-label", "title", "placeholder", "alt", "label", "data-copied", "data-remove", "data-none", "data-suggestions"}, a.Key) && a.Val != "" && !yield(a.Val) {
						return
					}
				}
			}
		}
	}
}

// dataIn lists every string inside a page struct, longest first, and the words
// that pages take from them: first names, texts of rendered HTML.
func dataIn(v any) []string {
	seen := map[string]bool{"Rubato": true, "https://": true, "{name}": true}
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			text := v.String()
			seen[text] = true
			if strings.Contains(text, "<") {
				doc, err := html.Parse(strings.NewReader(text))
				if err == nil {
					for t := range visible(doc) {
						seen[t] = true
					}
				}
			}
			if first, _, ok := strings.Cut(text, " "); ok {
				seen[first] = true
			}
		case reflect.Pointer, reflect.Interface:
			if !v.IsNil() && v.Type().String() != "*words.Words" && v.Type().String() != "*time.Location" {
				walk(v.Elem())
			}
		case reflect.Struct:
			if v.Type().PkgPath() == "time" {
				return
			}
			for _, field := range v.Fields() {
				walk(field)
			}
		case reflect.Slice, reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Map:
			for _, k := range v.MapKeys() {
				walk(v.MapIndex(k))
			}
		default: // holds no text
		}
	}
	walk(reflect.ValueOf(v))
	var out []string
	for text := range seen {
		if text = strings.TrimSpace(text); text != "" {
			out = append(out, text)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b)) })
	return out
}

// TestFormsCarryAKey holds every form that changes something to its
// idempotency key, and every key to one form of the page.
func TestFormsCarryAKey(t *testing.T) {
	for _, s := range Samples(catalogue(t).For("en"), morning()) {
		doc, err := html.Parse(strings.NewReader(render(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]string{}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode || n.Data != "form" || attr(n, "method") == "get" || attr(n, "method") == "dialog" {
				continue
			}
			action, key := attr(n, "action"), ""
			if attr(n, "method") != "post" || action == "" {
				t.Errorf("%s: a form to %q with method %q", s.Name, action, attr(n, "method"))
			}
			for f := range n.Descendants() {
				if f.Data == "input" && attr(f, "name") == "key" {
					key = attr(f, "value")
				}
			}
			if !strings.HasPrefix(key, "k7Q.") {
				t.Errorf("%s: the form to %s has no key of the page but %q", s.Name, action, key)
			}
			if other, twice := keys[key]; twice {
				t.Errorf("%s: the forms to %s and %s share the key %q", s.Name, other, action, key)
			}
			keys[key] = action
		}
	}
}

// TestIdsAndReferences holds ids to be unique, and whatever refers to one to
// find it.
func TestIdsAndReferences(t *testing.T) {
	for _, s := range Samples(catalogue(t).For("en"), morning()) {
		doc, err := html.Parse(strings.NewReader(render(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]bool{}
		for n := range doc.Descendants() {
			if id := attr(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: the id %q stands twice", s.Name, id)
				}
				ids[id] = true
			}
		}
		for n := range doc.Descendants() {
			for _, name := range []string{"for", "aria-labelledby", "aria-describedby", "list"} {
				for id := range strings.FieldsSeq(attr(n, name)) {
					if !ids[id] {
						t.Errorf("%s: %s=%q of <%s> leads nowhere", s.Name, name, id, n.Data)
					}
				}
			}
			if href, ok := strings.CutPrefix(attr(n, "href"), "#"); ok && !ids[href] {
				t.Errorf("%s: the link to #%s leads nowhere", s.Name, href)
			}
		}
	}
}

// TestNothingInline holds pages to the strict policy: no style, no handler, no
// script of their own.
func TestNothingInline(t *testing.T) {
	for _, s := range Samples(catalogue(t).For("en"), morning()) {
		doc, err := html.Parse(strings.NewReader(render(t, s)))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "style" || n.Data == "script" && (attr(n, "src") == "" || n.FirstChild != nil) {
				t.Errorf("%s: inline <%s>", s.Name, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s=%q>", s.Name, n.Data, a.Key, a.Val)
				}
			}
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
