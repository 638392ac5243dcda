-- What is written to a person and has certainly not left. Of what waited before it is not known.

-- 1: it has not left. What is not noted so may have.
ALTER TABLE message ADD COLUMN held_back INTEGER NOT NULL DEFAULT 0;
ALTER TABLE annotation ADD COLUMN held_back INTEGER NOT NULL DEFAULT 0; -- as in `message`
