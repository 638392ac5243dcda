//! The key that seals the accounts' own keys, in a file: where there is no keyring to keep it in.
//!
//! It lies beside the database that it seals, closed to others. So it protects from whoever gets a copy of the database alone, and from
//! nobody who gets the folder.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use causerie_model::VaultKey;
use rand::TryRngCore;
use rand::rngs::OsRng;
use zeroize::Zeroizing;

/// The file's name in the data folder.
const NAME: &str = "vault.key";

/// Where the file lies, if it does.
pub fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// A new key, from the system's generator.
///
/// # Errors
///
/// When the system gives no random bytes.
pub fn new_key() -> io::Result<VaultKey> {
    let mut key = VaultKey([0; 32]);
    OsRng.try_fill_bytes(&mut key.0).map_err(io::Error::other)?;
    Ok(key)
}

/// The key in a folder's file; none where there is no file.
///
/// # Errors
///
/// When the file can't be read, or isn't a key. It is left as it is.
pub fn read(folder: &Path) -> io::Result<Option<VaultKey>> {
    let file = match fs::File::open(path(folder)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(33));
    file.take(33).read_to_end(&mut bytes)?;
    let mut key = VaultKey([0; 32]);
    let fits = bytes.len() == key.0.len();
    bytes.iter().zip(&mut key.0).for_each(|(from, to)| *to = *from);
    if fits { Ok(Some(key)) } else { Err(io::Error::new(io::ErrorKind::InvalidData, "this is no key")) }
}

/// Writes a key into a folder's file, which outlives a power cut when this answers.
///
/// # Errors
///
/// When it can't be written.
pub fn write(folder: &Path, key: &VaultKey) -> io::Result<()> {
    let unfinished = path(folder).with_extension("part");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(&key.0)?;
    file.sync_all()?;
    fs::rename(&unfinished, path(folder))?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// Removes a folder's file, once the key is kept elsewhere.
///
/// # Errors
///
/// When it can't be removed.
pub fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_file(path(folder)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts a folder's file aside, because it can't be read. It is kept, under another name: whoever knows how may get the key out of it.
///
/// # Errors
///
/// When it can't be renamed.
pub fn set_aside(folder: &Path) -> io::Result<()> {
    /// How many of them there may be.
    const MOST: u32 = 100;
    let aside = |number: u32| match number {
        1 => path(folder).with_extension("damaged"),
        _ => path(folder).with_extension(format!("damaged-{number}")),
    };
    let free = (1..=MOST).map(aside).find(|path| path.symlink_metadata().is_err());
    fs::rename(path(folder), free.ok_or(io::ErrorKind::AlreadyExists)?)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

/// The key in a folder's file, which is made where there is none.
///
/// # Errors
///
/// As of [`read`] and [`write`].
pub fn read_or_make(folder: &Path) -> io::Result<VaultKey> {
    if let Some(key) = read(folder)? {
        return Ok(key);
    }
    let key = new_key()?;
    write(folder, &key)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_is_nobody_elses_to_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
        let key = read_or_make(folder.path()).unwrap();
        assert_ne!(key.0, [0; 32]);
        assert_eq!(read_or_make(folder.path()).unwrap(), key);
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &fs::metadata(path(folder.path())).unwrap().permissions(),
            );
            assert_eq!(mode & 0o777, 0o600);
        }
        remove(folder.path()).unwrap();
        remove(folder.path()).unwrap();
        assert_eq!(read(folder.path()).unwrap(), None);
    }

    #[test]
    fn what_is_put_aside_is_kept_and_takes_no_other_ones_place() {
        let folder = tempfile::tempdir().unwrap();
        assert!(set_aside(folder.path()).is_err(), "there is nothing");
        for (bytes, name) in [(&b"1"[..], "vault.damaged"), (b"22", "vault.damaged-2")] {
            fs::write(path(folder.path()), bytes).unwrap();
            set_aside(folder.path()).unwrap();
            assert_eq!(read(folder.path()).unwrap(), None);
            assert_eq!(fs::read(folder.path().join(name)).unwrap(), bytes);
        }
        assert_eq!(fs::read(folder.path().join("vault.damaged")).unwrap(), b"1");
    }

    #[test]
    fn what_is_no_key_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        for bytes in [&b""[..], &[1; 31], &[1; 33]] {
            fs::write(path(folder.path()), bytes).unwrap();
            assert!(read_or_make(folder.path()).is_err());
            assert_eq!(fs::read(path(folder.path())).unwrap(), bytes);
        }
    }
}
