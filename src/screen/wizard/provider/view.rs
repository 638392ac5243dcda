//! How the choice of a provider looks.

use causerie_model::registration::{Invitations, Refusal, RefusalReason};
use causerie_model::{BareJid, Problem};
use iced::widget::{column, container, row};
use iced::{Alignment, Length, Padding};

use super::{Answer, Choice, Message, domain, is_chapril};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::{self, Icon};
use crate::providers::{CHAPRIL, Fact, Provider, Registration, Weight};
use crate::screen::parts;
use crate::screen::wizard::identity::with_words;
use crate::theme::{self, Element, size, space as gap, style};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, link_button};
use crate::widget::focus;
use crate::words;

/// The filter's name.
pub(crate) const FILTER: &str = "wizard-filter";
/// So many facts are told of a provider in the list.
const FEW: usize = 4;
/// Between two facts in a line of them: the sign stays at the end of a line, none begins with it.
const BETWEEN: &str = "\u{A0}· ";

/// The page.
pub(crate) fn view<'a, M: Clone + 'a>(
    choice: &'a Choice,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let open = choice.is_open();
    let label = i18n.get(if open { "wizard-fewer-providers" } else { "wizard-more-providers" });
    // What is chosen is not hidden.
    let toggle = link_button(label, choice.is_default().then(|| on(Message::ListPressed)));
    let mut lines = column![].spacing(gap::L);
    lines = lines.push(if open { first(choice, context, on) } else { chapril(choice, context, on) });
    lines = lines.push(toggle);
    if open {
        lines = lines.push(others(choice, context, on));
    }
    lines.into()
}

/// The provider that we propose, with all that should be known of it.
fn chapril<'a, M: Clone + 'a>(
    choice: &'a Choice,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let chosen = choice.chosen.as_ref().is_some_and(is_chapril);
    let about = choice.providers.get(CHAPRIL);
    let title = parts::choice(
        CHAPRIL.to_owned(),
        Some(i18n.get("wizard-chapril")),
        chosen,
        on(Message::Chosen(CHAPRIL.to_owned())),
    );
    let facts = about.map(|about| {
        let facts = about.facts();
        let facts = facts.iter().filter(|fact| !matches!(fact, Fact::RunBy(_) | Fact::Since(_)));
        let (plain, telling): (Vec<&Fact>, Vec<&Fact>) =
            facts.partition(|fact| fact.weight() == Weight::Plain);
        let telling = telling.into_iter().map(|fact| told(fact, i18n));
        iced::widget::Column::with_children(telling).spacing(gap::XS).extend(limits(&plain, i18n))
    });
    let terms = about
        .and_then(|about| about.terms.best(i18n.language().tag()))
        .map(|terms| link_button(i18n.get("wizard-terms"), Some(on(Message::PagePressed(terms.to_owned())))));
    let status = chosen.then(|| status(choice, context, on));
    let below = column![].push(facts).push(status).push(terms).spacing(gap::M);
    let below = container(below).padding(Padding { left: 42.0, right: gap::M, bottom: gap::S, top: 0.0 });
    let lines = column![focus::group(title), below].spacing(gap::S);
    let card = container(lines).padding([gap::S, gap::S]).width(Length::Fill).style(style::card);
    labelled(Role::Group, CHAPRIL.to_owned(), card)
}

/// The same in short, above the list of the others.
fn first<'a, M: Clone + 'a>(
    choice: &'a Choice,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let Some(jid) = domain(CHAPRIL) else { return iced::widget::space::vertical().into() };
    let note = context.i18n.get("wizard-chapril");
    let line = entry(choice, &jid, Some(note), context, on);
    let card = container(focus::group(line)).padding([gap::S, gap::S]).width(Length::Fill);
    card.style(style::card).into()
}

fn told<'a, M: 'a>(fact: &Fact, i18n: &I18n) -> Element<'a, M> {
    let (which, colour): (Icon, fn(&theme::Tokens) -> iced::Color) = match fact.weight() {
        Weight::Good => (Icon::Check, |tokens| tokens.good),
        Weight::Plain => (Icon::Check, |tokens| tokens.muted),
        Weight::Mind => (Icon::Info, |tokens| tokens.warn),
    };
    signed(which, colour, fact.words(i18n))
}

