//! The picture of an account: from a file that somebody chose to a small square one that can be shown to everybody.
//!
//! Of the file nothing but its pixels goes on: not where and when it was taken, not with what, not the rest of the picture.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;

use causerie_model::{OwnPicture, PictureKind};
use iced::widget::image::Handle;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType as PngFilter, PngEncoder};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage, RgbaImage};

use crate::i18n::I18n;
use crate::platform::scan;

/// Width and height of what is published, in pixels: what XEP-0084 advises at most.
const SIDE: u32 = 192;
/// The most bytes of it.
const MOST_BYTES: usize = 64 * 1024;
/// The most pixels a side of a chosen picture may have: more than any camera.
const MOST_SIDE: u32 = 16_384;
/// The most memory that a chosen picture may take, in bytes: 80 megapixels.
const MOST_MEMORY: u64 = 320 * 1024 * 1024;
/// The side down to which a chosen picture is kept, in pixels.
const KEPT_SIDE: u32 = 1024;
/// How good a JPEG is, from the best on that may be small enough.
const QUALITIES: [u8; 5] = [92, 85, 75, 60, 40];

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It could not be read.
    Unreadable,
    /// It has more pixels or bytes than any photograph.
    TooLarge,
    /// It is no picture that is understood.
    NoPicture,
}

impl Fault {
    /// In a sentence.
    pub(crate) fn words(self, i18n: &I18n) -> String {
        i18n.get(match self {
            Self::Unreadable => "portrait-unreadable",
            Self::TooLarge => "portrait-too-large",
            Self::NoPicture => "portrait-no-picture",
        })
    }
}

/// A chosen picture, upright and made smaller where it was large. Cheap to clone.
#[derive(Clone, PartialEq)]
pub(crate) struct Original(Arc<RgbaImage>);

impl std::fmt::Debug for Original {
    /// Without the pixels.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Original").field(&self.size()).finish()
    }
}

/// A part of a picture, in its pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Square {
    /// From the left.
    pub(crate) x: u32,
    /// From the top.
    pub(crate) y: u32,
    /// Width and height.
    pub(crate) side: u32,
}

/// What a person does to a square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Shift {
    /// It is moved to the right and down, by pixels of the picture.
    Move(i32, i32),
    /// It is so many times as wide, around its middle.
    Scale(f32),
}

impl Shift {
    /// The person comes nearer, by one step.
    pub(crate) const NEARER: Self = Self::Scale(0.9);
    /// Further away.
    pub(crate) const FURTHER: Self = Self::Scale(1.0 / 0.9);
}

/// What kind of file a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// `image/png`.
    Png,
    /// `image/jpeg`.
    Jpeg,
}

/// A picture that can be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Portrait {
    /// What kind of file it is.
    pub(crate) format: Format,
    /// Width and height, in pixels.
    pub(crate) side: u16,
    /// The file.
    pub(crate) bytes: Vec<u8>,
}

/// Reads a picture, and makes it ready to be shown, beside the GUI's thread.
pub(crate) async fn open(path: PathBuf) -> Result<(Original, Handle), Fault> {
    let reading = move || {
        let bytes = scan::bytes(&path).map_err(|fault| match fault {
            scan::Fault::Unreadable => Fault::Unreadable,
            scan::Fault::NoPicture | scan::Fault::NoCode => Fault::TooLarge,
        })?;
        let original = Original::of(&bytes)?;
        let shown = original.view();
        Ok((original, shown))
    };
    tokio::task::spawn_blocking(reading).await.unwrap_or(Err(Fault::NoPicture))
}

/// Makes of a part of a picture what is published, beside the GUI's thread.
pub(crate) async fn cut(original: Original, square: Square) -> Result<OwnPicture, Fault> {
    let cutting = move || {
        let Portrait { format, side, bytes } = original.cut(square)?;
        let kind = match format {
            Format::Png => PictureKind::Png,
            Format::Jpeg => PictureKind::Jpeg,
        };
        OwnPicture::new(kind, (side, side), bytes).ok_or(Fault::NoPicture)
    };
    tokio::task::spawn_blocking(cutting).await.unwrap_or(Err(Fault::NoPicture))
}

