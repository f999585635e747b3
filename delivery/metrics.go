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

// Metrics returns the engine's counters, and what stands in the outbox.
func (e *Engine) Metrics() []prometheus.Collector {
	return []prometheus.Collector{e.met.briefs, e.met.lines, e.met.failed, e.met.contract, e.met.attempts, newOutbox(e.cfg.Store)}
}

// outbox counts, when it is asked, what waits to go out and what has failed for
// good: two short reads by index for each organisation.
type outbox struct {
	store *store.Store
	desc  *prometheus.Desc
}

// scrape bounds the reads of one scrape.
const scrape = 5 * time.Second

func newOutbox(s *store.Store) outbox {
	return outbox{s, prometheus.NewDesc("rubato_outbox_messages", "Messages that wait to go out or have failed for good, by channel.", []string{"channel", "state"}, nil)}
}

// Describe implements prometheus.Collector.
func (o outbox) Describe(out chan<- *prometheus.Desc) { out <- o.desc }

// Collect implements prometheus.Collector. What cannot be read is a failed scrape.
func (o outbox) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrape)
	defer cancel()
	orgs, err := o.store.Organisations(ctx)
	sum := make(map[[2]string]int64)
	for _, org := range orgs {
		if err != nil {
			break
		}
		var counts []store.SendCount
		counts, err = o.store.CountSendings(ctx, org.ID)
		for _, c := range counts {
			sum[[2]string{c.Channel, string(c.State)}] += c.N
		}
	}
	if err != nil {
		out <- prometheus.NewInvalidMetric(o.desc, err)
		return
	}
	for key, n := range sum {
		out <- prometheus.MustNewConstMetric(o.desc, prometheus.GaugeValue, float64(n), key[0], key[1])
	}
}

func (m *Metrics) sealed(b store.Brief) {
	m.briefs.WithLabelValues(string(b.Kind)).Inc()
	m.lines.Add(float64(b.Lines))
}
