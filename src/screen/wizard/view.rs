//! What every page of the wizard has: a title, dots for the steps, the way back and the way on.

use causerie_model::registration::RefusalReason;
use causerie_model::{BareJid, Problem};
use iced::widget::{column, container, row, space};
use iced::{Alignment, Border, Length};

use super::asking::{self, Trouble};
use super::identity::Part;
use super::{Made, Message, Page, Wizard, contact, doubts, identity, invited, provider, ready, web};
use crate::context::Context;
use crate::i18n::I18n;
use crate::icon::{self, Icon};
use crate::providers::Registration;
use crate::screen::frame::{self, Foot};
use crate::screen::{parts, sign_in};
use crate::theme::style::ButtonKind;
use crate::theme::{Element, Theme, size, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::words;

/// The name of the button that goes on.
pub(crate) const ON: &str = "wizard-on";
/// The name of the button that goes on asking about an account.
pub(crate) const STAY: &str = "wizard-never-stay";

/// The page.
pub(crate) fn view<'a>(wizard: &'a Wizard, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    if wizard.waits_for_network() {
        return frame(wizard, context, title(wizard, i18n), unreached(wizard, i18n), None);
    }
    if let Some(signing) = &wizard.signing {
        if !signing.is_waiting() {
            return sign_in::view(signing, context).map(Message::SignIn);
        }
        let provider = wizard.jid.as_ref().map(|jid| jid.domain().to_owned()).unwrap_or_default();
        // Whether the account is there is perhaps what signing in is to tell.
        let known = wizard.made == Made::Yes;
        let key = match known {
            _ if signing.is_keeping() => "keyring-waiting",
            true => "wizard-waiting-sign-in",
            false => "wizard-waiting-sign-in-unknown",
        };
        let said = i18n.with(key, &[("provider", provider.into())]);
        return frame(wizard, context, title(wizard, i18n), parts::waiting(said), None);
    }
    if let Some(said) = wizard.awaited(i18n) {
        return frame(wizard, context, title(wizard, i18n), parts::waiting(said), None);
    }
    let on = on_label(wizard, i18n);
    frame(wizard, context, title(wizard, i18n), content(wizard, context), on)
}

fn title(wizard: &Wizard, i18n: &I18n) -> String {
    if wizard.waits_for_network() {
        return i18n.get(title_of_made(wizard));
    }
    if wizard.pending_words().is_some() || wizard.signing.is_some() {
        return i18n.get("wizard-title-waiting");
    }
    i18n.get(match wizard.page {
        Page::Invited => "wizard-title-invited",
        Page::Provider => "wizard-title-provider",
        Page::Identity => "wizard-title-identity",
        Page::Asking if wizard.waits_for_password().is_some() => title_of_made(wizard),
        Page::Asking if wizard.is_stuck() => "wizard-title-stuck",
        Page::Asking if wizard.asking.is_puzzle() => "wizard-title-puzzle",
        Page::Asking => "wizard-title-asking",
        Page::Web => "wizard-title-web",
        Page::Ready => "wizard-title-ready",
        Page::Contact => "wizard-title-contact",
    })
}

/// Where an account is there, or may be.
fn title_of_made(wizard: &Wizard) -> &'static str {
    if wizard.made == Made::Yes { "wizard-title-made" } else { "wizard-title-unsure" }
}

/// The words of the main button; nothing where there is no going on.
fn on_label(wizard: &Wizard, i18n: &I18n) -> Option<(String, bool)> {
    let (key, usable) = match wizard.page {
        Page::Invited => ("wizard-on", wizard.invited.invitation().is_some()),
        Page::Provider => ("wizard-on", wizard.can_take_provider()),
        Page::Identity => ("wizard-on", true),
        Page::Asking if wizard.is_stuck() => return None,
        Page::Asking => ("wizard-create", wizard.asking.can_be_sent()),
        Page::Web => ("sign-in-submit", true),
        Page::Ready => ("wizard-on", !wizard.ready.is_reading()),
        Page::Contact => ("wizard-add", true),
    };
    Some((i18n.get(key), usable))
}

/// The page, and above it what is not known of accounts that may be there.
fn content<'a>(wizard: &'a Wizard, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let shown = page(wizard, context);
    let asked = matches!(wizard.page, Page::Provider | Page::Identity | Page::Web | Page::Ready);
    let doubts = asked.then(|| doubts::notice(wizard, i18n)).flatten();
    let other = (wizard.page == Page::Web).then(|| doubts::other_password(wizard, i18n)).flatten();
    if doubts.is_none() && other.is_none() {
        return shown;
    }
    let notices = doubts.into_iter().chain(other).map(|notice| notice.map(Message::Doubts));
    iced::widget::Column::with_children(notices).push(shown).spacing(gap::XL).into()
}

