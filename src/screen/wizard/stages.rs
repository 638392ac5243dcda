//! The wizard at every stage, brought there by what a person and a provider do. For tests and pictures.

mod doubtful;

use causerie_model::registration::{
    Field, FieldKind, FieldOption, FieldPurpose, Form, FormId, Invitations, Offer, Picture, Refusal,
    RefusalReason, RegistrationEvent,
};
use causerie_model::{BareJid, Connection, Problem};
use std::time::Duration;

use super::{Action, Message, Wizard, asking, contact, identity, provider, puzzle, ready, view};
use crate::context::Context;
use crate::portrait::Original;
use crate::screen::samples;
use crate::widget::harness::Harness;

/// What a screen reader reads of it, from above to below.
pub(super) fn labels(wizard: &Wizard, context: &Context) -> Vec<String> {
    let found = Harness::new((900.0, 2400.0), view(wizard, context)).audit();
    found.iter().map(|found| found.label().to_owned()).collect()
}

/// Whether that is said somewhere.
pub(super) fn says(wizard: &Wizard, context: &Context, words: &str) -> bool {
    labels(wizard, context).iter().any(|label| label.contains(words))
}

/// Lets something happen; the answer is what is to be done. The keyring takes what it is given.
pub(crate) fn happen(wizard: &mut Wizard, message: Message, context: &Context) -> Vec<Action> {
    let mut actions = wizard.update(message, context).1;
    let hold = actions.iter().find_map(|action| match action {
        Action::Safeguard(hold, ..) => Some(*hold),
        _ => None,
    });
    if let Some(hold) = hold {
        actions.extend(wizard.update(Message::Safeguarded(hold, Ok(())), context).1);
    }
    actions
}

/// The account is there, and its provider lets in.
pub(super) fn online(wizard: &mut Wizard, context: &Context) -> Vec<Action> {
    let online = crate::screen::sign_in::Message::ConnectionChanged(Connection::Online);
    happen(wizard, Message::SignIn(online), context)
}

pub(super) fn tell(wizard: &mut Wizard, event: RegistrationEvent, context: &Context) -> Vec<Action> {
    happen(wizard, Message::Registration(event), context)
}

pub(crate) fn refuse(wizard: &mut Wizard, reason: RefusalReason, context: &Context) -> Vec<Action> {
    let words = Some("Users are not allowed to register accounts so quickly".to_owned());
    let words = words.filter(|_| matches!(reason, RefusalReason::TooManyAccounts { .. }));
    tell(wizard, RegistrationEvent::Refused(Refusal { reason, words }), context)
}

pub(super) fn open() -> RegistrationEvent {
    RegistrationEvent::Offered(Offer::Open { invitations: Invitations::Unknown })
}

/// A field of a form.
pub(super) fn field(name: &str, label: &str, kind: FieldKind) -> Field {
    Field {
        name: name.to_owned(),
        label: label.to_owned(),
        hint: None,
        kind,
        purpose: FieldPurpose::Other,
        required: false,
        values: Vec::new(),
        options: Vec::new(),
        picture: None,
    }
}

/// What chapril.org asks: a puzzle and nothing else.
pub(super) fn puzzle_form(id: u64) -> Form {
    let ocr = Field {
        purpose: FieldPurpose::Puzzle,
        required: true,
        picture: Some(Picture { media_type: "image/png".to_owned(), bytes: drawing() }),
        ..field("ocr", "Enter the text you see", FieldKind::TextSingle)
    };
    Form {
        id: FormId(id),
        title: None,
        instructions: vec!["Choose a username and password to register with this server".to_owned()],
        fields: vec![ocr],
        valid_for: Some(Duration::from_secs(120)),
        web_page: Some("https://chat.chapril.org/captcha/1532/".to_owned()),
    }
}

/// A form without questions.
pub(super) fn plain_form(id: u64) -> Form {
    Form { fields: Vec::new(), valid_for: None, web_page: None, ..puzzle_form(id) }
}

