//! The line to the provider that is asked: a form is good on the one on which it came, and on no other.

use causerie_model::registration::RegistrationCommand;
use causerie_model::{BareJid, InviteToken};

use super::invited::Invitation;
use super::registering::Wish;
use super::{Action, Wizard};

impl Wizard {
    /// Asks on the line to that provider. A form that came on another one is of no use any more.
    pub(super) fn wish(&mut self, provider: BareJid, command: RegistrationCommand) -> Action {
        let invitation = self.token(&provider);
        if !self.is_on_line(&provider) {
            self.asking.used_up();
        }
        self.line = Some((provider.clone(), invitation.clone()));
        Action::Register(Wish { provider, invitation, command })
    }

    /// Whether that provider was asked last, with the invitation that there is now.
    fn is_on_line(&self, provider: &BareJid) -> bool {
        let asked = self.line.as_ref().filter(|(asked, _)| asked == provider);
        asked.is_some_and(|(_, invitation)| *invitation == self.token(provider))
    }

    /// The line ends, and with it what a form is good for that came on it. What was typed stays for the next one.
    pub(super) fn end_line(&mut self) -> Action {
        self.line = None;
        self.asking.used_up();
        Action::EndRegistration
    }

    /// A form that can't be sent any more is not shown.
    pub(super) fn drop_dead_form(&mut self) {
        if !self.provider.chosen().is_some_and(|chosen| self.is_on_line(chosen)) {
            self.asking.used_up();
        }
    }

    /// The secret of the invitation, where it is one to that provider.
    pub(super) fn token(&self, provider: &BareJid) -> Option<InviteToken> {
        self.invited.invitations().find_map(|invitation| match invitation {
            Invitation::Account { provider: inviting, token, .. } if inviting == provider => token.clone(),
            Invitation::Contact { jid, account: Some(token), .. } if jid.to_domain() == *provider => {
                Some(token.clone())
            }
            _ => None,
        })
    }
}
