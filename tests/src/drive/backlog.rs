//! Events that nobody has waited for yet.

use std::collections::VecDeque;

use serde_json::{Map, Value};

/// Events that are kept at most; the oldest are forgotten first.
const MOST: usize = 100_000;

/// Those that are kept by who forgets.
const FEW: usize = 100;

/// Events in order, each of which satisfies at most one wait.
#[derive(Debug)]
pub(crate) struct Backlog {
    events: VecDeque<Value>,
    most: usize,
}

impl Backlog {
    /// Keeps all events, or the last few.
    pub(crate) fn new(forget: bool) -> Self {
        Self { events: VecDeque::new(), most: if forget { FEW } else { MOST } }
    }

    /// One more event.
    pub(crate) fn push(&mut self, event: Value) {
        if self.events.len() == self.most {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    /// Takes the first event that has all the fields.
    pub(crate) fn take(&mut self, fields: &Map<String, Value>) -> Option<Value> {
        let place = self.events.iter().position(|event| has(event, fields))?;
        self.events.remove(place)
    }
}

fn has(event: &Value, fields: &Map<String, Value>) -> bool {
    fields.iter().all(|(name, value)| event.get(name) == Some(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_is_taken_once_and_others_stay() {
        let mut backlog = Backlog::new(false);
        backlog.push(json!({ "event": "a", "n": 1 }));
        backlog.push(json!({ "event": "b" }));
        backlog.push(json!({ "event": "a", "n": 2 }));
        let fields = |value: Value| value.as_object().unwrap().clone();
        assert_eq!(backlog.take(&fields(json!({ "event": "b" }))), Some(json!({ "event": "b" })));
        assert_eq!(backlog.take(&fields(json!({ "n": 2 }))), Some(json!({ "event": "a", "n": 2 })));
        assert!(backlog.take(&fields(json!({ "event": "a" }))).is_some());
        assert_eq!(backlog.take(&fields(json!({ "event": "a" }))), None);
    }

    #[test]
    fn what_is_forgotten_is_not_found() {
        let mut backlog = Backlog::new(true);
        (0..=FEW).for_each(|number| backlog.push(json!({ "event": number })));
        let fields = |number: usize| Map::from_iter([("event".to_owned(), number.into())]);
        assert_eq!(backlog.take(&fields(0)), None);
        assert_eq!(backlog.take(&fields(1)), Some(json!({ "event": 1 })));
    }
}
