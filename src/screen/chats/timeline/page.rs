//! The part of a conversation that is in memory: a page that grows to the past as one scrolls, and is read anew when
//! something changed.

use std::collections::{HashMap, HashSet};

use causerie_model::{Direction, Message, MessageId, OriginId, StanzaId, Timestamp};
use jiff::tz::TimeZone;

use super::entries::{self, Entry, Key};

/// How many messages are read at once.
pub(crate) const STEP: usize = 60;
/// How many are kept when nobody looks at older ones.
const KEPT: usize = 300;

/// Messages in memory, oldest first, and the rows that show them.
#[derive(Debug, Default)]
pub(crate) struct Page {
    messages: Vec<Message>,
    rows: Vec<Entry>,
    places: HashMap<Key, usize>,
    reach: Reach,
    first_unread: Option<MessageId>,
}

/// How far back the page goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Nothing was read yet.
    #[default]
    Unknown,
    /// There may be older messages.
    Partial,
    /// The first message ever is in it.
    Whole,
}

/// Where a page ends, to ask for what is older: a message. How they are ordered the ledger knows, and no time tells.
pub(crate) type Cursor = (Timestamp, MessageId);

impl Page {
    /// The rows to show, oldest first.
    pub(crate) fn rows(&self) -> &[Entry] {
        &self.rows
    }

    /// Where the row of that name is.
    pub(crate) fn place(&self, key: &Key) -> Option<usize> {
        self.places.get(key).copied()
    }

    /// A message by its place in the page.
    pub(crate) fn message(&self, index: usize) -> Option<&Message> {
        self.messages.get(index)
    }

    /// A message by its name.
    pub(crate) fn find(&self, id: MessageId) -> Option<&Message> {
        self.messages.iter().rev().find(|message| message.id == id)
    }

    /// The newest message.
    pub(crate) fn newest(&self) -> Option<&Message> {
        self.messages.last()
    }

    /// The newest text of ours.
    pub(crate) fn last_of_ours(&self) -> Option<&Message> {
        self.messages.iter().rfind(|message| {
            message.direction == Direction::Outgoing && matches!(message.body, causerie_model::Body::Text(_))
        })
    }

    /// What its author called the newest that is not ours.
    pub(crate) fn newest_of_theirs(&self) -> Option<OriginId> {
        let theirs = |message: &&Message| message.direction == Direction::Incoming;
        self.messages.iter().rev().find(theirs)?.origin.clone()
    }

    /// What the archive calls the newest message that it is known to have.
    pub(crate) fn newest_archived(&self) -> Option<StanzaId> {
        self.messages.iter().rev().find_map(|message| message.archived.clone())
    }

    /// How far back it goes.
    pub(crate) fn reach(&self) -> Reach {
        self.reach
    }

    /// Where the older messages begin.
    pub(crate) fn oldest(&self) -> Option<Cursor> {
        self.messages.first().map(cursor)
    }

    /// How many messages to read when something changed, so that all that is in memory is read anew.
    pub(crate) fn reload_limit(&self) -> usize {
        (self.messages.len() + STEP / 2).clamp(STEP, 10 * STEP)
    }

    /// Draws the line above what is new before that message.
    pub(crate) fn mark_unread(&mut self, first: Option<MessageId>) {
        self.first_unread = first;
    }

    /// The newest messages were read, at most `limit` of them.
    pub(crate) fn newest_read(&mut self, read: Vec<Message>, limit: usize, zone: &TimeZone) {
        let whole = read.len() < limit;
        // Older ones are kept only where nothing is missing in between.
        let again: HashSet<MessageId> = read.iter().map(|message| message.id).collect();
        let older = match self.messages.iter().rposition(|message| again.contains(&message.id)) {
            Some(end) if !whole => {
                self.messages.truncate(end);
                self.messages.retain(|message| !again.contains(&message.id));
                std::mem::take(&mut self.messages)
            }
            _ => Vec::new(),
        };
        if whole {
            self.reach = Reach::Whole;
        } else if older.is_empty() {
            self.reach = Reach::Partial;
        }
        self.messages = older;
        self.messages.extend(read);
        self.arrange(zone);
    }

