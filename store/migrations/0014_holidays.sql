-- Calendars of holidays that admins bring, for people to take days from. A
-- person's charter keeps the dates they took (worktime 3.2): a calendar that
-- changes, or goes, rewrites nobody's days.

-- +goose Up
CREATE TABLE holidays (
    org_id TEXT NOT NULL,
    name TEXT NOT NULL,
    days TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (org_id, name),
    FOREIGN KEY (org_id) REFERENCES organisation (org_id)
);
