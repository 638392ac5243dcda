//! What devices of ours tell that were not compared here yet.

use std::time::Duration;

use causerie_model::{BareJid, Command, Fingerprint, Trust};

use super::lab::{Lab, jid};
use super::{ALICE, bob};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Two devices of Alice, of which the first has compared the second, which has told it of Bob's key. Gives the second, its key, and Bob's.
fn told() -> (Lab, usize, Fingerprint, Fingerprint) {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    lab.send(ALICE, "bob@b.example", "one");
    lab.send(second, "bob@b.example", "two");
    let alices = jid("alice@a.example");
    let (of_first, of_second) = (key_of(&lab, second, &alices).0, key_of(&lab, ALICE, &alices).0);
    let bobs = key_of(&lab, ALICE, &bob()).0;
    decide(&mut lab, second, &alices, of_first, Trust::Verified);
    decide(&mut lab, second, &bob(), bobs, Trust::Distrusted);
    lab.wait(Duration::from_secs(1));
    decide(&mut lab, second, &bob(), bobs, Trust::Verified);
    assert_eq!(key_of(&lab, ALICE, &bob()), (bobs, Trust::Blind), "the device was not compared");
    (lab, second, of_second, bobs)
}

fn decide(lab: &mut Lab, device: usize, jid: &BareJid, fingerprint: Fingerprint, trust: Trust) {
    lab.ask(device, Command::DecideTrust { jid: jid.clone(), fingerprint, trust });
}

/// The newest key of somebody, other than our own, that a device knows.
fn key_of(lab: &Lab, device: usize, who: &BareJid) -> (Fingerprint, Trust) {
    let own = lab.devices[device].ledger.encryption.own.as_ref().unwrap().0;
    let mut keys = lab.devices[device].ledger.encryption.keys.iter();
    keys.rfind(|key| key.0 == *who && key.1 != own).map(|key| (key.2, key.3)).unwrap()
}

#[test]
fn what_a_device_has_told_counts_as_soon_as_it_is_compared() {
    for restarts in [false, true] {
        let (mut lab, second, of_second, bobs) = told();
        if restarts {
            lab.start(ALICE);
        }
        // The other one is not there to say it again.
        lab.disconnect(second);
        assert!(!lab.devices[ALICE].ledger.encryption.told.is_empty());
        decide(&mut lab, ALICE, &jid("alice@a.example"), of_second, Trust::Verified);
        assert_eq!(key_of(&lab, ALICE, &bob()), (bobs, Trust::Verified), "{restarts}");
        assert_eq!(lab.devices[ALICE].ledger.encryption.told, []);
    }
}

#[test]
fn what_a_device_has_told_is_forgotten_when_it_is_refused() {
    let (mut lab, second, of_second, bobs) = told();
    lab.disconnect(second);
    let alices = jid("alice@a.example");
    decide(&mut lab, ALICE, &alices, of_second, Trust::Distrusted);
    assert_eq!(lab.devices[ALICE].ledger.encryption.told, []);
    decide(&mut lab, ALICE, &alices, of_second, Trust::Verified);
    assert_eq!(key_of(&lab, ALICE, &bob()), (bobs, Trust::Blind));
}

#[test]
fn what_a_person_has_decided_here_since_stands() {
    let (mut lab, second, of_second, bobs) = told();
    lab.disconnect(second);
    lab.wait(Duration::from_secs(10));
    decide(&mut lab, ALICE, &bob(), bobs, Trust::Distrusted);
    decide(&mut lab, ALICE, &jid("alice@a.example"), of_second, Trust::Verified);
    assert_eq!(key_of(&lab, ALICE, &bob()), (bobs, Trust::Distrusted));
}

#[test]
fn what_was_told_too_long_ago_is_not_believed() {
    let (mut lab, second, of_second, bobs) = told();
    lab.disconnect(second);
    lab.wait(91 * DAY);
    decide(&mut lab, ALICE, &jid("alice@a.example"), of_second, Trust::Verified);
    assert_eq!(key_of(&lab, ALICE, &bob()), (bobs, Trust::Blind));
}

#[test]
fn who_tells_ever_more_makes_us_keep_so_much_and_others_tell_nothing() {
    let (mut lab, second, ..) = told();
    for n in 0..30 {
        let mut many = Vec::new();
        for k in 0..100_u8 {
            many.push((jid(&format!("{}{n}@c.example", "x".repeat(600))), [k; 32], Trust::Verified));
        }
        lab.tell(second, "alice@a.example", &many);
    }
    let told = &lab.devices[ALICE].ledger.encryption.told;
    assert!(!told.is_empty() && told.len() <= 500);
    assert!(told.iter().map(|told| told.jid.as_str().len()).sum::<usize>() <= 32 << 10);
    let before = told.clone();
    // A contact tells us of keys.
    lab.tell(1, "alice@a.example", &[(jid("carol@c.example"), [7; 32], Trust::Verified)]);
    assert_eq!(lab.devices[ALICE].ledger.encryption.told, before);
}
