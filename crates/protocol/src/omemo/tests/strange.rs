//! What strangers write that can't be read.

use std::time::Duration;

use causerie_model::{Notice, Unreadable};
use minidom::Element;

use super::lab::{Lab, jid, with};
use crate::messages::strange::{MOST_ROWS, MOST_SHOWN};

const BOBS: &str = "bob@b.example";
const HOUR: Duration = Duration::from_secs(3600);

/// A message of a stranger for a device that is not this one.
fn vain(of: usize, number: usize) -> Element {
    format!(
        "<message xmlns='jabber:client' type='chat' from='m{of}@evil.example/1' id='v{number}'>\
         <encrypted xmlns='urn:xmpp:omemo:2'><header sid='7'><keys jid='bob@b.example'><key rid='9'>AA==</key></keys>\
         </header><payload>AA==</payload></encrypted></message>"
    )
    .parse()
    .unwrap()
}

fn told(of: usize) -> Notice {
    Notice::Unreadable { from: Some(jid(&format!("m{of}@evil.example"))) }
}

fn bob() -> Lab {
    let mut lab = Lab::new();
    lab.add("bob@b.example/1", &[]);
    lab
}

/// How many rows there are of a stranger.
fn rows(lab: &Lab, of: usize) -> usize {
    let from = jid(&format!("m{of}@evil.example"));
    lab.devices[0].rows.iter().filter(|row| row.peer == from).count()
}

#[test]
fn what_a_stranger_wrote_for_an_older_device_is_a_row_before_what_can_be_read() {
    let mut lab = bob();
    let carol = lab.add("carol@c.example/1", &[]);
    lab.deliver(0, with(vain(0, 1), "from", "carol@c.example/1"));
    assert_eq!(lab.received(0), ["<not for this device>"]);
    lab.send(carol, BOBS, "2");
    assert_eq!(lab.received(0), ["<not for this device>", "2"]);
    assert!(lab.devices[0].notices.is_empty());
    let why = &lab.devices[0].rows[0].body;
    assert_eq!(*why, causerie_model::Body::Unreadable(Unreadable::NotForThisDevice));
}

#[test]
fn so_many_messages_of_a_stranger_are_shown_in_a_day_and_of_more_it_is_told_once() {
    let mut lab = bob();
    for number in 0..MOST_ROWS + 5 {
        lab.deliver(0, vain(0, number));
    }
    assert_eq!((rows(&lab, 0), lab.devices[0].notices.as_slice()), (MOST_ROWS, &[told(0)][..]));
    lab.wait(23 * HOUR);
    lab.deliver(0, vain(0, 100));
    assert_eq!((rows(&lab, 0), lab.devices[0].notices.len()), (MOST_ROWS, 1));
    // The day after, some more.
    lab.wait(2 * HOUR);
    for number in 200..200 + MOST_ROWS + 5 {
        lab.deliver(0, vain(0, number));
    }
    assert_eq!((rows(&lab, 0), lab.devices[0].notices.as_slice()), (2 * MOST_ROWS, &[told(0), told(0)][..]));
}

#[test]
fn of_so_many_strangers_something_is_shown_in_a_day_and_of_some_more_it_is_told() {
    let mut lab = bob();
    for _ in 0..2 {
        for of in 0..500 {
            lab.deliver(0, vain(of, 0));
        }
    }
    assert_eq!(lab.devices[0].rows.len(), MOST_SHOWN);
    let named: Vec<Notice> = (MOST_SHOWN..100).map(told).collect();
    let mut expected = named;
    expected.push(Notice::Unreadable { from: None });
    assert_eq!(lab.devices[0].notices, expected);
    // The day after, anybody is shown again.
    lab.wait(25 * HOUR);
    lab.deliver(0, vain(499, 1));
    assert_eq!((rows(&lab, 499), lab.devices[0].notices.len()), (1, expected.len()));
}

#[test]
fn whoever_has_written_something_that_can_be_read_is_no_stranger() {
    let mut lab = bob();
    let carol = lab.add("carol@c.example/1", &[]);
    lab.send(carol, BOBS, "hello");
    for number in 0..MOST_ROWS + 5 {
        lab.deliver(0, with(vain(0, number), "from", "carol@c.example/1"));
    }
    assert_eq!((lab.received(0).len(), lab.devices[0].notices.len()), (1 + MOST_ROWS + 5, 0));
}

/// It learns nothing by it: neither that we are here nor which devices there are.
#[test]
fn a_stranger_whose_message_is_a_row_learns_nothing() {
    let mut lab = bob();
    let carol = lab.add("carol@c.example/1", &[]);
    lab.send(carol, BOBS, "hello");
    lab.asked.clear();
    let sent = lab.wire.len();
    let request: Element = "<request xmlns='urn:xmpp:receipts'/>".parse().unwrap();
    let mut stanza = vain(0, 1);
    stanza.append_child(request);
    lab.deliver(0, stanza);
    assert_eq!(rows(&lab, 0), 1);
    assert_eq!((lab.asked.len(), lab.wire.len()), (0, sent));
}

/// What an archive has twice, or what comes by itself and from there, is one.
#[test]
fn a_message_that_comes_again_is_counted_once() {
    let mut lab = Lab::new();
    lab.archives = true;
    lab.add("bob@b.example/1", &[]);
    let named = |number: usize| {
        let mut stanza = vain(0, number);
        let name = format!("<stanza-id xmlns='urn:xmpp:sid:0' by='{BOBS}' id='s{number}'/>");
        stanza.append_child(name.parse().unwrap());
        stanza
    };
    for _ in 0..2 {
        for number in 0..MOST_ROWS {
            lab.deliver(0, named(number));
        }
    }
    assert_eq!((rows(&lab, 0), lab.devices[0].notices.len()), (MOST_ROWS, 0));
}
