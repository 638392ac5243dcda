//! What is begun for a message that is then not sent. A signed pre-key is there for two weeks, and a decision may take longer.

use std::time::Duration;

use causerie_model::{
    Awaits, BareJid, Body, Command, DeviceId, Direction, Fingerprint, MessageState, OmemoVersion, OriginId,
    Problem, SessionName, Trust,
};
use causerie_omemo::{PeerBundle, Record};

use super::super::wire;
use super::copied::carbon;
use super::hostile::{bundles_of, own_device, swap_bundles};
use super::lab::{Lab, jid};
use super::{ALICE, BOB, bob};
use crate::ns;

const ALICES: &str = "alice@a.example";
const BOBS: &str = "bob@b.example";

fn wait_two_weeks(lab: &mut Lab) {
    for _ in 0..15 {
        lab.wait(Duration::from_secs(24 * 3600));
    }
}

fn decide(lab: &mut Lab, knower: usize, of: usize, trust: Trust) {
    let (jid, device) = (lab.devices[of].jid.bare().clone(), own_device(lab, of));
    let fingerprint = key_of(lab, knower, &jid, device);
    lab.ask(knower, Command::DecideTrust { jid, fingerprint, trust });
}

fn key_of(lab: &Lab, knower: usize, jid: &BareJid, device: DeviceId) -> Fingerprint {
    let keys = lab.devices[knower].ledger.encryption.keys.iter();
    keys.filter(|key| key.0 == *jid && key.1 == device).map(|key| key.2).next_back().unwrap()
}

/// Whether Alice's ledger has a session with a device.
fn has_session(lab: &Lab, with: usize) -> bool {
    let (jid, device) = (lab.devices[with].jid.bare(), own_device(lab, with));
    let mut sessions = lab.devices[ALICE].ledger.encryption.sessions.iter();
    sessions.any(|(name, _)| name.jid == *jid && name.device == device)
}

/// Lists of somebody have these devices and no others.
fn list(lab: &mut Lab, owner: &str, devices: &[DeviceId]) {
    let devices: Vec<wire::Listed> = devices.iter().map(|id| (*id, None)).collect();
    for version in OmemoVersion::ALL {
        lab.announce(owner, wire::list_node(version), wire::list(version, &devices));
    }
}

/// What Alice has sent last comes to her other device. What that shows of what she has written.
fn seen_by(lab: &mut Lab, other: usize) -> Vec<String> {
    let stanza = lab.messages.iter().rfind(|stanza| stanza.attr("from") == Some("alice@a.example/1"));
    let stanza = carbon(stanza.unwrap().clone());
    lab.deliver(other, stanza);
    let rows = lab.devices[other].rows.iter().filter(|row| row.direction == Direction::Outgoing);
    rows.map(|row| match &row.body {
        Body::Text(text) => text.to_string(),
        other => format!("{other:?}"),
    })
    .collect()
}

/// Alice has compared Bob's key, and then he has another device, besides the one before or in its place.
fn reinstalled(keeps_first: bool) -> (Lab, usize) {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "before");
    decide(&mut lab, ALICE, BOB, Trust::Verified);
    let first = own_device(&lab, BOB);
    if !keeps_first {
        lab.disconnect(BOB);
    }
    let second = lab.add("bob@b.example/2", &[ALICES]);
    let new = own_device(&lab, second);
    let devices = if keeps_first { vec![first, new] } else { vec![new] };
    list(&mut lab, BOBS, &devices);
    (lab, second)
}

#[test]
fn a_decision_that_takes_two_weeks_is_no_reason_that_nobody_can_read_what_waits() {
    for trust in [Trust::Verified, Trust::Blind] {
        let (mut lab, second) = reinstalled(false);
        let id = lab.send(ALICE, BOBS, "secret");
        assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
        assert!(!has_session(&lab, second), "nothing goes to it");
        wait_two_weeks(&mut lab);
        decide(&mut lab, ALICE, second, trust);
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
        assert_eq!(lab.received(second), ["secret"]);
        assert!(!lab.was_seen("secret"));
    }
}

