//! A long history, written as the program itself writes it.

use std::path::PathBuf;

use causerie_model::{
    AccountId, BareJid, Body, Change, Direction, MessageState, Naming, NewMessage, Order, OriginId,
    PendingOut, Protection, RosterItem, ServerAddress, Subscription, Timestamp,
};
use causerie_store::{Options, Store};

/// What to write, and where.
pub(crate) struct Seed {
    pub(crate) folder: PathBuf,
    pub(crate) server: Option<String>,
    pub(crate) contacts: usize,
    pub(crate) messages: u32,
}

impl Default for Seed {
    fn default() -> Self {
        Self { folder: PathBuf::new(), server: None, contacts: 200, messages: 20_000 }
    }
}

/// 2026-01-05T08:00:00Z; the history goes on from there for six days.
const BEGIN: i64 = 1_767_600_000_000;
const SIX_DAYS: i64 = 6 * 86_400_000;
/// Messages in one transaction.
const TOGETHER: usize = 500;

const WORDS: &[&str] = &[
    "train",
    "gare",
    "demain",
    "café",
    "merci",
    "weather",
    "meeting",
    "photo",
    "garden",
    "library",
    "musique",
    "soir",
    "bicycle",
    "bridge",
    "letter",
    "answer",
    "question",
    "river",
    "cuisine",
    "journal",
    "holiday",
    "neighbour",
];

pub(crate) fn seed(seed: &Seed) -> Result<(), String> {
    if seed.folder.as_os_str().is_empty() {
        return Err("--data-dir is missing".to_owned());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let (store, _) = Store::open(&seed.folder, Options::default()).map_err(|error| error.to_string())?;
    let written = runtime.block_on(write(seed, &store)).map_err(|problem| format!("{problem:?}"));
    store.close();
    written
}

async fn write(seed: &Seed, store: &Store) -> Result<(), causerie_model::Problem> {
    let wrong = |_| causerie_model::Problem::Internal;
    let alice = BareJid::new("alice@chat.test").map_err(wrong)?;
    let server = seed.server.as_deref().and_then(ServerAddress::parse);
    let account = store.add_account(&alice, server).await?;
    let jids = (0..seed.contacts).map(|number| BareJid::new(&jid(number)));
    let jids = jids.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let items = jids.iter().enumerate().map(|(number, jid)| item(number, jid)).collect();
    store.commit(account, vec![Change::RosterReplaced { version: None, items }]).await?;
    let messages: Vec<Change> =
        (0..seed.messages).filter_map(|number| message(number, seed, &jids)).collect();
    for changes in messages.chunks(TOGETHER) {
        store.commit(account, changes.to_vec()).await?;
    }
    read(store, account, &jids).await
}

/// The address of a contact.
pub(crate) fn jid(number: usize) -> String {
    format!("contact{number:03}@chat.test")
}

/// What Alice calls a contact.
pub(crate) fn name(number: usize) -> String {
    const NAMES: &[&str] =
        &["Anaïs", "Björn", "Chloé", "Dmitri", "Élodie", "Farid", "Grace", "Hanaé", "Ivo", "Jun"];
    const FAMILIES: &[&str] = &["Martin", "Durand", "Okafor", "Nowak", "Sørensen", "Petit", "Rossi", "Weiß"];
    let pick = |names: &[&'static str], at: usize| names.get(at % names.len()).copied().unwrap_or_default();
    format!("{} {}", pick(NAMES, number), pick(FAMILIES, number / NAMES.len()))
}

fn item(number: usize, jid: &BareJid) -> RosterItem {
    RosterItem {
        jid: jid.clone(),
        name: Some(name(number)),
        groups: Vec::new(),
        subscription: Subscription::Both,
        pending_out: PendingOut::No,
        approved: false,
    }
}

/// Some contacts write much and most of them little.
fn message(number: u32, seed: &Seed, jids: &[BareJid]) -> Option<Change> {
    let chance = scatter(number);
    let rank = f64::from(u32::try_from(jids.len().max(1)).unwrap_or(u32::MAX))
        .powf(f64::from(chance % 10_000) / 10_000.0);
    // Between 0 and the number of contacts, so that nothing is lost.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
    let peer = jids.get((rank as usize).saturating_sub(1))?.clone();
    let mut id = [0; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    let length = 3 + scatter(number ^ 0xBEEF) % 17;
    let word = |place: u32| WORDS.get(scatter(number * 31 + place) as usize % WORDS.len()).copied();
    let text: Vec<&str> = (0..length).filter_map(word).collect();
    let (direction, state) = match chance % 5 {
        0 | 1 => (Direction::Outgoing, MessageState::Sent),
        _ => (Direction::Incoming, MessageState::Received),
    };
    let at = BEGIN + SIX_DAYS * i64::from(number) / i64::from(seed.messages.max(1));
    Some(Change::MessageAdded(NewMessage {
        peer,
        direction,
        origin: Some(OriginId::from_random(id)),
        stanza: None,
        body: Body::Text(text.join(" ")),
        at: Timestamp::from_millis(at),
        state,
        protection: Protection::Encrypted(None),
        reply: None,
        order: Order::ByTime,
        naming: Naming::Unique,
    }))
}

/// Everything but the last conversations was read.
async fn read(store: &Store, account: AccountId, jids: &[BareJid]) -> Result<(), causerie_model::Problem> {
    const UNREAD: usize = 5;
    let last = causerie_model::MessageId(i64::MAX);
    let changes = jids.iter().skip(UNREAD).map(|peer| Change::ReadUpTo { peer: peer.clone(), id: last });
    store.commit(account, changes.collect()).await.map(|_| ())
}

/// The same numbers each time, without an order that can be seen (the finaliser of MurmurHash3).
fn scatter(number: u32) -> u32 {
    let mut mixed = number.wrapping_add(0x9E37_79B9);
    mixed = (mixed ^ mixed >> 16).wrapping_mul(0x85EB_CA6B);
    mixed = (mixed ^ mixed >> 13).wrapping_mul(0xC2B2_AE35);
    mixed ^ mixed >> 16
}
