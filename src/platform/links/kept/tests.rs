use super::*;

fn kept(folder: &Path) -> Vec<String> {
    load(folder).into()
}

#[test]
fn links_outlive_the_program_in_their_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut links = Links::default();
    links.push("xmpp:new@far.example");
    assert!(links.due().is_none() && links.save(folder.path()));
    assert_eq!(kept(folder.path()), [""; 0], "nothing is written before what is there was read");
    links.take_in(vec!["xmpp:old@far.example".to_owned()].into());
    let (written, when) = links.due().unwrap();
    assert_eq!((written.save(folder.path()), when), (true, When::Now));
    assert_eq!(kept(folder.path()), ["xmpp:old@far.example", "xmpp:new@far.example"]);
    assert!(links.due().is_none());
    // Whoever takes one has the time to keep it.
    assert_eq!(links.next().as_deref(), Some("xmpp:old@far.example"));
    assert!(links.save_new(folder.path()));
    assert_eq!(kept(folder.path()).len(), 2);
    let (slow, when) = links.due().unwrap();
    assert_eq!(when, When::Soon);
    links.push("xmpp:third@far.example");
    assert!(links.save_new(folder.path()) && slow.save(folder.path()));
    assert_eq!(kept(folder.path()), ["xmpp:new@far.example", "xmpp:third@far.example"]);
}

#[test]
fn who_was_followed_and_not_answered_about_is_followed_first_the_next_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut links = Links::default();
    links.take_in(vec!["xmpp:one@far.example".to_owned(), "xmpp:two@far.example".to_owned()].into());
    let one = links.next().unwrap();
    links.follow(&one);
    let (written, when) = links.due().unwrap();
    assert_eq!((written.save(folder.path()), when), (true, When::Soon));
    assert_eq!(kept(folder.path()), ["xmpp:one@far.example", "xmpp:two@far.example"]);
    assert_eq!(links.len(), 1);
    links.answered();
    assert!(links.due().is_some_and(|(links, _)| links.save(folder.path())));
    assert_eq!(kept(folder.path()), ["xmpp:two@far.example"]);
    links.answered();
    assert!(links.due().is_none());
}

#[test]
fn who_was_not_answered_about_waits_before_all_others_with_what_was_typed() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = ("xmpp:one@far.example", "xmpp:two@far.example");
    let mut links = Links::default();
    links.take_in(vec![one.to_owned(), two.to_owned()].into());
    let first = links.next().unwrap();
    links.follow(&first);
    links.note(Typed { name: Some("First".to_owned()), ..Typed::default() });
    links.put_back();
    links.rest();
    assert_eq!((links.first(), links.len(), links.is_resting()), (Some(one), 2, true));
    assert!(links.due().is_some_and(|(links, _)| links.save(folder.path())));
    assert_eq!(kept(folder.path()), [one, two]);
    links.answered();
    links.put_back();
    assert!(links.due().is_none(), "nothing is followed");
    assert_eq!(links.typed(one).and_then(|typed| typed.name).as_deref(), Some("First"));
}

#[test]
fn a_file_of_another_kind_is_none_and_a_full_disk_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    for odd in ["{", "{\"a\":1}", &format!("[\"{}\"]", "x".repeat(200_000))] {
        std::fs::write(&path, odd).unwrap();
        assert!(load(folder.path()).is_empty());
    }
    std::fs::write(&path, format!("[\"{}\", \"xmpp:bob@far.example\"]", "x".repeat(9_000))).unwrap();
    assert_eq!(kept(folder.path()), ["xmpp:bob@far.example"]);
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir(&path).unwrap();
    let mut links = Links::default();
    links.take_in(Remembered::default());
    links.push("xmpp:bob@far.example");
    assert!(!links.save(folder.path()), "something is in the way");
}

#[test]
fn what_is_typed_is_written_when_it_rests_and_goes_with_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let (link, mut links) = ("xmpp:bob@far.example?roster", Links::default());
    links.take_in(Remembered::default());
    let typed = |name: &str| Typed { name: Some(name.to_owned()), ..Typed::default() };
    links.note(typed("nobody"));
    assert!(links.due().is_none(), "no link has opened that form");
    links.follow_new(link);
    let (first, when) = links.due().unwrap();
    assert_eq!((first.save(folder.path()), when), (true, When::Now));
    links.note(typed("B"));
    let (slow, when) = links.due().unwrap();
    assert!(slow.is_newest() && when == When::Soon);
    links.note(typed("Bob"));
    let (last, _) = links.due().unwrap();
    assert!(!slow.is_newest() && last.is_newest() && last.save(folder.path()));
    links.note(typed("Bob"));
    assert!(links.due().is_none(), "nothing has changed");
    let mut next = Links::default();
    next.take_in(load(folder.path()));
    assert_eq!((next.first(), next.typed(link)), (Some(link), Some(typed("Bob"))));
    // Whatever else is typed is not written.
    links.note(typed(&"x".repeat(LONGEST_TYPED + 1)));
    assert!(links.due().is_none());
    links.answered();
    assert!(links.due().is_some_and(|(links, _)| links.save(folder.path())));
    assert!(load(folder.path()).is_empty() && links.typed(link).is_none());
}

#[test]
fn a_file_of_links_alone_is_read_and_what_was_typed_has_its_bounds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    std::fs::write(&path, "[\"xmpp:bob@far.example\"]").unwrap();
    assert_eq!(kept(folder.path()), ["xmpp:bob@far.example"]);
    let long = "x".repeat(LONGEST_TYPED + 1);
    let odd = format!("{{\"links\":[\"a\",\"b\"],\"typed\":{{\"a\":{{\"name\":\"{long}\"}},\"c\":{{}}}}}}");
    std::fs::write(&path, odd).unwrap();
    let read = load(folder.path());
    assert_eq!((read.len(), read.typed.len()), (2, 0));
}
