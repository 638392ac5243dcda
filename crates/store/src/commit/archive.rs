//! How far archives were read.

use causerie_model::{BareJid, Reached, Timestamp};
use rusqlite::params;

use super::Step;

impl Step<'_> {
    /// Notes up to where everything of an archive is here.
    pub(super) fn reach(&mut self, archive: &BareJid, reached: &Reached) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO archive (account, jid, reached, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (account, jid) DO UPDATE SET reached = ?3, at = ?4",
            params![self.account.0, archive.as_str(), reached.id, reached.at.as_millis()],
        )
        .map(drop)
    }

    /// Notes until when something is missing after that, or that nothing is.
    pub(super) fn leave_gap(&mut self, archive: &BareJid, until: Option<Timestamp>) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE archive SET gap_until = ?3 WHERE account = ?1 AND jid = ?2",
            params![self.account.0, archive.as_str(), until.map(Timestamp::as_millis)],
        )
        .map(drop)
    }
}
