//! What the parts of the main window say, and what comes of it.

use causerie_model::{
    AccountId, BareJid, Command, Connection, Invitation, InvitationsOffered, MessageId, Notice, OwnPresence,
};
use iced::Task;
use iced::widget::scrollable::RelativeOffset;

use super::{
    Action, Beside, Chats, Invite, Message, News, Outcome, add_contact, composer, details, header, invite,
    list, own,
    saying::{Said, Target},
    timeline,
};
use crate::context::{Context, Key};
use crate::screen::{handout, keys};
use crate::widget::focus::focus;

impl Chats {
    pub(super) fn update_list(&mut self, message: list::Message, context: &Context) -> Outcome {
        match self.list.update(message, context) {
            list::Action::None => (Task::none(), Vec::new()),
            list::Action::Open(key) => self.show(key, context),
            list::Action::Add(address) => (self.add_by_hand(&address, context), Vec::new()),
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
        // What is answered or corrected is written below.
        match &message {
            timeline::Message::ReplyPressed(id) => return self.answer(*id, context),
            timeline::Message::EditPressed(id) => {
                let found = open.timeline.correctable(Some(*id), context);
                return self.correct(found);
            }
            _ => {}
        }
        let (task, actions) = open.timeline.update(message, context);
        (task.map(Message::Timeline), actions.into_iter().map(Action::from).collect())
    }

    fn answer(&mut self, id: MessageId, context: &Context) -> Outcome {
        let Some(open) = &mut self.open else { return (Task::none(), Vec::new()) };
        let _ = open.timeline.close_menu::<Message>();
        if let Some((reply, name)) = open.timeline.answerable(id, context) {
            open.composer.answer(reply, name);
        }
        (focus(composer::COMPOSER), Vec::new())
    }

    fn correct(&mut self, found: Option<(Target, String)>) -> Outcome {
        let Some(open) = &mut self.open else { return (Task::none(), Vec::new()) };
        let _ = open.timeline.close_menu::<Message>();
        if let Some((target, was)) = found {
            open.composer.correct(target, was);
        }
        (focus(composer::COMPOSER), Vec::new())
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
                composer::Wish::Say(said) => {
                    if matches!(said, Said::Answer(..)) {
                        tasks.push(open.timeline.sent(context).map(Message::Timeline));
                    }
                    Action::Say(open.key.clone(), said)
                }
                composer::Wish::CorrectLast => {
                    let found = open.timeline.correctable(None, context);
                    return self.correct(found);
                }
            });
        }
        (Task::batch(tasks), actions)
    }

    pub(super) fn update_details(&mut self, message: details::Message, context: &Context) -> Outcome {
        let Beside::Details(details) = &mut self.beside else { return (Task::none(), Vec::new()) };
        let asks = matches!(message, details::Message::RemovePressed | details::Message::BlockPressed);
        let shares = matches!(message, details::Message::SharePressed);
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
            // What was pressed is gone, and the page is shorter.
            details::Action::None if shares => {
                let start = iced::widget::operation::snap_to(details::PAGE, RelativeOffset::START);
                (Task::batch([start, focus(details::CLOSE)]), Vec::new())
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
            add_contact::Action::Invite(account) => self.invite(account),
            add_contact::Action::Add(key, command) => {
                let text = form.text(&key.1).map(ToOwned::to_owned);
                let (task, mut actions) = self.write_to_new(key.clone(), text, context);
                actions.insert(0, Action::Ask(key.0, command));
                (task, actions)
            }
            add_contact::Action::Write(key) => {
                let text = form.text(&key.1).map(ToOwned::to_owned);
                self.write_to_new(key, text, context)
            }
        }
    }

    /// Opens the conversation with somebody new, and fills in what a link wants written.
    fn write_to_new(&mut self, key: Key, text: Option<String>, context: &Context) -> Outcome {
        self.list.clear(context);
        // That is an answer.
        self.beside = Beside::Nothing;
        let opening = Action::Ask(key.0, Command::OpenConversation(key.1.clone()));
        let (task, mut actions) = self.show(key, context);
        actions.insert(0, opening);
        if let Some(text) = text {
            self.fill(&text);
        }
        (task, actions)
    }

    /// Shows the page for inviting somebody, and asks what the provider gives.
    fn invite(&mut self, account: AccountId) -> Outcome {
        self.turn_away();
        let (invite, command) = Invite::new(account);
        self.beside = Beside::Invite(Box::new(invite));
        (focus(invite::FIRST), vec![Action::Ask(account, command)])
    }

    pub(super) fn update_invite(&mut self, message: invite::Message, context: &Context) -> Outcome {
        let Beside::Invite(invite) = &mut self.beside else { return (Task::none(), Vec::new()) };
        match invite.update(message, context) {
            invite::Action::None => (Task::none(), Vec::new()),
            invite::Action::Ask(account, command) => {
                // What was pressed is gone.
                let task = if invite.is_waiting() { focus(invite::CANCEL) } else { Task::none() };
                (task, vec![Action::Ask(account, command)])
            }
            invite::Action::Focus(place) => (focus(place), Vec::new()),
            invite::Action::Copy(text) => (Task::none(), vec![Action::Copy(text)]),
            invite::Action::Close => self.close_beside(),
        }
    }

    /// A provider has said which invitations it gives.
    pub(crate) fn invitations_offered(&mut self, account: AccountId, offered: InvitationsOffered) {
        if let Beside::Invite(invite) = &mut self.beside {
            invite.offered(account, offered);
        }
    }

    /// An invitation can be handed out.
    pub(crate) fn invitation_made(&mut self, account: AccountId, invitation: &Invitation) -> Task<Message> {
        let awaited = match &mut self.beside {
            Beside::Invite(invite) => invite.made(account, invitation),
            _ => false,
        };
        if awaited { focus(handout::COPY) } else { Task::none() }
    }

    /// Something came of what was asked of an account. Nothing where it is not said on the page for inviting.
    pub(crate) fn invitation_noticed(
        &mut self,
        account: AccountId,
        notice: &Notice,
    ) -> Option<Task<Message>> {
        let Beside::Invite(invite) = &mut self.beside else { return None };
        let waited = invite.is_waiting();
        let is_said = invite.noticed(account, notice);
        let over = waited && !invite.is_waiting();
        is_said.then(|| if over { focus(invite::MAKE) } else { Task::none() })
    }

    /// The provider has given older messages of a conversation, or does not.
    pub(crate) fn older_fetched(&mut self, key: &Key, whole: bool, context: &Context) -> Task<Message> {
        match &mut self.open {
            Some(open) if open.key == *key => {
                open.timeline.older_fetched(whole, context).map(Message::Timeline)
            }
            _ => Task::none(),
        }
    }

    /// What an account's provider keeps can be asked for.
    pub(crate) fn archive_is_there(&mut self, account: AccountId, context: &Context) -> Outcome {
        let Some(open) = self.open.as_mut().filter(|open| open.key.0 == account) else {
            return (Task::none(), Vec::new());
        };
        let (task, asked) = open.timeline.archive_is_there(context);
        (task.map(Message::Timeline), asked.into_iter().map(Action::from).collect())
    }

    /// What is shown of messages is read again.
    pub(crate) fn read_again(&self, context: &Context) -> Task<Message> {
        let Some(open) = &self.open else { return Task::none() };
        let beside = match &self.beside {
            Beside::Details(details) => details.reload(context).map(Message::Details),
            _ => Task::none(),
        };
        Task::batch([open.timeline.reload(context).map(Message::Timeline), beside])
    }

    /// An account is online: what its provider gives can be asked now.
    pub(crate) fn came_online(&mut self, account: AccountId) -> Vec<Action> {
        if let Some(open) = self.open.as_mut().filter(|open| open.key.0 == account) {
            open.timeline.reconnected();
        }
        match &self.beside {
            Beside::Invite(invite) if invite.account() == account => {
                vec![Action::Ask(account, Command::LookUpInvitations)]
            }
            _ => Vec::new(),
        }
    }

    /// Somebody came by an invitation, and is a contact now.
    pub(crate) fn arrived(&mut self, account: AccountId, jid: BareJid) {
        self.tell(account, News::Arrived(jid));
    }

    /// Opens the conversation with who has arrived; it was heard with that.
    pub(super) fn write_to_arrived(&mut self, key: Key, context: &Context) -> Outcome {
        self.notices.retain(|(account, news)| {
            *account != key.0 || !matches!(news, News::Arrived(jid) if *jid == key.1)
        });
        let opening = Action::Ask(key.0, Command::OpenConversation(key.1.clone()));
        let (task, mut actions) = self.show(key, context);
        actions.insert(0, opening);
        (task, actions)
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
            own::Action::Only(account) => self.list.show_only(account, context),
            own::Action::Disconnect => {
                actions
                    .extend(context.accounts.iter().map(|a| Action::Ask(a.account.id, Command::Disconnect)));
            }
        }
        self.own = None;
        (focus(header::OWN), actions)
    }
}
