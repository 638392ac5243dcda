//! Pages of messages. A page is always in reading order, the oldest first.

use causerie_model::{
    AccountId, Annotations, Author, BareJid, Message, MessageId, Nick, OriginId, Problem, Sealing, StanzaId,
    Timestamp, Unreached, UnreachedDevice,
};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::annotations::{Columns, annotate};
use super::contacts::jid;
use super::{Found, Reader, first, rows};
use crate::codes::{self, Code};

/// The columns that [`read_message`] wants.
macro_rules! columns {
    () => {
        "message.id, message.direction, message.origin, message.body, message.unreadable, message.at, message.state,
         message.problem, message.protection, message.sealed_by, message.sealed_trust, message.unreached,
         message.reply_to, message.reply_author, message.corrected, message.edited_at, message.stanza_by, message.stanza_id,
         message.written_at, message.nick, message.occupant, message.corrected_sealed,
         (SELECT room FROM conversation WHERE conversation.id = message.conversation) "
    };
}
pub(crate) use columns;

/// The beginning of a query for a page.
macro_rules! of_conversation {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            "FROM message
             WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2) ",
            $rest
        )
    };
}

const LAST: &str = of_conversation!("ORDER BY place DESC, id DESC LIMIT ?3");
/// A message that is named by its time and identifier is where it has its place; one that is gone was where its time says.
const BEFORE: &str = of_conversation!(
    "AND (place, id) < (coalesce((SELECT named.place FROM message AS named WHERE named.id = ?5), ?4), ?5)
     ORDER BY place DESC, id DESC LIMIT ?3"
);
const AFTER: &str = of_conversation!(
    "AND (place, id) > (coalesce((SELECT named.place FROM message AS named WHERE named.id = ?5), ?4), ?5)
     ORDER BY place, id LIMIT ?3"
);
const ONE: &str = concat!(
    "SELECT ",
    columns!(),
    ", conversation.account, conversation.peer
     FROM message JOIN conversation ON conversation.id = message.conversation
     WHERE message.id = ?1"
);
const UNREACHED: &str =
    "SELECT jid, device, label, why FROM unreached WHERE message = ?1 ORDER BY jid, device";
const BY_ORIGIN: &str = of_conversation!("AND direction = 1 AND origin = ?3 ORDER BY id LIMIT 1");

/// The queries that must stay quick, for the test of their plans.
#[cfg(test)]
pub(crate) fn queries() -> [(&'static str, &'static str); 6] {
    [
        ("last", LAST),
        ("before", BEFORE),
        ("after", AFTER),
        ("one", ONE),
        ("by origin", BY_ORIGIN),
        ("unreached", UNREACHED),
    ]
}

impl Reader {
    /// The last `limit` messages of a conversation, or the last before the one that `before` names by its time and
    /// identifier. In reading order.
    pub fn page(
        &self,
        account: AccountId,
        peer: &BareJid,
        before: Option<(Timestamp, MessageId)>,
        limit: usize,
    ) -> Result<Vec<Message>, Problem> {
        self.read("page", |connection| page(connection, account, peer, before, limit))
    }

    /// The first `limit` messages after the one that `after` names. In reading order.
    pub fn page_after(
        &self,
        account: AccountId,
        peer: &BareJid,
        after: (Timestamp, MessageId),
        limit: usize,
    ) -> Result<Vec<Message>, Problem> {
        self.read("page_after", |connection| page_after(connection, account, peer, after, limit))
    }

    /// A message with up to `each_side` others of its conversation before it, and as many after it. In reading order; empty
    /// when there is no such message.
    pub fn page_around(&self, id: MessageId, each_side: usize) -> Result<Vec<Message>, Problem> {
        self.read("page_around", |connection| {
            let Some((account, message)) = one(connection, id)? else { return Ok(Vec::new()) };
            let key = (message.at, message.id);
            let mut around = page(connection, account, &message.peer, Some(key), each_side)?;
            let after = page_after(connection, account, &message.peer, key, each_side)?;
            around.push(message);
            around.extend(after);
            Ok(around)
        })
    }

    /// One message.
    pub fn message(&self, id: MessageId) -> Result<Option<Found>, Problem> {
        self.read("message", |connection| {
            Ok(one(connection, id)?.map(|(account, message)| Found { account, message }))
        })
    }

    /// One of our own messages, by what we called it.
    pub fn sent(
        &self,
        account: AccountId,
        peer: &BareJid,
        origin: &OriginId,
    ) -> Result<Option<Message>, Problem> {
        self.read("sent", |connection| {
            let params = params![account.0, peer.as_str(), origin.as_str()];
            first(connection, BY_ORIGIN, params, |row| {
                read_message(connection, row, (account, peer)).map(Some)
            })
        })
    }

