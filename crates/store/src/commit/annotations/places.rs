//! What was said of messages while something before it may have been missing: the archive tells its place later. And what our other devices have
//! said while something waited here: that counts if what waited fails.

use causerie_model::{Annotation, Arrival, BareJid, Direction, MessageState, OriginId, Timestamp};
use rusqlite::{OptionalExtension, Row, params};

use super::{Newest, WRITTEN_EARLY, read_says};
use crate::codes;
use crate::commit::Step;

/// What was here before the archive has told its place.
const EARLY: &str = "
    SELECT id FROM annotation WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = ?4 AND early IN (1, 2, 4)";
/// What stands by for one of ours that counts.
const NEXT: &str = "
    SELECT next.* FROM annotation AS ours JOIN annotation AS next
         ON next.account = ours.account AND next.peer = ours.peer AND next.target = ours.target AND next.kind = ours.kind
            AND next.direction = ours.direction AND (next.protection IS NULL) = (ours.protection IS NULL)
    WHERE ours.id = ?1 AND next.counts = 0 AND next.early IN (3, 4)
    ORDER BY next.at DESC, next.id DESC";

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
            .prepare_cached("SELECT * FROM annotation WHERE id = ?1 AND early IN (1, 4) AND counts = 0")?
            .query_row([id], |row| read(row, (at, Arrival::Listed)))
            .optional()?
            .flatten();
        if let Some(said) = kept {
            self.execute("DELETE FROM annotation WHERE id = ?1", [id])?;
            return self.annotate(said);
        }
        // What is shown as corrected was so at that time: what the archive lists behind it is no earlier, and its state is told by that.
        self.execute(
            "UPDATE message SET edited_at = ?2
             WHERE id IN (SELECT message.id FROM annotation
                          JOIN conversation ON conversation.account = annotation.account AND conversation.peer = annotation.peer
                          JOIN message ON message.conversation = conversation.id AND message.direction = annotation.direction
                                      AND message.origin = annotation.target
                          WHERE annotation.id = ?1 AND annotation.kind = 'correction' AND annotation.counts = 1
                            AND annotation.early > 0 AND message.corrected = annotation.value)",
            params![id, at.as_millis()],
        )?;
        self.execute(
            "UPDATE annotation SET early = 0, at = ?2, after = (SELECT coalesce(max(id), 0) FROM message)
             WHERE id = ?1 AND early > 0",
            params![id, at.as_millis()],
        )
        .map(drop)
    }

    /// What another device of ours has said stands by for what was written here: which of the two came first is told by the archive alone.
    pub(super) fn stand_by(&self, ours: &Newest, arrival: Arrival) -> rusqlite::Result<()> {
        self.execute("UPDATE annotation SET early = ?2 WHERE id = ?1", [ours.id, WRITTEN_EARLY])?;
        if arrival == Arrival::Live { self.stand_down(ours.id) } else { Ok(()) }
    }

    /// Nothing stands by any more for one of ours.
    pub(super) fn stand_down(&self, ours: i64) -> rusqlite::Result<()> {
        let others = format!(
            "UPDATE annotation SET early = early - 3, value = CASE early WHEN 4 THEN value ELSE '' END
             WHERE id IN (SELECT id FROM ({NEXT}))"
        );
        self.execute(&others, [ours]).map(drop)
    }

    /// One of ours has failed: what stands by for it counts. It is kept itself, as it may be in the archive all the same.
    pub(super) fn give_way(&mut self, peer: &BareJid, id: &OriginId) -> rusqlite::Result<()> {
        let failed: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT id FROM annotation
                 WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = 1 AND counts = 1 AND state = 3",
            )?
            .query_row(params![self.account.0, peer.as_str(), id.as_str()], |row| row.get(0))
            .optional()?;
        let Some(failed) = failed else { return Ok(()) };
        let next: Option<(i64, Option<Annotation>)> = self
            .transaction
            .prepare_cached(NEXT)?
            .query_row([failed], |row| {
                let at = Timestamp::from_millis(row.get("at")?);
                Ok((row.get("id")?, read(row, (at, Arrival::Live))?))
            })
            .optional()?;
        let Some((next, Some(said))) = next else { return Ok(()) };
        self.stand_down(failed)?;
        self.keep(failed)?;
        self.execute("DELETE FROM annotation WHERE id = ?1", [next])?;
        self.annotate(said)
    }

    /// Nothing is missing any more in that archive before what is here, but for what has yet to go out.
    pub(in crate::commit) fn tell_places(&self, archive: &BareJid) -> rusqlite::Result<()> {
        for sql in [
            "UPDATE annotation SET early = 0, value = CASE counts WHEN 1 THEN value ELSE '' END
             WHERE account = ?1 AND early > 0 AND (SELECT jid FROM account WHERE id = ?1) = ?2
               AND NOT EXISTS (SELECT 1 FROM annotation AS ours
                               WHERE ours.account = ?1 AND ours.peer = annotation.peer AND ours.target = annotation.target
                                 AND ours.kind = annotation.kind AND ours.direction = annotation.direction
                                 AND (ours.protection IS NULL) = (annotation.protection IS NULL)
                                 AND ours.counts = 1 AND ours.state = 1)",
            "UPDATE room_annotation SET early = 0 WHERE account = ?1 AND room = ?2 AND early = 1",
        ] {
            self.execute(sql, params![self.account.0, archive.as_str()])?;
        }
        Ok(())
    }
}

/// As it was kept. Had it failed, it has gone out all the same, now that the archive lists it.
fn read(row: &Row<'_>, (at, arrival): (Timestamp, Arrival)) -> rusqlite::Result<Option<Annotation>> {
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
        arrival,
        is_early: arrival != Arrival::Listed,
        state: match codes::read_state(row.get("state")?, text("problem")?) {
            MessageState::Failed(_) => MessageState::Sent,
            state => state,
        },
        protection: codes::read_protection(text("protection")?, sealed_by.as_deref(), text("sealed_trust")?),
    }))
}
