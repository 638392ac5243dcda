//! Copies of what was read: from another stream, from what the server kept, from our other devices' copies, or replayed.
//!
//! A copy is told by the content of its `<key/>`, which holds the ratchet key and the counter, before anything is decrypted: it costs
//! a hash, changes nothing, and leaves no row. The identifiers of the stanza (XEP-0359 0.7) are not asked here, because whoever
//! forwards it can write others there; the ledger uses them where they can be trusted, for what could not be read too.
//!
//! The last are in the ledger as well, in the commit that shows what was read. So a copy is silent after a restart, too, and however often
//! the ratchet has turned since; the ratchet itself knows 64 closed chains of each session.
//!
//! What uses a key again and is no copy was sent by a device that goes on from an older state, as one that was restored does. Its author sees
//! it as sent, so it has a row. Whoever forwards something can change its bytes, and so make a row of a copy, as of anything else.

use std::collections::{BTreeSet, VecDeque};

use causerie_model::{Change, MOST_READ, Mark, OmemoVersion, SessionName};
use causerie_omemo::Sealed;

use super::held::mark;
use crate::step::Step;

/// Tells a `<key/>`, and the device that says it has sent it.
pub(super) fn mark_of(name: &SessionName, sealed: &Sealed) -> Mark {
    // No address has this byte in it.
    let version = [0, u8::from(name.version == OmemoVersion::Omemo2)];
    mark(&[name.jid.as_str().as_bytes(), &version, &name.device.get().to_be_bytes(), &sealed.bytes])
}

/// What was read last: some 3 MB at most.
#[derive(Default)]
pub(super) struct Copies {
    known: BTreeSet<Mark>,
    /// The oldest first.
    order: VecDeque<Mark>,
}

impl Copies {
    /// What the last run knew, the oldest first.
    pub(super) fn new(read: &[Mark]) -> Self {
        let mut copies = Self::default();
        read.iter().for_each(|mark| copies.add(*mark));
        copies
    }

    /// Whether this was read.
    pub(super) fn has(&self, mark: Mark) -> bool {
        self.known.contains(&mark)
    }

    /// Whether more was read than is known here.
    pub(super) fn are_some_gone(&self) -> bool {
        self.order.len() >= MOST_READ
    }

    /// This was read.
    pub(super) fn remember(&mut self, mark: Mark, step: &mut Step<'_>) {
        if !self.has(mark) {
            self.add(mark);
            step.record(Change::KeyRead(mark));
        }
    }

    fn add(&mut self, mark: Mark) {
        if !self.known.insert(mark) {
            return;
        }
        self.order.push_back(mark);
        if self.order.len() > MOST_READ
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
            mark_of(&name, &sealed)
        };
        let mut copies = Copies::default();
        for n in 0..MOST_READ + 5 {
            assert!(!copies.has(mark(n)));
            copies.add(mark(n));
            copies.add(mark(n));
        }
        assert_eq!((copies.known.len(), copies.order.len()), (MOST_READ, MOST_READ));
        assert!(!copies.has(mark(4)) && copies.has(mark(5)));
    }
}
