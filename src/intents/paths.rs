//! Paths in a file of text: as they read, or by their bytes where they are not UTF-8.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Kept {
    Text(String),
    Raw(OsString),
}

pub(super) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    let kept = path.to_str().map_or_else(|| Kept::Raw(path.into()), |text| Kept::Text(text.to_owned()));
    kept.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(match Kept::deserialize(deserializer)? {
        Kept::Text(text) => text.into(),
        Kept::Raw(raw) => raw.into(),
    })
}
