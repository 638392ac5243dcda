-- How far messages have got, and how far the archives were read.

-- In `message.state`: 4 delivered to the peer, 5 read by the peer. Neither goes back.

-- What people are told of their messages.
ALTER TABLE account ADD COLUMN confirming TEXT NOT NULL DEFAULT 'reading';

-- The newest message of an archive up to which everything is here. What is newer than that may have gaps.
CREATE TABLE archive (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    reached TEXT NOT NULL,
    at      INTEGER NOT NULL, -- when that message was, for an archive that does not know it any more
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;
