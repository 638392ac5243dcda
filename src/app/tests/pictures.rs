//! Pictures of every screen, for looking at: `CAUSERIE_PICTURES=folder cargo test -p causerie pictures`.

use std::path::Path;

use causerie_model::{Connection, Notice, Problem};
use iced::Length;
use iced::widget::{container, space, stack};

use crate::context::{Context, Opening};
use crate::i18n::I18n;
use crate::platform::credentials::Fault;
use crate::screen::{chats, link, opening, samples, settings, sign_in, welcome};
use crate::theme::{Contrast, Element, Theme, Tone, style};
use crate::widget::focus;
use crate::widget::harness::Harness;

/// What a window looks like.
struct Look {
    name: &'static str,
    size: (f32, f32),
    tone: Tone,
    contrast: Contrast,
    language: &'static str,
}

const fn look(name: &'static str, size: (f32, f32), tone: Tone, language: &'static str) -> Look {
    Look { name, size, tone, contrast: Contrast::Normal, language }
}

const LOOKS: [Look; 13] = [
    look("light-en-800x600", (800.0, 600.0), Tone::Light, "en"),
    look("light-fr-800x600", (800.0, 600.0), Tone::Light, "fr"),
    look("dark-en-800x600", (800.0, 600.0), Tone::Dark, "en"),
    look("dark-fr-800x600", (800.0, 600.0), Tone::Dark, "fr"),
    look("light-en-1600x1000", (1600.0, 1000.0), Tone::Light, "en"),
    look("light-fr-1600x1000", (1600.0, 1000.0), Tone::Light, "fr"),
    look("dark-fr-1600x1000", (1600.0, 1000.0), Tone::Dark, "fr"),
    look("light-fr-1000x700", (1000.0, 700.0), Tone::Light, "fr"),
    look("light-fr-480x420", (480.0, 420.0), Tone::Light, "fr"),
    // Text of twice the size.
    look("light-en-800x600-twice", (400.0, 300.0), Tone::Light, "en"),
    look("dark-fr-480x420-twice", (240.0, 210.0), Tone::Dark, "fr"),
    Look { contrast: Contrast::High, ..look("contrast-light-en-800x600", (800.0, 600.0), Tone::Light, "en") },
    Look { contrast: Contrast::High, ..look("contrast-dark-fr-800x600", (800.0, 600.0), Tone::Dark, "fr") },
];

struct Studio<'a> {
    folder: &'a Path,
    look: &'a Look,
}

#[test]
fn pictures() {
    let Some(folder) = std::env::var_os("CAUSERIE_PICTURES") else { return };
    for look in &LOOKS {
        let studio = Studio { folder: Path::new(&folder), look };
        studio.beginnings();
        studio.signing_in();
        studio.conversations();
        studio.people();
        studio.settings();
        studio.links();
    }
}

