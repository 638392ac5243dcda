//! Messages that wait until they can be read, what was read last, and whose new keys wait for a person.

use causerie_model::{
    Annotation, Arrival, Body, Change, DeviceId, Direction, Event, Fingerprint, Held, LetGo, Mark,
    MessageState, NewMessage, OmemoVersion, OriginId, Protection, Says, Seal, Timestamp, Trust, Unreadable,
};

use super::erasure::{blob, left};
use super::lab::{Lab, at, bob, change, incoming, jid, stanza};
use crate::{Options, Store, migrate};

fn unread(origin: &str, why: Unreadable, millis: i64) -> NewMessage {
    let body = Body::Unreadable(why);
    NewMessage { body, protection: Protection::Encrypted(None), ..incoming(origin, "", millis) }
}

fn held(message: &NewMessage, number: u8) -> Held {
    Held {
        mark: Mark([number; 16]),
        peer: bob(),
        direction: message.direction,
        origin: message.origin.clone(),
        archived: message.stanza.clone(),
        at: message.at,
        why: match message.body {
            Body::Unreadable(why) => why,
            Body::Text(_) | Body::Retracted => panic!("it is read"),
        },
        since: at(77),
        keys: Some(vec![number; 40]),
        stanza: "<message xmlns='jabber:client'/>".to_owned(),
    }
}

fn read(message: &NewMessage, written: Option<Timestamp>) -> NewMessage {
    let fingerprint = Fingerprint([7; 32]);
    let seal = Seal { version: OmemoVersion::Omemo2, fingerprint, trust: Trust::Undecided, written };
    let protection = Protection::Encrypted(Some(seal));
    NewMessage { body: Body::Text("at last".to_owned()), protection, ..message.clone() }
}

impl Lab {
    async fn held(&self) -> Vec<u8> {
        let held = self.store.restore(self.account).await.unwrap().encryption.held;
        held.iter().map(|held| held.mark.0[0]).collect()
    }
}

#[tokio::test]
async fn what_was_held_is_read_in_its_own_row() {
    let mut lab = Lab::new().await;
    let named = unread("i1", Unreadable::KeyReplaced, 1);
    let archived = NewMessage { stanza: stanza("s1"), ..unread("i2", Unreadable::Delayed, 2) };
    lab.commit(vec![change(named.clone()), Change::MessageHeld(held(&named, 1))]).await;
    lab.commit(vec![change(archived.clone()), Change::MessageHeld(held(&archived, 2))]).await;
    lab.commit(vec![change(unread("i3", Unreadable::KeyReplaced, 9))]).await;
    lab.restart();
    let kept = lab.store.restore(lab.account).await.unwrap().encryption.held;
    assert_eq!(kept, [held(&named, 1), held(&archived, 2)]);
    for (message, number) in [(&named, 1), (&archived, 2)] {
        let written = (number == 1).then(|| at(1_000));
        let events = lab
            .commit(vec![change(read(message, written)), Change::HeldLetGo(Mark([number; 16]), LetGo::Stays)])
            .await;
        assert_eq!(events, [Event::ConversationChanged(bob())], "it was told when it came");
    }
    assert_eq!(lab.held().await, Vec::<u8>::new());
    assert_eq!(lab.texts(), ["at last", "at last", "KeyReplaced"]);
    let seals = lab.page().into_iter().filter_map(|message| match message.protection {
        Protection::Encrypted(Some(seal)) => Some(seal.written),
        Protection::Encrypted(None) | Protection::Clear => None,
    });
    assert_eq!(seals.collect::<Vec<_>>(), [Some(at(1_000)), None]);
    // What can't be read after all says why.
    let late = unread("i4", Unreadable::Delayed, 20);
    lab.commit(vec![change(late.clone())]).await;
    lab.commit(vec![change(unread("i4", Unreadable::Altered, 20))]).await;
    assert_eq!(lab.texts()[3..], ["Altered"]);
}