#[test]
fn a_device_that_is_trusted_after_two_weeks_reads_what_comes_then() {
    for starts in [false, true] {
        let (mut lab, second) = reinstalled(true);
        lab.send(ALICE, BOBS, "to the first");
        assert!(!has_session(&lab, second));
        wait_two_weeks(&mut lab);
        if starts {
            lab.start(ALICE);
        }
        decide(&mut lab, ALICE, second, Trust::Verified);
        lab.send(ALICE, BOBS, "to both");
        assert_eq!(lab.received(BOB), ["before", "to the first", "to both"]);
        assert_eq!(lab.received(second), ["<not for this device>", "to both"]);
    }
}

/// One that was refused, and is trusted later, gets nothing in between.
#[test]
fn for_a_device_that_is_refused_nothing_is_begun() {
    let (mut lab, second) = reinstalled(true);
    lab.ask(ALICE, Command::LookAtDevices(Some(bob())));
    decide(&mut lab, ALICE, second, Trust::Distrusted);
    lab.send(ALICE, BOBS, "to the first");
    assert!(!has_session(&lab, second));
    wait_two_weeks(&mut lab);
    decide(&mut lab, ALICE, second, Trust::Blind);
    lab.send(ALICE, BOBS, "to both");
    assert_eq!(lab.received(second), ["<not for this device>", "to both"]);
}

/// What was decided meanwhile is handed on once the device is compared, and is not told again.
#[test]
fn a_device_of_our_own_that_is_compared_after_two_weeks_hears_and_reads_everything() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &[BOBS]);
    lab.send(ALICE, BOBS, "one");
    decide(&mut lab, ALICE, second, Trust::Verified);
    decide(&mut lab, ALICE, BOB, Trust::Verified);
    let third = lab.add("alice@a.example/3", &[BOBS]);
    lab.send(ALICE, BOBS, "two");
    assert!(!has_session(&lab, third), "its key waits for a decision");
    wait_two_weeks(&mut lab);
    decide(&mut lab, ALICE, third, Trust::Verified);
    // What it was told counts as soon as it has compared the first, too. It knows nothing of Bob.
    decide(&mut lab, third, ALICE, Trust::Verified);
    let bobs = key_of(&lab, ALICE, &bob(), own_device(&lab, BOB));
    let told = &lab.devices[third].ledger.encryption.decisions;
    assert!(
        told.iter().any(|it| (it.fingerprint, it.trust, it.awaits) == (bobs, Trust::Verified, Awaits::Key))
    );
    lab.send(ALICE, BOBS, "three");
    assert_eq!(seen_by(&mut lab, third), ["three"]);
}

/// Somebody to whom nothing can be sent, and why.
#[derive(Clone, Copy, Debug)]
enum Out {
    NoKeys,
    Unreachable,
    Undecided,
}

#[test]
fn a_message_that_can_not_go_begins_nothing_with_our_own_devices() {
    for why in [Out::NoKeys, Out::Unreachable, Out::Undecided] {
        for starts in [false, true] {
            let mut lab = match why {
                Out::Undecided => reinstalled(false).0,
                Out::NoKeys | Out::Unreachable => Lab::alice_and_bob(),
            };
            let other = lab.add("alice@a.example/other", &[BOBS]);
            // Keys of whom there are some, and nobody has them.
            lab.refuses = match why {
                Out::Unreachable => vec![("devices", "remote-server-timeout")],
                Out::NoKeys | Out::Undecided => Vec::new(),
            };
            let to = if matches!(why, Out::Undecided) { BOBS } else { "carol@c.example" };
            let id = lab.send(ALICE, to, "can’t go");
            let state = match why {
                Out::NoKeys => MessageState::Failed(Problem::NoKeys),
                Out::Unreachable => MessageState::Failed(Problem::RemoteUnreachable),
                Out::Undecided => MessageState::Pending,
            };
            assert_eq!(*lab.state(ALICE, &id), state, "{why:?}");
            assert!(!has_session(&lab, other), "{why:?}");
            lab.refuses.clear();
            lab.ask(ALICE, Command::CancelMessage { id, peer: jid(to) });
            wait_two_weeks(&mut lab);
            if starts {
                lab.start(ALICE);
            }
            if matches!(why, Out::Undecided) {
                decide(&mut lab, ALICE, 2, Trust::Blind);
            }
            lab.send(ALICE, BOBS, "goes");
            assert_eq!(seen_by(&mut lab, other), ["goes"], "{why:?} {starts}");
        }
    }
}

