//! Messages that can't be read yet, kept until they can be: those of a device whose key has changed or is known as another address's, until a
//! person has decided about it; those that cost too much at the moment (see `effort`); and those that came by themselves before their turn,
//! until the archive has listed all that there is. Nothing of them was read, so no state has changed, and they can be read later as if
//! they came then.
//!
//! Of a stanza that is kept which this device needs to read it: its key, the payload, and what names messages; neither the keys for others
//! nor a text that stands beside it. With it go the pre-keys that its key exchange names ([`LentKeys`]), sealed, as those may be gone when a person
//! decides. All of it goes when the message is read, when its author wants it gone, and after [`LONGEST`]; then its row says so.
//!
//! | how much | is kept |
//! |---|---|
//! | of one message | 128 KiB: an envelope for 80,000 bytes |
//! | with one person | 200 messages, 1 MiB; the oldest go |
//! | of an account | 2,000 messages, 4 MiB, in memory once; the oldest of whoever has most go, of strangers first |
//! | that waits for its turn, or to be listed | as long as there is room: it pushes out nothing |

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use causerie_model::{BareJid, Change, Direction, Held, LetGo, Mark, Timestamp, Unreadable};
use causerie_omemo::{Kind, LentKeys};
use minidom::Element;
use sha2::{Digest, Sha256};

use super::{Omemo, wire};
use crate::archive::{Place, Source};
use crate::messages::origin_id;
use crate::ns;
use crate::step::Step;
use crate::xml::Draft;

const MOST: usize = 2_000;
const MOST_BYTES: usize = 4 << 20;
const MOST_OF_ONE: usize = 200;
const MOST_BYTES_OF_ONE: usize = 1 << 20;
/// How many of those with one person wait for their turn.
const MOST_DELAYED: usize = 20;
const LARGEST: usize = 128 << 10;
/// How long one is kept: whoever has not decided by then does not.
const LONGEST: Duration = Duration::from_secs(60 * 24 * 60 * 60);

/// What is kept, the oldest first.
pub(super) struct Holding {
    waiting: VecDeque<Waiting>,
    /// Whether there may be rows that stand for what comes again.
    early_rows: bool,
}

struct Waiting {
    held: Held,
    /// It is to be tried now.
    is_due: bool,
}

/// What its author may be told when a message is read that was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tells {
    /// That it has arrived, and that it was read.
    Arrival,
    /// That it was read.
    Reading,
    /// Nothing: another device of ours got it.
    Nothing,
}

/// Whether the archive has listed all that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    All,
    NotYet,
}

/// Whether a message that can't be read for that reason may be later.
fn waits(why: Unreadable) -> bool {
    matches!(why, Unreadable::KeyReplaced | Unreadable::KeyOfOther | Unreadable::Delayed | Unreadable::Early)
}

impl Holding {
    /// What the last run left is tried once, unless it has to be listed first.
    pub(super) fn new(held: Vec<Held>, early_rows: bool) -> Self {
        let wait = |held: Held| Waiting { is_due: held.why != Unreadable::Early, held };
        Self { waiting: held.into_iter().map(wait).collect(), early_rows }
    }

    /// Whether one more with somebody may wait for its turn.
    pub(super) fn has_room(&self, peer: &BareJid) -> bool {
        let delayed =
            |waiting: &&Waiting| waiting.held.peer == *peer && waiting.held.why == Unreadable::Delayed;
        self.waiting.iter().filter(delayed).count() < MOST_DELAYED
    }

    /// A person has decided about a key of theirs. What our own other devices have sent is with others.
    pub(super) fn decided(&mut self, jid: &BareJid, own: &BareJid) {
        let is_theirs = |held: &Held| match held.direction {
            Direction::Incoming => held.peer == *jid,
            Direction::Outgoing => own == jid,
        };
        let awaits = |held: &Held| matches!(held.why, Unreadable::KeyReplaced | Unreadable::KeyOfOther);
        let theirs =
            self.waiting.iter_mut().filter(|waiting| awaits(&waiting.held) && is_theirs(&waiting.held));
        theirs.for_each(|waiting| waiting.is_due = true);
    }

    fn of(&mut self, mark: Mark) -> Option<&mut Held> {
        self.waiting.iter_mut().map(|waiting| &mut waiting.held).find(|held| held.mark == mark)
    }