#[tokio::test]
async fn the_row_of_what_says_nothing_by_itself_goes() {
    let lab = Lab::new().await;
    for (number, message) in [
        (1, unread("i1", Unreadable::KeyReplaced, 1)),
        (2, NewMessage { stanza: stanza("s1"), ..unread("", Unreadable::Delayed, 2) }),
    ] {
        let message = NewMessage { origin: message.origin.filter(|id| id.as_str() != ""), ..message };
        let count = lab.page().len();
        lab.commit(vec![change(message.clone()), Change::MessageHeld(held(&message, number))]).await;
        assert_eq!(lab.page().len(), count + 1);
        let unread = lab.reader.conversations().unwrap()[0].unread;
        lab.commit(vec![Change::HeldLetGo(Mark([number; 16]), LetGo::Leaves)]).await;
        assert_eq!(lab.page().len(), count);
        assert_eq!(lab.reader.conversations().unwrap()[0].unread, unread - 1);
    }
    // What was read meanwhile stays.
    let message = unread("i3", Unreadable::KeyReplaced, 3);
    lab.commit(vec![change(message.clone()), Change::MessageHeld(held(&message, 3))]).await;
    lab.commit(vec![change(read(&message, None)), Change::HeldLetGo(Mark([3; 16]), LetGo::Leaves)]).await;
    assert_eq!(lab.texts(), ["at last"]);
    assert_eq!(lab.held().await, Vec::<u8>::new());
}

#[tokio::test]
async fn what_was_read_is_known_and_bounded() {
    let lab = Lab::new().await;
    let mark = |n: u32| {
        let mut mark = [0; 16];
        mark[..4].copy_from_slice(&n.to_be_bytes());
        Mark(mark)
    };
    lab.commit((0..52_500).map(|n| Change::KeyRead(mark(n))).collect()).await;
    lab.commit(vec![Change::KeyRead(mark(52_499))]).await;
    let read = lab.store.restore(lab.account).await.unwrap().encryption.read;
    assert_eq!((read.len(), read.first(), read.last()), (50_000, Some(&mark(2_500)), Some(&mark(52_499))));
    let rows = lab.store.run("test", |ledger| {
        ledger.connection.query_row("SELECT count(*) FROM read_key", (), |row| row.get::<_, i64>(0))
    });
    assert!(rows.await.unwrap() <= 51_000);
}

#[tokio::test]
async fn what_was_read_is_bounded_for_each_account_by_itself() {
    let lab = Lab::new().await;
    let other = lab.store.add_account(&jid("carol@chat.test"), None).await.unwrap();
    let mark = |n: u32| {
        let mut mark = [0; 16];
        mark[..4].copy_from_slice(&n.to_be_bytes());
        Mark(mark)
    };
    for from in (0..52_500).step_by(500) {
        // They come in turn, and never where the other one's do.
        for account in [lab.account, other] {
            let read = (from..from + 500).map(|n| Change::KeyRead(mark(n)));
            lab.store.commit(account, read.collect()).await.unwrap();
        }
    }
    for account in [lab.account, other] {
        let count = lab.store.run("test", move |ledger| {
            let sql = "SELECT count(*) FROM read_key WHERE account = ?1";
            ledger.connection.query_row(sql, [account.0], |row| row.get::<_, i64>(0))
        });
        assert!(count.await.unwrap() <= 51_000);
        let read = lab.store.restore(account).await.unwrap().encryption.read;
        assert_eq!(
            (read.len(), read.first(), read.last()),
            (50_000, Some(&mark(2_500)), Some(&mark(52_499)))
        );
    }
}

