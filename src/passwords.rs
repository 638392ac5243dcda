//! Passwords that nobody has thought of.
//!
//! Each is made of choices that are all equally likely, from the system's randomness:
//!
//! * [`Form::Readable`]: `tamogi-verusa-kidone-bufizo`, four groups of three syllables. There are 13 × 5 syllables, and one group in
//!   eighty is left out for what it sounds like: 4 × log2(271,177) = 72.2 bits.
//! * [`Form::Characters`]: twenty of 55 letters and digits that can't be taken for each other: 20 × log2 55 = 115.6 bits.
//!
//! The tests count both.

use causerie_model::Password;
use zeroize::{Zeroize, Zeroizing};

/// What a password looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// Syllables that can be spoken and remembered.
    #[default]
    Readable,
    /// Letters and digits.
    Characters,
}

/// No l, which is like 1; no c, q, x, h, w and y, which people spell for others; no j, which is like i.
const CONSONANTS: &[u8; 13] = b"bdfgkmnprstvz";
const VOWELS: &[u8; 5] = b"aeiou";
const SYLLABLES: u32 = 65;
const GROUPS: usize = 4;
const OF_A_GROUP: usize = 3;
/// Without 0, 1, I, O, i, l and o.
const CHARACTERS: &[u8; 55] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH: usize = 20;
/// What is not to be read in a group, in English or French, or among their neighbours.
const RUDE: [&str; 26] = [
    "anus", "bite", "bitu", "dike", "fago", "fuka", "fuki", "fuko", "fuku", "gode", "kaka", "kike", "nazi",
    "nike", "niga", "nige", "pede", "pedo", "penis", "pipi", "pute", "puta", "rape", "semen", "tit", "vagin",
];

/// A new password. None where the system gives no randomness.
pub(crate) fn generate(form: Form) -> Option<Password> {
    generate_from(form, &mut |bytes| getrandom::fill(bytes).is_ok())
}

/// A number below another one, each equally likely. None where the system gives no randomness.
pub(crate) fn chance(below: u32) -> Option<u32> {
    number(below, &mut |bytes| getrandom::fill(bytes).is_ok())
}

/// Fills bytes with chance, or says that it can't.
type Source<'a> = &'a mut dyn FnMut(&mut [u8]) -> bool;

fn generate_from(form: Form, source: Source<'_>) -> Option<Password> {
    let length = match form {
        Form::Readable => GROUPS * (2 * OF_A_GROUP + 1) - 1,
        Form::Characters => LENGTH,
    };
    // Never longer than that, so that no copy stays where it has been.
    let mut text = Zeroizing::new(String::with_capacity(length));
    match form {
        Form::Readable => {
            for place in 0..GROUPS {
                if place > 0 {
                    text.push('-');
                }
                text.push_str(&group(source)?);
            }
        }
        Form::Characters => {
            for _ in 0..LENGTH {
                text.push(pick(CHARACTERS, number(CHARACTERS.len() as u32, source)?)?);
            }
        }
    }
    Some(Password::new(std::mem::take(&mut *text)))
}

/// Three syllables that are not rude together.
fn group(source: Source<'_>) -> Option<Zeroizing<String>> {
    loop {
        let mut group = Zeroizing::new(String::with_capacity(2 * OF_A_GROUP));
        for _ in 0..OF_A_GROUP {
            let syllable = number(SYLLABLES, source)?;
            group.push(pick(CONSONANTS, syllable / VOWELS.len() as u32)?);
            group.push(pick(VOWELS, syllable % VOWELS.len() as u32)?);
        }
        if !is_rude(&group) {
            return Some(group);
        }
    }
}

fn is_rude(group: &str) -> bool {
    RUDE.iter().any(|rude| group.contains(rude))
}

fn pick(of: &[u8], place: u32) -> Option<char> {
    of.get(place as usize).copied().map(char::from)
}

