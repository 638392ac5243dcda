//! Causerie: a warm, quick and honest XMPP client for the desktop.
#![allow(dead_code, reason = "the screens that use it come next")]

mod i18n;
mod icon;
mod platform;
mod settings;
mod theme;
mod widget;

fn main() {}
