package slackexport

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSmall(t *testing.T) {
	for name, open := range map[string]func(files, *testing.T) *Export{"zip": files.zipped, "folder": files.folder} {
		t.Run(name, func(t *testing.T) {
			x := open(small(), t)
			var users []User
			for u, err := range x.Users() {
				if err != nil {
					t.Fatal(err)
				}
				users = append(users, u)
			}
			if diff := cmp.Diff([]User{
				{ID: "U1", Team: "T1", Name: "mia", RealName: "Mia Chen", DisplayName: "mia", Title: "Maker", Email: "mia@example.org", Zone: "America/Los_Angeles"},
				{ID: "U2", Name: "jonas", RealName: "Jonas W", Deleted: true, Admin: true},
			}, users); diff != "" {
				t.Errorf("Users (-want +got):\n%s", diff)
			}
			list := channels(t, x)
			if diff := cmp.Diff([]Channel{
				{ID: "C1", Name: "general", Kind: Public, Folder: "general", Creator: "U1", Created: time.Unix(1480000000, 0).UTC(), General: true, Members: []string{"U1", "U2"}, Topic: "News", Purpose: "All of us"},
				{ID: "C2", Name: "old", Kind: Public, Archived: true},
				{ID: "G1", Name: "secret", Kind: Private, Folder: "secret", Members: []string{"U2"}},
			}, list); diff != "" {
				t.Errorf("Channels (-want +got):\n%s", diff)
			}
			if got := x.Progress(); got.Entries != 3 || got.EntriesDone != 0 || got.BytesDone != 0 {
				t.Errorf("Progress() at first = %+v", got)
			}
			got := messages(t, x, list[0], "")
			if diff := cmp.Diff([]Message{
				{TS: "1480000000.000002", Day: "2016-11-24", Class: Human, User: "U1", Text: "one"},
				{TS: "1480000000.000010", Day: "2016-11-24", Class: Human, User: "U2", Text: "reply", Thread: "1480000000.000002"},
				{TS: "1480080000.000001", Day: "2016-11-25", Class: Human, User: "U2", Text: "two"},
			}, got); diff != "" {
				t.Errorf("Messages (-want +got):\n%s", diff)
			}
			if got[0].Reply() || !got[1].Reply() || !got[0].Human() || !got[0].Time().Equal(time.Unix(1480000000, 2000)) {
				t.Errorf("Reply, Human or Time of %+v", got)
			}
			if n := len(messages(t, x, list[1], "")); n != 0 {
				t.Errorf("a channel without a folder has %d messages", n)
			}
			messages(t, x, list[2], "")
			if p := x.Progress(); p.EntriesDone != 3 || p.BytesDone != p.Bytes || p.Bytes == 0 {
				t.Errorf("Progress() at last = %+v", p)
			}
			if want := []string{"channels.json", "groups.json", "integration_logs.json", "users.json"}; !slices.Equal(x.Indexes(), want) {
				t.Errorf("Indexes() = %v, want %v", x.Indexes(), want)
			}
			if len(x.Report().Problems) != 0 {
				t.Errorf("Report() = %s", problems(x))
			}
		})
	}
}

