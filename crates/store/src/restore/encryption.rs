//! What encryption starts from.

use causerie_model::{
    AccountId, Awaits, BareJid, Decision, DeviceId, Held, MOST_READ, Mark, OmemoVersion, OriginId,
    RestoredEncryption, SessionName, StanzaId, Timestamp, Told, Trust, Unreadable,
};
use rusqlite::{Connection, Row, params};

use crate::codes::{self, Code};
use crate::reader::{contacts::jid, first, rows};

const OWN: &str = "SELECT device, sealed FROM own_keys WHERE account = ?1";
const SESSIONS: &str =
    "SELECT jid, device, version, sealed FROM session WHERE account = ?1 ORDER BY jid, device, version";
/// A row for each device, and one with none for a list that is empty.
const LISTS: &str = "
    SELECT jid, version, coalesce(device, 0) AS device
    FROM device_list LEFT JOIN listed_device USING (account, jid, version)
    WHERE account = ?1 ORDER BY jid, version, device";
const KEYS: &str = "
    SELECT jid, device, fingerprint, trust, decided_at FROM device_key
    WHERE account = ?1 ORDER BY jid, device, newest, first_seen, fingerprint";
const DECISIONS: &str = "
    SELECT awaits, jid, fingerprint, trust, at FROM decision WHERE account = ?1
    ORDER BY awaits, jid, fingerprint";
const TOLD: &str = "
    SELECT teller, jid, fingerprint, trust, at, since FROM told WHERE account = ?1
    ORDER BY teller, jid, fingerprint";
const COPIED: &str = "SELECT device FROM copy_seen WHERE account = ?1";
const RENEWED: &str = "SELECT renewed FROM copy_seen WHERE account = ?1";
const UNWANTED: &str = "SELECT device FROM unwanted_device WHERE account = ?1 ORDER BY device";
const ALARMS: &str = "SELECT what, device FROM alarm WHERE account = ?1 ORDER BY what, device";
const CLEAR: &str = "SELECT peer FROM conversation WHERE account = ?1 AND privacy = 'clear' ORDER BY peer";
const PARTNERS: &str = "
    SELECT peer FROM conversation WHERE account = ?1 AND EXISTS (
        SELECT 1 FROM message
        WHERE message.conversation = conversation.id AND direction = 1 AND origin IS NOT NULL)
    ORDER BY peer";

const CAREFUL: &str = "SELECT jid FROM careful WHERE account = ?1 ORDER BY jid";
const EARLY: &str = "
    SELECT jid, fingerprint FROM device_key WHERE account = ?1 AND early = 1 ORDER BY jid, fingerprint";
const HELD: &str = "
    SELECT mark, peer, direction, origin, stanza_by, stanza_id, at, why, since, sealed, stanza
    FROM held LEFT JOIN held_keys ON held_keys.held = held.id WHERE account = ?1 ORDER BY id";
const EARLY_ROWS: &str = "
    SELECT EXISTS (SELECT 1 FROM message
                   WHERE unreadable = 'early' AND conversation IN (SELECT id FROM conversation WHERE account = ?1))";
const READ: &str = "
    SELECT mark FROM (SELECT number, mark FROM read_key WHERE account = ?1 ORDER BY number DESC LIMIT ?2)
    ORDER BY number";

/// The queries that must stay quick, for the test of their plans.
#[cfg(test)]
pub(crate) fn queries() -> [(&'static str, &'static str); 10] {
    [
        ("own", OWN),
        ("sessions", SESSIONS),
        ("lists", LISTS),
        ("keys", KEYS),
        ("decisions", DECISIONS),
        ("unwanted", UNWANTED),
        ("alarms", ALARMS),
        ("clear", CLEAR),
        ("partners", PARTNERS),
        ("careful", CAREFUL),
    ]
}

