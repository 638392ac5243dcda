//! A sheet of paper that brings somebody back into their account: as PDF (A4) or as a picture, to be printed or kept.
//!
//! The password is on it only where it was given, which a person has to ask for. The words are chosen while the window is there;
//! setting and drawing them takes its time and happens beside the GUI's thread.
//!
//! | file | what |
//! |---|---|
//! | `page` | where each line goes |
//! | `picture` | the page in pixels |
//! | `pdf` | the page as PDF, with its fonts |

mod page;
mod pdf;
mod picture;

use std::path::PathBuf;

use causerie_model::{BareJid, Password};
use zeroize::Zeroizing;

use crate::i18n::I18n;
use crate::platform::chooser::{Chooser, Chosen};
use crate::platform::files;
use crate::platform::links::uri::Uri;
use crate::providers::Provider;
use page::Page;

/// Pixels to a point in the picture that is saved: 150 to an inch, which prints well.
const SCALE: f32 = 150.0 / 72.0;

/// What is on a sheet, in words.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    title: String,
    /// The language of the words (BCP 47).
    language: &'static str,
    blocks: Vec<Block>,
    /// The text of the code.
    code: String,
}

/// A part of a sheet, from above to below.
#[derive(Clone, Debug)]
enum Block {
    Title(String),
    Words(String),
    Label(String),
    Value(String),
    Secret(Password),
    /// A line to write on.
    Blank,
    Code,
}

/// What a sheet is kept as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A document.
    Pdf,
    /// A picture.
    Png,
}

impl Form {
    /// How such files end.
    fn end(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
        }
    }
}

/// Why there is no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The sheet could not be drawn.
    NotMade,
    /// The file could not be written.
    NotSaved,
    /// The password that was to be on it is not known.
    NoPassword,
}

impl Fault {
    /// In a sentence.
    pub(crate) fn words(self, i18n: &I18n) -> String {
        i18n.get(match self {
            Self::NotMade => "recovery-not-made",
            Self::NotSaved => "recovery-not-saved",
            Self::NoPassword => "recovery-no-password",
        })
    }
}

impl Sheet {
    /// The sheet of an account, with what is known of its provider. The password is on it if it is given, and only then.
    pub(crate) fn new(
        address: &BareJid,
        provider: Option<&Provider>,
        password: Option<Password>,
        i18n: &I18n,
    ) -> Self {
        let language = i18n.language().tag();
        let title = i18n.get("recovery-title");
        let domain = address.domain();
        let mut blocks = vec![
            Block::Title(title.clone()),
            Block::Words(i18n.get("recovery-what")),
            Block::Label(i18n.get("recovery-address")),
            Block::Value(from_the_left(address.as_str())),
            Block::Label(i18n.get("recovery-password")),
        ];
        match password {
            Some(password) => blocks.push(Block::Secret(password)),
            None => blocks.extend([Block::Words(i18n.get("recovery-password-blank")), Block::Blank]),
        }
        blocks.extend([Block::Label(i18n.get("recovery-provider")), Block::Value(from_the_left(domain))]);
        if let Some(terms) = provider.and_then(|one| one.terms.best(language)) {
            blocks.extend([Block::Label(i18n.get("recovery-terms")), Block::Words(terms.to_owned())]);
        }
        let lost = match provider.map(|one| one.password_reset.best(language)) {
            Some(Some(page)) => {
                i18n.with("recovery-reset", &[("provider", domain.into()), ("page", page.into())])
            }
            Some(None) => i18n.with("recovery-no-reset", &[("provider", domain.into())]),
            None => i18n.with("recovery-ask", &[("provider", domain.into())]),
        };
        blocks.extend([Block::Label(i18n.get("recovery-lost")), Block::Words(lost)]);
        blocks.push(Block::Label(i18n.get("recovery-elsewhere")));
        for step in ["recovery-install", "recovery-sign-in", "recovery-type"] {
            blocks.push(Block::Words(i18n.get(step)));
        }
        blocks.extend([Block::Code, Block::Words(i18n.get("recovery-code"))]);
        Self { title, language, blocks, code: Uri::contact(address).to_string() }
    }

    /// The sheet as a PDF file. Takes its time: not for the GUI thread.
    pub(crate) fn pdf(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut page = Page::new(self);
        pdf::write(&mut page, &self.title, self.language).map(Zeroizing::new)
    }

    /// The sheet as a PNG file. Takes its time: not for the GUI thread.
    pub(crate) fn png(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut page = Page::new(self);
        picture::write(&mut page, SCALE).map(Zeroizing::new)
    }
}

/// An address begins on the left with its name, in whatever script that is: U+200E LEFT-TO-RIGHT MARK says so where it has to be said.
fn from_the_left(address: &str) -> String {
    if address.is_ascii() { address.to_owned() } else { format!("\u{200e}{address}") }
}

/// Asks for a place to save the sheet at. To be called on the main thread; what it gives may wait anywhere.
pub(crate) fn choose(chooser: &Chooser, title: String, name: &str, form: Form) -> Chosen {
    let kind = if form == Form::Pdf { "PDF" } else { "PNG" };
    chooser.save(title, format!("{name}.{}", form.end()), kind, form.end())
}

/// Saves the sheet in that form, beside the GUI's thread. Only this user can read the file. Where its name does not say what it is, that
/// is added, unless there is such a file already. The answer is where it is.
pub(crate) async fn save(sheet: Sheet, path: PathBuf, form: Form) -> Result<PathBuf, Fault> {
    let saving = move || {
        let mut path = path;
        if path.extension().is_none_or(|end| !end.eq_ignore_ascii_case(form.end())) {
            let mut name = path.into_os_string();
            name.push(format!(".{}", form.end()));
            path = PathBuf::from(name);
            if path.exists() {
                return Err(Fault::NotSaved);
            }
        }
        let bytes = match form {
            Form::Pdf => sheet.pdf(),
            Form::Png => sheet.png(),
        };
        let written = files::write(&path, &bytes.ok_or(Fault::NotMade)?);
        written.map(|()| path).map_err(|error| {
            tracing::info!(%error, "a sheet could not be saved");
            Fault::NotSaved
        })
    };
    tokio::task::spawn_blocking(saving).await.unwrap_or(Err(Fault::NotMade))
}

/// Makes the sheet, beside the GUI's thread, and saves it where the person says; nothing where they thought better of it.
pub(crate) async fn keep(
    chosen: Chosen,
    form: Form,
    make: impl FnOnce() -> Result<Sheet, Fault> + Send + 'static,
) -> Option<Result<PathBuf, Fault>> {
    let path = chosen.await?;
    let made = tokio::task::spawn_blocking(make).await.unwrap_or(Err(Fault::NotMade));
    Some(match made {
        Ok(sheet) => save(sheet, path, form).await,
        Err(fault) => Err(fault),
    })
}

#[cfg(test)]
mod tests;
