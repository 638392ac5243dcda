//! What waits for the provider: messages, and what we say of them, in the order in which they were written.

use causerie_model::{AccountId, BareJid, Left, OriginId, PendingMessage, Privacy, Purpose, Timestamp};
use rusqlite::{Connection, Row};

use crate::codes;
use crate::reader::{annotations, contacts, rows};

pub(crate) const MESSAGES: &str = "
    SELECT conversation.peer, message.origin, message.body, message.at, message.protection,
           message.reply_to, message.reply_author, message.id, conversation.room, message.gone_out, message.held_back
    FROM message JOIN conversation ON conversation.id = message.conversation
    WHERE message.state = 1 AND conversation.account = ?1
    ORDER BY message.id";

pub(crate) const ANNOTATIONS: &str = "
    SELECT peer, origin, value, at, protection, kind, target, after, 0, 0, held_back
    FROM annotation WHERE state = 1 AND account = ?1 AND counts = 1
    ORDER BY id";

pub(crate) const IN_ROOMS: &str = "
    SELECT room, origin, value, at, NULL, kind, target, after, 1, gone_out, 0
    FROM room_annotation WHERE state = 1 AND account = ?1 AND counts = 1
    ORDER BY id";

/// Everything that waits: for people, and for rooms.
pub(super) fn pending(
    connection: &Connection,
    account: AccountId,
) -> rusqlite::Result<(Vec<PendingMessage>, Vec<PendingMessage>)> {
    debug_assert_eq!(codes::PENDING, 1, "the number is in the queries, where the indexes need it");
    let mut all = rows(connection, MESSAGES, [account.0], |row| message(connection, account, row))?;
    all.extend(rows(connection, ANNOTATIONS, [account.0], |row| annotation(row, false))?);
    all.extend(rows(connection, IN_ROOMS, [account.0], |row| annotation(row, true))?);
    // What is said of messages was written after the newest that there was. Sorting keeps the order of those that are alike.
    all.sort_by_key(|(place, ..)| *place);
    let (said, pending): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, in_room, _)| *in_room);
    let without_place = |all: Vec<Waiting>| all.into_iter().map(|(.., pending)| pending).collect();
    Ok((without_place(pending), without_place(said)))
}

/// After which message, and whether it is one.
type Place = (i64, bool);

/// Its place, whether it is for a room, and what it is.
type Waiting = (Place, bool, PendingMessage);

fn message(connection: &Connection, account: AccountId, row: &Row<'_>) -> rusqlite::Result<Option<Waiting>> {
    let Some((mut pending, place)) = read(row, 7)? else { return Ok(None) };
    // What was to be encrypted was written to a person: whatever has become of the conversation since, a room never gets it.
    let in_room = row.get(8)? && pending.privacy == Privacy::Clear;
    note_left(&mut pending, in_room, row)?;
    if let Some(to) = row.get::<_, Option<String>>(5)?.as_deref().and_then(OriginId::new) {
        let author = row.get::<_, Option<i64>>(6)?.map(codes::read_direction);
        let quoted = annotations::quoted(connection, (account, &pending.peer), to, author)?;
        pending.purpose = Purpose::Reply(quoted.again());
    }
    Ok(Some(((place, false), in_room, pending)))
}

fn annotation(row: &Row<'_>, in_room: bool) -> rusqlite::Result<Option<Waiting>> {
    let Some((mut pending, place)) = read(row, 7)? else { return Ok(None) };
    note_left(&mut pending, in_room, row)?;
    // Of what is said of messages it is not noted what it was encrypted in.
    if pending.left == Left::Unknown && pending.privacy == Privacy::Encrypted {
        pending.left = Left::Sealed;
    }
    let Some(target) = OriginId::new(row.get_ref(6)?.as_str()?) else { return Ok(None) };
    pending.purpose = match row.get_ref(5)?.as_str()? {
        "correction" => Purpose::Correction(target),
        "retraction" => Purpose::Retraction(target),
        "reactions" => Purpose::Reactions(target),
        _ => return Ok(None),
    };
    Ok(Some(((place, true), in_room, pending)))
}

/// Of what is for a room it was noted when it went out; of what is for a person, that it waited and has not gone out since.
fn note_left(pending: &mut PendingMessage, in_room: bool, row: &Row<'_>) -> rusqlite::Result<()> {
    if in_room {
        pending.left = if row.get(9)? { Left::Clear } else { Left::Never };
    } else if pending.left == Left::Unknown && row.get(10)? {
        pending.left = Left::Never;
    }
    Ok(())
}

/// What both have: to whom, what it is called, its text, when, and how; and its place.
fn read(row: &Row<'_>, place: usize) -> rusqlite::Result<Option<(PendingMessage, i64)>> {
    let peer: Option<BareJid> = contacts::jid(row, 0)?;
    let id = row.get_ref(1)?.as_str_or_null().unwrap_or_default().and_then(OriginId::new);
    let body: Option<String> = row.get(2)?;
    let (Some(peer), Some(id), Some(body)) = (peer, id, body) else { return Ok(None) };
    let protection = row.get_ref(4)?.as_str_or_null().unwrap_or_default();
    let privacy = if protection.is_none() { Privacy::Clear } else { Privacy::Encrypted };
    let left = match codes::read_sealed_in(protection).is_empty() {
        true => Left::Unknown,
        false => Left::Sealed,
    };
    let at = Timestamp::from_millis(row.get(3)?);
    let pending = PendingMessage { peer, id, body, at, privacy, left, purpose: Purpose::Message };
    Ok(Some((pending, row.get(place)?)))
}
