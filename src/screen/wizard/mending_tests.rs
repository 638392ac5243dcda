//! What somebody brings along or has chosen is not lost on the way, and what is said can be done.

use std::time::Duration;

use causerie_model::registration::{Refusal, RefusalReason, RegistrationEvent};
use causerie_model::{BareJid, Command};

use super::stages::*;
use super::*;
use crate::portrait::Fault as PictureFault;
use crate::screen::{samples, sheet};
use crate::widget::focus::focus;
use crate::widget::harness::Harness;

fn restarted(wizard: &Wizard, context: &Context) -> Wizard {
    let written = serde_json::to_string(&wizard.kept()).unwrap();
    Wizard::again(&serde_json::from_str(&written).unwrap(), context).0
}

fn wish(actions: &[Action]) -> Option<&Wish> {
    actions.iter().find_map(|action| match action {
        Action::Register(wish) => Some(wish),
        _ => None,
    })
}

fn at_contact(context: &Context) -> Wizard {
    let mut wizard = signed_in(context);
    happen(&mut wizard, Message::SkipPressed, context);
    wizard
}

fn adds(wizard: &mut Wizard, context: &Context) -> (String, Option<String>) {
    let actions = happen(wizard, Message::OnPressed, context);
    let found = actions.into_iter().find_map(|action| match action {
        Action::Add(_, Command::AddContact { jid, preauth, .. }) => {
            Some((jid.to_string(), preauth.map(|token| token.as_str().to_owned())))
        }
        _ => None,
    });
    found.unwrap()
}

#[test]
fn every_form_of_a_link_is_understood_where_the_first_contact_is_typed() {
    let mut context = samples::empty(800.0, 600.0);
    for (pasted, token) in [
        ("https://xmpp.link/#bob@chat.example?roster;preauth=s3cr3tT0k3n", Some("s3cr3tT0k3n")),
        ("xmpp:bob@chat.example?roster;preauth=s3cr3tT0k3n;ibr=y", Some("s3cr3tT0k3n")),
        ("Come: <https://xmpp.link/#bob@chat.example?roster;preauth=s3cr3tT0k3n>.", Some("s3cr3tT0k3n")),
        ("https://xmpp.link/#bob@chat.example", None),
        ("https://conversations.im/i/bob@chat.example", None),
        ("bob@chat.example", None),
    ] {
        let mut wizard = at_contact(&context);
        let typed = contact::Message::AddressChanged(pasted.to_owned());
        happen(&mut wizard, Message::Contact(typed), &context);
        assert_eq!(wizard.contact.address, "bob@chat.example", "{pasted}");
        // It outlives a restart.
        context.accounts =
            vec![samples::account(samples::HOME, "alice@chapril.org", causerie_model::Connection::Online)];
        let mut again = restarted(&wizard, &context);
        context.accounts = Vec::new();
        for wizard in [&mut wizard, &mut again] {
            let wanted = ("bob@chat.example".to_owned(), token.map(str::to_owned));
            assert_eq!(adds(wizard, &context), wanted, "{pasted}");
        }
        // Nobody else gets what lets us in with Bob.
        let mut wizard = at_contact(&context);
        for typed in [pasted, "carol@chat.example"] {
            let typed = contact::Message::AddressChanged(typed.to_owned());
            happen(&mut wizard, Message::Contact(typed), &context);
        }
        assert_eq!(adds(&mut wizard, &context), ("carol@chat.example".to_owned(), None));
    }
}

