//! Rooms, and what is said in them.
//!
//! The law: of two messages the room's own name for them decides whether they are the same, else that of their author with all that they
//! say. Nobody takes the place of another: who says something is told by the room, and where nobody says for certain that it was us, it was
//! only if we have written just that, under just that name.

pub(crate) mod annotations;
mod history;

use causerie_model::{
    Author, BareJid, Body, Claim, Direction, Event, Naming, NewMessage, Nick, OriginId, Retractor,
    RoomMessage, RoomRetraction, RoomSource, StanzaId,
};
use rusqlite::{OptionalExtension, params};

use super::Step;
use super::message::{Known, WINDOW};
use crate::codes;

/// How many messages of one room are to be gone that are not here.
const MOST_AWAITED: i64 = 1_000;
/// Who wants a message gone that is ours: no identifier of a room is empty.
const OURSELVES: &str = "";

macro_rules! known {
    ($($condition:expr),+) => {
        concat!(
            "SELECT id, origin, stanza_id IS NOT NULL, body IS NOT NULL OR unreadable = 'retracted', state, problem
             FROM message WHERE conversation = ?1 AND direction = ?2 AND ",
            $($condition),+
        )
    };
}

/// One that is known by other means.
const BY_ID: &str = "
    SELECT id, origin, stanza_id IS NOT NULL, body IS NOT NULL OR unreadable = 'retracted', state, problem
    FROM message WHERE id = ?1";
pub(crate) const BY_STANZA: &str = known!("stanza_id = ?3 AND stanza_by = ?4");
/// Ours, whose name nobody knew before it was said: one that was sent again is the same. Where it is certain that it is ours, it is so
/// whatever the room has made of it, if it has gone out from here: other programs of ours may use a name again.
pub(crate) const OURS: &str = known!(
    "origin = ?3 AND (body IS ?4 OR ?5 AND gone_out = 1) AND +stands_in = 0
     ORDER BY body IS NOT ?4, id LIMIT 1"
);
/// Another's: of two that the room calls otherwise both are kept, unless their author says that it uses a name once.
pub(crate) const THEIRS: &str = known!(
    "origin = ?3 AND body IS ?4 AND nick IS ?5 AND occupant IS ?6 AND +at BETWEEN ?7 AND ?8
     AND (stanza_id IS NULL OR NOT ?9) AND +stands_in = 0 ORDER BY id LIMIT 1"
);
/// Another's without a name, as rooms without an archive give it again.
pub(crate) const UNNAMED: &str = known!(
    "+at = ?3 AND body IS ?4 AND nick IS ?5 AND occupant IS ?6 AND origin IS NULL ORDER BY id LIMIT 1"
);

