//! Plays a transcript to a brain.

use std::time::Duration;

use causerie_model::{
    Annotation, Arrival, Author, BareJid, Body, Change, Claim, Command, Direction, Event, Left, MessageState,
    NewMessage, Notice, OriginId, Password, Privacy, Protection, ReplyTo, Restored, RoomAnnotation,
    RoomMessage, Says, Seal,
};
use causerie_protocol::{Brain, Effect, Input, Now, brain, datetime};
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::inputs::{self, Beginning};
use crate::pattern::{self, Captures};
use crate::scram;
use crate::script::{Outcome, Script, Step, counted, repeated};
use crate::tokens::Tokens;

/// How often a brain may ask to be woken without that the clock moves.
const MOST_WAKES: usize = 10_000;

/// A brain, its clock, and what was seen so far.
pub struct Player {
    brain: Brain,
    /// With what the next run begins.
    restored: Restored,
    noted: Vec<Change>,
    password: Option<Password>,
    now: Now,
    wake_at: Option<Duration>,
    captures: Captures,
    scram: scram::Server,
    tokens: Tokens,
    /// How often each name was given to a request of ours.
    names: std::collections::BTreeMap<String, usize>,
    encrypts: bool,
    wishes: bool,
    displayed: bool,
}

/// Gives what came out of each step.
pub fn play(script: &Script) -> Result<Vec<Vec<Outcome>>, String> {
    let mut player = Player::new(script)?;
    let watched = script.settings.iter().any(|(key, value)| key == "watch" && value == "connection");
    let mut played = Vec::with_capacity(script.steps.len());
    let mut rounds = Rounds::default();
    for step in &script.steps {
        let effects = player.step(step).map_err(|why| format!("{} {}: {why}", step.kind, step.text))?;
        rounds.count(step, &effects);
        player.capture(step, &effects);
        let effects = effects.iter().filter(|effect| !watched || is_of_connection(effect));
        played.push(effects.filter_map(|effect| player.outcome(effect)).collect());
    }
    match script.settings.iter().rfind(|(key, _)| key == "rounds") {
        Some((_, wanted)) if *wanted != format!("{:?}", rounds.taken) => {
            Err(format!("it takes {:?} rounds to be online, each time", rounds.taken))
        }
        _ => Ok(played),
    }
}

/// How often we have said something and had to wait for the server, each time from the open stream until we were online.
#[derive(Default)]
struct Rounds {
    current: usize,
    taken: Vec<usize>,
}

impl Rounds {
    fn count(&mut self, step: &Step, effects: &[Effect]) {
        if step.text.starts_with("connected") {
            self.current = 0;
        }
        let online = |it: &Effect| {
            matches!(it, Effect::Tell(Event::ConnectionChanged(causerie_model::Connection::Online)))
        };
        match effects.iter().any(online) {
            true => self.taken.push(self.current),
            false if effects.iter().any(|it| matches!(it, Effect::Send(_) | Effect::RestartStream)) => {
                self.current += 1;
            }
            false => {}
        }
    }
}

impl Player {
    /// A brain that begins as the script says.
    pub fn new(script: &Script) -> Result<Self, String> {
        let Beginning { restored, password, wall, utc_offset, encrypts, wishes, displayed } =
            Beginning::read(&script.settings)?;
        let rng = Box::new(StdRng::seed_from_u64(0));
        Ok(Self {
            brain: Brain::new(restored.clone(), password.clone(), rng),
            restored,
            noted: Vec::new(),
            password,
            now: Now { wall, elapsed: Duration::ZERO, utc_offset },
            wake_at: None,
            captures: Captures::default(),
            scram: scram::Server::default(),
            tokens: Tokens::default(),
            names: std::collections::BTreeMap::new(),
            encrypts,
            wishes,
            displayed,
        })
    }

