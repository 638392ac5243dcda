//! Devices and their keys, as OMEMO (XEP-0384) names them.

use std::fmt;

/// Names one device of one address: an OMEMO device id (XEP-0384 0.9.1, "Device list"; 0.3.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(u32);

/// What an identity key is known by: its Curve25519 form, which is the same in both versions of OMEMO
/// (XEP-0384 0.9.1, "Security Considerations").
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// The two versions of OMEMO that are in use. They share nothing on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OmemoVersion {
    /// XEP-0384 0.3.0, namespace `eu.siacs.conversations.axolotl`.
    Legacy,
    /// XEP-0384 0.8 and later, namespace `urn:xmpp:omemo:2`.
    Omemo2,
}

impl DeviceId {
    /// The largest id that a device may have.
    pub const MAX: u32 = 0x7FFF_FFFF;

    /// Takes an id from 1 to [`DeviceId::MAX`].
    pub fn new(id: u32) -> Option<Self> {
        (1..=Self::MAX).contains(&id).then_some(Self(id))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Fingerprint {
    /// Reads 64 hexadecimal digits; spaces between them do not matter, nor does case.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        let mut digits = text.chars().filter(|c| *c != ' ').map(|c| c.to_digit(16));
        for byte in &mut bytes {
            let (high, low) = (digits.next()??, digits.next()??);
            *byte = u8::try_from(high << 4 | low).ok()?;
        }
        digits.next().is_none().then_some(Self(bytes))
    }
}

impl OmemoVersion {
    /// Both, the newer first.
    pub const ALL: [Self; 2] = [Self::Omemo2, Self::Legacy];
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Fingerprint {
    /// Eight groups of eight small hexadecimal digits (XEP-0384 0.9.1, "Security Considerations").
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if index > 0 && index % 4 == 0 {
                f.write_str(" ")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn device_ids_have_a_range() {
        assert_eq!(DeviceId::new(0), None);
        assert_eq!(DeviceId::new(1).map(DeviceId::get), Some(1));
        assert_eq!(DeviceId::new(0x7FFF_FFFF).map(|id| id.to_string()).as_deref(), Some("2147483647"));
        assert_eq!(DeviceId::new(0x8000_0000), None);
    }

    #[test]
    fn fingerprints_are_shown_in_groups_and_read_back() {
        let fingerprint = Fingerprint(std::array::from_fn(|index| index as u8 * 8));
        let shown = fingerprint.to_string();
        assert_eq!(shown, "00081018 20283038 40485058 60687078 80889098 a0a8b0b8 c0c8d0d8 e0e8f0f8");
        assert_eq!(Fingerprint::from_hex(&shown), Some(fingerprint));
        assert_eq!(Fingerprint::from_hex(&shown.replace(' ', "").to_uppercase()), Some(fingerprint));
        for bad in
            ["", "00", &shown[1..], &format!("{shown}0"), &shown.replace('a', "ä"), &shown.replace('a', "g")]
        {
            assert_eq!(Fingerprint::from_hex(bad), None, "{bad}");
        }
    }
}
