//! Stream management (XEP-0198 1.6.3): which of our stanzas the server has, and going on where a connection broke.
//!
//! Each side counts the stanzas it got, modulo 2³². Ours that are not acknowledged are kept, and sent again in their order when a
//! new connection takes up the session (§5). What is told of theirs is what came before in the same order of effects, and those are
//! committed before anything is sent: nothing is acknowledged that a crash could take back.
//!
//! | what comes | what it does |
//! |---|---|
//! | an acknowledgement of what was acknowledged before | nothing: a server that counts wrongly makes us send twice, never lose |
//! | one of more than was sent | ends the stream with the error of §4; nothing of it counts, nor of the session |
//! | `location` (§3) | nothing: where the account's server is, is what DNS or the person says. The names that it may have for |
//! |   | itself are for itself: going there would let one server hand us on to another |
//! | `failed`, with `h` or without | the session is lost; what `h` names has arrived, of the rest nothing is known |
//! | `resumed`, whose `h` does not cover messages | where there is an archive, they are handed back ([`Uncovered::LookedUp`]): a server |
//! |   | may go on reading the old connection when it has said `h`, and then each would be there twice |
//!
//! What was written in clear to somebody does not leave any more once the person has chosen that everything to them is encrypted: it is handed
//! back as well, with or without an archive.
//!
//! At most [`WINDOW`] stanzas are on their way; later ones wait here. After a stream that the server ended, maybe over what we sent,
//! they go one at a time until one has been taken; a stanza over which a second one ends is not sent any more. That streams are lost,
//! however many, says nothing of what was sent.
//!
//! Long because it is one state machine, and what is counted and what is kept are the same.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use causerie_model::{BareJid, Jid, OriginId, Problem};
use minidom::Element;

use self::kept::Kept;
use crate::xml::Draft;
use crate::{Effect, Effects, ns, omemo};

/// How many stanzas are sent before the first of them is acknowledged.
const WINDOW: usize = 500;
/// How much is kept, in bytes of names, values and texts. A server that takes no more is not worth the memory.
const MOST_KEPT: usize = 32 * 1024 * 1024;
/// How long the server may take to say whether it manages the stream. Until then we go on as if.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the server may take to acknowledge: in general, and on a stream that has just been taken up.
const ANSWER: Duration = Duration::from_secs(60);
const FIRST_ANSWER: Duration = Duration::from_secs(15);
/// For so long after a standstill, or after the network was another, somebody waits in front of the screen. A session that is taken up then,
/// and on which nothing at all comes, is given up for a new one after that time, and the time that what is said again takes on the slowest
/// line; what comes meanwhile counts as ever.
const AWAKE: Duration = Duration::from_secs(20);
const AWAKE_ANSWER: Duration = Duration::from_millis(3_500);
/// On a slow line it comes behind whatever the server was saying. While stanzas come one after the other without such a pause between
/// them, it has so long from each, and all in all at most so much. On a stream that has just been taken up a whole stanza is no sign of
/// a slow line, since others write to a deaf one as well: it counts for the time that it takes on the slowest line, in bytes a second.
const PAUSE: Duration = Duration::from_secs(3);
const BEHIND: Duration = Duration::from_secs(10);
const LONGEST_ANSWER: Duration = Duration::from_secs(900);
const LONGEST_FIRST_ANSWER: Duration = Duration::from_secs(180);
const SLOWEST: usize = 4096;
/// An acknowledgement that brought nothing new is asked for again after this time.
const AGAIN: Duration = Duration::from_secs(5);
/// How long a session is believed to be kept for us where the server does not say, and at most.
const KEPT: Duration = Duration::from_secs(600);
const LONGEST_KEPT: Duration = Duration::from_secs(3600);
/// The longest name of a session that is taken, in bytes (§3 has it at most 4000).
const LONGEST_NAME: usize = 4000;
/// After how many streams that the server ended over what we sent a stanza is set aside which was the first that was not acknowledged.
pub(crate) const SET_ASIDE: u8 = 2;

/// A message of ours, as others know it: to whom it went and what it is called.
pub(crate) type Name = (BareJid, OriginId);

