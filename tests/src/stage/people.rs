//! Who is on the stage.

/// Alice's.
pub(crate) const ALICES_PASSWORD: &str = "correct horse battery staple";
/// Bob's.
pub(crate) const BOBS_PASSWORD: &str = "bob's own password";

/// A contact of Alice.
pub(crate) struct Person {
    /// The part of the address before the `@`.
    pub(crate) name: &'static str,
    /// What Alice calls them.
    pub(crate) called: &'static str,
    /// `show` and `status`, if they are there.
    pub(crate) presence: Option<(&'static str, &'static str)>,
    /// What they write first: when Alice comes, or before, where they are not there.
    pub(crate) first: &'static [&'static str],
}

/// Alice's contacts. The first one answers.
pub(crate) const PEOPLE: &[Person] = &[
    Person {
        name: "bob",
        called: "Bob Martin",
        presence: Some(("available", "")),
        first: &["Hi Alice! Is this thing on?", "Write me something, I answer at once 🙂"],
    },
    Person {
        name: "chloe",
        called: "Chloé Durand",
        presence: Some(("away", "Back at two")),
        first: &["On se voit demain ?", "Le train arrive à 18 h 42 : https://www.example.org/horaires"],
    },
    Person {
        name: "samir",
        called: "Samir",
        presence: Some(("do_not_disturb", "Writing")),
        first: &["The draft is done. 12 pages!"],
    },
    Person { name: "zoe", called: "Zoé Petit", presence: None, first: &["C'est noté, merci ☕"] },
    Person { name: "nils", called: "Nils Holgersson", presence: None, first: &[] },
    Person { name: "wen", called: "文 Wen", presence: Some(("available", "")), first: &[] },
];

/// What the partner answers, in turn.
pub(crate) const ANSWERS: &[&str] = &[
    "There you are! I got it.",
    "Tell me more.",
    "I'm only a small program, but I'm a good listener.",
    "Try *typing* for a while: on my side I see that you write. Here is a link: https://xmpp.org/",
    "/me nods",
    "Close the window and start again: all of this will still be here.",
    "🎉",
];

/// The password of everybody but Alice and Bob.
pub(crate) fn password(name: &str) -> String {
    if name == "bob" { BOBS_PASSWORD.to_owned() } else { format!("password of {name}") }
}
