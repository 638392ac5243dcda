//! The order of a conversation, against the archive's.

use std::collections::BTreeMap;

use crate::device::Device;
use crate::verdict::{Name, Named};

/// What stands where it should not.
#[derive(Debug, Default)]
pub(crate) struct Moved {
    /// Behind something that the archive has after it. What was written on the device itself is left out of these.
    pub(crate) others: Vec<Name>,
    /// Written on the device itself, and behind something that the archive has after it. What the archive has before it may stand behind it:
    /// that came when it had been written.
    pub(crate) behind_later: Vec<Name>,
    /// Written on the device itself, and before something that was there when it was written, unless what the archive has before that came
    /// later.
    pub(crate) before_earlier: Vec<Name>,
}

impl Moved {
    pub(crate) fn is_none(&self) -> bool {
        self.others.is_empty() && self.behind_later.is_empty() && self.before_earlier.is_empty()
    }
}

/// Looks at a device's rows, with the archive of its account.
pub(crate) fn compare(device: &Device, rows: &[Named], archive: &[Named]) -> Moved {
    let mut places: BTreeMap<&Name, usize> = BTreeMap::new();
    for (place, (name, _)) in archive.iter().enumerate() {
        if let Some(name) = name {
            places.entry(name).or_insert(place);
        }
    }
    let here: BTreeMap<&Name, usize> =
        rows.iter().enumerate().filter_map(|(row, (name, _))| Some((name.as_ref()?, row))).collect();
    let mut last = 0;
    let mut moved = Moved::default();
    for (row, (name, _)) in rows.iter().enumerate() {
        let Some(name) = name else { continue };
        if name.0 == device.tag {
            let was_there = device.heard_before(name.1);
            // What the archive has before something that was there, and came later itself, takes it along.
            let came_later = |other: &&Name| {
                other.0 != device.tag
                    && here.get(*other).is_some_and(|other| *other > row)
                    && !was_there.iter().any(|earlier| earlier == *other)
            };
            let first_of_later =
                places.iter().filter(|(other, _)| came_later(other)).map(|(_, at)| *at).min();
            let stands_wrong = |earlier: &Name| {
                let is_behind = here.get(earlier).is_some_and(|earlier| *earlier > row);
                let is_taken_along = first_of_later
                    .is_some_and(|first| places.get(earlier).is_some_and(|earlier| first < *earlier));
                is_behind && !is_taken_along
            };
            if was_there.iter().any(stands_wrong) {
                moved.before_earlier.push(name.clone());
            }
        }
        let Some(place) = places.get(name) else { continue };
        match (*place < last, name.0 == device.tag) {
            (true, true) => moved.behind_later.push(name.clone()),
            (true, false) => moved.others.push(name.clone()),
            (false, true) => {}
            (false, false) => last = *place,
        }
    }
    moved
}
