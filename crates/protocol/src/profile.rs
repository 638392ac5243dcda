//! Our own name and picture, for others to see: by our nodes (XEP-0172 1.1, XEP-0084 1.1.4), and by the vCard (XEP-0054 1.3, XEP-0153
//! 1.1) where the server has no nodes for people, or does not keep the picture of the vCard in step (XEP-0398 1.0.0).
//!
//! What the person wants is remembered until the server has said yes or no, also while we are offline. Nodes are made as servers make
//! them for people: open to those who see our presence.

use causerie_model::profile::LONGEST_NAME;
use causerie_model::{Avatar, AvatarHash, Event, Notice, OwnPicture, Problem, ProfileWish};
use minidom::Element;
use sha1::{Digest, Sha1};

use crate::avatars::Avatars;
use crate::iq::{Answer, Ask, Recipient};
use crate::nickname::Nicknames;
use crate::pubsub::{self, Options};
use crate::server::{Server, Support};
use crate::step::Step;
use crate::xml::{self, Draft};
use crate::{b64, ns};

/// What is wanted of our profile.
#[derive(Debug, Default)]
pub(crate) struct OwnProfile {
    name: Option<Option<String>>,
    picture: Option<Option<OwnPicture>>,
    doing: Option<(ProfileWish, Stage)>,
    is_ready: bool,
    /// We have taken the picture out of our vCard.
    is_card_emptied: bool,
}

/// What was asked last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// To take the name.
    Name,
    /// To take the picture's bytes.
    Data,
    /// To say which picture it is, or that there is none.
    Metadata,
    /// To give the vCard, so that the rest of it stays.
    Card,
    /// To take it back, changed.
    CardSet,
}

/// What our profile is part of.
pub(crate) struct Known<'a> {
    pub(crate) server: &'a Server,
    pub(crate) nicknames: &'a mut Nicknames,
    pub(crate) avatars: &'a mut Avatars,
}

/// Whether others have to be told by our presence which picture the vCard has: servers that convert do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Same,
    Changed,
}

impl OwnProfile {
    /// The person wants another name, or none.
    pub(crate) fn publish_name(&mut self, name: Option<&str>, known: &mut Known<'_>, step: &mut Step<'_>) {
        self.name = Some(name.map(ToOwned::to_owned));
        self.go_on(known, step);
    }

    /// The person wants another picture, or none.
    pub(crate) fn publish_picture(
        &mut self,
        picture: Option<OwnPicture>,
        known: &mut Known<'_>,
        step: &mut Step<'_>,
    ) {
        self.picture = Some(picture);
        self.go_on(known, step);
    }

    /// It is known what the server can do. What it shows of us in the vCard alone is looked at.
    pub(crate) fn ready(&mut self, known: &mut Known<'_>, step: &mut Step<'_>) {
        self.is_ready = true;
        if known.server.people_have_nodes == Support::No {
            step.get(Recipient::Account, Draft::new("vCard", ns::VCARD), Ask::OwnCard);
        }
        self.go_on(known, step);
    }

    /// The session goes on: what was wanted meanwhile can be asked.
    pub(crate) fn resumed(&mut self, known: &mut Known<'_>, step: &mut Step<'_>) {
        self.go_on(known, step);
    }

    /// We went offline.
    pub(crate) fn pause(&mut self) {
        self.is_ready = false;
    }

    fn go_on(&mut self, known: &mut Known<'_>, step: &mut Step<'_>) {
        if !self.is_ready || !step.is_online() || self.doing.is_some() {
            return;
        }
        let name = self.name.take().map(ProfileWish::Name);
        let Some(wanted) = name.or_else(|| self.picture.take().map(ProfileWish::Picture)) else { return };
        let stage = match &wanted {
            _ if known.server.people_have_nodes == Support::No => Stage::Card,
            ProfileWish::Name(_) => Stage::Name,
            ProfileWish::Picture(Some(_)) => Stage::Data,
            ProfileWish::Picture(None) => Stage::Metadata,
        };
        self.ask(wanted, stage, step);
    }

