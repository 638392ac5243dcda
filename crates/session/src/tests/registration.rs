//! Creating an account over a real connection, at servers that the test plays.

use causerie_model::registration::{FormId, Offer, Picture, Refusal, RefusalReason, Stage, Submission};
use causerie_model::{
    BareJid, CertificateFault, Password, Problem, RegistrationCommand, RegistrationEvent, ServerAddress,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;

use crate::Roots;
use crate::registration::{Config, Events, Handle, spawn};
use crate::tests::lab::{Authority, DOMAIN, Peer, listener};

const FEATURES: &str =
    "<stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>";

/// Somebody who wants an account.
struct Newcomer {
    handle: Handle,
    events: Events,
    waiting: Vec<RegistrationEvent>,
    listener: TcpListener,
    authority: Authority,
    _folder: tempfile::TempDir,
}

type Server = Peer<TlsStream<TcpStream>>;

impl Newcomer {
    async fn new() -> Self {
        let authority = Authority::new("Ours");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, authority.pem()).expect("a file");
        let (listener, address) = listener().await;
        let mut config = Config::new(BareJid::new(DOMAIN).expect("a domain"));
        config.server = Some(ServerAddress { host: address.ip().to_string(), port: address.port() });
        config.roots = Roots { extra: Some(path) };
        let (handle, events) = spawn(config).expect("a thread");
        Self { handle, events, waiting: Vec::new(), listener, authority, _folder: folder }
    }

    /// A connection of theirs, up to what the server announces.
    async fn arrives(&self) -> Server {
        let acceptor = self.authority.identity().acceptor();
        let mut peer = Peer::accept(&self.listener).await.starttls(&acceptor).await.expect("TLS");
        peer.begin(FEATURES).await.expect("a stream");
        peer
    }

    async fn event(&mut self) -> RegistrationEvent {
        while self.waiting.is_empty() {
            self.waiting = self.events.recv_batch().await.expect("a registration");
        }
        self.waiting.remove(0)
    }

    /// The next event that tells more than what is being done.
    async fn outcome(&mut self) -> RegistrationEvent {
        loop {
            match self.event().await {
                RegistrationEvent::StageChanged(_) | RegistrationEvent::Offered(Offer::Open { .. }) => {}
                event => return event,
            }
        }
    }

    /// Asks for a form, and gets one with a name and a password.
    async fn gets_a_form(&mut self) -> Server {
        self.handle.send(RegistrationCommand::FetchForm);
        let mut peer = self.arrives().await;
        let id = asked(&mut peer).await;
        let form = "<query xmlns='jabber:iq:register'><username/><password/></query>";
        peer.say(&format!("<iq type='result' id='{id}'>{form}</iq>")).await.unwrap();
        assert!(matches!(self.outcome().await, RegistrationEvent::FormReceived(_)));
        peer
    }

    fn submit(&self, form: u64) {
        self.handle.send(RegistrationCommand::Submit(Submission {
            form: FormId(form),
            name: "alice".to_owned(),
            password: Password::new("correct horse".to_owned()),
            answers: Vec::new(),
        }));
    }
}

fn refused(reason: RefusalReason) -> RegistrationEvent {
    RegistrationEvent::Refused(Refusal { reason, words: None })
}

/// Waits for a request, and gives its identifier.
async fn asked(peer: &mut Server) -> String {
    let asked = peer.expect("</iq>").await.expect("a request");
    assert!(asked.contains("jabber:iq:register"), "{asked}");
    let id = asked.split_once(" id=").map(|(_, id)| id.get(1..17).unwrap_or_default().to_owned());
    id.expect("an identifier")
}

#[tokio::test]
async fn an_account_is_made_and_goodbye_is_said() {
    let mut newcomer = Newcomer::new().await;
    let mut peer = newcomer.gets_a_form().await;
    newcomer.submit(1);
    let sent = peer.expect("</iq>").await.unwrap();
    assert!(sent.contains("<username>alice</username><password>correct horse</password>"), "{sent}");
    let id = sent.split_once(" id=").and_then(|(_, id)| id.get(1..17)).expect("an identifier");
    peer.say(&format!("<iq type='result' id='{id}'/>")).await.unwrap();
    let created = RegistrationEvent::Created(BareJid::new("alice@example.org").unwrap());
    assert_eq!(newcomer.outcome().await, created);
    peer.expect("</stream:stream>").await.unwrap();
    newcomer.handle.ended().await;
    while newcomer.events.recv_batch().await.is_some() {}
}

