//! Pictures of the wizard: `CAUSERIE_PICTURES=folder cargo test -p causerie wizard_pictures`.

use std::path::Path;

use super::pictures::{LOOKS, Look};
use crate::i18n::I18n;
use crate::screen::wizard::{stages, view};
use crate::screen::{samples, welcome};
use crate::theme::Theme;
use crate::widget::harness::Harness;

#[test]
fn wizard_pictures() {
    let Some(folder) = std::env::var_os("CAUSERIE_PICTURES") else { return };
    let only = std::env::var("CAUSERIE_LOOK").unwrap_or_default();
    for look in LOOKS.iter().filter(|look| look.name.contains(&only)) {
        shoot(Path::new(&folder), look);
    }
}

fn shoot(folder: &Path, look: &Look) {
    let mut context = samples::empty(look.size.0, look.size.1);
    context.theme = Theme::new(look.tone, look.contrast);
    context.i18n = I18n::choose(Some(look.language), &[]);
    let file = |name: &str| folder.join(format!("{name}-{}.png", look.name));
    Harness::new(look.size, welcome::view(&context)).picture(&context.theme, file("welcome"));
    for (name, wizard) in stages::all(&context) {
        let mut window = Harness::new(look.size, view(&wizard, &context));
        window.perform(wizard.focus::<()>());
        window.picture(&context.theme, file(&format!("wizard-{name}")));
    }
}
