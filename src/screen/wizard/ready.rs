//! The account is there: how others see its owner, and a sheet to find back to it.

mod view;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use causerie_model::ProfilePart;
use iced::Task;
use iced::widget::image::Handle;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::platform::scan;
use crate::portrait::{self, Original, Shift, Square};
use crate::screen::sheet;

pub(crate) use view::{CHOOSE, CROP, SHOWN_NAME, profile, view};

/// What is typed beyond this, in bytes, is no name.
const LONGEST: usize = 1_000;

/// How many files were opened, for whatever account and form: each has a number of its own.
static OPENED: AtomicU64 = AtomicU64::new(0);

/// What is told to others, and the sheet.
#[derive(Debug, Default)]
pub(crate) struct Ready {
    pub(super) name: String,
    picture: Picture,
    /// Whether others were told of that picture.
    told: bool,
    /// The number of the file that was opened last: what comes of an earlier one counts no more.
    opened: u64,
    /// What was there when the file that is being read was chosen, with its file, and whether others were told of it.
    instead: Option<(Box<Framed>, Option<PathBuf>, bool)>,
    /// The file that it is in.
    pub(super) source: Option<PathBuf>,
    /// The part of it that was chosen in an earlier run.
    recalled: Option<Square>,
    /// What others were told by going on.
    pub(super) shown: Shown,
    /// What of that somebody has taken back since. A file that is not found any more takes nothing back.
    pub(super) gone: Shown,
    /// Whether others saw a picture before the one that is being made ready.
    before: bool,
    /// Whether the picture that others were to see could not be made ready.
    uncut: bool,
    /// Why another file could not take the place of the picture that is here.
    wrong: Option<portrait::Fault>,
    sheet: sheet::Offer,
}

/// A picture that was chosen, to be remembered: where it is, and the part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptPicture {
    path: String,
    x: u32,
    y: u32,
    side: u32,
}

/// What others were told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Shown {
    name: bool,
    picture: bool,
}

/// The picture, as far as there is one.
#[derive(Debug, Default)]
enum Picture {
    /// None.
    #[default]
    None,
    /// A file is being read.
    Reading,
    /// It could not be used.
    Failed(portrait::Fault),
    /// It can be shown.
    Chosen(Box<Framed>),
}

/// A picture, and the part of it that others are to see.
#[derive(Clone, Debug)]
pub(crate) struct Framed {
    original: Original,
    shown: Handle,
    square: Square,
}

impl Framed {
    /// With the largest square in its middle.
    pub(super) fn new((original, shown): (Original, Handle)) -> Box<Self> {
        let square = original.middle();
        Box::new(Self { original, shown, square })
    }
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The name was edited.
    NameChanged(String),
    /// A picture is to be chosen.
    ChoosePressed,
    /// One was chosen, or none.
    Chosen(Option<PathBuf>),
    /// A picture was let fall onto the window.
    Dropped(PathBuf),
    /// The picture of that number was read, or could not be.
    Opened(u64, Result<Box<Framed>, portrait::Fault>),
    /// It is not waited for any more.
    ReadingCancelled,
    /// Another part of it is to be seen.
    Shifted(Shift),
    /// There is to be none.
    RemovePressed,
    /// About the sheet.
    Sheet(sheet::Message),
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing.
    None,
    /// About the sheet.
    Sheet(sheet::Wish),
}

impl Ready {
    /// With the name of an earlier time.
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The same, with what of it others were told, and what they are to see no more.
    pub(super) fn again(name: &str, shown: Shown, gone: Shown) -> Self {
        Self { shown, gone, ..Self::new(name) }
    }

