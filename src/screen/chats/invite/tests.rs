use super::*;
use crate::screen::chats::{self, Action as Outer, Chats, Message as Said};
use crate::screen::samples::{self, HOME, NOW};
use crate::screen::walk::walk;
use crate::theme::Element;
use crate::widget::harness::Harness;

const SIZE: (f32, f32) = (1000.0, 1400.0);
const BOTH: InvitationsOffered = InvitationsOffered { contact: true, account: true };

fn made(kind: InvitationKind, issuer: InvitationIssuer) -> Invitation {
    let uri = "xmpp:alice@chat.example?roster;preauth=s3cr3t".to_owned();
    let expires = Some(Timestamp::from_millis(NOW.as_millis() + 7 * 86_400_000));
    Invitation { kind, issuer, uri, landing: None, expires }
}

fn look(chats: &Chats, context: &Context) -> Vec<String> {
    let mut window = Harness::new(SIZE, chats::view(chats, context));
    let labels = window.audit().into_iter().map(|found| found.label().to_owned());
    labels.chain(window.texts().into_iter().map(|(text, _)| text)).collect()
}

fn says(chats: &Chats, context: &Context, words: &str) -> bool {
    look(chats, context).iter().any(|said| said.contains(words))
}

/// The page, as one comes to it from adding a contact.
fn open(context: &Context) -> Chats {
    let mut chats = Chats::default();
    chats.people_changed(context);
    let _ = chats.add("", context);
    let pressed = Said::Add(chats::add_contact::Message::InvitePressed);
    let (task, actions) = chats.update(pressed, context);
    assert_eq!(actions, [Outer::Ask(HOME, Command::LookUpInvitations)]);
    let mut window = Harness::new(SIZE, chats::view(&chats, context));
    window.perform(task);
    assert!(window.focused().is_some_and(|label| label == context.i18n.get("invite-talk")));
    drop(window);
    chats
}

fn happen(chats: &mut Chats, message: Message, context: &Context) -> Vec<Outer> {
    chats.update(Said::Invite(message), context).1
}

#[test]
fn an_invitation_is_waited_for_and_shown_with_all_that_is_to_be_known() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let mut chats = open(&context);
    chats.invitations_offered(HOME, BOTH);
    walk("inviting", SIZE, chats::view(&chats, &context));
    let asked = happen(&mut chats, Message::MakePressed, &context);
    let kind = InvitationKind::Contact;
    assert_eq!(asked, [Outer::Ask(HOME, Command::MakeInvitation { kind, name: None })]);
    assert!(says(&chats, &context, "Waiting for chat.example"));
    walk("waiting", SIZE, chats::view(&chats, &context));
    // Of another kind or account: not the one that is waited for.
    let _ = chats.invitation_made(HOME, &made(InvitationKind::Account, InvitationIssuer::Server));
    let _ = chats.invitation_made(AccountId(9), &made(kind, InvitationIssuer::Server));
    assert!(says(&chats, &context, "Waiting for chat.example"));
    let task = chats.invitation_made(HOME, &made(kind, InvitationIssuer::Server));
    for words in ["QR code of this link", "preauth=s3cr3t", "Good once, for one person, until"] {
        assert!(says(&chats, &context, words), "{words}");
    }
    assert!(!says(&chats, &context, "Causerie on this computer"));
    let mut window = Harness::new(SIZE, chats::view(&chats, &context));
    window.perform(task);
    assert_eq!(window.focused(), Some(context.i18n.get("wizard-copy-link")));
    drop(window);
    walk("handing out", SIZE, chats::view(&chats, &context));
    let copied = happen(&mut chats, Message::CopyPressed(Form::Page), &context);
    assert_eq!(
        copied,
        [Outer::Copy("https://xmpp.link/#alice@chat.example?roster;preauth=s3cr3t".to_owned())]
    );
    assert!(says(&chats, &context, "The web link is copied."));
    assert!(!format!("{chats:?}").contains("s3cr3t"));
}

#[test]
fn what_this_computer_makes_is_said_to_come_from_it() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let mut chats = open(&context);
    chats.invitations_offered(HOME, InvitationsOffered::default());
    assert!(says(&chats, &context, "chat.example makes no such links, so Causerie does"));
    assert!(!says(&chats, &context, "To get an account"));
    happen(&mut chats, Message::MakePressed, &context);
    let _ = chats.invitation_made(HOME, &made(InvitationKind::Contact, InvitationIssuer::ThisDevice));
    assert!(says(&chats, &context, "It does not come from chat.example"));
}

