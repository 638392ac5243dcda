//! Messages and conversations.
//!
//! Long because what is the same message, and what its second coming adds, is decided in one place.

use std::collections::BTreeSet;

use causerie_model::{
    BareJid, Body, DeviceId, Direction, Event, MessageId, MessageState, Naming, NewMessage, Order, OriginId,
    Problem, Protection, Sealing, StanzaId, Timestamp, Unreached,
};
use rusqlite::{OptionalExtension, params};

use super::held::waits;
use super::{Step, order};
use crate::codes::{self, Code};

/// For how long, in milliseconds before and after, an author's identifier with the same text stands for the same message, where the author
/// does not say that it is used once. Longer than an archive and a clock differ; programs that use an identifier again, as bots do, should
/// have waited that long. What has come since the archive was read, and has no name of it, is what it lists, whatever the clock was.
pub(super) const WINDOW: i64 = 2 * 24 * 60 * 60 * 1_000;

macro_rules! known {
    ($($condition:expr),+) => {
        concat!(
            "SELECT id, origin, stanza_id IS NOT NULL, body IS NOT NULL OR unreadable = 'retracted', state, problem
             FROM message
             WHERE conversation = ?1 AND direction = ?2 AND (protection IS NULL) = ?3 AND ",
            $($condition),+
        )
    };
}

pub(crate) const BY_STANZA: &str = known!("stanza_id = ?4 AND stanza_by = ?5");
/// The plus sign keeps SQLite from going through two days of messages by the index of pages.
pub(crate) const BY_ORIGIN: &str = known!(
    "origin = ?4 AND body IS ?5 AND unreadable IS ?6
     AND (+at BETWEEN ?7 AND ?8 OR stanza_id IS NULL AND +id > ?10)
     AND (?9 IS NULL OR stanza_by IS NOT ?9) AND +stands_in = 0 ORDER BY id LIMIT 1"
);

/// The row of one that was held until it could be read, by the name and the time that both have.
pub(crate) const HELD: &str = known!("origin = ?4 AND +at = ?5 AND ", waits!(), " ORDER BY id LIMIT 1");

/// What is stored of a message that came a second time.
pub(super) struct Known {
    pub(super) id: i64,
    pub(super) origin: Option<String>,
    pub(super) has_stanza: bool,
    /// It has the name that the archive gave to the one that came.
    pub(super) is_named: bool,
    pub(super) readable: bool,
    pub(super) state: MessageState,
}

impl Known {
    /// Reads identifier, origin, whether it has a name of an archive, whether there is no need to read it, state and problem.
    pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            origin: row.get(1)?,
            has_stanza: row.get(2)?,
            is_named: false,
            readable: row.get(3)?,
            state: codes::read_state(row.get(4)?, row.get_ref(5)?.as_str_or_null().unwrap_or_default()),
        })
    }
}

/// That a state would move on: nothing waits again that was taken, and nothing that has arrived or was read falls behind that.
macro_rules! advances {
    () => {
        "(state, problem) IS NOT (?4, ?5)
         AND NOT (state IN (2, 4, 5) AND ?4 = 1)
         AND NOT (state IN (4, 5) AND ?4 IN (2, 3))
         AND NOT (state = 5 AND ?4 = 4)"
    };
}
pub(super) use advances;

