//! Every commit of a story refused, and a crash before and after every commit: what was told is there, what was not told was not sent,
//! nothing is doubled, and it goes on; by itself, where the program lives.
//!
//! In a run of all tests every fifth commit is taken. `CAUSERIE_FAULTS=all` takes each, and prints the table (with `--nocapture`); then a
//! small disk is filled up as well, which takes the right to mount one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use acceptance::{Driven, Kind};
use serde_json::{Value, json};

use super::scene::{DRIVE, Scene, on_both_servers, password};
use super::watch::secret;

on_both_servers!(every_commit_of_a_story, a_disk_that_refuses_and_heals);

/// What happens to a commit.
const MOODS: [&str; 5] = ["crashes_before", "crashes_after", "full", "read_only", "fails"];
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// What became of one commit in each mood.
#[derive(Default)]
struct Row {
    changes: Vec<String>,
    outcomes: BTreeMap<&'static str, String>,
}

#[expect(clippy::print_stdout, reason = "the table is for the README of the ledger")]
fn every_commit_of_a_story(kind: Kind) {
    let (all, step) = match std::env::var("CAUSERIE_FAULTS").as_deref() {
        Ok("all") => (true, 1),
        _ => (false, 5),
    };
    let mut stage = Stage::new(kind);
    let mut table: BTreeMap<u64, Row> = BTreeMap::new();
    for (shift, mood) in (0..).zip(MOODS) {
        // Each mood begins elsewhere, so that together they come by all commits.
        for commit in (1 + if all { 0 } else { shift }..).step_by(step) {
            let Some((changes, outcome)) = stage.play(mood, commit) else { break };
            let row = table.entry(commit).or_default();
            row.changes = changes;
            row.outcomes.insert(mood, outcome);
        }
    }
    assert!(table.len() > 5, "{} commits are few", table.len());
    println!("{}", printed(kind, &table));
}

/// Alice's program is the one whose disk is bad.
struct Stage {
    scene: Scene,
    bob: Driven,
    alices: String,
    bobs: String,
    round: u32,
}

impl Stage {
    fn new(kind: Kind) -> Self {
        let scene = Scene::of_secrets(kind, &["alice", "bob"]);
        let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
        let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
        scene.befriend(&mut alice, "alice", &mut bob, "bob");
        alice.ask(&json!({ "do": "send", "to": bobs, "body": secret("before") }));
        bob.event(&json!({ "event": "message" }));
        bob.ask(&json!({ "do": "send", "to": alices, "body": secret("before that") }));
        alice.event(&json!({ "event": "message" }));
        assert!(alice.quit());
        Self { scene, bob, alices, bobs, round: 0 }
    }

    fn text(&self, what: &str) -> String {
        secret(&format!("{}: {what}", self.round))
    }

    /// The story with that mood at that commit. Says what the commit held and what became of it; nothing, where the story ended before.
    fn play(&mut self, mood: &'static str, commit: u64) -> Option<(Vec<String>, String)> {
        self.round += 1;
        let mut alice = self.scene.start("alice");
        alice.ask(&json!({ "do": "disk", "mood": mood, "from": commit, "times": 1 }));
        let crashes = mood.starts_with("crashes");
        let written = self.tell(&mut alice);
        let is_hit = is_hit(&mut alice, commit);
        if is_hit && crashes {
            assert!(alice.dies(), "{mood} at commit {commit}");
            alice.hear_the_last();
        }
        let hit = is_hit.then(|| alice.event(&json!({ "event": "disk" })));
        // What she was told is a promise.
        let told = alice.events_so_far(&json!({ "event": "state" }));
        if !(is_hit && crashes) {
            if is_hit {
                is_told_of(&mut alice, mood);
            }
            assert!(alice.quit());
        }
        // One more was written afterwards.
        let unkept = written + 1 - self.all_is_well(&told);
        let hit = hit?;
        let changes = hit["changes"].as_array()?.iter().filter_map(|kind| Some(kind.as_str()?.to_owned()));
        let outcome = match (crashes, unkept) {
            (false, _) => "told, kept at the next try".to_owned(),
            (true, 0) => "nothing lost".to_owned(),
            (true, unkept) => format!("{unkept} just written: not kept, not sent"),
        };
        Some((changes.collect(), outcome))
    }

