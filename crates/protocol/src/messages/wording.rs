//! What a stanza of ours says, in the ways in which it can be said.
//!
//! | | in clear | OMEMO 2 | the older version, which encrypts a text and nothing else |
//! |---|---|---|---|
//! | a message | its text | inside | encrypted |
//! | an answer | the quote, unless it was encrypted, before the text; what it answers | the same inside, always with the quote | both encrypted; beside them which message it answers, and how long the quote is |
//! | a correction | the text, and of what | inside | encrypted; beside it, of what |
//! | a retraction | words for programs that know of none, and of what | of what, inside | the words encrypted; beside them, of what |
//! | reactions | the emoji, and to what | inside | the emoji encrypted, as an answer to the message. That all are taken away can't be said, and is not |
//!
//! So what stands beside an encrypted text names messages, which have no meaning, and never says anything of what is in them.

use causerie_model::{BareJid, Privacy, Purpose};
use minidom::Element;

use crate::xml::Draft;
use crate::{corrections, ns, reactions, replies, retractions};

/// What a stanza says.
#[derive(Debug)]
pub(crate) struct Wording {
    /// In clear, or inside of what the newer version encrypts.
    pub(crate) whole: Vec<Element>,
    /// For the older version: the text that it encrypts, and what stands beside. `None` where nothing can be said.
    pub(crate) older: Option<(String, Vec<Element>)>,
}

impl Wording {
    /// What is said with a text for some purpose.
    pub(super) fn new(purpose: &Purpose, text: &str, people: (&BareJid, &BareJid), privacy: Privacy) -> Self {
        let said = |text: &str| Element::from(Draft::new("body", ns::CLIENT).text(text));
        let with = |text: String, beside: Vec<Element>| Self {
            whole: std::iter::once(said(&text)).chain(beside.iter().cloned()).collect(),
            older: Some((text, beside)),
        };
        let is_clear = privacy == Privacy::Clear;
        match purpose {
            Purpose::Message => with(text.to_owned(), Vec::new()),
            Purpose::Reply(reply) if is_clear && reply.quoted == Privacy::Encrypted => {
                with(text.to_owned(), replies::without_quote(reply, people))
            }
            Purpose::Reply(reply) => {
                let (text, beside) = replies::with_quote(reply, people, text);
                with(text, beside)
            }
            Purpose::Correction(target) => with(text.to_owned(), vec![corrections::element(target)]),
            Purpose::Retraction(target) => {
                let beside = retractions::with_fallback(target).to_vec();
                let inside = vec![retractions::element(target)];
                let wording = with(text.to_owned(), beside);
                if is_clear { wording } else { Self { whole: inside, ..wording } }
            }
            Purpose::Reactions(target) => {
                let emoji = reactions::from_text(text);
                let answer = (text.to_owned(), vec![replies::element(target, None)]);
                Self {
                    whole: vec![reactions::element(target, &emoji)],
                    older: Some(answer).filter(|_| !emoji.is_empty()),
                }
            }
        }
    }
}