    /// Takes a step.
    pub fn step(&mut self, step: &Step) -> Result<Vec<Effect>, String> {
        let mut effects = Vec::new();
        match step.kind {
            '<' => {
                let (times, text) = repeated(&step.text);
                for index in 0..times {
                    let element = self.element(text, index)?;
                    self.feed(Input::Element(element), &mut effects);
                }
            }
            '!' if step.text == "next-run" => self.begin_again(),
            '!' => {
                let (times, text) = repeated(&step.text);
                for index in 0..times {
                    let text = counted(&self.captures.fill(text), index);
                    self.feed(inputs::input(&text)?, &mut effects);
                }
            }
            _ => self.advance(&step.text, &mut effects)?,
        }
        Ok(effects)
    }

    /// The program ends, and begins again with what it had at first and what was noted since of what waits.
    fn begin_again(&mut self) {
        for change in std::mem::take(&mut self.noted) {
            self.note(&change);
        }
        let rng = Box::new(StdRng::seed_from_u64(1));
        self.brain = Brain::new(self.restored.clone(), self.password.clone(), rng);
        (self.now.elapsed, self.wake_at) = (Duration::ZERO, None);
    }

    /// What the ledger does with what becomes of what waits.
    fn note(&mut self, change: &Change) {
        let Restored { pending, said, .. } = &mut self.restored;
        let mut set_left = |peer: &BareJid, id: &OriginId, left: Left| {
            let all = pending.iter_mut().chain(said.iter_mut());
            let of_it = all.filter(|message| message.peer == *peer && message.id == *id);
            of_it.for_each(|message| message.left = left);
        };
        match change {
            Change::MessageWaits { peer, id } => set_left(peer, id, Left::Never),
            Change::MessageLeaves { peer, id } => set_left(peer, id, Left::Unknown),
            Change::RoomSent { room, id } => set_left(room, id, Left::Clear),
            Change::MessageStateChanged { peer, id, state } if *state != MessageState::Pending => {
                for all in [pending, said] {
                    all.retain(|message| message.peer != *peer || message.id != *id);
                }
            }
            _ => {}
        }
    }

    /// The text with all known names replaced.
    pub fn fill(&self, text: &str) -> String {
        self.captures.fill(text)
    }

    /// What a line from the server says.
    pub fn element(&self, text: &str, count: usize) -> Result<Element, String> {
        pattern::parse(&inputs::expand(&counted(&self.captures.fill(text), count))?)
    }

    /// Takes one input.
    pub fn feed(&mut self, input: Input, effects: &mut Vec<Effect>) {
        self.tokens.goes_in(&input);
        match &input {
            Input::Element(element) => self.scram.says(element),
            Input::Command(
                Command::SendMessage { peer, .. }
                | Command::SendReply { peer, .. }
                | Command::CorrectMessage { peer, .. }
                | Command::RetractMessage { peer, .. }
                | Command::React { peer, .. }
                | Command::RetryMessage { peer, .. },
            ) if !self.encrypts => {
                let clear = Command::SetPrivacy { peer: peer.clone(), privacy: Privacy::Clear };
                self.brain.handle(Input::Command(clear), self.now);
            }
            _ => {}
        }
        let mut keys = Vec::new();
        for mut effect in self.brain.handle(input, self.now).0 {
            match &effect {
                Effect::WakeAt(at) => {
                    self.wake_at = Some(*at);
                    continue;
                }
                Effect::DeriveKey(request) => {
                    let key = brain::derive_key(request);
                    self.scram.derived(request, &key);
                    keys.push((request.ticket, key));
                }
                Effect::Send(element) if !self.displayed && asks_what_was_read(element) => continue,
                Effect::Send(element) => {
                    if !self.wishes {
                        effect = Effect::Send(without_wishes(element));
                    }
                    let Effect::Send(element) = &effect else { continue };
                    self.name(element);
                    self.scram.hears(element, &mut self.captures);
                    self.tokens.hears(element, &mut self.captures);
                }
                Effect::Record(
                    change @ (Change::MessageWaits { .. }
                    | Change::MessageLeaves { .. }
                    | Change::RoomSent { .. }
                    | Change::MessageStateChanged { .. }),
                ) => self.noted.push(change.clone()),
                _ => {}
            }
            effects.push(effect);
        }
        for (ticket, key) in keys {
            self.feed(Input::KeyDerived { ticket, key }, effects);
        }
    }

