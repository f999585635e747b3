package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/charter"
	"github.com/rubato-hq/rubato/core/format"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/layer"
	"github.com/rubato-hq/rubato/core/worktime"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// getWrite opens the form, filled from the address where it says so: ?kind=ask,
// ?to=@kenji, ?point=...
func (s *Server) getWrite(q *request) error {
	if id := q.r.URL.Query().Get("draft"); id != "" {
		d, err := q.read.Draft(q.r.Context(), id)
		if err == nil {
			return s.showDraft(q, d)
		}
		if !errors.Is(err, access.ErrHidden) {
			return err
		}
	} // not kept yet, or sent meanwhile: an empty form
	p, err := s.writePage(q, q.r.URL.Query())
	if err != nil {
		return err
	}
	if p.Where == "" {
		p.Where = usualPlace(p)
	}
	if p.Draft == "" {
		p.Draft = store.NewID(time.Now())
		p.Desk.ID = p.Draft
	}
	return q.show(http.StatusOK, p.View())
}

// usualPlace is where most of one's writing belongs: the first open team one
// is in.
func usualPlace(p page.Write) string {
	for _, t := range p.Teams {
		if t.Open {
			return t.Slug
		}
	}
	return page.WhereNamed
}

// writePage is the form with what was typed in it so far.
func (s *Server) writePage(q *request, form url.Values) (page.Write, error) {
	p, err := s.typedPage(q, form)
	if err != nil {
		return p, err
	}
	p.People, err = s.choice(q, anybodyNamed)
	return p, err
}

// choice are those who can be named and are listed on a page to choose from,
// nobody where they are too many, without the reader.
func (s *Server) choice(q *request, of func(store.Name) bool) ([]page.Person, error) {
	few, err := q.read.FewNameable(q.r.Context(), page.FewPeople)
	if err != nil {
		return nil, err
	}
	var out []page.Person
	for _, n := range few {
		if n.ID != q.who.Person.ID && of(n) {
			out = append(out, called(n))
		}
	}
	return out, nil
}

// nameable are all whom somebody may write to, for the form to choose from;
// with the names that an import brought, whom nobody can call, or without.
func (s *Server) nameable(q *request, imported bool) ([]page.Person, error) {
	people, err := q.read.Nameable(q.r.Context())
	if err != nil {
		return nil, err
	}
	var out []page.Person
	for _, n := range people {
		if n.ID != q.who.Person.ID && (imported || n.State == access.Active) {
			out = append(out, called(n))
		}
	}
	return out, nil
}

// addressed are those whom fields name. While each is named by handle, as our
// form does it, nobody else is read; else it is everybody.
func (s *Server) addressed(q *request, imported bool, fields ...string) ([]page.Person, error) {
	parts := fieldParts(strings.Join(fields, ","))
	if len(parts) > door.MaxPeople {
		return s.nameable(q, imported)
	}
	var out []page.Person
	for _, part := range parts {
		handle, ok := strings.CutPrefix(part, "@")
		if !ok {
			return s.nameable(q, imported)
		}
		p, err := q.read.PersonByHandle(q.r.Context(), handle)
		if errors.Is(err, access.ErrHidden) || err == nil && (p.Bot || p.State != access.Active || p.ID == q.who.Person.ID) {
			return s.nameable(q, imported) // where they stand, or do not
		}
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(has page.Person) bool { return has.ID == p.ID }) {
			out = append(out, s.person(p, q.now))
		}
	}
	return out, nil
}

