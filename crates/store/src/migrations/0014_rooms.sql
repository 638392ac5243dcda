-- Rooms: which there are, who says what there, and what is to be gone.

CREATE TABLE room (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    jid     TEXT NOT NULL,
    nick    TEXT NOT NULL,
    wanted  INTEGER NOT NULL, -- 1: the person wants to be in it
    PRIMARY KEY (account, jid)
) STRICT, WITHOUT ROWID;

-- 1: the peer is a room.
ALTER TABLE conversation ADD COLUMN room INTEGER NOT NULL DEFAULT 0;

-- Who has said it, of what others have said in a room: what they were called, and by what the room knows them.
ALTER TABLE message ADD COLUMN nick TEXT;
ALTER TABLE message ADD COLUMN occupant TEXT;

-- What is to be gone and is not here: if it comes, nothing of it is kept. `occupant` is who wants it; NULL: the room itself.
CREATE TABLE room_retraction (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    account   INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    room      TEXT NOT NULL,
    stanza_id TEXT NOT NULL,
    occupant  TEXT
) STRICT;

CREATE INDEX room_retraction_stanza ON room_retraction (account, room, stanza_id);
