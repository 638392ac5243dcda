//! Real servers, each as an own process with everything it writes in a temporary folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::authority::{Authority, Flaw, Leaf};
use crate::ports;
use crate::process::Process;

mod archive;
mod ejabberd;
mod lies;
mod prosody;
mod ready;

pub use lies::Lie;

/// How long a server may take until it serves: it does in a second or two, and longer on a machine that has much to do.
const PATIENCE: Duration = Duration::from_secs(90);

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// <https://prosody.im>, version 0.12 or later.
    Prosody,
    /// <https://www.ejabberd.im>, version 23.01 or later.
    Ejabberd,
}

/// Whether a server makes accounts for those who ask for one, and what it wants for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// It makes none, and knows nothing of it.
    Closed,
    /// It makes none; who has an account can change its password, end it, and invite others.
    Members,
    /// A name and a password.
    Open,
    /// The answer to a puzzle, and no other account from there for ten minutes: ejabberd as chapril.org has it.
    Puzzle,
    /// An invitation: Prosody.
    Invitations,
    /// No other account from there for ten minutes: Prosody.
    Limited,
    /// That people do it on a web page: Prosody with a page of its own, ejabberd with one that is nowhere.
    OnTheWeb,
}

/// A running server of one domain. Dropped, it is killed and its folder is gone.
#[derive(Debug)]
pub struct Server {
    place: Place,
    process: Option<Process>,
    /// Whose certificates its clients trust.
    authority: Authority,
    _folder: TempDir,
}

/// Where a server is and what it is called.
#[derive(Clone, Debug)]
struct Place {
    kind: Kind,
    domain: &'static str,
    folder: PathBuf,
    leaf: Leaf,
    c2s: u16,
    c2s_tls: u16,
    http: u16,
    registration: Registration,
    /// Where a newer Prosody is unpacked, if it is to be that.
    newer: Option<PathBuf>,
    storage: Storage,
}

/// What ejabberd keeps its things in. Prosody's archive is in SQLite anyway, and the rest in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Storage {
    /// What it comes with: a killed server may have lost minutes of its archive, and now and then all of it.
    Usual,
    /// SQLite: what it has answered is there.
    Lasting,
}

/// How many tries to sign in a server has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Logins {
    /// That it accepted.
    pub accepted: usize,
    /// That it refused.
    pub refused: usize,
}

/// An entry of a roster that is there before anybody signs in. Its subscription is `both`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The bare address.
    pub jid: String,
    /// The name.
    pub name: String,
}

impl Server {
    /// Starts a server from nothing and waits until it serves.
    ///
    /// # Panics
    ///
    /// When it is not installed, or doesn't serve in time; with the end of what it has said.
    pub fn start(kind: Kind) -> Self {
        Self::start_with(kind, Flaw::None)
    }

