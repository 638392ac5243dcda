//! Accounts, roster, requests, blocking, names, pictures, features.

use causerie_model::account::Activity;
use causerie_model::{
    Avatar, AvatarHash, BareJid, Capabilities, Change, Confirming, Contact, Event, Mechanism, OwnPresence,
    PendingOut, Problem, RosterItem, ServerAddress, Sharing, Show, Subscription, SubscriptionRequest,
    UserAgentId,
};

use super::lab::{Lab, at, bob, change, incoming, jid};

fn item(jid: BareJid, name: &str, groups: &[&str]) -> RosterItem {
    RosterItem {
        jid,
        name: Some(name.to_owned()).filter(|name| !name.is_empty()),
        groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        subscription: Subscription::Both,
        pending_out: PendingOut::No,
        approved: false,
    }
}

fn replaced(version: &str, items: &[RosterItem]) -> Change {
    Change::RosterReplaced { version: Some(version.to_owned()), items: items.to_vec() }
}

fn picture(byte: u8) -> Avatar {
    Avatar { hash: AvatarHash([byte; 20]), bytes: vec![byte; 100] }
}

fn about(jid: BareJid) -> Vec<Event> {
    vec![Event::ContactChanged(jid)]
}

#[tokio::test]
async fn the_roster_is_replaced_and_told_only_when_it_differs() {
    let mut lab = Lab::new().await;
    let carol = RosterItem {
        subscription: Subscription::None,
        pending_out: PendingOut::Asked,
        approved: true,
        ..item(jid("carol@chat.test"), "", &[])
    };
    let items = vec![item(bob(), "Bob", &["Amis", "Travail"]), carol];
    assert_eq!(lab.commit(vec![replaced("v1", &items)]).await, [Event::RosterChanged]);
    assert_eq!(lab.commit(vec![replaced("v2", &items)]).await, []);
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!(restored.roster, items);
    assert_eq!(restored.account.roster_version.as_deref(), Some("v2"));

    let fewer = [item(bob(), "Bob", &["Amis"])];
    assert_eq!(lab.commit(vec![replaced("v3", &fewer)]).await, [Event::RosterChanged]);
    assert_eq!(lab.store.restore(lab.account).await.unwrap().roster, fewer);
    assert_eq!(lab.commit(vec![replaced("v3", &[])]).await, [Event::RosterChanged]);
    assert_eq!(lab.reader.contacts(lab.account).unwrap(), []);
}

#[tokio::test]
async fn single_entries() {
    let lab = Lab::new().await;
    let set = |item| Change::RosterItemSet { version: Some("v9".to_owned()), item };
    let removed = Change::RosterItemRemoved { version: None, jid: bob() };
    assert_eq!(lab.commit(vec![set(item(bob(), "Bob", &["Amis"]))]).await, about(bob()));
    assert_eq!(lab.commit(vec![set(item(bob(), "Bob", &["Amis"]))]).await, []);
    assert_eq!(lab.commit(vec![set(item(bob(), "Bob", &[]))]).await, about(bob()));
    assert_eq!(lab.reader.contact(lab.account, &bob()).unwrap().unwrap().item, item(bob(), "Bob", &[]));
    assert_eq!(lab.reader.accounts().unwrap()[0].roster_version.as_deref(), Some("v9"));
    assert_eq!(lab.commit(vec![removed.clone()]).await, about(bob()));
    assert_eq!(lab.commit(vec![removed]).await, []);
    assert_eq!(lab.reader.contact(lab.account, &bob()).unwrap(), None);
}

#[tokio::test]
async fn a_roster_of_five_thousand() {
    let lab = Lab::new().await;
    let items: Vec<_> = (0..5_000)
        .map(|n| item(jid(&format!("c{n:04}@chat.test")), &format!("Contact {n}"), &["Amis", "Tous"]))
        .collect();
    assert_eq!(lab.commit(vec![replaced("v1", &items)]).await, [Event::RosterChanged]);
    assert_eq!(lab.commit(vec![replaced("v1", &items)]).await, []);
    let contacts = lab.reader.contacts(lab.account).unwrap();
    assert!(contacts.iter().map(|contact| &contact.item).eq(&items));
}

