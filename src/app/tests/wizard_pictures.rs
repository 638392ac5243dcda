//! Pictures of the wizard: `CAUSERIE_PICTURES=folder cargo test -p causerie wizard_pictures`.

use std::path::Path;

use super::pictures::{LOOKS, Look};
use crate::i18n::I18n;
use crate::platform::chooser::{Chooser, Way};
use crate::screen::wizard::{stages, view};
use crate::screen::{link, path, samples, sheet, welcome};
use crate::theme::Theme;
use crate::widget::focus::focus;
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
    let mut chooser = Chooser::default();
    chooser.set_way(Way::Typed);
    let _chosen = chooser.save(context.i18n.get("recovery-title"), "alice.pdf".to_owned(), "PDF", "pdf");
    let typing = chooser.asked().map(path::Typing::new).unwrap();
    let mut window = Harness::new(look.size, path::view(&typing, &context));
    window.perform(focus(path::FIELD) as iced::Task<()>);
    window.picture(&context.theme, file("path"));
    drop(window);
    let known = link::Trouble::Known {
        jid: samples::jid("bob@chat.example"),
        name: "Bob Martin".to_owned(),
        link: "xmpp:bob@chat.example?message;body=hi".to_owned(),
    };
    Harness::new(look.size, link::view(&known, &context)).picture(&context.theme, file("link-known"));
    for (name, wizard) in stages::all(&context) {
        // The provider has the picture that others still see.
        context.accounts.clear();
        if name == "ready-picture-seen" {
            let mut own =
                samples::account(samples::HOME, "alice@chapril.org", causerie_model::Connection::Online);
            own.account.profile.picture = Some(causerie_model::AvatarHash([7; 20]));
            context.accounts.push(own);
        }
        let mut window = Harness::new(look.size, view(&wizard, &context));
        let written = name == "ready-sheet";
        window.perform(if written { focus(sheet::OPEN) } else { wizard.focus::<()>() });
        window.picture(&context.theme, file(&format!("wizard-{name}")));
    }
}
