//! The arrows between the rooms and the walls round them, compared with `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use super::metadata::{Package, Purpose, metadata};
use super::tree::verdict;

/// Each room, and the rooms that it uses. The same picture is drawn in ARCHITECTURE.md.
const ARROWS: &[(&str, &[&str])] = &[
    ("causerie", &["causerie-model", "causerie-session", "causerie-store"]),
    ("causerie-session", &["causerie-model", "causerie-protocol", "causerie-store"]),
    ("causerie-protocol", &["causerie-model", "causerie-omemo"]),
    ("causerie-omemo", &["causerie-model"]),
    ("causerie-store", &["causerie-model"]),
    ("causerie-model", &[]),
    ("acceptance", &["causerie-model", "causerie-session", "causerie-store"]),
];

const APP: &str = "causerie";
const SESSION: &str = "causerie-session";
const PROTOCOL: &str = "causerie-protocol";
const STORE: &str = "causerie-store";
const OMEMO: &str = "causerie-omemo";
const ACCEPTANCE: &str = "acceptance";

/// Crates that only some rooms may name in their manifest. `name*` means every crate whose name begins so, `*name`
/// every crate whose name ends so.
const WALLS: &[Wall] = &[
    Wall {
        crates: &["iced*", "wgpu*", "winit", "cosmic-text", "tiny-skia", "pdf-writer", "subsetter"],
        rooms: &[APP],
        why: "only the app draws",
    },
    Wall {
        crates: &["tokio-xmpp", "tokio-rustls", "rustls-native-certs", "rustls-platform-verifier", "webpki*"],
        rooms: &[SESSION],
        why: "only the session talks to servers",
    },
    Wall {
        crates: &["hickory*", "tokio-socks", "if-watch"],
        rooms: &[SESSION],
        why: "only the session resolves and connects",
    },
    Wall {
        crates: &["reqwest", "hyper*", "ureq", "isahc", "http*", "h2"],
        rooms: &[SESSION],
        why: "HTTP belongs to the session",
    },
    // The programs name rustls to install the cipher provider before anything else runs, and for nothing else.
    Wall { crates: &["rustls"], rooms: &[SESSION, APP, ACCEPTANCE], why: "TLS belongs to the session" },
    Wall {
        crates: &["xmpp-parsers", "xso*", "minidom", "rxml*", "quick-xml", "roxmltree", "xml-rs"],
        rooms: &[PROTOCOL, SESSION],
        why: "the app and the store never see XML",
    },
    Wall {
        crates: &["rusqlite*", "libsqlite3-sys", "sqlx*"],
        rooms: &[STORE],
        why: "SQL belongs to the store",
    },
    Wall {
        crates: &["keyring*", "*-keyring-store", "secret-service", "oo7"],
        rooms: &[APP],
        why: "the app asks the desktop for passwords and hands them on",
    },
    Wall {
        crates: &[
            "notify-rust",
            "ksni",
            "tray-icon",
            "muda",
            "zbus*",
            "ashpd",
            "rfd",
            "arboard",
            "open",
            "opener",
        ],
        rooms: &[APP],
        why: "only the app talks to the desktop",
    },
    Wall {
        crates: &["fluent*", "i18n-*", "unic-langid*", "sys-locale", "icu*"],
        rooms: &[APP],
        why: "only the app holds words for humans",
    },
    Wall {
        crates: &[
            "curve25519*",
            "x25519*",
            "ed25519*",
            "xeddsa*",
            "p256",
            "k256",
            "aes*",
            "cbc",
            "ctr",
            "cipher",
            "aead",
            "chacha20*",
            "hkdf",
        ],
        rooms: &[OMEMO],
        why: "curves and ciphers belong to the locksmith",
    },
    Wall {
        crates: &["ring", "aws-lc*", "boring*", "openssl*", "native-tls"],
        rooms: &[],
        why: "the cipher provider is chosen through rustls",
    },
];

/// Crates that let code reach the network, the disk or the clock: not in the rooms that promise not to.
const HANDS: &[&str] = &[
    "tokio*",
    "mio",
    "async-std",
    "smol",
    "socket2",
    "directories",
    "dirs",
    "getrandom",
    "tracing-subscriber",
    "tracing-appender",
    "interprocess",
];

/// The rooms without hands.
const PURE: &[&str] = &["causerie-model", OMEMO, PROTOCOL];

struct Wall {
    crates: &'static [&'static str],
    rooms: &'static [&'static str],
    why: &'static str,
}

#[test]
fn rooms_use_each_other_as_the_picture_says() {
    let drawn: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(room, uses)| (*room, uses.iter().copied().collect())).collect();
    let mut faults = Vec::new();
    for package in metadata().ours() {
        let Some(allowed) = drawn.get(&*package.name) else {
            faults.push(format!("{} is a new room: draw its arrows", package.name));
            continue;
        };
        let used = ours_in(package, &[Purpose::Program, Purpose::Build]);
        faults.extend(used.difference(allowed).map(|to| format!("{} must not use {to}", package.name)));
        faults.extend(
            allowed.difference(&used).map(|to| format!("{} no longer uses {to}: redraw", package.name)),
        );
        let in_tests = ours_in(package, &[Purpose::Tests]);
        faults.extend(
            in_tests.difference(allowed).map(|to| format!("{}'s tests must not use {to}", package.name)),
        );
    }
    let there: BTreeSet<&str> = metadata().ours().map(|package| &*package.name).collect();
    faults.extend(
        drawn.keys().filter(|room| !there.contains(*room)).map(|room| format!("{room} is gone: redraw")),
    );
    verdict("The arrows between rooms are those of ARCHITECTURE.md, and no others.", &faults);
}

#[test]
fn third_party_crates_stay_behind_their_walls() {
    let mut faults = Vec::new();
    for package in metadata().ours() {
        for want in &package.wants {
            for wall in WALLS.iter().filter(|wall| matches_any(&want.name, wall.crates)) {
                if !wall.rooms.contains(&&*package.name) {
                    faults.push(format!("{} names {}, but {}", package.name, want.name, wall.why));
                }
            }
        }
    }
    verdict("A crate that touches something is named only by the room that owns it.", &faults);
}

#[test]
fn pure_rooms_have_no_hands() {
    let mut faults = Vec::new();
    for package in metadata().ours().filter(|package| PURE.contains(&&*package.name)) {
        for want in package.wants.iter().filter(|want| want.purpose != Purpose::Tests) {
            if matches_any(&want.name, HANDS) {
                faults.push(format!("{} names {}", package.name, want.name));
            }
        }
    }
    verdict("The dictionary, the locksmith and the brain do no input or output.", &faults);
}

#[test]
fn acceptance_tests_link_no_window() {
    let faults: Vec<String> = metadata()
        .closure("acceptance")
        .into_iter()
        .filter(|name| matches_any(name, &["iced*", "winit*", "wgpu*", "causerie"]))
        .map(|name| format!("acceptance links {name}"))
        .collect();
    verdict("The client without a window is built without anything that draws.", &faults);
}

fn ours_in<'a>(package: &'a Package, purposes: &[Purpose]) -> BTreeSet<&'a str> {
    let wanted = package.wants.iter().filter(|want| purposes.contains(&want.purpose));
    wanted.map(|want| &*want.name).filter(|name| *name == APP || name.starts_with("causerie-")).collect()
}

fn matches_any(name: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(start), _) => name.starts_with(start),
        (_, Some(end)) => name.ends_with(end),
        _ => name == *pattern,
    })
}
