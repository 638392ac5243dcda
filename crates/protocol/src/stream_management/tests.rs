use std::time::Duration;

use causerie_model::Problem;
use minidom::Element;

use super::*;

const NOW: Duration = Duration::from_secs(1);

fn parse(xml: &str) -> Element {
    xml.parse().unwrap()
}

fn managed() -> StreamManagement {
    let mut management = StreamManagement::default();
    management.enable(NOW, &mut Effects::default());
    hear(&mut management, "<enabled xmlns='urn:xmpp:sm:3' id='s' resume='true'/>").unwrap();
    management
}

fn hear(management: &mut StreamManagement, xml: &str) -> Result<Vec<String>, Problem> {
    let mut out = Effects::default();
    management.element(&parse(xml), NOW, &mut out)?;
    Ok(sent(&out))
}

/// Sends messages of these names and gives what goes out.
fn send(management: &mut StreamManagement, names: impl IntoIterator<Item = usize>) -> Vec<String> {
    let mut out = Effects::default();
    for name in names {
        out.send(parse(&format!("<message xmlns='jabber:client' to='bob@example.org' id='{name}'/>")));
    }
    management.keep(0, &mut out);
    sent(&out)
}

fn sent(out: &Effects) -> Vec<String> {
    let of = |effect: &Effect| match effect {
        Effect::Send(element) => Some(element.attr("id").unwrap_or(element.name()).to_owned()),
        _ => None,
    };
    out.0.iter().filter_map(of).collect()
}

fn acknowledged(management: &mut StreamManagement) -> Vec<String> {
    management.news().acknowledged.into_iter().map(|(_, id)| id.as_str().to_owned()).collect()
}

#[test]
fn counters_wrap() {
    let mut management = managed();
    management.received = u32::MAX;
    management.acknowledged = u32::MAX - 1;
    send(&mut management, 0..4);
    hear(&mut management, "<message xmlns='jabber:client'/>").unwrap();
    let mut out = Effects::default();
    management.element(&parse("<r xmlns='urn:xmpp:sm:3'/>"), NOW, &mut out).unwrap();
    assert!(matches!(out.0.as_slice(), [Effect::Send(a)] if a.attr("h") == Some("0")));
    hear(&mut management, "<a xmlns='urn:xmpp:sm:3' h='1'/>").unwrap();
    assert_eq!(acknowledged(&mut management), ["0", "1", "2"]);
    assert!(hear(&mut management, "<a xmlns='urn:xmpp:sm:3' h='3'/>").is_err());
}

#[test]
fn an_old_count_takes_nothing_back_and_a_high_one_gives_nothing() {
    let mut management = managed();
    send(&mut management, 0..5);
    hear(&mut management, "<a xmlns='urn:xmpp:sm:3' h='2'/>").unwrap();
    for old in ["0", "1", "4294967295", "2147483700"] {
        hear(&mut management, &format!("<a xmlns='urn:xmpp:sm:3' h='{old}'/>")).unwrap();
    }
    for junk in ["", "-1", "x", "4294967296"] {
        hear(&mut management, &format!("<a xmlns='urn:xmpp:sm:3' h='{junk}'/>")).unwrap();
    }
    assert_eq!(acknowledged(&mut management), ["0", "1"]);
    assert_eq!(hear(&mut management, "<a xmlns='urn:xmpp:sm:3' h='6'/>"), Err(Problem::Protocol));
    assert_eq!(acknowledged(&mut management), [""; 0]);
}

#[test]
fn what_is_beyond_the_window_waits_in_order() {
    let mut management = managed();
    assert_eq!(send(&mut management, 0..WINDOW + 3).len(), WINDOW);
    assert_eq!(send(&mut management, [9999]).len(), 0);
    // Nothing that has not gone out can be acknowledged.
    let released = hear(&mut management, "<a xmlns='urn:xmpp:sm:3' h='2'/>").unwrap();
    assert_eq!(released, ["500", "501", "r"]);
    assert!(hear(&mut management, &format!("<a xmlns='urn:xmpp:sm:3' h='{}'/>", WINDOW + 3)).is_err());
}

#[test]
fn what_was_not_sent_is_not_acknowledged_by_a_resumption() {
    let mut management = managed();
    send(&mut management, 0..WINDOW + 3);
    assert!(management.suspend(End::Otherwise).is_some());
    let resumed = format!("<resumed xmlns='urn:xmpp:sm:3' previd='s' h='{}'/>", WINDOW + 1);
    assert!(management.resumed(&parse(&resumed), NOW, &mut Effects::default()).is_err());
    assert_eq!(acknowledged(&mut management), [""; 0]);
}

