//! The connection of an account, in whatever state it is.

use std::time::Duration;

use causerie_model::Problem;
use causerie_protocol::{Input, Link};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use minidom::Element;
use tokio::time::{Instant, timeout_at};

use crate::transport::{Arrival, Transport};

/// A connection that is being made.
pub(crate) type Making = LocalBoxFuture<'static, Result<(Transport, Link), Problem>>;

/// The connection.
pub(crate) enum Line {
    /// There is none.
    Down,
    /// It is being made.
    Making(Making),
    /// Open.
    Up(Box<Transport>),
    /// The stream is beginning anew. What is to be sent waits.
    Restarting(LocalBoxFuture<'static, Result<Transport, Problem>>, Vec<Element>),
    /// The end of the stream was said; what still comes is taken until then.
    Leaving(Box<Transport>, Instant),
}

impl Line {
    pub(crate) fn is_down(&self) -> bool {
        matches!(self, Self::Down)
    }

    /// Sends, where there is a stream to send to.
    pub(crate) fn send(&mut self, element: Element) {
        match self {
            Self::Up(transport) => transport.send(element),
            Self::Restarting(_, waiting) => waiting.push(element),
            Self::Down | Self::Making(_) | Self::Leaving(..) => {}
        }
    }

    /// Begins the stream anew; `within` that time it must be there.
    pub(crate) fn restart(&mut self, within: Duration) {
        if let Self::Up(transport) = std::mem::replace(self, Self::Down) {
            let restart = tokio::time::timeout(within, transport.restart());
            let restart = restart.map(|ended| ended.unwrap_or(Err(Problem::TimedOut)));
            *self = Self::Restarting(restart.boxed_local(), Vec::new());
        }
    }

    pub(crate) fn authenticated(&self) {
        if let Self::Up(transport) = self {
            transport.authenticated();
        }
    }

    /// Ends an open stream in good order and `within` that time; gives up what isn't open yet.
    pub(crate) fn close(&mut self, within: Duration) -> Option<Input> {
        match std::mem::replace(self, Self::Down) {
            Self::Up(mut transport) => {
                transport.close();
                *self = Self::Leaving(transport, Instant::now() + within);
                None
            }
            Self::Leaving(transport, deadline) => {
                *self = Self::Leaving(transport, deadline);
                None
            }
            Self::Making(_) | Self::Restarting(..) => Some(Input::Disconnected(Problem::ConnectionLost)),
            Self::Down => None,
        }
    }

    /// Drops it.
    pub(crate) fn abort(&mut self) -> Option<Input> {
        let was_down = self.is_down();
        *self = Self::Down;
        (!was_down).then_some(Input::Disconnected(Problem::ConnectionLost))
    }

    /// What happens next. Nothing is lost when the future is dropped; without a connection it waits for ever.
    pub(crate) async fn next(&mut self) -> Input {
        loop {
            let (input, line) = match self {
                Self::Down => std::future::pending().await,
                Self::Making(making) => match making.await {
                    Ok((transport, link)) => {
                        (Some(Input::Connected(link)), Some(Self::Up(Box::new(transport))))
                    }
                    Err(problem) => (Some(Input::ConnectFailed(problem)), Some(Self::Down)),
                },
                Self::Up(transport) => come(transport.next().await),
                Self::Restarting(restart, waiting) => match restart.await {
                    Ok(mut transport) => {
                        std::mem::take(waiting).into_iter().for_each(|element| transport.send(element));
                        (None, Some(Self::Up(Box::new(transport))))
                    }
                    Err(problem) => (Some(Input::Disconnected(problem)), Some(Self::Down)),
                },
                Self::Leaving(transport, deadline) => match timeout_at(*deadline, transport.next()).await {
                    Ok(arrived) => come(arrived),
                    Err(_) => (Some(Input::Disconnected(Problem::TimedOut)), Some(Self::Down)),
                },
            };
            if let Some(line) = line {
                *self = line;
            }
            if let Some(input) = input {
                return input;
            }
        }
    }

    /// What is there already, without waiting.
    pub(crate) fn ready(&mut self) -> Option<Input> {
        match self {
            Self::Up(_) | Self::Leaving(..) => self.next().now_or_never(),
            Self::Down | Self::Making(_) | Self::Restarting(..) => None,
        }
    }
}

fn come(arrived: Result<Arrival, Problem>) -> (Option<Input>, Option<Line>) {
    match arrived {
        Ok(Arrival::Element(element)) => (Some(Input::Element(element)), None),
        Ok(Arrival::Part) => (Some(Input::Progress), None),
        Ok(Arrival::Silence) => (Some(Input::Check), None),
        Ok(Arrival::End) => (Some(Input::Closed), Some(Line::Down)),
        Err(problem) => (Some(Input::Disconnected(problem)), Some(Line::Down)),
    }
}
