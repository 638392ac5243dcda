//! What the wizard remembers when the program ends in the middle: what was typed, and how far it got. No password.
//!
//! A password that the wizard has made up is made up anew at the next start, unless an account was asked for with it, or the page of
//! the web was opened where one is made with it: then it is in the keyring, since before that.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use causerie_model::AccountId;
use causerie_model::registration::Answer;
use serde::{Deserialize, Serialize};

use super::ready::{KeptPicture, Shown};
use super::{Made, Page, Wizard};
use crate::context::Context;
use crate::platform::folders::write_private;
use crate::platform::links::waiting::Waiting;

/// Answers, by the names of their fields.
type Lines = Vec<(String, Vec<String>)>;

/// What was typed, in one small file of JSON.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// The page that was shown.
    pub(super) page: Page,
    /// The provider that was chosen.
    pub(super) provider: String,
    /// The provider that was typed.
    pub(super) other: String,
    /// The invitation.
    pub(super) link: String,
    /// Whether the page that it leads to was said to be that of the provider.
    pub(super) confirmed: bool,
    /// Invitations before that one, the newest first, with the same.
    pub(super) earlier: Vec<(String, bool)>,
    /// The name before the `@`.
    pub(super) name: String,
    /// The name that others are to see.
    pub(super) shown_name: String,
    /// The picture that others are to see.
    pub(super) picture: Option<KeptPicture>,
    /// What of the two others were told.
    pub(super) shown: Shown,
    /// What of that they are to see no more.
    pub(super) gone: Shown,
    /// Whether the password is one that the person types.
    pub(super) own: bool,
    /// Whose form was answered.
    pub(super) asked_of: String,
    /// What was answered, by the names of its fields.
    pub(super) answers: Lines,
    /// The same of other providers that were asked before.
    pub(super) aside: Vec<(String, Lines)>,
    /// The first contact's address, or the link that has it.
    pub(super) contact: String,
    /// The page of the web where the account is made.
    pub(super) web: Option<String>,
    /// The address whose password was put into the keyring when that page was opened.
    pub(super) entrusted: Option<String>,
    /// The address of the account, once it is there.
    pub(super) created: Option<String>,
    /// The address of an account that was asked for without an answer: it may be there.
    pub(super) perhaps: Option<String>,
    /// The addresses of others that may be there, the newest first.
    pub(super) doubts: Vec<String>,
    /// Those among all these whose passwords no keyring has taken.
    pub(super) unkept: Vec<String>,
    /// The address of an account that was being tried: it has a place in the ledger, perhaps, and is none yet.
    pub(super) trying: Option<String>,
    /// Whether the way was gone to its end, and nothing is left but those.
    pub(super) ended: bool,
    /// Whether it was left before there was an account: it is not shown unasked.
    pub(super) left: bool,
    /// Links that are followed when the first steps are done.
    pub(super) waiting: Waiting,
}

impl Kept {
    /// Nothing but pages and invitations, the newest first, of a wizard that is done with: it is not shown unasked.
    pub(super) fn of_pages(mut pages: Vec<(String, bool)>) -> Option<Self> {
        if pages.is_empty() {
            return None;
        }
        let (link, confirmed) = pages.remove(0);
        Some(Self { page: Page::Invited, link, confirmed, earlier: pages, left: true, ..Self::default() })
    }

    /// The same, beside accounts that may be there: those are asked about first.
    pub(super) fn with_doubts(self, doubts: Vec<String>, unkept: Vec<String>) -> Self {
        Self { doubts, unkept, ended: true, left: false, ..self }
    }

    /// As it is written. What is too much for the file goes, what matters least first; where accounts may be is never among it.
    fn written(&self) -> serde_json::Result<Vec<u8>> {
        const LEAST_FIRST: [fn(&mut Kept); 9] = [
            |kept| kept.aside.clear(),
            |kept| kept.answers.clear(),
            |kept| kept.earlier.clear(),
            |kept| kept.picture = None,
            |kept| kept.waiting = Waiting::default(),
            |kept| kept.contact.clear(),
            |kept| kept.other.clear(),
            |kept| kept.link.clear(),
            |kept| (kept.web, kept.shown_name) = (None, String::new()),
        ];
        let mut bytes = serde_json::to_vec(self)?;
        let mut kept = self.clone();
        for drop in LEAST_FIRST {
            if bytes.len() <= MOST {
                break;
            }
            drop(&mut kept);
            bytes = serde_json::to_vec(&kept)?;
        }
        Ok(bytes)
    }

