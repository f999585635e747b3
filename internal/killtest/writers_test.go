package killtest

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
)

// cast is who writes to whom.
func cast() []string {
	return []string{"lena", "jonas", "elif", "deniz", "ana", "caio", "kenji", "priya", "maya"}
}

// writers send forms until each is acknowledged. What a crash leaves without an
// answer they send again, under the same key.
type writers struct {
	*program

	people []*person
	next   atomic.Int64 // number of the next writing
	acked  atomic.Int64
	again  atomic.Int64 // sent more than once
}

func (p *program) writers(n int) *writers {
	w := &writers{program: p}
	for i := range n {
		w.people = append(w.people, p.be(cast()[i%len(cast())]))
	}
	return w
}

// write lets everybody write until so many more are acknowledged; the returned
// function waits for that.
func (w *writers) write(n int) (wait func()) {
	end := w.next.Load() + int64(n)
	var all sync.WaitGroup
	for _, who := range w.people {
		all.Go(func() {
			for {
				mine := w.next.Add(1) - 1
				if mine >= end {
					return
				}
				w.send(who, mine)
			}
		})
	}
	return func() {
		all.Wait()
		w.next.Store(end)
	}
}

// text is that by which a writing is found again.
func text(n int64) string { return fmt.Sprintf("Writing %06d is one of many.", n) }

// send sends one writing, every fourth an ask, until it is acknowledged.
func (w *writers) send(who *person, n int64) {
	to := cast()[int(n)%len(cast())]
	if to == who.handle {
		to = cast()[int(n+1)%len(cast())]
	}
	form := url.Values{"kind": {"update"}, "point": {text(n)}, "where": {"named"}, "to": {"@" + to}, "key": {fmt.Sprintf("writing-%06d", n)}}
	if n%4 == 0 {
		form.Set("kind", "ask")
	}
	tries := 0
	ok := w.within(patience, func() bool {
		tries++
		code, err := who.post("/write", form)
		if code >= 400 && code < 500 {
			w.t.Errorf("writing %d is refused: %v", n, err)
			return true
		}
		return err == nil && code == http.StatusCreated
	})
	if !ok {
		w.t.Errorf("writing %d was never acknowledged", n)
	}
	if tries > 1 {
		w.again.Add(1)
	}
	w.acked.Add(1)
}

// reach waits until so many are acknowledged.
func (w *writers) reach(n int64) {
	w.t.Helper()
	w.until(fmt.Sprintf("%d writings are acknowledged", n), func() bool { return w.acked.Load() >= n })
}
