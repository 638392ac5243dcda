//! Colours as numbers: contrast, mixing, and the colour of an address.

use causerie_model::account::AccountColour;
use iced::Color;
use sha1::{Digest, Sha1};

use super::Tone;

/// Contrast of two opaque colours as WCAG 2.2 has it: 1 to 21.
#[cfg(test)]
pub(crate) fn contrast(a: Color, b: Color) -> f32 {
    let (a, b) = (a.relative_luminance(), b.relative_luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// `over` with the given opacity on an opaque ground.
pub(crate) fn mix(over: Color, ground: Color, opacity: f32) -> Color {
    let part = |o: f32, g: f32| o * opacity + g * (1.0 - opacity);
    Color::from_rgb(part(over.r, ground.r), part(over.g, ground.g), part(over.b, ground.b))
}

/// How far two colours are from each other: the largest difference of a channel.
#[cfg(test)]
pub(crate) fn distance(a: Color, b: Color) -> f32 {
    (a.r - b.r).abs().max((a.g - b.g).abs()).max((a.b - b.b).abs())
}

/// The colour that everyone's program gives this address or nickname (XEP-0392 1.0.0), as the ground of initials.
///
/// The hue is the XEP's. Saturation is full, and the lightness is such that white (light tone) or near-black (dark tone)
/// text on it reads at 4.5 : 1 or better; see [`on_address_color`].
pub(crate) fn address_color(address: &str, tone: Tone) -> Color {
    let lightness = match tone {
        Tone::Light => 48.0,
        Tone::Dark => 70.0,
    };
    hsluv(hue(address), 75.0, lightness)
}

/// The colour of text on [`address_color`].
pub(crate) fn on_address_color(tone: Tone) -> Color {
    match tone {
        Tone::Light => Color::WHITE,
        Tone::Dark => Color::from_rgb8(0x1B, 0x19, 0x16),
    }
}

/// The colour that a person has given to an account.
pub(crate) fn account_color(colour: AccountColour, tone: Tone) -> Color {
    let hue = match colour {
        AccountColour::Red => 12.0,
        AccountColour::Orange => 35.0,
        AccountColour::Amber => 65.0,
        AccountColour::Green => 128.0,
        AccountColour::Teal => 190.0,
        AccountColour::Blue => 250.0,
        AccountColour::Violet => 285.0,
        AccountColour::Pink => 335.0,
    };
    let lightness = match tone {
        Tone::Light => 50.0,
        Tone::Dark => 68.0,
    };
    hsluv(hue, 85.0, lightness)
}

/// The angle of XEP-0392 §5.1, in degrees: the first two octets of the SHA-1 of the text, least significant first.
fn hue(text: &str) -> f64 {
    let [low, high, ..] = <[u8; 20]>::from(Sha1::digest(text.as_bytes()));
    f64::from(u16::from_le_bytes([low, high])) / 65536.0 * 360.0
}

/// HSLuv (<https://www.hsluv.org>, revision 4) to sRGB: hue in degrees, saturation and lightness in percent.
fn hsluv(hue: f64, saturation: f64, lightness: f64) -> Color {
    let chroma = max_chroma(lightness, hue) / 100.0 * saturation;
    let (sin, cos) = hue.to_radians().sin_cos();
    let [r, g, b] = luv_to_linear(lightness, cos * chroma, sin * chroma);
    let channel = |linear: f64| {
        let value =
            if linear <= 0.003_130_8 { 12.92 * linear } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 };
        value.clamp(0.0, 1.0) as f32
    };
    Color::from_rgb(channel(r), channel(g), channel(b))
}

/// From XYZ to linear sRGB.
const XYZ_TO_RGB: [[f64; 3]; 3] = [
    [3.240_969_941_904_521, -1.537_383_177_570_093, -0.498_610_760_293],
    [-0.969_243_636_280_87, 1.875_967_501_507_72, 0.041_555_057_407_175],
    [0.055_630_079_696_993, -0.203_976_958_888_97, 1.056_971_514_242_878],
];
/// White of D65 in u', v'.
const WHITE: (f64, f64) = (0.197_830_006_642_836_8, 0.468_319_994_938_791_04);
/// (29/3)³ and (6/29)³ of CIE L*.
const KAPPA: f64 = 903.296_296_296_296_2;
const EPSILON: f64 = 0.008_856_451_679_035_631;

/// The largest chroma that every sRGB channel can show at this lightness and hue: the nearest of the six lines where a
/// channel is 0 or 1.
fn max_chroma(lightness: f64, hue: f64) -> f64 {
    let (sin, cos) = hue.to_radians().sin_cos();
    let cube = (lightness + 16.0).powi(3) / 1_560_896.0;
    let y = if cube > EPSILON { cube } else { lightness / KAPPA };
    let mut nearest = f64::INFINITY;
    for [m1, m2, m3] in XYZ_TO_RGB {
        for limit in [0.0, 1.0] {
            let top1 = (284_517.0 * m1 - 94_839.0 * m3) * y;
            let top2 = (838_422.0 * m3 + 769_860.0 * m2 + 731_718.0 * m1) * lightness * y
                - 769_860.0 * limit * lightness;
            let bottom = (632_260.0 * m3 - 126_452.0 * m2) * y + 126_452.0 * limit;
            let length = (top2 / bottom) / (sin - top1 / bottom * cos);
            if length >= 0.0 {
                nearest = nearest.min(length);
            }
        }
    }
    nearest
}

fn luv_to_linear(lightness: f64, u: f64, v: f64) -> [f64; 3] {
    let u = u / (13.0 * lightness) + WHITE.0;
    let v = v / (13.0 * lightness) + WHITE.1;
    let y = if lightness > 8.0 { ((lightness + 16.0) / 116.0).powi(3) } else { lightness / KAPPA };
    let x = y * 9.0 * u / (4.0 * v);
    let z = y * (12.0 - 3.0 * u - 20.0 * v) / (4.0 * v);
    XYZ_TO_RGB.map(|[m1, m2, m3]| m1 * x + m2 * y + m3 * z)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// XEP-0392 1.0.0, §13.2: the hue of each, and its colour at saturation 100 and lightness 50.
    const VECTORS: [(&str, f64, [f32; 3]); 4] = [
        ("Romeo", 327.255_249, [0.865, 0.000, 0.686]),
        ("juliet@capulet.lit", 209.410_400, [0.000, 0.515, 0.573]),
        ("\u{1F63A}", 331.199_341, [0.872, 0.000, 0.659]),
        ("council", 359.994_507, [0.918, 0.000, 0.394]),
    ];

    #[test]
    fn hues_and_colours_are_those_of_the_test_vectors() {
        for (text, angle, [r, g, b]) in VECTORS {
            assert!((hue(text) - angle).abs() < 1e-4, "{text}: {}", hue(text));
            let found = hsluv(hue(text), 100.0, 50.0);
            assert!(distance(found, Color::from_rgb(r, g, b)) < 0.002, "{text}: {found:?}");
        }
    }

    #[test]
    fn initials_are_readable_on_every_hue() {
        for tone in [Tone::Light, Tone::Dark] {
            for n in 0..500 {
                let ground = address_color(&format!("{n}@example.org"), tone);
                let found = contrast(ground, on_address_color(tone));
                assert!(found >= 4.5, "{n} {tone:?}: {found:.2}");
            }
        }
    }

    #[test]
    fn contrast_of_black_and_white_is_21() {
        assert!((contrast(Color::BLACK, Color::WHITE) - 21.0).abs() < 0.01);
    }
}
