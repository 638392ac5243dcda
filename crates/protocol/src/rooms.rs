//! Rooms (XEP-0045 1.34.6): entering them, staying in them, and knowing when we are not.
//!
//! A room that the person wants to be in is entered at each sign-in, and again when it has lost us. First it is asked what it can do (XEP-0030):
//! where it has an archive, its history is not wanted on entering, as the archive tells it in order and once; elsewhere see [`history`].
//! What is said there is in [`hearing`], what we say in [`saying`], and what is on its way in [`outbox`].
//!
//! | what comes | what it does |
//! |---|---|
//! | a presence of ours (110) | we are in, and called as it says, whatever we wanted (210) |
//! | that of another | nothing: nobody else is remembered, so that a room costs the same however many come and go |
//! | our name is taken | the next one, [`MOST_NAMES`] at most |
//! | we have made the room (201) | it is opened as it is; a room that was there before and is gone is not made anew without being asked |
//! | we are put out (301, 307, 321, 322), or are not let in | we stay out until the person wants it again, or the next sign-in |
//! | it is gone for good, or we are banned | we do not come back by ourselves |
//! | its service stops (332), breaks (333), or can't be reached | it is tried again, later and later |
//! | nothing, for [`SILENCE`] | we ask whether we are still in it (XEP-0410 1.1) |
//! | anything of a room that we are not in | nothing |
//!
//! Long because it is one state machine, and what is asked, answered and waited for is understood beside the others.

mod hearing;
mod history;
mod outbox;
mod presence;
mod saying;
mod wording;

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::{
    BareJid, Change, Event, LastSaid, MOST_ROOMS, Nick, OriginId, Problem, Restored, RoomProblem, RoomState,
    Timestamp,
};
use minidom::Element;

use crate::archive::Archive;
use crate::iq::{Answer, Ask, Recipient};
use crate::step::Step;
use crate::stream_management::{End, HandedBack, Name};
use crate::xml::{self, Draft};
use crate::{disco, ns};
use history::History;
use outbox::{GIVEN_BACK_WITHIN, Outbox, Sight};

/// How many rooms are entered at once.
const AT_ONCE: usize = 5;
/// How many archives of rooms are read at once.
const READ_AT_ONCE: usize = 3;
/// How many names are tried.
const MOST_NAMES: u8 = 4;
/// How long it may take to be let in.
const PATIENCE: Duration = Duration::from_secs(60);
/// After so much silence we ask whether we are still there.
const SILENCE: Duration = Duration::from_secs(600);
/// How long that is after a stream was taken up again.
const SOON: Duration = Duration::from_secs(5);
/// How long it takes until a room is tried again, the first time and at most.
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(1_800);

/// The rooms of an account.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    rooms: BTreeMap<BareJid, Room>,
    /// Where we are still, in rooms that were left between two streams of a session.
    left_behind: Vec<String>,
    /// Rooms that the person does not want to be in any more, and whether they have shown to be some.
    left: BTreeMap<BareJid, bool>,
    /// What the last run has left for those.
    orphans: Vec<(BareJid, OriginId)>,
}

/// What is known of a room.
#[derive(Debug)]
struct Room {
    jid: BareJid,
    /// What we want to be called.
    nick: Nick,
    standing: Standing,
    wish: Wish,
    /// Whether it has shown to be a room.
    is_one: bool,
    /// How many names were tried, and how often in a row it could not be entered.
    names: u8,
    failures: u32,
    archive: Archive,
    can: Abilities,
    /// By what the room knows us, where it says so.
    occupant: Option<String>,
    history: History,
    outbox: Outbox,
    /// What was said last, as far as it is here.
    last: Option<LastSaid>,
    /// Whether it can be seen there what of ours has arrived, where it has no archive; and whether it is to be asked for that.
    sight: Sight,
    is_unseen: bool,
    /// When something came from it last.
    heard: Duration,
    /// It may have lost us: it is asked then.
    doubt: Option<Duration>,
    is_asked: bool,
    /// Whether its archive is to be asked once more.
    again: bool,
    /// When the first connection began after that on which something went out last, or this one.
    began: Duration,
    /// Whether something may be there that was not in doubt yet when this one began.
    is_newly_doubted: bool,
}

