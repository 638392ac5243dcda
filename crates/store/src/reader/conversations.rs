//! The conversation list. Rooms are not in it, nor in what is counted and found: they have no place in the window yet.

use causerie_model::conversation::LastMessage;
use causerie_model::{AccountId, AvatarHash, BareJid, Conversation, MessageId, Problem, Timestamp};
use rusqlite::{Row, params};

use super::contacts::jid;
use super::{Reader, first, rows};
use crate::codes;

/// One row for each conversation, with the last message found by the page index. 200 is the length of a last line.
macro_rules! list {
    ($rest:literal) => {
        concat!(
            "SELECT conversation.account, conversation.peer, contact.name, nickname.nickname, avatar_choice.hash,
                    conversation.unread, conversation.draft, conversation.active_at,
                    message.direction, substr(coalesce(message.corrected, message.body), 1, 200), message.at, message.state, message.problem,
                    conversation.privacy, message.unreadable IS 'retracted'
             FROM conversation
             LEFT JOIN contact ON contact.account = conversation.account AND contact.jid = conversation.peer
             LEFT JOIN nickname ON nickname.account = conversation.account AND nickname.jid = conversation.peer
             LEFT JOIN avatar_choice
               ON avatar_choice.account = conversation.account AND avatar_choice.jid = conversation.peer
             LEFT JOIN message ON message.id = (
                 SELECT id FROM message AS last WHERE last.conversation = conversation.id
                 ORDER BY last.place DESC, last.id DESC LIMIT 1) ",
            $rest
        )
    };
}

pub(crate) const LIST: &str =
    list!("WHERE conversation.room = 0 ORDER BY conversation.active_at DESC, conversation.id DESC");
const OF_ACCOUNT: &str = list!(
    "WHERE conversation.room = 0 AND conversation.account = ?1
     ORDER BY conversation.active_at DESC, conversation.id DESC"
);
const ONE: &str =
    list!("WHERE conversation.room = 0 AND conversation.account = ?1 AND conversation.peer = ?2");

impl Reader {
    /// The conversations of all accounts, the last active first.
    pub fn conversations(&self) -> Result<Vec<Conversation>, Problem> {
        self.read("conversations", |connection| rows(connection, LIST, (), read_conversation))
    }

    /// The conversations of one account, the last active first.
    pub fn conversations_of(&self, account: AccountId) -> Result<Vec<Conversation>, Problem> {
        self.read("conversations_of", |connection| {
            rows(connection, OF_ACCOUNT, [account.0], read_conversation)
        })
    }

    /// One conversation, for a list where only it has changed.
    pub fn conversation(&self, account: AccountId, peer: &BareJid) -> Result<Option<Conversation>, Problem> {
        self.read("conversation", |connection| {
            first(connection, ONE, params![account.0, peer.as_str()], read_conversation)
        })
    }

    /// Received messages that were not read, in all conversations of all accounts.
    pub fn unread_total(&self) -> Result<u32, Problem> {
        self.read("unread_total", |connection| {
            connection
                .prepare_cached("SELECT coalesce(sum(unread), 0) FROM conversation WHERE room = 0")?
                .query_row((), |row| row.get(0))
        })
    }

    /// What was typed and not sent; empty when there is nothing.
    pub fn draft(&self, account: AccountId, peer: &BareJid) -> Result<String, Problem> {
        self.read("draft", |connection| {
            let sql = "SELECT draft FROM conversation WHERE account = ?1 AND peer = ?2";
            let draft =
                first(connection, sql, params![account.0, peer.as_str()], |row| row.get(0).map(Some))?;
            Ok(draft.unwrap_or_default())
        })
    }

    /// The first message of a conversation, in the order of its pages, that was received and not read.
    pub fn first_unread(&self, account: AccountId, peer: &BareJid) -> Result<Option<MessageId>, Problem> {
        self.read("first_unread", |connection| {
            first(connection, FIRST_UNREAD, params![account.0, peer.as_str()], |row| {
                row.get(0).map(MessageId).map(Some)
            })
        })
    }
}

pub(crate) const FIRST_UNREAD: &str = "
    SELECT id FROM message
    WHERE unread = 1 AND conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
    ORDER BY place, id LIMIT 1";

fn read_conversation(row: &Row<'_>) -> rusqlite::Result<Option<Conversation>> {
    let Some(peer) = jid(row, 1)? else { return Ok(None) };
    let given: Option<String> = row.get::<_, Option<String>>(2)?.or(row.get(3)?);
    let name = given.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| peer.as_str().to_owned());
    let hash: Option<[u8; 20]> = row.get(4)?;
    let last = match row.get::<_, Option<i64>>(8)? {
        None => None,
        Some(direction) => Some(LastMessage {
            direction: codes::read_direction(direction),
            text: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
            is_retracted: row.get(14)?,
            at: Timestamp::from_millis(row.get(10)?),
            state: codes::read_state(row.get(11)?, row.get_ref(12)?.as_str_or_null().unwrap_or_default()),
        }),
    };
    Ok(Some(Conversation {
        account: AccountId(row.get(0)?),
        peer,
        name,
        avatar: hash.map(AvatarHash),
        last,
        unread: row.get(5)?,
        draft: row.get(6)?,
        privacy: codes::read(row, "privacy")?,
        active_at: Timestamp::from_millis(row.get(7)?),
    }))
}
