//! The main window: conversations on the left, one of them on the right.
//!
//! Long because its parts meet here, and what one of them wants of another has to be seen together.

pub(crate) mod add_contact;
pub(crate) mod composer;
pub(crate) mod details;
mod header;
pub(crate) mod invite;
pub(crate) mod list;
pub(crate) mod own;
mod privacy;
mod routes;
pub(crate) mod saying;
pub(crate) mod timeline;
mod unkept;
mod view;

use causerie_model::{AccountId, Alarm, BareJid, Command, Notice, OriginId, Privacy, Problem};
use iced::Task;

use crate::context::{Context, Key, Panes};
use crate::platform::links::kept::Typed;
use crate::platform::links::keys::KeyLink;
use crate::screen::keys;
use crate::widget::focus::focus;
use crate::widget::list::{scroll_by_pages, scroll_to_end};
use add_contact::AddContact;
use composer::Composer;
use details::{Details, Part};
use invite::Invite;
use list::List;
use own::Own;
use timeline::Timeline;

#[cfg(test)]
pub(crate) use view::view;
pub(crate) use view::view_above;

/// The main window.
#[derive(Debug, Default)]
pub(crate) struct Chats {
    list: List,
    open: Option<Open>,
    beside: Beside,
    own: Option<Own>,
    panel: Panel,
    dragged: Option<f32>,
    notices: Vec<(AccountId, News)>,
    /// Whether something has come in place of what a link has brought, and nobody has answered about that.
    turned_away: bool,
}

/// The conversation that is shown.
#[derive(Debug)]
struct Open {
    key: Key,
    timeline: Timeline,
    composer: Composer,
}

/// What is shown beside, or in place of, the conversation.
#[derive(Debug, Default)]
enum Beside {
    #[default]
    Nothing,
    Add(AddContact),
    Invite(Box<Invite>),
    Details(Box<Details>),
}

/// Something that the person should hear.
#[derive(Clone, Debug, PartialEq, Eq)]
enum News {
    /// Something did not go as it should.
    Notice(Notice),
    /// Somebody came by an invitation.
    Arrived(BareJid),
}

/// Whether what encryption protects is told, below the lock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Panel {
    #[default]
    Closed,
    Open,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// In the list.
    List(list::Message),
    /// In the messages.
    Timeline(timeline::Message),
    /// Where messages are written.
    Composer(composer::Message),
    /// In the page about a person.
    Details(details::Message),
    /// In the form for a new contact.
    Add(add_contact::Message),
    /// While somebody is invited.
    Invite(invite::Message),
    /// In the menu of our own availability.
    Own(own::Message),
    /// That menu was opened or closed.
    OwnPressed,
    /// A new contact is to be added.
    AddPressed,
    /// The page about a person was opened or closed.
    DetailsPressed,
    /// The settings are to be shown.
    SettingsPressed,
    /// The settings of the network are wanted.
    NetworkPressed,
    /// A link that waits is to be followed.
    LinkPressed,
    /// That links were not kept was read.
    DroppedPressed,
    /// A page of the web is wanted, any: the network shows its own.
    PagePressed,
    /// Back to the list.
    BackPressed,
    /// The caret is to be in the filter.
    FilterPressed,
    /// Escape.
    Escaped,
    /// The border of the list is held.
    BorderPressed,
    /// The border of the list is held, that far from the left.
    BorderDragged(f32),
    /// The border of the list was let go.
    BorderDropped,
    /// An account that was stopped is to be tried again.
    TryPressed(AccountId),
    /// What was missed is not to be fetched now.
    FetchingStopped(AccountId),
    /// What was missed is to be fetched after all.
    FetchingStarted(AccountId),
    /// A password is to be entered.
    PasswordPressed(AccountId),
    /// The password may be sent as it is.
    PlainAllowed(AccountId),
    /// An account may be signed in less safely than before.
    WeakerAllowed(AccountId),
    /// Messages of the open conversation are to be encrypted, or not.
    PrivacyChosen(Privacy),
    /// The keys of the other side are to be asked for again.
    LookUpPressed,
    /// The lock was pressed, or what it opened is to be closed.
    LockPressed,
    /// Somebody's keys are to be looked at.
    KeysPressed(Key),
    /// The keyring was perhaps unlocked.
    UnlockPressed,
    /// The account is to have new keys.
    NewKeysPressed,
    /// Who has arrived is to be written to.
    WritePressed(Key),
    /// What was said was heard.
    NoticeDismissed(usize),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    /// Ask this of an account.
    Ask(AccountId, Command),
    /// Send this text.
    Send(Key, String),
    /// Say this of a message, or to it.
    Say(Key, saying::Said),
    /// A conversation is looked at.
    Shown(Key),
    /// Open a link.
    Link(String),
    /// Follow the next link that waits.
    FollowNext,
    /// Say no more that links were not kept.
    DroppedSeen,
    /// Put text onto the clipboard.
    Copy(String),
    /// Show somebody's keys.
    Keys(Key),
    /// Show the settings.
    Settings,
    /// Show those of the network.
    Network,
    /// Ask for the password of an account.
    EnterPassword(AccountId),
    /// Ask the keyring again for the key that seals.
    Unlock,
    /// Go on with new keys.
    NewKeys,
    /// Keep this width of the list.
    Width(f32),
}