    /// Moves the clock, waking the brain whenever it asked for it. `@ +40s`, `@ sleep 1h` where only the wall clock moves, and
    /// `@ set 2025-11-23T12:00:00Z` where somebody sets it.
    pub fn advance(&mut self, text: &str, effects: &mut Vec<Effect>) -> Result<(), String> {
        if let Some(asleep) = text.strip_prefix("sleep ") {
            self.now.wall = self.now.wall.saturating_add(inputs::duration(asleep)?);
            return Ok(());
        }
        if let Some(date) = text.strip_prefix("set ") {
            self.now.wall = inputs::date(date)?;
            return Ok(());
        }
        let span = inputs::duration(text.strip_prefix('+').ok_or("a span begins with +")?)?;
        let end = self.now.elapsed + span;
        let mut wakes = 0;
        while let Some(at) = self.wake_at.filter(|at| *at <= end) {
            self.wake_at = None;
            self.move_to(at.max(self.now.elapsed));
            self.feed(Input::Woke, effects);
            wakes += 1;
            if wakes > MOST_WAKES {
                return Err("wakes for ever".to_owned());
            }
        }
        self.move_to(end);
        Ok(())
    }

    fn move_to(&mut self, elapsed: Duration) {
        let passed = elapsed - self.now.elapsed;
        self.now.elapsed = elapsed;
        self.now.wall = self.now.wall.saturating_add(passed);
    }

    /// The identifiers of our requests get names: `$roster`, and `$roster2` for the next one.
    fn name(&mut self, element: &Element) {
        if let (Some(name), Some(id)) = (pattern::request_name(element), element.attr("id")) {
            let count = self.names.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count == 1 { name } else { format!("{name}{count}") };
            self.captures.0.insert(name, id.to_owned());
        }
    }

    /// New names in what was expected take their values.
    pub fn capture(&mut self, step: &Step, effects: &[Effect]) {
        let patterns = step.expected_stanzas().filter(|text| text.contains('$'));
        let patterns: Vec<Element> = patterns.filter_map(|text| pattern::parse(text).ok()).collect();
        for effect in effects {
            let Effect::Send(element) = effect else { continue };
            for wanted in &patterns {
                let mut captures = self.captures.clone();
                if pattern::element_matches(wanted, element, &mut captures) {
                    self.captures = captures;
                    break;
                }
            }
        }
    }

    fn outcome(&self, effect: &Effect) -> Option<Outcome> {
        let line = match effect {
            Effect::Send(element) => return Some(self.sent(element)),
            Effect::Record(change) => format!("+ {}", change_line(change)),
            Effect::Tell(event) => format!("= {}", readable(&format!("{event:?}"))),
            Effect::Connect(target) => match &target.server {
                Some(server) => format!("~ connect {} at {server}", target.domain),
                None => format!("~ connect {}", target.domain),
            },
            Effect::RestartStream => "~ restart".to_owned(),
            Effect::Authenticated => "~ authenticated".to_owned(),
            Effect::Close => "~ close".to_owned(),
            Effect::Abort => "~ abort".to_owned(),
            Effect::DeriveKey(request) => format!("~ derive-key {:?} {}", request.hash, request.iterations),
            Effect::WakeAt(_) => return None,
        };
        let actual = line.clone();
        Some(Outcome { line, matches: Box::new(move |pattern| pattern::line_matches(pattern, &actual)) })
    }

    fn sent(&self, element: &Element) -> Outcome {
        let shown = scram::readable(element, &self.captures).unwrap_or_else(|| element.clone());
        sent(element, shown, &self.captures)
    }
}

/// Whether a request is that for what our other devices have read.
fn asks_what_was_read(element: &Element) -> bool {
    let pubsub = element.get_child("pubsub", "http://jabber.org/protocol/pubsub");
    let items = pubsub.and_then(|pubsub| pubsub.get_child("items", "http://jabber.org/protocol/pubsub"));
    items.is_some_and(|items| items.attr("node") == Some("urn:xmpp:mds:displayed:0"))
}

/// A message of ours without the wish to be told what becomes of it.
fn without_wishes(element: &Element) -> Element {
    let mut element = element.clone();
    if element.name() == "message" {
        element.remove_child("request", "urn:xmpp:receipts");
        element.remove_child("markable", "urn:xmpp:chat-markers:0");
    }
    element
}

