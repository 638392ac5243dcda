//! The switchboard: which feature a command, a stanza or an answer belongs to.
//!
//! Long because everything that comes in is handed on here, and nowhere else.

mod announcing;
mod held;
mod looking;
mod noted;
mod opening;
mod reading;
mod rooms;
mod saying;
mod sharing;
mod timing;

use std::time::Duration;

use causerie_model::{
    Account, Arrival, BareJid, Change, Command, Privacy, Problem, Restored, Sharing, Timestamp,
};
use minidom::Element;

use crate::adding::Adding;
use crate::archive::{Archive, Kept, Place, Source};
use crate::avatars::Avatars;
use crate::caps::Programs;
use crate::carbons::{self, Carbon};
use crate::chat_states::ChatStates;
use crate::displayed::Displayed;
use crate::invitations::Invitations;
use crate::iq::{Answer, Ask};
use crate::messages::{Content, Messages, stanza_id};
use crate::moved::{self, Moves};
use crate::nickname::Nicknames;
use crate::omemo::{Missed, Omemo};
use crate::presence::{self, Presences};
use crate::profile::{self, Known, OwnProfile};
use crate::receipts::{self, Came, Receipts, Said};
use crate::rooms::Rooms;
use crate::roster::Roster;
use crate::server::{Server, Support};
use crate::stanza::{self, Condition, Sender};
use crate::step::{Step, Ways};
use crate::stream_management::{End, News, Uncovered};
use crate::subscription::{Shown, Subscriptions};
use crate::{blocking, delay, disco, ns, pubsub, time, version};
use noted::Noted;

/// All that the brain knows besides its connection.
#[derive(Debug)]
pub(crate) struct Features {
    account: Account,
    server: Server,
    archive: Archive,
    roster: Roster,
    presences: Presences,
    subscriptions: Subscriptions,
    messages: Messages,
    rooms: Rooms,
    chat_states: ChatStates,
    programs: Programs,
    avatars: Avatars,
    receipts: Receipts,
    displayed: Displayed,
    noted: Noted,
    nicknames: Nicknames,
    profile: OwnProfile,
    adding: Adding,
    invitations: Invitations,
    moves: Moves,
    omemo: Omemo,
    announced: Announced,
    /// Whether others are to hear anew what we show, once there is a stream.
    unsaid: bool,
    /// When something came last on this stream, and on the one before; and when this one began.
    heard: Option<Timestamp>,
    last_online: Option<Timestamp>,
    began: Timestamp,
    /// Whether the server was asked what time it is, since we are online, and what it has said.
    time_asked: bool,
    server_time: Option<Timestamp>,
}

/// Whether others may know that we are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Announced {
    /// We are not online.
    No,
    /// Soon, and then at the latest.
    By(Duration),
    Yes,
}

/// How long after a stream's beginning things may come on it that were kept for us before.
const KEPT_COMES_WITHIN: Duration = Duration::from_secs(10 * 60);

/// How long others wait to hear that we are here for the answers that are needed before.
const ANNOUNCED_WITHIN: Duration = Duration::from_secs(20);

impl Features {
    /// What the last run knew.
    pub(crate) fn new(restored: &Restored) -> Self {
        Self {
            account: restored.account.clone(),
            server: Server::default(),
            archive: Archive::new(restored),
            roster: Roster::new(restored),
            presences: Presences::default(),
            subscriptions: Subscriptions::new(restored),
            messages: Messages::new(restored),
            rooms: Rooms::new(restored),
            chat_states: ChatStates::default(),
            programs: Programs::new(restored),
            avatars: Avatars::new(restored),
            receipts: Receipts::new(restored),
            displayed: Displayed::new(restored),
            noted: Noted::new(restored),
            nicknames: Nicknames::default(),
            profile: OwnProfile::default(),
            adding: Adding::default(),
            invitations: Invitations::new(restored),
            moves: Moves::default(),
            omemo: Omemo::new(restored),
            announced: Announced::No,
            unsaid: false,
            heard: None,
            // What the last run has read of the archive came before it ended.
            last_online: restored.archive.as_ref().map(|reached| reached.at),
            began: Timestamp::default(),
            time_asked: false,
            server_time: None,
        }
    }

