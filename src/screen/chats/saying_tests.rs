//! Answering, correcting, deleting and reacting, by keyboard and by what is shown.

use causerie_model::{Body, Direction, Edited, Emoji, Message as Stored, MessageState, Quoted, Reacted};
use iced::keyboard::key::Named;

use super::saying::{Said, Target};
use super::*;
use crate::screen::samples;
use crate::widget::harness::Harness;

const SIZE: (f32, f32) = (1000.0, 1200.0);

fn opened(messages: Vec<Stored>, context: &Context) -> Chats {
    let mut chats = Chats::default();
    chats.people_changed(context);
    let _ = chats.show(samples::bob(), context);
    let opening = crate::context::Opening { messages, limit: 60, ..Default::default() };
    let message = timeline::Message::Opened(samples::bob(), opening);
    let _ = chats.update(Message::Timeline(message), context);
    chats
}

/// A message of ours that was sent, and one of theirs.
fn two() -> Vec<Stored> {
    let all = samples::messages();
    let theirs = all.iter().find(|message| message.direction == Direction::Incoming).unwrap().clone();
    let ours = all.iter().rfind(|message| message.state == MessageState::Sent).unwrap().clone();
    vec![theirs, ours]
}

fn said(actions: &[Action]) -> Vec<&Said> {
    actions
        .iter()
        .filter_map(|action| if let Action::Say(_, said) = action { Some(said) } else { None })
        .collect()
}

fn text_of(message: &Stored) -> &str {
    match &message.body {
        Body::Text(text) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn arrow_up_in_the_empty_field_corrects_the_last_message_and_escape_lets_it_go() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let ours = two().remove(1);
    let mut chats = opened(two(), &context);
    let mut ui = Harness::new(SIZE, view(&chats, &context));
    ui.perform(focus::<()>(composer::COMPOSER));
    ui.key(Named::ArrowUp);
    let pressed = ui.messages();
    let pressed = pressed.last().cloned().unwrap();
    assert!(matches!(pressed, Message::Composer(composer::Message::LastWanted)), "{pressed:?}");
    drop(ui);
    let _ = chats.update(pressed, &context);
    let open = chats.open.as_ref().unwrap();
    assert_eq!(open.composer.text(), text_of(&ours));
    let mut ui = Harness::new(SIZE, view(&chats, &context));
    assert!(ui.texts().iter().any(|(text, _)| *text == context.i18n.get("composer-corrects")));
    ui.fail_if_unlabelled();
    drop(ui);
    let _ = chats.update(Message::Escaped, &context);
    assert_eq!(chats.open.as_ref().unwrap().composer.text(), "");
    // Corrected after all.
    let _ = chats.update(Message::Composer(composer::Message::LastWanted), &context);
    let typed = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("!".to_owned()));
    let typed = composer::Message::Edited(iced::widget::text_editor::Action::Edit(typed));
    let _ = chats.update(Message::Composer(typed), &context);
    let (_, actions) = chats.update(Message::Composer(composer::Message::Sent), &context);
    let correction = Said::Correction(Target::of(&ours).unwrap(), format!("{}!", text_of(&ours)));
    assert_eq!(said(&actions), [&correction]);
}

#[test]
fn an_answer_is_written_below_and_names_what_it_answers() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let theirs = two().remove(0);
    let mut chats = opened(two(), &context);
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(theirs.id)), &context);
    let mut ui = Harness::new(SIZE, view(&chats, &context));
    ui.fail_if_unlabelled();
    ui.click(&context.i18n.get("action-reply"));
    let pressed = ui.messages();
    drop(ui);
    for message in pressed {
        let _ = chats.update(message, &context);
    }
    let typed = iced::widget::text_editor::Edit::Paste(std::sync::Arc::new("Yes".to_owned()));
    let typed = composer::Message::Edited(iced::widget::text_editor::Action::Edit(typed));
    let _ = chats.update(Message::Composer(typed), &context);
    let (_, actions) = chats.update(Message::Composer(composer::Message::Sent), &context);
    let said = said(&actions);
    let [Said::Answer(text, reply)] = said.as_slice() else { panic!("{actions:?}") };
    assert_eq!((text.as_str(), &reply.to), ("Yes", theirs.origin.as_ref().unwrap()));
    assert_eq!(reply.quoted, Privacy::Encrypted);
}

