-- Finding what is on its way by person, and what has failed.

-- +goose Up

-- A brief takes up the waiting mail of the ones before it.
CREATE INDEX outbox_person ON outbox (org_id, person_id, subject_kind) WHERE state = 'waiting';

-- What failed for good, the newest first, for the admins.
CREATE INDEX outbox_failed ON outbox (org_id, done_at, id) WHERE state = 'failed';

-- +goose Down
SELECT 1;
