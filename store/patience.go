package store

import (
	"context"
	"time"
)

// How long one statement waits for PostgreSQL. A server behind a network that
// was cut takes a request and never answers: whoever asked for a page is told
// within five seconds, and a connection that is no good is not waited for twice.
const (
	patience = 3 * time.Second
	// patient is for work that nobody waits for, and that may be long.
	patient = 10 * time.Second
	// connecting bounds the way to one host, so that the next of several is
	// tried in time.
	connecting = 2 * time.Second
	// frozen is after how long the server gives up a transaction whose program
	// says nothing: that of a process that stands still holds locks.
	frozen = 10 * time.Second
)

type patientKey struct{}

// Patient is a context for work in the background, whose statements may take
// longer than those of a request.
func Patient(ctx context.Context) context.Context {
	return context.WithValue(ctx, patientKey{}, true)
}

// bound limits how long one statement waits for its answer.
func bound(ctx context.Context, d dialect) (context.Context, context.CancelFunc) {
	if wait := d.patience(ctx); wait > 0 {
		return context.WithTimeout(ctx, wait)
	}
	return ctx, func() {}
}

// within cancels what is not over in time, and nothing after that; it reports
// whether it was.
func within(ctx context.Context, cancel context.CancelFunc, d dialect) (inTime func() bool) {
	wait := d.patience(ctx)
	if wait == 0 {
		return func() bool { return true }
	}
	return time.AfterFunc(wait, cancel).Stop
}
