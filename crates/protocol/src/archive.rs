//! What an archive keeps (XEP-0313 1.1.3), our own or a room's: what came while we were away, and what is older than what is here.
//!
//! At each sign-in everything after the last message up to which all is here (the *mark*) is fetched, the oldest first, page by page; the next
//! page is asked for in the step that remembers what the last one brought, so it is never asked for before that is kept. Only when
//! that is done do messages that come by themselves move the mark. It follows after a while ([`sure::SURE`]): a server may show or give us one
//! message before another that it has put into the archive before it ([`sure`]). What it held back comes so late that the archive is asked
//! once more.
//! A message of ours whose arrival is not known yet keeps the mark where it is, so that the
//! archive's answer at the next sign-in tells whether it is there: that is how [`crate::messages`] knows what to send again. A server may still
//! be reading what the connection before has brought when it lets us in, so the answer counts a little later ([`afterwards`]).
//!
//! Whoever was away for long does not wait for all of it: when [`SHORT_PAGES`] pages were not enough, the newest [`AHEAD_PAGES`] are fetched,
//! and what is missing between them and the mark is a *gap*, which is remembered and filled from the mark on, through cuts and restarts.
//! The mark never jumps over it, so what fills the gap goes on through the newest pages and what has come since: the ledger knows
//! those messages already. That is also what makes it safe to read ahead what is encrypted. A ratchet keeps only so many keys of messages
//! that have not come. A message for which it would give up one of them is not read ahead ([`Turn::Early`]): it has a place, and its text comes
//! in its turn.
//!
//! | what | rule |
//! |---|---|
//! | whose results count | those of the account or the room that was asked, while we wait for them, under the name that we gave the question |
//! | what is in them | one message, to us or from us, or said in that room; what is in it is taken as if it had come by itself |
//! | what it is called | what the archive calls it (XEP-0359): whatever else came by that name is the same message |
//! | when it was | what the archive says, not after now; within a second, before what the archive has after it |
//! | an archive that has forgotten where we were | is asked from that time on |
//! | a page that does not come | is asked for again, later and later; one that is refused three times is not ([`first`]) |
//! | what the person does not wait for, or what is long | messages of ours that may have arrived are looked for before it ([`sought`]) |
//! | no archive | is said, once a run; what was on its way is sent again under the same name |
//!
//! A first sign-in fetches the newest [`FIRST_PAGES`] pages, the newest page first; where it is cut short, it goes on later ([`first`]). What is
//! older comes when it is looked for, one conversation at a time, between two pages of what was missed. What the archive is to keep (its
//! preferences) is not touched.
//!
//! Long because what is asked next depends on all that was answered.

mod afterwards;
mod first;
mod late;
mod looked_into;
mod older;
mod page;
mod place;
mod room;
mod sought;
mod sure;
mod trouble;
mod whose;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use causerie_model::{
    Arrival, BareJid, CatchUp, Change, Event, Jid, Notice, Order, Problem, Reached, Restored, StanzaId,
    Timestamp,
};
use minidom::Element;

use crate::iq::{Answer, Ask, PATIENCE};
use crate::negotiation::letters;
use crate::omemo::{Listed, Turn};
use crate::server::Support;
use crate::stanza::Sender;
use crate::step::Step;
use crate::xml;
use crate::{Now, datetime, ns};
use afterwards::Afterwards;
use first::{First, Known};
use late::Late;
use page::{Bounds, Side};
pub(crate) use place::{Place, Source, remembered};
use sought::Sought;
use sure::{How, Sure};
use trouble::Trouble;
use whose::Whose;

