package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/rubato-hq/rubato/core/access"
	"github.com/rubato-hq/rubato/core/worktime"
)

// Calendar is a calendar of holidays that an admin brought, for everybody in
// the organisation to take days from.
type Calendar struct {
	Name    string
	Days    []Holiday // sorted, each date once
	Changed time.Time
	By      string // id of the admin
}

// Holiday is a date in a Calendar. Name is "" where nobody said one.
type Holiday struct {
	Date worktime.Date
	Name string
}

// holiday is a Holiday as it is stored.
type holiday struct {
	Date string `json:"d"`
	Name string `json:"n,omitempty"`
}

// SetCalendar writes a calendar in place of the one of its name.
func (t *Tx) SetCalendar(ctx context.Context, c Calendar) error {
	rows := make([]holiday, len(c.Days))
	for i, d := range c.Days {
		rows[i] = holiday{d.Date.String(), d.Name}
	}
	days, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("write the calendar: %w", err)
	}
	_, err = t.exec(ctx, `INSERT INTO holidays (org_id, name, days, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (org_id, name) DO UPDATE SET days = excluded.days, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
		t.org, c.Name, string(days), millis(c.Changed), c.By)
	if err != nil {
		return fmt.Errorf("set the calendar: %w", err)
	}
	return nil
}

// DropCalendar removes a calendar; ErrNotFound for none of that name.
func (t *Tx) DropCalendar(ctx context.Context, name string) error {
	if err := t.one(ctx, `DELETE FROM holidays WHERE org_id = $1 AND name = $2`, t.org, name); err != nil {
		return fmt.Errorf("drop the calendar: %w", err)
	}
	return nil
}

// CountCalendars counts those of an organisation.
func (t *Tx) CountCalendars(ctx context.Context) (int64, error) {
	n, err := single(ctx, t.q, t.s.dialect, scanInt, `SELECT count(*) FROM holidays WHERE org_id = $1`, t.org)
	if err != nil {
		return 0, fmt.Errorf("count the calendars: %w", err)
	}
	return n, nil
}

// Calendars lists the organisation's calendars of holidays, by name.
func (r *Reader) Calendars(ctx context.Context) ([]Calendar, error) {
	if err := r.can(access.See, access.Object{Kind: access.Organisation, Org: r.viewer.Org}); err != nil {
		return nil, err
	}
	out, err := list(ctx, r.s.read, r.s.dialect, scanCalendar, `SELECT name, days, changed_at, changed_by FROM holidays WHERE org_id = $1 ORDER BY name`, r.viewer.Org)
	if err != nil {
		return nil, fmt.Errorf("calendars: %w", err)
	}
	return out, nil
}

func scanCalendar(r scanner) (Calendar, error) {
	var c Calendar
	var days string
	var changed int64
	if err := r.Scan(&c.Name, &days, &changed, &c.By); err != nil {
		return c, err
	}
	c.Changed = instant(changed)
	var rows []holiday
	if err := json.Unmarshal([]byte(days), &rows); err != nil {
		return c, fmt.Errorf("read the calendar %s: %w", c.Name, err)
	}
	for _, one := range rows {
		d, err := worktime.ParseDate(one.Date)
		if err != nil {
			return c, fmt.Errorf("read the calendar %s: %w", c.Name, err)
		}
		c.Days = append(c.Days, Holiday{d, one.Name})
	}
	return c, nil
}
