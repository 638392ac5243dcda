//! Pictures of what is said when the disk is in trouble: `CAUSERIE_PICTURES=folder cargo test -p causerie disk_pictures`.

use std::path::Path;

use causerie_model::Problem;
use iced::Length;
use iced::widget::{container, space, stack};

use super::pictures::{LOOKS, Look, open_bob};
use crate::context::Context;
use crate::i18n::I18n;
use crate::screen::{chats, leaving, opening, samples};
use crate::theme::{Theme, style};
use crate::widget::focus;
use crate::widget::harness::Harness;
use crate::widget::list::Visible;

#[test]
fn disk_pictures() {
    let Some(folder) = std::env::var_os("CAUSERIE_PICTURES") else { return };
    let only = std::env::var("CAUSERIE_LOOK").unwrap_or_default();
    for look in LOOKS.iter().filter(|look| look.name.contains(&only)) {
        shoot(Path::new(&folder), look);
    }
}

fn shoot(folder: &Path, look: &Look) {
    let dress = |mut context: Context| {
        context.theme = Theme::new(look.tone, look.contrast);
        context.i18n = I18n::choose(Some(look.language), &[]);
        context
    };
    let file = |name: &str| folder.join(format!("{name}-{}.png", look.name));
    let nobody = dress(samples::empty(look.size.0, look.size.1));
    let place = Path::new("/home/alice/.local/share/causerie");
    for (name, problem) in [("full", Problem::DiskFull), ("running", Problem::AlreadyRunning)] {
        let view = opening::refused(&problem, place, &nobody);
        Harness::new(look.size, view).picture(&nobody.theme, file(&format!("refused-{name}")));
    }
    let mut context = dress(samples::lively(look.size.0, look.size.1));
    let mut chats = open_bob(&context);
    let tell = |chats: &mut chats::Chats, message| {
        let _ = chats.update(chats::Message::Timeline(message), &context);
    };
    tell(
        &mut chats,
        chats::timeline::Message::Scrolled(Visible { first: 0, last: 6, at_top: true, at_bottom: false }),
    );
    tell(&mut chats, chats::timeline::Message::FetchingLasts(samples::bob(), 1));
    Harness::new(look.size, chats::view(&chats, &context)).picture(&context.theme, file("older"));
    context.unread = Some(Problem::DiskFailed);
    Harness::new(look.size, chats::view(&chats, &context)).picture(&context.theme, file("unread"));
    let chats = open_bob(&context);
    samples::disk_full(&mut context);
    Harness::new(look.size, chats::view(&chats, &context)).picture(&context.theme, file("unkept"));
    let behind = chats::view(&chats, &context).map(|_| ());
    let shade = container(space::vertical()).width(Length::Fill).height(Length::Fill).style(style::shade);
    let view = stack![focus::inert(behind), shade, leaving::view(&context).map(|_| ())];
    Harness::new(look.size, view).picture(&context.theme, file("leaving"));
}
