-- Whether texts were deleted or replaced whose pieces may still lie in the file: until it has been put together anew, in whatever run.

CREATE TABLE erased (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    pieces INTEGER NOT NULL -- 1: there may be some
) STRICT;

-- Of what was deleted before it is not known.
INSERT INTO erased (id, pieces) SELECT 1, EXISTS (SELECT 1 FROM conversation);

CREATE TRIGGER message_erased AFTER DELETE ON message WHEN old.body IS NOT NULL OR old.corrected IS NOT NULL BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces = 0;
END;

CREATE TRIGGER message_replaced AFTER UPDATE OF body, corrected ON message
WHEN (old.body IS NOT NULL AND old.body IS NOT new.body) OR (old.corrected IS NOT NULL AND old.corrected IS NOT new.corrected) BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces = 0;
END;

CREATE TRIGGER annotation_erased AFTER DELETE ON annotation WHEN old.value <> '' BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces = 0;
END;

CREATE TRIGGER annotation_replaced AFTER UPDATE OF value ON annotation WHEN old.value <> '' AND old.value <> new.value BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces = 0;
END;

CREATE TRIGGER held_annotation_erased AFTER DELETE ON held_annotation WHEN old.value <> '' BEGIN
    UPDATE erased SET pieces = 1 WHERE pieces = 0;
END;
