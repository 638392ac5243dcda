//! What the parts of the main window say, and what comes of it.

use causerie_model::{Command, Connection, OwnPresence};
use iced::Task;

use super::{
    Action, Beside, Chats, Message, Outcome, add_contact, composer, details, header, list, own, timeline,
};
use crate::context::Context;
use crate::screen::keys;
use crate::widget::focus::focus;

impl Chats {
    pub(super) fn update_list(&mut self, message: list::Message, context: &Context) -> Outcome {
        match self.list.update(message, context) {
            list::Action::None => (Task::none(), Vec::new()),
            list::Action::Open(key) => self.show(key, context),
            list::Action::Add(address) => (self.add(&address, context), Vec::new()),
            list::Action::Ask(account, commands) => {
                (Task::none(), commands.into_iter().map(|command| Action::Ask(account, command)).collect())
            }
        }
    }

    pub(super) fn update_timeline(&mut self, message: timeline::Message, context: &Context) -> Outcome {
        let Some(open) = &mut self.open else { return (Task::none(), Vec::new()) };
        if let timeline::Message::Opened(key, opening) = &message
            && *key == open.key
        {
            open.composer.restore(&opening.draft);
        }
        let (task, actions) = open.timeline.update(message, context);
        (task.map(Message::Timeline), actions.into_iter().map(Action::from).collect())
    }

    pub(super) fn update_composer(&mut self, message: composer::Message, context: &Context) -> Outcome {
        let Some(open) = &mut self.open else { return (Task::none(), Vec::new()) };
        let (task, wishes) = open.composer.update(message, context.settings.typing);
        let mut tasks = vec![task.map(Message::Composer)];
        let mut actions = Vec::with_capacity(wishes.len());
        for wish in wishes {
            actions.push(match wish {
                composer::Wish::Ask(command) => Action::Ask(open.key.0, command),
                composer::Wish::Send(text) => {
                    tasks.push(open.timeline.sent(context).map(Message::Timeline));
                    Action::Send(open.key.clone(), text)
                }
            });
        }
        (Task::batch(tasks), actions)
    }

    pub(super) fn update_details(&mut self, message: details::Message, context: &Context) -> Outcome {
        let Beside::Details(details) = &mut self.beside else { return (Task::none(), Vec::new()) };
        let asks = matches!(message, details::Message::RemovePressed | details::Message::BlockPressed);
        let answers = matches!(
            message,
            details::Message::Confirmed | details::Message::Dismissed | details::Message::Closed
        );
        match details.update(message, context) {
            details::Action::Keys(task, wishes) => {
                let account = details.key().0;
                let wish = |wish| match wish {
                    keys::Action::Ask(command) => Action::Ask(account, command),
                    keys::Action::Copy(text) => Action::Copy(text),
                };
                (task.map(Message::Details), wishes.into_iter().map(wish).collect())
            }
            // The question is longer than what it stands in place of.
            details::Action::None if asks => {
                let seen = iced::widget::operation::snap_to_end(details::PAGE);
                (Task::batch([seen, focus(details::CANCEL)]), Vec::new())
            }
            // What had the focus is gone with the question.
            details::Action::None if answers => (focus(details::CLOSE), Vec::new()),
            details::Action::None => (Task::none(), Vec::new()),
            details::Action::Ask(account, command) => {
                let task = if answers { focus(details::CLOSE) } else { Task::none() };
                (task, vec![Action::Ask(account, command)])
            }
            details::Action::Copy(text) => (Task::none(), vec![Action::Copy(text)]),
            details::Action::Close => self.close_beside(),
        }
    }

    pub(super) fn update_add(&mut self, message: add_contact::Message, context: &Context) -> Outcome {
        let Beside::Add(form) = &mut self.beside else { return (Task::none(), Vec::new()) };
        match form.update(message, context) {
            add_contact::Action::None => (Task::none(), Vec::new()),
            add_contact::Action::Focus => (focus(add_contact::ADDRESS), Vec::new()),
            add_contact::Action::Close => self.close_beside(),
            add_contact::Action::Add(key, command) => {
                self.list.clear(context);
                let opening = Command::OpenConversation(key.1.clone());
                let mut actions = vec![Action::Ask(key.0, command), Action::Ask(key.0, opening)];
                let (task, more) = self.show(key, context);
                actions.extend(more);
                (task, actions)
            }
        }
    }

    pub(super) fn update_own(&mut self, message: own::Message, context: &Context) -> Outcome {
        let Some(own) = &mut self.own else { return (Task::none(), Vec::new()) };
        let mut actions = Vec::new();
        match own.update(message) {
            own::Action::None => return (Task::none(), actions),
            own::Action::Close => {}
            own::Action::Show(show, status) => {
                for account in &context.accounts {
                    let priority = account.account.presence.priority;
                    let presence = OwnPresence { show, status: status.clone(), priority };
                    actions.push(Action::Ask(account.account.id, Command::SetPresence(presence)));
                    if account.connection == Connection::Offline {
                        actions.push(Action::Ask(account.account.id, Command::Connect));
                    }
                }
            }
            own::Action::Disconnect => {
                actions
                    .extend(context.accounts.iter().map(|a| Action::Ask(a.account.id, Command::Disconnect)));
            }
        }
        self.own = None;
        (focus(header::OWN), actions)
    }
}
