//! The locksmith of Causerie: end-to-end encryption, as pure code.
//!
//! The room is empty: what is written goes out unencrypted, and the app says so. This page fixes what the room will be, so
//! that nothing outside it has to change when it is furnished.
//!
//! Law: state in, new state out. No disk, no network, no clock, no chance but the generator that is passed in, and no XMPP: keys,
//! bundles and messages come as bytes and go as bytes. What a peer sends is never a panic. The new state is committed by the
//! ledger, in one transaction with the message that it belongs to, before a byte of the message leaves the machine. Secrets
//! are wiped after use and never shown.
//!
//! | file | what it will be |
//! |---|---|
//! | `keys` | identity, signed and one-time keys; canonical encodings only (RFC 7748, XEdDSA) |
//! | `agreement` | X3DH: how two who never met agree on a secret |
//! | `ratchet` | the double ratchet: a new key for each message, late and lost ones allowed for, within limits |
//! | `wire` | the bytes of both versions: OMEMO of 2016 (XEP-0384 0.3) and OMEMO 2 (XEP-0384 0.8 and later) |
//! | `machine` | the one door: encrypt for these devices, decrypt this, which keys are to be published |
//! | `files` | encryption of files that are shared |
