//! Two people with up to five devices each, and a mailbox between them that loses, doubles, reorders and forges; devices
//! come and go, and restart from what they have stored.
//!
//! Whatever the schedule: each message that is delivered is read exactly once and says what was written; a copy is a
//! duplicate; what was forged is refused and changes nothing; no message key is used twice.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{DeviceId, OmemoVersion};
use causerie_omemo::{
    Answer, Kind, OwnKeys, PeerBundle, PublishedBundle, ROTATION_PERIOD, Record, Refused, Sealed,
};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::other::{field, header};
use crate::seeded::{NOW, Seeded};

const MOST_DEVICES: usize = 5;
const MOST_SESSIONS: u32 = 8;

proptest! {
    #![proptest_config(ProptestConfig { cases: schedules(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_delivered_message_is_read_once(
        seed: u64,
        omemo2: bool,
        steps in proptest::collection::vec((0..100_u8, any::<u16>(), any::<u16>()), 1..120),
    ) {
        let version = if omemo2 { OmemoVersion::Omemo2 } else { OmemoVersion::Legacy };
        let mut world = World::new(version, seed);
        for (step, a, b) in steps {
            world.step(step, a.into(), b.into());
        }
        world.deliver_everything();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long to look is the tester's wish, and no part of what is tested"
)]
fn schedules() -> u32 {
    std::env::var("CAUSERIE_SCHEDULES").ok().and_then(|number| number.parse().ok()).unwrap_or(64)
}

struct Device {
    person: usize,
    own: OwnKeys,
    records: BTreeMap<u32, Record>,
    /// How many sessions were begun with a device, so that none is pushed out of an archive.
    sessions: BTreeMap<u32, u32>,
    /// What the server gives to everybody who asks, until another one is published. So that many take the same pre-key there are few.
    published: PublishedBundle,
    /// One-time pre-keys that are gone for good.
    gone: BTreeSet<u32>,
    rotations: u32,
}

#[derive(Clone)]
struct Letter {
    from: u32,
    to: u32,
    sealed: Sealed,
    plaintext: [u8; 32],
    /// Whether it was read before.
    is_read: bool,
}

struct World {
    version: OmemoVersion,
    rng: Seeded,
    now: u64,
    next_device: u32,
    devices: BTreeMap<u32, Device>,
    mailbox: Vec<Letter>,
    /// Writer, ratchet key and counter of all that was ever sent.
    used: BTreeSet<(u32, Vec<u8>, Vec<u8>)>,
}

impl World {
    fn new(version: OmemoVersion, seed: u64) -> Self {
        let mut world = Self {
            version,
            rng: Seeded::new(seed),
            now: NOW,
            next_device: 1,
            devices: BTreeMap::new(),
            mailbox: Vec::new(),
            used: BTreeSet::new(),
        };
        world.add_device(0);
        world.add_device(1);
        world
    }

    fn step(&mut self, step: u8, a: usize, b: usize) {
        match step {
            0..35 => self.write(a),
            35..70 => self.deliver(a, Copies::One),
            70..78 => self.deliver(a, Copies::Kept),
            78..82 => self.lose(a),
            82..89 => self.forge(a, b),
            89..92 => self.add_device(a % 2),
            92..93 => self.remove_device(a),
            93..96 => self.restart(a),
            96..97 => self.rotate(a),
            97..99 => self.end_catch_up(a),
            _ => self.begin_anew(a, b),
        }
    }

    fn device(&self, choice: usize) -> u32 {
        *self.devices.keys().nth(choice % self.devices.len()).unwrap()
    }

    fn add_device(&mut self, person: usize) {
        if self.devices.values().filter(|device| device.person == person).count() < MOST_DEVICES {
            let id = self.next_device;
            self.next_device += 1;
            let own = OwnKeys::generate(DeviceId::new(id).unwrap(), &mut self.rng, self.now);
            let device = Device {
                person,
                published: few(&own, self.version),
                own,
                records: BTreeMap::new(),
                sessions: BTreeMap::new(),
                gone: BTreeSet::new(),
                rotations: 0,
            };
            self.devices.insert(id, device);
        }
    }

    fn remove_device(&mut self, choice: usize) {
        let id = self.device(choice);
        let person = self.devices[&id].person;
        if self.devices.values().filter(|device| device.person == person).count() > 1 {
            self.devices.remove(&id);
            self.mailbox.retain(|letter| letter.to != id && letter.from != id);
        }
    }

    /// To all devices of the other person, and all other devices of one's own.
    fn write(&mut self, choice: usize) {
        let from = self.device(choice);
        let others: Vec<u32> = self.devices.keys().copied().filter(|to| *to != from).collect();
        let mut plaintext = [0; 32];
        rand_core::RngCore::fill_bytes(&mut self.rng, &mut plaintext);
        for to in others {
            if self.has_session(from, to) || self.begin(from, to) {
                self.send(from, to, plaintext);
            }
        }
    }

    fn has_session(&self, from: u32, to: u32) -> bool {
        self.devices[&from].records.get(&to).is_some_and(Record::has_session)
    }

    /// Takes the peer's bundle from the server and begins a session.
    fn begin(&mut self, from: u32, to: u32) -> bool {
        let bundle = self.devices[&to].published.clone();
        let mine = self.devices.get_mut(&from).unwrap();
        let sessions = mine.sessions.entry(to).or_default();
        if *sessions == MOST_SESSIONS {
            return false;
        }
        *sessions += 1;
        let bundle = PeerBundle::read(self.version, &bundle).unwrap();
        let before = mine.records.get(&to).cloned().unwrap_or(Record::new(self.version));
        let record = before.initiate(&mine.own, &bundle, &mut self.rng).unwrap();
        mine.records.insert(to, record);
        true
    }

