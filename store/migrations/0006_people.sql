-- Who let whom in, what was done to rights, and who raises many crises.

-- +goose Up

-- What an act was about beside its object: the new role, how many tries.
ALTER TABLE audit_log ADD COLUMN detail TEXT NOT NULL DEFAULT '';

-- Somebody who raised many crises in an hour, until an admin has looked at it (R11.3).
CREATE TABLE watched (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    raised BIGINT NOT NULL,
    PRIMARY KEY (org_id, person_id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);

-- Invites that are open, and how many somebody made in a day.
CREATE INDEX link_made ON link (org_id, kind, made_by, created_at);
CREATE INDEX link_id ON link (org_id, id);

-- +goose Down
SELECT 1;
