use causerie_model::{Alarm, Command, Connection, Conversation};
use iced::keyboard::{self, key::Named};

use super::*;
use crate::screen::samples::{self, HOME};
use crate::screen::walk::walk;
use crate::widget::harness::Harness;

fn opened(context: &Context) -> Chats {
    let mut chats = Chats::default();
    chats.people_changed(context);
    let _ = chats.show(samples::bob(), context);
    let opening = crate::context::Opening { messages: samples::messages(), limit: 60, ..Default::default() };
    let message = timeline::Message::Opened(samples::bob(), opening);
    let _ = chats.update(Message::Timeline(message), context);
    chats
}

fn commands(actions: &[Action]) -> Vec<&Command> {
    actions
        .iter()
        .filter_map(|action| if let Action::Ask(_, command) = action { Some(command) } else { None })
        .collect()
}

#[test]
fn an_open_conversation_is_read_once_and_only_when_looked_at() {
    let mut context = samples::lively(1000.0, 700.0);
    context.attention = crate::context::Attention::Elsewhere;
    let mut chats = opened(&context);
    assert!(chats.attend(&context).is_empty());
    context.attention = crate::context::Attention::Here;
    let actions = chats.attend(&context);
    assert!(matches!(commands(&actions).as_slice(), [Command::MarkRead { .. }]), "{actions:?}");
    assert!(chats.attend(&context).is_empty());
    // What could not be read is read at last, and unread then, though nothing newer came.
    let bob = |found: &&mut Conversation| (found.account, &found.peer) == (HOME, &samples::bob().1);
    for (unread, marks) in [(0, 0), (1, 1), (1, 0)] {
        context.conversations.iter_mut().find(bob).unwrap().unread = unread;
        assert_eq!(commands(&chats.attend(&context)).len(), marks, "{unread}");
    }
}

#[test]
fn what_is_sent_goes_to_the_open_conversation() {
    let context = samples::lively(1000.0, 700.0);
    let mut chats = opened(&context);
    let typed = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("hello".to_owned()));
    let typed = composer::Message::Edited(iced::widget::text_editor::Action::Edit(typed));
    let _ = chats.update(Message::Composer(typed), &context);
    let (_, actions) = chats.update(Message::Composer(composer::Message::Sent), &context);
    assert!(actions.contains(&Action::Send(samples::bob(), "hello".to_owned())));
}

#[test]
fn who_sends_with_the_button_writes_on() {
    let context = samples::lively(1000.0, 700.0);
    let mut chats = opened(&context);
    let typed = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("hello".to_owned()));
    let typed = composer::Message::Edited(iced::widget::text_editor::Action::Edit(typed));
    let _ = chats.update(Message::Composer(typed), &context);
    let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
    ui.click(&context.i18n.get("composer-send"));
    let pressed = ui.messages().pop().unwrap();
    drop(ui);
    let (task, _) = chats.update(pressed, &context);
    let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
    ui.perform(task);
    assert_eq!(ui.focused(), Some(context.i18n.with("composer-hint", &[("name", "Bob Martin".into())])));
}

#[test]
fn escape_closes_what_was_opened_last() {
    let context = samples::lively(600.0, 700.0);
    let mut chats = opened(&context);
    let _ = chats.update(Message::DetailsPressed, &context);
    let _ = chats.update(Message::OwnPressed, &context);
    let _ = chats.update(Message::Escaped, &context);
    assert!(chats.own.is_none() && matches!(chats.beside, Beside::Details(_)));
    let _ = chats.update(Message::Escaped, &context);
    assert!(matches!(chats.beside, Beside::Nothing) && chats.open.is_some());
    let _ = chats.update(Message::Escaped, &context);
    assert!(chats.open.is_none(), "one pane goes back to the list");
}

#[test]
fn from_the_filter_one_goes_down_into_what_it_leaves() {
    let context = samples::lively(1000.0, 700.0);
    let mut chats = Chats::default();
    chats.people_changed(&context);
    let _ = chats.update(Message::List(list::Message::Filtered("chlo".to_owned())), &context);
    let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
    ui.perform(focus::<()>(list::FILTER));
    ui.key(Named::Enter);
    let said = ui.messages();
    assert!(matches!(said.as_slice(), [Message::List(list::Message::FirstChosen)]), "{said:?}");
    ui.key(Named::ArrowDown);
    assert!(ui.focused().is_some_and(|label| label.starts_with("Chloé")), "{:?}", ui.focused());
    ui.key(Named::Enter);
    let said = ui.messages();
    let chloe = (HOME, samples::jid("chloe@chat.example"));
    assert!(
        matches!(said.as_slice(), [Message::List(list::Message::Chosen(chosen))] if *chosen == chloe),
        "{said:?}"
    );
}

