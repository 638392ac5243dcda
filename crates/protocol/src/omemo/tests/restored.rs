//! Devices of others that go on from an older state: they use keys again, and see what they send as sent.

use super::lab::Lab;
use super::{ALICE, BOB};

const ALICES: &str = "alice@a.example";
const BOBS: &str = "bob@b.example";

/// Bob's machine is set back to what it was before he wrote the last messages.
fn set_back() -> Lab {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "hello");
    lab.send(BOB, ALICES, "first");
    let before = lab.devices[BOB].ledger.clone();
    lab.send(BOB, ALICES, "second");
    lab.disconnect(BOB);
    lab.devices[BOB].ledger = before;
    lab.start(BOB);
    lab
}

#[test]
fn what_a_device_sends_that_goes_on_from_an_older_state_has_a_row() {
    let mut lab = set_back();
    lab.send(BOB, ALICES, "another second");
    assert_eq!(lab.received(ALICE), ["first", "second", "<keys lost>"]);
    // The keys that come after that were not used before.
    lab.send(BOB, ALICES, "third");
    assert_eq!(lab.received(ALICE).last(), Some(&"third"));
}

#[test]
fn copies_stay_silent_however_they_come_and_after_a_restart() {
    let mut lab = set_back();
    lab.send(BOB, ALICES, "another second");
    let before = lab.received(ALICE).len();
    let all = lab.messages.clone();
    for restarts in [false, true] {
        if restarts {
            lab.start(ALICE);
        }
        for stanza in all.iter().filter(|stanza| stanza.attr("to") == Some(ALICES)) {
            lab.deliver(ALICE, stanza.clone());
        }
        assert_eq!(lab.received(ALICE).len(), before);
    }
}
