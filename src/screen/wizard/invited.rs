//! An invitation: pasted, scanned, dropped, or opened from elsewhere. It is told what it means before anything is done.

mod reading;
mod view;

use std::path::PathBuf;

use causerie_model::{BareJid, InviteToken};
use iced::Task;

use crate::context::Context;
use crate::platform::scan;
use crate::widget::focus::focus;

use reading::{given, is_other};
pub(crate) use view::{LINK, view};

/// No link that is taken is longer, in bytes.
const LONGEST: usize = 8 * 1024;
/// So many invitations are kept beside the one that is shown.
const MOST_EARLIER: usize = 4;

/// What an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Invitation {
    /// An account.
    Account {
        /// Where.
        provider: BareJid,
        /// The name that it is to have.
        name: Option<String>,
        /// What proves the invitation.
        token: Option<InviteToken>,
        /// The page that it came from.
        page: Option<String>,
    },
    /// Somebody who wants to talk.
    Contact {
        /// Who.
        jid: BareJid,
        /// What they are to be called.
        name: Option<String>,
        /// The groups that they are to be in.
        groups: Vec<String>,
        /// What proves that they want to.
        greeting: Option<InviteToken>,
        /// What proves that they invite to an account at their provider, too.
        account: Option<InviteToken>,
    },
}

/// An invitation, as far as there is one.
#[derive(Debug, Default)]
pub(crate) struct Invited {
    link: String,
    given: Given,
    /// Whether the person has said that a page of an invitation is that of their provider to be.
    confirmed: bool,
    /// Invitations that were opened before this one, the newest first.
    earlier: Vec<Earlier>,
    /// How many before those are kept no more, which is to be said.
    dropped: usize,
}

/// An invitation that was opened before another one: what proves it still counts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Earlier {
    link: String,
    confirmed: bool,
    given: Given,
}

impl Earlier {
    /// What it invites to; a page that nobody has decided about invites to nothing yet.
    fn invitation(&self) -> Option<&Invitation> {
        if let Given::Invitation(invitation) = &self.given { Some(invitation) } else { None }
    }
}

/// What was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Given {
    /// Nothing yet.
    #[default]
    Nothing,
    /// A picture that is being read.
    Reading,
    /// A picture without a code.
    NoCode(scan::Fault),
    /// Neither text nor a picture was on the clipboard.
    NothingPasted,
    /// Something that invites to nothing.
    NoInvitation,
    /// A page of the web: the invitation is behind it.
    Page(String),
    /// The same, with what may prove an invitation to an account: where, it does not say.
    PageWithToken(String, BareJid, InviteToken),
    /// An invitation.
    Invitation(Invitation),
}

/// What has happened.
#[derive(Clone)]
pub(crate) enum Message {
    /// The link was typed or pasted.
    LinkTyped(String),
    /// What is on the clipboard is to be taken, by the button.
    PastePressed,
    /// The text on the clipboard, if there is any.
    TextPasted(Option<String>),
    /// The keys that paste were pressed: the field takes text by itself, a picture is looked for.
    PasteTyped,
    /// The text of the code on the picture on the clipboard, if there is a picture.
    PicturePasted(Option<Result<String, scan::Fault>>),
    /// A picture is to be chosen.
    ChoosePressed,
    /// One was chosen, or none.
    Chosen(Option<PathBuf>),
    /// A picture was let fall onto the window.
    Dropped(PathBuf),
    /// A picture was read.
    Scanned(Result<String, scan::Fault>),
    /// The page that the link leads to is to be opened.
    PagePressed,
    /// The account is to be where that page is.
    HostConfirmed,
    /// An invitation that was there before another one is to be shown again, or the page of one.
    PageBefore(String),
    /// There is an account already.
    HaveAccountPressed,
    /// Another provider than the one that invites is to be chosen.
    ElsewherePressed,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing.
    None,
    /// Open a page of the web.
    Open(String),
    /// Sign in with an account that is there.
    HaveAccount,
    /// Choose another provider, for an account to talk with whoever invites.
    Elsewhere,
}

impl Invited {
    /// With links of an earlier time, the last one first, each with whether its page was said to be the provider's.
    pub(super) fn again(link: &str, confirmed: bool, earlier: &[(String, bool)]) -> Self {
        let mut invited = Self::default();
        for (link, confirmed) in earlier.iter().take(MOST_EARLIER).rev() {
            invited.open(link, *confirmed);
        }
        if !link.is_empty() {
            invited.open(link, confirmed);
        }
        invited
    }

