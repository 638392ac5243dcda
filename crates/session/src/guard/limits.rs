//! What the guard allows, and what it says about the rest.

use std::io;
use std::time::Duration;

/// What a stanza, and the stream as a whole, may cost. A stanza over a limit is replaced by a marker; where it is the
/// stream that ends, the field says so.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Elements within each other, the stanza's own included.
    pub depth: usize,
    /// Bytes of a stanza, comments included.
    pub stanza_bytes: usize,
    /// Elements of a stanza.
    pub elements: usize,
    /// Attributes of a stanza, namespace declarations included.
    pub attributes: usize,
    /// Attributes of one element, namespace declarations included.
    pub attributes_of_element: usize,
    /// Bytes of a name or of an attribute's value. The stream's parser can't take more than 8,192, which is its default.
    pub token_bytes: usize,
    /// Bytes of a namespace name. Each element in memory has its own copy of it.
    pub namespace_bytes: usize,
    /// Bytes of a stanza over the limits after which the stream ends.
    pub skipped_bytes: usize,
    /// Time from the first to the last byte of a stanza after which the stream ends.
    pub stanza_time: Duration,
    /// Bytes in all, before the server is authenticated, after which the stream ends.
    pub unauthenticated_bytes: usize,
}

impl Limits {
    /// The limits of the product: with all of them used up at once, a stanza still takes less than 64 MiB of memory.
    pub const PRODUCT: Self = Self {
        depth: 64,
        stanza_bytes: 4 << 20,
        elements: 40_000,
        attributes: 100_000,
        attributes_of_element: 256,
        token_bytes: 8_192,
        namespace_bytes: 128,
        skipped_bytes: 64 << 20,
        stanza_time: Duration::from_secs(300),
        unauthenticated_bytes: 64 << 10,
    };

    /// Those of a registration, which is over before anybody has proved anything: a form may have some pictures of up to 64 KiB,
    /// half as much again in Base64, and a person may fetch form after form on one stream.
    pub const REGISTRATION: Self = Self {
        depth: 32,
        stanza_bytes: 256 << 10,
        elements: 4_000,
        attributes: 16_000,
        skipped_bytes: 1 << 20,
        stanza_time: Duration::from_secs(120),
        unauthenticated_bytes: 4 << 20,
        ..Self::PRODUCT
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::PRODUCT
    }
}

/// Why a stanza was replaced by a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Elements too deep within each other.
    Depth,
    /// Too many bytes.
    Size,
    /// Too many elements.
    Elements,
    /// Too many attributes.
    Attributes,
    /// A name or an attribute's value that is too long.
    Token,
    /// An undeclared prefix, an attribute given twice, or a namespace name that is too long.
    Namespace,
    /// It has broken something before.
    Malformed,
}

impl Reason {
    /// The word for it in the marker.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Depth => "depth",
            Self::Size => "size",
            Self::Elements => "elements",
            Self::Attributes => "attributes",
            Self::Token => "token",
            Self::Namespace => "namespace",
            Self::Malformed => "malformed",
        }
    }
}

/// Why the guard ended the stream.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum Fault {
    /// XML that no parser may accept.
    #[error("the server sent XML that is not well-formed: {0}")]
    NotWellFormed(#[from] rxml::Error),
    /// A document type declaration, where entities would be declared.
    #[error("the server sent a document type declaration")]
    Doctype,
    /// A processing instruction, forbidden by RFC 6120, section 11.1.
    #[error("the server sent an XML processing instruction")]
    ProcessingInstruction,
    /// Text between stanzas.
    #[error("the server sent text outside of a stanza")]
    StrayText,
    /// A stream header that wasn't asked for.
    #[error("the server began a new stream within the stream")]
    SecondHeader,
    /// A stanza over [`Limits::skipped_bytes`].
    #[error("the server sent a stanza without end")]
    Endless,
    /// A stanza over [`Limits::stanza_time`].
    #[error("the server took too long to send a stanza")]
    TooSlow,
    /// More than [`Limits::unauthenticated_bytes`].
    #[error("the server sent too much before it was authenticated")]
    Unauthenticated,
    /// The end of the connection before the end of the stream.
    #[error("the connection was closed without the end of the stream")]
    Closed,
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        let kind = match fault {
            Fault::Closed => io::ErrorKind::UnexpectedEof,
            Fault::TooSlow => io::ErrorKind::TimedOut,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, fault)
    }
}
