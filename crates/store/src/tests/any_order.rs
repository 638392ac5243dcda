//! What we say of our message here and on another device, in any order in which it can come: in the end each device shows what is last in the
//! archive.
//!
//! A small world: an archive, our device with its connection on which everything comes in the order in which the server has sent it, and another
//! device that says something now and then. What happens next is drawn from a seed, which a failure tells.

use std::collections::{BTreeSet, VecDeque};

use causerie_model::{
    Annotation, Arrival, Change, Direction, Emoji, MessageState, NewMessage, Order, OriginId, Problem,
    Protection, Reached, Says,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing, stanza, text};

const HOUR: i64 = 3_600_000;
const WORLDS: u64 = 150;

/// Something in the archive.
#[derive(Clone, Debug)]
struct Kept {
    name: String,
    at: i64,
    /// What is said of our message; none, where it is a message of Bob's.
    says: Option<Says>,
}

/// What comes on the connection, in that order.
#[derive(Clone, Debug)]
enum Coming {
    Live(Kept),
    Ahead(Kept),
    Listed(usize),
    /// The page is over, and everything is read or not.
    Page(usize, bool),
    Taken(String),
    Refused(String),
}

struct World {
    seed: u64,
    draw: u64,
    lab: Lab,
    log: Vec<String>,
    now: i64,
    skew: i64,
    is_coarse: bool,
    protection: Protection,
    /// Whether what is said are reactions.
    reacts: bool,
    archive: Vec<Kept>,
    known: BTreeSet<String>,
    outbox: VecDeque<(String, Says, bool)>,
    connection: Option<VecDeque<Coming>>,
    is_missing: bool,
    /// How much of the archive was listed, was asked for, and is known to be here.
    listed: usize,
    asked: usize,
    mark: usize,
    since: i64,
    /// What was written last, and whether the other device has been heard since.
    written: Option<(String, bool)>,
    /// What was refused.
    refused: BTreeSet<String>,
}

impl World {
    async fn new(seed: u64) -> Self {
        let mut world = Self {
            seed,
            draw: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            lab: Lab::new().await,
            log: Vec::new(),
            now: 10 * HOUR,
            skew: 0,
            is_coarse: seed.is_multiple_of(3),
            protection: if seed.is_multiple_of(2) { Protection::Clear } else { Protection::Encrypted(None) },
            reacts: seed.is_multiple_of(5),
            archive: Vec::new(),
            known: BTreeSet::new(),
            outbox: VecDeque::new(),
            connection: Some(VecDeque::new()),
            is_missing: false,
            listed: 0,
            asked: 0,
            mark: 0,
            since: 0,
            written: None,
            refused: BTreeSet::new(),
        };
        let (kept, protection) = (world.keep("s0", None), world.protection);
        let own = NewMessage { protection, state: MessageState::Sent, ..outgoing("o1", "first", kept.at) };
        world.lab.commit(vec![change(own)]).await;
        world.known.insert(kept.name);
        world.mark_all(1).await;
        world
    }

    fn draw(&mut self, among: u64) -> u64 {
        self.draw ^= self.draw << 13;
        self.draw ^= self.draw >> 7;
        self.draw ^= self.draw << 17;
        self.draw % among
    }

    fn keep(&mut self, name: &str, says: Option<Says>) -> Kept {
        self.now += 40;
        let at = if self.is_coarse { self.now / 1_000 * 1_000 } else { self.now };
        let kept = Kept { name: name.to_owned(), at, says };
        self.archive.push(kept.clone());
        kept
    }

    fn words(&self, name: &str) -> Says {
        let emoji = ["👍", "🎉", "😡", "❤"];
        let number = name.bytes().map(usize::from).sum::<usize>();
        match self.reacts {
            true if number % 5 == 4 => Says::Reactions(Vec::new()),
            true => Says::Reactions(vec![Emoji::new(emoji[number % 5]).unwrap()]),
            false => Says::Correction(name.to_owned()),
        }
    }

