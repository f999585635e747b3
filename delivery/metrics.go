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
	failed   prometheus.Counter
	contract prometheus.Counter
	attempts *prometheus.CounterVec
}

func newMetrics() *Metrics {
	return &Metrics{
		briefs:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rubato_briefs_sealed_total", Help: "Briefs sealed, by kind."}, []string{"kind"}),
		lines:    prometheus.NewCounter(prometheus.CounterOpts{Name: "rubato_brief_lines_total", Help: "Lines in sealed briefs."}),
		failed:   prometheus.NewCounter(prometheus.CounterOpts{Name: "rubato_delivery_failed_total", Help: "Looks at a person that failed and are tried again."}),
		contract: prometheus.NewCounter(prometheus.CounterOpts{Name: "rubato_contract_violations_total", Help: "Seals refused because they would break the delivery contract. Must stay 0."}),
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rubato_send_attempts_total", Help: "Attempts to send, by channel and outcome."}, []string{"channel", "outcome"}),
	}
}

// Metrics returns the engine's counters, and what waits in it.
func (e *Engine) Metrics() []prometheus.Collector {
	return []prometheus.Collector{e.met.briefs, e.met.lines, e.met.failed, e.met.contract, e.met.attempts, newBacklog(e.cfg)}
}

// backlog counts, when it is asked, what waits to be delivered and to go out,
// and what has failed for good: a few short reads by index for each organisation.
type backlog struct {
	cfg      Config
	outgoing *prometheus.Desc
	waiting  *prometheus.Desc
	late     *prometheus.Desc
}

// scrape bounds the reads of one scrape.
const scrape = 5 * time.Second

func newBacklog(cfg Config) backlog {
	return backlog{
		cfg:      cfg,
		outgoing: prometheus.NewDesc("rubato_outbox_messages", "Messages that wait to go out or have failed for good, by channel.", []string{"channel", "state"}, nil),
		waiting:  prometheus.NewDesc("rubato_deliveries_waiting", "Directed items that wait for their reader's window.", nil, nil),
		late:     prometheus.NewDesc("rubato_oldest_due_seconds", "How long somebody has been due without being served; 0 within a minute.", nil, nil),
	}
}

// Describe implements prometheus.Collector.
func (b backlog) Describe(out chan<- *prometheus.Desc) {
	out <- b.outgoing
	out <- b.waiting
	out <- b.late
}

// Collect implements prometheus.Collector. What cannot be read is a failed scrape.
func (b backlog) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrape)
	defer cancel()
	sum := make(map[[2]string]int64)
	var waiting int
	var late time.Duration
	now := b.cfg.Now()
	err := func() error {
		orgs, err := b.cfg.Store.Organisations(ctx)
		if err != nil {
			return err
		}
		for _, org := range orgs {
			counts, err := b.cfg.Store.CountSendings(ctx, org.ID)
			if err != nil {
				return err
			}
			for _, c := range counts {
				sum[[2]string{c.Channel, string(c.State)}] += c.N
			}
			has, err := b.cfg.Store.Backlog(ctx, org.ID, now)
			if err != nil {
				return err
			}
			waiting += has.Waiting
			if has.Late > 0 {
				late = max(late, now.Sub(has.Oldest))
			}
		}
		return nil
	}()
	if err != nil {
		out <- prometheus.NewInvalidMetric(b.outgoing, err)
		return
	}
	for key, n := range sum {
		out <- prometheus.MustNewConstMetric(b.outgoing, prometheus.GaugeValue, float64(n), key[0], key[1])
	}
	out <- prometheus.MustNewConstMetric(b.waiting, prometheus.GaugeValue, float64(waiting))
	out <- prometheus.MustNewConstMetric(b.late, prometheus.GaugeValue, late.Seconds())
}

func (m *Metrics) sealed(b store.Brief) {
	m.briefs.WithLabelValues(string(b.Kind)).Inc()
	m.lines.Add(float64(b.Lines))
}
