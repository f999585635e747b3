package serve

import (
	"maps"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// mostPlaces bounds the connections that are open at once, and with them the
	// memory that they take.
	mostPlaces = 4096
	// ownFiles are left to the database, attachments and what goes out, so that
	// no crowd at the door keeps a crisis from leaving.
	ownFiles = 40
	// idling is how long a connection has done nothing when it is closed for
	// somebody who waits.
	idling = 3 * time.Second
	// leaveTaking is how long a stop goes on answering at most, and says with each
	// answer that the connection ends: whoever comes back is refused, and not cut
	// off. Who did nothing for a while is not waited for.
	leaveTaking = 3 * time.Second
	silent      = 250 * time.Millisecond
)

// doorway lets in as many connections as there are places. When none is left,
// whoever comes waits before the door, each answer ends its connection, and
// those that do nothing are closed.
type doorway struct {
	net.Listener
	places  chan struct{} // one for each connection that may still come
	closing sync.Once
	closed  chan struct{}
	crowded atomic.Bool // somebody waits for a place
	leaving atomic.Bool
	last    chan net.Conn // who was before the door when it was shut

	mu   sync.Mutex
	open map[net.Conn]time.Time // since when they do nothing, zero for those in use
}

// newDoorway stands before a server's listener.
func newDoorway(l net.Listener, server *http.Server, places int) *doorway {
	d := &doorway{Listener: l, places: make(chan struct{}, places), closed: make(chan struct{}), last: make(chan net.Conn), open: make(map[net.Conn]time.Time)}
	for range places {
		d.places <- struct{}{}
	}
	server.ConnState = d.watch
	server.Handler = d.ending(server.Handler)
	return d
}

// places is how many connections there is room for in the files that the
// process may open.
func places() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 2*mostPlaces {
		return mostPlaces
	}
	files := int(limit.Cur) // it is small
	return max(files/4, min(files-ownFiles, mostPlaces))
}

// Accept waits for a place and then for a connection.
func (d *doorway) Accept() (net.Conn, error) {
	if err := d.place(); err != nil {
		return nil, err
	}
	c, err := d.Listener.Accept()
	if err == nil {
		return c, nil
	}
	d.free()
	if d.leaving.Load() {
		select {
		case c := <-d.last:
			return c, nil
		case <-d.closed:
		}
	}
	return nil, err
}

// free gives a place back; the last guests had none.
func (d *doorway) free() {
	select {
	case d.places <- struct{}{}:
	default:
	}
}

func (d *doorway) place() error {
	select {
	case <-d.places:
		return nil
	default:
	}
	d.crowded.Store(true)
	defer d.crowded.Store(false)
	again := time.NewTicker(idling / 4)
	defer again.Stop()
	for {
		d.closeIdle()
		select {
		case <-d.places:
			return nil
		case <-d.closed:
			return net.ErrClosed
		case <-again.C:
		}
	}
}

// watch follows what connections do.
func (d *doorway) watch(c net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch state {
	case http.StateIdle:
		d.open[c] = time.Now()
	case http.StateClosed, http.StateHijacked:
		delete(d.open, c)
		d.free()
	default:
		d.open[c] = time.Time{}
	}
}

// closeIdle closes the connections that have done nothing for a while.
func (d *doorway) closeIdle() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for c, since := range d.open {
		if !since.IsZero() && time.Since(since) > idling {
			_ = c.Close() // its server notices
		}
	}
}

// ending says with each answer that its connection ends, while others wait for
// its place, and when the server takes its leave.
func (d *doorway) ending(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.crowded.Load() || d.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// Close ends the listening.
func (d *doorway) Close() error {
	d.closing.Do(func() { close(d.closed) })
	return d.Listener.Close()
}

// leave prepares a stop: connections end with their next answer, and those that
// wait before the door when it is shut are let in, because the system would cut
// them off.
func (d *doorway) leave() {
	d.leaving.Store(true)
	d.goodbye()
	tcp, ok := d.Listener.(*net.TCPListener)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return // it is closed
	}
	var queue []int
	_ = raw.Control(func(fd uintptr) { // fails when it is closed
		for {
			one, _, err := syscall.Accept(int(fd))
			if err != nil {
				break // nobody waits
			}
			queue = append(queue, one)
		}
		_ = syscall.Shutdown(int(fd), syscall.SHUT_RD) // where this is not known, closing does it
	})
	for _, one := range queue {
		f := os.NewFile(uintptr(one), "") // a descriptor is not negative
		if c, err := net.FileConn(f); err == nil {
			select {
			case d.last <- c:
			case <-time.After(silent): // where listening goes on
				_ = c.Close()
			}
		}
		_ = f.Close() // FileConn has its own
	}
}

// goodbye waits until those who were there when it began had an answer that
// ended their connection, or do nothing.
func (d *doorway) goodbye() {
	d.mu.Lock()
	there := maps.Clone(d.open)
	d.mu.Unlock()
	look := time.NewTicker(silent / 10)
	defer look.Stop()
	for end := time.Now().Add(leaveTaking); len(there) > 0 && time.Now().Before(end); <-look.C {
		d.mu.Lock()
		maps.DeleteFunc(there, func(c net.Conn, _ time.Time) bool {
			since, open := d.open[c]
			return !open || !since.IsZero() && time.Since(since) > silent
		})
		d.mu.Unlock()
	}
}
