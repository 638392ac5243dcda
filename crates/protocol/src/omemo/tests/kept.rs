//! What is kept of messages that wait, for how long, and what they say in the end.

use std::time::Duration;

use causerie_model::{Body, Command, Confirming, Direction, OmemoVersion, Trust, Unreadable, Vault};
use causerie_omemo::{OwnKeys, ROTATION_PERIOD};
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::super::own;
use super::annotations::with_older;
use super::held::{decide, under_another_key};
use super::hostile::{own_device, replaced};
use super::lab::{Lab, jid, with};
use super::{ALICE, BOB, bob};
use crate::xml::Draft;
use crate::{b64, ns};

const ALICES: &str = "alice@a.example";
const MALLORYS: &str = "mallory@evil.example";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A message that waits for Alice to decide about the key that Bob's device has now.
fn waiting() -> (Lab, Element) {
    let mut lab = Lab::alice_and_bob();
    let stanza = under_another_key(&mut lab, |lab, evil| drop(lab.send(evil, ALICES, "four")));
    (lab, stanza)
}

/// All pre-keys that Alice has are gone, as they are after some weeks of being written to.
fn lose_prekeys(lab: &mut Lab) {
    let Vault::Open(key) = lab.devices[ALICE].vault.clone() else { panic!("closed") };
    let vault = causerie_omemo::Vault::from_key(&key.0);
    let (device, sealed) = lab.devices[ALICE].ledger.encryption.own.clone().unwrap();
    let name = own::seal_name(&jid(ALICES));
    let mut keys = OwnKeys::decode(&vault.open(&name, &sealed).unwrap()).unwrap();
    let mut rng = StdRng::seed_from_u64(1);
    for version in OmemoVersion::ALL {
        for id in 1..=100 {
            keys.consume(version, id);
        }
    }
    for period in 1..=3 {
        assert!(keys.rotate(&mut rng, 1_795_000_000 + period * ROTATION_PERIOD));
    }
    lab.devices[ALICE].ledger.encryption.own = Some((device, vault.seal(&name, &keys.encode(), &mut rng)));
}

#[test]
fn what_waits_is_read_though_its_prekeys_are_gone() {
    let (mut lab, stanza) = waiting();
    lab.deliver(ALICE, stanza.clone());
    lose_prekeys(&mut lab);
    lab.start(ALICE);
    assert_eq!(lab.received(ALICE), ["<key replaced>"]);
    decide(&mut lab, Trust::Blind);
    assert_eq!(lab.received(ALICE), ["four"]);
    // They were kept for it alone, and once.
    assert_eq!(lab.devices[ALICE].ledger.encryption.held, []);
    lab.deliver(ALICE, with(stanza, "id", "again"));
    assert_eq!(lab.received(ALICE), ["four"]);
}

#[test]
fn what_can_not_be_read_after_all_stays_and_says_why() {
    let (mut lab, stanza) = waiting();
    lab.deliver(ALICE, stanza);
    lose_prekeys(&mut lab);
    let ledger = &mut lab.devices[ALICE].ledger;
    ledger.encryption.held[0].keys = None;
    // Nobody knows them any more.
    ledger.roster.clear();
    ledger.encryption.partners.clear();
    lab.start(ALICE);
    decide(&mut lab, Trust::Blind);
    assert_eq!(lab.received(ALICE), ["<keys lost>"]);
    assert_eq!(lab.devices[ALICE].ledger.encryption.held, []);
}

#[test]
fn nothing_is_kept_that_is_not_needed_to_read_it() {
    let (mut lab, mut stanza) = waiting();
    stanza.append_child(Draft::new("body", ns::CLIENT).text("plain words").into());
    stanza.append_child(Draft::new("subject", ns::CLIENT).text("plain words").into());
    lab.deliver(ALICE, stanza);
    let held = &lab.devices[ALICE].ledger.encryption.held[0];
    assert!(!held.stanza.contains("plain words"), "{}", held.stanza);
    assert_eq!(held.stanza.matches("<key ").count(), 1, "{}", held.stanza);
    assert!(held.keys.is_some());
    decide(&mut lab, Trust::Blind);
    assert_eq!(lab.received(ALICE), ["four"]);
}

