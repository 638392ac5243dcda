use causerie_model::{AddressError, Connection, Problem};

use super::*;
use crate::screen::samples;
use crate::screen::walk::walk;

fn typed(address: &str, password: &str, server: &str) -> SignIn {
    let mut sign_in = SignIn::new(address);
    sign_in.password = Zeroizing::new(password.to_owned());
    sign_in.server = server.to_owned();
    sign_in
}

fn field_in_trouble(sign_in: &SignIn) -> Option<Field> {
    sign_in.trouble.as_ref().map(|trouble| trouble.field)
}

#[test]
fn what_is_missing_is_said_at_its_field() {
    let context = samples::empty(800.0, 600.0);
    for (address, password, server, field) in [
        ("", "x", "", Field::Address),
        ("alice", "x", "", Field::Address),
        ("alice@chat.example", "", "", Field::Password),
        ("alice@chat.example", "x", "no server", Field::Server),
    ] {
        let mut sign_in = typed(address, password, server);
        let action = sign_in.update(Message::Submitted, &context);
        assert_eq!(action, Action::Focus(field.name()), "{address} {server}");
        assert_eq!(field_in_trouble(&sign_in), Some(field));
    }
}

#[test]
fn nothing_is_wrong_while_one_types_what_may_become_right() {
    let context = samples::empty(800.0, 600.0);
    let mut sign_in = SignIn::new("");
    for (address, wrong) in [
        ("a", None),
        ("alice@", None),
        ("alice@chat.", None),
        ("alice@chat.example", None),
        ("alice@chat.example/phone", Some(AddressError::HasResource)),
        ("alice@@", Some(AddressError::SecondAt)),
    ] {
        sign_in.update(Message::AddressChanged(address.to_owned()), &context);
        let said = sign_in.trouble.as_ref().map(|trouble| trouble.what.clone());
        assert_eq!(said, wrong.map(What::Address), "{address}");
    }
}

#[test]
fn a_wrong_password_is_said_beside_it_and_nothing_typed_is_lost() {
    let context = samples::empty(800.0, 600.0);
    let mut sign_in = typed("alice@chat.example", "guess", "");
    let Action::Start { account: None, jid, server: None, .. } = sign_in.update(Message::Submitted, &context)
    else {
        panic!("not started")
    };
    assert_eq!(jid.as_str(), "alice@chat.example");
    let refused = Connection::Stopped(Problem::WrongPassword);
    assert_eq!(sign_in.update(Message::ConnectionChanged(refused), &context), Action::Stop);
    assert_eq!(field_in_trouble(&sign_in), Some(Field::Password));
    assert_eq!((sign_in.address.as_str(), sign_in.password.as_str()), ("alice@chat.example", "guess"));
    let again = sign_in.update(Message::Submitted, &context);
    assert!(matches!(again, Action::Start { .. }), "it can be tried again");
}

#[test]
fn a_fault_of_an_own_server_address_is_said_beside_that() {
    let context = samples::empty(800.0, 600.0);
    for (server, field) in [("", Field::Address), ("localhost:1", Field::Server)] {
        let mut sign_in = typed("alice@chat.example", "x", server);
        sign_in.update(Message::Submitted, &context);
        let refused = Connection::Stopped(Problem::ConnectionRefused);
        sign_in.update(Message::ConnectionChanged(refused), &context);
        assert_eq!(field_in_trouble(&sign_in), Some(field));
    }
}

#[test]
fn the_password_is_kept_only_after_it_was_right() {
    let context = samples::empty(800.0, 600.0);
    let mut sign_in = typed("alice@chat.example", "right", "");
    sign_in.update(Message::Submitted, &context);
    sign_in.update(Message::ConnectionChanged(Connection::SigningIn), &context);
    let kept = sign_in.update(Message::ConnectionChanged(Connection::Online), &context);
    assert!(matches!(kept, Action::Keep(_, password) if password.reveal() == "right"));
    let absent = sign_in.update(Message::Kept(Err(Fault::Absent)), &context);
    assert_eq!((absent, &sign_in.stage), (Action::Focus(ASK), &Stage::NotKept(Fault::Absent)));
    assert_eq!(sign_in.update(Message::Cancelled, &context), Action::None, "Escape does not go on");
    assert_eq!(sign_in.update(Message::AskedEachTime, &context), Action::Finish);
    // Who does not wait for the keyring is asked what is to be done, and has lost nothing where it answers yet.
    sign_in.stage = Stage::Keeping;
    assert_eq!(sign_in.update(Message::Cancelled, &context), Action::Focus(ASK));
    assert_eq!(sign_in.update(Message::Kept(Ok(())), &context), Action::Finish);
}

#[test]
fn plain_is_a_question_first() {
    let context = samples::empty(800.0, 600.0);
    let mut sign_in = typed("alice@chat.example", "x", "");
    sign_in.update(Message::Submitted, &context);
    let asked = Connection::Stopped(Problem::PlainOnly);
    assert_eq!(sign_in.update(Message::ConnectionChanged(asked), &context), Action::Focus(REFUSE));
    assert_eq!(sign_in.stage, Stage::Plain);
    let mut other = typed("alice@chat.example", "x", "");
    other.stage = Stage::Plain;
    assert_eq!(sign_in.update(Message::PlainAllowed, &context), Action::AllowPlain);
    assert_eq!(other.update(Message::Cancelled, &context), Action::Stop);
}

#[test]
fn waiting_can_be_cancelled() {
    let context = samples::empty(800.0, 600.0);
    let mut sign_in = typed("alice@chat.example", "x", "");
    sign_in.update(Message::Submitted, &context);
    assert_eq!(sign_in.update(Message::Cancelled, &context), Action::Stop);
    let late = sign_in.update(Message::ConnectionChanged(Connection::Online), &context);
    assert_eq!(late, Action::None, "what comes after that does not count");
    assert_eq!(sign_in.update(Message::Cancelled, &context), Action::Leave);
}

#[test]
fn every_stage_is_read_by_keyboard_and_screen_reader() {
    let context = samples::empty(480.0, 420.0);
    for stage in [
        Stage::Form,
        Stage::Trying(Connection::Connecting),
        Stage::Plain,
        Stage::Keeping,
        Stage::NotKept(Fault::Locked),
    ] {
        let mut sign_in = typed("alice@chat.example", "x", "");
        (sign_in.stage, sign_in.options) = (stage, Shown::Yes);
        walk("sign in", (480.0, 900.0), view(&sign_in, &context));
    }
}
