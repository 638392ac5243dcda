//! What is wanted is kept, asked often enough, and given up.

use super::*;

fn jid(text: &str) -> BareJid {
    BareJid::new(text).unwrap()
}

fn add(who: &str, token: Option<&str>) -> Command {
    let preauth = token.and_then(InviteToken::new);
    Command::AddContact {
        jid: jid(who),
        name: Some("Bob".to_owned()),
        groups: vec!["Club".to_owned()],
        preauth,
    }
}

fn picture() -> Command {
    let bytes = b"\x89PNG\r\n\x1a\nrest".to_vec();
    Command::PublishPicture(OwnPicture::new(PictureKind::Png, (192, 192), bytes))
}

#[test]
fn what_is_wanted_outlives_a_restart_until_there_is_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (jid("alice@chat.example"), jid("work@chat.example"));
    let name = Command::PublishName(Some("Alice Martin".to_owned()));
    let bob = add("bob@far.example", Some("s3cr3t"));
    let mut intents = load(folder.path());
    for command in [&name, &picture(), &bob] {
        intents.note(&own, command);
    }
    intents.save(folder.path());
    let mut again = load(folder.path());
    assert_eq!(again.ask_again(&other), []);
    assert_eq!(again.ask_again(&own), [name, picture(), bob]);
    again.shown(&own, &ProfileWish::Name(Some("Alice Martin".to_owned())));
    let Command::PublishPicture(shown) = picture() else { panic!("no picture") };
    again.shown(&own, &ProfileWish::Picture(shown));
    again.added(&own, &jid("bob@far.example"));
    again.save(folder.path());
    assert_eq!(load(folder.path()).ask_again(&own), []);
    // Whoever was slow writes nothing over that.
    intents.save(folder.path());
    assert_eq!(load(folder.path()).ask_again(&own), []);
}

#[test]
fn what_is_taken_back_is_not_asked() {
    let own = jid("alice@chat.example");
    let mut intents = Intents::default();
    intents.note(&own, &add("bob@far.example", None));
    intents.note(&own, &Command::RemoveContact(jid("bob@far.example")));
    intents.note(&own, &add("mallory@far.example", None));
    intents.note(&own, &Command::Block(jid("mallory@far.example")));
    intents.note(&own, &picture());
    let gone = [Command::PublishName(None), Command::PublishPicture(None)];
    gone.iter().for_each(|command| intents.note(&own, command));
    assert_eq!(intents.ask_again(&own), gone);
    intents.forget(&own);
    assert_eq!(intents.ask_again(&own), []);
}

#[test]
fn a_second_try_keeps_what_lets_in_and_nobody_is_asked_for_ever() {
    let own = jid("alice@chat.example");
    let mut intents = Intents::default();
    intents.note(&own, &add("bob@far.example", Some("s3cr3t")));
    let again =
        Command::AddContact { jid: jid("bob@far.example"), name: None, groups: Vec::new(), preauth: None };
    // Nor what they are to be called. Whoever wants it once more begins anew.
    for _ in 0..2 {
        intents.note(&own, &again);
        for _ in 1..MOST_TRIES {
            assert_eq!(intents.give_up(&own), []);
            assert_eq!(intents.ask_again(&own), [add("bob@far.example", Some("s3cr3t"))]);
        }
    }
    assert_eq!(intents.give_up(&own), [jid("bob@far.example")]);
    assert_eq!(intents.ask_again(&own), []);
    for number in 0..100 {
        intents.note(&own, &add(&format!("bob{number}@far.example"), None));
    }
    assert_eq!(intents.people(&own).len(), MOST_PEOPLE);
}

#[test]
fn what_can_not_be_kept_is_said_to_be_so() {
    let folder = tempfile::tempdir().unwrap();
    let mut intents = Intents::default();
    intents.note(&jid("alice@chat.example"), &add("bob@far.example", None));
    assert!(!intents.save(&folder.path().join("gone")));
    assert!(intents.save(folder.path()));
    assert!(intents.save(folder.path()), "it is kept already");
}

#[test]
fn a_file_that_is_none_is_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), "{").unwrap();
    assert_eq!(load(folder.path()).ask_again(&jid("alice@chat.example")), []);
}

#[test]
fn a_path_of_whatever_bytes_keeps_nothing_from_being_kept() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let own = jid("alice@chat.example");
    let square = Square { x: 1, y: 2, side: 3 };
    for bytes in [&b"/home/alice/\xe9t\xe9.png"[..], "/home/alice/été.png".as_bytes()] {
        let path = PathBuf::from(std::ffi::OsStr::from_bytes(bytes));
        let mut intents = Intents::default();
        intents.note(&own, &add("bob@far.example", Some("s3cr3t")));
        intents.note_part(&own, path.clone(), square);
        assert!(intents.save(folder.path()));
        let mut again = load(folder.path());
        assert_eq!(again.part(&own), Some((path, square)));
        assert_eq!(again.ask_again(&own), [add("bob@far.example", Some("s3cr3t"))]);
    }
}

#[test]
fn what_an_earlier_version_has_kept_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let kept = r#"[{"own":"alice@chat.example","name":null,"picture":{"Part":["/home/alice/me.png",[1,2,3]]},"people":[]}]"#;
    std::fs::write(folder.path().join(FILE), kept).unwrap();
    let part = load(folder.path()).part(&jid("alice@chat.example"));
    assert_eq!(part, Some(("/home/alice/me.png".into(), Square { x: 1, y: 2, side: 3 })));
}