    /// Our address.
    pub(crate) fn own(&self) -> &BareJid {
        &self.account.jid
    }

    /// We are signed in.
    pub(crate) fn went_online(&mut self, features: &Element, copying: bool, step: &mut Step<'_>) {
        self.server = Server::new(features, copying, step);
        self.began = step.now.wall;
        self.announced = Announced::By(step.now.elapsed.saturating_add(ANNOUNCED_WITHIN));
        self.roster.fetch(self.server.versions_rosters, step);
        self.omemo.went_online(step);
        self.rooms.went_online(step);
        self.flush(step);
    }

    /// Sends what waits and can go.
    fn flush(&mut self, step: &mut Step<'_>) {
        let is_settled = |peer: &BareJid| !self.archive.is_settling_with(peer);
        self.messages.flush(&mut self.chat_states, &mut self.omemo, is_settled, step);
    }

    /// What the server has, and what it is not sent any more.
    pub(crate) fn arrived(&mut self, news: News, step: &mut Step<'_>) {
        if news.is_empty() {
            return;
        }
        self.messages.arrived(&news.acknowledged, step);
        self.receipts.are_there(&news.acknowledged);
        self.receipts.are_there(&news.set_aside);
        self.rooms.set_aside(&news.set_aside, &news.never_left, step);
        self.rooms.handed_back(&news.handed_back, step);
        self.messages.set_aside(news.set_aside, step);
        if news.handed_back.is_empty() && news.never_left.is_empty() {
            return self.flush(step);
        }
        // What follows sends the rest, once the archive has been asked, or they have been taken back.
        self.messages.handed_back(news.handed_back, step);
        self.messages.never_left(&news.never_left);
    }

    /// What becomes of messages that the session goes on without having covered.
    pub(crate) fn uncovered(&self) -> Uncovered {
        if self.archive.is_looked_into() { Uncovered::LookedUp } else { Uncovered::SentAgain }
    }

    /// The stream is over, its session is not: what was asked may still be answered.
    pub(crate) fn suspended(&mut self, step: &mut Step<'_>) {
        step.tracker.suspend();
        self.presences.hide(step);
    }

    /// The session goes on, on a new stream.
    pub(crate) fn resumed(&mut self, step: &mut Step<'_>) {
        step.tracker.resume(step.now);
        self.last_online = self.heard.take().or(self.last_online);
        self.began = step.now.wall;
        self.presences.show_again(step);
        self.messages.resumed();
        self.archive.check(self.messages.doubted(), step);
        self.archive.seek(self.messages.uncertain(), step);
        self.rooms.resumed(step);
        self.tell_read(step);
        self.tell_displayed(step);
        self.omemo.resumed(step);
        let (profile, mut known) = self.profile();
        profile.resumed(&mut known, step);
        if std::mem::take(&mut self.unsaid) {
            self.announce_again(step);
        }
        self.flush(step);
    }

    /// The connection is gone: no answer will come, and nobody's presence is known.
    pub(crate) fn went_offline(&mut self, end: End, step: &mut Step<'_>) {
        for ask in step.tracker.give_up() {
            self.answer(ask, &Answer::Silence(Problem::ConnectionLost), step);
        }
        self.server = Server::default();
        self.archive.went_offline(step);
        self.displayed.went_offline();
        self.receipts.went_offline();
        self.announced = Announced::No;
        self.unsaid = false;
        self.time_asked = false;
        self.last_online = self.heard.take().or(self.last_online);
        // What was said in a room is blamed where nothing was written to a person.
        let all = self.messages.on_their_way() + self.rooms.on_their_way();
        self.messages.interrupted(end, step);
        self.rooms.went_offline((end, all), step);
        self.chat_states.forget(step);
        self.presences.forget(step);
        self.programs.forget();
        self.avatars.forget();
        self.profile.pause();
        self.adding.pause();
        self.invitations.forget();
        self.moves.forget();
        self.omemo.went_offline();
    }

