//! What the locksmith costs: `cargo bench -p causerie-omemo`.

use causerie_model::{DeviceId, OmemoVersion};
use causerie_omemo::{Kind, MAX_JUMP, OwnKeys, PeerBundle, Record, Sealed};
use criterion::Criterion;
use rand::SeedableRng;
use rand::rngs::StdRng;

const NOW: u64 = 1_800_000_000;
const KEYS: [u8; 48] = [7; 48];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    benches(&mut criterion);
    criterion.final_summary();
}

struct Pair {
    rng: StdRng,
    alice: OwnKeys,
    bob: OwnKeys,
    at_alice: Record,
    at_bob: Record,
}

impl Pair {
    /// Two devices that have heard of each other.
    fn new(version: OmemoVersion) -> Self {
        let mut rng = StdRng::seed_from_u64(1);
        let alice = OwnKeys::generate(DeviceId::new(1).expect("1 is an id"), &mut rng, NOW);
        let bob = OwnKeys::generate(DeviceId::new(2).expect("2 is an id"), &mut rng, NOW);
        let at_alice = initiate(version, &alice, &bob, &mut rng);
        let mut pair = Self { rng, alice, bob, at_alice, at_bob: Record::new(version) };
        let first = pair.alice_writes();
        pair.bob_reads(&first);
        let answer = pair.bob_writes();
        pair.alice_reads(&answer);
        pair
    }

    fn alice_writes(&mut self) -> Sealed {
        let (record, sealed) =
            self.at_alice.encrypt(&self.alice, &KEYS, &mut self.rng).expect("there is a session");
        self.at_alice = record;
        sealed
    }

    fn bob_writes(&mut self) -> Sealed {
        let (record, sealed) =
            self.at_bob.encrypt(&self.bob, &KEYS, &mut self.rng).expect("there is a session");
        self.at_bob = record;
        sealed
    }

    fn alice_reads(&mut self, sealed: &Sealed) {
        self.at_alice = open(&self.at_alice, &self.alice, sealed);
    }

    fn bob_reads(&mut self, sealed: &Sealed) {
        self.at_bob = open(&self.at_bob, &self.bob, sealed);
    }
}

fn initiate(version: OmemoVersion, own: &OwnKeys, peer: &OwnKeys, rng: &mut StdRng) -> Record {
    let bundle = PeerBundle::read(version, &peer.bundle(version)).expect("our own bundle is good");
    Record::new(version).initiate(own, &bundle, rng).expect("a good bundle makes a session")
}

fn open(record: &Record, own: &OwnKeys, sealed: &Sealed) -> Record {
    record.decrypt(own, &sealed.bytes, sealed.kind, NOW).expect("it was just encrypted").record
}

fn benches(criterion: &mut Criterion) {
    for version in OmemoVersion::ALL {
        let mut group = criterion.benchmark_group(format!("{version:?}"));
        let mut pair = Pair::new(version);
        let sealed = pair.alice_writes();
        pair.bob_reads(&sealed);
        group.bench_function("encrypt", |bencher| {
            bencher.iter(|| pair.at_alice.encrypt(&pair.alice, &KEYS, &mut pair.rng));
        });
        let sealed = pair.alice_writes();
        pair.bob_reads(&sealed);
        let sealed = pair.alice_writes();
        group.bench_function("decrypt, same chain", |bencher| {
            bencher.iter(|| open(&pair.at_bob, &pair.bob, &sealed));
        });
        let answer = pair.bob_writes();
        group.bench_function("decrypt, ratchet turns", |bencher| {
            bencher.iter(|| open(&pair.at_alice, &pair.alice, &answer));
        });
        let owing = open(&pair.at_alice, &pair.alice, &answer);
        group.bench_function("encrypt, ratchet turns", |bencher| {
            bencher.iter(|| owing.encrypt(&pair.alice, &KEYS, &mut pair.rng));
        });
        group.bench_function("encrypt, state from and to bytes", |bencher| {
            let stored = pair.at_alice.encode();
            bencher.iter(|| {
                let record = Record::decode(&stored).expect("it was just stored");
                record.encrypt(&pair.alice, &KEYS, &mut pair.rng).expect("there is a session").0.encode()
            });
        });
        group.bench_function("set-up, initiator with bundle", |bencher| {
            bencher.iter(|| initiate(version, &pair.alice, &pair.bob, &mut pair.rng));
        });
        let (_, first) = initiate(version, &pair.alice, &pair.bob, &mut pair.rng)
            .encrypt(&pair.alice, &KEYS, &mut pair.rng)
            .expect("there is a session");
        assert_eq!(first.kind, Kind::KeyExchange);
        group.bench_function("set-up, responder with first message", |bencher| {
            bencher.iter(|| open(&Record::new(version), &pair.bob, &first));
        });
        group.sample_size(20);
        let mut ahead = pair.at_alice.clone();
        for _ in 0..MAX_JUMP - 10 {
            ahead = ahead.encrypt(&pair.alice, &KEYS, &mut pair.rng).expect("there is a session").0;
        }
        let mut forged = ahead.encrypt(&pair.alice, &KEYS, &mut pair.rng).expect("there is a session").1;
        *forged.bytes.last_mut().expect("a message has bytes") ^= 1;
        group.bench_function("a forged jump of 25,000, refused", |bencher| {
            bencher.iter(|| {
                let refused = pair.at_bob.decrypt(&pair.bob, &forged.bytes, forged.kind, NOW);
                assert!(refused.is_err());
            });
        });
        group.bench_function("1,000 messages, turns of five", |bencher| {
            bencher.iter(|| {
                for _ in 0..100 {
                    for _ in 0..5 {
                        let sealed = pair.alice_writes();
                        pair.bob_reads(&sealed);
                    }
                    for _ in 0..5 {
                        let sealed = pair.bob_writes();
                        pair.alice_reads(&sealed);
                    }
                }
            });
        });
        group.finish();
    }
    criterion.bench_function("new keys of a device", |bencher| {
        let mut rng = StdRng::seed_from_u64(1);
        bencher.iter(|| OwnKeys::generate(DeviceId::new(1).expect("1 is an id"), &mut rng, NOW));
    });
}
