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
)

// parts are those that failing may name.
func parts() []string { return []string{"database", "engine", "disk"} }

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
		{"database", errors.Join(r.store.Ping(ctx), r.store.Writes(), r.store.Current(ctx))},
		{"engine", r.rounds()},
		{"disk", writable(r.data)},
	} {
		if part.err != nil {
			r.last = append(r.last, part.name)
			level := slog.LevelError
			if errors.Is(part.err, errBegins) {
				level = slog.LevelInfo
			}
			r.log.Log(ctx, level, "not ready", "part", part.name, "error", part.err)
		}
	}
	r.at = time.Now()
	return r.last
}

// errBegins says that the server has only just started.
var errBegins = errors.New("the engine has not gone round yet")

func (r *readiness) rounds() error {
	if stopped := r.engine.Health().Stopped(time.Now()); len(stopped) > 0 {
		return fmt.Errorf("these loops have not gone round for %s: %v", delivery.Stuck, stopped)
	}
	beat := r.engine.Beat()
	if beat.IsZero() {
		return errBegins
	}
	if age := time.Since(beat); age > delivery.Stuck {
		return fmt.Errorf("the engine last went round %s ago", age.Round(time.Second))
	}
	return nil
}

// standing tells an admin how delivery stands, and the server with it; refused
// is what the mail relay last said, nil without one.
func standing(engine *delivery.Engine, ready *readiness, refused func() string) func(context.Context, *store.Reader) (delivery.Standing, error) {
	return func(ctx context.Context, read *store.Reader) (delivery.Standing, error) {
		s, err := engine.Standing(ctx, read)
		if err != nil {
			return s, err
		}
		s.NotReady = ready.failing(ctx)
		if refused != nil {
			s.MailTrouble = refused()
		}
		return s, nil
	}
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
