//! The actor with a scripted mind and a scripted ledger, against a scripted server.
//!
//! Long because what the script stands in for, and all that is asked of it, are read together.

mod disk;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use causerie_model::{
    Account, AccountId, BareJid, Change, ChatState, ClientState, Command, Connection, Event, FastMechanism,
    FastToken, Notice, OwnPresence, Password, Problem, Restored, RestoredEncryption, Sharing,
};
use causerie_protocol::{DeriveKey, Effect, Effects, HashFunction, Input, Now};
use minidom::Element;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore};
use tokio_rustls::server::TlsStream;

use crate::connect::Patience;
use crate::handle::{Config, Handle, spawn_with};
use crate::tests::lab::{Authority, FEATURES, HEADER, Identity, Peer, listener, target};
use crate::tls::Roots;
use crate::{Events, Ledger};

/// Answers each commit with the next of these, then with success; notes what was committed.
#[derive(Clone, Default)]
struct Notes {
    answers: Arc<Mutex<VecDeque<Problem>>>,
    committed: Arc<Mutex<Vec<Change>>>,
    /// What each commit waits for.
    gate: Option<Arc<Semaphore>>,
    /// Told when a commit has begun.
    begun: Arc<Notify>,
    /// What is never committed, nor what is asked for together with it.
    refused: Vec<Change>,
    /// What each commit brings besides.
    finds: Option<Event>,
}

impl Ledger for Notes {
    async fn restore(&self, account: AccountId) -> Result<Restored, Problem> {
        let account = Account {
            id: account,
            jid: BareJid::new("alice@example.org").expect("an address"),
            server: None,
            activity: causerie_model::account::Activity::Active,
            strongest_seen: None,
            plain_allowed: false,
            presence: OwnPresence::default(),
            sharing: Sharing::Nobody,
            confirming: causerie_model::Confirming::default(),
            roster_version: None,
            profile: Default::default(),
            colour: None,
            moved_to: None,
        };
        Ok(Restored {
            account,
            roster: vec![],
            blocked: vec![],
            requests: vec![],
            pending: vec![],
            capabilities: vec![],
            avatars: vec![],
            conversations: vec![],
            archive: None,
            gap: None,
            asked: None,
            encryption: RestoredEncryption::default(),
            user_agent: None,
            tokens: vec![],
            reading: vec![],
            unread: vec![],
            rooms: vec![],
            said: vec![],
            left_rooms: vec![],
        })
    }

    async fn commit(&self, _: AccountId, changes: &[Change]) -> Result<Vec<Event>, Problem> {
        self.begun.notify_one();
        if let Some(gate) = &self.gate {
            gate.acquire().await.expect("a gate").forget();
        }
        if let Some(problem) = self.answers.lock().expect("a lock").pop_front() {
            return Err(problem);
        }
        if changes.iter().any(|change| self.refused.contains(change)) {
            return Err(Problem::Internal);
        }
        self.committed.lock().expect("a lock").extend_from_slice(changes);
        Ok(vec![Event::ContactChanged(bob())].into_iter().chain(self.finds.clone()).collect())
    }
}

fn bob() -> BareJid {
    BareJid::new("bob@example.org").expect("an address")
}

/// An account, its server, and a mind that connects when it is told to and otherwise does what the script says.
struct World {
    handle: Handle,
    events: Events,
    unread: VecDeque<Event>,
    listener: TcpListener,
    identity: Identity,
    notes: Notes,
    _folder: tempfile::TempDir,
}

impl World {
    async fn new<F>(notes: Notes, script: fn() -> F) -> Self
    where
        F: FnMut(&Input, &mut Effects) + 'static,
    {
        Self::patient(Patience::PRODUCT, notes, script).await
    }

