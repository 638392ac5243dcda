//! The window, the keys that work everywhere, and what the desktop tells.

use std::time::Duration;

use causerie_model::{Command, Connection};
use iced::keyboard::key::Named;
use iced::keyboard::{self, Key, Modifiers};
use iced::theme::Mode;
use iced::{Event, Size, Subscription, Task, event};

use super::leaving::Leaving;
use super::{App, Screen};
use crate::context::Attention;
use crate::platform::instance::Wish;
use crate::screen::{chats, leaving, link, path, settings, sign_in, welcome, wizard};
use crate::settings::Appearance;
use crate::theme::{Contrast, Theme, Tone};
use crate::widget::focus::focus;

/// How long after the last change of its place the window's place is written to the disk.
const SAVE_AFTER: Duration = Duration::from_secs(2);

/// What is known of the window.
#[derive(Debug, Default)]
pub(crate) struct Window {
    id: Option<iced::window::Id>,
    tone: Tone,
    moves: u64,
    /// The last size and place that were heard of, in pixels of the desktop, until it is known whether they are the person's own.
    size: Option<Size>,
    position: Option<(f32, f32)>,
    pub(super) closing: bool,
}

impl Window {
    /// How iced calls it, once it is there.
    pub(super) fn id(&self) -> Option<iced::window::Id> {
        self.id
    }
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The desktop is light or dark.
    ModeChanged(Mode),
    /// The window has that size, in logical pixels of this program.
    Resized(iced::window::Id, Size),
    /// The window is there.
    Moved(iced::Point),
    /// The window was not moved since the move of that number.
    Rested(u64),
    /// The window fills the screen, or does not.
    Maximized(bool),
    /// Somebody looks at it, or not.
    AttentionChanged(Attention),
    /// It is to be closed.
    CloseRequested,
    /// Everything is kept: the program may end.
    Kept,
    /// Another day has begun: what was today is yesterday.
    DayBegan,
    /// A file was let fall onto it.
    Dropped(std::path::PathBuf),
    /// A key that works everywhere was pressed.
    Pressed(Shortcut),
}

/// Keys that work everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shortcut {
    /// Escape.
    Escape,
    /// Enter, where nothing has used it.
    Enter,
    /// Ctrl+K.
    Filter,
    /// Ctrl+N.
    Add,
    /// Ctrl+comma.
    Settings,
    /// Ctrl+V, whatever else takes it.
    Paste,
    /// Ctrl+Q.
    Quit,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Ctrl+End.
    End,
}

/// What is asked of the desktop at the start.
pub(super) fn first_look() -> Task<super::Message> {
    iced::system::theme().map(|mode| super::Message::Window(Message::ModeChanged(mode)))
}

/// Waits for the next day. Whatever else happens before, after a sleep of the computer too, looks at the clock as well.
pub(super) fn next_day() -> Task<super::Message> {
    let wait = until_tomorrow(&jiff::Zoned::now());
    let sleep = async move { tokio::time::sleep(wait).await };
    Task::perform(sleep, |()| super::Message::Window(Message::DayBegan))
}

/// How long this day still lasts, and a moment more. Days may have 23 or 25 hours.
fn until_tomorrow(now: &jiff::Zoned) -> Duration {
    /// Where the calendar knows of no next day.
    const USUAL: Duration = Duration::from_secs(60 * 60);
    const MOMENT: Duration = Duration::from_secs(1);
    let tomorrow = now.tomorrow().and_then(|day| day.start_of_day());
    let left = tomorrow.ok().and_then(|day| Duration::try_from(now.duration_until(&day)).ok());
    left.map_or(USUAL, |left| left + MOMENT)
}

/// What the window, the keyboard and the desktop tell.
pub(super) fn subscription() -> Subscription<Message> {
    Subscription::batch([
        event::listen_with(heard),
        iced::system::theme_changes().map(Message::ModeChanged),
        iced::window::close_requests().map(|_| Message::CloseRequested),
    ])
}

fn heard(event: Event, status: event::Status, id: iced::window::Id) -> Option<Message> {
    use iced::window::Event as Window;
    match event {
        Event::Window(Window::Opened { size, .. } | Window::Resized(size)) => {
            Some(Message::Resized(id, size))
        }
        Event::Window(Window::Moved(position)) => Some(Message::Moved(position)),
        Event::Window(Window::FileDropped(path)) => Some(Message::Dropped(path)),
        Event::Window(Window::Focused) => Some(Message::AttentionChanged(Attention::Here)),
        Event::Window(Window::Unfocused) => Some(Message::AttentionChanged(Attention::Elsewhere)),
        Event::Keyboard(keyboard::Event::KeyPressed { key, modifiers, .. }) => {
            shortcut(&key, modifiers, status).map(Message::Pressed)
        }
        _ => None,
    }
}

