//! What is on the sheet, and what is not.

use super::*;
use crate::providers::Providers;

const PASSWORD: &str = "tamogi-verusa-kidone-bufizo";

fn sheet(address: &str, password: Option<&str>, tag: &str) -> Sheet {
    let address = BareJid::new(address).unwrap();
    let all = Providers::bundled();
    let password = password.map(|word| Password::new(word.to_owned()));
    Sheet::new(&address, all.get(address.domain()), password, &I18n::choose(Some(tag), &[]))
}

/// The text of a PDF of ours: what a reader finds in it, without the spaces.
fn words(pdf: &[u8]) -> String {
    let maps = maps(pdf);
    let start = find(pdf, b"4 0 obj", 0).unwrap();
    let start = find(pdf, b"stream\n", start).unwrap() + 7;
    let content = &pdf[start..find(pdf, b"endstream", start).unwrap()];
    let (mut font, mut words, mut at) = (0, String::new(), 0);
    while at < content.len() {
        match content[at] {
            b'/' if content.get(at + 1) == Some(&b'F') => {
                font = usize::from(content[at + 2] - b'0');
                at += 3;
            }
            b'(' => {
                let (text, end) = literal(content, at + 1);
                words.push_str(&told(&maps[font], &text));
                at = end;
            }
            b'<' if content.get(at + 1) != Some(&b'<') => {
                let end = find(content, b">", at).unwrap();
                words.push_str(&told(&maps[font], &hex(&content[at + 1..end])));
                at = end + 1;
            }
            _ => at += 1,
        }
    }
    words.retain(|c| !c.is_whitespace());
    words
}

fn told(map: &[(u16, String)], glyphs: &[u8]) -> String {
    let number = |pair: &[u8]| u16::from_be_bytes([pair[0], pair[1]]);
    let of = |number| map.iter().find(|(glyph, _)| *glyph == number).map_or("", |(_, text)| text);
    glyphs.chunks_exact(2).map(|pair| of(number(pair))).collect()
}

/// A string between brackets, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let (mut text, mut depth) = (Vec::new(), 0);
    loop {
        match content[at] {
            b')' if depth == 0 => return (text, at + 1),
            b'\\' => {
                at += 1;
                match content[at] {
                    b'n' => text.push(b'\n'),
                    b'r' => text.push(b'\r'),
                    b't' => text.push(b'\t'),
                    b'b' => text.push(8),
                    b'f' => text.push(12),
                    b'0'..=b'7' => {
                        let octal = std::str::from_utf8(&content[at..at + 3]).unwrap();
                        text.push(u8::from_str_radix(octal, 8).unwrap());
                        at += 2;
                    }
                    c => text.push(c),
                }
            }
            c => {
                depth += i32::from(c == b'(') - i32::from(c == b')');
                text.push(c);
            }
        }
        at += 1;
    }
}

/// What the letters of each font stand for.
fn maps(pdf: &[u8]) -> Vec<Vec<(u16, String)>> {
    let of = |at: usize| {
        let mut map = Vec::new();
        let Some(start) = find(pdf, format!("\n{} 0 obj", 10 + 5 * at + 4).as_bytes(), 0) else { return map };
        let text = String::from_utf8_lossy(&pdf[start..find(pdf, b"endstream", start).unwrap()]).into_owned();
        for part in text.split("beginbfchar").skip(1) {
            for line in part.split("endbfchar").next().unwrap().lines().filter(|line| line.starts_with('<')) {
                let mut sides = line.trim_matches(['<', '>']).split("> <");
                let glyph = u16::from_str_radix(sides.next().unwrap(), 16).unwrap();
                let bytes = hex(sides.next().unwrap().as_bytes());
                let units: Vec<u16> =
                    bytes.chunks_exact(2).map(|two| u16::from_be_bytes([two[0], two[1]])).collect();
                map.push((glyph, String::from_utf16(&units).unwrap()));
            }
        }
        map
    };
    (0..3).map(of).collect()
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = digits.iter().copied().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks_exact(2).map(byte).collect()
}

fn find(within: &[u8], what: &[u8], from: usize) -> Option<usize> {
    within[from..].windows(what.len()).position(|part| part == what).map(|at| from + at)
}

