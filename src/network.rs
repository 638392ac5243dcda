//! How the network is reached: straight, or through a proxy, for all accounts and for single ones. A small file of its own.
//!
//! It is not among the other settings because of what becomes of a file that can't be read: those are as at the first start then,
//! while who had chosen a proxy must not be connected past it. Passwords are in the keyring alone.

use std::collections::BTreeMap;
use std::path::Path;

use causerie_model::{BareJid, Password, ServerAddress};
use causerie_session::proxy::Login;
use causerie_session::{Proxy, ProxyKind, Route};
use serde::{Deserialize, Serialize};

use crate::platform::folders::write_private;

/// The file's name in the settings folder.
const FILE: &str = "network.json";

/// What was chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Network {
    /// Nothing yet: as the environment says.
    #[default]
    Unchosen,
    /// This.
    Chosen(Choices),
    /// It can't be read: nothing is connected until somebody chooses again.
    Unreadable,
}

/// What was chosen for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Choices {
    all: Way,
    #[serde(default)]
    accounts: BTreeMap<String, Way>,
}

/// A way out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "way", rename_all = "kebab-case")]
pub(crate) enum Way {
    /// As the environment says.
    #[default]
    System,
    /// No proxy.
    Straight,
    /// Through one that speaks SOCKS5.
    Socks5(Server),
    /// Through one that speaks HTTP.
    Http(Server),
}

/// Where a proxy is, and who uses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Server {
    /// Host name or address, without brackets.
    pub(crate) host: String,
    /// TCP port.
    pub(crate) port: u16,
    /// The name that it wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) user: Option<String>,
}

/// Whose choice it is: that of one account, else that of all.
pub(crate) type Whose = Option<BareJid>;

impl Way {
    /// The proxy, if there is one.
    pub(crate) fn server(&self) -> Option<&Server> {
        match self {
            Self::System | Self::Straight => None,
            Self::Socks5(server) | Self::Http(server) => Some(server),
        }
    }

    fn kind(&self) -> ProxyKind {
        match self {
            Self::Http(_) => ProxyKind::Http,
            Self::System | Self::Straight | Self::Socks5(_) => ProxyKind::Socks5,
        }
    }

    fn needs_password(&self) -> bool {
        self.server().is_some_and(|server| server.user.is_some())
    }

    fn route(&self, password: Option<&Password>) -> Route {
        let server = match self {
            Self::System => return Route::Environment,
            Self::Straight => return Route::Straight,
            Self::Socks5(server) | Self::Http(server) => server,
        };
        let login = match (&server.user, password) {
            (None, _) => None,
            (Some(user), Some(password)) => Some(Login { user: user.clone(), password: password.clone() }),
            // Without it the proxy would say no, and some count that.
            (Some(_), None) => return Route::Unknown,
        };
        Route::Through(Proxy { kind: self.kind(), host: server.host.clone(), port: server.port, login })
    }
}

impl Server {
    /// Reads a host and a port, which may be left out where there is a usual one.
    pub(crate) fn parse(text: &str, user: &str, usual_port: u16) -> Option<Self> {
        let text = text.trim();
        let has_port =
            text.rsplit_once(':').is_some_and(|(host, _)| !host.contains(':') || host.ends_with(']'));
        let ServerAddress { host, port } = ServerAddress::parse(text)?;
        let port = if has_port { port } else { usual_port };
        let user = Some(user.trim().to_owned()).filter(|user| !user.is_empty());
        Some(Self { host, port, user })
    }

    /// As it is typed.
    pub(crate) fn address(&self) -> String {
        ServerAddress { host: self.host.clone(), port: self.port }.to_string()
    }
}

impl Network {
    /// What was chosen for all, or for one account alone.
    pub(crate) fn chosen(&self, whose: &Whose) -> Option<&Way> {
        match (self, whose) {
            (Self::Unchosen, None) => Some(&Way::System),
            (Self::Unchosen, Some(_)) | (Self::Unreadable, _) => None,
            (Self::Chosen(choices), None) => Some(&choices.all),
            (Self::Chosen(choices), Some(jid)) => choices.accounts.get(jid.as_str()),
        }
    }

    /// Whose choice counts for an account.
    pub(crate) fn in_force(&self, jid: &BareJid) -> Whose {
        let own = Some(jid.clone());
        if self.chosen(&own).is_some() { own } else { None }
    }

    /// Chooses; nothing for an account is as for all.
    pub(crate) fn choose(&mut self, whose: &Whose, way: Option<Way>) {
        let mut choices = match std::mem::take(self) {
            Self::Chosen(choices) => choices,
            Self::Unchosen | Self::Unreadable => Choices::default(),
        };
        match (whose, way) {
            (None, way) => choices.all = way.unwrap_or_default(),
            (Some(jid), Some(way)) => drop(choices.accounts.insert(jid.as_str().to_owned(), way)),
            (Some(jid), None) => drop(choices.accounts.remove(jid.as_str())),
        }
        *self = Self::Chosen(choices);
    }

