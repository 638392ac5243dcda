//! Whole conversations between brains, with a server in between that keeps nodes, sees everything, and is not always honest.
//!
//! Long because each is a story of its own in the same small world.

mod annotations;
mod answers;
mod clear;
mod copied;
mod early;
mod held;
mod hostile;
mod kept;
pub(super) mod lab;
mod lists;
mod looked_at;
mod mark;
mod patience;
mod prekeys;
mod removed;
mod renewed;
mod replaced;
mod restored;
mod rooms;
mod shown;
mod silent;
mod strange;
mod stripped;
mod told;
mod trust;
mod uncovered;
mod unlisted;
mod unwritten;
mod watching;

use std::collections::BTreeSet;
use std::time::Duration;

use causerie_model::encryption::Seal;
use causerie_model::{
    BareJid, Command, DeviceId, MessageState, Notice, OmemoVersion, Privacy, Problem, Protection, Readiness,
    RestoredEncryption, Trust, Vault, VaultKey,
};
use minidom::Element;

use super::wire;
use crate::ns;
use crate::xml::Draft;
use annotations::with_older;
use lab::{Lab, jid, with};

const ALICE: usize = 0;
const BOB: usize = 1;

fn bob() -> causerie_model::BareJid {
    jid("bob@b.example")
}

#[test]
fn the_first_message_is_encrypted_without_a_question() {
    let mut lab = Lab::alice_and_bob();
    let id = lab.send(ALICE, "bob@b.example", "Rendez-vous à midi");
    assert_eq!(lab.received(BOB), ["Rendez-vous à midi"]);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    lab.send(BOB, "alice@a.example", "D’accord");
    for round in 0..5 {
        lab.send(ALICE, "bob@b.example", &format!("ping {round}"));
        lab.send(BOB, "alice@a.example", &format!("pong {round}"));
    }
    assert_eq!(lab.received(BOB).len(), 6);
    assert_eq!(lab.received(ALICE), ["D’accord", "pong 0", "pong 1", "pong 2", "pong 3", "pong 4"]);
    for text in ["midi", "accord", "ping", "pong"] {
        assert!(!lab.was_seen(text), "{text} was seen on the wire");
    }
    // Both know both versions: the newer is used.
    let Protection::Encrypted(Some(Seal { version, trust, .. })) = lab.devices[BOB].rows[0].protection else {
        panic!("not encrypted")
    };
    assert_eq!((version, trust), (OmemoVersion::Omemo2, Trust::Blind));
    assert!(lab.devices.iter().all(|device| device.notices.is_empty()));
}

#[test]
fn a_conversation_goes_on_after_a_restart() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    lab.start(BOB);
    lab.send(BOB, "alice@a.example", "two");
    lab.start(ALICE);
    lab.send(ALICE, "bob@b.example", "three");
    assert_eq!(lab.received(BOB), ["one", "three"]);
    assert_eq!(lab.received(ALICE), ["two"]);
    assert_eq!(lab.nodes.keys().filter(|(_, node)| node.ends_with("devicelist")).count(), 2);
    let lists = lab.nodes.iter().filter(|((_, node), _)| node.ends_with(":devices"));
    assert!(lists.clone().all(|(_, items)| items[0].1.children().count() == 1), "no second device was made");
}

#[test]
fn nothing_is_sent_before_others_can_know_by_which_device() {
    let mut lab = Lab::alice_and_bob();
    // The first thing that a new program does, where it takes long to publish.
    lab.enlarged = Some(BTreeSet::new());
    lab.disconnect(ALICE);
    lab.devices[ALICE].ledger.encryption = RestoredEncryption::default();
    lab.nodes.retain(|(owner, _), _| *owner == bob());
    lab.start_offline(ALICE);
    lab.send(ALICE, "bob@b.example", "at once");
    lab.connect(ALICE);
    assert_eq!(lab.received(BOB), ["at once"]);
    assert_eq!(lab.unlisted, 0);
}

