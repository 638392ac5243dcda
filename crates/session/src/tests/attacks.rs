//! Messages that a contact could send to break something, each between two harmless ones.
//!
//! The stream is read through the guard as the product reads it. Either the harmless message after the attack arrives,
//! or the stream ends with a fault that says why.

use std::time::Duration;

use crate::{Frame, Guard, Limits};
use futures::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio_xmpp::xmlstream::{ReadError, StreamHeader, Timeouts, initiate_stream};

use crate::tests::lab::{FEATURES, HEADER};

const OPEN: &str = "<message from='b@example.org/y' to='a@example.org' id='bad' type='chat'>";
const CLOSE: &str = "</message>";
const AFTER: &str =
    "<message from='b@example.org/y' id='after' type='chat'><body>Still here?</body></message>";

/// Pieces of a message, each sent so many times.
pub(super) type Message = Vec<(Vec<u8>, usize)>;

/// What must become of a message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    /// It arrives, with a body of so many bytes, and so does the next one.
    Arrives(usize),
    /// A marker arrives in its place, and then the next one.
    Marker(&'static str),
    /// Nothing arrives but the next one.
    Nothing,
    /// The stream ends with an error that has this in its words.
    Ends(&'static str),
}

use End::{Arrives, Ends, Marker, Nothing};

const PI: End = Ends("processing instruction");
const STRAY: End = Ends("text outside of a stanza");
const MALFORMED: End = Ends("not well-formed");

/// Whatever a contact or a server may think of.
fn cases() -> Vec<(&'static str, End, Message)> {
    let mut cases = structure();
    cases.extend(tokens());
    cases.extend(syntax());
    cases
}

fn structure() -> Vec<(&'static str, End, Message)> {
    vec![
        ("depth 64", Arrives(0), nested(64)),
        ("depth 65", Marker("depth"), nested(65)),
        ("depth 4,000", Marker("depth"), nested(4_000)),
        ("depth 100,000", Marker("depth"), nested(100_000)),
        ("depth 1,000,000", Marker("depth"), nested(1_000_000)),
        ("depth 2,000,000 (14 MB)", Marker("depth"), nested(2_000_000)),
        ("depth 3,000,000 (21 MB)", Ends("without end"), nested(3_000_000)),
        ("body 3 MiB", Arrives(3 << 20), body("x", 3 << 20)),
        ("body 10 MiB", Marker("size"), body("x", 10 << 20)),
        (
            "body 20 MiB, unclosed",
            Ends("without end"),
            vec![once(OPEN), once("<body>"), (b"x".repeat(1 << 16), 320)],
        ),
        ("body 2 MB of references", Arrives(400_000), body("&amp;", 2_000_000)),
        ("body 10 MB of references", Marker("size"), body("&amp;", 10_000_000)),
        ("39,000 elements", Arrives(0), children(39_000)),
        ("60,000 elements", Marker("elements"), children(60_000)),
        ("1,000,000 children", Marker("elements"), children(1_000_000)),
        ("39,000 elements under a namespace of 120 bytes", Arrives(0), namespaced(39, 120)),
        ("39,000 elements under a namespace of 8,000 bytes", Marker("namespace"), namespaced(39, 8_000)),
        ("4 MB that use up every limit", Arrives(4_100_000 - 38_000 * 16), full(38, 120)),
    ]
}

fn tokens() -> Vec<(&'static str, End, Message)> {
    let own = [
        once("<message evil='"),
        (b"x".repeat(1000), 9),
        once("' from='b@example.org/y' id='bad'><body>Hi</body></message>"),
    ];
    let name = [once(OPEN), once("<"), (b"x".repeat(1000), 9), once("/>"), once(CLOSE)];
    vec![
        ("attribute 8,192", Arrives(2), attribute(8_192)),
        ("attribute 9,000", Marker("token"), attribute(9_000)),
        ("attribute 900 kB", Marker("token"), attribute(900_000)),
        ("attribute 1 MiB", Marker("token"), attribute(1 << 20)),
        ("attribute 2 MB", Marker("token"), attribute(2_000_000)),
        ("attribute 10 MB", Marker("size"), attribute(10_000_000)),
        ("attribute 9,000 on the message itself", Marker("token"), own.into()),
        ("element name 9,000", Marker("token"), name.into()),
        (
            "300 attributes on one element",
            Marker("attributes"),
            vec![once(OPEN), once("<a"), attributes(300), once("/>"), once(CLOSE)],
        ),
        ("90,000 attributes", Arrives(0), vec![once(OPEN), (some_attributes(), 90), once(CLOSE)]),
        ("4 MB of attributes", Marker("attributes"), vec![once(OPEN), (some_attributes(), 400), once(CLOSE)]),
        ("undeclared prefix of an element", Marker("namespace"), stanza("<y:z/><body>Hi</body>")),
        ("undeclared prefix of an attribute", Marker("namespace"), stanza("<z y:a='b'/><body>Hi</body>")),
        (
            "undeclared prefix of the message",
            Marker("namespace"),
            vec![once("<y:message from='b@example.org/y' id='bad'/>")],
        ),
        ("an attribute twice", Marker("namespace"), stanza("<z a='b' a='c'/>")),
    ]
}

fn syntax() -> Vec<(&'static str, End, Message)> {
    let second_header = Ends("new stream within");
    vec![
        ("a comment in the body", Arrives(5), stanza("<body>Hel<!-- <x> ' - > -->lo</body>")),
        ("a comment between stanzas", Nothing, vec![once("<!-- hello -->")]),
        (
            "500,000 comments in the body",
            Arrives(0),
            vec![once(OPEN), once("<body>"), (b"<!---->".repeat(1000), 500), once("</body>"), once(CLOSE)],
        ),
        (
            "a comment of 10 MiB between stanzas",
            Nothing,
            vec![once("<!--"), (b"x".repeat(1 << 16), 160), once("-->")],
        ),
        ("CDATA in the body", Arrives(11), stanza("<body><![CDATA[<a> & ]] > ]]></body>")),
        ("CDATA between stanzas", STRAY, vec![once("<![CDATA[hello]]>")]),
        ("text between stanzas", STRAY, vec![once("hello")]),
        ("NUL", MALFORMED, stanza("<body>a\0b</body>")),
        ("invalid UTF-8", MALFORMED, vec![once(OPEN), (b"<body>\xc3\x28</body>".to_vec(), 1), once(CLOSE)]),
        (
            "overlong UTF-8",
            MALFORMED,
            vec![once(OPEN), (b"<body>\xc0\xbcx/></body>".to_vec(), 1), once(CLOSE)],
        ),
        ("DTD between stanzas", Ends("document type"), vec![once("<!DOCTYPE x [<!ENTITY a 'b'>]>")]),
        ("DTD in a stanza", Ends("document type"), stanza("<!DOCTYPE x>")),
        ("processing instruction", PI, stanza("<?php evil ?>")),
        ("second stream header", PI, vec![once(HEADER)]),
        (
            "second stream header, no declaration",
            second_header,
            vec![once(HEADER.replace("<?xml version='1.0'?>", ""))],
        ),
        ("predefined and numeric references", Arrives(5), stanza("<body>&amp;&#x10FFFF;</body>")),
        ("an entity", MALFORMED, stanza("<body>&foo;</body>")),
        ("a reference to NUL", MALFORMED, stanza("<body>&#0;</body>")),
        ("tags crossed", MALFORMED, stanza("<a><b></a></b>")),
        ("end of stream", Ends("footer"), vec![once("</stream:stream>")]),
    ]
}

fn once(text: impl Into<Vec<u8>>) -> (Vec<u8>, usize) {
    (text.into(), 1)
}

fn stanza(content: &str) -> Message {
    vec![once(OPEN), once(content), once(CLOSE)]
}

pub(super) fn nested(depth: usize) -> Message {
    let whole = (depth - 1) / 1000;
    let rest = (depth - 1) % 1000;
    vec![
        once(OPEN),
        (b"<a>".repeat(1000), whole),
        (b"<a>".to_vec(), rest),
        (b"</a>".repeat(1000), whole),
        (b"</a>".to_vec(), rest),
        once(CLOSE),
    ]
}

pub(super) fn body(text: &str, bytes: usize) -> Message {
    let piece = text.repeat(1000);
    let times = bytes / piece.len();
    let rest = text.repeat((bytes - times * piece.len()) / text.len());
    vec![once(OPEN), once("<body>"), (piece.into(), times), once(rest), once("</body>"), once(CLOSE)]
}

pub(super) fn attribute(bytes: usize) -> Message {
    vec![
        once(OPEN),
        once("<x a='"),
        once(vec![b'x'; bytes % 1000]),
        (vec![b'x'; 1000], bytes / 1000),
        once("'/><body>Hi</body>"),
        once(CLOSE),
    ]
}

fn attributes(count: usize) -> (Vec<u8>, usize) {
    once((0..count).map(|number| format!(" a{number}='1'")).collect::<String>())
}

/// Four elements with 1,000 attributes in all.
fn some_attributes() -> Vec<u8> {
    [&b"<a"[..], &attributes(250).0, b"/>"].concat().repeat(4)
}

pub(super) fn children(count: usize) -> Message {
    vec![
        once(OPEN),
        (b"<a/>".repeat(1000), (count - 1) / 1000),
        (b"<a/>".to_vec(), (count - 1) % 1000),
        once(CLOSE),
    ]
}

fn namespaced(thousands: usize, namespace: usize) -> Message {
    let namespace = "n".repeat(namespace);
    let elements = (b"<a/>".repeat(1000), thousands);
    vec![once(OPEN), once(format!("<x xmlns='{namespace}'>")), elements, once("</x>"), once(CLOSE)]
}

/// A message of about 4 MB with so many thousand elements of two attributes and a namespace of so many bytes.
pub(super) fn full(thousands: usize, namespace: usize) -> Message {
    let open = format!("{OPEN}<x xmlns='{}'>", "n".repeat(namespace));
    let elements = (b"<a b='1' c='2'/>".repeat(1000), thousands);
    vec![
        once(open),
        elements,
        once("</x><body>"),
        (vec![b'x'; 1000], 4100 - 16 * thousands),
        once("</body>"),
        once(CLOSE),
    ]
}

#[tokio::test]
async fn an_attack_costs_only_itself() {
    for (name, expected, message) in cases() {
        let (client, server) = tokio::io::duplex(1 << 16);
        let sent = tokio::spawn(send(server, message));
        assert_eq!(observe(client).await, expected, "{name}");
        drop(sent);
    }
}

/// Sends the message between two others.
pub(super) async fn send<Io: AsyncWrite + Unpin>(mut io: Io, message: Message) -> std::io::Result<Io> {
    let before = AFTER.replace("after", "before");
    io.write_all(format!("{HEADER}{FEATURES}{before}").as_bytes()).await?;
    for (piece, times) in message {
        for _ in 0..times {
            io.write_all(&piece).await?;
        }
    }
    io.write_all(format!("{AFTER}</stream:stream>").as_bytes()).await?;
    Ok(io)
}

/// Reads a stream to its end, and says what became of the message between `before` and `after`.
pub(super) async fn observe(client: impl AsyncRead + AsyncWrite + Unpin) -> End {
    // What is skipped for 16 MiB is skipped for 64.
    let limits = Limits { skipped_bytes: 16 << 20, ..Limits::PRODUCT };
    let guard = Guard::new(BufReader::with_capacity(16 * 1024, client), limits);
    guard.authenticated();
    let timeouts =
        Timeouts { read_timeout: Duration::from_secs(60), response_timeout: Duration::from_secs(60) };
    let pending =
        initiate_stream(guard, "jabber:client", StreamHeader::default(), timeouts).await.expect("a header");
    let (_, mut stream) = pending.recv_features::<Frame>().await.expect("features");
    let mut id = async || stream.next().await.expect("an end").map(|frame| (id(&frame), seen(&frame)));
    assert_eq!(id().await.expect("a message").0, "before");
    let mut attack = Nothing;
    loop {
        match id().await {
            Ok((id, _)) if id == "after" => break,
            Ok((id, end)) => {
                assert_eq!((id.as_str(), attack), ("bad", Nothing));
                attack = end;
            }
            Err(ReadError::StreamFooterReceived) => return Ends("footer"),
            Err(error) => return ends(&error.to_string()),
        }
    }
    assert!(matches!(id().await, Err(ReadError::StreamFooterReceived)));
    attack
}

fn id(frame: &Frame) -> String {
    frame.0.attr("id").unwrap_or_default().to_owned()
}

fn seen(frame: &Frame) -> End {
    let reasons = ["depth", "size", "elements", "attributes", "token", "namespace"];
    match frame.rejection() {
        Some(found) => Marker(reasons.into_iter().find(|reason| *reason == found).expect("a known reason")),
        None => Arrives(frame.0.get_child("body", "jabber:client").map_or(0, |body| body.text().len())),
    }
}

fn ends(error: &str) -> End {
    let known = [MALFORMED, PI, STRAY, Ends("document type"), Ends("new stream within"), Ends("without end")];
    let words = |end: &End| matches!(end, Ends(words) if error.contains(words));
    known.into_iter().find(words).unwrap_or_else(|| panic!("{error}"))
}
