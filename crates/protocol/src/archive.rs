//! What the server keeps of our messages (XEP-0313 1.1.3): what came while we were away, and what is older than what is here.
//!
//! At each sign-in everything after the last message up to which all is here is fetched, the oldest first, page by page; the next
//! page is asked for in the step that remembers how far the last one reached, so it is never asked for before that is kept. Only when
//! that is done do messages that come by themselves move the mark: they come in the order of the archive, and what has been missed
//! before them is known to be here. A message of ours whose arrival is not known yet keeps the mark where it is, so that the
//! archive's answer at the next sign-in tells whether it is there: that is how [`crate::messages`] knows what to send again.
//!
//! | what | rule |
//! |---|---|
//! | whose results count | our account's own, while we wait for them, under the name that we gave the question |
//! | what is in them | one message, to us or from us; what is in it is taken as if it had come by itself |
//! | what it is called | what the archive calls it (XEP-0359): whatever else came by that name is the same message |
//! | when it was | what the archive says, not after now |
//! | an archive that has forgotten where we were | is asked from that time on |
//! | no archive | is said, once a run; what was on its way is sent again under the same name |
//!
//! A first sign-in fetches the newest [`FIRST_PAGES`] pages, the newest page first. What is older comes when it is looked for, one conversation at
//! a time. What the archive is to keep (its preferences) is not touched.
//!
//! Long because what is asked next depends on all that was answered.

use std::collections::{BTreeMap, VecDeque};

use causerie_model::{
    BareJid, CatchUp, Change, Event, Jid, Notice, Order, Problem, Reached, Restored, StanzaId, Timestamp,
};
use minidom::Element;

use crate::iq::{Answer, Ask, Recipient};
use crate::negotiation::letters;
use crate::server::Support;
use crate::stanza::Sender;
use crate::step::Step;
use crate::xml::{self, Draft};
use crate::{Now, datetime, ns};

/// How many messages are asked for at once.
const PAGE: usize = 100;
/// How many of the newest pages are fetched where nothing is known yet.
const FIRST_PAGES: usize = 5;
/// How many pages one connection may take: an archive that never ends is not read for ever.
const MOST_PAGES: usize = 20_000;
/// How many conversations wait for older messages at most.
const MOST_WAITING: usize = 16;
/// The longest name of a message that is taken, in bytes.
const LONGEST_ID: usize = 512;
/// 2000-01-01: XMPP is younger.
const EARLIEST: i64 = 946_684_800_000;

/// What is known of our archive.
#[derive(Debug)]
pub(crate) struct Archive {
    own: BareJid,
    /// Up to there everything is here, and kept.
    reached: Option<Reached>,
    progress: Progress,
    /// When we began to read what comes after the mark.
    since: Timestamp,
    /// Whether it is to be asked once more when all is here.
    again: bool,
    /// The question whose results come now.
    open: Option<Question>,
    older: VecDeque<(BareJid, Timestamp)>,
    /// The oldest that was fetched, of conversations that were looked at in this run; none where there is no more.
    oldest: BTreeMap<BareJid, Option<String>>,
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
    /// How many results have come, and when the last of them was.
    results: u32,
    last_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// What comes after the mark.
    Newer,
    /// The newest there are, or what is before the newest pages that have come.
    First {
        before: Option<String>,
    },
    /// What comes after the time of the mark: the archive does not know the mark any more.
    Since,
    Older {
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
}

/// Where a message belongs: what our archive calls it, and when it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) stanza: Option<StanzaId>,
    pub(crate) at: Timestamp,
    pub(crate) order: Order,
}

impl Archive {
    /// With what the last run has reached.
    pub(crate) fn new(restored: &Restored) -> Self {
        Self {
            own: restored.account.jid.clone(),
            reached: restored.archive.clone(),
            progress: Progress::Unknown,
            since: Timestamp::default(),
            again: false,
            open: None,
            older: VecDeque::new(),
            oldest: BTreeMap::new(),
            told: false,
        }
    }

    /// The connection is gone.
    pub(crate) fn went_offline(&mut self, step: &mut Step<'_>) {
        if matches!(self.progress, Progress::Fetching { .. }) {
            step.tell(Event::CatchUp(CatchUp::Stopped));
        }
        self.progress = Progress::Unknown;
        self.open = None;
        self.again = false;
        self.older.clear();
    }

