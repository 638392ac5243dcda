//! Creating an account, on servers that want different things for it; and signing in to it.

use std::path::PathBuf;

use acceptance::relay::Relay;
use acceptance::{Driven, Flaw, Kind, Registration, Server};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::scene::{DRIVE, folder, on_both_servers, password};
use super::watch::{Expects, Watched};

on_both_servers!(
    an_account_is_made_and_signed_in_to,
    a_taken_name_costs_a_form,
    a_provider_that_takes_nobody_says_so,
    a_provider_with_a_bad_certificate_is_told_nothing,
    a_wire_that_is_cut_while_somebody_types_is_missed_by_nobody,
    a_server_that_is_gone_costs_nothing_that_was_typed,
);

/// Somebody without an account, and a server.
struct Newcomer {
    driven: Driven,
    server: Watched,
    folder: TempDir,
}

impl Newcomer {
    fn at(kind: Kind, registration: Registration) -> Self {
        Self::of(Server::start_registering(kind, registration))
    }

    fn of(server: Server) -> Self {
        let folder = folder();
        let log = folder.path().join("log");
        let log = log.to_str().expect("a plain name").to_owned();
        let driven = Driven::start_with(DRIVE, &folder.path().join("data"), &["--log", &log]);
        Self { driven, server: Watched::new(server, Expects::Nothing), folder }
    }

    /// Turns to the server through that port, as if for the first time.
    fn begin(&mut self, what: &str, port: u16, invitation: Option<&str>) {
        let mut command = json!({
            "do": what,
            "domain": self.server.domain(),
            "server": format!("127.0.0.1:{port}"),
            "ca_file": self.server.ca_file(),
        });
        if let Some(invitation) = invitation {
            command["invitation"] = invitation.into();
        }
        self.driven.ask(&command);
    }

    fn ask_for_form(&mut self) {
        self.driven.ask(&json!({ "do": "register_form", "domain": self.server.domain() }));
    }

    /// Waits until the end of the stream was noticed, and the next one is there: before that, a form would be lost on its way.
    fn reconnects(&mut self, relay: &Relay) {
        let before = relay.heard().len();
        while relay.heard().len() == before {
            self.driven.ask(&json!({ "do": "register_probe", "domain": self.server.domain() }));
            self.driven.event(&json!({ "event": "registration_offered", "open": true }));
        }
    }

    fn form(&mut self) -> Value {
        self.driven.event(&json!({ "event": "registration_form", "domain": self.server.domain() }))
    }

    fn submit(&mut self, form: &Value, name: &str, answers: Value) {
        self.submit_with(form, name, &password(name), answers);
    }

    fn submit_with(&mut self, form: &Value, name: &str, password: &str, answers: Value) {
        self.driven.ask(&json!({
            "do": "register_submit",
            "domain": self.server.domain(),
            "form": form["form"],
            "name": name,
            "password": password,
            "answers": answers,
        }));
    }

    fn refused(&mut self, reason: &str) -> Value {
        let refused = self.driven.event(&json!({ "event": "registration_refused" }));
        assert_eq!(refused["reason"], reason, "{refused}");
        refused
    }

    /// The account is there, and can be signed in to.
    fn created(&mut self, name: &str) {
        let jid = self.server.jid(name);
        self.driven.event(&json!({ "event": "registration_created", "jid": jid }));
        self.driven.sign_in(&self.server, name, &password(name));
    }

