//! What was told of reading, and what is still to be.

use causerie_model::{BareJid, OriginId, Reading};
use rusqlite::params;

use super::Step;

impl Step<'_> {
    /// Keeps what is so now.
    pub(super) fn note_reading(&mut self, reading: &Reading) -> rusqlite::Result<()> {
        let Reading { peer, told, archived, marker } = reading;
        let id = |stanza: &Option<causerie_model::StanzaId>| stanza.as_ref().map(|stanza| stanza.id.clone());
        let (told, archived) = (id(told), id(archived));
        if told.is_none() && archived.is_none() && marker.is_none() {
            let nothing = "DELETE FROM reading WHERE account = ?1 AND peer = ?2";
            return self.execute(nothing, params![self.account.0, peer.as_str()]).map(drop);
        }
        self.execute(
            "INSERT INTO reading (account, peer, told, archived, marker) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (account, peer) DO UPDATE SET told = ?3, archived = ?4, marker = ?5",
            params![self.account.0, peer.as_str(), told, archived, marker.as_ref().map(OriginId::as_str)],
        )
        .map(drop)
    }

    /// The author of a message that was not read wants to know when it is.
    pub(super) fn want_marker(&mut self, peer: &BareJid, id: &OriginId) -> rusqlite::Result<()> {
        self.execute(
            "UPDATE message SET markable = 1
             WHERE conversation = (SELECT id FROM conversation WHERE account = ?1 AND peer = ?2)
               AND direction = 0 AND origin = ?3 AND unread = 1",
            params![self.account.0, peer.as_str(), id.as_str()],
        )
        .map(drop)
    }
}