    /// Whether it is still to be seen what the archive has of ours.
    pub(crate) fn is_settling(&self) -> bool {
        matches!(self.progress, Progress::Unknown | Progress::Fetching { .. })
    }

    /// Whether messages are being fetched.
    pub(crate) fn is_fetching(&self) -> bool {
        matches!(self.progress, Progress::Fetching { .. })
    }

    /// It is known whether there is an archive.
    pub(crate) fn known(&mut self, support: Support, step: &mut Step<'_>) {
        if self.progress != Progress::Unknown {
            return;
        }
        if support != Support::Yes {
            self.progress = Progress::Stopped;
            if support == Support::No && !self.told {
                self.told = true;
                step.tell(Event::Notice(Notice::NoArchive));
            }
            return;
        }
        self.progress = Progress::Fetching { pages: 0, messages: 0 };
        self.since = step.now.wall;
        step.tell(Event::CatchUp(CatchUp::Fetching { messages: 0 }));
        let what = match self.reached {
            Some(_) => What::Newer,
            None => What::First { before: None },
        };
        self.ask(what, step);
    }

    /// From now on what comes by itself is whole: we have said that we are here, or the session goes on after a stream that broke. So the archive
    /// is asked once more, for what came before: what the server gave to a connection that is dead, or took while ours was known but not yet
    /// there. What it had in hand for us it gives once more after a break, and some servers in another order than they took it.
    pub(crate) fn check(&mut self, step: &mut Step<'_>) {
        match self.progress {
            Progress::Fetching { .. } => self.again = true,
            Progress::Done if self.open.is_some() => {}
            Progress::Done if self.reached.is_some() => {
                self.progress = Progress::Fetching { pages: 0, messages: 0 };
                self.since = step.now.wall;
                self.ask(What::Newer, step);
            }
            Progress::Done | Progress::Unknown | Progress::Stopped => {}
        }
    }

    /// The person does not want to wait.
    pub(crate) fn stop(&mut self, step: &mut Step<'_>) {
        if self.is_fetching() {
            self.open = None;
            self.end(Progress::Stopped, step);
        }
    }

    /// The person looks at the oldest message that is here.
    pub(crate) fn fetch_older(&mut self, peer: BareJid, before: Timestamp, step: &mut Step<'_>) {
        let is_asked = self.older.iter().any(|(asked, _)| *asked == peer)
            || matches!(&self.open, Some(Question { what: What::Older { peer: asked }, .. }) if *asked == peer);
        let has_archive =
            matches!(self.progress, Progress::Fetching { .. } | Progress::Done | Progress::Stopped)
                && step.is_online()
                && !self.told;
        if !has_archive || self.oldest.get(&peer) == Some(&None) {
            step.tell(Event::OlderFetched { peer, whole: self.told || has_archive });
            return;
        }
        if !is_asked && self.older.len() < MOST_WAITING {
            self.older.push_back((peer, before));
            self.next(step);
        }
    }

