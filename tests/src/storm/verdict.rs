//! What is there at the end: in three databases and two archives.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use acceptance::Server;
use causerie_model::{BareJid, Body, Direction, Message, MessageState};
use causerie_store::{Options, Store};
use serde_json::{Value, json};

use crate::archive;
use crate::device::Device;
use crate::scene::Scene;

/// What was taken so long before the server was killed has surely been written.
const WRITTEN: Duration = Duration::from_secs(10);

/// A message, as its author knows it: what its series begins with, and its number.
type Name = (String, u32);

/// What is wrong in one place.
#[derive(Debug, Default)]
struct Faults {
    lost: Vec<Name>,
    doubled: Vec<Name>,
    misordered: Vec<Name>,
    unreadable: usize,
    /// What nobody is known to have written.
    strange: Vec<String>,
}

/// What a device has at the end.
struct Book {
    tag: &'static str,
    messages: Vec<Message>,
    damage: Vec<String>,
}

/// Compares. Gives what was found, and whether nothing is wrong.
pub(crate) fn verdict(scene: &Scene, server_died: &[Instant]) -> (Value, bool) {
    let books: Result<Vec<Book>, String> =
        scene.devices.iter().map(|device| read(device, &scene.server)).collect();
    let books = match books {
        Ok(books) => books,
        Err(fault) => return (json!({ "fault": fault }), false),
    };
    let mut origins: BTreeMap<String, Name> = BTreeMap::new();
    let mut written: BTreeMap<Name, &Message> = BTreeMap::new();
    let (mut good, mut unkept, mut failed, mut pending) = (true, Vec::new(), Vec::new(), Vec::new());
    for (device, book) in scene.devices.iter().zip(&books) {
        let own = book.messages.iter().filter(|message| message.direction == Direction::Outgoing);
        for message in own {
            let Some(name) = name(message).filter(|(tag, _)| tag == device.tag) else { continue };
            if let Some(origin) = &message.origin {
                origins.insert(origin.as_str().to_owned(), name.clone());
            }
            match &message.state {
                MessageState::Failed(problem) => failed.push(format!("{} {}: {problem:?}", name.0, name.1)),
                MessageState::Pending => pending.push(name.clone()),
                _ => {}
            }
            written.insert(name, message);
        }
        let kept = device.kept.iter().map(|number| (device.tag.to_owned(), *number));
        unkept.extend(kept.filter(|name| !written.contains_key(name)));
    }
    let all: BTreeSet<Name> = written.keys().cloned().collect();
    let mut places = serde_json::Map::new();
    let mut missing: BTreeMap<Name, Vec<String>> = BTreeMap::new();
    for book in &books {
        let names = book.messages.iter().map(|message| (name(message), text(message)));
        let faults = compare(names.collect(), &all);
        good &= faults.is_none() && book.damage.is_empty();
        note(&mut missing, &faults.lost, &format!("database {}", book.tag));
        let mut told = faults.tell();
        told["messages"] = book.messages.len().into();
        told["damage"] = json!(book.damage);
        places.insert(format!("database {}", book.tag), told);
    }
    for account in ["alice", "bob"] {
        let place = format!("archive of {account}");
        let told = match archive::of(&scene.server, account) {
            Ok(kept) => {
                let count = kept.len();
                let names: Vec<(Option<Name>, String)> =
                    kept.into_iter().map(|kept| (origins.get(&kept.origin).cloned(), kept.origin)).collect();
                for (device, book) in
                    scene.devices.iter().zip(&books).filter(|(device, _)| device.name == account)
                {
                    let moved = out_of_order(device.tag, book, &names);
                    good &= moved.is_empty();
                    places[&format!("database {}", book.tag)]["not_as_in_the_archive"] =
                        json!(self::names(&moved));
                }
                let faults = compare(names, &all);
                good &= faults.is_none();
                note(&mut missing, &faults.lost, &place);
                let mut told = faults.tell();
                told["messages"] = count.into();
                told
            }
            Err(fault) => {
                good = false;
                json!({ "fault": fault })
            }
        };
        places.insert(place, told);
    }
    good &= unkept.is_empty() && failed.is_empty() && pending.is_empty();
    let losses: Vec<Value> =
        missing.iter().map(|(name, places)| loss(scene, name, places, server_died)).collect();
    let report = json!({
        "messages": all.len(),
        "vanished_from_their_author": names(&unkept),
        "failed": failed,
        "pending": names(&pending),
        "places": places,
        "losses": losses,
    });
    (report, good)
}

