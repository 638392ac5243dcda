//! Rooms: what is said there is here once, in the room's order, whoever was away, was killed or was not heard.

use std::fs;
use std::path::Path;

use acceptance::{Driven, Kind, Server};
use serde_json::{Value, json};

use super::scene::{Scene, on_both_servers, password};

/// Makes three tests of each function: with Prosody, with ejabberd, and with the newer Prosody where there is one.
macro_rules! on_all_servers {
    ($($test:ident),+ $(,)?) => {
        $(mod $test {
            use super::super::scene::Scene;

            #[test]
            fn prosody() {
                super::$test(Scene::new(acceptance::Kind::Prosody, super::PEOPLE));
            }

            #[test]
            fn prosody_13() {
                if let Some(scene) = super::newer() {
                    super::$test(scene);
                }
            }

            #[test]
            fn ejabberd() {
                super::$test(Scene::new(acceptance::Kind::Ejabberd, super::PEOPLE));
            }
        })+
    };
}

on_all_servers!(
    two_in_a_room,
    killed_between_receiving_and_keeping,
    away_for_three_hundred,
    killed_with_words_on_their_way,
    said_of_messages,
    left_and_tried_again,
);

on_both_servers!(older_pages);

const PEOPLE: &[&str] = &["alice", "bob"];

/// The newer Prosody, with the same people.
fn newer() -> Option<Scene> {
    let server = Server::start_newer()?;
    for name in PEOPLE {
        server.add_user(name, &password(name));
    }
    Some(Scene::at(server))
}

/// Enters a room, and waits until we are in.
fn join(driven: &mut Driven, room: &str, nick: &str) {
    driven.ask(&json!({ "do": "join_room", "room": room, "nick": nick }));
    joined(driven, room, nick);
}

fn joined(driven: &mut Driven, room: &str, nick: &str) {
    driven.event(&json!({ "event": "room", "room": room, "state": "joined", "nick": nick }));
}

fn room_of(scene: &Scene, name: &str) -> String {
    let jid = scene.server.jid("alice");
    let domain = jid.split_once('@').expect("an address").1.to_owned();
    format!("{name}@rooms.{domain}")
}

/// Says something in a room, which is in clear.
fn say(scene: &Scene, driven: &mut Driven, room: &str, text: &str) {
    scene.server.is_clear(text);
    driven.ask(&json!({ "do": "send_room", "room": room, "body": text }));
}

/// What is here of a room: who has said what, in the order of reading.
fn rows(driven: &mut Driven, account: &str, room: &str) -> Vec<String> {
    let row = |message: Value| {
        let who = match message["direction"].as_str() {
            Some("out") => "out",
            _ => message["nick"].as_str().unwrap_or("nobody"),
        };
        let text = message["text"].as_str().unwrap_or("(gone)");
        format!("{who}: {text}")
    };
    driven.history(account, room).into_iter().map(row).collect()
}

/// Waits until so many messages of a room are here, and ours have come back.
fn wait_for(driven: &mut Driven, room: &str, count: usize) {
    driven.until(&json!({ "do": "count", "peer": room }), |answer| answer["count"] == count);
    driven.until(&json!({ "do": "waiting" }), |answer| answer["count"] == 0);
}