func TestLayouts(t *testing.T) {
	const msg = `[{"user":"U1","text":"hi","ts":"1.1"}]`
	for _, tt := range []struct {
		name string
		f    files
		want string // the channels: kind, id, folder
		bad  string // the report
	}{
		{"one folder deeper", files{"My export/channels.json": `[{"id":"C1","name":"a"}]`, "My export/a/2020-01-01.json": msg, "__MACOSX/My export/._channels.json": "x", "__MACOSX/channels.json": "x"}, "public C1 a", ""},
		{"folder by id", files{"channels.json": `[{"id":"C1","name":"a"}]`, "C1/2020-01-01.json": msg}, "public " + "C1 C1", ""}, //nolint:dupword // id and name
		{"all kinds", files{
			"channels.json": `[{"id":"C1","name":"a"}]`, "groups.json": `[{"id":"G1","name":"b"}]`,
			"mpims.json": `[{"id":"G2","name":"mpdm-x--y-1"}]`, "dms.json": `[{"id":"D1","members":["U1","U2"]}]`,
			"a/2020-01-01.json": msg, "b/2020-01-01.json": msg, "mpdm-x--y-1/2020-01-01.json": msg, "D1/2020-01-01.json": msg,
		}, "public C1 a; private G1 b; group G2 mpdm-x--y-1; direct " + "D1 D1", ""}, //nolint:dupword // id and name
		{"no index at all", files{"a/2020-01-01.json": msg, "b/2020-01-01.json": msg}, "unknown a a; unknown b b", `"a": unlisted` + "\n" + `"b": unlisted`},
		{"a folder that no index names", files{"channels.json": `[{"id":"C1","name":"a"}]`, "a/2020-01-01.json": msg, "x/2020-01-01.json": msg}, "public C1 a; unknown x x", `"x": unlisted`},
		{"two channels, one folder", files{"channels.json": `[{"id":"C1","name":"a"}]`, "groups.json": `[{"id":"G1","name":"a"}]`, "a/2020-01-01.json": msg}, "public C1 ; private G1 ; unknown a a", `"a": ambiguous`},
		{"one channel, told twice", files{"channels.json": `[{"id":"C1","name":"a"},{"id":"C1","name":"a"}]`, "a/2020-01-01.json": msg}, "public C1 a; public C1 a", ""},
		{"composed and decomposed letters", files{"channels.json": `[{"id":"C1","name":"équipe"}]`, "e\u0301quipe/2020-01-01.json": msg}, "public C1 équipe", ""},
		{"teams within", files{"channels.json": `[{"id":"C1","name":"a"}]`, "teams/x/b/2020-01-01.json": msg}, "public C1 ", `"teams/x/b": outside-of-it`},
		{"other files", files{"channels.json": `[{"id":"C1","name":"a"}]`, "a/canvas.json": "x", "a/2020-1-1.json": "x", "a/2020-01-01.json": msg, "__uploads/F1/x.png": "x", "a/attachments/F1-x.png": "x", "canvases.json": "x"}, "public C1 a", ""},
		{"backslashes", files{`x\channels.json`: `[{"id":"C1","name":"a"}]`, `x\a\2020-01-01.json`: msg}, "public C1 a", ""},
		{"names with ./", files{"./channels.json": `[{"id":"C1","name":"a"}]`, "./a//2020-01-01.json": msg}, "public C1 a", ""},
		{"nothing but people", files{"users.json": `[]`}, "", ""},
		{"without an id", files{"channels.json": `[{"name":"a"}]`, "users.json": `[]`}, "", `"channels.json" item 0 byte 1: wrong-shape: no id`},
		{"nulls and numbers", files{"channels.json": `[{"id":"C1","name":null,"created":"x","members":null,"topic":null,"is_archived":null}]`}, "public C1 ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			x := tt.f.zipped(t)
			var got []string
			for _, c := range channels(t, x) {
				got = append(got, c.Kind.String()+" "+c.ID+" "+c.Folder)
				if c.Folder != "" && said(messages(t, x, c, "")) != "hi" {
					t.Errorf("messages of %s: %q", c.ID, said(messages(t, x, c, "")))
				}
			}
			if s := strings.Join(got, "; "); s != tt.want {
				t.Errorf("Channels() = %q, want %q", s, tt.want)
			}
			if got := problems(x); got != tt.bad {
				t.Errorf("Report() = %s, want %s", got, tt.bad)
			}
		})
	}
}