    /// Alice comes online, writes, reads, and is written to, as far as she gets. Says how many messages she has written.
    fn tell(&mut self, alice: &mut Driven) -> usize {
        let (alices, bobs) = (self.alices.clone(), self.bobs.clone());
        let texts: Vec<String> =
            ["one", "two", "three", "four", "five"].iter().map(|text| self.text(text)).collect();
        alice.try_say(&json!({
            "do": "sign_in", "jid": alices, "password": password("alice"),
            "server": format!("127.0.0.1:{}", self.scene.server.port()), "ca_file": self.scene.server.ca_file(),
        }));
        let told = |text: &str| json!({ "event": "message", "text": text });
        if !goes_on(alice, |alice| alice.has_come(&json!({ "event": "catch_up", "state": "done" }))) {
            return 0;
        }
        alice.try_say(&json!({ "do": "send", "to": bobs, "body": texts[0] }));
        let bob = &mut self.bob;
        if !goes_on(alice, |_| bob.has_come(&told(&texts[0]))) {
            return 1;
        }
        bob.ask(&json!({ "do": "send", "to": alices, "body": texts[1] }));
        if !goes_on(alice, |alice| alice.has_come(&told(&texts[1]))) {
            return 1;
        }
        alice.try_say(&json!({ "do": "mark_read", "peer": bobs }));
        alice.try_say(&json!({ "do": "draft", "peer": bobs, "text": "I was about to" }));
        alice.try_say(&json!({ "do": "edit_contact", "jid": bobs, "name": format!("Bob {}", self.round) }));
        for text in &texts[2..4] {
            bob.ask(&json!({ "do": "send", "to": alices, "body": text }));
        }
        alice.try_say(&json!({ "do": "send", "to": bobs, "body": texts[4] }));
        let sent = json!({ "event": "state", "text": texts[4], "state": "delivered" });
        goes_on(alice, |alice| {
            alice.has_come(&told(&texts[2])) && alice.has_come(&told(&texts[3])) && alice.has_come(&sent)
        });
        2
    }

    /// Both have the same of this story, each once; what was told is among it; and they go on. Says how many messages Alice has written.
    fn all_is_well(&mut self, told: &[Value]) -> usize {
        let (alices, bobs) = (self.alices.clone(), self.bobs.clone());
        let mut alice = self.scene.online("alice");
        alice.event(&json!({ "event": "catch_up", "state": "done" }));
        let last = [self.text("six"), self.text("seven")];
        alice.ask(&json!({ "do": "send", "to": bobs, "body": last[0] }));
        self.bob.event(&json!({ "event": "message", "text": last[0] }));
        self.bob.ask(&json!({ "do": "send", "to": alices, "body": last[1] }));
        alice.event(&json!({ "event": "message", "text": last[1] }));
        let prefix = format!("{}: ", self.round);
        let end = Instant::now() + PATIENCE;
        let (hers, his) = loop {
            let (hers, his) = (page(&mut alice, &bobs, &prefix), page(&mut self.bob, &alices, &prefix));
            let is_pending = |message: &Value| message["state"] == "pending";
            let same =
                sorted(&hers, "out") == sorted(&his, "in") && sorted(&hers, "in") == sorted(&his, "out");
            if same && !hers.iter().chain(&his).any(is_pending) {
                break (hers, his);
            }
            assert!(Instant::now() < end, "they do not have the same: {hers:#?} {his:#?}");
            thread::sleep(Duration::from_millis(50));
        };
        for (messages, direction) in [(&hers, "out"), (&hers, "in"), (&his, "in")] {
            let mut texts = sorted(messages, direction);
            let count = texts.len();
            texts.dedup();
            assert_eq!(texts.len(), count, "something is there twice: {texts:?}");
        }
        for promised in told {
            let kept = hers.iter().find(|message| message["message"] == promised["message"]);
            assert!(
                kept.is_some_and(|kept| kept["state"] != "failed"),
                "{promised} was told, and is {kept:?}"
            );
        }
        assert!(alice.quit());
        sorted(&hers, "out").len()
    }
}

