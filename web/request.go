package web

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/config"
	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
	"github.com/rubato-hq/rubato/words"
)

// request is one request on its way through: who asks, in which organisation,
// when, and in which language. The clock was read once.
type request struct {
	w     http.ResponseWriter
	r     *http.Request
	org   store.Organisation
	who   auth.Who // zero for nobody
	words *words.Words
	now   time.Time
	read  *store.Reader
}

// signedIn reports whether somebody is there.
func (q *request) signedIn() bool { return q.who.Person.ID != "" }

// actor is who acts.
func (q *request) actor() access.Actor { return q.who.Actor }

// begin finds organisation and person of a request.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) (*request, error) {
	q := &request{w: w, r: r, now: s.cfg.Now(), words: s.cfg.Words.For(s.language(r))}
	orgs, err := s.cfg.Organisations(r.Context())
	if err != nil {
		return q, err
	}
	if len(orgs) == 0 {
		return q, nil
	}
	q.org = s.cfg.Organisation(orgs, r.Host)
	if c, err := r.Cookie(s.cookie()); err == nil {
		who, err := s.cfg.Auth.Who(r.Context(), q.org.ID, c.Value)
		if err != nil && !errors.Is(err, auth.ErrNobody) {
			return q, err
		}
		if err == nil {
			q.who = who
			q.words = s.cfg.Words.For(who.Person.Lang)
		}
	}
	q.read = s.cfg.Read(q.actor())
	return q, nil
}

// language is the best offered language of a browser that nobody signed in on.
func (s *Server) language(r *http.Request) string {
	for part := range strings.SplitSeq(cut(r.Header.Get("Accept-Language"), 200), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(tag, "-")
		for _, l := range s.cfg.Words.Languages() {
			if strings.EqualFold(l, tag) {
				return l
			}
		}
	}
	return "en"
}

// zone is the reader's zone of this moment, trips included.
func (q *request) zone() *time.Location {
	if !q.signedIn() {
		return time.UTC
	}
	c := q.who.Person.Clock
	return c.ZoneOn(c.DateOf(worktime.Of(q.now)))
}

// frame is what stands around every page.
func (s *Server) frame(q *request, room page.Room) page.Frame {
	f := page.Frame{W: q.words, Room: room, Path: q.r.URL.Path, Now: q.now, Key: rand.Text(), Shut: q.org.ID == ""}
	if !q.signedIn() {
		return f
	}
	p := q.who.Person
	me := s.person(p, q.now)
	f.Me, f.Admin = &me, q.actor().Admin()
	at := worktime.Of(q.now)
	f.Day = dayOf(p.Clock, at)
	if next, ok := p.Clock.Next(worktime.Normal, at+1, worktime.NotSealed); ok {
		f.NextBrief = next.Time()
	}
	f.Notices = s.notices(q)
	if alarms, err := s.alarms(q); err == nil {
		f.Alarms = alarms
	} else {
		s.cfg.Log.ErrorContext(q.r.Context(), "reading alarms failed", "error", err)
	}
	f.Watched = s.watched(q)
	if s.cfg.Demo != nil {
		f.Demo = &page.DemoBar{NextAt: f.NextBrief}
	}
	return f
}

// notices are the standing remarks for admins.
func (s *Server) notices(q *request) []page.Notice {
	if !q.actor().Admin() || s.cfg.Demo != nil {
		return nil
	}
	var out []page.Notice
	if !s.cfg.Secure() && !config.Loopback(s.cfg.Public.Hostname()) {
		out = append(out, page.NoticeInsecure)
	}
	switch {
	case s.cfg.MailOff && q.r.URL.Path == page.PathAdmin:
		out = append(out, page.NoticeMailOff)
	case s.mailTrouble() != "":
		out = append(out, page.NoticeMailFail)
	}
	// Whoever opened the server comes here from their charter (R2.5).
	if at := q.r.URL.Path; at == page.PathCharter || at == page.PathBrief || at == page.PathPeople {
		if people, err := q.read.FewNameable(q.r.Context(), 1); err == nil && len(people) == 1 {
			out = append(out, page.NoticeAlone)
		}
	}
	return out
}

