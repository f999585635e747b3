package api_test

import (
	"net/http"
	"testing"

	"github.com/rubato-hq/rubato/api"
)

// BenchmarkAsk is one ask through the API, committed to SQLite.
func BenchmarkAsk(b *testing.B) {
	serves(b, "POST", "/asks", `{"point":"Which?","team":"core","to":["arno"]}`, http.StatusCreated)
}

// BenchmarkBrief is reading one's last brief through the API.
func BenchmarkBrief(b *testing.B) { serves(b, "GET", "/brief", "", http.StatusOK) }

// serves runs one request over and over, past the limit on a person's rate.
func serves(b *testing.B, method, path, body string, want int) {
	w := open(b)
	n := 0
	for b.Loop() {
		if n++; n%500 == 0 {
			b.StopTimer()
			w.server = w.fresh()
			b.StartTimer()
		}
		if a := w.serve(w.request("member", method, path, body)); a.StatusCode != want {
			b.Fatalf("%d: %s", a.StatusCode, a.body)
		}
	}
}

// BenchmarkNew is what the API adds to a cold start.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		api.New(api.Config{})
	}
}
