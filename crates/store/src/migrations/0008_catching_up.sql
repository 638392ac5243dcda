-- Catching up, and what was read elsewhere.

-- Between `reached` and this time something is missing, though what is newer is here. NULL: nothing is.
ALTER TABLE archive ADD COLUMN gap_until INTEGER;

-- How far the person has read on any device, as the account's own node says (XEP-0490): what our archive calls the message, and when it
-- was, once it is here. Conversations need not be.
CREATE TABLE displayed (
    account   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    peer      TEXT NOT NULL,
    stanza_id TEXT,             -- NULL: it is here, and what it says is done
    at        INTEGER,          -- up to then everything was read; NULL: nothing is known yet
    PRIMARY KEY (account, peer)
) STRICT, WITHOUT ROWID;
