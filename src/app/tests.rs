//! What happens to the program as a whole; and, in a file of its own, what it looks like.

mod disk_pictures;
mod intents;
mod invite_pictures;
mod links;
mod network;
mod passwords;
mod pictures;
mod safety;
mod waiting;
mod wishes;
mod wizard_pictures;

use causerie_model::{Connection, Problem};

use crate::screen::{chats, samples};
use crate::widget::harness::Harness;

pub(in crate::app) mod behaviour {
    use causerie_model::account::Activity;
    use causerie_model::{ChatState, Command, Event, Notice, Presence, Show};
    use iced::event::Status;
    use iced::keyboard::key::Named;
    use iced::keyboard::{Key, Modifiers};

    use super::*;
    use crate::app::window::{Shortcut, shortcut};
    use crate::app::{App, Message, Screen};
    use crate::platform::arguments::Arguments;
    use crate::platform::folders::Folders;
    use crate::settings::Settings;
    use crate::startup::Startup;
    use samples::{HOME, bob};

    /// The program with a fresh data folder, before anything was read from it.
    pub(in crate::app) fn fresh(uri: Option<&str>) -> (App, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let arguments = Arguments {
            data_dir: Some(folder.path().to_owned()),
            uri: uri.map(ToOwned::to_owned),
            ..Arguments::default()
        };
        let folders = Folders::new(&arguments).unwrap();
        folders.create().unwrap();
        let startup = Startup::new(arguments, folders, Settings::default());
        let (mut app, _) = App::new(startup.clone());
        let _ = app.update(Message::LedgerOpened(startup.ledger()));
        (app, folder)
    }

    /// The same with Alice's account and her people.
    pub(in crate::app) fn lively() -> (App, tempfile::TempDir) {
        let (mut app, folder) = fresh(None);
        app.context = samples::lively(1000.0, 700.0);
        app.screen = Screen::Chats;
        (app, folder)
    }

    #[test]
    fn without_an_account_it_says_welcome() {
        let (mut app, _folder) = fresh(None);
        let _ = app.update(Message::EverythingRead(Default::default()));
        assert!(matches!(app.screen, Screen::Welcome), "{:?}", app.screen);
    }

    #[test]
    fn a_link_only_fills_in() {
        let (mut app, _folder) = fresh(Some("xmpp:bob@chat.example?message;body=hi"));
        let _ = app.update(Message::EverythingRead(Default::default()));
        let Screen::Wizard(wizard) = &app.screen else { panic!("{:?}", app.screen) };
        assert_eq!(wizard.page(), crate::screen::wizard::Page::Invited);
        let found = Harness::new((1000.0, 700.0), app.view()).audit();
        assert!(
            found.iter().any(|found| found.label().contains("bob@chat.example")),
            "what it means is told"
        );
        let (mut app, _folder) = lively();
        for link in ["file:///etc/passwd", "xmpp:", "javascript:alert(1)"] {
            let _ = app.open_link(link);
            assert_eq!(app.chats.open_key(), None, "{link}");
        }
        let _ = app.open_link("xmpp:bob@chat.example");
        assert_eq!(app.chats.open_key(), Some(&bob()));
    }

    #[test]
    fn an_invitation_is_kept_even_from_somebody_with_whom_one_talks() {
        let (mut app, _folder) = lively();
        let _ = app.open_link("xmpp:sami@other.example?roster;preauth=s3cr3t");
        assert_eq!(app.chats.open_key(), None, "nothing is done unasked");
        let submitted = chats::Message::Add(chats::add_contact::Message::Submitted);
        let (_, actions) = app.chats.update(submitted, &app.context);
        let preauth = causerie_model::InviteToken::new("s3cr3t");
        let jid = samples::jid("sami@other.example");
        let command = Command::AddContact { jid, name: None, groups: Vec::new(), preauth };
        assert_eq!(actions.first(), Some(&chats::Action::Ask(HOME, command)));
    }

