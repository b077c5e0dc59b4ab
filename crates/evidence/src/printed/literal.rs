//! A Python or JSON value as `print` and the last line of a cell show it: `{'a': [0.1, np.float64(0.2)]}`, `tensor(0.02)`, `[0.1 0.2]`.

use mlgrade_domain::limits;

use mlgrade_domain::value::Value;
use mlgrade_logs::Node;

/// Why a text is no such value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is something else.
    Other,
    /// It was shortened with `...` when it was printed.
    Shortened,
}

type Read<T> = Result<T, Fault>;

/// Functions that a value is wrapped in when it is shown: what counts is what they hold.
const WRAPPERS: [&str; 14] =
    ["array", "Array", "asarray", "tensor", "Tensor", "Variable", "Parameter", "list", "tuple", "set", "frozenset", "dict", "deque", "Counter"];

/// The whole of `text` as a value.
pub(super) fn whole(text: &str) -> Read<Node> {
    let (node, length) = prefix(text)?;
    if text[length..].trim().is_empty() { Ok(node) } else { Err(Fault::Other) }
}

/// The value that `text` begins with, and how many bytes it takes.
pub(super) fn prefix(text: &str) -> Read<(Node, usize)> {
    let mut parser = Parser { text, at: 0 };
    let node = parser.value(0)?;
    Ok((node, parser.at))
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn peek(&mut self) -> Option<char> {
        self.skip_spaces();
        self.rest().chars().next()
    }

    fn take(&mut self, wanted: &str) -> bool {
        self.skip_spaces();
        let there = self.rest().starts_with(wanted);
        self.at += if there { wanted.len() } else { 0 };
        there
    }

    fn value(&mut self, depth: usize) -> Read<Node> {
        if depth > limits::NESTING {
            return Err(Fault::Other);
        }
        match self.peek().ok_or(Fault::Other)? {
            '{' => self.braces(depth),
            '[' => Ok(Node::Leaf(Value::List(self.items('[', ']', depth)?.0))),
            '(' => match self.items('(', ')', depth)? {
                (mut one, false) if one.len() == 1 => one.pop().map(Node::Leaf).ok_or(Fault::Other),
                (items, _) => Ok(Node::Leaf(Value::List(items))),
            },
            '\'' | '"' => self.string().map(|text| Node::Leaf(Value::Text(text))),
            '<' => self.shown_object(depth),
            '.' | '…' if self.rest().starts_with("...") || self.rest().starts_with('…') => Err(Fault::Shortened),
            c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number(),
            c if c.is_alphabetic() || c == '_' => self.word(depth),
            _ => Err(Fault::Other),
        }
    }

    /// The items between two brackets, with commas or, as numpy prints them, spaces between; and whether there was a comma.
    fn items(&mut self, open: char, close: char, depth: usize) -> Read<(Vec<Value>, bool)> {
        self.at += open.len_utf8();
        let (mut items, mut commas) = (Vec::new(), false);
        loop {
            match self.peek().ok_or(Fault::Other)? {
                c if c == close => {
                    self.at += c.len_utf8();
                    return Ok((items, commas));
                }
                ',' if !items.is_empty() => {
                    self.at += 1;
                    commas = true;
                }
                _ => {
                    items.push(self.value(depth + 1)?.into_value());
                    let next = self.peek();
                    if commas && next != Some(',') && next != Some(close) {
                        return Err(Fault::Other);
                    }
                }
            }
        }
    }

    /// A dictionary or a set.
    fn braces(&mut self, depth: usize) -> Read<Node> {
        self.at += 1;
        let (mut entries, mut items) = (Vec::new(), Vec::new());
        loop {
            if self.take("}") {
                return Ok(if items.is_empty() { Node::Table(entries) } else { Node::Leaf(Value::List(items)) });
            }
            let key = self.value(depth + 1)?.into_value();
            if self.take(":") {
                let name = name_of(&key).ok_or(Fault::Other)?;
                entries.push((name, self.value(depth + 1)?));
            } else {
                items.push(key);
            }
            let mixed = !items.is_empty() && !entries.is_empty();
            if mixed || !self.take(",") && self.peek() != Some('}') {
                return Err(Fault::Other);
            }
        }
    }

    fn string(&mut self) -> Read<String> {
        let mut chars = self.rest().char_indices();
        let quote = chars.next().map(|(_, c)| c).ok_or(Fault::Other)?;
        let mut text = String::new();
        let mut units: Vec<u16> = Vec::new();
        while let Some((at, c)) = chars.next() {
            if c != '\\' && !units.is_empty() {
                text.push_str(&String::from_utf16_lossy(&std::mem::take(&mut units)));
            }
            match c {
                c if c == quote => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => {
                    let c = chars.next().ok_or(Fault::Other)?.1;
                    let digits = match c {
                        'x' => 2,
                        'u' => 4,
                        'U' => 8,
                        _ => 0,
                    };
                    if digits == 0 {
                        text.push_str(&String::from_utf16_lossy(&std::mem::take(&mut units)));
                        text.push(unescaped(c));
                        continue;
                    }
                    let code: String = (0..digits).map_while(|_| chars.next().map(|(_, c)| c)).collect();
                    let code = u32::from_str_radix(&code, 16).map_err(|_| Fault::Other)?;
                    match u16::try_from(code) {
                        // JSON writes what is beyond 16 bits as two halves.
                        Ok(unit) => units.push(unit),
                        Err(_) => text.push(char::from_u32(code).ok_or(Fault::Other)?),
                    }
                }
                c => text.push(c),
            }
        }
        Err(Fault::Other)
    }

    fn number(&mut self) -> Read<Node> {
        let rest = self.rest();
        let signed = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        if signed.starts_with(|c: char| c.is_alphabetic()) {
            let length = signed.find(|c: char| !c.is_alphanumeric()).unwrap_or(signed.len());
            let word = &rest[..rest.len() - signed.len() + length];
            self.at += word.len();
            return non_number(word).map(Node::Leaf).ok_or(Fault::Other);
        }
        let mut length = rest.len() - signed.len();
        let mut before = ' ';
        for c in signed.chars() {
            let sign_of_exponent = matches!(c, '-' | '+') && matches!(before, 'e' | 'E');
            if !(c.is_ascii_digit() || matches!(c, '.' | '_' | 'e' | 'E') || sign_of_exponent) {
                break;
            }
            length += c.len_utf8();
            before = c;
        }
        let written = &rest[..length];
        if rest[length..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '_' | '/')) {
            return Err(Fault::Other);
        }
        self.at += length;
        let number: f64 = written.replace('_', "").parse().map_err(|_| if written.contains("..") { Fault::Shortened } else { Fault::Other })?;
        Ok(Node::Leaf(Value::number(number)))
    }

    fn word(&mut self, depth: usize) -> Read<Node> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
        let word = &rest[..length];
        let (next, prefix) = (rest[length..].chars().next(), ["u", "b", "r"].contains(&word));
        self.at += length;
        match word {
            _ if prefix && matches!(next, Some('\'' | '"')) => return self.string().map(|text| Node::Leaf(Value::Text(text))),
            "True" | "true" => return Ok(Node::Leaf(Value::Flag(true))),
            "False" | "false" => return Ok(Node::Leaf(Value::Flag(false))),
            "None" | "null" => return Ok(Node::Leaf(Value::Unusable(word.to_owned()))),
            _ => {}
        }
        if next != Some('(') {
            return non_number(word).map(Node::Leaf).ok_or(Fault::Other);
        }
        let function = word.rsplit('.').next().unwrap_or(word);
        self.at += 1;
        match function {
            "OrderedDict" => self.ordered(depth),
            "defaultdict" => {
                self.value(depth + 1)?;
                if self.take(",") { self.argument(depth) } else { Err(Fault::Other) }
            }
            _ if WRAPPERS.contains(&function) || ["int", "uint", "float", "bool", "str"].iter().any(|kind| is_numpy(function, kind)) => self.argument(depth),
            _ => Err(Fault::Other),
        }
    }

    /// The next argument of a call, past what follows it, such as `dtype=float32`.
    fn argument(&mut self, depth: usize) -> Read<Node> {
        let value = self.value(depth + 1)?;
        loop {
            if self.take(")") {
                return Ok(value);
            }
            if !self.take(",") {
                return Err(Fault::Other);
            }
            self.skip_argument()?;
        }
    }

    /// Goes to the comma or bracket that ends an argument.
    fn skip_argument(&mut self) -> Read<()> {
        let mut open = 0_usize;
        for (at, c) in self.rest().char_indices().take(300) {
            match c {
                '(' | '[' | '<' => open += 1,
                ',' | ')' if open == 0 => {
                    self.at += at;
                    return Ok(());
                }
                ')' | ']' | '>' => open = open.saturating_sub(1),
                _ => {}
            }
        }
        Err(Fault::Other)
    }

    /// `OrderedDict([('a', 1), ('b', 2)])` or `OrderedDict({'a': 1})`.
    fn ordered(&mut self, depth: usize) -> Read<Node> {
        let entries = match self.argument(depth)? {
            Node::Table(entries) => return Ok(Node::Table(entries)),
            Node::Leaf(Value::List(pairs)) => pairs,
            Node::Leaf(_) | Node::List(_) => return Err(Fault::Other),
        };
        let entry = |pair| match pair {
            Value::List(mut pair) if pair.len() == 2 => {
                let value = pair.pop()?;
                Some((name_of(pair.first()?)?, Node::Leaf(value)))
            }
            _ => None,
        };
        entries.into_iter().map(entry).collect::<Option<_>>().map(Node::Table).ok_or(Fault::Other)
    }

    /// `<tf.Tensor: shape=(), dtype=float32, numpy=0.02>` holds its number; `<class 'list'>` holds nothing.
    fn shown_object(&mut self, depth: usize) -> Read<Node> {
        let rest = self.rest();
        let end = rest.bytes().take(300).position(|byte| byte == b'>').ok_or(Fault::Other)?;
        let Some(at) = rest[..end].find("numpy=") else {
            self.at += end + 1;
            return Ok(Node::Leaf(Value::Unusable("an object".to_owned())));
        };
        self.at += at + "numpy=".len();
        let value = self.value(depth + 1)?;
        if self.take(">") { Ok(value) } else { Err(Fault::Other) }
    }
}

