//! How much is kept of people whom nobody knows. What one address may make us keep is bounded elsewhere, and addresses cost nothing: so
//! all of them together are bounded here.
//!
//! A stranger is whoever is no contact, was never written to, and has no key about which a person has decided. Their messages stay
//! when they are forgotten; should they write again they need a new session, as with any program that lost its own.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::{BareJid, Change, Restored};

use super::Omemo;
use crate::step::Step;

/// How many sessions there are with strangers, all together. Who wrote last stays.
const MOST: usize = 2_000;
/// How many keys of messages that have not come are kept of a device of a stranger: 15 KB, 30 MB with [`MOST`].
pub(super) const MOST_SKIPPED: usize = 200;

/// Who may be a stranger, and when something was last encrypted by or for them.
#[derive(Default)]
pub(super) struct Strangers {
    /// To whom a person had written before this run.
    partners: BTreeSet<BareJid>,
    /// Whoever was not found to be known when it mattered last: their place in the order, and how many sessions there are with them.
    people: BTreeMap<BareJid, (Place, usize)>,
    order: BTreeMap<Place, BareJid>,
    sessions: usize,
    next: i64,
    before: i64,
}

/// The higher the later.
type Place = i64;

impl Strangers {
    pub(super) fn new(restored: &Restored) -> Self {
        let partners = restored.encryption.partners.iter().cloned().collect();
        let mut strangers = Self { partners, ..Self::default() };
        // The conversations that were active last come first.
        restored.conversations.iter().rev().for_each(|jid| strangers.used(jid, false));
        strangers
    }

    /// There is a session from an earlier run. Whose conversation is not known any more comes before all others.
    pub(super) fn restored(&mut self, jid: &BareJid) {
        if !self.people.contains_key(jid) {
            self.before -= 1;
            self.put(jid, self.before, 0);
        }
        if let Some((_, sessions)) = self.people.get_mut(jid) {
            *sessions += 1;
            self.sessions += 1;
        }
    }

    /// A session was used, or is new.
    pub(super) fn used(&mut self, jid: &BareJid, is_new: bool) {
        let sessions = self.take(jid).unwrap_or_default() + usize::from(is_new);
        self.next += 1;
        self.put(jid, self.next, sessions);
    }

    /// A session is gone.
    pub(super) fn lost(&mut self, jid: &BareJid) {
        if let Some((_, sessions)) = self.people.get_mut(jid).filter(|(_, sessions)| *sessions > 0) {
            *sessions -= 1;
            self.sessions -= 1;
        }
    }

    fn put(&mut self, jid: &BareJid, place: Place, sessions: usize) {
        self.people.insert(jid.clone(), (place, sessions));
        self.order.insert(place, jid.clone());
        self.sessions += sessions;
    }

    fn take(&mut self, jid: &BareJid) -> Option<usize> {
        let (place, sessions) = self.people.remove(jid)?;
        self.order.remove(&place);
        self.sessions -= sessions;
        Some(sessions)
    }

    /// Takes out whoever was used longest ago.
    fn oldest(&mut self) -> Option<(BareJid, usize)> {
        let jid = self.order.first_key_value()?.1.clone();
        let sessions = self.take(&jid)?;
        Some((jid, sessions))
    }
}

impl Omemo {
    /// Whether a person had written to them before this run.
    pub(crate) fn is_partner(&self, jid: &BareJid) -> bool {
        self.strangers.partners.contains(jid)
    }

