//! What was encrypted and what was in clear are never taken for one another.

use causerie_model::{
    BareJid, Body, Change, DeviceId, Direction, Event, Fingerprint, Left, MessageState, NewMessage,
    OmemoVersion, OriginId, Privacy, Problem, Protection, Seal, Sealing, Trust, Unreached, UnreachedDevice,
    Unreadable,
};

use super::lab::{Lab, bob, change, incoming, jid, outgoing, stanza, text};

fn seal(byte: u8) -> Protection {
    let fingerprint = Fingerprint([byte; 32]);
    Protection::Encrypted(Some(Seal {
        version: OmemoVersion::Omemo2,
        fingerprint,
        trust: Trust::Blind,
        written: None,
    }))
}

fn sealed(message: NewMessage) -> NewMessage {
    NewMessage { protection: seal(1), ..message }
}

fn unreadable(message: NewMessage, why: Unreadable) -> NewMessage {
    NewMessage { body: Body::Unreadable(why), protection: Protection::Encrypted(None), ..message }
}

fn to_send(message: NewMessage) -> NewMessage {
    NewMessage { protection: Protection::Encrypted(None), ..message }
}

impl Lab {
    fn protections(&self) -> Vec<(String, Protection)> {
        let page = self.page().into_iter();
        page.map(|message| (text(&message), message.protection)).collect()
    }
}

#[tokio::test]
async fn how_a_message_was_protected_comes_back() {
    let mut lab = Lab::new().await;
    let mut all = vec![Protection::Clear, Protection::Encrypted(None)];
    for version in OmemoVersion::ALL {
        for trust in [Trust::Undecided, Trust::Blind, Trust::Verified, Trust::Distrusted] {
            all.push(Protection::Encrypted(Some(Seal {
                version,
                fingerprint: Fingerprint([7; 32]),
                trust,
                written: None,
            })));
        }
    }
    for (protection, n) in all.iter().zip(0..) {
        let message = incoming(&format!("i{n}"), &format!("mot {n}"), n);
        lab.commit(vec![change(NewMessage { protection: *protection, ..message })]).await;
    }
    lab.restart();
    let page = lab.page();
    assert!(page.iter().map(|message| message.protection).eq(all.iter().copied()));
    assert_eq!(lab.reader.message(page[3].id).unwrap().unwrap().message, page[3]);
    let found = lab.reader.search("mot", Some(lab.account), Some(&bob()), None, 100).unwrap();
    assert!(found.into_iter().rev().map(|found| found.message).eq(page));
}

#[tokio::test]
async fn an_encrypted_message_that_comes_twice_is_one() {
    let lab = Lab::new().await;
    let message = sealed(incoming("i1", "text", 1));
    lab.commit(vec![change(message.clone())]).await;
    assert_eq!(lab.commit(vec![change(message.clone())]).await, []);
    // From the archive, and by then the key was verified: what was so when it came stays.
    let later = Seal {
        version: OmemoVersion::Omemo2,
        fingerprint: Fingerprint([1; 32]),
        trust: Trust::Verified,
        written: None,
    };
    let archived =
        NewMessage { stanza: stanza("s1"), protection: Protection::Encrypted(Some(later)), ..message };
    assert_eq!(lab.commit(vec![change(archived.clone()), change(archived)]).await, []);
    assert_eq!(lab.protections(), [("text".to_owned(), seal(1))]);
}

#[tokio::test]
async fn a_copy_in_clear_neither_replaces_nor_joins_an_encrypted_message() {
    let lab = Lab::new().await;
    let named = |message| NewMessage { stanza: stanza("s1"), ..message };
    // By the author's identifier, by the archive's, by both.
    lab.commit(vec![change(sealed(incoming("i1", "text", 1)))]).await;
    lab.commit(vec![change(incoming("i1", "text", 1))]).await;
    assert_eq!(lab.protections(), [("text".to_owned(), seal(1)), ("text".to_owned(), Protection::Clear)]);
    lab.commit(vec![change(named(sealed(incoming("i2", "secret", 2))))]).await;
    lab.commit(vec![change(named(incoming("i2", "secret", 2)))]).await;
    lab.commit(vec![change(NewMessage { origin: None, ..named(incoming("", "forged", 2)) })]).await;
    let secret = [("secret".to_owned(), seal(1)), ("secret".to_owned(), Protection::Clear)];
    assert_eq!(lab.protections()[2..], secret);
    // All of it again changes nothing.
    let again = vec![
        change(sealed(incoming("i1", "text", 1))),
        change(incoming("i1", "text", 1)),
        change(named(sealed(incoming("i2", "secret", 2)))),
        change(named(incoming("i2", "secret", 2))),
    ];
    assert_eq!(lab.commit(again).await, []);
    assert_eq!(lab.page().len(), 4);
}

