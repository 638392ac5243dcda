//! Programs that are stopped for a while, as by a machine that sleeps, and come back.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use acceptance::chance::Chance;
use acceptance::rough::Cut;
use serde_json::{Value, json};

use crate::device::{Device, Link};
use crate::options::Options;
use crate::say;
use crate::scene::Scene;
use crate::tempest;

/// How long it may take from the waking until what is written to it comes, and what it writes is taken.
const BACK: Duration = Duration::from_secs(10);
/// How long that is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often the messages that are there are looked at meanwhile.
const LOOKS_EVERY: Duration = Duration::from_millis(500);

/// How long it took to be back.
#[derive(Clone, Copy, Debug, Default)]
struct Back {
    /// Until what it wrote was taken.
    online: Duration,
    /// Until what was written to it was there as well, behind all that it had missed.
    whole: Duration,
}

/// What the network does meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meanwhile {
    /// Nothing.
    Nothing,
    /// The connection ends at both ends.
    Ended,
    /// The server's end is gone, and the client's hears nothing of it.
    Silent,
}

/// Has devices sleep. Gives the report, and whether all is well.
pub(crate) fn sleep(scene: &mut Scene, options: &Options) -> (Value, bool) {
    let began = Instant::now();
    let mut chance = Chance::new(options.seed);
    let mut back: Vec<Back> = Vec::new();
    let mut late = Vec::new();
    let mut slept = Duration::ZERO;
    for number in 0..options.suspends {
        let place = chance.place(scene.devices.len());
        // Most are short; what is long for the program is the clock, which is moved.
        let time = match number % 10 {
            _ if number + 1 == options.suspends => Duration::from_secs(options.longest),
            9 => chance.millis(10_000, options.longest.max(10) * 1_000),
            _ => chance.millis(1_000, 4_000),
        };
        let hours = Duration::from_secs(60 + chance.below(10 * 3600));
        let meanwhile = match chance.below(3) {
            0 => Meanwhile::Nothing,
            1 => Meanwhile::Ended,
            _ => Meanwhile::Silent,
        };
        slept += hours;
        let took = suspend(scene, place, (time, hours, meanwhile), &mut chance);
        back.push(took);
        if took.whole > BACK {
            late.push(format!(
                "{number}: {meanwhile:?} for {} ms: online after {} ms, whole after {} ms",
                time.as_millis(),
                took.online.as_millis(),
                took.whole.as_millis()
            ));
        }
        if number % 10 == 9 {
            say(&format!("{} sleeps, {} late", number + 1, late.len()));
        }
    }
    let (mut report, good) = tempest::end(scene, &[], options, began);
    report["suspends"] = json!({
        "all": back.len(), "clock_moved_hours": slept.as_secs() / 3600,
        "online_after_ms": spread(back.iter().map(|back| back.online)),
        "whole_after_ms": spread(back.iter().map(|back| back.whole)), "late": late,
    });
    let is_in_time = late_count(&report) == 0;
    (report, good && is_in_time)
}

fn spread(times: impl Iterator<Item = Duration>) -> Value {
    let mut times: Vec<u128> = times.map(|time| time.as_millis()).collect();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len().saturating_sub(1) * part / 100).copied();
    json!({ "median": at(50), "p95": at(95), "most": at(100) })
}

fn late_count(report: &Value) -> usize {
    report["suspends"]["late"].as_array().map_or(0, Vec::len)
}

/// One sleep. Gives how long it took to be back.
fn suspend(
    scene: &mut Scene,
    place: usize,
    (time, hours, meanwhile): (Duration, Duration, Meanwhile),
    chance: &mut Chance,
) -> Back {
    let end = Instant::now() + time;
    signal(scene.devices.get(place), "-STOP");
    let drop_at = Instant::now() + time.mul_f64(0.3);
    let mut dropped = false;
    while Instant::now() < end {
        thread::sleep(chance.millis(50, 300).min(end.saturating_duration_since(Instant::now())));
        let server = &scene.server;
        for (other, device) in scene.devices.iter_mut().enumerate() {
            if other != place {
                device.listen();
                if chance.in_hundred(50) {
                    device.write(server);
                }
            }
        }
        if !dropped && Instant::now() > drop_at {
            dropped = true;
            let wire = scene.devices.get(place).map(|device| &device.wire);
            match (meanwhile, wire) {
                (Meanwhile::Ended, Some(wire)) => wire.end(),
                (Meanwhile::Silent, Some(wire)) => {
                    wire.cut(Cut::Gone);
                }
                _ => {}
            }
        }
    }
    if let Some(driven) = scene.devices.get_mut(place).and_then(|device| device.driven.as_mut()) {
        // It waits in the pipe until the program goes on.
        driven.say(&json!({ "do": "sleep", "seconds": hours.as_secs() }).to_string());
    }
    signal(scene.devices.get(place), "-CONT");
    come_back(scene, place)
}

/// Waits until a message that is written now has come to it, and one that it writes is taken.
fn come_back(scene: &mut Scene, place: usize) -> Back {
    let woke = Instant::now();
    let mut online = None;
    let server = &scene.server;
    let sender = if place == 1 { 0 } else { 1 };
    let Some(device) = scene.devices.get_mut(place) else { return Back::default() };
    device.driven.as_mut().and_then(acceptance::Driven::answer);
    let own = device.count;
    device.write(server);
    let Some(other) = scene.devices.get_mut(sender) else { return Back::default() };
    let text = format!("{} {}", other.tag, other.count);
    other.write(server);
    let mut looked = Instant::now();
    while woke.elapsed() < PATIENCE {
        // What came before its turn is read when what is missing before it is there, and told as a change.
        if looked.elapsed() > LOOKS_EVERY {
            looked = Instant::now();
            if let Some(device) = scene.devices.get_mut(place) {
                device.look_for(&text, server);
            }
        }
        let Some(device) = scene.devices.get_mut(place) else { break };
        device.listen();
        if device.taken.contains_key(&own) && device.link == Link::Online {
            online.get_or_insert_with(|| woke.elapsed());
            if device.heard.contains(&text) {
                break;
            }
        }
        thread::sleep(Duration::from_millis(20));
        if let Some(other) = scene.devices.get_mut(sender) {
            other.listen();
        }
    }
    let whole = woke.elapsed();
    if whole > BACK {
        let device = scene.devices.get(place);
        say(&format!("late: {:?}", device.map(|device| (device.tag, device.link, &device.remarks))));
    }
    Back { online: online.unwrap_or(whole), whole }
}

fn signal(device: Option<&Device>, signal: &str) {
    let id = device.and_then(|device| device.driven.as_ref()).map(acceptance::Driven::id);
    if let Some(id) = id {
        let _ = Command::new("kill").args([signal, &id.to_string()]).status();
    }
}
