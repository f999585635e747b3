package web

import (
	"net/http"
	"strings"

	"github.com/rubato-hq/rubato/front"
	"github.com/rubato-hq/rubato/web/page"
)

// keptOf are the words of a form that could not be taken, so that its page can
// give them back. A form that cannot be read has none.
func keptOf(r *http.Request) []page.Kept {
	if r.Method != http.MethodPost {
		return nil
	}
	if r.PostForm == nil { // not read yet
		if r.ContentLength < 0 || r.ContentLength > maxForm {
			return nil
		}
		_ = r.ParseMultipartForm(maxForm) //nolint:gosec // what could be read of it counts; http.MaxBytesReader bounds the body
		front.Texts(r.PostForm)
	}
	var out []page.Kept
	for _, name := range []string{"point", "context", "text", "reason", "what", "stake", "because", "outcome"} {
		if text := r.PostForm.Get(name); strings.TrimSpace(text) != "" {
			out = append(out, page.Kept{Label: name, Text: text})
		}
	}
	return out
}

// goOn is where somebody goes on who was signed out while they wrote.
func goOn(r *http.Request) string {
	if draft := r.PostForm.Get("draft"); draft != "" {
		return page.DraftPath(draft)
	}
	return page.PathBrief
}
