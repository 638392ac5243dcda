//! What the screens want done.

use causerie_model::{AccountId, BareJid, Body, Command, Message as Stored, Subscription};
use iced::Task;

use super::accounts::blocking;
use super::{App, Message, Screen};
use crate::context::Key;
use crate::platform::handler;
use crate::platform::links::keys::KeyLink;
use crate::platform::links::{self, Asked};
use crate::platform::vault::Otherwise;
use crate::screen::link::Trouble;
use crate::screen::{chats, keys, link, settings, sign_in, welcome};
use crate::settings::Settings;

impl App {
    pub(super) fn update_chats(&mut self, message: chats::Message) -> Task<Message> {
        let (task, actions) = self.chats.update(message, &self.context);
        Task::batch([task.map(Message::Chats), self.do_chats(actions)])
    }

    /// Does what the main window wants.
    pub(super) fn do_chats(&mut self, actions: Vec<chats::Action>) -> Task<Message> {
        let mut tasks = Vec::new();
        for action in actions {
            match action {
                chats::Action::Ask(account, command) => tasks.push(self.want(account, command)),
                chats::Action::Send((account, peer), text) => {
                    let command = chats::send(peer, text, random());
                    self.ask(account, command);
                }
                chats::Action::Say((account, peer), said) => {
                    let command = chats::saying::command(said, peer, random(), &self.context.i18n);
                    self.ask(account, command);
                }
                chats::Action::Shown(key) => self.notifier.withdraw(key),
                chats::Action::Link(link) => tasks.push(self.open_link(&link)),
                chats::Action::FollowNext => self.links.go_on(),
                chats::Action::DroppedSeen => self.links.dropped_seen(),
                chats::Action::Copy(text) => tasks.push(iced::clipboard::write(text)),
                chats::Action::Keys(key) => tasks.push(self.show_keys(key)),
                chats::Action::Settings => tasks.push(self.show_settings(settings::Page::default())),
                chats::Action::Network => tasks.push(self.show_settings(settings::Page::Network)),
                chats::Action::EnterPassword(account) => tasks.push(self.enter_password(account)),
                chats::Action::Unlock => tasks.push(self.open_vault(Otherwise::Wait)),
                chats::Action::NewKeys => tasks.push(self.open_vault(Otherwise::BeginAnew)),
                chats::Action::Width(width) => {
                    self.context.settings.list_width = width.into();
                    tasks.push(self.save_settings());
                }
            }
        }
        Task::batch(tasks)
    }

    pub(super) fn update_settings(&mut self, message: settings::Message) -> Task<Message> {
        let Screen::Settings(screen) = &mut self.screen else { return Task::none() };
        let devices_of = match &message {
            settings::Message::KeysPressed(account) => Some(*account),
            _ => None,
        };
        let action = screen.update(message, &self.context);
        if let Some(account) = devices_of {
            self.own_devices_shown(account);
        }
        match action {
            settings::Action::None => Task::none(),
            settings::Action::Keys(task, account, wishes) => {
                let wishes = wishes.into_iter().map(|wish| match wish {
                    keys::Action::Ask(command) => self.want(account, command),
                    keys::Action::Copy(text) => iced::clipboard::write(text),
                });
                let wishes = Task::batch(wishes.collect::<Vec<_>>());
                Task::batch([task.map(Message::Settings), wishes])
            }
            settings::Action::Upkeep(task, deed) => {
                let done = deed.map_or_else(Task::none, |deed| self.keep_up(deed));
                Task::batch([task.map(Message::Settings), done])
            }
            settings::Action::Change(settings) => self.change_settings(settings),
            settings::Action::Ask(accounts, command) => {
                Task::batch(accounts.into_iter().map(|account| self.want(account, command.clone())))
            }
            settings::Action::SetServer(account, server) => self.set_server(account, server),
            settings::Action::SetWay(whose, way, password) => self.set_way(whose, way, password),
            settings::Action::SignOut(account, history) => self.sign_out(account, history),
            settings::Action::AddAccount => self.show_welcome(),
            settings::Action::EnterPassword(account) => self.enter_password(account),
            settings::Action::HandleLinks => {
                let told = blocking(handler::register, Err(handler::Fault::NoPlace));
                told.map(|told| Message::Settings(settings::Message::LinksTold(told)))
            }
            settings::Action::Focus(field) => crate::widget::focus::focus(field),
            settings::Action::Close => self.show_start(),
        }
    }

    /// These are the settings from now on.
    pub(super) fn change_settings(&mut self, settings: Settings) -> Task<Message> {
        if settings.language != self.context.settings.language {
            self.context.i18n = crate::i18n::I18n::new(settings.language.as_deref());
        }
        self.context.settings = settings;
        self.choose_theme();
        self.save_settings()
    }

    /// Writes the settings to the disk.
    pub(super) fn save_settings(&self) -> Task<Message> {
        let (folder, settings) = (self.startup.folders.settings.clone(), self.context.settings.clone());
        blocking(move || crate::settings::save(&folder, &settings), ()).map(|()| Message::Done)
    }

