-- Encrypted messages that can't be read yet, as they came; what was read last; and people about whose keys somebody takes care.

CREATE TABLE held (
    id        INTEGER PRIMARY KEY,
    account   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    mark      BLOB NOT NULL CHECK (length(mark) = 16),
    peer      TEXT NOT NULL,
    direction INTEGER NOT NULL,
    origin    TEXT,
    stanza_by TEXT,
    stanza_id TEXT,
    at        INTEGER NOT NULL,
    stanza    TEXT NOT NULL,
    UNIQUE (account, mark)
) STRICT;

-- The last that were read of each account: a copy of one says nothing new.
CREATE TABLE read_key (
    id      INTEGER PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    mark    BLOB NOT NULL CHECK (length(mark) = 16),
    UNIQUE (account, mark)
) STRICT;

-- People of whom a key was compared or refused: new ones wait for a decision, whatever becomes of that one.
CREATE TABLE careful (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

INSERT INTO careful (account, jid)
SELECT DISTINCT device_key.account, device_key.jid
FROM device_key JOIN account ON account.id = device_key.account
     LEFT JOIN own_keys ON own_keys.account = device_key.account
WHERE (device_key.jid <> account.jid AND trust IN ('verified', 'distrusted'))
   OR (device_key.jid = account.jid AND trust = 'verified' AND device_key.device IS NOT own_keys.device);

-- 1: seen before its device was on a list. It is trusted as it came as soon as that is, if nobody has decided.
ALTER TABLE device_key ADD COLUMN early INTEGER NOT NULL DEFAULT 0;

-- When its author's program says that it was written, where that is far from `at`.
ALTER TABLE message ADD COLUMN written_at INTEGER;