    #[test]
    fn a_second_link_takes_nothing_away_that_is_known_of_the_same_person() {
        use chats::add_contact::Message as Form;
        let (mut app, _folder) = lively();
        let press = |app: &mut App, message| app.chats.update(chats::Message::Add(message), &app.context).1;
        let _ = app.open_link("xmpp:nina@far.example?roster;preauth=s3cr3t;name=Nina");
        press(&mut app, Form::NameChanged("My Nina".to_owned()));
        let _ = app.open_link("xmpp:nina@far.example");
        let preauth = causerie_model::InviteToken::new("s3cr3t");
        let (jid, name) = (samples::jid("nina@far.example"), Some("My Nina".to_owned()));
        let command = Command::AddContact { jid, name, groups: Vec::new(), preauth };
        assert_eq!(press(&mut app, Form::Submitted).first(), Some(&chats::Action::Ask(HOME, command)));
        // Nothing of that is for somebody else.
        let _ = app.open_link("xmpp:nina@far.example?roster;preauth=s3cr3t;name=Nina");
        let _ = app.open_link("xmpp:omar@far.example");
        let jid = samples::jid("omar@far.example");
        let command = Command::AddContact { jid, name: None, groups: Vec::new(), preauth: None };
        assert_eq!(press(&mut app, Form::Submitted).first(), Some(&chats::Action::Ask(HOME, command)));
    }

    #[test]
    fn what_comes_of_an_invitation_reaches_the_page() {
        use causerie_model::{InvitationKind, InvitationsOffered, Notice};
        let (mut app, _folder) = lively();
        let said = |app: &App, words: &str| {
            let found = Harness::new((1000.0, 900.0), app.view()).audit();
            found.iter().any(|found| found.label().contains(words))
        };
        let _ = app.update(Message::Chats(chats::Message::AddPressed));
        let invite = chats::add_contact::Message::InvitePressed;
        let _ = app.update(Message::Chats(chats::Message::Add(invite)));
        let offered = InvitationsOffered { contact: true, account: true };
        let _ = app.update(Message::Session(HOME, vec![Event::InvitationsOffered(offered)]));
        assert!(said(&app, &app.context.i18n.with("invite-account", &[("provider", "chat.example".into())])));
        let make = chats::Message::Invite(chats::invite::Message::MakePressed);
        let _ = app.update(Message::Chats(make));
        let kind = InvitationKind::Contact;
        let notice = Notice::InvitationNotMade { kind, problem: Problem::ConnectionLost };
        let used = Event::InvitationUsed(bob().1, causerie_model::InviteToken::new("used").unwrap());
        let _ = app.update(Message::Session(HOME, vec![Event::Notice(notice), used]));
        assert!(said(&app, &app.context.i18n.get("action-try-again")));
        assert!(said(&app, &app.context.i18n.with("notice-arrived", &[("name", "Bob Martin".into())])));
    }

    #[test]
    fn a_link_to_another_account_is_an_invitation_and_makes_none() {
        for (mut app, _folder) in [fresh(None), lively()] {
            let accounts = app.context.accounts.len();
            let _ = app.open_link("xmpp:carol@other.example?register;preauth=secret");
            let Screen::Wizard(wizard) = &app.screen else { panic!("{:?}", app.screen) };
            assert_eq!(wizard.page(), crate::screen::wizard::Page::Invited);
            let found = Harness::new((1000.0, 700.0), app.view()).audit();
            assert!(found.iter().any(|found| found.label().contains("other.example")));
            assert!(app.registration.is_none(), "nobody is asked by that");
            assert_eq!(app.context.accounts.len(), accounts);
        }
    }

    #[test]
    fn a_link_writes_but_does_not_send() {
        let (mut app, _folder) = lively();
        let _ = app.open_link("xmpp:bob@chat.example?message;body=all%20well%3F");
        assert_eq!(typed(&mut app).as_deref(), Some("all well?"));
    }

