//! The ledger of a device, as far as encryption has to do with it: the product's own is tested in its room.

use causerie_model::{
    Annotation, BareJid, Body, Change, Decision, DeviceId, Direction, Fingerprint, Held, Left, LetGo,
    MessageState, NewMessage, OriginId, PendingMessage, Privacy, Protection, Purpose, Says, Sealing, Trust,
    Unreached, Unreadable,
};

use super::Device;

fn privacy_of(protection: Protection) -> Privacy {
    match protection {
        Protection::Clear => Privacy::Clear,
        Protection::Encrypted(_) => Privacy::Encrypted,
    }
}

/// Whether it may be read later.
fn is_held(body: &Body) -> bool {
    use Unreadable::{Delayed, Early, KeyOfOther, KeyReplaced};
    matches!(body, Body::Unreadable(KeyReplaced | KeyOfOther | Delayed | Early))
}

/// Whether a row stands for a message that is held.
fn stands_for(row: &NewMessage, held: &Held) -> bool {
    let is_named = held.archived.is_some() && row.stanza == held.archived;
    let is_same = is_named || (row.origin == held.origin && row.at == held.at);
    is_same && (&row.peer, row.direction) == (&held.peer, held.direction) && is_held(&row.body)
}

impl Device {
    /// What the ledger of the product does with what concerns us.
    pub(super) fn commit(&mut self, change: Change) {
        self.changes += 1;
        let kept = &mut self.ledger.encryption;
        match change {
            Change::MessageSealed { id, sealing, unreached, .. } => self.seal(id, sealing, unreached),
            Change::MessageWaits { id, .. } => self.note(&id, Left::Never),
            Change::MessageLeaves { id, .. } => self.note(&id, Left::Unknown),
            Change::DecisionKept(decision) => {
                let name = |of: &Decision| (of.jid.clone(), of.fingerprint, of.awaits);
                kept.decisions.retain(|other| name(other) != name(&decision));
                kept.decisions.push(decision);
            }
            Change::DecisionDone(decision) => {
                let name = |of: &Decision| (of.jid.clone(), of.fingerprint, of.awaits);
                kept.decisions.retain(|other| name(other) != name(&decision) || other.at > decision.at);
            }
            Change::DeviceUnwanted(device) => kept.unwanted.push(device),
            Change::DeviceRemoved(device) => kept.unwanted.retain(|other| *other != device),
            Change::Annotated(annotation) => self.annotated(annotation),
            Change::AnnotationHeld(annotation) => self.held_said.push(annotation),
            Change::MessageCopied { message, device, .. } => {
                let is_ours = |row: &NewMessage| (&row.peer, &row.origin) == (&message.peer, &message.origin);
                let is_said = self.said.iter().any(|said| said.origin == message.origin);
                if !is_said && !self.rows.iter().any(is_ours) {
                    kept.copied = Some(device);
                    self.copy_seen = Some(device);
                    self.add(message);
                }
            }
            Change::CopyAnswered(at) => kept.renewed = Some(at),
            Change::MessageAdded(message) | Change::MessageFetched(message) => self.add(message),
            Change::MessageProtected { peer, id, protection } => {
                for row in
                    self.rows.iter_mut().filter(|row| row.peer == peer && row.origin.as_ref() == Some(&id))
                {
                    row.protection = protection;
                }
                for message in self.ledger.pending.iter_mut().filter(|message| message.id == id) {
                    message.privacy = privacy_of(protection);
                }
            }
            Change::MessageStateChanged { peer, id, state } => {
                self.ledger.pending.retain(|message| message.id != id);
                for row in
                    self.rows.iter_mut().filter(|row| row.peer == peer && row.origin.as_ref() == Some(&id))
                {
                    row.state = state.clone();
                }
                for said in self.said.iter_mut().filter(|said| said.origin.as_ref() == Some(&id)) {
                    said.state = state.clone();
                }
            }
            Change::ArchiveReached { reached, .. } => self.ledger.archive = Some(reached),
            Change::ArchiveGap { until, .. } => self.ledger.gap = until,
            Change::ArchiveAsked { at, .. } => self.ledger.asked = Some(at),
            Change::OwnKeysSet { device, sealed } => kept.own = Some((device, sealed)),
            Change::SessionSet { with, sealed } => {
                kept.sessions.retain(|(name, _)| *name != with);
                kept.sessions.push((with, sealed));
            }
            Change::SessionsForgotten => kept.sessions.clear(),
            Change::SessionForgotten(with) => kept.sessions.retain(|(name, _)| *name != with),
            Change::KeyForgotten { jid, fingerprint } => {
                let is_decided = |trust| matches!(trust, Trust::Verified | Trust::Distrusted);
                kept.keys.retain(|key| (&key.0, key.2) != (&jid, fingerprint) || is_decided(key.3));
            }
            Change::StrangerForgotten(jid) => {
                kept.sessions.retain(|(name, _)| name.jid != jid);
                kept.lists.retain(|(owner, ..)| *owner != jid);
                kept.keys.retain(|(owner, ..)| *owner != jid);
            }
            Change::DevicesListed { jid, version, devices } => {
                kept.lists.retain(|(owner, of, _)| (owner, of) != (&jid, &version));
                kept.lists.push((jid, version, devices.into_iter().map(|(id, _)| id).collect()));
            }
            Change::KeySeen { jid, device, fingerprint, trust, .. } => {
                let known =
                    kept.keys.iter_mut().find(|(owner, _, key, ..)| (owner, key) == (&jid, &fingerprint));
                match known {
                    Some(known) => known.1 = device,
                    None => kept.keys.push((jid, device, fingerprint, trust, None)),
                }
            }
            Change::TrustSet { jid, fingerprint, trust, at } => {
                for known in kept.keys.iter_mut().filter(|known| known.0 == jid && known.2 == fingerprint) {
                    (known.3, known.4) = (trust, Some(at));
                }
                if trust.may_read() {
                    self.count_said(&jid, fingerprint);
                }
            }
            Change::PrivacySet { peer, privacy } => {
                kept.clear.retain(|other| *other != peer);
                if privacy == Privacy::Clear {
                    kept.clear.push(peer);
                }
            }
            change => self.commit_what_waits(change),
        }
    }

