//! What a field is called, where its provider gives it no more than the name that the protocol has for it.

use causerie_model::registration::Field;

use crate::i18n::I18n;

/// The name of a field, in words.
pub(super) fn of(field: &Field, i18n: &I18n) -> String {
    let label = field.label.trim();
    if label.is_empty() {
        return i18n.get("wizard-field");
    }
    // A provider's own words count more than ours.
    let known = if label == field.name { known(&field.name) } else { None };
    known.map_or_else(|| label.to_owned(), |key| i18n.get(key))
}

/// Those of XEP-0077 2.4 §14.1.
fn known(name: &str) -> Option<&'static str> {
    Some(match name {
        "nick" => "wizard-field-nick",
        "name" => "wizard-field-name",
        "first" => "wizard-field-first",
        "last" => "wizard-field-last",
        "email" => "wizard-field-email",
        "address" => "wizard-field-address",
        "city" => "wizard-field-city",
        "state" => "wizard-field-state",
        "zip" => "wizard-field-zip",
        "phone" => "wizard-field-phone",
        "url" => "wizard-field-url",
        "date" => "wizard-field-date",
        "misc" => "wizard-field-misc",
        "text" => "wizard-field-text",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use causerie_model::registration::FieldKind;

    use super::*;
    use crate::screen::wizard::stages::field;

    #[test]
    fn what_the_protocol_calls_so_is_said_in_words() {
        for (language, first, zip) in [("en", "First name", "Postal code"), ("fr", "Prénom", "Code postal")]
        {
            let i18n = I18n::choose(Some(language), &[]);
            let named = |name: &str, label: &str| of(&field(name, label, FieldKind::TextSingle), &i18n);
            assert_eq!((named("first", "first").as_str(), named("zip", "zip").as_str()), (first, zip));
            assert_eq!(named("first", "How we shall call you"), "How we shall call you");
            assert_eq!(named("club", "club"), "club", "nobody knows what that is");
            assert_eq!(named("club", " "), i18n.get("wizard-field"));
        }
        let i18n = I18n::choose(Some("en"), &[]);
        let all = "nick name first last email address city state zip phone url date misc text";
        for name in all.split(' ') {
            assert_ne!(of(&field(name, name, FieldKind::TextSingle), &i18n), name);
        }
    }
}
