//! See `causerie_protocol::fuzzed::stanza`. The bytes come through the guard and the XML stream, as those of a server do.

#![no_main]

use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use causerie_session::{Frame, Guard, Limits};
use futures::StreamExt;
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio::runtime::{Builder, Runtime};
use tokio_xmpp::xmlstream::{StreamHeader, Timeouts, initiate_stream};

const BEGIN: &[u8] = b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' id='s' version='1.0' \
    xmlns:stream='http://etherx.jabber.org/streams'><stream:features/>";

thread_local! {
    static RUNTIME: RefCell<Runtime> =
        RefCell::new(Builder::new_current_thread().enable_time().build().expect("a runtime without I/O"));
}

/// A server that says something, and hears nothing.
struct Server<'a>(&'a [u8], &'a [u8]);

impl AsyncRead for Server<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let next = if self.0.is_empty() { self.1 } else { self.0 };
        let (now, later) = next.split_at(next.len().min(buffer.remaining()));
        buffer.put_slice(now);
        if self.0.is_empty() { self.1 = later } else { self.0 = later }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Server<'_> {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

async fn listen(data: &[u8]) {
    let guard = Guard::new(BufReader::new(Server(BEGIN, data)), Limits::default());
    guard.authenticated();
    let wait = Duration::from_secs(600);
    let timeouts = Timeouts { read_timeout: wait, response_timeout: wait };
    let header = StreamHeader { to: Some("a.example".into()), ..StreamHeader::default() };
    let pending = initiate_stream(guard, "jabber:client", header, timeouts).await.expect("a header");
    let mut stream = pending.skip_features::<Frame>();
    while let Some(Ok(Frame(stanza))) = stream.next().await {
        causerie_protocol::fuzzed::stanza(&stanza);
    }
}

fuzz_target!(|data: &[u8]| RUNTIME.with_borrow(|runtime| runtime.block_on(listen(data))));