/// The management of one account's streams.
#[derive(Debug, Default)]
pub(crate) struct StreamManagement {
    state: State,
    /// The session that a new connection can take up.
    session: Option<Session>,
    /// How many stanzas have come.
    received: u32,
    /// How many of ours were acknowledged.
    acknowledged: u32,
    /// Those that were not, in their order.
    kept: VecDeque<Kept>,
    /// How many of them were sent on this connection.
    on_their_way: usize,
    /// How much they weigh.
    weight: usize,
    pace: Pace,
    proved: Proved,
    /// When the program last stood still.
    shaken: Option<Duration>,
    /// Whether the server has said on this stream what it has of ours.
    has_answered: bool,
    request: Request,
    uncovered: Uncovered,
    news: News,
}

/// What becomes of messages that had gone out and are not covered by the count with which a session goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Uncovered {
    /// They are sent again at once.
    #[default]
    SentAgain,
    /// They are handed back, with all messages after them, and not kept any more: it is seen first whether they have arrived.
    LookedUp,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// The stream is not managed.
    #[default]
    Off,
    /// We have asked for it, and count ours from there on (§4).
    Asked { until: Duration },
    /// It is managed.
    On,
    /// The stream is over, the session is not. So many of those that are kept had been sent.
    Suspended { sent: usize },
}

#[derive(Debug)]
struct Session {
    name: String,
    kept: Duration,
}

/// Whether the stream has shown that it carries what we send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Proved {
    #[default]
    Yes,
    /// It was taken up, and no acknowledgement has come since. There are servers (Prosody up to 13.0.1) that read a new stream as if
    /// it went on in the midst of the stanza in which the old one broke: they complain of what we have not sent, or take all of it
    /// for a part of that stanza and answer nothing.
    NotYet,
}

/// How many stanzas may be on their way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pace {
    /// [`WINDOW`].
    #[default]
    Free,
    /// One: it, or the one behind it, may be what ended the last stream.
    Careful,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Request {
    #[default]
    No,
    /// Asked; an answer has to come until then. What came last, and how much later it may come behind what does.
    Awaited { until: Duration, at_most: Duration, heard: Duration },
    /// To be asked then, unless there is another reason before.
    At(Duration),
}

/// What the features have to hear.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// Messages that the server has.
    pub(crate) acknowledged: Vec<Name>,
    /// Messages that are not sent any more, because streams ended over them.
    pub(crate) set_aside: Vec<Name>,
    /// Messages that are not kept any more because it is to be seen whether they have arrived, in their order.
    pub(crate) handed_back: Vec<HandedBack>,
    /// Messages that the person has taken back before they went out.
    pub(crate) never_left: Vec<Name>,
    /// The stream is not managed after all.
    pub(crate) refused: bool,
}

/// A message that is not kept any more.
#[derive(Debug)]
pub(crate) struct HandedBack {
    pub(crate) name: Name,
    /// Whether it had gone out.
    pub(crate) has_left: bool,
    /// How many streams the server has ended over it since it was kept.
    pub(crate) blame: u8,
}

impl News {
    /// Whether there is nothing to hear.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { acknowledged, set_aside, handed_back, never_left, refused } = self;
        let is_quiet = handed_back.is_empty() && never_left.is_empty() && !refused;
        acknowledged.is_empty() && set_aside.is_empty() && is_quiet
    }
}

/// What is known of how a stream ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum End {
    /// The server has ended it, and gave no reason that has nothing to do with what we sent.
    ByServer,
    /// The server has ended it in good order, without a word why: maybe over what was on its way, if that was one thing alone.
    Closed,
    /// It was lost, we have ended it, or the server said another reason.
    #[default]
    Otherwise,
}

/// How it is known what the server has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The stream is managed.
    Stream,
    /// By the answers to pings.
    Pings,
}

impl StreamManagement {
    /// Whether a stream can be managed.
    pub(crate) fn is_offered(features: &Element) -> bool {
        features.has_child("sm", ns::STREAM_MANAGEMENT)
    }

    /// Begins a new session on a stream that has just got its address.
    pub(crate) fn enable(&mut self, now: Duration, out: &mut Effects) {
        *self = Self { state: State::Asked { until: now + PATIENCE }, ..Self::default() };
        out.send(Draft::new("enable", ns::STREAM_MANAGEMENT).attr("resume", "true").into());
    }

