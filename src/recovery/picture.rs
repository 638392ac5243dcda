//! The sheet in pixels.

use cosmic_text::{Color, FontSystem, LayoutRun, SwashCache};
use image::codecs::png::PngEncoder;
use image::{GrayImage, Luma};
use zeroize::Zeroize;

use super::page::{HEIGHT, Item, Page, WIDTH};

const WHITE: u8 = 0xFF;

/// The page as a PNG file, so many pixels to a point.
pub(super) fn write(page: &mut Page, scale: f32) -> Option<Vec<u8>> {
    let mut picture = draw(page, scale);
    let mut file = Vec::new();
    let written = picture.write_with_encoder(PngEncoder::new(&mut file));
    // There may be a password on it.
    picture.as_flat_samples_mut().samples.zeroize();
    written.ok().map(|()| file)
}

fn draw(page: &mut Page, scale: f32) -> GrayImage {
    let pixels = |points: f32| (points * scale).round() as u32;
    let mut picture = GrayImage::from_pixel(pixels(WIDTH), pixels(HEIGHT), Luma([WHITE]));
    let mut cache = SwashCache::new();
    for item in &page.items {
        match item {
            Item::Words { buffer, x, y, shade } => {
                for run in buffer.layout_runs() {
                    line(&mut picture, &run, &mut page.fonts, &mut cache, (*x, *y), scale, *shade);
                }
            }
            Item::Rule { x, y, width } => {
                fill(&mut picture, [x * scale, y * scale, width * scale, scale.max(1.0)]);
            }
            Item::Code { x, y, module, rows } => {
                // Whole pixels for each module, else the edges blur.
                let side = (module * scale).floor().max(1.0);
                for (row, dark) in rows.iter().enumerate() {
                    for (column, _) in dark.iter().enumerate().filter(|(_, dark)| **dark) {
                        let place =
                            [x * scale + column as f32 * side, y * scale + row as f32 * side, side, side];
                        fill(&mut picture, place);
                    }
                }
            }
        }
    }
    picture
}

/// Draws a line of words, whose block begins at a place in points.
pub(super) fn line(
    picture: &mut GrayImage,
    run: &LayoutRun<'_>,
    fonts: &mut FontSystem,
    cache: &mut SwashCache,
    place: (f32, f32),
    scale: f32,
    shade: u8,
) {
    let base = Color::rgb(shade, shade, shade);
    for glyph in run.glyphs {
        let glyph = glyph.physical((place.0 * scale, (place.1 + run.line_y) * scale), scale);
        cache.with_pixels(fonts, glyph.cache_key, base, |x, y, colour| {
            let at = |start: i32, more: i32| u32::try_from(start.checked_add(more)?).ok();
            let Some((x, y)) = at(glyph.x, x).zip(at(glyph.y, y)) else { return };
            let Some(pixel) = picture.get_pixel_mut_checked(x, y) else { return };
            // Emoji have colours of their own.
            let [red, green, blue, cover] = [colour.r(), colour.g(), colour.b(), colour.a()].map(u32::from);
            let light = (red * 299 + green * 587 + blue * 114) / 1000;
            let mixed = (light * cover + u32::from(pixel.0[0]) * (255 - cover) + 127) / 255;
            pixel.0[0] = mixed as u8;
        });
    }
}

fn fill(picture: &mut GrayImage, [x, y, width, height]: [f32; 4]) {
    let (left, top) = (x.round() as u32, y.round() as u32);
    for y in top..top + height.round() as u32 {
        for x in left..left + width.round() as u32 {
            if let Some(pixel) = picture.get_pixel_mut_checked(x, y) {
                pixel.0[0] = 0;
            }
        }
    }
}
