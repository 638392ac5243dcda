//! What a server has seen of what its clients sent: the texts in clear, and the content of what is encrypted.

/// What stands beside an encrypted text, for programs that can't read it: ours, and the partner's.
pub const FALLBACKS: &[&str] = &["[OMEMO]", "This is encrypted with OMEMO."];

/// The texts of all messages, but for those that stand beside something encrypted.
pub fn texts(seen: &str) -> Vec<String> {
    let texts = inside(seen, "body").into_iter().map(unescaped);
    texts.filter(|text| !FALLBACKS.contains(&text.as_str())).collect()
}

/// What is in each element of that name that has an end.
pub fn inside<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    xml.match_indices(&end)
        .filter_map(move |(at, _)| {
            let before = xml.get(..at)?;
            let element = before.get(before.rfind(&start)?..)?;
            Some(element.split_once('>')?.1)
        })
        .collect()
}

/// A text as it was before it was put into XML.
fn unescaped(xml: &str) -> String {
    let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    names.iter().fold(xml.to_owned(), |text, (name, letter)| text.replace(name, letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_found() {
        let xml = "<body/><message><body>a</body><x><payload xmlns='b'>YQ==</payload></x></message><body a='b'>c</body>";
        assert_eq!(inside(xml, "body"), ["a", "c"]);
        assert_eq!(inside(xml, "payload"), ["YQ=="]);
        assert_eq!(inside("c</body><body>d</body>", "body"), ["d"], "what began before the server died");
        assert_eq!(unescaped("&amp;lt; &lt;b&gt;"), "&lt; <b>");
    }

    #[test]
    fn texts_that_say_that_something_is_encrypted_are_none() {
        assert_eq!(texts("<body>[OMEMO]</body><body>a &amp; b</body>"), ["a & b"]);
    }
}