// What breaks off is kept up to there, and the report says where.
func TestBroken(t *testing.T) {
	const one, two = `{"user":"U1","text":"one","ts":"1.1"}`, `{"user":"U1","text":"two","ts":"2.1"}`
	for _, tt := range []struct{ name, text, said, bad string }{
		{"whole", "[" + one + "," + two + "]", "one two", ""},
		{"empty", "[]", "", ""},
		{"byte order mark", "\ufeff[" + one + "]", "one", ""},
		{"white space", " \n[ " + one + " ,\n" + two + " ] \n", "one two", ""},
		{"no file", "", "", `byte 0: truncated`},
		{"cut between", "[" + one + ",", "one", `item 1 byte 38: truncated`},
		{"cut within", "[" + one + `,{"user":"U1","te`, "one", `item 1 byte 38: truncated`},
		{"no bracket", "[" + one, "one", `byte 38: truncated`},
		{"garbage", "[" + one + ",{]}," + two + "]", "one", `item 1 byte 38: malformed: invalid character ']' looking for beginning of object key string`},
		{"comma missing", "[" + one + two + "]", "one", `item 1 byte 38: malformed: expected comma after array element`},
		{"raw line end in a text", "[" + one + ",{\"text\":\"a\nb\"}]", "one", `item 1 byte 38: malformed: invalid character '\n' in string literal`},
		{"text behind", "[" + one + "] []", "one", `byte 39: malformed: text behind the array`},
		{"an object", `{"messages":[]}`, "", `byte 0: wrong-shape: not an array`},
		{"a text", `"x"`, "", `byte 0: wrong-shape: not an array`},
		{"not JSON", `<html>`, "", `byte 0: malformed: invalid character '<' looking for beginning of value`},
		{"other elements", `[1,"x",null,[],` + one + `]`, "one", `item 0 byte 1: wrong-shape: is a number
item 0 byte 1: no-time: ts ""
item 1 byte 2: wrong-shape: is a string
item 1 byte 2: no-time: ts ""
item 2 byte 6: no-time: ts ""
item 3 byte 11: wrong-shape: is a array
item 3 byte 11: no-time: ts ""`},
		{
			"a part of another shape", `[{"user":"U1","text":"one","ts":"1.1","files":"x","reactions":[{"name":"a","users":7}],"room":5},` + two + `]`, "one two",
			`item 0 byte 1: wrong-shape: files is a string`,
		},
		{"text as a number", `[{"user":"U1","text":7,"ts":1.25}]`, "7", ""},
		{"text as a list", `[{"user":"U1","text":["x"],"ts":"1.1"}]`, "", ""},
		{
			"no time", `[{"text":"x"},{"text":"y","ts":"soon"},{"text":"z","ts":"1.2.3"},{"text":"e","ts":1e9},{"text":"-","ts":"-1"},{"text":"big","ts":"99999999999999999999"},` + one + `]`, "one",
			`item 0 byte 1: no-time: ts ""
item 1 byte 13: no-time: ts "soon"
item 2 byte 38: no-time: ts "1.2.3"
item 3 byte 64: no-time: ts "1e9"
item 4 byte 86: no-time: ts "-1"
item 5 byte 109: no-time: ts "99999999999999999999"`,
		},
		{"the same twice", "[" + one + "," + one + "," + two + "]", "one two", `item 1 byte 38: repeated`},
		{"too long", `[` + one + `,{"text":"` + letters(maxItem+100_000) + `","ts":"3.1"}]`, "one", `item 1 byte 38: too-long`},
		{"too deep", `[` + one + `,{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}]`, "one", `item 1 byte 38: malformed: invalid character '[' exceeded max depth`},
		{"not UTF-8", "[{\"user\":\"U1\",\"text\":\"a\xffb\",\"ts\":\"1.1\"}]", "a\ufffdb", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for where, x := range map[string]*Export{"zip": day(tt.text).zipped(t), "folder": day(tt.text).folder(t)} {
				if got := said(general(t, x)); got != tt.said {
					t.Errorf("messages in a %s = %.100q, want %q", where, got, tt.said)
				}
				var want strings.Builder
				for line := range strings.SplitSeq(tt.bad, "\n") {
					if tt.bad != "" {
						want.WriteString(`"general/2016-11-24.json" ` + line + "\n")
					}
				}
				if got := problems(x); got != strings.TrimSuffix(want.String(), "\n") {
					t.Errorf("report of a %s =\n%s\nwant\n%s", where, got, want.String())
				}
				if p := x.Progress(); p.EntriesDone != 1 {
					t.Errorf("Progress() = %+v", p)
				}
			}
		})
	}
}

// A file that cannot be unpacked costs itself alone.
func TestDamaged(t *testing.T) {
	wrong := uint32(1)
	longer := uint64(200)
	const text = `[{"user":"U1","text":"one","ts":"1.1"}]`
	for _, tt := range []struct {
		name string
		e    entry
		said string
	}{
		{"checksum", entry{text: text, crc: &wrong}, "one"},
		{"shorter than told", entry{text: text, full: &longer}, "one"},
		{"not deflated", entry{text: text, packed: []byte("\xff\xff\xff\xff"), method: deflated}, ""},
		{"cut off", entry{text: text, packed: deflate(text)[:20], method: deflated}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.e.name = "a/2020-01-01.json"
			x, err := Open(written(t, raw([]entry{
				{name: "channels.json", text: `[{"id":"C1","name":"a"}]`},
				tt.e,
				{name: "a/2020-01-02.json", text: strings.Replace(text, "one", "next", 1)},
			}, nil)))
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			// The second message has the first one's time, so it only counts when
			// that is gone.
			got := said(messages(t, x, channels(t, x)[0], ""))
			if tt.said == "" && got != "next" || tt.said != "" && got != tt.said {
				t.Errorf("messages = %q, want %q", got, tt.said)
			}
			if !strings.Contains(problems(x), `"a/2020-01-01.json"`) || !strings.Contains(problems(x), ": damaged") {
				t.Errorf("Report() = %s", problems(x))
			}
		})
	}
}