    /// Whether the keyring has to be asked before the way is known.
    pub(crate) fn needs_password(&self, whose: &Whose) -> bool {
        self.chosen(whose).is_some_and(Way::needs_password)
    }

    /// The way out of one choice, with the password that the keyring has for it.
    pub(crate) fn route(&self, whose: &Whose, password: Option<&Password>) -> Route {
        self.chosen(whose).map_or(Route::Unknown, |way| way.route(password))
    }
}

/// Under which name the keyring has a proxy's password. No address has a space in it: no name is an account's.
pub(crate) fn password_name(whose: &Whose) -> String {
    match whose {
        None => "network proxy".to_owned(),
        Some(jid) => format!("network proxy of {jid}"),
    }
}

/// Reads what was chosen.
pub(crate) fn load(folder: &Path) -> Network {
    let text = match std::fs::read(folder.join(FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Network::Unchosen,
        Err(error) => {
            tracing::warn!(%error, "the way to the network could not be read");
            return Network::Unreadable;
        }
    };
    serde_json::from_slice(&text).map_or_else(
        |error| {
            tracing::warn!(%error, "the way to the network could not be understood");
            Network::Unreadable
        },
        Network::Chosen,
    )
}

/// Writes it, all or nothing. Blocks: not for the GUI thread.
pub(crate) fn save(folder: &Path, network: &Network) {
    let Network::Chosen(choices) = network else { return };
    let written = serde_json::to_vec_pretty(choices).map_err(std::io::Error::from);
    if let Err(error) = written.and_then(|bytes| write_private(&folder.join(FILE), &bytes)) {
        tracing::warn!(%error, "the way to the network could not be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> BareJid {
        BareJid::new("alice@chat.example").unwrap()
    }

    fn tor() -> Way {
        Way::Socks5(Server::parse("127.0.0.1:9050", "", 1080).unwrap())
    }

    #[test]
    fn choices_come_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()), Network::Unchosen);
        assert_eq!(Network::Unchosen.route(&None, None), Route::Environment);
        let mut network = Network::default();
        network.choose(&None, Some(tor()));
        network.choose(&Some(alice()), Some(Way::Straight));
        save(folder.path(), &network);
        let read = load(folder.path());
        assert_eq!(read, network);
        assert_eq!(read.in_force(&alice()), Some(alice()));
        assert_eq!(read.route(&Some(alice()), None), Route::Straight);
        network.choose(&Some(alice()), None);
        assert_eq!(network.in_force(&alice()), None);
        let Route::Through(proxy) = network.route(&None, None) else { panic!("{network:?}") };
        assert_eq!((proxy.kind, proxy.host.as_str(), proxy.port), (ProxyKind::Socks5, "127.0.0.1", 9050));
    }

    #[test]
    fn what_can_t_be_read_is_not_gone_past() {
        for text in ["{", "{}", r#"{"all": {"way": "carrier-pigeon"}}"#, r#"{"all": {"way": "socks5"}}"#, ""]
        {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join(FILE), text).unwrap();
            let mut network = load(folder.path());
            assert_eq!(network, Network::Unreadable, "{text}");
            assert_eq!(network.route(&network.in_force(&alice()), None), Route::Unknown);
            save(folder.path(), &network);
            assert_eq!(std::fs::read_to_string(folder.path().join(FILE)).unwrap(), text, "left as it is");
            network.choose(&None, Some(Way::Straight));
            assert_eq!(network.route(&network.in_force(&alice()), None), Route::Straight);
        }
    }

    #[test]
    fn a_login_waits_for_its_password_which_is_in_no_file() {
        let mut network = Network::default();
        let server = Server::parse("proxy.example", " alice ", 1080).unwrap();
        assert_eq!(server.address(), "proxy.example:1080");
        network.choose(&None, Some(Way::Socks5(server)));
        assert!(network.needs_password(&None));
        assert_eq!(network.route(&None, None), Route::Unknown);
        let password = Password::new("pw".to_owned());
        let Route::Through(Proxy { login: Some(login), .. }) = network.route(&None, Some(&password)) else {
            panic!("{network:?}")
        };
        assert_eq!((login.user.as_str(), login.password.reveal()), ("alice", "pw"));
    }

    #[test]
    fn addresses_of_proxies() {
        let parsed = |text| Server::parse(text, "", 1080).map(|server| server.address());
        assert_eq!(parsed("localhost").as_deref(), Some("localhost:1080"));
        assert_eq!(parsed("[::1]").as_deref(), Some("[::1]:1080"));
        assert_eq!(parsed("::1").as_deref(), Some("[::1]:1080"));
        assert_eq!(parsed("[::1]:9050").as_deref(), Some("[::1]:9050"));
        assert_eq!(parsed("a:5222").as_deref(), Some("a:5222"));
        for bad in ["", "a b", "http://a", "a:0"] {
            assert_eq!(parsed(bad), None, "{bad}");
        }
    }
}
