//! What was in clear and corrected encrypted is encrypted from then on: nothing in clear changes it, and nothing of it goes out in clear.

use causerie_model::{
    Annotation, Arrival, Change, Direction, Fingerprint, Message, MessageState, NewMessage, OmemoVersion,
    OriginId, Privacy, Protection, Purpose, ReplyTo, Says, Seal, Trust,
};

use super::lab::{Lab, at, bob, change, incoming, outgoing, text};
use crate::migrate::STEPS;
use crate::{Options, Store};

const KEY: Fingerprint = Fingerprint([7; 32]);

fn sealed() -> Protection {
    sealed_in(OmemoVersion::Omemo2)
}

fn sealed_in(version: OmemoVersion) -> Protection {
    Protection::Encrypted(Some(Seal { version, fingerprint: KEY, trust: Trust::Verified, written: None }))
}

fn corrected(text: &str) -> Says {
    Says::Correction(text.to_owned())
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
        is_early: false,
        state: MessageState::Received,
        protection,
    }
}

/// What is said in clear to alter a message or take it away.
fn alterations() -> [Says; 2] {
    [Says::Retraction(String::new()), corrected("forged")]
}

impl Lab {
    async fn says(&self, origin: &str, target: &str, says: Says, millis: i64, protection: Protection) {
        self.commit(vec![Change::Annotated(said(origin, target, says, millis, protection))]).await;
    }

    /// The one message that says this.
    fn saying(&self, words: &str) -> Message {
        let mut found: Vec<Message> =
            self.page().into_iter().filter(|message| text(message) == words).collect();
        assert_eq!(found.len(), 1, "{:?}", self.texts());
        found.remove(0)
    }
}

/// Who carries what is encrypted can keep a message back, and send another one of its name in clear. What was encrypted stands in the place
/// of the message that is not here, and nothing in clear alters it or takes it away; when the message comes, it is one with it.
#[tokio::test]
async fn what_was_encrypted_and_stands_in_is_altered_by_nothing_in_clear() {
    for says in alterations() {
        let lab = Lab::new().await;
        lab.says("c1", "i1", corrected("Meet me at nine"), 10, sealed()).await;
        lab.commit(vec![change(incoming("i1", "in clear", 11))]).await;
        lab.says("x1", "i1", says, 12, Protection::Clear).await;
        assert_eq!(lab.saying("Meet me at nine").protection, sealed());
        let original = NewMessage { protection: sealed(), ..incoming("i1", "Meet me at eight", 9) };
        lab.commit(vec![change(original)]).await;
        assert!(lab.saying("Meet me at nine").annotations.edited.is_some());
        assert!(!lab.texts().contains(&"Meet me at eight".to_owned()), "{:?}", lab.texts());
    }
}

/// Who carries what is encrypted can put a message in clear before it, of the name that it corrects.
#[tokio::test]
async fn what_was_encrypted_and_corrects_something_in_clear_is_altered_by_nothing_in_clear() {
    for says in alterations() {
        let lab = Lab::new().await;
        lab.commit(vec![change(incoming("i1", "in clear", 9))]).await;
        lab.says("c1", "i1", corrected("Meet me at nine"), 10, sealed()).await;
        // At the same time, too: who carries messages says when they were sent.
        lab.says("x1", "i1", says, 10, Protection::Clear).await;
        lab.says("e1", "i1", Says::Reactions(Vec::new()), 12, Protection::Clear).await;
        assert_eq!(lab.saying("Meet me at nine").protection, sealed());
        assert!(lab.page().iter().all(|row| text(row) != "forged" || row.protection == Protection::Clear));
        // What is encrypted still counts.
        lab.says("c2", "i1", corrected("Meet me at ten"), 13, sealed()).await;
        assert_eq!(lab.saying("Meet me at ten").protection, sealed());
        lab.says("r1", "i1", Says::Retraction(String::new()), 14, sealed()).await;
        assert!(!lab.texts().iter().any(|text| text.starts_with("Meet")), "{:?}", lab.texts());
    }
}

/// In the older version, which message a text corrects stands in clear beside it: whoever carries it can have put that there, and can have
/// sent the message that it names.
#[tokio::test]
async fn what_names_its_message_beside_it_takes_the_place_of_none_in_clear() {
    let lab = Lab::new().await;
    let older = sealed_in(OmemoVersion::Legacy);
    lab.commit(vec![change(incoming("i1", "in clear", 9))]).await;
    lab.says("c1", "i1", corrected("Meet me at nine"), 10, older).await;
    assert_eq!(lab.texts(), ["in clear", "Meet me at nine"]);
    lab.says("r1", "i1", Says::Retraction(String::new()), 11, Protection::Clear).await;
    assert_eq!(lab.texts(), ["(retracted)", "Meet me at nine"]);
    assert_eq!(lab.saying("Meet me at nine").protection, older);
    // Of one that was encrypted it is a correction, as ever.
    let secret = NewMessage { protection: older, ..incoming("i2", "Where?", 12) };
    lab.commit(vec![change(secret)]).await;
    lab.says("c2", "i2", corrected("Where exactly?"), 13, older).await;
    assert!(lab.saying("Where exactly?").annotations.edited.is_some());
}

