//! Pages, the list, what was read and what was typed.

use causerie_model::{Change, Event, MessageId, NewMessage, Timestamp};

use super::lab::{Lab, at, bob, change, incoming, jid, outgoing};

fn read(id: MessageId) -> Change {
    Change::ReadUpTo { peer: bob(), id }
}

fn draft(text: &str) -> Change {
    Change::DraftSaved { peer: bob(), text: text.into() }
}

/// 100 messages, several with one time, arrived in another order than they were written.
async fn scrambled() -> Lab {
    let lab = Lab::new().await;
    let changes = (0..100).map(|n| {
        let time = (n * 37 % 100) / 3;
        change(incoming(&format!("i{n}"), &format!("text {n}"), time))
    });
    lab.commit(changes.collect()).await;
    // Of somebody else.
    lab.commit(vec![change(NewMessage { peer: jid("carol@chat.test"), ..incoming("x", "no", 10) })]).await;
    lab
}

#[tokio::test]
async fn pages_in_both_directions_leave_nothing_out_and_repeat_nothing() {
    let lab = scrambled().await;
    let all = lab.page();
    assert_eq!(all.len(), 100);
    assert!(all.is_sorted_by_key(|message| (message.at, message.id)));

    let mut backwards = Vec::new();
    let mut before = None;
    loop {
        let page = lab.reader.page(lab.account, &bob(), before, 7).unwrap();
        let Some(first) = page.first() else { break };
        before = Some((first.at, first.id));
        backwards.splice(0..0, page);
    }
    assert_eq!(backwards, all);

    let mut forwards = Vec::new();
    let mut after = (at(-1), MessageId(0));
    loop {
        let page = lab.reader.page_after(lab.account, &bob(), after, 7).unwrap();
        let Some(last) = page.last() else { break };
        after = (last.at, last.id);
        forwards.extend(page);
    }
    assert_eq!(forwards, all);
}

#[tokio::test]
async fn a_page_around_a_message() {
    let lab = scrambled().await;
    let all = lab.page();
    assert_eq!(lab.reader.page_around(all[50].id, 10).unwrap(), all[40..=60]);
    assert_eq!(lab.reader.page_around(all[2].id, 10).unwrap(), all[..=12]);
    assert_eq!(lab.reader.page_around(all[99].id, 10).unwrap(), all[89..]);
    assert_eq!(lab.reader.page_around(MessageId(12_345), 10).unwrap(), []);
    assert_eq!(lab.reader.page(lab.account, &jid("nobody@chat.test"), None, 10).unwrap(), []);
}

#[tokio::test]
async fn the_list_is_sorted_by_what_happened_last() {
    let lab = Lab::new().await;
    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    let peer = |name: &str| jid(&format!("{name}@chat.test"));
    let with = |name, millis| change(NewMessage { peer: peer(name), ..incoming("i", "text", millis) });
    lab.commit(vec![with("bob", 10), with("carol", 30)]).await;
    lab.store.commit(other, vec![with("dave", 20)]).await.unwrap();
    let names = || -> Vec<_> {
        let list = lab.reader.conversations().unwrap();
        list.into_iter().map(|row| row.peer.local().unwrap().to_owned()).collect()
    };
    assert_eq!(names(), ["carol", "dave", "bob"]);
    // An older message that comes late moves nothing.
    lab.commit(vec![change(incoming("late", "late", 5))]).await;
    assert_eq!(names(), ["carol", "dave", "bob"]);
    lab.commit(vec![Change::ConversationOpened { peer: bob(), at: at(40) }]).await;
    assert_eq!(names(), ["bob", "carol", "dave"]);
    assert_eq!(lab.commit(vec![Change::ConversationOpened { peer: bob(), at: at(35) }]).await, []);
    lab.commit(vec![Change::ConversationOpened { peer: peer("erin"), at: at(50) }]).await;
    assert_eq!(names(), ["erin", "bob", "carol", "dave"]);
    let list = lab.reader.conversations().unwrap();
    assert_eq!(list[0].last, None);
    assert_eq!(list[1].last.as_ref().unwrap().text, "text");
    assert_eq!(lab.reader.conversation(other, &peer("dave")).unwrap().as_ref(), Some(&list[3]));
    assert_eq!(lab.reader.conversation(other, &bob()).unwrap(), None);
}