#[test]
fn a_second_link_takes_nothing_from_the_first_one() {
    let context = samples::empty(800.0, 600.0);
    let first = "xmpp:chat.example?register;preauth=first";
    let (mut wizard, _) = Wizard::for_invited(first, &context);
    happen(&mut wizard, Message::OnPressed, &context);
    let name = identity::Message::NameChanged("alice".to_owned());
    happen(&mut wizard, Message::Identity(name), &context);
    for link in ["xmpp:bob@far.example?roster;preauth=second", "xmpp:carol@far.example?roster;preauth=third"]
    {
        let _ = wizard.take_link(link, &context);
    }
    assert!(says(&wizard, &context, "Your earlier invitation is kept: chat.example"));
    assert!(says(&wizard, &context, "is kept: bob@far.example"));
    for mut wizard in [restarted(&wizard, &context), wizard] {
        happen(&mut wizard, Message::OnPressed, &context);
        assert_eq!(wizard.page, Page::Provider, "whoever wants to talk invites to no account");
        assert_eq!(wizard.provider.chosen().map(BareJid::as_str), Some("chat.example"));
        happen(&mut wizard, Message::OnPressed, &context);
        let asked = happen(&mut wizard, Message::OnPressed, &context);
        let token = wish(&asked).and_then(|wish| wish.invitation.as_ref()).map(|token| token.as_str());
        assert_eq!(token, Some("first"), "{asked:?}");
        happen(&mut wizard, Message::BackPressed, &context);
        let jid = BareJid::new("alice@chat.example").unwrap();
        let _ = wizard.signed_in(samples::HOME, jid, &context);
        happen(&mut wizard, Message::SkipPressed, &context);
        for (whom, token) in [("carol@far.example", "third"), ("bob@far.example", "second")] {
            let typed = contact::Message::AddressChanged(whom.to_owned());
            happen(&mut wizard, Message::Contact(typed), &context);
            assert_eq!(adds(&mut wizard, &context), (whom.to_owned(), Some(token.to_owned())));
        }
    }
    // Not without an end.
    let (mut wizard, _) = Wizard::for_invited(first, &context);
    for number in 0..50 {
        let _ = wizard.take_link(&format!("xmpp:bob{number}@far.example"), &context);
    }
    assert_eq!(wizard.kept().earlier.len(), 4);
}

#[test]
fn whoever_else_invites_to_talk_waits_for_the_first_steps() {
    let context = samples::empty(800.0, 600.0);
    let links =
        ["xmpp:alice@far.example?roster", "xmpp:carol@far.example?roster", "xmpp:bob@far.example?roster"];
    let (mut first, _) = Wizard::for_invited(links[0], &context);
    for link in &links[1..] {
        let _ = first.take_link(link, &context);
    }
    let _ = first.hold("xmpp:dora@far.example?roster");
    let unaccepted = restarted(&first, &context);
    happen(&mut first, Message::OnPressed, &context);
    for mut wizard in [restarted(&first, &context), first, unaccepted] {
        let jid = BareJid::new("me@chat.example").unwrap();
        let _ = wizard.signed_in(samples::HOME, jid, &context);
        happen(&mut wizard, Message::SkipPressed, &context);
        assert_eq!(adds(&mut wizard, &context).0, "bob@far.example", "who was shown");
        let waiting: Vec<String> = wizard.kept().waiting.into();
        assert_eq!(waiting, [links[0], links[1], "xmpp:dora@far.example?roster"]);
        // Who is added is not offered once more.
        let typed = contact::Message::AddressChanged("carol@far.example".to_owned());
        happen(&mut wizard, Message::Contact(typed), &context);
        adds(&mut wizard, &context);
        assert_eq!(wizard.waiting(), 2);
    }
}

#[test]
fn who_signs_in_instead_takes_all_invitations_along() {
    let context = samples::empty(800.0, 600.0);
    let links = ["xmpp:alice@far.example?roster", "xmpp:bob@far.example?roster"];
    let (mut wizard, _) = Wizard::for_invited(links[0], &context);
    let _ = wizard.take_link(links[1], &context);
    happen(&mut wizard, Message::Invited(invited::Message::HaveAccountPressed), &context);
    let (freed, _) = wizard.free_links().unwrap();
    assert_eq!(Vec::from(freed), links);
}

