//! Slow lines: for a while a wire carries a few thousand bytes a second, or nothing at all.

use std::time::{Duration, Instant};

use acceptance::chance::Chance;
use acceptance::rough::Way;
use serde_json::{Value, json};

use crate::device::Link;
use crate::scene::Scene;

/// What a slow line carries in a second, in bytes.
const LEAST: u64 = 4_000;
const MOST: u64 = 16_000;

/// What becomes of the lines. It has a chance of its own, so that the rest of a storm does not depend on it.
#[derive(Debug)]
pub(crate) struct Lines {
    chance: Chance,
    slow: usize,
    absences: usize,
    stalls: usize,
}

impl Lines {
    pub(crate) fn new(seed: u64) -> Self {
        Self { chance: Chance::of(seed, 1_001), slow: 0, absences: 0, stalls: 0 }
    }

    /// Perhaps a line gets slow, or stalls. It does not wait for that.
    pub(crate) fn change(&mut self, scene: &mut Scene) {
        let chance = &mut self.chance;
        let which = chance.below(1_000);
        let place = chance.place(scene.devices.len());
        let Some(device) = scene.devices.get_mut(place) else { return };
        match which {
            0..6 => {
                self.slow += 1;
                let rate = LEAST + chance.below(MOST - LEAST + 1);
                let mut time = chance.millis(10_000, 40_000);
                // Half of them come back to so much that a page of it takes longer than anybody waits.
                if chance.in_hundred(50) && device.link != Link::Dead {
                    self.absences += 1;
                    let away = chance.millis(4_000, 12_000);
                    device.kill();
                    device.next = Some(Instant::now() + away);
                    time += away;
                }
                device.wire.slow_down(rate, Some(time));
            }
            6..9 => {
                self.stalls += 1;
                let time = chance.millis(4_000, 20_000);
                for way in [Way::Up, Way::Down] {
                    device.wire.hold(way, time);
                }
            }
            _ => {}
        }
    }

    /// What was done.
    pub(crate) fn tell(&self) -> Value {
        json!({ "slow": self.slow, "behind_an_absence": self.absences, "stalls": self.stalls })
    }
}

/// All of them are fast again.
pub(crate) fn calm(scene: &Scene) {
    for device in &scene.devices {
        device.wire.speed_up();
        for way in [Way::Up, Way::Down] {
            device.wire.hold(way, Duration::ZERO);
        }
    }
}
