//! Where each line of the sheet goes, on A4 paper, in points.

use std::borrow::Cow;
use std::sync::Arc;

use cosmic_text::fontdb::{Database, ID, Source};
use cosmic_text::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, Weight, Wrap};

use super::{Block, Sheet};
use crate::theme;

/// A4, upright.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 62.0;
/// What is not the text itself, from black to white.
const FAINT: u8 = 0x60;
const DARK: u8 = 0x1C;
const CODE_SIDE: f32 = 104.0;
/// How much smaller everything is made until it has room: addresses can be long.
const SCALES: [f32; 6] = [1.0, 0.9, 0.75, 0.6, 0.45, 0.3];
/// The three fonts that are carried along.
pub(super) const BUNDLED: usize = 3;

/// A page, set.
pub(super) struct Page {
    pub(super) fonts: FontSystem,
    /// The fonts that are carried along: regular, strong, and of one width.
    pub(super) bundled: [ID; BUNDLED],
    pub(super) items: Vec<Item>,
}

/// Something on the page. Places are those of the upper left corner, from the upper left corner of the page.
pub(super) enum Item {
    /// Words, black or grey.
    Words { buffer: Buffer, x: f32, y: f32, shade: u8 },
    /// A line to write on.
    Rule { x: f32, y: f32, width: f32 },
    /// A code: its dark modules by row, so wide.
    Code { x: f32, y: f32, module: f32, rows: Vec<Vec<bool>> },
}

/// How a block looks.
struct Look {
    size: f32,
    shade: u8,
    before: f32,
    family: &'static str,
    weight: Weight,
}

impl Page {
    /// Sets a sheet. Where letters are missing in the fonts that are carried along, those of the system are read, too.
    pub(super) fn new(sheet: &Sheet) -> Self {
        let set = |(mut fonts, bundled): (FontSystem, [ID; BUNDLED])| {
            let items = set(&mut fonts, sheet);
            Self { fonts, bundled, items }
        };
        let page = set(fonts(Letters::Bundled));
        if page.is_complete() { page } else { set(fonts(Letters::OfTheSystem)) }
    }

    /// Whether there is a letter for every character.
    fn is_complete(&self) -> bool {
        self.items.iter().all(|item| match item {
            Item::Words { buffer, .. } => {
                buffer.layout_runs().all(|run| run.glyphs.iter().all(|glyph| glyph.glyph_id != 0))
            }
            Item::Rule { .. } | Item::Code { .. } => true,
        })
    }
}

enum Letters {
    Bundled,
    OfTheSystem,
}

fn fonts(letters: Letters) -> (FontSystem, [ID; BUNDLED]) {
    let [regular, strong, _, _, mono, ..] = theme::fonts();
    let mut all = Database::new();
    let bundled = [regular, strong, mono].map(|font: Cow<'static, [u8]>| {
        let found = all.load_font_source(Source::Binary(Arc::new(font)));
        found.first().copied().unwrap_or_else(ID::dummy)
    });
    if matches!(letters, Letters::OfTheSystem) {
        all.load_system_fonts();
    }
    // The language decides only which of several fonts of the system is taken.
    (FontSystem::new_with_locale_and_db("en".to_owned(), all), bundled)
}

fn look(block: &Block) -> Look {
    let plain = |size, shade, before| Look { size, shade, before, family: "Inter", weight: Weight::NORMAL };
    match block {
        Block::Title(_) => Look { weight: Weight::SEMIBOLD, ..plain(24.0, DARK, 0.0) },
        Block::Words(_) => plain(11.0, DARK, 4.0),
        Block::Label(_) => Look { weight: Weight::SEMIBOLD, ..plain(10.0, FAINT, 17.0) },
        Block::Value(_) => Look { weight: Weight::SEMIBOLD, ..plain(15.0, DARK, 3.0) },
        // Letters that can't be taken for each other.
        Block::Secret(_) => Look { family: "JetBrains Mono", ..plain(15.0, DARK, 3.0) },
        Block::Blank => plain(11.0, FAINT, 18.0),
        Block::Code => plain(11.0, DARK, 20.0),
    }
}

fn set(fonts: &mut FontSystem, sheet: &Sheet) -> Vec<Item> {
    let code = code(&sheet.code);
    let mut last = Vec::new();
    for scale in SCALES {
        let (items, bottom) = set_at(fonts, sheet, &code, scale);
        last = items;
        if bottom <= HEIGHT - MARGIN {
            break;
        }
    }
    last
}

/// At a size, and where the last line ends.
fn set_at(fonts: &mut FontSystem, sheet: &Sheet, code: &[Vec<bool>], scale: f32) -> (Vec<Item>, f32) {
    let (x, width) = (MARGIN, WIDTH - 2.0 * MARGIN);
    let mut items = Vec::new();
    let mut y = MARGIN;
    for block in &sheet.blocks {
        let look = look(block);
        y += look.before * scale;
        let text = match block {
            Block::Title(text) | Block::Words(text) | Block::Label(text) | Block::Value(text) => {
                text.as_str()
            }
            Block::Secret(password) => password.reveal(),
            Block::Blank => {
                y += 10.0 * scale;
                items.push(Item::Rule { x, y, width: width * 0.7 });
                continue;
            }
            Block::Code => {
                let modules = code.len().max(1) as f32;
                let module = CODE_SIDE * scale / modules;
                items.push(Item::Code { x, y, module, rows: code.to_vec() });
                y += CODE_SIDE * scale;
                continue;
            }
        };
        let size = look.size * scale;
        let mut buffer = Buffer::new(fonts, Metrics::new(size, size * 1.38));
        buffer.set_wrap(fonts, Wrap::WordOrGlyph);
        buffer.set_size(fonts, Some(width), None);
        let attributes = Attrs::new().family(Family::Name(look.family)).weight(look.weight);
        buffer.set_text(fonts, text, &attributes, Shaping::Advanced, None);
        buffer.shape_until_scroll(fonts, false);
        let height = buffer.layout_runs().map(|run| run.line_top + run.line_height).fold(0.0, f32::max);
        items.push(Item::Words { buffer, x, y, shade: look.shade });
        y += height;
    }
    (items, y)
}

/// The dark modules of a code by row; none where the text is too long for one.
fn code(text: &str) -> Vec<Vec<bool>> {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else {
        return Vec::new();
    };
    let dark: Vec<bool> = code.to_colors().iter().map(|colour| *colour == qrcode::Color::Dark).collect();
    dark.chunks(code.width()).map(<[bool]>::to_vec).collect()
}
