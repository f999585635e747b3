package api

import (
	"time"

	"github.com/rubato-hq/rubato/core/ask"
	"github.com/rubato-hq/rubato/core/brief"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/store"
)

// Brief is a brief as its reader may see it at this moment, in its order.
type Brief struct {
	ID        string    `json:"id,omitempty" doc:"Absent for a look at what waits"`
	Kind      string    `json:"kind" doc:"window or urgent"`
	Window    Moment    `json:"window"`
	Delivered *Moment   `json:"delivered,omitempty" doc:"Another instant than window when it was late"`
	Since     *Moment   `json:"since,omitempty" doc:"The window of the brief before"`
	Minutes   int       `json:"minutes" doc:"How long all of it takes to read"`
	Lines     []Line    `json:"lines"`
	Mail      []Sending `json:"mail" doc:"What became of the messages that carry it"`
}

// Line is one entry of a brief.
type Line struct {
	Head
	Section  string    `json:"section" doc:"What it asks of you: the part of the brief it stands in"`
	Cause    string    `json:"cause" doc:"Why it is here: asked, to, reader, mention, answer, comment, replied, question, state, crisis, the event of a stream, or waits: an ask of yours that is near or past due"`
	Delivery string    `json:"delivery,omitempty" doc:"The delivery that brought it; absent for a line from a stream, or of what still waits"`
	Why      string    `json:"why" doc:"Ask GET /why/{id} with it why the line stands here"`
	Stream   string    `json:"stream,omitempty"`
	Carried  bool      `json:"carried,omitempty" doc:"Nothing new: given before, and it still waits for your answer; or an ask of yours"`
	Due      *Moment   `json:"due,omitempty"`
	Open     bool      `json:"open,omitempty" doc:"Your answer is wanted"`
	Stands   string    `json:"stands,omitempty" doc:"Where the ask stands that it is, or that a note is about: open, closed, short, withdrawn or in-document"`
	Body     string    `json:"body,omitempty" doc:"Of a comment, an answer or a note: what was said"`
	Root     *Head     `json:"root,omitempty" doc:"The document that a comment or an answer belongs to"`
	Ended    time.Time `json:"ended,omitzero" doc:"When a crisis ended"`
}

// Look is what waits, sealed by nobody.
type Look struct {
	Brief
	Happened []time.Time `json:"happened" doc:"When something happened in what you follow, since the last brief"`
}

// BriefLine is a brief in a listing.
type BriefLine struct {
	ID        string  `json:"id"`
	Kind      string  `json:"kind"`
	Window    Moment  `json:"window"`
	Delivered *Moment `json:"delivered,omitempty"`
	Lines     int     `json:"lines"`
	Minutes   int     `json:"minutes"`
}

func (s *Server) briefOperations() {
	on(s, endpoint{
		id: "get-brief", method: "GET", path: "/brief", policy: member, summary: "Read your last brief",
		detail: "The newest one of a batch window. What you may not see any more, or was taken back, is left out. Reading it changes nothing.",
	}, func(q *request, _ *nothing) (Brief, error) {
		v, err := q.read.LastBrief(q.ctx)
		if err != nil {
			return Brief{}, err
		}
		return s.brief(q, v)
	})
	on(s, endpoint{
		id: "look", method: "GET", path: "/brief/look", policy: member, summary: "Look at what waits for you",
		detail: "It seals nothing, starts no clock and stores nothing.",
	}, func(q *request, _ *nothing) (Look, error) {
		v, err := q.read.Look(q.ctx, q.now)
		if err != nil {
			return Look{}, err
		}
		b, err := s.brief(q, v)
		out := Look{Brief: b, Happened: []time.Time{}}
		if err != nil || v.Brief.Since == 0 {
			return out, err
		}
		at, err := q.read.Happened(q.ctx, v.Brief.Since, q.now)
		for _, t := range at {
			out.Happened = append(out.Happened, t.UTC())
		}
		return out, err
	})
	on(s, endpoint{id: "list-briefs", method: "GET", path: "/briefs", policy: member, summary: "List your briefs, the newest first"},
		func(q *request, in *Paging) (List[BriefLine], error) {
			return paged(s, q, "briefs", *in, func(after store.Mark, limit int) (store.Page[store.BriefView], error) {
				return q.read.BriefPage(q.ctx, after, limit)
			}, each(func(v store.BriefView) BriefLine {
				me, words := q.who.Person, 0
				for _, l := range v.Lines {
					words += l.Words
				}
				return BriefLine{
					ID: v.Brief.ID, Kind: string(v.Brief.Kind), Window: *moment(v.Brief.Window, me), Delivered: moment(v.Brief.Delivered, me),
					Lines: len(v.Lines), Minutes: brief.Minutes(words),
				}
			}))
		})
	on(s, endpoint{id: "get-brief-by-id", method: "GET", path: "/briefs/{id}", policy: member, summary: "Read one of your briefs"},
		func(q *request, in *struct {
			ID string `path:"id" maxLength:"64"`
		},
		) (Brief, error) {
			v, err := q.read.Brief(q.ctx, in.ID)
			if err != nil {
				return Brief{}, err
			}
			return s.brief(q, v)
		})
}

func (s *Server) brief(q *request, v store.BriefView) (Brief, error) {
	me := q.who.Person
	b := Brief{
		ID: v.Brief.ID, Kind: string(v.Brief.Kind), Window: *moment(v.Brief.Window, me), Delivered: moment(v.Brief.Delivered, me),
		Since: moment(v.Brief.Since, me), Lines: []Line{}, Mail: []Sending{},
	}
	words := 0
	for _, l := range v.Lines {
		words += l.Words
		i := v.Items[l.Item]
		line := Line{
			Head: head(i, v.People), Section: string(l.Section), Cause: l.Cause, Delivery: l.Delivery, Why: v.Why(l), Stream: l.Stream, Carried: l.Carried,
			Due: moment(l.Due, me), Ended: v.Crises[i.ID].Ended.UTC(),
		}
		if root, ok := v.Items[i.Root]; ok && i.Root != "" {
			h := head(root, v.People)
			line.Root, line.Body = &h, i.Body
		}
		if a, ok := v.Asks[i.Root]; ok && i.Kind == item.State {
			line.Stands = string(a.Stands())
		}
		if a, ok := v.Asks[i.ID]; ok {
			line.Stands = string(a.Stands())
			if l.Section == brief.Asked {
				line.Due = moment(a.Due(), me)
			}
			if r, err := a.Recipient(me.ID); err == nil {
				line.Open = a.Live() && r.State == ask.Waiting
				if r.Due != 0 {
					line.Due = moment(r.Due, me)
				}
			}
		}
		b.Lines = append(b.Lines, line)
	}
	b.Minutes = brief.Minutes(words)
	if b.ID == "" {
		return b, nil
	}
	sendings, err := q.read.SendingsToMe(q.ctx, store.SubjectBrief, b.ID)
	for _, one := range sendings {
		b.Mail = append(b.Mail, sending(one, me))
	}
	return b, err
}