#[test]
fn what_waits_for_sixty_days_says_that_it_does_no_longer() {
    let (mut lab, stanza) = waiting();
    lab.deliver(ALICE, stanza);
    lab.wait(59 * DAY);
    assert_eq!(lab.received(ALICE), ["<key replaced>"]);
    lab.archive_says(ALICE);
    lab.start(ALICE);
    lab.wait(2 * DAY);
    assert_eq!(lab.received(ALICE), ["<not kept>"]);
    assert_eq!(lab.devices[ALICE].ledger.encryption.held, []);
}

#[test]
fn what_waits_is_not_let_go_by_a_clock_that_jumps() {
    for has_archive in [true, false] {
        let (mut lab, stanza) = waiting();
        lab.deliver(ALICE, stanza);
        // It is ahead in this run, and in two others, then right, then behind.
        lab.set_forward(365 * DAY);
        lab.wait(DAY);
        for _ in 0..2 {
            if has_archive {
                lab.set_back(365 * DAY);
                lab.archive_says(ALICE);
                lab.set_forward(365 * DAY);
            }
            lab.start(ALICE);
            lab.wait(DAY);
        }
        for _ in 0..2 {
            lab.set_back(365 * DAY);
            lab.start(ALICE);
            lab.wait(DAY);
        }
        lab.set_forward(365 * DAY);
        lab.start(ALICE);
        assert_eq!(lab.received(ALICE), ["<key replaced>"], "{has_archive}");
        decide(&mut lab, Trust::Blind);
        assert_eq!(lab.received(ALICE), ["four"], "{has_archive}");
    }
}

#[test]
fn what_came_while_the_clock_was_behind_is_not_let_go_when_it_is_right() {
    let (mut lab, stanza) = waiting();
    lab.archive_says(ALICE);
    lab.start(ALICE);
    lab.set_back(365 * DAY);
    lab.deliver(ALICE, stanza);
    lab.set_forward(365 * DAY);
    lab.wait(DAY);
    lab.archive_says(ALICE);
    lab.start(ALICE);
    lab.wait(DAY);
    decide(&mut lab, Trust::Blind);
    assert_eq!(lab.received(ALICE), ["four"]);
}

#[test]
fn after_a_year_in_a_drawer_a_person_can_still_decide() {
    let (mut lab, stanza) = waiting();
    lab.deliver(ALICE, stanza);
    lab.archive_says(ALICE);
    lab.set_forward(365 * DAY);
    lab.start(ALICE);
    assert_eq!(lab.received(ALICE), ["<key replaced>"]);
    // The next time it is too late.
    lab.archive_says(ALICE);
    lab.start(ALICE);
    assert_eq!(lab.received(ALICE), ["<not kept>"]);
}

#[test]
fn what_can_not_be_kept_does_not_say_that_it_will_be_read() {
    let (mut lab, stanza) = waiting();
    // Its row could not be found again.
    let mut nameless = with(stanza.clone(), "id", "");
    while nameless.remove_child("origin-id", ns::STANZA_ID).is_some() {}
    lab.deliver(ALICE, nameless);
    assert_eq!(lab.received(ALICE), ["<not kept>"]);
    let mut large = with(stanza, "id", "large");
    let encrypted = large.get_child_mut("encrypted", ns::OMEMO_2).unwrap();
    encrypted.remove_child("payload", ns::OMEMO_2);
    encrypted.append_child(Draft::new("payload", ns::OMEMO_2).text(&b64::encode(&[7; 120_000])).into());
    lab.deliver(ALICE, large);
    assert_eq!(lab.received(ALICE), ["<not kept>", "<not kept>"]);
    assert_eq!(lab.devices[ALICE].ledger.encryption.held, []);
}

