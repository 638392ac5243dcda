//! Comparing what came out with what was written, and writing it.

use std::collections::BTreeMap;

use minidom::{Element, Node};

/// Names and what they stand for: `$name`.
#[derive(Clone, Default)]
pub struct Captures(pub BTreeMap<String, String>);

impl Captures {
    /// The text with all known names replaced.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            filled.push_str(before);
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            match self.0.get(&after[..end]) {
                Some(value) => filled.push_str(value),
                None => {
                    filled.push('$');
                    filled.push_str(&after[..end]);
                }
            }
            rest = &after[end..];
        }
        filled + rest
    }
}

/// Prefixes that need not be declared.
const PREFIXES: [(&str, &str); 11] = [
    ("stream", "http://etherx.jabber.org/streams"),
    ("streams", "urn:ietf:params:xml:ns:xmpp-streams"),
    ("sasl", "urn:ietf:params:xml:ns:xmpp-sasl"),
    ("cb", "urn:xmpp:sasl-cb:0"),
    ("sasl2", "urn:xmpp:sasl:2"),
    ("bind2", "urn:xmpp:bind:0"),
    ("fast", "urn:xmpp:fast:0"),
    ("csi", "urn:xmpp:csi:0"),
    ("sm", "urn:xmpp:sm:3"),
    ("bind", "urn:ietf:params:xml:ns:xmpp-bind"),
    ("session", "urn:ietf:params:xml:ns:xmpp-session"),
];

/// Reads one element; what has no namespace is in `jabber:client`.
pub fn parse(text: &str) -> Result<Element, String> {
    let prefixes = PREFIXES.map(|(prefix, namespace)| (Some(prefix.to_owned()), namespace.to_owned()));
    let prefixes: BTreeMap<_, _> = prefixes.into_iter().chain([(None, "jabber:client".to_owned())]).collect();
    Element::from_reader_with_prefixes(text.as_bytes(), prefixes).map_err(|error| format!("{error}: {text}"))
}

/// Writes one element as a line of a transcript.
pub fn write(element: &Element) -> String {
    let mut bytes = Vec::new();
    element.write_to(&mut bytes).expect("what is sent can be written");
    String::from_utf8(bytes)
        .expect("XML is text")
        .replacen(" xmlns='jabber:client'", "", 1)
        .replace('\n', "&#10;")
}

/// Whether an element is as the pattern says: attributes in any order, `*` for any value or text. A name that is not
/// known yet takes the value.
pub fn element_matches(pattern: &Element, actual: &Element, captures: &mut Captures) -> bool {
    let attributes = |element: &Element| -> BTreeMap<(String, String), String> {
        element
            .attrs()
            .iter()
            .map(|((namespace, name), value)| ((namespace.to_string(), name.to_string()), value.clone()))
            .collect()
    };
    let (wanted, given) = (attributes(pattern), attributes(actual));
    pattern.name() == actual.name()
        && pattern.ns() == actual.ns()
        && wanted.len() == given.len()
        && wanted
            .iter()
            .all(|(name, value)| given.get(name).is_some_and(|given| text_matches(value, given, captures)))
        && contents_match(pattern, actual, captures)
}

fn contents_match(pattern: &Element, actual: &Element, captures: &mut Captures) -> bool {
    let (wanted, given) = (contents(pattern), contents(actual));
    if let [Node::Text(text)] = wanted.as_slice()
        && text.trim() == "*"
    {
        return true;
    }
    wanted.len() == given.len()
        && wanted.iter().zip(&given).all(|pair| match pair {
            (Node::Element(wanted), Node::Element(given)) => element_matches(wanted, given, captures),
            (Node::Text(wanted), Node::Text(given)) => text_matches(wanted, given, captures),
            _ => false,
        })
}

/// Child nodes, adjacent texts made one; blanks between elements left out.
fn contents(element: &Element) -> Vec<Node> {
    let mut merged: Vec<Node> = Vec::new();
    for node in element.nodes() {
        match (node, merged.last_mut()) {
            (Node::Text(more), Some(Node::Text(text))) => text.push_str(more),
            (node, _) => merged.push(node.clone()),
        }
    }
    if element.children().next().is_some() {
        merged.retain(|node| node.as_text().is_none_or(|text| !text.trim().is_empty()));
    }
    merged
}

fn text_matches(pattern: &str, actual: &str, captures: &mut Captures) -> bool {
    if let Some(name) = pattern.strip_prefix('$')
        && !captures.0.contains_key(name)
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    {
        captures.0.insert(name.to_owned(), actual.to_owned());
        return true;
    }
    pattern == "*" || captures.fill(pattern) == actual
}

/// Whether a line of text is as the pattern says, where `*` stands for anything.
pub fn line_matches(pattern: &str, actual: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| actual.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

/// A name for the identifier of a request that we sent: what it is about.
pub fn request_name(request: &Element) -> Option<String> {
    let asks = request.name() == "iq" && matches!(request.attr("type"), Some("get" | "set"));
    let payload = request.children().next().filter(|_| asks)?;
    let namespace = payload.ns();
    let about = namespace.split([':', '/', '#']).rfind(|part| {
        !part.starts_with(|c: char| c.is_ascii_digit()) && !matches!(*part, "info" | "items" | "")
    })?;
    let about = about.strip_prefix("xmpp-").unwrap_or(about);
    let name: String = about.chars().take_while(char::is_ascii_alphanumeric).collect();
    (!name.is_empty()).then_some(name)
}
