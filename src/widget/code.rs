//! QR codes, as pictures.

use iced::widget::image::{FilterMethod, Handle, Image};
use iced::widget::{container, space};
use iced::{Background, Border, Color};

use super::access::{Role, labelled};
use crate::theme::{Element, Theme, radius};

/// What is free around a code, in its own modules: less, and some programs do not find it.
const MARGIN: f32 = 4.0;

/// A text as a code, drawn once.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    picture: Handle,
    modules: u16,
}

impl Code {
    /// The code of a text; there is none of a text that is too long for one.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L).ok()?;
        let side = code.width();
        let dark = |place: usize| code[(place % side, place / side)] == qrcode::Color::Dark;
        let pixel = |place| if dark(place) { [0x1F, 0x1B, 0x16, 0xFF] } else { [0xFF; 4] };
        let pixels: Vec<u8> = (0..side * side).flat_map(pixel).collect();
        let modules = u16::try_from(side).ok()?;
        Some(Self { picture: Handle::from_rgba(modules.into(), modules.into(), pixels), modules })
    }

    /// The code, at most so wide. It is dark on white in the dark, too: most programs see no other.
    pub(crate) fn view<'a, Message: 'a>(&self, label: String, most: f32) -> Element<'a, Message> {
        let modules = f32::from(self.modules);
        let all = modules + 2.0 * MARGIN;
        // Whole pixels for each module, where there is room: else the edges blur.
        let module = if most >= all { (most / all).floor() } else { (most / all).max(0.0) };
        let side = module * modules;
        let picture: Element<'a, Message> = if side > 0.0 {
            Image::new(self.picture.clone())
                .width(side)
                .height(side)
                .filter_method(FilterMethod::Nearest)
                .into()
        } else {
            space::horizontal().into()
        };
        // What is free around it is no part of the picture, which some renderers move by less than a module.
        let paper =
            container(picture).padding(module * MARGIN).clip(true).style(|_: &Theme| container::Style {
                background: Some(Background::Color(Color::WHITE)),
                border: Border { radius: radius::CONTROL.into(), ..Border::default() },
                ..container::Style::default()
            });
        labelled(Role::Image, label, paper)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_a_code_until_it_is_too_long() {
        let code = Code::new("xmpp:alice@chat.example").unwrap();
        assert!(code.modules >= 21 && code.modules < 60, "{}", code.modules);
        assert!(Code::new(&"x".repeat(10_000)).is_none());
    }

    #[test]
    fn what_is_shown_is_read_again() {
        for length in [20, 300, 700] {
            let text = "xmpp:alice@chat.example?trust=0123456789abcdef".repeat(20)[..length].to_owned();
            let code = Code::new(&text).unwrap();
            let Handle::Rgba { width, height, pixels, .. } = code.picture else {
                panic!("{:?}", code.picture)
            };
            let picture = image::RgbaImage::from_raw(width, height, pixels.to_vec()).unwrap();
            let paper = image::Rgba([0xFF; 4]);
            let mut whole = image::RgbaImage::from_pixel(width + 8, height + 8, paper);
            image::imageops::overlay(&mut whole, &picture, 4, 4);
            let (picture, width, height) = (whole, width + 8, height + 8);
            let nearest = image::imageops::FilterType::Nearest;
            let picture = image::imageops::resize(&picture, width * 3, height * 3, nearest);
            let mut file = std::io::Cursor::new(Vec::new());
            picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
            assert_eq!(crate::platform::scan::find(file.get_ref()), Ok(text));
        }
    }
}
