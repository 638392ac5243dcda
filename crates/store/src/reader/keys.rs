//! Devices and their keys, and whether a conversation is encrypted.

use causerie_model::{
    AccountId, BareJid, DeviceId, DeviceKey, KeylessDevice, Privacy, Problem, Standing, Timestamp,
};
use rusqlite::{Row, params};

use super::{Reader, first, rows};
use crate::codes;

const KEYS: &str = "
    SELECT device, fingerprint, trust, first_seen, last_used,
           newest AND EXISTS (
               SELECT 1 FROM listed_device AS listed
               WHERE listed.account = ?1 AND listed.jid = ?2 AND listed.device = device_key.device) AS standing,
           EXISTS (
               SELECT 1 FROM unwanted_device AS unwanted
               WHERE unwanted.account = ?1 AND unwanted.device = device_key.device
                 AND ?2 = (SELECT jid FROM account WHERE id = ?1)) AS unwanted,
           (SELECT label FROM listed_device AS listed
            WHERE listed.account = ?1 AND listed.jid = ?2 AND listed.device = device_key.device AND label IS NOT NULL
            LIMIT 1) AS label
    FROM device_key WHERE account = ?1 AND jid = ?2
    ORDER BY standing DESC, last_used DESC, device, fingerprint";
const KEYLESS: &str = "
    SELECT device, max(label) AS label,
           EXISTS (SELECT 1 FROM unwanted_device AS unwanted
                   WHERE unwanted.account = ?1 AND unwanted.device = listed.device
                     AND ?2 = (SELECT jid FROM account WHERE id = ?1)) AS unwanted
    FROM listed_device AS listed
    WHERE account = ?1 AND jid = ?2
      AND NOT EXISTS (
          SELECT 1 FROM device_key AS known
          WHERE known.account = ?1 AND known.jid = listed.jid AND known.device = listed.device AND known.newest = 1)
      AND (device IS NOT (SELECT device FROM own_keys WHERE account = ?1)
           OR ?2 <> (SELECT jid FROM account WHERE id = ?1))
    GROUP BY device ORDER BY device";
const OWN_DEVICE: &str = "SELECT device FROM own_keys WHERE account = ?1";
const PRIVACY: &str = "SELECT privacy FROM conversation WHERE account = ?1 AND peer = ?2";

/// The queries that must stay quick, for the test of their plans.
#[cfg(test)]
pub(crate) fn queries() -> [&'static str; 4] {
    [KEYS, KEYLESS, OWN_DEVICE, PRIVACY]
}

impl Reader {
    /// The keys that were seen of somebody, or of the account's own address: those of listed devices first, then the last used
    /// first. A key that its device has replaced is no longer listed.
    pub fn device_keys(&self, account: AccountId, jid: &BareJid) -> Result<Vec<DeviceKey>, Problem> {
        self.read("device_keys", |connection| {
            rows(connection, KEYS, params![account.0, jid.as_str()], |row| read_key(row, jid))
        })
    }

    /// The devices of somebody, or the account's other ones, that are on one of their lists, and of which no key is known: their keys are
    /// nowhere any more, or were not fetched yet.
    pub fn keyless_devices(&self, account: AccountId, jid: &BareJid) -> Result<Vec<KeylessDevice>, Problem> {
        self.read("keyless_devices", |connection| {
            rows(connection, KEYLESS, params![account.0, jid.as_str()], |row| {
                let Some(device) = codes::read_device(row, "device")? else { return Ok(None) };
                let standing = if row.get("unwanted")? { Standing::Unwanted } else { Standing::Listed };
                Ok(Some(KeylessDevice { device, label: row.get("label")?, standing }))
            })
        })
    }

    /// Under which number this very machine is known, once the account has keys here.
    pub fn own_device(&self, account: AccountId) -> Result<Option<DeviceId>, Problem> {
        self.read("own_device", |connection| {
            first(connection, OWN_DEVICE, [account.0], |row| codes::read_device(row, "device"))
        })
    }

    /// Whether messages to somebody are encrypted: they are, unless the person has chosen otherwise for that conversation.
    pub fn privacy(&self, account: AccountId, peer: &BareJid) -> Result<Privacy, Problem> {
        self.read("privacy", |connection| {
            let privacy = first(connection, PRIVACY, params![account.0, peer.as_str()], |row| {
                codes::read(row, "privacy").map(Some)
            })?;
            Ok(privacy.unwrap_or_default())
        })
    }
}

fn read_key(row: &Row<'_>, jid: &BareJid) -> rusqlite::Result<Option<DeviceKey>> {
    let key = (codes::read_device(row, "device")?, codes::read_fingerprint(row, "fingerprint")?);
    let (Some(device), Some(fingerprint)) = key else { return Ok(None) };
    Ok(Some(DeviceKey {
        jid: jid.clone(),
        device,
        fingerprint,
        trust: codes::read(row, "trust")?,
        label: row.get("label")?,
        first_seen: Timestamp::from_millis(row.get("first_seen")?),
        last_used: row.get::<_, Option<i64>>("last_used")?.map(Timestamp::from_millis),
        standing: match (row.get("standing")?, row.get("unwanted")?) {
            (false, _) => Standing::Gone,
            (true, false) => Standing::Listed,
            (true, true) => Standing::Unwanted,
        },
    }))
}
