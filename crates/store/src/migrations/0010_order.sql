-- The order of a conversation is the archive's, where that is known, whatever the clocks say.

-- By this, and then by `id`, messages are read. `at` is what is shown.
ALTER TABLE message ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
-- 1: written on this device. It stays where it was written, however late it gets into the archive.
ALTER TABLE message ADD COLUMN written INTEGER NOT NULL DEFAULT 0;
-- 1: only its time is known. What comes before it may still be missing, and is not put behind it.
ALTER TABLE message ADD COLUMN early INTEGER NOT NULL DEFAULT 0;
UPDATE message SET place = at, written = direction;
UPDATE message SET early = 1
WHERE stands_in = 1 OR at >= (
    SELECT min(archive.gap_until) FROM archive JOIN conversation ON conversation.account = archive.account
    WHERE conversation.id = message.conversation);

DROP INDEX message_page;
CREATE INDEX message_page ON message (conversation, place, id);
DROP INDEX message_unread;
CREATE INDEX message_unread ON message (unread, conversation, place, id) WHERE unread = 1;

-- The greatest `message.id` that there was when the archive was read up to `reached`.
ALTER TABLE archive ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;

-- `displayed.at` is a place from now on. So far the two were the same.
