//! The wizard: what it wants done, and what comes from the provider that it asks.

mod following;
mod recalling;
mod showing;

use causerie_model::registration::{Refusal, RefusalReason, RegistrationEvent};
use causerie_model::{AccountId, BareJid, Command, Notice, OwnPicture, Password, Problem, ProfileWish};
use causerie_session::{Roots, registration};
use iced::Task;

use super::accounts::{blocking, with_keyring};
use super::source::Source;
use super::{App, Kept, Message, Screen, doing};
use crate::context::Key;
use crate::platform::credentials::{self, Fault};
use crate::platform::links::kept::Remembered;
use crate::portrait;
use crate::providers::refresh;
use crate::screen::sheet;
use crate::screen::sign_in::SignIn;
use crate::screen::wizard::{self, Action, Door, Wish, Wizard};
use crate::screen::{settings, welcome};
use crate::widget::focus::focus;
pub(super) use showing::{Cut, Cuts};

/// A provider that is being asked.
#[derive(Debug)]
pub(super) struct Registration {
    run: u64,
    provider: BareJid,
    invitation: Option<causerie_model::InviteToken>,
    handle: registration::Handle,
    pub(super) events: Source<Vec<RegistrationEvent>>,
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// Links that had waited when the program ended were read.
    LinksRead(Remembered),
    /// What was remembered of an unfinished wizard was read.
    Remembered(Option<Box<wizard::Kept>>),
    /// By the provider that is asked in that run.
    Registration(u64, Vec<RegistrationEvent>),
    /// The picture that others are to see of an account is ready to be published.
    Cut(Cut, OwnPicture),
    /// It could not be made ready.
    NotCut(Cut, portrait::Fault),
    /// The keyring's answer for an account that was made, but not signed in.
    Password(BareJid, Kept),
    /// What the keyring has beside that: other passwords that were chosen before.
    Earlier(BareJid, Vec<Password>),
}

impl App {
    pub(super) fn told(&mut self, told: Told) -> Task<Message> {
        match told {
            Told::LinksRead(kept) => self.links_read(kept),
            Told::Remembered(kept) => self.remembered(kept.as_deref()),
            Told::Registration(run, events) => {
                let mut tasks = Vec::new();
                for event in events {
                    // What one of them has brought about may have ended it.
                    if self.registration.as_ref().is_some_and(|registration| registration.run == run) {
                        tasks.push(self.update_wizard(wizard::Message::Registration(event)));
                    }
                }
                Task::batch(tasks)
            }
            // Another one is wanted by now, or none.
            Told::Cut(cut, _) | Told::NotCut(cut, _) if !self.cuts.is_newest(cut) => Task::none(),
            Told::Cut(Cut { account, .. }, picture) => {
                self.intend(account, Command::PublishPicture(Some(picture)))
            }
            Told::NotCut(Cut { account, .. }, fault) => {
                tracing::warn!(?fault, "a part of a picture could not be made smaller");
                self.cuts.end(account);
                self.own(account).iter().for_each(|own| self.intents.not_ready(own));
                let kept = self.save_intents();
                let told = match &mut self.screen {
                    Screen::Wizard(wizard) if wizard.is_of(account) => {
                        let outcome = wizard.picture_failed(fault);
                        self.do_wizard(outcome)
                    }
                    _ => {
                        // There is no picture that was asked for.
                        let (wish, problem) = (ProfileWish::Picture(None), Problem::Internal);
                        self.notice(account, Notice::ProfileNotPublished { wish, problem })
                    }
                };
                Task::batch([kept, told])
            }
            Told::Earlier(jid, passwords) => {
                if let Screen::Wizard(wizard) = &mut self.screen {
                    wizard.earlier_back(&jid, &passwords);
                }
                Task::none()
            }
            Told::Password(jid, kept) => {
                let Screen::Wizard(wizard) = &mut self.screen else { return Task::none() };
                let kept = kept.ok().flatten();
                if let Some(password) = &kept {
                    wizard.learn_password(&jid, password);
                    wizard.entrusted_back(&jid, password);
                }
                if wizard.waits_for_password() != Some(&jid) {
                    return Task::none();
                }
                let outcome = wizard.resume(kept.as_ref(), &self.context);
                self.do_wizard(outcome)
            }
        }
    }

    pub(super) fn update_welcome(&mut self, message: welcome::Message) -> Task<Message> {
        match message {
            welcome::Message::NewPressed if self.parked.is_some() => self.come_back(Door::New),
            welcome::Message::InvitedPressed if self.parked.is_some() => self.come_back(Door::Invited),
            welcome::Message::NewPressed => {
                let (wizard, outcome) = Wizard::for_newcomer(&self.context);
                self.show_wizard(wizard, outcome)
            }
            welcome::Message::InvitedPressed => self.show_invitation(""),
            welcome::Message::SignInPressed => {
                let left = self.left_sign_in.take().unwrap_or_else(|| SignIn::new(""));
                self.show_sign_in(left)
            }
            welcome::Message::NetworkPressed => self.show_settings(settings::Page::Network),
            welcome::Message::BackPressed if !self.context.accounts.is_empty() => self.show_chats(),
            welcome::Message::BackPressed => Task::none(),
            welcome::Message::LanguageChosen(language) => {
                let mut settings = self.context.settings.clone();
                settings.language = Some(language);
                self.change_settings(settings)
            }
        }
    }