#[test]
fn many_large_ones_make_room_for_each_other_alone() {
    let (mut lab, stanza) = waiting();
    let mut large = stanza.clone();
    let encrypted = large.get_child_mut("encrypted", ns::OMEMO_2).unwrap();
    encrypted.remove_child("payload", ns::OMEMO_2);
    encrypted.append_child(Draft::new("payload", ns::OMEMO_2).text(&b64::encode(&[7; 90_000])).into());
    for n in 0..20 {
        lab.deliver(ALICE, with(large.clone(), "id", &format!("large{n}")));
    }
    let held = &lab.devices[ALICE].ledger.encryption.held;
    assert!(held.iter().map(|held| held.stanza.len()).sum::<usize>() <= 1 << 20);
    assert!(held.len() >= 8, "{}", held.len());
    let count = |text: &str| lab.received(ALICE).iter().filter(|other| **other == text).count();
    assert_eq!((count("<key replaced>"), count("<not kept>")), (held.len(), 20 - held.len()));
}

/// A note to ourselves from a device of ours whose key has changed.
#[test]
fn a_note_to_ourselves_is_kept_like_any_other_message() {
    let mut lab = Lab::new();
    for device in 1..=2 {
        lab.add(&format!("alice@a.example/{device}"), &["bob@b.example"]);
    }
    lab.send(1, ALICES, "one");
    let (second, evil) = (own_device(&lab, 1), lab.add("alice@a.example/3", &[]));
    let other = own_device(&lab, evil);
    lab.disconnect(1);
    lab.disconnect(ALICE);
    lab.send(evil, ALICES, "two");
    let stanza = lab.messages.last().unwrap().clone();
    lab.offline.clear();
    lab.start(ALICE);
    lab.devices[ALICE].rows.clear();
    lab.deliver(ALICE, with(replaced(&stanza, &other.to_string(), &second.to_string()), "id", "renamed"));
    let row = &lab.devices[ALICE].rows[0];
    assert_eq!((row.direction, &row.body), (Direction::Outgoing, &Body::Unreadable(Unreadable::KeyReplaced)));
    assert_eq!(lab.devices[ALICE].ledger.encryption.held.len(), 1);
    let is_its = |key: &&(_, _, _, Trust, _)| key.3 == Trust::Undecided;
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.iter().find(is_its).map(|key| key.2);
    let fingerprint =
        fingerprint.unwrap_or_else(|| lab.devices[ALICE].ledger.encryption.keys.last().unwrap().2);
    lab.ask(ALICE, Command::DecideTrust { jid: jid(ALICES), fingerprint, trust: Trust::Verified });
    assert_eq!(lab.devices[ALICE].rows[0].body, Body::Text("two".to_owned()));
}

/// That a message has arrived is told when it was read, if it came to us alone; what an archive kept is no news.
#[test]
fn the_receipt_that_is_due_goes_when_it_is_read() {
    for confirming in [Confirming::Nothing, Confirming::Arrival] {
        let (mut lab, mut stanza) = waiting();
        lab.devices[ALICE].ledger.account.confirming = confirming;
        lab.start(ALICE);
        if !stanza.has_child("request", ns::RECEIPTS) {
            stanza.append_child(Draft::new("request", ns::RECEIPTS).into());
        }
        lab.deliver(ALICE, stanza);
        assert!(!lab.was_seen("<received"));
        decide(&mut lab, Trust::Blind);
        assert_eq!(lab.received(ALICE), ["four"]);
        assert_eq!(lab.was_seen("<received"), confirming == Confirming::Arrival);
    }
}

