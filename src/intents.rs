//! What a person wants of their accounts and no provider has said yes or no to: the name and picture that others are to see, and whom to
//! add, with what lets them in. It is asked again whenever the account is online, also after a restart, until there is an answer. One
//! small file that only this user can read.

mod lists;
mod paths;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use causerie_model::{AvatarHash, BareJid, Command, InviteToken, OwnPicture, PictureKind, ProfileWish};
use serde::{Deserialize, Serialize};
use sha1::{Digest, Sha1};

use crate::platform::folders::write_private;
use crate::portrait::Square;
use lists::List;

/// The file's name in the data folder.
const FILE: &str = "intents.json";
/// No file of ours is longer, in bytes.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The most accounts of which something is wanted.
const MOST_ACCOUNTS: usize = 32;
/// The most people that are to be added to one: whom more are wanted at once is a list, and that has another way.
const MOST_PEOPLE: usize = 32;
/// So often somebody is added without a sign that the provider has done it. Nobody is asked for ever.
const MOST_TRIES: u8 = 5;

/// All that is wanted. Clones write the same file, and never an older state over a newer one.
#[derive(Clone, Default)]
pub(crate) struct Intents {
    all: Vec<Intent>,
    edits: u64,
    written: Arc<Mutex<u64>>,
}

/// What is wanted of an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Intent {
    own: String,
    /// Empty: none any more.
    name: Option<String>,
    picture: Option<Picture>,
    people: Vec<Person>,
    #[serde(default)]
    list: List,
}

/// How others are to see an account, as far as its provider has not answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Face {
    /// The name, or none any more.
    pub(crate) name: Option<Option<String>>,
    /// The picture.
    pub(crate) picture: Option<Wanted>,
}

/// A picture that is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// None any more.
    None,
    /// One that is being made ready.
    Coming,
    /// That one.
    Some(AvatarHash),
}

/// The picture that is wanted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Picture {
    /// None any more.
    Gone,
    /// That part of a file, as long as it is not made ready.
    Part(#[serde(with = "paths")] PathBuf, [u32; 3]),
    /// That one.
    Ready { is_png: bool, size: (u16, u16), bytes: Vec<u8> },
}

/// Somebody who is to be added.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Person {
    jid: String,
    name: Option<String>,
    groups: Vec<String>,
    token: Option<String>,
    tries: u8,
}

impl std::fmt::Debug for Intents {
    /// What lets in with somebody is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Intents(of {} accounts)", self.all.len())
    }
}

impl Intents {
    /// That is asked of the account, or makes something that was asked before void.
    pub(crate) fn note(&mut self, own: &BareJid, command: &Command) {
        match command {
            Command::PublishName(name) => {
                let name = name.clone().unwrap_or_default();
                self.change(own, |intent| intent.name = Some(name));
            }
            Command::PublishPicture(picture) => {
                let picture = picture.as_ref().map_or(Picture::Gone, Picture::of);
                self.change(own, |intent| intent.picture = Some(picture));
            }
            Command::AddContact { jid, name, groups, preauth } => {
                let person = Person {
                    jid: jid.to_string(),
                    name: name.clone(),
                    groups: groups.clone(),
                    token: preauth.as_ref().map(|token| token.as_str().to_owned()),
                    tries: 1,
                };
                self.change(own, |intent| intent.add(person));
            }
            Command::AddContacts { contacts, moved_from } => {
                self.change(own, |intent| intent.list.note(contacts, moved_from.as_ref()));
            }
            Command::StopAddingContacts => self.change(own, |intent| intent.list = List::default()),
            Command::RemoveContact(jid) | Command::Block(jid) => self.added(own, jid),
            _ => {}
        }
    }

    /// That part of a file is to be shown of the account, and is being made ready.
    pub(crate) fn note_part(&mut self, own: &BareJid, path: PathBuf, Square { x, y, side }: Square) {
        self.change(own, |intent| intent.picture = Some(Picture::Part(path, [x, y, side])));
    }

    /// There is an answer about a name or a picture: that one is not wanted any more. Another one that is wanted by now stays.
    pub(crate) fn shown(&mut self, own: &BareJid, wish: &ProfileWish) {
        self.change(own, |intent| match wish {
            ProfileWish::Name(name) => {
                let name = name.as_deref().unwrap_or_default();
                intent.name.take_if(|wanted| wanted == name);
            }
            ProfileWish::Picture(picture) => {
                let picture = picture.as_ref().map_or(Picture::Gone, Picture::of);
                intent.picture.take_if(|wanted| *wanted == picture);
            }
        });
    }

