package worktimecase_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/wire/worktimecase"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

func examples(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../core/worktime/testdata/worktime-examples.json")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestExamples computes the worked examples of worktime 14.
func TestExamples(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	failed, err := worktimecase.Run(bytes.NewReader(examples(t)), &out, false)
	if want := "100 passed, 0 failed\n"; failed != 0 || err != nil || out.String() != want {
		t.Errorf("Run: %d failed, %v, printed\n%swant\n%s", failed, err, out.String(), want)
	}
}

// TestAnswers reads back what --json prints: it is what the examples want, each
// instant in the very offset that the file shows.
func TestAnswers(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if failed, err := worktimecase.Run(bytes.NewReader(examples(t)), &out, true); failed != 0 || err != nil {
		t.Fatalf("Run: %d failed, %v", failed, err)
	}
	var got []struct {
		ID  string `json:"id"`
		Got any    `json:"got"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			ID   string `json:"id"`
			Want any    `json:"want"`
		} `json:"cases"`
	}
	if err := json.Unmarshal(examples(t), &file); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(file.Cases) {
		t.Fatalf("%d answers to %d cases", len(got), len(file.Cases))
	}
	// UTC has two spellings, and London in winter may show either.
	spelling := cmp.Transformer("zulu", func(s string) string { return strings.Replace(s, "+00:00", "Z", 1) })
	for i, c := range file.Cases {
		if diff := cmp.Diff(c.Want, got[i].Got, spelling); got[i].ID != c.ID || diff != "" {
			t.Errorf("%s, answered as %s (-want +got):\n%s", c.ID, got[i].ID, diff)
		}
	}
}

// eval computes one case, with a few charters at hand.
func eval(t *testing.T, c string) worktimecase.Result {
	t.Helper()
	file := `{"format": "rubato-worktime/1", "charters": {
		"berlin": {"zone": "Europe/Berlin", "hours": {"tue": ["09:00-12:30", "13:30-17:30"]}},
		"nothing": {"zone": "Europe/Berlin"},
		"later": {"like": "berlin", "about": "starts at ten", "hours": {"tue": ["10:00-16:00"]}},
		"broken": {"zone": "Europe/Berlin", "hours": {"tue": ["9-5"]}},
		"nowhere": {"like": "berlin", "zone": "Europe/Atlantis"},
		"loop": {"like": {"like": "other", "windows": []}}, "other": {"like": "loop"}
	}, "cases": [` + c + `]}`
	results, err := worktimecase.Eval(strings.NewReader(file), zoneinfo.New().Zone)
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

func TestCases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in string }{
		{"a like of a like", `{"op": "day", "charter": {"like": {"like": "later"}, "windows": ["12:00"]}, "in": {"date": "2026-11-24"}, "want": {
			"day": [["2026-11-24T00:00:00+01:00", "2026-11-25T00:00:00+01:00"]], "working": true,
			"work": [["2026-11-24T10:00:00+01:00", "2026-11-24T16:00:00+01:00"]], "free": [["2026-11-24T09:00:00Z", "2026-11-24T15:00:00Z"]],
			"windows": ["2026-11-24T11:00:00Z"]}}`},
		{"a key replaced by nothing", `{"op": "next", "charter": {"like": "berlin", "windows": []}, "in": {"class": "normal", "now": "2026-11-24T08:00:00Z"}, "want": {"at": null, "away_days": null}}`},
		{"null is absent", `{"op": "next", "charter": {"like": "berlin", "windows": null, "off": null}, "in": {"class": "default", "now": "2026-11-24T08:00:00Z", "sealed": null}, "want": {"at": "2026-11-24T10:00:00Z", "away_days": 0}}`},
		{"windows by weekday", `{"op": "windows", "charter": {"like": "berlin", "windows": {"tue": ["10:00"], "wed": ["11:00"]}}, "in": {"from": "2026-11-23T00:00:00Z", "to": "2026-11-30T00:00:00Z"}, "want": {"windows": ["2026-11-24T10:00:00+01:00"]}}`},
		{"a fraction of a second, and another offset", `{"op": "next", "charter": "berlin", "in": {"class": "crisis", "now": "2026-11-24T08:00:00.5Z"}, "want": {"at": "2026-11-24T03:00:01-05:00", "away_days": 0}}`},
		{"no hours", `{"op": "check", "charter": "nothing", "want": {"errors": ["no_hours"], "warnings": []}}`},
		{"no zone", `{"op": "check", "charter": {"hours": {"mon": ["09:00-17:00"]}}, "want": {"errors": ["zone"], "warnings": []}}`},
		{"malformed, and only zones beside it", `{"op": "check", "charter": {"like": "nowhere", "hours": {"mon": ["09:00-17:00"], "tue": ["9-5", "08:00"]}, "windows": ["19:00"], "travel": [{"from": "2026-11-24", "to": "2026-11-20", "zone": "Mars"}]}, "want": {"errors": ["time", "zone"], "warnings": []}}`},
		{"malformed dates", `{"op": "check", "charter": {"like": "berlin", "holidays": ["2026-02-30"], "off": [{"from": "2026-11-24"}], "dates": {"today": []}}, "want": {"errors": ["time"], "warnings": []}}`},
		{"malformed weekday", `{"op": "check", "charter": {"like": "berlin", "week_start": "monday"}, "want": {"errors": ["time"], "warnings": []}}`},
		{"the wrong shape", `{"op": "check", "charter": {"like": "berlin", "hours": {"mon": "09:00-17:00"}, "focus_on": {}, "windows": 11}, "want": {"errors": ["time"], "warnings": []}}`},
		{"two of one code", `{"op": "check", "charter": {"like": "berlin", "windows": ["11:00", "18:00", "19:00"]}, "want": {"errors": ["window_outside"], "warnings": []}}`},
		{"an open trip", `{"op": "state", "charter": {"like": "berlin", "travel": [{"from": "2026-11-24", "zone": "UTC"}]}, "in": {"at": "2026-11-24T08:59:00Z"}, "want": {"state": "off", "until": "2026-11-24T09:00:00Z"}}`},
		{"need as a number above all", `{"op": "ask", "people": {"a": "berlin"}, "in": {"class": "normal", "sent": "2026-11-24T08:00:00Z", "window": "eod", "need": 2}, "want": {"each": {"a": {"delivered": "2026-11-24T10:00:00Z", "due": "2026-11-24T16:30:00Z"}}, "due": null}}`},
		{"an offset with seconds", `{"op": "resolve", "in": {"zone": "Africa/Monrovia", "local": "1971-06-01T12:00"}, "want": {"at": "1971-06-01T12:44:30Z"}}`},
		{"no slot", `{"op": "rotate", "people": {"a": "berlin"}, "in": {"windows": [["2026-11-24T09:05:00Z", "2026-11-24T09:20:00Z"]], "minutes": 15, "ledger": {"b": 5}}, "want": {"slots": [{"start": null, "points": {}}], "ledger": {"a": 0, "b": 5}}}`},
		{"no reader can be reached", `{"op": "theatre", "people": {"a": "nothing"}, "in": {"opened": "2026-11-24T08:00:00Z", "hours": 24, "close": "2026-11-30T08:00:00Z"}, "want": {"theatre": true, "earliest": null, "short": {"a": 0}}}`},
		{"an empty week", `{"op": "sync", "charter": "nothing", "in": {"week": "2026-11-24"}, "want": {"meetings": 0, "blocks": 0, "sync_s": 0, "tier": "below", "work_s": 0, "workdays": 0, "fragments": 0, "fragment_s": 0, "focus_blocks": 0, "focus_s": 0, "deep_blocks": 0, "longest_s": 0, "interruptions": 0, "every_s": null, "of_275_pct": null, "recovery_s": 0, "outside_s": 0, "early_late_s": 0, "early_late_pings": 0}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := eval(t, tc.in)
			if diff := cmp.Diff(r.Want, r.Got); !r.OK {
				t.Errorf("%v (-want +got):\n%s", r.Err, diff)
			}
		})
	}
}

