//! What is said of messages: corrections, retractions, reactions.
//!
//! The law: of one author, one target and one kind the newest counts, which is the last in the order of the archive and of what has come, and
//! a copy is known by what its author calls it. What came in clear changes nothing that was encrypted, nor what was in clear once it was
//! corrected encrypted. A correction of what is not here stands in its place as a message until that comes; the rest waits.
//!
//! Long because what is said of a message and what of it is here are looked at from both sides, and have to agree.

use causerie_model::{
    Annotation, Arrival, BareJid, Body, Direction, Event, MessageState, Naming, NewMessage, OmemoVersion,
    Order, OriginId, Problem, Protection, Says,
};
use rusqlite::{OptionalExtension, params};

use super::Step;
use super::copied::PAST;
use super::message::{WINDOW, advances};
use crate::codes;

mod places;

/// Of how many that no longer count is remembered that they have come, for one target, author and kind.
const MOST_PAST: i64 = 32;
/// How many wait for messages in one conversation.
const MOST_WAITING: i64 = 500;

pub(crate) const KNOWN: &str = "
    SELECT id FROM annotation
    WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = ?4 AND kind = ?5 AND (protection IS NULL) = ?6";
/// What is in `annotation.early`: nothing was missing before it, or the archive has told its place since.
const IN_TURN: i64 = 0;
/// It came while something may have been missing. If it does not count, what it says is kept all the same, until its place is told.
const CAME_EARLY: i64 = 1;
/// It was written here then.
const WRITTEN_EARLY: i64 = 2;
/// It does not count, as what was written here does: it stands by in case that that fails. The archive has told its place.
const STANDS_BY: i64 = 3;
/// The same, and its place is not told.
const STANDS_BY_EARLY: i64 = 4;

/// Also whether it was here before the message up to which the archive was read: `after` is that one or a later one where it was not.
pub(crate) const NEWEST: &str = "
    SELECT id, at, early = 0 AND after < coalesce((SELECT seen FROM archive
                                                   WHERE account = ?1 AND jid = (SELECT jid FROM account WHERE id = ?1)), 0),
           early, state
    FROM annotation
    WHERE account = ?1 AND peer = ?2 AND target = ?3 AND kind = ?4 AND direction = ?5 AND (protection IS NULL) = ?6
      AND counts = 1";
/// The message that is meant, of those that may be changed: an author may use an identifier again, and means the last. Nothing in clear
/// takes the place of one that was encrypted, or whose correction was; and what names its target in clear beside it is put in place of none
/// in clear.
pub(crate) const TARGET: &str = "
    SELECT id, unreadable IS 'retracted', unread FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
      AND direction IN (?3, ?4) AND origin = ?5
      AND (NOT ?6 OR (protection IS NULL AND corrected_sealed = 0)) AND (NOT ?7 OR protection IS NOT NULL)
    ORDER BY protection IS NULL, corrected_sealed DESC, +place DESC, +id DESC LIMIT 1";

/// A message of which something is said.
struct Target {
    id: i64,
    retracted: bool,
    unread: bool,
}

/// The one that counts.
struct Newest {
    id: i64,
    at: i64,
    was_here: bool,
    early: i64,
    state: i64,
}

impl Newest {
    /// Whether it waits here, and something of another device of ours may be before it or behind it.
    fn may_be_anywhere(&self) -> bool {
        self.state == codes::PENDING && self.early == WRITTEN_EARLY
    }

    /// Whether that is before it, whatever the clocks say. What has failed is nowhere.
    fn is_surely_before(&self, said: &Annotation) -> bool {
        match said.arrival {
            _ if self.state == codes::FAILED && is_new(said) => true,
            Arrival::Live => true,
            Arrival::Queued => self.early == IN_TURN,
            Arrival::Listed => self.was_here,
            Arrival::Kept => false,
        }
    }

