//! That a device has another key than before is told in each run, until somebody has decided.

use causerie_model::{Command, DeviceId, Fingerprint, Notice, Trust, Vault};

use super::hostile::{bundles_of, swap_bundles};
use super::lab::Lab;
use super::{ALICE, BOB, bob};

/// Bob's server gives his device another key, and Alice's program has seen it. Gives the device and that key.
fn replaced() -> (Lab, DeviceId, Fingerprint) {
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "before");
    let own = |lab: &Lab, device: usize| lab.devices[device].ledger.encryption.own.as_ref().unwrap().0;
    let device = own(&lab, BOB);
    let evil = lab.add("evil@b.example/1", &[]);
    let evils = bundles_of(&lab, "evil@b.example", own(&lab, evil));
    swap_bundles(&mut lab, "bob@b.example", evils, device);
    lab.ask(ALICE, Command::RepairSessions(bob()));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeyReplaced { jid: bob(), device }]);
    let newest = lab.devices[ALICE].ledger.encryption.keys.last().unwrap().2;
    (lab, device, newest)
}

/// What Alice's program tells when it starts again.
fn told(lab: &mut Lab) -> Vec<Notice> {
    lab.disconnect(ALICE);
    lab.devices[ALICE].notices.clear();
    lab.start_offline(ALICE);
    let offline = lab.devices[ALICE].notices.len();
    lab.connect(ALICE);
    // The key is found again.
    let vault = lab.devices[ALICE].vault.clone();
    lab.ask(ALICE, Command::OpenVault(vault));
    assert_eq!(lab.devices[ALICE].notices.len(), offline, "once, and before there is a connection");
    lab.devices[ALICE].notices.clone()
}

#[test]
fn another_key_is_told_in_each_run_until_somebody_decides() {
    for trust in [Trust::Verified, Trust::Blind, Trust::Distrusted] {
        let (mut lab, device, fingerprint) = replaced();
        for _ in 0..2 {
            assert_eq!(told(&mut lab), [Notice::KeyReplaced { jid: bob(), device }]);
        }
        lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust });
        assert_eq!(told(&mut lab), []);
    }
}

#[test]
fn the_session_knows_the_key_that_was_forgotten() {
    let (mut lab, device, fingerprint) = replaced();
    let keys = &mut lab.devices[ALICE].ledger.encryption.keys;
    keys.retain(|key| key.0 != bob() || key.2 == fingerprint);
    assert_eq!(told(&mut lab), [Notice::KeyReplaced { jid: bob(), device }]);
}

#[test]
fn it_is_told_as_soon_as_the_vault_is_open() {
    let (mut lab, device, _) = replaced();
    lab.disconnect(ALICE);
    lab.devices[ALICE].notices.clear();
    let vault = std::mem::replace(&mut lab.devices[ALICE].vault, Vault::Locked);
    lab.start(ALICE);
    assert_eq!(lab.devices[ALICE].notices, [], "sessions can't be read");
    lab.ask(ALICE, Command::OpenVault(vault));
    assert_eq!(lab.devices[ALICE].notices, [Notice::KeyReplaced { jid: bob(), device }]);
}

#[test]
fn keys_of_strangers_and_of_new_devices_are_no_alarm() {
    let (mut lab, ..) = replaced();
    lab.devices[ALICE].ledger.roster.clear();
    lab.devices[ALICE].ledger.encryption.partners.clear();
    assert_eq!(told(&mut lab), []);
    // Somebody's new device has no other key than before, though nobody has decided about it either.
    let mut lab = Lab::alice_and_bob();
    lab.send(ALICE, "bob@b.example", "one");
    let fingerprint = lab.devices[ALICE].ledger.encryption.keys.iter().find(|key| key.0 == bob()).unwrap().2;
    lab.ask(ALICE, Command::DecideTrust { jid: bob(), fingerprint, trust: Trust::Verified });
    lab.add("bob@b.example/2", &["alice@a.example"]);
    lab.send(ALICE, "bob@b.example", "two");
    assert_eq!(told(&mut lab), []);
}
