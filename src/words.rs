//! What the model's enums are called before people: each variant a sentence or a word of the catalogue.

use causerie_model::{
    AddressError, BareJid, CatchUp, CertificateFault, Connection, Contact, OmemoVersion, PendingOut,
    Presence, Problem, Protection, ProxyFault, Repair, Show, Subscription, Trust, Unreadable,
};

use causerie_model::registration::RefusalReason;

use fluent_bundle::FluentValue;
use jiff::tz::TimeZone;

use crate::context::AccountState;
use crate::i18n::I18n;

/// What happened and what to do about it. `address` is the account's or person's: its provider is named.
pub(crate) fn problem(i18n: &I18n, problem: &Problem, address: &BareJid) -> String {
    i18n.with(problem_key(problem), &named(i18n, address.domain(), problem))
}

/// The same for what concerns this machine only.
pub(crate) fn local_problem(i18n: &I18n, problem: &Problem) -> String {
    i18n.with(problem_key(problem), &named(i18n, "", problem))
}

/// Why our own provider has not done what was asked of it about our account.
pub(crate) fn provider_problem(i18n: &I18n, problem: &Problem, own: &BareJid) -> String {
    let key = match problem {
        Problem::Refused => "provider-refused",
        Problem::NotSupported => "provider-not-supported",
        Problem::PolicyViolation => "provider-policy",
        Problem::ServerBusy => "provider-busy",
        Problem::ConnectionLost => "provider-lost",
        Problem::TimedOut => "provider-silent",
        problem => problem_key(problem),
    };
    i18n.with(key, &named(i18n, own.domain(), problem))
}

/// Why something that a person has started did not work. It is not tried again by itself, and no word says so.
pub(crate) fn failed_try(i18n: &I18n, problem: &Problem, address: &BareJid) -> String {
    let key = match problem {
        Problem::NoNetwork => "try-no-network",
        Problem::SignInToNetwork => "try-sign-in-to-network",
        Problem::ConnectionLost => "try-connection-lost",
        Problem::ServerShutdown => "try-server-shutdown",
        Problem::ServerBusy => "try-server-busy",
        Problem::OverLimits => "try-over-limits",
        problem => problem_key(problem),
    };
    i18n.with(key, &named(i18n, address.domain(), problem))
}

fn problem_key(problem: &Problem) -> &'static str {
    match problem {
        Problem::UnknownHost => "problem-unknown-host",
        Problem::NoNetwork => "problem-no-network",
        Problem::NoService => "problem-no-service",
        Problem::ConnectionRefused => "problem-connection-refused",
        Problem::TimedOut => "problem-timed-out",
        Problem::ConnectionLost => "problem-connection-lost",
        Problem::NoTls => "problem-no-tls",
        Problem::TlsFailed => "problem-tls-failed",
        Problem::Certificate(fault) => certificate_key(*fault),
        Problem::SignInToNetwork => "problem-sign-in-to-network",
        Problem::Proxy(fault) => proxy_key(*fault),
        Problem::WrongPassword => "problem-wrong-password",
        Problem::PasswordNeeded => "problem-password-needed",
        Problem::AccountDisabled => "problem-account-disabled",
        Problem::AuthenticationUnavailable => "problem-authentication-unavailable",
        Problem::ServerTooWeak => "problem-server-too-weak",
        Problem::Downgrade => "problem-downgrade",
        Problem::ServerNotProved => "problem-server-not-proved",
        Problem::PlainOnly => "problem-plain-only",
        Problem::WrongAddress => "problem-wrong-address",
        Problem::BindFailed => "problem-bind-failed",
        Problem::Conflict => "problem-conflict",
        Problem::Redirected => "problem-redirected",
        Problem::PolicyViolation => "problem-policy-violation",
        Problem::ServerShutdown => "problem-server-shutdown",
        Problem::ServerBusy => "problem-server-busy",
        Problem::NotServed => "problem-not-served",
        Problem::Protocol => "problem-protocol",
        Problem::OverLimits => "problem-over-limits",
        Problem::NoSuchAddress => "problem-no-such-address",
        Problem::RemoteUnreachable => "problem-remote-unreachable",
        Problem::Refused => "problem-refused",
        Problem::NotSupported => "problem-not-supported",
        Problem::PasswordRefused => "problem-password-refused",
        Problem::FormRequired => "problem-form-required",
        Problem::KeysLocked => "problem-keys-locked",
        Problem::KeysUnreadable => "problem-keys-unreadable",
        Problem::NoKeys => "problem-no-keys",
        Problem::NotEncrypted => "problem-not-encrypted",
        Problem::PerhapsSent => "problem-perhaps-sent",
        Problem::Cancelled => "problem-cancelled",
        Problem::CancelledLate => "problem-cancelled-late",
        Problem::ArrivalUnknown => "problem-arrival-unknown",
        Problem::NotInRoom => "problem-not-in-room",
        Problem::KeysUndecided => "problem-keys-undecided",
        Problem::DiskFull => "problem-disk-full",
        Problem::DiskReadOnly => "problem-disk-read-only",
        Problem::DiskFailed => "problem-disk-failed",
        Problem::DatabaseNewer => "problem-database-newer",
        Problem::DatabaseDamaged => "problem-database-damaged",
        Problem::AlreadyRunning => "problem-already-running",
        Problem::Internal => "problem-internal",
    }
}