    /// The same, with a certificate that has a flaw.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_with(kind: Kind, flaw: Flaw) -> Self {
        Self::start_as(kind, flaw, Registration::Members)
    }

    /// The same, with accounts for those who ask.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_registering(kind: Kind, registration: Registration) -> Self {
        Self::start_as(kind, Flaw::None, registration)
    }

    /// The same, for another domain than usual: under the name of a provider that is known.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_in_place_of(domain: &'static str, kind: Kind, registration: Registration) -> Self {
        Self::start_of((domain, Storage::Usual), kind, Flaw::None, registration)
    }

    /// The same, with a storage that outlives it when it is killed.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_lasting(kind: Kind) -> Self {
        let domain = Self::usual_domain(kind);
        Self::start_of((domain, Storage::Lasting), kind, Flaw::None, Registration::Members)
    }

    /// Starts a Prosody 13 with what the system's own does not know: SASL2, Bind 2, tokens, XEP-0474. It is unpacked where
    /// `CAUSERIE_PROSODY_13` says, which `tests/run` does. None, which is said aloud, where there is none.
    ///
    /// # Panics
    ///
    /// As [`Self::start`].
    pub fn start_newer() -> Option<Self> {
        let Some(newer) = prosody::newer() else {
            // Not by a macro, whose words a test that passes keeps to itself.
            let said = b"SKIPPED: there is no Prosody 13 (tests/run --prosody-13 gets it)\n";
            let _ = std::io::Write::write_all(&mut std::io::stderr(), said);
            return None;
        };
        let domain = "chat.test";
        Some(Self::start_at(
            (domain, Storage::Usual),
            Kind::Prosody,
            Flaw::None,
            (Registration::Members, Some(newer)),
        ))
    }

    fn start_as(kind: Kind, flaw: Flaw, registration: Registration) -> Self {
        Self::start_of((Self::usual_domain(kind), Storage::Usual), kind, flaw, registration)
    }

    fn usual_domain(kind: Kind) -> &'static str {
        match kind {
            Kind::Prosody => "chat.test",
            Kind::Ejabberd => "ej.test",
        }
    }

    fn start_of(
        (domain, storage): (&'static str, Storage),
        kind: Kind,
        flaw: Flaw,
        registration: Registration,
    ) -> Self {
        Self::start_at((domain, storage), kind, flaw, (registration, None))
    }

    fn start_at(
        (domain, storage): (&'static str, Storage),
        kind: Kind,
        flaw: Flaw,
        (registration, newer): (Registration, Option<PathBuf>),
    ) -> Self {
        let temporary = tempfile::Builder::new().prefix("causerie-server-").tempdir().expect("a folder");
        let folder = temporary.path().to_owned();
        let authority = Authority::new(&folder.join("certificates"));
        let place = Place {
            kind,
            domain,
            leaf: authority.leaf(domain, flaw),
            folder,
            c2s: ports::free(),
            c2s_tls: ports::free(),
            http: ports::free(),
            registration,
            newer,
            storage,
        };
        match kind {
            Kind::Prosody => prosody::prepare(&place),
            Kind::Ejabberd => ejabberd::prepare(&place),
        }
        let mut server = Self { place, process: None, authority, _folder: temporary };
        server.run();
        server
    }

    /// Starts it again after [`Self::kill`], with what it has on its disk and on the same ports.
    ///
    /// # Panics
    ///
    /// When it doesn't serve in time.
    pub fn run(&mut self) {
        self.process = None;
        let place = &self.place;
        let start = || match place.kind {
            Kind::Prosody => prosody::start(place),
            Kind::Ejabberd => ejabberd::start(place),
        };
        let process = self.process.insert(start());
        let end = Instant::now() + PATIENCE;
        // ejabberd 23 dies at its start now and then, where parts of it start at the same moment.
        let mut deaths = 0;
        while !ready::serves(self.place.c2s, self.place.domain) {
            let mut alive = process.is_alive();
            if !alive && self.place.kind == Kind::Ejabberd && deaths < 2 {
                deaths += 1;
                *process = start();
                alive = true;
            }
            assert!(
                alive && Instant::now() < end,
                "{:?} doesn't serve:\n{}",
                self.place.kind,
                said(&self.place)
            );
            thread::sleep(Duration::from_millis(30));
        }
    }

    /// Ends it as a power cut would. What it answered has reached its disk, though: that isn't what is tested here.
    pub fn kill(&mut self) {
        if self.place.kind == Kind::Ejabberd {
            // Erlang's log keeps what is written for up to two seconds.
            thread::sleep(Duration::from_millis(2_500));
        }
        self.process = None;
    }

    /// Ends it as a power cut would, in the midst of whatever it does. What it has taken and not written yet is lost.
    pub fn kill_at_once(&mut self) {
        self.process = None;
    }

    /// Ends it in good order.
    pub fn stop(&mut self) {
        if let Some(process) = &mut self.process {
            process.stop();
        }
        self.process = None;
    }

    /// Waits until it has dealt with what it has got, when nothing more comes. Prosody does one thing after the other, so that an answer comes
    /// after all that was before; ejabberd does many at once.
    pub fn wait_until_idle(&self) {
        let end = Instant::now() + Duration::from_secs(20);
        while !ready::serves(self.place.c2s, self.place.domain) && Instant::now() < end {
            thread::sleep(Duration::from_millis(50));
        }
        if self.place.kind == Kind::Ejabberd {
            thread::sleep(Duration::from_secs(3));
        }
    }

    /// Copies everything that it has written to a folder, for who wants to look into it.
    pub fn keep(&self, to: &Path) {
        let copied = Command::new("cp").arg("-a").arg(&self.place.folder).arg(to).status();
        if let Err(error) = copied {
            tracing::warn!(%error, "the server's folder can't be copied");
        }
    }

    /// Makes an account.
    ///
    /// # Panics
    ///
    /// When the server doesn't.
    pub fn add_user(&self, name: &str, password: &str) {
        self.add_user_with_roster(name, password, &[]);
    }

    /// Makes an account that has contacts already.
    ///
    /// # Panics
    ///
    /// When the server doesn't.
    pub fn add_user_with_roster(&self, name: &str, password: &str, roster: &[Entry]) {
        match self.place.kind {
            Kind::Prosody => prosody::add_user(&self.place, name, password, roster),
            Kind::Ejabberd => ejabberd::add_user(&self.place, name, password, roster),
        }
    }

    /// Waits until the server has forgotten the connections of somebody who has left: what comes before, ejabberd may still hand to
    /// them, and nobody gets it.
    pub fn wait_until_gone(&self, name: &str) {
        let end = Instant::now() + Duration::from_secs(20);
        while self.place.kind == Kind::Ejabberd
            && ejabberd::is_online(&self.place, name)
            && Instant::now() < end
        {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the server has put so many messages by for somebody who is away. ejabberd does it a little after it has answered the
    /// sender, and what it puts by while they sign in waits for the next time.
    pub fn wait_until_kept(&self, name: &str, count: usize) {
        let end = Instant::now() + Duration::from_secs(20);
        while self.place.kind == Kind::Ejabberd
            && ejabberd::kept_messages(&self.place, name) < count
            && Instant::now() < end
        {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The same, as soon as there were so many: a server may write its log a little later than it answers.
    pub fn logins_after(&self, tries: usize) -> Logins {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let logins = self.logins();
            if logins.accepted + logins.refused >= tries || Instant::now() > end {
                return logins;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// How people have signed in since it was first started, one after the other: the names of mechanisms. Prosody.
    pub fn mechanisms(&self) -> Vec<String> {
        let log = self.log();
        let how = log.lines().filter_map(|line| line.split_once(": success by ").map(|(_, how)| how.trim()));
        how.map(str::to_owned).collect()
    }

    /// Voids all tokens that it has given to somebody. Prosody.
    pub fn void_tokens(&self, name: &str) {
        prosody::void_tokens(&self.place, name);
    }

    /// How many tries to sign in it has seen since it was first started.
    pub fn logins(&self) -> Logins {
        let log = self.log();
        let count =
            |words: &[&str]| log.lines().filter(|line| words.iter().all(|word| line.contains(word))).count();
        match self.place.kind {
            Kind::Prosody => {
                Logins { accepted: count(&["login of ", ": success"]), refused: count(&["login: failure"]) }
            }
            Kind::Ejabberd => Logins {
                accepted: count(&["Accepted c2s", "authentication for"]),
                refused: count(&["Failed c2s", "authentication"]),
            },
        }
    }

    /// The answers to the puzzles that it has given out so far, the last one last. One more was made when it started.
    pub fn puzzles(&self) -> Vec<String> {
        let text = fs::read_to_string(ejabberd::puzzles(&self.place)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The file with those answers, one a line.
    pub fn puzzles_file(&self) -> PathBuf {
        ejabberd::puzzles(&self.place)
    }

    /// The file of [`Self::seen`].
    pub fn seen_file(&self) -> PathBuf {
        self.place.folder.join("seen.xml")
    }

    /// Makes an invitation for an account, and gives its token.
    ///
    /// # Panics
    ///
    /// When it can't.
    pub fn invite(&self) -> String {
        prosody::invite(&self.place)
    }

    /// The page of the web where accounts are made: Prosody. Its certificate is the domain's, its host this machine.
    pub fn sign_up_page(&self) -> String {
        prosody::sign_up_page(&self.place)
    }

    /// What the server has written into its log.
    pub fn log(&self) -> String {
        let bytes = fs::read(self.place.folder.join("server.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Every stanza that its clients have sent since it was first started, as the server saw it. An answer to one is given after it is
    /// written down.
    pub fn seen(&self) -> String {
        // Some make the file when there is something to write.
        let bytes = fs::read(self.seen_file()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// How many stanzas somebody's programs have said last that they have got (XEP-0198), if they have said so.
    pub fn acknowledged(&self, name: &str) -> Option<u32> {
        let text = fs::read_to_string(self.place.folder.join("taken.txt")).unwrap_or_default();
        let of = |line: &str| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok();
        text.lines().rev().find_map(of)
    }

    /// Which server it is.
    pub fn kind(&self) -> Kind {
        self.place.kind
    }

    /// The domain that it serves.
    pub fn domain(&self) -> &'static str {
        self.place.domain
    }

    /// The bare address of an account.
    pub fn jid(&self, name: &str) -> String {
        format!("{name}@{}", self.place.domain)
    }

    /// Where it listens for clients that ask for TLS (RFC 6120 section 5).
    pub fn port(&self) -> u16 {
        self.place.c2s
    }

    /// Where it listens for clients that begin with TLS (XEP-0368).
    pub fn tls_port(&self) -> u16 {
        self.place.c2s_tls
    }

    /// The certificate of the authority that its clients are to trust.
    pub fn ca_file(&self) -> PathBuf {
        self.authority.file()
    }
}

/// Fills in a template from the folder `servers`.
fn fill(place: &Place, template: &str) -> String {
    let text = fs::read_to_string(servers().join(template)).expect("the template of a configuration");
    let path = |path: &Path| path.to_str().expect("a folder with a plain name").to_owned();
    let script = servers().join("captcha.sh");
    let (options, modules) = match place.kind {
        Kind::Prosody => prosody::registration(place),
        Kind::Ejabberd => ejabberd::registration(place.registration, &path(&script), place.http),
    };
    let storage = match place.storage {
        Storage::Usual => String::new(),
        Storage::Lasting => ejabberd::storage(place),
    };
    let values = [
        ("@NEWER_MODULES@", prosody::newer_modules(place.newer.is_some()).to_owned()),
        ("@REGISTRATION_MODULES@", modules),
        ("@REGISTRATION@", options),
        ("@FOLDER@", path(&place.folder)),
        ("@PLUGINS@", path(&servers().join("prosody-modules"))),
        ("@DOMAIN@", place.domain.to_owned()),
        ("@CHAIN@", path(&place.leaf.chain)),
        ("@KEY@", path(&place.leaf.key)),
        ("@C2S@", place.c2s.to_string()),
        ("@C2S_TLS@", place.c2s_tls.to_string()),
        ("@HTTP@", place.http.to_string()),
        ("@STORAGE@", storage),
    ];
    values.into_iter().fold(text, |text, (name, value)| text.replace(name, &value))
}

fn servers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("servers")
}

/// The end of what a server has said.
fn said(place: &Place) -> String {
    let mut said = String::new();
    for file in ["out.log", "server.log"] {
        let bytes = fs::read(place.folder.join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        let end = lines.iter().skip(lines.len().saturating_sub(30));
        said.extend(end.flat_map(|line| [line, "\n"]));
    }
    said
}
