//! What was said of messages by devices that are not trusted waits in the ledger.

use causerie_model::{
    Annotation, Arrival, BareJid, Change, DeviceId, Direction, Emoji, Fingerprint, MessageState, NewMessage,
    OmemoVersion, OriginId, Protection, Reached, Says, Seal, Trust,
};

use super::lab::{Lab, at, bob, change, incoming, jid};

const KEY: Fingerprint = Fingerprint([7; 32]);

fn sealed(trust: Trust) -> Protection {
    let seal = Seal { version: OmemoVersion::Omemo2, fingerprint: KEY, trust, written: None };
    Protection::Encrypted(Some(seal))
}

fn encrypted(origin: &str, text: &str) -> NewMessage {
    NewMessage { protection: sealed(Trust::Blind), ..incoming(origin, text, 10) }
}

fn said(peer: &BareJid, author: Direction, origin: &str, says: Says, millis: i64) -> Annotation {
    Annotation {
        peer: peer.clone(),
        author,
        target: OriginId::new("i1").unwrap(),
        says,
        origin: OriginId::new(origin),
        at: at(millis),
        arrival: Arrival::Live,
        is_early: false,
        state: MessageState::Received,
        protection: sealed(Trust::Undecided),
    }
}

fn reaction(emoji: &str) -> Says {
    Says::Reactions(vec![Emoji::new(emoji).unwrap()])
}

fn held(origin: &str, says: Says, millis: i64) -> Change {
    Change::AnnotationHeld(said(&bob(), Direction::Incoming, origin, says, millis))
}

fn seen(whose: &BareJid) -> Change {
    let device = DeviceId::new(3).unwrap();
    Change::KeySeen { jid: whose.clone(), device, fingerprint: KEY, trust: Trust::Undecided, at: at(1) }
}

fn decided(whose: &BareJid, trust: Trust, millis: i64) -> Change {
    Change::TrustSet { jid: whose.clone(), fingerprint: KEY, trust, at: at(millis) }
}

impl Lab {
    fn reactions(&self) -> Vec<String> {
        let said = self.page().remove(0).annotations.reactions;
        said.iter().flat_map(|said| &said.emoji).map(|emoji| emoji.as_str().to_owned()).collect()
    }

    async fn waiting(&self, peer: &'static str) -> i64 {
        let count = self.store.run("test", move |ledger| {
            let sql = "SELECT count(*) FROM held_annotation WHERE peer = ?1";
            ledger.connection.query_row(sql, [peer], |row| row.get(0))
        });
        count.await.unwrap()
    }
}

#[tokio::test]
async fn it_counts_when_a_person_has_decided_for_the_key_in_whatever_run() {
    for trust in [Trust::Blind, Trust::Verified, Trust::Distrusted] {
        let mut lab = Lab::new().await;
        lab.commit(vec![seen(&bob()), change(encrypted("i1", "hello")), held("r1", reaction("👍"), 20)])
            .await;
        // The same once more says nothing new.
        lab.commit(vec![held("r1", reaction("👍"), 20)]).await;
        lab.restart();
        assert_eq!((lab.reactions().len(), lab.waiting("bob@chat.test").await), (0, 1));
        lab.commit(vec![decided(&jid("carol@chat.test"), trust, 30)]).await;
        assert_eq!(lab.reactions().len(), 0, "that is another person's");
        lab.commit(vec![decided(&bob(), trust, 30)]).await;
        let counts = usize::from(trust.may_read());
        assert_eq!(lab.reactions().len(), counts, "{trust:?}");
        assert_eq!(lab.waiting("bob@chat.test").await, 1 - counts as i64);
    }
}

#[tokio::test]
async fn it_counts_when_the_device_is_listed_and_never_before_what_was_said_since() {
    let lab = Lab::new().await;
    let early = Change::KeySeenEarly { jid: bob(), fingerprint: KEY };
    lab.commit(vec![seen(&bob()), early, change(encrypted("i1", "hello"))]).await;
    lab.commit(vec![held("r1", reaction("👍"), 20), held("r2", Says::Retraction(String::new()), 40)]).await;
    let since = Annotation {
        protection: sealed(Trust::Blind),
        ..said(&bob(), Direction::Incoming, "r3", reaction("🎉"), 30)
    };
    lab.commit(vec![Change::Annotated(since)]).await;
    assert_eq!(lab.reactions(), ["🎉"]);
    lab.commit(vec![Change::KeyListed { jid: bob(), fingerprint: KEY }]).await;
    assert_eq!((lab.texts(), lab.waiting("bob@chat.test").await), (vec!["(retracted)".to_owned()], 0));
}

#[tokio::test]
async fn what_our_own_device_says_waits_for_its_own_key() {
    let lab = Lab::new().await;
    let own = jid("alice@chat.test");
    lab.commit(vec![seen(&own), seen(&bob()), change(encrypted("i1", "hello"))]).await;
    let ours = said(&bob(), Direction::Outgoing, "r1", reaction("👍"), 20);
    lab.commit(vec![Change::AnnotationHeld(ours)]).await;
    lab.commit(vec![decided(&bob(), Trust::Verified, 30)]).await;
    assert_eq!(lab.reactions().len(), 0);
    lab.commit(vec![decided(&own, Trust::Verified, 30)]).await;
    assert_eq!(lab.reactions().len(), 1);
}

