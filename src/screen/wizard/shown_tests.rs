//! What is wanted of the new account is there before the page is left, and taken back where the person does.

use causerie_model::{Command, ProfilePart};

use super::stages::*;
use super::*;
use crate::screen::samples;

#[test]
fn what_is_to_be_shown_is_known_before_the_next_page_is_remembered() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = framed(&context);
    let typed = ready::Message::NameChanged("Alice Martin".to_owned());
    happen(&mut wizard, Message::Ready(typed), &context);
    let actions = happen(&mut wizard, Message::OnPressed, &context);
    let place = |wanted: fn(&Action) -> bool| actions.iter().position(wanted).unwrap();
    let shown = place(|action| matches!(action, Action::Publish(_, Some(_), Some((_, Some(_))))));
    assert!(shown < place(|action| matches!(action, Action::Remember(_))), "{actions:?}");
    // Somebody thinks better of it: also after a restart.
    let kept = wizard.kept();
    let mut again_context = samples::empty(800.0, 600.0);
    again_context.accounts =
        vec![samples::account(samples::HOME, "alice@chapril.org", causerie_model::Connection::Online)];
    let (mut again, _) = Wizard::again(&kept, &again_context);
    for wizard in [&mut wizard, &mut again] {
        happen(wizard, Message::BackPressed, &context);
        happen(wizard, Message::Ready(ready::Message::NameChanged(String::new())), &context);
        happen(wizard, Message::Ready(ready::Message::RemovePressed), &context);
        let actions = happen(wizard, Message::OnPressed, &context);
        let gone = Action::Withdraw(samples::HOME, vec![ProfilePart::Name, ProfilePart::Picture]);
        assert!(actions.contains(&gone), "{actions:?}");
    }
}

#[test]
fn a_picture_on_its_way_is_not_left_behind() {
    let context = samples::empty(800.0, 600.0);
    let mut wizard = signed_in(&context);
    happen(&mut wizard, Message::Ready(ready::Message::Dropped("face.png".into())), &context);
    assert_eq!(happen(&mut wizard, Message::OnPressed, &context), []);
    assert_eq!(wizard.page, Page::Ready);
    happen(&mut wizard, Message::SkipPressed, &context);
    assert_eq!(wizard.page, Page::Contact);
}

#[test]
fn an_invitation_names_its_sender_and_their_groups() {
    let mut context = samples::empty(800.0, 600.0);
    let link = "xmpp:bob@far.example?roster;name=Bob%20Martin;group=Club;group=Friends;preauth=s3cr3t";
    let added = |wizard: &mut Wizard, context: &Context| {
        let actions = happen(wizard, Message::OnPressed, context);
        let found = actions.iter().position(|action| matches!(action, Action::Add(..))).unwrap();
        assert!(
            matches!(actions[found + 1], Action::Forget),
            "first it is known what is wanted: {actions:?}"
        );
        let Action::Add(_, Command::AddContact { name, groups, preauth, .. }) = &actions[found] else {
            panic!()
        };
        (name.clone().unwrap(), groups.join("|"), preauth.is_some())
    };
    let wanted = ("Bob Martin".to_owned(), "Club|Friends".to_owned(), true);
    // Pasted on the page of the first contact.
    let mut wizard = signed_in(&context);
    happen(&mut wizard, Message::SkipPressed, &context);
    let typed = contact::Message::AddressChanged(link.to_owned());
    happen(&mut wizard, Message::Contact(typed), &context);
    assert!(says(&wizard, &context, "Bob Martin") && says(&wizard, &context, "Club, Friends"));
    context.accounts =
        vec![samples::account(samples::HOME, "alice@chapril.org", causerie_model::Connection::Online)];
    let (mut again, _) = Wizard::again(&wizard.kept(), &context);
    assert_eq!(added(&mut wizard, &context), wanted);
    assert_eq!(added(&mut again, &context), wanted);
    // Or opened from elsewhere.
    let mut wizard = signed_in(&context);
    let _ = wizard.take_link(link, &context);
    happen(&mut wizard, Message::SkipPressed, &context);
    assert_eq!(added(&mut wizard, &context), wanted);
}
