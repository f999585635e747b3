-- +goose Up
-- Without statistics SQLite counts the columns that an index pins down: with
-- two it read every delivery that a person ever had to find those that wait, and
-- every membership of the organisation to find a person's.
DROP INDEX delivery_waiting;
CREATE INDEX delivery_waiting ON delivery (org_id, person_id, delivered_sec, dropped_at, plan_sec) WHERE delivered_sec = 0 AND dropped_at = 0;
DROP INDEX member_person;
CREATE INDEX member_person ON member (org_id, person_id, team_id);
