//! What says that this device has sent it: another copy of it has, where nothing here is of that name.
//!
//! Nothing leaves this machine before it is here under the name that it leaves with, and a message that is taken back or corrected keeps its
//! row. What was said of messages does not, if there is too much of it: its names stay ([`PAST`]).

use causerie_model::{
    BareJid, Body, DeviceId, Direction, Event, NewMessage, OriginId, Timestamp, Unreadable,
};
use rusqlite::{OptionalExtension, params};

use super::Step;
use super::message::Known;

/// Whether we have written something of that name, a message or what is said of one.
pub(crate) const OURS: &str = "
    SELECT 1 FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
      AND direction = 1 AND origin = ?3
    UNION ALL
    SELECT 1 FROM annotation WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = 1
    UNION ALL
    SELECT 1 FROM past_name WHERE account = ?1 AND name = ?3";
/// The message of ours that is called that.
pub(crate) const NAMED: &str = "
    SELECT id, origin, stanza_id IS NOT NULL, body IS NOT NULL OR unreadable = 'retracted', state, problem
    FROM message WHERE conversation = ?1 AND direction = 1 AND origin = ?2 AND protection IS NOT NULL
    ORDER BY id LIMIT 1";
/// Whether a message of ours is here that the archive calls that.
pub(crate) const ARCHIVED: &str = "
    SELECT 1 FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
      AND direction = 1 AND stanza_id = ?3 AND stanza_by = ?4";
/// Keeps the names of what goes, of ours alone.
pub(super) const PAST: &str =
    "INSERT OR IGNORE INTO past_name (account, name) SELECT account, origin FROM annotation
     WHERE direction = 1 AND origin IS NOT NULL AND id IN ";
/// How many of them are kept. Our own devices alone add to them, and whoever can write in their name, as our server can.
const MOST_PAST: i64 = 50_000;

impl Step<'_> {
    /// Stores a message that says to be ours, unless it is. What is from before all names were kept may be.
    pub(super) fn add_unless_ours(
        &mut self,
        message: &NewMessage,
        device: DeviceId,
        also: Option<&OriginId>,
    ) -> rusqlite::Result<()> {
        let since: i64 = self
            .transaction
            .prepare_cached("SELECT names_since FROM account WHERE id = ?1")?
            .query_row([self.account.0], |row| row.get(0))?;
        if message.at.as_millis() < since || self.is_ours(message, also)? {
            return Ok(());
        }
        self.add_message(message)?;
        self.execute(
            "INSERT INTO copy_seen (account, device) VALUES (?1, ?2)
             ON CONFLICT (account) DO UPDATE SET device = ?2",
            params![self.account.0, device.get()],
        )?;
        self.news.tell(Event::CopySeen(device));
        Ok(())
    }

    /// There are new keys, for that reason.
    pub(super) fn answer_copy(&self, at: Timestamp) -> rusqlite::Result<()> {
        let sql = "UPDATE copy_seen SET renewed = ?2 WHERE account = ?1";
        self.execute(sql, params![self.account.0, at.as_millis()]).map(drop)
    }

    fn is_ours(&self, message: &NewMessage, also: Option<&OriginId>) -> rusqlite::Result<bool> {
        let peer: &BareJid = &message.peer;
        for name in message.origin.iter().chain(also) {
            let named = params![self.account.0, peer.as_str(), name.as_str()];
            if self.transaction.prepare_cached(OURS)?.exists(named)? {
                return Ok(true);
            }
        }
        let Some(stanza) = &message.stanza else { return Ok(false) };
        let named = params![self.account.0, peer.as_str(), stanza.id, stanza.by.as_str()];
        self.transaction.prepare_cached(ARCHIVED)?.exists(named)
    }

    /// What we have sent comes again from the archive, and this device has other keys than it had then: it is here already, and the archive
    /// tells no more than its place and that it was sent.
    pub(super) fn is_known_as_ours(
        &mut self,
        conversation: i64,
        message: &NewMessage,
    ) -> rusqlite::Result<bool> {
        let is_lost =
            matches!(message.body, Body::Unreadable(Unreadable::NotForThisDevice | Unreadable::KeysLost));
        if message.direction != Direction::Outgoing || !is_lost || !self.is_ours(message, None)? {
            return Ok(false);
        }
        let Some(origin) = &message.origin else { return Ok(true) };
        let known = self
            .transaction
            .prepare_cached(NAMED)?
            .query_row(params![conversation, origin.as_str()], Known::read)
            .optional()?;
        if let Some(known) = known {
            self.place_again(conversation, &known, message)?;
            self.complete(conversation, &known, message)?;
        }
        Ok(true)
    }

    /// There are not more names than so many.
    pub(super) fn bound_names(&self) -> rusqlite::Result<()> {
        let sql = "DELETE FROM past_name WHERE account = ?1 AND id <= (SELECT max(id) FROM past_name) - ?2";
        self.execute(sql, params![self.account.0, MOST_PAST]).map(drop)
    }
}