/// Both see the same, each with its own words as its own; and the list of conversations has nothing of it.
fn two_in_a_room(scene: Scene) {
    let (alices, bobs, room) = (scene.server.jid("alice"), scene.server.jid("bob"), room_of(&scene, "salon"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    // What is written before we are in waits until we are.
    alice.ask(&json!({ "do": "join_room", "room": room, "nick": "Alice" }));
    say(&scene, &mut alice, &room, "Is anybody here?");
    joined(&mut alice, &room, "Alice");
    wait_for(&mut alice, &room, 1);
    // Her name is taken: he gets the next one.
    join(&mut bob, &room, "Bob");
    wait_for(&mut bob, &room, 1);
    for number in 0..10 {
        say(&scene, &mut alice, &room, &format!("a{number}"));
        say(&scene, &mut bob, &room, &format!("b{number}"));
    }
    for driven in [&mut alice, &mut bob] {
        wait_for(driven, &room, 21);
    }
    // She comes back: it is all here once, and nothing is here twice.
    assert!(alice.quit());
    let mut alice = scene.online("alice");
    joined(&mut alice, &room, "Alice");
    say(&scene, &mut bob, &room, "Welcome back");
    for driven in [&mut alice, &mut bob] {
        wait_for(driven, &room, 22);
    }
    let (hers, his) = (rows(&mut alice, &alices, &room), rows(&mut bob, &bobs, &room));
    let his_eyes = |row: &String| match row.split_once(": ") {
        Some(("out", text)) => format!("Bob: {text}"),
        Some(("Alice", text)) => format!("out: {text}"),
        _ => row.clone(),
    };
    let mut said: Vec<String> = his.iter().map(his_eyes).collect();
    let mut heard = hers.clone();
    // What one has written has its place when it was written.
    said.sort();
    heard.sort();
    assert_eq!(heard, said);
    for (driven, account) in [(&mut alice, &alices), (&mut bob, &bobs)] {
        let conversations = driven.ask(&json!({ "do": "conversations", "account": account }));
        assert_eq!(conversations["conversations"], json!([]));
        let found = driven.ask(&json!({ "do": "search", "words": "Welcome", "account": account }));
        assert_eq!(found["messages"], json!([]));
    }
    // Whoever has left hears nothing more.
    alice.ask(&json!({ "do": "leave_room", "room": room }));
    alice.event(&json!({ "event": "room", "room": room, "state": "left" }));
    say(&scene, &mut bob, &room, "Alone");
    wait_for(&mut bob, &room, 23);
    assert!(alice.quit());
    let mut alice = scene.online("alice");
    alice.event(&json!({ "event": "catch_up", "state": "done" }));
    assert_eq!(alice.ask(&json!({ "do": "count", "peer": room }))["count"], 22);
}

/// A program that dies with what has come, and with what it has said, not yet on its disk: all of it is there in the end, once.
fn killed_between_receiving_and_keeping(scene: Scene) {
    let (bobs, room) = (scene.server.jid("bob"), room_of(&scene, "salon"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    join(&mut alice, &room, "Alice");
    join(&mut bob, &room, "Bob");
    say(&scene, &mut alice, &room, "first");
    wait_for(&mut bob, &room, 1);
    let mut count = 1;
    for round in 0..4 {
        // Every other time something of his is on its way as well.
        if round % 2 == 1 {
            for number in 0..5 {
                say(&scene, &mut bob, &room, &format!("his {round} {number}"));
            }
            count += 5;
            // They are kept before they go out; whether they have come back is left to chance.
            bob.until(&json!({ "do": "count", "peer": room }), |answer| answer["count"] == count);
        }
        bob.ask(&json!({ "do": "disk", "mood": "holds" }));
        for number in 0..20 {
            say(&scene, &mut alice, &room, &format!("hers {round} {number}"));
        }
        count += 20;
        bob.event(&json!({ "event": "disk", "commit": "held" }));
        alice.until(&json!({ "do": "waiting" }), |answer| answer["count"] == 0);
        bob.kill();
        bob = scene.online("bob");
        joined(&mut bob, &room, "Bob");
        for driven in [&mut alice, &mut bob] {
            wait_for(driven, &room, count);
        }
    }
    let his = rows(&mut bob, &bobs, &room);
    let hers: Vec<&String> = his.iter().filter(|row| row.starts_with("Alice: hers")).collect();
    let wanted: Vec<String> =
        (0..4).flat_map(|round| (0..20).map(move |number| format!("Alice: hers {round} {number}"))).collect();
    assert_eq!(hers, wanted.iter().collect::<Vec<_>>(), "in the room's order");
    let own = his.iter().filter(|row| row.starts_with("out: his")).count();
    assert_eq!((own, his.len()), (10, count));
}

/// Who was away for more than two pages has the newest first, and in the end everything, once and in the archive's order.
fn away_for_three_hundred(scene: Scene) {
    const COUNT: usize = 300;
    let (bobs, room) = (scene.server.jid("bob"), room_of(&scene, "salon"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    join(&mut alice, &room, "Alice");
    join(&mut bob, &room, "Bob");
    say(&scene, &mut alice, &room, "before");
    wait_for(&mut bob, &room, 1);
    assert!(bob.quit());
    for number in 0..COUNT {
        say(&scene, &mut alice, &room, &format!("away {number}"));
    }
    wait_for(&mut alice, &room, COUNT + 1);
    let mut bob = scene.online("bob");
    joined(&mut bob, &room, "Bob");
    say(&scene, &mut bob, &room, "I am back");
    wait_for(&mut bob, &room, COUNT + 2);
    let his = rows(&mut bob, &bobs, &room);
    let hers: Vec<&String> = his.iter().filter(|row| row.starts_with("Alice: ")).collect();
    let wanted: Vec<String> = std::iter::once("Alice: before".to_owned())
        .chain((0..COUNT).map(|number| format!("Alice: away {number}")))
        .collect();
    assert_eq!(hers, wanted.iter().collect::<Vec<_>>());
    // And it comes no second time.
    assert!(bob.quit());
    let mut bob = scene.online("bob");
    joined(&mut bob, &room, "Bob");
    say(&scene, &mut alice, &room, "the end");
    bob.until(&json!({ "do": "page", "peer": room, "limit": 1 }), |answer| {
        answer["messages"][0]["text"] == "the end"
    });
    assert_eq!(bob.ask(&json!({ "do": "count", "peer": room }))["count"], COUNT + 3);
    // A program that begins from nothing gets the newest, and the rest when it looks for it.
    let mut fresh = scene.start("new bob");
    fresh.sign_in(&scene.server, "bob", &super::scene::password("bob"));
    fresh.ask(&json!({ "do": "join_room", "room": room, "nick": "Bob" }));
    fresh.event(&json!({ "event": "room", "room": room, "state": "joined" }));
    fresh.until(&json!({ "do": "count", "peer": room }), |answer| answer["count"] == COUNT + 3);
}

/// A program that dies right after something was written: it is there in the end, once, for everybody.
fn killed_with_words_on_their_way(scene: Scene) {
    let (alices, bobs, room) = (scene.server.jid("alice"), scene.server.jid("bob"), room_of(&scene, "salon"));
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    join(&mut alice, &room, "Alice");
    join(&mut bob, &room, "Bob");
    let mut wanted = Vec::new();
    for round in 0..6 {
        for number in 0..4 {
            let text = format!("{round} {number}");
            say(&scene, &mut bob, &room, &text);
            wanted.push(text);
        }
        bob.until(&json!({ "do": "count", "peer": room }), |answer| answer["count"] == wanted.len());
        bob.kill();
        bob = scene.online("bob");
        joined(&mut bob, &room, "Bob");
        for driven in [&mut bob, &mut alice] {
            wait_for(driven, &room, wanted.len());
        }
    }
    let texts = |rows: Vec<String>, who: &str| -> Vec<String> {
        rows.iter().filter_map(|row| row.strip_prefix(who)).map(str::to_owned).collect()
    };
    assert_eq!(texts(rows(&mut bob, &bobs, &room), "out: "), wanted);
    assert_eq!(texts(rows(&mut alice, &alices, &room), "Bob: "), wanted);
}

/// Who begins from nothing has the newest, and what is older when it is looked for, up to the very first.
fn older_pages(kind: Kind) {
    const COUNT: usize = 620;
    let scene = Scene::new(kind, PEOPLE);
    let (bobs, room) = (scene.server.jid("bob"), room_of(&scene, "salon"));
    let mut alice = scene.online("alice");
    join(&mut alice, &room, "Alice");
    for number in 0..COUNT {
        say(&scene, &mut alice, &room, &format!("page {number}"));
    }
    wait_for(&mut alice, &room, COUNT);
    let mut bob = scene.online("bob");
    join(&mut bob, &room, "Bob");
    bob.until(&json!({ "do": "count", "peer": room }), |answer| {
        answer["count"].as_u64().is_some_and(|count| count >= 500)
    });
    loop {
        bob.ask(&json!({ "do": "fetch_older", "peer": room }));
        let fetched = bob.event(&json!({ "event": "older" }));
        if fetched["whole"] == true {
            break;
        }
    }
    let wanted: Vec<String> = (0..COUNT).map(|number| format!("Alice: page {number}")).collect();
    bob.until(&json!({ "do": "count", "peer": room }), |answer| answer["count"] == COUNT);
    let mut heard = rows(&mut bob, &bobs, &room);
    assert_eq!(heard.len(), COUNT);
    heard.sort();
    let mut sorted = wanted;
    sorted.sort();
    assert_eq!(heard, sorted);
}

/// Corrections, reactions, answers and deletions: those of whom the room knows count for others; ours are sent and come back, whatever it knows.
fn said_of_messages(scene: Scene) {
    let room = room_of(&scene, "salon");
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    join(&mut alice, &room, "Alice");
    join(&mut bob, &room, "Bob");
    for text in ["Hullo", "Is it?", "Take me back"] {
        say(&scene, &mut alice, &room, text);
    }
    wait_for(&mut alice, &room, 3);
    wait_for(&mut bob, &room, 3);
    let page = alice.ask(&json!({ "do": "page", "peer": room }));
    let names = |text: &str| -> (String, String) {
        let message = page["messages"].as_array().and_then(|all| all.iter().find(|it| it["text"] == text));
        let name = |which: &str| message.and_then(|it| it[which].as_str()).expect("a name").to_owned();
        (name("message"), name("archived"))
    };
    let (hullo, is_it, back) = (names("Hullo"), names("Is it?"), names("Take me back"));
    scene.server.is_clear("Hello");
    scene.server.is_clear("(deleted)");
    scene.server.is_clear("> Is it?\nIndeed");
    alice.ask(&json!({ "do": "correct", "to": room, "of": hullo.0, "body": "Hello" }));
    alice.ask(&json!({ "do": "retract", "to": room, "of": back.1 }));
    bob.ask(&json!({ "do": "react", "to": room, "of": is_it.1, "with": ["👍"] }));
    bob.ask(&json!({ "do": "answer", "to": room, "of": is_it.1, "body": "Indeed" }));
    for driven in [&mut alice, &mut bob] {
        driven.until(&json!({ "do": "waiting" }), |answer| answer["count"] == 0);
    }
    let reacted = |answer: &Value, by: &str| {
        let messages = answer["messages"].as_array().expect("messages");
        messages.iter().any(|it| {
            it["text"] == "Is it?"
                && it["reactions"][0]["by"] == by
                && it["reactions"][0]["state"] != "pending"
        })
    };
    let page = json!({ "do": "page", "peer": room });
    bob.until(&page, |answer| reacted(answer, "out"));
    let has = |answer: &Value, is_it: &dyn Fn(&Value) -> bool| {
        answer["messages"].as_array().expect("messages").iter().any(is_it)
    };
    for driven in [&mut alice, &mut bob] {
        driven.until(&page, |answer| {
            has(answer, &|it| it["text"] == "Indeed" && it["answers"]["text"] == "Is it?")
        });
    }
    alice.until(&page, |answer| has(answer, &|it| it["text"] == "Hello" && !it["edited"].is_null()));
    alice.until(&page, |answer| has(answer, &|it| it["retracted"] == true));
    // ejabberd 23.01 does not say by what it knows people, so that nobody's word of a message counts but our own.
    if scene.server.kind() == Kind::Prosody {
        alice.until(&page, |answer| reacted(answer, "Bob"));
        bob.until(&page, |answer| has(answer, &|it| it["text"] == "Hello" && !it["edited"].is_null()));
        bob.until(&page, |answer| has(answer, &|it| it["retracted"] == true));
        // And so for whoever comes later.
        let mut fresh = scene.start("new bob");
        fresh.sign_in(&scene.server, "bob", &password("bob"));
        fresh.ask(&json!({ "do": "join_room", "room": room, "nick": "Bob" }));
        fresh.until(&page, |answer| has(answer, &|it| it["text"] == "Hello" && !it["edited"].is_null()));
        fresh.until(&page, |answer| reacted(answer, "out"));
        fresh.until(&page, |answer| has(answer, &|it| it["retracted"] == true));
    }
}

/// What is written to a room that was left never goes to it as to a person; once the person is in again, it goes when they want that.
fn left_and_tried_again(scene: Scene) {
    let room = room_of(&scene, "salon");
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    join(&mut alice, &room, "Alice");
    join(&mut bob, &room, "Bob");
    bob.ask(&json!({ "do": "sign_out" }));
    bob.event(&json!({ "event": "connection", "state": "offline" }));
    scene.server.is_clear("never");
    let said = bob.ask(&json!({ "do": "send_room", "room": room, "body": "never" }));
    let id = said["message"].as_str().expect("its name").to_owned();
    bob.until(&json!({ "do": "page", "peer": room }), |answer| answer["messages"][0]["text"] == "never");
    bob.ask(&json!({ "do": "leave_room", "room": room }));
    bob.until(&json!({ "do": "page", "peer": room }), |answer| answer["messages"][0]["state"] == "failed");
    bob.kill();
    let mut bob = scene.online("bob");
    let page = json!({ "do": "page", "peer": room });
    let retry = json!({ "do": "retry", "to": room, "message": id });
    bob.ask(&retry);
    bob.until(&page, |answer| answer["messages"][0]["problem"] == "not_in_room");
    // Nothing of it has gone anywhere.
    say(&scene, &mut alice, &room, "the end");
    wait_for(&mut alice, &room, 1);
    assert!(!scene.server.seen().contains(">never<"));
    join(&mut bob, &room, "Bob");
    bob.ask(&retry);
    bob.until(&page, |answer| {
        let all = answer["messages"].as_array().expect("messages");
        all.iter().any(|it| it["text"] == "never" && it["state"] == "sent")
    });
    wait_for(&mut alice, &room, 2);
    wait_for(&mut bob, &room, 2);
}

/// What a moderator wants gone is in no file any more. Prosody with a module of ours; ejabberd 23.01 knows no moderation of messages.
#[test]
fn a_moderated_message_leaves_the_file() {
    let scene = Scene::new(Kind::Prosody, &["alice", "bob"]);
    let room = room_of(&scene, "salon");
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    join(&mut alice, &room, "Alice");
    join(&mut bob, &room, "Bob");
    let texts = ["unmistakable-plum", "unmistakable-cherry"];
    for (count, (text, how)) in texts.into_iter().zip(["", "before "]).enumerate() {
        say(&scene, &mut alice, &room, text);
        let answer =
            bob.until(&json!({ "do": "page", "peer": room }), |answer| named(answer, text).is_some());
        let named = named(&answer, text).expect("the room's name for it");
        say(&scene, &mut alice, &room, &format!("moderate {how}{named}"));
        for driven in [&mut alice, &mut bob] {
            let answer = driven.until(&json!({ "do": "page", "peer": room }), |answer| {
                let messages = answer["messages"].as_array().expect("messages");
                messages.iter().filter(|message| message["retracted"] == true).count() == count + 1
            });
            assert!(!answer.to_string().contains(text));
        }
    }
    for (driven, name) in [(alice, "alice"), (bob, "bob")] {
        assert!(driven.quit());
        let files = contents(&scene.data_of(name));
        assert!(has(&files, &room), "the files are those");
        for text in texts {
            assert!(!has(&files, text), "{text} is in a file of {name}");
        }
    }
}

/// What the room calls the message that says this.
fn named(answer: &Value, text: &str) -> Option<String> {
    let message = answer["messages"].as_array()?.iter().find(|message| message["text"] == text)?;
    message["archived"].as_str().map(str::to_owned)
}

fn contents(folder: &Path) -> Vec<u8> {
    let files = fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path());
    files.filter(|path| path.is_file()).flat_map(|path| fs::read(path).expect("a file")).collect()
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