fn signed<'a, M: 'a>(which: Icon, colour: fn(&theme::Tokens) -> iced::Color, said: String) -> Element<'a, M> {
    let sign = container(icon::tinted(which, size::ICON_SMALL, colour)).padding(Padding::ZERO.top(2.0));
    row![sign, parts::aside(said).width(Length::Fill)].spacing(gap::S).into()
}

/// What a provider keeps and where, in a line for each matter.
fn limits<'a, M: 'a>(facts: &[&Fact], i18n: &I18n) -> Vec<Element<'a, M>> {
    let matter = |fact: &Fact| match fact {
        Fact::FileSize(_) | Fact::FilesSize(_) | Fact::FilesKept(_) | Fact::FilesKeptAlways => Icon::File,
        Fact::ArchiveKept(_) | Fact::ArchiveKeptAlways => Icon::MessageCircle,
        _ => Icon::Server,
    };
    let lines = facts.chunk_by(|one, next| matter(one) == matter(next)).map(|line| {
        let which = line.first().map_or(Icon::Server, |fact| matter(fact));
        let said = line.iter().map(|fact| fact.words(i18n)).collect::<Vec<_>>().join(BETWEEN);
        signed(which, |tokens| tokens.muted, said)
    });
    lines.collect()
}

/// The others, and the filter that is a provider's name at the same time.
fn others<'a, M: Clone + 'a>(
    choice: &'a Choice,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let filter = parts::field(FILTER, i18n.get("wizard-filter"), &choice.typed)
        .hint(i18n.get("wizard-filter-hint"))
        .on_input(Some(move |typed| on(Message::Typed(typed))))
        .on_submit(on(Message::Entered));
    let mut rows: Vec<Element<'a, M>> = Vec::new();
    let own = choice.other();
    let fitting = choice.fitting(context);
    let fits = |jid: &BareJid| fitting.iter().any(|one| domain(&one.domain).as_ref() == Some(jid));
    let unfit = choice.chosen.clone().filter(|chosen| !is_chapril(chosen) && !fits(chosen));
    // What is chosen stays in sight while something else is typed.
    for other in own.iter().chain(unfit.iter().filter(|one| Some(*one) != own.as_ref())) {
        let note = match choice.providers.get(other.domain()) {
            Some(listed) => in_short(listed, i18n),
            None => i18n.get("wizard-any-provider"),
        };
        rows.push(entry(choice, other, Some(note), context, on));
    }
    let none = fitting.is_empty() && rows.is_empty();
    // It speaks of what is in its list, not of a name that was typed.
    let listed = !fitting.is_empty();
    for provider in fitting {
        let Some(jid) = domain(&provider.domain) else { continue };
        rows.push(entry(choice, &jid, Some(in_short(provider, i18n)), context, on));
    }
    if none {
        let said = i18n.get("wizard-no-provider");
        rows.push(labelled(Role::Status, said.clone(), parts::aside(said)));
    }
    let rows = focus::group(iced::widget::Column::with_children(rows).spacing(2.0));
    let list = labelled(Role::List, i18n.get("wizard-providers"), rows);
    let source = listed.then(|| parts::aside(i18n.get("wizard-provider-source")));
    focus::field_above(column![Element::from(filter), list].push(source).spacing(gap::M))
}

fn entry<'a, M: Clone + 'a>(
    choice: &'a Choice,
    provider: &BareJid,
    note: Option<String>,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let chosen = choice.chosen.as_ref() == Some(provider);
    let name = provider.domain().to_owned();
    let line = parts::choice(name.clone(), note, chosen, on(Message::Chosen(name)));
    if !chosen {
        return line.into();
    }
    let terms = choice.providers.get(provider.domain()).and_then(|about| {
        let terms = about.terms.best(context.i18n.language().tag())?;
        Some(link_button(context.i18n.get("wizard-terms"), Some(on(Message::PagePressed(terms.to_owned())))))
    });
    let below = column![].push(status(choice, context, on)).push(terms).spacing(gap::S);
    let below = container(below).padding(Padding { left: 42.0, right: gap::M, bottom: gap::S, top: 0.0 });
    column![line, below].into()
}

