//! What was written here while our clock was far wrong: which time it has, and that nothing waits for that time to come.
//!
//! The order stays what it is. What the archive says of the time counts where ours can't be, and from then on such a message is one like
//! all others.

use causerie_model::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::Step;

/// A clock that is right is not so far ahead of the archive's, in milliseconds.
const AHEAD: i64 = 24 * 60 * 60 * 1_000;
/// Nor does what is written offline wait for so long, in milliseconds, before it goes out and the archive has it.
const BEHIND: i64 = 31 * AHEAD;

/// The last row of a conversation, where it was written here, was sent and was here when our archive, or the room's, was last read.
pub(crate) const LAST_SENT: &str = "
    SELECT place, id, at FROM (
        SELECT place, id, at, written, state FROM message WHERE conversation = ?1 ORDER BY place DESC, id DESC LIMIT 1)
    WHERE written = 1 AND state IN (2, 4, 5)
      AND id <= (SELECT archive.seen FROM archive
                 WHERE archive.account = ?2
                   AND archive.jid = (SELECT CASE conversation.room WHEN 1 THEN conversation.peer ELSE account.jid END
                                      FROM conversation JOIN account ON account.id = conversation.account
                                      WHERE conversation.id = ?1))";

/// A conversation was last active when the last of its messages was, unless that is no later than it says.
pub(crate) const ACTIVE_AS_LAST: &str = "
    UPDATE conversation
    SET active_at = min(active_at, (SELECT at FROM message WHERE conversation = ?1
                                    ORDER BY place DESC, id DESC LIMIT 1))
    WHERE id = ?1 AND active_at >= ?2";

impl Step<'_> {
    /// The archive lists a message that was written here, at that time. Says whether ours was wrong.
    pub(super) fn date_by_archive(
        &mut self,
        conversation: i64,
        id: i64,
        at: Timestamp,
    ) -> rusqlite::Result<bool> {
        let at = at.as_millis();
        let changed = self.execute(
            "UPDATE message SET at = ?2, written = 0, early = 0
             WHERE id = ?1 AND written = 1 AND (at >= ?3 OR at <= ?4)",
            params![id, at, at.saturating_add(AHEAD), at.saturating_sub(BEHIND)],
        )?;
        if changed > 0 {
            self.execute(ACTIVE_AS_LAST, params![conversation, at.saturating_add(AHEAD)])?;
        }
        Ok(changed > 0)
    }

    /// A message that was written and sent at a time that had not come yet when the archive says that another one came after it.
    pub(super) fn sent_ahead(
        &mut self,
        conversation: i64,
        at: Timestamp,
    ) -> rusqlite::Result<Option<(i64, i64)>> {
        let last: Option<(i64, i64, i64)> = self
            .transaction
            .prepare_cached(LAST_SENT)?
            .query_row(params![conversation, self.account.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let ahead = last.filter(|(.., its)| *its >= at.as_millis().saturating_add(BEHIND));
        Ok(ahead.map(|(place, id, _)| (place, id)))
    }

    /// Something has come by itself. A conversation that was active far later than that was so by a clock that was wrong: with one that is
    /// wrong now, no server's certificate holds, and nothing comes.
    pub(super) fn come_back_from_future(
        &mut self,
        conversation: i64,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let future = now.as_millis().saturating_add(BEHIND);
        self.execute(ACTIVE_AS_LAST, params![conversation, future]).map(drop)
    }
}
