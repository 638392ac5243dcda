//! A session as stored bytes.

use causerie_model::OmemoVersion;

use crate::Damaged;
use crate::stored::{Reader, Writer};

use super::chain::Chain;
use super::skipped::Skipped;
use super::{Closed, MAX_CLOSED, Receiving, Role, Sending, Session, Unanswered};

/// How a session is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Our ratchet key, and a sending chain or none. It was written when our side turned at once.
    Eager,
    /// The present one.
    Deferred,
}

impl Session {
    pub(crate) fn write(&self, out: &mut Writer) {
        out.byte(match self.role {
            Role::Initiator => 1,
            Role::Responder => 2,
        });
        out.identity(&self.peer);
        out.public(&self.base_key);
        out.secret(&self.root);
        match &self.sending {
            Sending::Due => out.byte(0),
            Sending::PreKey(pair) => {
                out.byte(1);
                out.pair(pair);
            }
            Sending::Chain(pair, chain) => {
                out.byte(2);
                out.pair(pair);
                chain.write(out);
            }
        }
        out.u32(self.previous_sent);
        out.option(self.receiving.as_ref(), |out, receiving| {
            out.public(&receiving.key);
            receiving.chain.write(out);
            out.u32(receiving.lost_below);
            out.byte(u8::from(receiving.heartbeat_asked));
        });
        self.skipped.write(out);
        out.list(self.closed.iter(), |out, closed| {
            out.public(&closed.key);
            out.u32(closed.length);
            out.u32(closed.lost_below);
        });
        out.option(self.unanswered, |out, unanswered| {
            out.u32(unanswered.prekey_id);
            out.u32(unanswered.signed_prekey_id);
        });
    }

    pub(crate) fn read(
        version: OmemoVersion,
        layout: Layout,
        from: &mut Reader<'_>,
    ) -> Result<Self, Damaged> {
        Ok(Self {
            version,
            role: match from.byte()? {
                1 => Role::Initiator,
                2 => Role::Responder,
                _ => return Err(Damaged),
            },
            peer: from.identity()?,
            base_key: from.public()?,
            root: from.secret()?,
            sending: match layout {
                Layout::Eager => match (from.pair()?, from.option(Chain::read)?) {
                    (pair, Some(chain)) => Sending::Chain(pair, chain),
                    (pair, None) => Sending::PreKey(pair),
                },
                Layout::Deferred => match from.byte()? {
                    0 => Sending::Due,
                    1 => Sending::PreKey(from.pair()?),
                    2 => Sending::Chain(from.pair()?, Chain::read(from)?),
                    _ => return Err(Damaged),
                },
            },
            previous_sent: from.u32()?,
            receiving: from.option(|from| {
                Ok(Receiving {
                    key: from.public()?,
                    chain: Chain::read(from)?,
                    lost_below: from.u32()?,
                    heartbeat_asked: match from.byte()? {
                        0 => false,
                        1 => true,
                        _ => return Err(Damaged),
                    },
                })
            })?,
            skipped: Skipped::read(from)?,
            closed: from.list(MAX_CLOSED, |from| {
                Ok(Closed { key: from.public()?, length: from.u32()?, lost_below: from.u32()? })
            })?,
            unanswered: from
                .option(|from| Ok(Unanswered { prekey_id: from.u32()?, signed_prekey_id: from.u32()? }))?,
        })
    }
}
