//! Keys, sessions, lists of devices, decisions: each said once, kept, and given back to a brain.

use std::fs;

use causerie_model::{
    Alarm, Awaits, BareJid, Change, Decision, DeviceId, DeviceKey, Event, Fingerprint, NewMessage,
    OmemoVersion, OriginId, Privacy, Protection, RestoredEncryption, Sealing, SessionName, Standing, Trust,
    Unreached,
};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing};
use crate::open::DATABASE;
use crate::{Options, Store};

const HOUR: i64 = 3_600_000;

fn device(id: u32) -> DeviceId {
    DeviceId::new(id).unwrap()
}

fn key(byte: u8) -> Fingerprint {
    Fingerprint([byte; 32])
}

fn own(id: u32, sealed: &[u8]) -> Change {
    Change::OwnKeysSet { device: device(id), sealed: sealed.to_vec() }
}

fn name(jid: BareJid, id: u32, version: OmemoVersion) -> SessionName {
    SessionName { jid, device: device(id), version }
}

fn session(id: u32, version: OmemoVersion, sealed: &[u8]) -> Change {
    Change::SessionSet { with: name(bob(), id, version), sealed: sealed.to_vec() }
}

fn listed(version: OmemoVersion, devices: &[(u32, Option<&str>)]) -> Change {
    let devices = devices.iter().map(|(id, label)| (device(*id), label.map(str::to_owned)));
    Change::DevicesListed { jid: bob(), version, devices: devices.collect() }
}

fn seen(id: u32, byte: u8, trust: Trust, millis: i64) -> Change {
    Change::KeySeen { jid: bob(), device: device(id), fingerprint: key(byte), trust, at: at(millis) }
}

fn used(byte: u8, millis: i64) -> Change {
    Change::KeyUsed { jid: bob(), fingerprint: key(byte), at: at(millis) }
}

fn decided(byte: u8, trust: Trust) -> Change {
    Change::TrustSet { jid: bob(), fingerprint: key(byte), trust, at: at(900) }
}

fn privacy(privacy: Privacy) -> Change {
    Change::PrivacySet { peer: bob(), privacy }
}

impl Lab {
    async fn encryption(&self) -> RestoredEncryption {
        self.store.restore(self.account).await.unwrap().encryption
    }

    fn keys(&self) -> Vec<DeviceKey> {
        self.reader.device_keys(self.account, &bob()).unwrap()
    }

    /// Commits a change twice, and gives what it told the first time.
    async fn twice(&self, change: Change) -> Vec<Event> {
        let events = self.commit(vec![change.clone()]).await;
        assert_eq!(self.commit(vec![change]).await, []);
        events
    }
}

fn keys_changed() -> Vec<Event> {
    vec![Event::KeysChanged(bob())]
}

#[tokio::test]
async fn a_brain_starts_without_any_keys() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i", "text", 1))]).await;
    assert_eq!(lab.encryption().await, RestoredEncryption::default());
    assert_eq!(lab.keys(), []);
    assert_eq!(lab.reader.conversations().unwrap()[0].privacy, Privacy::Encrypted);
}

#[tokio::test]
async fn own_keys_and_sessions_come_back_as_they_were_last() {
    let mut lab = Lab::new().await;
    assert_eq!(lab.twice(own(5, b"one")).await, []);
    assert_eq!(lab.reader.own_device(lab.account).unwrap(), Some(device(5)));
    assert_eq!(lab.twice(own(6, b"two")).await, []);
    assert_eq!(lab.reader.own_device(lab.account).unwrap(), Some(device(6)));
    for version in OmemoVersion::ALL {
        assert_eq!(lab.twice(session(1, version, b"one")).await, []);
    }
    lab.commit(vec![session(1, OmemoVersion::Legacy, b"two"), session(2, OmemoVersion::Legacy, b"")]).await;
    lab.restart();
    let encryption = lab.encryption().await;
    assert_eq!(encryption.own, Some((device(6), b"two".to_vec())));
    let sessions = [
        (name(bob(), 1, OmemoVersion::Legacy), b"two".to_vec()),
        (name(bob(), 1, OmemoVersion::Omemo2), b"one".to_vec()),
        (name(bob(), 2, OmemoVersion::Legacy), Vec::new()),
    ];
    assert_eq!(encryption.sessions, sessions);

    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    assert_eq!(lab.reader.own_device(other).unwrap(), None);
    lab.store.commit(other, vec![own(9, b"other"), session(1, OmemoVersion::Legacy, b"x")]).await.unwrap();
    assert_eq!(lab.twice(Change::SessionsForgotten).await, []);
    let encryption = lab.encryption().await;
    assert_eq!((encryption.own.is_some(), encryption.sessions), (true, Vec::new()));
    assert_eq!(lab.store.restore(other).await.unwrap().encryption.sessions.len(), 1);
}

