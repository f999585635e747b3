package api

import (
	"net/http"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/core/merge"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Item is something written, with what belongs to it.
type Item struct {
	Head
	Body   string   `json:"body" doc:"Markdown"`
	Root   string   `json:"root,omitempty" doc:"Id of the document that a comment or an answer belongs to"`
	Parent string   `json:"parent,omitempty" doc:"Id of what it replies to"`
	People []Named  `json:"people"`
	Can    []string `json:"can" doc:"What you may do: comment, edit, delete, answer, manage, settle"`
	Ask    *Ask     `json:"ask,omitempty"`
	Crisis *Crisis  `json:"crisis,omitempty"`
	Hanging
	Deliveries []Delivery `json:"deliveries" doc:"When each person got or gets it, for its author; for anybody else their own"`
}

// Hanging are the files of something written.
type Hanging struct {
	Files     []File   `json:"files" doc:"What hangs on it"`
	Elsewhere []Listed `json:"elsewhere,omitempty" nullable:"false" doc:"What hung on it where it was imported from, and stayed there"`
}

// Listed is a file that an import listed, and did not bring.
type Listed struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty" doc:"Media type, as it was said to be"`
	Size int64  `json:"size,omitempty"`
}

// Named is somebody an item names.
type Named struct {
	Name
	As string `json:"as" doc:"to, reader or mention"`
}

// Delivery is one directed item on its way to one person.
type Delivery struct {
	ID        string  `json:"id"`
	Person    Name    `json:"person"`
	Version   int64   `json:"version"`
	Cause     string  `json:"cause"`
	Class     string  `json:"class"`
	Planned   *Moment `json:"planned,omitempty"`
	Why       string  `json:"why"`
	Delivered *Moment `json:"delivered,omitempty"`
	Dropped   string  `json:"dropped,omitempty" doc:"Why it will not come"`
}

func deliveryOf(d store.Delivery, people map[string]store.Person) Delivery {
	p := people[d.Person]
	return Delivery{
		ID: d.ID, Person: names(people, []string{d.Person})[0], Version: d.Version, Cause: d.Cause, Class: d.Class.String(),
		Planned: moment(d.Plan, p), Why: d.PlanWhy, Delivered: moment(d.Delivered, p), Dropped: d.DroppedWhy,
	}
}

// Entry is a comment, an answer, or a note of what happened, in a thread.
type Entry struct {
	Head
	Body   string `json:"body" doc:"Markdown"`
	Parent string `json:"parent,omitempty" doc:"Id of what it replies to"`
	Hanging
}

// Comment is something said on an item.
type Comment struct {
	Text   string `json:"text" doc:"Markdown"`
	Parent string `json:"parent,omitempty" doc:"Id of the comment it answers"`
	Draft  string `json:"draft,omitempty" doc:"Where its files hang"`
}

// Edit is a new version of an item's text.
type Edit struct {
	Base  int64  `json:"base" minimum:"1" doc:"The version it grew from"`
	Point string `json:"point,omitempty" doc:"Empty for a comment or an answer"`
	Body  string `json:"body,omitempty"`
	Draft string `json:"draft,omitempty" doc:"Where the files hang that it brings"`
}

// Edited is what a save came to.
type Edited struct {
	Receipt
	Version int64 `json:"version"`
	Merged  *Name `json:"merged,omitempty" doc:"Who saved meanwhile, and whose changes were joined with these"`
}

// Revision is one saved version of an item.
type Revision struct {
	Version int64     `json:"version"`
	Author  Name      `json:"author"`
	Saved   time.Time `json:"saved"`
	Point   string    `json:"point"`
	Body    string    `json:"body"`
}

// RevisionLine is a saved version in a listing.
type RevisionLine struct {
	Version int64     `json:"version"`
	Author  Name      `json:"author"`
	Saved   time.Time `json:"saved"`
}

// RevisionPage is one version beside the one before it.
type RevisionPage struct {
	Revision
	Changes Changes `json:"changes" doc:"What it changed in the version before"`
}

// Changes are the differences of two versions.
type Changes struct {
	Point []Change `json:"point"`
	Body  []Change `json:"body"`
}

// Change is a stretch of text that stayed, came or went.
type Change struct {
	Op   string `json:"op"`
	Text string `json:"text"`
}

// OfItem is an address inside one item.
type OfItem struct {
	ID string `path:"id" maxLength:"64" doc:"Id of the item, or its reference, as A-12"`
}

