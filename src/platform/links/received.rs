//! What somebody was given to come in: a link, the text of a code, or an address, in whatever form people hand it on.
//!
//! The pages of invitations that are known are read without asking anybody: those that have all behind the `#`
//! (`https://xmpp.link/#bob@example.org?…`), those of Conversations (`https://conversations.im/i/…`), and those of a provider
//! (`https://HOST/invite?TOKEN`, as Prosody, Snikket and ejabberd write them). What is read is shown, and nothing done.

use causerie_model::{BareJid, InviteToken};
use url::Url;

use super::uri::{Action, Uri};

/// The longest text that is looked at, in bytes.
const LONGEST: usize = 64 * 1024;
/// The most words of a text that are looked at for a link.
const MOST_WORDS: usize = 200;
/// Parts of paths after which a token stands, on the pages of providers.
const PAGES: [&str; 5] = ["invite", "invites", "invites_page", "register", "invitation"];

/// What was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// A link, whatever form it had.
    Uri(Uri),
    /// A page of an invitation. It may be to the provider of that name, and the token good there; whether it is, only the page or
    /// the person can tell.
    Invitation {
        /// The page.
        page: String,
        /// Who hands the page out: perhaps the provider.
        provider: BareJid,
        /// What proves the invitation.
        token: InviteToken,
    },
    /// A page of the web that says nothing by its address: it can be opened in the browser.
    Page(String),
    /// Nothing that leads anywhere.
    Nothing,
}

/// Reads what was given: the whole of it, or the first link in it.
pub(crate) fn read(text: &str) -> Received {
    if text.len() > LONGEST {
        return Received::Nothing;
    }
    let mut page = None;
    let bare = |word: &'_ str| {
        let word = word.trim_end_matches([',', '.', '!', '…']);
        word.trim_matches(['<', '>', '(', ')', '"', '“', '”', '«', '»']).to_owned()
    };
    let words = text.split_whitespace().take(MOST_WORDS).map(bare);
    for word in std::iter::once(text.trim().to_owned()).chain(words) {
        match one(&word) {
            Received::Nothing => {}
            Received::Page(found) => page = page.or(Some(found)),
            found => return found,
        }
    }
    page.map_or(Received::Nothing, Received::Page)
}

fn one(text: &str) -> Received {
    if let Some(read) = Uri::read(text) {
        return read.map_or(Received::Nothing, Received::Uri);
    }
    if let Ok(page) = Url::parse(text) {
        return web(&page);
    }
    // An address alone.
    if text.contains(char::is_whitespace) || !text.contains('@') {
        return Received::Nothing;
    }
    BareJid::parse_typed(text)
        .ok()
        .filter(|jid| jid.domain().contains('.'))
        .map_or(Received::Nothing, |jid| Received::Uri(Uri { address: jid.into(), action: Action::None }))
}

fn web(page: &Url) -> Received {
    let is_web =
        matches!(page.scheme(), "https" | "http") && page.username().is_empty() && page.password().is_none();
    let Some(host) = page.host_str().filter(|_| is_web) else { return Received::Nothing };
    if let Some(uri) = behind_the_hash(page) {
        return Received::Uri(uri);
    }
    if matches!(host, "conversations.im" | "www.conversations.im")
        && let Some(uri) = conversations(page)
    {
        return Received::Uri(uri);
    }
    // What the web sends in clear text is no secret.
    let invitation = BareJid::new(host).ok().filter(|_| page.scheme() == "https").zip(token(page));
    let page = page.to_string();
    match invitation {
        Some((provider, token)) => Received::Invitation { page, provider, token },
        None => Received::Page(page),
    }
}

/// `#bob@example.org?roster;preauth=…`
fn behind_the_hash(page: &Url) -> Option<Uri> {
    let rest = page.fragment()?.trim_start_matches('/');
    let rest = rest.strip_prefix("xmpp:").unwrap_or(rest);
    let address = rest.split_once('?').map_or(rest, |(address, _)| address);
    let uri = Uri::of(rest).ok()?;
    // Any other page may have something behind its hash. An address has an @, or it is one of a provider and asks for an account.
    let is_meant =
        uri.person().is_some() && !address.contains('/') || matches!(uri.action, Action::Register(Some(_)));
    is_meant.then_some(uri)
}

/// `/i/bob@example.org?omemo-sid-1=…&…`, `/i/bob/example.org`, and `/j/` for rooms.
fn conversations(page: &Url) -> Option<Uri> {
    let mut path = page.path_segments()?;
    let kind = path.next()?;
    let address = match (path.next()?, path.next().filter(|part| !part.is_empty())) {
        (address, None) => address.to_owned(),
        (local, Some(domain)) => format!("{local}@{domain}"),
    };
    let query = page.query().unwrap_or_default().replace('&', ";");
    let uri = match kind {
        "i" => Uri::of(&if query.is_empty() { address } else { format!("{address}?roster;{query}") }).ok()?,
        "j" => Uri::of(&format!("{address}?join")).ok()?,
        _ => return None,
    };
    uri.person().is_some().then_some(uri)
}

