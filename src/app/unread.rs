//! What can't be read from the ledger is not taken for empty: what is shown stays, that is said once, and it is read again.

use std::time::Duration;

use causerie_model::Problem;
use iced::{Subscription, Task};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::source::Source;
use super::{App, Message, Screen};

/// How long after it is read again.
const AGAIN: Duration = Duration::from_secs(5);

/// Where it is told that something could not be read.
#[derive(Debug)]
pub(super) struct Troubles {
    sender: UnboundedSender<Problem>,
    source: Source<Problem>,
    /// Whether something could not be read since all was read again.
    again: bool,
}

impl Default for Troubles {
    fn default() -> Self {
        let (sender, receiver) = unbounded_channel();
        Self { sender, source: Source::of_channel("troubles", receiver), again: false }
    }
}

impl Troubles {
    pub(super) fn sender(&self) -> UnboundedSender<Problem> {
        self.sender.clone()
    }

    pub(super) fn subscription(&self) -> Subscription<Problem> {
        self.source.subscription()
    }
}

impl App {
    /// Something could not be read.
    pub(super) fn unread(&mut self, problem: Problem) -> Task<Message> {
        self.troubles.again = true;
        self.context.unread = Some(problem);
        Task::none()
    }

    /// Not even the accounts could be read. Where nothing is shown yet, that is said in place of what there is.
    pub(super) fn nothing_read(&mut self, problem: Problem) -> Task<Message> {
        if matches!(self.screen, Screen::Opening | Screen::Refused(_)) {
            return self.refuse(problem);
        }
        self.unread(problem)
    }

    /// Reads again what could not be read, until all of it was.
    pub(super) fn read_unread(&mut self) -> Task<Message> {
        if !std::mem::take(&mut self.troubles.again) {
            self.context.unread = None;
            return Task::none();
        }
        Task::batch([self.read_everything(), self.chats.read_again(&self.context).map(Message::Chats)])
    }

    pub(super) fn unread_ticks(&self) -> Option<Subscription<Message>> {
        self.context.unread.as_ref().map(|_| iced::time::every(AGAIN).map(|_| Message::ReadAgain))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::behaviour::{fresh, lively};
    use super::*;
    use crate::app::reading;
    use crate::widget::harness::Harness;

    fn says(app: &App, words: &str) -> usize {
        let found = Harness::new((1000.0, 700.0), app.view()).audit();
        found.iter().filter(|found| found.label().contains(words)).count()
    }

    #[test]
    fn what_cannot_be_read_stays_as_it_was_and_is_said_once_until_it_can() {
        let (mut app, _folder) = lively();
        let words = app.context.i18n.get("unread");
        let (accounts, talks) = (app.context.accounts.len(), app.context.conversations.len());
        for _ in 0..3 {
            let _ = app.update(Message::NothingRead(Problem::DiskFailed));
            let _ = app.update(Message::Unread(Problem::DiskFailed));
            let failed = reading::Message::Conversations(Err(Problem::DiskFailed));
            let _ = app.update(Message::Read(failed));
        }
        assert!(matches!(app.screen, Screen::Chats));
        assert_eq!((app.context.accounts.len(), app.context.conversations.len()), (accounts, talks));
        assert_eq!(says(&app, &words), 1);
        let task = app.update(Message::ReadAgain);
        assert!(task.units() > 0, "it is read again");
        assert_eq!(says(&app, &words), 1, "and nobody knows yet what comes of it");
        let task = app.update(Message::ReadAgain);
        assert_eq!((task.units(), says(&app, &words)), (0, 0));
    }

    #[test]
    fn accounts_that_cannot_be_read_are_no_reason_to_say_welcome() {
        let (mut app, _folder) = fresh(None);
        let _ = app.update(Message::NothingRead(Problem::DiskFailed));
        assert!(matches!(app.screen, Screen::Refused(Problem::DiskFailed)));
        let _ = app.update(Message::EverythingRead(Default::default()));
        assert!(matches!(app.screen, Screen::Welcome));
    }
}
