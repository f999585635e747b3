-- +goose Up
-- Whether a recipient may still answer: what waits for somebody is found among
-- the open ones alone, and not among all that they were ever asked and another
-- answered, or the asker took back.
ALTER TABLE asked ADD COLUMN open BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE ask SET live = FALSE WHERE live AND 0 < (SELECT count(*) FROM asked d WHERE d.org_id = ask.org_id AND d.item_id = ask.item_id AND d.state = 'answered')
    AND (SELECT count(*) FROM asked d WHERE d.org_id = ask.org_id AND d.item_id = ask.item_id AND d.state = 'answered') >=
        CASE WHEN need > 0 THEN need ELSE (SELECT count(*) FROM asked d WHERE d.org_id = ask.org_id AND d.item_id = ask.item_id AND d.handed_to = '') END;
UPDATE asked SET open = TRUE WHERE state = 'waiting' AND EXISTS (SELECT 1 FROM ask a WHERE a.org_id = asked.org_id AND a.item_id = asked.item_id AND a.live);
CREATE INDEX asked_open ON asked (org_id, person_id, due_sec, item_id) WHERE open;

-- +goose Down
SELECT 1;
