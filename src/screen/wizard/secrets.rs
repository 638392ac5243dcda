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
    /// Accounts that were asked for without anybody hearing what came of it, the newest last. Where there is no password, only the
    /// keyring has it.
    doubted: Vec<(BareJid, Option<Password>)>,
    /// What was shown when a page of the web was opened where accounts are made, the newest last.
    taken: Vec<Secret>,
    /// Whose password was given to the keyring last, with how many were before.
    given: Option<(u64, BareJid)>,
    /// Accounts whose password no keyring has taken.
    unkept: Vec<BareJid>,
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
            let asked = std::mem::replace(asked, jid.clone());
            self.settle(&asked);
        }
        self.settle(jid);
    }

    /// What was sent last may have made an account.
    pub(super) fn doubt(&mut self) {
        if let Some((jid, password)) = self.sent.clone() {
            self.doubt_of(&jid, Some(password));
        }
    }

    /// That account may be there; without a password, only the keyring may have it.
    pub(super) fn doubt_of(&mut self, jid: &BareJid, password: Option<Password>) {
        let known = self.doubted(jid).cloned();
        self.settle(jid);
        self.doubted.push((jid.clone(), password.or(known)));
    }

    /// What may have made that account is tried again.
    pub(super) fn send_doubted(&mut self, jid: &BareJid) {
        self.sent = self.doubted(jid).cloned().map(|password| (jid.clone(), password));
    }

    /// Whose accounts may be there, the newest first.
    pub(super) fn doubts(&self) -> impl Iterator<Item = &BareJid> {
        self.doubted.iter().rev().map(|(jid, _)| jid)
    }

    /// Whether that account may be there.
    pub(super) fn is_doubted(&self, jid: &BareJid) -> bool {
        self.doubts().any(|doubted| doubted == jid)
    }

    /// The password of an account that may be there.
    pub(super) fn doubted(&self, jid: &BareJid) -> Option<&Password> {
        self.doubted.iter().find(|(doubted, _)| doubted == jid)?.1.as_ref()
    }

    /// It is known what came of it.
    pub(super) fn settle(&mut self, jid: &BareJid) {
        self.doubted.retain(|(doubted, _)| doubted != jid);
    }

    /// A page of the web is opened, and that is shown beside it.
    pub(super) fn take(&mut self, jid: &BareJid, password: &Password) {
        let taken = (jid.clone(), password.clone());
        self.taken.retain(|before| *before != taken);
        self.taken.push(taken);
    }

    /// What was shown for that account when its page was opened, the newest first.
    pub(super) fn taken(&self, jid: &BareJid) -> impl Iterator<Item = &Password> {
        self.taken.iter().rev().filter(move |(whose, _)| whose == jid).map(|(_, password)| password)
    }

    /// A password is given to the keyring.
    pub(super) fn give(&mut self, number: u64, jid: &BareJid) {
        self.given = Some((number, jid.clone()));
    }

    /// The keyring has taken it, or has not.
    pub(super) fn given(&mut self, number: u64, kept: bool) {
        let Some((_, jid)) = self.given.take_if(|(given, _)| *given == number) else { return };
        self.unkept.retain(|unkept| *unkept != jid);
        if !kept {
            self.unkept.push(jid);
        }
    }

    /// Whether no keyring has taken the password of that account.
    pub(super) fn is_unkept(&self, jid: &BareJid) -> bool {
        self.unkept.contains(jid)
    }

    /// It was so the last time.
    pub(super) fn recall_unkept(&mut self, jid: BareJid) {
        self.unkept.push(jid);
    }

    /// What was taken to a page of the web for that account counts no more.
    pub(super) fn forget_taken(&mut self, jid: &BareJid) {
        self.taken.retain(|(whose, _)| whose != jid);
    }
}

fn of<'a>(secret: &'a Option<Secret>, jid: &BareJid) -> Option<&'a Password> {
    secret.as_ref().filter(|(whose, _)| whose == jid).map(|(_, password)| password)
}