func TestBrokenCasesFailAlone(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"not an object", `5`, `read the case: json: cannot unmarshal number into Go value of type worktimecase.testCase`},
		{"unknown op", `{"op": "sleep", "want": {}}`, `unknown op "sleep"`},
		{"no op", `{"want": {}}`, `unknown op ""`},
		{"nothing wanted", `{"op": "state", "charter": "berlin", "in": {"at": "2026-11-24T08:59:00Z"}}`, `"want" is missing`},
		{"no charter", `{"op": "state", "in": {"at": "2026-11-24T08:59:00Z"}, "want": {}}`, `state: "charter" is missing`},
		{"no people", `{"op": "overlap", "in": {"from": "2026-11-24T08:59:00Z", "to": "2026-11-24T08:59:00Z"}, "want": {}}`, `overlap: "people" is missing`},
		{"unknown charter", `{"op": "day", "charter": "paris", "in": {"date": "2026-11-24"}, "want": {}}`, `day: no charter is named "paris"`},
		{"charter like itself", `{"op": "day", "charter": "loop", "in": {"date": "2026-11-24"}, "want": {}}`, `day: charter "loop": charter "other": charter "loop" is like itself`},
		{"malformed charter", `{"op": "day", "charter": "broken", "in": {"date": "2026-11-24"}, "want": {}}`, `day: hours.tue: "9-5": not a span of the form 09:00-12:30`},
		{"unknown zone", `{"op": "fair", "people": {"a": "nowhere"}, "in": {"opened": "2026-11-24T08:59:00Z", "hours": 24}, "want": {}}`, `fair: a: charter cannot be read: zone (zone)`},
		{"unknown key of a charter", `{"op": "check", "charter": {"like": "berlin", "hour": {}}, "want": {}}`, `check: a charter has no key "hour"`},
		{"a charter that is a number", `{"op": "check", "charter": 5, "want": {}}`, `check: a charter is a name or an object`},
		{"unknown key", `{"op": "state", "charter": "berlin", "in": {"at": "2026-11-24T08:59:00Z", "when": 1}, "want": {}}`, `state: unknown key "when"`},
		{"missing key", `{"op": "next", "charter": "berlin", "in": {"class": "normal"}, "want": {}}`, `next: "now" is missing`},
		{"wrong type", `{"op": "next", "charter": "berlin", "in": {"class": "normal", "now": 5}, "want": {}}`, `next: "now" cannot be read: json: cannot unmarshal number into Go value of type string`},
		{"not an instant", `{"op": "next", "charter": "berlin", "in": {"class": "normal", "now": "2026-11-24T08:59"}, "want": {}}`, `next: "now": "2026-11-24T08:59": not an RFC 3339 instant`},
		{"unknown class", `{"op": "next", "charter": "berlin", "in": {"class": "soon", "now": "2026-11-24T08:59:00Z"}, "want": {}}`, `next: "class": "soon": not a class`},
		{"unknown term", `{"op": "due", "charter": "berlin", "in": {"delivered": "2026-11-24T08:59:00Z", "window": "1d"}, "want": {}}`, `due: "window": "1d": not a term of the form 24h, 4wh, eod, eow, 2006-01-02 or 2006-01-02T15:04:05Z`},
		{"pause without a start", `{"op": "due", "charter": "berlin", "in": {"delivered": "2026-11-24T08:59:00Z", "window": "1h", "pauses": [[null, null]]}, "want": {}}`, `due: "pauses": an interval has no start`},
		{"half a pause", `{"op": "due", "charter": "berlin", "in": {"delivered": "2026-11-24T08:59:00Z", "window": "1h", "pauses": [["2026-11-24T08:59:00Z"]]}, "want": {}}`, `due: "pauses": not a pair`},
		{"an interval without end", `{"op": "windows", "charter": "berlin", "in": {"from": "0001-01-01T00:00:00Z", "to": "9999-01-01T00:00:00Z"}, "want": {}}`, `windows: "to" is longer than 200 years`},
		{"unknown clock", `{"op": "elapsed", "charter": "berlin", "in": {"clock": "wall", "from": "2026-11-24T08:59:00Z", "to": "2026-11-24T08:59:00Z"}, "want": {}}`, `elapsed: "clock": the clocks are day and work`},
		{"need nobody", `{"op": "ask", "people": {"a": "berlin"}, "in": {"class": "normal", "sent": "2026-11-24T08:00:00Z", "window": "eod", "need": 0}, "want": {}}`, `ask: "need" is not from 1 to 16777216`},
		{"need a word", `{"op": "ask", "people": {"a": "berlin"}, "in": {"class": "normal", "sent": "2026-11-24T08:00:00Z", "window": "eod", "need": "most"}, "want": {}}`, `ask: "need" is first, all or a number`},
		{"unknown rule", `{"op": "resolve", "in": {"zone": "UTC", "local": "2026-11-24T08:59", "rule": "iso"}, "want": {}}`, `resolve: "rule": the only rule is rfc5545`},
		{"unknown key of an event", `{"op": "sync", "charter": "berlin", "in": {"week": "2026-11-24", "events": [{"begin": 1}]}, "want": {}}`, `sync: "events": json: unknown field "begin"`},
		{"an event without an end", `{"op": "sync", "charter": "berlin", "in": {"week": "2026-11-24", "events": [{"start": "2026-11-24T08:59:00Z"}]}, "want": {}}`, `sync: "events": "": not an RFC 3339 instant`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := eval(t, tc.in)
			if r.OK || r.Err == nil || r.Err.Error() != tc.want {
				t.Errorf("failed with %v, want %s", r.Err, tc.want)
			}
		})
	}
}