/// What one bundle has begun, another may keep from being sent: it does not come, or the connection breaks.
#[test]
fn what_was_begun_before_a_break_is_begun_anew_after_it() {
    for starts in [false, true] {
        let mut lab = Lab::alice_and_bob();
        let other = lab.add("alice@a.example/2", &[BOBS]);
        lab.ask(ALICE, Command::LookUpKeys(bob()));
        lab.silent = Some(jid(BOBS));
        let id = lab.send(ALICE, BOBS, "waits");
        assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
        assert!(!has_session(&lab, other) && lab.messages.is_empty());
        lab.disconnect(ALICE);
        lab.silent = None;
        wait_two_weeks(&mut lab);
        match starts {
            true => lab.start(ALICE),
            false => lab.connect(ALICE),
        }
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
        assert_eq!(lab.received(BOB), ["waits"]);
        assert_eq!(seen_by(&mut lab, other), ["waits"], "{starts}");
    }
}

#[test]
fn what_was_begun_for_a_message_that_was_taken_back_is_of_no_use_later() {
    let mut lab = Lab::alice_and_bob();
    let other = lab.add("alice@a.example/2", &[BOBS]);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    lab.silent = Some(jid(BOBS));
    let id = lab.send(ALICE, BOBS, "waits");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
    lab.ask(ALICE, Command::CancelMessage { id, peer: bob() });
    lab.silent = None;
    // On the same connection.
    wait_two_weeks(&mut lab);
    lab.send(ALICE, BOBS, "goes");
    assert_eq!(lab.received(BOB), ["goes"]);
    assert_eq!(seen_by(&mut lab, other), ["goes"]);
}

/// Leaves a session of Alice's in which nothing was ever encrypted, as earlier versions did, over what there is.
fn leave_unwritten(lab: &mut Lab, with: usize, version: OmemoVersion) {
    let (jid, device) = (lab.devices[with].jid.bare().clone(), own_device(lab, with));
    let (node, item) = wire::bundle_place(version, device);
    let bundle = &lab.nodes[&(jid.clone(), node)].iter().find(|(id, _)| *id == item).unwrap().1;
    let bundle = PeerBundle::read(version, &wire::read_bundle(version, bundle).unwrap()).unwrap();
    let name = SessionName { jid, device, version };
    lab.step(ALICE, |own, step| {
        let omemo = own.omemo();
        let record = omemo.sessions.get(&name).cloned().unwrap_or_else(|| Record::new(version));
        let record = record.initiate(&omemo.open().unwrap().own, &bundle, step.rng).unwrap();
        omemo.keep_session(name, record, step);
    });
}

#[test]
fn a_session_in_which_nothing_was_ever_encrypted_is_begun_anew() {
    for (starts, older) in [(false, false), (true, false), (true, true)] {
        let mut lab = Lab::alice_and_bob();
        let other = lab.add("alice@a.example/2", &[BOBS]);
        if older {
            lab.nodes.retain(|(_, node), _| !node.starts_with("urn:xmpp:omemo:2"));
            lab.refuses = vec![("urn:xmpp:omemo:2", "item-not-found")];
            for device in [ALICE, BOB, other] {
                lab.devices[device].ledger.encryption.lists.clear();
                lab.start(device);
            }
        }
        let version = if older { OmemoVersion::Legacy } else { OmemoVersion::Omemo2 };
        lab.ask(ALICE, Command::LookUpKeys(bob()));
        leave_unwritten(&mut lab, BOB, version);
        leave_unwritten(&mut lab, other, version);
        if starts {
            lab.start(ALICE);
        }
        wait_two_weeks(&mut lab);
        lab.send(ALICE, BOBS, "hello");
        assert_eq!(lab.received(BOB), ["hello"], "{starts} {older}");
        assert_eq!(seen_by(&mut lab, other), ["hello"], "{starts} {older}");
        lab.send(BOB, ALICES, "and back");
        assert_eq!(lab.received(ALICE), ["and back"]);
    }
}