    /// Whether there is an account that would be lost with it, or may be.
    pub(crate) fn is_bound(&self) -> bool {
        let asked = [&self.created, &self.perhaps, &self.entrusted];
        asked.iter().any(|jid| jid.is_some()) || !self.doubts.is_empty()
    }

    /// Whether it was left before there was an account.
    pub(crate) fn was_left(&self) -> bool {
        self.left
    }

    /// The account that was only being tried when the program ended, and had not come further: nothing has come in for it.
    pub(crate) fn trial(&self, context: &Context) -> Option<AccountId> {
        let made = self.created.iter().filter(|_| !matches!(self.page, Page::Ready | Page::Contact));
        let tried: Vec<&String> = made.chain(&self.trying).chain(&self.perhaps).chain(&self.doubts).collect();
        let empty = |account: AccountId| {
            let talks = context.conversations.iter().any(|conversation| conversation.account == account);
            !talks && !context.contacts.iter().any(|(whose, _)| *whose == account)
        };
        let accounts = context.accounts.iter().map(|state| &state.account);
        let mut trials = accounts.filter(|account| tried.iter().any(|jid| account.jid.as_str() == *jid));
        trials.find(|account| empty(account.id)).map(|account| account.id)
    }
}

impl std::fmt::Debug for Kept {
    /// What was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("page", &self.page).finish_non_exhaustive()
    }
}

impl Wizard {
    /// What was typed, to be remembered.
    pub(crate) fn kept(&self) -> Kept {
        let made = self.made == Made::Yes || self.account.is_some();
        let perhaps = self.perhaps().filter(|_| !made);
        Kept {
            page: self.page,
            provider: self.provider.chosen().map(|chosen| chosen.domain().to_owned()).unwrap_or_default(),
            other: self.provider.typed().to_owned(),
            link: self.invited.link().to_owned(),
            confirmed: self.invited.is_confirmed(),
            earlier: self.invited.earlier(),
            name: self.identity.name().to_owned(),
            shown_name: self.ready.name.clone(),
            picture: self.ready.kept_picture(),
            shown: self.ready.shown,
            gone: self.ready.gone,
            own: self.identity.is_own(),
            asked_of: self.asked_of.as_ref().map(|of| of.domain().to_owned()).unwrap_or_default(),
            answers: lines(self.asking.kept()),
            aside: {
                let aside = self.asking.kept_aside().into_iter();
                aside.map(|(of, answers)| (of.domain().to_owned(), lines(answers))).collect()
            },
            contact: self.contact.kept().to_owned(),
            web: self.web.clone(),
            entrusted: self.entrusted.as_ref().map(ToString::to_string),
            created: self.jid.as_ref().filter(|_| made).map(ToString::to_string),
            perhaps: perhaps.map(ToString::to_string),
            doubts: self.doubts_kept(perhaps),
            unkept: self.unkept(),
            trying: self.jid.as_ref().filter(|_| self.is_trying()).map(ToString::to_string),
            ended: self.doubts.ended,
            left: self.is_left(),
            waiting: self.waiting.clone(),
        }
    }
}

fn lines(answers: Vec<Answer>) -> Lines {
    answers.into_iter().map(|answer| (answer.name, answer.values)).collect()
}

/// The file's name in the data folder.
const FILE: &str = "wizard.json";
/// No file of ours is longer, in bytes.
const MOST: usize = 64 * 1024;

/// What was remembered, if something was. Blocks: not for the GUI thread.
pub(crate) fn load(folder: &Path) -> Option<Kept> {
    let path = folder.join(FILE);
    let size = std::fs::metadata(&path).ok()?.len();
    let bytes = (size <= MOST as u64).then(|| std::fs::read(&path).ok())??;
    serde_json::from_slice(&bytes).inspect_err(|error| tracing::warn!(%error, "an unfinished wizard")).ok()
}

