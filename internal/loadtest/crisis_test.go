package loadtest

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/testmail"
)

// BenchmarkCrisis raises crises by the page's form until a mail server that
// speaks real SMTP has accepted the last mail: to 20 people of one mail domain,
// ten times, each after the one before; and to 10,000 people of 100 domains, as
// many crises at once as it takes, for one calls no more than 200.
func BenchmarkCrisis(b *testing.B) {
	exe := build(b)
	b.Run("people=20", func(b *testing.B) {
		for b.Loop() {
			a := newAlarm(b, exe, 10, 20, 1)
			var said, first, last []time.Duration
			for i := range a.cookies {
				began := time.Now()
				a.raise(i)
				said = append(said, time.Since(began))
				all := a.wait((i + 1) * a.each)
				first, last = append(first, all[i*a.each].At.Sub(began)), append(last, all[len(all)-1].At.Sub(began))
			}
			for name, list := range map[string][]time.Duration{"answer-ms": said, "first-ms": first, "last-ms": last} {
				slices.Sort(list)
				b.ReportMetric(float64(list[len(list)/2])/1e6, name)
			}
			b.ReportMetric(float64(last[len(last)-1])/1e6, "worst-last-ms")
			a.end()
		}
	})
	b.Run("people=10000", func(b *testing.B) {
		for b.Loop() {
			a := newAlarm(b, exe, 50, door.MaxPeople, 100)
			began := time.Now()
			for i := range a.cookies {
				a.raise(i)
			}
			b.ReportMetric(time.Since(began).Seconds(), "s-all-raised")
			all := a.wait(len(a.cookies) * a.each)
			b.ReportMetric(all[0].At.Sub(began).Seconds(), "s-first")
			b.ReportMetric(all[len(all)-1].At.Sub(began).Seconds(), "s-last")
			a.end()
		}
	})
}

// alarm is a server whose people raise crises for others.
type alarm struct {
	b       *testing.B
	s       *server
	mail    *testmail.Server
	cookies []string // of those who raise one
	each    int      // people that one of them calls
	before  time.Duration
}

// newAlarm makes those who raise a crisis and those whom they call, each once. The clock of the benchmark stands still meanwhile.
func newAlarm(b *testing.B, exe string, crises, each, domains int) *alarm {
	b.Helper()
	b.StopTimer()
	defer b.StartTimer()
	data := b.TempDir()
	o := openWorld(b, filepath.Join(data, "rubato.db"), true)
	o.people(crises+crises*each, domains)
	a := &alarm{b: b, each: each, mail: testmail.Start(b)}
	for _, by := range o.actors[:crises] {
		cookie, err := o.auth.Begin(b.Context(), o.org, by.Person, "loadtest")
		o.check(err)
		a.cookies = append(a.cookies, cookie)
	}
	_, err := o.engine.Step(b.Context()) // nobody is due any more
	o.check(err)
	o.close()
	a.s = start(b, exe, data, "--smtp", "smtp://"+a.mail.Addr())
	a.before = a.s.cpu()
	return a
}

func (a *alarm) raise(i int) {
	a.b.Helper()
	needed := make([]string, a.each)
	for n := range needed {
		needed[n] = "@" + handle(len(a.cookies)+i*a.each+n)
	}
	r := form(a.b, a.s.url+"/crisis", url.Values{
		"what": {"The site is down."}, "stake": {"Nobody can order."}, "sure": {"yes"}, "needed": {strings.Join(needed, ",")}, "key": {fmt.Sprintf("crisis-%d", i)},
	})
	r.AddCookie(&http.Cookie{Name: "rubato", Value: a.cookies[i]})
	if status, _, text := ask(http.DefaultTransport, r, http.StatusSeeOther); status != http.StatusSeeOther {
		a.b.Fatalf("the crisis: %d %s", status, text)
	}
}

func (a *alarm) wait(n int) []testmail.Message {
	a.b.Helper()
	ctx, cancel := context.WithTimeout(a.b.Context(), 2*time.Minute)
	defer cancel()
	all, err := a.mail.Wait(ctx, n)
	if err != nil {
		a.b.Fatalf("%d of %d mails: %v", len(all), n, err)
	}
	return all[:n]
}

func (a *alarm) end() {
	a.b.Helper()
	a.b.StopTimer()
	a.b.ReportMetric((a.s.cpu()-a.before).Seconds()*1e3/float64(a.each*len(a.cookies)), "cpu-ms/mail")
	a.b.ReportMetric(0, "ns/op")
	a.s.stop()
	a.b.StartTimer()
}
