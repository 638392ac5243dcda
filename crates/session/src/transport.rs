//! An open XML stream: elements in, elements out.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use causerie_model::{BareJid, Problem};
use causerie_protocol::Target;
use futures::{Sink, Stream as _};
use minidom::Element;
use tokio::io::{AsyncBufRead, AsyncWrite, BufReader};
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;
use tokio_xmpp::xmlstream::{ReadError, StreamHeader, Timeouts, XmlStream, initiate_stream};

use crate::connect::Patience;
use crate::frame::Frame;
use crate::guard::{Fault, Guard};
use crate::outgoing::Outgoing;
use crate::wire::Wire;

/// How much is read from the connection at once.
pub(crate) const READ_BUFFER: usize = 16 * 1024;
const CLIENT_NS: &str = "jabber:client";

/// A guarded XML stream over `Io`.
pub(crate) type Stream<Io> = XmlStream<Guard<Io>, Frame>;

/// An encrypted stream with the account's own server.
pub struct Transport {
    stream: Stream<BufReader<TlsStream<Wire>>>,
    /// Where the stream goes to.
    target: Target,
    patience: Patience,
    outgoing: Outgoing,
    goodbye: Goodbye,
    /// The last that was told of.
    sign_of_life: Instant,
}

/// How far the end of the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goodbye {
    NotYet,
    /// As soon as everything was sent.
    Wanted,
    /// The footer and the end of TLS were sent.
    Said,
}

/// What comes from a stream that lives.
#[derive(Debug)]
pub enum Arrival {
    /// A child of the stream, or the marker in its place.
    Element(Element),
    /// A part of an element, which is still coming.
    Part,
    /// Nothing came for [`Patience::silence`].
    Silence,
    /// The server has ended the stream in good order: nothing more comes.
    End,
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport")
            .field("domain", &self.target.domain)
            .field("goodbye", &self.goodbye)
            .finish_non_exhaustive()
    }
}

impl Transport {
    /// Begins a stream. Also gives the `id` of the server's header.
    pub(crate) async fn open(
        io: Guard<BufReader<TlsStream<Wire>>>,
        target: &Target,
        patience: Patience,
    ) -> Result<(Self, Option<String>), Problem> {
        let sign_of_life = io.sign_of_life();
        let (stream, id) = begin(io, &target.domain, target.account.as_ref(), patience).await?;
        let (target, outgoing, goodbye) = (target.clone(), Outgoing::default(), Goodbye::NotYet);
        Ok((Self { stream, target, patience, outgoing, goodbye, sign_of_life }, id))
    }

    /// Begins the stream anew, as after SASL. Everything must have been sent, which [`Transport::next`] does.
    pub async fn restart(self) -> Result<Self, Problem> {
        let mut io = self.stream.into_inner();
        io.reset();
        let (stream, _) = begin(io, &self.target.domain, self.target.account.as_ref(), self.patience).await?;
        Ok(Self { stream, ..self })
    }

    /// Lifts the limit on what may come before the server is authenticated.
    pub fn authenticated(&self) {
        self.stream.get_stream().authenticated();
    }

    /// Sends, as soon as [`Transport::next`] is awaited. Nothing is sent after [`Transport::close`].
    pub fn send(&mut self, element: Element) {
        if self.goodbye == Goodbye::NotYet {
            self.outgoing.push(element);
        }
    }

    /// How much waits to be written.
    #[cfg(test)]
    pub(crate) fn waiting(&self) -> usize {
        self.outgoing.len()
    }

    /// Ends the stream in good order once everything was sent. What the server still sends is to be awaited until its own end.
    pub fn close(&mut self) {
        if self.goodbye == Goodbye::NotYet {
            self.goodbye = Goodbye::Wanted;
        }
    }