func (s *Server) itemOperations() {
	on(s, endpoint{id: "get-item", method: "GET", path: "/items/{id}", policy: member, summary: "Read something written"},
		func(q *request, in *OfItem) (Item, error) {
			v, err := s.item(q, in.ID)
			if err != nil {
				return Item{}, err
			}
			return s.whole(q, v)
		})
	on(s, endpoint{id: "list-thread", method: "GET", path: "/items/{id}/thread", policy: member, summary: "List what was said on an item, the oldest first"},
		func(q *request, in *struct {
			OfItem
			Paging
		},
		) (List[Entry], error) {
			v, err := s.item(q, in.ID)
			if err != nil {
				return List[Entry]{}, err
			}
			return paged(s, q, "thread "+v.Item.ID, in.Paging, func(after store.Mark, limit int) (store.Page[item.Item], error) {
				return q.read.ThreadPage(q.ctx, v, after, limit)
			}, s.entries(q))
		})
	on(s, endpoint{
		id: "comment", method: "POST", path: "/items/{id}/comments", policy: member, status: http.StatusCreated, summary: "Say something on an item",
		detail: "Its author, and whoever is mentioned or answered, get it at their next window; followers of the thread read it in their stream.",
	}, func(q *request, in *struct {
		Keyed
		OfItem
		Body Comment
	},
	) (Receipt, error) {
		id, err := s.itemID(q, in.ID)
		if err != nil {
			return Receipt{}, err
		}
		rec, err := s.cfg.Door.Comment(q.ctx, q.actor(), door.CommentDraft{Key: q.key, Item: id, Parent: in.Body.Parent, Text: in.Body.Text, Draft: in.Body.Draft})
		return s.receipt(q, rec, err)
	})
	on(s, endpoint{
		id: "edit", method: "POST", path: "/items/{id}/revisions", policy: member, status: http.StatusCreated, summary: "Save a new version of a text",
		detail: "What others saved meanwhile is joined. Where both changed the same place nothing is saved, and the problem holds both texts in full.",
	}, func(q *request, in *struct {
		Keyed
		OfItem
		Body Edit
	},
	) (Edited, error) {
		id, err := s.itemID(q, in.ID)
		if err != nil {
			return Edited{}, err
		}
		saved, err := s.cfg.Door.Edit(q.ctx, q.actor(), door.EditDraft{Key: q.key, Item: id, Base: in.Body.Base, Point: in.Body.Point, Body: in.Body.Body, Draft: in.Body.Draft})
		rec, err := s.receipt(q, saved.Receipt, err)
		if err != nil {
			return Edited{}, err
		}
		people, err := q.read.Names(q.ctx, []string{saved.Merged})
		return Edited{Receipt: rec, Version: saved.Version, Merged: optional(people, saved.Merged)}, err
	})
	on(s, endpoint{id: "list-revisions", method: "GET", path: "/items/{id}/revisions", policy: member, summary: "List the versions of a text, the newest first"},
		func(q *request, in *struct {
			OfItem
			Paging
		},
		) (List[RevisionLine], error) {
			v, err := s.item(q, in.ID)
			if err != nil {
				return List[RevisionLine]{}, err
			}
			return paged(s, q, "revisions "+v.Item.ID, in.Paging, func(after store.Mark, limit int) (store.Page[store.Revision], error) {
				return q.read.RevisionPage(q.ctx, v, after, limit)
			}, s.revisionLines(q))
		})
	on(s, endpoint{id: "get-revision", method: "GET", path: "/items/{id}/revisions/{version}", policy: member, summary: "Read one version of a text, and what it changed"},
		func(q *request, in *struct {
			OfItem
			Version int64 `path:"version" minimum:"1"`
		},
		) (RevisionPage, error) {
			return s.revision(q, in.ID, in.Version)
		})
	on(s, endpoint{
		id: "take-back", method: "POST", path: "/items/{id}/deletion", policy: member, summary: "Take back something you wrote",
		detail: "Its words are nobody's any more, and what waits of it is dropped.",
	}, func(q *request, in *struct {
		Keyed
		OfItem
	},
	) (Receipt, error) {
		id, err := s.itemID(q, in.ID)
		if err != nil {
			return Receipt{}, err
		}
		rec, err := s.cfg.Door.TakeBack(q.ctx, q.actor(), q.key, id)
		return s.receipt(q, rec, err)
	})
	on(s, endpoint{
		id: "why", method: "GET", path: "/why/{id}", policy: member, summary: "Read why something came now, or not yet",
		detail: "Of a delivery, for the person it is for and for the author of the item; of an item, for whoever may read it: by which stream it came to them, and by which briefs.",
	}, func(q *request, in *struct {
		ID string `path:"id" maxLength:"64" doc:"Id that stands as why at each line of a brief: of a delivery, or of an item"`
	},
	) (Why, error) {
		return s.why(q, in.ID)
	})
}

