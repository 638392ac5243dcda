//! Encrypted messages that can't be read yet, and what was read last.

use causerie_model::{
    BareJid, Direction, Event, Held, LetGo, MOST_READ, Mark, MessageId, OriginId, StanzaId, Unreadable,
};
use rusqlite::{OptionalExtension, params};

use super::Step;
use crate::codes::{self, Code};

/// How many of those that were read are forgotten at once, when there are too many.
const FORGET_AT_ONCE: i64 = 1_000;

/// Why a message can't be read that may be later.
macro_rules! waits {
    () => {
        "unreadable IN ('key-replaced', 'key-of-other', 'delayed', 'early')"
    };
}
pub(super) use waits;

/// The row of a message that could not be read, by what the archive calls it, and by what its author does.
const BY_STANZA: &str = concat!(
    "SELECT message.id FROM message JOIN conversation ON conversation.id = message.conversation
     WHERE account = ?1 AND peer = ?2 AND direction = ?3 AND stanza_id = ?4 AND stanza_by = ?5
       AND protection IS NOT NULL AND ",
    waits!(),
    " LIMIT 1"
);
const BY_ORIGIN: &str = concat!(
    "SELECT message.id FROM message JOIN conversation ON conversation.id = message.conversation
     WHERE account = ?1 AND peer = ?2 AND direction = ?3 AND origin = ?4 AND +at = ?5 AND protection IS NOT NULL AND ",
    waits!(),
    " LIMIT 1"
);

/// The same of one that comes again, and what is to be known of the row when it goes.
const EARLY: &str = "SELECT message.id, message.conversation, message.unread
     FROM message JOIN conversation ON conversation.id = message.conversation
     WHERE account = ?1 AND peer = ?2 AND direction = ?3 AND stanza_id = ?4 AND stanza_by = ?5
       AND protection IS NOT NULL AND unreadable = 'early' LIMIT 1";

/// The row of a message that was held.
struct Row {
    id: i64,
    conversation: i64,
    unread: bool,
    peer: String,
}

