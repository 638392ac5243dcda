//! Which password is whose. One that is only thought to be an account's is never printed, and never taken for lost.

use causerie_model::{BareJid, Password};

type Secret = (BareJid, Password);

/// The passwords that were chosen, with how far they are known to be those of accounts.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    /// What a provider has let in with, or the keyring keeps for an account that is in here.
    proven: Option<Secret>,
    /// What went out with the last form, or was to.
    sent: Option<Secret>,
    /// What was sent, without anybody hearing what came of it.
    doubted: Option<Secret>,
}

impl Secrets {
    /// A password is known to be right.
    pub(super) fn prove(&mut self, jid: &BareJid, password: &Password) {
        self.proven = Some((jid.clone(), password.clone()));
    }

    /// The account's password, where it is known.
    pub(super) fn proven(&self, jid: &BareJid) -> Option<&Password> {
        of(&self.proven, jid)
    }

    /// A password is sent for an account to be.
    pub(super) fn send(&mut self, jid: &BareJid, password: &Password) {
        self.sent = Some((jid.clone(), password.clone()));
    }

    /// What was sent for that account.
    pub(super) fn sent(&self, jid: &BareJid) -> Option<&Password> {
        of(&self.sent, jid)
    }

    /// The account that was asked for is there, under that address.
    pub(super) fn created(&mut self, jid: &BareJid) {
        if let Some((asked, _)) = &mut self.sent {
            *asked = jid.clone();
        }
        self.doubted = None;
    }

    /// What was sent last may have made an account.
    pub(super) fn doubt(&mut self) {
        self.doubted = self.sent.clone().or(self.doubted.take());
    }

    /// What may have made an account is tried again.
    pub(super) fn send_doubted(&mut self) {
        self.sent = self.doubted.clone();
    }

    /// Whose account may be there.
    pub(super) fn whose_doubt(&self) -> Option<&BareJid> {
        self.doubted.as_ref().map(|(jid, _)| jid)
    }

    /// The password of an account that may be there.
    pub(super) fn doubted(&self, jid: &BareJid) -> Option<&Password> {
        of(&self.doubted, jid)
    }

    /// It is known what came of it.
    pub(super) fn settle(&mut self) {
        self.doubted = None;
    }
}

fn of<'a>(secret: &'a Option<Secret>, jid: &BareJid) -> Option<&'a Password> {
    secret.as_ref().filter(|(whose, _)| whose == jid).map(|(_, password)| password)
}
