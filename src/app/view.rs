//! What is seen: the screen, and what is in front of it.

use iced::Length;
use iced::widget::{column, container, mouse_area, space, stack};

use super::leaving::Leaving;
use super::{App, Message, Screen};
use crate::screen::{chats, leaving, link, opening, path, settings, sign_in, welcome};
use crate::theme::{Element, Theme, style};
use crate::widget::focus;

impl App {
    /// What is written in the window's frame.
    pub(crate) fn title(&self) -> String {
        let unread: u32 = self.context.conversations.iter().map(|conversation| conversation.unread).sum();
        if unread == 0 { "Causerie".to_owned() } else { format!("({unread}) Causerie") }
    }

    /// The colours.
    pub(crate) fn theme(&self) -> Theme {
        self.context.theme
    }

    /// How much larger than usual everything is.
    pub(crate) fn scale_factor(&self) -> f32 {
        self.context.settings.text_size.factor()
    }

    /// What is seen.
    pub(crate) fn view(&self) -> Element<'_, Message> {
        let (said, close) = match (&self.trouble, &self.path) {
            _ if self.leaving == Leaving::Asked => {
                let asked = leaving::view(&self.context).map(Message::Leaving);
                (asked, Message::Leaving(leaving::Message::StayPressed))
            }
            (Some(trouble), _) => {
                let said = link::view(trouble, &self.context).map(Message::Link);
                (said, Message::Link(link::Message::Closed))
            }
            (None, Some(typing)) => {
                let asked = path::view(typing, &self.context).map(Message::Path);
                (asked, Message::Path(path::Message::Closed))
            }
            (None, None) => return stack![self.screen()].into(),
        };
        let shade = container(space::vertical()).width(Length::Fill).height(Length::Fill);
        let shade = mouse_area(shade.style(style::shade)).on_press(close);
        stack![focus::inert(self.screen()), shade, said].into()
    }

    /// The screen, and at its foot that links wait. It keeps its place in the tree, whether they do or not.
    fn screen(&self) -> Element<'_, Message> {
        column![self.shown()].push(self.links_wait()).push(self.links_dropped()).into()
    }

    /// That links were not kept. It is said until somebody has read it in the main window, where there is a button for that.
    fn links_dropped(&self) -> Option<Element<'_, Message>> {
        let here = match &self.screen {
            Screen::Chats => return None,
            Screen::Wizard(wizard) => wizard.links_dropped(),
            _ => 0,
        };
        let count = here + self.links.dropped();
        (count > 0).then(|| link::dropped(count, None, &self.context))
    }

    /// That links wait, and for what, where the screen does not say it itself.
    fn links_wait(&self) -> Option<Element<'_, Message>> {
        let what = match &self.screen {
            _ if self.links.is_empty() || self.settling => return None,
            Screen::SignIn(_) => "link-waits-sign-in",
            Screen::Settings(_) => "link-waits-settings",
            Screen::Welcome | Screen::Wizard(_) if !self.context.accounts.is_empty() => "link-waits-back",
            // There it is in the main window, with a button.
            Screen::Chats if self.links_to_show() > 0 => return None,
            Screen::Chats if !self.context.accounts.is_empty() => "link-waits-answer",
            _ => return None,
        };
        Some(link::waiting(what, self.links.len(), &self.context))
    }

    fn shown(&self) -> Element<'_, Message> {
        match &self.screen {
            Screen::Opening => opening::opening(),
            Screen::Refused(problem) => {
                let folder = &self.startup.folders.data;
                opening::refused(problem, folder, &self.context).map(Message::Refused)
            }
            Screen::Welcome => welcome::view(&self.context).map(Message::Welcome),
            Screen::SignIn(sign_in) => sign_in::view(sign_in, &self.context).map(Message::SignIn),
            Screen::Wizard(wizard) => crate::screen::wizard::view(wizard, &self.context).map(Message::Wizard),
            Screen::Chats => {
                let links = (self.links_to_show(), self.links.dropped());
                chats::view_above(&self.chats, &self.context, links).map(Message::Chats)
            }
            Screen::Settings(settings) => settings::view(settings, &self.context).map(Message::Settings),
        }
    }
}
