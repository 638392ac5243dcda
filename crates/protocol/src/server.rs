//! What our server and our account there can do (stream features, XEP-0030).

use causerie_model::Problem;
use minidom::Element;

use crate::iq::{Answer, Ask, Recipient};
use crate::messages::Marks;
use crate::step::Step;
use crate::xml::{self, Draft};
use crate::{disco, ns};

/// What is known of the server, since we are online.
#[derive(Debug, Default)]
pub(crate) struct Server {
    /// Rosters have versions (RFC 6121 §2.6).
    pub(crate) versions_rosters: bool,
    /// Approvals are kept before they are asked for (RFC 6121 §3.4).
    pub(crate) keeps_approvals: bool,
    /// Whether identifiers of our archive can be told from forged ones.
    pub(crate) marks: Marks,
    /// Whether people can be blocked (XEP-0191).
    pub(crate) blocking: Support,
    /// Whether it keeps messages (XEP-0313).
    pub(crate) archive: Support,
    /// Whether it copies messages, and does so for us.
    pub(crate) copying: bool,
    /// Whether it copies messages to all our devices (XEP-0280).
    pub(crate) copies: Support,
    /// Whether people have nodes (XEP-0163).
    pub(crate) people_have_nodes: Support,
    /// Whether the vCard's picture is kept in step with the published one (XEP-0398).
    pub(crate) converts_cards: Support,
    /// Answers that are needed before others may know that we are here.
    pub(crate) awaited: Awaited,
}

/// Whether the server can do something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Support {
    /// It has not said.
    #[default]
    Unknown,
    /// It can.
    Yes,
    /// It can't.
    No,
}

/// What has to be known before we say that we are available: the roster, as the presence of people who are not on it does not
/// count, and what the account does to messages, as the first of them may come at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Awaited {
    roster: bool,
    account: bool,
    copies: bool,
}

impl Server {
    /// A new connection; asks what is not in its features.
    pub(crate) fn new(features: &Element, copying: bool, step: &mut Step<'_>) -> Self {
        let query = || Draft::new("query", ns::DISCO_INFO);
        step.get(Recipient::AccountAddress, query(), Ask::AccountFeatures);
        step.get(Recipient::Server, query(), Ask::ServerFeatures);
        Self {
            versions_rosters: features.has_child("ver", ns::ROSTER_VERSIONING),
            keeps_approvals: features.has_child("sub", ns::PRE_APPROVAL),
            copying,
            awaited: Awaited { roster: true, account: true, copies: !copying },
            ..Self::default()
        }
    }

    /// What the account can do.
    pub(crate) fn account_known(&mut self, answer: &Answer<'_>) {
        self.awaited.account = false;
        self.archive = match answer {
            Answer::Silence(_) => Support::Unknown,
            // That it can't say so now is no word about what it has.
            Answer::Refused(problem) if *problem != Problem::NotSupported => Support::Unknown,
            _ if features(answer).any(|feature| feature == ns::ARCHIVE) => Support::Yes,
            _ => Support::No,
        };
        let marks = |feature: &&str| [ns::STANZA_ID, ns::ARCHIVE].contains(feature);
        if features(answer).any(|feature| marks(&feature)) {
            self.marks = Marks::Trusted;
        }
        let Answer::Result(reply) = answer else { return };
        let query = reply.get_child("query", ns::DISCO_INFO);
        let identities = query.into_iter().flat_map(|query| xml::children(query, "identity", ns::DISCO_INFO));
        let kinds: Vec<_> = identities.map(|it| (it.attr("category"), it.attr("type"))).collect();
        // An account that does not say what it is does not say what it is not.
        if !kinds.is_empty() {
            let support = |is_there| if is_there { Support::Yes } else { Support::No };
            self.people_have_nodes = support(kinds.contains(&(Some("pubsub"), Some("pep"))));
            let converts = features(answer).any(|feature| feature == ns::CARD_CONVERSION);
            self.converts_cards = support(converts);
        }
    }

    /// What the server can do.
    pub(crate) fn known(&mut self, answer: &Answer<'_>) {
        let support = |name: &str| match answer {
            Answer::Silence(_) => Support::Unknown,
            _ if features(answer).any(|feature| feature == name) => Support::Yes,
            _ => Support::No,
        };
        self.blocking = support(ns::BLOCKING);
        self.copies = support(ns::CARBONS);
    }

    /// Copies come, or will not.
    pub(crate) fn copies_known(&mut self, answer: Option<&Answer<'_>>) {
        self.awaited.copies = false;
        self.copying = matches!(answer, Some(Answer::Result(_)));
    }

    /// Whether it has said what it can do for what was missed.
    pub(crate) fn is_known(&self) -> bool {
        !self.awaited.account && !self.awaited.copies
    }

    /// The roster came, or will not.
    pub(crate) fn roster_known(&mut self) {
        self.awaited.roster = false;
    }

    /// Whether the roster is known, as far as it will be.
    pub(crate) fn is_roster_known(&self) -> bool {
        !self.awaited.roster
    }
}

impl Awaited {
    /// Whether nothing is awaited that is needed before. Copies may begin later.
    pub(crate) fn is_over(self) -> bool {
        !self.roster && !self.account
    }
}

fn features<'a>(answer: &'a Answer<'_>) -> impl Iterator<Item = &'a str> {
    let query = match answer {
        Answer::Result(reply) => reply.get_child("query", ns::DISCO_INFO),
        _ => None,
    };
    query.into_iter().flat_map(disco::features)
}
