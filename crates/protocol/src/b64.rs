//! Base64 (RFC 4648 §4) as others write it.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// With padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// With blanks and line ends, with or without padding. `None` when it is none, or of more than so many bytes.
pub(crate) fn decode(text: &str, most: usize) -> Option<Vec<u8>> {
    let compact: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if compact.len() > most / 3 * 4 + 4 {
        return None;
    }
    LENIENT.decode(compact).ok().filter(|bytes| bytes.len() <= most)
}
