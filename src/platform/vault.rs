//! The key that seals the accounts' own keys: in the keyring where there is one, else in a file of the data folder.
//!
//! Beside the key the keyring keeps a number that grows with each start, and the ledger the same number. A data folder that was
//! restored from a backup, or is in use a second time, has another number than the keyring: its ratchets are old, and to go on
//! with them would use keys twice. So it gets new ones.

use std::path::Path;

use causerie_model::{Problem, Vault, VaultKey};
use causerie_session::vault;
use causerie_store::{Epoch, Store};
use zeroize::Zeroizing;

use super::credentials::{self, Fault};

/// What the keyring keeps.
struct Kept {
    key: VaultKey,
    number: u64,
}

/// What to do when the key can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Otherwise {
    /// Wait for the person to unlock the keyring.
    Wait,
    /// Go on with a new key: what the old one has sealed is given up.
    BeginAnew,
}

/// Finds the key, or makes it where there was none. Blocks, perhaps for as long as a person takes to unlock a keyring.
pub(crate) async fn open(store: Store, folder: std::path::PathBuf, otherwise: Otherwise) -> Vault {
    match find(&store, &folder, otherwise).await {
        Ok(vault) => vault,
        Err(problem) => {
            tracing::error!(?problem, "the key that seals could not be had");
            Vault::Locked
        }
    }
}

async fn find(store: &Store, folder: &Path, otherwise: Otherwise) -> Result<Vault, Problem> {
    let epoch = store.epoch().await?;
    let name = epoch.name.clone();
    let kept = blocking(move || load(&name)).await?;
    let in_file = {
        let folder = folder.to_owned();
        blocking(move || vault::read(&folder)).await?.map_err(|_| Problem::DiskFailed)?
    };
    let (vault, place) = choose(kept, in_file, &epoch, otherwise)?;
    let key = match &vault {
        Vault::Open(key) | Vault::Broken(key) => key.clone(),
        Vault::Awaited | Vault::Locked => return Ok(vault),
    };
    let place = match place {
        // A keyring that takes nothing is as good as none, as long as it never had the key.
        Place::Keyring => match keep(store, folder, key.clone(), &epoch).await {
            Err(Problem::KeysLocked) if epoch.current == 0 => Place::File,
            kept => {
                kept?;
                return Ok(vault);
            }
        },
        place => place,
    };
    if place == Place::File {
        let folder = folder.to_owned();
        blocking(move || vault::write(&folder, &key)).await?.map_err(|_| Problem::DiskFailed)?;
    }
    Ok(vault)
}

/// Where the key is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Keyring,
    File,
    FileAlready,
}

fn choose(
    kept: Result<Option<Kept>, Fault>,
    in_file: Option<VaultKey>,
    epoch: &Epoch,
    otherwise: Otherwise,
) -> Result<(Vault, Place), Problem> {
    let new = || vault::new_key().map_err(|_| Problem::Internal);
    // Whether anything was ever sealed with a key of the keyring: not before the number was set.
    let is_used = epoch.current > 0;
    Ok(match (kept, in_file) {
        (Ok(Some(kept)), _) => {
            let is_last = kept.number == epoch.current || Some(kept.number) == epoch.intent;
            let vault = if is_last { Vault::Open(kept.key) } else { Vault::Broken(new()?) };
            (vault, Place::Keyring)
        }
        // A keyring came to be: the key moves into it.
        (Ok(None), Some(key)) => (Vault::Open(key), Place::Keyring),
        (Ok(None), None) if is_used => (Vault::Broken(new()?), Place::Keyring),
        (Ok(None), None) => (Vault::Open(new()?), Place::Keyring),
        (Err(_), Some(key)) => (Vault::Open(key), Place::FileAlready),
        (Err(_), None) if !is_used => (Vault::Open(new()?), Place::File),
        (Err(_), None) => match otherwise {
            Otherwise::Wait => (Vault::Locked, Place::FileAlready),
            Otherwise::BeginAnew => (Vault::Broken(new()?), Place::File),
        },
    })
}

/// Puts the key into the keyring under the next number. Whenever this is interrupted, the two numbers still belong together.
async fn keep(store: &Store, folder: &Path, key: VaultKey, epoch: &Epoch) -> Result<(), Problem> {
    let number = epoch.current.saturating_add(1);
    store.intend_epoch(number).await?;
    let name = epoch.name.clone();
    let saved = blocking(move || save(&name, &Kept { key, number })).await?;
    if saved.is_err() {
        return Err(Problem::KeysLocked);
    }
    store.set_epoch(number).await?;
    let folder = folder.to_owned();
    // One that stays is passed over the next time as well.
    let _ = blocking(move || vault::remove(&folder)).await?;
    Ok(())
}

