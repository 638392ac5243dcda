//! Resource binding (RFC 6120 §7), and the session of RFC 3921 where an old server still wants it.

use causerie_model::{BareJid, Jid, Problem};
use minidom::Element;
use rand::{Rng, RngCore};

use crate::xml::Draft;
use crate::{Effects, ns};

/// A request for an address.
pub(crate) struct Binding {
    id: String,
    asked: Asked,
    session: Session,
}

enum Asked {
    /// For a resource that we made up.
    Ours,
    /// For any resource, after ours was refused.
    Any,
    /// For a session; the address is known.
    Session(Jid),
}

#[derive(Clone, Copy)]
enum Session {
    Wanted,
    NotWanted,
}

/// What came of an answer.
#[derive(Debug)]
pub(crate) enum Bound {
    /// It was no answer to us.
    NotOurs,
    /// Something more was asked.
    NotYet,
    /// This is our address.
    As(Jid),
}

impl Binding {
    /// Asks for the resource, or a new one.
    pub(crate) fn begin(
        features: &Element,
        resource: &mut Option<String>,
        rng: &mut dyn RngCore,
        out: &mut Effects,
    ) -> Result<Self, Problem> {
        if !features.has_child("bind", ns::BIND) {
            return Err(Problem::BindFailed);
        }
        // RFC 6121 had no more use for it; who still offers it says so (draft-cridland-xmpp-session).
        let session = match features.get_child("session", ns::SESSION) {
            Some(session) if !session.has_child("optional", ns::SESSION) => Session::Wanted,
            _ => Session::NotWanted,
        };
        let resource = resource.get_or_insert_with(|| format!("causerie-{}", letters(6, rng)));
        let resource = Draft::new("resource", ns::BIND).text(resource);
        let request = Draft::new("bind", ns::BIND).child(resource);
        Ok(Self { id: ask(request, rng, out), asked: Asked::Ours, session })
    }

    /// Takes an `<iq/>`.
    pub(crate) fn answer(
        &mut self,
        iq: &Element,
        account: &BareJid,
        rng: &mut dyn RngCore,
        out: &mut Effects,
    ) -> Result<Bound, Problem> {
        if iq.attr("id") != Some(&self.id) || !is_from_server(iq, account) {
            return Ok(Bound::NotOurs);
        }
        match (iq.attr("type"), &self.asked) {
            (Some("result"), Asked::Session(bound)) => Ok(Bound::As(bound.clone())),
            (Some("result"), Asked::Ours | Asked::Any) => self.bound(iq, account, rng, out),
            (Some("error"), Asked::Ours) if condition(iq) != Some("resource-constraint") => {
                self.id = ask(Draft::new("bind", ns::BIND), rng, out);
                self.asked = Asked::Any;
                Ok(Bound::NotYet)
            }
            (Some("error"), _) if condition(iq) == Some("resource-constraint") => Err(Problem::ServerBusy),
            (Some("error"), _) => Err(Problem::BindFailed),
            _ => Ok(Bound::NotOurs),
        }
    }

    fn bound(
        &mut self,
        iq: &Element,
        account: &BareJid,
        rng: &mut dyn RngCore,
        out: &mut Effects,
    ) -> Result<Bound, Problem> {
        let bind = iq.get_child("bind", ns::BIND).ok_or(Problem::BindFailed)?;
        let jid = bind.get_child("jid", ns::BIND).ok_or(Problem::BindFailed)?;
        let bound = Jid::new(jid.text().trim()).map_err(|_| Problem::BindFailed)?;
        if bound.bare() != account {
            return Err(Problem::WrongAddress);
        }
        if bound.is_bare() {
            return Err(Problem::BindFailed);
        }
        match self.session {
            Session::NotWanted => Ok(Bound::As(bound)),
            Session::Wanted => {
                self.id = ask(Draft::new("session", ns::SESSION), rng, out);
                self.asked = Asked::Session(bound);
                Ok(Bound::NotYet)
            }
        }
    }
}

/// Sends a request to our server, and gives the identifier that its answer will bear.
fn ask(request: Draft, rng: &mut dyn RngCore, out: &mut Effects) -> String {
    let id = letters(16, rng);
    let iq = Draft::new("iq", ns::CLIENT).attr("type", "set").attr("id", &id).child(request);
    out.send(iq.into());
    id
}

/// Nobody else can send here yet; a server that says otherwise mixes something up.
fn is_from_server(iq: &Element, account: &BareJid) -> bool {
    let Some(from) = iq.attr("from") else { return true };
    Jid::new(from).is_ok_and(|from| from.bare() == account || Jid::from(account.to_domain()) == from)
}

fn condition(iq: &Element) -> Option<&str> {
    let error = iq.get_child("error", ns::CLIENT)?;
    error.children().find(|child| child.has_ns(ns::STANZA_ERROR)).map(Element::name)
}

/// That many small letters and digits, none easily mistaken for another.
pub(crate) fn letters(count: usize, rng: &mut dyn RngCore) -> String {
    const ALPHABET: &[u8] = b"abcdefghijkmnopqrstuvwxyz2345679";
    let letter = |_| ALPHABET.get(rng.random_range(0..ALPHABET.len())).copied().unwrap_or(b'a');
    (0..count).map(letter).map(char::from).collect()
}
