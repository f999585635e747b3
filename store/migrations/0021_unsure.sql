-- +goose Up
-- Whether a message may have been taken although nobody wrote that down: such a
-- one is sent again under its own id, and no later message says the same.
ALTER TABLE outbox ADD COLUMN unsure BOOLEAN NOT NULL DEFAULT FALSE;
