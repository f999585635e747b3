package api

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
)

// File is an attachment. Its bytes are at /files/ID.
type File struct {
	ID   string `json:"id"`
	On   string `json:"on,omitempty" doc:"Id of the item, the comment or the answer that carries it; absent while it is not sent"`
	Name string `json:"name"`
	Type string `json:"type" doc:"Media type, by content"`
	Size int64  `json:"size" doc:"In bytes, as it is kept: a picture without what it says of place and maker"`
	Sum  string `json:"sha256" doc:"SHA-256 of the bytes as they are kept, hexadecimal"`
}

func file(a store.Attachment) File {
	return File{ID: a.ID, On: a.Item, Name: a.Name, Type: a.Type, Size: a.Size, Sum: a.Sum}
}

// Attached is a file that hangs on what you are writing.
type Attached struct {
	File
	Again bool `json:"again,omitempty" doc:"The same request came before; this is what came of it, and nothing was done twice"`
}

// OnDraft is where files hang that are not sent.
type OnDraft struct {
	ID string `path:"id" maxLength:"64" doc:"Id of a draft, saved or not: 26 small letters and digits of your making. Send it as draft with what the files belong to"`
}

// NewFile is a file on its way.
type NewFile struct {
	Keyed
	OnDraft
	Name string `query:"name" required:"true" minLength:"1" maxLength:"1000" doc:"What it is called, as plan.pdf"`
}

const (
	// maxUpload bounds the body of a file; what is beyond the file's own bound is
	// read for our answer's sake alone.
	maxUpload = door.MaxFile + front.MaxDrain
	bytesType = "application/octet-stream"
)

func (s *Server) fileOperations() {
	on(s, endpoint{id: "list-files", method: "GET", path: "/drafts/{id}/files", policy: member, summary: "List the files that hang on a draft of yours, the oldest first"},
		func(q *request, in *OnDraft) (List[File], error) {
			unsent, err := q.read.Unsent(q.ctx)
			out := List[File]{Items: []File{}}
			for _, a := range unsent[in.ID] {
				out.Items = append(out.Items, file(a))
			}
			return out, err
		})
	on(s, endpoint{
		id: "attach", method: "POST", path: "/drafts/{id}/files", policy: member, status: http.StatusCreated, bytes: true, summary: "Hang a file on what you are writing",
		detail: "The body is the file itself, up to " + strconv.Itoa(door.MaxFile/1_000_000) + " MB. What it is, is told from its content. It is seen by you alone until what carries it is sent; what is not sent, and hangs on no saved draft, goes after a week.",
	}, func(q *request, in *NewFile) (Attached, error) {
		body := &front.Source{Reader: q.body}
		a, err := s.cfg.Door.Attach(q.ctx, q.actor(), door.FileDraft{Key: q.key, Draft: in.ID, Name: in.Name}, body)
		if err != nil {
			_, _ = io.CopyN(io.Discard, q.body, front.MaxDrain) // whoever still sends, hears us
		}
		return Attached{file(a.Attachment), a.Again}, body.Fault(err)
	})
	act(s, endpoint{id: "detach", method: "DELETE", path: "/files/{id}", policy: member, summary: "Take a file off what you are writing"},
		func(q *request, in *OfMine) error { return s.cfg.Door.Detach(q.ctx, q.actor(), in.ID) })
	s.download(endpoint{
		id: "get-file", method: "GET", path: "/files/{id}", policy: member, summary: "Read the bytes of a file",
		detail: "It is had through what carries it, by who sees that at this moment. Range and If-None-Match work; ETag is its sha256.",
	})
}

// takesBytes says in an operation's description that its body is a file.
func takesBytes(op *huma.Operation) {
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{bytesType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}
}

// download declares the operation that answers with the bytes of a file.
func (s *Server) download(e endpoint) {
	op := s.operation(&e)
	bytes := map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	op.Responses = map[string]*huma.Response{
		"200": {Description: "The file", Content: bytes}, "206": {Description: "The part of it that Range asks for", Content: bytes},
		"304": {Description: "It is the one of If-None-Match"}, "412": {Description: "It is not the one of If-Match"},
		"416": {Description: "Range asks for what is behind its end", Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}}},
	}
	huma.Register(s.huma, op, func(ctx context.Context, in *OfMine) (*huma.StreamResponse, error) {
		q := ctx.Value(requestKey{}).(*request)
		a, err := q.read.Attachment(ctx, in.ID)
		if err != nil {
			return nil, s.problem(q, err)
		}
		return &huma.StreamResponse{Body: func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			if err := front.SendFile(w, r, s.cfg.Files, q.org.ID, a, s.cfg.Log); err != nil {
				s.write(w, r, s.problem(q, err))
			}
		}}, nil
	})
}
