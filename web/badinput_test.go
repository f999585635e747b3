package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/web/page"
)

// bad are values that no field expects, by what is wrong with them.
func bad() map[string]string {
	return map[string]string{
		"bytes that are no UTF-8": "\xff\xfe\xc0\xbcx\xed\xa0\x80",
		"a NUL":                   "a\x00b",
		"controls":                "\x1b]0;x\x07\x1b[31m\u202e\r\n.\r\n\x08",
		"a long text":             strings.Repeat("ab ", 20_000),
		"a long word":             strings.Repeat("ß", 30_000),
		"a number too large":      "99999999999999999999999999",
		"a negative number":       "-1",
		"quotes":                  `'"` + "`" + `;--/*\%_{{.Env}}${x}<x>`,
		"a path":                  "../../../etc/passwd",
		"nothing":                 "",
	}
}

// fieldsOf are the names of the fields that pages send to a route, and of what
// they ask for in its address, as all four who are here see them.
func (h *house) fieldsOf() (fields, asked map[string][]string) {
	fields, asked = map[string][]string{}, map[string][]string{}
	add := func(to map[string][]string, pattern, name string) {
		if !slices.Contains(to[pattern], name) {
			to[pattern] = append(to[pattern], name)
		}
	}
	w := h.newWorld()
	for _, l := range walk() {
		for name := range l.form {
			add(fields, l.pattern, name)
		}
		for _, who := range []string{"member", "guest", "admin"} {
			if !strings.HasPrefix(l.pattern, http.MethodGet) || l.class.of(who) != in || l.ok != http.StatusOK {
				continue
			}
			_, found, _ := w.pageOf(who, l)
			for _, e := range found {
				to, err := url.Parse(e.to)
				if err != nil || e.method == "" {
					continue
				}
				_, pattern := h.server.mux.Handler(httptest.NewRequestWithContext(h.Context(), e.method, e.to, nil))
				for name := range e.form {
					add(fields, pattern, name)
				}
				for name := range to.Query() {
					add(asked, pattern, name)
				}
			}
		}
	}
	return fields, asked
}

// TestBadInput is row 55 of security 2: whatever stands in a field, in the
// address or in what follows it, is answered by a page that is nobody's fault of
// ours, on both databases.
func TestBadInput(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { badInput(t, newHouse(t, "")) })
	t.Run("postgres", func(t *testing.T) { badInput(t, newHouse(t, pgtest.URL(t))) })
}

func badInput(t *testing.T, h *house) {
	fields, asked := h.fieldsOf()
	w := h.newWorld()
	tried := 0
	try := func(method, path, who string, form url.Values, what string) {
		t.Helper()
		tried++
		r := w.do(w.host, method, path, w.cookies[who], "", form)
		r.Body.Close()
		if r.StatusCode == http.StatusUnauthorized || strings.HasPrefix(r.Header.Get("Location"), page.PathSignIn) {
			w.signIn(who)
		}
		if r.StatusCode >= 500 {
			t.Errorf("%s %.80s as %s, with %s: %d", method, path, who, what, r.StatusCode)
		}
	}
	for _, l := range walk() {
		method, pattern, _ := strings.Cut(l.pattern, " ")
		who := "member"
		if l.class == govern {
			who = "owner"
		}
		w.signIn(who) // a new password, or a role, may have ended the one before
		path := w.fill(l.path)
		for what, value := range bad() {
			if form := allOf(fields[l.pattern], value); method == http.MethodPost {
				try(method, path, who, form, what+" everywhere")
				for name := range form {
					if !unstorable(value) {
						break // one refused field hides no other
					}
					one := url.Values{}
					for n, v := range l.form {
						one[n] = []string{w.fill(v[0])}
					}
					one.Set(name, value)
					try(method, path, who, one, what+" in "+name)
				}
			}
			query := allOf(append(asked[l.pattern], "back", "after", "find"), value)
			try(method, path+"?"+query.Encode(), who, nil, what+" in all that is asked for")
			if strings.Contains(pattern, "{") && len(value) < 50_000 {
				try(method, inPlaces(pattern, value), who, nil, what+" in the path")
			}
		}
	}
	t.Logf("%d requests", tried)
	if tried < 2000 {
		t.Errorf("only %d requests: are the fields of pages still found?", tried)
	}
}

// unstorable reports whether not every database can keep a value.
func unstorable(value string) bool {
	return !utf8.ValidString(value) || strings.ContainsRune(value, 0)
}

func allOf(names []string, value string) url.Values {
	form := url.Values{}
	for _, n := range names {
		form.Set(n, value)
	}
	return form
}

// inPlaces puts a value into every place of a pattern.
func inPlaces(pattern, value string) string {
	parts := strings.Split(pattern, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = url.PathEscape(value)
			if value == "" || value[0] == '.' {
				parts[i] = "%2e%2e"
			}
		}
	}
	return strings.Join(parts, "/")
}
