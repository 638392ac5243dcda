-- Whom a message did not reach, by name; and decisions about keys, with their times and what they wait for.

-- The devices that a message of ours was not encrypted for. `message.unreached` says how many there are.
CREATE TABLE unreached (
    message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    device  INTEGER NOT NULL,
    label   TEXT,          -- its name when the message was sent
    why     TEXT NOT NULL,
    PRIMARY KEY (message, jid, device)
) STRICT, WITHOUT ROWID;

-- What was only counted has no names.
UPDATE message SET unreached = 0 WHERE unreached <> 0;

-- When a person decided about a key, here or on another device: what comes later and is older does not count.
ALTER TABLE device_key ADD COLUMN decided_at INTEGER;

-- Decisions that other devices of ours are to hear of, and such that were told before the key was seen.
CREATE TABLE decision (
    account     INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    awaits      TEXT NOT NULL,
    jid         TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    trust       TEXT NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (account, awaits, jid, fingerprint)
) STRICT, WITHOUT ROWID;

-- Devices of the account itself that are to be taken off its lists as soon as that can be done.
CREATE TABLE unwanted_device (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    device  INTEGER NOT NULL,
    PRIMARY KEY (account, device)
) STRICT, WITHOUT ROWID;