impl Original {
    /// Reads a picture: PNG, JPEG, WebP or GIF, of which the first frame. Takes its time: not for the GUI thread.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, Fault> {
        let mut reader =
            ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Fault::Unreadable)?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(MOST_SIDE);
        limits.max_image_height = Some(MOST_SIDE);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits.clone());
        let mut decoder = reader.into_decoder().map_err(|error| fault(&error))?;
        limits
            .check_dimensions(decoder.dimensions().0, decoder.dimensions().1)
            .map_err(|error| fault(&error))?;
        limits.reserve(decoder.total_bytes()).map_err(|error| fault(&error))?;
        decoder.set_limits(limits).map_err(|error| fault(&error))?;
        // Cameras leave pictures as they were held, and note which way is up.
        let upright = decoder.orientation().map_err(|error| fault(&error))?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| fault(&error))?;
        if picture.width().max(picture.height()) > KEPT_SIDE {
            picture = picture.thumbnail(KEPT_SIDE, KEPT_SIDE);
        }
        picture.apply_orientation(upright);
        let picture = picture.into_rgba8();
        if picture.width() == 0 || picture.height() == 0 {
            return Err(Fault::NoPicture);
        }
        Ok(Self(Arc::new(picture)))
    }

    /// Width and height, in pixels.
    pub(crate) fn size(&self) -> (u32, u32) {
        self.0.dimensions()
    }

    /// The picture, to be shown.
    pub(crate) fn view(&self) -> Handle {
        let (width, height) = self.size();
        Handle::from_rgba(width, height, self.0.as_raw().clone())
    }

    /// The largest square in the middle.
    pub(crate) fn middle(&self) -> Square {
        let (width, height) = self.size();
        let side = width.min(height);
        Square { x: (width - side) / 2, y: (height - side) / 2, side }
    }

    /// A square, moved and made smaller so far as it is in the picture.
    pub(crate) fn within(&self, square: Square) -> Square {
        let (width, height) = self.size();
        let side = square.side.clamp(1, width.min(height));
        Square { x: square.x.min(width - side), y: square.y.min(height - side), side }
    }

    /// A square, shifted as far as the picture goes. It becomes no smaller than what is published, where the picture has as much.
    pub(crate) fn shifted(&self, square: Square, shift: Shift) -> Square {
        match shift {
            Shift::Move(right, down) => {
                let moved = |at: u32, by: i32| at.saturating_add_signed(by);
                self.within(Square { x: moved(square.x, right), y: moved(square.y, down), ..square })
            }
            Shift::Scale(by) => {
                let (width, height) = self.size();
                let most = width.min(height);
                let wanted = (square.side as f32 * by).round() as u32;
                let side = wanted.clamp(SIDE.min(most), most);
                let around =
                    |at: u32| (i64::from(at) + (i64::from(square.side) - i64::from(side)) / 2).max(0);
                let at = |at: u32| u32::try_from(around(at)).unwrap_or(u32::MAX);
                self.within(Square { x: at(square.x), y: at(square.y), side })
            }
        }
    }

    /// What is published of a part of it. Takes its time: not for the GUI thread.
    pub(crate) fn cut(&self, square: Square) -> Result<Portrait, Fault> {
        let Square { x, y, side } = self.within(square);
        let part = image::imageops::crop_imm(&*self.0, x, y, side, side).to_image();
        // Made larger, it would only be blurred.
        let side = side.min(SIDE);
        let small = image::imageops::resize(&part, side, side, FilterType::Lanczos3);
        let (format, bytes) = encode(&small)?;
        let side = u16::try_from(side).map_err(|_| Fault::TooLarge)?;
        Ok(Portrait { format, side, bytes })
    }
}

/// PNG, which every program can show, where it is small enough; else JPEG, on white.
fn encode(picture: &RgbaImage) -> Result<(Format, Vec<u8>), Fault> {
    let is_opaque = picture.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let flat = flattened(picture);
    let mut png = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Best, PngFilter::Adaptive);
    let written =
        if is_opaque { flat.write_with_encoder(encoder) } else { picture.write_with_encoder(encoder) };
    written.map_err(|error| fault(&error))?;
    if png.len() <= MOST_BYTES {
        return Ok((Format::Png, png));
    }
    for quality in QUALITIES {
        let mut jpeg = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut jpeg, quality);
        flat.write_with_encoder(encoder).map_err(|error| fault(&error))?;
        if jpeg.len() <= MOST_BYTES {
            return Ok((Format::Jpeg, jpeg));
        }
    }
    Err(Fault::TooLarge)
}

