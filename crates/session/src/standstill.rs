//! When the process was stopped and goes on: its connections may be gone by then, and nobody has told.
//!
//! The system says so with a signal (SIGCONT), where it knows signals. A machine that slept sends none: that is known by its clocks
//! (see `actor`) and by its network ([`crate::network`]).

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod signals {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// SIGCONT (POSIX.1, signal.h).
    const CONTINUED: i32 = if cfg!(target_os = "macos") { 19 } else { 18 };

    /// Hears of it.
    #[derive(Debug)]
    pub(crate) struct Standstill(Option<Signal>);

    impl Standstill {
        /// To be made inside a tokio runtime.
        pub(crate) fn new() -> Self {
            let heard = signal(SignalKind::from_raw(CONTINUED));
            if let Err(error) = &heard {
                tracing::debug!(%error, "the system doesn't tell when the process goes on");
            }
            Self(heard.ok())
        }

        /// Waits until the process was stopped and goes on.
        pub(crate) async fn over(&mut self) {
            if let Some(signal) = &mut self.0
                && signal.recv().await.is_some()
            {
                return;
            }
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
mod signals {
    /// Hears of nothing here.
    #[derive(Debug)]
    pub(crate) struct Standstill;

    impl Standstill {
        pub(crate) fn new() -> Self {
            Self
        }

        pub(crate) async fn over(&mut self) {
            std::future::pending::<()>().await;
        }
    }
}

pub(crate) use signals::Standstill;