#[tokio::test]
async fn names_pictures_and_blocking_belong_to_the_contact() {
    let lab = Lab::new().await;
    let nickname =
        |nickname: Option<&str>| Change::NicknameSet { jid: bob(), nickname: nickname.map(str::to_owned) };
    let avatar = |byte| Change::AvatarSet { jid: bob(), avatar: picture(byte) };
    lab.commit(vec![replaced("v", &[item(bob(), "", &[])])]).await;
    assert_eq!(lab.commit(vec![nickname(Some("Bobby"))]).await, about(bob()));
    assert_eq!(lab.commit(vec![nickname(Some("Bobby"))]).await, []);
    assert_eq!(lab.commit(vec![avatar(1)]).await, about(bob()));
    assert_eq!(lab.commit(vec![avatar(1)]).await, []);
    assert_eq!(lab.commit(vec![Change::Blocked(bob())]).await, about(bob()));
    assert_eq!(lab.commit(vec![Change::Blocked(bob())]).await, []);
    let wanted = Contact {
        item: item(bob(), "", &[]),
        nickname: Some("Bobby".to_owned()),
        avatar: Some(picture(1).hash),
        blocked: true,
    };
    assert!(lab.reader.contacts(lab.account).unwrap().iter().eq([&wanted]));
    assert_eq!(lab.reader.contact(lab.account, &bob()).unwrap().as_ref(), Some(&wanted));
    assert_eq!(lab.reader.person(lab.account, &bob()).unwrap(), wanted);
    assert_eq!(lab.reader.blocked(lab.account).unwrap(), [bob()]);

    lab.commit(vec![change(incoming("i", "text", 1))]).await;
    let [conversation] = lab.reader.conversations().unwrap().try_into().unwrap();
    assert_eq!((conversation.name.as_str(), conversation.avatar), ("Bobby", wanted.avatar));
    lab.commit(vec![replaced("v", &[item(bob(), "Robert", &[])])]).await;
    assert_eq!(lab.reader.conversations().unwrap()[0].name, "Robert");

    assert_eq!(lab.commit(vec![Change::Unblocked(bob()), Change::Unblocked(bob())]).await, about(bob()));
    assert_eq!(lab.commit(vec![nickname(None)]).await, about(bob()));
    assert_eq!(lab.commit(vec![nickname(None)]).await, []);
    // A stranger is nobody's contact, but what is known of them is known.
    let stranger = jid("mallory@chat.test");
    lab.commit(vec![Change::Blocked(stranger.clone())]).await;
    assert!(lab.reader.person(lab.account, &stranger).unwrap().blocked);
    assert_eq!(lab.reader.contact(lab.account, &stranger).unwrap(), None);
}

#[tokio::test]
async fn pictures_are_kept_as_long_as_somebody_has_them() {
    let lab = Lab::new().await;
    let carol = || jid("carol@chat.test");
    let set = |jid, byte| Change::AvatarSet { jid, avatar: picture(byte) };
    let chosen = |jid, byte| Change::AvatarChosen { jid, hash: picture(byte).hash };
    let kept = |byte| lab.reader.avatar(picture(byte).hash).unwrap();
    // A picture whose bytes are not here is none.
    assert_eq!(lab.commit(vec![chosen(bob(), 1)]).await, []);
    lab.commit(vec![set(bob(), 1)]).await;
    assert_eq!(kept(1), Some(picture(1)));
    assert_eq!(lab.commit(vec![chosen(carol(), 1)]).await, about(carol()));
    assert_eq!(lab.commit(vec![chosen(carol(), 9)]).await, []);
    lab.commit(vec![set(bob(), 2)]).await;
    assert_eq!((kept(1), kept(2)), (Some(picture(1)), Some(picture(2))));
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!(restored.avatars, [(bob(), picture(2).hash), (carol(), picture(1).hash)]);
    assert_eq!(lab.commit(vec![Change::AvatarRemoved(carol())]).await, about(carol()));
    assert_eq!(lab.commit(vec![Change::AvatarRemoved(carol())]).await, []);
    assert_eq!(kept(1), None);
}

