package store

import (
	"context"
	"fmt"
	"time"
)

// Organisation is one organisation on this server. URL is the public address
// that it has of its own, "" for the server's: a request's host chooses the
// organisation (R2.5).
type Organisation struct {
	ID      string
	Name    string
	URL     string
	Created time.Time
}

func scanOrganisation(r scanner) (Organisation, error) {
	var o Organisation
	var created int64
	err := r.Scan(&o.ID, &o.Name, &o.URL, &created)
	o.Created = instant(created)
	return o, err
}

// Organisations lists the organisations of this server, oldest first. That of
// the trial deliveries is none of them: see EveryOrganisation.
func (s *Store) Organisations(ctx context.Context) ([]Organisation, error) {
	os, err := list(ctx, s.read, s.dialect, scanOrganisation, `SELECT org_id, name, url, created_at FROM organisation WHERE org_id <> $1 ORDER BY org_id`, CanaryOrg)
	if err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	return os, nil
}

// AddOrganisation writes the organisation that this transaction belongs to.
func (t *Tx) AddOrganisation(ctx context.Context, o Organisation) error {
	_, err := t.exec(ctx, `INSERT INTO organisation (org_id, name, url, created_at) VALUES ($1, $2, $3, $4)`, t.org, o.Name, o.URL, millis(o.Created))
	if err != nil {
		return fmt.Errorf("add organisation: %w", err)
	}
	return nil
}

// Server is the organisation id of settings that belong to the whole server.
const Server = ""

// Setting returns a setting of the transaction's organisation, "" if unset.
func (t *Tx) Setting(ctx context.Context, name string) (string, error) {
	return t.s.setting(ctx, t.q, t.org, name)
}

// Setting returns a setting of an organisation, or of the Server; "" if unset.
func (s *Store) Setting(ctx context.Context, org, name string) (string, error) {
	return s.setting(ctx, s.read, org, name)
}

func (s *Store) setting(ctx context.Context, q querier, org, name string) (string, error) {
	v, err := list(ctx, q, s.dialect, scanString, `SELECT value FROM setting WHERE org_id = $1 AND name = $2`, org, name)
	if err != nil {
		return "", fmt.Errorf("setting %s: %w", name, err)
	}
	if len(v) == 0 {
		return "", nil
	}
	return v[0], nil
}

// SetSetting writes a setting of the transaction's organisation.
func (t *Tx) SetSetting(ctx context.Context, name, value string) error {
	_, err := t.exec(ctx, `INSERT INTO setting (org_id, name, value) VALUES ($1, $2, $3)
		ON CONFLICT (org_id, name) DO UPDATE SET value = excluded.value`, t.org, name, value)
	if err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}
