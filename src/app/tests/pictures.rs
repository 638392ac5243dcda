//! Pictures of every screen, for looking at: `CAUSERIE_PICTURES=folder cargo test -p causerie pictures`; with `CAUSERIE_LOOK=dark-en` only
//! those of the looks whose name has that in it.

use std::path::Path;

use causerie_model::{Connection, Notice, Problem};
use iced::Length;
use iced::widget::{container, space, stack};

use crate::context::{Context, Devices, Opening};
use crate::i18n::I18n;
use crate::platform::credentials::Fault;
use crate::screen::{chats, link, opening, samples, settings, sign_in, welcome};
use crate::theme::{Contrast, Element, Theme, Tone, style};
use crate::widget::focus;
use crate::widget::harness::Harness;

/// What a window looks like.
pub(super) struct Look {
    pub(super) name: &'static str,
    pub(super) size: (f32, f32),
    pub(super) tone: Tone,
    pub(super) contrast: Contrast,
    pub(super) language: &'static str,
}

const fn look(name: &'static str, size: (f32, f32), tone: Tone, language: &'static str) -> Look {
    Look { name, size, tone, contrast: Contrast::Normal, language }
}

pub(super) const LOOKS: [Look; 13] = [
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
    let only = std::env::var("CAUSERIE_LOOK").unwrap_or_default();
    for look in LOOKS.iter().filter(|look| look.name.contains(&only)) {
        let studio = Studio { folder: Path::new(&folder), look };
        studio.beginnings();
        studio.signing_in();
        studio.conversations();
        studio.people();
        studio.settings();
        studio.encryption();
        studio.keys();
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
        let _ = list.update(chats::Message::OwnPressed, &context);
        self.shoot("two-accounts-menu", &context, chats::view(&list, &context));
        let one = chats::own::Message::AccountChosen(Some(other));
        let _ = list.update(chats::Message::Own(one), &context);
        self.shoot("two-accounts-one", &context, chats::view(&list, &context));
    }

    fn settings(&self) {
        use settings::Page;
        let context = self.lively();
        for (page, name) in [
            (Page::Appearance, "appearance"),
            (Page::Accounts, "accounts"),
            (Page::Privacy, "privacy"),
            (Page::Notifications, "notifications"),
            (Page::Network, "network"),
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
        let mut screen = settings::Settings::at(Page::Accounts);
        let more = settings::UpkeepMessage::Pressed(samples::HOME);
        screen.update(settings::Message::Upkeep(more), &context);
        self.shoot("settings-more", &context, settings::view(&screen, &context));
    }

    fn encryption(&self) {
        use causerie_model::{Privacy, Readiness};
        use chats::Message;
        let mut context = self.lively();
        let mut chats = open_bob(&context);
        for (readiness, name) in [
            (Readiness::Unknown, "not-known-yet"),
            (Readiness::NoKeys, "no-keys"),
            (Readiness::OutOfReach, "out-of-reach"),
            (Readiness::Undecided, "undecided"),
            (Readiness::Unavailable, "unavailable"),
            (Readiness::Ready, "panel"),
        ] {
            context.readiness.insert(samples::bob(), readiness);
            if readiness == Readiness::Ready {
                let _ = chats.update(Message::LockPressed, &context);
            }
            self.shoot(&format!("chat-{name}"), &context, chats::view(&chats, &context));
        }
        let _ = chats.update(Message::LockPressed, &context);
        let read = chats::timeline::Message::NewestRead(samples::bob(), samples::guarded(), 60);
        let _ = chats.update(Message::Timeline(read), &context);
        self.shoot("chat-unreadable", &context, chats::view(&chats, &context));
        let mut doubted = samples::doubtful(causerie_model::Trust::Undecided);
        doubted.extend(samples::doubtful(causerie_model::Trust::Distrusted).pop());
        doubted[2].id = causerie_model::MessageId(3);
        let read = chats::timeline::Message::NewestRead(samples::bob(), doubted, 60);
        let _ = chats.update(Message::Timeline(read), &context);
        self.shoot("chat-doubtful", &context, chats::view(&chats, &context));
        let read = chats::timeline::Message::NewestRead(samples::bob(), samples::guarded(), 60);
        let _ = chats.update(Message::Timeline(read), &context);
        let read = chats::timeline::Message::DevicesRead(samples::bob(), samples::devices());
        let _ = chats.update(Message::Timeline(read), &context);
        let menu = chats::timeline::Message::MenuPressed(causerie_model::MessageId(7));
        let _ = chats.update(Message::Timeline(menu), &context);
        let device = samples::devices().theirs[2].device;
        chats.notice(samples::HOME, Notice::KeyReplaced { jid: samples::bob().1, device });
        self.shoot("chat-message-details", &context, chats::view(&chats, &context));
        let mut chats = open_bob(&context);
        let (stored, id) = samples::unreached();
        let read = chats::timeline::Message::NewestRead(samples::bob(), stored, 60);
        let _ = chats.update(Message::Timeline(read), &context);
        let _ = chats.update(Message::Timeline(chats::timeline::Message::MenuPressed(id)), &context);
        self.shoot("chat-unreached", &context, chats::view(&chats, &context));
        context.repairs.insert(samples::bob(), causerie_model::Repair::Begun);
        let _ = chats.update(Message::KeysPressed(samples::bob()), &context);
        let read = crate::screen::keys::Message::Read(samples::bob(), samples::devices());
        let _ = chats.update(Message::Details(chats::details::Message::Keys(read)), &context);
        self.shoot("chat-repair", &context, chats::view(&chats, &context));
        for talk in &mut context.conversations {
            talk.privacy = Privacy::Clear;
        }
        let mut chats = open_bob(&context);
        let mut clear = samples::messages();
        clear.iter_mut().for_each(|message| message.protection = causerie_model::Protection::Clear);
        let read = chats::timeline::Message::NewestRead(samples::bob(), clear, 60);
        let _ = chats.update(Message::Timeline(read), &context);
        self.shoot("chat-clear", &context, chats::view(&chats, &context));
        let _ = chats.update(Message::LockPressed, &context);
        self.shoot("chat-clear-panel", &context, chats::view(&chats, &context));
        let mut context = self.lively();
        context.accounts[0].connection = Connection::Stopped(Problem::KeysLocked);
        let chats = open_bob(&context);
        self.shoot("chat-keys-locked", &context, chats::view(&chats, &context));
        context.accounts[0].connection = Connection::Stopped(Problem::KeysUnreadable);
        self.shoot("chat-keys-unreadable", &context, chats::view(&chats, &context));
    }

    fn keys(&self) {
        use crate::platform::links;
        use crate::screen::keys::{COMPARE, Message};
        let context = self.lively();
        let mut chats = open_bob(&context);
        let update = |chats: &mut chats::Chats, message: Message| {
            let message = chats::Message::Details(chats::details::Message::Keys(message));
            let _ = chats.update(message, &context);
        };
        let _ = chats.update(chats::Message::DetailsPressed, &context);
        let person = context.contact(&samples::bob()).cloned();
        let read = chats::details::Message::Read(samples::bob(), person);
        let _ = chats.update(chats::Message::Details(read), &context);
        update(&mut chats, Message::Read(samples::bob(), samples::devices()));
        let shoot_at = |name: &str, chats: &chats::Chats, id: &'static str| {
            let mut ui = Harness::new(self.look.size, chats::view(chats, &context));
            ui.perform(focus::focus::<()>(id));
            ui.picture(&context.theme, self.folder.join(format!("{name}-{}.png", self.look.name)));
        };
        shoot_at("details-devices", &chats, COMPARE);
        update(&mut chats, Message::GonePressed);
        let mut ui = Harness::new(self.look.size, chats::view(&chats, &context));
        ui.perform(iced::widget::operation::snap_to::<()>(
            chats::details::PAGE,
            iced::widget::scrollable::RelativeOffset { x: 0.0, y: 0.65 },
        ));
        ui.picture(&context.theme, self.folder.join(format!("details-devices-below-{}.png", self.look.name)));
        drop(ui);
        let _ = chats.update(chats::Message::KeysPressed(samples::bob()), &context);
        update(&mut chats, Message::Read(samples::bob(), samples::devices()));
        self.shoot("devices", &context, chats::view(&chats, &context));
        let missing = |number, label: Option<&str>| causerie_model::KeylessDevice {
            device: causerie_model::DeviceId::new(number).unwrap(),
            label: label.map(ToOwned::to_owned),
            standing: causerie_model::Standing::Listed,
        };
        let keyless = vec![missing(27, Some("Bob’s phone")), missing(1_402_211_930, None)];
        let before = Devices { theirs: Vec::new(), keyless, ..samples::devices() };
        update(&mut chats, Message::Read(samples::bob(), before.clone()));
        self.shoot("devices-keyless", &context, chats::view(&chats, &context));
        update(&mut chats, Message::ComparePressed);
        let link = format!("xmpp:bob@chat.example?omemo-sid-27={}", "5e".repeat(32));
        update(&mut chats, Message::LinkTyped(link));
        self.shoot("compare-awaited", &context, chats::view(&chats, &context));
        update(&mut chats, Message::CompareClosed);
        update(&mut chats, Message::Read(samples::bob(), Devices { keyless: Vec::new(), ..before }));
        self.shoot("devices-unknown", &context, chats::view(&chats, &context));
        update(&mut chats, Message::Read(samples::bob(), samples::devices()));
        update(&mut chats, Message::ComparePressed);
        self.shoot("compare", &context, chats::view(&chats, &context));
        let keys = samples::devices().theirs;
        let hex = |place: usize| keys[place].fingerprint.to_string().replace(' ', "");
        let all = format!("xmpp:bob@chat.example?omemo-sid-27={};omemo-sid-31={}", hex(0), hex(1));
        assert!(links::read(&all).is_some());
        update(&mut chats, Message::LinkTyped(all.clone()));
        self.shoot("compare-matches", &context, chats::view(&chats, &context));
        let other = format!("xmpp:bob@chat.example?omemo-sid-27={};omemo-sid-31={}", "5e".repeat(32), hex(1));
        update(&mut chats, Message::LinkTyped(other));
        self.shoot("compare-differs", &context, chats::view(&chats, &context));
        update(&mut chats, Message::LinkTyped(all.replace("bob@", "bob.martin@")));
        self.shoot("compare-somebody-else", &context, chats::view(&chats, &context));

        let (mut own, _) = settings::Settings::at_keys(samples::HOME, None, &context);
        let read = Message::Read((samples::HOME, samples::jid("alice@chat.example")), samples::own_devices());
        own.update(settings::Message::Keys(read), &context);
        self.shoot("own-devices", &context, settings::view(&own, &context));
        let old = samples::own_devices().mine[2].device;
        own.update(settings::Message::Keys(Message::RemovePressed(old)), &context);
        let mut ui = Harness::new(self.look.size, settings::view(&own, &context));
        ui.perform(iced::widget::operation::snap_to_end::<()>(settings::DEVICES));
        ui.picture(&context.theme, self.folder.join(format!("own-devices-remove-{}.png", self.look.name)));
        drop(ui);
        own.update(settings::Message::Keys(Message::ComparePressed), &context);
        self.shoot("own-compare", &context, settings::view(&own, &context));
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

pub(super) fn open_bob(context: &Context) -> chats::Chats {
    let mut chats = chats::Chats::default();
    chats.people_changed(context);
    let _ = chats.show(samples::bob(), context);
    let opening = Opening { messages: samples::messages(), limit: 60, ..Opening::default() };
    let opened = chats::timeline::Message::Opened(samples::bob(), opening);
    let _ = chats.update(chats::Message::Timeline(opened), context);
    chats
}