    fn set_privacy(&mut self, peer: &BareJid, privacy: Privacy, step: &mut Step<'_>) {
        self.omemo.set_privacy(peer, privacy, step);
        match privacy {
            Privacy::Clear if self.omemo.is_stuck(peer) => {
                self.messages.give_up_encrypting(peer, !self.archive.is_settling_with(peer), step);
            }
            Privacy::Clear => {}
            Privacy::Encrypted => self.messages.encrypt_waiting(peer, step),
        }
        self.flush(step);
    }

    /// The person asks for something. What concerns the connection was done by it.
    pub(crate) fn command(&mut self, command: Command, step: &mut Step<'_>) {
        let Some(command) = self.about_rooms(command, step) else { return };
        match command {
            Command::Connect
            | Command::Disconnect
            | Command::NetworkChanged
            | Command::SetPassword(_)
            | Command::SetFastToken(_)
            | Command::SetClientState(_)
            | Command::AllowPlain
            | Command::AllowWeaker
            | Command::ChangePassword(_)
            | Command::DeleteAccount
            | Command::SetServer(_)
            | Command::JoinRoom { .. }
            | Command::LeaveRoom(_)
            | Command::SendRoomMessage { .. } => {}
            Command::OpenVault(vault) => self.open_vault(&vault, step),
            Command::SetPrivacy { peer, privacy } => self.set_privacy(&peer, privacy, step),
            Command::LookUpKeys(peer) => self.look_up(&peer, step),
            Command::LookAtDevices(peer) => self.look_at(peer.as_ref(), step),
            Command::DecideTrust { jid, fingerprint, trust } => {
                self.omemo.decide(&jid, fingerprint, trust, step);
                self.flush(step);
            }
            Command::RemoveDevice(device) => self.omemo.remove_device(device, step),
            Command::AlarmSeen(alarm) => self.omemo.alarm_seen(alarm, step),
            Command::OwnDevicesSeen => self.omemo.own_devices_seen(step),
            Command::RepairSessions(peer) => self.omemo.repair(&peer, step),
            Command::SetPresence(chosen) => {
                presence::choose(&mut self.account.presence, chosen, step);
                self.announce_again(step);
            }
            Command::SetSharing(sharing) => self.share(sharing, step),
            Command::SetConfirming(confirming) => self.confirm(confirming, step),
            Command::SendMessage { .. }
            | Command::SendReply { .. }
            | Command::RetryMessage { .. }
            | Command::CorrectMessage { .. }
            | Command::RetractMessage { .. }
            | Command::React { .. } => self.say(command, step),
            Command::CancelMessage { id, peer } => {
                self.messages.cancel(peer, id, step);
                self.flush(step);
            }
            Command::SetChatState { peer, state } => {
                self.chat_states.choose(&peer, state, &self.roster, step);
            }
            Command::MarkRead { peer, up_to, origin, archived } => {
                self.read(&peer, (origin.as_ref(), archived), step);
                step.record(Change::ReadUpTo { peer, id: up_to });
            }
            Command::FetchOlder { peer, before } => self.archive.fetch_older(peer, before, step),
            Command::StopCatchUp => {
                self.archive.stop(self.messages.uncertain(), step);
                self.flush(step);
            }
            Command::StartCatchUp => self.archive.start(step),
            Command::SaveDraft { peer, text } => step.record(Change::DraftSaved { peer, text }),
            Command::OpenConversation(peer) => {
                self.messages.talk(&peer);
                step.record(Change::ConversationOpened { peer, at: step.now.wall });
            }
            Command::AddContact { jid, name, groups, preauth } => {
                let shown = Shown { preauth, moved_from: None };
                self.roster.add(jid, name.as_deref(), &groups, shown, step);
            }
            Command::AddContacts { contacts, moved_from } => {
                self.adding.add(contacts, moved_from.as_ref(), step);
            }
            Command::StopAddingContacts => self.adding.stop(step),
            Command::PublishName(name) => {
                let (profile, mut known) = self.profile();
                profile.publish_name(name.as_deref(), &mut known, step);
            }
            Command::PublishPicture(picture) => {
                let (profile, mut known) = self.profile();
                profile.publish_picture(picture, &mut known, step);
            }
            Command::AnnounceMove(to) => moved::announce(to, step),
            Command::LookUpInvitations => self.invitations.look_up(step),
            Command::MakeInvitation { kind, name } => self.invitations.make(kind, name, step),
            Command::EditContact { jid, name, groups } => Roster::edit(jid, name.as_deref(), &groups, step),
            Command::RemoveContact(jid) => Roster::remove(jid, step),
            Command::AcceptRequest(jid) => self.subscriptions.accept(jid, &self.roster, step),
            Command::DeclineRequest(jid) => self.subscriptions.decline(jid, step),
            Command::Block(jid) => {
                if step.is_online() && self.server.blocking != Support::No {
                    self.subscriptions.blocked(&jid, step);
                }
                blocking::block(jid, self.server.blocking, step);
            }
            Command::Unblock(jid) => blocking::unblock(jid, self.server.blocking, step),
        }
    }

