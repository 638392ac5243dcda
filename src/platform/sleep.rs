//! When this machine wakes up, where the system tells: systemd's login service does, as `PrepareForSleep(false)` on the system's bus.
//!
//! Elsewhere it is known by the clocks and by the network, a while later.

use futures::Stream;

/// Tells each time that the machine has woken up.
///
/// To be polled inside a tokio runtime.
#[cfg(target_os = "linux")]
pub(crate) fn wakings() -> impl Stream<Item = ()> + Send + 'static {
    use futures::stream::{self, StreamExt};

    stream::once(logind::listen()).flat_map(|listening| match listening {
        Ok(signals) => {
            signals.filter_map(async |signal| logind::is_awake(&signal.ok()?).then_some(())).boxed()
        }
        Err(error) => {
            tracing::debug!(%error, "the system doesn't tell when it wakes up");
            stream::empty().boxed()
        }
    })
}

/// Tells nothing here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn wakings() -> impl Stream<Item = ()> + Send + 'static {
    futures::stream::empty()
}

#[cfg(target_os = "linux")]
mod logind {
    use zbus::message::Type;
    use zbus::{Connection, MatchRule, Message, MessageStream};

    const SERVICE: &str = "org.freedesktop.login1";
    const MANAGER: &str = "org.freedesktop.login1.Manager";
    const PATH: &str = "/org/freedesktop/login1";
    const SIGNAL: &str = "PrepareForSleep";
    /// Signals that wait to be looked at.
    const WAITING: usize = 4;

    pub(super) async fn listen() -> zbus::Result<MessageStream> {
        let rule = MatchRule::builder().msg_type(Type::Signal).sender(SERVICE)?.path(PATH)?;
        let rule = rule.interface(MANAGER)?.member(SIGNAL)?.build();
        MessageStream::for_match_rule(rule, &Connection::system().await?, Some(WAITING)).await
    }

    /// The signal comes before the sleep with `true`, and after it with `false`.
    pub(super) fn is_awake(signal: &Message) -> bool {
        signal.body().deserialize() == Ok(false)
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn only_the_end_of_the_sleep_is_told() {
            let signal = || Message::signal(PATH, MANAGER, SIGNAL).unwrap();
            assert!(is_awake(&signal().build(&false).unwrap()));
            assert!(!is_awake(&signal().build(&true).unwrap()));
            assert!(!is_awake(&signal().build(&"false").unwrap()));
            assert!(!is_awake(&signal().build(&()).unwrap()));
        }
    }
}
