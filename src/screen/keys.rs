//! The devices of somebody, or our own, with their keys: to be compared, and decided about.
//!
//! It is part of the page about a person, and of the settings of an account.

pub(crate) mod compare;
mod view;

use std::path::PathBuf;

use causerie_model::{BareJid, Command, DeviceId, DeviceKey, Fingerprint, Standing, Trust};
use iced::Task;

use crate::context::{Context, Devices, Key};
use crate::platform::links::keys::{self, KeyLink};
use crate::platform::scan;
use crate::widget::code::Code;
use crate::widget::focus::focus;
use compare::Compare;

pub(crate) use view::{compare_page, device_name, devices, named, refusal, trust};

/// The name of the button that leaves the comparison.
pub(crate) const BACK: &str = "keys-back";
/// The name of the button that begins it.
pub(crate) const COMPARE: &str = "keys-compare";
/// The name of the button that takes a question back.
const CANCEL: &str = "keys-cancel";

/// Somebody's devices, as they are shown.
#[derive(Debug)]
pub(crate) struct Keys {
    key: Key,
    whose: Whose,
    devices: Devices,
    gone: Fold,
    removing: Option<DeviceId>,
    comparing: Option<Compare>,
    own: Option<OwnCode>,
    /// Whether the keys that are missing were asked for since this was opened.
    asked: bool,
}

/// Whose devices they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A contact's.
    Theirs,
    /// Our own.
    Mine,
}

/// Whether what is no longer in use is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fold {
    Closed,
    Open,
}

/// What others compare ours with.
#[derive(Clone, Debug)]
struct OwnCode {
    link: String,
    fingerprint: Fingerprint,
    code: Option<Code>,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The keys were read from the disk.
    Read(Key, Devices),
    /// A key is to be trusted, or not.
    Decided(Fingerprint, Trust),
    /// What is no longer in use is to be shown, or hidden.
    GonePressed,
    /// A device of ours is to be removed.
    RemovePressed(DeviceId),
    /// It is meant.
    RemoveConfirmed,
    /// It is not meant.
    RemoveDismissed,
    /// Keys are to be compared.
    ComparePressed,
    /// Or no longer.
    CompareClosed,
    /// Our own link is to be copied.
    CopyPressed,
    /// The other one's link was typed or pasted.
    LinkTyped(String),
    /// A picture is to be chosen.
    ChoosePressed,
    /// One was chosen, or none.
    Chosen(Option<PathBuf>),
    /// A picture was let fall onto the window.
    Dropped(PathBuf),
    /// A picture was read.
    Scanned(Result<String, scan::Fault>),
    /// The keys that match are those of the other one.
    MatchConfirmed,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Ask this of the account.
    Ask(Command),
    /// Put text onto the clipboard.
    Copy(String),
}

type Outcome = (Task<Message>, Vec<Action>);

impl Keys {
    /// The devices of somebody, and the reading of them.
    pub(crate) fn open(key: Key, context: &Context) -> (Self, Task<Message>) {
        let own = context.account(key.0).map(|account| &account.account.jid);
        let whose = if own == Some(&key.1) { Whose::Mine } else { Whose::Theirs };
        let keys = Self {
            key,
            whose,
            devices: Devices::default(),
            gone: Fold::Closed,
            removing: None,
            comparing: None,
            own: None,
            asked: false,
        };
        let task = keys.reload(context);
        (keys, task)
    }

    /// Reads the keys again, because something changed.
    pub(crate) fn reload(&self, context: &Context) -> Task<Message> {
        let Some(account) = context.account(self.key.0) else { return Task::none() };
        let key = self.key.clone();
        let read = context.ledger.clone().keys(key.clone(), account.account.jid.clone());
        let read = Task::perform(read, Result::ok);
        read.and_then(move |devices| Task::done(Message::Read(key.clone(), devices)))
    }

    /// Whether they are ours.
    pub(crate) fn whose(&self) -> Whose {
        self.whose
    }

