//! Name and password.

mod view;

use causerie_model::{BareJid, Password};
use iced::Task;
use zeroize::Zeroizing;

use crate::names::{self, NameFault};
use crate::passwords::{self, Form};
use crate::widget::focus::focus;

pub(crate) use view::{NAME, PASSWORD, caution, name_field, password_field, view, with_words};

/// What is typed beyond this, in bytes, is no name and no password.
const LONGEST: usize = 1023;

/// What the account is to be called, and its password.
pub(crate) struct Identity {
    name: String,
    password: Zeroizing<String>,
    /// What the person has typed, while one is shown that was made up.
    own: Zeroizing<String>,
    way: Way,
    /// Whether it is typed because it was chosen elsewhere, not because the person wants that.
    elsewhere: bool,
    renewed: Option<Renewed>,
    /// Whether the password that is shown was copied.
    copied: bool,
    eye: Eye,
    trouble: Option<Trouble>,
    /// What is mended beside what the provider asks: its field is there until that is sent, or the page is left.
    mending: Option<Part>,
    /// Whether that field was the last one into which something was typed.
    typing: bool,
}

/// One of the two that make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// The name.
    Name,
    /// The password.
    Password,
}

/// Where the password comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It is made up here.
    Made(Form),
    /// The person types it.
    Own,
}

/// Whether the password can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eye {
    Open,
    Closed,
}

/// What became of a password that was made up in an earlier run, and is not the one that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Renewed {
    /// It was not used.
    Unused,
    /// An account may have been made with it.
    Perhaps,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// With the name.
    Name(NameFault),
    /// Somebody has it.
    NameTaken(Vec<String>),
    /// The provider does not take it, and perhaps says why.
    NameRefused(Option<String>),
    /// There is no password.
    NoPassword,
    /// The provider does not take the password, and perhaps says why.
    PasswordRefused(Option<String>),
}

impl Trouble {
    /// Whether it is about the name.
    fn is_of_name(&self) -> bool {
        self.part() == Part::Name
    }

    /// What it is about.
    fn part(&self) -> Part {
        match self {
            Self::Name(_) | Self::NameTaken(_) | Self::NameRefused(_) => Part::Name,
            Self::NoPassword | Self::PasswordRefused(_) => Part::Password,
        }
    }
}

/// What has happened.
#[derive(Clone)]
pub(crate) enum Message {
    /// The name was edited.
    NameChanged(String),
    /// One of the names that are proposed was chosen.
    NameChosen(String),
    /// The password was edited.
    PasswordChanged(String),
    /// Another way to a password was chosen.
    WayChosen(Way),
    /// Another password is to be made up.
    AnotherPressed,
    /// The eye was pressed.
    EyePressed,
    /// The password is to be copied.
    CopyPressed,
}

impl Identity {
    /// With the name of an earlier time, and a new password.
    pub(super) fn new(name: &str) -> Self {
        let way = Way::Made(Form::Readable);
        let mut identity = Self {
            name: name.to_owned(),
            password: Zeroizing::default(),
            own: Zeroizing::default(),
            way,
            elsewhere: false,
            renewed: None,
            copied: false,
            eye: Eye::Open,
            trouble: None,
            mending: None,
            typing: false,
        };
        identity.make();
        identity
    }

    /// The name as it was typed.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Fills in the name that an invitation gives.
    pub(super) fn set_name(&mut self, name: &str) {
        name.clone_into(&mut self.name);
        self.forget_troubles();
    }

    /// Whether name and password are those that were chosen here.
    pub(super) fn is_chosen_here(&self) -> bool {
        matches!(self.way, Way::Made(_)) && !self.name.trim().is_empty()
    }

    /// Whether the password is one that the person types.
    pub(super) fn is_own(&self) -> bool {
        self.way == Way::Own
    }

    /// Whether there is a password that the person has typed.
    pub(super) fn has_own(&self) -> bool {
        self.is_own() && !self.password.is_empty()
    }

