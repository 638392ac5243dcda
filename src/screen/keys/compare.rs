//! What a link says of somebody's keys, beside what is known of them here.

use causerie_model::{DeviceId, DeviceKey, Fingerprint, Standing, Trust};

use crate::platform::links::keys::{Claim, Fault, KeyLink};
use crate::platform::links::{self, Asked};
use crate::platform::scan;

/// No link that is taken is longer, in bytes.
const LONGEST: usize = 20_000;

/// The comparing of keys: what was given for it so far.
#[derive(Debug, Default)]
pub(crate) struct Compare {
    typed: String,
    given: Given,
}

/// What was given to compare with.
#[derive(Debug, Default)]
pub(crate) enum Given {
    /// Nothing yet.
    #[default]
    Nothing,
    /// A picture that is being read.
    Reading,
    /// A picture without a code.
    NoCode(scan::Fault),
    /// Something that is no link with keys.
    NoLink,
    /// A link whose keys are not taken.
    Refused(Fault),
    /// A link.
    Link(KeyLink),
}

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Compared {
    /// Known keys that the link names.
    pub(crate) matching: Vec<Fingerprint>,
    /// Those of them that are not marked as compared yet.
    pub(crate) undecided: Vec<Fingerprint>,
    /// Keys that the link names for a device, beside the other key that we know of it.
    pub(crate) differing: Vec<(Claim, Fingerprint)>,
    /// Keys that nobody has shown us.
    pub(crate) unknown: Vec<Claim>,
    /// Those that may be of a device whose key is not known yet: nothing can be said of them.
    pub(crate) awaited: Vec<Claim>,
    /// How many devices in use the link says nothing of.
    pub(crate) unnamed: usize,
}

impl Compared {
    /// What nobody has shown us is no alarm where the key of that device may still come.
    pub(crate) fn awaiting(mut self, may_come: impl Fn(Option<DeviceId>) -> bool) -> Self {
        let (awaited, unknown) =
            std::mem::take(&mut self.unknown).into_iter().partition(|claim| may_come(claim.device));
        (self.awaited, self.unknown) = (awaited, unknown);
        self
    }
}

impl Compare {
    /// With a link that is there already.
    pub(crate) fn with(link: KeyLink) -> Self {
        Self { typed: String::new(), given: Given::Link(link) }
    }

    /// What was typed.
    pub(crate) fn typed(&self) -> &str {
        &self.typed
    }

    /// What was given.
    pub(crate) fn given(&self) -> &Given {
        &self.given
    }

    /// The link, once there is one.
    pub(crate) fn link(&self) -> Option<&KeyLink> {
        if let Given::Link(link) = &self.given { Some(link) } else { None }
    }

    /// Something was typed or pasted.
    pub(crate) fn type_in(&mut self, typed: String) {
        if typed.len() > LONGEST {
            self.given = Given::Refused(Fault::TooLong);
            return;
        }
        self.given = if typed.trim().is_empty() { Given::Nothing } else { given(&typed) };
        self.typed = typed;
    }

    /// A picture is being read.
    pub(crate) fn wait(&mut self) {
        self.typed.clear();
        self.given = Given::Reading;
    }

    /// A picture was read. What was pasted meanwhile counts more.
    pub(crate) fn scanned(&mut self, read: Result<String, scan::Fault>) {
        if matches!(self.given, Given::Reading) {
            self.given = match read {
                Ok(text) => given(&text),
                Err(fault) => Given::NoCode(fault),
            };
        }
    }
}

fn given(text: &str) -> Given {
    match links::read(text) {
        Some(Asked::Keys(link)) => Given::Link(link),
        Some(Asked::NoKeys(_, fault)) => Given::Refused(fault),
        _ => Given::NoLink,
    }
}

/// Compares the keys of a link with those that are known of the same person.
pub(crate) fn compare(link: &KeyLink, known: &[DeviceKey]) -> Compared {
    let mut compared = Compared::default();
    let in_use = |device| {
        let mut of_device = known.iter().filter(move |key| Some(key.device) == device);
        of_device.clone().find(|key| key.standing == Standing::Listed).or_else(|| of_device.next())
    };
    for claim in &link.keys {
        let found = known.iter().find(|key| key.fingerprint == claim.fingerprint);
        let device = found.map(|key| key.device).or(claim.device);
        match (found, in_use(device)) {
            // A key that its device has replaced since is not the one that we write to.
            (_, Some(key)) if key.fingerprint != claim.fingerprint => {
                compared.differing.push((*claim, key.fingerprint));
            }
            (Some(key), _) => {
                compared.matching.push(key.fingerprint);
                if key.trust != Trust::Verified {
                    compared.undecided.push(key.fingerprint);
                }
            }
            (None, _) => compared.unknown.push(*claim),
        }
    }
    let named = |key: &&DeviceKey| {
        compared.matching.contains(&key.fingerprint)
            || compared.differing.iter().any(|(_, known)| *known == key.fingerprint)
    };
    let listed = known.iter().filter(|key| key.standing == Standing::Listed && !named(key));
    compared.unnamed = listed.count();
    compared
}
