//! What is said of messages, and to them, as commands under fresh names.

use causerie_model::{
    BareJid, Body, Command, Direction, Emoji, Message, OriginId, Privacy, Protection, Reply,
};

use crate::i18n::I18n;

/// What is said besides a new message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A text that answers a message.
    Answer(String, Reply),
    /// What a message of ours was meant to be.
    Correction(OriginId, String),
    /// That a message of ours be forgotten.
    Retraction(OriginId),
    /// All our reactions to a message.
    Reactions(OriginId, Vec<Emoji>),
}

/// The command that says it, under a fresh name.
pub(crate) fn command(said: Said, peer: BareJid, random: [u8; 16], i18n: &I18n) -> Command {
    let id = OriginId::from_random(random);
    match said {
        Said::Answer(body, reply) => Command::SendReply { id, peer, body: body.into(), reply },
        Said::Correction(target, body) => Command::CorrectMessage { id, peer, target, body: body.into() },
        Said::Retraction(target) => {
            Command::RetractMessage { id, peer, target, fallback: i18n.get("message-deleted-fallback") }
        }
        Said::Reactions(target, emoji) => Command::React { id, peer, target, emoji },
    }
}

/// What can be done with a message, beside copying it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offered {
    /// It can be answered, and reacted to.
    pub(crate) answers: bool,
    /// It is ours, and can be corrected and deleted for everyone.
    pub(crate) changes: bool,
}

/// What can be done with a message in a conversation that is to be so. Of one that was encrypted nothing is said in clear.
pub(crate) fn offered(found: &Message, privacy: Privacy) -> Offered {
    let is_open = privacy == Privacy::Clear;
    let is_named = found.origin.is_some() && matches!(found.body, Body::Text(_));
    let has_gone = !matches!(
        found.state,
        causerie_model::MessageState::Pending | causerie_model::MessageState::Failed(_)
    );
    let answers = is_named && has_gone && !(is_open && found.protection != Protection::Clear);
    Offered { answers, changes: answers && found.direction == Direction::Outgoing }
}

/// An answer to a message. `None` where it has no name or no text.
pub(crate) fn reply(found: &Message) -> Option<Reply> {
    let Body::Text(text) = &found.body else { return None };
    let quoted = match found.protection {
        Protection::Clear => Privacy::Clear,
        Protection::Encrypted(_) => Privacy::Encrypted,
    };
    /// As much as others are shown of it.
    const MOST: usize = 300;
    let quote = text.chars().take(MOST).collect();
    Some(Reply { to: found.origin.clone()?, author: found.direction, quote, quoted })
}

/// Our reactions to a message when one of them was pressed: it is added, or taken away.
pub(crate) fn toggled(found: &Message, pressed: Emoji) -> Option<Said> {
    let ours = found.annotations.reactions.iter().find(|by| by.author == Direction::Outgoing);
    let mut emoji = ours.map(|by| by.emoji.clone()).unwrap_or_default();
    match emoji.iter().position(|one| *one == pressed) {
        Some(place) => drop(emoji.remove(place)),
        None => emoji.push(pressed),
    }
    Some(Said::Reactions(found.origin.clone()?, emoji))
}

#[cfg(test)]
mod tests {
    use causerie_model::{MessageState, Reacted};

    use super::*;
    use crate::screen::samples;

    #[test]
    fn nothing_is_said_in_clear_of_what_was_encrypted() {
        let messages = samples::messages();
        let sent = messages.iter().rfind(|message| message.state == MessageState::Sent).unwrap();
        assert_eq!(offered(sent, Privacy::Encrypted), Offered { answers: true, changes: true });
        assert_eq!(offered(sent, Privacy::Clear), Offered::default());
        let clear = Message { protection: Protection::Clear, ..sent.clone() };
        for privacy in [Privacy::Clear, Privacy::Encrypted] {
            assert!(offered(&clear, privacy).changes);
        }
        let theirs = messages.iter().find(|message| message.direction == Direction::Incoming).unwrap();
        assert_eq!(offered(theirs, Privacy::Encrypted), Offered { answers: true, changes: false });
        let gone = Message { body: Body::Retracted, ..sent.clone() };
        assert_eq!(offered(&gone, Privacy::Encrypted), Offered::default());
        let waiting = Message { state: MessageState::Pending, ..sent.clone() };
        assert_eq!(offered(&waiting, Privacy::Encrypted), Offered::default());
    }

    #[test]
    fn pressed_again_a_reaction_is_taken_away() {
        let mut message = samples::messages().remove(0);
        let (one, other) = (Emoji::new("👍").unwrap(), Emoji::new("🎉").unwrap());
        let set = |said: Option<Said>| match said {
            Some(Said::Reactions(_, emoji)) => emoji,
            other => panic!("{other:?}"),
        };
        assert_eq!(set(toggled(&message, one.clone())), std::slice::from_ref(&one));
        let ours = |emoji| Reacted { author: Direction::Outgoing, emoji, state: MessageState::Sent };
        message.annotations.reactions = vec![ours(vec![one.clone(), other.clone()])];
        assert_eq!(set(toggled(&message, one)), [other]);
    }
}
