//! Names of evidence as ids, titles and words.

use crate::domain::name::is_id;

/// The words of a name: "mlp.lr0.1.val_loss" has mlp, lr0, 1, val, loss.
pub(super) fn words(name: &str) -> Vec<String> {
    name.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// How many words two names share.
pub(super) fn shared(a: &str, b: &str) -> usize {
    let other = words(b);
    words(a).iter().filter(|word| other.contains(word)).count()
}

/// A name as an id that is none of `taken`: "val_loss" is `val-loss`, and `val-loss-2` if that is there.
pub(super) fn id(name: &str, taken: &[String]) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let joined: String = name.chars().map(plain).collect();
    let joined = joined.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let led = if joined.starts_with(|c: char| c.is_ascii_lowercase()) { joined } else { format!("item-{joined}") };
    let short: String = led.chars().take(50).collect();
    let base = short.trim_end_matches('-').to_owned();
    let numbered = (2..).map(|n| format!("{base}-{n}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| is_id(id) && !taken.contains(id)).unwrap_or(base)
}

/// A name as the beginning of a title: "Val loss".
pub(super) fn title(name: &str) -> String {
    let spaced = name.replace(['.', '_', '-', '/'], " ");
    let mut letters = spaced.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect::<Vec<_>>().into_iter();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A name that metrics and answers can have: letters, digits, dots and underscores.
pub(super) fn plain(name: &str) -> String {
    let sign = |c: char| if c.is_alphanumeric() || c == '.' { c } else { '_' };
    let joined: String = name.chars().map(sign).collect();
    joined.split('_').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("_").trim_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_valid_and_different() {
        let mut taken = Vec::new();
        for (name, expected) in [("mlp.val_loss", "mlp-val-loss"), ("mlp_val.loss", "mlp-val-loss-2"), ("2nd", "item-2nd"), ("Größe", "gr-e"), ("--", "item")]
        {
            let id = id(name, &taken);
            assert_eq!(id, expected, "{name}");
            taken.push(id);
        }
        assert!(is_id(&id(&"x".repeat(80), &taken)));
    }

    #[test]
    fn titles_and_names_are_read_as_words() {
        assert_eq!(title("mlp.val_loss"), "Mlp val loss");
        assert_eq!(plain("test acc (%)"), "test_acc");
        assert_eq!((shared("figures.loss", "net.train_loss"), shared("elbow", "inertia")), (1, 0));
    }
}
