package killtest

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/internal/testmail"
)

var (
	killsFlag  = flag.Int("kills", 24, "of the program, on each database")
	writesFlag = flag.Int("writes", 2000, "that are acknowledged, on each database")
)

// point is a moment at which the program is killed.
type point string

const (
	sealSend   point = "between seal and send"   // the mail server has the recipient, and none of the mail
	sendMark   point = "between send and mark"   // it has the mail, and its yes is on the way
	commitWake point = "between commit and wake" // held by package fault
	random     point = "at random"               // while people write, windows open and mail goes out
	starting   point = "in its start"
)

// held is how many kills at most are at moments that are held on purpose.
const held = 16

// order is that of the kills: those of mail come first, because what the dead
// process was sending is held by its lease for two minutes. Whatever is beyond
// those that are held comes at random.
func order(kills int) []point {
	out := make([]point, kills)
	for i := range out {
		switch {
		case i < held:
			out[i] = []point{sealSend, sendMark, commitWake, commitWake}[i%4]
		case i%4 == 3:
			out[i] = starting
		default:
			out[i] = random
		}
	}
	slices.SortStableFunc(out, func(a, b point) int { return late(a) - late(b) })
	return out
}

func late(p point) int {
	return slices.Index([]point{sealSend, sendMark, commitWake, random, starting}, p) / 2
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
				stop := p.windows(at, w)
				if at == random || at == starting {
					w.reach(before + rand.Int64N(int64(share)+1))
				} else {
					w.reach(before + int64(share)/2) // some are needed to meet it
				}
				p.strike(at, w)
				wait()
				stop()
			}
			p.settle(w)
			p.stop()
			c := p.count(w)
			c.judge(t)
			t.Attr("kills", fmt.Sprintf("%d (%d %s, %d %s, %d %s, %d %s, %d %s), %d writes acknowledged, %d of them sent again; %s; ready again after %s; %.0f s", p.killed(),
				p.kills[commitWake], commitWake, p.kills[sealSend], sealSend, p.kills[sendMark], sendMark, p.kills[random], random, p.kills[starting], starting,
				w.acked.Load(), w.again.Load(), c, p.ready(), time.Since(start).Seconds()))
		})
	}
}

// strike kills the program at a point, when it is seen to stand there.
func (p *program) strike(at point, w *writers) {
	p.t.Helper()
	switch at {
	case random:
		p.sleep(rand.N(100 * time.Millisecond))
	case starting:
		p.end(random)
		p.launch()
		p.sleep(rand.N(300 * time.Millisecond))
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

// windows lets the clock go from window to window until stop, so that a kill at
// random may find the program in the middle of briefs and of mail.
func (p *program) windows(at point, w *writers) (stop func()) {
	if at != random && at != starting {
		return func() {}
	}
	end := make(chan struct{})
	var moving sync.WaitGroup
	moving.Go(func() {
		for {
			who := w.people[rand.N(len(w.people))]
			who.next()
			pause := time.NewTimer(rand.N(200 * time.Millisecond))
			select {
			case <-end:
				pause.Stop()
				return
			case <-pause.C:
			}
		}
	})
	return func() {
		close(end)
		moving.Wait()
	}
}

// killed is how often the program was killed: in its start is once more.
func (p *program) killed() (n int) {
	for _, k := range p.kills {
		n += k
	}
	return n
}

// ready tells how long the program took from its start to its first page.
func (p *program) ready() string {
	slices.Sort(p.starts)
	at := func(part float64) time.Duration {
		return p.starts[min(len(p.starts)-1, int(part*float64(len(p.starts))))].Round(time.Millisecond)
	}
	return fmt.Sprintf("p50 %s, p95 %s, worst %s", at(0.5), at(0.95), at(1))
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
