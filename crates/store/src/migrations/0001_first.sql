-- The first schema. Times are milliseconds since 1970-01-01T00:00:00 UTC. Addresses are bare and in their one normal form.

CREATE TABLE account (
    id             INTEGER PRIMARY KEY AUTOINCREMENT, -- never reused
    jid            TEXT NOT NULL UNIQUE,
    server_host    TEXT,
    server_port    INTEGER,
    activity       TEXT NOT NULL DEFAULT 'active',
    strongest_seen TEXT,
    plain_allowed  INTEGER NOT NULL DEFAULT 0,
    show           TEXT NOT NULL DEFAULT 'available',
    status         TEXT NOT NULL DEFAULT '',
    priority       INTEGER NOT NULL DEFAULT 0,
    sharing        TEXT NOT NULL DEFAULT 'nobody',
    roster_version TEXT
) STRICT;

CREATE TABLE contact (
    account      INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid          TEXT NOT NULL,
    name         TEXT,
    subscription TEXT NOT NULL,
    pending_out  INTEGER NOT NULL, -- 1: our request waits
    approved     INTEGER NOT NULL,
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_group (
    account INTEGER NOT NULL,
    jid     TEXT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (account, jid, name),
    FOREIGN KEY (account, jid) REFERENCES contact (account, jid) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE request (
    account  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid      TEXT NOT NULL,
    nickname TEXT,
    message  TEXT,
    at       INTEGER NOT NULL,
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

CREATE TABLE blocked (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

-- Names that people gave themselves, contacts or not.
CREATE TABLE nickname (
    account  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid      TEXT NOT NULL,
    nickname TEXT NOT NULL,
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

-- Pictures by their hash: one that several people or accounts share is kept once.
CREATE TABLE avatar (
    hash  BLOB PRIMARY KEY,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE avatar_choice (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    hash    BLOB NOT NULL REFERENCES avatar (hash),
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

CREATE INDEX avatar_choice_hash ON avatar_choice (hash);

-- Verified sets of features. They are true whoever told them, so that no account owns them.
CREATE TABLE capability (
    id  INTEGER PRIMARY KEY AUTOINCREMENT,
    ver TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE feature (
    capability INTEGER NOT NULL REFERENCES capability ON DELETE CASCADE,
    name       TEXT NOT NULL,
    PRIMARY KEY (capability, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    account    INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    peer       TEXT NOT NULL,
    draft      TEXT NOT NULL DEFAULT '',
    read_up_to INTEGER NOT NULL DEFAULT 0, -- id of a message; all up to it were read
    unread     INTEGER NOT NULL DEFAULT 0, -- how many of its messages have unread = 1
    active_at  INTEGER NOT NULL,
    UNIQUE (account, peer)
) STRICT;

CREATE INDEX conversation_activity ON conversation (active_at, id);

CREATE TABLE message (
    id           INTEGER PRIMARY KEY AUTOINCREMENT, -- grows with the order of arrival, never reused
    conversation INTEGER NOT NULL REFERENCES conversation ON DELETE CASCADE,
    direction    INTEGER NOT NULL, -- 0 incoming, 1 outgoing
    origin       TEXT,
    stanza_by    TEXT,
    stanza_id    TEXT,
    body         TEXT,             -- NULL where `unreadable` tells why
    unreadable   TEXT,
    at           INTEGER NOT NULL,
    state        INTEGER NOT NULL, -- 0 received, 1 pending, 2 sent, 3 failed
    problem      TEXT,             -- of state 3
    unread       INTEGER NOT NULL,
    CHECK ((body IS NULL) = (unreadable IS NOT NULL)),
    CHECK ((stanza_by IS NULL) = (stanza_id IS NULL))
) STRICT;

CREATE INDEX message_page ON message (conversation, at, id);
CREATE UNIQUE INDEX message_stanza ON message (conversation, direction, stanza_id, stanza_by)
    WHERE stanza_id IS NOT NULL;
-- Not unique: an author may use one identifier for two texts, and then both are kept.
CREATE INDEX message_origin ON message (conversation, direction, origin) WHERE origin IS NOT NULL;
CREATE INDEX message_pending ON message (state, id) WHERE state = 1;
CREATE INDEX message_unread ON message (unread, conversation, at, id) WHERE unread = 1;

-- What others say about a message (reactions, corrections, retractions…), keyed by the target as they name it and not by its row,
-- because an annotation may well come before the message that it is about. They are joined when a page is read.
CREATE TABLE annotation (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    peer    TEXT NOT NULL,
    author  TEXT NOT NULL,
    target  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    value   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    UNIQUE (account, peer, target, kind, author, value)
) STRICT;

-- The search index holds words only, not the text once more. It follows every change of `message` by itself. The conversation's
-- number is in it as a word, so that a common word is found quickly in a quiet conversation too.
CREATE VIRTUAL TABLE message_text USING fts5 (
    body,
    conversation,
    content = '',
    tokenize = 'unicode61 remove_diacritics 2',
    prefix = '2 3'
);

-- What is removed from the index leaves the file at once, and not only when its pages are next put together. This needs the words
-- that go: they are told as they were put in, which is why a step that changes `fts_text` has to fill the index anew.
INSERT INTO message_text (message_text, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER message_text_insert AFTER INSERT ON message WHEN new.body IS NOT NULL BEGIN
    INSERT INTO message_text (rowid, body, conversation) VALUES (new.id, fts_text(new.body), new.conversation);
END;

CREATE TRIGGER message_text_update AFTER UPDATE OF body, conversation ON message BEGIN
    INSERT INTO message_text (message_text, rowid, body, conversation)
    SELECT 'delete', old.id, fts_text(old.body), old.conversation WHERE old.body IS NOT NULL;
    INSERT INTO message_text (rowid, body, conversation)
    SELECT new.id, fts_text(new.body), new.conversation WHERE new.body IS NOT NULL;
END;

CREATE TRIGGER message_text_delete AFTER DELETE ON message WHEN old.body IS NOT NULL BEGIN
    INSERT INTO message_text (message_text, rowid, body, conversation)
    VALUES ('delete', old.id, fts_text(old.body), old.conversation);
END;
