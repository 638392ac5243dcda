//! Where things are kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use super::arguments::Arguments;

/// The folders of one profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folders {
    /// History and accounts.
    pub(crate) data: PathBuf,
    /// Settings.
    pub(crate) settings: PathBuf,
    /// Logs.
    pub(crate) logs: PathBuf,
    /// What belongs to this machine, and is not copied with the data.
    pub(crate) state: PathBuf,
    /// What can be fetched again. It is made when there is something to keep.
    pub(crate) cache: PathBuf,
}

impl Folders {
    /// The folders that the command line asks for, or the usual ones; `None` on a system without a home.
    pub(crate) fn new(arguments: &Arguments) -> Option<Self> {
        let folders = match &arguments.data_dir {
            Some(base) => {
                let folder = |name: &str| base.join(name);
                Self {
                    data: folder("data"),
                    settings: folder("settings"),
                    logs: folder("logs"),
                    state: folder("state"),
                    cache: folder("cache"),
                }
            }
            None => {
                let usual = ProjectDirs::from("org", "causerie", "Causerie")?;
                let data = usual.data_local_dir().to_owned();
                let logs = usual.state_dir().map_or_else(|| data.join("logs"), |state| state.join("logs"));
                let state = usual.state_dir().unwrap_or_else(|| usual.cache_dir()).join("vault");
                let cache = usual.cache_dir().to_owned();
                Self { settings: usual.config_dir().to_owned(), data, logs, state, cache }
            }
        };
        Some(match &arguments.profile {
            Some(profile) => Self {
                data: folders.data.join("profiles").join(profile),
                settings: folders.settings.join("profiles").join(profile),
                logs: folders.logs.join("profiles").join(profile),
                state: folders.state.join("profiles").join(profile),
                cache: folders.cache.join("profiles").join(profile),
            },
            None => folders,
        })
    }

    /// Makes the folders, readable by this user only.
    pub(crate) fn create(&self) -> io::Result<()> {
        let all = [&self.data, &self.settings, &self.logs, &self.state];
        all.into_iter().try_for_each(|folder| create_private(folder))
    }
}

/// Makes a folder that only this user can read.
pub(crate) fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(0o700);
        builder.create(folder)?;
        // A folder that was there already, or made under an unusual umask.
        if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }
    #[cfg(not(unix))]
    builder.create(folder)
}

/// Writes a file that only this user can read, all of it or nothing.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;

    let fresh = path.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&fresh, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_folder_holds_everything_when_asked() {
        let arguments =
            Arguments { data_dir: Some("/base".into()), profile: Some("p".to_owned()), uri: None };
        let folders = Folders::new(&arguments).unwrap();
        assert_eq!(folders.data, Path::new("/base/data/profiles/p"));
        assert!(folders.logs.starts_with("/base/logs"));
        assert_eq!(folders.state, Path::new("/base/state/profiles/p"));
    }

    #[cfg(unix)]
    #[test]
    fn only_this_user_can_read() {
        use std::os::unix::fs::PermissionsExt;

        let base = tempfile::tempdir().unwrap();
        let arguments = Arguments { data_dir: Some(base.path().join("x")), ..Arguments::default() };
        let folders = Folders::new(&arguments).unwrap();
        folders.create().unwrap();
        let file = folders.settings.join("a.json");
        write_private(&file, b"{}").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folders.data), mode(&folders.logs), mode(&file)), (0o700, 0o700, 0o600));
    }
}
