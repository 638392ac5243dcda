//! What is kept of people whom nobody knows, and of those who have ever more devices and keys.

use std::time::Duration;

use causerie_model::{DeviceId, Event, Fingerprint, Notice, OmemoVersion, SessionName, Timestamp, Trust};
use causerie_omemo::{OwnKeys, PeerBundle, Record};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::super::Terms;
use super::super::tests::lab::nothing_yet;
use super::*;
use crate::clock::Clock;
use crate::iq::Tracker;
use crate::step::Ways;
use crate::stream_management::Proof;
use crate::{Effect, Effects, Now};

fn jid(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

fn restored() -> Restored {
    nothing_yet(jid("alice@a.example"))
}

/// Does something in a step and gives whom it made us forget.
fn step(omemo: &mut Omemo, act: impl FnOnce(&mut Omemo, &mut Step<'_>)) -> Vec<BareJid> {
    let mut out = Effects::default();
    let now = Now { wall: Timestamp::from_millis(1_795_000_000_000), elapsed: Duration::ZERO, utc_offset: 0 };
    let own = jid("alice@a.example");
    let (tracker, rng) = (&mut Tracker::default(), &mut StdRng::seed_from_u64(1));
    let mut step = Step {
        now,
        passed: Clock::default().read(now).1,
        own: &own,
        bound: None,
        ways: Ways::None,
        proof: Proof::Pings,
        tracker,
        rng,
        out: &mut out,
    };
    act(omemo, &mut step);
    omemo.keep_strangers_few(|jid| jid.as_str().starts_with("contact"), &mut step);
    let forgotten = |effect| match effect {
        Effect::Record(Change::StrangerForgotten(jid)) => Some(jid),
        _ => None,
    };
    out.0.into_iter().filter_map(forgotten).collect()
}

fn name(jid: &BareJid, device: u32) -> SessionName {
    let device = DeviceId::new(device).unwrap();
    SessionName { jid: jid.clone(), device, version: OmemoVersion::Omemo2 }
}

fn fingerprint(jid: &BareJid) -> Fingerprint {
    let mut bytes = [0; 32];
    jid.as_str().bytes().zip(&mut bytes).for_each(|(from, to)| *to = from);
    Fingerprint(bytes)
}

/// Somebody's device begins a session, or uses it again.
fn writes(omemo: &mut Omemo, from: &BareJid, device: u32) -> Vec<BareJid> {
    step(omemo, |omemo, step| {
        let name = name(from, device);
        omemo.see(&name, fingerprint(from), Terms::Stranger, step);
        omemo.keep_session(name, Record::new(OmemoVersion::Omemo2), step);
    })
}

#[test]
fn five_thousand_strangers_leave_two_thousand_sessions_and_all_contacts() {
    const STRANGERS: usize = 5_000;
    let partner = jid("partner@b.example");
    let verified = jid("verified@b.example");
    let mut start = restored();
    start.encryption.partners = vec![partner.clone()];
    let mut omemo = Omemo::new(&start);
    let contacts: Vec<BareJid> = (0..300).map(|n| jid(&format!("contact{n}@b.example"))).collect();
    let own = jid("alice@a.example");
    let mut known: Vec<&BareJid> = contacts.iter().collect();
    known.extend([&partner, &verified, &own]);
    // They wrote before all strangers, and have several devices.
    for jid in &known {
        (1..=4).for_each(|device| assert_eq!(writes(&mut omemo, jid, device), []));
    }
    step(&mut omemo, |omemo, step| {
        omemo.decide(&verified, fingerprint(&verified), Trust::Verified, step);
    });
    let faithful = jid("stranger-who-stays@x.example");
    let stranger = |n: usize| jid(&format!("stranger{n}@x{n}.example"));
    let mut forgotten = Vec::new();
    for n in 0..STRANGERS {
        forgotten.extend(writes(&mut omemo, &stranger(n), 7));
        if n % 500 == 0 {
            forgotten.extend(writes(&mut omemo, &faithful, 7));
        }
        assert!(omemo.sessions.len() <= MOST + known.len() * 4);
    }
    let has = |jid: &BareJid, device| omemo.sessions.contains_key(&name(jid, device));
    assert!(known.iter().all(|jid| (1..=4).all(|device| has(jid, device))));
    assert!(known.iter().all(|jid| omemo.people.knows(jid, fingerprint(jid))));
    assert_eq!(omemo.sessions.len(), MOST + known.len() * 4);
    // The oldest went first, each once, with the keys; whoever wrote again stayed.
    let expected: Vec<BareJid> = (0..=STRANGERS - MOST).map(stranger).collect();
    assert_eq!(forgotten, expected);
    assert!(has(&faithful, 7));
    for n in 0..STRANGERS {
        let is_there = n > STRANGERS - MOST;
        assert_eq!(has(&stranger(n), 7), is_there, "{n}");
        assert_eq!(omemo.people.knows(&stranger(n), fingerprint(&stranger(n))), is_there, "{n}");
    }
    // Nor does what is kept to know this grow.
    assert!(omemo.strangers.people.len() <= MOST + known.len());
    assert_eq!(omemo.strangers.people.len(), omemo.strangers.order.len());
}

#[test]
fn after_a_restart_those_whose_conversations_are_oldest_go_first() {
    let mut start = restored();
    let stranger = |n: usize| jid(&format!("stranger{n}@x.example"));
    // The newest conversation first; of the last ones nothing is told.
    start.conversations = (0..1_500).map(stranger).collect();
    let mut omemo = Omemo::new(&start);
    for n in (0..MOST).rev() {
        omemo.strangers.restored(&stranger(n));
        omemo.sessions.insert(name(&stranger(n), 1), Record::new(OmemoVersion::Omemo2));
    }
    assert_eq!(step(&mut omemo, |_, _| {}), []);
    let mut forgotten = Vec::new();
    for n in 0..501 {
        forgotten.extend(writes(&mut omemo, &jid(&format!("new{n}@x.example")), 1));
    }
    let of_no_conversation = |jid: &&BareJid| (1_500..MOST).any(|n| stranger(n) == **jid);
    assert_eq!(forgotten.iter().take(500).filter(of_no_conversation).count(), 500);
    assert_eq!(forgotten[500..], [stranger(1_499)]);
}

/// What a step has recorded.
fn recorded(omemo: &mut Omemo, act: impl FnOnce(&mut Omemo, &mut Step<'_>)) -> Vec<Change> {
    let mut changes = Vec::new();
    step(omemo, |omemo, step| {
        let before = step.out.0.len();
        act(omemo, step);
        let new = step.out.0.iter().skip(before);
        changes.extend(new.filter_map(|effect| match effect {
            Effect::Record(change) => Some(change.clone()),
            _ => None,
        }));
    });
    changes
}

#[test]
fn a_contact_who_lists_ever_other_devices_leaves_64_sessions_those_of_listed_ones_first() {
    let contact = jid("contact@b.example");
    let listed = |omemo: &mut Omemo, ids: &[u32], step: &mut Step<'_>| {
        let ids: Vec<_> = ids.iter().map(|id| (DeviceId::new(*id).unwrap(), None)).collect();
        omemo.people.listed(&contact, OmemoVersion::Omemo2, &ids, step);
    };
    let mut omemo = Omemo::new(&restored());
    let mut forgotten = Vec::new();
    for device in 1..=300 {
        let changes = recorded(&mut omemo, |omemo, step| {
            // The first is always there; the second was at first, and is used all the time.
            listed(omemo, &[1, device], step);
            assert!(!omemo.is_crowded(&name(&contact, device)));
            for used in [2.min(device), device] {
                omemo.keep_session(name(&contact, used), Record::new(OmemoVersion::Omemo2), step);
            }
        });
        forgotten.extend(changes.into_iter().filter_map(|change| match change {
            Change::SessionForgotten(name) => Some(name.device.get()),
            _ => None,
        }));
        assert!(omemo.sessions.len() <= 64);
    }
    assert_eq!(forgotten, (3..=238).collect::<Vec<_>>());
    assert_eq!(omemo.strangers.sessions, 64);
    assert!(omemo.turns.len() <= 64);
}

#[test]
fn the_201st_key_of_somebody_takes_the_place_of_one_that_nobody_decided_about() {
    let contact = jid("contact@b.example");
    let mut omemo = Omemo::new(&restored());
    let (mut seen, mut forgotten) = (0, Vec::new());
    for n in 0..300_u32 {
        let mut bytes = [7; 32];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        let changes = recorded(&mut omemo, |omemo, step| {
            omemo.see(&name(&contact, n + 1), Fingerprint(bytes), Terms::Known, step);
            if n == 0 {
                omemo.decide(&contact, Fingerprint(bytes), Trust::Verified, step);
            }
        });
        for change in changes {
            match change {
                Change::KeySeen { .. } => seen += 1,
                Change::KeyForgotten { fingerprint, .. } => forgotten.push(fingerprint.0[3]),
                _ => {}
            }
        }
    }
    assert_eq!((seen, forgotten), (300, (1..=100).collect()));
}

/// A session that was begun with a device of that number, and the key of that device.
fn session_with(device: u32) -> (Record, Fingerprint) {
    let mut rng = StdRng::seed_from_u64(device.into());
    let [own, peer] = [99, device].map(|id| OwnKeys::generate(DeviceId::new(id).unwrap(), &mut rng, 0));
    let bundle = PeerBundle::read(OmemoVersion::Omemo2, &peer.bundle(OmemoVersion::Omemo2)).unwrap();
    let record = Record::new(OmemoVersion::Omemo2).initiate(&own, &bundle, &mut rng).unwrap();
    (record, bundle.identity().fingerprint())
}

/// Key exchanges cost whoever forges them nothing, and each shows another key.
#[test]
fn forged_keys_push_out_no_key_of_a_listed_device_or_of_a_session() {
    let contact = jid("contact@b.example");
    let mut omemo = Omemo::new(&restored());
    let (record, pinned) = session_with(1);
    let listed = Fingerprint([200; 32]);
    step(&mut omemo, |omemo, step| {
        let ids = [1, 2].map(|id| (DeviceId::new(id).unwrap(), None));
        omemo.people.listed(&contact, OmemoVersion::Omemo2, &ids, step);
        assert_eq!(omemo.see(&name(&contact, 1), pinned, Terms::Known, step), Trust::Blind);
        assert_eq!(omemo.see(&name(&contact, 2), listed, Terms::Known, step), Trust::Blind);
        omemo.keep_session(name(&contact, 1), record, step);
    });
    for n in 0..500_u32 {
        let mut bytes = [7; 32];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        // Under the number of the device that has a session, and under others.
        let device = if n % 2 == 0 { 1 } else { 1_000 + n };
        let trust = |omemo: &mut Omemo, step: &mut Step<'_>| {
            omemo.see(&name(&contact, device), Fingerprint(bytes), Terms::Known, step)
        };
        step(&mut omemo, |omemo, step| assert_eq!(trust(omemo, step), Trust::Undecided));
    }
    assert_eq!(omemo.people.trust(&contact, pinned), Trust::Blind);
    assert_eq!(omemo.people.trust(&contact, listed), Trust::Blind);
    step(&mut omemo, |omemo, step| {
        assert_eq!(omemo.see(&name(&contact, 1), pinned, Terms::Known, step), Trust::Blind);
    });
}

/// What a session knows of a device counts, whatever was forgotten of its keys.
#[test]
fn another_key_than_that_of_the_session_is_an_alarm_though_the_key_was_forgotten() {
    let contact = jid("contact@b.example");
    let mut omemo = Omemo::new(&restored());
    let (record, pinned) = session_with(1);
    step(&mut omemo, |omemo, step| {
        let ids = [(DeviceId::new(1).unwrap(), None)];
        omemo.people.listed(&contact, OmemoVersion::Omemo2, &ids, step);
        omemo.keep_session(name(&contact, 1), record, step);
        let other = Fingerprint([9; 32]);
        assert_eq!(omemo.see(&name(&contact, 1), other, Terms::Known, step), Trust::Undecided);
        let is_alarm =
            |effect: &Effect| matches!(effect, Effect::Tell(Event::Notice(Notice::KeyReplaced { .. })));
        assert!(step.out.0.iter().any(is_alarm));
        // In the other version, too: it is one device.
        let name = SessionName { version: OmemoVersion::Legacy, ..name(&contact, 1) };
        assert_eq!(omemo.see(&name, Fingerprint([8; 32]), Terms::Known, step), Trust::Undecided);
        assert_eq!(omemo.see(&name, pinned, Terms::Known, step), Trust::Undecided, "nobody knows by now");
    });
}
