//! What is known of a person, and what can be changed about it.

mod view;

use causerie_model::{AccountId, Command, Contact};
use iced::Task;

use crate::context::{Context, Key};
use crate::platform::links::keys::KeyLink;
use crate::screen::handout::{Form, Handout};
use crate::screen::keys::{self, Keys, Whose};

pub(crate) use view::{CANCEL, CLOSE, PAGE, view};

/// A person's page.
#[derive(Debug)]
pub(crate) struct Details {
    key: Key,
    person: Option<Contact>,
    keys: Keys,
    part: Part,
    name: String,
    groups: String,
    asked: Asked,
    /// Their address, while it is handed on to others.
    shared: Option<Handout>,
}

/// What of the page is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Everything.
    Whole,
    /// The devices and keys alone, for who came for them.
    Keys,
}

/// What has to be confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Asked {
    #[default]
    Nothing,
    Remove,
    Block,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The person was read from the disk.
    Read(Key, Option<Contact>),
    /// Among their devices and keys.
    Keys(keys::Message),
    /// What they send can't be read: everything is to begin anew.
    RepairPressed,
    /// The name was edited.
    NameChanged(String),
    /// The groups were edited.
    GroupsChanged(String),
    /// Enter, or the button.
    Saved,
    /// “Add to contacts” was pressed.
    AddPressed,
    /// The address is to be copied.
    CopyPressed,
    /// They are to be passed on to somebody else.
    SharePressed,
    /// What is passed on is to be copied.
    ShareCopied(Form),
    /// “Remove” was pressed.
    RemovePressed,
    /// “Block” was pressed.
    BlockPressed,
    /// “Unblock” was pressed.
    UnblockPressed,
    /// What was asked is meant.
    Confirmed,
    /// What was asked is not meant.
    Dismissed,
    /// The page is to be closed.
    Closed,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// What came of something among the keys.
    Keys(Task<Message>, Vec<keys::Action>),
    /// Ask this of the account.
    Ask(AccountId, Command),
    /// Put text onto the clipboard.
    Copy(String),
    /// Close the page.
    Close,
}

impl Details {
    /// The page of a person, or a part of it, and the reading of it.
    pub(crate) fn open(key: Key, part: Part, context: &Context) -> (Self, Task<Message>) {
        let (keys, reading) = Keys::open(key.clone(), context);
        let details = Self {
            key,
            person: None,
            keys,
            part,
            name: String::new(),
            groups: String::new(),
            asked: Asked::Nothing,
            shared: None,
        };
        let task = Task::batch([details.read_person(context), reading.map(Message::Keys)]);
        (details, task)
    }

    /// Reads the person again, because something changed.
    pub(crate) fn reload(&self, context: &Context) -> Task<Message> {
        Task::batch([self.read_person(context), self.keys.reload(context).map(Message::Keys)])
    }

    fn read_person(&self, context: &Context) -> Task<Message> {
        let key = self.key.clone();
        let person = context.ledger.clone().person(key.clone());
        let read = Task::perform(person, Result::ok);
        read.and_then(move |person| Task::done(Message::Read(key.clone(), person)))
    }

    /// Shows what a link says of the person's keys.
    pub(crate) fn compare_with(&mut self, link: KeyLink) {
        self.keys.compare_with(link);
    }

    /// Whether a picture that is let fall onto the window is for this page.
    pub(crate) fn is_comparing(&self) -> bool {
        self.keys.is_comparing()
    }

    /// Whether keys are compared about which nothing is decided.
    pub(crate) fn has_undecided(&self) -> bool {
        self.keys.has_undecided()
    }

    /// Somebody else whose devices are shown, or compared.
    pub(crate) fn devices_of(&self) -> Option<&Key> {
        (self.keys.whose() == Whose::Theirs).then_some(&self.key)
    }

