package web

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

const (
	// maxUpload bounds the body of a form that brings files.
	maxUpload = door.MaxFiles*door.MaxFile + maxForm
	// maxDrain is how much of a refused file is read so that what follows it in
	// the form, and our answer, still get through.
	maxDrain = 2 * door.MaxFile
	// fileCSP is for what somebody uploaded: nothing in it runs, whatever it is
	// (security 1.6).
	fileCSP = "sandbox; default-src 'none'; frame-ancestors 'none'"
)

// maxBody bounds the body of a request: multipart forms of routes that take
// files are streamed, everything else is read whole.
func maxBody(pattern string, r *http.Request) int64 {
	takes := []string{
		"POST " + page.PathWrite, "POST " + page.PathPreview, "POST " + page.PathDrafts + "/{id}", "POST " + page.PathDrafts + "/{draft}/files",
		"POST /items/{id}/comments", "POST /items/{id}/revisions", "POST /asks/{id}/answer", "POST /crises/{id}/notes",
	}
	if multiparted(r) && slices.Contains(takes, pattern) {
		return maxUpload
	}
	return maxForm
}

func multiparted(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "multipart/form-data"
}

// getFile hands a file to who may see what it hangs on, at this moment.
func (s *Server) getFile(q *request) error {
	a, err := q.read.Attachment(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := s.cfg.Files.Get(q.org.ID, a.ID)
	if errors.Is(err, fs.ErrNotExist) {
		s.cfg.Log.ErrorContext(q.r.Context(), "the bytes of an attachment are missing", "id", a.ID)
		return access.ErrHidden
	}
	if err != nil {
		return err
	}
	defer f.Close()
	h := q.w.Header()
	h.Set("Content-Security-Policy", fileCSP)
	h.Set("Content-Type", contentType(a.Type))
	h.Set("Content-Disposition", disposition(a))
	h.Set("ETag", `"`+a.Sum+`"`)
	http.ServeContent(q.w, q.r, "", a.At, f)
	return nil
}

func contentType(media string) string {
	if media == "text/plain" {
		return media + "; charset=utf-8"
	}
	return media
}

// disposition lets a browser show pictures, sound and film of the short list,
// and save everything else.
func disposition(a store.Attachment) string {
	how := "attachment"
	if files.Shown(a.Type) {
		how = "inline"
	}
	if v := mime.FormatMediaType(how, map[string]string{"filename": a.Name}); v != "" {
		return v
	}
	return how
}

// receive reads a form that may bring files, and streams each of them to the
// draft that the form names before them. refused are the files that were not
// taken; what was typed is in form all the same, since files come last in it.
func (s *Server) receive(q *request) (form url.Values, refused page.Problems, err error) {
	form = make(url.Values)
	if refused, err = s.received(q, form); err != nil {
		return form, refused, err
	}
	for _, id := range form["drop"] {
		if err := s.cfg.Door.Detach(q.r.Context(), q.actor(), id); err != nil && !errors.Is(err, access.ErrHidden) {
			return form, refused, err
		}
	}
	return form, refused, nil
}

func (s *Server) received(q *request, form url.Values) (refused page.Problems, err error) {
	if !multiparted(q.r) { // a plain form brings none
		plain, err := readForm(q)
		maps.Copy(form, plain)
		return nil, err
	}
	parts, err := q.r.MultipartReader()
	if err != nil {
		return nil, unread(err)
	}
	room := int64(maxForm)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return refused, nil
		}
		if err != nil {
			return refused, unread(err)
		}
		name := part.FormName()
		if part.FileName() == "" {
			text, err := io.ReadAll(io.LimitReader(part, room+1))
			if err != nil {
				return refused, unread(err)
			}
			if room -= int64(len(name) + len(text) + perField); room < 0 {
				return refused, &http.MaxBytesError{Limit: maxForm}
			}
			if name != "files" { // a file field without a file
				form.Add(name, string(text))
			}
			continue
		}
		draft := cmp.Or(q.r.PathValue("draft"), form.Get("draft"))
		problem, err := s.attach(q, draft, part)
		if err != nil {
			return refused, err
		}
		if problem == nil {
			continue
		}
		refused = append(refused, problem...)
		if n, err := io.CopyN(io.Discard, part, maxDrain); err == nil && n == maxDrain {
			return refused, nil // far too much: what was typed came before it
		} else if err != nil && !errors.Is(err, io.EOF) {
			return refused, unread(err)
		}
	}
}

