package store

import (
	"context"
	"fmt"
	"time"
)

// AuditReport is what came of a person's own audit (R13), seen by them alone.
// Paper and Figures are JSON, of the paper and of its figures.
type AuditReport struct {
	Person         string
	Made           time.Time
	Paper, Figures string
}

func scanAuditReport(r scanner) (AuditReport, error) {
	var a AuditReport
	var made int64
	err := r.Scan(&a.Person, &made, &a.Paper, &a.Figures)
	a.Made = instant(made)
	return a, err
}

// KeepAuditReport keeps a person's report in the place of the one before.
func (t *Tx) KeepAuditReport(ctx context.Context, a AuditReport) error {
	_, err := t.exec(ctx, `INSERT INTO audit_report (org_id, person_id, made_at, paper, figures) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (org_id, person_id) DO UPDATE SET made_at = $3, paper = $4, figures = $5`, t.org, a.Person, millis(a.Made), a.Paper, a.Figures)
	if err != nil {
		return fmt.Errorf("keep the report: %w", err)
	}
	return nil
}

// DropAuditReport removes a person's report; one that is gone stays gone. Forget
// takes care of what the file still holds of it.
func (t *Tx) DropAuditReport(ctx context.Context, person string) error {
	if _, err := t.exec(ctx, `DELETE FROM audit_report WHERE org_id = $1 AND person_id = $2`, t.org, person); err != nil {
		return fmt.Errorf("drop the report: %w", err)
	}
	return nil
}

// AuditReport returns the viewer's report, ErrNotFound when there is none.
func (r *Reader) AuditReport(ctx context.Context) (AuditReport, error) {
	if err := r.private(); err != nil {
		return AuditReport{}, err
	}
	a, err := single(ctx, r.s.read, r.s.dialect, scanAuditReport, `SELECT person_id, made_at, paper, figures FROM audit_report WHERE org_id = $1 AND person_id = $2`, r.viewer.Org, r.viewer.Person)
	if err != nil {
		return a, fmt.Errorf("report: %w", err)
	}
	return a, nil
}
