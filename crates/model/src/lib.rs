//! The dictionary of Causerie: the nouns and the closed enums that every room speaks.
//!
//! Law: plain data. No I/O, no clock, no randomness, no XML, no SQL, no words for people.
//!
//! | file | what |
//! |---|---|
//! | [`jid`] | addresses in one normal form |
//! | [`account`] | an account and how to reach its server |
//! | [`contact`] | the roster |
//! | [`conversation`] | a conversation as the list shows it |
//! | [`message`] | a message, its identifiers and its state |
//! | [`presence`] | availability of people and of ourselves |
//! | [`avatar`] | pictures of people |
//! | [`capabilities`] | what another program says it can do |
//! | [`device`] | devices and fingerprints of end-to-end encryption |
//! | [`secret`] | passwords in memory |
//! | [`time`] | instants |
//! | [`restored`] | what an account's brain starts from |
//! | [`device`] | devices that encrypt, and their keys |
//! | [`encryption`] | who may read what |
//! | [`command`] | what a person asks |
//! | [`change`] | what is worth remembering |
//! | [`event`] | what has happened |
//! | [`problem`] | what went wrong, as something that can be said in any language |

pub mod account;
pub mod avatar;
pub mod capabilities;
pub mod change;
pub mod command;
pub mod contact;
pub mod conversation;
pub mod device;
pub mod encryption;
pub mod event;
pub mod jid;
pub mod message;
pub mod presence;
pub mod problem;
pub mod restored;
pub mod secret;
pub mod time;

pub use account::{Account, AccountId, Confirming, Mechanism, ServerAddress, Sharing};
pub use avatar::{Avatar, AvatarHash};
pub use capabilities::Capabilities;
pub use change::{Change, NewMessage};
pub use command::Command;
pub use contact::{Contact, PendingOut, RosterItem, Subscription, SubscriptionRequest};
pub use conversation::Conversation;
pub use device::{DeviceId, Fingerprint, OmemoVersion};
pub use encryption::{
    DeviceKey, Privacy, Protection, Readiness, Seal, SessionName, Standing, Trust, Vault, VaultKey,
};
pub use event::{CatchUp, Connection, Event, EventKey, Notice};
pub use jid::{AddressError, BareJid, Jid};
pub use message::{
    Body, ChatState, Direction, Message, MessageId, MessageState, OriginId, Reached, StanzaId, Unreadable,
};
pub use presence::{OwnPresence, Presence, Show};
pub use problem::{CertificateFault, Problem, Retry};
pub use restored::{PendingMessage, Restored, RestoredEncryption};
pub use secret::Password;
pub use time::Timestamp;
