//! Rooms (XEP-0045 1.34.6): what is remembered of one, who says something there, and how things stand with it.

use std::fmt;

use crate::{Arrival, BareJid, MessageState, NewMessage, OriginId, Reached, Says, StanzaId, Timestamp};

/// How many rooms one account is in at most.
pub const MOST_ROOMS: usize = 500;

/// A room that the person wants to be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its address.
    pub jid: BareJid,
    /// What we want to be called there.
    pub nick: Nick,
    /// Up to where everything of its archive is here.
    pub archive: Option<Reached>,
    /// Something is missing between there and that time, though what is newer is here (as in [`crate::Change::ArchiveGap`]).
    pub gap: Option<Timestamp>,
    /// When it was asked for the first time, if that is known; or, where there is none, when the room had told all for the first time.
    pub asked: Option<Timestamp>,
    /// What was said last there, as far as it is here: from that on a room without an archive is known to have told everything.
    pub last: Option<LastSaid>,
}

/// What was said last in a room.
#[derive(Clone, PartialEq, Eq)]
pub struct LastSaid {
    /// What who has said it was called; none where it was said by us.
    pub nick: Option<Nick>,
    /// What its author called it.
    pub origin: Option<OriginId>,
    /// Its text; none where it could not be read, or is gone.
    pub text: Option<String>,
}

impl fmt::Debug for LastSaid {
    /// Messages are private: the text is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { nick, origin, text } = self;
        write!(f, "LastSaid({nick:?}, {origin:?}, {:?} bytes)", text.as_ref().map(String::len))
    }
}

/// What somebody is called in a room. Anybody can be called so who is there.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nick(String);

impl Nick {
    /// The longest, in bytes: what an address has room for behind its stroke (RFC 7622 §3.4).
    pub const MAX_BYTES: usize = 1023;

    /// Takes a name that an address may end with, in its normal form.
    pub fn new(text: &str) -> Option<Self> {
        let jid = BareJid::new("room.invalid").ok()?.with_resource(text).ok()?;
        jid.resource().map(|nick| Self(nick.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Nick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who has said something in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// What they were called then.
    pub nick: Nick,
    /// By what the room knows them, whatever they are called (XEP-0421 1.0), where it says so; at most [`crate::OriginId::MAX_BYTES`] bytes.
    pub occupant: Option<String>,
}

/// A message of a room, to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomMessage {
    /// The message, whose peer is the room.
    pub message: NewMessage,
    /// Who has said it; none where it was written here.
    pub author: Option<Author>,
    /// Whether it may be one of ours all the same, if it is here as such already.
    pub claim: Claim,
    /// From where it has come.
    pub source: RoomSource,
}

/// Whether a message that somebody called as we are has said may be our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// What the direction says is certain.
    Certain,
    /// Nobody says for certain who it was: it is ours if we have written the same under the same name, and another's if not.
    Perhaps,
}

/// From where a message of a room has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomSource {
    /// It was written here, or has come by itself.
    Live,
    /// From the room's archive, which is asked again for what was not kept.
    Archive,
}

/// Something that is said of a message of a room, to be remembered.
///
/// Of one author, one target and one kind the newest counts: the last in the order of the room's archive and of what has come. A correction
/// counts for messages of its own author alone, and none for one that is gone. It may come before what it is said of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomAnnotation {
    /// In which room.
    pub room: BareJid,
    /// Of which message: of a correction what its author calls that, of all else what the room does.
    pub target: OriginId,
    /// What.
    pub says: Says,
    /// Who says it, whom the room knows by an identifier; none: we do.
    pub author: Option<Author>,
    /// What its author calls it.
    pub origin: Option<OriginId>,
    /// What the room calls it.
    pub stanza: Option<StanzaId>,
    /// When it was said, as far as that can be trusted, else when it came.
    pub at: Timestamp,
    /// Whether it came when it was said.
    pub arrival: Arrival,
    /// Whether what was said before it may be missing: the archive tells its place later.
    pub is_early: bool,
    /// Whether the room's archive has told its place: what that lists later comes after it.
    pub is_placed: bool,
    /// Where it stands.
    pub state: MessageState,
    /// From where it has come.
    pub source: RoomSource,
}

/// What a room, or who has said it, wants gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomRetraction {
    /// The message, as the room calls it.
    pub stanza: StanzaId,
    /// Who wants it.
    pub by: Retractor,
}

/// Who wants a message of a room gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Retractor {
    /// The room itself, in the name of a moderator (XEP-0425 0.3.0): whosever it is.
    Moderator,
    /// Whom the room knows by that: of what others have said, nothing but their own.
    Occupant(String),
    /// Ourselves: nothing but our own.
    Ourselves,
}

/// How things stand with a room.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RoomState {
    /// It is being entered.
    Joining,
    /// We are in it, and called so.
    Joined(Nick),
    /// We are not in it, and try again by ourselves.
    Waiting(RoomProblem),
    /// We are not in it until the person wants it again.
    Out(RoomProblem),
    /// The person has left it.
    Left,
}

/// Why we are not in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoomProblem {
    /// Somebody who may do so has put us out (307).
    Kicked,
    /// We may not come in any more (301).
    Banned,
    /// It is for members, and we are none (321, 322).
    MembersOnly,
    /// It is gone for good.
    Destroyed,
    /// Its service stops (332), or something went wrong there (333).
    Stopped,
    /// It wants a password.
    PasswordNeeded,
    /// We are not let in under any of the names that we have tried.
    NickTaken,
    /// There is no such room.
    NotFound,
    /// It can't be made there by us.
    NotAllowed,
    /// There are as many in it as there may be.
    Full,
    /// Its server can't be reached, or does not answer.
    Unreachable,
    /// It has lost us.
    Lost,
    /// It does not let us in and says no more.
    Refused,
    /// There are as many rooms as there may be ([`MOST_ROOMS`]).
    TooMany,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nick_is_what_an_address_may_end_with() {
        assert_eq!(Nick::new("Zoé B").as_ref().map(Nick::as_str), Some("Zoé B"));
        for none in ["", "\u{0}", &"x".repeat(1024)] {
            assert_eq!(Nick::new(none), None, "{none:?}");
        }
    }
}