    /// Begins a new session that was asked for together with the address (XEP-0386), if the server has said yes. What has come since
    /// then counts.
    pub(crate) fn enabled(&mut self, enabled: &Element) {
        let news = std::mem::take(&mut self.news);
        *self = Self { state: State::On, session: session(enabled), news, ..Self::default() };
    }

    /// How it is known what the server has taken.
    pub(crate) fn proof(&self) -> Proof {
        match self.state {
            State::Asked { .. } | State::On => Proof::Stream,
            State::Off | State::Suspended { .. } => Proof::Pings,
        }
    }

    /// Takes an element of the stream. What it says of ours is in [`Self::news`].
    ///
    /// # Errors
    ///
    /// The server acknowledges what was not sent: the stream is to be ended.
    pub(crate) fn element(
        &mut self,
        element: &Element,
        now: Duration,
        out: &mut Effects,
    ) -> Result<(), Problem> {
        if is_stanza(element) {
            if self.state == State::On {
                self.received = self.received.wrapping_add(1);
            }
            self.flows(Some(element), now);
            return Ok(());
        }
        if !element.has_ns(ns::STREAM_MANAGEMENT) {
            return Ok(());
        }
        match (element.name(), self.state) {
            ("r", State::On) => self.acknowledge(out),
            ("a", State::On) => {
                if let Some(h) = count(element) {
                    self.acknowledged(h, now, out)?;
                }
            }
            ("enabled", State::Asked { .. }) => {
                self.state = State::On;
                self.session = session(element);
            }
            ("failed", State::Asked { .. }) => self.forget(),
            _ => {}
        }
        Ok(())
    }

    /// Something comes from the server, a whole stanza or part of one: what it acknowledges may come behind that.
    pub(crate) fn flows(&mut self, whole: Option<&Element>, now: Duration) {
        let Request::Awaited { until, at_most, heard } = &mut self.request else { return };
        if now.saturating_sub(std::mem::replace(heard, now)) > PAUSE {
            return;
        }
        let behind = match (whole, self.proved) {
            (Some(stanza), Proved::NotYet) => (*until + carried(stanza)).min(now + BEHIND),
            (Some(_), Proved::Yes) | (None, _) => now + BEHIND,
        };
        *until = (*until).max(behind.min(*at_most));
    }

    /// Counts and keeps what is sent from that effect on. What has to wait is taken out.
    pub(crate) fn keep(&mut self, from: usize, out: &mut Effects) {
        if self.proof() == Proof::Pings {
            return;
        }
        let sent = out.0.split_off(from);
        for effect in sent {
            let Effect::Send(stanza) = &effect else {
                out.0.push(effect);
                continue;
            };
            if !is_stanza(stanza) {
                out.0.push(effect);
                continue;
            }
            let kept = Kept::new(stanza);
            self.weight += kept.weight;
            self.kept.push_back(kept);
            if self.kept.len() - 1 == self.on_their_way && self.on_their_way < self.window() {
                self.on_their_way += 1;
                out.0.push(effect);
            }
        }
    }

    /// A message is not sent again; one that has not been sent yet is not sent at all, and that is told in [`Self::news`].
    pub(crate) fn withdraw(&mut self, withdrawn: &Name) {
        let sent = self.sent();
        let is_it = |kept: &Kept| kept.name().as_ref() == Some(withdrawn);
        match self.kept.iter().position(is_it) {
            Some(place) if place >= sent && self.kept.get(place).is_some_and(|kept| !kept.has_left) => {
                self.weight -= self.kept.remove(place).map_or(0, |kept| kept.weight);
                self.news.never_left.push(withdrawn.clone());
            }
            Some(place) => {
                if let Some(kept) = self.kept.get_mut(place) {
                    kept.withdrawn = true;
                }
            }
            None => {}
        }
    }

    /// How many of those that are kept have gone out.
    fn sent(&self) -> usize {
        match self.state {
            State::Suspended { sent } => sent,
            State::Off | State::Asked { .. } | State::On => self.on_their_way,
        }
    }