#[tokio::test]
async fn a_list_of_devices_is_replaced_and_told_only_when_it_differs() {
    let mut lab = Lab::new().await;
    let both = OmemoVersion::ALL;
    assert_eq!(lab.twice(listed(both[0], &[(2, Some("Portable")), (1, None)])).await, keys_changed());
    // In another order, and with a device named twice.
    assert_eq!(lab.commit(vec![listed(both[0], &[(1, None), (2, None), (2, Some("Portable"))])]).await, []);
    // The other version has a list of its own.
    assert_eq!(lab.twice(listed(both[1], &[(1, None)])).await, keys_changed());
    assert_eq!(lab.twice(listed(both[0], &[(2, Some("Bureau")), (3, None)])).await, keys_changed());
    assert_eq!(lab.twice(listed(both[0], &[(2, None), (3, None)])).await, keys_changed());
    lab.restart();
    let lists = [
        (bob(), OmemoVersion::Legacy, vec![device(1)]),
        (bob(), OmemoVersion::Omemo2, vec![device(2), device(3)]),
    ];
    assert_eq!(lab.encryption().await.lists, lists);
}

#[tokio::test]
async fn a_list_that_is_empty_is_not_one_that_was_never_seen() {
    let mut lab = Lab::new().await;
    let empty = listed(OmemoVersion::Omemo2, &[]);
    assert_eq!(lab.twice(empty.clone()).await, keys_changed());
    lab.restart();
    assert_eq!(lab.encryption().await.lists, [(bob(), OmemoVersion::Omemo2, Vec::new())]);
    assert_eq!(lab.twice(listed(OmemoVersion::Omemo2, &[(1, None)])).await, keys_changed());
    assert_eq!(lab.twice(empty).await, keys_changed());
    assert_eq!(lab.encryption().await.lists, [(bob(), OmemoVersion::Omemo2, Vec::new())]);
}

#[tokio::test]
async fn what_is_decided_about_a_key_stays_until_a_person_decides() {
    let mut lab = Lab::new().await;
    // Of a key that was never seen nothing can be decided.
    assert_eq!(lab.twice(decided(1, Trust::Verified)).await, []);
    assert_eq!(lab.twice(seen(1, 1, Trust::Blind, 10)).await, keys_changed());
    assert_eq!(lab.commit(vec![seen(1, 1, Trust::Undecided, 20)]).await, []);
    assert_eq!(lab.twice(decided(1, Trust::Verified)).await, keys_changed());
    // Seen again, also under another number.
    assert_eq!(lab.commit(vec![seen(1, 1, Trust::Blind, 30)]).await, []);
    assert_eq!(lab.twice(seen(2, 1, Trust::Undecided, 40)).await, keys_changed());
    lab.restart();
    assert_eq!(lab.encryption().await.keys, [(bob(), device(2), key(1), Trust::Verified, Some(at(900)))]);
    let [shown] = lab.keys().try_into().unwrap();
    assert_eq!((shown.first_seen, shown.last_used, shown.trust), (at(10), None, Trust::Verified));
    // One key of somebody else is nothing to this one.
    let carol = jid("carol@chat.test");
    let other =
        Change::TrustSet { jid: carol.clone(), fingerprint: key(1), trust: Trust::Distrusted, at: at(1) };
    assert_eq!(lab.commit(vec![other]).await, []);
    let other = Change::KeySeen {
        jid: carol.clone(),
        device: device(2),
        fingerprint: key(1),
        trust: Trust::Undecided,
        at: at(50),
    };
    assert_eq!(lab.twice(other).await, [Event::KeysChanged(carol)]);
    assert_eq!(lab.keys()[0].trust, Trust::Verified);
}

