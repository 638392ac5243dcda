//! Requests of ours that wait for their answers (RFC 6120 §8.2.3).
//!
//! An answer counts only when both its identifier, which nobody can guess, and its sender are those of the request.

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::{BareJid, Decision, Jid, OmemoVersion, Problem, SessionName, StanzaId};
use minidom::Element;
use rand::RngCore;

use crate::caps;
use crate::displayed;
use crate::invitations::Wanted;
use crate::moved::{self, Claim};
use crate::omemo::{Configuration, Publication};
use crate::stanza::{self, Sender};
use crate::subscription::Shown;
use crate::xml::Draft;
use crate::{Now, ns};

/// How long an answer is awaited.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// How long the roster is awaited: without it, all contacts of a first sign-in would be strangers.
const PATIENCE_FOR_ROSTER: Duration = Duration::from_secs(300);

/// What was asked, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// The roster.
    Roster,
    /// Put somebody on the roster.
    ContactAdded(BareJid, Shown),
    /// Change or remove a roster entry.
    ContactChanged(BareJid),
    /// What our account can do.
    AccountFeatures,
    /// What our server can do.
    ServerFeatures,
    /// Whether the messages before it have been taken.
    Taken,
    /// What somebody's program can do.
    Capabilities(caps::Claim),
    /// A picture from its owner's node.
    AvatarData(BareJid),
    /// A picture from its owner's vCard.
    AvatarCard(BareJid),
    /// Somebody's list of devices.
    DeviceList(BareJid, OmemoVersion),
    /// What a session with a device is begun with.
    Bundle(SessionName),
    /// Put keys or a list of our own into its node.
    KeysPublished(Publication),
    /// Open a node of our own, so that keys or a list can be put there.
    NodeOpened(Configuration),
    /// Take keys of a device of ours back that is one no more.
    KeysWithdrawn,
    /// Whether these decisions, which went to our other devices, have been taken.
    DecisionsTaken(Vec<Decision>),
    /// Copies of what our other devices receive and send.
    CarbonsEnabled,
    /// How far we have read on any device.
    Displayed,
    /// What the node of that is like, or that it is made so.
    DisplayedNode(displayed::Asked),
    /// Tell it to our other devices, of the conversation with somebody.
    DisplayedTold(BareJid, StanzaId),
    /// A page of our archive, to the question of that name.
    ArchivePage(String),
    /// A page of the archive of that room, to the question of that name.
    RoomPage(BareJid, String),
    /// What that room is.
    RoomFeatures(BareJid),
    /// Open that room, which we have made.
    RoomOpened(BareJid),
    /// Whether we are still in that room.
    RoomPing(BareJid),
    /// The block list.
    BlockList,
    /// Block somebody.
    Blocked(BareJid),
    /// Unblock somebody.
    Unblocked(BareJid),
    /// The next part of publishing our profile.
    Profile,
    /// Our own vCard.
    OwnCard,
    /// Which commands our server has.
    Commands,
    /// An invitation.
    Invitation(Wanted),
    /// Nothing more of a command.
    CommandCancelled,
    /// What time it is.
    ServerTime,
    /// Say that we have moved, or take it back.
    MoveAnnounced(Option<BareJid>),
    /// What somebody's old address says about where they are.
    MoveStatement(Claim),
}

/// What came of a request.
#[derive(Clone, Debug)]
pub(crate) enum Answer<'a> {
    /// Yes, and this.
    Result(&'a Element),
    /// No.
    Refused(Problem),
    /// Nothing came in time, or will come.
    Silence(Problem),
}

impl Answer<'_> {
    /// What went wrong, if it did.
    pub(crate) fn problem(&self) -> Option<Problem> {
        match self {
            Self::Result(_) => None,
            Self::Refused(problem) | Self::Silence(problem) => Some(problem.clone()),
        }
    }
}

/// Whom a request goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Recipient {
    /// Our own account: no `to`.
    Account,
    /// Our own account by its address.
    AccountAddress,
    /// Our own server.
    Server,
    /// Somebody else.
    Jid(Jid),
}

/// The requests that wait.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    waiting: BTreeMap<String, Waiting>,
    /// Whether there is a stream on which answers can come.
    stream: Stream,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stream {
    #[default]
    There,
    /// It is over, and its session may go on.
    Suspended,
}

#[derive(Debug)]
struct Waiting {
    recipient: Recipient,
    ask: Ask,
    deadline: Duration,
}

