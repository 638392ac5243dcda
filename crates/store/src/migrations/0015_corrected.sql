-- What is shown of a message in clear may have been encrypted.

-- 1: the message is in clear, and `corrected` was encrypted: nothing of it goes out in clear, and nothing in clear changes it.
ALTER TABLE message ADD COLUMN corrected_sealed INTEGER NOT NULL DEFAULT 0;
UPDATE message SET corrected_sealed = 1
WHERE protection IS NULL AND corrected IS NOT NULL AND EXISTS (
    SELECT 1 FROM conversation JOIN annotation ON annotation.account = conversation.account AND annotation.peer = conversation.peer
    WHERE conversation.id = message.conversation AND annotation.target = message.origin
      AND annotation.kind = 'correction' AND annotation.direction = message.direction
      AND annotation.protection IS NOT NULL AND annotation.counts = 1 AND annotation.at = message.edited_at);