    /// The password was made up anew: an earlier run has shown another one.
    pub(super) fn renew(&mut self, before: Renewed) {
        self.renewed = Some(before);
    }

    /// The password that was made up in an earlier run takes the place of the one that was made up in this one.
    pub(super) fn put_back(&mut self, password: &Password) {
        if matches!(self.way, Way::Made(_)) && self.renewed.take().is_some() {
            self.password = Zeroizing::new(password.reveal().to_owned());
        }
    }

    /// A password that was made up here is the one that counts after all.
    pub(super) fn take_back(&mut self, password: &Password) {
        self.password = Zeroizing::new(password.reveal().to_owned());
        if self.way == Way::Own {
            (self.way, self.eye) = (Way::Made(Form::Readable), Eye::Open);
        }
        (self.renewed, self.copied, self.elsewhere) = (None, false, false);
        self.forget_trouble(|trouble| !trouble.is_of_name());
    }

    /// The password is to be typed: it was chosen elsewhere.
    pub(super) fn ask_for_password(&mut self) {
        self.way = Way::Own;
        self.renewed = None;
        self.elsewhere = true;
        self.password = Zeroizing::default();
        self.eye = Eye::Closed;
    }

    /// A password is made up again, where one of elsewhere was asked for and none was typed.
    pub(super) fn choose_here(&mut self) {
        if self.elsewhere && self.password.is_empty() {
            self.way = Way::Made(Form::Readable);
            self.eye = Eye::Open;
            self.make();
        }
        self.elsewhere = false;
    }

    /// The person types the password.
    pub(super) fn type_own(&mut self) {
        self.ask_for_password();
        self.elsewhere = false;
    }

    /// Puts in a password that is there already.
    pub(super) fn set_password(&mut self, password: &Password) {
        self.password = Zeroizing::new(password.reveal().to_owned());
        self.renewed = None;
        self.way = Way::Own;
        self.eye = Eye::Closed;
    }

    /// The password.
    pub(super) fn password(&self) -> Password {
        Password::new(self.password.as_str().to_owned())
    }

