//! How far archives were read.

use causerie_model::{BareJid, Reached, Timestamp};
use rusqlite::{OptionalExtension, params};

use super::Step;
use super::order::Passed;

/// The last to which everything is here came in its turn, even if it came by itself before it was known to: what the archive has after it comes
/// behind it.
pub(crate) const IN_TURN: &str = "
    UPDATE message SET early = 0
    WHERE conversation IN (SELECT id FROM conversation WHERE account = ?1) AND direction IN (0, 1)
      AND stanza_id = ?2 AND stanza_by = ?3 AND early = 1";

impl Step<'_> {
    /// Notes up to where everything of an archive is here. What was here when that message came is before what the archive has after it.
    pub(super) fn reach(&mut self, archive: &BareJid, reached: &Reached) -> rusqlite::Result<()> {
        let seen = match self.lists.passed(self.account, archive, &reached.id) {
            Some(passed) => passed,
            None => self.last_in_turn(archive)?,
        };
        self.execute(
            "INSERT INTO archive (account, jid, reached, at, seen) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, jid) DO UPDATE
             SET reached = excluded.reached, at = excluded.at, seen = excluded.seen",
            params![self.account.0, archive.as_str(), reached.id, reached.at.as_millis(), seen],
        )?;
        self.execute(IN_TURN, params![self.account.0, reached.id, archive.as_str()]).map(drop)
    }

    /// Notes what is before this message of the archive, which is in a list that was begun then, or has come by itself.
    pub(super) fn pass(
        &mut self,
        archive: BareJid,
        id: String,
        since: Option<Timestamp>,
    ) -> rusqlite::Result<()> {
        match since {
            Some(since) => {
                let room = self.room_of(&archive)?;
                self.lists.begin((self.account, room), since);
            }
            // All that was said before it is here.
            None => self.tell_places(&archive)?,
        }
        let seen = self.last_in_turn(&archive)?;
        self.lists.pass(self.account, archive, Passed { id, seen });
        Ok(())
    }

    /// The last that has come in its turn, by itself or in the list that is being read. In a list it may have come long after what is behind it,
    /// which was here already.
    fn last_in_turn(&self, archive: &BareJid) -> rusqlite::Result<i64> {
        let room = self.room_of(archive)?;
        if let Some(last) = self.lists.in_turn(self.account, room) {
            return Ok(last);
        }
        self.transaction
            .prepare_cached(
                "SELECT coalesce((SELECT seen FROM archive WHERE account = ?1 AND jid = ?2),
                                 (SELECT max(id) FROM message), 0)",
            )?
            .query_row(params![self.account.0, archive.as_str()], |row| row.get(0))
    }

    /// The conversation of the room whose archive it is; none, where it is our own.
    fn room_of(&self, archive: &BareJid) -> rusqlite::Result<Option<i64>> {
        self.transaction
            .prepare_cached("SELECT id FROM conversation WHERE account = ?1 AND peer = ?2 AND room = 1")?
            .query_row(params![self.account.0, archive.as_str()], |row| row.get(0))
            .optional()
    }

    /// Notes until when something is missing after that, or that nothing is.
    pub(super) fn leave_gap(&mut self, archive: &BareJid, until: Option<Timestamp>) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE archive SET gap_until = ?3 WHERE account = ?1 AND jid = ?2",
            params![self.account.0, archive.as_str(), until.map(Timestamp::as_millis)],
        )
        .map(drop)
    }

    /// Notes when an archive is asked for the first time, or for the first time since a room was left.
    pub(super) fn ask(&mut self, archive: &BareJid, at: Timestamp) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO archive_asked (account, jid, at) VALUES (?1, ?2, ?3)
             ON CONFLICT (account, jid) DO UPDATE SET at = excluded.at",
            params![self.account.0, archive.as_str(), at.as_millis()],
        )
        .map(drop)
    }
}