    /// Whether any costs too much at the moment.
    fn has_delayed(&self) -> bool {
        self.waiting.iter().any(|waiting| waiting.held.why == Unreadable::Delayed)
    }

    /// Gives up all of them.
    pub(super) fn take_all(&mut self) -> Vec<Held> {
        std::mem::take(&mut self.waiting).into_iter().map(|waiting| waiting.held).collect()
    }

    fn size(&self, peer: Option<&BareJid>) -> (usize, usize) {
        let of_them =
            self.waiting.iter().filter(|waiting| peer.is_none_or(|peer| waiting.held.peer == *peer));
        of_them.fold((0, 0), |(count, bytes), waiting| (count + 1, bytes + waiting.held.stanza.len()))
    }

    /// Whether one of so many bytes pushes out nothing.
    fn fits(&self, peer: &BareJid, bytes: usize) -> bool {
        let within = |peer, most, most_bytes| {
            let (count, before) = self.size(peer);
            count < most && before + bytes <= most_bytes
        };
        within(Some(peer), MOST_OF_ONE, MOST_BYTES_OF_ONE) && within(None, MOST, MOST_BYTES)
    }

    /// Takes out the oldest with somebody, or with whom there is most, where there is too much: nobody pushes out what is of others. What is
    /// of strangers goes first, as they may have any number of addresses.
    fn surplus(&mut self, peer: &BareJid, is_known: impl Fn(&BareJid) -> bool) -> Option<Held> {
        let is_over = |(count, bytes): (usize, usize), most, most_bytes| count > most || bytes > most_bytes;
        let whose = if is_over(self.size(Some(peer)), MOST_OF_ONE, MOST_BYTES_OF_ONE) {
            peer.clone()
        } else if is_over(self.size(None), MOST, MOST_BYTES) {
            let mut sizes: BTreeMap<&BareJid, usize> = BTreeMap::new();
            for Waiting { held, .. } in &self.waiting {
                // What is small takes its room as well.
                *sizes.entry(&held.peer).or_default() += held.stanza.len() + MOST_BYTES / MOST;
            }
            let most = |(jid, bytes): &(&BareJid, usize)| (!is_known(jid), *bytes);
            sizes.into_iter().max_by_key(most).map(|(jid, _)| jid.clone())?
        } else {
            return None;
        };
        let at = self.waiting.iter().position(|waiting| waiting.held.peer == whose)?;
        self.waiting.remove(at).map(|waiting| waiting.held)
    }
}

impl Omemo {
    /// A message could not be read for that reason. Gives what is kept of it, and why it can't be read: one that might be later and can't be kept
    /// says so.
    pub(crate) fn keep(
        &mut self,
        stanza: &Element,
        (peer, direction): (&BareJid, Direction),
        (place, why): (&Place, Unreadable),
        tells: Tells,
        step: &mut Step<'_>,
    ) -> (Option<Held>, Unreadable) {
        if !waits(why) {
            return (None, why);
        }
        // It comes again; what becomes of it if it does not, `early_rows` tells.
        self.holding.early_rows |= why == Unreadable::Early;
        if why == Unreadable::Early && place.comes_again() {
            return (None, why);
        }
        let held = self.make_held(stanza, (peer, direction), (place, why), tells, step);
        match (&held, why) {
            (None, Unreadable::Early) | (Some(_), _) => (held, why),
            (None, _) => (None, Unreadable::NotKept),
        }
    }