fn proxy_key(fault: ProxyFault) -> &'static str {
    match fault {
        ProxyFault::Unreachable => "problem-proxy-unreachable",
        ProxyFault::Login => "problem-proxy-login",
        ProxyFault::Refused => "problem-proxy-refused",
        ProxyFault::CannotReach => "problem-proxy-cannot-reach",
        ProxyFault::NotUnderstood => "problem-proxy-not-understood",
        ProxyFault::Unknown => "problem-proxy-unknown",
    }
}

/// What sentences about problems name: the provider, and when it is by this machine's clock.
fn named(i18n: &I18n, provider: &str, problem: &Problem) -> Vec<(&'static str, FluentValue<'static>)> {
    let provider = ("provider", provider.to_owned().into());
    match problem {
        Problem::Certificate(CertificateFault::Expired | CertificateFault::NotYetValid) => {
            let date = i18n.date(crate::context::now(), &TimeZone::system());
            vec![provider, ("date", date.into())]
        }
        _ => vec![provider],
    }
}

fn certificate_key(fault: CertificateFault) -> &'static str {
    match fault {
        CertificateFault::Expired => "problem-certificate-expired",
        CertificateFault::NotYetValid => "problem-certificate-not-yet-valid",
        CertificateFault::WrongName => "problem-certificate-wrong-name",
        CertificateFault::UnknownIssuer => "problem-certificate-unknown-issuer",
        CertificateFault::Revoked => "problem-certificate-revoked",
        CertificateFault::Invalid => "problem-certificate-invalid",
    }
}

/// The same before somebody who has no account there yet: there is nobody to be told of it, but another provider to go to.
fn refused_certificate_key(fault: CertificateFault) -> &'static str {
    match fault {
        CertificateFault::Expired => "refusal-certificate-expired",
        CertificateFault::UnknownIssuer => "refusal-certificate-unknown",
        CertificateFault::Revoked | CertificateFault::Invalid => "refusal-certificate-bad",
        CertificateFault::NotYetValid | CertificateFault::WrongName => certificate_key(fault),
    }
}

