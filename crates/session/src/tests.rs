//! What comes in from the network, from the wire to the app, and what goes out.

mod actor;
mod attacks;
mod certificates;
mod connection;
#[cfg(target_os = "linux")]
mod cost;
mod dns;
mod fetch;
mod guard;
mod lab;
mod portals;
mod proxies;
mod registration;
mod whole;
