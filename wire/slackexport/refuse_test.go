package slackexport

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const index = `[{"id":"C1","name":"a"}]`

// Each archive here is refused when it is opened, before anything is read out of
// it, with a line that names the entry (security section 2, rows 53 to 55).
func TestRefused(t *testing.T) {
	ok := entry{name: "channels.json", text: index}
	msg := entry{name: "a/2020-01-01.json", text: `[{"text":"x","ts":"1.1"}]`}
	named := func(name string) []entry { return []entry{ok, {name: name, text: "x"}} }
	zero, huge, nine := 0, uint64(1)<<40, uint16(9)
	spaces := strings.Repeat(" ", 8<<20)
	for _, tt := range []struct {
		name    string
		entries []entry
		tail    func([]byte) []byte
		limits  Limits
		why     Reason
		entry   string
	}{
		{name: "climbing", entries: named("../../etc/passwd"), why: ClimbingName, entry: "../../etc/passwd"},
		{name: "climbing within", entries: named("a/../../x"), why: ClimbingName, entry: "a/../../x"},
		{name: "climbing to the same place", entries: named("a/../b.json"), why: ClimbingName, entry: "a/../b.json"},
		{name: "climbing at the end", entries: named("a/.."), why: ClimbingName, entry: "a/.."},
		{name: "climbing by backslashes", entries: named(`a\..\..\x`), why: ClimbingName, entry: `a\..\..\x`},
		{name: "absolute", entries: named("/etc/passwd"), why: AbsoluteName, entry: "/etc/passwd"},
		{name: "absolute by a backslash", entries: named(`\x`), why: AbsoluteName, entry: `\x`},
		{name: "a drive", entries: named(`C:\x`), why: AbsoluteName, entry: `C:\x`},
		{name: "a drive's folder", entries: named(`c:x`), why: AbsoluteName, entry: `c:x`},
		{name: "another machine", entries: named(`\\host\share\x`), why: AbsoluteName, entry: `\\host\share\x`},
		{name: "no name", entries: named(""), why: BadName},
		{name: "nul", entries: named("a\x00b"), why: BadName, entry: "a\x00b"},
		{name: "escape sequence", entries: named("a\x1b[2Jb"), why: BadName, entry: "a\x1b[2Jb"},
		{name: "line end", entries: named("a\nb"), why: BadName, entry: "a\nb"},
		{name: "symbolic link", entries: []entry{ok, {name: "a", text: "/etc", mode: 0xA1FF}}, why: Link, entry: "a"},
		{name: "device", entries: []entry{ok, {name: "a", text: "", mode: 0x21FF}}, why: Link, entry: "a"},
		{name: "link of Windows", entries: []entry{ok, {name: "a", text: "", attribute: reparsePoint}}, why: Link, entry: "a"},
		{name: "twice", entries: []entry{ok, msg, msg}, why: DuplicateName, entry: msg.name},
		{name: "twice in two spellings", entries: []entry{ok, msg, {name: "./a//2020-01-01.json", text: "x"}}, why: DuplicateName, entry: "./a//2020-01-01.json"},
		{name: "twice in composed letters", entries: []entry{ok, {name: "é", text: "x"}, {name: "e\u0301", text: "x"}}, why: DuplicateName, entry: "e\u0301"},
		{name: "one body for two", entries: []entry{ok, msg, {name: "a/2020-01-02.json", text: index, at: &zero}}, why: Overlapping, entry: "channels.json"},
		{name: "a body within another", entries: []entry{{name: "channels.json", text: string(raw([]entry{msg}, nil)), packed: raw([]entry{msg}, nil)}, {name: msg.name, text: msg.text, at: new(30 + len("channels.json"))}}, why: Overlapping, entry: msg.name},
		{name: "beyond the end", entries: []entry{ok, {name: "a/2020-01-01.json", text: "x", at: new(1 << 30)}}, why: Overlapping, entry: "a/2020-01-01.json"},
		{name: "encrypted", entries: []entry{ok, {name: msg.name, text: "x", flags: flagEncrypted}}, why: Encrypted, entry: msg.name},
		{name: "other compression", entries: []entry{ok, {name: msg.name, text: "x", method: nine}}, why: Compression, entry: msg.name},
		{name: "bomb", entries: []entry{ok, {name: msg.name, text: "[" + spaces + "]"}}, why: Inflated, entry: msg.name},
		{name: "bomb among the indexes", entries: []entry{{name: "users.json", text: "[" + spaces + "]"}}, why: Inflated, entry: "users.json"},
		{name: "a terabyte, as told", entries: []entry{ok, {name: msg.name, text: "x", full: &huge}}, why: TooLarge, entry: msg.name},
		{name: "too large an entry", entries: []entry{ok, msg}, limits: Limits{100, 20, 1000, 200, 1}, why: TooLarge, entry: "channels.json"},
		{name: "too large in all", entries: []entry{ok, msg}, limits: Limits{100, 1000, 40, 200, 1}, why: TooLarge, entry: msg.name},
		{name: "too many", entries: []entry{ok, msg, {name: "x"}}, limits: Limits{2, 1000, 1000, 200, 1}, why: TooManyEntries},
		{name: "no zip", entries: nil, tail: func([]byte) []byte { return []byte("hello") }, why: NotAnArchive},
		{name: "nothing in it", entries: nil, why: NotAnExport},
		{name: "empty file", entries: nil, tail: func([]byte) []byte { return nil }, why: NotAnArchive},
		{name: "another archive", entries: []entry{{name: "photo.jpg", text: "x"}}, why: NotAnExport},
		{name: "two exports", entries: []entry{{name: "x/channels.json", text: index}, {name: "y/channels.json", text: index}}, why: SeveralExports},
		{name: "more counted than there are", entries: []entry{ok}, tail: counts(2, 2), why: NotAnArchive},
		{name: "fewer counted than there are", entries: []entry{ok, msg}, tail: counts(1, 1), why: NotAnArchive},
		{name: "counted in two ways", entries: []entry{ok, msg}, tail: counts(1, 2), why: NotAnArchive},
		{name: "more disks", entries: []entry{ok}, tail: func(b []byte) []byte { b[4] = 1; return b }, why: NotAnArchive},
		{name: "a hole before the end", entries: []entry{ok}, tail: func(b []byte) []byte { return append([]byte("hole"), b...) }, why: NotAnArchive},
		{name: "a second directory", entries: []entry{ok}, tail: func(b []byte) []byte { return append(b, raw([]entry{msg}, nil)...) }, why: NotAnArchive},
		{name: "zip64 that is none", entries: []entry{ok}, tail: func(b []byte) []byte {
			binary.LittleEndian.PutUint16(b[10:], 0xFFFF)
			return b
		}, why: NotAnArchive},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.limits == (Limits{}) {
				tt.limits = DefaultLimits()
			}
			x, err := OpenWithin(written(t, raw(tt.entries, tt.tail)), tt.limits)
			if err == nil {
				x.Close()
				t.Fatal("opened")
			}
			refused, ok := errors.AsType[*Refused](err)
			if !ok || refused.Why != tt.why || refused.Entry != tt.entry {
				t.Fatalf("Open: %v, want %s of %q", err, tt.why, tt.entry)
			}
			if strings.ContainsAny(err.Error(), "\n\x1b\x00") || !strings.Contains(err.Error(), string(tt.why)) {
				t.Errorf("not one clear line: %q", err)
			}
		})
	}
}

