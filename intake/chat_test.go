package intake_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/audit"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/intake"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// slackFolder writes an export with a channel, a direct conversation and a call.
func slackFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"users.json":    `[{"id":"U1","name":"lena","real_name":"Lena Vogt","profile":{"email":"lena@example.org"},"tz":"Europe/Berlin"},{"id":"U2","name":"kenji","real_name":"Kenji"},{"id":"U3","name":"ana","real_name":"Lena Vogt"},{"id":"U9","name":"robot","is_bot":true}]`,
		"channels.json": `[{"id":"C1","name":"general","members":["U1","U2","U3"]}]`,
		"dms.json":      `[{"id":"D1","members":["U1","U2"]}]`,
		"general/2026-11-10.json": `[
			{"type":"message","user":"U2","text":"<@U1> can you look at this asap?","ts":"1794301200.000100"},
			{"type":"message","user":"U1","text":"yes","ts":"1794301260.000100"},
			{"type":"message","user":"U9","bot_id":"B1","subtype":"bot_message","text":"urgent","ts":"1794301261.000100"},
			{"type":"message","subtype":"channel_join","user":"U3","text":"<@U3> has joined","ts":"1794301262.000100"},
			{"type":"message","subtype":"huddle_thread","user":"USLACKBOT","text":"A huddle happened","ts":"1794304800.000100","room":{"id":"R1","created_by":"U2","date_start":1794304800,"date_end":1794306600,"participant_history":["U1","U2"]}}]`,
		"D1/2026-11-10.json": `[{"type":"message","user":"U2","text":"quick call?","ts":"1794308400.000100"},{"type":"message","user":"U2","text":"??","ts":"1794308430.000100"},{"type":"message","user":"U1","text":"in a minute","ts":"1794308520.000100"}]`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestSlackTalk: who wrote to whom, with which signs, and the calls that no
// calendar knows (A5.4).
func TestSlackTalk(t *testing.T) {
	talk, err := intake.ReadChat(slackFolder(t), []string{"lena@example.org"}, audit.NewWords())
	if err != nil {
		t.Fatal(err)
	}
	if talk.Me < 0 || talk.People[talk.Me].Name != "Lena Vogt" || !talk.Direct || talk.Writers != 2 {
		t.Errorf("me is %d, direct %v, %d writers", talk.Me, talk.Direct, talk.Writers)
	}
	if len(talk.Messages) != 5 || talk.LeftOut < 2 {
		t.Errorf("%d messages, %d left out", len(talk.Messages), talk.LeftOut)
	}
	if n := len(talk.People); n != 4 { // two of them have one name
		t.Errorf("%d people: %+v", n, talk.People)
	}
	calls := talk.CallsOf()
	if len(calls) != 1 || calls[0].End-calls[0].Start != 1800 || len(calls[0].Item.Attendees) != 1 {
		t.Errorf("calls: %+v", calls)
	}
	clock, err := worktime.Compile(worktime.Charter{Zone: "Europe/Berlin", Hours: nineToFive(), Windows: worktime.DefaultWindows(), WeekStart: worktime.StartOn(time.Monday)}, zoneinfo.New().Zone)
	if err != nil {
		t.Fatal(err)
	}
	in := &audit.Input{Clock: clock, Chat: &talk.Chat, Instances: calls, Recovery: worktime.Recovery, Weeks: []worktime.Date{worktime.DateFrom(2026, 11, 9)}}
	r := audit.Run(in)
	if r.Chat == nil || r.Chat.Episodes != 2 || r.Chat.QuickCalls != 1 || r.Chat.Huddles != 1 || r.Sync.Mid != 30 { // the mention, and the two messages in a row
		t.Errorf("figures: %+v, live %.0f", r.Chat, r.Sync.Mid)
	}
}

// TestChatKinds: what is no chat is named, and what is one is told by its content.
func TestChatKinds(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for file, want := range map[string]bool{slackFolder(t): true, write("a.ics", "BEGIN:VCALENDAR"): false, write("a.mbox", "From x"): true, write("a.jsonl", "{}"): true, dir: false} {
		if got, err := intake.IsChat(file); err != nil || got != want {
			t.Errorf("%s: %v, %v", file, got, err)
		}
	}
	for _, file := range []string{write("a.edn", "{}"), write("slackdump.sqlite", "x")} {
		if _, err := intake.IsChat(file); err == nil {
			t.Errorf("%s is taken", file)
		}
	}
}

// TestReplayCounts holds what a replay of the largest export at hand counts to a
// plain count over its files.
func TestReplayCounts(t *testing.T) {
	file := os.Getenv("RUBATO_SLACK_EXPORT")
	if file == "" {
		file = packed(t, slackFolder(t))
	}
	talk, err := intake.ReadChat(file, nil, audit.NewWords())
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	bots := make(map[string]bool)
	read := func(f *zip.File, to any) {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, to); err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
	}
	for _, f := range z.File {
		if path.Base(f.Name) == "users.json" {
			var users []struct {
				ID  string `json:"id"`
				Bot bool   `json:"is_bot"`
			}
			read(f, &users)
			for _, u := range users {
				bots[u.ID] = u.Bot || u.ID == "USLACKBOT"
			}
		}
	}
	plain := 0
	for _, f := range z.File {
		base := path.Base(f.Name)
		if !strings.HasSuffix(base, ".json") || base[0] < '0' || base[0] > '9' {
			continue
		}
		var all []struct {
			Type    string `json:"type"`
			Subtype string `json:"subtype"`
			User    string `json:"user"`
			BotID   string `json:"bot_id"`
		}
		read(f, &all)
		for _, m := range all {
			switch m.Subtype {
			case "", "file_share", "thread_broadcast", "me_message":
				if m.User != "" && !bots[m.User] && m.BotID == "" {
					plain++
				}
			}
		}
	}
	if len(talk.Messages) != plain {
		t.Errorf("%d messages, a plain count finds %d", len(talk.Messages), plain)
	}
	t.Logf("%d messages of %d people, %d left out", len(talk.Messages), talk.Writers, talk.LeftOut)
}

// packed is a folder as a zip.
func packed(t *testing.T, dir string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	if err := z.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func FuzzMattermost(f *testing.F) {
	words := audit.NewWords()
	f.Add([]byte("{\"type\":\"version\",\"version\":1}\n{\"type\":\"post\",\"post\":{\"user\":\"a\",\"message\":\"@a now?\",\"create_at\":1,\"replies\":[{\"user\":\"b\"}]}}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := filepath.Join(t.TempDir(), "x.jsonl")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		_, _ = intake.ReadChat(file, []string{"a"}, words) // no crash is all that is asked
	})
}
