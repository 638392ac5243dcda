-- What was there before this device was, and what is said of messages before they come.

-- 1: it was there before this device had asked its archive for the first time. Whether it was read is known from other devices alone, and may
-- be told later. 2: somebody has scrolled up to it.
ALTER TABLE message ADD COLUMN past INTEGER NOT NULL DEFAULT 0;
CREATE INDEX message_past ON message (conversation, place, id) WHERE past = 1;

-- The place up to which another device has told the author that everything was read (XEP-0333). NULL: nothing is known.
ALTER TABLE displayed ADD COLUMN elsewhere INTEGER;

-- That a message has arrived or was read, said before the message was here.
CREATE TABLE early_word (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    account   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    peer      TEXT NOT NULL,
    direction INTEGER NOT NULL, -- of the message, as in `message`
    origin    TEXT NOT NULL,    -- what its author calls it
    state     INTEGER NOT NULL  -- as in `message`: 4 or 5
) STRICT;

CREATE UNIQUE INDEX early_word_message ON early_word (account, peer, direction, origin);
CREATE INDEX early_word_peer ON early_word (account, peer, id);