    /// What is in the field that one writes in.
    fn typed(app: &mut App) -> Option<String> {
        let kept = app.chats.leave(&app.context);
        kept.into_iter().find_map(|action| match action {
            chats::Action::Ask(_, Command::SaveDraft { text, .. }) => Some(text.to_string()),
            _ => None,
        })
    }

    #[test]
    fn a_link_to_a_stranger_asks_nothing_before_somebody_presses() {
        use chats::add_contact::Message as Form;
        let press = |app: &mut App, message| {
            let _ = app.update(Message::Chats(chats::Message::Add(message)));
        };
        let stranger = (HOME, samples::jid("x@evil.test"));
        for (pressed, adds) in [(Form::WritePressed, false), (Form::Submitted, true)] {
            let (mut app, _folder) = lively();
            for link in ["xmpp:x@evil.test", "xmpp:x@evil.test?subscribe", "xmpp:x@evil.test?message;body=hi"]
            {
                let _ = app.open_link(link);
                assert_eq!(app.asked.take(), [], "{link}");
                assert_eq!(app.chats.open_key(), None, "{link}");
            }
            let found = Harness::new((1400.0, 900.0), app.view()).audit();
            assert!(found.iter().any(|found| found.label() == app.context.i18n.get("add-write")));
            assert_eq!(app.chats.main_field(), chats::add_contact::ADDRESS);
            press(&mut app, pressed);
            let asked: Vec<Command> = app.asked.take().into_iter().map(|(_, command)| command).collect();
            assert_eq!(asked.iter().any(|one| matches!(one, Command::AddContact { .. })), adds);
            assert!(asked.contains(&Command::OpenConversation(stranger.1.clone())));
            assert_eq!(app.chats.open_key(), Some(&stranger));
            assert_eq!(typed(&mut app).as_deref(), Some("hi"));
        }
        // Somebody else's address in the form does not get the text.
        let (mut app, _folder) = lively();
        let _ = app.open_link("xmpp:x@evil.test?message;body=hi");
        press(&mut app, Form::AddressChanged("nina@far.example".to_owned()));
        press(&mut app, Form::Submitted);
        assert_eq!(typed(&mut app), None);
    }

    #[test]
    fn a_link_that_leads_nowhere_is_explained() {
        let (mut app, _folder) = lively();
        for (link, said) in [
            ("xmpp:room@rooms.example?join", "link-room"),
            ("xmpp:bob@chat.example?sendfile", "link-unknown"),
            ("xmpp:bob@chat.example?remove", "link-remove"),
            ("xmpp:alice@chat.example?unregister", "link-unregister"),
            ("xmpp:alice@chat.example?register;preauth=x", "link-account-known"),
            ("xmpp:@@@", "link-no-address"),
        ] {
            let _ = app.open_link(link);
            assert_eq!(app.chats.open_key(), None, "{link}");
            let said = match said {
                "link-unknown" | "link-no-address" => app.context.i18n.get(said),
                named => {
                    let name = link.trim_start_matches("xmpp:").split('?').next().unwrap_or_default();
                    app.context.i18n.with(named, &[("name", name.into())])
                }
            };
            let found = Harness::new((1000.0, 700.0), app.view()).audit();
            assert!(found.iter().any(|found| found.label() == said), "{link}");
            let close = crate::screen::link::Message::Closed;
            let _ = app.update(Message::Link(close));
            assert!(app.trouble.is_none());
        }
        let _ = app.update(Message::LinkFailed("https://example.org".to_owned()));
        let said = app.context.i18n.get("link-no-program");
        assert!(Harness::new((1000.0, 700.0), app.view()).audit().iter().any(|found| found.label() == said));
    }

