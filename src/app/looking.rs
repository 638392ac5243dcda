//! Whether somebody looks: a provider that knows nobody does may hold back what can wait, such as who came and went.
//!
//! The desktop tells when the window has the focus, and most desktops when it is put away. What has neither may still be in sight
//! beside another window, so it takes a while.

use std::time::Duration;

use causerie_model::{AccountId, ClientState, Command};
use iced::Task;

use super::{App, Screen};
use crate::context::{Attention, Key};

/// Who puts the window away and takes it back at once has not gone.
const MOMENT: Duration = Duration::from_secs(10);
/// How long after that nobody is taken to look, wherever the window is.
const WHILE: Duration = Duration::from_secs(290);

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Looking {
    /// Counts how often somebody has begun to look, or stopped.
    changes: u64,
    pub(super) state: ClientState,
    /// Somebody else whose devices are in front.
    devices: Option<Key>,
}

/// What has happened since somebody has stopped to look at that count.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Message {
    /// A moment has passed.
    MomentPassed(u64),
    /// The window is put away, or not; not every desktop says.
    Looked(u64, Option<bool>),
    /// A longer while has passed.
    WhilePassed(u64),
}

impl App {
    /// Somebody has begun to look, or stopped.
    pub(super) fn attention_changed(&mut self) -> Task<super::Message> {
        self.looking.changes += 1;
        match self.context.attention {
            Attention::Here => {
                self.looks(ClientState::Active);
                Task::none()
            }
            Attention::Elsewhere => after(MOMENT, Message::MomentPassed(self.looking.changes)),
        }
    }

    pub(super) fn update_looking(&mut self, message: Message) -> Task<super::Message> {
        let (Message::MomentPassed(count) | Message::Looked(count, _) | Message::WhilePassed(count)) =
            message;
        if count != self.looking.changes {
            return Task::none();
        }
        match message {
            Message::MomentPassed(_) => match self.window.id() {
                Some(id) => iced::window::is_minimized(id)
                    .map(move |away| super::Message::Looking(Message::Looked(count, away))),
                None => after(WHILE, Message::WhilePassed(count)),
            },
            Message::Looked(_, Some(true)) | Message::WhilePassed(_) => {
                self.looks(ClientState::Inactive);
                Task::none()
            }
            Message::Looked(..) => after(WHILE, Message::WhilePassed(count)),
        }
    }

    /// What follows from where the person is now, whatever has led there.
    pub(super) fn follow_up(&mut self) -> Task<super::Message> {
        self.show_undecided();
        let next = self.follow_next();
        self.devices_looked_at();
        next
    }

    /// Keys that are missing are asked for as long as somebody's devices are in front, to be seen or compared, and no longer.
    fn devices_looked_at(&mut self) {
        let now = match &self.screen {
            Screen::Chats => self.chats.devices_of().cloned(),
            _ => None,
        };
        if now == self.looking.devices {
            return;
        }
        let before = std::mem::replace(&mut self.looking.devices, now);
        if let Some((account, jid)) = self.looking.devices.clone() {
            self.ask(account, Command::LookAtDevices(Some(jid)));
        }
        let after = self.looking.devices.as_ref().map(|(account, _)| *account);
        if let Some((account, _)) = before.filter(|(account, _)| Some(*account) != after) {
            self.ask(account, Command::LookAtDevices(None));
        }
    }

    /// An account's actor is a new one, which knows nothing of that yet.
    pub(super) fn devices_not_told(&mut self, account: AccountId) {
        self.looking.devices.take_if(|(of, _)| *of == account);
    }

    fn looks(&mut self, state: ClientState) {
        if self.looking.state != state {
            self.looking.state = state;
            self.sessions.keys().for_each(|account| self.ask(*account, Command::SetClientState(state)));
        }
    }
}

fn after(time: Duration, message: Message) -> Task<super::Message> {
    Task::perform(async move { tokio::time::sleep(time).await }, move |()| super::Message::Looking(message))
}

