//! What is said of messages: who may say it, in any order, once, and what is left of it.

use causerie_model::{
    Annotation, Arrival, Body, Change, Direction, Emoji, Event, Message, MessageState, NewMessage, OriginId,
    Privacy, Protection, Purpose, Quoted, Reply, ReplyTo, Says,
};

use super::lab::{Lab, at, bob, change, incoming, outgoing, stanza};

fn id(text: &str) -> OriginId {
    OriginId::new(text).unwrap()
}

/// Bob says something of a message, at that time, from an archive.
fn said(origin: &str, target: &str, says: Says, millis: i64) -> Annotation {
    Annotation {
        peer: bob(),
        author: Direction::Incoming,
        target: id(target),
        says,
        origin: OriginId::new(origin),
        at: at(millis),
        arrival: Arrival::Kept,
        is_early: false,
        state: MessageState::Received,
        protection: Protection::Clear,
    }
}

/// We do, and it waits.
fn ours(annotation: Annotation) -> Annotation {
    Annotation {
        author: Direction::Outgoing,
        state: MessageState::Pending,
        arrival: Arrival::Live,
        ..annotation
    }
}

fn sealed(annotation: Annotation) -> Annotation {
    Annotation { protection: Protection::Encrypted(None), ..annotation }
}

fn secret(message: NewMessage) -> NewMessage {
    NewMessage { protection: Protection::Encrypted(None), ..message }
}

fn text(text: &str) -> Says {
    Says::Correction(text.to_owned())
}

fn gone() -> Says {
    Says::Retraction(String::new())
}

fn with(emoji: &str) -> Says {
    Says::Reactions(emoji.split_whitespace().map(|emoji| Emoji::new(emoji).unwrap()).collect())
}

fn reactions(message: &Message) -> Vec<(Direction, String)> {
    let joined = |emoji: &[Emoji]| emoji.iter().map(Emoji::as_str).collect::<Vec<_>>().join(" ");
    message.annotations.reactions.iter().map(|by| (by.author, joined(&by.emoji))).collect()
}

impl Lab {
    async fn say(&self, annotation: Annotation) -> Vec<Event> {
        self.commit(vec![Change::Annotated(annotation)]).await
    }
}

#[tokio::test]
async fn a_correction_is_shown_and_found_in_place_of_the_text() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i1", "mirabele", 1))]).await;
    let events = lab.say(said("c1", "i1", text("mirabelle"), 2)).await;
    assert_eq!(events, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.texts(), ["mirabelle"]);
    assert_eq!(lab.page()[0].annotations.edited.as_ref().unwrap().at, at(2));
    assert_eq!((lab.search("mirabele").len(), lab.search("mirabelle").len()), (0, 1));
    assert_eq!(lab.reader.conversations().unwrap()[0].last.as_ref().unwrap().text, "mirabelle");
    // Again, the message again, and what is older: nothing new.
    assert_eq!(lab.say(said("c1", "i1", text("mirabelle"), 3)).await, []);
    assert_eq!(lab.commit(vec![change(incoming("i1", "mirabele", 1))]).await, []);
    lab.say(said("c0", "i1", text("too late"), 1)).await;
    assert_eq!(lab.texts(), ["mirabelle"]);
    // The one before is known when it comes again, whatever the archive's clock says.
    lab.say(said("c2", "i1", text("reine-claude"), 4)).await;
    lab.say(said("c1", "i1", text("mirabelle"), 9)).await;
    // A correction of a correction is one of the message.
    lab.say(said("c3", "c2", text("quetsche"), 5)).await;
    assert_eq!(lab.texts(), ["quetsche"]);
    // What comes live is the newest, though a clock had been wrong.
    let live = Annotation { arrival: Arrival::Live, ..said("c4", "i1", text("prune"), 0) };
    lab.say(live).await;
    assert_eq!(lab.texts(), ["prune"]);
}

