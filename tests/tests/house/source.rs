//! Rust source, taken apart just enough: what is code, what is comment, what is text between quotes.

/// A source file with its comments and literals told from its code.
pub(super) struct Source {
    /// The code alone: each byte of a comment or literal is a blank, so that places stay the same.
    pub(super) code: String,
    /// The text literals.
    pub(super) literals: Vec<Literal>,
}

/// What stands between two quotes.
pub(super) struct Literal {
    /// Where it begins in the file, in bytes.
    pub(super) start: usize,
    /// Its text as written, escapes and all.
    pub(super) text: String,
}

/// An attribute, `#[…]` or `#![…]`, without comments and literals.
pub(super) struct Attribute {
    /// Where it begins in the file, in bytes.
    pub(super) start: usize,
    /// What stands between the brackets.
    pub(super) inside: String,
}

impl Source {
    /// Takes a file apart. Code that does not compile gives a strange result, never a panic.
    pub(super) fn new(text: &str) -> Self {
        let mut source = Self { code: String::with_capacity(text.len()), literals: Vec::new() };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let start = text.len() - rest.len();
            let taken = match Piece::at(rest, source.code.chars().next_back()) {
                Piece::Comment(length) => length,
                Piece::Quoted { open, length } => {
                    let inside = rest.get(open..length).unwrap_or_default().trim_end_matches('#');
                    let inside = inside.strip_suffix('"').unwrap_or(inside).to_owned();
                    source.literals.push(Literal { start, text: inside });
                    length
                }
                Piece::Character(length) => length,
                Piece::Code => {
                    source.code.push(first);
                    rest = rest.get(first.len_utf8()..).unwrap_or_default();
                    continue;
                }
            };
            let (piece, after) = rest.split_at_checked(taken).unwrap_or((rest, ""));
            source.code.extend(piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
            rest = after;
        }
        source
    }

    /// The attributes of the file, in order.
    pub(super) fn attributes(&self) -> Vec<Attribute> {
        let mut found = Vec::new();
        for (start, _) in self.code.match_indices('#') {
            let after = self.code.get(start + 1..).unwrap_or_default();
            let Some(inside) = after.strip_prefix('!').unwrap_or(after).strip_prefix('[') else { continue };
            let mut depth = 1_usize;
            let end = inside.find(|character| {
                match character {
                    '[' => depth += 1,
                    ']' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            found.push(Attribute {
                start,
                inside: inside.get(..end.unwrap_or(inside.len())).unwrap_or_default().to_owned(),
            });
        }
        found
    }
}

/// The number of the line on which a byte stands, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The words of code: runs of letters, digits and underscores.
pub(super) fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|character: char| !is_of_word(character)).filter(|word| !word.is_empty())
}

/// What begins at a place, and how many bytes of it there are.
enum Piece {
    Comment(usize),
    /// `open` is where the text itself begins, after the opening quote.
    Quoted {
        open: usize,
        length: usize,
    },
    Character(usize),
    Code,
}

impl Piece {
    fn at(rest: &str, before: Option<char>) -> Self {
        if rest.starts_with("//") {
            return Self::Comment(rest.find('\n').unwrap_or(rest.len()));
        }
        if rest.starts_with("/*") {
            return Self::Comment(block_comment(rest));
        }
        if rest.starts_with('"') {
            return Self::Quoted { open: 1, length: quoted(rest) };
        }
        // `br"…"` and `cr"…"`: the letter before belongs to the literal; a longer word does not.
        let hashes = rest.strip_prefix('r').map(|after| after.len() - after.trim_start_matches('#').len());
        if let Some(hashes) = hashes
            && rest.get(1 + hashes..).is_some_and(|after| after.starts_with('"'))
            && before.is_none_or(|character| !is_of_word(character) || matches!(character, 'b' | 'c'))
        {
            let open = 2 + hashes;
            let close = format!("\"{}", "#".repeat(hashes));
            let inside = rest.get(open..).unwrap_or_default();
            let length = inside.find(&close).map_or(rest.len(), |at| open + at + close.len());
            return Self::Quoted { open, length };
        }
        if let Some(after) = rest.strip_prefix('\'') {
            let mut characters = after.chars();
            return match (characters.next(), characters.next()) {
                (Some('\\'), Some(escaped)) => {
                    let from = 2 + escaped.len_utf8();
                    let end = rest
                        .get(from..)
                        .and_then(|tail| tail.find('\''))
                        .map_or(rest.len(), |at| from + at + 1);
                    Self::Character(end)
                }
                (Some(character), Some('\'')) => Self::Character(character.len_utf8() + 2),
                _ => Self::Code,
            };
        }
        Self::Code
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    loop {
        let tail = rest.get(at..).unwrap_or_default();
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else if let Some(character) = tail.chars().next() {
            at += character.len_utf8();
        } else {
            return rest.len();
        }
    }
}

fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    for (at, character) in rest.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn is_of_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

#[test]
fn code_is_told_from_comments_and_literals() {
    let text = concat!(
        "let a = \"un \\\"deux\\\" // trois\"; // quatre \"cinq\"\n",
        "let b = r#\"six \"sept\" huit\"#; /* neuf /* dix */ onze */ let c = '\\''; let d: &'static str = b\"é\";\n",
        "let e = ('\"', '{'); r#type();",
    );
    let source = Source::new(text);
    let literals: Vec<&str> = source.literals.iter().map(|literal| &*literal.text).collect();
    assert_eq!(literals, ["un \\\"deux\\\" // trois", "six \"sept\" huit", "é"]);
    assert_eq!(source.code.len(), text.len());
    assert_eq!(
        words(&source.code).collect::<Vec<_>>().join(" "),
        "let a let b let c let d static str b let e r type"
    );
}

#[test]
fn attributes_are_found_whole() {
    let source = Source::new("#![one]\n#[two(a = \"]\", b[3])] fn f() {}\n// #[three]\n");
    let inside: Vec<String> =
        source.attributes().iter().map(|attribute| attribute.inside.split_whitespace().collect()).collect();
    assert_eq!(inside, ["one", "two(a=,b[3])"]);
}
