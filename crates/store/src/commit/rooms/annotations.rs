//! What is said of messages in rooms.
//!
//! The law: of one person, one target and one kind the newest counts, which is the last in the order of the room's archive and of what has come,
//! and a copy is known by what its author or the room calls it. Who says something is whom the room knows for that. A correction of what is
//! not here stands in its place as a message until that comes; reactions wait, as many as may. What other programs of ours say while something
//! waits here stands by in case that that fails.
//!
//! Long because what is said of a message and what of it is here are looked at from both sides, and have to agree.

use causerie_model::{
    Arrival, Author, BareJid, Body, Claim, Direction, Event, MessageState, Naming, NewMessage, Order,
    OriginId, Retractor, RoomAnnotation, RoomMessage, RoomRetraction, RoomSource, Says, StanzaId, Timestamp,
};
use rusqlite::{OptionalExtension, Row, params};

use crate::codes;
use crate::commit::Step;
use crate::commit::annotations::{kind, read_says, value};
use crate::commit::message::advances;

/// Of how many that no longer count is remembered that they have come, for one target, person and kind.
const MOST_PAST: i64 = 32;
/// How many wait for messages in one room.
const MOST_WAITING: i64 = 500;
/// How many people's reactions to one message are kept.
const MOST_REACTORS: i64 = 500;

pub(crate) const KNOWN: &str = "
    SELECT id FROM room_annotation WHERE account = ?1 AND room = ?2 AND origin = ?3 AND who = ?4 AND kind = ?5";
pub(crate) const KNOWN_BY_STANZA: &str = "
    SELECT id FROM room_annotation WHERE account = ?1 AND room = ?2 AND stanza_id = ?3 AND who = ?4 AND kind = ?5";
/// Also whether the archive has told its place: it was listed, or here before what the archive was read up to.
pub(crate) const NEWEST: &str = "
    SELECT id, at,
           listed = 1 OR (early = 0 AND after < coalesce((SELECT seen FROM archive WHERE account = ?1 AND jid = ?2), 0)),
           state
    FROM room_annotation
    WHERE account = ?1 AND room = ?2 AND target = ?3 AND kind = ?4 AND who = ?5 AND counts = 1";
/// The message of that name and author. An author may use a name again, and means the last.
pub(crate) const CORRECTED: &str = "
    SELECT id, unreadable IS 'retracted' FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2 AND room = 1)
      AND direction = ?3 AND origin = ?4 AND (?3 = 1 OR occupant = ?5)
    ORDER BY stands_in, place DESC, id DESC LIMIT 1";
/// The message that the room calls so.
pub(crate) const NAMED: &str = "
    SELECT id, unreadable IS 'retracted' FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2 AND room = 1)
      AND direction IN (0, 1) AND stanza_id = ?3 AND stanza_by = ?2 LIMIT 1";

/// What is in `room_annotation.early`: it stands by for what waits here. Else 1 where what was said before it may have been missing.
const STANDS_BY: i64 = 4;
/// What stands by for one of ours.
const NEXT: &str = "
    SELECT next.* FROM room_annotation AS ours JOIN room_annotation AS next
         ON next.account = ours.account AND next.room = ours.room AND next.target = ours.target AND next.kind = ours.kind
            AND next.who = ours.who
    WHERE ours.id = ?1 AND next.counts = 0 AND next.early = 4
    ORDER BY next.at DESC, next.id DESC";

/// By what we are known ourselves: no identifier of a room is empty.
const OURSELVES: &str = "";

/// A message of which something is said.
struct Target {
    id: i64,
    retracted: bool,
}

/// The one that counts.
struct Newest {
    id: i64,
    at: i64,
    is_placed: bool,
    state: i64,
}

fn who(author: Option<&Author>) -> Option<&str> {
    match author {
        None => Some(OURSELVES),
        Some(author) => author.occupant.as_deref(),
    }
}

fn direction(said: &RoomAnnotation) -> Direction {
    if said.author.is_some() { Direction::Incoming } else { Direction::Outgoing }
}