#[tokio::test]
async fn nobody_corrects_or_retracts_the_message_of_another() {
    let lab = Lab::new().await;
    let sent = NewMessage { state: MessageState::Sent, ..outgoing("o1", "ours", 1) };
    lab.commit(vec![change(sent), change(incoming("i1", "theirs", 2))]).await;
    // What corrects nothing that is here is a message of its author.
    lab.say(said("c1", "o1", text("not theirs"), 3)).await;
    assert_eq!(lab.texts(), ["ours", "theirs", "not theirs"]);
    // And that is what they can retract.
    lab.say(said("r1", "o1", gone(), 4)).await;
    lab.say(ours(said("c2", "i1", text("not ours"), 5))).await;
    lab.say(ours(said("r2", "i1", gone(), 6))).await;
    assert_eq!(lab.texts(), ["ours", "theirs", "(retracted)"]);
    // Somebody else has their own conversation.
    let carol = Annotation { peer: super::lab::jid("carol@chat.test"), ..said("r3", "i1", gone(), 7) };
    lab.say(carol).await;
    assert_eq!(lab.texts(), ["ours", "theirs", "(retracted)"]);
}

#[tokio::test]
async fn what_came_in_clear_alters_nothing_that_was_encrypted() {
    let lab = Lab::new().await;
    lab.commit(vec![change(secret(incoming("i1", "secret", 1)))]).await;
    lab.say(said("x0", "i1", text("forged"), 2)).await;
    let page = lab.page();
    assert_eq!(
        (page[0].body.clone(), page[0].annotations.clone()),
        (Body::Text("secret".into()), Default::default())
    );
    // It is shown as what it is.
    assert_eq!((page[1].body.clone(), page[1].protection), (Body::Text("forged".into()), Protection::Clear));
    for (n, says) in [with("💩"), gone()].into_iter().enumerate() {
        lab.say(said(&format!("x{}", 1 + n), "i1", says, 3)).await;
    }
    let page = lab.page();
    assert_eq!((page[0].clone().body, &page[1].body), (Body::Text("secret".into()), &Body::Retracted));
    assert_eq!(page[0].annotations, Default::default());
    lab.say(sealed(said("c1", "i1", text("corrected"), 4))).await;
    lab.say(sealed(said("e1", "i1", with("👍"), 5))).await;
    // And does not push away what was encrypted.
    lab.say(said("x7", "i1", with("💩"), 9)).await;
    lab.say(said("x8", "i1", text("forged again"), 9)).await;
    assert_eq!(lab.texts()[0], "corrected");
    assert_eq!(reactions(&lab.page()[0]), [(Direction::Incoming, "👍".to_owned())]);
    lab.say(sealed(said("r1", "i1", gone(), 6))).await;
    assert_eq!(lab.page()[0].body, Body::Retracted);
}

/// Who carries messages can make another one of the same name, in clear, and take that back.
#[tokio::test]
async fn what_is_taken_back_in_clear_takes_nothing_from_what_was_encrypted() {
    let lab = Lab::new().await;
    lab.commit(vec![change(secret(incoming("i1", "secret", 1)))]).await;
    lab.say(sealed(said("c1", "i1", text("corrected"), 2))).await;
    lab.say(sealed(said("e1", "i1", with("👍"), 3))).await;
    lab.commit(vec![change(incoming("i1", "forged", 4))]).await;
    lab.say(said("r1", "i1", gone(), 5)).await;
    let page = lab.page();
    assert_eq!((lab.texts()[0].as_str(), &page[1].body), ("corrected", &Body::Retracted));
    assert_eq!(reactions(&page[0]), [(Direction::Incoming, "👍".to_owned())]);
    assert!(page[0].annotations.edited.is_some());
}

async fn pending(lab: &Lab) -> Vec<OriginId> {
    let pending = lab.store.restore(lab.account).await.unwrap().pending;
    pending.into_iter().map(|pending| pending.id).collect()
}

