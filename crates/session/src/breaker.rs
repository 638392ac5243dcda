//! Remembers what has broken something, so that it can't do so again and again.
//!
//! A server sends again what wasn't acknowledged: a stanza that ends the stream, or makes the brain panic, would do so after each
//! reconnection. What comes a second time is replaced by a marker, and what is no good even so isn't let in at all.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use minidom::{Element, Node};

/// How many are remembered; the oldest is forgotten first.
const MOST: usize = 64;

/// What has broken something in one account. Clones share what they know.
#[derive(Clone, Debug, Default)]
pub struct Breaker(Arc<Mutex<VecDeque<(Fingerprint, Breaks)>>>);

/// How often something has broken something.
pub(crate) type Breaks = u8;

/// Tells a stanza from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint(u64);

impl Breaker {
    pub(crate) fn breaks(&self, of: Fingerprint) -> Breaks {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().find(|(fingerprint, _)| *fingerprint == of).map_or(0, |(_, breaks)| *breaks)
    }

    /// It broke something.
    pub(crate) fn trip(&self, by: Fingerprint) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, breaks)) = known.iter_mut().find(|(fingerprint, _)| *fingerprint == by) {
            *breaks = breaks.saturating_add(1);
            return;
        }
        if known.len() == MOST {
            known.pop_front();
        }
        known.push_back((by, 1));
    }
}

impl Fingerprint {
    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self(hasher.finish())
    }

    pub(crate) fn of(element: &Element) -> Self {
        let mut hasher = DefaultHasher::new();
        hash(element, &mut hasher);
        Self(hasher.finish())
    }
}

/// No deeper than the guard lets elements be.
fn hash(element: &Element, hasher: &mut DefaultHasher) {
    element.name().hash(hasher);
    element.ns().hash(hasher);
    for ((namespace, name), value) in element.attrs() {
        (namespace.as_str(), name.as_str(), value).hash(hasher);
    }
    for node in element.nodes() {
        match node {
            Node::Element(child) => hash(child, hasher),
            Node::Text(text) => text.hash(hasher),
        }
    }
    // The end of the element.
    u8::MAX.hash(hasher);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stanzas_are_told_apart() {
        let of = |text: &str| Fingerprint::of(&text.parse().unwrap());
        let one = of("<a xmlns='n' b='c'><d/>text</a>");
        assert_eq!(one, of("<a  xmlns='n' b=\"c\" ><d></d>text</a>"));
        for other in [
            "<a xmlns='m' b='c'><d/>text</a>",
            "<a xmlns='n' b='d'><d/>text</a>",
            "<a xmlns='n' b='c'><d>text</d></a>",
            "<a xmlns='n' b='c'>text<d/></a>",
            "<a xmlns='n'><d/>text</a>",
        ] {
            assert_ne!(one, of(other), "{other}");
        }
    }

    #[test]
    fn the_oldest_is_forgotten() {
        let breaker = Breaker::default();
        let number = |number: u8| Fingerprint::of_bytes(&[number]);
        breaker.trip(number(0));
        breaker.trip(number(0));
        assert_eq!(breaker.clone().breaks(number(0)), 2);
        (1..=64).for_each(|other| breaker.trip(number(other)));
        assert_eq!((breaker.breaks(number(0)), breaker.breaks(number(1))), (0, 1));
    }
}
