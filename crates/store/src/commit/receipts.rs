//! What was read, by others and on other devices.

use causerie_model::{BareJid, Event, MessageId, OriginId};
use rusqlite::{OptionalExtension, params};

use super::Step;

/// How far back, in milliseconds, a message that was read says so of those before it. A conversation may be long.
const READ_BEFORE: i64 = 30 * 24 * 60 * 60 * 1_000;

impl Step<'_> {
    /// Marks what the peer has read: the message that they name, and of those that had gone out before it the ones of the last
    /// [`READ_BEFORE`].
    pub(super) fn read_by_peer(&mut self, peer: &BareJid, id: &OriginId) -> rusqlite::Result<()> {
        let target = self
            .transaction
            .prepare_cached(
                "SELECT id, conversation, place FROM message
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                   AND direction = 1 AND origin = ?3 ORDER BY id LIMIT 1",
            )?
            .query_row(params![self.account.0, peer.as_str(), id.as_str()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
            })
            .optional()?;
        let Some((target, conversation, place)) = target else { return Ok(()) };
        let changed = self.execute(
            "UPDATE message SET state = 5, problem = NULL WHERE id = ?1 AND direction = 1 AND state IS NOT 5",
            [target],
        )? + self.execute(
            "UPDATE message SET state = 5
             WHERE conversation = ?1 AND (place, id) < (?2, ?3) AND place >= ?4 AND direction = 1 AND state IN (2, 4)",
            params![conversation, place, target, place.saturating_sub(READ_BEFORE)],
        )?;
        if changed > 0 {
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    /// Marks as read what was read on another device: what its author called so, and what had come by then.
    pub(super) fn read_elsewhere(&mut self, peer: &BareJid, id: &OriginId) -> rusqlite::Result<()> {
        let read: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT id FROM message
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                   AND direction = 0 AND origin = ?3 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![self.account.0, peer.as_str(), id.as_str()], |row| row.get(0))
            .optional()?;
        match read {
            Some(id) => self.read_up_to(peer, MessageId(id)),
            None => Ok(()),
        }
    }
}
