//! What was read, by others and on other devices, and what has arrived.
//!
//! Archives give the newest pages first, and somebody may have read what is in an older one. So what is said of a message that is not here is
//! kept until it comes: [`MOST_EARLY`] of one conversation, [`MOST_EARLY_IN_ALL`] in all, the last of them.

use causerie_model::{BareJid, Direction, Event, MessageState, NewMessage, OriginId};
use rusqlite::{OptionalExtension, params};

use super::Step;
use super::copied::OURS;
use crate::codes;

/// How far back, in milliseconds, a message that was read says so of those before it. A conversation may be long.
const READ_BEFORE: i64 = 30 * 24 * 60 * 60 * 1_000;
/// How much that is said of messages of one conversation which are not here is kept, and of all of them.
pub(crate) const MOST_EARLY: i64 = 500;
pub(crate) const MOST_EARLY_IN_ALL: i64 = 5_000;

/// What is said of messages that are not here, beyond what is kept.
pub(crate) const TOO_EARLY: &str =
    "SELECT id FROM early_word WHERE account = ?1 AND peer = ?2 ORDER BY id DESC LIMIT -1 OFFSET ?3";
/// How the next of ours after that place that has gone out stands.
pub(crate) const NEXT_OF_OURS: &str = "
    SELECT state FROM message
    WHERE conversation = ?1 AND place > ?2 AND place <= ?3 AND direction = 1 AND state IN (2, 4, 5)
    ORDER BY place, id LIMIT 1";

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
        let Some((target, conversation, place)) = target else {
            return self.speak_early(peer, (Direction::Outgoing, id), codes::READ);
        };
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

    /// Marks as read what was read on another device: what its author called so, and what is before it, whenever that comes.
    pub(super) fn read_elsewhere(&mut self, peer: &BareJid, id: &OriginId) -> rusqlite::Result<()> {
        let read: Option<(i64, i64, i64)> = self
            .transaction
            .prepare_cached(
                "SELECT conversation, place, id FROM message
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                   AND direction = 0 AND origin = ?3 ORDER BY id DESC LIMIT 1",
            )?
            .query_row(params![self.account.0, peer.as_str(), id.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        match read {
            Some((conversation, place, id)) => self.read_elsewhere_through(conversation, peer, (place, id)),
            None => self.speak_early(peer, (Direction::Incoming, id), codes::READ),
        }
    }

    /// Something was said of a message that is not here: it counts when that comes. What we have said of messages has arrived or not, and
    /// nobody is shown that.
    pub(super) fn speak_early(
        &mut self,
        peer: &BareJid,
        (direction, id): (Direction, &OriginId),
        state: i64,
    ) -> rusqlite::Result<()> {
        let (account, peer) = (self.account.0, peer.as_str());
        let is_ours = direction == Direction::Outgoing;
        if is_ours && self.transaction.prepare_cached(OURS)?.exists(params![account, peer, id.as_str()])? {
            return Ok(());
        }
        self.execute(
            "INSERT INTO early_word (account, peer, direction, origin, state) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, peer, direction, origin) DO UPDATE SET state = max(state, ?5)",
            params![account, peer, codes::direction(direction), id.as_str(), state],
        )?;
        self.execute(
            &format!("DELETE FROM early_word WHERE id IN ({TOO_EARLY})"),
            params![account, peer, MOST_EARLY],
        )?;
        self.execute(
            "DELETE FROM early_word WHERE id IN (
                 SELECT id FROM early_word WHERE account = ?1 ORDER BY id DESC LIMIT -1 OFFSET ?2)",
            params![account, MOST_EARLY_IN_ALL],
        )
        .map(drop)
    }

    /// A message has come of which something may have been said before. Says whether another device has read it.
    pub(super) fn was_spoken_of(
        &mut self,
        conversation: i64,
        message: &NewMessage,
        (place, id): (i64, i64),
    ) -> rusqlite::Result<bool> {
        let is_ours = message.direction == Direction::Outgoing;
        if is_ours && message.state == MessageState::Sent && self.has_read_behind(conversation, place)? {
            self.execute("UPDATE message SET state = 5 WHERE id = ?1 AND state IN (2, 4)", [id])?;
        }
        let Some(origin) = &message.origin else { return Ok(false) };
        let direction = codes::direction(message.direction);
        let state: Option<i64> = self
            .transaction
            .prepare_cached(
                "DELETE FROM early_word WHERE account = ?1 AND peer = ?2 AND direction = ?3 AND origin = ?4
                 RETURNING state",
            )?
            .query_row(params![self.account.0, message.peer.as_str(), direction, origin.as_str()], |row| {
                row.get(0)
            })
            .optional()?;
        match (state, is_ours) {
            (None, _) => return Ok(false),
            (Some(_), false) => self.read_elsewhere_through(conversation, &message.peer, (place, id))?,
            (Some(codes::READ), true) => self.read_by_peer(&message.peer, origin)?,
            (Some(_), true) => self.advance_message(&message.peer, origin, &MessageState::Delivered)?,
        }
        Ok(!is_ours)
    }

    /// Whether the peer has read something of ours that is behind that place: then they have read the next of ours, too.
    fn has_read_behind(&self, conversation: i64, place: i64) -> rusqlite::Result<bool> {
        let until = place.saturating_add(READ_BEFORE);
        let next: Option<i64> = self
            .transaction
            .prepare_cached(NEXT_OF_OURS)?
            .query_row(params![conversation, place, until], |row| row.get(0))
            .optional()?;
        Ok(next == Some(codes::READ))
    }
}
