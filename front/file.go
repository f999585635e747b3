package front

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/door"
	"github.com/rubato-hq/rubato/files"
	"github.com/rubato-hq/rubato/store"
)

// MaxDrain is how many bytes of a refused file are read, so that our answer
// still gets through to who is sending.
const MaxDrain = 2 * door.MaxFile

// fileCSP is for what somebody uploaded: nothing in it runs, whatever it is
// (security 1.6).
const fileCSP = "sandbox; default-src 'none'; frame-ancestors 'none'"

// SendFile hands out the bytes of an attachment that its reader may have, with
// Range, as what they are by content. access.ErrHidden when they are gone.
func SendFile(w http.ResponseWriter, r *http.Request, folder *files.Folder, org string, a store.Attachment, log *slog.Logger) error {
	f, err := folder.Get(org, a.ID)
	if errors.Is(err, fs.ErrNotExist) {
		log.ErrorContext(r.Context(), "the bytes of an attachment are missing", "id", a.ID)
		return access.ErrHidden
	}
	if err != nil {
		return err
	}
	defer f.Close()
	h := w.Header()
	h.Set("Content-Security-Policy", fileCSP)
	h.Set("Content-Type", contentType(a.Type))
	h.Set("Content-Disposition", disposition(a))
	h.Set("ETag", `"`+a.Sum+`"`)
	http.ServeContent(w, r, "", a.At, f)
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

// FileStatus is the answer to a file that was refused with a code of the door.
func FileStatus(code string) int {
	switch code {
	case "file-too-large":
		return http.StatusRequestEntityTooLarge
	case "no-room":
		return http.StatusInsufficientStorage
	}
	return http.StatusUnprocessableEntity
}

// Source is the body of a file that is being sent. It remembers whether it was
// the sender who failed, and not our disk.
type Source struct {
	io.Reader
	err error
}

// Read reads on.
func (s *Source) Read(b []byte) (int, error) {
	n, err := s.Reader.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// Fault is what taking the file came to: err, or what Unread says when the
// sender broke off.
func (s *Source) Fault(err error) error {
	if err != nil && s.err != nil {
		return Unread(s.err)
	}
	return err
}

// Unread is what a body is that broke off, or that is not what it says.
func Unread(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return err
	}
	return errors.Join(ErrUnreadable, err)
}