#[tokio::test]
async fn requests_wait_until_they_are_answered() {
    let mut lab = Lab::new().await;
    let request = SubscriptionRequest {
        jid: bob(),
        nickname: Some("Bob".to_owned()),
        message: Some("C'est moi".to_owned()),
        at: at(5),
        moved_from: None,
    };
    let received = |request: &SubscriptionRequest| Change::RequestReceived(request.clone());
    assert_eq!(lab.commit(vec![received(&request)]).await, [Event::RequestsChanged]);
    // Servers send it at every login.
    assert_eq!(lab.commit(vec![received(&SubscriptionRequest { at: at(9), ..request.clone() })]).await, []);
    lab.restart();
    assert!(lab.reader.requests(lab.account).unwrap().iter().eq([&request]));
    assert_eq!(lab.store.restore(lab.account).await.unwrap().requests, [request]);
    assert_eq!(lab.commit(vec![Change::RequestClosed(bob())]).await, [Event::RequestsChanged]);
    assert_eq!(lab.commit(vec![Change::RequestClosed(bob())]).await, []);
    assert_eq!(lab.reader.requests(lab.account).unwrap(), []);
}

#[tokio::test]
async fn the_block_list_is_compared() {
    let lab = Lab::new().await;
    let (carol, dave) = (jid("carol@chat.test"), jid("dave@chat.test"));
    let list = |jids: &[BareJid]| Change::BlockListReplaced(jids.to_vec());
    let contact = Event::ContactChanged;
    assert_eq!(
        lab.commit(vec![list(&[bob(), carol.clone()])]).await,
        [contact(bob()), contact(carol.clone())]
    );
    assert_eq!(lab.commit(vec![list(&[carol.clone(), bob()])]).await, []);
    assert_eq!(
        lab.commit(vec![list(&[dave.clone(), carol.clone()])]).await,
        [contact(bob()), contact(dave.clone())]
    );
    assert_eq!(lab.store.restore(lab.account).await.unwrap().blocked, [carol, dave]);
    let many: Vec<_> = (0..500).map(|n| jid(&format!("c{n}@chat.test"))).collect();
    assert_eq!(lab.commit(vec![list(&many)]).await, [Event::RosterChanged]);
}

#[tokio::test]
async fn features_are_known_by_their_string() {
    let lab = Lab::new().await;
    let known = |ver: &str| Capabilities {
        ver: ver.to_owned(),
        features: vec!["http://jabber.org/protocol/chatstates".to_owned(), "urn:xmpp:ping".to_owned()],
    };
    assert_eq!(lab.commit(vec![Change::CapabilitiesLearned(known("sha-1:one="))]).await, []);
    lab.commit(vec![Change::CapabilitiesLearned(known("sha-1:one="))]).await;
    assert_eq!(lab.store.restore(lab.account).await.unwrap().capabilities, [known("sha-1:one=")]);
    assert_eq!(lab.reader.capabilities("sha-1:one=").unwrap(), Some(known("sha-1:one=")));
    assert_eq!(lab.reader.capabilities("sha-1:two=").unwrap(), None);
    // A flood of them drops the oldest.
    let flood = (0..3_000).map(|n| Change::CapabilitiesLearned(known(&format!("sha-1:{n}"))));
    lab.commit(flood.collect()).await;
    assert_eq!(lab.reader.capabilities("sha-1:999").unwrap(), None);
    assert_eq!(lab.reader.capabilities("sha-1:1000").unwrap(), Some(known("sha-1:1000")));
    // A brain starts with the newest.
    let restored = lab.store.restore(lab.account).await.unwrap().capabilities;
    let newest: Vec<_> = (2_500..3_000).map(|n| known(&format!("sha-1:{n}"))).collect();
    assert_eq!(restored, newest);
}

