//! What an archive has from before: no news, and unread only as far as another device says so.
//!
//! | what | unread |
//! |---|---|
//! | somebody scrolls up to it | never |
//! | it was there before this device was, and nobody tells how far it was read | no |
//! | the account tells that (XEP-0490), sooner or later | what is behind that, as far as nobody has read it here or told its author so |
//! | it comes by itself as well, as what a server keeps for who is away does | yes, and it is news: unless it was read |

use causerie_model::{BareJid, Change, Direction, Event, MessageId, NewMessage, Past};
use rusqlite::{OptionalExtension, params};

use super::Step;
use super::displayed::Displayed;
use super::message::Known;
use crate::codes;

/// The place of the last that was read here.
macro_rules! read_here {
    () => {
        "(SELECT place FROM message
          WHERE id = (SELECT read_up_to FROM conversation WHERE id = ?1) AND +conversation = ?1)"
    };
}

pub(crate) const READ_HERE: &str = concat!("SELECT ", read_here!());
/// Makes unread what was there before us and is behind that, unless it was read.
pub(crate) const UNREAD: &str = concat!(
    "UPDATE message SET unread = 1
     WHERE past = 1 AND unread = 0 AND conversation = ?1 AND direction = 0 AND unreadable IS NOT 'retracted'
       AND (place, id) > (?2, ?3) AND (?4 IS NULL OR place > ?4)
       AND id > (SELECT read_up_to FROM conversation WHERE id = ?1)
       AND (place <= ",
    read_here!(),
    ") IS NOT TRUE"
);

impl Step<'_> {
    /// Takes in something that is no news.
    pub(super) fn take_in_past(&mut self, past: Past, change: Change) -> rusqlite::Result<()> {
        let before = self.past.replace(past);
        let taken_in = self.apply(change);
        self.past = before;
        taken_in
    }

    /// Takes in a message that has come by itself.
    pub(super) fn add_live(&mut self, message: &NewMessage) -> rusqlite::Result<()> {
        self.is_live = self.past.is_none();
        let added = self.add_message(message);
        self.is_live = false;
        added
    }

    /// Whether a message that goes to that place was not read.
    pub(super) fn is_unread(
        &self,
        conversation: i64,
        displayed: &Displayed,
        place: i64,
    ) -> rusqlite::Result<bool> {
        Ok(match self.past {
            None => !displayed.covers(place),
            Some(Past::LookedUp) => false,
            Some(Past::BeforeUs) => {
                displayed.is_told()
                    && !displayed.covers(place)
                    && self.read_here(conversation)?.is_none_or(|read| read < place)
            }
        })
    }

    /// The place of the last that was read here.
    fn read_here(&self, conversation: i64) -> rusqlite::Result<Option<i64>> {
        self.transaction.prepare_cached(READ_HERE)?.query_row([conversation], |row| row.get(0))
    }

    /// What was there before us and is behind that, or all of it, was not read: our devices tell so for the first time.
    pub(super) fn unread_behind(
        &mut self,
        conversation: i64,
        peer: &BareJid,
        (place, id): (i64, i64),
    ) -> rusqlite::Result<()> {
        let elsewhere = self.displayed(peer)?.elsewhere();
        let unread = self.execute(UNREAD, params![conversation, place, id, elsewhere])?;
        if unread > 0 {
            self.execute(
                "UPDATE conversation SET unread = unread + ?2 WHERE id = ?1",
                params![conversation, i64::try_from(unread).unwrap_or(i64::MAX)],
            )?;
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    /// Whether all that is here of a conversation was there before us.
    pub(super) fn is_all_past(&self, conversation: i64) -> rusqlite::Result<bool> {
        let other = "SELECT 1 FROM message WHERE conversation = ?1 AND direction = 0 AND past <> 1";
        Ok(!self.transaction.prepare_cached(other)?.exists([conversation])?)
    }

    /// A message that was here comes by itself. If it was taken for one from before, nobody has had it yet, as far as is known.
    pub(super) fn is_news_after_all(
        &mut self,
        conversation: i64,
        known: &Known,
        message: &NewMessage,
    ) -> rusqlite::Result<()> {
        // What was held until it could be read is the same one, and was there before.
        if message.direction == Direction::Outgoing || !known.readable {
            return Ok(());
        }
        let row: Option<(i64, bool)> = self
            .transaction
            .prepare_cached(
                "SELECT place, unread FROM message
                 WHERE id = ?1 AND past = ?2 AND direction = 0 AND unreadable IS NOT 'retracted'",
            )?
            .query_row([known.id, codes::past(Past::BeforeUs)], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((place, unread)) = row else { return Ok(()) };
        let is_read = self.displayed(&message.peer)?.reaches(place)
            || self.read_here(conversation)?.is_some_and(|read| place <= read);
        if is_read {
            return Ok(());
        }
        self.execute("UPDATE message SET unread = 1, past = 0 WHERE id = ?1", [known.id])?;
        self.execute(
            "UPDATE conversation SET unread = unread + ?2 WHERE id = ?1",
            params![conversation, i64::from(!unread)],
        )?;
        self.news.tell(Event::ConversationChanged(message.peer.clone()));
        if !self.is_room(conversation)? {
            self.news.tell(Event::MessageReceived { peer: message.peer.clone(), id: MessageId(known.id) });
        }
        Ok(())
    }
}
