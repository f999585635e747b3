-- The server's trial deliveries end in a channel of their own.

-- +goose Up
ALTER TABLE contact RENAME TO contact_before;
CREATE TABLE contact (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'webhook', 'canary')),
    address TEXT NOT NULL,
    secret TEXT NOT NULL,
    briefs BOOLEAN NOT NULL,
    crises BOOLEAN NOT NULL,
    failed_at BIGINT NOT NULL,
    failed_why TEXT NOT NULL,
    PRIMARY KEY (org_id, person_id, channel),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
INSERT INTO contact (org_id, person_id, channel, address, secret, briefs, crises, failed_at, failed_why)
    SELECT org_id, person_id, channel, address, secret, briefs, crises, failed_at, failed_why FROM contact_before;
DROP TABLE contact_before;
