-- What is said of messages after them, and what they answer.

-- Nothing was ever in it.
DROP TABLE annotation;

-- Corrections, retractions and reactions, keyed by the target as they name it and not by its row, because they may well come before the
-- message that they are about. Of one author, one target and one kind the newest counts, in clear and encrypted apart. Those before it
-- are kept without what they said, so that a copy of them is known.
CREATE TABLE annotation (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    account      INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    peer         TEXT NOT NULL,
    direction    INTEGER NOT NULL, -- whose it is, as in `message`
    kind         TEXT NOT NULL,
    target       TEXT NOT NULL,    -- what its author calls the message
    origin       TEXT,
    value        TEXT NOT NULL,    -- the text, or the emoji with blanks between; of a retraction of ours, its words for others
    at           INTEGER NOT NULL,
    state        INTEGER NOT NULL, -- as in `message`, with `problem`, `protection`, `sealed_by` and `sealed_trust`
    problem      TEXT,
    protection   TEXT,
    sealed_by    BLOB,
    sealed_trust TEXT,
    counts       INTEGER NOT NULL, -- 1: it is the newest
    waits        INTEGER NOT NULL, -- 1: the message is not here
    after        INTEGER NOT NULL  -- the newest message when it was written: for the order in which both go out
) STRICT;

CREATE UNIQUE INDEX annotation_newest ON annotation (account, peer, target, kind, direction, protection IS NULL)
    WHERE counts = 1;
CREATE INDEX annotation_target ON annotation (account, peer, target, kind, direction);
CREATE INDEX annotation_origin ON annotation (account, peer, origin) WHERE origin IS NOT NULL;
CREATE INDEX annotation_pending ON annotation (state, id) WHERE state = 1;
CREATE INDEX annotation_waiting ON annotation (account, peer, id) WHERE waits = 1;

ALTER TABLE message ADD COLUMN reply_to TEXT;         -- what its author calls the message that this one answers
ALTER TABLE message ADD COLUMN reply_author INTEGER;  -- and who that is, as in `direction`
ALTER TABLE message ADD COLUMN corrected TEXT;        -- what is shown in place of `body`, which copies are still compared with
ALTER TABLE message ADD COLUMN edited_at INTEGER;
-- 1: the message is not here, but a correction of it: it stands in its place until it comes.
ALTER TABLE message ADD COLUMN stands_in INTEGER NOT NULL DEFAULT 0;

-- What is shown is what is found.
DROP TRIGGER message_text_insert;
DROP TRIGGER message_text_update;
DROP TRIGGER message_text_delete;

CREATE TRIGGER message_text_insert AFTER INSERT ON message WHEN coalesce(new.corrected, new.body) IS NOT NULL BEGIN
    INSERT INTO message_text (rowid, body, conversation)
    VALUES (new.id, fts_text(coalesce(new.corrected, new.body)), new.conversation);
END;

CREATE TRIGGER message_text_update AFTER UPDATE OF body, corrected, conversation ON message BEGIN
    INSERT INTO message_text (message_text, rowid, body, conversation)
    SELECT 'delete', old.id, fts_text(coalesce(old.corrected, old.body)), old.conversation
    WHERE coalesce(old.corrected, old.body) IS NOT NULL;
    INSERT INTO message_text (rowid, body, conversation)
    SELECT new.id, fts_text(coalesce(new.corrected, new.body)), new.conversation
    WHERE coalesce(new.corrected, new.body) IS NOT NULL;
END;

CREATE TRIGGER message_text_delete AFTER DELETE ON message WHEN coalesce(old.corrected, old.body) IS NOT NULL BEGIN
    INSERT INTO message_text (message_text, rowid, body, conversation)
    VALUES ('delete', old.id, fts_text(coalesce(old.corrected, old.body)), old.conversation);
END;