    fn make_held(
        &self,
        stanza: &Element,
        (peer, direction): (&BareJid, Direction),
        (place, why): (&Place, Unreadable),
        tells: Tells,
        step: &mut Step<'_>,
    ) -> Option<Held> {
        let open = self.open()?;
        let (origin, archived) = (origin_id(stanza), place.stanza.clone());
        // By one of these names its row is found again.
        if origin.is_none() && archived.is_none() {
            return None;
        }
        let device = open.own.device();
        let encrypted = wire::only_for_us(stanza, step.own, device);
        let write = |tells| {
            let mut bytes = Vec::new();
            kept(stanza, &encrypted, tells).write_to(&mut bytes).ok()?;
            String::from_utf8(bytes).ok()
        };
        // However it came.
        let mark = mark(&[write(Tells::Nothing)?.as_bytes()]);
        let stanza = write(tells)?;
        let pushes = !matches!(why, Unreadable::Early | Unreadable::Delayed);
        if encrypted.is_empty()
            || stanza.len() > LARGEST
            || !(pushes || self.holding.fits(peer, stanza.len()))
        {
            return None;
        }
        let incoming = wire::read_encrypted(&kept_alone(&encrypted), step.own, device);
        let exchanges = incoming.iter().flat_map(|incoming| {
            let exchanges = incoming.keys.iter().filter(|sealed| sealed.kind == Kind::KeyExchange);
            exchanges.map(|sealed| (incoming.version, sealed.bytes.as_slice()))
        });
        let lent = open.own.lend(exchanges);
        let keys = lent.map(|lent| open.vault.seal(&seal_name(step.own, mark), &lent.encode(), step.rng));
        let (peer, at, since) = (peer.clone(), place.at, step.now.wall);
        Some(Held { mark, peer, direction, origin, archived, at, why, since, keys, stanza })
    }

    /// Keeps that, for the row that was made of it. Tells of whom a person knows that they are who they are, by `is_known`.
    pub(crate) fn hold(&mut self, held: Held, is_known: impl Fn(&BareJid) -> bool, step: &mut Step<'_>) {
        if let Some(known) = self.holding.of(held.mark) {
            if known.why != held.why && held.why != Unreadable::Early {
                known.why = held.why;
                step.record(Change::HeldWaits(held.mark, held.why));
            }
            return;
        }
        step.record(Change::MessageHeld(held.clone()));
        let peer = held.peer.clone();
        self.holding.waiting.push_back(Waiting { held, is_due: false });
        loop {
            let Self { holding, strangers, people, account, .. } = self;
            let is_known = |jid: &BareJid| {
                jid == account || is_known(jid) || strangers.is_partner(jid) || people.is_decided_about(jid)
            };
            let Some(surplus) = holding.surplus(&peer, is_known) else { return };
            self.let_go(surplus.mark, LetGo::Says(Unreadable::NotKept), step);
        }
    }

    /// One that was held can't be read, now as before, for that reason: it is held on where it may be later.
    pub(crate) fn hold_on(&mut self, mut held: Held, why: Unreadable, step: &mut Step<'_>) {
        if !waits(why) {
            return self.let_go(held.mark, LetGo::Says(why), step);
        }
        if held.why != why {
            held.why = why;
            step.record(Change::HeldWaits(held.mark, why));
        }
        self.holding.waiting.push_back(Waiting { held, is_due: false });
    }

    /// What became of one that was held.
    pub(crate) fn let_go(&mut self, mark: Mark, outcome: LetGo, step: &mut Step<'_>) {
        step.record(Change::HeldLetGo(mark, outcome));
    }

    /// The pre-keys that one needs which was held.
    pub(crate) fn lent(&self, held: &Held, own: &BareJid) -> Option<LentKeys> {
        let opened = self.open()?.vault.open(&seal_name(own, held.mark), held.keys.as_ref()?).ok()?;
        LentKeys::decode(&opened).ok()
    }

    /// Those that may be read by now, in the order in which they came. What has waited for too long goes.
    pub(crate) fn take_held(&mut self, listed: Listed, step: &mut Step<'_>) -> Vec<Held> {
        let passed = step.passed;
        let is_old = |since: Timestamp| passed.since(since) > LONGEST;
        while let Some(at) = self.holding.waiting.iter().position(|waiting| is_old(waiting.held.since)) {
            if let Some(Waiting { held, .. }) = self.holding.waiting.remove(at) {
                self.let_go(held.mark, LetGo::Says(Unreadable::NotKept), step);
            }
        }
        if self.device().is_none() {
            return Vec::new();
        }
        let is_over = self.effort.is_over(step.now.elapsed);
        let is_due = |waiting: &Waiting| {
            waiting.is_due
                || match waiting.held.why {
                    Unreadable::Delayed => is_over,
                    Unreadable::Early => listed == Listed::All,
                    _ => false,
                }
        };
        if !self.holding.waiting.iter().any(is_due) {
            return Vec::new();
        }
        let (due, rest) = std::mem::take(&mut self.holding.waiting).into_iter().partition(is_due);
        self.holding.waiting = rest;
        let due: VecDeque<Waiting> = due;
        due.into_iter().map(|waiting| waiting.held).collect()
    }

