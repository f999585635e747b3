package killtest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	_ "github.com/rubato-hq/rubato/store" // the databases' drivers
)

// query reads rows of the program's database.
func (p *program) query(text string, each func(scan func(...any) error) error) {
	p.t.Helper()
	driver := "sqlite"
	if strings.HasPrefix(p.database, "postgres") {
		driver = "pgx"
	}
	db, err := sql.Open(driver, p.database)
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(p.t.Context(), text)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			p.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		p.t.Fatal(err)
	}
}

// waits is what has not come to its end: deliveries, mail, and of that what
// waits for a window.
type waits struct{ deliveries, mails, windows int }

func (p *program) waits() (n waits) {
	p.t.Helper()
	p.query(`SELECT (SELECT count(*) FROM delivery WHERE delivered_sec = 0 AND dropped_at = 0), (SELECT count(*) FROM outbox WHERE state = 'waiting'),
		(SELECT count(*) FROM outbox WHERE state = 'waiting' AND due_at - created_at >= 432000000)`, func(scan func(...any) error) error {
		return scan(&n.deliveries, &n.mails, &n.windows)
	})
	return n
}

// counted is what is left of everything that was written.
type counted struct {
	writings, asks, deliveries, briefs, mails, carried, messages int
	repeated                                                     []string // mails that came more than once, with the same Message-ID
	wrong                                                        []string
}

func (c *counted) say(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *counted) String() string {
	return fmt.Sprintf("%d writings (%d asks), %d deliveries, %d briefs, %d mails and %d carried by a later one: lost or twice %d; %d messages came, %d of them again with the same Message-ID",
		c.writings, c.asks, c.deliveries, c.briefs, c.mails, c.carried, len(c.wrong), c.messages, len(c.repeated))
}

func (c *counted) judge(t *testing.T) {
	t.Helper()
	for i, w := range c.wrong {
		if i == 25 {
			t.Errorf("and %d more", len(c.wrong)-i)
			break
		}
		t.Error(w)
	}
}

// count holds the database and the mail server to what was acknowledged.
func (p *program) count(w *writers) *counted {
	p.t.Helper()
	c := &counted{}
	items := make(map[string][]string) // ids by text
	p.query(`SELECT id, point, kind FROM item WHERE point LIKE 'Writing %' ORDER BY id`, func(scan func(...any) error) error {
		var id, says, kind string
		err := scan(&id, &says, &kind)
		items[says] = append(items[says], id)
		if c.writings++; kind == "ask" {
			c.asks++
		}
		return err
	})
	lines := make(map[string][]string) // briefs by delivery
	fresh := make(map[string]bool)     // briefs with something new
	p.query(`SELECT brief_id, delivery_id, carried FROM brief_line ORDER BY brief_id, position`, func(scan func(...any) error) error {
		var brief, delivery string
		var carried bool
		err := scan(&brief, &delivery, &carried)
		if lines[delivery] = append(lines[delivery], brief); !carried {
			fresh[brief] = true
		}
		return err
	})
	given := make(map[string]int) // by item
	ours := make(map[string]bool) // briefs in which a writing stands
	p.query(`SELECT d.id, d.item_id, d.brief_id, d.delivered_sec FROM delivery d JOIN item i ON i.org_id = d.org_id AND i.id = d.item_id
		WHERE i.point LIKE 'Writing %' ORDER BY d.id`, func(scan func(...any) error) error {
		var id, item, brief string
		var at int64
		err := scan(&id, &item, &brief, &at)
		given[item]++
		c.deliveries++
		if at == 0 || len(lines[id]) != 1 || lines[id][0] != brief {
			c.say("the delivery of item %s, given at %d in brief %q, stands in the briefs %v", item, at, brief, lines[id])
		}
		ours[brief] = true
		return err
	})
	for n := range w.acked.Load() {
		ids := items[text(n)]
		if len(ids) != 1 {
			c.say("writing %d was acknowledged once and stands %d times", n, len(ids))
		}
		for _, id := range ids {
			if given[id] != 1 {
				c.say("writing %d has %d deliveries", n, given[id])
			}
		}
		delete(items, text(n))
	}
	for says := range items {
		c.say("%q was never acknowledged", says)
	}
	p.mails(c, ours, fresh)
	return c
}

// mails counts every brief's mail, and every message at the mail server.
func (p *program) mails(c *counted, ours, fresh map[string]bool) {
	p.t.Helper()
	type mail struct{ brief, state, receipt string }
	outbox := make(map[string]mail)
	of := make(map[string]int) // by brief
	p.query(`SELECT id, subject_id, state, receipt FROM outbox WHERE subject_kind = 'brief' AND error <> 'before the demo began' ORDER BY id`, func(scan func(...any) error) error {
		var id string
		var m mail
		err := scan(&id, &m.brief, &m.state, &m.receipt)
		outbox[id] = m
		of[m.brief]++
		return err
	})
	came := make(map[string]int)
	for _, m := range p.mail.Messages() {
		id, _, _ := strings.Cut(m.ID, "@")
		c.messages++
		if came[id]++; came[id] == 2 {
			c.repeated = append(c.repeated, id)
		}
		if _, ok := outbox[id]; !ok || len(m.Recipients) != 1 {
			c.say("the message %s to %v is no mail of a brief to one person", m.ID, m.Recipients)
		}
	}
	for id, m := range outbox {
		last := id
		for outbox[last].state == "dropped" && outbox[last].receipt != "" {
			last = outbox[last].receipt
		}
		switch {
		case outbox[last].state != "sent" || came[last] == 0:
			c.say("the mail %s of brief %s is lost: %+v, came %d times", id, m.brief, outbox[last], came[last])
		case last != id:
			c.carried++
			if came[id] > 0 {
				c.say("the mail %s of brief %s came, and again within %s", id, m.brief, last)
			}
		default:
			c.mails++
		}
	}
	for brief := range ours {
		c.briefs++
		if !fresh[brief] || of[brief] != 1 {
			c.say("brief %s has %d mails", brief, of[brief])
		}
	}
}
