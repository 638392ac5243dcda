//! Changes → rows and events, inside one transaction.

mod account;
pub(crate) mod annotations;
pub(crate) mod archive;
mod copied;
pub(crate) mod displayed;
mod durability;
mod encryption;
mod held;
pub(crate) mod message;
pub(crate) mod order;
pub(crate) mod past;
mod people;
mod reading;
pub(crate) mod receipts;
pub(crate) mod rooms;
mod roster;
mod told;
mod untrusted;
pub(crate) mod wrong_clock;

use std::collections::HashSet;

use causerie_model::{AccountId, BareJid, Change, Event, EventKey, Past};
use rusqlite::{OptionalExtension, Transaction};

pub(crate) use durability::{Durability, turns};
pub(crate) use order::Lists;
pub(crate) use people::drop_unused_avatars;

/// Writes the changes and tells what was really new.
pub(crate) fn apply(
    transaction: &Transaction<'_>,
    lists: &mut Lists,
    account: AccountId,
    changes: Vec<Change>,
) -> rusqlite::Result<Vec<Event>> {
    let exists = transaction
        .prepare_cached("SELECT 1 FROM account WHERE id = ?1")?
        .query_row([account.0], |_| Ok(()))
        .optional()?;
    if exists.is_none() {
        return Err(rusqlite::Error::QueryReturnedNoRows);
    }
    let mut step = Step { transaction, lists, account, news: News::default(), past: None, is_live: false };
    for change in changes {
        step.apply(change)?;
    }
    Ok(step.news.events)
}

/// One commit in the making.
struct Step<'a> {
    transaction: &'a Transaction<'a>,
    lists: &'a mut Lists,
    account: AccountId,
    news: News,
    /// Why what is being taken in is no news.
    past: Option<Past>,
    /// Whether it has come by itself.
    is_live: bool,
}