#[cfg(test)]
mod tests {
    use super::super::tests::behaviour::lively;
    use super::super::window;
    use super::*;

    fn turns(app: &mut App, attention: Attention) {
        let message = window::Message::AttentionChanged(attention);
        let _ = app.update(super::super::Message::Window(message));
    }

    fn happens(app: &mut App, message: Message) {
        let _ = app.update(super::super::Message::Looking(message));
    }

    #[test]
    fn a_window_that_is_put_away_is_not_looked_at() {
        let (mut app, _folder) = lively();
        turns(&mut app, Attention::Elsewhere);
        let count = app.looking.changes;
        happens(&mut app, Message::Looked(count, Some(true)));
        assert_eq!(app.looking.state, ClientState::Inactive);
        turns(&mut app, Attention::Here);
        assert_eq!(app.looking.state, ClientState::Active, "at once");
    }

    #[test]
    fn one_that_may_be_in_sight_is_for_a_while() {
        let (mut app, _folder) = lively();
        turns(&mut app, Attention::Elsewhere);
        let count = app.looking.changes;
        for away in [Some(false), None] {
            happens(&mut app, Message::Looked(count, away));
            assert_eq!(app.looking.state, ClientState::Active);
        }
        happens(&mut app, Message::WhilePassed(count));
        assert_eq!(app.looking.state, ClientState::Inactive);
    }

    #[test]
    fn keys_of_others_are_asked_for_while_their_devices_are_in_front() {
        use crate::app::{Message as Happened, settings};
        use crate::screen::chats::{Message as Pressed, details};
        use crate::screen::keys;
        use crate::screen::samples::{self, HOME};
        let (mut app, _folder) = lively();
        let asked = |app: &mut App| -> Vec<Option<causerie_model::BareJid>> {
            let look = |(account, command)| match command {
                Command::LookAtDevices(whose) => {
                    assert_eq!(account, HOME);
                    Some(whose)
                }
                _ => None,
            };
            app.asked.take().into_iter().filter_map(look).collect()
        };
        let bob = || Some(samples::bob().1);
        let _ = app.open_link("xmpp:bob@chat.example");
        let _ = app.update(Happened::Done);
        assert_eq!(asked(&mut app), [], "a conversation is no page about devices");
        let press = |app: &mut App, pressed| drop(app.update(Happened::Chats(pressed)));
        press(&mut app, Pressed::DetailsPressed);
        assert_eq!(asked(&mut app), [bob()]);
        // To compare is to look, as long as it lasts.
        press(&mut app, Pressed::Details(details::Message::Keys(keys::Message::ComparePressed)));
        press(&mut app, Pressed::Details(details::Message::Closed));
        assert_eq!(asked(&mut app), []);
        press(&mut app, Pressed::Details(details::Message::Closed));
        assert_eq!(asked(&mut app), [None]);
        let _ = app.open_link(&format!("xmpp:bob@chat.example?omemo-sid-7={}", "ab".repeat(32)));
        let _ = app.update(Happened::Done);
        assert_eq!(asked(&mut app), [bob()]);
        app.screen = Screen::Settings(Box::new(settings::Settings::at(settings::Page::Accounts)));
        let _ = app.update(Happened::Done);
        assert_eq!(asked(&mut app), [None], "something else is in front");
        app.screen = Screen::Chats;
        let _ = app.update(Happened::Done);
        app.devices_not_told(HOME);
        let _ = app.update(Happened::Done);
        assert_eq!(asked(&mut app), [bob(), bob()], "an actor that is new is told");
    }

    #[test]
    fn who_comes_back_meanwhile_has_not_gone() {
        let (mut app, _folder) = lively();
        turns(&mut app, Attention::Elsewhere);
        let count = app.looking.changes;
        turns(&mut app, Attention::Here);
        turns(&mut app, Attention::Elsewhere);
        happens(&mut app, Message::Looked(count, Some(true)));
        happens(&mut app, Message::WhilePassed(count));
        assert_eq!(app.looking.state, ClientState::Active, "that was the time before");
    }
}
