//! Knowing what the programs of contacts can do without asking each of them (XEP-0115 1.6).
//!
//! A presence claims a hash of what its sender's program can do. One claimant is asked, and what comes is believed of all
//! who claim the same, if it has that hash. So only exactly what the rules allow is believed (§5.4), and few are asked at a
//! time.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use causerie_model::{BareJid, Capabilities, Change, Jid, Restored};
use minidom::Element;
use sha1::{Digest, Sha1};

use crate::disco::Openness;
use crate::iq::{Answer, Ask, Recipient};
use crate::step::Step;
use crate::xml::{self, Draft};
use crate::{disco, ns};

/// What we can do, for XEP-0030.
pub(crate) const FEATURES: &[&str] = &[ns::CAPS];

/// What our own claims are about: this program.
const NODE: &str = "urn:causerie:desktop";
/// How many are asked at a time.
const MOST_IN_FLIGHT: usize = 10;
/// How many are asked in a minute.
const MOST_A_MINUTE: usize = 100;
const MINUTE: Duration = Duration::from_secs(60);
/// How many claims wait.
const MOST_WAITING: usize = 1000;
/// How many sets are learned in a run, from all and from one contact.
const MOST_LEARNED: usize = 5000;
/// How many bytes of names are learned in a run.
const MOST_LEARNED_BYTES: usize = 8 << 20;
const MOST_OF_ONE: u16 = 100;
/// How often one claim is looked into.
const MOST_TRIES: u8 = 3;
/// The largest set, in bytes of its verification string; and the longest node.
const LARGEST: usize = 64 * 1024;
const LONGEST_NODE: usize = 1024;

/// What somebody's presence says of their program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    /// Who says so.
    pub(crate) jid: Jid,
    node: String,
    ver: String,
}

/// What is known of programs.
#[derive(Debug, Default)]
pub(crate) struct Programs {
    /// Hashes that this run or an earlier one has looked into, with their features.
    learned: BTreeMap<String, Vec<String>>,
    learned_bytes: usize,
    waiting: VecDeque<Claim>,
    in_flight: Vec<Claim>,
    /// When somebody was asked in the last minute.
    asked_at: VecDeque<Duration>,
    /// How often each claim was looked into, and each contact asked.
    tries: BTreeMap<String, u8>,
    asked: BTreeMap<BareJid, u16>,
}

impl Programs {
    /// What the last run knew.
    pub(crate) fn new(restored: &Restored) -> Self {
        let known = restored.capabilities.iter().map(|set| (set.ver.clone(), set.features.clone()));
        Self { learned: known.collect(), ..Self::default() }
    }

    /// A contact's presence came. Gives their features, when known.
    pub(crate) fn announced(
        &mut self,
        jid: &Jid,
        presence: &Element,
        step: &mut Step<'_>,
    ) -> Option<&[String]> {
        let claim = read_claim(jid, presence)?;
        let key = key(&claim.ver);
        if !self.learned.contains_key(&key) {
            self.look_into(claim, &key, step);
        }
        self.learned.get(&key).map(Vec::as_slice)
    }

    fn look_into(&mut self, claim: Claim, key: &str, step: &mut Step<'_>) {
        let asked = self.asked.get(claim.jid.bare()).copied().unwrap_or(0);
        let awaited = self.waiting.iter().chain(&self.in_flight).any(|other| other.ver == claim.ver);
        if awaited
            || asked >= MOST_OF_ONE
            || self.tries.get(key).is_some_and(|tries| *tries >= MOST_TRIES)
            || self.waiting.len() >= MOST_WAITING
            || self.learned.len() >= MOST_LEARNED
            || self.learned_bytes >= MOST_LEARNED_BYTES
        {
            return;
        }
        self.waiting.push_back(claim);
        self.ask(step);
    }

    /// Asks those whose turn it is.
    pub(crate) fn ask(&mut self, step: &mut Step<'_>) {
        let now = step.now.elapsed;
        self.asked_at.retain(|at| at.saturating_add(MINUTE) > now);
        while step.is_online() && self.in_flight.len() < MOST_IN_FLIGHT && self.asked_at.len() < MOST_A_MINUTE
        {
            let Some(claim) = self.waiting.pop_front() else { return };
            self.asked_at.push_back(now);
            let tries = self.tries.entry(key(&claim.ver)).or_default();
            *tries = tries.saturating_add(1);
            let asked = self.asked.entry(claim.jid.bare().clone()).or_default();
            *asked = asked.saturating_add(1);
            let query =
                Draft::new("query", ns::DISCO_INFO).attr("node", &format!("{}#{}", claim.node, claim.ver));
            step.get(Recipient::Jid(claim.jid.clone()), query, Ask::Capabilities(claim.clone()));
            self.in_flight.push(claim);
        }
    }