    /// Shows the first page, where an account is made or signed in.
    pub(super) fn show_welcome(&mut self) -> Task<Message> {
        self.turn_to(Screen::Welcome);
        focus(welcome::NEW)
    }

    /// Goes on in the wizard that was put aside.
    fn come_back(&mut self, door: Door) -> Task<Message> {
        let Some(mut wizard) = self.parked.take() else { return Task::none() };
        let outcome = wizard.enter(door, &self.context);
        self.screen = Screen::Wizard(wizard);
        self.do_wizard(outcome)
    }

    /// Does what has waited for an answer to the wizard, once the wizard needs the screen no more.
    fn catch_up(&mut self) -> Task<Message> {
        let (awaiting, made) = match &self.screen {
            Screen::Wizard(wizard) => (wizard.is_awaiting(), wizard.is_beyond_invitations()),
            _ => (false, false),
        };
        if awaiting {
            return Task::none();
        }
        let shown = self.awaiting.take_if(|_| !made).map_or_else(Task::none, |key| self.show(key));
        Task::batch([shown, self.free_links()])
    }

    fn show_wizard(
        &mut self,
        wizard: Wizard,
        outcome: (Task<wizard::Message>, Vec<Action>),
    ) -> Task<Message> {
        self.registration = None;
        self.screen = Screen::Wizard(Box::new(wizard));
        self.do_wizard(outcome)
    }

    pub(super) fn update_wizard(&mut self, message: wizard::Message) -> Task<Message> {
        let wizard = match &mut self.screen {
            Screen::Wizard(wizard) => Some(wizard),
            // What was asked before it was put aside is answered all the same.
            _ => self.parked.as_mut(),
        };
        let Some(wizard) = wizard else { return Task::none() };
        let outcome = wizard.update(message, &self.context);
        self.do_wizard(outcome)
    }

    /// The account that the wizard has made is signed in.
    pub(super) fn wizard_signed_in(&mut self, account: AccountId) -> Task<Message> {
        let Screen::Wizard(wizard) = &mut self.screen else { return Task::none() };
        let Some(jid) = wizard.jid().cloned() else { return Task::none() };
        let outcome = wizard.signed_in(account, jid, &self.context);
        self.do_wizard(outcome)
    }

    pub(super) fn do_wizard(
        &mut self,
        (task, mut actions): (Task<wizard::Message>, Vec<Action>),
    ) -> Task<Message> {
        let mut tasks = vec![task.map(Message::Wizard)];
        // What was remembered goes when all that it held is elsewhere.
        actions.sort_by_key(Action::settles);
        for action in actions {
            tasks.push(self.do_one_of_wizard(action));
        }
        tasks.push(self.catch_up());
        Task::batch(tasks)
    }

    fn do_one_of_wizard(&mut self, action: Action) -> Task<Message> {
        match action {
            Action::Register(wish) => self.register(wish),
            Action::EndRegistration => {
                self.registration = None;
                Task::none()
            }
            Action::ListProviders => self.list_providers(),
            Action::Safeguard(hold, jid, password, kept) => {
                let (folder, turn) = (self.startup.folders.data.clone(), self.turns.next());
                let keeping = move || {
                    wizard::save(&folder, &kept, &turn);
                    credentials::safeguard(&jid, &password)
                };
                with_keyring(keeping)
                    .map(move |kept| Message::Wizard(wizard::Message::Safeguarded(hold, kept)))
            }
            Action::RecallPassword => self.recall_password(),
            Action::ForgetPassword(jid) => {
                let forget = move || credentials::forget_candidates(&jid);
                blocking(forget, Err(Fault::Failed)).map(|_| Message::Done)
            }
            Action::SignIn(action) => self.do_sign_in(action),
            Action::HaveAccount(address, link) => {
                self.registration = None;
                link.iter().for_each(|link| self.links.push(link));
                if let Screen::Wizard(wizard) = &mut self.screen
                    && let Some((waiting, _)) = wizard.free_links()
                {
                    self.links.append(waiting);
                }
                if self.context.accounts.is_empty() {
                    let left = self.left_sign_in.take().filter(|_| address.is_empty());
                    return self.show_sign_in(left.unwrap_or_else(|| SignIn::new(&address)));
                }
                self.show_chats()
            }
            Action::Open(page) => doing::open_outside(&page),
            Action::Copy(text) => iced::clipboard::write(text),
            Action::Publish(account, name, picture) => self.publish(account, name, picture),
            Action::Withdraw(account, parts) => self.withdraw(account, parts),
            Action::Sheet(sheet::Wish::Write(form, with)) => self.write_sheet(form, with),
            Action::Sheet(sheet::Wish::Open(path)) => doing::open_file(path),
            Action::Add((account, peer), command) => {
                let wanted = self.intend(account, command);
                Task::batch([wanted, self.finish_with((account, peer))])
            }
            Action::Show(key) => self.finish_with(key),
            Action::Remember(kept) => self.remember_wizard(kept),
            Action::RememberRest(kept) => self.settle_wizard(Some(kept)),
            Action::Forget => self.forget_wizard(),
            Action::Leave => self.show_start(),
            Action::Finish => {
                let shown = self.show_start();
                self.free_finished();
                shown
            }
        }
    }

