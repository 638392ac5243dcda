//! Decisions on their way between our own devices: late, twice, out of order, over restarts.

use std::time::Duration;

use causerie_model::{BareJid, Command, Fingerprint, MessageState, Trust};

use super::lab::{Lab, jid};
use super::{ALICE, bob};

/// Two devices of Alice that have compared each other, both of which know Bob's key.
struct Pair {
    lab: Lab,
    second: usize,
    bobs: Fingerprint,
}

impl Pair {
    fn new() -> Self {
        let mut lab = Lab::alice_and_bob();
        let second = lab.add("alice@a.example/2", &["bob@b.example"]);
        lab.send(ALICE, "bob@b.example", "one");
        lab.send(second, "bob@b.example", "two");
        let alices = jid("alice@a.example");
        let bobs = known(&lab, ALICE, &bob())[0].0;
        let mut pair = Self { lab, second, bobs };
        for device in [ALICE, second] {
            let other = known(&pair.lab, device, &alices)[0].0;
            pair.decide(device, &alices, other, Trust::Verified);
            pair.lab.wait(Duration::from_secs(1));
        }
        pair
    }

    fn decide(&mut self, device: usize, jid: &BareJid, fingerprint: Fingerprint, trust: Trust) {
        self.lab.ask(device, Command::DecideTrust { jid: jid.clone(), fingerprint, trust });
    }

    fn bobs_trust(&self, device: usize) -> Trust {
        known(&self.lab, device, &bob()).iter().find(|key| key.0 == self.bobs).unwrap().1
    }

    fn waiting(&self, device: usize) -> usize {
        self.lab.devices[device].ledger.encryption.decisions.len()
    }
}

/// The keys of others that a device knows.
fn known(lab: &Lab, device: usize, who: &BareJid) -> Vec<(Fingerprint, Trust)> {
    let own = lab.devices[device].ledger.encryption.own.as_ref().unwrap().0;
    let keys = lab.devices[device].ledger.encryption.keys.iter();
    keys.filter(|key| key.0 == *who && key.1 != own).map(|key| (key.2, key.3)).collect()
}

#[test]
fn what_is_decided_offline_is_told_when_online_again() {
    for restarts in [0, 1] {
        let mut pair = Pair::new();
        assert_eq!(pair.waiting(ALICE), 0, "all that was decided so far has been told");
        pair.lab.disconnect(ALICE);
        pair.decide(ALICE, &bob(), pair.bobs, Trust::Verified);
        assert_eq!((pair.waiting(ALICE), pair.bobs_trust(pair.second)), (1, Trust::Blind));
        (0..restarts).for_each(|_| pair.lab.start_offline(ALICE));
        pair.lab.wait(Duration::from_secs(3600));
        pair.lab.connect(ALICE);
        assert_eq!((pair.waiting(ALICE), pair.bobs_trust(pair.second)), (0, Trust::Verified));
    }
}

#[test]
fn a_decision_is_told_again_when_it_is_not_sure_that_it_went_out() {
    let mut pair = Pair::new();
    let bobs = pair.bobs;
    let decide = Command::DecideTrust { jid: bob(), fingerprint: bobs, trust: Trust::Distrusted };
    pair.lab.ask_without_answers(ALICE, decide);
    pair.lab.lose_all();
    assert_eq!((pair.waiting(ALICE), pair.bobs_trust(pair.second)), (1, Trust::Blind));
    pair.lab.disconnect(ALICE);
    pair.lab.start(ALICE);
    assert_eq!((pair.waiting(ALICE), pair.bobs_trust(pair.second)), (0, Trust::Distrusted));
}

#[test]
fn an_older_decision_overturns_no_newer_one() {
    let mut pair = Pair::new();
    let (bobs, second) = (pair.bobs, pair.second);
    pair.lab.disconnect(ALICE);
    pair.decide(ALICE, &bob(), bobs, Trust::Verified);
    pair.lab.wait(Duration::from_secs(60));
    pair.decide(second, &bob(), bobs, Trust::Distrusted);
    pair.lab.wait(Duration::from_secs(60));
    pair.lab.connect(ALICE);
    assert_eq!((pair.bobs_trust(ALICE), pair.bobs_trust(second)), (Trust::Distrusted, Trust::Distrusted));
    assert_eq!((pair.waiting(ALICE), pair.waiting(second)), (0, 0));
    // It stays so over a restart, which keeps the time.
    pair.lab.start(second);
    pair.lab.disconnect(second);
    pair.decide(second, &bob(), bobs, Trust::Verified);
    pair.lab.wait(Duration::from_secs(60));
    pair.decide(ALICE, &bob(), bobs, Trust::Distrusted);
    pair.lab.start(ALICE);
    pair.lab.connect(second);
    assert_eq!(pair.bobs_trust(ALICE), Trust::Distrusted);
}

#[test]
fn what_is_taken_back_before_it_was_told_is_not_told() {
    let mut pair = Pair::new();
    let bobs = pair.bobs;
    pair.lab.disconnect(ALICE);
    pair.decide(ALICE, &bob(), bobs, Trust::Verified);
    pair.decide(ALICE, &bob(), bobs, Trust::Blind);
    assert_eq!(pair.waiting(ALICE), 0);
    pair.lab.connect(ALICE);
    assert_eq!(pair.bobs_trust(pair.second), Trust::Blind);
    assert_eq!(pair.bobs_trust(ALICE), Trust::Blind);
}

