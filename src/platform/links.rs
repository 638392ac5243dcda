//! Opening what a person clicked, with the program that the desktop has for it.

pub(crate) mod kept;
pub(crate) mod keys;
pub(crate) mod received;
pub(crate) mod uri;
pub(crate) mod waiting;

use causerie_model::BareJid;

use keys::KeyLink;
use uri::{Action, Fault, Uri};

/// Schemes that are opened. Everything else is only shown.
const SCHEMES: [&str; 3] = ["https", "http", "mailto"];

/// Whether a link of that kind is handed to the desktop. `xmpp:` links are opened in Causerie itself.
pub(crate) fn is_opened_outside(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| SCHEMES.contains(&scheme.as_str())) && !link.chars().any(char::is_control)
}

/// Hands a link to the desktop, without a shell in between. Whether there was a program for it. Blocks for a moment: not for the
/// GUI thread.
pub(crate) fn open(link: &str) -> bool {
    // A parsed URL is percent-encoded: no space, quote or leading dash gets through.
    let Ok(link) = url::Url::parse(link) else { return false };
    is_opened_outside(link.as_str()) && hand_over(std::ffi::OsStr::new(link.as_str()))
}

/// Hands a file of this person to the desktop. Whether there was a program for it. Blocks for a moment, too.
pub(crate) fn open_file(path: &std::path::Path) -> bool {
    // A whole path begins with no dash.
    path.is_absolute() && path.is_file() && hand_over(path.as_os_str())
}

/// The program that knows the desktop's choice says by its end whether there is one, at once; where it has become the browser
/// itself, it goes on for as long as that.
#[cfg(target_os = "linux")]
fn hand_over(link: &std::ffi::OsStr) -> bool {
    use std::os::unix::process::CommandExt;
    use std::process::Stdio;
    use std::time::Duration;
    const STEP: Duration = Duration::from_millis(50);
    const STEPS: u32 = 60;
    for mut command in open::commands(link) {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let Ok(mut child) = command.spawn() else { continue };
        let ended = (0..STEPS).find_map(|_| {
            std::thread::sleep(STEP);
            child.try_wait().transpose()
        });
        match ended {
            Some(Ok(status)) if !status.success() => {}
            Some(_) => return true,
            None => {
                std::thread::spawn(move || child.wait());
                return true;
            }
        }
    }
    false
}

#[cfg(not(target_os = "linux"))]
fn hand_over(link: &std::ffi::OsStr) -> bool {
    open::that_detached(link).is_ok()
}

/// What an `xmpp:` link asks for (RFC 5122, XEP-0147).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// A person, and what to write to them.
    Person(BareJid, Option<String>),
    /// A room.
    Room(BareJid),
    /// To compare somebody's keys.
    Keys(KeyLink),
    /// To compare keys of somebody that are none, or too many.
    NoKeys(BareJid, keys::Fault),
    /// To make an account: with a provider, or at that address.
    Account(BareJid),
    /// To remove a contact, or no longer to see it.
    Remove(BareJid),
    /// To delete an account.
    Unregister(BareJid),
    /// Something else.
    Unknown,
    /// There is no address of anybody in it.
    NoAddress,
}

/// Reads an `xmpp:` link as far as the main window follows links; nothing where it is another one. What it holds comes from anywhere.
pub(crate) fn read(link: &str) -> Option<Asked> {
    let uri = match Uri::read(link)? {
        Ok(uri) => uri,
        Err(Fault::NoAddress) => return Some(Asked::NoAddress),
        Err(Fault::TooLong) => return Some(Asked::Unknown),
    };
    // Which of somebody's programs is meant does not matter here.
    let address = uri.address.into_bare();
    Some(match uri.action {
        Action::Keys(link) => Asked::Keys(link),
        Action::NoKeys(fault) => Asked::NoKeys(address, fault),
        Action::None | Action::Roster(_) | Action::Subscribe(_) => Asked::Person(address, None),
        Action::Message { body, .. } => Asked::Person(address, body),
        Action::Join { .. } | Action::Invite { .. } => Asked::Room(address),
        Action::Register(_) => Asked::Account(address),
        Action::Remove | Action::Unsubscribe => Asked::Remove(address),
        Action::Unregister => Asked::Unregister(address),
        // Whoever asks for somebody's card, or whether they are there, finds it on the page about them.
        Action::Card | Action::Probe if address.local().is_some() => Asked::Person(address, None),
        Action::Card
        | Action::Probe
        | Action::Pubsub(_)
        | Action::Disco(_)
        | Action::Command(_)
        | Action::ReceiveFile
        | Action::SendFile
        | Action::Unknown(_) => Asked::Unknown,
    })
}