/// Whoever asks for it, and whatever the brain knew: it does not go out, in this run or the next.
#[tokio::test]
async fn what_we_say_in_clear_of_what_was_encrypted_does_not_wait_to_go_out() {
    let lab = Lab::new().await;
    lab.commit(vec![
        change(secret(outgoing("o1", "secret", 1))),
        change(secret(incoming("i1", "theirs", 2))),
    ])
    .await;
    lab.commit(vec![change(outgoing("o2", "open", 3))]).await;
    lab.say(ours(sealed(said("c0", "o1", text("corrected"), 4)))).await;
    let before = pending(&lab).await;
    for (n, (target, says)) in
        [("o1", text("in clear")), ("c0", text("in clear")), ("o1", gone()), ("i1", with("👍"))]
            .into_iter()
            .enumerate()
    {
        lab.say(ours(said(&format!("x{n}"), target, says, 5))).await;
    }
    assert_eq!(pending(&lab).await, before);
    assert_eq!(lab.texts()[0], "corrected");
    lab.say(ours(said("x9", "o2", text("in clear"), 6))).await;
    assert_eq!(pending(&lab).await.len(), before.len() + 1);
}

#[tokio::test]
async fn it_may_come_before_its_message() {
    let lab = Lab::new().await;
    lab.say(said("e1", "i1", with("👍"), 5)).await;
    assert!(lab.reader.conversations().unwrap().is_empty());
    let events = lab.say(said("c1", "i1", text("corrected"), 5)).await;
    assert!(
        matches!(events[..], [Event::ConversationChanged(_), Event::MessageReceived { .. }]),
        "{events:?}"
    );
    assert_eq!(lab.texts(), ["corrected"]);
    assert_eq!(reactions(&lab.page()[0]).len(), 1);
    lab.say(said("c2", "i1", text("corrected again"), 6)).await;
    // The message takes the place that was kept for it.
    let first = NewMessage { stanza: stanza("s1"), ..incoming("i1", "original", 1) };
    lab.commit(vec![change(incoming("i0", "between", 3)), change(first.clone())]).await;
    assert_eq!(lab.texts(), ["corrected again", "between"]);
    assert_eq!(lab.page()[0].at, at(1));
    assert_eq!(lab.commit(vec![change(first)]).await, []);
    assert_eq!(lab.commit(vec![change(incoming("i1", "original", 1))]).await, []);
    assert_eq!(lab.reader.conversations().unwrap()[0].unread, 2);
    // What is encrypted does not stand for what is in clear, nor the other way round.
    lab.say(sealed(said("c3", "i2", text("two"), 10))).await;
    lab.commit(vec![change(incoming("i2", "one", 9))]).await;
    lab.say(said("c4", "i3", text("forged"), 12)).await;
    lab.commit(vec![change(secret(incoming("i3", "three", 11)))]).await;
    assert_eq!(lab.texts(), ["corrected again", "between", "one", "two", "three", "forged"]);
    let clear: Vec<bool> = lab.page().iter().map(|message| message.protection == Protection::Clear).collect();
    assert_eq!(clear, [true, true, true, false, false, true]);
}

#[tokio::test]
async fn what_is_retracted_never_comes_back() {
    let lab = Lab::new().await;
    let message = incoming("i1", "mirabelle", 1);
    lab.commit(vec![change(message.clone())]).await;
    lab.say(said("c1", "i1", text("quetsche"), 2)).await;
    lab.say(said("e1", "i1", with("👍"), 3)).await;
    let events = lab.say(said("r1", "i1", gone(), 4)).await;
    assert_eq!(events, [Event::ConversationChanged(bob()), Event::ConversationRead(bob())]);
    let check = |lab: &Lab| {
        let page = lab.page();
        assert_eq!(page.len(), 1);
        assert_eq!((&page[0].body, &page[0].annotations), (&Body::Retracted, &Default::default()));
        assert_eq!(lab.search("quetsche").len() + lab.search("mirabelle").len(), 0);
        assert_eq!(lab.reader.conversations().unwrap()[0].unread, 0);
    };
    check(&lab);
    for again in [
        message.clone(),
        NewMessage { stanza: stanza("s1"), ..message.clone() },
        NewMessage { stanza: stanza("s1"), origin: None, ..message.clone() },
    ] {
        lab.commit(vec![change(again)]).await;
        check(&lab);
    }
    lab.say(said("c2", "i1", text("back"), 9)).await;
    lab.say(said("c3", "c1", text("back"), 10)).await;
    lab.say(said("e2", "i1", with("👍"), 11)).await;
    lab.say(said("c1", "i1", text("quetsche"), 12)).await;
    check(&lab);
    // In any order.
    let lab = Lab::new().await;
    lab.say(said("r1", "i1", gone(), 4)).await;
    lab.say(said("c1", "i1", text("quetsche"), 2)).await;
    lab.say(said("e1", "i1", with("👍"), 3)).await;
    assert!(lab.page().is_empty());
    let events = lab.commit(vec![change(message.clone())]).await;
    assert_eq!(events, [Event::ConversationChanged(bob())], "it is not told of as new");
    check(&lab);
    lab.commit(vec![change(message)]).await;
    check(&lab);
}

