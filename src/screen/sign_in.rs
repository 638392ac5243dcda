//! Signing in to an account that exists: one that is new here, or one whose password is wanted again.
//!
//! What was typed stays through every error. The password is kept only after the provider has said that it is right.

mod known;
mod view;

use causerie_model::{AccountId, AddressError, BareJid, Connection, Password, Problem, ServerAddress};
use zeroize::Zeroizing;

use crate::context::Context;
use crate::platform::credentials::Fault;

pub(crate) use view::{ADDRESS, ASK, PASSWORD, REFUSE, SERVER, view};

/// What was typed, and how far it got.
#[derive(Debug)]
pub(crate) struct SignIn {
    purpose: Purpose,
    address: String,
    password: Zeroizing<String>,
    password_shown: Shown,
    server: String,
    options: Shown,
    stage: Stage,
    trouble: Option<Trouble>,
}

/// Why somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Purpose {
    /// An account that is not in Causerie yet.
    New,
    /// The password of one that is.
    Password(AccountId, BareJid),
}

/// Whether something is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shown {
    #[default]
    No,
    Yes,
}

impl Shown {
    fn other(self) -> Self {
        if self == Self::No { Self::Yes } else { Self::No }
    }
}

/// How far it got.
#[derive(Debug, PartialEq, Eq)]
enum Stage {
    /// The person types.
    Form,
    /// We wait for the provider.
    Trying(Connection),
    /// The provider takes the password only as it is: may it be sent?
    Plain,
    /// We wait for the keyring.
    Keeping,
    /// The keyring did not take the password.
    NotKept(Fault),
}

/// What is wrong, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Trouble {
    field: Field,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Address,
    Password,
    Server,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Address => ADDRESS,
            Self::Password => PASSWORD,
            Self::Server => SERVER,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    Address(AddressError),
    AccountKnown,
    NoPassword,
    NotAServer,
    Problem(Problem, BareJid),
}

/// What has happened.
#[derive(Clone)]
pub(crate) enum Message {
    /// The address was edited.
    AddressChanged(String),
    /// The password was edited.
    PasswordChanged(String),
    /// The eye was pressed.
    PasswordShown,
    /// “More options” was pressed.
    OptionsToggled,
    /// The server address was edited.
    ServerChanged(String),
    /// Enter, or the button.
    Submitted,
    /// Cancel, or Escape.
    Cancelled,
    /// The connection that was asked for got further.
    ConnectionChanged(Connection),
    /// The account could not even be tried.
    NotStarted(Problem),
    /// The person agreed that the password is sent as it is.
    PlainAllowed,
    /// The keyring has answered.
    Kept(Result<(), Fault>),
    /// The keyring is to be tried again.
    KeepRetried,
    /// The password is to be asked at each start.
    AskedEachTime,
    /// The password is to be copied.
    CopyPressed,
}

impl std::fmt::Debug for Message {
    /// What was typed is not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sign_in::Message")
    }
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Nothing.
    None,
    /// Put the caret into that field.
    Focus(&'static str),
    /// Try this account.
    Start {
        /// Which, when it is here already.
        account: Option<AccountId>,
        /// Its address.
        jid: BareJid,
        /// Its password.
        password: Password,
        /// Where to connect, when not where DNS says.
        server: Option<ServerAddress>,
    },
    /// Stop trying.
    Stop,
    /// The password may be sent as it is.
    AllowPlain,
    /// Keep the password in the keyring.
    Keep(BareJid, Password),
    /// Put the password onto the clipboard.
    Copy(Password),
    /// The account is signed in.
    Finish,
    /// Back to where we came from.
    Leave,
}

impl SignIn {
    /// For an account that is not here yet; `address` is filled in.
    pub(crate) fn new(address: &str) -> Self {
        Self::with(Purpose::New, address.to_owned())
    }

    /// For the password of an account that is here.
    pub(crate) fn for_password(account: AccountId, jid: &BareJid) -> Self {
        Self::with(Purpose::Password(account, jid.clone()), jid.to_string())
    }

    /// For an account that was just made, with all that is needed.
    pub(crate) fn with_password(address: &str, password: Password) -> Self {
        let password = Zeroizing::new(password.reveal().to_owned());
        Self { password, ..Self::new(address) }
    }

    fn with(purpose: Purpose, address: String) -> Self {
        Self {
            purpose,
            address,
            password: Zeroizing::default(),
            password_shown: Shown::No,
            server: String::new(),
            options: Shown::No,
            stage: Stage::Form,
            trouble: None,
        }
    }

    /// The address, where it is one.
    pub(crate) fn jid(&self) -> Option<BareJid> {
        BareJid::parse_typed(&self.address).ok()
    }