/// How we stand with a room.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// It is to be entered.
    Next,
    /// It is asked what it can do.
    Asking,
    /// We are at the door, under that name.
    Entering {
        nick: Nick,
        until: Duration,
    },
    /// We have made it, and are opening it.
    Opening {
        nick: Nick,
    },
    In {
        nick: Nick,
    },
    /// It is tried again then.
    Waiting {
        until: Duration,
    },
    /// The person has to want it.
    Out,
}

/// Who wants a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wish {
    /// The person, now: it may be made.
    Now,
    /// The person, at some time.
    Kept,
    /// Nobody any more.
    Gone,
}

/// What a room can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Abilities {
    archive: bool,
    /// Whether identifiers of its own can be told from forged ones (XEP-0359 §6).
    marks: bool,
    /// Whether it says by what it knows people (XEP-0421 §5).
    occupants: bool,
    moderation: bool,
}

impl Rooms {
    /// With what the last run left.
    pub(crate) fn new(restored: &Restored) -> Self {
        let own = &restored.account.jid;
        let rooms = restored.rooms.iter().take(MOST_ROOMS).map(|room| {
            let pending = restored.said.iter().filter(|message| message.peer == room.jid);
            let outbox = Outbox::new(pending);
            (room.jid.clone(), Room::new(own, room, outbox))
        });
        let rooms: BTreeMap<BareJid, Room> = rooms.collect();
        let orphans = restored.said.iter().filter(|message| !rooms.contains_key(&message.peer));
        let orphans = orphans.map(|message| (message.peer.clone(), message.id.clone())).collect();
        let left = restored.left_rooms.iter().map(|room| (room.clone(), true)).collect();
        Self { rooms, left_behind: Vec::new(), left, orphans }
    }

    /// The ledger is older than what this device did last.
    pub(crate) fn doubt_ledger(&mut self, step: &mut Step<'_>) {
        for (jid, room) in &mut self.rooms {
            room.outbox.doubt_ledger(jid, step);
        }
    }

    /// Whether that is a room that the person wants to be in, or was in: whatever comes from there is of a room, and no person's.
    pub(crate) fn has(&self, jid: &BareJid) -> bool {
        let left = || self.left.get(jid).copied().unwrap_or_default();
        self.rooms.get(jid).map_or_else(left, |room| room.is_one)
    }

    /// Whether the person takes that for a room, which it may turn out not to be, or has: nothing goes there as to a person.
    pub(crate) fn takes(&self, jid: &BareJid) -> bool {
        self.rooms.contains_key(jid) || self.left.contains_key(jid)
    }

    /// The person wants to be in a room. Whoever is a person to us is none.
    pub(crate) fn join(&mut self, jid: BareJid, nick: Nick, is_person: bool, step: &mut Step<'_>) {
        let is_known = self.rooms.contains_key(&jid);
        let problem = match () {
            () if !is_known && self.rooms.len() >= MOST_ROOMS => Some(RoomProblem::TooMany),
            // Nor are our own address, and that of our server.
            () if is_person || jid == *step.own || jid.local().is_none() => Some(RoomProblem::NotFound),
            () => None,
        };
        if let Some(problem) = problem {
            return step.tell(Event::RoomChanged { room: jid, state: RoomState::Out(problem) });
        }
        step.record(Change::RoomWanted { room: jid.clone(), nick: nick.clone() });
        self.left.remove(&jid);
        let wanted = causerie_model::Room { jid, nick, archive: None, gap: None, asked: None, last: None };
        let own = step.own.clone();
        let room = self
            .rooms
            .entry(wanted.jid.clone())
            .or_insert_with(|| Room::new(&own, &wanted, Outbox::default()));
        room.wish = Wish::Now;
        let is_new_name = room.nick != wanted.nick;
        room.nick = wanted.nick;
        match &room.standing {
            Standing::Next | Standing::Waiting { .. } | Standing::Out => {
                (room.failures, room.names) = (0, 0);
                room.standing = Standing::Next;
            }
            // Another name in the room that we are in (§7.6).
            Standing::In { .. } if is_new_name && step.is_online() => {
                step.send(Draft::new("presence", ns::CLIENT).attr("to", &address(&room.jid, &room.nick)));
            }
            Standing::Asking | Standing::Entering { .. } | Standing::Opening { .. } | Standing::In { .. } => {
            }
        }
        self.go_on(step);
    }

