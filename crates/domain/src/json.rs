//! JSON as Python writes it.
//!
//! `json.dump` writes `NaN` and `Infinity`, which are no JSON, and numbers may overflow. One such value must not make the whole
//! file unreadable: outside of strings, these words become strings, which nothing downstream takes for numbers.

use std::borrow::Cow;

/// `text` with the words that JSON does not have, and numbers too large for a float, put in quotes.
pub fn quote_non_numbers(text: &str) -> Cow<'_, str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_');
    let mut out = String::new();
    let (mut done, mut rest) = (0, text.char_indices().peekable());
    while let Some((start, c)) = rest.next() {
        if c == '"' {
            while let Some((_, c)) = rest.next() {
                match c {
                    '\\' => drop(rest.next()),
                    '"' => break,
                    _ => {}
                }
            }
        } else if is_word(c) {
            while rest.next_if(|&(_, c)| is_word(c)).is_some() {}
            let end = rest.peek().map_or(text.len(), |&(at, _)| at);
            let word = &text[start..end];
            if !matches!(word, "true" | "false" | "null") && word.parse::<f64>().is_ok_and(|number| !number.is_finite()) {
                out.push_str(&text[done..start]);
                out.extend(["\"", word, "\""]);
                done = end;
            }
        }
    }
    if done == 0 { Cow::Borrowed(text) } else { Cow::Owned(out + &text[done..]) }
}

#[cfg(test)]
mod tests {
    use super::quote_non_numbers;
    use proptest::prelude::*;

    #[test]
    fn only_words_outside_of_strings_are_quoted() {
        assert_eq!(quote_non_numbers(r#"{"a NaN": [NaN, -Infinity, 1e999, 2.5, true]}"#), r#"{"a NaN": ["NaN", "-Infinity", "1e999", 2.5, true]}"#);
        assert_eq!(quote_non_numbers(r#"{"say \"NaN\"": "Infinity"}"#), r#"{"say \"NaN\"": "Infinity"}"#);
    }

    proptest! {
        #[test]
        fn valid_json_is_left_alone(text in "[a-z \\\\\"{}\\[\\]0-9.,:-]{0,60}") {
            if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                prop_assert_eq!(quote_non_numbers(&text), text.as_str());
            }
        }

        #[test]
        fn any_text_goes(text in "\\PC{0,80}") {
            let _ = quote_non_numbers(&text).len();
        }
    }
}