    /// Our profile, and what it is part of.
    fn profile(&mut self) -> (&mut OwnProfile, Known<'_>) {
        let Self { profile, server, nicknames, avatars, .. } = self;
        (profile, Known { server, nicknames, avatars })
    }

    /// A stanza came. Whatever is in it, it costs no more than itself.
    pub(crate) fn stanza(&mut self, stanza: &Element, step: &mut Step<'_>) {
        self.heard = Some(step.now.wall);
        let sender = Sender::of(stanza, step.own);
        if !stanza.has_ns(ns::CLIENT) {
            return;
        }
        match (stanza.name(), stanza.attr("type")) {
            ("message", _) => self.message(stanza, &sender, step),
            ("presence", kind) => self.presence(stanza, kind, &sender, step),
            ("iq", Some("result" | "error")) => {
                if let Some((ask, answer)) = step.tracker.answered(stanza, step.own, step.bound) {
                    self.answer(ask, &answer, step);
                }
            }
            ("iq", kind) if sender != Sender::Unreadable => {
                let outcome = self.request(stanza, kind, &sender, step);
                step.out.0.extend(stanza::answer(stanza, outcome).map(crate::Effect::Send));
            }
            _ => {}
        }
    }

    fn message(&mut self, stanza: &Element, sender: &Sender, step: &mut Step<'_>) {
        if *sender == Sender::Account && self.archive.is_reading() && stanza::is_rejected(stanza) {
            // A result that was not let in: who wrote what is in it is not known.
            return self.messages.tell_of_nobody(step);
        }
        // What a room says is nobody else's word.
        if let Sender::Jid(jid) = sender
            && self.rooms.has(jid.bare())
        {
            return self.rooms.message(stanza, jid, step);
        }
        match self.archive.open(stanza, sender, step) {
            Some(Kept::Received(inner, sender, place)) => {
                let was_missed = place.was_missed();
                let said = step.out.0.len();
                let content = self.received(inner, &sender, place, step);
                self.confirmed(inner, &sender, step);
                if let Some(came) = was_missed.filter(|_| content == Content::Body) {
                    self.fetched(inner, &sender, came, step);
                }
                return self.archive.said(content, step.has_recorded(said));
            }
            Some(Kept::Sent(inner, peer, place)) => {
                let said = step.out.0.len();
                let content = self.sent_elsewhere(inner, &peer, place, step);
                return self.archive.said(content, step.has_recorded(said));
            }
            // It is our own archive.
            Some(Kept::Said(..)) | None => {}
        }
        match carbons::open(stanza, sender, step.own) {
            Some(Carbon::Received(inner, sender)) => {
                self.content(inner, &sender, Source::Copied, step);
                self.confirmed(inner, &sender, step);
            }
            Some(Carbon::Sent(inner, peer)) => {
                let stanza = stanza_id(inner, step.own, self.server.marks);
                let (turn, order) = (self.archive.turn(stanza.as_ref()), self.archive.order());
                let (arrival, source) = (Arrival::Live, Source::Copied);
                let (at, is_early) = (step.now.wall, self.archive.is_missing_something());
                let place = Place { stanza, at, arrival, turn, order, is_early, source, past: None };
                self.sent_elsewhere(inner, &peer, place.clone(), step);
                self.came(&place, step);
                if let Sender::Jid(device) = Sender::of(inner, step.own) {
                    self.archive.came_from(&peer, &device, &place, step);
                }
            }
            None => {}
        }
        // Whatever else is in what says to be a copy, it is nothing to show.
        if !carbons::is_carbon(stanza) {
            self.direct_message(stanza, sender, step);
        }
        // It may have brought what something waits for.
        self.flush(step);
    }

