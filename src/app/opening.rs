//! The ledger is opened, and opened anew where it was refused: what was in the way may be gone, and nobody has to start the program again.

use std::time::Duration;

use causerie_model::Problem;
use iced::{Subscription, Task};

use super::accounts::blocking;
use super::{App, Message, Screen, doing};
use crate::context::Ledger;
use crate::platform::vault::Otherwise;
use crate::screen::opening;
use crate::startup::Opened;
use crate::widget::focus::focus;

/// How long after a refusal it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// Whether the ledger is being opened or read a further time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reopening {
    #[default]
    No,
    Running,
}

impl App {
    pub(super) fn ledger_opened(&mut self, opened: Option<Opened>) -> Task<Message> {
        match opened {
            Some(Ok((store, reader))) => {
                self.store = Some(store);
                self.context.ledger = Ledger::new(reader, self.troubles.sender());
                let counting = self.keep_vault();
                Task::batch([self.read_everything(), self.open_vault(Otherwise::Wait), counting])
            }
            Some(Err(problem)) => self.refuse(problem),
            None => Task::none(),
        }
    }

    /// Says why there is nothing to show.
    pub(super) fn refuse(&mut self, problem: Problem) -> Task<Message> {
        tracing::error!(?problem, "the ledger could not be opened or read");
        self.reopening = Reopening::No;
        let first = matches!(self.screen, Screen::Opening);
        self.screen = Screen::Refused(problem);
        if first { focus(opening::TRY) } else { Task::none() }
    }

    pub(super) fn update_refused(&mut self, message: opening::Message) -> Task<Message> {
        match message {
            opening::Message::Retried => self.try_to_open(),
            opening::Message::FolderPressed => doing::open_folder(self.startup.folders.data.clone()),
            opening::Message::QuitPressed => iced::exit(),
        }
    }

    /// Opens the ledger anew; where it is open and could not be read, reads it anew. One time after the other.
    fn try_to_open(&mut self) -> Task<Message> {
        if !matches!(self.screen, Screen::Refused(_)) || self.reopening == Reopening::Running {
            return Task::none();
        }
        self.reopening = Reopening::Running;
        if self.store.is_some() {
            return self.read_everything();
        }
        let startup = self.startup.clone();
        let opening = blocking(move || startup.open_again(), Err(Problem::Internal));
        opening.map(|opened| Message::LedgerOpened(Some(opened)))
    }

    /// What may pass is tried again by itself. A database that is newer or damaged is left alone: nothing gets better by opening it often.
    pub(super) fn reopening_ticks(&self) -> Option<Subscription<Message>> {
        let passes = match &self.screen {
            Screen::Refused(problem) => matches!(
                problem,
                Problem::DiskFull | Problem::DiskReadOnly | Problem::DiskFailed | Problem::AlreadyRunning
            ),
            _ => false,
        };
        let again = |_| Message::Refused(opening::Message::Retried);
        passes.then(|| iced::time::every(AGAIN).map(again))
    }
}

#[cfg(test)]
mod tests {
    use causerie_store::{Options, Store};

    use super::*;
    use crate::platform::arguments::Arguments;
    use crate::platform::folders::Folders;
    use crate::settings::Settings;
    use crate::startup::Startup;
    use crate::widget::harness::Harness;

    #[test]
    fn a_ledger_that_is_free_again_is_opened_without_a_new_start() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = Some(folder.path().to_owned());
        let arguments = Arguments { data_dir, ..Arguments::default() };
        let folders = Folders::new(&arguments).unwrap();
        folders.create().unwrap();
        // Another copy of the program has it.
        let (other, reader) = Store::open(&folders.data, Options::default()).unwrap();
        let startup = Startup::new(arguments, folders, Settings::default());
        let (mut app, _) = App::new(startup.clone());
        let _ = app.update(Message::LedgerOpened(startup.ledger()));
        assert!(matches!(app.screen, Screen::Refused(Problem::AlreadyRunning)));
        let label = app.context.i18n.get("action-try-again");
        let mut window = Harness::new((800.0, 600.0), app.view());
        window.click(&label);
        assert!(matches!(window.messages().last(), Some(Message::Refused(opening::Message::Retried))));
        drop(window);
        assert!(app.reopening_ticks().is_some(), "and by itself");
        let task = app.update(Message::Refused(opening::Message::Retried));
        assert!(task.units() > 0);
        let task = app.update(Message::Refused(opening::Message::Retried));
        assert_eq!(task.units(), 0, "once at a time");
        let _ = app.update(Message::LedgerOpened(Some(startup.open_again())));
        assert!(matches!(app.screen, Screen::Refused(Problem::AlreadyRunning)), "it is not free yet");
        drop(reader);
        other.close();
        let _ = app.update(Message::Refused(opening::Message::Retried));
        let _ = app.update(Message::LedgerOpened(Some(startup.open_again())));
        assert!(app.store.is_some());
        let _ = app.update(Message::EverythingRead(Default::default()));
        assert!(matches!(app.screen, Screen::Welcome), "{:?}", app.screen);
        assert!(app.reopening_ticks().is_none());
    }

    #[test]
    fn what_does_not_pass_is_tried_by_hand_alone() {
        let (mut app, _folder) = super::super::tests::behaviour::fresh(None);
        for (problem, passes) in [
            (Problem::DiskFull, true),
            (Problem::DiskFailed, true),
            (Problem::DatabaseNewer, false),
            (Problem::DatabaseDamaged, false),
        ] {
            let _ = app.update(Message::LedgerOpened(Some(Err(problem))));
            assert_eq!(app.reopening_ticks().is_some(), passes);
        }
    }
}
