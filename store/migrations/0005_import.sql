-- History from other tools: where it came from, what has come already, and
-- what stayed there.

-- +goose Up

-- A name of an automatic writer is shown as one and never joins.
ALTER TABLE person ADD COLUMN bot BOOLEAN NOT NULL DEFAULT FALSE;

-- The zone says where the days of its loose entries begin and end.
CREATE TABLE import_source (
    org_id TEXT NOT NULL REFERENCES organisation (org_id),
    tool TEXT NOT NULL,
    team TEXT NOT NULL,
    zone TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, tool, team)
);

-- What came becomes what: ref_id is the person, team or item. For an entry
-- document_id is the document it stands in. An entry that came is never
-- written again, so an import can end anywhere and be run again.
CREATE TABLE import_key (
    org_id TEXT NOT NULL,
    tool TEXT NOT NULL,
    team TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'room', 'entry', 'thread', 'day')),
    room TEXT NOT NULL,
    entry TEXT NOT NULL,
    ref_id TEXT NOT NULL,
    document_id TEXT NOT NULL,
    edited_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, tool, team, kind, room, entry),
    FOREIGN KEY (org_id, tool, team) REFERENCES import_source (org_id, tool, team)
);

-- Files that hung on an imported item, by name: they were not fetched.
CREATE TABLE import_file (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (org_id, item_id, n),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);

-- +goose Down
SELECT 1;
