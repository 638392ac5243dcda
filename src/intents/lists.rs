//! Many people who are to be added one after the other: a list from a file, or those of an old address.

use causerie_model::{BareJid, Command, NewContact};
use serde::{Deserialize, Serialize};

/// The most that are kept: an account takes no more at once.
const MOST: usize = 5_000;

/// Those who are to be added, in their order.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct List(Vec<Listed>);

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Listed {
    jid: String,
    name: Option<String>,
    groups: Vec<String>,
    moved_from: Option<String>,
    /// Whether that was asked of the actor that is running: it goes on by itself then.
    #[serde(skip)]
    asked: bool,
}

impl List {
    /// These are asked for, behind those that still wait.
    pub(super) fn note(&mut self, contacts: &[NewContact], moved_from: Option<&BareJid>) {
        let left = MOST.saturating_sub(self.0.len());
        self.0.extend(contacts.iter().take(left).map(|contact| Listed {
            jid: contact.jid.to_string(),
            name: contact.name.clone(),
            groups: contact.groups.clone(),
            moved_from: moved_from.map(ToString::to_string),
            asked: true,
        }));
    }

    /// That one is not to be added.
    pub(super) fn without(&mut self, jid: &BareJid) {
        self.0.retain(|one| one.jid != jid.as_str());
    }

    /// All that was asked of the actor that is running is done.
    pub(super) fn done(&mut self) {
        self.0.retain(|one| !one.asked);
    }

    /// Whoever was asked is not there any more: what is left is asked again.
    pub(super) fn interrupted(&mut self) {
        self.0.iter_mut().for_each(|one| one.asked = false);
    }

    /// What was asked of an earlier one, which did not finish it, without those that are added by now.
    pub(super) fn ask_again(&mut self, is_added: impl Fn(&BareJid) -> bool) -> Vec<Command> {
        let mut commands = Vec::new();
        self.0.retain(|one| one.asked || BareJid::new(&one.jid).is_ok_and(|jid| !is_added(&jid)));
        for group in
            self.0.chunk_by_mut(|one, next| (&one.moved_from, one.asked) == (&next.moved_from, next.asked))
        {
            let moved_from = group.first().and_then(|one| BareJid::new(one.moved_from.as_deref()?).ok());
            let unasked = group.iter_mut().filter(|one| !one.asked);
            let contacts: Vec<NewContact> = unasked
                .filter_map(|one| {
                    one.asked = true;
                    one.contact()
                })
                .collect();
            if !contacts.is_empty() {
                commands.push(Command::AddContacts { contacts, moved_from });
            }
        }
        commands
    }
}

impl Listed {
    fn contact(&self) -> Option<NewContact> {
        let jid = BareJid::new(&self.jid).ok()?;
        Some(NewContact { jid, name: self.name.clone(), groups: self.groups.clone() })
    }
}