    /// The person does not want to be in a room any more.
    pub(crate) fn leave(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        let Some(mut room) = self.rooms.remove(jid) else { return };
        match room.nick_there().map(|nick| address(jid, nick)) {
            Some(there) if step.is_online() => go(&there, step),
            Some(there) if self.left_behind.len() < MOST_ROOMS => self.left_behind.push(there),
            _ => {}
        }
        room.left(step);
        room.outbox.give_up(jid, step);
        self.left.insert(jid.clone(), room.is_one);
        step.record(Change::RoomLeft(jid.clone()));
        step.tell(Event::RoomChanged { room: jid.clone(), state: RoomState::Left });
        self.go_on(step);
    }

    /// We are signed in.
    pub(crate) fn went_online(&mut self, step: &mut Step<'_>) {
        for room in self.rooms.values_mut().filter(|room| room.wish != Wish::Gone) {
            (room.failures, room.names) = (0, 0);
            room.began = step.now.elapsed;
            room.standing = Standing::Next;
        }
        self.go_on(step);
    }

    /// The session goes on, on a new stream. Rooms elsewhere may have lost us meanwhile.
    pub(crate) fn resumed(&mut self, step: &mut Step<'_>) {
        for there in std::mem::take(&mut self.left_behind) {
            // Unless it was entered again meanwhile.
            let is_left = !self.rooms.keys().any(|room| there.starts_with(&format!("{room}/")));
            if is_left {
                go(&there, step);
            }
        }
        let now = step.now.elapsed;
        for (count, room) in (0_u32..).zip(self.rooms.values_mut()) {
            room.again = room.can.archive;
            // What may be there from before the last connection has been long enough on its way ([`crate::archive`]).
            let is_older = room.outbox.is_in_doubt() && room.outbox.on_their_way() == 0;
            if std::mem::take(&mut room.is_newly_doubted) || !is_older {
                room.began = now;
            }
            room.is_unseen = !room.can.archive && room.outbox.is_in_doubt();
            let soon = now.saturating_add(SOON).saturating_add(Duration::from_millis(200) * count);
            room.doubt = Some(soon);
            if let Standing::Entering { until, .. } = &mut room.standing {
                *until = (*until).max(now.saturating_add(PATIENCE));
            }
            room.history.is_awaited_on(now);
        }
        self.go_on(step);
    }

    /// How many messages were sent and not given back.
    pub(crate) fn on_their_way(&self) -> usize {
        self.rooms.values().map(|room| room.outbox.on_their_way()).sum()
    }

    /// The connection is gone, and we are in no room. `end`: how, and how many messages were on their way to whomever.
    pub(crate) fn went_offline(&mut self, end: (End, usize), step: &mut Step<'_>) {
        self.left_behind.clear();
        for room in self.rooms.values_mut() {
            room.outbox.interrupted(&room.jid, end, step);
            if room.wish != Wish::Gone {
                room.standing = Standing::Next;
            }
            room.left(step);
        }
    }

    /// Messages are not kept any more by the stream's management: it is to be seen first whether they have arrived.
    pub(crate) fn handed_back(&mut self, handed_back: &[HandedBack], step: &mut Step<'_>) {
        for HandedBack { name: (peer, id), has_left, blame } in handed_back {
            if let Some(room) = self.rooms.get_mut(peer) {
                room.outbox.handed_back(&room.jid, id, (*has_left, *blame), step);
                room.is_newly_doubted |= has_left;
            }
        }
    }