impl Step<'_> {
    /// Notes what is said of a message, and does it. What somebody says whom the room does not know counts for nothing.
    pub(in crate::commit) fn annotate_in_room(&mut self, mut said: RoomAnnotation) -> rusqlite::Result<()> {
        let Some(who) = who(said.author.as_ref()).map(str::to_owned) else { return Ok(()) };
        let who = who.as_str();
        if self.is_known_in_room(&said, who)? {
            return Ok(());
        }
        if let Says::Retraction(_) = said.says {
            self.insert_in_room(&said, who, (true, false, said.is_early.into()))?;
            let stanza = StanzaId { by: said.room.clone(), id: said.target.as_str().to_owned() };
            let by = match said.author.as_ref().and_then(|author| author.occupant.clone()) {
                Some(occupant) => Retractor::Occupant(occupant),
                None => Retractor::Ourselves,
            };
            self.retract_in_room(&RoomRetraction { stanza, by })?;
            return self.bound_in_room(&said, who);
        }
        let mut target = self.target_in_room(&said, who)?;
        if target.is_none()
            && let Some(first) = self.corrected_in_room(&said, who)?
        {
            said.target = first;
            target = self.target_in_room(&said, who)?;
        }
        let is_gone = target.as_ref().is_some_and(|target| target.retracted);
        let newest = self.newest_in_room(&said, who)?;
        let is_behind = match said.arrival {
            Arrival::Live => true,
            Arrival::Listed => newest.as_ref().is_some_and(|newest| newest.is_placed),
            Arrival::Queued | Arrival::Kept => false,
        };
        let at = said.at.as_millis();
        // What waits here to be sent comes after what others of our devices have sent.
        let is_before = newest
            .as_ref()
            .is_some_and(|newest| newest.state == codes::PENDING && said.state == MessageState::Sent);
        let is_newest = match (&newest, said.arrival) {
            (None, _) => true,
            (Some(_), _) if is_before => false,
            // What came by itself and is not listed yet is listed behind it.
            (Some(_), Arrival::Listed) => is_behind,
            (Some(newest), _) => is_behind || at >= newest.at,
        };
        let counts = is_newest && !is_gone;
        // What is older than all that was here is not what is meant, whatever becomes of ours.
        let stands_by = is_before && !is_gone && (said.is_early || said.arrival != Arrival::Kept);
        match newest {
            Some(newest) if counts => drop(self.retire_in_room("id = ?1", params![newest.id])?),
            Some(newest) if stands_by && said.arrival == Arrival::Live => {
                self.stand_down_in_room(newest.id)?;
            }
            _ => {}
        }
        let early = if stands_by { STANDS_BY } else { said.is_early.into() };
        self.insert_in_room(&said, who, (counts, target.is_none(), early))?;
        if counts {
            match (&said.says, target) {
                (Says::Correction(text), Some(target)) => self.correct_row(&said, text, target.id)?,
                (Says::Correction(text), None) => self.stand_in_room(&said, who, text)?,
                (_, Some(_)) => self.news.tell(Event::ConversationChanged(said.room.clone())),
                (_, None) => {}
            }
        }
        self.bound_in_room(&said, who)
    }

    /// Whether it has come before. A copy of one of ours tells that it has been sent, and a list where its place is.
    fn is_known_in_room(&mut self, said: &RoomAnnotation, who: &str) -> rusqlite::Result<bool> {
        let (room, kind) = (said.room.as_str(), kind(&said.says));
        let origin = said.origin.as_ref().map(OriginId::as_str);
        let stanza = said.stanza.as_ref().map(|stanza| stanza.id.as_str());
        let mut known: Option<i64> = None;
        for (sql, name) in [(KNOWN_BY_STANZA, stanza), (KNOWN, origin)] {
            if known.is_none() && name.is_some() {
                let params = params![self.account.0, room, name, who, kind];
                known =
                    self.transaction.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional()?;
            }
        }
        let Some(known) = known else { return Ok(false) };
        // What did not count as long as its place was not known may count now.
        let unplaced =
            "DELETE FROM room_annotation WHERE id = ?1 AND counts = 0 AND early > 0 AND listed = 0";
        if said.is_placed && self.execute(unplaced, [known])? > 0 {
            return Ok(false);
        }
        self.execute(
            "UPDATE room_annotation SET listed = max(listed, ?2), stanza_id = coalesce(stanza_id, ?3) WHERE id = ?1",
            params![known, said.is_placed, stanza],
        )?;
        if said.state == MessageState::Sent {
            let sent =
                "UPDATE room_annotation SET state = 2, problem = NULL WHERE id = ?1 AND state IN (1, 3)";
            if self.execute(sent, [known])? > 0 {
                self.stand_down_in_room(known)?;
                self.news.tell(Event::ConversationChanged(said.room.clone()));
            }
        }
        Ok(true)
    }

    /// The message of which it is said, if that is here and may be changed by it.
    fn target_in_room(&self, said: &RoomAnnotation, who: &str) -> rusqlite::Result<Option<Target>> {
        let read = |row: &rusqlite::Row<'_>| Ok(Target { id: row.get(0)?, retracted: row.get(1)? });
        let (room, target) = (said.room.as_str(), said.target.as_str());
        match said.says {
            Says::Correction(_) => {
                let direction = codes::direction(direction(said));
                let params = params![self.account.0, room, direction, target, who];
                self.transaction.prepare_cached(CORRECTED)?.query_row(params, read).optional()
            }
            Says::Retraction(_) | Says::Reactions(_) => {
                let params = params![self.account.0, room, target];
                self.transaction.prepare_cached(NAMED)?.query_row(params, read).optional()
            }
        }
    }

    /// What that corrects which is named as the target: some programs name the last correction.
    fn corrected_in_room(&self, said: &RoomAnnotation, who: &str) -> rusqlite::Result<Option<OriginId>> {
        if !matches!(said.says, Says::Correction(_)) {
            return Ok(None);
        }
        let target: Option<String> = self
            .transaction
            .prepare_cached(
                "SELECT target FROM room_annotation
                 WHERE account = ?1 AND room = ?2 AND origin = ?3 AND who = ?4 AND kind = 'correction' LIMIT 1",
            )?
            .query_row(
                params![self.account.0, said.room.as_str(), said.target.as_str(), who],
                |row| row.get(0),
            )
            .optional()?;
        Ok(target.as_deref().and_then(OriginId::new))
    }

    fn newest_in_room(&self, said: &RoomAnnotation, who: &str) -> rusqlite::Result<Option<Newest>> {
        let (room, target) = (said.room.as_str(), said.target.as_str());
        self.transaction
            .prepare_cached(NEWEST)?
            .query_row(params![self.account.0, room, target, kind(&said.says), who], |row| {
                Ok(Newest { id: row.get(0)?, at: row.get(1)?, is_placed: row.get(2)?, state: row.get(3)? })
            })
            .optional()
    }

    fn insert_in_room(
        &self,
        said: &RoomAnnotation,
        who: &str,
        (counts, waits, early): (bool, bool, i64),
    ) -> rusqlite::Result<()> {
        let (state, problem) = codes::state(&said.state);
        // What does not count any more does not go out.
        let state = if counts || state != codes::PENDING { state } else { 2 };
        if let Says::Retraction(_) = said.says {
            let of_it = params![self.account.0, said.room.as_str(), said.target.as_str(), who];
            self.retire_in_room(
                "account = ?1 AND room = ?2 AND target = ?3 AND kind = 'retraction' AND who = ?4 AND counts = 1",
                of_it,
            )?;
        }
        self.execute(
            "INSERT INTO room_annotation (account, room, kind, target, who, nick, origin, stanza_id, value, at, state,
                                          problem, counts, waits, listed, early, after)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, coalesce(max(id), 0) FROM message",
            params![
                self.account.0,
                said.room.as_str(),
                kind(&said.says),
                said.target.as_str(),
                who,
                said.author.as_ref().map(|author| author.nick.as_str()),
                said.origin.as_ref().map(OriginId::as_str),
                said.stanza.as_ref().map(|stanza| stanza.id.as_str()),
                if counts || early == STANDS_BY { value(&said.says) } else { String::new() },
                said.at.as_millis(),
                state,
                problem,
                counts,
                counts && waits,
                said.is_placed,
                early
            ],
        )?;
        Ok(())
    }

    /// Those no longer count, nor go out any more if they have not yet; what they said is forgotten.
    fn retire_in_room(&self, which: &str, params: impl rusqlite::Params) -> rusqlite::Result<usize> {
        let state = "state = CASE state WHEN 1 THEN 2 ELSE state END";
        let sql = format!(
            "UPDATE room_annotation
             SET counts = 0, waits = 0, value = '', early = CASE early WHEN 4 THEN 1 ELSE early END, {state} WHERE {which}"
        );
        self.execute(&sql, params)
    }

    /// A message was meant otherwise.
    fn correct_row(&mut self, said: &RoomAnnotation, text: &str, id: i64) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE message SET corrected = ?2, edited_at = ?3 WHERE id = ?1 AND unreadable IS NOT 'retracted'",
            params![id, text, said.at.as_millis()],
        )?;
        self.news.tell(Event::ConversationChanged(said.room.clone()));
        Ok(())
    }

    /// What it corrects is not here, and may never come: until then it is a message itself. Ours that wait are not, or they would go out
    /// as such.
    fn stand_in_room(&mut self, said: &RoomAnnotation, who: &str, text: &str) -> rusqlite::Result<()> {
        if !matches!(said.state, MessageState::Received | MessageState::Sent) {
            return Ok(());
        }
        let message = NewMessage {
            peer: said.room.clone(),
            direction: direction(said),
            origin: Some(said.target.clone()),
            stanza: None,
            body: Body::Text(text.to_owned()),
            at: said.at,
            state: said.state.clone(),
            protection: causerie_model::Protection::Clear,
            reply: None,
            order: if said.arrival == Arrival::Live { Order::Last } else { Order::ByTime },
            naming: Naming::Unsure,
        };
        let (author, claim, source) = (said.author.clone(), Claim::Certain, said.source);
        self.add_room_message(&RoomMessage { message, author, claim, source })?;
        if let Some(target) = self.target_in_room(said, who)? {
            self.execute("UPDATE message SET stands_in = 1, early = 1 WHERE id = ?1", [target.id])?;
            self.correct_row(said, text, target.id)?;
        }
        self.execute(
            "UPDATE room_annotation SET waits = 1
             WHERE account = ?1 AND room = ?2 AND target = ?3 AND kind = 'correction' AND who = ?4 AND counts = 1",
            params![self.account.0, said.room.as_str(), said.target.as_str(), who],
        )
        .map(drop)
    }

    /// A message has come in whose place a correction of it stands: it is one row from then on.
    pub(in crate::commit) fn fill_in_room(
        &mut self,
        conversation: i64,
        said: &RoomMessage,
    ) -> rusqlite::Result<bool> {
        let message = &said.message;
        let Some(origin) = &message.origin else { return Ok(false) };
        let occupant = said.author.as_ref().and_then(|author| author.occupant.as_deref());
        let stands_in: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT id FROM message
                 WHERE conversation = ?1 AND direction = ?2 AND origin = ?3 AND stands_in = 1
                   AND (?2 = 1 OR occupant = ?4) ORDER BY id LIMIT 1",
            )?
            .query_row(
                params![conversation, codes::direction(message.direction), origin.as_str(), occupant],
                |row| row.get(0),
            )
            .optional()?;
        let Some(id) = stands_in else { return Ok(false) };
        let (body, unreadable) = codes::body(&message.body);
        let place = match message.order {
            Order::Listed { .. } => message.at.as_millis(),
            Order::ByTime | Order::Last => self.new_place(conversation, message)?,
        };
        let is_gone = message.body == Body::Retracted;
        self.execute(
            "UPDATE message
             SET stands_in = 0, place = ?2, early = ?3, at = ?4, stanza_by = ?5, stanza_id = ?6, body = ?7, unreadable = ?8,
                 reply_to = ?9, corrected = CASE WHEN ?10 THEN NULL ELSE corrected END,
                 edited_at = CASE WHEN ?10 THEN NULL ELSE edited_at END
             WHERE id = ?1",
            params![
                id,
                place,
                message.order == Order::ByTime,
                message.at.as_millis(),
                message.stanza.as_ref().map(|stanza| stanza.by.as_str()),
                message.stanza.as_ref().map(|stanza| stanza.id.as_str()),
                body,
                unreadable,
                message.reply.as_ref().map(|reply| reply.id.as_str()),
                is_gone
            ],
        )?;
        if let Order::Listed { since } = message.order {
            self.put_behind(conversation, since, id, None)?;
        }
        self.note_author(id, said.author.as_ref())?;
        if is_gone {
            self.forget_said(id, &message.peer)?;
        }
        self.news.tell(Event::ConversationChanged(message.peer.clone()));
        Ok(true)
    }

    /// What waited for a message waits no longer.
    pub(in crate::commit) fn awaited_in_room(&self, said: &RoomMessage) -> rusqlite::Result<()> {
        let message = &said.message;
        let who = who(said.author.as_ref());
        if let (Some(origin), Some(who)) = (&message.origin, who) {
            self.execute(
                "UPDATE room_annotation SET waits = 0
                 WHERE account = ?1 AND room = ?2 AND target = ?3 AND kind = 'correction' AND who = ?4 AND waits = 1",
                params![self.account.0, message.peer.as_str(), origin.as_str(), who],
            )?;
        }
        if let Some(stanza) = &message.stanza {
            self.execute(
                "UPDATE room_annotation SET waits = 0
                 WHERE account = ?1 AND room = ?2 AND target = ?3 AND kind = 'reactions' AND waits = 1",
                params![self.account.0, message.peer.as_str(), stanza.id],
            )?;
        }
        Ok(())
    }

    /// A message is gone: what was said of it goes as well.
    pub(in crate::commit) fn forget_said(&self, id: i64, room: &BareJid) -> rusqlite::Result<()> {
        let of_it: (Option<String>, Option<String>, Option<String>) = self
            .transaction
            .prepare_cached(
                "SELECT stanza_id, origin, CASE direction WHEN 1 THEN '' ELSE occupant END FROM message WHERE id = ?1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let (stanza, origin, who) = of_it;
        self.retire_in_room(
            "account = ?1 AND room = ?2 AND (counts = 1 OR early = 4)
             AND (target = ?3 AND kind = 'reactions' OR target = ?4 AND kind = 'correction' AND who = ?5)",
            params![self.account.0, room.as_str(), stanza, origin, who],
        )
        .map(drop)
    }

    /// Nobody fills the disk with what does not count, or waits for what never comes.
    fn bound_in_room(&self, said: &RoomAnnotation, who: &str) -> rusqlite::Result<()> {
        let (room, target, kind) = (said.room.as_str(), said.target.as_str(), kind(&said.says));
        self.execute(
            "DELETE FROM room_annotation WHERE id IN (
                 SELECT id FROM room_annotation
                 WHERE account = ?1 AND room = ?2 AND target = ?3 AND kind = ?4 AND who = ?5 AND counts = 0
                 ORDER BY id DESC LIMIT -1 OFFSET ?6)",
            params![self.account.0, room, target, kind, who, MOST_PAST],
        )?;
        self.execute(
            "DELETE FROM room_annotation WHERE id IN (
                 SELECT id FROM room_annotation
                 WHERE account = ?1 AND room = ?2 AND target = ?3 AND kind = ?4 AND counts = 1
                 ORDER BY id DESC LIMIT -1 OFFSET ?5)",
            params![self.account.0, room, target, kind, MOST_REACTORS],
        )?;
        self.execute(
            "DELETE FROM room_annotation WHERE id IN (
                 SELECT id FROM room_annotation WHERE account = ?1 AND room = ?2 AND waits = 1 AND state <> 1
                 ORDER BY id DESC LIMIT -1 OFFSET ?3)",
            params![self.account.0, room, MOST_WAITING],
        )
        .map(drop)
    }

    /// Moves on what we say of a message. Tells whether there is such a thing in another state.
    pub(in crate::commit) fn advance_in_room(
        &mut self,
        room: &BareJid,
        id: &OriginId,
        (state, problem): (i64, Option<&str>),
    ) -> rusqlite::Result<bool> {
        let changed: Option<i64> = self
            .transaction
            .prepare_cached(concat!(
                "UPDATE room_annotation SET state = ?4, problem = ?5
                 WHERE account = ?1 AND room = ?2 AND origin = ?3 AND who = '' AND counts = 1 AND ",
                advances!(),
                " RETURNING id"
            ))?
            .query_row(params![self.account.0, room.as_str(), id.as_str(), state, problem], |row| row.get(0))
            .optional()?;
        match changed {
            Some(failed) if state == codes::FAILED => self.give_way_in_room(failed, room)?,
            Some(sent) if state != codes::PENDING => self.stand_down_in_room(sent)?,
            _ => {}
        }
        Ok(changed.is_some())
    }

    /// Nothing stands by any more for one of ours.
    fn stand_down_in_room(&self, ours: i64) -> rusqlite::Result<()> {
        let sql =
            format!("UPDATE room_annotation SET early = 1, value = '' WHERE id IN (SELECT id FROM ({NEXT}))");
        self.execute(&sql, [ours]).map(drop)
    }

    /// One of ours has failed: what stands by for it counts. Should the room have it all the same, its archive tells its place.
    fn give_way_in_room(&mut self, failed: i64, room: &BareJid) -> rusqlite::Result<()> {
        let next: Option<(i64, Option<RoomAnnotation>)> = self
            .transaction
            .prepare_cached(NEXT)?
            .query_row([failed], |row| Ok((row.get("id")?, read(row, room)?)))
            .optional()?;
        let Some((next, Some(said))) = next else { return Ok(()) };
        self.stand_down_in_room(failed)?;
        self.retire_in_room("id = ?1", [failed])?;
        self.execute("UPDATE room_annotation SET early = 1 WHERE id = ?1", [failed])?;
        self.execute("DELETE FROM room_annotation WHERE id = ?1", [next])?;
        self.annotate_in_room(said)
    }

    /// It goes out: from now on it may be there.
    pub(in crate::commit) fn note_gone_out(&self, room: &BareJid, id: &OriginId) -> rusqlite::Result<()> {
        let of_it = params![self.account.0, room.as_str(), id.as_str()];
        let message = "
            UPDATE message SET gone_out = 1
            WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2) AND direction = 1
              AND origin = ?3 AND gone_out = 0";
        let annotation = "
            UPDATE room_annotation SET gone_out = 1
            WHERE account = ?1 AND room = ?2 AND origin = ?3 AND who = '' AND gone_out = 0";
        if self.execute(message, of_it)? == 0 {
            self.execute(annotation, of_it)?;
        }
        Ok(())
    }
}

/// One of ours that stood by.
fn read(row: &Row<'_>, room: &BareJid) -> rusqlite::Result<Option<RoomAnnotation>> {
    let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
    let (target, says) = (text("target")?.and_then(OriginId::new), row.get_ref("kind")?);
    let Some((target, says)) = target.zip(read_says(says.as_str()?, row.get("value")?)) else {
        return Ok(None);
    };
    let stanza = text("stanza_id")?.map(|id| StanzaId { by: room.clone(), id: id.to_owned() });
    Ok(Some(RoomAnnotation {
        room: room.clone(),
        target,
        says,
        author: None,
        origin: text("origin")?.and_then(OriginId::new),
        stanza,
        at: Timestamp::from_millis(row.get("at")?),
        arrival: Arrival::Live,
        is_early: true,
        is_placed: row.get("listed")?,
        state: MessageState::Sent,
        source: RoomSource::Live,
    }))
}