    fn ask(&mut self, wanted: ProfileWish, stage: Stage, step: &mut Step<'_>) {
        let payload = match (stage, &wanted) {
            (Stage::Name, ProfileWish::Name(name)) => {
                let nick =
                    Draft::new("nick", ns::NICK).text(shown(name.as_deref()).as_deref().unwrap_or_default());
                pubsub::publish(ns::NICK, "current", nick.into(), Options::AsItIs)
            }
            (Stage::Data, ProfileWish::Picture(Some(picture))) => {
                let data = Draft::new("data", ns::AVATAR_DATA).text(&b64::encode(picture.bytes()));
                pubsub::publish(ns::AVATAR_DATA, &hash(picture).to_hex(), data.into(), Options::AsItIs)
            }
            (Stage::Metadata, ProfileWish::Picture(picture)) => {
                let id = picture.as_ref().map_or_else(|| "none".to_owned(), |picture| hash(picture).to_hex());
                let info = picture.as_ref().map(info);
                let metadata = Draft::new("metadata", ns::AVATAR_METADATA).children(info);
                pubsub::publish(ns::AVATAR_METADATA, &id, metadata.into(), Options::AsItIs)
            }
            _ => {
                self.doing = Some((wanted, Stage::Card));
                step.get(Recipient::Account, Draft::new("vCard", ns::VCARD), Ask::Profile);
                return;
            }
        };
        self.doing = Some((wanted, stage));
        step.set(Recipient::Account, payload, Ask::Profile);
    }

    /// The server has answered what was asked last.
    pub(crate) fn answered(
        &mut self,
        answer: &Answer<'_>,
        known: &mut Known<'_>,
        step: &mut Step<'_>,
    ) -> Presence {
        let Some((wanted, stage)) = self.doing.take() else { return Presence::Same };
        let is_picture = matches!(wanted, ProfileWish::Picture(_));
        let has_card = is_picture && known.server.converts_cards == Support::No;
        let mut presence = Presence::Same;
        match (answer, stage) {
            (Answer::Result(_), Stage::Data) => self.ask(wanted, Stage::Metadata, step),
            (Answer::Result(_), Stage::Metadata) if has_card => self.ask(wanted, Stage::Card, step),
            (Answer::Result(_), Stage::Name | Stage::Metadata | Stage::CardSet) => {
                if stage == Stage::CardSet && is_picture {
                    presence = Presence::Changed;
                    self.is_card_emptied = matches!(wanted, ProfileWish::Picture(None));
                }
                done(wanted, known, step);
            }
            (Answer::Result(reply), Stage::Card) => {
                self.set_card(wanted, reply.get_child("vCard", ns::VCARD), step);
            }
            // There is none yet.
            (Answer::Refused(Problem::NoSuchAddress), Stage::Card) => self.set_card(wanted, None, step),
            (Answer::Refused(Problem::NotSupported), Stage::Name | Stage::Data | Stage::Metadata)
                if known.server.people_have_nodes == Support::Unknown =>
            {
                self.ask(wanted, Stage::Card, step);
            }
            // The picture is out, and only those with old programs don't see it.
            (Answer::Refused(_), Stage::Card | Stage::CardSet)
                if is_picture && known.server.people_have_nodes == Support::Yes =>
            {
                done(wanted, known, step);
            }
            (Answer::Silence(Problem::ConnectionLost), _) => self.want_again(wanted),
            (Answer::Refused(problem) | Answer::Silence(problem), _) => {
                let (wish, problem) = (wanted, problem.clone());
                step.tell(Event::Notice(Notice::ProfileNotPublished { wish, problem }));
            }
        }
        self.go_on(known, step);
        presence
    }

    /// What our presence says of the vCard's picture (XEP-0153 §3.1), where the server does not say it for us.
    pub(crate) fn update(&self, server: &Server, own: Option<AvatarHash>) -> Option<Element> {
        let is_known = server.converts_cards == Support::No && (own.is_some() || self.is_card_emptied);
        let hash = own.map(AvatarHash::to_hex).unwrap_or_default();
        let photo = Draft::new("photo", ns::VCARD_UPDATE).text(&hash);
        is_known.then(|| Draft::new("x", ns::VCARD_UPDATE).child(photo).into())
    }

