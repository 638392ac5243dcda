//! What we show of ourselves, our account at its server, moving, invitations, and lists of contacts.

use std::thread;
use std::time::{Duration, Instant};

use acceptance::relay::Relay;
use acceptance::{Driven, Kind};
use serde_json::{Value, json};

use super::scene::{Scene, contact, on_both_servers, password};

on_both_servers!(
    name_and_picture_are_seen_by_others_and_by_our_other_devices,
    a_password_is_changed,
    a_password_change_without_an_answer_locks_nobody_out,
    an_account_is_deleted_on_its_server,
    another_server_address_is_used_at_once,
    somebody_who_moved_is_told_from_somebody_who_says_so,
    contacts_are_taken_along,
    an_account_can_go_from_this_machine_whole,
);

/// The smallest picture there is, in PNG: one pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

fn account(driven: &mut Driven, jid: &str) -> Value {
    driven.ask(&json!({ "do": "account", "account": jid }))
}

fn name_and_picture_are_seen_by_others_and_by_our_other_devices(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    let mut other = Driven::start(super::scene::DRIVE, &scene.data_of("alice, elsewhere"));
    other.sign_in(&scene.server, "alice", &password("alice"));
    // ejabberd tells of names only those whose presence has come to one of our devices, and it chooses which.
    bob.ask(&json!({ "do": "set_presence", "show": "away" }));
    for device in [&mut alice, &mut other] {
        device.event(&json!({ "event": "presence", "jid": bobs, "show": "away" }));
    }

    let file = scene.data_of("picture.png");
    std::fs::write(&file, PIXEL).unwrap();
    alice.ask(&json!({ "do": "publish_name", "name": "Alice au pays <&>" }));
    alice.ask(&json!({ "do": "publish_picture", "file": file }));
    alice.event(&json!({ "event": "profile", "part": "name" }));
    alice.event(&json!({ "event": "profile", "part": "picture" }));
    let shown = account(&mut alice, &alices);
    assert_eq!(shown["name"], "Alice au pays <&>");
    assert!(shown["picture"].is_string(), "{shown}");
    other.until(&json!({ "do": "account" }), |answer| {
        answer["name"] == shown["name"] && answer["picture"] == shown["picture"]
    });
    bob.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &alices).is_some_and(|alice| alice["nickname"] == shown["name"])
    });

    // The other device changes its mind, and the first shows it, offline too.
    other.ask(&json!({ "do": "publish_picture" }));
    other.ask(&json!({ "do": "publish_name", "name": "Lili" }));
    alice
        .until(&json!({ "do": "account" }), |answer| answer["picture"].is_null() && answer["name"] == "Lili");
    assert!(alice.quit());
    let mut alice = scene.start("alice");
    assert_eq!(account(&mut alice, &alices)["name"], "Lili");
    // What is wanted while offline is done when online.
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), scene.server.port());
    alice.ask(&json!({ "do": "publish_name" }));
    alice.event(&json!({ "event": "profile", "part": "name" }));
    assert_eq!(account(&mut alice, &alices)["name"], Value::Null);
    other.until(&json!({ "do": "account" }), |answer| answer["name"].is_null());
    assert_eq!(contact(&alice.ask(&json!({ "do": "contacts" })), &bobs).unwrap()["subscription"], "both");
}

fn a_password_is_changed(kind: Kind) {
    let scene = Scene::new(kind, &["alice"]);
    let mut alice = scene.online("alice");
    alice.ask(&json!({ "do": "change_password", "password": "n\u{e9}w & <b>\"b\u{e9}tter\"</b> '" }));
    alice.event(&json!({ "event": "password_changed" }));
    // It is the one in use from then on, without being given again.
    alice.ask(&json!({ "do": "sign_out" }));
    alice.event(&json!({ "event": "connection", "state": "offline" }));
    alice.ask(&json!({ "do": "reconnect" }));
    alice.event(&json!({ "event": "connection", "state": "online" }));
    assert!(alice.quit());
    let mut old = scene.start("alice");
    old.begin_sign_in(&scene.server, "alice", &password("alice"), scene.server.port());
    old.event(&json!({ "event": "connection", "state": "stopped", "problem": "wrong_password" }));
}

