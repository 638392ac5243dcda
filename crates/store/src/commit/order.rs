//! Where messages have their places in a conversation.
//!
//! Times come from three clocks: ours, the server's when it hands something on, and the archive's, which may know whole seconds only.
//! So a message has a place as well, and what the archive says of the order settles it. What it lists comes one after the other, among it what
//! had come by itself before: each is put behind the one before it. What was written here stays where it was written
//! ([`super::wrong_clock`] tells when).

use std::collections::BTreeMap;

use causerie_model::{
    AccountId, BareJid, Direction, Event, MessageState, NewMessage, Order, OriginId, StanzaId, Timestamp,
};
use rusqlite::{OptionalExtension, params};

use super::Step;
use crate::codes;

/// A place: the column of that name, and what decides where that is the same.
type Place = (i64, i64);

/// How far lists of archives were taken in, by account, and what has come of each archive beside them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    /// Of our own archive, and of that of each room by its conversation.
    read: BTreeMap<(AccountId, Option<i64>), List>,
    /// The last two: the later one is noted before it is known that the earlier one is reached.
    passed: BTreeMap<(AccountId, BareJid), [Option<Passed>; 2]>,
    /// The last `message.id` that has come in its turn in this run, by itself or in a list, as in `read`.
    in_turn: BTreeMap<(AccountId, Option<i64>), i64>,
}

/// A message of an archive, and the greatest `message.id` of what is before it.
#[derive(Clone, Debug)]
pub(super) struct Passed {
    pub(super) id: String,
    pub(super) seen: i64,
}

impl Lists {
    pub(super) fn pass(&mut self, account: AccountId, archive: BareJid, passed: Passed) {
        let [earlier, later] = self.passed.entry((account, archive)).or_default();
        *earlier = later.replace(passed);
    }

    /// A list that was begun then is read, if it is not being read already.
    pub(super) fn begin(&mut self, key: (AccountId, Option<i64>), since: Timestamp) -> &List {
        let list = self.read.entry(key).or_insert_with(|| List { since, last: BTreeMap::new() });
        if list.since != since {
            *list = List { since, last: BTreeMap::new() };
            self.in_turn.remove(&key);
        }
        list
    }

    /// The last that has come in its turn, of our own archive or of that of a room.
    pub(super) fn in_turn(&self, account: AccountId, room: Option<i64>) -> Option<i64> {
        self.in_turn.get(&(account, room)).copied()
    }

    /// What is before that message, where it was noted.
    pub(super) fn passed(&self, account: AccountId, archive: &BareJid, id: &str) -> Option<i64> {
        let passed = self.passed.get(&(account, archive.clone()))?;
        passed.iter().flatten().find(|passed| passed.id == id).map(|passed| passed.seen)
    }
}

/// A list of an archive.
#[derive(Clone, Debug)]
pub(super) struct List {
    since: Timestamp,
    /// Where the last message was put, by conversation.
    last: BTreeMap<i64, Place>,
}

pub(crate) const LAST_PLACE: &str =
    "SELECT place FROM message WHERE conversation = ?1 ORDER BY place DESC, id DESC LIMIT 1";
/// What was there when the archive was last read that the conversation is kept in, our own or the room's, but neither what has been written
/// here nor what came before its turn: between that and the others there may be what is missing.
pub(crate) const LAST_SEEN: &str = "
    SELECT place, id FROM message
    WHERE conversation = ?1 AND written = 0 AND early = 0
      AND id <= (SELECT archive.seen FROM archive
                 WHERE archive.account = ?2
                   AND archive.jid = (SELECT CASE conversation.room WHEN 1 THEN conversation.peer ELSE account.jid END
                                      FROM conversation JOIN account ON account.id = conversation.account
                                      WHERE conversation.id = ?1))
    ORDER BY place DESC, id DESC LIMIT 1";

