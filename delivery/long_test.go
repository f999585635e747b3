package delivery_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rubato-hq/rubato/delivery/deliverytest"
)

// TestLongBriefsMail: a mail has room for 200 lines; it counts all of them, and
// says that the page has the others.
func TestLongBriefsMail(t *testing.T) {
	mailed(t, tuesday, func(d *deliverytest.Team, r *relay) {
		cast(d)
		for n := range 230 {
			d.Ask("jonas", []string{"mia"}, fmt.Sprintf("Which of the %d?", n))
		}
		d.At("Tue 24 Nov 2026 16:30 America/Los_Angeles")
		mails := r.to("mia")
		if len(mails) == 0 {
			d.T.Fatal("no mail")
		}
		m := mails[0]
		if !strings.Contains(m.Subject, "230 asks") {
			d.T.Errorf("the subject is %q", m.Subject)
		}
		for name, body := range map[string]string{"text": m.Text, "HTML": m.HTML} {
			if !strings.Contains(body, "30 more lines do not fit into a mail.") || strings.Contains(body, "caught") {
				d.T.Errorf("the %s does not say that it goes on", name)
			}
			if n := strings.Count(body, "Which of the "); n != 200 {
				d.T.Errorf("the %s has %d lines", name, n)
			}
		}
	})
}
