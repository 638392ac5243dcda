//! How far the person has read on any device, as the account itself remembers (XEP-0490).
//!
//! What is told is the name of a message, which may come later, or be one of a gap that is filled from its beginning. So it is kept until the
//! message is here; and from then on the message's place, because what comes later and goes before it was read there, too. It never goes back.

use causerie_model::{BareJid, Event, StanzaId};
use rusqlite::{OptionalExtension, params};

use super::Step;

pub(crate) const FIND: &str = "SELECT id, place FROM message
     WHERE conversation = ?1 AND direction = ?2 AND stanza_id = ?3 AND stanza_by = ?4 ORDER BY id LIMIT 1";

/// What is known of a conversation.
#[derive(Debug, Default)]
pub(super) struct Displayed {
    /// The message that has not come yet.
    awaited: Option<String>,
    /// The place of the last message that was read, as far as it is here.
    place: Option<i64>,
    /// The place of the last that another device has told its author to have read.
    elsewhere: Option<i64>,
}

impl Displayed {
    /// Whether a message of that place was read. Of several of one place it is not known.
    pub(super) fn covers(&self, place: i64) -> bool {
        self.place.max(self.elsewhere).is_some_and(|read| place < read)
    }

    /// Whether what was read is not before that place.
    pub(super) fn reaches(&self, place: i64) -> bool {
        self.place.max(self.elsewhere).is_some_and(|read| place <= read)
    }

    /// Whether the account has said how far it was read.
    pub(super) fn is_told(&self) -> bool {
        self.awaited.is_some() || self.place.is_some()
    }

    /// The place of the last that another device has told its author to have read.
    pub(super) fn elsewhere(&self) -> Option<i64> {
        self.elsewhere
    }

    /// Whether it is this one that was read.
    pub(super) fn awaits(&self, stanza: Option<&StanzaId>) -> bool {
        self.awaited.is_some() && self.awaited.as_deref() == stanza.map(|stanza| stanza.id.as_str())
    }
}

impl Step<'_> {
    /// Notes what was read elsewhere.
    pub(super) fn display(&mut self, peer: &BareJid, stanza: &StanzaId) -> rusqlite::Result<()> {
        let conversation: Option<i64> = self
            .transaction
            .prepare_cached("SELECT id FROM conversation WHERE account = ?1 AND peer = ?2")?
            .query_row(params![self.account.0, peer.as_str()], |row| row.get(0))
            .optional()?;
        let is_first = !self.displayed(peer)?.is_told();
        if let Some(conversation) = conversation {
            for direction in [0, 1] {
                let found = self
                    .transaction
                    .prepare_cached(FIND)?
                    .query_row(params![conversation, direction, stanza.id, stanza.by.as_str()], |row| {
                        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
                    })
                    .optional()?;
                if let Some((id, place)) = found {
                    self.read_through(conversation, peer, (place, id))?;
                    return if is_first {
                        self.unread_behind(conversation, peer, (place, id))
                    } else {
                        Ok(())
                    };
                }
            }
        }
        self.execute(
            "INSERT INTO displayed (account, peer, stanza_id) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, peer) DO UPDATE SET stanza_id = ?3",
            params![self.account.0, peer.as_str(), stanza.id],
        )?;
        match conversation {
            // It is before all that was there: the archive is still to list it.
            Some(conversation) if is_first && self.is_all_past(conversation)? => {
                self.unread_behind(conversation, peer, (i64::MIN, 0))
            }
            _ => Ok(()),
        }
    }

    /// The message has come that our devices have read up to.
    pub(super) fn awaited_was_read(
        &mut self,
        conversation: i64,
        peer: &BareJid,
        displayed: &Displayed,
        (place, id): (i64, i64),
    ) -> rusqlite::Result<()> {
        self.read_through(conversation, peer, (place, id))?;
        match displayed.place {
            None => self.unread_behind(conversation, peer, (place, id)),
            Some(_) => Ok(()),
        }
    }

    /// What is known of the conversation with somebody.
    pub(super) fn displayed(&self, peer: &BareJid) -> rusqlite::Result<Displayed> {
        let known = self
            .transaction
            .prepare_cached(
                "SELECT stanza_id, at, elsewhere FROM displayed WHERE account = ?1 AND peer = ?2",
            )?
            .query_row(params![self.account.0, peer.as_str()], |row| {
                Ok(Displayed { awaited: row.get(0)?, place: row.get(1)?, elsewhere: row.get(2)? })
            })
            .optional()?;
        Ok(known.unwrap_or_default())
    }

    /// Marks a message as read, and those before it in the order of the conversation.
    pub(super) fn read_through(
        &mut self,
        conversation: i64,
        peer: &BareJid,
        (place, id): (i64, i64),
    ) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO displayed (account, peer, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, peer) DO UPDATE SET stanza_id = NULL, at = max(coalesce(at, ?3), ?3)",
            params![self.account.0, peer.as_str(), place],
        )?;
        self.mark_through(conversation, peer, (place, id))
    }

    /// The same of what another device has told the author of a message to have read.
    pub(super) fn read_elsewhere_through(
        &mut self,
        conversation: i64,
        peer: &BareJid,
        (place, id): (i64, i64),
    ) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO displayed (account, peer, elsewhere) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, peer) DO UPDATE SET elsewhere = max(coalesce(elsewhere, ?3), ?3)",
            params![self.account.0, peer.as_str(), place],
        )?;
        self.mark_through(conversation, peer, (place, id))
    }

    fn mark_through(
        &mut self,
        conversation: i64,
        peer: &BareJid,
        (place, id): (i64, i64),
    ) -> rusqlite::Result<()> {
        let read = self.execute(
            "UPDATE message SET unread = 0 WHERE unread = 1 AND conversation = ?1 AND (place, id) <= (?2, ?3)",
            params![conversation, place, id],
        )?;
        if read == 0 {
            return Ok(());
        }
        self.execute(
            "UPDATE conversation SET unread = unread - ?2 WHERE id = ?1",
            params![conversation, i64::try_from(read).unwrap_or(i64::MAX)],
        )?;
        let left: i64 = self
            .transaction
            .prepare_cached("SELECT unread FROM conversation WHERE id = ?1")?
            .query_row([conversation], |row| row.get(0))?;
        self.news.tell(Event::ConversationChanged(peer.clone()));
        // What is left is still to be notified of.
        if left == 0 {
            self.news.tell(Event::ConversationRead(peer.clone()));
        }
        Ok(())
    }
}