#[test]
fn all_devices_of_both_read_it() {
    let mut lab = Lab::new();
    for device in 1..=3 {
        lab.add(&format!("alice@a.example/{device}"), &["bob@b.example"]);
    }
    for device in 1..=5 {
        lab.add(&format!("bob@b.example/{device}"), &["alice@a.example"]);
    }
    let text = "x".repeat(500);
    lab.send(ALICE, "bob@b.example", &text);
    for device in 3..8 {
        assert_eq!(lab.received(device), [&text], "device {device}");
    }
    let says = |message: &&Element| {
        message
            .get_child("encrypted", ns::OMEMO_2)
            .is_some_and(|encrypted| encrypted.has_child("payload", ns::OMEMO_2))
    };
    let message = lab.messages.iter().find(says).unwrap();
    let keys = message.get_child("encrypted", ns::OMEMO_2).unwrap().get_child("header", ns::OMEMO_2).unwrap();
    let keys: usize = keys.children().map(|keys| keys.children().count()).sum();
    assert_eq!(keys, 7, "five of Bob, two of Alice");
}

#[test]
fn a_contact_with_the_older_version_is_reached_in_it() {
    let mut lab = Lab::alice_and_bob();
    lab.nodes.retain(|(owner, node), _| *owner != bob() || !node.starts_with("urn:xmpp:omemo:2"));
    lab.start(ALICE);
    let none = wire::list(OmemoVersion::Omemo2, &[]);
    let item = Draft::new("item", ns::PUBSUB_EVENT).attr("id", "current").child(none);
    let items = Draft::new("items", ns::PUBSUB_EVENT).attr("node", ns::OMEMO_2_DEVICES).child(item);
    let event = Draft::new("event", ns::PUBSUB_EVENT).child(items);
    lab.deliver(ALICE, Draft::new("message", ns::CLIENT).attr("from", "bob@b.example").child(event).into());
    lab.send(ALICE, "bob@b.example", "ancien");
    assert_eq!(lab.received(BOB), ["ancien"]);
    let message =
        lab.messages.iter().find(|message| message.has_child("encrypted", ns::OMEMO_LEGACY)).unwrap();
    assert!(!message.has_child("encrypted", ns::OMEMO_2));
    assert!(message.has_child("body", ns::CLIENT) && message.has_child("store", ns::HINTS));
    assert_eq!(
        message.get_child("encryption", ns::ENCRYPTION).unwrap().attr("namespace"),
        Some(ns::OMEMO_LEGACY)
    );
}

#[test]
fn what_a_server_does_to_lists_never_makes_a_message_go_in_clear() {
    let nodes = [ns::OMEMO_2_DEVICES, ns::OMEMO_LEGACY_DEVICES];
    for (name, contents) in [
        (
            "emptied",
            [r"<devices xmlns='urn:xmpp:omemo:2'/>", "<list xmlns='eu.siacs.conversations.axolotl'/>"],
        ),
        ("broken", ["<x xmlns='y'/>", "<list xmlns='y'/>"]),
        (
            "replaced",
            [
                r"<devices xmlns='urn:xmpp:omemo:2'><device id='5'/></devices>",
                "<list xmlns='eu.siacs.conversations.axolotl'><device id='0'/><device id='x'/><device id='5'/></list>",
            ],
        ),
    ] {
        let mut lab = Lab::alice_and_bob();
        lab.disconnect(BOB);
        for (node, content) in nodes.iter().zip(contents) {
            let items = vec![("current".to_owned(), content.parse::<Element>().unwrap())];
            lab.nodes.insert((bob(), (*node).to_owned()), items);
        }
        lab.devices[ALICE].ledger.encryption.lists.clear();
        lab.start(ALICE);
        let id = lab.send(ALICE, "bob@b.example", "secret");
        // Where there is something, whatever it is, it may be that they have keys.
        let state = match name {
            "emptied" => MessageState::Failed(Problem::NoKeys),
            _ => MessageState::Pending,
        };
        assert_eq!(*lab.state(ALICE, &id), state, "{name}");
        assert!(!lab.was_seen("secret"), "{name}");
    }
    for condition in ["item-not-found", "forbidden", "service-unavailable", "internal-server-error"] {
        for node in ["devices", "devicelist", "bundles"] {
            let mut lab = Lab::alice_and_bob();
            lab.refuses = vec![(node, condition), (":devices", condition)];
            lab.send(ALICE, "bob@b.example", "secret");
            lab.wait(Duration::from_secs(60));
            assert!(!lab.was_seen("secret"), "{condition} {node}");
        }
    }
}