    /// What our archive has listed says nothing by itself. It may be what a row stands for that waits for it to come again.
    pub(crate) fn says_nothing(
        &mut self,
        (peer, direction): (&BareJid, Direction),
        place: &Place,
        step: &mut Step<'_>,
    ) {
        if let Some(stanza) = &place.stanza
            && self.holding.early_rows
            && place.source == Source::Archive
        {
            let (peer, stanza) = (peer.clone(), stanza.clone());
            step.record(Change::EarlySaysNothing { peer, direction, stanza });
        }
    }

    /// Everything that was to come again has, and what was held of it was read: rows that still wait for it wait for nothing.
    pub(crate) fn end_early(&mut self, listed: Listed, step: &mut Step<'_>) {
        if listed == Listed::All && self.device().is_some() && std::mem::take(&mut self.holding.early_rows) {
            step.record(Change::EarlyOver);
        }
    }

    /// When the next one may be read.
    pub(super) fn next_held(&self) -> Option<Duration> {
        self.has_delayed().then(|| self.effort.ends())
    }

    /// Whether any will be read as soon as it does not cost too much.
    pub(crate) fn has_delayed(&self) -> bool {
        self.holding.has_delayed()
    }
}

/// What is kept of a stanza.
fn kept(stanza: &Element, encrypted: &[Element], tells: Tells) -> Element {
    let names = [
        ("encryption", ns::ENCRYPTION),
        ("origin-id", ns::STANZA_ID),
        ("reply", ns::REPLY),
        ("fallback", ns::FALLBACK),
        ("replace", ns::CORRECTION),
    ];
    let wishes: &[(&str, &str)] = match tells {
        Tells::Arrival => &[("request", ns::RECEIPTS), ("markable", ns::CHAT_MARKERS)],
        Tells::Reading => &[("markable", ns::CHAT_MARKERS)],
        Tells::Nothing => &[],
    };
    let is_kept = |child: &&Element| names.iter().chain(wishes).any(|(name, space)| child.is(*name, *space));
    let message = Draft::new("message", ns::CLIENT)
        .maybe_attr("from", stanza.attr("from"))
        .maybe_attr("to", stanza.attr("to"))
        .maybe_attr("id", stanza.attr("id"));
    message.children(encrypted.iter().cloned()).children(stanza.children().filter(is_kept).cloned()).into()
}

fn kept_alone(encrypted: &[Element]) -> Element {
    Draft::new("message", ns::CLIENT).children(encrypted.iter().cloned()).into()
}

/// What the pre-keys are sealed for.
fn seal_name(account: &BareJid, mark: Mark) -> Vec<u8> {
    [format!("pre-keys of {account} for ").as_bytes(), &mark.0].concat()
}

/// Tells bytes from others.
pub(super) fn mark(parts: &[&[u8]]) -> Mark {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    let hash: [u8; 32] = hash.finalize().into();
    let mut mark = [0; 16];
    mark.copy_from_slice(&hash[..16]);
    Mark(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many addresses, of which each makes us keep one message, take nothing from somebody who has some more.
    #[test]
    fn who_has_ever_other_addresses_pushes_out_nothing_of_others() {
        let held = |peer: &str, n: usize| Held {
            mark: mark(&[&n.to_be_bytes()]),
            peer: BareJid::new(peer).unwrap(),
            direction: Direction::Incoming,
            origin: None,
            archived: None,
            at: Timestamp::from_millis(0),
            why: Unreadable::KeyReplaced,
            since: Timestamp::from_millis(0),
            keys: None,
            stanza: "x".repeat(500),
        };
        let contacts = (0..5).map(|n| held("contact@b.example", n)).collect();
        let mut holding = Holding::new(contacts, false);
        let mut gone = Vec::new();
        let is_known = |jid: &BareJid| jid.as_str() == "contact@b.example";
        for n in 5..2_005 {
            let held = held(&format!("s{n}@evil.example"), n);
            let peer = held.peer.clone();
            holding.waiting.push_back(Waiting { held, is_due: false });
            while let Some(surplus) = holding.surplus(&peer, is_known) {
                gone.push(surplus.peer);
            }
        }
        let of_contact = gone.iter().filter(|peer| peer.as_str() == "contact@b.example").count();
        assert_eq!(of_contact, 0, "of {}", gone.len());
    }
}
