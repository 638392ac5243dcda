//! What others may know of a form for signing in.

use causerie_model::{Password, Problem};

use super::{Purpose, SignIn, Stage, What};

impl SignIn {
    /// Whether something was typed that would be lost.
    pub(crate) fn is_begun(&self) -> bool {
        self.purpose != Purpose::New || !self.address.trim().is_empty() || !self.password.is_empty()
    }

    /// The form as it was left, for whoever comes back to it: what was typed but for the password, which is perhaps somebody else’s.
    /// Nothing where it is for an account that is here.
    pub(crate) fn left(&self) -> Option<Self> {
        let (server, options) = (self.server.clone(), self.options);
        (self.purpose == Purpose::New).then(|| Self { server, options, ..Self::new(&self.address) })
    }

    /// Address, password and server, as they were typed.
    #[cfg(test)]
    pub(crate) fn typed(&self) -> (&str, &str, &str) {
        (&self.address, &self.password, &self.server)
    }

    /// Whether nothing is to be done but to wait.
    pub(crate) fn is_waiting(&self) -> bool {
        matches!(self.stage, Stage::Trying(_) | Stage::Keeping)
    }

    /// Whether the keyring is waited for.
    pub(crate) fn is_keeping(&self) -> bool {
        self.stage == Stage::Keeping
    }

    /// Whether it did not work for lack of a network, most likely: there is nothing to be mended in the form.
    pub(crate) fn is_unreached(&self) -> bool {
        use Problem::{ConnectionLost, NoNetwork, TimedOut, UnknownHost};
        self.trouble.as_ref().is_some_and(|trouble| {
            matches!(trouble.what, What::Problem(NoNetwork | TimedOut | ConnectionLost | UnknownHost, _))
        })
    }

    /// Whether that is the password that is tried.
    pub(crate) fn tries(&self, password: &Password) -> bool {
        self.password.as_str() == password.reveal()
    }
}
