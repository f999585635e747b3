package slackexport

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMessages(t *testing.T) {
	at := func(s int64) time.Time { return time.Unix(s, 0).UTC() }
	for _, tt := range []struct {
		name, json string
		want       Message
	}{
		{
			"plain", `{"type":"message","user":"U1","text":"hi","ts":"1.000001","team":"T1"}`,
			Message{Class: Human, User: "U1", Text: "hi", TS: "1.000001", Team: "T1"},
		},
		{
			"me", `{"user":"U1","text":"waves","ts":"1","subtype":"me_message"}`,
			Message{Class: Human, User: "U1", Text: "waves", Subtype: "me_message"},
		},
		{
			"broadcast of a reply", `{"user":"U1","text":"x","ts":"2","thread_ts":"1","subtype":"thread_broadcast","root":{"text":"y"}}`,
			Message{Class: Human, User: "U1", Text: "x", TS: "2", Thread: "1", Subtype: "thread_broadcast"},
		},
		{
			"root of a thread", `{"user":"U1","text":"x","ts":"1.5","thread_ts":"1.50","reply_count":1,"replies":[{"user":"U2","ts":"2"}]}`,
			Message{Class: Human, User: "U1", Text: "x", TS: "1.5", Thread: "1.50"},
		},
		{
			"bot by subtype", `{"subtype":"bot_message","bot_id":"B1","username":"ci","text":"built","ts":"1"}`,
			Message{Class: Automatic, Bot: "B1", BotName: "ci", Text: "built", Subtype: "bot_message"},
		},
		{
			"bot by id", `{"user":"U9","bot_id":"B1","bot_profile":{"name":"CI"},"text":"built","ts":"1"}`,
			Message{Class: Automatic, User: "U9", Bot: "B1", BotName: "CI", Text: "built"},
		},
		{"nobody", `{"text":"x","ts":"1"}`, Message{Class: Automatic, Text: "x"}},
		{"slackbot", `{"user":"USLACKBOT","text":"Reminder: x","ts":"1"}`, Message{Class: Automatic, User: "USLACKBOT", Text: "Reminder: x"}},
		{
			"join", `{"subtype":"channel_join","user":"U1","text":"<@U1> has joined","ts":"1"}`,
			Message{Class: Notice, User: "U1", Text: "<@U1> has joined", Subtype: "channel_join"},
		},
		{"something new", `{"subtype":"sh_room_created","user":"U1","ts":"1"}`, Message{Class: Notice, User: "U1", Subtype: "sh_room_created"}},
		{"no message", `{"type":"presence","user":"U1","ts":"1"}`, Message{Class: Notice, User: "U1"}},
		{
			"tombstone", `{"subtype":"tombstone","user":"USLACKBOT","text":"This message was deleted.","ts":"1","thread_ts":"1","hidden":true}`,
			Message{Class: Gone, User: "USLACKBOT", Text: "This message was deleted.", Subtype: "tombstone", Thread: "1"},
		},
		{"deleted", `{"subtype":"message_deleted","deleted_ts":"0.5","ts":"1"}`, Message{Class: Gone, Subtype: "message_deleted"}},
		{
			"edited", `{"user":"U1","text":"x","ts":"1","edited":{"user":"U2","ts":"3.0"}}`,
			Message{Class: Human, User: "U1", Text: "x", Edited: &Edit{User: "U2", TS: "3.0"}},
		},
		{
			"files", `{"user":"U1","text":"","ts":"1","subtype":"file_share","files":[{"id":"F1","name":"a.png","mimetype":"image/png","size":12,"url_private_download":"https://files.slack.com/x?t=xoxe-1"},{"id":"F2","title":"T","size":-1},{"id":"F3","mode":"tombstone"}]}`,
			Message{Class: Human, User: "U1", Subtype: "file_share", Files: []File{{"F1", "a.png", "image/png", 12}, {"F2", "T", "", 0}, {"F3", "", "", 0}}},
		},
		{
			"one file, as it was", `{"user":"U1","text":"up","ts":"1","subtype":"file_share","upload":true,"file":{"id":"F1","name":"a","size":"7"}}`,
			Message{Class: Human, User: "U1", Text: "up", Subtype: "file_share", Files: []File{{"F1", "a", "", 7}}},
		},
		{
			"comment on a file", `{"subtype":"file_comment","text":"says","ts":"1","comment":{"user":"U1","comment":"says"},"file":{"id":"F1","name":"a"}}`,
			Message{Class: Notice, User: "U1", Text: "says", Subtype: "file_comment", Files: []File{{"F1", "a", "", 0}}},
		},
		{
			"reactions", `{"user":"U1","text":"x","ts":"1","reactions":[{"name":"tada","count":3,"users":["U1","U2"]},{"name":"eyes","users":["U3"]}]}`,
			Message{Class: Human, User: "U1", Text: "x", Reactions: []Reaction{{"tada", 3, []string{"U1", "U2"}}, {"eyes", 1, []string{"U3"}}}},
		},
		{
			"huddle", `{"user":"USLACKBOT","subtype":"huddle_thread","text":"A huddle started","ts":"1","room":{"id":"R1","name":"","created_by":"U1","date_start":100,"date_end":160,"participants":["U2"],"participant_history":["U1","U2","U3"],"has_ended":true}}`,
			Message{Class: HuddleThread, User: "USLACKBOT", Text: "A huddle started", Subtype: "huddle_thread", Huddle: &Huddle{ID: "R1", By: "U1", Start: at(100), End: at(160), People: []string{"U1", "U2", "U3"}}},
		},
		{
			"huddle that has not ended", `{"user":"U1","subtype":"huddle_thread","ts":"1","room":{"id":"R1","date_start":100,"date_end":0}}`,
			Message{Class: HuddleThread, User: "U1", Subtype: "huddle_thread", Huddle: &Huddle{ID: "R1", Start: at(100)}},
		},
		{
			"attachments alone", `{"subtype":"bot_message","bot_id":"B1","text":"","ts":"1","attachments":[{"pretext":"p","title":"t","text":"x","fallback":"f"},{"fallback":"only"}]}`,
			Message{Class: Automatic, Bot: "B1", Subtype: "bot_message", Text: "p\nt\nx\nonly"},
		},
		{
			"attachments beside a text", `{"user":"U1","text":"see","ts":"1","attachments":[{"title":"preview of a link"}]}`,
			Message{Class: Human, User: "U1", Text: "see"},
		},
		{
			"blocks alone", `{"bot_id":"B1","ts":"1","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"*one*"}},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"two","style":{"bold":true}},{"type":"user","user_id":"U1"},{"type":"x","text":""}]}]},{"type":"text"},{"text":"text"}]}`,
			Message{Class: Automatic, Bot: "B1", Text: "*one*\ntwo\ntext"},
		},
		{"blocks of another shape", `{"bot_id":"B1","ts":"1","blocks":"text"}`, Message{Class: Automatic, Bot: "B1"}},
		{
			"nulls", `{"type":null,"subtype":null,"user":"U1","text":null,"ts":"1","thread_ts":null,"files":null,"edited":null,"room":null,"blocks":null,"reactions":null}`,
			Message{Class: Human, User: "U1"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want.TS == "" {
				tt.want.TS = "1"
			}
			tt.want.Day = "2016-11-24"
			x := day("[" + tt.json + "]").zipped(t)
			if diff := cmp.Diff([]Message{tt.want}, general(t, x)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.json, diff)
			}
			if len(x.Report().Problems) != 0 {
				t.Errorf("Report() = %s", problems(x))
			}
		})
	}
}

