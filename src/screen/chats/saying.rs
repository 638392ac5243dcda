//! What is said of messages, and to them, as commands under fresh names.

use causerie_model::{
    BareJid, Body, Command, Direction, Emoji, Message, MessageState, OriginId, Privacy, Problem, Protection,
    Reply,
};

use crate::i18n::I18n;

/// What is said besides a new message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A text that answers a message.
    Answer(String, Reply),
    /// What a message of ours was meant to be.
    Correction(Target, String),
    /// That a message of ours be forgotten.
    Retraction(Target),
    /// All our reactions to a message.
    Reactions(Target, Vec<Emoji>),
}

/// A message of which something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// What its author called it.
    pub(crate) id: OriginId,
    /// How it was protected: of one that was encrypted nothing is said in clear.
    pub(crate) privacy: Privacy,
}

impl Target {
    /// That message, if it has a name.
    pub(crate) fn of(found: &Message) -> Option<Self> {
        let privacy = match found.protection {
            Protection::Clear => Privacy::Clear,
            Protection::Encrypted(_) => Privacy::Encrypted,
        };
        Some(Self { id: found.origin.clone()?, privacy })
    }
}

/// The command that says it, under a fresh name.
pub(crate) fn command(said: Said, peer: BareJid, random: [u8; 16], i18n: &I18n) -> Command {
    let id = OriginId::from_random(random);
    match said {
        Said::Answer(body, reply) => Command::SendReply { id, peer, body: body.into(), reply },
        Said::Correction(Target { id: target, privacy: target_privacy }, body) => {
            Command::CorrectMessage { id, peer, target, target_privacy, body: body.into() }
        }
        Said::Retraction(Target { id: target, privacy: target_privacy }) => {
            let fallback = i18n.get("message-deleted-fallback");
            Command::RetractMessage { id, peer, target, target_privacy, fallback }
        }
        Said::Reactions(Target { id: target, privacy: target_privacy }, emoji) => {
            Command::React { id, peer, target, target_privacy, emoji }
        }
    }
}

/// What can be done with a message, beside copying it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offered {
    /// It can be answered.
    pub(crate) answers: bool,
    /// It can be reacted to.
    pub(crate) reacts: bool,
    /// It is ours, and can be corrected and deleted for everyone.
    pub(crate) changes: bool,
}

/// What can be done with a message in a conversation that is to be so. What is said of one that was encrypted goes encrypted there as
/// well; an answer is a message like others, and goes as they do.
pub(crate) fn offered(found: &Message, privacy: Privacy) -> Offered {
    let is_open = privacy == Privacy::Clear;
    let is_named = found.origin.is_some() && matches!(found.body, Body::Text(_));
    let has_gone = !matches!(found.state, MessageState::Pending | MessageState::Failed(_));
    let reacts = is_named && has_gone;
    let answers = reacts && !(is_open && found.protection != Protection::Clear);
    Offered { answers, reacts, changes: reacts && found.direction == Direction::Outgoing }
}

/// An answer to a message. `None` where it has no name or no text.
pub(crate) fn reply(found: &Message) -> Option<Reply> {
    let Body::Text(text) = &found.body else { return None };
    let Target { id: to, privacy: quoted } = Target::of(found)?;
    /// As much as others are shown of it.
    const MOST: usize = 300;
    let quote = text.chars().take(MOST).collect();
    Some(Reply { to, author: found.direction, quote, quoted })
}

/// Our reactions to a message when one of them was pressed: it is added, or taken away.
pub(crate) fn toggled(found: &Message, pressed: Emoji) -> Option<Said> {
    let ours = found.annotations.reactions.iter().find(|by| by.author == Direction::Outgoing);
    let mut emoji = ours.map(|by| by.emoji.clone()).unwrap_or_default();
    match emoji.iter().position(|one| *one == pressed) {
        Some(place) => drop(emoji.remove(place)),
        None => emoji.push(pressed),
    }
    Some(Said::Reactions(Target::of(found)?, emoji))
}

/// Our reactions to a message that were not sent, to be said once more; and why they were not.
pub(crate) fn unsent(found: &Message) -> Option<(Said, &Problem)> {
    let ours = found.annotations.reactions.iter().find(|by| by.author == Direction::Outgoing)?;
    let MessageState::Failed(problem) = &ours.state else { return None };
    Some((Said::Reactions(Target::of(found)?, ours.emoji.clone()), problem))
}

#[cfg(test)]
mod tests {
    use causerie_model::Reacted;

    use super::*;
    use crate::screen::samples;

    #[test]
    fn what_is_said_of_a_message_names_how_that_was_protected() {
        let messages = samples::messages();
        let sent = messages.iter().rfind(|message| message.state == MessageState::Sent).unwrap();
        let all = Offered { answers: true, reacts: true, changes: true };
        assert_eq!(offered(sent, Privacy::Encrypted), all);
        assert_eq!(offered(sent, Privacy::Clear), Offered { answers: false, ..all });
        assert_eq!(Target::of(sent).unwrap().privacy, Privacy::Encrypted);
        let clear = Message { protection: Protection::Clear, ..sent.clone() };
        for privacy in [Privacy::Clear, Privacy::Encrypted] {
            assert_eq!(offered(&clear, privacy), all);
        }
        assert_eq!(Target::of(&clear).unwrap().privacy, Privacy::Clear);
        let theirs = messages.iter().find(|message| message.direction == Direction::Incoming).unwrap();
        assert_eq!(offered(theirs, Privacy::Encrypted), Offered { changes: false, ..all });
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
        let ours =
            |emoji| Reacted { author: Direction::Outgoing, occupant: None, emoji, state: MessageState::Sent };
        message.annotations.reactions = vec![ours(vec![one.clone(), other.clone()])];
        assert_eq!(set(toggled(&message, one.clone())), std::slice::from_ref(&other));
        assert_eq!(unsent(&message), None);
        // What was not sent is said once more as it was.
        message.annotations.reactions[0].state = MessageState::Failed(Problem::RemoteUnreachable);
        let (said, problem) = unsent(&message).unwrap();
        assert_eq!((set(Some(said)), problem), (vec![one, other], &Problem::RemoteUnreachable));
    }
}