    /// These are not sent any more: streams have ended over them. And these were taken back before they went out.
    pub(crate) fn set_aside(&mut self, names: &[Name], never_left: &[Name], step: &mut Step<'_>) {
        for (peer, id) in names {
            if let Some(room) = self.rooms.get_mut(peer) {
                room.outbox.fail(peer, id, Problem::PolicyViolation, step);
            }
        }
        for (peer, id) in never_left {
            if let Some(room) = self.rooms.get_mut(peer) {
                room.outbox.waits_again(id);
            }
        }
    }

    /// The person looks at the oldest message of a room that is here.
    pub(crate) fn fetch_older(&mut self, jid: &BareJid, before: Timestamp, step: &mut Step<'_>) {
        let Some(room) = self.rooms.get_mut(jid) else { return };
        match room.nick_inside().is_some() && room.can.archive {
            true => room.archive.fetch_older(jid.clone(), before, step),
            false => step.tell(Event::OlderFetched { peer: jid.clone(), whole: false }),
        }
    }

    /// What a room says to a question of ours.
    pub(crate) fn answered(&mut self, ask: Ask, answer: &Answer<'_>, step: &mut Step<'_>) {
        let (Ask::RoomFeatures(jid) | Ask::RoomOpened(jid) | Ask::RoomPing(jid) | Ask::RoomPage(jid, _)) =
            &ask
        else {
            return;
        };
        let Some(room) = self.rooms.get_mut(jid) else { return };
        // That there is no stream any more says nothing of rooms.
        if !step.is_online() && !matches!(ask, Ask::RoomPage(..)) {
            return;
        }
        match &ask {
            Ask::RoomFeatures(_) => room.features(answer, step),
            Ask::RoomOpened(_) => room.opened(answer, step),
            Ask::RoomPing(_) => room.pinged(answer, step),
            Ask::RoomPage(_, name) => {
                if !room.outbox.is_in_doubt() {
                    room.archive.all_is_certain();
                }
                room.archive.answered(name, answer, step);
            }
            _ => {}
        }
        let is_none = room.wish == Wish::Gone && !room.is_one;
        let jid = jid.clone();
        if is_none {
            self.rooms.remove(&jid);
        }
        self.go_on(step);
    }

    /// Until when a page is awaited whose messages are still coming.
    pub(crate) fn is_coming(&self, ask: &Ask, now: crate::Now) -> Option<Duration> {
        let Ask::RoomPage(jid, _) = ask else { return None };
        self.rooms.get(jid)?.archive.is_coming(ask, now)
    }

    /// Does what has become due.
    pub(crate) fn due(&mut self, step: &mut Step<'_>) {
        self.fail_orphans(step);
        if !step.is_online() || self.rooms.is_empty() {
            return;
        }
        self.rooms.values_mut().for_each(|room| room.due(step));
        self.go_on(step);
    }

    /// When something does.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        self.rooms.values().filter_map(Room::next_wake).min()
    }

    /// Enters what is to be entered, reads what is to be read and sends what can be sent.
    fn go_on(&mut self, step: &mut Step<'_>) {
        if !step.is_online() {
            return;
        }
        let at_the_door = self.rooms.values().filter(|room| room.is_at_the_door()).count();
        let next = self.rooms.values_mut().filter(|room| room.standing == Standing::Next);
        for room in next.take(AT_ONCE.saturating_sub(at_the_door)) {
            room.ask(step);
        }
        // One that does not answer keeps nobody waiting.
        let reading = self.rooms.values().filter(|room| room.archive.is_answering()).count();
        let unread = self.rooms.values_mut().filter(|room| room.is_to_be_read());
        for room in unread.take(READ_AT_ONCE.saturating_sub(reading)) {
            room.read(step);
        }
        self.rooms.values_mut().for_each(|room| room.flush(step));
    }
}

impl Room {
    fn new(own: &BareJid, room: &causerie_model::Room, outbox: Outbox) -> Self {
        Self {
            jid: room.jid.clone(),
            nick: room.nick.clone(),
            standing: Standing::Next,
            wish: Wish::Kept,
            is_one: room.archive.is_some() || room.last.is_some(),
            names: 0,
            failures: 0,
            archive: Archive::of_room(own.clone(), room),
            can: Abilities::default(),
            occupant: None,
            history: History::Over,
            outbox,
            last: room.last.clone(),
            sight: Sight::NotYet,
            is_unseen: false,
            heard: Duration::ZERO,
            doubt: None,
            is_asked: false,
            again: false,
            began: Duration::ZERO,
            is_newly_doubted: false,
        }
    }