#[test]
fn what_can_not_be_made_is_said_in_place_and_what_is_no_longer_wanted_not_at_all() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let mut chats = open(&context);
    chats.invitations_offered(HOME, BOTH);
    let kind = InvitationKind::Account;
    let notice = Notice::InvitationNotMade { kind, problem: Problem::ConnectionLost };
    happen(&mut chats, Message::Chosen(Wanted::Account), &context);
    happen(&mut chats, Message::MakePressed, &context);
    let task = chats.invitation_noticed(HOME, &notice).unwrap();
    let said = "No invitation could be made. There was no connection to chat.example.";
    assert!(says(&chats, &context, said));
    walk("not made", SIZE, chats::view(&chats, &context));
    let mut window = Harness::new(SIZE, chats::view(&chats, &context));
    window.perform(task);
    assert_eq!(window.focused(), Some(context.i18n.get("action-try-again")));
    drop(window);
    happen(&mut chats, Message::MakePressed, &context);
    happen(&mut chats, Message::CancelPressed, &context);
    assert!(chats.invitation_noticed(HOME, &notice).is_some());
    let _ = chats.invitation_made(HOME, &made(kind, InvitationIssuer::Server));
    assert!(!says(&chats, &context, "No invitation") && !says(&chats, &context, "s3cr3t"));
    // Elsewhere it is told as everything is.
    assert!(chats.invitation_noticed(AccountId(9), &notice).is_none());
    let _ = chats.update(Said::Escaped, &context);
    assert!(chats.invitation_noticed(HOME, &notice).is_none());
}

#[test]
fn the_name_of_a_new_account_is_checked_and_may_be_left_out() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let mut chats = open(&context);
    chats.invitations_offered(HOME, BOTH);
    happen(&mut chats, Message::Chosen(Wanted::Account), &context);
    happen(&mut chats, Message::NameChanged("Zoé Martin".to_owned()), &context);
    assert_eq!(happen(&mut chats, Message::MakePressed, &context), []);
    walk("a name", SIZE, chats::view(&chats, &context));
    happen(&mut chats, Message::NameChanged(" Zoé ".to_owned()), &context);
    let kind = InvitationKind::Account;
    let asked = happen(&mut chats, Message::MakePressed, &context);
    let name = Some("zoé".to_owned());
    assert_eq!(asked, [Outer::Ask(HOME, Command::MakeInvitation { kind, name })]);
    // Asked once, not twice.
    assert_eq!(happen(&mut chats, Message::MakePressed, &context), []);
    happen(&mut chats, Message::Closed, &context);
    happen(&mut chats, Message::NameChanged(String::new()), &context);
    let asked = happen(&mut chats, Message::MakePressed, &context);
    assert_eq!(asked, [Outer::Ask(HOME, Command::MakeInvitation { kind, name: None })]);
}

#[test]
fn the_address_alone_needs_nobody() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    context.accounts[0].connection = causerie_model::Connection::Offline;
    let mut chats = open(&context);
    happen(&mut chats, Message::Chosen(Wanted::Address), &context);
    assert_eq!(happen(&mut chats, Message::MakePressed, &context), []);
    assert!(says(&chats, &context, "ask to become your contact") && !says(&chats, &context, "Good once"));
    let copied = happen(&mut chats, Message::CopyPressed(Form::Link), &context);
    assert_eq!(copied, [Outer::Copy("xmpp:alice@chat.example?roster".to_owned())]);
    happen(&mut chats, Message::AnotherPressed, &context);
    // Back online, what the provider gives is asked.
    assert_eq!(chats.came_online(HOME), [Outer::Ask(HOME, Command::LookUpInvitations)]);
    assert_eq!(chats.came_online(AccountId(9)), []);
}

#[test]
fn another_account_has_another_provider() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    let other = AccountId(2);
    context.accounts.push(samples::account(other, "work@office.example", causerie_model::Connection::Online));
    let mut chats = open(&context);
    chats.invitations_offered(HOME, BOTH);
    walk("several accounts", SIZE, chats::view(&chats, &context));
    happen(&mut chats, Message::Chosen(Wanted::Account), &context);
    let asked = happen(&mut chats, Message::AccountChosen(other), &context);
    assert_eq!(asked, [Outer::Ask(other, Command::LookUpInvitations)]);
    // An answer of the first one says nothing of the second.
    chats.invitations_offered(HOME, BOTH);
    assert!(!says(&chats, &context, "To get an account"));
    context.accounts.pop();
    chats.account_removed(other, &context);
    assert!(!says(&chats, &context, "Invite somebody"));
}

#[test]
fn who_has_come_is_told_calmly_and_can_be_written_to() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let mut chats = Chats::default();
    chats.people_changed(&context);
    let david = samples::jid("david@chat.example");
    chats.arrived(HOME, david.clone());
    chats.arrived(HOME, david.clone());
    let view: Element<'_, Said> = chats::view(&chats, &context);
    walk("arrived", SIZE, view);
    let said = look(&chats, &context);
    let told = "David has come by your invitation, and is in your contacts now.";
    assert!(said.iter().any(|said| said == told), "{said:#?}");
    let mut window = Harness::new(SIZE, chats::view(&chats, &context));
    window.click(&context.i18n.get("action-write"));
    let pressed = window.messages().last().unwrap().clone();
    drop(window);
    let (_, actions) = chats.update(pressed, &context);
    assert!(actions.contains(&Outer::Ask(HOME, Command::OpenConversation(david.clone()))));
    assert_eq!(chats.open_key(), Some(&(HOME, david)));
    assert!(!says(&chats, &context, told));
}