fn load(name: &str) -> Result<Option<Kept>, Fault> {
    let Some(text) = credentials::load_named(name)? else { return Ok(None) };
    // What is no entry of ours is as good as none.
    Ok(read(text.reveal()))
}

fn save(name: &str, kept: &Kept) -> Result<(), Fault> {
    let mut text = Zeroizing::new(String::with_capacity(96));
    for byte in &kept.key.0 {
        text.push_str(&format!("{byte:02x}"));
    }
    text.push(' ');
    text.push_str(&kept.number.to_string());
    credentials::save_named(name, &causerie_model::Password::new(text.as_str().to_owned()))
}

fn read(text: &str) -> Option<Kept> {
    let (hex, number) = text.split_once(' ')?;
    let mut key = VaultKey([0; 32]);
    let mut digits = hex.chars().map(|digit| digit.to_digit(16));
    for byte in &mut key.0 {
        let (high, low) = (digits.next()??, digits.next()??);
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    let number = number.parse().ok()?;
    digits.next().is_none().then_some(Kept { key, number })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Problem::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch(current: u64, intent: Option<u64>) -> Epoch {
        Epoch { name: "x".to_owned(), current, intent }
    }

    fn kept(number: u64) -> Result<Option<Kept>, Fault> {
        Ok(Some(Kept { key: VaultKey([5; 32]), number }))
    }

    fn chosen(kept: Result<Option<Kept>, Fault>, file: Option<u8>, epoch: Epoch) -> (&'static str, Place) {
        let file = file.map(|byte| VaultKey([byte; 32]));
        let (vault, place) = choose(kept, file, &epoch, Otherwise::Wait).unwrap();
        let vault = match vault {
            Vault::Open(VaultKey(key)) if key == [5; 32] => "kept",
            Vault::Open(VaultKey(key)) if key == [6; 32] => "file",
            Vault::Open(_) => "new",
            Vault::Broken(_) => "broken",
            Vault::Awaited | Vault::Locked => "locked",
        };
        (vault, place)
    }

    #[test]
    fn the_key_that_is_there_is_used_and_an_old_folder_is_noticed() {
        use Place::{File, FileAlready, Keyring};
        let nothing = || Ok(None);
        assert_eq!(chosen(nothing(), None, epoch(0, None)), ("new", Keyring), "the first start");
        assert_eq!(chosen(kept(7), None, epoch(7, None)), ("kept", Keyring));
        assert_eq!(
            chosen(kept(7), None, epoch(6, Some(7))),
            ("kept", Keyring),
            "interrupted after the keyring"
        );
        assert_eq!(
            chosen(kept(6), None, epoch(6, Some(7))),
            ("kept", Keyring),
            "interrupted before the keyring"
        );
        assert_eq!(chosen(kept(8), None, epoch(6, None)), ("broken", Keyring), "a backup was restored");
        assert_eq!(chosen(kept(6), None, epoch(8, None)), ("broken", Keyring), "the keyring was restored");
        assert_eq!(chosen(nothing(), None, epoch(8, None)), ("broken", Keyring), "the keyring was emptied");
        assert_eq!(chosen(nothing(), Some(6), epoch(0, None)), ("file", Keyring), "a keyring came to be");
        for fault in [Fault::Absent, Fault::Locked, Fault::Failed] {
            assert_eq!(chosen(Err(fault), None, epoch(0, None)), ("new", File));
            assert_eq!(chosen(Err(fault), Some(6), epoch(0, None)), ("file", FileAlready));
            assert_eq!(chosen(Err(fault), None, epoch(3, None)), ("locked", FileAlready));
        }
        let (vault, place) = choose(Err(Fault::Locked), None, &epoch(3, None), Otherwise::BeginAnew).unwrap();
        assert!(matches!((vault, place), (Vault::Broken(_), File)));
    }

    #[test]
    fn what_the_keyring_keeps_is_read_back() {
        let first = Kept { key: VaultKey(std::array::from_fn(|at| at as u8 * 7)), number: 12 };
        save("vault of a test", &first).unwrap();
        let back = load("vault of a test").unwrap().unwrap();
        assert_eq!((back.key, back.number), (first.key, 12));
        for bad in [
            "",
            "00 1",
            &format!("{} x", "00".repeat(32)),
            &format!("{} 1", "00".repeat(33)),
            &"00".repeat(32),
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