// whole is an item with what belongs to it, for its reader.
func (s *Server) whole(q *request, v store.View) (Item, error) {
	ids := append([]string{v.Item.Author}, v.Item.Names()...)
	if v.Ask != nil {
		ids = append(ids, peopleOf(*v.Ask)...)
	}
	for _, d := range v.Deliveries {
		ids = append(ids, d.Person)
	}
	people, err := q.read.Names(q.ctx, ids)
	if err != nil {
		return Item{}, err
	}
	out := Item{
		Head: head(v.Item, people), Body: v.Item.Body, Root: v.Item.Root, Parent: v.Item.Parent, People: []Named{}, Can: allowed(v.Can), Deliveries: []Delivery{},
	}
	hang, err := s.hanging(q, []item.Item{v.Item})
	if err != nil {
		return out, err
	}
	out.Hanging = hang[v.Item.ID]
	for _, n := range v.Item.People {
		out.People = append(out.People, Named{names(people, []string{n.Person})[0], string(n.As)})
	}
	if v.Ask != nil {
		a := askOf(*v.Ask, people)
		out.Ask = &a
	}
	for _, d := range v.Deliveries {
		out.Deliveries = append(out.Deliveries, deliveryOf(d, people))
	}
	if v.Item.Kind == item.Crisis {
		c, err := q.read.Crisis(q.ctx, v)
		if err != nil {
			return out, err
		}
		said, err := s.crisis(q, v.Item, c)
		out.Crisis = &said
		return out, err
	}
	return out, nil
}

// entries says what stands in a thread.
func (s *Server) entries(q *request) func([]item.Item) ([]Entry, error) {
	return func(items []item.Item) ([]Entry, error) {
		heads, err := s.heads(q)(items)
		if err != nil {
			return nil, err
		}
		hang, err := s.hanging(q, items)
		out := make([]Entry, len(items))
		for i, one := range items {
			out[i] = Entry{Head: heads[i], Body: one.Body, Parent: one.Parent, Hanging: hang[one.ID]}
		}
		return out, err
	}
}

// hanging are the files of things written, by id.
func (s *Server) hanging(q *request, on []item.Item) (map[string]Hanging, error) {
	files, err := q.read.Attachments(q.ctx, on)
	if err != nil {
		return nil, err
	}
	listed, err := q.read.ImportFiles(q.ctx, on)
	out := make(map[string]Hanging, len(on))
	for _, one := range on {
		h := Hanging{Files: []File{}}
		for _, f := range files[one.ID] {
			h.Files = append(h.Files, file(f))
		}
		for _, f := range listed[one.ID] {
			h.Elsewhere = append(h.Elsewhere, Listed{Name: f.Name, Type: f.Type, Size: f.Size})
		}
		out[one.ID] = h
	}
	return out, err
}

func (s *Server) revisionLines(q *request) func([]store.Revision) ([]RevisionLine, error) {
	return func(all []store.Revision) ([]RevisionLine, error) {
		ids := make([]string, len(all))
		for i, r := range all {
			ids[i] = r.Author
		}
		people, err := q.read.Names(q.ctx, ids)
		out := make([]RevisionLine, len(all))
		for i, r := range all {
			out[i] = RevisionLine{Version: r.Version, Author: names(people, []string{r.Author})[0], Saved: r.Saved.UTC()}
		}
		return out, err
	}
}

// revision is one version beside the one before it.
func (s *Server) revision(q *request, id string, version int64) (RevisionPage, error) {
	v, err := s.item(q, id)
	if err != nil {
		return RevisionPage{}, err
	}
	page, err := q.read.RevisionPage(q.ctx, v, store.Mark{At: version + 1}, 2)
	if err != nil {
		return RevisionPage{}, err
	}
	if len(page.Rows) == 0 || page.Rows[0].Version != version {
		return RevisionPage{}, access.ErrHidden
	}
	this, before := page.Rows[0], store.Revision{}
	if len(page.Rows) > 1 {
		before = page.Rows[1]
	}
	people, err := q.read.Names(q.ctx, []string{this.Author})
	return RevisionPage{
		Revision: Revision{Version: this.Version, Author: names(people, []string{this.Author})[0], Saved: this.Saved.UTC(), Point: this.Point, Body: this.Body},
		Changes:  Changes{Point: changes(merge.Diff(before.Point, this.Point)), Body: changes(merge.Diff(before.Body, this.Body))},
	}, err
}

func changes(diff []merge.Change) []Change {
	out := make([]Change, len(diff))
	for i, c := range diff {
		out[i] = Change{Op: c.Op.String(), Text: c.Text}
	}
	return out
}
