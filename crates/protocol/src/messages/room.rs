//! How much goes out before the first of it is taken.
//!
//! What was written offline may be thousands of messages. Were they all sent at once, each would be kept three times: here, where the stream is
//! managed for as long as it is not acknowledged, and on its way to the socket. So [`MOST`] of them, or [`MOST_BYTES`] of text, are on their
//! way at most; the others are here once, and go when the server has taken some, in their order.

use super::{Outgoing, Pace, Progress};

/// How many messages are on their way at most.
const MOST: usize = 200;
/// How many bytes of text. One message may be larger by itself.
const MOST_BYTES: usize = 1 << 20;

/// What may still go out.
pub(crate) struct Room {
    messages: usize,
    bytes: usize,
}

impl Room {
    pub(super) fn new<'a>(pace: Pace, outbox: impl IntoIterator<Item = &'a Outgoing>) -> Self {
        let on_their_way = outbox.into_iter().filter(|message| message.progress != Progress::Waiting);
        let most = match pace {
            Pace::Free => MOST,
            Pace::Careful => 1,
        };
        Self::beside(most, on_their_way.map(|message| message.body.len()))
    }

    /// Beside messages of these sizes that are on their way.
    pub(crate) fn of(on_their_way: impl Iterator<Item = usize>) -> Self {
        Self::beside(MOST, on_their_way)
    }

    fn beside(most: usize, on_their_way: impl Iterator<Item = usize>) -> Self {
        let (count, bytes) = on_their_way.fold((0, 0), |(count, bytes), size| (count + 1, bytes + size));
        Self { messages: most.saturating_sub(count), bytes: MOST_BYTES.saturating_sub(bytes) }
    }

    /// Whether nothing more may go.
    pub(crate) fn is_full(&self) -> bool {
        self.messages == 0 || self.bytes == 0
    }

    /// One goes.
    pub(crate) fn take(&mut self, body: &str) {
        self.messages = self.messages.saturating_sub(1);
        self.bytes = self.bytes.saturating_sub(body.len());
    }
}
