-- People are looked for by their handles: at their page, and for each mention.

-- +goose Up
CREATE INDEX person_handle ON person (org_id, handle);
