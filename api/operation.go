package api

import (
	"context"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
)

// policy says who may come to an operation at all. What they may see or do
// there is asked of core/access for each object.
type policy string

const (
	member policy = "member" // somebody who has joined
	admin  policy = "admin"  // who administers the organisation
)

// endpoint is one operation as it is declared.
type endpoint struct {
	id      string
	method  string
	path    string // under base
	policy  policy
	summary string
	detail  string
	// status is that of success; 0 means 200, and 204 where nothing is told.
	status int
	// alarm lets it through at any rate: a crisis is never refused or delayed.
	alarm bool
	// bytes says that the body is a file, and is streamed.
	bytes bool
}

// maxBody bounds a request's body. The longest text the door takes fits, and
// once more for what JSON escapes.
const maxBody = 2 << 20

// answer is what huma writes from.
type answer[B any] struct{ Body B }

// on declares an operation that answers with a body. I holds its parameters
// and its request body.
func on[I, B any](s *Server, e endpoint, handle func(*request, *I) (B, error)) {
	huma.Register(s.huma, s.operation(&e), func(ctx context.Context, in *I) (*answer[B], error) {
		q := ctx.Value(requestKey{}).(*request)
		body, err := handle(q, in)
		if err != nil {
			return nil, s.problem(q, err)
		}
		return &answer[B]{body}, nil
	})
}

// act declares an operation that has nothing to tell but that it was done.
func act[I any](s *Server, e endpoint, handle func(*request, *I) error) {
	e.status = http.StatusNoContent
	huma.Register(s.huma, s.operation(&e), func(ctx context.Context, in *I) (*struct{}, error) {
		q := ctx.Value(requestKey{}).(*request)
		if err := handle(q, in); err != nil {
			return nil, s.problem(q, err)
		}
		return nil, nil
	})
}

// operation is an endpoint as huma knows it.
func (s *Server) operation(e *endpoint) huma.Operation {
	if e.status == 0 {
		e.status = http.StatusOK
	}
	s.endpoints = append(s.endpoints, *e)
	errs := []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMisdirectedRequest,
		http.StatusUnprocessableEntity, http.StatusTooManyRequests,
	}
	if e.method != http.MethodGet {
		errs = append(errs, http.StatusConflict, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusServiceUnavailable, http.StatusInsufficientStorage)
	}
	slices.Sort(errs)
	op := huma.Operation{
		OperationID: e.id, Method: e.method, Path: base + e.path, Summary: e.summary, Description: e.detail, Tags: []string{tag(e.path)},
		DefaultStatus: e.status, Errors: errs, MaxBodyBytes: maxBody, RejectUnknownQueryParameters: true,
		Security: []map[string][]string{{"token": {}}},
	}
	admitted := *e
	if e.bytes {
		takesBytes(&op)
		s.streamed[e.method+" "+op.Path] = true
	}
	op.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) { s.admit(ctx, next, admitted) }}
	return op
}

// tag groups operations by the first noun of their path.
func tag(p string) string {
	for i, c := range p[1:] {
		if c == '/' {
			return p[1 : i+1]
		}
	}
	return p[1:]
}

// admit lets a request in: who is there, at what rate, by which policy, and
// with a body of its kind.
func (s *Server) admit(ctx huma.Context, next func(huma.Context), e endpoint) {
	r, w := humago.Unwrap(ctx)
	q, err := s.begin(r)
	if err == nil && !e.alarm {
		err = s.cfg.Auth.Pace(q.who)
	}
	if err == nil && e.policy == admin {
		err = access.Can(q.actor(), access.Govern, access.Object{Kind: access.Organisation, Org: q.org.ID})
	}
	if err == nil {
		err = readable(r, ctx.Operation(), e)
	}
	if err != nil {
		s.write(w, r, s.problem(q, err))
		return
	}
	next(huma.WithValue(ctx, requestKey{}, q))
}

// readable refuses a body that does not say it is JSON (security 1.4), and a
// form where the file itself is wanted, or one that says it is too large.
func readable(r *http.Request, op *huma.Operation, e endpoint) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	key := r.Header.Get("Idempotency-Key")
	switch {
	case front.Text(key) != key:
		return front.ErrUnreadable
	case op.RequestBody == nil:
		return nil
	case e.bytes && kind == "multipart/form-data":
		return errNotBytes
	case e.bytes && r.ContentLength > door.MaxFile:
		return &http.MaxBytesError{Limit: door.MaxFile}
	case !e.bytes && (err != nil || kind != "application/json"):
		return errNotJSON
	}
	return nil
}

// described is the description's head, and how bodies are read and written.
func (s *Server) described() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(typeOf[huma.ErrorModel](), typeOf[Problem]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Rubato", Version: "1",
				Description: "Everything that the pages do, as JSON. Writing works like on the pages: the receipt says when each person gets it, and nothing arrives sooner.",
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"token": {Type: "http", Scheme: "bearer", BearerFormat: "rbt_", Description: "An API token, made on the settings page."},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": {Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshal}, "json": {Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshal}},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{s.mended},
	}
}

// description is the OpenAPI document in both its forms.
type description struct{ json, yaml []byte }

// tidy makes the description say what is true of all operations: no list is
// ever null, and one kind of problem answers whatever goes wrong.
func (s *Server) tidy() {
	doc := s.huma.OpenAPI()
	for _, schema := range doc.Components.Schemas.Map() {
		for _, p := range schema.Properties {
			p.Nullable = p.Nullable && p.Type != huma.TypeArray
		}
	}
	for _, op := range operationsOf(doc) {
		for status, r := range op.Responses {
			if r.Content[problemType] != nil {
				doc.Components.Responses = map[string]*huma.Response{"Problem": {Description: "What is wrong, and what to do", Content: r.Content}}
				op.Responses[status] = &huma.Response{Ref: "#/components/responses/Problem"}
			}
		}
	}
}

// written writes the description down.
func (s *Server) written() (description, error) {
	doc := s.huma.OpenAPI()
	var d description
	var err error
	if d.json, err = doc.MarshalJSON(); err != nil {
		return d, err
	}
	d.yaml, err = doc.YAML()
	return d, err
}

// operationsOf lists the operations of a description, by path.
func operationsOf(doc *huma.OpenAPI) []*huma.Operation {
	var all []*huma.Operation
	for _, p := range slices.Sorted(maps.Keys(doc.Paths)) {
		i := doc.Paths[p]
		for _, op := range []*huma.Operation{i.Get, i.Put, i.Post, i.Delete} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}

// Description is the OpenAPI 3.1 document as YAML.
func (s *Server) Description() ([]byte, error) {
	d, err := s.describe()
	return d.yaml, err
}

// getDescription serves the OpenAPI document to anybody.
func (s *Server) getDescription(yaml bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		d, err := s.describe()
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		kind, text := "application/openapi+json", d.json
		if yaml {
			kind, text = "application/openapi+yaml", d.yaml
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		_, _ = w.Write(text) // the reader may have gone away
	}
}