    #[test]
    fn a_link_with_keys_shows_and_decides_nothing() {
        use crate::screen::keys;
        let (mut app, _folder) = lively();
        let devices = samples::devices();
        let hex = devices.theirs[1].fingerprint.to_string().replace(' ', "");
        let labels = |app: &App| -> Vec<String> {
            let found = Harness::new((1400.0, 900.0), app.view()).audit();
            found.iter().map(|found| found.label().to_owned()).collect()
        };
        let read = |app: &mut App| {
            let read = keys::Message::Read(bob(), samples::devices());
            let read = chats::details::Message::Keys(read);
            let (_, actions) = app.chats.update(chats::Message::Details(read), &app.context);
            assert_eq!(actions, [], "nothing is asked of anybody");
        };
        let _ = app.open_link(&format!("xmpp:bob@chat.example?omemo-sid-31={hex}"));
        read(&mut app);
        assert!(labels(&app).iter().any(|label| label.starts_with("The key of Bob Martin matches.")));
        let _ = app.open_link(&format!("xmpp:bob@chat.example?omemo-sid-31={}", "0".repeat(64)));
        read(&mut app);
        assert!(labels(&app).iter().any(|label| label.starts_with("A key does not match.")));
        // Our own are compared on the page about our own.
        let _ = app.open_link(&format!("xmpp:alice@chat.example?omemo-sid-31={hex}"));
        assert!(matches!(&app.screen, Screen::Settings(settings) if settings.is_comparing()));
        app.screen = Screen::Chats;
        for (link, said) in [
            (format!("xmpp:stranger@far.example?omemo-sid-31={hex}"), "link-keys-of-stranger"),
            ("xmpp:bob@chat.example?omemo-sid-31=1".to_owned(), "compare-malformed"),
        ] {
            let _ = app.open_link(&link);
            let said = app.context.i18n.with(said, &[("name", "stranger@far.example".into())]);
            assert!(labels(&app).contains(&said), "{link}");
            let _ = app.update(Message::Link(crate::screen::link::Message::Closed));
        }
    }

    #[test]
    fn a_picture_is_taken_only_where_keys_are_compared() {
        use crate::app::window;
        use crate::screen::keys;
        let (mut app, _folder) = lively();
        let dropped = || Message::Window(window::Message::Dropped("code.png".into()));
        let reading = |app: &App| {
            let found = Harness::new((1400.0, 900.0), app.view()).audit();
            found.iter().any(|found| found.label() == app.context.i18n.get("compare-reading"))
        };
        let _ = app.open_link("xmpp:bob@chat.example");
        let _ = app.update(Message::Chats(chats::Message::DetailsPressed));
        let _ = app.update(dropped());
        assert!(!reading(&app));
        let compare = chats::details::Message::Keys(keys::Message::ComparePressed);
        let _ = app.update(Message::Chats(chats::Message::Details(compare)));
        let _ = app.update(dropped());
        assert!(reading(&app));
    }

    #[test]
    fn what_was_encrypted_is_not_put_on_the_screen_unless_one_asked_for_it() {
        use crate::settings::Notifications;
        assert_eq!(Settings::default().notifications, Notifications::Name);
        let (mut app, _folder) = lively();
        app.context.attention = crate::context::Attention::Elsewhere;
        let event = Event::MessageReceived { peer: bob().1, id: causerie_model::MessageId(1) };
        let task = app.update(Message::Session(HOME, vec![event]));
        // The text is not even read from the disk.
        assert_eq!(task.units(), 0);
    }

    #[test]
    fn a_ledger_that_is_refused_is_explained() {
        let (mut app, _folder) = fresh(None);
        let _ = app.update(Message::LedgerOpened(Some(Err(Problem::DatabaseNewer))));
        assert!(matches!(app.screen, Screen::Refused(Problem::DatabaseNewer)));
        let texts = Harness::new((800.0, 600.0), app.view()).texts();
        assert!(
            texts.iter().any(|(text, _)| text.contains("newer version") || text.contains("plus récente"))
        );
    }

