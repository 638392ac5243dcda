//! What is asked about ourselves and about how contacts come: profile, the account at its server, moving, invitations, lists.

use std::path::Path;

use causerie_model::{
    Account, AccountColour, Command, Invitation, InvitationKind, NewContact, OwnPicture, PictureKind,
    contact_list,
};
use serde_json::{Map, Value, json};

use crate::desk::Fault;
use crate::report;
use crate::request::{Entry, Order};

/// The command that an order comes to; the order itself when it is something else.
pub(crate) fn command(order: Order) -> Result<Result<Command, Order>, Fault> {
    Ok(Ok(match order {
        Order::AddContact { entry: Entry { jid, name, groups }, preauth } => {
            Command::AddContact { jid, name, groups, preauth }
        }
        Order::AddContacts { contacts, moved_from } => {
            let contact = |Entry { jid, name, groups }| NewContact { jid, name, groups };
            Command::AddContacts { contacts: contacts.into_iter().map(contact).collect(), moved_from }
        }
        Order::StopAdding => Command::StopAddingContacts,
        Order::PublishName { name } => Command::PublishName(name),
        Order::PublishPicture { file } => {
            Command::PublishPicture(file.map(|file| picture(&file)).transpose()?)
        }
        Order::ChangePassword { password } => Command::ChangePassword(password.ok_or("password?")?),
        Order::DeleteAccount => Command::DeleteAccount,
        Order::SetServer { server } => Command::SetServer(server),
        Order::AnnounceMove { to } => Command::AnnounceMove(to),
        Order::LookUpInvitations => Command::LookUpInvitations,
        Order::Invite { to_account, name } => {
            let kind = if to_account { InvitationKind::Account } else { InvitationKind::Contact };
            Command::MakeInvitation { kind, name }
        }
        other => return Ok(Err(other)),
    }))
}

/// A colour's name.
pub(crate) fn colour(name: &str) -> Result<AccountColour, Fault> {
    let named = |colour: &AccountColour| report::small(&format!("{colour:?}")) == name;
    AccountColour::ALL.into_iter().find(named).ok_or_else(|| "no such colour".into())
}

/// An account's row.
pub(crate) fn account(account: &Account) -> Map<String, Value> {
    let value = json!({
        "jid": account.jid.as_str(),
        "name": account.profile.name,
        "picture": account.profile.picture.map(|hash| hash.to_hex()),
        "server": account.server.as_ref().map(ToString::to_string),
        "colour": account.colour.map(|colour| report::small(&format!("{colour:?}"))),
        "moved_to": account.moved_to.as_ref().map(|jid| jid.as_str()),
    });
    value.as_object().cloned().unwrap_or_default()
}

/// What a file of contacts says.
pub(crate) fn read(text: &str) -> Result<Map<String, Value>, Fault> {
    let list = contact_list::read(text.as_bytes());
    let list = list.map_err(|fault| Fault::Said(report::small(&format!("{fault:?}"))))?;
    let contact = |contact: NewContact| json!({ "jid": contact.jid.as_str(), "name": contact.name, "groups": contact.groups });
    let contacts: Vec<Value> = list.contacts.into_iter().map(contact).collect();
    Ok(Map::from_iter([("contacts".to_owned(), contacts.into()), ("unread".to_owned(), list.unread.into())]))
}

/// An invitation that was made.
pub(crate) fn invitation(invitation: &Invitation) -> Value {
    let Invitation { kind, issuer, uri, landing, expires } = invitation;
    json!({
        "event": "invitation",
        "kind": report::small(&format!("{kind:?}")),
        "issuer": report::small(&format!("{issuer:?}")),
        "uri": uri,
        "landing": landing,
        "expires": expires.map(|expires| expires.as_millis()),
    })
}

/// A PNG file, whose size is in its head.
fn picture(file: &Path) -> Result<OwnPicture, Fault> {
    let bytes = std::fs::read(file).map_err(|error| Fault::Said(error.to_string()))?;
    let side = |at: usize| {
        let bytes = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
        bytes.and_then(|side| u16::try_from(side).ok()).unwrap_or(0)
    };
    let size = (side(16), side(20));
    OwnPicture::new(PictureKind::Png, size, bytes).ok_or_else(|| "no PNG of at most 100 KiB".into())
}