#[test]
fn who_has_no_keys_gets_nothing_until_the_person_chooses_so() {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::NoKeys);
    let id = lab.send(ALICE, "bob@b.example", "secret");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Failed(Problem::NoKeys));
    assert!(!lab.was_seen("secret"));
    lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Clear });
    lab.send(ALICE, "bob@b.example", "for everyone");
    assert!(lab.was_seen("for everyone"));
    assert_eq!(lab.devices[ALICE].rows[1].protection, Protection::Clear);
    // It stays so over a restart, and ends by an act of the same kind.
    lab.start(ALICE);
    lab.send(ALICE, "bob@b.example", "again");
    assert!(lab.was_seen("again"));
    lab.add("bob@b.example/1", &["alice@a.example"]);
    lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Encrypted });
    lab.send(ALICE, "bob@b.example", "between us");
    assert!(!lab.was_seen("between us"));
    assert_eq!(lab.received(BOB).last(), Some(&"between us"));
}

#[test]
fn what_could_not_be_had_is_asked_for_again_by_the_next_message() {
    let mut lab = Lab::alice_and_bob();
    lab.refuses = vec![("bundles", "internal-server-error")];
    let first = lab.send(ALICE, "bob@b.example", "one");
    assert_eq!(*lab.state(ALICE, &first), MessageState::Pending);
    lab.refuses.clear();
    lab.wait(Duration::from_millis(1));
    let second = lab.send(ALICE, "bob@b.example", "two");
    assert_eq!(*lab.state(ALICE, &second), MessageState::Sent);
    assert_eq!(*lab.state(ALICE, &first), MessageState::Sent);
    assert_eq!(lab.received(BOB), ["one", "two"]);
}

#[test]
fn a_list_of_ours_that_is_none_is_not_written_over() {
    let mut lab = Lab::new();
    let odd: Element = "<devices xmlns='something:else'><device id='7'/></devices>".parse().unwrap();
    for node in [ns::OMEMO_2_DEVICES, ns::OMEMO_LEGACY_DEVICES] {
        lab.nodes
            .insert((jid("alice@a.example"), node.to_owned()), vec![("current".to_owned(), odd.clone())]);
    }
    lab.add("alice@a.example/1", &["bob@b.example"]);
    assert!(lab.nodes.values().flatten().all(|(_, content)| *content == odd));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeysNotPublished(Problem::Protocol)]);
}

#[test]
fn who_is_out_of_reach_has_not_lost_their_keys() {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.refuses = vec![("device", "remote-server-timeout")];
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Unknown);
    let id = lab.send(ALICE, "bob@b.example", "secret");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Failed(Problem::RemoteUnreachable));
    assert!(!lab.was_seen("secret"));
}

#[test]
fn copies_are_silent_and_what_was_altered_is_said() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    lab.send(BOB, "alice@a.example", "two");
    lab.send(ALICE, "bob@b.example", "three");
    for message in lab.messages.clone() {
        let to = if message.attr("to") == Some("bob@b.example") { BOB } else { ALICE };
        for _ in 0..3 {
            lab.deliver(to, message.clone());
        }
    }
    assert_eq!(lab.received(BOB), ["one", "three"]);
    assert_eq!(lab.received(ALICE), ["two"]);
    lab.send(ALICE, "bob@b.example", "four");
    let last = lab.messages.pop().unwrap();
    lab.devices[BOB].rows.clear();
    // The payload of another message.
    let payload = |message: &Element| {
        message.get_child("encrypted", ns::OMEMO_2).unwrap().get_child("payload", ns::OMEMO_2).unwrap().text()
    };
    let mut text = Vec::new();
    last.write_to(&mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    let (mine, other) = (payload(&last), payload(&lab.messages[lab.messages.len() - 2]));
    lab.deliver(BOB, text.replace(&mine, &other).parse().unwrap());
    assert_eq!(lab.received(BOB), Vec::<&str>::new(), "its key was used already: a copy");
}

#[test]
fn what_was_altered_leaves_the_way_to_what_was_meant() {
    let mut lab = Lab::alice_and_bob();
    for text in ["the first of a session", "and one of those that follow"] {
        lab.disconnect(BOB);
        lab.send(ALICE, "bob@b.example", text);
        let meant = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        lab.connect(BOB);
        lab.devices[BOB].rows.clear();
        let mut altered = with(meant.clone(), "id", "altered");
        let encrypted = altered.get_child_mut("encrypted", ns::OMEMO_2).unwrap();
        encrypted.remove_child("payload", ns::OMEMO_2);
        let payload = crate::b64::encode(&[7; 64]);
        encrypted.append_child(Draft::new("payload", ns::OMEMO_2).text(&payload).into());
        lab.deliver(BOB, altered);
        assert_eq!(lab.received(BOB), ["<altered>"]);
        lab.deliver(BOB, meant);
        assert_eq!(lab.received(BOB), ["<altered>", text]);
        lab.send(BOB, "alice@a.example", "read");
    }
}