    fn is_at_the_door(&self) -> bool {
        matches!(self.standing, Standing::Asking | Standing::Entering { .. } | Standing::Opening { .. })
    }

    /// What we are called in it, or at its door.
    fn nick_there(&self) -> Option<&Nick> {
        match &self.standing {
            Standing::Entering { nick, .. } | Standing::Opening { nick } | Standing::In { nick } => {
                Some(nick)
            }
            Standing::Next | Standing::Asking | Standing::Waiting { .. } | Standing::Out => None,
        }
    }

    /// What we are called in it.
    fn nick_inside(&self) -> Option<&Nick> {
        match &self.standing {
            Standing::Opening { nick } | Standing::In { nick } => Some(nick),
            _ => None,
        }
    }

    fn tell(&self, state: RoomState, step: &mut Step<'_>) {
        step.tell(Event::RoomChanged { room: self.jid.clone(), state });
    }

    /// Asks what it can do.
    fn ask(&mut self, step: &mut Step<'_>) {
        self.standing = Standing::Asking;
        self.tell(RoomState::Joining, step);
        self.ask_features(step);
    }

    fn ask_features(&self, step: &mut Step<'_>) {
        let query = Draft::new("query", ns::DISCO_INFO);
        step.get(Recipient::Jid(self.jid.clone().into()), query, Ask::RoomFeatures(self.jid.clone()));
    }

    fn features(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        if let Answer::Result(reply) = answer {
            let query = reply.get_child("query", ns::DISCO_INFO);
            match query.and_then(is_room) {
                // It is a person, or something else.
                Some(false) => return self.is_none(step),
                said => self.is_one |= said == Some(true),
            }
            self.can = Abilities::of(query);
        }
        if self.standing != Standing::Asking {
            return;
        }
        match answer {
            Answer::Result(_) => self.enter(step),
            Answer::Silence(_) | Answer::Refused(Problem::RemoteUnreachable | Problem::ServerBusy) => {
                self.try_again(RoomProblem::Unreachable, step);
            }
            // Who has not asked for it just now does not want it made anew.
            Answer::Refused(Problem::NoSuchAddress) if self.wish != Wish::Now => {
                self.stay_out(RoomProblem::NotFound, step);
            }
            Answer::Refused(_) => {
                self.can = Abilities::default();
                self.enter(step);
            }
        }
    }

    /// It is no room. What is written to it, if anything, goes nowhere.
    fn is_none(&mut self, step: &mut Step<'_>) {
        self.outbox.fail_all(&self.jid, &Problem::Refused, step);
        step.record(Change::NoRoom(self.jid.clone()));
        self.tell(RoomState::Out(RoomProblem::NotFound), step);
        (self.wish, self.is_one, self.standing) = (Wish::Gone, false, Standing::Out);
    }

    fn enter(&mut self, step: &mut Step<'_>) {
        let nick = match self.names {
            0 => Some(self.nick.clone()),
            1 => Nick::new(&format!("{}_", self.nick.as_str())),
            more => Nick::new(&format!("{}_{more}", self.nick.as_str())),
        };
        let Some(nick) = nick.filter(|_| self.names < MOST_NAMES) else {
            return self.stay_out(RoomProblem::NickTaken, step);
        };
        let history = history::wanted(self.can.archive, self.last.is_some());
        let presence = Draft::new("presence", ns::CLIENT).attr("to", &address(&self.jid, &nick));
        step.send(presence.child(Draft::new("x", ns::ROOM).child(history)));
        self.standing = Standing::Entering { nick, until: step.now.elapsed.saturating_add(PATIENCE) };
    }

