package files

import (
	"bytes"
	"net/http"
	"strings"
)

// Unknown is the type of everything that is not on the list: it is kept, and
// only ever handed out to be saved.
const Unknown = "application/octet-stream"

// sniffed is how much of a file its type is told from.
const sniffed = 4096

// The types of the short list beside those of pictures, sound and film.
const (
	pdf     = "application/pdf"
	text    = "text/plain"
	archive = "application/zip"
	gzipped = "application/gzip"
	office  = "application/vnd.openxmlformats-officedocument"
	odf     = "application/vnd.oasis.opendocument"
)

// TypeOf tells a file's type from its first bytes, and from nothing that its
// sender says. Whatever a browser could run (HTML, SVG, scripts) is text.
func TypeOf(head []byte) string {
	switch found, _, _ := strings.Cut(http.DetectContentType(head), ";"); found {
	case "image/jpeg", "image/png", "image/gif", "image/webp", pdf:
		return found
	case "audio/mpeg":
		return found
	case "audio/wave":
		return "audio/wav"
	case "application/ogg":
		if page := head[:min(len(head), 64)]; bytes.Contains(page, []byte("OpusHead")) || bytes.Contains(page, []byte("\x01vorbis")) {
			return "audio/ogg"
		}
		return Unknown
	case "video/webm":
		if bytes.Contains(head[:min(len(head), 64)], []byte("webm")) { // and not another Matroska
			return found
		}
		return Unknown
	case archive:
		return zipped(head)
	case "application/x-gzip":
		return gzipped
	case text, "text/html", "text/xml":
		return text
	}
	return boxed(head)
}

// zipped tells office documents from other archives by their first entry.
func zipped(head []byte) string {
	if len(head) < 30 {
		return archive
	}
	entry := head[30:min(len(head), 30+128)]
	switch {
	case bytes.HasPrefix(entry, []byte("[Content_Types].xml")), bytes.HasPrefix(entry, []byte("_rels/.rels")):
		return office
	case bytes.HasPrefix(entry, []byte("mimetype"+odf)):
		return odf
	}
	return archive
}

// boxed reads the brand of an MPEG-4 file.
func boxed(head []byte) string {
	if len(head) < 12 || string(head[4:8]) != "ftyp" {
		return Unknown
	}
	switch string(head[8:12]) {
	case "M4A ", "M4B ":
		return "audio/mp4"
	case "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "dash", "M4V ", "MSNV":
		return "video/mp4"
	}
	return Unknown // pictures of that family, which we cannot clean, among them
}

// Picture reports whether a type is a picture of the list.
func Picture(media string) bool { return strings.HasPrefix(media, "image/") }

// Shown reports whether a browser may show a type in place. All others are
// handed out to be saved.
func Shown(media string) bool {
	return Picture(media) || strings.HasPrefix(media, "audio/") || strings.HasPrefix(media, "video/")
}