#[tokio::test]
async fn a_key_that_was_seen_early_is_trusted_when_its_device_is_listed_unless_somebody_has_decided() {
    let mut lab = Lab::new().await;
    let seen = |number: u8| Change::KeySeen {
        jid: bob(),
        device: DeviceId::new(number.into()).unwrap(),
        fingerprint: Fingerprint([number; 32]),
        trust: Trust::Undecided,
        at: at(1),
    };
    let early = |number: u8| Change::KeySeenEarly { jid: bob(), fingerprint: Fingerprint([number; 32]) };
    let listed = |number: u8| Change::KeyListed { jid: bob(), fingerprint: Fingerprint([number; 32]) };
    lab.commit(vec![seen(7), early(7), seen(8), seen(9), early(9)]).await;
    let fingerprint = Fingerprint([9; 32]);
    lab.commit(vec![Change::TrustSet { jid: bob(), fingerprint, trust: Trust::Distrusted, at: at(2) }]).await;
    lab.commit(vec![Change::CarefulAbout(bob()), change(read(&unread("i1", Unreadable::Delayed, 1), None))])
        .await;
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap().encryption;
    assert_eq!(restored.careful, [bob()]);
    assert_eq!(restored.early, [(bob(), Fingerprint([7; 32])), (bob(), Fingerprint([9; 32]))]);
    lab.commit(vec![listed(7), listed(8), listed(9)]).await;
    let keys = lab.store.restore(lab.account).await.unwrap().encryption;
    assert_eq!(keys.early, []);
    let trust: Vec<Trust> = keys.keys.iter().map(|key| key.3).collect();
    assert_eq!(trust, [Trust::Blind, Trust::Undecided, Trust::Distrusted]);
    // What it has written is from one of their devices, as it turned out.
    let Protection::Encrypted(Some(seal)) = lab.page()[0].protection else { panic!("not encrypted") };
    assert_eq!(seal.trust, Trust::Blind);
}

/// Before it was kept by itself, what was decided about keys told about whom somebody takes care.
#[tokio::test]
async fn care_is_taken_of_whose_keys_were_decided_about_before() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) =
        Store::open_with_steps(folder.path(), Options::default(), &migrate::STEPS[..10]).unwrap();
    let rows = "
        INSERT INTO account (id, jid) VALUES (4, 'alice@chat.test');
        INSERT INTO own_keys (account, device, sealed) VALUES (4, 1, x'00');
        INSERT INTO device_key (account, jid, fingerprint, device, newest, trust, first_seen) VALUES
            (4, 'alice@chat.test', zeroblob(32), 1, 1, 'verified', 0),
            (4, 'alice@chat.test', randomblob(32), 2, 1, 'distrusted', 0),
            (4, 'bob@chat.test', randomblob(32), 3, 1, 'distrusted', 0),
            (4, 'carol@chat.test', randomblob(32), 4, 1, 'blind', 0);";
    store.run("test", move |ledger| ledger.connection.execute_batch(rows)).await.unwrap();
    store.close();
    let (store, _) = Store::open(folder.path(), Options::default()).unwrap();
    let restored = store.restore(causerie_model::AccountId(4)).await.unwrap();
    assert_eq!(restored.encryption.careful, [bob()]);
}

/// A retraction of a message that nobody has read yet leaves nothing of it, nor of what it would need.
#[tokio::test]
async fn what_its_author_wants_gone_is_held_no_longer() {
    let lab = Lab::new().await;
    let message = unread("i1", Unreadable::KeyReplaced, 1);
    let (stanza, keys) = (blob(1, 3_000), blob(2, 300));
    let hex: String = stanza.iter().map(|byte| format!("{byte:02x}")).collect();
    let held = Held { stanza: hex.clone(), keys: Some(keys.clone()), ..held(&message, 1) };
    lab.commit(vec![change(message.clone()), Change::MessageHeld(held.clone())]).await;
    lab.store.flush().await.unwrap();
    let is_there = |lab: &Lab| {
        let files = lab.bytes();
        let text = files.windows(32).any(|window| window == &hex.as_bytes()[..32]);
        (text, left(&files, std::slice::from_ref(&keys)))
    };
    assert_eq!(is_there(&lab), (true, 1));
    lab.commit(vec![retraction("i1", 2)]).await;
    lab.store.flush().await.unwrap();
    assert_eq!(lab.texts(), ["(retracted)"]);
    assert_eq!(is_there(&lab), (false, 0));
    assert_eq!(lab.held().await, Vec::<u8>::new());
    // What comes again of it is not held either.
    lab.commit(vec![change(message), Change::MessageHeld(held)]).await;
    assert_eq!((lab.texts(), lab.held().await), (vec!["(retracted)".to_owned()], Vec::new()));
}

