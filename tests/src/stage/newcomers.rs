//! Servers for people without an account, each with another way to one.

use std::fs;
use std::path::PathBuf;

use acceptance::{Kind, Registration, Server};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::people;

/// How an account is had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Newcomers {
    /// By solving a puzzle: ejabberd under the name chapril.org, as that has it.
    Puzzle,
    /// By a name and a password: Prosody.
    Plain,
    /// By an invitation: Prosody.
    Invited,
    /// Not at chapril.org, not without an invitation at guests.test, but at chat.test: Prosody thrice.
    Elsewhere,
    /// On a page of the web: Prosody.
    Web,
}

/// The servers, the last one with accounts for those who ask and with Bob.
pub(crate) struct Servers {
    all: Vec<Server>,
    invitations: Vec<String>,
    page: Option<String>,
    authorities: PathBuf,
    _folder: TempDir,
}

impl Newcomers {
    /// What the command line calls it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "ejabberd" => Self::Puzzle,
            "prosody" => Self::Plain,
            "invited" => Self::Invited,
            "elsewhere" => Self::Elsewhere,
            "web" => Self::Web,
            _ => return None,
        })
    }
}

impl Servers {
    /// Starts them.
    pub(crate) fn start(newcomers: Newcomers) -> Result<Self, String> {
        let prosody = |registration| Server::start_registering(Kind::Prosody, registration);
        let all = match newcomers {
            Newcomers::Puzzle => {
                vec![Server::start_in_place_of("chapril.org", Kind::Ejabberd, Registration::Puzzle)]
            }
            Newcomers::Plain => vec![prosody(Registration::Open)],
            Newcomers::Invited => vec![prosody(Registration::Invitations)],
            Newcomers::Elsewhere => vec![
                Server::start_in_place_of("chapril.org", Kind::Prosody, Registration::Closed),
                Server::start_in_place_of("guests.test", Kind::Prosody, Registration::Invitations),
                prosody(Registration::Open),
            ],
            Newcomers::Web => vec![prosody(Registration::OnTheWeb)],
        };
        let last = all.last().ok_or("no server")?;
        last.add_user("bob", people::BOBS_PASSWORD);
        let domain = last.domain();
        let invitations = match newcomers {
            Newcomers::Invited => (0..6).map(|_| last.invite()).collect(),
            _ => Vec::new(),
        };
        let invitations = invitations.iter().map(|token| format!("xmpp:{domain}?register;preauth={token}"));
        let invitations = invitations.collect();
        let page = (newcomers == Newcomers::Web).then(|| last.sign_up_page());
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let authorities = folder.path().join("authorities.pem");
        let certificates = all.iter().map(|server| fs::read_to_string(server.ca_file()));
        let certificates = certificates.collect::<Result<String, _>>().map_err(|error| error.to_string())?;
        fs::write(&authorities, certificates).map_err(|error| error.to_string())?;
        Ok(Self { all, invitations, page, authorities, _folder: folder })
    }

    /// The one with Bob.
    pub(crate) fn main(&self) -> &Server {
        self.all.last().expect("there is one at least")
    }

    /// What is to be known of them beside what is known of every server.
    pub(crate) fn ready(&self) -> Value {
        let dns = self
            .all
            .iter()
            .map(|server| format!("{}={},{}", server.domain(), server.port(), server.tls_port()));
        json!({
            "ca_file": self.authorities,
            "dns": dns.collect::<Vec<_>>(),
            "invitations": self.invitations,
            "page": self.page,
        })
    }
}