impl Step<'_> {
    fn apply(&mut self, change: Change) -> rusqlite::Result<()> {
        match change {
            Change::RosterReplaced { version, items } => self.replace_roster(version, items),
            Change::RosterItemSet { version, item } => self.set_roster_item(version, item),
            Change::RosterItemRemoved { version, jid } => self.remove_roster_item(version, &jid),
            Change::RequestReceived(request) => self.open_request(&request),
            Change::RequestClosed(jid) => self.close_request(&jid),
            Change::MessageAdded(message) => self.add_live(&message),
            Change::MessageFetched(message) => self.add_message(&message),
            Change::Past(past, change) => self.take_in_past(past, *change),
            Change::MessageCopied { message, device, also } => {
                self.add_unless_ours(&message, device, also.as_ref())
            }
            Change::Annotated(annotation) => self.annotate(annotation),
            Change::AnnotationHeld(annotation) => self.hold_annotation(&annotation),
            Change::MessageStateChanged { peer, id, state } => self.advance_message(&peer, &id, &state),
            Change::MessageProtected { peer, id, protection } => self.protect_message(&peer, &id, protection),
            Change::MessageSealed { peer, id, sealing, unreached } => {
                self.seal_message(&peer, &id, &sealing, &unreached)
            }
            Change::MessageWaits { peer, id } => self.note_held_back(&peer, &id, true),
            Change::MessageLeaves { peer, id } => self.note_held_back(&peer, &id, false),
            Change::OwnKeysSet { device, sealed } => self.set_own_keys(device, &sealed),
            Change::SessionSet { with, sealed } => self.set_session(&with, &sealed),
            Change::SessionsForgotten => self.forget_sessions(),
            Change::CopyAnswered(at) => self.answer_copy(at),
            Change::SessionForgotten(with) => self.forget_session(&with),
            Change::KeyForgotten { jid, fingerprint } => self.forget_key(&jid, fingerprint),
            Change::StrangerForgotten(jid) => self.forget_stranger(&jid),
            Change::DevicesListed { jid, version, devices } => self.list_devices(&jid, version, devices),
            Change::KeySeen { jid, device, fingerprint, trust, at } => {
                self.see_key(&jid, device, fingerprint, trust, at)
            }
            Change::KeySeenEarly { jid, fingerprint } => self.see_early(&jid, fingerprint),
            Change::KeyListed { jid, fingerprint } => self.trust_listed(&jid, fingerprint),
            Change::CarefulAbout(jid) => self.take_care(&jid),
            Change::KeyRead(mark) => self.remember_read(mark),
            Change::MessageHeld(held) => self.hold(&held),
            Change::HeldWaits(mark, why) => self.hold_on(mark, why),
            Change::HeldLetGo(mark, outcome) => self.let_go(mark, outcome),
            Change::EarlySaysNothing { peer, direction, stanza } => {
                self.drop_early(&peer, direction, &stanza)
            }
            Change::EarlyOver => self.give_up_early(),
            Change::KeyUsed { jid, fingerprint, at } => self.use_key(&jid, fingerprint, at),
            Change::TrustSet { jid, fingerprint, trust, at } => self.set_trust(&jid, fingerprint, trust, at),
            Change::DecisionKept(decision) => self.keep_decision(&decision),
            Change::DecisionDone(decision) => self.drop_decision(&decision),
            Change::ToldSet { teller, told } => self.set_told(teller, &told),
            Change::DeviceUnwanted(device) => self.unwant_device(device),
            Change::DeviceRemoved(device) => self.remove_unwanted(device),
            Change::AlarmRaised(alarm) => self.raise_alarm(alarm),
            Change::AlarmSeen(alarm) => self.end_alarm(alarm),
            Change::PrivacySet { peer, privacy } => self.set_privacy(&peer, privacy),
            Change::ReadUpTo { peer, id } => self.read_up_to(&peer, id),
            Change::MessageListed { peer, direction, stanza, origin, at, since } => {
                self.list_message(&peer, direction, (&stanza, origin.as_ref()), since)?;
                origin.map_or(Ok(()), |origin| self.list_annotation(&peer, direction, &origin, at))
            }
            Change::ArchiveReached { archive, reached } => self.reach(&archive, &reached),
            Change::ArchivePassed { archive, id, since } => self.pass(archive, id, since),
            Change::ArchiveGap { archive, until } => self.leave_gap(&archive, until),
            Change::ArchiveAsked { archive, at } => self.ask(&archive, at),
            Change::ReadByPeer { peer, id } => self.read_by_peer(&peer, &id),
            Change::ReadElsewhere { peer, id } => self.read_elsewhere(&peer, &id),
            Change::Displayed { peer, stanza } => self.display(&peer, &stanza),
            Change::DraftSaved { peer, text } => self.save_draft(&peer, &text),
            Change::ConversationOpened { peer, at } => self.open_conversation(&peer, at),
            Change::NicknameSet { jid, nickname } => self.set_nickname(&jid, nickname.as_deref()),
            Change::AvatarSet { jid, avatar } => self.set_avatar(&jid, &avatar),
            Change::AvatarChosen { jid, hash } => self.choose_avatar(&jid, hash),
            Change::AvatarRemoved(jid) => self.remove_avatar(&jid),
            Change::CapabilitiesLearned(capabilities) => self.learn(&capabilities),
            Change::BlockListReplaced(jids) => self.replace_block_list(jids),
            Change::Blocked(jid) => self.block(&jid),
            Change::Unblocked(jid) => self.unblock(&jid),
            Change::MechanismSeen(mechanism) => self.see_mechanism(mechanism),
            Change::MechanismForgotten => self.forget_mechanism(),
            Change::PlainAllowed => self.allow_plain(),
            Change::UserAgentNamed(id) => self.name_user_agent(&id),
            Change::OwnPresenceSet(presence) => self.set_presence(&presence),
            Change::SharingSet(sharing) => self.set_sharing(sharing),
            Change::ConfirmingSet(confirming) => self.set_confirming(confirming),
            Change::ReadingNoted(reading) => self.note_reading(&reading),
            Change::MarkerWanted { peer, id } => self.want_marker(&peer, &id),
            Change::ActivitySet(activity) => self.set_activity(activity),
            Change::ServerSet(server) => self.set_server(server),
            Change::MoveAnnounced(to) => self.set_moved(to),
            Change::TokenIssued(issued) => self.issue_token(&issued),
            Change::TokenVoid(token) => self.void_token(&token),
            Change::RoomWanted { room, nick } => self.want_room(&room, &nick),
            Change::RoomLeft(room) => self.leave_room(&room),
            Change::NoRoom(jid) => self.forget_room(&jid),
            Change::RoomMessage(said) => self.add_room_message(&said),
            Change::RoomRetracted(said) => self.retract_in_room(&said),
            Change::RoomHistory(told) => self.add_history(&told),
            Change::RoomAnnotated(said) => self.annotate_in_room(said),
            Change::RoomSent { room, id } => self.note_gone_out(&room, &id),
        }
    }

    /// Executes a statement that is used again and again, and tells how many rows it changed.
    fn execute(&self, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<usize> {
        self.transaction.prepare_cached(sql)?.execute(params)
    }

    /// Tells that what is known of some people changed: of each, or of the roster as a whole when they are many.
    fn tell_contacts(&mut self, jids: Vec<BareJid>) {
        const MANY: usize = 20;
        if jids.len() > MANY {
            self.news.tell(Event::RosterChanged);
        } else {
            jids.into_iter().for_each(|jid| self.news.tell(Event::ContactChanged(jid)));
        }
    }
}

