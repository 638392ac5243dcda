//! What was found when everything was looked at again.

use causerie_model::{
    Annotation, Arrival, Change, DeviceId, Direction, Fingerprint, MessageState, NewMessage, OmemoVersion,
    OriginId, Protection, Says, Seal, Trust,
};

use super::lab::{Lab, at, bob, change, incoming};

const KEY: Fingerprint = Fingerprint([7; 32]);

fn sealed(trust: Trust) -> Protection {
    let seal = Seal { version: OmemoVersion::Omemo2, fingerprint: KEY, trust, written: None };
    Protection::Encrypted(Some(seal))
}

fn said(origin: &str, target: &str, says: Says, millis: i64, protection: Protection) -> Annotation {
    Annotation {
        peer: bob(),
        author: Direction::Incoming,
        target: OriginId::new(target).unwrap(),
        says,
        origin: OriginId::new(origin),
        at: at(millis),
        arrival: Arrival::Live,
        state: MessageState::Received,
        protection,
    }
}

/// Who carries what is encrypted can keep a message back, and put `<replace/>` beside one of the older version. What was encrypted
/// stands in the place of the message that is not here, and nothing in clear alters it or takes it away.
#[tokio::test]
async fn what_was_encrypted_and_stands_in_is_altered_by_nothing_in_clear() {
    for says in [Says::Retraction(String::new()), Says::Correction("forged".to_owned())] {
        let lab = Lab::new().await;
        let words = Says::Correction("Meet me at nine".to_owned());
        lab.commit(vec![Change::Annotated(said("c1", "i1", words, 10, sealed(Trust::Verified)))]).await;
        assert_eq!(lab.texts(), ["Meet me at nine"]);
        lab.commit(vec![change(incoming("i1", "in clear", 11))]).await;
        let shown = lab.page().into_iter().find(|row| super::lab::text(row) == "Meet me at nine");
        let protection = shown.map(|row| row.protection);
        lab.commit(vec![Change::Annotated(said("x1", "i1", says, 12, Protection::Clear))]).await;
        assert!(
            lab.texts().contains(&"Meet me at nine".to_owned()),
            "{:?}; before: {protection:?}",
            lab.texts()
        );
        assert_eq!(protection, Some(sealed(Trust::Verified)));
    }
}

/// Who carries what is encrypted can put a message in clear before it, of a name of his own, and beside a text of the older version that it
/// corrects that one. The text was encrypted all the same.
#[tokio::test]
async fn what_was_encrypted_and_corrects_something_in_clear_is_altered_by_nothing_in_clear() {
    for says in [Says::Retraction(String::new()), Says::Correction("forged".to_owned())] {
        let lab = Lab::new().await;
        lab.commit(vec![change(incoming("i1", "in clear", 9))]).await;
        let words = Says::Correction("Meet me at nine".to_owned());
        lab.commit(vec![Change::Annotated(said("c1", "i1", words, 10, sealed(Trust::Verified)))]).await;
        assert!(lab.texts().contains(&"Meet me at nine".to_owned()));
        lab.commit(vec![Change::Annotated(said("x1", "i1", says, 12, Protection::Clear))]).await;
        assert!(lab.texts().contains(&"Meet me at nine".to_owned()), "{:?}", lab.texts());
    }
}