    /// A link has come from elsewhere, without a click in here. Where it leads to somebody who is known, it waits for one: to open their
    /// conversation is to ask for their keys. Everything else says itself what it means before it is done.
    pub(super) fn link_came(&mut self, link: &str) -> Task<Message> {
        let takes_away = !links::is_opened_outside(link) && self.takes_away(link);
        if self.is_too_early() || takes_away {
            self.links.push(link);
            return Task::none();
        }
        // The form that an invitation fills in asks nobody either.
        if self.holds_links() || chats::add_contact::is_invitation(link) {
            return self.open_link(link);
        }
        let asked = match links::read(link) {
            Some(Asked::Person(address, text)) => Some((address, text.is_some())),
            Some(Asked::Keys(keys)) => Some((keys.jid, true)),
            _ => None,
        };
        match asked.and_then(|(jid, any)| Some((self.known(&jid, any)?, jid))) {
            Some((account, jid)) => {
                let name = self.context.name(&(account, jid.clone()));
                self.say_of_link(Trouble::Known { jid, name, link: link.to_owned() })
            }
            None => self.open_link(link),
        }
    }

    /// Whose conversation or contact somebody is; nothing where they are nobody's, or an account in here. Of contacts it is those who see
    /// us as we see them, or any.
    fn known(&self, jid: &BareJid, any: bool) -> Option<AccountId> {
        if self.context.accounts.iter().any(|state| state.account.jid == *jid) {
            return None;
        }
        let talks = self.context.conversations.iter().map(|talk| (talk.account, &talk.peer));
        let contacts = self.context.contacts.iter();
        let contacts = contacts.filter(|(_, one)| any || one.item.subscription == Subscription::Both);
        let contacts = contacts.map(|(account, contact)| (*account, &contact.item.jid));
        talks.chain(contacts).find(|(_, known)| *known == jid).map(|(account, _)| account)
    }

    /// Follows a link: to a page of the web outside, to a person in here. A stranger is told nothing, and nothing
    /// is kept of them, before somebody presses a button; whom one knows is asked for their keys, as by opening their conversation.
    pub(super) fn open_link(&mut self, link: &str) -> Task<Message> {
        if links::is_opened_outside(link) {
            return open_outside(link);
        }
        if let Some(held) = self.hold_link(link) {
            return held;
        }
        let (address, text) = match links::read(link) {
            None => return Task::none(),
            Some(Asked::Person(address, text)) => (address, text),
            Some(Asked::Keys(link)) => return self.compare_keys(link),
            Some(Asked::NoKeys(_, fault)) => {
                return self.say_of_link(Trouble::Keys(link.to_owned(), fault));
            }
            Some(Asked::Room(room)) => return self.say_of_link(Trouble::Room(room)),
            Some(Asked::Account(jid)) => {
                let ours = self.context.accounts.iter().any(|state| state.account.jid == jid);
                return if ours {
                    self.say_of_link(Trouble::AccountKnown(jid))
                } else {
                    self.show_invitation(link)
                };
            }
            Some(Asked::Remove(jid)) => return self.say_of_link(Trouble::Remove(jid)),
            Some(Asked::Unregister(jid)) => return self.say_of_link(Trouble::Unregister(jid)),
            Some(Asked::Unknown) => return self.say_of_link(Trouble::Unknown(link.to_owned())),
            Some(Asked::NoAddress) => return self.say_of_link(Trouble::NoAddress(link.to_owned())),
        };
        if self.context.accounts.is_empty() {
            return self.show_invitation(link);
        }
        let talks = self.context.conversations.iter();
        let mut talks = talks.filter(|talk| talk.peer == address).map(|talk| talk.account);
        // One sees the other, or there is something to write: no need for the form.
        let mut contacts = self.context.contacts.iter().filter(|(_, contact)| contact.item.jid == address);
        let contact = contacts
            .find(|(_, contact)| text.is_some() || contact.item.subscription == Subscription::Both)
            .map(|(account, _)| *account);
        let invited = chats::add_contact::is_invitation(link);
        if let Some(account) = talks.next().or(contact).filter(|_| !invited) {
            let shown = self.show((account, address));
            if let Some(text) = text {
                self.chats.fill(&text);
            }
            return shown;
        }
        self.turn_to(Screen::Chats);
        let is_open = self.chats.is_adding(&address);
        if self.chats.is_answering_link() && !is_open {
            self.put_back_links();
        }
        // Until somebody has answered, it is there again after the program has ended: this one, and what says more of the same person.
        self.links.follow_new(link);
        let form = match text {
            Some(text) => self.chats.add_to_write(address, text, &self.context),
            None => {
                // What lets us in is in the link, and what they are to be called.
                let has_more = chats::add_contact::given(link).is_some();
                self.chats.add(if has_more { link } else { address.as_str() }, &self.context)
            }
        };
        // Somebody has turned away from it before.
        if let Some(typed) = self.links.typed(link).filter(|_| !is_open) {
            self.chats.type_again(&typed, &self.context);
        }
        form.map(Message::Chats)
    }

