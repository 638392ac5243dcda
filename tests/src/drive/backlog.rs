//! Events that nobody has waited for yet.

use std::collections::VecDeque;

use serde_json::{Map, Value};

/// Events that are kept at most; the oldest are forgotten first.
const MOST: usize = 100_000;

/// Events in order, each of which satisfies at most one wait.
#[derive(Debug, Default)]
pub(crate) struct Backlog(VecDeque<Value>);

impl Backlog {
    /// One more event.
    pub(crate) fn push(&mut self, event: Value) {
        if self.0.len() == MOST {
            self.0.pop_front();
        }
        self.0.push_back(event);
    }

    /// Takes the first event that has all the fields.
    pub(crate) fn take(&mut self, fields: &Map<String, Value>) -> Option<Value> {
        let place = self.0.iter().position(|event| has(event, fields))?;
        self.0.remove(place)
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
        let mut backlog = Backlog::default();
        backlog.push(json!({ "event": "a", "n": 1 }));
        backlog.push(json!({ "event": "b" }));
        backlog.push(json!({ "event": "a", "n": 2 }));
        let fields = |value: Value| value.as_object().unwrap().clone();
        assert_eq!(backlog.take(&fields(json!({ "event": "b" }))), Some(json!({ "event": "b" })));
        assert_eq!(backlog.take(&fields(json!({ "n": 2 }))), Some(json!({ "event": "a", "n": 2 })));
        assert!(backlog.take(&fields(json!({ "event": "a" }))).is_some());
        assert_eq!(backlog.take(&fields(json!({ "event": "a" }))), None);
    }
}
