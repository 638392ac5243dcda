//! Links that wait for something to be over before they are followed, in the order in which they came.

use serde::{Deserialize, Serialize};

/// So many wait. What came first stays: whoever opens more pushes nothing out.
const MOST: usize = 8;
/// No link that waits is longer, in bytes.
const LONGEST: usize = 8 * 1024;
/// All of them together are not longer.
const ROOM: usize = 24 * 1024;

/// The links.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub(crate) struct Waiting {
    links: Vec<String>,
    /// How many have found no place, which is to be said: that many are lost.
    dropped: usize,
}

impl Waiting {
    /// All of these wait, in whatever number, but for those that are too long: they had their place already.
    pub(super) fn all(links: impl IntoIterator<Item = String>) -> Self {
        let fitting = links.into_iter().filter(|link| !link.is_empty() && link.len() <= LONGEST);
        Self { links: fitting.collect(), dropped: 0 }
    }

    /// One more waits, unless it does already. Where there is no place for it, that is counted.
    pub(crate) fn push(&mut self, link: &str) {
        if link.is_empty() || self.has(link) {
            return;
        }
        let taken: usize = self.links.iter().map(String::len).sum();
        if link.len() <= LONGEST && taken + link.len() <= ROOM && self.links.len() < MOST {
            self.links.push(link.to_owned());
        } else {
            self.dropped += 1;
        }
    }

    /// The others wait, too.
    pub(crate) fn append(&mut self, others: Self) {
        self.dropped += others.dropped;
        others.links.iter().for_each(|link| self.push(link));
    }

    /// These wait no more.
    pub(crate) fn remove(&mut self, others: Self) {
        self.links.retain(|waiting| !others.links.contains(waiting));
    }

    /// That one waits no more.
    pub(super) fn take(&mut self, link: &str) {
        self.links.retain(|waiting| waiting != link);
    }

    /// These wait before all others. They had their place already: as many as twice that find one.
    pub(super) fn put_first(&mut self, others: Self) {
        let before = std::mem::replace(self, others);
        self.dropped += before.dropped;
        let mut taken: usize = self.links.iter().map(String::len).sum();
        for link in before.links {
            if self.has(&link) {
                continue;
            }
            if self.links.len() < 2 * MOST && taken + link.len() <= ROOM + LONGEST {
                taken += link.len();
                self.links.push(link);
            } else {
                self.dropped += 1;
            }
        }
    }

    /// So many more have found no place.
    pub(crate) fn drop_more(&mut self, count: usize) {
        self.dropped += count;
    }

    /// How many have found no place.
    pub(crate) fn dropped(&self) -> usize {
        self.dropped
    }

    /// Somebody was told of those.
    pub(super) fn dropped_seen(&mut self) {
        self.dropped = 0;
    }

    /// The one that has waited longest waits no more.
    pub(crate) fn next(&mut self) -> Option<String> {
        (!self.links.is_empty()).then(|| self.links.remove(0))
    }

    /// Whether that one waits.
    pub(crate) fn has(&self, link: &str) -> bool {
        self.links.iter().any(|waiting| waiting == link)
    }

    /// In the order in which they came.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, String> {
        self.links.iter()
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether none waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.links.is_empty()
    }
}

impl PartialEq for Waiting {
    /// What waits counts: the others are written nowhere.
    fn eq(&self, other: &Self) -> bool {
        self.links == other.links
    }
}

impl Eq for Waiting {}

impl From<Vec<String>> for Waiting {
    fn from(links: Vec<String>) -> Self {
        let mut waiting = Self::default();
        links.iter().for_each(|link| waiting.push(link));
        waiting
    }
}

impl From<Waiting> for Vec<String> {
    fn from(waiting: Waiting) -> Self {
        waiting.links
    }
}

impl std::fmt::Debug for Waiting {
    /// A link may hold the secret of an invitation.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waiting({} links)", self.links.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_put_first_takes_nobody_s_place_and_there_is_an_end_to_that_too() {
        let numbers = |from: usize| (from..from + MOST).map(|number| number.to_string());
        let mut waiting = Waiting::all(numbers(100));
        waiting.put_first(Waiting::all(["7".to_owned(), "103".to_owned()]));
        let order: Vec<String> = waiting.iter().cloned().collect();
        assert_eq!(order[..3], ["7", "103", "100"]);
        assert_eq!((waiting.len(), waiting.dropped()), (MOST + 1, 0));
        for from in [200, 300] {
            waiting.put_first(Waiting::all(numbers(from)));
        }
        assert_eq!((waiting.len(), waiting.dropped()), (2 * MOST, MOST + 1));
        let long = |letter: &str| letter.repeat(LONGEST);
        let mut waiting = Waiting::all(["a", "b", "c"].map(long));
        waiting.put_first(Waiting::all(["d", "e", "f"].map(long)));
        assert_eq!((waiting.len(), waiting.dropped()), (4, 2));
    }

    #[test]
    fn some_wait_in_their_order_and_not_without_an_end() {
        let mut waiting = Waiting::default();
        for number in 0..20 {
            waiting.push(&format!("xmpp:bob{number}@far.example"));
            waiting.push("xmpp:bob0@far.example");
        }
        waiting.push(&"x".repeat(LONGEST + 1));
        let written = serde_json::to_string(&waiting).unwrap();
        assert_eq!(serde_json::from_str::<Waiting>(&written).unwrap(), waiting);
        assert_eq!((waiting.len(), waiting.dropped()), (MOST, 20 - MOST + 1));
        let order: Vec<String> = std::iter::from_fn(|| waiting.next()).collect();
        let wanted: Vec<String> = (0..MOST).map(|number| format!("xmpp:bob{number}@far.example")).collect();
        assert_eq!(order, wanted);
        let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        assert_eq!(Waiting::from(many).len(), MOST);
        let long: Vec<String> = (0..8).map(|number| number.to_string().repeat(LONGEST)).collect();
        assert_eq!(Waiting::from(long).len(), ROOM / LONGEST);
    }
}
