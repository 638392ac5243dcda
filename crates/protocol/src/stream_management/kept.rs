//! A stanza of ours that is not acknowledged.

use minidom::Element;

use super::{Name, name, weight};
use crate::ns;

/// An answer with more parts than that is kept as it is written.
const PARTS: usize = 8;
/// The longest value of one that is, in bytes: longer ones may not be read again.
const LONGEST_VALUE: usize = 1024;

/// A stanza that is not acknowledged.
pub(super) struct Kept {
    stanza: Stanza,
    pub(super) weight: usize,
    pub(super) blame: u8,
    /// The person has taken it back: it is not sent again.
    pub(super) withdrawn: bool,
    /// It is in clear, and the person wants no more of that: it is handed back instead of being sent again.
    pub(super) outdated: bool,
    /// It has gone out on a connection that is gone.
    pub(super) has_left: bool,
}

enum Stanza {
    Whole(Element),
    /// An answer as it is written. What we are able to do (XEP-0030) takes thirty kilobytes as a tree and two like this, and servers ask for
    /// it once for each contact when somebody comes online.
    Written(Box<str>),
}

impl Kept {
    pub(super) fn new(stanza: &Element) -> Self {
        let (stanza, weight) = match written(stanza) {
            Some(xml) => {
                let weight = xml.len();
                (Stanza::Written(xml), weight)
            }
            None => (Stanza::Whole(stanza.clone()), weight(stanza)),
        };
        Self { stanza, weight, blame: 0, withdrawn: false, outdated: false, has_left: false }
    }

    /// The message that it is, or whatever else may be one.
    pub(super) fn message(&self) -> Option<&Element> {
        match &self.stanza {
            Stanza::Whole(stanza) => Some(stanza),
            Stanza::Written(_) => None,
        }
    }

    /// What it is called, if it is a message.
    pub(super) fn name(&self) -> Option<Name> {
        self.message().and_then(name)
    }

    /// The stanza, to be sent.
    pub(super) fn stanza(&self) -> Element {
        match &self.stanza {
            Stanza::Whole(stanza) => stanza.clone(),
            // It has been written here. Something has to be sent in any case, or all that follows is counted wrongly.
            Stanza::Written(xml) => xml.parse().unwrap_or_else(|_| Element::bare("iq", ns::CLIENT)),
        }
    }
}

impl std::fmt::Debug for Kept {
    /// What is in it is not shown: it may be a text, or a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("weight", &self.weight)
            .field("blame", &self.blame)
            .finish_non_exhaustive()
    }
}

/// An answer of many small parts, written.
fn written(stanza: &Element) -> Option<Box<str>> {
    let is_answer = stanza.is("iq", ns::CLIENT) && stanza.attr("type") == Some("result");
    let parts = || stanza.children().flat_map(Element::children);
    let is_small = |part: &Element| {
        part.nodes().next().is_none() && part.attrs().iter().all(|(_, value)| value.len() <= LONGEST_VALUE)
    };
    if !is_answer || parts().nth(PARTS).is_none() || !parts().all(is_small) {
        return None;
    }
    let mut xml = Vec::new();
    stanza.write_to(&mut xml).ok()?;
    Some(String::from_utf8(xml).ok()?.into_boxed_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Draft;

    fn answer(parts: usize) -> Element {
        let features = (0..parts)
            .map(|n| Draft::new("feature", ns::DISCO_INFO).attr("var", &format!("a&'<{n}>\t")).into());
        let query = Draft::new("query", ns::DISCO_INFO).attr("node", "n#\"v").children(features);
        let iq = Draft::new("iq", ns::CLIENT)
            .attr("type", "result")
            .attr("to", "bob@example.org")
            .attr("id", "é ");
        iq.child(query).into()
    }

    #[test]
    fn a_long_answer_is_kept_as_it_is_written_and_sent_as_it_was() {
        let stanza = answer(26);
        let kept = Kept::new(&stanza);
        assert!(matches!(kept.stanza, Stanza::Written(_)));
        assert_eq!(kept.stanza(), stanza);
        assert!(kept.weight < weight(&stanza), "{} and {}", kept.weight, weight(&stanza));
        assert_eq!(kept.name(), None);
    }

    #[test]
    fn all_else_is_kept_whole() {
        let mut long = answer(26);
        let part = Draft::new("feature", ns::DISCO_INFO).attr("var", &"v".repeat(LONGEST_VALUE + 1));
        let query = long.children_mut().next().unwrap();
        query.append_child(part.into());
        let message =
            r#"<message xmlns="jabber:client" to="bob@example.org" id="m"><body>a</body></message>"#;
        for stanza in [answer(PARTS), long, message.parse().unwrap()] {
            let kept = Kept::new(&stanza);
            assert!(matches!(kept.stanza, Stanza::Whole(_)));
            assert_eq!(kept.stanza(), stanza);
        }
    }
}
