//! What we show of ourselves: a name (XEP-0172 1.1) and a picture (XEP-0084 1.1.4).

use std::fmt;

use crate::AvatarHash;

/// The largest picture of our own that is published, in bytes.
pub const LARGEST_PICTURE: usize = 100 * 1024;
/// The longest name, in characters.
pub const LONGEST_NAME: usize = 255;
/// The longest side of a picture that is published, in pixels.
const LONGEST_SIDE: u16 = 4096;

/// Our own name and picture, as last published from here or from another device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The name.
    pub name: Option<String>,
    /// The picture; its bytes are in the ledger.
    pub picture: Option<AvatarHash>,
}

/// Which part of a profile something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProfilePart {
    /// The name.
    Name,
    /// The picture.
    Picture,
}

/// What a part of a profile is to be, as it was asked; nothing is none any more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ProfileWish {
    /// That name.
    Name(Option<String>),
    /// That picture.
    Picture(Option<OwnPicture>),
}

impl ProfileWish {
    /// Which part it is about.
    pub fn part(&self) -> ProfilePart {
        match self {
            Self::Name(_) => ProfilePart::Name,
            Self::Picture(_) => ProfilePart::Picture,
        }
    }
}

/// What kind of image file a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureKind {
    /// `image/png`: what every program can show (XEP-0084 §4.1).
    Png,
    /// `image/jpeg`.
    Jpeg,
}

impl PictureKind {
    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// A picture of ourselves, ready to be published: cropped, made small and without metadata by whoever made it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OwnPicture {
    kind: PictureKind,
    size: (u16, u16),
    bytes: Vec<u8>,
}

impl OwnPicture {
    /// Takes an image file of so many pixels (width, height). `None` for one that is empty, larger than [`LARGEST_PICTURE`] or 4,096
    /// pixels a side, or that does not begin as a file of its kind does.
    pub fn new(kind: PictureKind, size: (u16, u16), bytes: Vec<u8>) -> Option<Self> {
        let magic: &[u8] = match kind {
            PictureKind::Png => b"\x89PNG\r\n\x1a\n",
            PictureKind::Jpeg => b"\xff\xd8\xff",
        };
        let sides = 1..=LONGEST_SIDE;
        let fits = sides.contains(&size.0) && sides.contains(&size.1) && bytes.len() <= LARGEST_PICTURE;
        (fits && bytes.starts_with(magic)).then_some(Self { kind, size, bytes })
    }

    /// What kind of file it is.
    pub fn kind(&self) -> PictureKind {
        self.kind
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (u16, u16) {
        self.size
    }

    /// The file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for OwnPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnPicture({:?}, {:?}, {} bytes)", self.kind, self.size, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_published_is_a_picture() {
        let png = b"\x89PNG\r\n\x1a\nrest".to_vec();
        assert!(OwnPicture::new(PictureKind::Png, (192, 192), png.clone()).is_some());
        assert!(OwnPicture::new(PictureKind::Jpeg, (192, 192), png.clone()).is_none());
        assert!(OwnPicture::new(PictureKind::Png, (0, 192), png.clone()).is_none());
        assert!(OwnPicture::new(PictureKind::Png, (192, 5000), png.clone()).is_none());
        let mut large = png;
        large.resize(LARGEST_PICTURE, 0);
        assert!(OwnPicture::new(PictureKind::Png, (1, 1), large.clone()).is_some());
        large.push(0);
        assert!(OwnPicture::new(PictureKind::Png, (1, 1), large).is_none());
        assert!(OwnPicture::new(PictureKind::Jpeg, (1, 1), Vec::new()).is_none());
    }
}