#[tokio::test]
async fn nobody_pushes_out_what_others_have_said() {
    let lab = Lab::new().await;
    let carol = jid("carol@chat.test");
    lab.commit(vec![held("r0", reaction("👍"), 20)]).await;
    let flood = (0..500).map(|n| {
        let origin = format!("f{n}");
        Change::AnnotationHeld(said(&carol, Direction::Incoming, &origin, reaction("🎉"), 30))
    });
    lab.commit(flood.collect()).await;
    assert_eq!((lab.waiting("bob@chat.test").await, lab.waiting("carol@chat.test").await), (1, 200));
    // So many people with so much: whoever has most makes room.
    let rows = "WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 4799)
        INSERT INTO held_annotation (account, peer, direction, kind, target, value, at, state, protection, sealed_by, sealed_trust)
        SELECT 1, 'p' || (n % 100) || '@chat.test', 0, 'reactions', 't' || n, '', 30, 0, 'omemo-2', zeroblob(32), 'undecided' FROM n";
    lab.sql(rows).await;
    let more = (0..50).map(|n| held(&format!("m{n}"), reaction("👍"), 40));
    lab.commit(more.collect()).await;
    assert_eq!((lab.waiting("bob@chat.test").await, lab.waiting("carol@chat.test").await), (51, 150));
    // What is sixty days old goes: when the archive says so, too. A clock that is ahead is not enough.
    let later = 60 * 24 * 60 * 60 * 1_000 + 35;
    lab.commit(vec![held("late", reaction("👍"), later)]).await;
    let says = |at| {
        let reached = Reached { id: "a1".to_owned(), at };
        Change::ArchiveReached { archive: jid("alice@chat.test"), reached }
    };
    lab.commit(vec![says(at(40)), held("later", reaction("👍"), later)]).await;
    assert_eq!((lab.waiting("bob@chat.test").await, lab.waiting("carol@chat.test").await), (53, 148));
    lab.commit(vec![says(at(later)), held("last", reaction("👍"), later)]).await;
    assert_eq!((lab.waiting("bob@chat.test").await, lab.waiting("carol@chat.test").await), (53, 0));
}

/// What is shown of it as messages as well, and by whichever of its names it was meant.
#[tokio::test]
async fn it_goes_with_the_message_that_its_author_takes_back() {
    let lab = Lab::new().await;
    let theirs = |origin: &str, target: &str, says: Says, millis| Annotation {
        target: OriginId::new(target).unwrap(),
        ..said(&bob(), Direction::Incoming, origin, says, millis)
    };
    let trusted =
        |said: Annotation| Change::Annotated(Annotation { protection: sealed(Trust::Blind), ..said });
    let doubted = |origin: &str, target: &str, text: &str, millis| {
        let says = Says::Correction(text.to_owned());
        let row = NewMessage { protection: sealed(Trust::Undecided), ..incoming(origin, text, millis) };
        vec![Change::AnnotationHeld(theirs(origin, target, says, millis)), change(row)]
    };
    let second = NewMessage { protection: sealed(Trust::Blind), ..incoming("i2", "second", 10) };
    lab.commit(vec![seen(&bob()), change(encrypted("i1", "first")), change(second)]).await;
    lab.commit(vec![trusted(theirs("c0", "i1", Says::Correction("corrected".to_owned()), 11))]).await;
    lab.commit(doubted("c1", "i1", "unmistakable", 12)).await;
    lab.commit(doubted("c2", "c1", "incomparable", 13)).await;
    lab.commit(doubted("c3", "c0", "irreplaceable", 14)).await;
    lab.commit(doubted("c4", "i2", "another", 15)).await;
    lab.commit(vec![held("e1", reaction("👍"), 16)]).await;
    assert_eq!((lab.page().len(), lab.waiting("bob@chat.test").await), (6, 5));
    // Whoever carries messages can say that in clear, and of a message that is encrypted it is not so.
    let gone = || theirs("r0", "i1", Says::Retraction(String::new()), 17);
    lab.commit(vec![Change::Annotated(Annotation { protection: Protection::Clear, ..gone() })]).await;
    assert_eq!((lab.page().len(), lab.waiting("bob@chat.test").await), (6, 5));
    let unread = || lab.reader.conversations().unwrap()[0].unread;
    assert_eq!(unread(), 6);
    lab.commit(vec![trusted(gone())]).await;
    assert_eq!(lab.texts(), ["(retracted)", "second", "another"]);
    assert_eq!((lab.waiting("bob@chat.test").await, unread()), (1, 2));
    lab.store.flush().await.unwrap();
    let files = lab.bytes();
    for words in ["unmistakable", "incomparable", "irreplaceable"] {
        assert!(lab.search(words).is_empty(), "{words}");
        assert!(!files.windows(words.len()).any(|window| window == words.as_bytes()), "{words}");
    }
    // The device is trusted later: nothing of it comes back.
    lab.commit(vec![decided(&bob(), Trust::Verified, 30)]).await;
    assert_eq!(lab.texts(), ["(retracted)", "another"]);
}

#[tokio::test]
async fn a_correction_is_a_message_until_its_device_is_trusted() {
    let lab = Lab::new().await;
    let early = Change::KeySeenEarly { jid: bob(), fingerprint: KEY };
    let doubted = NewMessage { protection: sealed(Trust::Undecided), ..incoming("c1", "better", 20) };
    lab.commit(vec![seen(&bob()), early, change(encrypted("i1", "hello"))]).await;
    lab.commit(vec![held("c1", Says::Correction("better".to_owned()), 20), change(doubted)]).await;
    assert_eq!(lab.texts(), ["hello", "better"]);
    lab.commit(vec![Change::KeyListed { jid: bob(), fingerprint: KEY }]).await;
    assert_eq!(lab.texts(), ["better"]);
    assert_eq!(lab.waiting("bob@chat.test").await, 0);
}