    /// The same, of what waits for something.
    fn commit_what_waits(&mut self, change: Change) {
        let kept = &mut self.ledger.encryption;
        match change {
            Change::Past(_, change) => self.commit(*change),
            Change::AlarmRaised(alarm) => kept.alarms.push(alarm),
            Change::AlarmSeen(alarm) => kept.alarms.retain(|other| *other != alarm),
            Change::KeySeenEarly { jid, fingerprint } => kept.early.push((jid, fingerprint)),
            Change::KeyListed { jid, fingerprint } => {
                kept.early.retain(|early| *early != (jid.clone(), fingerprint));
                for known in kept.keys.iter_mut().filter(|known| known.0 == jid && known.2 == fingerprint) {
                    known.3 = Trust::Blind;
                }
                for row in self.rows.iter_mut().filter(|row| row.peer == jid) {
                    if let Protection::Encrypted(Some(seal)) = &mut row.protection
                        && (seal.fingerprint, seal.trust) == (fingerprint, Trust::Undecided)
                    {
                        seal.trust = Trust::Blind;
                    }
                }
                self.count_said(&jid, fingerprint);
            }
            Change::ToldSet { teller, told } => {
                kept.told.retain(|other| other.teller != teller);
                kept.told.extend(told);
            }
            Change::CarefulAbout(jid) => kept.careful.push(jid),
            Change::KeyRead(mark) => kept.read.push(mark),
            Change::MessageHeld(held) if self.rows.iter().any(|row| stands_for(row, &held)) => {
                kept.held.push(held);
            }
            Change::HeldWaits(mark, why) => {
                for held in kept.held.iter_mut().filter(|held| held.mark == mark) {
                    held.why = why;
                    let rows = self.rows.iter_mut().filter(|row| stands_for(row, held));
                    rows.for_each(|row| row.body = Body::Unreadable(why));
                }
            }
            Change::HeldLetGo(mark, outcome) => {
                for held in kept.held.extract_if(.., |held| held.mark == mark) {
                    match outcome {
                        LetGo::Stays => {}
                        LetGo::Leaves => self.rows.retain(|row| !stands_for(row, &held)),
                        LetGo::Says(why) => {
                            let rows = self.rows.iter_mut().filter(|row| stands_for(row, &held));
                            rows.for_each(|row| row.body = Body::Unreadable(why));
                        }
                    }
                }
            }
            Change::EarlySaysNothing { peer, direction, stanza } => {
                self.rows.retain(|row| {
                    row.body != Body::Unreadable(Unreadable::Early)
                        || (&row.peer, row.direction) != (&peer, direction)
                        || row.stanza.as_ref() != Some(&stanza)
                });
            }
            Change::EarlyOver => {
                let is_held = |row: &NewMessage| kept.held.iter().any(|held| stands_for(row, held));
                let early = |row: &&mut NewMessage| row.body == Body::Unreadable(Unreadable::Early);
                for row in self.rows.iter_mut().filter(early).filter(|row| !is_held(row)) {
                    row.body = Body::Unreadable(Unreadable::NotKept);
                }
            }
            _ => {}
        }
    }