impl Studio<'_> {
    fn shoot<'a, Message: 'a>(&self, name: &str, context: &'a Context, view: Element<'a, Message>) {
        let file = format!("{name}-{}.png", self.look.name);
        Harness::new(self.look.size, view).picture(&context.theme, self.folder.join(file));
    }

    /// The same with the pointer resting on what has this label.
    fn shoot_hint<'a, Message: 'a>(
        &self,
        name: &str,
        label: &str,
        context: &'a Context,
        view: Element<'a, Message>,
    ) {
        let mut ui = Harness::new(self.look.size, view);
        let label = context.i18n.get(label);
        let Some(found) = ui.audit().into_iter().find(|found| found.label() == label) else { return };
        ui.point(found.bounds.center());
        std::thread::sleep(std::time::Duration::from_millis(500));
        ui.frame();
        ui.picture(&context.theme, self.folder.join(format!("{name}-{}.png", self.look.name)));
    }

    fn dress(&self, mut context: Context) -> Context {
        context.theme = Theme::new(self.look.tone, self.look.contrast);
        context.i18n = I18n::choose(Some(self.look.language), &[]);
        context
    }

    fn nobody(&self) -> Context {
        self.dress(samples::empty(self.look.size.0, self.look.size.1))
    }

    fn lively(&self) -> Context {
        self.dress(samples::lively(self.look.size.0, self.look.size.1))
    }

    fn beginnings(&self) {
        let nobody = self.nobody();
        self.shoot("welcome", &nobody, welcome::view(&nobody));
        let folder = Path::new("/home/alice/.local/share/causerie");
        for (name, problem) in [("newer", Problem::DatabaseNewer), ("damaged", Problem::DatabaseDamaged)] {
            self.shoot(&format!("refused-{name}"), &nobody, opening::refused(&problem, folder, &nobody));
        }
    }

    fn signing_in(&self) {
        use sign_in::{Message, SignIn};
        let nobody = self.nobody();
        let shoot = |name: &str, form: &SignIn| self.shoot(name, &nobody, sign_in::view(form, &nobody));
        shoot("sign-in", &SignIn::new(""));
        let mut form = SignIn::new("alice@chat.example");
        form.update(Message::PasswordChanged("guess".to_owned()), &nobody);
        form.update(Message::OptionsToggled, &nobody);
        let then = |form: &mut SignIn, problem| {
            form.update(Message::Submitted, &nobody);
            form.update(Message::ConnectionChanged(Connection::Stopped(problem)), &nobody);
        };
        then(&mut form, Problem::WrongPassword);
        shoot("sign-in-wrong-password", &form);
        form.update(Message::OptionsToggled, &nobody);
        let fault = causerie_model::CertificateFault::NotYetValid;
        then(&mut form, Problem::Certificate(fault));
        shoot("sign-in-certificate", &form);
        form.update(Message::Submitted, &nobody);
        shoot("sign-in-waiting", &form);
        form.update(Message::ConnectionChanged(Connection::Stopped(Problem::PlainOnly)), &nobody);
        shoot("sign-in-plain", &form);
        let mut form = SignIn::new("alice@chat.example");
        form.update(Message::PasswordChanged("right".to_owned()), &nobody);
        form.update(Message::Submitted, &nobody);
        form.update(Message::ConnectionChanged(Connection::Online), &nobody);
        shoot("sign-in-keyring", &form);
        form.update(Message::Kept(Err(Fault::Absent)), &nobody);
        shoot("sign-in-no-keyring", &form);
    }

    fn conversations(&self) {
        let empty = {
            let mut context = self.nobody();
            context.accounts = self.lively().accounts;
            context
        };
        let mut chats = chats::Chats::default();
        chats.people_changed(&empty);
        self.shoot("nobody", &empty, chats::view(&chats, &empty));
        let context = self.lively();
        let mut chats = open_bob(&context);
        self.shoot("chat", &context, chats::view(&chats, &context));
        self.shoot_hint("chat-hint", "message-state-failed", &context, chats::view(&chats, &context));
        let menu = chats::timeline::Message::MenuPressed(causerie_model::MessageId(9));
        let _ = chats.update(chats::Message::Timeline(menu), &context);
        self.shoot("chat-menu", &context, chats::view(&chats, &context));
        let mut silent = chats::Chats::default();
        silent.people_changed(&context);
        let _ = silent.show((samples::HOME, samples::jid("zoe@other.example")), &context);
        let opened = (samples::HOME, samples::jid("zoe@other.example"));
        let opened = chats::timeline::Message::Opened(opened, Opening { limit: 60, ..Opening::default() });
        let _ = silent.update(chats::Message::Timeline(opened), &context);
        self.shoot("chat-silent", &context, chats::view(&silent, &context));
    }

    fn people(&self) {
        use chats::{Chats, Message};
        let mut context = self.lively();
        let mut chats = open_bob(&context);
        let _ = chats.update(Message::DetailsPressed, &context);
        let person = context.contact(&samples::bob()).cloned();
        let _ =
            chats.update(Message::Details(chats::details::Message::Read(samples::bob(), person)), &context);
        self.shoot("details", &context, chats::view(&chats, &context));
        let _ = chats.update(Message::Details(chats::details::Message::RemovePressed), &context);
        self.shoot("details-remove", &context, chats::view(&chats, &context));
        let _ = chats.add("", &context);
        self.shoot("add", &context, chats::view(&chats, &context));
        let _ = chats.add("nina@@faraway", &context);
        let _ = chats.update(Message::Add(chats::add_contact::Message::Submitted), &context);
        self.shoot("add-wrong", &context, chats::view(&chats, &context));

        samples::request(&mut context);
        if let Some(first) = context.accounts.first_mut() {
            let retry_in = std::time::Duration::from_secs(9);
            first.connection = Connection::Waiting { problem: Problem::NoNetwork, retry_in };
        }
        let mut list = Chats::default();
        list.people_changed(&context);
        self.shoot("requests-offline", &context, chats::view(&list, &context));
        let _ = list.update(Message::OwnPressed, &context);
        self.shoot("own", &context, chats::view(&list, &context));
        list.close_menus();
        let filtered = |list: &mut Chats, typed: &str, context: &Context| {
            let _ = list.update(Message::List(chats::list::Message::Filtered(typed.to_owned())), context);
        };
        filtered(&mut list, "bo", &context);
        self.shoot("filter", &context, chats::view(&list, &context));
        filtered(&mut list, "nina@faraway.example", &context);
        self.shoot("filter-address", &context, chats::view(&list, &context));
        filtered(&mut list, "nobody by that", &context);
        self.shoot("filter-nobody", &context, chats::view(&list, &context));

        let mut context = self.lively();
        let other = causerie_model::AccountId(2);
        let stopped = Connection::Stopped(Problem::WrongPassword);
        context.accounts.push(samples::account(other, "alice.work@office.example", stopped));
        let mut list = Chats::default();
        list.people_changed(&context);
        list.notice(samples::HOME, Notice::Unreadable { from: Some(samples::bob().1) });
        self.shoot("two-accounts-notice", &context, chats::view(&list, &context));
    }

    fn settings(&self) {
        use settings::Page;
        let context = self.lively();
        for (page, name) in [
            (Page::Appearance, "appearance"),
            (Page::Accounts, "accounts"),
            (Page::Privacy, "privacy"),
            (Page::Notifications, "notifications"),
            (Page::About, "about"),
        ] {
            let screen = settings::Settings::at(page);
            self.shoot(&format!("settings-{name}"), &context, settings::view(&screen, &context));
        }
        let mut screen = settings::Settings::at(Page::Accounts);
        screen.update(settings::Message::SignOutPressed(samples::HOME), &context);
        self.shoot("settings-sign-out", &context, settings::view(&screen, &context));
        screen.update(settings::Message::SignOutDismissed, &context);
        screen.update(settings::Message::ServerPressed(samples::HOME), &context);
        self.shoot("settings-server", &context, settings::view(&screen, &context));
    }

    fn links(&self) {
        let context = self.lively();
        let chats = open_bob(&context);
        let trouble = link::Trouble::Room(samples::jid("reading-circle@rooms.example"));
        let behind = chats::view(&chats, &context).map(|_| ());
        let shade = container(space::vertical()).width(Length::Fill).height(Length::Fill).style(style::shade);
        let view = stack![focus::inert(behind), shade, link::view(&trouble, &context).map(|_| ())];
        self.shoot("link", &context, view.into());
    }
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
