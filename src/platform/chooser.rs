//! Files that a person chooses: with the desktop's own window for that where there is one, else by their path.
//!
//! On Linux that window belongs to the desktop's portal, or to the program `zenity`; on a bare desktop there is neither, and what asks
//! for one can't tell that from a person who thought better of it. So it is looked for beforehand.

use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use futures::channel::oneshot;

/// What was chosen; nothing where the person thought better of it.
pub(crate) type Chosen = Pin<Box<dyn Future<Output = Option<PathBuf>> + Send>>;

/// Who asks for files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Chooser {
    way: Way,
    desk: Arc<Mutex<Option<Asked>>>,
}

/// How a file is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Way {
    /// In the desktop's own window.
    #[default]
    Desktop,
    /// By its path, which is typed.
    Typed,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be read: it is there.
    Read,
    /// To be written: it is not there yet.
    Write,
}

/// Somebody waits for a path to be typed.
pub(crate) struct Asked {
    /// What for, in words.
    pub(crate) title: String,
    /// What for.
    pub(crate) purpose: Purpose,
    /// What is proposed.
    pub(crate) proposed: String,
    answer: oneshot::Sender<PathBuf>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

impl Asked {
    /// Tells whoever waits. Without that they hear that nothing was chosen.
    pub(crate) fn answer(self, path: PathBuf) {
        // Who does not wait any more needs no answer.
        let _ = self.answer.send(path);
    }
}

impl Chooser {
    /// In that way from now on.
    pub(crate) fn set_way(&mut self, way: Way) {
        self.way = way;
    }

    /// A file to be read, of a kind in words and with one of these endings. To be called on the main thread; what it gives may wait
    /// anywhere.
    pub(crate) fn open(&self, title: String, kind: String, ends: &[&str]) -> Chosen {
        if self.way == Way::Typed {
            return self.ask(title, Purpose::Read, String::new());
        }
        let chosen = rfd::AsyncFileDialog::new().set_title(title).add_filter(kind, ends).pick_file();
        Box::pin(async { chosen.await.map(|file| file.path().to_owned()) })
    }

    /// A place for a file to be written, of a kind in words and with that ending. As [`Self::open`].
    pub(crate) fn save(&self, title: String, name: String, kind: &str, end: &str) -> Chosen {
        if self.way == Way::Typed {
            let proposed = proposed(&name).display().to_string();
            return self.ask(title, Purpose::Write, proposed);
        }
        let window = rfd::AsyncFileDialog::new().set_title(title).set_file_name(name);
        let chosen = window.add_filter(kind, &[end]).save_file();
        Box::pin(async { chosen.await.map(|file| file.path().to_owned()) })
    }

    fn ask(&self, title: String, purpose: Purpose, proposed: String) -> Chosen {
        let (answer, answered) = oneshot::channel();
        *self.desk() = Some(Asked { title, purpose, proposed, answer });
        Box::pin(async { answered.await.ok() })
    }

    /// Who waits for a path since the last time this was asked.
    pub(crate) fn asked(&self) -> Option<Asked> {
        self.desk().take()
    }

    fn desk(&self) -> std::sync::MutexGuard<'_, Option<Asked>> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a file of that name may be found again.
fn proposed(name: &str) -> PathBuf {
    let folders = directories::UserDirs::new();
    let folder = folders.as_ref().map(|dirs| dirs.document_dir().unwrap_or(dirs.home_dir()));
    folder.unwrap_or(Path::new("")).join(name)
}

/// Why a path that was typed is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// There is no such file.
    NoFile,
    /// There is no such folder.
    NoFolder,
    /// There is something of that name already.
    Taken,
}

/// The file that is meant by what was typed: a path, one from the home folder on, or an address as file managers copy it. Blocks for a
/// moment: not for the GUI thread.
pub(crate) fn find(typed: &str, purpose: Purpose) -> Result<PathBuf, Fault> {
    let typed = typed.trim().trim_matches(['"', '\'']);
    let missing = if purpose == Purpose::Read { Fault::NoFile } else { Fault::NoFolder };
    let path = match url::Url::parse(typed).ok().filter(|url| url.scheme() == "file") {
        Some(url) => url.to_file_path().map_err(|()| missing)?,
        None => PathBuf::from(typed),
    };
    let home = directories::UserDirs::new().map(|dirs| dirs.home_dir().to_owned()).unwrap_or_default();
    let path = home.join(path.strip_prefix("~").unwrap_or(&path));
    match purpose {
        Purpose::Read if path.is_file() => Ok(path),
        Purpose::Write if path.file_name().is_none() || !path.parent().is_some_and(Path::is_dir) => {
            Err(missing)
        }
        Purpose::Write if path.symlink_metadata().is_ok() => Err(Fault::Taken),
        Purpose::Write => Ok(path),
        Purpose::Read => Err(missing),
    }
}

/// Looks for the desktop's own window.
#[cfg(target_os = "linux")]
pub(crate) async fn look() -> Way {
    use std::time::Duration;
    /// A portal may have to be started first.
    const PATIENCE: Duration = Duration::from_secs(10);
    let asked = tokio::time::timeout(PATIENCE, portal::version()).await;
    let version = asked.map_err(|_| "no answer".to_owned());
    let version = version.and_then(|version| version.map_err(|error| error.to_string()));
    match version {
        Ok(version) => {
            tracing::debug!(version, "the desktop has a window to choose files in");
            return Way::Desktop;
        }
        Err(why) => tracing::info!(why, "the desktop has no window to choose files in"),
    }
    let found = tokio::task::spawn_blocking(|| is_program("zenity", std::env::var_os("PATH").as_deref()));
    if found.await.unwrap_or(false) { Way::Desktop } else { Way::Typed }
}

/// There is always one.
#[cfg(not(target_os = "linux"))]
pub(crate) async fn look() -> Way {
    Way::Desktop
}

/// Whether a program of that name is found where programs are.
#[cfg(target_os = "linux")]
fn is_program(name: &str, places: Option<&std::ffi::OsStr>) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let mut places = std::env::split_paths(places.unwrap_or_default());
    places.any(|folder| {
        let found = folder.join(name).metadata();
        found.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    })
}

