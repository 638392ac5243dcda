//! What a person has written and the disk does not take yet, as far as it is their words.

use std::collections::VecDeque;

use causerie_model::{
    Body, Change, Command, Direction, MessageState, NewMessage, Problem, RoomMessage, Storage, Unkept,
};

use crate::handle::Order;

/// What waits: these changes first, then what is asked for in these orders.
pub(crate) fn failing(problem: Problem, changes: &[Change], orders: &VecDeque<Order>) -> Storage {
    let mut messages: Vec<Unkept> = changes.iter().filter_map(message_of).collect();
    let mut more = changes.iter().any(is_said);
    for order in orders {
        let Order::Do(command) = order else { continue };
        match command {
            // What is blank is never sent.
            Command::SendMessage { id, peer, body }
            | Command::SendRoomMessage { id, room: peer, body }
            | Command::SendReply { id, peer, body, .. }
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
    let (Change::MessageAdded(message) | Change::RoomMessage(RoomMessage { message, .. })) = change else {
        return None;
    };
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
        Change::RoomAnnotated(annotation) => {
            annotation.author.is_none() && annotation.state == MessageState::Pending
        }
        Change::DraftSaved { text, .. } => !text.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::{
        Arrival, BareJid, Claim, Naming, OriginId, Protection, RoomAnnotation, RoomSource, Says, Timestamp,
    };

    use super::*;

    fn id(text: &str) -> OriginId {
        OriginId::new(text).unwrap()
    }

    fn said(name: &str, state: MessageState) -> Change {
        let message = NewMessage {
            peer: BareJid::new("room@muc.example.org").unwrap(),
            direction: Direction::Outgoing,
            origin: Some(id(name)),
            stanza: None,
            body: Body::Text(name.to_owned()),
            at: Timestamp::default(),
            state,
            protection: Protection::Clear,
            reply: None,
            order: causerie_model::Order::Last,
            naming: Naming::Unique,
        };
        let (author, claim, source) = (None, Claim::Certain, RoomSource::Live);
        Change::RoomMessage(RoomMessage { message, author, claim, source })
    }

    fn told(changes: &[Change], orders: Vec<Command>) -> (Vec<String>, bool) {
        let orders = orders.into_iter().map(Order::Do).collect();
        let Storage::Failing { messages, more, .. } = failing(Problem::DiskFull, changes, &orders) else {
            return (Vec::new(), false);
        };
        (messages.iter().map(|message| message.text.to_string()).collect(), more)
    }

    #[test]
    fn what_is_written_to_rooms_waits_like_what_is_written_to_people() {
        let room = BareJid::new("room@muc.example.org").unwrap();
        let changes = [said("one", MessageState::Pending), said("theirs", MessageState::Sent)];
        let write = Command::SendRoomMessage { id: id("two"), room: room.clone(), body: "two".into() };
        let blank = Command::SendRoomMessage { id: id("three"), room: room.clone(), body: " ".into() };
        assert_eq!(told(&changes, vec![write, blank]), (vec!["one".to_owned(), "two".to_owned()], false));
        let annotated = |state| {
            Change::RoomAnnotated(RoomAnnotation {
                room: room.clone(),
                target: id("r1"),
                says: Says::Retraction(String::new()),
                author: None,
                origin: Some(id("d1")),
                stanza: None,
                at: Timestamp::default(),
                arrival: Arrival::Live,
                is_early: false,
                is_placed: false,
                state,
                source: RoomSource::Live,
            })
        };
        assert_eq!(told(&[annotated(MessageState::Pending)], Vec::new()), (Vec::new(), true));
        assert_eq!(told(&[annotated(MessageState::Sent)], Vec::new()), (Vec::new(), false));
    }
}
