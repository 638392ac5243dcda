//! Lists of devices that come, or don't.

use causerie_model::{BareJid, OmemoVersion, Problem};

use minidom::Element;

use super::{Omemo, wire};
use crate::iq::Answer;
use crate::pubsub::{self, Happened, Newest};
use crate::step::Step;

impl Omemo {
    /// A node that has to do with encryption changed.
    pub(crate) fn changed(
        &mut self,
        owner: &BareJid,
        node: &str,
        happened: &Happened<'_>,
        step: &mut Step<'_>,
    ) {
        let Some(version) = wire::version_of_list(node) else { return };
        let devices = match happened {
            Happened::Published(Some(list)) => self.read_list(owner, version, list, owner == step.own),
            // Some servers say only that there is another one.
            Happened::Published(None) => {
                self.people.look_up_again(owner, step);
                None
            }
            // What was taken back may not be what counts, and our other devices are not to be lost for it.
            Happened::Emptied if owner == step.own => {
                self.people.look_up_anew(owner, step);
                None
            }
            Happened::Emptied => Some(Vec::new()),
        };
        let Some(devices) = devices else { return };
        self.listed(owner, version, devices, step);
    }

    /// Reads a list, as far as it is looked at, and notes how many are beyond.
    fn read_list(
        &mut self,
        owner: &BareJid,
        version: OmemoVersion,
        list: &Element,
        is_ours: bool,
    ) -> Option<Vec<wire::Listed>> {
        let most = wire::most_devices(is_ours);
        self.people.set_beyond(owner, version, wire::beyond(version, list, most));
        wire::read_list(version, list, most)
    }

    /// A list of devices is known. An empty one of somebody who had devices or keys is no reason to write to them in clear, nor to nobody:
    /// it may be their server's own.
    fn listed(
        &mut self,
        owner: &BareJid,
        version: OmemoVersion,
        devices: Vec<wire::Listed>,
        step: &mut Step<'_>,
    ) {
        if owner != step.own && devices.is_empty() && self.people.had(owner, version) {
            self.people.vanished(owner, version, step.now.elapsed);
        } else {
            self.people.listed(owner, version, &devices, step);
        }
        self.bundles.try_again(owner);
        if owner == step.own {
            self.own_listed(version, devices, step);
        }
        self.ask_for_keyless_of_other(step);
        self.review(step);
    }

    /// The answer to a question for a list of devices.
    pub(crate) fn list_answered(
        &mut self,
        owner: &BareJid,
        version: OmemoVersion,
        answer: &Answer<'_>,
        step: &mut Step<'_>,
    ) {
        let is_ours = owner == step.own;
        let devices = match answer {
            Answer::Result(reply) => match pubsub::newest(reply, wire::list_node(version), owner) {
                Newest::Item(list) => self.read_list(owner, version, list, is_ours),
                // Ours begins where the server says that there is none, and goes on from what else was on it otherwise.
                Newest::None if is_ours => self.people.last_list(owner, version).map(|mut devices| {
                    devices.retain(|(id, _)| Some(*id) != self.device());
                    devices
                }),
                Newest::None => Some(Vec::new()),
                // What is no list is not taken for an empty one.
                Newest::Odd => None,
            },
            Answer::Refused(Problem::NoSuchAddress) => Some(Vec::new()),
            Answer::Refused(_) | Answer::Silence(_) => None,
        };
        let problem = answer.problem().or_else(|| devices.is_none().then_some(Problem::Protocol));
        self.people.answered(owner, version, problem, step.now.elapsed);
        match devices {
            Some(devices) => self.listed(owner, version, devices, step),
            None if is_ours => self.own_list_unknown(version, answer, step),
            None => {}
        }
        self.review(step);
    }
}
