//! What a timeline shows, made from a page of messages: days, and messages in groups.

use causerie_model::{Message, MessageId, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Messages of one sender that are closer than this, in milliseconds, are of one group.
const GROUP_GAP: i64 = 5 * 60 * 1000;

/// One row of the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The messages from here on are of another day, which this instant is in.
    Day(Date, Timestamp),
    /// The messages from here on were not read when the conversation was opened.
    Unread,
    /// A message: where it is in the page, and what its neighbours are.
    Message {
        /// Which.
        id: MessageId,
        /// Its place in the page.
        index: usize,
        /// Its place in its group.
        place: Place,
    },
}

/// Where a message stands in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Alone.
    Only,
    /// First of several.
    First,
    /// Neither first nor last.
    Middle,
    /// Last of several.
    Last,
}

impl Place {
    /// Whether the group begins here.
    pub(crate) fn begins(self) -> bool {
        matches!(self, Self::Only | Self::First)
    }

    /// Whether the group ends here: time and picture are shown.
    pub(crate) fn ends(self) -> bool {
        matches!(self, Self::Only | Self::Last)
    }
}

/// Names a row, whatever comes before or after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// A day's beginning.
    Day(Date),
    /// The line above what is new.
    Unread,
    /// A message.
    Message(MessageId),
}

impl Entry {
    /// The row's name.
    pub(crate) fn key(&self) -> Key {
        match self {
            Self::Day(date, _) => Key::Day(*date),
            Self::Unread => Key::Unread,
            Self::Message { id, .. } => Key::Message(*id),
        }
    }
}

/// The rows for a page of messages, oldest first. `first_unread` is the first message below the line above what is new.
pub(crate) fn entries(page: &[Message], first_unread: Option<MessageId>, zone: &TimeZone) -> Vec<Entry> {
    let days: Vec<Date> = page.iter().map(|message| date(message.at, zone)).collect();
    let joined = |first: usize, second: usize| -> bool {
        let (Some(a), Some(b)) = (page.get(first), page.get(second)) else { return false };
        a.direction == b.direction
            && days.get(first) == days.get(second)
            && b.at.as_millis().saturating_sub(a.at.as_millis()).abs() < GROUP_GAP
            && first_unread != Some(b.id)
    };
    let mut rows = Vec::with_capacity(page.len() + 8);
    let mut day = None;
    for (index, (message, date)) in page.iter().zip(&days).enumerate() {
        // A clock that went back puts an earlier day after a later one: it is not announced a second time.
        if day.is_none_or(|day| *date > day) {
            rows.push(Entry::Day(*date, message.at));
            day = Some(*date);
        }
        if first_unread == Some(message.id) {
            rows.push(Entry::Unread);
        }
        let before = index.checked_sub(1).is_some_and(|previous| joined(previous, index));
        let after = joined(index, index + 1);
        let place = match (before, after) {
            (false, false) => Place::Only,
            (false, true) => Place::First,
            (true, true) => Place::Middle,
            (true, false) => Place::Last,
        };
        rows.push(Entry::Message { id: message.id, index, place });
    }
    rows
}

/// The day of an instant where we are.
pub(crate) fn date(at: Timestamp, zone: &TimeZone) -> Date {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use causerie_model::{BareJid, Body, Direction, MessageState};

    use super::*;

    fn message(id: i64, minutes: i64, direction: Direction) -> Message {
        Message {
            id: MessageId(id),
            peer: BareJid::new("bob@chat.example").unwrap(),
            direction,
            origin: None,
            body: Body::Text("hi".to_owned()),
            at: Timestamp::from_millis(minutes * 60_000),
            state: MessageState::Received,
            protection: causerie_model::Protection::Encrypted(None),
            sealing: causerie_model::Sealing::default(),
            archived: None,
            unreached: Vec::new(),
            annotations: Default::default(),
            author: None,
        }
    }

    fn places(page: &[Message]) -> Vec<Place> {
        let rows = entries(page, None, &TimeZone::UTC);
        rows.iter()
            .filter_map(|row| if let Entry::Message { place, .. } = row { Some(*place) } else { None })
            .collect()
    }

    #[test]
    fn neighbours_of_one_sender_are_a_group() {
        use Direction::{Incoming, Outgoing};
        let page = [
            message(1, 0, Incoming),
            message(2, 2, Incoming),
            message(3, 6, Incoming),
            message(4, 11, Incoming),
            message(5, 12, Outgoing),
        ];
        assert_eq!(places(&page), [Place::First, Place::Middle, Place::Last, Place::Only, Place::Only]);
        assert!(places(&[]).is_empty());
    }

    #[test]
    fn a_day_begins_once() {
        use Direction::Incoming;
        let day = 24 * 60;
        let page = [
            message(1, day - 1, Incoming),
            message(2, day, Incoming),
            message(3, day - 1, Incoming),
            message(4, day + 1, Incoming),
        ];
        let rows = entries(&page, None, &TimeZone::UTC);
        let days = rows.iter().filter(|row| matches!(row, Entry::Day(..))).count();
        assert_eq!(days, 2);
        let keys: std::collections::HashSet<Key> = rows.iter().map(Entry::key).collect();
        assert_eq!(keys.len(), rows.len(), "every row has a name of its own");
    }

    #[test]
    fn what_is_new_is_below_a_line() {
        use Direction::{Incoming, Outgoing};
        let page = [
            message(1, 0, Incoming),
            message(2, 1, Incoming),
            message(3, 2, Outgoing),
            message(4, 3, Incoming),
        ];
        let rows = entries(&page, Some(MessageId(2)), &TimeZone::UTC);
        let line = rows.iter().position(|row| *row == Entry::Unread).unwrap();
        assert_eq!(rows[line + 1].key(), Key::Message(MessageId(2)));
        assert!(matches!(rows[line - 1], Entry::Message { place: Place::Only, .. }));
    }
}
