//! What was answered to other providers, for when one of them is chosen again.

use causerie_model::BareJid;
use causerie_model::registration::Answer;

use super::{Asking, Input};

/// So many providers' answers are kept beside those to the chosen one.
const MOST: usize = 8;

/// The answers to providers that are not asked now, the last one first.
#[derive(Debug, Default)]
pub(super) struct Aside(Vec<Put>);

#[derive(Debug)]
struct Put {
    of: BareJid,
    inputs: Vec<Input>,
    recalled: Vec<Answer>,
}

impl Asking {
    /// Another provider is asked: what was answered to that one is put aside, and nothing of it is left here.
    pub(in super::super) fn put_aside(&mut self, of: Option<&BareJid>) {
        let before = std::mem::take(self);
        self.aside = before.aside;
        let Some(of) = of.filter(|_| !before.inputs.is_empty() || !before.recalled.is_empty()) else {
            return;
        };
        let mut inputs = before.inputs;
        // A picture comes with the form again.
        inputs.iter_mut().for_each(|input| input.picture = None);
        self.aside.put(Put { of: of.clone(), inputs, recalled: before.recalled });
    }

    /// That provider is asked again: its form is filled in as it was.
    pub(in super::super) fn take_up(&mut self, of: &BareJid) {
        let Some(place) = self.aside.0.iter().position(|put| put.of == *of) else { return };
        let put = self.aside.0.remove(place);
        (self.inputs, self.recalled) = (put.inputs, put.recalled);
    }

    /// What was answered to others in an earlier run.
    pub(in super::super) fn recall_aside(&mut self, of: BareJid, recalled: Vec<Answer>) {
        if self.aside.0.len() < MOST {
            self.aside.0.push(Put { of, inputs: Vec::new(), recalled });
        }
    }

    /// What was answered to others, to be remembered as what is answered here is.
    pub(in super::super) fn kept_aside(&self) -> Vec<(&BareJid, Vec<Answer>)> {
        let mut left = super::ROOM;
        let kept = self
            .aside
            .0
            .iter()
            .map(|put| (&put.of, super::worth_keeping(&put.inputs, &put.recalled, &mut left)));
        kept.filter(|(_, answers)| !answers.is_empty()).collect()
    }
}

impl Aside {
    fn put(&mut self, put: Put) {
        self.0.retain(|before| before.of != put.of);
        self.0.insert(0, put);
        self.0.truncate(MOST);
    }
}
