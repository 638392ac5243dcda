//! Links that bring somebody to us (XEP-0379 0.3.3, XEP-0401 0.6.0), and what they hold.

use std::fmt;

use zeroize::Zeroize;

use crate::Timestamp;

/// The longest token, in bytes.
const LONGEST_TOKEN: usize = 255;

/// What an invitation's bearer shows to be let in without being asked about (`preauth`): to a person (XEP-0379), or to a provider for
/// an account (XEP-0445 0.2). Wiped from memory when dropped, never shown by `Debug`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InviteToken(Box<str>);

impl InviteToken {
    /// Takes 1 to 255 bytes of printable ASCII without blanks; `None` for anything else.
    pub fn new(token: &str) -> Option<Self> {
        let fits = (1..=LONGEST_TOKEN).contains(&token.len());
        (fits && token.bytes().all(|byte| byte.is_ascii_graphic())).then(|| Self(token.into()))
    }

    /// The token itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Drop for InviteToken {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for InviteToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteToken(…)")
    }
}

/// What an invitation is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvitationKind {
    /// To become a contact of ours; where the server lets it, with a new account there (`urn:xmpp:invite#invite`).
    Contact,
    /// To an account on our server (`urn:xmpp:invite#create-account`), which mostly its operators may give.
    Account,
}

/// Who lets the bearer of an invitation in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InvitationIssuer {
    /// Our server, at any time.
    Server,
    /// This program on this machine, when it is online: servers without invitations (XEP-0379 §3.5).
    ThisDevice,
}

/// An invitation that can be handed out. Each is good for one person.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Invitation {
    /// What it is to.
    pub kind: InvitationKind,
    /// Who will let the bearer in.
    pub issuer: InvitationIssuer,
    /// The `xmpp:` link, at most 2,048 bytes of printable ASCII.
    pub uri: String,
    /// An `https:` page of the server that says the same to people without a program for it.
    pub landing: Option<String>,
    /// From when on it is void.
    pub expires: Option<Timestamp>,
}

impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, issuer, uri: _, landing, expires } = self;
        write!(f, "Invitation({kind:?}, {issuer:?}, landing: {}, {expires:?})", landing.is_some())
    }
}

/// Which invitations the server gives to us.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct InvitationsOffered {
    /// To become a contact. Where not, this program makes them itself.
    pub contact: bool,
    /// To an account.
    pub account: bool,
}

/// A token of our own that is still good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssuedToken {
    /// The token.
    pub token: InviteToken,
    /// From when on it is void.
    pub expires: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_short_plain_and_not_shown() {
        assert_eq!(format!("{:?}", InviteToken::new("1tMFqYDd").unwrap()), "InviteToken(…)");
        assert_eq!(InviteToken::new(&"a".repeat(255)).unwrap().as_str().len(), 255);
        for bad in ["", "a b", "a\n", "é", &"a".repeat(256)] {
            assert_eq!(InviteToken::new(bad), None, "{bad}");
        }
    }
}