/// Why no account could be made, and what to do about it. `at` is when it can be tried again, where that is known.
pub(crate) fn refusal(i18n: &I18n, why: &RefusalReason, provider: &BareJid, at: Option<String>) -> String {
    let named = || ("provider", provider.domain().to_owned().into());
    let key = match why {
        RefusalReason::Problem(Problem::Refused) => "refusal-refused",
        RefusalReason::Problem(Problem::NotSupported) => "refusal-not-supported",
        RefusalReason::Problem(Problem::NotServed) => "refusal-not-served",
        RefusalReason::Problem(Problem::UnknownHost) => "refusal-unknown-host",
        RefusalReason::Problem(Problem::NoService) => "refusal-no-service",
        RefusalReason::Problem(Problem::PolicyViolation) => "refusal-policy",
        RefusalReason::Problem(Problem::NoTls | Problem::TlsFailed) => "refusal-no-tls",
        RefusalReason::Problem(Problem::Certificate(fault)) => refused_certificate_key(*fault),
        RefusalReason::Problem(what) => return failed_try(i18n, what, provider),
        RefusalReason::TooManyAccounts { .. } | RefusalReason::TooManyForms { .. } => {
            let (timed, untimed) = match why {
                RefusalReason::TooManyAccounts { wait: Some(_) } => {
                    ("refusal-too-many-accounts-until", "refusal-too-many-accounts")
                }
                RefusalReason::TooManyAccounts { wait: None } => {
                    ("refusal-too-many-accounts-usual", "refusal-too-many-accounts")
                }
                _ => ("refusal-too-many-forms-until", "refusal-too-many-forms"),
            };
            return match at {
                Some(at) => i18n.with(timed, &[named(), ("time", at.into())]),
                None => i18n.with(untimed, &[named()]),
            };
        }
        RefusalReason::NameTaken => "wizard-name-taken",
        RefusalReason::NameNotAllowed => "wizard-name-refused",
        RefusalReason::PasswordNotAllowed => "refusal-password",
        RefusalReason::PuzzleFailed | RefusalReason::FormUsedUp => "refusal-puzzle",
        RefusalReason::AnswersNotAccepted => "refusal-answers",
        RefusalReason::InvitationNeeded => "refusal-invitation-needed",
        RefusalReason::InvitationInvalid => "refusal-invitation-invalid",
        RefusalReason::OnTheWeb(_) => "refusal-on-the-web",
        RefusalReason::Closed => "refusal-closed",
        RefusalReason::NotAllowed => "refusal-not-allowed",
        RefusalReason::FormNotUnderstood => "refusal-form",
        RefusalReason::OutcomeUnknown => "refusal-unknown",
    };
    i18n.with(key, &[named()])
}

/// What is wrong with an address that somebody typed.
pub(crate) fn address_error(i18n: &I18n, error: AddressError) -> String {
    i18n.get(match error {
        AddressError::Empty => "address-empty",
        AddressError::NoLocalPart => "address-no-local-part",
        AddressError::NoDomain => "address-no-domain",
        AddressError::TooLong => "address-too-long",
        AddressError::BadLocalPart => "address-bad-local-part",
        AddressError::BadDomain => "address-bad-domain",
        AddressError::BadResource | AddressError::HasResource => "address-has-resource",
        AddressError::SecondAt => "address-second-at",
    })
}

/// How available somebody is, in a word or two, with their own words after it.
pub(crate) fn presence(i18n: &I18n, presence: &Presence) -> String {
    match presence {
        Presence::Offline => i18n.get("presence-offline"),
        Presence::Online { show: how, status } if status.trim().is_empty() => show(i18n, *how),
        Presence::Online { show: how, status } => format!("{} · {}", show(i18n, *how), one_line(status)),
    }
}

/// How available, in a word or two.
pub(crate) fn show(i18n: &I18n, show: Show) -> String {
    i18n.get(match show {
        Show::Available => "presence-online",
        Show::Chat => "presence-chat",
        Show::Away => "presence-away",
        Show::ExtendedAway => "presence-long-away",
        Show::DoNotDisturb => "presence-busy",
    })
}

/// Who sees whose availability.
pub(crate) fn subscription(i18n: &I18n, contact: &Contact) -> String {
    let name = [("name", contact.display_name().into())];
    match (contact.item.subscription, contact.item.pending_out) {
        (Subscription::Both, _) => i18n.get("subscription-both"),
        (Subscription::To, _) => i18n.with("subscription-to", &name),
        (_, PendingOut::Asked) => i18n.with("subscription-asked", &name),
        (Subscription::From, PendingOut::No) => i18n.with("subscription-from", &name),
        (Subscription::None, PendingOut::No) => i18n.get("subscription-none"),
    }
}

/// Whether somebody has not answered yet that we asked to see, in place of their availability.
fn waiting(i18n: &I18n, contact: &Contact) -> Option<String> {
    let hidden = matches!(contact.item.subscription, Subscription::None | Subscription::From);
    let waits = hidden && contact.item.pending_out == PendingOut::Asked;
    waits.then(|| i18n.with("presence-asked", &[("name", contact.display_name().into())]))
}

/// Where a person is; of one who is not seen, that they have been asked.
pub(crate) fn whereabouts(i18n: &I18n, presence: &Presence, contact: Option<&Contact>) -> String {
    let asked = contact.filter(|_| *presence == Presence::Offline).and_then(|contact| waiting(i18n, contact));
    asked.unwrap_or_else(|| self::presence(i18n, presence))
}