    #[test]
    fn who_is_there_and_who_writes_is_kept_until_we_go_offline() {
        let (mut app, _folder) = lively();
        let peer = bob().1;
        let typing = Event::ChatStateChanged { peer: peer.clone(), state: ChatState::Composing };
        let away = Presence::Online { show: Show::Away, status: String::new() };
        let here = Event::PresenceChanged { peer, presence: away.clone() };
        let _ = app.update(Message::Session(HOME, vec![here, typing]));
        assert_eq!(app.context.presence(&bob()), away);
        assert!(app.context.is_typing(&bob()));
        let _ = app.update(Message::Session(HOME, vec![Event::PresenceForgotten]));
        assert_eq!(app.context.presence(&bob()), Presence::Offline);
        assert!(!app.context.is_typing(&bob()));
    }

    #[test]
    fn a_connection_is_shown_and_the_question_about_plain_is_asked_once() {
        let (mut app, _folder) = lively();
        let stopped = Connection::Stopped(Problem::PlainOnly);
        let events = vec![Event::Notice(Notice::PlainOnly), Event::ConnectionChanged(stopped)];
        let _ = app.update(Message::Session(HOME, events));
        let label = app.context.i18n.get("plain-allow");
        let found = Harness::new((1000.0, 700.0), app.view()).audit();
        assert_eq!(found.iter().filter(|found| found.label() == label).count(), 1);
    }

    #[test]
    fn who_is_signed_in_less_safely_is_asked() {
        let (mut app, _folder) = lively();
        let labels = |app: &App| -> Vec<String> {
            Harness::new((1000.0, 700.0), app.view())
                .audit()
                .iter()
                .map(|found| found.label().to_owned())
                .collect()
        };
        let label = app.context.i18n.get("downgrade-allow");
        assert!(!labels(&app).contains(&label));
        let stopped = Connection::Stopped(Problem::Downgrade);
        let _ = app.update(Message::Session(HOME, vec![Event::ConnectionChanged(stopped)]));
        assert!(labels(&app).contains(&label));
        let (_, actions) = app.chats.update(chats::Message::WeakerAllowed(HOME), &app.context);
        assert_eq!(actions, [chats::Action::Ask(HOME, Command::AllowWeaker)]);
    }

    #[test]
    fn who_went_offline_stays_so_at_the_next_start() {
        let (mut app, _folder) = lively();
        let chosen = |app: &mut App, message| {
            let _ = app.update(Message::Chats(chats::Message::OwnPressed));
            let _ = app.update(Message::Chats(chats::Message::Own(message)));
            app.context.accounts.iter().map(|account| account.account.activity).collect::<Vec<_>>()
        };
        assert_eq!(chosen(&mut app, chats::own::Message::OfflineChosen), [Activity::Paused]);
        for account in &mut app.context.accounts {
            account.connection = Connection::Offline;
        }
        let back = chats::own::Message::Chosen(Show::Available);
        assert_eq!(chosen(&mut app, back), [Activity::Active]);
    }

    #[test]
    fn keys_that_work_everywhere() {
        let letter = |text: &str| Key::Character(text.into());
        let key = |key: &Key, modifiers, status| shortcut(key, modifiers, status);
        let ctrl = Modifiers::COMMAND;
        assert_eq!(key(&letter("k"), ctrl, Status::Captured), Some(Shortcut::Filter));
        assert_eq!(key(&letter(","), ctrl, Status::Ignored), Some(Shortcut::Settings));
        assert_eq!(key(&letter("n"), ctrl, Status::Ignored), Some(Shortcut::Add));
        assert_eq!(key(&letter("k"), Modifiers::empty(), Status::Ignored), None);
        assert_eq!(key(&letter("n"), ctrl | Modifiers::ALT, Status::Ignored), None, "AltGr writes letters");
        let page_up = Key::Named(Named::PageUp);
        assert_eq!(key(&page_up, Modifiers::empty(), Status::Ignored), Some(Shortcut::PageUp));
        assert_eq!(key(&page_up, Modifiers::empty(), Status::Captured), None);
    }
}
