//! Stands where the session's own registration is going to be.

use std::io;

use causerie_model::BareJid;
use causerie_model::registration::{InvitationToken, RegistrationCommand, RegistrationEvent};
use tokio::sync::mpsc::UnboundedReceiver;

pub(super) struct Config {
    pub(super) invitation: Option<InvitationToken>,
    pub(super) roots: causerie_session::Roots,
}

impl Config {
    pub(super) fn new(_: BareJid) -> Self {
        Self { invitation: None, roots: causerie_session::Roots::default() }
    }
}

#[derive(Debug)]
pub(super) struct Handle;

impl Handle {
    pub(super) fn send(&self, _: RegistrationCommand) {}
}

pub(super) fn spawn(_: Config) -> io::Result<(Handle, UnboundedReceiver<RegistrationEvent>)> {
    Err(io::ErrorKind::Unsupported.into())
}
