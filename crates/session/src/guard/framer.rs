//! Cuts a stream of XML bytes into top-level stanzas, in constant memory.
//!
//! The framer knows just enough XML to tell where a stanza ends and how long, deep and populous it is. It doesn't decide
//! whether the bytes are well-formed: a real parser does that with each framed stanza, and the two agree on every
//! well-formed input. A stanza over a limit is followed to its end, but only the beginning of it is kept.

use memchr::{memchr, memchr3};

use super::limits::{Fault, Limits, Reason};

/// The longest stream header, and how much of the beginning of a rejected stanza is kept: enough for the name and addresses
/// of any honest one.
const KEPT_HEAD: usize = 64 * 1024;
/// What follows `<![` at the start of a CDATA section.
const CDATA: &[u8] = b"CDATA[";
const MALFORMED: Fault = Fault::NotWellFormed(rxml::Error::InvalidSyntax("malformed markup"));

/// A part of the stream that is complete; its bytes are in [`Framer::bytes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Whitespace between stanzas, a sign of life. Its bytes aren't kept.
    Blank,
    /// Everything up to the end of the `<stream:stream …>` tag.
    Header,
    /// A stanza, or any other child of the stream. Comments are cut out.
    Stanza,
    /// A stanza over a limit. Only the beginning of it was kept.
    Rejected(Reason),
    /// `</stream:stream>`
    Footer,
}

/// Where in the markup the framer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Text,
    /// After `<`.
    Markup,
    StartTag,
    /// In an attribute value, up to this quote.
    Quoted(u8),
    EndTag,
    /// In `<?xml …?>`.
    Declaration,
    /// After `<!`.
    Bang,
    /// After `<!-`.
    CommentStart,
    /// In a comment, after so many dashes.
    Comment(u8),
    /// In `<![CDATA[`, after so many of the letters.
    CdataStart(usize),
    /// In a CDATA section, after so many closing brackets.
    Cdata(u8),
}

/// The state of the stream between two reads.
#[derive(Debug)]
pub struct Framer {
    limits: Limits,
    state: State,
    /// Open elements, the stream itself included.
    depth: usize,
    /// The last byte taken.
    last: u8,
    /// The name of the stream's root element, as written.
    root: Vec<u8>,
    unit: Progress,
}

/// What is known of the unit that isn't complete yet.
#[derive(Debug, Default)]
struct Progress {
    kept: Vec<u8>,
    /// Bytes taken, whether kept or not.
    length: usize,
    elements: usize,
    attributes: usize,
    attributes_of_element: usize,
    /// Where the last `<` stands in `kept`.
    markup: usize,
    /// Where the stanza's own start tag ends in `kept`.
    head: Option<usize>,
    rejected: Option<Reason>,
}