#[test]
fn escape_clears_the_filter_and_leaves_the_caret_in_it() {
    let context = samples::lively(1200.0, 700.0);
    let mut chats = opened(&context);
    let _ = chats.update(Message::DetailsPressed, &context);
    let _ = chats.update(Message::List(list::Message::Filtered("chlo".to_owned())), &context);
    let (task, _) = chats.update(Message::Escaped, &context);
    assert!(!chats.list.is_filtered() && matches!(chats.beside, Beside::Details(_)));
    let mut ui = Harness::new((1200.0, 700.0), view(&chats, &context));
    ui.perform(task);
    assert_eq!(ui.focused(), Some(context.i18n.get("list-filter")));
}

#[test]
fn a_menu_that_is_closed_gives_the_focus_back() {
    let context = samples::lively(1000.0, 700.0);
    let closings = [
        Message::Escaped,
        Message::Own(own::Message::Closed),
        Message::Own(own::Message::Chosen(causerie_model::Show::Away)),
        Message::OwnPressed,
    ];
    for closing in closings {
        let mut chats = opened(&context);
        let (task, _) = chats.update(Message::OwnPressed, &context);
        let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
        ui.perform(task);
        assert_eq!(ui.focused(), Some(context.i18n.get("presence-online")));
        drop(ui);
        let (task, _) = chats.update(closing.clone(), &context);
        let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
        ui.perform(task);
        assert!(ui.focused().is_some_and(|label| label.starts_with("alice")), "{closing:?}");
    }
}

#[test]
fn a_question_about_a_person_takes_the_focus_and_gives_it_back() {
    let context = samples::lively(1000.0, 400.0);
    let mut chats = opened(&context);
    let _ = chats.update(Message::DetailsPressed, &context);
    let person = context.contact(&samples::bob()).cloned();
    let read = Message::Details(details::Message::Read(samples::bob(), person));
    let _ = chats.update(read, &context);
    for (question, answer) in [
        (details::Message::RemovePressed, details::Message::Dismissed),
        (details::Message::BlockPressed, details::Message::Closed),
        (details::Message::RemovePressed, details::Message::Confirmed),
    ] {
        let (task, _) = chats.update(Message::Details(question), &context);
        let mut ui = Harness::new((1000.0, 400.0), view(&chats, &context));
        ui.perform(task);
        assert_eq!(ui.focused(), Some(context.i18n.get("action-cancel")));
        drop(ui);
        let (task, _) = chats.update(Message::Details(answer), &context);
        let mut ui = Harness::new((1000.0, 400.0), view(&chats, &context));
        ui.perform(task);
        assert_eq!(ui.focused(), Some(context.i18n.get("action-close")));
    }
}

#[test]
fn leaving_keeps_the_draft() {
    let context = samples::lively(1000.0, 700.0);
    let mut chats = opened(&context);
    let typed = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("half a".to_owned()));
    let typed = composer::Message::Edited(iced::widget::text_editor::Action::Edit(typed));
    let _ = chats.update(Message::Composer(typed), &context);
    let (_, actions) = chats.show((HOME, samples::jid("chloe@chat.example")), &context);
    let draft = Command::SaveDraft { peer: samples::bob().1, text: "half a".into() };
    assert!(commands(&actions).contains(&&draft), "{actions:?}");
}

#[test]
fn the_window_is_read_by_keyboard_and_screen_reader_in_every_width() {
    for width in [480.0, 800.0, 1200.0] {
        let mut context = samples::lively(width, 900.0);
        samples::request(&mut context);
        context.accounts.push(samples::account(
            causerie_model::AccountId(2),
            "work@office.example",
            Connection::Stopped(causerie_model::Problem::WrongPassword),
        ));
        let mut chats = Chats::default();
        chats.people_changed(&context);
        chats.notice(HOME, Notice::Unreadable { from: None });
        walk("list", (width, 900.0), view(&chats, &context));
        let mut chats = opened(&context);
        walk("conversation", (width, 900.0), view(&chats, &context));
        for message in [Message::DetailsPressed, Message::AddPressed, Message::OwnPressed] {
            let _ = chats.update(message, &context);
            walk("beside", (width, 900.0), view(&chats, &context));
        }
    }
}

