//! What goes in, as text.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use causerie_model::account::Activity;
use causerie_model::{
    Account, AccountId, AvatarHash, BareJid, Capabilities, CertificateFault, ChatState, ClientState, Command,
    Confirming, Direction, Emoji, FastMechanism, FastToken, InvitationKind, InviteToken, IssuedToken,
    LastSaid, Left, Mechanism, MessageId, NewContact, Nick, OriginId, OwnPicture, OwnPresence, Password,
    PendingMessage, PendingOut, PictureKind, Privacy, Problem, Profile, ProxyFault, Purpose, Reached,
    Reading, Reply, Restored, RestoredEncryption, Room, RosterItem, ServerAddress, Sharing, Show, StanzaId,
    Subscription, SubscriptionRequest, Timestamp, Unread, UserAgentId, Vault, VaultKey,
};
use causerie_protocol::{Input, Link, SaltedPassword, datetime};

/// What a brain begins with.
pub struct Beginning {
    pub restored: Restored,
    pub password: Option<Password>,
    pub wall: Timestamp,
    pub utc_offset: i16,
    /// Whether conversations are as people have them: encrypted. Transcripts that are about something else are easier to read in
    /// clear.
    pub encrypts: bool,
    /// Whether it is shown that we want to be told what becomes of our messages. Most transcripts are about something else.
    pub wishes: bool,
    /// Whether it is shown that we ask what our other devices have read. Most transcripts are about something else.
    pub displayed: bool,
}