#[test]
fn a_page_that_nobody_has_decided_about_is_there_after_another_link() {
    let context = samples::empty(800.0, 600.0);
    for page in ["https://invite.example/register?t=aB3_dE5-fG7h", "https://far.example/club"] {
        let (mut wizard, _) = Wizard::for_invited(page, &context);
        let _ = wizard.take_link("xmpp:bob@far.example?roster", &context);
        assert_eq!(wizard.waiting(), 0, "no page is opened unasked");
        for mut wizard in [restarted(&wizard, &context), wizard] {
            assert!(says(&wizard, &context, &format!("is kept: {page}")));
            let mut window = Harness::new((900.0, 2400.0), view(&wizard, &context));
            window.click("Show that page’s invitation again");
            let pressed = window.messages().remove(0);
            drop(window);
            happen(&mut wizard, pressed, &context);
            assert_eq!(wizard.link(), page);
            assert!(says(&wizard, &context, "is kept: bob@far.example"));
        }
    }
}

#[test]
fn who_hands_out_a_page_is_not_taken_for_the_provider() {
    let context = samples::empty(800.0, 600.0);
    let page = "https://invite.example/register?t=aB3_dE5-fG7h";
    let (mut wizard, _) = Wizard::for_invited(page, &context);
    assert!(says(&wizard, &context, "does not say by itself where the account is to be"));
    assert!(!says(&wizard, &context, "This invites you to an account"));
    let on = happen(&mut wizard, Message::OnPressed, &context);
    assert_eq!((wizard.page, wish(&on)), (Page::Invited, None));
    let opened = happen(&mut wizard, Message::Invited(invited::Message::PagePressed), &context);
    assert_eq!(opened, [Action::Open(page.to_owned())]);
    // The person knows better.
    happen(&mut wizard, Message::Invited(invited::Message::HostConfirmed), &context);
    happen(&mut wizard, Message::OnPressed, &context);
    let name = identity::Message::NameChanged("alice".to_owned());
    happen(&mut wizard, Message::Identity(name), &context);
    for mut wizard in [restarted(&wizard, &context), wizard] {
        assert_eq!(wizard.page, Page::Identity);
        let asked = happen(&mut wizard, Message::OnPressed, &context);
        let wish = wish(&asked).unwrap();
        assert_eq!(wish.provider.as_str(), "invite.example");
        assert_eq!(wish.invitation.as_ref().map(|token| token.as_str()), Some("aB3_dE5-fG7h"));
    }
}

#[test]
fn the_words_of_the_provider_are_shown_as_that() {
    let context = samples::empty(800.0, 600.0);
    let refused = |wizard: &mut Wizard, reason, words: &str| {
        let refusal = Refusal { reason, words: Some(words.to_owned()) };
        tell(wizard, RegistrationEvent::Refused(refusal), &context);
    };
    let mut wizard = sent(&context);
    refused(&mut wizard, RefusalReason::PuzzleFailed, "The CAPTCHA verification has failed");
    show(&mut wizard, puzzle_form(2), &context);
    assert!(says(&wizard, &context, "That was not it"));
    assert!(says(&wizard, &context, "The provider says: “The CAPTCHA verification has failed”"));
    for page in [Some("https://chat.example/register".to_owned()), None] {
        let mut wizard = sent(&context);
        let words = format!("Write to us” Causerie says: “pay first\n{}", "x".repeat(2_000));
        refused(&mut wizard, RefusalReason::OnTheWeb(page), &words);
        let said: Vec<(String, iced::Rectangle)> =
            Harness::new((900.0, 2400.0), view(&wizard, &context)).texts();
        let said = said.into_iter().find(|(text, _)| text.contains("The provider says")).unwrap().0;
        assert!(said.contains("“Write to us\" Causerie says: \"pay first xx"), "{said}");
        assert!(said.ends_with("…”") && said.chars().count() < 500, "not longer than anybody reads");
    }
}

