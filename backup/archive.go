package backup

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/rubato-hq/rubato/store"
)

// ErrDamaged says that a file is no backup, or not whole.
var ErrDamaged = errors.New("this is no whole backup")

// Archive is a backup that was read through once and found whole.
type Archive struct {
	Manifest Manifest
	file     *os.File
	parts    map[string]*zip.File
}

// maxManifest bounds what describes the rest, and maxRow one row of a table.
const (
	maxManifest = 256 << 20
	maxRow      = 64 << 20
)

// Open reads a backup from end to end and compares every part with the manifest.
// Whatever is damaged, cut, missing, in excess or from a newer version is an
// error; nothing is changed anywhere.
func Open(name string) (a *Archive, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	a = &Archive{file: f, parts: make(map[string]*zip.File)}
	for _, entry := range z.File {
		if a.parts[entry.Name] != nil {
			return nil, fmt.Errorf("%w: it has %q twice", ErrDamaged, entry.Name)
		}
		a.parts[entry.Name] = entry
	}
	if err := a.readManifest(); err != nil {
		return nil, err
	}
	if err := a.check(); err != nil {
		return nil, err
	}
	return a, nil
}

// Close lets go of the file.
func (a *Archive) Close() error { return a.file.Close() }

func (a *Archive) readManifest() error {
	entry := a.parts[manifestName]
	if entry == nil {
		return fmt.Errorf("%w: it has no %s", ErrDamaged, manifestName)
	}
	r, err := entry.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxManifest))
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, manifestName, err)
	}
	if err := json.Unmarshal(text, &a.Manifest); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrDamaged, manifestName, err)
	}
	if a.Manifest.Format != Format {
		return fmt.Errorf("%w that this version reads: its format is %q, not %q", ErrDamaged, a.Manifest.Format, Format)
	}
	newest, err := store.Newest()
	if err != nil {
		return err
	}
	if a.Manifest.Schema > newest {
		return fmt.Errorf("the backup was written by Rubato %s with schema %d, this program knows %d: %w", a.Manifest.Version, a.Manifest.Schema, newest, store.ErrNewerSchema)
	}
	if a.Manifest.Schema < 1 {
		return fmt.Errorf("%w: schema %d", ErrDamaged, a.Manifest.Schema)
	}
	return nil
}

// check reads every part and compares it with what the manifest says of it.
func (a *Archive) check() error {
	listed := map[string]bool{manifestName: true}
	try := func(p Part) error {
		entry := a.parts[p.Name]
		switch {
		case !plainName(p.Name):
			return fmt.Errorf("%w: %q leads elsewhere", ErrDamaged, p.Name)
		case listed[p.Name]:
			return fmt.Errorf("%w: %q is listed twice", ErrDamaged, p.Name)
		case entry == nil:
			return fmt.Errorf("%w: %s is missing", ErrDamaged, p.Name)
		}
		listed[p.Name] = true
		r, err := entry.Open()
		if err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, p.Name, err)
		}
		defer r.Close()
		s := newSum(io.Discard)
		if _, err := io.Copy(s, io.LimitReader(r, p.Size+1)); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrDamaged, p.Name, err)
		}
		if size, hash := s.result(); size != p.Size || hash != p.SHA256 {
			return fmt.Errorf("%w: %s is not what was backed up", ErrDamaged, p.Name)
		}
		return nil
	}
	for _, t := range a.Manifest.Tables {
		if err := try(t.Part); err != nil {
			return err
		}
	}
	for _, f := range a.Manifest.Files {
		if err := try(f); err != nil {
			return err
		}
	}
	for name := range a.parts {
		if !listed[name] {
			return fmt.Errorf("%w: %q is not in its manifest", ErrDamaged, name)
		}
	}
	return nil
}

// rows gives the rows of a table, as they were.
func (a *Archive) rows(table string, put func(columns []string, row []any) error) error {
	for _, t := range a.Manifest.Tables {
		if t.Table != table {
			continue
		}
		r, err := a.parts[t.Name].Open()
		if err != nil {
			return err
		}
		defer r.Close()
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 64<<10), maxRow)
		for lines.Scan() {
			row, err := decode(lines.Bytes())
			if err != nil {
				return err
			}
			if err := put(t.Columns, row); err != nil {
				return err
			}
		}
		return lines.Err()
	}
	return nil // a table that is newer than the backup
}

// decode reads one row.
func decode(line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	row := make([]any, len(raw))
	for i, v := range raw {
		var err error
		switch {
		case bytes.Equal(v, []byte("null")):
		case v[0] == '"':
			var s string
			err = json.Unmarshal(v, &s)
			row[i] = s
		case v[0] == '{':
			var b store.Bytes
			err = json.Unmarshal(v, &b)
			row[i] = b
		case v[0] == 't', v[0] == 'f':
			row[i] = v[0] == 't'
		default:
			var n int64
			err = json.Unmarshal(v, &n)
			row[i] = n
		}
		if err != nil {
			return nil, err
		}
	}
	return row, nil
}

// unpack writes the files into a new folder.
func (a *Archive) unpack(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for _, p := range a.Manifest.Files {
		if err := a.unpackOne(root, p); err != nil {
			return fmt.Errorf("restore %s: %w", p.Name, err)
		}
	}
	return nil
}

func (a *Archive) unpackOne(root *os.Root, p Part) error {
	name := filepath.FromSlash(strings.TrimPrefix(p.Name, filesIn))
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	r, err := a.parts[p.Name].Open()
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, r, p.Size)
	return errors.Join(err, f.Sync(), f.Close())
}
