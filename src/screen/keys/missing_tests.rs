//! Keys of our own devices that are not known yet.

use causerie_model::{Command, DeviceId, Standing};

use super::*;
use crate::screen::samples::{self, HOME};

/// Keys that are missing are asked for once, when our own devices are looked at; those of others are asked for with their conversation.
#[test]
fn missing_keys_of_our_own_devices_are_asked_for_once() {
    let context = samples::lively(1000.0, 2000.0);
    let keyless = || {
        let device = DeviceId::new(99).unwrap();
        vec![causerie_model::KeylessDevice { device, label: None, standing: Standing::Listed }]
    };
    let alice = samples::jid("alice@chat.example");
    for (key, devices, asks) in
        [((HOME, alice.clone()), samples::own_devices(), true), (samples::bob(), samples::devices(), false)]
    {
        let (mut keys, _) = Keys::open(key.clone(), &context);
        let whole = devices.clone();
        assert_eq!(keys.update(Message::Read(key.clone(), whole.clone()), &context).1, []);
        let devices = Devices { keyless: keyless(), ..devices };
        let asked = if asks { vec![Action::Ask(Command::LookUpKeys(alice.clone()))] } else { vec![] };
        assert_eq!(keys.update(Message::Read(key.clone(), devices.clone()), &context).1, asked);
        assert_eq!(keys.update(Message::Read(key, devices), &context).1, []);
    }
}