#[tokio::test]
async fn a_forged_copy_in_clear_that_comes_first_does_not_take_the_encrypted_ones_place() {
    let lab = Lab::new().await;
    let forged = NewMessage { stanza: stanza("s1"), ..incoming("i1", "forged", 1) };
    lab.commit(vec![change(forged.clone())]).await;
    let real = sealed(NewMessage { stanza: stanza("s1"), ..incoming("i1", "real", 2) });
    let events = lab.commit(vec![change(real)]).await;
    assert!(events.iter().any(|event| matches!(event, Event::MessageReceived { .. })));
    assert_eq!(lab.commit(vec![change(forged)]).await, []);
    assert_eq!(lab.protections(), [("forged".to_owned(), Protection::Clear), ("real".to_owned(), seal(1))]);
}

#[tokio::test]
async fn an_encrypted_message_that_could_not_be_read_becomes_readable_with_its_seal() {
    let lab = Lab::new().await;
    let named = |message| NewMessage { stanza: stanza("s1"), ..message };
    let lost = unreadable(named(incoming("i1", "", 1)), Unreadable::KeysLost);
    lab.commit(vec![change(lost.clone())]).await;
    assert_eq!(lab.protections(), [("KeysLost".to_owned(), Protection::Encrypted(None))]);
    let read = sealed(named(incoming("i1", "at last", 1)));
    assert_eq!(lab.commit(vec![change(read.clone())]).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.protections(), [("at last".to_owned(), seal(1))]);
    assert_eq!(lab.commit(vec![change(read), change(lost)]).await, []);
    // Whoever can make it come once more can't put another text or seal in its place.
    let other = NewMessage { protection: seal(2), ..named(incoming("i1", "other", 1)) };
    assert_eq!(lab.commit(vec![change(other)]).await, []);
    assert_eq!(lab.protections(), [("at last".to_owned(), seal(1))]);
}

#[tokio::test]
async fn what_could_not_be_read_is_not_filled_in_by_the_other_kind() {
    let named = |message| NewMessage { stanza: stanza("s1"), ..message };
    for why in [
        Unreadable::NotForThisDevice,
        Unreadable::KeysLost,
        Unreadable::Altered,
        Unreadable::KeyReplaced,
        Unreadable::Misdirected,
    ] {
        let lab = Lab::new().await;
        lab.commit(vec![change(unreadable(named(incoming("i1", "", 1)), why))]).await;
        lab.commit(vec![change(named(incoming("i1", "forged", 1)))]).await;
        let both =
            [(format!("{why:?}"), Protection::Encrypted(None)), ("forged".to_owned(), Protection::Clear)];
        assert_eq!(lab.protections(), both);
        assert_eq!(lab.search("forged"), ["forged"]);
    }
    let lab = Lab::new().await;
    let large = NewMessage { body: Body::Unreadable(Unreadable::OverLimits), ..named(incoming("i1", "", 1)) };
    lab.commit(vec![change(large), change(sealed(named(incoming("i1", "text", 1))))]).await;
    assert_eq!(
        lab.protections(),
        [("OverLimits".to_owned(), Protection::Clear), ("text".to_owned(), seal(1))]
    );
}