func counts(here, all uint16) func([]byte) []byte {
	return func(b []byte) []byte {
		binary.LittleEndian.PutUint16(b[8:], here)
		binary.LittleEndian.PutUint16(b[10:], all)
		return b
	}
}

// An archive can lie about what only shows when an entry is read.
func TestRefusedWhileReading(t *testing.T) {
	small := uint64(30)
	body := `[{"text":"x","ts":"1.1"}` + strings.Repeat(" ", 5000) + `]`
	for _, tt := range []struct {
		name string
		e    entry
		why  Reason
	}{
		{"more comes out than told", entry{text: body, full: &small}, SizeLies},
		{"much more, stored", entry{text: body, packed: []byte(body), full: &small}, SizeLies},
		{"another name in its own record", entry{text: body, localName: "b/2020-01-01.json"}, NameLies},
		{"a long extra field that reaches over the next entry", entry{text: body}, Overlapping},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.e.name = "a/2020-01-01.json"
			b := raw([]entry{tt.e, {name: "channels.json", text: index}}, nil)
			if tt.why == Overlapping {
				binary.LittleEndian.PutUint16(b[28:], 40)
			}
			x, err := Open(written(t, b))
			if err != nil {
				t.Fatal(err)
			}
			defer x.Close()
			var last error
			for _, err := range x.Messages(channels(t, x)[0]) {
				last = err
			}
			if refused, ok := errors.AsType[*Refused](last); !ok || refused.Why != tt.why || refused.Entry != tt.e.name {
				t.Errorf("Messages ended with %v, want %s of %q", last, tt.why, tt.e.name)
			}
		})
	}
}

