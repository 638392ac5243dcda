-- End-to-end encryption: devices, their keys, what is shared with them, and how each message was protected.

-- What is sealed lies on pages of its own, which are overwritten as soon as it goes. In a row among others it would be moved about,
-- and a piece of an old page that no row covers any more may keep what was there. So `pad` fills what SQLite keeps of a row in the
-- tree itself: at most 1,002 bytes of a page of 4,096 (<https://sqlite.org/fileformat2.html> §1.6). It stands before `sealed`, and
-- no statement names it.

-- The account's own keys.
CREATE TABLE own_keys (
    account INTEGER PRIMARY KEY REFERENCES account ON DELETE CASCADE,
    device  INTEGER NOT NULL,
    pad     BLOB NOT NULL DEFAULT (zeroblob(1002)),
    sealed  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- What is shared with one device, in one version.
CREATE TABLE session (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    device  INTEGER NOT NULL,
    version TEXT NOT NULL,
    pad     BLOB NOT NULL DEFAULT (zeroblob(1002)),
    sealed  BLOB NOT NULL,
    PRIMARY KEY (account, jid, device, version)
) STRICT, WITHOUT ROWID;

-- The lists of devices that were seen. One without devices is empty, which is not the same as one that was never seen.
CREATE TABLE device_list (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    version TEXT NOT NULL,
    PRIMARY KEY (account, jid, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE listed_device (
    account INTEGER NOT NULL,
    jid     TEXT NOT NULL,
    device  INTEGER NOT NULL,
    version TEXT NOT NULL,
    label   TEXT,
    PRIMARY KEY (account, jid, device, version),
    FOREIGN KEY (account, jid, version) REFERENCES device_list (account, jid, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The keys that were seen, and what is decided about each.
CREATE TABLE device_key (
    account     INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid         TEXT NOT NULL,
    fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    device      INTEGER NOT NULL, -- under which it was last seen
    newest      INTEGER NOT NULL, -- 1: of all keys of that device, it was seen last
    trust       TEXT NOT NULL,
    first_seen  INTEGER NOT NULL,
    last_used   INTEGER,
    PRIMARY KEY (account, jid, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX device_key_newest ON device_key (account, jid, device) WHERE newest = 1;

ALTER TABLE conversation ADD COLUMN privacy TEXT NOT NULL DEFAULT 'encrypted';

-- NULL: in clear. Else the version, with whose key sealed it and what was decided about that key by then; or 'encrypted' for our
-- own and for what could not be read.
ALTER TABLE message ADD COLUMN protection TEXT;
ALTER TABLE message ADD COLUMN sealed_by BLOB;
ALTER TABLE message ADD COLUMN sealed_trust TEXT;
ALTER TABLE message ADD COLUMN unreached INTEGER NOT NULL DEFAULT 0; -- how many devices can't read it

-- A message in clear is never the same as an encrypted one, whatever an archive calls them.
DROP INDEX message_stanza;
CREATE UNIQUE INDEX message_stanza ON message (conversation, direction, stanza_id, stanza_by, protection IS NULL)
    WHERE stanza_id IS NOT NULL;

-- How often what is sealed was taken in use: one row. By its name the keyring tells this database, and copies of it, from others.
CREATE TABLE vault (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    name   TEXT NOT NULL,
    epoch  INTEGER NOT NULL,
    intent INTEGER
) STRICT;

INSERT INTO vault (id, name, epoch) VALUES (1, lower(hex(randomblob(16))), 0);
