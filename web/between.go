package web

import (
	"net/http"
	"net/url"

	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getBetween lists what was written to named people alone, the reader among
// them, or what is between them and one other person (R2.2).
func (s *Server) getBetween(q *request) error {
	asked := q.r.URL.Query()
	p := page.Between{Frame: s.frame(q, page.RoomPeople)}
	if handle := asked.Get("with"); handle != "" {
		one, err := q.read.PersonByHandle(q.r.Context(), handle)
		if err != nil {
			return err
		}
		p.With = s.person(one, q.now)
	}
	found, err := q.read.BetweenPage(q.r.Context(), p.With.ID, store.Mark{ID: asked.Get("before")}, pageOf)
	if err != nil {
		return err
	}
	var ids []string
	for _, i := range found.Rows {
		ids = append(append(ids, i.Author), i.Names(item.To)...)
	}
	people, err := q.read.Names(q.r.Context(), ids)
	if err != nil {
		return err
	}
	for _, i := range found.Rows {
		line := page.BetweenLine{Head: s.head(q, i, people)}
		for _, id := range i.Names(item.To) {
			line.To = append(line.To, s.person(people[id], q.now))
		}
		p.Items = append(p.Items, line)
	}
	if found.Next.ID != "" {
		older := url.Values{"before": {found.Next.ID}}
		if p.With.ID != "" {
			older.Set("with", p.With.Handle)
		}
		p.Older = page.PathBetween + "?" + older.Encode()
	}
	return q.show(http.StatusOK, p.View())
}
