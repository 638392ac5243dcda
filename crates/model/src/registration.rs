//! Creating an account: what a provider asks, what a person answers, what came of it.
//!
//! Sources: XEP-0077 2.4 (registration), XEP-0004 2.13.1 (forms), XEP-0158 1.0 (puzzles), XEP-0221 1.0 and XEP-0231 1.0 (pictures),
//! XEP-0401 0.5 and XEP-0445 0.2 (invitations).
//!
//! There is no account yet, so nothing of this is stored by the ledger: the wizard holds what was typed.

use std::fmt;
use std::time::Duration;

use crate::{BareJid, Password, Problem};

/// What a person asks of a provider where they have no account yet. Commands have no answers, only events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationCommand {
    /// Connect and learn whether new accounts are taken. Nothing else is fetched.
    Probe,
    /// Fetch a form, on the stream that is there or on a new one. Takes the place of an earlier form.
    FetchForm,
    /// Send a filled-in form, on the stream that is there or on a new one. Each form can be sent once. What can't be sent as it is (an
    /// impossible name, no password, an answer that is needed and missing) is refused without being sent: the form is still good.
    Submit(Submission),
    /// Give up what is being done and end the stream. Another command begins anew. What was sent already is not taken back:
    /// [`RefusalReason::OutcomeUnknown`] follows then.
    Cancel,
}

/// A filled-in form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Which form it answers.
    pub form: FormId,
    /// The name before the `@`.
    pub name: String,
    /// The password.
    pub password: Password,
    /// Answers to the form's fields. Hidden fields are sent back without being told.
    pub answers: Vec<Answer>,
}

/// An answer to one field.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// [`Field::name`].
    pub name: String,
    /// One value, several, or none. `true` and `false` for [`FieldKind::Boolean`].
    pub values: Vec<String>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answer({:?}, …)", self.name)
    }
}

/// What has happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistrationEvent {
    /// Something else is being done. [`Stage::Idle`] comes behind the event that ends what was done.
    StageChanged(Stage),
    /// What the provider offers. Comes with each new stream.
    Offered(Offer),
    /// The form to fill in.
    FormReceived(Form),
    /// The account is there. The stream is over.
    Created(BareJid),
    /// What was asked did not work. The form that was sent, if one was, is used up.
    Refused(Refusal),
}

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nothing: there is nothing to wait for.
    Idle,
    /// Looking the provider up, connecting, agreeing on encryption.
    Connecting,
    /// Waiting for the form.
    Asking,
    /// Waiting for the answer to a form.
    Submitting,
}

/// What a provider offers to people without an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Accounts are made here. Whether by invitation only is not told beforehand by every provider.
    Open {
        /// Invitations are understood.
        invitations: Invitations,
    },
    /// No accounts are made in this way.
    Closed,
}

/// Whether a provider understands invitations (XEP-0445).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invitations {
    /// It does.
    Understood,
    /// It does not.
    Unknown,
}

/// Names a form within one registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormId(pub u64);

/// What a provider wants to know. Name and password are not among the fields: the wizard asks for them by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Which.
    pub id: FormId,
    /// Its title.
    pub title: Option<String>,
    /// What the provider says about it, a paragraph each.
    pub instructions: Vec<String>,
    /// What it asks, in its order.
    pub fields: Vec<Field>,
    /// How long it can be sent, from the event on; what it was on its way is taken off. `None`: no limit is known.
    pub valid_for: Option<Duration>,
    /// A web page that does the same: `https`, or `http` where it shows a puzzle and nothing else. Opened by nothing but a click.
    pub web_page: Option<String>,
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in the form (`var`); empty for [`FieldKind::Fixed`].
    pub name: String,
    /// What is written beside it. The provider's words; its name where it gave none.
    pub label: String,
    /// A longer explanation (`desc`).
    pub hint: Option<String>,
    /// What it takes.
    pub kind: FieldKind,
    /// What it is about.
    pub purpose: FieldPurpose,
    /// Whether an answer is needed.
    pub required: bool,
    /// What is filled in already; the text of [`FieldKind::Fixed`].
    pub values: Vec<String>,
    /// What can be chosen.
    pub options: Vec<FieldOption>,
    /// A picture that belongs to it.
    pub picture: Option<Picture>,
}

/// What a field takes (XEP-0004 2.13.1 §3.3). A kind that is unknown is [`FieldKind::TextSingle`], as there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Yes or no.
    Boolean,
    /// Nothing: words of the provider.
    Fixed,
    /// Addresses.
    JidMulti,
    /// An address.
    JidSingle,
    /// Any of the options.
    ListMulti,
    /// One of the options.
    ListSingle,
    /// Lines of text.
    TextMulti,
    /// A secret.
    TextPrivate,
    /// A line of text.
    TextSingle,
}

/// What a field is about, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldPurpose {
    /// The answer to a puzzle (XEP-0158).
    Puzzle,
    /// An e-mail address (XEP-0077).
    Email,
    /// Anything else.
    Other,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldOption {
    /// What is read.
    pub label: String,
    /// What is sent.
    pub value: String,
}

/// A picture as it came, not decoded. At most 64 KiB; its hash is the one it was announced by. Without any bytes it was announced,
/// but did not come, or was not what had been announced: there is nothing to see, and that is to be said.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// What it claims to be, for instance `image/png`.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({:?}, {} bytes)", self.media_type, self.bytes.len())
    }
}

/// Why something did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: RefusalReason,
    /// The provider's own words, cleaned and shortened; to be shown as what they are.
    pub words: Option<String>,
}

/// Why a form could not be had, or was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// Somebody has that name.
    NameTaken,
    /// The name is not allowed.
    NameNotAllowed,
    /// The password is not good enough, or has signs that are not allowed.
    PasswordNotAllowed,
    /// The puzzle was solved wrongly, or too late.
    PuzzleFailed,
    /// An answer is missing or not accepted.
    AnswersNotAccepted,
    /// Another account was made from this network lately.
    TooManyAccounts {
        /// When it can be tried again, from the event on, where that is known.
        wait: Option<Duration>,
    },
    /// Too many forms were fetched.
    TooManyForms {
        /// When it can be tried again, from the event on.
        wait: Duration,
    },
    /// Accounts are made by invitation only.
    InvitationNeeded,
    /// The invitation was used already, or its time is over.
    InvitationInvalid,
    /// Accounts are made on a web page, `https` only. Opened by nothing but a click.
    OnTheWeb(Option<String>),
    /// No accounts are made there.
    Closed,
    /// The provider does not allow it, and says no more.
    NotAllowed,
    /// The form can't be understood or is over the limits.
    FormNotUnderstood,
    /// Whether the account was made is not known: the connection was lost after the form was sent. Signing in tells.
    OutcomeUnknown,
    /// The form is too old, or was sent already.
    FormUsedUp,
    /// The connection, or anything else.
    Problem(Problem),
}