/// When something was to be remembered or forgotten. Whoever is slow changes nothing that is newer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Turn {
    number: u64,
    done: Arc<Mutex<u64>>,
    /// Whether it is not known yet what was remembered the last time: until then it stays as it is.
    held: bool,
}

impl Turn {
    /// The next one.
    pub(crate) fn next(&mut self) -> Self {
        self.number += 1;
        self.clone()
    }

    /// What was remembered the last time is being read: whatever comes before that is known changes nothing.
    pub(crate) fn hold(&mut self) {
        self.held = true;
    }

    /// It is known.
    pub(crate) fn free(&mut self) {
        self.held = false;
    }

    fn take(&self, deed: impl FnOnce() -> std::io::Result<()>) {
        if self.held {
            return;
        }
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if self.number < *done {
            return;
        }
        *done = self.number;
        if let Err(error) = deed() {
            tracing::warn!(%error, "the wizard could not be remembered or forgotten");
        }
    }
}

/// Remembers. Blocks: not for the GUI thread.
pub(crate) fn save(folder: &Path, kept: &Kept, turn: &Turn) {
    turn.take(|| write_private(&folder.join(FILE), &kept.written()?));
}

/// Forgets. Blocks: not for the GUI thread.
pub(crate) fn forget(folder: &Path, turn: &Turn) {
    turn.take(|| match std::fs::remove_file(folder.join(FILE)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()), None);
        let kept = Kept { page: Page::Identity, name: "alice".to_owned(), ..Kept::default() };
        let mut turns = Turn::default();
        let slow = turns.next();
        save(folder.path(), &kept, &turns.next());
        assert_eq!(load(folder.path()), Some(kept.clone()));
        forget(folder.path(), &turns.next());
        forget(folder.path(), &turns.next());
        assert_eq!(load(folder.path()), None);
        save(folder.path(), &kept, &slow);
        assert_eq!(load(folder.path()), None, "whoever was slow brings nothing back");
        save(folder.path(), &kept, &turns.next());
        forget(folder.path(), &slow);
        assert_eq!(load(folder.path()), Some(kept));
        std::fs::write(folder.path().join(FILE), "{ not json").unwrap();
        assert_eq!(load(folder.path()), None);
    }

    #[test]
    fn what_was_remembered_stays_until_it_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let named = |name: &str| Kept { name: name.to_owned(), ..Kept::default() };
        let (before, new) = (named("alice"), named("bob"));
        let mut turns = Turn::default();
        save(folder.path(), &before, &turns.next());
        turns.hold();
        let early = turns.next();
        save(folder.path(), &new, &early);
        forget(folder.path(), &turns.next());
        assert_eq!(load(folder.path()), Some(before.clone()));
        turns.free();
        save(folder.path(), &new, &early);
        assert_eq!(load(folder.path()), Some(before), "not by whoever is slow either");
        save(folder.path(), &new, &turns.next());
        assert_eq!(load(folder.path()), Some(new));
    }

    #[test]
    fn what_is_too_much_does_not_cost_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        // What takes six letters to write down.
        let odd = "\u{1}".repeat(8 * 1024);
        let answer = vec![("why".to_owned(), vec![odd.clone()])];
        let kept = Kept {
            name: "alice".to_owned(),
            link: "xmpp:bob@far.example".to_owned(),
            perhaps: Some("alice@far.example".to_owned()),
            answers: answer.clone(),
            aside: vec![("far.example".to_owned(), answer)],
            earlier: vec![(odd.clone(), false), (odd, true)],
            ..Kept::default()
        };
        save(folder.path(), &kept, &Turn::default());
        let read = load(folder.path()).expect("what was written is read again");
        assert_eq!((read.name, read.link, read.perhaps), (kept.name, kept.link, kept.perhaps));
        assert_eq!((read.aside, read.answers, read.earlier), (vec![], vec![], vec![]));
    }
}
