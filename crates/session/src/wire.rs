//! A TCP connection that remembers how the other side began: what is no XMPP and no TLS may be the page of a network that wants
//! somebody to sign in first.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// As many bytes as tell HTTP from what is not.
const REMEMBERED: usize = 9;

/// A TCP connection.
#[derive(Debug)]
pub struct Wire {
    tcp: TcpStream,
    opening: Opening,
    /// Whether all that is to be remembered has come.
    known: bool,
}

/// How the other side of a connection began. It outlives the connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Opening(Arc<Mutex<Vec<u8>>>);

impl Wire {
    pub(crate) fn new(tcp: TcpStream) -> Self {
        Self { tcp, opening: Opening::default(), known: false }
    }

    pub(crate) fn opening(&self) -> Opening {
        self.opening.clone()
    }
}

impl Opening {
    /// Whether it began as a web server does, unasked or with an answer.
    pub(crate) fn is_web(&self) -> bool {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        [&b"HTTP/1."[..], b"<html", b"<!doctype"]
            .iter()
            .any(|start| bytes.get(..start.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(start)))
    }

    /// Takes what has come, and says whether that is enough.
    fn take(&self, bytes: &[u8]) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let room = REMEMBERED.saturating_sub(known.len());
        known.extend(bytes.iter().take(room));
        known.len() >= REMEMBERED
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.tcp).poll_read(cx, buffer);
        if !self.known
            && let Some(new) = buffer.filled().get(before..)
        {
            self.known = self.opening.take(new);
        }
        read
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_is_known_by_how_it_begins() {
        for (parts, is_web) in [
            (&["HTTP/1.1 302 Found"][..], true),
            (&["HT", "TP/1", ".0 400"], true),
            (&["<!DOCTYPE html>"], true),
            (&["<HTML>"], true),
            (&["HTTP/"], false),
            (&["<?xml version='1.0'?>"], false),
            (&["<stream:stream"], false),
            (&["\u{16}\u{3}\u{3}"], false),
            (&[], false),
        ] {
            let opening = Opening::default();
            parts.iter().for_each(|part| {
                opening.take(part.as_bytes());
            });
            assert_eq!(opening.is_web(), is_web, "{parts:?}");
        }
    }
}
