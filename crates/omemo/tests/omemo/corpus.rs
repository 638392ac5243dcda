//! What the fuzzers begin with, and what they have found, read again; and each changed in ways of its own.

use std::path::Path;

use crate::fuzzed;
use crate::seeded::Seeded;

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 6] = [
    ("bundle", fuzzed::bundle),
    ("names", fuzzed::names),
    ("message", fuzzed::message),
    ("key_exchange", fuzzed::key_exchange),
    ("payloads", fuzzed::payloads),
    ("stored", fuzzed::stored),
];

/// With `UPDATE=1` the seeds are written anew.
#[test]
#[expect(clippy::disallowed_methods, reason = "the seeds are files")]
fn seeds_are_read_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    if std::env::var("UPDATE").is_ok() {
        for (name, seeds) in fuzzed::seeds() {
            std::fs::create_dir_all(folder.join(name)).unwrap();
            for (nth, seed) in seeds.iter().enumerate() {
                std::fs::write(folder.join(name).join(format!("{nth:02}")), seed).unwrap();
            }
        }
    }
    for (name, target) in TARGETS {
        let files: Vec<_> = std::fs::read_dir(folder.join(name)).unwrap().flatten().collect();
        assert!(!files.is_empty(), "{name}");
        for file in files {
            target(&std::fs::read(file.path()).unwrap());
        }
    }
}

#[test]
fn changed_seeds_break_nothing() {
    let mut rng = Seeded::new(1);
    for (name, seeds) in fuzzed::seeds() {
        let (_, target) = TARGETS.into_iter().find(|(target, _)| *target == name).unwrap();
        for seed in &seeds {
            target(seed);
            for _ in 0..200 {
                target(&changed(seed, &mut rng));
            }
        }
    }
}

/// A few bits flipped, bytes taken out or put in, the end cut off.
fn changed(seed: &[u8], rng: &mut Seeded) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=rng.below(4) {
        let at = rng.below(bytes.len() + 1);
        match rng.below(6) {
            0..3 if at < bytes.len() => bytes[at] ^= 1 << rng.below(8),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            4 => bytes.insert(at, rng.below(256) as u8),
            5 => bytes.truncate(at),
            _ => {}
        }
    }
    bytes
}
