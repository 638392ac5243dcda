//! What comes out of the guard, whatever goes in and however it is cut.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::guard::framer::{Framer, Unit};
use crate::{Fault, Frame, Guard, Limits};
use futures::StreamExt;
use rxml::error::EndOrError;
use rxml::{Event, Parse, Parser, RawEvent, RawParser};
use tokio::io::{AsyncBufRead, AsyncRead, AsyncReadExt, AsyncWrite, BufReader, ReadBuf};
use tokio_xmpp::xmlstream::{ReadError, StreamHeader, Timeouts, XmlStream, initiate_stream};

use crate::tests::lab::{FEATURES, HEADER};

/// Stanzas as they are, and what the app must see of them.
const STANZAS: [(&str, &str); 16] = [
    (
        "<message from='a@b/c' id='1' type='chat'><body>Hi &amp; &#x10FFFF; you</body></message>",
        "message 1 Hi & \u{10ffff} you",
    ),
    (
        "<message id='2'><body>é😀\r\n]]</body><x xmlns='urn:x' a=\"'>'\" b='\"/>\"'/></message>",
        "message 2 é😀\n]]",
    ),
    ("<presence id='3'/>", "presence 3 "),
    (
        "<iq id='4' type='result'  ><query xmlns='jabber:iq:roster'><item jid='a@b' /></query ></iq\n>",
        "iq 4 ",
    ),
    ("\n <message id='5'><body><![CDATA[<a> & ]] > ]]]></body></message> \n", "message 5 <a> & ]] > ]"),
    ("<message id='6'><body>Hel<!-- <x> ' - > -->lo</body><!----></message>", "message 6 Hello"),
    ("<!-- between --><message id='7'/><!--->--><!-- twice -->", "message 7 "),
    ("<message id='8'><body>Hi</body><a b='/'></a><c d='>'/></message>", "message 8 Hi"),
    ("<y:message from='a@b' id='9'/>", "rejected namespace message 9 a@b - @urn:causerie:guard"),
    (
        "<message to='t@t' from='a@b' type='x' id='10'><y:z/></message>",
        "rejected namespace message 10 a@b x @jabber:client",
    ),
    (
        "<message id='11' from='&lt;&#10;&apos;&amp;'><a b='1' b='2'/></message>",
        "rejected namespace message 11 <\n'& - @jabber:client",
    ),
    ("<a xmlns='urn:a' xmlns:q='urn:q' id='12'><b>DEEP</b></a>", "rejected depth a 12 - - @urn:a"),
    ("<q:a id='13' xmlns:q='urn:q'><b>MANY</b></q:a>", "rejected elements a 13 - - @urn:q"),
    ("<message id='14'><b c='LONG'/></message>", "rejected token message 14 - - @jabber:client"),
    ("<message b='LONG' id='15'/>", "rejected token message 15 - - @jabber:client"),
    ("<message ATTRIBUTES id='16'/>", "rejected attributes message - - - @jabber:client"),
];

/// Limits low enough for short tests.
fn limits() -> Limits {
    Limits { depth: 8, elements: 20, attributes_of_element: 8, ..Limits::default() }
}

fn stanza(number: usize) -> String {
    STANZAS[number]
        .0
        .replace("DEEP", &format!("{}{}", "<x>".repeat(7), "</x>".repeat(7)))
        .replace("MANY", &"<x/>".repeat(20))
        .replace("LONG", &"x".repeat(8193))
        .replace("ATTRIBUTES", &(0..9).map(|number| format!("a{number}='' ")).collect::<String>())
}

fn seen(frame: &Frame) -> String {
    let attribute = |name| frame.0.attr(name).unwrap_or("-").to_owned();
    match frame.rejection() {
        Some(reason) => format!(
            "rejected {reason} {} {} {} {} @{}",
            frame.0.name(),
            attribute("id"),
            attribute("from"),
            attribute("type"),
            frame.0.ns()
        ),
        None => {
            let body =
                frame.0.get_child("body", "jabber:client").map(minidom::Element::text).unwrap_or_default();
            format!("{} {} {body}", frame.0.name(), attribute("id"))
        }
    }
}