#[test]
fn deleting_for_everyone_is_asked_once() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let ours = two().remove(1);
    let mut chats = opened(two(), &context);
    let press = |chats: &mut Chats, label: &str| {
        let mut ui = Harness::new(SIZE, view(chats, &context));
        ui.fail_if_unlabelled();
        ui.click(&context.i18n.get(label));
        let pressed = ui.messages();
        drop(ui);
        let outcomes = pressed.into_iter().map(|message| chats.update(message, &context).1);
        outcomes.flatten().collect::<Vec<_>>()
    };
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(ours.id)), &context);
    assert!(said(&press(&mut chats, "action-delete-for-everyone")).is_empty());
    assert!(said(&press(&mut chats, "action-cancel")).is_empty());
    assert!(said(&press(&mut chats, "action-delete-for-everyone")).is_empty());
    let actions = press(&mut chats, "action-delete-for-everyone");
    assert_eq!(said(&actions), [&Said::Retraction(Target::of(&ours).unwrap())]);
}

#[test]
fn what_is_said_of_messages_is_shown_and_told() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let [mut theirs, mut ours]: [Stored; 2] = two().try_into().unwrap();
    let thumb = Emoji::new("👍").unwrap();
    let by =
        |author| Reacted { author, occupant: None, emoji: vec![thumb.clone()], state: MessageState::Sent };
    ours.annotations.reactions = vec![by(Direction::Incoming)];
    ours.annotations.edited = Some(Edited { at: ours.at, state: MessageState::Sent });
    ours.annotations.reply = Some(Quoted {
        to: theirs.origin.clone().unwrap(),
        id: Some(theirs.id),
        author: Some(Direction::Incoming),
        text: Some("What he said".to_owned()),
        privacy: Privacy::Encrypted,
    });
    theirs.body = Body::Retracted;
    let mut chats = opened(vec![theirs, ours.clone()], &context);
    let mut ui = Harness::new(SIZE, view(&chats, &context));
    ui.fail_if_unlabelled();
    let shown: Vec<String> = ui.texts().into_iter().map(|(text, _)| text).collect();
    for wanted in [context.i18n.get("message-deleted"), context.i18n.get("message-edited"), "👍".to_owned()]
    {
        assert!(shown.contains(&wanted), "{wanted}: {shown:?}");
    }
    assert!(shown.iter().any(|text| text.contains("What he said")), "{shown:?}");
    let bob = context.name(&samples::bob());
    ui.click(&context.i18n.with("message-reacted", &[("emoji", "👍".into()), ("names", bob.into())]));
    let pressed = ui.messages();
    drop(ui);
    let outcomes = pressed.into_iter().map(|message| chats.update(message, &context).1);
    let actions: Vec<Action> = outcomes.flatten().collect();
    assert_eq!(said(&actions), [&Said::Reactions(Target::of(&ours).unwrap(), vec![thumb])]);
}

#[test]
fn in_a_conversation_in_clear_no_answer_is_offered_to_what_was_encrypted() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    for conversation in &mut context.conversations {
        conversation.privacy = Privacy::Clear;
    }
    let ours = two().remove(1);
    let mut chats = opened(two(), &context);
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(ours.id)), &context);
    let mut ui = Harness::new(SIZE, view(&chats, &context));
    let labels: Vec<String> = ui.audit().iter().map(|found| found.label().to_owned()).collect();
    let is_offered = |deed: &str| labels.contains(&context.i18n.get(deed));
    assert!(!is_offered("action-reply"));
    assert!(is_offered("action-edit-message") && is_offered("action-delete-for-everyone"));
}

/// It goes encrypted, or says that it can't: nothing that was written is let go of in silence.
#[test]
fn a_correction_is_kept_when_clear_is_chosen() {
    let context = samples::lively(SIZE.0, SIZE.1);
    for privacy in [Privacy::Clear, Privacy::Encrypted] {
        let mut chats = opened(two(), &context);
        let _ = chats.update(Message::Composer(composer::Message::LastWanted), &context);
        let _ = chats.update(Message::PrivacyChosen(privacy), &context);
        let composer = &chats.open.as_ref().unwrap().composer;
        let composer::About::Correction { target, .. } = composer.about() else { panic!("let go") };
        assert_eq!(target.privacy, Privacy::Encrypted);
        assert!(!composer.text().is_empty());
    }
}

#[test]
fn a_time_that_is_far_from_the_servers_is_told_in_the_details() {
    let context = samples::lively(SIZE.0, SIZE.1);
    let mut theirs = samples::guarded().remove(0);
    let causerie_model::Protection::Encrypted(Some(seal)) = &mut theirs.protection else { panic!() };
    let written = causerie_model::Timestamp::from_millis(theirs.at.as_millis() - 9 * 86_400_000);
    seal.written = Some(written);
    let id = theirs.id;
    let mut chats = opened(vec![theirs], &context);
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(id)), &context);
    let mut ui = Harness::new(SIZE, view(&chats, &context));
    ui.fail_if_unlabelled();
    let moment = context.i18n.moment_within(written, context.now, &context.zone);
    let said = context.i18n.with("message-written-then", &[("moment", moment.into())]);
    assert!(ui.texts().iter().any(|(text, _)| *text == said), "{said}");
}