impl Step<'_> {
    /// Remembers that the person wants to be in a room. A conversation that is there under that address becomes the room's when something is
    /// said there: so far it may be no room.
    pub(super) fn want_room(&mut self, room: &BareJid, nick: &Nick) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO room (account, jid, nick, wanted) VALUES (?1, ?2, ?3, 1)
             ON CONFLICT (account, jid) DO UPDATE SET nick = excluded.nick, wanted = 1",
            params![self.account.0, room.as_str(), nick.as_str()],
        )?;
        self.execute(
            "INSERT INTO conversation (account, peer, active_at, room)
             SELECT ?1, ?2, coalesce(max(active_at), 0), 1 FROM conversation WHERE true
             ON CONFLICT (account, peer) DO NOTHING",
            params![self.account.0, room.as_str()],
        )?;
        self.news.tell(Event::ConversationChanged(room.clone()));
        Ok(())
    }

    pub(super) fn leave_room(&mut self, room: &BareJid) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE room SET wanted = 0 WHERE account = ?1 AND jid = ?2",
            params![self.account.0, room.as_str()],
        )
        .map(drop)
    }

    /// It was no room.
    pub(super) fn forget_room(&mut self, jid: &BareJid) -> rusqlite::Result<()> {
        let of_it = params![self.account.0, jid.as_str()];
        self.execute("DELETE FROM room WHERE account = ?1 AND jid = ?2", of_it)?;
        let sql = "UPDATE conversation SET room = 0 WHERE account = ?1 AND peer = ?2 AND room = 1";
        if self.execute(sql, of_it)? > 0 {
            self.news.tell(Event::ConversationChanged(jid.clone()));
        }
        Ok(())
    }

    /// Stores a message of a room, or adds what was lacking.
    pub(super) fn add_room_message(&mut self, said: &RoomMessage) -> rusqlite::Result<()> {
        let conversation = self.room_conversation(said)?;
        let known = self.find_in_room(conversation, said)?;
        self.is_live = said.source == RoomSource::Live && self.past.is_none();
        let stored = self.store_in_room(conversation, said, known);
        self.is_live = false;
        stored
    }

    /// Adds what was lacking of one that is here, else stores it.
    fn store_in_room(
        &mut self,
        conversation: i64,
        said: &RoomMessage,
        known: Option<Known>,
    ) -> rusqlite::Result<()> {
        let message = &said.message;
        if let Some(known) = known {
            self.place_again(conversation, &known, message)?;
            self.complete(conversation, &known, message)?;
            self.end_early_retraction(known.id, said)?;
            self.note_author(known.id, said.author.as_ref())?;
            if self.is_live {
                self.is_news_after_all(conversation, &known, message)?;
            }
            return self.awaited_in_room(said);
        }
        let retracted = NewMessage { body: Body::Retracted, reply: None, ..message.clone() };
        let is_gone = self.is_gone(said)?;
        let message = if is_gone { &retracted } else { message };
        let said = RoomMessage { message: message.clone(), ..said.clone() };
        if !self.fill_in_room(conversation, &said)? {
            let id = self.store_message(conversation, message)?;
            self.note_author(id.0, said.author.as_ref())?;
            if is_gone {
                self.forget_said(id.0, &message.peer)?;
            }
        }
        self.awaited_in_room(&said)
    }

    /// What is told of before, of which one may be here.
    fn add_told(
        &mut self,
        conversation: i64,
        said: &RoomMessage,
        known: Option<i64>,
    ) -> rusqlite::Result<()> {
        let certain = self.find_for_certain(conversation, said)?;
        let is_once = said.message.naming == Naming::Unique;
        let found = match (certain, known) {
            (Some(certain), _) => Some(certain),
            (None, Some(id)) => Some(self.transaction.prepare_cached(BY_ID)?.query_row([id], Known::read)?),
            (None, None) if is_once => self.find_in_room(conversation, said)?,
            (None, None) => None,
        };
        self.store_in_room(conversation, said, found)
    }

    /// One of ours comes back by whose name something was wanted gone before it had that.
    fn end_early_retraction(&mut self, id: i64, said: &RoomMessage) -> rusqlite::Result<()> {
        if !self.is_gone(said)? {
            return Ok(());
        }
        let unread = self
            .transaction
            .prepare_cached("SELECT unread FROM message WHERE id = ?1")?
            .query_row([id], |row| row.get(0))?;
        self.empty_row(id, &said.message.peer, unread)
    }

    fn room_conversation(&mut self, said: &RoomMessage) -> rusqlite::Result<i64> {
        let conversation = self.conversation(&said.message.peer, said.message.at)?;
        self.execute("UPDATE conversation SET room = 1 WHERE id = ?1 AND room = 0", [conversation])?;
        Ok(conversation)
    }

    fn note_author(&self, id: i64, author: Option<&Author>) -> rusqlite::Result<()> {
        let Some(Author { nick, occupant }) = author else { return Ok(()) };
        self.execute(
            "UPDATE message SET nick = ?2, occupant = coalesce(?3, occupant)
             WHERE id = ?1 AND direction = 0 AND (nick IS NULL OR occupant IS NULL AND ?3 IS NOT NULL)",
            params![id, nick.as_str(), occupant],
        )
        .map(drop)
    }

    /// By the room's name, or ours.
    fn find_for_certain(&self, conversation: i64, said: &RoomMessage) -> rusqlite::Result<Option<Known>> {
        let message = &said.message;
        let may_be_ours = message.direction == Direction::Outgoing || said.claim == Claim::Perhaps;
        let is_ours = message.direction == Direction::Outgoing && said.claim == Claim::Certain;
        let one = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
            self.transaction.prepare_cached(sql)?.query_row(params, Known::read).optional()
        };
        if let Some(StanzaId { by, id }) = &message.stanza {
            for direction in [0_i64, 1] {
                if let Some(known) = one(BY_STANZA, &[&conversation, &direction, id, &by.as_str()])? {
                    return Ok(Some(Known { is_named: true, ..known }));
                }
            }
        }
        let (body, _) = codes::body(&message.body);
        let origin = message.origin.as_ref().map(OriginId::as_str);
        match origin.filter(|_| may_be_ours) {
            Some(origin) => one(OURS, &[&conversation, &1_i64, &origin, &body, &is_ours]),
            None => Ok(None),
        }
    }

    fn find_in_room(&self, conversation: i64, said: &RoomMessage) -> rusqlite::Result<Option<Known>> {
        if let Some(known) = self.find_for_certain(conversation, said)? {
            return Ok(Some(known));
        }
        let message = &said.message;
        let one = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
            self.transaction.prepare_cached(sql)?.query_row(params, Known::read).optional()
        };
        let (body, _) = codes::body(&message.body);
        let is_named = message.stanza.is_some();
        let origin = message.origin.as_ref().map(OriginId::as_str);
        let Some(Author { nick, occupant }) = said.author.as_ref() else { return Ok(None) };
        if message.direction == Direction::Outgoing {
            return Ok(None);
        }
        let (at, nick) = (message.at.as_millis(), nick.as_str());
        match origin {
            Some(origin) => {
                let is_unique = message.naming == Naming::Unique;
                let is_another = is_named && !is_unique;
                let (earliest, latest) = match is_unique {
                    true => (i64::MIN, i64::MAX),
                    false => (at.saturating_sub(WINDOW), at.saturating_add(WINDOW)),
                };
                let theirs: &[&dyn rusqlite::ToSql] = &[
                    &conversation,
                    &0_i64,
                    &origin,
                    &body,
                    &nick,
                    occupant,
                    &earliest,
                    &latest,
                    &is_another,
                ];
                one(THEIRS, theirs)
            }
            None if !is_named => one(UNNAMED, &[&conversation, &0_i64, &at, &body, &nick, occupant]),
            None => Ok(None),
        }
    }

    /// A message is to be gone. Of what its author wants gone, only their own goes.
    pub(super) fn retract_in_room(&mut self, said: &RoomRetraction) -> rusqlite::Result<()> {
        let RoomRetraction { stanza: StanzaId { by: room, id }, by } = said;
        let target: Option<(i64, bool, i64, Option<String>)> = self
            .transaction
            .prepare_cached(
                "SELECT id, unread, direction, occupant FROM message
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2 AND room = 1)
                   AND stanza_id = ?3 AND stanza_by = ?2",
            )?
            .query_row(params![self.account.0, room.as_str(), id], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let Some((row, unread, direction, author)) = target else {
            return match by {
                Retractor::Moderator => self.await_in_room((room, id), None),
                Retractor::Occupant(occupant) => self.await_in_room((room, id), Some(occupant)),
                Retractor::Ourselves => self.await_in_room((room, id), Some(OURSELVES)),
            };
        };
        let is_theirs = match by {
            Retractor::Moderator => true,
            Retractor::Occupant(occupant) => {
                codes::read_direction(direction) == Direction::Incoming && author.as_ref() == Some(occupant)
            }
            Retractor::Ourselves => codes::read_direction(direction) == Direction::Outgoing,
        };
        if is_theirs { self.empty_row(row, room, unread) } else { Ok(()) }
    }

    fn empty_row(&mut self, id: i64, room: &BareJid, unread: bool) -> rusqlite::Result<()> {
        let changed = self.execute(
            "UPDATE message
             SET body = NULL, unreadable = ?2, corrected = NULL, edited_at = NULL, reply_to = NULL, reply_author = NULL,
                 unread = 0, problem = NULL, state = CASE WHEN state IN (1, 3) THEN 2 ELSE state END
             WHERE id = ?1 AND unreadable IS NOT ?2",
            params![id, codes::RETRACTED],
        )?;
        if changed > 0 {
            self.forget_said(id, room)?;
            self.news.tell(Event::ConversationChanged(room.clone()));
        }
        if changed > 0 && unread {
            self.execute(
                "UPDATE conversation SET unread = unread - 1 WHERE account = ?1 AND peer = ?2",
                params![self.account.0, room.as_str()],
            )?;
        }
        Ok(())
    }

    /// It may come later. The oldest are forgotten where there are too many.
    fn await_in_room(&self, (room, id): (&BareJid, &str), occupant: Option<&str>) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO room_retraction (account, room, stanza_id, occupant)
             SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS (
                 SELECT 1 FROM room_retraction
                 WHERE account = ?1 AND room = ?2 AND stanza_id = ?3 AND occupant IS ?4)",
            params![self.account.0, room.as_str(), id, occupant],
        )?;
        self.execute(
            "DELETE FROM room_retraction WHERE id IN (
                 SELECT id FROM room_retraction WHERE account = ?1 AND room = ?2
                 ORDER BY id DESC LIMIT -1 OFFSET ?3)",
            params![self.account.0, room.as_str(), MOST_AWAITED],
        )
        .map(drop)
    }

    /// Whether a message was wanted gone before it came.
    fn is_gone(&self, said: &RoomMessage) -> rusqlite::Result<bool> {
        let Some(StanzaId { by, id }) = &said.message.stanza else { return Ok(false) };
        let occupant = match &said.author {
            None => Some(OURSELVES),
            Some(author) => author.occupant.as_deref(),
        };
        self.transaction
            .prepare_cached(
                "SELECT 1 FROM room_retraction
                 WHERE account = ?1 AND room = ?2 AND stanza_id = ?3 AND (occupant IS NULL OR occupant = ?4)",
            )?
            .exists(params![self.account.0, by.as_str(), id, occupant])
    }
}