fn unescaped(c: char) -> char {
    match c {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        c => c,
    }
}

/// `float64` and its like.
fn is_numpy(function: &str, kind: &str) -> bool {
    function.strip_prefix(kind).is_some_and(|bits| bits.chars().all(|c| c.is_ascii_digit() || c == '_'))
}

fn non_number(word: &str) -> Option<Value> {
    let known = ["nan", "inf", "infinity"].contains(&word.trim_start_matches(['-', '+']).to_lowercase().as_str());
    known.then(|| word.parse::<f64>().map_or_else(|_| Value::Unusable(word.to_owned()), Value::number))
}

fn name_of(key: &Value) -> Option<String> {
    match key {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.get().to_string()),
        Value::Flag(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numbers(values: &[f64]) -> Node {
        Node::Leaf(Value::series(values.iter().copied()))
    }

    fn number(value: f64) -> Node {
        Node::Leaf(Value::number(value))
    }

    #[test]
    fn values_are_read_as_python_shows_them() {
        // The outputs of numpy 1.26 and 2.4, PyTorch 2, TensorFlow 2 and JAX.
        for (text, expected) in [
            ("0.0213", number(0.0213)),
            ("np.float64(0.0213)", number(0.0213)),
            ("np.int64(8)", number(8.0)),
            ("tensor(0.0213)", number(0.0213)),
            ("tensor(0.0213, device='cuda:0', grad_fn=<NllLossBackward0>)", number(0.0213)),
            ("tensor([0.1000, 0.2000])", numbers(&[0.1, 0.2])),
            ("<tf.Tensor: shape=(), dtype=float32, numpy=0.0213>", number(0.0213)),
            ("Array(0.5, dtype=float32, weak_type=True)", number(0.5)),
            ("array([0.1, 0.2,\n       0.3])", numbers(&[0.1, 0.2, 0.3])),
            ("array([0.1, 0.2], dtype=float32)", numbers(&[0.1, 0.2])),
            ("[0.1 0.2\n 0.3]", numbers(&[0.1, 0.2, 0.3])),
            ("[1. 2. 4.]", numbers(&[1.0, 2.0, 4.0])),
            ("[1, 2, 4]", numbers(&[1.0, 2.0, 4.0])),
            ("(1, 2,)", numbers(&[1.0, 2.0])),
            ("[np.float64(0.5), np.float32(-1e-3)]", numbers(&[0.5, -0.001])),
            ("(0.5)", number(0.5)),
            ("'forest'", Node::Leaf(Value::text("forest"))),
            ("\"it's\"", Node::Leaf(Value::text("it's"))),
            ("'a\\n\\xe9\\u20ac\\ud83d\\ude00'", Node::Leaf(Value::text("a\né€😀"))),
            ("np.str_('forest')", Node::Leaf(Value::text("forest"))),
            ("True", Node::Leaf(Value::Flag(true))),
            ("nan", Node::Leaf(Value::Unusable("NaN".to_owned()))),
            ("[1.0, -inf]", Node::Leaf(Value::List(vec![Value::number(1.0), Value::Unusable("infinite".to_owned())]))),
            ("{1, 2}", numbers(&[1.0, 2.0])),
        ] {
            assert_eq!(whole(text), Ok(expected), "{text}");
        }
        let table = |text: &str| match whole(text) {
            Ok(Node::Table(entries)) => entries.into_iter().map(|(name, _)| name).collect::<Vec<_>>(),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(table("{'a.b': [1, 2], \"c\": {'d': null}}"), ["a.b", "c"]);
        assert_eq!(table("OrderedDict([('a', 1), ('b', tensor(2.))])"), ["a", "b"]);
        assert_eq!(table("OrderedDict({'a': 1})"), ["a"]);
        assert_eq!(table("defaultdict(<class 'list'>, {'a': [1]})"), ["a"]);
        assert_eq!(table("{2: 4.28, 4.5: 3.67}"), ["2", "4.5"]);
    }

    #[test]
    fn shortened_values_are_told_from_other_texts() {
        for text in ["array([0.1, 0.2, ..., 0.9])", "[0.1 0.2 ... 0.9]", "tensor([1., 2.,  ..., 3.])", "[1, 2, …, 3]"] {
            assert_eq!(whole(text), Err(Fault::Shortened), "{text}");
        }
        for text in ["", "error: 0.5", "98.2%", "0.5 0.6", "forest", "[1, 2", "{'a': 1} b", "print(3)", "{'a': 1, 2}", "1,5", "'open"] {
            assert_eq!(whole(text), Err(Fault::Other), "{text}");
        }
    }

    #[test]
    fn brackets_nested_at_will_do_not_overflow_the_stack() {
        for bracket in ["[", "(", "{", "array(", "{1:"] {
            assert_eq!(whole(&bracket.repeat(100_000)), Err(Fault::Other));
        }
    }

    proptest! {
        #[test]
        fn lists_of_floats_come_back(values in prop::collection::vec(-1e9..1e9_f64, 0..20)) {
            prop_assert_eq!(whole(&format!("{values:?}")), Ok(numbers(&values)));
        }

        #[test]
        fn any_text_gives_an_answer(text in "[\\[\\](){}<>a-e0-9.,:'\"\\\\=… -]{0,60}") {
            let _ = whole(&text);
        }
    }
}