    fn set_card(&mut self, wanted: ProfileWish, card: Option<&Element>, step: &mut Step<'_>) {
        let mut card = card.cloned().unwrap_or_else(|| Draft::new("vCard", ns::VCARD).into());
        let mut put = |name: &'static str, with: Option<Element>| {
            while card.remove_child(name, ns::VCARD).is_some() {}
            with.into_iter().for_each(|with| {
                card.append_child(with);
            });
        };
        match &wanted {
            ProfileWish::Name(name) => {
                let name = shown(name.as_deref());
                let text =
                    |tag: &str| name.as_deref().map(|name| Draft::new(tag, ns::VCARD).text(name).into());
                put("FN", text("FN"));
                put("NICKNAME", text("NICKNAME"));
            }
            ProfileWish::Picture(picture) => put("PHOTO", picture.as_ref().map(photo)),
        }
        step.set(Recipient::Account, card, Ask::Profile);
        self.doing = Some((wanted, Stage::CardSet));
    }

    /// Unless something else is wanted by now.
    fn want_again(&mut self, wanted: ProfileWish) {
        match wanted {
            ProfileWish::Name(name) if self.name.is_none() => self.name = Some(name),
            ProfileWish::Picture(picture) if self.picture.is_none() => self.picture = Some(picture),
            ProfileWish::Name(_) | ProfileWish::Picture(_) => {}
        }
    }
}

/// The name as others get it.
fn shown(name: Option<&str>) -> Option<String> {
    name.and_then(|name| xml::one_line(name, LONGEST_NAME))
}

fn done(wanted: ProfileWish, known: &mut Known<'_>, step: &mut Step<'_>) {
    let own = step.own.clone();
    match &wanted {
        ProfileWish::Name(name) => known.nicknames.set(&own, shown(name.as_deref()), step),
        ProfileWish::Picture(Some(picture)) => {
            let avatar = Avatar { hash: hash(picture), bytes: picture.bytes().to_vec() };
            known.avatars.set(&own, avatar, step);
        }
        ProfileWish::Picture(None) => known.avatars.remove(&own, step),
    }
    step.tell(Event::ProfilePublished(wanted));
}

/// What the vCard says of us, where there is nothing else that does.
pub(crate) fn own_card(answer: &Answer<'_>, known: &mut Known<'_>, step: &mut Step<'_>) {
    let Answer::Result(reply) = answer else { return };
    let Some(card) = reply.get_child("vCard", ns::VCARD) else { return };
    let own = step.own.clone();
    let text = |name: &str| {
        card.get_child(name, ns::VCARD).and_then(|child| xml::one_line(&child.text(), LONGEST_NAME))
    };
    known.nicknames.set(&own, text("NICKNAME").or_else(|| text("FN")), step);
    match card.get_child("PHOTO", ns::VCARD) {
        None => known.avatars.remove(&own, step),
        Some(photo) => {
            let bytes = photo.get_child("BINVAL", ns::VCARD).map(Element::text);
            let bytes = bytes.and_then(|text| b64::decode(&text, crate::avatars::LARGEST));
            if let Some(bytes) = bytes.filter(|bytes| !bytes.is_empty()) {
                let hash = AvatarHash(Sha1::digest(&bytes).into());
                known.avatars.set(&own, Avatar { hash, bytes }, step);
            }
        }
    }
}

fn hash(picture: &OwnPicture) -> AvatarHash {
    AvatarHash(Sha1::digest(picture.bytes()).into())
}

fn info(picture: &OwnPicture) -> Element {
    let (width, height) = picture.size();
    Draft::new("info", ns::AVATAR_METADATA)
        .attr("id", &hash(picture).to_hex())
        .attr("bytes", &picture.bytes().len().to_string())
        .attr("type", picture.kind().media_type())
        .attr("width", &width.to_string())
        .attr("height", &height.to_string())
        .into()
}

fn photo(picture: &OwnPicture) -> Element {
    let kind = Draft::new("TYPE", ns::VCARD).text(picture.kind().media_type());
    let bytes = Draft::new("BINVAL", ns::VCARD).text(&b64::encode(picture.bytes()));
    Draft::new("PHOTO", ns::VCARD).child(kind).child(bytes).into()
}
