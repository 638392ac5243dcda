use std::time::Duration;

use causerie_model::account::Activity;
use causerie_model::{AccountId, BareJid, OwnPresence, Sharing};
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// A connection and its clock.
struct Bench {
    connection: Connection,
    now: Duration,
    rng: StdRng,
}

impl Bench {
    fn new(seed: u64) -> Self {
        let account = Account {
            id: AccountId(1),
            jid: BareJid::new("alice@example.org").unwrap(),
            server: None,
            activity: Activity::Active,
            strongest_seen: None,
            plain_allowed: false,
            presence: OwnPresence::default(),
            sharing: Sharing::Nobody,
            confirming: causerie_model::Confirming::default(),
            roster_version: None,
            profile: Default::default(),
            colour: None,
            moved_to: None,
        };
        let connection = Connection::new(&account, Some(Password::new("secret".to_owned())), None);
        Self { connection, now: Duration::ZERO, rng: StdRng::seed_from_u64(seed) }
    }

    fn put(&mut self, input: Input) -> Vec<Effect> {
        let mut out = Effects::default();
        let now = Now { wall: causerie_model::Timestamp::default(), elapsed: self.now, utc_offset: 0 };
        self.connection.handle(&input, now, &mut self.rng, &mut out);
        out.0
    }

    fn element(&mut self, xml: &str) -> Vec<Effect> {
        self.put(Input::Element(xml.parse().unwrap()))
    }

    fn link(&mut self) -> Vec<Effect> {
        self.put(Input::Connected(Link { tls_exporter: None, stream_id: None }))
    }

    /// Moves the clock to when it wants to be woken.
    fn wake(&mut self) -> Vec<Effect> {
        self.now = self.now.max(self.connection.next_wake().unwrap());
        self.put(Input::Woke)
    }

    /// Signs in up to the question for a key, whose ticket it gives.
    fn sign_in(&mut self) -> Option<u64> {
        self.link();
        let auth = self.element(
            "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>\
             <mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms>\
             </stream:features>",
        );
        let first = auth.iter().find_map(|effect| match effect {
            Effect::Send(auth) => Some(plain(&auth.text())),
            _ => None,
        });
        let nonce = first.unwrap().split_once("r=").unwrap().1.to_owned();
        let asked = self.sasl("challenge", &format!("r={nonce}srv,s=QSXCR+Q6sek8bf92,i=4096"));
        asked.iter().find_map(|effect| match effect {
            Effect::DeriveKey(request) => Some(request.ticket),
            _ => None,
        })
    }

    fn sasl(&mut self, name: &str, text: &str) -> Vec<Effect> {
        use base64::Engine;
        let text = base64::engine::general_purpose::STANDARD.encode(text);
        self.element(&format!("<{name} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{text}</{name}>"))
    }

    fn key(&mut self, ticket: u64) -> Vec<Effect> {
        self.put(Input::KeyDerived { ticket, key: SaltedPassword(vec![7; 20]) })
    }
}

fn plain(base64: &str) -> String {
    use base64::Engine;
    String::from_utf8(base64::engine::general_purpose::STANDARD.decode(base64).unwrap()).unwrap()
}

fn connects(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Connect(_)))
}

fn sends(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Send(_)))
}

fn aborts(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Abort))
}

/// Attack B9: accept-then-close, a hundred times.
#[test]
fn a_server_that_accepts_and_closes_is_not_hammered() {
    for seed in 0..50 {
        let mut bench = Bench::new(seed);
        let mut tries = vec![Duration::ZERO];
        assert!(connects(&bench.put(Input::Command(Command::Connect))));
        for _ in 0..100 {
            bench.link();
            bench.put(Input::Disconnected(Problem::ConnectionLost));
            assert!(connects(&bench.wake()));
            tries.push(bench.now);
        }
        let in_first_minute = tries.iter().filter(|at| **at < 60 * SECOND).count();
        assert!(in_first_minute <= 10, "{in_first_minute} with seed {seed}");
        let longest = tries.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        assert!(longest > 250 * SECOND && longest <= 300 * SECOND, "{longest:?} with seed {seed}");
    }
}

/// Attack B6: what comes while the key is being computed.
#[test]
fn nothing_is_taken_while_a_key_is_computed() {
    for (name, text) in [("challenge", "r=x,s=QQ==,i=4096"), ("challenge", "v=AAAA"), ("success", "v=AAAA")] {
        let mut bench = Bench::new(1);
        bench.put(Input::Command(Command::Connect));
        let ticket = bench.sign_in().unwrap();
        let out = bench.sasl(name, text);
        assert!(aborts(&out) && !sends(&out), "{name} {text}");
        assert!(bench.key(ticket).is_empty());
    }
}

/// A key of an earlier connection is not used, even if it comes in the middle of a later one.
#[test]
fn keys_of_earlier_connections_are_ignored() {
    let mut bench = Bench::new(1);
    bench.put(Input::Command(Command::Connect));
    let old = bench.sign_in().unwrap();
    bench.put(Input::Disconnected(Problem::ConnectionLost));
    assert!(bench.key(old).is_empty());
    assert!(connects(&bench.wake()));
    let new = bench.sign_in().unwrap();
    assert_ne!(old, new);
    assert!(bench.key(old).is_empty());
    assert!(sends(&bench.key(new)));
    assert!(bench.key(new).is_empty());
}

/// A key made from an earlier password is not kept for the later one.
#[test]
fn keys_of_earlier_passwords_are_not_kept() {
    let mut bench = Bench::new(1);
    bench.put(Input::Command(Command::Connect));
    let ticket = bench.sign_in().unwrap();
    bench.put(Input::Command(Command::SetPassword(Password::new("other".to_owned()))));
    assert!(sends(&bench.key(ticket)));
    bench.put(Input::Disconnected(Problem::ConnectionLost));
    bench.wake();
    assert!(bench.sign_in().is_some());
}

