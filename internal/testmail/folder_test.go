package testmail_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rubato-hq/rubato/internal/testmail"
)

func TestFolderReadsBackWhatWasAccepted(t *testing.T) {
	dir := t.TempDir()
	s := testmail.StartWith(t, testmail.Config{Dir: dir})
	if err := send(s.Addr(), brief, `"o'mia x"@example.org`, "jonas@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := send(s.Addr(), "\r\nno header\r\n", "mia@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "0-x.eml.part"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := testmail.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := s.Messages()
	if len(got) != len(want) {
		t.Fatalf("read back %d messages, want %d", len(got), len(want))
	}
	for i := range want {
		if diff := cmp.Diff(want[i].Recipients, got[i].Recipients); diff != "" {
			t.Errorf("message %d: recipients (-want +got):\n%s", i, diff)
		}
		if got[i].ID != want[i].ID || got[i].From != want[i].From || string(got[i].Raw) != string(want[i].Raw) || !got[i].At.Equal(want[i].At) {
			t.Errorf("message %d: read back %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestFullFolderIsATemporaryError(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "gone")
	s := testmail.StartWith(t, testmail.Config{Dir: dir})
	if err := send(s.Addr(), brief, "mia@example.org"); err == nil {
		t.Error("a message that could not be written was accepted")
	}
	if n := len(s.Messages()); n != 0 {
		t.Errorf("messages = %d, want none", n)
	}
}

func TestReadDirNamesTheFileItCannotRead(t *testing.T) {
	for name, content := range map[string]string{
		"1-a.eml": "no envelope",
		"2-b.eml": "Envelope: \"unclosed\r\n\r\nbody",
		"x-c.eml": "Envelope: \"a@b\" \"c@d\"\r\n\r\nbody",
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := testmail.ReadDir(dir); err == nil {
				t.Error("read without an error")
			}
		})
	}
}

func TestProcessKeepsItsMailThroughAKill(t *testing.T) {
	p := testmail.Spawn(t, t.TempDir(), testmail.Fault{At: testmail.AfterData, Drop: true, Skip: 1, Times: 1})
	addr := p.Addr
	if err := send(addr, brief, "mia@example.org"); err != nil {
		t.Fatal(err)
	}
	if err := send(addr, brief, "jonas@example.org"); err == nil {
		t.Error("the fault given to the process did not strike")
	}
	p.Kill(t)
	if err := send(addr, brief, "mia@example.org"); err == nil {
		t.Error("a killed server took mail")
	}
	if n := len(p.Messages(t)); n != 2 {
		t.Errorf("after the kill: %d messages, want 2", n)
	}
	p.Restart(t)
	if p.Addr != addr {
		t.Errorf("address after Restart = %s, want %s", p.Addr, addr)
	}
	if err := send(addr, brief, "mia@example.org"); err != nil {
		t.Fatal(err)
	}
	want := map[testmail.Key]int{{"b-1@rubato.test", "mia@example.org"}: 2, {"b-1@rubato.test", "jonas@example.org"}: 1}
	if diff := cmp.Diff(want, testmail.Count(p.Messages(t))); diff != "" {
		t.Errorf("Count (-want +got):\n%s", diff)
	}
}