#[test]
fn only_what_is_inside_counts() {
    for older in [false, true] {
        let mut lab = if older { with_older() } else { Lab::alice_and_bob() };
        lab.disconnect(BOB);
        lab.send(ALICE, "bob@b.example", "inside");
        let mut altered = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        while altered.remove_child("body", ns::CLIENT).is_some() {}
        altered.append_child(Draft::new("body", ns::CLIENT).text("outside").into());
        lab.connect(BOB);
        lab.deliver(BOB, altered.clone());
        assert_eq!(lab.received(BOB), ["inside"], "{older}");
        lab.deliver(BOB, with(altered, "id", "other"));
        assert_eq!(lab.received(BOB), ["inside"], "{older}");
    }
}

/// What Mallory has encrypted for Bob comes in Alice's name, and nothing of it came before. In the newer version who wrote to whom is
/// inside. In the older one nothing is but a text: it is shown as what an unknown key has written, of whoever carried it there.
#[test]
fn a_message_counts_for_whoever_owns_its_key_alone() {
    for older in [false, true] {
        let mut lab = if older { with_older() } else { Lab::alice_and_bob() };
        lab.send(ALICE, "bob@b.example", "from Alice");
        let mallory = lab.add("mallory@evil.example/1", &["bob@b.example"]);
        let fingerprint =
            lab.devices[BOB].ledger.encryption.keys.iter().find(|key| key.0 != bob()).unwrap().2;
        let jid = jid("alice@a.example");
        lab.ask(BOB, Command::DecideTrust { jid, fingerprint, trust: Trust::Verified });
        lab.disconnect(BOB);
        lab.send(mallory, "bob@b.example", "hello");
        let stanza = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        lab.connect(BOB);
        lab.deliver(BOB, with(with(stanza, "from", "alice@a.example/1"), "id", "forged"));
        if older {
            assert_eq!(lab.received(BOB), ["from Alice", "hello"]);
            let Protection::Encrypted(Some(seal)) = lab.devices[BOB].rows.last().unwrap().protection else {
                panic!("not encrypted")
            };
            assert_eq!(seal.trust, Trust::Undecided);
            assert_ne!(seal.fingerprint, fingerprint);
        } else {
            assert_eq!(lab.received(BOB), ["from Alice", "<misdirected>"]);
        }
    }
}

#[test]
fn a_device_with_another_key_is_an_alarm_and_gets_nothing() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "before");
    let device = lab.devices[BOB].ledger.encryption.own.as_ref().unwrap().0;
    // Bob's server gives his device a key of its own making.
    let evil = lab.add("evil@b.example/1", &[]);
    let key = lab.devices[evil].ledger.encryption.own.as_ref().unwrap().0;
    for node in [ns::OMEMO_2_BUNDLES.to_owned(), format!("{}{key}", ns::OMEMO_LEGACY_BUNDLES)] {
        let bundle = lab.nodes[&(jid("evil@b.example"), node.clone())][0].1.clone();
        let (node, id) = match node.starts_with("urn") {
            true => (node, device.to_string()),
            false => (format!("{}{device}", ns::OMEMO_LEGACY_BUNDLES), "current".to_owned()),
        };
        lab.nodes.insert((bob(), node), vec![(id, bundle)]);
    }
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeyReplaced { jid: bob(), device }]);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Undecided);
    let count = lab.messages.len();
    let id = lab.send(ALICE, "bob@b.example", "secret");
    assert_eq!((lab.messages.len(), lab.state(ALICE, &id)), (count, &MessageState::Pending));
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.last().unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Verified });
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent, "it went when the person had decided");
}