    /// The part of a file that was to be made ready can't be.
    pub(crate) fn not_ready(&mut self, own: &BareJid) {
        self.change(own, |intent| {
            intent.picture.take_if(|picture| matches!(picture, Picture::Part(..)));
        });
    }

    /// Somebody is added, or is not to be.
    pub(crate) fn added(&mut self, own: &BareJid, jid: &BareJid) {
        self.change(own, |intent| {
            intent.people.retain(|person| person.jid != jid.as_str());
            intent.list.without(jid);
        });
    }

    /// The account is gone.
    pub(crate) fn forget(&mut self, own: &BareJid) {
        self.change(own, |intent| *intent = Intent::nothing(own));
    }

    /// Whom the account is to add.
    pub(crate) fn people(&self, own: &BareJid) -> Vec<BareJid> {
        let people = self.of(own).map_or(&[][..], |intent| &intent.people);
        people.iter().filter_map(|person| BareJid::new(&person.jid).ok()).collect()
    }

    /// The part of a file that is to be made ready.
    pub(crate) fn part(&self, own: &BareJid) -> Option<(PathBuf, Square)> {
        let Some(Picture::Part(path, [x, y, side])) = &self.of(own)?.picture else { return None };
        Some((path.clone(), Square { x: *x, y: *y, side: *side }))
    }

    /// Whom any account is to add, each with that account.
    pub(crate) fn wished(&self) -> Vec<(BareJid, BareJid)> {
        let owns = self.all.iter().filter_map(|intent| BareJid::new(&intent.own).ok());
        owns.flat_map(|own| self.people(&own).into_iter().map(move |jid| (own.clone(), jid))).collect()
    }

    /// How others are to see accounts, as far as there is no answer.
    pub(crate) fn faces(&self) -> HashMap<BareJid, Face> {
        let wanted = self.all.iter().filter(|intent| intent.name.is_some() || intent.picture.is_some());
        let faces = wanted.filter_map(|intent| Some((BareJid::new(&intent.own).ok()?, intent.face())));
        faces.collect()
    }

    /// The pictures that are wanted, image files each.
    pub(crate) fn pictures(&self) -> impl Iterator<Item = (AvatarHash, &[u8])> {
        let pictures = self.all.iter().filter_map(|intent| intent.picture.as_ref());
        pictures.filter_map(|picture| match picture {
            Picture::Ready { bytes, .. } => Some((hash(bytes), bytes.as_slice())),
            Picture::Gone | Picture::Part(..) => None,
        })
    }

    /// Whom it was to add often enough is given up.
    pub(crate) fn give_up(&mut self, own: &BareJid) -> Vec<BareJid> {
        let before = self.people(own);
        self.change(own, |intent| intent.people.retain(|person| person.tries < MOST_TRIES));
        let left = self.people(own);
        before.into_iter().filter(|jid| !left.contains(jid)).collect()
    }

    /// What is to be asked of the account, which is online.
    pub(crate) fn ask_again(&mut self, own: &BareJid) -> Vec<Command> {
        if self.of(own).is_some_and(|intent| !intent.people.is_empty()) {
            self.change(own, |intent| {
                intent.people.iter_mut().for_each(|person| person.tries = person.tries.saturating_add(1));
            });
        }
        let Some(intent) = self.of(own) else { return Vec::new() };
        let name =
            intent.name.clone().map(|name| Command::PublishName(Some(name).filter(|name| !name.is_empty())));
        let picture = intent.picture.as_ref().and_then(Picture::command);
        name.into_iter().chain(picture).chain(intent.people.iter().filter_map(Person::command)).collect()
    }

    /// All of the list that was asked for is added, or can't be.
    pub(crate) fn list_done(&mut self, own: &BareJid) {
        self.change(own, |intent| intent.list.done());
    }

    /// The account's actor has ended, and does not come to the end of its list.
    pub(crate) fn interrupted(&mut self, own: &BareJid) {
        self.change(own, |intent| intent.list.interrupted());
    }

    /// The rest of a list that an earlier actor did not come to the end of.
    pub(crate) fn list_again(&mut self, own: &BareJid, is_added: impl Fn(&BareJid) -> bool) -> Vec<Command> {
        let mut commands = Vec::new();
        self.change(own, |intent| commands = intent.list.ask_again(is_added));
        commands
    }

