package door

import (
	"context"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/store"
)

// MaxReport bounds a report that is kept, in bytes of its paper and its figures.
const MaxReport = 8 << 20

// KeepReport keeps the report of the actor's own audit, in the place of the one
// before. It is seen by them alone (A12.4).
func (d *Door) KeepReport(ctx context.Context, by access.Actor, paper, figures string) error {
	if len(paper)+len(figures) > MaxReport {
		return problem("calendar", "report-too-long")
	}
	if err := access.Can(by, access.Own, access.Object{Kind: access.Draft, Org: by.Org, Person: by.Person}); err != nil {
		return err
	}
	return d.store.Forget(ctx, by.Org, func(tx *store.Tx) error { // the one before leaves no trace
		return tx.KeepAuditReport(ctx, store.AuditReport{Person: by.Person, Made: d.now(), Paper: paper, Figures: figures})
	})
}

// DropReport removes the actor's report, and what the database file still holds
// of it.
func (d *Door) DropReport(ctx context.Context, by access.Actor) error {
	if err := access.Can(by, access.Own, access.Object{Kind: access.Draft, Org: by.Org, Person: by.Person}); err != nil {
		return err
	}
	return d.store.Forget(ctx, by.Org, func(tx *store.Tx) error { return tx.DropAuditReport(ctx, by.Person) })
}
