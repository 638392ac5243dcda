-- What was said of messages while something before it may have been missing.

-- 1: it came while what was said before it was being fetched, and the archive has not told its place since; 2: it was written here then.
ALTER TABLE annotation ADD COLUMN early INTEGER NOT NULL DEFAULT 0;
ALTER TABLE room_annotation ADD COLUMN early INTEGER NOT NULL DEFAULT 0;

CREATE INDEX annotation_early ON annotation (account) WHERE early > 0;
CREATE INDEX room_annotation_early ON room_annotation (account, room) WHERE early = 1;
