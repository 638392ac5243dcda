use causerie_model::Problem;

use super::*;
use crate::screen::samples::{self, HOME};
use crate::screen::walk::walk;

#[test]
fn every_page_is_walked_by_keyboard() {
    for width in [480.0, 1000.0] {
        let context = samples::lively(width, 900.0);
        for page in Page::ALL {
            let settings = Settings::at(page);
            walk("settings", (width, 900.0), view(&settings, &context));
        }
        let mut settings = Settings::at(Page::Accounts);
        for message in [Message::ServerPressed(HOME), Message::SignOutPressed(HOME)] {
            settings.update(message, &context);
            walk("settings of an account", (width, 900.0), view(&settings, &context));
        }
    }
}

#[test]
fn privacy_says_what_encryption_protects_and_what_it_does_not() {
    let context = samples::lively(1000.0, 700.0);
    let settings = Settings::at(Page::Privacy);
    let mut window = crate::widget::harness::Harness::new((1000.0, 700.0), view(&settings, &context));
    let texts = window.texts();
    let says = |key: &str| texts.iter().any(|(text, _)| text.contains(&context.i18n.get(key)));
    assert!(says("encryption-honesty") && says("encryption-on-disk"));
    assert!(!says("not-encrypted-why"), "most of what is written is encrypted end to end");
}

#[test]
fn a_choice_changes_only_itself() {
    let context = samples::lively(1000.0, 700.0);
    let mut settings = Settings::default();
    let action = settings.update(Message::AppearanceChosen(Appearance::Dark), &context);
    let expected = Chosen { appearance: Appearance::Dark, ..context.settings.clone() };
    let Action::Change(changed) = action else { panic!("{action:?}") };
    assert_eq!(changed, expected);
}

#[test]
fn signing_out_is_asked_first_and_escape_takes_it_back() {
    let context = samples::lively(1000.0, 700.0);
    let mut settings = Settings::at(Page::Accounts);
    assert!(matches!(
        settings.update(Message::SignOutPressed(HOME), &context),
        Action::Focus(accounts::CANCEL)
    ));
    let mut window = crate::widget::harness::Harness::new((1000.0, 700.0), view(&settings, &context));
    let texts = window.texts();
    assert!(texts.iter().any(|(text, _)| text.contains("password is forgotten here")), "{texts:?}");
    drop(window);
    assert!(matches!(settings.update(Message::Closed, &context), Action::Focus(BACK)));
    assert_eq!(settings.leaving, None);
    let confirmed = Message::SignOutConfirmed(HOME, History::Delete);
    assert!(matches!(settings.update(confirmed, &context), Action::SignOut(HOME, History::Delete)));
    assert!(matches!(settings.update(Message::Closed, &context), Action::Close));
}

#[test]
fn links_are_asked_for_with_a_click_and_every_answer_is_said() {
    use crate::platform::handler::Fault;
    use crate::widget::harness::Harness;
    for language in ["en", "fr"] {
        let mut context = samples::lively(1000.0, 1200.0);
        context.i18n = crate::i18n::I18n::choose(Some(language), &[]);
        let mut settings = Settings::at(Page::About);
        let mut window = Harness::new((1000.0, 1200.0), view(&settings, &context));
        assert!(window.messages().is_empty(), "nothing is asked by looking");
        window.click(&context.i18n.get("about-links-open"));
        let pressed = window.messages().remove(0);
        drop(window);
        assert!(matches!(settings.update(pressed, &context), Action::HandleLinks));
        assert!(matches!(settings.update(Message::LinksPressed, &context), Action::None), "once at a time");
        let file = std::path::PathBuf::from("/home/alice/.local/share/applications/causerie.desktop");
        for told in [
            Ok(Some(file.clone())),
            Ok(None),
            Err(Fault::NoPlace),
            Err(Fault::Theirs(file.clone())),
            Err(Fault::NotWritten(file)),
            Err(Fault::NoTool),
            Err(Fault::Refused),
        ] {
            settings.update(Message::LinksTold(told.clone()), &context);
            let found = Harness::new((1000.0, 1200.0), view(&settings, &context)).audit();
            let alert = found.iter().find(|found| {
                found.node.as_ref().is_some_and(|node| node.role == crate::widget::access::Role::Alert)
            });
            let said = alert.unwrap().label().to_owned();
            assert!(said.ends_with('.') && !said.contains("about-links"), "{told:?}: {said}");
        }
        walk("links", (1000.0, 1200.0), view(&settings, &context));
        assert!(matches!(settings.update(Message::LinksPressed, &context), Action::HandleLinks), "once more");
    }
}

