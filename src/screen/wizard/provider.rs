//! Which provider: chapril.org, another one of the list, or any other by its name.

mod view;

use std::collections::HashMap;
use std::time::Duration;

use causerie_model::registration::{Invitations, Offer, Refusal, RefusalReason};
use causerie_model::{BareJid, Problem};
use iced::Task;

use crate::context::Context;
use crate::providers::{CHAPRIL, Provider, Providers, Registration, country_here};

pub(crate) use view::{FILTER, view};

/// How long after the last letter a provider that was typed is asked.
const REST: Duration = Duration::from_millis(700);
/// So many answers of providers are kept.
const MOST_ANSWERS: usize = 100;
/// What is typed beyond this, in bytes, is no provider.
const LONGEST: usize = 300;

/// The choice of a provider.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(super) providers: Providers,
    /// A newer list, which is shown as soon as nothing moves under the pointer by that.
    newer: Option<Providers>,
    chosen: Option<BareJid>,
    typed: String,
    letters: u64,
    list: List,
    answers: HashMap<BareJid, Answer>,
}

/// Whether others than chapril.org are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Closed,
    Open,
}

/// What a provider has answered to the question whether it takes accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing yet.
    Awaited,
    /// It does, and knows invitations or not. Whether it wants one is told by a form that was sent, not before.
    Open(Invitations),
    /// It does not, or could not be asked; with what it says of that itself.
    Refused(Refusal),
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// A provider was chosen.
    Chosen(String),
    /// Others are to be shown, or hidden.
    ListPressed,
    /// The filter, which may be the name of a provider, was edited.
    Typed(String),
    /// Nothing was typed since the letter of that number.
    Rested(u64),
    /// Enter in the filter.
    Entered,
    /// The provider is to be asked again.
    AskedAgain,
    /// It is not to be asked any more.
    AskingCancelled,
    /// A page of the web is to be opened.
    PagePressed(String),
    /// A newer list has come.
    ListCame(Box<Providers>),
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing.
    None,
    /// Ask this provider whether it takes accounts.
    Probe(BareJid),
    /// Ask nobody.
    Cancel,
    /// Open a page of the web.
    Open(String),
    /// Go on with the provider that is chosen.
    GoOn,
}

impl Choice {
    /// With the provider and the filter of an earlier time; without them chapril.org is chosen.
    pub(super) fn new(chosen: &str, typed: &str) -> Self {
        let providers = Providers::bundled();
        let chosen = domain(chosen).or_else(|| domain(CHAPRIL));
        let list = if chosen.as_ref().is_some_and(is_chapril) && typed.is_empty() {
            List::Closed
        } else {
            List::Open
        };
        let answers = HashMap::new();
        Self { providers, newer: None, chosen, typed: typed.to_owned(), letters: 0, list, answers }
    }

    /// The page is entered.
    pub(super) fn entered(&mut self) {
        self.take_newer();
    }

    /// Another one is wanted: they are shown.
    pub(super) fn show_others(&mut self) {
        self.list = List::Open;
    }

    /// Whether others than chapril.org are shown: as soon as one of them is chosen, so that it is seen which.
    fn is_open(&self) -> bool {
        self.list == List::Open || !self.is_default()
    }

    /// Whether the provider that we propose is the chosen one, or none is.
    fn is_default(&self) -> bool {
        self.chosen.as_ref().is_none_or(is_chapril)
    }

    fn take_newer(&mut self) {
        if let Some(newer) = self.newer.take() {
            self.providers = newer;
        }
    }

    /// The provider that is chosen.
    pub(super) fn chosen(&self) -> Option<&BareJid> {
        self.chosen.as_ref()
    }

    /// What the list knows of it.
    pub(super) fn known(&self) -> Option<&Provider> {
        self.chosen.as_ref().and_then(|chosen| self.providers.get(chosen.domain()))
    }

    /// What was typed.
    pub(super) fn typed(&self) -> &str {
        &self.typed
    }

