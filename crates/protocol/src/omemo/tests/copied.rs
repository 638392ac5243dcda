//! Two programs that go on from one state of this device: seen by what the other has sent, and by nothing else.

use std::time::Duration;

use causerie_model::{
    Alarm, Body, Command, DeviceId, Direction, MessageState, Notice, Problem, Trust, Unreadable,
};
use minidom::Element;

use super::hostile::{own_device, replaced};
use super::lab::{Lab, jid, with};
use super::{ALICE, BOB};
use crate::ns;
use crate::xml::Draft;

const ALICES: &str = "alice@a.example";
const BOBS: &str = "bob@b.example";

pub(super) fn archived() -> Lab {
    let mut lab = Lab::new();
    lab.archives = true;
    lab.add("alice@a.example/1", &[BOBS]);
    lab.add("bob@b.example/1", &[ALICES]);
    lab.send(ALICE, BOBS, "first");
    lab.send(BOB, ALICES, "second");
    // Where Alice's program knows that everything is here.
    lab.disconnect(ALICE);
    lab.start(ALICE);
    lab
}

pub(super) fn carbon(stanza: Element) -> Element {
    let forwarded = Draft::new("forwarded", ns::FORWARD).child(stanza);
    let sent = Draft::new("sent", ns::CARBONS).child(forwarded);
    Draft::new("message", ns::CLIENT).attr("from", ALICES).child(sent).into()
}

/// What Alice's ledger has of what was written there, without what is readable.
fn copied(lab: &Lab) -> Vec<Direction> {
    let rows = lab.devices[ALICE].rows.iter();
    let copied = rows.filter(|row| row.body == Body::Unreadable(Unreadable::Copied));
    copied.map(|row| row.direction).collect()
}

/// A snapshot of the whole machine: keys, sessions, keyring and history. What the other copy has sent since is here in no way.
pub(super) fn snapshot(lab: &mut Lab, to: &str) -> Element {
    let (ledger, rows) = (lab.devices[ALICE].ledger.clone(), lab.devices[ALICE].rows.clone());
    lab.send(ALICE, to, "by the other");
    let stanza = lab.messages.last().unwrap().clone();
    lab.disconnect(ALICE);
    lab.devices[ALICE].notices.clear();
    (lab.devices[ALICE].ledger, lab.devices[ALICE].rows) = (ledger, rows);
    stanza
}

/// There is a row, another identity, and everybody goes on with that.
pub(super) fn is_healed(lab: &mut Lab, old: DeviceId) {
    assert_eq!(copied(lab), [Direction::Outgoing]);
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed]);
    let new = own_device(lab, ALICE);
    assert_ne!(new, old);
    let is_listed = |lab: &Lab, id: DeviceId| {
        let lists = lab.nodes.iter().filter(|((owner, node), _)| {
            *owner == jid(ALICES) && [ns::OMEMO_2_DEVICES, ns::OMEMO_LEGACY_DEVICES].contains(&node.as_str())
        });
        let id = format!("id=\"{id}\"").replace('"', "'");
        let listed = lists.map(|(_, items)| String::from(&items.last().unwrap().1).replace('"', "'"));
        listed.filter(|list| list.contains(&id)).count()
    };
    assert_eq!((is_listed(lab, new), is_listed(lab, old)), (2, 0));
    let key =
        lab.devices[ALICE].ledger.encryption.keys.iter().find(|key| key.1 == old && key.0 == jid(ALICES));
    assert_eq!(key.unwrap().3, Trust::Distrusted);
    lab.send(ALICE, BOBS, "there");
    lab.send(BOB, ALICES, "and back");
    assert_eq!(lab.received(BOB).last(), Some(&"there"));
    assert_eq!(lab.received(ALICE).last(), Some(&"and back"));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed]);
}

#[test]
fn what_another_copy_sends_while_we_are_there_has_a_row_and_leads_to_new_keys() {
    for to in [BOBS, ALICES] {
        let mut lab = Lab::alice_and_bob();
        lab.send(ALICE, BOBS, "first");
        let old = own_device(&lab, ALICE);
        let stanza = snapshot(&mut lab, to);
        lab.start(ALICE);
        // A note to ourselves comes as it is.
        let comes = if to == ALICES { with(stanza, "from", "alice@a.example/2") } else { carbon(stanza) };
        lab.deliver(ALICE, comes.clone());
        is_healed(&mut lab, old);
        lab.deliver(ALICE, comes);
        assert_eq!(copied(&lab).len(), 1, "{to}");
    }
}

#[test]
fn what_another_copy_has_sent_before_is_seen_in_the_archive() {
    for to in [BOBS, ALICES] {
        let mut lab = archived();
        let old = own_device(&lab, ALICE);
        snapshot(&mut lab, to);
        lab.start(ALICE);
        is_healed(&mut lab, old);
        // In the next run it is what it was.
        let new = own_device(&lab, ALICE);
        lab.start(ALICE);
        assert_eq!((own_device(&lab, ALICE), copied(&lab).len()), (new, 1), "{to}");
    }
}

