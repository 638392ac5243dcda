//! What a message costs that may be forged, in all the sessions that it could belong to.

use super::Record;
use crate::ratchet::{Session, claimed};
use crate::record::Kind;
use crate::wire::{KeyExchange, Message};

impl Record {
    /// How many message keys have to be derived before it can be known whether somebody has forged a message: so much its counter claims,
    /// for each session that it could belong to. None for what is refused at once.
    pub fn effort(&self, bytes: &[u8], kind: Kind) -> u64 {
        let all = |message: &Message<'_>| match self
            .sessions
            .iter()
            .find(|session| session.knows(&message.ratchet_key))
        {
            Some(session) => session.effort(message),
            None => self.sessions.iter().map(|session| session.effort(message)).sum(),
        };
        match kind {
            Kind::Message => Message::decode(self.version, bytes).map_or(0, |message| all(&message)),
            Kind::KeyExchange => KeyExchange::decode(self.version, bytes).map_or(0, |exchange| {
                let named = |session: &&Session| session.base_key().as_bytes() == &exchange.base_key;
                match self.sessions.iter().find(named) {
                    Some(session) => session.effort(&exchange.message),
                    None => u64::from(claimed(exchange.message.counter)),
                }
            }),
        }
    }
}