/// What a key means, unless a control has used it.
pub(crate) fn shortcut(key: &Key, modifiers: Modifiers, status: event::Status) -> Option<Shortcut> {
    let free = status == event::Status::Ignored;
    match key.as_ref() {
        // An input that is left by Escape has used it; the page is to be left as well.
        Key::Named(Named::Escape) => Some(Shortcut::Escape),
        Key::Named(Named::Enter) if free && modifiers.is_empty() => Some(Shortcut::Enter),
        Key::Named(Named::PageUp) if free => Some(Shortcut::PageUp),
        Key::Named(Named::PageDown) if free => Some(Shortcut::PageDown),
        Key::Named(Named::End) if modifiers.command() => Some(Shortcut::End),
        Key::Character(letter) if modifiers.command() && !modifiers.alt() && !modifiers.shift() => {
            match letter {
                "k" | "K" => Some(Shortcut::Filter),
                "n" | "N" => Some(Shortcut::Add),
                "," => Some(Shortcut::Settings),
                "v" | "V" => Some(Shortcut::Paste),
                "q" | "Q" => Some(Shortcut::Quit),
                _ => None,
            }
        }
        _ => None,
    }
}

impl App {
    pub(super) fn update_window(&mut self, message: Message) -> Task<super::Message> {
        match message {
            Message::ModeChanged(mode) => {
                self.window.tone = if mode == Mode::Dark { Tone::Dark } else { Tone::Light };
                self.choose_theme();
            }
            Message::Resized(id, size) => {
                self.window.id = Some(id);
                self.context.window = size;
                let factor = self.scale_factor();
                self.window.size = Some(size * factor);
                // What one is typing into stays in sight.
                let typed = matches!(self.screen, Screen::Wizard(_) | Screen::SignIn(_));
                let shown = if typed { crate::widget::focus::reveal() } else { Task::none() };
                return Task::batch([self.rest(), shown]);
            }
            Message::Moved(position) => {
                let factor = self.scale_factor();
                self.window.position = Some((position.x * factor, position.y * factor));
                return self.rest();
            }
            Message::Rested(moves) if moves == self.window.moves => {
                let Some(id) = self.window.id else { return Task::none() };
                let asked = iced::window::is_maximized(id).map(Message::Maximized);
                return asked.map(super::Message::Window);
            }
            Message::Maximized(maximized) => {
                self.context.settings.window.maximized = maximized;
                self.take_place();
                return self.save_settings();
            }
            Message::Rested(_) => {}
            Message::AttentionChanged(attention) => {
                self.context.attention = attention;
                self.look_for_network();
                let looking = self.attention_changed();
                if matches!(self.screen, Screen::Chats) {
                    let actions = self.chats.attend(&self.context);
                    return Task::batch([looking, self.do_chats(actions)]);
                }
                return looking;
            }
            Message::CloseRequested => return self.close_if_kept(),
            Message::Kept => return iced::exit(),
            Message::DayBegan => return next_day(),
            Message::Dropped(path) => return self.dropped(path),
            Message::Pressed(shortcut) => return self.pressed(shortcut),
        }
        Task::none()
    }

    /// Where the window is and how large, unless it fills the screen: then it is to be where it was before, some day.
    fn take_place(&mut self) {
        let window = &mut self.context.settings.window;
        if window.maximized {
            return;
        }
        if let Some(size) = self.window.size {
            (window.width, window.height) = (size.width, size.height);
        }
        window.position = self.window.position.or(window.position);
    }

    /// Somebody who looks at the window does not want to wait for the next try.
    fn look_for_network(&self) {
        if self.context.attention == Attention::Elsewhere {
            return;
        }
        for account in &self.context.accounts {
            if matches!(account.connection, Connection::Waiting { .. }) {
                self.ask(account.account.id, Command::NetworkChanged);
            }
        }
    }

    /// Picks the colours for what was chosen and what the desktop has.
    pub(super) fn choose_theme(&mut self) {
        let system = self.window.tone;
        let (tone, contrast) = match self.context.settings.appearance {
            Appearance::System => (system, Contrast::Normal),
            Appearance::Light => (Tone::Light, Contrast::Normal),
            Appearance::Dark => (Tone::Dark, Contrast::Normal),
            Appearance::HighContrast => (system, Contrast::High),
        };
        self.context.theme = Theme::new(tone, contrast);
    }

    /// Brings the window to the front.
    pub(super) fn come_to_front(&self) -> Task<super::Message> {
        let Some(id) = self.window.id else { return Task::none() };
        Task::batch([iced::window::minimize(id, false), iced::window::gain_focus(id)])
    }

    pub(super) fn wished(&mut self, wish: Wish) -> Task<super::Message> {
        let link = match wish {
            Wish::Show => Task::none(),
            Wish::Open(link) => self.link_came(&link),
        };
        Task::batch([self.come_to_front(), link])
    }

    fn rest(&mut self) -> Task<super::Message> {
        self.window.moves += 1;
        let moves = self.window.moves;
        let rest = async { tokio::time::sleep(SAVE_AFTER).await };
        Task::perform(rest, move |()| super::Message::Window(Message::Rested(moves)))
    }

