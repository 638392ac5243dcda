//! What is seldom done with an account: its place and colour, another password, its contacts as a file, its end.

mod lists;
pub(crate) mod moving;
mod view;

use std::path::PathBuf;

use causerie_model::account::AccountColour;
use causerie_model::contact_list::{ListFault, ListRead};
use causerie_model::{AccountId, Command, Notice, Password, Problem, ProfilePart};
use iced::Task;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::intents::Wanted;
use crate::passwords::{self, Form};
use crate::platform::files;
use crate::portrait::{Original, Square};
use crate::screen::sheet;
use crate::screen::wizard::ready::{self, Ready};
use crate::widget::focus::focus;

pub(crate) use view::view;

/// What is typed beyond this, in bytes, is no password.
const LONGEST: usize = 1023;

/// What is open of an account.
#[derive(Debug)]
pub(crate) struct Upkeep {
    account: AccountId,
    part: Part,
    said: Option<Said>,
}

/// What is being done.
enum Part {
    /// Nothing yet.
    Menu,
    /// Another password is being chosen.
    Password(Zeroizing<String>),
    /// The provider has the new password, or not: it has not said.
    PasswordAsked,
    /// The account is to be deleted; its address is typed to say so twice.
    Deleting(String),
    /// The provider was asked to delete it.
    DeletionAsked,
    /// These were found in a file.
    Found(ListRead),
    /// It has moved to another address.
    Moving(moving::Moving),
    /// A sheet to find back is offered.
    Sheet(sheet::Offer),
    /// How others see us is being changed.
    Profile(Box<Ready>, Before),
}

/// What becomes of the picture that others see already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    Stays,
    Goes,
}

impl std::fmt::Debug for Part {
    /// What was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Part(…)")
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    PasswordChanged,
    NotChanged(Problem),
    Uncertain,
    ProfileAsked,
    NotShown(ProfilePart, Problem),
    NotDeleted(Problem),
    Exported(PathBuf),
    NotExported,
    NoList(ListFault),
    NoFile,
    MovedBack,
    NotMoved(Problem),
    NotMovedBack(Problem),
}

/// What has happened.
#[derive(Clone)]
pub(crate) enum Message {
    /// It is to be opened for that account, or closed.
    Pressed(AccountId),
    /// The account is to stand one place higher, or lower.
    Moved(Way),
    /// It is to have that colour, or none.
    ColourChosen(Option<AccountColour>),
    /// Another password is wanted.
    PasswordPressed,
    /// It was edited.
    PasswordTyped(String),
    /// Another one is to be made up.
    PasswordMade,
    /// It is the one.
    PasswordConfirmed,
    /// The account is to be deleted at its provider.
    DeletePressed,
    /// The address was typed, to say so a second time.
    DeleteTyped(String),
    /// It is meant.
    DeleteConfirmed,
    /// The contacts are to be saved as a file.
    ExportPressed,
    /// They were, or were not; nothing where the person thought better of it.
    Exported(Option<Result<PathBuf, ()>>),
    /// Contacts are to be added from a file.
    ImportPressed,
    /// A file was read; nothing where none was chosen.
    Read(Option<Result<ListRead, Option<ListFault>>>),
    /// They are to be added.
    ImportConfirmed,
    /// No more of them are to be added.
    ImportStopped,
    /// About having moved to another address.
    Moving(moving::Message),
    /// The password that could not be kept is to be copied.
    UnkeptCopied,
    /// It is noted.
    UnkeptNoted,
    /// A sheet to find back is wanted.
    SheetPressed,
    /// About that sheet.
    Sheet(sheet::Message),
    /// How others see us is to be changed.
    ProfilePressed,
    /// It was edited.
    Profile(ready::Message),
    /// It is to be so.
    ProfileConfirmed,
    /// What is open is to be closed.
    Dismissed,
}

impl std::fmt::Debug for Message {
    /// What was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("upkeep::Message")
    }
}

/// Which way an account moves among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Down,
}

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Deed {
    /// Ask this of the account.
    Ask(AccountId, Command),
    /// Ask the provider for another password.
    ChangePassword(AccountId, Password),
    /// Put a password onto the clipboard.
    Copy(Password),
    /// The person has noted the password that could not be kept.
    Noted(AccountId),
    /// Ask these about our name and picture, and show others this part of a picture.
    Profile(AccountId, Vec<Command>, Option<(Original, Square)>),
    /// Write the sheet to find back, with the password or without.
    Sheet(AccountId, sheet::Wish),
    /// This is the order of all accounts.
    Order(Vec<AccountId>),
    /// This is the account's colour.
    Colour(AccountId, Option<AccountColour>),
}