/// Alice and Bob, with messages that are protected in every way.
fn guarded(context: &Context) -> Chats {
    let mut chats = opened(context);
    let message = timeline::Message::NewestRead(samples::bob(), samples::guarded(), 60);
    let _ = chats.update(Message::Timeline(message), context);
    let read = timeline::Message::DevicesRead(samples::bob(), samples::devices());
    let _ = chats.update(Message::Timeline(read), context);
    chats
}

fn labels(chats: &Chats, context: &Context) -> Vec<String> {
    let found = Harness::new((1000.0, 1400.0), view(chats, context)).audit();
    found.iter().map(|found| found.label().to_owned()).collect()
}

#[test]
fn the_lock_leads_to_what_is_protected_and_back() {
    let mut context = samples::lively(1000.0, 900.0);
    context.readiness.insert(samples::bob(), causerie_model::Readiness::Ready);
    let mut chats = opened(&context);
    let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
    ui.click(&context.i18n.get("encrypted"));
    assert!(matches!(ui.messages().last(), Some(Message::LockPressed)));
    drop(ui);
    let (task, _) = chats.update(Message::LockPressed, &context);
    walk("panel", (1000.0, 900.0), view(&chats, &context));
    let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
    ui.perform(task);
    assert_eq!(ui.focused(), Some(context.i18n.get("devices")));
    assert!(ui.texts().iter().any(|(text, _)| *text == context.i18n.get("encryption-honesty")));
    drop(ui);
    let (task, _) = chats.update(Message::Escaped, &context);
    let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
    ui.perform(task);
    assert_eq!(ui.focused(), Some(context.i18n.get("encrypted")), "Escape gives the focus back");
    drop(ui);
    // In clear by choice: the panel has the way back.
    for conversation in &mut context.conversations {
        conversation.privacy = Privacy::Clear;
    }
    let _ = chats.update(Message::LockPressed, &context);
    assert!(labels(&chats, &context).contains(&context.i18n.get("action-encrypt")));
    let (_, actions) = chats.update(Message::PrivacyChosen(Privacy::Encrypted), &context);
    let wanted = Command::SetPrivacy { peer: samples::bob().1, privacy: Privacy::Encrypted };
    assert_eq!(commands(&actions), [&wanted]);
    assert!(chats.panel == Panel::Closed);
}

#[test]
fn every_state_of_encryption_is_walked_and_says_what_it_is() {
    use causerie_model::Readiness;
    let mut context = samples::lively(1000.0, 900.0);
    let chats = opened(&context);
    for (readiness, button) in [
        (Readiness::NoKeys, "action-send-clear"),
        (Readiness::Unavailable, "action-send-clear"),
        (Readiness::OutOfReach, "action-send-clear"),
        (Readiness::OutOfReach, "action-try-again"),
        (Readiness::Undecided, "action-look-at-keys"),
        (Readiness::Distrusted, "action-look-at-keys"),
    ] {
        context.readiness.insert(samples::bob(), readiness);
        walk("encryption", (1000.0, 900.0), view(&chats, &context));
        let labels = labels(&chats, &context);
        assert!(labels.contains(&context.i18n.get(button)), "{readiness:?}");
        assert!(labels.contains(&context.i18n.get("not-yet-encrypted")), "{readiness:?}");
    }
    context.readiness.insert(samples::bob(), Readiness::Ready);
    assert!(labels(&chats, &context).contains(&context.i18n.get("encrypted")));
    context.conversations.iter_mut().for_each(|conversation| conversation.privacy = Privacy::Clear);
    let labels = labels(&chats, &context);
    assert!(labels.contains(&"Message Bob Martin, not encrypted…".to_owned()), "{labels:#?}");
}

#[test]
fn what_is_not_known_yet_is_not_called_encrypted() {
    use causerie_model::Readiness;
    let mut context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    let encrypted = context.i18n.get("encrypted");
    let neutral = "Encrypted before it is sent".to_owned();
    for readiness in [Readiness::Unknown, Readiness::Looking] {
        context.readiness.insert(samples::bob(), readiness);
        let labels = labels(&chats, &context);
        assert!(labels.contains(&neutral) && !labels.contains(&encrypted), "{readiness:?}: {labels:#?}");
    }
    // Offline, what was known of them may be so no more.
    context.readiness.insert(samples::bob(), Readiness::NoKeys);
    context.accounts[0].connection = Connection::Offline;
    assert!(labels(&chats, &context).contains(&neutral));
    // And of what was written before, nothing is claimed.
    context.readiness.insert(samples::bob(), Readiness::Ready);
    let _ = chats.update(Message::LockPressed, &context);
    let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
    let begins = "What you write here is encrypted for you and Bob Martin";
    let texts = ui.texts();
    assert!(texts.iter().any(|(text, _)| text.starts_with(begins)), "{texts:#?}");
}