#[test]
fn a_server_that_acknowledges_nothing_is_not_fed_for_ever() {
    let mut management = managed();
    let large = format!("<message xmlns='jabber:client'><body>{}</body></message>", "x".repeat(1_000_000));
    let mut count = 0;
    while !management.is_full() {
        let mut out = Effects::default();
        out.send(parse(&large));
        management.keep(0, &mut out);
        count += 1;
        assert!(count < 40);
    }
    assert_eq!(management.suspend(End::Otherwise), None);
}

#[test]
fn acknowledgements_without_progress_are_not_asked_for_at_once() {
    let mut management = managed();
    send(&mut management, 0..2);
    for _ in 0..1000 {
        assert_eq!(hear(&mut management, "<a xmlns='urn:xmpp:sm:3' h='0'/>").unwrap(), [""; 0]);
    }
    let at = management.next_wake().unwrap();
    let mut out = Effects::default();
    management.due(at, &mut out).unwrap();
    assert_eq!(sent(&out), ["r"]);
}

/// Whatever a server says, each message is acknowledged at most once, in order, and only after it was sent.
#[test]
fn whatever_a_server_says() {
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};
    for seed in 0..300 {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut management = managed();
        let (mut written, mut out_so_far, mut told) = (0, 0, Vec::new());
        for _ in 0..200 {
            match rng.random_range(0..10) {
                0..4 => {
                    let count = rng.random_range(0..5);
                    out_so_far =
                        out_so_far.max(written + send(&mut management, written..written + count).len());
                    written += count;
                }
                4..8 => {
                    let h = match rng.random_bool(0.9) {
                        true => management.acknowledged.wrapping_add(rng.random_range(0..3)),
                        false => rng.random(),
                    };
                    if hear(&mut management, &format!("<a xmlns='urn:xmpp:sm:3' h='{h}'/>")).is_err() {
                        break;
                    }
                }
                _ => {
                    let why = if rng.random_bool(0.9) { End::Otherwise } else { End::ByServer };
                    management.suspend(why).unwrap();
                    let h = management.acknowledged.wrapping_add(rng.random_range(0..3));
                    let resumed = format!("<resumed xmlns='urn:xmpp:sm:3' previd='s' h='{h}'/>");
                    if management.resumed(&parse(&resumed), NOW, &mut Effects::default()).is_err() {
                        break;
                    }
                }
            }
            told.extend(management.news().acknowledged.into_iter().map(|(_, id)| id.as_str().to_owned()));
        }
        assert!(told.len() <= written, "seed {seed}");
        let numbers: Vec<usize> = told.iter().map(|id| id.parse().unwrap()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "seed {seed}: {numbers:?}");
    }
}

#[test]
fn what_was_taken_back_is_not_sent_again() {
    let name = |id: &str| (BareJid::new("bob@example.org").unwrap(), OriginId::new(id).unwrap());
    let mut management = managed();
    send(&mut management, 0..WINDOW + 3);
    // One that has gone out, and one that waits.
    management.withdraw(&name("3"));
    management.withdraw(&name("501"));
    assert_eq!(hear(&mut management, "<a xmlns='urn:xmpp:sm:3' h='2'/>").unwrap(), ["500", "502", "r"]);
    assert!(management.suspend(End::Otherwise).is_some());
    management.withdraw(&name("4"));
    let mut out = Effects::default();
    let resumed = parse("<resumed xmlns='urn:xmpp:sm:3' previd='s' h='2'/>");
    management.resumed(&resumed, NOW, &mut out).unwrap();
    let again = sent(&out);
    assert_eq!(again.first().map(String::as_str), Some("2"));
    assert!(!again.iter().any(|id| ["3", "4", "501"].contains(&id.as_str())));
    assert!(again.contains(&"502".to_owned()));
}

#[test]
fn nothing_waits_for_a_server_that_has_not_said_whether_it_counts() {
    let mut management = StreamManagement::default();
    management.enable(NOW, &mut Effects::default());
    assert_eq!(send(&mut management, 0..WINDOW + 3).len(), WINDOW + 3);
    hear(&mut management, "<failed xmlns='urn:xmpp:sm:3'/>").unwrap();
    assert!(management.news().refused);
}
