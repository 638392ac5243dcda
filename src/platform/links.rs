//! Opening what a person clicked, with the program that the desktop has for it.

/// Schemes that are opened. Everything else is only shown.
const SCHEMES: [&str; 3] = ["https", "http", "mailto"];

/// Whether a link of that kind is handed to the desktop. `xmpp:` links are opened in Causerie itself.
pub(crate) fn is_opened_outside(link: &str) -> bool {
    let scheme = link.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| SCHEMES.contains(&scheme.as_str())) && !link.chars().any(char::is_control)
}

/// Hands a link to the desktop, without a shell in between. Blocks for a moment: not for the GUI thread.
pub(crate) fn open(link: &str) -> bool {
    // A parsed URL is percent-encoded: no space, quote or leading dash gets through.
    let Ok(link) = url::Url::parse(link) else { return false };
    is_opened_outside(link.as_str()) && open::that_detached(link.as_str()).is_ok()
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
}
