//! One odd stanza never costs more than itself: everything that transcripts send in, broken in all ways that are still XML.

use std::path::{Path, PathBuf};

use causerie_protocol::{Effect, Input, registration};
use minidom::rxml::{Namespace, NcName};
use minidom::{Element, Node};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

use crate::inputs;
use crate::pattern;
use crate::player::Player;
use crate::registrar;
use crate::script::{Script, repeated};

/// How many broken stanzas are sent in.
const ROUNDS: usize = 40_000;

const COMMANDS: [&str; 15] = [
    "send id=m1 to=bob@example.org body=\"Hi\"",
    "send id=m2 to=mallory@evil.example body=\"Hi\"",
    "retry id=m1 to=bob@example.org body=\"Hi\"",
    "chat-state bob@example.org state=composing",
    "add carol@example.net",
    "edit bob@example.org name=\"B\"",
    "remove carol@example.net",
    "accept carol@example.net",
    "decline mallory@evil.example",
    "block mallory@evil.example",
    "set-presence show=away",
    "set-sharing contacts",
    "join room@muc.example.org nick=Alice",
    "say id=m3 in=room@muc.example.org body=\"Hi\"",
    "leave room@muc.example.org",
];

const TEXTS: [&str; 14] = [
    "",
    " ",
    "\u{202e}\u{0301}é\u{1F98A}",
    "bob@example.org",
    "alice@example.org",
    "alice@example.org/here",
    "example.org",
    "@/",
    "-1",
    "99999999999999999999",
    "9999-12-31T23:59:60Z",
    "result",
    "set",
    "$roster2",
];

/// Breaks and sends in. At the end the brain is online and answers.
pub fn check(root: &Path, files: &[PathBuf]) -> Result<(), String> {
    let online =
        "# A brain to break\nroster: bob@example.org\nroster: carol@example.org\ninclude: online.txt\n";
    let online = Script::parse(online, root)?;
    let corpus = corpus(root, files)?;
    let mut rng = StdRng::seed_from_u64(20);
    let mut player = signed_in(&online)?;
    for round in 0..ROUNDS {
        let line = corpus.choose(&mut rng).ok_or("there are no stanzas")?;
        // A line about a request that was not made stays as it is, which is odd as well.
        let Ok(mut stanza) = player.element(line, rng.random_range(0..10_000)) else { continue };
        for _ in 0..rng.random_range(1..4) {
            mutate(&mut stanza, &corpus, &player, &mut rng);
        }
        let mut effects = Vec::new();
        player.feed(Input::Element(stanza), &mut effects);
        if round % 7 == 0 {
            let command = COMMANDS.choose(&mut rng).copied().unwrap_or_default();
            player.feed(inputs::input(command)?, &mut effects);
        }
        if round % 50 == 0 {
            player.advance("+1s", &mut effects)?;
        }
        written(&effects)?;
        // Some of it was a stream error, after which no more comes on this connection.
        if effects.iter().any(|effect| matches!(effect, Effect::Close | Effect::Abort)) {
            player = signed_in(&online)?;
        }
    }
    let ping = "<iq type='get' id='alive' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq>";
    let mut effects = Vec::new();
    player.feed(Input::Element(pattern::parse(ping)?), &mut effects);
    let answers =
        |effect: &Effect| matches!(effect, Effect::Send(reply) if reply.attr("id") == Some("alive"));
    effects.iter().any(answers).then_some(()).ok_or_else(|| "does not answer any more".to_owned())
}

