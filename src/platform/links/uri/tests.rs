//! Links that are written are read back, and whatever comes is read without harm.

use causerie_model::{BareJid, DeviceId, Fingerprint, InviteToken, Jid, Password};

use super::{Action, AlsoAccount, Fault, NewContact, Uri};
use crate::platform::links::keys::{Claim, KeyLink};
use crate::platform::links::{self, received};

/// Chance that is the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % below
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    fn text(&mut self) -> String {
        const SIGNS: [char; 24] = [
            'a', 'Z', '0', ' ', '%', ';', '=', '&', '?', '#', '/', '+', '@', ':', '"', '<', '\\', '~', 'é',
            'ß', 'я', 'א', '漢', '🦊',
        ];
        let length = 1 + self.below(12);
        let text: String = (0..length).map(|_| *self.of(&SIGNS)).collect();
        // As values are kept.
        let text = text.trim().to_owned();
        if text.is_empty() { "x".to_owned() } else { text }
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 0).then(|| make(self))
    }

    fn person(&mut self) -> BareJid {
        let local = self.of(&["bob", "d\u{e9}sir\u{e9}e", "odd%23x", "a+b", "a=b;c?d", "иван", "j~-._"]);
        BareJid::new(&format!(
            "{local}@{}",
            self.of(&["chat.example", "caf\u{e9}.example", "127.0.0.1", "[::1]"])
        ))
        .unwrap()
    }

    fn token(&mut self) -> InviteToken {
        let text: String = self.text().chars().filter(char::is_ascii_graphic).collect();
        InviteToken::new(&format!("t{text}")).unwrap()
    }

    fn password(&mut self) -> Password {
        Password::new(self.text())
    }

    fn contact(&mut self) -> NewContact {
        let mut groups: Vec<String> = (0..self.below(3)).map(|_| self.text()).collect();
        groups.dedup();
        let token = self.maybe(Self::token);
        let account = match token.is_some() && self.below(2) == 0 {
            true => AlsoAccount::Yes,
            false => AlsoAccount::No,
        };
        NewContact { name: self.maybe(Self::text), groups, token, account }
    }

    fn keys(&mut self, jid: &BareJid) -> KeyLink {
        let keys = (1..2 + self.below(4)).map(|at| {
            let fingerprint = Fingerprint([at as u8; 32]);
            Claim { device: DeviceId::new(at as u32 * 7), fingerprint }
        });
        KeyLink { jid: jid.clone(), keys: keys.collect() }
    }

    fn uri(&mut self) -> Uri {
        let person = self.person();
        let action = match self.below(19) {
            0 => Action::None,
            1 => Action::Message { subject: self.maybe(Self::text), body: self.maybe(Self::text) },
            2 => Action::Roster(self.contact()),
            3 => Action::Subscribe(self.contact()),
            4 => Action::Unsubscribe,
            5 => Action::Remove,
            6 => Action::Join { password: self.maybe(Self::password) },
            7 => Action::Invite {
                people: (0..self.below(4)).map(|_| self.person()).collect(),
                password: self.maybe(Self::password),
            },
            8 => Action::Register(self.maybe(Self::token)),
            9 => Action::Unregister,
            10 => Action::Keys(self.keys(&person)),
            11 => Action::Pubsub(self.maybe(Self::text)),
            12 => Action::Disco(self.maybe(Self::text)),
            13 => Action::Command(self.maybe(Self::text)),
            14 => Action::ReceiveFile,
            15 => Action::SendFile,
            16 => Action::Card,
            17 => Action::Probe,
            _ => Action::Unknown((*self.of(&["dance", "é;=x", "x y"])).to_owned()),
        };
        let address = match (&action, self.below(3)) {
            (Action::Register(_) | Action::Disco(_) | Action::Command(_), 0) => Jid::from(person.to_domain()),
            (_, 1) => person.with_resource(&self.text()).unwrap(),
            _ => Jid::from(person),
        };
        Uri { address, action }
    }
}

#[test]
fn what_is_written_is_read_back() {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    for _ in 0..5000 {
        let uri = chance.uri();
        let link = uri.to_string();
        assert!(link.is_ascii() && !link.contains([' ', '"', '<', '#']), "{link}");
        assert_eq!(Uri::read(&link), Some(Ok(uri.clone())), "{link}");
        if uri.address.is_bare() && uri.person().is_some() {
            assert_eq!(received::read(&uri.web_link()), received::Received::Uri(uri), "{link}");
        }
    }
}