// typedPage is writePage without those who can be named.
func (s *Server) typedPage(q *request, form url.Values) (page.Write, error) {
	norms := charter.DefaultNorms()
	p := page.Write{
		Frame: s.frame(q, page.RoomWrite), Kind: item.Kind(form.Get("kind")), Draft: form.Get("draft"),
		Point: form.Get("point"), Context: form.Get("context"), To: form.Get("to"), Readers: form.Get("readers"), Where: form.Get("where"),
		Term: form.Get("term"), Date: form.Get("date"), Clock: form.Get("clock"), Because: form.Get("because"),
		Need: form.Get("need"), NeedN: form.Get("need_n"), NormalTerm: norms.Normal.String(), UrgentTerm: norms.Urgent.String(),
		Org: q.org.Name, Wide: true,
	}
	if as := form.Get("as"); as != "" { // a suggestion was taken
		kind, term, _ := strings.Cut(as, ".")
		p.Kind = item.Kind(kind)
		if term != "" {
			p.Term = term
		}
	}
	p.Save, _ = strconv.ParseInt(form.Get("save"), 10, 64) // unreadable is 0: none yet
	if !slices.Contains([]item.Kind{item.Update, item.Request, item.Ask, item.Crisis}, p.Kind) {
		p.Kind = item.Update
	}
	if id := form.Get("source"); id != "" {
		if v, err := q.read.Item(q.r.Context(), id); err == nil && v.Ask != nil && v.Ask.Wanted() {
			p.Source = &page.Head{ID: v.Item.ID, Ref: v.Item.Ref()}
		}
	}
	var err error
	if p.Desk, err = s.desk(q, p.Draft); err != nil {
		return p, err
	}
	teams, err := q.read.Teams(q.r.Context())
	if err != nil {
		return p, err
	}
	for _, t := range teams {
		// One's own, and an open one that this is meant for.
		if q.actor().Teams[t.ID] || t.Slug == p.Where && access.Can(q.actor(), access.WriteIn, t.Object()) == nil {
			p.Teams = append(p.Teams, page.Team{ID: t.ID, Slug: t.Slug, Name: t.Name, Open: t.Open})
		}
	}
	return p, nil
}

// postPreview shows when each reader will have what is being written. It sends
// nothing; files that come with it hang on the draft. A script gets the parts
// of the page that change.
func (s *Server) postPreview(q *request) error {
	form, refused, err := s.receive(q)
	if err != nil {
		return err
	}
	p, err := s.writePage(q, form)
	if err != nil {
		return err
	}
	p.Problems = refused
	if p.Preview, err = s.preview(q, p); err != nil {
		return err
	}
	if byScript(q.r) {
		return q.show(http.StatusOK, p.Parts())
	}
	return q.show(http.StatusOK, p.View())
}

// byScript reports whether our own script asks, which swaps parts of a page.
func byScript(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Dest") == "empty" }

// readForm reads an urlencoded or multipart form within its bound.
func readForm(q *request) (url.Values, error) {
	err := q.r.ParseMultipartForm(maxForm) //nolint:gosec // http.MaxBytesReader bounds the body
	if err != nil && !errors.Is(err, http.ErrNotMultipart) {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, err
		}
		return nil, errForm
	}
	front.Texts(q.r.PostForm)
	return q.r.PostForm, nil
}

// postWrite sends what was written, by its kind.
func (s *Server) postWrite(q *request) error {
	form, refused, err := s.receive(q)
	if err != nil {
		return err
	}
	p, err := s.typedPage(q, form)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		p.Problems = refused
		if p.People, err = s.nameable(q, true); err != nil {
			return err
		}
		if p.Preview, err = s.preview(q, p); err != nil {
			return err
		}
		return q.show(refusedStatus(refused), p.View())
	}
	if p.Kind == item.Crisis {
		return s.crisisInstead(q, p)
	}
	if p.People, err = s.addressed(q, true, p.To, p.Readers); err != nil {
		return err
	}
	rec, err := s.send(q, p, form.Get("key"))
	if ps, ok := problems(err); ok {
		p.Problems = formProblems(ps)
		if all := lacks(p); len(all) > 1 && slices.ContainsFunc(all, func(o page.Problem) bool { return o.Field == p.Problems[0].Field }) {
			p.Problems = all
		}
		if p.People, err = s.nameable(q, true); err != nil {
			return err
		}
		if p.Preview, err = s.preview(q, p); err != nil {
			return err
		}
		return q.show(http.StatusUnprocessableEntity, p.View())
	}
	if err != nil {
		return err
	}
	sent, err := s.sentPage(q, rec)
	if err != nil {
		return err
	}
	return q.show(http.StatusCreated, sent.View())
}