// Order is by TS over all day files, whatever order the zip and the files have.
func TestOrder(t *testing.T) {
	f := files{
		"channels.json":           `[{"id":"C1","name":"general"}]`,
		"general/2020-01-02.json": `[{"text":"d","ts":"20.5"},{"text":"c","ts":"20.10"}]`,
		"general/2020-01-01.json": `[{"text":"b","ts":"10.000001"},{"text":"a","ts":"9.999999"},{"text":"b again","ts":"10.0000010"}]`,
		"general/2020-01-10.json": `[{"text":"late","ts":"15"},{"text":"later","ts":"16"},{"text":"e","ts":"100.0"}]`,
	}
	x := f.zipped(t)
	if got, want := said(general(t, x)), "a b c d late later e"; got != want {
		t.Errorf("messages = %q, want %q", got, want)
	}
	want := `"general/2020-01-01.json" item 2 byte 59: repeated
"general/2020-01-10.json" item 0 byte 1: out-of-order`
	if got := problems(x); got != want {
		t.Errorf("Report() =\n%s\nwant\n%s", got, want)
	}
}

func TestResume(t *testing.T) {
	x := small().zipped(t)
	c := channels(t, x)[0]
	if got, want := x.Days(c), []string{"2016-11-24", "2016-11-25"}; !slices.Equal(got, want) {
		t.Errorf("Days() = %v, want %v", got, want)
	}
	for _, tt := range []struct{ after, want string }{
		{"", "one reply two"}, {"2016-11-23", "one reply two"}, {"2016-11-24", "two"}, {"2016-11-25", ""}, {"9999", ""},
	} {
		x := small().zipped(t)
		if got := said(messages(t, x, c, tt.after)); got != tt.want {
			t.Errorf("MessagesAfter(%q) = %q, want %q", tt.after, got, tt.want)
		}
		if p := x.Progress(); p.EntriesDone != 2 || p.BytesDone == 0 || p.BytesDone >= p.Bytes {
			t.Errorf("Progress() after MessagesAfter(%q) = %+v", tt.after, p)
		}
	}
	for m, err := range x.Messages(c) {
		if err != nil || m.Text != "one" {
			t.Errorf("first message %+v, %v", m, err)
		}
		break // an importer that stops is asked for nothing more
	}
	if p := x.Progress(); p.EntriesDone != 0 {
		t.Errorf("Progress() after one message = %+v", p)
	}
}

// Days too large to be held in memory come out whole and in order, too.
func TestLargeDays(t *testing.T) {
	const n = 2000
	limits := DefaultLimits()
	limits.Sorting = 100 << 10 // 200 messages
	for name, at := range map[string]func(i int) int{
		"sorted":    func(i int) int { return i },
		"backwards": func(i int) int { return n - 1 - i },
		"shuffled":  func(i int) int { return i * 791 % n },
		"late one":  func(i int) int { return (i + n - 1) % n },
		"twice":     func(i int) int { return i / 2 * 2 },
		"one time":  func(int) int { return 0 },
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]bool{}
			var b strings.Builder
			b.WriteString("[")
			for i := range n {
				ts := strconv.Itoa(1_000_000+at(i)) + ".000100"
				want[ts] = true
				b.WriteString(`{"user":"U1","ts":"` + ts + `"},` + "\n")
			}
			b.WriteString(`{"ts":"x"}]`)
			x, err := OpenWithin(day(b.String()).zipFile(t), limits)
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			list := general(t, x)
			if len(list) != len(want) {
				t.Fatalf("%d messages, want %d", len(list), len(want))
			}
			for i, m := range list {
				if !want[m.TS] || i > 0 && CompareTS(list[i-1].TS, m.TS) >= 0 {
					t.Fatalf("message %d has ts %s", i, m.TS)
				}
			}
			if !strings.Contains(problems(x), `no-time: ts "x"`) {
				t.Errorf("Report() = %s", problems(x))
			}
			if p := x.Progress(); p.EntriesDone != 1 || p.BytesDone != int64(b.Len()) {
				t.Errorf("Progress() = %+v, want %d bytes done", p, b.Len())
			}
		})
	}
}

// letters returns n letters that do not pack well.
func letters(n int) string {
	b := make([]byte, n)
	state := uint32(1)
	for i := range b {
		state = state*1664525 + 1013904223
		b[i] = byte('a' + state>>24%26)
	}
	return string(b)
}

func TestReportIsBounded(t *testing.T) {
	x := day("[" + strings.Repeat(`{},`, 2*maxProblems) + "{}]").zipped(t)
	for range 2 {
		general(t, x)
		if r := x.Report(); len(r.Problems) != maxProblems || r.More == 0 {
			t.Errorf("Report() has %d problems and %d more", len(r.Problems), r.More)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open(filepath.Join(t.TempDir(), "none.zip")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open of no file: %v", err)
	}
	x := small().zipped(t)
	c := channels(t, x)[0]
	x.Close()
	failed := false
	for _, err := range x.Messages(c) {
		failed = err != nil
	}
	if !failed {
		t.Error("Messages of a closed export give no error")
	}
	if err := new(Export).Close(); err != nil {
		t.Errorf("Close() of nothing: %v", err)
	}
}
