//! The stable words and numbers that stand for closed enums in the database. A word that was once given is never changed.
//!
//! Long because it is one table, and whoever gives a new word has to see those that were given.

use causerie_model::account::Activity;
use causerie_model::{
    AccountColour, Alarm, Awaits, Body, CertificateFault, Confirming, DeviceId, Direction, Emoji,
    Fingerprint, MOST_REACTIONS, Mechanism, MessageState, OmemoVersion, Past, Privacy, Problem, Protection,
    ProxyFault, Seal, Sharing, Show, Subscription, Timestamp, Trust, Unreached, Unreadable,
};
use rusqlite::Row;

/// A closed enum whose values have stable words.
pub(crate) trait Code: Sized {
    /// The word for it.
    fn code(&self) -> &'static str;

    /// What the word stands for; `None` for one that was never given.
    fn from_code(code: &str) -> Option<Self>;
}

/// Gives each value its word. A value that is left out is an error at compile time; its word then also reads back as it.
macro_rules! codes {
    ($type:ty { $([$($value:tt)+] $code:literal,)+ }) => {
        impl Code for $type {
            fn code(&self) -> &'static str {
                match self {
                    $($($value)+ => $code,)+
                }
            }

            fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some($($value)+),)+
                    _ => None,
                }
            }
        }

        #[cfg(test)]
        impl AllCodes for $type {
            const ALL: &'static [&'static str] = &[$($code),+];
        }
    };
}

#[cfg(test)]
trait AllCodes {
    const ALL: &'static [&'static str];
}

codes!(Problem {
    [Self::UnknownHost] "unknown-host",
    [Self::NoNetwork] "no-network",
    [Self::NoService] "no-service",
    [Self::ConnectionRefused] "connection-refused",
    [Self::TimedOut] "timed-out",
    [Self::ConnectionLost] "connection-lost",
    [Self::NoTls] "no-tls",
    [Self::TlsFailed] "tls-failed",
    [Self::Certificate(CertificateFault::Expired)] "certificate-expired",
    [Self::Certificate(CertificateFault::NotYetValid)] "certificate-not-yet-valid",
    [Self::Certificate(CertificateFault::WrongName)] "certificate-wrong-name",
    [Self::Certificate(CertificateFault::UnknownIssuer)] "certificate-unknown-issuer",
    [Self::Certificate(CertificateFault::Revoked)] "certificate-revoked",
    [Self::Certificate(CertificateFault::Invalid)] "certificate-invalid",
    [Self::SignInToNetwork] "sign-in-to-network",
    [Self::Proxy(ProxyFault::Unreachable)] "proxy-unreachable",
    [Self::Proxy(ProxyFault::Login)] "proxy-login",
    [Self::Proxy(ProxyFault::Refused)] "proxy-refused",
    [Self::Proxy(ProxyFault::CannotReach)] "proxy-cannot-reach",
    [Self::Proxy(ProxyFault::NotUnderstood)] "proxy-not-understood",
    [Self::Proxy(ProxyFault::Unknown)] "proxy-unknown",
    [Self::WrongPassword] "wrong-password",
    [Self::PasswordNeeded] "password-needed",
    [Self::AccountDisabled] "account-disabled",
    [Self::AuthenticationUnavailable] "authentication-unavailable",
    [Self::ServerTooWeak] "server-too-weak",
    [Self::Downgrade] "downgrade",
    [Self::ServerNotProved] "server-not-proved",
    [Self::PlainOnly] "plain-only",
    [Self::WrongAddress] "wrong-address",
    [Self::BindFailed] "bind-failed",
    [Self::Conflict] "conflict",
    [Self::Redirected] "redirected",
    [Self::PolicyViolation] "policy-violation",
    [Self::ServerShutdown] "server-shutdown",
    [Self::ServerBusy] "server-busy",
    [Self::NotServed] "not-served",
    [Self::Protocol] "protocol",
    [Self::OverLimits] "over-limits",
    [Self::NoSuchAddress] "no-such-address",
    [Self::RemoteUnreachable] "remote-unreachable",
    [Self::Refused] "refused",
    [Self::NotSupported] "not-supported",
    [Self::PasswordRefused] "password-refused",
    [Self::FormRequired] "form-required",
    [Self::KeysLocked] "keys-locked",
    [Self::KeysUnreadable] "keys-unreadable",
    [Self::NoKeys] "no-keys",
    [Self::NotEncrypted] "not-encrypted",
    [Self::PerhapsSent] "perhaps-sent",
    [Self::Cancelled] "cancelled",
    [Self::CancelledLate] "cancelled-late",
    [Self::ArrivalUnknown] "arrival-unknown",
    [Self::NotInRoom] "not-in-room",
    [Self::KeysUndecided] "keys-undecided",
    [Self::DiskFull] "disk-full",
    [Self::DiskReadOnly] "disk-read-only",
    [Self::DiskFailed] "disk-failed",
    [Self::DatabaseNewer] "database-newer",
    [Self::DatabaseDamaged] "database-damaged",
    [Self::AlreadyRunning] "already-running",
    [Self::Internal] "internal",
});