#[tokio::test]
async fn the_newest_key_of_a_device_comes_last() {
    let lab = Lab::new().await;
    let order = async || {
        let keys = lab.encryption().await.keys;
        keys.into_iter().map(|(_, device, key, ..)| (device.get(), key.0[0])).collect::<Vec<_>>()
    };
    lab.commit(vec![seen(1, 9, Trust::Blind, 1), seen(2, 5, Trust::Blind, 1)]).await;
    assert_eq!(lab.twice(seen(1, 3, Trust::Undecided, 2)).await, keys_changed());
    assert_eq!(order().await, [(1, 9), (1, 3), (2, 5)]);
    // Back to the old one, which was seen first.
    assert_eq!(lab.twice(seen(1, 9, Trust::Blind, 3)).await, keys_changed());
    assert_eq!(order().await, [(1, 3), (1, 9), (2, 5)]);
    // A key that moves takes the place of the other device's.
    assert_eq!(lab.twice(seen(2, 9, Trust::Blind, 4)).await, keys_changed());
    assert_eq!(order().await, [(1, 3), (2, 5), (2, 9)]);
}

#[tokio::test]
async fn when_a_key_was_used_is_written_once_an_hour() {
    let lab = Lab::new().await;
    assert_eq!(lab.commit(vec![used(1, 5)]).await, []);
    lab.commit(vec![seen(1, 1, Trust::Blind, 1)]).await;
    let last = || lab.keys()[0].last_used.unwrap();
    assert_eq!(lab.twice(used(1, HOUR)).await, keys_changed());
    assert_eq!(lab.commit(vec![used(1, 2 * HOUR), used(1, HOUR + 1), used(1, 0)]).await, []);
    assert_eq!(last(), at(HOUR));
    assert_eq!(lab.twice(used(1, 2 * HOUR + 1)).await, keys_changed());
    assert_eq!(lab.commit(vec![used(1, i64::MIN)]).await, []);
    assert_eq!(last(), at(2 * HOUR + 1));
    assert_eq!(lab.twice(used(1, i64::MAX)).await, keys_changed());
}

#[tokio::test]
async fn keys_are_shown_with_their_devices() {
    let lab = Lab::new().await;
    lab.commit(vec![
        listed(OmemoVersion::Legacy, &[(1, None), (2, None), (4, None)]),
        listed(OmemoVersion::Omemo2, &[(2, Some("Portable")), (3, Some("Bureau"))]),
        seen(1, 1, Trust::Blind, 1),
        seen(2, 2, Trust::Verified, 2),
        seen(3, 3, Trust::Blind, 3),
        // This device has replaced its key.
        seen(4, 40, Trust::Blind, 4),
        seen(4, 41, Trust::Undecided, 5),
        // This one is on no list.
        seen(5, 5, Trust::Distrusted, 6),
        used(3, 10 * HOUR),
        used(1, 20 * HOUR),
        used(5, 90 * HOUR),
    ])
    .await;
    let keys = lab.keys();
    assert!(keys.iter().all(|key| key.jid == bob()));
    let shown: Vec<_> =
        keys.iter().map(|key| (key.device.get(), key.fingerprint.0[0], key.standing)).collect();
    use Standing::{Gone, Listed};
    let wanted =
        [(1, 1, Listed), (3, 3, Listed), (2, 2, Listed), (4, 41, Listed), (5, 5, Gone), (4, 40, Gone)];
    assert_eq!(shown, wanted);
    let labels: Vec<_> = keys.iter().map(|key| key.label.as_deref()).collect();
    assert_eq!(labels, [None, Some("Bureau"), Some("Portable"), None, None, None]);
    assert_eq!(keys[2].trust, Trust::Verified);
    assert_eq!((keys[0].first_seen, keys[0].last_used), (at(1), Some(at(20 * HOUR))));
    assert_eq!(lab.reader.device_keys(lab.account, &jid("carol@chat.test")).unwrap(), []);

    lab.commit(vec![listed(OmemoVersion::Legacy, &[]), listed(OmemoVersion::Omemo2, &[])]).await;
    assert!(lab.keys().iter().all(|key| key.standing == Gone && key.label.is_none()));
}

