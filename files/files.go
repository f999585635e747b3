// Package files keeps the bytes of attachments in one folder, reached through
// an os.Root, so that no name leads out of it.
//
// The layout is for people and for backups:
//
//	DATA/files/ORGANISATION/ID         one attachment, as it is sent
//	DATA/files/ORGANISATION/ID.part    one that is being received
//
// A file is complete and on disk before the database knows of it, and never
// changes afterwards. So a copy of the database, taken first, and of this
// folder, taken second, belong together; files ending in .part can be left out.
// Several nodes on one PostgreSQL share this folder (a network file system).
//
// What does not live here: whose a file is and who may have it (store and
// core/access), its name (package door), and any other storage than a folder.
package files

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"
)

// Errors that a caller decides on.
var (
	// ErrTooLarge says that there were more bytes than allowed.
	ErrTooLarge = errors.New("larger than allowed")
	// ErrEmpty says that there was not one byte.
	ErrEmpty = errors.New("empty")
	// ErrPixels says that a picture would be too large once it is drawn.
	ErrPixels = errors.New("a picture of too many pixels")
	// ErrNoRoom says that the disk is full.
	ErrNoRoom = errors.New("no room on the disk")
)

// Folder is where the files lie. It is safe for concurrent use.
type Folder struct{ root *os.Root }

// Open opens the folder, and makes it if there is none.
func Open(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	return &Folder{root}, nil
}

// Close lets go of the folder; files that are open stay so.
func (f *Folder) Close() error { return f.root.Close() }

// Kept is what a file turned out to be.
type Kept struct {
	Type string // media type of the short list, by content
	Size int64  // as it lies there: a picture without what it said about its maker
	Sum  string // SHA-256, hexadecimal
}

const (
	part  = ".part"  // being received
	clean = ".clean" // a picture being rid of what it says beside itself
)

// Put receives one file, at most limit bytes, and has it on disk before it
// returns. Pictures lose what they tell about place and maker. On an error
// nothing stays.
func (f *Folder) Put(org, id string, r io.Reader, limit int64) (kept Kept, err error) {
	name, err := where(org, id)
	if err != nil {
		return Kept{}, err
	}
	if err := f.folder(org); err != nil {
		return Kept{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(full(err), f.gone(name+part), f.gone(name+clean))
		}
	}()
	if kept, err = f.receive(name, r, limit); err != nil {
		return Kept{}, err
	}
	if err = f.root.Rename(name+part, name); err != nil {
		return Kept{}, fmt.Errorf("keep a file: %w", err)
	}
	return kept, f.sync(org)
}

// receive writes a file under its temporary name, and judges it.
func (f *Folder) receive(name string, r io.Reader, limit int64) (Kept, error) {
	raw, err := f.root.OpenFile(name+part, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Kept{}, fmt.Errorf("begin a file: %w", err)
	}
	defer raw.Close()
	sum := sha256.New()
	// One byte more than allowed tells a file that is too large from one that just fits.
	n, err := io.Copy(io.MultiWriter(raw, sum), io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return Kept{}, fmt.Errorf("receive a file: %w", err)
	case n > limit:
		return Kept{}, ErrTooLarge
	case n == 0:
		return Kept{}, ErrEmpty
	}
	head := make([]byte, sniffed)
	have, err := raw.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return Kept{}, fmt.Errorf("look at a file: %w", err)
	}
	kept := Kept{Type: TypeOf(head[:have]), Size: n, Sum: hex.EncodeToString(sum.Sum(nil))}
	if Picture(kept.Type) {
		cleaned, err := f.cleaned(name, raw, kept.Type)
		if err == nil {
			return cleaned, nil
		}
		if !errors.Is(err, errBroken) {
			return Kept{}, err
		}
		kept.Type = Unknown // it only begins like a picture, and is not shown as one
	}
	if err := raw.Sync(); err != nil {
		return Kept{}, fmt.Errorf("sync a file: %w", err)
	}
	return kept, raw.Close()
}

// cleaned writes a picture anew without what it says beside itself, and puts
// that in its place.
func (f *Folder) cleaned(name string, raw *os.File, media string) (Kept, error) {
	out, err := f.root.OpenFile(name+clean, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return Kept{}, fmt.Errorf("begin a picture: %w", err)
	}
	defer out.Close()
	if err := rewrite(out, raw, media); err != nil {
		return Kept{}, errors.Join(err, f.gone(name+clean))
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return Kept{}, fmt.Errorf("read a picture again: %w", err)
	}
	sum := sha256.New()
	n, err := io.Copy(sum, out)
	if err != nil {
		return Kept{}, fmt.Errorf("read a picture again: %w", err)
	}
	if err := out.Sync(); err != nil {
		return Kept{}, fmt.Errorf("sync a picture: %w", err)
	}
	if err := f.root.Rename(name+clean, name+part); err != nil {
		return Kept{}, fmt.Errorf("keep a picture: %w", err)
	}
	return Kept{Type: media, Size: n, Sum: hex.EncodeToString(sum.Sum(nil))}, out.Close()
}

// Get opens a file for reading.
func (f *Folder) Get(org, id string) (*os.File, error) {
	name, err := where(org, id)
	if err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return file, nil
}

// Remove removes a file; one that is gone already stays gone.
func (f *Folder) Remove(org, id string) error {
	name, err := where(org, id)
	if err != nil {
		return err
	}
	return f.gone(name)
}

// Old lists the files of an organisation that were last written before a
// moment: what nothing refers to among them can go. What was never finished is
// removed on the way.
func (f *Folder) Old(org string, before time.Time) ([]string, error) {
	if !plain(org) {
		return nil, fmt.Errorf("organisation %q: %w", org, fs.ErrInvalid)
	}
	dir, err := f.root.Open(org)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	defer dir.Close()
	var ids []string
	for {
		entries, err := dir.ReadDir(1000)
		for _, e := range entries {
			info, err := e.Info()
			if err != nil || !info.ModTime().Before(before) || !info.Mode().IsRegular() {
				continue // gone meanwhile, too young, or nothing of ours
			}
			if name := e.Name(); plain(name) {
				ids = append(ids, name)
			} else if strings.HasSuffix(name, part) || strings.HasSuffix(name, clean) {
				if err := f.gone(path.Join(org, name)); err != nil {
					return nil, err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return ids, nil
		}
		if err != nil {
			return nil, fmt.Errorf("list files: %w", err)
		}
	}
}

// folder makes the folder of an organisation, on disk.
func (f *Folder) folder(org string) error {
	err := f.root.Mkdir(org, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("make a folder: %w", full(err))
	}
	return f.sync(".")
}

// sync has a folder's list of names on disk.
func (f *Folder) sync(name string) error {
	dir, err := f.root.Open(name)
	if err != nil {
		return fmt.Errorf("open a folder: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (f *Folder) gone(name string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}

// where is the path of a file. Ids are made by us: what does not look like one
// is none.
func where(org, id string) (string, error) {
	if !plain(org) || !plain(id) {
		return "", fmt.Errorf("file %q of %q: %w", id, org, fs.ErrInvalid)
	}
	return path.Join(org, id), nil
}

func plain(id string) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	})
}

// full says in our words that the disk is full.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errors.Join(ErrNoRoom, err)
	}
	return err
}
