//! What is said of a message after it: corrections, retractions, reactions; and what it answers.
//!
//! They name their target as its author calls it, and may come before it.

use std::fmt;
use std::sync::Arc;

use crate::{Author, BareJid, Direction, MessageId, MessageState, OriginId, Privacy, Protection, Timestamp};

/// One emoji, as a reaction (XEP-0444 0.2.1 §3): a single picture, whatever it is put together from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Emoji(Arc<str>);

impl Emoji {
    /// The longest that is taken, in bytes: a family with skin tones has 41.
    pub const MAX_BYTES: usize = 64;

    /// Takes a text that is one emoji and nothing else, by its shape (UTS #51 §1.4.9): letters, words and empty texts are none.
    pub fn new(text: &str) -> Option<Self> {
        let mut rest = text.chars().peekable();
        if text.len() > Self::MAX_BYTES {
            return None;
        }
        loop {
            let base = rest.next()?;
            match base {
                '0'..='9' | '#' | '*' => {
                    rest.next_if_eq(&VARIATION);
                    rest.next_if_eq(&'\u{20E3}')?;
                }
                '\u{1F1E6}'..='\u{1F1FF}' => {
                    rest.next_if(|second| ('\u{1F1E6}'..='\u{1F1FF}').contains(second))?;
                }
                _ if is_picture(base) => {
                    rest.next_if_eq(&VARIATION);
                    rest.next_if(|tone| ('\u{1F3FB}'..='\u{1F3FF}').contains(tone));
                    rest.next_if_eq(&VARIATION);
                    let mut is_tagged = false;
                    while rest.next_if(|tag| ('\u{E0020}'..='\u{E007E}').contains(tag)).is_some() {
                        is_tagged = true;
                    }
                    if is_tagged {
                        rest.next_if_eq(&'\u{E007F}')?;
                    }
                }
                _ => return None,
            }
            match rest.next() {
                None => return Some(Self(text.into())),
                Some('\u{200D}') => {}
                Some(_) => return None,
            }
        }
    }

    /// The emoji.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Says that what is before it is drawn as a picture.
const VARIATION: char = '\u{FE0F}';

/// Whether a character can be a picture.
fn is_picture(c: char) -> bool {
    matches!(u32::from(c),
        0xA9 | 0xAE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2194..=0x21AA | 0x231A..=0x23FF | 0x24C2
        | 0x25AA..=0x27BF | 0x2934..=0x2935 | 0x2B05..=0x2B55 | 0x3030 | 0x303D | 0x3297 | 0x3299
        | 0x1_F000..=0x1_F1E5 | 0x1_F200..=0x1_F3FA | 0x1_F400..=0x1_FAFF)
}

/// The most different reactions of one person to one message that are kept.
pub const MOST_REACTIONS: usize = 32;

/// What is said of a message.
#[derive(Clone, PartialEq, Eq)]
pub enum Says {
    /// Its author meant this text (XEP-0308 1.2.1).
    Correction(String),
    /// Its author wants it gone (XEP-0424 0.4.2). Of one of ours, with words for programs that know of no such thing.
    Retraction(String),
    /// Somebody reacts to it with these, and no others any more (XEP-0444 0.2.1): each once, at most [`MOST_REACTIONS`].
    Reactions(Vec<Emoji>),
}

impl fmt::Debug for Says {
    /// Messages are private: no text and no emoji is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Correction(text) => write!(f, "Correction({} bytes)", text.len()),
            Self::Retraction(words) => write!(f, "Retraction({} bytes)", words.len()),
            Self::Reactions(emoji) => write!(f, "Reactions({})", emoji.len()),
        }
    }
}

/// When something came, as against what came before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// Now: it is newer than all that is here.
    Live,
    /// Later than it was said, from a queue of what could not be handed over: it is newer than all that was here before it began to come.
    Queued,
    /// Later than it was said, from an archive: its time tells its place.
    Kept,
    /// From an archive that is read on from where all was here: it is newer than what was here then, whatever the clocks say.
    Listed,
}

/// Something that is said of a message, to be remembered.
///
/// Of one author, one target and one kind the newest counts. One in clear never counts for a message that was encrypted. A correction or
/// retraction counts for messages of its own author alone, and a correction for none that was retracted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// In the conversation with whom.
    pub peer: BareJid,
    /// Who says it.
    pub author: Direction,
    /// Of which message.
    pub target: OriginId,
    /// What.
    pub says: Says,
    /// What its author calls it.
    pub origin: Option<OriginId>,
    /// When it was said, as far as that can be trusted, else when it came.
    pub at: Timestamp,
    /// Whether it came when it was said.
    pub arrival: Arrival,
    /// Whether what was said before it may be missing: the archive tells its place later.
    pub is_early: bool,
    /// Where it stands.
    pub state: MessageState,
    /// How it was protected; of ours, how it is to be.
    pub protection: Protection,
}

