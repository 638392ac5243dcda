//! Keys, sessions and devices, what is decided about them, and whether a conversation is encrypted.

use std::collections::BTreeMap;

use causerie_model::{
    Alarm, BareJid, Decision, DeviceId, Event, Fingerprint, OmemoVersion, Privacy, SessionName, Timestamp,
    Trust,
};
use rusqlite::{OptionalExtension, params};

use super::Step;
use crate::codes::{self, Code};

/// How exactly it is kept when a key was last used, in milliseconds: a message more should not be a write more.
const HOUR: i64 = 60 * 60 * 1_000;

impl Step<'_> {
    pub(super) fn set_own_keys(&mut self, device: DeviceId, sealed: &[u8]) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO own_keys (account, device, sealed) VALUES (?1, ?2, ?3)
             ON CONFLICT (account) DO UPDATE SET device = ?2, sealed = ?3 WHERE (device, sealed) IS NOT (?2, ?3)",
            params![self.account.0, device.get(), sealed],
        )?;
        Ok(())
    }

    pub(super) fn set_session(&mut self, with: &SessionName, sealed: &[u8]) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO session (account, jid, device, version, sealed) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, jid, device, version) DO UPDATE SET sealed = ?5 WHERE sealed IS NOT ?5",
            params![self.account.0, with.jid.as_str(), with.device.get(), with.version.code(), sealed],
        )?;
        Ok(())
    }

    pub(super) fn forget_sessions(&mut self) -> rusqlite::Result<()> {
        self.execute("DELETE FROM session WHERE account = ?1", [self.account.0])?;
        Ok(())
    }

    pub(super) fn forget_session(&mut self, with: &SessionName) -> rusqlite::Result<()> {
        self.execute(
            "DELETE FROM session WHERE account = ?1 AND jid = ?2 AND device = ?3 AND version = ?4",
            params![self.account.0, with.jid.as_str(), with.device.get(), with.version.code()],
        )?;
        Ok(())
    }

    /// Forgets a key, unless a person has decided about it.
    pub(super) fn forget_key(&mut self, jid: &BareJid, fingerprint: Fingerprint) -> rusqlite::Result<()> {
        let (verified, distrusted) = (Trust::Verified.code(), Trust::Distrusted.code());
        let changed = self.execute(
            "DELETE FROM device_key WHERE account = ?1 AND jid = ?2 AND fingerprint = ?3 AND trust NOT IN (?4, ?5)",
            params![self.account.0, jid.as_str(), fingerprint.0, verified, distrusted],
        )?;
        self.tell_keys(changed, jid);
        Ok(())
    }

    /// Forgets what is shared with somebody and what is known of them, except for what a person has decided.
    pub(super) fn forget_stranger(&mut self, jid: &BareJid) -> rusqlite::Result<()> {
        let whose = params![self.account.0, jid.as_str()];
        self.execute("DELETE FROM session WHERE account = ?1 AND jid = ?2", whose)?;
        self.execute("DELETE FROM device_list WHERE account = ?1 AND jid = ?2", whose)?;
        let undecided =
            params![self.account.0, jid.as_str(), Trust::Verified.code(), Trust::Distrusted.code()];
        let changed = self.execute(
            "DELETE FROM device_key WHERE account = ?1 AND jid = ?2 AND trust NOT IN (?3, ?4)",
            undecided,
        )?;
        self.execute(
            "DELETE FROM held_annotation WHERE account = ?1 AND peer = ?2 AND direction = 0",
            whose,
        )?;
        self.tell_keys(changed, jid);
        Ok(())
    }

    /// Replaces a list of devices. One that is empty is kept as such.
    pub(super) fn list_devices(
        &mut self,
        jid: &BareJid,
        version: OmemoVersion,
        devices: Vec<(DeviceId, Option<String>)>,
    ) -> rusqlite::Result<()> {
        let key = params![self.account.0, jid.as_str(), version.code()];
        let new = self
            .execute("INSERT OR IGNORE INTO device_list (account, jid, version) VALUES (?1, ?2, ?3)", key)?;
        let known: Vec<(u32, Option<String>)> = self
            .transaction
            .prepare_cached(
                "SELECT device, label FROM listed_device
                 WHERE account = ?1 AND jid = ?2 AND version = ?3 ORDER BY device",
            )?
            .query_map(key, |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        // A device that is there twice is there once, with its last name.
        let wanted: BTreeMap<u32, Option<String>> =
            devices.into_iter().map(|(device, label)| (device.get(), label)).collect();
        if new == 0 && wanted.iter().eq(known.iter().map(|(device, label)| (device, label))) {
            return Ok(());
        }
        self.execute("DELETE FROM listed_device WHERE account = ?1 AND jid = ?2 AND version = ?3", key)?;
        for (device, label) in wanted {
            self.execute(
                "INSERT INTO listed_device (account, jid, version, device, label) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![self.account.0, jid.as_str(), version.code(), device, label],
            )?;
        }
        self.news.tell(Event::KeysChanged(jid.clone()));
        Ok(())
    }

    /// Notes that a device has this key now, and no other.
    pub(super) fn see_key(
        &mut self,
        jid: &BareJid,
        device: DeviceId,
        fingerprint: Fingerprint,
        trust: Trust,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE device_key SET newest = 0
             WHERE account = ?1 AND jid = ?2 AND device = ?3 AND newest = 1 AND fingerprint IS NOT ?4",
            params![self.account.0, jid.as_str(), device.get(), fingerprint.0],
        )?;
        let changed = self.execute(
            "INSERT INTO device_key (account, jid, fingerprint, device, newest, trust, first_seen)
             VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)
             ON CONFLICT (account, jid, fingerprint) DO UPDATE SET device = ?4, newest = 1
             WHERE (device, newest) IS NOT (?4, 1)",
            params![self.account.0, jid.as_str(), fingerprint.0, device.get(), trust.code(), at.as_millis()],
        )?;
        self.tell_keys(changed, jid);
        Ok(())
    }

    /// Notes that a key was seen before its device was on a list.
    pub(super) fn see_early(&mut self, jid: &BareJid, fingerprint: Fingerprint) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE device_key SET early = 1 WHERE account = ?1 AND jid = ?2 AND fingerprint = ?3",
            params![self.account.0, jid.as_str(), fingerprint.0],
        )?;
        Ok(())
    }

    /// Trusts such a key as it came, and what it has written, unless somebody has decided about it.
    pub(super) fn trust_listed(&mut self, jid: &BareJid, fingerprint: Fingerprint) -> rusqlite::Result<()> {
        let (undecided, blind) = (Trust::Undecided.code(), Trust::Blind.code());
        let changed = self.execute(
            "UPDATE device_key SET early = 0, trust = CASE trust WHEN ?4 THEN ?5 ELSE trust END
             WHERE account = ?1 AND jid = ?2 AND fingerprint = ?3 AND early = 1",
            params![self.account.0, jid.as_str(), fingerprint.0, undecided, blind],
        )?;
        // What it has written before that was from a device of theirs as well.
        let messages = self.execute(
            "UPDATE message SET sealed_trust = ?5
             WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
               AND sealed_by = ?3 AND sealed_trust = ?4",
            params![self.account.0, jid.as_str(), fingerprint.0, undecided, blind],
        )?;
        if messages > 0 {
            self.news.tell(Event::ConversationChanged(jid.clone()));
        }
        self.tell_keys(changed, jid);
        if changed > 0 {
            let trust: Option<String> = self
                .transaction
                .prepare_cached(
                    "SELECT trust FROM device_key WHERE account = ?1 AND jid = ?2 AND fingerprint = ?3",
                )?
                .query_row(params![self.account.0, jid.as_str(), fingerprint.0], |row| row.get(0))
                .optional()?;
            let trust = trust.as_deref().and_then(Trust::from_code).unwrap_or_default();
            self.count_annotations(jid, fingerprint, trust)?;
        }
        Ok(())
    }

    /// New keys of somebody wait for a decision from now on.
    pub(super) fn take_care(&mut self, jid: &BareJid) -> rusqlite::Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO careful (account, jid) VALUES (?1, ?2)",
            params![self.account.0, jid.as_str()],
        )?;
        Ok(())
    }

    pub(super) fn use_key(
        &mut self,
        jid: &BareJid,
        fingerprint: Fingerprint,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        let changed = self.execute(
            "UPDATE device_key SET last_used = ?4
             WHERE account = ?1 AND jid = ?2 AND fingerprint = ?3 AND (last_used IS NULL OR last_used < ?5)",
            params![
                self.account.0,
                jid.as_str(),
                fingerprint.0,
                at.as_millis(),
                at.as_millis().saturating_sub(HOUR)
            ],
        )?;
        self.tell_keys(changed, jid);
        Ok(())
    }

    pub(super) fn set_trust(
        &mut self,
        jid: &BareJid,
        fingerprint: Fingerprint,
        trust: Trust,
        at: Timestamp,
    ) -> rusqlite::Result<()> {
        let changed = self.execute(
            "UPDATE device_key SET trust = ?4, decided_at = ?5
             WHERE account = ?1 AND jid = ?2 AND fingerprint = ?3 AND (trust, decided_at) IS NOT (?4, ?5)",
            params![self.account.0, jid.as_str(), fingerprint.0, trust.code(), at.as_millis()],
        )?;
        self.tell_keys(changed, jid);
        self.count_annotations(jid, fingerprint, trust)
    }

    /// Of what is kept about one key for one thing, the latest counts.
    pub(super) fn keep_decision(&mut self, decision: &Decision) -> rusqlite::Result<()> {
        self.execute(
            "INSERT INTO decision (account, awaits, jid, fingerprint, trust, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account, awaits, jid, fingerprint) DO UPDATE SET trust = ?5, at = ?6 WHERE at <= ?6",
            params![
                self.account.0,
                decision.awaits.code(),
                decision.jid.as_str(),
                decision.fingerprint.0,
                decision.trust.code(),
                decision.at.as_millis()
            ],
        )?;
        Ok(())
    }

    pub(super) fn drop_decision(&mut self, decision: &Decision) -> rusqlite::Result<()> {
        self.execute(
            "DELETE FROM decision
             WHERE account = ?1 AND awaits = ?2 AND jid = ?3 AND fingerprint = ?4 AND at <= ?5",
            params![
                self.account.0,
                decision.awaits.code(),
                decision.jid.as_str(),
                decision.fingerprint.0,
                decision.at.as_millis()
            ],
        )?;
        Ok(())
    }

    pub(super) fn unwant_device(&mut self, device: DeviceId) -> rusqlite::Result<()> {
        let changed = self.execute(
            "INSERT OR IGNORE INTO unwanted_device (account, device) VALUES (?1, ?2)",
            params![self.account.0, device.get()],
        )?;
        self.tell_own_keys(changed)
    }

    pub(super) fn remove_unwanted(&mut self, device: DeviceId) -> rusqlite::Result<()> {
        let changed = self.execute(
            "DELETE FROM unwanted_device WHERE account = ?1 AND device = ?2",
            params![self.account.0, device.get()],
        )?;
        self.tell_own_keys(changed)
    }

    /// Something is to be seen by the person.
    pub(super) fn raise_alarm(&mut self, alarm: Alarm) -> rusqlite::Result<()> {
        let (what, device) = codes::alarm(alarm);
        self.execute(
            "INSERT OR IGNORE INTO alarm (account, what, device) VALUES (?1, ?2, ?3)",
            params![self.account.0, what, device],
        )
        .map(drop)
    }

    /// The person has seen it.
    pub(super) fn end_alarm(&mut self, alarm: Alarm) -> rusqlite::Result<()> {
        let (what, device) = codes::alarm(alarm);
        self.execute(
            "DELETE FROM alarm WHERE account = ?1 AND what = ?2 AND device = ?3",
            params![self.account.0, what, device],
        )
        .map(drop)
    }

    /// Sets whether a conversation is encrypted. One that is made for it does not come before others in the list.
    pub(super) fn set_privacy(&mut self, peer: &BareJid, privacy: Privacy) -> rusqlite::Result<()> {
        let changed = self.execute(
            "INSERT INTO conversation (account, peer, active_at, privacy)
             SELECT ?1, ?2, coalesce(max(active_at), 0), ?3 FROM conversation WHERE true
             ON CONFLICT (account, peer) DO UPDATE SET privacy = ?3 WHERE privacy IS NOT ?3",
            params![self.account.0, peer.as_str(), privacy.code()],
        )?;
        if changed > 0 {
            self.news.tell(Event::ConversationChanged(peer.clone()));
        }
        Ok(())
    }

    fn tell_own_keys(&mut self, changed: usize) -> rusqlite::Result<()> {
        if changed == 0 {
            return Ok(());
        }
        let own: String = self
            .transaction
            .prepare_cached("SELECT jid FROM account WHERE id = ?1")?
            .query_row([self.account.0], |row| row.get(0))?;
        if let Ok(own) = BareJid::new(&own) {
            self.tell_keys(changed, &own);
        }
        Ok(())
    }

    fn tell_keys(&mut self, changed: usize, jid: &BareJid) {
        if changed > 0 {
            self.news.tell(Event::KeysChanged(jid.clone()));
        }
    }
}