    /// Whether that comes after it, whatever the clocks say: what waits here to be sent is behind what others of our devices have sent, and
    /// what was sent from here since behind what the archive tells before it has come to that. What has failed is behind nothing.
    fn is_surely_behind(&self, said: &Annotation) -> bool {
        let is_sent_elsewhere = said.author == Direction::Outgoing && said.state == MessageState::Sent;
        let is_told = matches!(said.arrival, Arrival::Listed | Arrival::Kept);
        let was_sent = self.early == WRITTEN_EARLY && self.state != codes::FAILED;
        is_sent_elsewhere && (self.state == codes::PENDING || (was_sent && is_told))
    }
}

impl Step<'_> {
    /// Notes what is said of a message, and does it.
    pub(super) fn annotate(&mut self, mut said: Annotation) -> rusqlite::Result<()> {
        if self.is_known(&said)? {
            return Ok(());
        }
        self.refuse_in_clear(&mut said)?;
        let mut target = self.target(&said)?;
        if target.is_none()
            && let Some(first) = self.corrected_by(&said)?
        {
            said.target = first;
            target = self.target(&said)?;
        }
        let is_over = match said.says {
            Says::Retraction(_) => false,
            Says::Correction(_) | Says::Reactions(_) => {
                target.as_ref().is_some_and(|target| target.retracted) || self.awaits_its_end(&said)?
            }
        };
        let newest = self.newest(&said)?;
        let is_before = newest.as_ref().is_some_and(|newest| newest.is_surely_behind(&said));
        let is_behind = match &newest {
            Some(newest) => !is_before && newest.is_surely_before(&said),
            None => said.arrival == Arrival::Live,
        };
        let is_newest = newest
            .as_ref()
            .is_none_or(|newest| is_behind || (!is_before && said.at.as_millis() >= newest.at));
        let counts = is_newest && !is_over;
        let stands_by = is_before && !is_over && is_new(&said);
        let goes_on = newest.as_ref().is_some_and(Newest::may_be_anywhere) && is_written(&said);
        match newest {
            Some(newest) if counts => self.supersede(&newest)?,
            Some(newest) if stands_by => self.stand_by(&newest, said.arrival)?,
            _ => {}
        }
        let early = match said.arrival {
            _ if is_over => IN_TURN,
            Arrival::Listed if stands_by => STANDS_BY,
            _ if stands_by => STANDS_BY_EARLY,
            _ if goes_on => WRITTEN_EARLY,
            _ if !said.is_early => IN_TURN,
            _ if is_written(&said) => WRITTEN_EARLY,
            _ => CAME_EARLY,
        };
        self.insert(&said, (counts, early), target.is_none())?;
        if counts {
            if let Says::Retraction(_) = said.says {
                self.forget_doubted(&said)?;
            }
            match (&said.says, target) {
                (Says::Correction(text), Some(target)) => self.correct(&target, &said, text, is_behind)?,
                (Says::Correction(text), None) => self.stand_in(&said, text)?,
                (Says::Retraction(_), Some(target)) => self.retract(&target, &said)?,
                (Says::Reactions(_), Some(_)) => {
                    self.news.tell(Event::ConversationChanged(said.peer.clone()));
                }
                (Says::Retraction(_) | Says::Reactions(_), None) => {}
            }
        }
        self.bound(&said)
    }

    /// What we say in clear of a message that was encrypted does not go out, in this run or another one.
    fn refuse_in_clear(&self, said: &mut Annotation) -> rusqlite::Result<()> {
        let waits = said.author == Direction::Outgoing && said.state == MessageState::Pending;
        if waits && said.protection == Protection::Clear {
            let first = self.corrected_by(said)?;
            for id in first.iter().chain([&said.target]) {
                if self.is_sealed(said, id)? {
                    said.state = MessageState::Failed(Problem::NotEncrypted);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether a message of that name was encrypted, or corrected so, of which this might be said.
    fn is_sealed(&self, said: &Annotation, id: &OriginId) -> rusqlite::Result<bool> {
        let any = matches!(said.says, Says::Reactions(_));
        self.transaction
            .prepare_cached(
                "SELECT 1 FROM message
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
                   AND direction IN (?3, ?4) AND origin = ?5 AND (protection IS NOT NULL OR corrected_sealed = 1)",
            )?
            .exists(params![
                self.account.0,
                said.peer.as_str(),
                codes::direction(said.author),
                codes::direction(if any { Direction::Incoming } else { said.author }),
                id.as_str()
            ])
    }

    /// Whether it has come before. A copy of one of ours tells that it has been sent.
    fn is_known(&mut self, said: &Annotation) -> rusqlite::Result<bool> {
        let Some(origin) = &said.origin else { return Ok(false) };
        let (peer, clear) = (said.peer.as_str(), said.protection == Protection::Clear);
        let (author, kind) = (codes::direction(said.author), kind(&said.says));
        let known: Option<i64> = self
            .transaction
            .prepare_cached(KNOWN)?
            .query_row(params![self.account.0, peer, origin.as_str(), author, kind, clear], |row| row.get(0))
            .optional()?;
        let Some(known) = known else { return Ok(false) };
        if said.arrival == Arrival::Listed {
            self.tell_place(known, said.at)?;
        }
        if said.state == MessageState::Sent {
            let sent = "UPDATE annotation SET state = 2, problem = NULL WHERE id = ?1 AND state IN (1, 3)";
            if self.execute(sent, [known])? > 0 {
                self.news.tell(Event::ConversationChanged(said.peer.clone()));
            }
        }
        Ok(true)
    }

    /// The message of which it is said, if that is here and may be changed by it.
    fn target(&self, said: &Annotation) -> rusqlite::Result<Option<Target>> {
        let (one, other) = match said.says {
            Says::Correction(_) | Says::Retraction(_) => (said.author, said.author),
            Says::Reactions(_) => (Direction::Incoming, Direction::Outgoing),
        };
        let clear = said.protection == Protection::Clear;
        self.transaction
            .prepare_cached(TARGET)?
            .query_row(
                params![
                    self.account.0,
                    said.peer.as_str(),
                    codes::direction(one),
                    codes::direction(other),
                    said.target.as_str(),
                    clear,
                    is_carried(said)
                ],
                |row| Ok(Target { id: row.get(0)?, retracted: row.get(1)?, unread: row.get(2)? }),
            )
            .optional()
    }

    /// What that corrects which is named as the target: some programs name the last correction.
    fn corrected_by(&self, said: &Annotation) -> rusqlite::Result<Option<OriginId>> {
        let any = matches!(said.says, Says::Reactions(_));
        self.correction_target(&said.peer, &said.target, (said.author, any))
    }

    fn correction_target(
        &self,
        peer: &BareJid,
        id: &OriginId,
        (author, any): (Direction, bool),
    ) -> rusqlite::Result<Option<OriginId>> {
        let target: Option<String> = self
            .transaction
            .prepare_cached(
                "SELECT target FROM annotation
                 WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND kind = 'correction' AND (?5 OR direction = ?4)
                 LIMIT 1",
            )?
            .query_row(
                params![self.account.0, peer.as_str(), id.as_str(), codes::direction(author), any],
                |row| row.get(0),
            )
            .optional()?;
        Ok(target.as_deref().and_then(OriginId::new))
    }

    /// Whether a retraction waits for the message that would count for it as much as this does.
    fn awaits_its_end(&self, said: &Annotation) -> rusqlite::Result<bool> {
        let any = matches!(said.says, Says::Reactions(_));
        let clear = said.protection == Protection::Clear;
        self.transaction
            .prepare_cached(
                "SELECT 1 FROM annotation
                 WHERE account = ?1 AND peer = ?2 AND target = ?3 AND kind = 'retraction' AND (?6 OR direction = ?4)
                   AND counts = 1 AND waits = 1 AND (protection IS NOT NULL OR ?5)",
            )?
            .exists(params![
                self.account.0,
                said.peer.as_str(),
                said.target.as_str(),
                codes::direction(said.author),
                clear,
                any
            ])
    }

    fn newest(&self, said: &Annotation) -> rusqlite::Result<Option<Newest>> {
        let clear = said.protection == Protection::Clear;
        let (author, kind) = (codes::direction(said.author), kind(&said.says));
        self.transaction
            .prepare_cached(NEWEST)?
            .query_row(
                params![self.account.0, said.peer.as_str(), said.target.as_str(), kind, author, clear],
                |row| {
                    let (id, at, was_here) = (row.get(0)?, row.get(1)?, row.get(2)?);
                    Ok(Newest { id, at, was_here, early: row.get(3)?, state: row.get(4)? })
                },
            )
            .optional()
    }

    /// Those no longer count, nor go out any more if they have not yet; what they said is forgotten.
    fn retire(&self, which: &str, params: impl rusqlite::Params) -> rusqlite::Result<usize> {
        let state = "state = CASE state WHEN 1 THEN 2 ELSE state END";
        self.execute(
            &format!(
                "UPDATE annotation SET counts = 0, waits = 0, early = 0, value = '', {state} WHERE {which}"
            ),
            params,
        )
    }

    /// It no longer counts. What has come early may turn out to be the newest all the same, and what has failed to be in the archive.
    fn supersede(&self, newest: &Newest) -> rusqlite::Result<()> {
        if newest.state != codes::PENDING {
            self.stand_down(newest.id)?;
        }
        if newest.early == CAME_EARLY || newest.state == codes::FAILED {
            return self.keep(newest.id);
        }
        self.retire("id = ?1", [newest.id]).map(drop)
    }

    /// It no longer counts, and what it says is kept until its place is told.
    fn keep(&self, id: i64) -> rusqlite::Result<()> {
        let kept = "UPDATE annotation SET counts = 0, waits = 0, early = ?2 WHERE id = ?1";
        self.execute(kept, [id, CAME_EARLY]).map(drop)
    }

    fn insert(&self, said: &Annotation, (counts, early): (bool, i64), waits: bool) -> rusqlite::Result<()> {
        let (state, problem) = codes::state(&said.state);
        let (protection, sealed_by, sealed_trust) = codes::protection(&said.protection);
        let is_kept = counts || matches!(early, CAME_EARLY | STANDS_BY | STANDS_BY_EARLY);
        let value = if is_kept { value(&said.says) } else { String::new() };
        // What does not count any more does not go out.
        let state = if counts || state != codes::PENDING { state } else { 2 };
        self.execute(
            "INSERT INTO annotation (account, peer, direction, kind, target, origin, value, at, state, problem,
                                     protection, sealed_by, sealed_trust, counts, waits, early, after)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, coalesce(max(id), 0) FROM message",
            params![
                self.account.0,
                said.peer.as_str(),
                codes::direction(said.author),
                kind(&said.says),
                said.target.as_str(),
                said.origin.as_ref().map(OriginId::as_str),
                value,
                said.at.as_millis(),
                state,
                problem,
                protection,
                sealed_by,
                sealed_trust,
                counts,
                counts && waits,
                early
            ],
        )?;
        Ok(())
    }

    /// What is encrypted takes the place of what is shown in clear, whatever either says of its time.
    fn correct(
        &mut self,
        target: &Target,
        said: &Annotation,
        text: &str,
        is_behind: bool,
    ) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE message SET corrected = ?2, edited_at = ?3, corrected_sealed = protection IS NULL AND NOT ?5
             WHERE id = ?1 AND (?4 OR edited_at IS NULL OR edited_at <= ?3
                                OR (protection IS NULL AND corrected_sealed = 0 AND NOT ?5))",
            params![target.id, text, said.at.as_millis(), is_behind, said.protection == Protection::Clear],
        )?;
        self.news.tell(Event::ConversationChanged(said.peer.clone()));
        Ok(())
    }

    /// What it corrects is not here, and may never come: until then it is a message itself. Ours that wait are not, or they would go out
    /// as such.
    fn stand_in(&mut self, said: &Annotation, text: &str) -> rusqlite::Result<()> {
        if !matches!(said.state, MessageState::Received | MessageState::Sent) {
            return Ok(());
        }
        self.add_message(&NewMessage {
            peer: said.peer.clone(),
            direction: said.author,
            origin: Some(said.target.clone()),
            stanza: None,
            body: Body::Text(text.to_owned()),
            at: said.at,
            state: said.state.clone(),
            protection: said.protection,
            reply: None,
            order: if said.arrival == Arrival::Live { Order::Last } else { Order::ByTime },
            naming: Naming::Unsure,
        })?;
        if let Some(target) = self.target(said)? {
            self.execute("UPDATE message SET stands_in = 1, early = 1 WHERE id = ?1", [target.id])?;
            self.correct(&target, said, text, said.arrival == Arrival::Live)?;
        }
        Ok(())
    }

    /// Nothing of the message stays but that there was one. It is read, and nobody reacts to it any more.
    fn retract(&mut self, target: &Target, said: &Annotation) -> rusqlite::Result<()> {
        if target.retracted {
            return Ok(());
        }
        self.execute(
            "UPDATE message
             SET body = NULL, unreadable = ?2, corrected = NULL, edited_at = NULL, corrected_sealed = 0,
                 reply_to = NULL, reply_author = NULL, unread = 0, unreached = 0, problem = NULL,
                 state = CASE WHEN state IN (1, 3) THEN 2 ELSE state END
             WHERE id = ?1",
            params![target.id, codes::RETRACTED],
        )?;
        self.execute("DELETE FROM unreached WHERE message = ?1", [target.id])?;
        // Nor what might be read of it later.
        self.execute("DELETE FROM held WHERE message = ?1", [target.id])?;
        // What was said encrypted is of the message that was, if there is another one of that name.
        let of_it = params![
            self.account.0,
            said.peer.as_str(),
            said.target.as_str(),
            codes::direction(said.author),
            said.protection == Protection::Clear
        ];
        self.retire(
            "account = ?1 AND peer = ?2 AND target = ?3 AND counts = 1
             AND (kind = 'reactions' OR (kind = 'correction' AND direction = ?4))
             AND (protection IS NULL OR NOT ?5)",
            of_it,
        )?;
        self.retire(
            "account = ?1 AND peer = ?2 AND target = ?3 AND counts = 0 AND early IN (1, 3, 4)
             AND (kind = 'reactions' OR (kind = 'correction' AND direction = ?4))
             AND (protection IS NULL OR NOT ?5)",
            of_it,
        )?;
        self.news.tell(Event::ConversationChanged(said.peer.clone()));
        if target.unread {
            self.execute(
                "UPDATE conversation SET unread = unread - 1 WHERE account = ?1 AND peer = ?2",
                params![self.account.0, said.peer.as_str()],
            )?;
            // What was notified of it goes as well.
            self.news.tell(Event::ConversationRead(said.peer.clone()));
        }
        Ok(())
    }

    /// Nobody fills the disk with what does not count, or waits for what never comes.
    fn bound(&self, said: &Annotation) -> rusqlite::Result<()> {
        let (peer, target) = (said.peer.as_str(), said.target.as_str());
        let past = "(SELECT id FROM annotation
                     WHERE account = ?1 AND peer = ?2 AND target = ?3 AND kind = ?4 AND direction = ?5 AND counts = 0
                     ORDER BY id DESC LIMIT -1 OFFSET ?6)";
        let of_it =
            params![self.account.0, peer, target, kind(&said.says), codes::direction(said.author), MOST_PAST];
        let waiting =
            "(SELECT id FROM annotation WHERE account = ?1 AND peer = ?2 AND waits = 1 AND state <> 1
                        ORDER BY id DESC LIMIT -1 OFFSET ?3)";
        let of_them = params![self.account.0, peer, MOST_WAITING];
        let mut kept = 0;
        for (which, params) in [(past, of_it), (waiting, of_them)] {
            kept += self.execute(&format!("{PAST} {which}"), params)?;
            self.execute(&format!("DELETE FROM annotation WHERE id IN {which}"), params)?;
        }
        if kept > 0 { self.bound_names() } else { Ok(()) }
    }

    /// Whether a retraction that came before a message is of it. An author may use an identifier again: then it is of the message that it
    /// was of first.
    pub(super) fn is_retracted(&self, conversation: i64, message: &NewMessage) -> rusqlite::Result<bool> {
        let Some(origin) = &message.origin else { return Ok(false) };
        let clear = message.protection == Protection::Clear;
        let direction = codes::direction(message.direction);
        let peer = message.peer.as_str();
        let said: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT max(at) FROM annotation
                 WHERE account = ?1 AND peer = ?2 AND target = ?3 AND kind = 'retraction' AND direction = ?4 AND counts = 1
                   AND (protection IS NOT NULL OR ?5)",
            )?
            .query_row(params![self.account.0, peer, origin.as_str(), direction, clear], |row| row.get(0))?;
        let Some(said) = said else { return Ok(false) };
        if message.direction == Direction::Outgoing {
            return Ok(true);
        }
        let at = message.at.as_millis();
        let nearest: Option<i64> = self
            .transaction
            .prepare_cached(
                "SELECT min(abs(at - ?4)) FROM message
                 WHERE conversation = ?1 AND direction = ?2 AND origin = ?3 AND unreadable = 'retracted'
                   AND stands_in = 0",
            )?
            .query_row(params![conversation, direction, origin.as_str(), at], |row| row.get(0))?;
        Ok(match nearest {
            Some(apart) => apart <= WINDOW,
            None => at <= said.saturating_add(WINDOW),
        })
    }

    /// A message has come in whose place a correction of it stands: it is one row from then on, if both are in clear or both encrypted.
    pub(super) fn fill_in(&mut self, conversation: i64, message: &NewMessage) -> rusqlite::Result<bool> {
        let Some(origin) = &message.origin else { return Ok(false) };
        let (body, unreadable) = codes::body(&message.body);
        let (protection, sealed_by, sealed_trust) = codes::protection(&message.protection);
        let reply = self.replied_to(message)?;
        let place = match message.order {
            Order::Listed { .. } => message.at.as_millis(),
            Order::ByTime | Order::Last => self.new_place(conversation, message)?,
        };
        let mut fill = self.transaction.prepare_cached(
            "UPDATE message
             SET stands_in = 0, place = ?15, early = ?16, at = ?5, stanza_by = ?6, stanza_id = ?7, protection = ?8, sealed_by = ?9,
                 sealed_trust = ?10, written_at = ?17, reply_to = ?11, reply_author = ?12,
                 body = CASE unreadable WHEN 'retracted' THEN NULL ELSE ?13 END,
                 unreadable = CASE unreadable WHEN 'retracted' THEN unreadable ELSE ?14 END
             WHERE id = (SELECT id FROM message
                         WHERE conversation = ?1 AND direction = ?2 AND origin = ?3 AND stands_in = 1
                           AND (protection IS NULL) = ?4 ORDER BY id LIMIT 1)
             RETURNING id",
        )?;
        let filled: Option<i64> = fill
            .query_row(
                params![
                    conversation,
                    codes::direction(message.direction),
                    origin.as_str(),
                    message.protection == Protection::Clear,
                    message.at.as_millis(),
                    message.stanza.as_ref().map(|stanza| stanza.by.as_str()),
                    message.stanza.as_ref().map(|stanza| stanza.id.as_str()),
                    protection,
                    sealed_by,
                    sealed_trust,
                    reply,
                    message.reply.as_ref().and_then(|reply| reply.author).map(codes::direction),
                    body,
                    unreadable,
                    place,
                    message.order == Order::ByTime,
                    codes::written_at(&message.protection)
                ],
                |row| row.get(0),
            )
            .optional()?;
        drop(fill);
        let Some(filled) = filled else { return Ok(false) };
        if let Order::Listed { since } = message.order {
            self.put_behind(conversation, since, filled, None)?;
        }
        self.awaited(message)?;
        self.news.tell(Event::ConversationChanged(message.peer.clone()));
        Ok(true)
    }

    /// What waited for a message waits no longer.
    pub(super) fn awaited(&self, message: &NewMessage) -> rusqlite::Result<()> {
        let Some(origin) = &message.origin else { return Ok(()) };
        self.execute(
            "UPDATE annotation SET waits = 0
             WHERE account = ?1 AND peer = ?2 AND target = ?3 AND waits = 1 AND (direction = ?4 OR kind = 'reactions')",
            params![
                self.account.0,
                message.peer.as_str(),
                origin.as_str(),
                codes::direction(message.direction)
            ],
        )?;
        Ok(())
    }

    /// Which message one answers, by its first name.
    pub(super) fn replied_to(&self, message: &NewMessage) -> rusqlite::Result<Option<String>> {
        let Some(reply) = &message.reply else { return Ok(None) };
        let author = (reply.author.unwrap_or(Direction::Incoming), reply.author.is_none());
        let first = self.correction_target(&message.peer, &reply.id, author)?;
        Ok(Some(first.as_ref().unwrap_or(&reply.id).as_str().to_owned()))
    }

    /// Moves on what we say of a message, as messages are moved on. Tells whether there is such a thing in another state.
    pub(super) fn advance_annotation(
        &mut self,
        peer: &BareJid,
        id: &OriginId,
        (state, problem): (i64, Option<&str>),
    ) -> rusqlite::Result<bool> {
        let changed = self.execute(
            concat!(
                "UPDATE annotation SET state = ?4, problem = ?5
                 WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = 1 AND counts = 1 AND ",
                advances!()
            ),
            params![self.account.0, peer.as_str(), id.as_str(), state, problem],
        )?;
        if changed > 0 && state == codes::FAILED {
            self.give_way(peer, id)?;
        }
        Ok(changed > 0)
    }

    /// What we say of a message and waits is to be encrypted.
    pub(super) fn protect_annotation(
        &mut self,
        peer: &BareJid,
        id: &OriginId,
        protection: Option<&str>,
    ) -> rusqlite::Result<()> {
        let changed = self.execute(
            "UPDATE OR REPLACE annotation SET protection = ?4
             WHERE account = ?1 AND peer = ?2 AND origin = ?3 AND direction = 1 AND counts = 1 AND state = 1
               AND protection IS NULL AND ?4 IS NOT NULL",
            params![self.account.0, peer.as_str(), id.as_str(), protection],
        )?;
        if changed > 0 {
            self.execute(
                "UPDATE message SET corrected_sealed = 1
                 WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2) AND direction = 1
                   AND origin IN (SELECT target FROM annotation WHERE account = ?1 AND peer = ?2 AND origin = ?3
                                    AND direction = 1 AND kind = 'correction' AND counts = 1)
                   AND protection IS NULL AND corrected IS NOT NULL",
                params![self.account.0, peer.as_str(), id.as_str()],
            )?;
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }
}