type Outcome = (Task<Message>, Option<Deed>);

impl Upkeep {
    /// Of that account.
    pub(super) fn new(account: AccountId) -> Self {
        Self { account, part: Part::Menu, said: None }
    }

    /// Whose it is.
    pub(super) fn account(&self) -> AccountId {
        self.account
    }

    /// Whether something is being done with it.
    pub(super) fn is_begun(&self) -> bool {
        !matches!(self.part, Part::Menu)
    }

    /// Closes what was opened last: the answer is whether there was anything.
    pub(super) fn step_back(&mut self) -> bool {
        if let Part::Moving(moving) = &mut self.part
            && moving.step_back()
        {
            return true;
        }
        !matches!(std::mem::replace(&mut self.part, Part::Menu), Part::Menu)
    }

    /// Something came of what was asked of the account. The answer is whether it is said here.
    pub(super) fn noticed(&mut self, account: AccountId, notice: &Notice) -> bool {
        if account != self.account {
            return false;
        }
        let goes_back = matches!(&self.part, Part::Moving(moving) if moving.goes_back());
        self.said = Some(match notice {
            Notice::PasswordNotChanged(problem) => Said::NotChanged(problem.clone()),
            Notice::PasswordUncertain => Said::Uncertain,
            Notice::AccountNotDeleted(problem) => Said::NotDeleted(problem.clone()),
            Notice::MoveNotAnnounced(problem) if goes_back => Said::NotMovedBack(problem.clone()),
            Notice::MoveNotAnnounced(problem) => Said::NotMoved(problem.clone()),
            Notice::ProfileNotPublished { wish, problem } => Said::NotShown(wish.part(), problem.clone()),
            _ => return false,
        });
        self.part = Part::Menu;
        true
    }

    /// The provider has taken the new password, and the keyring was asked to.
    pub(super) fn password_changed(&mut self, account: AccountId) {
        if account == self.account && matches!(self.part, Part::PasswordAsked) {
            self.part = Part::Menu;
            self.said = Some(Said::PasswordChanged);
        }
    }

