package slackexport

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// files are the files of a small export, by name.
type files map[string]string

// zipped writes an export as a zip and opens it.
func (f files) zipped(t *testing.T) *Export {
	t.Helper()
	x, err := Open(f.zipFile(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func (f files) zipFile(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range sortedKeys(f) {
		e, err := w.Create(name)
		if err == nil {
			_, err = e.Write([]byte(f[name]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return written(t, b.Bytes())
}

// folder writes an export as a folder on disk and opens it.
func (f files) folder(t *testing.T) *Export {
	t.Helper()
	dir := t.TempDir()
	for name, text := range f {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	x, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

// written writes an archive to a file and returns its name.
func written(t testing.TB, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "export.zip")
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// An entry is one of a zip in which everything can be a lie.
type entry struct {
	name      string
	localName string // name if empty
	text      string
	packed    []byte // of text, deflated, if nil
	method    uint16 // stored if packed and method are not set
	flags     uint16
	crc       *uint32
	full      *uint64 // the size that the directory tells
	mode      uint32  // of Unix, 0 for an archive from elsewhere
	attribute uint32
	at        *int // where the directory says it begins
	extra     []byte
	large     bool // sizes and place in a zip64 field
}

// raw writes such a zip. The tail may change what stands at its end.
func raw(entries []entry, tail func(end []byte) []byte) []byte {
	le := binary.LittleEndian
	var b, dir []byte
	for _, e := range entries {
		if e.localName == "" {
			e.localName = e.name
		}
		packed, method := e.packed, e.method
		if packed == nil {
			packed, method = deflate(e.text), deflated
			if e.method != 0 {
				method = e.method
			}
		}
		crc := crc32.ChecksumIEEE([]byte(e.text))
		if e.crc != nil {
			crc = *e.crc
		}
		full := uint64(len(e.text))
		if e.full != nil {
			full = *e.full
		}
		at := len(b)
		if e.at != nil {
			at = *e.at
		} else {
			b = le.AppendUint32(b, localSig)
			for _, v := range []uint16{20, e.flags, method, 0, 0} {
				b = le.AppendUint16(b, v)
			}
			b = le.AppendUint32(b, crc)
			b = le.AppendUint32(b, uint32(len(packed)))
			b = le.AppendUint32(b, uint32(full))
			b = le.AppendUint16(b, uint16(len(e.localName)))
			b = le.AppendUint16(b, uint16(len(e.extra)))
			b = append(b, e.localName...)
			b = append(b, e.extra...)
			b = append(b, packed...)
		}
		var host uint16
		attributes := e.attribute
		if e.mode != 0 {
			host, attributes = hostUnix, e.mode<<16
		}
		size, fullSize, place := uint32(len(packed)), uint32(min(full, 0xFFFFFFFF)), uint32(at)
		var extra []byte
		if e.large || full > 0xFFFFFFFF {
			extra = le.AppendUint16(extra, extra64)
			extra = le.AppendUint16(extra, 24)
			for _, v := range []uint64{full, uint64(len(packed)), uint64(at)} {
				extra = le.AppendUint64(extra, v)
			}
			size, fullSize, place = 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF
		}
		dir = le.AppendUint32(dir, centralSig)
		for _, v := range []uint16{host<<8 | 20, 20, e.flags, method, 0, 0} {
			dir = le.AppendUint16(dir, v)
		}
		for _, v := range []uint32{crc, size, fullSize} {
			dir = le.AppendUint32(dir, v)
		}
		for _, v := range []uint16{uint16(len(e.name)), uint16(len(extra)), 0, 0, 0} {
			dir = le.AppendUint16(dir, v)
		}
		dir = le.AppendUint32(dir, attributes)
		dir = le.AppendUint32(dir, place)
		dir = append(dir, e.name...)
		dir = append(dir, extra...)
	}
	var end []byte
	end = le.AppendUint32(end, endSig)
	for _, v := range []uint16{0, 0, uint16(len(entries)), uint16(len(entries))} {
		end = le.AppendUint16(end, v)
	}
	end = le.AppendUint32(end, uint32(len(dir)))
	end = le.AppendUint32(end, uint32(len(b)))
	end = le.AppendUint16(end, 0)
	if tail != nil {
		end = tail(end)
	}
	return slices.Concat(b, dir, end)
}

func deflate(s string) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	_, _ = w.Write([]byte(s))
	_ = w.Close()
	return b.Bytes()
}

// small is an export with two people, three channels and a thread.
func small() files {
	return files{
		"users.json": `[{"id":"U1","team_id":"T1","name":"mia","real_name":"Mia Chen","tz":"America/Los_Angeles","profile":{"display_name":"mia","email":" mia@example.org ","title":"Maker"}},
			{"id":"U2","name":"jonas","deleted":true,"is_admin":true,"profile":{"real_name":"Jonas W","email":null}}]`,
		"channels.json": `[{"id":"C1","name":"general","created":1480000000,"creator":"U1","is_general":true,"members":["U1","U2"],"topic":{"value":"News"},"purpose":{"value":"All of us"}},
			{"id":"C2","name":"old","created":1,"is_archived":true,"members":[]}]`,
		"groups.json":           `[{"id":"G1","name":"secret","members":["U2"]}]`,
		"integration_logs.json": `[]`,
		"general/2016-11-24.json": `[{"type":"message","user":"U1","text":"one","ts":"1480000000.000002"},
			{"type":"message","user":"U2","text":"reply","ts":"1480000000.000010","thread_ts":"1480000000.000002"}]`,
		"general/2016-11-25.json": `[{"type":"message","user":"U2","text":"two","ts":"1480080000.000001"}]`,
		"secret/2016-11-24.json":  `[{"type":"message","user":"U2","text":"hush","ts":"1480000001.000001"}]`,
	}
}

// day returns a small export whose one channel has one day with that text.
func day(text string) files {
	f := small()
	f["general/2016-11-24.json"] = text
	delete(f, "general/2016-11-25.json")
	return f
}

func channels(t *testing.T, x *Export) []Channel {
	t.Helper()
	var list []Channel
	for c, err := range x.Channels() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, c)
	}
	return list
}

// general returns the messages of the channel of that name.
func general(t *testing.T, x *Export) []Message {
	t.Helper()
	for _, c := range channels(t, x) {
		if c.Name == "general" {
			return messages(t, x, c, "")
		}
	}
	t.Fatal("no channel general")
	return nil
}

func messages(t *testing.T, x *Export, c Channel, after string) []Message {
	t.Helper()
	var list []Message
	for m, err := range x.MessagesAfter(c, after) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, m)
	}
	return list
}

// said joins the texts of messages.
func said(list []Message) string {
	var texts []string
	for _, m := range list {
		texts = append(texts, m.Text)
	}
	return strings.Join(texts, " ")
}

// problems joins the report's lines.
func problems(x *Export) string {
	var lines []string
	for _, p := range x.Report().Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}