    /// Writes what is to be sent and reads what comes, at the same time, until something has come. Nothing is lost when the
    /// future is dropped.
    ///
    /// [`Arrival::End`] is the end of the stream, and so is an error, whoever ended it.
    pub async fn next(&mut self) -> Result<Arrival, Problem> {
        poll_fn(|cx| {
            let written = self.poll_write(cx);
            // A server that takes nothing more may have said much before: what has arrived is read first.
            match (self.poll_read(cx), written) {
                (Poll::Pending, Err(problem)) => Poll::Ready(Err(problem)),
                (read, _) => read,
            }
        })
        .await
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Result<(), Problem> {
        let mut stream = Pin::new(&mut self.stream);
        while let Some(frame) = self.outgoing.first() {
            match Sink::<&Frame>::poll_ready(stream.as_mut(), cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return Err(lost(&error)),
                Poll::Pending => return Ok(()),
            }
            if let Err(error) = stream.as_mut().start_send(frame) {
                // Text with a character that XML doesn't have. The stream is as it was before.
                tracing::warn!(name = frame.0.name(), %error, "an element can't be written");
            }
            self.outgoing.written();
        }
        let written = match self.goodbye {
            Goodbye::NotYet => Sink::<&Frame>::poll_flush(stream, cx),
            Goodbye::Wanted => stream.poll_shutdown(cx),
            Goodbye::Said => Poll::Pending,
        };
        match written {
            Poll::Ready(Ok(())) if self.goodbye == Goodbye::Wanted => self.goodbye = Goodbye::Said,
            Poll::Ready(Ok(())) | Poll::Pending => {}
            Poll::Ready(Err(error)) => return Err(lost(&error)),
        }
        Ok(())
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<Arrival, Problem>> {
        loop {
            let Poll::Ready(read) = Pin::new(&mut self.stream).poll_next(cx) else {
                let sign_of_life = self.stream.get_stream().sign_of_life();
                return match std::mem::replace(&mut self.sign_of_life, sign_of_life) == sign_of_life {
                    true => Poll::Pending,
                    false => Poll::Ready(Ok(Arrival::Part)),
                };
            };
            return Poll::Ready(match read {
                Some(Ok(Frame(element))) => {
                    tracing::trace!(target: "causerie_session::way::socket", "");
                    Ok(Arrival::Element(element))
                }
                Some(Err(ReadError::SoftTimeout)) => Ok(Arrival::Silence),
                Some(Err(ReadError::StreamFooterReceived)) => Ok(Arrival::End),
                Some(Err(error)) => match ended(&error) {
                    Some(problem) => Err(problem),
                    None => continue,
                },
                None => Err(Problem::ConnectionLost),
            });
        }
    }
}

/// Sends a stream header and awaits the server's, whose `id` is given. Who we are is said to nobody but on an encrypted stream.
pub(crate) async fn begin<Io: AsyncBufRead + AsyncWrite + Unpin>(
    io: Guard<Io>,
    domain: &str,
    account: Option<&BareJid>,
    patience: Patience,
) -> Result<(Stream<Io>, Option<String>), Problem> {
    // Addresses on the wire are in Unicode; the domain is known in ASCII, as DNS and certificates have it.
    let (to, _) = idna::domain_to_unicode(domain);
    let header = StreamHeader { to: Some(to.into()), from: account.map(|it| it.as_str().into()), id: None };
    let timeouts = Timeouts { read_timeout: patience.silence, response_timeout: patience.answer };
    let mut pending = initiate_stream(io, CLIENT_NS, header, timeouts).await.map_err(|error| lost(&error))?;
    let id = pending.take_header().id.map(|id| id.into_owned());
    Ok((pending.skip_features(), id))
}

/// Why the stream ended, if it did.
pub(crate) fn ended(error: &ReadError) -> Option<Problem> {
    match error {
        ReadError::SoftTimeout => None,
        ReadError::HardError(error) => Some(lost(error)),
        // Doesn't happen with frames, which take any element; the stream goes on behind it.
        ReadError::ParseError(error) => {
            tracing::warn!(%error, "an element couldn't be read");
            None
        }
        ReadError::StreamFooterReceived => Some(Problem::ConnectionLost),
    }
}

fn lost(error: &io::Error) -> Problem {
    let fault = error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>());
    tracing::debug!(%error, "the stream ended");
    match fault {
        Some(Fault::Closed) => Problem::ConnectionLost,
        Some(Fault::TooSlow) => Problem::TimedOut,
        Some(Fault::Endless | Fault::Unauthenticated) => Problem::OverLimits,
        Some(_) => Problem::Protocol,
        None => match error.kind() {
            io::ErrorKind::TimedOut => Problem::TimedOut,
            io::ErrorKind::InvalidData => Problem::Protocol,
            _ => Problem::ConnectionLost,
        },
    }
}
