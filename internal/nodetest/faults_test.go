package nodetest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
)

// link is the network between the nodes and PostgreSQL: a proxy that can be cut,
// slow, and reset what goes through it.
type link struct {
	listener net.Listener
	to       string
	cut      atomic.Bool // takes connections and bytes, and passes nothing on
	delay    atomic.Int64
	mu       sync.Mutex
	open     map[net.Conn]bool
}

// through returns a link to a database, and the database's address by it.
func through(t *testing.T, database string) (*link, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	k := &link{listener: l, to: u.Host, open: make(map[net.Conn]bool)}
	go k.listen()
	t.Cleanup(func() {
		l.Close()
		k.reset()
	})
	u.Host = l.Addr().String()
	return k, u.String()
}

func (k *link) listen() {
	for {
		in, err := k.listener.Accept()
		if err != nil {
			return // closed
		}
		out, err := net.Dial("tcp", k.to)
		if err != nil {
			in.Close()
			continue
		}
		k.mu.Lock()
		k.open[in], k.open[out] = true, true
		k.mu.Unlock()
		go k.pass(in, out)
		go k.pass(out, in)
	}
}

func (k *link) pass(from, to net.Conn) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			<-time.After(time.Duration(k.delay.Load()) / 2) // each way
			for k.cut.Load() {
				<-time.After(10 * time.Millisecond)
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				break
			}
		}
		if err != nil {
			break
		}
	}
	from.Close()
	to.Close()
	k.mu.Lock()
	delete(k.open, from)
	delete(k.open, to)
	k.mu.Unlock()
}

// reset breaks every connection.
func (k *link) reset() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for c := range k.open {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		c.Close()
	}
}

// writers write to the nodes by the API, each thing under a key until it is
// acknowledged: what failed on one node is sent to the next.
type writers struct {
	*world

	nodes []*node
	next  atomic.Int64
	stop  atomic.Bool
	all   sync.WaitGroup

	mu      sync.Mutex
	acked   map[int]time.Time
	failed  int           // answers that were not 201, and missing ones
	slowest time.Duration // until an attempt failed
	answer  time.Duration // until an attempt succeeded, the slowest
	codes   map[string]int
}

func (w *world) write(nodes ...*node) *writers {
	v := &writers{world: w, nodes: nodes, acked: make(map[int]time.Time), codes: make(map[string]int)}
	v.next.Store(500000)
	for i := range w.tokens {
		v.all.Go(func() {
			for !v.stop.Load() {
				v.send(i, int(v.next.Add(1)))
			}
		})
	}
	return v
}

// end lets what is in hand come to its end.
func (v *writers) end() {
	v.stop.Store(true)
	v.all.Wait()
}

var client = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 20}}

func (v *writers) send(i, n int) {
	body := fmt.Appendf(nil, `{"point":%q,"to":["p%d"]}`, text(n), (i+1+n%3)%len(v.people))
	until(v.t, "an ask is acknowledged", func() bool {
		for k := range v.nodes {
			to := v.nodes[(i+k)%len(v.nodes)]
			r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, to.url+"/api/v1/asks", bytes.NewReader(body))
			if err != nil {
				v.t.Error(err)
				return true
			}
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+v.tokens[i])
			r.Header.Set("Idempotency-Key", fmt.Sprintf("key-%d", n))
			began := time.Now()
			code := "no answer"
			answer, err := client.Do(r)
			if err == nil {
				said, _ := io.ReadAll(answer.Body)
				answer.Body.Close()
				code = answer.Status
				if answer.StatusCode >= 400 && answer.StatusCode < 500 {
					v.t.Errorf("ask %d: %s %s", n, answer.Status, said)
					return true
				}
			}
			took := time.Since(began)
			v.mu.Lock()
			v.codes[code]++
			if strings.HasPrefix(code, "20") {
				v.acked[n] = time.Now()
				v.answer = max(v.answer, took)
				v.mu.Unlock()
				return true
			}
			v.failed++
			v.slowest = max(v.slowest, took)
			v.mu.Unlock()
			pass(v.t, 20*time.Millisecond)
		}
		return false
	})
}

func (v *writers) count() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.acked)
}

// more waits until everybody had so many more acknowledged, and tells how long
// it took until the first was.
func (v *writers) more(n int) time.Duration {
	v.t.Helper()
	began, had := time.Now(), v.count()
	until(v.t, "an ask is acknowledged again", func() bool { return v.count() > had })
	first := time.Since(began)
	until(v.t, "more asks are acknowledged", func() bool { return v.count() >= had+n })
	return first
}

// fresh begins to count failures anew.
func (v *writers) fresh() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.failed, v.slowest, v.answer, v.codes = 0, 0, 0, make(map[string]int)
}