    /// Takes in what a message says. It may be one that another device of ours got as well.
    fn content(&mut self, stanza: &Element, sender: &Sender, source: Source, step: &mut Step<'_>) -> Content {
        let named = stanza_id(stanza, step.own, self.server.marks);
        let turn = self.archive.turn(named.as_ref());
        let is_new = step.now.wall < self.began.saturating_add(KEPT_COMES_WITHIN);
        let kept_since = if is_new { self.last_online } else { Some(step.now.wall) };
        let at = delay::sent_at(stanza, step.own, kept_since, step.now);
        let is_kept = stanza.has_child("delay", ns::DELAY);
        let arrival = if is_kept { Arrival::Queued } else { Arrival::Live };
        let (order, is_early) = (self.archive.order(), self.archive.is_missing_something());
        let place = Place { stanza: named, at, arrival, turn, order, is_early, source, past: None };
        let content = self.received(stanza, sender, place.clone(), step);
        // What there is nothing of to read is no reason to believe that all before it is here.
        if matches!(content, Content::Body | Content::Unreadable) {
            match delay::was_held(stanza, step.own) {
                true => self.archive.came_late(step),
                false => self.came(&place, step),
            }
            if let Sender::Jid(device) = sender {
                self.archive.came_from(device.bare(), device, &place, step);
            }
        }
        content
    }

    /// Something came by itself that has a place in our archive. Without copies, what others of our devices get and send would be
    /// missed; and what is on its way from here will have a place of its own.
    fn came(&mut self, place: &Place, step: &mut Step<'_>) {
        let is_whole = self.server.copying && self.messages.is_quiet();
        self.archive.came(place, is_whole, step);
    }

    /// Begins to fetch what was missed, once the server has said what it can do, and copies of what is new are on their way.
    fn catch_up(&mut self, step: &mut Step<'_>) {
        if self.server.is_known() {
            let is_uncertain = !self.messages.uncertain().is_empty();
            self.archive.known(self.server.archive, is_uncertain, step);
            self.flush(step);
        }
    }

    /// Takes in what somebody says of messages of ours to them.
    fn confirmed(&mut self, stanza: &Element, sender: &Sender, step: &mut Step<'_>) {
        let Sender::Jid(jid) = sender else { return };
        // Who has had nothing from us has nothing to say of it.
        let known = self.roster.has(jid.bare()) || self.messages.knows(jid.bare());
        if jid.bare() == step.own || !known {
            return;
        }
        for said in receipts::said(stanza) {
            let (Said::Arrived(id) | Said::Read(id)) = &said;
            self.messages.proven(jid.bare(), id);
            receipts::record(jid.bare(), said, step);
        }
    }

