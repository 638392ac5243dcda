//! What was said of messages, and what they answer, for whoever reads them.

use causerie_model::{
    AccountId, Annotations, BareJid, Body, Direction, Edited, Message, MessageId, OriginId, Privacy,
    Protection, Quoted, Reacted, Timestamp,
};
use rusqlite::{Connection, Row, params};

use super::{first, rooms, rows};
use crate::codes;

pub(crate) const SAID: &str = "
    SELECT kind, direction, value, at, state, problem, protection, sealed_by, sealed_trust FROM annotation
    WHERE account = ?1 AND peer = ?2 AND target = ?3 AND counts = 1";
pub(crate) const QUOTED: &str = "
    SELECT id, direction, substr(coalesce(corrected, body), 1, 200), protection IS NULL AND corrected_sealed = 0 FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
      AND direction IN (?4, ?5) AND origin = ?3
    ORDER BY protection IS NULL, corrected_sealed DESC, +place DESC, +id DESC LIMIT 1";

/// The columns of a message that [`annotate`] wants.
pub(super) struct Columns {
    pub(super) reply_to: Option<String>,
    pub(super) reply_author: Option<i64>,
    pub(super) corrected: Option<String>,
    pub(super) corrected_sealed: bool,
    pub(super) edited_at: Option<i64>,
    pub(super) in_room: bool,
}

/// Adds to a message what is known of it besides. What was said in clear counts for nothing where the message was encrypted, or what is
/// shown in its place.
pub(super) fn annotate(
    connection: &Connection,
    (account, peer): (AccountId, &BareJid),
    columns: Columns,
    message: &mut Message,
) -> rusqlite::Result<()> {
    if columns.corrected_sealed {
        message.protection = Protection::Encrypted(None);
    }
    let is_clear = message.protection == Protection::Clear;
    let mut known = Annotations::default();
    if columns.in_room {
        return rooms::annotate(connection, (account, peer), columns, message);
    }
    if let (Some(text), Some(at)) = (columns.corrected, columns.edited_at) {
        message.body = Body::Text(text);
        known.edited = Some(Edited { at: Timestamp::from_millis(at), state: message.state.clone() });
    }
    if let Some(to) = columns.reply_to.as_deref().and_then(OriginId::new) {
        let author = columns.reply_author.map(codes::read_direction);
        known.reply = Some(quoted(connection, (account, peer), to, author)?);
    }
    let Some(origin) = &message.origin else {
        message.annotations = known;
        return Ok(());
    };
    let said = rows(connection, SAID, params![account.0, peer.as_str(), origin.as_str()], read_said)?;
    let mut reactions: Vec<(Said, Reacted)> = Vec::new();
    for said in said.into_iter().filter(|said| is_clear || said.protection != Protection::Clear) {
        match said.kind.as_str() {
            "correction" if said.author == message.direction => {
                let Some(edited) = known.edited.as_mut().filter(|edited| edited.at == said.at) else {
                    continue;
                };
                edited.state = said.state;
                if !is_clear {
                    message.protection = said.protection;
                }
            }
            "retraction" if said.author == Direction::Outgoing && message.direction == said.author => {
                known.retracting = (message.body == Body::Retracted).then_some(said.state);
            }
            "reactions" if message.body != Body::Retracted => {
                let reacted = Reacted {
                    occupant: None,
                    author: said.author,
                    emoji: codes::read_emoji(&said.value),
                    state: said.state.clone(),
                };
                reactions.push((said, reacted));
            }
            _ => {}
        }
    }
    // Of what one has said in clear and encrypted, the last counts.
    reactions.sort_by_key(|(said, _)| (said.author == Direction::Outgoing, std::cmp::Reverse(said.at)));
    reactions.dedup_by_key(|(said, _)| said.author);
    known.reactions = reactions
        .into_iter()
        .map(|(_, reacted)| reacted)
        .filter(|reacted| !reacted.emoji.is_empty())
        .collect();
    message.annotations = known;
    Ok(())
}

/// What a message answers.
pub(crate) fn quoted(
    connection: &Connection,
    (account, peer): (AccountId, &BareJid),
    to: OriginId,
    author: Option<Direction>,
) -> rusqlite::Result<Quoted> {
    if rooms::is_room(connection, account, peer)? {
        return rooms::quoted(connection, (account, peer), to);
    }
    let (one, other) = author.map_or((Direction::Incoming, Direction::Outgoing), |author| (author, author));
    let params =
        params![account.0, peer.as_str(), to.as_str(), codes::direction(one), codes::direction(other)];
    let found = first(connection, QUOTED, params, |row| {
        Ok(Some(Quoted {
            to: to.clone(),
            id: Some(MessageId(row.get(0)?)),
            author: Some(codes::read_direction(row.get(1)?)),
            text: row.get(2)?,
            privacy: if row.get(3)? { Privacy::Clear } else { Privacy::Encrypted },
        }))
    })?;
    Ok(found.unwrap_or(Quoted { to, id: None, author, text: None, privacy: Privacy::Encrypted }))
}

struct Said {
    kind: String,
    author: Direction,
    value: String,
    at: Timestamp,
    state: causerie_model::MessageState,
    protection: Protection,
}

fn read_said(row: &Row<'_>) -> rusqlite::Result<Option<Said>> {
    let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
    Ok(Some(Said {
        kind: row.get(0)?,
        author: codes::read_direction(row.get(1)?),
        value: row.get(2)?,
        at: Timestamp::from_millis(row.get(3)?),
        state: codes::read_state(row.get(4)?, text(5)?),
        protection: codes::read_protection(
            text(6)?,
            row.get_ref(7)?.as_blob_or_null().unwrap_or_default(),
            text(8)?,
        ),
    }))
}