fn a_password_change_without_an_answer_locks_nobody_out(kind: Kind) {
    let mut scene = Scene::new(kind, &["alice"]);
    let relay = Relay::to(scene.server.port());
    let mut alice = scene.start("alice");
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    alice.event(&json!({ "event": "connection", "state": "online" }));
    scene.wait_for_keys(&mut alice, "alice");
    // What we ask reaches the server, and its answer never reaches us: that the new one signs us in says it.
    relay.deafen();
    alice.ask(&json!({ "do": "change_password", "password": "another one" }));
    wait_until_seen(&scene, "another one");
    relay.cut();
    alice.event(&json!({ "event": "password_changed" }));
    alice.event(&json!({ "event": "connection", "state": "online" }));
    assert_eq!(scene.server.logins_after(2).refused, 0);

    // What we ask never reaches the server: the new one is wrong, once, and the old one is right. Where the session goes on, so
    // does the question.
    relay.mute();
    let before = said(&relay);
    alice.ask(&json!({ "do": "change_password", "password": "a third" }));
    // It was asked, and not merely meant to be: that is another case.
    let end = Instant::now() + Duration::from_secs(60);
    while said(&relay) < before + "<iq type='set'><query xmlns='jabber:iq:register'/></iq>".len() {
        assert!(Instant::now() < end, "nothing is asked");
        thread::sleep(Duration::from_millis(20));
    }
    relay.cut();
    alice.event(&json!({ "event": "connection", "state": "online" }));
    alice.event(&json!({ "event": "password_changed" }));
    let logins = scene.server.logins_after(4);
    assert_eq!((logins.accepted, logins.refused), (3, 1));

    // The server has forgotten the session as well.
    relay.mute();
    alice.ask(&json!({ "do": "change_password", "password": "a fourth" }));
    scene.server.stop();
    relay.cut();
    scene.server.run();
    alice.event(&json!({ "event": "notice", "notice": "password_uncertain" }));
    alice
        .event(&json!({ "event": "notice", "notice": "password_not_changed", "problem": "connection_lost" }));
    alice.event(&json!({ "event": "connection", "state": "online" }));
    let logins = scene.server.logins_after(6);
    assert_eq!((logins.accepted, logins.refused), (4, 2));
}

/// How many bytes clients have sent.
fn said(relay: &Relay) -> usize {
    relay.heard().iter().map(|heard| heard.0.len()).sum()
}

fn an_account_is_deleted_on_its_server(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let alices = scene.server.jid("alice");
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    alice.ask(&json!({ "do": "delete_account" }));
    alice.event(&json!({ "event": "account_deleted" }));
    alice.event(&json!({ "event": "connection", "state": "offline" }));
    bob.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &alices).is_none_or(|alice| alice["subscription"] == "none")
    });
    // Nothing is gone from this machine before the app removes it.
    assert!(contact(&alice.ask(&json!({ "do": "contacts" })), &scene.server.jid("bob")).is_some());
    alice.ask(&json!({ "do": "reconnect" }));
    alice.event(&json!({ "event": "connection", "state": "stopped", "problem": "wrong_password" }));
}

fn another_server_address_is_used_at_once(kind: Kind) {
    let scene = Scene::new(kind, &["alice"]);
    let mut alice = scene.online("alice");
    let relay = Relay::to(scene.server.port());
    let address = format!("127.0.0.1:{}", relay.port());
    alice.ask(&json!({ "do": "set_server", "server": address }));
    alice.event(&json!({ "event": "connection", "state": "connecting" }));
    alice.event(&json!({ "event": "connection", "state": "online" }));
    assert_eq!(relay.heard().len(), 1);
    assert_eq!(account(&mut alice, &scene.server.jid("alice"))["server"], address);
    assert!(alice.quit());
    let mut alice = scene.start("alice");
    assert_eq!(account(&mut alice, &scene.server.jid("alice"))["server"], address);
}