/// The token of a provider's page: `?TOKEN`, `?t=TOKEN`, `?token=TOKEN`, or the part of the path after the page's name.
fn token(page: &Url) -> Option<InviteToken> {
    let path: Vec<&str> = page.path_segments()?.filter(|part| !part.is_empty()).collect();
    let at = path.iter().position(|part| PAGES.contains(part))?;
    let query = page.query().unwrap_or_default();
    if !query.is_empty() {
        let named = query.split('&').filter_map(|part| part.split_once('='));
        let mut named = named.filter(|(name, _)| matches!(*name, "t" | "token" | "preauth"));
        let alone = query.split('&').next().filter(|part| !part.contains('='));
        return likely(&super::decoded(named.next().map(|(_, value)| value).or(alone)?));
    }
    likely(&super::decoded(path.get(at + 1)?))
}

/// A token, where it looks like chance: the pages of a site have words.
fn likely(text: &str) -> Option<InviteToken> {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.~=+/".contains(&byte));
    (plain && text.len() >= 8).then(|| InviteToken::new(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::links::uri::{AlsoAccount, NewContact};

    fn link(link: &str) -> Received {
        Received::Uri(Uri::read(link).unwrap().unwrap())
    }

    #[test]
    fn every_form_of_an_invitation_is_the_same_value() {
        let plain = link("xmpp:bob@chat.example");
        for form in [
            "xmpp:bob@chat.example",
            "  bob@chat.example\n",
            "https://xmpp.link/#bob@chat.example",
            "https://yax.im/i/#bob%40chat.example",
            "https://join.example/#/bob@chat.example",
            "https://conversations.im/i/bob@chat.example",
            "https://conversations.im/i/bob/chat.example",
            "Bob has invited you: <https://xmpp.link/#bob@chat.example>. See you!",
        ] {
            assert_eq!(read(form), plain, "{form}");
        }
        let invited = link("xmpp:bob@chat.example?roster;preauth=s3cr3tT0k3n;ibr=y;name=Bob");
        let Received::Uri(Uri { action: Action::Roster(NewContact { account, token, .. }), .. }) = &invited
        else {
            panic!("{invited:?}")
        };
        assert_eq!(
            (*account, token.as_ref().map(InviteToken::as_str)),
            (AlsoAccount::Yes, Some("s3cr3tT0k3n"))
        );
        assert_eq!(
            read("https://xmpp.link/#bob@chat.example?roster;preauth=s3cr3tT0k3n;ibr=y;name=Bob"),
            invited
        );
        let account = link("xmpp:chat.example?register;preauth=s3cr3tT0k3n");
        assert_eq!(read("https://invite.example/#chat.example?register;preauth=s3cr3tT0k3n"), account);
        let room = link("xmpp:room@rooms.example?join");
        assert_eq!(read("https://conversations.im/j/room@rooms.example"), room);
        let key = "5e".repeat(32);
        assert_eq!(
            read(&format!(
                "https://conversations.im/i/bob@chat.example?omemo-sid-27={key}&omemo-sid-31={key}"
            )),
            link(&format!("xmpp:bob@chat.example?omemo-sid-27={key};omemo-sid-31={key}"))
        );
    }

    #[test]
    fn the_pages_of_providers_are_read() {
        for page in [
            "https://chat.example/invite?aB3_dE5-fG7h",
            "https://chat.example:5281/invites_page?aB3_dE5-fG7h",
            "https://chat.example/register?t=aB3_dE5-fG7h&c=app",
            "https://chat.example/register/aB3_dE5-fG7h",
            "https://chat.example/invite/aB3_dE5-fG7h/",
            "https://chat.example/invites/aB3_dE5-fG7h",
            "https://chat.example:5443/some/where/invites/aB3_dE5-fG7h",
        ] {
            let Received::Invitation { page: read_page, provider, token } = read(page) else {
                panic!("{page}")
            };
            assert_eq!(
                (provider.as_str(), token.as_str(), &*read_page),
                ("chat.example", "aB3_dE5-fG7h", page)
            );
        }
    }

    #[test]
    fn other_pages_are_pages_and_the_rest_is_nothing() {
        for page in [
            "https://chat.example/",
            "https://chat.example/invite",
            "https://chat.example/invite?short",
            "https://chat.example/register/new",
            "http://chat.example/invite?aB3_dE5-fG7h",
            "https://chat.example/page#chapter-2",
            "https://chat.example/#/room/x",
            "https://matrix.example/#/@bob:chat.example",
            "https://chat.example/#example.org?roster",
            "https://conversations.im/",
            "https://conversations.im/i/",
            "https://conversations.im/x/bob@chat.example",
        ] {
            assert!(matches!(read(page), Received::Page(_)), "{page}: {:?}", read(page));
        }
        for nothing in [
            "",
            "hello",
            "javascript:alert(1)",
            "file:///etc/passwd#bob@chat.example",
            "https://user:word@chat.example/invite?aB3_dE5-fG7h",
            "bob@localhost",
            "xmpp:@",
            "@bob@social",
        ] {
            assert_eq!(read(nothing), Received::Nothing, "{nothing}");
        }
        assert_eq!(read(&"https://xmpp.link/#bob@chat.example ".repeat(10_000)), Received::Nothing);
    }
}
