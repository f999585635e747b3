package api

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// Draft is what you are writing, seen by you alone.
type Draft struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields" doc:"As the form of the page keeps them: kind, point, context, to, where and so on"`
	Save   int64             `json:"save" doc:"Counts the saves"`
	Saved  time.Time         `json:"saved"`
}

// Fields are the fields of a draft.
type Fields struct {
	Fields map[string]string `json:"fields" doc:"As the form of the page keeps them: kind, point, context, to, where and so on"`
	Save   int64             `json:"save,omitempty" minimum:"0" doc:"The save that this one follows; 0 for a new draft"`
}

// OfDraft is an address of one draft.
type OfDraft struct {
	ID string `path:"id" maxLength:"64" doc:"Made by whoever writes it: 26 small letters and digits"`
}

func draft(d store.Draft) (Draft, error) {
	out := Draft{ID: d.ID, Save: d.Save, Saved: d.Saved.UTC()}
	if err := json.Unmarshal([]byte(d.Fields), &out.Fields); err != nil {
		return out, fmt.Errorf("read the draft: %w", err)
	}
	return out, nil
}

func (s *Server) draftOperations() {
	on(s, endpoint{id: "list-drafts", method: "GET", path: "/drafts", policy: member, summary: "List your drafts, the newest first"},
		func(q *request, in *Paging) (List[Draft], error) {
			return paged(s, q, "drafts", *in, func(after store.Mark, limit int) (store.Page[store.Draft], error) {
				return q.read.DraftPage(q.ctx, after, limit)
			}, func(all []store.Draft) ([]Draft, error) {
				out := make([]Draft, len(all))
				for i, d := range all {
					var err error
					if out[i], err = draft(d); err != nil {
						return nil, err
					}
				}
				return out, nil
			})
		})
	on(s, endpoint{id: "get-draft", method: "GET", path: "/drafts/{id}", policy: member, summary: "Read one of your drafts"},
		func(q *request, in *OfDraft) (Draft, error) {
			d, err := q.read.Draft(q.ctx, in.ID)
			if err != nil {
				return Draft{}, err
			}
			return draft(d)
		})
	on(s, endpoint{
		id: "save-draft", method: "PUT", path: "/drafts/{id}", policy: member, summary: "Save a draft, under an id of your making",
		detail: "When it was saved elsewhere meanwhile, this one goes on as a draft of its own, whose id is in the answer: neither text is lost.",
	},
		func(q *request, in *struct {
			OfDraft
			Body Fields
		},
		) (Draft, error) {
			fields, err := json.Marshal(in.Body.Fields)
			if err != nil {
				return Draft{}, fmt.Errorf("keep the draft: %w", err)
			}
			kept, err := s.cfg.Door.SaveDraft(q.ctx, q.actor(), in.ID, in.Body.Save, string(fields))
			if err != nil {
				return Draft{}, err
			}
			return draft(kept)
		})
	act(s, endpoint{id: "drop-draft", method: "DELETE", path: "/drafts/{id}", policy: member, summary: "Throw a draft away"},
		func(q *request, in *OfDraft) error { return s.cfg.Door.DropDraft(q.ctx, q.actor(), in.ID) })
}
