//! Whether a window can be opened, and if not, what is missing, in one sentence.

/// What a Linux desktop must have, with the Debian package of each.
#[cfg(target_os = "linux")]
const X11: [(&str, &str); 5] = [
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];
#[cfg(target_os = "linux")]
const WAYLAND: [(&str, &str); 2] =
    [("libwayland-client.so.0", "libwayland-client0"), ("libxkbcommon.so.0", "libxkbcommon0")];

/// What is plainly missing before anything was tried.
#[cfg(target_os = "linux")]
pub(crate) fn missing() -> Option<String> {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    (!set("DISPLAY") && !set("WAYLAND_DISPLAY") && !set("WAYLAND_SOCKET"))
        .then(|| "Causerie needs a graphical desktop: neither DISPLAY nor WAYLAND_DISPLAY is set.".to_owned())
}

/// Why the window did not open, as well as can be told afterwards.
#[cfg(target_os = "linux")]
pub(crate) fn explain(error: &str) -> String {
    let wayland = std::env::var_os("WAYLAND_DISPLAY").is_some_and(|value| !value.is_empty());
    let wanted: &[(&str, &str)] = if wayland { &WAYLAND } else { &X11 };
    let (libraries, packages): (Vec<_>, Vec<_>) =
        wanted.iter().filter(|(name, _)| !is_installed(name)).copied().unzip();
    if packages.is_empty() {
        return format!("Causerie could not open its window: {error}");
    }
    format!(
        "Causerie could not open its window because {} is missing. On Debian or Ubuntu: sudo apt install {}",
        libraries.join(" and "),
        packages.join(" ")
    )
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