/// What was sent, and how it is written for people.
pub(crate) fn sent(element: &Element, mut shown: Element, captures: &Captures) -> Outcome {
    let known = element.attr("id").and_then(|id| captures.0.iter().find(|(_, value)| *value == id));
    if let (Some(attribute), Some((name, _))) =
        (shown.attrs_mut().get_mut(&minidom::rxml::Namespace::NONE, "id"), known)
    {
        *attribute = format!("${name}");
    }
    let line = format!("> {}", pattern::write(&shown));
    let (element, captures) = (element.clone(), captures.clone());
    let matches = move |pattern: &str| {
        let Some(pattern) = pattern.strip_prefix("> ") else { return false };
        let Ok(pattern) = inputs::expand(&captures.fill(pattern)) else { return false };
        pattern::parse(&pattern)
            .is_ok_and(|pattern| pattern::element_matches(&pattern, &element, &mut captures.clone()))
    };
    Outcome { line, matches: Box::new(matches) }
}

/// Whether it is of the connection itself, and not of what uses it: `watch: connection`.
fn is_of_connection(effect: &Effect) -> bool {
    match effect {
        Effect::Record(change) => {
            matches!(
                change,
                Change::MechanismSeen(_)
                    | Change::MechanismForgotten
                    | Change::PlainAllowed
                    | Change::ServerSet(_)
                    | Change::UserAgentNamed(_)
            )
        }
        Effect::Tell(event) => {
            use Notice::{AccountNotDeleted, PasswordNotChanged, PasswordUncertain, PlainOnly};
            matches!(
                event,
                Event::ConnectionChanged(_)
                    | Event::PasswordChanged
                    | Event::FastTokenChanged(_)
                    | Event::AccountDeleted
                    | Event::Notice(
                        PlainOnly | PasswordUncertain | PasswordNotChanged(_) | AccountNotDeleted(_)
                    )
            )
        }
        Effect::Send(stanza) => match (stanza.name(), stanza.children().next()) {
            ("presence", _) => stanza.attr("type") == Some("unavailable"),
            ("iq", Some(asked)) => {
                matches!(asked.name(), "bind" | "session" | "ping") || asked.has_ns("jabber:iq:register")
            }
            (name, _) => !matches!(name, "message" | "iq"),
        },
        _ => true,
    }
}

/// A change as it is written. Texts of messages are shown, as they are made up.
fn change_line(change: &Change) -> String {
    if let Change::DraftSaved { peer, text } = change {
        return format!("DraftSaved {{ peer: {peer}, text: {:?} }}", &**text);
    }
    if let Change::Past(past, change) = change {
        return format!("{past:?} {}", change_line(change));
    }
    if let Change::Annotated(annotation) = change {
        return annotation_line(annotation);
    }
    if let Change::RoomMessage(said) = change {
        return room_line(said);
    }
    if let Change::RoomHistory(told) = change {
        return format!("told {}", told.iter().map(room_line).collect::<Vec<_>>().join(" | "));
    }
    if let Change::RoomAnnotated(said) = change {
        return room_annotation_line(said);
    }
    let (name, message) = match change {
        Change::MessageAdded(message) => ("MessageAdded", message),
        Change::MessageFetched(message) => ("MessageFetched", message),
        // Hardly any request is from somebody who moved.
        _ => return readable(&format!("{change:?}")).replace(", moved_from: None", ""),
    };
    format!("{name} {}", message_line(message))
}

/// What is said in a room, and by whom.
fn room_line(said: &RoomMessage) -> String {
    let RoomMessage { message, author, claim, source } = said;
    let mut line = format!("Room {source:?}");
    if *claim == Claim::Perhaps {
        line += " perhaps";
    }
    if let Some(Author { nick, occupant }) = author {
        line += &format!(" {nick:?}");
        line += &occupant.as_ref().map(|occupant| format!("={occupant}")).unwrap_or_default();
    }
    format!("{line} {}", message_line(message))
}

