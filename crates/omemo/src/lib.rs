//! The locksmith of Causerie: end-to-end encryption, as pure code.
//!
//! OMEMO in both versions that people use: that of 2016 (XEP-0384 0.3.0, here *legacy*) and OMEMO 2 (XEP-0384 0.8 and later). One
//! double ratchet, with a profile for each. The README of this room says what it promises and how that is tested.
//!
//! Law: state in, new state out. No disk, no network, no clock, no chance but the generator that is passed in, and no XMPP: keys,
//! bundles and messages come as bytes and go as bytes. What a peer sends is never a panic. The new state is committed by the
//! ledger, in one transaction with the message that it belongs to, before a byte of the message leaves the machine. Secrets
//! are wiped after use and never shown.
//!
//! | file | what | specification |
//! |---|---|---|
//! | `record` | the one door: encrypt for a device, decrypt what it sent; all sessions with it | XEP-0384, "Use Cases" |
//! | `ratchet` | a new key for each message, late and lost ones allowed for, within limits | The Double Ratchet Algorithm |
//! | `agreement` | how two who never met agree on a secret | X3DH |
//! | `own` | our keys: identity, signed and one-time pre-keys, refilled and rotated | XEP-0384, "Key Exchange" |
//! | `bundle` | keys as they are published, ours and a peer's | XEP-0384, "Bundles" |
//! | `identity`, `xeddsa`, `curve` | keys in their canonical encodings only, agreement, signatures | RFC 7748, XEdDSA |
//! | `wire` | messages and key exchanges as bytes | XEP-0384, "Protobuf Schema"; libsignal |
//! | `profile` | what differs between the versions; their ciphers and MACs | XEP-0384, "Protocol Definition" |
//! | `payload` | what a message says, encrypted once for all devices | XEP-0384, "Message Encryption"; XEP-0420 |
//! | `files` | files that are shared | XEP-0454 |
//! | `moment` | the time, as it ages keys | |
//! | `vault`, `stored` | state as bytes, sealed | |

mod agreement;
mod bundle;
mod curve;
mod files;
mod identity;
mod moment;
mod own;
pub mod payload;
mod profile;
mod ratchet;
mod record;
mod refused;
mod secret;
mod stored;
mod vault;
mod wire;
mod xeddsa;

pub use bundle::{MAX_BUNDLE_PREKEYS, PeerBundle, PublishedBundle};
pub use files::{FILE_TAG_BYTES, FileKey};
pub use identity::{IdentityKey, IdentityKeyPair};
pub use moment::Moment;
pub use own::{
    KEEP_USED, LentKeys, MOST_EXCHANGES, MOST_PREKEYS, MOST_USED, OwnKeys, REFILL_UNDER, ROTATION_PERIOD,
};
pub use ratchet::{HEARTBEAT_AT, MAX_CLOSED, MAX_JUMP, MAX_SKIPPED, MAX_SKIPPED_AGE};
pub use record::{Answer, Kind, MAX_GIVEN_UP, MAX_SESSIONS, Opened, Record, Sealed};
pub use refused::{Damaged, KeyFault, Refused};
pub use vault::Vault;
pub use wire::MAX_MESSAGE_BYTES;

use rand_core::RngCore;

/// A number below `end`, which is small: the bias is less than `end` in 2³².
fn random_below(end: usize, rng: &mut dyn RngCore) -> usize {
    ((u128::from(rng.next_u32()) * end as u128) >> 32) as usize
}
