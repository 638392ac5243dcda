//! What is in an envelope that has no text.

use causerie_model::{OmemoVersion, Unreadable};
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::super::{envelope, receiving};
use super::lab::jid;
use crate::ns;
use crate::xml::Draft;

/// What becomes of an envelope: whether something is said in it, and if it can't be shown, why.
fn read(content: Vec<Element>) -> Result<bool, Unreadable> {
    let (from, to) = (jid("bob@b.example"), jid("alice@a.example"));
    let mut rng = StdRng::seed_from_u64(1);
    let at = causerie_model::Timestamp::from_millis(0);
    let bytes = envelope::wrap(content, (&from, &to), at, &mut rng);
    let said = receiving::read(OmemoVersion::Omemo2, &bytes, (&from, &to))?;
    Ok(matches!(said, receiving::Said::Text(..)))
}

#[test]
fn what_people_see_elsewhere_has_a_row_and_what_programs_say_has_none() {
    let file = || Element::from(Draft::new("file-sharing", ns::FILE_SHARING).attr("disposition", "inline"));
    let link = || Element::from(Draft::new("x", ns::OUT_OF_BAND));
    let body = || Element::from(Draft::new("body", ns::CLIENT).text("look"));
    assert_eq!(read(vec![file()]), Err(Unreadable::NotShown));
    assert_eq!(read(vec![link()]), Err(Unreadable::NotShown));
    assert_eq!(read(vec![body(), file(), link()]), Ok(true));
    let marks = [("received", ns::RECEIPTS), ("displayed", ns::CHAT_MARKERS), ("composing", ns::CHAT_STATES)];
    for (name, namespace) in marks {
        assert_eq!(read(vec![Draft::new(name, namespace).into()]), Ok(false), "{name}");
    }
    assert_eq!(read(Vec::new()), Ok(false));
}