codes!(Activity {
    [Self::Active] "active",
    [Self::Paused] "paused",
});

codes!(AccountColour {
    [Self::Blue] "blue",
    [Self::Teal] "teal",
    [Self::Green] "green",
    [Self::Amber] "amber",
    [Self::Orange] "orange",
    [Self::Red] "red",
    [Self::Pink] "pink",
    [Self::Violet] "violet",
});

codes!(Mechanism {
    [Self::Plain] "plain",
    [Self::ScramSha1] "scram-sha-1",
    [Self::ScramSha256] "scram-sha-256",
    [Self::ScramSha1Plus] "scram-sha-1-plus",
    [Self::ScramSha256Plus] "scram-sha-256-plus",
});

codes!(Confirming {
    [Self::Nothing] "nothing",
    [Self::Arrival] "arrival",
    [Self::Reading] "reading",
});

codes!(Sharing {
    [Self::Nobody] "nobody",
    [Self::Contacts] "contacts",
});

codes!(Show {
    [Self::Available] "available",
    [Self::Chat] "chat",
    [Self::Away] "away",
    [Self::ExtendedAway] "extended-away",
    [Self::DoNotDisturb] "do-not-disturb",
});

codes!(Subscription {
    [Self::None] "none",
    [Self::To] "to",
    [Self::From] "from",
    [Self::Both] "both",
});

codes!(Unreadable {
    [Self::OverLimits] "over-limits",
    [Self::Malformed] "malformed",
    [Self::NotForThisDevice] "not-for-this-device",
    [Self::InRoom] "in-room",
    [Self::KeysLost] "keys-lost",
    [Self::Altered] "altered",
    [Self::KeyReplaced] "key-replaced",
    [Self::Misdirected] "misdirected",
    [Self::Early] "early",
    [Self::Delayed] "delayed",
    [Self::KeyOfOther] "key-of-other",
    [Self::KeyOfOtherStranger] "key-of-other-stranger",
    [Self::Copied] "copied",
    [Self::NotShown] "not-shown",
    [Self::NotKept] "not-kept",
});

codes!(Trust {
    [Self::Undecided] "undecided",
    [Self::Blind] "blind",
    [Self::Verified] "verified",
    [Self::Distrusted] "distrusted",
});

codes!(Awaits {
    [Self::Telling] "telling",
    [Self::Key] "key",
});

codes!(Unreached {
    [Self::NoKeys] "no-keys",
    [Self::Undecided] "undecided",
    [Self::Distrusted] "distrusted",
});

codes!(OmemoVersion {
    [Self::Legacy] "legacy",
    [Self::Omemo2] "omemo-2",
});

codes!(Privacy {
    [Self::Encrypted] "encrypted",
    [Self::Clear] "clear",
});

