package delivery_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/delivery/deliverytest"
)

func TestMetricsCountWhatWaitsAndWhatFailed(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		d.Person("ada", "America/Los_Angeles", "mon-fri 09:00-17:30", "11:00 16:00")
		r.says(func(_ context.Context, m delivery.Message) error {
			if strings.HasPrefix(m.To.Address, "ada@") {
				return &delivery.Permanent{Err: errors.New("550")}
			}
			return errors.New("451")
		})
		d.Ask("jonas", []string{"mia", "ada"}, "Which branch may I delete?")
		d.Ask("jonas", []string{"mia"}, "And which tag?")
		waiting := prometheus.NewRegistry()
		waiting.MustRegister(d.Engine.Metrics()...)
		const before = `
# HELP rubato_deliveries_waiting Directed items that wait for their reader's window.
# TYPE rubato_deliveries_waiting gauge
rubato_deliveries_waiting 3
# HELP rubato_oldest_due_seconds How long somebody has been due without being served; 0 within a minute.
# TYPE rubato_oldest_due_seconds gauge
rubato_oldest_due_seconds 0
`
		if err := testutil.GatherAndCompare(waiting, strings.NewReader(before), "rubato_deliveries_waiting", "rubato_oldest_due_seconds"); err != nil {
			d.T.Error(err)
		}
		d.At("Tue 24 Nov 2026 11:02 America/Los_Angeles")
		reg := prometheus.NewRegistry()
		reg.MustRegister(d.Engine.Metrics()...)
		const want = `
# HELP rubato_deliveries_waiting Directed items that wait for their reader's window.
# TYPE rubato_deliveries_waiting gauge
rubato_deliveries_waiting 0
# HELP rubato_outbox_messages Messages that wait to go out or have failed for good, by channel.
# TYPE rubato_outbox_messages gauge
rubato_outbox_messages{channel="email",state="failed"} 1
rubato_outbox_messages{channel="email",state="waiting"} 1
# HELP rubato_send_attempts_total Attempts to send, by channel and outcome.
# TYPE rubato_send_attempts_total counter
rubato_send_attempts_total{channel="email",outcome="failed"} 2
rubato_send_attempts_total{channel="email",outcome="refused"} 1
`
		if err := testutil.GatherAndCompare(reg, strings.NewReader(want), "rubato_deliveries_waiting", "rubato_outbox_messages", "rubato_send_attempts_total"); err != nil {
			d.T.Error(err)
		}
	})
}
