//! What is there at the end: in three databases and two archives.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use acceptance::Server;
use causerie_model::{BareJid, Body, Direction, Message, MessageState};
use causerie_store::{Options, Store};
use serde_json::{Value, json};

use crate::archive;
use crate::device::Device;
use crate::order;
use crate::same;
use crate::scene::Scene;

/// What was taken so long before the server was killed has surely been written.
const WRITTEN: Duration = Duration::from_secs(10);

/// A message, as its author knows it: what its series begins with, and its number.
pub(crate) type Name = (String, u32);

/// What something is called, if that is known, and what it says.
pub(crate) type Named = (Option<Name>, String);

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
    /// The same, by their names.
    named: Vec<Named>,
    damage: Vec<String>,
}

/// Compares. Gives what was found, and whether nothing is wrong.
pub(crate) fn verdict(scene: &Scene, server_died: &[Instant]) -> (Value, bool) {
    let origins = origins(&scene.devices);
    let books: Result<Vec<Book>, String> =
        scene.devices.iter().map(|device| read(device, &scene.server, &origins)).collect();
    let books = match books {
        Ok(books) => books,
        Err(fault) => return (json!({ "fault": fault }), false),
    };
    let mut written: BTreeMap<Name, &Message> = BTreeMap::new();
    let (mut good, mut unkept, mut failed, mut pending) = (true, Vec::new(), Vec::new(), Vec::new());
    for (device, book) in scene.devices.iter().zip(&books) {
        let own = book.messages.iter().zip(&book.named);
        let own = own.filter(|(message, _)| message.direction == Direction::Outgoing);
        for (message, (name, _)) in own {
            let Some(name) = name.clone().filter(|(tag, _)| tag == device.tag) else { continue };
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
    let archives = ["alice", "bob"].map(|account| (account, archive::of(&scene.server, account)));
    let gone = written.iter().filter(|(_, message)| message.body == Body::Retracted).map(|(name, _)| name);
    let listed: BTreeSet<&Name> = archives
        .iter()
        .flat_map(|(_, kept)| kept.iter().flatten())
        .filter_map(|kept| origins.get(&kept.origin))
        .collect();
    let taken_back: BTreeSet<Name> =
        gone.filter(|name| !listed.contains(name) && is_nowhere_else(name, &books)).cloned().collect();
    let all: BTreeSet<Name> = written.keys().cloned().collect();
    let mut places = serde_json::Map::new();
    let mut missing: BTreeMap<Name, Vec<String>> = BTreeMap::new();
    for book in &books {
        let faults = compare(book.named.clone(), (&all, &taken_back));
        good &= faults.is_none() && book.damage.is_empty();
        note(&mut missing, &faults.lost, &format!("database {}", book.tag));
        let mut told = faults.tell();
        told["messages"] = book.messages.len().into();
        told["damage"] = json!(book.damage);
        places.insert(format!("database {}", book.tag), told);
    }
    for (account, kept) in archives {
        let place = format!("archive of {account}");
        let told = match kept {
            Ok(kept) => {
                let count = kept.len();
                let names = kept.into_iter().map(|kept| (origins.get(&kept.origin).cloned(), kept.origin));
                let is_said =
                    |origin: &String| scene.devices.iter().any(|it| it.sayings.names.contains(origin));
                let (said, names): (Vec<Named>, Vec<Named>) = names.partition(|(_, origin)| is_said(origin));
                let once: BTreeSet<&String> = said.iter().map(|(_, origin)| origin).collect();
                good &= once.len() == said.len();
                for (device, book) in
                    scene.devices.iter().zip(&books).filter(|(device, _)| device.name == account)
                {
                    let moved = order::compare(device, &book.named, &names);
                    good &= moved.is_none();
                    let place = &mut places[&format!("database {}", book.tag)];
                    place["not_as_in_the_archive"] = json!(self::names(&moved.others));
                    place["own_behind_later"] = json!(self::names(&moved.behind_later));
                    place["own_before_earlier"] = json!(self::names(&moved.before_earlier));
                }
                let faults = compare(names, (&all, &taken_back));
                good &= faults.is_none();
                note(&mut missing, &faults.lost, &place);
                let mut told = faults.tell();
                told["messages"] = (count - said.len()).into();
                told["said_of_them"] = said.len().into();
                told["said_twice"] = (said.len() - once.len()).into();
                told
            }
            Err(fault) => {
                good = false;
                json!({ "fault": fault })
            }
        };
        places.insert(place, told);
    }
    let messages: Vec<&[Message]> = books.iter().map(|book| book.messages.as_slice()).collect();
    let (said, is_same) = same::compare(&scene.devices, &messages);
    good &= is_same;
    good &= unkept.is_empty() && failed.is_empty() && pending.is_empty();
    let losses: Vec<Value> =
        missing.iter().map(|(name, places)| loss(scene, name, places, server_died)).collect();
    let report = json!({
        "messages": all.len(),
        "taken_back_before_they_left": names(&Vec::from_iter(taken_back)),
        "vanished_from_their_author": names(&unkept),
        "failed": failed,
        "pending": names(&pending),
        "places": places,
        "said": said,
        "losses": losses,
    });
    (report, good)
}

/// What messages are called by those who wrote them.
fn origins(devices: &[Device]) -> BTreeMap<String, Name> {
    let name = |device: &Device, number: u32| (device.tag.to_owned(), number);
    let asked = devices.iter().flat_map(|device| device.asked.iter().map(move |asked| (device, asked)));
    asked.map(|(device, (id, number))| (id.clone(), name(device, *number))).collect()
}

/// Whether nobody but its author has a message: of one that its author took back before it had left, nobody is to have it.
fn is_nowhere_else(name: &Name, books: &[Book]) -> bool {
    let has = |book: &Book| book.named.iter().any(|(named, _)| named.as_ref() == Some(name));
    !books.iter().any(|book| book.tag != name.0 && has(book))
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

fn compare(names: Vec<Named>, (all, taken_back): (&BTreeSet<Name>, &BTreeSet<Name>)) -> Faults {
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
    faults.lost = all.difference(&seen).filter(|name| !taken_back.contains(*name)).cloned().collect();
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
fn read(device: &Device, server: &Server, origins: &BTreeMap<String, Name>) -> Result<Book, String> {
    let fault = |what: &dyn std::fmt::Debug| format!("the database of {}: {what:?}", device.tag);
    let (store, reader) = Store::open(&device.folder, Options::default()).map_err(|error| fault(&error))?;
    let accounts = reader.accounts().map_err(|error| fault(&error))?;
    let account = accounts.first().ok_or_else(|| fault(&"no account"))?;
    let peer = BareJid::new(&server.jid(device.peer)).map_err(|error| fault(&error))?;
    let messages = reader.page(account.id, &peer, None, usize::MAX).map_err(|error| fault(&error))?;
    let damage = reader.damage().map_err(|error| fault(&error))?;
    store.close();
    let named = messages.iter().map(|message| (name(message, origins), text(message))).collect();
    Ok(Book { tag: device.tag, messages, named, damage })
}

fn text(message: &Message) -> String {
    match &message.body {
        Body::Text(text) => text.clone(),
        Body::Unreadable(_) | Body::Retracted => String::new(),
    }
}

/// By its text and by what its author called it, which must be the same; of one that was retracted by the latter alone.
fn name(message: &Message, origins: &BTreeMap<String, Name>) -> Option<Name> {
    let called = message.origin.as_ref().and_then(|origin| origins.get(origin.as_str())).cloned();
    match &message.body {
        Body::Text(text) => name_of(text).filter(|name| called.as_ref().is_none_or(|called| called == name)),
        Body::Retracted => called,
        Body::Unreadable(_) => None,
    }
}

/// What the author of a text calls it: what their series begins with, and its number; behind it may stand which correction it is.
pub(crate) fn name_of(text: &str) -> Option<Name> {
    let mut words = text.split(' ');
    let (tag, number) = (words.next()?, words.next()?.parse().ok()?);
    Some((tag.to_owned(), number))
}
