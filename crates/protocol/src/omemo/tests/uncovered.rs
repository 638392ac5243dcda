//! What is encrypted and may have arrived when a session goes on is looked for, and never sent in clear.

use std::time::Duration;

use causerie_model::{Command, MessageState, OriginId};

use super::lab::{Lab, jid};
use super::{ALICE, BOB};
use crate::stream_management::{HandedBack, News};

/// Alice has written something that her server has not covered, and her session goes on. Gives what it is called.
fn uncovered(lab: &mut Lab, is_archived: bool) -> OriginId {
    let id = OriginId::new("uncovered").unwrap();
    let peer = jid("bob@b.example");
    lab.ask_without_answers(
        ALICE,
        Command::SendMessage { id: id.clone(), peer: peer.clone(), body: "uncovered".into() },
    );
    lab.lose_all();
    if !is_archived {
        lab.messages.pop();
    }
    let handed_back = vec![HandedBack { name: (peer, id.clone()), has_left: true, blame: 0 }];
    lab.step(ALICE, |own, step| own.suspended(step));
    lab.step(ALICE, |own, step| {
        own.arrived(News { handed_back, ..News::default() }, step);
        own.resumed(step);
    });
    lab.run();
    // The archive is asked once nothing more comes of the stream before.
    lab.wait(Duration::from_secs(2));
    id
}

fn times_on_the_wire(lab: &Lab, id: &OriginId) -> usize {
    lab.wire.iter().filter(|stanza| stanza.contains(id.as_str())).count()
}

fn archived() -> Lab {
    let mut lab = Lab::new();
    lab.archives = true;
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab.add("bob@b.example/1", &["alice@a.example"]);
    lab.send(ALICE, "bob@b.example", "first");
    lab.send(BOB, "alice@a.example", "second");
    lab
}

#[test]
fn what_is_in_the_archive_is_not_encrypted_again() {
    let mut lab = archived();
    let id = uncovered(&mut lab, true);
    assert_eq!(*lab.state(ALICE, &id), MessageState::Sent);
    assert_eq!(times_on_the_wire(&lab, &id), 1);
    assert!(!lab.was_seen("uncovered</body>"));
}

#[test]
fn what_is_not_in_the_archive_is_encrypted_again_and_arrives() {
    let mut lab = archived();
    let id = uncovered(&mut lab, false);
    assert_eq!(times_on_the_wire(&lab, &id), 2);
    assert!(!lab.was_seen("uncovered</body>"));
    assert_eq!(lab.received(BOB), ["first", "uncovered"]);
}
