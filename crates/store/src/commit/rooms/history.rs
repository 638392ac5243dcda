//! What a room without an archive tells of before we came.
//!
//! It tells the last that it keeps, in its order, and what of that is here already has no name and no time that both know: what came by itself
//! has the time of our clock, and programs may use a name again. But what is here and what is told are pieces of the same, so that the end of
//! the one overlaps with the beginning of the other. Where they fit best, that is looked for; what is told and is in no such place is new.

use causerie_model::{Author, Claim, Direction, OriginId, RoomMessage};
use rusqlite::params;

use crate::codes;
use crate::commit::Step;

/// How much of what is here is compared.
const MOST: i64 = 1_000;
/// What it is worth that two are the same, and what it costs that one is only in one of both.
const SAME: i32 = 2;
const ALONE: i32 = -1;

/// Something that is here.
pub(super) struct Here {
    id: i64,
    direction: Direction,
    origin: Option<String>,
    stanza: Option<String>,
    body: Option<String>,
    is_gone: bool,
    nick: Option<String>,
    occupant: Option<String>,
}

impl Here {
    /// Whether that is the same, as far as can be seen.
    fn is(&self, told: &RoomMessage) -> bool {
        let message = &told.message;
        if let (Some(here), Some(stanza)) = (&self.stanza, &message.stanza) {
            return *here == stanza.id;
        }
        let (body, _) = codes::body(&message.body);
        let same = self.origin.as_deref() == message.origin.as_ref().map(OriginId::as_str)
            && (self.is_gone || self.body.as_deref() == body);
        let may_be_ours = message.direction == Direction::Outgoing || told.claim == Claim::Perhaps;
        match (self.direction, &told.author) {
            (Direction::Outgoing, _) => same && may_be_ours,
            (Direction::Incoming, None) => false,
            (Direction::Incoming, Some(Author { nick, occupant })) => {
                let same_person = match (&self.occupant, occupant) {
                    (Some(here), Some(told)) => here == told,
                    _ => self.nick.as_deref() == Some(nick.as_str()),
                };
                same && same_person
            }
        }
    }
}

/// Which of what is here each of what is told is.
fn overlap(here: &[Here], told: &[RoomMessage]) -> Vec<Option<i64>> {
    let width = told.len() + 1;
    // The best that can be had with so many of what is here and of what is told; what is here may be left out from its beginning on.
    let mut best = vec![0_i32; (here.len() + 1) * width];
    let at = |row: usize, column: usize| row * width + column;
    let get =
        |best: &[i32], row: usize, column: usize| best.get(at(row, column)).copied().unwrap_or(i32::MIN / 2);
    let step = |best: &[i32], row: usize, column: usize, same: bool| {
        let both = if same { get(best, row - 1, column - 1) + SAME } else { i32::MIN / 2 };
        (both, get(best, row - 1, column) + ALONE, get(best, row, column - 1) + ALONE)
    };
    for row in 0..=here.len() {
        for column in 1..width {
            let value = match row.checked_sub(1).and_then(|row| here.get(row)).zip(told.get(column - 1)) {
                None => get(&best, row, column - 1) + ALONE,
                Some((here, told)) => {
                    let (both, mine, theirs) = step(&best, row, column, here.is(told));
                    both.max(mine).max(theirs)
                }
            };
            if let Some(cell) = best.get_mut(at(row, column)) {
                *cell = value;
            }
        }
    }
    let mut known = vec![None; told.len()];
    let last = |column: &usize| (get(&best, here.len(), *column), std::cmp::Reverse(*column));
    let mut column = (0..width).max_by_key(last).unwrap_or_default();
    let mut row = here.len();
    while row > 0 && column > 0 {
        let (Some(one), Some(other)) = (here.get(row - 1), told.get(column - 1)) else { break };
        let same = one.is(other);
        let (both, mine, _) = step(&best, row, column, same);
        let value = get(&best, row, column);
        if same && both == value {
            if let Some(known) = known.get_mut(column - 1) {
                *known = Some(one.id);
            }
            (row, column) = (row - 1, column - 1);
        } else if mine == value {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    known
}

impl Step<'_> {
    /// Takes in what a room tells of before.
    pub(in crate::commit) fn add_history(&mut self, told: &[RoomMessage]) -> rusqlite::Result<()> {
        let Some(first) = told.first() else { return Ok(()) };
        let conversation = self.room_conversation(first)?;
        let here = self.confirmed(conversation)?;
        let known = overlap(&here, told);
        told.iter().zip(known).try_for_each(|(said, known)| self.add_told(conversation, said, known))
    }

    /// The last that the room has said or given back.
    fn confirmed(&self, conversation: i64) -> rusqlite::Result<Vec<Here>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT id, direction, origin, stanza_id, body, unreadable IS 'retracted', nick, occupant FROM message
             WHERE conversation = ?1 AND state NOT IN (1, 3) AND stands_in = 0
             ORDER BY place DESC, id DESC LIMIT ?2",
        )?;
        let read = |row: &rusqlite::Row<'_>| {
            Ok(Here {
                id: row.get(0)?,
                direction: codes::read_direction(row.get(1)?),
                origin: row.get(2)?,
                stanza: row.get(3)?,
                body: row.get(4)?,
                is_gone: row.get(5)?,
                nick: row.get(6)?,
                occupant: row.get(7)?,
            })
        };
        let mut here: Vec<Here> =
            statement.query_map(params![conversation, MOST], read)?.collect::<Result<_, _>>()?;
        here.reverse();
        Ok(here)
    }
}