/// Without percent signs. A plus is a plus here, not a space as in forms.
fn decoded(text: &str) -> String {
    let form = format!("={}", text.replace('+', "%2B").replace('&', "%26"));
    let value = url::form_urlencoded::parse(form.as_bytes()).next().map(|(_, value)| value.into_owned());
    value.unwrap_or_default()
}

/// Shows a folder. Blocks for a moment, too.
pub(crate) fn open_folder(folder: &std::path::Path) -> bool {
    folder.is_dir() && open::that_detached(folder).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_schemes() {
        for good in ["https://example.org/a?b#c", "HTTP://example.org", "mailto:a@example.org"] {
            assert!(is_opened_outside(good), "{good}");
        }
        for bad in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "smb://host/share",
            r"\\host\share",
            "ms-settings:x",
            "steam:x",
            "jar:x",
            "vbscript:x",
            "-flag",
            "",
            "https",
            "https://a\nb",
            "xmpp:a@b",
        ] {
            assert!(!is_opened_outside(bad), "{bad}");
        }
    }
    #[test]
    fn links_to_people() {
        let bob = BareJid::new("bob@chat.example").unwrap();
        let person = |text: Option<&str>| Some(Asked::Person(bob.clone(), text.map(ToOwned::to_owned)));
        for (link, asked) in [
            ("xmpp:bob@chat.example", person(None)),
            ("XMPP:bob@chat.example/phone?message", person(None)),
            ("xmpp:bob%40chat.example?roster;name=Bob", person(None)),
            ("xmpp:bob@chat.example?message;subject=x;body=hi%20there", person(Some("hi there"))),
            ("xmpp:bob@chat.example?message;body=1+1%3D2%26%C3%A9", person(Some("1+1=2&é"))),
            ("xmpp:bob@chat.example?message;body=a%0D%0Ab%1B%00", person(Some("a\nb"))),
            ("xmpp:bob@chat.example?message;body=", person(None)),
            ("xmpp:bob@chat.example?message;body=%20", person(None)),
            ("xmpp:bob@chat.example?join", Some(Asked::Room(bob.clone()))),
            ("xmpp:bob@chat.example?remove", Some(Asked::Remove(bob.clone()))),
            ("xmpp:bob@chat.example?unsubscribe", Some(Asked::Remove(bob.clone()))),
            ("xmpp:bob@chat.example?unregister", Some(Asked::Unregister(bob.clone()))),
            ("xmpp:bob@chat.example?register;preauth=x", Some(Asked::Account(bob.clone()))),
            ("xmpp:chat.example?register", Some(Asked::Account(bob.to_domain()))),
            ("xmpp:bob@chat.example?vcard", person(None)),
            ("xmpp:bob@chat.example?sendfile", Some(Asked::Unknown)),
            ("xmpp:bob@chat.example?command;node=x", Some(Asked::Unknown)),
            ("xmpp:chat.example?probe", Some(Asked::Unknown)),
            ("xmpp:bob@chat.example?é", Some(Asked::Unknown)),
            ("xmpp:@@@", Some(Asked::NoAddress)),
            ("xmpp:", Some(Asked::NoAddress)),
            ("xmpp:?message", Some(Asked::NoAddress)),
            ("xmpp://alice@chat.example/bob@chat.example", Some(Asked::NoAddress)),
            ("xmpp:%FF%00@chat.example", Some(Asked::NoAddress)),
            ("https://example.org", None),
            ("xmpp", None),
        ] {
            assert_eq!(read(link), asked, "{link}");
        }
    }
}