#[test]
fn after_a_verification_new_keys_wait() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.iter().find(|key| key.0 == bob()).unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Verified });
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.send(ALICE, "bob@b.example", "two");
    assert_eq!(lab.received(BOB), ["one", "two"]);
    assert_eq!(lab.received(second), ["<not for this device>"]);
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.iter().rfind(|key| key.0 == bob()).unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Blind });
    lab.send(ALICE, "bob@b.example", "three");
    assert_eq!(lab.received(second).last(), Some(&"three"));
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Distrusted });
    lab.send(ALICE, "bob@b.example", "four");
    assert_eq!(lab.received(second).last(), Some(&"<not for this device>"));
    assert_eq!(lab.received(BOB).last(), Some(&"four"));
}

#[test]
fn decisions_are_handed_on_between_compared_devices_of_ours() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    lab.send(ALICE, "bob@b.example", "one");
    lab.send(second, "bob@b.example", "two");
    let key_of = |lab: &Lab, device: usize, who: &BareJid| {
        let own = lab.devices[device].ledger.encryption.own.as_ref().unwrap().0;
        let keys = lab.devices[device].ledger.encryption.keys.iter();
        keys.filter(|key| key.0 == *who && key.1 != own).map(|key| (key.2, key.3)).next_back().unwrap()
    };
    let (bobs, alices) = (key_of(&lab, ALICE, &bob()).0, jid("alice@a.example"));
    let verify = |lab: &mut Lab, device, jid: &BareJid, fingerprint| {
        lab.ask(device, Command::DecideTrust { jid: jid.clone(), fingerprint, trust: Trust::Verified });
    };
    // The other device was not compared: it hears nothing.
    verify(&mut lab, ALICE, &bob(), bobs);
    assert_eq!(key_of(&lab, second, &bob()), (bobs, Trust::Blind));
    // Once it has compared us it listens, and once we have compared it we tell, all of it.
    let (of_second, of_first) = (key_of(&lab, ALICE, &alices).0, key_of(&lab, second, &alices).0);
    verify(&mut lab, ALICE, &alices, of_second);
    assert_eq!(key_of(&lab, second, &bob()), (bobs, Trust::Blind), "it does not know us");
    verify(&mut lab, second, &alices, of_first);
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint: bobs, trust: Trust::Distrusted });
    assert_eq!(key_of(&lab, second, &bob()), (bobs, Trust::Distrusted));
    verify(&mut lab, second, &bob(), bobs);
    assert_eq!(key_of(&lab, ALICE, &bob()), (bobs, Trust::Verified));
    // Nobody else has a say.
    lab.ask(
        BOB,
        Command::DecideTrust { jid: alices.clone(), fingerprint: of_first, trust: Trust::Distrusted },
    );
    assert_eq!(key_of(&lab, second, &alices), (of_first, Trust::Verified));
    assert!(lab.devices.iter().all(|device| device.rows.iter().all(|row| row.peer != *device.jid.bare())));
}

#[test]
fn a_restored_backup_gets_a_new_identity_and_leaves_its_old_place() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    let old = lab.devices[BOB].ledger.encryption.own.as_ref().unwrap().0;
    lab.devices[BOB].vault = Vault::Broken(VaultKey([9; 32]));
    lab.start(BOB);
    assert_eq!(lab.devices[BOB].notices, [Notice::KeysRenewed]);
    let new = lab.devices[BOB].ledger.encryption.own.as_ref().unwrap().0;
    assert_ne!(new, old);
    for (version, node) in
        [(OmemoVersion::Omemo2, ns::OMEMO_2_DEVICES), (OmemoVersion::Legacy, ns::OMEMO_LEGACY_DEVICES)]
    {
        let list = &lab.nodes[&(bob(), node.to_owned())].last().unwrap().1;
        let ids: Vec<DeviceId> =
            wire::read_list(version, list, 99).unwrap().into_iter().map(|(id, _)| id).collect();
        assert_eq!(ids, [new]);
    }
    lab.send(ALICE, "bob@b.example", "two");
    lab.send(BOB, "alice@a.example", "three");
    assert_eq!(lab.received(BOB), ["one", "two"]);
    assert_eq!(lab.received(ALICE), ["three"]);
    assert_eq!(lab.devices[ALICE].notices, []);
}

#[test]
fn a_session_that_is_missing_is_begun_anew_after_a_while_and_once() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    lab.send(BOB, "alice@a.example", "two");
    lab.devices[BOB].ledger.encryption.sessions.clear();
    lab.start(BOB);
    lab.send(ALICE, "bob@b.example", "lost");
    assert_eq!(lab.received(BOB), ["one", "<keys lost>"]);
    let count = lab.messages.len();
    lab.wait(Duration::from_secs(5));
    assert_eq!(lab.messages.len(), count, "what is late may still come");
    lab.wait(Duration::from_secs(15));
    assert!(lab.messages.len() > count);
    lab.send(ALICE, "bob@b.example", "found");
    assert_eq!(lab.received(BOB).last(), Some(&"found"));
}