#[tokio::test]
async fn our_encrypted_message_waits_as_one_and_is_not_sent_by_a_copy_in_clear() {
    let mut lab = Lab::new().await;
    lab.commit(vec![change(to_send(outgoing("o1", "secret", 1))), change(outgoing("o2", "open", 2))]).await;
    let copy = NewMessage { state: MessageState::Sent, stanza: stanza("s1"), ..outgoing("o1", "secret", 1) };
    lab.commit(vec![change(copy.clone())]).await;
    lab.restart();
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    let waiting: Vec<_> = pending.iter().map(|pending| (pending.id.as_str(), pending.privacy)).collect();
    assert_eq!(waiting, [("o1", Privacy::Encrypted), ("o2", Privacy::Clear)]);
    // One that is encrypted says that the provider has it.
    let back = NewMessage { protection: seal(1), ..copy };
    assert_eq!(lab.commit(vec![change(back)]).await, [Event::ConversationChanged(bob())]);
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    assert_eq!(pending.iter().map(|pending| pending.id.as_str()).collect::<Vec<_>>(), ["o2"]);
    assert_eq!(lab.page()[0].protection, Protection::Encrypted(None));
}

#[tokio::test]
async fn what_waits_in_clear_waits_encrypted_from_then_on_and_never_the_other_way_round() {
    let mut lab = Lab::new().await;
    let id = |id: &str| OriginId::new(id).unwrap();
    let protected =
        |name: &str, protection| Change::MessageProtected { peer: bob(), id: id(name), protection };
    let sent = NewMessage { state: MessageState::Sent, ..outgoing("o3", "gone", 3) };
    let encrypted = Protection::Encrypted(None);
    lab.commit(vec![
        change(outgoing("o1", "secret", 1)),
        change(to_send(outgoing("o2", "secret too", 2))),
        change(sent),
    ])
    .await;
    assert_eq!(lab.commit(vec![protected("o1", encrypted)]).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.commit(vec![protected("o1", encrypted), protected("o3", encrypted)]).await, []);
    assert_eq!(lab.commit(vec![protected("o2", Protection::Clear)]).await, []);
    lab.restart();
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    let waiting: Vec<_> = pending.iter().map(|pending| (pending.id.as_str(), pending.privacy)).collect();
    assert_eq!(waiting, [("o1", Privacy::Encrypted), ("o2", Privacy::Encrypted)]);
    let all: Vec<_> = lab.page().into_iter().map(|message| message.protection).collect();
    assert_eq!(all, [encrypted, encrypted, Protection::Clear]);
}

#[tokio::test]
async fn a_copy_in_clear_of_our_message_never_waits_to_be_sent() {
    let lab = Lab::new().await;
    let id = OriginId::new("o1").unwrap();
    let moved = |state| Change::MessageStateChanged { peer: bob(), id: id.clone(), state };
    let forged = NewMessage { state: MessageState::Sent, ..outgoing("o1", "forged", 2) };
    lab.commit(vec![change(to_send(outgoing("o1", "secret", 1))), change(forged)]).await;
    lab.commit(vec![moved(MessageState::Failed(Problem::NoKeys))]).await;
    assert_eq!(lab.page()[1].state, MessageState::Sent);
    // The person tries again.
    lab.commit(vec![moved(MessageState::Pending)]).await;
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    assert_eq!(pending.len(), 1);
    assert_eq!((pending[0].body.as_str(), pending[0].privacy), ("secret", Privacy::Encrypted));
}

