//! Conversations that are looked at, of whose devices nobody tells us.

use causerie_model::{Command, Readiness, Subscription};

use super::super::wire;
use super::hostile::own_device;
use super::lab::{Lab, jid};
use super::{ALICE, BOB, bob};

#[test]
fn whose_presence_we_do_not_see_is_asked_for_their_devices_when_looked_at() {
    for (subscription, asks) in [
        (Subscription::None, true),
        (Subscription::From, true),
        (Subscription::To, false),
        (Subscription::Both, false),
    ] {
        let mut lab = Lab::alice_and_bob();
        lab.devices[ALICE].ledger.roster[0].subscription = subscription;
        lab.start(ALICE);
        lab.send(ALICE, "bob@b.example", "one");
        lab.asked.clear();
        lab.ask(ALICE, Command::LookUpKeys(bob()));
        let asked = lab.asked.iter().filter(|to| *to == "bob@b.example").count();
        assert_eq!(asked, if asks { causerie_model::OmemoVersion::ALL.len() } else { 0 }, "{subscription:?}");
    }
}

#[test]
fn a_device_that_nobody_told_us_of_gets_what_is_written_after_looking_there() {
    let mut lab = Lab::alice_and_bob();
    lab.devices[ALICE].ledger.roster.clear();
    lab.start(ALICE);
    lab.send(ALICE, "bob@b.example", "one");
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    assert_eq!(lab.devices[ALICE].ledger.encryption.lists.iter().filter(|list| list.0 == bob()).count(), 2);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    lab.send(ALICE, "bob@b.example", "two");
    assert_eq!((lab.received(BOB), lab.received(second)), (vec!["one", "two"], vec!["two"]));
    assert!(
        lab.nodes.contains_key(&(bob(), wire::list_node(causerie_model::OmemoVersion::Omemo2).to_owned()))
    );
}

/// Of somebody who shows no presence nothing may be told after a new connection: what is known from before is not taken for what is.
#[test]
fn lists_are_asked_for_on_each_connection_before_looking_there_and_before_writing() {
    for looks in [true, false] {
        let mut lab = Lab::alice_and_bob();
        lab.send(ALICE, "bob@b.example", "one");
        lab.disconnect(ALICE);
        let second = lab.add("bob@b.example/2", &["alice@a.example"]);
        lab.connect(ALICE);
        lab.asked.clear();
        if looks {
            lab.ask(ALICE, Command::LookUpKeys(bob()));
            assert_eq!(lab.asked.iter().filter(|to| *to == "bob@b.example").count(), 2);
        }
        lab.send(ALICE, "bob@b.example", "two");
        assert_eq!((lab.received(BOB), lab.received(second)), (vec!["one", "two"], vec!["two"]));
        // Once is enough for a connection.
        lab.asked.clear();
        lab.ask(ALICE, Command::LookUpKeys(bob()));
        lab.send(ALICE, "bob@b.example", "three");
        assert!(!lab.asked.iter().any(|to| to == "bob@b.example"));
    }
}

/// A person may want to compare their devices before anything is written.
#[test]
fn our_own_devices_are_asked_for_their_keys_when_looked_at() {
    let mut lab = Lab::new();
    for device in 1..=9 {
        lab.add(&format!("alice@a.example/{device}"), &[]);
    }
    let alices = jid("alice@a.example");
    let keys = |lab: &Lab| {
        let keys = lab.devices[ALICE].ledger.encryption.keys.iter();
        keys.filter(|key| key.0 == alices && key.1 != own_device(lab, ALICE)).count()
    };
    assert_eq!(keys(&lab), 0);
    let last = own_device(&lab, 8).to_string();
    let place = |version| wire::bundle_place(version, own_device(&lab, 8));
    let places = causerie_model::OmemoVersion::ALL.map(place);
    let mut kept = Vec::new();
    for (node, item) in &places {
        let items = lab.nodes.get_mut(&(alices.clone(), node.clone())).unwrap();
        kept.extend(items.extract_if(.., |(id, _)| *id == *item).map(|found| (node.clone(), found)));
    }
    assert_eq!(kept.len(), 2, "{last}");
    lab.ask(ALICE, Command::LookUpKeys(alices.clone()));
    assert_eq!(keys(&lab), 7);
    // What is not there is not asked for again and again; later it is.
    for (node, found) in kept {
        lab.nodes.get_mut(&(alices.clone(), node)).unwrap().push(found);
    }
    lab.asked.clear();
    (0..5).for_each(|_| lab.ask(ALICE, Command::LookUpKeys(alices.clone())));
    assert_eq!((lab.asked.len(), keys(&lab)), (0, 7));
    lab.wait(std::time::Duration::from_secs(61));
    lab.ask(ALICE, Command::LookUpKeys(alices.clone()));
    assert_eq!(keys(&lab), 8);
    assert!(lab.messages.is_empty(), "nothing is sent for it");
}

/// Whoever is at the beginning of the alphabet is looked at as well as others.
#[test]
fn the_conversation_that_was_looked_at_longest_ago_is_told_of_no_more() {
    let mut lab = Lab::alice_and_bob();
    let address = |letter: u8| format!("{}@c.example", char::from(letter));
    let look = |lab: &mut Lab, letter| lab.ask(ALICE, Command::LookUpKeys(jid(&address(letter))));
    (b'a'..=b'q').for_each(|letter| lab.befriend(ALICE, &address(letter)));
    // Sixteen, of whom the second is looked at again, and then another one.
    (b'a'..=b'p').rev().for_each(|letter| look(&mut lab, letter));
    look(&mut lab, b'o');
    look(&mut lab, b'q');
    for letter in [b'a', b'o', b'p', b'q'] {
        lab.add(&format!("{}/1", address(letter)), &["alice@a.example"]);
    }
    let is_told = |letter| lab.devices[ALICE].readiness[&jid(&address(letter))] == Readiness::Ready;
    assert_eq!([b'a', b'o', b'p', b'q'].map(is_told), [true, true, false, true]);
}
