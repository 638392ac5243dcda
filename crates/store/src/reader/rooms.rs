//! What was said of messages in rooms, and what they answer there.

use causerie_model::{
    AccountId, Annotations, Author, BareJid, Body, Direction, Edited, Message, MessageId, MessageState, Nick,
    OriginId, Privacy, Quoted, Reacted, StanzaId, Timestamp,
};
use rusqlite::{Connection, params};

use super::annotations::Columns;
use super::{first, rows};
use crate::codes;

/// Of a message by the name that the room has given it; and what its author says of it by the one that they have.
pub(crate) const SAID: &str = "
    SELECT kind, who, nick, value, state, problem FROM room_annotation
    WHERE account = ?1 AND room = ?2 AND target = ?3 AND counts = 1 ORDER BY id";
/// What the room calls so; how much of that is shown is as elsewhere.
pub(crate) const QUOTED: &str = "
    SELECT id, direction, substr(coalesce(corrected, body), 1, 200) FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2 AND room = 1)
      AND direction IN (0, 1) AND stanza_id = ?3 AND stanza_by = ?2 LIMIT 1";

struct Said {
    kind: String,
    author: Option<Author>,
    value: String,
    state: MessageState,
}

/// Adds to a message of a room what is known of it besides.
pub(super) fn annotate(
    connection: &Connection,
    (account, room): (AccountId, &BareJid),
    columns: Columns,
    message: &mut Message,
) -> rusqlite::Result<()> {
    let mut known = Annotations::default();
    if let (Some(text), Some(at)) = (columns.corrected, columns.edited_at) {
        message.body = Body::Text(text);
        known.edited = Some(Edited { at: Timestamp::from_millis(at), state: message.state.clone() });
    }
    if let Some(to) = columns.reply_to.as_deref().and_then(OriginId::new) {
        known.reply = Some(quoted(connection, (account, room), to)?);
    }
    let is_ours = message.direction == Direction::Outgoing;
    if let Some(origin) = message.origin.as_ref().filter(|_| is_ours) {
        let said = said_of(connection, (account, room), origin.as_str())?;
        let correction = said.into_iter().find(|said| said.kind == "correction" && said.author.is_none());
        if let (Some(edited), Some(correction)) = (&mut known.edited, correction) {
            edited.state = correction.state;
        }
    }
    if let Some(StanzaId { id, .. }) = &message.archived {
        for said in said_of(connection, (account, room), id)? {
            match said.kind.as_str() {
                "retraction" if is_ours && said.author.is_none() => {
                    known.retracting = (message.body == Body::Retracted).then_some(said.state);
                }
                "reactions" if message.body != Body::Retracted => {
                    let author =
                        if said.author.is_some() { Direction::Incoming } else { Direction::Outgoing };
                    let emoji = codes::read_emoji(&said.value);
                    known.reactions.push(Reacted { author, occupant: said.author, emoji, state: said.state });
                }
                _ => {}
            }
        }
    }
    known.reactions.retain(|reacted| !reacted.emoji.is_empty());
    message.annotations = known;
    Ok(())
}

fn said_of(
    connection: &Connection,
    (account, room): (AccountId, &BareJid),
    target: &str,
) -> rusqlite::Result<Vec<Said>> {
    rows(connection, SAID, params![account.0, room.as_str(), target], |row| {
        let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
        let occupant = text(1)?.filter(|who| !who.is_empty());
        let nick = text(2)?.and_then(Nick::new);
        let author = occupant.zip(nick).map(|(who, nick)| Author { nick, occupant: Some(who.to_owned()) });
        Ok(Some(Said {
            kind: row.get(0)?,
            author,
            value: row.get(3)?,
            state: codes::read_state(row.get(4)?, text(5)?),
        }))
    })
}

/// Whether that is a room.
pub(super) fn is_room(connection: &Connection, account: AccountId, peer: &BareJid) -> rusqlite::Result<bool> {
    connection
        .prepare_cached("SELECT 1 FROM conversation WHERE account = ?1 AND peer = ?2 AND room = 1")?
        .exists(params![account.0, peer.as_str()])
}

/// What a message of a room answers, as the room calls it.
pub(super) fn quoted(
    connection: &Connection,
    (account, room): (AccountId, &BareJid),
    to: OriginId,
) -> rusqlite::Result<Quoted> {
    let found = first(connection, QUOTED, params![account.0, room.as_str(), to.as_str()], |row| {
        Ok(Some(Quoted {
            to: to.clone(),
            id: Some(MessageId(row.get(0)?)),
            author: Some(codes::read_direction(row.get(1)?)),
            text: row.get(2)?,
            privacy: Privacy::Clear,
        }))
    })?;
    Ok(found.unwrap_or(Quoted { to, id: None, author: None, text: None, privacy: Privacy::Clear }))
}