/// A connection that reads these pieces and takes all that is written.
struct Pieces(VecDeque<Vec<u8>>);

impl Pieces {
    fn of(text: &[u8], sizes: impl IntoIterator<Item = usize>) -> Self {
        let mut rest = text;
        let mut pieces = VecDeque::new();
        for size in sizes {
            let (piece, after) = rest.split_at(size.min(rest.len()));
            rest = after;
            pieces.push_back(piece.to_vec());
        }
        pieces.push_back(rest.to_vec());
        pieces.retain(|piece| !piece.is_empty());
        Self(pieces)
    }
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(mut piece) = self.0.pop_front() {
            let rest = piece.split_off(piece.len().min(buffer.remaining()));
            buffer.put_slice(&piece);
            if !rest.is_empty() {
                self.0.push_front(rest);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pieces {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

async fn open<Io: AsyncRead + AsyncWrite + Unpin>(
    io: Io,
    limits: Limits,
) -> XmlStream<Guard<BufReader<Io>>, Frame> {
    let guard = Guard::new(BufReader::new(io), limits);
    guard.authenticated();
    let header = StreamHeader { to: Some("example.org".into()), ..StreamHeader::default() };
    let timeouts =
        Timeouts { read_timeout: Duration::from_secs(10), response_timeout: Duration::from_secs(5) };
    let pending = initiate_stream(guard, "jabber:client", header, timeouts).await.expect("a header");
    pending.recv_features().await.expect("features").1
}

async fn read_all<Io: AsyncBufRead + AsyncWrite + Unpin>(
    mut stream: XmlStream<Guard<Io>, Frame>,
) -> (Vec<String>, ReadError) {
    let mut frames = Vec::new();
    loop {
        match stream.next().await.expect("an end") {
            Ok(frame) => frames.push(seen(&frame)),
            Err(error) => return (frames, error),
        }
    }
}

fn fault(error: &ReadError) -> Option<Fault> {
    match error {
        ReadError::HardError(error) => error.get_ref()?.downcast_ref().copied(),
        _ => None,
    }
}

#[tokio::test]
async fn a_stanza_is_the_same_however_it_is_cut() {
    for (number, (_, expected)) in STANZAS.iter().enumerate() {
        let text = format!("{HEADER}{FEATURES}{}<message id='after'/></stream:stream>", stanza(number));
        let expected = [(*expected).to_owned(), "message after ".to_owned()];
        // Within a long value every place is like the next.
        let is_telling = |cut: &usize| *cut < 600 || text.len() - cut < 300 || cut.is_multiple_of(101);
        let cuts = (0..=text.len()).filter(is_telling).map(|cut| vec![cut]);
        for sizes in
            cuts.chain([vec![1; text.len()], vec![2; text.len()], vec![3; text.len()], vec![7; text.len()]])
        {
            let pieces = Pieces::of(text.as_bytes(), sizes.clone());
            let (frames, error) = read_all(open(pieces, limits()).await).await;
            assert_eq!(frames, expected, "stanza {number} cut at {:?}", sizes.first());
            assert!(matches!(error, ReadError::StreamFooterReceived));
        }
    }
}

#[tokio::test]
async fn what_is_not_xml_ends_the_stream_however_it_is_cut() {
    let cases = [
        ("<message><body>\0</body></message>", None),
        ("<message><body>\u{fffe}</body></message>", None),
        ("<message><body>&foo;</body></message>", None),
        ("<message><a></b></message>", None),
        ("<message><a b=c/></message>", None),
        ("<message></><a></message></a>", None),
        ("<message><></message>", None),
        ("<message><!-x--></message>", None),
        ("<message><![cdata[]]></message>", None),
        ("<!DOCTYPE a>", Some(Fault::Doctype)),
        ("<message><!ENTITY a 'b'></message>", Some(Fault::Doctype)),
        ("<message><?a?></message>", Some(Fault::ProcessingInstruction)),
        ("<?xml version='1.0'?>", Some(Fault::ProcessingInstruction)),
        ("<stream:stream xmlns:stream='http://etherx.jabber.org/streams'>", Some(Fault::SecondHeader)),
        ("hello", Some(Fault::StrayText)),
        ("<![CDATA[hello]]>", Some(Fault::StrayText)),
        ("<message><body>", Some(Fault::Closed)),
        ("", Some(Fault::Closed)),
    ];
    for (bad, expected) in cases {
        let text = format!("{HEADER}{FEATURES}<message id='0'/>{bad}");
        for cut in 0..=text.len() {
            let (frames, error) = read_all(open(Pieces::of(text.as_bytes(), [cut]), limits()).await).await;
            assert_eq!(frames, ["message 0 "], "{bad}");
            match expected {
                Some(expected) => assert_eq!(fault(&error), Some(expected), "{bad}"),
                None => assert!(matches!(fault(&error), Some(Fault::NotWellFormed(_))), "{bad}: {error}"),
            }
        }
    }
}

#[tokio::test]
async fn each_limit_is_exact() {
    let deep =
        |depth: usize| format!("<message>{}{}</message>", "<a>".repeat(depth - 1), "</a>".repeat(depth - 1));
    let many = |elements: usize| format!("<message>{}</message>", "<a/>".repeat(elements - 1));
    let wide = |attributes: usize| {
        format!("<message {}/>", (0..attributes).map(|n| format!("a{n}='' ")).collect::<String>())
    };
    let long = |bytes: usize| format!("<message a='{}&amp;'/>", "x".repeat(bytes - 1));
    let large =
        |bytes: usize| format!("<message>{}</message>", "x".repeat(bytes - "<message></message>".len()));
    let named = |bytes: usize| format!("<message><a xmlns='{}'/></message>", "x".repeat(bytes));
    let limits = Limits { stanza_bytes: 20_000, elements: 100, ..Limits::default() };
    for (within, over, reason) in [
        (deep(64), deep(65), "depth"),
        (wide(256), wide(257), "attributes"),
        (long(8192), long(8193), "token"),
        (large(20_000), large(20_001), "size"),
        (named(128), named(129), "namespace"),
        (many(100), many(101), "elements"),
    ] {
        let text = format!("{HEADER}{FEATURES}{within}{over}</stream:stream>");
        let (frames, _) = read_all(open(Pieces::of(text.as_bytes(), []), limits).await).await;
        assert_eq!(frames.len(), 2);
        assert!(frames[0].starts_with("message"), "{reason}");
        assert!(frames[1].starts_with(&format!("rejected {reason}")), "{reason}: {}", frames[1]);
    }
}

#[tokio::test]
async fn little_is_read_before_the_server_is_authenticated() {
    let text = format!("{HEADER}{FEATURES}{}", "<message/>".repeat(10_000));
    let header = StreamHeader::default();
    let guard = Guard::new(BufReader::new(Pieces::of(text.as_bytes(), [])), Limits::default());
    let pending =
        initiate_stream(guard, "jabber:client", header, Timeouts::default()).await.expect("a header");
    let (frames, error) = read_all(pending.recv_features().await.expect("features").1).await;
    assert!(frames.len() < 6_600);
    assert_eq!(fault(&error), Some(Fault::Unauthenticated));
}

#[tokio::test(start_paused = true)]
async fn a_slow_stanza_keeps_the_stream_alive_but_not_for_ever() {
    let (client, mut server) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move {
        use tokio::io::AsyncWriteExt;
        let mut send = async |text: &str| server.write_all(text.as_bytes()).await.expect("a client");
        send(HEADER).await;
        send(FEATURES).await;
        send("<message id='slow'><body>").await;
        for _ in 0..250 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            send("x").await;
        }
        send("</body></message><message><body>").await;
        for _ in 0..400 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if server.write_all(b"x").await.is_err() {
                return;
            }
        }
    });
    let begin = tokio::time::Instant::now();
    let (frames, error) = read_all(open(client, Limits::default()).await).await;
    assert_eq!(frames, [format!("message slow {}", "x".repeat(250))]);
    assert_eq!(fault(&error), Some(Fault::TooSlow));
    assert!((550..553).contains(&begin.elapsed().as_secs()));
}

#[tokio::test]
async fn what_is_written_passes_unchanged_and_an_end_of_writing_leaves_reading_open() {
    use tokio::io::AsyncWriteExt;
    let (client, mut server) = tokio::io::duplex(1 << 16);
    let mut guard = Guard::new(BufReader::new(client), Limits::default());
    guard.write_all(b"<anything & everything").await.expect("a server");
    guard.shutdown().await.expect("a server");
    server.write_all(format!("{HEADER}<presence/>").as_bytes()).await.expect("the client still listens");
    let mut heard = vec![0; HEADER.len() + "<presence/>".len()];
    guard.read_exact(&mut heard).await.expect("what the server still said");
    drop(guard);
    let mut written = String::new();
    server.read_to_string(&mut written).await.expect("text");
    assert_eq!(written, "<anything & everything");
}

/// The property that matters: whatever goes in, the stream's own parser accepts all that comes out, and no deeper or
/// larger than the limits. And what is well-formed comes out byte for byte.
#[tokio::test]
async fn nothing_that_comes_out_can_end_the_stream() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut passed, mut faults, mut markers) = (0, 0, 0);
    for _ in 0..rounds() {
        let stanzas: Vec<String> = (0..1 + random.below(4)).map(|_| random.stanza()).collect();
        let mut text = format!("{HEADER}{}", stanzas.concat()).into_bytes();
        let intact = random.below(3) == 0;
        if !intact {
            (0..1 + random.below(3)).for_each(|_| random.mutate(&mut text, HEADER.len()));
        }
        let sizes: Vec<usize> = (0..200).map(|_| 1 + random.below(1 + text.len() / 8)).collect();
        let mut guard = Guard::new(BufReader::new(Pieces::of(&text, sizes)), limits());
        guard.authenticated();
        let mut out = Vec::new();
        let result = guard.read_to_end(&mut out).await;
        let case = String::from_utf8_lossy(&text);
        let (stanzas_out, depth) = judge(&out)
            .unwrap_or_else(|error| panic!("{error}: {case}\n-> {}", String::from_utf8_lossy(&out)));
        assert!(depth <= 1 + limits().depth, "{case}");
        let text_out = String::from_utf8(out).expect("UTF-8");
        let marked = text_out.matches("urn:causerie:guard").count();
        markers += marked;
        if intact {
            assert_eq!(stanzas_out, stanzas.len(), "{case}");
            if marked == 0 {
                // A blank comes before the error.
                assert_eq!(text_out, case.replace("<!-- c - > -->", "") + " ");
            }
        }
        match result.map_err(|error| error.get_ref().and_then(|fault| fault.downcast_ref().copied())) {
            Err(Some(Fault::Closed)) => passed += 1,
            Err(Some(_)) => faults += 1,
            other => panic!("{other:?}: {case}"),
        }
    }
    assert!(passed > 0 && faults > 0 && markers > 0);
}