    /// Changes what is shown, and says what is to be done.
    pub(super) fn update(&mut self, message: Message, context: &Context) -> Outcome {
        let account = self.account;
        match message {
            Message::Pressed(_) => {}
            // Its card is elsewhere then: the keyboard goes with it.
            Message::Moved(way) => return (focus(view::mover(way)), self.moved(way, context)),
            Message::ColourChosen(colour) => return (Task::none(), Some(Deed::Colour(account, colour))),
            Message::PasswordPressed => {
                let made = passwords::generate(Form::Readable);
                let made = made.map(|made| Zeroizing::new(made.reveal().to_owned()));
                self.open(Part::Password(made.unwrap_or_default()));
                return (focus(view::PASSWORD), None);
            }
            Message::PasswordTyped(typed) => {
                if let Part::Password(password) = &mut self.part
                    && typed.len() <= LONGEST
                {
                    *password = Zeroizing::new(typed);
                }
            }
            Message::PasswordMade => {
                if let (Part::Password(password), Some(made)) =
                    (&mut self.part, passwords::generate(Form::Readable))
                {
                    *password = Zeroizing::new(made.reveal().to_owned());
                }
            }
            Message::PasswordConfirmed => return (Task::none(), self.confirm_password()),
            Message::DeletePressed => {
                self.open(Part::Deleting(String::new()));
                return (focus(view::DELETE), None);
            }
            Message::DeleteTyped(typed) => {
                if let Part::Deleting(address) = &mut self.part {
                    *address = typed;
                }
            }
            Message::DeleteConfirmed if self.may_delete(context) => {
                self.open(Part::DeletionAsked);
                return (Task::none(), Some(Deed::Ask(account, Command::DeleteAccount)));
            }
            Message::DeleteConfirmed => {}
            Message::ExportPressed => return (lists::export(account, context), None),
            Message::Exported(exported) => {
                self.said = exported.map(|exported| exported.map_or(Said::NotExported, Said::Exported));
            }
            Message::ImportPressed => {
                let i18n = &context.i18n;
                let (title, kind) = (i18n.get("upkeep-import-title"), i18n.get("upkeep-lists"));
                let chosen = context.chooser.open(title, kind, &files::LISTS);
                return (Task::perform(lists::read(chosen), Message::Read), None);
            }
            Message::Read(read) => match read {
                None => {}
                Some(Ok(found)) => self.open(Part::Found(found)),
                Some(Err(fault)) => self.said = Some(fault.map_or(Said::NoFile, Said::NoList)),
            },
            Message::ImportConfirmed => {
                if let Part::Found(found) = std::mem::replace(&mut self.part, Part::Menu) {
                    return (Task::none(), Some(Deed::Ask(account, lists::add(found.contacts))));
                }
            }
            Message::ImportStopped => {
                return (Task::none(), Some(Deed::Ask(account, Command::StopAddingContacts)));
            }
            Message::Moving(message) => return self.update_moving(message, context),
            Message::UnkeptCopied => {
                let unkept = context.account(account).and_then(|state| state.unkept.as_ref());
                return (Task::none(), unkept.map(|(password, _)| Deed::Copy(password.clone())));
            }
            Message::UnkeptNoted => return (Task::none(), Some(Deed::Noted(account))),
            Message::SheetPressed => {
                self.open(Part::Sheet(sheet::Offer::default()));
                return (focus(sheet::SAVE), None);
            }
            Message::Sheet(message) => {
                let Part::Sheet(offer) = &mut self.part else { return (Task::none(), None) };
                let next = message.next().map_or_else(Task::none, focus);
                return (next, offer.update(message).map(|wish| Deed::Sheet(account, wish)));
            }
            Message::ProfilePressed => {
                let face = context.account(account).map(|state| context.face(&state.account));
                let name = face.and_then(|face| face.name.flatten());
                let typed = Ready::new(&name.unwrap_or_default());
                self.open(Part::Profile(Box::new(typed), Before::Stays));
                return (focus(ready::SHOWN_NAME), None);
            }
            Message::Profile(message) => {
                let Part::Profile(typed, before) = &mut self.part else { return (Task::none(), None) };
                if matches!(message, ready::Message::RemovePressed) && typed.picture().is_none() {
                    *before = Before::Goes;
                }
                let (task, _) = typed.update(message, context);
                return (task.map(Message::Profile), None);
            }
            Message::ProfileConfirmed => return (Task::none(), self.confirm_profile(context)),
            Message::Dismissed => self.open(Part::Menu),
        }
        (Task::none(), None)
    }

    fn open(&mut self, part: Part) {
        self.part = part;
        self.said = None;
    }

    fn confirm_password(&mut self) -> Option<Deed> {
        let Part::Password(password) = &self.part else { return None };
        if password.is_empty() {
            return None;
        }
        let password = Password::new(password.as_str().to_owned());
        self.open(Part::PasswordAsked);
        Some(Deed::ChangePassword(self.account, password))
    }

    /// What differs from what others see, or are to see by now.
    fn confirm_profile(&mut self, context: &Context) -> Option<Deed> {
        let Part::Profile(typed, before) = &self.part else { return None };
        // A picture that is being read would be left behind.
        if typed.is_reading() {
            return None;
        }
        let face = context.face(&context.account(self.account)?.account);
        let mut commands = Vec::new();
        let name = typed.shown_name();
        if face.name.as_ref() != Some(&name) {
            commands.push(Command::PublishName(name));
        }
        let picture = typed.picture();
        if picture.is_none() && *before == Before::Goes && face.picture != Some(Wanted::None) {
            commands.push(Command::PublishPicture(None));
        }
        self.open(Part::Menu);
        if commands.is_empty() && picture.is_none() {
            return None;
        }
        self.said = Some(Said::ProfileAsked);
        Some(Deed::Profile(self.account, commands, picture))
    }

    /// Whether the address was typed as it is.
    fn may_delete(&self, context: &Context) -> bool {
        let Part::Deleting(typed) = &self.part else { return false };
        let jid = context.account(self.account).map(|state| state.account.jid.as_str());
        jid == Some(typed.trim().to_lowercase().as_str())
    }

    fn moved(&self, way: Way, context: &Context) -> Option<Deed> {
        let mut order: Vec<AccountId> = context.accounts.iter().map(|state| state.account.id).collect();
        let at = order.iter().position(|id| *id == self.account)?;
        let to = if way == Way::Up { at.checked_sub(1)? } else { at + 1 };
        if to >= order.len() {
            return None;
        }
        order.swap(at, to);
        Some(Deed::Order(order))
    }
}

#[cfg(test)]
mod tests;