    /// Chooses one.
    pub(super) fn choose(&mut self, provider: BareJid) {
        self.chosen = Some(provider);
    }

    /// The chosen provider, where it should be asked now.
    pub(super) fn to_ask(&self) -> Option<BareJid> {
        let chosen = self.chosen.as_ref()?;
        let on_web = self.known().is_some_and(|known| matches!(known.registration, Registration::OnWeb(_)));
        let answered = match self.answers.get(chosen) {
            Some(Answer::Open(_) | Answer::Awaited) => true,
            // It looks open to whoever only asks.
            Some(Answer::Refused(refusal)) => refusal.reason == RefusalReason::InvitationNeeded,
            None => false,
        };
        (!on_web && !answered).then(|| chosen.clone())
    }

    /// The chosen provider, where it could not be asked for lack of a way to it.
    pub(super) fn unreached(&self) -> Option<BareJid> {
        let unreached = |answer: &Answer| {
            matches!(answer, Answer::Refused(Refusal { reason: RefusalReason::Problem(_), .. }))
        };
        self.to_ask().filter(|_| self.answer().is_some_and(unreached))
    }

    /// A provider is being asked.
    pub(super) fn asking(&mut self, provider: &BareJid) {
        // Nobody else is asked any more.
        self.answers.retain(|_, answer| *answer != Answer::Awaited);
        if self.answers.len() >= MOST_ANSWERS {
            self.answers.clear();
        }
        self.answers.insert(provider.clone(), Answer::Awaited);
    }

    /// No provider is being asked any more.
    pub(super) fn not_asking(&mut self) {
        self.answers.retain(|_, answer| *answer != Answer::Awaited);
    }

    /// A provider has told what it offers.
    pub(super) fn offered(&mut self, provider: &BareJid, offer: Offer) {
        let answer = match offer {
            Offer::Open { invitations } => Answer::Open(invitations),
            Offer::Closed => Answer::Refused(Refusal { reason: RefusalReason::Closed, words: None }),
        };
        self.answers.insert(provider.clone(), answer);
    }

    /// A provider could not be asked, or takes nobody.
    pub(super) fn refused(&mut self, provider: &BareJid, refusal: &Refusal) {
        self.answers.insert(provider.clone(), Answer::Refused(refusal.clone()));
    }

    /// What the chosen provider has answered.
    fn answer(&self) -> Option<&Answer> {
        self.answers.get(self.chosen.as_ref()?)
    }

    /// Whether one can go on: with a provider that is known to take nobody, or not to be one, one can't. Where it is perhaps only not
    /// reached, one can, and it can be asked again in each case.
    pub(super) fn can_go_on(&self, is_invited: bool) -> bool {
        use Problem::{NoService, NotServed, NotSupported, UnknownHost};
        let Some(Answer::Refused(refusal)) = self.answer() else { return self.chosen.is_some() };
        match &refusal.reason {
            RefusalReason::Closed => false,
            RefusalReason::InvitationNeeded => is_invited,
            // What the list has is a provider, whatever the network here says of it.
            RefusalReason::Problem(UnknownHost | NoService) => self.known().is_some(),
            RefusalReason::Problem(NotServed | NotSupported) => false,
            _ => true,
        }
    }

    /// The provider that was typed, where the list has it not.
    fn other(&self) -> Option<BareJid> {
        let other = domain(&self.typed)?;
        self.providers.get(other.domain()).is_none().then_some(other)
    }