    /// How many messages a conversation has.
    pub fn count(&self, account: AccountId, peer: &BareJid) -> Result<u64, Problem> {
        self.read("count", |connection| {
            connection
                .prepare_cached(
                    "SELECT count(*) FROM message
                     WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)",
                )?
                .query_row(params![account.0, peer.as_str()], |row| row.get::<_, i64>(0))
                .map(i64::unsigned_abs)
        })
    }
}

fn page(
    connection: &Connection,
    account: AccountId,
    peer: &BareJid,
    before: Option<(Timestamp, MessageId)>,
    limit: usize,
) -> rusqlite::Result<Vec<Message>> {
    let limit = sql_limit(limit);
    let read = |row: &Row<'_>| read_message(connection, row, (account, peer)).map(Some);
    let mut page = match before {
        None => rows(connection, LAST, params![account.0, peer.as_str(), limit], read)?,
        Some((at, id)) => {
            rows(connection, BEFORE, params![account.0, peer.as_str(), limit, at.as_millis(), id.0], read)?
        }
    };
    page.reverse();
    Ok(page)
}

fn page_after(
    connection: &Connection,
    account: AccountId,
    peer: &BareJid,
    (at, id): (Timestamp, MessageId),
    limit: usize,
) -> rusqlite::Result<Vec<Message>> {
    let params = params![account.0, peer.as_str(), sql_limit(limit), at.as_millis(), id.0];
    rows(connection, AFTER, params, |row| read_message(connection, row, (account, peer)).map(Some))
}

fn one(connection: &Connection, id: MessageId) -> rusqlite::Result<Option<(AccountId, Message)>> {
    let mut statement = connection.prepare_cached(ONE)?;
    let found = statement
        .query_row([id.0], |row| {
            let Some(peer) = jid(row, 24)? else { return Ok(None) };
            let account = AccountId(row.get(23)?);
            Ok(Some((account, read_message(connection, row, (account, &peer))?)))
        })
        .optional()?;
    Ok(found.flatten())
}

/// Reads a message from the first columns of a row.
pub(super) fn read_message(
    connection: &Connection,
    row: &Row<'_>,
    (account, peer): (AccountId, &BareJid),
) -> rusqlite::Result<Message> {
    let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
    let id = MessageId(row.get(0)?);
    let (versions, all) = (codes::read_sealed_in(text(8)?), row.get::<_, i64>(11)?);
    // Most messages reach everybody.
    let unreached = match all {
        0 => Vec::new(),
        _ => rows(connection, UNREACHED, [id.0], read_unreached)?,
    };
    let named = i64::try_from(unreached.len()).unwrap_or(i64::MAX);
    let beyond = u32::try_from(all.saturating_sub(named)).unwrap_or_default();
    let mut message = Message {
        id,
        peer: peer.clone(),
        direction: codes::read_direction(row.get(1)?),
        origin: text(2)?.and_then(OriginId::new),
        archived: text(16)?
            .and_then(|by| BareJid::new(by).ok())
            .zip(text(17)?)
            .map(|(by, id)| StanzaId { by, id: id.to_owned() }),
        body: codes::read_body(row.get(3)?, text(4)?),
        at: Timestamp::from_millis(row.get(5)?),
        state: codes::read_state(row.get(6)?, text(7)?),
        protection: codes::read_protection(
            text(8)?,
            row.get_ref(9)?.as_blob_or_null().unwrap_or_default(),
            text(10)?,
        ),
        sealing: Sealing { versions, beyond },
        unreached,
        annotations: Annotations::default(),
        author: match text(19)?.and_then(Nick::new) {
            None => None,
            Some(nick) => Some(Author { nick, occupant: row.get(20)? }),
        },
    };
    codes::read_written_at(&mut message.protection, row.get(18)?);
    let columns = Columns {
        reply_to: row.get(12)?,
        reply_author: row.get(13)?,
        corrected: row.get(14)?,
        edited_at: row.get(15)?,
        corrected_sealed: row.get(21)?,
        in_room: row.get(22)?,
    };
    annotate(connection, (account, peer), columns, &mut message)?;
    Ok(message)
}

fn read_unreached(row: &Row<'_>) -> rusqlite::Result<Option<UnreachedDevice>> {
    let known = (
        jid(row, "jid")?,
        codes::read_device(row, "device")?,
        Unreached::from_code(row.get_ref("why")?.as_str()?),
    );
    let (Some(jid), Some(device), Some(why)) = known else { return Ok(None) };
    Ok(Some(UnreachedDevice { jid, device, label: row.get("label")?, why }))
}

/// A limit for SQL, where a negative number would mean none.
pub(super) fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
