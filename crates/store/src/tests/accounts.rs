//! What is kept of the accounts themselves: order, colour, what is shown of us, moving, tokens; and that all of it can go.

use causerie_model::{
    AccountColour, Avatar, AvatarHash, Change, Event, InviteToken, IssuedToken, PendingOut, Profile,
    RosterItem, ServerAddress, Subscription, SubscriptionRequest, contact_list,
};

use super::lab::{Lab, at, bob, change, incoming, jid};

#[tokio::test]
async fn accounts_have_an_order_and_colours() {
    let mut lab = Lab::new().await;
    let first = lab.account;
    let second = lab.store.add_account(&jid("b@chat.test"), None).await.unwrap();
    let third = lab.store.add_account(&jid("c@chat.test"), None).await.unwrap();
    let order = |lab: &Lab| lab.reader.accounts().unwrap().iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(order(&lab), [first, second, third]);
    lab.store.set_order(vec![third, first]).await.unwrap();
    assert_eq!(order(&lab), [third, first, second]);
    let fourth = lab.store.add_account(&jid("a@chat.test"), None).await.unwrap();
    lab.store.set_colour(second, Some(AccountColour::Violet)).await.unwrap();
    lab.restart();
    assert_eq!(order(&lab), [third, first, second, fourth]);
    let colours: Vec<_> = lab.reader.accounts().unwrap().iter().map(|it| it.colour).collect();
    assert_eq!(colours, [None, None, Some(AccountColour::Violet), None]);
    // Signing in again changes nothing of it.
    assert_eq!(lab.store.add_account(&jid("c@chat.test"), None).await.unwrap(), third);
    assert_eq!(order(&lab)[0], third);
}

#[tokio::test]
async fn our_own_name_and_picture_are_in_the_account_and_there_offline() {
    let mut lab = Lab::new().await;
    let own = lab.reader.account(lab.account).unwrap().unwrap().jid;
    let avatar = Avatar { hash: AvatarHash([3; 20]), bytes: vec![3] };
    let name = Change::NicknameSet { jid: own.clone(), nickname: Some("Alice".to_owned()) };
    let picture = Change::AvatarSet { jid: own.clone(), avatar: avatar.clone() };
    let told = [Event::ContactChanged(own.clone()), Event::AccountChanged];
    assert_eq!(lab.commit(vec![name.clone(), picture]).await, told);
    assert_eq!(lab.commit(vec![name]).await, []);
    // Those of others are theirs.
    let other = Change::NicknameSet { jid: bob(), nickname: Some("Bob".to_owned()) };
    assert_eq!(lab.commit(vec![other]).await, [Event::ContactChanged(bob())]);
    lab.restart();
    let profile = |lab: &Lab| lab.reader.account(lab.account).unwrap().unwrap().profile;
    assert_eq!(profile(&lab), Profile { name: Some("Alice".to_owned()), picture: Some(avatar.hash) });
    assert_eq!(lab.reader.avatar(avatar.hash).unwrap(), Some(avatar));
    let gone = vec![Change::NicknameSet { jid: own.clone(), nickname: None }, Change::AvatarRemoved(own)];
    assert_eq!(lab.commit(gone).await, told);
    assert_eq!(profile(&lab), Profile::default());
}

#[tokio::test]
async fn server_move_and_tokens_come_back_after_a_restart() {
    let mut lab = Lab::new().await;
    let server = ServerAddress { host: "127.0.0.1".to_owned(), port: 5222 };
    let token =
        |text: &str, expires| IssuedToken { token: InviteToken::new(text).unwrap(), expires: at(expires) };
    let changes = || {
        vec![
            Change::ServerSet(Some(server.clone())),
            Change::MoveAnnounced(Some(jid("new@other.test"))),
            Change::TokenIssued(token("later", 9)),
            Change::TokenIssued(token("sooner", 5)),
        ]
    };
    assert_eq!(lab.commit(changes()).await, [Event::AccountChanged]);
    assert_eq!(lab.commit(changes()).await, []);
    lab.restart();
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!(restored.account.server, Some(server));
    assert_eq!(restored.account.moved_to, Some(jid("new@other.test")));
    assert_eq!(restored.tokens, [token("sooner", 5), token("later", 9)]);
    lab.commit(vec![Change::TokenVoid(token("sooner", 5).token), Change::ServerSet(None)]).await;
    let restored = lab.store.restore(lab.account).await.unwrap();
    assert_eq!((restored.tokens, restored.account.server), (vec![token("later", 9)], None));
}

