//! What happens: messages all the time, and all that can come between.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use acceptance::chance::Chance;
use acceptance::rough::{Cut, Way};
use acceptance::seen;
use serde_json::{Value, json};

use crate::device::{Link, Standing};
use crate::lines::{self, Lines};
use crate::options::{Encryption, Options};
use crate::reading;
use crate::say;
use crate::scene::Scene;
use crate::verdict;

/// One server death in so many kills.
const OF_THEM_SERVERS: usize = 10;
/// After so many of those things there is a lull in which everybody can catch up.
const LULL: usize = 40;
/// How long nothing may move at the end before all is there.
const SETTLING: Duration = Duration::from_secs(60);
/// How long it may take at the end until all is there.
const AT_MOST: Duration = Duration::from_secs(600);

/// What has happened so far.
#[derive(Debug, Default)]
struct Log {
    cuts: usize,
    kills: usize,
    server_kills: usize,
    restarts: usize,
    holds: usize,
    since_lull: usize,
    kinds: std::collections::BTreeMap<&'static str, usize>,
    /// When the server was killed.
    server_died: Vec<Instant>,
}

/// Lets the storm pass. Gives the report, and whether all is well.
pub(crate) fn storm(scene: &mut Scene, options: &Options) -> (Value, bool) {
    let began = Instant::now();
    let mut chance = Chance::new(options.seed);
    let mut log = Log::default();
    let mut lines = Lines::new(options.seed);
    for device in &scene.devices {
        device.wire.set_rough(true);
    }
    let mut told = Instant::now();
    while log.cuts < options.cuts || log.kills < options.kills {
        tend(scene, &mut chance);
        write(scene, &mut chance);
        if log.since_lull >= LULL {
            lull(scene, &mut chance);
            log.since_lull = 0;
        }
        happen(scene, options, &mut chance, &mut log);
        lines.change(scene);
        thread::sleep(chance.millis(20, 250));
        if told.elapsed() > Duration::from_secs(60) {
            told = Instant::now();
            let written: Vec<u32> = scene.devices.iter().map(|device| device.count).collect();
            say(&format!(
                "{} s: {} cuts, {} kills, {written:?} messages",
                began.elapsed().as_secs(),
                log.cuts,
                log.kills
            ));
        }
    }
    let stormed = began.elapsed();
    let (mut report, good) = end(scene, &log.server_died, options, began);
    report["cuts"] = log.cuts.into();
    report["kinds_of_cuts"] = json!(log.kinds);
    report["holds"] = log.holds.into();
    report["lines"] = lines.tell();
    report["kills"] = json!({ "all": log.kills, "servers": log.server_kills, "restarts": log.restarts });
    report["storm_seconds"] = stormed.as_secs().into();
    (report, good)
}

/// Lets everything settle, and compares. Gives the report, and whether all is well.
pub(crate) fn end(
    scene: &mut Scene,
    server_died: &[Instant],
    options: &Options,
    began: Instant,
) -> (Value, bool) {
    let calmed = calm(scene);
    let remarks: Vec<_> = scene
        .devices
        .iter_mut()
        .map(|device| {
            device.took.sort_unstable();
            let at = |part: usize| device.took.get(device.took.len().saturating_sub(1) * part / 100).copied();
            json!({ "device": device.tag, "written": device.count, "online": device.online,
                    "online_after_ms": { "median": at(50), "p95": at(95), "most": at(100) },
                    "carried": device.wire.carried(), "remarks": device.remarks })
        })
        .collect();
    let (mut report, mut good) = verdict::verdict(scene, server_died);
    match calmed {
        Ok(Ok(())) => {}
        Ok(Err(unaware)) => {
            good = false;
            report["not_known_as_read"] = unaware.into();
        }
        Err(fault) => {
            good = false;
            report["unsettled"] = fault.into();
        }
    }
    if options.encryption != Encryption::None && options.soak == 0 {
        let (told, is_secret) = in_clear(&scene.server.seen());
        good &= is_secret;
        report["seen_by_the_server"] = told;
    }
    report["encryption"] = options.encryption.name().into();
    report["seconds"] = began.elapsed().as_secs().into();
    report["devices"] = remarks.into();
    (report, good)
}

