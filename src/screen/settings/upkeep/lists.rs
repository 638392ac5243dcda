//! Contacts as a file.

use std::path::PathBuf;

use causerie_model::contact_list::{self, LARGEST_FILE, ListFault, ListRead};
use causerie_model::{AccountId, Command, NewContact, RosterItem};
use iced::Task;

use super::Message;
use crate::context::Context;
use crate::platform::files;

/// Adds those of a file.
pub(super) fn add(contacts: Vec<NewContact>) -> Command {
    Command::AddContacts { contacts, moved_from: None }
}

/// Saves the contacts of an account where the person says.
pub(super) fn export(account: AccountId, context: &Context) -> Task<Message> {
    let of_account = context.contacts.iter().filter(|(whose, _)| *whose == account);
    let items: Vec<RosterItem> = of_account.map(|(_, contact)| contact.item.clone()).collect();
    let i18n = &context.i18n;
    let (title, name) = (i18n.get("upkeep-export-title"), i18n.get("upkeep-export-file"));
    let place = context.chooser.save(title, name, "CSV", "csv");
    let written = async move {
        let path = place.await?;
        let to = path.clone();
        let write = move || files::write(&to, contact_list::write(&items).as_bytes()).map_err(drop);
        let written = tokio::task::spawn_blocking(write).await.unwrap_or(Err(()));
        Some(written.map(|()| path))
    };
    Task::perform(written, Message::Exported)
}

/// Reads the file that is chosen; no fault where it can't be read at all.
pub(super) async fn read(
    chosen: impl Future<Output = Option<PathBuf>> + Send,
) -> Option<Result<ListRead, Option<ListFault>>> {
    let path = chosen.await?;
    let reading = move || {
        let bytes = files::read(&path, LARGEST_FILE).map_err(|_| None)?;
        contact_list::read(&bytes).map_err(Some)
    };
    Some(tokio::task::spawn_blocking(reading).await.unwrap_or(Err(None)))
}
