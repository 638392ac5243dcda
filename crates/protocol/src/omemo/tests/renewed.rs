//! New keys because of a copy: when they are made, and what becomes of what was begun with the old ones.

use std::time::Duration;

use causerie_model::{
    Alarm, Command, DeviceId, MessageState, Notice, OmemoVersion, Privacy, Problem, Readiness, Repair,
    Timestamp, Vault, VaultKey,
};
use minidom::Element;

use super::copied::{archived, carbon, is_healed, snapshot};
use super::held::{under_another_key, with_counter};
use super::hostile::own_device;
use super::lab::{Lab, jid, with};
use super::patience::{has_bundle, listed};
use super::{ALICE, BOB, bob};
use crate::ns;
use crate::xml::Draft;

const ALICES: &str = "alice@a.example";
const BOBS: &str = "bob@b.example";

/// Alice's ledger knows of a copy of her device, and her program has ended.
fn known_of(lab: &mut Lab) -> DeviceId {
    let old = own_device(lab, ALICE);
    lab.disconnect(ALICE);
    lab.devices[ALICE].ledger.encryption.copied = Some(old);
    old
}

/// Alice's device hears that there is a copy of it, and of nothing else.
fn hears_of_a_copy(lab: &mut Lab, device: usize) -> DeviceId {
    let old = own_device(lab, device);
    lab.step(device, |own, step| own.copy_seen(old, step));
    old
}

#[test]
fn a_renewal_is_whole_or_has_not_begun_wherever_a_program_ends() {
    // Without a network, and before and after each of the answers to its first questions.
    for heard in std::iter::once(None).chain((0..12).map(Some)) {
        let mut lab = Lab::alice_and_bob();
        lab.send(ALICE, BOBS, "first");
        let old = known_of(&mut lab);
        lab.start_offline(ALICE);
        if let Some(stanzas) = heard {
            lab.connect_briefly(ALICE, stanzas);
        }
        let kept = &lab.devices[ALICE].ledger.encryption;
        let is_new = own_device(&lab, ALICE) != old;
        let has_begun = [
            kept.renewed.is_some(),
            kept.unwanted.contains(&old),
            kept.sessions.is_empty(),
            lab.devices[ALICE].notices == [Notice::KeysRenewed],
        ];
        assert_eq!(has_begun, [is_new; 4], "{heard:?}");
        // Within the day.
        lab.start(ALICE);
        assert_ne!(own_device(&lab, ALICE), old, "{heard:?}");
        // In each run, as it was not seen.
        assert_eq!(
            lab.devices[ALICE].notices,
            vec![Notice::KeysRenewed; 1 + usize::from(is_new)],
            "{heard:?}"
        );
        lab.send(BOB, ALICES, "there");
        lab.send(ALICE, BOBS, "and back");
        assert_eq!((lab.received(ALICE), lab.received(BOB).last()), (vec!["there"], Some(&"and back")));
    }
}

#[test]
fn a_device_that_is_to_leave_our_lists_is_never_ours_again() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    let old = known_of(&mut lab);
    let now = lab.devices[ALICE].ledger.archive.as_ref().map_or(1_795_000_000_000, |it| it.at.as_millis());
    let kept = &mut lab.devices[ALICE].ledger.encryption;
    // What an older version has left that ended halfway.
    kept.unwanted.push(old);
    kept.renewed = Some(Timestamp::from_millis(now));
    kept.sessions.clear();
    // Not even where nothing is known of our lists, or our lists do not have it any more.
    lab.refuses = vec![("device", "internal-server-error")];
    for _ in 0..2 {
        lab.start(ALICE);
    }
    lab.refuses.clear();
    lab.start(ALICE);
    let new = own_device(&lab, ALICE);
    assert_ne!(new, old);
    for version in OmemoVersion::ALL {
        assert_eq!(listed(&lab, ALICES, version), [new.get()]);
        assert!(!has_bundle(&lab, ALICES, version, old));
    }
    lab.send(BOB, ALICES, "there");
    assert_eq!(lab.received(ALICE), ["there"]);
}

