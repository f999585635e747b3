package delivery

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/rubato-hq/rubato/store"
)

// Metrics counts what delivery does. Register it with a registry of serve's.
type Metrics struct {
	briefs   *prometheus.CounterVec
	lines    prometheus.Counter
	failed   *tally
	contract *tally
	attempts *prometheus.CounterVec
}

func newMetrics() *Metrics {
	return &Metrics{
		briefs:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rubato_briefs_sealed_total", Help: "Briefs sealed, by kind."}, []string{"kind"}),
		lines:    prometheus.NewCounter(prometheus.CounterOpts{Name: "rubato_brief_lines_total", Help: "Lines in sealed briefs."}),
		failed:   newTally(prometheus.CounterOpts{Name: "rubato_delivery_failed_total", Help: "Looks at a person that failed and are tried again."}),
		contract: newTally(prometheus.CounterOpts{Name: "rubato_contract_violations_total", Help: "Seals refused because they would break the delivery contract. Must stay 0."}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rubato_send_attempts_total", Help: "Attempts to send, by channel and outcome."}, []string{"channel", "outcome"}),
	}
}

// Metrics returns the engine's counters, and what waits in it.
func (e *Engine) Metrics() []prometheus.Collector {
	return []prometheus.Collector{e.met.briefs, e.met.lines, e.met.failed, e.met.contract, e.met.attempts, newBacklog(e)}
}

// backlog counts, when it is asked, what waits to be delivered and to go out,
// what has failed for good, and how the loops and the trial deliveries do: a few
// short reads by index for each organisation.
type backlog struct {
	e        *Engine
	outgoing *prometheus.Desc
	waiting  *prometheus.Desc
	late     *prometheus.Desc
	overdue  *prometheus.Desc
	calls    *prometheus.Desc
	held     *prometheus.Desc
	canary   *prometheus.Desc
	arrived  *prometheus.Desc
	backedUp *prometheus.Desc
	beat     *prometheus.Desc
}

// scrape bounds the reads of one scrape.
const scrape = 5 * time.Second

func newBacklog(e *Engine) backlog {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return backlog{
		e:        e,
		outgoing: desc("rubato_outbox_messages", "Messages that wait to go out or have failed for good, by channel.", "channel", "state"),
		waiting:  desc("rubato_deliveries_waiting", "Directed items that wait for their reader's window."),
		late:     desc("rubato_oldest_due_seconds", "How long somebody has been due without being served; 0 within a minute."),
		overdue:  desc("rubato_people_overdue", "People who have been due for over a minute without being served."),
		calls:    desc("rubato_crisis_messages_unsent", "Messages of open crises that are not out after a minute or have failed for good."),
		held:     desc("rubato_sending_held", "1 while messages are held back after a restore."),
		canary:   desc("rubato_canary_late_seconds", "How much later than promised the trial delivery on its way is, or the last one was."),
		arrived:  desc("rubato_canary_arrived_timestamp_seconds", "When the last trial delivery arrived; absent where none has."),
		backedUp: desc("rubato_backup_timestamp_seconds", "When the last backup was made; absent where none was."),
		beat:     desc("rubato_loop_beat_timestamp_seconds", "When a loop of delivery in this process last went round without an error.", "loop"),
	}
}

// Describe implements prometheus.Collector.
func (b backlog) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{b.outgoing, b.waiting, b.late, b.overdue, b.calls, b.held, b.canary, b.arrived, b.backedUp, b.beat} {
		out <- d
	}
}

// backlogged is what all organisations together have waiting.
type backlogged struct {
	outgoing                map[[2]string]int64
	waiting, overdue, calls int
	late                    time.Duration
	held                    time.Time
	canary                  store.Canary
	backedUp                time.Time
}

func (b backlog) read(ctx context.Context) (backlogged, error) {
	sum := backlogged{outgoing: make(map[[2]string]int64)}
	st, now := b.e.cfg.Store, b.e.cfg.Now()
	orgs, err := st.Organisations(ctx)
	if err != nil {
		return sum, err
	}
	for _, org := range orgs {
		counts, err := st.CountSendings(ctx, org.ID)
		if err != nil {
			return sum, err
		}
		for _, c := range counts {
			sum.outgoing[[2]string{c.Channel, string(c.State)}] += c.N
		}
		has, err := st.Backlog(ctx, org.ID, now)
		if err != nil {
			return sum, err
		}
		calls, err := st.UnsentCalls(ctx, org.ID, time.Now())
		if err != nil {
			return sum, err
		}
		sum.waiting, sum.overdue, sum.calls = sum.waiting+has.Waiting, sum.overdue+has.Late, sum.calls+calls
		if has.Late > 0 {
			sum.late = max(sum.late, now.Sub(has.Oldest))
		}
	}
	if sum.held, err = st.Held(ctx); err != nil {
		return sum, err
	}
	if sum.backedUp, err = st.BackedUp(ctx); err != nil {
		return sum, err
	}
	sum.canary, err = st.Canary(ctx)
	return sum, err
}

// Collect implements prometheus.Collector. What cannot be read is a failed scrape.
func (b backlog) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	for _, beat := range b.e.Health().Beats {
		gauge(b.beat, seconds(beat.At), string(beat.Loop))
	}
	ctx, cancel := context.WithTimeout(context.Background(), scrape)
	defer cancel()
	sum, err := b.read(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(b.outgoing, err)
		return
	}
	for key, n := range sum.outgoing {
		gauge(b.outgoing, float64(n), key[0], key[1])
	}
	gauge(b.waiting, float64(sum.waiting))
	gauge(b.late, sum.late.Seconds())
	gauge(b.overdue, float64(sum.overdue))
	gauge(b.calls, float64(sum.calls))
	held := 0.0
	if !sum.held.IsZero() {
		held = 1
	}
	gauge(b.held, held)
	if !sum.backedUp.IsZero() {
		gauge(b.backedUp, seconds(sum.backedUp))
	}
	if sum.canary == (store.Canary{}) {
		return // a demo has none, nor a server without people
	}
	gauge(b.canary, sum.canary.Late(time.Now()).Seconds())
	if !sum.canary.Arrived.IsZero() {
		gauge(b.arrived, seconds(sum.canary.Arrived))
	}
}

// seconds is an instant as Prometheus has it, 0 for the zero time.
func seconds(at time.Time) float64 {
	if at.IsZero() {
		return 0
	}
	return float64(at.UnixMilli()) / 1000
}

func (m *Metrics) sealed(b store.Brief) {
	m.briefs.WithLabelValues(string(b.Kind)).Inc()
	m.lines.Add(float64(b.Lines))
}
