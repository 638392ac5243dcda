//! Links that wait, in a small file that only this user can read: whoever was given one has it after the program has ended, too. With them
//! is what was typed into the form that one of them has opened.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::waiting::Waiting;
use crate::platform::folders::write_private;

/// The file's name in the data folder.
const FILE: &str = "links.json";
/// No file of ours is longer, in bytes: as much as wait, those that were put back, and were followed, each letter written as six.
const MOST: u64 = 384 * 1024;
/// So many of a file are read: those that were followed, and those that have waited.
const MOST_READ: usize = 24;
/// Nothing longer that was typed is written, in bytes.
const LONGEST_TYPED: usize = 8 * 1024;

/// What was on the disk.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Remembered {
    links: Vec<String>,
    /// What was typed into the forms that links have opened, by these.
    #[serde(default)]
    typed: BTreeMap<String, Typed>,
}

/// What was typed into a form that a link has opened.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    /// The address, however far it was typed.
    pub(crate) address: String,
    /// The name, where it is not the one that the link gives.
    pub(crate) name: Option<String>,
    /// The address of the account that was chosen.
    pub(crate) account: Option<String>,
}

/// As it is written, or was before anything typed was.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Links(Vec<String>),
    All(Remembered),
}

impl Remembered {
    /// Whether there is no link.
    pub(crate) fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// How many links there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.links.len()
    }
}

impl From<Vec<String>> for Remembered {
    fn from(links: Vec<String>) -> Self {
        let links = Vec::from(Waiting::all(links.into_iter().take(MOST_READ)));
        Self { links, typed: BTreeMap::new() }
    }
}

impl From<Written> for Remembered {
    fn from(written: Written) -> Self {
        match written {
            Written::Links(links) => links.into(),
            Written::All(Self { links, mut typed }) => {
                let all = Self::from(links);
                typed.retain(|link, typed| all.links.contains(link) && typed.fits());
                Self { typed, ..all }
            }
        }
    }
}

impl From<Remembered> for Vec<String> {
    fn from(remembered: Remembered) -> Self {
        remembered.links
    }
}

impl std::fmt::Debug for Remembered {
    /// A link may hold the secret of an invitation, and what was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Remembered({} links)", self.links.len())
    }
}

impl Typed {
    fn fits(&self) -> bool {
        let texts = [Some(&self.address), self.name.as_ref(), self.account.as_ref()];
        texts.into_iter().flatten().map(String::len).sum::<usize>() <= LONGEST_TYPED
    }
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed(…)")
    }
}

/// The links that wait, and which of their changes are on the disk. A clone is written elsewhere than on the GUI thread; whoever is slow
/// changes nothing that is newer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    waiting: Waiting,
    /// Those that were followed, and of which nobody has decided yet what is asked about them.
    followed: Waiting,
    /// What was typed into the forms that those have opened, by the links.
    typed: BTreeMap<String, Typed>,
    /// Whether none is followed before somebody asks for it.
    resting: bool,
    /// Whether those of the last time are among them: before that nothing is written.
    read: bool,
    edits: u64,
    /// The last change by which one more waited.
    grown: u64,
    /// Up to which change somebody was sent to write them.
    begun: u64,
    /// The same for all clones: whoever rests before writing sees that there is more to write by then.
    newest: Arc<AtomicU64>,
    written: Arc<Mutex<u64>>,
}

/// When they are to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// At once: one more waits.
    Now,
    /// When whoever has taken one has had the time to keep it.
    Soon,
}

impl Links {
    /// One more waits, unless it does already.
    pub(crate) fn push(&mut self, link: &str) {
        let before = self.waiting.len();
        self.waiting.push(link);
        if self.waiting.len() > before {
            self.edits += 1;
            self.grown = self.edits;
        }
    }

    /// The others wait, too.
    pub(crate) fn append(&mut self, others: Waiting) {
        self.waiting.drop_more(others.dropped());
        others.iter().for_each(|link| self.push(link));
    }

    /// Those of the last time have waited for longer than what has come since.
    pub(crate) fn take_in(&mut self, kept: Remembered) {
        let come = std::mem::replace(&mut self.waiting, Waiting::all(kept.links));
        self.typed = kept.typed;
        self.read = true;
        self.append(come);
    }

    /// The one that has waited longest waits no more.
    pub(crate) fn next(&mut self) -> Option<String> {
        let next = self.waiting.next()?;
        self.resting &= !self.waiting.is_empty();
        self.edits += 1;
        Some(next)
    }

    /// That one is followed, and something is asked about it: it stays on the disk until somebody has answered.
    pub(crate) fn follow(&mut self, link: &str) {
        self.followed.push(link);
        // It may have waited as well: somebody has opened it once more.
        self.waiting.take(link);
        self.resting &= !self.waiting.is_empty();
        self.edits += 1;
    }

