-- The first schema. One text for SQLite and PostgreSQL: TEXT BIGINT BOOLEAN BYTEA only.
-- Every table carries its organisation first. Times are unix milliseconds UTC, but
-- for columns named *_sec, which are the whole seconds of the working-time clock.

-- +goose Up

CREATE TABLE organisation (
    org_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Settings of one organisation; those of the whole server stand under org_id ''.
CREATE TABLE setting (
    org_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (org_id, name)
);

CREATE TABLE person (
    org_id TEXT NOT NULL REFERENCES organisation (org_id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    handle TEXT NOT NULL,
    lang TEXT NOT NULL,
    archetype TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'guest')),
    state TEXT NOT NULL CHECK (state IN ('imported', 'active', 'deactivated', 'removed')),
    place TEXT NOT NULL,
    may_raise BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    joined_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);

-- An address belongs to one person per organisation, in ASCII lower case (R2.6).
CREATE TABLE address (
    org_id TEXT NOT NULL,
    address TEXT NOT NULL,
    person_id TEXT NOT NULL,
    verified_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, address),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX address_person ON address (org_id, person_id);

-- Handles of people and slugs of teams share one name space, unique by
-- confusable skeleton; a name once held stays reserved (R2.6).
CREATE TABLE name (
    org_id TEXT NOT NULL,
    skeleton TEXT NOT NULL,
    name TEXT NOT NULL,
    person_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    PRIMARY KEY (org_id, skeleton)
);

CREATE TABLE credential (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, person_id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);

-- Sessions, links, tokens and feeds keep the SHA-256 of their secret, never the secret.
CREATE TABLE session (
    org_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, hash),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX session_person ON session (org_id, person_id);

CREATE TABLE link (
    org_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('setup', 'invite', 'reset')),
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    address TEXT NOT NULL,
    role TEXT NOT NULL,
    team_id TEXT NOT NULL,
    made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, hash)
);

CREATE TABLE token (
    org_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    team_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, hash),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX token_person ON token (org_id, person_id);

CREATE TABLE feed (
    org_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('page', 'calendar', 'unsubscribe')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, hash),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX feed_person ON feed (org_id, person_id, kind);

CREATE TABLE team (
    org_id TEXT NOT NULL REFERENCES organisation (org_id),
    id TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    open BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX team_slug ON team (org_id, slug);

CREATE TABLE member (
    org_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    lead BOOLEAN NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (org_id, team_id, person_id),
    FOREIGN KEY (org_id, team_id) REFERENCES team (org_id, id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX member_person ON member (org_id, person_id);

-- A charter has revisions; the newest is in force from from_sec (R3.3).
CREATE TABLE charter (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    from_sec BIGINT NOT NULL,
    body TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, person_id, revision),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);

-- Where a person is reached beside the page. An unsubscribe turns one off.
CREATE TABLE contact (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('email', 'webhook')),
    address TEXT NOT NULL,
    secret TEXT NOT NULL,
    briefs BOOLEAN NOT NULL,
    crises BOOLEAN NOT NULL,
    failed_at BIGINT NOT NULL,
    failed_why TEXT NOT NULL,
    PRIMARY KEY (org_id, person_id, channel),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);

CREATE TABLE counter (
    org_id TEXT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (org_id, name)
);

CREATE TABLE item (
    org_id TEXT NOT NULL REFERENCES organisation (org_id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    team_id TEXT NOT NULL,
    wide BOOLEAN NOT NULL,
    author_id TEXT NOT NULL,
    root_id TEXT NOT NULL,
    parent_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    point TEXT NOT NULL,
    body TEXT NOT NULL,
    words BIGINT NOT NULL,
    origin TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,
    gone_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, author_id) REFERENCES person (org_id, id)
);
CREATE UNIQUE INDEX item_number ON item (org_id, kind, number) WHERE number > 0;
CREATE INDEX item_team ON item (org_id, team_id, sent_at, id) WHERE root_id = '';
CREATE INDEX item_author ON item (org_id, author_id, sent_at, id) WHERE root_id = '';
CREATE INDEX item_root ON item (org_id, root_id, sent_at, id) WHERE root_id <> '';

CREATE TABLE revision (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    author_id TEXT NOT NULL,
    point TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, item_id, version),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);

