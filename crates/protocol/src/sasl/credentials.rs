//! What we prove ourselves with, and what is known of the server that asks for it.

use causerie_model::{Account, BareJid, Change, FastToken, Mechanism, Password, UserAgentId};
use rand::RngCore;

use super::scram::KeyWanted;
use crate::{Effects, HashFunction, SaltedPassword};

/// The account's secrets and what guards them. Lives as long as the brain.
pub(crate) struct Credentials {
    /// Whose.
    pub(crate) jid: BareJid,
    /// The strongest mechanism that could ever be used.
    pub(crate) strongest_seen: Option<Mechanism>,
    /// The person agreed to PLAIN.
    pub(crate) plain_allowed: bool,
    password: Option<Password>,
    /// Counts passwords, so that what was begun with an earlier one is known.
    generation: u64,
    /// The one that the server has taken, in this run.
    taken: Option<u64>,
    last_ticket: u64,
    key: Option<CachedKey>,
    doubt: Doubt,
    /// What the server has given us to sign in with.
    token: Option<FastToken>,
    /// Whether the app has to hear of it.
    token_changed: bool,
    /// By what the server knows this installation.
    user_agent: Option<UserAgentId>,
}

/// Which password the server has, when it was asked to take another one and its answer never came. Each of the two is tried once: no
/// server locks anybody out for that.
#[derive(Default)]
pub(crate) enum Doubt {
    /// The one in use.
    #[default]
    None,
    /// The new one is in use; should it be wrong, the old one is tried.
    New { old: Option<Password> },
    /// The new one was wrong, and the old one is in use again.
    Old,
}

struct CachedKey {
    hash: HashFunction,
    wanted: KeyWanted,
    key: SaltedPassword,
}

impl Credentials {
    pub(crate) fn new(
        account: &Account,
        password: Option<Password>,
        user_agent: Option<UserAgentId>,
    ) -> Self {
        Self {
            jid: account.jid.clone(),
            strongest_seen: account.strongest_seen,
            plain_allowed: account.plain_allowed,
            password,
            generation: 0,
            taken: None,
            last_ticket: 0,
            key: None,
            doubt: Doubt::None,
            token: None,
            token_changed: false,
            user_agent,
        }
    }

    /// Whether there is anything to sign in with.
    pub(crate) fn has_any(&self) -> bool {
        self.password().is_some() || self.token.is_some()
    }

    /// The token, whether it is good or not.
    pub(crate) fn token(&self) -> Option<&FastToken> {
        self.token.as_ref()
    }

    /// The token that was kept by the app.
    pub(crate) fn restore_token(&mut self, token: FastToken) {
        self.token = Some(token);
    }

    /// The server has given this one, in place of the one before.
    pub(crate) fn keep_token(&mut self, token: FastToken) {
        self.token_changed |= self.token.as_ref() != Some(&token);
        self.token = Some(token);
    }

    /// The token is void.
    pub(crate) fn forget_token(&mut self) {
        self.token_changed |= self.token.take().is_some();
    }

    /// The token there is now, where it has changed since that was asked last.
    pub(crate) fn changed_token(&mut self) -> Option<Option<FastToken>> {
        std::mem::take(&mut self.token_changed).then(|| self.token.clone())
    }

    /// By what the server knows this installation; made up when it is needed first.
    pub(crate) fn user_agent(&mut self, rng: &mut dyn RngCore, out: &mut Effects) -> &UserAgentId {
        self.user_agent.get_or_insert_with(|| {
            let mut bytes = [0; 16];
            rng.fill_bytes(&mut bytes);
            let id = UserAgentId::from_random(bytes);
            out.record(Change::UserAgentNamed(id.clone()));
            id
        })
    }

    /// Whether it is not known which of two passwords holds.
    pub(crate) fn is_doubtful(&self) -> bool {
        !matches!(self.doubt, Doubt::None)
    }

    /// The password, unless there is none.
    pub(crate) fn password(&self) -> Option<&Password> {
        self.password.as_ref().filter(|password| !password.is_empty())
    }

    /// From now on it is this one.
    pub(crate) fn set_password(&mut self, password: Password) {
        self.doubt = Doubt::None;
        self.take(Some(password));
    }

    /// The server may have this one by now, or still the one in use.
    pub(crate) fn doubt(&mut self, new: Password) {
        self.doubt = Doubt::New { old: self.password.take() };
        self.take(Some(new));
    }

    /// The one in use is wrong. Whether there is another to try.
    pub(crate) fn fall_back(&mut self) -> bool {
        let Doubt::New { old } = std::mem::take(&mut self.doubt) else { return false };
        self.take(old);
        self.doubt = Doubt::Old;
        self.password().is_some()
    }

    /// Whether the server has taken the password in use before, or a token in its place.
    pub(crate) fn was_taken(&self) -> bool {
        self.taken == Some(self.generation)
    }

    /// The one in use is right.
    pub(crate) fn settle(&mut self) -> Doubt {
        self.taken = Some(self.generation);
        std::mem::take(&mut self.doubt)
    }

    fn take(&mut self, password: Option<Password>) {
        self.password = password;
        self.key = None;
        self.generation += 1;
        // Servers void it when the password changes; and who gives another password means to use that.
        self.forget_token();
    }

    /// Which password this is.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// A ticket that was never given before.
    pub(crate) fn ticket(&mut self) -> u64 {
        self.last_ticket += 1;
        self.last_ticket
    }

    /// The key that was computed for the same question in this run, if it was: a reconnect costs no seconds of work.
    pub(crate) fn cached_key(&self, hash: HashFunction, wanted: &KeyWanted) -> Option<SaltedPassword> {
        let cached = self.key.as_ref()?;
        (cached.hash == hash && cached.wanted == *wanted).then(|| cached.key.clone())
    }

    /// Keeps a key that was computed from the password of that generation.
    pub(crate) fn keep_key(
        &mut self,
        hash: HashFunction,
        wanted: KeyWanted,
        key: SaltedPassword,
        generation: u64,
    ) {
        if generation == self.generation {
            self.key = Some(CachedKey { hash, wanted, key });
        }
    }
}
