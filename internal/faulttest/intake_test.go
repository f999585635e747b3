package faulttest

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
)

// export writes an export of Slack with so many messages, and more files in it.
func export(t *testing.T, messages int, more map[string]io.Reader) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	add := func(name string, from io.Reader) {
		e, err := z.Create(name)
		if err == nil {
			_, err = io.Copy(e, from)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	add("users.json", strings.NewReader(`[{"id":"U1","name":"mia","real_name":"Mia Chen","tz":"Europe/Berlin","profile":{"email":"mia@old.example.org"}}]`))
	add("channels.json", strings.NewReader(`[{"id":"C1","name":"general","members":["U1"]}]`))
	const each = 200
	for day := range (messages + each - 1) / each {
		at := time.Date(2020, 1, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, day)
		var b strings.Builder
		for i := range each {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"user":"U1","text":"Message %d of that day. %s","ts":"%d.000100"}`, i, strings.Repeat("More of it. ", 20), at.Unix()+int64(i)*60)
		}
		add(at.Format("general/2006-01-02.json"), strings.NewReader("["+b.String()+"]"))
	}
	for name, from := range more {
		add(name, from)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// zeros reads as so many bytes of nothing, for a file that is small when packed.
type zeros struct{ left int64 }

func (z *zeros) Read(b []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), z.left)
	clear(b[:n])
	z.left -= n
	return int(n), nil
}

// TestImportInACrisis brings a large export, and one that would fill the memory,
// into a database that a server works on while it calls people: the calls do not
// wait for it.
func TestImportInACrisis(t *testing.T) {
	t.Parallel()
	postgres := pgtest.URL(t)
	address := func(i int) string { return fmt.Sprintf("p%d@example.org", i) }
	o := newStaff(t, postgres, 4, address, nil)
	o.start()
	for _, c := range []struct {
		name, file string
		says       string
	}{
		{"a large one", export(t, share(2_000, 40_000), nil), "Every line was read."},
		{"one that unpacks to more than memory", export(t, 1000, map[string]io.Reader{"general/2024-01-01.json": &zeros{int64(share(300, 3000)) << 20}}), "the export is refused, and nothing of it was brought"},
	} {
		words := []string{"import", "slack", "--data", o.data, "--database", postgres, "--url", o.url, c.file}
		cmd := o.command(words...)
		var said strings.Builder
		cmd.Stdout, cmd.Stderr = &said, &said
		began := time.Now()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = cmd.Wait() // what it says is looked at
			close(ended)
		}()
		var took []time.Duration
		for going := true; going; {
			i := len(took) % 4
			took = append(took, o.call(fmt.Sprintf("p%d", i+1), address(i)))
			select {
			case <-ended:
				going = false
			default:
				going = time.Since(began) < patience
			}
		}
		<-ended
		if !strings.Contains(said.String(), c.says) {
			t.Errorf("%s says:\n%s", c.name, said.String())
		}
		t.Attr("import", fmt.Sprintf("%s, in %.1f s: %d crises were at the mail server after %d ms at most, half of them after %d", c.name, time.Since(began).Seconds(), len(took), slices.Max(took).Milliseconds(), within(took, 50).Milliseconds()))
	}
	o.stop()
}