/// Has the disk work from now on. Says whether that commit was asked for before.
fn is_hit(alice: &mut Driven, commit: u64) -> bool {
    alice.try_say(&json!({ "do": "disk", "tag": "over" }));
    let answer = json!({ "answer": "disk", "tag": "over" });
    goes_on(alice, |alice| alice.has_come(&answer));
    // Who does not answer has crashed.
    let answers = alice.events_so_far(&answer);
    answers.iter().all(|answer| answer["commits"].as_u64().is_some_and(|commits| commits >= commit))
}

/// Waits until the person is told that the disk is so. What is over before anybody looks is told as over.
fn is_told_of(alice: &mut Driven, mood: &str) {
    let problem = match mood {
        "full" => "disk_full",
        "read_only" => "disk_read_only",
        _ => "disk_failed",
    };
    let is_told = |storage: &Value| storage["problem"] == problem || storage["works"] == true;
    while !is_told(&alice.event(&json!({ "event": "storage" }))) {}
}

/// Waits until that is so. Says whether the program still runs.
fn goes_on(alice: &mut Driven, mut until: impl FnMut(&mut Driven) -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    loop {
        let alive = alice.is_alive();
        if until(alice) {
            return alive;
        }
        if !alive {
            return false;
        }
        assert!(Instant::now() < end, "the story does not go on");
        thread::sleep(Duration::from_millis(10));
    }
}

/// The messages of this story.
fn page(driven: &mut Driven, peer: &str, prefix: &str) -> Vec<Value> {
    let answer = driven.ask(&json!({ "do": "page", "peer": peer, "limit": 40 }));
    let messages = answer["messages"].as_array().cloned().unwrap_or_default();
    assert!(
        messages.iter().all(|message| message["text"].is_string()),
        "something can't be read: {messages:#?}"
    );
    messages
        .into_iter()
        .filter(|message| message["text"].as_str().is_some_and(|text| text.starts_with(prefix)))
        .collect()
}

fn sorted(messages: &[Value], direction: &str) -> Vec<String> {
    let of = messages.iter().filter(|message| message["direction"] == *direction);
    let mut texts: Vec<String> =
        of.filter_map(|message| Some(message["text"].as_str()?.to_owned())).collect();
    texts.sort();
    texts
}

/// The table, as the ledger's README has it.
fn printed(kind: Kind, table: &BTreeMap<u64, Row>) -> String {
    let mut text =
        format!("{kind:?}\n| commit | of | {} |\n|---|---|---|---|---|---|---|\n", MOODS.join(" | "));
    for (commit, row) in table {
        let outcomes = MOODS.map(|mood| row.outcomes.get(mood).map_or("", String::as_str));
        let _ = writeln!(text, "| {commit} | {} | {} |", row.changes.join(", "), outcomes.join(" | "));
    }
    text
}

/// Where Alice's program keeps its things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Disk {
    /// The system refuses to write any file beyond so many bytes.
    Limited,
    /// It is small and can be filled up: by hand, as it takes the right to mount one.
    Small,
}

