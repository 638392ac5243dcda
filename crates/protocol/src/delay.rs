//! When a message was really sent (XEP-0203 2.0).
//!
//! Anybody can write any time into a message, and in anybody's name: servers only add their own. Taken is the last that is said in
//! the name of our own server or account, and not beyond what can be: never after now, and not long before we were last online, as
//! what came while we were would not have been kept; on a stream that has been there for long, not long before now. What of that is
//! forged moves a message by the time we were away at most.

use std::time::Duration;

use causerie_model::{BareJid, Jid, Timestamp};
use minidom::Element;

use crate::{Now, datetime, ns, xml};

/// 2000-01-01: XMPP is younger.
const EARLIEST: Timestamp = Timestamp::from_millis(946_684_800_000);
/// Before that: clocks differ, and a server may keep what it had sent to a connection that turned out to be dead.
const SLACK: Duration = Duration::from_secs(3600);

/// What is said of it in the name of our own server or account.
fn trusted<'a>(stanza: &'a Element, own: &'a BareJid) -> impl Iterator<Item = &'a Element> {
    xml::children(stanza, "delay", ns::DELAY).filter(move |delay| {
        let from = delay.attr("from").and_then(|from| Jid::new(from).ok());
        from.is_some_and(|from| from.is_bare() && (from.bare() == own || *from.bare() == own.to_domain()))
    })
}

/// Whether our own server seems to have held it back. Anybody can say so.
pub(crate) fn was_held(stanza: &Element, own: &BareJid) -> bool {
    trusted(stanza, own).next().is_some()
}

/// When a stanza was sent, else now. What comes was kept for us since `kept_since`, as far as is known.
pub(crate) fn sent_at(stanza: &Element, own: &BareJid, kept_since: Option<Timestamp>, now: Now) -> Timestamp {
    let stamp = trusted(stanza, own).filter_map(|delay| datetime::parse(delay.attr("stamp")?)).last();
    let slack = i64::try_from(SLACK.as_millis()).unwrap_or_default();
    let kept_since = kept_since.map(|at| Timestamp::from_millis(at.as_millis().saturating_sub(slack)));
    let earliest = kept_since.map_or(EARLIEST, |kept_since| kept_since.max(EARLIEST));
    stamp.map_or(now.wall, |stamp| stamp.max(earliest).min(now.wall))
}