#[test]
fn what_comes_from_a_device_that_is_not_trusted_says_so_beside_the_time() {
    use causerie_model::Trust;
    let context = samples::lively(1000.0, 1400.0);
    let doubts =
        ["From a device you had not decided about", "From a device you did not trust"].map(str::to_owned);
    // None of these has such a device.
    let chats = guarded(&context);
    assert!(doubts.iter().all(|said| !labels(&chats, &context).iter().any(|label| label.contains(said))));
    for (trust, said) in [Trust::Undecided, Trust::Distrusted].into_iter().zip(&doubts) {
        let mut chats = opened(&context);
        let read = timeline::Message::NewestRead(samples::bob(), samples::doubtful(trust), 60);
        let _ = chats.update(Message::Timeline(read), &context);
        let mut ui = Harness::new((1000.0, 1400.0), view(&chats, &context));
        // Each of several in a row, not only the last.
        let texts = ui.texts();
        assert_eq!(texts.iter().filter(|(text, _)| text == said).count(), 2, "{texts:#?}");
        let found = ui.audit();
        let heard = found.iter().filter(|found| found.label().contains(&format!("hello. {said}"))).count();
        assert_eq!(heard, 2, "screen readers hear it with the message");
        drop(ui);
        walk("a doubtful device", (1000.0, 1400.0), view(&chats, &context));
    }
}

#[test]
fn what_was_to_be_secret_is_not_sent_in_clear_by_a_button_that_does_not_say_so() {
    use causerie_model::{Problem, Protection};
    let mut context = samples::lively(1000.0, 1400.0);
    let mut chats = opened(&context);
    let again = context.i18n.get("action-try-again");
    let clear = "Send without encryption".to_owned();
    let mut failed = samples::unreached().0;
    failed.retain(|message| message.direction == causerie_model::Direction::Outgoing);
    failed.truncate(1);
    failed[0].state = causerie_model::MessageState::Failed(Problem::NotEncrypted);
    for (written, now, button) in [
        (Protection::Encrypted(None), Privacy::Encrypted, &again),
        (Protection::Encrypted(None), Privacy::Clear, &clear),
        (Protection::Clear, Privacy::Clear, &again),
        (Protection::Clear, Privacy::Encrypted, &again),
    ] {
        failed[0].protection = written;
        context.conversations.iter_mut().for_each(|conversation| conversation.privacy = now);
        let read = timeline::Message::NewestRead(samples::bob(), failed.clone(), 60);
        let _ = chats.update(Message::Timeline(read), &context);
        let labels = labels(&chats, &context);
        for label in [&again, &clear] {
            assert_eq!(labels.contains(label), label == button, "{written:?} {now:?}: {labels:#?}");
        }
    }
}

#[test]
fn keys_that_can_not_be_had_are_asked_for_again_by_a_button() {
    use causerie_model::Readiness;
    let mut context = samples::lively(1000.0, 900.0);
    // None of these messages has failed.
    let mut chats = guarded(&context);
    context.readiness.insert(samples::bob(), Readiness::OutOfReach);
    let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
    let said = context.i18n.with("out-of-reach-bar", &[("name", "Bob Martin".into())]);
    assert!(ui.audit().iter().any(|found| found.label() == said), "{said}");
    ui.click(&context.i18n.get("action-try-again"));
    let pressed = ui.messages();
    drop(ui);
    let (_, actions) = chats.update(pressed.last().unwrap().clone(), &context);
    assert_eq!(commands(&actions), [&Command::LookUpKeys(samples::bob().1)]);
    // What is not known while offline is not claimed.
    context.accounts[0].connection = Connection::Offline;
    assert!(!labels(&chats, &context).contains(&said));
}

