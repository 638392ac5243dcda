//! Parses each framed stanza the way the stream will, and says whether it may pass.

use rxml::error::EndOrError;
use rxml::parser::CommentMode;
use rxml::{Event, Options, Parse, Parser, WithOptions};

use super::limits::{Fault, Limits, Reason};

/// How much a parser is given at once. With all of a long text rxml looks for its end again every 8192 bytes.
pub(super) const CHUNK: usize = 16 * 1024;

/// Parses each stanza the way the stream will.
#[derive(Debug, Default)]
pub(super) struct Judge {
    header: Vec<u8>,
    parser: Parser,
}

impl Judge {
    /// A judge for the stream that begins with this header.
    pub(super) fn new(header: &[u8], limits: &Limits) -> Result<Self, Fault> {
        let mut judge = Self { header: header.to_vec(), parser: Parser::default() };
        judge.restart(limits)?;
        Ok(judge)
    }

    /// Whether there was a stream header.
    pub(super) fn is_ready(&self) -> bool {
        !self.header.is_empty()
    }

    /// The stream header, or nothing before there was one.
    pub(super) fn header(&self) -> &[u8] {
        &self.header
    }

    /// Puts the parser where it is after the stream header.
    pub(super) fn restart(&mut self, limits: &Limits) -> Result<(), rxml::Error> {
        let max_token_length = limits.token_bytes;
        self.parser =
            Parser::with_options(Options { max_token_length, context: None, comments: CommentMode::Reject });
        parse(&mut self.parser, &self.header, drop)
    }

    /// Parses what isn't a stanza.
    pub(super) fn parse(&mut self, bytes: &[u8], each: impl FnMut(Event)) -> Result<(), rxml::Error> {
        parse(&mut self.parser, bytes, each)
    }

    /// Why the stanza must not pass, if so.
    pub(super) fn verdict(&mut self, stanza: &[u8], limits: &Limits) -> Result<Option<Reason>, Fault> {
        let mut depth = 0_i64;
        let mut longest_namespace = 0;
        let parsed = self.parse(stanza, |event| match event {
            Event::StartElement(_, (namespace, _), _) => {
                depth += 1;
                longest_namespace = longest_namespace.max(namespace.len());
            }
            Event::EndElement(_) => depth -= 1,
            Event::XmlDeclaration(..) | Event::Text(..) => {}
        });
        let reason = match parsed {
            Ok(()) if depth != 0 => return Err(rxml::Error::InvalidEof(None).into()),
            Ok(()) => return Ok((longest_namespace > limits.namespace_bytes).then_some(Reason::Namespace)),
            Err(rxml::Error::RestrictedXml(_)) => Reason::Token,
            Err(rxml::Error::UndeclaredNamespacePrefix(_) | rxml::Error::DuplicateAttribute) => {
                Reason::Namespace
            }
            Err(error) => return Err(error.into()),
        };
        self.restart(limits)?;
        Ok(Some(reason))
    }
}

/// Parses all of `bytes`, which don't end the document.
pub(super) fn parse<P: Parse>(
    parser: &mut P,
    bytes: &[u8],
    mut each: impl FnMut(P::Output),
) -> Result<(), rxml::Error> {
    for mut chunk in bytes.chunks(CHUNK) {
        if let Err(EndOrError::Error(error)) = parser.parse_all(&mut chunk, false, &mut each) {
            return Err(error);
        }
    }
    Ok(())
}
