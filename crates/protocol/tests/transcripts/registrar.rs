//! Plays a transcript of a registration: one that begins with `registrar: DOMAIN`.

use std::collections::BTreeMap;
use std::time::Duration;

use causerie_model::registration::{Answer, FormId, Submission};
use causerie_model::{BareJid, InviteToken, Password, RegistrationCommand, ServerAddress, Timestamp};
use causerie_protocol::registration::Effect;
use causerie_protocol::{Input, Now, Registrar, datetime};
use minidom::Element;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::inputs::{self, Words};
use crate::pattern::{self, Captures};
use crate::player::sent;
use crate::script::{Outcome, Script, Step, counted, repeated};

/// A registrar, its clock, and what was seen so far.
pub struct Player {
    registrar: Registrar,
    now: Now,
    wake_at: Option<Duration>,
    captures: Captures,
    /// The identifier of the last request.
    awaited: Option<String>,
    names: BTreeMap<String, usize>,
}

/// Whether a transcript is one of a registration.
pub fn is_registration(script: &Script) -> bool {
    script.settings.iter().any(|(key, _)| key == "registrar")
}

/// Gives what came out of each step.
pub fn play(script: &Script) -> Result<Vec<Vec<Outcome>>, String> {
    let mut player = Player::new(script)?;
    let mut played = Vec::with_capacity(script.steps.len());
    for step in &script.steps {
        let effects = player.step(step).map_err(|why| format!("{} {}: {why}", step.kind, step.text))?;
        played.push(effects.iter().map(|effect| player.outcome(effect)).collect());
    }
    Ok(played)
}

impl Player {
    /// A registrar that begins as the script says.
    pub fn new(script: &Script) -> Result<Self, String> {
        let setting = script.settings.iter().rfind(|(key, _)| key == "registrar").ok_or("no registrar")?;
        let words = Words::read(&setting.1)?;
        let domain = BareJid::new(words.first()?).map_err(|error| error.to_string())?;
        let token = words.get("token").map(|token| InviteToken::new(token).ok_or("no token"));
        let registrar = Registrar::new(
            &domain,
            words.get("server").and_then(ServerAddress::parse),
            token.transpose()?,
            words.get("language").map(str::to_owned),
            Box::new(StdRng::seed_from_u64(0)),
        );
        let wall: Timestamp = datetime::parse("2026-11-23T12:00:00Z").unwrap_or_default();
        let now = Now { wall, elapsed: Duration::ZERO, utc_offset: 60 };
        Ok(Self {
            registrar,
            now,
            wake_at: None,
            captures: Captures::default(),
            awaited: None,
            names: BTreeMap::new(),
        })
    }

    /// Takes a step.
    pub fn step(&mut self, step: &Step) -> Result<Vec<Effect>, String> {
        let mut effects = Vec::new();
        let (times, text) = if step.kind == '@' { (1, step.text.as_str()) } else { repeated(&step.text) };
        for index in 0..times {
            match step.kind {
                '<' => {
                    let element = self.element(text, index)?;
                    self.feed(Input::Element(element), &mut effects);
                }
                '!' => self.ask(&counted(&self.captures.fill(text), index), &mut effects)?,
                _ => self.advance(text, &mut effects)?,
            }
        }
        Ok(effects)
    }

    /// The identifier of the last request.
    pub fn awaited(&self) -> Option<String> {
        self.awaited.clone()
    }

    /// The text with all known names replaced.
    pub fn fill(&self, text: &str) -> String {
        self.captures.fill(text)
    }

    /// What a line from the server says.
    pub fn element(&self, text: &str, count: usize) -> Result<Element, String> {
        pattern::parse(&inputs::expand(&counted(&self.captures.fill(text), count))?)
    }

    /// Takes a line that begins with `!`.
    pub fn ask(&mut self, text: &str, effects: &mut Vec<Effect>) -> Result<(), String> {
        match command(text)? {
            Some(command) => {
                let done = self.registrar.command(command, self.now);
                self.done(done, effects);
            }
            None => self.feed(inputs::input(text)?, effects),
        }
        Ok(())
    }

    /// Takes one input.
    pub fn feed(&mut self, input: Input, effects: &mut Vec<Effect>) {
        let done = self.registrar.handle(input, self.now);
        self.done(done, effects);
    }

    fn done(&mut self, done: Vec<Effect>, effects: &mut Vec<Effect>) {
        for effect in done {
            match &effect {
                Effect::WakeAt(at) => {
                    self.wake_at = Some(*at);
                    continue;
                }
                Effect::Send(element) => {
                    self.awaited = element.attr("id").map(str::to_owned);
                    self.name(element);
                }
                _ => {}
            }
            effects.push(effect);
        }
    }

    /// Moves the clock, waking the registrar whenever it asked for it.
    pub fn advance(&mut self, text: &str, effects: &mut Vec<Effect>) -> Result<(), String> {
        let end = self.now.elapsed + inputs::duration(text.strip_prefix('+').ok_or("a span begins with +")?)?;
        while let Some(at) = self.wake_at.filter(|at| *at <= end) {
            self.wake_at = None;
            self.move_to(at.max(self.now.elapsed));
            self.feed(Input::Woke, effects);
        }
        self.move_to(end);
        Ok(())
    }

    fn move_to(&mut self, elapsed: Duration) {
        self.now.wall = self.now.wall.saturating_add(elapsed - self.now.elapsed);
        self.now.elapsed = elapsed;
    }

    fn name(&mut self, element: &Element) {
        if let (Some(name), Some(id)) = (pattern::request_name(element), element.attr("id")) {
            let count = self.names.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count == 1 { name } else { format!("{name}{count}") };
            self.captures.0.insert(name, id.to_owned());
        }
    }

    fn outcome(&self, effect: &Effect) -> Outcome {
        let line = match effect {
            Effect::Send(element) => return sent(element, element.clone(), &self.captures),
            Effect::Tell(event) => format!("= {event:?}"),
            Effect::Connect(target) => match &target.server {
                Some(server) => format!("~ connect {} at {server}", target.domain),
                None => format!("~ connect {}", target.domain),
            },
            Effect::Close => "~ close".to_owned(),
            Effect::Abort => "~ abort".to_owned(),
            Effect::WakeAt(_) => "~ wake".to_owned(),
        };
        let actual = line.clone();
        Outcome { line, matches: Box::new(move |pattern| pattern::line_matches(pattern, &actual)) }
    }
}

/// `probe`, `fetch-form`, `cancel`, and `submit form=1 name=alice password=secret ocr=1234 "colour"=red,blue`, where what has no name
/// of its own is an answer.
fn command(text: &str) -> Result<Option<RegistrationCommand>, String> {
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    Ok(Some(match verb {
        "probe" => RegistrationCommand::Probe,
        "fetch-form" => RegistrationCommand::FetchForm,
        "cancel" => RegistrationCommand::Cancel,
        "submit" => {
            let words = Words::read(rest)?;
            let own = |name: &str| matches!(name, "form" | "name" | "password");
            let answers = words.names().filter(|name| !own(name)).map(|name| {
                let values = words.list(name).into_iter().filter(|value| !value.is_empty()).collect();
                Answer { name: name.to_owned(), values }
            });
            RegistrationCommand::Submit(Submission {
                form: FormId(words.need("form")?.parse().map_err(|_| "not a number")?),
                name: words.need("name")?.to_owned(),
                password: Password::new(words.get("password").unwrap_or_default().replace("\\0", "\0")),
                answers: answers.collect(),
            })
        }
        _ => return Ok(None),
    }))
}
