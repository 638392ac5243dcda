//! Encrypted messages that can't be read yet, and what was read last.

use causerie_model::{BareJid, Event, Held, LetGo, MOST_READ, Mark, OriginId};
use rusqlite::{OptionalExtension, params};

use super::Step;
use crate::codes;

/// How often it is looked whether too many are remembered, in rows.
const LOOK_EVERY: i64 = 1_000;

/// The row of a message that was held.
struct Row {
    id: i64,
    conversation: i64,
    unread: bool,
}

impl Step<'_> {
    pub(super) fn hold(&mut self, held: &Held) -> rusqlite::Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO held (account, mark, peer, direction, origin, stanza_by, stanza_id, at, stanza)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.account.0,
                held.mark.0,
                held.peer.as_str(),
                codes::direction(held.direction),
                held.origin.as_ref().map(OriginId::as_str),
                held.archived.as_ref().map(|archived| archived.by.as_str()),
                held.archived.as_ref().map(|archived| archived.id.as_str()),
                held.at.as_millis(),
                held.stanza
            ],
        )?;
        Ok(())
    }

    /// Forgets a message as it came. The row that stands for it goes when it said nothing by itself, as a correction does.
    pub(super) fn let_go(&mut self, mark: Mark, outcome: LetGo) -> rusqlite::Result<()> {
        if outcome == LetGo::Leaves {
            self.remove_row(mark)?;
        }
        self.execute("DELETE FROM held WHERE account = ?1 AND mark = ?2", params![self.account.0, mark.0])?;
        Ok(())
    }

    fn remove_row(&mut self, mark: Mark) -> rusqlite::Result<()> {
        let found: Option<(Row, String)> = self
            .transaction
            .prepare_cached(
                "SELECT message.id, message.conversation, message.unread, held.peer
                 FROM held JOIN conversation ON conversation.account = held.account AND conversation.peer = held.peer
                      JOIN message ON message.conversation = conversation.id AND message.direction = held.direction
                           AND (message.origin = held.origin OR message.stanza_id = held.stanza_id)
                 WHERE held.account = ?1 AND held.mark = ?2 AND message.protection IS NOT NULL
                   AND message.unreadable IN ('key-replaced', 'delayed')
                   AND ((message.stanza_id, message.stanza_by) IS (held.stanza_id, held.stanza_by) OR message.at = held.at)
                 ORDER BY message.stanza_id IS NULL LIMIT 1",
            )?
            .query_row(params![self.account.0, mark.0], |row| {
                let found = Row { id: row.get(0)?, conversation: row.get(1)?, unread: row.get(2)? };
                Ok((found, row.get(3)?))
            })
            .optional()?;
        let Some((Row { id, conversation, unread }, peer)) = found else { return Ok(()) };
        self.execute("DELETE FROM message WHERE id = ?1", [id])?;
        self.execute(
            "UPDATE conversation SET unread = unread - ?2 WHERE id = ?1",
            params![conversation, i64::from(unread)],
        )?;
        if let Ok(peer) = BareJid::new(&peer) {
            self.news.tell(Event::ConversationChanged(peer.clone()));
            if unread {
                self.news.tell(Event::ConversationRead(peer));
            }
        }
        Ok(())
    }

    /// Remembers that this was read.
    pub(super) fn remember_read(&mut self, mark: Mark) -> rusqlite::Result<()> {
        let new = self.execute(
            "INSERT OR IGNORE INTO read_key (account, mark) VALUES (?1, ?2)",
            params![self.account.0, mark.0],
        )?;
        if new > 0 && self.transaction.last_insert_rowid() % LOOK_EVERY == 0 {
            self.execute(
                "DELETE FROM read_key WHERE account = ?1 AND id <= (
                     SELECT id FROM read_key WHERE account = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
                params![self.account.0, i64::try_from(MOST_READ).unwrap_or(i64::MAX)],
            )?;
        }
        Ok(())
    }
}