func TestUsers(t *testing.T) {
	x := files{"users.json": `[
		{"id":"U1","name":"a","is_bot":true,"profile":{"bot_id":"B1"}},
		{"id":"USLACKBOT","name":"slackbot"},
		{"id":"W1","name":"b","is_restricted":true,"tz":null,"profile":{"team":"T2","email":""}},
		{"id":"U3","name":"c","is_ultra_restricted":true,"is_primary_owner":true,"is_bot":"yes"},
		{"name":"nobody"},
		{"id":"U4","profile":[]}
	]`, "channels.json": "[]"}.zipped(t)
	var got []User
	for u, err := range x.Users() {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, u)
	}
	want := []User{
		{ID: "U1", Name: "a", Bot: true, BotID: "B1"},
		{ID: "USLACKBOT", Name: "slackbot", Bot: true},
		{ID: "W1", Name: "b", Team: "T2", Guest: true},
		{ID: "U3", Name: "c", Guest: true, Owner: true},
		{ID: "U4"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Users (-want +got):\n%s", diff)
	}
	for _, part := range []string{"item 3", "is_bot is a string", "item 4", "no id", "item 5", "profile is a array"} {
		if !strings.Contains(problems(x), part) {
			t.Errorf("Report() = %s\nwithout %q", problems(x), part)
		}
	}
	none := files{"channels.json": "[]"}.zipped(t)
	for u, err := range none.Users() {
		t.Errorf("an export without users.json has %v, %v", u, err)
	}
}

