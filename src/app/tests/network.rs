//! What was chosen for the network reaches everybody whom it concerns, and outlives the program.

use causerie_model::Password;
use causerie_session::{ProxyKind, Route};

use super::behaviour::{fresh, lively};
use crate::app::{Message, Screen};
use crate::network::{Network, Server, Way};
use crate::screen::{settings, welcome};

fn proxy(user: &str) -> Way {
    Way::Socks5(Server::parse("127.0.0.1:9050", user, 1080).unwrap())
}

#[test]
fn a_choice_counts_for_all_but_who_has_one_of_its_own() {
    let (mut app, _folder) = lively();
    let alice = Some(app.context.accounts[0].account.jid.clone());
    let jid = alice.clone().unwrap();
    assert_eq!(app.route(&app.context.network.in_force(&jid)), Route::Environment);
    let _ = app.set_way(None, Some(proxy("")), None);
    let Route::Through(through) = app.route(&app.context.network.in_force(&jid)) else { panic!("no proxy") };
    assert_eq!((through.kind, through.port, through.login), (ProxyKind::Socks5, 9050, None));
    let _ = app.set_way(alice.clone(), Some(Way::Straight), None);
    assert_eq!(app.route(&app.context.network.in_force(&jid)), Route::Straight);
    assert!(matches!(app.route(&None), Route::Through(_)));
    let _ = app.forget_network(&jid);
    assert!(matches!(app.route(&app.context.network.in_force(&jid)), Route::Through(_)));
}

#[test]
fn a_password_is_waited_for_and_kept_for_as_long_as_it_is_needed() {
    let (mut app, _folder) = lively();
    let secret = Password::new("pw".to_owned());
    let _ = app.set_way(None, Some(proxy("alice")), None);
    assert_eq!(app.route(&None), Route::Unknown, "nothing goes past it meanwhile");
    let _ = app.update(Message::ProxyPasswordRead(None, Some(secret.clone())));
    let Route::Through(through) = app.route(&None) else { panic!("no proxy") };
    assert_eq!(through.login.map(|login| login.password), Some(secret));
    // Left empty when something else is changed.
    let _ = app.set_way(None, Some(proxy("alice")), None);
    assert!(matches!(app.route(&None), Route::Through(_)));
    let _ = app.set_way(None, Some(Way::Straight), None);
    let _ = app.set_way(None, Some(proxy("alice")), None);
    assert_eq!(app.route(&None), Route::Unknown, "it was forgotten");
}

#[test]
fn who_can_t_tell_the_way_connects_nowhere() {
    let (mut app, _folder) = lively();
    app.context.network = Network::Unreadable;
    let jid = app.context.accounts[0].account.jid.clone();
    assert_eq!(app.route(&app.context.network.in_force(&jid)), Route::Unknown);
    assert_eq!(app.route(&None), Route::Unknown);
}

#[test]
fn the_network_is_chosen_before_the_first_connection() {
    let (mut app, _folder) = fresh(None);
    let _ = app.update(Message::EverythingRead(Default::default()));
    let _ = app.update(Message::Welcome(welcome::Message::NetworkPressed));
    assert!(matches!(app.screen, Screen::Settings(_)));
    let _ = app.update(Message::Settings(settings::Message::Closed));
    assert!(matches!(app.screen, Screen::Welcome), "back to where one came from");
}