impl Framer {
    /// Expects the stream header first.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, state: State::Text, depth: 0, last: 0, root: Vec::new(), unit: Progress::default() }
    }

    /// Whether a stanza has begun and not ended.
    pub fn in_stanza(&self) -> bool {
        self.depth > 0 && self.unit.length > 0
    }

    /// The bytes of the unit that `push` has just returned.
    pub fn bytes(&self) -> &[u8] {
        &self.unit.kept
    }

    /// The beginning of these bytes: the start tag of a stanza, or as much of it as there is.
    pub fn head(&self) -> &[u8] {
        let kept = self.unit.kept.as_slice();
        let end = self.unit.head.unwrap_or(kept.len()).min(KEPT_HEAD);
        kept.get(..end).unwrap_or(kept)
    }

    /// Ends the unit that `push` has just returned: its bytes become `bytes`, whose memory is used for the next one.
    pub fn take(&mut self, bytes: &mut Vec<u8>) {
        std::mem::swap(bytes, &mut self.unit.kept);
        self.skip();
    }

    /// Ends the unit that `push` has just returned and forgets its bytes.
    pub fn skip(&mut self) {
        let mut kept = std::mem::take(&mut self.unit.kept);
        kept.clear();
        kept.shrink_to(KEPT_HEAD);
        self.unit = Progress { kept, ..Progress::default() };
    }

    /// Takes bytes off the front of `input` until a unit is complete or no byte is left.
    pub fn push(&mut self, input: &mut &[u8]) -> Result<Option<Unit>, Fault> {
        while let Some(&next) = input.first() {
            if self.unit.length == 0 && next != b'<' {
                if !next.is_ascii_whitespace() {
                    return Err(Fault::StrayText);
                }
                *input = input.trim_ascii_start();
                if self.depth == 1 {
                    return Ok(Some(Unit::Blank));
                }
                continue;
            }
            let run = self.uneventful(input);
            let (taken, rest) = input.split_at((run + 1).min(input.len()));
            *input = rest;
            self.keep(taken)?;
            let before = run.checked_sub(1).and_then(|at| taken.get(at)).copied().unwrap_or(self.last);
            self.last = taken.last().copied().unwrap_or(self.last);
            if let Some(&byte) = taken.get(run)
                && let Some(unit) = self.step(before, byte)?
            {
                return Ok(Some(unit));
            }
        }
        Ok(None)
    }

    /// The number of bytes at the front of `input` that can't change the state.
    fn uneventful(&self, input: &[u8]) -> usize {
        let event = match self.state {
            State::Text if self.depth > 1 => memchr(b'<', input),
            State::StartTag => memchr3(b'>', b'"', b'\'', input),
            State::Quoted(quote) => memchr(quote, input),
            State::EndTag | State::Declaration => memchr(b'>', input),
            State::Comment(0) => memchr(b'-', input),
            State::Cdata(0) => memchr(b']', input),
            _ => Some(0),
        };
        event.unwrap_or(input.len())
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.unit.length = self.unit.length.saturating_add(bytes.len());
        if self.unit.rejected.is_none() {
            self.unit.kept.extend_from_slice(bytes);
        }
        let most = if self.depth == 0 { KEPT_HEAD } else { self.limits.skipped_bytes };
        if self.unit.length > most {
            return Err(Fault::Endless);
        }
        if self.unit.length > self.limits.stanza_bytes {
            self.reject(Reason::Size);
        }
        Ok(())
    }

    /// Moves on by one eventful byte.
    fn step(&mut self, before: u8, byte: u8) -> Result<Option<Unit>, Fault> {
        self.state = match (self.state, byte) {
            (State::Text, b'<') => {
                // Of no use once a stanza is rejected, and wrong then.
                self.unit.markup = self.unit.kept.len().saturating_sub(1);
                State::Markup
            }
            (State::Text, byte) if self.depth == 0 && !byte.is_ascii_whitespace() => {
                return Err(Fault::StrayText);
            }
            (State::Markup, b'/') => State::EndTag,
            (State::Markup, b'!') => State::Bang,
            (State::Markup, b'?') if self.depth == 0 && self.unit.length == 2 => State::Declaration,
            (State::Markup, b'?') => return Err(Fault::ProcessingInstruction),
            (State::Markup, b'>') => return Err(MALFORMED),
            (State::Markup, _) => {
                self.open();
                State::StartTag
            }
            (State::StartTag, quote @ (b'"' | b'\'')) => {
                self.attribute();
                State::Quoted(quote)
            }
            (State::Quoted(quote), byte) if byte == quote => State::StartTag,
            (State::StartTag, b'>') => {
                self.state = State::Text;
                return self.end_of_start_tag(before == b'/');
            }
            (State::EndTag, b'>') => {
                self.state = State::Text;
                return self.close();
            }
            (State::Declaration, b'>') if before == b'?' => State::Text,
            (State::Bang, b'-') => State::CommentStart,
            (State::Bang, b'[') if self.depth > 1 => State::CdataStart(0),
            (State::Bang, b'[') => return Err(Fault::StrayText),
            (State::Bang, _) => return Err(Fault::Doctype),
            (State::CommentStart, b'-') => State::Comment(0),
            (State::CommentStart, _) => return Err(MALFORMED),
            (State::Comment(2), b'>') => {
                self.cut_comment();
                State::Text
            }
            (State::Comment(dashes), b'-') => State::Comment((dashes + 1).min(2)),
            (State::Comment(_), _) => State::Comment(0),
            (State::CdataStart(letters), byte) if CDATA.get(letters) != Some(&byte) => return Err(MALFORMED),
            (State::CdataStart(letters), _) if letters + 1 == CDATA.len() => State::Cdata(0),
            (State::CdataStart(letters), _) => State::CdataStart(letters + 1),
            (State::Cdata(2), b'>') => State::Text,
            (State::Cdata(brackets), b']') => State::Cdata((brackets + 1).min(2)),
            (State::Cdata(_), _) => State::Cdata(0),
            (state, _) => state,
        };
        Ok(None)
    }

    fn open(&mut self) {
        self.depth += 1;
        self.unit.elements += 1;
        self.unit.attributes_of_element = 0;
        if self.depth > self.limits.depth + 1 {
            self.reject(Reason::Depth);
        } else if self.unit.elements > self.limits.elements {
            self.reject(Reason::Elements);
        }
    }

    fn attribute(&mut self) {
        self.unit.attributes += 1;
        self.unit.attributes_of_element += 1;
        if self.unit.attributes_of_element > self.limits.attributes_of_element
            || self.unit.attributes > self.limits.attributes
        {
            self.reject(Reason::Attributes);
        }
    }

    fn end_of_start_tag(&mut self, empty: bool) -> Result<Option<Unit>, Fault> {
        match (self.depth, self.unit.rejected) {
            (1, None) if !empty => {
                self.root = self.tag_name().to_vec();
                return Ok(Some(Unit::Header));
            }
            (1, _) => return Err(MALFORMED),
            (2, None) if self.tag_name() == self.root => return Err(Fault::SecondHeader),
            (2, None) => self.unit.head = Some(self.unit.kept.len()),
            _ => {}
        }
        if empty { self.close() } else { Ok(None) }
    }

    /// The name in the last tag, as written.
    fn tag_name(&self) -> &[u8] {
        let name = self.unit.kept.get(self.unit.markup + 1..).unwrap_or_default();
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
        name.split(ends).next().unwrap_or_default()
    }

    fn close(&mut self) -> Result<Option<Unit>, Fault> {
        self.depth = self.depth.checked_sub(1).ok_or(MALFORMED)?;
        Ok(match (self.depth, self.unit.rejected) {
            (0, _) => Some(Unit::Footer),
            (1, None) => Some(Unit::Stanza),
            (1, Some(reason)) => Some(Unit::Rejected(reason)),
            _ => None,
        })
    }

    fn cut_comment(&mut self) {
        if self.depth == 1 {
            self.skip();
        } else if self.unit.rejected.is_none() {
            self.unit.kept.truncate(self.unit.markup);
        }
    }

    fn reject(&mut self, reason: Reason) {
        if self.unit.rejected.is_none() {
            self.unit.rejected = Some(reason);
            self.unit.kept.truncate(self.head().len());
            self.unit.kept.shrink_to(KEPT_HEAD);
        }
    }
}
