package serve

import (
	"context"
	"path/filepath"
	"time"

	"github.com/rubato-hq/rubato/config"
)

// sweepEvery is how often uploads that hang on nothing are collected. Not at
// the start: who has just started on the wrong database has time to see it.
const sweepEvery = 6 * time.Hour

// FilesIn is the folder of the attachments' bytes (package files says how it
// is laid out).
func FilesIn(settings config.Settings) string { return filepath.Join(settings.Data, "files") }

// sweepFiles collects them until the server stops.
func (s *Server) sweepFiles(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		orgs, err := s.store.Organisations(ctx)
		if err != nil {
			s.log.ErrorContext(ctx, "sweeping files failed", "error", err)
			continue
		}
		for _, o := range orgs {
			gone, err := s.door.SweepFiles(ctx, o.ID)
			if err != nil {
				s.log.ErrorContext(ctx, "sweeping files failed", "error", err)
			} else if gone > 0 {
				s.log.InfoContext(ctx, "swept files that hung on nothing", "files", gone)
			}
		}
	}
}
