//! Passwords in the keyring of the system: the Secret Service, the Windows Credential Manager, the Apple Keychain.
//!
//! Every call may wait for a person who unlocks the keyring: never call from the GUI thread, nor from within an async task
//! (`spawn_blocking` is right).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use causerie_model::{BareJid, FastToken, Password};
use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroize;

/// Under which name the keyring keeps our entries.
const SERVICE: &str = "org.causerie.Causerie";

/// Why the keyring could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This desktop has none.
    Absent,
    /// It is locked, or the person did not unlock it.
    Locked,
    /// It answered with something else.
    Failed,
}

/// The password that is kept for an account, if one is.
pub(crate) fn load(jid: &BareJid) -> Result<Option<Password>, Fault> {
    load_named(jid.as_str())
}

/// The password of an account that is in here. Where the program ended before the account was signed in for the first time, it is the
/// one that the account was asked for with: from now on it is kept as the account's.
pub(crate) fn load_or_adopt(jid: &BareJid) -> Result<Option<Password>, Fault> {
    let asked = Candidate::Account.load(jid)?;
    let kept = load(jid)?;
    let Some(asked) = asked.filter(|_| kept.is_none()) else { return Ok(kept) };
    if let Err(fault) = save(jid, &asked).and_then(|()| Candidate::Account.forget(jid)) {
        tracing::warn!(?fault, "the password of an account stays where it was");
    }
    Ok(Some(asked))
}

/// Whether there is a keyring, locked or not.
pub(crate) fn look() -> Result<(), Fault> {
    store().map(drop)
}

/// What is kept under a name, if something is.
pub(crate) fn load_named(name: &str) -> Result<Option<Password>, Fault> {
    match entry(name)?.get_password() {
        Ok(password) => Ok(Some(Password::new(password))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(fault(error)),
    }
}

/// Keeps a password, in place of the one before.
pub(crate) fn save(jid: &BareJid, password: &Password) -> Result<(), Fault> {
    save_named(jid.as_str(), password)
}

/// Keeps something under a name, in place of what was there.
pub(crate) fn save_named(name: &str, password: &Password) -> Result<(), Fault> {
    entry(name)?.set_password(password.reveal()).map_err(fault)
}

/// Forgets a password. One that is not there is forgotten already.
pub(crate) fn forget(jid: &BareJid) -> Result<(), Fault> {
    forget_named(jid.as_str())
}

/// No address has a space in it: no name is an account's.
fn token_name(jid: &BareJid) -> String {
    format!("sign-in token {jid}")
}

/// What signs an account in in place of its password, if that is kept.
pub(crate) fn load_token(jid: &BareJid) -> Result<Option<FastToken>, Fault> {
    Ok(load_named(&token_name(jid))?.as_ref().and_then(FastToken::from_text))
}

/// Keeps it, in place of the one before.
pub(crate) fn save_token(jid: &BareJid, token: &FastToken) -> Result<(), Fault> {
    save_named(&token_name(jid), &token.to_text())
}

/// Forgets it.
pub(crate) fn forget_token(jid: &BareJid) -> Result<(), Fault> {
    forget_named(&token_name(jid))
}

/// A password that is not an account's yet, or not for certain. It stands beside the one that is, never in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// Of an account that was asked for.
    Account,
    /// Of the same, chosen before that one; several, a line each, the newest first.
    Earlier,
    /// That an account was to have from now on.
    Change,
}

impl Candidate {
    /// No address has a space in it: no name is an account's.
    fn name(self, jid: &BareJid) -> String {
        match self {
            Self::Account => format!("new account {jid}"),
            Self::Earlier => format!("earlier new account {jid}"),
            Self::Change => format!("new password {jid}"),
        }
    }

    /// What is kept of that kind, if something is.
    pub(crate) fn load(self, jid: &BareJid) -> Result<Option<Password>, Fault> {
        load_named(&self.name(jid))
    }

    /// Keeps one.
    pub(crate) fn save(self, jid: &BareJid, password: &Password) -> Result<(), Fault> {
        save_named(&self.name(jid), password)
    }

    /// Forgets it.
    pub(crate) fn forget(self, jid: &BareJid) -> Result<(), Fault> {
        forget_named(&self.name(jid))
    }
}

/// Keeps the password of an account to be. Another one that stands there may have made the account: it is put beside first.
pub(crate) fn safeguard(jid: &BareJid, password: &Password) -> Result<(), Fault> {
    /// So many that may have made an account are kept.
    const MOST: usize = 4;
    if let Some(before) = Candidate::Account.load(jid)?.filter(|before| before != password) {
        let mut earlier = load_earlier(jid)?;
        earlier.retain(|one| *one != before && one != password);
        earlier.insert(0, before);
        let lines: Vec<&str> = earlier.iter().take(MOST).map(Password::reveal).collect();
        Candidate::Earlier.save(jid, &Password::new(lines.join("\n")))?;
    }
    Candidate::Account.save(jid, password)
}

/// What was chosen for an account to be before the password that is kept for it, the newest first.
pub(crate) fn load_earlier(jid: &BareJid) -> Result<Vec<Password>, Fault> {
    let kept = Candidate::Earlier.load(jid)?;
    let lines = kept.iter().flat_map(|kept| kept.reveal().lines());
    Ok(lines.map(|line| Password::new(line.to_owned())).collect())
}

