package faulttest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rubato-hq/rubato/delivery/deliverytest"
)

// TestClocksChangeWhileRunning starts the engine ten minutes before a change of
// clocks, with a window in the hour that is left out or comes twice: it comes
// once that day, when it was promised, and what is written afterwards waits for
// the next day's.
func TestClocksChangeWhileRunning(t *testing.T) {
	for _, tt := range []struct {
		name, zone, start, window string
		want, next                string // as the wall shows it, with the offset from UTC
	}{
		{"Berlin, left out", "Europe/Berlin", "Sun 29 Mar 2026 01:50", "02:30", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"},
		{"Berlin, twice", "Europe/Berlin", "Sun 25 Oct 2026 01:50", "02:30", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"},
		{"Lord Howe, left out", "Australia/Lord_Howe", "Sun 4 Oct 2026 01:50", "02:15", "2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"},
		{"Lord Howe, twice", "Australia/Lord_Howe", "Sun 5 Apr 2026 01:20", "01:45", "2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"},
		{"Cairo, left out", "Africa/Cairo", "Thu 23 Apr 2026 23:50", "00:30", "2026-04-24T01:00:00+03:00", "2026-04-25T00:30:00+03:00"},
		{"Cairo, twice", "Africa/Cairo", "Thu 29 Oct 2026 22:50", "23:30", "2026-10-29T23:30:00+03:00", "2026-10-30T23:30:00+02:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			database := deliverytest.SQLite(t)
			synctest.Test(t, func(t *testing.T) {
				deliverytest.Start(t, tt.start+" "+tt.zone)
				d := deliverytest.New(t, database)
				d.Person("jonas", tt.zone, "mon-sun 00:00-24:00", "12:00")
				d.Person("mia", tt.zone, "mon-sun 00:00-24:00", tt.window)
				first := d.Ask("jonas", []string{"mia"}, "Before the window?")
				want, err := time.Parse(time.RFC3339, tt.want)
				if err != nil {
					t.Fatal(err)
				}
				if plan := first.Plans[0].Plan.At.Time(); !plan.Equal(want) {
					t.Errorf("promised for %s, want %s", plan, want)
				}
				time.Sleep(time.Until(want.Add(time.Minute)))
				synctest.Wait()
				d.Ask("jonas", []string{"mia"}, "After the window?")
				time.Sleep(48 * time.Hour)
				synctest.Wait()
				var got []string
				for _, b := range d.Briefs("mia") {
					got = append(got, b.At.In(deliverytest.Time(t, tt.start+" "+tt.zone).Location()).Format(time.RFC3339)+" "+strings.Join(b.Lines, " "))
				}
				if want := []string{tt.want + " Before the window?", tt.next + " After the window?"}; strings.Join(got, "\n") != strings.Join(want, "\n") {
					t.Errorf("briefs\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			})
		})
	}
}

// TestZoneFiles takes the machine's files of zones away, and gives the program
// damaged ones: it computes the same with those that it holds. A newer file of
// the machine goes before its own, and a zone that nobody knows is an error.
func TestZoneFiles(t *testing.T) {
	t.Parallel()
	exe, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cases, err := os.ReadFile("../../core/worktime/testdata/worktime-examples.json")
	if err != nil {
		t.Fatal(err)
	}
	eval := func(cases []byte, env string, wrap ...string) (string, error) {
		t.Helper()
		words := append(append([]string(nil), wrap...), exe, "worktime", "eval", "--json")
		c := exec.Command(words[0], words[1:]...)
		c.Env = append(os.Environ(), env)
		c.Stdin = bytes.NewReader(cases)
		var said bytes.Buffer
		c.Stderr = &said
		out, err := c.Output()
		return string(out) + said.String(), err
	}
	want, err := eval(cases, "A=")
	if err != nil || len(want) < 1000 {
		t.Fatalf("%v\n%s", err, want)
	}
	damaged := t.TempDir()
	for _, name := range []string{"Europe/Berlin", "America/Los_Angeles"} {
		path := filepath.Join(damaged, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { // for everybody to read
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("TZif2 and no more"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	nowhere := []string{"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo", "/usr/lib/locale/TZ", "/usr/local/go/lib/time"}
	hide := "for d in " + strings.Join(nowhere, " ") + `; do [ -d $d ] && mount -t tmpfs none $d; done; exec "$0" "$@"`
	empty := append(apart(t), "sh", "-c", hide)
	for name, run := range map[string]func() (string, error){
		"no files at all":          func() (string, error) { return eval(cases, "A=", empty...) },
		"ZONEINFO names no folder": func() (string, error) { return eval(cases, "ZONEINFO=/nowhere", empty...) },
		"damaged files":            func() (string, error) { return eval(cases, "ZONEINFO="+damaged) },
	} {
		if got, err := run(); err != nil || got != want {
			t.Errorf("%s: %v, and what is computed differs: %.300s", name, err, got)
		}
	}

	// A machine whose Berlin has gone over to the rules of Reykjavik.
	changed := t.TempDir()
	if err := os.MkdirAll(filepath.Join(changed, "Europe"), 0o755); err != nil { // for everybody to read
		t.Fatal(err)
	}
	reykjavik := []byte("TZif\x00" + strings.Repeat("\x00", 15) + strings.Repeat("\x00", 4*4) + "\x00\x00\x00\x01\x00\x00\x00\x04" + strings.Repeat("\x00", 6) + "GMT\x00")
	if err := os.WriteFile(filepath.Join(changed, "Europe/Berlin"), reykjavik, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := eval(cases, "ZONEINFO="+changed); err != nil || got == want || !strings.Contains(got, `"`) {
		t.Errorf("a newer file of the machine changes nothing: %v", err)
	}
	got, _ := eval([]byte(strings.ReplaceAll(string(cases), "Europe/Berlin", "Europe/Berln")), "A=")
	if !strings.Contains(got, `"got":null,"error":"resolve: \"zone\": load zone \"Europe/Berln\": unknown time zone Europe/Berln"`) {
		t.Errorf("a zone that nobody knows is computed: %.300s", got)
	}
}