/// The most telling facts, in a line.
fn in_short(provider: &Provider, i18n: &I18n) -> String {
    let facts = provider.facts();
    let places = facts.iter().filter(|fact| matches!(fact, Fact::Countries(_)));
    let first = facts.iter().filter(|fact| !matches!(fact, Fact::Countries(_))).take(FEW);
    first.chain(places).map(|fact| fact.words(i18n)).collect::<Vec<_>>().join(BETWEEN)
}

/// Whether the chosen provider takes accounts now, and what to do where it does not.
fn status<'a, M: Clone + 'a>(
    choice: &'a Choice,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let Some(chosen) = &choice.chosen else { return iced::widget::space::vertical().height(0.0).into() };
    let named = || [("provider", chosen.domain().to_owned().into())];
    let line = |which, colour: fn(&theme::Tokens) -> iced::Color, said: String| -> Element<'a, M> {
        let sign = icon::tinted(which, size::ICON_SMALL, colour);
        let words = iced::widget::text(said.clone()).size(size::SECONDARY).width(Length::Fill);
        labelled(Role::Status, said, row![sign, words].spacing(gap::S).align_y(Alignment::Center))
    };
    let known = choice.known().is_some();
    let on_web = choice.known().is_some_and(|known| matches!(known.registration, Registration::OnWeb(_)));
    match choice.answer() {
        None if on_web => line(Icon::Globe, |t| t.muted, i18n.get("wizard-provider-web")),
        None => line(Icon::Clock, |t| t.muted, i18n.get("wizard-provider-unasked")),
        Some(Answer::Awaited) => {
            let cancel = link_button(i18n.get("action-cancel"), Some(on(Message::AskingCancelled)));
            let said = i18n.with("wizard-provider-asking", &named());
            row![line(Icon::Clock, |t| t.muted, said), cancel].align_y(Alignment::Center).into()
        }
        Some(Answer::Open(Invitations::Unknown)) => {
            line(Icon::CircleCheck, |t| t.good, i18n.get("wizard-provider-open"))
        }
        Some(Answer::Open(Invitations::Understood)) => {
            line(Icon::Info, |t| t.muted, i18n.get("wizard-provider-invitations"))
        }
        Some(Answer::Refused(Refusal { reason, words: theirs })) => {
            // Where the person can only go elsewhere, that is said, after what the provider itself says.
            let (said, elsewhere) = if *reason == RefusalReason::Closed {
                (i18n.with("wizard-provider-closed", &named()), true)
            } else if *reason == RefusalReason::InvitationNeeded {
                (i18n.with("wizard-provider-invitation-only", &named()), true)
            } else if known && matches!(reason, RefusalReason::Problem(Problem::UnknownHost)) {
                // It is there, but not from here.
                (i18n.with("wizard-provider-unreachable", &named()), false)
            } else {
                (words::refusal(i18n, reason, chosen, None), false)
            };
            let mut said = with_words(said, theirs, i18n);
            if elsewhere {
                said = format!("{said} {}", i18n.get("wizard-provider-others"));
            }
            let again = button(i18n.get("action-try-again")).icon(Icon::RefreshCw);
            let mut actions: Vec<Element<'a, M>> = vec![again.on_press(on(Message::AskedAgain)).into()];
            // Without a network none of them can be asked either.
            let offline = matches!(reason, RefusalReason::Problem(Problem::NoNetwork));
            for other in choice.alternatives(context).into_iter().filter(|_| !offline) {
                actions.push(button(other.clone()).narrow().on_press(on(Message::Chosen(other))).into());
            }
            parts::banner(Icon::CircleAlert, |tokens| tokens.warn, said, actions)
        }
    }
}
