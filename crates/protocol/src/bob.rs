//! Small pictures named by their hash (XEP-0231 1.0).

use minidom::Element;
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::xml::Draft;
use crate::{b64, ns};

/// The most bytes that are taken. XEP-0231 §2.1 wants no more than 8 KiB; pictures of puzzles are up to this.
pub(crate) const MOST_BYTES: usize = 64 << 10;

/// A content identifier: `sha1+…@bob.xmpp.org`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ContentId(String);

impl ContentId {
    /// Reads a `cid:` URI (RFC 2392).
    pub(crate) fn from_uri(uri: &str) -> Option<Self> {
        const LONGEST: usize = 256;
        let (scheme, id) = uri.split_once(':')?;
        let fits = scheme.eq_ignore_ascii_case("cid") && id.len() <= LONGEST && id.ends_with("@bob.xmpp.org");
        fits.then(|| Self(id.to_owned()))
    }

    /// Whether the bytes are those that it names.
    fn names(&self, bytes: &[u8]) -> bool {
        let Some((algorithm, rest)) = self.0.split_once('+') else { return false };
        let hash = rest.split('@').next().unwrap_or_default();
        let digest = match algorithm {
            "sha1" | "sha-1" => Sha1::digest(bytes).to_vec(),
            "sha256" | "sha-256" => Sha256::digest(bytes).to_vec(),
            _ => return false,
        };
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        hash.eq_ignore_ascii_case(&hex)
    }

    /// The bytes of a `<data/>` and what they claim to be, if it is the one that is named, and holds what its name says.
    pub(crate) fn read(&self, data: &Element) -> Option<(Option<String>, Vec<u8>)> {
        if !data.is("data", ns::BOB) || data.attr("cid") != Some(&self.0) {
            return None;
        }
        let bytes = b64::decode(&data.text(), MOST_BYTES)?;
        let fits = !bytes.is_empty() && self.names(&bytes);
        fits.then(|| (data.attr("type").map(str::to_owned), bytes))
    }

    /// What asks for it.
    pub(crate) fn request(&self) -> Draft {
        Draft::new("data", ns::BOB).attr("cid", &self.0)
    }
}
