package loadtest

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/proctest"
	"github.com/rubato-hq/rubato/internal/testmail"
)

var (
	soakFlag  = flag.Duration("soak", 10*time.Second, "how long the soak lasts; an hour says something")
	partsFlag = flag.Int("parts", 12, "of the soak, each with a line of its own")
)

// BenchmarkSoak asks a mix of pages, asks, answers and updates at half of the
// highest rate, at moments that do not wait for answers, while somebody's window
// opens every minute and mail goes out. Each part has a line: nothing in them
// may rise from one to the next but what is kept on disk.
func BenchmarkSoak(b *testing.B) {
	exe := build(b)
	for b.Loop() {
		k := newSoak(b, exe, *itemsFlag)
		before := k.gauges()
		k.closed(8, min(20*time.Second, *soakFlag)/4)
		highest := k.closed(8, min(20*time.Second, *soakFlag))
		fmt.Fprintf(os.Stdout, "%s/highest\t%.0f req/s\n", b.Name(), highest)
		for part := range *partsFlag {
			m := k.paced(highest/2, *soakFlag/time.Duration(*partsFlag))
			g := k.gauges()
			fmt.Fprintf(os.Stdout, "%s/part=%d\t%d\t%.0f req/s\t%.3f cpu-ms/req\t%.1f p50-ms\t%.1f p99-ms\t%.0f worst-ms\t%.1f RSS-MiB\t%.1f heap-MiB\t%.0f goroutines\t%.0f files\t%.1f WAL-MB\t%.0f database-MB\t%d mails\t%.0f others-%%\n",
				b.Name(), part+1, m.requests, m.rate, m.cpu, m.p50, m.p99, m.worst, g.rss, g.heap, g.goroutines, g.files, g.wal, g.database, len(k.mail.Messages()), m.others)
		}
		after := k.idle(before.goroutines)
		fmt.Fprintf(os.Stdout, "%s/idle\t%.1f RSS-MiB\t%.0f goroutines\t%.0f files (before: %.1f, %.0f, %.0f)\n", b.Name(), after.rss, after.goroutines, after.files, before.rss, before.goroutines, before.files)
		k.s.stop()
	}
	b.ReportMetric(0, "ns/op")
}

// soak is a server with all that is asked of it.
type soak struct {
	tb        testing.TB
	w         *world
	s         *server
	mail      *testmail.Server
	metrics   string
	transport *http.Transport
	run       string
	turn      atomic.Int64
	mu        sync.Mutex
	open      []asked // and not answered yet
	failed    map[string]int
}

// asked is an ask that somebody is to answer.
type asked struct{ id, token string }

// newSoak starts a server whose people work around the clock, with a window
// every quarter of an hour, each minute those of others.
func newSoak(tb testing.TB, exe string, items int) *soak {
	tb.Helper()
	k := &soak{
		tb: tb, w: prepare(tb, items), mail: testmail.Start(tb), metrics: proctest.Address(tb), run: time.Now().Format("150405"), failed: make(map[string]int),
		transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
	}
	tb.Cleanup(k.transport.CloseIdleConnections)
	ctx := tb.Context()
	o := openWorld(tb, filepath.Join(k.w.data, "rubato.db"), true)
	orgs, err := o.store.Organisations(ctx)
	o.check(err)
	for i, m := range k.w.people {
		who, err := o.auth.Who(ctx, orgs[0].ID, m.cookie)
		o.check(err)
		p, err := o.store.Reader(who.Actor).Person(ctx, m.id)
		o.check(err)
		c := p.Charter
		var at []worktime.TimeOfDay
		for minute := i % 15; minute < 24*60; minute += 15 {
			at = append(at, worktime.ClockTime(minute/60, minute%60))
		}
		for day := range c.Time.Hours {
			c.Time.Hours[day] = []worktime.Span{{From: 0, To: worktime.ClockTime(24, 0)}}
		}
		c.Time.Windows = worktime.EveryDay(at...)
		_, err = o.door.SetCharter(ctx, who.Actor, door.CharterDraft{Charter: c, Revision: p.Revision, Reason: "Around the clock."})
		o.check(err)
		o.check(o.door.SetBriefMail(ctx, who.Actor, true))
	}
	o.close()
	k.s = start(tb, exe, k.w.data, "--smtp", "smtp://"+k.mail.Addr(), "--metrics", k.metrics)
	return k
}

// next builds a request of the mix; then is what to do with its answer.
func (k *soak) next() (what string, r *http.Request, want int, then func(body []byte)) {
	n := k.turn.Add(1) - 1
	i := int(n*7) % len(k.w.people)
	page := func(path string) *http.Request {
		r := newRequest(k.tb, http.MethodGet, k.s.url+path, "")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "rubato", Value: k.w.people[i].cookie})
		return r
	}
	switch at := n * 37 % 100; { // spread evenly, the same in each run
	case at < 40:
		return "team", page("/teams/" + crew(i)), http.StatusOK, nil
	case at < 60:
		return "item", page("/" + k.w.people[i].ref), http.StatusOK, nil
	case at < 75:
		return "brief", page("/brief"), http.StatusOK, nil
	case at < 80:
		return "archive", page("/teams/archive"), http.StatusOK, nil
	case at < 84:
		t := text(int(n) % 1000)
		from := k.w.people[int(n)%writersOf]
		return "update", k.call(from.token, "/items", n, map[string]any{"kind": "update", "point": t.Point, "body": t.Body, "team": "archive"}), http.StatusCreated, nil
	case at < 92:
		if one, ok := k.oldest(); ok {
			return "answer", k.call(one.token, "/asks/"+one.id+"/answer", n, map[string]any{"text": "Yes, until Thursday."}), http.StatusCreated, nil
		}
	}
	from, to, fields := k.w.asked(n, k.run)
	r = k.call(from.token, "/asks", n, map[string]any{"point": fields.Get("point"), "body": fields.Get("context"), "team": fields.Get("where"), "to": []string{to.handle}})
	return "ask", r, http.StatusCreated, func(body []byte) {
		var said struct{ ID string }
		if err := json.Unmarshal(body, &said); err != nil || said.ID == "" {
			k.tb.Errorf("no receipt but %.200s", body)
			return
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		k.open = append(k.open, asked{said.ID, to.token})
	}
}