/// Reads everything that encryption needs of one account. A row that is not understood is left out, as if it had never come.
pub(super) fn encryption(
    connection: &Connection,
    account: AccountId,
) -> rusqlite::Result<RestoredEncryption> {
    let account = [account.0];
    Ok(RestoredEncryption {
        own: first(connection, OWN, account, |row| {
            let Some(device) = codes::read_device(row, "device")? else { return Ok(None) };
            Ok(Some((device, row.get("sealed")?)))
        })?,
        sessions: rows(connection, SESSIONS, account, |row| {
            let name =
                (jid(row, "jid")?, codes::read_device(row, "device")?, codes::read_version(row, "version")?);
            let (Some(jid), Some(device), Some(version)) = name else { return Ok(None) };
            Ok(Some((SessionName { jid, device, version }, row.get("sealed")?)))
        })?,
        lists: lists(connection, account)?,
        keys: rows(connection, KEYS, account, |row| {
            let key = (
                jid(row, "jid")?,
                codes::read_device(row, "device")?,
                codes::read_fingerprint(row, "fingerprint")?,
            );
            let (Some(jid), Some(device), Some(fingerprint)) = key else { return Ok(None) };
            let decided = row.get::<_, Option<i64>>("decided_at")?.map(Timestamp::from_millis);
            Ok(Some((jid, device, fingerprint, codes::read(row, "trust")?, decided)))
        })?,
        decisions: rows(connection, DECISIONS, account, decision)?,
        told: rows(connection, TOLD, account, told)?,
        copied: first(connection, COPIED, account, |row| codes::read_device(row, "device"))?,
        renewed: first(connection, RENEWED, account, |row| {
            Ok(row.get::<_, Option<i64>>("renewed")?.map(Timestamp::from_millis))
        })?,
        unwanted: rows(connection, UNWANTED, account, |row| codes::read_device(row, "device"))?,
        alarms: rows(connection, ALARMS, account, codes::read_alarm)?,
        clear: rows(connection, CLEAR, account, |row| jid(row, 0))?,
        partners: rows(connection, PARTNERS, account, |row| jid(row, 0))?,
        careful: rows(connection, CAREFUL, account, |row| jid(row, 0))?,
        early: rows(connection, EARLY, account, |row| {
            Ok(jid(row, "jid")?.zip(codes::read_fingerprint(row, "fingerprint")?))
        })?,
        held: rows(connection, HELD, account, held)?,
        awaits_early: first(connection, EARLY_ROWS, account, |row| row.get(0).map(Some))?.unwrap_or_default(),
        read: rows(connection, READ, params![account[0], MOST_READ as i64], |row| {
            Ok(Some(Mark(row.get("mark")?)))
        })?,
    })
}

fn decision(row: &Row<'_>) -> rusqlite::Result<Option<Decision>> {
    let named = (
        Awaits::from_code(row.get_ref("awaits")?.as_str()?),
        jid(row, "jid")?,
        codes::read_fingerprint(row, "fingerprint")?,
        Trust::from_code(row.get_ref("trust")?.as_str()?),
    );
    let (Some(awaits), Some(jid), Some(fingerprint), Some(trust)) = named else { return Ok(None) };
    let at = Timestamp::from_millis(row.get("at")?);
    Ok(Some(Decision { jid, fingerprint, trust, at, awaits }))
}

fn told(row: &Row<'_>) -> rusqlite::Result<Option<Told>> {
    let named = (
        codes::read_fingerprint(row, "teller")?,
        jid(row, "jid")?,
        codes::read_fingerprint(row, "fingerprint")?,
        Trust::from_code(row.get_ref("trust")?.as_str()?),
    );
    let (Some(teller), Some(jid), Some(fingerprint), Some(trust)) = named else { return Ok(None) };
    let (at, since) = (Timestamp::from_millis(row.get("at")?), Timestamp::from_millis(row.get("since")?));
    Ok(Some(Told { teller, jid, fingerprint, trust, at, since }))
}

fn held(row: &Row<'_>) -> rusqlite::Result<Option<Held>> {
    let text = |column| row.get_ref(column).map(|value| value.as_str_or_null().unwrap_or_default());
    let Some(peer) = jid(row, "peer")? else { return Ok(None) };
    let by = text("stanza_by")?.and_then(|by| BareJid::new(by).ok());
    let archived = by.zip(text("stanza_id")?).map(|(by, id)| StanzaId { by, id: id.to_owned() });
    Ok(Some(Held {
        mark: Mark(row.get("mark")?),
        peer,
        direction: codes::read_direction(row.get("direction")?),
        origin: text("origin")?.and_then(OriginId::new),
        archived,
        at: Timestamp::from_millis(row.get("at")?),
        why: Unreadable::from_code(row.get_ref("why")?.as_str()?).unwrap_or(Unreadable::KeyReplaced),
        since: Timestamp::from_millis(row.get("since")?),
        keys: row.get("sealed")?,
        stanza: row.get("stanza")?,
    }))
}

type List = (BareJid, OmemoVersion, Vec<DeviceId>);

fn lists(connection: &Connection, account: [i64; 1]) -> rusqlite::Result<Vec<List>> {
    let devices = rows(connection, LISTS, account, |row| {
        let (Some(jid), Some(version)) = (jid(row, "jid")?, codes::read_version(row, "version")?) else {
            return Ok(None);
        };
        Ok(Some((jid, version, codes::read_device(row, "device")?)))
    })?;
    let mut lists: Vec<List> = Vec::new();
    for (jid, version, device) in devices {
        match lists.last_mut() {
            Some(last) if last.0 == jid && last.1 == version => last.2.extend(device),
            _ => lists.push((jid, version, device.into_iter().collect())),
        }
    }
    Ok(lists)
}
