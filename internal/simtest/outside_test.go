package simtest

import (
	"context"
	"errors"
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/store"
)

// mailTrouble is how often in a hundred an attempt goes wrong, and how.
type mailTrouble struct{ temporary, permanent, hangs, lost int }

// outside is where mail goes: it keeps what it took, and goes wrong as drawn.
type outside struct {
	m *small

	mu    sync.Mutex
	about map[string]outgoing // by the id that the message bears
	nth   map[string]int      // of a person's messages
	count map[string]int
	tries map[string]int // attempts, by id
	sent  []arrival
	wrong map[string][]string // what went wrong with a message of the outbox, by its id
}

// outgoing is a row of the outbox as it was rendered.
type outgoing struct {
	store.Outgoing

	with []string // earlier briefs that this mail carries
}

// arrival is a message that was taken.
type arrival struct {
	outgoing

	id          string // as it bears it
	began, took time.Time
	lost        bool // the answer was
}

func newOutside(m *small) *outside {
	return &outside{m: m, about: make(map[string]outgoing), nth: make(map[string]int), count: make(map[string]int), tries: make(map[string]int), wrong: make(map[string][]string)}
}

// watched notes what each message is about.
func (o *outside) watched(render delivery.Renderer) delivery.Renderer {
	return func(ctx context.Context, out store.Outgoing) (delivery.Message, error) {
		m, err := render(ctx, out)
		if err != nil {
			if !errors.Is(err, delivery.ErrNothing) {
				o.mu.Lock()
				o.wrong[out.ID] = append(o.wrong[out.ID], "it could not be written")
				o.mu.Unlock()
			}
			return m, err
		}
		v := outgoing{Outgoing: out}
		if out.Payload != "" {
			with, err := out.TakenUp()
			if err != nil {
				return m, err
			}
			for _, w := range with {
				v.with = append(v.with, w.Brief)
			}
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.about[m.ID] = v
		return m, nil
	}
}

type through struct {
	*outside

	proc *process
}

// through is the channel of a process.
func (o *outside) through(p *process) delivery.Channel { return through{o, p} }

// Send is that of a channel. What befalls an attempt is drawn from whom it is
// for, which of their messages it is, and which attempt.
func (t through) Send(ctx context.Context, m delivery.Message) (string, error) {
	o := t.outside
	t.m.edge.thaw()
	if t.proc.isDead() {
		return "", errDead
	}
	o.mu.Lock()
	about := o.about[m.ID]
	if o.nth[m.ID] == 0 {
		o.count[about.Person]++
		o.nth[m.ID] = o.count[about.Person]
	}
	o.tries[m.ID]++
	who := o.m.index(about.Person)
	h := fnv.New64a()
	h.Write([]byte(o.m.s.people[who].handle))
	r := rand.New(rand.NewPCG(o.m.s.seed^h.Sum64(), uint64(o.nth[m.ID]*1000+o.tries[m.ID])))
	began := time.Now()
	// No two at one instant: that would leave it to chance who is first.
	wait := time.Duration(20+r.IntN(700))*time.Millisecond + time.Duration(1+who*7+o.nth[m.ID]%7)*time.Microsecond
	o.mu.Unlock()
	n, bad := r.IntN(100), o.m.s.mail
	fails := func(says string) {
		o.mu.Lock()
		o.wrong[about.ID] = append(o.wrong[about.ID], says)
		o.mu.Unlock()
	}
	if n -= bad.hangs; n < 0 {
		fails("it hung")
		<-ctx.Done()
		t.m.edge.thaw()
		return "", ctx.Err()
	}
	pause(wait)
	t.m.edge.thaw()
	if t.proc.isDead() {
		return "", errDead
	}
	if n -= bad.temporary; n < 0 {
		fails("it was refused for a time")
		return "", errors.New("not now, as was drawn")
	}
	if n -= bad.permanent; n < 0 {
		fails("it was refused for good")
		return "", &delivery.Permanent{Err: errors.New("no such person, as was drawn")}
	}
	n -= bad.lost
	o.mu.Lock()
	o.sent = append(o.sent, arrival{about, m.ID, began, time.Now(), n < 0})
	o.mu.Unlock()
	if n < 0 {
		fails("its answer was lost")
		return "", &delivery.Unanswered{Err: errors.New("the answer was lost, as was drawn")}
	}
	return "taken", nil
}
