package delivery

import (
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

// Metrics returns the engine's counters.
func (e *Engine) Metrics() []prometheus.Collector {
	return []prometheus.Collector{e.met.briefs, e.met.lines, e.met.failed, e.met.contract, e.met.attempts}
}

func (m *Metrics) sealed(b store.Brief) {
	m.briefs.WithLabelValues(string(b.Kind)).Inc()
	m.lines.Add(float64(b.Lines))
}
