package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/markup"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// kept are the fields of the form that a draft keeps.
func kept() []string {
	return []string{"kind", "point", "context", "to", "readers", "where", "term", "date", "clock", "because", "need", "need_n", "source"}
}

// postDraft keeps what is being written, as one types or by the button.
func (s *Server) postDraft(q *request) error {
	form, refused, err := s.receive(q)
	if err != nil {
		return err
	}
	fields := make(map[string]string)
	for _, name := range kept() {
		if v := form.Get(name); v != "" {
			fields[name] = v
		}
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("keep the draft: %w", err)
	}
	id := q.r.PathValue("id")
	save, err := strconv.ParseInt(form.Get("save"), 10, 64)
	if err != nil {
		save = 0
	}
	draft, err := s.cfg.Door.SaveDraft(q.r.Context(), q.actor(), id, save, string(body))
	if err != nil {
		return err
	}
	if !byScript(q.r) && len(refused) == 0 {
		return q.seeOther(page.Sub(page.PathDrafts, draft.ID))
	}
	p, err := s.writePage(q, form)
	if err != nil {
		return err
	}
	p.Draft, p.Save, p.SavedAt, p.Apart, p.Problems = draft.ID, draft.Save, draft.Saved, draft.ID != id, refused
	if p.Preview, err = s.preview(q, p); err != nil {
		return err
	}
	if len(refused) > 0 {
		return q.show(refusedStatus(refused), p.View())
	}
	return q.show(http.StatusOK, p.Parts())
}

// postDocument begins a document from an ask: a draft with the question on top,
// for everybody of the ask (R9.3). The ask stays as it is until that is sent.
func (s *Server) postDocument(q *request) error {
	v, err := q.read.Item(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if v.Ask == nil {
		return access.ErrHidden
	}
	if !v.Can[access.Answer] && !v.Can[access.Manage] {
		return access.ErrDenied
	}
	fields := map[string]string{"kind": string(item.Update), "point": v.Item.Point, "context": v.Item.Body, "source": v.Item.ID}
	var to, readers []string
	people, err := q.read.Names(q.r.Context(), append(v.Item.Names(item.To), v.Item.Author))
	if err != nil {
		return err
	}
	mine := v.Item.Author == q.who.Person.ID
	for _, id := range append([]string{v.Item.Author}, v.Item.Names(item.To)...) {
		p := people[id]
		switch {
		case id == q.who.Person.ID || p.State != access.Active:
		case mine || id == v.Item.Author:
			to = append(to, "@"+p.Handle)
		default:
			readers = append(readers, "@"+p.Handle)
		}
	}
	fields["to"], fields["readers"] = strings.Join(to, ", "), strings.Join(readers, ", ")
	team, err := s.teamOf(q, v.Item.Team)
	if err != nil {
		return err
	}
	switch {
	case team.Slug != "":
		fields["where"] = team.Slug
	case v.Item.Wide:
		fields["where"] = page.WhereEveryone
	default:
		fields["where"] = page.WhereNamed
	}
	body, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("keep the draft: %w", err)
	}
	id := store.NewID(time.Now())
	if _, err := s.cfg.Door.SaveDraft(q.r.Context(), q.actor(), id, 0, string(body)); err != nil {
		return err
	}
	return q.seeOther(page.Sub(page.PathDrafts, id))
}

// getDrafts lists what the reader is writing.
func (s *Server) getDrafts(q *request) error {
	all, err := q.read.Drafts(q.r.Context())
	if err != nil {
		return err
	}
	unsent, err := q.read.Unsent(q.r.Context())
	if err != nil {
		return err
	}
	p := page.Drafts{Frame: s.frame(q, page.NoRoom)}
	for _, d := range all {
		form, err := draftForm(d.Fields)
		if err != nil {
			return err
		}
		p.Drafts = append(p.Drafts, page.DraftLine{ID: d.ID, Kind: item.Kind(form.Get("kind")), Point: markup.Plain(form.Get("point")), Saved: d.Saved, Files: fileList(unsent[d.ID])})
	}
	return q.show(http.StatusOK, p.View())
}

// getDraft opens a draft in the form.
func (s *Server) getDraft(q *request) error {
	d, err := q.read.Draft(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showDraft(q, d)
}

// showDraft is a draft in the form.
func (s *Server) showDraft(q *request, d store.Draft) error {
	form, err := draftForm(d.Fields)
	if err != nil {
		return err
	}
	form.Set("draft", d.ID)
	p, err := s.writePage(q, form)
	if err != nil {
		return err
	}
	p.Save, p.SavedAt = d.Save, d.Saved
	if p.Preview, err = s.preview(q, p); err != nil {
		return err
	}
	return q.show(http.StatusOK, p.View())
}

func draftForm(fields string) (url.Values, error) {
	kept := make(map[string]string)
	if err := json.Unmarshal([]byte(fields), &kept); err != nil {
		return nil, fmt.Errorf("read the draft: %w", err)
	}
	form := make(url.Values)
	for name, v := range kept {
		form.Set(name, v)
	}
	return form, nil
}

// postDraftDeletion throws a draft of one's own away. One that is gone, or
// somebody else's, stays as it is.
func (s *Server) postDraftDeletion(q *request) error {
	if err := s.cfg.Door.DropDraft(q.r.Context(), q.actor(), q.r.PathValue("id")); err != nil {
		return err
	}
	return q.seeOther(page.PathDrafts)
}
