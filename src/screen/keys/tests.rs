//! Every decision, and what links and pictures may do: show, and nothing more.

use causerie_model::{Command, DeviceId};
use iced::keyboard::key::Named;

use super::compare::{Compared, compare};
use super::*;
use crate::platform::links::keys::Claim;
use crate::screen::samples::{self, HOME};
use crate::screen::walk::walk;
use crate::theme::Element;
use crate::widget::harness::Harness;

fn of_bob(context: &Context) -> Keys {
    let (mut keys, _) = Keys::open(samples::bob(), context);
    let _ = keys.update(Message::Read(samples::bob(), samples::devices()), context);
    keys
}

fn of_alice(context: &Context) -> Keys {
    let key = (HOME, samples::jid("alice@chat.example"));
    let (mut keys, _) = Keys::open(key.clone(), context);
    let _ = keys.update(Message::Read(key, samples::own_devices()), context);
    keys
}

fn shown<'a>(keys: &'a Keys, context: &'a Context) -> Element<'a, Message> {
    let page = compare_page(keys, context).unwrap_or_else(|| devices(keys, context));
    crate::widget::focus::scope(iced::widget::scrollable(page))
}

fn link(keys: &[(u32, Fingerprint)]) -> KeyLink {
    let claim = |(device, fingerprint): &(u32, Fingerprint)| Claim {
        device: DeviceId::new(*device),
        fingerprint: *fingerprint,
    };
    KeyLink { jid: samples::bob().1, keys: keys.iter().map(claim).collect() }
}

fn verified(keys: &[Fingerprint]) -> Vec<Action> {
    let jid = || samples::bob().1;
    let decide = |fingerprint: &Fingerprint| Command::DecideTrust {
        jid: jid(),
        fingerprint: *fingerprint,
        trust: Trust::Verified,
    };
    keys.iter().map(|key| Action::Ask(decide(key))).collect()
}

/// The fingerprints of Bob's phone, laptop, changed device, that device before, and the gone one.
fn bobs() -> [Fingerprint; 5] {
    let devices = samples::devices().theirs;
    std::array::from_fn(|at| devices[at].fingerprint)
}

#[test]
fn what_waits_for_a_decision_comes_first() {
    let context = samples::lively(1000.0, 2000.0);
    let keys = of_bob(&context);
    let [_, _, changed, ..] = bobs();
    assert_eq!(keys.devices.theirs[0].fingerprint, changed);
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    let groups: Vec<String> = ui.audit().iter().map(|found| found.label().to_owned()).collect();
    let place = |part: &str| groups.iter().position(|label| label.contains(part));
    let (first, second) = (place("Another key than before"), place("Bob’s phone"));
    assert!(first.is_some() && first < second, "{groups:#?}");
    assert!(place("Device 5.").is_none(), "what is gone is folded away");
}

#[test]
fn what_is_gone_is_unfolded_and_has_no_decisions() {
    let context = samples::lively(1000.0, 2000.0);
    let mut keys = of_bob(&context);
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    let label = context.i18n.with("devices-gone", &[("count", 2.into())]);
    let before = ui.audit().iter().filter(|found| found.label() == "I compared it").count();
    ui.click(&label);
    let said = ui.messages();
    drop(ui);
    for message in said {
        let _ = keys.update(message, &context);
    }
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    let found = ui.audit();
    assert!(found.iter().any(|found| found.label().starts_with("Device 5.")));
    assert_eq!(found.iter().filter(|found| found.label() == "I compared it").count(), before);
}

#[test]
fn each_decision_is_a_button() {
    let context = samples::lively(1000.0, 2000.0);
    let devices = samples::devices().theirs;
    let bob = samples::bob().1;
    for (place, label, trust) in [
        (2, "action-verified", Trust::Verified),
        (2, "action-trust", Trust::Blind),
        (2, "action-distrust", Trust::Distrusted),
        (1, "action-verified", Trust::Verified),
        (1, "action-distrust", Trust::Distrusted),
        (0, "action-unverify", Trust::Blind),
        (0, "action-distrust", Trust::Distrusted),
    ] {
        let (mut keys, _) = Keys::open(samples::bob(), &context);
        let one = Devices { theirs: vec![devices[place].clone()], ..samples::own_devices() };
        let _ = keys.update(Message::Read(samples::bob(), one), &context);
        let mut ui = Harness::new((500.0, 900.0), shown(&keys, &context));
        ui.click(&context.i18n.get(label));
        let said = ui.messages();
        drop(ui);
        let [message] = said.as_slice() else { panic!("{label}: {said:?}") };
        let (_, actions) = keys.update(message.clone(), &context);
        let fingerprint = devices[place].fingerprint;
        let decision = Command::DecideTrust { jid: bob.clone(), fingerprint, trust };
        assert_eq!(actions, [Action::Ask(decision)], "{label}");
    }
}