/// Whether it comes from since all was here. What is older is not what is meant, whatever becomes of what was written here.
fn is_new(said: &Annotation) -> bool {
    said.is_early || said.arrival != Arrival::Kept
}

/// Whether it was written here, and is not known to have gone out.
fn is_written(said: &Annotation) -> bool {
    said.author == Direction::Outgoing && said.state != MessageState::Sent
}

/// Whether what it corrects was named in clear beside it: the older version encrypts a text and nothing else. Whoever carries it can have put
/// that there.
fn is_carried(said: &Annotation) -> bool {
    matches!((&said.says, said.protection), (Says::Correction(_), Protection::Encrypted(Some(seal))) if seal.version == OmemoVersion::Legacy)
}

pub(super) fn kind(says: &Says) -> &'static str {
    match says {
        Says::Correction(_) => "correction",
        Says::Retraction(_) => "retraction",
        Says::Reactions(_) => "reactions",
    }
}

pub(super) fn value(says: &Says) -> String {
    match says {
        Says::Correction(text) => text.clone(),
        Says::Retraction(words) => words.clone(),
        Says::Reactions(emoji) => codes::emoji(emoji),
    }
}

/// Reads what [`kind`] and [`value`] say.
pub(super) fn read_says(kind: &str, value: String) -> Option<Says> {
    Some(match kind {
        "correction" => Says::Correction(value),
        "retraction" => Says::Retraction(value),
        "reactions" => Says::Reactions(codes::read_emoji(&value)),
        _ => return None,
    })
}
