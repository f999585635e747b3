package faulttest

import (
	"cmp"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/internal/proctest"
	"github.com/rubato-hq/rubato/internal/testmail"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/wire/zoneinfo"
)

// staff are an organisation at work at every hour, each of whose people has
// something that is due: their briefs are made when the program starts.
type staff struct {
	*program

	people []access.Actor
	lead   *person // the first of them, with a browser; nothing is due to them
}

// newStaff makes so many people in a database of PostgreSQL, or in SQLite's if
// that is "", each with an address, and does more with them before the program
// is started, by start.
func newStaff(t *testing.T, postgres string, n int, address func(i int) string, more func(d *door.Door, people []access.Actor)) *staff {
	t.Helper()
	ctx := t.Context()
	o := &staff{program: &program{
		t: t, word: "serve", data: t.TempDir(), url: "http://" + proctest.Address(t), log: filepath.Join(t.ArtifactDir(), "rubato.log"), mail: testmail.Start(t),
	}}
	o.ends()
	if postgres != "" {
		o.more = []string{"--database", postgres}
	}
	zones := zoneinfo.New().Zone
	st, err := store.Open(ctx, store.Config{Database: cmp.Or(postgres, o.database()), Unsynced: true, Zones: zones})
	if err != nil {
		t.Fatal(err)
	}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	before := time.Now().Add(-48 * time.Hour)
	d := door.New(door.Config{Store: st, Now: func() time.Time { return before }, Wake: func() {}, Zones: zones})
	around, err := charter.ParseWeek("mon-sun 00:00-24:00")
	check(err)
	// At whatever hour this runs, a window of today was missed (worktime 5.8).
	windows, err := charter.ParseWindows("00:00 11:00 16:00")
	check(err)
	var names []string
	for i := range n + 1 {
		who := door.Newcomer{Name: fmt.Sprintf("Person %d", i), Handle: fmt.Sprintf("p%d", i), Address: "lead@example.org", Zone: "UTC", Lang: "en"}
		if i > 0 {
			who.Address = address(i - 1)
		}
		by := access.Actor{Role: access.Member, State: access.Active, Teams: map[string]bool{}}
		if i == 0 {
			by.Role = access.Owner
			by.Org, by.Person, err = d.Found(ctx, "Office", "", who)
		} else {
			by.Org = o.people[0].Org
			by.Person, err = d.Enrol(ctx, by.Org, who, access.Member)
			names = append(names, by.Person)
		}
		check(err)
		c := charter.Proposed("UTC")
		c.Time.Hours, c.Time.Windows = around, windows
		_, err = d.SetCharter(ctx, by, door.CharterDraft{Charter: c, Revision: 1})
		check(err)
		o.people = append(o.people, by)
	}
	_, err = d.Write(ctx, o.people[0], item.Update, door.Writing{Point: "The timetable is fixed.", To: names})
	check(err)
	if more != nil {
		more(d, o.people[1:])
	}
	cookie, err := auth.New(st).Begin(ctx, o.people[0].Org, o.people[0].Person, "faulttest")
	check(err)
	check(st.Close())
	o.lead = &person{program: o.program, handle: "p0", http: &http.Client{
		Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: signed{cookie},
	}}
	return o
}

// signed sends the cookie of a session with every request.
type signed struct{ cookie string }

func (s signed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.AddCookie(&http.Cookie{Name: "rubato", Value: s.cookie})
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return http.DefaultTransport.RoundTrip(r)
}

// call raises a crisis to somebody, and returns after how long they had its first mail.
func (o *staff) call(handle, address string) time.Duration {
	o.t.Helper()
	began := o.lead.raise(o.t, handle)
	var at time.Time
	o.until("the crisis is at the mail server", func() bool {
		for _, m := range o.mail.To(address) {
			if strings.HasPrefix(m.Subject(), "CRISIS") && m.At.After(began) {
				at = m.At
			}
		}
		return !at.IsZero()
	})
	return at.Sub(began)
}
