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
	Minutes   int       `json:"minutes" doc:"How long these lines take to read"`
	Of        int       `json:"of" doc:"How many lines the whole brief has, with those that you may not see any more"`
	Next      int       `json:"next,omitempty" doc:"The from of the lines that follow; absent at the end"`
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
	Lines     int     `json:"lines" doc:"How many it had when it was made, as minutes"`
	Minutes   int     `json:"minutes"`
}

// Part is which lines of a brief are asked for.
type Part struct {
	From  int `query:"from" minimum:"0" doc:"The first line, counted from 0"`
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"1000" doc:"How many lines at most"`
}

func (p Part) lines() store.Part { return store.Part{From: p.From, Most: p.Limit} }

func (s *Server) briefOperations() {
	on(s, endpoint{
		id: "get-brief", method: "GET", path: "/brief", policy: member, summary: "Read your last brief",
		detail: "The newest one of a batch window. What you may not see any more, or was taken back, is left out. Reading it changes nothing.",
	}, func(q *request, in *Part) (Brief, error) {
		v, err := q.read.LastBrief(q.ctx, in.lines())
		if err != nil {
			return Brief{}, err
		}
		return s.brief(q, v)
	})
	on(s, endpoint{
		id: "look", method: "GET", path: "/brief/look", policy: member, summary: "Look at what waits for you",
		detail: "It seals nothing, starts no clock and stores nothing.",
	}, func(q *request, in *Part) (Look, error) {
		v, err := q.read.Look(q.ctx, q.now, in.lines())
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
			return paged(s, q, "briefs", *in, func(after store.Mark, limit int) (store.Page[store.Brief], error) {
				return q.read.BriefPage(q.ctx, after, limit)
			}, each(func(b store.Brief) BriefLine {
				me := q.who.Person
				return BriefLine{
					ID: b.ID, Kind: string(b.Kind), Window: *moment(b.Window, me), Delivered: moment(b.Delivered, me),
					Lines: b.Lines, Minutes: brief.Minutes(b.Words),
				}
			}))
		})
	on(s, endpoint{id: "get-brief-by-id", method: "GET", path: "/briefs/{id}", policy: member, summary: "Read one of your briefs"},
		func(q *request, in *struct {
			Part
			ID string `path:"id" maxLength:"64"`
		},
		) (Brief, error) {
			v, err := q.read.Brief(q.ctx, in.ID, in.lines())
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
	if _, next, of := v.At(); next < of {
		b.Next = next
	}
	b.Of = v.Brief.Lines
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