/// A number below another one, each equally likely: what would come up too often is drawn again.
fn number(below: u32, source: Source<'_>) -> Option<u32> {
    let most = u32::MAX - (u32::MAX % below + 1) % below;
    loop {
        let mut bytes = [0; 4];
        if !source(&mut bytes) {
            return None;
        }
        let drawn = u32::from_le_bytes(bytes);
        bytes.zeroize();
        if drawn <= most {
            return Some(drawn % below);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Numbers that follow on each other, as if by chance (xorshift).
    fn numbers() -> impl FnMut(&mut [u8]) -> bool {
        let mut state = 0x2545_F491_u32;
        move |bytes| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            bytes.copy_from_slice(&state.to_le_bytes());
            true
        }
    }

    #[test]
    fn both_forms_have_the_bits_that_are_promised() {
        let syllable = |at: usize| [CONSONANTS[at / 5], VOWELS[at % 5]].map(char::from);
        let mut good = 0_u32;
        for at in 0..65 * 65 * 65 {
            let group: String =
                [at / 65 / 65, at / 65 % 65, at % 65].into_iter().flat_map(syllable).collect();
            good += u32::from(!is_rude(&group));
        }
        let readable = f64::from(good).log2() * GROUPS as f64;
        assert!((72.0..72.3).contains(&readable), "{readable} bits, {good} groups");
        let characters = (CHARACTERS.len() as f64).log2() * LENGTH as f64;
        assert!((115.5..115.7).contains(&characters), "{characters} bits");
        let different: BTreeSet<_> = CHARACTERS.iter().collect();
        assert_eq!(different.len(), CHARACTERS.len());
        assert!(!CHARACTERS.iter().any(|c| b"01IOilo".contains(c)));
        assert_eq!(SYLLABLES as usize, CONSONANTS.len() * VOWELS.len());
    }

    #[test]
    fn passwords_look_as_they_should() {
        let mut numbers = numbers();
        for _ in 0..200 {
            let readable = generate_from(Form::Readable, &mut numbers).unwrap();
            let groups: Vec<&str> = readable.reveal().split('-').collect();
            assert_eq!(groups.len(), GROUPS);
            for group in groups {
                let letters: Vec<u8> = group.bytes().collect();
                assert!(letters.len() == 6 && !is_rude(group), "{group}");
                assert!(letters.iter().step_by(2).all(|c| CONSONANTS.contains(c)), "{group}");
                assert!(letters.iter().skip(1).step_by(2).all(|c| VOWELS.contains(c)), "{group}");
            }
            let characters = generate_from(Form::Characters, &mut numbers).unwrap();
            assert_eq!(characters.reveal().len(), LENGTH);
            assert!(characters.reveal().bytes().all(|c| CHARACTERS.contains(&c)));
        }
    }

    #[test]
    fn every_choice_is_equally_likely() {
        // The highest draws that come up once more than others are left out, whatever the number of choices.
        for below in [1_u32, 2, 3, 55, 65, 900, 1 << 31, u32::MAX] {
            let whole = (1_u64 << 32) / u64::from(below) * u64::from(below);
            let taken = |drawn: u32| {
                let mut draws = [drawn, 7].into_iter();
                let mut source = |bytes: &mut [u8]| {
                    draws.next().map(|drawn| bytes.copy_from_slice(&drawn.to_le_bytes())).is_some()
                };
                number(below, &mut source)
            };
            let last = u32::try_from(whole - 1).unwrap();
            assert_eq!(taken(last), Some(below - 1), "{below}");
            assert_eq!(taken(0), Some(0));
            if last < u32::MAX {
                assert_eq!(taken(last + 1), Some(7 % below), "{below}: drawn again");
                assert_eq!(taken(u32::MAX), Some(7 % below), "{below}: drawn again");
            }
        }
        let mut numbers = numbers();
        let mut seen = [0_u32; 65];
        for _ in 0..65_000 {
            seen[number(65, &mut numbers).unwrap() as usize] += 1;
        }
        // A thousand each, give or take what chance gives and takes: the draws are the same each time.
        assert!(seen.iter().all(|count| (850..1150).contains(count)), "{seen:?}");
    }

    #[test]
    fn rude_groups_are_drawn_again_and_no_chance_is_no_password() {
        // p-u t-e and something, then another group.
        let of = |consonant: u8, vowel: u8| {
            let place = |list: &[u8], c| list.iter().position(|one| *one == c).unwrap() as u32;
            place(CONSONANTS, consonant) * 5 + place(VOWELS, vowel)
        };
        let mut draws = [of(b'p', b'u'), of(b't', b'e'), 0, 1, 2, 3].into_iter();
        let mut source = |bytes: &mut [u8]| {
            draws.next().map(|drawn| bytes.copy_from_slice(&drawn.to_le_bytes())).is_some()
        };
        assert_eq!(group(&mut source).as_deref().map(String::as_str), Some("bebibo"));
        assert_eq!(generate_from(Form::Readable, &mut |_| false), None);
        assert_ne!(generate(Form::Readable), generate(Form::Readable));
        assert!(chance(1) == Some(0) && chance(10).unwrap() < 10);
    }
}
