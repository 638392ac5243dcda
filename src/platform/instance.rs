//! One window per profile: a second start hands its link to the first, which comes to the front.
//!
//! The lock that keeps two programs from one history is the ledger's; this is only the bell at the door. A line that comes in is a
//! wish from another program of this user and can do no more than a click: show the window, or fill in a form.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use interprocess::local_socket::prelude::*;
use interprocess::local_socket::{Listener, ListenerOptions, Name, Stream};

use super::arguments::{MAX_URI, is_uri};

/// What a second start asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Come to the front.
    Show,
    /// Come to the front and fill this link in.
    Open(String),
}

const SHOW: &str = "show";

/// Asks a program that already runs with this data folder to come to the front. Whether there was one.
pub(crate) fn hand_over(data: &Path, uri: Option<&str>) -> bool {
    let Some(mut stream) = name(data).and_then(|name| Stream::connect(name).ok()) else { return false };
    let line = format!("{}\n", uri.unwrap_or(SHOW));
    if stream.write_all(line.as_bytes()).is_err() {
        return false;
    }
    let mut answer = [0; 2];
    stream.read_exact(&mut answer).is_ok() && &answer == b"ok"
}

/// Listens for second starts, on a thread of its own, for as long as the program runs.
pub(crate) fn listen(data: &Path, wish: impl Fn(Wish) + Send + 'static) {
    let Some(listener) = bind(data) else {
        tracing::warn!("a second start will not find this window");
        return;
    };
    let spawned = std::thread::Builder::new().name("instance".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Some(asked) = read(stream) {
                wish(asked);
            }
        }
    });
    if let Err(error) = spawned {
        tracing::warn!(%error, "no thread for second starts");
    }
}

fn read(stream: Stream) -> Option<Wish> {
    let mut line = String::new();
    let limit = u64::try_from(MAX_URI).unwrap_or(u64::MAX).saturating_add(2);
    let mut reader = BufReader::new(stream.take(limit));
    reader.read_line(&mut line).ok()?;
    let line = line.trim_end_matches(['\r', '\n']);
    let wish = match line {
        SHOW => Wish::Show,
        uri if is_uri(uri) => Wish::Open(uri.to_owned()),
        _ => return None,
    };
    reader.into_inner().into_inner().write_all(b"ok").ok()?;
    Some(wish)
}

fn bind(data: &Path) -> Option<Listener> {
    // What a killed program left behind is in the way; the ledger's lock says that nobody listens there any more.
    #[cfg(unix)]
    let _ = std::fs::remove_file(socket_path(data));
    ListenerOptions::new().name(name(data)?).create_sync().ok()
}

#[cfg(unix)]
fn name(data: &Path) -> Option<Name<'static>> {
    use interprocess::local_socket::{GenericFilePath, ToFsName};
    socket_path(data).to_fs_name::<GenericFilePath>().ok()
}

#[cfg(windows)]
fn name(data: &Path) -> Option<Name<'static>> {
    use interprocess::local_socket::{GenericNamespaced, ToNsName};
    format!("causerie-{:016x}", fingerprint(data)).to_ns_name::<GenericNamespaced>().ok()
}

/// In the folder for such things, where the session has one: it is short, which a socket's path has to be, and private.
#[cfg(unix)]
fn socket_path(data: &Path) -> std::path::PathBuf {
    match std::env::var_os("XDG_RUNTIME_DIR").filter(|folder| Path::new(folder).is_dir()) {
        Some(folder) => Path::new(&folder).join(format!("causerie-{:016x}.sock", fingerprint(data))),
        None => data.join("causerie.sock"),
    }
}

fn fingerprint(data: &Path) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    std::fs::canonicalize(data).unwrap_or_else(|_| data.to_owned()).hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn the_second_start_is_heard() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!hand_over(folder.path(), None));
        let (sender, wishes) = mpsc::channel();
        listen(folder.path(), move |wish| sender.send(wish).unwrap());
        assert!(hand_over(folder.path(), None));
        assert!(hand_over(folder.path(), Some("xmpp:bob@chat.example")));
        assert!(!hand_over(folder.path(), Some("--data-dir=/")));
        assert_eq!(wishes.recv().unwrap(), Wish::Show);
        assert_eq!(wishes.recv().unwrap(), Wish::Open("xmpp:bob@chat.example".to_owned()));
    }
}