    /// Forgets the strangers who wrote longest ago, if there are too many sessions with strangers.
    pub(crate) fn keep_strangers_few(&mut self, is_known: impl Fn(&BareJid) -> bool, step: &mut Step<'_>) {
        if self.strangers.sessions <= MOST {
            return;
        }
        let Self { strangers, people, account, .. } = self;
        let known = |jid: &&BareJid| {
            *jid == account
                || is_known(jid)
                || strangers.partners.contains(*jid)
                || people.is_decided_about(jid)
        };
        // They are counted again when they use a session that is new.
        let known: Vec<BareJid> = strangers.people.keys().filter(known).cloned().collect();
        for jid in &known {
            self.strangers.take(jid);
        }
        while self.strangers.sessions > MOST {
            let Some((jid, sessions)) = self.strangers.oldest() else { return };
            if sessions > 0 {
                self.sessions.retain(|name, _| name.jid != jid);
                self.turns.keep(|name| name.jid != jid);
                self.people.forget_stranger(&jid);
                step.record(Change::StrangerForgotten(jid));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use causerie_model::account::Activity;
    use causerie_model::{
        Account, AccountId, DeviceId, Fingerprint, OmemoVersion, OwnPresence, SessionName, Sharing,
        Timestamp, Trust,
    };
    use causerie_omemo::Record;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::super::Terms;
    use super::*;
    use crate::iq::Tracker;
    use crate::step::Ways;
    use crate::stream_management::Proof;
    use crate::{Effect, Effects, Now};

    fn jid(text: &str) -> BareJid {
        BareJid::new(text).unwrap()
    }

    fn restored() -> Restored {
        Restored {
            account: Account {
                id: AccountId(1),
                jid: jid("alice@a.example"),
                server: None,
                activity: Activity::Active,
                strongest_seen: None,
                plain_allowed: false,
                presence: OwnPresence::default(),
                sharing: Sharing::Nobody,
                confirming: causerie_model::Confirming::Nothing,
                roster_version: None,
                profile: causerie_model::Profile::default(),
                colour: None,
                moved_to: None,
            },
            roster: Vec::new(),
            blocked: Vec::new(),
            requests: Vec::new(),
            pending: Vec::new(),
            capabilities: Vec::new(),
            avatars: Vec::new(),
            conversations: Vec::new(),
            archive: None,
            gap: None,
            encryption: causerie_model::RestoredEncryption::default(),
            user_agent: None,
            tokens: Vec::new(),
            reading: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// Does something in a step and gives whom it made us forget.
    fn step(omemo: &mut Omemo, act: impl FnOnce(&mut Omemo, &mut Step<'_>)) -> Vec<BareJid> {
        let mut out = Effects::default();
        let now =
            Now { wall: Timestamp::from_millis(1_795_000_000_000), elapsed: Duration::ZERO, utc_offset: 0 };
        let own = jid("alice@a.example");
        let (tracker, rng) = (&mut Tracker::default(), &mut StdRng::seed_from_u64(1));
        let mut step = Step {
            now,
            own: &own,
            bound: None,
            ways: Ways::None,
            proof: Proof::Pings,
            tracker,
            rng,
            out: &mut out,
        };
        act(omemo, &mut step);
        omemo.keep_strangers_few(|jid| jid.as_str().starts_with("contact"), &mut step);
        let forgotten = |effect| match effect {
            Effect::Record(Change::StrangerForgotten(jid)) => Some(jid),
            _ => None,
        };
        out.0.into_iter().filter_map(forgotten).collect()
    }

    fn name(jid: &BareJid, device: u32) -> SessionName {
        let device = DeviceId::new(device).unwrap();
        SessionName { jid: jid.clone(), device, version: OmemoVersion::Omemo2 }
    }

    fn fingerprint(jid: &BareJid) -> Fingerprint {
        let mut bytes = [0; 32];
        jid.as_str().bytes().zip(&mut bytes).for_each(|(from, to)| *to = from);
        Fingerprint(bytes)
    }

    /// Somebody's device begins a session, or uses it again.
    fn writes(omemo: &mut Omemo, from: &BareJid, device: u32) -> Vec<BareJid> {
        step(omemo, |omemo, step| {
            let name = name(from, device);
            omemo.see(&name, fingerprint(from), Terms::Stranger, step);
            omemo.keep_session(name, Record::new(OmemoVersion::Omemo2), step);
        })
    }

    #[test]
    fn five_thousand_strangers_leave_two_thousand_sessions_and_all_contacts() {
        const STRANGERS: usize = 5_000;
        let partner = jid("partner@b.example");
        let verified = jid("verified@b.example");
        let mut start = restored();
        start.encryption.partners = vec![partner.clone()];
        let mut omemo = Omemo::new(&start);
        let contacts: Vec<BareJid> = (0..300).map(|n| jid(&format!("contact{n}@b.example"))).collect();
        let own = jid("alice@a.example");
        let mut known: Vec<&BareJid> = contacts.iter().collect();
        known.extend([&partner, &verified, &own]);
        // They wrote before all strangers, and have several devices.
        for jid in &known {
            (1..=4).for_each(|device| assert_eq!(writes(&mut omemo, jid, device), []));
        }
        step(&mut omemo, |omemo, step| {
            omemo.decide(&verified, fingerprint(&verified), Trust::Verified, step);
        });
        let faithful = jid("stranger-who-stays@x.example");
        let stranger = |n: usize| jid(&format!("stranger{n}@x{n}.example"));
        let mut forgotten = Vec::new();
        for n in 0..STRANGERS {
            forgotten.extend(writes(&mut omemo, &stranger(n), 7));
            if n % 500 == 0 {
                forgotten.extend(writes(&mut omemo, &faithful, 7));
            }
            assert!(omemo.sessions.len() <= MOST + known.len() * 4);
        }
        let has = |jid: &BareJid, device| omemo.sessions.contains_key(&name(jid, device));
        assert!(known.iter().all(|jid| (1..=4).all(|device| has(jid, device))));
        assert!(known.iter().all(|jid| omemo.people.knows(jid, fingerprint(jid))));
        assert_eq!(omemo.sessions.len(), MOST + known.len() * 4);
        // The oldest went first, each once, with the keys; whoever wrote again stayed.
        let expected: Vec<BareJid> = (0..=STRANGERS - MOST).map(stranger).collect();
        assert_eq!(forgotten, expected);
        assert!(has(&faithful, 7));
        for n in 0..STRANGERS {
            let is_there = n > STRANGERS - MOST;
            assert_eq!(has(&stranger(n), 7), is_there, "{n}");
            assert_eq!(omemo.people.knows(&stranger(n), fingerprint(&stranger(n))), is_there, "{n}");
        }
        // Nor does what is kept to know this grow.
        assert!(omemo.strangers.people.len() <= MOST + known.len());
        assert_eq!(omemo.strangers.people.len(), omemo.strangers.order.len());
    }

    #[test]
    fn after_a_restart_those_whose_conversations_are_oldest_go_first() {
        let mut start = restored();
        let stranger = |n: usize| jid(&format!("stranger{n}@x.example"));
        // The newest conversation first; of the last ones nothing is told.
        start.conversations = (0..1_500).map(stranger).collect();
        let mut omemo = Omemo::new(&start);
        for n in (0..MOST).rev() {
            omemo.strangers.restored(&stranger(n));
            omemo.sessions.insert(name(&stranger(n), 1), Record::new(OmemoVersion::Omemo2));
        }
        assert_eq!(step(&mut omemo, |_, _| {}), []);
        let mut forgotten = Vec::new();
        for n in 0..501 {
            forgotten.extend(writes(&mut omemo, &jid(&format!("new{n}@x.example")), 1));
        }
        let of_no_conversation = |jid: &&BareJid| (1_500..MOST).any(|n| stranger(n) == **jid);
        assert_eq!(forgotten.iter().take(500).filter(of_no_conversation).count(), 500);
        assert_eq!(forgotten[500..], [stranger(1_499)]);
    }

    /// What a step has recorded.
    fn recorded(omemo: &mut Omemo, act: impl FnOnce(&mut Omemo, &mut Step<'_>)) -> Vec<Change> {
        let mut changes = Vec::new();
        step(omemo, |omemo, step| {
            let before = step.out.0.len();
            act(omemo, step);
            let new = step.out.0.iter().skip(before);
            changes.extend(new.filter_map(|effect| match effect {
                Effect::Record(change) => Some(change.clone()),
                _ => None,
            }));
        });
        changes
    }

    #[test]
    fn a_contact_who_lists_ever_other_devices_leaves_64_sessions_those_of_listed_ones_first() {
        let contact = jid("contact@b.example");
        let listed = |omemo: &mut Omemo, ids: &[u32], step: &mut Step<'_>| {
            let ids: Vec<_> = ids.iter().map(|id| (DeviceId::new(*id).unwrap(), None)).collect();
            omemo.people.listed(&contact, OmemoVersion::Omemo2, &ids, step);
        };
        let mut omemo = Omemo::new(&restored());
        let mut forgotten = Vec::new();
        for device in 1..=300 {
            let changes = recorded(&mut omemo, |omemo, step| {
                // The first is always there; the second was at first, and is used all the time.
                listed(omemo, &[1, device], step);
                assert!(!omemo.is_crowded(&name(&contact, device)));
                for used in [2.min(device), device] {
                    omemo.keep_session(name(&contact, used), Record::new(OmemoVersion::Omemo2), step);
                }
            });
            forgotten.extend(changes.into_iter().filter_map(|change| match change {
                Change::SessionForgotten(name) => Some(name.device.get()),
                _ => None,
            }));
            assert!(omemo.sessions.len() <= 64);
        }
        assert_eq!(forgotten, (3..=238).collect::<Vec<_>>());
        assert_eq!(omemo.strangers.sessions, 64);
        assert!(omemo.turns.len() <= 64);
    }

    #[test]
    fn the_201st_key_of_somebody_takes_the_place_of_one_that_nobody_decided_about() {
        let contact = jid("contact@b.example");
        let mut omemo = Omemo::new(&restored());
        let (mut seen, mut forgotten) = (0, Vec::new());
        for n in 0..300_u32 {
            let mut bytes = [7; 32];
            bytes[..4].copy_from_slice(&n.to_be_bytes());
            let changes = recorded(&mut omemo, |omemo, step| {
                omemo.see(&name(&contact, n + 1), Fingerprint(bytes), Terms::Known, step);
                if n == 0 {
                    omemo.decide(&contact, Fingerprint(bytes), Trust::Verified, step);
                }
            });
            for change in changes {
                match change {
                    Change::KeySeen { .. } => seen += 1,
                    Change::KeyForgotten { fingerprint, .. } => forgotten.push(fingerprint.0[3]),
                    _ => {}
                }
            }
        }
        assert_eq!((seen, forgotten), (300, (1..=100).collect()));
    }
}
