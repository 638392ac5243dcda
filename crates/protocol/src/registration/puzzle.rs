//! Puzzles that tell people from programs (XEP-0158 1.0), and the pictures of a form.

use std::collections::{BTreeMap, BTreeSet};

use causerie_model::registration::Picture;
use minidom::Element;

use crate::bob::ContentId;
use crate::forms::{DataField, Medium};
use crate::ns;
use crate::xml::children;

/// The most pictures of a form.
const MOST_PICTURES: usize = 4;

/// What a field of a form has to do with puzzles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Nothing.
    None,
    /// The answer to a puzzle that is seen or read.
    Answer,
    /// The answer to a puzzle that is heard, seen moving, or computed.
    OtherAnswer,
    /// What people are told whose program can't show the puzzle.
    FallbackText,
    /// Where the puzzle is on the web.
    FallbackUrl,
}

impl Part {
    /// By the names of XEP-0158 §6 and of ejabberd.
    pub(crate) fn of(field: &DataField) -> Self {
        match field.name.as_str() {
            "ocr" | "picture_q" | "picture_recog" | "qa" => Self::Answer,
            "audio_recog" | "speech_q" | "speech_recog" | "video_q" | "video_recog" | "SHA-256" => {
                Self::OtherAnswer
            }
            "captcha-fallback-text" => Self::FallbackText,
            "captcha-fallback-url" => Self::FallbackUrl,
            _ => Self::None,
        }
    }
}

/// The pictures of one form.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    /// By the field's name.
    announced: BTreeMap<String, (ContentId, Option<String>)>,
    found: BTreeMap<String, Picture>,
}

impl Pictures {
    /// Takes note of a field's picture, if it has one.
    pub(crate) fn announced(&mut self, field: &DataField) {
        if self.announced.len() < MOST_PICTURES
            && let Some(picture) = field.media.iter().find_map(picture)
        {
            self.announced.insert(field.name.clone(), picture);
        }
    }

    /// Looks for pictures among what came beside the form.
    pub(crate) fn look_in(&mut self, query: &Element) {
        for data in children(query, "data", ns::BOB) {
            self.take(data);
        }
    }

    /// Takes a picture, if it was announced and is what was announced.
    pub(crate) fn take(&mut self, data: &Element) {
        for (name, (id, announced)) in &self.announced {
            if let Some((media_type, bytes)) = id.read(data)
                && let Some(media_type) =
                    media_type.or_else(|| announced.clone()).filter(|media_type| is_picture(media_type))
            {
                self.found.insert(name.clone(), Picture { media_type, bytes });
            }
        }
    }

    /// What has not come yet, each once.
    pub(crate) fn missing(&self) -> BTreeSet<&ContentId> {
        let missing = self.announced.iter().filter(|(name, _)| !self.found.contains_key(*name));
        missing.map(|(_, (id, _))| id).collect()
    }

    /// A field's picture: without bytes where one was announced that did not come, or was another.
    pub(crate) fn of(&mut self, name: &str) -> Option<Picture> {
        let (_, announced) = self.announced.get(name)?;
        let lost = || Picture { media_type: announced.clone().unwrap_or_default(), bytes: Vec::new() };
        Some(self.found.remove(name).unwrap_or_else(lost))
    }
}

/// Only what the server itself has: nothing is fetched from anywhere else.
fn picture(medium: &Medium) -> Option<(ContentId, Option<String>)> {
    let id = ContentId::from_uri(&medium.uri)?;
    medium.media_type.as_deref().is_none_or(is_picture).then(|| (id, medium.media_type.clone()))
}

fn is_picture(media_type: &str) -> bool {
    media_type.len() <= 64 && media_type.starts_with("image/") && media_type.is_ascii()
}