    fn annotation(&self, name: &str, says: Says, arrival: Arrival, at_: i64) -> Annotation {
        Annotation {
            peer: bob(),
            author: Direction::Outgoing,
            target: OriginId::new("o1").unwrap(),
            says,
            origin: OriginId::new(name),
            at: at(at_),
            arrival,
            is_early: self.is_missing,
            state: MessageState::Sent,
            protection: self.protection,
        }
    }

    async fn does(&mut self, what: String, changes: Vec<Change>) {
        self.log.push(what);
        self.lab.commit(changes).await;
    }

    async fn mark_all(&mut self, upto: usize) {
        let last = self.archive[upto - 1].clone();
        self.mark = upto;
        let reached = Reached { id: last.name.clone(), at: at(last.at) };
        self.does(
            format!("mark {upto}"),
            vec![Change::ArchiveReached { archive: jid("alice@chat.test"), reached }],
        )
        .await;
    }

    /// Bob's message, with the archive's name for it.
    fn message(&self, kept: &Kept, order: Order, time: i64) -> Change {
        let stanza = stanza(&kept.name);
        change(NewMessage { stanza, order, ..incoming(&kept.name, &kept.name, time) })
    }

    async fn step(&mut self, number: usize, may_fail: bool) {
        self.now += i64::try_from(self.draw(700)).unwrap();
        match self.draw(14) {
            0..=2 => self.other_says(format!("y{number}")),
            3 => {
                let kept = self.keep(&format!("m{number}"), None);
                self.push(Coming::Live(kept));
            }
            4 | 5 => self.write(format!("x{number}")).await,
            6 => self.send(may_fail),
            7 if self.connection.is_some() => self.cut().await,
            8 => self.skew = [0, HOUR, -HOUR][usize::try_from(self.draw(3)).unwrap()],
            9 if self.connection.is_none() => self.sign_in(),
            10 => self.answer(),
            _ => self.receive().await,
        }
    }

    fn push(&mut self, coming: Coming) {
        if let Some(connection) = &mut self.connection {
            connection.push_back(coming);
        }
    }

    fn other_says(&mut self, name: String) {
        let says = self.words(&name);
        let kept = self.keep(&name, Some(says));
        self.push(Coming::Live(kept));
    }

    async fn write(&mut self, name: String) {
        let (says, is_early) = (self.words(&name), self.is_missing || self.connection.is_none());
        let said = self.annotation(&name, says.clone(), Arrival::Live, self.now + self.skew);
        let said = Annotation { is_early, state: MessageState::Pending, ..said };
        // What has not left is not sent any more.
        self.outbox.retain(|(.., has_left)| *has_left);
        // One at a time: what has left and is not taken yet may be refused before or after that.
        if !self.outbox.is_empty() {
            return;
        }
        self.outbox.push_back((name.clone(), says, false));
        self.written = Some((name.clone(), false));
        self.does(format!("write {name}"), vec![Change::Annotated(said)]).await;
    }

    /// The first that has not left goes out, unless it may have arrived and that is not known yet.
    fn send(&mut self, may_fail: bool) {
        let is_refused = may_fail && self.draw(2) == 0;
        let coming: Vec<String> = self.connection.iter().flatten().filter_map(name).collect();
        let is_doubtful = self.outbox.iter().any(|(name, _, has_left)| *has_left && !coming.contains(name));
        if self.connection.is_none() || is_doubtful {
            return;
        }
        let Some((name, says, has_left)) = self.outbox.iter_mut().find(|(.., has_left)| !*has_left) else {
            return;
        };
        *has_left = true;
        let (name, says) = (name.clone(), says.clone());
        self.log.push(format!("send {name} {is_refused}"));
        match is_refused {
            true => self.push(Coming::Refused(name)),
            false => {
                self.keep(&name, Some(says));
                self.push(Coming::Taken(name));
            }
        }
    }

