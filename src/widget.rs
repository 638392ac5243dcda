//! The parts that screens are made of. None of them knows of accounts or conversations.
//!
//! * [`control`]: the one wrapper that makes anything a control, and the buttons, rows, boxes and choices made with it
//! * [`access`]: what screen readers and tests are told: roles and labels; [`focus`]: what the keyboard is on;
//!   [`caret`]: what blinks
//! * [`code`]: QR codes; [`crop`]: a square of a picture
//! * [`list`]: the virtual list of the timeline; [`message_text`]: text with links and emoji in colour

pub(crate) mod access;
pub(crate) mod avatar;
pub(crate) mod button;
mod caret;
pub(crate) mod code;
pub(crate) mod control;
pub(crate) mod crop;
pub(crate) mod emoji;
pub(crate) mod focus;
#[cfg(test)]
mod gallery;
#[cfg(test)]
pub(crate) mod harness;
pub(crate) mod list;
pub(crate) mod message_text;
pub(crate) mod reactions;