impl Beginning {
    pub fn read(settings: &[(String, String)]) -> Result<Self, String> {
        let account = Account {
            id: AccountId(1),
            jid: jid("alice@example.org")?,
            server: None,
            activity: Activity::Active,
            strongest_seen: None,
            plain_allowed: false,
            presence: OwnPresence::default(),
            sharing: Sharing::Nobody,
            confirming: Confirming::default(),
            roster_version: None,
            profile: Profile::default(),
            colour: None,
            moved_to: None,
        };
        let mut beginning = Self {
            restored: Restored {
                account,
                roster: Vec::new(),
                blocked: Vec::new(),
                requests: Vec::new(),
                pending: Vec::new(),
                capabilities: Vec::new(),
                avatars: Vec::new(),
                conversations: Vec::new(),
                archive: None,
                gap: None,
                asked: None,
                encryption: RestoredEncryption::default(),
                user_agent: None,
                tokens: Vec::new(),
                reading: Vec::new(),
                unread: Vec::new(),
                rooms: Vec::new(),
                said: Vec::new(),
                left_rooms: Vec::new(),
            },
            password: Some(Password::new("secret".to_owned())),
            wall: datetime::parse("2026-11-23T12:00:00Z").unwrap_or_default(),
            utc_offset: 60,
            encrypts: false,
            wishes: false,
            displayed: false,
        };
        for (key, value) in settings {
            beginning.set(key, value).map_err(|why| format!("{key}: {value}: {why}"))?;
        }
        Ok(beginning)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<(), String> {
        let words = Words::read(value)?;
        let restored = &mut self.restored;
        match key {
            "account" => account(&mut restored.account, &words)?,
            "password" => self.password = (value != "none").then(|| Password::new(value.to_owned())),
            "clock" => self.wall = date(value)?,
            "roster" => restored.roster.push(RosterItem {
                jid: jid(words.first()?)?,
                name: words.get("name").map(str::to_owned),
                groups: words.list("groups"),
                subscription: match words.get("subscription").unwrap_or("both") {
                    "none" => Subscription::None,
                    "to" => Subscription::To,
                    "from" => Subscription::From,
                    _ => Subscription::Both,
                },
                pending_out: if words.has("asked") { PendingOut::Asked } else { PendingOut::No },
                approved: words.has("approved"),
            }),
            "encrypts" => self.encrypts = true,
            "clear" => restored.encryption.clear.push(jid(words.first()?)?),
            "blocked" => restored.blocked.push(jid(words.first()?)?),
            "request" => restored.requests.push(SubscriptionRequest {
                jid: jid(words.first()?)?,
                nickname: words.get("nickname").map(str::to_owned),
                message: None,
                at: self.wall,
                moved_from: words.get("moved-from").map(jid).transpose()?,
            }),
            "left-room" => restored.left_rooms.push(jid(words.first()?)?),
            // Of a room that comes before it.
            "pending" if is_room(restored, &words) => {
                let left = if words.has("unsent") { Left::Never } else { Left::Clear };
                restored.said.push(PendingMessage { left, ..pending(&words, self.wall)? });
            }
            "pending" => restored.pending.push(pending(&words, self.wall)?),
            "archive" => {
                let at = words.get("at").and_then(datetime::parse).unwrap_or(self.wall);
                restored.archive = Some(Reached { id: words.need("id")?.to_owned(), at });
                restored.gap = words.get("gap").and_then(datetime::parse);
            }
            "asked" => restored.asked = datetime::parse(value),
            "conversation" => restored.conversations.push(jid(words.first()?)?),
            "caps" => {
                let (ver, features) = value.split_once(' ').unwrap_or((value, ""));
                let features = features.split_whitespace().map(str::to_owned).collect();
                restored.capabilities.push(Capabilities { ver: ver.to_owned(), features });
            }
            "user-agent" => restored.user_agent = UserAgentId::new(value),
            "token" => restored.tokens.push(IssuedToken {
                token: InviteToken::new(words.first()?).ok_or("not a token")?,
                expires: words.get("expires").and_then(datetime::parse).ok_or("expires=")?,
            }),
            "reading" => {
                let by = restored.account.jid.clone();
                let ours = |name| words.get(name).map(|id| StanzaId { by: by.clone(), id: id.to_owned() });
                restored.reading.push(Reading {
                    peer: jid(words.first()?)?,
                    told: ours("told"),
                    archived: ours("archived"),
                    marker: words.get("marker").map(origin).transpose()?,
                });
            }
            "unread" => restored.unread.push(Unread {
                peer: jid(words.first()?)?,
                id: origin(words.need("id")?)?,
                markable: words.has("markable"),
            }),
            "room" => {
                let at = |name| words.get(name).and_then(datetime::parse);
                let reached = |id: &str| Reached { id: id.to_owned(), at: at("at").unwrap_or(self.wall) };
                restored.rooms.push(Room {
                    jid: jid(words.first()?)?,
                    nick: nick(words.need("nick")?)?,
                    archive: words.get("archive").map(reached),
                    gap: at("gap"),
                    asked: at("asked"),
                    last: words.get("last").map(|text| LastSaid {
                        nick: words.get("by").and_then(Nick::new),
                        origin: words.get("id").and_then(OriginId::new),
                        text: Some(text.to_owned()),
                    }),
                });
            }
            // Read by the player.
            "watch" | "rounds" => {}
            "wishes" => self.wishes = true,
            "displayed" => self.displayed = true,
            "avatar" => {
                let hash = AvatarHash::from_hex(words.need("hash")?).ok_or("not a hash")?;
                restored.avatars.push((jid(words.first()?)?, hash));
            }
            _ => return Err("no such setting".to_owned()),
        }
        Ok(())
    }
}

/// What a message of ours answers: `of=ID mine quote="…" quoted=encrypted`.
fn reply(words: &Words) -> Result<Option<Reply>, String> {
    let Some(to) = words.get("of") else { return Ok(None) };
    Ok(Some(Reply {
        to: origin(to)?,
        author: if words.has("mine") { Direction::Outgoing } else { Direction::Incoming },
        quote: words.get("quote").unwrap_or_default().to_owned(),
        quoted: if words.get("quoted") == Some("encrypted") { Privacy::Encrypted } else { Privacy::Clear },
    }))
}

/// What a message that waits is for.
/// What waits.
fn pending(words: &Words, now: Timestamp) -> Result<PendingMessage, String> {
    Ok(PendingMessage {
        peer: jid(words.need("to")?)?,
        id: origin(words.need("id")?)?,
        body: words.need("body")?.to_owned(),
        at: words.get("at").and_then(datetime::parse).unwrap_or(now),
        privacy: if words.has("encrypted") { Privacy::Encrypted } else { Privacy::Clear },
        left: match () {
            () if words.has("sealed") => Left::Sealed,
            () if words.has("unsent") => Left::Never,
            () => Left::Unknown,
        },
        purpose: purpose(words)?,
    })
}

/// Whether what waits is for a room.
fn is_room(restored: &Restored, words: &Words) -> bool {
    let is_it = |jid: &BareJid| words.get("to") == Some(jid.as_str());
    restored.rooms.iter().any(|room| is_it(&room.jid)) || restored.left_rooms.iter().any(is_it)
}

fn purpose(words: &Words) -> Result<Purpose, String> {
    let target = || origin(words.need("of")?);
    Ok(match words.get("purpose") {
        Some("correction") => Purpose::Correction(target()?),
        Some("retraction") => Purpose::Retraction(target()?),
        Some("reactions") => Purpose::Reactions(target()?),
        _ => reply(words)?.map_or(Purpose::Message, Purpose::Reply),
    })
}

fn account(account: &mut Account, words: &Words) -> Result<(), String> {
    if let Some(address) = words.get("jid") {
        account.jid = jid(address)?;
    }
    if let Some(server) = words.get("server") {
        account.server = Some(ServerAddress::parse(server).ok_or("not a server")?);
    }
    if let Some(strongest) = words.get("strongest") {
        account.strongest_seen = Some(Mechanism::from_name(strongest).ok_or("no such mechanism")?);
    }
    if let Some(version) = words.get("version") {
        account.roster_version = Some(version.to_owned());
    }
    if let Some("nothing") = words.get("confirming") {
        account.confirming = Confirming::Nothing;
    }
    account.plain_allowed |= words.has("plain");
    if words.has("sharing") {
        account.sharing = Sharing::Contacts;
    }
    if words.get("show").is_some() {
        account.presence = presence(words)?;
    }
    Ok(())
}

/// Reads a line that begins with `!`.
pub fn input(text: &str) -> Result<Input, String> {
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let words = Words::read(rest)?;
    Ok(match verb {
        "connected" => Input::Connected(Link {
            tls_exporter: words.get("exporter").map(exporter).transpose()?,
            stream_id: words.get("stream-id").map(str::to_owned),
        }),
        "connect-failed" => Input::ConnectFailed(problem(words.first()?)?),
        "disconnected" => Input::Disconnected(problem(words.first()?)?),
        "closed" => Input::Closed,
        "progress" => Input::Progress,
        "woke" => Input::Woke,
        "quit" => Input::Quit,
        "check" => Input::Check,
        "copy-seen" => Input::CopySeen(
            words
                .first()?
                .parse()
                .ok()
                .and_then(causerie_model::DeviceId::new)
                .ok_or("not the number of a device")?,
        ),
        "stood-still" => Input::StoodStill,
        "key" => Input::KeyDerived {
            ticket: words.need("ticket")?.parse().map_err(|_| "not a ticket")?,
            key: SaltedPassword(hex(words.need("hex")?)?),
        },
        _ => Input::Command(command(verb, &words)?),
    })
}

fn command(verb: &str, words: &Words) -> Result<Command, String> {
    let peer = || jid(words.first()?);
    let text = |name: &str| words.get(name).unwrap_or_default().to_owned();
    Ok(match verb {
        "connect" => Command::Connect,
        "disconnect" => Command::Disconnect,
        "network-changed" => Command::NetworkChanged,
        "set-password" => Command::SetPassword(Password::new(words.first()?.to_owned())),
        "allow-plain" => Command::AllowPlain,
        "vault" => Command::OpenVault(match words.first()? {
            "awaited" => Vault::Awaited,
            "locked" => Vault::Locked,
            "unreadable" => Vault::Unreadable,
            "disk-full" => Vault::Failed(Problem::DiskFull),
            "broken" => Vault::Broken(VaultKey([7; 32])),
            _ => Vault::Open(VaultKey([7; 32])),
        }),
        "look-up" => Command::LookUpKeys(peer()?),
        "look-at-devices" => Command::LookAtDevices(words.first().ok().map(jid).transpose()?),
        "privacy" => Command::SetPrivacy {
            peer: peer()?,
            privacy: if words.has("clear") { Privacy::Clear } else { Privacy::Encrypted },
        },
        "allow-weaker" => Command::AllowWeaker,
        "set-presence" => Command::SetPresence(presence(words)?),
        "set-confirming" => Command::SetConfirming(match words.first()? {
            "nothing" => Confirming::Nothing,
            "arrival" => Confirming::Arrival,
            _ => Confirming::Reading,
        }),
        "set-sharing" => Command::SetSharing(match words.first()? {
            "contacts" => Sharing::Contacts,
            _ => Sharing::Nobody,
        }),
        "chat-state" => Command::SetChatState {
            peer: peer()?,
            state: match words.need("state")? {
                "active" => ChatState::Active,
                "composing" => ChatState::Composing,
                "paused" => ChatState::Paused,
                "inactive" => ChatState::Inactive,
                _ => ChatState::Gone,
            },
        },
        "mark-read" => Command::MarkRead {
            peer: peer()?,
            up_to: MessageId(words.need("up-to")?.parse().map_err(|_| "not a number")?),
            origin: words.get("origin").map(origin).transpose()?,
            archived: match words.get("archived") {
                Some(id) => Some(StanzaId { by: jid("alice@example.org")?, id: id.to_owned() }),
                None => None,
            },
        },
        "older" => Command::FetchOlder {
            peer: peer()?,
            before: words.get("before").and_then(datetime::parse).ok_or("not a date")?,
        },
        "stop-catch-up" => Command::StopCatchUp,
        "start-catch-up" => Command::StartCatchUp,
        "draft" => Command::SaveDraft { peer: peer()?, text: text("text").into() },
        "open" => Command::OpenConversation(peer()?),
        "add" => Command::AddContact {
            jid: peer()?,
            name: words.get("name").map(str::to_owned),
            groups: words.list("groups"),
            preauth: words.get("preauth").and_then(InviteToken::new),
        },
        "add-many" => {
            let jids = expand(words.need("jids")?)?;
            let contact = |text: &str| Ok(NewContact { jid: jid(text)?, name: None, groups: Vec::new() });
            Command::AddContacts {
                contacts: jids.split(',').map(contact).collect::<Result<_, String>>()?,
                moved_from: words.get("moved-from").map(jid).transpose()?,
            }
        }
        "stop-adding" => Command::StopAddingContacts,
        "edit" => Command::EditContact {
            jid: peer()?,
            name: words.get("name").map(str::to_owned),
            groups: words.list("groups"),
        },
        "remove" => Command::RemoveContact(peer()?),
        "accept" => Command::AcceptRequest(peer()?),
        "decline" => Command::DeclineRequest(peer()?),
        "block" => Command::Block(peer()?),
        "unblock" => Command::Unblock(peer()?),
        _ => return saying(verb, words),
    })
}

/// How the message was protected of which something is said: `sealed` if it was encrypted.
fn target_privacy(words: &Words) -> Privacy {
    if words.has("sealed") { Privacy::Encrypted } else { Privacy::Clear }
}

/// What is said, and said of what was said.
fn saying(verb: &str, words: &Words) -> Result<Command, String> {
    let text = |name: &str| words.get(name).unwrap_or_default().to_owned();
    Ok(match verb {
        "send" => Command::SendMessage {
            id: origin(words.need("id")?)?,
            peer: jid(words.need("to")?)?,
            body: expand(&text("body"))?.into(),
        },
        "retry" => Command::RetryMessage {
            id: origin(words.need("id")?)?,
            peer: jid(words.need("to")?)?,
            body: expand(&text("body"))?.into(),
            reply: reply(words)?,
        },
        "reply" => Command::SendReply {
            id: origin(words.need("id")?)?,
            peer: jid(words.need("to")?)?,
            body: text("body").into(),
            reply: reply(words)?.ok_or("of= is missing")?,
        },
        "correct" => Command::CorrectMessage {
            id: origin(words.need("id")?)?,
            peer: jid(words.need("to")?)?,
            target: origin(words.need("of")?)?,
            target_privacy: target_privacy(words),
            body: text("body").into(),
        },
        "retract" => Command::RetractMessage {
            id: origin(words.need("id")?)?,
            peer: jid(words.need("to")?)?,
            target: origin(words.need("of")?)?,
            target_privacy: target_privacy(words),
            fallback: text("fallback"),
        },
        "react" => Command::React {
            id: origin(words.need("id")?)?,
            peer: jid(words.need("to")?)?,
            target: origin(words.need("of")?)?,
            target_privacy: target_privacy(words),
            emoji: words.list("with").iter().filter_map(|emoji| Emoji::new(emoji)).collect(),
        },
        "join" => Command::JoinRoom { room: jid(words.first()?)?, nick: nick(words.need("nick")?)? },
        "leave" => Command::LeaveRoom(jid(words.first()?)?),
        "say" => Command::SendRoomMessage {
            id: origin(words.need("id")?)?,
            room: jid(words.need("in")?)?,
            body: expand(&text("body"))?.into(),
        },
        "cancel" => Command::CancelMessage { id: origin(words.need("id")?)?, peer: jid(words.need("to")?)? },
        _ => return own_account(verb, words),
    })
}

/// What is asked of our own account.
fn own_account(verb: &str, words: &Words) -> Result<Command, String> {
    Ok(match verb {
        "name" => Command::PublishName(words.get("is").map(expand).transpose()?),
        "picture" => Command::PublishPicture(match words.get("bytes") {
            None => None,
            Some(bytes) => {
                let png = [b"\x89PNG\r\n\x1a\n", bytes.as_bytes()].concat();
                Some(OwnPicture::new(PictureKind::Png, (96, 96), png).ok_or("not a picture")?)
            }
        }),
        "fast-token" => {
            let mechanism = words.get("mechanism").unwrap_or("HT-SHA-256-NONE");
            let mechanism = FastMechanism::from_name(mechanism).ok_or("no such mechanism")?;
            let secret = Password::new(words.need("secret")?.to_owned());
            let expires = words.get("expires").and_then(datetime::parse);
            Command::SetFastToken(FastToken::new(mechanism, expires, secret).ok_or("no token")?)
        }
        "client-state" => Command::SetClientState(match words.first()? {
            "active" => ClientState::Active,
            _ => ClientState::Inactive,
        }),
        "change-password" => Command::ChangePassword(Password::new(expand(words.need("to")?)?)),
        "delete-account" => Command::DeleteAccount,
        "set-server" => Command::SetServer(words.get("to").and_then(ServerAddress::parse)),
        "announce-move" => Command::AnnounceMove(words.get("to").map(jid).transpose()?),
        "look-up-invitations" => Command::LookUpInvitations,
        "invite" => Command::MakeInvitation {
            kind: if words.has("account") { InvitationKind::Account } else { InvitationKind::Contact },
            name: words.get("name").map(str::to_owned),
        },
        _ => return Err(format!("no such input: {verb}")),
    })
}

/// `5s`, `3m`, `2h`, `250ms`.
pub fn duration(text: &str) -> Result<Duration, String> {
    let split = text.find(|c: char| !c.is_ascii_digit()).ok_or("a span needs its unit")?;
    let (count, unit) = text.split_at(split);
    let count: u64 = count.parse().map_err(|_| "a span begins with a number")?;
    match unit {
        "ms" => Ok(Duration::from_millis(count)),
        "s" => Ok(Duration::from_secs(count)),
        "m" => Ok(Duration::from_secs(60 * count)),
        "h" => Ok(Duration::from_secs(3600 * count)),
        _ => Err(format!("no such unit: {unit}")),
    }
}

/// What a line from the server may say instead of writing it out: `{x*9000}` is nine thousand x, `{x%*3}` is x0x1x2,
/// `{base64:text}` is the text in base64, `\0` being NUL; `{mechanisms:A B}` and `{bindings:a b}` are those lists of features.
pub fn expand(text: &str) -> Result<String, String> {
    let mut expanded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (inside, after) = after.split_once('}').ok_or("{ without }")?;
        expanded.push_str(before);
        if let Some(plain) = inside.strip_prefix("base64:") {
            expanded.push_str(&BASE64_STANDARD.encode(plain.replace("\\0", "\0")));
        } else if let Some(names) = inside.strip_prefix("mechanisms:") {
            let names = names.split_whitespace();
            let names = names.map(|name| format!("<sasl:mechanism>{name}</sasl:mechanism>"));
            expanded += &format!("<sasl:mechanisms>{}</sasl:mechanisms>", names.collect::<String>());
        } else if let Some(offer) = inside.strip_prefix("sasl2:") {
            expanded += &sasl2(offer);
        } else if let Some(types) = inside.strip_prefix("bindings:") {
            let types = types.split_whitespace();
            let types = types.map(|name| format!("<cb:channel-binding type='{name}'/>"));
            let types = types.collect::<String>();
            expanded += &format!("<cb:sasl-channel-binding>{types}</cb:sasl-channel-binding>");
        } else {
            let (piece, times) = inside.rsplit_once('*').ok_or("{…} is nothing that is known")?;
            let times: usize = times.parse().map_err(|_| "not a count")?;
            (0..times).for_each(|count| expanded.push_str(&piece.replace('%', &count.to_string())));
        }
        rest = after;
    }
    Ok(expanded + rest)
}

