//! Filling somebody's archive, and what a server costs.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;

use super::{Kind, Place, Server, ejabberd};

/// Six days in seconds, over which the messages are spread where the server lets us say when they were.
const SPAN: u64 = 6 * 86_400;
/// So many at once are asked of ejabberd.
const TOGETHER: usize = 4;

impl Server {
    /// Puts messages into somebody's archive, as if these had written one after the other: `message 0` and so on. ejabberd gives them to
    /// whoever of that person is online, too.
    ///
    /// # Panics
    ///
    /// When it can't, and with Prosody when nothing was ever archived.
    pub fn fill_archive(&self, name: &str, peers: &[String], count: usize) {
        match self.place.kind {
            Kind::Prosody => fill_prosody(&self.place, name, peers, count),
            Kind::Ejabberd => fill_ejabberd(&self.place, name, peers, count),
        }
    }

    /// The CPU time that the server has used so far, in seconds.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn cpu(&self) -> f64 {
        let group = self.process.as_ref().expect("it runs").id();
        let ticks: u64 = fs::read_dir("/proc")
            .expect("the processes of this machine")
            .filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("stat")).ok())
            .filter_map(|stat| used(&stat, group))
            .sum();
        // The clock that the system counts by, whatever its own is.
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        let ticks = ticks as f64;
        ticks / 100.0
    }
}

/// What a process of that group has used, in ticks: fields 14 and 15 of its `stat`, its group being field 5.
fn used(stat: &str, group: u32) -> Option<u64> {
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    (field(5)? == u64::from(group)).then(|| field(14).unwrap_or(0) + field(15).unwrap_or(0))
}

/// A row for each message. Prosody reads them as its own.
fn fill_prosody(place: &Place, name: &str, peers: &[String], count: usize) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_secs();
    let mut sql = String::from("BEGIN;\n");
    for number in 0..count {
        let peer = &peers[number % peers.len()];
        let when = now - SPAN + SPAN * number as u64 / count as u64;
        let _ = writeln!(
            sql,
            "INSERT INTO prosodyarchive (host, user, store, key, \"when\", \"with\", type, value) VALUES \
             ('{domain}', '{name}', 'archive', 'filled{number}', {when}, '{peer}', 'xml', \
             '<message xmlns=\"jabber:client\" type=\"chat\" id=\"id{number}\" from=\"{peer}/x\" to=\"{name}@{domain}\">\
             <body>message {number}</body></message>');",
            domain = place.domain
        );
    }
    sql.push_str("COMMIT;\n");
    let mut sqlite = Command::new("sqlite3")
        .arg(place.folder.join("data/prosody.sqlite"))
        .stdin(Stdio::piped())
        .spawn()
        .expect("sqlite3: apt install sqlite3");
    sqlite.stdin.take().expect("its input").write_all(sql.as_bytes()).expect("the rows");
    assert!(sqlite.wait().expect("sqlite3").success(), "the rows could not be put in");
}

fn fill_ejabberd(place: &Place, name: &str, peers: &[String], count: usize) {
    let to = format!("{name}@{}", place.domain);
    std::thread::scope(|scope| {
        for part in 0..TOGETHER {
            let to = &to;
            scope.spawn(move || {
                // A conversation's messages are sent by one, in order.
                for number in (0..count).filter(|number| number % peers.len() % TOGETHER == part) {
                    let from = format!("{}/x", peers[number % peers.len()]);
                    let body = format!("message {number}");
                    let stanza =
                        format!("<message type='chat' id='id{number}'><body>{body}</body></message>");
                    let arguments = json!({ "from": from, "to": to, "stanza": stanza });
                    ejabberd::call(place, "send_stanza", &arguments);
                }
            });
        }
    });
}