#[test]
fn the_words_of_a_provider_that_is_only_asked_are_shown_too() {
    let context = samples::empty(800.0, 600.0);
    let words = "Ask\nadmin@chat.example”, or see https://chat.example/";
    let theirs = "The provider says: “Ask admin@chat.example\", or see https://chat.example/”";
    for (reason, ours) in [
        (RefusalReason::Problem(causerie_model::Problem::PolicyViolation), "closed the connection"),
        (RefusalReason::Problem(causerie_model::Problem::NotServed), "knows nothing of it"),
        (RefusalReason::Closed, "not taking new accounts"),
    ] {
        let mut wizard = newcomer(&context);
        let refusal = Refusal { reason: reason.clone(), words: Some(words.to_owned()) };
        tell(&mut wizard, RegistrationEvent::Refused(refusal), &context);
        let said = labels(&wizard, &context);
        let said: Vec<&String> = said.iter().filter(|label| label.contains(theirs)).collect();
        assert!(said.iter().any(|label| label.contains(ours)), "{reason:?}: {said:?}");
        // Words are read, and nothing else: there is nothing in them to press.
        let audit = Harness::new((900.0, 2400.0), view(&wizard, &context)).audit();
        let links = audit.iter().filter(|found| found.label().contains("chat.example") && found.focusable);
        assert_eq!(links.count(), 0);
    }
}

#[test]
fn a_page_that_is_not_encrypted_says_so() {
    let context = samples::empty(800.0, 600.0);
    let warning = "This page is not encrypted";
    assert!(!says_text(&asked(puzzle_form(1), &context), &context, warning));
    let mut form = puzzle_form(1);
    form.web_page = Some("http://chat.example:5280/captcha/1/image".to_owned());
    assert!(says_text(&asked(form, &context), &context, warning));
}

fn says_text(wizard: &Wizard, context: &Context, words: &str) -> bool {
    let texts = Harness::new((900.0, 2400.0), view(wizard, context)).texts();
    texts.iter().any(|(text, _)| text.contains(words))
}

#[test]
fn the_picture_that_was_chosen_is_there_after_a_restart() {
    let mut context = samples::empty(800.0, 900.0);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("face.png");
    image::RgbImage::from_pixel(400, 300, image::Rgb([90, 140, 180])).save(&path).unwrap();
    let open = |wizard: &Wizard, path: &std::path::Path| {
        let original = crate::portrait::Original::of(&std::fs::read(path).unwrap()).unwrap();
        let shown = original.view();
        ready::Message::Opened(wizard.ready.opened(), Ok(ready::Framed::new((original, shown))))
    };
    let mut wizard = signed_in(&context);
    happen(&mut wizard, Message::Ready(ready::Message::Dropped(path.clone())), &context);
    let opened = open(&wizard, &path);
    happen(&mut wizard, Message::Ready(opened), &context);
    let shift = crate::portrait::Shift::NEARER;
    happen(&mut wizard, Message::Ready(ready::Message::Shifted(shift)), &context);
    let chosen = wizard.ready.picture().unwrap().1;
    context.accounts =
        vec![samples::account(samples::HOME, "alice@chapril.org", causerie_model::Connection::Online)];
    let mut again = restarted(&restarted(&wizard, &context), &context);
    let opened = open(&again, &path);
    happen(&mut again, Message::Ready(opened), &context);
    assert_eq!(again.ready.picture().map(|(_, square)| square), Some(chosen));
    // A file that is gone by then is said to be.
    let mut again = restarted(&wizard, &context);
    let gone = ready::Message::Opened(again.ready.opened(), Err(PictureFault::Unreadable));
    happen(&mut again, Message::Ready(gone), &context);
    assert!(says(&again, &context, "The file can’t be read"));
    assert_eq!(again.kept().picture, None);
    happen(&mut wizard, Message::Ready(ready::Message::RemovePressed), &context);
    assert_eq!(wizard.kept().picture, None);
}

