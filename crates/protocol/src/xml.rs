//! Reading what others sent part by part, and writing elements that can always be written.

use std::borrow::Cow;

use minidom::rxml::NcName;
use minidom::{Element, Node};

/// `xml:lang`'s namespace.
const XML_NS: &str = "http://www.w3.org/XML/1998/namespace";

/// Makes an element. Names are ours; values and texts are made fit for XML 1.0.
#[derive(Debug)]
pub(crate) struct Draft(Element);

impl Draft {
    /// An empty element.
    pub(crate) fn new(name: &str, namespace: &str) -> Self {
        Self(Element::bare(name, namespace))
    }

    /// With an attribute.
    pub(crate) fn attr(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(name) = NcName::try_from(name) {
            self.0.set_attr(minidom::rxml::Namespace::NONE, name, clean(value).into_owned());
        }
        self
    }

    /// With an attribute where there is a value.
    pub(crate) fn maybe_attr(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// In a language (`xml:lang`), where one is given.
    pub(crate) fn maybe_lang(mut self, language: Option<&str>) -> Self {
        if let (Some(language), Ok(name)) = (language, NcName::try_from("lang")) {
            self.0.set_attr(minidom::rxml::Namespace::XML, name, clean(language).into_owned());
        }
        self
    }

    /// With text.
    pub(crate) fn text(mut self, text: &str) -> Self {
        if !text.is_empty() {
            self.0.append_node(Node::Text(clean(text).into_owned()));
        }
        self
    }

    /// With a child.
    pub(crate) fn child(mut self, child: impl Into<Element>) -> Self {
        self.0.append_child(child.into());
        self
    }

    /// With children.
    pub(crate) fn children(self, children: impl IntoIterator<Item = Element>) -> Self {
        children.into_iter().fold(self, Self::child)
    }
}

impl From<Draft> for Element {
    fn from(draft: Draft) -> Self {
        draft.0
    }
}

/// The children of that name and namespace.
pub(crate) fn children<'a>(
    element: &'a Element,
    name: &'static str,
    namespace: &'static str,
) -> impl Iterator<Item = &'a Element> {
    element.children().filter(move |child| child.is(name, namespace))
}

/// The child of that name and namespace, unless there are several.
pub(crate) fn only<'a>(
    element: &'a Element,
    name: &'static str,
    namespace: &'static str,
) -> Option<&'a Element> {
    let mut found = children(element, name, namespace);
    found.next().filter(|_| found.next().is_none())
}

/// The `xml:lang` of the element itself.
pub(crate) fn lang(element: &Element) -> Option<&str> {
    element.attr_ns(XML_NS, "lang")
}

/// Text without the characters that XML 1.0 cannot carry (§2.2).
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let allowed = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    };
    if text.chars().all(allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| allowed(*c)).collect())
    }
}

/// A name on one line: control characters and line separators become blanks, of which one is kept; at most so many
/// characters. `None` when nothing is left.
pub(crate) fn one_line(text: &str, most: usize) -> Option<String> {
    let mut line = String::new();
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if count > 0 {
            line.push(' ');
            count += 1;
        }
        line.extend(word.chars().take(most.saturating_sub(count)));
        count += word.chars().count();
        if count >= most {
            break;
        }
    }
    let line = line.trim_end();
    (!line.is_empty()).then(|| line.to_owned())
}

/// Some words on several lines: other control characters go, blanks around them too; at most so many characters.
pub(crate) fn words(text: &str, most: usize) -> String {
    let kept = text.trim().chars().filter(|c| *c == '\n' || !c.is_control());
    kept.take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_can_always_be_written() {
        let draft = Draft::new("a", "b")
            .attr("c", "\u{0}'<&\u{1f}\u{fffe}é")
            .text("\u{8}x\r\n")
            .child(Draft::new("d", "b"));
        let mut bytes = Vec::new();
        Element::from(draft).write_to(&mut bytes).unwrap();
        let read: Element = std::str::from_utf8(&bytes).unwrap().parse().unwrap();
        assert_eq!(read.attr("c"), Some("'<&é"));
    }

    #[test]
    fn lines_and_words() {
        assert_eq!(one_line(" a\u{0}\n\u{2028}b\tc ", 255).as_deref(), Some("a b c"));
        assert_eq!(one_line("éééé", 2).as_deref(), Some("éé"));
        assert_eq!(one_line("ab cd", 3).as_deref(), Some("ab"));
        assert_eq!(one_line(" \n\u{1}", 255), None);
        assert_eq!(words(" a\n\u{7}b\u{85} ", 10), "a\nb");
        assert_eq!(words("abcdef", 3), "abc");
    }
}