/// Whoever carries messages can say of one in clear that it was sent next year.
#[tokio::test]
async fn what_is_encrypted_counts_more_than_what_was_said_in_clear_in_any_order() {
    let words = [("second", 10, sealed()), ("third", 20, Protection::Clear)];
    for order in [[0, 1], [1, 0]] {
        let lab = Lab::new().await;
        lab.commit(vec![change(incoming("i1", "first", 9))]).await;
        for (text, millis, protection) in order.map(|place| words[place]) {
            let said = said(text, "i1", corrected(text), millis, protection);
            lab.commit(vec![Change::Annotated(Annotation { arrival: Arrival::Kept, ..said })]).await;
        }
        assert_eq!(lab.saying("second").protection, sealed(), "{order:?}");
        let clear = lab.page().into_iter().filter(|row| text(row) != "second");
        assert!(clear.into_iter().all(|row| row.protection == Protection::Clear), "{order:?}");
    }
}

/// A correction in clear waits, and the person chooses then that everything is encrypted: so goes the correction, and its text is secret from
/// then on.
#[tokio::test]
async fn what_waits_as_a_correction_and_is_encrypted_after_all_makes_what_it_corrects_so() {
    let lab = Lab::new().await;
    lab.commit(vec![change(outgoing("o1", "in clear", 9))]).await;
    let waits = Annotation {
        author: Direction::Outgoing,
        state: MessageState::Pending,
        ..said("c1", "o1", corrected("the code is 1234"), 10, Protection::Clear)
    };
    lab.commit(vec![Change::Annotated(waits)]).await;
    assert_eq!(lab.saying("the code is 1234").protection, Protection::Clear);
    let (peer, id) = (bob(), OriginId::new("c1").unwrap());
    lab.commit(vec![Change::MessageProtected { peer, id, protection: Protection::Encrypted(None) }]).await;
    assert_ne!(lab.saying("the code is 1234").protection, Protection::Clear);
}

/// What is shown of a message in clear was encrypted, as it was corrected since. An answer in a conversation that is in clear again quotes
/// it, and a further correction begins with it: neither may go in clear.
#[tokio::test]
async fn what_was_corrected_encrypted_is_not_quoted_in_clear() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i1", "in clear", 9))]).await;
    lab.says("c1", "i1", corrected("the code is 1234"), 10, sealed()).await;
    // What the app goes by when the person answers it.
    assert_eq!(lab.saying("the code is 1234").protection, sealed());
    // We answer it, and the program is started again before that has gone out.
    let reply = ReplyTo { id: OriginId::new("i1").unwrap(), author: Some(Direction::Incoming) };
    let answer = NewMessage { reply: Some(reply), ..outgoing("o1", "I see", 11) };
    lab.commit(vec![change(answer)]).await;
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    let Purpose::Reply(reply) = &pending[0].purpose else { panic!("{pending:?}") };
    assert_eq!(
        (reply.quote.as_str(), reply.quoted),
        ("the code is 1234", Privacy::Encrypted),
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
        ..said(origin, "m1", corrected(text), millis, protection)
    };
    let sent = |id: &str| {
        let (peer, id) = (bob(), OriginId::new(id).unwrap());
        Change::MessageStateChanged { peer, id, state: MessageState::Sent }
    };
    lab.commit(vec![change(outgoing("m1", "in clear", 9)), sent("m1")]).await;
    let secret = ours("c1", "the code is 1243", 10, Protection::Encrypted(None));
    lab.commit(vec![Change::Annotated(secret), sent("c1")]).await;
    // What the app goes by when the person corrects it.
    assert_eq!(lab.saying("the code is 1243").protection, Protection::Encrypted(None));
    // Whatever the app went by: it does not go out.
    let again = ours("c2", "the code is 1234", 11, Protection::Clear);
    lab.commit(vec![Change::Annotated(again)]).await;
    assert_eq!(lab.store.restore(lab.account).await.unwrap().pending, []);
    assert_eq!(lab.texts(), ["the code is 1243"]);
}

/// A database of before it was noted whether what is shown was encrypted.
#[tokio::test]
async fn what_was_corrected_encrypted_by_an_older_program_is_known_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let (store, reader) = Store::open_with_steps(folder.path(), Options::default(), &STEPS[..14]).unwrap();
    let message = "INSERT INTO account (id, jid) VALUES (4, 'alice@chat.test');
        INSERT INTO conversation (id, account, peer, active_at) VALUES (9, 4, 'bob@chat.test', 30);
        INSERT INTO message (id, conversation, direction, origin, body, at, state, unread, corrected, edited_at)
        VALUES (1, 9, 0, 'i1', 'one', 1, 0, 0, 'secret', 11), (2, 9, 0, 'i2', 'two', 2, 0, 0, 'open', 12),
               (3, 9, 0, 'i3', 'three', 3, 0, 0, 'open since', 14);
        INSERT INTO annotation (account, peer, direction, kind, target, value, at, state, protection, counts, waits, after)
        VALUES (4, 'bob@chat.test', 0, 'correction', 'i1', 'secret', 11, 0, 'encrypted', 1, 0, 3),
               (4, 'bob@chat.test', 0, 'correction', 'i2', 'open', 12, 0, NULL, 1, 0, 3),
               (4, 'bob@chat.test', 0, 'correction', 'i3', 'secret', 13, 0, 'encrypted', 1, 0, 3),
               (4, 'bob@chat.test', 0, 'correction', 'i3', 'open since', 14, 0, NULL, 1, 0, 3);";
    store.run("test", |ledger| ledger.connection.execute_batch(message)).await.unwrap();
    store.close();
    drop(reader);
    let (_store, reader) = Store::open(folder.path(), Options::default()).unwrap();
    let account = reader.accounts().unwrap()[0].id;
    let page = reader.page(account, &bob(), None, 10).unwrap();
    let shown: Vec<_> = page.iter().map(|row| (text(row), row.protection != Protection::Clear)).collect();
    let wanted = [("secret", true), ("open", false), ("open since", false)];
    assert_eq!(shown, wanted.map(|(text, sealed)| (text.to_owned(), sealed)));
}
