-- By what a copy of the database is known.

-- When the database's file was made, as its file system says, in nanoseconds since 1970; NULL where it does not say. A copy of the
-- file was made later.
ALTER TABLE vault ADD COLUMN born INTEGER;

-- 1: the key has been in a keyring.
ALTER TABLE vault ADD COLUMN in_keyring INTEGER NOT NULL DEFAULT 0;
UPDATE vault SET in_keyring = epoch > 0;
