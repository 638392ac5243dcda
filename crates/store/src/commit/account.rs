//! The account's own row.

use causerie_model::account::Activity;
use causerie_model::{
    BareJid, Confirming, Event, InviteToken, IssuedToken, Mechanism, OwnPresence, ServerAddress, Sharing,
    UserAgentId,
};
use rusqlite::params;

use super::Step;
use crate::codes::Code;
use crate::store::columns;

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

    /// Nothing that anybody is shown, so nothing is told.
    pub(super) fn name_user_agent(&self, id: &UserAgentId) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE account SET user_agent = ?2 WHERE id = ?1",
            params![self.account.0, id.as_str()],
        )?;
        Ok(())
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

    pub(super) fn set_server(&mut self, server: Option<ServerAddress>) -> rusqlite::Result<()> {
        let (host, port) = columns(server);
        let changed = self.execute(
            "UPDATE account SET server_host = ?2, server_port = ?3
             WHERE id = ?1 AND (server_host, server_port) IS NOT (?2, ?3)",
            params![self.account.0, host, port],
        )?;
        self.tell_account(changed);
        Ok(())
    }

    pub(super) fn set_moved(&mut self, to: Option<BareJid>) -> rusqlite::Result<()> {
        let to = to.as_ref().map(BareJid::as_str);
        self.set("UPDATE account SET moved_to = ?2 WHERE id = ?1 AND moved_to IS NOT ?2", to)
    }

    pub(super) fn issue_token(&self, issued: &IssuedToken) -> rusqlite::Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO invite_token (account, token, expires) VALUES (?1, ?2, ?3)",
            params![self.account.0, issued.token.as_str(), issued.expires.as_millis()],
        )?;
        Ok(())
    }

    pub(super) fn void_token(&self, token: &InviteToken) -> rusqlite::Result<()> {
        self.execute(
            "DELETE FROM invite_token WHERE account = ?1 AND token = ?2",
            params![self.account.0, token.as_str()],
        )?;
        Ok(())
    }

    fn set(&mut self, sql: &str, value: impl rusqlite::ToSql) -> rusqlite::Result<()> {
        let changed = self.execute(sql, params![self.account.0, value])?;
        self.tell_account(changed);
        Ok(())
    }

    pub(super) fn tell_account(&mut self, changed: usize) {
        if changed > 0 {
            self.news.tell(Event::AccountChanged);
        }
    }
}