fn page<'a>(wizard: &'a Wizard, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let chosen = wizard.provider.chosen();
    let resettable = wizard.provider.known().map(|known| !known.password_reset.is_empty());
    let empty = || -> Element<'a, Message> { space::vertical().height(0.0).into() };
    match wizard.page {
        Page::Invited => invited::view(&wizard.invited, context, Message::Invited, Message::OnPressed),
        Page::Provider => provider::view(&wizard.provider, context, Message::Provider),
        Page::Identity => chosen.map_or_else(empty, |provider| {
            identity::view(
                &wizard.identity,
                provider,
                resettable,
                context,
                Message::Identity,
                Message::OnPressed,
            )
        }),
        Page::Asking => asked(wizard, context),
        Page::Web => chosen.map_or_else(empty, |provider| {
            let page = wizard.web.as_deref();
            let page = (page, &wizard.web_words);
            let shown =
                web::view(page, &wizard.identity, provider, context, Message::Web, Message::OnPressed);
            column![shown].push(identity::caution(provider, resettable, i18n)).spacing(gap::XL).into()
        }),
        Page::Ready => wizard.jid.as_ref().map_or_else(empty, |jid| {
            let said = i18n.with("wizard-ready", &[("address", jid.to_string().into())]);
            let done = parts::words(said);
            let known = wizard.secret(context).is_some();
            let page = ready::view(&wizard.ready, jid, known, context, Message::Ready, Message::OnPressed);
            column![done, page].spacing(gap::L).into()
        }),
        Page::Contact => wizard.jid.as_ref().map_or_else(empty, |jid| {
            let providers = &wizard.provider.providers;
            let typed = BareJid::parse_typed(&wizard.contact.address).ok();
            let given = typed.map(|typed| wizard.given_of(&typed));
            let about = (jid, given, providers);
            let page = contact::view(&wizard.contact, about, context, Message::Contact, Message::OnPressed);
            // The picture was to be shown to others by going on to here.
            let Some(fault) = wizard.ready.trouble() else { return page };
            let said = i18n.with("wizard-picture-not-shown", &[("why", fault.words(i18n).into())]);
            let banner = parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, Vec::new());
            column![banner, page].spacing(gap::XL).into()
        }),
    }
}

/// The account is there or may be, and there is no network to sign in with.
fn unreached<'a>(wizard: &Wizard, i18n: &I18n) -> Element<'a, Message> {
    let jid = wizard.jid.as_ref();
    let address = jid.map(ToString::to_string).unwrap_or_default();
    let provider = jid.map(|jid| jid.domain().to_owned()).unwrap_or_default();
    let named = [("address", address.into()), ("provider", provider.into())];
    let made = wizard.made == Made::Yes;
    let said = i18n.with(if made { "wizard-made-no-network" } else { "wizard-perhaps-no-network" }, &named);
    let again = button(i18n.get("action-try-again")).icon(Icon::RefreshCw).id(asking::RETRY);
    let again = again.on_press(Message::RetryPressed).into();
    let sign = if made { Icon::CircleCheck } else { Icon::Clock };
    let colour: fn(&crate::theme::Tokens) -> iced::Color =
        if made { |tokens| tokens.good } else { |tokens| tokens.muted };
    parts::banner(sign, colour, said, vec![again])
}