#[tokio::test]
async fn a_correction_that_stood_in_and_was_retracted_never_comes_back() {
    let lab = Lab::new().await;
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    lab.say(said("c1", "i1", text("quetsche"), 5 * DAY)).await;
    lab.say(said("r1", "i1", gone(), 6 * DAY)).await;
    for _ in 0..2 {
        lab.commit(vec![change(incoming("i1", "mirabelle", DAY))]).await;
        assert_eq!(lab.texts(), ["(retracted)"]);
    }
}

#[tokio::test]
async fn an_identifier_that_is_used_again_means_the_last_message() {
    let lab = Lab::new().await;
    const DAY: i64 = 24 * 60 * 60 * 1_000;
    lab.commit(vec![change(incoming("5", "old", DAY)), change(incoming("5", "new", 50 * DAY))]).await;
    lab.say(said("r1", "5", gone(), 51 * DAY)).await;
    assert_eq!(lab.texts(), ["old", "(retracted)"]);
    lab.commit(vec![change(incoming("5", "newer", 90 * DAY))]).await;
    lab.commit(vec![change(incoming("5", "new", 50 * DAY + 1))]).await;
    assert_eq!(lab.texts(), ["old", "(retracted)", "newer"]);
}

#[tokio::test]
async fn the_last_reactions_of_each_count() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i1", "text", 1))]).await;
    lab.say(said("e1", "i1", with("👍 🎉"), 2)).await;
    lab.say(ours(said("e2", "i1", with("❤️"), 3))).await;
    let both = [(Direction::Incoming, "👍 🎉".to_owned()), (Direction::Outgoing, "❤️".to_owned())];
    assert_eq!(reactions(&lab.page()[0]), both);
    assert_eq!(lab.say(said("e1", "i1", with("👍 🎉"), 2)).await, []);
    lab.say(said("e3", "i1", with("🎉"), 4)).await;
    lab.say(said("e1", "i1", with("👍 🎉"), 9)).await;
    assert_eq!(reactions(&lab.page()[0])[0].1, "🎉");
    lab.say(said("e4", "i1", with(""), 5)).await;
    assert_eq!(reactions(&lab.page()[0]).len(), 1);
    // Nothing is unread by it, and nothing is found.
    assert_eq!(lab.reader.conversations().unwrap()[0].unread, 1);
    assert!(lab.search("🎉").is_empty());
}

