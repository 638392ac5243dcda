//! The roster.

use std::collections::HashMap;

use causerie_model::{BareJid, Event, PendingOut, RosterItem};
use rusqlite::params;

use super::Step;
use crate::codes::Code;
use crate::reader::contacts;

impl Step<'_> {
    /// Makes the stored roster what the server says, and tells so only when that is something else than before.
    pub(super) fn replace_roster(
        &mut self,
        version: Option<String>,
        items: Vec<RosterItem>,
    ) -> rusqlite::Result<()> {
        let known = contacts::roster(self.transaction, self.account)?;
        let mut known: HashMap<BareJid, RosterItem> =
            known.into_iter().map(|item| (item.jid.clone(), item)).collect();
        // Should one address be listed twice, the last entry is the one that counts.
        let wanted: HashMap<BareJid, RosterItem> =
            items.into_iter().map(|item| (item.jid.clone(), item)).collect();
        let mut changed = false;
        for item in wanted.values() {
            if known.remove(&item.jid).as_ref() != Some(item) {
                self.write_item(item)?;
                changed = true;
            }
        }
        for jid in known.keys() {
            self.delete_item(jid)?;
            changed = true;
        }
        self.set_version(version)?;
        if changed {
            self.news.tell(Event::RosterChanged);
        }
        Ok(())
    }

    pub(super) fn set_roster_item(
        &mut self,
        version: Option<String>,
        item: RosterItem,
    ) -> rusqlite::Result<()> {
        let known = contacts::roster_item(self.transaction, self.account, &item.jid)?;
        self.set_version(version)?;
        if known.as_ref() != Some(&item) {
            self.write_item(&item)?;
            self.news.tell(Event::ContactChanged(item.jid));
        }
        Ok(())
    }

    pub(super) fn remove_roster_item(
        &mut self,
        version: Option<String>,
        jid: &BareJid,
    ) -> rusqlite::Result<()> {
        self.set_version(version)?;
        if self.delete_item(jid)? > 0 {
            self.news.tell(Event::ContactChanged(jid.clone()));
        }
        Ok(())
    }

    fn write_item(&self, item: &RosterItem) -> rusqlite::Result<()> {
        let RosterItem { jid, name, groups, subscription, pending_out, approved } = item;
        self.execute(
            "INSERT INTO contact (account, jid, name, subscription, pending_out, approved)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account, jid) DO UPDATE
             SET name = ?3, subscription = ?4, pending_out = ?5, approved = ?6",
            params![
                self.account.0,
                jid.as_str(),
                name,
                subscription.code(),
                *pending_out == PendingOut::Asked,
                approved
            ],
        )?;
        self.execute(
            "DELETE FROM contact_group WHERE account = ?1 AND jid = ?2",
            params![self.account.0, jid.as_str()],
        )?;
        for group in groups {
            self.execute(
                "INSERT OR IGNORE INTO contact_group (account, jid, name) VALUES (?1, ?2, ?3)",
                params![self.account.0, jid.as_str(), group],
            )?;
        }
        Ok(())
    }

    fn delete_item(&self, jid: &BareJid) -> rusqlite::Result<usize> {
        self.execute(
            "DELETE FROM contact WHERE account = ?1 AND jid = ?2",
            params![self.account.0, jid.as_str()],
        )
    }

    fn set_version(&self, version: Option<String>) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE account SET roster_version = ?2 WHERE id = ?1",
            params![self.account.0, version],
        )?;
        Ok(())
    }
}
