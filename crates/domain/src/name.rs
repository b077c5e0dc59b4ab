//! Names that a person writes, and the nearest known one when it is misspelt.

/// The most names that are looked at: a file may state a million of them.
const LOOKED_AT: usize = 10_000;

/// The one of `known` that `unknown` was probably meant to be.
///
/// ```
/// # use mlgrade_domain::name::nearest;
/// assert_eq!(nearest("tolerence", ["series", "tolerance"]), Some("tolerance"));
/// assert_eq!(nearest("colour", ["series", "tolerance"]), None);
/// ```
pub fn nearest<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // A third of the letters may differ; a name that only adds or drops a prefix is near as well.
    let letters = unknown.chars().count();
    let limit = (letters / 3).clamp(1, 3);
    let unknown = unknown.to_lowercase();
    known
        .into_iter()
        .take(LOOKED_AT)
        // Names whose lengths differ by more are further apart, whatever their letters.
        .filter(|name| name.len() <= 4 * (letters + limit) && name.chars().count().abs_diff(letters) <= limit)
        .map(|name| (strsim::damerau_levenshtein(&unknown, &name.to_lowercase()), name))
        .filter(|&(distance, _)| distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// " (did you mean `x`?)", or nothing.
pub fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(unknown, known).map(|name| format!("did you mean `{name}`?"))
}

/// `a`, `b` and `c`, in backticks.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Whether `word` is one of `words`, which spaces part, in any letter case.
pub fn is_among(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether `id` can be an id in a rubric: lower-case letters, digits and hyphens, a letter first.
pub fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase()) && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && id.len() <= 60
}
