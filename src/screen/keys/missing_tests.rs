//! Keys that are not known yet.

use causerie_model::{Command, DeviceId, KeylessDevice, Readiness, Standing};

use super::*;
use crate::platform::links::keys::Claim;
use crate::screen::samples::{self, HOME};
use crate::screen::walk::walk;
use crate::theme::Element;
use crate::widget::harness::Harness;

fn keyless(number: u32, label: Option<&str>) -> KeylessDevice {
    let device = DeviceId::new(number).unwrap();
    KeylessDevice { device, label: label.map(ToOwned::to_owned), standing: Standing::Listed }
}

fn of_bob(theirs: Vec<DeviceKey>, keyless: Vec<KeylessDevice>, context: &Context) -> Keys {
    let (mut keys, _) = Keys::open(samples::bob(), context);
    let devices = Devices { theirs, keyless, ..samples::devices() };
    let _ = keys.update(Message::Read(samples::bob(), devices), context);
    keys
}

fn shown<'a>(keys: &'a Keys, context: &'a Context) -> Element<'a, Message> {
    let page = compare_page(keys, context).unwrap_or_else(|| devices(keys, context));
    crate::widget::focus::scope(iced::widget::scrollable(page))
}

/// What can be read on the page.
fn said(keys: &Keys, context: &Context) -> Vec<String> {
    let mut ui = Harness::new((500.0, 2500.0), shown(keys, context));
    let labels: Vec<String> = ui.audit().iter().map(|found| found.label().to_owned()).collect();
    ui.texts().into_iter().map(|(text, _)| text).chain(labels).collect()
}

fn link(claims: &[(u32, u8)]) -> KeyLink {
    let claim = |(device, byte): &(u32, u8)| Claim {
        device: DeviceId::new(*device),
        fingerprint: Fingerprint([*byte; 32]),
    };
    KeyLink { jid: samples::bob().1, keys: claims.iter().map(claim).collect() }
}

#[test]
fn devices_of_others_without_a_key_are_shown_and_nothing_false_is_said() {
    let context = samples::lively(1000.0, 2000.0);
    let missing = || vec![keyless(7, Some("Bob’s tablet")), keyless(8, None)];
    for theirs in [Vec::new(), samples::devices().theirs] {
        let keys = of_bob(theirs, missing(), &context);
        let said = said(&keys, &context);
        let why = context.i18n.get("device-keyless-theirs");
        // After a refusal nothing more is asked for until the page is opened anew.
        assert!(why.contains("was asked for") && why.contains("open them again"), "{why}");
        for name in ["Bob’s tablet", "Device 8"] {
            assert!(said.contains(&format!("{name}. {why}")), "{name}: {said:#?}");
        }
        for absent in ["devices-none", "action-remove-device", "device-keyless"] {
            assert!(!said.contains(&context.i18n.get(absent)), "{absent}");
        }
        assert!(said.contains(&context.i18n.get("action-compare")));
        walk("devices without keys", (320.0, 4000.0), shown(&keys, &context));
    }
}

#[test]
fn who_has_no_known_devices_can_be_shown_our_key_all_the_same() {
    for (readiness, why) in [
        (Some(Readiness::NoKeys), "devices-none"),
        (Some(Readiness::Looking), "devices-unknown"),
        (Some(Readiness::OutOfReach), "devices-unknown"),
        (None, "devices-unknown"),
    ] {
        let mut context = samples::lively(1000.0, 2000.0);
        context.readiness.remove(&samples::bob());
        context.readiness.extend(readiness.map(|readiness| (samples::bob(), readiness)));
        let mut keys = of_bob(Vec::new(), Vec::new(), &context);
        let name = [("name", context.name(&samples::bob()).into())];
        let before = said(&keys, &context);
        assert!(before.contains(&context.i18n.with(why, &name)), "{readiness:?}: {before:#?}");
        assert!(before.contains(&context.i18n.get("action-compare")));
        let _ = keys.update(Message::ComparePressed, &context);
        let after = said(&keys, &context);
        assert!(after.contains(&context.i18n.get("compare-code")), "{after:#?}");
    }
}