/// What the server has seen of texts that were to be secret, and whether that is nothing: of many that were encrypted.
fn in_clear(seen: &str) -> (Value, bool) {
    let (texts, encrypted) = (seen::texts(seen), seen::inside(seen, "encrypted").len());
    let good = texts.is_empty() && encrypted > 0;
    (json!({ "encrypted": encrypted, "in_clear": texts }), good)
}

/// Starts what was killed, and has those who wait connect.
fn tend(scene: &mut Scene, chance: &mut Chance) {
    let server = &scene.server;
    for device in &mut scene.devices {
        device.listen();
        let is_due = device.next.is_some_and(|next| next <= Instant::now());
        match device.link {
            Link::Dead if is_due => device.start(server),
            // A network that is back is told of; some wait by themselves.
            Link::Waiting | Link::Stopped
                if is_due && (device.link == Link::Waiting || device.is_refused()) =>
            {
                device.next = None;
                device.reconnect();
            }
            Link::Dead | Link::Waiting | Link::Stopped if device.next.is_none() => {
                device.next = Some(Instant::now() + chance.millis(50, 2_000));
            }
            _ => {}
        }
    }
}

fn write(scene: &mut Scene, chance: &mut Chance) {
    let server = &scene.server;
    for device in &mut scene.devices {
        if chance.in_hundred(35) {
            for _ in 0..=chance.below(3) {
                device.write(server);
            }
        }
    }
    talk(scene, chance);
}

/// Somebody says something of a message, perhaps.
fn talk(scene: &mut Scene, chance: &mut Chance) {
    // One draw decides the rest, so that what is said does not change what happens.
    let mut chance = Chance::of(chance.number(), 1_002);
    let server = &scene.server;
    for place in 0..scene.devices.len() {
        let name = scene.devices.get(place).map(|device| device.name);
        let parts = scene.devices.iter().filter(|device| Some(device.name) == name).count();
        let part = scene.devices.iter().take(place).filter(|device| Some(device.name) == name).count();
        let Some(device) = scene.devices.get_mut(place) else { continue };
        if chance.in_hundred(15) {
            device.remark_on(server, (part, parts), &mut chance);
        }
    }
}

/// Nothing happens for a while.
fn lull(scene: &mut Scene, chance: &mut Chance) {
    let end = Instant::now() + chance.millis(3_000, 8_000);
    while Instant::now() < end {
        tend(scene, chance);
        write(scene, chance);
        thread::sleep(chance.millis(100, 400));
    }
}

/// Something happens, perhaps.
fn happen(scene: &mut Scene, options: &Options, chance: &mut Chance, log: &mut Log) {
    let cuts = options.cuts.saturating_sub(log.cuts);
    let kills = options.kills.saturating_sub(log.kills);
    let left = cuts + kills;
    if left == 0 {
        return;
    }
    let place = chance.place(scene.devices.len());
    let Some(device) = scene.devices.get_mut(place) else { return };
    // Most get so far that they have something to lose.
    let is_up = device.link == Link::Online && device.since.elapsed() > chance.millis(0, 1_500);
    if !is_up && !chance.in_hundred(25) {
        return;
    }
    if chance.in_hundred(10) {
        let way = if chance.in_hundred(50) { Way::Up } else { Way::Down };
        device.wire.hold(way, chance.millis(100, 3_000));
        log.holds += 1;
        return;
    }
    if chance.place(left) < cuts {
        let (cut, kind) = some_cut(chance);
        if device.wire.cut(cut) {
            log.cuts += 1;
            log.since_lull += 1;
            *log.kinds.entry(kind).or_default() += 1;
        }
        return;
    }
    if device.link == Link::Dead {
        return;
    }
    log.kills += 1;
    log.since_lull += 1;
    if !log.kills.is_multiple_of(OF_THEM_SERVERS) {
        device.kill();
        device.next = Some(Instant::now() + chance.millis(0, 1_500));
        return;
    }
    log.server_kills += 1;
    freeze(scene, options);
    scene.server.kill_at_once();
    thaw(scene);
    log.server_died.push(Instant::now());
    thread::sleep(chance.millis(0, 1_500));
    scene.server.run();
    lull(scene, chance);
    log.restarts += 1;
    freeze(scene, options);
    scene.server.stop();
    thaw(scene);
    thread::sleep(chance.millis(0, 1_500));
    scene.server.run();
    lull(scene, chance);
}