/// The framer sees the same stanzas end at the same bytes as rxml does, as far as rxml gets.
#[test]
fn the_framer_agrees_with_rxml() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for _ in 0..rounds() {
        let mut text = format!("{HEADER}{}", (0..3).map(|_| random.stanza()).collect::<String>())
            .replace("<!-- c - > -->", "")
            .into_bytes();
        (0..random.below(3)).for_each(|_| random.mutate(&mut text, HEADER.len()));
        let ends = rxml_ends(&text);
        let mut framer = Framer::new(limits());
        let mut rest = &text[..];
        let mut framed = Vec::new();
        let fault = loop {
            let unit = match framer.push(&mut rest) {
                Ok(Some(unit)) => unit,
                Ok(None) => break None,
                Err(fault) => break Some(fault),
            };
            if matches!(unit, Unit::Stanza | Unit::Rejected(_)) {
                framed.push(text.len() - rest.len());
            }
            match unit {
                Unit::Blank => {}
                Unit::Footer => break None,
                _ => framer.skip(),
            }
        };
        // An empty CDATA section between stanzas is text to the framer and nothing to rxml.
        let agreed =
            framed.starts_with(&ends) || (fault == Some(Fault::StrayText) && ends.starts_with(&framed));
        assert!(agreed, "{}\n{framed:?} {ends:?}", String::from_utf8_lossy(&text));
    }
}