#[test]
fn what_was_missed_is_read_with_the_old_keys_after_a_restart_too() {
    let mut lab = archived();
    let old = own_device(&lab, ALICE);
    snapshot(&mut lab, ALICES);
    for n in 0..600 {
        lab.send(BOB, ALICES, &format!("late {n}"));
    }
    lab.offline.clear();
    // The person quits when a little of it has come, or before.
    for stanzas in [0, 40] {
        lab.start_offline(ALICE);
        lab.connect_briefly(ALICE, stanzas);
        // The ledger says so in the next step: this one was killed before.
        lab.devices[ALICE].ledger.encryption.copied.get_or_insert(old);
        assert_eq!(own_device(&lab, ALICE), old);
    }
    lab.start(ALICE);
    let received = lab.received(ALICE);
    assert_eq!(received.iter().filter(|text| text.starts_with("late")).count(), 600, "{received:?}");
    is_healed(&mut lab, old);
}

/// So much is lost that what comes next costs more than may be spent at once.
fn delayed() -> (Lab, Element) {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    lab.send(BOB, ALICES, "second");
    lab.disconnect(BOB);
    for n in 0..1_100 {
        lab.send(ALICE, BOBS, &format!("{n}"));
    }
    let far = lab.offline.remove(&bob()).unwrap().pop().unwrap();
    lab.connect(BOB);
    for n in 50..54_u32 {
        lab.deliver(BOB, with(with_counter(&far, 24_850 + n), "id", &format!("forged{n}")));
    }
    (lab, far)
}

#[test]
fn what_is_read_soon_is_read_before_there_are_new_keys() {
    let (mut lab, far) = delayed();
    lab.deliver(BOB, far);
    assert_eq!(lab.received(BOB).last(), Some(&"<delayed>"));
    let old = hears_of_a_copy(&mut lab, BOB);
    assert_eq!(own_device(&lab, BOB), old);
    // Nothing leaves with the old keys meanwhile, and nothing is begun.
    let waits = lab.send(BOB, ALICES, "not yet");
    assert_eq!(*lab.state(BOB, &waits), MessageState::Pending);
    lab.ask(BOB, Command::RepairSessions(jid(ALICES)));
    assert_eq!(lab.devices[BOB].repairs, [Repair::Waiting]);
    assert!(lab.wakes_within(BOB, Duration::from_secs(120)));
    (0..3).for_each(|_| lab.wait(Duration::from_secs(60)));
    assert_eq!(lab.received(BOB).last(), Some(&"1099"));
    assert_ne!(own_device(&lab, BOB), old);
    assert_eq!(*lab.state(BOB, &waits), MessageState::Sent);
    assert_eq!(lab.received(ALICE).last(), Some(&"not yet"));
    assert_eq!(lab.devices[BOB].repairs, [Repair::Waiting, Repair::Begun, Repair::Done]);
}

/// Bob's device has missed much, its server gives it the last of that by itself, and its archive never lists it.
fn early() -> (Lab, DeviceId) {
    let mut lab = archived();
    lab.most_turns = 1_000_000;
    lab.disconnect(BOB);
    lab.start(BOB);
    lab.wait(Duration::from_secs(60));
    lab.disconnect(BOB);
    (0..2_100).for_each(|n| drop(lab.send(ALICE, BOBS, &format!("missed {n}"))));
    lab.offline.clear();
    let mut last = with(lab.messages.pop().unwrap(), "id", "never-listed");
    let name = Draft::new("stanza-id", ns::STANZA_ID).attr("by", BOBS).attr("id", "never");
    last.append_child(name.into());
    lab.offline.insert(bob(), vec![last]);
    let old = own_device(&lab, BOB);
    lab.devices[BOB].ledger.encryption.copied = Some(old);
    lab.start_offline(BOB);
    (lab, old)
}

#[test]
fn what_came_before_its_turn_is_read_at_last_where_the_archive_never_answers() {
    let (mut lab, old) = early();
    lab.hides_archives = true;
    lab.connect(BOB);
    assert_eq!(lab.received(BOB).last(), Some(&"<early>"));
    (0..10).for_each(|_| lab.wait(Duration::from_secs(30)));
    assert_ne!(own_device(&lab, BOB), old);
    assert_eq!(lab.received(BOB).last(), Some(&"missed 2099"));
    assert_eq!(lab.devices[BOB].ledger.encryption.held, []);
}

