-- What tells another copy of this device: that it has sent something of which there is nothing here; decisions that devices have told whose
-- keys were not compared yet; and how far the file has been gone through for pieces of deleted texts.

-- Under the number of which device of ours another program has sent something.
CREATE TABLE copy_seen (
    account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    device  INTEGER NOT NULL,
    renewed INTEGER -- when there were new keys last for that reason
) STRICT;

-- What we have called what we said of messages, as far as nothing else of it is here any more.
CREATE TABLE past_name (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    name    TEXT NOT NULL,
    UNIQUE (account, name)
) STRICT;

-- Since when all is here that this device has called something: before, some names were forgotten.
ALTER TABLE account ADD COLUMN names_since INTEGER NOT NULL DEFAULT 0;
UPDATE account SET names_since = unixepoch() * 1000;

CREATE TABLE told (
    account     INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    teller      BLOB NOT NULL, -- the key of the device that has told it
    jid         TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    trust       TEXT NOT NULL,
    at          INTEGER NOT NULL,
    since       INTEGER NOT NULL, -- when it was told
    PRIMARY KEY (account, teller, jid, fingerprint)
) STRICT, WITHOUT ROWID;

-- 2: the file is being gone through, and nothing was deleted since that was begun.
DROP TRIGGER message_erased;
DROP TRIGGER message_replaced;
DROP TRIGGER annotation_erased;
DROP TRIGGER annotation_replaced;
DROP TRIGGER held_annotation_erased;

CREATE TRIGGER message_erased AFTER DELETE ON message WHEN old.body IS NOT NULL OR old.corrected IS NOT NULL BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces <> 1;
END;

CREATE TRIGGER message_replaced AFTER UPDATE OF body, corrected ON message
WHEN (old.body IS NOT NULL AND old.body IS NOT new.body) OR (old.corrected IS NOT NULL AND old.corrected IS NOT new.corrected) BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces <> 1;
END;

CREATE TRIGGER annotation_erased AFTER DELETE ON annotation WHEN old.value <> '' BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces <> 1;
END;

CREATE TRIGGER annotation_replaced AFTER UPDATE OF value ON annotation WHEN old.value <> '' AND old.value <> new.value BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces <> 1;
END;

CREATE TRIGGER held_annotation_erased AFTER DELETE ON held_annotation WHEN old.value <> '' BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces <> 1;
END;