    /// The same with one that has not waited: it is on the disk at once.
    pub(crate) fn follow_new(&mut self, link: &str) {
        self.follow(link);
        self.grown = self.edits;
    }

    /// That is in the form that the last one of those that were followed has opened.
    pub(crate) fn note(&mut self, typed: Typed) {
        let Some(link) = self.followed.iter().last().filter(|_| typed.fits()) else { return };
        if self.typed.get(link) != Some(&typed) {
            self.typed.insert(link.clone(), typed);
            self.edits += 1;
        }
    }

    /// What was typed the last time into the form that this link has opened.
    pub(crate) fn typed(&self, link: &str) -> Option<Typed> {
        self.typed.get(link).cloned()
    }

    /// Somebody has answered what was asked about those that were followed, or has closed it.
    pub(crate) fn answered(&mut self) {
        if !self.followed.is_empty() {
            self.followed = Waiting::default();
            self.typed.retain(|link, _| self.waiting.has(link));
            self.edits += 1;
        }
    }

    /// Nobody has decided about those that were followed: they wait before all others, with what was typed. Says whether there are any.
    pub(crate) fn put_back(&mut self) -> bool {
        let are_some = !self.followed.is_empty();
        if are_some {
            self.waiting.put_first(std::mem::take(&mut self.followed));
            self.edits += 1;
        }
        are_some
    }

    /// How many have found no place, and nobody was told yet.
    pub(crate) fn dropped(&self) -> usize {
        self.waiting.dropped()
    }

    /// Somebody was told of those.
    pub(crate) fn dropped_seen(&mut self) {
        self.waiting.dropped_seen();
    }

    /// The one that has waited longest.
    pub(crate) fn first(&self) -> Option<&str> {
        self.waiting.iter().next().map(String::as_str)
    }

    /// Somebody has turned to something else: those that wait now are followed when they are asked for.
    pub(crate) fn rest(&mut self) {
        self.resting = !self.waiting.is_empty();
    }

    /// They are asked for.
    pub(crate) fn go_on(&mut self) {
        self.resting = false;
    }

    /// Whether they wait for being asked for.
    pub(crate) fn is_resting(&self) -> bool {
        self.resting
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// What is to be written, and when, if something has changed since it was asked the last time.
    pub(crate) fn due(&mut self) -> Option<(Self, When)> {
        if !self.read || self.edits <= self.begun {
            return None;
        }
        let when = if self.grown > self.begun { When::Now } else { When::Soon };
        self.begun = self.edits;
        self.newest.store(self.begun, Ordering::Relaxed);
        Some((self.clone(), when))
    }

    /// Whether nobody was sent since to write more.
    pub(crate) fn is_newest(&self) -> bool {
        self.newest.load(Ordering::Relaxed) == self.begun
    }

    /// Writes them, unless they or newer ones were. Whether they are on the disk. Blocks: not for the GUI thread.
    pub(crate) fn save(&self, folder: &Path) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.read || self.edits <= *written {
            return true;
        }
        let waiting = self.waiting.iter().filter(|link| !self.followed.has(link));
        let links = self.followed.iter().chain(waiting).cloned().collect();
        let mut all = Remembered { links, typed: self.typed.clone() };
        let mut bytes = serde_json::to_vec(&all);
        if bytes.as_ref().is_ok_and(|bytes| bytes.len() as u64 > MOST) {
            all.typed.clear();
            bytes = serde_json::to_vec(&all);
        }
        let bytes = bytes.map_err(std::io::Error::from);
        match bytes.and_then(|bytes| write_private(&folder.join(FILE), &bytes)) {
            Ok(()) => *written = self.edits,
            Err(error) => {
                tracing::warn!(%error, "links that wait could not be kept");
                return false;
            }
        }
        true
    }

    /// The same, where one more waits than on the disk. Blocks, too.
    pub(crate) fn save_new(&self, folder: &Path) -> bool {
        let written = *self.written.lock().unwrap_or_else(PoisonError::into_inner);
        self.grown <= written || self.save(folder)
    }
}

impl<'a> FromIterator<&'a String> for Links {
    fn from_iter<T: IntoIterator<Item = &'a String>>(all: T) -> Self {
        let mut links = Self::default();
        all.into_iter().for_each(|link| links.push(link));
        links
    }
}

/// Those of the last time. Blocks: not for the GUI thread.
pub(crate) fn load(folder: &Path) -> Remembered {
    let path = folder.join(FILE);
    let fits = std::fs::metadata(&path).is_ok_and(|found| found.len() <= MOST);
    let Some(bytes) = fits.then(|| std::fs::read(&path).ok()).flatten() else { return Remembered::default() };
    serde_json::from_slice::<Written>(&bytes).map(Remembered::from).unwrap_or_else(|error| {
        tracing::warn!(%error, "links that have waited");
        Remembered::default()
    })
}

#[cfg(test)]
mod tests;
