//! What has happened in an account.

use std::collections::HashSet;

use causerie_model::{
    AccountId, BareJid, CatchUp, ChatState, Connection, Event, MessageId, Notice, Presence,
};
use iced::Task;

use super::{App, Message, Screen};
use crate::context::{Adding, Attention, Key};
use crate::screen::sign_in;
use crate::settings::Notifications;

/// What has to be read again after a batch of events, each once.
#[derive(Default)]
struct Again {
    account: bool,
    roster: bool,
    requests: bool,
    conversations: bool,
    contacts: HashSet<BareJid>,
    changed: HashSet<BareJid>,
    keys: HashSet<BareJid>,
}

impl App {
    /// Takes in a batch of events, and reads again what they say has changed.
    pub(super) fn session_events(&mut self, account: AccountId, events: Vec<Event>) -> Task<Message> {
        let mut again = Again::default();
        let mut tasks = Vec::new();
        for event in events {
            tasks.push(self.answered(account, &event));
            match event {
                Event::ConnectionChanged(connection) => {
                    tasks.push(self.connection_changed(account, connection));
                }
                Event::AccountChanged | Event::ProfilePublished(_) => again.account = true,
                Event::PasswordChanged => tasks.push(self.password_changed(account)),
                Event::FastTokenChanged(token) => tasks.push(self.fast_token_changed(account, token)),
                Event::AccountDeleted => tasks.push(self.account_deleted(account)),
                // An actor that ends goes on with nothing.
                Event::AddingContacts { .. } if self.ending.contains(&account) => {}
                Event::AddingContacts { done, failed, waiting } => {
                    self.context.adding.insert(account, Adding { done, failed, waiting });
                }
                Event::InvitationUsed(jid, token) => {
                    self.chats.arrived(account, jid);
                    self.context.invitations.used(&token);
                    tasks.push(self.save_invitations());
                }
                Event::InvitationsOffered(offered) => self.chats.invitations_offered(account, offered),
                Event::InvitationMade(made) => {
                    tasks.push(self.chats.invitation_made(account, &made).map(Message::Chats));
                    tasks.push(self.keep_invitation(account, made));
                }
                Event::RosterChanged => again.roster = true,
                Event::ContactChanged(jid) => {
                    again.contacts.insert(jid);
                }
                Event::RequestsChanged => again.requests = true,
                Event::ConversationChanged(peer) => {
                    again.changed.insert(peer);
                }
                Event::MessageReceived { peer, id } => {
                    self.context.typing.remove(&(account, peer.clone()));
                    tasks.push(self.notify((account, peer), id));
                }
                Event::ConversationRead(peer) => {
                    self.notifier.withdraw((account, peer));
                    again.conversations = true;
                }
                Event::PresenceChanged { peer, presence } => self.presence_changed((account, peer), presence),
                Event::PresenceForgotten => {
                    self.context.presences.retain(|(whose, _), _| *whose != account);
                    self.context.typing.retain(|(whose, _), _| *whose != account);
                }
                Event::ChatStateChanged { peer, state } => {
                    if state == ChatState::Composing {
                        self.context.typing.insert((account, peer), state);
                    } else {
                        self.context.typing.remove(&(account, peer));
                    }
                }
                Event::KeysChanged(jid) => {
                    again.keys.insert(jid);
                }
                // The brain has heard of it, and says what it does.
                Event::CopySeen(_) => {}
                Event::ReadinessChanged { peer, readiness } => {
                    self.context.readiness.insert((account, peer), readiness);
                }
                Event::RepairChanged { jid, repair } => {
                    self.context.repairs.insert((account, jid), repair);
                }
                Event::CatchUp(progress) => {
                    self.catching_up(account, progress);
                    let (task, actions) = self.chats.archive_is_there(account, &self.context);
                    tasks.push(task.map(Message::Chats));
                    tasks.push(self.do_chats(actions));
                }
                Event::OlderFetched { peer, whole } => {
                    let told = self.chats.older_fetched(&(account, peer), whole, &self.context);
                    tasks.push(told.map(Message::Chats));
                }
                Event::StorageChanged(storage) => self.storage_changed(account, storage),
                // Rooms have no place in the window yet.
                Event::RoomChanged { .. } => {}
                Event::Notice(notice) => {
                    if matches!(notice, Notice::PasswordNotChanged(_)) {
                        tasks.push(self.password_not_changed(account));
                    }
                    tasks.push(self.notice(account, notice));
                }
            }
        }
        tasks.push(self.read_again(account, again));
        Task::batch(tasks)
    }