/// The word for a message that is encrypted and has no seal, in the place of its version.
const UNSEALED: &str = "encrypted";

/// The word for a message that was retracted, in the place of why it can't be read.
pub(crate) const RETRACTED: &str = "retracted";

/// The number of a pending message; also in the schema's partial index.
pub(crate) const PENDING: i64 = 1;
/// The same of a message that has failed.
pub(crate) const FAILED: i64 = 3;
/// And of one that was read.
pub(crate) const READ: i64 = 5;

/// The number for a message's direction.
pub(crate) fn direction(direction: Direction) -> i64 {
    match direction {
        Direction::Incoming => 0,
        Direction::Outgoing => 1,
    }
}

/// The number for why a message is no news.
pub(crate) fn past(past: Past) -> i64 {
    match past {
        Past::BeforeUs => 1,
        Past::LookedUp => 2,
    }
}

/// The number for a message's state, and the word for its problem.
pub(crate) fn state(state: &MessageState) -> (i64, Option<&'static str>) {
    match state {
        MessageState::Received => (0, None),
        MessageState::Pending => (PENDING, None),
        MessageState::Sent => (2, None),
        MessageState::Delivered => (4, None),
        MessageState::Read => (READ, None),
        MessageState::Failed(problem) => (FAILED, Some(problem.code())),
    }
}

/// A message's body as its two columns: text, and why there is none.
pub(crate) fn body(body: &Body) -> (Option<&str>, Option<&'static str>) {
    match body {
        Body::Text(text) => (Some(text), None),
        Body::Unreadable(why) => (None, Some(why.code())),
        Body::Retracted => (None, Some(RETRACTED)),
    }
}

/// What is to be seen when a device was added to the account.
const NEW_DEVICE: &str = "new-device";
/// The same when this device has new keys.
const KEYS_RENEWED: &str = "keys-renewed";

/// In which versions a message of ours went out, in the place of [`UNSEALED`].
const SEALED_IN: [(&str, &[OmemoVersion]); 3] = [
    ("sent-legacy", &[OmemoVersion::Legacy]),
    ("sent-omemo-2", &[OmemoVersion::Omemo2]),
    ("sent-both", &[OmemoVersion::Legacy, OmemoVersion::Omemo2]),
];

/// The versions that a message of ours went out in, as the column of its protection.
pub(crate) fn sealed_in(versions: &[OmemoVersion]) -> &'static str {
    let same = |known: &&(&str, &[OmemoVersion])| {
        OmemoVersion::ALL.iter().all(|version| known.1.contains(version) == versions.contains(version))
    };
    SEALED_IN.iter().find(same).map_or(UNSEALED, |(code, _)| code)
}

/// Reads the same; none where it never went out encrypted, or that was not noted.
pub(crate) fn read_sealed_in(code: Option<&str>) -> Vec<OmemoVersion> {
    let known = SEALED_IN.iter().find(|(known, _)| Some(*known) == code);
    known.map(|(_, versions)| versions.to_vec()).unwrap_or_default()
}

/// How a message was protected as its three columns: the version, whose key, and what was decided about it.
pub(crate) fn protection(
    protection: &Protection,
) -> (Option<&'static str>, Option<&[u8; 32]>, Option<&'static str>) {
    match protection {
        Protection::Clear => (None, None, None),
        Protection::Encrypted(None) => (Some(UNSEALED), None, None),
        Protection::Encrypted(Some(Seal { version, fingerprint, trust, .. })) => {
            (Some(version.code()), Some(&fingerprint.0), Some(trust.code()))
        }
    }
}

/// When a message was written by its author's clock, as a column.
pub(crate) fn written_at(protection: &Protection) -> Option<i64> {
    match protection {
        Protection::Encrypted(Some(seal)) => seal.written.map(Timestamp::as_millis),
        Protection::Encrypted(None) | Protection::Clear => None,
    }
}

