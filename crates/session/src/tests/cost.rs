//! What an attack costs in processor time and memory. Each is measured in a process of its own, so the test is run by hand:
//!
//! `cargo test --release -p causerie-session --lib -- --ignored --nocapture cost`

use std::env;
use std::fs;
use std::io::Write;
use std::process::Command;

use crate::tests::attacks::End::{Arrives, Marker};
use crate::tests::attacks::{End, Message, attribute, body, children, full, nested, observe, send};

/// Set in the processes that measure one attack.
const CHOSEN: &str = "CAUSERIE_ATTACK";
const MOST_SECONDS: f64 = 1.0;
const MOST_MIB: f64 = 64.0;

fn cases() -> Vec<(&'static str, End, Message)> {
    vec![
        ("100,000 nested elements", Marker("depth"), nested(100_000)),
        ("10 MiB", Marker("size"), body("x", 10 << 20)),
        ("an attribute of 1 MiB", Marker("token"), attribute(1 << 20)),
        ("1,000,000 children", Marker("elements"), children(1_000_000)),
        ("every limit used up", Arrives(4_100_000 - 38_000 * 16), full(38, 120)),
    ]
}

#[test]
#[ignore = "measures; needs a quiet machine"]
fn an_attack_costs_little() {
    if let Ok(chosen) = env::var(CHOSEN) {
        return measure(&chosen);
    }
    for (name, _, _) in cases() {
        let arguments = ["--ignored", "--exact", "--nocapture", "tests::cost::an_attack_costs_little"];
        let mut command = Command::new(env::current_exe().expect("a path"));
        let output = command.args(arguments).env(CHOSEN, name).output().expect("a process");
        let lines = String::from_utf8_lossy(&output.stderr);
        let line = lines.lines().find(|line| line.contains(name)).unwrap_or(&lines);
        writeln!(std::io::stderr(), "{line}").expect("a terminal");
        assert!(output.status.success(), "{name}: {lines}");
    }
}

fn measure(chosen: &str) {
    let (name, expected, message) = cases().into_iter().find(|(name, ..)| *name == chosen).expect("a case");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (before, seconds) = (status("VmRSS:"), cpu());
    runtime.block_on(async {
        let (client, server) = tokio::io::duplex(1 << 16);
        let sent = tokio::spawn(send(server, message));
        assert_eq!(observe(client).await, expected);
        drop(sent);
    });
    let (mib, seconds) = (status("VmHWM:") - before, cpu() - seconds);
    writeln!(std::io::stderr(), "{name}: {seconds:.3} s, {mib:.1} MiB").expect("a terminal");
    assert!(seconds < MOST_SECONDS && mib < MOST_MIB);
}

/// Seconds of this thread on a processor.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    stat.split(' ').next().and_then(|run| run.parse::<f64>().ok()).expect("a number") / 1e9
}

fn status(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with(field)).expect("the field");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).expect("a number") / 1024.0
}
