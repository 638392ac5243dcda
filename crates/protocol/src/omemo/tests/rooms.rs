//! What was to be encrypted for a person is never said in a room.

use causerie_model::{Command, MessageState, Nick, Problem, Room};

use super::ALICE;
use super::lab::{Lab, jid};

const CAROLS: &str = "carol@c.example";

/// Alice, who has Carol in no list of contacts.
fn alice() -> Lab {
    let mut lab = Lab::new();
    lab.add("alice@a.example/1", &["bob@b.example"]);
    lab
}

/// Whether Alice wants to be in that room, having asked for it.
fn enters(lab: &mut Lab, room: &str) -> bool {
    let before = lab.devices[ALICE].changes;
    lab.ask(ALICE, Command::JoinRoom { room: jid(room), nick: Nick::new("Alice").unwrap() });
    lab.devices[ALICE].changes > before
}

#[test]
fn whoever_has_something_encrypted_to_come_is_entered_as_no_room() {
    // Her keys are out of reach, or there are none: what was written may be sent again.
    for (silent, state) in
        [(Some(jid(CAROLS)), MessageState::Pending), (None, MessageState::Failed(Problem::NoKeys))]
    {
        let mut lab = alice();
        lab.silent = silent;
        let id = lab.send(ALICE, CAROLS, "secret");
        assert_eq!(*lab.state(ALICE, &id), state);
        lab.devices[ALICE].ledger.encryption.partners = vec![jid(CAROLS)];
        for _ in 0..2 {
            assert!(!enters(&mut lab, CAROLS));
            lab.start(ALICE);
        }
        assert!(enters(&mut lab, "room@muc.example"));
        assert!(!lab.was_seen("secret"));
    }
}

#[test]
fn whoever_was_written_to_encrypted_in_another_run_is_entered_as_no_room() {
    let mut lab = alice();
    let carol = lab.add("carol@c.example/1", &[]);
    lab.send(ALICE, CAROLS, "secret");
    assert_eq!(lab.received(carol), ["secret"]);
    lab.start(ALICE);
    assert!(!enters(&mut lab, CAROLS));
    // Her devices are gone, or her server says so.
    lab.nodes.retain(|(owner, _), _| *owner != jid(CAROLS));
    lab.ask(ALICE, Command::LookUpKeys(jid(CAROLS)));
    assert!(!enters(&mut lab, CAROLS));
}

/// A room may write first, as it does to invite somebody.
#[test]
fn whoever_has_only_written_in_clear_may_be_a_room() {
    let mut lab = alice();
    let invitation =
        "<message xmlns='jabber:client' from='room@muc.example' id='i1'><body>Come in</body></message>";
    lab.deliver(ALICE, invitation.parse().unwrap());
    assert_eq!(lab.received(ALICE), ["Come in"]);
    assert!(enters(&mut lab, "room@muc.example"));
}

/// An earlier version has taken a person for a room, which has both then.
#[test]
fn what_waits_encrypted_under_the_address_of_a_room_can_be_taken_back() {
    for (is_noted, problem) in [(true, Problem::Cancelled), (false, Problem::CancelledLate)] {
        let mut lab = alice();
        lab.silent = Some(jid(CAROLS));
        let id = lab.send(ALICE, CAROLS, "secret");
        if !is_noted {
            lab.forget_what_waits(ALICE);
        }
        let nick = Nick::new("Alice").unwrap();
        lab.devices[ALICE].ledger.rooms =
            vec![Room { jid: jid(CAROLS), nick, archive: None, gap: None, asked: None, last: None }];
        lab.start(ALICE);
        assert_eq!(*lab.state(ALICE, &id), MessageState::Pending);
        lab.ask(ALICE, Command::CancelMessage { id: id.clone(), peer: jid(CAROLS) });
        assert_eq!(*lab.state(ALICE, &id), MessageState::Failed(problem));
        assert!(!lab.was_seen("secret"));
    }
}