// oldest takes an open ask when some wait.
func (k *soak) oldest() (asked, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.open) == 0 {
		return asked{}, false
	}
	one := k.open[0]
	k.open = k.open[1:]
	return one, true
}

func (k *soak) call(token, path string, n int64, fields map[string]any) *http.Request {
	body, err := json.Marshal(fields)
	if err != nil {
		panic(err) // texts alone
	}
	r := newRequest(k.tb, http.MethodPost, k.s.url+"/api/v1"+path, string(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Idempotency-Key", fmt.Sprintf("soak-%s-%d", k.run, n))
	return r
}

// one asks once and reads the answer to its end.
func (k *soak) one() {
	what, r, want, then := k.next()
	answer, err := k.transport.RoundTrip(r)
	if err != nil {
		k.fail(what + ": " + err.Error())
		return
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		k.fail(what + ": " + err.Error())
	case answer.StatusCode != want:
		k.fail(fmt.Sprintf("%s: %s %.300s", what, answer.Status, body))
	case then != nil:
		then(body)
	}
}

func (k *soak) fail(what string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failed[what]++; len(k.failed) < 20 && k.failed[what] == 1 {
		k.tb.Errorf("%s", what)
	}
}

// closed asks from so many clients, each after its last answer, and returns
// how many were answered in a second.
func (k *soak) closed(clients int, span time.Duration) float64 {
	began := time.Now()
	var n atomic.Int64
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for time.Since(began) < span {
				k.one()
				n.Add(1)
			}
		})
	}
	all.Wait()
	return float64(n.Load()) / time.Since(began).Seconds()
}

// pace is what a part of a soak was like.
type pace struct {
	measured
	worst float64
}

// paced asks at a rate, whether answers have come or not; how long one took is
// counted from when it was due.
func (k *soak) paced(rate float64, span time.Duration) pace {
	const most = 64 // at once; who finds none free waits, and that counts
	each := time.Duration(float64(time.Second) / rate)
	began := time.Now()
	cpu, mine, all := k.s.cpu(), own(k.tb), machine(k.tb)
	var due atomic.Int64
	var mu sync.Mutex
	var took []time.Duration
	var clients sync.WaitGroup
	for range most {
		clients.Go(func() {
			var list []time.Duration
			for {
				at := began.Add(time.Duration(due.Add(1)-1) * each)
				if at.Sub(began) >= span {
					break
				}
				if early := time.Until(at); early > 0 {
					<-time.After(early)
				}
				k.one()
				list = append(list, time.Since(at))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, list...)
		})
	}
	clients.Wait()
	wall := time.Since(began)
	cpu, mine, all = k.s.cpu()-cpu, own(k.tb)-mine, machine(k.tb)-all
	slices.Sort(took)
	return pace{
		measured: measured{
			requests: len(took), cpu: ms(cpu) / float64(len(took)), rate: float64(len(took)) / wall.Seconds(),
			p50: ms(took[len(took)/2]), p99: ms(took[len(took)*99/100]), others: 100 * float64(all-cpu-mine) / float64(wall),
		},
		worst: ms(took[len(took)-1]),
	}
}

// gauges are what the server has in its hands.
type gauges struct{ rss, heap, goroutines, files, wal, database float64 }

func (k *soak) gauges() gauges {
	k.tb.Helper()
	answer, err := http.Get("http://" + k.metrics + "/metrics")
	if err != nil {
		k.tb.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		k.tb.Fatal(err)
	}
	of := func(name string) float64 {
		_, after, ok := strings.Cut(string(body), "\n"+name+" ")
		line, _, _ := strings.Cut(after, "\n")
		v, err := strconv.ParseFloat(line, 64)
		if !ok || err != nil {
			k.tb.Fatalf("no %s in the metrics: %q", name, line)
		}
		return v
	}
	size := func(name string) float64 {
		info, err := os.Stat(filepath.Join(k.w.data, name))
		if err != nil {
			return 0
		}
		return float64(info.Size()) / 1e6
	}
	return gauges{
		rss: k.s.memory(), heap: of("go_memstats_heap_inuse_bytes") / (1 << 20), goroutines: of("go_goroutines"), files: of("process_open_fds"),
		wal: size("rubato.db-wal"), database: size("rubato.db"),
	}
}

// idle waits until connections and goroutines have ended, a minute at most.
func (k *soak) idle(goroutines float64) gauges {
	k.tb.Helper()
	k.transport.CloseIdleConnections()
	var g gauges
	proctest.Within(k.tb, time.Minute, func() bool {
		g = k.gauges()
		return g.goroutines <= goroutines
	})
	return g
}