    /// The connection breaks, and perhaps the program ends.
    async fn cut(&mut self) {
        self.log.push("cut".to_owned());
        self.connection = None;
        if self.draw(3) == 0 {
            self.log.push("restart".to_owned());
            self.lab.restart();
        }
    }

    fn sign_in(&mut self) {
        self.log.push("sign in".to_owned());
        self.connection = Some(VecDeque::new());
        (self.is_missing, self.listed, self.asked, self.since) = (true, self.mark, self.mark, self.now);
        if self.draw(2) == 0 {
            let from = self.archive.len().saturating_sub(2).max(self.mark);
            let ahead: Vec<Kept> = self.archive[from..].to_vec();
            ahead.into_iter().for_each(|kept| self.push(Coming::Ahead(kept)));
        }
    }

    /// The server answers with the next page.
    fn answer(&mut self) {
        if !self.is_missing || self.connection.is_none() || self.asked != self.listed {
            return;
        }
        let until = (self.asked + 3).min(self.archive.len());
        (self.asked..until).for_each(|place| self.push(Coming::Listed(place)));
        self.asked = until;
        self.push(Coming::Page(until, until == self.archive.len()));
        // Nothing is asked before the page has come.
        self.listed = usize::MAX;
    }

    async fn receive(&mut self) {
        let Some(coming) = self.connection.as_mut().and_then(VecDeque::pop_front) else { return };
        let what = format!("{coming:?}");
        match coming {
            Coming::Live(kept) => self.live(kept, what).await,
            Coming::Ahead(kept) => {
                let changes = match &kept.says {
                    None => vec![self.message(&kept, Order::ByTime, kept.at)],
                    Some(_) if self.is_read_already(&kept) => vec![],
                    Some(says) => {
                        vec![Change::Annotated(self.annotation(
                            &kept.name,
                            says.clone(),
                            Arrival::Kept,
                            kept.at,
                        ))]
                    }
                };
                self.hear(&kept);
                self.does(what, changes).await;
            }
            Coming::Listed(place) => self.list(self.archive[place].clone(), what).await,
            Coming::Page(until, is_all) => {
                self.listed = until;
                self.mark_all(until).await;
                if is_all {
                    self.is_missing = false;
                    // What is not there goes out again.
                    let kept: BTreeSet<String> =
                        self.archive[..until].iter().map(|kept| kept.name.clone()).collect();
                    let coming: Vec<String> = self.connection.iter().flatten().filter_map(name).collect();
                    for (name, _, has_left) in &mut self.outbox {
                        *has_left = kept.contains(name) || coming.contains(name);
                    }
                }
            }
            Coming::Taken(name) => self.sent(&name, what).await,
            Coming::Refused(name) => {
                self.refused.insert(name.clone());
                self.outbox.retain(|(waits, ..)| *waits != name);
                let state = MessageState::Failed(Problem::Refused);
                let id = OriginId::new(&name).unwrap();
                self.does(what, vec![Change::MessageStateChanged { peer: bob(), id, state }]).await;
            }
        }
    }

    /// What is encrypted is read once.
    fn is_read_already(&self, kept: &Kept) -> bool {
        self.protection != Protection::Clear && self.known.contains(&kept.name)
    }

    fn hear(&mut self, kept: &Kept) {
        let is_new = self.known.insert(kept.name.clone());
        if let Some((_, is_heard)) = &mut self.written {
            *is_heard |= is_new && kept.name.starts_with('y');
        }
    }

    async fn live(&mut self, kept: Kept, what: String) {
        let time = self.now + self.skew;
        let mut changes = Vec::new();
        match &kept.says {
            None => {
                let order = if self.is_missing { Order::ByTime } else { Order::Last };
                changes.push(self.message(&kept, order, time));
                if !self.is_missing && self.outbox.is_empty() {
                    let (archive, id) = (jid("alice@chat.test"), kept.name.clone());
                    changes.push(Change::ArchivePassed { archive, id, since: None });
                }
            }
            Some(says) => {
                changes.push(Change::Annotated(self.annotation(
                    &kept.name,
                    says.clone(),
                    Arrival::Live,
                    time,
                )));
            }
        }
        let moves = changes.len() == 2;
        self.hear(&kept);
        self.does(what, changes).await;
        if moves {
            let place = self.archive.iter().position(|other| other.name == kept.name).unwrap();
            self.mark_all(place + 1).await;
        }
    }

