package api

import (
	"errors"
	"strconv"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/item"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/store"
)

// Names in an address or a body are an id or what people write: a handle, a
// slug, a reference such as A-12. An id is looked for first, so that nobody can
// stand in for a thing by taking its id as a name.

// person finds somebody the reader may see.
func (s *Server) person(q *request, id string) (store.Person, error) {
	if id == "me" {
		return q.read.Me(q.ctx)
	}
	p, err := q.read.Person(q.ctx, id)
	if errors.Is(err, access.ErrHidden) {
		return q.read.PersonByHandle(q.ctx, id)
	}
	return p, err
}

// people are the ids of the people of a field.
func (s *Server) people(q *request, field string, given []string) ([]string, error) {
	out := make([]string, 0, len(given))
	for i, g := range given {
		p, err := s.person(q, g)
		if errors.Is(err, access.ErrHidden) {
			return nil, &Fault{Pointer: "#/" + field + "/" + strconv.Itoa(i), Code: "unknown-person", Detail: q.words.Of("problem", "unknown-person", "name", g)}
		}
		if err != nil {
			return nil, err
		}
		out = append(out, p.ID)
	}
	return out, nil
}

// one is the id of the one person of a field; "" stays "".
func (s *Server) one(q *request, field, given string) (string, error) {
	if given == "" {
		return "", nil
	}
	p, err := s.person(q, given)
	if errors.Is(err, access.ErrHidden) {
		return "", &door.Problem{Field: field, Code: "unknown-person", Name: given}
	}
	return p.ID, err
}

// team finds a team the reader may see.
func (s *Server) team(q *request, id string) (store.Team, error) {
	t, err := q.read.Team(q.ctx, id)
	if errors.Is(err, access.ErrHidden) {
		return q.read.TeamBySlug(q.ctx, id)
	}
	return t, err
}

// teamOf is the id of the team of a field; "" stays "".
func (s *Server) teamOf(q *request, given string) (string, error) {
	if given == "" {
		return "", nil
	}
	t, err := s.team(q, given)
	if errors.Is(err, access.ErrHidden) {
		return "", &door.Problem{Field: "team", Code: "unknown-team"}
	}
	return t.ID, err
}

// item finds an item the reader may see.
func (s *Server) item(q *request, id string) (store.View, error) {
	if kind, number, ok := item.ParseRef(id); ok {
		return q.read.ItemByRef(q.ctx, kind, number)
	}
	return q.read.Item(q.ctx, id)
}

// itemID is the id of an item of an address; what it opens is for the door to say.
func (s *Server) itemID(q *request, id string) (string, error) {
	if _, _, ok := item.ParseRef(id); !ok {
		return id, nil
	}
	v, err := s.item(q, id)
	return v.Item.ID, err
}
