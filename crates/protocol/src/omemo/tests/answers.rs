//! Answers that could not be sent when they were due.

use super::lab::{Lab, jid};
use crate::ns;
use crate::xml::Draft;

const BOBS: &str = "bob@b.example";
const ALICES: &str = "alice@a.example";

/// How many messages Bob has sent.
fn of_bob(lab: &Lab) -> usize {
    lab.messages.iter().filter(|message| message.attr("from") == Some("bob@b.example/1")).count()
}

#[test]
fn a_stranger_whom_a_person_accepts_gets_the_answer_that_was_due() {
    let mut lab = Lab::new();
    lab.add("bob@b.example/1", &[]);
    let stranger = lab.add("mallory@evil.example/1", &[]);
    lab.send(stranger, BOBS, "hello");
    lab.wait(std::time::Duration::from_secs(60));
    assert_eq!((lab.received(0), of_bob(&lab)), (vec!["hello"], 0));
    let item =
        Draft::new("item", ns::ROSTER).attr("jid", "mallory@evil.example").attr("subscription", "from");
    let query = Draft::new("query", ns::ROSTER).child(item);
    let push = Draft::new("iq", ns::CLIENT).attr("type", "set").attr("from", BOBS);
    lab.deliver(0, push.child(query).into());
    assert_eq!(of_bob(&lab), 1);
    lab.wait(std::time::Duration::from_secs(60));
    assert_eq!(of_bob(&lab), 1, "it is sent once");
}

#[test]
fn what_is_read_offline_is_answered_by_the_next_connection() {
    let mut lab = Lab::new();
    lab.add("bob@b.example/1", &[ALICES]);
    let alice = lab.add("alice@a.example/1", &[BOBS]);
    lab.disconnect(0);
    lab.send(alice, BOBS, "hello");
    let kept = lab.offline.remove(&jid(BOBS)).unwrap();
    kept.into_iter().for_each(|stanza| lab.deliver(0, stanza));
    assert_eq!((lab.received(0), of_bob(&lab)), (vec!["hello"], 0));
    lab.connect(0);
    assert_eq!(of_bob(&lab), 1);
}
