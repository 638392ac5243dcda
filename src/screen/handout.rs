//! A link to hand out: as a code to scan, and as text for programs and for browsers.

use std::fmt;

use causerie_model::{BareJid, Invitation};
use iced::widget::{column, container, row, text};
use iced::{Alignment, Length};

use crate::context::Context;
use crate::icon::{self, Icon};
use crate::platform::links::uri::{self, Uri};
use crate::screen::parts;
use crate::theme::{Element, size, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::code::Code;

/// The name of the button that copies the link.
pub(crate) const COPY: &str = "handout-copy";
/// The widest a code gets.
const CODE: f32 = 240.0;
/// What of the window is beside a code at least.
const BESIDE: f32 = 2.0 * gap::XL;
/// What of the window is above and below a code: the words about the link, and the buttons.
const AROUND: f32 = 420.0;
/// As wide a code may always be, however low the window is: narrower ones are read with difficulty.
const LEAST: f32 = 150.0;

/// A link to hand out.
pub(crate) struct Handout {
    link: String,
    page: String,
    code: Option<Code>,
    copied: Option<Form>,
}

/// What of it is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The link itself.
    Link,
    /// The page of the web that says the same.
    Page,
}

impl fmt::Debug for Handout {
    /// Who has the link of an invitation may use it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handout(…)")
    }
}

impl Handout {
    /// Somebody's address, and nothing more.
    pub(crate) fn of_person(jid: &BareJid) -> Self {
        let uri = Uri::contact(jid);
        Self::new(uri.to_string(), uri.web_link())
    }

    /// An invitation. Where its provider has no page for it, there is one that knows all links: what is secret is not sent to it.
    pub(crate) fn of_invitation(invitation: &Invitation) -> Self {
        let page = invitation.landing.clone().unwrap_or_else(|| uri::web_link(&invitation.uri));
        Self::new(invitation.uri.clone(), page)
    }

    fn new(link: String, page: String) -> Self {
        Self { code: Code::new(&link), link, page, copied: None }
    }

    /// What is to be put onto the clipboard; it says from now on that it was.
    pub(crate) fn copy(&mut self, form: Form) -> String {
        self.copied = Some(form);
        match form {
            Form::Link => self.link.clone(),
            Form::Page => self.page.clone(),
        }
    }
}

/// How it looks.
pub(crate) fn view<'a, M: Clone + 'a>(
    handout: &'a Handout,
    context: &'a Context,
    on: impl Fn(Form) -> M + 'a,
) -> Element<'a, M> {
    let i18n = &context.i18n;
    let tallest = (context.window.height - AROUND).clamp(LEAST, CODE);
    let most = (context.window.width - BESIDE).clamp(0.0, tallest);
    let code = handout.code.as_ref().map(|code| code.view(i18n.get("handout-code"), most));
    let code = code.map(|code| container(code).center_x(Length::Fill));
    let link = text(&handout.link).size(size::SECONDARY).wrapping(text::Wrapping::WordOrGlyph);
    let copy = |key: &str, form| button(i18n.get(key)).icon(Icon::Copy).on_press(on(form));
    let buttons = row![
        Element::from(copy("wizard-copy-link", Form::Link).id(COPY)),
        Element::from(copy("wizard-copy-page", Form::Page)),
    ]
    .spacing(gap::S)
    .wrap()
    .vertical_spacing(gap::S);
    let copied = handout.copied.map(|form| {
        let said = i18n.get(match form {
            Form::Link => "handout-copied",
            Form::Page => "handout-copied-page",
        });
        let sign = icon::tinted(Icon::Check, size::ICON_SMALL, |tokens| tokens.good);
        let line = row![sign, parts::aside(said.clone())].spacing(gap::XS).align_y(Alignment::Center);
        labelled(Role::Status, said, line)
    });
    column![]
        .push(code)
        .push(link)
        .push(buttons)
        .push(copied)
        .push(parts::aside(i18n.get("handout-page-note")))
        .spacing(gap::M)
        .width(Length::Fill)
        .into()
}

#[cfg(test)]
mod tests {
    use causerie_model::{InvitationIssuer, InvitationKind};

    use super::*;
    use crate::screen::samples::jid;

    #[test]
    fn an_invitation_is_copied_as_it_is_and_never_shown_in_a_log() {
        let uri = "xmpp:alice@chat.example?roster;preauth=s3cr3t";
        let mut invitation = Invitation {
            kind: InvitationKind::Contact,
            issuer: InvitationIssuer::ThisDevice,
            uri: uri.to_owned(),
            landing: None,
            expires: None,
        };
        let mut handout = Handout::of_invitation(&invitation);
        assert_eq!(handout.copy(Form::Link), uri);
        let page = "https://xmpp.link/#alice@chat.example?roster;preauth=s3cr3t";
        assert_eq!(handout.copy(Form::Page), page);
        assert_eq!(format!("{handout:?}"), "Handout(…)");
        let landing = "https://chat.example/invite/#s3cr3t";
        invitation.landing = Some(landing.to_owned());
        assert_eq!(Handout::of_invitation(&invitation).copy(Form::Page), landing);
    }

    #[test]
    fn a_person_is_handed_on_without_any_secret() {
        let mut handout = Handout::of_person(&jid("bob@chat.example"));
        assert_eq!(handout.copy(Form::Link), "xmpp:bob@chat.example?roster");
        assert_eq!(handout.copy(Form::Page), "https://xmpp.link/#bob@chat.example?roster");
    }
}
