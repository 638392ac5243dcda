//! Servers, contacts and strangers who try things.

use std::time::Duration;

use causerie_model::{
    Alarm, Command, DeviceId, MessageState, Notice, OmemoVersion, OriginId, Readiness, Trust, Vault, VaultKey,
};
use minidom::Element;

use super::super::wire;
use super::lab::{Lab, jid, with};
use super::{ALICE, BOB, bob};
use crate::ns;
use crate::xml::Draft;

pub(super) fn own_device(lab: &Lab, device: usize) -> DeviceId {
    lab.devices[device].ledger.encryption.own.as_ref().unwrap().0
}

fn text_of(stanza: &Element) -> String {
    let mut bytes = Vec::new();
    stanza.write_to(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

pub(super) fn replaced(stanza: &Element, from: &str, to: &str) -> Element {
    text_of(stanza).replace(from, to).parse().unwrap()
}

/// Gives Bob's device another bundle, and says what it had.
pub(super) fn swap_bundles(
    lab: &mut Lab,
    owner: &str,
    bundles: [Element; 2],
    device: DeviceId,
) -> [Element; 2] {
    let mut before = Vec::new();
    let places = [
        (ns::OMEMO_2_BUNDLES.to_owned(), device.to_string()),
        (format!("{}{device}", ns::OMEMO_LEGACY_BUNDLES), "current".to_owned()),
    ];
    for ((node, id), bundle) in places.into_iter().zip(bundles) {
        let items = lab.nodes.get_mut(&(jid(owner), node)).unwrap();
        let item = items.iter_mut().find(|(other, _)| *other == id).unwrap();
        before.push(std::mem::replace(&mut item.1, bundle));
    }
    before.try_into().unwrap()
}

pub(super) fn bundles_of(lab: &Lab, owner: &str, device: DeviceId) -> [Element; 2] {
    let of = |node: String, id: String| {
        let items = &lab.nodes[&(jid(owner), node)];
        items.iter().find(|(other, _)| *other == id).unwrap().1.clone()
    };
    [
        of(ns::OMEMO_2_BUNDLES.to_owned(), device.to_string()),
        of(format!("{}{device}", ns::OMEMO_LEGACY_BUNDLES), "current".to_owned()),
    ]
}

fn list_event(owner: &str, version: OmemoVersion, ids: &[DeviceId]) -> Element {
    let devices: Vec<wire::Listed> = ids.iter().map(|id| (*id, None)).collect();
    let item =
        Draft::new("item", ns::PUBSUB_EVENT).attr("id", "current").child(wire::list(version, &devices));
    let items = Draft::new("items", ns::PUBSUB_EVENT).attr("node", wire::list_node(version)).child(item);
    let event = Draft::new("event", ns::PUBSUB_EVENT).child(items);
    Draft::new("message", ns::CLIENT).attr("from", owner).child(event).into()
}

// Bundles are asked for without end.
#[test]
fn a_device_that_shows_its_first_key_again_is_not_asked_without_end() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "before");
    let device = own_device(&lab, BOB);
    let evil = lab.add("evil@b.example/1", &[]);
    let evils = bundles_of(&lab, "evil@b.example", own_device(&lab, evil));
    // The server shows another key once, and then the first again.
    let honest = swap_bundles(&mut lab, "bob@b.example", evils, device);
    lab.ask(ALICE, Command::RepairSessions(bob()));
    swap_bundles(&mut lab, "bob@b.example", honest, device);
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.last().unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Blind });
    lab.most_turns = 2_000;
    let questions = lab.asked.len();
    lab.send(ALICE, "bob@b.example", "secret");
    assert!(lab.asked.len() < questions + 20);
}

// The same key exchange is read again under the number of another device, which the server writes.
#[test]
fn a_key_exchange_is_read_once_whatever_device_it_says_to_come_from() {
    let mut lab = Lab::alice_and_bob();
    lab.send(BOB, "alice@a.example", "Transfer 100");
    let stanza = lab.messages.iter().find(|m| m.attr("from") == Some("bob@b.example/1")).unwrap().clone();
    let sid = format!("sid=\"{}\"", own_device(&lab, BOB));
    assert!(text_of(&stanza).contains(&sid) || text_of(&stanza).contains(&sid.replace('"', "'")));
    for (n, forged) in ["77", "78", "79"].into_iter().enumerate() {
        let copy = replaced(&stanza, &sid, &format!("sid=\"{forged}\""));
        let copy = replaced(&copy, &sid.replace('"', "'"), &format!("sid='{forged}'"));
        // A later copy, under another identifier.
        lab.devices[ALICE].rows.retain(|row| row.origin.is_some());
        let copy = with(copy, "id", &format!("copy{n}"));
        lab.deliver(ALICE, copy);
    }
    assert_eq!(lab.received(ALICE), ["Transfer 100"]);
}