    async fn patient<F>(patience: Patience, notes: Notes, script: fn() -> F) -> Self
    where
        F: FnMut(&Input, &mut Effects) + 'static,
    {
        let ours = Authority::new("Ours");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, ours.pem()).expect("a file");
        let (listener, address) = listener().await;
        let mut config = Config::new(AccountId(1), None);
        config.roots = Roots { extra: Some(path) };
        config.patience = Patience { goodbye: Duration::from_millis(300), ..patience };
        let awaken = move |_: Restored, _: Option<Password>| {
            let mut script = script();
            Ok(move |input: Input, _: Now| {
                let mut effects = Effects::default();
                if matches!(input, Input::Command(Command::Connect)) {
                    effects.want(Effect::Connect(target(address)));
                }
                if matches!(&input, Input::Element(element) if element.name() == "features") {
                    effects.tell(Event::RosterChanged);
                }
                script(&input, &mut effects);
                effects
            })
        };
        let (handle, events) = spawn_with(config, notes.clone(), awaken).expect("a thread");
        Self {
            handle,
            events,
            unread: VecDeque::new(),
            listener,
            identity: ours.identity(),
            notes,
            _folder: folder,
        }
    }

    /// Has the actor connect, and plays the server up to the features.
    async fn connect(&mut self) -> Peer<TlsStream<TcpStream>> {
        self.handle.send(Command::Connect);
        let peer = self.accept().await;
        self.until(|event| *event == Event::RosterChanged).await;
        peer
    }

    async fn accept(&mut self) -> Peer<TlsStream<TcpStream>> {
        let acceptor = self.identity.acceptor();
        let mut peer = Peer::accept(&self.listener).await.starttls(&acceptor).await.expect("TLS");
        peer.begin(FEATURES).await.expect("a client");
        peer
    }

    /// Reads events up to this one. Those behind it are for the next call.
    async fn until(&mut self, wanted: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut read = Vec::new();
        while !read.last().is_some_and(&wanted) {
            match self.unread.pop_front() {
                Some(event) => read.push(event),
                None => self.unread.extend(self.events.recv_batch().await.expect("an actor")),
            }
        }
        read
    }
}

fn message(id: &str) -> Element {
    format!("<message xmlns='jabber:client' id='{id}'/>").parse().expect("XML")
}

fn record() -> Change {
    Change::NicknameSet { jid: bob(), nickname: None }
}

fn told(state: ChatState) -> Event {
    Event::ChatStateChanged { peer: bob(), state }
}

/// Tells that an element with this identifier has come.
fn echo(input: &Input, effects: &mut Effects) {
    if let Input::Element(element) = input
        && let Some(id) = element.attr("id")
    {
        effects
            .tell(Event::ConversationRead(BareJid::new(&format!("{id}@example.org")).expect("an address")));
    }
}

fn has_come(id: &str) -> impl Fn(&Event) -> bool {
    let peer = BareJid::new(&format!("{id}@example.org")).expect("an address");
    move |event| *event == Event::ConversationRead(peer.clone())
}

fn sends_on_command() -> impl FnMut(&Input, &mut Effects) {
    |input, effects| {
        if let Input::Command(Command::AllowPlain) = input {
            effects.send(message("m"));
            effects.record(record());
            effects.tell(told(ChatState::Composing));
        }
    }
}

fn heeds_copies() -> impl FnMut(&Input, &mut Effects) {
    |input, effects| match input {
        Input::Command(Command::AllowPlain) => effects.record(record()),
        Input::CopySeen(device) => effects.tell(Event::Notice(Notice::NewOwnDevice { device: *device })),
        _ => {}
    }
}

/// What only the ledger can find out about our keys, the brain hears.
#[tokio::test]
async fn a_copy_that_the_ledger_has_seen_is_told_to_the_brain() {
    let device = causerie_model::DeviceId::new(7).unwrap();
    let notes = Notes { finds: Some(Event::CopySeen(device)), ..Notes::default() };
    let mut world = World::new(notes, heeds_copies).await;
    let _peer = world.connect().await;
    world.handle.send(Command::AllowPlain);
    world.until(|event| *event == Event::Notice(Notice::NewOwnDevice { device })).await;
}

#[tokio::test]
async fn first_it_is_kept_then_sent_then_told() {
    let gate = Arc::new(Semaphore::new(0));
    let mut world =
        World::new(Notes { gate: Some(Arc::clone(&gate)), ..Notes::default() }, sends_on_command).await;
    let mut peer = world.connect().await;
    world.handle.send(Command::AllowPlain);
    assert_eq!(peer.sent_by_now().await, "");
    gate.add_permits(1);
    peer.expect("<message").await.unwrap();
    assert_eq!(*world.notes.committed.lock().unwrap(), [record()]);
    let events = world.until(|event| *event == told(ChatState::Composing)).await;
    assert_eq!(events, [Event::ContactChanged(bob()), told(ChatState::Composing)]);
}

