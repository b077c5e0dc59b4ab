//! Units of measurement at the end of a name: `bill_length_mm`, "Bill Length (mm)", "206.5 millimetres".

const UNITS: [(&str, &[&str]); 9] = [
    ("mm", &["mm", "millimeter", "millimeters", "millimetre", "millimetres"]),
    ("cm", &["cm", "centimeter", "centimeters", "centimetre", "centimetres"]),
    ("m", &["m", "meter", "meters", "metre", "metres"]),
    ("km", &["km", "kilometer", "kilometers", "kilometre", "kilometres"]),
    ("mg", &["mg"]),
    ("g", &["g", "gram", "grams", "gr"]),
    ("kg", &["kg", "kilogram", "kilograms", "kilo", "kilos"]),
    ("ms", &["ms", "milliseconds"]),
    ("s", &["s", "sec", "seconds"]),
];

/// The usual sign of the unit that `word`, in lower case, is.
pub fn unit(word: &str) -> Option<&'static str> {
    UNITS.iter().find(|(_, names)| names.contains(&word)).map(|(sign, _)| *sign)
}

/// The words of a name without the unit at its end.
pub fn without_unit<W: AsRef<str> + Clone>(words: &[W]) -> Vec<W> {
    let end = words.last().is_some_and(|word| unit(word.as_ref()).is_some()) && words.len() > 1;
    words[..words.len() - usize::from(end)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_one_only_at_the_end() {
        assert_eq!(without_unit(&["bill", "length", "mm"]), ["bill", "length"]);
        assert_eq!((without_unit(&["mm"]), without_unit(&["g", "force"])), (vec!["mm"], vec!["g", "force"]));
        assert_eq!((unit("millimetres"), unit("mass")), (Some("mm"), None));
    }
}
