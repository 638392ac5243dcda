//! How the network is reached: for all accounts, and for single ones.

use causerie_model::{BareJid, Password};
use causerie_session::ProxyKind;
use iced::Alignment;
use iced::Length;
use iced::widget::{Column, column, row};
use zeroize::Zeroizing;

use super::{Action, BACK};
use crate::context::{Context, Keyring};
use crate::icon::Icon;
use crate::network::{Network as Chosen, Server, Way, Whose};
use crate::screen::parts;
use crate::theme::style::ButtonKind;
use crate::theme::{Element, space as gap};
use crate::widget::access::{Role, labelled};
use crate::widget::button::button;
use crate::widget::focus;

/// The name of the field for the proxy's address.
const SERVER: &str = "network-server";
const USER: &str = "network-user";
const PASSWORD: &str = "network-password";
/// The most bytes of a name or password (RFC 1929 section 2).
const LONGEST: usize = 255;

/// Whose way is looked at, and what is being typed about it.
#[derive(Debug, Default)]
pub(super) struct Network {
    whose: Whose,
    form: Option<Form>,
}

/// A proxy that is being typed.
#[derive(Debug)]
struct Form {
    kind: ProxyKind,
    server: String,
    user: String,
    password: Zeroizing<String>,
    /// Whose password is in the keyring already.
    known_user: Option<String>,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The way of an account, or of all, is wanted.
    WhosePressed(Whose),
    /// A way without a proxy of its own was chosen; nothing is as for all accounts.
    Chosen(Option<Way>),
    /// A proxy was chosen.
    ProxyChosen(ProxyKind),
    /// Its address was edited.
    ServerChanged(String),
    /// The name was edited.
    UserChanged(String),
    /// The password was edited.
    PasswordChanged(String),
    /// Enter, or the button.
    Saved,
    /// All stays as it was.
    Dismissed,
}

impl Form {
    fn server(&self) -> Option<Server> {
        Server::parse(&self.server, &self.user, self.kind.usual_port())
    }

    fn is_address_wrong(&self) -> bool {
        !self.server.trim().is_empty() && self.server().is_none()
    }

    /// What is to be kept; nothing where it is the one that is kept already. An error where the proxy could not take it.
    fn password(&self) -> Result<Option<Password>, ()> {
        let (user, password) = (self.user.trim(), self.password.as_str());
        if user.is_empty() || (password.is_empty() && self.known_user.as_deref() == Some(user)) {
            return Ok(None);
        }
        let fits = (1..=LONGEST).contains(&password.len()) && user.len() <= LONGEST;
        if self.kind == ProxyKind::Socks5 && !fits {
            return Err(());
        }
        Ok(Some(Password::new(password.to_owned())))
    }

    fn is_ready(&self) -> bool {
        self.server().is_some() && self.password().is_ok()
    }
}

impl Network {
    /// Changes what is shown, and says what is to be done.
    pub(super) fn update(&mut self, message: Message, context: &Context) -> Action {
        match message {
            Message::WhosePressed(whose) => {
                *self = Self { whose, form: None };
                return Action::Focus(BACK);
            }
            Message::Chosen(way) => {
                self.form = None;
                return Action::SetWay(self.whose.clone(), way, None);
            }
            Message::ProxyChosen(kind) => {
                self.form = Some(self.form_of(kind, &context.network));
                return Action::Focus(SERVER);
            }
            Message::Saved => return self.save(),
            Message::Dismissed => {
                self.form = None;
                return Action::Focus(BACK);
            }
            Message::ServerChanged(_) | Message::UserChanged(_) | Message::PasswordChanged(_) => {}
        }
        if let Some(form) = &mut self.form {
            match message {
                Message::ServerChanged(server) => form.server = server,
                Message::UserChanged(user) => form.user = user,
                Message::PasswordChanged(password) => form.password = Zeroizing::new(password),
                _ => {}
            }
        }
        Action::None
    }

    /// Whether a proxy is being typed.
    pub(super) fn is_typed_in(&self) -> bool {
        self.form.is_some()
    }

    /// Closes what is open on the page; the answer is whether something was.
    pub(super) fn step_back(&mut self) -> bool {
        self.form.take().is_some() || self.whose.take().is_some()
    }

    fn form_of(&self, kind: ProxyKind, network: &Chosen) -> Form {
        let chosen = network.chosen(&self.whose).and_then(Way::server);
        let (server, user) = match (&self.form, chosen) {
            (Some(form), _) => (form.server.clone(), form.user.clone()),
            (None, Some(server)) => (server.address(), server.user.clone().unwrap_or_default()),
            (None, None) => Default::default(),
        };
        let known_user = chosen.and_then(|server| server.user.clone());
        Form { kind, server, user, password: Zeroizing::default(), known_user }
    }

    fn save(&mut self) -> Action {
        let Some(form) = &self.form else { return Action::None };
        let Some(server) = form.server() else { return Action::Focus(SERVER) };
        let Ok(password) = form.password() else { return Action::Focus(PASSWORD) };
        let way = match form.kind {
            ProxyKind::Socks5 => Way::Socks5(server),
            ProxyKind::Http => Way::Http(server),
        };
        self.form = None;
        Action::SetWay(self.whose.clone(), Some(way), password)
    }
}

