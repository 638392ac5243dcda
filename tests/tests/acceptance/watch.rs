//! A watch of the wire. What clients send is written down by the server itself, after TLS: nothing in it may be a text that was to
//! be secret. Every
//! server of a scene has one, which looks at the end: what may be said in clear is what the test has named, text by text.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};
use std::thread;

use acceptance::Server;
use acceptance::seen::{inside, texts};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// In every text that is to be secret, where a test marks them.
const MARK: &str = "sesame-7f3a";
/// What the content of a message in the newer version begins with, before it is encrypted (XEP-0420 0.4.1).
const ENVELOPE: &[u8] = b"<envelope";

/// A server whose wires are watched.
#[derive(Debug)]
pub(crate) struct Watched {
    server: Server,
    /// What is said in clear, because somebody wants it so.
    clear: RefCell<Vec<String>>,
    expects: Expects,
}

/// What a watch must have seen, or it was blind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expects {
    Nothing,
    /// Something that is encrypted.
    Secrets,
}

/// A text that is to be secret.
pub(crate) fn secret(text: &str) -> String {
    format!("{text} {MARK}")
}

impl Watched {
    pub(crate) fn new(server: Server, expects: Expects) -> Self {
        Self { server, clear: RefCell::default(), expects }
    }

    /// That text is said in clear, because somebody wants it so. No other may be.
    pub(crate) fn is_clear(&self, text: &str) {
        self.clear.borrow_mut().push(text.to_owned());
    }

    fn look(&self) {
        let seen = self.seen();
        let clear = self.clear.borrow();
        assert!(
            self.expects == Expects::Nothing || seen.contains("<encrypted"),
            "the server has seen nothing that is encrypted"
        );
        let said = texts(&seen);
        for body in &said {
            assert!(clear.contains(body), "the server has seen {body:?}");
        }
        for text in clear.iter() {
            assert!(said.contains(text), "the server has not seen {text:?}: what is it blind for?");
        }
        let rest = clear.iter().fold(seen.clone(), |rest, text| rest.replace(text, ""));
        assert!(!rest.contains(MARK), "the server has seen a secret");
        for payload in inside(&seen, "payload") {
            let payload = STANDARD.decode(payload.trim()).expect("a payload");
            for plain in [MARK.as_bytes(), ENVELOPE] {
                assert!(!payload.windows(plain.len()).any(|part| part == plain), "a payload is in clear");
            }
        }
    }
}

impl Deref for Watched {
    type Target = Server;

    fn deref(&self) -> &Server {
        &self.server
    }
}

impl DerefMut for Watched {
    fn deref_mut(&mut self) -> &mut Server {
        &mut self.server
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.look();
        }
    }
}
