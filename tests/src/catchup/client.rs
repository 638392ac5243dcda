//! The whole client without a window, which tells what it has cost.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use causerie_model::{
    AccountId, BareJid, CatchUp, Command, Event, OriginId, Password, Privacy, ServerAddress, Vault,
};
use causerie_session::{Config, Events, Handle, Roots};
use causerie_store::{Options, Reader, Store};
use serde_json::{Value, json};

use super::PASSWORD;
use super::stamps::Stamps;

/// As often as a screen draws.
const FRAME: Duration = Duration::from_millis(16);
/// Between two messages whose way is measured.
const APART: Duration = Duration::from_millis(50);

struct Place {
    folder: PathBuf,
    domain: String,
    server: ServerAddress,
    ca: PathBuf,
}

pub(super) fn run(arguments: &[&str]) -> Result<(), String> {
    let [folder, domain, server, ca, what @ ..] = arguments else {
        return Err("too little is said".to_owned());
    };
    let place = Place {
        folder: folder.into(),
        domain: (*domain).to_owned(),
        server: ServerAddress::parse(server).ok_or("not a server")?,
        ca: ca.into(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let told = runtime.block_on(async {
        match what {
            ["catch-up"] => catch_up(&place).await,
            ["stay"] => stay(&place).await,
            ["way", count] => way(&place, count.parse().map_err(|_| "not a number")?).await,
            _ => Err("what?".to_owned()),
        }
    })?;
    writeln!(io::stdout(), "{told}").map_err(|error| error.to_string())
}

/// An account that is online, or about to be.
struct Person {
    id: AccountId,
    actor: Handle,
    events: Events,
}

impl Person {
    async fn new(
        name: &str,
        place: &Place,
        store: &Store,
        key: &causerie_model::VaultKey,
    ) -> Result<Self, String> {
        let jid = BareJid::new(&format!("{name}@{}", place.domain)).map_err(|error| error.to_string())?;
        let id = store.add_account(&jid, Some(place.server.clone())).await;
        let id = id.map_err(|problem| format!("{problem:?}"))?;
        let mut config = Config::new(id, Some(Password::new(PASSWORD.to_owned())));
        config.roots = Roots { extra: Some(place.ca.clone()) };
        config.vault = Some(Vault::Open(key.clone()));
        let (actor, events) =
            causerie_session::spawn(config, store.clone()).map_err(|error| error.to_string())?;
        actor.send(Command::Connect);
        Ok(Self { id, actor, events })
    }

    async fn until(&mut self, is_it: impl Fn(&Event) -> bool) -> Result<(), String> {
        loop {
            let batch = self.events.recv_batch().await.ok_or("the account has ended")?;
            if batch.iter().any(&is_it) {
                return Ok(());
            }
        }
    }

    async fn quit(mut self) {
        self.actor.quit();
        while self.events.recv_batch().await.is_some() {}
        self.actor.ended().await;
    }
}

fn open(folder: &Path) -> Result<(Store, Reader, causerie_model::VaultKey), String> {
    let (store, reader) = Store::open(folder, Options::default()).map_err(|error| error.to_string())?;
    let key = causerie_session::vault::read_or_make(folder).map_err(|error| error.to_string())?;
    Ok((store, reader, key))
}

fn is_done(event: &Event) -> bool {
    *event == Event::CatchUp(CatchUp::Done)
}

/// Signs Alice in, and ends when everything is here.
async fn catch_up(place: &Place) -> Result<Value, String> {
    let (store, reader, key) = open(&place.folder)?;
    let started = Instant::now();
    let mut alice = Person::new("alice", place, &store, &key).await?;
    let (mut began, mut newest, mut draws, mut told, mut fetched) = (None, None, 0_u32, 0, 0);
    loop {
        let batch = alice.events.recv_batch().await.ok_or("the account has ended")?;
        draws += 1;
        told += batch.len();
        for event in &batch {
            match event {
                Event::CatchUp(CatchUp::Fetching { messages }) => {
                    began.get_or_insert_with(Instant::now);
                    // The first pages are from long ago, the next the newest there are.
                    if *messages > 500 && newest.is_none() {
                        newest = Some(started.elapsed());
                    }
                    fetched = *messages;
                }
                Event::CatchUp(CatchUp::Stopped) => return Err("it was stopped".to_owned()),
                _ => {}
            }
        }
        if batch.iter().any(is_done) {
            break;
        }
        tokio::time::sleep(FRAME).await;
    }
    let (whole, fetching) = (started.elapsed(), began.map(|began| began.elapsed()).unwrap_or_default());
    let conversations = reader.conversations_of(alice.id).map_err(|problem| format!("{problem:?}"))?;
    let mut kept = 0;
    for conversation in &conversations {
        kept += reader.count(alice.id, &conversation.peer).map_err(|problem| format!("{problem:?}"))?;
    }
    alice.quit().await;
    store.close();
    Ok(json!({
        "seconds": round(whole), "fetching_s": round(fetching), "newest_after_s": newest.map(round),
        "fetched": fetched, "messages": kept, "conversations": conversations.len(),
        "messages_per_s": (f64::from(fetched) / fetching.as_secs_f64().max(0.001)).round(),
        "cpu_s": cpu(), "memory_mib": memory(), "draws": draws, "events": told,
    }))
}

/// Stays until the input ends.
async fn stay(place: &Place) -> Result<Value, String> {
    let (store, _, key) = open(&place.folder)?;
    let mut alice = Person::new("alice", place, &store, &key).await?;
    let (end, ended) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        let _ = end.send(());
    });
    let stay = async { while alice.events.recv_batch().await.is_some() {} };
    tokio::select! {
        () = stay => {}
        _ = ended => {}
    }
    alice.quit().await;
    store.close();
    Ok(Value::Null)
}

