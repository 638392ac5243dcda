//! The door between TLS and the XML stream.
//!
//! The stream's own parser has no limit on size, its users build and drop stanzas recursively, and it ends the stream over
//! a long attribute, a comment or an undeclared prefix. The guard lets a stanza through, byte for byte, only after it was
//! seen whole, within the limits, and accepted by the same parser with the same options. A stanza that fails is replaced
//! by a *marker*: an element of the same name and addresses whose only child is `<rejected reason='…'/>`. So stanzas can
//! still be counted (XEP-0198), requests answered, and the user told.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use crate::breaker::{Breaker, Fingerprint};
use framer::{Framer, Unit};
use judge::{CHUNK, Judge};
use marker::marker;

pub use limits::{Fault, Limits, Reason};
pub use marker::REJECTED_NS;
pub(crate) use marker::stand_in;

pub mod framer;
mod judge;
mod limits;
mod marker;

/// How often a stanza that is still arriving is made known to the stream's timeouts.
const SIGN_OF_LIFE: Duration = Duration::from_secs(1);

/// Guards what is read from `Io`; what is written passes unchanged.
#[derive(Debug)]
pub struct Guard<Io> {
    io: Io,
    limits: Limits,
    breaker: Breaker,
    framer: Framer,
    judge: Judge,
    /// Bytes for the stream's parser, and how many of them it has taken.
    output: Vec<u8>,
    taken: usize,
    /// The error that comes after `output`.
    failure: Option<io::Error>,
    ended: bool,
    authenticated: AtomicBool,
    received: usize,
    /// Since when the rest of a stanza is awaited.
    waiting: Option<Instant>,
    sign_of_life: Instant,
}

impl<Io> Guard<Io> {
    /// Guards a connection that begins with a stream header.
    pub fn new(io: Io, limits: Limits) -> Self {
        Self {
            io,
            limits,
            breaker: Breaker::default(),
            framer: Framer::new(limits),
            judge: Judge::default(),
            output: Vec::new(),
            taken: 0,
            failure: None,
            ended: false,
            authenticated: AtomicBool::new(false),
            received: 0,
            waiting: None,
            sign_of_life: Instant::now(),
        }
    }

    /// Shares what is known of stanzas that have ended streams of this account before.
    #[must_use]
    pub fn with_breaker(self, breaker: Breaker) -> Self {
        Self { breaker, ..self }
    }

    /// The connection below, to write to or to ask.
    pub fn get_ref(&self) -> &Io {
        &self.io
    }

    /// When a part of a stanza came whose rest is awaited, about once a second at most.
    pub(crate) fn sign_of_life(&self) -> Instant {
        self.sign_of_life
    }

    /// Lifts the limit on bytes before authentication. Call it when the server has proved what it must.
    pub fn authenticated(&self) {
        self.authenticated.store(true, Ordering::Relaxed);
    }

    /// Expects a new stream header next, as after SASL. Nothing that was read is lost.
    pub fn reset(&mut self) {
        self.framer = Framer::new(self.limits);
        self.judge = Judge::default();
    }

    /// The connection; bytes that were read and not yet handed out are dropped.
    pub fn into_inner(self) -> Io {
        self.io
    }

    /// Goes on after so many more bytes were framed and, perhaps, a unit is complete.
    fn advance(&mut self, count: usize, unit: Option<Unit>) -> Result<(), Fault> {
        self.received = self.received.saturating_add(count);
        if self.received > self.limits.unauthenticated_bytes && !*self.authenticated.get_mut() {
            return Err(Fault::Unauthenticated);
        }
        let Some(unit) = unit else { return self.wait() };
        self.waiting = None;
        let rejected = match unit {
            Unit::Blank => {
                self.output.push(b' ');
                return Ok(());
            }
            Unit::Header => {
                self.judge = Judge::new(self.framer.bytes(), &self.limits)?;
                None
            }
            Unit::Footer => {
                self.judge.parse(self.framer.bytes(), drop)?;
                self.ended = true;
                None
            }
            Unit::Stanza => self.verdict()?,
            Unit::Rejected(reason) => Some(reason),
        };
        match rejected {
            None => self.framer.take(&mut self.output),
            Some(reason) => {
                let marker = marker(self.judge.header(), self.framer.head(), reason);
                // A name or namespace that can't be written again is the server's fault.
                marker
                    .write_to(&mut self.output)
                    .map_err(|_| rxml::Error::InvalidSyntax("unwritable name"))?;
                self.framer.skip();
            }
        }
        Ok(())
    }

