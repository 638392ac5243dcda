//! The rooms that the person wants to be in.

use causerie_model::{AccountId, BareJid, LastSaid, MOST_ROOMS, Nick, OriginId, Reached, Room, Timestamp};
use rusqlite::{Connection, params};

use crate::reader::{contacts, first, rows};

const ROOMS: &str = "
    SELECT room.jid, room.nick, archive.reached, archive.at, archive.gap_until, archive_asked.at
    FROM room LEFT JOIN archive USING (account, jid) LEFT JOIN archive_asked USING (account, jid)
    WHERE room.account = ?1 AND room.wanted = 1
    ORDER BY room.jid LIMIT ?2";
/// What the room has said or given back.
pub(crate) const LAST: &str = "
    SELECT nick, origin, body FROM message
    WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2 AND room = 1)
      AND state NOT IN (1, 3) AND stands_in = 0
    ORDER BY place DESC, id DESC LIMIT 1";
const LEFT: &str = "
    SELECT peer FROM conversation
    WHERE account = ?1 AND room = 1
      AND peer NOT IN (SELECT jid FROM room WHERE account = ?1 AND wanted = 1)
    ORDER BY peer";

/// The rooms, with how far the archive of each was read.
pub(super) fn rooms(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<Room>> {
    let most = i64::try_from(MOST_ROOMS).unwrap_or(i64::MAX);
    rows(connection, ROOMS, params![account.0, most], |row| {
        let nick = Nick::new(row.get_ref(1)?.as_str()?);
        let (Some(jid), Some(nick)) = (contacts::jid(row, 0)?, nick) else { return Ok(None) };
        let archive = match row.get::<_, Option<String>>(2)? {
            None => None,
            Some(id) => Some(Reached { id, at: Timestamp::from_millis(row.get(3)?) }),
        };
        let gap = row.get::<_, Option<i64>>(4)?.map(Timestamp::from_millis);
        let asked = row.get::<_, Option<i64>>(5)?.map(Timestamp::from_millis);
        let last = last(connection, account, &jid)?;
        Ok(Some(Room { jid, nick, archive, gap, asked, last }))
    })
}

fn last(connection: &Connection, account: AccountId, room: &BareJid) -> rusqlite::Result<Option<LastSaid>> {
    first(connection, LAST, params![account.0, room.as_str()], |row| {
        let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
        Ok(Some(LastSaid {
            nick: text(0)?.and_then(Nick::new),
            origin: text(1)?.and_then(OriginId::new),
            text: row.get(2)?,
        }))
    })
}

/// Those that the person does not want to be in any more.
pub(super) fn left(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<BareJid>> {
    rows(connection, LEFT, [account.0], |row| contacts::jid(row, 0))
}