#[test]
fn keys_that_were_used_are_replaced() {
    let mut lab = Lab::alice_and_bob();
    let prekeys = |lab: &Lab| {
        let bundle = &lab.nodes[&(bob(), ns::OMEMO_2_BUNDLES.to_owned())][0].1;
        wire::read_bundle(OmemoVersion::Omemo2, bundle)
            .unwrap()
            .prekeys
            .into_iter()
            .map(|(id, _)| id)
            .collect::<Vec<_>>()
    };
    let before = prekeys(&lab);
    assert_eq!(before.len(), 100);
    lab.send(ALICE, "bob@b.example", "one");
    assert_eq!(prekeys(&lab), before, "a copy of the key exchange may still come");
    lab.wait(Duration::from_secs(30));
    let after = prekeys(&lab);
    assert_eq!(after.len(), 99);
    assert!(after.iter().all(|id| before.contains(id)));
}

#[test]
fn a_server_that_takes_us_off_our_list_is_not_fought_for_ever() {
    let mut lab = Lab::alice_and_bob();
    let mut published = 0;
    for _ in 0..20 {
        let items = Draft::new("items", ns::PUBSUB_EVENT).attr("node", ns::OMEMO_2_DEVICES);
        let item = Draft::new("item", ns::PUBSUB_EVENT).attr("id", "current");
        let items: Element = items.child(item.child(wire::list(OmemoVersion::Omemo2, &[]))).into();
        let node = (bob(), ns::OMEMO_2_DEVICES.to_owned());
        lab.nodes.remove(&node);
        lab.publish(&bob(), &items);
        lab.wait(Duration::ZERO);
        published += u32::from(lab.nodes.contains_key(&node));
    }
    assert!((1..=5).contains(&published), "{published}");
}

#[test]
fn nodes_that_are_closed_to_others_are_opened() {
    for condition in ["conflict", "bad-request", "not-acceptable"] {
        let mut lab = Lab::new();
        lab.refuses = vec![("bundles", condition)];
        lab.add("alice@a.example/1", &["bob@b.example"]);
        assert_eq!(lab.devices[ALICE].notices.len(), 1, "{condition}: {:?}", lab.devices[ALICE].notices);
        assert!(matches!(lab.devices[ALICE].notices[0], Notice::KeysNotPublished(_)));
    }
}

#[test]
fn where_nodes_are_small_room_is_made_before_another_program_loses_its_keys() {
    let mut lab = Lab::new();
    lab.enlarged = Some(BTreeSet::new());
    let place = |owner: &str| (jid(owner), ns::OMEMO_2_BUNDLES.to_owned());
    let other: Element = "<bundle xmlns='urn:xmpp:omemo:2'/>".parse().unwrap();
    lab.nodes.insert(place("alice@a.example"), vec![("7".to_owned(), other)]);
    lab.add("alice@a.example/1", &[]);
    assert_eq!(lab.nodes[&place("alice@a.example")].len(), 2);
    // Where there is no node yet as well.
    lab.add("bob@b.example/1", &[]);
    lab.add("bob@b.example/2", &[]);
    assert_eq!(lab.nodes[&place("bob@b.example")].len(), 2);
    let is_new = |notice: &Notice| matches!(notice, Notice::NewOwnDevice { .. });
    assert!(lab.devices.iter().all(|device| device.notices.iter().all(is_new)));
}

#[test]
fn a_long_monologue_is_answered_by_the_ratchet() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "hello");
    lab.send(BOB, "alice@a.example", "hello");
    let from_bob = |lab: &Lab| {
        lab.messages.iter().filter(|message| message.attr("from") == Some("bob@b.example/1")).count()
    };
    let before = from_bob(&lab);
    for n in 0..60 {
        lab.send(ALICE, "bob@b.example", &format!("{n}"));
    }
    assert_eq!(from_bob(&lab), before + 1, "one empty message");
    assert_eq!(lab.received(BOB).len(), 61);
    assert_eq!(lab.received(ALICE), ["hello"]);
}