    /// The field to begin with.
    pub(super) fn field(&self) -> &'static str {
        match self.mended() {
            Some(Part::Password) => PASSWORD,
            Some(Part::Name) | None => NAME,
        }
    }

    /// Something is wrong with one of them, which is to be mended.
    pub(super) fn is_wrong(&mut self, trouble: Trouble) {
        (self.mending, self.typing) = (Some(trouble.part()), false);
        self.trouble = Some(trouble);
    }

    /// Whether something is wrong.
    pub(super) fn has_trouble(&self) -> bool {
        self.trouble.is_some()
    }

    /// What is wrong, or was before it was typed over: its field stays where it is.
    pub(super) fn mended(&self) -> Option<Part> {
        self.trouble.as_ref().map(Trouble::part).or(self.mending)
    }

    /// Whether the keyboard belongs there: what is wrong is as it was, or is being typed over.
    pub(super) fn is_being_mended(&self) -> bool {
        self.trouble.is_some() || self.typing && self.mending.is_some()
    }

    /// It is sent, or of no use any more: nothing is wrong.
    pub(super) fn forget_troubles(&mut self) {
        self.trouble = None;
        self.left();
    }

    /// The page is left where it was mended beside something else.
    pub(super) fn left(&mut self) {
        (self.mending, self.typing) = (None, false);
    }

    /// Something else is typed by now.
    pub(super) fn turned_from(&mut self) {
        self.typing = false;
    }

    /// Changes what is shown; the answer is what is to be copied.
    pub(super) fn update(&mut self, message: Message) -> (Task<Message>, Option<String>) {
        if matches!(message, Message::PasswordChanged(_) | Message::WayChosen(_) | Message::AnotherPressed) {
            self.copied = false;
        }
        self.typing |= matches!(message, Message::NameChanged(_) | Message::PasswordChanged(_));
        match message {
            Message::NameChanged(name) if name.len() <= LONGEST => {
                self.name = name;
                self.forget_trouble(Trouble::is_of_name);
            }
            Message::NameChosen(name) => {
                self.name = name;
                self.forget_trouble(Trouble::is_of_name);
                // The button is gone.
                return (focus(NAME), None);
            }
            Message::PasswordChanged(password) if password.len() <= LONGEST => {
                self.password = Zeroizing::new(password);
                // What somebody changes is theirs.
                self.way = Way::Own;
                self.renewed = None;
                self.forget_trouble(|trouble| !trouble.is_of_name());
            }
            Message::NameChanged(_) | Message::PasswordChanged(_) => {}
            // What is shown may be typed, or written down already.
            Message::WayChosen(way) if way == self.way => {
                self.elsewhere = false;
                return (if way == Way::Own { focus(PASSWORD) } else { Task::none() }, None);
            }
            Message::WayChosen(way) => {
                let before = std::mem::replace(&mut self.way, way);
                (self.elsewhere, self.renewed) = (false, None);
                self.forget_trouble(|trouble| !trouble.is_of_name());
                if way == Way::Own {
                    self.password = std::mem::take(&mut self.own);
                    self.eye = Eye::Closed;
                    return (focus(PASSWORD), None);
                }
                if before == Way::Own {
                    self.own = std::mem::take(&mut self.password);
                }
                self.eye = Eye::Open;
                self.make();
            }
            Message::AnotherPressed => {
                self.renewed = None;
                self.make();
            }
            Message::EyePressed => {
                self.eye = if self.eye == Eye::Open { Eye::Closed } else { Eye::Open };
            }
            Message::CopyPressed => {
                self.copied = true;
                return (Task::none(), Some(self.password.to_string()));
            }
        }
        (Task::none(), None)
    }

    fn make(&mut self) {
        let Way::Made(form) = self.way else { return };
        match passwords::generate(form) {
            Some(password) => self.password = Zeroizing::new(password.reveal().to_owned()),
            // A system without randomness: the person knows better than a program that only thinks that it draws.
            None => {
                self.way = Way::Own;
                self.password = Zeroizing::default();
            }
        }
    }

    fn forget_trouble(&mut self, which: impl Fn(&Trouble) -> bool) {
        self.trouble = self.trouble.take().filter(|trouble| !which(trouble));
    }

    /// The address of the account to be, or what is wrong.
    pub(super) fn checked(&mut self, provider: &BareJid) -> Option<BareJid> {
        let trouble = match address(&self.name, provider) {
            Ok(_) if self.password.is_empty() => Trouble::NoPassword,
            Ok(jid) => return Some(jid),
            Err(fault) => Trouble::Name(fault),
        };
        self.is_wrong(trouble);
        None
    }

    /// The address that the account would have with a password that was made up here.
    pub(super) fn made_for(&self, provider: &BareJid) -> Option<BareJid> {
        self.address(provider).filter(|_| self.is_chosen_here() && !self.password.is_empty())
    }

    /// The address as it would be, while it is typed.
    pub(super) fn address(&self, provider: &BareJid) -> Option<BareJid> {
        address(&self.name, provider).ok()
    }

    /// Somebody has that name: others like it are proposed.
    pub(super) fn taken(&mut self) {
        let chance = |below| passwords::chance(below).unwrap_or_default();
        self.is_wrong(Trouble::NameTaken(names::like(self.name.trim(), chance)));
    }
}

fn address(name: &str, provider: &BareJid) -> Result<BareJid, NameFault> {
    let name = names::check_name(name)?;
    BareJid::new(&format!("{name}@{}", provider.domain())).map_err(|_| NameFault::TooLong)
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("way", &self.way).finish_non_exhaustive()
    }
}
