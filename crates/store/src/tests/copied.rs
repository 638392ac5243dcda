//! What says that this device has sent it, and what tells whether it has.

use causerie_model::{
    Annotation, Arrival, Body, Change, DeviceId, Direction, Emoji, Event, MessageState, NewMessage, OriginId,
    Problem, Protection, Says, Told, Trust, Unreadable,
};

use super::lab::{Lab, at, bob, change, jid, outgoing, stanza};

fn device() -> DeviceId {
    DeviceId::new(7).unwrap()
}

fn reaction(origin: &str, millis: i64) -> Annotation {
    Annotation {
        peer: bob(),
        author: Direction::Outgoing,
        target: OriginId::new("i1").unwrap(),
        says: Says::Reactions(vec![Emoji::new("👍").unwrap()]),
        origin: OriginId::new(origin),
        at: at(millis),
        arrival: Arrival::Live,
        is_early: false,
        state: MessageState::Sent,
        protection: Protection::Encrypted(None),
    }
}

fn copied(origin: &str) -> Change {
    let message = NewMessage {
        body: Body::Unreadable(Unreadable::Copied),
        protection: Protection::Encrypted(None),
        state: MessageState::Sent,
        ..outgoing(origin, "ours", 1)
    };
    Change::MessageCopied { message, device: device(), also: None }
}

impl Lab {
    async fn copy_seen(&self) -> Option<DeviceId> {
        self.store.restore(self.account).await.unwrap().encryption.copied
    }
}

#[tokio::test]
async fn what_another_copy_of_this_device_has_sent_has_a_row_and_is_told_once() {
    let lab = Lab::new().await;
    lab.commit(vec![change(outgoing("m1", "ours", 1)), Change::Annotated(reaction("e1", 2))]).await;
    let events = lab.commit(vec![copied("m1"), copied("e1")]).await;
    assert_eq!((events, lab.texts()), (vec![], vec!["ours".to_owned()]));
    assert_eq!(lab.copy_seen().await, None);
    let events = lab.commit(vec![copied("m2"), copied("m2")]).await;
    assert_eq!(events.iter().filter(|event| **event == Event::CopySeen(device())).count(), 1);
    assert_eq!(lab.texts(), ["ours", "Copied"]);
    assert_eq!(lab.copy_seen().await, Some(device()));
}

#[tokio::test]
async fn what_is_ours_by_another_name_is_ours() {
    let lab = Lab::new().await;
    let ours = NewMessage { stanza: stanza("s1"), ..outgoing("m1", "ours", 1) };
    lab.commit(vec![change(ours)]).await;
    let renamed = |named: Option<&str>, also: Option<&str>| {
        let Change::MessageCopied { message, device, .. } = copied("renamed") else { unreachable!() };
        let message = NewMessage { stanza: named.and_then(stanza), ..message };
        Change::MessageCopied { message, device, also: also.and_then(OriginId::new) }
    };
    lab.commit(vec![renamed(Some("s1"), None), renamed(None, Some("m1"))]).await;
    assert_eq!((lab.texts().len(), lab.copy_seen().await), (1, None));
    lab.commit(vec![renamed(Some("s2"), Some("m2"))]).await;
    assert_eq!((lab.texts().len(), lab.copy_seen().await), (2, Some(device())));
}

/// A day has to pass before that counts again, over all runs.
#[tokio::test]
async fn when_keys_were_renewed_for_a_copy_is_kept_when_another_one_is_seen() {
    let lab = Lab::new().await;
    let renewed = || async { lab.store.restore(lab.account).await.unwrap().encryption.renewed };
    lab.commit(vec![copied("m1")]).await;
    assert_eq!(renewed().await, None);
    lab.commit(vec![Change::CopyAnswered(at(7))]).await;
    lab.commit(vec![copied("m2")]).await;
    assert_eq!((renewed().await, lab.copy_seen().await), (Some(at(7)), Some(device())));
}

