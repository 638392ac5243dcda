//! What comes in from the network, from the wire to the app, in one binary.

mod attacks;
mod guard;
mod lab;