// A key that is known under one number takes the place of another device's key without an alarm.
#[test]
fn a_known_key_under_the_number_of_another_device_is_an_alarm() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.send(ALICE, "bob@b.example", "to both");
    let (first, other) = (own_device(&lab, BOB), own_device(&lab, second));
    let evils = bundles_of(&lab, "bob@b.example", other);
    // Alice has compared the first device.
    let key =
        lab.devices[ALICE].ledger.encryption.keys.iter().find(|k| k.0 == bob() && k.1 == first).unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint: key, trust: Trust::Verified });
    swap_bundles(&mut lab, "bob@b.example", evils, first);
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeyReplaced { jid: bob(), device: first }]);
}

// A message that waits goes out when it can.
#[test]
fn what_waits_goes_out_when_a_list_tells_of_a_device_that_may_read_it() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "before");
    let device = own_device(&lab, BOB);
    let evil = lab.add("evil@b.example/1", &[]);
    let evils = bundles_of(&lab, "evil@b.example", own_device(&lab, evil));
    swap_bundles(&mut lab, "bob@b.example", evils, device);
    lab.ask(ALICE, Command::RepairSessions(bob()));
    let id = lab.send(ALICE, "bob@b.example", "waits");
    assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
    lab.ask(ALICE, Command::LookUpKeys(bob()));
    // Bob installs another program.
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    assert_eq!(lab.devices[ALICE].readiness[&bob()], Readiness::Ready);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert_eq!(lab.received(second), ["waits"]);
}

// A key of ours that was given up counts as one that a person has compared.
#[test]
fn a_key_that_we_gave_up_is_not_a_compared_one() {
    for restarts in [0, 1] {
        let mut lab = Lab::alice_and_bob();
        lab.devices[ALICE].vault = Vault::Broken(VaultKey([9; 32]));
        lab.start(ALICE);
        lab.devices[ALICE].vault = Vault::Open(VaultKey([9; 32]));
        (0..restarts).for_each(|_| lab.start(ALICE));
        let second = lab.add("alice@a.example/2", &["bob@b.example"]);
        lab.send(ALICE, "bob@b.example", "to all of us");
        let sent: Vec<_> = lab.messages.iter().map(text_of).collect();
        let rid = format!("rid=\"{}\"", own_device(&lab, second));
        let reached = sent.iter().any(|m| m.contains(&rid) || m.contains(&rid.replace('"', "'")));
        assert!(
            reached,
            "{restarts}: our own new device gets nothing, though nobody has ever compared a key"
        );
    }
}

// and whoever has the stolen backup says which keys are to be trusted.
#[test]
fn whoever_has_our_old_keys_decides_nothing() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    let old = lab.devices[ALICE].ledger.clone();
    lab.devices[ALICE].vault = Vault::Broken(VaultKey([9; 32]));
    lab.start(ALICE);
    lab.devices[ALICE].vault = Vault::Open(VaultKey([9; 32]));
    lab.start(ALICE);
    // The thief has the old folder with its key, and the account.
    let thief = lab.add("alice@a.example/thief", &["bob@b.example"]);
    lab.devices[thief].ledger = old;
    lab.devices[thief].vault = Vault::Open(VaultKey([1; 32]));
    lab.start(thief);
    let keys = lab.devices[ALICE].ledger.encryption.keys.clone();
    let new = keys
        .iter()
        .find(|key| key.0 == jid("alice@a.example") && key.1 == own_device(&lab, ALICE))
        .unwrap()
        .2;
    let bobs = keys.iter().find(|key| key.0 == bob()).unwrap().2;
    lab.send(thief, "alice@a.example", "hello me");
    lab.ask(
        thief,
        Command::DecideTrust { jid: jid("alice@a.example"), fingerprint: new, trust: Trust::Verified },
    );
    lab.ask(thief, Command::DecideTrust { jid: bob(), fingerprint: bobs, trust: Trust::Distrusted });
    let trust = lab.devices[ALICE].ledger.encryption.keys.iter().find(|key| key.0 == bob()).unwrap().3;
    assert_eq!(trust, Trust::Blind);
}