#[test]
fn a_message_says_who_can_not_read_it_and_why() {
    let context = samples::lively(1000.0, 1600.0);
    let mut chats = opened(&context);
    let (stored, id) = samples::unreached();
    let read = timeline::Message::NewestRead(samples::bob(), stored, 60);
    let _ = chats.update(Message::Timeline(read), &context);
    let mut ui = Harness::new((1000.0, 1600.0), view(&chats, &context));
    let short = "Can’t be read on Bob’s phone, Old laptop (yours) and one other device.";
    assert!(ui.texts().iter().any(|(text, _)| text == short), "{:#?}", ui.texts());
    assert!(ui.audit().iter().any(|found| found.label().ends_with(short)), "screen readers hear it as well");
    drop(ui);
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(id)), &context);
    let found = labels(&chats, &context);
    for said in [
        "Bob’s phone (Bob Martin): can’t read this message, because its keys could not be fetched.",
        "Old laptop (yours): can’t read this message, because its keys could not be fetched.",
        "Device 41 (Bob Martin): can’t read this message, because you have not decided about its key yet.",
        "Device 5 (Bob Martin): was left out, because you refused its key.",
    ] {
        assert!(found.iter().any(|label| label == said), "{said}: {found:#?}");
    }
    walk("who can't read it", (1000.0, 1600.0), view(&chats, &context));
    let mut ui = Harness::new((1000.0, 1600.0), view(&chats, &context));
    ui.click(&context.i18n.get("action-look-at-keys"));
    let look = timeline::Message::KeysPressed(samples::bob().1);
    assert!(format!("{:?}", ui.messages()).contains(&format!("{look:?}")));
}

#[test]
fn a_message_of_ours_says_in_which_version_it_went_out_and_how_many_devices_are_beyond() {
    use causerie_model::{OmemoVersion, Sealing};
    let context = samples::lively(1000.0, 1600.0);
    let mut chats = opened(&context);
    let (mut stored, id) = samples::unreached();
    let sent = stored.iter_mut().find(|message| message.id == id).unwrap();
    sent.sealing = Sealing { versions: OmemoVersion::ALL.to_vec(), beyond: 8 };
    sent.unreached.clear();
    let read = timeline::Message::NewestRead(samples::bob(), stored, 60);
    let _ = chats.update(Message::Timeline(read), &context);
    let mut ui = Harness::new((1000.0, 1600.0), view(&chats, &context));
    assert!(ui.texts().iter().any(|(text, _)| text == "Can’t be read on 8 devices."), "{:#?}", ui.texts());
    drop(ui);
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(id)), &context);
    let found = labels(&chats, &context);
    for said in [
        "End-to-end encrypted (OMEMO 2, OMEMO)",
        "Bob Martin has more devices than Causerie writes to: 8 more can’t read this message.",
    ] {
        assert!(found.iter().any(|label| label == said), "{said}: {found:#?}");
    }
}

#[test]
fn beginning_anew_says_in_place_how_it_goes() {
    use causerie_model::Repair;
    let mut context = samples::lively(1000.0, 1400.0);
    let chats = guarded(&context);
    let button = context.i18n.get("details-repair");
    let count = |context: &Context, label: &str| {
        labels(&chats, context).iter().filter(|found| *found == label).count()
    };
    assert_eq!(count(&context, &button), 1);
    for (repair, key, buttons) in [
        (Repair::Waiting, "repair-waiting", 0),
        (Repair::Begun, "repair-begun", 0),
        (Repair::Done, "repair-done", 1),
        (Repair::Failed, "repair-failed", 1),
    ] {
        context.repairs.insert(samples::bob(), repair);
        assert_eq!(count(&context, &context.i18n.get(key)), 1, "{repair:?}");
        assert_eq!(count(&context, &button), buttons, "{repair:?}");
        walk("beginning anew", (1000.0, 1400.0), view(&chats, &context));
    }
    // And on the page of the devices, in place of the conversation.
    let mut chats = chats;
    let _ = chats.update(Message::KeysPressed(samples::bob()), &context);
    let read = crate::screen::keys::Message::Read(samples::bob(), samples::devices());
    let _ = chats.update(Message::Details(details::Message::Keys(read)), &context);
    for (repair, key) in [(Repair::Begun, "repair-begun"), (Repair::Failed, "repair-failed")] {
        context.repairs.insert(samples::bob(), repair);
        let said = context.i18n.get(key);
        assert!(labels(&chats, &context).contains(&said), "{repair:?}");
        walk("beginning anew with devices", (1000.0, 2400.0), view(&chats, &context));
    }
}

