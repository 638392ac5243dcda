//! Rooms: what is asked of them, and how they are told of.

use causerie_model::{BareJid, Command, Event, Message, RoomState};
use serde_json::{Map, Value, json};

use crate::desk::{Desk, Fault};
use crate::driver::fresh;
use crate::report;
use crate::request::Order;

/// Does what is asked of a room.
pub(crate) fn order(
    desk: &mut Desk,
    named: Option<&BareJid>,
    order: Order,
) -> Result<Map<String, Value>, Fault> {
    let (account, _) = desk.meant(named)?;
    let command = match order {
        Order::JoinRoom { room, nick } => Command::JoinRoom { room, nick },
        Order::LeaveRoom { room } => Command::LeaveRoom(room),
        Order::SendRoom { room, body } => {
            let id = fresh()?;
            let said = Command::SendRoomMessage { id: id.clone(), room: room.clone(), body: body.into() };
            desk.order(&account, said)?;
            desk.watch(&account, room, id.clone());
            return Ok(Map::from_iter([("message".to_owned(), id.as_str().into())]));
        }
        _ => return Err("it is about no room".into()),
    };
    desk.order(&account, command)?;
    Ok(Map::new())
}

/// How things stand with a room.
pub(crate) fn event(event: &Event) -> Value {
    let Event::RoomChanged { room, state } = event else { return Value::Null };
    let mut value = json!({ "event": "room", "room": room.as_str() });
    let (name, problem) = match state {
        RoomState::Joining => ("joining", None),
        RoomState::Joined(nick) => {
            value["nick"] = nick.as_str().into();
            ("joined", None)
        }
        RoomState::Waiting(problem) => ("waiting", Some(problem)),
        RoomState::Out(problem) => ("out", Some(problem)),
        RoomState::Left => ("left", None),
    };
    value["state"] = name.into();
    if let Some(problem) = problem {
        value["why"] = report::small(&format!("{problem:?}")).into();
    }
    value
}

/// Adds who has said a message of a room, and what its archive calls it.
pub(crate) fn add(value: &mut Value, message: &Message) {
    if let Some(author) = &message.author {
        value["nick"] = author.nick.as_str().into();
    }
    if let Some(archived) = &message.archived {
        value["archived"] = archived.id.as_str().into();
    }
}