#[test]
fn a_server_address_is_checked_and_empty_means_as_dns_says() {
    let context = samples::lively(1000.0, 700.0);
    let mut settings = Settings::at(Page::Accounts);
    settings.update(Message::ServerPressed(HOME), &context);
    settings.update(Message::ServerChanged("not a server".to_owned()), &context);
    assert!(matches!(settings.update(Message::ServerSaved, &context), Action::Focus(accounts::SERVER)));
    settings.update(Message::ServerChanged("  ".to_owned()), &context);
    assert!(matches!(settings.update(Message::ServerSaved, &context), Action::SetServer(HOME, None)));
}

#[test]
fn every_problem_has_words_that_do_not_show_their_key() {
    for language in ["en", "fr"] {
        let i18n = crate::i18n::I18n::choose(Some(language), &[]);
        use causerie_model::ProxyFault::{CannotReach, Login, NotUnderstood, Refused, Unknown, Unreachable};
        let proxies = [CannotReach, Login, NotUnderstood, Refused, Unknown, Unreachable].map(Problem::Proxy);
        let others = [
            Problem::TimedOut,
            Problem::WrongPassword,
            Problem::SignInToNetwork,
            Problem::DiskFull,
            Problem::Internal,
        ];
        for problem in others.into_iter().chain(proxies) {
            let said = crate::words::problem(&i18n, &problem, &samples::jid("a@chat.example"));
            assert!(said.ends_with('.') && !said.contains("problem-"), "{said}");
        }
    }
}

#[test]
fn the_devices_of_an_account_are_a_page_that_escape_leaves() {
    let context = samples::lively(1000.0, 900.0);
    let mut settings = Settings::at(Page::Accounts);
    assert!(matches!(settings.update(Message::KeysPressed(HOME), &context), Action::Keys(..)));
    let read = keys::Message::Read((HOME, samples::jid("alice@chat.example")), samples::own_devices());
    settings.update(Message::Keys(read), &context);
    walk("own devices", (1000.0, 900.0), view(&settings, &context));
    settings.update(Message::Keys(keys::Message::ComparePressed), &context);
    walk("comparing own devices", (1000.0, 1600.0), view(&settings, &context));
    assert!(settings.is_comparing());
    settings.update(Message::Closed, &context);
    assert!(settings.keys.is_some() && !settings.is_comparing());
    let old = causerie_model::DeviceId::new(77_777).unwrap();
    settings.update(Message::Keys(keys::Message::RemovePressed(old)), &context);
    settings.update(Message::Closed, &context);
    let confirmed = settings.update(Message::Keys(keys::Message::RemoveConfirmed), &context);
    assert!(matches!(confirmed, Action::Keys(_, HOME, wishes) if wishes.is_empty()));
    settings.update(Message::Closed, &context);
    assert!(settings.keys.is_none());
    assert!(matches!(settings.update(Message::Closed, &context), Action::Close));
}

#[test]
fn a_certificate_out_of_date_is_told_with_the_date_that_this_machine_believes() {
    use causerie_model::CertificateFault::{Expired, NotYetValid};
    let year = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::system()).year().to_string();
    for language in ["en", "fr"] {
        let i18n = crate::i18n::I18n::choose(Some(language), &[]);
        for fault in [Expired, NotYetValid] {
            let said =
                crate::words::problem(&i18n, &Problem::Certificate(fault), &samples::jid("a@chat.example"));
            assert!(said.contains(&year) && said.contains("chat.example"), "{said}");
        }
    }
    let i18n = crate::i18n::I18n::choose(Some("fr"), &[]);
    assert_eq!(i18n.date(samples::NOW, &jiff::tz::TimeZone::UTC), "mardi 24 novembre 2026, 14:33");
}