// An actor that starts again in the same run makes new keys again.
#[test]
fn keys_are_renewed_once_for_one_broken_vault() {
    let mut lab = Lab::alice_and_bob();
    lab.devices[BOB].vault = Vault::Broken(VaultKey([9; 32]));
    lab.start(BOB);
    let new = own_device(&lab, BOB);
    assert_eq!(lab.devices[BOB].notices, [Notice::KeysRenewed]);
    // Until it was seen, it is told in each run.
    lab.ask(BOB, Command::AlarmSeen(Alarm::KeysRenewed));
    // Its server was changed, or its brain has panicked: `Memory::vault` and `App::vault` still say so.
    lab.start(BOB);
    assert_eq!(own_device(&lab, BOB), new);
    assert_eq!(lab.devices[BOB].notices, [Notice::KeysRenewed]);
}

// A stranger learns that we are here.
#[test]
fn a_stranger_who_writes_twice_learns_nothing() {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &[]);
    lab.add("bob@b.example/1", &[]);
    let mallory = lab.add("mallory@evil.example/1", &[]);
    lab.asked.clear();
    for n in 0..60 {
        lab.send(mallory, "bob@b.example", &format!("{n}"));
    }
    let asked = lab.asked.iter().filter(|to| *to == "mallory@evil.example").count();
    let from_bob =
        lab.messages.iter().filter(|message| message.attr("from") == Some("bob@b.example/1")).count();
    // (Mallory's own questions for her own lists go to her address as well.)
    assert_eq!((from_bob, asked), (0, 0));
}

// A stranger makes us keep keys for messages that never come.
#[test]
fn a_stranger_whose_messages_are_lost_fills_little() {
    let mut lab = Lab::new();
    lab.add("bob@b.example/1", &[]);
    let mallory = lab.add("mallory@evil.example/1", &[]);
    lab.send(mallory, "bob@b.example", "first");
    for _ in 0..2 {
        for n in 0..300 {
            let id = OriginId::new(&format!("lost{n}")).unwrap();
            let body = "lost".into();
            lab.ask_without_answers(mallory, Command::SendMessage { id, peer: jid("bob@b.example"), body });
            lab.lose_all_to(0);
        }
        lab.send(mallory, "bob@b.example", "last");
        let sessions = &lab.devices[0].ledger.encryption.sessions;
        let kept: usize = sessions.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!((200 * 76..200 * 76 + 2_000).contains(&kept), "{kept}");
    }
    assert_eq!(lab.received(0), ["first", "last", "last"]);
}

// A stranger raises alarms.
#[test]
fn strangers_raise_no_alarms() {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &[]);
    lab.add("bob@b.example/1", &[]);
    let mut mallories = Vec::new();
    for n in 0..5 {
        let mallory = lab.add(&format!("m{n}@evil.example/1"), &[]);
        lab.send(mallory, "bob@b.example", "x");
        mallories.push((own_device(&lab, mallory), lab.messages.last().unwrap().clone()));
    }
    lab.devices[BOB].rows.clear();
    lab.devices[BOB].notices.clear();
    for (device, stanza) in mallories {
        let stanza = replaced(&stanza, &device.to_string(), "4242");
        let stanza = with(stanza, "from", "mallory@evil.example/1");
        lab.deliver(BOB, stanza);
    }
    // That they could not be read is shown, and no more.
    assert_eq!(lab.received(BOB), ["<keys lost>"; 5]);
    assert!(lab.devices[BOB].notices.is_empty());
}

