package slackexport

import (
	"archive/zip"
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// generate writes an export of about size bytes unpacked: messages as Slack
// exports them today, with profile, blocks, reactions and files.
func generate(b *testing.B, size, channels, days int) string {
	b.Helper()
	name := filepath.Join(b.TempDir(), "export.zip")
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	out := bufio.NewWriterSize(f, 1<<20)
	w := zip.NewWriter(out)
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the run held every writer for minutes and nobody was told until arrivals were late again so we stop it today see D-214 for what comes next please answer before noon thank you all of it is written down")
	file := func(name string, write func(e *bufio.Writer)) {
		e, err := w.Create(name)
		if err != nil {
			b.Fatal(err)
		}
		buffered := bufio.NewWriter(e)
		write(buffered)
		if err := buffered.Flush(); err != nil {
			b.Fatal(err)
		}
	}
	text := func() string {
		var s strings.Builder
		for range 5 + r.IntN(40) {
			s.WriteString(words[r.IntN(len(words))])
			s.WriteByte(' ')
		}
		return s.String()
	}
	file(usersFile, func(e *bufio.Writer) {
		for i := range 500 {
			fmt.Fprintf(e, "%c{\"id\":\"U%04d\",\"team_id\":\"T1\",\"name\":\"member%d\",\"tz\":\"Europe/Berlin\",\"profile\":{\"email\":\"m%d@example.org\"}}\n", "[,"[min(i, 1)], i, i, i)
		}
		e.WriteByte(']')
	})
	file(publicFile, func(e *bufio.Writer) {
		for i := range channels {
			fmt.Fprintf(e, "%c{\"id\":\"C%04d\",\"name\":\"channel-%d\",\"created\":1480000000,\"members\":[\"U0001\",\"U0002\"]}\n", "[,"[min(i, 1)], i, i)
		}
		e.WriteByte(']')
	})
	each := size / channels / days
	for c := range channels {
		for d := range days {
			day := dayName(int32(20250100 + d/28*100 + d%28 + 1))
			file(fmt.Sprintf("channel-%d/%s.json", c, day), func(e *bufio.Writer) {
				second := 1735700000 + d*86400
				for n := 0; n < each; second++ {
					t, user := text(), r.IntN(500)
					k, _ := fmt.Fprintf(e, `%c{"client_msg_id":"%016x","type":"message","user":"U%04d","text":%q,"ts":"%d.%06d","team":"T1","user_team":"T1","source_team":"T1","user_profile":{"avatar_hash":"%08x","real_name":"Member %d","display_name":"member%d","team":"T1","is_restricted":false},"blocks":[{"type":"rich_text","block_id":"%04x","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":%q}]}]}],"reactions":[{"name":"tada","users":["U0001","U0002"],"count":2}]}`+"\n",
						"[,"[min(n, 1)], r.Uint64(), user, t, second, r.IntN(1_000_000), r.Uint32(), user, user, r.IntN(65536), t)
					n += k
				}
				e.WriteByte(']')
			})
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	return name
}

// peakMB returns the most memory that the process has had, in MiB.
func peakMB(b *testing.B) float64 {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return float64(usage.Maxrss) / 1024
}

// BenchmarkExport reads a whole export of 200 MB and converts its texts. What it
// reports as peak-MB is that of the process on Linux, which is why each shape is
// best run alone: -bench 'Export/days'.
func BenchmarkExport(b *testing.B) {
	for name, shape := range map[string]struct{ channels, days int }{
		"days":     {100, 40}, // 4,000 files of 50 kB
		"small":    {500, 200},
		"one-file": {1, 1}, // larger than what is held to be sorted
	} {
		b.Run(name, func(b *testing.B) {
			path := generate(b, 200<<20, shape.channels, shape.days)
			messages := 0
			for b.Loop() {
				x, err := Open(path)
				if err != nil {
					b.Fatal(err)
				}
				messages = 0
				for c, err := range x.Channels() {
					if err != nil {
						b.Fatal(err)
					}
					for m, err := range x.Messages(c) {
						if err != nil {
							b.Fatal(err)
						}
						Markdown(m.Text, Names{})
						messages++
					}
				}
				p := x.Progress()
				if len(x.Report().Problems) > 0 || p.EntriesDone != p.Entries || p.BytesDone != p.Bytes {
					b.Fatalf("%+v, %s", p, x.Report().Problems)
				}
				b.SetBytes(p.Bytes)
				x.Close()
			}
			b.ReportMetric(float64(messages), "messages")
			b.ReportMetric(peakMB(b), "peak-MB")
		})
	}
}
