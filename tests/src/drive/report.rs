//! Things as JSON.

use causerie_model::{
    Body, CatchUp, ChatState, Connection, Contact, Conversation, DeviceKey, Direction, Event, Message,
    MessageState, Notice, Presence, Problem, Protection, Seal, Show, Storage, Subscription,
    SubscriptionRequest, UnreachedDevice,
};
use serde_json::{Map, Value, json};

use crate::people;
use crate::rooms;
use crate::saying;

/// An event's name and fields, without its account. Not [`Event::MessageReceived`], which is told as the messages it stands for.
pub(crate) fn event(event: &Event) -> Value {
    match event {
        Event::ConnectionChanged(state) => connection(state),
        Event::AccountChanged => json!({ "event": "account" }),
        Event::RosterChanged => json!({ "event": "roster" }),
        Event::ContactChanged(jid) => json!({ "event": "contact", "jid": jid.as_str() }),
        Event::RequestsChanged => json!({ "event": "requests" }),
        Event::ConversationChanged(peer) => json!({ "event": "conversation", "peer": peer.as_str() }),
        Event::MessageReceived { peer, id } => {
            json!({ "event": "received", "peer": peer.as_str(), "id": id.0 })
        }
        Event::ConversationRead(peer) => json!({ "event": "read", "peer": peer.as_str() }),
        Event::PresenceChanged { peer, presence: now } => {
            let mut value = presence(now);
            value["event"] = "presence".into();
            value["jid"] = peer.as_str().into();
            value
        }
        Event::PresenceForgotten => json!({ "event": "presences_forgotten" }),
        Event::ChatStateChanged { peer, state } => {
            json!({ "event": "chat_state", "jid": peer.as_str(), "state": chat_state(*state) })
        }
        Event::KeysChanged(jid) => json!({ "event": "keys", "jid": jid.as_str() }),
        Event::CopySeen(device) => json!({ "event": "copy_seen", "device": device.get() }),
        Event::RepairChanged { jid, repair } => {
            json!({ "event": "repair", "jid": jid.as_str(), "repair": small(&format!("{repair:?}")) })
        }
        Event::ReadinessChanged { peer, readiness } => {
            json!({ "event": "readiness", "peer": peer.as_str(), "readiness": small(&format!("{readiness:?}")) })
        }
        Event::ProfilePublished(wish) => {
            json!({ "event": "profile", "part": small(&format!("{:?}", wish.part())) })
        }
        Event::PasswordChanged => json!({ "event": "password_changed" }),
        Event::FastTokenChanged(token) => json!({ "event": "fast_token", "given": token.is_some() }),
        Event::AccountDeleted => json!({ "event": "account_deleted" }),
        Event::InvitationsOffered(offered) => {
            json!({ "event": "invitations", "contact": offered.contact, "to_account": offered.account })
        }
        Event::InvitationMade(invitation) => people::invitation(invitation),
        Event::InvitationUsed(jid, _) => json!({ "event": "invitation_used", "jid": jid.as_str() }),
        Event::AddingContacts { done, failed, waiting } => {
            json!({ "event": "adding", "done": done, "failed": failed, "waiting": waiting })
        }
        Event::CatchUp(CatchUp::Fetching { messages }) => {
            json!({ "event": "catch_up", "state": "fetching", "messages": messages })
        }
        Event::CatchUp(CatchUp::Done) => json!({ "event": "catch_up", "state": "done" }),
        Event::CatchUp(CatchUp::Stopped) => json!({ "event": "catch_up", "state": "stopped" }),
        Event::OlderFetched { peer, whole } => {
            json!({ "event": "older", "peer": peer.as_str(), "whole": whole })
        }
        Event::RoomChanged { .. } => rooms::event(event),
        Event::StorageChanged(what) => storage(what),
        Event::Notice(what) => notice(what),
    }
}

/// The key of a device.
pub(crate) fn key(key: &DeviceKey) -> Value {
    json!({
        "device": key.device.get(),
        "key": key.fingerprint.to_string(),
        "trust": small(&format!("{:?}", key.trust)),
        "label": key.label,
        "standing": small(&format!("{:?}", key.standing)),
    })
}

/// A presence: `show` and `status`.
pub(crate) fn presence(presence: &Presence) -> Value {
    match presence {
        Presence::Offline => json!({ "show": "offline", "status": "" }),
        Presence::Online { show: how, status } => json!({ "show": show(*how), "status": status }),
    }
}

