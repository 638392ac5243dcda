//! Causerie: a warm, quick and honest XMPP client for the desktop.
#![allow(dead_code, reason = "the screens that use it come next")]

mod platform;
mod settings;

fn main() {}