    /// The name that others are to see.
    pub(crate) fn shown_name(&self) -> Option<String> {
        Some(self.name.trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// The picture, and the part of it that others are to see.
    pub(crate) fn picture(&self) -> Option<(Original, Square)> {
        let Picture::Chosen(framed) = &self.picture else { return None };
        Some((framed.original.clone(), framed.square))
    }

    /// Whether a picture is on its way from its file.
    pub(crate) fn is_reading(&self) -> bool {
        matches!(self.picture, Picture::Reading)
    }

    /// Others are told what is here. Says what they were told before and is to be seen no more.
    pub(super) fn told(&mut self) -> Vec<ProfilePart> {
        let (name, picture) = (self.shown_name().is_some(), self.picture().is_some());
        // What is told anew takes its place.
        self.gone = Shown { name: self.gone.name && !name, picture: self.gone.picture && !picture };
        let gone = self.withdrawn();
        (self.before, self.told) = (self.shown.picture, picture);
        self.shown = Shown { name: self.shown.name || name, picture: self.shown.picture || picture };
        gone
    }

    /// What others were told and somebody has taken back since.
    pub(super) fn withdrawn(&mut self) -> Vec<ProfilePart> {
        let gone = std::mem::take(&mut self.gone);
        let name = (self.shown.name && gone.name).then_some(ProfilePart::Name);
        let picture = (self.shown.picture && gone.picture).then_some(ProfilePart::Picture);
        self.shown =
            Shown { name: self.shown.name && !gone.name, picture: self.shown.picture && !gone.picture };
        name.into_iter().chain(picture).collect()
    }

    /// The number of the file that was opened last.
    #[cfg(test)]
    pub(crate) fn opened(&self) -> u64 {
        self.opened
    }

    /// Whether others see a picture that is not the one that is here.
    pub(super) fn is_seen(&self) -> bool {
        self.shown.picture && !self.gone.picture
    }

    /// The picture that was chosen, to be remembered.
    pub(super) fn kept_picture(&self) -> Option<KeptPicture> {
        let path = self.source.as_ref()?.to_str()?.to_owned();
        let square = match &self.picture {
            Picture::Chosen(framed) => framed.square,
            Picture::Reading => self.recalled?,
            Picture::None | Picture::Failed(_) => return None,
        };
        Some(KeptPicture { path, x: square.x, y: square.y, side: square.side })
    }

    /// Opens the picture again that was chosen in an earlier run.
    pub(super) fn recall(&mut self, kept: Option<&KeptPicture>) -> Task<Message> {
        let Some(KeptPicture { path, x, y, side }) = kept.cloned() else { return Task::none() };
        self.recalled = Some(Square { x, y, side });
        self.open(path.into())
    }

    fn open(&mut self, path: PathBuf) -> Task<Message> {
        let source = self.source.replace(path.clone());
        if let Picture::Chosen(framed) = std::mem::replace(&mut self.picture, Picture::Reading) {
            self.instead = Some((framed, source, self.told));
        }
        (self.uncut, self.told, self.wrong) = (false, false, None);
        let number = OPENED.fetch_add(1, Ordering::Relaxed) + 1;
        self.opened = number;
        let opened = async { portrait::open(path).await.map(Framed::new) };
        Task::perform(opened, move |opened| Message::Opened(number, opened))
    }

    /// The picture can't be used.
    fn failed(&mut self, fault: portrait::Fault) {
        (self.picture, self.source, self.told) = (Picture::Failed(fault), None, false);
    }

    /// The picture can't be shown to others after all. What they saw before they still see.
    pub(super) fn uncut(&mut self, fault: portrait::Fault) {
        self.failed(fault);
        (self.shown.picture, self.uncut) = (self.before, true);
    }

    /// Why others don't see the picture that was to be shown to them.
    pub(super) fn trouble(&self) -> Option<portrait::Fault> {
        match self.picture {
            Picture::Failed(fault) if self.uncut => Some(fault),
            _ => None,
        }
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> (Task<Message>, Wish) {
        match message {
            Message::NameChanged(name) if name.len() <= LONGEST => {
                self.name = name;
                self.gone.name = self.shown.name && self.shown_name().is_none();
            }
            Message::NameChanged(_) => {}
            Message::ChoosePressed => {
                let i18n = &context.i18n;
                let (title, kind) = (i18n.get("compare-choose"), i18n.get("compare-pictures"));
                let chosen = context.chooser.open(title, kind, &scan::PICTURES);
                return (Task::perform(chosen, Message::Chosen), Wish::None);
            }
            Message::Chosen(None) => {}
            Message::Chosen(Some(path)) | Message::Dropped(path) => {
                self.recalled = None;
                return (self.open(path), Wish::None);
            }
            Message::Opened(number, opened) if number == self.opened && self.is_reading() => {
                let again = self.recalled.take();
                // What others are not told of yet would be lost with the choice of its part.
                let before = self.instead.take().filter(|(_, _, told)| opened.is_err() && !told);
                if let Some((framed, source, _)) = before {
                    (self.picture, self.source, self.wrong) = (Picture::Chosen(framed), source, opened.err());
                    return (crate::widget::focus::focus(CHOOSE), Wish::None);
                }
                match opened {
                    Ok(mut framed) => {
                        framed.square = again.map_or(framed.square, |square| framed.original.within(square));
                        self.picture = Picture::Chosen(framed);
                    }
                    Err(fault) => self.failed(fault),
                }
                if self.picture().is_some() && again.is_none() {
                    return (crate::widget::focus::focus(CROP), Wish::None);
                }
            }
            Message::Opened(..) => {}
            Message::ReadingCancelled if self.is_reading() => {
                (self.picture, self.source, self.recalled) = (Picture::None, None, None);
                if let Some((framed, source, told)) = self.instead.take() {
                    (self.picture, self.source, self.told) = (Picture::Chosen(framed), source, told);
                }
                return (crate::widget::focus::focus(CHOOSE), Wish::None);
            }
            Message::ReadingCancelled => {}
            Message::Shifted(shift) => {
                if let Picture::Chosen(framed) = &mut self.picture {
                    framed.square = framed.original.shifted(framed.square, shift);
                }
            }
            Message::RemovePressed => {
                // Of a picture that was only chosen others know nothing: they see the one from before.
                let chosen = matches!(self.picture, Picture::Chosen(_)) && !self.told;
                (self.picture, self.source, self.instead) = (Picture::None, None, None);
                (self.told, self.wrong) = (false, None);
                if !chosen {
                    self.gone.picture = self.shown.picture;
                }
            }
            Message::Sheet(message) => {
                let next = message.next().map_or_else(Task::none, crate::widget::focus::focus);
                return (next, self.sheet.update(message).map_or(Wish::None, Wish::Sheet));
            }
        }
        (Task::none(), Wish::None)
    }
}