    /// A link was opened: the invitation before it is kept, and so is a page that nobody has decided about.
    pub(super) fn open(&mut self, link: &str, confirmed: bool) {
        self.earlier.retain(|earlier| earlier.link != link);
        if self.link != link {
            self.put_aside();
        }
        self.take(link.to_owned());
        if confirmed {
            self.confirm();
        }
    }

    /// Something else is shown from now on, whatever it is: what invites is kept beside it.
    fn put_aside(&mut self) {
        if self.is_something() {
            let (link, confirmed, given) =
                (std::mem::take(&mut self.link), self.confirmed, self.given.clone());
            self.earlier.retain(|earlier| earlier.link != link);
            self.earlier.insert(0, Earlier { link, confirmed, given });
            self.dropped += self.earlier.len().saturating_sub(MOST_EARLIER);
            self.earlier.truncate(MOST_EARLIER);
            (self.given, self.confirmed) = (Given::Nothing, false);
        }
    }

    /// Somebody is added with all that they have sent: nothing of theirs is left.
    pub(super) fn forget(&mut self, contact: &BareJid) {
        let is_theirs =
            |invitation: &Invitation| matches!(invitation, Invitation::Contact { jid, .. } if jid == contact);
        if self.invitation().is_some_and(is_theirs) {
            (self.link, self.given, self.confirmed) = (String::new(), Given::Nothing, false);
        }
        self.earlier.retain(|earlier| !earlier.invitation().is_some_and(is_theirs));
    }

    /// How many invitations are kept no more.
    pub(super) fn dropped(&self) -> usize {
        self.dropped
    }

    /// The same, once: it is said elsewhere from now on.
    pub(super) fn take_dropped(&mut self) -> usize {
        std::mem::take(&mut self.dropped)
    }

    /// Whether what is shown invites, or is a page behind which somebody may.
    fn is_something(&self) -> bool {
        matches!(self.given, Given::Invitation(_) | Given::Page(_) | Given::PageWithToken(..))
    }

    /// Whether there is a page that nobody has decided about, or an invitation to an account.
    pub(super) fn has_page(&self) -> bool {
        !self.pages(None).is_empty()
    }

    /// Those pages and invitations, the newest first, each with whether it was said to be the provider's. Where there is an account by
    /// now at that provider, the invitations to it are of no use any more.
    pub(super) fn pages(&self, made_at: Option<&BareJid>) -> Vec<(String, bool)> {
        let is_page = |given: &Given| match given {
            Given::Page(_) | Given::PageWithToken(..) => true,
            Given::Invitation(Invitation::Account { provider, .. }) => Some(provider) != made_at,
            Given::Invitation(Invitation::Contact { .. })
            | Given::Nothing
            | Given::Reading
            | Given::NoCode(_)
            | Given::NothingPasted
            | Given::NoInvitation => false,
        };
        let earlier = self.earlier.iter().map(|one| (&one.link, one.confirmed, &one.given));
        let all = std::iter::once((&self.link, self.confirmed, &self.given)).chain(earlier);
        let pages = all.filter(|(_, _, given)| is_page(given));
        pages.map(|(link, confirmed, _)| (link.clone(), confirmed)).collect()
    }

    /// The page that the link leads to is that of the provider.
    fn confirm(&mut self) {
        if let Given::PageWithToken(page, provider, token) = &self.given {
            let (page, provider) = (Some(page.clone()), provider.clone());
            let token = Some(token.clone());
            self.given = Given::Invitation(Invitation::Account { provider, name: None, token, page });
            self.confirmed = true;
        }
    }

    /// Whether the person has said that its page is that of the provider.
    pub(super) fn is_confirmed(&self) -> bool {
        self.confirmed
    }

    /// The links before, the newest first, to be remembered.
    pub(super) fn earlier(&self) -> Vec<(String, bool)> {
        self.earlier.iter().map(|earlier| (earlier.link.clone(), earlier.confirmed)).collect()
    }

    /// All invitations, the newest first.
    pub(super) fn invitations(&self) -> impl Iterator<Item = &Invitation> {
        self.invitation().into_iter().chain(self.earlier.iter().filter_map(Earlier::invitation))
    }

    /// Who invites to talk, each with the link: the oldest first.
    pub(super) fn contacts(&self) -> impl Iterator<Item = (&BareJid, &str)> {
        let earlier = self.earlier.iter().rev();
        let earlier = earlier.filter_map(|earlier| Some((earlier.invitation()?, earlier.link.as_str())));
        let all = earlier.chain(self.invitation().map(|invitation| (invitation, self.link.as_str())));
        all.filter_map(|(invitation, link)| match invitation {
            Invitation::Contact { jid, .. } => Some((jid, link)),
            Invitation::Account { .. } => None,
        })
    }

    /// The link as it was given.
    pub(super) fn link(&self) -> &str {
        &self.link
    }

