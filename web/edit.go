package web

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/merge"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getEdit opens an item's text for a new version.
func (s *Server) getEdit(q *request) error {
	v, err := q.read.Item(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !v.Can[access.Edit] {
		return access.ErrDenied
	}
	p, err := s.editPage(q, v)
	if err != nil {
		return err
	}
	p.Base, p.Point, p.Context = v.Item.Version, v.Item.Point, v.Item.Body
	return q.show(http.StatusOK, p.View())
}

func (s *Server) editPage(q *request, v store.View) (page.Edit, error) {
	p := page.Edit{Frame: s.frame(q, page.NoRoom)}
	people, err := q.read.Names(q.r.Context(), []string{v.Item.Author})
	if err != nil {
		return p, err
	}
	p.Head = s.head(q, v.Item, people)
	hang, err := q.read.Attachments(q.r.Context(), []item.Item{v.Item})
	if err != nil {
		return p, err
	}
	p.Files = fileList(hang[v.Item.ID])
	p.Desk, err = s.desk(q, page.DeskID("edit", v.Item.ID))
	return p, err
}

// postRevision saves a new version. What others saved meanwhile is joined; a
// clash shows both texts and keeps them.
func (s *Server) postRevision(q *request) error {
	form, refused, err := s.receive(q)
	if err != nil {
		return err
	}
	v, err := q.read.Item(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	base, err := strconv.ParseInt(form.Get("base"), 10, 64)
	if err != nil {
		return errForm
	}
	draft := door.EditDraft{Key: form.Get("key"), Item: v.Item.ID, Base: base, Point: form.Get("point"), Body: form.Get("context"), Draft: form.Get("draft")}
	if len(refused) > 0 {
		p, err := s.editPage(q, v)
		if err != nil {
			return err
		}
		p.Base, p.Point, p.Context, p.Problems = base, draft.Point, draft.Body, refused
		return q.show(refusedStatus(refused), p.View())
	}
	saved, err := s.cfg.Door.Edit(q.r.Context(), q.actor(), draft)
	clash, clashed := errors.AsType[*door.Clash](err)
	ps, wrong := problems(err)
	if !clashed && !wrong {
		if err != nil {
			return err
		}
		return q.seeOther(page.RefPath(saved.Ref))
	}
	p, err := s.editPage(q, v)
	if err != nil {
		return err
	}
	p.Base, p.Point, p.Context, p.Problems = base, draft.Point, draft.Body, formProblems(ps)
	if !clashed {
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if v, err = q.read.Item(q.r.Context(), v.Item.ID); err != nil { // as it is now, after the clash
		return err
	}
	by, err := q.read.Names(q.r.Context(), []string{clash.By})
	if err != nil {
		return err
	}
	p.Base = clash.Version
	p.Conflict = &page.Conflict{
		By: s.person(by[clash.By], q.now), Version: clash.Version, Point: pieces(clash.Point), Context: pieces(clash.Body),
		TheirPoint: v.Item.Point, TheirContext: v.Item.Body,
	}
	return q.show(http.StatusConflict, p.View())
}

func pieces(r merge.Result) []page.Piece {
	out := make([]page.Piece, len(r.Segments))
	for i, s := range r.Segments {
		out[i] = page.Piece{Kind: s.Kind.String(), Mine: s.Mine, Theirs: s.Theirs}
	}
	return out
}

// getRevisions lists an item's versions.
func (s *Server) getRevisions(q *request) error {
	v, all, people, err := s.history(q)
	if err != nil {
		return err
	}
	p := page.Revisions{Frame: s.frame(q, page.NoRoom), Head: s.head(q, v.Item, people)}
	for _, r := range all {
		p.Revisions = append(p.Revisions, s.revision(q, r, people))
	}
	return q.show(http.StatusOK, p.View())
}

// getRevision shows one version beside the one before it.
func (s *Server) getRevision(q *request) error {
	v, all, people, err := s.history(q)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(q.r.PathValue("version"), 10, 64)
	if err != nil {
		return access.ErrHidden
	}
	for i, r := range all { // newest first
		if r.Version != number {
			continue
		}
		p := page.Diff{Frame: s.frame(q, page.NoRoom), Head: s.head(q, v.Item, people), This: s.revision(q, r, people), Newest: v.Item.Version}
		var before store.Revision
		if i+1 < len(all) {
			before = all[i+1]
			p.Before = s.revision(q, before, people)
		}
		p.Point, p.Context = changes(merge.Diff(before.Point, r.Point)), changes(merge.Diff(before.Body, r.Body))
		return q.show(http.StatusOK, p.View())
	}
	return access.ErrHidden
}

func (s *Server) history(q *request) (store.View, []store.Revision, map[string]store.Person, error) {
	v, err := q.read.Item(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return v, nil, nil, err
	}
	all, err := q.read.Revisions(q.r.Context(), v)
	if err != nil {
		return v, nil, nil, err
	}
	ids := []string{v.Item.Author}
	for _, r := range all {
		ids = append(ids, r.Author)
	}
	people, err := q.read.Names(q.r.Context(), ids)
	return v, all, people, err
}

func (s *Server) revision(q *request, r store.Revision, people map[string]store.Person) page.Revision {
	return page.Revision{Version: r.Version, By: s.person(people[r.Author], q.now), At: r.Saved}
}

func changes(diff []merge.Change) []page.Change {
	out := make([]page.Change, len(diff))
	for i, c := range diff {
		out[i] = page.Change{Op: c.Op.String(), Text: c.Text}
	}
	return out
}

// postDeletion takes an item back.
func (s *Server) postDeletion(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	id := q.r.PathValue("id")
	if c := form.Get("comment"); c != "" { // one comment on the item's page
		id = c
	}
	v, err := q.read.Item(q.r.Context(), id)
	if err != nil {
		return err
	}
	rec, err := s.cfg.Door.TakeBack(q.r.Context(), q.actor(), form.Get("key"), id)
	if err != nil {
		return err
	}
	if v.Root != nil {
		return q.seeOther(page.RefPath(rec.Ref))
	}
	return q.seeOther(page.PathBrief)
}

// postFollow chooses how fast a stream comes.
func (s *Server) postFollow(q *request) error {
	form, err := readForm(q)
	if err != nil {
		return err
	}
	if err := s.cfg.Door.SetPace(q.r.Context(), q.actor(), form.Get("stream"), store.Pace(form.Get("pace"))); err != nil {
		return err
	}
	return q.seeOther(back(form.Get("back")))
}
