//! Availability: what we show, and what contacts show (RFC 6121 §4).

use std::collections::BTreeMap;

use causerie_model::{BareJid, Change, Event, OwnPresence, Presence, Show};
use minidom::Element;

use crate::ns;
use crate::step::Step;
use crate::xml::{self, Draft};

/// The most devices of one contact that are looked at.
const MOST_DEVICES: usize = 64;
/// The longest status, in characters.
const LONGEST_STATUS: usize = 1024;

/// What contacts show.
#[derive(Debug, Default)]
pub(crate) struct Presences {
    contacts: BTreeMap<BareJid, Contact>,
}

#[derive(Debug, Default)]
struct Contact {
    devices: BTreeMap<String, Device>,
    shown: Presence,
}

#[derive(Debug)]
struct Device {
    show: Show,
    priority: i8,
    status: String,
}

impl Presences {
    /// A device of a contact is available.
    pub(crate) fn available(&mut self, jid: &BareJid, resource: &str, stanza: &Element, step: &mut Step<'_>) {
        let contact = self.contacts.entry(jid.clone()).or_default();
        if contact.devices.len() >= MOST_DEVICES && !contact.devices.contains_key(resource) {
            return;
        }
        contact.devices.insert(resource.to_owned(), Device::read(stanza));
        contact.show(jid, step);
    }

    /// A device of a contact is no longer available; without a resource, none is.
    pub(crate) fn unavailable(&mut self, jid: &BareJid, resource: Option<&str>, step: &mut Step<'_>) {
        let Some(contact) = self.contacts.get_mut(jid) else { return };
        match resource {
            Some(resource) => drop(contact.devices.remove(resource)),
            None => contact.devices.clear(),
        }
        contact.show(jid, step);
        if contact.devices.is_empty() {
            self.contacts.remove(jid);
        }
    }

    /// Whether a contact has an available device.
    pub(crate) fn is_available(&self, jid: &BareJid) -> bool {
        self.contacts.contains_key(jid)
    }

    /// The stream is over, its session is not: nothing is shown until it goes on.
    pub(crate) fn hide(&self, step: &mut Step<'_>) {
        step.tell(Event::PresenceForgotten);
    }

    /// The session goes on: what was known then still is, and what has changed is told.
    pub(crate) fn show_again(&self, step: &mut Step<'_>) {
        for (jid, contact) in &self.contacts {
            step.tell(Event::PresenceChanged { peer: jid.clone(), presence: contact.shown.clone() });
        }
    }

    /// We went offline: nothing is known any more.
    pub(crate) fn forget(&mut self, step: &mut Step<'_>) {
        self.contacts.clear();
        step.tell(Event::PresenceForgotten);
    }
}

impl Contact {
    /// Tells what the most available device shows, when it is not what was told before.
    fn show(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        let most = self.devices.values().max_by_key(|device| (rank(device.show), device.priority));
        let presence = match most {
            Some(device) => Presence::Online { show: device.show, status: device.status.clone() },
            None => Presence::Offline,
        };
        if presence != self.shown {
            self.shown = presence.clone();
            step.tell(Event::PresenceChanged { peer: jid.clone(), presence });
        }
    }
}

impl Device {
    /// Reads a presence part by part: what is not understood is as if it were not there.
    fn read(stanza: &Element) -> Self {
        let text = |name: &str| stanza.get_child(name, ns::CLIENT).map(Element::text).unwrap_or_default();
        let show = match text("show").trim() {
            "chat" => Show::Chat,
            "away" => Show::Away,
            "xa" => Show::ExtendedAway,
            "dnd" => Show::DoNotDisturb,
            _ => Show::Available,
        };
        let priority = text("priority").trim().parse().unwrap_or(0);
        Self { show, priority, status: xml::words(&text("status"), LONGEST_STATUS) }
    }
}

fn rank(show: Show) -> u8 {
    match show {
        Show::ExtendedAway => 0,
        Show::Away => 1,
        Show::DoNotDisturb => 2,
        Show::Available => 3,
        Show::Chat => 4,
    }
}

/// What we show. `capabilities` goes with it (XEP-0115), and what is to be said of our picture (XEP-0153).
pub(crate) fn own(presence: &OwnPresence, capabilities: Element, picture: Option<Element>) -> Element {
    let show = match presence.show {
        Show::Available => None,
        Show::Chat => Some("chat"),
        Show::Away => Some("away"),
        Show::ExtendedAway => Some("xa"),
        Show::DoNotDisturb => Some("dnd"),
    };
    let element = |name: &str, text: &str| Element::from(Draft::new(name, ns::CLIENT).text(text));
    let status = Some(presence.status.as_str()).filter(|status| !status.is_empty());
    let priority = Some(presence.priority.to_string()).filter(|_| presence.priority != 0);
    Draft::new("presence", ns::CLIENT)
        .children(show.map(|show| element("show", show)))
        .children(status.map(|status| element("status", status)))
        .children(priority.map(|priority| element("priority", &priority)))
        .child(capabilities)
        .children(picture)
        .into()
}

/// The person chose what to show.
pub(crate) fn choose(own: &mut OwnPresence, chosen: OwnPresence, step: &mut Step<'_>) {
    *own = OwnPresence { status: xml::words(&chosen.status, LONGEST_STATUS), ..chosen };
    step.record(Change::OwnPresenceSet(own.clone()));
}
