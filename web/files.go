package web

import (
	"cmp"
	"errors"
	"io"
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
	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/store"
	"github.com/rubato-hq/rubato/web/page"
)

// maxUpload bounds the body of a form that brings files.
const maxUpload = door.MaxFiles*door.MaxFile + maxForm

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
	if multiparted(r) && pattern == "POST "+page.PathAudit {
		return maxCalendar
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
	return front.SendFile(q.w, q.r, s.cfg.Files, q.org.ID, a, s.cfg.Log)
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
		return nil, front.Unread(err)
	}
	q.r.PostForm = form // what was read of it is shown again, whatever happens
	room := int64(maxForm)
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return refused, nil
		}
		if err != nil {
			return refused, front.Unread(err)
		}
		name := part.FormName()
		if part.FileName() == "" {
			text, err := io.ReadAll(io.LimitReader(part, room+1))
			if err != nil {
				return refused, front.Unread(err)
			}
			if room -= int64(len(name) + len(text) + perField); room < 0 {
				return refused, &http.MaxBytesError{Limit: maxForm}
			}
			if name != "files" { // a file field without a file
				form.Add(front.Text(name), front.Text(string(text)))
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
		if n, err := io.CopyN(io.Discard, part, front.MaxDrain); err == nil && n == front.MaxDrain {
			return refused, nil // far too much: what was typed came before it
		} else if err != nil && !errors.Is(err, io.EOF) {
			return refused, front.Unread(err)
		}
	}
}

// perField is what a field costs beside its name and its text, so that a form
// of many empty ones has an end too.
const perField = 100

// attach gives one file to the door. A problem is a refusal that a person can mend.
func (s *Server) attach(q *request, draft string, part *multipart.Part) (page.Problems, error) {
	in := &front.Source{Reader: part}
	_, err := s.cfg.Door.Attach(q.r.Context(), q.actor(), door.FileDraft{Draft: draft, Name: part.FileName()}, in)
	err = in.Fault(err)
	if ps, ok := problems(err); ok {
		return ps, nil
	}
	return nil, err
}

// refusedStatus is the answer to a form whose files were not all taken.
func refusedStatus(ps page.Problems) int {
	for _, p := range ps {
		if status := front.FileStatus(p.Code); status != http.StatusUnprocessableEntity {
			return status
		}
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
