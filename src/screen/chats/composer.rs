//! Where a message is written. What was typed is kept for each conversation, and the other side hears that we are writing
//! unless the person does not want that.

mod view;

use std::time::Duration;

use causerie_model::{BareJid, ChatState, Command, Reply};
use iced::Task;
use iced::widget::text_editor;

use super::saying::{Said, Target};
use crate::settings::Typing;
use crate::widget::focus::focus;

pub(crate) use view::{COMPOSER, view};

/// How long after the last key what was typed is written to the disk.
const SAVE_AFTER: Duration = Duration::from_millis(800);
/// How long after the last key the other side hears that we have stopped.
const PAUSE_AFTER: Duration = Duration::from_secs(6);
/// The longest message, in bytes: far below what a server lets through in one piece.
pub(crate) const MAX_BYTES: usize = 60_000;

/// What is being written.
#[derive(Debug)]
pub(crate) struct Composer {
    peer: BareJid,
    content: text_editor::Content,
    saved: String,
    edits: u64,
    told: ChatState,
    about: About,
}

/// What is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum About {
    /// A new message.
    #[default]
    Nothing,
    /// An answer, to what somebody of that name has said.
    Answer(Reply, String),
    /// What a message of ours was meant to be.
    Correction {
        /// Which.
        target: Target,
        /// What it says.
        was: String,
        /// What was being written before, and will be again.
        before: String,
    },
}

/// What has happened.
#[derive(Clone, Debug)]
pub(crate) enum Message {
    /// The text or the caret changed.
    Edited(text_editor::Action),
    /// Enter, or the button.
    Sent,
    /// The arrow up, where nothing is written: the last message is to be corrected.
    LastWanted,
    /// It is to be a new message after all.
    LetGo,
    /// Nothing was typed for a while since the edit of that number.
    Rested(u64),
    /// Nothing was typed for a longer while since the edit of that number.
    Paused(u64),
}

impl Composer {
    /// A composer with what was typed the last time.
    pub(crate) fn new(peer: BareJid, draft: &str) -> Self {
        let mut content = text_editor::Content::with_text(draft);
        content.perform(text_editor::Action::Move(text_editor::Motion::DocumentEnd));
        Self {
            peer,
            content,
            saved: draft.to_owned(),
            edits: 0,
            told: ChatState::Active,
            about: About::Nothing,
        }
    }

    /// What the disk has, unless something was typed already.
    pub(crate) fn restore(&mut self, draft: &str) {
        if self.edits == 0 && self.saved != draft {
            *self = Self::new(self.peer.clone(), draft);
        }
    }

    /// Fills in what a link has brought, where nothing is typed yet.
    pub(crate) fn fill(&mut self, text: &str) {
        if self.text().is_empty() {
            let text = std::sync::Arc::new(text.to_owned());
            self.content.perform(text_editor::Action::Edit(text_editor::Edit::Paste(text)));
            self.edits += 1;
        }
    }

    /// What is written, besides a text.
    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    /// An answer is to be written.
    pub(crate) fn answer(&mut self, reply: Reply, name: String) {
        self.let_go();
        self.about = About::Answer(reply, name);
    }

    /// A message of ours is to be corrected. What was being written waits for that.
    pub(crate) fn correct(&mut self, target: Target, was: String) {
        self.let_go();
        let before = self.text();
        self.write(&was);
        self.about = About::Correction { target, was, before };
    }

    /// It is to be a new message after all. Says whether it was something else.
    pub(crate) fn let_go(&mut self) -> bool {
        match std::mem::take(&mut self.about) {
            About::Nothing => false,
            About::Answer(..) => true,
            About::Correction { before, .. } => {
                self.write(&before);
                true
            }
        }
    }

    fn write(&mut self, text: &str) {
        self.content = text_editor::Content::with_text(text);
        self.content.perform(text_editor::Action::Move(text_editor::Motion::DocumentEnd));
        self.edits += 1;
    }

    /// What is typed.
    pub(crate) fn text(&self) -> String {
        self.content.text().trim_end().to_owned()
    }

    /// Whether there is something to send.
    pub(crate) fn can_send(&self) -> bool {
        let text = self.text();
        !text.trim().is_empty() && text.len() <= MAX_BYTES
    }

    /// Whether more was typed than can be sent at once.
    pub(crate) fn is_too_long(&self) -> bool {
        self.content.text().len() > MAX_BYTES
    }

