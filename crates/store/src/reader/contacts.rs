//! Accounts and people.

use causerie_model::{
    Account, AccountColour, AccountId, Avatar, AvatarHash, BareJid, Capabilities, Contact, Mechanism,
    OwnPresence, PendingOut, Problem, Profile, RosterItem, ServerAddress, SubscriptionRequest, Timestamp,
    contact_list,
};
use rusqlite::{Connection, Row, params};

use super::{Reader, first, rows};
use crate::codes::{self, Code};

impl Reader {
    /// All accounts, in the person's order; else in the order they were added.
    pub fn accounts(&self) -> Result<Vec<Account>, Problem> {
        self.read("accounts", |connection| {
            rows(connection, &format!("{ACCOUNT} ORDER BY position, id"), (), read_account)
        })
    }

    /// One account.
    pub fn account(&self, account: AccountId) -> Result<Option<Account>, Problem> {
        self.read("account", |connection| self::account(connection, account))
    }

    /// All contacts of an account, by address.
    pub fn contacts(&self, account: AccountId) -> Result<Vec<Contact>, Problem> {
        self.read("contacts", |connection| {
            let known = rows(
                connection,
                "SELECT contact.jid, nickname.nickname, avatar_choice.hash, blocked.jid IS NOT NULL
                 FROM contact
                 LEFT JOIN nickname USING (account, jid)
                 LEFT JOIN avatar_choice USING (account, jid)
                 LEFT JOIN blocked USING (account, jid)
                 WHERE contact.account = ?1
                 ORDER BY contact.jid",
                [account.0],
                |row| {
                    let hash: Option<[u8; 20]> = row.get(2)?;
                    Ok(jid(row, 0)?.map(|jid| (jid, row.get(1), hash.map(AvatarHash), row.get(3))))
                },
            )?;
            let mut known = known.into_iter().peekable();
            let mut contacts = Vec::new();
            for item in roster(connection, account)? {
                // Both lists are in the same order, and of the same transaction or nearly so.
                while known.next_if(|(jid, ..)| *jid < item.jid).is_some() {}
                let (nickname, avatar, blocked) = match known.next_if(|(jid, ..)| *jid == item.jid) {
                    Some((_, nickname, avatar, blocked)) => (nickname?, avatar, blocked?),
                    None => (None, None, false),
                };
                contacts.push(Contact { item, nickname, avatar, blocked });
            }
            Ok(contacts)
        })
    }

    /// All contacts of an account as a file: see [`contact_list`].
    pub fn contact_list(&self, account: AccountId) -> Result<String, Problem> {
        self.read("contact_list", |connection| Ok(contact_list::write(&roster(connection, account)?)))
    }

    /// One contact, if they are on the roster.
    pub fn contact(&self, account: AccountId, jid: &BareJid) -> Result<Option<Contact>, Problem> {
        self.read("contact", |connection| {
            let Some(item) = roster_item(connection, account, jid)? else { return Ok(None) };
            let (nickname, avatar, blocked) = beside_roster(connection, account, jid)?;
            Ok(Some(Contact { item, nickname, avatar, blocked }))
        })
    }

    /// What is known of anybody, on the roster or not; who is not, has an entry without name, groups and subscription.
    pub fn person(&self, account: AccountId, jid: &BareJid) -> Result<Contact, Problem> {
        self.read("person", |connection| {
            let item = roster_item(connection, account, jid)?.unwrap_or_else(|| RosterItem {
                jid: jid.clone(),
                name: None,
                groups: Vec::new(),
                subscription: Default::default(),
                pending_out: PendingOut::No,
                approved: false,
            });
            let (nickname, avatar, blocked) = beside_roster(connection, account, jid)?;
            Ok(Contact { item, nickname, avatar, blocked })
        })
    }

    /// Who waits for an answer, the oldest request first.
    pub fn requests(&self, account: AccountId) -> Result<Vec<SubscriptionRequest>, Problem> {
        self.read("requests", |connection| requests(connection, account))
    }

    /// Who is blocked, by address, contacts or not.
    pub fn blocked(&self, account: AccountId) -> Result<Vec<BareJid>, Problem> {
        self.read("blocked", |connection| blocked(connection, account))
    }

    /// A picture's bytes.
    pub fn avatar(&self, hash: AvatarHash) -> Result<Option<Avatar>, Problem> {
        self.read("avatar", |connection| {
            first(connection, "SELECT bytes FROM avatar WHERE hash = ?1", [hash.0], |row| {
                Ok(Some(Avatar { hash, bytes: row.get(0)? }))
            })
        })
    }

    /// A verified set of features, if it is known.
    pub fn capabilities(&self, ver: &str) -> Result<Option<Capabilities>, Problem> {
        self.read("capabilities", |connection| {
            let id = first(connection, "SELECT id FROM capability WHERE ver = ?1", [ver], |row| {
                row.get::<_, i64>(0).map(Some)
            })?;
            let Some(id) = id else { return Ok(None) };
            Ok(Some(Capabilities { ver: ver.to_owned(), features: features(connection, id)? }))
        })
    }
}

/// The rows of accounts, with what is published of ourselves.
const ACCOUNT: &str = "
    SELECT account.*,
           (SELECT nickname FROM nickname WHERE account = account.id AND jid = account.jid) AS own_name,
           (SELECT hash FROM avatar_choice WHERE account = account.id AND jid = account.jid) AS own_picture
    FROM account";

pub(crate) fn account(connection: &Connection, account: AccountId) -> rusqlite::Result<Option<Account>> {
    first(connection, &format!("{ACCOUNT} WHERE id = ?1"), [account.0], read_account)
}