// judge holds what is in a database to what was acknowledged.
func (v *writers) judge(database string) (lost, twice int) {
	v.t.Helper()
	stands := make(map[string]int)
	v.query(database, `SELECT i.point, count(d.id) FROM item i LEFT JOIN delivery d ON d.org_id = i.org_id AND d.item_id = i.id WHERE i.point LIKE 'Writing %' GROUP BY i.id, i.point`, func(scan func(...any) error) error {
		var point string
		var deliveries int
		err := scan(&point, &deliveries)
		if stands[point]++; deliveries == 0 {
			v.t.Errorf("%q has no delivery", point)
		}
		return err
	})
	for n := range v.acked {
		if stands[text(n)] == 0 {
			lost++
		}
	}
	for _, n := range stands {
		if n > 1 {
			twice++
		}
	}
	if lost > 0 || twice > 0 {
		v.t.Errorf("of %d acknowledged %d are lost, and %d stand twice", len(v.acked), lost, twice)
	}
	return lost, twice
}

// TestPostgresFaults takes the database away from a node while people write, in
// five ways, and gives it back.
func TestPostgresFaults(t *testing.T) {
	c := pgtest.New(t, pgtest.Options{Fsync: true})
	w := found(t, c.URL(t), 12, 8)
	k, database := through(t, w.database)
	n := w.begin("node", database)
	v := w.write(n)
	v.more(20)
	for _, f := range []struct {
		name       string
		take, give func()
	}{
		{"restart as after a crash", func() { c.Stop(t) }, func() { c.Start(t) }},
		{"cut", func() { k.cut.Store(true) }, func() { k.cut.Store(false) }},
		{"slow", func() { k.delay.Store(int64(500 * time.Millisecond)) }, func() { k.delay.Store(0) }},
		{"reset", k.reset, func() {}},
	} {
		v.fresh()
		f.take()
		pass(t, *awayFlag)
		f.give()
		again := v.more(20)
		v.mu.Lock()
		slowest := v.slowest
		t.Attr("fault", fmt.Sprintf("%s for %s: %d failed, the slowest after %.1f s; the first acknowledged %.2f s after its end, the slowest answer took %.1f s; %v",
			f.name, *awayFlag, v.failed, slowest.Seconds(), again.Seconds(), v.answer.Seconds(), v.codes))
		v.mu.Unlock()
	}
	v.end()
	lost, twice := v.judge(w.database)
	t.Attr("faults", fmt.Sprintf("%d acknowledged: lost %d, twice %d", len(v.acked), lost, twice))
	n.stop()
}

// TestFailover loses the first server for good while people write, and lets a
// synchronous standby take over: what was acknowledged is there.
func TestFailover(t *testing.T) {
	first := pgtest.New(t, pgtest.Options{Fsync: true})
	w := found(t, first.URL(t), 12, 8)
	second := first.Standby(t)
	n := w.begin("node", first.Both(t, w.database, second))
	v := w.write(n)
	v.more(50)

	// Without its standby nothing is acknowledged, not even what is sent again
	// and stands on the first server already.
	second.Stop(t)
	pass(t, 5*time.Second) // longer than a commit is waited for
	v.mu.Lock()
	alone := v.codes
	v.codes = make(map[string]int)
	v.mu.Unlock()
	before := v.count()
	pass(t, 3*time.Second)
	if now := v.count(); now != before {
		t.Errorf("%d were acknowledged without the standby: %v, %v", now-before, alone, v.codes)
	}
	second.Start(t)
	v.more(50)

	v.fresh()
	first.Stop(t)
	began := time.Now()
	second.Promote(t)
	promoted := time.Since(began)
	again := v.more(50)
	v.end()
	lost, twice := v.judge(second.Same(t, w.database))
	t.Attr("failover", fmt.Sprintf("promoted in %.1f s, the first acknowledged %.2f s after that; %d failed, the slowest after %.1f s; %d acknowledged: lost %d, twice %d; %v",
		promoted.Seconds(), again.Seconds(), v.failed, v.slowest.Seconds(), len(v.acked), lost, twice, v.codes))
	n.stop()
}

// TestRollingRestart replaces two nodes one after the other while people write
// to both, and go to the other when one does not answer.
func TestRollingRestart(t *testing.T) {
	w := found(t, pgtest.URL(t), 12, 8)
	nodes := []*node{w.begin("node1", w.database), w.begin("node2", w.database)}
	v := w.write(nodes...)
	v.more(40)
	v.fresh()
	for range *restartsFlag {
		for _, n := range nodes {
			n.stop()
			n.start()
			v.more(20)
		}
	}
	v.end()
	lost, twice := v.judge(w.database)
	t.Attr("rolling", fmt.Sprintf("%d restarts of each of two nodes: %d acknowledged, lost %d, twice %d; %d attempts failed on one node and were taken by the other, the slowest answer took %.2f s; %v",
		*restartsFlag, len(v.acked), lost, twice, v.failed, v.answer.Seconds(), v.codes))
	for code := range v.codes {
		if strings.HasPrefix(code, "5") {
			t.Errorf("while nodes were replaced, one answered %s", code)
		}
	}
	for _, n := range nodes {
		n.stop()
	}
}