    /// Changes what is shown, and says what is to be asked of the account. The last message is the text to send.
    pub(crate) fn update(&mut self, message: Message, typing: Typing) -> (Task<Message>, Vec<Wish>) {
        let mut wishes = Vec::new();
        match message {
            Message::Edited(action) => {
                let edit = action.is_edit();
                self.content.perform(action);
                if !edit {
                    return (Task::none(), wishes);
                }
                self.edits += 1;
                let state = if self.text().is_empty() { ChatState::Active } else { ChatState::Composing };
                self.tell(state, typing, &mut wishes);
                return (self.wait(), wishes);
            }
            Message::Sent if self.can_send() => {
                let text = self.text();
                match std::mem::take(&mut self.about) {
                    About::Nothing => {
                        wishes.push(Wish::Send(text));
                        self.write("");
                    }
                    About::Answer(reply, _) => {
                        wishes.push(Wish::Say(Said::Answer(text, reply)));
                        self.write("");
                    }
                    About::Correction { target, was, before } => {
                        if text != was {
                            wishes.push(Wish::Say(Said::Correction(target, text)));
                        }
                        self.write(&before);
                    }
                }
                // The message itself says that we have stopped writing.
                self.told = ChatState::Active;
                wishes.extend(self.unsaved().map(Wish::Ask));
                // The button had the keyboard, where it was pressed.
                return (focus(COMPOSER), wishes);
            }
            Message::LastWanted if self.text().is_empty() && self.about == About::Nothing => {
                wishes.push(Wish::CorrectLast);
            }
            Message::LetGo => {
                self.let_go();
                return (focus(COMPOSER), wishes);
            }
            Message::Rested(edit) if edit == self.edits => wishes.extend(self.unsaved().map(Wish::Ask)),
            Message::Paused(edit) if edit == self.edits && self.told == ChatState::Composing => {
                self.tell(ChatState::Paused, typing, &mut wishes);
            }
            Message::Sent | Message::LastWanted | Message::Rested(_) | Message::Paused(_) => {}
        }
        (Task::none(), wishes)
    }

    /// What is to be asked when the conversation is left: keep the draft, and say that we are not writing.
    pub(crate) fn leave(&mut self, typing: Typing) -> Vec<Command> {
        let mut wishes = Vec::new();
        self.tell(ChatState::Active, typing, &mut wishes);
        let told = wishes
            .into_iter()
            .filter_map(|wish| if let Wish::Ask(command) = wish { Some(command) } else { None });
        told.chain(self.unsaved()).collect()
    }

    fn unsaved(&mut self) -> Option<Command> {
        let text = match &self.about {
            About::Nothing | About::Answer(..) => self.text(),
            About::Correction { before, .. } => before.clone(),
        };
        if text == self.saved {
            return None;
        }
        self.saved.clone_from(&text);
        Some(Command::SaveDraft { peer: self.peer.clone(), text: text.into() })
    }

    fn tell(&mut self, state: ChatState, typing: Typing, wishes: &mut Vec<Wish>) {
        if self.told == state {
            return;
        }
        self.told = state;
        if typing == Typing::Shown {
            wishes.push(Wish::Ask(Command::SetChatState { peer: self.peer.clone(), state }));
        }
    }

    fn wait(&self) -> Task<Message> {
        let edit = self.edits;
        let after =
            |pause, message| Task::perform(async move { tokio::time::sleep(pause).await }, move |()| message);
        Task::batch([after(SAVE_AFTER, Message::Rested(edit)), after(PAUSE_AFTER, Message::Paused(edit))])
    }
}

