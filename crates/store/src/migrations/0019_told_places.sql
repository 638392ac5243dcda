-- What was said of messages while something before it may have been missing.

-- 1: it came while what was said before it was being fetched, and the archive has not told its place since; 2: it was written here then.
ALTER TABLE annotation ADD COLUMN early INTEGER NOT NULL DEFAULT 0;
ALTER TABLE room_annotation ADD COLUMN early INTEGER NOT NULL DEFAULT 0;

CREATE INDEX annotation_early ON annotation (account) WHERE early > 0;
CREATE INDEX room_annotation_early ON room_annotation (account, room) WHERE early = 1;

-- What is deleted of it while the file is gone through is noted too, as of everything else (see 0017).
DROP TRIGGER room_annotation_erased;
DROP TRIGGER room_annotation_replaced;

CREATE TRIGGER room_annotation_erased AFTER DELETE ON room_annotation WHEN old.value <> '' BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces <> 1;
END;

CREATE TRIGGER room_annotation_replaced AFTER UPDATE OF value ON room_annotation
WHEN old.value <> '' AND old.value <> new.value BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces <> 1;
END;
