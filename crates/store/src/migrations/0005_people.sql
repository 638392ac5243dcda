-- Accounts in an order and with colours; moving; tokens of invitations.

ALTER TABLE account ADD COLUMN position INTEGER NOT NULL DEFAULT 0; -- sorted by this, then by id
ALTER TABLE account ADD COLUMN colour TEXT;
ALTER TABLE account ADD COLUMN moved_to TEXT;

ALTER TABLE request ADD COLUMN moved_from TEXT; -- their address before, which says so itself

-- Each lets one person in, until then.
CREATE TABLE invite_token (
    account INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    token   TEXT NOT NULL,
    expires INTEGER NOT NULL,
    PRIMARY KEY (account, token)
) STRICT, WITHOUT ROWID;
