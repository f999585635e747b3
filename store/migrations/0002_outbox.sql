-- What waits for one person, so that a brief can take up the mail of the one before it.

-- +goose Up

CREATE INDEX outbox_person ON outbox (org_id, person_id, subject_kind) WHERE state = 'waiting';

-- +goose Down
SELECT 1;