#[test]
fn who_has_moved_is_told_by_the_name_we_know() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    samples::moved(&mut context);
    let mut chats = Chats::default();
    chats.people_changed(&context);
    walk("moved", SIZE, chats::view(&chats, &context));
    let said = look(&chats, &context);
    let told = "Bob Martin has moved to a new address: bob@elsewhere.example";
    assert!(said.iter().any(|said| said == told), "{said:#?}");
    assert!(
        !said.iter().any(|said| said.contains("Bobby")),
        "what somebody says of themselves proves nothing"
    );
    let mut window = Harness::new(SIZE, chats::view(&chats, &context));
    window.click(&context.i18n.get("add-submit"));
    let pressed = window.messages().last().unwrap().clone();
    drop(window);
    let (_, actions) = chats.update(pressed, &context);
    let accept = Command::AcceptRequest(samples::jid("bob@elsewhere.example"));
    assert_eq!(actions, [Outer::Ask(HOME, accept)]);
}

#[test]
fn whose_account_a_row_is_of_is_heard_and_not_only_seen() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    let row = |context: &Context| {
        let mut chats = Chats::default();
        chats.people_changed(context);
        let said = look(&chats, context);
        said.into_iter().find(|label| label.starts_with("Bob Martin, ")).unwrap()
    };
    assert!(!row(&context).contains("alice@chat.example"));
    context.accounts[0].account.colour = Some(causerie_model::account::AccountColour::Teal);
    let other = samples::account(AccountId(2), "work@office.example", causerie_model::Connection::Online);
    context.accounts.push(other);
    assert!(row(&context).ends_with(", account alice@chat.example"), "{}", row(&context));
    let mut chats = Chats::default();
    chats.people_changed(&context);
    assert!(says(&chats, &context, "2 accounts (alice@chat.example, work@office.example), "));
}

#[test]
fn a_contact_is_passed_on_by_keyboard_and_one_is_back_on_their_page() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let mut chats = Chats::default();
    chats.people_changed(&context);
    let _ = chats.show(samples::bob(), &context);
    let _ = chats.update(Said::DetailsPressed, &context);
    let person = context.contact(&samples::bob()).cloned();
    let _ = chats.update(Said::Details(chats::details::Message::Read(samples::bob(), person)), &context);
    let (task, _) = chats.update(Said::Details(chats::details::Message::SharePressed), &context);
    let mut window = Harness::new(SIZE, chats::view(&chats, &context));
    window.perform(task);
    assert_eq!(window.focused(), Some(context.i18n.get("action-close")));
    drop(window);
    assert!(says(&chats, &context, "xmpp:bob@chat.example?roster"));
    walk("sharing", SIZE, chats::view(&chats, &context));
    let copy = chats::details::Message::ShareCopied(Form::Link);
    let (_, actions) = chats.update(Said::Details(copy), &context);
    assert_eq!(actions, [Outer::Copy("xmpp:bob@chat.example?roster".to_owned())]);
    let _ = chats.update(Said::Escaped, &context);
    assert!(says(&chats, &context, "Share this contact") && !says(&chats, &context, "?roster"));
}

#[test]
fn what_was_made_is_listed_with_its_times_and_handed_out_once_more() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    let kind = InvitationKind::Contact;
    let own = samples::jid("alice@chat.example");
    let earlier = Timestamp::from_millis(NOW.as_millis() - 86_400_000);
    context.invitations.add(own.clone(), made(kind, InvitationIssuer::Server), earlier);
    let mut chats = open(&context);
    let title = context.i18n.get("invite-given");
    assert!(says(&chats, &context, &title) && says(&chats, &context, "Made yesterday at 14:33. Good until "));
    assert!(says(&chats, &context, "It may have been used already"));
    assert!(!look(&chats, &context).iter().any(|said| said.contains("s3cr3t")), "not before it is wanted");
    walk("made earlier", SIZE, chats::view(&chats, &context));
    let mut window = Harness::new(SIZE, chats::view(&chats, &context));
    let row = window.audit().into_iter().find(|found| found.label().contains("Made yesterday")).unwrap();
    window.click_at(row.bounds.center());
    let pressed = window.messages();
    drop(window);
    let debug = format!("{pressed:?}");
    assert!(!debug.contains("s3cr3t"), "{debug}");
    for message in pressed {
        let _ = chats.update(message, &context);
    }
    assert!(says(&chats, &context, "preauth=s3cr3t") && says(&chats, &context, "Made yesterday at 14:33"));
    // What is over, or of another account, is not listed.
    context.now = Timestamp::from_millis(NOW.as_millis() + 8 * 86_400_000);
    assert!(!says(&open(&context), &context, &title));
    context.now = NOW;
    context.invitations.forget(&own);
    assert!(!says(&open(&context), &context, &title));
}
