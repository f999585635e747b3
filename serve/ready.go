package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/rubato-hq/rubato/delivery"
	"github.com/rubato-hq/rubato/store"
)

// readiness tells whether the server can do its work: the database answers, the
// engine goes round, and the disk takes what is written to it.
type readiness struct {
	store  *store.Store
	engine *delivery.Engine
	data   string
	log    *slog.Logger
	mu     sync.Mutex
	at     time.Time
	last   []string
}

const (
	// readyFor is how long an answer holds: whoever asks costs little.
	readyFor = 2 * time.Second
	// readyWait bounds one look.
	readyWait = 5 * time.Second
	// stuck is how old the engine's last round may be; it goes round every half minute.
	stuck = 90 * time.Second
)

// failing names the parts that do not work; the reasons go to the log.
func (r *readiness) failing(ctx context.Context) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) < readyFor {
		return r.last
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyWait)
	defer cancel()
	r.last = nil
	for _, part := range []struct {
		name string
		err  error
	}{
		{"database", r.store.Ping(ctx)},
		{"engine", r.rounds()},
		{"disk", writable(r.data)},
	} {
		if part.err != nil {
			r.last = append(r.last, part.name)
			r.log.ErrorContext(ctx, "not ready", "part", part.name, "error", part.err)
		}
	}
	r.at = time.Now()
	return r.last
}

func (r *readiness) rounds() error {
	if age := time.Since(r.engine.Beat()); age > stuck {
		return fmt.Errorf("the engine last went round %s ago", age.Round(time.Second))
	}
	return nil
}

// writable writes a little to a folder and to its disk.
func writable(dir string) (err error) {
	f, err := os.CreateTemp(dir, ".ready-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close(), os.Remove(f.Name())) }()
	if _, err := f.Write(make([]byte, 4096)); err != nil {
		return err
	}
	return f.Sync()
}