    fn of(&self, own: &BareJid) -> Option<&Intent> {
        self.all.iter().find(|intent| intent.own == own.as_str())
    }

    fn change(&mut self, own: &BareJid, change: impl FnOnce(&mut Intent)) {
        let before = self.of(own).cloned();
        let nothing = Intent::nothing(own);
        let mut intent = before.clone().unwrap_or_else(|| nothing.clone());
        change(&mut intent);
        if before.as_ref().unwrap_or(&nothing) == &intent {
            return;
        }
        self.all.retain(|other| other.own != intent.own);
        if intent != nothing {
            self.all.insert(0, intent);
            self.all.truncate(MOST_ACCOUNTS);
        }
        self.edits += 1;
    }

    /// Keeps them, unless that or something newer was. Whether they are kept. Blocks: not for the GUI thread.
    pub(crate) fn save(&self, folder: &Path) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if self.edits <= *written {
            return true;
        }
        let mut all = self.all.as_slice();
        let bytes = loop {
            match serde_json::to_vec(all) {
                Ok(bytes) if bytes.len() <= MOST_BYTES || all.is_empty() => break Ok(bytes),
                Ok(_) => all = all.split_last().map_or(&[], |(_, rest)| rest),
                Err(error) => break Err(std::io::Error::from(error)),
            }
        };
        match bytes.and_then(|bytes| write_private(&folder.join(FILE), &bytes)) {
            Ok(()) => *written = self.edits,
            Err(error) => {
                tracing::warn!(%error, "what is wanted of an account could not be kept");
                return false;
            }
        }
        true
    }
}

impl Intent {
    fn nothing(own: &BareJid) -> Self {
        let own = own.to_string();
        Self { own, name: None, picture: None, people: Vec::new(), list: List::default() }
    }

    fn face(&self) -> Face {
        let name = self.name.clone().map(|name| Some(name).filter(|name| !name.is_empty()));
        let picture = self.picture.as_ref().map(|picture| match picture {
            Picture::Gone => Wanted::None,
            Picture::Part(..) => Wanted::Coming,
            Picture::Ready { bytes, .. } => Wanted::Some(hash(bytes)),
        });
        Face { name, picture }
    }

    /// Who is wanted a second time is tried as often as the first time, with all that was known of them.
    fn add(&mut self, mut person: Person) {
        if let Some(place) = self.people.iter().position(|before| before.jid == person.jid) {
            let before = self.people.remove(place);
            person.token = person.token.or(before.token);
            person.name = person.name.or(before.name);
            if person.groups.is_empty() {
                person.groups = before.groups;
            }
        }
        if self.people.len() < MOST_PEOPLE {
            self.people.push(person);
        }
    }
}

impl Person {
    fn command(&self) -> Option<Command> {
        Some(Command::AddContact {
            jid: BareJid::new(&self.jid).ok()?,
            name: self.name.clone(),
            groups: self.groups.clone(),
            preauth: self.token.as_deref().and_then(InviteToken::new),
        })
    }
}

impl Picture {
    fn of(picture: &OwnPicture) -> Self {
        let is_png = picture.kind() == PictureKind::Png;
        Self::Ready { is_png, size: picture.size(), bytes: picture.bytes().to_vec() }
    }

    fn command(&self) -> Option<Command> {
        match self {
            Self::Gone => Some(Command::PublishPicture(None)),
            Self::Part(..) => None,
            Self::Ready { is_png, size, bytes } => {
                let kind = if *is_png { PictureKind::Png } else { PictureKind::Jpeg };
                Some(Command::PublishPicture(Some(OwnPicture::new(kind, *size, bytes.clone())?)))
            }
        }
    }
}

fn hash(picture: &[u8]) -> AvatarHash {
    AvatarHash(Sha1::digest(picture).into())
}

/// Those that were kept. Blocks: not for the GUI thread.
pub(crate) fn load(folder: &Path) -> Intents {
    let path = folder.join(FILE);
    let fits = std::fs::metadata(&path).is_ok_and(|found| found.len() <= MOST_BYTES as u64);
    let Some(bytes) = fits.then(|| std::fs::read(&path).ok()).flatten() else { return Intents::default() };
    let mut all: Vec<Intent> = serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        tracing::warn!(%error, "what was wanted of an account");
        Vec::new()
    });
    all.truncate(MOST_ACCOUNTS);
    Intents { all, ..Intents::default() }
}

#[cfg(test)]
mod tests;
