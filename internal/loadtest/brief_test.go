package loadtest

import (
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// BenchmarkBrief seals briefs, one at a time and synced, after as many events as
// the large database has and nobody has read: for people whose crew wrote 60 of
// them, and for one who follows the team that wrote all the others. Then it
// shows that one's brief.
func BenchmarkBrief(b *testing.B) {
	const readers = 100
	for b.Loop() {
		b.StopTimer()
		data := b.TempDir()
		database := filepath.Join(data, "rubato.db")
		copyFile(b, kept(b, *itemsFlag), database)
		o := openWorld(b, database, true)
		cookie := o.oneByOne(readers)
		o.close()
		again := openWorld(b, database, false)
		again.org = o.org
		again.now.Store(o.now.Load())
		b.StartTimer()
		var took []time.Duration
		for i := range readers + 1 {
			due, ok, err := again.store.NextDue(b.Context(), o.org, time.Now())
			if err != nil || !ok {
				b.Fatal("nobody is due", err)
			}
			again.now.Store(max(again.now.Load(), due.UnixMilli()))
			began := time.Now()
			_, err = again.engine.Step(b.Context())
			again.check(err)
			if i == readers {
				b.ReportMetric(time.Since(began).Seconds(), "s-all-of-them")
				break
			}
			took = append(took, time.Since(began))
		}
		b.StopTimer()
		slices.Sort(took)
		b.ReportMetric(float64(took[readers/2])/1e6, "p50-ms")
		b.ReportMetric(float64(took[readers*99/100])/1e6, "p99-ms")
		who, err := again.auth.Who(b.Context(), o.org, cookie)
		again.check(err)
		began := time.Now()
		last, err := again.store.Reader(who.Actor).LastBrief(b.Context(), store.Whole)
		again.check(err)
		b.ReportMetric(time.Since(began).Seconds(), "s-read-all")
		b.ReportMetric(float64(len(last.Lines)), "lines-all")
		again.close()
		s := start(b, build(b), data)
		r := newRequest(b, http.MethodGet, s.url+"/brief", "")
		r.AddCookie(&http.Cookie{Name: "rubato", Value: cookie})
		cpu := s.cpu()
		began = time.Now()
		status, size, text := ask(http.DefaultTransport, r, http.StatusOK)
		if status != http.StatusOK {
			b.Errorf("the brief: %d %s", status, text)
		}
		b.ReportMetric(time.Since(began).Seconds(), "s-show-all")
		b.ReportMetric((s.cpu() - cpu).Seconds(), "cpu-s-show-all")
		b.ReportMetric(float64(size)/1e6, "MB-show-all")
		s.stop()
		b.StartTimer()
	}
	b.ReportMetric(0, "ns/op")
}

// oneByOne gives as many people a window of their own, a minute apart, and the
// follower of the archive the last one, and brings the clock before them. It
// returns a session of the follower.
func (o *open) oneByOne(readers int) (cookie string) {
	o.tb.Helper()
	ctx := o.tb.Context()
	orgs, err := o.store.Organisations(ctx)
	o.check(err)
	o.org = orgs[0].ID
	at := orgs[0].Created.UTC().Truncate(time.Hour).Add(15 * time.Minute)
	o.now.Store(at.UnixMilli())
	for i := range readers + 1 {
		h := handle(writersOf + i)
		if i == readers {
			h = handle(follower)
		}
		var id string
		o.check(o.store.Write(ctx, o.org, func(tx *store.Tx) error {
			ids, err := tx.PeopleByHandle(ctx, []string{h})
			id = ids[h]
			return err
		}))
		cookie, err = o.auth.Begin(ctx, o.org, id, "loadtest")
		o.check(err)
		who, err := o.auth.Who(ctx, o.org, cookie)
		o.check(err)
		c := charter.Proposed("UTC")
		for d := range c.Time.Hours {
			c.Time.Hours[d] = []worktime.Span{{From: worktime.ClockTime(9, 0), To: worktime.ClockTime(17, 0)}}
			c.Time.Windows[d] = []worktime.TimeOfDay{worktime.ClockTime(13+i/60, i%60)}
		}
		_, err = o.door.SetCharter(ctx, who.Actor, door.CharterDraft{Revision: who.Person.Revision, Charter: c})
		o.check(err)
	}
	_, err = o.engine.Step(ctx) // everybody's next look, by their new charter
	o.check(err)
	return cookie
}
