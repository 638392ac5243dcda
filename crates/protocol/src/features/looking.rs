//! What a person looks at, as far as it takes keys.

use causerie_model::BareJid;

use super::Features;
use crate::omemo::Told;
use crate::step::Step;

impl Features {
    /// A conversation is looked at.
    pub(super) fn look_up(&mut self, peer: &BareJid, step: &mut Step<'_>) {
        let sees_them = peer == step.own || self.roster.subscription(peer).sees_them();
        self.omemo.look_up(peer, if sees_them { Told::Yes } else { Told::No }, step);
        self.flush(step);
    }

    /// Somebody's devices are looked at, or nobody's any more.
    pub(super) fn look_at(&mut self, jid: Option<&BareJid>, step: &mut Step<'_>) {
        jid.into_iter().for_each(|jid| self.look_up(jid, step));
        self.omemo.look_at(jid, step);
    }
}