    /// Changes what is shown, and says what is to be done.
    pub(super) fn update(&mut self, message: Message, context: &Context) -> (Task<Message>, Wish) {
        match message {
            Message::Chosen(name) => {
                self.rest_no_more();
                self.chosen = domain(&name).or_else(|| self.chosen.take());
                if !self.is_default() {
                    // The list stays where it is when chapril.org is chosen again.
                    self.list = List::Open;
                }
                return (Task::none(), self.ask());
            }
            Message::ListPressed => {
                self.list = if self.list == List::Open { List::Closed } else { List::Open };
                self.take_newer();
                if self.list == List::Open {
                    return (crate::widget::focus::focus(FILTER), Wish::None);
                }
            }
            Message::Typed(typed) if typed.len() <= LONGEST => {
                self.typed = typed;
                self.take_newer();
                self.letters += 1;
                let letters = self.letters;
                let rest = async { tokio::time::sleep(REST).await };
                return (Task::perform(rest, move |()| Message::Rested(letters)), Wish::None);
            }
            Message::Typed(_) => {}
            Message::Rested(letters) if letters == self.letters => {
                // Half a name is nobody's: `example` may become `example.org`.
                if let Some(whole) = domain(&self.typed).filter(|whole| whole.domain().contains('.')) {
                    self.chosen = Some(whole);
                    return (Task::none(), self.ask());
                }
            }
            Message::Rested(_) => {}
            Message::Entered => return self.enter(context),
            Message::AskedAgain => {
                return (Task::none(), self.chosen.clone().map_or(Wish::None, Wish::Probe));
            }
            Message::AskingCancelled => {
                self.not_asking();
                return (Task::none(), Wish::Cancel);
            }
            Message::PagePressed(page) => return (Task::none(), Wish::Open(page)),
            Message::ListCame(newer) => self.newer = Some(*newer),
        }
        (Task::none(), Wish::None)
    }

    /// Enter chooses what was typed, or the only one that fits; once it is chosen, it goes on.
    fn enter(&mut self, context: &Context) -> (Task<Message>, Wish) {
        self.rest_no_more();
        let fitting = self.fitting(context);
        let only = match fitting.as_slice() {
            [only] => domain(&only.domain),
            _ => None,
        };
        let whole = domain(&self.typed).filter(|whole| self.providers.get(whole.domain()).is_some());
        match whole.or_else(|| self.other().filter(|_| fitting.is_empty())).or(only) {
            Some(found) if self.chosen.as_ref() == Some(&found) => (Task::none(), Wish::GoOn),
            Some(found) => {
                self.chosen = Some(found);
                (Task::none(), self.ask())
            }
            None => (Task::none(), Wish::None),
        }
    }

    /// What was typed so far chooses nobody by itself any more.
    pub(super) fn rest_no_more(&mut self) {
        self.letters += 1;
    }

    fn ask(&self) -> Wish {
        self.to_ask().map_or(Wish::None, Wish::Probe)
    }

    /// Those of the list that fit what was typed, chapril.org aside where it is not typed whole.
    fn fitting(&self, context: &Context) -> Vec<&Provider> {
        let i18n = &context.i18n;
        let sorted = self.providers.sorted(i18n.language().tag(), country_here().as_deref());
        let typed = domain(&self.typed);
        let is_wanted = |one: &Provider| one.domain != CHAPRIL || typed.as_ref().is_some_and(is_chapril);
        let list: Vec<&Provider> = sorted.into_iter().filter(|one| is_wanted(one)).collect();
        Providers::matching(&list, &self.typed, i18n)
    }

    /// Others for somebody who reads this language, where the chosen one does not do.
    pub(super) fn alternatives(&self, context: &Context) -> Vec<String> {
        let found = self.providers.alternatives(context.i18n.language().tag());
        let chosen = self.chosen.as_ref().map(BareJid::domain);
        found.iter().map(|one| one.domain.clone()).filter(|one| Some(one.as_str()) != chosen).collect()
    }
}

/// A provider of that name, however it was pasted: with a scheme, an `@` or a slash.
pub(super) fn domain(typed: &str) -> Option<BareJid> {
    let typed = typed.trim();
    let typed = typed.strip_prefix("https://").or_else(|| typed.strip_prefix("xmpp:")).unwrap_or(typed);
    let typed = typed.rsplit('@').next().unwrap_or(typed).trim_end_matches('/');
    BareJid::new(typed).ok().filter(|jid| jid.local().is_none())
}

pub(super) fn is_chapril(provider: &BareJid) -> bool {
    provider.as_str() == CHAPRIL
}