/// After new keys: the archive lists what the device before has sent, and the program can't read it.
#[tokio::test]
async fn what_we_have_sent_with_keys_that_are_gone_has_no_second_row() {
    let lab = Lab::new().await;
    let encrypted = |message| NewMessage { protection: Protection::Encrypted(None), ..message };
    lab.commit(vec![
        change(encrypted(outgoing("m1", "ours", 1))),
        change(encrypted(outgoing("m2", "doubtful", 2))),
        Change::Annotated(reaction("e1", 3)),
        Change::MessageStateChanged {
            peer: bob(),
            id: OriginId::new("m2").unwrap(),
            state: MessageState::Failed(Problem::PerhapsSent),
        },
    ])
    .await;
    let lost = |origin: &str, why| {
        let named = outgoing(origin, "", 5);
        let body = Body::Unreadable(why);
        change(encrypted(NewMessage { body, state: MessageState::Sent, stanza: stanza(origin), ..named }))
    };
    for why in [Unreadable::NotForThisDevice, Unreadable::KeysLost] {
        lab.commit(["m1", "m2", "e1"].map(|origin| lost(origin, why)).to_vec()).await;
    }
    assert_eq!(lab.texts(), ["ours", "doubtful"]);
    let page = lab.page();
    assert_eq!(page[0].state, MessageState::Sent);
    assert_eq!(page[1].state, MessageState::Failed(Problem::PerhapsSent));
    // What is not ours by any name has its row.
    lab.commit(vec![lost("m3", Unreadable::NotForThisDevice)]).await;
    assert_eq!(lab.texts().len(), 3);
}

/// Messages that were taken back, and what was said of messages so often that it is not kept.
#[tokio::test]
async fn what_was_ours_and_is_not_here_any_more_is_no_sign_of_a_copy() {
    let lab = Lab::new().await;
    lab.commit(vec![change(outgoing("m1", "ours", 1))]).await;
    let gone = Says::Retraction(String::new());
    let target = OriginId::new("m1").unwrap();
    lab.commit(vec![Change::Annotated(Annotation { says: gone, target, ..reaction("r1", 2) })]).await;
    let names: Vec<String> = (0..100).map(|n| format!("e{n}")).collect();
    for (name, millis) in names.iter().zip(3..) {
        lab.commit(vec![Change::Annotated(reaction(name, millis))]).await;
    }
    let sql = "SELECT count(*) FROM annotation WHERE kind = 'reactions'";
    let kept = lab.store.run("test", move |ledger| ledger.connection.query_row(sql, (), |row| row.get(0)));
    assert!(kept.await.is_ok_and(|kept: i64| kept < 50), "some are not here any more");
    lab.commit(names.iter().map(String::as_str).chain(["m1", "r1"]).map(copied).collect()).await;
    assert_eq!((lab.texts().len(), lab.copy_seen().await), (1, None));
}

#[tokio::test]
async fn what_is_from_before_all_names_were_kept_is_no_sign_of_a_copy() {
    let lab = Lab::new().await;
    lab.sql("UPDATE account SET names_since = 2").await;
    lab.commit(vec![copied("m1")]).await;
    assert_eq!((lab.texts().len(), lab.copy_seen().await), (0, None));
}

#[tokio::test]
async fn what_a_device_has_told_is_kept_until_it_is_replaced() {
    let lab = Lab::new().await;
    let [one, two] = [1, 2].map(|n| causerie_model::Fingerprint([n; 32]));
    let told = |teller, name: &str, trust| Told {
        teller,
        jid: jid(name),
        fingerprint: two,
        trust,
        at: at(5),
        since: at(6),
    };
    let first = told(one, "bob@chat.test", Trust::Verified);
    let (second, third) =
        (told(one, "carol@chat.test", Trust::Distrusted), told(two, "x@y.test", Trust::Verified));
    let set =
        |teller, told: &[&Told]| Change::ToldSet { teller, told: told.iter().copied().cloned().collect() };
    let kept = || async { lab.store.restore(lab.account).await.unwrap().encryption.told };
    lab.commit(vec![set(one, &[&first, &second]), set(two, &[&third])]).await;
    assert_eq!(kept().await, [first, second.clone(), third.clone()]);
    lab.commit(vec![set(one, &[&second])]).await;
    assert_eq!(kept().await, [second, third]);
    lab.commit(vec![set(one, &[]), set(two, &[])]).await;
    assert_eq!(kept().await, []);
}