impl Tracker {
    /// The request to send. Its answer comes to whoever `ask` says.
    pub(crate) fn request(
        &mut self,
        own: &BareJid,
        recipient: Recipient,
        (kind, payload): (&'static str, Element),
        ask: Ask,
        now: Now,
        rng: &mut dyn RngCore,
    ) -> Element {
        let mut random = [0; 12];
        rng.fill_bytes(&mut random);
        let id: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let to = match &recipient {
            Recipient::Account => None,
            Recipient::AccountAddress => Some(own.to_string()),
            Recipient::Server => Some(own.domain().to_owned()),
            Recipient::Jid(jid) => Some(jid.to_string()),
        };
        let request = Draft::new("iq", ns::CLIENT).attr("type", kind).attr("id", &id);
        let request = request.maybe_attr("to", to.as_deref()).child(payload);
        let patience = if ask == Ask::Roster { PATIENCE_FOR_ROSTER } else { PATIENCE };
        let deadline = now.elapsed.saturating_add(patience);
        self.waiting.insert(id, Waiting { recipient, ask, deadline });
        request.into()
    }

    /// What this result or error answers, if it is one that we wait for, from whom we wait for it.
    pub(crate) fn answered<'a>(
        &mut self,
        reply: &'a Element,
        own: &BareJid,
        bound: Option<&Jid>,
    ) -> Option<(Ask, Answer<'a>)> {
        let id = reply.attr("id")?;
        let sender = Sender::of(reply, own);
        if !self.waiting.get(id)?.recipient.may_answer(&sender, own, bound) {
            return None;
        }
        let Waiting { ask, .. } = self.waiting.remove(id)?;
        let is_statement = matches!(ask, Ask::MoveStatement(_)) && moved::gone_to(reply).is_some();
        let is_result = reply.attr("type") == Some("result") && !stanza::is_rejected(reply);
        let answer = if is_result || is_statement {
            Answer::Result(reply)
        } else if matches!(ask, Ask::DeviceList(..)) && !stanza::is_not_found(reply) {
            // That there is no list is said in one way alone.
            Answer::Refused(match stanza::problem(reply) {
                Problem::NoSuchAddress => Problem::Refused,
                problem => problem,
            })
        } else {
            Answer::Refused(stanza::problem(reply))
        };
        Some((ask, answer))
    }

    /// The stream is over, its session is not: answers may still come, on the next one.
    pub(crate) fn suspend(&mut self) {
        self.stream = Stream::Suspended;
    }

    /// The session goes on: who has not answered yet gets as much time as if asked now.
    pub(crate) fn resume(&mut self, now: Now) {
        self.stream = Stream::There;
        self.forbear(now);
    }

    /// Time has passed in which nothing could be heard: who has not answered yet gets as much as if asked now.
    pub(crate) fn forbear(&mut self, now: Now) {
        for waiting in self.waiting.values_mut() {
            waiting.deadline = waiting.deadline.max(now.elapsed.saturating_add(PATIENCE));
        }
    }

    /// The requests whose time is over. Those of which it `is_coming` that they are being answered get until then.
    pub(crate) fn overdue(&mut self, now: Now, is_coming: impl Fn(&Ask) -> Option<Duration>) -> Vec<Ask> {
        if self.stream == Stream::Suspended {
            return Vec::new();
        }
        for waiting in self.waiting.values_mut().filter(|waiting| waiting.deadline <= now.elapsed) {
            waiting.deadline = is_coming(&waiting.ask).unwrap_or(waiting.deadline);
        }
        let overdue = self.waiting.extract_if(.., |_, waiting| waiting.deadline <= now.elapsed);
        overdue.map(|(_, waiting)| waiting.ask).collect()
    }

    /// All requests: no answer will come.
    pub(crate) fn give_up(&mut self) -> Vec<Ask> {
        self.stream = Stream::There;
        std::mem::take(&mut self.waiting).into_values().map(|waiting| waiting.ask).collect()
    }

    /// When the next request's time is over.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        let deadlines = self.waiting.values().map(|waiting| waiting.deadline);
        deadlines.filter(|_| self.stream == Stream::There).min()
    }
}

impl Recipient {
    /// Who may answer. A server may write the `from` of its own answers in several ways (RFC 6120 §8.1.2.1, §10.3.3).
    fn may_answer(&self, sender: &Sender, own: &BareJid, bound: Option<&Jid>) -> bool {
        let is_server = |jid: &Jid| jid.is_bare() && *jid.bare() == own.to_domain();
        match (self, sender) {
            (Self::Account | Self::AccountAddress, Sender::Account) => true,
            (Self::Account, Sender::Jid(jid)) => is_server(jid) || Some(jid) == bound,
            (Self::AccountAddress, Sender::Jid(jid)) => is_server(jid),
            (Self::Server, Sender::Account) => true,
            (Self::Server, Sender::Jid(jid)) => is_server(jid),
            (Self::Jid(asked), Sender::Jid(jid)) => asked == jid,
            (Self::Jid(_), Sender::Account) | (_, Sender::Unreadable) => false,
        }
    }
}
