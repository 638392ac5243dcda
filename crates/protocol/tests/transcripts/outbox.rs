//! Thousands of messages that were written offline: they go out in their order, each once, and few at a time.

use std::path::Path;

use causerie_model::{Change, MessageState};
use causerie_protocol::{Effect, Input};
use minidom::Element;

use crate::pattern;
use crate::player::Player;
use crate::script::Script;

/// How many are written.
const WRITTEN: usize = 20_000;
/// How long each text is, in bytes.
const LONG: usize = 2_000;
/// How many may be on their way, and how many bytes of text.
const MOST: usize = 200;
const MOST_BYTES: usize = (1 << 20) + LONG;

/// By then nothing more comes that went out before the connection.
const AFTERWARDS: &str = "@ +2s\n";
const ARCHIVE: &str = "urn:xmpp:mam:2";
const PING: &str = "urn:xmpp:ping";

/// A server that says what it has: by counting, or by answering pings.
struct Server {
    player: Player,
    /// Stanzas since the stream is managed.
    counted: Option<u32>,
    /// Messages that have come, those that it has said to have, and those that are known to be sent.
    came: Vec<String>,
    told: usize,
    sent: usize,
    questions: Vec<Element>,
}

/// Writes and sends them all, over a stream that is managed and over one that is not.
pub fn check(root: &Path) -> Result<(), String> {
    for beginning in ["online-managed.txt", "online.txt"] {
        let pending = |n| format!("pending: to=bob@example.org id=m{n} body=\"{n} {}\"\n", "x".repeat(LONG));
        let text = format!(
            "# A long time offline\nclear: bob@example.org\n{}include: {beginning}\n{AFTERWARDS}",
            (0..WRITTEN).map(pending).collect::<String>()
        );
        let script = Script::parse(&text, root)?;
        let player = Player::new(&script)?;
        let mut server =
            Server { player, counted: None, came: Vec::new(), told: 0, sent: 0, questions: Vec::new() };
        for step in &script.steps {
            // What the beginning acknowledges.
            server.told = server.came.len();
            let effects = server.player.step(step)?;
            server.player.capture(step, &effects);
            server.hear(effects)?;
        }
        server.go_on().map_err(|why| format!("{beginning}: {why}"))?;
    }
    Ok(())
}

impl Server {
    fn hear(&mut self, effects: Vec<Effect>) -> Result<(), String> {
        for effect in effects {
            match effect {
                Effect::Send(stanza) if stanza.name() == "enable" => self.counted = Some(0),
                Effect::Send(stanza) => {
                    let is_stanza = matches!(stanza.name(), "message" | "presence" | "iq");
                    self.counted = self.counted.map(|counted| counted + u32::from(is_stanza));
                    if stanza.name() == "message" {
                        self.came.push(stanza.attr("id").unwrap_or_default().to_owned());
                    } else if stanza.name() == "r" || stanza.has_child("ping", PING) || is_of_archive(&stanza)
                    {
                        self.questions.push(stanza);
                    }
                }
                Effect::Record(Change::MessageStateChanged { state: MessageState::Sent, .. }) => {
                    self.sent += 1;
                }
                _ => {}
            }
        }
        let on_their_way = self.came.len() - self.told;
        match on_their_way <= MOST && on_their_way * LONG <= MOST_BYTES {
            true => Ok(()),
            false => Err(format!("{on_their_way} messages are on their way")),
        }
    }

    /// Answers until nothing more is asked.
    fn go_on(&mut self) -> Result<(), String> {
        while !self.questions.is_empty() {
            let question = self.questions.remove(0);
            let answer = match question.attr("id") {
                Some(id) if is_of_archive(&question) => {
                    format!("<iq type='result' id='{id}'><fin xmlns='{ARCHIVE}' complete='true'/></iq>")
                }
                Some(id) => format!("<iq type='result' id='{id}' from='example.org'/>"),
                None => format!("<sm:a h='{}'/>", self.counted.unwrap_or_default()),
            };
            self.told = self.came.len();
            let mut effects = Vec::new();
            self.player.feed(Input::Element(pattern::parse(&answer)?), &mut effects);
            self.hear(effects)?;
        }
        let wanted: Vec<String> = (0..WRITTEN).map(|n| format!("m{n}")).collect();
        if self.came != wanted {
            return Err(format!("{} of {WRITTEN} have come, or in another order", self.came.len()));
        }
        match self.sent == WRITTEN {
            true => Ok(()),
            false => Err(format!("{} are known to be sent", self.sent)),
        }
    }
}

/// Whether the archive is asked. It is empty.
fn is_of_archive(stanza: &Element) -> bool {
    stanza.has_child("query", ARCHIVE)
}
