//! What a person has written and the disk does not take yet, as far as it is their words.

use std::collections::VecDeque;

use causerie_model::{Body, Change, Command, Direction, MessageState, NewMessage, Problem, Storage, Unkept};

use crate::handle::Order;

/// What waits: these changes first, then what is asked for in these orders.
pub(crate) fn failing(problem: Problem, changes: &[Change], orders: &VecDeque<Order>) -> Storage {
    let mut messages: Vec<Unkept> = changes.iter().filter_map(message_of).collect();
    let mut more = changes.iter().any(is_said);
    for order in orders {
        let Order::Do(command) = order else { continue };
        match command {
            // What is blank is never sent.
            Command::SendMessage { id, peer, body } | Command::SendReply { id, peer, body, .. }
                if !body.trim().is_empty() =>
            {
                messages.push(Unkept { peer: peer.clone(), id: id.clone(), text: body.clone() });
            }
            Command::CorrectMessage { .. }
            | Command::RetractMessage { .. }
            | Command::RetryMessage { .. }
            | Command::React { .. } => more = true,
            Command::SaveDraft { text, .. } => more |= !text.is_empty(),
            _ => {}
        }
    }
    Storage::Failing { problem, messages, more }
}

fn message_of(change: &Change) -> Option<Unkept> {
    let Change::MessageAdded(message) = change else { return None };
    let NewMessage { peer, origin: Some(id), body: Body::Text(text), .. } = message else { return None };
    let is_ours = message.direction == Direction::Outgoing && message.state == MessageState::Pending;
    is_ours.then(|| Unkept { peer: peer.clone(), id: id.clone(), text: text.as_str().into() })
}

/// Something else that the person has said.
fn is_said(change: &Change) -> bool {
    match change {
        Change::Annotated(annotation) => {
            annotation.author == Direction::Outgoing && annotation.state == MessageState::Pending
        }
        Change::DraftSaved { text, .. } => !text.is_empty(),
        _ => false,
    }
}
