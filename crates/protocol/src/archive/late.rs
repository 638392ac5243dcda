//! What came by itself, and has its place or its text from the archive alone.
//!
//! What our server had held back may have its place before what came earlier. What came while something was missing before it, and is encrypted,
//! is read in its turn: when the archive lists it. The archive may know it a moment later than we do, so it is asked again until it does, a
//! few times, and so long the mark does not pass it.
//!
//! A server that deals with two messages at once may give them to us in another order than it has put them into the archive. What two different
//! devices have said with one person in a moment is asked for once more, soon enough that the mark is not past it, and rarely: in a
//! conversation that is led on another device of ours that may be often. Where it is asked no more, the places are put right at the
//! next reading.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use causerie_model::{BareJid, Jid};

use super::{Archive, Place, Progress};
use crate::step::Step;

/// How long it takes until the archive is asked, so that the rest of what was held back has come, too.
const REST_COMES_WITHIN: Duration = Duration::from_secs(2);
/// How often it is asked at most for the place of something.
const PLACES_EVERY: Duration = Duration::from_secs(30);
/// How many messages are awaited, and how often they are asked for.
const MOST: usize = 1_000;
const TRIES: u32 = 6;

/// What comes so shortly one after the other may be in the archive the other way round.
const A_MOMENT: Duration = Duration::from_secs(2);
/// How long it takes then until it is asked: shorter than [`super::sure::SURE`], after which the mark may be there.
const SETTLED_AFTER: Duration = Duration::from_secs(10);
/// How often it is asked for that at most.
const SETTLED_EVERY: Duration = Duration::from_secs(300);
/// How many messages of the last moment are remembered.
const MOST_RECENT: usize = 32;

/// What the archive is still to be asked for.
#[derive(Debug, Default)]
pub(super) struct Late {
    due: Option<Duration>,
    last: Option<Duration>,
    /// What could not be read before its turn, as the archive calls it.
    early: BTreeSet<String>,
    tries: u32,
    /// What has come in the last moment: with whom, from which device, and when.
    recent: VecDeque<(BareJid, Jid, Duration)>,
    last_settled: Option<Duration>,
}

impl Late {
    /// The connection is gone. How often places may be asked for stays as it was.
    pub(super) fn forget(&mut self) {
        *self = Self { last: self.last, last_settled: self.last_settled, ..Self::default() };
    }

    /// Something came that has its place before what came earlier, perhaps.
    pub(super) fn came(&mut self, now: Duration) {
        if self.due.is_none() {
            let earliest = self.last.map_or(Duration::ZERO, |last| last.saturating_add(PLACES_EVERY));
            self.due = Some(now.saturating_add(REST_COMES_WITHIN).max(earliest));
            self.last = self.due;
        }
    }

    /// Something was said with somebody, by that device.
    pub(super) fn came_from(&mut self, peer: &BareJid, device: &Jid, now: Duration) {
        let is_past = |at: Duration| at.saturating_add(A_MOMENT) < now;
        self.recent.retain(|(.., at)| !is_past(*at));
        let crosses = self.recent.iter().any(|(with, by, _)| with == peer && by != device);
        if self.recent.len() < MOST_RECENT {
            self.recent.push_back((peer.clone(), device.clone(), now));
        }
        let may_ask = self.last_settled.is_none_or(|last| last.saturating_add(SETTLED_EVERY) <= now);
        if crosses && may_ask {
            let soon = now.saturating_add(SETTLED_AFTER);
            self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
            self.last_settled = Some(now);
        }
    }

    /// Something came before its turn.
    pub(super) fn came_early(&mut self, id: &str) {
        if self.early.len() < MOST {
            self.early.insert(id.to_owned());
            self.tries = 0;
        }
    }

    /// The archive lists that.
    pub(super) fn listed(&mut self, id: &str) {
        self.early.remove(id);
    }

    /// Whether something is still to be listed.
    pub(super) fn is_awaited(&self) -> bool {
        !self.early.is_empty()
    }

