package backup

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"
)

// File has a file written under a name of its own, and gives it its name when it
// is on disk. In a folder the name says when. It returns the name.
func File(to string, write func(io.Writer) error) (name string, err error) {
	name = to
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		name = filepath.Join(to, "rubato-"+time.Now().UTC().Format("20060102-150405")+".zip")
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".rubato-backup-*")
	if err != nil {
		return name, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // it has its name already, perhaps
		}
	}()
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return name, err
	}
	if err := os.Rename(f.Name(), name); err != nil {
		return name, err
	}
	dir, err := os.Open(filepath.Dir(name))
	if err != nil {
		return name, err
	}
	return name, errors.Join(dir.Sync(), dir.Close())
}