    fn direct_message(&mut self, stanza: &Element, sender: &Sender, step: &mut Step<'_>) {
        let content = self.content(stanza, sender, Source::Live, step);
        let Some(peer) = sender.bare(step.own).filter(|_| content != Content::Refused).cloned() else {
            return;
        };
        self.confirmed(stanza, sender, step);
        if content == Content::Body && self.roster.subscription(&peer).seen_by_them() {
            let came = if self.archive.is_missing_something() { Came::Early } else { Came::Last };
            self.receipts.received(stanza, (&peer, came), self.account.confirming, step);
        }
        if (self.roster.has(&peer) || peer == *step.own)
            && sender.resource().is_none()
            && let Some((node, happened)) = pubsub::event(stanza, &peer)
        {
            match node {
                ns::NICK => self.nicknames.changed(&peer, &happened, step),
                ns::AVATAR_METADATA => self.avatars.changed(&peer, &happened, step),
                ns::DISPLAYED if peer == *step.own => self.displayed.changed(stanza, step),
                ns::DISPLAYED => {}
                node => self.omemo.changed(&peer, node, &happened, step),
            }
        }
        // What was kept for us says nothing of what somebody does now.
        let is_live = !stanza.has_child("delay", ns::DELAY);
        if is_live && peer != *step.own && (self.roster.has(&peer) || self.messages.knows(&peer)) {
            self.chat_states.received(&peer, stanza, content == Content::Body, step);
        }
    }

    fn presence(&mut self, stanza: &Element, kind: Option<&str>, sender: &Sender, step: &mut Step<'_>) {
        let Sender::Jid(jid) = sender else { return };
        let bare = jid.bare();
        if bare == step.own || stanza::is_rejected(stanza) {
            return;
        }
        if self.rooms.presence(stanza, kind, jid, step) {
            return;
        }
        match kind {
            None if self.roster.has(bare) => {
                self.presences.available(bare, jid.resource().unwrap_or_default(), stanza, step);
                self.avatars.announced(bare, stanza, step);
                // Who does not see our presence would learn from the question that we are here.
                if self.roster.subscription(bare).seen_by_them()
                    && let Some(features) = self.programs.announced(jid, stanza, step)
                {
                    self.chat_states.learned(bare, features);
                }
            }
            Some("unavailable") => {
                self.presences.unavailable(bare, jid.resource(), step);
                self.left(bare, step);
            }
            Some("error") => {
                self.presences.unavailable(bare, jid.resource(), step);
                self.left(bare, step);
                self.subscriptions.bounced(bare, stanza, &self.roster, step);
            }
            Some("subscribe") => {
                let known = (&self.roster, &mut self.invitations);
                if self.subscriptions.requested(bare, stanza, known, step) {
                    self.moves.claimed(bare, stanza, &self.roster, step);
                }
            }
            Some("unsubscribe") => self.subscriptions.withdrawn(bare, step),
            // What it means for the roster is told by a push, as is `subscribed`.
            Some("unsubscribed") => self.subscriptions.refused(bare),
            _ => {}
        }
    }

    /// Somebody may have no device left.
    fn left(&mut self, jid: &BareJid, step: &mut Step<'_>) {
        if !self.presences.is_available(jid) {
            self.chat_states.left(jid, step);
        }
    }

    /// Somebody asks for something. Strangers hear what they would hear if we were not there.
    fn request(
        &mut self,
        stanza: &Element,
        kind: Option<&str>,
        sender: &Sender,
        step: &mut Step<'_>,
    ) -> Result<Option<Element>, Condition> {
        if !self.may_ask(sender, step) {
            return Err(Condition::ServiceUnavailable);
        }
        if stanza::is_rejected(stanza) {
            return Err(Condition::NotAcceptable);
        }
        let mut children = stanza.children();
        let (Some(payload), None) = (children.next(), children.next()) else {
            return Err(Condition::BadRequest);
        };
        let is_shared = self.account.sharing == Sharing::Contacts && self.is_contact(sender, step);
        match (kind, payload.name(), payload.ns().as_str()) {
            (Some("set"), "query", ns::ROSTER) => {
                if let Some(removed) = self.roster.pushed(payload, sender, step)? {
                    self.subscriptions.refused(&removed);
                    self.presences.unavailable(&removed, None, step);
                    self.left(&removed, step);
                }
                self.subscriptions.answered_elsewhere(&self.roster, step);
                Ok(None)
            }
            (Some("set"), _, ns::BLOCKING) => blocking::pushed(payload, sender, step).map(|()| None),
            (Some("get"), "query", ns::DISCO_INFO) => disco::info(payload, (&self.account).into()),
            (Some("get"), "query", ns::DISCO_ITEMS) => disco::items(payload),
            (Some("get"), "ping", ns::PING) => Ok(None),
            (Some("get"), "query", ns::VERSION) if is_shared => Ok(Some(version::answer())),
            (Some("get"), "time", ns::TIME) if is_shared => Ok(Some(time::answer(step.now))),
            (Some("get" | "set"), _, _) => Err(Condition::ServiceUnavailable),
            _ => Err(Condition::BadRequest),
        }
    }

