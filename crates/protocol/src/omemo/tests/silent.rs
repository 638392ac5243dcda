//! Contacts whose servers answer nothing that is asked.

use std::time::Duration;

use causerie_model::{Command, MessageState, Privacy, Problem, Readiness};

use super::lab::Lab;
use super::{ALICE, BOB, bob};

/// Alice and Bob, whose server swallows what is asked, so that nothing is known of his devices.
fn silent() -> Lab {
    let mut lab = Lab::alice_and_bob();
    lab.disconnect(ALICE);
    lab.devices[ALICE].ledger.encryption.lists.retain(|list| list.0 != bob());
    lab.silent = Some(bob());
    lab.start(ALICE);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    lab
}

#[test]
fn who_is_never_answered_for_is_told_to_be_out_of_reach_and_goes_on_to_be() {
    let mut lab = silent();
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Looking);
    let id = lab.send(ALICE, "bob@b.example", "secret");
    let mut is_asked = 0;
    for second in 0..3 * 3600 {
        let before = lab.asked.len();
        lab.wait(Duration::from_secs(1));
        is_asked += usize::from(lab.asked.len() > before);
        // It is not said anew that one is looking each time that they are asked for.
        if second > 60 {
            assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::OutOfReach, "after {second} s");
        }
    }
    assert!((3..10).contains(&is_asked), "{is_asked}");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
    // When their server is there again, it goes.
    lab.silent = None;
    lab.wait(Duration::from_secs(3600));
    lab.wait(Duration::from_secs(3600));
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Ready);
    assert_eq!(lab.received(BOB), ["secret"]);
    assert!(!lab.was_seen("secret"));
}

#[test]
fn who_is_never_answered_for_can_be_written_to_in_clear_on_purpose_at_any_moment() {
    for waits in [0, 10, 40, 90, 100, 130, 250] {
        let mut lab = silent();
        let first = lab.send(ALICE, "bob@b.example", "secret");
        (0..waits).for_each(|_| lab.wait(Duration::from_secs(1)));
        assert_eq!(*lab.state(ALICE, &first), MessageState::Pending, "{waits}");
        lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Clear });
        let second = lab.send(ALICE, "bob@b.example", "for everyone");
        // Where nothing was ever found out, for as long as that may take.
        if waits < 40 {
            (0..31).for_each(|_| lab.wait(Duration::from_secs(1)));
        }
        assert_eq!(*lab.state(ALICE, &first), MessageState::Failed(Problem::NotEncrypted), "{waits}");
        assert_eq!(*lab.state(ALICE, &second), MessageState::Sent, "{waits}");
        assert!(!lab.was_seen("secret") && lab.was_seen("for everyone"));
    }
}