CREATE TABLE named (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    naming TEXT NOT NULL CHECK (naming IN ('to', 'reader', 'mention')),
    PRIMARY KEY (org_id, item_id, person_id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX named_person ON named (org_id, person_id, item_id);

CREATE TABLE ask (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    term TEXT NOT NULL,
    urgent BOOLEAN NOT NULL,
    urgent_why TEXT NOT NULL,
    need BIGINT NOT NULL,
    withdrawn_at BIGINT NOT NULL,
    document_id TEXT NOT NULL,
    PRIMARY KEY (org_id, item_id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);

-- One recipient of an ask, with a clock of their own (worktime 6).
CREATE TABLE asked (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'answered', 'declined', 'handed', 'left')),
    term TEXT NOT NULL,
    started_sec BIGINT NOT NULL,
    due_sec BIGINT NOT NULL,
    settled_at BIGINT NOT NULL,
    answer_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    handed_to TEXT NOT NULL,
    handed_by TEXT NOT NULL,
    time_asked TEXT NOT NULL,
    time_reason TEXT NOT NULL,
    could_wait BOOLEAN NOT NULL,
    PRIMARY KEY (org_id, item_id, person_id),
    FOREIGN KEY (org_id, item_id) REFERENCES ask (org_id, item_id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX asked_person ON asked (org_id, person_id, state, due_sec);

-- Times at which a recipient's clock stands still: from their question back
-- until its answer is delivered to them (worktime 6.7). to_sec 0: still open.
CREATE TABLE pause (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    from_sec BIGINT NOT NULL,
    to_sec BIGINT NOT NULL,
    question_id TEXT NOT NULL,
    answer_id TEXT NOT NULL,
    PRIMARY KEY (org_id, item_id, person_id, from_sec),
    FOREIGN KEY (org_id, item_id, person_id) REFERENCES asked (org_id, item_id, person_id)
);

CREATE TABLE crisis (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    ended_by TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (org_id, item_id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);

CREATE TABLE needed (
    org_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    has_it_at BIGINT NOT NULL,
    cannot_at BIGINT NOT NULL,
    round BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, item_id, person_id),
    FOREIGN KEY (org_id, item_id) REFERENCES crisis (org_id, item_id)
);
CREATE INDEX needed_next ON needed (org_id, next_at) WHERE next_at > 0;

-- A directed item on its way to one person (architecture 3). Its life ends
-- once: in a brief (brief_id), at once (a crisis), or dropped with a code.
CREATE TABLE delivery (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    item_version BIGINT NOT NULL,
    cause TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('crisis', 'urgent', 'normal')),
    from_sec BIGINT NOT NULL,
    plan_sec BIGINT NOT NULL,
    plan_why TEXT NOT NULL,
    brief_id TEXT NOT NULL,
    delivered_sec BIGINT NOT NULL,
    delivered_why TEXT NOT NULL,
    dropped_at BIGINT NOT NULL,
    dropped_why TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE UNIQUE INDEX delivery_once ON delivery (org_id, person_id, item_id, item_version);
CREATE INDEX delivery_waiting ON delivery (org_id, person_id, plan_sec) WHERE delivered_sec = 0 AND dropped_at = 0;
CREATE INDEX delivery_item ON delivery (org_id, item_id);

-- When to look at a person next. A write moves due_at earlier, never later.
CREATE TABLE tick (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    sealed_sec BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    PRIMARY KEY (org_id, person_id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX tick_due ON tick (org_id, due_at, person_id);

CREATE TABLE brief (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('window', 'urgent')),
    window_sec BIGINT NOT NULL,
    delivered_sec BIGINT NOT NULL,
    since_sec BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    words BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE UNIQUE INDEX brief_once ON brief (org_id, person_id, kind, window_sec);

CREATE TABLE brief_line (
    org_id TEXT NOT NULL,
    brief_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    section TEXT NOT NULL,
    item_id TEXT NOT NULL,
    item_version BIGINT NOT NULL,
    delivery_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    cause TEXT NOT NULL,
    due_sec BIGINT NOT NULL,
    carried BOOLEAN NOT NULL,
    PRIMARY KEY (org_id, brief_id, position),
    FOREIGN KEY (org_id, brief_id) REFERENCES brief (org_id, id),
    FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);

-- What a person follows, how fast, and how far they have had it (R12.7).
CREATE TABLE follow (
    org_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    stream TEXT NOT NULL,
    pace TEXT NOT NULL CHECK (pace IN ('window', 'daily', 'weekly', 'muted')),
    by_hand BOOLEAN NOT NULL,
    pos_tx BIGINT NOT NULL,
    pos_n BIGINT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (org_id, person_id, stream),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);

-- The event log. Its position (tx, n) never passes a transaction still open:
-- see events_sqlite.go and events_postgres.go.
CREATE TABLE event (
    org_id TEXT NOT NULL,
    tx BIGINT NOT NULL,
    n BIGINT NOT NULL,
    id TEXT NOT NULL,
    stream TEXT NOT NULL,
    kind TEXT NOT NULL,
    item_id TEXT NOT NULL,
    item_version BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (org_id, tx, n)
);
CREATE INDEX event_stream ON event (org_id, stream, tx, n);
CREATE INDEX event_time ON event (org_id, stream, at);

-- Mail and other messages on their way out; only crises have a round above 1.
CREATE TABLE outbox (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('brief', 'crisis', 'link')),
    subject_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    round BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    due_at BIGINT NOT NULL,
    not_after_sec BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    done_at BIGINT NOT NULL,
    receipt TEXT NOT NULL,
    error TEXT NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX outbox_once ON outbox (org_id, subject_kind, subject_id, person_id, channel, round);
CREATE INDEX outbox_due ON outbox (org_id, due_at, id) WHERE state = 'waiting';

-- Idempotency (architecture 8): the key goes in first, in the verb's own transaction.
CREATE TABLE receipt (
    org_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    key TEXT NOT NULL,
    hash TEXT NOT NULL,
    result TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, actor_id, key)
);
CREATE INDEX receipt_age ON receipt (org_id, created_at);

CREATE TABLE draft (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    item_version BIGINT NOT NULL,
    save BIGINT NOT NULL,
    fields TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX draft_person ON draft (org_id, person_id, saved_at, id);

CREATE TABLE attachment (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    draft_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id)
);
CREATE INDEX attachment_item ON attachment (org_id, item_id) WHERE item_id <> '';
CREATE INDEX attachment_draft ON attachment (org_id, draft_id) WHERE draft_id <> '';

-- Who did what to rights and settings; each row carries the hash of the one before.
CREATE TABLE audit_log (
    org_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id TEXT NOT NULL,
    act TEXT NOT NULL,
    object TEXT NOT NULL,
    origin TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (org_id, n)
);

-- +goose Down
SELECT 1;
