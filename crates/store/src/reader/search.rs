//! Full-text search.

use causerie_model::{AccountId, BareJid, MessageId, Problem};
use rusqlite::{Connection, Row, params};

use super::contacts::jid;
use super::messages::{columns, read_message, sql_limit};
use super::{Found, Reader, rows};
use crate::text;

/// The index gives its hits by falling identifier without sorting them, so that the commonest word costs no more than a
/// page.
macro_rules! search {
    ($rest:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", conversation.account, conversation.peer
             FROM message_text
             CROSS JOIN message ON message.id = message_text.rowid
             CROSS JOIN conversation ON conversation.id = message.conversation
             WHERE message_text MATCH ?1 AND message_text.rowid < ?2 AND conversation.room = 0 ",
            $rest,
            " ORDER BY message_text.rowid DESC LIMIT ?3"
        )
    };
}

const EVERYWHERE: &str = search!("");
const IN_ACCOUNT: &str = search!("AND conversation.account = ?4");

/// The queries that must stay quick, for the test of their plans.
#[cfg(test)]
pub(crate) fn queries() -> [(&'static str, &'static str); 2] {
    [("everywhere", EVERYWHERE), ("in account", IN_ACCOUNT)]
}

impl Reader {
    /// Messages that contain all words of `query`, the last word perhaps unfinished; upper and lower case, and diacritics,
    /// are the same. The last that *arrived* come first; `before` continues from the last one of the page before.
    ///
    /// Anything may be typed: a query without a letter or digit finds nothing. An account, a peer or both narrow it down.
    pub fn search(
        &self,
        query: &str,
        account: Option<AccountId>,
        peer: Option<&BareJid>,
        before: Option<MessageId>,
        limit: usize,
    ) -> Result<Vec<Found>, Problem> {
        self.read("search", |connection| {
            let conversations = match peer {
                Some(peer) => conversations(connection, account, peer)?,
                None => Vec::new(),
            };
            if peer.is_some() && conversations.is_empty() {
                return Ok(Vec::new());
            }
            let Some(query) = text::fts_query(query, &conversations) else { return Ok(Vec::new()) };
            let before = before.map_or(i64::MAX, |id| id.0);
            let limit = sql_limit(limit);
            let read = |row: &Row<'_>| read_found(connection, row);
            match account {
                Some(account) if peer.is_none() => {
                    rows(connection, IN_ACCOUNT, params![query, before, limit, account.0], read)
                }
                _ => rows(connection, EVERYWHERE, params![query, before, limit], read),
            }
        })
    }
}

/// The numbers of the conversations with somebody, in one account or in all.
fn conversations(
    connection: &Connection,
    account: Option<AccountId>,
    peer: &BareJid,
) -> rusqlite::Result<Vec<i64>> {
    rows(
        connection,
        "SELECT id FROM conversation WHERE peer = ?1 AND account = coalesce(?2, account)",
        params![peer.as_str(), account.map(|account| account.0)],
        |row| row.get(0).map(Some),
    )
}

fn read_found(connection: &Connection, row: &Row<'_>) -> rusqlite::Result<Option<Found>> {
    let Some(peer) = jid(row, 24)? else { return Ok(None) };
    let account = AccountId(row.get(23)?);
    Ok(Some(Found { account, message: read_message(connection, row, (account, &peer))? }))
}
