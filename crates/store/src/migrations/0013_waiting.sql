-- What waits until it can be read, or until it counts: why, since when, for which row, and with the keys that it needs.

ALTER TABLE held ADD COLUMN message INTEGER REFERENCES message ON DELETE CASCADE; -- the row that stands for it
ALTER TABLE held ADD COLUMN why TEXT NOT NULL DEFAULT 'key-replaced';             -- as in `message.unreadable`
ALTER TABLE held ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
UPDATE held SET since = at;
UPDATE held SET message = (
    SELECT message.id
    FROM message JOIN conversation ON conversation.id = message.conversation
    WHERE conversation.account = held.account AND conversation.peer = held.peer AND message.direction = held.direction
      AND (message.origin = held.origin OR message.stanza_id = held.stanza_id) AND message.protection IS NOT NULL
      AND message.unreadable IN ('key-replaced', 'delayed')
      AND ((message.stanza_id, message.stanza_by) IS (held.stanza_id, held.stanza_by) OR message.at = held.at)
    ORDER BY message.stanza_id IS NULL LIMIT 1);
UPDATE held SET why = 'delayed' WHERE message IN (SELECT id FROM message WHERE unreadable = 'delayed');
CREATE INDEX held_message ON held (message) WHERE message IS NOT NULL;

-- Our pre-keys that a key exchange needs which is held, sealed. `pad` is as in `session`.
CREATE TABLE held_keys (
    held   INTEGER NOT NULL PRIMARY KEY REFERENCES held ON DELETE CASCADE,
    pad    BLOB NOT NULL DEFAULT (zeroblob(1002)),
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What was said of messages by devices that are not trusted: it counts when they are. The columns are as in `annotation`.
CREATE TABLE held_annotation (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account      INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    peer         TEXT NOT NULL,
    direction    INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    target       TEXT NOT NULL,
    origin       TEXT,
    value        TEXT NOT NULL,
    at           INTEGER NOT NULL,
    state        INTEGER NOT NULL,
    protection   TEXT NOT NULL,
    sealed_by    BLOB NOT NULL,
    sealed_trust TEXT NOT NULL
) STRICT;

CREATE INDEX held_annotation_key ON held_annotation (account, sealed_by);
CREATE INDEX held_annotation_peer ON held_annotation (account, peer, id);

-- Rows that stand for what comes again, so that they are found when nothing more comes.
CREATE INDEX message_early ON message (conversation) WHERE unreadable = 'early';

-- Numbered for each account by itself, so that each is kept as short as it should be.
ALTER TABLE read_key ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE read_key SET number = numbered.number
FROM (SELECT id, row_number() OVER (PARTITION BY account ORDER BY id) AS number FROM read_key) AS numbered
WHERE numbered.id = read_key.id;
CREATE UNIQUE INDEX read_key_number ON read_key (account, number);
