package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// TestBadInput is row 55 of security 2: whatever stands in a field, in the
// address or in a header is refused as the sender's, in words, as described.
func TestBadInput(t *testing.T) { both(t, badInput) }

func badInput(t *testing.T, open func(testing.TB) *world) {
	texts := []string{"\xff\xfe\xc0\xbc", "a\x00b", "\x1b]0;x\x07\u202e\r\n.\r\n", strings.Repeat("ab ", 20_000), "99999999999999999999999999", `'";--\%_{{.Env}}`, ""}
	others := []string{`[]`, `null`, `1e400`, `9223372036854775808`, `{"$ne":1}`, `"\ud800"`}
	w := open(t)
	all, tried := tries(), 0
	for _, id := range slices.Sorted(maps.Keys(all)) {
		o := all[id]
		w.server = w.fresh() // with its rates
		who := "member"
		if o.kind == governs {
			who = "owner"
		}
		try := func(path, body, what string, headers ...string) {
			t.Helper()
			tried++
			r := w.request(who, o.method, path, body, headers...)
			a := w.serve(r)
			if a.StatusCode >= 500 {
				t.Errorf("%s with %.60q %s: %d %s", id, what, body[:min(len(body), 200)], a.StatusCode, a.body)
			}
			if a.StatusCode != http.StatusTooManyRequests { // it says so wherever it is
				w.t = t
				w.described(r, a)
			}
		}
		for _, text := range texts {
			if strings.Contains(o.path, "{") && len(text) < 1000 {
				try(placed(o.path, text), o.body, text)
			}
			if o.method == http.MethodGet {
				for _, name := range []string{"limit", "cursor", "find", "state", "with", "kind", "after"} {
					try(o.path+joint(o.path)+name+"="+escaped(text), "", text)
				}
			}
			if len(text) < 1000 && !strings.ContainsAny(text, "\x00\r") {
				try(o.path, o.body, text, "Idempotency-Key", text, "Accept-Language", text, "User-Agent", text)
			}
			for _, body := range bent(o.body, quoted(text)) {
				try(o.path, body, text)
			}
		}
		for _, other := range others {
			for _, body := range bent(o.body, other) {
				try(o.path, body, other)
			}
		}
	}
	t.Logf("%d requests", tried)
}

// quoted is a text as a JSON string, with its bytes as they are.
func quoted(text string) string {
	if strings.Contains(text, "\xff") {
		return `"` + text + `"`
	}
	b, err := json.Marshal(text)
	if err != nil {
		panic(err) // of a string there is none
	}
	return string(b)
}

func escaped(text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, "%%%02x", text[i])
	}
	return b.String()
}

func joint(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}

// placed puts a text where a path has an id.
func placed(path, text string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.Contains(p, "{") {
			parts[i] = escaped(text)
		}
	}
	return strings.Join(parts, "/")
}

// bent are a body's forms with each of its values replaced, one at a time.
func bent(body, value string) []string {
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &fields) != nil {
		return nil
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		var b strings.Builder
		for i, other := range slices.Sorted(maps.Keys(fields)) {
			v := string(fields[other])
			switch {
			case other != name:
			case strings.HasPrefix(v, "["):
				v = "[" + value + "]"
			default:
				v = value
			}
			fmt.Fprintf(&b, `%s"%s":%s`, map[bool]string{true: "{", false: ","}[i == 0], other, v)
		}
		out = append(out, b.String()+"}")
	}
	return out
}
