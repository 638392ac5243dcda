//! When we say that we are here (RFC 6121 §4.2).

use super::{Announced, Features};
use crate::step::Step;
use crate::{caps, presence};

impl Features {
    /// Says that we are here, as soon as all is known that is needed before, or it has been awaited for too long.
    pub(super) fn announce(&mut self, step: &mut Step<'_>) {
        let Announced::By(latest) = self.announced else { return };
        let is_ready = self.server.awaited.is_over() && !self.omemo.is_settling();
        if is_ready || latest <= step.now.elapsed {
            self.announced = Announced::Yes;
            self.announce_again(step);
            let is_uncertain = !self.messages.uncertain().is_empty();
            self.archive.check(is_uncertain.then_some(step.now.elapsed), step);
        }
    }

    pub(super) fn announce_again(&mut self, step: &mut Step<'_>) {
        if self.announced != Announced::Yes {
            return;
        }
        if !step.is_online() {
            self.unsaid = true;
            return;
        }
        let picture = self.profile.update(&self.server, self.avatars.of(step.own));
        step.send(presence::own(&self.account.presence, caps::own((&self.account).into()), picture));
    }
}