#[tokio::test]
async fn ours_go_the_way_of_messages_and_outlive_the_program() {
    let mut lab = Lab::new().await;
    let quote = NewMessage { state: MessageState::Received, ..secret(incoming("i1", "quoted", 1)) };
    let answer = NewMessage {
        reply: Some(ReplyTo { id: id("i1"), author: Some(Direction::Incoming) }),
        ..secret(outgoing("o2", "answer", 4))
    };
    lab.commit(vec![
        change(quote),
        change(secret(outgoing("o1", "first", 2))),
        Change::Annotated(sealed(ours(said("c1", "o1", text("corrected"), 3)))),
        Change::Annotated(sealed(ours(said("e1", "i1", with("👍"), 3)))),
        change(answer),
        Change::Annotated(sealed(ours(said("e2", "i1", with("👍 🎉"), 5)))),
        Change::Annotated(sealed(ours(said("r1", "o0", Says::Retraction("words".into()), 6)))),
    ])
    .await;
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap().pending;
    let waits: Vec<(&str, &str, &Purpose)> =
        restored.iter().map(|it| (it.id.as_str(), it.body.as_str(), &it.purpose)).collect();
    let reply = Reply {
        to: id("i1"),
        author: Direction::Incoming,
        quote: "quoted".into(),
        quoted: Privacy::Encrypted,
    };
    assert_eq!(
        waits,
        [
            ("o1", "first", &Purpose::Message),
            ("c1", "corrected", &Purpose::Correction(id("o1"))),
            ("o2", "answer", &Purpose::Reply(reply)),
            ("e2", "👍 🎉", &Purpose::Reactions(id("i1"))),
            ("r1", "words", &Purpose::Retraction(id("o0"))),
        ]
    );
    assert!(restored.iter().all(|it| it.privacy == Privacy::Encrypted));
    let state = |state| Change::MessageStateChanged { peer: bob(), id: id("c1"), state };
    assert_eq!(lab.commit(vec![state(MessageState::Sent)]).await, [Event::ConversationChanged(bob())]);
    assert_eq!(lab.commit(vec![state(MessageState::Pending)]).await, []);
    let edited = |lab: &Lab| lab.page()[1].annotations.edited.clone().unwrap().state;
    assert_eq!(edited(&lab), MessageState::Sent);
    // A copy from the archive says that it has been sent.
    let copy =
        Annotation { state: MessageState::Sent, ..sealed(ours(said("e2", "i1", with("👍 🎉"), 5))) };
    lab.say(copy).await;
    let left = lab.store.restore(lab.account).await.unwrap().pending;
    assert_eq!(left.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["o1", "o2", "r1"]);
}

#[tokio::test]
async fn what_waits_in_clear_is_to_be_encrypted_when_the_person_says_so() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i1", "text", 1))]).await;
    lab.say(ours(said("e1", "i1", with("👍"), 2))).await;
    assert_eq!(lab.store.restore(lab.account).await.unwrap().pending[0].privacy, Privacy::Clear);
    let protection = Protection::Encrypted(None);
    lab.commit(vec![Change::MessageProtected { peer: bob(), id: id("e1"), protection }]).await;
    assert_eq!(reactions(&lab.page()[0]).len(), 1);
    assert_eq!(lab.store.restore(lab.account).await.unwrap().pending[0].privacy, Privacy::Encrypted);
}

#[tokio::test]
async fn an_answer_shows_what_it_answers_as_it_is_now() {
    let lab = Lab::new().await;
    let answer = |to: &str, author| NewMessage {
        reply: Some(ReplyTo { id: id(to), author }),
        ..incoming(&format!("a{to}"), "answer", 9)
    };
    let sent = NewMessage { state: MessageState::Sent, ..outgoing("o1", "ours", 1) };
    lab.commit(vec![change(answer("o1", None)), change(sent)]).await;
    lab.commit(vec![change(answer("i9", Some(Direction::Incoming)))]).await;
    let quoted = |lab: &Lab| -> Vec<Quoted> {
        lab.page().into_iter().filter_map(|message| message.annotations.reply).collect()
    };
    let of = |lab: &Lab| quoted(lab)[0].clone();
    assert_eq!((of(&lab).author, of(&lab).text.as_deref()), (Some(Direction::Outgoing), Some("ours")));
    let missing = Quoted {
        to: id("i9"),
        id: None,
        author: Some(Direction::Incoming),
        text: None,
        privacy: Privacy::Encrypted,
    };
    assert_eq!(quoted(&lab)[1], missing);
    lab.say(ours(said("c1", "o1", text("corrected"), 2))).await;
    assert_eq!(of(&lab).text.as_deref(), Some("corrected"));
    // An answer to a correction is one to the message.
    lab.commit(vec![change(NewMessage { at: at(10), ..answer("c1", None) })]).await;
    assert_eq!(quoted(&lab)[2].text.as_deref(), Some("corrected"));
    lab.say(ours(said("r1", "o1", gone(), 3))).await;
    assert_eq!(of(&lab).text, None);
}

