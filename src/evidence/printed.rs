//! Values as people print them: a number in a sentence, a Python dictionary, a history of training, a table of pandas.

mod history;
mod literal;
pub(crate) mod number;
pub(crate) mod pattern;
mod tables;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::domain::limits;
use crate::domain::number::Finite;

use super::statements::{Node, flatten, leaf};
use super::value::Value;
use literal::Fault;

/// Named values in the order in which they were printed; a name may come more than once.
pub(crate) type Named = Vec<(String, Value)>;

const SHORTENED: &str = "it was shortened with `...` when it was printed; print all of it, such as with `print(x.tolist())`";

/// The named values that an output holds: dictionaries, lines such as `best_depth = 8`, a history of Keras, a classification report of
/// scikit-learn, a table of pandas. An error says why it holds none.
fn table(text: &str) -> Result<Named, String> {
    // Spaces before the first line belong to a table's columns.
    let text = text.trim_end();
    let (mut named, rest) = dictionaries(text)?;
    if named.is_empty() {
        named = history::read(text)?;
    }
    if named.is_empty() {
        named = tables::read(text)?;
    }
    if named.is_empty() || rest.len() < text.len() {
        add_lines(&rest, &mut named)?;
    }
    match named.len() {
        0 => Err("no names with values were found in it; print a dictionary, such as with `print(json.dumps(metrics))`".to_owned()),
        found if found > limits::PRINTED_NAMES => Err(format!("it holds more than the {} names that are read", limits::PRINTED_NAMES)),
        _ => Ok(named),
    }
}

/// An output, of which several marks ask; it is taken apart once.
pub(crate) struct Reading<'t> {
    text: &'t str,
    stated: OnceCell<Result<Named, String>>,
    table: OnceCell<Result<Named, String>>,
}

impl<'t> Reading<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        Self { text, stated: OnceCell::new(), table: OnceCell::new() }
    }

    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The named values that it is.
    pub(crate) fn table(&self) -> Result<&Named, String> {
        self.table.get_or_init(|| table(self.text)).as_ref().map_err(Clone::clone)
    }

    /// The values that it states under `name` itself, as in `name = 0.02` or in a dictionary. The last part of the name will do.
    pub(crate) fn under(&self, name: &str) -> Result<Vec<&Value>, String> {
        let read = || {
            let (mut named, rest) = dictionaries(self.text)?;
            add_lines(&rest, &mut named)?;
            Ok(named)
        };
        let named = self.stated.get_or_init(read).as_ref().map_err(Clone::clone)?;
        let last = name.rsplit(['.', '/']).next().unwrap_or(name);
        let of = |wanted: &str| named.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value).collect::<Vec<_>>();
        let whole = of(name);
        Ok(if whole.is_empty() { of(last) } else { whole })
    }
}

/// The one value that an output is: a Python or JSON value, else its text.
pub(crate) fn value(text: &str) -> Result<Value, String> {
    match literal::whole(text) {
        Ok(Node::Leaf(value)) => Ok(value),
        Ok(Node::Table(_)) => Err("it is a dictionary, expected one value".to_owned()),
        Err(Fault::Shortened) => Err(SHORTENED.to_owned()),
        Err(Fault::Other) => Ok(Value::Text(text.trim().to_owned())),
    }
}

/// The numbers that `text` lists, with nothing else between them than spaces, commas or semicolons.
pub(crate) fn series(text: &str) -> Result<Vec<Finite>, String> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']')).filter(|word| !word.is_empty());
    let numbers: Result<Vec<Finite>, String> = words.take(limits::SERIES_LENGTH + 1).map(|word| word.parse().map_err(|_| word.to_owned())).collect();
    match numbers {
        Err(word) if word == "..." => Err(SHORTENED.to_owned()),
        Err(word) => Err(format!("it holds `{}` where numbers belong", word.chars().take(20).collect::<String>())),
        Ok(numbers) if numbers.is_empty() => Err("it holds no numbers".to_owned()),
        Ok(numbers) => Ok(numbers),
    }
}

