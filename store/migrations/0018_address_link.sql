-- A link can change its person's mail address.

-- +goose Up
ALTER TABLE link RENAME TO link_before;
CREATE TABLE link (
    org_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('setup', 'invite', 'reset', 'address')),
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    address TEXT NOT NULL,
    role TEXT NOT NULL,
    team_id TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, hash)
);
INSERT INTO link (org_id, hash, kind, id, person_id, address, role, team_id, made_by, created_at, ends_at, used_at)
    SELECT org_id, hash, kind, id, person_id, address, role, team_id, made_by, created_at, ends_at, used_at FROM link_before;
DROP TABLE link_before;
CREATE INDEX link_made ON link (org_id, kind, made_by, created_at);
CREATE INDEX link_id ON link (org_id, id);