impl Step<'_> {
    /// Keeps a message for the row that stands for it. Where there is none that waits, because its author has wanted it gone or it was read,
    /// nothing is kept.
    pub(super) fn hold(&mut self, held: &Held) -> rusqlite::Result<()> {
        let (account, peer, direction) =
            (self.account.0, held.peer.as_str(), codes::direction(held.direction));
        let mut row: Option<i64> = None;
        if let Some(archived) = &held.archived {
            let name = params![account, peer, direction, archived.id, archived.by.as_str()];
            row = self.transaction.prepare_cached(BY_STANZA)?.query_row(name, |row| row.get(0)).optional()?;
        }
        if let (None, Some(origin)) = (row, &held.origin) {
            let name = params![account, peer, direction, origin.as_str(), held.at.as_millis()];
            row = self.transaction.prepare_cached(BY_ORIGIN)?.query_row(name, |row| row.get(0)).optional()?;
        }
        let Some(row) = row else { return Ok(()) };
        let new = self.execute(
            "INSERT OR IGNORE INTO held (account, mark, peer, direction, origin, stanza_by, stanza_id, at, stanza,
                                         message, why, since)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                account,
                held.mark.0,
                peer,
                direction,
                held.origin.as_ref().map(OriginId::as_str),
                held.archived.as_ref().map(|archived| archived.by.as_str()),
                held.archived.as_ref().map(|archived| archived.id.as_str()),
                held.at.as_millis(),
                held.stanza,
                row,
                held.why.code(),
                held.since.as_millis()
            ],
        )?;
        if let Some(keys) = held.keys.as_ref().filter(|_| new > 0) {
            let id = self.transaction.last_insert_rowid();
            self.execute("INSERT INTO held_keys (held, sealed) VALUES (?1, ?2)", params![id, keys])?;
        }
        Ok(())
    }

    /// It can't be read yet for that reason.
    pub(super) fn hold_on(&mut self, mark: Mark, why: Unreadable) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE held SET why = ?3 WHERE account = ?1 AND mark = ?2",
            params![self.account.0, mark.0, why.code()],
        )?;
        self.say(mark, why)
    }

    /// Forgets a message as it came. The row that stands for it goes when it said nothing by itself, as a correction does.
    pub(super) fn let_go(&mut self, mark: Mark, outcome: LetGo) -> rusqlite::Result<()> {
        match outcome {
            LetGo::Stays => {}
            LetGo::Leaves => self.remove_row(mark)?,
            LetGo::Says(why) => self.say(mark, why)?,
        }
        self.execute("DELETE FROM held WHERE account = ?1 AND mark = ?2", params![self.account.0, mark.0])?;
        Ok(())
    }

    /// The row of a message that is held, as long as it waits.
    fn row(&self, mark: Mark) -> rusqlite::Result<Option<Row>> {
        self.transaction
            .prepare_cached(concat!(
                "SELECT message.id, message.conversation, message.unread, held.peer
                 FROM held JOIN message ON message.id = held.message
                 WHERE held.account = ?1 AND held.mark = ?2 AND ",
                waits!()
            ))?
            .query_row(params![self.account.0, mark.0], |row| {
                Ok(Row { id: row.get(0)?, conversation: row.get(1)?, unread: row.get(2)?, peer: row.get(3)? })
            })
            .optional()
    }

    /// The row of a message that is held says why it can't be read.
    fn say(&mut self, mark: Mark, why: Unreadable) -> rusqlite::Result<()> {
        let Some(row) = self.row(mark)? else { return Ok(()) };
        let changed = self.execute(
            "UPDATE message SET unreadable = ?2 WHERE id = ?1 AND unreadable IS NOT ?2",
            params![row.id, why.code()],
        )?;
        if let Some(peer) = BareJid::new(&row.peer).ok().filter(|_| changed > 0) {
            self.news.tell(Event::ConversationChanged(peer));
        }
        Ok(())
    }

    fn remove_row(&mut self, mark: Mark) -> rusqlite::Result<()> {
        let Some(Row { id, conversation, unread, peer }) = self.row(mark)? else { return Ok(()) };
        match BareJid::new(&peer) {
            Ok(peer) => self.take_away((id, conversation, unread), &peer),
            Err(_) => Ok(()),
        }
    }

    /// Removes a row that stood for something that says nothing by itself: its id, its conversation, and whether it is unread.
    pub(super) fn take_away(
        &mut self,
        (id, conversation, unread): (i64, i64, bool),
        peer: &BareJid,
    ) -> rusqlite::Result<()> {
        self.execute("DELETE FROM message WHERE id = ?1", [id])?;
        self.execute(
            "UPDATE conversation SET unread = unread - ?2 WHERE id = ?1",
            params![conversation, i64::from(unread)],
        )?;
        self.news.tell(Event::ConversationChanged(peer.clone()));
        if unread {
            self.news.tell(Event::ConversationRead(peer.clone()));
        }
        Ok(())
    }

    /// What came again says nothing by itself, as a correction does: no row stands for it.
    pub(super) fn drop_early(
        &mut self,
        peer: &BareJid,
        direction: Direction,
        stanza: &StanzaId,
    ) -> rusqlite::Result<()> {
        let (account, direction) = (self.account.0, codes::direction(direction));
        let name = params![account, peer.as_str(), direction, stanza.id, stanza.by.as_str()];
        let row = self
            .transaction
            .prepare_cached(EARLY)?
            .query_row(name, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        row.map_or(Ok(()), |row| self.take_away(row, peer))
    }

    /// Nothing comes again: what waits for that, and is not held, is read no more.
    pub(super) fn give_up_early(&mut self) -> rusqlite::Result<()> {
        let peers: Vec<String> = self
            .transaction
            .prepare_cached(
                "UPDATE message SET unreadable = ?2
                 WHERE unreadable = 'early' AND conversation IN (SELECT id FROM conversation WHERE account = ?1)
                   AND NOT EXISTS (SELECT 1 FROM held WHERE held.message = message.id)
                 RETURNING (SELECT peer FROM conversation WHERE id = message.conversation)",
            )?
            .query_map(params![self.account.0, Unreadable::NotKept.code()], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        for peer in peers.iter().filter_map(|peer| BareJid::new(peer).ok()) {
            self.news.tell(Event::ConversationChanged(peer));
        }
        Ok(())
    }

    /// A message that could not be read is about to be: who has seen that it could not has not read it, so it is unread, and news, unless it
    /// was told when it came and nobody has looked since. What came before its turn was read if what our devices have read is not before it:
    /// others of them may have read it long ago.
    pub(super) fn read_late(
        &mut self,
        (conversation, peer): (i64, &BareJid),
        id: i64,
        direction: Direction,
    ) -> rusqlite::Result<()> {
        if direction == Direction::Outgoing {
            return Ok(());
        }
        let (place, unread, is_early, is_past): (i64, bool, bool, bool) = self
            .transaction
            .prepare_cached(
                "SELECT place, unread, unreadable IS 'early', past <> 0 FROM message WHERE id = ?1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        // What was there before this device was, or is looked at as it comes, is no news.
        if unread || is_past || (is_early && self.displayed(peer)?.reaches(place)) {
            return Ok(());
        }
        self.execute("UPDATE message SET unread = 1 WHERE id = ?1", [id])?;
        self.execute("UPDATE conversation SET unread = unread + 1 WHERE id = ?1", [conversation])?;
        self.news.tell(Event::MessageReceived { peer: peer.clone(), id: MessageId(id) });
        Ok(())
    }

    /// Remembers that this was read. The last of each account are: those before them go a thousand at a time.
    pub(super) fn remember_read(&mut self, mark: Mark) -> rusqlite::Result<()> {
        let number: Option<i64> = self
            .transaction
            .prepare_cached(
                "INSERT OR IGNORE INTO read_key (account, number, mark)
                 SELECT ?1, coalesce(max(number), 0) + 1, ?2 FROM read_key WHERE account = ?1
                 RETURNING number",
            )?
            .query_row(params![self.account.0, mark.0], |row| row.get(0))
            .optional()?;
        if let Some(number) = number.filter(|number| number % FORGET_AT_ONCE == 0) {
            let last = number.saturating_sub(i64::try_from(MOST_READ).unwrap_or(i64::MAX));
            self.execute(
                "DELETE FROM read_key WHERE account = ?1 AND number <= ?2",
                params![self.account.0, last],
            )?;
        }
        Ok(())
    }
}