#[tokio::test]
async fn what_is_retracted_before_it_comes_is_not_held() {
    let lab = Lab::new().await;
    let message = unread("i1", Unreadable::KeyReplaced, 3);
    lab.commit(vec![retraction("i1", 2)]).await;
    lab.commit(vec![change(message.clone()), Change::MessageHeld(held(&message, 1))]).await;
    assert_eq!((lab.texts(), lab.held().await), (vec!["(retracted)".to_owned()], Vec::new()));
}

fn retraction(target: &str, millis: i64) -> Change {
    let NewMessage { protection, .. } = read(&unread(target, Unreadable::Delayed, millis), None);
    Change::Annotated(Annotation {
        peer: bob(),
        author: Direction::Incoming,
        target: OriginId::new(target).unwrap(),
        says: Says::Retraction(String::new()),
        origin: OriginId::new("r"),
        at: at(millis),
        arrival: Arrival::Live,
        is_early: false,
        state: MessageState::Received,
        protection,
    })
}

#[tokio::test]
async fn its_row_says_why_it_waits_and_what_became_of_it() {
    let mut lab = Lab::new().await;
    let message = unread("i1", Unreadable::Delayed, 1);
    lab.commit(vec![change(message.clone()), Change::MessageHeld(held(&message, 1))]).await;
    let events = lab.commit(vec![Change::HeldWaits(Mark([1; 16]), Unreadable::KeyReplaced)]).await;
    assert_eq!(
        (events, lab.texts()),
        (vec![Event::ConversationChanged(bob())], vec!["KeyReplaced".to_owned()])
    );
    lab.restart();
    let [kept] = lab.store.restore(lab.account).await.unwrap().encryption.held.try_into().unwrap();
    assert_eq!((kept.why, kept.since, kept.keys), (Unreadable::KeyReplaced, at(77), Some(vec![1; 40])));
    let gone = LetGo::Says(Unreadable::NotKept);
    let events = lab.commit(vec![Change::HeldLetGo(Mark([1; 16]), gone)]).await;
    assert_eq!((events, lab.texts()), (vec![Event::ConversationChanged(bob())], vec!["NotKept".to_owned()]));
    assert_eq!(lab.held().await, Vec::<u8>::new());
    // When it comes once more, it is held once more.
    lab.commit(vec![change(NewMessage { stanza: stanza("s1"), ..unread("i1", Unreadable::NotKept, 1) })])
        .await;
    let again = NewMessage { stanza: stanza("s1"), ..unread("i1", Unreadable::KeyReplaced, 1) };
    lab.commit(vec![change(again.clone()), Change::MessageHeld(held(&again, 2))]).await;
    assert_eq!((lab.texts(), lab.held().await), (vec!["KeyReplaced".to_owned()], vec![2]));
    // And what was read since stays as it is.
    lab.commit(vec![change(read(&again, None)), Change::HeldLetGo(Mark([2; 16]), gone)]).await;
    assert_eq!(lab.texts(), ["at last"]);
}