/// The events of a commit, each said once.
#[derive(Default)]
struct News {
    events: Vec<Event>,
    told: HashSet<EventKey>,
}

impl News {
    fn tell(&mut self, event: Event) {
        // Of received messages each is news of its own.
        if matches!(event, Event::MessageReceived { .. }) || self.told.insert(event.key()) {
            self.events.push(event);
        }
    }
}

#[cfg(test)]
mod tests {
    use causerie_model::{
        Body, DeviceId, Direction, MessageState, Naming, NewMessage, OmemoVersion, Order, OriginId, Privacy,
        PrivateText, Protection, Reached, Timestamp,
    };

    use super::*;

    #[test]
    fn what_precedes_sending_outlives_a_power_cut() {
        let peer = BareJid::new("bob@chat.test").unwrap();
        let message = |direction| {
            Change::MessageAdded(NewMessage {
                peer: peer.clone(),
                direction,
                origin: OriginId::new("x"),
                stanza: None,
                body: Body::Text("text".to_owned()),
                at: Timestamp::default(),
                state: MessageState::Received,
                protection: Protection::Clear,
                reply: None,
                order: Order::ByTime,
                naming: Naming::Unsure,
            })
        };
        let incoming = message(Direction::Incoming);
        let draft = Change::DraftSaved { peer: peer.clone(), text: PrivateText::default() };
        assert_eq!(Durability::of(&[message(Direction::Outgoing)]), Durability::PowerCut);
        assert_eq!(Durability::of(&[draft.clone(), message(Direction::Outgoing)]), Durability::PowerCut);
        assert_eq!(Durability::of(&[Change::PlainAllowed]), Durability::PowerCut);
        // The server gives a message once: also those that were kept while we were away, however many come at once.
        for count in [1, 8, 50] {
            assert_eq!(Durability::of(&vec![incoming.clone(); count]), Durability::PowerCut);
        }
        assert_eq!(Durability::of(&[draft.clone(), incoming]), Durability::PowerCut);
        let Change::MessageAdded(fetched) = message(Direction::Incoming) else { unreachable!() };
        let reached = Reached { id: "s".to_owned(), at: Timestamp::default() };
        // With it goes how far the archive was read, and so it is asked for again.
        let page =
            [Change::MessageFetched(fetched), Change::ArchiveReached { archive: peer.clone(), reached }];
        assert_eq!(Durability::of(&page), Durability::ProgramEnd);
        assert_eq!(Durability::of(&[draft]), Durability::ProgramEnd);
        // A key that was used is not used again, and what a person has decided is not asked again.
        let own = Change::OwnKeysSet { device: DeviceId::new(1).unwrap(), sealed: Vec::new() };
        let clear = Change::PrivacySet { peer: peer.clone(), privacy: Privacy::Clear };
        for change in [own, Change::SessionsForgotten, clear] {
            assert_eq!(Durability::of(&[change]), Durability::PowerCut);
        }
        // What waits and leaves may have arrived; without the note that it waits, it may have anyway. A state before that is an older one.
        let id = || OriginId::new("x").unwrap();
        let leaves = Change::MessageLeaves { peer: peer.clone(), id: id() };
        assert!(turns(&leaves));
        assert_eq!(Durability::of(&[leaves]), Durability::PowerCut);
        let waits = Change::MessageWaits { peer: peer.clone(), id: id() };
        assert!(!turns(&waits));
        assert_eq!(Durability::of(&[waits]), Durability::ProgramEnd);
        let listed =
            Change::DevicesListed { jid: peer.clone(), version: OmemoVersion::Legacy, devices: Vec::new() };
        assert_eq!(Durability::of(&[listed]), Durability::ProgramEnd);
        assert_eq!(Durability::of(&[Change::Blocked(peer)]), Durability::ProgramEnd);
    }
}