/// The part.
pub(super) fn view<'a>(page: &'a Network, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let mut parts = Column::new().spacing(gap::XL).width(Length::Fill);
    if context.network == Chosen::Unreadable {
        let said = i18n.get("network-unreadable");
        parts = parts.push(parts::banner(Icon::CircleAlert, |tokens| tokens.bad, said, Vec::new()));
    }
    if page.whose.is_some() {
        let back = button(i18n.get("network-back")).icon(Icon::ArrowLeft).kind(ButtonKind::Quiet);
        parts = parts.push(Element::from(back.on_press(Message::WhosePressed(None))));
    }
    parts = parts.push(choices(page, context));
    if let Some(form) = &page.form {
        parts = parts.push(fields(form, context));
    }
    if page.whose.is_none() && !context.accounts.is_empty() {
        parts = parts.push(accounts(context));
    }
    parts.into()
}

fn choices<'a>(page: &'a Network, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let chosen = context.network.chosen(&page.whose);
    let shown = match (&page.form, chosen) {
        (Some(form), _) => Some(Some(form.kind)),
        (None, Some(Way::Socks5(_))) => Some(Some(ProxyKind::Socks5)),
        (None, Some(Way::Http(_))) => Some(Some(ProxyKind::Http)),
        (None, Some(Way::System | Way::Straight)) => Some(None),
        (None, None) => None,
    };
    let plain = |way: Way, key: &str, note: Option<&str>| {
        let on = shown == Some(None) && chosen == Some(&way);
        parts::choice(i18n.get(key), note.map(|note| i18n.get(note)), on, Message::Chosen(Some(way)))
    };
    let proxy = |kind, key: &str, note: &str| {
        let on = shown == Some(Some(kind));
        let server = chosen.and_then(Way::server).filter(|_| on && page.form.is_none());
        let note = server.map_or_else(|| i18n.get(note), |server| through(server, context));
        parts::choice(i18n.get(key), Some(note), on, Message::ProxyChosen(kind))
    };
    let as_all = page.whose.as_ref().map(|_| {
        let on = shown.is_none() && context.network != Chosen::Unreadable;
        parts::choice(i18n.get("network-as-all"), None, on, Message::Chosen(None))
    });
    let choices = Column::new()
        .push(as_all)
        .push(plain(Way::System, "network-system", Some("network-system-note")))
        .push(plain(Way::Straight, "network-straight", None))
        .push(proxy(ProxyKind::Socks5, "network-socks5", "network-socks5-note"))
        .push(proxy(ProxyKind::Http, "network-http", "network-http-note"));
    let title = match &page.whose {
        None => i18n.get("network-all"),
        Some(jid) => i18n.with("network-of", &[("account", jid.as_str().into())]),
    };
    group(title, focus::group(choices))
}

fn fields<'a>(form: &'a Form, context: &'a Context) -> Element<'a, Message> {
    let i18n = &context.i18n;
    let server = parts::field(SERVER, i18n.get("network-server"), &form.server)
        .hint("127.0.0.1:9050".to_owned())
        .wrong(form.is_address_wrong().then(|| i18n.get("network-server-wrong")))
        .on_input(Some(Message::ServerChanged))
        .on_submit(Message::Saved);
    let user = parts::field(USER, i18n.get("network-user"), &form.user)
        .on_input(Some(Message::UserChanged))
        .on_submit(Message::Saved);
    let note = match context.keyring {
        Keyring::Absent => "network-password-not-kept",
        Keyring::There | Keyring::Unknown => "network-password-kept",
    };
    let is_wrong = form.password().is_err() && !form.password.is_empty();
    let password = parts::field(PASSWORD, i18n.get("network-password"), &form.password)
        .secure(true)
        .note(i18n.get(note))
        .wrong(is_wrong.then(|| i18n.get("network-password-length")))
        .on_input(Some(Message::PasswordChanged))
        .on_submit(Message::Saved);
    let password = (!form.user.trim().is_empty()).then_some(password);
    let buttons = parts::buttons(
        button(i18n.get("action-cancel")).on_press(Message::Dismissed),
        button(i18n.get("action-save"))
            .kind(ButtonKind::Primary)
            .on_press_maybe(form.is_ready().then_some(Message::Saved)),
    );
    column![Element::from(server), Element::from(user)]
        .push(password.map(Element::from))
        .push(buttons)
        .spacing(gap::M)
        .into()
}

/// The accounts, each with the way that is its own.
fn accounts(context: &Context) -> Element<'_, Message> {
    let i18n = &context.i18n;
    let mut rows = Column::new().spacing(gap::S);
    for state in &context.accounts {
        let jid = &state.account.jid;
        let change = i18n.with("network-change", &[("account", jid.as_str().into())]);
        let names = column![parts::words(jid.to_string()), parts::aside(state_of(jid, context))];
        let change = button(change).kind(ButtonKind::Quiet).narrow();
        let change = change.on_press(Message::WhosePressed(Some(jid.clone())));
        rows = rows.push(row![names.width(Length::Fill), change].spacing(gap::M).align_y(Alignment::Center));
    }
    group(i18n.get("network-accounts"), rows)
}