/// Who has seen that something can't be read has not read it.
#[tokio::test]
async fn what_is_read_late_is_unread_and_news_unless_it_was_read_elsewhere() {
    let lab = Lab::new().await;
    let message = NewMessage { stanza: stanza("s1"), ..unread("i1", Unreadable::KeyReplaced, 1) };
    lab.commit(vec![change(message.clone()), Change::MessageHeld(held(&message, 1))]).await;
    let id = lab.page()[0].id;
    lab.commit(vec![Change::ReadUpTo { peer: bob(), id }]).await;
    assert_eq!(lab.reader.conversations().unwrap()[0].unread, 0);
    let read_late = vec![change(read(&message, None)), Change::HeldLetGo(Mark([1; 16]), LetGo::Stays)];
    let events = lab.commit(read_late).await;
    assert!(events.contains(&Event::MessageReceived { peer: bob(), id }), "{events:?}");
    assert_eq!(lab.reader.conversations().unwrap()[0].unread, 1);
    lab.commit(vec![Change::ReadUpTo { peer: bob(), id }]).await;
    assert_eq!(lab.reader.conversations().unwrap()[0].unread, 0);

    // Whichever of our devices has looked at it: it may have been no better there. What only came early is another thing.
    for (number, why, unread_then) in [(2, Unreadable::KeyReplaced, 1), (3, Unreadable::Early, 0)] {
        let (origin, name) = (format!("i{number}"), stanza(&format!("s{number}")));
        let message = NewMessage { stanza: name.clone(), ..unread(&origin, why, number) };
        lab.commit(vec![change(message.clone())]).await;
        lab.commit(vec![Change::Displayed { peer: bob(), stanza: name.unwrap() }]).await;
        assert_eq!(lab.reader.conversations().unwrap()[0].unread, 0);
        lab.commit(vec![change(read(&message, None))]).await;
        assert_eq!(lab.reader.conversations().unwrap()[0].unread, unread_then, "{why:?}");
        lab.commit(vec![Change::ReadUpTo { peer: bob(), id: lab.page().last().unwrap().id }]).await;
    }
}

#[tokio::test]
async fn rows_that_stand_for_what_says_nothing_go_when_it_comes_again() {
    let lab = Lab::new().await;
    let named =
        |name: &str, millis| NewMessage { stanza: stanza(name), ..unread(name, Unreadable::Early, millis) };
    let (said, read_by_now) = (named("s1", 1), named("s2", 2));
    lab.commit(vec![change(said), change(read_by_now.clone())]).await;
    lab.commit(vec![change(read(&read_by_now, None))]).await;
    let gone = |name: &str, direction| {
        let (peer, stanza) = (bob(), stanza(name).unwrap());
        Change::EarlySaysNothing { peer, direction, stanza }
    };
    lab.commit(vec![gone("s1", Direction::Outgoing), gone("s3", Direction::Incoming)]).await;
    assert_eq!(lab.texts(), ["Early", "at last"]);
    lab.commit(vec![gone("s1", Direction::Incoming), gone("s2", Direction::Incoming)]).await;
    assert_eq!(lab.texts(), ["at last"]);
    assert_eq!(lab.reader.conversations().unwrap()[0].unread, 1);
    assert!(!lab.store.restore(lab.account).await.unwrap().encryption.awaits_early);
}

#[tokio::test]
async fn rows_that_stand_for_what_comes_again_wait_until_nothing_does() {
    let lab = Lab::new().await;
    let named =
        |name: &str, millis| NewMessage { stanza: stanza(name), ..unread(name, Unreadable::Early, millis) };
    let (fetched, kept, lost) = (named("s1", 1), named("s2", 2), named("s3", 3));
    for message in [&fetched, &kept, &lost] {
        lab.commit(vec![change(message.clone())]).await;
    }
    lab.commit(vec![Change::MessageHeld(held(&kept, 2))]).await;
    assert!(lab.store.restore(lab.account).await.unwrap().encryption.awaits_early);
    lab.commit(vec![change(read(&fetched, None))]).await;
    // What comes again and can't be read says why.
    lab.commit(vec![Change::EarlyOver]).await;
    assert_eq!(lab.texts(), ["at last", "Early", "NotKept"]);
    lab.commit(vec![change(NewMessage { body: Body::Unreadable(Unreadable::KeysLost), ..kept })]).await;
    assert_eq!(lab.texts(), ["at last", "KeysLost", "NotKept"]);
    assert!(!lab.store.restore(lab.account).await.unwrap().encryption.awaits_early);
}