/// A page without encryption, in place of which a network that wants somebody to sign in shows its own. It is everybody's example, and
/// tells nobody which provider is used.
const ANY_PAGE: &str = "http://example.com/";

/// Where the messages are to be scrolled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scroll {
    /// So many pages down, or up when negative.
    Pages(f32),
    /// To the newest message.
    End,
}

type Outcome = (Task<Message>, Vec<Action>);

impl Chats {
    /// Which conversation is shown.
    pub(crate) fn open_key(&self) -> Option<&Key> {
        self.open.as_ref().map(|open| &open.key)
    }

    /// Where one types, unless something is in front.
    pub(crate) fn main_field(&self) -> &'static str {
        match self.beside {
            Beside::Add(_) => add_contact::ADDRESS,
            _ if self.open.is_some() => composer::COMPOSER,
            _ => list::FILTER,
        }
    }

    /// Scrolls the messages by so many pages, or to the newest.
    pub(crate) fn scroll<T: Send + 'static>(&self, by: Scroll) -> Task<T> {
        let Some(open) = &self.open else { return Task::none() };
        match by {
            Scroll::Pages(pages) => scroll_by_pages(open.timeline.list_id(), pages),
            Scroll::End => scroll_to_end(open.timeline.list_id()),
        }
    }

    /// Another page comes in front: what floats over this one is not there when one is back.
    pub(crate) fn close_menus(&mut self) {
        self.own = None;
        self.panel = Panel::Closed;
    }

    /// Shows a conversation.
    pub(crate) fn show(&mut self, key: Key, context: &Context) -> Outcome {
        self.turn_away();
        self.beside = Beside::Nothing;
        self.close_menus();
        // What is open is in the list.
        if self.list.only().is_some_and(|only| only != key.0) {
            self.list.show_only(None, context);
        }
        if self.open_key() == Some(&key) {
            return (focus(composer::COMPOSER), self.attend(context));
        }
        let mut actions = self.leave(context);
        let (timeline, reading) = Timeline::open(key.clone(), context);
        let draft =
            context.conversation(&key).map(|conversation| conversation.draft.as_str()).unwrap_or_default();
        let composer = Composer::new(key.1.clone(), draft);
        self.open = Some(Open { key: key.clone(), timeline, composer });
        actions.push(Action::Ask(key.0, Command::LookUpKeys(key.1.clone())));
        actions.push(Action::Shown(key));
        let task = Task::batch([reading.map(Message::Timeline), focus(composer::COMPOSER)]);
        (task, actions)
    }

    /// Fills a text into the open conversation, where nothing is typed yet. It is not sent.
    pub(crate) fn fill(&mut self, text: &str) {
        if let Some(open) = &mut self.open {
            open.composer.fill(text);
        }
    }

    /// Shows the form for a new contact, with an address filled in.
    pub(crate) fn add(&mut self, address: &str, context: &Context) -> Task<Message> {
        self.close_menus();
        let mut form = AddContact::new(address, self.list.only(), context);
        if let Beside::Add(before) = &self.beside {
            form.follow(before, context);
        }
        self.beside = Beside::Add(form);
        focus(add_contact::ADDRESS)
    }

    /// Whether a form for a new contact is open, with that address in it.
    pub(crate) fn is_adding(&self, jid: &BareJid) -> bool {
        matches!(&self.beside, Beside::Add(form) if form.address() == jid.as_str())
    }

    /// What is in the form for a new contact, if one is open.
    pub(crate) fn typed(&self, context: &Context) -> Option<Typed> {
        if let Beside::Add(form) = &self.beside { Some(form.typed(context)) } else { None }
    }

    /// What was typed the last time into the form for a new contact is in it again.
    pub(crate) fn type_again(&mut self, typed: &Typed, context: &Context) {
        if let Beside::Add(form) = &mut self.beside {
            form.type_again(typed, context);
        }
    }

    /// Whose address is in the form for a new contact.
    #[cfg(test)]
    pub(crate) fn adding(&self) -> Option<&str> {
        if let Beside::Add(form) = &self.beside { Some(form.address()) } else { None }
    }

    /// Shows an empty form for a new contact, or one with what was typed into the filter.
    fn add_by_hand(&mut self, address: &str, context: &Context) -> Task<Message> {
        self.turn_away();
        self.add(address, context)
    }

    /// Something else takes the place of what a link has brought, and nobody has answered.
    fn turn_away(&mut self) {
        self.turned_away |= match &self.beside {
            Beside::Add(_) => true,
            Beside::Details(details) => details.has_undecided(),
            _ => false,
        };
    }

    /// Whether that has happened since it was asked the last time.
    pub(crate) fn was_turned_away(&mut self) -> bool {
        std::mem::take(&mut self.turned_away)
    }

    /// Whether something is shown that a link has brought, and that somebody has yet to decide about.
    pub(crate) fn is_answering_link(&self) -> bool {
        matches!(self.beside, Beside::Add(_)) || self.is_comparing()
    }

    /// The same, where it is about somebody else. A form without an address is about nobody.
    pub(crate) fn is_answering_about_other(&self, jid: &BareJid) -> bool {
        match &self.beside {
            Beside::Add(form) => !form.address().is_empty() && form.address() != jid.as_str(),
            _ => self.is_comparing() && self.open_key().is_some_and(|(_, peer)| peer != jid),
        }
    }

    /// The same for a stranger to whom a link wants something written: it waits for the press.
    pub(crate) fn add_to_write(&mut self, jid: BareJid, text: String, context: &Context) -> Task<Message> {
        let task = self.add(jid.as_str(), context);
        if let Beside::Add(form) = &mut self.beside {
            form.keep(jid, text);
        }
        task
    }

    /// Shows what a link says of the keys of the one with whom the open conversation is.
    pub(crate) fn compare(&mut self, link: KeyLink, context: &Context) -> Task<Message> {
        let Some(key) = self.open_key().cloned() else { return Task::none() };
        let (mut details, reading) = Details::open(key, Part::Keys, context);
        details.compare_with(link);
        self.beside = Beside::Details(Box::new(details));
        Task::batch([reading.map(Message::Details), focus(keys::BACK)])
    }

    /// Whether a picture that is let fall onto the window is to be looked at.
    pub(crate) fn is_comparing(&self) -> bool {
        matches!(&self.beside, Beside::Details(details) if details.is_comparing())
    }

    /// Somebody else whose devices are shown, or compared.
    pub(crate) fn devices_of(&self) -> Option<&Key> {
        match &self.beside {
            Beside::Details(details) => details.devices_of(),
            _ => None,
        }
    }

    /// People or conversations changed.
    pub(crate) fn people_changed(&mut self, context: &Context) -> Vec<Action> {
        self.list.arrange(context);
        self.attend(context)
    }

    /// Messages of a conversation changed.
    pub(crate) fn conversation_changed(&self, key: &Key, context: &Context) -> Task<Message> {
        match &self.open {
            Some(open) if open.key == *key => open.timeline.reload(context).map(Message::Timeline),
            _ => Task::none(),
        }
    }

    /// What is known of a person changed; of everybody of the account, when nobody is named.
    pub(crate) fn person_changed(
        &self,
        account: AccountId,
        jid: Option<&BareJid>,
        context: &Context,
    ) -> Task<Message> {
        match &self.beside {
            Beside::Details(details)
                if details.key().0 == account && jid.is_none_or(|jid| *jid == details.key().1) =>
            {
                details.reload(context).map(Message::Details)
            }
            _ => Task::none(),
        }
    }

    /// Somebody looks at the window again.
    pub(crate) fn attend(&mut self, context: &Context) -> Vec<Action> {
        let Some(open) = &mut self.open else { return Vec::new() };
        open.timeline.attend(context).into_iter().map(Action::from).collect()
    }

    /// Something that the person should hear.
    pub(crate) fn notice(&mut self, account: AccountId, notice: Notice) {
        self.tell(account, News::Notice(notice));
    }

    /// Somebody is not to be added any more as soon as there is a line: they are, or nobody wants it.
    pub(crate) fn wished_no_more(&mut self, account: AccountId, who: &BareJid) {
        self.notices.retain(|(whose, news)| {
            let lost = Problem::ConnectionLost;
            *whose != account
                || *news != News::Notice(Notice::ContactNotAdded { jid: who.clone(), problem: lost })
        });
    }

    fn tell(&mut self, account: AccountId, news: News) {
        /// More than anybody reads.
        const MOST: usize = 5;
        if !self.notices.iter().any(|(whose, told)| *whose == account && says_the_same(told, &news)) {
            self.notices.push((account, news));
        }
        if self.notices.len() > MOST {
            // An alarm is not pushed out by what matters less.
            let is_alarm = |(_, news): &(AccountId, News)| {
                alarm_of(news).is_some() || matches!(news, News::Notice(Notice::KeyReplaced { .. }))
            };
            let first = self.notices.iter().position(|notice| !is_alarm(notice)).unwrap_or_default();
            self.notices.remove(first);
        }
    }

    /// The devices of an account are shown: what is told of new ones among them was seen.
    pub(crate) fn own_devices_shown(&mut self, account: AccountId) {
        self.notices.retain(|(whose, news)| {
            *whose != account || !matches!(news, News::Notice(Notice::NewOwnDevice { .. }))
        });
    }

    /// An account is gone, and all that was its.
    pub(crate) fn account_removed(&mut self, account: AccountId, context: &Context) {
        if self.open_key().is_some_and(|key| key.0 == account) {
            self.turn_away();
            self.open = None;
            self.beside = Beside::Nothing;
        }
        if matches!(&self.beside, Beside::Invite(invite) if invite.account() == account) {
            self.beside = Beside::Nothing;
        }
        if let Beside::Add(form) = &mut self.beside
            && !form.account_removed(account, context)
        {
            self.turn_away();
            self.beside = Beside::Nothing;
        }
        self.notices.retain(|(whose, _)| *whose != account);
        self.close_menus();
        self.list.arrange(context);
    }

    /// What is to be kept before the conversation is left, or the program.
    pub(crate) fn leave(&mut self, context: &Context) -> Vec<Action> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let account = open.key.0;
        let commands = open.composer.leave(context.settings.typing);
        commands.into_iter().map(|command| Action::Ask(account, command)).collect()
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Outcome {
        match message {
            Message::List(message) => return self.update_list(message, context),
            Message::Timeline(message) => return self.update_timeline(message, context),
            Message::Composer(message) => return self.update_composer(message, context),
            Message::Details(message) => return self.update_details(message, context),
            Message::Add(message) => return self.update_add(message, context),
            Message::Invite(message) => return self.update_invite(message, context),
            Message::Own(message) => return self.update_own(message, context),
            Message::OwnPressed => {
                if self.own.take().is_some() {
                    return (focus(header::OWN), Vec::new());
                }
                self.panel = Panel::Closed;
                self.own = Own::open(self.list.only(), context);
                return (focus(own::FIRST), Vec::new());
            }
            Message::AddPressed => return (self.add_by_hand("", context), Vec::new()),
            Message::DetailsPressed => return self.toggle_details(context),
            Message::SettingsPressed => return (Task::none(), vec![Action::Settings]),
            Message::NetworkPressed => return (Task::none(), vec![Action::Network]),
            Message::LinkPressed => return (Task::none(), vec![Action::FollowNext]),
            Message::DroppedPressed => return (Task::none(), vec![Action::DroppedSeen]),
            Message::PagePressed => return (Task::none(), vec![Action::Link(ANY_PAGE.to_owned())]),
            Message::BackPressed => return self.back(context),
            Message::FilterPressed => return self.focus_filter(context),
            Message::Escaped => return self.escape(context),
            Message::BorderPressed => self.dragged = Some(context.settings.list_width.into()),
            Message::BorderDragged(width) => self.dragged = Some(width),
            Message::BorderDropped => {
                let width = self.dragged.take().map(Action::Width);
                return (Task::none(), width.into_iter().collect());
            }
            Message::TryPressed(account) => {
                return (Task::none(), vec![Action::Ask(account, Command::Connect)]);
            }
            Message::FetchingStopped(account) => {
                return (Task::none(), vec![Action::Ask(account, Command::StopCatchUp)]);
            }
            Message::FetchingStarted(account) => {
                return (Task::none(), vec![Action::Ask(account, Command::StartCatchUp)]);
            }
            Message::PasswordPressed(account) => {
                return (Task::none(), vec![Action::EnterPassword(account)]);
            }
            Message::PlainAllowed(account) => {
                let ask = [Command::AllowPlain, Command::Connect];
                return (Task::none(), ask.map(|command| Action::Ask(account, command)).into());
            }
            Message::WeakerAllowed(account) => {
                return (Task::none(), vec![Action::Ask(account, Command::AllowWeaker)]);
            }
            Message::PrivacyChosen(privacy) => {
                let Some((account, peer)) = self.open_key().cloned() else {
                    return (Task::none(), Vec::new());
                };
                self.panel = Panel::Closed;
                let command = Command::SetPrivacy { peer, privacy };
                return (focus(composer::COMPOSER), vec![Action::Ask(account, command)]);
            }
            Message::LookUpPressed => {
                let ask = |(account, peer): Key| Action::Ask(account, Command::LookUpKeys(peer));
                let asked = self.open_key().cloned().map(ask);
                return (focus(composer::COMPOSER), asked.into_iter().collect());
            }
            Message::LockPressed => {
                let opens = self.panel == Panel::Closed && self.open.is_some();
                self.panel = if opens { Panel::Open } else { Panel::Closed };
                return (focus(if opens { privacy::FIRST } else { privacy::LOCK }), Vec::new());
            }
            Message::KeysPressed(key) => return self.show_keys(key, context),
            Message::UnlockPressed => return (Task::none(), vec![Action::Unlock]),
            Message::NewKeysPressed => return (Task::none(), vec![Action::NewKeys]),
            Message::WritePressed(key) => return self.write_to_arrived(key, context),
            Message::NoticeDismissed(place) => {
                if place < self.notices.len() {
                    let (account, news) = self.notices.remove(place);
                    let seen = alarm_of(&news).map(|alarm| Action::Ask(account, Command::AlarmSeen(alarm)));
                    return (Task::none(), seen.into_iter().collect());
                }
            }
        }
        (Task::none(), Vec::new())
    }

    fn toggle_details(&mut self, context: &Context) -> Outcome {
        if matches!(self.beside, Beside::Details(_)) {
            return self.close_beside();
        }
        let Some(key) = self.open_key().cloned() else { return (Task::none(), Vec::new()) };
        self.turn_away();
        let (details, reading) = Details::open(key, Part::Whole, context);
        self.beside = Beside::Details(Box::new(details));
        (Task::batch([reading.map(Message::Details), focus(details::CLOSE)]), Vec::new())
    }

    /// The page about somebody, at their keys; our own are in the settings.
    fn show_keys(&mut self, key: Key, context: &Context) -> Outcome {
        if context.account(key.0).is_some_and(|state| state.account.jid == key.1) {
            self.notices.retain(|(account, news)| match news {
                News::Notice(Notice::NewOwnDevice { .. }) => *account != key.0,
                News::Notice(Notice::KeyReplaced { jid, .. }) => *account != key.0 || *jid != key.1,
                _ => true,
            });
            return (Task::none(), vec![Action::Keys(key)]);
        }
        if let Some(place) = self.notices.iter().position(|(account, news)| {
            *account == key.0
                && matches!(news, News::Notice(Notice::KeyReplaced { jid, .. }) if *jid == key.1)
        }) {
            self.notices.remove(place);
        }
        let (shown, actions) = self.show(key.clone(), context);
        let (details, reading) = Details::open(key, Part::Keys, context);
        self.beside = Beside::Details(Box::new(details));
        (Task::batch([shown, reading.map(Message::Details), focus(details::CLOSE)]), actions)
    }

    fn close_beside(&mut self) -> Outcome {
        self.beside = Beside::Nothing;
        (focus(self.main_field()), Vec::new())
    }

    fn back(&mut self, context: &Context) -> Outcome {
        if !matches!(self.beside, Beside::Nothing) {
            return self.close_beside();
        }
        let actions = self.leave(context);
        self.open = None;
        (focus(list::FILTER), actions)
    }

    fn focus_filter(&mut self, context: &Context) -> Outcome {
        // Where there is room for one pane only, the filter is behind the conversation.
        let actions = if context.panes() == Panes::One {
            self.turn_away();
            self.beside = Beside::Nothing;
            self.back(context).1
        } else {
            Vec::new()
        };
        (focus(list::FILTER), actions)
    }

    /// Closes what was opened last.
    fn escape(&mut self, context: &Context) -> Outcome {
        if self.own.take().is_some() {
            return (focus(header::OWN), Vec::new());
        }
        if std::mem::take(&mut self.panel) == Panel::Open {
            return (focus(privacy::LOCK), Vec::new());
        }
        if let Some(task) = self.open.as_mut().and_then(|open| open.timeline.close_menu()) {
            return (task, Vec::new());
        }
        if matches!(self.beside, Beside::Nothing)
            && self.open.as_mut().is_some_and(|open| open.composer.let_go())
        {
            return (focus(composer::COMPOSER), Vec::new());
        }
        if matches!(self.beside, Beside::Add(_)) {
            return self.close_beside();
        }
        if matches!(self.beside, Beside::Invite(_)) {
            return self.update_invite(invite::Message::Closed, context);
        }
        if self.list.is_filtered() {
            self.list.clear(context);
            return (focus(list::FILTER), Vec::new());
        }
        if matches!(self.beside, Beside::Details(_)) {
            return self.update_details(details::Message::Closed, context);
        }
        if context.panes() == Panes::One && self.open.is_some() {
            return self.back(context);
        }
        let task = if self.open.is_some() { focus(composer::COMPOSER) } else { Task::none() };
        (task, Vec::new())
    }
}