/// The features of a set, sorted.
pub(crate) fn features(connection: &Connection, capability: i64) -> rusqlite::Result<Vec<String>> {
    let sql = "SELECT name FROM feature WHERE capability = ?1 ORDER BY name";
    rows(connection, sql, [capability], |row| row.get(0).map(Some))
}

/// The roster, by address.
pub(crate) fn roster(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<RosterItem>> {
    let groups: Vec<(String, String)> = rows(
        connection,
        "SELECT jid, name FROM contact_group WHERE account = ?1 ORDER BY jid, name",
        [account.0],
        |row| Ok(Some((row.get(0)?, row.get(1)?))),
    )?;
    let mut groups = groups.into_iter().peekable();
    rows(connection, "SELECT * FROM contact WHERE account = ?1 ORDER BY jid", [account.0], |row| {
        let text = row.get_ref("jid")?.as_str()?;
        while groups.next_if(|(jid, _)| jid.as_str() < text).is_some() {}
        let mut own = Vec::new();
        while let Some((_, group)) = groups.next_if(|(jid, _)| jid == text) {
            own.push(group);
        }
        read_item(row, own)
    })
}

pub(crate) fn roster_item(
    connection: &Connection,
    account: AccountId,
    jid: &BareJid,
) -> rusqlite::Result<Option<RosterItem>> {
    let key = params![account.0, jid.as_str()];
    let groups = rows(
        connection,
        "SELECT name FROM contact_group WHERE account = ?1 AND jid = ?2 ORDER BY name",
        key,
        |row| row.get(0).map(Some),
    )?;
    let sql = "SELECT * FROM contact WHERE account = ?1 AND jid = ?2";
    first(connection, sql, key, |row| read_item(row, groups.clone()))
}

pub(crate) fn requests(
    connection: &Connection,
    account: AccountId,
) -> rusqlite::Result<Vec<SubscriptionRequest>> {
    rows(connection, "SELECT * FROM request WHERE account = ?1 ORDER BY at, jid", [account.0], |row| {
        let Some(jid) = jid(row, "jid")? else { return Ok(None) };
        Ok(Some(SubscriptionRequest {
            jid,
            nickname: row.get("nickname")?,
            message: row.get("message")?,
            at: Timestamp::from_millis(row.get("at")?),
            moved_from: maybe_jid(row, "moved_from")?,
        }))
    })
}

pub(crate) fn blocked(connection: &Connection, account: AccountId) -> rusqlite::Result<Vec<BareJid>> {
    rows(connection, "SELECT jid FROM blocked WHERE account = ?1 ORDER BY jid", [account.0], |row| {
        jid(row, 0)
    })
}

/// An address. `None` for one that today's rules do not allow any more.
pub(crate) fn jid(row: &Row<'_>, column: impl rusqlite::RowIndex) -> rusqlite::Result<Option<BareJid>> {
    let jid = BareJid::new(row.get_ref(column)?.as_str()?).ok();
    if jid.is_none() {
        tracing::warn!("a stored address is not one any more and is left out");
    }
    Ok(jid)
}

/// An address, or none.
fn maybe_jid(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<BareJid>> {
    if row.get_ref(column)? == rusqlite::types::ValueRef::Null { Ok(None) } else { jid(row, column) }
}

fn beside_roster(
    connection: &Connection,
    account: AccountId,
    jid: &BareJid,
) -> rusqlite::Result<(Option<String>, Option<AvatarHash>, bool)> {
    let mut statement = connection.prepare_cached(
        "SELECT (SELECT nickname FROM nickname WHERE account = ?1 AND jid = ?2),
                (SELECT hash FROM avatar_choice WHERE account = ?1 AND jid = ?2),
                EXISTS (SELECT 1 FROM blocked WHERE account = ?1 AND jid = ?2)",
    )?;
    statement.query_row(params![account.0, jid.as_str()], |row| {
        let hash: Option<[u8; 20]> = row.get(1)?;
        Ok((row.get(0)?, hash.map(AvatarHash), row.get(2)?))
    })
}

fn read_item(row: &Row<'_>, groups: Vec<String>) -> rusqlite::Result<Option<RosterItem>> {
    let Some(jid) = jid(row, "jid")? else { return Ok(None) };
    Ok(Some(RosterItem {
        jid,
        name: row.get("name")?,
        groups,
        subscription: codes::read(row, "subscription")?,
        pending_out: if row.get("pending_out")? { PendingOut::Asked } else { PendingOut::No },
        approved: row.get("approved")?,
    }))
}

fn read_account(row: &Row<'_>) -> rusqlite::Result<Option<Account>> {
    let Some(jid) = jid(row, "jid")? else { return Ok(None) };
    let host: Option<String> = row.get("server_host")?;
    let port: Option<u16> = row.get("server_port")?;
    let strongest: Option<String> = row.get("strongest_seen")?;
    let colour: Option<String> = row.get("colour")?;
    Ok(Some(Account {
        id: AccountId(row.get("id")?),
        jid,
        server: host.zip(port).map(|(host, port)| ServerAddress { host, port }),
        activity: codes::read(row, "activity")?,
        strongest_seen: strongest.as_deref().and_then(Mechanism::from_code),
        plain_allowed: row.get("plain_allowed")?,
        presence: OwnPresence {
            show: codes::read(row, "show")?,
            status: row.get("status")?,
            priority: row.get("priority")?,
        },
        sharing: codes::read(row, "sharing")?,
        confirming: codes::read(row, "confirming")?,
        roster_version: row.get("roster_version")?,
        profile: Profile {
            name: row.get("own_name")?,
            picture: row.get::<_, Option<[u8; 20]>>("own_picture")?.map(AvatarHash),
        },
        colour: colour.as_deref().and_then(AccountColour::from_code),
        moved_to: maybe_jid(row, "moved_to")?,
    }))
}
