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
/// Modules that would show what is on the wire. Everything outside this project is quiet by default besides.
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
    let (writer, guard) = tracing_appender::non_blocking(files);
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(writer);
    let wish = std::env::var("CAUSERIE_LOG").unwrap_or_default();
    tracing_subscriber::registry().with(filter(&wish)).with(lines).try_init().ok()?;
    Some(guard)
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
    let ours = ["causerie", "causerie_session", "causerie_store", "causerie_protocol"];
    let mut filter = Targets::new().with_default(Level::WARN);
    filter = ours.into_iter().fold(filter, |filter, target| filter.with_target(target, Level::INFO));
    filter = filter.with_targets(wished.iter());
    if let Some(level) = wished.default_level().filter(|_| wish.parse::<Level>().is_ok()) {
        filter = filter.with_default(level);
    }
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
        assert!(!filter("").would_enable("iced_winit", &Level::INFO));
        assert!(filter("debug").would_enable("iced_winit", &Level::DEBUG));
    }
}
