-- +goose Up
-- How many lines of each section a brief has, as {"asks":3,"updates":200}: a page
-- that shows a part of a long one says how long it is, without counting. It is
-- empty for those that were sealed before; they are counted.
ALTER TABLE brief ADD COLUMN sections TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 1;