/// The features of a server with XEP-0388: `NAME NAME + resume bind=carbons,sm,csi fast=NAME,NAME`, what stands behind the `+` being
/// offered inline.
fn sasl2(offer: &str) -> String {
    let (names, inline) = offer.split_once('+').unwrap_or((offer, ""));
    let named = |name: &str| format!("<sasl2:mechanism>{name}</sasl2:mechanism>");
    let names: String = names.split_whitespace().map(named).collect();
    let feature = |name: &str| {
        let namespace = match name {
            "sm" => "urn:xmpp:sm:3",
            "carbons" => "urn:xmpp:carbons:2",
            "csi" => "urn:xmpp:csi:0",
            other => other,
        };
        format!("<bind2:feature var='{namespace}'/>")
    };
    let inline = inline.split_whitespace().map(|word| match word.split_once('=') {
        Some(("bind", features)) => {
            let features: String = features.split(',').filter(|it| !it.is_empty()).map(feature).collect();
            format!("<bind2:bind><bind2:inline>{features}</bind2:inline></bind2:bind>")
        }
        Some((_, tokens)) => {
            let named = |name: &str| format!("<fast:mechanism>{name}</fast:mechanism>");
            format!("<fast:fast>{}</fast:fast>", tokens.split(',').map(named).collect::<String>())
        }
        None => "<sm:sm/>".to_owned(),
    });
    let inline: String = inline.collect();
    format!("<sasl2:authentication>{names}<sasl2:inline>{inline}</sasl2:inline></sasl2:authentication>")
}