    async fn list(&mut self, kept: Kept, what: String) {
        let since = at(self.since);
        let is_ours = self.outbox.iter().any(|(name, ..)| *name == kept.name);
        let changes = match &kept.says {
            None if kept.name == "s0" => vec![],
            None => vec![self.message(&kept, Order::Listed { since }, kept.at)],
            Some(_) if self.is_read_already(&kept) || (is_ours && self.protection != Protection::Clear) => {
                let (direction, stanza) = (Direction::Outgoing, stanza(&kept.name).unwrap());
                let (peer, origin) = (bob(), OriginId::new(&kept.name));
                vec![Change::MessageListed { peer, direction, stanza, origin, at: at(kept.at), since }]
            }
            Some(says) => {
                let said = self.annotation(&kept.name, says.clone(), Arrival::Listed, kept.at);
                vec![Change::Annotated(Annotation { is_early: false, ..said })]
            }
        };
        self.hear(&kept);
        self.does(what.clone(), changes).await;
        if is_ours {
            self.sent(&kept.name, what).await;
        }
    }

    async fn sent(&mut self, name: &str, what: String) {
        self.known.insert(name.to_owned());
        if self.outbox.iter().any(|(waits, ..)| waits == name) {
            self.outbox.retain(|(waits, ..)| waits != name);
            let id = OriginId::new(name).unwrap();
            let state = MessageState::Sent;
            self.does(what, vec![Change::MessageStateChanged { peer: bob(), id, state }]).await;
        }
    }

    /// Everything comes to rest.
    async fn settle(&mut self) {
        self.log.push("settle".to_owned());
        self.cut().await;
        self.sign_in();
        for _ in 0..200 {
            self.answer();
            self.receive().await;
            if !self.is_missing {
                self.send(false);
            }
        }
        assert!(self.outbox.is_empty() && !self.is_missing, "{:?}", self.outbox);
    }

    fn check(&self) {
        let own =
            self.lab.page().into_iter().find(|message| message.direction == Direction::Outgoing).unwrap();
        let says: Vec<String> = own
            .annotations
            .reactions
            .iter()
            .flat_map(|by| &by.emoji)
            .map(|one| one.as_str().to_owned())
            .collect();
        let shown = if self.reacts { says.concat() } else { text(&own) };
        let last = self.archive.iter().rev().find_map(|kept| kept.says.as_ref());
        // What was refused here stays until another device says something else.
        let refused =
            self.written.as_ref().filter(|(name, is_heard)| !is_heard && self.refused.contains(name));
        let refused = refused.map(|(name, _)| self.words(name));
        let wanted = match refused.as_ref().or(last) {
            Some(Says::Correction(text)) => text.clone(),
            Some(Says::Reactions(emoji)) => emoji.iter().map(|emoji| emoji.as_str()).collect(),
            _ if self.reacts => String::new(),
            _ => "first".to_owned(),
        };
        assert_eq!(shown, wanted, "seed {}\n{}", self.seed, self.log.join("\n"));
    }
}

fn name(coming: &Coming) -> Option<String> {
    match coming {
        Coming::Taken(name) | Coming::Refused(name) => Some(name.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn every_device_shows_what_is_last_in_the_archive() {
    let first = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let worlds = first.map_or(0..WORLDS, |seed: u64| seed..seed + 1);
    for seed in worlds {
        let mut world = World::new(seed).await;
        for number in 0..40 {
            world.step(number, seed % 4 == 3).await;
        }
        world.settle().await;
        world.check();
    }
}