fn flattened(picture: &RgbaImage) -> RgbImage {
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, cover] = picture.get_pixel(x, y).0.map(u16::from);
        let on_white = |light: u16| ((light * cover + 255 * (255 - cover) + 127) / 255) as u8;
        image::Rgb([red, green, blue].map(on_white))
    })
}

fn fault(error: &image::ImageError) -> Fault {
    match error {
        image::ImageError::Limits(_) => Fault::TooLarge,
        image::ImageError::IoError(_)
        | image::ImageError::Decoding(_)
        | image::ImageError::Unsupported(_) => Fault::NoPicture,
        _ => Fault::NoPicture,
    }
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgb, Rgba};

    use super::*;

    fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.into().write_to(&mut file, format).unwrap();
        file.into_inner()
    }

    /// Red on the left, blue on the right.
    fn halves(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(
            width,
            height,
            |x, _| if x < width / 2 { Rgb([200, 0, 0]) } else { Rgb([0, 0, 200]) },
        )
    }

    /// What a camera writes before a picture: held on its side, taken at a place (Exif 2.3, in a TIFF of big numbers first).
    fn exif() -> Vec<u8> {
        let mut tiff = b"MM\0\x2a\0\0\0\x08".to_vec();
        // Two entries: Orientation = 6, and where the GPS data are.
        tiff.extend(b"\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0");
        // One GPS entry: GPSLatitudeRef = "N"; and a text that can be looked for.
        tiff.extend(b"\0\x01\0\x01\0\x02\0\0\0\x02N\0\0\0\0\0\0\0SECRET-PLACE-48.8566N");
        tiff
    }

    /// A JPEG with what a camera adds to it.
    fn photograph(picture: RgbImage) -> Vec<u8> {
        let plain = file(picture, ImageFormat::Jpeg);
        let exif = [b"Exif\0\0".to_vec(), exif()].concat();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        let comment = b"\xff\xfe\0\x10SECRET-COMMENT";
        [&plain[..2], b"\xff\xe1", &length, &exif, comment, &plain[2..]].concat()
    }

    fn shown(portrait: &Portrait) -> RgbImage {
        image::load_from_memory(&portrait.bytes).unwrap().into_rgb8()
    }

    #[test]
    fn nothing_but_the_picture_goes_on() {
        let photograph = photograph(halves(400, 200));
        assert!(photograph.windows(12).any(|part| part == b"SECRET-PLACE"));
        let original = Original::of(&photograph).unwrap();
        assert_eq!(original.size(), (200, 400), "upright");
        let portrait = original.cut(original.middle()).unwrap();
        for part in [
            &b"SECRET"[..],
            b"Exif",
            b"GPS",
            b"MM\0\x2a",
            b"eXIf",
            b"tEXt",
            b"iTXt",
            b"zTXt",
            b"iCCP",
            b"tIME",
        ] {
            assert!(!portrait.bytes.windows(part.len()).any(|found| found == part), "{part:?}");
        }
        // Turned to the right by a quarter, what was left is above.
        let small = shown(&portrait);
        let [above, below] = [20, 170].map(|y| small.get_pixel(96, y).0);
        assert!(above[0] > 150 && above[2] < 60 && below[2] > 150 && below[0] < 60, "{above:?} {below:?}");
    }

    #[test]
    fn a_picture_of_every_kind_becomes_small_and_square() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let original = Original::of(&file(halves(640, 300), format)).unwrap();
            let middle = original.middle();
            assert_eq!(middle, Square { x: 170, y: 0, side: 300 });
            let portrait = original.cut(middle).unwrap();
            assert_eq!((portrait.side, portrait.format), (192, Format::Png), "{format:?}");
            assert_eq!(shown(&portrait).dimensions(), (192, 192));
            let right = original.cut(Square { x: 400, y: 10, side: 200 }).unwrap();
            assert!(shown(&right).pixels().all(|pixel| pixel.0[2] > 150), "the part that was asked for");
        }
        let large = Original::of(&file(halves(5000, 100), ImageFormat::Png)).unwrap();
        assert_eq!(large.size().0, KEPT_SIDE);
    }

    #[test]
    fn what_is_large_becomes_a_jpeg_and_what_is_small_stays_small() {
        let mut state = 1_u32;
        let noise = RgbImage::from_fn(400, 400, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgb([(state >> 24) as u8, (state >> 16) as u8, (state >> 8) as u8])
        });
        let original = Original::of(&file(noise, ImageFormat::Png)).unwrap();
        let portrait = original.cut(Square { x: 0, y: 0, side: 192 }).unwrap();
        assert!(portrait.format == Format::Jpeg && portrait.bytes.len() <= MOST_BYTES);
        let tiny = Original::of(&file(halves(20, 30), ImageFormat::Png)).unwrap();
        assert_eq!(tiny.cut(tiny.middle()).unwrap().side, 20);
        let clear = RgbaImage::from_pixel(300, 300, Rgba([0, 0, 0, 0]));
        let portrait = Original::of(&file(clear, ImageFormat::Png)).unwrap();
        let portrait = portrait.cut(portrait.middle()).unwrap();
        let shown = image::load_from_memory(&portrait.bytes).unwrap().into_rgba8();
        assert_eq!(shown.get_pixel(0, 0).0[3], 0, "what is see-through stays so");
    }

    #[test]
    fn a_square_is_always_in_the_picture() {
        let original = Original::of(&file(halves(300, 200), ImageFormat::Png)).unwrap();
        for (x, y, side) in [(0, 0, 0), (u32::MAX, u32::MAX, u32::MAX), (299, 199, 200), (150, 0, 100)] {
            let Square { x, y, side } = original.within(Square { x, y, side });
            assert!(side > 0 && x + side <= 300 && y + side <= 200);
            assert!(original.cut(Square { x, y, side }).is_ok());
        }
    }

    #[test]
    fn a_square_goes_as_far_as_the_picture_and_is_sized_around_its_middle() {
        let original = Original::of(&file(halves(800, 500), ImageFormat::Png)).unwrap();
        let middle = original.middle();
        assert_eq!(middle, Square { x: 150, y: 0, side: 500 });
        let shifted = |square, shift| original.shifted(square, shift);
        assert_eq!(shifted(middle, Shift::Move(-20, 7)), Square { x: 130, y: 0, side: 500 });
        assert_eq!(shifted(middle, Shift::Move(i32::MAX, i32::MIN)), Square { x: 300, y: 0, side: 500 });
        let half = shifted(middle, Shift::Scale(0.5));
        assert_eq!(half, Square { x: 275, y: 125, side: 250 });
        assert_eq!(shifted(half, Shift::Scale(2.0)), middle);
        for odd in [0.0, 1e-9, f32::NAN, -1.0] {
            assert_eq!(shifted(middle, Shift::Scale(odd)).side, SIDE);
        }
        assert_eq!(shifted(half, Shift::Scale(f32::INFINITY)), middle);
        let tiny = Original::of(&file(halves(30, 20), ImageFormat::Png)).unwrap();
        assert_eq!(tiny.shifted(tiny.middle(), Shift::Scale(0.1)), tiny.middle());
    }

    #[test]
    fn what_is_no_picture_or_too_large_says_so() {
        for bad in [
            &b""[..],
            b"no picture",
            b"\x89PNG\r\n\x1a\nnonsense",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ] {
            assert_eq!(Original::of(bad).err(), Some(Fault::NoPicture));
        }
        // The head of a PNG of 60,000 by 60,000 pixels.
        let mut huge = file(halves(4, 4), ImageFormat::Png);
        huge[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
        let crc = crc32(&huge[12..29]).to_be_bytes();
        huge[29..33].copy_from_slice(&crc);
        assert_eq!(Original::of(&huge).err(), Some(Fault::TooLarge));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(
                crc ^ u32::from(*byte),
                |crc, _| {
                    if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 }
                },
            )
        })
    }
}
