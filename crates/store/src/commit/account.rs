//! The account's own row.

use causerie_model::account::Activity;
use causerie_model::{Confirming, Event, Mechanism, OwnPresence, Sharing};
use rusqlite::params;

use super::Step;
use crate::codes::Code;

impl Step<'_> {
    /// Remembers the strongest mechanism, and never a weaker one than before.
    pub(super) fn see_mechanism(&mut self, mechanism: Mechanism) -> rusqlite::Result<()> {
        let known: Option<String> = self
            .transaction
            .prepare_cached("SELECT strongest_seen FROM account WHERE id = ?1")?
            .query_row([self.account.0], |row| row.get(0))?;
        if known.as_deref().and_then(Mechanism::from_code) >= Some(mechanism) {
            return Ok(());
        }
        self.set("UPDATE account SET strongest_seen = ?2 WHERE id = ?1", mechanism.code())
    }

    /// Forgets what the server has offered, and what was allowed because it offered nothing better.
    pub(super) fn forget_mechanism(&mut self) -> rusqlite::Result<()> {
        self.set(
            "UPDATE account SET strongest_seen = NULL, plain_allowed = ?2
             WHERE id = ?1 AND (strongest_seen IS NOT NULL OR plain_allowed IS NOT ?2)",
            0,
        )
    }

    pub(super) fn allow_plain(&mut self) -> rusqlite::Result<()> {
        self.set("UPDATE account SET plain_allowed = ?2 WHERE id = ?1 AND plain_allowed IS NOT ?2", 1)
    }

    pub(super) fn set_presence(&mut self, presence: &OwnPresence) -> rusqlite::Result<()> {
        let OwnPresence { show, status, priority } = presence;
        let changed = self.execute(
            "UPDATE account SET show = ?2, status = ?3, priority = ?4
             WHERE id = ?1 AND (show, status, priority) IS NOT (?2, ?3, ?4)",
            params![self.account.0, show.code(), status, priority],
        )?;
        self.tell_account(changed);
        Ok(())
    }

    pub(super) fn set_sharing(&mut self, sharing: Sharing) -> rusqlite::Result<()> {
        self.set("UPDATE account SET sharing = ?2 WHERE id = ?1 AND sharing IS NOT ?2", sharing.code())
    }

    pub(super) fn set_confirming(&mut self, confirming: Confirming) -> rusqlite::Result<()> {
        self.set(
            "UPDATE account SET confirming = ?2 WHERE id = ?1 AND confirming IS NOT ?2",
            confirming.code(),
        )
    }

    pub(super) fn set_activity(&mut self, activity: Activity) -> rusqlite::Result<()> {
        self.set("UPDATE account SET activity = ?2 WHERE id = ?1 AND activity IS NOT ?2", activity.code())
    }

    fn set(&mut self, sql: &str, value: impl rusqlite::ToSql) -> rusqlite::Result<()> {
        let changed = self.execute(sql, params![self.account.0, value])?;
        self.tell_account(changed);
        Ok(())
    }

    fn tell_account(&mut self, changed: usize) {
        if changed > 0 {
            self.news.tell(Event::AccountChanged);
        }
    }
}
