//! The bytes in which state is kept: numbers big-endian, lists with their length before them, nothing optional.

use zeroize::Zeroizing;

use crate::Damaged;
use crate::curve::{KeyPair, PublicKey};
use crate::identity::IdentityKey;
use crate::secret::Secret;

/// Writes state. What it outgrows is wiped.
pub(crate) struct Writer {
    bytes: Zeroizing<Vec<u8>>,
}

/// Reads state.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl Writer {
    /// Begins with the version of the encoding.
    pub(crate) fn new(encoding: u8) -> Self {
        let mut writer = Self { bytes: Zeroizing::new(Vec::with_capacity(1024)) };
        writer.byte(encoding);
        writer
    }

    pub(crate) fn finish(self) -> Zeroizing<Vec<u8>> {
        self.bytes
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.raw(&[byte]);
    }

    pub(crate) fn u32(&mut self, number: u32) {
        self.raw(&number.to_be_bytes());
    }

    pub(crate) fn u64(&mut self, number: u64) {
        self.raw(&number.to_be_bytes());
    }

    pub(crate) fn secret(&mut self, secret: &Secret) {
        self.raw(secret.reveal());
    }

    pub(crate) fn public(&mut self, key: &PublicKey) {
        self.raw(key.as_bytes());
    }

    pub(crate) fn pair(&mut self, pair: &KeyPair) {
        self.secret(pair.secret());
        self.public(pair.public());
    }

    pub(crate) fn identity(&mut self, key: &IdentityKey) {
        self.public(key.curve());
        self.raw(key.edwards());
    }

    /// A list, its length first.
    pub(crate) fn list<T>(
        &mut self,
        items: impl ExactSizeIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.u32(u32::try_from(items.len()).expect("no list of state has 2³² items"));
        for item in items {
            write(self, item);
        }
    }

    /// Something or nothing.
    pub(crate) fn option<T>(&mut self, item: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(item.is_some()));
        if let Some(item) = item {
            write(self, item);
        }
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let needed = self.bytes.len() + bytes.len();
        if needed > self.bytes.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.max(2 * self.bytes.capacity())));
            larger.extend_from_slice(&self.bytes);
            self.bytes = larger;
        }
        self.bytes.extend_from_slice(bytes);
    }
}

impl<'a> Reader<'a> {
    /// Begins with the version of the encoding, which must be this one.
    pub(crate) fn new(bytes: &'a [u8], encoding: u8) -> Result<Self, Damaged> {
        let mut reader = Self { rest: bytes };
        match reader.byte()? == encoding {
            true => Ok(reader),
            false => Err(Damaged),
        }
    }

    /// There must be nothing left.
    pub(crate) fn finish(self) -> Result<(), Damaged> {
        self.rest.is_empty().then_some(()).ok_or(Damaged)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Damaged> {
        let [byte] = *self.raw()?;
        Ok(byte)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Damaged> {
        self.raw().map(|bytes| u32::from_be_bytes(*bytes))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, Damaged> {
        self.raw().map(|bytes| u64::from_be_bytes(*bytes))
    }

    pub(crate) fn secret(&mut self) -> Result<Secret, Damaged> {
        self.raw().map(Secret::copy)
    }

    pub(crate) fn public(&mut self) -> Result<PublicKey, Damaged> {
        self.raw().map(|bytes| PublicKey::checked_before(*bytes))
    }

    pub(crate) fn pair(&mut self) -> Result<KeyPair, Damaged> {
        Ok(KeyPair::made_before(self.secret()?, self.public()?))
    }

    pub(crate) fn identity(&mut self) -> Result<IdentityKey, Damaged> {
        Ok(IdentityKey::checked_before(*self.raw()?, *self.raw()?))
    }

    /// A list of at most `most` items.
    pub(crate) fn list<T, C: FromIterator<T>>(
        &mut self,
        most: usize,
        mut read: impl FnMut(&mut Self) -> Result<T, Damaged>,
    ) -> Result<C, Damaged> {
        let length = usize::try_from(self.u32()?).map_err(|_| Damaged)?;
        if length > most {
            return Err(Damaged);
        }
        (0..length).map(|_| read(self)).collect()
    }

    /// Something or nothing.
    pub(crate) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Damaged>,
    ) -> Result<Option<T>, Damaged> {
        match self.byte()? {
            0 => Ok(None),
            1 => read(self).map(Some),
            _ => Err(Damaged),
        }
    }

    pub(crate) fn raw<const N: usize>(&mut self) -> Result<&'a [u8; N], Damaged> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(Damaged)?;
        self.rest = rest;
        Ok(bytes)
    }
}
