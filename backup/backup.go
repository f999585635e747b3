// Package backup writes everything that a server keeps into one file, and fills
// an empty server from it. The file is the same for both databases, so it also
// moves a server from one to the other.
//
// A backup is a zip archive:
//
//	tables/NAME.jsonl      the rows of a table, each a JSON array of its values
//	files/ORGANISATION/ID  an attachment, as it is
//	manifest.json          last: format, version, schema, and of each part its size and SHA-256
//
// What does not live here: SQL (package store), how attachments come into their
// folder (package files), and when backups are made.
package backup

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/rubato-hq/rubato/store"
)

// Format is what this package writes and reads.
const Format = "rubato-backup/1"

const (
	manifestName = "manifest.json"
	tablesIn     = "tables/"
	filesIn      = "files/"
)

// Manifest says what a backup holds.
type Manifest struct {
	Format  string    `json:"format"`
	Version string    `json:"version"` // of the program that wrote it
	Schema  int64     `json:"schema"`
	Made    time.Time `json:"made"`
	Tables  []Table   `json:"tables"`
	Files   []Part    `json:"files"`
}

// Part is one file of the archive.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Table is the part that holds a table's rows.
type Table struct {
	Part
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// Rows is how many rows all tables have.
func (m *Manifest) Rows() int64 {
	var n int64
	for _, t := range m.Tables {
		n += t.Rows
	}
	return n
}

// Size is how many bytes all parts have, unpacked.
func (m *Manifest) Size() int64 {
	var n int64
	for _, t := range m.Tables {
		n += t.Size
	}
	for _, f := range m.Files {
		n += f.Size
	}
	return n
}

// Write writes a backup of a database and of a folder of files. The snapshot
// came first, so every file that it knows of is there, unless it was thrown
// away since.
func Write(ctx context.Context, w io.Writer, snapshot *store.Snapshot, files, version string, made time.Time) (Manifest, error) {
	m := Manifest{Format: Format, Version: version, Schema: snapshot.Schema(), Made: made.UTC().Truncate(time.Millisecond), Tables: []Table{}, Files: []Part{}}
	z := zip.NewWriter(w)
	for _, t := range snapshot.Tables() {
		part, err := writeTable(ctx, z, snapshot, t, made)
		if err != nil {
			return m, err
		}
		m.Tables = append(m.Tables, part)
	}
	if err := m.writeFiles(ctx, z, files); err != nil {
		return m, err
	}
	last, err := z.CreateHeader(&zip.FileHeader{Name: manifestName, Method: zip.Deflate, Modified: m.Made})
	if err != nil {
		return m, fmt.Errorf("write the manifest: %w", err)
	}
	enc := json.NewEncoder(last)
	enc.SetIndent("", " ")
	if err := errors.Join(enc.Encode(m), z.Close()); err != nil {
		return m, fmt.Errorf("write the manifest: %w", err)
	}
	return m, nil
}

func writeTable(ctx context.Context, z *zip.Writer, snapshot *store.Snapshot, t store.Table, made time.Time) (Table, error) {
	part := Table{Part: Part{Name: tablesIn + t.Name + ".jsonl"}, Table: t.Name, Columns: t.Columns}
	entry, err := z.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Deflate, Modified: made.UTC()})
	if err != nil {
		return part, fmt.Errorf("write %s: %w", part.Name, err)
	}
	sum := newSum(entry)
	out := bufio.NewWriterSize(sum, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	err = snapshot.Rows(ctx, t, func(row []any) error {
		part.Rows++
		return enc.Encode(row)
	})
	if err = errors.Join(err, out.Flush()); err != nil {
		return part, fmt.Errorf("write %s: %w", part.Name, err)
	}
	part.Size, part.SHA256 = sum.result()
	return part, nil
}

// writeFiles copies what lies in the folder, but for what is still being received.
func (m *Manifest) writeFiles(ctx context.Context, z *zip.Writer, dir string) error {
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the folder of files: %w", err)
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // thrown away meanwhile
		case err != nil:
			return fmt.Errorf("list the files: %w", err)
		case ctx.Err() != nil:
			return ctx.Err()
		case !d.Type().IsRegular() || path.Ext(name) != "":
			return nil
		}
		part, err := writeFile(z, root, name, m.Made)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", filesIn+name, err)
		}
		m.Files = append(m.Files, part)
		return nil
	})
}

func writeFile(z *zip.Writer, root *os.Root, name string, made time.Time) (Part, error) {
	part := Part{Name: filesIn + name}
	f, err := root.Open(name)
	if err != nil {
		return part, err
	}
	defer f.Close()
	// Stored: attachments are mostly compressed already.
	entry, err := z.CreateHeader(&zip.FileHeader{Name: part.Name, Method: zip.Store, Modified: made})
	if err != nil {
		return part, err
	}
	sum := newSum(entry)
	if _, err := io.Copy(sum, f); err != nil {
		return part, err
	}
	part.Size, part.SHA256 = sum.result()
	return part, nil
}

// sum counts and hashes what goes through it.
type sum struct {
	w    io.Writer
	hash hash.Hash
	n    int64
}

func newSum(w io.Writer) *sum { return &sum{w: w, hash: sha256.New()} }

func (s *sum) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.hash.Write(p[:n]) // never fails
	s.n += int64(n)
	return n, err
}

func (s *sum) result() (size int64, hex256 string) { return s.n, hex.EncodeToString(s.hash.Sum(nil)) }

// plainName tells whether a part's name stays where it belongs.
func plainName(name string) bool {
	return fs.ValidPath(name) && !strings.Contains(name, `\`) && (strings.HasPrefix(name, tablesIn) || strings.HasPrefix(name, filesIn))
}