// watched are those whose right to raise a crisis the reader may end (R11.3).
func (s *Server) watched(q *request) []page.Watched {
	all, err := q.read.Watched(q.r.Context())
	if err != nil {
		s.cfg.Log.ErrorContext(q.r.Context(), "reading who is watched failed", "error", err)
	}
	var out []page.Watched
	for _, w := range all {
		if w.Person.MayRaise || q.actor().Admin() {
			out = append(out, page.Watched{Person: s.person(w.Person, q.now), Since: w.Since, Raised: w.Raised, MayRaise: w.Person.MayRaise})
		}
	}
	return out
}

// person is somebody as a page names them, in the zone of this moment.
func (s *Server) person(p store.Person, now time.Time) page.Person {
	return page.Person{ID: p.ID, Name: p.Name, Handle: p.Handle, Place: p.Place, Loc: p.Clock.ZoneOn(p.Clock.DateOf(worktime.Of(now))), Bot: p.Bot}
}

// anybodyNamed is for whom an import brought, too.
func anybodyNamed(store.Name) bool { return true }

// joined reports whether somebody has joined, whom an import alone knows or not.
func joined(n store.Name) bool { return n.State == access.Active }

// called is somebody as a list of names has them.
func called(n store.Name) page.Person {
	return page.Person{ID: n.ID, Name: n.Name, Handle: n.Handle, Place: n.Place}
}

// dayOf is the person's own day around an instant.
func dayOf(c *worktime.Clock, at worktime.Instant) *page.Day {
	d := c.Day(c.DateOf(at))
	return &page.Day{From: d.Interval.From.Time(), To: d.Interval.To.Time(), Rhythm: rhythm(c, d.Interval)}
}

// rhythm is the person's working time in an interval, for a chart.
func rhythm(c *worktime.Clock, in worktime.Interval) page.Rhythm {
	var r page.Rhythm
	for d := c.DateOf(in.From).AddDays(-1); ; d = d.AddDays(1) {
		day := c.Day(d)
		if day.Interval.From >= in.To {
			break
		}
		for _, w := range day.Pieces {
			if w.To > in.From && w.From < in.To {
				r.Work = append(r.Work, span(w))
			}
		}
		for _, f := range without(day.Pieces, day.Free) {
			if f.To > in.From && f.From < in.To {
				r.Focus = append(r.Focus, span(f))
			}
		}
	}
	for _, w := range c.Windows(in.From, in.To) {
		r.Windows = append(r.Windows, w.Time())
	}
	return r
}

func span(i worktime.Interval) page.Span { return page.Span{From: i.From.Time(), To: i.To.Time()} }

// without is what is left of some intervals when others are taken out; both
// are ordered.
func without(all, out []worktime.Interval) []worktime.Interval {
	var left []worktime.Interval
	for _, a := range all {
		from := a.From
		for _, o := range out {
			if o.To <= from || o.From >= a.To {
				continue
			}
			if o.From > from {
				left = append(left, worktime.Interval{From: from, To: o.From})
			}
			from = o.To
		}
		if from < a.To {
			left = append(left, worktime.Interval{From: from, To: a.To})
		}
	}
	return left
}

// show writes a page.
func (q *request) show(status int, c component) error { return render(q.w, q.r, status, c) }

// seeOther sends the browser on after an act.
func (q *request) seeOther(path string) error {
	http.Redirect(q.w, q.r, path, http.StatusSeeOther) //nolint:gosec // callers give paths of this server; TestNoWayOut
	return nil
}

// problems turns a refusal of the door into what the page shows at its fields;
// ok is false for any other error.
func problems(err error) (page.Problems, bool) {
	if p, ok := errors.AsType[*door.Problem](err); ok {
		out := page.Problem{Field: p.Field, Code: p.Code}
		switch {
		case p.Name != "":
			out.Values = []any{"name", p.Name}
		case p.Code == "unknown-person":
			out.Code = "unknown-person-plain"
		}
		return page.Problems{out}, true
	}
	return nil, false
}

func cut(s string, n int) string { return s[:min(len(s), n)] }
