//! Pre-keys for key exchanges that are not read yet.

use std::fmt;

use causerie_model::OmemoVersion;
use zeroize::Zeroizing;

use super::OwnKeys;
use crate::Damaged;
use crate::curve::{KeyPair, PublicKey};
use crate::stored::{Reader, Writer};
use crate::wire::KeyExchange;

/// The version of the stored encoding.
const ENCODING: u8 = 1;
/// How many stored ones are believed: a message has a few key exchanges for a device at most.
const MOST: usize = 16;

/// The private halves of those pre-keys of ours that some key exchanges name, kept for as long as these wait to be read: by then they may
/// be used, expired or rotated out of [`OwnKeys`]. They are kept apart from those, and so for nobody else: whoever takes what is stored can
/// read what was sent in these exchanges before our first answer, as with those that are kept after their use ([`OwnKeys::set_aside`]).
pub struct LentKeys(Vec<Lent>);

struct Lent {
    version: OmemoVersion,
    signed: (u32, KeyPair),
    one_time: (u32, KeyPair),
}

impl OwnKeys {
    /// What these key exchanges need, each of that version and as it was received. One whose pre-keys are not here any more, or that has
    /// been read, needs nothing; `None` where none does.
    pub fn lend<'a>(
        &self,
        exchanges: impl IntoIterator<Item = (OmemoVersion, &'a [u8])>,
    ) -> Option<LentKeys> {
        let lend = |(version, bytes): (OmemoVersion, &[u8])| {
            let exchange = KeyExchange::decode(version, bytes).ok()?;
            let base_key = PublicKey::new(&exchange.base_key).ok()?;
            if self.was_used_by(version, exchange.prekey_id, &base_key) {
                return None;
            }
            let signed = self.signed_prekey(version, exchange.signed_prekey_id)?;
            let one_time = self.one_time_prekey(version, exchange.prekey_id)?;
            Some(Lent {
                version,
                signed: (exchange.signed_prekey_id, signed.clone()),
                one_time: (exchange.prekey_id, one_time.clone()),
            })
        };
        let lent: Vec<Lent> = exchanges.into_iter().take(MOST).filter_map(lend).collect();
        (!lent.is_empty()).then_some(LentKeys(lent))
    }

    /// These keys with what was lent, to read the exchanges for which it was. Not to be published or stored: the signed pre-key of before may
    /// be missing.
    pub fn with_lent(&self, lent: &LentKeys) -> Self {
        let mut own = self.clone();
        for Lent { version, signed, one_time } in &lent.0 {
            own.prekeys_mut(*version).take_back(signed, one_time);
        }
        own
    }
}

impl LentKeys {
    /// To be stored sealed.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Writer::new(ENCODING);
        out.list(self.0.iter(), |out, Lent { version, signed, one_time }| {
            out.byte(match version {
                OmemoVersion::Legacy => 1,
                OmemoVersion::Omemo2 => 2,
            });
            for (id, pair) in [signed, one_time] {
                out.u32(*id);
                out.pair(pair);
            }
        });
        out.finish()
    }

    /// Reads what [`LentKeys::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, Damaged> {
        let mut from = Reader::new(bytes, ENCODING)?;
        let lent = from.list(MOST, |from| {
            let version = match from.byte()? {
                1 => OmemoVersion::Legacy,
                2 => OmemoVersion::Omemo2,
                _ => return Err(Damaged),
            };
            let signed = (from.u32()?, from.pair()?);
            Ok(Lent { version, signed, one_time: (from.u32()?, from.pair()?) })
        })?;
        from.finish()?;
        Ok(Self(lent))
    }
}

impl fmt::Debug for LentKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LentKeys({})", self.0.len())
    }
}
