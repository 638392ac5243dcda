//! A watch of the wire. What clients send is written down by the server itself, after TLS: nothing in it may be a text that was to
//! be secret.

use std::cell::RefCell;
use std::ops::Deref;
use std::thread;

use acceptance::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::scene::Scene;

/// In every text that is to be secret.
const MARK: &str = "sesame-7f3a";
/// What stands beside an encrypted text, for programs that can't read it: ours, and the partner's.
const FALLBACKS: &[&str] = &["[OMEMO]", "This is encrypted with OMEMO."];

/// A scene in which nothing may be said in clear. It looks at the end.
pub(crate) struct Watched {
    scene: Scene,
    clear: RefCell<Vec<String>>,
}

/// A text that is to be secret.
pub(crate) fn secret(text: &str) -> String {
    format!("{text} {MARK}")
}

impl Watched {
    /// A fresh server with accounts for these people.
    pub(crate) fn new(kind: Kind, people: &[&str]) -> Self {
        Self { scene: Scene::new(kind, people), clear: RefCell::default() }
    }

    /// That text is said in clear, because somebody wants it so.
    pub(crate) fn is_clear(&self, text: &str) {
        self.clear.borrow_mut().push(text.to_owned());
    }

    fn look(&self) {
        let seen = self.server.seen();
        assert!(seen.contains("<encrypted"), "the server has seen nothing that is encrypted");
        let clear = self.clear.borrow();
        let said: Vec<String> = inside(&seen, "body").into_iter().map(str::to_owned).collect();
        for body in &said {
            assert!(FALLBACKS.contains(&&**body) || clear.contains(body), "the server has seen {body:?}");
        }
        for text in clear.iter() {
            assert!(said.contains(text), "the server has not seen {text:?}: what is it blind for?");
        }
        let rest = clear.iter().fold(seen.clone(), |rest, text| rest.replace(text, ""));
        assert!(!rest.contains(MARK), "the server has seen a secret");
        for payload in inside(&seen, "payload") {
            let payload = STANDARD.decode(payload.trim()).expect("a payload");
            assert!(
                !payload.windows(MARK.len()).any(|part| part == MARK.as_bytes()),
                "a payload is in clear"
            );
        }
    }
}

impl Deref for Watched {
    type Target = Scene;

    fn deref(&self) -> &Scene {
        &self.scene
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        if !thread::panicking() {
            self.look();
        }
    }
}

/// What is in each element of that name.
fn inside<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    xml.match_indices(&end)
        .map(move |(at, _)| {
            let element = xml[..at].rfind(&start).map_or("", |start| &xml[start..at]);
            element.split_once('>').expect("an element").1
        })
        .collect()
}

#[test]
fn elements_are_found() {
    let xml = "<body/><message><body>a</body><x><payload xmlns='b'>YQ==</payload></x></message><body a='b'>c</body>";
    assert_eq!(inside(xml, "body"), ["a", "c"]);
    assert_eq!(inside(xml, "payload"), ["YQ=="]);
}
