//! Recursive descent over the words of a rule.
//!
//! ```text
//! rule    = ["if"] or [("->" | "=>" | "→" | "then") class]
//! or      = and {("or" | "|" | "||") and}
//! and     = term {("and" | "&" | "&&" | ",") term}
//! term    = "(" or ")" | ("not" | "!") term | operand (order operand)+
//! ```

use crate::domain::limits;
use crate::domain::tolerance::Order;

use super::{Condition, Operand, Rule};

/// Brackets within brackets.
const NESTING: usize = 64;

pub(super) fn rule(text: &str) -> Result<Rule, String> {
    let mut words = Words { all: words(text)?, at: 0, depth: 0 };
    words.skip(&["if"]);
    let condition = words.or()?;
    let class = if words.skip(&["->", "=>", "→", "then", ":"]) { Some(words.class()?) } else { None };
    match words.next() {
        Some(left) => Err(format!("found `{left}` where `and`, `or` or `->` was expected")),
        None if condition.comparisons().len() > limits::RULE_CONDITIONS => Err(format!("it has more than {} conditions", limits::RULE_CONDITIONS)),
        None => Ok(Rule { condition, class }),
    }
}

const SIGNS: [&str; 20] = ["->", "=>", "<=", ">=", "==", "!=", "&&", "||", "→", "≤", "≥", "≠", "<", ">", "=", "&", "|", "!", "(", ")"];

fn words(text: &str) -> Result<Vec<String>, String> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+');
    let (mut words, mut rest) = (Vec::new(), text.trim().trim_end_matches(['.', ';']));
    while let Some(first) = rest.chars().next() {
        let length = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            sign.len()
        } else if matches!(first, '"' | '\'' | '`') {
            let end = rest[1..].find(first).ok_or("a quote is not closed")?;
            words.push(format!("\"{}", &rest[1..=end]));
            rest = rest[end + 2..].trim_start();
            continue;
        } else if first == ',' || first == ':' {
            1
        } else if is_name(first) {
            // A minus sign belongs to a number only in front or after an `e`; `a->b` is no name.
            let end = rest.find("->").unwrap_or(rest.len());
            rest[..end].find(|c| !is_name(c)).unwrap_or(end)
        } else {
            return Err(format!("found `{first}`, which means nothing here"));
        };
        words.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(words)
}

struct Words {
    all: Vec<String>,
    at: usize,
    depth: usize,
}

impl Words {
    fn peek(&self) -> Option<&str> {
        self.all.get(self.at).map(String::as_str)
    }

    fn next(&mut self) -> Option<String> {
        let word = self.all.get(self.at).cloned();
        self.at += 1;
        word
    }

    fn skip(&mut self, any: &[&str]) -> bool {
        let found = self.peek().is_some_and(|word| any.iter().any(|wanted| word.eq_ignore_ascii_case(wanted)));
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.and()?];
        while self.skip(&["or", "|", "||"]) {
            parts.push(self.and()?);
        }
        Ok(single(parts, Condition::Any))
    }

    fn and(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.term()?];
        while self.skip(&["and", "&", "&&", ","]) {
            parts.push(self.term()?);
        }
        Ok(single(parts, Condition::All))
    }

    fn term(&mut self) -> Result<Condition, String> {
        if self.skip(&["("]) {
            let inner = self.deeper(Self::or)?;
            match self.next() {
                Some(word) if word == ")" => Ok(inner),
                Some(word) => Err(format!("found `{word}` where `)` was expected")),
                None => Err("it ends where `)` was expected".to_owned()),
            }
        } else if self.skip(&["not", "!"]) {
            Ok(Condition::Not(Box::new(self.deeper(Self::term)?)))
        } else {
            self.comparison()
        }
    }

    /// What stands inside a bracket or behind a `not`.
    fn deeper(&mut self, inner: impl FnOnce(&mut Self) -> Result<Condition, String>) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > NESTING {
            return Err(format!("brackets are nested more than {NESTING} deep"));
        }
        let condition = inner(self)?;
        self.depth -= 1;
        Ok(condition)
    }

    fn comparison(&mut self) -> Result<Condition, String> {
        let mut left = self.operand()?;
        let mut parts = Vec::new();
        while let Some(order) = self.peek().and_then(order) {
            self.at += 1;
            let right = self.operand()?;
            parts.push(compare(&left, order, &right)?);
            left = right;
        }
        match self.peek() {
            _ if !parts.is_empty() => Ok(single(parts, Condition::All)),
            Some(word) => Err(format!("found `{word}` where a comparison such as <= was expected")),
            None => Err("it ends where a comparison such as <= was expected".to_owned()),
        }
    }

    fn operand(&mut self) -> Result<String, String> {
        match self.next() {
            None => Err("it ends where a feature or number was expected".to_owned()),
            Some(word) if is_operand(&word) => Ok(word),
            Some(word) => Err(format!("found `{word}` where a feature or number was expected")),
        }
    }

    fn class(&mut self) -> Result<String, String> {
        let first = self.next().filter(|word| is_operand(word)).ok_or("it ends where a class was expected")?;
        let class = if self.skip(&["=", "==", ":"]) { self.next().ok_or("it ends where a class was expected")? } else { first };
        Ok(class.trim_start_matches('"').to_owned())
    }
}

fn single(mut parts: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}

fn order(word: &str) -> Option<Order> {
    Some(match word {
        "<" => Order::Below,
        "<=" | "≤" => Order::AtMost,
        ">" => Order::Above,
        ">=" | "≥" => Order::AtLeast,
        "=" | "==" => Order::Equal,
        "!=" | "≠" => Order::Unequal,
        _ => return None,
    })
}

fn is_operand(word: &str) -> bool {
    let reserved = ["and", "or", "not", "then", "if", ",", ":"];
    !SIGNS.contains(&word) && !reserved.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}

fn compare(left: &str, order: Order, right: &str) -> Result<Condition, String> {
    let (feature, order, other) = match (number(left), number(right)) {
        (Some(_), Some(_)) => return Err(format!("`{left} {} {right}` compares no feature", sign(order))),
        (Some(_), None) => (right, order.flipped(), left),
        (None, _) => (left, order, right),
    };
    let with = match number(other) {
        Some(value) => Operand::Number(value),
        None if matches!(order, Order::Equal | Order::Unequal) => Operand::Word(unquoted(other)),
        None => return Err(format!("`{other}` is compared with `{feature}`; compare a feature with a number or a word with == or !=")),
    };
    Ok(Condition::Compare { feature: unquoted(feature), order, with })
}

fn number(word: &str) -> Option<f64> {
    word.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn unquoted(word: &str) -> String {
    word.trim_start_matches('"').to_owned()
}

fn sign(order: Order) -> &'static str {
    match order {
        Order::Below => "<",
        Order::AtMost => "<=",
        Order::Above => ">",
        Order::AtLeast => ">=",
        Order::Equal => "==",
        Order::Unequal => "!=",
    }
}