#[tokio::test]
async fn a_request_is_known_to_come_from_somebody_who_moved() {
    let mut lab = Lab::new().await;
    let request =
        SubscriptionRequest { jid: bob(), nickname: None, message: None, at: at(5), moved_from: None };
    lab.commit(vec![Change::RequestReceived(request.clone())]).await;
    let moved = SubscriptionRequest { moved_from: Some(jid("old@chat.test")), ..request };
    let received = || vec![Change::RequestReceived(moved.clone())];
    assert_eq!(lab.commit(received()).await, [Event::RequestsChanged]);
    assert_eq!(lab.commit(received()).await, []);
    lab.restart();
    assert!(lab.reader.requests(lab.account).unwrap().iter().eq([&moved]));
    assert_eq!(lab.store.restore(lab.account).await.unwrap().requests, [moved]);
}

#[tokio::test]
async fn contacts_can_be_taken_along() {
    let lab = Lab::new().await;
    let item = RosterItem {
        jid: bob(),
        name: Some("Bob, \"le bref\"".to_owned()),
        groups: vec!["Amis".to_owned(), "Voisins; voisines".to_owned()],
        subscription: Subscription::Both,
        pending_out: PendingOut::No,
        approved: false,
    };
    lab.commit(vec![Change::RosterItemSet { version: None, item: item.clone() }]).await;
    let file = lab.reader.contact_list(lab.account).unwrap();
    let read = contact_list::read(file.as_bytes()).unwrap();
    assert_eq!((&read.contacts[0].jid, &read.contacts[0].name), (&item.jid, &item.name));
    assert_eq!(read.contacts[0].groups, item.groups);
}

#[tokio::test]
async fn nothing_of_a_removed_account_is_left() {
    let lab = Lab::new().await;
    let own = lab.reader.account(lab.account).unwrap().unwrap().jid;
    let avatar = Avatar { hash: AvatarHash([3; 20]), bytes: b"a picture of ourselves".to_vec() };
    let token = IssuedToken { token: InviteToken::new("tokentokentoken").unwrap(), expires: at(5) };
    lab.commit(vec![
        change(incoming("i", "mirabelle", 1)),
        Change::AvatarSet { jid: own, avatar },
        Change::TokenIssued(token),
        Change::RequestReceived(SubscriptionRequest {
            jid: bob(),
            nickname: Some("quetsche".to_owned()),
            message: None,
            at: at(5),
            moved_from: Some(jid("reineclaude@chat.test")),
        }),
    ])
    .await;
    // What an older program left, before this one brought the database up to date.
    let copy = crate::migrate::copy_path(&lab.folder.path().join(crate::open::DATABASE), 1);
    std::fs::write(&copy, "mirabelle").unwrap();
    lab.store.remove_account(lab.account).await.unwrap();
    let files = std::fs::read_dir(lab.folder.path()).unwrap();
    for file in files.map(|file| file.unwrap().path()) {
        let bytes = std::fs::read(&file).unwrap();
        for gone in ["mirabelle", "tokentokentoken", "quetsche", "reineclaude", "a picture of ourselves"] {
            let found = bytes.windows(gone.len()).any(|window| window == gone.as_bytes());
            assert!(!found, "{gone} is in {}", file.display());
        }
    }
    let rows = "SELECT (SELECT count(*) FROM invite_token) + (SELECT count(*) FROM avatar)
                     + (SELECT count(*) FROM request) + (SELECT count(*) FROM message)";
    let count =
        lab.store.run("test", move |ledger| ledger.connection.query_row(rows, (), |row| row.get(0))).await;
    assert_eq!(count, Ok(0));
}