/// `word key=value key="some words"`.
pub struct Words {
    first: Option<String>,
    pairs: BTreeMap<String, String>,
}

impl Words {
    pub fn read(text: &str) -> Result<Self, String> {
        let mut words = Self { first: None, pairs: BTreeMap::new() };
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let end = rest.find([' ', '=']).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let Some(after) = after.strip_prefix('=') else {
                if words.first.is_none() {
                    words.first = Some(word.to_owned());
                }
                words.pairs.insert(word.to_owned(), String::new());
                rest = after.trim_start();
                continue;
            };
            let (value, after) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').ok_or("a quote is not closed")?,
                None => after.split_at(after.find(' ').unwrap_or(after.len())),
            };
            words.pairs.insert(word.to_owned(), value.replace("\\n", "\n").replace("\\r", "\r"));
            rest = after.trim_start();
        }
        Ok(words)
    }

    pub fn first(&self) -> Result<&str, String> {
        self.first.as_deref().ok_or_else(|| "a word is missing".to_owned())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.get(name).map(String::as_str)
    }

    pub fn need(&self, name: &str) -> Result<&str, String> {
        self.get(name).ok_or_else(|| format!("{name}= is missing"))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pairs.keys().map(String::as_str)
    }

    fn has(&self, name: &str) -> bool {
        self.pairs.contains_key(name)
    }

    pub fn list(&self, name: &str) -> Vec<String> {
        self.get(name).map(|list| list.split(',').map(str::to_owned).collect()).unwrap_or_default()
    }
}