/// A genuine link of somebody to whom nothing was written yet is no alarm.
#[test]
fn a_link_is_no_alarm_before_the_keys_of_its_devices_are_known() {
    let context = samples::lively(1000.0, 2000.0);
    let alarm =
        |keys: &Keys| said(keys, &context).iter().any(|said| said.contains("never shown by a device"));
    let says = |keys: &Keys, words: &str| said(keys, &context).iter().any(|said| said.contains(words));
    let mut keys = of_bob(Vec::new(), Vec::new(), &context);
    keys.compare_with(link(&[(7, 1), (8, 2)]));
    assert!(says(&keys, "No device of Bob Martin is known here yet") && !alarm(&keys));
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, [], "nothing was compared");
    let mut keys = of_bob(Vec::new(), vec![keyless(7, None), keyless(8, None)], &context);
    keys.compare_with(link(&[(7, 1)]));
    assert!(says(&keys, "One key of this link is for a device") && !alarm(&keys));
    keys.compare_with(link(&[(7, 1), (8, 2), (0, 3)]));
    assert!(says(&keys, "3 keys of this link") && !alarm(&keys), "one that names no device may be of any");
    assert_eq!(keys.update(Message::MatchConfirmed, &context).1, []);
    walk("comparing with what is not known", (320.0, 4000.0), shown(&keys, &context));
    // A device that is on no list is none whose key may come.
    keys.compare_with(link(&[(7, 1), (9, 2)]));
    assert!(says(&keys, "One key of this link is for a device") && alarm(&keys));
    // What others than those of the link read is said.
    let mut keys = of_bob(samples::devices().theirs, vec![keyless(7, None)], &context);
    keys.compare_with(link(&[(7, 1)]));
    assert!(says(&keys, "3 other devices are not in the link") && !alarm(&keys));
    // A key that comes and is another one is the alarm that it always was.
    let mut came = samples::devices();
    came.theirs.push(samples::key(&samples::bob().1, 7, 0x33, Trust::Blind, None));
    let _ = keys.update(Message::Read(samples::bob(), came), &context);
    assert!(says(&keys, "A key does not match."));
}

/// Whoever makes the list may name a device that never shows a key.
#[test]
fn a_device_without_a_key_hides_no_foreign_key_of_a_link_that_names_no_devices() {
    let context = samples::lively(1000.0, 2000.0);
    let known = samples::devices().theirs;
    let mut keys = of_bob(known.clone(), vec![keyless(7, None)], &context);
    let mut own = link(&[(0, 0x77)]);
    keys.compare_with(own.clone());
    let says = |keys: &Keys, words: &str| said(keys, &context).iter().any(|said| said.contains(words));
    assert!(says(&keys, "never shown by a device") && !says(&keys, "One key of this link is for a device"));
    // Beside one that is known, too.
    own.keys.push(Claim { device: None, fingerprint: known[0].fingerprint });
    keys.compare_with(own);
    assert!(says(&keys, "never shown by a device"));
    // One for that device may still come.
    keys.compare_with(link(&[(7, 0x77)]));
    assert!(says(&keys, "It was asked for: go back, close the list of devices and open it again"));
    assert!(says(&keys, "One key of this link is for a device") && !says(&keys, "never shown by a device"));
}

/// Keys that are missing are asked for once, when our own devices are looked at; those of others as long as their page is in front, which
/// the page itself can't know.
#[test]
fn missing_keys_of_our_own_devices_are_asked_for_once() {
    let context = samples::lively(1000.0, 2000.0);
    let alice = samples::jid("alice@chat.example");
    for (key, devices, asks) in
        [((HOME, alice.clone()), samples::own_devices(), true), (samples::bob(), samples::devices(), false)]
    {
        let (mut keys, _) = Keys::open(key.clone(), &context);
        let whole = devices.clone();
        assert_eq!(keys.update(Message::Read(key.clone(), whole.clone()), &context).1, []);
        let devices = Devices { keyless: vec![keyless(99, None)], ..devices };
        let asked = if asks { vec![Action::Ask(Command::LookUpKeys(alice.clone()))] } else { vec![] };
        assert_eq!(keys.update(Message::Read(key.clone(), devices.clone()), &context).1, asked);
        assert_eq!(keys.update(Message::Read(key, devices), &context).1, []);
    }
}