#[test]
fn this_device_comes_first_and_can_neither_be_removed_nor_doubted() {
    let context = samples::lively(1000.0, 2000.0);
    let keys = of_alice(&context);
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    let labels: Vec<String> = ui.audit().iter().map(|found| found.label().to_owned()).collect();
    let place = |part: &str| labels.iter().position(|label| label.contains(part)).unwrap();
    assert!(place("This device") < place("Old laptop"));
    let count = |label: &str| labels.iter().filter(|found| *found == label).count();
    assert_eq!((count("Remove"), count("I compared it")), (2, 2), "for the two others");
}

#[test]
fn removing_is_asked_once_more() {
    let context = samples::lively(1000.0, 2000.0);
    let mut keys = of_alice(&context);
    let old = DeviceId::new(77_777).unwrap();
    assert_eq!(keys.update(Message::RemovePressed(old), &context).1, []);
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    let question = ui.audit().into_iter().find(|found| found.label().starts_with("Remove Old laptop?"));
    assert!(question.is_some_and(|found| found.label().contains("change your password")));
    drop(ui);
    assert!(keys.step_back(), "Escape takes the question back");
    assert_eq!(keys.update(Message::RemoveConfirmed, &context).1, []);
    let _ = keys.update(Message::RemovePressed(old), &context);
    let removed = keys.update(Message::RemoveConfirmed, &context).1;
    assert_eq!(removed, [Action::Ask(Command::RemoveDevice(old))]);
}

#[test]
fn a_device_that_is_to_be_removed_says_so_and_asks_nothing_more() {
    let context = samples::lively(1000.0, 2000.0);
    let key = (HOME, samples::jid("alice@chat.example"));
    let (mut keys, _) = Keys::open(key.clone(), &context);
    let mut devices = samples::own_devices();
    for all in [&mut devices.theirs, &mut devices.mine] {
        all[2].standing = Standing::Unwanted;
    }
    let _ = keys.update(Message::Read(key, devices), &context);
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    let said = context.i18n.get("device-unwanted");
    assert!(ui.texts().iter().any(|(text, _)| *text == said));
    let labels: Vec<String> = ui.audit().iter().map(|found| found.label().to_owned()).collect();
    assert!(labels.iter().any(|label| label.starts_with("Old laptop.")), "it is still there: {labels:#?}");
    let count = |label: &str| labels.iter().filter(|found| *found == label).count();
    assert_eq!((count("Remove"), count("I compared it")), (1, 1), "for the other one");
}

/// The most usual stale device: others still find it on our list, and there is no key of it to be shown.
#[test]
fn a_device_of_ours_whose_keys_are_gone_is_shown_and_can_be_removed() {
    let context = samples::lively(1000.0, 2000.0);
    let key = (HOME, samples::jid("alice@chat.example"));
    let old = |number, label: Option<&str>, standing| causerie_model::KeylessDevice {
        device: DeviceId::new(number).unwrap(),
        label: label.map(ToOwned::to_owned),
        standing,
    };
    let here = samples::own_devices().mine.remove(0);
    let keyless = vec![
        old(7, Some("Old telephone"), Standing::Listed),
        old(8, None, Standing::Listed),
        old(9, None, Standing::Unwanted),
    ];
    // With others beside it, and alone with this one.
    for theirs in [samples::own_devices().theirs, vec![here]] {
        let (mut keys, _) = Keys::open(key.clone(), &context);
        let devices = Devices {
            theirs: theirs.clone(),
            mine: theirs,
            keyless: keyless.clone(),
            ..samples::own_devices()
        };
        let _ = keys.update(Message::Read(key.clone(), devices.clone()), &context);
        let i18n = &context.i18n;
        let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
        let labels: Vec<String> = ui.audit().iter().map(|found| found.label().to_owned()).collect();
        assert!(ui.texts().iter().any(|(text, _)| *text == i18n.get("own-devices-others")));
        for (name, said) in [
            ("Old telephone", "device-keyless"),
            ("Device 8", "device-keyless"),
            ("Device 9", "device-unwanted"),
        ] {
            assert!(labels.contains(&format!("{name}. {}", i18n.get(said))), "{name}: {labels:#?}");
        }
        let remove = i18n.get("action-remove-device");
        let removable = devices.theirs.len() - 1 + 2;
        assert_eq!(labels.iter().filter(|label| **label == remove).count(), removable);
        drop(ui);
        walk("devices without keys", (320.0, 3000.0), shown(&keys, &context));
        let device = keyless[0].device;
        let _ = keys.update(Message::RemovePressed(device), &context);
        let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
        assert!(ui.audit().iter().any(|found| found.label().starts_with("Remove Old telephone?")));
        drop(ui);
        walk("removing a device without keys", (320.0, 3000.0), shown(&keys, &context));
        let removed = keys.update(Message::RemoveConfirmed, &context).1;
        assert_eq!(removed, [Action::Ask(Command::RemoveDevice(device))]);
    }
}