#[test]
fn what_is_in_clear_among_encrypted_messages_says_so() {
    let context = samples::lively(1000.0, 1400.0);
    let chats = guarded(&context);
    let mut ui = Harness::new((1000.0, 1400.0), view(&chats, &context));
    let said = context.i18n.get("not-encrypted");
    assert_eq!(ui.texts().iter().filter(|(text, _)| *text == said).count(), 1);
    assert!(ui.audit().iter().any(|found| found.label().ends_with(&format!("in clear. {said}"))));
}

#[test]
fn the_menu_of_a_message_tells_version_device_and_trust() {
    let context = samples::lively(1000.0, 1400.0);
    let mut chats = guarded(&context);
    let first = samples::guarded()[0].id;
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(first)), &context);
    let labels = labels(&chats, &context);
    for said in ["End-to-end encrypted (OMEMO 2)", "Bob’s phone", "Compared by you"] {
        assert!(labels.iter().any(|label| label == said), "{said}: {labels:#?}");
    }
    walk("menu", (1000.0, 1400.0), view(&chats, &context));
    let (_, actions) =
        chats.update(Message::Timeline(timeline::Message::KeysPressed(samples::bob().1)), &context);
    assert_eq!(actions, [Action::Keys(samples::bob())]);
    let _ = chats.update(Message::KeysPressed(samples::bob()), &context);
    assert!(matches!(chats.beside, Beside::Details(_)));
}

#[test]
fn what_could_not_be_read_says_what_to_do() {
    let context = samples::lively(1000.0, 1400.0);
    let mut chats = guarded(&context);
    let labels = labels(&chats, &context);
    for key in ["action-look-at-keys", "details-repair"] {
        assert!(labels.contains(&context.i18n.get(key)), "{key}: {labels:#?}");
    }
    let (_, actions) =
        chats.update(Message::Timeline(timeline::Message::RepairPressed(samples::bob().1)), &context);
    assert_eq!(commands(&actions), [&Command::RepairSessions(samples::bob().1)]);
}

#[test]
fn a_key_that_was_replaced_is_told_and_leads_to_the_keys() {
    let context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    let device = samples::devices().theirs[2].device;
    chats.notice(HOME, Notice::KeyReplaced { jid: samples::bob().1, device });
    // Another one, who has many, does not push it out.
    let carol = causerie_model::BareJid::new("carol@chat.example").unwrap();
    for number in 1..9 {
        let device = causerie_model::DeviceId::new(number).unwrap();
        chats.notice(HOME, Notice::KeyReplaced { jid: carol.clone(), device });
    }
    assert_eq!(chats.notices.len(), 2);
    chats
        .notices
        .retain(|(_, news)| !matches!(news, News::Notice(Notice::KeyReplaced { jid, .. }) if *jid == carol));
    let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
    ui.click(&context.i18n.get("action-look-at-keys"));
    let said = ui.messages();
    drop(ui);
    let Some(Message::KeysPressed(key)) = said.last() else { panic!("{said:?}") };
    let _ = chats.update(Message::KeysPressed(key.clone()), &context);
    assert!(matches!(chats.beside, Beside::Details(_)) && chats.notices.is_empty());
}

#[test]
fn a_new_device_of_ours_is_told_and_leads_to_our_devices() {
    let context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    let device = samples::devices().theirs[2].device;
    chats.notice(HOME, Notice::NewOwnDevice { device });
    // It is not pushed out by what matters less.
    for n in 0..9 {
        let from = causerie_model::BareJid::new(&format!("m{n}@chat.example")).unwrap();
        chats.notice(HOME, Notice::Unreadable { from: Some(from) });
    }
    let number = context.i18n.with("device-number", &[("number", device.to_string().into())]);
    let said = context.i18n.with("notice-new-own-device", &[("device", number.into())]);
    assert!(labels(&chats, &context).iter().any(|label| label.contains(&said)));
    let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
    ui.click(&context.i18n.get("own-devices"));
    let pressed = ui.messages();
    drop(ui);
    let Some(Message::KeysPressed(key)) = pressed.last() else { panic!("{pressed:?}") };
    let (_, actions) = chats.update(Message::KeysPressed(key.clone()), &context);
    let own = context.account(HOME).unwrap().account.jid.clone();
    assert_eq!(actions, [Action::Keys((HOME, own))]);
    let is_it = |(_, news): &(_, News)| matches!(news, News::Notice(Notice::NewOwnDevice { .. }));
    assert!(!chats.notices.iter().any(is_it));
}

