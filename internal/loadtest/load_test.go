package loadtest

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var (
	spanFlag    = flag.Duration("span", 2*time.Second, "how long one measurement of a benchmark takes")
	repeatsFlag = flag.Int("repeats", 3, "how often each is measured, in turns; the median counts")
	itemsFlag   = flag.Int("items", 100_000, "of the large database")
	metricsFlag = flag.String("metrics", "", "address at which the measured server tells its metrics and profiles")
)

// subject is one thing that is asked over and over: ours or a floor.
type subject struct {
	name string
	cpu  func() time.Duration
	want int
	// make builds the n-th request.
	make func(n int64) *http.Request

	turn atomic.Int64
}

// measured is one measurement of a subject.
type measured struct {
	requests   int
	failed     map[int]int // by status, 0 for no answer
	cpu        float64     // milliseconds of the server's process a request
	rate       float64     // requests a second
	p50, p99   float64     // milliseconds
	others     float64     // what others used meanwhile, per cent of one processor
	load       float64     // what the load itself used, per cent of one processor
	size       int         // bytes of the last body
	firstWrong string
}

// measure asks a subject from so many clients at once, each after its last
// answer, for a span of time. It runs for a quarter of that before it counts.
func (s *subject) measure(tb testing.TB, clients int, span time.Duration) measured {
	tb.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: clients, MaxConnsPerHost: clients, DisableCompression: true}
	defer transport.CloseIdleConnections()
	s.load(transport, clients, span/4)
	cpu, mine, all, began := s.cpu(), own(tb), machine(tb), time.Now()
	m, took := s.load(transport, clients, span)
	wall := time.Since(began)
	cpu, mine, all = s.cpu()-cpu, own(tb)-mine, machine(tb)-all
	slices.Sort(took)
	m.requests = len(took)
	if len(took) == 0 {
		tb.Fatalf("%s answered nothing: %v %s", s.name, m.failed, m.firstWrong)
	}
	m.cpu = ms(cpu) / float64(len(took))
	m.rate = float64(len(took)) / wall.Seconds()
	m.p50, m.p99 = ms(took[len(took)/2]), ms(took[len(took)*99/100])
	m.others = 100 * float64(all-cpu-mine) / float64(wall)
	m.load = 100 * float64(mine) / float64(wall)
	if len(m.failed) > 0 {
		tb.Errorf("%s: of %d answers these were not %d: %v, the first: %s", s.name, len(took), s.want, m.failed, m.firstWrong)
	}
	return m
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// load is measure without the counting; it returns how long each request took.
func (s *subject) load(transport http.RoundTripper, clients int, span time.Duration) (m measured, took []time.Duration) {
	end := time.Now().Add(span)
	m.failed = make(map[int]int)
	var mu sync.Mutex
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			var mine []time.Duration
			for time.Now().Before(end) {
				r := s.make(s.turn.Add(1) - 1)
				began := time.Now()
				status, size, text := ask(transport, r, s.want)
				mine = append(mine, time.Since(began))
				if status != s.want {
					mu.Lock()
					if m.failed[status]++; m.firstWrong == "" {
						m.firstWrong = text
					}
					mu.Unlock()
				}
				if len(mine) == 1 {
					mu.Lock()
					m.size = size
					mu.Unlock()
				}
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	all.Wait()
	return m, took
}

// ask sends one request and reads the answer to its end; text is that of a
// wrong one.
func ask(transport http.RoundTripper, r *http.Request, want int) (status, size int, text string) {
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return 0, 0, err.Error()
	}
	defer answer.Body.Close()
	if answer.StatusCode != want {
		body, _ := io.ReadAll(answer.Body)
		_, said, _ := strings.Cut(string(body), "<main") // what stands before is the same everywhere
		return answer.StatusCode, len(body), fmt.Sprintf("%.600s", strings.Join(strings.Fields(said), " "))
	}
	n, err := io.Copy(io.Discard, answer.Body)
	if err != nil {
		return 0, 0, err.Error()
	}
	return answer.StatusCode, int(n), ""
}

// compare measures subjects in turns and prints a line for each, in the form
// that benchmarks have. The first is the floor.
func compare(b *testing.B, clients int, subjects ...*subject) {
	b.Helper()
	for b.Loop() {
		turns := make(map[string][]measured)
		for range *repeatsFlag {
			for _, s := range subjects {
				turns[s.name] = append(turns[s.name], s.measure(b, clients, *spanFlag))
			}
		}
		var floor measured
		for i, s := range subjects {
			m := median(turns[s.name])
			if i == 0 {
				floor = m
			}
			fmt.Fprintf(os.Stdout, "%s/%s\t%d\t%.3f cpu-ms/req\t%.0f req/s\t%.0f %%-of-floor\t%.2f p50-ms\t%.2f p99-ms\t%d bytes\t%.0f others-%%\t%.0f load-%%\n",
				b.Name(), s.name, m.requests, m.cpu, m.rate, 100*m.rate/floor.rate, m.p50, m.p99, m.size, m.others, m.load)
		}
	}
	b.ReportMetric(0, "ns/op")
}

// median takes each figure's median; what was asked and came back is summed.
func median(all []measured) measured {
	of := func(figure func(measured) float64) float64 {
		v := make([]float64, len(all))
		for i, m := range all {
			v[i] = figure(m)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	out := measured{
		failed: maps.Clone(all[0].failed), size: all[0].size,
		cpu:    of(func(m measured) float64 { return m.cpu }),
		rate:   of(func(m measured) float64 { return m.rate }),
		p50:    of(func(m measured) float64 { return m.p50 }),
		p99:    of(func(m measured) float64 { return m.p99 }),
		others: of(func(m measured) float64 { return m.others }),
		load:   of(func(m measured) float64 { return m.load }),
	}
	for _, m := range all {
		out.requests += m.requests
	}
	return out
}