/// In the older version nothing that is encrypted says who wrote to whom. What Mallory has written first comes in Alice's name.
#[test]
fn the_key_of_one_address_is_not_taken_silently_from_another() {
    for genuine in [false, true] {
        let mut lab = with_older();
        lab.send(ALICE, "bob@b.example", "from Alice");
        let mallory = lab.add("mallory@evil.example/1", &["bob@b.example"]);
        lab.befriend(BOB, MALLORYS);
        // Bob has their key, as he has written to them, which has not come.
        lab.disconnect(mallory);
        lab.send(BOB, MALLORYS, "to Mallory");
        lab.offline.clear();
        lab.connect(mallory);
        lab.disconnect(BOB);
        lab.send(mallory, "bob@b.example", "hello");
        let stanza = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        assert!(
            stanza.has_child("encrypted", ns::OMEMO_LEGACY) && !stanza.has_child("encrypted", ns::OMEMO_2)
        );
        lab.connect(BOB);
        lab.devices[BOB].rows.clear();
        let claimed = with(with(stanza.clone(), "from", "alice@a.example/1"), "id", "forged");
        lab.deliver(BOB, claimed);
        assert_eq!(lab.received(BOB), ["<key of another>"]);
        if genuine {
            // It is read for whoever owns it, and what was claimed is a copy of that for nobody.
            lab.deliver(BOB, stanza);
            assert_eq!(lab.received(BOB), ["<key of another>", "hello"]);
            assert_eq!(lab.devices[BOB].rows[1].peer, jid(MALLORYS));
        } else {
            let fingerprint = lab.devices[BOB].ledger.encryption.keys.last().unwrap().2;
            lab.ask(BOB, Command::DecideTrust { jid: jid(ALICES), fingerprint, trust: Trust::Distrusted });
            assert_eq!(lab.received(BOB), ["<key of another>"]);
            // One person may write from two addresses: whoever knows that says so.
            lab.ask(BOB, Command::DecideTrust { jid: jid(ALICES), fingerprint, trust: Trust::Verified });
            assert_eq!(lab.received(BOB), ["hello"]);
        }
    }
}

/// Of a contact who does not see us, too, there is a choice; of a stranger there is none, and the row does not say so.
#[test]
fn the_key_of_another_is_one_to_decide_about_where_there_is_a_choice() {
    for is_contact in [true, false] {
        let mut lab = with_older();
        let mallory = lab.add("mallory@evil.example/1", &["bob@b.example"]);
        lab.befriend(BOB, MALLORYS);
        lab.disconnect(mallory);
        lab.send(BOB, MALLORYS, "to Mallory");
        lab.offline.clear();
        lab.connect(mallory);
        lab.disconnect(BOB);
        lab.send(mallory, "bob@b.example", "hello");
        let stanza = lab.offline.remove(&bob()).unwrap().pop().unwrap();
        let encryption = &mut lab.devices[BOB].ledger.encryption;
        encryption.partners.retain(|partner| *partner != jid(ALICES));
        encryption.sessions.retain(|(name, _)| name.jid != jid(ALICES));
        let roster = &mut lab.devices[BOB].ledger.roster;
        roster.iter_mut().for_each(|item| item.subscription = causerie_model::Subscription::None);
        if !is_contact {
            roster.retain(|item| item.jid != jid(ALICES));
        }
        lab.devices[BOB].ledger.conversations = vec![jid(ALICES)];
        lab.start(BOB);
        lab.devices[BOB].rows.clear();
        let before = lab.devices[BOB].ledger.encryption.keys.len();
        lab.deliver(BOB, with(with(stanza, "from", "alice@a.example/1"), "id", "forged"));
        let keys = &lab.devices[BOB].ledger.encryption.keys;
        let said = if is_contact { "<key of another>" } else { "<key of another, of a stranger>" };
        assert_eq!((lab.received(BOB), keys.len() - before), (vec![said], usize::from(is_contact)));
        if is_contact {
            let fingerprint = keys.last().unwrap().2;
            lab.ask(BOB, Command::DecideTrust { jid: jid(ALICES), fingerprint, trust: Trust::Verified });
            assert_eq!(lab.received(BOB), ["hello"]);
        }
    }
}
