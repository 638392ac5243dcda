//! Pictures of inviting, moving and passing on: `CAUSERIE_PICTURES=folder cargo test -p causerie invite_pictures`.

use std::path::Path;

use causerie_model::account::AccountColour;
use causerie_model::{
    AccountId, Connection, Invitation, InvitationIssuer, InvitationKind, InvitationsOffered, Notice, Problem,
    Timestamp,
};

use super::pictures::{LOOKS, Look};
use crate::context::Context;
use crate::i18n::I18n;
use crate::screen::chats::{self, Chats, add_contact, details, invite};
use crate::screen::settings::{self, Settings, UpkeepMessage, moving};
use crate::screen::{handout, samples};
use crate::theme::{Element, Theme};
use crate::widget::focus;
use crate::widget::harness::Harness;

#[test]
fn invite_pictures() {
    let Some(folder) = std::env::var_os("CAUSERIE_PICTURES") else { return };
    let only = std::env::var("CAUSERIE_LOOK").unwrap_or_default();
    for look in LOOKS.iter().filter(|look| look.name.contains(&only)) {
        let studio = Studio { folder: Path::new(&folder), look };
        studio.inviting();
        studio.rows();
        studio.passing_on();
        studio.moving();
    }
}

struct Studio<'a> {
    folder: &'a Path,
    look: &'a Look,
}