const differing = `{"format": "rubato-worktime/1", "charters": {}, "cases": [
	{"id": "A", "about": "wrong", "op": "resolve", "in": {"zone": "UTC", "local": "2026-11-24T08:59"}, "want": {"at": "2026-11-24T08:58:00Z"}},
	{"id": "B", "about": "right", "op": "resolve", "in": {"zone": "UTC", "local": "2026-11-24T08:59"}, "want": {"at": "2026-11-24T10:59:00+02:00"}},
	{"about": "no <id>", "op": "sleep", "want": null}
]}`

func TestRunPrints(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		json   bool
		want   string
		failed int
	}{
		{"differences", false, `FAIL A wrong: want {"at":"2026-11-24T08:58:00Z"}, got {"at":"2026-11-24T08:59:00Z"}
FAIL #3 no <id>: want null, got error: unknown op "sleep"
1 passed, 2 failed
`, 2},
		{"answers", true, `[
{"id":"A","got":{"at":"2026-11-24T08:59:00Z"}},
{"id":"B","got":{"at":"2026-11-24T08:59:00Z"}},
{"id":"#3","got":null,"error":"unknown op \"sleep\""}
]
`, 2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			failed, err := worktimecase.Run(strings.NewReader(differing), &out, tc.json)
			if diff := cmp.Diff(tc.want, out.String()); diff != "" || failed != tc.failed || err != nil {
				t.Errorf("%d failed, %v (-want +got):\n%s", failed, err, diff)
			}
		})
	}
}

