-- The only organisation of a server is reached by what --url says, whatever
-- that was when it began. One with an address of its own was added by hand.

-- +goose Up
UPDATE organisation SET url = '';

-- +goose Down
SELECT 1;
