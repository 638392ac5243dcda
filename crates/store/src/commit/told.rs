//! What devices have told whose keys were not compared yet.

use causerie_model::{Fingerprint, Told};
use rusqlite::params;

use super::Step;
use crate::codes::Code;

impl Step<'_> {
    /// Replaces what is kept of one of them.
    pub(super) fn set_told(&self, teller: Fingerprint, told: &[Told]) -> rusqlite::Result<()> {
        self.execute(
            "DELETE FROM told WHERE account = ?1 AND teller = ?2",
            params![self.account.0, teller.0],
        )?;
        for told in told {
            self.execute(
                "INSERT OR REPLACE INTO told (account, teller, jid, fingerprint, trust, at, since)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    self.account.0,
                    teller.0,
                    told.jid.as_str(),
                    told.fingerprint.0,
                    told.trust.code(),
                    told.at.as_millis(),
                    told.since.as_millis()
                ],
            )?;
        }
        Ok(())
    }
}
