//! The pseudo-language: English with an accent on every letter and about a third longer.

use std::borrow::Cow;

/// Accents each letter, and lengthens the text by doubling vowels and closing it in brackets.
pub(super) fn transform(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_alphabetic) {
        return Cow::Borrowed(text);
    }
    let mut strange = String::with_capacity(text.len() * 3);
    let mut owed = 0.0_f32;
    for c in text.chars() {
        let accented = accented(c);
        strange.push(accented);
        owed += if c.is_alphabetic() { 0.35 } else { 0.0 };
        if owed >= 1.0 || (owed > 0.0 && matches!(c, 'a' | 'e' | 'i' | 'o' | 'u')) {
            strange.push(accented);
            owed -= 1.0;
        }
    }
    Cow::Owned(strange)
}

fn accented(c: char) -> char {
    match c {
        'a' => 'á',
        'b' => 'ƀ',
        'c' => 'ç',
        'd' => 'ð',
        'e' => 'é',
        'f' => 'ƒ',
        'g' => 'ĝ',
        'h' => 'ĥ',
        'i' => 'î',
        'j' => 'ĵ',
        'k' => 'ķ',
        'l' => 'ļ',
        'n' => 'ñ',
        'o' => 'ö',
        'p' => 'þ',
        'r' => 'ŕ',
        's' => 'š',
        't' => 'ţ',
        'u' => 'û',
        'v' => 'ṽ',
        'w' => 'ŵ',
        'y' => 'ý',
        'z' => 'ž',
        'A' => 'Å',
        'B' => 'Ɓ',
        'C' => 'Ç',
        'D' => 'Ð',
        'E' => 'É',
        'G' => 'Ĝ',
        'H' => 'Ĥ',
        'I' => 'Î',
        'J' => 'Ĵ',
        'K' => 'Ķ',
        'L' => 'Ļ',
        'N' => 'Ñ',
        'O' => 'Ö',
        'P' => 'Þ',
        'R' => 'Ŕ',
        'S' => 'Š',
        'T' => 'Ţ',
        'U' => 'Û',
        'W' => 'Ŵ',
        'Y' => 'Ý',
        'Z' => 'Ž',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_about_a_third_longer_and_keeps_numbers() {
        let plain = "Your message will be sent as soon as it does.";
        let strange = transform(plain);
        let ratio = strange.chars().count() as f32 / plain.chars().count() as f32;
        assert!((1.2..1.5).contains(&ratio), "{ratio} {strange}");
        assert_eq!(transform("12:05"), "12:05");
    }
}