    /// What somebody's program says that it can do. Gives the features when they are those of the claim.
    pub(crate) fn answered(
        &mut self,
        claim: &Claim,
        answer: &Answer<'_>,
        step: &mut Step<'_>,
    ) -> Option<&[String]> {
        self.in_flight.retain(|other| other != claim);
        self.ask(step);
        let Answer::Result(reply) = answer else { return None };
        let (ver, features) = verify(reply.get_child("query", ns::DISCO_INFO)?)?;
        if ver != claim.ver {
            return None;
        }
        let key = key(&ver);
        self.learned_bytes += features.iter().map(String::len).sum::<usize>();
        step.record(Change::CapabilitiesLearned(Capabilities {
            ver: key.clone(),
            features: features.clone(),
        }));
        Some(self.learned.entry(key).or_insert(features))
    }

    /// When somebody can be asked again who could not be asked now.
    pub(crate) fn next_wake(&self) -> Option<Duration> {
        let free = self.in_flight.len() < MOST_IN_FLIGHT && !self.waiting.is_empty();
        self.asked_at.front().filter(|_| free).map(|at| at.saturating_add(MINUTE))
    }

    /// We went offline: who claims something will do so again.
    pub(crate) fn forget(&mut self) {
        self.waiting.clear();
        self.in_flight.clear();
    }
}

/// Our own claim, for our presence.
pub(crate) fn own(openness: Openness) -> Element {
    Draft::new("c", ns::CAPS).attr("hash", "sha-1").attr("node", NODE).attr("ver", &own_ver(openness)).into()
}

/// What others ask for after our claim.
pub(crate) fn own_node(openness: Openness) -> String {
    format!("{NODE}#{}", own_ver(openness))
}

fn own_ver(openness: Openness) -> String {
    let (category, kind, name) = disco::IDENTITY;
    let features = disco::own_features(openness);
    let mut text = format!("{category}/{kind}//{name}<");
    features.iter().for_each(|feature| push(&mut text, feature));
    digest(&text)
}

fn key(ver: &str) -> String {
    format!("sha-1:{ver}")
}

fn digest(text: &str) -> String {
    BASE64_STANDARD.encode(Sha1::digest(text))
}

fn push(text: &mut String, part: &str) {
    text.push_str(part);
    text.push('<');
}

fn read_claim(jid: &Jid, presence: &Element) -> Option<Claim> {
    let c = presence.get_child("c", ns::CAPS).filter(|c| c.attr("hash") == Some("sha-1"))?;
    let (node, ver) = (c.attr("node")?, c.attr("ver")?);
    let is_hash = ver.len() <= 28 && BASE64_STANDARD.decode(ver).is_ok_and(|bytes| bytes.len() == 20);
    let usable = is_hash && !node.is_empty() && node.len() <= LONGEST_NODE;
    usable.then(|| Claim { jid: jid.clone(), node: node.to_owned(), ver: ver.to_owned() })
}

/// The hash of an answer and its features, unless it is ill-formed (§5.4, step 3): whatever is there twice, or has the
/// separator in it, could stand for something else under the same hash.
fn verify(query: &Element) -> Option<(String, Vec<String>)> {
    let mut identities = Vec::new();
    for identity in xml::children(query, "identity", ns::DISCO_INFO) {
        let of = |name| identity.attr(name).unwrap_or_default();
        let lang = xml::lang(identity).unwrap_or_default();
        identities.push(format!("{}/{}/{lang}/{}", of("category"), of("type"), of("name")));
    }
    let mut features: Vec<String> = disco::features(query).map(str::to_owned).collect();
    let mut forms = BTreeMap::new();
    for form in xml::children(query, "x", ns::DATA_FORM) {
        let (form_type, fields) = match read_form(form)? {
            Form::Counts(form_type, fields) => (form_type, fields),
            Form::Ignored => continue,
        };
        if forms.insert(form_type, fields).is_some() {
            return None;
        }
    }
    identities.sort_unstable();
    features.sort_unstable();
    let twice = |parts: &[String]| parts.windows(2).any(|pair| matches!(pair, [a, b] if a == b));
    if twice(&identities) || twice(&features) {
        return None;
    }
    let mut text = String::new();
    let form_parts = forms.iter().flat_map(|(form_type, fields)| std::iter::once(form_type).chain(fields));
    for part in identities.iter().chain(&features).chain(form_parts) {
        if part.contains('<') || text.len() + part.len() > LARGEST {
            return None;
        }
        push(&mut text, part);
    }
    Some((digest(&text), features))
}

