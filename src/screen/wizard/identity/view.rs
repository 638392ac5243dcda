//! How name and password look.

use iced::widget::{column, container, row};
use iced::{Alignment, Length};

use causerie_model::BareJid;

use super::super::view::copied;
use super::{Eye, Identity, Message, Renewed, Trouble, Way};
use crate::context::{Context, Keyring};
use crate::i18n::I18n;
use crate::icon::Icon;
use crate::passwords::Form;
use crate::screen::parts;
use crate::theme::{Element, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::{button, choice, icon_button};
use crate::widget::focus;

/// The name field's name.
pub(crate) const NAME: &str = "wizard-name";
/// The password field's name.
pub(crate) const PASSWORD: &str = "wizard-password";

/// The page: name, password, and whether a lost one can be replaced.
pub(crate) fn view<'a, M: Clone + 'a>(
    identity: &'a Identity,
    provider: &BareJid,
    resettable: Option<bool>,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    column![name_field(identity, provider, &context.i18n, on, on_submit.clone())]
        .push(password_field(identity, context, on, on_submit))
        .push(caution(provider, resettable, &context.i18n))
        .spacing(gap::XL)
        .into()
}

/// Says that a lost password cannot be replaced, or that this is not known.
pub(crate) fn caution<'a, M: Clone + 'a>(
    provider: &BareJid,
    resettable: Option<bool>,
    i18n: &I18n,
) -> Option<Element<'a, M>> {
    let key = match resettable {
        Some(true) => return None,
        Some(false) => "wizard-no-reset",
        None => "wizard-reset-unknown",
    };
    let said = i18n.with(key, &[("provider", provider.domain().to_owned().into())]);
    Some(parts::banner(Icon::TriangleAlert, |tokens| tokens.warn, said, Vec::new()))
}

/// The name, with the address below that it makes.
pub(crate) fn name_field<'a, M: Clone + 'a>(
    identity: &'a Identity,
    provider: &BareJid,
    i18n: &I18n,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let wrong = identity.trouble.as_ref().and_then(|trouble| name_trouble(trouble, provider, i18n));
    let note = match identity.address(provider) {
        Some(address) => i18n.with("wizard-name-address", &[("address", address.to_string().into())]),
        None => i18n.with("wizard-name-note", &[("provider", provider.domain().to_owned().into())]),
    };
    let field = parts::field(NAME, i18n.get("wizard-name"), &identity.name)
        .hint(i18n.get("wizard-name-hint"))
        .wrong(wrong)
        .note(note)
        .on_input(Some(move |name| on(Message::NameChanged(name))))
        .on_submit(on_submit);
    let mut lines = column![Element::from(field)].spacing(gap::S);
    let meant: Vec<&str> = match &identity.trouble {
        Some(Trouble::NameTaken(free)) => free.iter().map(String::as_str).collect(),
        Some(Trouble::Name(fault)) => fault.meant().into_iter().collect(),
        _ => Vec::new(),
    };
    if !meant.is_empty() {
        let names = meant
            .into_iter()
            .map(|name| button(name).narrow().on_press(on(Message::NameChosen(name.to_owned()))).into());
        let names = iced::widget::Row::with_children(names).spacing(gap::S).wrap();
        // What is wrong with a name says already what may have been meant.
        let taken = matches!(&identity.trouble, Some(Trouble::NameTaken(_)));
        let perhaps = taken.then(|| parts::aside(i18n.get("wizard-name-perhaps")));
        lines = lines.push(column![].push(perhaps).push(names).spacing(gap::XS));
    }
    lines.into()
}

