package words

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// TestAutoReply holds the text that a charter gives to mail tools (R3.1), for
// the charters that people have. go test ./words -run AutoReply -update writes it.
func TestAutoReply(t *testing.T) {
	w := english(t)
	week := func(change func(*Reading)) Reading {
		r := Reading{Place: "Berlin", Normal: "24h", Urgent: "4wh"}
		for d := 1; d <= 5; d++ {
			r.Windows[d] = []string{"11:00", "16:00"}
		}
		change(&r)
		return r
	}
	const page = "https://rubato.example.org/c/x"
	var got strings.Builder
	for _, tt := range []struct {
		about   string
		reading Reading
		page    string
	}{
		{"as proposed, with focus blocks and a public page", week(func(r *Reading) { r.Focus = true }), page},
		{"without focus blocks, and without a public page", week(func(*Reading) {}), ""},
		{"half Fridays, and an hour on Saturday", week(func(r *Reading) { r.Windows[5], r.Windows[6] = []string{"11:00"}, []string{"11:00"} }), page},
		{"one window, and a norm of its own", week(func(r *Reading) {
			r.Windows, r.Normal, r.Urgent = [8][]string{1: {"09:30"}, 3: {"09:30"}}, "48h", "1wh"
		}), ""},
		{"no window", Reading{Place: "Berlin", Normal: "24h", Urgent: "4wh"}, page},
	} {
		got.WriteString("== " + tt.about + "\n" + flat(w.AutoReply(tt.reading, "Lena Vogt", tt.page)) + "\n\n")
	}
	const file = "testdata/auto-reply.txt"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got.String(), want)
	}
}
