//! Where something is not certain: whether an account is there, whose invitation counts, who sees a page or a picture.

use causerie_model::BareJid;
use causerie_model::registration::RefusalReason;

use super::super::{Message, Wizard, doubts, identity, ready, web};
use super::{asked, framed, happen, puzzle_form, refuse, sent, signed_in, uncertain};
use crate::context::Context;

pub(super) fn all(all: &mut Vec<(&'static str, Wizard)>, context: &Context) {
    kept_passwords(all, context);
    let (mut wizard, _) = Wizard::for_invited("xmpp:chat.example?register;preauth=first", context);
    let _ = wizard.take_link("xmpp:bob@far.example?roster;preauth=second", context);
    all.push(("invited-twice", wizard));
    all.push((
        "invited-token-page",
        Wizard::for_invited("https://invite.example/register?t=aB3_dE5-fG7h", context).0,
    ));
    let mut form = puzzle_form(1);
    form.web_page = Some("http://chat.example:5280/captcha/1/image".to_owned());
    all.push(("puzzle-plain-page", asked(form, context)));
    let mut wizard = framed(context);
    happen(&mut wizard, Message::OnPressed, context);
    let _ = wizard.picture_failed(crate::portrait::Fault::TooLarge);
    all.push(("contact-picture-failed", wizard));
    let mut wizard = signed_in(context);
    happen(&mut wizard, Message::Ready(ready::Message::Dropped("face.png".into())), context);
    all.push(("ready-picture-reading", wizard));
    // The file of what others see is gone by the next start.
    let mut wizard = framed(context);
    happen(&mut wizard, Message::OnPressed, context);
    happen(&mut wizard, Message::BackPressed, context);
    happen(&mut wizard, Message::Ready(ready::Message::Dropped("gone.png".into())), context);
    let gone = ready::Message::Opened(wizard.ready.opened(), Err(crate::portrait::Fault::Unreadable));
    happen(&mut wizard, Message::Ready(gone), context);
    all.push(("ready-picture-seen", wizard));
    let mut wizard = signed_in(context);
    let _ = wizard.take_link("xmpp:club@rooms.example?join", context);
    all.push(("ready-link-waits", wizard));
    let mut wizard = signed_in(context);
    happen(&mut wizard, Message::SkipPressed, context);
    for link in ["xmpp:club@rooms.example?join", "xmpp:tea@rooms.example?join"] {
        let _ = wizard.take_link(link, context);
    }
    all.push(("contact-links-wait", wizard));
}

/// Accounts may be there of which that is not known.
fn kept_passwords(all: &mut Vec<(&'static str, Wizard)>, context: &Context) {
    let back = |presses| {
        let mut wizard = uncertain(context);
        for _ in 0..presses {
            happen(&mut wizard, Message::BackPressed, context);
        }
        wizard
    };
    all.push(("doubt-name", back(1)));
    all.push(("doubt-provider", back(2)));
    let mut wizard = back(2);
    let jid = BareJid::new("alice@chapril.org").unwrap();
    happen(&mut wizard, Message::Doubts(doubts::Message::ForgetPressed(jid)), context);
    all.push(("doubt-forget", wizard));
    let mut wizard = sent(context);
    refuse(&mut wizard, RefusalReason::OnTheWeb(Some("https://chat.example/register".to_owned())), context);
    happen(&mut wizard, Message::Web(web::Message::OpenPressed), context);
    let another = web::Message::Identity(identity::Message::AnotherPressed);
    happen(&mut wizard, Message::Web(another), context);
    all.push(("web-other-password", wizard));
}
