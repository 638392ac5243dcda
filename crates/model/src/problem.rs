//! What went wrong, as something that can be said in any language.

/// A fault that a person should hear of. The words for each are in the app's catalogues.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// The address of the server could not be found (DNS has no such name).
    UnknownHost,
    /// DNS itself does not answer: most likely there is no network.
    NoNetwork,
    /// The domain says that it has no XMPP service (SRV target `.`).
    NoService,
    /// Nothing listens there.
    ConnectionRefused,
    /// No answer in time.
    TimedOut,
    /// The connection broke.
    ConnectionLost,
    /// The server does not encrypt the connection.
    NoTls,
    /// The encrypted connection could not be agreed on.
    TlsFailed,
    /// The server's certificate does not prove who it is.
    Certificate(CertificateFault),
    /// What answers is the network's own page, which wants somebody to sign in first (a captive portal).
    SignInToNetwork,
    /// There is no way through the proxy.
    Proxy(ProxyFault),
    /// Wrong user name or password.
    WrongPassword,
    /// No password is at hand: none was given, or the keyring gave none.
    PasswordNeeded,
    /// The account is disabled or expired.
    AccountDisabled,
    /// The server cannot check passwords at the moment (`temporary-auth-failure`).
    AuthenticationUnavailable,
    /// The server offers no way to sign in that protects the password.
    ServerTooWeak,
    /// The server used to offer something stronger: somebody may be in between.
    Downgrade,
    /// The server could not prove that it knows the password.
    ServerNotProved,
    /// The server only takes the password as it is (PLAIN); the person has to agree first.
    PlainOnly,
    /// The server gave us another address than our own.
    WrongAddress,
    /// The server could not give us an address (`<bind/>` failed).
    BindFailed,
    /// Another program took our place (`conflict`).
    Conflict,
    /// The server sends us elsewhere (`see-other-host`), which is not followed.
    Redirected,
    /// The server says that we broke its rules (`policy-violation`).
    PolicyViolation,
    /// The server is shutting down or restarting.
    ServerShutdown,
    /// The server has too much to do (`resource-constraint`).
    ServerBusy,
    /// The server does not serve this domain (`host-unknown`, `host-gone`).
    NotServed,
    /// The server does not follow the protocol.
    Protocol,
    /// The server sent more than is let in.
    OverLimits,
    /// A recipient or address does not exist.
    NoSuchAddress,
    /// The other side's server cannot be reached.
    RemoteUnreachable,
    /// The other side does not want this (`forbidden`, `not-allowed`, `not-acceptable`).
    Refused,
    /// What was asked is not possible there (`service-unavailable`, `feature-not-implemented`).
    NotSupported,
    /// The server does not take this password: too short, too simple, or with characters that it can't have.
    PasswordRefused,
    /// The server wants more to be filled in than can be asked for here; its web page may do it.
    FormRequired,
    /// The account's keys can't be read: the keyring is locked.
    KeysLocked,
    /// The account's keys can't be read: the file with the key that seals them is damaged, or the disk is.
    KeysUnreadable,
    /// The other side has no device that can read encrypted messages.
    NoKeys,
    /// It could not be encrypted, and by now the person has chosen that nothing is.
    NotEncrypted,
    /// It was sent encrypted and may have arrived or not; it could not be encrypted again, and by now the person has chosen that
    /// nothing is.
    PerhapsSent,
    /// The person has taken it back before it was sent.
    Cancelled,
    /// The person does not want it to be sent any more, but it was on its way: it may arrive.
    CancelledLate,
    /// It went out, and nothing says whether it has arrived: it may have, and is not sent again by itself.
    ArrivalUnknown,
    /// We are not in that room any more.
    NotInRoom,
    /// Nobody has decided yet about the other side's new keys.
    KeysUndecided,
    /// The disk is full.
    DiskFull,
    /// The data folder cannot be written.
    DiskReadOnly,
    /// Reading or writing the data folder failed.
    DiskFailed,
    /// The database was made by a newer version of the program.
    DatabaseNewer,
    /// The database is damaged. It is left as it is.
    DatabaseDamaged,
    /// Another copy of the program uses the same data folder.
    AlreadyRunning,
    /// A fault of ours.
    Internal,
}

/// Why a certificate was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CertificateFault {
    /// Its time is over, by this machine's clock.
    Expired,
    /// Its time has not come, by this machine's clock.
    NotYetValid,
    /// It is for another name.
    WrongName,
    /// Nobody we trust vouches for it.
    UnknownIssuer,
    /// It was withdrawn.
    Revoked,
    /// Anything else.
    Invalid,
}

/// Why a proxy is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProxyFault {
    /// Nothing answers at its address.
    Unreachable,
    /// It wants a name and password, or others than it got.
    Login,
    /// It does not allow this connection.
    Refused,
    /// It can't reach the server.
    CannotReach,
    /// What answers is no proxy of that kind.
    NotUnderstood,
    /// Which one it is can't be known: what was chosen can't be read, or names a kind that isn't spoken here.
    Unknown,
}

/// Whether trying again by itself makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It may work later.
    Automatic,
    /// Only a person can mend it.
    OnRequest,
}

impl Problem {
    /// Whether a connection that failed so is tried again by itself. What may be a passing state of a server or network is.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Certificate(_)
            | Self::Proxy(ProxyFault::Login | ProxyFault::Unknown)
            | Self::WrongPassword
            | Self::PasswordNeeded
            | Self::AccountDisabled
            | Self::ServerTooWeak
            | Self::Downgrade
            | Self::ServerNotProved
            | Self::PlainOnly
            | Self::WrongAddress
            | Self::Conflict
            | Self::Redirected
            | Self::KeysLocked
            | Self::KeysUnreadable
            | Self::FormRequired
            | Self::DatabaseNewer
            | Self::DatabaseDamaged
            | Self::AlreadyRunning => Retry::OnRequest,
            _ => Retry::Automatic,
        }
    }
}
