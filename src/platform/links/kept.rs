//! Links that wait, in a small file that only this user can read: whoever was given one has it after the program has ended, too.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::waiting::Waiting;
use crate::platform::folders::write_private;

/// The file's name in the data folder.
const FILE: &str = "links.json";
/// No file of ours is longer, in bytes: as much as wait, each letter written as six.
const MOST: u64 = 160 * 1024;

/// The links that wait, and which of their changes are on the disk. A clone is written elsewhere than on the GUI thread; whoever is slow
/// changes nothing that is newer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links {
    waiting: Waiting,
    /// Those that were followed, and of which nobody has decided yet what is asked about them.
    followed: Waiting,
    /// Whether none is followed before somebody asks for it.
    resting: bool,
    /// Whether those of the last time are among them: before that nothing is written.
    read: bool,
    edits: u64,
    /// The last change by which one more waited.
    grown: u64,
    /// Up to which change somebody was sent to write them.
    begun: u64,
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
        Vec::from(others).iter().for_each(|link| self.push(link));
    }

    /// Those of the last time have waited for longer than what has come since.
    pub(crate) fn take_in(&mut self, kept: Waiting) {
        let come = std::mem::replace(&mut self.waiting, kept);
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
        self.edits += 1;
    }

    /// Somebody has answered what was asked about those that were followed, or has closed it.
    pub(crate) fn answered(&mut self) {
        if !self.followed.is_empty() {
            self.followed = Waiting::default();
            self.edits += 1;
        }
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
        Some((self.clone(), when))
    }

    /// Writes them, unless they or newer ones were. Whether they are on the disk. Blocks: not for the GUI thread.
    pub(crate) fn save(&self, folder: &Path) -> bool {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.read || self.edits <= *written {
            return true;
        }
        let mut all = self.followed.clone();
        all.append(self.waiting.clone());
        let bytes = serde_json::to_vec(&all).map_err(std::io::Error::from);
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
pub(crate) fn load(folder: &Path) -> Waiting {
    let path = folder.join(FILE);
    let fits = std::fs::metadata(&path).is_ok_and(|found| found.len() <= MOST);
    let Some(bytes) = fits.then(|| std::fs::read(&path).ok()).flatten() else { return Waiting::default() };
    serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        tracing::warn!(%error, "links that have waited");
        Waiting::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(folder: &Path) -> Vec<String> {
        load(folder).into()
    }

    #[test]
    fn links_outlive_the_program_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let mut links = Links::default();
        links.push("xmpp:new@far.example");
        assert!(links.due().is_none() && links.save(folder.path()));
        assert_eq!(kept(folder.path()), [""; 0], "nothing is written before what is there was read");
        links.take_in(vec!["xmpp:old@far.example".to_owned()].into());
        let (written, when) = links.due().unwrap();
        assert_eq!((written.save(folder.path()), when), (true, When::Now));
        assert_eq!(kept(folder.path()), ["xmpp:old@far.example", "xmpp:new@far.example"]);
        assert!(links.due().is_none());
        // Whoever takes one has the time to keep it.
        assert_eq!(links.next().as_deref(), Some("xmpp:old@far.example"));
        assert!(links.save_new(folder.path()));
        assert_eq!(kept(folder.path()).len(), 2);
        let (slow, when) = links.due().unwrap();
        assert_eq!(when, When::Soon);
        links.push("xmpp:third@far.example");
        assert!(links.save_new(folder.path()) && slow.save(folder.path()));
        assert_eq!(kept(folder.path()), ["xmpp:new@far.example", "xmpp:third@far.example"]);
    }

    #[test]
    fn who_was_followed_and_not_answered_about_is_followed_first_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let mut links = Links::default();
        links.take_in(vec!["xmpp:one@far.example".to_owned(), "xmpp:two@far.example".to_owned()].into());
        let one = links.next().unwrap();
        links.follow(&one);
        let (written, when) = links.due().unwrap();
        assert_eq!((written.save(folder.path()), when), (true, When::Soon));
        assert_eq!(kept(folder.path()), ["xmpp:one@far.example", "xmpp:two@far.example"]);
        assert_eq!(links.len(), 1);
        links.answered();
        assert!(links.due().is_some_and(|(links, _)| links.save(folder.path())));
        assert_eq!(kept(folder.path()), ["xmpp:two@far.example"]);
        links.answered();
        assert!(links.due().is_none());
    }

    #[test]
    fn a_file_of_another_kind_is_none_and_a_full_disk_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        for odd in ["{", "{\"a\":1}", &format!("[\"{}\"]", "x".repeat(200_000))] {
            std::fs::write(&path, odd).unwrap();
            assert!(load(folder.path()).is_empty());
        }
        std::fs::write(&path, format!("[\"{}\", \"xmpp:bob@far.example\"]", "x".repeat(9_000))).unwrap();
        assert_eq!(kept(folder.path()), ["xmpp:bob@far.example"]);
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        let mut links = Links::default();
        links.take_in(Waiting::default());
        links.push("xmpp:bob@far.example");
        assert!(!links.save(folder.path()), "something is in the way");
    }
}
