-- +goose Up
-- The report of a person's own audit (R13), seen by them alone: the paper as its
-- page shows it, and its figures for comparing with the next one. The files that
-- it was made of are not kept.
CREATE TABLE audit_report (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    paper TEXT NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (org_id, person_id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);

-- +goose Down
SELECT 1;