#[tokio::test]
async fn a_picture_of_64_kib_comes_through() {
    // SHA-1 of 65,536 zero bytes.
    const ID: &str = "sha1+1adc95bebe9eea8c112d40cd04ab7a8d75c4f961@bob.xmpp.org";
    let mut newcomer = Newcomer::new().await;
    newcomer.handle.send(RegistrationCommand::FetchForm);
    let mut peer = newcomer.arrives().await;
    // More than once on one stream: nobody has proved anything on it, and a person may want another puzzle.
    for round in 1..=8 {
        let id = asked(&mut peer).await;
        let data = "A".repeat(65_536 / 3 * 4) + "AA==";
        peer.say(&format!(
            "<iq type='result' id='{id}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>\
             <field var='username'/><field var='password'/><field var='ocr'>\
             <media xmlns='urn:xmpp:media-element'><uri type='image/png'>cid:{ID}</uri></media></field></x>\
             <data xmlns='urn:xmpp:bob' cid='{ID}' type='image/png'>{data}</data></query></iq>"
        ))
        .await
        .unwrap();
        let RegistrationEvent::FormReceived(form) = newcomer.outcome().await else { panic!("no form") };
        let picture = Picture { media_type: "image/png".to_owned(), bytes: vec![0; 65_536] };
        assert_eq!(form.fields[0].picture, Some(picture));
        if round < 8 {
            newcomer.handle.send(RegistrationCommand::FetchForm);
        }
    }
}

#[tokio::test]
async fn a_form_without_end_is_not_understood() {
    let mut newcomer = Newcomer::new().await;
    newcomer.handle.send(RegistrationCommand::FetchForm);
    let mut peer = newcomer.arrives().await;
    let id = asked(&mut peer).await;
    let _ = peer.say(&format!("<iq type='result' id='{id}'><query xmlns='jabber:iq:register'><data>")).await;
    // 60 MB, or as much of it as is taken.
    for _ in 0..60 {
        if peer.say(&"A".repeat(1_000_000)).await.is_err() {
            break;
        }
    }
    assert_eq!(newcomer.outcome().await, refused(RefusalReason::FormNotUnderstood));
}

#[tokio::test]
async fn a_form_of_ten_thousand_fields_is_not_understood() {
    let mut newcomer = Newcomer::new().await;
    newcomer.handle.send(RegistrationCommand::FetchForm);
    let mut peer = newcomer.arrives().await;
    let id = asked(&mut peer).await;
    let fields: String = (0..10_000).map(|count| format!("<field var='f{count}'/>")).collect();
    peer.say(&format!(
        "<iq type='result' id='{id}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'>\
         <field var='username'/><field var='password'/>{fields}</x></query></iq>"
    ))
    .await
    .unwrap();
    assert_eq!(newcomer.outcome().await, refused(RefusalReason::FormNotUnderstood));
    // The stream is as good as before.
    newcomer.handle.send(RegistrationCommand::FetchForm);
    asked(&mut peer).await;
}

#[tokio::test]
async fn a_bad_certificate_is_told_nothing() {
    let mut newcomer = Newcomer::new().await;
    newcomer.handle.send(RegistrationCommand::FetchForm);
    let acceptor = newcomer.authority.identity_with(&["evil.example"], |_| ()).acceptor();
    let peer = Peer::accept(&newcomer.listener).await;
    assert!(peer.starttls(&acceptor).await.is_err());
    let wrong = Problem::Certificate(CertificateFault::WrongName);
    assert_eq!(newcomer.outcome().await, refused(RefusalReason::Problem(wrong)));
    assert_eq!(newcomer.event().await, RegistrationEvent::StageChanged(Stage::Idle));
}

#[tokio::test]
async fn a_stream_that_dies_while_somebody_types_is_missed_by_nobody() {
    let mut newcomer = Newcomer::new().await;
    let mut peer = newcomer.gets_a_form().await;
    assert_eq!(newcomer.event().await, RegistrationEvent::StageChanged(Stage::Idle));
    peer.say(
        "<stream:error><connection-timeout xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
    )
    .await
    .unwrap();
    peer.rest().await;
    newcomer.submit(1);
    let mut peer = newcomer.arrives().await;
    // The first event since is that of the new stream.
    assert_eq!(newcomer.event().await, RegistrationEvent::StageChanged(Stage::Connecting));
    asked(&mut peer).await;
    // It dies once more, with the form on it.
    drop(peer);
    assert_eq!(newcomer.outcome().await, refused(RefusalReason::OutcomeUnknown));
}

#[tokio::test]
async fn when_nobody_has_a_hold_on_it_it_says_goodbye_and_ends() {
    let mut newcomer = Newcomer::new().await;
    newcomer.handle.send(RegistrationCommand::Probe);
    let peer = newcomer.arrives().await;
    while newcomer.event().await != RegistrationEvent::StageChanged(Stage::Idle) {}
    newcomer.handle.ended().await;
    assert!(peer.rest().await.ends_with("</stream:stream>"));
    assert_eq!(newcomer.events.recv_batch().await, None);
}
