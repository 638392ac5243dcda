//! Logs: rotating files in the platform's place.
//!
//! What people write and the keys to it never reach a log at any level: nothing of ours logs a stanza, and the XML layer's own
//! records (which hold whole stanzas, credentials among them) are cut off here whatever the filter says.

use std::io::Write;
use std::path::Path;

use tracing::Level;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How many daily files are kept.
const FILES: usize = 7;
/// Our own modules, which hold to that. Of everything else only what goes wrong is logged, whatever is wished: what draws text would
/// show passwords as they are typed, what talks to the keyring those that are kept.
const OURS: [&str; 6] = [
    "causerie",
    "causerie_model",
    "causerie_omemo",
    "causerie_protocol",
    "causerie_session",
    "causerie_store",
];
/// Modules that would show what is on the wire even then.
const NEVER: [&str; 5] = ["tokio_xmpp", "xmpp_parsers", "xso", "rxml", "minidom"];

/// Starts to log into that folder. What is still to be written is written when the guard is dropped. Without a place to write
/// the program goes on without logs.
pub(crate) fn start(folder: &Path) -> Option<WorkerGuard> {
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("causerie")
        .filename_suffix("log")
        .max_log_files(FILES)
        .build(folder)
        .ok()?;
    close_to_others(folder);
    let (writer, guard) = tracing_appender::non_blocking(files);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    let wish = std::env::var("CAUSERIE_LOG").unwrap_or_default();
    tracing_subscriber::registry().with(filter(&wish)).with(lines).try_init().ok()?;
    Some(guard)
}

/// Makes the files of logs readable for their owner alone. The folder is closed to others already.
fn close_to_others(folder: &Path) {
    #[cfg(unix)]
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "log") {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            // Whoever can't change it can't read it either.
            let _ = std::fs::set_permissions(entry.path(), mode);
        }
    }
    #[cfg(not(unix))]
    let _ = folder;
}

/// From now on a panic goes into the log with its place and without its words, which may hold anything; and who has started the
/// program from a terminal reads one sentence. A debug build says the words too, and where `RUST_BACKTRACE` is `full`, everything.
pub(crate) fn watch_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "panic");
        let words = info.payload_as_str().unwrap_or_default();
        let said = match super::display::explain_panic(words) {
            Some(said) => said,
            None if cfg!(debug_assertions)
                && std::env::var_os("RUST_BACKTRACE").is_some_and(|wish| wish == "full") =>
            {
                before(info);
                return;
            }
            None if cfg!(debug_assertions) => format!("Causerie has made a mistake, at {place}: {words}"),
            None => format!("Causerie has made a mistake, at {place}."),
        };
        let _ = writeln!(std::io::stderr(), "causerie: {said}");
    }));
}

/// The words of a panic that was caught.
pub(crate) fn words_of(panic: &(dyn std::any::Any + Send)) -> Option<&str> {
    panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied())
}

fn filter(wish: &str) -> Targets {
    let wished: Targets = wish.parse().unwrap_or_default();
    let level = wished.default_level().filter(|_| wish.parse::<Level>().is_ok());
    let mut filter = Targets::new().with_default(Level::WARN);
    for target in OURS {
        filter = filter.with_target(target, level.unwrap_or(Level::INFO.into()));
    }
    let is_ours =
        |target: &str| OURS.iter().any(|ours| target == *ours || target.starts_with(&format!("{ours}::")));
    filter = filter.with_targets(wished.iter().filter(|(target, _)| is_ours(target)));
    NEVER
        .into_iter()
        .fold(filter, |filter, target| filter.with_target(target, tracing::level_filters::LevelFilter::OFF))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_is_never_logged() {
        for wish in ["", "trace", "tokio_xmpp=trace", "tokio_xmpp::xmlstream::capture=trace,causerie=trace"] {
            let filter = filter(wish);
            for target in ["tokio_xmpp", "xso", "rxml"] {
                assert!(!filter.would_enable(target, &Level::ERROR), "{wish}");
            }
        }
        assert!(filter("causerie=trace").would_enable("causerie::app", &Level::TRACE));
        assert!(filter("trace").would_enable("causerie_session::actor", &Level::TRACE));
        assert!(!filter("").would_enable("causerie::app", &Level::DEBUG));
    }

    #[test]
    fn what_others_see_of_us_is_never_logged() {
        for wish in ["", "trace", "iced_graphics=trace", "cosmic_text=debug,zbus=trace"] {
            let filter = filter(wish);
            for target in ["iced_graphics::text", "iced_winit", "cosmic_text::shape", "zbus"] {
                assert!(!filter.would_enable(target, &Level::INFO), "{wish} {target}");
                assert!(filter.would_enable(target, &Level::WARN), "{wish} {target}");
            }
        }
    }
}