#[tokio::test]
async fn a_conversation_is_encrypted_unless_a_person_chose_otherwise() {
    let mut lab = Lab::new().await;
    let chosen = |lab: &Lab| lab.reader.privacy(lab.account, &bob()).unwrap();
    lab.commit(vec![change(NewMessage { peer: jid("carol@chat.test"), ..incoming("i", "text", 70) })]).await;
    assert_eq!(chosen(&lab), Privacy::Encrypted);
    // There is no conversation yet.
    assert_eq!(lab.twice(privacy(Privacy::Clear)).await, [Event::ConversationChanged(bob())]);
    lab.restart();
    assert_eq!(chosen(&lab), Privacy::Clear);
    assert_eq!(lab.encryption().await.clear, [bob()]);
    let conversation = lab.reader.conversation(lab.account, &bob()).unwrap().unwrap();
    assert_eq!((conversation.privacy, conversation.active_at), (Privacy::Clear, at(70)));
    // A message changes nothing of it.
    lab.commit(vec![change(outgoing("o", "text", 80))]).await;
    assert_eq!(chosen(&lab), Privacy::Clear);
    assert_eq!(lab.twice(privacy(Privacy::Encrypted)).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.encryption().await.clear, []);
    assert_eq!(lab.reader.conversation(lab.account, &bob()).unwrap().unwrap().active_at, at(80));
}

fn kept(byte: u8, trust: Trust, millis: i64) -> Decision {
    Decision { jid: bob(), fingerprint: key(byte), trust, at: at(millis), awaits: Awaits::Telling }
}

#[tokio::test]
async fn decisions_wait_over_a_restart_and_the_latest_counts() {
    let mut lab = Lab::new().await;
    let first = kept(1, Trust::Verified, 10);
    let later = kept(1, Trust::Distrusted, 20);
    let other = Decision { awaits: Awaits::Key, ..kept(1, Trust::Verified, 5) };
    for decision in [&later, &first, &other, &kept(2, Trust::Verified, 10)] {
        assert_eq!(lab.twice(Change::DecisionKept(decision.clone())).await, []);
    }
    lab.restart();
    let all = [other.clone(), later.clone(), kept(2, Trust::Verified, 10)];
    assert_eq!(lab.encryption().await.decisions, all);
    // What was told is not what was decided since.
    lab.twice(Change::DecisionDone(first)).await;
    assert_eq!(lab.encryption().await.decisions, all);
    lab.twice(Change::DecisionDone(later)).await;
    lab.twice(Change::DecisionDone(other)).await;
    assert_eq!(lab.encryption().await.decisions, [kept(2, Trust::Verified, 10)]);
}

#[tokio::test]
async fn a_device_of_ours_that_is_not_wanted_is_shown_so_until_it_is_gone() {
    let mut lab = Lab::new().await;
    let own = jid("alice@chat.test");
    let seen = |jid: BareJid| Change::KeySeen {
        jid,
        device: device(5),
        fingerprint: key(1),
        trust: Trust::Blind,
        at: at(1),
    };
    let listed = |jid: BareJid, devices: &[u32]| {
        let devices = devices.iter().map(|id| (device(*id), None)).collect();
        Change::DevicesListed { jid, version: OmemoVersion::Omemo2, devices }
    };
    lab.commit(vec![listed(own.clone(), &[5]), listed(bob(), &[5]), seen(own.clone()), seen(bob())]).await;
    let standing = |lab: &Lab, jid: &BareJid| lab.reader.device_keys(lab.account, jid).unwrap()[0].standing;
    assert_eq!(standing(&lab, &own), Standing::Listed);
    let told = [Event::KeysChanged(own.clone())];
    assert_eq!(lab.twice(Change::DeviceUnwanted(device(5))).await, told);
    lab.restart();
    assert_eq!(lab.encryption().await.unwanted, [device(5)]);
    assert_eq!((standing(&lab, &own), standing(&lab, &bob())), (Standing::Unwanted, Standing::Listed));
    lab.commit(vec![listed(own.clone(), &[])]).await;
    assert_eq!(standing(&lab, &own), Standing::Gone);
    assert_eq!(lab.twice(Change::DeviceRemoved(device(5))).await, told);
    assert_eq!(lab.encryption().await.unwanted, []);
}