/// What is said of a message in a room, and by whom.
fn room_annotation_line(said: &RoomAnnotation) -> String {
    let RoomAnnotation {
        room,
        target,
        says,
        author,
        origin,
        stanza,
        at,
        arrival,
        is_early,
        is_placed: _,
        state,
        source,
    } = said;
    let mut line = format!("Room {source:?}");
    if let Some(Author { nick, occupant }) = author {
        line += &format!(" {nick:?}");
        line += &occupant.as_ref().map(|occupant| format!("={occupant}")).unwrap_or_default();
    }
    let annotation = Annotation {
        peer: room.clone(),
        author: if author.is_some() { Direction::Incoming } else { Direction::Outgoing },
        target: target.clone(),
        says: says.clone(),
        origin: origin.clone(),
        at: *at,
        arrival: *arrival,
        is_early: *is_early,
        state: state.clone(),
        protection: Protection::Clear,
    };
    line += &format!(" {}", annotation_line(&annotation));
    line + &stanza.as_ref().map(|stanza| format!(" stanza={}", stanza.id)).unwrap_or_default()
}

fn message_line(message: &NewMessage) -> String {
    let NewMessage {
        peer,
        direction,
        origin,
        stanza,
        body,
        at,
        state,
        protection,
        reply,
        order: _,
        naming: _,
    } = message;
    let mut line = format!("{direction:?} {peer} {state:?} {}", datetime::format(*at));
    if let Some(origin) = origin {
        line += &format!(" origin={}", origin.as_str());
    }
    if let Some(stanza) = stanza {
        line += &format!(" stanza={} by {}", stanza.id, stanza.by);
    }
    line += &protected(protection);
    if let Some(ReplyTo { id, author }) = reply {
        line += &format!(" answers={}", id.as_str());
        line += &author.map(|author| format!(" of {author:?}")).unwrap_or_default();
    }
    match body {
        Body::Text(text) if text.len() > 300 => line + &format!(" {} bytes", text.len()),
        Body::Text(text) => line + &format!(" {text:?}"),
        Body::Unreadable(why) => line + &format!(" {why:?}"),
        Body::Retracted => line + " retracted",
    }
}

/// What is said of a message, with the text and the emoji.
fn annotation_line(annotation: &Annotation) -> String {
    let Annotation { peer, author, target, says, origin, at, arrival, is_early, state, protection } =
        annotation;
    let (kind, said) = match says {
        Says::Correction(text) => ("Correction", format!(" {text:?}")),
        Says::Retraction(words) if words.is_empty() => ("Retraction", String::new()),
        Says::Retraction(words) => ("Retraction", format!(" {words:?}")),
        Says::Reactions(emoji) => {
            ("Reactions", emoji.iter().map(|emoji| format!(" {}", emoji.as_str())).collect())
        }
    };
    let origin = origin.as_ref().map(|origin| format!(" origin={}", origin.as_str())).unwrap_or_default();
    let kept = if *arrival == Arrival::Live { "" } else { " kept" };
    let kept = if *is_early { format!("{kept} early") } else { kept.to_owned() };
    let (at, target) = (datetime::format(*at), target.as_str());
    format!(
        "{kind} {author:?} {peer} of {target} {state:?} {at}{kept}{origin}{}{said}",
        protected(protection)
    )
}

fn protected(protection: &Protection) -> String {
    match protection {
        Protection::Clear => String::new(),
        Protection::Encrypted(None) => " encrypted".to_owned(),
        Protection::Encrypted(Some(Seal { version, trust, written, .. })) => {
            let written = written.map(|at| format!(" written={at:?}")).unwrap_or_default();
            format!(" encrypted={version:?} trust={trust:?}{written}")
        }
    }
}

/// Instants as people write them.
fn readable(debug: &str) -> String {
    let mut text = String::new();
    let mut rest = debug;
    while let Some((before, after)) = rest.split_once("Timestamp(") {
        text.push_str(before);
        let (millis, after) = after.split_once(')').unwrap_or((after, ""));
        let at = millis.parse().map(causerie_model::Timestamp::from_millis).unwrap_or_default();
        text.push_str(&datetime::format(at));
        rest = after;
    }
    text + rest
}
