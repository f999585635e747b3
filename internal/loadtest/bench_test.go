package loadtest

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
)

// clients is how many ask at once.
func clients() []int { return []int{1, 8, 32} }

// BenchmarkAsk writes asks to one person of the crew, session or token checked
// and the disk waited for, by the page's form and by the API. The floor keeps
// one row of the same form: with a commit for each, and with those beside it.
func BenchmarkAsk(b *testing.B) {
	exe := build(b)
	for _, items := range []int{0, *itemsFlag} {
		b.Run(fmt.Sprintf("sqlite/items=%d", items), func(b *testing.B) {
			w := prepare(b, items)
			s := start(b, exe, w.data)
			f := floor(b, filepath.Join(b.TempDir(), "floor.db"))
			writes(b, w, s, f, s.cpu, f.cpu)
			<-time.After(300 * time.Millisecond) // nobody asks it anything
			b.Logf("resident after load: %.1f MiB", s.memory())
			s.stop()
		})
	}
	for _, items := range []int{0, *itemsFlag} {
		b.Run(fmt.Sprintf("postgres/items=%d", items), func(b *testing.B) {
			c := pgtest.New(b, pgtest.Options{Fsync: true, Settings: []string{"shared_buffers=512MB", "max_connections=300", "jit=off"}})
			w := preparePostgres(b, items, c.URL(b))
			s := start(b, exe, w.data, w.args()...)
			f := floor(b, c.URL(b))
			pid := c.PID(b)
			with := func(s *server) func() time.Duration {
				return func() time.Duration { return s.cpu() + family(b, pid) }
			}
			writes(b, w, s, f, with(s), with(f))
			s.stop()
		})
	}
}

func writes(b *testing.B, w *world, s, f *server, ours, theirs func() time.Duration) {
	for _, n := range clients() {
		b.Run(fmt.Sprintf("clients=%d", n), func(b *testing.B) {
			compare(b, n, bare(b, f, w, "floor-one", "/one", theirs), bare(b, f, w, "floor-group", "/group", theirs), byPage(b, s, w, ours), byToken(b, s, w, ours))
		})
	}
}

// path is that of a page for the i-th person.
func (w *world) path(name string) func(i int) string {
	switch name {
	case "brief":
		return func(int) string { return "/brief" }
	case "look":
		return func(int) string { return "/brief/look" }
	case "team":
		return func(i int) string { return "/teams/" + crew(i) }
	case "archive": // the one team that holds nearly all there is
		return func(int) string { return "/teams/archive" }
	default:
		return func(i int) string { return "/" + w.people[i].ref }
	}
}

// BenchmarkPage reads pages beside a bare server that answers as many bytes.
func BenchmarkPage(b *testing.B) {
	exe := build(b)
	for _, items := range []int{0, *itemsFlag} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			w := prepare(b, items)
			s := start(b, exe, w.data)
			f := floor(b, filepath.Join(b.TempDir(), "floor.db"))
			for _, name := range []string{"brief", "look", "team", "archive", "item"} {
				if name == "archive" && items == 0 {
					continue
				}
				path := w.path(name)
				for _, n := range clients() {
					b.Run(fmt.Sprintf("%s/clients=%d", name, n), func(b *testing.B) {
						ours := reading(b, s, w, "ours", path)
						size := ours.measure(b, 1, 50*time.Millisecond).size
						compare(b, n, plain(b, f, "floor", fmt.Sprintf("/bytes?n=%d", size)), ours)
					})
				}
			}
			<-time.After(300 * time.Millisecond) // nobody asks it anything
			b.Logf("resident after load: %.1f MiB", s.memory())
			s.stop()
		})
	}
}

// BenchmarkPlainest is the plainest route with all that stands before a route.
func BenchmarkPlainest(b *testing.B) {
	w := prepare(b, 0)
	s := start(b, build(b), w.data)
	f := floor(b, filepath.Join(b.TempDir(), "floor.db"))
	for _, n := range clients() {
		b.Run(fmt.Sprintf("clients=%d", n), func(b *testing.B) {
			compare(b, n, plain(b, f, "floor", "/hello"), plain(b, s, "healthz", "/healthz"))
		})
	}
	s.stop()
}
