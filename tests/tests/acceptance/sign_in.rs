//! Passwords and certificates.

use acceptance::relay::Relay;
use acceptance::server::Logins;
use acceptance::{Driven, Flaw, Kind, Server};
use serde_json::json;

use super::scene::{DRIVE, Scene, folder, on_both_servers, password};

on_both_servers!(
    a_wrong_password_is_tried_once,
    a_bad_certificate_gets_no_credentials,
    tls_from_the_first_byte,
    an_unknown_account_is_a_wrong_password,
);

fn a_wrong_password_is_tried_once(kind: Kind) {
    let scene = Scene::new(kind, &["alice"]);
    let relay = Relay::to(scene.server.port());
    let mut alice = scene.start("alice");
    alice.begin_sign_in(&scene.server, "alice", "not it", relay.port());
    alice.event(&json!({ "event": "connection", "state": "stopped", "problem": "wrong_password" }));
    assert_eq!(scene.server.logins_after(1), Logins { accepted: 0, refused: 1 });
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    alice.event(&json!({ "event": "connection", "state": "online" }));
    assert_eq!(scene.server.logins_after(2), Logins { accepted: 1, refused: 1 });
    assert_eq!(relay.heard().len(), 2, "connections");
    assert!(alice.quit());
}

fn an_unknown_account_is_a_wrong_password(kind: Kind) {
    let scene = Scene::new(kind, &[]);
    let mut nobody = scene.start("nobody");
    nobody.begin_sign_in(&scene.server, "nobody", "anything", scene.server.port());
    nobody.event(&json!({ "event": "connection", "state": "stopped", "problem": "wrong_password" }));
}

fn tls_from_the_first_byte(kind: Kind) {
    let scene = Scene::new(kind, &["alice"]);
    let relay = Relay::to(scene.server.tls_port());
    let mut alice = scene.start("alice");
    alice.begin_sign_in(&scene.server, "alice", &password("alice"), relay.port());
    alice.event(&json!({ "event": "connection", "state": "online" }));
}

fn a_bad_certificate_gets_no_credentials(kind: Kind) {
    for flaw in Flaw::ALL {
        let fault = match flaw {
            Flaw::WrongName => "wrong_name",
            Flaw::Expired => "expired",
            Flaw::NotYetValid => "not_yet_valid",
            Flaw::SelfSigned | Flaw::UnknownAuthority => "unknown_issuer",
            Flaw::None => unreachable!("not among the flaws"),
        };
        let server = Server::start_with(kind, flaw);
        server.add_user("alice", &password("alice"));
        for port in [server.port(), server.tls_port()] {
            let relay = Relay::to(port);
            let folder = folder();
            let mut alice = Driven::start(DRIVE, folder.path());
            alice.begin_sign_in(&server, "alice", &password("alice"), relay.port());
            let stopped = alice.event(&json!({ "event": "connection", "state": "stopped" }));
            assert_eq!(
                (&stopped["problem"], &stopped["fault"]),
                (&"certificate".into(), &fault.into()),
                "{flaw:?}"
            );
            assert!(alice.quit());
            let heard = relay.heard();
            let encrypted: usize = heard.iter().flat_map(|heard| heard.encrypted_records()).sum();
            // An alert, which says what is wrong with the certificate.
            assert!(encrypted <= 24, "{flaw:?}: {encrypted} bytes were sent after the certificate");
            for heard in heard {
                let plain = heard.plain();
                assert!(!plain.contains("auth") && !plain.contains("alice"), "{flaw:?}: {plain}");
            }
        }
        assert_eq!(server.logins(), Logins::default());
    }
}