    /// Whether somebody may know that we are here: ourselves, our server, and who sees our presence.
    fn may_ask(&self, sender: &Sender, step: &Step<'_>) -> bool {
        match sender {
            Sender::Account => true,
            Sender::Jid(jid) if jid.is_bare() && *jid.bare() == step.own.to_domain() => true,
            sender => self.is_contact(sender, step),
        }
    }

    fn is_contact(&self, sender: &Sender, step: &Step<'_>) -> bool {
        match sender {
            Sender::Account => true,
            Sender::Jid(jid) => jid.bare() == step.own || self.roster.subscription(jid.bare()).seen_by_them(),
            Sender::Unreadable => false,
        }
    }

    /// What the server can do is known: what depends on it is asked for.
    fn server_known(&mut self, answer: &Answer<'_>, step: &mut Step<'_>) {
        self.server.known(answer);
        if self.server.blocking == Support::Yes {
            blocking::fetch(step);
        }
        match self.server.copies {
            // They were asked for with the address.
            _ if self.server.copying => {}
            Support::Yes => carbons::enable(step),
            Support::No | Support::Unknown => {
                self.server.copies_known(None);
                self.catch_up(step);
            }
        }
    }

    fn answer(&mut self, ask: Ask, answer: &Answer<'_>, step: &mut Step<'_>) {
        match ask {
            Ask::Roster => {
                self.roster.fetched(answer, step);
                self.subscriptions.answered_elsewhere(&self.roster, step);
                self.server.roster_known();
                self.tell_read(step);
                self.adding.ready();
                self.announce(step);
            }
            Ask::AccountFeatures => {
                self.server.account_known(answer);
                let (profile, mut known) = self.profile();
                profile.ready(&mut known, step);
                if self.server.people_have_nodes == Support::Yes {
                    Displayed::fetch(step);
                }
                self.announce(step);
                self.catch_up(step);
            }
            Ask::ServerFeatures => self.server_known(answer, step),
            Ask::ContactAdded(jid, shown) => self.contact_added(jid, &shown, answer, step),
            Ask::ContactChanged(jid) => {
                if let Some(problem) = answer.problem() {
                    step.not_changed(jid, problem);
                }
            }
            Ask::Taken => {
                self.messages.taken(answer, step);
                self.flush(step);
            }
            Ask::Capabilities(claim) => {
                if let Some(features) = self.programs.answered(&claim, answer, step) {
                    self.chat_states.learned(claim.jid.bare(), features);
                }
            }
            Ask::AvatarData(owner) | Ask::AvatarCard(owner) => self.avatars.fetched(&owner, answer, step),
            Ask::DeviceList(owner, version) => {
                self.omemo.list_answered(&owner, version, answer, step);
                self.flush(step);
            }
            Ask::Bundle(name) => {
                self.omemo.bundle_answered(name, answer, step);
                self.flush(step);
            }
            // Nobody looks at them any more.
            Ask::KeysWithdrawn => {}
            Ask::DecisionsTaken(told) => self.omemo.decisions_answered(&told, answer, step),
            // Without copies each device has what came to it.
            Ask::CarbonsEnabled => {
                self.server.copies_known(Some(answer));
                self.catch_up(step);
            }
            Ask::Displayed | Ask::DisplayedNode(_) => {
                self.displayed.answered(ask, answer, step);
                self.tell_displayed(step);
            }
            Ask::DisplayedTold(peer, stanza) => self.displayed.told(&peer, &stanza, answer, step),
            Ask::ArchivePage(name) => {
                self.archive.keep_seeking(|| self.messages.uncertain());
                self.archive.seek_ahead((&name, answer), || self.messages.uncertain());
                self.archive.answered(&name, answer, step);
                self.tell_displayed(step);
                self.flush(step);
            }
            Ask::RoomFeatures(_) | Ask::RoomOpened(_) | Ask::RoomPing(_) | Ask::RoomPage(..) => {
                self.rooms.answered(ask, answer, step);
            }
            Ask::KeysPublished(publication) => {
                self.omemo.published(publication, answer, step);
                self.announce(step);
                self.flush(step);
            }
            Ask::NodeOpened(asked) => {
                self.omemo.node_opened(asked, answer, step);
                self.flush(step);
            }
            Ask::BlockList => blocking::fetched(answer, step),
            Ask::Blocked(jid) => blocking::done(Change::Blocked, jid, answer, step),
            Ask::Unblocked(jid) => blocking::done(Change::Unblocked, jid, answer, step),
            Ask::Profile => {
                let (profile, mut known) = self.profile();
                if profile.answered(answer, &mut known, step) == profile::Presence::Changed {
                    self.announce_again(step);
                }
            }
            Ask::OwnCard => profile::own_card(answer, &mut self.profile().1, step),
            Ask::Commands => self.invitations.listed(answer, step),
            Ask::Invitation(wanted) => self.invitations.answered(wanted, answer, step),
            Ask::CommandCancelled => {}
            Ask::ServerTime => self.server_time = time::told(answer),
            Ask::MoveAnnounced(to) => moved::announced(to, answer, step),
            Ask::MoveStatement(claim) => {
                if let Some((new, old)) = moved::answered(claim, answer) {
                    self.subscriptions.moved(&new, old, step);
                }
            }
        }
    }