    /// Shows what a link says of somebody's keys, beside what is known of them. Nothing is decided.
    fn compare_keys(&mut self, link: KeyLink) -> Task<Message> {
        let own = self.context.accounts.iter().find(|state| state.account.jid == link.jid);
        if let Some(account) = own.map(|state| state.account.id) {
            self.chats.close_menus();
            let (screen, reading) = settings::Settings::at_keys(account, Some(link), &self.context);
            self.turn_to(Screen::Settings(Box::new(screen)));
            let focus = crate::widget::focus::focus(keys::BACK);
            return Task::batch([reading.map(Message::Settings), focus]);
        }
        let talks = self.context.conversations.iter().map(|talk| (talk.account, &talk.peer));
        let known = self.context.contacts.iter().map(|(account, contact)| (*account, &contact.item.jid));
        let Some((account, _)) = talks.chain(known).find(|(_, jid)| **jid == link.jid) else {
            return self.say_of_link(Trouble::KeysOfStranger(link.jid));
        };
        let shown = self.show((account, link.jid.clone()));
        Task::batch([shown, self.chats.compare(link, &self.context).map(Message::Chats)])
    }

    /// The devices of an account are shown, with all that are new: nobody needs to be told of these any more.
    fn own_devices_shown(&mut self, account: AccountId) {
        self.chats.own_devices_shown(account);
        self.ask(account, Command::OwnDevicesSeen);
    }

    /// Shows somebody's keys: another one's on the page about them, ours in the settings.
    fn show_keys(&mut self, key: Key) -> Task<Message> {
        if self.context.account(key.0).is_some_and(|state| state.account.jid == key.1) {
            self.chats.close_menus();
            self.own_devices_shown(key.0);
            let (screen, reading) = settings::Settings::at_keys(key.0, None, &self.context);
            self.turn_to(Screen::Settings(Box::new(screen)));
            return Task::batch([
                reading.map(Message::Settings),
                crate::widget::focus::focus(settings::BACK),
            ]);
        }
        self.update_chats(chats::Message::KeysPressed(key))
    }

    /// Says why a link leads nowhere.
    pub(super) fn say_of_link(&mut self, trouble: Trouble) -> Task<Message> {
        self.trouble = Some(trouble);
        crate::widget::focus::focus(link::CLOSE)
    }

    pub(super) fn update_link(&mut self, message: link::Message) -> Task<Message> {
        let Some(trouble) = self.trouble.take() else { return Task::none() };
        let copied = match message {
            link::Message::FollowPressed => return self.open_link(&trouble.link()),
            link::Message::CopyPressed => iced::clipboard::write(trouble.link()),
            link::Message::Closed => Task::none(),
        };
        Task::batch([copied, self.focus_behind()])
    }

    /// Puts the keyboard back where it may have been before something was in front of the window.
    pub(super) fn focus_behind(&self) -> Task<Message> {
        match &self.screen {
            Screen::Chats => crate::widget::focus::focus(self.chats.main_field()),
            Screen::Welcome => crate::widget::focus::focus(welcome::NEW),
            Screen::Wizard(wizard) => wizard.focus(),
            Screen::SignIn(sign_in) => crate::widget::focus::focus(sign_in.first_field()),
            Screen::Opening | Screen::Refused(_) | Screen::Settings(_) => Task::none(),
        }
    }

    fn enter_password(&mut self, account: AccountId) -> Task<Message> {
        let Some(state) = self.context.account(account) else { return Task::none() };
        let sign_in = sign_in::SignIn::for_password(account, &state.account.jid);
        self.show_sign_in(sign_in)
    }

    pub(super) fn notification_read(&mut self, key: Key, read: Option<Stored>) -> Task<Message> {
        let text = match read.map(|message| message.body) {
            Some(Body::Text(text)) => first_lines(&text),
            _ => self.context.i18n.get("notification-new-message"),
        };
        self.show_notification(key, text);
        Task::none()
    }
}

/// As much of a message as fits into a notification.
fn first_lines(text: &str) -> String {
    const MOST: usize = 240;
    let mut short: String = text.trim().chars().take(MOST).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}

/// Opens a page of the web.
pub(super) fn open_outside(link: &str) -> Task<Message> {
    let (link, outside) = (link.to_owned(), link.to_owned());
    let opening = blocking(move || links::open(&outside), false);
    opening.map(move |opened| if opened { Message::Done } else { Message::LinkFailed(link.clone()) })
}

/// Shows a file that was just written in the program that the desktop has for it.
pub(super) fn open_file(path: std::path::PathBuf) -> Task<Message> {
    let named = path.display().to_string();
    let opening = blocking(move || links::open_file(&path), false);
    opening.map(move |opened| if opened { Message::Done } else { Message::LinkFailed(named.clone()) })
}

/// Shows a folder of ours in the program that the desktop has for folders.
pub(super) fn open_folder(folder: std::path::PathBuf) -> Task<Message> {
    blocking(move || links::open_folder(&folder), false).map(|_| Message::Done)
}

/// What a message's name is made of.
fn random() -> [u8; 16] {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // Without randomness from the system nothing else of the program works either; a name only has to be new.
        let now = jiff::Timestamp::now().as_nanosecond();
        bytes = now.to_le_bytes();
    }
    bytes
}
