//! When a message was really sent (XEP-0203 2.0).
//!
//! Anybody can write any time into a message. Taken is only what our own server or account says it has added, and not beyond
//! what can be: never after now, never before the century began.

use causerie_model::{BareJid, Jid, Timestamp};
use minidom::Element;

use crate::{Now, datetime, ns, xml};

/// 2000-01-01: XMPP is younger.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);

/// When a stanza was sent, else now.
pub(crate) fn sent_at(stanza: &Element, own: &BareJid, now: Now) -> Timestamp {
    let trusted = |delay: &&Element| {
        let from = delay.attr("from").and_then(|from| Jid::new(from).ok());
        from.is_some_and(|from| from.is_bare() && (from.bare() == own || *from.bare() == own.to_domain()))
    };
    let delays = xml::children(stanza, "delay", ns::DELAY).filter(trusted);
    let stamp = delays.filter_map(|delay| datetime::parse(delay.attr("stamp")?)).next();
    stamp.map_or(now.wall, |stamp| stamp.max(EARLIEST).min(now.wall))
}
