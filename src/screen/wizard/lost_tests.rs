//! Whoever has invited is not lost: not by a bad paste, and not by the end of the first steps.

use causerie_model::BareJid;

use super::stages::*;
use super::*;
use crate::platform::scan;
use crate::screen::samples;

const BOB: &str = "xmpp:bob@far.example?roster;preauth=s3cr3t";

/// Invited by Bob, with the account made, on the page of the first contact.
fn invited(context: &Context) -> Wizard {
    let (mut wizard, _) = Wizard::for_invited("xmpp:dora@far.example?roster", context);
    let _ = wizard.take_link(BOB, context);
    happen(&mut wizard, Message::OnPressed, context);
    let _ = wizard.signed_in(samples::HOME, BareJid::new("me@chat.example").unwrap(), context);
    happen(&mut wizard, Message::SkipPressed, context);
    assert_eq!((wizard.page, wizard.contact.address.as_str()), (Page::Contact, "bob@far.example"));
    wizard
}

fn waiting(wizard: &Wizard) -> Vec<String> {
    wizard.kept().waiting.into()
}

#[test]
fn who_was_shown_as_the_first_contact_and_is_not_added_is_kept() {
    let context = samples::empty(800.0, 600.0);
    let dora = "xmpp:dora@far.example?roster";
    for message in [contact::Message::LaterPressed, contact::Message::NotePressed] {
        let mut wizard = invited(&context);
        happen(&mut wizard, Message::Contact(message), &context);
        assert_eq!(waiting(&wizard), [dora, BOB]);
    }
    let mut wizard = invited(&context);
    let typed = |address: &str| Message::Contact(contact::Message::AddressChanged(address.to_owned()));
    happen(&mut wizard, typed("carol@far.example"), &context);
    let actions = happen(&mut wizard, Message::OnPressed, &context);
    assert!(matches!(&actions[0], Action::Add((_, jid), _) if jid.as_str() == "carol@far.example"));
    assert_eq!(waiting(&wizard), [dora, BOB]);
    let mut wizard = invited(&context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!(waiting(&wizard), [dora], "who is added does not wait");
    // A link that was pasted there, and written over by hand.
    let mut wizard = signed_in(&context);
    happen(&mut wizard, Message::SkipPressed, &context);
    for address in [BOB, "carol@far.example"] {
        happen(&mut wizard, typed(address), &context);
    }
    happen(&mut wizard, Message::Contact(contact::Message::LaterPressed), &context);
    assert_eq!(waiting(&wizard), [BOB]);
}

#[test]
fn a_bad_paste_takes_no_invitation_away() {
    use invited::Message as Given;
    let context = samples::empty(800.0, 600.0);
    let pasted = |text: &str| Given::TextPasted(Some(text.to_owned()));
    for (messages, said) in [
        (vec![pasted("Dear Alice, how are you?")], "This invites to nothing that Causerie knows"),
        (vec![pasted(&"x".repeat(10_000))], "This invites to nothing that Causerie knows"),
        (vec![Given::TextPasted(None), Given::PicturePasted(None)], "There is nothing to paste"),
        (
            vec![Given::Dropped("cat.png".into()), Given::Scanned(Err(scan::Fault::NoCode))],
            "invitation is kept: bob@far.example",
        ),
    ] {
        let (mut wizard, _) = Wizard::for_invited(BOB, &context);
        for message in messages {
            happen(&mut wizard, Message::Invited(message), &context);
        }
        assert!(says(&wizard, &context, said), "{:?}", labels(&wizard, &context));
        assert!(says(&wizard, &context, "invitation is kept: bob@far.example"));
        let kept = wizard.kept();
        assert_eq!(kept.earlier, [(BOB.to_owned(), false)], "a restart has it, too");
        // The way back to it.
        assert!(says(&wizard, &context, "Show that invitation again"));
        happen(&mut wizard, Message::Invited(Given::PageBefore(BOB.to_owned())), &context);
        assert!(says(&wizard, &context, "bob@far.example would like to talk with you"));
        happen(&mut wizard, Message::OnPressed, &context);
        assert_eq!(wizard.page, Page::Provider);
    }
    // A good one is shown, and the other one kept beside it, once.
    let (mut wizard, _) = Wizard::for_invited(BOB, &context);
    for _ in 0..2 {
        for text in ["xmpp:dora@far.example?roster", BOB] {
            happen(&mut wizard, Message::Invited(pasted(text)), &context);
        }
    }
    assert_eq!(wizard.kept().earlier, [("xmpp:dora@far.example?roster".to_owned(), false)]);
    assert!(!says(&wizard, &context, "Show that invitation again"));
    // What is typed letter by letter is one link.
    let typed = |text: &str| Message::Invited(Given::LinkTyped(text.to_owned()));
    for text in ["xmpp:omar@far.exampl", "xmpp:omar@far.example"] {
        happen(&mut wizard, typed(text), &context);
    }
    let dora = "xmpp:dora@far.example?roster";
    let kept = [(BOB.to_owned(), false), (dora.to_owned(), false)];
    assert_eq!(wizard.kept().earlier, kept, "that one, and who was shown before it");
}

#[test]
fn what_is_pasted_by_the_keys_over_an_invitation_keeps_it() {
    let context = samples::empty(900.0, 1400.0);
    let typed = |text: &str| Message::Invited(invited::Message::LinkTyped(text.to_owned()));
    for text in
        ["Dear Alice", "", "xmpp:dora@far.example?roster", "https://far.example/i", &"x".repeat(10_000)]
    {
        let (mut wizard, _) = Wizard::for_invited(BOB, &context);
        happen(&mut wizard, typed(text), &context);
        assert_eq!(wizard.kept().earlier, [(BOB.to_owned(), false)], "{text}");
        assert!(says(&wizard, &context, "invitation is kept: bob@far.example"));
        // The keys that undo bring it back, once.
        happen(&mut wizard, typed(BOB), &context);
        assert!(says(&wizard, &context, "bob@far.example would like to talk with you"));
        assert!(!wizard.kept().earlier.iter().any(|(link, _)| link == BOB), "{text}");
    }
    // Who mends a letter means the same one.
    let (mut wizard, _) = Wizard::for_invited("xmpp:bob@far.exampel", &context);
    happen(&mut wizard, typed("xmpp:bob@far.exampe"), &context);
    happen(&mut wizard, typed("xmpp:bob@far.example"), &context);
    assert_eq!(wizard.kept().earlier, []);
}

#[test]
fn an_invitation_that_begins_like_the_one_before_is_another_one() {
    let context = samples::empty(800.0, 600.0);
    let typed = |text: &str| Message::Invited(invited::Message::LinkTyped(text.to_owned()));
    for other in [
        "xmpp:bobby@far.example?roster;preauth=s3cr3t",
        "xmpp:bob@far.example?roster;preauth=another",
        "xmpp:bob@far.example.org?roster",
        "xmpp:bo@far.example?roster;preauth=other;name=Bo",
        "xmpp:b@far.example?roster;preauth=s3cr3t",
    ] {
        let (mut wizard, _) = Wizard::for_invited(BOB, &context);
        happen(&mut wizard, typed(other), &context);
        assert_eq!(wizard.kept().earlier, [(BOB.to_owned(), false)], "{other}");
        happen(&mut wizard, typed(BOB), &context);
        assert_eq!(wizard.kept().earlier, [(other.to_owned(), false)], "and back");
    }
    // What is put in or typed at its end says more of the same one.
    for (before, now) in [
        ("xmpp:bob@far.example", BOB),
        ("xmpp:bob@far.exampl", "xmpp:bob@far.example"),
        ("xmpp:bob@farr.example", "xmpp:bob@far.example"),
        ("xmpp:bob@far.example", "xmpp:bob@far.example, and some words"),
    ] {
        let (mut wizard, _) = Wizard::for_invited(before, &context);
        happen(&mut wizard, typed(now), &context);
        assert_eq!(wizard.kept().earlier, [], "{now}");
    }
}
