//! Whether the provider is asked for messages older than those that are here.

use causerie_model::Timestamp;

use super::page::Cursor;

/// How many pages in a row may bring nothing to be seen before one has to scroll again.
const MOST_EMPTY: u8 = 4;
/// How long it is left alone then, in milliseconds.
const REST: i64 = 5_000;
/// For so long nobody wonders, in milliseconds.
pub(super) const UNSEEN: u64 = 500;

/// How asking goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Idle,
    /// The answer is awaited.
    Asked,
    /// It has come, or will not; what is here now is being read.
    Answered,
    /// Too often nothing has come of it; not before that time.
    Resting(Timestamp),
    /// There is nothing older.
    Whole,
}

/// How asking for older messages goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fetching {
    state: State,
    /// The oldest message when it was asked.
    oldest: Option<Cursor>,
    empty: u8,
    /// How often it was asked in all.
    asked: u64,
    /// Of which asking somebody has waited for long enough to be told.
    told: Option<u64>,
    /// The archive is to be asked as soon as it can be: the connection is new.
    again: bool,
}

impl Fetching {
    /// Whether it may be asked; nothing older than `oldest` is here.
    pub(super) fn may_ask(&self, now: Timestamp) -> bool {
        match self.state {
            State::Idle => true,
            State::Resting(until) => until <= now,
            State::Asked | State::Answered | State::Whole => false,
        }
    }

    /// It is asked. Gives the number of the asking.
    pub(super) fn ask(&mut self, oldest: Cursor) -> u64 {
        if matches!(self.state, State::Resting(_)) {
            self.empty = 0;
        }
        self.state = State::Asked;
        self.oldest = Some(oldest);
        self.asked += 1;
        self.asked
    }

    /// The provider has answered, or does not. Whether what is here is to be read.
    pub(super) fn answered(&mut self, whole: bool) -> bool {
        if whole {
            self.state = State::Whole;
            return false;
        }
        if self.state != State::Asked {
            return false;
        }
        self.state = State::Answered;
        true
    }

    /// What is here was read; it begins with that message. One that is older than before has come of the question, or nothing has.
    pub(super) fn read(&mut self, oldest: Option<Cursor>, is_partial: bool, now: Timestamp) {
        if self.state != State::Answered {
            return;
        }
        if is_partial || oldest != self.oldest {
            self.empty = 0;
            self.state = State::Idle;
            return;
        }
        self.empty += 1;
        self.state = match self.empty < MOST_EMPTY {
            true => State::Idle,
            false => State::Resting(Timestamp::from_millis(now.as_millis().saturating_add(REST))),
        };
    }

    /// There is another connection: what was asked is void, and the archive may have more to say.
    pub(super) fn reconnected(&mut self) {
        *self = Self { asked: self.asked, again: true, ..Self::default() };
    }

    /// The archive can be asked. Whether that was awaited.
    pub(super) fn is_there(&mut self) -> bool {
        let awaited = std::mem::take(&mut self.again);
        if awaited && !self.is_asked() {
            (self.state, self.empty) = (State::Idle, 0);
        }
        awaited
    }

    /// What is here could not be read.
    pub(super) fn unread(&mut self) {
        if self.state == State::Answered {
            self.state = State::Idle;
        }
    }

    /// Somebody has waited for that asking for a while.
    pub(super) fn lasts(&mut self, asked: u64) {
        if self.is_asked() && asked == self.asked {
            self.told = Some(asked);
        }
    }

    /// Whether to say that older messages are fetched.
    pub(super) fn is_seen(&self) -> bool {
        self.is_asked() && self.told == Some(self.asked)
    }

    fn is_asked(&self) -> bool {
        matches!(self.state, State::Asked | State::Answered)
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::MessageId;

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn cursor(id: i64) -> Cursor {
        (Timestamp::from_millis(id), MessageId(id))
    }

    #[test]
    fn pages_that_bring_nothing_are_passed_over_but_not_without_an_end() {
        let mut fetching = Fetching::default();
        for _ in 0..MOST_EMPTY {
            assert!(fetching.may_ask(NOW));
            fetching.ask(cursor(9));
            assert!(!fetching.may_ask(NOW), "one question at a time");
            assert!(fetching.answered(false));
            fetching.read(Some(cursor(9)), false, NOW);
        }
        assert!(!fetching.may_ask(NOW));
        let later = Timestamp::from_millis(NOW.as_millis() + REST);
        assert!(fetching.may_ask(later));
        fetching.ask(cursor(9));
        fetching.answered(false);
        fetching.read(Some(cursor(3)), false, later);
        assert!(fetching.may_ask(later));
    }

    #[test]
    fn the_end_is_the_end_until_there_is_another_connection() {
        let mut fetching = Fetching::default();
        fetching.ask(cursor(9));
        assert!(!fetching.answered(true));
        assert!(!fetching.may_ask(NOW));
        fetching.reconnected();
        assert!(fetching.may_ask(NOW) && fetching.is_there() && !fetching.is_there());
    }

    #[test]
    fn what_is_quick_is_not_told() {
        let mut fetching = Fetching::default();
        let first = fetching.ask(cursor(9));
        assert!(!fetching.is_seen());
        fetching.answered(false);
        fetching.read(Some(cursor(3)), false, NOW);
        let second = fetching.ask(cursor(3));
        fetching.lasts(first);
        assert!(!fetching.is_seen(), "that was another question");
        fetching.lasts(second);
        assert!(fetching.is_seen());
        fetching.reconnected();
        assert!(!fetching.is_seen());
    }
}
