-- A brief reads what is new in all streams together, so how far they were read
-- stands with the person and no longer with each follow.

-- +goose Up

-- Of events below read_tx, those written up to sealed_sec were read at the last
-- window; late_tx is the lowest of them that was written after it, or read_tx.
ALTER TABLE tick ADD COLUMN read_tx BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tick ADD COLUMN late_tx BIGINT NOT NULL DEFAULT 0;

-- A follow that is slower than every window has a position of its own.
ALTER TABLE follow ADD COLUMN behind BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE follow SET behind = TRUE WHERE pace IN ('daily', 'weekly');
CREATE INDEX follow_behind ON follow (org_id, person_id) WHERE behind;
CREATE INDEX follow_stream ON follow (org_id, stream, person_id);

-- Whose ask it is, and whether anything of it still waits: an asker's brief
-- looks only at those.
ALTER TABLE ask ADD COLUMN author_id TEXT NOT NULL DEFAULT '';
ALTER TABLE ask ADD COLUMN live BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE ask SET author_id = coalesce((SELECT i.author_id FROM item i WHERE i.org_id = ask.org_id AND i.id = ask.item_id), ''),
    live = withdrawn_at = 0 AND document_id = '' AND EXISTS (SELECT 1 FROM asked d WHERE d.org_id = ask.org_id AND d.item_id = ask.item_id AND d.state = 'waiting');
CREATE INDEX ask_live ON ask (org_id, author_id, item_id) WHERE live;

-- +goose Down
SELECT 1;