fn state_of(jid: &BareJid, context: &Context) -> String {
    let i18n = &context.i18n;
    match context.network.chosen(&Some(jid.clone())) {
        None if context.network == Chosen::Unreadable => i18n.get("network-unknown"),
        None => i18n.get("network-as-all"),
        Some(Way::System) => i18n.get("network-system"),
        Some(Way::Straight) => i18n.get("network-straight"),
        Some(Way::Socks5(server) | Way::Http(server)) => through(server, context),
    }
}

fn through(server: &Server, context: &Context) -> String {
    context.i18n.with("network-through", &[("server", server.address().into())])
}

fn group<'a>(title: String, content: impl Into<Element<'a, Message>>) -> Element<'a, Message> {
    let group = column![parts::label(title.clone()), content.into()].spacing(gap::S);
    labelled(Role::Group, title, group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screen::samples;
    use crate::screen::walk::walk;
    use crate::widget::harness::Harness;

    #[test]
    fn every_state_is_walked_by_keyboard() {
        for (width, language) in [(480.0, "fr"), (1000.0, "en")] {
            let mut context = samples::lively(width, 1400.0);
            context.i18n = crate::i18n::I18n::choose(Some(language), &[]);
            let mut page = Network::default();
            let alice = context.accounts[0].account.jid.clone();
            walk("network", (width, 1400.0), focus::scope(view(&page, &context)));
            page.update(Message::ProxyChosen(ProxyKind::Socks5), &context);
            page.update(Message::UserChanged("alice".to_owned()), &context);
            page.update(Message::ServerChanged("not one".to_owned()), &context);
            walk("network, typing", (width, 1400.0), focus::scope(view(&page, &context)));
            page.update(Message::WhosePressed(Some(alice)), &context);
            walk("network of an account", (width, 1400.0), focus::scope(view(&page, &context)));
            context.network = Chosen::Unreadable;
            walk("network that can't be read", (width, 1400.0), focus::scope(view(&page, &context)));
        }
    }

    #[test]
    fn a_proxy_is_kept_when_it_could_be_one() {
        let context = samples::lively(1000.0, 900.0);
        let mut page = Network::default();
        let mut window = Harness::new((1000.0, 900.0), view(&page, &context));
        window.click(&context.i18n.get("network-socks5"));
        let pressed = window.messages().remove(0);
        drop(window);
        assert!(matches!(page.update(pressed, &context), Action::Focus(SERVER)));
        page.update(Message::ServerChanged("a b".to_owned()), &context);
        assert!(matches!(page.update(Message::Saved, &context), Action::Focus(SERVER)));
        page.update(Message::ServerChanged("127.0.0.1:9050".to_owned()), &context);
        page.update(Message::UserChanged("alice".to_owned()), &context);
        assert!(matches!(page.update(Message::Saved, &context), Action::Focus(PASSWORD)));
        page.update(Message::PasswordChanged("pw".to_owned()), &context);
        let saved = page.update(Message::Saved, &context);
        let Action::SetWay(None, Some(Way::Socks5(server)), Some(password)) = saved else {
            panic!("{saved:?}")
        };
        assert_eq!((server.address().as_str(), server.user.as_deref()), ("127.0.0.1:9050", Some("alice")));
        assert_eq!(password.reveal(), "pw");
    }

    #[test]
    fn the_password_that_is_kept_stays_for_the_same_name_alone() {
        let mut context = samples::lively(1000.0, 900.0);
        let server = Server::parse("proxy.example:3128", "alice", 80).unwrap();
        context.network.choose(&None, Some(Way::Socks5(server)));
        let mut page = Network::default();
        page.update(Message::ProxyChosen(ProxyKind::Socks5), &context);
        page.update(Message::UserChanged("bob".to_owned()), &context);
        assert!(matches!(page.update(Message::Saved, &context), Action::Focus(PASSWORD)));
        page.update(Message::UserChanged("alice".to_owned()), &context);
        assert!(matches!(page.update(Message::Saved, &context), Action::SetWay(None, Some(_), None)));
    }

    #[test]
    fn escape_closes_one_thing_after_the_other() {
        let context = samples::lively(1000.0, 900.0);
        let mut page = Network::default();
        let alice = context.accounts[0].account.jid.clone();
        page.update(Message::WhosePressed(Some(alice.clone())), &context);
        page.update(Message::ProxyChosen(ProxyKind::Http), &context);
        assert!(page.step_back() && page.whose.is_some());
        assert!(page.step_back() && page.whose.is_none());
        assert!(!page.step_back());
        page.update(Message::WhosePressed(Some(alice.clone())), &context);
        let chosen = page.update(Message::Chosen(None), &context);
        assert!(matches!(chosen, Action::SetWay(Some(whose), None, None) if whose == alice));
    }
}
