//! Pictures of every screen, for looking at: `CAUSERIE_PICTURES=folder cargo test -p causerie pictures`.

use std::path::Path;

use causerie_model::{Connection, Problem};

use crate::context::{Context, Opening};
use crate::i18n::I18n;
use crate::screen::{chats, samples, settings, sign_in, welcome};
use crate::theme::{Contrast, Element, Motion, Theme, Tone};
use crate::widget::harness::Harness;

/// The last two are 480×420 and 800×600 with text of twice the size.
const SIZES: [(f32, f32); 6] =
    [(480.0, 420.0), (800.0, 600.0), (1000.0, 700.0), (1600.0, 1000.0), (240.0, 210.0), (400.0, 300.0)];

fn shoot<'a, Message: 'a>(folder: &Path, name: &str, context: &'a Context, view: Element<'a, Message>) {
    let size = (context.window.width, context.window.height);
    let tone = if context.theme.tone() == Tone::Dark { "dark" } else { "light" };
    let file = format!("{name}-{}-{tone}-{}x{}.png", context.i18n.language().tag(), size.0, size.1);
    Harness::new(size, view).picture(&context.theme, folder.join(file));
}

fn open_bob(context: &Context) -> chats::Chats {
    let mut chats = chats::Chats::default();
    chats.people_changed(context);
    let _ = chats.show(samples::bob(), context);
    let opening = Opening { messages: samples::messages(), limit: 60, ..Opening::default() };
    let opened = chats::timeline::Message::Opened(samples::bob(), opening);
    let _ = chats.update(chats::Message::Timeline(opened), context);
    chats
}

#[test]
fn pictures() {
    let Some(folder) = std::env::var_os("CAUSERIE_PICTURES") else { return };
    let folder = Path::new(&folder);
    for (width, height) in SIZES {
        for (tone, language) in [(Tone::Light, "en"), (Tone::Dark, "fr")] {
            let dress = |mut context: Context| {
                context.theme = Theme::new(tone, Contrast::Normal, Motion::Full);
                context.i18n = I18n::choose(Some(language), &[]);
                context
            };
            let nobody = dress(samples::empty(width, height));
            shoot(folder, "welcome", &nobody, welcome::view(&nobody));
            let mut form = sign_in::SignIn::new("alice@chat.example");
            form.update(sign_in::Message::OptionsToggled, &nobody);
            form.update(sign_in::Message::PasswordChanged("guess".to_owned()), &nobody);
            form.update(sign_in::Message::Submitted, &nobody);
            let refused = Connection::Stopped(Problem::WrongPassword);
            form.update(sign_in::Message::ConnectionChanged(refused), &nobody);
            shoot(folder, "sign-in", &nobody, sign_in::view(&form, &nobody));
            let mut context = dress(samples::lively(width, height));
            let mut chats = open_bob(&context);
            shoot(folder, "chat", &context, chats::view(&chats, &context));
            let _ = chats.update(chats::Message::DetailsPressed, &context);
            let person = context.contact(&samples::bob()).cloned();
            let read = chats::details::Message::Read(samples::bob(), person);
            let _ = chats.update(chats::Message::Details(read), &context);
            shoot(folder, "details", &context, chats::view(&chats, &context));
            let _ = chats.add("nina@", &context);
            shoot(folder, "add", &context, chats::view(&chats, &context));
            samples::request(&mut context);
            if let Some(first) = context.accounts.first_mut() {
                first.connection = Connection::Waiting {
                    problem: Problem::NoNetwork,
                    retry_in: std::time::Duration::from_secs(9),
                };
            }
            let mut list = chats::Chats::default();
            list.people_changed(&context);
            shoot(folder, "list", &context, chats::view(&list, &context));
            let _ = list.update(chats::Message::OwnPressed, &context);
            shoot(folder, "own", &context, chats::view(&list, &context));
            for (page, name) in [
                (settings::Page::Appearance, "appearance"),
                (settings::Page::Accounts, "accounts"),
                (settings::Page::Privacy, "privacy"),
                (settings::Page::Notifications, "notifications"),
                (settings::Page::About, "about"),
            ] {
                let screen = settings::Settings::at(page);
                shoot(folder, name, &context, settings::view(&screen, &context));
            }
        }
    }
}