/// Classes as one line of digits, a list, or numbers with spaces between, a line each.
pub(crate) fn classes(text: &str) -> Result<String, String> {
    let bare = text.trim().trim_matches(['\'', '"']);
    if !bare.is_empty() && bare.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(bare.chars().flat_map(|c| [c, '\n']).collect());
    }
    let text = match value(text)? {
        Value::List(items) => return Ok(items.iter().map(|item| item.describe() + "\n").collect()),
        Value::Text(text) => text,
        other => return Err(format!("it holds {}, expected classes", other.describe())),
    };
    let mut out = String::with_capacity(2 * text.len());
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '[' | ']')).filter(|word| !word.is_empty()).collect();
    let digits = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    for word in &words {
        if digits(word) && word.len() > 9 {
            word.chars().for_each(|c| out.extend([c, '\n']));
        } else {
            out.extend([word, "\n"]);
        }
    }
    Ok(out)
}

/// All dictionaries that begin a line, one after the other, and the rest of the text.
fn dictionaries(text: &str) -> Result<(Named, String), String> {
    let (mut named, mut others) = (Named::new(), String::new());
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let begins = rest.trim_start_matches([' ', '\t']);
        let line = rest.find('\n').map_or(rest.len(), |end| end + 1);
        if begins.starts_with(['{', 'O', 'd', 'C']) {
            match literal::prefix(begins) {
                Ok((Node::Table(entries), taken)) => {
                    flat(entries, &mut named)?;
                    at += rest.len() - begins.len() + taken;
                    continue;
                }
                Err(Fault::Shortened) => return Err(SHORTENED.to_owned()),
                _ => {}
            }
        }
        others.push_str(&rest[..line]);
        at += line;
    }
    Ok((named, others))
}

/// Adds what lines state under names that no dictionary has.
fn add_lines(text: &str, to: &mut Named) -> Result<(), String> {
    let known: BTreeSet<String> = to.iter().map(|(name, _)| name.clone()).collect();
    to.extend(lines(text)?.into_iter().filter(|(name, _)| !known.contains(name)));
    Ok(())
}

/// `entries` by dotted name.
fn flat(entries: Vec<(String, Node)>, into: &mut Named) -> Result<(), String> {
    for (name, node) in entries {
        match node {
            Node::Leaf(value) => into.push((name, value)),
            table @ Node::Table(_) => {
                let mut inner = super::statements::Statements::new();
                flatten(name, table, 1, &mut inner)?;
                into.extend(inner);
            }
        }
    }
    Ok(())
}

/// Lines such as `best_depth = 8` and `val error: 0.02`; the value may go on over several lines.
fn lines(text: &str) -> Result<Named, String> {
    let mut named = Named::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = &rest[..length];
        at += length;
        let Some(split) = line.find(['=', ':']).filter(|&split| is_name(line[..split].trim())) else { continue };
        let behind = &rest[split + 1..];
        let value = match literal::prefix(behind) {
            Ok((node, taken)) if behind[taken..].lines().next().is_none_or(|end| end.trim().is_empty()) => {
                at = at.max(at - length + split + 1 + taken);
                leaf(node)
            }
            Err(Fault::Shortened) => return Err(SHORTENED.to_owned()),
            _ => Value::Text(line[split + 1..].trim().to_owned()),
        };
        let name = line[..split].trim().trim_matches(['`', '"', '\'']);
        let spelt = name.replace(' ', "_");
        if spelt != name {
            named.push((spelt, value.clone()));
        }
        named.push((name.to_owned(), value));
        if named.len() > limits::PRINTED_NAMES {
            break;
        }
    }
    Ok(named)
}

