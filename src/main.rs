//! Causerie: a warm, quick and honest XMPP client for the desktop.
#![allow(dead_code, reason = "the screens that use it come next")]

mod app;
mod context;
mod i18n;
mod icon;
mod platform;
mod screen;
mod settings;
mod startup;
mod theme;
mod widget;
mod words;

fn main() {}