#[tokio::test]
async fn the_accounts_own_row() {
    let mut lab = Lab::new().await;
    let told = [Event::AccountChanged];
    let presence = OwnPresence { show: Show::ExtendedAway, status: "En congé".to_owned(), priority: -5 };
    for change in [
        Change::MechanismSeen(Mechanism::ScramSha256),
        Change::PlainAllowed,
        Change::OwnPresenceSet(presence.clone()),
        Change::SharingSet(Sharing::Contacts),
        Change::ConfirmingSet(Confirming::Arrival),
        Change::ActivitySet(Activity::Paused),
    ] {
        assert_eq!(lab.commit(vec![change.clone()]).await, told, "{change:?}");
        assert_eq!(lab.commit(vec![change.clone()]).await, [], "{change:?}");
    }
    // By what the server knows us is shown to nobody.
    let agent = UserAgentId::from_random([7; 16]);
    assert_eq!(lab.store.restore(lab.account).await.unwrap().user_agent, None);
    assert_eq!(lab.commit(vec![Change::UserAgentNamed(agent.clone())]).await, []);
    assert_eq!(lab.store.restore(lab.account).await.unwrap().user_agent, Some(agent));
    // What was seen once is not forgotten for something weaker.
    assert_eq!(lab.commit(vec![Change::MechanismSeen(Mechanism::Plain)]).await, []);
    let server = ServerAddress::parse("[::1]:15222");
    lab.store.set_server(lab.account, server.clone()).await.unwrap();
    lab.restart();
    let [account] = lab.reader.accounts().unwrap().try_into().unwrap();
    assert_eq!(account.jid, jid("alice@chat.test"));
    assert_eq!(account.server, server);
    assert_eq!(account.strongest_seen, Some(Mechanism::ScramSha256));
    assert!(account.plain_allowed);
    assert_eq!(account.presence, presence);
    assert_eq!((account.sharing, account.activity), (Sharing::Contacts, Activity::Paused));
    assert_eq!(account.confirming, Confirming::Arrival);
    assert_eq!(lab.reader.account(lab.account).unwrap(), Some(account.clone()));
    assert_eq!(lab.store.restore(lab.account).await.unwrap().account, account);
    lab.store.set_activity(lab.account, Activity::Active).await.unwrap();
    lab.store.set_server(lab.account, None).await.unwrap();
    let account = lab.reader.account(lab.account).unwrap().unwrap();
    assert_eq!((account.activity, account.server), (Activity::Active, None));
    for events in [&told[..], &[]] {
        assert_eq!(lab.commit(vec![Change::MechanismForgotten]).await, events);
    }
    let account = lab.reader.account(lab.account).unwrap().unwrap();
    assert_eq!((account.strongest_seen, account.plain_allowed), (None, false));
}

#[tokio::test]
async fn an_account_goes_with_all_that_is_its_own_and_its_number_never_comes_back() {
    let lab = Lab::new().await;
    let again = lab.store.add_account(&jid("alice@chat.test"), None).await.unwrap();
    assert_eq!(again, lab.account);
    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    for account in [lab.account, other] {
        let changes = vec![
            replaced("v", &[item(bob(), "Bob", &["Amis"])]),
            change(incoming("i", "mirabelle", 1)),
            Change::AvatarSet { jid: bob(), avatar: picture(account.0 as u8) },
        ];
        lab.store.commit(account, changes).await.unwrap();
    }
    lab.store.remove_account(other).await.unwrap();
    assert_eq!(lab.reader.accounts().unwrap().len(), 1);
    assert_eq!(lab.reader.conversations().unwrap().len(), 1);
    assert_eq!(lab.reader.search("mirabelle", None, None, None, 10).unwrap().len(), 1);
    assert_eq!(lab.reader.avatar(picture(other.0 as u8).hash).unwrap(), None);
    assert_eq!(lab.store.commit(other, vec![Change::PlainAllowed]).await, Err(Problem::Internal));
    assert_eq!(lab.store.restore(other).await, Err(Problem::Internal));
    let third = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    assert!(third > other);

    lab.store.remove_account(lab.account).await.unwrap();
    lab.store.remove_account(third).await.unwrap();
    lab.store.clone().close();
    // Not one word of it is left in any file of the folder.
    for entry in std::fs::read_dir(lab.folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for word in [&b"mirabelle"[..], b"Amis", b"alice@other.test"] {
            assert!(!bytes.windows(word.len()).any(|window| window == word));
        }
    }
}