/// What is known of a message that is missing somewhere.
fn loss(scene: &Scene, name: &Name, places: &[String], server_died: &[Instant]) -> Value {
    let device = scene.devices.iter().find(|device| device.tag == name.0);
    let taken = device.and_then(|device| device.taken.get(&name.1));
    let near = taken.and_then(|taken| {
        let after = server_died.iter().find(|died| *died > taken)?;
        Some(after.duration_since(*taken))
    });
    let lacks = |account: &str| places.iter().any(|place| *place == format!("archive of {account}"));
    let (own, peers) = device.map_or((true, true), |device| (lacks(device.name), lacks(device.peer)));
    // It had written it down for one of them, and died before it did for the other; or it had said that it has it, died right after, and
    // does not have it.
    let is_the_servers = own != peers || (own && near.is_some_and(|near| near < WRITTEN));
    json!({
        "message": format!("{} {}", name.0, name.1),
        "missing_in": places,
        "taken_ms_before_the_server_died": near.map(|near| near.as_millis()),
        "lost_by": if is_the_servers { "server" } else { "us" },
    })
}

fn note(missing: &mut BTreeMap<Name, Vec<String>>, lost: &[Name], place: &str) {
    for name in lost {
        missing.entry(name.clone()).or_default().push(place.to_owned());
    }
}

/// What stands behind something in a device's database that its account's archive has after it. What was written on the device itself stays
/// where it was written, and is left out.
fn out_of_order(own: &str, book: &Book, archive: &[(Option<Name>, String)]) -> Vec<Name> {
    let mut places: BTreeMap<&Name, usize> = BTreeMap::new();
    for (place, (name, _)) in archive.iter().enumerate() {
        if let Some(name) = name {
            places.entry(name).or_insert(place);
        }
    }
    let mut last = 0;
    let mut moved = Vec::new();
    for name in book.messages.iter().filter_map(name).filter(|(tag, _)| tag != own) {
        let Some(place) = places.get(&name) else { continue };
        match *place < last {
            true => moved.push(name),
            false => last = *place,
        }
    }
    moved
}

fn compare(names: Vec<(Option<Name>, String)>, all: &BTreeSet<Name>) -> Faults {
    let mut faults = Faults::default();
    let mut seen = BTreeSet::new();
    let mut last: BTreeMap<String, u32> = BTreeMap::new();
    for (name, text) in names {
        let Some(name) = name else {
            match text.is_empty() {
                true => faults.unreadable += 1,
                false => faults.strange.push(text),
            }
            continue;
        };
        if !all.contains(&name) {
            faults.strange.push(format!("{} {}", name.0, name.1));
        }
        if !seen.insert(name.clone()) {
            faults.doubled.push(name);
            continue;
        }
        if last.get(&name.0).is_some_and(|last| *last > name.1) {
            faults.misordered.push(name);
        } else {
            last.insert(name.0, name.1);
        }
    }
    faults.lost = all.difference(&seen).cloned().collect();
    faults
}

impl Faults {
    fn is_none(&self) -> bool {
        self.lost.is_empty()
            && self.doubled.is_empty()
            && self.misordered.is_empty()
            && self.unreadable == 0
            && self.strange.is_empty()
    }

    fn tell(&self) -> Value {
        json!({
            "lost": names(&self.lost),
            "doubled": names(&self.doubled),
            "misordered": names(&self.misordered),
            "unreadable": self.unreadable,
            "strange": self.strange,
        })
    }
}

fn names(names: &[Name]) -> Vec<String> {
    names.iter().map(|(tag, number)| format!("{tag} {number}")).collect()
}

/// What a device has.
fn read(device: &Device, server: &Server) -> Result<Book, String> {
    let fault = |what: &dyn std::fmt::Debug| format!("the database of {}: {what:?}", device.tag);
    let (store, reader) = Store::open(&device.folder, Options::default()).map_err(|error| fault(&error))?;
    let accounts = reader.accounts().map_err(|error| fault(&error))?;
    let account = accounts.first().ok_or_else(|| fault(&"no account"))?;
    let peer = BareJid::new(&server.jid(device.peer)).map_err(|error| fault(&error))?;
    let messages = reader.page(account.id, &peer, None, usize::MAX).map_err(|error| fault(&error))?;
    let damage = reader.damage().map_err(|error| fault(&error))?;
    store.close();
    Ok(Book { tag: device.tag, messages, damage })
}

fn text(message: &Message) -> String {
    match &message.body {
        Body::Text(text) => text.clone(),
        Body::Unreadable(_) | Body::Retracted => String::new(),
    }
}

fn name(message: &Message) -> Option<Name> {
    let Body::Text(text) = &message.body else { return None };
    let (tag, number) = text.split_once(' ')?;
    Some((tag.to_owned(), number.parse().ok()?))
}