#[tokio::test]
async fn nothing_grows_without_bound() {
    let lab = Lab::new().await;
    lab.commit(vec![change(incoming("i1", "text", 1))]).await;
    let flood: Vec<Change> = (0..3_000)
        .flat_map(|n| {
            [
                said(&format!("c{n}"), "i1", text(&format!("{n}")), n),
                said(&format!("e{n}"), &format!("nowhere {n}"), with("👍"), n),
                said(&format!("r{n}"), &format!("never {n}"), gone(), n),
            ]
        })
        .map(Change::Annotated)
        .collect();
    lab.commit(flood).await;
    assert_eq!(lab.texts(), ["2999"]);
    let rows = lab.store.run("test", |ledger| {
        ledger.connection.query_row("SELECT count(*) FROM annotation", (), |row| row.get::<_, i64>(0))
    });
    let rows = rows.await.unwrap();
    assert!(rows < 600, "{rows}");
}

#[tokio::test]
async fn what_was_retracted_leaves_the_files() {
    let lab = Lab::new().await;
    let words = |n: usize| format!("aubergine{n} courgette{n} potimarron{n}");
    for n in 0..200_usize {
        let message = incoming(&format!("i{n}"), &words(n), n as i64);
        lab.commit(vec![change(message)]).await;
        lab.say(said(&format!("c{n}"), &format!("i{n}"), text(&format!("rutabaga{n}")), n as i64)).await;
    }
    for n in 0..200_usize {
        lab.say(said(&format!("r{n}"), &format!("i{n}"), gone(), 1_000)).await;
    }
    lab.store.flush().await.unwrap();
    lab.store
        .run("test", |ledger| {
            ledger.empty_log(std::time::Instant::now());
            Ok(())
        })
        .await
        .unwrap();
    let files = lab.bytes();
    for n in 0..200 {
        for word in ["aubergine", "courgette", "potimarron", "rutabaga"] {
            let word = format!("{word}{n}");
            let found = files.windows(word.len()).filter(|window| *window == word.as_bytes()).count();
            assert_eq!(found, 0, "{word}");
        }
    }
}

#[tokio::test]
async fn what_the_archive_lists_is_newer_than_what_was_here_whatever_the_clocks_say() {
    const YEAR: i64 = 365 * 24 * 60 * 60 * 1_000;
    let lab = Lab::new().await;
    let now = |annotation: Annotation| Annotation { arrival: Arrival::Live, ..annotation };
    lab.commit(vec![change(incoming("i1", "mirabele", 1))]).await;
    // Our clock was a year ahead when these came.
    lab.say(now(said("c1", "i1", text("mirabelle"), YEAR))).await;
    lab.say(now(said("e1", "i1", with("👍"), YEAR))).await;
    let reached = causerie_model::Reached { id: "s2".to_owned(), at: at(2) };
    let reached = Change::ArchiveReached { archive: super::lab::jid("alice@chat.test"), reached };
    lab.commit(vec![change(incoming("i2", "next", 2)), reached]).await;
    // What is older, and looked for, takes the place of nothing.
    lab.say(said("c0", "i1", text("older"), 0)).await;
    assert_eq!(lab.texts(), ["mirabelle", "next"]);
    let listed = |annotation: Annotation| Annotation { arrival: Arrival::Listed, ..annotation };
    lab.say(listed(said("c2", "i1", text("quetsche"), 5))).await;
    lab.say(listed(said("e2", "i1", with("🎉"), 5))).await;
    assert_eq!(lab.texts(), ["quetsche", "next"]);
    assert_eq!(reactions(&lab.page()[0]), [(Direction::Incoming, "🎉".to_owned())]);
    // What has come by itself since, before the archive is read on, is not older than what was before it.
    lab.say(now(said("c4", "i1", text("prune"), 9))).await;
    lab.say(listed(said("c3", "i1", text("between"), 7))).await;
    assert_eq!(lab.texts(), ["prune", "next"]);
}