#[test]
fn the_sheet_says_what_is_needed_in_both_languages() {
    let pdf = sheet("alice@chapril.org", None, "en").pdf().unwrap();
    let text = words(&pdf);
    for part in [
        "Youraccount,onpaper",
        "alice@chapril.org",
        "https://www.chapril.org/cgu",
        "chapril.orgcan’treplaceit",
        "Tosigninelsewhere",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let pdf = sheet("élodie@jabjab.de", None, "fr").pdf().unwrap();
    let text = words(&pdf);
    for part in ["Votrecompte,surpapier", "élodie@jabjab.de", "https://www.jabjab.de/resetpassword?lang=fr"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let unknown = words(&sheet("bob@home.example", None, "en").pdf().unwrap());
    assert!(unknown.contains("Askhome.example.") && !unknown.contains("Termsofuse"), "{unknown}");
    assert!(pdf.starts_with(b"%PDF-1.") && pdf.len() < 200_000, "{}", pdf.len());
}

#[test]
fn the_password_is_on_it_only_where_it_was_given() {
    for tag in ["en", "fr"] {
        let without = sheet("alice@chapril.org", None, tag);
        let with = sheet("alice@chapril.org", Some(PASSWORD), tag);
        let (bare, full) = (without.pdf().unwrap(), with.pdf().unwrap());
        assert!(words(&full).contains(PASSWORD));
        assert!(!words(&bare).contains(PASSWORD) && find(&bare, PASSWORD.as_bytes(), 0).is_none());
        assert!(maps(&bare)[2].is_empty(), "the font that only passwords are set in");
        let (bare, full) = (without.png().unwrap(), with.png().unwrap());
        assert!(find(&full, PASSWORD.as_bytes(), 0).is_none() && bare != full);
        assert!(!format!("{with:?}").contains(PASSWORD));
    }
}

#[test]
fn the_picture_shows_a_code_that_leads_to_the_account() {
    let png = sheet("alice@chapril.org", None, "fr").png().unwrap();
    let picture = image::load_from_memory(&png).unwrap();
    assert_eq!((picture.width(), picture.height()), (1240, 1754));
    assert_eq!(crate::platform::scan::find(&png).as_deref(), Ok("xmpp:alice@chapril.org?roster"));
}

#[test]
fn any_address_has_a_sheet() {
    let long = format!("{}@chapril.org", "a".repeat(1023));
    for address in ["иван@почта.example", "שלום@home.example", "名前@例え.example", &long] {
        let sheet = sheet(address, Some("пароль 密码 🦊"), "fr");
        assert!(sheet.pdf().unwrap().len() > 5000, "{address}");
        assert!(sheet.png().unwrap().len() > 5000, "{address}");
    }
    assert!(words(&sheet("иван@почта.example", None, "en").pdf().unwrap()).contains("иван@почта.example"));
}

#[tokio::test]
async fn only_this_user_can_read_the_file() {
    let folder = tempfile::tempdir().unwrap();
    for (name, form, written, magic) in [
        ("a.pdf", Form::Pdf, "a.pdf", &b"%PDF"[..]),
        ("b.PNG", Form::Png, "b.PNG", b"\x89PNG"),
        ("c", Form::Pdf, "c.pdf", b"%PDF"),
        ("d.pdf", Form::Png, "d.pdf.png", b"\x89PNG"),
    ] {
        let (path, written) = (folder.path().join(name), folder.path().join(written));
        if path == written {
            std::fs::write(&path, "something older").unwrap();
        }
        let saved = save(sheet("alice@chapril.org", Some(PASSWORD), "en"), path.clone(), form).await;
        assert_eq!(saved, Ok(written.clone()), "the form that was chosen counts");
        // Nothing that nobody was asked about is written over.
        if path != written {
            let again = save(sheet("alice@chapril.org", None, "en"), path, form).await;
            assert_eq!(again, Err(Fault::NotSaved));
        }
        let path = written;
        assert!(std::fs::read(&path).unwrap().starts_with(magic), "{name}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4, "nothing is left behind");
    let nowhere = folder.path().join("no such folder").join("a.pdf");
    let saved = save(sheet("alice@chapril.org", None, "en"), nowhere, Form::Pdf).await;
    assert_eq!(saved, Err(Fault::NotSaved));
    assert!(Fault::NotSaved.words(&I18n::choose(Some("fr"), &[])).ends_with('.'));
}

/// `CAUSERIE_SHEETS=folder` leaves the sheets there, to be looked at.
#[test]
fn sheets_to_look_at() {
    let Some(folder) = std::env::var_os("CAUSERIE_SHEETS").map(PathBuf::from) else { return };
    for (name, address, password) in [
        ("plain", "alice@chapril.org", None),
        ("password", "élodie@jabjab.de", Some(PASSWORD)),
        ("scripts", "שלום@почта.example", Some("пароль 密码")),
    ] {
        for tag in ["en", "fr"] {
            let sheet = sheet(address, password, tag);
            std::fs::write(folder.join(format!("{name}-{tag}.pdf")), &*sheet.pdf().unwrap()).unwrap();
            std::fs::write(folder.join(format!("{name}-{tag}.png")), &*sheet.png().unwrap()).unwrap();
        }
    }
}