/// Which message another one answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyTo {
    /// What its author calls it.
    pub id: OriginId,
    /// Who that is, where it is said: ourselves ([`Direction::Outgoing`]) or the peer.
    pub author: Option<Direction>,
}

/// An answer of ours to a message.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Which message.
    pub to: OriginId,
    /// Whose it is.
    pub author: Direction,
    /// The beginning of its text, for programs that know of no answers.
    pub quote: String,
    /// Whether it was encrypted: then nothing of it is quoted in clear.
    pub quoted: Privacy,
}

impl fmt::Debug for Reply {
    /// Messages are private: the text is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { to, author, quote, quoted } = self;
        write!(f, "Reply({to:?}, {author:?}, {} bytes, {quoted:?})", quote.len())
    }
}

/// What a stanza of ours is for. Its text is what is beside it: of reactions the emoji with blanks between, of a retraction some
/// words for programs that know of none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// It is a message.
    #[default]
    Message,
    /// It is a message that answers another.
    Reply(Reply),
    /// It corrects that message.
    Correction(OriginId),
    /// It wants that message gone.
    Retraction(OriginId),
    /// It reacts to that message.
    Reactions(OriginId),
}

/// What is known of a stored message besides itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotations {
    /// It was corrected: its text is what was meant.
    pub edited: Option<Edited>,
    /// It was retracted by us, and that is not known to be sent.
    pub retracting: Option<MessageState>,
    /// Who reacts to it with what; nobody twice.
    pub reactions: Vec<Reacted>,
    /// What it answers.
    pub reply: Option<Quoted>,
}

/// A correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edited {
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: MessageState,
}

/// The reactions of one person.
#[derive(Clone, PartialEq, Eq)]
pub struct Reacted {
    /// Who: ourselves or the peer.
    pub author: Direction,
    /// In a room, who of those who are there.
    pub occupant: Option<Author>,
    /// With what, at least one.
    pub emoji: Vec<Emoji>,
    /// Where that stands.
    pub state: MessageState,
}

impl fmt::Debug for Reacted {
    /// Messages are private: no emoji is shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reacted({:?}, {}, {:?})", self.author, self.emoji.len(), self.state)
    }
}

/// The message that another one answers.
#[derive(Clone, PartialEq, Eq)]
pub struct Quoted {
    /// What its author calls it.
    pub to: OriginId,
    /// Which, if it is here.
    pub id: Option<MessageId>,
    /// Whose, as far as that is known.
    pub author: Option<Direction>,
    /// The start of its text, at most 200 characters; `None` where it is not here, was retracted or can't be read.
    pub text: Option<String>,
    /// Whether it was encrypted; of one that is not here it is not known, and so it counts as that.
    pub privacy: Privacy,
}

impl Quoted {
    /// The same answer once more.
    pub fn again(&self) -> Reply {
        Reply {
            to: self.to.clone(),
            author: self.author.unwrap_or(Direction::Incoming),
            quote: self.text.clone().unwrap_or_default(),
            quoted: self.privacy,
        }
    }
}

impl fmt::Debug for Quoted {
    /// Messages are private: the text is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Quoted({:?}, {:?}, {:?} bytes)", self.id, self.author, self.text.as_ref().map(String::len))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_emoji_is_one_and_nothing_else_is() {
        for emoji in [
            "👍",
            "❤️",
            "❤",
            "👩🏽‍🚀",
            "🇫🇷",
            "1️⃣",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "👨‍👩‍👧‍👦",
            "🫠",
            "☕",
        ] {
            assert_eq!(Emoji::new(emoji).as_ref().map(Emoji::as_str), Some(emoji));
        }
        let long = "👩‍".repeat(20) + "👩";
        for none in [
            "",
            " ",
            "a",
            "1",
            "👍👍",
            "👍 ",
            "ok👍",
            "🇫",
            "\u{200D}",
            "👍\u{200D}",
            "\u{FE0F}",
            "<",
            "🏽",
            "<script>",
            "é",
            &long,
        ] {
            assert_eq!(Emoji::new(none), None, "{none:?}");
        }
    }

    #[test]
    fn no_text_shows_when_things_are_written_down_for_developers() {
        let emoji = vec![Emoji::new("👍").unwrap()];
        let to = OriginId::new("m1").unwrap();
        let reply = Reply {
            to: to.clone(),
            author: Direction::Incoming,
            quote: "secret".into(),
            quoted: Privacy::Clear,
        };
        let quoted =
            Quoted { to, id: None, author: None, text: Some("secret".into()), privacy: Privacy::Clear };
        let reacted = Reacted {
            author: Direction::Incoming,
            occupant: None,
            emoji: emoji.clone(),
            state: MessageState::Sent,
        };
        for shown in [
            format!("{:?}", Says::Correction("secret".into())),
            format!("{:?}", Says::Reactions(emoji)),
            format!("{reply:?} {quoted:?} {reacted:?}"),
        ] {
            assert!(!shown.contains("secret") && !shown.contains('👍'), "{shown}");
        }
    }
}
