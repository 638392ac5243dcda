//! Made-up people and messages, the same for every run.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use causerie_model::{
    AccountId, BareJid, Body, Change, Direction, MessageId, MessageState, Naming, NewMessage, Order,
    OriginId, PendingOut, Protection, RosterItem, StanzaId, Subscription, Timestamp,
};
use causerie_store::Store;

/// What an example ends with when it cannot go on.
pub type Failure = Box<dyn std::error::Error>;

const FIRST: [&str; 20] = [
    "Alice",
    "Basile",
    "Chloé",
    "Driss",
    "Élodie",
    "Farid",
    "Gaëlle",
    "Hugo",
    "Inès",
    "Jules",
    "Kenza",
    "Léon",
    "Maëlys",
    "Noé",
    "Océane",
    "Paul",
    "Quitterie",
    "Rémi",
    "Solène",
    "Théo",
];
const LAST: [&str; 10] =
    ["Martin", "Bernard", "Petit", "Durand", "Moreau", "Lefèvre", "Garcia", "Roux", "Nguyễn", "田中"];
const GROUPS: [&str; 4] = ["Amis", "Famille", "Travail", "Voisins"];
const WORDS: [&str; 48] = [
    "le",
    "de",
    "et",
    "on",
    "se",
    "voit",
    "demain",
    "the",
    "a",
    "to",
    "train",
    "gare",
    "déjeuner",
    "café",
    "oui",
    "non",
    "peut-être",
    "thanks",
    "merci",
    "beaucoup",
    "réunion",
    "projet",
    "weather",
    "pluie",
    "soleil",
    "vélo",
    "montagne",
    "week-end",
    "dîner",
    "film",
    "livre",
    "music",
    "guitare",
    "clé",
    "porte",
    "https://chat.test/a",
    "photo",
    "enfant",
    "école",
    "anniversaire",
    "cadeau",
    "ticket",
    "ordinateur",
    "écran",
    "bug",
    "release",
    "🙂",
    "👍",
];
const SENTENCES: [&str; 4] =
    ["明日は東京で会いましょう", "안녕하세요, 반갑습니다", "สวัสดีครับ", "今日はとても暑いですね"];

/// Numbers that look random (SplitMix64).
pub struct Numbers(pub u64);

impl Numbers {
    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }

    fn one_of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let index = self.below(list.len() as u64);
        list.get(index as usize).copied().unwrap_or_default()
    }
}

/// The address of the contact of that number.
pub fn contact(number: u64) -> Result<BareJid, Failure> {
    BareJid::new(&format!("contact{number}@chat.test")).map_err(|error| format!("{error:?}").into())
}

/// A line of talk, mostly of common words; `word123` is in about one message of ten thousand.
pub fn line(numbers: &mut Numbers) -> String {
    if numbers.below(20) == 0 {
        return numbers.one_of(&SENTENCES).to_owned();
    }
    let mut line: Vec<&str> = Vec::new();
    for _ in 0..2 + numbers.below(22) {
        // Two draws of which the smaller counts: the first words of the list are the common ones.
        let index = numbers.below(WORDS.len() as u64).min(numbers.below(WORDS.len() as u64));
        line.extend(WORDS.get(index as usize));
    }
    match numbers.below(10) {
        0 => format!("{} word{}", line.join(" "), numbers.below(1_000)),
        _ => line.join(" "),
    }
}

/// A message of that number with that contact.
pub fn message(numbers: &mut Numbers, number: u64, peer: BareJid, at: Timestamp) -> Result<Change, Failure> {
    let direction = if numbers.below(2) == 0 { Direction::Incoming } else { Direction::Outgoing };
    let state = match direction {
        Direction::Incoming => MessageState::Received,
        Direction::Outgoing => MessageState::Sent,
    };
    let by = BareJid::new("alice@chat.test").map_err(|error| format!("{error:?}"))?;
    Ok(Change::MessageAdded(NewMessage {
        peer,
        direction,
        origin: OriginId::new(&format!("origin-{number:032x}")),
        stanza: Some(StanzaId { by, id: format!("archive-{number:020}") }),
        body: Body::Text(line(numbers)),
        at,
        state,
        protection: Protection::Clear,
        reply: None,
        order: Order::ByTime,
        naming: Naming::Unsure,
    }))
}

/// Fills an account: contacts on the roster, and messages with them, most with the first few. All but the last dozen
/// conversations were read.
pub async fn seed(store: &Store, account: AccountId, contacts: u64, messages: u64) -> Result<(), Failure> {
    const BATCH: u64 = 500;
    const BETWEEN: Duration = Duration::from_secs(150);
    let mut numbers = Numbers(42);
    let mut items = Vec::new();
    for number in 0..contacts {
        items.push(RosterItem {
            jid: contact(number)?,
            name: Some(format!("{} {}", numbers.one_of(&FIRST), numbers.one_of(&LAST))),
            groups: vec![numbers.one_of(&GROUPS).to_owned()],
            subscription: Subscription::Both,
            pending_out: PendingOut::No,
            approved: false,
        });
    }
    store.commit(account, vec![Change::RosterReplaced { version: None, items }]).await.map_err(failed)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let start = now.saturating_sub(BETWEEN.saturating_mul(u32::try_from(messages)?));
    let mut changes = Vec::new();
    for number in 0..messages {
        let at = start.saturating_add(BETWEEN.saturating_mul(u32::try_from(number)?));
        let at = Timestamp::from_millis(i64::try_from(at.as_millis())?);
        // The product of two draws leans towards zero.
        let draw = numbers.below(1_000) * numbers.below(1_000);
        let peer = contact(draw * contacts / 1_000_000)?;
        changes.push(message(&mut numbers, number, peer, at)?);
        if changes.len() as u64 == BATCH || number + 1 == messages {
            store.commit(account, std::mem::take(&mut changes)).await.map_err(failed)?;
        }
    }
    let read = (12..contacts)
        .map(|number| Ok(Change::ReadUpTo { peer: contact(number)?, id: MessageId(i64::MAX) }))
        .collect::<Result<Vec<_>, Failure>>()?;
    store.commit(account, read).await.map_err(failed)?;
    store.flush().await.map_err(failed)?;
    Ok(())
}

/// A problem of the ledger as words for a terminal.
pub fn failed(problem: causerie_model::Problem) -> Failure {
    format!("{problem:?}").into()
}

/// The value that follows `--name` on the command line.
pub fn argument(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.next()?;
    arguments.next()
}