fn presence(words: &Words) -> Result<OwnPresence, String> {
    Ok(OwnPresence {
        show: match words.get("show").unwrap_or("available") {
            "chat" => Show::Chat,
            "away" => Show::Away,
            "xa" => Show::ExtendedAway,
            "dnd" => Show::DoNotDisturb,
            _ => Show::Available,
        },
        status: words.get("status").unwrap_or_default().to_owned(),
        priority: words.get("priority").unwrap_or("0").parse().map_err(|_| "not a priority")?,
    })
}

/// A date as on the wire.
pub fn date(text: &str) -> Result<Timestamp, String> {
    datetime::parse(text).ok_or_else(|| "not a date".to_owned())
}

fn problem(name: &str) -> Result<Problem, String> {
    use CertificateFault::{Expired, Invalid, NotYetValid, Revoked, UnknownIssuer, WrongName};
    let certificates =
        [Expired, NotYetValid, WrongName, UnknownIssuer, Revoked, Invalid].map(Problem::Certificate);
    let all = [
        Problem::UnknownHost,
        Problem::NoNetwork,
        Problem::NoService,
        Problem::ConnectionRefused,
        Problem::TimedOut,
        Problem::ConnectionLost,
        Problem::NoTls,
        Problem::TlsFailed,
        Problem::SignInToNetwork,
        Problem::Redirected,
        Problem::Protocol,
        Problem::OverLimits,
        Problem::ServerShutdown,
        Problem::Internal,
        Problem::NotServed,
    ];
    let proxies = {
        use ProxyFault::{CannotReach, Login, NotUnderstood, Refused, Unknown, Unreachable};
        [Unreachable, Login, Refused, CannotReach, NotUnderstood, Unknown].map(Problem::Proxy)
    };
    let mut all = all.into_iter().chain(certificates).chain(proxies);
    all.find(|problem| format!("{problem:?}") == name).ok_or_else(|| format!("no such problem: {name}"))
}

fn jid(text: &str) -> Result<BareJid, String> {
    BareJid::new(text).map_err(|error| format!("{text}: {error}"))
}

fn origin(text: &str) -> Result<OriginId, String> {
    OriginId::new(text).ok_or_else(|| "not an identifier".to_owned())
}

fn nick(text: &str) -> Result<Nick, String> {
    Nick::new(text).ok_or_else(|| "not a nick".to_owned())
}

fn exporter(text: &str) -> Result<[u8; 32], String> {
    hex(text)?.try_into().map_err(|_| "an exporter has 32 bytes".to_owned())
}

fn hex(text: &str) -> Result<Vec<u8>, String> {
    let byte = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..text.len()).step_by(2).map(|at| byte(at).ok_or_else(|| "not hexadecimal".to_owned())).collect()
}