/// It is told in the next run, too, until then.
#[test]
fn what_is_told_of_a_new_device_of_ours_was_seen_when_it_is_closed() {
    let context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    let device = samples::devices().theirs[2].device;
    chats.notice(HOME, Notice::NewOwnDevice { device });
    chats.notice(HOME, Notice::KeysUsedElsewhere);
    let mut close = || chats.update(Message::NoticeDismissed(0), &context).1;
    assert_eq!(close(), [Action::Ask(HOME, Command::AlarmSeen(Alarm::NewDevice(device)))]);
    assert_eq!((close(), close()), (Vec::new(), Vec::new()));
}

/// Nor is it pushed out by what matters less, or seen where only new devices are.
#[test]
fn that_there_are_new_keys_was_seen_when_it_is_closed() {
    let context = samples::lively(1000.0, 900.0);
    let mut chats = opened(&context);
    chats.notice(HOME, Notice::KeysRenewed);
    for n in 0..9 {
        let from = causerie_model::BareJid::new(&format!("m{n}@chat.example")).unwrap();
        chats.notice(HOME, Notice::Unreadable { from: Some(from) });
    }
    chats.own_devices_shown(HOME);
    let (_, actions) = chats.update(Message::NoticeDismissed(0), &context);
    assert_eq!(actions, [Action::Ask(HOME, Command::AlarmSeen(Alarm::KeysRenewed))]);
}

#[test]
fn a_locked_keyring_or_a_damaged_key_has_two_ways_out() {
    use causerie_model::Problem;
    let mut context = samples::lively(1000.0, 900.0);
    for (problem, why) in
        [(Problem::KeysLocked, "problem-keys-locked"), (Problem::KeysUnreadable, "problem-keys-unreadable")]
    {
        context.accounts[0].connection = Connection::Stopped(problem);
        let mut chats = opened(&context);
        let labels = labels(&chats, &context);
        assert!(labels.iter().any(|label| label.contains(&context.i18n.get(why))), "{labels:#?}");
        for (key, message, action) in [
            ("action-try-again", Message::UnlockPressed, Action::Unlock),
            ("action-new-keys", Message::NewKeysPressed, Action::NewKeys),
        ] {
            assert!(labels.contains(&context.i18n.get(key)), "{key}");
            assert_eq!(chats.update(message, &context).1, [action]);
        }
    }
}

/// What is wrong is said, and nobody is offered to give the keys up for it.
#[test]
fn a_disk_in_the_way_of_the_keys_is_no_reason_for_new_ones() {
    use causerie_model::Problem;
    let mut context = samples::lively(1000.0, 900.0);
    for (problem, why) in
        [(Problem::DiskFull, "problem-disk-full"), (Problem::DiskFailed, "problem-disk-failed")]
    {
        context.accounts[0].connection = Connection::Stopped(problem);
        let chats = opened(&context);
        let labels = labels(&chats, &context);
        assert!(labels.iter().any(|label| label.contains(&context.i18n.get(why))), "{labels:#?}");
        assert!(!labels.contains(&context.i18n.get("action-new-keys")));
        let mut ui = Harness::new((1000.0, 900.0), view(&chats, &context));
        ui.click(&context.i18n.get("action-try-again"));
        assert!(matches!(ui.messages().last(), Some(Message::TryPressed(HOME))));
    }
}

#[test]
fn the_messages_stay_where_they_were_scrolled_to() {
    let context = samples::lively(800.0, 480.0);
    let mut chats = opened(&context);
    let scrolled = |at_bottom| {
        let visible = crate::widget::list::Visible { first: 2, last: 6, at_top: false, at_bottom };
        Message::Timeline(timeline::Message::Scrolled(visible))
    };
    let texts = |window: &mut Harness<'_, Message>| {
        window.texts().into_iter().map(|(text, _)| text).collect::<Vec<_>>()
    };
    let mut other = opened(&context);
    let _ = other.update(scrolled(false), &context);
    let _ = chats.update(scrolled(true), &context);
    let mut window = Harness::new((800.0, 480.0), view(&chats, &context));
    window.point(iced::Point::new(600.0, 200.0));
    window.wheel(250.0);
    let before = texts(&mut window);
    window.show(view(&other, &context));
    let after = texts(&mut window);
    let message = |text: &&String| text.contains("Salut Alice") || text.contains("written down");
    assert!(before.iter().any(|text| message(&text)), "{before:?}");
    assert!(after.iter().any(|text| message(&text)), "the button to jump has lost the place: {after:?}");
}