/// The one that has that name, else the one whose name is not known.
pub(crate) const LISTED: &str = "
    WITH one AS (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
    SELECT conversation, id FROM message
    WHERE conversation = (SELECT id FROM one) AND direction = ?3 AND stanza_id = ?4 AND stanza_by = ?5
    UNION ALL
    SELECT conversation, id FROM message
    WHERE conversation = (SELECT id FROM one) AND direction = ?3 AND origin = ?6 AND stanza_id IS NULL
    LIMIT 1";

/// Whether a message was written on this device.
pub(super) fn is_written(message: &NewMessage) -> bool {
    message.direction == Direction::Outgoing && message.state != MessageState::Sent
}

impl Step<'_> {
    /// Where a message is put that was not here yet.
    pub(super) fn new_place(&mut self, conversation: i64, message: &NewMessage) -> rusqlite::Result<i64> {
        let at = message.at.as_millis();
        Ok(match message.order {
            Order::ByTime => at,
            Order::Last => {
                let mut last = self.transaction.prepare_cached(LAST_PLACE)?;
                let last: Option<i64> = last.query_row([conversation], |row| row.get(0)).optional()?;
                last.map_or(at, |last| last.max(at))
            }
            Order::Listed { since } => {
                let before = self.before(conversation, since, Some(message.at))?;
                before.map_or(at, |(place, _)| place.max(at))
            }
        })
    }

    /// A message of a list has that place.
    pub(super) fn placed(&mut self, conversation: i64, place: Place) -> rusqlite::Result<()> {
        self.note_last(conversation, place)?;
        self.execute("UPDATE message SET early = 0 WHERE id = ?1 AND early = 1", [place.1])?;
        Ok(())
    }

    /// A message has come by itself, and nothing is missing before it.
    pub(super) fn came_in_turn(&mut self, conversation: i64, id: i64) -> rusqlite::Result<()> {
        let key = self.list(conversation)?;
        self.lists.in_turn.insert(key, id);
        Ok(())
    }

    fn note_last(&mut self, conversation: i64, place: Place) -> rusqlite::Result<()> {
        let key = self.list(conversation)?;
        self.lists.in_turn.insert(key, place.1);
        if let Some(list) = self.lists.read.get_mut(&key) {
            list.last.insert(conversation, place);
        }
        Ok(())
    }

    /// In the list of which archive a conversation is.
    fn list(&self, conversation: i64) -> rusqlite::Result<(AccountId, Option<i64>)> {
        let is_room = self.is_room(conversation)?;
        Ok((self.account, is_room.then_some(conversation)))
    }

    /// Whether a conversation is that of a room.
    pub(super) fn is_room(&self, conversation: i64) -> rusqlite::Result<bool> {
        self.transaction
            .prepare_cached("SELECT room FROM conversation WHERE id = ?1")?
            .query_row([conversation], |row| row.get(0))
    }

    /// Puts a message that was here already behind the one before it in the list, unless it is there. Says whether it was moved.
    pub(super) fn put_behind(
        &mut self,
        conversation: i64,
        since: Timestamp,
        id: i64,
        at: Option<Timestamp>,
    ) -> rusqlite::Result<bool> {
        let (place, written, early): (i64, bool, bool) = self
            .transaction
            .prepare_cached("SELECT place, written, early FROM message WHERE id = ?1")?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        // What has come in its turn stands where it should, as far as the list has not said otherwise.
        let before = match written || early || self.has_begun(conversation, since)? {
            true => self.before(conversation, since, at)?,
            false => None,
        };
        if written {
            // What comes after it stays behind it, whatever our clock was.
            let last = before.map_or((place, id), |before| before.max((place, id)));
            self.note_last(conversation, last)?;
            return at.map_or(Ok(false), |at| self.date_by_archive(conversation, id, at));
        }
        let before = before.filter(|before| *before > (place, id));
        let Some((last, its)) = before else {
            self.placed(conversation, (place, id))?;
            return Ok(false);
        };
        let place = last.saturating_add(i64::from(its > id));
        self.execute("UPDATE message SET place = ?2 WHERE id = ?1", params![id, place])?;
        self.placed(conversation, (place, id))?;
        Ok(true)
    }

    /// The archive lists a message without saying what is in it.
    pub(super) fn list_message(
        &mut self,
        peer: &BareJid,
        direction: Direction,
        (stanza, origin): (&StanzaId, Option<&OriginId>),
        since: Timestamp,
    ) -> rusqlite::Result<()> {
        let known: Option<(i64, i64)> = self
            .transaction
            .prepare_cached(LISTED)?
            .query_row(
                params![
                    self.account.0,
                    peer.as_str(),
                    codes::direction(direction),
                    stanza.id,
                    stanza.by.as_str(),
                    origin.map(OriginId::as_str),
                ],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((conversation, id)) = known else { return Ok(()) };
        let is_moved = self.put_behind(conversation, since, id, None)?;
        self.name_by_archive(conversation, peer, id, stanza)?;
        if is_moved {
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    /// Whether something of a conversation was in the list.
    fn has_begun(&mut self, conversation: i64, since: Timestamp) -> rusqlite::Result<bool> {
        let key = self.list(conversation)?;
        Ok(self.lists.begin(key, since).last.contains_key(&conversation))
    }

    /// Behind which message of a conversation the next one of the list is put.
    fn before(
        &mut self,
        conversation: i64,
        since: Timestamp,
        at: Option<Timestamp>,
    ) -> rusqlite::Result<Option<Place>> {
        let key = self.list(conversation)?;
        if let Some(last) = self.lists.begin(key, since).last.get(&conversation) {
            return Ok(Some(*last));
        }
        let seen = self
            .transaction
            .prepare_cached(LAST_SEEN)?
            .query_row(params![conversation, self.account.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let ahead = match at {
            Some(at) => self.sent_ahead(conversation, at)?,
            None => None,
        };
        Ok(seen.max(ahead))
    }
}
