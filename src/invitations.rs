//! Invitations that were made here and may still be good: to be handed out once more. One small file that only this user can read.
//!
//! Those that this program lets in by itself go when they were used, and all go when their time is over. Of those that a provider lets
//! in it is not told whether they were used.

use std::path::Path;
use std::time::Duration;

use causerie_model::{BareJid, Invitation, InvitationIssuer, InvitationKind, InviteToken, Timestamp};
use serde::{Deserialize, Serialize};

use crate::platform::folders::write_private;

/// The file's name in the data folder.
const FILE: &str = "invitations.json";
/// No file of ours is longer, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;
/// The most that are kept: of more, the oldest go first.
const MOST: usize = 100;
/// How long one is kept that does not say how long it is good.
const WITHOUT_END: Duration = Duration::from_secs(30 * 86_400);

/// An invitation that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// In whose name.
    pub(crate) own: BareJid,
    /// What can be handed out.
    pub(crate) invitation: Invitation,
    /// When it was made.
    pub(crate) made: Timestamp,
}

/// All that were made, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Invitations(Vec<Given>);

impl Given {
    fn is_open(&self, now: Timestamp) -> bool {
        self.invitation.expires.unwrap_or(self.made.saturating_add(WITHOUT_END)) > now
    }
}

impl Invitations {
    /// Those of an account that may still be good, the newest first.
    pub(crate) fn open(&self, own: &BareJid, now: Timestamp) -> impl Iterator<Item = &Given> {
        self.0.iter().filter(move |given| given.own == *own && given.is_open(now))
    }

    /// One was made.
    pub(crate) fn add(&mut self, own: BareJid, invitation: Invitation, now: Timestamp) {
        self.0.retain(|given| given.is_open(now) && given.invitation.uri != invitation.uri);
        self.0.insert(0, Given { own, invitation, made: now });
        self.0.truncate(MOST);
    }

    /// Somebody has come with that token.
    pub(crate) fn used(&mut self, token: &InviteToken) {
        let shows = |uri: &str| {
            uri.split(['?', ';']).any(|part| part.strip_prefix("preauth=") == Some(token.as_str()))
        };
        self.0.retain(|given| !shows(&given.invitation.uri));
    }

    /// The account is gone.
    pub(crate) fn forget(&mut self, own: &BareJid) {
        self.0.retain(|given| given.own != *own);
    }
}

/// As it is written.
#[derive(Serialize, Deserialize)]
struct Line {
    own: String,
    account: bool,
    by_us: bool,
    uri: String,
    landing: Option<String>,
    expires: Option<i64>,
    made: i64,
}

impl Line {
    fn of(given: &Given) -> Self {
        let Given { own, invitation, made } = given;
        Self {
            own: own.to_string(),
            account: invitation.kind == InvitationKind::Account,
            by_us: invitation.issuer == InvitationIssuer::ThisDevice,
            uri: invitation.uri.clone(),
            landing: invitation.landing.clone(),
            expires: invitation.expires.map(Timestamp::as_millis),
            made: made.as_millis(),
        }
    }

    fn given(self) -> Option<Given> {
        let kind = if self.account { InvitationKind::Account } else { InvitationKind::Contact };
        let issuer = if self.by_us { InvitationIssuer::ThisDevice } else { InvitationIssuer::Server };
        let expires = self.expires.map(Timestamp::from_millis);
        let invitation = Invitation { kind, issuer, uri: self.uri, landing: self.landing, expires };
        Some(Given {
            own: BareJid::new(&self.own).ok()?,
            invitation,
            made: Timestamp::from_millis(self.made),
        })
    }
}

/// Those that were kept. Blocks: not for the GUI thread.
pub(crate) fn load(folder: &Path) -> Invitations {
    let path = folder.join(FILE);
    let fits = std::fs::metadata(&path).is_ok_and(|found| found.len() <= MOST_BYTES);
    let Some(bytes) = fits.then(|| std::fs::read(&path).ok()).flatten() else {
        return Invitations::default();
    };
    let read: Vec<Line> = serde_json::from_slice(&bytes).unwrap_or_else(|error| {
        tracing::warn!(%error, "invitations that were made");
        Vec::new()
    });
    Invitations(read.into_iter().filter_map(Line::given).take(MOST).collect())
}

/// Keeps them. Blocks: not for the GUI thread.
pub(crate) fn save(folder: &Path, invitations: &Invitations) {
    let lines: Vec<Line> = invitations.0.iter().map(Line::of).collect();
    let written = serde_json::to_vec(&lines).map_err(std::io::Error::from);
    if let Err(error) = written.and_then(|bytes| write_private(&folder.join(FILE), &bytes)) {
        tracing::warn!(%error, "an invitation could not be kept");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(days: i64) -> Timestamp {
        Timestamp::from_millis(1_800_000_000_000 + days * 86_400_000)
    }

    fn alice() -> BareJid {
        BareJid::new("alice@chat.example").unwrap()
    }

    fn invitation(token: &str, expires: Option<Timestamp>) -> Invitation {
        Invitation {
            kind: InvitationKind::Contact,
            issuer: InvitationIssuer::ThisDevice,
            uri: format!("xmpp:alice@chat.example?roster;preauth={token}"),
            landing: None,
            expires,
        }
    }

    fn open(invitations: &Invitations, now: Timestamp) -> Vec<String> {
        let own = alice();
        let uris = invitations.open(&own, now).map(|given| given.invitation.uri.clone());
        uris.map(|uri| uri.rsplit('=').next().unwrap().to_owned()).collect()
    }

    #[test]
    fn they_are_kept_until_they_are_over_or_used() {
        let mut invitations = Invitations::default();
        invitations.add(alice(), invitation("first", Some(at(7))), at(0));
        invitations.add(alice(), invitation("second", Some(at(9))), at(2));
        invitations.add(alice(), invitation("endless", None), at(2));
        invitations.add(BareJid::new("bob@far.example").unwrap(), invitation("other", None), at(2));
        assert_eq!(open(&invitations, at(3)), ["endless", "second", "first"]);
        assert_eq!(open(&invitations, at(8)), ["endless", "second"]);
        assert_eq!(open(&invitations, at(32)), Vec::<String>::new());
        let token = |text: &str| InviteToken::new(text).unwrap();
        invitations.used(&token("sec"));
        invitations.used(&token("second"));
        assert_eq!(open(&invitations, at(3)), ["endless", "first"]);

        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(folder.path()), Invitations::default());
        save(folder.path(), &invitations);
        assert_eq!(load(folder.path()), invitations);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join(FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        invitations.forget(&alice());
        assert_eq!(open(&invitations, at(3)), Vec::<String>::new());
        std::fs::write(folder.path().join(FILE), "[{").unwrap();
        assert_eq!(load(folder.path()), Invitations::default());
        assert!(!format!("{invitations:?}").contains("preauth"), "a link is not written into logs");
    }

    #[test]
    fn there_are_not_more_and_more() {
        let mut invitations = Invitations::default();
        (0..MOST + 20).for_each(|n| invitations.add(alice(), invitation(&format!("n{n}"), None), at(0)));
        assert_eq!(open(&invitations, at(0)).len(), MOST);
        invitations.add(alice(), invitation("n50", None), at(0));
        assert_eq!(open(&invitations, at(0)).len(), MOST, "each once");
    }
}
