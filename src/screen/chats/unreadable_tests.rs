//! What can't be read says why, and leads to what can be done about it.

use causerie_model::{Body, Direction, Message as Stored, MessageState, Privacy, Readiness, Unreadable};

use super::*;
use crate::i18n::I18n;
use crate::screen::samples::{self, HOME};
use crate::screen::walk::walk;
use crate::widget::harness::Harness;

const SIZE: (f32, f32) = (1000.0, 1400.0);

const ALL: [Unreadable; 15] = [
    Unreadable::OverLimits,
    Unreadable::Malformed,
    Unreadable::NotForThisDevice,
    Unreadable::InRoom,
    Unreadable::KeysLost,
    Unreadable::Altered,
    Unreadable::KeyReplaced,
    Unreadable::Misdirected,
    Unreadable::Early,
    Unreadable::Delayed,
    Unreadable::KeyOfOther,
    Unreadable::KeyOfOtherStranger,
    Unreadable::Copied,
    Unreadable::NotShown,
    Unreadable::NotKept,
];

/// A conversation with one message that can't be read.
fn with(direction: Direction, why: Unreadable, context: &Context) -> Chats {
    let state = match direction {
        Direction::Incoming => MessageState::Received,
        Direction::Outgoing => MessageState::Sent,
    };
    let model = samples::guarded().remove(3);
    let message = Stored { direction, state, body: Body::Unreadable(why), ..model };
    let mut chats = Chats::default();
    chats.people_changed(context);
    let _ = chats.show(samples::bob(), context);
    let opening = crate::context::Opening { messages: vec![message], limit: 60, ..Default::default() };
    let _ = chats.update(Message::Timeline(timeline::Message::Opened(samples::bob(), opening)), context);
    chats
}

/// What a button says when it is pressed.
fn pressed(chats: &Chats, label: &str, context: &Context) -> timeline::Message {
    let mut ui = Harness::new(SIZE, view(chats, context));
    ui.click(&context.i18n.get(label));
    let said = ui.messages();
    match said.last() {
        Some(Message::Timeline(message)) => message.clone(),
        other => panic!("{label}: {other:?}"),
    }
}

fn labels(chats: &Chats, context: &Context) -> Vec<String> {
    Harness::new(SIZE, view(chats, context)).audit().iter().map(|found| found.label().to_owned()).collect()
}

/// What another device of ours has sent is a matter of our own keys.
#[test]
fn what_another_device_of_ours_has_sent_in_vain_leads_to_our_own_keys() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    let own = context.account(HOME).unwrap().account.jid.clone();
    for (direction, jid) in [(Direction::Outgoing, own.clone()), (Direction::Incoming, samples::bob().1)] {
        for why in [Unreadable::KeyReplaced, Unreadable::KeyOfOther] {
            let chats = with(direction, why, &context);
            let said = pressed(&chats, "action-look-at-keys", &context);
            assert!(matches!(said, timeline::Message::KeysPressed(whose) if whose == jid), "{why:?}");
        }
        for why in [Unreadable::KeysLost, Unreadable::Altered] {
            let mut chats = with(direction, why, &context);
            let said = pressed(&chats, "details-repair", &context);
            let (_, actions) = chats.update(Message::Timeline(said), &context);
            assert_eq!(actions, [Action::Ask(HOME, Command::RepairSessions(jid.clone()))], "{why:?}");
        }
    }
    // And how that goes is told there.
    context.repairs.insert((HOME, own), causerie_model::Repair::Failed);
    let said = context.i18n.get("repair-failed");
    for (direction, is_told) in [(Direction::Outgoing, true), (Direction::Incoming, false)] {
        let chats = with(direction, Unreadable::KeysLost, &context);
        assert_eq!(labels(&chats, &context).contains(&said), is_told, "{direction:?}");
        walk("unreadable", SIZE, view(&chats, &context));
    }
    // It was not encrypted here.
    let mut chats = with(Direction::Outgoing, Unreadable::KeysLost, &context);
    let id = samples::guarded()[3].id;
    let _ = chats.update(Message::Timeline(timeline::Message::MenuPressed(id)), &context);
    assert!(!labels(&chats, &context).contains(&context.i18n.get("device-here")));
}

/// Whatever it is, it takes a second sentence, or a second half of one.
#[test]
fn every_row_that_can_not_be_read_says_why_and_what_to_do() {
    for language in ["en", "fr"] {
        let i18n = I18n::new(Some(language));
        let mut said: Vec<String> = ALL.into_iter().map(|why| crate::words::unreadable(&i18n, why)).collect();
        said.push(i18n.with("unreadable-no-keys-here", &[("provider", "chat.example".into())]));
        let silent: Vec<&String> =
            said.iter().filter(|said| said.matches(". ").count() == 0 || !said.ends_with('.')).collect();
        assert_eq!(silent, Vec::<&String>::new());
    }
}

/// Where the provider passes on no keys, this device has none, and repairing would wait for ever.
#[test]
fn without_keys_of_our_own_nothing_is_to_be_repaired() {
    let mut context = samples::lively(SIZE.0, SIZE.1);
    let said = context.i18n.with("unreadable-no-keys-here", &[("provider", "chat.example".into())]);
    let repair = context.i18n.get("details-repair");
    for (readiness, can) in [(Readiness::Ready, true), (Readiness::Unavailable, false)] {
        for privacy in [Privacy::Encrypted, Privacy::Clear] {
            context.readiness.insert(samples::bob(), readiness);
            context.conversations[0].privacy = privacy;
            let chats = with(Direction::Incoming, Unreadable::KeysLost, &context);
            let found = labels(&chats, &context);
            assert_eq!(found.contains(&repair), can, "{readiness:?}");
            assert_eq!(found.iter().any(|label| label.contains(&said)), !can, "{readiness:?}");
        }
    }
}
