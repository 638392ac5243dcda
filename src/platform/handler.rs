//! Causerie as the program that the desktop opens `xmpp:` links with. Only done when a person asks for it.
//!
//! A package brings an entry for the desktop with it. A program that was built or copied by hand writes one for the user who runs it:
//! on Linux a file and the word of `xdg-mime`, on Windows keys of the registry. On macOS the bundle says it (`packaging/macos`).

use std::path::PathBuf;

/// Whether it can be asked for here.
pub(crate) const OFFERED: bool = cfg!(any(target_os = "linux", windows));

/// The file that was written, if there was need of one.
pub(crate) type Done = Option<PathBuf>;

/// Why it was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "files and xdg-mime are for Linux"))]
pub(crate) enum Fault {
    /// The program does not know where it is, or that can't be written down. Nothing was changed.
    NoPlace,
    /// There is another file in that place. It was left as it is.
    Theirs(PathBuf),
    /// The file can't be written. Nothing was changed.
    NotWritten(PathBuf),
    /// What tells the desktop is missing. The file, if any, is written.
    NoTool,
    /// The desktop was told, and opens the links with another program all the same.
    Refused,
}

/// Makes the program that runs the one that opens `xmpp:` links, for this user. Blocks: not for the GUI thread.
pub(crate) fn register() -> Result<Done, Fault> {
    let told = system::register();
    tracing::info!(?told, "asked to open links");
    told
}

#[cfg(not(any(target_os = "linux", windows)))]
mod system {
    pub(super) fn register() -> Result<super::Done, super::Fault> {
        Err(super::Fault::NoPlace)
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::ffi::OsString;
    use std::io::{ErrorKind, Read};
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};
    use std::time::Duration;
    use std::{env, fs};

    use super::{Done, Fault};

    /// The entry of packages, of which another line says where the program is.
    const PACKAGED: &str = include_str!("../../packaging/linux/org.causerie.Causerie.desktop");
    const PACKAGED_EXEC: &str = "Exec=causerie %u";
    const FILE: &str = "org.causerie.Causerie.desktop";
    /// A file that begins so is ours.
    const MARK: &str =
        "# Written by Causerie when it was asked to open xmpp: links. Delete this file to undo that.\n";
    const SCHEME: &str = "x-scheme-handler/xmpp";
    /// How long the desktop is waited for.
    const STEP: Duration = Duration::from_millis(50);
    const STEPS: u32 = 400;

    /// Where things are.
    pub(super) struct Places {
        pub(super) program: PathBuf,
        /// The user's data folder of all programs.
        pub(super) data: PathBuf,
        /// Those of the system.
        pub(super) shared: Vec<PathBuf>,
        /// What tells the desktop.
        pub(super) tool: PathBuf,
        /// What that is told besides, by the environment.
        pub(super) environment: Vec<(OsString, OsString)>,
    }

    pub(super) fn register() -> Result<Done, Fault> {
        let folders = directories::BaseDirs::new().ok_or(Fault::NoPlace)?;
        // An AppImage is mounted elsewhere each time.
        let image = env::var_os("APPIMAGE").map(PathBuf::from);
        let program = image.or_else(|| env::current_exe().ok()).ok_or(Fault::NoPlace)?;
        let shared = env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
        let shared = shared.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
        register_at(&Places {
            program,
            data: folders.data_dir().to_owned(),
            shared: env::split_paths(&shared).collect(),
            tool: "xdg-mime".into(),
            environment: Vec::new(),
        })
    }

    pub(super) fn register_at(places: &Places) -> Result<Done, Fault> {
        let entry = entry(&places.program).filter(|_| places.program.is_file()).ok_or(Fault::NoPlace)?;
        let packaged = |data: &PathBuf| data.join("applications").join(FILE).is_file();
        let packaged = places.program.starts_with("/usr") && places.shared.iter().any(packaged);
        let file = places.data.join("applications").join(FILE);
        let file = (!packaged && !installed(&file, &entry)).then_some(file);
        if let Some(file) = &file {
            write(file, &entry)?;
        }
        tell(places, &["default", FILE, SCHEME])?;
        let answer = tell(places, &["query", "default", SCHEME])?;
        if answer.trim() == FILE { Ok(file) } else { Err(Fault::Refused) }
    }

    /// The entry for a program in that place. None where the place can't be written down.
    pub(super) fn entry(program: &Path) -> Option<String> {
        let program = quoted(program.to_str()?)?;
        let entry = PACKAGED.replace(PACKAGED_EXEC, &format!("Exec={program} %u"));
        Some(format!("{MARK}{entry}"))
    }