    /// The archive has been read to its end.
    pub(super) fn read(&mut self, now: Duration) {
        if self.early.is_empty() {
            return;
        }
        if self.tries == TRIES {
            // It will not come.
            self.early.clear();
            return;
        }
        self.tries += 1;
        let soon = now.saturating_add(REST_COMES_WITHIN.saturating_mul(self.tries));
        self.due = Some(self.due.map_or(soon, |due| due.min(soon)));
    }

    /// The archive is asked from the mark on now.
    pub(super) fn asked(&mut self) {
        self.due = None;
    }

    /// Whether it is time to ask.
    pub(super) fn take_due(&mut self, now: Duration) -> bool {
        self.due.take_if(|due| *due <= now).is_some()
    }

    /// When that is.
    pub(super) fn next_wake(&self) -> Option<Duration> {
        self.due
    }
}

impl Archive {
    /// Something came that our server had held back, so it may have its place before what came earlier. The archive knows.
    pub(crate) fn came_late(&mut self, step: &Step<'_>) {
        match self.progress {
            Progress::Fetching { .. } => self.again |= self.whole,
            Progress::Done if self.whole => self.late.came(step.now.elapsed),
            Progress::Done | Progress::Unknown | Progress::Stopped => {}
        }
    }

    /// Something came by itself that was said with somebody, by that device. The archive may have it before what came a moment earlier.
    pub(crate) fn came_from(&mut self, peer: &BareJid, device: &Jid, place: &Place, step: &Step<'_>) {
        if self.progress == Progress::Done && self.whole && place.stanza.is_some() {
            self.late.came_from(peer, device, step.now.elapsed);
        }
    }

    /// Something came by itself before its turn, and could not be read. The answer that is coming may be older than it is, so the archive is
    /// asked until it has it.
    pub(crate) fn came_early(&mut self, place: &Place) {
        self.again |= self.is_fetching();
        if let Some(stanza) = &place.stanza {
            self.late.came_early(&stanza.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn what_came_early_is_asked_for_until_it_is_listed() {
        let mut late = Late::default();
        late.read(at(0));
        assert_eq!(late.next_wake(), None);
        late.came_early("s1");
        late.read(at(0));
        assert!(late.is_awaited() && !late.take_due(at(1)) && late.take_due(at(2)));
        late.asked();
        late.read(at(2));
        assert_eq!(late.next_wake(), Some(at(6)));
        late.listed("s1");
        assert!(!late.is_awaited());
    }

    #[test]
    fn what_the_archive_never_lists_is_given_up() {
        let mut late = Late::default();
        late.came_early("s1");
        for _ in 0..TRIES {
            late.read(at(0));
            assert!(late.is_awaited() && late.take_due(at(60)));
        }
        late.read(at(60));
        assert!(!late.is_awaited() && late.next_wake().is_none());
    }

    #[test]
    fn what_two_devices_say_in_a_moment_is_asked_for_once_and_rarely() {
        let (bob, phone, desk) = ("bob@b.example", "bob@b.example/phone", "bob@b.example/desk");
        let come = |late: &mut Late, with: &str, by: &str, now| {
            late.came_from(&BareJid::new(with).unwrap(), &Jid::new(by).unwrap(), at(now));
        };
        let mut late = Late::default();
        come(&mut late, bob, phone, 10);
        come(&mut late, bob, phone, 11);
        come(&mut late, "carol@c.example", "carol@c.example/x", 11);
        come(&mut late, bob, desk, 20);
        assert_eq!(late.next_wake(), None);
        come(&mut late, bob, phone, 21);
        assert_eq!(late.next_wake(), Some(at(31)));
        late.asked();
        // A lively conversation on two devices, and a connection that is lost.
        late.forget();
        (22..300).for_each(|now| come(&mut late, bob, if now % 2 == 0 { phone } else { desk }, now));
        assert_eq!(late.next_wake(), None);
        come(&mut late, bob, phone, 321);
        come(&mut late, bob, desk, 322);
        assert_eq!(late.next_wake(), Some(at(332)));
    }

    #[test]
    fn places_are_asked_for_twice_a_minute_at_most() {
        let mut late = Late::default();
        late.came(at(10));
        late.came(at(11));
        assert!(late.take_due(at(12)));
        late.came(at(13));
        assert_eq!(late.next_wake(), Some(at(42)));
    }
}