#[cfg(target_os = "linux")]
mod portal {
    use zbus::{Connection, Proxy};

    const NAME: &str = "org.freedesktop.portal.Desktop";
    const PATH: &str = "/org/freedesktop/portal/desktop";
    const CHOOSER: &str = "org.freedesktop.portal.FileChooser";

    /// The version of what chooses files in the portal. There may be a portal without that.
    pub(super) async fn version() -> zbus::Result<u32> {
        let bus = Connection::session().await?;
        Proxy::new(&bus, NAME, PATH, CHOOSER).await?.get_property("version").await
    }
}

#[cfg(test)]
mod tests {
    use iced_test::futures::futures::executor::block_on;

    use super::*;

    #[test]
    fn where_there_is_no_window_somebody_is_asked_for_the_path() {
        let mut chooser = Chooser::default();
        chooser.set_way(Way::Typed);
        assert!(chooser.asked().is_none());
        let chosen = chooser.open("A picture".to_owned(), "Pictures".to_owned(), &["png"]);
        let asked = chooser.clone().asked().unwrap();
        assert_eq!((asked.title.as_str(), asked.purpose), ("A picture", Purpose::Read));
        asked.answer("/tmp/face.png".into());
        assert_eq!(block_on(chosen), Some("/tmp/face.png".into()));
        let chosen = chooser.save("Sheet".to_owned(), "alice.pdf".to_owned(), "PDF", "pdf");
        let asked = chooser.asked().unwrap();
        assert_eq!(asked.purpose, Purpose::Write);
        assert!(asked.proposed.ends_with("alice.pdf"));
        drop(asked);
        assert_eq!(block_on(chosen), None, "thought better of it");
    }

    #[test]
    fn what_was_typed_is_a_file_that_is_there_or_a_place_that_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a face.png");
        std::fs::write(&path, "").unwrap();
        let typed = path.to_str().unwrap();
        let address = url::Url::from_file_path(&path).unwrap().to_string();
        for typed in [typed.to_owned(), format!(" '{typed}'\n"), address] {
            assert_eq!(find(&typed, Purpose::Read), Ok(path.clone()), "{typed}");
            assert_eq!(find(&typed, Purpose::Write), Err(Fault::Taken), "nothing is written over");
        }
        let in_folder = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        assert_eq!(find(&in_folder("none.png"), Purpose::Read), Err(Fault::NoFile));
        assert_eq!(find(&in_folder(""), Purpose::Read), Err(Fault::NoFile));
        assert_eq!(find("", Purpose::Read), Err(Fault::NoFile));
        let free = in_folder("sheet.pdf");
        assert_eq!(find(&free, Purpose::Write), Ok(PathBuf::from(&free)));
        assert_eq!(find(&in_folder("no/such.pdf"), Purpose::Write), Err(Fault::NoFolder));
        assert_eq!(find("https://example.org/x", Purpose::Read), Err(Fault::NoFile));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_program_is_found_where_programs_are() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("zenity");
        let places = std::env::join_paths([Path::new("/nowhere"), folder.path()]).unwrap();
        assert!(!is_program("zenity", Some(&places)) && !is_program("zenity", None));
        std::fs::write(&program, "").unwrap();
        assert!(!is_program("zenity", Some(&places)), "it can't be started");
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(is_program("zenity", Some(&places)));
    }
}