/// It is held until the archive, which never lists it, is asked for it no more.
#[test]
fn what_came_before_its_turn_is_read_before_there_are_new_keys() {
    for restarts in [false, true] {
        let (mut lab, old) = early();
        if restarts {
            lab.connect_briefly_with_offline(BOB);
            assert_eq!(lab.devices[BOB].ledger.encryption.held.len(), 1);
            lab.start(BOB);
        } else {
            lab.connect(BOB);
            assert!(lab.received(BOB).contains(&"<early>"));
            assert_eq!(own_device(&lab, BOB), old);
        }
        (0..30).for_each(|_| lab.wait(Duration::from_secs(5)));
        let odd: Vec<_> = lab.received(BOB).into_iter().filter(|text| text.starts_with('<')).collect();
        assert_eq!(lab.received(BOB).iter().filter(|text| text.starts_with("missed")).count(), 2_100);
        assert_eq!(odd, Vec::<&str>::new(), "{restarts}");
        assert_ne!(own_device(&lab, BOB), old, "{restarts}");
    }
}

/// Whoever forges messages that cost much does not keep us from having new keys.
#[test]
fn what_can_not_be_read_soon_says_that_its_keys_are_gone() {
    let (mut lab, far) = delayed();
    for n in 60..80_u32 {
        lab.deliver(BOB, with(with_counter(&far, 24_850 + n), "id", &format!("forged{n}")));
    }
    let count = |lab: &Lab, what: &str| lab.received(BOB).iter().filter(|text| **text == what).count();
    assert_eq!(count(&lab, "<delayed>"), 20);
    let old = hears_of_a_copy(&mut lab, BOB);
    (0..3).for_each(|_| lab.wait(Duration::from_secs(60)));
    assert_ne!(own_device(&lab, BOB), old);
    assert_eq!((count(&lab, "<delayed>"), count(&lab, "<not for this device>")), (0, 0));
    assert!(count(&lab, "<keys lost>") >= 5);
    assert_eq!(lab.devices[BOB].ledger.encryption.held, []);
}

#[test]
fn what_waits_for_a_decision_says_that_its_keys_are_gone() {
    let mut lab = Lab::alice_and_bob();
    let stanza = under_another_key(&mut lab, |lab, evil| drop(lab.send(evil, ALICES, "four")));
    lab.deliver(ALICE, stanza);
    assert_eq!(lab.received(ALICE), ["<key replaced>"]);
    let old = hears_of_a_copy(&mut lab, ALICE);
    lab.run();
    assert_ne!(own_device(&lab, ALICE), old);
    assert_eq!(lab.received(ALICE), ["<keys lost>"]);
    assert_eq!(lab.devices[ALICE].ledger.encryption.held, []);
}

#[test]
fn an_archive_that_never_answers_does_not_keep_us_from_having_new_keys() {
    let mut lab = archived();
    let old = known_of(&mut lab);
    lab.hides_archives = true;
    lab.start(ALICE);
    let id = lab.send(ALICE, BOBS, "waits");
    assert_eq!((own_device(&lab, ALICE), lab.state(ALICE, &id)), (old, &MessageState::Pending));
    (0..5).for_each(|_| lab.wait(Duration::from_secs(60)));
    assert_ne!(own_device(&lab, ALICE), old);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert_eq!(lab.received(BOB).last(), Some(&"waits"));
}

/// Where nothing can be published there are no other keys, and the person can choose to do without.
#[test]
fn where_no_keys_can_be_published_the_old_ones_read_and_send_nothing() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    let old = known_of(&mut lab);
    lab.refuses = vec![("device", "internal-server-error")];
    lab.start(ALICE);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    lab.send(BOB, ALICES, "there");
    let id = lab.send(ALICE, BOBS, "secret");
    (0..10).for_each(|_| lab.wait(Duration::from_secs(60)));
    assert_eq!((own_device(&lab, ALICE), lab.received(ALICE)), (old, vec!["there"]));
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Unavailable);
    lab.ask(ALICE, Command::SetPrivacy { peer: bob(), privacy: Privacy::Clear });
    assert_eq!(*lab.state(ALICE, &id), MessageState::Failed(Problem::NotEncrypted));
    assert!(!lab.was_seen("secret"));
    // As soon as there is a server that takes them there are new ones.
    lab.refuses.clear();
    lab.start(ALICE);
    assert_ne!(own_device(&lab, ALICE), old);
}

