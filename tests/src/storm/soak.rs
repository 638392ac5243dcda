//! Hours of presence and messages, in a room with a crowd too: what a program keeps of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use acceptance::chance::Chance;
use serde_json::{Value, json};

use crate::options::Options;
use crate::say;
use crate::scene::Scene;
use crate::tempest;

/// What is measured against.
const SETTLED: usize = 10;
/// How much more memory there may be at the end, in a hundred.
const MORE: u64 = 5;

/// What a process has at a time.
#[derive(Clone, Copy, Debug, Default)]
struct Sample {
    /// All that is in memory, the program's code included, in KiB.
    memory: u64,
    /// Of it, what the program has written there, in KiB.
    own: u64,
    files: usize,
    threads: usize,
}

/// Watches the devices for so many minutes. Gives the report, and whether all is well.
pub(crate) fn soak(scene: &mut Scene, options: &Options) -> (Value, bool) {
    let began = Instant::now();
    let mut chance = Chance::new(options.seed);
    let mut samples: Vec<Vec<Sample>> = Vec::new();
    let mut shown = 0_u64;
    let mut crowd = scene.gather();
    for minute in 1..=options.soak {
        let end = Instant::now() + Duration::from_secs(60);
        while Instant::now() < end {
            noise(scene, &mut chance, options, &mut shown);
            crowd.stir(&mut chance);
            if !options.presence_alone && chance.in_hundred(10) {
                let place = chance.place(scene.devices.len());
                scene.devices.get_mut(place).into_iter().for_each(|device| crowd.say(device));
            }
            thread::sleep(Duration::from_millis(100));
        }
        // Whoever was cut off is back, so that all minutes are alike.
        let _ = scene.devices.iter_mut().try_for_each(crate::device::Device::come_online);
        let now: Vec<Sample> = scene
            .devices
            .iter()
            .map(|device| device.driven.as_ref().map(|driven| sample(driven.id())).unwrap_or_default())
            .collect();
        say(&format!("minute {minute}: {now:?}"));
        samples.push(now);
    }
    let settled = samples.get(SETTLED - 1).or(samples.first()).cloned().unwrap_or_default();
    let last = samples.last().cloned().unwrap_or_default();
    let grown: Vec<i64> = settled
        .iter()
        .zip(&last)
        .map(|(before, after)| {
            (signed(after.memory) - signed(before.memory)) * 1000 / signed(before.memory).max(1)
        })
        .collect();
    let is_fine = settled.iter().zip(&last).all(|(before, after)| {
        after.memory <= before.memory + before.memory * MORE / 100
            && after.files <= before.files
            && after.threads <= before.threads
    });
    let (room, is_whole) = crowd.settle(&mut scene.devices);
    let (mut report, good) = tempest::end(scene, &[], options, began);
    let told = |samples: &[Sample]| -> Value {
        samples
            .iter()
            .map(|sample| {
                let Sample { memory, own, files, threads } = sample;
                json!({ "kib": memory, "own_kib": own, "files": files, "threads": threads })
            })
            .collect()
    };
    report["soak"] = json!({
        "minutes": options.soak, "presences": shown, "settled": told(&settled), "last": told(&last),
        "memory_grown_per_mille": grown, "room": room,
    });
    (report, good && is_fine && is_whole)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Presences all the time, now and then a message, now and then a cut.
fn noise(scene: &mut Scene, chance: &mut Chance, options: &Options, shown: &mut u64) {
    let server = &scene.server;
    for device in &mut scene.devices {
        device.listen();
        device.heard.clear();
        let show = ["available", "away", "do_not_disturb", "chat"][chance.place(4)];
        if let Some(driven) = &mut device.driven {
            driven.ask(
                &json!({ "do": "set_presence", "show": show, "status": format!("{}", chance.below(1_000)) }),
            );
            *shown += 1;
        }
        if !options.presence_alone && chance.in_hundred(10) {
            device.write(server);
        }
        if chance.below(600) == 0 {
            device.wire.end();
            device.reconnect();
        }
    }
}

fn sample(process: u32) -> Sample {
    let folder: PathBuf = Path::new("/proc").join(process.to_string());
    let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    let count = |name: &str| fs::read_dir(folder.join(name)).map_or(0, Iterator::count);
    let kib = |name: &str| field(name).unwrap_or_default();
    Sample { memory: kib("VmRSS:"), own: kib("RssAnon:"), files: count("fd"), threads: count("task") }
}
