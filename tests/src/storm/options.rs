//! The command line, and what it says of itself.

use std::path::PathBuf;

use acceptance::{Kind, Server};

/// What `--help` prints.
pub(crate) const HELP: &str = "\
storm: nothing is lost, doubled, misordered or damaged, whatever the network, the server and the machine do

Usage: storm [--server prosody|prosody13|ejabberd] [--seed N] [--cuts N] [--kills N] [--encryption none|omemo2|legacy]
             [--hard] [--keep PATH] [--log]
       storm --suspends N [--longest S] [--server …] [--seed N] [--keep PATH] [--log]
       storm --soak MINUTES [--presence-alone] [--server …] [--seed N] [--keep PATH] [--log]

Alice has two devices and Bob one, all of them Causerie without its window (`drive`), each on a bad wire of its own. All three write
numbered messages all the time, correct, retract and read them and react to them, while wires are cut in seven ways, are slow or stall,
programs are killed (SIGKILL), and the server is killed and restarted. Then all is calm, everybody comes online, and what is in the three databases and in the archives of the server is compared.

  --server      the server (prosody); prosody13 is the newer one (SASL2, Bind 2, tokens, inline resumption) that CAUSERIE_PROSODY_13 names
  --seed N      what happens is decided by it; without it, one is drawn. The seed is in the report
  --cuts N      so many wires are cut (30)
  --kills N     so many programs are killed (10), every tenth of which is the server, which is restarted in good order as often
  --encryption  none, omemo2, or legacy: the server tells nobody that there is a newer version (omemo2)
  --hard        the server is killed and stopped in the midst of whatever it does; without it, a second after it has dealt with the last
                word of anybody, of which it has told nobody. What it loses itself is told apart
  --suspends N  instead of a storm: programs are stopped (SIGSTOP) so often, nine of ten for one to four seconds, with clocks that
                are moved as hours of sleep would, while the server drops them
  --longest S   the tenth is stopped for ten seconds to S (30), and the last for S
  --soak M      instead of a storm: so many minutes of presence and messages, of each other and in a room where a crowd comes, goes and
                calls itself otherwise, twenty times a second; memory, files and threads are told each minute
  --presence-alone   without messages
  --keep PATH   where the databases are kept; without it they are kept only where something is wrong
  --log         the programs write logs beside their databases

The program `drive` has to be beside this one, and CAUSERIE_PARTNER_PYTHON has to name the Python that `tests/run --partners` makes: what
reads the archives is slixmpp. The report is one JSON object on standard output; what happens meanwhile is on standard error. It ends
with 0 where nothing is wrong.
";

/// What the command line asks for.
pub(crate) enum Request {
    /// A storm, or what takes its place.
    Run(Options),
    /// The help.
    Help,
}

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Prosody,
    /// With all that signs in and resumes in one round.
    Prosody13,
    Ejabberd,
}

impl Which {
    /// Starts it.
    pub(crate) fn start(self) -> Result<Server, String> {
        match self {
            Self::Prosody => Ok(Server::start_lasting(Kind::Prosody)),
            Self::Prosody13 => {
                Server::start_newer().ok_or_else(|| "there is no Prosody 13: see --help".to_owned())
            }
            Self::Ejabberd => Ok(Server::start_lasting(Kind::Ejabberd)),
        }
    }
}

/// How it is to be.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) server: Which,
    pub(crate) seed: u64,
    pub(crate) cuts: usize,
    pub(crate) kills: usize,
    pub(crate) encryption: Encryption,
    pub(crate) hard: bool,
    pub(crate) suspends: usize,
    /// Of the suspends, in seconds.
    pub(crate) longest: u64,
    pub(crate) soak: u64,
    pub(crate) presence_alone: bool,
    pub(crate) keep: Option<PathBuf>,
    pub(crate) log: bool,
}

/// How messages are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    None,
    Omemo2,
    Legacy,
}

impl Encryption {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Omemo2 => "omemo2",
            Self::Legacy => "legacy",
        }
    }
}

/// Reads the command line, without the program's name.
pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Request, String> {
    let mut options = Options {
        server: Which::Prosody,
        seed: drawn()?,
        cuts: 30,
        kills: 10,
        encryption: Encryption::Omemo2,
        hard: false,
        suspends: 0,
        longest: 30,
        soak: 0,
        presence_alone: false,
        keep: None,
        log: false,
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(Request::Help),
            "--hard" => options.hard = true,
            "--presence-alone" => options.presence_alone = true,
            "--log" => options.log = true,
            "--server" => {
                options.server = match value()?.as_str() {
                    "prosody" => Which::Prosody,
                    "prosody13" => Which::Prosody13,
                    "ejabberd" => Which::Ejabberd,
                    other => return Err(format!("what server is {other}?")),
                }
            }
            "--encryption" => {
                options.encryption = match value()?.as_str() {
                    "none" => Encryption::None,
                    "omemo2" => Encryption::Omemo2,
                    "legacy" => Encryption::Legacy,
                    other => return Err(format!("what encryption is {other}?")),
                }
            }
            "--seed" => options.seed = number(&value()?)?,
            "--cuts" => options.cuts = number(&value()?)?,
            "--kills" => options.kills = number(&value()?)?,
            "--suspends" => options.suspends = number(&value()?)?,
            "--longest" => options.longest = number(&value()?)?,
            "--soak" => options.soak = number(&value()?)?,
            "--keep" => options.keep = Some(value()?.into()),
            other => return Err(format!("what is {other}? See --help")),
        }
    }
    Ok(Request::Run(options))
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}

fn drawn() -> Result<u64, String> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(u32::from_le_bytes(bytes).into())
}
