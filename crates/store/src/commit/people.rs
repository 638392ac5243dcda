//! What is known of people beside the roster: requests, blocking, names, pictures, features of their programs.

use std::collections::HashSet;

use causerie_model::{Avatar, AvatarHash, BareJid, Capabilities, Event, SubscriptionRequest};
use rusqlite::{Connection, OptionalExtension, params};

use super::Step;

/// So many sets of features are kept. There are a few hundred programs in the world; who sends more makes them up.
const MAX_CAPABILITIES: i64 = 2_000;

impl Step<'_> {
    pub(super) fn open_request(&mut self, request: &SubscriptionRequest) -> rusqlite::Result<()> {
        let SubscriptionRequest { jid, nickname, message, at, moved_from } = request;
        let moved_from = moved_from.as_ref().map(BareJid::as_str);
        // A request that is sent again and again keeps the time of the first.
        let changed = self.execute(
            "INSERT INTO request (account, jid, nickname, message, at, moved_from) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (account, jid) DO UPDATE SET nickname = ?3, message = ?4, moved_from = ?6
             WHERE (nickname, message, moved_from) IS NOT (?3, ?4, ?6)",
            params![self.account.0, jid.as_str(), nickname, message, at.as_millis(), moved_from],
        )?;
        self.tell_requests(changed);
        Ok(())
    }

    pub(super) fn close_request(&mut self, jid: &BareJid) -> rusqlite::Result<()> {
        let changed = self.by_jid("DELETE FROM request WHERE account = ?1 AND jid = ?2", jid)?;
        self.tell_requests(changed);
        Ok(())
    }

    pub(super) fn replace_block_list(&mut self, jids: Vec<BareJid>) -> rusqlite::Result<()> {
        let known: HashSet<String> = self
            .transaction
            .prepare_cached("SELECT jid FROM blocked WHERE account = ?1")?
            .query_map([self.account.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let wanted: HashSet<&str> = jids.iter().map(BareJid::as_str).collect();
        let mut changed = Vec::new();
        for gone in known.iter().filter(|jid| !wanted.contains(jid.as_str())) {
            self.execute(
                "DELETE FROM blocked WHERE account = ?1 AND jid = ?2",
                params![self.account.0, gone],
            )?;
            changed.extend(BareJid::new(gone));
        }
        for jid in jids {
            if self.by_jid("INSERT OR IGNORE INTO blocked (account, jid) VALUES (?1, ?2)", &jid)? > 0 {
                changed.push(jid);
            }
        }
        changed.sort();
        self.tell_contacts(changed);
        Ok(())
    }

    pub(super) fn block(&mut self, jid: &BareJid) -> rusqlite::Result<()> {
        let changed = self.by_jid("INSERT OR IGNORE INTO blocked (account, jid) VALUES (?1, ?2)", jid)?;
        self.tell_contact(changed, jid);
        Ok(())
    }

    pub(super) fn unblock(&mut self, jid: &BareJid) -> rusqlite::Result<()> {
        let changed = self.by_jid("DELETE FROM blocked WHERE account = ?1 AND jid = ?2", jid)?;
        self.tell_contact(changed, jid);
        Ok(())
    }

    pub(super) fn set_nickname(&mut self, jid: &BareJid, nickname: Option<&str>) -> rusqlite::Result<()> {
        let changed = match nickname {
            None => self.by_jid("DELETE FROM nickname WHERE account = ?1 AND jid = ?2", jid)?,
            Some(nickname) => self.execute(
                "INSERT INTO nickname (account, jid, nickname) VALUES (?1, ?2, ?3)
                 ON CONFLICT (account, jid) DO UPDATE SET nickname = ?3 WHERE nickname IS NOT ?3",
                params![self.account.0, jid.as_str(), nickname],
            )?,
        };
        self.tell_person(changed, jid)?;
        Ok(())
    }

    pub(super) fn set_avatar(&mut self, jid: &BareJid, avatar: &Avatar) -> rusqlite::Result<()> {
        self.execute(
            "INSERT OR IGNORE INTO avatar (hash, bytes) VALUES (?1, ?2)",
            params![avatar.hash.0, avatar.bytes],
        )?;
        self.choose_avatar(jid, avatar.hash)
    }

    /// Says whose picture it is, if its bytes are here.
    pub(super) fn choose_avatar(&mut self, jid: &BareJid, hash: AvatarHash) -> rusqlite::Result<()> {
        let before = self.chosen_avatar(jid)?;
        let changed = self.execute(
            "INSERT INTO avatar_choice (account, jid, hash) SELECT ?1, ?2, hash FROM avatar WHERE hash = ?3
             ON CONFLICT (account, jid) DO UPDATE SET hash = excluded.hash WHERE hash IS NOT excluded.hash",
            params![self.account.0, jid.as_str(), hash.0],
        )?;
        if changed > 0 {
            self.drop_avatar(before)?;
        }
        self.tell_person(changed, jid)?;
        Ok(())
    }

    pub(super) fn remove_avatar(&mut self, jid: &BareJid) -> rusqlite::Result<()> {
        let before = self.chosen_avatar(jid)?;
        let changed = self.by_jid("DELETE FROM avatar_choice WHERE account = ?1 AND jid = ?2", jid)?;
        self.drop_avatar(before)?;
        self.tell_person(changed, jid)?;
        Ok(())
    }

    pub(super) fn learn(&mut self, capabilities: &Capabilities) -> rusqlite::Result<()> {
        let new = self.execute("INSERT OR IGNORE INTO capability (ver) VALUES (?1)", [&capabilities.ver])?;
        if new == 0 {
            return Ok(());
        }
        let id = self.transaction.last_insert_rowid();
        for feature in &capabilities.features {
            self.execute(
                "INSERT OR IGNORE INTO feature (capability, name) VALUES (?1, ?2)",
                params![id, feature],
            )?;
        }
        self.execute("DELETE FROM capability WHERE id <= ?1", [id - MAX_CAPABILITIES])?;
        Ok(())
    }

    fn chosen_avatar(&self, jid: &BareJid) -> rusqlite::Result<Option<[u8; 20]>> {
        self.transaction
            .prepare_cached("SELECT hash FROM avatar_choice WHERE account = ?1 AND jid = ?2")?
            .query_row(params![self.account.0, jid.as_str()], |row| row.get(0))
            .optional()
    }

    /// Drops a picture that nobody has any more.
    fn drop_avatar(&self, hash: Option<[u8; 20]>) -> rusqlite::Result<()> {
        self.execute(
            "DELETE FROM avatar WHERE hash = ?1 AND NOT EXISTS (SELECT 1 FROM avatar_choice WHERE hash = ?1)",
            [hash],
        )?;
        Ok(())
    }

    fn by_jid(&self, sql: &str, jid: &BareJid) -> rusqlite::Result<usize> {
        self.execute(sql, params![self.account.0, jid.as_str()])
    }

    fn tell_requests(&mut self, changed: usize) {
        if changed > 0 {
            self.news.tell(Event::RequestsChanged);
        }
    }

    /// What somebody shows of themselves changed, perhaps we ourselves.
    fn tell_person(&mut self, changed: usize, jid: &BareJid) -> rusqlite::Result<()> {
        self.tell_contact(changed, jid);
        let own = "SELECT 1 FROM account WHERE id = ?1 AND jid = ?2";
        let key = params![self.account.0, jid.as_str()];
        if changed > 0 && self.transaction.prepare_cached(own)?.exists(key)? {
            self.tell_account(changed);
        }
        Ok(())
    }

    fn tell_contact(&mut self, changed: usize, jid: &BareJid) {
        if changed > 0 {
            self.news.tell(Event::ContactChanged(jid.clone()));
        }
    }
}

/// Drops all pictures that nobody has any more.
pub(crate) fn drop_unused_avatars(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM avatar WHERE hash NOT IN (SELECT hash FROM avatar_choice)", ())?;
    Ok(())
}