// One stanza with many keys for us costs seconds.
#[test]
fn one_stanza_costs_no_more_than_a_few_keys() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    lab.send(BOB, "alice@a.example", "two");
    lab.send(ALICE, "bob@b.example", "three");
    let last = lab.messages.last().unwrap().clone();
    let encrypted = last.get_child("encrypted", ns::OMEMO_2).unwrap();
    let keys = encrypted.get_child("header", ns::OMEMO_2).unwrap().get_child("keys", ns::OMEMO_2).unwrap();
    let key = keys.children().next().unwrap();
    // OMEMOAuthenticatedMessage { 1: mac[16], 2: OMEMOMessage { 1: n, 2: pn, 3: dh, 4: ciphertext } }: n is made 24,999.
    let bytes = crate::b64::decode(&key.text(), 2_048).unwrap();
    let inner = &bytes[20..];
    assert_eq!((bytes[0], bytes[1], bytes[18], inner[0]), (0x0a, 16, 0x12, 0x08));
    let mut message = vec![0x08, 0xa7, 0xc3, 0x01];
    message.extend(&inner[2..]);
    let mut forged = bytes[..18].to_vec();
    forged.extend([0x12, u8::try_from(message.len()).unwrap()]);
    forged.extend(message);
    let forged = crate::b64::encode(&forged);
    let rid = own_device(&lab, BOB).to_string();
    let many = |count: usize| -> Element {
        let one = format!("<key rid='{rid}'>{forged}</key>");
        let sid = own_device(&lab, ALICE);
        format!(
            "<message xmlns='jabber:client' from='alice@a.example/1' id='x{count}' type='chat'><encrypted xmlns='urn:xmpp:omemo:2'><header sid='{sid}'>\
             <keys jid='bob@b.example'>{}</keys></header><payload>AAAA</payload></encrypted></message>",
            one.repeat(count)
        )
        .parse()
        .unwrap()
    };
    let looked_at = |stanza: &Element| {
        let incoming = wire::read_encrypted(stanza, &bob(), own_device(&lab, BOB));
        incoming.iter().map(|incoming| incoming.keys.len()).sum::<usize>()
    };
    assert_eq!((looked_at(&many(1)), looked_at(&many(100))), (1, 3));
    let stanza = many(100);
    lab.deliver(BOB, stanza);
    assert_eq!(lab.received(BOB).last(), Some(&"<altered>"));
}

// A readable message vanishes because of what is beside it.
#[test]
fn something_empty_in_one_version_does_not_hide_a_text_in_the_other() {
    let mut lab = Lab::alice_and_bob();
    lab.nodes.retain(|(owner, node), _| *owner != bob() || !node.starts_with("urn:xmpp:omemo:2"));
    lab.deliver(ALICE, list_event("bob@b.example", OmemoVersion::Omemo2, &[]));
    lab.disconnect(BOB);
    lab.send(ALICE, "bob@b.example", "readable");
    let stanza = lab.messages.last().unwrap().clone();
    assert!(stanza.has_child("encrypted", ns::OMEMO_LEGACY));
    // Alice's other devices know the newer version and get an empty message in the same stanza; or a server adds it.
    let empty: Element = "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='5'/></encrypted>".parse().unwrap();
    let mut with_empty = stanza.clone();
    with_empty.append_child(empty);
    lab.devices[BOB].online = true;
    lab.deliver(BOB, with_empty);
    assert_eq!(lab.received(BOB), ["readable"]);
}

// One-time pre-keys that were used stay for ever when the program ends soon after.
#[test]
fn a_used_prekey_is_removed_after_a_restart_too() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    lab.start(BOB);
    lab.wait(Duration::from_secs(60));
    lab.wait(Duration::from_secs(60));
    let bundle = bundles_of(&lab, "bob@b.example", own_device(&lab, BOB))[0].clone();
    assert_eq!(wire::read_bundle(OmemoVersion::Omemo2, &bundle).unwrap().prekeys.len(), 99);
}

// Two take the same pre-key: the second is never read.
#[test]
fn who_took_a_prekey_that_was_used_is_read() {
    let mut lab = Lab::new();
    let alice = lab.add("alice@a.example/1", &["bob@b.example"]);
    let bob_at = lab.add("bob@b.example/1", &["alice@a.example", "carol@c.example"]);
    let carol = lab.add("carol@c.example/1", &["bob@b.example"]);
    lab.send(alice, "bob@b.example", "one");
    // Only the pre-key that Alice took is in the bundle that Carol gets, from a server that is late.
    let device = own_device(&lab, bob_at);
    let before = bundles_of(&lab, "bob@b.example", device);
    lab.wait(Duration::from_secs(30));
    let after = bundles_of(&lab, "bob@b.example", device);
    let ids = |bundle: &Element| wire::read_bundle(OmemoVersion::Omemo2, bundle).unwrap().prekeys;
    let (old, new) = (ids(&before[0]), ids(&after[0]));
    let used: Vec<_> = old.into_iter().filter(|key| !new.contains(key)).collect();
    let mut late = wire::read_bundle(OmemoVersion::Omemo2, &before[0]).unwrap();
    late.prekeys = used;
    swap_bundles(
        &mut lab,
        "bob@b.example",
        [wire::bundle(OmemoVersion::Omemo2, &late), after[1].clone()],
        device,
    );
    lab.send(carol, "bob@b.example", "two");
    assert_eq!(lab.received(bob_at), ["one", "two"]);
    swap_bundles(&mut lab, "bob@b.example", after, device);
    lab.wait(Duration::from_secs(30));
    lab.send(carol, "bob@b.example", "three");
    assert_eq!(lab.received(bob_at).last(), Some(&"three"));
}