/// How many messages are asked for at once where somebody waits for them.
const PAGE: usize = 100;
/// How many are asked for at once where there are many.
const LARGE_PAGE: usize = 250;
/// How many of the newest pages are fetched where nothing is known yet.
const FIRST_PAGES: usize = 5;
/// How many pages after the mark are fetched before one looks at the newest.
const SHORT_PAGES: usize = 2;
/// How many of the newest pages are fetched ahead of what is missing before them.
const AHEAD_PAGES: usize = 3;
/// How many conversations wait for older messages at most.
const MOST_WAITING: usize = 16;
/// The longest name of a message that is taken, in bytes.
const LONGEST_ID: usize = 512;
/// 2000-01-01: XMPP is younger.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);
/// How coarse the clock of an archive may be, in milliseconds.
const COARSE: i64 = 1_000;
/// How often a page may be refused.
const MOST_REFUSALS: u8 = 3;
/// After so many pages that have not come, what may have arrived is held back no longer.
const MOST_HELD: u8 = 2;

/// What is known of an archive.
#[derive(Debug)]
pub(crate) struct Archive {
    own: BareJid,
    whose: Whose,
    /// Up to there everything is here, and kept: the mark.
    reached: Option<Reached>,
    /// Up to there it was read, since the last time that was begun.
    read: Option<Reached>,
    /// Between there and that time something is missing, though what is newer is here.
    gap: Option<Timestamp>,
    /// The newest pages that there were at the first sign-in.
    first: First,
    progress: Progress,
    /// When we began to read what comes after the mark.
    since: Timestamp,
    /// Whether it is to be asked once more when all is here.
    again: bool,
    afterwards: Afterwards,
    /// Whether what comes by itself is whole, as [`Self::check`] tells.
    whole: bool,
    /// What is to move the mark when it is sure that nothing is missing before it.
    sure: Sure,
    /// What it is asked for besides.
    late: Late,
    /// The question whose results come now.
    open: Option<Question>,
    /// What is asked next to catch up.
    next: Option<What>,
    trouble: Trouble,
    /// Whether the person does not want what was missed, and what is looked for all the same.
    is_unwanted: bool,
    sought: Sought,
    older: VecDeque<(BareJid, Timestamp)>,
    /// The oldest that was fetched, of conversations that were looked at in this run; none where there is no more.
    oldest: BTreeMap<BareJid, Option<Reached>>,
    /// Whether the person has heard that there is no archive.
    told: bool,
}

/// How far the catching up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// It is not known yet whether there is an archive.
    Unknown,
    Fetching {
        pages: usize,
        messages: u32,
    },
    /// Everything is here.
    Done,
    /// It can't be done, or was not wanted: what is newer than the mark may have gaps.
    Stopped,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Question {
    name: String,
    what: What,
    /// How many results have come, when the last of them was, and since when the next is awaited.
    results: u32,
    last_at: Timestamp,
    since: Duration,
    /// The earliest that was given a place; and what comes has its place before this, as it is known what is there.
    earliest: Option<Timestamp>,
    before: Option<Timestamp>,
    /// The last result. Whatever is remembered of it is remembered before the next one comes.
    latest: Option<Reached>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// What comes after the mark.
    Newer,
    /// The newest there are, or what is before the newest pages that have come: before a time alone, where their names are forgotten.
    First {
        before: Option<Reached>,
    },
    /// The same, of so many pages, though there is a mark.
    Ahead {
        before: Option<Reached>,
        pages: usize,
    },
    /// What comes after the time of the mark: the archive does not know the mark any more.
    Since,
    Older {
        peer: BareJid,
    },
    /// What was said with somebody since the mark: messages of ours may be among it ([`sought`]).
    Sought {
        peer: BareJid,
    },
}

