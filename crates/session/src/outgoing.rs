//! What is to be written, in order.
//!
//! A server that asks what has come (XEP-0198 §4, `<r/>`), over and over, and reads nothing would be answered without end into a queue that
//! nobody empties. The last answer says all that those before it say, so an answer that has not been written gives its place to the next.

use std::collections::VecDeque;

use minidom::Element;

use crate::frame::Frame;

const STREAM_MANAGEMENT: &str = "urn:xmpp:sm:3";

/// Elements that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Outgoing {
    waiting: VecDeque<Frame>,
    /// Where among them is the answer to what has come.
    answer: Option<usize>,
}

impl Outgoing {
    pub(crate) fn push(&mut self, element: Element) {
        let is_answer = element.is("a", STREAM_MANAGEMENT);
        match self.answer.filter(|_| is_answer).and_then(|at| self.waiting.get_mut(at)) {
            Some(unwritten) => *unwritten = Frame(element),
            None => {
                if is_answer {
                    self.answer = Some(self.waiting.len());
                }
                self.waiting.push_back(Frame(element));
            }
        }
    }

    pub(crate) fn first(&self) -> Option<&Frame> {
        self.waiting.front()
    }

    /// The first was written.
    pub(crate) fn written(&mut self) {
        self.waiting.pop_front();
        self.answer = self.answer.and_then(|at| at.checked_sub(1));
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(text: &str) -> Element {
        text.parse().unwrap()
    }

    fn answer(h: u32) -> Element {
        element(&format!("<a xmlns='urn:xmpp:sm:3' h='{h}'/>"))
    }

    #[test]
    fn an_answer_that_was_not_written_gives_its_place_to_the_next() {
        let stanza = |id| element(&format!("<iq xmlns='jabber:client' id='{id}'/>"));
        let mut outgoing = Outgoing::default();
        let mut all = vec![];
        let mut write = |outgoing: &mut Outgoing| {
            let first = outgoing.first().map(|Frame(first)| first.clone());
            let name = |first: &Element| first.attr("h").or(first.attr("id")).map(str::to_owned);
            all.extend(first.as_ref().and_then(name));
            outgoing.written();
        };
        outgoing.push(stanza("one"));
        outgoing.push(answer(1));
        outgoing.push(stanza("two"));
        outgoing.push(answer(2));
        write(&mut outgoing);
        outgoing.push(answer(3));
        outgoing.push(stanza("three"));
        assert_eq!(outgoing.len(), 3);
        write(&mut outgoing);
        outgoing.push(answer(4));
        // It is no answer to what has come.
        outgoing.push(element("<a xmlns='jabber:client' id='a'/>"));
        outgoing.push(answer(5));
        (0..6).for_each(|_| write(&mut outgoing));
        assert_eq!(all, ["one", "3", "two", "three", "5", "a"]);
        assert!(outgoing.first().is_none() && outgoing.answer.is_none());
    }
}