// Devices of ours are taken off our list without a word.
#[test]
fn a_long_list_of_ours_keeps_all_its_devices() {
    let mut lab = Lab::new();
    let list: Vec<wire::Listed> = (1..=40).map(|id| (DeviceId::new(id).unwrap(), None)).collect();
    for version in OmemoVersion::ALL {
        let items = vec![("current".to_owned(), wire::list(version, &list))];
        lab.nodes.insert((jid("alice@a.example"), wire::list_node(version).to_owned()), items);
    }
    lab.add("alice@a.example/1", &["bob@b.example"]);
    let list = &lab.nodes[&(jid("alice@a.example"), ns::OMEMO_2_DEVICES.to_owned())].last().unwrap().1;
    assert_eq!(list.children().count(), 41);
}

// Our list is written over though nobody said that there is none.
#[test]
fn an_item_without_content_is_not_an_empty_list() {
    // The answer of a server that gives items without their payloads.
    let odd: Element = "<devices xmlns='urn:xmpp:omemo:2'><device id='7'/></devices>".parse().unwrap();
    let reply: Element = "<iq xmlns='jabber:client' type='result' id='1'/>".parse().unwrap();
    let empty: Element = format!(
        "<iq xmlns='jabber:client' type='result'><pubsub xmlns='{}'><items node='{}'><item id='current'/></items></pubsub></iq>",
        ns::PUBSUB,
        ns::OMEMO_2_DEVICES
    )
    .parse()
    .unwrap();
    let mut wrong = Vec::new();
    for (name, reply) in [("no items", reply), ("an item without payload", empty)] {
        let mut lab = Lab::new();
        lab.nodes.insert(
            (jid("alice@a.example"), ns::OMEMO_2_DEVICES.to_owned()),
            vec![("current".into(), odd.clone())],
        );
        lab.odd_list = Some(reply);
        lab.add("alice@a.example/1", &["bob@b.example"]);
        let list = &lab.nodes[&(jid("alice@a.example"), ns::OMEMO_2_DEVICES.to_owned())].last().unwrap().1;
        wrong.extend((!list.children().any(|device| device.attr("id") == Some("7"))).then_some(name));
    }
    assert_eq!(wrong, Vec::<&str>::new());
}

// Trust messages show up as unreadable rows on our devices that were not compared.
#[test]
fn decisions_for_other_devices_leave_no_row() {
    let mut lab = Lab::alice_and_bob();
    let second = lab.add("alice@a.example/2", &["bob@b.example"]);
    let third = lab.add("alice@a.example/3", &["bob@b.example"]);
    lab.send(ALICE, "bob@b.example", "one");
    lab.send(second, "bob@b.example", "two");
    let alices = jid("alice@a.example");
    let keys = |lab: &Lab, device: usize, of: DeviceId| {
        let mut keys = lab.devices[device].ledger.encryption.keys.iter();
        keys.find(|key| key.0 == alices && key.1 == of).unwrap().2
    };
    let of_second = keys(&lab, ALICE, own_device(&lab, second));
    lab.ask(
        ALICE,
        Command::DecideTrust { jid: alices.clone(), fingerprint: of_second, trust: Trust::Verified },
    );
    let bobs = lab.devices[ALICE].ledger.encryption.keys.iter().find(|key| key.0 == bob()).unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint: bobs, trust: Trust::Verified });
    assert_eq!(lab.received(third), Vec::<&str>::new());
}

