//! What was said of messages by devices that are not trusted: it changes nothing until they are.

use causerie_model::{Annotation, Arrival, BareJid, Fingerprint, OriginId, Protection, Says, Trust};
use rusqlite::{Row, params};

use super::Step;
use super::annotations::{kind, read_says, value};
use crate::codes::{self, Code};
use crate::reader::contacts::jid;

/// How much of it is kept in one conversation, the newest.
const MOST_OF_ONE: i64 = 200;
/// And in all of one account: then the oldest goes of the conversation that has most.
const MOST: i64 = 5_000;
/// For how long, in milliseconds: sixty days. Where nothing is known of an archive, for as long as there is room.
const LONGEST: i64 = 60 * 24 * 60 * 60 * 1_000;

impl Step<'_> {
    /// Keeps what a device has said of a message that is not trusted. What has come before is kept once.
    pub(super) fn hold_annotation(&mut self, said: &Annotation) -> rusqlite::Result<()> {
        let Protection::Encrypted(Some(_)) = said.protection else { return Ok(()) };
        let (protection, sealed_by, sealed_trust) = codes::protection(&said.protection);
        let (peer, author) = (said.peer.as_str(), codes::direction(said.author));
        let (state, _) = codes::state(&said.state);
        self.execute(
            "INSERT INTO held_annotation (account, peer, direction, kind, target, origin, value, at, state,
                                          protection, sealed_by, sealed_trust)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
             WHERE NOT EXISTS (
                 SELECT 1 FROM held_annotation
                 WHERE account = ?1 AND peer = ?2 AND direction = ?3 AND kind = ?4 AND target = ?5 AND origin = ?6
                   AND sealed_by = ?11)",
            params![
                self.account.0,
                peer,
                author,
                kind(&said.says),
                said.target.as_str(),
                said.origin.as_ref().map(OriginId::as_str),
                value(&said.says),
                said.at.as_millis(),
                state,
                protection,
                sealed_by,
                sealed_trust
            ],
        )?;
        // By what our archive had said before as well: a clock that is ahead makes nothing old, which would be lost for good.
        self.execute(
            "DELETE FROM held_annotation WHERE account = ?1 AND at < (
                 SELECT min(archive.at, ?2) - ?3 FROM archive JOIN account ON account.id = archive.account
                 WHERE archive.account = ?1 AND archive.jid = account.jid)",
            params![self.account.0, said.at.as_millis(), LONGEST],
        )?;
        self.execute(
            "DELETE FROM held_annotation WHERE id IN (
                 SELECT id FROM held_annotation WHERE account = ?1 AND peer = ?2 ORDER BY id DESC LIMIT -1 OFFSET ?3)",
            params![self.account.0, peer, MOST_OF_ONE],
        )?;
        self.execute(
            "DELETE FROM held_annotation
             WHERE (SELECT count(*) FROM held_annotation WHERE account = ?1) > ?2 AND id = (
                 SELECT min(id) FROM held_annotation WHERE account = ?1 GROUP BY peer ORDER BY count(*) DESC LIMIT 1)",
            params![self.account.0, MOST],
        )?;
        Ok(())
    }

    /// A key is trusted: what was said with it of messages counts, beside what was said since.
    pub(super) fn count_annotations(
        &mut self,
        whose: &BareJid,
        fingerprint: Fingerprint,
        trust: Trust,
    ) -> rusqlite::Result<()> {
        if !trust.may_read() {
            return Ok(());
        }
        let held: Vec<(i64, Option<Annotation>)> = self
            .transaction
            .prepare_cached(
                "SELECT id, peer, direction, kind, target, origin, value, at, state, protection, sealed_by
                 FROM held_annotation
                 WHERE account = ?1 AND sealed_by = ?2
                   AND ?3 = CASE direction WHEN 1 THEN (SELECT jid FROM account WHERE id = ?1) ELSE peer END
                 ORDER BY id",
            )?
            .query_map(params![self.account.0, fingerprint.0, whose.as_str()], |row| {
                Ok((row.get(0)?, read(row, trust)?))
            })?
            .collect::<Result<_, _>>()?;
        for (id, said) in held {
            self.execute("DELETE FROM held_annotation WHERE id = ?1", [id])?;
            if let Some(said) = said {
                self.take_back_doubted(&said, fingerprint)?;
                self.annotate(said)?;
            }
        }
        Ok(())
    }

    /// A message was taken back: what was said of it by devices that are not trusted goes with it, under whichever name of it. What was taken
    /// back in clear takes nothing that was encrypted.
    pub(super) fn forget_doubted(&mut self, gone: &Annotation) -> rusqlite::Result<()> {
        if gone.protection == Protection::Clear {
            return Ok(());
        }
        let held: Vec<(i64, Option<Annotation>)> = self
            .transaction
            .prepare_cached(
                "WITH name (name) AS (
                     VALUES (?4)
                     UNION SELECT origin FROM annotation
                     WHERE account = ?1 AND peer = ?2 AND target = ?4 AND kind = 'correction' AND direction = ?3
                     UNION SELECT origin FROM held_annotation
                     WHERE account = ?1 AND peer = ?2 AND target = ?4 AND kind = 'correction' AND direction = ?3)
                 SELECT id, peer, direction, kind, target, origin, value, at, state, protection, sealed_by
                 FROM held_annotation
                 WHERE account = ?1 AND peer = ?2 AND (direction = ?3 OR kind = 'reactions') AND target IN name",
            )?
            .query_map(
                params![
                    self.account.0,
                    gone.peer.as_str(),
                    codes::direction(gone.author),
                    gone.target.as_str()
                ],
                |row| Ok((row.get(0)?, read(row, Trust::Undecided)?)),
            )?
            .collect::<Result<_, _>>()?;
        for (id, said) in held {
            self.execute("DELETE FROM held_annotation WHERE id = ?1", [id])?;
            if let Some(said) = said
                && let Protection::Encrypted(Some(seal)) = said.protection
            {
                self.take_back_doubted(&said, seal.fingerprint)?;
            }
        }
        Ok(())
    }

    /// A correction was shown as a message as long as it changed none: that one goes.
    fn take_back_doubted(&mut self, said: &Annotation, fingerprint: Fingerprint) -> rusqlite::Result<()> {
        let (Says::Correction(_), Some(origin)) = (&said.says, &said.origin) else { return Ok(()) };
        let (peer, author) = (said.peer.as_str(), codes::direction(said.author));
        let rows: Vec<(i64, i64, bool)> = self
            .transaction
            .prepare_cached(
                "SELECT id, conversation, unread FROM message
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                   AND direction = ?3 AND origin = ?4 AND sealed_by = ?5 AND stands_in = 0",
            )?
            .query_map(params![self.account.0, peer, author, origin.as_str(), fingerprint.0], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<Result<_, _>>()?;
        rows.into_iter().try_for_each(|row| self.take_away(row, &said.peer))
    }
}

/// As it was said, by a device of which is held by now what `trust` tells. Its time decides what is newer.
fn read(row: &Row<'_>, trust: Trust) -> rusqlite::Result<Option<Annotation>> {
    let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
    let (Some(peer), Some(target)) = (jid(row, "peer")?, text("target")?.and_then(OriginId::new)) else {
        return Ok(None);
    };
    let Some(says) = read_says(row.get_ref("kind")?.as_str()?, row.get("value")?) else { return Ok(None) };
    let sealed_by: Vec<u8> = row.get("sealed_by")?;
    let author = codes::read_direction(row.get("direction")?);
    Ok(Some(Annotation {
        peer,
        author,
        target,
        says,
        origin: text("origin")?.and_then(OriginId::new),
        at: causerie_model::Timestamp::from_millis(row.get("at")?),
        arrival: Arrival::Kept,
        is_early: false,
        state: codes::read_state(row.get("state")?, None),
        protection: codes::read_protection(text("protection")?, Some(&sealed_by), Some(trust.code())),
    }))
}
