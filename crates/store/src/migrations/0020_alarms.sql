-- What a person is to have seen of their own devices, and has not yet: it is told again in each run.

CREATE TABLE alarm (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    what    TEXT NOT NULL,
    device  INTEGER NOT NULL, -- 0: it is about none
    PRIMARY KEY (account, what, device)
) STRICT, WITHOUT ROWID;
