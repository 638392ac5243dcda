//! Changes of several inputs, in one transaction.

use std::collections::HashSet;

use causerie_model::Change;
use causerie_protocol::{Effect, Effects};

/// Of sealed states, in bytes, so many are committed together at most: that of a session that is months old takes sixty thousand, and each
/// message makes another.
pub(crate) const MOST_SEALED: usize = 2 * 1024 * 1024;

/// How many bytes of sealed states are to be kept.
pub(crate) fn sealed(effects: &Effects) -> usize {
    let of = |effect: &Effect| match effect {
        Effect::Record(Change::SessionSet { sealed, .. }) => sealed.len(),
        _ => 0,
    };
    effects.0.iter().map(of).sum()
}

/// All of them, in their order, but for the states of sessions that another follows.
pub(crate) fn in_one(changes: &[Vec<Change>]) -> Vec<Change> {
    let mut followed = HashSet::new();
    let mut last = Vec::new();
    for change in changes.iter().flatten().rev() {
        if let Change::SessionSet { with, .. } = change
            && !followed.insert(with)
        {
            continue;
        }
        last.push(change.clone());
    }
    last.reverse();
    last
}

#[cfg(test)]
mod tests {
    use causerie_model::{BareJid, DeviceId, OmemoVersion, SessionName};

    use super::*;

    fn state(device: u32, sealed: &[u8]) -> Change {
        let jid = BareJid::new("bob@example.org").expect("an address");
        let device = DeviceId::new(device).expect("an id");
        let with = SessionName { jid, device, version: OmemoVersion::Omemo2 };
        Change::SessionSet { with, sealed: sealed.to_vec() }
    }

    #[test]
    fn of_each_session_the_last_state_alone_is_kept() {
        let other = Change::SessionsForgotten;
        let changes = [
            vec![state(1, b"a"), state(2, b"b")],
            vec![other.clone(), state(1, b"c")],
            vec![],
            vec![state(1, b"d")],
        ];
        assert_eq!(in_one(&changes), [state(2, b"b"), other, state(1, b"d")]);
    }

    #[test]
    fn sealed_states_are_weighed() {
        let effects = Effects(vec![
            Effect::Record(state(1, b"abc")),
            Effect::Record(Change::SessionsForgotten),
            Effect::Record(state(2, b"de")),
        ]);
        assert_eq!(sealed(&effects), 5);
    }
}
