//! Another password for an account. From before it is asked for until it is known what came of it, the keyring has both: the one that
//! holds, and the one that is to hold.

use causerie_model::{AccountId, BareJid, Command, Connection, Notice, Password, Problem};
use iced::Task;

use super::accounts::{Message as OfAccount, blocking, with_keyring};
use super::{App, Message, Screen};
use crate::context::Keyring;
use crate::platform::credentials::{self, Candidate, Fault};

/// An account that was left in the middle: one of two passwords is right.
#[derive(Debug)]
pub(super) struct Doubt {
    new: Password,
    old: Option<Password>,
}

impl App {
    pub(super) fn jid(&self, account: AccountId) -> Option<BareJid> {
        self.context.account(account).map(|state| state.account.jid.clone())
    }

    /// Keeps the new password, before the provider is asked to take it.
    pub(super) fn change_password(&mut self, account: AccountId, password: Password) -> Task<Message> {
        let Some(jid) = self.jid(account) else { return Task::none() };
        if self.changing.contains_key(&account) {
            // What came of the one before is not known yet: its place in the keyring is taken.
            self.say_not_changed(account, Problem::ServerBusy);
            return Task::none();
        }
        self.changing.insert(account, password.clone());
        with_keyring(move || Candidate::Change.save(&jid, &password))
            .map(move |kept| Message::Accounts(OfAccount::CandidateKept(account, kept)))
    }

    /// The new password is in the keyring, or the person is told to note it: now the provider is asked.
    pub(super) fn candidate_kept(&mut self, account: AccountId, kept: &Result<(), Fault>) -> Task<Message> {
        let Some(password) = self.changing.get(&account).cloned() else { return Task::none() };
        self.context.keyring = Keyring::after(kept);
        if let (Err(fault), Some(state)) = (kept, self.context.account_mut(account)) {
            state.unkept = Some((password.clone(), *fault));
        }
        if self.sessions.contains_key(&account) {
            self.ask(account, Command::ChangePassword(password));
            return Task::none();
        }
        self.say_not_changed(account, Problem::ConnectionLost);
        self.password_not_changed(account)
    }

    /// The provider has said yes: it is said when the keyring has it, too.
    pub(super) fn password_changed(&mut self, account: AccountId) -> Task<Message> {
        let Some((password, jid)) = self.changing.remove(&account).zip(self.jid(account)) else {
            return Task::none();
        };
        self.keep_changed(account, jid, password)
    }

    fn keep_changed(&mut self, account: AccountId, jid: BareJid, password: Password) -> Task<Message> {
        let kept = password.clone();
        let keep = move || {
            credentials::save(&jid, &password)?;
            Candidate::Change.forget(&jid)
        };
        with_keyring(keep)
            .map(move |done| Message::Accounts(OfAccount::ChangeKept(account, kept.clone(), done)))
    }

    /// The keyring has the password that holds by now, or has it not.
    pub(super) fn change_kept(
        &mut self,
        account: AccountId,
        password: Password,
        kept: &Result<(), Fault>,
    ) -> Task<Message> {
        if let Err(fault) = kept {
            tracing::warn!(?fault, "the keyring did not take the new password");
        }
        self.context.keyring = Keyring::after(kept);
        if let Some(state) = self.context.account_mut(account) {
            state.unkept = kept.as_ref().err().map(|fault| (password, *fault));
        }
        if let Screen::Settings(settings) = &mut self.screen {
            settings.password_changed(account);
        }
        Task::none()
    }

    /// The provider has said no, or it is known by now that it has not heard: the old password holds.
    pub(super) fn password_not_changed(&mut self, account: AccountId) -> Task<Message> {
        let (asked, jid) = (self.changing.remove(&account), self.jid(account));
        if let Some(state) = self.context.account_mut(account) {
            state.unkept = None;
        }
        let Some(jid) = jid.filter(|_| asked.is_some()) else { return Task::none() };
        forget(jid)
    }

    /// After an end in the middle the new password is tried first, as the brain does after a broken connection.
    pub(super) fn try_new(&mut self, account: AccountId, new: Password, old: Option<Password>) -> Password {
        self.doubts.insert(account, Doubt { new: new.clone(), old });
        new
    }

    /// Signing in tells which of two passwords is right.
    pub(super) fn settle_doubt(&mut self, account: AccountId, connection: &Connection) -> Task<Message> {
        match connection {
            Connection::Online => {}
            Connection::Stopped(Problem::WrongPassword) => return self.fall_back(account),
            _ => return Task::none(),
        }
        let Some((doubt, jid)) = self.doubts.remove(&account).zip(self.jid(account)) else {
            return Task::none();
        };
        self.changing.remove(&account);
        self.keep_changed(account, jid, doubt.new)
    }

    fn fall_back(&mut self, account: AccountId) -> Task<Message> {
        let Some((doubt, jid)) = self.doubts.remove(&account).zip(self.jid(account)) else {
            return Task::none();
        };
        self.changing.remove(&account);
        if let Some(old) = doubt.old {
            self.ask(account, Command::SetPassword(old));
            self.ask(account, Command::Connect);
        }
        forget(jid)
    }

    /// Whether it is not known which password holds.
    pub(super) fn is_undecided(&self, account: AccountId) -> bool {
        self.changing.contains_key(&account) || self.doubts.contains_key(&account)
    }

    /// Lets it be seen of which accounts that is not known.
    pub(super) fn show_undecided(&mut self) {
        for state in &mut self.context.accounts {
            let doubt = self.doubts.get(&state.account.id).map(|doubt| &doubt.new);
            let new = self.changing.get(&state.account.id).or(doubt);
            if state.undecided.as_ref() != new {
                state.undecided = new.cloned();
            }
        }
    }

    fn say_not_changed(&mut self, account: AccountId, problem: Problem) {
        let notice = Notice::PasswordNotChanged(problem);
        if let Screen::Settings(settings) = &mut self.screen {
            settings.noticed(account, &notice);
        }
    }
}

fn forget(jid: BareJid) -> Task<Message> {
    blocking(move || Candidate::Change.forget(&jid), Err(Fault::Failed)).map(|_| Message::Done)
}
