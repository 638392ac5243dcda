-- What is still to be told of reading outlives the run in which it could not be told.

-- 1: its author wants to know when it was read (XEP-0333).
ALTER TABLE message ADD COLUMN markable INTEGER NOT NULL DEFAULT 0;

CREATE TABLE reading (
    account  INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    peer     TEXT NOT NULL,
    told     TEXT, -- what our devices know, as our archive calls it: the last that any of them told (XEP-0490)
    archived TEXT, -- what they are still to be told
    marker   TEXT, -- what the other side is still to be told, as they call it (XEP-0333)
    PRIMARY KEY (account, peer)
) STRICT, WITHOUT ROWID;
