//! Links that wait for something to be over before they are followed, in the order in which they came.

use serde::{Deserialize, Serialize};

/// So many wait. What came first stays: whoever opens more pushes nothing out.
const MOST: usize = 8;
/// No link that waits is longer, in bytes.
const LONGEST: usize = 8 * 1024;
/// All of them together are not longer.
const ROOM: usize = 24 * 1024;

/// The links.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub(crate) struct Waiting(Vec<String>);

impl Waiting {
    /// One more waits, unless it does already.
    pub(crate) fn push(&mut self, link: &str) {
        let known = self.0.iter().any(|waiting| waiting == link);
        let taken: usize = self.0.iter().map(String::len).sum();
        let fits = link.len() <= LONGEST && taken + link.len() <= ROOM && self.0.len() < MOST;
        if fits && !known && !link.is_empty() {
            self.0.push(link.to_owned());
        }
    }

    /// The others wait, too.
    pub(crate) fn append(&mut self, others: Self) {
        others.0.iter().for_each(|link| self.push(link));
    }

    /// These wait no more.
    pub(crate) fn remove(&mut self, others: Self) {
        self.0.retain(|waiting| !others.0.contains(waiting));
    }

    /// The one that has waited longest waits no more.
    pub(crate) fn next(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Whether that one waits.
    pub(crate) fn has(&self, link: &str) -> bool {
        self.0.iter().any(|waiting| waiting == link)
    }

    /// How many wait.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<String>> for Waiting {
    fn from(links: Vec<String>) -> Self {
        let mut waiting = Self::default();
        links.iter().for_each(|link| waiting.push(link));
        waiting
    }
}

impl From<Waiting> for Vec<String> {
    fn from(waiting: Waiting) -> Self {
        waiting.0
    }
}

impl std::fmt::Debug for Waiting {
    /// A link may hold the secret of an invitation.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Waiting({} links)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let order: Vec<String> = std::iter::from_fn(|| waiting.next()).collect();
        let wanted: Vec<String> = (0..MOST).map(|number| format!("xmpp:bob{number}@far.example")).collect();
        assert_eq!(order, wanted);
        let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
        assert_eq!(Waiting::from(many).len(), MOST);
        let long: Vec<String> = (0..8).map(|number| number.to_string().repeat(LONGEST)).collect();
        assert_eq!(Waiting::from(long).len(), ROOM / LONGEST);
    }
}
