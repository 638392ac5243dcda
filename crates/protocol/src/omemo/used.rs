//! How long our one-time pre-keys are kept that somebody has used, for others who have taken the same: until we have been online for a
//! while since, or for as long as the locksmith keeps them at all.

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::OmemoVersion;
use causerie_omemo::KEEP_USED;

use super::{Keys, Omemo, own};
use crate::step::Step;

/// So long after its first use, or after we came online if that was later, everything has come that was sent before: removal SHOULD wait
/// until a catch-up has ended (XEP-0384 0.9.1, "Business Rules").
const CAUGHT_UP_AFTER: Duration = Duration::from_secs(600);

/// The pre-keys that are kept.
#[derive(Default)]
pub(super) struct Used {
    /// Since when we are online since their use.
    online: BTreeMap<(OmemoVersion, u32), Duration>,
    /// When the oldest may have been kept for long enough, online or not.
    expires: Option<Duration>,
}

impl Used {
    /// One was used, or we came online.
    pub(super) fn watch(&mut self, version: OmemoVersion, prekey: u32, now: Duration) {
        self.online.entry((version, prekey)).or_insert(now);
    }

    pub(super) fn went_offline(&mut self) {
        self.online.clear();
    }

    pub(super) fn next_wake(&self) -> Option<Duration> {
        let caught_up = self.online.values().map(|since| since.saturating_add(CAUGHT_UP_AFTER));
        caught_up.chain(self.expires).min()
    }
}

impl Omemo {
    /// We are online: from now on what waits for us comes.
    pub(super) fn watch_used_prekeys(&mut self, step: &Step<'_>) {
        let Keys::Open(open) = &self.keys else { return };
        for (version, prekey, _) in open.own.used_prekeys() {
            self.publishing.used.watch(version, prekey, step.now.elapsed);
        }
    }

    /// Removes those that were kept for long enough.
    pub(super) fn forget_used_prekeys(&mut self, step: &mut Step<'_>) {
        let Keys::Open(open) = &mut self.keys else { return };
        let used = &mut self.publishing.used;
        let now = own::moment(step);
        let mut changed = open.own.expire(now);
        let is_due = |_: &(OmemoVersion, u32), since: &mut Duration| {
            since.saturating_add(CAUGHT_UP_AFTER) <= step.now.elapsed
        };
        let due: Vec<_> = used.online.extract_if(.., is_due).map(|(which, _)| which).collect();
        for (version, prekey) in due {
            changed |= open.own.consume(version, prekey);
        }
        let oldest = open.own.used_prekeys().map(|(.., at)| at).min();
        used.expires = oldest.map(|at| {
            let left = at.saturating_add(KEEP_USED).saturating_sub(now.passed).max(1);
            step.now.elapsed.saturating_add(Duration::from_secs(left))
        });
        if changed {
            open.keep(step);
        }
    }
}
