-- When an archive was asked for the first time. What is there from before that is no news, even if its first page came much later. Of a room without
-- an archive: when it had told for the first time what was said before.
CREATE TABLE archive_asked (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    at      INTEGER NOT NULL, -- by our clock
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;
