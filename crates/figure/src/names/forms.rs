//! How a legend may write a name that is claimed.

/// Words of which a legend may have the other one.
const OTHER: [(&str, &str); 8] = [
    ("val", "validation"),
    ("train", "training"),
    ("acc", "accuracy"),
    ("test", "testing"),
    ("lr", "learning rate"),
    ("tree", "decision tree"),
    ("forest", "random forest"),
    ("dev", "validation"),
];

/// The forms of a name, its own first: with the other one of a pair of words, with spaces for underscores, in small letters, with a capital or
/// with several.
pub(crate) fn forms(name: &str) -> Vec<String> {
    let mut forms: Vec<String> = vec![name.trim().to_owned()];
    let mut add = |form: String| {
        if !form.is_empty() && !forms.contains(&form) {
            forms.push(form);
        }
    };
    let plain = name.trim().replace('_', " ");
    let lower = plain.to_lowercase();
    let words = |long: bool| {
        let other = |word: &str| {
            let pair = OTHER.iter().find(|(short, other)| if long { *short == word } else { *other == word });
            pair.map_or(word, |(short, other)| if long { other } else { short }).to_owned()
        };
        lower.split(' ').map(other).collect::<Vec<String>>().join(" ")
    };
    add(plain.clone());
    for form in [lower.clone(), words(true), words(false)] {
        add(form.clone());
        add(capital(&form));
        add(form.split(' ').map(capital).collect::<Vec<String>>().join(" "));
    }
    add(lower.replace(' ', "_"));
    forms
}

/// The text with a capital as its first letter.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::forms;

    #[test]
    fn a_name_has_the_forms_in_which_legends_write_it() {
        let of = |name: &str, form: &str| forms(name).iter().any(|other| other == form);
        assert_eq!(forms("val_loss").first().map(String::as_str), Some("val_loss"));
        assert!(of("val_loss", "Validation Loss") && of("val_loss", "Validation loss") && of("Training Loss", "train loss"));
        assert!(!of("train", "val"));
    }
}