    /// We are in.
    fn inside(&mut self, nick: Nick, step: &mut Step<'_>) {
        let now = step.now.elapsed;
        self.history = match self.can.archive {
            true => History::Over,
            // It is told once, when we come in.
            false if matches!(self.standing, Standing::In { .. }) => std::mem::take(&mut self.history),
            false => History::begin(now),
        };
        (self.failures, self.names, self.heard) = (0, 0, now);
        (self.doubt, self.is_asked, self.wish, self.is_one) = (None, false, Wish::Kept, true);
        self.tell(RoomState::Joined(nick.clone()), step);
        self.standing = Standing::In { nick };
    }

    fn opened(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        let Standing::Opening { nick } = &self.standing else { return };
        let nick = nick.clone();
        match answer.problem() {
            None => {
                self.inside(nick, step);
                // What it can do was not known before there was one.
                self.ask_features(step);
            }
            Some(_) => self.stay_out(RoomProblem::Refused, step),
        }
    }

    /// Whether we are still in it (XEP-0410 §3.2): every answer of somebody who is there says so.
    fn pinged(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        self.is_asked = false;
        self.heard = step.now.elapsed;
        if self.nick_inside().is_none() {
            return;
        }
        match answer {
            // It says nothing of what was not given back: it is asked again.
            Answer::Silence(_) | Answer::Refused(Problem::RemoteUnreachable) => {
                let is_open = self.outbox.is_asked_about() || self.is_unseen;
                self.doubt = is_open.then(|| self.heard.saturating_add(GIVEN_BACK_WITHIN));
            }
            // What was said before we asked has been worked on before that (RFC 6120 §10.1): it is there, or nowhere.
            Answer::Result(_) | Answer::Refused(Problem::NotSupported | Problem::NoSuchAddress) => {
                match self.can.archive {
                    true => self.again |= self.outbox.doubt(&self.jid, step),
                    false => self.outbox.despair(&self.jid, step),
                }
                // We were there all the time, and would have been given it.
                if std::mem::take(&mut self.is_unseen) {
                    self.sight = Sight::Clear;
                }
            }
            Answer::Refused(_) => self.was_lost(RoomProblem::Lost, step),
        }
    }

    /// It has lost us: we come back.
    fn was_lost(&mut self, problem: RoomProblem, step: &mut Step<'_>) {
        self.left(step);
        self.outbox.interrupted(&self.jid, (End::default(), 0), step);
        self.tell(RoomState::Waiting(problem), step);
        self.standing = Standing::Next;
    }