enum Form {
    /// Its type, and its fields and values in their order.
    Counts(String, Vec<String>),
    /// It has no type, or not a hidden one.
    Ignored,
}

/// `None` where the whole answer is ill-formed.
fn read_form(form: &Element) -> Option<Form> {
    let values = |field: &Element| -> Vec<String> {
        let mut values: Vec<String> =
            xml::children(field, "value", ns::DATA_FORM).map(Element::text).collect();
        values.sort_unstable();
        values
    };
    let fields = || xml::children(form, "field", ns::DATA_FORM);
    let mut types = fields().filter(|field| field.attr("var") == Some("FORM_TYPE"));
    let Some(type_field) = types.next() else { return Some(Form::Ignored) };
    let mut type_values = values(type_field);
    type_values.dedup();
    if type_values.len() > 1 || types.next().is_some() {
        return None;
    }
    let (Some("hidden"), Some(form_type)) = (type_field.attr("type"), type_values.pop()) else {
        return Some(Form::Ignored);
    };
    let mut others: Vec<(String, Vec<String>)> = fields()
        .filter(|field| field.attr("var") != Some("FORM_TYPE"))
        .map(|field| (field.attr("var").unwrap_or_default().to_owned(), values(field)))
        .collect();
    others.sort_unstable();
    let parts = others.into_iter().flat_map(|(var, values)| std::iter::once(var).chain(values)).collect();
    Some(Form::Counts(form_type, parts))
}

#[cfg(test)]
mod tests {
    use causerie_model::{Confirming, Sharing};

    use super::*;

    fn verified(query: &str) -> Option<String> {
        let query = format!("<query xmlns='{}'>{query}</query>", ns::DISCO_INFO);
        verify(&query.parse().unwrap()).map(|(ver, _)| ver)
    }

    const FEATURES_OF_THE_EXAMPLES: &str = "<feature var='http://jabber.org/protocol/caps'/>
        <feature var='http://jabber.org/protocol/disco#info'/><feature var='http://jabber.org/protocol/disco#items'/>
        <feature var='http://jabber.org/protocol/muc'/>";

    #[test]
    fn simple_example_of_the_xep() {
        let query =
            format!("<identity category='client' name='Exodus 0.9.1' type='pc'/>{FEATURES_OF_THE_EXAMPLES}");
        assert_eq!(verified(&query).as_deref(), Some("QgayPKawpkPSDYmwT/WM94uAlu0="));
    }

    #[test]
    fn complex_example_of_the_xep() {
        let query = format!(
            "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
             <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>{FEATURES_OF_THE_EXAMPLES}
             <x xmlns='jabber:x:data' type='result'>
             <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>
             <field var='ip_version' type='text-multi'><value>ipv4</value><value>ipv6</value></field>
             <field var='os'><value>Mac</value></field><field var='os_version'><value>10.5.1</value></field>
             <field var='software'><value>Psi</value></field><field var='software_version'><value>0.11</value></field></x>"
        );
        assert_eq!(verified(&query).as_deref(), Some("q07IKJEyjvHSyhy//CH0CxmKi8w="));
    }

    #[test]
    fn what_we_claim_is_what_we_answer() {
        for (sharing, confirming) in
            [(Sharing::Nobody, Confirming::Reading), (Sharing::Contacts, Confirming::Nothing)]
        {
            let openness = Openness { sharing, confirming };
            let answer = disco::info(&Element::bare("query", ns::DISCO_INFO), openness).unwrap().unwrap();
            let (ver, _) = verify(&answer).unwrap();
            assert_eq!(own(openness).attr("ver"), Some(ver.as_str()));
        }
    }

    #[test]
    fn ill_formed_answers_have_no_hash() {
        let form = |kind: &str, values: &str| {
            format!("<x xmlns='jabber:x:data'><field var='FORM_TYPE' {kind}>{values}</field></x>")
        };
        let (hidden, one) = ("type='hidden'", "<value>a</value>");
        for bad in [
            "<feature var='a'/><feature var='a'/>".to_owned(),
            "<identity category='a' type='b'/><identity category='a' type='b'/>".to_owned(),
            "<feature var='a&lt;b'/>".to_owned(),
            form(hidden, "<value>a</value><value>b</value>"),
            form(hidden, one).repeat(2),
        ] {
            assert_eq!(verified(&bad), None, "{bad}");
        }
        let nothing = verified("");
        for ignored in [form("", one), form(hidden, ""), "<x xmlns='jabber:x:data'/>".to_owned()] {
            assert_eq!(verified(&ignored), nothing, "{ignored}");
        }
        assert_ne!(verified(&form(hidden, one)), nothing);
    }
}
