//! A transcript's file: its lines, and how it is written anew.

use std::fmt::Write as _;
use std::path::Path;

/// A transcript.
pub struct Script {
    /// What was true before it begins: `account:`, `roster:` and so on, those of included files first.
    pub settings: Vec<(String, String)>,
    /// What goes in, in order.
    pub steps: Vec<Step>,
    /// The attacks that its comments name.
    pub vectors: Vec<Vector>,
    /// All lines of this file, for writing it anew.
    lines: Vec<String>,
}

/// An attack: a comment that begins with its name, up to the next comment.
pub struct Vector {
    /// `A1.2`: the row of the list of attacks, and a number.
    pub id: String,
    /// As what it may be taken after all: an address whose message it is, or `a request`.
    pub taken_as: Option<String>,
}

impl Vector {
    /// Reads `# A1.2: what it is`, or `# A1.2 as mallory@evil.example: what it is`.
    fn read(comment: &str) -> Option<Self> {
        let (head, _) = comment.strip_prefix("# ")?.split_once(": ")?;
        let (id, taken_as) = match head.split_once(" as ") {
            Some((id, taken_as)) => (id, Some(taken_as.to_owned())),
            None => (head, None),
        };
        let (row, number) = id.strip_prefix(['A', 'B'])?.split_once('.')?;
        let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        (is_number(row) && is_number(number)).then(|| Self { id: id.to_owned(), taken_as })
    }
}

/// Something that goes in, and what is to come out of it.
pub struct Step {
    /// `<`, `!` or `@`.
    pub kind: char,
    /// The rest of the line, and of its continuations.
    pub text: String,
    /// Where it ends in the file; `None` when it is from an included one, whose outcome is not looked at.
    end: Option<usize>,
    /// The attack that it is part of, by its place in [`Script::vectors`].
    pub vector: Option<usize>,
    /// What is expected: the line's kind, its text, its lines as they are.
    expected: Vec<Expected>,
}

struct Expected {
    line: String,
    raw: Vec<String>,
}

impl Step {
    /// What is expected to be sent, as patterns.
    pub fn expected_stanzas(&self) -> impl Iterator<Item = &str> {
        self.lines().filter_map(|line| line.strip_prefix("> "))
    }

    /// All that is expected to come out of it.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.expected.iter().map(|expected| expected.line.as_str())
    }
}

/// What came out of one step: the line as it would be written, and how to compare.
pub struct Outcome {
    pub line: String,
    pub matches: Box<dyn Fn(&str) -> bool>,
}

const INPUTS: [char; 3] = ['<', '!', '@'];
const OUTPUTS: [char; 4] = ['>', '=', '+', '~'];

impl Script {
    /// Reads a file's text.
    pub fn parse(text: &str, root: &Path) -> Result<Self, String> {
        let mut script =
            Self { settings: Vec::new(), steps: Vec::new(), vectors: Vec::new(), lines: Vec::new() };
        let mut vector = None;
        script.lines = text.lines().map(str::to_owned).collect();
        if !script.lines.first().is_some_and(|line| line.starts_with("# ")) {
            return Err("the first line must be a comment that names the rule".to_owned());
        }
        let mut index = 0;
        while let Some(line) = script.lines.get(index).cloned() {
            let start = index;
            index += 1;
            let mut chars = line.chars();
            let Some(kind) = chars.next() else { continue };
            if kind == '#' {
                script.vectors.extend(Vector::read(&line));
                vector = Vector::read(&line).map(|_| script.vectors.len() - 1);
                continue;
            }
            if line.trim().is_empty() {
                continue;
            }
            let mut whole = chars.as_str().trim().to_owned();
            while let Some(more) = script.lines.get(index).filter(|line| line.starts_with([' ', '\t'])) {
                let more = more.trim();
                // White space between elements is left out; inside of a tag it is needed.
                if !more.starts_with('<') && !more.is_empty() {
                    whole.push(' ');
                }
                whole.push_str(more);
                index += 1;
            }
            if INPUTS.contains(&kind) {
                let (end, expected) = (Some(index), Vec::new());
                script.steps.push(Step { kind, text: whole, end, vector, expected });
            } else if OUTPUTS.contains(&kind) {
                let raw = script.lines[start..index].to_vec();
                let step = script.steps.last_mut();
                let step = step.filter(|step| step.end.is_some()).ok_or("an outcome comes after an input")?;
                let (times, line) = repeated(&whole);
                for count in 0..times {
                    let line = format!("{kind} {}", counted(line, count));
                    // Of lines that were written once, the first stands for all when the file is written anew.
                    let raw = if count == 0 { raw.clone() } else { Vec::new() };
                    step.expected.push(Expected { line, raw });
                }
                step.end = Some(index);
            } else {
                let (key, value) = line.split_once(':').ok_or_else(|| format!("not understood: {line}"))?;
                script.setting(key.trim(), value.trim(), root)?;
            }
        }
        Ok(script)
    }

