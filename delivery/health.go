package delivery

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Stuck is how old the last round of a loop may be: each goes round at least
// every half minute.
const Stuck = 90 * time.Second

// Loop names one of the loops of delivery.
type Loop string

// The loops.
const (
	LoopBriefs   Loop = "briefs"   // makes briefs
	LoopCalls    Loop = "calls"    // calls again in crises
	LoopMessages Loop = "messages" // sends the messages of briefs, and links
	LoopCrises   Loop = "crises"   // sends the messages of crises
)

// Beat is when a loop last went round without an error, in real time; zero when
// it has not yet.
type Beat struct {
	Loop Loop
	At   time.Time
}

// Health is how the delivery of this process goes.
type Health struct {
	// Since is when the engine was made.
	Since time.Time
	Beats []Beat
	// Violations are seals that were refused because they would have broken the
	// delivery contract, and FailedLooks looks at a person that failed and are
	// tried again; the last of each.
	Violations, FailedLooks         int
	LastViolation, LastFailedLookAt time.Time
}

// Health tells how the delivery of this process goes.
func (e *Engine) Health() Health {
	h := Health{Since: e.since, Beats: []Beat{{LoopBriefs, e.briefs.last()}, {LoopCalls, e.crises.last()}}}
	if len(e.cfg.Channels) > 0 {
		h.Beats = append(h.Beats, Beat{LoopMessages, e.out.briefs.round.last()}, Beat{LoopCrises, e.out.crises.round.last()})
	}
	h.Violations, h.LastViolation = e.met.contract.told()
	h.FailedLooks, h.LastFailedLookAt = e.met.failed.told()
	return h
}

// Stopped lists the loops that have not gone round for too long at now.
func (h Health) Stopped(now time.Time) []Loop {
	var out []Loop
	for _, b := range h.Beats {
		last := b.At
		if last.Before(h.Since) {
			last = h.Since // it may just have begun
		}
		if now.Sub(last) > Stuck {
			out = append(out, b.Loop)
		}
	}
	return out
}

// tally is a counter that the pages can read, too.
type tally struct {
	prometheus.Counter
	n  atomic.Int64
	at atomic.Int64
}

func newTally(o prometheus.CounterOpts) *tally { return &tally{Counter: prometheus.NewCounter(o)} }

// Inc counts one more.
func (t *tally) Inc() {
	t.Counter.Inc()
	t.at.Store(time.Now().UnixMilli())
	t.n.Add(1)
}

func (t *tally) told() (n int, last time.Time) {
	if n = int(t.n.Load()); n > 0 {
		last = time.UnixMilli(t.at.Load())
	}
	return n, last
}