    /// Whose page it is.
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Action {
        let (account, jid) = self.key.clone();
        match message {
            Message::Read(key, person) if key == self.key => self.read(person),
            Message::Read(..) => {}
            Message::Keys(message) => {
                let (task, wishes) = self.keys.update(message, context);
                return Action::Keys(task.map(Message::Keys), wishes);
            }
            Message::RepairPressed => return Action::Ask(account, Command::RepairSessions(jid)),
            Message::NameChanged(name) => self.name = name,
            Message::GroupsChanged(groups) => self.groups = groups,
            Message::Saved if self.is_changed() => {
                let name = Some(self.name.trim().to_owned()).filter(|name| !name.is_empty());
                return Action::Ask(account, Command::EditContact { jid, name, groups: self.groups() });
            }
            Message::Saved => {}
            Message::AddPressed => {
                let name = Some(self.name.trim().to_owned()).filter(|name| !name.is_empty());
                let groups = self.groups();
                return Action::Ask(account, Command::AddContact { jid, name, groups, preauth: None });
            }
            Message::CopyPressed => return Action::Copy(jid.to_string()),
            Message::SharePressed => self.shared = Some(Handout::of_person(&jid)),
            Message::ShareCopied(form) => {
                if let Some(shared) = &mut self.shared {
                    return Action::Copy(shared.copy(form));
                }
            }
            Message::RemovePressed => self.asked = Asked::Remove,
            Message::BlockPressed => self.asked = Asked::Block,
            Message::UnblockPressed => return Action::Ask(account, Command::Unblock(jid)),
            Message::Confirmed => {
                return match std::mem::take(&mut self.asked) {
                    Asked::Remove => Action::Ask(account, Command::RemoveContact(jid)),
                    Asked::Block => Action::Ask(account, Command::Block(jid)),
                    Asked::Nothing => Action::None,
                };
            }
            Message::Dismissed => self.asked = Asked::Nothing,
            Message::Closed if self.shared.take().is_some() => {}
            Message::Closed if self.asked != Asked::Nothing => self.asked = Asked::Nothing,
            Message::Closed if self.keys.step_back() => {}
            Message::Closed => return Action::Close,
        }
        Action::None
    }

    /// What is being typed is not overwritten by what comes from the disk.
    fn read(&mut self, person: Option<Contact>) {
        let untouched = !self.is_changed();
        self.person = person;
        if untouched {
            (self.name, self.groups) = self.stored();
        }
    }

    fn stored(&self) -> (String, String) {
        let item = self.person.as_ref().map(|person| &person.item);
        let name = item.and_then(|item| item.name.clone()).unwrap_or_default();
        (name, item.map(|item| item.groups.join(", ")).unwrap_or_default())
    }

    /// Whether there is something to save.
    fn is_changed(&self) -> bool {
        let (name, groups) = self.stored();
        self.name.trim() != name || self.groups.trim() != groups
    }

    fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = self
            .groups
            .split(',')
            .map(|group| group.trim().to_owned())
            .filter(|group| !group.is_empty())
            .collect();
        groups.sort();
        groups.dedup();
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples::{self, HOME};

    fn page() -> (Details, Context) {
        let context = samples::lively(1000.0, 700.0);
        let (mut details, _) = Details::open(samples::bob(), Part::Whole, &context);
        details.update(Message::Read(samples::bob(), context.contact(&samples::bob()).cloned()), &context);
        (details, context)
    }

    fn asked(details: &mut Details, message: Message, context: &Context) -> Option<Command> {
        match details.update(message, context) {
            Action::Ask(HOME, command) => Some(command),
            Action::None => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn only_what_was_changed_is_saved() {
        let (mut details, context) = page();
        assert_eq!(asked(&mut details, Message::Saved, &context), None);
        details.update(Message::NameChanged("Bobby".to_owned()), &context);
        details.update(Message::GroupsChanged("Work, Friends,, Work ".to_owned()), &context);
        let edit = Command::EditContact {
            jid: samples::bob().1,
            name: Some("Bobby".to_owned()),
            groups: vec!["Friends".to_owned(), "Work".to_owned()],
        };
        assert_eq!(asked(&mut details, Message::Saved, &context), Some(edit));
    }

    #[test]
    fn what_is_being_typed_stays_when_the_person_is_read_again() {
        let (mut details, context) = page();
        details.update(Message::NameChanged("Bobby".to_owned()), &context);
        let again = details.person.clone();
        details.update(Message::Read(samples::bob(), again), &context);
        assert_eq!(details.name, "Bobby");
    }

    #[test]
    fn a_contact_is_passed_on_by_address_alone() {
        let (mut details, context) = page();
        let copied = |details: &mut Details| match details.update(Message::ShareCopied(Form::Link), &context)
        {
            Action::Copy(text) => Some(text),
            _ => None,
        };
        assert_eq!(copied(&mut details), None);
        details.update(Message::SharePressed, &context);
        assert_eq!(copied(&mut details).as_deref(), Some("xmpp:bob@chat.example?roster"));
        assert!(matches!(details.update(Message::Closed, &context), Action::None), "back to the page");
        assert!(matches!(details.update(Message::Closed, &context), Action::Close));
    }

    #[test]
    fn removing_is_confirmed_first() {
        let (mut details, context) = page();
        assert_eq!(asked(&mut details, Message::RemovePressed, &context), None);
        let escape = asked(&mut details, Message::Closed, &context);
        assert_eq!(escape, None, "Escape takes the question back");
        assert_eq!(asked(&mut details, Message::Confirmed, &context), None);
        details.update(Message::RemovePressed, &context);
        let removed = Command::RemoveContact(samples::bob().1);
        assert_eq!(asked(&mut details, Message::Confirmed, &context), Some(removed));
    }
}