impl From<timeline::Action> for Action {
    fn from(action: timeline::Action) -> Self {
        match action {
            timeline::Action::Ask(account, command) => Self::Ask(account, command),
            timeline::Action::Link(link) => Self::Link(link),
            timeline::Action::Copy(text) => Self::Copy(text),
            timeline::Action::Keys(key) => Self::Keys(key),
            timeline::Action::Say(key, said) => Self::Say(key, said),
        }
    }
}

/// Whether two say the same. Of one person's keys it is said that they were replaced, and not of which: nobody pushes out what is said of others.
fn says_the_same(one: &News, other: &News) -> bool {
    use Notice::KeyReplaced;
    match (one, other) {
        (News::Notice(KeyReplaced { jid: one, .. }), News::Notice(KeyReplaced { jid: other, .. })) => {
            one == other
        }
        _ => one == other,
    }
}

/// What is told in each run until it was seen.
fn alarm_of(news: &News) -> Option<Alarm> {
    match news {
        News::Notice(Notice::NewOwnDevice { device }) => Some(Alarm::NewDevice(*device)),
        News::Notice(Notice::KeysRenewed) => Some(Alarm::KeysRenewed),
        News::Notice(_) | News::Arrived(_) => None,
    }
}

/// The command that sends a text, under a fresh name.
pub(crate) fn send(peer: BareJid, body: String, random: [u8; 16]) -> Command {
    Command::SendMessage { id: OriginId::from_random(random), peer, body: body.into() }
}

#[cfg(test)]
mod older_tests;
#[cfg(test)]
mod said_tests;
#[cfg(test)]
mod saying_tests;
#[cfg(test)]
mod switching_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod unreadable_tests;