/// A form with a field of every kind.
pub(super) fn every_field(id: u64) -> Form {
    let option = |value: &str| FieldOption { label: value.to_owned(), value: value.to_owned() };
    let options = vec![option("A friend"), option("A page of the web"), option("Elsewhere")];
    let fixed = Field { values: vec!["We are a small team.".to_owned()], ..field("", "", FieldKind::Fixed) };
    let email =
        Field { purpose: FieldPurpose::Email, ..field("email", "E-mail address", FieldKind::TextSingle) };
    Form {
        title: Some("Welcome to chat.example".to_owned()),
        fields: vec![
            fixed,
            email,
            field("code", "Code of the club", FieldKind::TextPrivate),
            field("friend", "Who recommends you", FieldKind::JidSingle),
            field("friends", "Others", FieldKind::JidMulti),
            Field { required: true, ..field("why", "Tell us about yourself", FieldKind::TextMulti) },
            Field {
                options: options.clone(),
                values: vec!["A friend".to_owned()],
                ..field("from", "How did you find us?", FieldKind::ListSingle)
            },
            Field { options, ..field("interests", "What do you like?", FieldKind::ListMulti) },
            field("news", "Send me news", FieldKind::Boolean),
        ],
        ..plain_form(id)
    }
}

/// Seven segments a digit, a wave and some dirt: about what an ejabberd draws.
pub(super) fn drawing() -> Vec<u8> {
    const DIGITS: [u8; 6] = [0b101_1011, 0b000_0110, 0b111_1101, 0b100_1111, 0b110_1101, 0b111_1111];
    let segment = |bits: u8, x: f32, y: f32| {
        let near = |value: f32, to: f32| (value - to).abs() < 2.2;
        let on = |place: u8| bits & (1 << place) != 0;
        let (inside_x, upper, lower) =
            ((3.0..17.0).contains(&x), (3.0..17.0).contains(&y), (19.0..33.0).contains(&y));
        (on(0) && near(y, 2.0) && inside_x)
            || (on(1) && near(x, 18.0) && upper)
            || (on(2) && near(x, 18.0) && lower)
            || (on(3) && near(y, 34.0) && inside_x)
            || (on(4) && near(x, 2.0) && lower)
            || (on(5) && near(x, 2.0) && upper)
            || (on(6) && near(y, 18.0) && inside_x)
    };
    let picture = image::GrayImage::from_fn(180, 60, |x, y| {
        let (x, y) = (x as f32, y as f32 + 4.0 * (x as f32 / 14.0).sin());
        let place = ((x - 8.0) / 28.0).floor();
        let ink = place >= 0.0
            && DIGITS
                .get(place as usize)
                .is_some_and(|bits| segment(*bits, x - 8.0 - place * 28.0, y - 12.0));
        let dirt = (x * 12.9898 + y * 78.233).sin() * 43_758.547;
        let dirty = dirt - dirt.floor() > 0.93;
        image::Luma([if ink != dirty { 40 } else { 236 }])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    file.into_inner()
}

/// At the page of providers.
pub(crate) fn newcomer(context: &Context) -> Wizard {
    Wizard::for_newcomer(context).0
}

/// At the page of the name, with that one.
pub(crate) fn named(name: &str, context: &Context) -> Wizard {
    let mut wizard = newcomer(context);
    tell(&mut wizard, open(), context);
    happen(&mut wizard, Message::OnPressed, context);
    let name = identity::Message::NameChanged(name.to_owned());
    happen(&mut wizard, Message::Identity(name), context);
    wizard
}

/// At that form.
pub(super) fn asked(form: Form, context: &Context) -> Wizard {
    let mut wizard = named("alice", context);
    happen(&mut wizard, Message::OnPressed, context);
    show(&mut wizard, form, context);
    wizard
}

/// A form comes, and its pictures are decoded.
pub(super) fn show(wizard: &mut Wizard, form: Form, context: &Context) {
    tell(wizard, RegistrationEvent::FormReceived(form.clone()), context);
    for (place, field) in form.fields.iter().enumerate() {
        let Some(picture) = &field.picture else { continue };
        let decoded = asking::Message::Decoded(form.id, place, puzzle::decoded(&picture.bytes));
        happen(wizard, Message::Asking(decoded), context);
    }
}

pub(super) fn answer(wizard: &mut Wizard, answer: &str, context: &Context) {
    let typed = asking::Message::Changed(0, asking::Typed::Line(answer.to_owned()));
    happen(wizard, Message::Asking(typed), context);
}

/// With a puzzle that was answered and sent.
pub(crate) fn sent(context: &Context) -> Wizard {
    let mut wizard = asked(puzzle_form(1), context);
    answer(&mut wizard, "516358", context);
    happen(&mut wizard, Message::OnPressed, context);
    wizard
}

/// With an account that is there, and signed in.
pub(crate) fn signed_in(context: &Context) -> Wizard {
    let mut wizard = sent(context);
    let jid = BareJid::new("alice@chapril.org").unwrap();
    tell(&mut wizard, RegistrationEvent::Created(jid.clone()), context);
    online(&mut wizard, context);
    let _ = wizard.signed_in(samples::HOME, jid, context);
    wizard
}

/// With a picture of which a part can be chosen: 400 pixels wide and 300 high.
pub(super) fn framed(context: &Context) -> Wizard {
    let mut wizard = signed_in(context);
    let picture = image::RgbImage::from_fn(400, 300, |x, y| {
        let eye = |at: i32| (x as i32 - at).pow(2) + (y as i32 - 120).pow(2) < 400;
        let face = (x as i32 - 200).pow(2) + (y as i32 - 150).pow(2) < 10_000;
        image::Rgb(if eye(160) || eye(240) {
            [40, 40, 60]
        } else if face {
            [240, 200, 120]
        } else {
            [90, 140, 180]
        })
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Png).unwrap();
    let original = Original::of(file.get_ref()).unwrap();
    let shown = original.view();
    happen(&mut wizard, Message::Ready(ready::Message::Dropped("face.png".into())), context);
    let opened = ready::Message::Opened(wizard.ready.opened(), Ok(ready::Framed::new((original, shown))));
    happen(&mut wizard, Message::Ready(opened), context);
    wizard
}

/// With a form that was sent, an answer that did not come, and no network to find out.
pub(crate) fn uncertain(context: &Context) -> Wizard {
    let mut wizard = sent(context);
    refuse(&mut wizard, RefusalReason::OutcomeUnknown, context);
    let lost = Connection::Stopped(Problem::NoNetwork);
    happen(&mut wizard, Message::SignIn(crate::screen::sign_in::Message::ConnectionChanged(lost)), context);
    happen(&mut wizard, Message::BackPressed, context);
    wizard
}

/// Every stage, with a name.
pub(crate) fn all(context: &Context) -> Vec<(&'static str, Wizard)> {
    let mut all = Vec::new();
    let invited = |link: &str| Wizard::for_invited(link, context).0;
    all.push(("invited", invited("")));
    all.push(("invited-both", invited("xmpp:bob@chat.example?roster;preauth=x;ibr=y")));
    all.push(("invited-nothing", invited("hello")));
    all.push(("invited-page", invited("https://example.org/somewhere")));
    all.push(("provider", newcomer(context)));
    all.push(("name-empty", named("", context)));
    let mut wizard = newcomer(context);
    refuse(&mut wizard, RefusalReason::Closed, context);
    all.push(("provider-closed", wizard));
    let mut wizard = newcomer(context);
    tell(&mut wizard, open(), context);
    happen(&mut wizard, Message::Provider(provider::Message::ListPressed), context);
    all.push(("providers", wizard));
    let mut wizard = newcomer(context);
    happen(&mut wizard, Message::Provider(provider::Message::ListPressed), context);
    let typed = provider::Message::Typed("jabber.example".to_owned());
    happen(&mut wizard, Message::Provider(typed), context);
    happen(&mut wizard, Message::Provider(provider::Message::Rested(1)), context);
    refuse(&mut wizard, RefusalReason::Problem(Problem::UnknownHost), context);
    all.push(("provider-unknown", wizard));
    let mut wizard = newcomer(context);
    let chosen = provider::Message::Chosen("movim.eu".to_owned());
    happen(&mut wizard, Message::Provider(chosen), context);
    happen(&mut wizard, Message::OnPressed, context);
    all.push(("web", wizard));
    all.push(("name", named("alice", context)));
    let mut wizard = named("alice martin", context);
    happen(&mut wizard, Message::OnPressed, context);
    all.push(("name-wrong", wizard));
    let mut wizard = named("alice", context);
    let own = identity::Message::WayChosen(identity::Way::Own);
    happen(&mut wizard, Message::Identity(own), context);
    happen(&mut wizard, Message::OnPressed, context);
    all.push(("password-own", wizard));
    let mut wizard = named("alice", context);
    happen(&mut wizard, Message::OnPressed, context);
    all.push(("waiting", wizard));
    all.push(("puzzle", asked(puzzle_form(1), context)));
    all.push(("form", asked(every_field(1), context)));
    refusals(&mut all, context);
    all.push(("ready", signed_in(context)));
    all.push(("ready-picture", framed(context)));
    let mut wizard = signed_in(context);
    let written = ready::Message::Sheet(crate::screen::sheet::Message::Written(Some(Ok(
        "/home/alice/causerie.pdf".into(),
    ))));
    happen(&mut wizard, Message::Ready(written), context);
    all.push(("ready-sheet", wizard));
    let mut wizard = signed_in(context);
    happen(&mut wizard, Message::OnPressed, context);
    all.push(("contact", wizard));
    let mut wizard = signed_in(context);
    happen(&mut wizard, Message::OnPressed, context);
    let typed = contact::Message::AddressChanged("bob@j".to_owned());
    happen(&mut wizard, Message::Contact(typed), context);
    all.push(("contact-typed", wizard));
    doubtful::all(&mut all, context);
    all
}

fn refusals(all: &mut Vec<(&'static str, Wizard)>, context: &Context) {
    let wait = Duration::from_secs(600);
    for (name, reason) in [
        ("puzzle-wrong", RefusalReason::PuzzleFailed),
        ("puzzle-name-taken", RefusalReason::NameTaken),
        ("puzzle-password", RefusalReason::PasswordNotAllowed),
    ] {
        let mut wizard = sent(context);
        refuse(&mut wizard, reason, context);
        show(&mut wizard, puzzle_form(2), context);
        all.push((name, wizard));
    }
    for (name, reason) in [
        ("stuck-too-many", RefusalReason::TooManyAccounts { wait: Some(wait) }),
        ("stuck-too-many-untold", RefusalReason::TooManyAccounts { wait: None }),
        ("stuck-invitation", RefusalReason::InvitationNeeded),
        ("stuck-down", RefusalReason::Problem(Problem::TimedOut)),
        ("web-later", RefusalReason::OnTheWeb(Some("https://chat.example/register".to_owned()))),
    ] {
        let mut wizard = sent(context);
        refuse(&mut wizard, reason, context);
        all.push((name, wizard));
    }
    let mut wizard = asked(puzzle_form(1), context);
    happen(&mut wizard, Message::OnPressed, context);
    all.push(("puzzle-missing", wizard));
    let mut broken = puzzle_form(1);
    broken.fields[0].picture = Some(Picture { media_type: "image/png".to_owned(), bytes: Vec::new() });
    all.push(("puzzle-broken", asked(broken, context)));
    let mut wizard = sent(context);
    let jid = BareJid::new("alice@chapril.org").unwrap();
    tell(&mut wizard, RegistrationEvent::Created(jid), context);
    all.push(("signing-in", wizard));
    let mut wizard = sent(context);
    let jid = BareJid::new("alice@chapril.org").unwrap();
    tell(&mut wizard, RegistrationEvent::Created(jid), context);
    let lost = Connection::Stopped(Problem::NoNetwork);
    let lost = crate::screen::sign_in::Message::ConnectionChanged(lost);
    happen(&mut wizard, Message::SignIn(lost), context);
    all.push(("sign-in-lost", wizard));
    all.push(("perhaps", uncertain(context)));
    let mut wizard = sent(context);
    refuse(&mut wizard, RefusalReason::OutcomeUnknown, context);
    let lost = Connection::Stopped(Problem::NoNetwork);
    let lost = crate::screen::sign_in::Message::ConnectionChanged(lost);
    happen(&mut wizard, Message::SignIn(lost), context);
    all.push(("perhaps-lost", wizard));
    let mut wizard = uncertain(context);
    happen(&mut wizard, Message::DismissPressed, context);
    all.push(("perhaps-never", wizard));
    all.push(("form-elements", asked(elements(1), context)));
}

/// What an old server asks, by no more than the names of the protocol.
fn elements(id: u64) -> Form {
    let names = ["first", "last", "email", "zip", "phone"];
    let fields = names.map(|name| Field { required: true, ..field(name, name, FieldKind::TextSingle) });
    Form { fields: fields.to_vec(), ..plain_form(id) }
}
