//! The key that seals the accounts' own keys: in the keyring where there is one, else in a file of the data folder.
//!
//! Beside the key the keyring keeps a number that grows with each start, each end, and while the program runs once in ten minutes at
//! most if keys or sessions have changed; and the ledger the same number. A data folder that was restored from a backup, or is in use a
//! second time, has another number than the keyring: its ratchets are old, and to go on with them would use keys twice. So it gets new
//! ones. [`causerie_store::vault`] tells the order in which the two are written, and why no crash makes them differ.
//!
//! Where there is no keyring the number is in a file of its own, away from the data folder: a copy of the data folder alone comes
//! without it. That file is kept beside a keyring too, but counts for nothing then.
//!
//! | what was copied, and restored or used elsewhere | noticed |
//! |---|---|
//! | the data folder or the database, as files | yes: the file was made later than it says, or the count has gone on |
//! | the same where the file system doesn't tell when a file was made, or the program that copies sets it, or the old file was overwritten in its place | from the first count on that begins after the copy was made, which is at the latest ten minutes after the next change or at the clean end. Before that, and if the program was killed in between, no |
//! | the same, and there never was a keyring | the same, as long as the file with the number is where it was. Without it (another machine, another user) only by when the file was made |
//! | data folder and keyring (or the number's file) together, as files | yes, by when the file was made; where that is not told, no |
//! | a whole file system: image of a disk, snapshot, virtual machine | no |
//!
//! Whoever moves the data folder to another disk gets new keys too: nobody can tell this from a copy.

mod keeper;
mod places;
#[cfg(test)]
mod tests;

use causerie_model::{Problem, Vault, VaultKey};
use causerie_session::vault as file;
use causerie_store::{Epoch, Origin};

pub(crate) use keeper::Keeper;
pub(crate) use places::Places;
use places::{Kept, Seen};

/// What to do when the key can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// Wait for the person to unlock the keyring, or to put back what is damaged.
    Wait,
    /// Go on with a new key: what the old one has sealed is given up.
    BeginAnew,
}

/// Where the key is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Keyring,
    File,
    FileAlready,
}

/// What is to be done.
#[derive(Debug)]
struct Choice {
    vault: Vault,
    place: Place,
    /// The number that is kept there; what is next is one more.
    number: u64,
}

fn choose(seen: Seen, epoch: &Epoch, otherwise: Otherwise) -> Result<Choice, Problem> {
    let new = || file::new_key().map_err(|_| Problem::Internal);
    let open = |key: VaultKey, place, number| Choice { vault: Vault::Open(key), place, number };
    let broken = |place| Ok::<_, Problem>(Choice { vault: Vault::Broken(new()?), place, number: 0 });
    let is_copy = epoch.origin == Origin::Copied;
    // A number that is not there says nothing: folders for such things are emptied now and then.
    let is_counted_elsewhere = seen.number.is_some_and(|number| !epoch.fits(number));
    let number = seen.number.unwrap_or_else(|| epoch.highest());
    // A file that is damaged matters only where no keyring has the key. What it held is given up when a person wants that, and not before.
    let is_in_no_keyring = match &seen.kept {
        Ok(kept) => kept.is_none(),
        Err(_) => !epoch.in_keyring,
    };
    if seen.is_unreadable && is_in_no_keyring {
        return Ok(match otherwise {
            Otherwise::Wait => Choice { vault: Vault::Unreadable, place: Place::FileAlready, number: 0 },
            Otherwise::BeginAnew if seen.kept.is_ok() => broken(Place::Keyring)?,
            Otherwise::BeginAnew => broken(Place::File)?,
        });
    }
    Ok(match (seen.kept, seen.in_file) {
        (Ok(Some(_)), _) if is_copy => broken(Place::Keyring)?,
        // It was made while the keyring could not be had, and is what seals since.
        (Ok(Some(kept)), Some(key)) if kept.key != key => {
            open(key, Place::Keyring, kept.number.max(epoch.highest()))
        }
        (Ok(Some(Kept { key, number })), _) if epoch.fits(number) => open(key, Place::Keyring, number),
        (Ok(Some(_)), _) => broken(Place::Keyring)?,
        (Ok(None), Some(_)) if is_copy || is_counted_elsewhere => broken(Place::Keyring)?,
        // A keyring came to be: the key moves into it.
        (Ok(None), Some(key)) => open(key, Place::Keyring, number),
        (Ok(None), None) if epoch.in_keyring || is_copy => broken(Place::Keyring)?,
        (Ok(None), None) => open(new()?, Place::Keyring, epoch.highest()),
        (Err(_), Some(_)) if is_copy || is_counted_elsewhere => broken(Place::File)?,
        (Err(_), Some(key)) => open(key, Place::FileAlready, number),
        (Err(_), None) if !epoch.in_keyring && is_copy => broken(Place::File)?,
        (Err(_), None) if !epoch.in_keyring => open(new()?, Place::File, epoch.highest()),
        (Err(_), None) => match otherwise {
            Otherwise::Wait => Choice { vault: Vault::Locked, place: Place::FileAlready, number: 0 },
            Otherwise::BeginAnew => broken(Place::File)?,
        },
    })
}
