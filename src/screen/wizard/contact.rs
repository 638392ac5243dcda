//! The first contact: somebody's address, or one's own to hand out.

mod view;

use causerie_model::{AddressError, BareJid};

use crate::platform::links::uri::Uri;
use crate::providers::Providers;
use crate::screen::chats::add_contact::{Given, given};
use crate::widget::code::Code;

pub(crate) use view::{ADDRESS, view};

/// What is typed beyond this, in bytes, is no address.
const LONGEST: usize = 3_100;
/// No link that is taken is longer, in bytes.
const LONGEST_LINK: usize = 8 * 1024;

/// The first contact.
#[derive(Debug, Default)]
pub(crate) struct FirstContact {
    pub(super) address: String,
    /// What a link that was pasted says of somebody, with the link.
    given: Option<(Given, String)>,
    trouble: Option<Trouble>,
    own: Option<Own>,
    /// What was copied last.
    copied: Option<String>,
}

/// What is wrong with the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Address(AddressError),
    Own,
}

/// What can be handed out.
#[derive(Debug)]
struct Own {
    link: String,
    page: String,
    code: Option<Code>,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The address was edited.
    AddressChanged(String),
    /// A completion was chosen.
    Completed(String),
    /// A link is to be copied.
    CopyPressed(String),
    /// A note to oneself is to be written.
    NotePressed,
    /// Later.
    LaterPressed,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing.
    None,
    /// Copy this.
    Copy(String),
    /// Show the conversation with oneself.
    Note,
    /// Go to the main window.
    Later,
    /// Put the keyboard back into the field.
    Focus,
}

impl FirstContact {
    /// With the address of an earlier time, or of an invitation.
    pub(super) fn new(address: &str) -> Self {
        let mut contact = Self::default();
        contact.fill(address.to_owned());
        contact
    }

    /// Takes what was typed, or a link in whatever form: of that the address is shown, and what lets us in is used.
    fn fill(&mut self, text: String) {
        let Some(given) = given(&text).filter(|_| text.len() <= LONGEST_LINK) else {
            if text.len() <= LONGEST {
                self.address = text;
            }
            return;
        };
        self.address = given.jid.to_string();
        self.given = Some((given, text));
    }

    /// What a link that was pasted here says of that person, and of nobody else.
    pub(super) fn given(&self, jid: &BareJid) -> Option<&Given> {
        self.given.as_ref().map(|(given, _)| given).filter(|given| given.jid == *jid)
    }

    /// The link that was pasted here, and whose it is.
    pub(super) fn link(&self) -> Option<(&BareJid, &str)> {
        self.given.as_ref().map(|(given, link)| (&given.jid, link.as_str()))
    }

    /// The address, to be remembered; the link where it is still the same one’s.
    pub(super) fn kept(&self) -> &str {
        let typed = BareJid::parse_typed(&self.address).ok();
        let link = self.given.as_ref().filter(|(given, _)| Some(&given.jid) == typed.as_ref());
        link.map_or(&self.address, |(_, link)| link)
    }

    /// Makes ready what can be handed out.
    pub(super) fn prepare(&mut self, jid: &BareJid) {
        let uri = Uri::contact(jid);
        let link = uri.to_string();
        self.own = Some(Own { code: Code::new(&link), link, page: uri.web_link() });
    }

    /// Changes what is shown, and says what is to be done.
    pub(super) fn update(&mut self, message: Message, own: &BareJid) -> Wish {
        match message {
            Message::AddressChanged(address) => {
                self.fill(address);
                self.trouble = self.early_trouble(own);
            }
            Message::Completed(domain) => {
                let name = self.address.split('@').next().unwrap_or_default().to_owned();
                self.address = format!("{name}@{domain}");
                self.trouble = self.early_trouble(own);
                return Wish::Focus;
            }
            Message::CopyPressed(text) => {
                self.copied = Some(text.clone());
                return Wish::Copy(text);
            }
            Message::NotePressed => return Wish::Note,
            Message::LaterPressed => return Wish::Later,
        }
        Wish::None
    }

    /// What can't become right by typing on.
    fn early_trouble(&self, own: &BareJid) -> Option<Trouble> {
        let unfinished =
            [AddressError::Empty, AddressError::NoDomain, AddressError::NoLocalPart, AddressError::BadDomain];
        let trouble = self.find(own).err()?;
        (!matches!(trouble, Trouble::Address(error) if unfinished.contains(&error))).then_some(trouble)
    }

    fn find(&self, own: &BareJid) -> Result<BareJid, Trouble> {
        let jid = BareJid::parse_typed(&self.address).map_err(Trouble::Address)?;
        if jid == *own { Err(Trouble::Own) } else { Ok(jid) }
    }

    /// The address, or what is wrong with it.
    pub(super) fn checked(&mut self, own: &BareJid) -> Option<BareJid> {
        let found = self.find(own);
        self.trouble = found.as_ref().err().copied();
        found.ok()
    }

    /// What may come after the `@`.
    fn completions(&self, providers: &Providers, own: &BareJid) -> Vec<String> {
        const MOST: usize = 3;
        let mut found = providers.complete(&self.address, [own.domain()]);
        found.truncate(MOST);
        found
    }
}