/// What is to be seen waits for it, however often the program ends before.
#[tokio::test]
async fn a_new_device_of_ours_is_kept_until_it_was_seen() {
    let mut lab = Lab::new().await;
    let new = |id| Alarm::NewDevice(device(id));
    for _ in 0..2 {
        lab.commit(vec![Change::AlarmRaised(new(7)), Change::AlarmRaised(new(5))]).await;
        lab.restart();
        assert_eq!(lab.encryption().await.alarms, [new(5), new(7)]);
    }
    assert_eq!(lab.twice(Change::AlarmSeen(new(5))).await, []);
    lab.restart();
    assert_eq!(lab.encryption().await.alarms, [new(7)]);
    // What is not understood is left out.
    lab.sql("INSERT INTO alarm SELECT account, 'never-given', 3 FROM alarm; INSERT INTO alarm SELECT account, 'new-device', 0 FROM alarm WHERE device = 7")
        .await;
    assert_eq!(lab.encryption().await.alarms, [new(7)]);
}

/// It is about no device.
#[tokio::test]
async fn that_there_are_new_keys_is_kept_until_it_was_seen() {
    let mut lab = Lab::new().await;
    lab.commit(vec![Change::AlarmRaised(Alarm::NewDevice(device(7)))]).await;
    for _ in 0..2 {
        lab.twice(Change::AlarmRaised(Alarm::KeysRenewed)).await;
        lab.restart();
        assert_eq!(lab.encryption().await.alarms, [Alarm::KeysRenewed, Alarm::NewDevice(device(7))]);
    }
    assert_eq!(lab.twice(Change::AlarmSeen(Alarm::KeysRenewed)).await, []);
    // What could not be taken back is left out.
    lab.sql("INSERT INTO alarm SELECT account, 'keys-renewed', 3 FROM alarm").await;
    lab.restart();
    assert_eq!(lab.encryption().await.alarms, [Alarm::NewDevice(device(7))]);
}

/// The most usual stale device: it is on our list, and its keys are nowhere any more. It can't be removed if it can't be seen.
#[tokio::test]
async fn a_device_of_ours_whose_keys_are_gone_is_shown_until_it_is_gone() {
    let mut lab = Lab::new().await;
    let whose = jid("alice@chat.test");
    let listed = |version, devices: &[(u32, Option<&str>)]| {
        let devices = devices.iter().map(|(id, label)| (device(*id), label.map(ToOwned::to_owned))).collect();
        Change::DevicesListed { jid: whose.clone(), version, devices }
    };
    let has_key = |id, byte| {
        let (jid, device, fingerprint) = (whose.clone(), device(id), key(byte));
        Change::KeySeen { jid, device, fingerprint, trust: Trust::Blind, at: at(1) }
    };
    lab.commit(vec![
        own(1, b"sealed"),
        listed(OmemoVersion::Legacy, &[(1, None), (5, None), (7, None), (8, None)]),
        listed(OmemoVersion::Omemo2, &[(1, None), (7, Some("Old telephone"))]),
        has_key(5, 5),
        // What others have is no matter of ours.
        Change::DevicesListed { jid: bob(), version: OmemoVersion::Omemo2, devices: vec![(device(9), None)] },
    ])
    .await;
    let shown = |lab: &Lab| {
        let shown = lab.reader.keyless_devices(lab.account, &jid("alice@chat.test")).unwrap();
        shown.into_iter().map(|found| (found.device.get(), found.label, found.standing)).collect::<Vec<_>>()
    };
    let old = |standing| (7, Some("Old telephone".to_owned()), standing);
    assert_eq!(shown(&lab), [old(Standing::Listed), (8, None, Standing::Listed)]);
    lab.commit(vec![Change::DeviceUnwanted(device(7)), has_key(8, 8)]).await;
    lab.restart();
    assert_eq!(shown(&lab), [old(Standing::Unwanted)]);
    lab.commit(vec![listed(OmemoVersion::Legacy, &[(1, None)]), listed(OmemoVersion::Omemo2, &[(1, None)])])
        .await;
    assert_eq!(shown(&lab), []);
}