#[tokio::test]
async fn reading_counts_down_and_never_up() {
    let lab = Lab::new().await;
    let changes = (0..5).map(|n| change(incoming(&format!("i{n}"), "text", n)));
    lab.commit(changes.collect()).await;
    lab.commit(vec![change(outgoing("o", "mine", 9))]).await;
    let page = lab.page();
    let unread = || lab.reader.conversation(lab.account, &bob()).unwrap().unwrap().unread;
    let first = || lab.reader.first_unread(lab.account, &bob()).unwrap();
    // To write is not to read.
    assert_eq!((unread(), first()), (5, Some(page[0].id)));

    let events = lab.commit(vec![read(page[2].id)]).await;
    assert_eq!(events, [Event::ConversationChanged(bob()), Event::ConversationRead(bob())]);
    assert_eq!((unread(), first()), (2, Some(page[3].id)));
    assert_eq!(lab.commit(vec![read(page[2].id), read(page[0].id)]).await, []);
    assert_eq!(unread(), 2);
    assert_eq!(lab.commit(vec![read(MessageId(i64::MAX))]).await.len(), 2);
    assert_eq!((unread(), first()), (0, None));
    assert_eq!(lab.reader.unread_total().unwrap(), 0);

    // A message that comes now is new, whatever time it has.
    lab.commit(vec![change(incoming("late", "late", 0))]).await;
    assert_eq!(unread(), 1);
    assert_eq!(lab.reader.unread_total().unwrap(), 1);
    // The same once more is not.
    lab.commit(vec![change(incoming("late", "late", 0))]).await;
    assert_eq!(unread(), 1);
    let nobody = Change::ReadUpTo { peer: jid("nobody@chat.test"), id: page[0].id };
    assert_eq!(lab.commit(vec![nobody]).await, []);
}

#[tokio::test]
async fn drafts_outlive_the_program() {
    let mut lab = Lab::new().await;
    let changed = [Event::ConversationChanged(bob())];
    assert_eq!(lab.commit(vec![draft("")]).await, []);
    assert_eq!(lab.reader.conversations().unwrap(), []);
    assert_eq!(lab.commit(vec![draft("Chère Bob,\n")]).await, changed);
    assert_eq!(lab.commit(vec![draft("Chère Bob,\n")]).await, []);
    lab.restart();
    assert_eq!(lab.reader.draft(lab.account, &bob()).unwrap(), "Chère Bob,\n");
    assert_eq!(lab.reader.conversations().unwrap()[0].draft, "Chère Bob,\n");
    assert_eq!(lab.commit(vec![draft("")]).await, changed);
    assert_eq!(lab.reader.draft(lab.account, &bob()).unwrap(), "");
    assert_eq!(lab.reader.draft(lab.account, &jid("nobody@chat.test")).unwrap(), "");
}

#[tokio::test]
async fn a_new_draft_is_listed_first_among_the_last_active() {
    let lab = Lab::new().await;
    lab.commit(vec![change(NewMessage { peer: jid("carol@chat.test"), ..incoming("i", "text", 70) })]).await;
    lab.commit(vec![draft("hello")]).await;
    let list = lab.reader.conversations().unwrap();
    assert_eq!(list[0].peer, bob());
    assert_eq!(list[0].active_at, Timestamp::from_millis(70));
}

#[tokio::test]
async fn a_brain_is_told_with_whom_there_are_conversations() {
    let mut lab = Lab::new().await;
    let other = lab.store.add_account(&jid("alice@other.test"), None).await.unwrap();
    lab.store.commit(other, vec![change(incoming("i", "elsewhere", 1))]).await.unwrap();
    let peers: Vec<_> = (0..2_100).map(|n| jid(&format!("peer{n}@chat.test"))).collect();
    let messages = peers
        .iter()
        .zip(0..)
        .map(|(peer, n)| change(NewMessage { peer: peer.clone(), ..incoming("i", "text", n) }));
    lab.commit(messages.collect()).await;
    lab.commit(vec![change(incoming("i", "text", 9_999))]).await;
    lab.restart();
    let conversations = lab.store.restore(lab.account).await.unwrap().conversations;
    assert_eq!(conversations.len(), 2_000);
    assert_eq!(conversations[..2], [bob(), peers[2_099].clone()]);
}

#[tokio::test]
async fn whoever_was_written_to_is_told_of_before_any_stranger() {
    let mut lab = Lab::new().await;
    let carol = jid("carol@chat.test");
    lab.commit(vec![change(NewMessage { peer: carol.clone(), ..outgoing("o", "text", 1) })]).await;
    let stranger =
        |n: i64| NewMessage { peer: jid(&format!("m{n}@evil.test")), ..incoming("i", "text", n + 2) };
    lab.commit((0..2_100).map(|n| change(stranger(n))).collect()).await;
    lab.restart();
    let conversations = lab.store.restore(lab.account).await.unwrap().conversations;
    assert_eq!((conversations.len(), &conversations[0]), (2_000, &carol));
    assert_eq!(conversations[1], jid("m2099@evil.test"));
}