/// A message.
pub(crate) fn message(message: &Message) -> Value {
    let text = match &message.body {
        Body::Text(text) => Some(text.as_str()),
        Body::Unreadable(_) | Body::Retracted => None,
    };
    let direction = match message.direction {
        Direction::Incoming => "in",
        Direction::Outgoing => "out",
    };
    let mut value = json!({
        "id": message.id.0,
        "peer": message.peer.as_str(),
        "direction": direction,
        "text": text,
        "at": message.at.as_millis(),
        "state": state(&message.state),
        "message": message.origin.as_ref().map(|origin| origin.as_str()),
    });
    if let Body::Unreadable(why) = &message.body {
        value["unreadable"] = small(&format!("{why:?}")).into();
    }
    value["encrypted"] = match message.protection {
        Protection::Clear => false.into(),
        Protection::Encrypted(None) => true.into(),
        Protection::Encrypted(Some(Seal { version, fingerprint, trust, written })) => json!({
            "version": small(&format!("{version:?}")),
            "key": fingerprint.to_string(),
            "trust": small(&format!("{trust:?}")),
            "written": written.map(causerie_model::Timestamp::as_millis),
        }),
    };
    if !message.sealing.versions.is_empty() {
        value["sent_in"] =
            message.sealing.versions.iter().map(|version| small(&format!("{version:?}"))).collect();
    }
    if message.sealing.beyond > 0 {
        value["beyond"] = message.sealing.beyond.into();
    }
    if !message.unreached.is_empty() {
        let device = |device: &UnreachedDevice| {
            json!({
                "jid": device.jid.as_str(),
                "device": device.device.get(),
                "label": device.label,
                "why": small(&format!("{:?}", device.why)),
            })
        };
        value["unreached"] = message.unreached.iter().map(device).collect();
    }
    if let MessageState::Failed(why) = &message.state {
        add_problem(&mut value, why);
    }
    saying::add(&mut value, message);
    rooms::add(&mut value, message);
    value
}

/// The name of a message's state.
pub(crate) fn state(state: &MessageState) -> &'static str {
    match state {
        MessageState::Received => "received",
        MessageState::Pending => "pending",
        MessageState::Sent => "sent",
        MessageState::Delivered => "delivered",
        MessageState::Read => "read",
        MessageState::Failed(_) => "failed",
    }
}

/// A conversation.
pub(crate) fn conversation(conversation: &Conversation) -> Value {
    let last = conversation.last.as_ref();
    json!({
        "peer": conversation.peer.as_str(),
        "name": conversation.name,
        "unread": conversation.unread,
        "draft": conversation.draft,
        "active_at": conversation.active_at.as_millis(),
        "privacy": small(&format!("{:?}", conversation.privacy)),
        "last": last.map(|last| last.text.as_str()),
    })
}

/// A contact and the presence that is known of them.
pub(crate) fn contact(contact: &Contact, presence_now: &Presence) -> Value {
    let item = &contact.item;
    let subscription = match item.subscription {
        Subscription::None => "none",
        Subscription::To => "to",
        Subscription::From => "from",
        Subscription::Both => "both",
    };
    let mut value = presence(presence_now);
    value["jid"] = item.jid.as_str().into();
    value["name"] = item.name.as_deref().into();
    value["groups"] = item.groups.clone().into();
    value["nickname"] = contact.nickname.as_deref().into();
    value["subscription"] = subscription.into();
    value["asked"] = (item.pending_out == causerie_model::PendingOut::Asked).into();
    value["blocked"] = contact.blocked.into();
    value
}

/// Somebody who waits for an answer.
pub(crate) fn request(request: &SubscriptionRequest) -> Value {
    json!({
        "jid": request.jid.as_str(),
        "nickname": request.nickname,
        "message": request.message,
        "moved_from": request.moved_from.as_ref().map(|jid| jid.as_str()),
    })
}

/// Adds the fields `problem` and, for certificates and proxies, `fault`.
pub(crate) fn add_problem(value: &mut Value, problem: &Problem) {
    let named = format!("{problem:?}");
    let (name, rest) = named.split_once('(').unwrap_or((&named, ""));
    value["problem"] = small(name).into();
    if let Problem::Certificate(_) | Problem::Proxy(_) = problem {
        value["fault"] = small(rest.trim_end_matches(')')).into();
    }
}