    /// The message of a result that counts.
    pub(crate) fn open<'a>(&mut self, stanza: &'a Element, sender: &Sender, now: Now) -> Option<Kept<'a>> {
        if *sender != Sender::Account {
            return None;
        }
        let result = only(xml::children(stanza, "result", ns::ARCHIVE))?;
        let question = self.open.as_mut()?;
        if result.attr("queryid") != Some(&question.name) {
            return None;
        }
        let id = result.attr("id").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID)?;
        let forwarded = only(xml::children(result, "forwarded", ns::FORWARD))?;
        let stamp = only(xml::children(forwarded, "delay", ns::DELAY)).and_then(|delay| delay.attr("stamp"));
        let at = stamp.and_then(datetime::parse).unwrap_or(question.last_at);
        let at = at.max(Timestamp::from_millis(EARLIEST)).min(now.wall);
        question.results = question.results.saturating_add(1);
        question.last_at = at;
        let inner = only(xml::children(forwarded, "message", ns::CLIENT))?;
        if matches!(inner.attr("type"), Some("groupchat" | "error")) || crate::carbons::is_carbon(inner) {
            return None;
        }
        let order = match question.what {
            What::Newer | What::Since => Order::Listed { since: self.since },
            What::First { .. } | What::Older { .. } => Order::ByTime,
        };
        let place = Place { stanza: Some(StanzaId { by: self.own.clone(), id: id.to_owned() }), at, order };
        let to = match inner.attr("to") {
            Some(to) => Jid::new(to).ok()?.bare().clone(),
            None => self.own.clone(),
        };
        match Sender::of(inner, &self.own) {
            Sender::Jid(from) if from.bare() != &self.own => {
                (to == self.own).then_some(Kept::Received(inner, Sender::Jid(from), place))
            }
            Sender::Account if inner.attr("from").is_none() => None,
            Sender::Account | Sender::Jid(_) => Some(Kept::Sent(inner, to, place)),
            Sender::Unreadable => None,
        }
    }

    /// A page has come, or will not. Gives whether nothing more is awaited.
    pub(crate) fn answered(&mut self, name: &str, answer: &Answer<'_>, step: &mut Step<'_>) {
        let Some(question) = self.open.take_if(|open| open.name == name) else { return };
        let fin = match answer {
            Answer::Result(reply) => reply.get_child("fin", ns::ARCHIVE),
            Answer::Refused(_) | Answer::Silence(_) => None,
        };
        let Some(fin) = fin else { return self.failed(question, answer, step) };
        let set = fin.get_child("set", ns::RSM);
        let id = |name: &'static str| {
            let text = set?.get_child(name, ns::RSM)?.text();
            (!text.is_empty() && text.len() <= LONGEST_ID).then_some(text)
        };
        let (first, last) = (id("first"), id("last"));
        let is_complete = matches!(fin.attr("complete"), Some("true" | "1")) || question.results == 0;
        if let What::Older { peer } = question.what {
            let oldest = first.filter(|_| !is_complete);
            let whole = oldest.is_none();
            self.oldest.insert(peer.clone(), oldest);
            step.tell(Event::OlderFetched { peer, whole });
            return self.next(step);
        }
        let Progress::Fetching { pages, messages } = self.progress else { return self.next(step) };
        let (pages, messages) = (pages + 1, messages.saturating_add(question.results));
        self.progress = Progress::Fetching { pages, messages };
        step.tell(Event::CatchUp(CatchUp::Fetching { messages }));
        match question.what {
            What::First { before } => {
                if let Some(last) = last.filter(|_| before.is_none()) {
                    self.reach(Reached { id: last, at: question.last_at }, step);
                }
                match first
                    .filter(|first| !is_complete && pages < FIRST_PAGES && before.as_ref() != Some(first))
                {
                    Some(first) => self.ask(What::First { before: Some(first) }, step),
                    None if std::mem::take(&mut self.again) && self.reached.is_some() => {
                        self.ask(What::Newer, step);
                    }
                    None => self.end(Progress::Done, step),
                }
            }
            _ => {
                let reached = last.map(|id| Reached { id, at: question.last_at });
                let moved = reached
                    .filter(|reached| self.reached.as_ref().map(|known| &known.id) != Some(&reached.id));
                let goes_on = moved.is_some() && !is_complete;
                if let Some(reached) = moved {
                    self.reach(reached, step);
                }
                match (goes_on, pages < MOST_PAGES) {
                    (true, true) => self.ask(What::Newer, step),
                    (true, false) => self.end(Progress::Stopped, step),
                    // A page that brought something and got no further is not the end of what there is.
                    (false, true) if is_complete && std::mem::take(&mut self.again) => {
                        self.ask(What::Newer, step);
                    }
                    (false, _) if is_complete => self.end(Progress::Done, step),
                    (false, _) => self.end(Progress::Stopped, step),
                }
            }
        }
    }

    /// Where something has its place that comes by itself: what may be missing before it is fetched, and says it then.
    pub(crate) fn order(&self) -> Order {
        match self.progress {
            Progress::Done => Order::Last,
            Progress::Unknown | Progress::Stopped if self.told => Order::Last,
            Progress::Unknown | Progress::Fetching { .. } | Progress::Stopped => Order::ByTime,
        }
    }

    /// A message came by itself, marked by our archive. `is_quiet`: no message of ours is on its way.
    pub(crate) fn came(&mut self, place: &Place, is_quiet: bool, step: &mut Step<'_>) {
        if let (Progress::Done, true, Some(stanza)) = (self.progress, is_quiet, &place.stanza) {
            self.reach(Reached { id: stanza.id.clone(), at: place.at }, step);
        }
    }

    fn failed(&mut self, question: Question, answer: &Answer<'_>, step: &mut Step<'_>) {
        match question.what {
            What::Older { peer } => {
                step.tell(Event::OlderFetched { peer, whole: false });
                self.next(step);
            }
            // What the mark named is gone: old messages may have been removed (XEP-0059 §2.3).
            What::Newer if matches!(answer, Answer::Refused(Problem::NoSuchAddress)) => {
                self.ask(What::Since, step);
            }
            What::Newer | What::First { .. } | What::Since => self.end(Progress::Stopped, step),
        }
    }

    fn reach(&mut self, reached: Reached, step: &mut Step<'_>) {
        if self.reached.as_ref() == Some(&reached) {
            return;
        }
        step.record(Change::ArchiveReached { archive: self.own.clone(), reached: reached.clone() });
        self.reached = Some(reached);
    }

    fn end(&mut self, progress: Progress, step: &mut Step<'_>) {
        self.progress = progress;
        step.tell(Event::CatchUp(match progress {
            Progress::Done => CatchUp::Done,
            _ => CatchUp::Stopped,
        }));
        self.next(step);
    }

    /// Asks for older messages, where somebody waits for them and nothing else is asked.
    fn next(&mut self, step: &mut Step<'_>) {
        if self.open.is_some() || self.is_fetching() || !step.is_online() {
            return;
        }
        let Some((peer, before)) = self.older.pop_front() else { return };
        let cursor = self.oldest.get(&peer).cloned().flatten();
        let end = cursor.is_none().then_some(before);
        self.send(What::Older { peer: peer.clone() }, (Some(&peer), None, end), ("before", cursor), step);
    }

    fn ask(&mut self, what: What, step: &mut Step<'_>) {
        let reached = self.reached.clone();
        match &what {
            What::Newer => self.send(what, (None, None, None), ("after", reached.map(|mark| mark.id)), step),
            What::First { before } => {
                let before = before.clone();
                self.send(what, (None, None, None), ("before", before), step);
            }
            What::Since => {
                self.send(what, (None, reached.map(|mark| mark.at), None), ("after", None), step);
            }
            What::Older { .. } => {}
        }
    }

    fn send(
        &mut self,
        what: What,
        (with, start, end): (Option<&BareJid>, Option<Timestamp>, Option<Timestamp>),
        (side, cursor): (&'static str, Option<String>),
        step: &mut Step<'_>,
    ) {
        let name = letters(16, step.rng);
        let field = |var: &str, value: &str| {
            let value = Draft::new("value", ns::DATA_FORM).text(value);
            Element::from(Draft::new("field", ns::DATA_FORM).attr("var", var).child(value))
        };
        let kind = Draft::new("field", ns::DATA_FORM).attr("var", "FORM_TYPE").attr("type", "hidden");
        let kind = kind.child(Draft::new("value", ns::DATA_FORM).text(ns::ARCHIVE));
        let form = Draft::new("x", ns::DATA_FORM)
            .attr("type", "submit")
            .child(kind)
            .children(with.map(|with| field("with", with.as_str())))
            .children(start.map(|start| field("start", &datetime::format(start))))
            .children(end.map(|end| field("end", &datetime::format(end))));
        let mut set = Draft::new("set", ns::RSM).child(Draft::new("max", ns::RSM).text(&PAGE.to_string()));
        // `before` without an identifier is the last page, `after` without one is no wish.
        if side == "before" || cursor.is_some() {
            set = set.child(Draft::new(side, ns::RSM).text(cursor.as_deref().unwrap_or_default()));
        }
        let query = Draft::new("query", ns::ARCHIVE).attr("queryid", &name).child(form).child(set);
        let last_at = match &what {
            What::Newer | What::Since => self.reached.as_ref().map_or(step.now.wall, |mark| mark.at),
            What::First { .. } | What::Older { .. } => step.now.wall,
        };
        self.open = Some(Question { name: name.clone(), what, results: 0, last_at });
        step.set(Recipient::Account, query, Ask::ArchivePage(name));
    }
}

/// The one there is, unless there are several.
fn only<'a>(mut elements: impl Iterator<Item = &'a Element>) -> Option<&'a Element> {
    elements.next().filter(|_| elements.next().is_none())
}
