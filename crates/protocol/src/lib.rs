//! The brain of Causerie: pure XMPP
