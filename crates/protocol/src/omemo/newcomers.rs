//! Devices among our own that were not there before: whoever can write our lists, as our server can, could put one there that reads along.

use std::collections::BTreeSet;

use causerie_model::{BareJid, DeviceId, RestoredEncryption};

use super::wire::Listed;

/// How many devices are remembered. Who names more is told of again.
const MOST: usize = 1_000;

/// The devices of ours that a person knows of, or has been told of.
#[derive(Default)]
pub(super) struct Newcomers {
    /// Whether we were ever on our lists, or about to be: what came on them before that was there before us. A list that could not be had then
    /// is no exception, or else a server could keep one back for what it puts there later.
    since: Since,
    known: BTreeSet<DeviceId>,
}

/// Since when new devices are told of.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Since {
    /// Our keys are not made yet.
    #[default]
    NotYet,
    Begun,
}

impl Newcomers {
    /// What the last run knew: the devices on our lists, and those whose keys are not refused.
    pub(super) fn new(account: &BareJid, restored: &RestoredEncryption) -> Self {
        let lists = restored.lists.iter().filter(|(jid, ..)| jid == account);
        let keys = restored.keys.iter().filter(|(jid, _, _, trust, _)| jid == account && trust.may_read());
        let own = restored.own.iter().map(|(device, _)| *device);
        let listed = lists.clone().flat_map(|(_, _, devices)| devices.iter().copied());
        let is_new_here = restored.own.is_none() && lists.clone().next().is_none();
        Self {
            since: if is_new_here { Since::NotYet } else { Since::Begun },
            known: listed.chain(keys.map(|(_, device, ..)| *device)).chain(own).collect(),
        }
    }

    /// We have keys, and have seen what of our lists could be had.
    pub(super) fn begin(&mut self) {
        self.since = Since::Begun;
    }

    /// Those on a list of ours that are new. From now on they are known.
    pub(super) fn on(&mut self, devices: &[Listed]) -> Vec<DeviceId> {
        if self.known.len() > MOST {
            let is_there = |device: &DeviceId| devices.iter().any(|(id, _)| id == device);
            self.known.retain(is_there);
        }
        let ids = devices.iter().map(|(id, _)| *id);
        let new: Vec<DeviceId> = ids.filter(|id| self.known.insert(*id)).collect();
        if self.since == Since::NotYet { Vec::new() } else { new }
    }

    /// That device of ours is gone: should it come back, it is new.
    pub(super) fn forget(&mut self, device: DeviceId) {
        self.known.remove(&device);
    }
}
