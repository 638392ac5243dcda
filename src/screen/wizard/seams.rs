//! What other files are going to hold.

/// What one's own sheet is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SheetKind {
    /// Pages.
    Pdf,
    /// A picture.
    Png,
}

/// A picture of one's own, made ready.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnPicture {
    pub(super) handle: iced::widget::image::Handle,
}

pub(super) async fn prepare(path: std::path::PathBuf) -> Option<Box<OwnPicture>> {
    let bytes = tokio::task::spawn_blocking(move || std::fs::read(path).ok()).await.ok()??;
    Some(Box::new(OwnPicture { handle: iced::widget::image::Handle::from_bytes(bytes) }))
}
