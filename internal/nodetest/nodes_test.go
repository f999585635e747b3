package nodetest

import (
	"flag"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/internal/pgtest"
	"github.com/rubato-hq/rubato/internal/testmail"
)

var (
	peopleFlag   = flag.Int("people", 100, "of the organisation whose deliveries two nodes share")
	eachFlag     = flag.Int("each", 5, "deliveries that each of them gets")
	stillFlag    = flag.Duration("still", 0, "how long a node stands still at work; 0 for not at all")
	awayFlag     = flag.Duration("away", 3500*time.Millisecond, "how long each fault of PostgreSQL lasts")
	restartsFlag = flag.Int("restarts", 1, "of each of two nodes while people write")
	alsoFlag     = flag.Bool("alone", false, "deliver the same with one node too, for comparison")
)

// slow makes the mail server answer as those of the world do.
func (w *world) slow() {
	for k := range 10 {
		w.mail.Fail(testmail.Fault{At: testmail.Data, Delay: time.Duration(50+k*50) * time.Millisecond, Times: len(w.people)/10 + 1})
	}
}

// drained waits until nothing is due and no mail waits any more.
func (w *world) drained() {
	w.t.Helper()
	until(w.t, "all is delivered", func() bool {
		pass(w.t, 100*time.Millisecond)
		deliveries, mails := w.waiting()
		return deliveries == 0 && mails == 0
	})
}

// TestTwoNodes lets two nodes race for the same deliveries, and with -still one
// of them stand still meanwhile, for longer than its leases.
func TestTwoNodes(t *testing.T) {
	if *alsoFlag {
		t.Run("alone", func(t *testing.T) { race(t, 1, 0) })
	}
	t.Run("two", func(t *testing.T) { race(t, 2, 0) })
	if *stillFlag > 0 {
		t.Run("still", func(t *testing.T) { race(t, 2, *stillFlag) })
	}
}

func race(t *testing.T, nodes int, still time.Duration) {
	w := found(t, pgtest.URL(t), *peopleFlag, 1)
	want := w.backlog(*eachFlag, 0)
	w.slow()
	began := time.Now()
	var all []*node
	for i := range nodes {
		all = append(all, w.begin(fmt.Sprintf("node%d", i+1), w.database))
	}
	says := ""
	if still > 0 {
		says = w.freeze(all[0], still)
	} else {
		w.drained()
	}
	took := time.Since(began)
	c := w.count()
	for _, n := range all {
		n.stop()
	}
	for _, s := range c.wrong {
		t.Error(s)
	}
	if c.deliveries != want || c.briefs == 0 || c.mails == 0 || c.messages < c.mails {
		t.Errorf("of %d deliveries: %s", want, c)
	}
	if still == 0 && c.repeated > 0 {
		t.Errorf("%d mails came again, and no node was disturbed", c.repeated)
	}
	t.Attr("nodes", fmt.Sprintf("%d: %s; %.1f s from the first start, %.0f deliveries/s%s", nodes, c, took.Seconds(), float64(want)/took.Seconds(), says))
}

// freeze lets a node stand still in the middle of its work, waits until the
// other has done all of it, lets the first go on, and holds that it changes
// nothing that the other did.
func (w *world) freeze(n *node, still time.Duration) string {
	w.t.Helper()
	until(w.t, "mail goes out", func() bool { return len(w.mail.Messages()) > len(w.people)/10 })
	n.signal(syscall.SIGSTOP)
	began := time.Now()
	owned := w.number(`SELECT count(*) FROM outbox WHERE state = 'waiting' AND lease_until > 0`) + w.number(`SELECT count(*) FROM tick WHERE lease_until > 0`)
	w.drained()
	pass(w.t, still-time.Since(began))
	before, messages := w.facts(), len(w.mail.Messages())
	n.signal(syscall.SIGCONT)
	until(w.t, "the node answers again", func() bool { return n.get("/readyz") == http.StatusOK })
	// What it had in hand comes to an end: a send has a minute at most.
	quiet, seen := time.Now(), len(n.said())
	until(w.t, "the node says nothing more for five seconds", func() bool {
		if now := len(n.said()); now != seen {
			quiet, seen = time.Now(), now
		}
		return time.Since(quiet) > 5*time.Second
	})
	after := w.facts()
	changed := 0
	for id, was := range before {
		if after[id] != was {
			changed++
			w.t.Errorf("the node that stood still changed %s from %s to %s", id, was, after[id])
		}
	}
	for id := range after {
		if _, ok := before[id]; !ok {
			changed++
			w.t.Errorf("the node that stood still added %s", id)
		}
	}
	return fmt.Sprintf("; stood still for %s with %d leases in the database, then changed %d rows and sent %d messages", time.Since(began).Round(time.Second), owned, changed, len(w.mail.Messages())-messages)
}

// facts are the briefs, lines, deliveries and mails with what became of them.
func (w *world) facts() map[string]string {
	w.t.Helper()
	out := make(map[string]string)
	for kind, text := range map[string]string{
		"brief":    `SELECT id, person_id FROM brief WHERE org_id = '` + w.org + `'`,
		"line":     `SELECT brief_id || ' ' || position, delivery_id FROM brief_line WHERE org_id = '` + w.org + `'`,
		"delivery": `SELECT id, brief_id || ' ' || delivered_sec FROM delivery WHERE org_id = '` + w.org + `'`,
		"mail":     `SELECT id, state || ' ' || fence || ' ' || attempt || ' ' || done_at || ' ' || receipt FROM outbox WHERE org_id = '` + w.org + `'`,
	} {
		w.query(w.database, text, func(scan func(...any) error) error {
			var id, fact string
			err := scan(&id, &fact)
			out[kind+" "+id] = fact
			return err
		})
	}
	return out
}

// TestNewerSchema: a node under which a newer one brought the schema forward is
// taken out by whoever asks for its readiness, and does not start again.
func TestNewerSchema(t *testing.T) {
	w := found(t, pgtest.URL(t), 2, 1)
	n := w.begin("node", w.database)
	until(t, "the node is ready", func() bool { return n.get("/readyz") == http.StatusOK })
	w.query(w.database, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE) RETURNING id`, func(scan func(...any) error) error {
		var id int
		return scan(&id)
	})
	until(t, "the node is not ready", func() bool { return n.get("/readyz") == http.StatusServiceUnavailable })
	n.stop()
	said, err := exec.CommandContext(t.Context(), n.exe, n.args...).CombinedOutput()
	if err == nil || !strings.Contains(string(said), "newer version of Rubato") || strings.Count(string(said), "\n") != 1 {
		t.Errorf("an older program on a newer schema: %v, %q", err, said)
	}
}