    /// Nothing of the wizard is to be remembered any more.
    pub(super) fn forget_wizard(&mut self) -> Task<Message> {
        self.settle_wizard(None)
    }

    /// It is done with. Where what is wanted can't be kept, what was typed stays there as it was remembered.
    fn settle_wizard(&mut self, doubts: Option<wizard::Kept>) -> Task<Message> {
        let (folder, turn) = (self.startup.folders.data.clone(), self.turns.next());
        let elsewhere = (self.intents.clone(), self.links.clone());
        let settling = move || recalling::settle(&folder, &elsewhere, doubts.as_ref(), &turn);
        blocking(settling, ()).map(|()| Message::Done)
    }

    /// Remembers what was typed. What is wanted of the account is on the disk before the page on which it was chosen is left there, and so
    /// are the links that have waited in it.
    pub(super) fn remember_wizard(&mut self, kept: wizard::Kept) -> Task<Message> {
        let (folder, turn) = (self.startup.folders.data.clone(), self.turns.next());
        let (intents, links) = (self.intents.clone(), self.links.clone());
        let keeping = move || {
            intents.save(&folder);
            links.save_new(&folder);
            wizard::save(&folder, &kept, &turn);
        };
        blocking(keeping, ()).map(|()| Message::Done)
    }

    /// Reads the list of providers of the last time, then asks for a newer one.
    fn list_providers(&self) -> Task<Message> {
        let (folder, dns) = (self.startup.folders.cache.clone(), self.startup.dns);
        let roots = Roots { extra: self.startup.extra_ca.clone() };
        let at_hand = folder.clone();
        let kept = blocking(move || Some(refresh::at_hand(&at_hand)), None);
        let newer = Task::future(refresh::refresh(folder, roots, dns, self.route(&None)));
        kept.chain(newer).map(|list| {
            list.map_or(Message::Done, |list| Message::Wizard(wizard::Message::providers_listed(list)))
        })
    }

    /// The first page where there is no account, else the main window.
    pub(super) fn show_start(&mut self) -> Task<Message> {
        if self.context.accounts.is_empty() { self.show_welcome() } else { self.show_chats() }
    }

    /// The wizard is done with: on with that conversation.
    fn finish_with(&mut self, key: Key) -> Task<Message> {
        self.ask(key.0, Command::OpenConversation(key.1.clone()));
        let shown = self.show(key);
        self.free_finished();
        (self.awaiting, self.settling) = (None, true);
        Task::batch([shown, self.read_everything()])
    }

    /// Asks a provider, on the line that is there or on a new one.
    fn register(&mut self, wish: Wish) -> Task<Message> {
        let same = |registration: &Registration| {
            registration.provider == wish.provider && registration.invitation == wish.invitation
        };
        if let Some(registration) = self.registration.as_ref().filter(|registration| same(registration)) {
            registration.handle.send(wish.command);
            return Task::none();
        }
        let mut config = registration::Config::new(wish.provider.clone());
        config.invitation = wish.invitation.clone();
        config.dns = self.startup.dns;
        config.route = self.route(&None);
        config.language = Some(self.context.i18n.language().tag().to_owned());
        config.roots.extra = self.startup.extra_ca.clone();
        match registration::spawn(config) {
            Ok((handle, events)) => {
                self.started += 1;
                handle.send(wish.command);
                let run = self.started;
                let events = Source::of_registration(run, events);
                let Wish { provider, invitation, .. } = wish;
                self.registration = Some(Registration { run, provider, invitation, handle, events });
                Task::none()
            }
            Err(error) => {
                tracing::error!(%error, "a provider could not be asked");
                let reason = RefusalReason::Problem(Problem::Internal);
                let refused = RegistrationEvent::Refused(Refusal { reason, words: None });
                self.update_wizard(wizard::Message::Registration(refused))
            }
        }
    }

    pub(super) fn registration_events(&self) -> Option<iced::Subscription<Message>> {
        let registration = self.registration.as_ref()?;
        let told = registration.events.subscription().with(registration.run);
        Some(told.map(|(run, events)| Message::Told(Told::Registration(run, events))))
    }
}
