//! The sheet as PDF: one page of real text, with as much of each font as is used (ISO 32000-1).
//!
//! A line with letters of a font of the system is drawn as a picture, with its text behind it: the font may not be for embedding.

use std::collections::BTreeMap;

use cosmic_text::{LayoutGlyph, LayoutRun, SwashCache};
use image::{GrayImage, Luma};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;

use super::page::{BUNDLED, HEIGHT, Item, Page, WIDTH};
use super::picture;

/// Pixels to a point of a line that is drawn.
const SCALE: f32 = 4.0;
const SYSTEM: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
const NAMES: [&str; BUNDLED] =
    ["CAUSER+Inter-Regular", "CAUSER+Inter-SemiBold", "CAUSER+JetBrainsMono-Regular"];
const LOCAL: [&str; BUNDLED] = ["F0", "F1", "F2"];

const CATALOG: Ref = Ref::new(1);
const PAGES: Ref = Ref::new(2);
const PAGE: Ref = Ref::new(3);
const CONTENT: Ref = Ref::new(4);
const INFO: Ref = Ref::new(5);
/// The first of what each font needs, and how many those are.
const FONTS: i32 = 10;
const OF_A_FONT: i32 = 5;
/// The first of the drawn lines.
const DRAWN: i32 = FONTS + OF_A_FONT * BUNDLED as i32;

/// What is used of a font.
#[derive(Default)]
struct Used {
    glyphs: GlyphRemapper,
    /// By the number in the file.
    texts: BTreeMap<u16, String>,
}

/// What is written, beside the content itself.
#[derive(Default)]
struct Written {
    used: [Used; BUNDLED],
    drawn: Vec<GrayImage>,
}

/// The page as a PDF file. None where a font is not as it should be, which a test excludes for those that are carried along.
pub(super) fn write(page: &mut Page, title: &str, language: &str) -> Option<Vec<u8>> {
    let mut written = Written::default();
    let content = content(page, &mut written);
    let mut pdf = Pdf::new();
    pdf.document_info(INFO).title(TextStr(title)).creator(TextStr("Causerie"));
    pdf.catalog(CATALOG).pages(PAGES).lang(TextStr(language));
    pdf.pages(PAGES).kids([PAGE]).count(1);
    let mut sheet = pdf.page(PAGE);
    sheet.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(PAGES).contents(CONTENT);
    let mut resources = sheet.resources();
    let mut fonts = resources.fonts();
    for (at, name) in LOCAL.iter().enumerate() {
        if !written.used[at].texts.is_empty() {
            fonts.pair(Name(name.as_bytes()), font_ref(at, 0));
        }
    }
    fonts.finish();
    let mut objects = resources.x_objects();
    for at in 0..written.drawn.len() {
        objects.pair(Name(drawn_name(at).as_bytes()), drawn_ref(at));
    }
    objects.finish();
    resources.finish();
    sheet.finish();
    pdf.stream(CONTENT, &content.finish());
    for (at, used) in written.used.iter().enumerate().filter(|(_, used)| !used.texts.is_empty()) {
        font(&mut pdf, page, at, used)?;
    }
    for (at, picture) in written.drawn.iter().enumerate() {
        let mut object = pdf.image_xobject(drawn_ref(at), picture.as_raw());
        object.width(i32::try_from(picture.width()).ok()?).height(i32::try_from(picture.height()).ok()?);
        object.color_space().device_gray();
        object.bits_per_component(8);
    }
    Some(pdf.finish())
}

fn content(page: &mut Page, written: &mut Written) -> Content {
    let mut content = Content::new();
    let mut cache = SwashCache::new();
    let bundled = page.bundled;
    let slot = |glyph: &LayoutGlyph| bundled.iter().position(|id| *id == glyph.font_id);
    for item in &page.items {
        match item {
            Item::Words { buffer, x, y, shade } => {
                for run in buffer.layout_runs() {
                    if run.glyphs.iter().all(|glyph| slot(glyph).is_some()) {
                        text(&mut content, &run, (*x, *y), *shade, slot, &mut written.used);
                        continue;
                    }
                    let (width, height) = (run.line_w.ceil() + 4.0, run.line_height);
                    let left = run.glyphs.iter().map(|glyph| glyph.x).fold(f32::MAX, f32::min);
                    let size = |points: f32| (points * SCALE).ceil() as u32;
                    let mut drawn = GrayImage::from_pixel(size(width), size(height), Luma([0xFF]));
                    let place = (2.0 - left, -run.line_top);
                    picture::line(&mut drawn, &run, &mut page.fonts, &mut cache, place, SCALE, *shade);
                    let name = drawn_name(written.drawn.len());
                    written.drawn.push(drawn);
                    let words = run.glyphs.iter().map(|glyph| (glyph.start, glyph.end));
                    let (start, end) =
                        words.fold((usize::MAX, 0), |(a, b), (start, end)| (a.min(start), b.max(end)));
                    let words = run.text.get(start..end).unwrap_or_default();
                    let mut mark = content.begin_marked_content_with_properties(Name(b"Span"));
                    mark.properties().actual_text(TextStr(words));
                    mark.finish();
                    content.save_state();
                    let bottom = HEIGHT - (y + run.line_top + height);
                    content.transform([width, 0.0, 0.0, height, x + left - 2.0, bottom]);
                    content.x_object(Name(name.as_bytes()));
                    content.restore_state();
                    content.end_marked_content();
                }
            }
            Item::Rule { x, y, width } => {
                content.set_line_width(0.7).set_stroke_gray(0.4);
                content.move_to(*x, HEIGHT - y).line_to(x + width, HEIGHT - y).stroke();
            }
            Item::Code { x, y, module, rows } => {
                content.set_fill_gray(0.0);
                for (row, dark) in rows.iter().enumerate() {
                    let bottom = HEIGHT - (y + (row as f32 + 1.0) * module);
                    for (column, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
                        // A hair over, so that no white shows between.
                        content.rect(x + column as f32 * module, bottom, module + 0.02, module + 0.02);
                    }
                }
                content.fill_nonzero();
            }
        }
    }
    content
}