impl Studio<'_> {
    /// A picture, with the focus there.
    fn shoot<'a, M: 'a>(
        &self,
        name: &str,
        context: &'a Context,
        view: Element<'a, M>,
        at: Option<&'static str>,
    ) {
        let mut window = Harness::new(self.look.size, view);
        if let Some(at) = at {
            window.perform(focus::focus::<()>(at));
        }
        let file = format!("invite-{name}-{}.png", self.look.name);
        window.picture(&context.theme, self.folder.join(file));
    }

    fn context(&self) -> Context {
        let mut context = samples::lively(self.look.size.0, self.look.size.1);
        context.theme = Theme::new(self.look.tone, self.look.contrast);
        context.i18n = I18n::choose(Some(self.look.language), &[]);
        context
    }

    /// Two accounts, each with a colour.
    fn two(&self) -> Context {
        let mut context = self.context();
        context.accounts[0].account.colour = Some(AccountColour::Teal);
        let mut other = samples::account(AccountId(2), "alice@new.example", Connection::Online);
        other.account.colour = Some(AccountColour::Orange);
        context.accounts.push(other);
        for talk in context.conversations.iter_mut().skip(1).step_by(2) {
            talk.account = AccountId(2);
        }
        context
    }

    fn inviting(&self) {
        let mut context = self.context();
        let days = |days: i64| Timestamp::from_millis(samples::NOW.as_millis() + days * 86_400_000);
        for (kind, issuer, made) in [
            (InvitationKind::Contact, InvitationIssuer::ThisDevice, days(-2)),
            (InvitationKind::Account, InvitationIssuer::Server, days(-1)),
        ] {
            let uri = format!("xmpp:alice@chat.example?roster;preauth={kind:?}");
            let invitation = Invitation { kind, issuer, uri, landing: None, expires: Some(days(5)) };
            context.invitations.add(samples::jid("alice@chat.example"), invitation, made);
        }
        let mut chats = Chats::default();
        chats.people_changed(&context);
        let _ = chats.add("", &context);
        self.shoot("add", &context, chats::view(&chats, &context), None);
        let _ = chats.update(chats::Message::Add(add_contact::Message::InvitePressed), &context);
        let shoot =
            |name: &str, chats: &Chats, at| self.shoot(name, &context, chats::view(chats, &context), at);
        chats.invitations_offered(samples::HOME, InvitationsOffered { contact: true, account: true });
        shoot("choose", &chats, Some(invite::FIRST));
        let happen = |chats: &mut Chats, message| {
            let _ = chats.update(chats::Message::Invite(message), &context);
        };
        happen(&mut chats, invite::Message::Chosen(invite::Wanted::Account));
        shoot("choose-account", &chats, Some(invite::NAME));
        happen(&mut chats, invite::Message::MakePressed);
        shoot("waiting", &chats, Some(invite::CANCEL));
        let kind = InvitationKind::Account;
        let notice = Notice::InvitationNotMade { kind, problem: Problem::TimedOut };
        let _ = chats.invitation_noticed(samples::HOME, &notice);
        shoot("failed", &chats, None);
        happen(&mut chats, invite::Message::Chosen(invite::Wanted::Talk));
        happen(&mut chats, invite::Message::MakePressed);
        let token = "k7fq2mzt5wq3x6rjh4vn3yp2ae";
        let made = Invitation {
            kind: InvitationKind::Contact,
            issuer: InvitationIssuer::ThisDevice,
            uri: format!("xmpp:alice@chat.example?roster;preauth={token}"),
            landing: None,
            expires: Some(Timestamp::from_millis(samples::NOW.as_millis() + 7 * 86_400_000)),
        };
        let _ = chats.invitation_made(samples::HOME, &made);
        shoot("made", &chats, None);
        happen(&mut chats, invite::Message::CopyPressed(handout::Form::Link));
        shoot("copied", &chats, Some(handout::COPY));
    }

    fn rows(&self) {
        let mut context = self.two();
        let mut chats = Chats::default();
        chats.people_changed(&context);
        self.shoot("colours", &context, chats::view(&chats, &context), None);
        let _ = chats.add("", &context);
        self.shoot("add-several", &context, chats::view(&chats, &context), None);
        samples::moved(&mut context);
        let mut chats = Chats::default();
        chats.people_changed(&context);
        chats.arrived(samples::HOME, samples::jid("david@chat.example"));
        self.shoot("moved-arrived", &context, chats::view(&chats, &context), None);
    }

    fn passing_on(&self) {
        let context = self.context();
        let mut chats = Chats::default();
        chats.people_changed(&context);
        let _ = chats.show(samples::bob(), &context);
        let _ = chats.update(chats::Message::DetailsPressed, &context);
        let person = context.contact(&samples::bob()).cloned();
        let read = details::Message::Read(samples::bob(), person);
        let _ = chats.update(chats::Message::Details(read), &context);
        let _ = chats.update(chats::Message::Details(details::Message::SharePressed), &context);
        self.shoot("share", &context, chats::view(&chats, &context), None);
    }

    fn moving(&self) {
        let mut context = self.two();
        let happen = |screen: &mut Settings, message, context: &Context| {
            screen.update(settings::Message::Upkeep(message), context);
        };
        let mut screen = Settings::at(settings::Page::Accounts);
        happen(&mut screen, UpkeepMessage::Pressed(samples::HOME), &context);
        happen(&mut screen, UpkeepMessage::Moving(moving::Message::Pressed), &context);
        let at = Some(moving::ADDRESS);
        self.shoot("moving", &context, settings::view(&screen, &context), at);
        let new = moving::Message::Typed("alice@new.example".to_owned());
        happen(&mut screen, UpkeepMessage::Moving(new), &context);
        happen(&mut screen, UpkeepMessage::Moving(moving::Message::Submitted), &context);
        self.shoot("moving-asked", &context, settings::view(&screen, &context), Some(moving::CANCEL));
        happen(&mut screen, UpkeepMessage::Moving(moving::Message::Confirmed), &context);
        context.accounts[0].account.moved_to = Some(samples::jid("alice@new.example"));
        screen.accounts_changed(&context);
        self.shoot("moving-done", &context, settings::view(&screen, &context), None);
        let along = moving::Message::AccountPressed(AccountId(2));
        happen(&mut screen, UpkeepMessage::Moving(along), &context);
        self.shoot("moving-along", &context, settings::view(&screen, &context), None);
    }
}