/// What the composer wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Send this text.
    Send(String),
    /// Say this of a message, or to it.
    Say(Said),
    /// Correct the last message of ours.
    CorrectLast,
    /// Ask this of the account.
    Ask(Command),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composer(draft: &str) -> Composer {
        Composer::new(BareJid::new("bob@chat.example").unwrap(), draft)
    }

    fn type_text(composer: &mut Composer, text: &str, typing: Typing) -> Vec<Wish> {
        let edit = text_editor::Action::Edit(text_editor::Edit::Paste(std::sync::Arc::new(text.to_owned())));
        composer.update(Message::Edited(edit), typing).1
    }

    fn states(wishes: &[Wish]) -> Vec<ChatState> {
        let state = |wish: &Wish| match wish {
            Wish::Ask(Command::SetChatState { state, .. }) => Some(*state),
            _ => None,
        };
        wishes.iter().filter_map(state).collect()
    }

    #[test]
    fn writing_is_told_once_and_paused_once() {
        let mut composer = composer("");
        assert_eq!(states(&type_text(&mut composer, "a", Typing::Shown)), [ChatState::Composing]);
        assert!(type_text(&mut composer, "b", Typing::Shown).is_empty());
        assert!(composer.update(Message::Paused(1), Typing::Shown).1.is_empty(), "typed since then");
        let (_, wishes) = composer.update(Message::Paused(2), Typing::Shown);
        assert_eq!(states(&wishes), [ChatState::Paused]);
        assert_eq!(states(&type_text(&mut composer, "c", Typing::Shown)), [ChatState::Composing]);
    }

    #[test]
    fn nobody_hears_of_it_who_is_not_to() {
        let mut composer = composer("");
        assert!(type_text(&mut composer, "a", Typing::Hidden).is_empty());
        assert!(
            states(&composer.leave(Typing::Hidden).into_iter().map(Wish::Ask).collect::<Vec<_>>()).is_empty()
        );
    }

    #[test]
    fn a_draft_is_kept_and_sending_removes_it() {
        let mut composer = composer("");
        type_text(&mut composer, "see you", Typing::Hidden);
        assert!(composer.update(Message::Rested(0), Typing::Hidden).1.is_empty());
        let (_, wishes) = composer.update(Message::Rested(1), Typing::Hidden);
        let kept = |text: &str| {
            let peer = BareJid::new("bob@chat.example").unwrap();
            Wish::Ask(Command::SaveDraft { peer, text: text.into() })
        };
        assert_eq!(wishes, [kept("see you")]);
        let (_, wishes) = composer.update(Message::Sent, Typing::Hidden);
        assert_eq!(wishes, [Wish::Send("see you".to_owned()), kept("")]);
        assert!(composer.leave(Typing::Hidden).is_empty());
    }

    #[test]
    fn a_link_fills_only_what_is_empty() {
        let mut composer = composer("");
        composer.fill("from a link");
        composer.fill("from another");
        composer.restore("from the disk");
        assert_eq!(composer.text(), "from a link");
        assert!(
            states(&composer.leave(Typing::Shown).into_iter().map(Wish::Ask).collect::<Vec<_>>()).is_empty()
        );
    }

    #[test]
    fn an_answer_is_sent_as_one_and_let_go_as_a_message() {
        let reply = Reply {
            to: causerie_model::OriginId::new("b1").unwrap(),
            author: causerie_model::Direction::Incoming,
            quote: "Shall we?".to_owned(),
            quoted: causerie_model::Privacy::Encrypted,
        };
        let mut composer = composer("");
        composer.answer(reply.clone(), "Bob".to_owned());
        type_text(&mut composer, "Yes", Typing::Hidden);
        let (_, wishes) = composer.update(Message::Sent, Typing::Hidden);
        assert_eq!(wishes.first(), Some(&Wish::Say(Said::Answer("Yes".to_owned(), reply.clone()))));
        assert_eq!((composer.about(), composer.text().as_str()), (&About::Nothing, ""));
        composer.answer(reply, "Bob".to_owned());
        type_text(&mut composer, "New", Typing::Hidden);
        assert!(composer.let_go() && !composer.let_go());
        let (_, wishes) = composer.update(Message::Sent, Typing::Hidden);
        assert_eq!(wishes.first(), Some(&Wish::Send("New".to_owned())));
    }

    #[test]
    fn a_correction_leaves_the_draft_alone() {
        let id = causerie_model::OriginId::new("m1").unwrap();
        let target = Target { id, privacy: causerie_model::Privacy::Encrypted };
        let mut composer = composer("half a th");
        assert!(composer.update(Message::LastWanted, Typing::Hidden).1.is_empty(), "something is written");
        composer.correct(target.clone(), "Hulo".to_owned());
        composer.correct(target.clone(), "Hullo".to_owned());
        assert_eq!(composer.text(), "Hullo");
        assert!(composer.leave(Typing::Hidden).is_empty(), "the draft is what it was");
        type_text(&mut composer, "!", Typing::Hidden);
        let (_, wishes) = composer.update(Message::Sent, Typing::Hidden);
        assert_eq!(wishes, [Wish::Say(Said::Correction(target.clone(), "Hullo!".to_owned()))]);
        assert_eq!(composer.text(), "half a th");
        // Unchanged, or let go: nothing is said.
        composer.correct(target, "Hullo!".to_owned());
        assert!(composer.update(Message::Sent, Typing::Hidden).1.is_empty());
        assert_eq!(composer.text(), "half a th");
    }

    #[test]
    fn nothing_is_not_sent() {
        let mut composer = composer("  \n ");
        assert!(!composer.can_send());
        assert!(composer.update(Message::Sent, Typing::Shown).1.is_empty());
    }
}
