//! What waits for the provider: messages, and what we say of them, in the order in which they were written.

use causerie_model::{AccountId, BareJid, Left, OriginId, PendingMessage, Privacy, Purpose, Timestamp};
use rusqlite::{Connection, Row};

use crate::codes;
use crate::reader::{annotations, contacts, rows};

pub(crate) const MESSAGES: &str = "
    SELECT conversation.peer, message.origin, message.body, message.at, message.protection,
           message.reply_to, message.reply_author, message.id
    FROM message JOIN conversation ON conversation.id = message.conversation
    WHERE message.state = 1 AND conversation.account = ?1
    ORDER BY message.id";

pub(crate) const ANNOTATIONS: &str = "
    SELECT peer, origin, value, at, protection, kind, target, after
    FROM annotation WHERE state = 1 AND account = ?1 AND counts = 1
    ORDER BY id";

/// Everything that waits.
pub(super) fn pending(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<PendingMessage>> {
    debug_assert_eq!(codes::PENDING, 1, "the number is in the queries, where the indexes need it");
    let mut all = rows(connection, MESSAGES, [account.0], |row| message(connection, account, row))?;
    all.extend(rows(connection, ANNOTATIONS, [account.0], annotation)?);
    // What is said of messages was written after the newest that there was. Sorting keeps the order of those that are alike.
    all.sort_by_key(|(place, _)| *place);
    Ok(all.into_iter().map(|(_, pending)| pending).collect())
}

/// After which message, and whether it is one.
type Place = (i64, bool);

fn message(
    connection: &Connection,
    account: AccountId,
    row: &Row<'_>,
) -> rusqlite::Result<Option<(Place, PendingMessage)>> {
    let Some((mut pending, place)) = read(row, 7)? else { return Ok(None) };
    if let Some(to) = row.get::<_, Option<String>>(5)?.as_deref().and_then(OriginId::new) {
        let author = row.get::<_, Option<i64>>(6)?.map(codes::read_direction);
        let quoted = annotations::quoted(connection, (account, &pending.peer), to, author)?;
        pending.purpose = Purpose::Reply(quoted.again());
    }
    Ok(Some(((place, false), pending)))
}

fn annotation(row: &Row<'_>) -> rusqlite::Result<Option<(Place, PendingMessage)>> {
    let Some((mut pending, place)) = read(row, 7)? else { return Ok(None) };
    let Some(target) = OriginId::new(row.get_ref(6)?.as_str()?) else { return Ok(None) };
    pending.purpose = match row.get_ref(5)?.as_str()? {
        "correction" => Purpose::Correction(target),
        "retraction" => Purpose::Retraction(target),
        "reactions" => Purpose::Reactions(target),
        _ => return Ok(None),
    };
    Ok(Some(((place, true), pending)))
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
        true => Left::Never,
        false => Left::Sealed,
    };
    let at = Timestamp::from_millis(row.get(3)?);
    let pending = PendingMessage { peer, id, body, at, privacy, left, purpose: Purpose::Message };
    Ok(Some((pending, row.get(place)?)))
}