    /// What it invites to.
    pub(super) fn invitation(&self) -> Option<&Invitation> {
        if let Given::Invitation(invitation) = &self.given { Some(invitation) } else { None }
    }

    /// Where it invites to an account.
    pub(super) fn account_at(&self) -> Option<BareJid> {
        match self.invitation()? {
            Invitation::Account { provider, .. } => Some(provider.clone()),
            Invitation::Contact { jid, account, .. } => account.is_some().then(|| jid.to_domain()),
        }
    }

    fn take(&mut self, link: String) {
        self.given = given(&link);
        self.link = link;
        self.confirmed = false;
    }

    /// Changes what is shown, and says what is to be done.
    pub(super) fn update(&mut self, message: Message, context: &Context) -> (Task<Message>, Wish) {
        match message {
            Message::LinkTyped(link) if link.len() <= LONGEST => {
                // By the keys that paste it comes all at once, too.
                if is_other(&self.link, &link) {
                    self.put_aside();
                }
                self.earlier.retain(|earlier| earlier.link != link);
                self.take(link);
            }
            Message::LinkTyped(_) => {
                self.put_aside();
                self.given = Given::NoInvitation;
            }
            Message::PastePressed => {
                return (iced::clipboard::read().map(Message::TextPasted), Wish::None);
            }
            Message::TextPasted(Some(text)) if !text.trim().is_empty() => {
                let text = text.trim();
                if text.len() > LONGEST {
                    self.put_aside();
                    self.given = Given::NoInvitation;
                } else {
                    self.open(text, false);
                }
                let ready = self.invitation().is_some();
                return (if ready { focus(super::view::ON) } else { Task::none() }, Wish::None);
            }
            Message::TextPasted(_) => {
                self.put_aside();
                self.link.clear();
                self.given = Given::Reading;
                return (Task::perform(scan::pasted(), Message::PicturePasted), Wish::None);
            }
            // What is written in the field already counts more.
            Message::PasteTyped if self.given == Given::Nothing => {
                return (Task::perform(scan::pasted(), Message::PicturePasted), Wish::None);
            }
            Message::PasteTyped => {}
            Message::PicturePasted(Some(read)) if matches!(self.given, Given::Reading | Given::Nothing) => {
                self.given = Given::Reading;
                return self.update(Message::Scanned(read), context);
            }
            Message::PicturePasted(None) if self.given == Given::Reading => {
                self.given = Given::NothingPasted;
            }
            Message::PicturePasted(_) => {}
            Message::ChoosePressed => {
                let i18n = &context.i18n;
                let (title, kind) = (i18n.get("compare-choose"), i18n.get("compare-pictures"));
                let chosen = context.chooser.open(title, kind, &scan::PICTURES);
                return (Task::perform(chosen, Message::Chosen), Wish::None);
            }
            Message::Chosen(None) => {}
            Message::Chosen(Some(path)) | Message::Dropped(path) => {
                self.put_aside();
                self.link.clear();
                self.given = Given::Reading;
                return (Task::perform(scan::read(path), Message::Scanned), Wish::None);
            }
            // What was pasted meanwhile counts more.
            Message::Scanned(read) if self.given == Given::Reading => match read {
                Ok(link) if link.len() <= LONGEST => {
                    self.open(&link, false);
                    return (focus(super::view::ON), Wish::None);
                }
                Ok(_) => self.given = Given::NoInvitation,
                Err(fault) => self.given = Given::NoCode(fault),
            },
            Message::Scanned(_) => {}
            Message::PagePressed => {
                let page = match &self.given {
                    Given::Page(page) | Given::PageWithToken(page, ..) => Some(page),
                    Given::Invitation(Invitation::Account { page, .. }) => page.as_ref(),
                    _ => None,
                };
                return (Task::none(), page.map_or(Wish::None, |page| Wish::Open(page.clone())));
            }
            Message::HostConfirmed => {
                self.confirm();
                return (focus(super::view::ON), Wish::None);
            }
            Message::PageBefore(link) => {
                if let Some(earlier) = self.earlier.iter().find(|earlier| earlier.link == link) {
                    let confirmed = earlier.confirmed;
                    self.open(&link, confirmed);
                }
                return (focus(LINK), Wish::None);
            }
            Message::HaveAccountPressed => return (Task::none(), Wish::HaveAccount),
            Message::ElsewherePressed => return (Task::none(), Wish::Elsewhere),
        }
        (Task::none(), Wish::None)
    }
}

impl std::fmt::Debug for Message {
    /// A link may hold the secret of an invitation.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("invited::Message")
    }
}

#[cfg(test)]
mod tests;