    /// The person has chosen that everything to somebody is encrypted: what is kept in clear for them does not leave any more as it is. What has
    /// not gone out is handed back at once, in [`Self::news`]; what has, when it is known that it has not arrived.
    pub(crate) fn encrypt(&mut self, peer: &BareJid) {
        let sent = self.sent();
        let is_clear =
            |kept: &Kept| kept.message().is_some_and(|it| !omemo::wire::is_encrypted(it) && is_for(it, peer));
        for kept in self.kept.iter_mut().filter(|kept| is_clear(kept)) {
            kept.outdated = true;
        }
        let unsent = self.kept.split_off(sent.min(self.kept.len()));
        let (back, stays) = unsent.into_iter().partition(|kept| kept.outdated && !kept.withdrawn);
        let stays: VecDeque<Kept> = stays;
        self.kept.extend(stays);
        self.give(back);
    }

    /// The person wants a message to be sent after all.
    pub(crate) fn restore(&mut self, restored: &Name) {
        let is_it = |kept: &&mut Kept| kept.withdrawn && kept.name().as_ref() == Some(restored);
        if let Some(kept) = self.kept.iter_mut().find(is_it) {
            kept.withdrawn = false;
        }
    }

    /// Says what becomes of messages whose arrival is not known when a session goes on.
    pub(crate) fn set_uncovered(&mut self, uncovered: Uncovered) {
        self.uncovered = uncovered;
    }

    /// Says how much has come, before a goodbye: what the server has no word of, it may give to somebody else.
    pub(crate) fn acknowledge(&self, out: &mut Effects) {
        if self.state == State::On {
            let answer = Draft::new("a", ns::STREAM_MANAGEMENT).attr("h", &self.received.to_string());
            out.send(answer.into());
        }
    }

    /// Asks what has arrived, where something is on its way and nothing is asked yet.
    pub(crate) fn ask(&mut self, from: usize, now: Duration, out: &mut Effects) {
        let sends = |effect: &Effect| matches!(effect, Effect::Send(element) if is_stanza(element));
        if self.state == State::On
            && !matches!(self.request, Request::Awaited { .. })
            && self.on_their_way > 0
            && out.0.get(from..).unwrap_or_default().iter().any(sends)
        {
            self.ask_now(now, out);
        }
    }

    /// Asks in any case; the answer shows that the server lives.
    pub(crate) fn ask_now(&mut self, now: Duration, out: &mut Effects) {
        let (within, at_most) = match self.proved {
            Proved::Yes => (ANSWER, LONGEST_ANSWER),
            Proved::NotYet if self.is_awake_again(now) => (self.awake_answer(), LONGEST_FIRST_ANSWER),
            Proved::NotYet => (FIRST_ANSWER, LONGEST_FIRST_ANSWER),
        };
        if !matches!(self.request, Request::Awaited { .. }) {
            self.request = Request::Awaited { until: now + within, at_most: now + at_most, heard: now };
        }
        out.send(Draft::new("r", ns::STREAM_MANAGEMENT).into());
    }

    /// Time has passed in which nothing could be heard: an answer that is due may lie in a buffer.
    pub(crate) fn forbear(&mut self, now: Duration) {
        self.shaken = Some(now);
        if let Request::Awaited { until, .. } = &mut self.request {
            *until = (*until).max(now + FIRST_ANSWER);
        }
        if let State::Asked { until } = &mut self.state {
            *until = (*until).max(now + FIRST_ANSWER);
        }
    }

    /// Whether `r` is a question that the server answers.
    pub(crate) fn is_on(&self) -> bool {
        self.state == State::On
    }

    /// Whether there is a session between two streams.
    pub(crate) fn is_suspended(&self) -> bool {
        matches!(self.state, State::Suspended { .. })
    }

    /// Does what has become due.
    ///
    /// # Errors
    ///
    /// The server has not acknowledged for too long: the stream is no good.
    pub(crate) fn due(&mut self, now: Duration, out: &mut Effects) -> Result<(), Problem> {
        if matches!(self.state, State::Asked { until } if until <= now) {
            self.forget();
        }
        if self.state == State::On && matches!(self.request, Request::At(at) if at <= now) {
            self.request = Request::No;
            if self.on_their_way > 0 {
                self.ask_now(now, out);
            }
        }
        if self.is_on() && matches!(self.request, Request::Awaited { until, .. } if until <= now) {
            return Err(Problem::TimedOut);
        }
        Ok(())
    }