/// Reads that into a seal.
pub(crate) fn read_written_at(protection: &mut Protection, written_at: Option<i64>) {
    if let Protection::Encrypted(Some(seal)) = protection {
        seal.written = written_at.map(Timestamp::from_millis);
    }
}

/// Emoji as one column: with blanks between.
pub(crate) fn emoji(emoji: &[Emoji]) -> String {
    emoji.iter().map(Emoji::as_str).collect::<Vec<_>>().join(" ")
}

/// Reads emoji.
pub(crate) fn read_emoji(text: &str) -> Vec<Emoji> {
    text.split_whitespace().filter_map(Emoji::new).take(MOST_REACTIONS).collect()
}

/// Reads a direction.
pub(crate) fn read_direction(number: i64) -> Direction {
    if number == 1 { Direction::Outgoing } else { Direction::Incoming }
}

/// Reads a state from its two columns.
pub(crate) fn read_state(number: i64, problem: Option<&str>) -> MessageState {
    match number {
        PENDING => MessageState::Pending,
        2 => MessageState::Sent,
        4 => MessageState::Delivered,
        5 => MessageState::Read,
        3 => MessageState::Failed(problem.and_then(Problem::from_code).unwrap_or(Problem::Internal)),
        _ => MessageState::Received,
    }
}

/// Reads a body from its two columns.
pub(crate) fn read_body(text: Option<String>, unreadable: Option<&str>) -> Body {
    match text {
        Some(text) => Body::Text(text),
        None if unreadable == Some(RETRACTED) => Body::Retracted,
        None => Body::Unreadable(unreadable.and_then(Unreadable::from_code).unwrap_or(Unreadable::Malformed)),
    }
}

/// Reads how a message was protected from its three columns. A seal that is not understood is none; what was encrypted stays so.
pub(crate) fn read_protection(version: Option<&str>, key: Option<&[u8]>, trust: Option<&str>) -> Protection {
    let Some(version) = version else { return Protection::Clear };
    let fingerprint = key.and_then(|key| key.try_into().ok()).map(Fingerprint);
    let trust = trust.and_then(Trust::from_code).unwrap_or_default();
    let seal = OmemoVersion::from_code(version).zip(fingerprint);
    Protection::Encrypted(seal.map(|(version, fingerprint)| Seal {
        version,
        fingerprint,
        trust,
        written: None,
    }))
}

