//! Licence expressions: `(MIT OR Apache-2.0) AND Unicode-3.0`, read and judged.

/// Whether the expression can be satisfied with licences from the list alone.
///
/// Follows annex D of the SPDX specification 2.3 (`OR` binds less than `AND`, `WITH` names an exception), and reads
/// the slash of old manifests (`MIT/Apache-2.0`) as `OR`, as cargo's documentation says.
///
/// # Errors
/// A description of the first thing that is not an expression.
pub(super) fn satisfied(expression: &str, allowed: &[String]) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = Words { words: spaced.split_whitespace().collect(), at: 0, allowed };
    let answer = words.either()?;
    match words.next() {
        None => Ok(answer),
        Some(word) => Err(format!("“{word}” is not expected in “{expression}”")),
    }
}

struct Words<'a> {
    words: Vec<&'a str>,
    at: usize,
    allowed: &'a [String],
}

impl<'a> Words<'a> {
    fn either(&mut self) -> Result<bool, String> {
        let mut answer = self.both()?;
        while self.take("OR") {
            answer |= self.both()?;
        }
        Ok(answer)
    }

    fn both(&mut self) -> Result<bool, String> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let answer = self.either()?;
            return if self.take(")") { Ok(answer) } else { Err("a parenthesis is never closed".to_owned()) };
        }
        let name = self.name()?;
        if !self.take("WITH") {
            return Ok(self.allows(name));
        }
        let exception = self.name()?;
        // An exception only grants more than the licence alone.
        Ok(self.allows(name) || self.allows(&format!("{name} WITH {exception}")))
    }

    fn name(&mut self) -> Result<&'a str, String> {
        match self.next() {
            Some(word) if !["AND", "OR", "WITH", "(", ")"].contains(&word) => Ok(word),
            Some(word) => Err(format!("a licence is expected before “{word}”")),
            None => Err("a licence is expected at the end".to_owned()),
        }
    }

    fn allows(&self, name: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == name)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }
}

#[test]
fn expressions_are_judged() {
    let allowed =
        ["MIT", "Apache-2.0", "Unicode-3.0", "GPL-3.0-only WITH Classpath-exception-2.0"].map(str::to_owned);
    let check = |expression: &str, expected: Result<bool, ()>| {
        assert_eq!(satisfied(expression, &allowed).map_err(|_| ()), expected, "{expression}");
    };
    check("MIT", Ok(true));
    check("GPL-2.0-only", Ok(false));
    check("GPL-2.0-only OR MIT", Ok(true));
    check("GPL-2.0-only AND MIT", Ok(false));
    check("MIT/Apache-2.0", Ok(true));
    check("(GPL-2.0-only OR MIT) AND Unicode-3.0", Ok(true));
    check("GPL-2.0-only OR MIT AND Unicode-3.0", Ok(true));
    check("MIT OR GPL-2.0-only AND Nothing-1.0", Ok(true));
    check("(MIT OR GPL-2.0-only) AND Nothing-1.0", Ok(false));
    check("Apache-2.0 WITH LLVM-exception", Ok(true));
    check("GPL-3.0-only WITH Classpath-exception-2.0", Ok(true));
    check("GPL-3.0-only", Ok(false));
    check("((MIT))", Ok(true));
    check("", Err(()));
    check("MIT OR", Err(()));
    check("AND MIT", Err(()));
    check("(MIT", Err(()));
    check("MIT)", Err(()));
    check("MIT Apache-2.0", Err(()));
}