#[tokio::test]
async fn devices_of_others_without_keys_are_shown_whatever_numbers_ours_have() {
    let lab = Lab::new().await;
    lab.commit(vec![
        own(1, b"sealed"),
        Change::DeviceUnwanted(device(2)),
        listed(OmemoVersion::Omemo2, &[(1, Some("mirabelle")), (2, None), (3, None)]),
        listed(OmemoVersion::Legacy, &[(4, None)]),
        seen(3, 0xA7, Trust::Blind, 1),
    ])
    .await;
    let shown = lab.reader.keyless_devices(lab.account, &bob()).unwrap();
    let shown: Vec<_> = shown.into_iter().map(|it| (it.device.get(), it.label, it.standing)).collect();
    let unnamed = |id| (id, None, Standing::Listed);
    assert_eq!(shown, [(1, Some("mirabelle".to_owned()), Standing::Listed), unnamed(2), unnamed(4)]);
}

#[tokio::test]
async fn an_account_goes_with_its_keys() {
    let lab = Lab::new().await;
    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    let changes = || {
        vec![
            own(1, b"sealed-own-keys"),
            session(1, OmemoVersion::Legacy, b"sealed-session"),
            listed(OmemoVersion::Omemo2, &[(1, Some("mirabelle"))]),
            seen(1, 0xA7, Trust::Verified, 1),
            privacy(Privacy::Clear),
        ]
    };
    for account in [lab.account, other] {
        lab.store.commit(account, changes()).await.unwrap();
    }
    lab.store.remove_account(other).await.unwrap();
    assert_eq!(lab.keys().len(), 1);
    assert_eq!(lab.reader.device_keys(other, &bob()).unwrap(), []);
    assert_eq!(lab.encryption().await.sessions.len(), 1);
    lab.store.remove_account(lab.account).await.unwrap();
    lab.store.clone().close();
    for entry in fs::read_dir(lab.folder.path()).unwrap() {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        for word in [&b"sealed-own-keys"[..], b"sealed-session", b"mirabelle", &[0xA7; 32]] {
            assert!(!bytes.windows(word.len()).any(|window| window == word));
        }
    }
}

#[tokio::test]
async fn what_is_not_understood_is_left_out_and_hides_nothing_else() {
    let lab = Lab::new().await;
    lab.commit(vec![
        own(1, b"own"),
        session(1, OmemoVersion::Legacy, b"good"),
        session(2, OmemoVersion::Legacy, b"odd"),
        session(3, OmemoVersion::Legacy, b"odd"),
        listed(OmemoVersion::Legacy, &[(1, None), (2, None)]),
        listed(OmemoVersion::Omemo2, &[(1, None)]),
        seen(1, 1, Trust::Verified, 1),
        seen(2, 2, Trust::Verified, 2),
        seen(3, 3, Trust::Verified, 3),
        Change::DecisionKept(kept(4, Trust::Verified, 1)),
        Change::DecisionKept(kept(5, Trust::Distrusted, 1)),
        Change::DecisionKept(kept(6, Trust::Verified, 1)),
        Change::DeviceUnwanted(device(8)),
        Change::DeviceUnwanted(device(9)),
        privacy(Privacy::Clear),
        change(NewMessage { protection: Protection::Encrypted(None), ..incoming("i", "text", 1) }),
    ])
    .await;
    lab.sql(
        "PRAGMA foreign_keys = OFF;
         UPDATE own_keys SET device = 0;
         UPDATE session SET version = 'omemo-9' WHERE device = 2;
         UPDATE session SET device = -1 WHERE device = 3;
         UPDATE device_list SET version = 'omemo-9' WHERE version = 'omemo-2';
         UPDATE listed_device SET version = 'omemo-9' WHERE version = 'omemo-2';
         UPDATE listed_device SET device = 4294967296 WHERE device = 2;
         UPDATE device_key SET device = 2147483648 WHERE device = 2;
         UPDATE device_key SET trust = 'never-given' WHERE device = 3;
         UPDATE decision SET awaits = 'never-given' WHERE fingerprint = x'0404040404040404040404040404040404040404040404040404040404040404';
         UPDATE decision SET trust = 'never-given' WHERE fingerprint = x'0606060606060606060606060606060606060606060606060606060606060606';
         UPDATE unwanted_device SET device = 0 WHERE device = 9;
         UPDATE conversation SET privacy = 'never-given';
         UPDATE message SET protection = 'omemo-9', sealed_by = x'00', sealed_trust = 'x';
         PRAGMA foreign_keys = ON;",
    )
    .await;
    let wanted = RestoredEncryption {
        own: None,
        sessions: vec![(name(bob(), 1, OmemoVersion::Legacy), b"good".to_vec())],
        lists: vec![(bob(), OmemoVersion::Legacy, vec![device(1)])],
        keys: vec![
            (bob(), device(1), key(1), Trust::Verified, None),
            (bob(), device(3), key(3), Trust::Undecided, None),
        ],
        decisions: vec![kept(5, Trust::Distrusted, 1)],
        unwanted: vec![device(8)],
        clear: Vec::new(),
        ..RestoredEncryption::default()
    };
    assert_eq!(lab.encryption().await, wanted);
    assert_eq!(lab.keys().len(), 2);
    assert_eq!(lab.reader.privacy(lab.account, &bob()).unwrap(), Privacy::Encrypted);
    assert_eq!(lab.page()[0].protection, Protection::Encrypted(None));
}

