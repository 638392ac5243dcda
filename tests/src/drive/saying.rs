//! Answers, corrections, retractions and reactions, and how they are told.

use causerie_model::{
    AccountId, BareJid, Body, Command, Direction, Emoji, Message, OriginId, Privacy, Protection, Reply,
};
use causerie_store::Reader;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::desk::Fault;
use crate::report;
use crate::request::{jid, origin};

/// Something that is said of a message, or answers it.
#[derive(Debug, Deserialize)]
pub(crate) struct Saying {
    #[serde(deserialize_with = "jid")]
    to: BareJid,
    #[serde(deserialize_with = "origin")]
    of: OriginId,
    #[serde(default)]
    body: String,
    #[serde(default)]
    with: Vec<String>,
}

impl Saying {
    /// To whom it is said.
    pub(crate) fn peer(&self) -> BareJid {
        self.to.clone()
    }

    pub(crate) fn correct(self, id: OriginId, account: AccountId, reader: &Reader) -> Result<Command, Fault> {
        let target_privacy = self.target_privacy(account, reader)?;
        let Self { to: peer, of: target, body, .. } = self;
        Ok(Command::CorrectMessage { id, peer, target, target_privacy, body: body.into() })
    }

    pub(crate) fn retract(self, id: OriginId, account: AccountId, reader: &Reader) -> Result<Command, Fault> {
        let target_privacy = self.target_privacy(account, reader)?;
        let fallback = "(deleted)".to_owned();
        Ok(Command::RetractMessage { id, peer: self.to, target: self.of, target_privacy, fallback })
    }

    /// Whether the message is here.
    pub(crate) fn is_of_something_here(&self, account: AccountId, reader: &Reader) -> Result<bool, Fault> {
        Ok(self.target(account, reader)?.is_some())
    }

    fn target(&self, account: AccountId, reader: &Reader) -> Result<Option<Message>, Fault> {
        let page = reader.page(account, &self.to, None, 1_000)?;
        Ok(page.into_iter().rfind(|message| message.origin.as_ref() == Some(&self.of)))
    }

    /// How the message was protected. One that is not here may have been encrypted.
    fn target_privacy(&self, account: AccountId, reader: &Reader) -> Result<Privacy, Fault> {
        Ok(match self.target(account, reader)?.map(|message| message.protection) {
            Some(Protection::Clear) => Privacy::Clear,
            Some(Protection::Encrypted(_)) | None => Privacy::Encrypted,
        })
    }

    pub(crate) fn react(self, id: OriginId, account: AccountId, reader: &Reader) -> Result<Command, Fault> {
        let target_privacy = self.target_privacy(account, reader)?;
        let emoji = self.with.iter().map(|emoji| Emoji::new(emoji)).collect::<Option<_>>();
        let emoji = emoji.ok_or("that is no emoji")?;
        Ok(Command::React { id, peer: self.to, target: self.of, target_privacy, emoji })
    }

    pub(crate) fn answer(self, id: OriginId, account: AccountId, reader: &Reader) -> Result<Command, Fault> {
        let page = reader.page(account, &self.to, None, 1_000)?;
        // In a room messages are named as it does.
        let is_it = |message: &Message| match &message.archived {
            Some(archived) if archived.by == self.to => archived.id == self.of.as_str(),
            _ => message.origin.as_ref() == Some(&self.of),
        };
        let quoted = page.into_iter().rfind(is_it).ok_or("no such message")?;
        let quote = match quoted.body {
            Body::Text(text) => text,
            Body::Unreadable(_) | Body::Retracted => String::new(),
        };
        let privacy = match quoted.protection {
            Protection::Clear => Privacy::Clear,
            Protection::Encrypted(_) => Privacy::Encrypted,
        };
        let reply = Reply { to: self.of, author: quoted.direction, quote, quoted: privacy };
        Ok(Command::SendReply { id, peer: self.to, body: self.body.into(), reply })
    }
}

/// What is known of a message besides itself.
pub(crate) fn add(value: &mut Value, message: &Message) {
    let whose = |direction| match direction {
        Direction::Incoming => "in",
        Direction::Outgoing => "out",
    };
    if message.body == Body::Retracted {
        value["retracted"] = true.into();
    }
    let known = &message.annotations;
    if let Some(edited) = &known.edited {
        value["edited"] = json!({ "at": edited.at.as_millis(), "state": report::state(&edited.state) });
    }
    if !known.reactions.is_empty() {
        let each = known.reactions.iter().map(|by| {
            let emoji: Vec<&str> = by.emoji.iter().map(Emoji::as_str).collect();
            let nick = by.occupant.as_ref().map_or(whose(by.author), |occupant| occupant.nick.as_str());
            json!({ "by": nick, "with": emoji, "state": report::state(&by.state) })
        });
        value["reactions"] = each.collect();
    }
    if let Some(quoted) = &known.reply {
        value["answers"] = json!({ "author": quoted.author.map(whose), "text": quoted.text });
    }
}