    /// Why the stanza must not pass, if so. One that isn't well-formed ends the stream, as RFC 6120 section 4.9.3.13 wants it,
    /// but only once.
    fn verdict(&mut self) -> Result<Option<Reason>, Fault> {
        let stanza = self.framer.bytes();
        match self.judge.verdict(stanza, &self.limits) {
            Err(Fault::NotWellFormed(error)) => {
                let fingerprint = Fingerprint::of_bytes(stanza);
                if self.breaker.breaks(fingerprint) == 0 {
                    self.breaker.trip(fingerprint);
                    return Err(error.into());
                }
                self.judge.restart(&self.limits)?;
                Ok(Some(Reason::Malformed))
            }
            verdict => verdict,
        }
    }

    /// The stream's timeouts can't see a stanza that is held back here: they get a blank now and then instead.
    fn wait(&mut self) -> Result<(), Fault> {
        if !self.framer.in_stanza() {
            return Ok(());
        }
        let now = Instant::now();
        let since = *self.waiting.get_or_insert(now);
        if now - since > self.limits.stanza_time {
            return Err(Fault::TooSlow);
        }
        if now - since.max(self.sign_of_life) > SIGN_OF_LIFE {
            self.sign_of_life = now;
            self.output.push(b' ');
        }
        Ok(())
    }
}

impl<Io: AsyncBufRead + Unpin> Guard<Io> {
    /// Frames what is read until there is something for the stream's parser.
    fn poll_output(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.output.is_empty() && !self.ended {
            if let Some(failure) = self.failure.take() {
                self.ended = true;
                return Poll::Ready(Err(failure));
            }
            let advanced = match ready!(Pin::new(&mut self.io).poll_fill_buf(cx)) {
                Ok([]) => Err(Fault::Closed.into()),
                Ok(bytes) => {
                    let mut rest = bytes;
                    let unit = self.framer.push(&mut rest);
                    let count = bytes.len() - rest.len();
                    Pin::new(&mut self.io).consume(count);
                    unit.and_then(|unit| self.advance(count, unit)).map_err(io::Error::from)
                }
                Err(error) => Err(error),
            };
            if let Err(failure) = advanced {
                self.failure = Some(failure);
                // At an error rxml doesn't give the events it still has, such as the end of `<presence/>`. At a blank it does.
                if self.judge.is_ready() {
                    self.output.push(b' ');
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncBufRead + Unpin> AsyncBufRead for Guard<Io> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.get_mut();
        ready!(this.poll_output(cx))?;
        let end = this.output.len().min(this.taken + CHUNK);
        Poll::Ready(Ok(this.output.get(this.taken..end).unwrap_or_default()))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let this = self.get_mut();
        this.taken += amount;
        if this.taken >= this.output.len() {
            this.taken = 0;
            this.output.clear();
            this.output.shrink_to(CHUNK);
        }
    }
}

impl<Io: AsyncBufRead + Unpin> AsyncRead for Guard<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let bytes = ready!(self.as_mut().poll_fill_buf(cx))?;
        let (bytes, _) = bytes.split_at(bytes.len().min(buffer.remaining()));
        let count = bytes.len();
        buffer.put_slice(bytes);
        self.consume(count);
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Guard<Io> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    /// Only flushes: the connection is closed when it is dropped. A server that has said its own end no longer reads, answers what
    /// comes then with a reset, and the reset would cost us what it had sent before and we have not read yet.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }
}