fn somebody_who_moved_is_told_from_somebody_who_says_so(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob", "alicia", "mallory"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let [alices, bobs, alicias, mallorys] =
        ["alice", "bob", "alicia", "mallory"].map(|name| scene.server.jid(name));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    bob.ask(&json!({ "do": "edit_contact", "jid": alices, "name": "Alice", "groups": ["Amis"] }));

    // Nobody believes who only says so.
    let mut mallory = scene.online("mallory");
    let add = json!({ "do": "add_contacts", "contacts": [{ "jid": bobs }], "moved_from": alices });
    mallory.ask(&add);
    bob.until(&json!({ "do": "requests" }), |answer| answer["requests"][0]["jid"] == *mallorys);

    alice.ask(&json!({ "do": "announce_move", "to": alicias }));
    alice.until(&json!({ "do": "account" }), |answer| answer["moved_to"] == *alicias);
    let mut alicia = scene.online("alicia");
    alicia.ask(&add);
    alicia.event(&json!({ "event": "adding", "done": 1, "failed": 0, "waiting": 0 }));
    let answer = bob.until(&json!({ "do": "requests" }), |answer| {
        answer["requests"].as_array().is_some_and(|requests| {
            requests.iter().any(|request| request["jid"] == *alicias && request["moved_from"] == *alices)
        })
    });
    let of = |jid: &str| answer["requests"].as_array().unwrap().iter().find(|it| it["jid"] == *jid).cloned();
    assert_eq!(of(&mallorys).unwrap()["moved_from"], Value::Null);

    bob.ask(&json!({ "do": "accept", "jid": alicias }));
    bob.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &alicias).is_some_and(|alicia| {
            alicia["name"] == "Alice"
                && alicia["groups"] == json!(["Amis"])
                && alicia["subscription"] == "both"
        })
    });
    // The old address does not see Bob any more.
    bob.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &alices).is_some_and(|alice| alice["subscription"] == "to")
    });
    alice.ask(&json!({ "do": "announce_move" }));
    alice.until(&json!({ "do": "account" }), |answer| answer["moved_to"].is_null());
}

fn contacts_are_taken_along(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob", "carol"]);
    let mut alice = scene.online("alice");
    let (bobs, carols) = (scene.server.jid("bob"), scene.server.jid("carol"));
    let text = format!(
        "nom;adresse;groupes\nBob;{bobs};\"Amis; Voisins\"\n\"Carol; la s\u{153}ur\";{carols};\nnobody;;\n"
    );
    let read = alice.ask(&json!({ "do": "import", "text": text }));
    assert_eq!(read["unread"], json!([4]));
    assert_eq!(alice.ask(&json!({ "do": "contacts" }))["contacts"], json!([]), "nobody is added unasked");
    alice.ask(&json!({ "do": "add_contacts", "contacts": read["contacts"] }));
    alice.event(&json!({ "event": "adding", "done": 2, "failed": 0, "waiting": 0 }));
    let answer = alice.until(&json!({ "do": "contacts" }), |answer| {
        [&bobs, &carols].iter().all(|jid| contact(answer, jid).is_some_and(|it| it["asked"] == true))
    });
    assert_eq!(contact(&answer, &bobs).unwrap()["groups"], json!(["Amis", "Voisins"]));
    let exported = alice.ask(&json!({ "do": "export" }))["text"].clone();
    let again = alice.ask(&json!({ "do": "import", "text": exported }));
    assert_eq!(again["contacts"][1]["name"], "Carol; la s\u{153}ur");
    assert_eq!(again["contacts"][0], json!({ "jid": bobs, "name": "Bob", "groups": ["Amis", "Voisins"] }));
}

