//! Reading from the ledger, off the GUI's thread.

use causerie_model::{
    Account, AccountId, Avatar, AvatarHash, BareJid, Contact, Conversation, DeviceId, DeviceKey,
    KeylessDevice, Message, MessageId, Problem, SubscriptionRequest, Timestamp,
};
use causerie_store::Reader;
use tokio::sync::mpsc::UnboundedSender;

use super::Key;

/// The reading side of the ledger; without one, as in tests of single screens, everything is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    reader: Option<Reader>,
    /// Where it is told that something can't be read.
    troubles: Option<UnboundedSender<Problem>>,
}

/// What was read, or why it could not be: then nothing is known, not even that there is nothing.
pub(crate) type Read<T> = Result<T, Problem>;

/// What a conversation is opened with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opening {
    /// The newest messages.
    pub(crate) messages: Vec<Message>,
    /// How many there are at most.
    pub(crate) limit: usize,
    /// The first one that was not read.
    pub(crate) first_unread: Option<MessageId>,
    /// What was typed and not sent.
    pub(crate) draft: String,
}

/// The devices of somebody, and our own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Devices {
    /// Theirs; ours again, where it is about ourselves.
    pub(crate) theirs: Vec<DeviceKey>,
    /// Those of the account itself.
    pub(crate) mine: Vec<DeviceKey>,
    /// Devices on a list of theirs of which no key is known.
    pub(crate) keyless: Vec<KeylessDevice>,
    /// Which of ours this machine is.
    pub(crate) here: Option<DeviceId>,
}

impl Ledger {
    /// Reads from this, and tells there what can't be read.
    pub(crate) fn new(reader: Reader, troubles: UnboundedSender<Problem>) -> Self {
        Self { reader: Some(reader), troubles: Some(troubles) }
    }

    /// All accounts.
    pub(crate) async fn accounts(self) -> Read<Vec<Account>> {
        self.ask(Reader::accounts).await
    }

    /// All conversations.
    pub(crate) async fn conversations(self) -> Read<Vec<Conversation>> {
        self.ask(Reader::conversations).await
    }

    /// The contacts of an account.
    pub(crate) async fn contacts(self, account: AccountId) -> Read<Vec<Contact>> {
        self.ask(move |reader| reader.contacts(account)).await
    }

    /// One contact, if it is one.
    pub(crate) async fn contact(self, key: Key) -> Read<Option<Contact>> {
        self.ask(move |reader| reader.contact(key.0, &key.1)).await
    }

    /// What is known of anybody.
    pub(crate) async fn person(self, key: Key) -> Read<Option<Contact>> {
        self.ask(move |reader| reader.person(key.0, &key.1).map(Some)).await
    }

    /// The keys of somebody's devices, and those of the account's own ones.
    pub(crate) async fn keys(self, whose: Key, own: BareJid) -> Read<Devices> {
        self.ask(move |reader| {
            let (account, jid) = whose;
            let theirs = reader.device_keys(account, &jid)?;
            let mine = if jid == own { theirs.clone() } else { reader.device_keys(account, &own)? };
            let keyless = reader.keyless_devices(account, &jid)?;
            Ok(Devices { theirs, mine, keyless, here: reader.own_device(account)? })
        })
        .await
    }

    /// The open requests of an account.
    pub(crate) async fn requests(self, account: AccountId) -> Read<Vec<SubscriptionRequest>> {
        self.ask(move |reader| reader.requests(account)).await
    }

    /// What a conversation is opened with: `limit` messages, or more when the first one that was not read is further up.
    pub(crate) async fn opening(self, key: Key, limit: usize) -> Read<Opening> {
        /// From there on up one comes by scrolling.
        const MOST: usize = 1000;
        self.ask(move |reader| {
            let first_unread = reader.first_unread(key.0, &key.1)?;
            let mut limit = limit;
            let mut messages = reader.page(key.0, &key.1, None, limit)?;
            while let Some(first) = first_unread
                && limit < MOST
                && messages.len() == limit
                && messages.iter().all(|message| message.id != first)
            {
                limit = (limit * 4).min(MOST);
                messages = reader.page(key.0, &key.1, None, limit)?;
            }
            Ok(Opening { messages, limit, first_unread, draft: reader.draft(key.0, &key.1)? })
        })
        .await
    }

    /// The newest messages of a conversation, or those before one of them.
    pub(crate) async fn page(
        self,
        key: Key,
        before: Option<(Timestamp, MessageId)>,
        limit: usize,
    ) -> Read<Vec<Message>> {
        self.ask(move |reader| reader.page(key.0, &key.1, before, limit)).await
    }

    /// One message.
    pub(crate) async fn message(self, id: MessageId) -> Read<Option<Message>> {
        self.ask(move |reader| Ok(reader.message(id)?.map(|found| found.message))).await
    }

    /// A picture.
    pub(crate) async fn avatar(self, hash: AvatarHash) -> Read<Option<Avatar>> {
        self.ask(move |reader| reader.avatar(hash)).await
    }

    /// What can't be read is told, and whoever has asked keeps what was there before.
    async fn ask<T: Default + Send + 'static>(
        self,
        query: impl FnOnce(&Reader) -> Result<T, Problem> + Send + 'static,
    ) -> Read<T> {
        let Some(reader) = self.reader else { return Ok(T::default()) };
        let answer = tokio::task::spawn_blocking(move || query(&reader)).await;
        let answer = answer.unwrap_or(Err(Problem::Internal));
        if let Err(problem) = &answer {
            tracing::warn!(?problem, "the ledger could not be read");
            if let Some(troubles) = &self.troubles {
                // Whoever does not listen any more ends.
                let _ = troubles.send(problem.clone());
            }
        }
        answer
    }
}
