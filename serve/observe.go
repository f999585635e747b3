package serve

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/rubato-hq/rubato/delivery"
)

// traffic counts requests by route: the pattern, never the address that was asked for.
type traffic struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newTraffic() *traffic {
	return &traffic{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "rubato_http_requests_total", Help: "Requests answered, by route and status."}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rubato_http_request_seconds", Help: "Time to answer a request, by route.", Buckets: []float64{.005, .025, .1, .25, 1, 5, 30},
		}, []string{"route"}),
	}
}

// count wraps a handler.
func (t *traffic) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started, answer := time.Now(), &answer{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(answer, r)
		route := r.Pattern // the mux has written it there
		if route == "" {
			route = "none"
		}
		t.requests.WithLabelValues(route, strconv.Itoa(answer.status)).Inc()
		t.seconds.WithLabelValues(route).Observe(time.Since(started).Seconds())
	})
}

// answer remembers the status that went out.
type answer struct {
	http.ResponseWriter
	status int
	wrote  bool
}

func (a *answer) WriteHeader(status int) {
	if !a.wrote && status >= http.StatusOK {
		a.status, a.wrote = status, true
	}
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// registry is what this server has to tell. It is its own, so that two servers
// in one process do not mix.
func registry(t *traffic, engine *delivery.Engine, ready *readiness, refused func() string) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	b := ThisBuild()
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "rubato_build_info", Help: "What this program was built from; always 1.",
		ConstLabels: prometheus.Labels{"version": b.Version, "revision": b.Revision, "go": b.Go},
	})
	build.Set(1)
	reg.MustRegister(build, t.requests, t.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reg.MustRegister(engine.Metrics()...)
	reg.MustRegister(readyMetric{ready})
	if refused != nil {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "rubato_mail_refused", Help: "1 while the mail relay refuses us or does not answer."}, func() float64 {
			return one(refused() != "")
		}))
	}
	return reg
}

// readyMetric tells which parts work.
type readyMetric struct{ ready *readiness }

func readyDesc() *prometheus.Desc {
	return prometheus.NewDesc("rubato_ready", "1 while this part of the server works, as /readyz says.", []string{"part"}, nil)
}

// Describe implements prometheus.Collector.
func (m readyMetric) Describe(out chan<- *prometheus.Desc) { out <- readyDesc() }

// Collect implements prometheus.Collector.
func (m readyMetric) Collect(out chan<- prometheus.Metric) {
	failing := m.ready.failing(context.Background())
	for _, part := range parts() {
		out <- prometheus.MustNewConstMetric(readyDesc(), prometheus.GaugeValue, one(!slices.Contains(failing, part)), part)
	}
}

func one(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// observed serves /metrics; profiles too, where only this machine can ask for
// them: they tell what is in memory.
func observed(reg *prometheus.Registry, listener net.Listener, log *slog.Logger) *http.Server {
	mux := http.NewServeMux()
	errors := slog.NewLogLogger(log.Handler(), slog.LevelError)
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{ErrorLog: errors, ErrorHandling: promhttp.ContinueOnError}))
	if at, ok := listener.Addr().(*net.TCPAddr); ok && at.IP.IsLoopback() {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return &http.Server{Handler: mux, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader, ErrorLog: errors}
}
