//! Accounts that may be there: asked for without an answer, or made on a page of the web. It is said that they may be, and their
//! passwords are kept until it is known.

mod view;

use causerie_model::{BareJid, Password};
use iced::Task;

use super::{Action, Made, Outcome, Page, Wizard};
use crate::context::Context;
use crate::widget::focus::focus;

pub(super) use view::{notice, other_password};

/// What is asked about such accounts.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    /// The one whose password is about to be forgotten.
    forgetting: Option<BareJid>,
    /// The one whose password was copied last.
    copied: Option<BareJid>,
    /// From which page it was gone to find out.
    from: Option<Page>,
    /// Whether the way was gone to its end, and nothing is left of it but these questions.
    pub(super) ended: bool,
}

impl Doubts {
    /// Nothing is about to be forgotten any more.
    pub(super) fn forget_question(&mut self) {
        self.forgetting = None;
    }
}

/// What has happened.
#[derive(Clone)]
pub(crate) enum Message {
    /// It is to be found out whether that account is there.
    FindOutPressed(BareJid),
    /// Its password is to be copied.
    CopyPressed(BareJid),
    /// Its password is to be forgotten: it is asked first.
    ForgetPressed(BareJid),
    /// It is kept after all.
    Kept,
    /// What was taken to the page of the web is to be the password again.
    TakeBackPressed,
}

impl Wizard {
    /// Opens the page of the web where the account is made. From then on there may be one with the password that is shown here: it is
    /// put where a restart does not lose it.
    pub(super) fn open_page(&mut self) -> Outcome {
        let Some(page) = self.web.clone() else { return (Task::none(), Vec::new()) };
        let mut actions = Vec::new();
        let jid = self.provider.chosen().and_then(|provider| self.identity.made_for(provider));
        if let Some(jid) = jid {
            let password = self.identity.password();
            // Under the name before there may be an account by now, too.
            if let Some(before) = self.entrusted.replace(jid.clone()).filter(|before| *before != jid) {
                let taken = self.secrets.taken(&before).next().cloned();
                self.secrets.doubt_of(&before, taken);
            }
            self.secrets.take(&jid, &password);
            self.holds += 1;
            self.secrets.give(self.holds, &jid);
            self.remembered = self.kept();
            actions.push(Action::Safeguard(self.holds, jid, password, self.remembered.clone()));
        }
        actions.push(Action::Open(page));
        (Task::none(), actions)
    }

    /// Accounts that may be there beside the one that is being made, the newest first.
    pub(super) fn open_doubts(&self) -> Vec<&BareJid> {
        let here = |jid: &BareJid| self.jid.as_ref() == Some(jid);
        let opened = self.entrusted.iter().filter(|jid| self.page != Page::Web || !self.is_typed(jid));
        let mut found: Vec<&BareJid> = opened.collect();
        found.extend(self.secrets.doubts());
        found.retain(|jid| !here(jid));
        found.dedup();
        found
    }

    /// Whether that is the address of which name and provider are typed.
    fn is_typed(&self, jid: &BareJid) -> bool {
        self.provider.chosen().and_then(|provider| self.identity.address(provider)).as_ref() == Some(jid)
    }

    /// The password of an account that may be there, where it is known.
    pub(super) fn password_in_doubt(&self, jid: &BareJid) -> Option<&Password> {
        self.secrets.doubted(jid).or_else(|| self.secrets.taken(jid).next())
    }

    /// What was taken to the page of the web for the account that is typed, where something else is shown by now.
    pub(super) fn taken_before(&self) -> Option<&Password> {
        let jid = self.entrusted.as_ref().filter(|jid| self.is_typed(jid))?;
        let shown = self.identity.password();
        if self.secrets.taken(jid).any(|taken| *taken == shown) && self.identity.is_chosen_here() {
            // Of several the one that is shown is as good as any: the others are looked at one after the other.
            return self.secrets.taken(jid).find(|taken| **taken != shown);
        }
        self.secrets.taken(jid).next()
    }

    /// What is remembered when it is done with: nothing, unless accounts may be there of which that is not known, or something may invite
    /// to another one.
    pub(super) fn last(&self) -> Action {
        let opened = self.entrusted.iter().map(ToString::to_string);
        let mut doubts: Vec<String> = opened.chain(self.doubts_kept(None)).collect();
        doubts.dedup();
        match self.rest() {
            rest if !doubts.is_empty() => {
                Action::RememberRest(rest.unwrap_or_default().with_doubts(doubts, self.unkept()))
            }
            Some(rest) => Action::RememberRest(rest),
            None => Action::Forget,
        }
    }

    /// Whether there are accounts that may be there when it is done with.
    pub(crate) fn has_doubts(&self) -> bool {
        self.entrusted.is_some() || !self.doubts_kept(None).is_empty()
    }