    fn setting(&mut self, key: &str, value: &str, root: &Path) -> Result<(), String> {
        if key != "include" {
            self.settings.push((key.to_owned(), value.to_owned()));
            return Ok(());
        }
        let text = std::fs::read_to_string(root.join(value)).map_err(|error| format!("{value}: {error}"))?;
        let included = Self::parse(&text, root)?;
        self.settings.extend(included.settings.into_iter().filter(|(key, _)| key != "watch"));
        self.steps.extend(included.steps.into_iter().map(|step| Step { end: None, vector: None, ..step }));
        Ok(())
    }

    /// Says what came out otherwise than expected, if anything did.
    pub fn differences(&self, played: &[Vec<Outcome>]) -> Option<String> {
        let mut report = String::new();
        for (step, outcomes) in self.steps.iter().zip(played) {
            let same = step.expected.len() == outcomes.len()
                && step.expected.iter().zip(outcomes).all(|(line, outcome)| (outcome.matches)(&line.line));
            if step.end.is_none() || same {
                continue;
            }
            let _ = writeln!(report, "after {} {}", step.kind, shorten(&step.text));
            let common = step.expected.len().max(outcomes.len());
            for index in 0..common {
                let (expected, outcome) = (step.expected.get(index), outcomes.get(index));
                match (expected, outcome) {
                    (Some(line), Some(outcome)) if (outcome.matches)(&line.line) => {
                        let _ = writeln!(report, "        {}", shorten(&line.line));
                    }
                    (expected, outcome) => {
                        if let Some(expected) = expected {
                            let _ = writeln!(report, "  want  {}", expected.line);
                        }
                        if let Some(outcome) = outcome {
                            let _ = writeln!(report, "  came  {}", outcome.line);
                        }
                    }
                }
            }
        }
        (!report.is_empty()).then_some(report)
    }

    /// The file with what really came out. Lines that still hold stay as they are.
    pub fn rewrite(&self, played: &[Vec<Outcome>]) -> String {
        let mut text = String::new();
        let mut written = 0;
        for (step, outcomes) in self.steps.iter().zip(played) {
            let Some(end) = step.end else { continue };
            let expected_lines: Vec<&String> = step.expected.iter().flat_map(|line| &line.raw).collect();
            for line in &self.lines[written..end] {
                if !expected_lines.contains(&line) {
                    text.push_str(line);
                    text.push('\n');
                }
            }
            written = end;
            let mut rest = step.expected.as_slice();
            for outcome in outcomes {
                let held = rest.iter().position(|line| (outcome.matches)(&line.line));
                match held {
                    Some(index) => {
                        for line in &rest[index].raw {
                            text.push_str(line);
                            text.push('\n');
                        }
                        rest = &rest[index + 1..];
                    }
                    None => {
                        text.push_str(&outcome.line);
                        text.push('\n');
                    }
                }
            }
        }
        for line in &self.lines[written..] {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

/// `x1000 rest` is done, or comes out, a thousand times, `{n}` being 0, 1, 2…
pub fn repeated(text: &str) -> (usize, &str) {
    let parsed = text.strip_prefix('x').and_then(|rest| rest.split_once(' '));
    match parsed.and_then(|(times, rest)| Some((times.parse().ok()?, rest))) {
        Some(repeated) => repeated,
        None => (1, text),
    }
}

/// The line for one count.
pub fn counted(text: &str, count: usize) -> String {
    text.replace("{n}", &count.to_string()).replace("{n4}", &format!("{count:04}"))
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(160) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