/// Sends messages from Bob to Alice, one by one.
async fn way(place: &Place, count: u32) -> Result<Value, String> {
    let (store, reader, key) = open(&place.folder)?;
    let mut alice = Person::new("alice", place, &store, &key).await?;
    alice.until(is_done).await?;
    let mut bob = Person::new("bob", place, &store, &key).await?;
    bob.until(is_done).await?;
    let address =
        |name: &str| BareJid::new(&format!("{name}@{}", place.domain)).map_err(|error| error.to_string());
    let (alices, bobs) = (address("alice")?, address("bob")?);
    bob.actor.send(Command::SetPrivacy { peer: alices.clone(), privacy: Privacy::Clear });
    let stamps = Stamps::of(format!("account {}", alice.id))?;
    let (mut kept, mut told, mut read) = (Vec::new(), Vec::<Duration>::new(), Vec::new());
    let (mut committed, mut shown) = (Vec::new(), Vec::new());
    for number in 0..count {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| error.to_string())?;
        stamps.take();
        let sent = Instant::now();
        let (peer, body) = (alices.clone(), format!("message {number}"));
        bob.actor.send(Command::SendMessage { id: OriginId::from_random(id), peer, body: body.into() });
        alice.until(|event| matches!(event, Event::MessageReceived { peer, .. } if *peer == bobs)).await?;
        committed.push(sent.elapsed());
        if let Some((ledger, app)) = stamps.take() {
            kept.push(ledger);
            told.push(app);
        }
        let since = Instant::now();
        reader.page(alice.id, &bobs, None, 50).map_err(|problem| format!("{problem:?}"))?;
        reader.conversations().map_err(|problem| format!("{problem:?}"))?;
        shown.push(sent.elapsed());
        if let Some(told) = told.last() {
            read.push(*told + since.elapsed());
        }
        tokio::time::sleep(APART).await;
    }
    alice.quit().await;
    bob.quit().await;
    store.close();
    Ok(json!({
        "messages": count, "since_sent": {
            "committed_ms": middle(&mut committed), "read_for_the_screen_ms": middle(&mut shown),
        },
        "since_it_came": {
            "measured": kept.len(), "committed_ms": middle(&mut kept), "app_told_ms": middle(&mut told),
            "read_for_the_screen_ms": middle(&mut read),
        },
    }))
}

/// The median, and what 95 of 100 stay under, in milliseconds.
fn middle(times: &mut [Duration]) -> Value {
    times.sort_unstable();
    let at = |part: usize| {
        times.get(times.len() * part / 100).map(|time| (time.as_secs_f64() * 10_000.0).round() / 10.0)
    };
    json!({ "median": at(50), "p95": at(95) })
}

fn round(time: Duration) -> f64 {
    (time.as_secs_f64() * 100.0).round() / 100.0
}

/// The CPU time of this process so far, in seconds: fields 14 and 15 of its `stat`, in hundredths.
fn cpu() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
    Some((field(14)? + field(15)?) / 100.0)
}

/// The most memory it has had, in MiB.
fn memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}