// A folder on disk is as little trusted: what is no plain file is refused.
func TestRefusedFolder(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "2020-01-01.json")
	for _, err := range []error{
		os.WriteFile(outside, []byte(`[{"text":"x","ts":"1.1"}]`), 0o644),
		os.WriteFile(filepath.Join(dir, "channels.json"), []byte(index), 0o644),
		os.Mkdir(filepath.Join(dir, "a"), 0o755),
		os.Symlink(outside, filepath.Join(dir, "a", "2020-01-01.json")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := Open(dir)
	if refused, ok := errors.AsType[*Refused](err); !ok || refused.Why != Link || refused.Entry != "a/2020-01-01.json" {
		t.Errorf("Open of a folder with a link: %v", err)
	}
	if _, err := OpenWithin(t.TempDir(), DefaultLimits()); err == nil {
		t.Error("Open of an empty folder gives no error")
	}
	limits := DefaultLimits()
	limits.Entries = 2
	if _, err := OpenWithin(dir, limits); err == nil {
		t.Error("Open of a folder with too many entries gives no error")
	}
}

// A file that grows after it was looked at gives out what was announced.
func TestFolderThatChanges(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a", "2020-01-01.json")
	for _, err := range []error{
		os.Mkdir(filepath.Join(dir, "a"), 0o755),
		os.WriteFile(filepath.Join(dir, "channels.json"), []byte(index), 0o644),
		os.WriteFile(name, []byte(`[]`), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	c := channels(t, x)[0]
	if err := os.WriteFile(name, []byte(`[`+strings.Repeat(" ", 1000)+`]`), 0o644); err != nil {
		t.Fatal(err)
	}
	var last error
	for _, err := range x.Messages(c) {
		last = err
	}
	if refused, ok := errors.AsType[*Refused](last); !ok || refused.Why != SizeLies {
		t.Errorf("Messages ended with %v", last)
	}
}

// Archives with zip64 fields are read, and those that hold more than 65,535
// entries.
func TestLargeArchives(t *testing.T) {
	x, err := Open(written(t, raw([]entry{
		{name: "channels.json", text: index, large: true, mode: 0x81A4},
		{name: "a/", packed: []byte{}, mode: 0x41ED},
		{name: "a/2020-01-01.json", text: `[{"text":"hi","ts":"1.1"}]`, large: true, extra: []byte("\x55\x54\x01\x00\x00")},
	}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := said(messages(t, x, channels(t, x)[0], "")); got != "hi" {
		t.Errorf("messages = %q", got)
	}

	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range 70_000 {
		e, err := w.CreateHeader(&zip.FileHeader{Name: "a/" + dayName(int32(20000101+i)) + ".json"})
		if err == nil {
			_, err = e.Write([]byte(`[]`))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	many, err := Open(written(t, b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer many.Close()
	if p := many.Progress(); p.Entries != 70_000 || p.Bytes != 140_000 {
		t.Errorf("Progress() = %+v", p)
	}
}

// Whatever bytes are given as an archive: no panic, and if we open it, so does
// archive/zip, with the same names.
func FuzzZip(f *testing.F) {
	ok := entry{name: "channels.json", text: index}
	f.Add(raw([]entry{ok}, nil))
	f.Add(raw([]entry{ok, {name: "a/2020-01-01.json", text: `[{"ts":"1"}]`, large: true}}, nil))
	f.Add(raw([]entry{ok, {name: "../x", text: "x"}}, nil))
	f.Add(raw([]entry{ok, {name: "a", text: "x", mode: 0xA1FF}}, nil))
	f.Add(raw(nil, nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		var names []string
		var at []int64
		z, err := openZip(bytes.NewReader(b), int64(len(b)), DefaultLimits(), func(_ string, h header) error {
			names, at = append(names, h.name), append(at, h.at)
			return nil
		})
		if err != nil {
			return
		}
		r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
			t.Fatalf("we open it, archive/zip does not: %v", err)
		}
		for i, e := range r.File {
			if i >= len(names) || e.Name != names[i] {
				t.Fatalf("archive/zip finds %q, we %q", e.Name, names)
			}
		}
		for _, at := range at {
			e, err := z.open(at)
			if err != nil {
				continue
			}
			_, _ = bytes.NewBuffer(nil).ReadFrom(e)
			e.Close()
		}
	})
}