/// A line of text, each letter where it was set.
fn text(
    content: &mut Content,
    run: &LayoutRun<'_>,
    (left, top): (f32, f32),
    shade: u8,
    slot: impl Fn(&LayoutGlyph) -> Option<usize>,
    used: &mut [Used; BUNDLED],
) {
    content.begin_text().set_fill_gray(f32::from(shade) / 255.0);
    let mut font = None;
    let mut told = usize::MAX;
    for glyph in run.glyphs {
        let Some(at) = slot(glyph) else { continue };
        if font != Some(at) {
            content.set_font(Name(LOCAL[at].as_bytes()), glyph.font_size);
            font = Some(at);
        }
        let number = used[at].glyphs.remap(glyph.glyph_id);
        // Several letters that stand for one character tell it once.
        let words =
            if glyph.start == told { "" } else { run.text.get(glyph.start..glyph.end).unwrap_or_default() };
        told = glyph.start;
        used[at].texts.entry(number).or_insert_with(|| words.to_owned());
        let x = left + glyph.x + glyph.x_offset * glyph.font_size;
        let y = top + run.line_y + glyph.y - glyph.y_offset * glyph.font_size;
        content.set_text_matrix([1.0, 0.0, 0.0, 1.0, x, HEIGHT - y]);
        content.show(Str(&number.to_be_bytes()));
    }
    content.end_text();
}

fn font(pdf: &mut Pdf, page: &mut Page, at: usize, used: &Used) -> Option<()> {
    let font = page.fonts.get_font(page.bundled[at], cosmic_text::Weight::NORMAL)?;
    let small = subsetter::subset(font.data(), 0, &used.glyphs).ok()?;
    let metrics = font.metrics();
    let to_thousand = |units: f32| units * 1000.0 / f32::from(metrics.units_per_em);
    let name = Name(NAMES[at].as_bytes());
    let cff = table(&small, b"CFF ");
    pdf.type0_font(font_ref(at, 0))
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(font_ref(at, 1))
        .to_unicode(font_ref(at, 4));
    let mut cid = pdf.cid_font(font_ref(at, 1));
    cid.subtype(if cff.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
    cid.base_font(name).system_info(SYSTEM).font_descriptor(font_ref(at, 2)).default_width(0.0);
    if cff.is_none() {
        cid.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let shown = font.as_swash();
    let advances = shown.glyph_metrics(&[]);
    let widths = used.glyphs.remapped_gids().map(|glyph| to_thousand(advances.advance_width(glyph)));
    cid.widths().consecutive(0, widths);
    cid.finish();
    let mut descriptor = pdf.font_descriptor(font_ref(at, 2));
    descriptor.name(name).flags(FontFlags::SYMBOLIC).italic_angle(0.0).stem_v(80.0);
    let (ascent, descent) = (to_thousand(metrics.ascent), to_thousand(metrics.descent));
    descriptor.bbox(Rect::new(-500.0, descent, 2000.0, ascent));
    descriptor.ascent(ascent).descent(descent).cap_height(to_thousand(metrics.cap_height.unwrap_or(700.0)));
    match cff {
        Some(_) => descriptor.font_file3(font_ref(at, 3)),
        None => descriptor.font_file2(font_ref(at, 3)),
    };
    descriptor.finish();
    match cff {
        Some(cff) => {
            pdf.stream(font_ref(at, 3), cff).pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        }
        None => {
            pdf.stream(font_ref(at, 3), &small).pair(Name(b"Length1"), i32::try_from(small.len()).ok()?);
        }
    }
    let mut unicode = UnicodeCmap::new(Name(b"Causerie"), SYSTEM);
    for (number, words) in used.texts.iter().filter(|(_, words)| !words.is_empty()) {
        unicode.pair_with_multiple(*number, words.chars());
    }
    pdf.cmap(font_ref(at, 4), &unicode.finish());
    Some(())
}

/// A table of an OpenType font.
fn table<'a>(font: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let number = |at: usize| Some(u32::from_be_bytes(font.get(at..at + 4)?.try_into().ok()?) as usize);
    let count = usize::from(u16::from_be_bytes(font.get(4..6)?.try_into().ok()?));
    let record = (0..count).map(|at| 12 + 16 * at).find(|at| font.get(*at..at + 4) == Some(tag))?;
    let (start, length) = (number(record + 8)?, number(record + 12)?);
    font.get(start..start.checked_add(length)?)
}

fn font_ref(at: usize, part: i32) -> Ref {
    Ref::new(FONTS + OF_A_FONT * at as i32 + part)
}

fn drawn_ref(at: usize) -> Ref {
    Ref::new(DRAWN + at as i32)
}

fn drawn_name(at: usize) -> String {
    format!("D{at}")
}