    /// Whether what has put the program in its place (`packaging/linux/install`) has written an entry for it there.
    fn installed(file: &Path, entry: &str) -> bool {
        let exec = entry.lines().find(|line| line.starts_with("Exec="));
        let there = fs::read_to_string(file).unwrap_or_default();
        !there.starts_with(MARK) && there.lines().any(|line| Some(line) == exec)
    }

    /// As an entry quotes the path of a program (Desktop Entry Specification 1.5, "The Exec key").
    fn quoted(program: &str) -> Option<String> {
        if program.contains('=') || program.chars().any(char::is_control) {
            return None;
        }
        // What needs no quotes gets none: the scripts of xdg-utils take a quoted program for one that is not there.
        if program.chars().all(|letter| letter.is_alphanumeric() || "/._-+".contains(letter)) {
            return Some(program.to_owned());
        }
        let mut quoted = String::from("\"");
        for letter in program.chars() {
            match letter {
                '"' | '`' | '$' | '\\' => quoted.extend(['\\', letter]),
                '%' => quoted.push_str("%%"),
                _ => quoted.push(letter),
            }
        }
        quoted.push('"');
        // Every value of the file is escaped once more.
        Some(quoted.replace('\\', r"\\"))
    }

    fn write(file: &Path, entry: &str) -> Result<(), Fault> {
        let failed = |error: std::io::Error| {
            tracing::warn!(%error, "an entry for the desktop was not written");
            Fault::NotWritten(file.to_owned())
        };
        match fs::read(file) {
            Ok(there) if !there.starts_with(MARK.as_bytes()) => return Err(Fault::Theirs(file.to_owned())),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let folder = file.parent().ok_or(Fault::NoPlace)?;
        let fresh = file.with_extension("new");
        fs::create_dir_all(folder).map_err(failed)?;
        fs::write(&fresh, entry).map_err(failed)?;
        fs::rename(&fresh, file).map_err(failed)
    }

    /// Runs what tells the desktop, and gives its answer.
    fn tell(places: &Places, words: &[&str]) -> Result<String, Fault> {
        let mut command = Command::new(&places.tool);
        command.args(words).envs(places.environment.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| {
            if error.kind() == ErrorKind::NotFound { Fault::NoTool } else { Fault::Refused }
        })?;
        let ended = (0..STEPS).find_map(|_| {
            std::thread::sleep(STEP);
            child.try_wait().transpose()
        });
        let Some(Ok(status)) = ended else {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Fault::Refused);
        };
        let mut answer = String::new();
        if let Some(said) = child.stdout.take() {
            let _ = said.take(1000).read_to_string(&mut answer);
        }
        if status.success() { Ok(answer) } else { Err(Fault::Refused) }
    }
}

#[cfg(windows)]
mod system {
    use std::os::windows::process::CommandExt;
    use std::path::PathBuf;
    use std::process::{Command, Stdio};

    use super::{Done, Fault, keys};

    /// No window of its own for a moment.
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;

    pub(super) fn register() -> Result<Done, Fault> {
        let program = std::env::current_exe().map_err(|_| Fault::NoPlace)?;
        let program = program.to_str().ok_or(Fault::NoPlace)?;
        let root = std::env::var_os("SystemRoot").ok_or(Fault::NoPlace)?;
        // By its whole path: another program of that name is not run.
        let reg = PathBuf::from(root).join("System32").join("reg.exe");
        for key in keys(program) {
            let mut command = Command::new(&reg);
            command.args(key).creation_flags(CREATE_NO_WINDOW);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            if !command.status().is_ok_and(|status| status.success()) {
                return Err(Fault::Refused);
            }
        }
        Ok(None)
    }
}

/// What `reg.exe` is told, one call after the other, so that a program in that place opens the links of this user.
#[cfg(any(windows, test))]
fn keys(program: &str) -> [Vec<String>; 4] {
    const KEY: &str = r"HKCU\Software\Classes\xmpp";
    let add = |below: &str, name: Option<&str>, value: String| {
        let mut words = vec!["add".to_owned(), format!("{KEY}{below}")];
        match name {
            Some(name) => words.extend(["/v".to_owned(), name.to_owned()]),
            None => words.push("/ve".to_owned()),
        }
        words.extend(["/t", "REG_SZ", "/d"].map(ToOwned::to_owned));
        words.extend([value, "/f".to_owned()]);
        words
    };
    [
        add("", None, "URL:XMPP".to_owned()),
        add("", Some("URL Protocol"), String::new()),
        add(r"\DefaultIcon", None, format!("\"{program}\",0")),
        add(r"\shell\open\command", None, format!("\"{program}\" \"%1\"")),
    ]
}

#[cfg(test)]
mod tests;