    /// The answer to the last puzzle.
    fn answer(&self) -> String {
        self.server.puzzles().pop().expect("a puzzle")
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

fn an_account_is_made_and_signed_in_to(kind: Kind) {
    let mut newcomer = Newcomer::at(kind, Registration::Open);
    let port = newcomer.server.port();
    newcomer.begin("register_probe", port, None);
    newcomer.driven.event(&json!({ "event": "registration_offered", "open": true }));
    newcomer.driven.event(&json!({ "event": "registration_stage", "stage": "idle" }));
    newcomer.ask_for_form();
    let form = newcomer.form();
    assert_eq!(form["fields"], json!([]), "{form}");
    assert_eq!(form["valid_for_s"], Value::Null);
    newcomer.submit(&form, "alice", json!({}));
    newcomer.created("alice");
    assert!(newcomer.log().exists());
    let log = std::fs::read_to_string(newcomer.log()).expect("a log");
    assert!(!log.contains(&password("alice")) && !log.contains("jabber:iq:register"), "{log}");
    newcomer.driven.ask(&json!({ "do": "register_end", "domain": newcomer.server.domain() }));
    newcomer.driven.event(&json!({ "event": "registration_ended" }));
    assert!(newcomer.driven.quit());
}

fn a_taken_name_costs_a_form(kind: Kind) {
    let mut newcomer = Newcomer::at(kind, Registration::Open);
    newcomer.server.add_user("alice", &password("alice"));
    newcomer.begin("register_form", newcomer.server.port(), None);
    let form = newcomer.form();
    newcomer.submit(&form, "alice", json!({}));
    newcomer.refused("name_taken");
    newcomer.submit(&form, "alice.2", json!({}));
    newcomer.refused("form_used_up");
    newcomer.ask_for_form();
    let form = newcomer.form();
    newcomer.submit(&form, "Alice.2", json!({}));
    newcomer.driven.event(&json!({ "event": "registration_created", "jid": newcomer.server.jid("alice.2") }));
}

fn a_provider_that_takes_nobody_says_so(kind: Kind) {
    let mut newcomer = Newcomer::at(kind, Registration::Closed);
    newcomer.begin("register_probe", newcomer.server.port(), None);
    newcomer.driven.event(&json!({ "event": "registration_offered", "open": false }));
    newcomer.ask_for_form();
    newcomer.refused("closed");
}

fn a_provider_with_a_bad_certificate_is_told_nothing(kind: Kind) {
    let mut newcomer = Newcomer::of(Server::start_with(kind, Flaw::WrongName));
    for port in [newcomer.server.port(), newcomer.server.tls_port()] {
        let relay = Relay::to(port);
        newcomer.begin("register_form", relay.port(), None);
        let refused = newcomer.refused("problem");
        assert_eq!((&refused["problem"], &refused["fault"]), (&"certificate".into(), &"wrong_name".into()));
        let heard = relay.heard();
        let encrypted: usize = heard.iter().flat_map(|heard| heard.encrypted_records()).sum();
        // An alert, which says what is wrong with the certificate.
        assert!(encrypted <= 24, "{encrypted} bytes were sent after the certificate");
    }
}

fn a_wire_that_is_cut_while_somebody_types_is_missed_by_nobody(kind: Kind) {
    let registration = if kind == Kind::Ejabberd { Registration::Puzzle } else { Registration::Open };
    let mut newcomer = Newcomer::at(kind, registration);
    let relay = Relay::to(newcomer.server.port());
    newcomer.begin("register_form", relay.port(), None);
    let form = newcomer.form();
    newcomer.driven.event(&json!({ "event": "registration_stage", "stage": "idle" }));
    newcomer.driven.event(&json!({ "event": "registration_offered", "open": true }));
    relay.cut();
    newcomer.reconnects(&relay);
    let answer = if kind == Kind::Ejabberd { json!({ "ocr": newcomer.answer() }) } else { json!({}) };
    newcomer.submit(&form, "alice", answer);
    newcomer.created("alice");
    assert_eq!(relay.heard().len(), 2, "connections");
    assert_eq!(
        newcomer.driven.events_so_far(&json!({ "event": "registration_refused" })),
        Vec::<Value>::new()
    );
}

fn a_server_that_is_gone_costs_nothing_that_was_typed(kind: Kind) {
    let mut newcomer = Newcomer::at(kind, Registration::Open);
    newcomer.begin("register_form", newcomer.server.port(), None);
    let form = newcomer.form();
    newcomer.driven.event(&json!({ "event": "registration_stage", "stage": "idle" }));
    newcomer.server.stop();
    newcomer.submit(&form, "alice", json!({}));
    let refused = newcomer.driven.event(&json!({ "event": "registration_refused" }));
    if refused["reason"] == "problem" {
        // The form is still good.
        newcomer.server.run();
        newcomer.submit(&form, "alice", json!({}));
    } else {
        // It was sent before the end of the stream was noticed.
        assert_eq!(refused["reason"], "outcome_unknown");
        newcomer.server.run();
        newcomer.ask_for_form();
        let form = newcomer.form();
        newcomer.submit(&form, "alice", json!({}));
    }
    newcomer.created("alice");
}

#[test]
fn a_puzzle_is_solved_as_at_chapril() {
    let mut newcomer = Newcomer::at(Kind::Ejabberd, Registration::Puzzle);
    let asked = std::time::Instant::now();
    newcomer.begin("register_form", newcomer.server.port(), None);
    let form = newcomer.form();
    let waited = asked.elapsed().as_secs() + 1;
    let fields = form["fields"].as_array().expect("fields");
    let [puzzle] = fields.as_slice() else { panic!("one field is shown: {form}") };
    assert_eq!((&puzzle["name"], &puzzle["purpose"]), (&"ocr".into(), &"puzzle".into()));
    let picture = puzzle["picture"]["base64"].as_str().expect("a picture");
    assert!(STANDARD.decode(picture).expect("Base64").starts_with(b"\x89PNG"), "{picture}");
    // 120 s from when it was asked for.
    assert!(form["valid_for_s"].as_u64().is_some_and(|left| left <= 120 && left + waited >= 120), "{form}");
    assert!(form["web_page"].as_str().is_some_and(|page| page.starts_with("http://localhost:")), "{form}");

    let answer = newcomer.answer();
    newcomer.submit(&form, "alice", json!({ "ocr": "not it" }));
    newcomer.refused("puzzle_failed");
    newcomer.ask_for_form();
    let form = newcomer.form();
    assert_ne!(newcomer.answer(), answer);
    let answer = newcomer.answer();
    newcomer.submit(&form, "alice", json!({ "ocr": answer }));
    newcomer.created("alice");
    let log = std::fs::read_to_string(newcomer.log()).expect("a log");
    assert!(!log.contains(&password("alice")) && !log.contains(&answer), "{log}");

    // Whoever shares the address has to wait, and learns of it when the puzzle is solved.
    newcomer.ask_for_form();
    let form = newcomer.form();
    let answer = newcomer.answer();
    newcomer.submit(&form, "bob", json!({ "ocr": answer }));
    newcomer.refused("too_many_accounts");
}

#[test]
fn a_puzzle_that_the_server_has_forgotten_is_a_new_puzzle() {
    let mut newcomer = Newcomer::at(Kind::Ejabberd, Registration::Puzzle);
    let relay = Relay::to(newcomer.server.port());
    newcomer.begin("register_form", relay.port(), None);
    let form = newcomer.form();
    let answer = newcomer.answer();
    newcomer.driven.event(&json!({ "event": "registration_offered", "open": true }));
    newcomer.server.stop();
    newcomer.server.run();
    newcomer.reconnects(&relay);
    newcomer.submit(&form, "alice", json!({ "ocr": answer }));
    newcomer.refused("puzzle_failed");
    newcomer.ask_for_form();
    let form = newcomer.form();
    let answer = newcomer.answer();
    newcomer.submit(&form, "alice", json!({ "ocr": answer }));
    newcomer.created("alice");
}

#[test]
fn forms_are_given_out_by_the_minute() {
    let mut newcomer = Newcomer::at(Kind::Ejabberd, Registration::Puzzle);
    newcomer.begin("register_form", newcomer.server.port(), None);
    newcomer.form();
    for _ in 1..8 {
        newcomer.ask_for_form();
        newcomer.form();
    }
    newcomer.ask_for_form();
    let refused = newcomer.refused("too_many_forms");
    assert!(refused["wait_s"].as_u64().is_some_and(|wait| wait <= 60), "{refused}");
    assert_eq!(refused["words"], Value::Null);
    // Somebody else behind the same address uses up what is left.
    newcomer.begin("register_form", newcomer.server.port(), None);
    newcomer.form();
    newcomer.ask_for_form();
    newcomer.form();
    newcomer.ask_for_form();
    let refused = newcomer.refused("too_many_forms");
    assert!(refused["words"].is_string(), "{refused}");
}

#[test]
fn a_weak_password_is_told_apart() {
    let mut newcomer = Newcomer::at(Kind::Ejabberd, Registration::Open);
    newcomer.begin("register_form", newcomer.server.port(), None);
    let form = newcomer.form();
    newcomer.submit_with(&form, "alice", "a", json!({}));
    newcomer.refused("password_not_allowed");
}

#[test]
fn a_web_page_is_told_of() {
    let mut newcomer = Newcomer::at(Kind::Ejabberd, Registration::OnTheWeb);
    newcomer.begin("register_form", newcomer.server.port(), None);
    let refused = newcomer.refused("on_the_web");
    assert_eq!(refused["web_page"], "https://example.org/signup");
}

#[test]
fn an_invitation_is_good_once() {
    let mut newcomer = Newcomer::at(Kind::Prosody, Registration::Invitations);
    let port = newcomer.server.port();
    newcomer.begin("register_form", port, None);
    newcomer.driven.event(&json!({ "event": "registration_offered", "open": true, "invitations": true }));
    let form = newcomer.form();
    newcomer.submit(&form, "alice", json!({}));
    newcomer.refused("invitation_needed");

    let token = newcomer.server.invite();
    newcomer.begin("register_form", port, Some(&token));
    let form = newcomer.form();
    newcomer.submit(&form, "alice", json!({}));
    newcomer.created("alice");

    newcomer.begin("register_form", port, Some(&token));
    newcomer.refused("invitation_invalid");
    newcomer.begin("register_form", port, Some("never-given"));
    newcomer.refused("invitation_invalid");
    let log = std::fs::read_to_string(newcomer.log()).expect("a log");
    assert!(!log.contains(&token), "{log}");
}

#[test]
fn a_second_account_has_to_wait() {
    let mut newcomer = Newcomer::at(Kind::Prosody, Registration::Limited);
    newcomer.begin("register_form", newcomer.server.port(), None);
    let form = newcomer.form();
    newcomer.submit(&form, "alice", json!({}));
    newcomer.created("alice");
    newcomer.ask_for_form();
    let form = newcomer.form();
    newcomer.submit(&form, "bob", json!({}));
    newcomer.refused("too_many_accounts");
}
