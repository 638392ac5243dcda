//! Copies of what was read: from another stream, from what the server kept, from our other devices' copies, or replayed.
//!
//! A copy is told by the content of its `<key/>`, which holds the ratchet key and the counter, before anything is decrypted: it costs
//! a hash, changes nothing, and leaves no row. The identifiers of the stanza (XEP-0359 0.7) are not asked here, because whoever
//! forwards it can write others there; the ledger uses them where they can be trusted, for what could not be read too.
//!
//! What is remembered is bounded and not kept over a restart. Beyond that the ratchet itself knows what it has read, and its
//! state is in the ledger.

use std::collections::{BTreeSet, VecDeque};

use causerie_model::{OmemoVersion, SessionName};
use causerie_omemo::Sealed;
use sha2::{Digest, Sha256};

/// How many keys that were read are remembered: some 100 kB.
const MOST: usize = 2_000;

/// The hash of a `<key/>`, and of the device that says it has sent it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mark([u8; 32]);

impl Mark {
    pub(super) fn of(name: &SessionName, sealed: &Sealed) -> Self {
        let mut hash = Sha256::new();
        hash.update(name.jid.as_str());
        // No address has this byte in it.
        hash.update([0, u8::from(name.version == OmemoVersion::Omemo2)]);
        hash.update(name.device.get().to_be_bytes());
        hash.update(&sealed.bytes);
        Self(hash.finalize().into())
    }
}

/// What was read last.
#[derive(Default)]
pub(super) struct Copies {
    known: BTreeSet<Mark>,
    /// The oldest first.
    order: VecDeque<Mark>,
}

impl Copies {
    /// Whether this was read.
    pub(super) fn has(&self, mark: &Mark) -> bool {
        self.known.contains(mark)
    }

    /// This was read.
    pub(super) fn remember(&mut self, mark: Mark) {
        if !self.known.insert(mark) {
            return;
        }
        self.order.push_back(mark);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::{BareJid, DeviceId};
    use causerie_omemo::Kind;

    use super::*;

    #[test]
    fn it_remembers_so_many_and_no_more() {
        let jid = BareJid::new("bob@b.example").unwrap();
        let name = SessionName { jid, device: DeviceId::new(7).unwrap(), version: OmemoVersion::Omemo2 };
        let mark = |n: usize| {
            let sealed = Sealed { bytes: n.to_be_bytes().to_vec(), kind: Kind::Message };
            Mark::of(&name, &sealed)
        };
        let mut copies = Copies::default();
        for n in 0..MOST + 5 {
            assert!(!copies.has(&mark(n)));
            copies.remember(mark(n));
            copies.remember(mark(n));
        }
        assert_eq!((copies.known.len(), copies.order.len()), (MOST, MOST));
        assert!(!copies.has(&mark(4)) && copies.has(&mark(5)));
    }
}