#[tokio::test]
async fn devices_that_a_message_has_not_reached_are_named() {
    let mut lab = Lab::new().await;
    let device = |id| DeviceId::new(id).unwrap();
    let own = jid("alice@chat.test");
    let unreached = |id: &str, devices: &[(BareJid, DeviceId, Unreached)]| {
        let id = OriginId::new(id).unwrap();
        let sealing = Sealing { versions: vec![OmemoVersion::Omemo2], beyond: 0 };
        vec![Change::MessageSealed { peer: bob(), id, sealing, unreached: devices.to_vec() }]
    };
    let listed = |label: Option<&str>| Change::DevicesListed {
        jid: bob(),
        version: OmemoVersion::Omemo2,
        devices: vec![(device(7), label.map(str::to_owned))],
    };
    let theirs = NewMessage { direction: Direction::Incoming, ..sealed(incoming("o1", "theirs", 3)) };
    lab.commit(vec![
        listed(Some("Portable")),
        change(to_send(outgoing("o1", "secret", 1))),
        change(outgoing("o2", "open", 2)),
        change(theirs),
    ])
    .await;
    let two = [(bob(), device(7), Unreached::NoKeys), (own.clone(), device(9), Unreached::Undecided)];
    assert_eq!(lab.commit(unreached("o1", &two)).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.commit(unreached("o1", &two)).await, []);
    assert_eq!(lab.commit(unreached("o2", &two)).await, []);
    assert_eq!(lab.commit(unreached("o3", &two)).await, []);
    // The name stays that of then.
    lab.commit(vec![listed(None)]).await;
    lab.restart();
    let named = vec![
        UnreachedDevice { jid: own, device: device(9), label: None, why: Unreached::Undecided },
        UnreachedDevice {
            jid: bob(),
            device: device(7),
            label: Some("Portable".to_owned()),
            why: Unreached::NoKeys,
        },
    ];
    let all: Vec<_> = lab.page().into_iter().map(|message| message.unreached).collect();
    assert_eq!(all, [named.clone(), Vec::new(), Vec::new()]);
    let sent = lab.reader.sent(lab.account, &bob(), &OriginId::new("o1").unwrap()).unwrap().unwrap();
    assert_eq!(sent.unreached, named);
    // Later the last of them was reached too.
    assert_eq!(lab.commit(unreached("o1", &[])).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.page()[0].unreached, []);
    // Whoever sends it in clear after all has no devices to miss.
    lab.commit(unreached("o1", &two)).await;
    let id = OriginId::new("o1").unwrap();
    let failed = MessageState::Failed(Problem::RemoteUnreachable);
    lab.commit(vec![
        Change::MessageStateChanged { peer: bob(), id: id.clone(), state: failed },
        Change::MessageProtected { peer: bob(), id, protection: Protection::Clear },
    ])
    .await;
    assert_eq!(lab.page()[0].unreached, []);
    let left = "SELECT count(*) FROM unreached";
    let left = lab
        .store
        .run("test", move |ledger| ledger.connection.query_row(left, (), |row| row.get::<_, i64>(0)));
    assert_eq!(left.await.unwrap(), 0_i64);
}

#[tokio::test]
async fn how_a_message_went_out_is_told() {
    let mut lab = Lab::new().await;
    let id = || OriginId::new("o1").unwrap();
    let sealed_in = |versions: &[OmemoVersion], beyond, unreached: &[DeviceId]| {
        let sealing = Sealing { versions: versions.to_vec(), beyond };
        let unreached = unreached.iter().map(|device| (bob(), *device, Unreached::NoKeys)).collect();
        vec![Change::MessageSealed { peer: bob(), id: id(), sealing, unreached }]
    };
    lab.commit(vec![change(to_send(outgoing("o1", "secret", 1)))]).await;
    assert_eq!(lab.page()[0].sealing, Sealing::default());
    assert_eq!(lab.store.restore(lab.account).await.unwrap().pending[0].left, Left::Unknown);
    let device = DeviceId::new(7).unwrap();
    for (versions, beyond, unreached) in [
        (&[OmemoVersion::Legacy][..], 0, &[][..]),
        (&[OmemoVersion::Omemo2], 8, &[device]),
        (&OmemoVersion::ALL, 9, &[device]),
        (&OmemoVersion::ALL, 9, &[]),
        (&OmemoVersion::ALL, 0, &[]),
    ] {
        let told = lab.commit(sealed_in(versions, beyond, unreached)).await;
        assert_eq!(told, [Event::ConversationChanged(bob())]);
        assert_eq!(lab.commit(sealed_in(versions, beyond, unreached)).await, []);
        lab.restart();
        let message = lab.page().remove(0);
        assert_eq!((message.sealing.beyond, message.unreached.len()), (beyond, unreached.len()));
        assert!(
            OmemoVersion::ALL.iter().all(|v| versions.contains(v) == message.sealing.versions.contains(v))
        );
        assert_eq!(message.protection, Protection::Encrypted(None));
    }
    assert_eq!(lab.store.restore(lab.account).await.unwrap().pending[0].left, Left::Sealed);
    // What is sent again in clear is so, and nothing more.
    let state = MessageState::Failed(Problem::PerhapsSent);
    lab.commit(vec![
        Change::MessageStateChanged { peer: bob(), id: id(), state },
        Change::MessageProtected { peer: bob(), id: id(), protection: Protection::Clear },
    ])
    .await;
    let message = lab.page().remove(0);
    assert_eq!((message.protection, message.sealing), (Protection::Clear, Sealing::default()));
}
