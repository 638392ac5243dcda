//! What is read ahead of what was missed before it never costs a message.

use std::time::Duration;

use causerie_model::{Command, Emoji, OriginId, Privacy, Timestamp};

use super::lab::{Lab, with};
use super::{ALICE, BOB, bob};
use crate::ns;
use crate::xml::Draft;

/// Alice and Bob, whose servers keep what they write, and who have written to each other.
fn archived() -> Lab {
    let mut lab = Lab::new();
    lab.archives = true;
    lab.most_turns = 1_000_000;
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.add("bob@b.example/1", &["alice@a.example"]);
    lab.send(ALICE, "bob@b.example", "first");
    lab.send(BOB, "alice@a.example", "second");
    // Where Bob's program knows that everything is here.
    lab.disconnect(BOB);
    lab.start(BOB);
    lab
}

fn missed(lab: &mut Lab, count: usize) -> Vec<String> {
    lab.disconnect(BOB);
    let texts: Vec<String> = (0..count).map(|number| format!("missed {number}")).collect();
    for text in &texts {
        lab.send(ALICE, "bob@b.example", text);
    }
    // They come by the archive alone.
    lab.offline.clear();
    texts
}

/// What Bob has received, in the order in which it was written.
fn read(lab: &Lab, texts: &[String]) {
    let mut expected = vec!["first"];
    expected.extend(texts.iter().map(String::as_str));
    let mut received = lab.received(BOB);
    received.sort_unstable();
    expected.sort_unstable();
    assert_eq!(received, expected, "each once, and none is unreadable");
}

#[test]
fn what_a_ratchet_can_skip_is_read_ahead() {
    let mut lab = archived();
    let texts = missed(&mut lab, 1_200);
    lab.start(BOB);
    read(&lab, &texts);
    assert_eq!(lab.devices[BOB].early, 0, "nothing has waited");
    assert_eq!(lab.devices[BOB].ledger.gap, None::<Timestamp>);
}

#[test]
fn what_a_ratchet_can_not_skip_waits_for_its_turn_and_none_is_lost() {
    let mut lab = archived();
    // More than the keys that a session keeps, by more than the newest pages.
    let texts = missed(&mut lab, 3_000);
    lab.start(BOB);
    read(&lab, &texts);
    assert!(lab.devices[BOB].early >= 100, "{} have waited", lab.devices[BOB].early);
    assert_eq!(lab.devices[BOB].ledger.gap, None::<Timestamp>);
    // And the conversation goes on.
    lab.send(ALICE, "bob@b.example", "last");
    assert_eq!(lab.received(BOB).last(), Some(&"last"));
}

/// A server that gives a message by itself and never lists it. It is held until everything else is here, in whatever run.
#[test]
fn what_comes_before_its_turn_and_is_never_listed_is_read_in_the_end() {
    for (restarts, is_kept) in [(false, true), (true, true), (true, false)] {
        let mut lab = archived();
        let mut texts = missed(&mut lab, 2_100);
        let last = lab.messages.pop().unwrap();
        let mut last = with(last, "id", "never-listed");
        let name = Draft::new("stanza-id", ns::STANZA_ID).attr("by", "bob@b.example").attr("id", "never");
        last.append_child(name.into());
        lab.offline.insert(bob(), vec![last]);
        match restarts {
            false => lab.start(BOB),
            true => {
                // Everything ends when it has come.
                lab.start_offline(BOB);
                lab.connect_briefly_with_offline(BOB);
                assert!(lab.received(BOB).contains(&"<early>"));
                assert_eq!(lab.devices[BOB].ledger.encryption.held.len(), 1);
                if !is_kept {
                    lab.devices[BOB].ledger.encryption.held.clear();
                }
                lab.start(BOB);
            }
        }
        for _ in 0..10 {
            lab.wait(Duration::from_secs(60));
        }
        assert_eq!(lab.devices[BOB].ledger.encryption.held, []);
        if !is_kept {
            *texts.last_mut().unwrap() = "<not kept>".to_owned();
        }
        read(&lab, &texts);
    }
}

/// What says something of another message and comes before its turn is no message when its turn comes.
#[test]
fn what_is_said_of_a_message_and_came_early_leaves_no_row_behind() {
    let mut lab = Lab::new();
    lab.archives = true;
    lab.most_turns = 1_000_000;
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.add("bob@b.example/1", &["alice@a.example"]);
    let target = lab.send(ALICE, "bob@b.example", "first");
    lab.send(BOB, "alice@a.example", "second");
    lab.disconnect(BOB);
    lab.start(BOB);
    lab.disconnect(BOB);
    for number in 0..3_000 {
        lab.send(ALICE, "bob@b.example", &format!("{number}"));
    }
    let (target_privacy, emoji) = (Privacy::Encrypted, vec![Emoji::new("👍").unwrap()]);
    let id = OriginId::new("e1").unwrap();
    lab.ask(ALICE, Command::React { id, peer: bob(), target, target_privacy, emoji });
    lab.offline.clear();
    lab.start(BOB);
    for _ in 0..10 {
        lab.wait(std::time::Duration::from_secs(60));
    }
    assert_eq!(lab.devices[BOB].said.len(), 1, "it is known");
    let odd: Vec<&str> = lab.received(BOB).into_iter().filter(|text| text.starts_with('<')).collect();
    assert_eq!(odd, Vec::<&str>::new());
}