/// Whoever puts a device among ours can't hide since when it is there.
#[test]
fn each_device_says_when_it_was_first_seen() {
    let context = samples::lively(1000.0, 2000.0);
    for keys in [of_bob(&context), of_alice(&context)] {
        let first_seen = keys.devices.theirs[1].first_seen;
        let when = context.i18n.moment_within(first_seen, context.now, &context.zone);
        let said = context.i18n.with("device-known-since", &[("when", when.into())]);
        let mut ui = Harness::new((500.0, 3000.0), shown(&keys, &context));
        assert!(ui.texts().iter().any(|(text, _)| *text == said), "{said}");
    }
}

/// Something has come from it, and is read if it is accepted.
#[test]
fn a_key_of_a_device_on_no_list_can_be_decided_about() {
    let context = samples::lively(1000.0, 2000.0);
    for (whose, own) in [(samples::bob(), false), ((HOME, samples::jid("alice@chat.example")), true)] {
        let (mut keys, _) = Keys::open(whose.clone(), &context);
        let unlisted = samples::key(&whose.1, 66, 0x35, Trust::Undecided, None);
        let unlisted = DeviceKey { standing: Standing::Gone, ..unlisted };
        let mut devices = samples::own_devices();
        devices.theirs = vec![devices.theirs[0].clone(), unlisted.clone()];
        let _ = keys.update(Message::Read(whose.clone(), devices), &context);
        let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
        assert!(ui.texts().iter().any(|(text, _)| *text == context.i18n.get("device-unlisted")));
        let remove = context.i18n.get("action-remove-device");
        assert!(!ui.audit().iter().any(|found| found.label() == remove), "it is on no list: {own}");
        ui.click(&context.i18n.get("action-trust"));
        let said = ui.messages();
        drop(ui);
        let decision =
            Command::DecideTrust { jid: whose.1, fingerprint: unlisted.fingerprint, trust: Trust::Blind };
        assert_eq!(keys.update(said[0].clone(), &context).1, [Action::Ask(decision)]);
    }
}

#[test]
fn a_link_says_which_keys_match_differ_and_are_unknown() {
    let [phone, laptop, changed, before, gone] = bobs();
    let known = samples::devices().theirs;
    let stranger = Fingerprint([9; 32]);
    let all = Compared {
        matching: vec![phone, laptop, changed],
        undecided: vec![laptop, changed],
        ..Compared::default()
    };
    assert_eq!(compare(&link(&[(27, phone), (0, laptop), (99, changed)]), &known), all);
    let differs = compare(&link(&[(27, stranger)]), &known);
    let claim = |device, fingerprint| Claim { device: DeviceId::new(device), fingerprint };
    assert_eq!(differs.differing, [(claim(27, stranger), phone)]);
    assert_eq!((differs.matching.len(), differs.unnamed), (0, 2));
    // The key that the device had before matches nothing: it is not the one that messages go to.
    for device in [41, 0] {
        let replaced = compare(&link(&[(device, before)]), &known);
        assert_eq!(replaced.differing, [(claim(device, before), changed)]);
        assert!(replaced.matching.is_empty());
    }
    assert_eq!(compare(&link(&[(5, gone)]), &known).matching, [gone]);
    let unknown = compare(&link(&[(0, stranger), (1234, Fingerprint([8; 32]))]), &known);
    assert_eq!((unknown.unknown.len(), unknown.differing.len(), unknown.unnamed), (2, 0, 3));
}

#[test]
fn a_link_decides_nothing_without_a_click() {
    let context = samples::lively(1000.0, 2000.0);
    let [phone, laptop, ..] = bobs();
    let mut keys = of_bob(&context);
    keys.compare_with(link(&[(27, phone), (31, laptop)]));
    let again = keys.update(Message::Read(samples::bob(), samples::devices()), &context);
    assert_eq!(again.1, []);
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    assert!(ui.audit().iter().any(|found| found.label().contains("2 keys of Bob Martin match.")));
    assert!(ui.messages().is_empty());
    ui.click(&context.i18n.get("compare-confirm"));
    let said = ui.messages();
    drop(ui);
    let [message] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!(
        keys.update(message.clone(), &context).1,
        verified(&[laptop]),
        "the other one was compared before"
    );
}

