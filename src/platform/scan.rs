//! Reading a QR code out of a picture on the disk or on the clipboard.

use std::io::Read;
use std::path::{Path, PathBuf};

use image::DynamicImage;
use image::imageops::FilterType;

use crate::context;

/// The most bytes that are read of a file: more than any photograph.
const MOST_BYTES: u64 = 24 * 1024 * 1024;
/// Width and height that are enough to see a code by; larger pictures are made smaller.
const ENOUGH: u32 = 1600;

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The file could not be read.
    Unreadable,
    /// It is no picture that is understood.
    NoPicture,
    /// There is no code on it that is understood.
    NoCode,
}

/// How the files of pictures end.
pub(crate) const PICTURES: [&str; 5] = ["png", "jpg", "jpeg", "webp", "gif"];

/// The text of the first code on a picture, read beside the GUI's thread.
pub(crate) async fn read(path: PathBuf) -> Result<String, Fault> {
    // What reads codes panics at none that we know of; were there one, it would be as if there were no code.
    tokio::task::spawn_blocking(move || text(&path)).await.unwrap_or(Err(Fault::NoCode))
}

/// The text of the first code on the picture that is on the clipboard, read beside the GUI's thread; nothing where there is no picture.
pub(crate) async fn pasted() -> Option<Result<String, Fault>> {
    let read = || Some(on(pasted_picture()?));
    tokio::task::spawn_blocking(read).await.unwrap_or(Some(Err(Fault::NoCode)))
}

fn pasted_picture() -> Option<DynamicImage> {
    let picture = arboard::Clipboard::new().and_then(|mut board| board.get_image());
    let picture = picture.inspect_err(|error| tracing::debug!(%error, "no picture on the clipboard")).ok()?;
    let (width, height) = (u32::try_from(picture.width).ok()?, u32::try_from(picture.height).ok()?);
    image::RgbaImage::from_raw(width, height, picture.bytes.into_owned()).map(DynamicImage::ImageRgba8)
}

fn text(path: &Path) -> Result<String, Fault> {
    find(&bytes(path)?)
}

/// The bytes of a picture's file, if there are no more than any has. Blocks: not for the GUI thread.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    // A pipe or a device would be waited for without an end.
    if !std::fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return Err(Fault::Unreadable);
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|_| Fault::Unreadable)?;
    let read = file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|_| Fault::Unreadable)?;
    if read as u64 > MOST_BYTES {
        return Err(Fault::NoPicture);
    }
    Ok(bytes)
}

/// The text of the first code on a picture. Takes its time: not for the GUI thread.
pub(crate) fn find(bytes: &[u8]) -> Result<String, Fault> {
    on(context::decoded(bytes).ok_or(Fault::NoPicture)?)
}

fn on(picture: DynamicImage) -> Result<String, Fault> {
    let picture = if picture.width().max(picture.height()) > ENOUGH {
        picture.resize(ENOUGH, ENOUGH, FilterType::Triangle)
    } else {
        picture
    };
    // What is see-through is seen on white paper.
    let picture = picture.to_luma_alpha8();
    let shade = |x: usize, y: usize| {
        let [light, cover] = picture.get_pixel(x as u32, y as u32).0.map(u16::from);
        ((light * cover + 255 * (255 - cover)) / 255) as u8
    };
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    // A code in light on dark is found as well.
    for inverted in [false, true] {
        let shade = |x, y| if inverted { 255 - shade(x, y) } else { shade(x, y) };
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
        if let Some(text) = prepared.detect_grids().iter().find_map(|grid| grid.decode().ok()) {
            return Ok(text.1);
        }
    }
    Err(Fault::NoCode)
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Luma};

    use super::*;

    fn photograph(text: &str, format: ImageFormat, side: u32) -> Vec<u8> {
        let code = qrcode::QrCode::new(text).unwrap();
        let modules = code.width();
        let shade = |x: u32, y: u32| {
            let at = |place: u32| (place as usize).checked_sub(4).filter(|at| *at < modules);
            match (at(x), at(y)) {
                (Some(x), Some(y)) if code[(x, y)] == qrcode::Color::Dark => Luma([20u8]),
                _ => Luma([235u8]),
            }
        };
        let whole = modules as u32 + 8;
        let code = image::GrayImage::from_fn(whole, whole, shade);
        let code = image::imageops::resize(&code, side, side, FilterType::Nearest);
        // On a table that is wider than the paper.
        let mut table = image::GrayImage::from_pixel(side + side / 2, side + 60, Luma([150u8]));
        image::imageops::overlay(&mut table, &code, 40, 20);
        let mut file = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageLuma8(table).write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_code_is_read_from_pictures_of_every_kind() {
        let number = |id| causerie_model::DeviceId::new(id).unwrap();
        let keys = [7, 0xE3].map(|byte| (number(u32::from(byte)), causerie_model::Fingerprint([byte; 32])));
        let bob = causerie_model::BareJid::new("bob@chat.example").unwrap();
        let link = crate::platform::links::keys::write(&bob, keys[0], [keys[1]]);
        for (format, side) in [(ImageFormat::Png, 400), (ImageFormat::Jpeg, 700), (ImageFormat::Png, 2600)] {
            assert_eq!(find(&photograph(&link, format, side)), Ok(link.clone()), "{format:?} {side}");
        }
    }

    #[test]
    fn what_has_no_code_says_so() {
        assert_eq!(find(b"no picture"), Err(Fault::NoPicture));
        let mut blank = std::io::Cursor::new(Vec::new());
        image::GrayImage::from_pixel(300, 200, Luma([99u8])).write_to(&mut blank, ImageFormat::Png).unwrap();
        assert_eq!(find(blank.get_ref()), Err(Fault::NoCode));
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(text(folder.path()), Err(Fault::Unreadable));
        assert_eq!(text(&folder.path().join("nothing.png")), Err(Fault::Unreadable));
    }
}
