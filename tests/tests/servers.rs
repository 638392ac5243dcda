//! The test machinery itself: servers start from nothing, are killed, and come back.

use acceptance::{Kind, Server};

#[test]
fn prosody_starts_and_comes_back() {
    comes_back(Kind::Prosody);
}

#[test]
fn ejabberd_starts_and_comes_back() {
    comes_back(Kind::Ejabberd);
}

fn comes_back(kind: Kind) {
    let mut server = Server::start(kind);
    server.add_user("alice", "pass \"word\"");
    server.kill();
    server.run();
    server.stop();
    assert_eq!(server.logins().accepted, 0);
}