#[test]
fn an_alarm_is_said_and_confirms_nothing_of_its_own() {
    let context = samples::lively(1000.0, 2000.0);
    let [_, laptop, ..] = bobs();
    let stranger = Fingerprint([9; 32]);
    let mut keys = of_bob(&context);
    keys.compare_with(link(&[(27, stranger)]));
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    let found = ui.audit();
    assert!(found.iter().any(|found| found.label().starts_with("A key does not match.")));
    assert!(found.iter().any(|found| found.label() == stranger.to_string()));
    assert!(!found.iter().any(|found| found.label() == context.i18n.get("compare-confirm")));
    drop(ui);
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, []);
    keys.compare_with(link(&[(27, stranger), (31, laptop), (0, Fingerprint([8; 32]))]));
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, verified(&[laptop]));
}

#[test]
fn keys_of_somebody_else_are_not_compared() {
    let context = samples::lively(1000.0, 2000.0);
    let [phone, laptop, ..] = bobs();
    let mut keys = of_bob(&context);
    keys.compare_with(KeyLink {
        jid: samples::jid("mallory@evil.example"),
        ..link(&[(27, phone), (31, laptop)])
    });
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    assert!(ui.audit().iter().any(|found| found.label().contains("mallory@evil.example, not of Bob Martin")));
    drop(ui);
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, []);
}

#[test]
fn a_link_is_pasted_and_a_picture_is_scanned() {
    let context = samples::lively(1000.0, 2000.0);
    let [_, laptop, ..] = bobs();
    let hex = laptop.to_string().replace(' ', "");
    let text = format!("xmpp:bob@chat.example?omemo-sid-31={hex}");
    let mut keys = of_bob(&context);
    let _ = keys.update(Message::ComparePressed, &context);
    for (typed, said) in [
        ("hello", "compare-no-link"),
        ("xmpp:bob@chat.example", "compare-no-link"),
        ("xmpp:bob@chat.example?omemo-sid-31=00", "compare-malformed"),
        ("xmpp:bob@chat.example?trust-message", "compare-no-keys"),
        (&"x".repeat(50_000), "compare-too-long"),
    ] {
        let _ = keys.update(Message::LinkTyped(typed.to_owned()), &context);
        let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
        assert!(ui.audit().iter().any(|found| found.label() == context.i18n.get(said)), "{said}");
    }
    let _ = keys.update(Message::LinkTyped(text.clone()), &context);
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, verified(&[laptop]));
    // A picture takes the place of what was pasted; while it is read there is nothing to confirm.
    let _ = keys.update(Message::Dropped("code.png".into()), &context);
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, []);
    let _ = keys.update(Message::Scanned(Err(scan::Fault::NoCode)), &context);
    let _ = keys.update(Message::Dropped("code.png".into()), &context);
    let _ = keys.update(Message::Scanned(Ok(text)), &context);
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, verified(&[laptop]));
}

#[test]
fn our_own_link_is_shown_and_copied() {
    let context = samples::lively(1000.0, 2000.0);
    let mut keys = of_bob(&context);
    let _ = keys.update(Message::ComparePressed, &context);
    let own = samples::own_devices().mine[0].fingerprint;
    let mut ui = Harness::new((500.0, 2000.0), shown(&keys, &context));
    assert!(ui.audit().iter().any(|found| found.label() == context.i18n.get("compare-code")));
    assert!(ui.audit().iter().any(|found| found.label() == own.to_string()));
    ui.click(&context.i18n.get("compare-copy"));
    let said = ui.messages();
    drop(ui);
    let (_, actions) = keys.update(said[0].clone(), &context);
    let [Action::Copy(link)] = actions.as_slice() else { panic!("{actions:?}") };
    assert!(link.starts_with("xmpp:alice@chat.example?trust-message;"), "{link}");
    assert!(link.contains(&own.to_string().replace(' ', "")));
    assert_eq!(link.matches("omemo-sid-").count(), 1, "what was not compared is not vouched for: {link}");
}

#[test]
fn everything_is_reached_by_keyboard() {
    for width in [320.0, 500.0] {
        let context = samples::lively(width, 2500.0);
        let size = (width, 2500.0);
        let mut keys = of_bob(&context);
        walk("devices", size, shown(&keys, &context));
        let _ = keys.update(Message::GonePressed, &context);
        walk("devices that are gone", size, shown(&keys, &context));
        let _ = keys.update(Message::ComparePressed, &context);
        walk("comparing", size, shown(&keys, &context));
        let [phone, laptop, ..] = bobs();
        keys.compare_with(link(&[(27, phone), (31, laptop), (41, Fingerprint([9; 32]))]));
        walk("compared", size, shown(&keys, &context));
        let mut keys = of_alice(&context);
        walk("own devices", size, shown(&keys, &context));
        let _ = keys.update(Message::RemovePressed(DeviceId::new(77_777).unwrap()), &context);
        walk("removing", size, shown(&keys, &context));
        let mut ui = Harness::new(size, shown(&keys, &context));
        ui.perform(focus::<()>(CANCEL));
        ui.key(Named::Enter);
        assert!(matches!(ui.messages().as_slice(), [Message::RemoveDismissed]));
    }
}
