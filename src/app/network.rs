//! The way to the network: what was chosen, and the passwords of proxies.

use causerie_model::{AccountId, BareJid, Password};
use causerie_session::Route;
use iced::Task;

use super::accounts::blocking;
use super::{App, Message};
use crate::network::{self, Way, Whose};
use crate::platform::credentials::{self, Fault};

impl App {
    /// The way out that was chosen for an account, or for all.
    pub(super) fn route(&self, whose: &Whose) -> Route {
        self.context.network.route(whose, self.proxy_passwords.get(whose))
    }

    /// Asks the keyring for the password of a proxy, where one is needed that is not at hand.
    pub(super) fn read_proxy_password(&self, whose: Whose) -> Task<Message> {
        if !self.context.network.needs_password(&whose) || self.proxy_passwords.contains_key(&whose) {
            return Task::none();
        }
        let name = network::password_name(&whose);
        let load = move || credentials::load_named(&name);
        blocking(load, Err(Fault::Failed)).map(move |read| {
            if let Err(fault) = &read {
                tracing::warn!(?fault, "no password of a proxy from the keyring");
            }
            Message::ProxyPasswordRead(whose.clone(), read.ok().flatten())
        })
    }

    /// From the next connection on those whom it concerns know the way.
    pub(super) fn proxy_password_read(&mut self, whose: Whose, password: Option<Password>) -> Task<Message> {
        if let Some(password) = password {
            self.proxy_passwords.entry(whose).or_insert(password);
        }
        for state in &self.context.accounts {
            if let Some(session) = self.sessions.get(&state.account.id) {
                session.handle.set_route(self.route(&self.context.network.in_force(&state.account.jid)));
            }
        }
        Task::none()
    }

    /// Chooses a way; nothing for an account is as for all. Who goes another way from now on connects anew.
    pub(super) fn set_way(
        &mut self,
        whose: Whose,
        way: Option<Way>,
        password: Option<Password>,
    ) -> Task<Message> {
        let before = self.ways();
        let (name, had) = (network::password_name(&whose), self.proxy_passwords.remove(&whose));
        let needed = self.context.network.needs_password(&whose);
        self.context.network.choose(&whose, way);
        if whose.is_none() {
            // What is asked of a provider goes the new way as well.
            self.registration = None;
        }
        let needs = self.context.network.needs_password(&whose);
        // A field that was left empty keeps what there is.
        let keeping = match password.or(had).filter(|_| needs) {
            Some(password) => {
                self.proxy_passwords.insert(whose, password.clone());
                kept(move || credentials::save_named(&name, &password))
            }
            None if needs => self.read_proxy_password(whose),
            None if needed => kept(move || credentials::forget_named(&name)),
            None => Task::none(),
        };
        let after = self.ways();
        let others = before.into_iter().zip(after).filter(|(before, after)| before.1 != after.1);
        let others: Vec<AccountId> = others.map(|(before, _)| before.0).collect();
        let restarts: Vec<_> =
            others.into_iter().map(|account| self.restart(account, |_| async {})).collect();
        Task::batch([keeping, self.save_network(), Task::batch(restarts)])
    }

    /// An account goes: what was chosen for it goes as well.
    pub(super) fn forget_network(&mut self, jid: &BareJid) -> Task<Message> {
        let whose = Some(jid.clone());
        if self.context.network.chosen(&whose).is_none() {
            return Task::none();
        }
        let name = network::password_name(&whose);
        self.proxy_passwords.remove(&whose);
        self.context.network.choose(&whose, None);
        let forgotten = blocking(move || credentials::forget_named(&name), Err(Fault::Failed));
        Task::batch([forgotten.map(|_| Message::Done), self.save_network()])
    }

    /// The way of each account.
    fn ways(&self) -> Vec<(AccountId, Route)> {
        let accounts = self.context.accounts.iter().map(|state| &state.account);
        accounts
            .map(|account| (account.id, self.route(&self.context.network.in_force(&account.jid))))
            .collect()
    }

    fn save_network(&self) -> Task<Message> {
        let (folder, network) = (self.startup.folders.settings.clone(), self.context.network.clone());
        blocking(move || network::save(&folder, &network), ()).map(|()| Message::Done)
    }
}

/// Does something with the keyring. What it doesn't take is asked for at the next start.
fn kept(work: impl FnOnce() -> Result<(), Fault> + Send + 'static) -> Task<Message> {
    blocking(work, Err(Fault::Failed)).map(|kept| {
        if let Err(fault) = kept {
            tracing::warn!(?fault, "the keyring did not take the password of a proxy");
        }
        Message::Done
    })
}
