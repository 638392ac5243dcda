//! Fills a data folder with an account, contacts and messages, to measure or look at.
//!
//! ```text
//! seed --data-dir DIR [--jid alice@chat.test] [--server host:port] [--contacts 200] [--messages 20000]
//! ```

#![allow(clippy::print_stdout, reason = "it speaks to a terminal")]

#[path = "shared/corpus.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared by several examples")]
mod corpus;

use std::path::Path;
use std::time::Instant;

use causerie_model::{BareJid, ServerAddress};
use causerie_store::{Options, Store};
use corpus::{Failure, argument};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let folder = argument("--data-dir").ok_or("--data-dir is missing")?;
    let jid = argument("--jid").unwrap_or_else(|| "alice@chat.test".to_owned());
    let jid = BareJid::new(&jid).map_err(|error| format!("{jid}: {error:?}"))?;
    let server = match argument("--server") {
        Some(server) => Some(ServerAddress::parse(&server).ok_or("--server is not a server")?),
        None => None,
    };
    let contacts = argument("--contacts").map_or(Ok(200), |number| number.parse())?;
    let messages = argument("--messages").map_or(Ok(20_000), |number| number.parse())?;
    let started = Instant::now();
    let (store, _reader) = Store::open(Path::new(&folder), Options::default())?;
    let account = store.add_account(&jid, server).await.map_err(corpus::failed)?;
    corpus::seed(&store, account, contacts, messages).await?;
    store.close();
    println!("{contacts} contacts and {messages} messages in {folder} after {:.1?}", started.elapsed());
    Ok(())
}