/// Unless it is to be hard for the server: what it has got it deals with, and nobody hears of it.
fn freeze(scene: &Scene, options: &Options) {
    if options.hard {
        return;
    }
    for device in &scene.devices {
        device.wire.set_frozen(true);
    }
    thread::sleep(Duration::from_millis(500));
    let written = || std::fs::metadata(scene.server.seen_file()).map_or(0, |file| file.len());
    let end = Instant::now() + Duration::from_secs(10);
    let (mut before, mut since) = (written(), Instant::now());
    while since.elapsed() < Duration::from_secs(1) && Instant::now() < end {
        thread::sleep(Duration::from_millis(100));
        let now = written();
        if now != before {
            (before, since) = (now, Instant::now());
        }
    }
    scene.server.wait_until_idle();
}

fn thaw(scene: &Scene) {
    for device in &scene.devices {
        device.wire.end();
        device.wire.set_frozen(false);
    }
}

fn some_cut(chance: &mut Chance) -> (Cut, &'static str) {
    let way = if chance.in_hundred(50) { Way::Up } else { Way::Down };
    match chance.below(8) {
        0 | 1 => (Cut::Plain, "plain"),
        2 | 3 => (Cut::Within(way, chance.below(1_500)), "within"),
        4 => (Cut::Lose(way, chance.below(800), 1 + chance.below(400)), "lose"),
        5 => (Cut::Garble(way, chance.below(800)), "garble"),
        6 => (Cut::Half(way, chance.below(800), chance.millis(100, 3_000)), "half"),
        _ if chance.in_hundred(50) => (Cut::Silent(chance.millis(200, 4_000)), "silent"),
        _ => (Cut::Late(chance.millis(100, 2_000)), "late"),
    }
}

/// Who does not come to know of what was read.
type Reading = Result<(), String>;

/// All is calm, and everybody comes online. Says what does not settle, else who does not come to know of what was read.
fn calm(scene: &mut Scene) -> Result<Reading, String> {
    say("calm");
    lines::calm(scene);
    for device in &mut scene.devices {
        device.wire.set_rough(false);
        if device.driven.is_none() {
            device.start(&scene.server);
        }
    }
    for device in &mut scene.devices {
        device.come_online()?;
    }
    let settled = settle(scene);
    let reading = if settled.is_ok() { reading::read(scene) } else { Ok(()) };
    // And nothing comes after that.
    for device in &mut scene.devices {
        if !device.quit() {
            return Err(format!("{} did not end well", device.tag));
        }
    }
    for device in &mut scene.devices {
        device.caught_up = false;
        device.start(&scene.server);
    }
    for device in &mut scene.devices {
        device.come_online()?;
    }
    thread::sleep(Duration::from_secs(1));
    for device in &mut scene.devices {
        device.quit();
    }
    settled.map(|()| reading)
}

/// Waits until everybody has the same, as long as anything moves.
fn settle(scene: &mut Scene) -> Result<(), String> {
    let (last, mut end) = (Instant::now() + AT_MOST, Instant::now() + SETTLING);
    let mut before: Vec<Standing> = Vec::new();
    loop {
        let server = &scene.server;
        let now: Vec<Standing> = scene
            .devices
            .iter_mut()
            .map(|device| {
                device.listen();
                device.standing(server)
            })
            .collect();
        let is_moving = now != before;
        let is_even = now.iter().all(|it| it.waiting == 0)
            && now.windows(2).all(|two| two.first().map(said) == two.last().map(said));
        if is_even && !is_moving {
            return Ok(());
        }
        if is_moving {
            end = (Instant::now() + SETTLING).min(last);
        }
        if Instant::now() > end {
            let counts: Vec<_> = now.iter().map(|it| (it.what_counts.len(), it.waiting)).collect();
            return Err(format!("messages, and of them waiting: {counts:?}"));
        }
        before = now;
        thread::sleep(Duration::from_secs(1));
    }
}

fn said(standing: &Standing) -> &BTreeSet<String> {
    &standing.what_counts
}