// One contact uses up what is remembered of repairs, and nobody's session is begun anew any more.
#[test]
fn one_contact_does_not_use_up_all_repairs() {
    // Without Mallory it is begun anew (see `a_session_that_is_missing_is_begun_anew_after_a_while_and_once`).
    for forgeries in [0, 500] {
        let mut lab = Lab::new();
        lab.add("alice@a.example/1", &["bob@b.example"]);
        lab.add("bob@b.example/1", &["alice@a.example", "mallory@evil.example"]);
        lab.send(ALICE, "bob@b.example", "one");
        lab.send(BOB, "alice@a.example", "two");
        lab.send(ALICE, "bob@b.example", "three");
        let stanza = lab.messages.last().unwrap().clone();
        let alices = own_device(&lab, ALICE).to_string();
        // Messages of devices that do not exist.
        for n in 0..forgeries {
            let forged = replaced(&stanza, &alices, &(1_000_000 + n).to_string());
            lab.deliver(BOB, with(with(forged, "from", "mallory@evil.example/x"), "id", &format!("f{n}")));
        }
        lab.wait(Duration::from_secs(20));
        lab.wait(Duration::from_secs(2 * 3600));
        // Later a device of Alice writes of which Bob has nothing.
        let third = lab.add("alice@a.example/3", &["bob@b.example"]);
        let lost = replaced(&stanza, &alices, &own_device(&lab, third).to_string());
        let before = lab.messages.len();
        lab.deliver(BOB, with(lost, "id", "lost"));
        lab.wait(Duration::from_secs(20));
        assert!(lab.messages.len() > before, "no session is begun anew after {forgeries} forgeries");
    }
}

// The same without anybody's decision: our own server writes another number into a key exchange that it has passed on.
#[test]
fn a_server_that_changes_numbers_does_not_make_us_ask_without_end() {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "before");
    // Bob's second program knows the older version only.
    lab.refuses = vec![("urn:xmpp:omemo:2", "internal-server-error")];
    let second = lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.send(second, "alice@a.example", "salut");
    let stanza = lab.messages.iter().find(|m| m.attr("from") == Some("bob@b.example/2")).unwrap().clone();
    lab.refuses.clear();
    let (first, other) = (own_device(&lab, BOB), own_device(&lab, second));
    let legacy = wire::list(OmemoVersion::Legacy, &[(other, None)]);
    lab.nodes.insert((bob(), ns::OMEMO_LEGACY_DEVICES.to_owned()), vec![("current".to_owned(), legacy)]);
    lab.disconnect(BOB);
    lab.deliver(ALICE, list_event("bob@b.example", OmemoVersion::Legacy, &[other]));
    let forged = replaced(&stanza, &format!("sid='{other}'"), &format!("sid='{first}'"));
    let forged = replaced(&forged, &format!("sid=\"{other}\""), &format!("sid=\"{first}\""));
    assert_ne!(text_of(&forged), text_of(&stanza));
    lab.deliver(ALICE, with(forged.clone(), "id", "again"));
    assert_eq!(lab.devices[ALICE].notices, [], "no alarm");
    lab.most_turns = 2_000;
    lab.send(ALICE, "bob@b.example", "secret");
}

// A device's number is taken from it, after which another key under it is no news.
#[test]
fn a_key_that_was_moved_leaves_an_alarm_behind() {
    let mut lab = Lab::alice_and_bob();
    lab.send(BOB, "alice@a.example", "one");
    let stanza = lab.messages.iter().find(|m| m.attr("from") == Some("bob@b.example/1")).unwrap().clone();
    let first = own_device(&lab, BOB);
    lab.deliver(ALICE, with(replaced(&stanza, &first.to_string(), "77"), "id", "again"));
    let evil = lab.add("evil@b.example/1", &[]);
    let evils = bundles_of(&lab, "evil@b.example", own_device(&lab, evil));
    swap_bundles(&mut lab, "bob@b.example", evils, first);
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeyReplaced { jid: bob(), device: first }]);
}

/// One key exchange that nobody has read yet, under ever other addresses.
#[test]
fn one_key_under_ever_other_addresses_fills_little() {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &[]);
    lab.add("bob@b.example/1", &[]);
    let mallory = lab.add("mallory@evil.example/1", &[]);
    lab.send(mallory, "bob@b.example", "first");
    assert_eq!(lab.received(BOB), ["first"]);
    // A new session with the same key.
    lab.disconnect(BOB);
    lab.devices[mallory].ledger.encryption.sessions.clear();
    lab.start(mallory);
    lab.send(mallory, "bob@b.example", "second");
    let stanza: Element = lab.offline.remove(&bob()).unwrap().pop().unwrap();
    lab.connect(BOB);
    for n in 0..2_300 {
        lab.deliver(BOB, with(stanza.clone(), "from", &format!("m{n}@evil.example/1")));
    }
    let kept = lab.devices[BOB].ledger.encryption.keys.len();
    assert!(
        kept <= 2_010,
        "{kept} keys of strangers are kept, and {} sessions",
        lab.devices[BOB].ledger.encryption.sessions.len()
    );
}