    fn pressed(&mut self, shortcut: Shortcut) -> Task<super::Message> {
        match shortcut {
            Shortcut::Quit => return self.close_if_kept(),
            Shortcut::Escape => return self.escape(),
            Shortcut::Enter => return self.enter(),
            Shortcut::Paste => return self.paste_into_wizard(),
            _ => {}
        }
        if self.context.accounts.is_empty() || !matches!(self.screen, Screen::Chats | Screen::Settings(_)) {
            return Task::none();
        }
        match shortcut {
            Shortcut::Settings => self.show_settings(settings::Page::default()),
            Shortcut::Filter | Shortcut::Add => {
                self.turn_to(Screen::Chats);
                let pressed = if shortcut == Shortcut::Add {
                    chats::Message::AddPressed
                } else {
                    chats::Message::FilterPressed
                };
                self.update_chats(pressed)
            }
            Shortcut::PageUp => self.chats.scroll(chats::Scroll::Pages(-0.9)),
            Shortcut::PageDown => self.chats.scroll(chats::Scroll::Pages(0.9)),
            Shortcut::End => self.chats.scroll(chats::Scroll::End),
            _ => Task::none(),
        }
    }

    /// Shows the settings, with the keyboard on the way out.
    pub(super) fn show_settings(&mut self, page: settings::Page) -> Task<super::Message> {
        self.chats.close_menus();
        self.turn_to(Screen::Settings(Box::new(settings::Settings::at(page))));
        focus(settings::BACK)
    }

    /// Goes on in the wizard.
    fn enter(&mut self) -> Task<super::Message> {
        match &self.screen {
            Screen::Wizard(_)
                if self.trouble.is_none() && self.path.is_none() && self.leaving == Leaving::No =>
            {
                self.update_wizard(wizard::Message::OnPressed)
            }
            _ => Task::none(),
        }
    }

    fn escape(&mut self) -> Task<super::Message> {
        if self.leaving == Leaving::Asked {
            return self.update_leaving(leaving::Message::StayPressed);
        }
        if self.trouble.is_some() {
            return self.update_link(link::Message::Closed);
        }
        if self.path.is_some() {
            return self.update_path(path::Message::Closed);
        }
        match &self.screen {
            Screen::SignIn(_) => self.update_sign_in(sign_in::Message::Cancelled),
            Screen::Chats => self.update_chats(chats::Message::Escaped),
            Screen::Settings(_) => self.update_settings(settings::Message::Closed),
            Screen::Wizard(_) => self.update_wizard(wizard::Message::BackPressed),
            Screen::Welcome => self.update_welcome(welcome::Message::BackPressed),
            Screen::Opening | Screen::Refused(_) => Task::none(),
        }
    }

    /// Keeps what is not kept yet, says goodbye, and ends.
    pub(super) fn close(&mut self) -> Task<super::Message> {
        /// As long as a server may take for a goodbye.
        const PATIENCE: Duration = Duration::from_secs(3);
        /// As long as a keyring may take: it may be locked by now, and ask for a password that nobody types.
        const PATIENCE_WITH_KEYRINGS: Duration = Duration::from_secs(2);
        if std::mem::replace(&mut self.window.closing, true) {
            return iced::exit();
        }
        let actions = self.chats.leave(&self.context);
        let kept = self.do_chats(actions);
        self.take_place();
        crate::settings::save(&self.startup.folders.settings, &self.context.settings);
        self.remember_now();
        let sessions: Vec<_> = std::mem::take(&mut self.sessions).into_values().collect();
        let (store, keeper, abandoned) = (self.store.take(), self.keeper.take(), self.abandoned());
        self.notifier.withdraw_all();
        let ending = async move {
            let goodbye = async {
                for session in &sessions {
                    session.handle.quit();
                }
                for session in &sessions {
                    session.handle.ended().await;
                }
            };
            let _ = tokio::time::timeout(PATIENCE, goodbye).await;
            let Some(store) = store else { return };
            if let Some(account) = abandoned {
                let _ = store.remove_account(account).await;
            }
            if let Some(keeper) = keeper {
                let _ = tokio::time::timeout(PATIENCE_WITH_KEYRINGS, keeper.count()).await;
            }
            let _ = tokio::task::spawn_blocking(move || store.close()).await;
        };
        let hide = match self.window.id {
            Some(id) => iced::window::set_mode(id, iced::window::Mode::Hidden),
            None => Task::none(),
        };
        let ending = Task::perform(ending, |()| super::Message::Window(Message::Kept));
        Task::batch([hide, kept, ending])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_day_begins_at_midnight_where_we_are() {
        let left = |now: &str| until_tomorrow(&now.parse().unwrap()).as_secs();
        assert_eq!(left("2026-11-23T23:59:00+01:00[Europe/Paris]"), 61);
        assert_eq!(left("2026-10-25T00:00:00+02:00[Europe/Paris]"), 25 * 60 * 60 + 1);
    }
}
