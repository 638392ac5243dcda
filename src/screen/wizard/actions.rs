//! What the app is to do for the wizard.

use std::path::PathBuf;

use causerie_model::{AccountId, BareJid, Command, Password, ProfilePart};

use super::{Kept, Wish};
use crate::context::Key;
use crate::portrait::{Original, Square};
use crate::screen::{sheet, sign_in};

/// What is to be done.
#[derive(Debug, PartialEq)]
pub(crate) enum Action {
    /// Ask this of a provider.
    Register(Wish),
    /// Ask no provider any more.
    EndRegistration,
    /// Read the newest list of providers that is at hand, and ask for a newer one where it is time for that.
    ListProviders,
    /// Keep the password of an account to be in the keyring, and remember that it may be there; then say so, with that number.
    Safeguard(u64, BareJid, Password, Kept),
    /// Look into the keyring for the password of the account that is there or may be.
    RecallPassword,
    /// There is no such account, or its password is kept as that of one that is in here.
    ForgetPassword(BareJid),
    /// While signing in.
    SignIn(sign_in::Action),
    /// Sign in with an account that is there; the link of an invitation is followed then.
    HaveAccount(String, Option<String>),
    /// Open a page of the web.
    Open(String),
    /// Put text onto the clipboard.
    Copy(String),
    /// Show this of ourselves, with the file that the picture is from.
    Publish(AccountId, Option<String>, Option<((Original, Square), Option<PathBuf>)>),
    /// Show these of ourselves no more.
    Withdraw(AccountId, Vec<ProfilePart>),
    /// About the sheet.
    Sheet(sheet::Wish),
    /// Ask this of the account, and show the conversation.
    Add(Key, Command),
    /// Show a conversation.
    Show(Key),
    /// Remember what was typed.
    Remember(Kept),
    /// It is done with, and nothing is remembered but that accounts may be there, and what may invite to others.
    RememberRest(Kept),
    /// There is nothing on the disk to be remembered any more.
    Forget,
    /// Back to the first page, or the main window; what was typed stays for as long as the program runs.
    Leave,
    /// It is done with: on to the main window, or back to the first page where there is no account.
    Finish,
}

impl Action {
    /// Whether something that is remembered goes by it.
    pub(crate) fn settles(&self) -> bool {
        matches!(self, Self::Forget | Self::RememberRest(_))
    }

    /// Whether what is remembered is settled by it.
    pub(super) fn is_last(&self) -> bool {
        use Action::{Finish, Forget, HaveAccount, Leave, RememberRest};
        matches!(self, Leave | Finish | Forget | RememberRest(_) | HaveAccount(..))
    }
}