    /// When something becomes due.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        match (self.state, self.request) {
            (State::Asked { until }, _) => Some(until),
            (State::On, Request::At(at) | Request::Awaited { until: at, .. }) => Some(at),
            _ => None,
        }
    }

    /// Whether the server has said on this stream what it has of ours.
    pub(crate) fn has_answered(&self) -> bool {
        self.is_on() && self.has_answered
    }

    /// Whether more is kept than can be.
    pub(crate) fn is_full(&self) -> bool {
        self.weight > MOST_KEPT
    }

    /// Whether a stream that was taken up and ends for that reason never carried what we sent: then nothing of that is to blame, and
    /// taking it up again would be no better.
    pub(crate) fn was_deaf(&self, why: &Problem) -> bool {
        self.is_on() && self.proved == Proved::NotYet && matches!(why, Problem::Protocol | Problem::TimedOut)
    }

    /// The network is another: what was on its way may be lost, as after a standstill, though nothing lies in a buffer.
    pub(crate) fn moved(&mut self, now: Duration) {
        self.shaken = Some(now);
    }

    /// How long the first answer may take when somebody waits for it: it comes behind all that is said again.
    fn awake_answer(&self) -> Duration {
        let seconds = u64::try_from(self.weight / SLOWEST).unwrap_or(u64::MAX);
        AWAKE_ANSWER.saturating_add(Duration::from_secs(seconds)).min(FIRST_ANSWER)
    }

    /// Whether the program stood still a moment ago, or the network was another.
    pub(crate) fn is_awake_again(&self, now: Duration) -> bool {
        self.shaken.is_some_and(|then| now.saturating_sub(then) <= AWAKE)
    }

    /// The stream is over. Gives for how long the session may be taken up, if it may.
    pub(crate) fn suspend(&mut self, end: End) -> Option<Duration> {
        if !self.is_on() || self.is_full() {
            return None;
        }
        let kept = self.session.as_ref()?.kept;
        if let Some(first) = self.kept.front_mut().filter(|_| end != End::Otherwise && self.on_their_way > 0)
        {
            first.blame = first.blame.saturating_add(end.blame_among(self.on_their_way));
            self.pace = Pace::Careful;
        }
        self.state = State::Suspended { sent: std::mem::take(&mut self.on_their_way) };
        self.request = Request::No;
        Some(kept)
    }

    /// The request to take up the session, where there is one.
    pub(crate) fn resume(&self) -> Option<Element> {
        let session = self.session.as_ref().filter(|_| self.is_suspended())?;
        let request = Draft::new("resume", ns::STREAM_MANAGEMENT).attr("previd", &session.name);
        Some(request.attr("h", &self.received.to_string()).into())
    }

    /// The session goes on; what has not arrived is sent again.
    ///
    /// # Errors
    ///
    /// The server says so of another session, or acknowledges what was not sent.
    pub(crate) fn resumed(
        &mut self,
        resumed: &Element,
        now: Duration,
        out: &mut Effects,
    ) -> Result<(), Problem> {
        let ours = self.session.as_ref().is_some_and(|session| resumed.attr("previd") == Some(&session.name));
        let State::Suspended { sent } = self.state else { return Err(Problem::Protocol) };
        if !ours {
            return Err(Problem::Protocol);
        }
        self.state = State::On;
        self.on_their_way = sent;
        self.take(count(resumed).unwrap_or(self.acknowledged), out)?;
        let left = std::mem::take(&mut self.on_their_way);
        self.kept.iter_mut().take(left).for_each(|kept| kept.has_left = true);
        self.kept.retain(|kept| !kept.withdrawn);
        self.weight = self.kept.iter().map(|kept| kept.weight).sum();
        if self.kept.front().is_some_and(|first| first.blame >= SET_ASIDE)
            && let Some(culprit) = self.kept.pop_front()
        {
            self.weight -= culprit.weight;
            self.news.set_aside.extend(culprit.name());
        }
        self.hand_back();
        self.release(out);
        (self.proved, self.has_answered) = (Proved::NotYet, false);
        self.ask_now(now, out);
        Ok(())
    }

    /// Keeps messages no more of which the first may have arrived, where that is to be seen first; and those that are not to go out as they
    /// are, with what was written to the same people.
    fn hand_back(&mut self) {
        let is_one = |kept: &Kept| kept.message().is_some_and(is_named);
        let is_uncertain = |kept: &Kept| kept.has_left && is_one(kept);
        let all = self.uncovered == Uncovered::LookedUp && self.kept.iter().any(is_uncertain);
        // What was said in a room comes back from there, which shows whether it has arrived, whatever there is of archives.
        let is_said = |message: &Element| message.attr("type") == Some("groupchat");
        let in_room = |kept: &Kept| kept.has_left && kept.message().is_some_and(is_said);
        let outdated = self.kept.iter().filter(|kept| kept.outdated || in_room(kept));
        let people: BTreeSet<BareJid> = outdated.filter_map(Kept::name).map(|(peer, _)| peer).collect();
        if !all && people.is_empty() {
            return;
        }
        let goes_back = |kept: &Kept| {
            is_one(kept) && (all || kept.name().is_some_and(|(peer, _)| people.contains(&peer)))
        };
        let (back, stays) = std::mem::take(&mut self.kept).into_iter().partition(goes_back);
        self.kept = stays;
        self.give(back);
    }

    /// These are not kept any more.
    fn give(&mut self, back: VecDeque<Kept>) {
        self.weight = self.kept.iter().map(|kept| kept.weight).sum();
        let handed_back = |kept: Kept| {
            let Kept { has_left, blame, .. } = kept;
            kept.name().map(|name| HandedBack { name, has_left, blame })
        };
        self.news.handed_back.extend(back.into_iter().filter_map(handed_back));
    }

    /// The session is lost. `failed` may say how much had arrived by then (§5).
    pub(crate) fn lost(&mut self, failed: Option<&Element>) {
        if let (Some(h), State::Suspended { sent }) = (failed.and_then(count), self.state) {
            self.on_their_way = sent;
            self.drop_arrived(self.arrived(h).unwrap_or_default());
        }
        self.forget();
    }

    /// The stream ends in good order, and the session with it (§5).
    pub(crate) fn end(&mut self) {
        self.session = None;
    }

    /// Nothing is managed any more, and nothing kept. What is to be told stays.
    pub(crate) fn forget(&mut self) {
        self.news.refused |= matches!(self.state, State::Asked { .. });
        *self = Self { news: std::mem::take(&mut self.news), ..Self::default() };
    }

    /// What the features have not heard yet.
    pub(crate) fn news(&mut self) -> News {
        std::mem::take(&mut self.news)
    }

    /// What is said to a server that acknowledges more than was sent (§4).
    pub(crate) fn too_high(&self, h: u32) -> Element {
        let sent = self.acknowledged.wrapping_add(u32::try_from(self.on_their_way).unwrap_or(u32::MAX));
        let detail = Draft::new("handled-count-too-high", ns::STREAM_MANAGEMENT)
            .attr("h", &h.to_string())
            .attr("send-count", &sent.to_string());
        let condition = Draft::new("undefined-condition", ns::STREAM_ERROR);
        Draft::new("error", ns::STREAM).child(condition).child(detail).into()
    }

    fn acknowledged(&mut self, h: u32, now: Duration, out: &mut Effects) -> Result<(), Problem> {
        let before = self.acknowledged;
        self.take(h, out)?;
        (self.proved, self.has_answered) = (Proved::Yes, true);
        let progress = self.acknowledged != before;
        self.release(out);
        self.request = Request::No;
        match (self.on_their_way, progress) {
            (0, _) => {}
            (_, false) => self.request = Request::At(now + AGAIN),
            (_, true) => self.ask_now(now, out),
        }
        Ok(())
    }

    /// Takes a count of theirs.
    fn take(&mut self, h: u32, out: &mut Effects) -> Result<(), Problem> {
        let Some(arrived) = self.arrived(h) else {
            out.send(self.too_high(h));
            self.forget();
            return Err(Problem::Protocol);
        };
        self.drop_arrived(arrived);
        Ok(())
    }

    /// How many stanzas have arrived by that count; none when it is an old one; `None` when they are more than were sent
    /// (RFC 1982 §3.2).
    fn arrived(&self, h: u32) -> Option<usize> {
        let ahead = h.wrapping_sub(self.acknowledged);
        if ahead > u32::MAX / 2 {
            return Some(0);
        }
        usize::try_from(ahead).ok().filter(|ahead| *ahead <= self.on_their_way)
    }

    fn drop_arrived(&mut self, arrived: usize) {
        for kept in self.kept.drain(..arrived.min(self.kept.len())) {
            self.weight -= kept.weight;
            self.acknowledged = self.acknowledged.wrapping_add(1);
            self.on_their_way -= 1;
            self.news.acknowledged.extend(kept.name());
        }
        if arrived > 0 {
            self.pace = Pace::Free;
        }
    }

    /// Sends what waits and may go.
    fn release(&mut self, out: &mut Effects) {
        let most = self.window().min(self.kept.len());
        for kept in self.kept.range(self.on_their_way.min(most)..most) {
            out.send(kept.stanza());
        }
        self.on_their_way = self.on_their_way.max(most);
    }

    fn window(&self) -> usize {
        match (self.state, self.pace) {
            // Whether it is managed is not known, and what waits here would be lost if it is not.
            (State::Asked { .. }, _) => usize::MAX,
            (_, Pace::Free) => WINDOW,
            (_, Pace::Careful) => 1,
        }
    }
}

