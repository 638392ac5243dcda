//! What the desktop gives: folders, the keyring, notifications, links, one instance, a way to draw, when it wakes up.
//!
//! The rest of the app knows none of the systems; each difference between them is in here.

pub(crate) mod arguments;
pub(crate) mod chooser;
pub(crate) mod credentials;
pub(crate) mod display;
pub(crate) mod files;
pub(crate) mod folders;
pub(crate) mod handler;
pub(crate) mod instance;
pub(crate) mod links;
pub(crate) mod log;
pub(crate) mod notifications;
pub(crate) mod renderer;
pub(crate) mod scan;
pub(crate) mod sleep;
pub(crate) mod vault;
