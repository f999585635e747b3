package killtest

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/internal/testmail"
)

var (
	killsFlag  = flag.Int("kills", 20, "of the program, on each database")
	writesFlag = flag.Int("writes", 2000, "that are acknowledged, on each database")
)

// point is a moment at which the program is killed.
type point string

const (
	sealSend   point = "between seal and send"   // the mail server has the recipient, and none of the mail
	sendMark   point = "between send and mark"   // it has the mail, and its yes is on the way
	commitWake point = "between commit and wake" // held by package fault
	writing    point = "during writing"
)

// order is that of the kills: those of mail come first, because what the dead
// process was sending is held by its lease for two minutes.
func order(kills int) []point {
	out := make([]point, kills)
	for i := range out {
		out[i] = []point{sealSend, sendMark, commitWake, writing}[i%4]
	}
	slices.SortStableFunc(out, func(a, b point) int { return late(a) - late(b) })
	return out
}

func late(p point) int {
	if p == sealSend || p == sendMark {
		return 0
	}
	return 1
}

// TestKills kills the program on both databases and counts what is left.
func TestKills(t *testing.T) {
	exe := build(t, "faults")
	for name, database := range map[string]func(testing.TB) string{"sqlite": func(testing.TB) string { return "" }, "postgres": pgtest.URL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			p := begin(t, exe, database(t))
			w := p.writers(8)
			points := order(*killsFlag)
			for i, at := range points {
				share := *writesFlag*(i+1)/len(points) - *writesFlag*i/len(points)
				before := w.acked.Load()
				wait := w.write(share)
				w.reach(before + int64(share)/2)
				p.strike(at, w)
				wait()
			}
			p.settle(w)
			p.stop()
			c := p.count(w)
			c.judge(t)
			t.Attr("kills", fmt.Sprintf("%d (%d %s, %d %s, %d %s, %d %s), %d writes acknowledged, %d of them sent again; %s; %.0f s", len(points),
				p.kills[commitWake], commitWake, p.kills[sealSend], sealSend, p.kills[sendMark], sendMark, p.kills[writing], writing,
				w.acked.Load(), w.again.Load(), c, time.Since(start).Seconds()))
		})
	}
}

// strike kills the program at a point, when it is seen to stand there.
func (p *program) strike(at point, w *writers) {
	p.t.Helper()
	switch at {
	case writing:
	case commitWake:
		armed := filepath.Join(p.faults, "commit-wake")
		if err := os.WriteFile(armed, nil, 0o600); err != nil {
			p.t.Fatal(err)
		}
		p.until("a commit stands before its nudge", func() bool { return os.Remove(armed+".reached") == nil })
	case sealSend:
		p.hold(w, testmail.Recipient, func() int {
			n := 0
			for _, handle := range cast() {
				n += p.mail.Tries(handle + "@meridian.example")
			}
			return n
		})
	case sendMark:
		p.hold(w, testmail.AfterData, func() int { return len(p.mail.Messages()) })
	}
	p.kill(at)
}

// hold lets the mail server answer nobody at a stage, and moves the clock from
// window to window until somebody waits for it there.
func (p *program) hold(w *writers, at testmail.Stage, seen func() int) {
	p.t.Helper()
	p.mail.Fail(testmail.Fault{At: at, Hang: true})
	before := seen()
	for range 100 {
		for _, who := range w.people {
			who.next()
			if p.within(500*time.Millisecond, func() bool { return seen() > before }) {
				return
			}
		}
	}
	p.t.Fatalf("no mail came as far as %q", at)
}

// settle lets the time pass until nothing waits any more.
func (p *program) settle(w *writers) {
	p.t.Helper()
	end := time.Now().Add(patience)
	for time.Now().Before(end) {
		left := p.waits()
		switch {
		case left == (waits{}):
			return
		case left.deliveries > 0 || left.windows > 0:
			w.people[int(time.Now().UnixNano())%len(w.people)].next()
		default:
			p.within(time.Second, func() bool { return p.waits() != left })
		}
	}
	p.t.Fatalf("after %s this waits: %+v", patience, p.waits())
}

// TestNobodyIsGivenThePoints holds that a program built as it is for people has
// no point at which it could be held.
func TestNobodyIsGivenThePoints(t *testing.T) {
	t.Parallel()
	for tags, want := range map[string]bool{"": false, "faults": true} {
		exe, err := os.ReadFile(build(t, tags))
		if err != nil {
			t.Fatal(err)
		}
		if got := bytes.Contains(exe, []byte("RUBATO_FAULTS")); got != want {
			t.Errorf("built with -tags %q it knows RUBATO_FAULTS: %v, want %v", tags, got, want)
		}
	}
}
