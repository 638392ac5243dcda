//! The dictionary of Causerie: the nouns and the closed enums that every room speaks.
//!
//! Law: plain data. No I/O, no clock, no randomness, no XML, no SQL, no words for people.
//!
//! | file | what |
//! |---|---|
//! | [`jid`] | addresses in one normal form |
//! | [`annotation`] | what is said of a message after it, and what it answers |
//! | [`account`] | an account and how to reach its server |
//! | [`contact`] | the roster |
//! | [`conversation`] | a conversation as the list shows it |
//! | [`message`] | a message, its identifiers and its state |
//! | [`presence`] | availability of people and of ourselves |
//! | [`avatar`] | pictures of people |
//! | [`capabilities`] | what another program says it can do |
//! | [`device`] | devices and fingerprints of end-to-end encryption |
//! | [`reading`] | what is still to be told of how far somebody has read |
//! | [`registration`] | creating an account |
//! | [`profile`] | our own name and picture |
//! | [`invitation`] | links that bring somebody to us |
//! | [`contact_list`] | contacts as a file that people can read |
//! | [`private_text`] | texts that are not shown to developers |
//! | [`storage`] | what waits while the disk takes nothing |
//! | [`secret`] | passwords in memory |
//! | [`fast`] | tokens that sign in without the password, and who looks |
//! | [`time`] | instants |
//! | [`room`] | rooms, and who says something there |
//! | [`restored`] | what an account's brain starts from |
//! | [`device`] | devices that encrypt, and their keys |
//! | [`encryption`] | who may read what |
//! | [`command`] | what a person asks |
//! | [`change`] | what is worth remembering |
//! | [`event`] | what has happened |
//! | [`problem`] | what went wrong, as something that can be said in any language |

pub mod account;
pub mod annotation;
pub mod avatar;
pub mod capabilities;
pub mod change;
pub mod command;
pub mod contact;
pub mod contact_list;
pub mod conversation;
pub mod device;
pub mod encryption;
pub mod event;
pub mod fast;
pub mod invitation;
pub mod jid;
pub mod message;
pub mod presence;
pub mod private_text;
pub mod problem;
pub mod profile;
pub mod reading;
pub mod registration;
pub mod restored;
pub mod room;
pub mod secret;
pub mod storage;
pub mod time;
mod uuid;

pub use account::{Account, AccountColour, AccountId, Confirming, Mechanism, ServerAddress, Sharing};
pub use annotation::{
    Annotation, Annotations, Arrival, Edited, Emoji, MOST_REACTIONS, Purpose, Quoted, Reacted, Reply,
    ReplyTo, Says,
};
pub use avatar::{Avatar, AvatarHash};
pub use capabilities::Capabilities;
pub use change::{Change, Naming, NewMessage, Order, Past};
pub use command::Command;
pub use contact::{Contact, NewContact, PendingOut, RosterItem, Subscription, SubscriptionRequest};
pub use conversation::Conversation;
pub use device::{DeviceId, Fingerprint, OmemoVersion};
pub use encryption::{
    Alarm, Awaits, Decision, DeviceKey, Held, KeylessDevice, LetGo, MOST_READ, Mark, Privacy, Protection,
    Readiness, Repair, Seal, SessionName, Standing, Told, Trust, Unreached, Vault, VaultKey,
};
pub use event::{CatchUp, Connection, Event, EventKey, Notice};
pub use fast::{ClientState, FastMechanism, FastToken, UserAgentId};
pub use invitation::{
    Invitation, InvitationIssuer, InvitationKind, InvitationsOffered, InviteToken, IssuedToken,
};
pub use jid::{AddressError, BareJid, Jid};
pub use message::{
    Body, ChatState, Direction, Message, MessageId, MessageState, OriginId, Reached, Sealing, StanzaId,
    UnreachedDevice, Unreadable,
};
pub use presence::{OwnPresence, Presence, Show};
pub use private_text::PrivateText;
pub use problem::{CertificateFault, Problem, ProxyFault, Retry};
pub use profile::{OwnPicture, PictureKind, Profile, ProfilePart, ProfileWish};
pub use reading::{Reading, Unread};
pub use registration::{RegistrationCommand, RegistrationEvent};
pub use restored::{Left, PendingMessage, Restored, RestoredEncryption};
pub use room::{
    Author, Claim, LastSaid, MOST_ROOMS, Nick, Retractor, Room, RoomAnnotation, RoomMessage, RoomProblem,
    RoomRetraction, RoomSource, RoomState,
};
pub use secret::Password;
pub use storage::{Storage, Unkept};
pub use time::Timestamp;
