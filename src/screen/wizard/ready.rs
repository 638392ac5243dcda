//! The account is there: how others see its owner, and a sheet to find back to it.

mod view;

use std::path::PathBuf;

use causerie_model::{OwnPicture, PictureKind};
use iced::Task;
use iced::widget::image::Handle;

use crate::context::Context;
use crate::platform::scan;
use crate::portrait::{self, Format};
use crate::recovery;

pub(crate) use view::{SHOWN_NAME, profile, view};

/// What is typed beyond this, in bytes, is no name.
const LONGEST: usize = 1_000;

/// What is told to others, and the sheet.
#[derive(Debug, Default)]
pub(crate) struct Ready {
    pub(super) name: String,
    picture: Picture,
    with_password: bool,
    sheet: Sheet,
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
    Chosen(Box<Prepared>),
}

/// A picture that can be published, and how it looks.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    picture: OwnPicture,
    handle: Handle,
}

/// How far the sheet is.
#[derive(Debug, Default, PartialEq, Eq)]
enum Sheet {
    /// It was not asked for.
    #[default]
    Unasked,
    /// It is being written.
    Writing,
    /// It is there.
    Written(PathBuf),
    /// It could not be written.
    Failed(recovery::Fault),
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
    /// The picture was made ready, or could not be.
    Prepared(Result<Box<Prepared>, portrait::Fault>),
    /// There is to be none.
    RemovePressed,
    /// Whether the password is on the sheet.
    WithPassword(bool),
    /// The sheet is to be written.
    SheetPressed,
    /// It was written, or not; nothing where the person thought better of it.
    SheetWritten(Option<Result<PathBuf, recovery::Fault>>),
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing.
    None,
    /// Write the sheet, with the password or without.
    Sheet(bool),
}

impl Ready {
    /// With the name of an earlier time.
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// The name that others are to see.
    pub(crate) fn shown_name(&self) -> Option<String> {
        Some(self.name.trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// The picture that others are to see.
    pub(crate) fn picture(&self) -> Option<&OwnPicture> {
        if let Picture::Chosen(picture) = &self.picture { Some(&picture.picture) } else { None }
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> (Task<Message>, Wish) {
        match message {
            Message::NameChanged(name) if name.len() <= LONGEST => self.name = name,
            Message::NameChanged(_) => {}
            Message::ChoosePressed => {
                let i18n = &context.i18n;
                let chosen = scan::choose(i18n.get("compare-choose"), i18n.get("compare-pictures"));
                return (Task::perform(chosen, Message::Chosen), Wish::None);
            }
            Message::Chosen(None) => {}
            Message::Chosen(Some(path)) | Message::Dropped(path) => {
                self.picture = Picture::Reading;
                return (Task::perform(prepare(path), Message::Prepared), Wish::None);
            }
            Message::Prepared(ready) if matches!(self.picture, Picture::Reading) => {
                self.picture = ready.map_or_else(Picture::Failed, Picture::Chosen);
            }
            Message::Prepared(_) => {}
            Message::RemovePressed => self.picture = Picture::None,
            Message::WithPassword(on) => self.with_password = on,
            Message::SheetPressed => {
                self.sheet = Sheet::Writing;
                return (Task::none(), Wish::Sheet(self.with_password));
            }
            Message::SheetWritten(written) => {
                self.sheet = match written {
                    None => Sheet::Unasked,
                    Some(Ok(path)) => Sheet::Written(path),
                    Some(Err(fault)) => Sheet::Failed(fault),
                };
            }
        }
        (Task::none(), Wish::None)
    }
}

/// Reads a picture, and cuts out of its middle what others are to see.
async fn prepare(path: PathBuf) -> Result<Box<Prepared>, portrait::Fault> {
    let original = portrait::open(path).await?;
    let middle = original.middle();
    let cut = portrait::cut(original, middle).await?;
    let kind = match cut.format {
        Format::Png => PictureKind::Png,
        Format::Jpeg => PictureKind::Jpeg,
    };
    let bytes = cut.bytes.clone();
    let shown = tokio::task::spawn_blocking(move || crate::context::small(&bytes)).await.ok().flatten();
    let picture = OwnPicture::new(kind, (cut.side, cut.side), cut.bytes);
    let (picture, handle) = picture.zip(shown).ok_or(portrait::Fault::NoPicture)?;
    Ok(Box::new(Prepared { picture, handle }))
}