    fn send(&mut self, from: u32, to: u32, plaintext: [u8; 32]) {
        let device = self.devices.get_mut(&from).unwrap();
        let (record, sealed) = device.records[&to].encrypt(&device.own, &plaintext, &mut self.rng).unwrap();
        device.records.insert(to, record);
        let (key, counter) = header(self.version, &sealed);
        assert!(self.used.insert((from, key, counter)), "a message key is used twice");
        self.mailbox.push(Letter { from, to, sealed, plaintext, is_read: false });
    }

    fn deliver(&mut self, choice: usize, copies: Copies) {
        if self.mailbox.is_empty() {
            return;
        }
        let place = choice % self.mailbox.len();
        let letter = self.mailbox[place].clone();
        let was_read = self.read(&letter);
        match copies {
            Copies::One => drop(self.mailbox.swap_remove(place)),
            Copies::Kept => self.mailbox[place].is_read |= was_read,
        }
    }

    /// Whether it was read now.
    fn read(&mut self, letter: &Letter) -> bool {
        let device = self.devices.get_mut(&letter.to).unwrap();
        let record = device.records.get(&letter.from).cloned().unwrap_or(Record::new(self.version));
        let (bytes, kind) = (&letter.sealed.bytes, letter.sealed.kind);
        let outcome = record.decrypt(&device.own, bytes, kind, self.now);
        if letter.is_read {
            assert_eq!(outcome.unwrap_err(), Refused::Duplicate);
            return false;
        }
        let opened = match outcome {
            Ok(opened) => opened,
            // A key exchange so late that its signed pre-key was rotated away twice: told, not lost in silence.
            Err(Refused::UnknownSignedPreKey) if device.rotations >= 2 => return false,
            // Or so late that its one-time pre-key is gone, because another had used it long before.
            Err(Refused::UnknownPreKey) if device.gone.contains(&prekey(self.version, &letter.sealed)) => {
                return false;
            }
            Err(refused) => panic!("{refused} in a schedule without a reason"),
        };
        assert_eq!(opened.plaintext.as_slice(), letter.plaintext);
        assert_eq!(device.own.set_aside(&opened, self.now), opened.consumed_prekey.is_some());
        device.records.insert(letter.from, opened.record);
        if opened.answer == Some(Answer::Heartbeat) || (opened.answer.is_some() && self.rng.below(3) == 0) {
            self.send(letter.to, letter.from, [0xAA; 32]);
        }
        true
    }

    fn lose(&mut self, choice: usize) {
        if !self.mailbox.is_empty() {
            self.mailbox.swap_remove(choice % self.mailbox.len());
        }
    }

    /// A bit changed on the way. The letter itself stays in the mailbox.
    fn forge(&mut self, choice: usize, bit: usize) {
        if self.mailbox.is_empty() {
            return;
        }
        let place = choice % self.mailbox.len();
        let letter = self.mailbox[place].clone();
        let mut bytes = letter.sealed.bytes;
        let bit = bit % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        let device = self.devices.get_mut(&letter.to).unwrap();
        let record = device.records.get(&letter.from).cloned().unwrap_or(Record::new(self.version));
        let before = record.encode();
        let outcome = record.decrypt(&device.own, &bytes, letter.sealed.kind, self.now);
        assert_eq!(record.encode(), before);
        if let Ok(opened) = outcome {
            // No MAC covers the framing of a key exchange; what is in it was read all the same.
            assert_eq!(letter.sealed.kind, Kind::KeyExchange);
            assert_eq!(opened.plaintext.as_slice(), letter.plaintext);
            assert!(!letter.is_read, "a changed framing makes a replay new");
        }
    }

    /// Everything is forgotten but what was stored.
    fn restart(&mut self, choice: usize) {
        let id = self.device(choice);
        let device = self.devices.get_mut(&id).unwrap();
        device.own = OwnKeys::decode(&device.own.encode()).unwrap();
        for record in device.records.values_mut() {
            *record = Record::decode(&record.encode()).unwrap();
        }
    }

    fn rotate(&mut self, choice: usize) {
        let id = self.device(choice);
        self.now += ROTATION_PERIOD;
        let device = self.devices.get_mut(&id).unwrap();
        device.rotations += u32::from(device.own.rotate(&mut self.rng, self.now));
    }

    /// What was used is gone from the bundle, and for good.
    fn end_catch_up(&mut self, choice: usize) {
        let id = self.device(choice);
        let device = self.devices.get_mut(&id).unwrap();
        let used: Vec<_> = device.own.used_prekeys().collect();
        for (version, prekey, _) in used {
            assert!(device.own.consume(version, prekey));
            assert!(device.gone.insert(prekey));
        }
        device.own.refill(&mut self.rng);
        device.published = few(&device.own, self.version);
    }

    /// The person presses "repair": a new session although there is one.
    fn begin_anew(&mut self, a: usize, b: usize) {
        let (from, to) = (self.device(a), self.device(b));
        if from != to {
            self.begin(from, to);
        }
    }

    fn deliver_everything(&mut self) {
        while !self.mailbox.is_empty() {
            let choice = self.rng.below(self.mailbox.len());
            self.deliver(choice, Copies::One);
        }
    }
}

fn few(own: &OwnKeys, version: OmemoVersion) -> PublishedBundle {
    let mut bundle = own.bundle(version);
    bundle.prekeys.truncate(3);
    bundle
}

/// Which one-time pre-key a key exchange names.
fn prekey(version: OmemoVersion, sealed: &Sealed) -> u32 {
    let start = if version == OmemoVersion::Legacy { 1 } else { 0 };
    let id = field(&sealed.bytes[start..], 1).unwrap();
    u32::from_le_bytes(id[..4].try_into().unwrap())
}

enum Copies {
    One,
    Kept,
}
