-- Somebody who was named in an ask may be handed it later: being asked is a
-- delivery of its own.

-- +goose Up
DROP INDEX delivery_once;
CREATE UNIQUE INDEX delivery_once ON delivery (org_id, person_id, item_id, item_version, cause);

-- +goose Down
SELECT 1;
