// Package static holds the files that every page needs, embedded: styles,
// fonts, the mark and our own small script modules. They are served under a
// path with their checksum, so that a browser asks for each once.
//
// What does not live here: uploads (they are data, behind rights), and any page.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed *.css *.js *.svg fonts
var files embed.FS

// Prefix is the path under which [Handler] is mounted.
const Prefix = "/static/"

// file is one embedded file, ready to send.
type file struct {
	body   []byte
	packed []byte // gzip, nil where it saves nothing
	kind   string // Content-Type
}

// set is all files with one checksum over them all: they refer to one another
// by relative addresses, so a change of one is a change of all.
type set struct {
	sum   string
	files map[string]file
}

// loaded reads the embedded files on the first use. They cannot change, so
// there is nothing to keep but the result.
var loaded = sync.OnceValue(load)

// Path is the address of a file: "/static/<checksum>/tokens.css".
func Path(name string) string { return Prefix + loaded().sum + "/" + name }

// Names lists the files that are served.
func Names() []string {
	var names []string
	for name := range loaded().files {
		names = append(names, name)
	}
	return names
}

// Handler serves the files. Under the right checksum an answer may be kept for
// ever; under another one (a page opened before an update asks for its fonts)
// the file is sent as it is now and not kept.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all := loaded()
		sum, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, Prefix), "/")
		f, ok := all.files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		if sum == all.sum {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		body := f.body
		if f.packed != nil {
			h.Set("Vary", "Accept-Encoding")
			if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
				h.Set("Content-Encoding", "gzip")
				body = f.packed
			}
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		if r.Method == http.MethodHead {
			return
		}
		_, _ = w.Write(body) // a reader that went away needs no answer
	})
}

func load() set {
	all := set{files: map[string]file{}}
	sum := sha256.New()
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil { // the level is a constant
		panic(fmt.Sprintf("static: no compression: %v", err))
	}
	pack := func(name string, body []byte) []byte {
		if path.Ext(name) == ".woff2" { // compressed already
			return nil
		}
		packed.Reset()
		z.Reset(&packed) // a writer of its own for each file would cost a megabyte each
		_, err := z.Write(body)
		if err := errors.Join(err, z.Close()); err != nil || packed.Len() >= len(body) {
			return nil
		}
		return bytes.Clone(packed.Bytes())
	}
	err = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(body))
		sum.Write(body)
		all.files[name] = file{body: body, packed: pack(name, body), kind: kind(name)}
		return nil
	})
	if err != nil { // they are part of the binary
		panic(fmt.Sprintf("static: an embedded file cannot be read: %v", err))
	}
	all.sum = hex.EncodeToString(sum.Sum(nil))[:16]
	return all
}

func kind(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return "text/plain; charset=utf-8"
}

// Standalone is what a file that loads nothing needs to look like a page: the
// styles, with the font of pages inside and the one of long texts left out.
func Standalone() string {
	var b strings.Builder
	for _, name := range []string{"tokens.css", "components.css", "app.css"} {
		b.WriteString(embedded(name) + "\n")
	}
	return face.ReplaceAllStringFunc(b.String(), func(rule string) string {
		url := source.FindStringSubmatch(rule)
		if url == nil || !strings.Contains(url[1], "hanken") {
			return ""
		}
		return source.ReplaceAllLiteralString(rule, "url(data:font/woff2;base64,"+base64.StdEncoding.EncodeToString([]byte(embedded(url[1])))+")")
	})
}

// embedded is a file as it is, without the work that sending it takes.
func embedded(name string) string {
	body, err := files.ReadFile(name)
	if err != nil { // it is embedded
		panic("static: " + err.Error())
	}
	return string(body)
}

var (
	face   = regexp.MustCompile(`@font-face\s*\{[^}]*\}`)
	source = regexp.MustCompile(`url\(([^)]+)\)`)
)
