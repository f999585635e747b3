//go:build unix

package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// errLocked is what a second process reads.
var errLocked = errors.New("another Rubato process is using this database: stop it first, or give this one a data folder of its own with --data")

// lockFile holds a file until unlock is called or the process ends, however
// it ends. A second process gets errLocked at once.
func lockFile(path string) (unlock func() error, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, errLocked
		}
		return nil, fmt.Errorf("take the lock: %w", err)
	}
	return f.Close, nil
}
