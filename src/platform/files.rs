//! Files that a person has chosen, read and written.

use std::io::{Read, Write};
use std::path::Path;

/// The names of files that hold lists of contacts.
pub(crate) const LISTS: [&str; 3] = ["csv", "txt", "tsv"];

/// The bytes of a file, at most one more than so many. Blocks: not for the GUI thread.
pub(crate) fn read(path: &Path, most: usize) -> std::io::Result<Vec<u8>> {
    // A pipe or a device would be waited for without an end.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that only this user can read, all of it or nothing, beside whatever else is in somebody's folder. Blocks: not for
/// the GUI thread.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).map_err(std::io::Error::other)?;
    let fresh = path.with_file_name(format!(".causerie-{:016x}", u64::from_le_bytes(chance)));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&fresh)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    let written = written.and_then(|()| std::fs::rename(&fresh, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&fresh);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_far_as_it_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.csv");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read(&path, 100).unwrap(), b"0123456789");
        assert_eq!(read(&path, 4).unwrap(), b"01234");
        assert!(read(folder.path(), 4).is_err());
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all_and_for_this_user_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.csv");
        std::fs::write(&path, "older").unwrap();
        write(&path, b"newer").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"newer");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let taken = folder.path().join("taken");
        std::fs::create_dir_all(taken.join("inside")).unwrap();
        assert!(write(&taken, b"newer").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing half is left");
    }
}
