//! Pictures of people: from their own node (XEP-0084 1.1.4), else from their vCard (XEP-0054 1.3, XEP-0153 1.1).
//!
//! Bytes are taken only when their hash is the announced one, and never from a web address: that would tell a stranger's
//! server who looks.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use causerie_model::{Avatar, AvatarHash, BareJid, Change, Jid, Restored};
use minidom::Element;
use sha1::{Digest, Sha1};

use crate::b64;
use crate::iq::{Answer, Ask, Recipient};
use crate::ns;
use crate::pubsub::{self, Happened};
use crate::step::Step;
use crate::xml::{self, Draft};

/// What we can do, for XEP-0030: be told of new ones.
pub(crate) const FEATURES: &[&str] = &["urn:xmpp:avatar:metadata+notify"];

/// The largest picture, in bytes.
pub(crate) const LARGEST: usize = 512 * 1024;
/// How many pictures are fetched at a time.
const MOST_IN_FLIGHT: usize = 3;
/// How many pictures that were not what was announced are remembered.
const MOST_BROKEN: usize = 1000;

/// What is known of pictures.
#[derive(Debug, Default)]
pub(crate) struct Avatars {
    /// Who has which.
    current: BTreeMap<BareJid, AvatarHash>,
    /// Who has a node for it, in this run: their vCard does not count.
    have_node: BTreeSet<BareJid>,
    /// Wanted, in this order.
    queue: VecDeque<Wanted>,
    in_flight: Vec<Fetch>,
    /// Was not what it was said to be, or could not be had: not asked for again in this run.
    broken: BTreeSet<(BareJid, [u8; 20])>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Wanted {
    owner: BareJid,
    hash: AvatarHash,
    source: Source,
}

#[derive(Debug)]
struct Fetch {
    wanted: Wanted,
    standing: Standing,
}

/// Whether a picture that is being fetched is still the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Current,
    /// Its owner has another one by now, or none.
    Overtaken,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Node,
    Card,
}

impl Avatars {
    /// The pictures of the last run.
    pub(crate) fn new(restored: &Restored) -> Self {
        Self { current: restored.avatars.iter().cloned().collect(), ..Self::default() }
    }

    /// The owner of a node, who is a contact or ourselves, changed it.
    pub(crate) fn changed(&mut self, owner: &BareJid, happened: &Happened<'_>, step: &mut Step<'_>) {
        let metadata = match happened {
            Happened::Published(Some(metadata)) if metadata.is("metadata", ns::AVATAR_METADATA) => {
                Some(*metadata)
            }
            Happened::Published(_) => return,
            Happened::Emptied => None,
        };
        self.have_node.insert(owner.clone());
        if metadata.is_none_or(|metadata| !metadata.has_child("info", ns::AVATAR_METADATA)) {
            self.remove(owner, step);
        } else if let Some(hash) = metadata.and_then(best_info) {
            self.choose(Wanted { owner: owner.clone(), hash, source: Source::Node }, step);
        }
    }

    /// A presence of a contact tells of the picture in their vCard.
    pub(crate) fn announced(&mut self, owner: &BareJid, presence: &Element, step: &mut Step<'_>) {
        let photo =
            presence.get_child("x", ns::VCARD_UPDATE).and_then(|x| x.get_child("photo", ns::VCARD_UPDATE));
        let Some(photo) = photo.filter(|_| !self.have_node.contains(owner)) else { return };
        let text = photo.text();
        if text.trim().is_empty() {
            self.remove(owner, step);
        } else if let Some(hash) = AvatarHash::from_hex(text.trim()) {
            self.choose(Wanted { owner: owner.clone(), hash, source: Source::Card }, step);
        }
    }

    /// Somebody's picture, if they have one.
    pub(crate) fn of(&self, owner: &BareJid) -> Option<AvatarHash> {
        self.current.get(owner).copied()
    }

    /// Somebody has this picture, whose bytes are here.
    pub(crate) fn set(&mut self, owner: &BareJid, avatar: Avatar, step: &mut Step<'_>) {
        self.overtake(owner, None);
        if self.current.insert(owner.clone(), avatar.hash) != Some(avatar.hash) {
            step.record(Change::AvatarSet { jid: owner.clone(), avatar });
        }
    }

    /// Somebody has no picture.
    pub(crate) fn remove(&mut self, owner: &BareJid, step: &mut Step<'_>) {
        self.overtake(owner, None);
        if self.current.remove(owner).is_some() {
            step.record(Change::AvatarRemoved(owner.clone()));
        }
    }

    /// Whatever of an owner is wanted or being fetched is no longer the one, but for this.
    fn overtake(&mut self, owner: &BareJid, but: Option<&Wanted>) {
        self.queue.retain(|wanted| wanted.owner != *owner);
        for fetch in self.in_flight.iter_mut().filter(|fetch| fetch.wanted.owner == *owner) {
            let is_the_one = Some(&fetch.wanted) == but;
            fetch.standing = if is_the_one { Standing::Current } else { Standing::Overtaken };
        }
    }