#[test]
fn nothing_that_comes_does_harm() {
    const PIECES: [&str; 30] = [
        "xmpp:",
        "XMPP:",
        "https://",
        "xmpp.link/#",
        "conversations.im/i/",
        "bob",
        "@",
        "chat.example",
        "/",
        "?",
        ";",
        "&",
        "=",
        "#",
        "%",
        "%C3",
        "%00",
        "%E2%80%AE",
        "roster",
        "register",
        "preauth",
        "omemo-sid-1",
        "trust-message",
        "é",
        "\u{202e}",
        "\0",
        "\n",
        "[::1]",
        "🦊",
        "invite",
    ];
    let mut chance = Chance(7);
    for round in 0..20_000 {
        let text = match round % 2 {
            0 => (0..chance.below(12)).map(|_| *chance.of(&PIECES)).collect(),
            _ => {
                let bytes: Vec<u8> = (0..chance.below(40)).map(|_| chance.below(256) as u8).collect();
                format!("xmpp:{}", String::from_utf8_lossy(&bytes))
            }
        };
        if let Some(Ok(uri)) = Uri::read(&text) {
            // What was taken out of it is written as a link of the same meaning.
            if !matches!(uri.action, Action::NoKeys(_) | Action::Keys(_)) {
                assert_eq!(Uri::read(&uri.to_string()), Some(Ok(uri)), "{text}");
            }
        }
        let _ = received::read(&text);
        let _ = links::read(&text);
    }
}

#[test]
fn all_actions_of_the_registry_are_known_and_others_named() {
    let action = |query: &str| Uri::read(&format!("xmpp:bob@chat.example?{query}")).unwrap().unwrap().action;
    for known in [
        "message",
        "roster",
        "subscribe",
        "unsubscribe",
        "remove",
        "join",
        "register",
        "unregister",
        "invite",
        "pubsub",
        "recvfile",
        "sendfile",
        "vcard",
        "disco",
        "command",
        "probe",
    ] {
        assert!(!matches!(action(known), Action::Unknown(_) | Action::None), "{known}");
        assert_eq!(action(&known.to_uppercase()), action(known), "{known}");
    }
    assert_eq!(action("dance;with=me"), Action::Unknown("dance".to_owned()));
    assert_eq!(
        action("message;subject=a%20b;body=1%0D%0A2"),
        Action::Message { subject: Some("a b".to_owned()), body: Some("1\n2".to_owned()) }
    );
    assert_eq!(
        action("roster;name=Bob%0A%E2%80%AEx;group=Friends;group=Work;ibr=y"),
        Action::Roster(NewContact {
            name: Some("Bob x".to_owned()),
            groups: vec!["Friends".to_owned(), "Work".to_owned()],
            token: None,
            account: AlsoAccount::No,
        }),
        "without a token there is no account to be had"
    );
    assert_eq!(action("pubsub;action=subscribe;node=urn:x:y"), Action::Pubsub(Some("urn:x:y".to_owned())));
}

#[test]
fn an_invitation_to_an_account_has_a_provider_and_maybe_a_name() {
    let uri = Uri::read("xmpp:chat.example?register;preauth=abc").unwrap().unwrap();
    assert_eq!((uri.address.bare().as_str(), uri.person()), ("chat.example", None));
    assert_eq!(uri.action, Action::Register(InviteToken::new("abc")));
    let named = Uri::read("xmpp:carol@chat.example?register;preauth=abc").unwrap().unwrap();
    assert_eq!(named.person().and_then(BareJid::local), Some("carol"));
    assert_eq!(format!("{:?}", named.action), "Register(Some(InviteToken(…)))");
    for bad in ["", "%0A", &"a".repeat(513)] {
        let uri = Uri::read(&format!("xmpp:chat.example?register;preauth={bad}")).unwrap().unwrap();
        assert_eq!(uri.action, Action::Register(None), "{bad}");
    }
    assert_eq!(Uri::read("xmpp:chat.example?message"), Some(Err(Fault::NoAddress)));
    assert_eq!(Uri::read("xmpp:chat.example"), Some(Err(Fault::NoAddress)));
}

#[test]
fn long_links_cost_nothing() {
    let long = "a".repeat(1 << 20);
    for link in [
        format!("xmpp:{long}"),
        format!("xmpp:{long}@chat.example"),
        format!("xmpp:bob@chat.example?message;body={long}"),
    ] {
        assert_eq!(Uri::read(&link), Some(Err(Fault::TooLong)));
    }
    let name = "é".repeat(5000);
    let Action::Roster(contact) =
        Uri::read(&format!("xmpp:a@b.example?roster;name={name}")).unwrap().unwrap().action
    else {
        panic!("a contact")
    };
    assert_eq!(contact.name.map(|name| name.chars().count()), Some(1000));
    let many = ";group=x".repeat(8000);
    let Action::Roster(contact) =
        Uri::read(&format!("xmpp:a@b.example?roster{many}")).unwrap().unwrap().action
    else {
        panic!("a contact")
    };
    assert_eq!(contact.groups, ["x"]);
}

#[test]
fn my_own_links() {
    let me = BareJid::new("alice@chat.example").unwrap();
    assert_eq!(Uri::contact(&me).to_string(), "xmpp:alice@chat.example?roster");
    assert_eq!(Uri::contact(&me).web_link(), "https://xmpp.link/#alice@chat.example?roster");
    let token = InviteToken::new("s3cr3t+/=").unwrap();
    let invitation = {
        let contact = NewContact { token: Some(token), account: AlsoAccount::Yes, ..NewContact::default() };
        Uri { address: me.clone().into(), action: Action::Roster(contact) }
    };
    assert_eq!(invitation.to_string(), "xmpp:alice@chat.example?roster;preauth=s3cr3t%2B%2F%3D;ibr=y");
    assert!(crate::widget::code::Code::new(&invitation.web_link()).is_some());
}