    /// Whose they are.
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// Whether no key is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.devices.theirs.is_empty()
    }

    /// Whether not even a device is known.
    fn knows_none(&self) -> bool {
        self.devices.theirs.is_empty() && self.devices.keyless.is_empty()
    }

    /// Whether the page for comparing is open.
    pub(crate) fn is_comparing(&self) -> bool {
        self.comparing.is_some()
    }

    /// Whether there are keys among those that are compared about which nothing is decided.
    pub(crate) fn has_undecided(&self) -> bool {
        let compared = self.comparing.as_ref().and_then(|comparing| self.compared(comparing));
        compared.is_some_and(|compared| !compared.undecided.is_empty())
    }

    /// Shows what a link says of the keys. Nothing is decided by that.
    pub(crate) fn compare_with(&mut self, link: KeyLink) {
        self.comparing = Some(Compare::with(link));
    }

    /// Closes what was opened last: the answer is whether there was anything.
    pub(crate) fn step_back(&mut self) -> bool {
        self.removing.take().is_some() || self.comparing.take().is_some()
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Outcome {
        match message {
            Message::Read(key, devices) if key == self.key => {
                self.read(devices, context);
                return (Task::none(), self.ask_for_missing());
            }
            Message::Read(..) => {}
            Message::Decided(fingerprint, trust) => {
                return (Task::none(), vec![self.decide(fingerprint, trust)]);
            }
            Message::GonePressed => {
                self.gone = if self.gone == Fold::Closed { Fold::Open } else { Fold::Closed };
            }
            Message::RemovePressed(device) => {
                self.removing = Some(device);
                return (focus(CANCEL), Vec::new());
            }
            Message::RemoveConfirmed => {
                let removed = self.removing.take().map(|device| Action::Ask(Command::RemoveDevice(device)));
                return (focus(COMPARE), removed.into_iter().collect());
            }
            Message::RemoveDismissed => {
                self.removing = None;
                return (focus(COMPARE), Vec::new());
            }
            Message::ComparePressed => {
                self.comparing = Some(Compare::default());
                return (focus(BACK), Vec::new());
            }
            Message::CompareClosed => {
                self.comparing = None;
                return (focus(COMPARE), Vec::new());
            }
            Message::CopyPressed => {
                let link = self.own.as_ref().map(|own| Action::Copy(own.link.clone()));
                return (Task::none(), link.into_iter().collect());
            }
            Message::LinkTyped(typed) => {
                if let Some(comparing) = &mut self.comparing {
                    comparing.type_in(typed);
                }
            }
            Message::ChoosePressed => {
                let i18n = &context.i18n;
                let (title, kind) = (i18n.get("compare-choose"), i18n.get("compare-pictures"));
                let chosen = context.chooser.open(title, kind, &scan::PICTURES);
                return (Task::perform(chosen, Message::Chosen), Vec::new());
            }
            Message::Chosen(None) => {}
            Message::Chosen(Some(path)) | Message::Dropped(path) => {
                if let Some(comparing) = &mut self.comparing {
                    comparing.wait();
                    return (Task::perform(scan::read(path), Message::Scanned), Vec::new());
                }
            }
            Message::Scanned(read) => {
                if let Some(comparing) = &mut self.comparing {
                    comparing.scanned(read);
                }
            }
            Message::MatchConfirmed => return (focus(BACK), self.confirm()),
        }
        (Task::none(), Vec::new())
    }

    /// Keys of our own devices are asked for when they are looked at: somebody may want to compare them before anything is written. Those of
    /// others are asked for as long as their page is open, by whoever knows what is in front.
    fn ask_for_missing(&mut self) -> Vec<Action> {
        if self.whose != Whose::Mine || self.asked || self.devices.keyless.is_empty() {
            return Vec::new();
        }
        self.asked = true;
        vec![Action::Ask(Command::LookUpKeys(self.key.1.clone()))]
    }

    fn decide(&self, fingerprint: Fingerprint, trust: Trust) -> Action {
        Action::Ask(Command::DecideTrust { jid: self.key.1.clone(), fingerprint, trust })
    }

    /// Whatever came about since the page was drawn: only keys that match now are confirmed.
    fn confirm(&self) -> Vec<Action> {
        let Some(compared) = self.comparing.as_ref().and_then(|comparing| self.compared(comparing)) else {
            return Vec::new();
        };
        compared.undecided.iter().map(|key| self.decide(*key, Trust::Verified)).collect()
    }

    /// What the link says of the keys that are known here; nothing where there is none, or it is about somebody else.
    fn compared(&self, comparing: &Compare) -> Option<compare::Compared> {
        let link = comparing.link().filter(|link| link.jid == self.key.1)?;
        let compared = compare::compare(link, &self.devices.theirs);
        Some(compared.awaiting(|device| {
            let mut keyless = self.devices.keyless.iter();
            match device {
                Some(device) => self.knows_none() || keyless.any(|keyless| device == keyless.device),
                // It may be of any. But a list can name a device that never shows a key, and hide a foreign one behind it for good.
                None => self.is_empty(),
            }
        }))
    }

    /// What waits for a decision comes first.
    fn read(&mut self, mut devices: Devices, context: &Context) {
        devices.theirs.sort_by_key(|device| !waits(device));
        let own = context.account(self.key.0).map(|account| &account.account.jid);
        let link = own.and_then(|own| own_link(own, &devices));
        if self.own.as_ref().map(|own| &own.link) != link.as_ref().map(|(link, _)| link) {
            self.own = link.map(|(link, fingerprint)| {
                let code = Code::new(&link);
                OwnCode { link, fingerprint, code }
            });
        }
        self.devices = devices;
    }

    /// Whether a device has another key than the one it had before.
    fn has_changed(&self, device: &DeviceKey) -> bool {
        let others = self.devices.theirs.iter().filter(|other| other.fingerprint != device.fingerprint);
        waits(device) && others.into_iter().any(|other| other.device == device.device)
    }
}

/// Whether a person has to decide about a key before anything goes to it.
fn waits(device: &DeviceKey) -> bool {
    device.standing == Standing::Listed && device.trust == Trust::Undecided
}

/// Whether a person can decide about a key. Of what is on no list any more nothing has to be decided, unless it was never decided about it:
/// what has come from it is read when it is accepted.
fn has_choice(device: &DeviceKey) -> bool {
    match device.standing {
        Standing::Listed => true,
        Standing::Unwanted => false,
        Standing::Gone => device.trust == Trust::Undecided,
    }
}

/// Our link: the key of this machine, and of those others of ours that were compared.
fn own_link(own: &BareJid, devices: &Devices) -> Option<(String, Fingerprint)> {
    /// More than one person has, and still a code that a telephone can read.
    const MOST: usize = 5;
    let mine = devices.mine.iter().find(|key| Some(key.device) == devices.here)?;
    let others = devices.mine.iter().filter(|key| {
        key.fingerprint != mine.fingerprint
            && key.standing == Standing::Listed
            && key.trust == Trust::Verified
            && key.device != mine.device
    });
    let others = others.take(MOST).map(|key| (key.device, key.fingerprint));
    let link = keys::write(own, (mine.device, mine.fingerprint), others);
    Some((link, mine.fingerprint))
}

#[cfg(test)]
mod missing_tests;
#[cfg(test)]
mod tests;
