//! The picture of a puzzle: made ready to be shown, whatever a provider has sent.

use std::io::Cursor;

use causerie_model::registration::Picture;
use iced::widget::image::Handle;

/// The most bytes of a picture.
const MOST_BYTES: usize = 64 * 1024;
/// The most pixels a picture has in width or height.
const MOST_SIDE: u32 = 2_000;
/// The most memory that decoding takes, in bytes.
const MOST_MEMORY: u64 = 32 * 1024 * 1024;

/// A picture that can be shown.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// The picture.
    pub(super) handle: Handle,
    /// Its width in pixels.
    pub(super) width: f32,
    /// Its height in pixels.
    pub(super) height: f32,
}

/// Why a picture can't be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is larger than anybody needs.
    TooLarge,
    /// It is no picture that is understood.
    Broken,
}

/// Decodes a picture beside the GUI's thread.
pub(crate) async fn decode(picture: Picture) -> Result<Shown, Fault> {
    tokio::task::spawn_blocking(move || decoded(&picture.bytes)).await.unwrap_or(Err(Fault::Broken))
}

/// The header is read before any pixel, so that a small file can't ask for a large picture.
pub(super) fn decoded(bytes: &[u8]) -> Result<Shown, Fault> {
    if bytes.len() > MOST_BYTES {
        return Err(Fault::TooLarge);
    }
    let reader = || image::ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let (width, height) = reader().map_err(broken)?.into_dimensions().map_err(broken)?;
    if width.max(height) > MOST_SIDE {
        return Err(Fault::TooLarge);
    }
    let mut reader = reader().map_err(broken)?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let picture = reader.decode().map_err(broken)?.into_rgba8();
    let (width, height) = picture.dimensions();
    if width == 0 || height == 0 {
        return Err(Fault::Broken);
    }
    let handle = Handle::from_rgba(width, height, picture.into_raw());
    Ok(Shown { handle, width: width as f32, height: height as f32 })
}

fn broken<E>(_: E) -> Fault {
    Fault::Broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        let picture = image::GrayImage::from_pixel(width, height, image::Luma([200]));
        picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_picture_is_decoded() {
        let shown = decoded(&png(120, 40)).unwrap();
        assert_eq!((shown.width, shown.height), (120.0, 40.0));
    }

    #[test]
    fn a_picture_that_is_too_large_or_none_is_refused_by_its_header() {
        assert_eq!(decoded(&png(2_001, 1)).unwrap_err(), Fault::TooLarge);
        assert_eq!(decoded(&vec![0; MOST_BYTES + 1]).unwrap_err(), Fault::TooLarge);
        assert_eq!(decoded(b"").unwrap_err(), Fault::Broken);
        let mut cut = png(120, 40);
        cut.truncate(60);
        assert_eq!(decoded(&cut).unwrap_err(), Fault::Broken);
        // A header that claims 60,000 pixels a side, with its check sum.
        let mut lie = png(120, 40);
        lie[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        let sum = crc(&lie[12..29]);
        lie[29..33].copy_from_slice(&sum.to_be_bytes());
        assert_eq!(decoded(&lie).unwrap_err(), Fault::TooLarge);
    }

    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0_u32, |sum, byte| {
            (0..8).fold(
                sum ^ u32::from(*byte),
                |sum, _| {
                    if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 }
                },
            )
        })
    }
}