#[test]
fn a_picture_that_others_will_not_see_is_said_to_be_that() {
    let context = samples::empty(800.0, 900.0);
    let mut wizard = framed(&context);
    happen(&mut wizard, Message::OnPressed, &context);
    assert!(!says(&wizard, &context, "could not be made ready"));
    assert!(wizard.is_of(samples::HOME));
    let _ = wizard.picture_failed(PictureFault::TooLarge);
    assert!(says(&wizard, &context, "Your picture could not be made ready"));
    assert!(says(&wizard, &context, "Choose a smaller one"));
    happen(&mut wizard, Message::BackPressed, &context);
    assert!(says(&wizard, &context, "Choose a smaller one"));
}

#[test]
fn the_keyboard_is_on_something_that_works() {
    let mut context = samples::empty(1000.0, 720.0);
    let on = |wizard: &Wizard, context: &Context| {
        let mut window = Harness::new((1000.0, 720.0), view(wizard, context));
        window.perform(wizard.focus::<Message>());
        window.focused()
    };
    let mut wizard = sent(&context);
    let wait = Some(Duration::from_secs(600));
    refuse(&mut wizard, RefusalReason::TooManyAccounts { wait }, &context);
    assert_eq!(on(&wizard, &context).as_deref(), Some("Another provider"));
    // On another network it can be tried at once.
    wizard.asking.network_changed();
    context.now = causerie_model::Timestamp::from_millis(context.now.as_millis() + 1_000_000);
    assert_eq!(on(&wizard, &context).as_deref(), Some("Try again"));
    let mut wizard = sent(&context);
    refuse(&mut wizard, RefusalReason::Problem(causerie_model::Problem::TimedOut), &context);
    assert_eq!(on(&wizard, &context).as_deref(), Some("Try again"));

    // Another provider is looked for, not gone on with.
    let (task, _) = wizard.update(Message::ElsewherePressed(None), &context);
    let mut window = Harness::new((1000.0, 720.0), view(&wizard, &context));
    window.perform(task);
    assert!(window.focused().unwrap().starts_with("Search, or type any provider"));
}

#[test]
fn where_the_sheet_was_saved_is_in_sight() {
    let context = samples::empty(1000.0, 720.0);
    for wizard in [signed_in(&context), framed(&context)] {
        let mut wizard = wizard;
        let mut window = Harness::new((1000.0, 720.0), view(&wizard, &context));
        window.perform(focus::<Message>(sheet::SAVE));
        drop(window);
        let pressed = sheet::Message::Pressed(crate::recovery::Form::Pdf);
        happen(&mut wizard, Message::Ready(ready::Message::Sheet(pressed)), &context);
        wizard.remembered = wizard.kept();
        let written = Message::sheet_written(Some(Ok("/home/alice/causerie.pdf".into())));
        let (task, _) = wizard.update(written, &context);
        let mut window = Harness::new((1000.0, 720.0), view(&wizard, &context));
        window.perform(task);
        assert!(window.sees_focus());
        let said = window.audit().into_iter().find(|found| found.label().starts_with("Saved:")).unwrap();
        // The line with what goes on is at the foot of the window.
        let foot = window.audit().into_iter().find(|found| found.label() == "Continue").unwrap();
        assert!(
            said.bounds.y >= 0.0 && said.bounds.y + said.bounds.height <= foot.bounds.y,
            "{:?}",
            said.bounds
        );
    }
}

#[test]
fn a_page_begins_at_its_top_however_far_down_the_one_before_was_read() {
    let context = samples::empty(800.0, 480.0);
    let (ready, contact) = (framed(&context), at_contact(&context));
    let mut window = Harness::new((800.0, 480.0), view(&ready, &context));
    window.point(iced::Point::new(400.0, 200.0));
    window.wheel(-2_000.0);
    assert!(window.scrolled() > 0.0, "the page is longer than the window");
    window.show(view(&contact, &context));
    assert!(window.scrolled() <= 0.0, "nobody has scrolled it yet");
    window.perform(contact.focus::<Message>());
    assert!(window.scrolled() <= 0.0, "its title is to be seen");
    assert!(window.sees_focus());
}