#[test]
fn what_a_person_decides_here_counts_whatever_the_clock_says() {
    let mut pair = Pair::new();
    let bobs = pair.bobs;
    // The first three of one moment.
    for trust in [Trust::Verified, Trust::Distrusted, Trust::Verified] {
        pair.decide(ALICE, &bob(), bobs, trust);
        assert_eq!((pair.bobs_trust(ALICE), pair.bobs_trust(pair.second)), (trust, trust));
    }
    // The clock is set back.
    pair.lab.set_back(Duration::from_secs(86_400));
    for trust in [Trust::Distrusted, Trust::Verified] {
        pair.decide(ALICE, &bob(), bobs, trust);
        assert_eq!(pair.bobs_trust(ALICE), trust);
    }
}

#[test]
fn a_device_that_is_compared_hears_all_that_was_decided_before_with_its_time() {
    let mut pair = Pair::new();
    let bobs = pair.bobs;
    pair.decide(ALICE, &bob(), bobs, Trust::Distrusted);
    pair.lab.wait(Duration::from_secs(60));
    let third = pair.lab.add("alice@a.example/3", &["bob@b.example"]);
    pair.lab.send(ALICE, "bob@b.example", "hello, third");
    pair.lab.send(third, "bob@b.example", "hello");
    let alices = jid("alice@a.example");
    // It trusts the first, and decides about Bob.
    let first = pair.lab.devices[ALICE].ledger.encryption.own.as_ref().unwrap().0;
    let keys = pair.lab.devices[third].ledger.encryption.keys.clone();
    let of_first = keys.iter().find(|key| key.0 == alices && key.1 == first).unwrap().2;
    pair.decide(third, &alices, of_first, Trust::Verified);
    pair.decide(third, &bob(), bobs, Trust::Verified);
    pair.lab.wait(Duration::from_secs(60));
    let id = pair.lab.devices[third].ledger.encryption.own.as_ref().unwrap().0;
    let keys = pair.lab.devices[ALICE].ledger.encryption.keys.clone();
    let of_third = keys.iter().find(|key| key.0 == alices && key.1 == id).unwrap().2;
    pair.decide(ALICE, &alices, of_third, Trust::Verified);
    assert_eq!(pair.bobs_trust(third), Trust::Verified, "that was later");
    // The second has heard of the third, too, before it meets it.
    pair.lab.send(pair.second, "bob@b.example", "to all of us");
    let known = known(&pair.lab, pair.second, &alices);
    assert!(known.contains(&(of_third, Trust::Verified)), "{known:?}");
}

#[test]
fn what_was_told_of_a_key_before_it_was_seen_is_known_after_a_restart() {
    let mut pair = Pair::new();
    let second = pair.second;
    let carol = pair.lab.add("carol@c.example/1", &["alice@a.example"]);
    pair.lab.befriend(ALICE, "carol@c.example");
    pair.lab.befriend(second, "carol@c.example");
    pair.lab.disconnect(carol);
    // The second does not see what the first writes to Carol: it has no key of hers.
    pair.lab.send(ALICE, "carol@c.example", "hello");
    let carols = known(&pair.lab, ALICE, &jid("carol@c.example"))[0].0;
    pair.decide(ALICE, &jid("carol@c.example"), carols, Trust::Verified);
    assert_eq!(pair.waiting(second), 1);
    pair.lab.start(second);
    pair.lab.send(second, "carol@c.example", "hello");
    assert_eq!(known(&pair.lab, second, &jid("carol@c.example")), [(carols, Trust::Verified)]);
    assert_eq!(pair.waiting(second), 0);
}

#[test]
fn who_distrusts_the_only_key_that_was_compared_trusts_no_new_one_blindly() {
    for decisions in [&[Trust::Verified, Trust::Distrusted][..], &[Trust::Distrusted]] {
        let mut lab = Lab::alice_and_bob();
        lab.send(ALICE, "bob@b.example", "one");
        let fingerprint = known(&lab, ALICE, &bob())[0].0;
        for trust in decisions {
            lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: *trust });
        }
        let second = lab.add("bob@b.example/2", &["alice@a.example"]);
        let id = lab.send(ALICE, "bob@b.example", "two");
        assert_eq!(known(&lab, ALICE, &bob())[1].1, Trust::Undecided);
        assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
        assert_eq!(lab.received(second), Vec::<&str>::new());
    }
}

/// Two devices of ours are compared on one and then on the other, as people do. Both hear what was decided on the other before.
#[test]
fn both_of_two_devices_that_are_compared_hear_what_was_decided_before() {
    for first_of_both in [0, 1] {
        let mut lab = Lab::alice_and_bob();
        let second = lab.add("alice@a.example/2", &["bob@b.example"]);
        lab.send(ALICE, "bob@b.example", "one");
        lab.send(second, "bob@b.example", "two");
        let alices = jid("alice@a.example");
        let known = |lab: &Lab, device: usize, who: &BareJid| {
            let own = lab.devices[device].ledger.encryption.own.as_ref().unwrap().0;
            let keys = lab.devices[device].ledger.encryption.keys.iter();
            keys.filter(|key| key.0 == *who && key.1 != own).map(|key| (key.2, key.3)).collect::<Vec<_>>()
        };
        // Long ago.
        let fingerprint = known(&lab, ALICE, &bob())[0].0;
        lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Distrusted });
        lab.wait(Duration::from_secs(3600));
        let order = if first_of_both == 0 { [second, ALICE] } else { [ALICE, second] };
        for device in order {
            let fingerprint = known(&lab, device, &alices)[0].0;
            lab.ask(
                device,
                Command::DecideTrust { jid: alices.clone(), fingerprint, trust: Trust::Verified },
            );
            lab.wait(Duration::from_secs(60));
        }
        assert_eq!(known(&lab, second, &bob())[0].1, Trust::Distrusted, "order {first_of_both}");
    }
}
