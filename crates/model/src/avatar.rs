//! Pictures of people (XEP-0084 1.1.4, XEP-0153 1.1).

use std::fmt;

/// The SHA-1 of a picture's bytes: its name on the wire, not a promise of integrity beyond that.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct AvatarHash(pub [u8; 20]);

impl AvatarHash {
    /// Reads 40 hexadecimal digits; `None` for anything else.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let digits = hex.as_bytes();
        if digits.len() != 40 {
            return None;
        }
        let mut bytes = [0; 20];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| !pair.starts_with('+'))?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// 40 lower-case hexadecimal digits.
    pub fn to_hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for AvatarHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

/// A picture as it came: not decoded, its bytes match its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Avatar {
    /// SHA-1 of `bytes`.
    pub hash: AvatarHash,
    /// An image file of unknown make.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Avatar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Avatar").field("hash", &self.hash).field("bytes", &self.bytes.len()).finish()
    }
}