/// The same question again is answered from memory.
#[test]
fn keys_are_kept() {
    let mut bench = Bench::new(1);
    bench.put(Input::Command(Command::Connect));
    let ticket = bench.sign_in().unwrap();
    assert!(sends(&bench.key(ticket)));
    bench.put(Input::Disconnected(Problem::ConnectionLost));
    bench.wake();
    assert_eq!(bench.sign_in(), None);
}

/// An idle connection wakes the machine once in forty seconds, a busy one no more often.
#[test]
fn idle_costs_little() {
    let mut bench = Bench::new(1);
    bench.connection.state = State::Online(Online {
        since: Duration::ZERO,
        bound: Jid::new("alice@example.org/x").unwrap(),
        liveness: Liveness::new(Duration::ZERO),
    });
    let mut wakes = 0;
    while bench.now < 3600 * SECOND {
        if sends(&bench.wake()) {
            bench.element("<iq xmlns='jabber:client' type='result'/>");
        }
        wakes += 1;
    }
    assert!(wakes <= 91, "{wakes}");

    let (mut moved, mut wake) = (0, bench.connection.next_wake());
    let end = bench.now + 3600 * SECOND;
    while bench.now < end {
        bench.now += SECOND / 10;
        bench.element("<presence xmlns='jabber:client'/>");
        if bench.connection.next_wake().is_some_and(|wake| bench.now >= wake) {
            assert!(!sends(&bench.put(Input::Woke)));
        }
        moved += usize::from(std::mem::replace(&mut wake, bench.connection.next_wake()) != wake);
    }
    assert!(moved <= 91, "{moved}");
}

/// Being woken early, late or for no reason changes nothing that is not due.
#[test]
fn woken_for_nothing() {
    let mut bench = Bench::new(1);
    for _ in 0..3 {
        assert!(bench.put(Input::Woke).is_empty());
    }
    bench.put(Input::Command(Command::Connect));
    bench.put(Input::ConnectFailed(Problem::ConnectionRefused));
    assert!(bench.put(Input::Woke).is_empty());
    bench.now += 3600 * SECOND;
    assert!(connects(&bench.put(Input::Woke)));
    assert!(bench.put(Input::Woke).is_empty());
}

/// Whatever comes, in whatever order: no panic, no tight loop, and the password stays where it is.
#[test]
fn whatever_comes() {
    use rand::Rng;
    let sasl = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'";
    let stream = "xmlns='http://etherx.jabber.org/streams'";
    let elements = [
        format!("<features {stream}><mechanisms {sasl}><mechanism>PLAIN</mechanism></mechanisms></features>"),
        format!(
            "<features {stream}><mechanisms {sasl}><mechanism>PLAIN</mechanism>\
             <mechanism>SCRAM-SHA-256</mechanism></mechanisms></features>"
        ),
        format!("<features {stream}><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></features>"),
        format!("<features {stream}/>"),
        format!("<error {stream}><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></error>"),
        format!("<challenge {sasl}>cj1hLHM9UVE9PSxpPTQwOTY=</challenge>"),
        format!("<challenge {sasl}>dj1BQUFB</challenge>"),
        format!("<success {sasl}/>"),
        format!("<success {sasl}>dj1BQUFB</success>"),
        format!("<failure {sasl}><not-authorized/></failure>"),
        "<iq xmlns='jabber:client' type='result' id='x'/>".to_owned(),
        "<message xmlns='jabber:client'/>".to_owned(),
    ];
    for seed in 0..40 {
        let mut bench = Bench::new(seed);
        let mut chance = StdRng::seed_from_u64(seed ^ 0xC0FFEE);
        let mut by_itself = 0;
        bench.put(Input::Command(Command::Connect));
        for _ in 0..500 {
            bench.now += Duration::from_millis(chance.random_range(0..2000));
            let asked = chance.random_range(0..40);
            let effects = match asked {
                0 => bench.put(Input::Command(Command::Connect)),
                1 => bench.put(Input::Command(Command::Disconnect)),
                2 => bench.put(Input::Command(Command::SetPassword(Password::new("secret".to_owned())))),
                3 => bench.put(Input::Command(Command::NetworkChanged)),
                4 => bench.put(if chance.random() { Input::Check } else { Input::StoodStill }),
                5 => bench.put(Input::ConnectFailed(Problem::ConnectionRefused)),
                6 if chance.random() => bench.put(Input::Closed),
                6 => bench.put(Input::Disconnected(Problem::ConnectionLost)),
                7 => bench.key(chance.random_range(0..5)),
                8..=12 => bench.link(),
                13..=16 => bench.put(Input::Woke),
                _ => bench.element(&elements[chance.random_range(0..elements.len())]),
            };
            by_itself += usize::from(asked > 2 && connects(&effects));
            assert!(!format!("{effects:?}").contains("secret"));
            for effect in &effects {
                // Nobody consented to PLAIN.
                let Effect::Send(element) = effect else { continue };
                assert!(!String::from(element).contains("secret"));
                assert_ne!(element.attr("mechanism"), Some("PLAIN"));
                assert!(!element.text().contains("c2VjcmV0"));
            }
            assert!(bench.connection.bound().is_none(), "nobody knew the password");
            let wake = bench.connection.next_wake();
            assert!(wake.is_none_or(|wake| wake <= bench.now + 301 * SECOND));
        }
        // 500 seconds on average, in which a person may reset the count some forty times.
        assert!(by_itself < 120, "{by_itself} with seed {seed}");
    }
}