// perField is what a field costs beside its name and its text, so that a form
// of many empty ones has an end too.
const perField = 100

// attach gives one file to the door. A problem is a refusal that a person can mend.
func (s *Server) attach(q *request, draft string, part *multipart.Part) (page.Problems, error) {
	in := &source{Reader: part}
	_, err := s.cfg.Door.Attach(q.r.Context(), q.actor(), draft, part.FileName(), in)
	if err != nil && in.err != nil {
		return nil, unread(in.err)
	}
	if ps, ok := problems(err); ok {
		return ps, nil
	}
	return nil, err
}

// source remembers that it was the sender who failed, and not our disk.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// unread is what a body is that broke off, or that is no form.
func unread(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return errors.Join(errForm, err)
}

// refusedStatus is the answer to a form whose files were not all taken.
func refusedStatus(ps page.Problems) int {
	if slices.ContainsFunc(ps, func(p page.Problem) bool { return p.Code == "file-too-large" }) {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusUnprocessableEntity
}

// postFiles attaches files to a draft for a script, and answers with what
// hangs on it now.
func (s *Server) postFiles(q *request) error {
	form := make(url.Values)
	refused, err := s.received(q, form)
	if err != nil {
		return err
	}
	return s.showDesk(q, q.r.PathValue("draft"), refused)
}

// postFileRemoval takes a file off what is being written.
func (s *Server) postFileRemoval(q *request) error {
	a, err := q.read.Attachment(q.r.Context(), q.r.PathValue("id"))
	if err != nil {
		return err
	}
	if err := s.cfg.Door.Detach(q.r.Context(), q.actor(), a.ID); err != nil {
		return err
	}
	return s.showDesk(q, a.Draft, nil)
}

func (s *Server) showDesk(q *request, draft string, refused page.Problems) error {
	if !byScript(q.r) {
		return q.seeOther(page.PathDrafts)
	}
	d, err := s.desk(q, draft)
	if err != nil {
		return err
	}
	d.Refused = refused
	return q.show(http.StatusOK, d.FilesPart(s.frame(q, page.NoRoom)))
}

// desk is what hangs on a draft.
func (s *Server) desk(q *request, draft string) (page.Desk, error) {
	unsent, err := q.read.Unsent(q.r.Context())
	return page.Desk{ID: draft, Files: fileList(unsent[draft]), Max: door.MaxFile, Most: door.MaxFiles}, err
}

// desks are those of all forms of a page.
func (s *Server) desks(q *request) (page.Desk, map[string][]page.File, error) {
	unsent, err := q.read.Unsent(q.r.Context())
	out := make(map[string][]page.File, len(unsent))
	for draft, as := range unsent {
		out[draft] = fileList(as)
	}
	return page.Desk{Max: door.MaxFile, Most: door.MaxFiles}, out, err
}

// fileList are files as a list shows them.
func fileList(as []store.Attachment) []page.File {
	out := make([]page.File, len(as))
	for i, a := range as {
		out[i] = page.File{ID: a.ID, Name: a.Name, Size: a.Size, Kind: kindOf(a.Type)}
	}
	return out
}

// pictured is fileList for something sent: a picture that does not stand in its
// text is shown below it.
func pictured(as []store.Attachment, body string) []page.File {
	out := fileList(as)
	for i := range out {
		out[i].Picture = files.Picture(as[i].Type) && !strings.Contains(body, page.FilePath(as[i].ID))
	}
	return out
}

// kindOf is what a media type is called.
func kindOf(media string) string {
	family, _, _ := strings.Cut(media, "/")
	switch {
	case family == "image":
		return "picture"
	case family == "audio":
		return "sound"
	case family == "video":
		return "film"
	case family == "text":
		return "text"
	case media == "application/pdf":
		return "pdf"
	case media == "application/zip", media == "application/gzip":
		return "archive"
	case strings.HasPrefix(media, "application/vnd."):
		return "office"
	}
	return "plain"
}
