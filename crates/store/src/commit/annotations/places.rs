//! What was said of messages while something before it may have been missing: the archive tells its place later.

use causerie_model::{Annotation, Arrival, BareJid, Direction, OriginId, Timestamp};
use rusqlite::{OptionalExtension, Row, params};

use super::read_says;
use crate::codes;
use crate::commit::Step;

/// What was here before the archive has told its place.
const EARLY: &str = "
    SELECT id FROM annotation WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = ?4 AND early > 0";

impl Step<'_> {
    /// The archive lists what is said of a message, and it could not be read a second time.
    pub(in crate::commit) fn list_annotation(
        &mut self,
        peer: &BareJid,
        direction: Direction,
        origin: &OriginId,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        let known: Option<i64> = self
            .transaction
            .prepare_cached(EARLY)?
            .query_row(
                params![self.account.0, peer.as_str(), origin.as_str(), codes::direction(direction)],
                |row| row.get(0),
            )
            .optional()?;
        known.map_or(Ok(()), |known| self.tell_place(known, at))
    }

    /// The archive has come to what was here early: what it lists later is behind that, and what it has listed so far before it.
    pub(super) fn tell_place(&mut self, id: i64, at: Timestamp) -> rusqlite::Result<()> {
        let kept: Option<Annotation> = self
            .transaction
            .prepare_cached("SELECT * FROM annotation WHERE id = ?1 AND early = 1 AND counts = 0")?
            .query_row([id], |row| read(row, at))
            .optional()?
            .flatten();
        if let Some(said) = kept {
            self.execute("DELETE FROM annotation WHERE id = ?1", [id])?;
            return self.annotate(said);
        }
        // What is shown as corrected then is no later than what the archive lists behind it.
        self.execute(
            "UPDATE message SET edited_at = ?2
             WHERE id IN (SELECT message.id FROM annotation
                          JOIN conversation ON conversation.account = annotation.account AND conversation.peer = annotation.peer
                          JOIN message ON message.conversation = conversation.id AND message.direction = annotation.direction
                                      AND message.origin = annotation.target
                          WHERE annotation.id = ?1 AND annotation.kind = 'correction' AND annotation.counts = 1
                            AND annotation.early > 0 AND message.corrected = annotation.value AND message.edited_at > ?2)",
            params![id, at.as_millis()],
        )?;
        self.execute(
            "UPDATE annotation SET early = 0, at = ?2, after = (SELECT coalesce(max(id), 0) FROM message)
             WHERE id = ?1 AND early > 0",
            params![id, at.as_millis()],
        )
        .map(drop)
    }

    /// Nothing is missing any more in that archive before what is here.
    pub(in crate::commit) fn tell_places(&self, archive: &BareJid) -> rusqlite::Result<()> {
        for sql in [
            "UPDATE annotation SET early = 0, value = CASE counts WHEN 1 THEN value ELSE '' END
             WHERE account = ?1 AND early > 0 AND (SELECT jid FROM account WHERE id = ?1) = ?2",
            "UPDATE room_annotation SET early = 0 WHERE account = ?1 AND room = ?2 AND early = 1",
        ] {
            self.execute(sql, params![self.account.0, archive.as_str()])?;
        }
        Ok(())
    }
}

/// As it was kept, now that the archive lists it.
fn read(row: &Row<'_>, at: Timestamp) -> rusqlite::Result<Option<Annotation>> {
    let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
    let peer = text("peer")?.and_then(|peer| BareJid::new(peer).ok());
    let (peer, target) = (peer, text("target")?.and_then(OriginId::new));
    let Some(((peer, target), says)) =
        peer.zip(target).zip(read_says(row.get_ref("kind")?.as_str()?, row.get("value")?))
    else {
        return Ok(None);
    };
    let sealed_by: Option<Vec<u8>> = row.get("sealed_by")?;
    Ok(Some(Annotation {
        peer,
        author: codes::read_direction(row.get("direction")?),
        target,
        says,
        origin: text("origin")?.and_then(OriginId::new),
        at,
        arrival: Arrival::Listed,
        is_early: false,
        state: codes::read_state(row.get("state")?, text("problem")?),
        protection: codes::read_protection(text("protection")?, sealed_by.as_deref(), text("sealed_trust")?),
    }))
}
