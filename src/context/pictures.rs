//! Pictures of people, decoded once and kept small.

use std::collections::HashMap;

use causerie_model::AvatarHash;
use iced::widget::image::Handle;

use super::{Ledger, Read};

/// Width and height of a decoded picture, in pixels: enough for the largest place it is shown at.
const SIDE: u32 = 96;
/// The most pixels a picture may have before it is made small.
const MOST_SIDE: u32 = 4096;
/// The most memory that decoding may take, in bytes.
const MOST_MEMORY: u64 = 64 * 1024 * 1024;
/// The most pictures that are kept.
const MOST: usize = 400;

/// Pictures of people.
#[derive(Debug, Default)]
pub(crate) struct Pictures(HashMap<AvatarHash, Option<Handle>>);

impl Pictures {
    /// A picture, when it is there.
    pub(crate) fn get(&self, hash: Option<AvatarHash>) -> Option<Handle> {
        self.0.get(&hash?)?.clone()
    }

    /// Which of these are to be read and decoded now. Each is named once.
    pub(crate) fn wanted(&mut self, hashes: impl Iterator<Item = AvatarHash>) -> Vec<AvatarHash> {
        let mut wanted = Vec::new();
        for hash in hashes {
            if self.0.len() >= MOST {
                break;
            }
            self.0.entry(hash).or_insert_with(|| {
                wanted.push(hash);
                None
            });
        }
        wanted
    }

    /// A picture could not be read: it is wanted again.
    pub(crate) fn unread(&mut self, hash: AvatarHash) {
        self.0.remove(&hash);
    }

    /// A picture was decoded; one that can't be stays initials.
    pub(crate) fn decoded(&mut self, hash: AvatarHash, picture: Option<Handle>) {
        self.0.insert(hash, picture);
    }
}

/// Reads and decodes a picture, beside the GUI's thread.
pub(crate) async fn read_picture(ledger: Ledger, hash: AvatarHash) -> Read<Option<Handle>> {
    let Some(avatar) = ledger.avatar(hash).await? else { return Ok(None) };
    Ok(tokio::task::spawn_blocking(move || decode(&avatar.bytes)).await.ok().flatten())
}

/// Makes a round, small picture of an image file. Takes its time: not for the GUI thread.
pub(crate) fn decode(bytes: &[u8]) -> Option<Handle> {
    let picture = decoded(bytes)?;
    let mut small = picture.resize_to_fill(SIDE, SIDE, image::imageops::FilterType::Triangle).to_rgba8();
    round(&mut small);
    Some(Handle::from_rgba(SIDE, SIDE, small.into_raw()))
}

/// The picture in an image file. Whatever is in the file costs at most the limits above. Takes its time: not for the GUI thread.
pub(crate) fn decoded(bytes: &[u8]) -> Option<image::DynamicImage> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MOST_SIDE);
    limits.max_image_height = Some(MOST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    reader.decode().ok()
}

/// Cuts a circle out: not every renderer can.
fn round(picture: &mut image::RgbaImage) {
    let centre = (SIDE as f32 - 1.0) / 2.0;
    let radius = SIDE as f32 / 2.0;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let distance = (x as f32 - centre).hypot(y as f32 - centre);
        let cover = (radius - distance).clamp(0.0, 1.0);
        let [.., alpha] = &mut pixel.0;
        *alpha = (f32::from(*alpha) * cover) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_picture_is_none() {
        assert!(decode(b"").is_none());
        assert!(decode(b"\x89PNG\r\n\x1a\nnonsense").is_none());
    }

    #[test]
    fn a_picture_becomes_round_and_small() {
        let mut file = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_pixel(300, 200, image::Rgb([200, 10, 10]));
        picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
        let Some(Handle::Rgba { width, height, pixels, .. }) = decode(file.get_ref()) else {
            panic!("not decoded")
        };
        assert_eq!((width, height), (SIDE, SIDE));
        assert_eq!(pixels[3], 0, "the corner is cut off");
        let middle = usize::try_from((SIDE / 2 * SIDE + SIDE / 2) * 4 + 3).unwrap();
        assert_eq!(pixels[middle], 255);
    }

    #[test]
    fn a_picture_is_asked_for_once() {
        let (one, two) = (AvatarHash([1; 20]), AvatarHash([2; 20]));
        let mut pictures = Pictures::default();
        assert_eq!(pictures.wanted([one, two, one].into_iter()), [one, two]);
        assert!(pictures.wanted([two].into_iter()).is_empty());
        assert!(pictures.get(Some(one)).is_none());
    }
}
