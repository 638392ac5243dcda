//! `storm`: two people, three devices, bad wires, programs and servers that die; and nothing is lost, doubled or misordered.
//!
//! `storm --help` documents it. | file | what |: [`options`] the command line and the help · [`device`] a device and its wire ·
//! [`scene`] the server and its people · [`tempest`] what happens · [`lines`] that are slow · [`sayings`] what is said of messages ·
//! [`verdict`] what is there at the end, [`order`] in which order, [`same`] whether what was said counts everywhere, [`reading`] what was read ·
//! [`archive`] what the server has, read by another program · [`sleeping`] machines that sleep · [`soak`] hours of noise ·
//! [`crowd`] a room with people who come and go

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::process::ExitCode;

use options::{HELP, Options, Request};
use scene::Scene;
use serde_json::Value;

mod archive;
mod crowd;
mod device;
mod lines;
mod options;
mod order;
mod reading;
mod same;
mod sayings;
mod scene;
mod sleeping;
mod soak;
mod tempest;
mod verdict;

fn main() -> ExitCode {
    match options::parse(std::env::args().skip(1)) {
        Ok(Request::Help) => match io::stdout().write_all(HELP.as_bytes()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Ok(Request::Run(options)) => run(&options),
        Err(what) => {
            say(&what);
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> ExitCode {
    say(&format!("seed {} on {:?}, encryption {}", options.seed, options.server, options.encryption.name()));
    let mut scene = match Scene::new(options) {
        Ok(scene) => scene,
        Err(what) => {
            say(&what);
            return ExitCode::from(2);
        }
    };
    let (mut report, good) = match (options.suspends, options.soak) {
        (0, 0) => tempest::storm(&mut scene, options),
        (0, _) => soak::soak(&mut scene, options),
        _ => sleeping::sleep(&mut scene, options),
    };
    report["seed"] = options.seed.into();
    report["server"] = format!("{:?}", options.server).to_lowercase().into();
    report["good"] = good.into();
    let mut signed_in: BTreeMap<String, usize> = BTreeMap::new();
    scene.server.mechanisms().into_iter().for_each(|name| *signed_in.entry(name).or_default() += 1);
    if !signed_in.is_empty() {
        report["signed_in"] = serde_json::json!(signed_in);
    }
    if let Some(kept) = scene.keep(options.keep.as_deref(), good) {
        report["kept"] = kept.display().to_string().into();
    }
    print(&report);
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells somebody who watches.
pub(crate) fn say(what: &str) {
    let _ = writeln!(io::stderr(), "storm: {what}");
}

fn print(report: &Value) {
    let _ = writeln!(io::stdout(), "{report}");
}
