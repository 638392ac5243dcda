//! What a person has chosen for this machine. One small file of JSON; accounts and history are not in it.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::platform::folders::write_private;

/// Everything that can be chosen. What a file lacks is as at the first start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// Light or dark.
    pub(crate) appearance: Appearance,
    /// Size of text, in percent: 85 to 200.
    pub(crate) text_size: TextSize,
    /// The language, or that of the system.
    pub(crate) language: Option<String>,
    /// What notifications show.
    pub(crate) notifications: Notifications,
    /// Whether others are told that we are writing.
    pub(crate) typing: Typing,
    /// Whether to draw with the graphics card.
    pub(crate) acceleration: Acceleration,
    /// Where the window was.
    pub(crate) window: Window,
    /// The width of the conversation list, in logical pixels: 240 to 420.
    pub(crate) list_width: ListWidth,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Appearance {
    /// As the system.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// Strong contrast, light or dark as the system.
    HighContrast,
}

/// What a notification shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Notifications {
    /// There are none.
    None,
    /// Who wrote.
    #[default]
    Name,
    /// Who wrote what.
    NameAndText,
}

/// Whether others are told that we are writing (XEP-0085).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Typing {
    /// They are.
    #[default]
    Shown,
    /// They are not.
    Hidden,
}

/// Whether to draw with the graphics card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Acceleration {
    /// Where there is one.
    #[default]
    Automatic,
    /// Always.
    On,
    /// Never.
    Off,
}

/// Size of text in percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub(crate) struct TextSize(u16);

impl TextSize {
    /// The sizes that are offered.
    pub(crate) const STEPS: [Self; 7] =
        [Self(85), Self(100), Self(115), Self(130), Self(150), Self(175), Self(200)];

    /// In percent.
    pub(crate) fn percent(self) -> u16 {
        self.0
    }

    /// As a factor.
    pub(crate) fn factor(self) -> f32 {
        f32::from(self.0) / 100.0
    }
}

impl Default for TextSize {
    fn default() -> Self {
        Self(100)
    }
}

impl From<u16> for TextSize {
    fn from(percent: u16) -> Self {
        Self(percent.clamp(85, 200))
    }
}

impl From<TextSize> for u16 {
    fn from(size: TextSize) -> Self {
        size.0
    }
}

/// Width of the conversation list in logical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "f32", into = "f32")]
pub(crate) struct ListWidth(f32);

impl Default for ListWidth {
    fn default() -> Self {
        Self(300.0)
    }
}

impl From<f32> for ListWidth {
    fn from(width: f32) -> Self {
        Self(if width.is_finite() { width.clamp(240.0, 420.0) } else { 300.0 })
    }
}

impl From<ListWidth> for f32 {
    fn from(width: ListWidth) -> Self {
        width.0
    }
}

/// Where the window was, in logical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Window {
    /// Width.
    pub(crate) width: f32,
    /// Height.
    pub(crate) height: f32,
    /// The upper left corner, where the system tells it.
    pub(crate) position: Option<(f32, f32)>,
    /// Whether it filled the screen.
    pub(crate) maximized: bool,
}

impl Default for Window {
    fn default() -> Self {
        Self { width: 1000.0, height: 700.0, position: None, maximized: false }
    }
}

impl Window {
    /// The smallest size that everything fits into.
    pub(crate) const MIN: (f32, f32) = (480.0, 420.0);

    /// A size and a place that a window can be opened with, whatever the file said.
    pub(crate) fn sane(self) -> Self {
        const MAX: f32 = 16_384.0;
        let size = |length: f32, min: f32, usual: f32| {
            if length.is_finite() { length.clamp(min, MAX) } else { usual }
        };
        let usual = Self::default();
        Self {
            width: size(self.width, Self::MIN.0, usual.width),
            height: size(self.height, Self::MIN.1, usual.height),
            position: self.position.filter(|(x, y)| x.abs() < MAX && y.abs() < MAX),
            maximized: self.maximized,
        }
    }
}

/// The file's name in the settings folder.
const FILE: &str = "settings.json";

/// Reads the settings. A file that can't be understood is put aside under another name, not overwritten.
pub(crate) fn load(folder: &Path) -> Settings {
    let path = folder.join(FILE);
    let Ok(text) = std::fs::read(&path) else { return Settings::default() };
    match serde_json::from_slice(&text) {
        Ok(settings) => settings,
        Err(error) => {
            tracing::warn!(%error, "the settings could not be read and were put aside");
            let _ = std::fs::rename(&path, aside(&path));
            Settings::default()
        }
    }
}

/// Writes the settings, all or nothing. Blocks: not for the GUI thread.
pub(crate) fn save(folder: &Path, settings: &Settings) {
    let written = serde_json::to_vec_pretty(settings).map_err(std::io::Error::from);
    if let Err(error) = written.and_then(|bytes| write_private(&folder.join(FILE), &bytes)) {
        tracing::warn!(%error, "the settings could not be written");
    }
}

fn aside(path: &Path) -> PathBuf {
    path.with_extension("json.unreadable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()), Settings::default());
        let settings = Settings {
            appearance: Appearance::Dark,
            text_size: 150.into(),
            list_width: 333.0.into(),
            notifications: Notifications::NameAndText,
            ..Settings::default()
        };
        save(folder.path(), &settings);
        assert_eq!(load(folder.path()), settings);
    }

    #[test]
    fn a_damaged_file_is_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(FILE), "{ not json").unwrap();
        assert_eq!(load(folder.path()), Settings::default());
        let kept = std::fs::read_to_string(folder.path().join("settings.json.unreadable")).unwrap();
        assert_eq!(kept, "{ not json");
    }

    #[test]
    fn strange_values_become_sane() {
        let text = r#"{"text_size": 9000, "list_width": 5, "window": {"width": 1e30, "height": -4, "position": [1e9, 0]}, "future": 1}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        assert_eq!(settings.text_size.percent(), 200);
        assert_eq!(f32::from(settings.list_width), 240.0);
        let window = settings.window.sane();
        assert_eq!((window.width, window.height, window.position), (16_384.0, 420.0, None));
    }
}
