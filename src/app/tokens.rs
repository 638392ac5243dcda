//! What providers give to sign in with in place of the password, on its way to the keyring. One thing at a time for each account: what
//! was said last is what stays there.

use std::collections::BTreeMap;

use causerie_model::{AccountId, BareJid, FastToken};
use iced::Task;

use super::accounts::{Message as OfAccount, blocking, with_keyring};
use super::{App, Message};
use crate::platform::credentials::{self, Fault};

/// Of each account that has heard of one since the program began.
pub(super) type Tokens = BTreeMap<AccountId, Held>;

/// What the keyring is to have of an account.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// What is still to be done: to keep one, or to forget.
    next: Option<Option<FastToken>>,
    is_writing: bool,
}

impl App {
    /// An account has another token, or none any more.
    pub(super) fn fast_token_changed(
        &mut self,
        account: AccountId,
        token: Option<FastToken>,
    ) -> Task<Message> {
        self.tokens.entry(account).or_default().next = Some(token);
        self.keep_token(account)
    }

    /// Those of accounts that have become accounts.
    pub(super) fn keep_tokens(&mut self) -> Task<Message> {
        let accounts: Vec<_> = self.tokens.keys().copied().collect();
        Task::batch(accounts.into_iter().map(|account| self.keep_token(account)))
    }

    fn keep_token(&mut self, account: AccountId) -> Task<Message> {
        // An account that is only being tried has none in the keyring, as it has no password there.
        let Some(jid) = self.jid(account) else { return Task::none() };
        let held = self.tokens.get_mut(&account).filter(|held| !held.is_writing);
        let Some((held, next)) = held.and_then(|held| held.next.take().map(|next| (held, next))) else {
            return Task::none();
        };
        held.is_writing = true;
        let kept = jid.clone();
        let keep = move || match &next {
            Some(token) => credentials::save_token(&jid, token),
            None => credentials::forget_token(&jid),
        };
        with_keyring(keep)
            .map(move |done| Message::Accounts(OfAccount::TokenKept(account, kept.clone(), done)))
    }

    /// The keyring has done what it was asked to, or can't.
    pub(super) fn token_kept(
        &mut self,
        account: AccountId,
        jid: BareJid,
        done: &Result<(), Fault>,
    ) -> Task<Message> {
        if let Err(fault) = done {
            tracing::warn!(?fault, "the keyring did not take what signs in");
        }
        match self.tokens.get_mut(&account) {
            Some(held) => {
                held.is_writing = false;
                self.keep_token(account)
            }
            // Meanwhile the account was signed out.
            None => {
                let forget = move || credentials::forget_token(&jid);
                blocking(forget, Err(Fault::Failed)).map(|_| Message::Done)
            }
        }
    }
}