impl End {
    /// How many streams the first stanza that was not taken is to be blamed for, where it was one of so many on their way.
    pub(crate) fn blame_among(self, on_their_way: usize) -> u8 {
        match self {
            Self::ByServer => 1,
            Self::Closed => u8::from(on_their_way == 1),
            Self::Otherwise => 0,
        }
    }
}

/// Whether an element is counted. The marker of one that was not let in is.
fn is_stanza(element: &Element) -> bool {
    element.has_ns(ns::CLIENT) && matches!(element.name(), "message" | "presence" | "iq")
}

/// Who a message of ours went to, and what we called it.
fn name(stanza: &Element) -> Option<Name> {
    let to = stanza.attr("to").filter(|_| stanza.name() == "message")?;
    Some((Jid::new(to).ok()?.bare().clone(), stanza.attr("id").and_then(OriginId::new)?))
}

/// Whether it is a message to somebody that waits for its arrival to be known.
fn is_for(stanza: &Element, peer: &BareJid) -> bool {
    is_named(stanza) && name(stanza).is_some_and(|(to, _)| to == *peer)
}

/// Whether it is a message under a name by which it is found in the archive (XEP-0359 §2.2): one that waits for its arrival to be known.
fn is_named(stanza: &Element) -> bool {
    stanza.has_child("origin-id", ns::STANZA_ID) && name(stanza).is_some()
}

fn count(element: &Element) -> Option<u32> {
    element.attr("h")?.trim().parse().ok()
}

fn session(enabled: &Element) -> Option<Session> {
    let resumes = matches!(enabled.attr("resume").map(str::trim), Some("true" | "1"));
    let name = enabled.attr("id").filter(|id| resumes && !id.is_empty() && id.len() <= LONGEST_NAME)?;
    let kept = enabled.attr("max").and_then(|max| max.trim().parse().ok()).map_or(KEPT, Duration::from_secs);
    Some(Session { name: name.to_owned(), kept: kept.min(LONGEST_KEPT) })
}

fn weight(element: &Element) -> usize {
    let attributes = element.attrs().iter().map(|((_, name), value)| name.len() + value.len() + 64);
    let texts = element.texts().map(|text| text.len() + 32);
    let children = element.children().map(weight);
    64 + element.name().len() + element.ns().len() + attributes.chain(texts).chain(children).sum::<usize>()
}

/// How long the slowest line takes for it, rather too long than too short.
fn carried(stanza: &Element) -> Duration {
    let millis = weight(stanza).saturating_mul(1000) / SLOWEST;
    Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
}

mod kept;
#[cfg(test)]
mod tests;
