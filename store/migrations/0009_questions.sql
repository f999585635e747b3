-- What questions back and documents made from asks need.

-- +goose Up

-- The due time shown when a clock stopped: it never comes earlier (worktime 6.8).
ALTER TABLE pause ADD COLUMN due_sec BIGINT NOT NULL DEFAULT 0;

-- The ask that a document was made from.
CREATE INDEX ask_document ON ask (org_id, document_id) WHERE document_id <> '';

-- +goose Down
SELECT 1;