#[test]
fn a_copy_that_was_seen_right_before_the_program_ended_leads_to_new_keys_in_the_next_run() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    let old = own_device(&lab, ALICE);
    lab.disconnect(ALICE);
    lab.devices[ALICE].ledger.encryption.copied = Some(old);
    lab.start(ALICE);
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed]);
    assert_ne!(own_device(&lab, ALICE), old);
    lab.send(BOB, ALICES, "there");
    assert_eq!(lab.received(ALICE), ["there"]);
}

#[test]
fn what_we_have_sent_ourselves_is_no_sign_of_a_copy_however_the_program_ended() {
    let mut lab = archived();
    let old = own_device(&lab, ALICE);
    lab.send(ALICE, BOBS, "third");
    lab.send(ALICE, ALICES, "a note");
    // The program is killed before it knows that these have arrived, and has forgotten where it was in the archive.
    for forgets in [false, true] {
        if forgets {
            lab.devices[ALICE].ledger.archive = None;
        }
        lab.start(ALICE);
    }
    // A device that is new here finds all of it in the archive: it has another number.
    let second = lab.add("alice@a.example/2", &[BOBS]);
    assert!(lab.devices[second].rows.iter().all(|row| row.body != Body::Unreadable(Unreadable::Copied)));
    assert_eq!(copied(&lab), []);
    assert_eq!(own_device(&lab, ALICE), old);
    for device in [ALICE, second] {
        assert!(!lab.devices[device].notices.contains(&Notice::KeysRenewed));
    }
}

/// What the copy has sent lies in the archive before what others have sent with our old keys.
#[test]
fn what_comes_behind_a_copys_message_in_the_archive_is_read_before_there_are_new_keys() {
    let mut lab = archived();
    let old = own_device(&lab, ALICE);
    snapshot(&mut lab, ALICES);
    for n in 0..5 {
        lab.send(BOB, ALICES, &format!("late {n}"));
    }
    lab.offline.clear();
    lab.start(ALICE);
    let received = lab.received(ALICE);
    assert_eq!(received, ["second", "late 0", "late 1", "late 2", "late 3", "late 4"]);
    is_healed(&mut lab, old);
}

/// Bob takes it for a copy of what the other has sent: whoever has written it hears that it may not have arrived.
#[test]
fn what_left_before_the_copy_was_seen_is_not_shown_as_sent() {
    let mut lab = Lab::alice_and_bob();
    let before = lab.send(ALICE, BOBS, "first");
    let stanza = snapshot(&mut lab, BOBS);
    lab.start(ALICE);
    let lost = lab.send(ALICE, BOBS, "lost");
    assert_eq!(*lab.state(ALICE, &lost), MessageState::Sent);
    lab.deliver(ALICE, carbon(stanza));
    assert_eq!(*lab.state(ALICE, &lost), MessageState::Failed(Problem::PerhapsSent));
    assert_eq!(*lab.state(ALICE, &before), MessageState::Sent);
    assert!(!lab.received(BOB).contains(&"lost"));
    // Sent again, it arrives.
    lab.ask(
        ALICE,
        Command::RetryMessage { id: lost.clone(), peer: jid(BOBS), body: "lost".into(), reply: None },
    );
    assert_eq!(*lab.state(ALICE, &lost), MessageState::Sent);
    assert_eq!(lab.received(BOB).last(), Some(&"lost"));
}

/// A server can say that something was sent under our number: it makes us renew our keys once a day, however often the program begins.
#[test]
fn who_forges_copies_makes_us_renew_our_keys_once_a_day_and_no_more() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    let stanza = lab.messages[0].clone();
    let first = own_device(&lab, ALICE);
    let mut forged = 0;
    let mut forge = |lab: &mut Lab| {
        forged += 1;
        let ours = own_device(lab, ALICE).to_string();
        let copy = with(replaced(&stanza, &first.to_string(), &ours), "id", &format!("forged{forged}"));
        let mut copy = copy;
        while copy.remove_child("origin-id", ns::STANZA_ID).is_some() {}
        lab.deliver(ALICE, carbon(copy));
        own_device(lab, ALICE)
    };
    let second = forge(&mut lab);
    assert_ne!(first, second);
    // Until it was seen, it is told in each run.
    lab.ask(ALICE, Command::AlarmSeen(Alarm::KeysRenewed));
    for _ in 0..5 {
        assert_eq!(forge(&mut lab), second);
        lab.start(ALICE);
        assert_eq!(own_device(&lab, ALICE), second);
    }
    let notices = std::mem::take(&mut lab.devices[ALICE].notices);
    assert_eq!(notices.iter().filter(|notice| **notice == Notice::KeysRenewed).count(), 1);
    assert!(notices.contains(&Notice::KeysUsedElsewhere), "{notices:?}");
    lab.send(BOB, ALICES, "there");
    assert_eq!(lab.received(ALICE), ["there"]);
    lab.wait(Duration::from_secs(24 * 60 * 60));
    assert_ne!(forge(&mut lab), second);
    assert_eq!(copied(&lab).len(), 7, "each has its row");
}