    /// A key of somebody is trusted: what was said of messages with it counts.
    fn count_said(&mut self, whose: &BareJid, fingerprint: Fingerprint) {
        let own = self.jid.bare().clone();
        let is_theirs = |said: &mut Annotation| {
            let by = if said.author == Direction::Outgoing { &own } else { &said.peer };
            matches!(said.protection, Protection::Encrypted(Some(seal)) if seal.fingerprint == fingerprint)
                && by == whose
        };
        let said: Vec<Annotation> = self.held_said.extract_if(.., is_theirs).collect();
        // A correction was shown as a message so long.
        let corrections = || said.iter().filter(|said| matches!(said.says, Says::Correction(_)));
        self.rows.retain(|row| !corrections().any(|said| said.origin.is_some() && said.origin == row.origin));
        self.said.extend(said);
    }

    fn seal(&mut self, id: OriginId, sealing: Sealing, unreached: Vec<(BareJid, DeviceId, Unreached)>) {
        let waits = self.ledger.pending.iter_mut().filter(|message| message.id == id);
        waits.for_each(|message| message.left = Left::Sealed);
        self.unreached.insert(id.clone(), unreached);
        self.sealings.insert(id, sealing);
    }

    /// Whether one that waits has left is known, or no more. That it has left encrypted is kept.
    fn note(&mut self, id: &OriginId, left: Left) {
        let waits = self.ledger.pending.iter_mut().filter(|message| message.id == *id);
        waits.filter(|message| message.left != Left::Sealed).for_each(|message| message.left = left);
    }

    fn annotated(&mut self, annotation: Annotation) {
        if annotation.state == MessageState::Pending {
            let (text, purpose) = match &annotation.says {
                Says::Correction(text) => (text.clone(), Purpose::Correction(annotation.target.clone())),
                Says::Retraction(words) => (words.clone(), Purpose::Retraction(annotation.target.clone())),
                Says::Reactions(emoji) => {
                    (crate::reactions::text(emoji), Purpose::Reactions(annotation.target.clone()))
                }
            };
            self.ledger.pending.push(PendingMessage {
                peer: annotation.peer.clone(),
                id: annotation.origin.clone().unwrap(),
                body: text,
                at: annotation.at,
                privacy: privacy_of(annotation.protection),
                left: Left::Unknown,
                purpose,
            });
        }
        self.said.push(annotation);
    }

    fn add(&mut self, message: NewMessage) {
        let is_it = |row: &&mut NewMessage| {
            let was_held = row.origin == message.origin && row.at == message.at && is_held(&row.body);
            (row.stanza.is_some() && row.stanza == message.stanza) || was_held
        };
        if let Some(row) = self.rows.iter_mut().find(is_it) {
            if let (Body::Unreadable(_), Body::Text(_)) = (&row.body, &message.body) {
                self.early += usize::from(row.body == Body::Unreadable(Unreadable::Early));
                row.body = message.body;
                row.protection = message.protection;
            } else if (is_held(&row.body) || row.body == Body::Unreadable(Unreadable::NotKept))
                && message.body != Body::Unreadable(Unreadable::Early)
            {
                row.body = message.body;
            }
            return;
        }
        let same = |row: &&mut NewMessage| {
            (&row.peer, row.direction, &row.origin, &row.body)
                == (&message.peer, message.direction, &message.origin, &message.body)
        };
        if self.rows.iter_mut().find(same).is_some() {
            return;
        }
        if message.state == MessageState::Pending {
            let Body::Text(body) = &message.body else { return };
            self.ledger.pending.push(PendingMessage {
                peer: message.peer.clone(),
                id: message.origin.clone().unwrap(),
                body: body.clone(),
                at: message.at,
                privacy: privacy_of(message.protection),
                left: Left::Unknown,
                purpose: Purpose::default(),
            });
        }
        self.rows.push(message);
    }
}
