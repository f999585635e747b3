-- +goose Up
-- Each of these was read in the order of a key, for which SQLite walked through
-- all that an organisation has, where its own index finds the few rows at once:
-- an index that also gives their order is what SQLite prefers.
DROP INDEX delivery_item;
CREATE INDEX delivery_item ON delivery (org_id, item_id, person_id, item_version);
DROP INDEX item_team;
CREATE INDEX item_team ON item (org_id, team_id, id) WHERE root_id = '';
CREATE INDEX needed_person ON needed (org_id, person_id, item_id);
DROP INDEX attachment_draft;
CREATE INDEX attachment_draft ON attachment (org_id, person_id, id) WHERE draft_id <> '';
DROP INDEX attachment_item;
CREATE INDEX attachment_item ON attachment (org_id, item_id, id) WHERE item_id <> '';
DROP INDEX person_handle;
CREATE INDEX person_handle ON person (org_id, handle, id);
-- What was written after a window is looked for by time at every brief, of all
-- streams; what happened in an absence, by stream and position.
DROP INDEX event_time;
CREATE INDEX event_time ON event (org_id, at, tx);
DROP INDEX ask_document;
CREATE INDEX ask_document ON ask (org_id, document_id, item_id) WHERE document_id <> '';