#[test]
fn what_left_on_an_earlier_stream_is_not_shown_as_sent_either() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    let stanza = snapshot(&mut lab, BOBS);
    lab.start(ALICE);
    let lost = lab.send(ALICE, BOBS, "lost");
    lab.disconnect(ALICE);
    lab.connect(ALICE);
    assert_eq!(*lab.state(ALICE, &lost), MessageState::Sent);
    lab.deliver(ALICE, carbon(stanza));
    assert_eq!(*lab.state(ALICE, &lost), MessageState::Failed(Problem::PerhapsSent));
}

#[test]
fn beginning_anew_goes_on_with_new_keys() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    lab.ask_without_answers(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Begun]);
    hears_of_a_copy(&mut lab, ALICE);
    lab.run();
    assert_eq!(lab.devices[ALICE].repairs, [Repair::Begun, Repair::Waiting, Repair::Begun, Repair::Done]);
    lab.send(BOB, ALICES, "there");
    assert_eq!(lab.received(ALICE), ["there"]);
}

#[test]
fn what_the_server_says_of_the_old_keys_is_not_taken_for_the_new_ones() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    lab.disconnect(ALICE);
    let bundles =
        |place: &&(causerie_model::BareJid, String)| place.0 == jid(ALICES) && place.1.contains("bundles");
    let places: Vec<_> = lab.nodes.keys().filter(bundles).cloned().collect();
    places.iter().for_each(|place| drop(lab.nodes.remove(place)));
    // Up to where the bundles of the old keys are out, and the answers are on their way.
    lab.connect_until(ALICE, |lab| places.iter().all(|place| lab.nodes.contains_key(place)));
    lab.refuses = vec![("bundles", "internal-server-error")];
    let old = hears_of_a_copy(&mut lab, ALICE);
    lab.run();
    assert_ne!(own_device(&lab, ALICE), old);
    // The keys of this device are nowhere, so it is on no list.
    for version in OmemoVersion::ALL {
        let new = own_device(&lab, ALICE);
        assert!(
            !has_bundle(&lab, ALICES, version, new) && !listed(&lab, ALICES, version).contains(&new.get())
        );
    }
}

/// Alice has new keys: because of a copy, or because what opens the old ones is lost.
fn with_new_keys(is_copied: bool) -> Lab {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, BOBS, "first");
    let old = match is_copied {
        true => known_of(&mut lab),
        false => own_device(&lab, ALICE),
    };
    if !is_copied {
        lab.devices[ALICE].vault = Vault::Broken(VaultKey([9; 32]));
    }
    lab.start(ALICE);
    assert_ne!(own_device(&lab, ALICE), old);
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed]);
    lab
}

#[test]
fn that_there_are_new_keys_is_told_in_each_run_until_it_was_seen() {
    for is_copied in [true, false] {
        let mut lab = with_new_keys(is_copied);
        let new = own_device(&lab, ALICE);
        // Who looks at our devices sees those that are new, and nothing of this.
        lab.ask(ALICE, Command::OwnDevicesSeen);
        for _ in 0..2 {
            lab.devices[ALICE].notices.clear();
            lab.start(ALICE);
            assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed], "{is_copied}");
        }
        lab.ask(ALICE, Command::AlarmSeen(Alarm::KeysRenewed));
        assert_eq!(lab.devices[ALICE].ledger.encryption.alarms, []);
        lab.start(ALICE);
        assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed], "{is_copied}");
        assert_eq!(own_device(&lab, ALICE), new);
    }
}

/// The program ends when the new keys are kept, and nothing was told yet; and they are out of reach in the next run.
#[test]
fn that_there_are_new_keys_is_told_though_the_program_ended_before() {
    for is_copied in [true, false] {
        let mut lab = with_new_keys(is_copied);
        lab.devices[ALICE].notices.clear();
        let vault = std::mem::replace(&mut lab.devices[ALICE].vault, Vault::Locked);
        lab.start(ALICE);
        assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed], "{is_copied}");
        // The keyring is unlocked in the same run.
        lab.devices[ALICE].vault = vault.clone();
        lab.ask(ALICE, Command::OpenVault(vault));
        assert_eq!(lab.devices[ALICE].notices, [Notice::KeysRenewed], "{is_copied}");
    }
}