/// The password, and where it comes from.
pub(crate) fn password_field<'a, M: Clone + 'a>(
    identity: &'a Identity,
    context: &'a Context,
    on: impl Fn(Message) -> M + Copy + 'a,
    on_submit: M,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let wrong = identity.trouble.as_ref().and_then(|trouble| match trouble {
        Trouble::NoPassword => Some(i18n.get("wizard-password-none")),
        Trouble::PasswordRefused(why) => Some(with_words(i18n.get("wizard-password-refused"), why, i18n)),
        _ => None,
    });
    let made = matches!(identity.way, Way::Made(_));
    let open = identity.eye == Eye::Open;
    let (eye, say) = if open { (Icon::EyeOff, "sign-in-hide") } else { (Icon::Eye, "sign-in-show") };
    let another = made.then(|| {
        icon_button(Icon::RefreshCw, i18n.get("wizard-password-another"), Some(on(Message::AnotherPressed)))
    });
    let copy = icon_button(Icon::Copy, i18n.get("wizard-password-copy"), Some(on(Message::CopyPressed)));
    let beside = row![icon_button(eye, i18n.get(say), Some(on(Message::EyePressed))), copy].push(another);
    let note = match (made, context.keyring) {
        (true, Keyring::There) => "wizard-password-made",
        (true, Keyring::Unknown) => "wizard-password-made-alone",
        (true, Keyring::Absent) => "wizard-password-made-unkept",
        (false, Keyring::There) => "wizard-password-own",
        (false, Keyring::Unknown) => "wizard-password-own-alone",
        (false, Keyring::Absent) => "wizard-password-own-unkept",
    };
    let field = parts::field(PASSWORD, i18n.get("sign-in-password"), &identity.password)
        .secure(!open)
        .wrong(wrong)
        .note(i18n.get(note))
        .on_input(Some(move |password| on(Message::PasswordChanged(password))))
        .on_submit(on_submit)
        .beside(beside.into());
    let ways = [
        (Way::Made(Form::Readable), i18n.get("wizard-password-words")),
        (Way::Made(Form::Characters), i18n.get("wizard-password-signs")),
        (Way::Own, i18n.get("wizard-password-mine")),
    ];
    let ways =
        choice(i18n.get("wizard-password-way"), ways, identity.way, move |way| on(Message::WayChosen(way)));
    let renewed = identity.renewed.map(|before| {
        let said = i18n.get(match before {
            Renewed::Unused => "wizard-password-renewed",
            Renewed::Perhaps => "wizard-password-renewed-perhaps",
        });
        labelled(Role::Status, said.clone(), parts::aside(said))
    });
    column![Element::from(field)]
        .push(renewed)
        .push(identity.copied.then(|| copied(i18n)))
        .push(container(focus::group(ways)).width(Length::Fill))
        .spacing(gap::M)
        .align_x(Alignment::Start)
        .into()
}

fn name_trouble(trouble: &Trouble, provider: &BareJid, i18n: &I18n) -> Option<String> {
    let provider = provider.domain().to_owned();
    Some(match trouble {
        Trouble::Name(fault) => fault.words(i18n),
        Trouble::NameTaken(_) => i18n.with("wizard-name-taken", &[("provider", provider.into())]),
        Trouble::NameRefused(why) => {
            with_words(i18n.with("wizard-name-refused", &[("provider", provider.into())]), why, i18n)
        }
        Trouble::NoPassword | Trouble::PasswordRefused(_) => return None,
    })
}

/// Words of somebody else in one line, not longer than anybody reads, and without signs that would end the quotation for the eye.
fn quotable(words: &str) -> String {
    /// In characters.
    const LONGEST: usize = 300;
    let plain = |c: char| if matches!(c, '“' | '”' | '«' | '»' | '„') { '"' } else { c };
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut short: String = line.chars().take(LONGEST).map(plain).collect();
    if line.chars().count() > LONGEST {
        short.push('…');
    }
    short
}

/// Our words, and after them those of the provider, as what they are.
pub(crate) fn with_words(said: String, words: &Option<String>, i18n: &I18n) -> String {
    match words {
        Some(words) => {
            let theirs = i18n.with("wizard-their-words", &[("words", quotable(words).into())]);
            format!("{said} {theirs}")
        }
        None => said,
    }
}