// lacks is all that a form leaves empty and may not, at once: nobody is sent
// back for each.
func lacks(p page.Write) page.Problems {
	var out page.Problems
	ask := p.Kind == item.Ask
	for _, v := range []struct {
		missing     bool
		field, code string
	}{
		{ask && strings.TrimSpace(p.Point) == "", "point", "no-question"},
		{ask && strings.TrimSpace(p.To) == "", "to", "nobody"},
		{ask && p.Term == "urgent" && strings.TrimSpace(p.Because) == "", "because", "no-urgent-why"},
	} {
		if v.missing {
			out = append(out, page.Problem{Field: v.field, Code: v.code})
		}
	}
	return out
}

// crisisInstead goes on to the form of a crisis with what was written. Nobody
// is interrupted before that asks once more (R4.2).
func (s *Server) crisisInstead(q *request, w page.Write) error {
	p, err := s.crisesPage(q, strings.FieldsFunc(w.To, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }))
	if err != nil {
		return err
	}
	p.What, p.Stake, p.Team = w.Point, w.Context, w.Where
	p.Problems = page.Problems{{Field: "sure", Code: "not-sure"}}
	return q.show(http.StatusOK, p.View())
}

// send gives the form to the verb of its kind.
func (s *Server) send(q *request, p page.Write, key string) (door.Receipt, error) {
	w, unknown, err := writing(p)
	if err != nil {
		return door.Receipt{}, err
	}
	if len(unknown) > 0 {
		return door.Receipt{}, &door.Problem{Field: "to", Code: "unknown-person", Name: q.words.List(unknown)}
	}
	w.Key = key
	if p.Kind != item.Ask {
		return s.cfg.Door.Write(q.r.Context(), q.actor(), p.Kind, w)
	}
	draft := door.AskDraft{Writing: w, UrgentWhy: p.Because}
	if draft.Term, draft.Urgent, err = s.term(q, p); err != nil {
		return door.Receipt{}, err
	}
	switch p.Need {
	case "one":
		draft.Need = 1
	case "n":
		if draft.Need, err = strconv.Atoi(strings.TrimSpace(p.NeedN)); err != nil || draft.Need < 1 {
			return door.Receipt{}, &door.Problem{Field: "need_n", Code: "not-a-number"}
		}
	}
	return s.cfg.Door.Ask(q.r.Context(), q.actor(), draft)
}

// writing is what all kinds have in common; unknown are names that nobody bears.
func writing(p page.Write) (w door.Writing, unknown []string, err error) {
	w = door.Writing{Point: p.Point, Body: p.Context, Draft: p.Draft}
	if p.Source != nil && p.Kind != item.Ask {
		w.Source = p.Source.ID
	}
	to, lost := named(p.People, p.To)
	unknown = append(unknown, lost...)
	w.To = to
	if p.Kind != item.Ask {
		readers, lost := named(p.People, p.Readers)
		unknown = append(unknown, lost...)
		w.Readers = readers
	}
	switch p.Where {
	case page.WhereEveryone:
		w.Wide = true
	case page.WhereNamed, "":
	default:
		i := slices.IndexFunc(p.Teams, func(t page.Team) bool { return t.Slug == p.Where })
		if i < 0 {
			return w, unknown, &door.Problem{Field: "where", Code: "unknown-team"}
		}
		w.Team = p.Teams[i].ID
	}
	return w, unknown, nil
}

// named finds the people of a field: @handles, whole names, or first names
// that only one person bears. lost are those that nobody, or more than one, bears.
func named(people []page.Person, field string) (ids, lost []string) {
	for _, part := range fieldParts(field) {
		var found []string
		for _, p := range people {
			if handle, ok := strings.CutPrefix(part, "@"); ok {
				if strings.EqualFold(handle, p.Handle) {
					found = append(found, p.ID)
				}
			} else if strings.EqualFold(part, p.Name) || strings.EqualFold(part, p.Handle) || strings.EqualFold(part, p.First()) {
				found = append(found, p.ID)
			}
		}
		if len(found) == 1 {
			ids = append(ids, found[0])
		} else {
			lost = append(lost, part)
		}
	}
	return ids, lost
}

