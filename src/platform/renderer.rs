//! Whether to draw with the graphics card.
//!
//! A graphics library without a graphics card draws on the processor, and needs several times the memory of a renderer that was
//! made for that. So its absence is recognised before any graphics library is loaded.

use crate::settings::Acceleration;

/// The variable by which the toolkit is told what to draw with.
const VARIABLE: &str = "ICED_BACKEND";
/// The renderer that needs no graphics card.
const SOFTWARE: &str = "tiny-skia";

/// What should be drawn with, where it is not left to the toolkit.
pub(crate) fn choice(acceleration: Acceleration) -> Option<&'static str> {
    if std::env::var_os(VARIABLE).is_some() {
        return None;
    }
    match acceleration {
        Acceleration::Off => Some(SOFTWARE),
        Acceleration::On => None,
        Acceleration::Automatic => (!has_graphics_card()).then_some(SOFTWARE),
    }
}

/// Makes the choice hold. The toolkit reads it from the environment, which a program can't safely change for itself once it
/// runs: so this starts the same program over, in the same process where the system can do that.
///
/// Returns only when nothing had to be changed, or it could not be.
pub(crate) fn apply(acceleration: Acceleration) {
    let Some(choice) = choice(acceleration) else { return };
    let Ok(program) = std::env::current_exe() else { return };
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1)).env(VARIABLE, choice);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // Only comes back when it fails; then the toolkit chooses.
        let error = again.exec();
        tracing::warn!(%error, "the renderer could not be chosen");
    }
    #[cfg(not(unix))]
    if let Ok(mut child) = again.spawn() {
        let code = child.wait().ok().and_then(|status| status.code());
        std::process::exit(code.unwrap_or_default());
    }
}

/// Whether a driver for a real graphics card is at work.
#[cfg(target_os = "linux")]
fn has_graphics_card() -> bool {
    /// Drivers that only pass pictures on.
    const PICTURES_ONLY: [&str; 9] =
        ["ast", "bochs-drm", "cirrus", "mgag200", "simpledrm", "simple-framebuffer", "vgem", "vkms", "qxl"];
    let Ok(entries) = std::fs::read_dir("/sys/class/drm") else { return false };
    entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with("renderD")).any(
        |entry| {
            let driver = std::fs::read_link(entry.path().join("device/driver")).ok();
            let name =
                driver.as_ref().and_then(|driver| driver.file_name()).map(|name| name.to_string_lossy());
            name.is_some_and(|name| !PICTURES_ONLY.contains(&name.as_ref()))
        },
    )
}

/// On these systems the toolkit's own choice is right.
#[cfg(not(target_os = "linux"))]
fn has_graphics_card() -> bool {
    true
}
