//! What is begun before there is a window, so that it is done when the window is there.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use causerie_model::Problem;
use causerie_session::Dns;
use causerie_store::{Options, Reader, Store};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::intents::{self, Intents};
use crate::invitations::{self, Invitations};
use crate::network::{self, Network};
use crate::platform::arguments::Arguments;
use crate::platform::folders::Folders;
use crate::platform::instance::{self, Wish};
use crate::settings::Settings;

/// The ledger, open, or why it is not.
pub(crate) type Opened = Result<(Store, Reader), Problem>;

/// Everything the app starts from. Cheap to clone; what can be taken only once is shared by the clones.
#[derive(Clone, Debug)]
pub(crate) struct Startup {
    /// Where things are kept.
    pub(crate) folders: Folders,
    /// What the person has chosen.
    pub(crate) settings: Settings,
    /// How the network is to be reached.
    pub(crate) network: Network,
    /// Invitations that were made.
    pub(crate) invitations: Invitations,
    /// What is wanted of accounts and not answered.
    pub(crate) intents: Intents,
    /// A link to fill in.
    pub(crate) uri: Option<String>,
    /// Certificate authorities to trust besides the system's.
    pub(crate) extra_ca: Option<PathBuf>,
    /// Whom to ask for servers.
    pub(crate) dns: Dns,
    opening: Once<JoinHandle<Opened>>,
    wishes: Once<UnboundedReceiver<Wish>>,
    /// Where they come from.
    wished: UnboundedSender<Wish>,
}

impl Startup {
    /// Begins to open the ledger on a thread of its own. Once it is open, second starts of the program are listened for.
    pub(crate) fn new(arguments: Arguments, folders: Folders, settings: Settings) -> Self {
        let (sender, wishes) = tokio::sync::mpsc::unbounded_channel();
        let data = folders.data.clone();
        let wished = sender.clone();
        let opening = std::thread::spawn(move || open(&data, sender));
        Self {
            network: network::load(&folders.settings),
            invitations: invitations::load(&folders.data),
            intents: intents::load(&folders.data),
            folders,
            settings,
            uri: arguments.uri,
            extra_ca: std::env::var_os("CAUSERIE_EXTRA_CA")
                .filter(|path| !path.is_empty())
                .map(PathBuf::from),
            dns: name_server(std::env::var("CAUSERIE_DNS").ok().as_deref()),
            opening: Once::new(opening),
            wishes: Once::new(wishes),
            wished,
        }
    }

    /// The ledger. Waits until it is open or refused; the second call finds nothing. Blocks: not for the GUI thread.
    pub(crate) fn ledger(&self) -> Option<Opened> {
        Some(self.opening.take()?.join().unwrap_or(Err(Problem::Internal)))
    }

    /// Opens the ledger anew, after it was refused. Blocks: not for the GUI thread.
    pub(crate) fn open_again(&self) -> Opened {
        open(&self.folders.data, self.wished.clone())
    }

    /// What second starts of the program ask for; the second call finds nothing.
    pub(crate) fn wishes(&self) -> Option<UnboundedReceiver<Wish>> {
        self.wishes.take()
    }
}

fn open(data: &Path, wished: UnboundedSender<Wish>) -> Opened {
    let opened = Store::open(data, Options::default()).map_err(Problem::from);
    if opened.is_ok() {
        instance::listen(data, move |wish| drop(wished.send(wish)));
    }
    opened
}

/// The name server that is asked for; where the words name none, the system's.
fn name_server(words: Option<&str>) -> Dns {
    let Some(words) = words.filter(|words| !words.is_empty()) else { return Dns::System };
    words.parse().map_or_else(
        |_| {
            tracing::warn!("CAUSERIE_DNS is no address and port; the system's name servers are asked");
            Dns::System
        },
        Dns::Server,
    )
}

/// Something that can be taken once, by whichever clone comes first.
#[derive(Debug)]
struct Once<T>(Arc<Mutex<Option<T>>>);

impl<T> Once<T> {
    fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(Some(value))))
    }

    fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_servers() {
        assert_eq!(name_server(None), Dns::System);
        assert_eq!(name_server(Some("")), Dns::System);
        assert_eq!(name_server(Some("dns.example")), Dns::System);
        assert_eq!(name_server(Some("127.0.0.1:5353")), Dns::Server(([127, 0, 0, 1], 5353).into()));
        assert_eq!(name_server(Some("[::1]:53")), Dns::Server(([0, 0, 0, 0, 0, 0, 0, 1], 53).into()));
    }
}
