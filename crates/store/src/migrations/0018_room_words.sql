-- What is said of messages in rooms, and whether what we say there has gone out.

-- 1: it has gone out to a room, and may be there though it has not come back.
ALTER TABLE message ADD COLUMN gone_out INTEGER NOT NULL DEFAULT 0;
-- Of what waited before it is not known.
UPDATE message SET gone_out = 1
WHERE state = 1 AND conversation IN (SELECT id FROM conversation WHERE room = 1);

-- Corrections and reactions in rooms, and what we want gone there, as in `annotation`: of one person, one target and one kind the newest counts.
CREATE TABLE room_annotation (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    account   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    room      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    target    TEXT NOT NULL,    -- of a correction what the message's author calls it, else what the room does
    who       TEXT NOT NULL,    -- by what the room knows who has said it; empty: ourselves
    nick      TEXT,             -- what they were called then
    origin    TEXT,             -- what its author calls it
    stanza_id TEXT,             -- what the room calls it
    value     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    state     INTEGER NOT NULL,
    problem   TEXT,
    gone_out  INTEGER NOT NULL DEFAULT 0, -- as in `message`
    counts    INTEGER NOT NULL, -- 1: it is the newest
    waits     INTEGER NOT NULL, -- 1: the message is not here
    listed    INTEGER NOT NULL, -- 1: the room's archive has told its place
    after     INTEGER NOT NULL  -- the newest message when it came
) STRICT;

CREATE UNIQUE INDEX room_annotation_newest ON room_annotation (account, room, target, kind, who) WHERE counts = 1;
CREATE INDEX room_annotation_target ON room_annotation (account, room, target, kind, who);
CREATE INDEX room_annotation_origin ON room_annotation (account, room, origin) WHERE origin IS NOT NULL;
CREATE INDEX room_annotation_stanza ON room_annotation (account, room, stanza_id) WHERE stanza_id IS NOT NULL;
CREATE INDEX room_annotation_pending ON room_annotation (state, id) WHERE state = 1;
CREATE INDEX room_annotation_waiting ON room_annotation (account, room, id) WHERE waits = 1;

CREATE TRIGGER room_annotation_erased AFTER DELETE ON room_annotation WHEN old.value <> '' BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces = 0;
END;

CREATE TRIGGER room_annotation_replaced AFTER UPDATE OF value ON room_annotation
WHEN old.value <> '' AND old.value <> new.value BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces = 0;
END;
