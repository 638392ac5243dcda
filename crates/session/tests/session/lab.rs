//! What the tests share.

/// The header of a server's stream.
pub(crate) const HEADER: &str = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' \
    xmlns:stream='http://etherx.jabber.org/streams' id='s1' from='example.org' version='1.0' xml:lang='en'>";
/// Features that offer nothing.
pub(crate) const FEATURES: &str = "<stream:features/>";