/// A session that went on without its message would be one that cannot read the answer, and a message that went without its
/// session would be encrypted twice with one key.
#[tokio::test]
async fn a_message_and_the_session_that_encrypts_it_are_kept_or_lost_together() {
    const STEPS: u8 = 12;
    let step = |n: u8| {
        let message = outgoing(&format!("o{n}"), &format!("text {n}"), i64::from(n));
        vec![
            change(NewMessage { protection: Protection::Encrypted(None), ..message }),
            session(1, OmemoVersion::Legacy, &[n; 700]),
            session(2, OmemoVersion::Omemo2, &[n; 3_000]),
            own(1, &[n; 6_000]),
            Change::MessageSealed {
                peer: bob(),
                id: OriginId::new(&format!("o{n}")).unwrap(),
                sealing: Sealing { versions: OmemoVersion::ALL.to_vec(), beyond: 3 },
                unreached: vec![(bob(), device(3), Unreached::NoKeys)],
            },
        ]
    };
    let lab = Lab::new().await;
    lab.store.flush().await.unwrap();
    for n in 1..=STEPS {
        lab.commit(step(n)).await;
    }
    let database = fs::read(lab.folder.path().join(DATABASE)).unwrap();
    let log = fs::read(lab.folder.path().join("causerie.db-wal")).unwrap();

    let mut whole = std::collections::BTreeSet::new();
    for cut in (0..=log.len()).step_by(12_007).chain([log.len()]) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(DATABASE), &database).unwrap();
        fs::write(folder.path().join("causerie.db-wal"), &log[..cut]).unwrap();
        let (store, reader) = Store::open(folder.path(), Options::default()).unwrap();
        let restored = store.restore(lab.account).await.unwrap();
        let last = u8::try_from(restored.pending.len()).unwrap();
        assert!(restored.pending.iter().all(|pending| pending.privacy == Privacy::Encrypted));
        let own = restored.encryption.own.map_or(0, |(_, sealed)| sealed[0]);
        let sessions: Vec<u8> = restored.encryption.sessions.iter().map(|(_, sealed)| sealed[0]).collect();
        assert_eq!((own, sessions), (last, if last == 0 { vec![] } else { vec![last; 2] }));
        let page = reader.page(lab.account, &bob(), None, 100).unwrap();
        assert_eq!(page.iter().map(|message| message.unreached.len()).sum::<usize>(), usize::from(last));
        whole.insert(last);
        store.close();
    }
    assert_eq!((whole.first(), whole.last()), (Some(&0), Some(&STEPS)));
    assert!(whole.len() > usize::from(STEPS) / 2, "{whole:?}");
}
