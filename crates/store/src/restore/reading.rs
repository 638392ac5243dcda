//! What was told of reading, what is still to be, and what was not read.

use causerie_model::{AccountId, BareJid, OriginId, Reading, StanzaId, Unread};
use rusqlite::{Connection, params};

use crate::reader::{contacts, rows};

pub(crate) const READING: &str = "SELECT reading.peer, told, archived, marker FROM reading
     LEFT JOIN conversation ON conversation.account = reading.account AND conversation.peer = reading.peer
     WHERE reading.account = ?1 ORDER BY conversation.active_at DESC LIMIT ?2";

pub(crate) const UNREAD: &str = "SELECT conversation.peer, message.origin, message.markable FROM message
     JOIN conversation ON conversation.id = message.conversation
     WHERE message.unread = 1 AND conversation.room = 0 AND conversation.account = ?1 AND message.origin IS NOT NULL
     ORDER BY message.conversation DESC, message.place DESC, message.id DESC LIMIT ?2";

/// So many conversations are told of.
const MOST: i64 = 2_000;
/// So many messages that were not read.
const MOST_UNREAD: i64 = 5_000;

/// What was told by an account of that address, and what is still to be.
pub(super) fn reading(
    connection: &Connection,
    account: AccountId,
    own: &BareJid,
) -> rusqlite::Result<Vec<Reading>> {
    let ours = |id: Option<String>| id.map(|id| StanzaId { by: own.clone(), id });
    rows(connection, READING, params![account.0, MOST], |row| {
        let Some(peer) = contacts::jid(row, 0)? else { return Ok(None) };
        let (told, archived) = (ours(row.get(1)?), ours(row.get(2)?));
        let marker = row.get::<_, Option<String>>(3)?.as_deref().and_then(OriginId::new);
        Ok(Some(Reading { peer, told, archived, marker }))
    })
}

/// The newest messages that were not read, in the order of their conversations.
pub(super) fn unread(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<Unread>> {
    let mut unread = rows(connection, UNREAD, params![account.0, MOST_UNREAD], |row| {
        let Some(peer) = contacts::jid(row, 0)? else { return Ok(None) };
        let Some(id) = OriginId::new(row.get_ref(1)?.as_str()?) else { return Ok(None) };
        Ok(Some(Unread { peer, id, markable: row.get(2)? }))
    })?;
    unread.reverse();
    Ok(unread)
}
