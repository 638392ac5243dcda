//! The rooms that the person wants to be in.

use causerie_model::{AccountId, MOST_ROOMS, Nick, Reached, Room, Timestamp};
use rusqlite::{Connection, params};

use crate::reader::{contacts, rows};

const ROOMS: &str = "
    SELECT room.jid, room.nick, archive.reached, archive.at, archive.gap_until,
           (SELECT max(message.at) FROM message JOIN conversation ON conversation.id = message.conversation
            WHERE conversation.account = room.account AND conversation.peer = room.jid AND message.state <> 1)
    FROM room LEFT JOIN archive USING (account, jid)
    WHERE room.account = ?1 AND room.wanted = 1
    ORDER BY room.jid LIMIT ?2";

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
        let at = |millis: Option<i64>| millis.map(Timestamp::from_millis);
        Ok(Some(Room { jid, nick, archive, gap: at(row.get(4)?), last: at(row.get(5)?) }))
    })
}
