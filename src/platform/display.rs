//! Whether a window can be opened, and if not, what is missing, in one sentence.

#[cfg(target_os = "linux")]
use std::ffi::OsStr;
#[cfg(target_os = "linux")]
use std::net::{Ipv4Addr, SocketAddr as Place, TcpStream, ToSocketAddrs};
#[cfg(target_os = "linux")]
use std::os::linux::net::SocketAddrExt;
#[cfg(target_os = "linux")]
use std::os::unix::net::{SocketAddr, UnixStream};
#[cfg(target_os = "linux")]
use std::path::Path;
#[cfg(target_os = "linux")]
use std::time::Duration;

/// What a Linux desktop must have, with the Debian package of each.
#[cfg(target_os = "linux")]
const X11: [(&str, &str); 6] = [
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
];
#[cfg(target_os = "linux")]
const WAYLAND: [(&str, &str); 2] =
    [("libwayland-client.so.0", "libwayland-client0"), ("libxkbcommon.so.0", "libxkbcommon0")];

/// What is plainly missing before the toolkit tries: it knows no way back from a display that does not answer.
///
/// Where only the X display answers, the program starts over without the Wayland display, in the same process.
#[cfg(target_os = "linux")]
pub(crate) fn missing() -> Option<String> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if set("WAYLAND_SOCKET").is_some() {
        return None;
    }
    let (wayland, x11) = (set("WAYLAND_DISPLAY"), set("DISPLAY"));
    let folder = std::env::var_os("XDG_RUNTIME_DIR").map(std::path::PathBuf::from);
    if wayland.as_ref().is_some_and(|name| wayland_answers(name, folder.as_deref())) {
        return None;
    }
    if x11.as_ref().is_some_and(|name| x11_answers(&name.to_string_lossy())) {
        if wayland.is_some() {
            start_over_without("WAYLAND_DISPLAY");
        }
        return None;
    }
    Some(why_none(wayland.as_deref(), x11.as_deref()))
}

#[cfg(target_os = "linux")]
fn why_none(wayland: Option<&OsStr>, x11: Option<&OsStr>) -> String {
    let named =
        [("WAYLAND_DISPLAY", wayland), ("DISPLAY", x11)].into_iter().filter_map(|(variable, name)| {
            let name = name?.to_string_lossy();
            Some(format!("{variable}={}", name.escape_debug()))
        });
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        return "Causerie needs a graphical desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.".to_owned();
    }
    format!("Causerie needs a graphical desktop, and none answers at {}.", named.join(" or "))
}

#[cfg(target_os = "linux")]
fn wayland_answers(name: &OsStr, folder: Option<&Path>) -> bool {
    let path = match folder {
        Some(folder) => folder.join(name),
        None => name.into(),
    };
    path.is_absolute() && UnixStream::connect(path).is_ok()
}

/// Whether there is an X server at a display, of this machine or another.
#[cfg(target_os = "linux")]
fn x11_answers(name: &str) -> bool {
    /// Where displays are reached over TCP.
    const FIRST_PORT: u16 = 6000;
    let Some((host, display)) = name.rsplit_once(':') else { return false };
    let number = display.split_once('.').map_or(display, |(number, _)| number);
    let Ok(number) = number.parse::<u16>() else { return false };
    let port = FIRST_PORT.checked_add(number);
    match host {
        "" | "unix" => {
            let path = format!("/tmp/.X11-unix/X{number}");
            let hidden =
                || SocketAddr::from_abstract_name(&path).and_then(|place| UnixStream::connect_addr(&place));
            UnixStream::connect(&path).or_else(|_| hidden()).is_ok()
                || port.is_some_and(|port| reaches([(Ipv4Addr::LOCALHOST, port).into()]))
        }
        // The display is a socket in a folder.
        path if path.starts_with('/') => [name, path].iter().any(|path| UnixStream::connect(path).is_ok()),
        host => {
            let host =
                ["tcp/", "inet/", "inet6/"].iter().find_map(|way| host.strip_prefix(way)).unwrap_or(host);
            let host = host.trim_start_matches('[').trim_end_matches(']');
            port.and_then(|port| (host, port).to_socket_addrs().ok()).is_some_and(reaches)
        }
    }
}

/// Whether somebody answers at one of these places.
#[cfg(target_os = "linux")]
fn reaches(places: impl IntoIterator<Item = Place>) -> bool {
    /// As long as another machine may take.
    const PATIENCE: Duration = Duration::from_secs(4);
    places.into_iter().any(|place| TcpStream::connect_timeout(&place, PATIENCE).is_ok())
}

/// A running program can't safely change its environment: so this starts it over. Only comes back when that fails.
#[cfg(target_os = "linux")]
fn start_over_without(variable: &str) {
    use std::os::unix::process::CommandExt;
    let Ok(program) = std::env::current_exe() else { return };
    let mut again = std::process::Command::new(program);
    let error = again.args(std::env::args_os().skip(1)).env_remove(variable).exec();
    tracing::warn!(%error, "the other display could not be chosen");
}

/// What to say of a panic of the toolkit that has no window to open, if it is one.
pub(crate) fn explain_panic(words: &str) -> Option<String> {
    let library = words.starts_with("Library ") && words.contains("could not be loaded");
    (library || words.starts_with("Create event loop")).then(|| explain(words))
}