/// A message of the archive.
#[derive(Debug)]
pub(crate) enum Kept<'a> {
    /// To us.
    Received(&'a Element, Sender, Place),
    /// From us, to this address.
    Sent(&'a Element, BareJid, Place),
    /// Said in the room by that address of it.
    Said(&'a Element, Jid, Place),
}

impl Archive {
    /// With what the last run has reached.
    pub(crate) fn new(restored: &Restored) -> Self {
        let known = (restored.archive.clone(), restored.gap, restored.asked);
        Self::of(Whose::Account, restored.account.jid.clone(), known)
    }

    fn of(whose: Whose, own: BareJid, (reached, until, asked): Known) -> Self {
        let (gap, first) = first::told_apart(reached.as_ref(), until, asked);
        Self {
            own,
            whose,
            reached,
            read: None,
            gap,
            first,
            progress: Progress::Unknown,
            since: Timestamp::default(),
            again: false,
            afterwards: Afterwards::default(),
            whole: false,
            sure: Sure::default(),
            late: Late::default(),
            open: None,
            next: None,
            trouble: Trouble::default(),
            is_unwanted: false,
            sought: Sought::default(),
            older: VecDeque::new(),
            oldest: BTreeMap::new(),
            told: false,
        }
    }

    /// The connection is gone.
    pub(crate) fn went_offline(&mut self, step: &mut Step<'_>) {
        if matches!(self.progress, Progress::Fetching { .. }) {
            self.tell(CatchUp::Stopped, step);
        }
        self.progress = Progress::Unknown;
        self.open = None;
        self.next = None;
        self.trouble = Trouble::default();
        self.is_unwanted = false;
        self.sought.forget();
        (self.again, self.whole) = (false, false);
        self.afterwards = Afterwards::default();
        self.forget_reading();
        self.late.forget();
        self.older.clear();
    }

    fn forget_reading(&mut self) {
        self.sure = Sure::default();
        self.read = None;
        self.late.asked();
    }

    /// Whether it is still to be seen what the archive has of ours. Not for ever, where it does not answer.
    pub(crate) fn is_settling(&self) -> bool {
        match self.progress {
            Progress::Unknown => true,
            Progress::Fetching { .. } => self.trouble.misses < MOST_HELD,
            Progress::Stopped => !self.sought.is_over(),
            Progress::Done => false,
        }
    }

    /// The same of what the archive has with somebody.
    pub(crate) fn is_settling_with(&self, peer: &BareJid) -> bool {
        self.is_settling() && !self.sought.has_seen(peer)
    }

    /// Whether messages are being fetched.
    pub(crate) fn is_fetching(&self) -> bool {
        matches!(self.progress, Progress::Fetching { .. })
    }

    /// Whether results are awaited.
    pub(crate) fn is_reading(&self) -> bool {
        self.open.is_some()
    }

    /// In whose turn something is that comes by itself: what is missing before it is fetched, and then it comes again.
    pub(crate) fn turn(&self, stanza: Option<&StanzaId>) -> Turn {
        if self.is_missing_something() && stanza.is_some() { Turn::Early } else { Turn::Due }
    }

    /// Whether what was missed is still to be listed, so that what comes or is written meanwhile is behind it.
    pub(crate) fn is_missing_something(&self) -> bool {
        self.reached.is_some() && self.progress != Progress::Done && !self.told
    }

    /// It is known whether there is an archive. `is_uncertain`: something of ours may have arrived.
    pub(crate) fn known(&mut self, support: Support, is_uncertain: bool, step: &mut Step<'_>) {
        if self.progress != Progress::Unknown || !step.is_online() {
            return;
        }
        // A server that did not say what it can do may have one all the same.
        if support == Support::No {
            self.progress = Progress::Stopped;
            if !self.told {
                self.told = true;
                step.tell(Event::Notice(Notice::NoArchive));
            }
            return;
        }
        self.told = false;
        self.expect_ours(is_uncertain.then_some(step.now.elapsed), step.now);
        self.begin(step);
    }

    /// Something of ours may have arrived by a connection before that which began then.
    fn expect_ours(&mut self, began: Option<Duration>, now: Now) {
        match began {
            Some(began) => self.afterwards.expect(began, now.elapsed),
            None => self.all_is_certain(),
        }
    }

    fn begin(&mut self, step: &mut Step<'_>) {
        self.progress = Progress::Fetching { pages: 0, messages: 0 };
        self.trouble = Trouble::default();
        self.is_unwanted = false;
        self.sought.forget();
        self.since = step.now.wall;
        self.again = false;
        self.afterwards.reading_begins();
        self.tell(CatchUp::Fetching { messages: 0 }, step);
        self.first_is_asked(step);
        self.next = Some(match (&self.reached, self.gap) {
            (None, _) => What::First { before: None },
            (Some(_), None) => What::Newer,
            // It was long, and is not over.
            (Some(_), Some(_)) => What::Ahead { before: None, pages: AHEAD_PAGES },
        });
        self.go_on(step);
    }

    /// Whether all has been listed that the archive has, and what came by itself before its turn is awaited no more.
    pub(crate) fn listed(&self) -> Listed {
        match self.progress == Progress::Done && !self.late.is_awaited() {
            true => Listed::All,
            false => Listed::NotYet,
        }
    }

    /// Whether it is about to be asked once more for what came by itself before its turn.
    pub(crate) fn lists_more(&self) -> bool {
        self.progress == Progress::Done && self.late.is_awaited()
    }

    /// Whether there may be something that is not here yet, and that our other devices have.
    pub(crate) fn is_behind(&self) -> bool {
        self.progress != Progress::Done
    }

    /// From now on what comes by itself is whole: we have said that we are here, or the session goes on after a stream that broke. So the archive
    /// is asked once more, for what came before: what the server gave to a connection that is dead, or took while ours was known but not yet
    /// there. What it had in hand for us it gives once more after a break, and some servers in another order than they took it.
    /// `uncertain`: when the connection began, where something of ours may have arrived by the one before ([`afterwards`]).
    pub(crate) fn check(&mut self, uncertain: Option<Duration>, step: &mut Step<'_>) {
        self.whole = true;
        self.expect_ours(uncertain, step.now);
        // What was seen with somebody was seen before that.
        if self.progress != Progress::Stopped {
            self.sought.forget();
        }
        match self.progress {
            // What was asked before the stream broke was answered or given up, and nobody else goes on.
            Progress::Fetching { .. } => {
                self.again = true;
                self.go_on(step);
            }
            Progress::Done => self.read_again(step),
            Progress::Unknown | Progress::Stopped => {}
        }
    }

    fn read_again(&mut self, step: &mut Step<'_>) {
        self.progress = Progress::Fetching { pages: 0, messages: 0 };
        self.since = step.now.wall;
        self.next = Some(What::Newer);
        self.afterwards.read_since();
        self.sought.forget();
        self.forget_reading();
        self.go_on(step);
    }

    /// The person wants what was missed after all.
    pub(crate) fn start(&mut self, step: &mut Step<'_>) {
        if self.progress != Progress::Stopped || !step.is_online() {
            return;
        }
        match self.told {
            true => step.tell(Event::Notice(Notice::NoArchive)),
            false => self.begin(step),
        }
    }

    /// Asks again, when it is time.
    pub(crate) fn due(&mut self, step: &mut Step<'_>) {
        // Between two streams it waits for the next.
        if !step.is_online() {
            return;
        }
        let now = step.now.elapsed;
        let is_over = self.trouble.until.take_if(|until| *until <= now).is_some();
        if self.afterwards.take_due(now) || is_over {
            self.go_on(step);
        }
        if self.late.take_due(step.now.elapsed) && self.progress == Progress::Done {
            self.read_again(step);
        }
    }

    /// When that is.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        [self.trouble.until, self.afterwards.next_wake(), self.late.next_wake()].into_iter().flatten().min()
    }

    /// Until when the answer is awaited, where its messages are still coming.
    pub(crate) fn is_coming(&self, ask: &Ask, now: Now) -> Option<Duration> {
        let (Ask::ArchivePage(name) | Ask::RoomPage(_, name)) = ask else { return None };
        let open = self.open.as_ref().filter(|open| open.name == *name)?;
        Some(open.since.saturating_add(PATIENCE)).filter(|until| *until > now.elapsed)
    }

    /// The message of a result that counts.
    pub(crate) fn open<'a>(
        &mut self,
        stanza: &'a Element,
        sender: &Sender,
        step: &mut Step<'_>,
    ) -> Option<Kept<'a>> {
        if !self.whose.is_answering(sender) {
            return None;
        }
        let result = only(xml::children(stanza, "result", ns::ARCHIVE))?;
        if result.attr("queryid") != Some(&self.open.as_ref()?.name) {
            return None;
        }
        self.pass_latest(step);
        let now = step.now;
        let question = self.open.as_mut()?;
        let id = result.attr("id").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
        let forwarded = only(xml::children(result, "forwarded", ns::FORWARD))?;
        let stamp = only(xml::children(forwarded, "delay", ns::DELAY)).and_then(|delay| delay.attr("stamp"));
        let at = stamp.and_then(datetime::parse).unwrap_or(question.last_at);
        let at = at.max(EARLIEST).min(now.wall);
        let latest = Reached { id: id.to_owned(), at };
        question.results = question.results.saturating_add(1);
        (question.last_at, question.since) = (at, now.elapsed);
        let at = question.before.map_or(at, |before| in_order(at, before));
        question.earliest = Some(question.earliest.map_or(at, |earliest| earliest.min(at)));
        let inner = only(xml::children(forwarded, "message", ns::CLIENT))?;
        if !self.whose.may_keep(inner) {
            return None;
        }
        let turn = match question.what {
            What::Newer | What::Since | What::First { .. } => Turn::Due,
            What::Ahead { .. } | What::Sought { .. } => Turn::Early,
            // It lies before what is still to be fetched, and does not come again.
            What::Older { .. } if self.reached.is_some() && self.progress != Progress::Done => Turn::Alone,
            What::Older { .. } => Turn::Due,
        };
        let order = match question.what {
            What::Newer | What::Since => Order::Listed { since: self.since },
            What::First { .. } | What::Ahead { .. } | What::Older { .. } | What::Sought { .. } => {
                Order::ByTime
            }
        };
        let stanza = Some(StanzaId { by: self.address().clone(), id: id.to_owned() });
        let arrival = if matches!(order, Order::Listed { .. }) { Arrival::Listed } else { Arrival::Kept };
        let is_early = turn == Turn::Early;
        let past = self.past(&self.open.as_ref()?.what, at);
        let place = Place { stanza, at, arrival, turn, order, is_early, source: Source::Archive, past };
        let kept = self.whose.kept(inner, place, &self.own)?;
        if let Some(open) = &mut self.open {
            open.latest = Some(latest);
        }
        if turn == Turn::Due {
            self.late.listed(id);
        }
        Some(kept)
    }

    /// A page has come, or will not. Gives whether nothing more is awaited.
    pub(crate) fn answered(&mut self, name: &str, answer: &Answer<'_>, step: &mut Step<'_>) {
        if self.open.as_ref().is_some_and(|open| open.name == name) {
            self.pass_latest(step);
        }
        let Some(question) = self.open.take_if(|open| open.name == name) else { return self.go_on(step) };
        let fin = match answer {
            Answer::Result(reply) => reply.get_child("fin", ns::ARCHIVE),
            Answer::Refused(_) | Answer::Silence(_) => None,
        };
        let Some(fin) = fin else { return self.failed(question, answer, step) };
        self.trouble = Trouble::default();
        let set = fin.get_child("set", ns::RSM);
        let id = |name: &'static str| {
            let text = set?.get_child(name, ns::RSM)?.text();
            (!text.is_empty() && text.len() <= LONGEST_ID).then_some(text)
        };
        let (first, last) = (id("first"), id("last"));
        // A page of nothing but what was not let in is a page all the same.
        let is_complete = matches!(fin.attr("complete"), Some("true" | "1")) || last.is_none();
        let oldest = first.zip(question.earliest).map(|(id, at)| Reached { id, at });
        let oldest = oldest.filter(|_| !is_complete);
        if let What::Older { peer } = question.what {
            let whole = oldest.is_none();
            self.oldest.insert(peer.clone(), oldest);
            step.tell(Event::OlderFetched { peer, whole });
            return self.go_on(step);
        }
        if let What::Sought { peer } = &question.what {
            self.sought(peer, oldest, is_complete);
            return self.go_on(step);
        }
        let Progress::Fetching { pages, messages } = self.progress else { return self.go_on(step) };
        let (pages, messages) = (pages + 1, messages.saturating_add(question.results));
        self.progress = Progress::Fetching { pages, messages };
        self.tell(CatchUp::Fetching { messages }, step);
        match question.what {
            What::First { before } => {
                if before.is_none() {
                    let first = self.sure.take().or_else(|| self.sure.waiting().cloned());
                    // With nothing in it, all that there will be comes after its beginning.
                    let beginning = || is_complete.then(|| Reached { id: String::new(), at: EARLIEST });
                    if let Some(mark) = first.or_else(beginning) {
                        self.reach(mark, step);
                    }
                    self.read = last.map(|id| Reached { id, at: question.last_at });
                }
                let moved = |oldest: &Reached| Some(&oldest.id) != before.as_ref().map(|before| &before.id);
                let oldest = oldest.filter(|oldest| pages < FIRST_PAGES && moved(oldest));
                self.leave_first(oldest.as_ref().map(|oldest| oldest.at), step);
                match oldest {
                    Some(oldest) => self.next = Some(What::First { before: Some(oldest) }),
                    None => return self.all_is_here(messages, step),
                }
            }
            What::Ahead { before, pages } => {
                if let Some(earliest) = question.earliest {
                    self.leave_gap(Some(earliest), step);
                }
                let moved = |oldest: &Reached| Some(&oldest.id) != before.as_ref().map(|before| &before.id);
                let is_ahead = |oldest: &Reached| self.cursor().is_some_and(|mark| mark.at < oldest.at);
                let oldest = oldest.filter(|oldest| pages > 1 && moved(oldest) && is_ahead(oldest));
                self.next = Some(match oldest {
                    Some(oldest) => What::Ahead { before: Some(oldest), pages: pages - 1 },
                    None => What::Newer,
                });
            }
            What::Newer | What::Since | What::Older { .. } | What::Sought { .. } => {
                let reached = last.map(|id| Reached { id, at: question.last_at });
                let moved =
                    reached.filter(|reached| self.cursor().map(|known| &known.id) != Some(&reached.id));
                let goes_on = moved.is_some() && !is_complete;
                if moved.is_some() {
                    self.read = moved;
                }
                if let Some(mark) = self.new_mark() {
                    self.reach(mark, step);
                }
                match (goes_on, pages < self.whose.most_pages()) {
                    // There is more of it than one should wait for.
                    (true, true)
                        if pages >= SHORT_PAGES && self.gap.is_none() && self.first.before.is_none() =>
                    {
                        self.next = Some(What::Ahead { before: None, pages: AHEAD_PAGES });
                    }
                    (true, true) => self.next = Some(What::Newer),
                    // A page that brought something and got no further is not the end of what there is.
                    (false, _) if is_complete => {
                        self.leave_gap(None, step);
                        return self.all_is_here(messages, step);
                    }
                    _ => return self.end(Progress::Stopped, step),
                }
            }
        }
        self.go_on(step);
    }

    /// Everything is here, unless it is to be asked once more. The gap is closed then.
    fn all_is_here(&mut self, messages: u32, step: &mut Step<'_>) {
        let (again, since) = (std::mem::take(&mut self.again), self.afterwards.read_since());
        // What comes in late may have its place before what was listed already.
        if since && self.reached.is_some() {
            self.since = step.now.wall;
            self.forget_reading();
        }
        if since || again {
            self.progress = Progress::Fetching { pages: 0, messages };
            self.next = Some(What::Newer);
            return self.go_on(step);
        }
        if let Some(rest) = self.rest_of_first() {
            self.progress = Progress::Fetching { pages: 1, messages };
            self.next = Some(rest);
            return self.go_on(step);
        }
        self.late.read(step.now.elapsed);
        self.end(Progress::Done, step);
    }

    /// Where something has its place that comes by itself: what may be missing before it is fetched, and says it then.
    pub(crate) fn order(&self) -> Order {
        match self.progress {
            Progress::Done => Order::Last,
            Progress::Unknown | Progress::Stopped if self.told => Order::Last,
            Progress::Unknown | Progress::Fetching { .. } | Progress::Stopped => Order::ByTime,
        }
    }

    /// A message came by itself, marked by our archive. `is_quiet`: no message of ours is on its way. Before it is known that what comes by
    /// itself is whole, there may be one before it that was given to nobody.
    pub(crate) fn came(&mut self, place: &Place, is_quiet: bool, step: &mut Step<'_>) {
        self.came_during_first(place);
        let (Progress::Done, true, Some(stanza)) = (self.progress, is_quiet && self.whole, &place.stanza)
        else {
            return;
        };
        // Its time is for an archive that does not know it any more: what that has said itself is surer than our clock.
        let at = self.cursor().map_or(place.at, |known| known.at);
        self.pass(Reached { id: stanza.id.clone(), at }, How::Alone, step);
        if let Some(mark) = self.new_mark() {
            self.reach(mark, step);
        }
    }

    /// The last result of the open question has been remembered.
    fn pass_latest(&mut self, step: &mut Step<'_>) {
        let moves = |what: &What| matches!(what, What::Newer | What::Since | What::First { before: None });
        let latest = self.open.as_mut().filter(|open| moves(&open.what)).and_then(|open| open.latest.take());
        if let Some(latest) = latest {
            self.pass(latest, How::Listed, step);
        }
    }

    fn pass(&mut self, passed: Reached, how: How, step: &mut Step<'_>) {
        let id = passed.id.clone();
        let since = (how == How::Listed).then_some(self.since);
        if self.sure.pass(passed, how, step.now.elapsed) {
            step.record(Change::ArchivePassed { archive: self.address().clone(), id, since });
        }
    }

    /// Where the mark is to be. It does not pass what is still to be read.
    fn new_mark(&mut self) -> Option<Reached> {
        if self.late.is_awaited() { None } else { self.sure.take() }
    }

    /// After what one goes on.
    fn cursor(&self) -> Option<&Reached> {
        self.read.as_ref().or(self.reached.as_ref())
    }

    fn failed(&mut self, question: Question, answer: &Answer<'_>, step: &mut Step<'_>) {
        let what = match question.what {
            What::Older { peer } => {
                step.tell(Event::OlderFetched { peer, whole: false });
                return self.go_on(step);
            }
            // What the mark named is gone: old messages may have been removed (XEP-0059 §2.3).
            What::Newer if matches!(answer, Answer::Refused(Problem::NoSuchAddress)) => What::Since,
            What::Sought { .. } => return self.seeking_failed(answer, step),
            what => {
                // What of it has come is kept, and is not asked for again.
                if matches!(what, What::Newer | What::Since)
                    && let Some(mark) = self.new_mark()
                {
                    self.reach(mark, step);
                }
                self.trouble.count(answer, step.now.elapsed);
                if self.trouble.refusals >= MOST_REFUSALS {
                    return self.is_refused(&what, step);
                }
                what
            }
        };
        if self.is_fetching() {
            self.next = Some(what);
        }
        self.go_on(step);
    }

    fn reach(&mut self, reached: Reached, step: &mut Step<'_>) {
        if self.reached.as_ref() == Some(&reached) {
            return;
        }
        step.record(Change::ArchiveReached { archive: self.address().clone(), reached: reached.clone() });
        self.reached = Some(reached);
    }

    fn leave_gap(&mut self, until: Option<Timestamp>, step: &mut Step<'_>) {
        if self.gap != until {
            self.gap = until;
            self.note_gap(until, step);
        }
    }

    fn note_gap(&self, until: Option<Timestamp>, step: &mut Step<'_>) {
        step.record(Change::ArchiveGap { archive: self.address().clone(), until });
    }

    fn end(&mut self, progress: Progress, step: &mut Step<'_>) {
        self.progress = progress;
        self.next = None;
        self.again = false;
        self.trouble = Trouble::default();
        self.tell(if progress == Progress::Done { CatchUp::Done } else { CatchUp::Stopped }, step);
        self.go_on(step);
    }

    /// Asks the next question, where none is open: first what somebody looks at, then what was missed.
    fn go_on(&mut self, step: &mut Step<'_>) {
        if self.open.is_some() || !step.is_online() {
            return;
        }
        if let Some((peer, before)) = self.older.pop_front() {
            return self.ask_older(peer, before, step);
        }
        let is_waiting = self.trouble.until.is_some();
        if is_waiting || self.ask_sought(step) || !self.is_fetching() || self.afterwards.is_awaited() {
            return;
        }
        let Some(what) = self.next.take() else { return };
        let mark = self.cursor();
        let after = mark.map(|mark| mark.id.clone());
        let since = Bounds { start: mark.map(|mark| mark.at), ..Bounds::default() };
        let (bounds, side, before) = match &what {
            What::Newer => (Bounds::default(), Side::After(after), self.gap),
            What::Since => (since, Side::After(None), self.gap),
            What::First { before } | What::Ahead { before, .. } => {
                let side = Side::Before(before.as_ref().map(|before| before.id.clone()));
                let end =
                    before.as_ref().filter(|before| before.id.is_empty()).map(|before| end_of(before.at));
                (Bounds { end, ..Bounds::default() }, side, before.as_ref().map(|before| before.at))
            }
            What::Older { .. } | What::Sought { .. } => return,
        };
        self.ask(what, (bounds, side), before, step);
    }

    fn ask(
        &mut self,
        what: What,
        (bounds, side): (Bounds, Side),
        before: Option<Timestamp>,
        step: &mut Step<'_>,
    ) {
        let name = letters(16, step.rng);
        let (last_at, most) = match &what {
            What::Newer | What::Since => (self.cursor().map_or(step.now.wall, |mark| mark.at), LARGE_PAGE),
            What::First { .. } | What::Ahead { .. } | What::Older { .. } | What::Sought { .. } => {
                (step.now.wall, PAGE)
            }
        };
        let query = page::query(&name, &bounds, &side, most);
        let since = step.now.elapsed;
        let question = Question {
            name: name.clone(),
            what,
            results: 0,
            last_at,
            since,
            earliest: None,
            before,
            latest: None,
        };
        self.open = Some(question);
        step.set(self.whose.recipient(), query, self.whose.ask(name));
    }
}

/// A time that is before that of what the archive has after it. Its clock may be as coarse as a second, and its order is finer.
fn in_order(at: Timestamp, before: Timestamp) -> Timestamp {
    let late = at.as_millis().saturating_sub(before.as_millis());
    match late {
        0..COARSE => Timestamp::from_millis(before.as_millis().saturating_sub(1)),
        _ => at,
    }
}

/// Until when what was said before that is asked for, where it has no name. Who tells whole seconds keeps finer ones: what was said in that second
/// may be before it, too. What is here already comes again.
fn end_of(before: Timestamp) -> Timestamp {
    Timestamp::from_millis(before.as_millis().saturating_add(COARSE))
}

/// The one there is, unless there are several.
fn only<'a>(mut elements: impl Iterator<Item = &'a Element>) -> Option<&'a Element> {
    elements.next().filter(|_| elements.next().is_none())
}