/// The same with the brain of a registration: whatever comes, at the end an account can be made.
pub fn check_registration(root: &Path, files: &[PathBuf]) -> Result<(), String> {
    const BEGINNING: &str = "# A registrar to break\nregistrar: example.org\n";
    const FEATURES: &str =
        "<stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>";
    const FORM: &str =
        "<iq type='result' id='ID'><query xmlns='jabber:iq:register'><username/><password/></query></iq>";
    let beginning = Script::parse(BEGINNING, root)?;
    let corpus = corpus(root, files)?;
    let corpus: Vec<String> = corpus.into_iter().filter(|line| line.contains("register")).collect();
    let mut rng = StdRng::seed_from_u64(21);
    let mut player = registrar::Player::new(&beginning)?;
    let mut open = false;
    for round in 0..ROUNDS {
        let mut effects = Vec::new();
        if !open {
            player.ask("disconnected ConnectionLost", &mut effects)?;
            player.advance("+2m", &mut effects)?;
            player.ask("fetch-form", &mut effects)?;
            player.ask("connected", &mut effects)?;
            player.feed(Input::Element(pattern::parse(FEATURES)?), &mut effects);
            open = true;
        }
        let command = [
            "fetch-form",
            "probe",
            "submit form=1 name=alice password=secret ocr=1",
            "submit form=2 name=b password=c",
        ];
        if round % 3 == 0 {
            player.ask(command.choose(&mut rng).copied().unwrap_or_default(), &mut effects)?;
        }
        let line = corpus.choose(&mut rng).ok_or("there are no stanzas")?;
        let Ok(mut stanza) = player.element(line, 0) else { continue };
        for _ in 0..rng.random_range(0..4) {
            mutate(&mut stanza, &corpus, &player, &mut rng);
        }
        if let Some(id) = player.awaited()
            && rng.random_bool(0.5)
            && let Ok(name) = NcName::try_from("id")
        {
            stanza.set_attr(Namespace::NONE, name, id);
        }
        player.feed(Input::Element(stanza), &mut effects);
        player.advance("+5s", &mut effects)?;
        let ends = |effect: &registration::Effect| {
            matches!(effect, registration::Effect::Close | registration::Effect::Abort)
        };
        open &= !effects.iter().any(ends);
    }
    let mut effects = Vec::new();
    player.ask("cancel", &mut effects)?;
    player.ask("disconnected ConnectionLost", &mut effects)?;
    player.advance("+2m", &mut effects)?;
    player.ask("fetch-form", &mut effects)?;
    player.ask("connected", &mut effects)?;
    player.feed(Input::Element(pattern::parse(FEATURES)?), &mut effects);
    let id = player.awaited().ok_or("asks for no form any more")?;
    effects.clear();
    player.feed(Input::Element(pattern::parse(&FORM.replace("ID", &id))?), &mut effects);
    let gives = |effect: &registration::Effect| format!("{effect:?}").contains("FormReceived");
    effects.iter().any(gives).then_some(()).ok_or_else(|| "gives no form any more".to_owned())
}

fn signed_in(script: &Script) -> Result<Player, String> {
    let mut player = Player::new(script)?;
    script.steps.iter().try_for_each(|step| player.step(step).map(drop))?;
    Ok(player)
}

/// All stanzas of all transcripts, but for those that are large.
fn corpus(root: &Path, files: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut corpus = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
        for step in Script::parse(&text, root)?.steps {
            let (_, text) = repeated(&step.text);
            if step.kind == '<' && !text.contains("000}") {
                corpus.push(text.to_owned());
            }
        }
    }
    Ok(corpus)
}

/// What is sent can be written.
fn written(effects: &[Effect]) -> Result<(), String> {
    for effect in effects {
        if let Effect::Send(element) = effect {
            element.write_to(&mut Vec::new()).map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

/// Who knows the names in lines of transcripts.
trait Reads {
    fn fill(&self, text: &str) -> String;
    fn element(&self, text: &str, count: usize) -> Result<Element, String>;
}

impl Reads for Player {
    fn fill(&self, text: &str) -> String {
        self.fill(text)
    }

    fn element(&self, text: &str, count: usize) -> Result<Element, String> {
        self.element(text, count)
    }
}

impl Reads for registrar::Player {
    fn fill(&self, text: &str) -> String {
        self.fill(text)
    }

    fn element(&self, text: &str, count: usize) -> Result<Element, String> {
        self.element(text, count)
    }
}

/// Breaks something somewhere in an element.
fn mutate(element: &mut Element, corpus: &[String], player: &impl Reads, rng: &mut StdRng) {
    let children = element.children().count();
    if children > 0
        && rng.random_bool(0.7)
        && let Some(child) = element.children_mut().nth(rng.random_range(0..children))
    {
        return mutate(child, corpus, player, rng);
    }
    let text = TEXTS.choose(rng).copied().unwrap_or_default();
    match rng.random_range(0..8) {
        0 => {
            let keys: Vec<NcName> = element.attrs().iter().map(|((_, name), _)| name.clone()).collect();
            if let Some(name) = keys.choose(rng) {
                element.attrs_mut().remove(&Namespace::NONE, name);
            }
        }
        1 | 2 => {
            let keys: Vec<NcName> = element.attrs().iter().map(|((_, name), _)| name.clone()).collect();
            if let Some(name) = keys.choose(rng).filter(|name| element.attr(name.as_str()).is_some()) {
                element.set_attr(Namespace::NONE, name.clone(), player.fill(text));
            }
        }
        3 => element.append_text(text),
        4 => drop(element.take_nodes()),
        5 => {
            let nodes: Vec<Node> = element.nodes().cloned().collect();
            nodes.into_iter().for_each(|node| element.append_node(node));
        }
        6 => {
            let other = corpus.choose(rng).and_then(|line| player.element(line, 0).ok());
            if let Some(other) = other {
                element.append_child(other);
            }
        }
        _ => {
            let mut other = Element::bare(element.name(), "urn:example");
            element.take_nodes().into_iter().for_each(|node| other.append_node(node));
            *element = other;
        }
    }
}