/// A correction by a device that is not trusted is shown as a message. It is gone when its author takes the message back that it corrects.
#[tokio::test]
async fn what_is_taken_back_takes_its_doubted_corrections_with_it() {
    let lab = Lab::new().await;
    let row = |origin: &str, text: &str, trust, millis| NewMessage {
        protection: sealed(trust),
        ..incoming(origin, text, millis)
    };
    let device = DeviceId::new(3).unwrap();
    lab.commit(vec![
        Change::KeySeen { jid: bob(), device, fingerprint: KEY, trust: Trust::Undecided, at: at(1) },
        change(row("i1", "first", Trust::Blind, 10)),
    ])
    .await;
    let words = Says::Correction("unmistakable".to_owned());
    lab.commit(vec![
        Change::AnnotationHeld(said("c1", "i1", words, 11, sealed(Trust::Undecided))),
        change(row("c1", "unmistakable", Trust::Undecided, 11)),
    ])
    .await;
    assert_eq!(lab.texts(), ["first", "unmistakable"]);
    let gone = Says::Retraction(String::new());
    lab.commit(vec![Change::Annotated(said("r1", "i1", gone, 12, sealed(Trust::Blind)))]).await;
    lab.store.flush().await.unwrap();
    let files = lab.bytes();
    let is_left = files.windows(12).any(|window| window == b"unmistakable");
    assert!(!is_left && lab.search("unmistakable").is_empty(), "{:?}", lab.texts());
}

/// The most usual stale device: it is on our list, and its keys are nowhere any more. It can't be removed if it can't be seen.
#[tokio::test]
async fn a_stale_device_of_ours_can_be_seen_though_its_key_never_was() {
    let lab = Lab::new().await;
    let own = super::lab::jid("alice@chat.test");
    let devices = vec![(DeviceId::new(7).unwrap(), Some("Old telephone".to_owned()))];
    lab.commit(vec![Change::DevicesListed { jid: own.clone(), version: OmemoVersion::Omemo2, devices }])
        .await;
    let shown = lab.reader.device_keys(lab.account, &own).unwrap();
    assert!(shown.iter().any(|device| device.device.get() == 7), "{shown:?}");
}

/// What is shown of a message in clear was encrypted, as it was corrected since. An answer in a conversation that is in clear again quotes
/// it, and a further correction begins with it: neither may go in clear.
#[tokio::test]
async fn what_was_corrected_encrypted_is_not_taken_for_something_in_clear() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i1", "in clear", 9))]).await;
    let words = Says::Correction("the code is 1234".to_owned());
    lab.commit(vec![Change::Annotated(said("c1", "i1", words, 10, sealed(Trust::Verified)))]).await;
    assert_eq!(lab.texts(), ["the code is 1234"]);
    // We answer it, and the program is started again before that has gone out.
    let reply =
        causerie_model::ReplyTo { id: OriginId::new("i1").unwrap(), author: Some(Direction::Incoming) };
    let answer = NewMessage { reply: Some(reply), ..super::lab::outgoing("o1", "I see", 11) };
    lab.commit(vec![change(answer)]).await;
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    let causerie_model::Purpose::Reply(reply) = &pending[0].purpose else { panic!("{pending:?}") };
    assert_eq!(
        (reply.quote.as_str(), reply.quoted),
        ("the code is 1234", causerie_model::Privacy::Encrypted),
        "with `Clear` the quote goes in clear"
    );
}

/// The same of a message of ours: written in clear, corrected when the conversation was encrypted, and corrected once more when it is in
/// clear again. The words that were encrypted are in that.
#[tokio::test]
async fn what_we_corrected_encrypted_is_not_corrected_in_clear() {
    let lab = Lab::new().await;
    let ours = |origin: &str, text: &str, millis, protection| Annotation {
        author: Direction::Outgoing,
        state: MessageState::Pending,
        ..said(origin, "m1", Says::Correction(text.to_owned()), millis, protection)
    };
    let sent = |id: &str| {
        let (peer, id) = (bob(), OriginId::new(id).unwrap());
        Change::MessageStateChanged { peer, id, state: MessageState::Sent }
    };
    lab.commit(vec![change(super::lab::outgoing("m1", "in clear", 9)), sent("m1")]).await;
    let secret = ours("c1", "the code is 1243", 10, Protection::Encrypted(None));
    lab.commit(vec![Change::Annotated(secret), sent("c1")]).await;
    let shown = lab.page().remove(0);
    assert_eq!(super::lab::text(&shown), "the code is 1243");
    // What the app goes by when the person corrects it.
    assert_ne!(shown.protection, Protection::Clear, "so the next correction would go in clear");
}