    fn try_again(&mut self, problem: RoomProblem, step: &mut Step<'_>) {
        self.left(step);
        self.outbox.interrupted(&self.jid, (End::default(), 0), step);
        let pause = FIRST_PAUSE.saturating_mul(1 << self.failures.min(10)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        self.names = 0;
        self.standing = Standing::Waiting { until: step.now.elapsed.saturating_add(pause) };
        self.tell(RoomState::Waiting(problem), step);
    }

    fn stay_out(&mut self, problem: RoomProblem, step: &mut Step<'_>) {
        self.left(step);
        self.outbox.interrupted(&self.jid, (End::default(), 0), step);
        self.standing = Standing::Out;
        self.names = 0;
        if matches!(problem, RoomProblem::Destroyed | RoomProblem::Banned) {
            self.wish = Wish::Gone;
            self.outbox.fail_all(&self.jid, &Problem::Refused, step);
            step.record(Change::RoomLeft(self.jid.clone()));
        }
        self.tell(RoomState::Out(problem), step);
    }

    /// We are not in it any more.
    fn left(&mut self, step: &mut Step<'_>) {
        self.history_is_over(false, step);
        self.archive.went_offline(step);
        self.occupant = None;
        (self.is_asked, self.again, self.doubt) = (false, false, None);
        (self.sight, self.is_unseen) = (Sight::NotYet, false);
    }

    fn is_to_be_read(&self) -> bool {
        let is_unread = self.archive.is_unread() || self.again;
        matches!(self.standing, Standing::In { .. }) && self.can.archive && is_unread
    }

    fn read(&mut self, step: &mut Step<'_>) {
        self.again = false;
        let uncertain = self.outbox.is_in_doubt().then_some(self.began);
        match self.archive.is_unread() {
            true => self.archive.enter(uncertain, step),
            false => self.archive.look_again(uncertain, step),
        }
    }

    /// Whether it is known by now what the room has of ours.
    fn sight(&self) -> Sight {
        match self.can.archive {
            true if self.archive.is_settling() || self.again => Sight::NotYet,
            true if self.archive.is_whole() => Sight::Clear,
            true => Sight::None,
            false if !self.history.is_over() || self.is_unseen => Sight::NotYet,
            false if self.sight == Sight::NotYet => Sight::None,
            false => self.sight,
        }
    }

    /// Sends what can be sent. Between two streams of a session we are in, and nothing goes out.
    fn flush(&mut self, step: &mut Step<'_>) {
        // While it is asked about something that it did not give back, nothing goes out that might be given a place before that.
        let is_asked = self.is_asked && self.outbox.is_asked_about();
        if step.is_online() && matches!(self.standing, Standing::In { .. }) && !is_asked {
            if self.outbox.is_in_doubt() {
                self.outbox.settle(&self.jid, self.sight(), step);
            }
            self.outbox.flush(&self.jid, self.can.marks, step);
        }
    }

    fn due(&mut self, step: &mut Step<'_>) {
        let now = step.now.elapsed;
        self.archive.due(step);
        if self.history.until().is_some_and(|until| until <= now) {
            match step.is_online() {
                true => {
                    let is_first = self.is_past().is_some();
                    self.history_is_over(false, step);
                    if is_first {
                        self.archive.first_is_asked(step);
                    }
                }
                // Between two streams nothing comes: the rest of it does on the next.
                false => self.history.is_awaited_on(now),
            }
        }
        match &self.standing {
            Standing::Entering { until, .. } if *until <= now => {
                self.try_again(RoomProblem::Unreachable, step);
            }
            Standing::Waiting { until } if *until <= now => self.standing = Standing::Next,
            Standing::In { nick } if self.asked_at().is_some_and(|at| at <= now) => {
                if let Ok(there) = self.jid.with_resource(nick.as_str()) {
                    let ping = Draft::new("ping", ns::PING);
                    step.get(Recipient::Jid(there), ping, Ask::RoomPing(self.jid.clone()));
                    (self.is_asked, self.doubt) = (true, None);
                    self.outbox.asked();
                }
            }
            _ => {}
        }
    }

    /// When it is asked whether we are still in it.
    fn asked_at(&self) -> Option<Duration> {
        let silent = self.heard.saturating_add(SILENCE);
        let reasons = [Some(silent), self.doubt, self.outbox.overdue()];
        reasons.into_iter().flatten().min().filter(|_| !self.is_asked)
    }

    fn next_wake(&self) -> Option<Duration> {
        let standing = match &self.standing {
            Standing::Entering { until, .. } | Standing::Waiting { until } => Some(*until),
            Standing::In { .. } => self.asked_at(),
            _ => None,
        };
        [standing, self.history.until(), self.archive.next_wake()].into_iter().flatten().min()
    }
}

impl Abilities {
    fn of(query: Option<&Element>) -> Self {
        let has = |names: &[&str]| {
            query.is_some_and(|query| disco::features(query).any(|name| names.contains(&name)))
        };
        Self {
            archive: has(&[ns::ARCHIVE]),
            marks: has(&[ns::STANZA_ID, ns::ARCHIVE]),
            occupants: has(&[ns::OCCUPANT_ID]),
            moderation: has(&[ns::MODERATION, ns::MODERATION_BEFORE]),
        }
    }
}

/// Whether what is there is a room, if it says what it is.
fn is_room(query: &Element) -> Option<bool> {
    let mut kinds = xml::children(query, "identity", ns::DISCO_INFO).peekable();
    kinds.peek()?;
    Some(kinds.any(|kind| kind.attr("category") == Some("conference")))
}

/// Leaves.
fn go(there: &str, step: &mut Step<'_>) {
    step.send(Draft::new("presence", ns::CLIENT).attr("to", there).attr("type", "unavailable"));
}

/// The address of somebody in a room.
fn address(room: &BareJid, nick: &Nick) -> String {
    format!("{room}/{}", nick.as_str())
}
