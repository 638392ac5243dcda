//! What a brain starts from.

pub(crate) mod encryption;
pub(crate) mod pending;
mod reading;
pub(crate) mod rooms;

use causerie_model::{
    AccountId, AvatarHash, Capabilities, InviteToken, IssuedToken, Reached, Restored, Timestamp, UserAgentId,
};
use rusqlite::{Connection, params};

use crate::reader::{contacts, first, rows};

/// Those with whom something was written first, then the last that were active: strangers do not make room for themselves.
const CONVERSATIONS: &str = "
    SELECT peer FROM conversation
    WHERE account = ?1 AND room = 0
    ORDER BY EXISTS (SELECT 1 FROM message
                     WHERE message.conversation = conversation.id AND direction = 1 AND origin IS NOT NULL) DESC,
             active_at DESC, id DESC
    LIMIT ?2";

/// Of our own archive only.
const ARCHIVE: &str =
    "SELECT archive.reached, archive.at, archive.gap_until FROM archive JOIN account ON account.id = archive.account
     WHERE archive.account = ?1 AND archive.jid = account.jid";

/// The same of when it was asked for the first time.
const ASKED: &str = "SELECT asked.at FROM archive_asked AS asked JOIN account ON account.id = asked.account
     WHERE asked.account = ?1 AND asked.jid = account.jid";

/// So many conversations are told of; who writes to thousands is not kept in mind with all of them.
const MAX_CONVERSATIONS: i64 = 2_000;

/// So many sets of features a brain starts with. It asks again for the others, should it meet them.
const MAX_CAPABILITIES: i64 = 500;

/// Reads everything a brain needs of one account.
pub(crate) fn restore(connection: &Connection, account: AccountId) -> rusqlite::Result<Restored> {
    let row = contacts::account(connection, account)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let (archive, gap) = archive(connection, account)?;
    let (pending, said) = pending::pending(connection, account)?;
    let reading = reading::reading(connection, account, &row.jid)?;
    Ok(Restored {
        account: row,
        roster: contacts::roster(connection, account)?,
        blocked: contacts::blocked(connection, account)?,
        requests: contacts::requests(connection, account)?,
        pending,
        capabilities: capabilities(connection)?,
        avatars: rows(
            connection,
            "SELECT jid, hash FROM avatar_choice WHERE account = ?1 ORDER BY jid",
            [account.0],
            |row| {
                let Some(jid) = contacts::jid(row, 0)? else { return Ok(None) };
                Ok(Some((jid, AvatarHash(row.get(1)?))))
            },
        )?,
        conversations: rows(connection, CONVERSATIONS, params![account.0, MAX_CONVERSATIONS], |row| {
            contacts::jid(row, 0)
        })?,
        archive,
        gap,
        asked: first(connection, ASKED, [account.0], |row| Ok(Some(Timestamp::from_millis(row.get(0)?))))?,
        encryption: encryption::encryption(connection, account)?,
        user_agent: rows(connection, "SELECT user_agent FROM account WHERE id = ?1", [account.0], |row| {
            Ok(row.get_ref(0)?.as_str_or_null()?.and_then(UserAgentId::new))
        })?
        .pop(),
        reading,
        unread: reading::unread(connection, account)?,
        rooms: rooms::rooms(connection, account)?,
        said,
        left_rooms: rooms::left(connection, account)?,
        tokens: rows(
            connection,
            "SELECT token, expires FROM invite_token WHERE account = ?1 ORDER BY expires, token",
            [account.0],
            |row| {
                let expires = Timestamp::from_millis(row.get(1)?);
                let token = InviteToken::new(row.get_ref(0)?.as_str()?);
                Ok(token.map(|token| IssuedToken { token, expires }))
            },
        )?,
    })
}

/// How far our own archive was read, and until when something is missing after that.
fn archive(
    connection: &Connection,
    account: AccountId,
) -> rusqlite::Result<(Option<Reached>, Option<Timestamp>)> {
    let read = rows(connection, ARCHIVE, [account.0], |row| {
        let reached = Reached { id: row.get(0)?, at: Timestamp::from_millis(row.get(1)?) };
        Ok(Some((reached, row.get::<_, Option<i64>>(2)?.map(Timestamp::from_millis))))
    })?;
    Ok(read.into_iter().next_back().map_or((None, None), |(reached, gap)| (Some(reached), gap)))
}

/// The newest sets of features, the oldest of them first.
fn capabilities(connection: &Connection) -> rusqlite::Result<Vec<Capabilities>> {
    let mut sets = rows(
        connection,
        "SELECT id, ver FROM capability ORDER BY id DESC LIMIT ?1",
        [MAX_CAPABILITIES],
        |row| Ok(Some((row.get::<_, i64>(0)?, row.get(1)?))),
    )?;
    sets.reverse();
    let features = |id| contacts::features(connection, id);
    sets.into_iter().map(|(id, ver)| Ok(Capabilities { ver, features: features(id)? })).collect()
}
