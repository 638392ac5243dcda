//! What waits in memory while the disk takes nothing.

use crate::{BareJid, OriginId, PrivateText, Problem};

/// Whether what an account has to keep is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Storage {
    /// It is.
    #[default]
    Working,
    /// The disk is full, read-only or failing. It is tried again until it works: nothing is lost unless the program ends before.
    Failing {
        /// Why.
        problem: Problem,
        /// Messages that the person has written since, the oldest first.
        messages: Vec<Unkept>,
        /// Whether something else that they wrote waits too: a correction, a reaction, a draft.
        more: bool,
    },
}

/// A message that is not on the disk yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unkept {
    /// To whom.
    pub peer: BareJid,
    /// What it is called.
    pub id: OriginId,
    /// What it says.
    pub text: PrivateText,
}

impl Storage {
    /// Whether something that the person wrote would be lost if the program ended now.
    pub fn has_unkept(&self) -> bool {
        match self {
            Self::Working => false,
            Self::Failing { messages, more, .. } => *more || !messages.is_empty(),
        }
    }
}