    /// The field to begin with.
    pub(crate) fn first_field(&self) -> &'static str {
        if self.purpose == Purpose::New && self.address.is_empty() { ADDRESS } else { PASSWORD }
    }

    /// The field where something is wrong, else the first one.
    pub(crate) fn field_in_trouble(&self) -> &'static str {
        self.trouble.as_ref().map_or(self.first_field(), |trouble| trouble.field.name())
    }

    /// Changes what is shown, and says what is to be done.
    pub(crate) fn update(&mut self, message: Message, context: &Context) -> Action {
        match message {
            Message::AddressChanged(address) => {
                self.address = address;
                self.trouble = None;
                self.check_while_typing();
            }
            Message::PasswordChanged(password) => {
                self.password = Zeroizing::new(password);
                self.forget_trouble_with(Field::Password);
            }
            Message::PasswordShown => self.password_shown = self.password_shown.other(),
            Message::OptionsToggled => self.options = self.options.other(),
            Message::ServerChanged(server) => {
                self.server = server;
                self.forget_trouble_with(Field::Server);
            }
            Message::Submitted => return self.submit(context),
            Message::Cancelled => return self.cancel(),
            Message::ConnectionChanged(connection) => return self.connection_changed(connection),
            Message::NotStarted(problem) => return self.failed(problem),
            Message::PlainAllowed if self.stage == Stage::Plain => {
                self.stage = Stage::Trying(Connection::Connecting);
                return Action::AllowPlain;
            }
            Message::KeepRetried => return self.keep(),
            Message::Kept(Ok(())) | Message::AskedEachTime => return Action::Finish,
            Message::Kept(Err(fault)) => {
                self.stage = Stage::NotKept(fault);
                return Action::Focus(ASK);
            }
            Message::CopyPressed => return Action::Copy(self.secret()),
            Message::PlainAllowed => {}
        }
        Action::None
    }

    /// Says early what can't become right by typing on.
    fn check_while_typing(&mut self) {
        let Err(error) = BareJid::parse_typed(&self.address) else { return };
        match error {
            AddressError::Empty
            | AddressError::NoDomain
            | AddressError::NoLocalPart
            // `name@exampl` and `name@example.` are on their way.
            | AddressError::BadDomain => {}
            _ => self.trouble = Some(Trouble { field: Field::Address, what: What::Address(error) }),
        }
    }

    fn forget_trouble_with(&mut self, field: Field) {
        // A wrong password is a wrong pair: either of the two may be mended.
        self.trouble = self.trouble.take().filter(|trouble| trouble.field != field);
    }

    fn submit(&mut self, context: &Context) -> Action {
        match self.stage {
            Stage::Form => {}
            Stage::Plain => return self.update(Message::PlainAllowed, context),
            _ => return Action::None,
        }
        match self.checked(context) {
            Ok(start) => {
                self.trouble = None;
                self.stage = Stage::Trying(Connection::Connecting);
                start
            }
            Err(trouble) => self.stumble(trouble),
        }
    }

    fn checked(&self, context: &Context) -> Result<Action, Trouble> {
        let trouble = |field, what| Trouble { field, what };
        let jid = BareJid::parse_typed(&self.address)
            .map_err(|error| trouble(Field::Address, What::Address(error)))?;
        let account = match &self.purpose {
            Purpose::Password(account, _) => Some(*account),
            Purpose::New if context.accounts.iter().any(|account| account.account.jid == jid) => {
                return Err(trouble(Field::Address, What::AccountKnown));
            }
            Purpose::New => None,
        };
        if self.password.is_empty() {
            return Err(trouble(Field::Password, What::NoPassword));
        }
        let server = match self.server.trim() {
            "" => None,
            text => Some(ServerAddress::parse(text).ok_or(trouble(Field::Server, What::NotAServer))?),
        };
        Ok(Action::Start { account, jid, password: self.secret(), server })
    }

    fn secret(&self) -> Password {
        Password::new(self.password.as_str().to_owned())
    }

    fn connection_changed(&mut self, connection: Connection) -> Action {
        if !matches!(self.stage, Stage::Trying(_) | Stage::Plain) {
            return Action::None;
        }
        match connection {
            Connection::Online => self.keep(),
            Connection::Stopped(Problem::PlainOnly) => {
                self.stage = Stage::Plain;
                Action::Focus(REFUSE)
            }
            Connection::Stopped(problem) | Connection::Waiting { problem, .. } => self.failed(problem),
            // What came before our own wish was carried out.
            Connection::Offline => Action::None,
            other => {
                self.stage = Stage::Trying(other);
                Action::None
            }
        }
    }

    fn failed(&mut self, problem: Problem) -> Action {
        let Ok(jid) = BareJid::parse_typed(&self.address) else { return Action::Stop };
        let own_server = !self.server.trim().is_empty();
        let field = match problem {
            Problem::WrongPassword | Problem::PasswordNeeded | Problem::AccountDisabled => Field::Password,
            Problem::NotServed
            | Problem::UnknownHost
            | Problem::ConnectionRefused
            | Problem::TimedOut
            | Problem::NoTls
            | Problem::TlsFailed
            | Problem::Redirected
                if own_server =>
            {
                Field::Server
            }
            _ => Field::Address,
        };
        self.stumble(Trouble { field, what: What::Problem(problem, jid) });
        Action::Stop
    }

    /// Shows what is wrong where it belongs.
    fn stumble(&mut self, trouble: Trouble) -> Action {
        self.stage = Stage::Form;
        let field = trouble.field;
        if field == Field::Server {
            self.options = Shown::Yes;
        }
        self.trouble = Some(trouble);
        Action::Focus(field.name())
    }

    fn keep(&mut self) -> Action {
        let Ok(jid) = BareJid::parse_typed(&self.address) else { return Action::Finish };
        self.stage = Stage::Keeping;
        Action::Keep(jid, self.secret())
    }

    fn cancel(&mut self) -> Action {
        match self.stage {
            Stage::Form => Action::Leave,
            Stage::Trying(_) | Stage::Plain => {
                self.stage = Stage::Form;
                Action::Stop
            }
            // Nobody goes on by going back: the choice is shown, and stays.
            Stage::Keeping => {
                self.stage = Stage::NotKept(Fault::Locked);
                Action::Focus(ASK)
            }
            Stage::NotKept(_) => Action::None,
        }
    }
}

#[cfg(test)]
mod tests;
