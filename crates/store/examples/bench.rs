//! How long the ledger takes for what screens and sessions ask it.
//!
//! ```text
//! bench --data-dir DIR [--contacts 500] [--messages 1000000] [--cache-kib N]
//! ```
//!
//! An empty folder is filled first; one that was filled is taken as it is.

#![allow(clippy::print_stdout, reason = "it speaks to a terminal")]

#[path = "shared/corpus.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared by several examples")]
mod corpus;

use std::path::Path;
use std::time::{Duration, Instant};

use causerie_model::{AccountId, BareJid, Change, Problem, Timestamp};
use causerie_store::{Options, Reader, Store};
use corpus::{Failure, Numbers, argument, failed};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let folder = argument("--data-dir").ok_or("--data-dir is missing")?;
    let folder = Path::new(&folder);
    let contacts = argument("--contacts").map_or(Ok(500), |number| number.parse())?;
    let messages = argument("--messages").map_or(Ok(1_000_000), |number| number.parse())?;
    fill(folder, contacts, messages).await?;

    let started = Instant::now();
    let mut options = Options::default();
    if let Some(cache) = argument("--cache-kib") {
        options.cache_kib = cache.parse()?;
    }
    let (store, reader) = Store::open(folder, options)?;
    let account = reader.accounts().map_err(failed)?.first().ok_or("no account")?.id;
    let busiest = corpus::contact(0)?;
    reader.page(account, &busiest, None, 50).map_err(failed)?;
    println!("{:32} {:>8.2?}", "open and first page", started.elapsed());

    pages(&reader, account, &busiest, contacts)?;
    searches(&reader, account, contacts)?;
    commits(&store, account).await?;
    store.close();
    Ok(())
}

async fn fill(folder: &Path, contacts: u64, messages: u64) -> Result<(), Failure> {
    let (store, reader) = Store::open(folder, Options::default())?;
    if reader.accounts().map_err(failed)?.is_empty() {
        let jid = BareJid::new("alice@chat.test").map_err(|error| format!("{error:?}"))?;
        let account = store.add_account(&jid, None).await.map_err(failed)?;
        let started = Instant::now();
        corpus::seed(&store, account, contacts, messages).await?;
        let rate = messages as f64 / started.elapsed().as_secs_f64();
        println!("{:32} {:>8.2?}  {rate:.0} messages/s", "fill", started.elapsed());
    }
    store.close();
    Ok(())
}

fn pages(reader: &Reader, account: AccountId, busiest: &BareJid, contacts: u64) -> Result<(), Failure> {
    for name in ["last page of each, first touch", "last page of each, again"] {
        let mut times = Vec::new();
        for number in 0..contacts {
            let peer = corpus::contact(number)?;
            times.push(timed(|| reader.page(account, &peer, None, 50))?);
        }
        show(name, times);
    }
    let mut times = Vec::new();
    let mut before = None;
    for _ in 0..400 {
        let started = Instant::now();
        let page = reader.page(account, busiest, before, 50).map_err(failed)?;
        times.push(started.elapsed());
        let Some(first) = page.first() else { break };
        before = Some((first.at, first.id));
    }
    show("scroll back 400 pages", times);
    show("conversation list", repeated(|| reader.conversations())?);
    show("one conversation", repeated(|| reader.conversation(account, busiest))?);
    show("contacts", repeated(|| reader.contacts(account))?);
    show("first unread", repeated(|| reader.first_unread(account, busiest))?);
    show("unread in all", repeated(|| reader.unread_total())?);
    Ok(())
}

fn searches(reader: &Reader, account: AccountId, contacts: u64) -> Result<(), Failure> {
    let quietest = corpus::contact(contacts * 9 / 10)?;
    let busiest = corpus::contact(0)?;
    for (name, query) in [
        ("the commonest word", "le "),
        ("a common and a rare word", "le word123"),
        ("a rare word", "word123 "),
        ("a word that is nowhere", "nowhere"),
        ("three letters", "mon"),
        ("two letters", "mo"),
        ("one letter", "d"),
        ("two characters", "東京"),
    ] {
        show(&format!("search {name}"), repeated(|| reader.search(query, None, None, None, 50))?);
    }
    for (name, peer) in [("busiest", &busiest), ("quietest", &quietest)] {
        for query in ["le ", "word123 ", "d"] {
            let search = || reader.search(query, Some(account), Some(peer), None, 50);
            show(&format!("search {query:?} with the {name}"), repeated(search)?);
        }
    }
    Ok(())
}

async fn commits(store: &Store, account: AccountId) -> Result<(), Failure> {
    let mut numbers = Numbers(7);
    for (name, each) in [("commit of one message", 1), ("commit of a page of 50", 50)] {
        let mut times = Vec::new();
        for round in 0..200 {
            let mut changes: Vec<Change> = Vec::new();
            for _ in 0..each {
                let number = numbers.below(u64::MAX);
                let at = Timestamp::from_millis(2_000_000_000_000 + round);
                changes.push(corpus::message(&mut numbers, number, corpus::contact(3)?, at)?);
            }
            let started = Instant::now();
            store.commit(account, changes).await.map_err(failed)?;
            times.push(started.elapsed());
        }
        show(name, times);
    }
    Ok(())
}

fn timed<T>(query: impl Fn() -> Result<T, Problem>) -> Result<Duration, Failure> {
    let started = Instant::now();
    query().map_err(failed)?;
    Ok(started.elapsed())
}

fn repeated<T>(query: impl Fn() -> Result<T, Problem>) -> Result<Vec<Duration>, Failure> {
    (0..20).map(|_| timed(&query)).collect()
}

fn show(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| {
        times
            .get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    println!("{name:32} {:>8.2?} p50  {:>8.2?} p95  {:>8.2?} most", at(50), at(95), at(100));
}
