package api

import (
	"encoding/base64"
	"encoding/json"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/store"
)

// Paging is how a listing is asked for.
type Paging struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many at most; there may be fewer"`
	Cursor string `query:"cursor" maxLength:"2000" doc:"The next of the page before"`
}

// List is one page of a listing.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"The cursor of the page that follows; absent at the end"`
}

// mark is a cursor as it is written.
type mark struct {
	At   int64  `json:"a,omitempty"`
	Text string `json:"t,omitempty"`
	ID   string `json:"i,omitempty"`
}

// after reads the cursor of a listing. It is signed for its listing and its
// reader, so that one made up, or of another listing, is refused.
func (s *Server) after(q *request, list string, p Paging) (store.Mark, error) {
	if p.Cursor == "" {
		return store.Mark{}, nil
	}
	bad := &Fault{Parameter: "cursor", Code: "wrong", Detail: q.words.Of("api.field", "cursor")}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(p.Cursor)
	if err != nil || len(raw) < auth.SignatureSize {
		return store.Mark{}, bad
	}
	text, signature := raw[auth.SignatureSize:], raw[:auth.SignatureSize]
	ok, err := s.cfg.Auth.Signed(q.ctx, signature, "cursor", q.org.ID, q.who.Person.ID, list, string(text))
	if err != nil {
		return store.Mark{}, err
	}
	var m mark
	if !ok || json.Unmarshal(text, &m) != nil {
		return store.Mark{}, bad
	}
	return store.Mark(m), nil
}

// next writes the cursor of the page that follows.
func (s *Server) next(q *request, list string, at store.Mark) (string, error) {
	if at == (store.Mark{}) {
		return "", nil
	}
	text, err := json.Marshal(mark(at))
	if err != nil {
		return "", err
	}
	signature, err := s.cfg.Auth.Sign(q.ctx, "cursor", q.org.ID, q.who.Person.ID, list, string(text))
	return base64.RawURLEncoding.EncodeToString(append(signature, text...)), err
}

// paged reads one page of a listing and says each row in JSON.
func paged[T, J any](s *Server, q *request, list string, p Paging, read func(after store.Mark, limit int) (store.Page[T], error), say func([]T) ([]J, error)) (List[J], error) {
	after, err := s.after(q, list, p)
	if err != nil {
		return List[J]{}, err
	}
	page, err := read(after, p.Limit)
	if err != nil {
		return List[J]{}, err
	}
	out := List[J]{Items: []J{}}
	rows, err := say(page.Rows)
	if err != nil {
		return out, err
	}
	out.Items = append(out.Items, rows...)
	out.Next, err = s.next(q, list, page.Next)
	return out, err
}

// each says every row by itself.
func each[T, J any](say func(T) J) func([]T) ([]J, error) {
	return func(rows []T) ([]J, error) {
		out := make([]J, len(rows))
		for i, r := range rows {
			out[i] = say(r)
		}
		return out, nil
	}
}
