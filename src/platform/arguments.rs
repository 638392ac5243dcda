//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Causerie, a warm, quick and honest XMPP client

Usage: causerie [OPTIONS] [xmpp:ADDRESS]

  xmpp:ADDRESS       an address or invitation to start from; it only fills in forms, nothing is sent

Options:
  --profile NAME     keep accounts, history and settings apart under this name
  --data-dir PATH    keep everything in this folder instead of the usual places
  --help             show this and leave
  --version          show the version and leave

Environment:
  CAUSERIE_LOG       what to log, such as `causerie=debug`; never contains messages or passwords
  CAUSERIE_EXTRA_CA  a PEM file with certificate authorities to trust besides the system's
  CAUSERIE_DNS       address and port of a name server to ask instead of the system's
  ICED_BACKEND       `wgpu` or `tiny-skia`: draw with the graphics card or without
";

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Open the window.
    Run(Arguments),
    /// Show the help.
    Help,
    /// Show the version.
    Version,
    /// Say what is wrong, in a sentence.
    Wrong(String),
}

/// How to open the window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// Which profile; letters, digits, `-` and `_`.
    pub(crate) profile: Option<String>,
    /// Where everything is kept.
    pub(crate) data_dir: Option<PathBuf>,
    /// An `xmpp:` URI to fill in.
    pub(crate) uri: Option<String>,
}

/// The longest URI that is taken, in bytes.
pub(crate) const MAX_URI: usize = 8 * 1024;

/// Reads the command line, without the program's name.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Request {
    let mut parsed = Arguments::default();
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        // The value of an option may stand behind an equals sign.
        let (name, attached) = match text.split_once('=') {
            Some((name @ ("--profile" | "--data-dir"), value)) => (name, Some(OsString::from(value))),
            _ => (text.as_ref(), None),
        };
        match name {
            "--help" | "-h" => return Request::Help,
            "--version" | "-V" => return Request::Version,
            "--profile" => match attached
                .or_else(|| arguments.next())
                .and_then(|name| name.into_string().ok())
            {
                Some(name) if is_profile(&name) => parsed.profile = Some(name),
                Some(_) => {
                    return Request::Wrong("a profile's name has letters, digits, - and _ only.".to_owned());
                }
                None => return Request::Wrong("--profile needs a name.".to_owned()),
            },
            "--data-dir" => match attached.or_else(|| arguments.next()).filter(|path| !path.is_empty()) {
                Some(path) => parsed.data_dir = Some(PathBuf::from(path)),
                None => return Request::Wrong("--data-dir needs a folder.".to_owned()),
            },
            uri if is_uri(uri) && parsed.uri.is_none() => parsed.uri = Some(uri.to_owned()),
            other => return Request::Wrong(format!("what is “{}”?", other.escape_debug())),
        }
    }
    Request::Run(parsed)
}

/// Whether a text may be handed on as an `xmpp:` URI.
pub(crate) fn is_uri(text: &str) -> bool {
    let scheme = text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("xmpp:"));
    scheme && text.len() <= MAX_URI && !text.chars().any(char::is_control)
}

fn is_profile(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    !name.is_empty() && name.len() <= 64 && letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &[&str]) -> Request {
        parse(line.iter().map(OsString::from))
    }

    #[test]
    fn the_whole_line() {
        let expected = Arguments {
            profile: Some("work".to_owned()),
            data_dir: Some("/tmp/x".into()),
            uri: Some("xmpp:bob@chat.example?message".to_owned()),
        };
        let line = ["--profile", "work", "--data-dir", "/tmp/x", "xmpp:bob@chat.example?message"];
        assert_eq!(parsed(&line), Request::Run(expected.clone()));
        let line = ["--profile=work", "--data-dir=/tmp/x", "xmpp:bob@chat.example?message"];
        assert_eq!(parsed(&line), Request::Run(expected));
        let equals = Arguments { data_dir: Some("/tmp/a=b".into()), ..Arguments::default() };
        assert_eq!(parsed(&["--data-dir", "/tmp/a=b"]), Request::Run(equals.clone()));
        assert_eq!(parsed(&["--data-dir=/tmp/a=b"]), Request::Run(equals));
        assert_eq!(parsed(&[]), Request::Run(Arguments::default()));
        assert_eq!(parsed(&["--help"]), Request::Help);
        assert_eq!(parsed(&["--version"]), Request::Version);
    }

    #[test]
    fn what_is_wrong_is_said() {
        let long = format!("xmpp:{}", "a".repeat(MAX_URI));
        for line in [
            &["--profile"][..],
            &["--profile", "../up"],
            &["--profile", ""],
            &["--profile="],
            &["--data-dir="],
            &["--help=me"],
            &["--data-dir"],
            &["--config=/etc/x"],
            &["xmpp:a@b", "xmpp:c@d"],
            &["https://example.org"],
            &["xmpp:a@b\nshow"],
            &[long.as_str()],
        ] {
            assert!(matches!(parsed(line), Request::Wrong(_)), "{line:?}");
        }
    }
}