#[test]
fn the_links_of_a_message_are_reached_and_left_by_keyboard() {
    let context = samples::lively(1000.0, 700.0);
    let mut chats = opened(&context);
    let open = chats.open.as_ref().unwrap();
    let key = open.key.clone();
    let mut stored = samples::messages();
    let newest = stored.last_mut().unwrap();
    newest.body =
        causerie_model::Body::Text("see https://example.org/a and xmpp:zoe@chat.example".to_owned());
    let id = newest.id;
    let _ = chats.update(Message::Timeline(timeline::Message::NewestRead(key, stored, 60)), &context);
    let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
    for _ in ["the composer", "the newest message"] {
        ui.key_with(keyboard::Key::Named(Named::Tab), keyboard::Modifiers::SHIFT);
    }
    // Its links come after it.
    ui.key(Named::ArrowUp);
    ui.key(Named::ArrowUp);
    let reached = ui.focused().unwrap_or_default();
    assert!(reached.contains("see https://example.org/a"), "{reached}");
    ui.key(Named::Enter);
    let opened =
        |said: &Message| matches!(said, Message::Timeline(timeline::Message::MenuPressed(of)) if *of == id);
    assert!(ui.messages().iter().any(opened), "Enter opens the menu");
    drop(ui);
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(id)), &context);
    let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
    let shown = |ui: &mut Harness<'_, Message>, target: &str| {
        ui.audit().iter().filter(|found| found.label() == target).count()
    };
    for target in ["https://example.org/a", "xmpp:zoe@chat.example"] {
        assert_eq!(shown(&mut ui, target), 2, "in the text and in the menu");
    }
    drop(ui);
    let (_, actions) = chats.update(Message::Escaped, &context);
    assert!(actions.is_empty());
    let mut ui = Harness::new((1000.0, 700.0), view(&chats, &context));
    assert_eq!(shown(&mut ui, "https://example.org/a"), 1, "Escape closes the menu");
}

#[test]
fn what_comes_above_the_composer_does_not_take_the_keyboard_from_it() {
    use causerie_model::Readiness;
    let mut before = samples::lively(1000.0, 700.0);
    before.readiness.insert(samples::bob(), Readiness::Ready);
    let mut after = samples::lively(1000.0, 700.0);
    after.readiness.insert(samples::bob(), Readiness::NoKeys);
    let chats = opened(&before);
    let mut window = Harness::new((1000.0, 700.0), view(&chats, &before));
    window.perform(crate::widget::focus::focus::<()>(composer::COMPOSER));
    let focused = window.focused();
    assert!(focused.is_some());
    window.show(view(&chats, &after));
    assert_eq!(window.focused(), focused);
}

#[test]
fn what_is_in_the_way_is_said_with_what_can_be_done_about_it() {
    use causerie_model::{Problem, ProxyFault};
    let retry_in = std::time::Duration::from_secs(20);
    for language in ["en", "fr"] {
        for (problem, key, pressed, action) in [
            (
                Problem::SignInToNetwork,
                "network-open-page",
                Message::PagePressed,
                Action::Link("http://example.com/".to_owned()),
            ),
            (
                Problem::Proxy(ProxyFault::Unreachable),
                "network-settings",
                Message::NetworkPressed,
                Action::Network,
            ),
            (Problem::Proxy(ProxyFault::Login), "network-settings", Message::NetworkPressed, Action::Network),
        ] {
            let mut context = samples::lively(1000.0, 900.0);
            context.i18n = crate::i18n::I18n::choose(Some(language), &[]);
            context.accounts[0].connection = match problem.retry() {
                causerie_model::Retry::Automatic => {
                    Connection::Waiting { problem: problem.clone(), retry_in }
                }
                causerie_model::Retry::OnRequest => Connection::Stopped(problem.clone()),
            };
            let mut chats = opened(&context);
            let said = crate::words::problem(&context.i18n, &problem, &context.accounts[0].account.jid);
            let labels = labels(&chats, &context);
            assert!(said.ends_with('.') && labels.contains(&said), "{said}: {labels:?}");
            for key in [key, "action-try-again"] {
                assert!(labels.contains(&context.i18n.get(key)), "{key}");
            }
            assert_eq!(chats.update(pressed, &context).1, [action]);
        }
    }
}