fn rounds() -> usize {
    std::env::var("ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1_000)
}

/// Stanzas in `bytes` and the greatest depth, if the stream's parser accepts them.
fn judge(bytes: &[u8]) -> Result<(usize, usize), rxml::Error> {
    let (mut depth, mut deepest, mut stanzas) = (0, 0, 0);
    let mut parser = Parser::default();
    let result = parser.parse_all(&mut &bytes[..], false, |event| match event {
        Event::StartElement(..) => {
            depth += 1;
            deepest = deepest.max(depth);
        }
        Event::EndElement(_) => {
            depth -= 1;
            stanzas += usize::from(depth == 1);
        }
        _ => {}
    });
    match result {
        Ok(()) | Err(EndOrError::NeedMoreData) => Ok((stanzas, deepest)),
        Err(EndOrError::Error(error)) => Err(error),
    }
}

/// Where stanzas end in `bytes` according to rxml, up to its first error.
fn rxml_ends(bytes: &[u8]) -> Vec<usize> {
    let mut parser = RawParser::default();
    let (mut depth, mut ends, mut rest) = (0, Vec::new(), bytes);
    while let Ok(Some(event)) = parser.parse(&mut rest, false) {
        match event {
            RawEvent::ElementHeadOpen(..) => depth += 1,
            RawEvent::Text(_, text) if depth == 1 && !text.trim().is_empty() => break,
            RawEvent::ElementFoot(_) => {
                depth -= 1;
                match depth {
                    0 => break,
                    1 => ends.push(bytes.len() - rest.len()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    ends
}

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("64 bits") % bound
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn stanza(&mut self) -> String {
        let depth = if self.below(8) == 0 { 12 } else { 4 };
        self.element(depth)
    }

    fn element(&mut self, depth: usize) -> String {
        let name = self.pick(&["message", "iq", "a", "b-c", "x:a", "stream:a"]);
        let mut element = format!("<{name}");
        if name.starts_with('x') {
            element += " xmlns:x='urn:x'";
        }
        for attribute in ["id", "xml:lang", "d"].into_iter().take(self.below(4)) {
            element += self.pick(&[" ", "\n"]);
            element += attribute;
            element += self
                .pick(&["='&lt;/>'", "=\"'\"", " = 'a\n'", "='</a>'", "='/'"])
                .replace('<', "&lt;")
                .as_str();
        }
        if self.below(4) == 0 {
            return element + self.pick(&["/>", " />"]);
        }
        element += self.pick(&[">", " >"]);
        for _ in 0..self.below(4) {
            element += &match self.below(if depth > 1 { 6 } else { 3 }) {
                0 => self.pick(&["text", "&amp;", "é😀", "]]", "/>", "\"'"]).to_owned(),
                1 => self.pick(&["<![CDATA[<a> & ]] > ]]>", "<![CDATA[]]>", "<![CDATA[]]]>"]).to_owned(),
                2 => "<!-- c - > -->".to_owned(),
                _ => self.element(depth - 1),
            };
        }
        element + &format!("</{name}{}>", self.pick(&["", " "]))
    }

    /// Changes a byte, or cuts out or doubles a piece, after `start`.
    fn mutate(&mut self, text: &mut Vec<u8>, start: usize) {
        let at = start + self.below((text.len() - start).max(1));
        let end = (at + 1 + self.below(6)).min(text.len());
        match self.below(4) {
            0 if at < text.len() => text[at] = b"<>/!-[]'\"&?= a\0\xff\n"[self.below(17)],
            1 => drop(text.drain(at.min(end)..end)),
            2 => {
                let piece = text[at.min(end)..end].to_vec();
                text.splice(at..at, piece);
            }
            _ => {
                let piece = self.pick(&[
                    "<!--",
                    "-->",
                    "<![CDATA[",
                    "]]>",
                    "<?",
                    "<a ",
                    "/>",
                    "</a>",
                    "'",
                    "\"",
                    "<y:z/>",
                    " d='' d=''",
                    "&#0;",
                ]);
                text.splice(at..at, piece.bytes());
            }
        }
    }
}
