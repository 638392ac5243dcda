//! Full-text search.

use causerie_model::{AccountId, BareJid, MessageId, Problem};
use rusqlite::params;

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
             WHERE message_text MATCH ?1 AND message_text.rowid < ?2 ",
            $rest,
            " ORDER BY message_text.rowid DESC LIMIT ?3"
        )
    };
}

const EVERYWHERE: &str = search!("");
const IN_ACCOUNT: &str = search!("AND conversation.account = ?4");
const WITH_PEER: &str = search!("AND conversation.peer = ?5 AND ?4 IS NULL");
const IN_CONVERSATION: &str =
    search!("AND message.conversation = (SELECT id FROM conversation WHERE account = ?4 AND peer = ?5)");

/// The queries that must stay quick, for the test of their plans.
#[cfg(test)]
pub(crate) fn queries() -> [(&'static str, &'static str); 4] {
    [
        ("everywhere", EVERYWHERE),
        ("in account", IN_ACCOUNT),
        ("with peer", WITH_PEER),
        ("in conversation", IN_CONVERSATION),
    ]
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
        let Some(query) = text::fts_query(query) else { return Ok(Vec::new()) };
        let before = before.map_or(i64::MAX, |id| id.0);
        let limit = sql_limit(limit);
        let account = account.map(|account| account.0);
        self.read("search", |connection| {
            let found = |row: &rusqlite::Row<'_>| {
                let Some(peer) = jid(row, 9)? else { return Ok(None) };
                Ok(Some(Found { account: AccountId(row.get(8)?), message: read_message(row, &peer)? }))
            };
            match (account, peer) {
                (None, None) => rows(connection, EVERYWHERE, params![query, before, limit], found),
                (Some(_), None) => {
                    rows(connection, IN_ACCOUNT, params![query, before, limit, account], found)
                }
                (_, Some(peer)) => {
                    let sql = if account.is_some() { IN_CONVERSATION } else { WITH_PEER };
                    rows(connection, sql, params![query, before, limit, account, peer.as_str()], found)
                }
            }
        })
    }
}