/// Why a message has no text.
pub(crate) fn unreadable(i18n: &I18n, why: Unreadable) -> String {
    i18n.get(match why {
        Unreadable::OverLimits => "unreadable-over-limits",
        Unreadable::Malformed => "unreadable-malformed",
        Unreadable::NotForThisDevice => "unreadable-not-for-this-device",
        Unreadable::InRoom => "unreadable-in-room",
        Unreadable::KeysLost => "unreadable-keys-lost",
        Unreadable::Altered => "unreadable-altered",
        Unreadable::KeyReplaced => "unreadable-key-replaced",
        Unreadable::Misdirected => "unreadable-misdirected",
        Unreadable::Early => "unreadable-early",
        Unreadable::Delayed => "unreadable-delayed",
        Unreadable::KeyOfOther => "unreadable-key-of-other",
        Unreadable::KeyOfOtherStranger => "unreadable-key-of-other-stranger",
        Unreadable::Copied => "unreadable-copied",
        Unreadable::NotShown => "unreadable-not-shown",
        Unreadable::NotKept => "unreadable-not-kept",
    })
}

/// How beginning anew goes, and what to do then.
pub(crate) fn repair(i18n: &I18n, repair: Repair) -> String {
    i18n.get(match repair {
        Repair::Waiting => "repair-waiting",
        Repair::Begun => "repair-begun",
        Repair::Done => "repair-done",
        Repair::Failed => "repair-failed",
    })
}

/// How a message was protected, and by whose key.
pub(crate) fn protection(i18n: &I18n, protection: Protection) -> String {
    let said = protection_alone(i18n, protection);
    let Protection::Encrypted(Some(seal)) = protection else { return said };
    let trust = i18n.get(match seal.trust {
        Trust::Verified => "trust-verified",
        Trust::Blind => "trust-blind",
        Trust::Undecided => "trust-undecided",
        Trust::Distrusted => "trust-distrusted",
    });
    format!("{said} · {trust}")
}

/// How a message was protected, without whose key it was.
pub(crate) fn protection_alone(i18n: &I18n, protection: Protection) -> String {
    match protection {
        Protection::Clear => i18n.get("not-encrypted"),
        Protection::Encrypted(None) => i18n.get("encrypted"),
        Protection::Encrypted(Some(seal)) => encrypted_in(i18n, &[seal.version]),
    }
}

/// That something was encrypted, and in which versions.
pub(crate) fn encrypted_in(i18n: &I18n, versions: &[OmemoVersion]) -> String {
    let name = |version: &OmemoVersion| {
        i18n.get(match version {
            OmemoVersion::Legacy => "version-legacy",
            OmemoVersion::Omemo2 => "version-omemo-2",
        })
    };
    let names: Vec<String> = versions.iter().map(name).collect();
    match names.is_empty() {
        true => i18n.get("encrypted"),
        false => format!("{} ({})", i18n.get("encrypted"), names.join(", ")),
    }
}

/// The state of a connection, in one line. What can be done about a problem is said elsewhere.
pub(crate) fn connection(i18n: &I18n, connection: &Connection, account: &BareJid) -> String {
    match connection {
        Connection::Offline => i18n.get("connection-offline"),
        Connection::Connecting => i18n.get("connection-connecting"),
        Connection::SigningIn => i18n.get("connection-signing-in"),
        Connection::Online => i18n.get("connection-online"),
        Connection::Waiting { .. } => i18n.get("connection-waiting"),
        Connection::Stopped(why) => problem(i18n, why, account),
    }
}

/// A text in one line, for places that have only one.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How far what was missed has been fetched, where that is not over.
pub(crate) fn is_catching_up(account: &AccountState) -> Option<CatchUp> {
    account.catching_up.filter(|_| account.connection == Connection::Online)
}

/// The same, as a sentence.
pub(crate) fn catching_up(i18n: &I18n, account: &AccountState) -> Option<String> {
    Some(match is_catching_up(account)? {
        CatchUp::Fetching { messages } => i18n.with("account-fetching", &[("count", messages.into())]),
        CatchUp::Stopped | CatchUp::Done => i18n.get("account-not-fetched"),
    })
}
