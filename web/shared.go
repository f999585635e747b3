package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
	"github.com/rubato-hq/rubato/wire/ics"
)

// postPublic makes the address of the reader's public page, or a new one.
func (s *Server) postPublic(q *request) error { return s.newFeed(q, store.FeedPage) }

// postFeed makes the address of the reader's calendar feed, or a new one.
func (s *Server) postFeed(q *request) error { return s.newFeed(q, store.FeedCalendar) }

// newFeed shows the new address this once: the database keeps its hash alone.
func (s *Server) newFeed(q *request, kind store.FeedKind) error {
	secret, err := s.cfg.Auth.NewFeed(q.r.Context(), q.actor(), kind)
	if err != nil {
		return err
	}
	p, err := s.charterPage(q, q.who.Person.Charter)
	if err != nil {
		return err
	}
	if kind == store.FeedPage {
		p.PublicAddress = s.address(q.org, page.Sub(page.PathPublic, secret))
	} else {
		p.FeedAddress = s.address(q.org, page.Sub(page.PathFeeds, secret+".ics"))
	}
	return q.show(http.StatusCreated, p.View())
}

func (s *Server) postPublicRemoval(q *request) error { return s.endFeed(q, store.FeedPage) }

func (s *Server) postFeedRemoval(q *request) error { return s.endFeed(q, store.FeedCalendar) }

func (s *Server) endFeed(q *request, kind store.FeedKind) error {
	if err := s.cfg.Auth.EndFeed(q.r.Context(), q.actor(), kind); err != nil {
		return err
	}
	return q.seeOther(page.PathCharter + "#links")
}

// getPublic shows how somebody works to whoever has the address: the week as
// the charter has it, without what is on today, and when they read next, which
// is what everybody who writes to them is told (R5.6). Never whether they are
// there.
func (s *Server) getPublic(q *request) error {
	one, err := s.cfg.Auth.Feed(q.r.Context(), q.org.ID, store.FeedPage, q.r.PathValue("secret"))
	if err != nil {
		return err
	}
	week := one.Charter.Time
	usual, err := worktime.Compile(worktime.Charter{Zone: week.Zone, Hours: week.Hours, Windows: week.Windows, WeekStart: week.WeekStart}, s.cfg.Zones)
	if err != nil {
		return err
	}
	at := worktime.Of(q.now)
	p := page.PublicCharter{Frame: s.frame(q, page.NoRoom), Person: s.person(one, q.now), Zone: week.Zone, Reading: front.Reading(one)}
	p.Week = s.weekIn(q, usual, usual.ZoneOn(usual.DateOf(at)))
	for i := range p.Week.Days {
		p.Week.Days[i].Now = -1
	}
	if next, ok := one.Clock.Next(worktime.Normal, at+1, worktime.NotSealed); ok {
		p.Next = next.Time()
	}
	if one.Charter.ContactShown {
		p.Contact = one.Charter.Contact
	}
	q.w.Header().Set("X-Robots-Tag", "noindex, nofollow")
	return q.show(http.StatusOK, p.View())
}

// The feed holds the days of last week and of two months.
const (
	feedBack  = 7
	feedAhead = 8 * 7
)

// getFeed is somebody's focus blocks and windows as a calendar.
func (s *Server) getFeed(q *request) error {
	secret, ok := strings.CutSuffix(q.r.PathValue("file"), ".ics")
	if !ok {
		return access.ErrHidden
	}
	one, err := s.cfg.Auth.Feed(q.r.Context(), q.org.ID, store.FeedCalendar, secret)
	if err != nil {
		return err
	}
	body, err := s.calendar(q, one)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	h := q.w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="rubato.ics"`)
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("Cache-Control", "private, no-cache") // it may be kept, and is asked for again each time
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	http.ServeContent(q.w, q.r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

// calendar writes instants, so that trips, holidays and changes of the clock
// are in it as the charter has them. An event's id is made of what it is and
// when it starts; the revision of the charter tells a newer one from an older.
func (s *Server) calendar(q *request, one store.Person) ([]byte, error) {
	var out bytes.Buffer
	words := s.cfg.Words.For(one.Lang)
	w := ics.NewWriter(&out)
	w.Begin("VCALENDAR")
	w.Raw("VERSION", "2.0")
	w.Raw("PRODID", "-//Rubato//Charter//EN")
	w.Raw("CALSCALE", "GREGORIAN")
	name := words.T("charter.feed_name", "name", one.Name)
	w.Text("NAME", name)
	w.Text("X-WR-CALNAME", name)
	w.Raw("REFRESH-INTERVAL;VALUE=DURATION", "PT6H")
	w.Raw("X-PUBLISHED-TTL", "PT6H")
	event := func(kind, summary, transparent string, in worktime.Interval) {
		id := sha256.Sum256([]byte(one.Org + "\n" + one.ID + "\n" + kind + "\n" + in.From.String()))
		w.Begin("VEVENT")
		w.Raw("UID", hex.EncodeToString(id[:16])+"@"+s.cfg.Public.Hostname())
		w.Instant("DTSTAMP", one.Revised)
		w.Instant("LAST-MODIFIED", one.Revised)
		w.Raw("SEQUENCE", strconv.FormatInt(one.Revision, 10))
		w.Instant("DTSTART", in.From.Time())
		w.Instant("DTEND", in.To.Time())
		w.Text("SUMMARY", summary)
		w.Raw("TRANSP", transparent)
		w.End("VEVENT")
	}
	c := one.Clock
	today := c.DateOf(worktime.Of(q.now))
	for d := today.AddDays(-feedBack); d < today.AddDays(feedAhead); d = d.AddDays(1) {
		day := c.Day(d)
		for _, focus := range without(day.Pieces, day.Free) {
			event("focus", words.T("charter.feed_focus"), "OPAQUE", focus)
		}
		for _, at := range day.Windows {
			event("window", words.T("charter.feed_window"), "TRANSPARENT", worktime.Interval{From: at, To: at + windowShown})
		}
	}
	w.End("VCALENDAR")
	err := w.Flush()
	return out.Bytes(), err
}

// windowShown is how long a window, which is a moment, is in a calendar.
const windowShown = 15 * 60