/// Counts stanzas as the brain does, and acknowledges them when asked.
fn counts() -> impl FnMut(&Input, &mut Effects) {
    let mut handled = 0;
    move |input: &Input, effects: &mut Effects| {
        let Input::Element(element) = input else { return };
        match element.name() {
            "message" => {
                handled += 1;
                effects.record(record());
            }
            "r" => effects.send(format!("<a xmlns='urn:xmpp:sm:3' h='{handled}'/>").parse().expect("XML")),
            _ => {}
        }
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_before_it_is_kept() {
    let gate = Arc::new(Semaphore::new(0));
    let notes = Notes { gate: Some(Arc::clone(&gate)), ..Notes::default() };
    let mut world = World::new(notes, counts).await;
    let mut peer = world.connect().await;
    // However these are batched: each `h` is at most what was committed by then.
    let asked = "<message id='m'/><r xmlns='urn:xmpp:sm:3'/>";
    peer.say(&asked.repeat(200)).await.unwrap();
    assert!(!peer.sent_by_now().await.contains("urn:xmpp:sm:3"));
    gate.add_permits(1);
    let mut heard = String::new();
    while !heard.contains("h='200'") && !heard.contains("h=\"200\"") {
        gate.add_permits(1);
        heard += &peer.sent_by_now().await;
        let committed = world.notes.committed.lock().unwrap().len();
        let told = heard.split("h='").skip(1).filter_map(|rest| rest.split('\'').next()?.parse().ok());
        let most: usize = told.max().unwrap_or_default();
        assert!(most <= committed, "{most} acknowledged, {committed} kept");
    }
    assert_eq!(world.notes.committed.lock().unwrap().len(), 200);
}

/// What is taken from the server and can't be kept is not acknowledged: it comes again.
#[tokio::test]
async fn what_cannot_be_kept_is_never_acknowledged() {
    let notes = Notes { answers: Arc::new(Mutex::new([Problem::Internal].into())), ..Notes::default() };
    let mut world = World::new(notes, counts).await;
    let mut peer = world.connect().await;
    peer.say("<message id='m'/><r xmlns='urn:xmpp:sm:3'/>").await.unwrap();
    assert!(!peer.rest().await.contains("urn:xmpp:sm:3"));
}

#[tokio::test]
async fn what_the_ledger_will_never_take_is_neither_sent_nor_told() {
    let notes = Notes::default();
    notes.answers.lock().unwrap().extend([Problem::Internal, Problem::Internal]);
    let mut world = World::new(notes, sends_on_command).await;
    let peer = world.connect().await;
    world.handle.send(Command::AllowPlain);
    let refused = Event::Notice(Notice::NotStored(Problem::Internal));
    let events = world.until(|event| *event == refused).await;
    assert!(!events.contains(&told(ChatState::Composing)));
    assert!(!peer.rest().await.contains("<message"));
    // Another brain goes on from what the ledger has.
    let mut peer = world.accept().await;
    world.until(|event| *event == Event::RosterChanged).await;
    world.handle.send(Command::AllowPlain);
    peer.expect("<message").await.unwrap();
    assert_eq!(*world.notes.committed.lock().unwrap(), [record()]);
}

#[tokio::test]
async fn what_comes_before_what_the_ledger_never_takes_is_kept_and_nothing_that_was_built_on_it() {
    let draft = |text: &str| Change::DraftSaved { peer: bob(), text: text.into() };
    // A mind that believes in what it has recorded.
    let script = || {
        let mut before = String::new();
        move |input: &Input, effects: &mut Effects| match input {
            Input::Command(Command::SaveDraft { peer, text }) => {
                let text = match before.as_str() {
                    "never" => format!("{} built on it", &**text),
                    _ => String::from(&**text),
                };
                effects.record(Change::DraftSaved { peer: peer.clone(), text: text.clone().into() });
                before = text;
            }
            Input::Command(Command::NetworkChanged) => effects.tell(Event::Notice(Notice::NoArchive)),
            _ => {}
        }
    };
    let gate = Arc::new(Semaphore::new(0));
    let notes = Notes { gate: Some(Arc::clone(&gate)), refused: vec![draft("never")], ..Notes::default() };
    let mut world = World::new(notes, script).await;
    let save = |text: &str| world.handle.send(Command::SaveDraft { peer: bob(), text: text.into() });
    save("alone");
    world.notes.begun.notified().await;
    // While that is being kept, these come, and are to be kept together.
    save("first");
    world.handle.send(Command::NetworkChanged);
    ["never", "after", "last"].into_iter().for_each(save);
    gate.add_permits(100);
    world.handle.quit();
    world.handle.ended().await;
    // What was asked for behind it goes through, as if what is refused had not been asked for.
    let kept = ["alone", "first", "after", "last"].map(draft);
    assert_eq!(*world.notes.committed.lock().unwrap(), kept);
    let events = world.until(|event| *event == Event::Notice(Notice::NoArchive)).await;
    let refused = Event::Notice(Notice::NotStored(Problem::Internal));
    assert_eq!(events.iter().filter(|event| **event == refused).count(), 1, "{events:?}");
}

#[tokio::test]
async fn what_was_asked_for_before_quitting_on_a_full_disk_is_tried_once_more_and_no_more_often() {
    let draft = |text: &str| Change::DraftSaved { peer: bob(), text: text.into() };
    let script = || {
        |input: &Input, effects: &mut Effects| {
            if let Input::Command(Command::SaveDraft { peer, text }) = input {
                effects.record(Change::DraftSaved { peer: peer.clone(), text: text.clone() });
            }
        }
    };
    // How often it is full after that, and what is kept in the end.
    for (times, kept) in [(2, vec!["alone", "first", "second"]), (100, vec!["alone"])] {
        let gate = Arc::new(Semaphore::new(0));
        let notes = Notes { gate: Some(Arc::clone(&gate)), ..Notes::default() };
        let mut world = World::new(notes, script).await;
        let save = |text: &str| Command::SaveDraft { peer: bob(), text: text.into() };
        world.handle.send(save("alone"));
        world.notes.begun.notified().await;
        ["first", "second"].map(save).into_iter().for_each(|command| world.handle.send(command));
        world.handle.quit();
        gate.add_permits(1);
        world.until(|event| *event == Event::ContactChanged(bob())).await;
        world.notes.answers.lock().unwrap().extend(vec![Problem::DiskFull; times]);
        gate.add_permits(1000);
        world.handle.ended().await;
        let kept: Vec<Change> = kept.into_iter().map(draft).collect();
        assert_eq!(*world.notes.committed.lock().unwrap(), kept, "{times}");
    }
}

#[tokio::test]
async fn a_damaged_database_ends_the_connection_until_a_person_comes() {
    let notes = Notes::default();
    notes.answers.lock().unwrap().extend([Problem::DatabaseDamaged, Problem::DatabaseDamaged]);
    let mut world = World::new(notes, sends_on_command).await;
    let peer = world.connect().await;
    world.handle.send(Command::AllowPlain);
    let stopped = Event::ConnectionChanged(Connection::Stopped(Problem::DatabaseDamaged));
    world.until(|event| *event == stopped).await;
    assert!(!peer.rest().await.contains("<message"));
    drop(world.connect().await);
}

#[tokio::test]
async fn what_was_asked_for_before_quitting_is_done() {
    let mut world = World::new(Notes::default(), sends_on_command).await;
    let mut peer = world.connect().await;
    world.handle.send(Command::AllowPlain);
    world.handle.send(Command::AllowPlain);
    world.handle.quit();
    let sent = peer.expect("</stream:stream>").await.unwrap();
    assert_eq!(sent.matches("<message").count(), 2, "{sent}");
    world.handle.ended().await;
    assert_eq!(world.notes.committed.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_was_asked_for_after_a_failure_and_before_quitting_is_kept() {
    let script = || {
        let mut sends = sends_on_command();
        move |input: &Input, effects: &mut Effects| {
            assert!(!matches!(input, Input::Command(Command::NetworkChanged)));
            sends(input, effects);
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    world.handle.send(Command::NetworkChanged);
    let failed = |event: &Event| matches!(event, Event::ConnectionChanged(Connection::Waiting { .. }));
    world.until(failed).await;
    world.handle.send(Command::AllowPlain);
    world.handle.quit();
    world.handle.ended().await;
    assert_eq!(*world.notes.committed.lock().unwrap(), [record()]);
}

#[tokio::test]
async fn a_panic_costs_the_connection_and_nothing_more() {
    let script = || {
        |input: &Input, effects: &mut Effects| {
            echo(input, effects);
            if matches!(input, Input::Element(element) if element.attr("id") == Some("honest")) {
                effects.record(record());
            }
            assert!(!matches!(input, Input::Element(element) if element.attr("id") == Some("poison")));
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    peer.say("<message id='good'/>").await.unwrap();
    world.until(has_come("good")).await;
    peer.say("<message id='honest'/><message id='poison'/>").await.unwrap();
    world.until(has_come("honest")).await;
    let failed = |event: &Event| {
        let waiting = |connection: &Connection| matches!(connection, Connection::Waiting { problem: Problem::Internal, retry_in } if !retry_in.is_zero());
        matches!(event, Event::ConnectionChanged(connection) if waiting(connection))
    };
    world.until(failed).await;
    assert_eq!(*world.notes.committed.lock().unwrap(), [record()]);
    // It connects again by itself, as it was told before.
    let mut peer = world.accept().await;
    peer.say("<message id='again'/>").await.unwrap();
    world.until(has_come("again")).await;
}

#[tokio::test]
async fn what_signs_in_and_who_looks_outlive_a_panic() {
    let script = || {
        |input: &Input, effects: &mut Effects| {
            echo(input, effects);
            let token = FastToken::new(FastMechanism::HtSha256None, None, Password::new("new".to_owned()));
            match input {
                Input::Element(element) if element.attr("id") == Some("given") => {
                    effects.tell(Event::FastTokenChanged(token));
                }
                Input::Element(element) => assert_ne!(element.attr("id"), Some("poison")),
                // What the next one is told is told on.
                Input::Command(Command::SetFastToken(token)) => {
                    effects.tell(Event::FastTokenChanged(Some(token.clone())));
                }
                Input::Command(Command::SetClientState(ClientState::Inactive)) => {
                    effects.tell(Event::RequestsChanged);
                }
                _ => {}
            }
        }
    };
    let is_new =
        |event: &Event| matches!(event, Event::FastTokenChanged(Some(token)) if token.reveal() == "new");
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    world.handle.send(Command::SetClientState(ClientState::Inactive));
    world.until(|event| *event == Event::RequestsChanged).await;
    peer.say("<message id='given'/>").await.unwrap();
    world.until(is_new).await;
    peer.say("<message id='poison'/>").await.unwrap();
    world.until(is_new).await;
    world.until(|event| *event == Event::RequestsChanged).await;
}

#[tokio::test]
async fn what_breaks_something_twice_is_skipped() {
    let script = || {
        |input: &Input, effects: &mut Effects| {
            echo(input, effects);
            let Input::Element(element) = input else { return };
            let is_marker = element.has_child("rejected", causerie_protocol::REJECTED_NS);
            assert!(element.attr("id") != Some("worst") && (element.attr("id") != Some("bad") || is_marker));
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    // Not well-formed, not for the brain, and not even for the brain as a marker.
    for (bad, comes) in [("<message id='odd'>&odd;</message>", true), ("<message id='bad'/>", true)] {
        peer.say(bad).await.unwrap();
        peer.expect("never said").await.unwrap_err();
        world.handle.send(Command::Connect);
        peer = world.accept().await;
        peer.say(bad).await.unwrap();
        peer.say("<message id='after'/>").await.unwrap();
        let events = world.until(has_come("after")).await;
        let id = if bad.contains("odd") { "odd" } else { "bad" };
        assert_eq!(events.iter().any(has_come(id)), comes, "{bad}");
    }
    for _ in 0..2 {
        peer.say("<message id='worst'/>").await.unwrap();
        peer.expect("never said").await.unwrap_err();
        world.handle.send(Command::Connect);
        peer = world.accept().await;
    }
    peer.say("<message id='worst'/><message id='last'/>").await.unwrap();
    world.until(has_come("last")).await;
}

#[tokio::test]
async fn goodbye_is_said_and_what_still_comes_is_kept() {
    let script = || {
        |input: &Input, effects: &mut Effects| {
            if let Input::Element(element) = input
                && element.name() == "message"
            {
                effects.record(record());
            }
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    world.handle.quit();
    peer.expect("</stream:stream>").await.unwrap();
    peer.say("<message id='late'/></stream:stream>").await.unwrap();
    world.handle.ended().await;
    assert_eq!(*world.notes.committed.lock().unwrap(), [record()]);
    let end = [Event::PresenceForgotten, Event::ConnectionChanged(Connection::Offline)];
    assert!(world.until(|event| *event == end[1]).await.ends_with(&end));
    assert_eq!(world.events.recv_batch().await, None);
}

#[tokio::test]
async fn it_ends_whatever_the_server_does() {
    let mut world = World::new(Notes::default(), || |_: &Input, _: &mut Effects| ()).await;
    let peer = world.connect().await;
    world.handle.quit();
    world.handle.ended().await;
    drop(peer);

    // While it connects, and before it has done anything.
    let world = World::new(Notes::default(), || |_: &Input, _: &mut Effects| ()).await;
    world.handle.send(Command::Connect);
    let silent = Peer::accept(&world.listener).await;
    world.handle.quit();
    world.handle.ended().await;
    drop(silent);

    let World { handle, mut events, .. } =
        World::new(Notes::default(), || |_: &Input, _: &mut Effects| ()).await;
    drop(handle);
    while events.recv_batch().await.is_some() {}
}

#[tokio::test]
async fn the_stream_begins_anew_when_it_shall() {
    let script = || {
        |input: &Input, effects: &mut Effects| {
            echo(input, effects);
            if let Input::Element(element) = input
                && element.name() == "success"
            {
                effects.want(Effect::Authenticated);
                effects.want(Effect::RestartStream);
                effects.send(message("early"));
            }
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    peer.say("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>").await.unwrap();
    peer.expect("<stream:stream").await.unwrap();
    peer.say(&format!("{HEADER}{FEATURES}<message id='second'/>")).await.unwrap();
    peer.expect("early").await.unwrap();
    world.until(has_come("second")).await;
    // More than is let in before the server is authenticated.
    peer.say(&"<message/>".repeat(10_000)).await.unwrap();
    peer.say("<message id='third'/>").await.unwrap();
    world.until(has_come("third")).await;
}

#[tokio::test]
async fn a_marker_comes_in_the_place_of_what_is_over_the_limits() {
    let script = || {
        |input: &Input, effects: &mut Effects| {
            echo(input, effects);
            if let Input::Element(element) = input
                && element.has_child("rejected", causerie_protocol::REJECTED_NS)
            {
                effects.tell(told(ChatState::Gone));
            }
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    let deep = format!("<message id='deep'>{}{}</message>", "<a>".repeat(4000), "</a>".repeat(4000));
    peer.say(&deep).await.unwrap();
    peer.say("<message id='next'/>").await.unwrap();
    let events = world.until(has_come("next")).await;
    assert!(events.iter().any(has_come("deep")));
    assert!(events.contains(&told(ChatState::Gone)));
}

#[tokio::test]
async fn parts_of_something_large_are_signs_of_life() {
    let script = || {
        |input: &Input, effects: &mut Effects| {
            if matches!(input, Input::Progress) {
                effects.tell(told(ChatState::Composing));
            }
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    peer.say("<message><body>").await.unwrap();
    let drip = async {
        loop {
            peer.say("and so on ").await.unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = drip => {}
        _ = world.until(|event| *event == told(ChatState::Composing)) => {}
    }
}

#[tokio::test]
async fn keys_and_wakes_come_back() {
    let script = || {
        |input: &Input, effects: &mut Effects| match input {
            Input::Command(Command::AllowPlain) => {
                let password = Password::new("pencil".to_owned());
                let (hash, salt) = (HashFunction::Sha1, b"salt".to_vec());
                effects.want(Effect::DeriveKey(DeriveKey {
                    ticket: 7,
                    hash,
                    password,
                    salt,
                    iterations: 4096,
                }));
            }
            Input::KeyDerived { ticket: 7, key } if key.0.len() == 20 => {
                effects.want(Effect::WakeAt(Duration::from_millis(1)));
            }
            Input::Woke => effects.tell(told(ChatState::Paused)),
            _ => {}
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    world.handle.send(Command::AllowPlain);
    world.until(|event| *event == told(ChatState::Paused)).await;
}

#[tokio::test]
async fn a_time_that_comes_late_is_doubted_once_and_comes() {
    let script = || {
        |input: &Input, effects: &mut Effects| match input {
            Input::Command(Command::AllowPlain) => effects.want(Effect::WakeAt(Duration::from_millis(1))),
            Input::StoodStill => effects.tell(Event::PasswordChanged),
            Input::Woke => effects.tell(Event::RosterChanged),
            Input::Command(Command::AllowWeaker) => effects.tell(Event::PresenceForgotten),
            _ => {}
        }
    };
    let patience = Patience { late: Duration::ZERO, ..Patience::PRODUCT };
    let mut world = World::patient(patience, Notes::default(), script).await;
    world.handle.send(Command::AllowPlain);
    let mut told = world.until(|event| *event == Event::RosterChanged).await;
    world.handle.send(Command::AllowWeaker);
    told.extend(world.until(|event| *event == Event::PresenceForgotten).await);
    assert_eq!(told, [Event::PasswordChanged, Event::RosterChanged, Event::PresenceForgotten]);
}

#[tokio::test]
async fn a_connection_can_be_given_up() {
    let script = || {
        |input: &Input, effects: &mut Effects| match input {
            Input::Command(Command::Disconnect) => effects.want(Effect::Close),
            Input::Command(Command::NetworkChanged) => effects.want(Effect::Abort),
            Input::Disconnected(_) => effects.tell(told(ChatState::Gone)),
            _ => {}
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    world.handle.send(Command::Connect);
    let silent = Peer::accept(&world.listener).await;
    world.handle.send(Command::Disconnect);
    world.until(|event| *event == told(ChatState::Gone)).await;
    drop(silent);

    let peer = world.connect().await;
    world.handle.send(Command::NetworkChanged);
    world.until(|event| *event == told(ChatState::Gone)).await;
    drop(peer);

    // A server that goes away.
    let peer = world.connect().await;
    drop(peer);
    world.until(|event| *event == told(ChatState::Gone)).await;
}

#[tokio::test]
async fn both_ways_at_once_do_not_block() {
    // Each side sends far more than fits into any buffer before it reads.
    const MESSAGES: usize = 300;
    let script = || {
        |input: &Input, effects: &mut Effects| {
            echo(input, effects);
            match input {
                Input::Element(element) if element.name() == "features" => {
                    effects.want(Effect::Authenticated);
                }
                Input::Command(Command::AllowPlain) => {
                    for _ in 0..MESSAGES {
                        let body = "x".repeat(16_000);
                        let text = format!("<message xmlns='jabber:client'><body>{body}</body></message>");
                        effects.send(text.parse().expect("XML"));
                    }
                    effects.send(message("end"));
                }
                _ => {}
            }
        }
    };
    let mut world = World::new(Notes::default(), script).await;
    let mut peer = world.connect().await;
    world.handle.send(Command::AllowPlain);
    let body = "x".repeat(16_000);
    for _ in 0..MESSAGES {
        peer.say(&format!("<message><body>{body}</body></message>")).await.unwrap();
    }
    peer.say("<message id='end'/>").await.unwrap();
    let read: io::Result<String> = peer.expect("end").await;
    assert_eq!(read.unwrap().matches("</message>").count(), MESSAGES);
    world.until(has_come("end")).await;
}

#[tokio::test]
async fn what_goes_over_the_wire_is_never_logged() {
    log::set_max_level(log::LevelFilter::Trace);
    let world = World::new(Notes::default(), || |_: &Input, _: &mut Effects| ()).await;
    assert!(log::max_level() <= log::LevelFilter::Debug);
    drop(world);
}