/// Forgets all that was chosen for an account to be.
pub(crate) fn forget_candidates(jid: &BareJid) -> Result<(), Fault> {
    Candidate::Account.forget(jid).and(Candidate::Earlier.forget(jid))
}

/// Forgets what is kept under a name. What is not there is forgotten already.
pub(crate) fn forget_named(name: &str) -> Result<(), Fault> {
    match entry(name)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(fault(error)),
    }
}

fn entry(name: &str) -> Result<Entry, Fault> {
    let label = format!("Causerie: {name}");
    let modifiers = HashMap::from([("label", label.as_str())]);
    let store = store()?;
    let described = store.build(SERVICE, name, Some(&modifiers));
    // Not every store takes a label.
    described.or_else(|_| store.build(SERVICE, name, None)).map_err(fault)
}

/// The store, once there is one. A failure is not remembered: a keyring may start later than we do.
fn store() -> Result<Arc<CredentialStore>, Fault> {
    static STORE: Mutex<Option<Arc<CredentialStore>>> = Mutex::new(None);
    let mut store = STORE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(store) = &*store {
        return Ok(Arc::clone(store));
    }
    let fresh = open_store().map_err(|error| match fault(error) {
        Fault::Failed => Fault::Absent,
        fault => fault,
    })?;
    *store = Some(Arc::clone(&fresh));
    Ok(fresh)
}

#[cfg(all(target_os = "linux", not(test)))]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(all(windows, not(test)))]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

#[cfg(all(target_os = "macos", not(test)))]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(test)]
fn open_store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(keyring_core::mock::Store::new()?)
}

/// What an error means to a person. Its own words stay out of the log: some carry the secret.
fn fault(error: Error) -> Fault {
    match error {
        Error::NoStorageAccess(_) => Fault::Locked,
        Error::NoDefaultStore => Fault::Absent,
        Error::BadEncoding(mut bytes) | Error::BadDataFormat(mut bytes, _) => {
            bytes.zeroize();
            Fault::Failed
        }
        _ => Fault::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_comes_back_and_goes() {
        let alice = BareJid::new("alice@chat.example").unwrap();
        assert_eq!(load(&alice), Ok(None));
        let password = Password::new("café ☕".to_owned());
        save(&alice, &password).unwrap();
        assert_eq!(load(&alice), Ok(Some(password)));
        forget(&alice).unwrap();
        forget(&alice).unwrap();
        assert_eq!(load(&alice), Ok(None));
    }

    #[test]
    fn an_account_that_was_never_signed_in_has_the_password_it_was_asked_for_with() {
        let dora = BareJid::new("dora@chat.example").unwrap();
        assert_eq!(load_or_adopt(&dora), Ok(None));
        let [asked, other] = ["asked", "other"].map(|secret| Password::new(secret.to_owned()));
        Candidate::Account.save(&dora, &asked).unwrap();
        assert_eq!(load_or_adopt(&dora), Ok(Some(asked.clone())));
        assert_eq!((Candidate::Account.load(&dora), load(&dora)), (Ok(None), Ok(Some(asked.clone()))));
        // One that is the account's stays.
        Candidate::Account.save(&dora, &other).unwrap();
        assert_eq!((load_or_adopt(&dora), load(&dora)), (Ok(Some(asked.clone())), Ok(Some(asked))));
    }

    #[test]
    fn what_may_have_made_an_account_is_not_written_over() {
        let erin = BareJid::new("erin@chat.example").unwrap();
        let [one, two, three] = ["one", "two", "three"].map(|secret| Password::new(secret.to_owned()));
        for password in [&one, &two, &two, &three, &one] {
            safeguard(&erin, password).unwrap();
        }
        assert_eq!(Candidate::Account.load(&erin), Ok(Some(one.clone())));
        assert_eq!(load_earlier(&erin), Ok(vec![three, two]));
        for number in 0..9 {
            safeguard(&erin, &Password::new(format!("another {number}"))).unwrap();
        }
        assert_eq!(load_earlier(&erin).unwrap().len(), 4, "not without an end");
        forget_candidates(&erin).unwrap();
        assert_eq!((Candidate::Account.load(&erin), load_earlier(&erin)), (Ok(None), Ok(vec![])));
    }

    #[test]
    fn a_token_stands_beside_the_password() {
        let carol = BareJid::new("carol@chat.example").unwrap();
        let password = Password::new("secret".to_owned());
        let of = |secret: &str| {
            let secret = Password::new(secret.to_owned());
            FastToken::new(causerie_model::FastMechanism::HtSha256Exporter, None, secret).unwrap()
        };
        save(&carol, &password).unwrap();
        assert_eq!(load_token(&carol), Ok(None));
        for token in [of("one"), of("two")] {
            save_token(&carol, &token).unwrap();
            assert_eq!(load_token(&carol), Ok(Some(token)));
        }
        forget_token(&carol).unwrap();
        assert_eq!((load_token(&carol), load(&carol)), (Ok(None), Ok(Some(password))));
    }
}