impl Disk {
    fn start(self, folder: &Path) -> Driven {
        // Without the signal of a limit, which would end the program. A shell leaves it so to what it starts.
        let mut command = match self {
            Self::Limited => Command::new("sh"),
            Self::Small => {
                let mut command = Command::new("unshare");
                command.args(["-Urm", "sh"]);
                command
            }
        };
        let mount = "mkdir -p \"$1\" && mount -t tmpfs -o size=3m tmpfs \"$1\"";
        let exec = "exec \"$0\" --data-dir \"$1\"";
        let script = match self {
            Self::Limited => format!("trap '' XFSZ; {exec}"),
            Self::Small => format!("{mount} && {exec}"),
        };
        command.args(["-c", &script, DRIVE]).arg(folder);
        let mut driven = Driven::run(command);
        driven.event(&json!({ "event": "ready" }));
        driven
    }

    fn refuses(self, driven: &Driven, folder: &Path) {
        match self {
            Self::Limited => limit(driven, "1"),
            Self::Small => {
                let mut file = fs::File::create(ballast(driven, folder)).expect("a file on it");
                while file.write_all(&[1; 512]).is_ok() {}
            }
        }
    }

    fn works(self, driven: &Driven, folder: &Path) {
        match self {
            Self::Limited => limit(driven, "unlimited"),
            Self::Small => fs::remove_file(ballast(driven, folder)).expect("a file on it"),
        }
    }
}

fn limit(driven: &Driven, bytes: &str) {
    let set = Command::new("prlimit")
        .args(["--pid", &driven.id().to_string(), &format!("--fsize={bytes}:unlimited")])
        .status();
    assert!(set.expect("prlimit: apt install util-linux").success());
}

/// A file on the disk that only the program sees.
fn ballast(driven: &Driven, folder: &Path) -> PathBuf {
    let root = Path::new("/proc").join(driven.id().to_string()).join("root");
    root.join(folder.strip_prefix("/").expect("a whole path")).join("ballast")
}

fn a_disk_that_refuses_and_heals(kind: Kind) {
    refused_and_healed(kind, Disk::Limited, "disk_failed");
    if std::env::var("CAUSERIE_FAULTS").as_deref() == Ok("all") {
        refused_and_healed(kind, Disk::Small, "disk_full");
    }
}

/// The system itself refuses what is to be written to Alice's disk, and then no longer.
fn refused_and_healed(kind: Kind, disk: Disk, problem: &str) {
    let scene = Scene::of_secrets(kind, &["alice", "bob"]);
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    let folder = scene.data_of("alice");
    let mut alice = disk.start(&folder);
    alice.sign_in(&scene.server, "alice", &password("alice"));
    scene.wait_for_keys(&mut alice, "alice");
    let mut bob = scene.online("bob");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": secret("before") }));
    bob.event(&json!({ "event": "message" }));
    for round in 0..2 {
        disk.refuses(&alice, &folder);
        let long = "x".repeat(20_000);
        let texts = [secret(&format!("written {round} {long}")), secret(&format!("come {round} {long}"))];
        alice.ask(&json!({ "do": "send", "to": bobs, "body": texts[0] }));
        bob.ask(&json!({ "do": "send", "to": alices, "body": texts[1] }));
        alice.event(&json!({ "event": "storage", "problem": problem }));
        // What is there can be read, and what is not there was neither sent nor shown.
        let history = alice.history(&alices, &bobs);
        assert!(texts.iter().all(|text| history.iter().all(|message| message["text"] != *text)));
        assert!(!bob.has_come(&json!({ "event": "message", "text": texts[0] })));
        disk.works(&alice, &folder);
        alice.event(&json!({ "event": "storage", "works": true }));
        bob.event(&json!({ "event": "message", "text": texts[0] }));
        alice.event(&json!({ "event": "message", "text": texts[1] }));
    }
    // In the same program, which was online all the time.
    assert!(alice.events_so_far(&json!({ "event": "connection", "state": "waiting" })).is_empty());
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        assert_eq!(driven.ask(&json!({ "do": "count", "peer": peer }))["count"], 5);
    }
    assert!(alice.quit());
    if disk == Disk::Limited {
        assert_eq!(scene.start("alice").ask(&json!({ "do": "count", "peer": bobs }))["count"], 5);
    }
}