    /// Somebody is a contact now, or could not be made one.
    fn contact_added(&mut self, jid: BareJid, shown: &Shown, answer: &Answer<'_>, step: &mut Step<'_>) {
        let problem = answer.problem();
        let is_tried_again = self.adding.answered(&jid, problem.as_ref(), step);
        let approves = self.server.keeps_approvals;
        match problem {
            Some(problem) if !is_tried_again => step.not_added(jid, problem),
            Some(_) => {}
            None => self.subscriptions.added(jid, shown, approves, &self.roster, step),
        }
    }

    /// Does what has become due.
    pub(crate) fn due(&mut self, step: &mut Step<'_>) {
        let (archive, rooms, now) = (&self.archive, &self.rooms, step.now);
        let is_coming = |ask: &Ask| archive.is_coming(ask, now).or_else(|| rooms.is_coming(ask, now));
        for ask in step.tracker.overdue(step.now, is_coming) {
            self.answer(ask, &Answer::Silence(Problem::TimedOut), step);
        }
        self.ask_time(step);
        self.archive.due(step);
        self.rooms.due(step);
        self.announce(step);
        self.chat_states.expire(step);
        self.programs.ask(step);
        self.adding.due(&self.roster, step);
        self.read_held(step);
        // The messages that begin sessions may be among those that are fetched.
        self.omemo.set_missed(if self.archive.is_fetching() { Missed::Coming } else { Missed::Here });
        self.use_keys(step);
        if self.omemo.due(step) {
            self.flush(step);
        }
        let Self { omemo, roster, messages, .. } = self;
        omemo.keep_strangers_few(|jid| roster.has(jid) || messages.has_written_to(jid), step);
        self.noted.keep(&mut self.receipts, &mut self.displayed, step);
    }

    /// When something becomes due. What can only be done online is not, before.
    pub(crate) fn next_wake(&self, ways: Ways) -> Option<Duration> {
        let announce = match self.announced {
            Announced::By(latest) => Some(latest),
            Announced::No | Announced::Yes => None,
        };
        let online = [
            self.programs.next_wake(),
            self.adding.next_wake(),
            self.omemo.next_wake(),
            self.archive.next_wake(),
            self.rooms.next_wake(),
        ];
        let online = online.into_iter().filter(|_| ways == Ways::Both);
        online.chain([self.chat_states.next_wake(), announce]).flatten().min()
    }
}
