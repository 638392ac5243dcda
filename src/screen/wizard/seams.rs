//! What other files are going to hold.

use causerie_model::BareJid;
use causerie_model::registration::InvitationToken;

/// What an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invitation {
    /// An account.
    Account { provider: BareJid, name: Option<String>, token: InvitationToken },
    /// Somebody who wants to talk.
    Contact { jid: BareJid, account: Option<InvitationToken> },
}

pub(super) fn invitation(link: &str) -> Option<Invitation> {
    match crate::platform::links::read(link)? {
        crate::platform::links::Asked::Person(jid, _) => Some(Invitation::Contact { jid, account: None }),
        _ => None,
    }
}

/// What one's own sheet is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SheetKind {
    /// Pages.
    Pdf,
    /// A picture.
    Png,
}

/// A picture of one's own, made ready.
#[derive(Clone, Debug)]
pub(crate) struct OwnPicture {
    pub(super) handle: iced::widget::image::Handle,
}

pub(super) async fn prepare(path: std::path::PathBuf) -> Option<Box<OwnPicture>> {
    let bytes = tokio::task::spawn_blocking(move || std::fs::read(path).ok()).await.ok()??;
    Some(Box::new(OwnPicture { handle: iced::widget::image::Handle::from_bytes(bytes) }))
}

pub(super) fn own_link(jid: &BareJid) -> String {
    format!("xmpp:{jid}")
}

pub(super) fn own_page(jid: &BareJid) -> String {
    format!("https://xmpp.link/#{jid}")
}
