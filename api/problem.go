package api

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/rubato-hq/rubato/auth"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// Problem is a refusal (RFC 9457). Code is for programs, Title, Detail and Kept
// are for people, in the language of the token's person.
type Problem struct {
	Type   string  `json:"type" doc:"about:blank: what it is stands in status and code"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Code   string  `json:"code"`
	Detail string  `json:"detail" doc:"What happened and what to do"`
	Kept   string  `json:"kept" doc:"What became of what was sent"`
	Errors []Fault `json:"errors,omitempty"`
	Clash  *Clash  `json:"clash,omitempty"`

	after  string // Retry-After
	method bool   // it names the scheme to come with
}

// Fault is one thing to mend in what was sent.
type Fault struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer into the body"`
	Parameter string `json:"parameter,omitempty" doc:"Name of a parameter of the address or a header"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
	Expected  string `json:"expected,omitempty" doc:"What the description of the API says it is"`
}

// Clash is two people's changes of the same place, in full: nothing was saved.
type Clash struct {
	Version int64   `json:"version" doc:"The newest version; send again with it as base"`
	By      string  `json:"by" doc:"Id of whoever saved it"`
	Point   []Piece `json:"point"`
	Body    []Piece `json:"body"`
}

// Piece is a stretch of two texts that were laid side by side.
type Piece struct {
	Kind   string `json:"kind"`
	Mine   string `json:"mine"`
	Theirs string `json:"theirs"`
}

func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of problems, for huma.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// GetHeaders are the headers that go with the problem, for huma.
func (p *Problem) GetHeaders() http.Header {
	h := make(http.Header)
	if p.after != "" {
		h.Set("Retry-After", p.after)
	}
	if p.method {
		h.Set("WWW-Authenticate", `Bearer realm="Rubato"`)
	}
	return h
}

// problem turns an error into what its reader can do about it, and for our own
// faults one log line.
func (s *Server) problem(q *request, err error) *Problem {
	p := &Problem{Type: "about:blank", Status: front.Status(err)}
	switch {
	case errors.Is(err, auth.ErrNobody):
		p.Status, p.Code, p.method = http.StatusUnauthorized, "no-token", true
	case errors.Is(err, errNotJSON):
		p.Status = http.StatusUnsupportedMediaType
	case errors.Is(err, errNotBytes):
		p.Status, p.Code = http.StatusUnsupportedMediaType, "not-a-file"
	case errors.Is(err, store.ErrKeyReused):
		p.Status, p.Code = http.StatusUnprocessableEntity, "key-reused"
	case errors.Is(err, store.ErrReadOnly):
		p.Code = "read-only"
	case errors.Is(err, store.ErrAway):
		p.Code = "away"
	}
	if wait := front.After(err); wait > 0 {
		p.after = front.Seconds(wait)
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		p.Status, p.Errors = http.StatusUnprocessableEntity, []Fault{*f}
	}
	if d, ok := errors.AsType[*door.Problem](err); ok {
		p.Status, p.Errors = http.StatusUnprocessableEntity, []Fault{{Code: d.Code, Detail: refusal(q, d)}}
		switch d.Field {
		case "": // it is not what was sent, but how things stand
			p.Status = http.StatusConflict
		case "files": // the body is the file
			p.Status, p.Errors[0].Pointer = front.FileStatus(d.Code), "#"
		default:
			p.Errors[0].Pointer = "#/" + d.Field
		}
	}
	if i, ok := errors.AsType[*door.Invalid](err); ok {
		p.Status = http.StatusUnprocessableEntity
		for _, f := range i.Findings {
			p.Errors = append(p.Errors, Fault{
				Pointer: "#/charter/" + strings.ReplaceAll(f.Where, ".", "/"), Code: string(f.Code), Detail: q.words.Of("problem", string(f.Code)),
			})
		}
	}
	if c, ok := errors.AsType[*door.Clash](err); ok {
		p.Status, p.Code = http.StatusConflict, "clash"
		p.Clash = &Clash{Version: c.Version, By: c.By, Point: pieces(c.Point), Body: pieces(c.Body)}
	}
	if front.Ours(p.Status, err) {
		s.cfg.Log.ErrorContext(q.ctx, "request failed", "error", err)
	}
	return p.worded(q)
}

// worded adds the sentences of a problem.
func (p *Problem) worded(q *request) *Problem {
	if p.Code == "" {
		p.Code = codeOf(p.Status)
	}
	p.Title, p.Detail, p.Kept = q.words.Of("api.title", p.Code), q.words.Of("api.detail", p.Code), q.words.Of("api.kept", keptOf(p.Code))
	if len(p.Errors) == 1 && p.Code != "unreadable" { // one refusal says it all
		p.Detail = p.Errors[0].Detail
	}
	return p
}

// keptOf names what became of what was sent.
func keptOf(code string) string {
	switch code {
	case "away": // the answer to a commit may have been lost
		return "perhaps"
	case "our-fault":
		return "whole"
	default:
		return "not"
	}
}

// codeOf is the code of a status that says all there is to say.
func codeOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "unreadable"
	case http.StatusForbidden:
		return "not-allowed"
	case http.StatusNotFound:
		return "not-found"
	case http.StatusMethodNotAllowed:
		return "wrong-method"
	case http.StatusConflict:
		return "conflict"
	case http.StatusRequestEntityTooLarge:
		return "too-large"
	case http.StatusUnsupportedMediaType:
		return "not-json"
	case http.StatusMisdirectedRequest:
		return "wrong-host"
	case http.StatusUnprocessableEntity:
		return "mend"
	case http.StatusInsufficientStorage:
		return "no-room"
	case http.StatusTooManyRequests:
		return "slow-down"
	}
	return "our-fault"
}

// refusal is the sentence of a refusal of the door.
func refusal(q *request, d *door.Problem) string {
	switch {
	case d.Name != "":
		return q.words.Of("problem", d.Code, "name", d.Name)
	case d.Code == "unknown-person":
		return q.words.T("problem.unknown-person-plain")
	}
	return q.words.Of("problem", d.Code)
}

// Error makes a Fault an error that handlers return.
func (f *Fault) Error() string { return f.Pointer + f.Parameter + ": " + f.Code }

// mended turns what huma found wrong with a request into a Problem.
func (s *Server) mended(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	q, ok := ctx.Context().Value(requestKey{}).(*request)
	if !ok {
		q = &request{ctx: ctx.Context(), words: s.cfg.Words.For("en")}
	}
	p := &Problem{Type: "about:blank", Status: m.Status}
	for _, d := range m.Errors {
		p.Errors = append(p.Errors, fault(q, d))
	}
	if m.Status == http.StatusInternalServerError {
		s.cfg.Log.ErrorContext(q.ctx, "reading a request failed", "error", m.Detail)
	}
	return p.worded(q), nil
}

// fault is one finding of huma.
func fault(q *request, d *huma.ErrorDetail) Fault {
	where, name, _ := strings.Cut(d.Location, ".")
	f := Fault{Code: "wrong", Expected: d.Message}
	switch {
	case where == "body" || strings.HasPrefix(where, "body["):
		f.Pointer = pointer(strings.TrimPrefix(d.Location, "body"))
	default:
		f.Parameter = name
	}
	switch {
	case strings.HasPrefix(d.Message, "unexpected property"), strings.HasPrefix(d.Message, "unknown query"):
		f.Code, f.Expected = "unknown", ""
	case strings.HasPrefix(d.Message, "expected required property"):
		f.Code = "missing"
		f.Pointer += "/" + strings.TrimSuffix(strings.TrimPrefix(d.Message, "expected required property "), " to be present")
		f.Expected = ""
	case strings.HasPrefix(d.Message, "required "):
		f.Code, f.Expected = "missing", ""
	}
	f.Detail = q.words.Of("api.field", f.Code)
	return f
}

// pointer is a place as huma writes it, .to[0].name, as a JSON pointer.
func pointer(at string) string {
	return "#" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(at)
}

// refuse answers a request that reached no operation.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	q := &request{ctx: r.Context(), words: s.cfg.Words.For("en")}
	s.write(w, r, s.problem(q, err))
}

// write sends a problem.
func (s *Server) write(w http.ResponseWriter, r *http.Request, p *Problem) {
	body, err := json.Marshal(p)
	if err != nil {
		s.cfg.Log.ErrorContext(r.Context(), "writing a problem failed", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	h := w.Header()
	maps.Copy(h, p.GetHeaders())
	h.Set("Content-Type", problemType)
	h.Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n')) // the reader may have gone away
}

func typeOf[T any]() reflect.Type { return reflect.TypeFor[T]() }