impl Step<'_> {
    /// Stores a message unless it is there already, as [`NewMessage`] tells; then it adds what was lacking. Of one that was retracted
    /// before it came nothing is stored but that there was one.
    pub(super) fn add_message(&mut self, message: &NewMessage) -> rusqlite::Result<()> {
        let conversation = self.conversation(&message.peer, message.at)?;
        let retracted = NewMessage { body: Body::Retracted, reply: None, ..message.clone() };
        let message = if self.is_retracted(conversation, message)? { &retracted } else { message };
        if let Some(known) = self.find(conversation, message)? {
            self.place_again(conversation, &known, message)?;
            self.complete(conversation, &known, message)?;
            return if self.is_live { self.is_news_after_all(conversation, &known, message) } else { Ok(()) };
        }
        if self.is_known_as_ours(conversation, message)? {
            return Ok(());
        }
        if self.fill_in(conversation, message)? {
            return Ok(());
        }
        self.store_message(conversation, message).map(drop)
    }

    /// A message that is here has come again, and may tell its place.
    pub(super) fn place_again(
        &mut self,
        conversation: i64,
        known: &Known,
        message: &NewMessage,
    ) -> rusqlite::Result<()> {
        // Where the archive has it twice, its first place counts.
        let is_this = known.is_named || !known.has_stanza;
        if let (Order::Listed { since }, true) = (message.order, is_this)
            && self.put_behind(conversation, since, known.id, Some(message.at))?
        {
            self.news.tell(Event::ConversationChanged(message.peer.clone()));
        }
        Ok(())
    }

    /// Stores a message that is not here. What is said in rooms is no news that a person is to be called for.
    pub(super) fn store_message(
        &mut self,
        conversation: i64,
        message: &NewMessage,
    ) -> rusqlite::Result<MessageId> {
        let place = self.new_place(conversation, message)?;
        let direction = codes::direction(message.direction);
        let (body, unreadable) = codes::body(&message.body);
        let (state, problem) = codes::state(&message.state);
        let (protection, sealed_by, sealed_trust) = codes::protection(&message.protection);
        let displayed = self.displayed(&message.peer)?;
        let unread = message.direction == Direction::Incoming
            && message.body != Body::Retracted
            && self.is_unread(conversation, &displayed, place)?;
        let reply = self.replied_to(message)?;
        self.execute(
            "INSERT INTO message (conversation, direction, origin, stanza_by, stanza_id, body, unreadable, at, state,
                                  problem, unread, protection, sealed_by, sealed_trust, reply_to, reply_author,
                                  place, written, early, written_at, past)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
            params![
                conversation,
                direction,
                message.origin.as_ref().map(OriginId::as_str),
                message.stanza.as_ref().map(|stanza| stanza.by.as_str()),
                message.stanza.as_ref().map(|stanza| stanza.id.as_str()),
                body,
                unreadable,
                message.at.as_millis(),
                state,
                problem,
                unread,
                protection,
                sealed_by,
                sealed_trust,
                reply,
                message.reply.as_ref().and_then(|reply| reply.author).map(codes::direction),
                place,
                order::is_written(message),
                message.order == Order::ByTime,
                codes::written_at(&message.protection),
                self.past.map(codes::past).unwrap_or_default(),
            ],
        )?;
        let id = MessageId(self.transaction.last_insert_rowid());
        match message.order {
            Order::Listed { .. } => self.placed(conversation, (place, id.0))?,
            Order::Last if !order::is_written(message) => self.came_in_turn(conversation, id.0)?,
            Order::Last | Order::ByTime => {}
        }
        self.execute(
            "UPDATE conversation SET active_at = max(active_at, ?2), unread = unread + ?3 WHERE id = ?1",
            params![conversation, message.at.as_millis(), unread],
        )?;
        if message.order == Order::Last && message.direction == Direction::Incoming {
            self.come_back_from_future(conversation, message.at)?;
        }
        self.awaited(message)?;
        self.news.tell(Event::ConversationChanged(message.peer.clone()));
        let is_awaited = displayed.awaits(message.stanza.as_ref());
        if is_awaited {
            self.awaited_was_read(conversation, &message.peer, &displayed, (place, id.0))?;
        }
        let is_read = self.was_spoken_of(conversation, message, (place, id.0))? || is_awaited;
        if unread && !is_read && self.past.is_none() && !self.is_room(conversation)? {
            self.news.tell(Event::MessageReceived { peer: message.peer.clone(), id });
        }
        Ok(id)
    }

    /// Moves an outgoing message on. One that the provider has taken never waits again, and one that has arrived or was read is so
    /// whatever comes later: an address has several devices, and one may refuse what another has. Ours was stored before its identifier left
    /// this machine: others of that name came later, and should not go out in its place.
    pub(super) fn advance_message(
        &mut self,
        peer: &BareJid,
        id: &OriginId,
        state: &MessageState,
    ) -> rusqlite::Result<()> {
        if *state == MessageState::Received {
            return Ok(());
        }
        let (number, problem) = codes::state(state);
        let changed = self.execute(
            concat!(
                "UPDATE message SET state = ?4, problem = ?5
                 WHERE id = (SELECT id FROM message
                             WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                               AND direction = 1 AND origin = ?3 ORDER BY id LIMIT 1) AND ",
                advances!()
            ),
            params![self.account.0, peer.as_str(), id.as_str(), number, problem],
        )?;
        let moves = (number, problem);
        if changed > 0
            || self.advance_annotation(peer, id, moves)?
            || self.advance_in_room(peer, id, moves)?
        {
            self.news.tell(Event::ConversationChanged(peer.clone()));
            return Ok(());
        }
        match state {
            MessageState::Delivered | MessageState::Read => {
                self.speak_early(peer, (Direction::Outgoing, id), number)
            }
            _ => Ok(()),
        }
    }

    /// Notes how a message that has failed is protected when it goes out again, or that one that waits is to be encrypted. What has gone
    /// out is as it was, and what waits to be encrypted is never in clear without having failed.
    pub(super) fn protect_message(
        &mut self,
        peer: &BareJid,
        id: &OriginId,
        protection: Protection,
    ) -> rusqlite::Result<()> {
        let protection = match protection {
            Protection::Clear => None,
            Protection::Encrypted(_) => codes::protection(&Protection::Encrypted(None)).0,
        };
        let changed = self.execute(
            "UPDATE message SET protection = ?4, unreached = 0
             WHERE id = (SELECT id FROM message
                         WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                           AND direction = 1 AND origin = ?3 ORDER BY id LIMIT 1)
               AND (state = 3 OR (state = 1 AND ?4 IS NOT NULL)) AND (protection IS NULL) IS NOT (?4 IS NULL)",
            params![self.account.0, peer.as_str(), id.as_str(), protection],
        )?;
        if changed == 0 {
            return self.protect_annotation(peer, id, protection);
        }
        if changed > 0 {
            self.execute(
                "DELETE FROM unreached WHERE message IN (
                     SELECT id FROM message
                     WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                       AND direction = 1 AND origin = ?3 AND unreached = 0)",
                params![self.account.0, peer.as_str(), id.as_str()],
            )?;
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    /// Notes that what is written to a person has not left, or that it leaves.
    pub(super) fn note_held_back(
        &self,
        peer: &BareJid,
        id: &OriginId,
        is_held_back: bool,
    ) -> rusqlite::Result<()> {
        let of_it = params![self.account.0, peer.as_str(), id.as_str(), is_held_back];
        // One that has left and waits again may have arrived.
        let message = "
            UPDATE message SET held_back = ?4
            WHERE id = (SELECT id FROM message
                        WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                          AND direction = 1 AND origin = ?3 ORDER BY id LIMIT 1)
              AND held_back <> ?4";
        let annotation = "
            UPDATE annotation SET held_back = ?4
            WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = 1 AND held_back <> ?4";
        self.execute(message, of_it)?;
        self.execute(annotation, of_it)?;
        Ok(())
    }

    /// Notes in which versions a message goes out, and which devices it is not encrypted for, with the names that they have now.
    pub(super) fn seal_message(
        &mut self,
        peer: &BareJid,
        id: &OriginId,
        sealing: &Sealing,
        unreached: &[(BareJid, DeviceId, Unreached)],
    ) -> rusqlite::Result<()> {
        let message: Option<(i64, i64)> = self
            .transaction
            .prepare_cached(
                "SELECT id, unreached FROM message
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                   AND direction = 1 AND origin = ?3 AND protection IS NOT NULL ORDER BY id LIMIT 1",
            )?
            .query_row(params![self.account.0, peer.as_str(), id.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((message, count)) = message else { return Ok(()) };
        let mut changed = self.execute(
            "UPDATE message SET protection = ?2 WHERE id = ?1 AND protection IS NOT ?2",
            params![message, codes::sealed_in(&sealing.versions)],
        )?;
        let known: BTreeSet<(String, u32, String)> = self
            .transaction
            .prepare_cached("SELECT jid, device, why FROM unreached WHERE message = ?1")?
            .query_map([message], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let wanted: BTreeSet<(String, u32, String)> = unreached
            .iter()
            .map(|(jid, device, why)| (jid.to_string(), device.get(), why.code().to_owned()))
            .collect();
        if known != wanted {
            self.execute("DELETE FROM unreached WHERE message = ?1", [message])?;
        }
        for (jid, device, why) in wanted.iter().filter(|_| known != wanted) {
            self.execute(
                "INSERT OR REPLACE INTO unreached (message, jid, device, why, label)
                 VALUES (?1, ?2, ?3, ?4, (SELECT label FROM listed_device
                                          WHERE account = ?5 AND jid = ?2 AND device = ?3 AND label IS NOT NULL
                                          LIMIT 1))",
                params![message, jid, device, why, self.account.0],
            )?;
        }
        let all = i64::try_from(wanted.len()).unwrap_or(i64::MAX).saturating_add(sealing.beyond.into());
        if known != wanted || count != all {
            changed += self.execute("UPDATE message SET unreached = ?2 WHERE id = ?1", [message, all])?;
        }
        if changed > 0 {
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    /// Marks as read what is before that message, and what had come by then. One that comes later has a greater identifier, whatever its time.
    pub(super) fn read_up_to(&mut self, peer: &BareJid, id: MessageId) -> rusqlite::Result<()> {
        let conversation: Option<i64> = self
            .transaction
            .prepare_cached(
                "UPDATE conversation
                 SET read_up_to = max(read_up_to, min(?3, (SELECT coalesce(max(id), 0) FROM message)))
                 WHERE account = ?1 AND peer = ?2 RETURNING id",
            )?
            .query_row(params![self.account.0, peer.as_str(), id.0], |row| row.get(0))
            .optional()?;
        let Some(conversation) = conversation else { return Ok(()) };
        let read = self.execute(
            "UPDATE message SET unread = 0
             WHERE unread = 1 AND conversation = ?1
               AND (id <= ?2 OR (place, id) <= (SELECT place, id FROM message WHERE id = ?2 AND conversation = ?1))",
            params![conversation, id.0],
        )?;
        if read > 0 {
            self.execute(
                "UPDATE conversation SET unread = unread - ?2 WHERE id = ?1",
                params![conversation, i64::try_from(read).unwrap_or(i64::MAX)],
            )?;
            self.news.tell(Event::ConversationChanged(peer.clone()));
            self.news.tell(Event::ConversationRead(peer.clone()));
        }
        Ok(())
    }

    pub(super) fn save_draft(&mut self, peer: &BareJid, text: &str) -> rusqlite::Result<()> {
        if !text.is_empty() {
            // A draft does not move a conversation up the list; a new one was last active when the last of the others was.
            self.execute(
                "INSERT OR IGNORE INTO conversation (account, peer, active_at)
                 SELECT ?1, ?2, coalesce(max(active_at), 0) FROM conversation",
                params![self.account.0, peer.as_str()],
            )?;
        }
        let changed = self.execute(
            "UPDATE conversation SET draft = ?3 WHERE account = ?1 AND peer = ?2 AND draft IS NOT ?3",
            params![self.account.0, peer.as_str(), text],
        )?;
        if changed > 0 {
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    pub(super) fn open_conversation(&mut self, peer: &BareJid, at: Timestamp) -> rusqlite::Result<()> {
        let changed = self.execute(
            "INSERT INTO conversation (account, peer, active_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, peer) DO UPDATE SET active_at = ?3 WHERE active_at < ?3",
            params![self.account.0, peer.as_str(), at.as_millis()],
        )?;
        if changed > 0 {
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    /// The conversation with somebody, made when there is none.
    pub(super) fn conversation(&mut self, peer: &BareJid, at: Timestamp) -> rusqlite::Result<i64> {
        let known = self
            .transaction
            .prepare_cached("SELECT id FROM conversation WHERE account = ?1 AND peer = ?2")?
            .query_row(params![self.account.0, peer.as_str()], |row| row.get(0))
            .optional()?;
        if let Some(id) = known {
            return Ok(id);
        }
        self.execute(
            "INSERT INTO conversation (account, peer, active_at) VALUES (?1, ?2, ?3)",
            params![self.account.0, peer.as_str(), at.as_millis()],
        )?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// The stored message that is the same as this one: by what the archive calls it, else by what its author calls it, as
    /// [`NewMessage`] tells.
    fn find(&self, conversation: i64, message: &NewMessage) -> rusqlite::Result<Option<Known>> {
        let direction = codes::direction(message.direction);
        let clear = message.protection == Protection::Clear;
        let read = Known::read;
        if let Some(stanza) = &message.stanza {
            let known = self
                .transaction
                .prepare_cached(BY_STANZA)?
                .query_row(params![conversation, direction, clear, stanza.id, stanza.by.as_str()], read)
                .optional()?;
            if let Some(known) = known {
                return Ok(Some(Known { is_named: true, ..known }));
            }
        }
        let Some(origin) = &message.origin else { return Ok(None) };
        let waited = self
            .transaction
            .prepare_cached(HELD)?
            .query_row(params![conversation, direction, clear, origin.as_str(), message.at.as_millis()], read)
            .optional()?;
        if waited.is_some() {
            return Ok(waited);
        }
        let (body, unreadable) = codes::body(&message.body);
        let (earliest, latest, archive) = match message.direction {
            Direction::Incoming if message.naming == Naming::Unique => (i64::MIN, i64::MAX, None),
            Direction::Incoming => (
                message.at.as_millis().saturating_sub(WINDOW),
                message.at.as_millis().saturating_add(WINDOW),
                message
                    .stanza
                    .as_ref()
                    .filter(|_| message.naming == Naming::Unsure)
                    .map(|stanza| stanza.by.as_str()),
            ),
            Direction::Outgoing => (i64::MIN, i64::MAX, None),
        };
        let seen = match message.order {
            Order::Listed { .. } => self.seen()?,
            Order::Last | Order::ByTime => i64::MAX,
        };
        self.transaction
            .prepare_cached(BY_ORIGIN)?
            .query_row(
                params![
                    conversation,
                    direction,
                    clear,
                    origin.as_str(),
                    body,
                    unreadable,
                    earliest,
                    latest,
                    archive,
                    seen
                ],
                read,
            )
            .optional()
    }

    /// The last message that was here when our own archive had been read.
    fn seen(&self) -> rusqlite::Result<i64> {
        self.transaction
            .prepare_cached(
                "SELECT coalesce(max(seen), 0) FROM archive
                 WHERE account = ?1 AND jid = (SELECT jid FROM account WHERE id = ?1)",
            )?
            .query_row([self.account.0], |row| row.get(0))
    }

    /// What the archive calls a message comes to be known. It may have been read by that name.
    pub(super) fn name_by_archive(
        &mut self,
        conversation: i64,
        peer: &BareJid,
        id: i64,
        stanza: &StanzaId,
    ) -> rusqlite::Result<()> {
        let named = self.execute(
            "UPDATE message SET stanza_by = ?2, stanza_id = ?3 WHERE id = ?1 AND stanza_id IS NULL",
            params![id, stanza.by.as_str(), stanza.id],
        )?;
        let displayed = self.displayed(peer)?;
        if named > 0 && displayed.awaits(Some(stanza)) {
            let place = self
                .transaction
                .prepare_cached("SELECT place FROM message WHERE id = ?1")?
                .query_row([id], |row| row.get(0))?;
            self.awaited_was_read(conversation, peer, &displayed, (place, id))?;
        }
        Ok(())
    }

    /// Adds to a stored message what only its second coming tells.
    pub(super) fn complete(
        &mut self,
        conversation: i64,
        known: &Known,
        message: &NewMessage,
    ) -> rusqlite::Result<()> {
        if let Some(stanza) = message.stanza.as_ref().filter(|_| !known.has_stanza) {
            self.name_by_archive(conversation, &message.peer, known.id, stanza)?;
        }
        let mut changed = 0;
        if let Some(origin) = message.origin.as_ref().filter(|_| known.origin.is_none()) {
            changed += self.execute(
                "UPDATE message SET origin = ?2 WHERE id = ?1",
                params![known.id, origin.as_str()],
            )?;
            let place = self
                .transaction
                .prepare_cached("SELECT place FROM message WHERE id = ?1")?
                .query_row([known.id], |row| row.get(0))?;
            self.was_spoken_of(conversation, message, (place, known.id))?;
        }
        if let Body::Text(text) = &message.body
            && !known.readable
        {
            self.read_late((conversation, &message.peer), known.id, message.direction)?;
            // Both are in clear, or both encrypted; and the seal is that of the text.
            let (protection, sealed_by, sealed_trust) = codes::protection(&message.protection);
            changed += self.execute(
                "UPDATE message SET body = ?2, unreadable = NULL, protection = ?3, sealed_by = ?4, sealed_trust = ?5,
                                    written_at = ?6
                 WHERE id = ?1",
                params![
                    known.id,
                    text,
                    protection,
                    sealed_by,
                    sealed_trust,
                    codes::written_at(&message.protection)
                ],
            )?;
        }
        if let Body::Unreadable(why) = &message.body {
            // That it is to come again is no news of what has come.
            changed += self.execute(
                concat!(
                    "UPDATE message SET unreadable = ?2
                     WHERE id = ?1 AND (unreadable = 'not-kept' OR ",
                    waits!(),
                    ") AND unreadable IS NOT ?2 AND ?2 <> 'early'"
                ),
                params![known.id, why.code()],
            )?;
        }
        // That the archive has what can't be read does not say that anybody could.
        let is_doubtful = known.state == MessageState::Failed(Problem::PerhapsSent)
            && matches!(message.body, Body::Unreadable(_));
        let waits = matches!(known.state, MessageState::Pending | MessageState::Failed(_)) && !is_doubtful;
        if message.state == MessageState::Sent && waits {
            let (state, problem) = codes::state(&message.state);
            changed += self.execute(
                "UPDATE message SET state = ?2, problem = ?3 WHERE id = ?1 AND direction = 1",
                params![known.id, state, problem],
            )?;
        }
        if changed > 0 {
            self.news.tell(Event::ConversationChanged(message.peer.clone()));
        }
        Ok(())
    }
}