fn is_name(text: &str) -> bool {
    let inner = text.trim_matches(['`', '"', '\'']);
    inner.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && inner.len() <= 120
        && inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | ' '))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn named(text: &str) -> Vec<(String, String)> {
        table(text).unwrap_or_else(|fault| panic!("{text}: {fault}")).into_iter().map(|(name, value)| (name, value.describe())).collect()
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn a_dictionary_is_a_table_of_names_however_it_was_printed() {
        let expected = pairs(&[("improved.val_error", "0.0198"), ("tree.val_rmse", "a list of 2"), ("best", "the text `forest`")]);
        for text in [
            r#"{"improved.val_error": 0.0198, "tree.val_rmse": [4.2, 3.6], "best": "forest"}"#,
            "{'improved.val_error': np.float64(0.0198), 'tree.val_rmse': array([4.2, 3.6]), 'best': 'forest'}",
            "training...\n{'improved': {'val_error': 0.0198}, 'tree': {'val_rmse': [4.2, 3.6]}, 'best': 'forest'}\ndone in 3 s",
            "{\n  \"improved.val_error\": 0.0198,\n  \"tree.val_rmse\": [\n    4.2,\n    3.6\n  ],\n  \"best\": \"forest\"\n}",
            "improved.val_error = 0.0198\ntree.val_rmse: [4.2 3.6]\nbest = forest",
            "improved.val_error = np.float64(0.0198)\ntree.val_rmse = array([4.2,\n       3.6])\nbest: 'forest'",
            "{'improved.val_error': 0.0198}\n{'tree.val_rmse': (4.2, 3.6), 'best': 'forest'}",
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_table_says_so() {
        let fault = |text: &str| table(text).map(|_| ()).unwrap_err();
        assert!(fault("0.0198").contains("no names with values were found"));
        assert!(fault("{'a': array([1, 2, ..., 9])}").contains("shortened with `...`"));
        assert!(fault("a = [1 2 ... 9]").contains("tolist()"));
    }

    #[test]
    fn a_name_is_found_whole_or_by_its_last_part() {
        let of = |text: &str| Reading::of(text).under("improved.val_error").unwrap().into_iter().map(Value::describe).collect::<Vec<_>>();
        assert_eq!(of("val_error = 0.5\nimproved.val_error = 0.02"), ["0.02"]);
        assert_eq!(of("val error: 2.1%"), ["the text `2.1%`"]);
        assert_eq!(of("val_error = 0.5\nval_error = 0.02"), ["0.5", "0.02"]);
        assert_eq!(of("error = 0.5"), [""; 0]);
    }

    #[test]
    fn classes_are_digits_in_a_row_or_a_list() {
        for text in ["7210", "'7210'", "[7, 2, 1, 0]", "[7 2\n 1 0]", "7 2 1 0", "7,2,1,0", "7\n2\n1\n0", "array([7, 2, 1, 0])", "tensor([7, 2, 1, 0])"] {
            assert_eq!(classes(text), Ok("7\n2\n1\n0\n".to_owned()), "{text}");
        }
        assert_eq!(classes("10 11"), Ok("10\n11\n".to_owned()));
        assert_eq!(classes("0123456789\n0123456789").map(|lines| lines.lines().count()), Ok(20));
        assert!(classes("[7 2 1 ... 4 5 6]").unwrap_err().contains("shortened"));
        assert!(classes("True").is_err());
    }

    #[test]
    fn a_series_has_nothing_but_numbers() {
        assert_eq!(series("0.5\n0.25").map(|all| all.len()), Ok(2));
        assert_eq!(series("0.5 and 0.25"), Err("it holds `and` where numbers belong".to_owned()));
        assert_eq!(series(" "), Err("it holds no numbers".to_owned()));
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(text in "[{}\\[\\]a-e=:'\"0-9.,/% \n-]{0,80}|\\PC{0,60}") {
            let _ = (table(&text), Reading::of(&text).under("a.b").is_ok(), value(&text), series(&text), classes(&text));
        }
    }
}