    /// The accounts that may be there, to be remembered beside that one.
    pub(super) fn doubts_kept(&self, beside: Option<&BareJid>) -> Vec<String> {
        /// More lost answers than anybody has patience for.
        const MOST: usize = 16;
        let made = self.jid.as_ref().filter(|_| self.made == Made::Yes || self.account.is_some());
        let others = self.secrets.doubts().filter(|jid| Some(*jid) != made && Some(*jid) != beside);
        others.take(MOST).map(ToString::to_string).collect()
    }

    /// Of those and of the one that is being made: whose passwords no keyring has.
    pub(super) fn unkept(&self) -> Vec<String> {
        let asked = self.jid.iter().chain(&self.entrusted).chain(self.secrets.doubts());
        let mut unkept: Vec<String> =
            asked.filter(|jid| self.secrets.is_unkept(jid)).map(ToString::to_string).collect();
        unkept.sort();
        unkept.dedup();
        unkept
    }

    pub(super) fn update_doubts(&mut self, message: Message, context: &Context) -> Outcome {
        match message {
            Message::FindOutPressed(jid) if self.made == Made::No => {
                let password = self.password_in_doubt(&jid).cloned();
                self.secrets.doubt_of(&jid, password);
                self.secrets.send_doubted(&jid);
                self.doubts.from = Some(self.page);
                self.jid = Some(jid);
                self.page = Page::Asking;
                self.pending = None;
                self.find_out(context)
            }
            Message::FindOutPressed(_) => (Task::none(), Vec::new()),
            Message::CopyPressed(jid) => {
                let copied = self.password_in_doubt(&jid).map(|password| password.reveal().to_owned());
                self.doubts.copied = copied.is_some().then_some(jid);
                (Task::none(), copied.map(Action::Copy).into_iter().collect())
            }
            Message::ForgetPressed(jid) if self.doubts.forgetting.as_ref() != Some(&jid) => {
                self.doubts.forgetting = Some(jid);
                (focus(super::view::STAY), Vec::new())
            }
            Message::ForgetPressed(jid) => {
                self.doubts.forgetting = None;
                self.put_aside(&jid);
                (self.focus(), vec![Action::ForgetPassword(jid)])
            }
            Message::Kept => {
                self.doubts.forgetting = None;
                (self.focus(), Vec::new())
            }
            Message::TakeBackPressed => {
                if let Some(password) = self.taken_before().cloned() {
                    self.identity.take_back(&password);
                }
                (self.focus(), Vec::new())
            }
        }
    }

    /// Nobody waits any more for what came of that account.
    pub(super) fn put_aside(&mut self, jid: &BareJid) {
        self.secrets.settle(jid);
        self.secrets.forget_taken(jid);
        self.entrusted.take_if(|entrusted| entrusted == jid);
    }

    /// Whether somebody wants to know it of an account beside the one that is being made.
    pub(super) fn is_finding_out(&self) -> bool {
        self.doubts.from.is_some()
    }

    /// There is no account of that address: back to where the question was asked, or on to the next one. Nothing where it was asked
    /// on the way to this very account.
    pub(super) fn not_there(&mut self, context: &Context) -> Option<Outcome> {
        if let Some(page) = self.doubts.from.take() {
            return Some(self.go(page, context));
        }
        if !self.doubts.ended {
            return None;
        }
        Some(match self.secrets.doubts().next().cloned() {
            Some(next) => {
                (self.jid, self.made, self.page) = (Some(next), Made::Perhaps, Page::Asking);
                (Task::none(), vec![self.last(), Action::RecallPassword])
            }
            None => (Task::none(), vec![self.last(), Action::Finish]),
        })
    }

    /// The account of that address was signed in elsewhere in the program: nothing about it is asked any more.
    pub(crate) fn is_here_now(&mut self, jid: &BareJid) -> Vec<Action> {
        let asked = self.jid.as_ref() == Some(jid) && self.account.is_none();
        if !asked && !self.secrets.is_doubted(jid) && self.entrusted.as_ref() != Some(jid) {
            return Vec::new();
        }
        if asked {
            (self.jid, self.made, self.page) = (None, Made::No, Page::Identity);
        }
        self.put_aside(jid);
        self.remembered = self.kept();
        // Its password is that of an account that is in here.
        let remember = if self.is_bound() { Action::Remember(self.remembered.clone()) } else { self.last() };
        vec![Action::ForgetPassword(jid.clone()), remember]
    }

    /// The keyring has what was taken to the page of the web before the last password.
    pub(crate) fn earlier_back(&mut self, jid: &BareJid, passwords: &[Password]) {
        if self.entrusted.as_ref() == Some(jid) {
            let newest = self.secrets.taken(jid).next().cloned();
            passwords.iter().rev().for_each(|password| self.secrets.take(jid, password));
            newest.iter().for_each(|newest| self.secrets.take(jid, newest));
        }
    }
}