/// What the provider asks, or why it can't go on.
fn asked<'a>(wizard: &'a Wizard, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let asked_about = wizard.waits_for_password().map(BareJid::to_domain);
    let Some(provider) = asked_about.as_ref().or(wizard.provider.chosen()) else {
        return space::vertical().into();
    };
    if wizard.waits_for_password().is_some() && wizard.dismissing {
        let named = wizard.jid.as_ref().map(ToString::to_string).unwrap_or_default();
        let said = i18n.with("wizard-never-sure", &[("address", named.into())]);
        let known = wizard.dismissed_password().is_some();
        let stay = button(i18n.get("wizard-never-stay")).id(STAY).on_press(Message::BackPressed);
        let copy = button(i18n.get("wizard-password-copy")).icon(Icon::Copy).on_press(Message::CopyPressed);
        let never = button(i18n.get("wizard-never-forget"))
            .kind(ButtonKind::Danger)
            .on_press(Message::DismissPressed);
        let mut actions: Vec<Element<'a, Message>> = vec![stay.into()];
        actions.extend(known.then(|| copy.into()));
        actions.push(never.into());
        return parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, actions);
    }
    if wizard.waits_for_password().is_some() {
        let said = wizard.jid.as_ref().map(ToString::to_string).unwrap_or_default();
        let said = match wizard.made {
            Made::Yes => i18n.with("wizard-made-not-signed-in", &[("address", said.into())]),
            _ => words::refusal(i18n, &RefusalReason::OutcomeUnknown, provider, None),
        };
        let again = button(i18n.get("sign-in-submit")).kind(ButtonKind::Primary).id(asking::RETRY);
        let again = again.on_press(Message::RetryPressed);
        let never =
            button(i18n.get("wizard-never")).kind(ButtonKind::Quiet).on_press(Message::DismissPressed);
        let actions = vec![again.into(), never.into()];
        return parts::banner(Icon::Info, |tokens| tokens.muted, said, actions);
    }
    if let Some(Trouble::Blocked(refusal, since)) = &wizard.asking.trouble {
        let invitation =
            matches!(refusal.reason, RefusalReason::InvitationNeeded | RefusalReason::InvitationInvalid);
        let offline = matches!(refusal.reason, RefusalReason::Problem(Problem::NoNetwork));
        // Without a network none of them can be asked either.
        let others = wizard.provider.alternatives(context).into_iter().filter(|_| !offline).map(|other| {
            let message = Message::ElsewherePressed(Some(other.clone()));
            (other, message)
        });
        // Where the words lead to the provider's page.
        let helps = matches!(
            refusal.reason,
            RefusalReason::FormNotUnderstood | RefusalReason::Problem(Problem::NotSupported)
        );
        let page = wizard.provider.known().filter(|_| helps);
        let page = page.and_then(|known| known.website.best(i18n.language().tag()));
        let page = page.map(|page| Message::Provider(provider::Message::PagePressed(page.to_owned())));
        let actions = asking::Actions {
            retry: asking::is_worth_a_try(&refusal.reason).then_some(Message::RetryPressed),
            page,
            invitation: invitation.then_some(Message::InvitationPressed),
            others: others.collect(),
            elsewhere: Message::ElsewherePressed(None),
        };
        return asking::blocked(refusal, *since, provider, context, actions);
    }
    let Some(form) = wizard.asking.form() else {
        let said = i18n.get("wizard-form-old");
        let again = button(i18n.get("wizard-reload")).icon(Icon::RefreshCw).id(asking::RETRY);
        let again = again.on_press(Message::RetryPressed).into();
        return parts::banner(Icon::Clock, |tokens| tokens.warn, said, vec![again]);
    };
    let mut lines = column![].spacing(gap::XL);
    let on = (Message::Identity, Message::OnPressed);
    lines = lines.push(wizard.identity.mended().map(|part| match part {
        Part::Name => identity::name_field(&wizard.identity, provider, i18n, on.0, on.1),
        Part::Password => identity::password_field(&wizard.identity, context, on.0, on.1),
    }));
    let form = asking::view(&wizard.asking, form, context, Message::Asking, Message::OnPressed);
    lines.push(form).into()
}

/// The title, the content, and what is at the foot of the window.
fn frame<'a>(
    wizard: &'a Wizard,
    context: &'a Context,
    title: String,
    content: Element<'a, Message>,
    on: Option<(String, bool)>,
) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let waits = wizard.pending_words().is_some() || wizard.signing.is_some() && !wizard.waits_for_network();
    let mut foot = Foot::new(context).middle(dots(wizard, i18n));
    if let Some(back) = if waits { Some("action-cancel") } else { back_key(wizard) } {
        foot = foot.back(button(i18n.get(back)).on_press(Message::BackPressed));
    }
    if !waits && wizard.page == Page::Ready {
        let skip = button(i18n.get("wizard-skip")).kind(ButtonKind::Quiet);
        foot = foot.ahead(skip.on_press(Message::SkipPressed));
    }
    if let Some((label, usable)) = on {
        let on = button(label).kind(ButtonKind::Primary).id(ON);
        foot = foot.ahead(on.on_press_maybe(usable.then_some(Message::OnPressed)));
    }
    frame::page((title, waiting(wizard, i18n)), content, wizard.page as usize, foot, context)
}

/// That links which were opened meanwhile are not forgotten.
fn waiting<'a>(wizard: &Wizard, i18n: &I18n) -> Option<Element<'a, Message>> {
    let count = wizard.waiting();
    if count == 0 {
        return None;
    }
    let made = wizard.is_beyond_invitations();
    let key = if made { "wizard-link-waits" } else { "wizard-link-waits-answer" };
    let said = i18n.with(key, &[("count", count.into())]);
    let sign = icon::tinted(Icon::Clock, size::ICON_SMALL, |tokens| tokens.muted);
    let line = row![sign, parts::aside(said.clone()).width(Length::Fill)].spacing(gap::S);
    Some(labelled(Role::Status, said, line.align_y(Alignment::Center)))
}

