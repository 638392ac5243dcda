//! Files that are shared through a server: AES-256-GCM, with key and IV in the fragment of an `aesgcm:` address
//! (XEP-0454 0.1.0).

use std::fmt;

use aes_gcm::aead::{AeadInOut, KeyInit, consts::U16};
use aes_gcm::aes::Aes256;
use aes_gcm::{Aes256Gcm, AesGcm};
use rand_core::RngCore;

use crate::Refused;
use crate::secret::Secret;

/// By how much a file grows: its tag.
pub const FILE_TAG_BYTES: usize = 16;

/// The key and IV of one file. Ours have an IV of 12 bytes; older programs write 16.
pub struct FileKey {
    key: Secret,
    iv: Iv,
}

enum Iv {
    Short([u8; 12]),
    Long([u8; 16]),
}

impl FileKey {
    /// A new one, for one file.
    pub fn generate(rng: &mut dyn RngCore) -> Self {
        let mut iv = [0; 12];
        rng.fill_bytes(&mut iv);
        Self { key: Secret::random(rng), iv: Iv::Short(iv) }
    }

    /// Reads the fragment of an `aesgcm:` address, without its `#`: 24 or 32 hexadecimal digits of IV, 64 of key, and nothing
    /// else.
    pub fn from_fragment(fragment: &str) -> Option<Self> {
        let mut digits = fragment.chars();
        let iv = match fragment.len() {
            88 => Iv::Short(take_hex(&mut digits)?),
            96 => Iv::Long(take_hex(&mut digits)?),
            _ => return None,
        };
        let key = Secret::take(&mut take_hex(&mut digits)?);
        digits.next().is_none().then_some(Self { key, iv })
    }

    /// The fragment for an `aesgcm:` address, without its `#`. It is the key: to be sent to nobody but the peer, encrypted.
    pub fn to_fragment(&self) -> zeroize::Zeroizing<String> {
        let iv = match &self.iv {
            Iv::Short(iv) => iv.as_slice(),
            Iv::Long(iv) => iv.as_slice(),
        };
        let mut fragment = zeroize::Zeroizing::new(String::with_capacity(96));
        for byte in iv.iter().chain(self.key.reveal()) {
            for digit in [byte >> 4, byte & 0x0F] {
                fragment
                    .push(char::from_digit(digit.into(), 16).expect("half a byte is a hexadecimal digit"));
            }
        }
        fragment
    }

    /// Encrypts a file where it lies, and puts the tag after it.
    pub fn encrypt(&self, file: &mut Vec<u8>) {
        let key = self.key.reveal().into();
        let done = match &self.iv {
            Iv::Short(iv) => Aes256Gcm::new(key).encrypt_in_place(iv.into(), &[], file),
            Iv::Long(iv) => AesGcm::<Aes256, U16>::new(key).encrypt_in_place(iv.into(), &[], file),
        };
        done.expect("what fits into memory is shorter than the 64 GiB that AES-GCM takes");
    }

    /// Decrypts a file where it lies, and takes the tag off. The tag is verified first: when it is refused, the file is as it
    /// was.
    pub fn decrypt(&self, file: &mut Vec<u8>) -> Result<(), Refused> {
        let key = self.key.reveal().into();
        let done = match &self.iv {
            Iv::Short(iv) => Aes256Gcm::new(key).decrypt_in_place(iv.into(), &[], file),
            Iv::Long(iv) => AesGcm::<Aes256, U16>::new(key).decrypt_in_place(iv.into(), &[], file),
        };
        done.map_err(|_| Refused::Tampered)
    }
}

fn take_hex<const N: usize>(digits: &mut impl Iterator<Item = char>) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for byte in &mut bytes {
        let (high, low) = (digits.next()?.to_digit(16)?, digits.next()?.to_digit(16)?);
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    Some(bytes)
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(…)")
    }
}