/// Reads a column that holds the number of a device; `None` for one that no device may have.
pub(crate) fn read_device(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DeviceId>> {
    Ok(u32::try_from(row.get::<_, i64>(column)?).ok().and_then(DeviceId::new))
}

/// What a person is to see, as its two columns: what it is, and about which device; 0 where it is about none.
pub(crate) fn alarm(alarm: Alarm) -> (&'static str, u32) {
    match alarm {
        Alarm::NewDevice(device) => (NEW_DEVICE, device.get()),
        Alarm::KeysRenewed => (KEYS_RENEWED, 0),
    }
}

/// Reads the columns `what` and `device`; `None` for what is not understood.
pub(crate) fn read_alarm(row: &Row<'_>) -> rusqlite::Result<Option<Alarm>> {
    let device = read_device(row, "device")?;
    Ok(match row.get_ref("what")?.as_str()? {
        NEW_DEVICE => device.map(Alarm::NewDevice),
        KEYS_RENEWED if device.is_none() => Some(Alarm::KeysRenewed),
        _ => None,
    })
}

/// Reads a column that holds a fingerprint; `None` for what is none.
pub(crate) fn read_fingerprint(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Fingerprint>> {
    Ok(row.get_ref(column)?.as_blob()?.try_into().ok().map(Fingerprint))
}

/// Reads a column that holds a version; `None` for one that is not known.
pub(crate) fn read_version(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<OmemoVersion>> {
    Ok(OmemoVersion::from_code(row.get_ref(column)?.as_str()?))
}

/// Reads a column that holds a word; one that was never given reads as the default.
pub(crate) fn read<T: Code + Default>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let code = row.get_ref(column)?.as_str().unwrap_or_default();
    Ok(T::from_code(code).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn all_read_back<T: Code + AllCodes>() {
        let mut seen = HashSet::new();
        for code in T::ALL {
            assert!(seen.insert(code), "{code} stands for two things");
            assert_eq!(T::from_code(code).unwrap().code(), *code);
        }
        assert!(T::from_code("").is_none());
        assert!(T::from_code("never-given").is_none());
    }

    #[test]
    fn every_word_reads_back() {
        all_read_back::<Problem>();
        all_read_back::<Activity>();
        all_read_back::<AccountColour>();
        all_read_back::<Mechanism>();
        all_read_back::<Confirming>();
        all_read_back::<Sharing>();
        all_read_back::<Show>();
        all_read_back::<Subscription>();
        all_read_back::<Unreadable>();
        all_read_back::<Trust>();
        all_read_back::<Awaits>();
        all_read_back::<Unreached>();
        all_read_back::<OmemoVersion>();
        all_read_back::<Privacy>();
        assert_eq!(OmemoVersion::from_code(UNSEALED), None);
        assert_eq!(Unreadable::from_code(RETRACTED), None);
    }

    #[test]
    fn every_problem_survives_as_the_state_of_a_message() {
        for code in Problem::ALL {
            let failed = MessageState::Failed(Problem::from_code(code).unwrap());
            let (number, word) = state(&failed);
            assert_eq!(read_state(number, word), failed);
        }
        let plain = [
            MessageState::Received,
            MessageState::Pending,
            MessageState::Sent,
            MessageState::Delivered,
            MessageState::Read,
        ];
        for plain in plain {
            let (number, word) = state(&plain);
            assert_eq!(read_state(number, word), plain);
        }
    }
    #[test]
    fn every_protection_reads_back() {
        let mut all = vec![Protection::Clear, Protection::Encrypted(None)];
        for version in OmemoVersion::ALL {
            for trust in Trust::ALL {
                let trust = Trust::from_code(trust).unwrap();
                all.push(Protection::Encrypted(Some(Seal {
                    version,
                    fingerprint: Fingerprint([7; 32]),
                    trust,
                    written: None,
                })));
            }
        }
        for protected in all {
            let (version, key, trust) = protection(&protected);
            assert_eq!(read_protection(version, key.map(|key| &key[..]), trust), protected);
        }
    }

    #[test]
    fn every_sealing_reads_back_and_is_encrypted() {
        for versions in
            [vec![], vec![OmemoVersion::Legacy], vec![OmemoVersion::Omemo2], OmemoVersion::ALL.to_vec()]
        {
            let code = sealed_in(&versions);
            assert_eq!(read_sealed_in(Some(code)).len(), versions.len());
            assert!(versions.iter().all(|version| read_sealed_in(Some(code)).contains(version)));
            assert_eq!(read_protection(Some(code), None, None), Protection::Encrypted(None));
            assert_eq!(OmemoVersion::from_code(code), None);
        }
        assert_eq!(read_sealed_in(None), []);
    }

    #[test]
    fn what_was_encrypted_never_reads_as_clear_nor_clear_as_encrypted() {
        let key = Some(&[7; 32][..]);
        let unsealed = Protection::Encrypted(None);
        assert_eq!(read_protection(Some("never-given"), key, Some("blind")), unsealed);
        assert_eq!(read_protection(Some(""), None, None), unsealed);
        assert_eq!(read_protection(Some("legacy"), None, Some("blind")), unsealed);
        assert_eq!(read_protection(Some("legacy"), Some(&[7; 31]), Some("blind")), unsealed);
        assert_eq!(read_protection(None, key, Some("verified")), Protection::Clear);
        // What was decided is not known any more: nothing.
        let Protection::Encrypted(Some(seal)) = read_protection(Some("omemo-2"), key, Some("never-given"))
        else {
            panic!("it has a seal")
        };
        assert_eq!(seal.trust, Trust::Undecided);
    }
}
