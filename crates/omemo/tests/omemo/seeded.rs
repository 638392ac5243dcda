//! Chance that is the same each time, on every machine and with every version of `rand`: SHA-256 of a seed and a counter.

use causerie_model::{DeviceId, OmemoVersion};
use causerie_omemo::{OwnKeys, PeerBundle, Record};
use rand_core::RngCore;
use sha2::{Digest, Sha256};

pub(crate) struct Seeded {
    seed: u64,
    counter: u64,
}

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, counter: 0 }
    }

    /// How often something was taken of it.
    pub(crate) fn drawn(&self) -> u64 {
        self.counter
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next_u64() % end as u64) as usize
    }
}

impl RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(self.counter.to_be_bytes());
            self.counter += 1;
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}

pub(crate) const NOW: u64 = 1_800_000_000;

pub(crate) fn own(device: u32, rng: &mut Seeded) -> OwnKeys {
    OwnKeys::generate(DeviceId::new(device).unwrap(), rng, NOW)
}

/// A record with a session that `own` has begun with `peer`.
pub(crate) fn initiated(version: OmemoVersion, own: &OwnKeys, peer: &OwnKeys, rng: &mut Seeded) -> Record {
    let bundle = PeerBundle::read(version, &peer.bundle(version)).unwrap();
    Record::new(version).initiate(own, &bundle, rng).unwrap()
}

pub(crate) fn hex(text: &str) -> Vec<u8> {
    let text = if text == "-" { "" } else { text };
    assert!(text.len().is_multiple_of(2));
    (0..text.len() / 2).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect()
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
