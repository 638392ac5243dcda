//! What an encrypted message of the newer version says, and to whom (XEP-0420 0.4.1, as XEP-0384 0.9.1 §4.5 wants it).

use causerie_model::{BareJid, Jid, Timestamp};
use causerie_omemo::payload;
use minidom::Element;
use minidom::rxml::{self, Parse};
use rand::RngCore;

use crate::datetime;
use crate::ns;
use crate::xml::Draft;

/// How deep elements may lie in each other. Messages have three levels; what is deeper is made to exhaust a parser.
const DEEPEST: usize = 32;
/// How many elements there may be.
const MOST_ELEMENTS: usize = 2_000;

/// What is wrong with an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not made as it should be.
    Malformed,
    /// It is from or for somebody else.
    Misdirected,
}

/// Puts content into an envelope.
pub(crate) fn wrap(
    content: Vec<Element>,
    (from, to): (&BareJid, &BareJid),
    at: Timestamp,
    rng: &mut dyn RngCore,
) -> Vec<u8> {
    let part = |name| Draft::new(name, ns::ENVELOPE);
    let envelope = part("envelope")
        .child(part("content").children(content))
        .child(part("rpad").text(&payload::padding(rng)))
        .child(part("time").attr("stamp", &datetime::format(at)))
        .child(part("from").attr("jid", from.as_str()))
        .child(part("to").attr("jid", to.as_str()));
    let mut bytes = Vec::new();
    // A draft can always be written (see `Draft`), and a vector takes everything.
    let _ = Element::from(envelope).write_to(&mut bytes);
    bytes
}

/// Takes the content out of an envelope from somebody, for somebody, with the time that is on it. A `<from/>` and a `<to/>` that is
/// there must be right, a `<time/>` must be one. When that is far from when the servers say, it is noted (see `receiving`), and nothing is lost: the
/// clock is a stranger's.
pub(crate) fn unwrap(
    bytes: &[u8],
    from: &BareJid,
    to: &BareJid,
) -> Result<(Element, Option<Timestamp>), Fault> {
    check_shape(bytes).ok_or(Fault::Malformed)?;
    let envelope = Element::from_reader(bytes).map_err(|_| Fault::Malformed)?;
    if !envelope.is("envelope", ns::ENVELOPE) || !envelope.has_child("rpad", ns::ENVELOPE) {
        return Err(Fault::Malformed);
    }
    for (name, meant) in [("from", from), ("to", to)] {
        let Some(said) = envelope.get_child(name, ns::ENVELOPE) else { continue };
        let said = said.attr("jid").and_then(|jid| Jid::new(jid).ok()).ok_or(Fault::Malformed)?;
        if said.bare() != meant {
            return Err(Fault::Misdirected);
        }
    }
    let time = envelope.get_child("time", ns::ENVELOPE).map(|time| {
        let stamp = time.attr("stamp").and_then(datetime::parse);
        stamp.ok_or(Fault::Malformed)
    });
    let content = envelope.get_child("content", ns::ENVELOPE).cloned().ok_or(Fault::Malformed)?;
    Ok((content, time.transpose()?))
}

/// Whether a tree can be made of it without harm. The guard at the door has seen ciphertext only.
fn check_shape(mut bytes: &[u8]) -> Option<()> {
    let mut parser = rxml::Parser::new();
    let (mut depth, mut elements) = (0_usize, 0_usize);
    loop {
        match parser.parse(&mut bytes, true).ok()? {
            Some(rxml::Event::StartElement(..)) => {
                depth += 1;
                elements += 1;
            }
            Some(rxml::Event::EndElement(..)) => depth = depth.checked_sub(1)?,
            Some(_) => {}
            None => return (depth == 0 && elements > 0).then_some(()),
        }
        if depth > DEEPEST || elements > MOST_ELEMENTS {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    fn jid(text: &str) -> BareJid {
        BareJid::new(text).unwrap()
    }

    fn body() -> Vec<Element> {
        vec![Draft::new("body", ns::CLIENT).text("Salut <à> tous").into()]
    }

    fn now() -> Timestamp {
        Timestamp::from_millis(1_700_000_000_000)
    }

    #[test]
    fn what_goes_in_comes_out() {
        let (alice, bob) = (jid("alice@a.example"), jid("bob@b.example"));
        let mut rng = StdRng::seed_from_u64(1);
        let one = wrap(body(), (&alice, &bob), now(), &mut rng);
        let (content, at) = unwrap(&one, &alice, &bob).unwrap();
        assert_eq!(at, Some(now()));
        assert_eq!(content.get_child("body", ns::CLIENT).unwrap().text(), "Salut <à> tous");
        let lengths: std::collections::BTreeSet<usize> =
            (0..20).map(|_| wrap(body(), (&alice, &bob), now(), &mut rng).len()).collect();
        assert!(lengths.len() > 5, "the length does not tell how long the text is");
        assert_eq!(unwrap(&one, &bob, &bob), Err(Fault::Misdirected));
        assert_eq!(unwrap(&one, &alice, &alice), Err(Fault::Misdirected));
    }

    #[test]
    fn what_is_no_envelope_is_refused() {
        let (alice, bob) = (jid("alice@a.example"), jid("bob@b.example"));
        let envelope = |inner: &str| format!("<envelope xmlns='urn:xmpp:sce:1'>{inner}</envelope>");
        let deep = format!("<rpad/><content>{}{}</content>", "<a>".repeat(100_000), "</a>".repeat(100_000));
        let many = format!("<rpad/><content>{}</content>", "<a/>".repeat(100_000));
        for bad in [
            String::new(),
            "text".to_owned(),
            "<envelope/>".to_owned(),
            envelope("<content/>"),
            envelope("<rpad/>"),
            envelope("<rpad/><content/>").repeat(2),
            envelope("<rpad/><content/>").replace("</envelope>", ""),
            envelope("<rpad/><content/><from/>"),
            envelope("<rpad/><content/><from jid='@'/>"),
            envelope("<rpad/><content/><time stamp='yesterday'/>"),
            envelope(&deep),
            envelope(&many),
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>".to_owned(),
        ] {
            assert_eq!(
                unwrap(bad.as_bytes(), &alice, &bob),
                Err(Fault::Malformed),
                "{}",
                &bad[..bad.len().min(80)]
            );
        }
        assert!(unwrap(envelope("<rpad/><content/>").as_bytes(), &alice, &bob).is_ok());
    }
}