    /// Older messages were read, at most `limit` of them.
    pub(crate) fn older_read(&mut self, read: Vec<Message>, limit: usize, zone: &TimeZone) {
        if read.len() < limit {
            self.reach = Reach::Whole;
        }
        if self.messages.is_empty() {
            return;
        }
        let known: HashSet<MessageId> = self.messages.iter().map(|message| message.id).collect();
        let mut messages: Vec<Message> =
            read.into_iter().filter(|message| !known.contains(&message.id)).collect();
        messages.append(&mut self.messages);
        self.messages = messages;
        self.arrange(zone);
    }

    /// Forgets what is far up, while one looks at the newest. Whether there was something to forget.
    pub(crate) fn trim(&mut self, zone: &TimeZone) -> bool {
        let Some(surplus) = self.messages.len().checked_sub(2 * KEPT) else { return false };
        self.messages.drain(..surplus + KEPT);
        self.reach = Reach::Partial;
        self.arrange(zone);
        true
    }

    /// Takes the line above what is new away.
    pub(crate) fn seen(&mut self, zone: &TimeZone) {
        if self.first_unread.take().is_some() {
            self.arrange(zone);
        }
    }

    fn arrange(&mut self, zone: &TimeZone) {
        self.rows = entries::entries(&self.messages, self.first_unread, zone);
        self.places = self.rows.iter().enumerate().map(|(place, row)| (row.key(), place)).collect();
    }
}

fn cursor(message: &Message) -> Cursor {
    (message.at, message.id)
}

#[cfg(test)]
mod tests {
    use causerie_model::{BareJid, Body, Direction, MessageState};

    use super::*;

    fn messages(ids: std::ops::Range<i64>) -> Vec<Message> {
        ids.map(|id| Message {
            protection: causerie_model::Protection::Encrypted(None),
            sealing: causerie_model::Sealing::default(),
            archived: None,
            unreached: Vec::new(),
            id: MessageId(id),
            peer: BareJid::new("bob@chat.example").unwrap(),
            direction: Direction::Incoming,
            origin: None,
            body: Body::Text(id.to_string()),
            at: Timestamp::from_millis(id * 1000),
            state: MessageState::Received,
            annotations: Default::default(),
            author: None,
        })
        .collect()
    }

    fn ids(page: &Page) -> Vec<i64> {
        page.messages.iter().map(|message| message.id.0).collect()
    }

    const ZONE: TimeZone = TimeZone::UTC;

    #[test]
    fn it_grows_at_both_ends() {
        let mut page = Page::default();
        page.newest_read(messages(40..100), 60, &ZONE);
        assert_eq!(page.reach(), Reach::Partial);
        page.older_read(messages(10..40), 30, &ZONE);
        assert_eq!(page.reach(), Reach::Partial);
        page.newest_read(messages(61..121), 60, &ZONE);
        assert_eq!(ids(&page), (10..121).collect::<Vec<_>>());
        page.older_read(messages(5..10), 30, &ZONE);
        assert_eq!(page.reach(), Reach::Whole);
        assert_eq!(page.place(&Key::Message(MessageId(5))), Some(1), "a day comes before it");
    }

    #[test]
    fn what_would_leave_a_hole_is_dropped() {
        let mut page = Page::default();
        page.newest_read(messages(0..60), 60, &ZONE);
        page.newest_read(messages(500..560), 60, &ZONE);
        assert_eq!(ids(&page), (500..560).collect::<Vec<_>>());
        assert_eq!(page.reach(), Reach::Partial);
    }

    #[test]
    fn a_long_page_is_cut() {
        let mut page = Page::default();
        page.newest_read(messages(0..59), 60, &ZONE);
        assert!(!page.trim(&ZONE));
        page.newest_read(messages(0..1000), 2000, &ZONE);
        assert!(page.trim(&ZONE));
        assert_eq!(ids(&page), (700..1000).collect::<Vec<_>>());
        assert_eq!(page.reach(), Reach::Partial);
    }

    #[test]
    fn the_line_above_what_is_new_stays_where_it_was() {
        let mut page = Page::default();
        page.mark_unread(Some(MessageId(8)));
        page.newest_read(messages(0..10), 60, &ZONE);
        let line = page.place(&Key::Unread).unwrap();
        page.newest_read(messages(0..12), 60, &ZONE);
        assert_eq!(page.place(&Key::Unread), Some(line));
        page.seen(&ZONE);
        assert_eq!(page.place(&Key::Unread), None);
    }
}