    fn catching_up(&mut self, account: AccountId, progress: CatchUp) {
        let catching_up = Some(progress).filter(|progress| *progress != CatchUp::Done);
        if let Some(state) = self.context.accounts.iter_mut().find(|state| state.account.id == account) {
            state.catching_up = catching_up;
        }
    }

    fn read_again(&mut self, account: AccountId, again: Again) -> Task<Message> {
        /// From so many single contacts on it is quicker to read all of them.
        const MANY: usize = 8;
        let mut tasks = Vec::new();
        if again.account {
            tasks.push(self.read_accounts());
        }
        if again.roster || again.contacts.len() > MANY {
            tasks.push(self.read_contacts(account));
            tasks.push(self.chats.person_changed(account, None, &self.context).map(Message::Chats));
        } else {
            for jid in &again.contacts {
                tasks.push(self.read_contact(account, jid.clone()));
                tasks.push(self.chats.person_changed(account, Some(jid), &self.context).map(Message::Chats));
            }
        }
        if let Screen::Settings(settings) = &self.screen {
            let changed = again.keys.iter().map(|jid| settings.keys_changed(account, jid, &self.context));
            tasks.extend(changed.map(|read| read.map(Message::Settings)));
        }
        for jid in again.keys.iter().filter(|jid| !again.contacts.contains(*jid)) {
            tasks.push(self.chats.person_changed(account, Some(jid), &self.context).map(Message::Chats));
        }
        if again.requests {
            tasks.push(self.read_requests(account));
        }
        for peer in &again.changed {
            let key = (account, peer.clone());
            tasks.push(self.chats.conversation_changed(&key, &self.context).map(Message::Chats));
        }
        // The rows of the list show names and pictures too.
        if again.conversations || again.roster || !again.contacts.is_empty() || !again.changed.is_empty() {
            tasks.push(self.read_conversations());
        }
        Task::batch(tasks)
    }

    fn connection_changed(&mut self, account: AccountId, connection: Connection) -> Task<Message> {
        tracing::info!(%account, ?connection, "connection");
        // An account that is being tried is not on the list yet, but will be.
        if let Some(session) = self.sessions.get_mut(&account) {
            session.connection = connection.clone();
        }
        if let Some(state) = self.context.account_mut(account) {
            state.connection = connection.clone();
        }
        let mut settled = self.settle_doubt(account, &connection);
        if connection == Connection::Online {
            settled = Task::batch([settled, self.intend_again(account)]);
        }
        if self.attempt.as_ref().is_some_and(|attempt| attempt.account() == account) {
            let told = self.tell_sign_in(sign_in::Message::ConnectionChanged(connection));
            return Task::batch([settled, told]);
        }
        if connection == Connection::Online {
            let actions = self.chats.came_online(account);
            return Task::batch([settled, self.do_chats(actions)]);
        }
        settled
    }

    fn presence_changed(&mut self, key: Key, presence: Presence) {
        if presence == Presence::Offline {
            self.context.typing.remove(&key);
            self.context.presences.remove(&key);
        } else {
            self.context.presences.insert(key, presence);
        }
    }

    pub(super) fn notice(&mut self, account: AccountId, notice: Notice) -> Task<Message> {
        if let Screen::Settings(settings) = &mut self.screen
            && settings.noticed(account, &notice)
        {
            return Task::none();
        }
        if let Some(task) = self.chats.invitation_noticed(account, &notice) {
            return task.map(Message::Chats);
        }
        // That one is asked by the page for signing in, and by the foot line for an account that is here.
        if notice != Notice::PlainOnly {
            self.chats.notice(account, notice);
        }
        Task::none()
    }

    /// Shows a notification, unless the message is before one's eyes.
    fn notify(&mut self, key: Key, id: MessageId) -> Task<Message> {
        let seen = self.context.attention == Attention::Here
            && matches!(self.screen, Screen::Chats)
            && self.chats.open_key() == Some(&key);
        if seen {
            return Task::none();
        }
        match self.context.settings.notifications {
            Notifications::None => Task::none(),
            Notifications::Name => {
                let text = self.context.i18n.get("notification-new-message");
                self.show_notification(key, text);
                Task::none()
            }
            Notifications::NameAndText => {
                let read = self.context.ledger.clone().message(id);
                Task::perform(read, move |read| {
                    Message::NotificationRead(key.clone(), Box::new(read.ok().flatten()))
                })
            }
        }
    }

    pub(super) fn show_notification(&mut self, key: Key, text: String) {
        let title = self.context.name(&key);
        self.notifier.show(key, title, text);
    }
}