/// What the way back is called; nothing where there is none.
fn back_key(wizard: &Wizard) -> Option<&'static str> {
    Some(match wizard.page {
        Page::Ready => return None,
        Page::Asking if wizard.dismissing => "action-back",
        _ if wizard.waits_for_network() && wizard.made == Made::Yes => "wizard-leave",
        Page::Asking
            if wizard.waits_for_password().is_some() && (wizard.made == Made::Yes || wizard.doubts.ended) =>
        {
            "wizard-leave"
        }
        _ => "action-back",
    })
}

/// That something is on the clipboard now.
pub(super) fn copied<'a, M: 'a>(i18n: &I18n) -> Element<'a, M> {
    let said = i18n.get("wizard-copied");
    let sign = icon::tinted(Icon::Check, size::ICON_SMALL, |tokens| tokens.good);
    let line = row![sign, parts::aside(said.clone())].spacing(gap::XS).align_y(Alignment::Center);
    labelled(Role::Status, said, line)
}

/// A dot for each step, the present one filled.
fn dots<'a>(wizard: &Wizard, i18n: &I18n) -> Element<'a, Message> {
    let steps = wizard.steps();
    let at = wizard.step(&steps);
    let dots = (0..steps.len()).map(|place| {
        let here = place == at;
        let side = if here { 10.0 } else { 8.0 };
        let dot = container(space::horizontal()).width(side).height(side);
        dot.style(move |theme: &Theme| {
            let t = theme.tokens();
            let (ground, line) = if here {
                (Some(t.accent), t.accent)
            } else if place < at {
                (Some(t.muted), t.muted)
            } else {
                (None, t.muted)
            };
            let border = Border { color: line, width: 1.5, radius: (side / 2.0).into() };
            container::Style { background: ground.map(Into::into), border, ..container::Style::default() }
        })
        .into()
    });
    let dots = iced::widget::Row::with_children(dots).spacing(gap::S).align_y(Alignment::Center);
    let said = i18n.with("wizard-step", &[("step", (at + 1).into()), ("count", steps.len().into())]);
    labelled(Role::Status, said, dots)
}

impl Wizard {
    /// The pages of the way that is gone, as far as it is known. What only may come is not among them: they do not become fewer on the way.
    pub(crate) fn steps(&self) -> Vec<Page> {
        let invited = !self.invited.link().is_empty() || self.page == Page::Invited;
        let way = self.way_in();
        let on_web = self.web.is_some()
            || self.page == Page::Web
            || matches!(way, Some(Registration::OnWeb(_))) && !self.has_invitation_to_account();
        let asks = if on_web { Page::Web } else { Page::Asking };
        let all = [Page::Invited, Page::Provider, Page::Identity, asks, Page::Ready, Page::Contact];
        let listed = matches!(way, Some(Registration::Here(asked)) if !asked.is_empty());
        let asks_more = !self.asking.asks_nothing() && (listed || self.asking.has_asked());
        let there = |page: &Page| match page {
            Page::Invited => invited,
            Page::Provider => !self.has_invitation_to_account() || self.page == Page::Provider,
            Page::Asking => asks_more,
            _ => true,
        };
        all.into_iter().filter(there).collect()
    }

    /// Which of these is on the window: the one before, where a page is none of them.
    pub(super) fn step(&self, steps: &[Page]) -> usize {
        steps.iter().rposition(|step| *step as usize <= self.page as usize).unwrap_or(0)
    }

    /// Whether there is no provider to be chosen: the invitation on the page, or one that was gone on with, says where the account is.
    fn has_invitation_to_account(&self) -> bool {
        match self.page {
            Page::Invited => self.invited.account_at().is_some(),
            _ => self.invites_to_account(),
        }
    }

    /// How the provider makes accounts, as far as a list knows: on the page of an invitation, the one that it is for.
    fn way_in(&self) -> Option<&Registration> {
        let known = match self.invited.account_at().filter(|_| self.page == Page::Invited) {
            Some(provider) => self.provider.providers.get(provider.domain()),
            None => self.provider.known(),
        };
        known.map(|known| &known.registration)
    }

    /// Whether it can't go on without another decision.
    fn is_stuck(&self) -> bool {
        matches!(self.asking.trouble, Some(Trouble::Blocked(..)))
            || self.waits_for_password().is_some()
            || self.asking.form().is_none()
    }
}