/// Why the window did not open, as well as can be told afterwards.
#[cfg(target_os = "linux")]
pub(crate) fn explain(error: &str) -> String {
    let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|value| !value.is_empty());
    let wanted: &[(&str, &str)] = if wayland { &WAYLAND } else { &X11 };
    let is_missing = |(name, _): &&(&str, &str)| !is_installed(name) || names(error, name);
    let (libraries, packages): (Vec<_>, Vec<_>) = wanted.iter().filter(is_missing).copied().unzip();
    if packages.is_empty() {
        tracing::error!(error, "the window could not be opened");
        return match error.split_once("Create event loop") {
            Some(_) => why_none(
                std::env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty()).as_deref(),
                std::env::var_os("DISPLAY").filter(|name| !name.is_empty()).as_deref(),
            ),
            None => format!("Causerie could not open its window: {error}"),
        };
    }
    let verb = if libraries.len() == 1 { "is" } else { "are" };
    format!(
        "Causerie could not open its window because {} {verb} missing. On Debian or Ubuntu: sudo apt install {}",
        libraries.join(" and "),
        packages.join(" ")
    )
}

/// Whether an error is about this library, with or without its version: it may be there and be damaged.
#[cfg(target_os = "linux")]
fn names(error: &str, library: &str) -> bool {
    let stem = library.split_once(".so").map_or(library, |(stem, _)| stem);
    error.contains(&format!("{stem}.so"))
}

/// Whether a library is in one of the places where systems keep them.
#[cfg(target_os = "linux")]
fn is_installed(library: &str) -> bool {
    let folders =
        ["/lib", "/usr/lib", "/usr/local/lib", "/lib64", "/usr/lib64"].map(std::path::PathBuf::from);
    let triple = format!("{}-linux-gnu", std::env::consts::ARCH);
    let path = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let named = std::env::split_paths(&path);
    folders
        .iter()
        .map(|folder| folder.join(&triple))
        .chain(folders.clone())
        .chain(named)
        .any(|folder| folder.join(library).exists())
}

/// What is plainly missing before anything was tried.
#[cfg(not(target_os = "linux"))]
pub(crate) fn missing() -> Option<String> {
    None
}

/// Why the window did not open.
#[cfg(not(target_os = "linux"))]
pub(crate) fn explain(error: &str) -> String {
    format!("Causerie could not open its window: {error}")
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_wayland_display_answers_or_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("wayland-7");
        let listener = UnixListener::bind(&path).unwrap();
        assert!(wayland_answers(OsStr::new("wayland-7"), Some(folder.path())));
        assert!(wayland_answers(path.as_os_str(), None), "an absolute path needs no folder");
        assert!(!wayland_answers(OsStr::new("wayland-7"), None));
        assert!(!wayland_answers(OsStr::new("wayland-8"), Some(folder.path())));
        drop(listener);
        assert!(!wayland_answers(OsStr::new("wayland-7"), Some(folder.path())), "it was left behind");
    }

    #[test]
    fn an_x_display_answers_or_does_not() {
        let number = (40_000..50_000).find_map(|number| {
            let place = SocketAddr::from_abstract_name(format!("/tmp/.X11-unix/X{number}")).ok()?;
            Some((number, UnixListener::bind_addr(&place).ok()?))
        });
        let (number, _listener) = number.unwrap();
        for name in [format!(":{number}"), format!(":{number}.0"), format!("unix:{number}")] {
            assert!(x11_answers(&name), "{name}");
        }
        for name in ["", "0", ":", ":zero", ":-1", ":59999"] {
            assert!(!x11_answers(name), "{name}");
        }
        let (port, listener) = (41_000..50_000)
            .find_map(|port| Some((port, std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()?)))
            .unwrap();
        let name = |host: &str| format!("{host}:{}", port - 6000);
        for host in ["127.0.0.1", "tcp/127.0.0.1", "localhost"] {
            assert!(x11_answers(&name(host)), "{host}");
        }
        drop(listener);
        assert!(!x11_answers(&name("127.0.0.1")), "it has ended");
        assert!(!x11_answers("nobody.invalid:0"));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("display");
        let _listener = UnixListener::bind(&path).unwrap();
        assert!(x11_answers(&format!("{}:0", path.display())));
    }

    #[test]
    fn what_does_not_answer_is_named() {
        let said = why_none(Some(OsStr::new("w\n1")), Some(OsStr::new(":9")));
        assert!(said.ends_with(r"at WAYLAND_DISPLAY=w\n1 or DISPLAY=:9."), "{said}");
        assert!(why_none(None, None).contains("neither"));
    }

    #[test]
    fn only_a_panic_about_the_window_is_explained() {
        let said = explain_panic("Create event loop: Os(\"no display\")").unwrap();
        assert!(said.starts_with("Causerie "), "{said}");
        assert_eq!(explain_panic("index out of bounds"), None);
    }

    #[test]
    fn a_library_that_an_error_is_about_is_named_with_its_package() {
        let error = "NotSupported(opening library failed (libXcursor.so.1: file too short))";
        let said = explain(error);
        if std::env::var_os("WAYLAND_DISPLAY").is_none() {
            assert!(said.contains("libXcursor.so.1") && said.contains("libxcursor1"), "{said}");
            assert!(!said.contains("libX11-xcb") || !is_installed("libX11-xcb.so.1"), "{said}");
        }
        assert!(names("Library libxkbcommon-x11.so could not be loaded.", "libxkbcommon-x11.so.0"));
        assert!(!names("Library libxkbcommon-x11.so could not be loaded.", "libxkbcommon.so.0"));
        assert!(explain_panic("Library libxkbcommon-x11.so could not be loaded.: None").is_some());
    }
}