/// Nor is it answered in. What the other side has written in an older one is read as before.
#[test]
fn nothing_is_answered_in_a_session_in_which_nothing_was_ever_encrypted() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "one");
    lab.send(BOB, ALICES, "two");
    leave_unwritten(&mut lab, BOB, OmemoVersion::Omemo2);
    lab.start(ALICE);
    wait_two_weeks(&mut lab);
    // A chain that is so long asks for an answer.
    for n in 0..60 {
        lab.send(BOB, ALICES, &format!("{n}"));
    }
    assert_eq!(lab.received(ALICE).len(), 61);
    assert!(!lab.received(ALICE).contains(&"<keys lost>"));
    lab.send(ALICE, BOBS, "three");
    assert_eq!(lab.received(BOB), ["one", "three"]);
    lab.send(BOB, ALICES, "four");
    assert_eq!(lab.received(ALICE).last(), Some(&"four"));
}

/// A device that writes first has begun a session itself: that one counts.
#[test]
fn a_device_that_writes_meanwhile_is_answered_in_its_own_session() {
    let mut lab = Lab::alice_and_bob();
    let other = lab.add("alice@a.example/2", &[BOBS]);
    lab.ask(BOB, Command::LookUpKeys(jid(ALICES)));
    // Alice's program has begun one with Bob's, and waits for the keys of her own other device.
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    lab.silent = Some(jid(ALICES));
    lab.send(ALICE, BOBS, "waits");
    lab.silent = None;
    lab.send(BOB, ALICES, "first");
    assert_eq!(lab.received(ALICE), ["first"]);
    lab.wait(Duration::from_secs(60));
    assert_eq!(lab.received(BOB), ["waits"]);
    let _ = other;
    for n in 0..3 {
        lab.send(BOB, ALICES, &format!("{n}"));
        lab.send(ALICE, BOBS, &format!("{n}"));
    }
    assert_eq!(lab.received(BOB), ["waits", "0", "1", "2"]);
    assert_eq!(lab.received(ALICE), ["first", "0", "1", "2"]);
}

/// Such a key belongs to the device that has shown it first.
#[test]
fn a_key_that_several_devices_show_is_not_asked_for_without_end_when_something_is_sent() {
    for (owner, compared) in [(BOBS, false), (BOBS, true), (ALICES, false), (ALICES, true)] {
        let mut lab = Lab::alice_and_bob();
        let other = lab.add(&format!("{owner}/2"), &[]);
        let bundles = bundles_of(&lab, owner, own_device(&lab, other));
        if compared {
            lab.send(ALICE, BOBS, "before");
            decide(&mut lab, ALICE, other, Trust::Verified);
        }
        let own = jid(owner);
        for id in 1..=10_u32 {
            let [newer, older] = bundles.clone();
            let node = (own.clone(), ns::OMEMO_2_BUNDLES.to_owned());
            lab.nodes.get_mut(&node).unwrap().push((id.to_string(), newer));
            let node = (own.clone(), format!("{}{id}", ns::OMEMO_LEGACY_BUNDLES));
            lab.nodes.insert(node, vec![("current".to_owned(), older)]);
        }
        let firsts = lab.devices.iter().enumerate().filter(|(_, device)| *device.jid.bare() == own);
        let firsts: Vec<DeviceId> = firsts.map(|(at, _)| own_device(&lab, at)).collect();
        let all: Vec<DeviceId> = firsts.into_iter().chain((1..=10).filter_map(DeviceId::new)).collect();
        list(&mut lab, owner, &all);
        lab.most_turns = 500;
        let asked = lab.asked.len();
        let id = lab.send(ALICE, BOBS, "secret");
        assert_eq!(*lab.state(ALICE, &id), MessageState::Sent, "{owner} {compared}");
        assert_eq!(lab.received(BOB).last(), Some(&"secret"));
        assert!(lab.asked.len() < asked + 60, "{owner} {compared}: {}", lab.asked.len() - asked);
        assert!(!lab.was_seen("secret"));
    }
}

