//! What somebody has written, on its way through the program.

use std::fmt;
use std::ops::Deref;

/// A text of a person's. It is for those to whom it is written: `Debug` tells its length alone.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PrivateText(String);

impl PrivateText {
    /// The text, to be kept or shown.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<String> for PrivateText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for PrivateText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Deref for PrivateText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        BareJid, Body, Change, Command, Direction, MessageState, NewMessage, OriginId, PendingMessage,
        Privacy, Protection, Timestamp,
    };

    #[test]
    fn no_text_shows_when_things_are_written_down_for_developers() {
        let (peer, id) = (BareJid::new("bob@b.example").unwrap(), OriginId::new("m1").unwrap());
        let text = || "secret".into();
        let (at, left) = (Timestamp::from_millis(0), crate::Left::Never);
        let pending = PendingMessage {
            peer: peer.clone(),
            id: id.clone(),
            body: "secret".to_owned(),
            at,
            privacy: Privacy::Encrypted,
            left,
            purpose: crate::Purpose::Message,
        };
        let added = NewMessage {
            peer: peer.clone(),
            direction: Direction::Outgoing,
            origin: Some(id.clone()),
            stanza: None,
            body: Body::Text("secret".to_owned()),
            at,
            state: MessageState::Pending,
            protection: Protection::Clear,
            reply: None,
            order: crate::Order::Last,
            naming: crate::Naming::Unique,
        };
        for shown in [
            format!("{:?}", Command::SendMessage { id: id.clone(), peer: peer.clone(), body: text() }),
            format!("{:?}", Command::RetryMessage { id, peer: peer.clone(), body: text(), reply: None }),
            format!("{:?}", Command::SaveDraft { peer: peer.clone(), text: text() }),
            format!("{:?}", Change::DraftSaved { peer, text: text() }),
            format!("{:?}", Change::MessageAdded(added)),
            format!("{pending:?}"),
        ] {
            assert!(!shown.contains("secret") && shown.contains("6 bytes"), "{shown}");
        }
    }
}