fn an_account_can_go_from_this_machine_whole(kind: Kind) {
    let scene = Scene::new(kind, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    scene.befriend(&mut alice, "alice", &mut bob, "bob");
    bob.ask(&json!({ "do": "send", "to": scene.server.jid("alice"), "body": "mirabelle" }));
    alice.event(&json!({ "event": "message", "text": "mirabelle" }));
    alice.ask(&json!({ "do": "remove" }));
    assert_eq!(alice.ask(&json!({ "do": "accounts" }))["accounts"], json!([]));
    assert!(alice.quit());
    for file in std::fs::read_dir(scene.data_of("alice")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for gone in ["mirabelle", "bob@"] {
            assert!(!bytes.windows(gone.len()).any(|window| window == gone.as_bytes()), "{gone}");
        }
    }
}

#[test]
fn invitations_of_a_server_that_makes_them() {
    let scene = Scene::new(Kind::Prosody, &["alice", "bob"]);
    let (mut alice, mut bob) = (scene.online("alice"), scene.online("bob"));
    let (alices, bobs) = (scene.server.jid("alice"), scene.server.jid("bob"));
    alice.ask(&json!({ "do": "look_up_invitations" }));
    alice.event(&json!({ "event": "invitations", "contact": true, "to_account": false }));
    alice.ask(&json!({ "do": "invite", "to_account": true }));
    alice.event(&json!({ "event": "notice", "notice": "invitation_not_made", "problem": "not_supported" }));
    alice.ask(&json!({ "do": "invite" }));
    let made = alice.event(&json!({ "event": "invitation", "kind": "contact", "issuer": "server" }));
    assert!(made["expires"].is_number(), "{made}");
    let token = token(&made, &alices);
    // The server lets the bearer in, also when nobody is there.
    assert!(alice.quit());
    bob.ask(&json!({ "do": "add_contact", "jid": alices, "preauth": token }));
    bob.until(&json!({ "do": "contacts" }), |answer| {
        contact(answer, &alices).is_some_and(|alice| alice["subscription"] != "none")
    });
    let mut alice = scene.online("alice");
    // Prosody 0.12.3 tells the bearer the next time they sign in.
    bob.ask(&json!({ "do": "sign_out" }));
    bob.event(&json!({ "event": "connection", "state": "offline" }));
    bob.ask(&json!({ "do": "reconnect" }));
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.until(&json!({ "do": "contacts" }), |answer| {
            contact(answer, peer).is_some_and(|entry| entry["subscription"] == "both")
        });
    }
    assert_eq!(alice.ask(&json!({ "do": "requests" }))["requests"], json!([]), "nobody was asked");
}

#[test]
fn invitations_of_our_own() {
    let scene = Scene::new(Kind::Ejabberd, &["alice", "bob", "mallory", "carol"]);
    let (mut alice, mut bob, mut carol) = (scene.online("alice"), scene.online("bob"), scene.online("carol"));
    scene.befriend(&mut alice, "alice", &mut carol, "carol");
    let [alices, bobs, mallorys] = ["alice", "bob", "mallory"].map(|name| scene.server.jid(name));
    alice.ask(&json!({ "do": "look_up_invitations" }));
    alice.event(&json!({ "event": "invitations", "contact": false, "to_account": false }));
    alice.ask(&json!({ "do": "invite" }));
    let made = alice.event(&json!({ "event": "invitation", "kind": "contact", "issuer": "this_device" }));
    let token = token(&made, &alices);
    // It is remembered. Who is not there when it is shown is asked as usual: this server keeps requests, and not what is in them.
    assert!(alice.quit());
    let mut alice = scene.online("alice");
    alice.event(&json!({ "event": "presence", "jid": scene.server.jid("carol"), "show": "available" }));
    bob.ask(&json!({ "do": "add_contact", "jid": alices, "preauth": token }));
    alice.event(&json!({ "event": "invitation_used", "jid": bobs }));
    for (driven, peer) in [(&mut alice, &bobs), (&mut bob, &alices)] {
        driven.until(&json!({ "do": "contacts" }), |answer| {
            contact(answer, peer).is_some_and(|entry| entry["subscription"] == "both")
        });
    }
    assert_eq!(alice.ask(&json!({ "do": "requests" }))["requests"], json!([]));
    // And good once.
    let mut mallory = scene.online("mallory");
    mallory.ask(&json!({ "do": "add_contact", "jid": alices, "preauth": token }));
    alice.until(&json!({ "do": "requests" }), |answer| answer["requests"][0]["jid"] == *mallorys);
    assert_eq!(contact(&alice.ask(&json!({ "do": "contacts" })), &mallorys), None);
}

/// Waits until the server has been told something.
fn wait_until_seen(scene: &Scene, text: &str) {
    let end = Instant::now() + Duration::from_secs(60);
    while !scene.server.seen().contains(text) {
        assert!(Instant::now() < end, "the server was never told {text}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The token in an invitation's link.
fn token(made: &Value, address: &str) -> String {
    let uri = made["uri"].as_str().expect("a link");
    let rest = uri.strip_prefix(&format!("xmpp:{address}?roster;preauth=")).expect(uri);
    rest.split(';').next().expect("a token").to_owned()
}
