package nodetest

import (
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/testmail"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// world is an organisation at work at every hour, with a window each hour, so
// that what was written for an earlier one is due when a node starts.
type world struct {
	t        *testing.T
	data     string // the folder that the nodes share
	database string
	mail     *testmail.Server
	org      string
	people   []access.Actor
	tokens   []string // of the first few
}

// domains is over how many mail domains the people are spread: one takes eight
// messages at once.
const domains = 50

// found makes an organisation of so many people, and gives tokens to some.
func found(t *testing.T, database string, people, tokens int) *world {
	t.Helper()
	w := &world{t: t, data: t.TempDir(), database: database, mail: testmail.Start(t)}
	w.at(time.Now().Add(-48*time.Hour), func(d *door.Door, a *auth.Auth) {
		ctx := store.Patient(t.Context()) // all at once, to the same people
		w.people = make([]access.Actor, people)
		enrol := func(i int) error {
			n := door.Newcomer{Name: fmt.Sprintf("Person %d", i), Handle: fmt.Sprintf("p%d", i), Address: fmt.Sprintf("p%d@d%d.example.org", i, i%domains), Zone: "UTC", Lang: "en"}
			role := access.Member
			var id string
			var err error
			if i == 0 {
				role = access.Owner
				w.org, id, err = d.Found(ctx, "Office", "", n)
			} else {
				id, err = d.Enrol(ctx, w.org, n, role)
			}
			if err != nil {
				return err
			}
			w.people[i] = access.Actor{Org: w.org, Person: id, Role: role, State: access.Active, Teams: map[string]bool{}}
			c := charter.Proposed("UTC")
			c.Time.Focus = [7][]worktime.Span{}
			if c.Time.Hours, err = charter.ParseWeek("mon-sun 00:00-24:00"); err != nil {
				return err
			}
			// At whatever hour this runs, a window of today was missed (worktime 5.8).
			if c.Time.Windows, err = charter.ParseWindows("00:00 11:00 16:00"); err != nil {
				return err
			}
			_, err = d.SetCharter(ctx, w.people[i], door.CharterDraft{Charter: c, Revision: 1})
			return err
		}
		if err := enrol(0); err != nil {
			t.Fatal(err)
		}
		each(t, 8, people-1, func(i int) error { return enrol(i + 1) })
		for i := range tokens {
			made, err := a.NewToken(ctx, w.people[i], "nodetest", []access.Scope{access.ScopeRead, access.ScopeWrite}, "", 24*time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			w.tokens = append(w.tokens, made)
		}
	})
	return w
}

// at opens the database beside the nodes with a clock that stands.
func (w *world) at(now time.Time, do func(*door.Door, *auth.Auth)) {
	w.t.Helper()
	zones := zoneinfo.New().Zone
	st, err := store.Open(w.t.Context(), store.Config{Database: w.database, Zones: zones})
	if err != nil {
		w.t.Fatal(err)
	}
	do(door.New(door.Config{Store: st, Now: func() time.Time { return now }, Wake: func() {}, Zones: zones}), auth.New(st))
	if err := st.Close(); err != nil {
		w.t.Fatal(err)
	}
}

// each does something n times, by at of them at once.
func each(t *testing.T, at, n int, do func(int) error) {
	t.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for range at {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := do(i); err != nil {
					mu.Lock()
					errs = append(errs, err)
					mu.Unlock()
					return
				}
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// text is that by which a writing is found again.
func text(n int) string { return fmt.Sprintf("Writing %06d is one of many.", n) }

// backlog writes yesterday what is to be delivered now: each person gets so
// many, in writings to many of them. It returns how many deliveries that makes.
func (w *world) backlog(many, from int) int {
	w.t.Helper()
	group := min(door.MaxPeople, len(w.people)-1)
	writings := len(w.people) * many / group
	var deliveries atomic.Int64
	w.at(time.Now().Add(-24*time.Hour), func(d *door.Door, _ *auth.Auth) {
		each(w.t, 2, writings, func(i int) error {
			by := i % len(w.people)
			draft := door.Writing{Point: text(from + i)}
			for k := range group {
				draft.To = append(draft.To, w.people[(i*group+k+by)%len(w.people)].Person)
			}
			draft.To = deleteOne(draft.To, w.people[by].Person)
			deliveries.Add(int64(len(draft.To)))
			_, err := d.Write(store.Patient(w.t.Context()), w.people[by], item.Update, draft)
			return err
		})
	})
	return int(deliveries.Load())
}

func deleteOne(list []string, one string) []string {
	out := list[:0]
	for _, s := range list {
		if s != one {
			out = append(out, s)
		}
	}
	return out
}

// query reads rows of the database.
func (w *world) query(database, text string, each func(scan func(...any) error) error) {
	w.t.Helper()
	db, err := sql.Open("pgx", database)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(w.t.Context(), text)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
}

// number reads one.
func (w *world) number(text string) (n int) {
	w.t.Helper()
	w.query(w.database, text, func(scan func(...any) error) error { return scan(&n) })
	return n
}

// waiting is what has not come to its end: deliveries that are due, and mail.
func (w *world) waiting() (deliveries, mails int) {
	w.t.Helper()
	w.query(w.database, `SELECT (SELECT count(*) FROM delivery d JOIN item i ON i.org_id = d.org_id AND i.id = d.item_id WHERE d.delivered_sec = 0 AND d.dropped_at = 0 AND i.point LIKE 'Writing %'),
		(SELECT count(*) FROM outbox WHERE state = 'waiting' AND channel = 'email')`, func(scan func(...any) error) error { return scan(&deliveries, &mails) })
	return deliveries, mails
}

// counted is what is left of everything.
type counted struct {
	deliveries, briefs, mails, messages, repeated int
	wrong                                         []string
}

func (c *counted) say(format string, args ...any) {
	if c.wrong = append(c.wrong, ""); len(c.wrong) <= 20 {
		c.wrong[len(c.wrong)-1] = fmt.Sprintf(format, args...)
	}
}

func (c *counted) String() string {
	return fmt.Sprintf("%d deliveries in %d briefs, %d mails: lost or twice %d; %d messages came, %d of them again with the same Message-ID", c.deliveries, c.briefs, c.mails, len(c.wrong), c.messages, c.repeated)
}

// count holds the database and the mail server to each other: each delivery
// stands in one brief, each brief has one mail, and each mail came.
func (w *world) count() *counted {
	w.t.Helper()
	c := &counted{}
	w.query(w.database, `SELECT d.id, count(l.brief_id) FROM delivery d JOIN item i ON i.org_id = d.org_id AND i.id = d.item_id
		LEFT JOIN brief_line l ON l.org_id = d.org_id AND l.delivery_id = d.id WHERE i.point LIKE 'Writing %' AND d.delivered_sec > 0 GROUP BY d.id`, func(scan func(...any) error) error {
		var id string
		var n int
		err := scan(&id, &n)
		if c.deliveries++; n != 1 {
			c.say("delivery %s stands in %d briefs", id, n)
		}
		return err
	})
	w.query(w.database, `SELECT b.id, (SELECT count(*) FROM outbox o WHERE o.org_id = b.org_id AND o.subject_id = b.id AND o.channel = 'email') FROM brief b
		WHERE EXISTS (SELECT 1 FROM brief_line l WHERE l.org_id = b.org_id AND l.brief_id = b.id AND l.carried = FALSE) AND b.org_id = '`+w.org+`'`, func(scan func(...any) error) error {
		var id string
		var n int
		err := scan(&id, &n)
		if c.briefs++; n != 1 {
			c.say("brief %s has %d mails", id, n)
		}
		return err
	})
	came := make(map[string]int)
	for _, m := range w.mail.Messages() {
		id := before(m.ID)
		c.messages++
		if came[id]++; came[id] > 1 {
			c.repeated++
		}
	}
	w.query(w.database, `SELECT id, state FROM outbox WHERE channel = 'email' ORDER BY id`, func(scan func(...any) error) error {
		var id, state string
		err := scan(&id, &state)
		if c.mails++; state != "sent" && state != "dropped" || state == "sent" && came[id] == 0 {
			c.say("the mail %s is %s and came %d times", id, state, came[id])
		}
		delete(came, id)
		return err
	})
	for id, n := range came {
		c.say("%s came %d times and is no mail", id, n)
	}
	return c
}

func before(id string) string {
	for i := range id {
		if id[i] == '@' {
			return id[:i]
		}
	}
	return id
}