/// A server that shows another key with each answer.
#[test]
fn a_server_that_changes_keys_again_and_again_is_asked_a_few_times_for_each_message() {
    for decides in [None, Some(Trust::Distrusted), Some(Trust::Blind)] {
        let (mut lab, second) = reinstalled(false);
        let device = own_device(&lab, second);
        let others: Vec<_> = (0..6)
            .map(|n| {
                let evil = format!("evil{n}@b.example");
                let at = lab.add(&format!("{evil}/1"), &[]);
                bundles_of(&lab, &evil, own_device(&lab, at))
            })
            .collect();
        lab.most_turns = 300;
        let mut ids: Vec<OriginId> = Vec::new();
        for bundles in others {
            swap_bundles(&mut lab, BOBS, bundles, device);
            let asked = lab.asked.len();
            ids.push(lab.send(ALICE, BOBS, "secret"));
            lab.ask(ALICE, Command::LookUpKeys(bob()));
            if let Some(trust) = decides {
                let fingerprint = key_of(&lab, ALICE, &bob(), device);
                lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust });
            }
            lab.wait(Duration::from_secs(60));
            assert!(lab.asked.len() < asked + 30, "{decides:?}: {}", lab.asked.len() - asked);
        }
        let before = lab.asked.len();
        for _ in 0..24 {
            lab.wait(Duration::from_secs(3600));
        }
        assert!(lab.asked.len() < before + 120, "{decides:?}: {} in a day", lab.asked.len() - before);
        assert!(!lab.received(second).contains(&"secret") && !lab.was_seen("secret"));
        if decides.is_none() {
            assert!(ids.iter().all(|id| *lab.state(ALICE, id) == MessageState::Pending));
            assert!(!has_session(&lab, second));
        }
    }
}

/// A newer version with a key that was refused stands in the way of none: what goes on is the older one, with the key that is trusted.
#[test]
fn a_refused_key_in_the_newer_version_is_not_asked_for_without_end() {
    let mut lab = Lab::alice_and_bob();
    let device = own_device(&lab, BOB);
    let newer: Vec<_> = lab
        .nodes
        .extract_if(.., |(owner, node), _| *owner == bob() && node.starts_with("urn:xmpp:omemo:2"))
        .collect();
    lab.start(ALICE);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    lab.send(ALICE, BOBS, "in the older version");
    let evil = lab.add("evil@b.example/1", &[]);
    let evils = bundles_of(&lab, "evil@b.example", own_device(&lab, evil));
    lab.nodes.extend(newer);
    let older = bundles_of(&lab, BOBS, device)[1].clone();
    swap_bundles(&mut lab, BOBS, [evils[0].clone(), older], device);
    list(&mut lab, BOBS, &[device]);
    lab.most_turns = 300;
    let id = lab.send(ALICE, BOBS, "waits");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
    let fingerprint = key_of(&lab, ALICE, &bob(), device);
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Distrusted });
    assert!(!lab.was_seen("waits"));
    let asked = lab.asked.len();
    for _ in 0..24 {
        lab.wait(Duration::from_secs(3600));
        lab.send(ALICE, BOBS, "more");
    }
    assert!(lab.asked.len() < asked + 120, "{}", lab.asked.len() - asked);
}