    fn choose(&mut self, wanted: Wanted, step: &mut Step<'_>) {
        self.overtake(&wanted.owner, Some(&wanted));
        let Wanted { owner, hash, .. } = &wanted;
        if self.current.get(owner) == Some(hash)
            || self.broken.contains(&(owner.clone(), hash.0))
            || self.in_flight.iter().any(|fetch| fetch.wanted == wanted)
        {
            return;
        }
        // The bytes are stored as long as somebody has the picture.
        if self.current.values().any(|other| other == hash) {
            self.current.insert(owner.clone(), *hash);
            step.record(Change::AvatarChosen { jid: owner.clone(), hash: *hash });
            return;
        }
        self.queue.push_back(wanted);
        self.fetch(step);
    }

    fn fetch(&mut self, step: &mut Step<'_>) {
        while step.is_online() && self.in_flight.len() < MOST_IN_FLIGHT {
            // One request for an owner at a time: its answer is known by the owner.
            let free =
                |wanted: &Wanted| self.in_flight.iter().all(|other| other.wanted.owner != wanted.owner);
            let Some(wanted) = self.queue.iter().position(free).and_then(|at| self.queue.remove(at)) else {
                return;
            };
            let owner = wanted.owner.clone();
            let recipient = match owner == *step.own {
                true => Recipient::AccountAddress,
                false => Recipient::Jid(Jid::from(owner.clone())),
            };
            match wanted.source {
                Source::Node => {
                    let payload = pubsub::request_item(ns::AVATAR_DATA, &wanted.hash.to_hex());
                    step.get(recipient, payload, Ask::AvatarData(owner));
                }
                Source::Card => step.get(recipient, Draft::new("vCard", ns::VCARD), Ask::AvatarCard(owner)),
            }
            self.in_flight.push(Fetch { wanted, standing: Standing::Current });
        }
    }

    /// The bytes came, or not.
    pub(crate) fn fetched(&mut self, owner: &BareJid, answer: &Answer<'_>, step: &mut Step<'_>) {
        let position = self.in_flight.iter().position(|fetch| fetch.wanted.owner == *owner);
        let Some(fetch) = position.map(|at| self.in_flight.swap_remove(at)) else { return };
        let Fetch { wanted, standing } = fetch;
        let overtaken = standing == Standing::Overtaken
            || (wanted.source == Source::Card && self.have_node.contains(owner));
        let bytes = match answer {
            Answer::Result(reply) => read_bytes(reply, &wanted),
            Answer::Refused(_) | Answer::Silence(_) => None,
        };
        match bytes {
            Some(bytes) if !overtaken => {
                self.current.insert(owner.clone(), wanted.hash);
                let avatar = Avatar { hash: wanted.hash, bytes };
                step.record(Change::AvatarSet { jid: owner.clone(), avatar });
            }
            None if !matches!(answer, Answer::Silence(_)) && self.broken.len() < MOST_BROKEN => {
                self.broken.insert((owner.clone(), wanted.hash.0));
            }
            _ => {}
        }
        self.fetch(step);
    }

    /// We went offline: what was wanted is announced again.
    pub(crate) fn forget(&mut self) {
        self.queue.clear();
        self.in_flight.clear();
    }
}

/// The picture to take: not by a web address, not too large, of a kind that can be shown; PNG before others.
fn best_info(metadata: &Element) -> Option<AvatarHash> {
    let infos = xml::children(metadata, "info", ns::AVATAR_METADATA);
    let usable = infos.filter(|info| info.attr("url").is_none()).filter_map(|info| {
        let hash = AvatarHash::from_hex(info.attr("id")?)?;
        let size: usize = info.attr("bytes").unwrap_or("0").trim().parse().ok()?;
        let rank = match info.attr("type") {
            Some("image/png") | None => 0,
            Some("image/jpeg" | "image/webp" | "image/gif") => 1,
            Some(_) => return None,
        };
        (size <= LARGEST).then_some((rank, hash))
    });
    usable.min_by_key(|(rank, _)| *rank).map(|(_, hash)| hash)
}

fn read_bytes(reply: &Element, wanted: &Wanted) -> Option<Vec<u8>> {
    let text = match wanted.source {
        Source::Node => {
            let data = pubsub::payload(reply, ns::AVATAR_DATA, &wanted.hash.to_hex())?;
            data.is("data", ns::AVATAR_DATA).then(|| data.text())?
        }
        Source::Card => {
            let photo = reply.get_child("vCard", ns::VCARD)?.get_child("PHOTO", ns::VCARD)?;
            photo.get_child("BINVAL", ns::VCARD)?.text()
        }
    };
    let bytes = b64::decode(&text, LARGEST).filter(|bytes| !bytes.is_empty())?;
    let hash: [u8; 20] = Sha1::digest(&bytes).into();
    (hash == wanted.hash.0).then_some(bytes)
}
