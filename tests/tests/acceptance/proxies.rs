//! Through proxies: servers are named and never looked up, and what the proxy does is told.

use acceptance::proxy::{Proxy, Speaks};
use acceptance::{Driven, Kind};
use serde_json::json;

use super::scene::{Scene, on_both_servers, password, texts};

on_both_servers!(
    messages_go_through_proxies_that_die_and_come_back,
    a_wrong_password_of_a_proxy_is_tried_once
);

const USER: &str = "reader";
const PASSWORD: &str = "kept-to-itself";

/// Begins to sign somebody in by the name of the provider alone.
fn begin(driven: &mut Driven, scene: &Scene, name: &str, proxy: &str) {
    driven.ask(&json!({
        "do": "sign_in",
        "jid": scene.server.jid(name),
        "password": password(name),
        "ca_file": scene.server.ca_file(),
        "proxy": proxy,
    }));
}

fn messages_go_through_proxies_that_die_and_come_back(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let proxy = |speaks| Proxy::start(speaks, (USER, PASSWORD), scene.server.port());
    let (mut socks, mut http) = (proxy(Speaks::Socks5), proxy(Speaks::Http));
    let (mut alice, mut bob) = (scene.start("alice"), scene.start("bob"));
    for (driven, name, proxy) in [(&mut alice, "alice", &socks), (&mut bob, "bob", &http)] {
        begin(driven, &scene, name, &proxy.url(USER, PASSWORD));
        driven.event(&json!({ "event": "connection", "state": "online" }));
        scene.wait_for_keys(driven, name);
    }
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "send", "to": bobs, "body": "through one" }));
    bob.event(&json!({ "event": "message", "text": "through one" }));
    bob.ask(&json!({ "do": "send", "to": alices, "body": "through the other" }));
    alice.event(&json!({ "event": "message", "text": "through the other" }));

    for (driven, proxy) in [(&mut alice, &mut socks), (&mut bob, &mut http)] {
        proxy.die();
        driven.event(
            &json!({ "event": "connection", "state": "waiting", "problem": "proxy", "fault": "unreachable" }),
        );
    }
    let written = alice.ask(&json!({ "do": "send", "to": bobs, "body": "meanwhile" }));
    for (driven, proxy) in [(&mut alice, &mut socks), (&mut bob, &mut http)] {
        proxy.come_back();
        driven.ask(&json!({ "do": "network" }));
        driven.event(&json!({ "event": "connection", "state": "online" }));
    }
    alice.event(&json!({ "event": "state", "message": written["message"], "state": "sent" }));
    bob.event(&json!({ "event": "message", "text": "meanwhile" }));
    assert_eq!(texts(&mut bob, &bobs, &alices, "in"), ["through one", "meanwhile"]);
    let (_, domain) = alices.split_once('@').expect("an address");
    for proxy in [&socks, &http] {
        let asked = proxy.asked();
        assert!(asked.len() >= 2 && asked.iter().all(|goal| *goal == format!("{domain}:5222")), "{asked:?}");
        assert_eq!(proxy.refused(), 0);
    }
}

fn a_wrong_password_of_a_proxy_is_tried_once(kind: Kind) {
    let scene = Scene::new(kind, &["alice"]);
    for speaks in [Speaks::Socks5, Speaks::Http] {
        let proxy = Proxy::start(speaks, (USER, PASSWORD), scene.server.port());
        let mut alice = Driven::start(super::scene::DRIVE, &scene.data_of(&format!("alice {speaks:?}")));
        begin(&mut alice, &scene, "alice", &proxy.url(USER, "guessed"));
        alice.event(
            &json!({ "event": "connection", "state": "stopped", "problem": "proxy", "fault": "login" }),
        );
        alice.ask(&json!({ "do": "network" }));
        assert!(alice.quit());
        assert_eq!((proxy.refused(), proxy.asked().len()), (1, 0));
    }
    assert_eq!(scene.server.logins().refused, 0);
}