func TestCompareTS(t *testing.T) {
	sorted := []string{"0", "0.000001", "0.1", "1", "1.000001", "1.1", "2", "9.9", "10", "10.000002", "1736478630.905398", "1736478630.905399", "17364786300"}
	for i, a := range sorted {
		for j, b := range sorted {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := CompareTS(a, b); got != want {
				t.Errorf("CompareTS(%q, %q) = %d, want %d", a, b, got, want)
			}
		}
	}
	for _, same := range [][2]string{{"1", "1.0"}, {"1.5", "1.500"}, {"01", "1"}, {"0.0", "0"}} {
		if CompareTS(same[0], same[1]) != 0 {
			t.Errorf("CompareTS(%q, %q) is not 0", same[0], same[1])
		}
	}
	if at, ok := instant("1736478630.905399"); !ok || at.UnixNano() != 1736478630905399000 {
		t.Errorf("instant = %v, %v", at, ok)
	}
	for _, none := range []string{"", ".", "a", "1.a", "-1", "+1", "1e3", " 1", "1.2.3", "253402300800", strings.Repeat("1", 40)} {
		if at, ok := instant(none); ok {
			t.Errorf("instant(%q) = %v", none, at)
		}
	}
}

func TestNames(t *testing.T) {
	for day, name := range map[int32]string{20250110: "2025-01-10", 1: "0000-00-01", 99999999: "9999-99-99"} {
		if got := dayName(day); got != name || dayOf(name+".json") != day {
			t.Errorf("dayName(%d) = %q, dayOf(%q) = %d", day, got, name+".json", dayOf(name+".json"))
		}
	}
	for _, none := range []string{"", ".json", "2025-01-10", "2025-01-10.JSON", "2025-1-10.json", "2025_01_10.json", "x025-01-10.json", "2025-01-10.json.json", "+025-01-10.json"} {
		if d := dayOf(none); d != 0 {
			t.Errorf("dayOf(%q) = %d", none, d)
		}
	}
	if s := Unknown.String() + Public.String() + Private.String() + Group.String() + Direct.String(); s != "unknownpublicprivategroupdirect" {
		t.Errorf("kinds read %q", s)
	}
	if s := Notice.String() + Human.String() + Automatic.String() + Gone.String() + HuddleThread.String(); s != "noticehumanautomaticgonehuddle" {
		t.Errorf("classes read %q", s)
	}
}

// Whatever a day file holds: no panic, messages in order, each with a time.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		`[{"type":"message","user":"U1","text":"hi","ts":"1.000001","thread_ts":"1.0","edited":{"ts":"2"},"reactions":[{"name":"a","count":1,"users":["U1"]}]}]`,
		`[{"subtype":"huddle_thread","ts":1,"room":{"date_start":1,"participants":["U1"]}}]`,
		`[{"ts":"1","blocks":[{"text":{"text":"x"}}]},{"ts":"0.1","files":[{"size":1}]},{"ts":"1"}]`,
		`[{"ts":"1","attachments":[{"fallback":"x"}]}] x`, `[1,"x",null]`, `{}`, `[{"ts":`, "\ufeff[]", "",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var to reporter
		err := decode(&to, "x", strings.NewReader(string(b)), pass{limit: 4096}, func(w *wireMessage, at int64, item int) error {
			m, ok := w.message("2020-01-01")
			if !ok {
				return nil
			}
			if !validTS(m.TS) || m.Time().IsZero() || at < 1 || at > int64(len(b)) || item < 0 {
				t.Errorf("message %+v at %d, item %d of %q", m, at, item, b)
			}
			Markdown(m.Text, Names{})
			m.size()
			return nil
		})
		if err != nil {
			t.Errorf("decode(%q): %v", b, err)
		}
	})
}