func TestRunRefusesFiles(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"empty", ``, "read the cases: EOF"},
		{"cut short", `{"format": "rubato-worktime/1", "cases": [`, "read the cases: unexpected EOF"},
		{"another format", `{"format": "rubato-worktime/2"}`, `read the cases: format "rubato-worktime/2" is not "rubato-worktime/1"`},
		{"two files", `{"format": "rubato-worktime/1"} {}`, "read the cases: there is more after the end of the file's one object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := worktimecase.Run(strings.NewReader(tc.in), &strings.Builder{}, false)
			if err == nil || err.Error() != tc.want {
				t.Errorf("Run: %v, want %s", err, tc.want)
			}
		})
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestRunReportsAFullDisk(t *testing.T) {
	t.Parallel()
	if _, err := worktimecase.Run(strings.NewReader(differing), full{}, false); err == nil || err.Error() != "print the cases: disk full" {
		t.Errorf("Run: %v", err)
	}
}

// FuzzEval holds that no file makes the reader panic, and that every case of a
// file that can be read has a result.
func FuzzEval(f *testing.F) {
	f.Add(examples(f))
	f.Add([]byte(differing))
	var file struct {
		Charters map[string]json.RawMessage `json:"charters"`
		Cases    []json.RawMessage          `json:"cases"`
	}
	if err := json.Unmarshal(examples(f), &file); err != nil {
		f.Fatal(err)
	}
	for _, c := range file.Cases { // one at a time, which the fuzzer changes better
		raw, err := json.Marshal(map[string]any{"format": worktimecase.Format, "charters": file.Charters, "cases": []json.RawMessage{c}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	zones := zoneinfo.New().Zone
	f.Fuzz(func(t *testing.T, raw []byte) {
		results, err := worktimecase.Eval(bytes.NewReader(raw), zones)
		if err != nil {
			return
		}
		var got struct {
			Cases []json.RawMessage `json:"cases"`
		}
		if json.Unmarshal(raw, &got) == nil && len(results) != len(got.Cases) {
			t.Errorf("%d results of %d cases", len(results), len(got.Cases))
		}
	})
}