/// An object with the fields of a problem alone.
pub(crate) fn problem(problem: &Problem) -> Value {
    let mut value = Value::Object(Map::new());
    add_problem(&mut value, problem);
    value
}

fn connection(connection: &Connection) -> Value {
    let mut value = json!({ "event": "connection" });
    let state = match connection {
        Connection::Offline => "offline",
        Connection::Connecting => "connecting",
        Connection::SigningIn => "signing_in",
        Connection::Online => "online",
        Connection::Waiting { problem, retry_in } => {
            add_problem(&mut value, problem);
            value["retry_in_ms"] = u64::try_from(retry_in.as_millis()).unwrap_or(u64::MAX).into();
            "waiting"
        }
        Connection::Stopped(problem) => {
            add_problem(&mut value, problem);
            "stopped"
        }
    };
    value["state"] = state.into();
    value
}

fn storage(storage: &Storage) -> Value {
    let mut value = match storage {
        Storage::Working => json!({ "works": true }),
        Storage::Failing { problem: why, .. } => problem(why),
    };
    value["event"] = "storage".into();
    value["unkept"] = storage.has_unkept().into();
    value
}

fn notice(notice: &Notice) -> Value {
    let (name, jid, problem) = match notice {
        Notice::PlainOnly => ("plain_only", None, None),
        Notice::ContactNotAdded { jid, problem } => ("contact_not_added", Some(jid), Some(problem)),
        Notice::ContactNotChanged { jid, problem } => ("contact_not_changed", Some(jid), Some(problem)),
        Notice::Unreadable { from } => ("unreadable", from.as_ref(), None),
        Notice::NotStored(problem) => ("not_stored", None, Some(problem)),
        Notice::NoRoster(problem) => ("no_roster", None, Some(problem)),
        Notice::KeyReplaced { jid, .. } => ("key_replaced", Some(jid), None),
        Notice::NoArchive => ("no_archive", None, None),
        Notice::ReadingNotShared => ("reading_not_shared", None, None),
        Notice::NewOwnDevice { .. } => ("new_own_device", None, None),
        Notice::KeysRenewed => ("keys_renewed", None, None),
        Notice::KeysUsedElsewhere => ("keys_used_elsewhere", None, None),
        Notice::KeysNotPublished(problem) => ("keys_not_published", None, Some(problem)),
        Notice::ProfileNotPublished { problem, .. } => ("profile_not_published", None, Some(problem)),
        Notice::PasswordNotChanged(problem) => ("password_not_changed", None, Some(problem)),
        Notice::PasswordUncertain => ("password_uncertain", None, None),
        Notice::AccountNotDeleted(problem) => ("account_not_deleted", None, Some(problem)),
        Notice::MoveNotAnnounced(problem) => ("move_not_announced", None, Some(problem)),
        Notice::InvitationNotMade { problem, .. } => ("invitation_not_made", None, Some(problem)),
    };
    let mut value = json!({ "event": "notice", "notice": name });
    if let Some(jid) = jid {
        value["jid"] = jid.as_str().into();
    }
    if let Some(problem) = problem {
        add_problem(&mut value, problem);
    }
    value
}

fn show(show: Show) -> &'static str {
    match show {
        Show::Available => "available",
        Show::Chat => "chat",
        Show::Away => "away",
        Show::ExtendedAway => "extended_away",
        Show::DoNotDisturb => "do_not_disturb",
    }
}

fn chat_state(state: ChatState) -> &'static str {
    match state {
        ChatState::Active => "active",
        ChatState::Composing => "composing",
        ChatState::Paused => "paused",
        ChatState::Inactive => "inactive",
        ChatState::Gone => "gone",
    }
}

/// `WrongPassword` as `wrong_password`.
pub(crate) fn small(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use causerie_model::CertificateFault;

    use super::*;

    #[test]
    fn problems_have_names() {
        assert_eq!(problem(&Problem::WrongPassword), json!({ "problem": "wrong_password" }));
        let expired = problem(&Problem::Certificate(CertificateFault::NotYetValid));
        assert_eq!(expired, json!({ "problem": "certificate", "fault": "not_yet_valid" }));
    }
}
