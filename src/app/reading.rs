//! What the screens show is read from the ledger, again whenever it changed.

use causerie_model::{Account, AccountId, BareJid, Contact, Conversation, SubscriptionRequest};
use iced::Task;

use super::App;
use crate::context::{Key, Ledger, Read};

/// Everything that is not of one conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Everything {
    accounts: Vec<Account>,
    conversations: Vec<Conversation>,
    contacts: Vec<(AccountId, Contact)>,
    requests: Vec<(AccountId, SubscriptionRequest)>,
}

#[cfg(test)]
impl Everything {
    /// Accounts of which nothing else was read.
    pub(crate) fn of_accounts(accounts: Vec<Account>) -> Self {
        Self { accounts, ..Self::default() }
    }
}

/// What was read.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The accounts.
    Accounts(Vec<Account>),
    /// The conversations.
    Conversations(Read<Vec<Conversation>>),
    /// The contacts of an account.
    Contacts(AccountId, Vec<Contact>),
    /// One contact, or that it is none any more.
    Contact(Key, Box<Option<Contact>>),
    /// The requests of an account.
    Requests(AccountId, Vec<SubscriptionRequest>),
    /// A picture, decoded, or that it could not be.
    Picture(causerie_model::AvatarHash, Read<Option<iced::widget::image::Handle>>),
}

/// Whether the list of conversations is being read, so that a storm of changes is one reading after another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Reading {
    #[default]
    Idle,
    Running,
    /// Something changed since it began.
    Stale,
}

impl App {
    /// Reads everything.
    pub(super) fn read_everything(&self) -> Task<super::Message> {
        Task::perform(everything(self.context.ledger.clone()), |read| match read {
            Ok(everything) => super::Message::EverythingRead(everything),
            Err(problem) => super::Message::NothingRead(problem),
        })
    }

    /// Takes in what was read, and starts the accounts that are new in it.
    pub(super) fn take_in(&mut self, everything: Everything) -> Task<super::Message> {
        self.context.conversations = everything.conversations;
        self.context.contacts = everything.contacts;
        self.context.requests = everything.requests;
        self.sort_contacts();
        let starting = self.accounts_read(everything.accounts);
        Task::batch([starting, self.people_changed()])
    }

    pub(super) fn read(&mut self, message: Message) -> Task<super::Message> {
        match message {
            Message::Accounts(accounts) => return self.accounts_read(accounts),
            Message::Conversations(conversations) => {
                if let Ok(conversations) = conversations {
                    self.context.conversations = conversations;
                }
                let again = std::mem::take(&mut self.reading) == Reading::Stale;
                let again = if again { self.read_conversations() } else { Task::none() };
                return Task::batch([self.people_changed(), again]);
            }
            Message::Contacts(account, contacts) => {
                self.context.contacts.retain(|(whose, _)| *whose != account);
                self.context.contacts.extend(contacts.into_iter().map(|contact| (account, contact)));
                self.sort_contacts();
                return Task::batch([self.people_changed(), self.contacts_changed(account)]);
            }
            Message::Contact(key, contact) => {
                self.context.contacts.retain(|(whose, c)| (*whose, &c.item.jid) != (key.0, &key.1));
                self.context.contacts.extend(contact.map(|contact| (key.0, contact)));
                self.sort_contacts();
                return Task::batch([self.people_changed(), self.contacts_changed(key.0)]);
            }
            Message::Requests(account, requests) => {
                self.context.requests.retain(|(whose, _)| *whose != account);
                self.context.requests.extend(requests.into_iter().map(|request| (account, request)));
                self.context.requests.sort_by_key(|(_, request)| request.at);
            }
            Message::Picture(hash, picture) => {
                match picture {
                    Ok(picture) => self.context.pictures.decoded(hash, picture),
                    Err(_) => self.context.pictures.unread(hash),
                }
                return Task::none();
            }
        }
        self.people_changed()
    }

    /// Reads the conversations, unless that is being done.
    pub(super) fn read_conversations(&mut self) -> Task<super::Message> {
        if self.reading != Reading::Idle {
            self.reading = Reading::Stale;
            return Task::none();
        }
        self.reading = Reading::Running;
        let read = self.context.ledger.clone().conversations();
        Task::perform(read, |read| super::Message::Read(Message::Conversations(read)))
    }

    /// Reads the accounts.
    pub(super) fn read_accounts(&self) -> Task<super::Message> {
        told(self.context.ledger.clone().accounts(), Message::Accounts)
    }

    /// Reads the contacts of an account.
    pub(super) fn read_contacts(&self, account: AccountId) -> Task<super::Message> {
        told(self.context.ledger.clone().contacts(account), move |read| Message::Contacts(account, read))
    }

    /// Reads one contact.
    pub(super) fn read_contact(&self, account: AccountId, jid: BareJid) -> Task<super::Message> {
        let key = (account, jid);
        let read = self.context.ledger.clone().contact(key.clone());
        told(read, move |read| Message::Contact(key.clone(), Box::new(read)))
    }

    /// Reads the requests of an account.
    pub(super) fn read_requests(&self, account: AccountId) -> Task<super::Message> {
        told(self.context.ledger.clone().requests(account), move |read| Message::Requests(account, read))
    }

    fn sort_contacts(&mut self) {
        let i18n = &self.context.i18n;
        self.context.contacts.sort_by(|(_, a), (_, b)| i18n.compare(a.display_name(), b.display_name()));
    }

    /// The list has other rows, and perhaps pictures that are not there yet.
    fn people_changed(&mut self) -> Task<super::Message> {
        let actions = self.chats.people_changed(&self.context);
        let pictures = self.read_pictures();
        Task::batch([self.do_chats(actions), pictures])
    }

    fn read_pictures(&mut self) -> Task<super::Message> {
        let listed = self.context.conversations.iter().filter_map(|conversation| conversation.avatar);
        let known = self.context.contacts.iter().filter_map(|(_, contact)| contact.avatar);
        let own = self.context.accounts.iter().filter_map(|state| state.account.profile.picture);
        let wanted = self.context.pictures.wanted(own.chain(listed).chain(known));
        Task::batch(wanted.into_iter().map(|hash| {
            let read = crate::context::read_picture(self.context.ledger.clone(), hash);
            Task::perform(read, move |picture| super::Message::Read(Message::Picture(hash, picture)))
        }))
    }
}

/// What could not be read is not told: what is shown stays as it is until it can be ([`super::unread`]).
fn told<T: Send + 'static>(
    read: impl Future<Output = Read<T>> + Send + 'static,
    message: impl Fn(T) -> Message + Send + Sync + 'static,
) -> Task<super::Message> {
    let read = Task::perform(read, Result::ok);
    read.and_then(move |read| Task::done(super::Message::Read(message(read))))
}

/// All or nothing: an account that can't be read is not one that is gone.
async fn everything(ledger: Ledger) -> Read<Everything> {
    let accounts = ledger.clone().accounts().await?;
    let conversations = ledger.clone().conversations().await?;
    let (mut contacts, mut requests) = (Vec::new(), Vec::new());
    for account in &accounts {
        let id = account.id;
        contacts.extend(ledger.clone().contacts(id).await?.into_iter().map(|contact| (id, contact)));
        requests.extend(ledger.clone().requests(id).await?.into_iter().map(|request| (id, request)));
    }
    Ok(Everything { accounts, conversations, contacts, requests })
}
