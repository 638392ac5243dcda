//! Saying what we can do (XEP-0030 2.5).

use causerie_model::{Account, Confirming, Sharing};
use minidom::Element;

use crate::stanza::Condition;
use crate::xml::{self, Draft};
use crate::{
    avatars, caps, chat_states, corrections, displayed, fallback, nickname, ns, omemo, ping, reactions,
    receipts, replies, retractions, time, version,
};

/// What we are: category, type, name.
pub(crate) const IDENTITY: (&str, &str, &str) = ("client", "pc", "Causerie");

const FEATURES: &[&str] = &[ns::DISCO_INFO, ns::DISCO_ITEMS];

/// What the person wants to be told of this program, on which it depends what it says that it can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Openness {
    pub(crate) sharing: Sharing,
    pub(crate) confirming: Confirming,
}

impl From<&Account> for Openness {
    fn from(account: &Account) -> Self {
        Self { sharing: account.sharing, confirming: account.confirming }
    }
}

/// All that we can do, sorted. What is told to nobody is not announced either.
pub(crate) fn own_features(openness: Openness) -> Vec<&'static str> {
    let shared = match openness.sharing {
        Sharing::Nobody => [].as_slice(),
        Sharing::Contacts => &[version::FEATURES, time::FEATURES],
    };
    let always = [
        FEATURES,
        avatars::FEATURES,
        caps::FEATURES,
        chat_states::FEATURES,
        corrections::FEATURES,
        fallback::FEATURES,
        displayed::FEATURES,
        nickname::FEATURES,
        omemo::FEATURES,
        ping::FEATURES,
        reactions::FEATURES,
        receipts::features(openness.confirming),
        replies::FEATURES,
        retractions::FEATURES,
    ];
    let mut features: Vec<&str> = always.iter().chain(shared).copied().flatten().copied().collect();
    features.sort_unstable();
    features
}

/// The answer to `disco#info`.
pub(crate) fn info(query: &Element, openness: Openness) -> Result<Option<Element>, Condition> {
    let node = query.attr("node");
    let caps_node = caps::own_node(openness);
    if node.is_some_and(|node| node != caps_node) {
        return Err(Condition::ItemNotFound);
    }
    let (category, kind, name) = IDENTITY;
    let identity = Draft::new("identity", ns::DISCO_INFO)
        .attr("category", category)
        .attr("type", kind)
        .attr("name", name);
    let features = own_features(openness);
    let features = features.iter().map(|var| Draft::new("feature", ns::DISCO_INFO).attr("var", var).into());
    let answer =
        Draft::new("query", ns::DISCO_INFO).maybe_attr("node", node).child(identity).children(features);
    Ok(Some(answer.into()))
}

/// The answer to `disco#items`: there are none.
pub(crate) fn items(query: &Element) -> Result<Option<Element>, Condition> {
    match query.attr("node") {
        None => Ok(Some(Draft::new("query", ns::DISCO_ITEMS).into())),
        Some(_) => Err(Condition::ItemNotFound),
    }
}

/// The features in an answer.
pub(crate) fn features(query: &Element) -> impl Iterator<Item = &str> {
    xml::children(query, "feature", ns::DISCO_INFO).filter_map(|feature| feature.attr("var"))
}