// fieldParts are the names of a field, as they were typed.
func fieldParts(field string) []string {
	var out []string
	for part := range strings.FieldsFuncSeq(field, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// term reads the choice of a term; a date and a clock are the asker's own.
func (s *Server) term(q *request, p page.Write) (term string, urgent bool, err error) {
	switch p.Term {
	case "", "normal":
		return "", false, nil
	case "urgent":
		return "", true, nil
	case "eod", "eow":
		return p.Term, false, nil
	case "date":
		date, err := worktime.ParseDate(strings.TrimSpace(p.Date))
		if err != nil {
			return "", false, &door.Problem{Field: "date", Code: "unreadable-date"}
		}
		if strings.TrimSpace(p.Clock) == "" {
			return date.String(), false, nil
		}
		clock, ok := readClock(p.Clock)
		if !ok {
			return "", false, &door.Problem{Field: "clock", Code: "unreadable-clock"}
		}
		at, err := s.cfg.Zones(q.zone().String())
		if err != nil {
			return "", false, err
		}
		return at.At(date.At(clock)).String(), false, nil
	}
	return "", false, &door.Problem{Field: "term", Code: "unreadable-term"}
}

// formProblems names the fields as the form does.
func formProblems(ps page.Problems) page.Problems {
	names := map[string]string{"body": "context", "team": "where", "urgent_why": "because"}
	for i := range ps {
		if n, ok := names[ps[i].Field]; ok {
			ps[i].Field = n
		}
	}
	return ps
}

// preview plans with the same function as the door will, so that it cannot lie.
func (s *Server) preview(q *request, p page.Write) (*page.Preview, error) {
	v := &page.Preview{}
	w, unknown, err := writing(p)
	if _, ok := problems(err); err != nil && !ok {
		return nil, err
	}
	v.Unknown = unknown
	hint := layer.Route(p.Point, p.Context, len(w.To) > 0)
	v.Hint = hint.Hint
	if hint.Kind != string(p.Kind) && p.Kind != item.Crisis {
		v.Suggest = hint.Kind
	}
	class, term := worktime.Normal, (*worktime.Term)(nil)
	if p.Kind == item.Ask {
		text, urgent, err := s.term(q, p)
		if err == nil {
			if t, err := door.AskTerm(text, urgent); err == nil {
				term = &t
			}
		}
		if urgent {
			class, v.Urgent = worktime.Urgent, true
		}
	}
	state, _, _ := q.who.Person.Clock.State(worktime.Of(q.now))
	v.Outside = state == worktime.Off
	v.Minutes = readingMinutes(p.Point, p.Context)
	v.Remarks = s.remarks(p, len(w.To) > 0)
	if v.Reaches, err = s.reaches(q, append(w.To, w.Readers...), class, term); err != nil {
		return nil, err
	}
	if v.Teams, err = s.teamReaches(q, p, w); err != nil {
		return nil, err
	}
	if p.Kind == item.Ask {
		if err := s.urgentUse(q, v); err != nil {
			return nil, err
		}
		if v.OnNow, err = s.onNow(q, v, w); err != nil {
			return nil, err
		}
	}
	v.Axis = axis(q.now, v.Reaches)
	s.drawn(q, v.Reaches, v.Axis)
	return v, nil
}

// remarks are those on the form of an update or a request. A request that is
// addressed to somebody has its owner.
func (s *Server) remarks(p page.Write, addressed bool) []page.Remark {
	if p.Kind != item.Update && p.Kind != item.Request || strings.TrimSpace(p.Point+p.Context) == "" {
		return nil
	}
	var out []page.Remark
	above := strings.Count(p.Point, "\n") + 2 // lines over the context
	for _, r := range s.format.Check(format.Kind(p.Kind), p.Point+"\n\n"+p.Context) {
		if r.Rule == format.NoOwner && addressed {
			continue
		}
		out = append(out, page.Remark{Rule: string(r.Rule), Word: r.Word, N: r.N, Line: max(0, r.Line-above)})
	}
	return out
}
