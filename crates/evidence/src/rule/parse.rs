//! Recursive descent over the words of a rule.
//!
//! ```text
//! rule    = [class ("if" | ":" | "=") | "if"] or [tail] [("else" | "otherwise") others]
//! tail    = [","] ("->" | "then" | ":" | "it is a") class
//! or      = and {"or" and}
//! and     = term {("and" | ",") term}
//! term    = "(" or ")" | "not" term | operand (order operand)+
//! operand = number [unit] | name {name} [unit]
//! ```
//!
//! A rule is understood only if each of its words is: one that is left over may be what turns it round.

use mlgrade_domain::limits;
use mlgrade_domain::name::is_among;
use mlgrade_domain::tolerance::Order;
use mlgrade_domain::units::unit;

use super::lexer::{Lexeme, Token, lexemes};
use super::{Condition, Operand, Rule};

/// Brackets within brackets.
const NESTING: usize = 64;

/// Words around a class that change nothing.
const ABOUT_CLASS: &str = "\
    it its it's is are a an the this that which we i can be will would as of in to for from species specie class classes label labelled labeled \
    type category penguin penguins bird birds animal sample predict predicts predicted prediction predictions pred classify classifies \
    classified classification assign output return returns print belongs rule rules decision my our best first second one simple answer final \
    mask y hat df row identify identified target lambda";

/// Words around a feature that change nothing.
const ABOUT_FEATURE: &str = "\
    the a an its it's their this that of is are was be has have having with penguin penguins bird birds value values feature column measurement \
    also both it measured";

/// What is said of all that is not the class.
const OTHERS: &str = "other others another something anything rest false any species";

pub(super) fn rule(text: &str) -> Result<Rule, String> {
    let all = lexemes(text)?;
    let (head, start) = head(&all);
    let about = class(&all[..head])?;
    let mut words = Words { all, at: start, depth: 0 };
    let condition = words.or()?;
    let stated = words.tail()?;
    if condition.comparisons().len() > limits::RULE_CONDITIONS {
        return Err(format!("it has more than {} conditions", limits::RULE_CONDITIONS));
    }
    let class = match (about, stated) {
        (Some(first), Some(second)) if !first.eq_ignore_ascii_case(&second) => return Err(format!("it is about `{first}` and about `{second}`")),
        (first, second) => first.or(second),
    };
    let otherwise = words.otherwise(class.as_deref())?;
    match words.next() {
        Some(left) => Err(format!("found `{left}` where `and`, `or` or `->` was expected")),
        None => Ok(Rule { condition, class, otherwise }),
    }
}

/// Where what stands before the condition ends, and where the condition begins.
fn head(all: &[Lexeme]) -> (usize, usize) {
    let is_order = |lexeme: &Lexeme| matches!(lexeme.token, Token::Order(_));
    if let Some(at) = all.iter().position(|lexeme| lexeme.token == Token::If) {
        return (at, at + 1);
    }
    let first = all.iter().position(is_order).unwrap_or(all.len());
    if let Some(at) = all[..first].iter().position(|lexeme| lexeme.token == Token::Colon) {
        return (at, at + 1);
    }
    // `is_gentoo = (…)`, and not `island = Dream`.
    let is_name = all[..first].iter().all(|lexeme| matches!(lexeme.token, Token::Word(_) | Token::Quoted(_)));
    let assigned = all.get(first).is_some_and(|lexeme| lexeme.text == "=") && first > 0 && is_name;
    let operand =
        all[(first + 1).min(all.len())..].iter().take_while(|lexeme| matches!(lexeme.token, Token::Word(_) | Token::Quoted(_) | Token::Unit(_))).count();
    let behind = all.get(first + 1 + operand);
    let is_condition = behind.is_some_and(|lexeme| if operand == 0 { lexeme.token == Token::Open } else { is_order(lexeme) });
    if assigned && is_condition { (first, first + 1) } else { (0, 0) }
}

/// The only letter of a phrase: mostly an article, but where nothing else is said, the class.
fn letter(phrase: &[Lexeme]) -> Option<String> {
    let words = phrase.iter().filter_map(|lexeme| if let Token::Word(word) | Token::Quoted(word) = &lexeme.token { Some(word.as_str()) } else { None });
    let mut letters = words.filter(|word| word.chars().count() == 1 && word.chars().all(char::is_alphanumeric));
    letters.next().filter(|_| letters.next().is_none()).map(str::to_owned)
}

/// The class that a phrase names, if it names one.
fn class(phrase: &[Lexeme]) -> Result<Option<String>, String> {
    let mut named: Vec<&str> = Vec::new();
    for lexeme in phrase {
        match &lexeme.token {
            Token::Word(word) | Token::Quoted(word) => {
                let parts = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
                named.extend(parts.filter(|part| part.chars().count() > 1 && !is_among(ABOUT_CLASS, part)));
            }
            Token::Colon | Token::Comma | Token::Then | Token::Open | Token::Close | Token::Order(Order::Equal) => {}
            _ => return Err(format!("found `{lexeme}` where a class was expected")),
        }
    }
    named.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
    match named.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some((*only).to_owned())),
        several => Err(format!("found `{}` where a class was expected", several.join(" "))),
    }
}

struct Words {
    all: Vec<Lexeme>,
    at: usize,
    depth: usize,
}

impl Words {
    fn peek(&self) -> Option<&Token> {
        self.all.get(self.at).map(|lexeme| &lexeme.token)
    }

    fn next(&mut self) -> Option<Lexeme> {
        let lexeme = self.all.get(self.at).cloned();
        self.at += 1;
        lexeme
    }

    fn skip(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn or(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.and()?];
        while self.joins(&Token::Or) {
            parts.push(self.and()?);
        }
        Ok(single(parts, Condition::Any))
    }

    fn and(&mut self) -> Result<Condition, String> {
        let mut parts = vec![self.term()?];
        while self.joins(&Token::And) {
            parts.push(self.term()?);
        }
        Ok(single(parts, Condition::All))
    }

    /// Whether another condition follows, joined by `word`: for "and" a comma does too.
    fn joins(&mut self, word: &Token) -> bool {
        let next = self.all.get(self.at + 1).map(|lexeme| &lexeme.token);
        if self.peek() != Some(&Token::Comma) {
            return self.skip(word);
        }
        if next == Some(word) {
            self.at += 2;
            return true;
        }
        let is_comma = *word == Token::And && !matches!(next, Some(Token::Or)) && self.compares(self.at + 1);
        self.at += usize::from(is_comma);
        is_comma
    }

    /// Whether what begins at `at` is a condition, and not "it is a Gentoo" or "species = Gentoo".
    fn compares(&self, at: usize) -> bool {
        let end =
            self.all[at..].iter().position(|lexeme| matches!(lexeme.token, Token::Else | Token::Then | Token::Comma)).map_or(self.all.len(), |end| at + end);
        let mut orders = self.all[at..end].iter().filter_map(|lexeme| if let Token::Order(order) = lexeme.token { Some(order) } else { None }).peekable();
        let of_class = matches!(self.all.get(at).map(|lexeme| &lexeme.token), Some(Token::Word(word)) if is_among(ABOUT_CLASS, word));
        orders.peek().is_some() && (orders.any(|order| order != Order::Equal) || !of_class)
    }

    fn term(&mut self) -> Result<Condition, String> {
        if self.skip(&Token::Open) {
            let inner = self.deeper(Self::or)?;
            match self.next() {
                Some(Lexeme { token: Token::Close, .. }) => Ok(inner),
                Some(word) => Err(format!("found `{word}` where `)` was expected")),
                None => Err("it ends where `)` was expected".to_owned()),
            }
        } else if self.skip(&Token::Not) {
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
        let mut parts = self.between(&mut left)?;
        while let Some(Token::Order(order)) = self.peek().cloned() {
            self.at += 1;
            let right = self.operand()?;
            parts.push(compare(&left, order, &right)?);
            left = right;
        }
        match self.all.get(self.at) {
            _ if !parts.is_empty() => Ok(single(parts, Condition::All)),
            Some(word) => Err(format!("found `{word}` where a comparison such as <= was expected")),
            None => Err("it ends where a comparison such as <= was expected".to_owned()),
        }
    }

    /// "between 200 and 210", ends included: what stands behind the name of `left`.
    fn between(&mut self, left: &mut Side) -> Result<Vec<Condition>, String> {
        let Some(name) = left.text.strip_suffix(" between").map(str::to_owned).filter(|_| left.unit.is_none()) else { return Ok(Vec::new()) };
        left.text = name;
        let low = self.operand()?;
        if !self.skip(&Token::And) {
            return Err("it ends where `and` was expected behind `between`".to_owned());
        }
        let high = self.operand()?;
        if low.number.zip(high.number).is_none_or(|(low, high)| low > high) {
            return Err("`between` needs a smaller and a larger number".to_owned());
        }
        Ok(vec![compare(left, Order::AtLeast, &low)?, compare(left, Order::AtMost, &high)?])
    }

    fn operand(&mut self) -> Result<Side, String> {
        let mut side = match self.next() {
            None => return Err("it ends where a feature or number was expected".to_owned()),
            Some(Lexeme { token: Token::Number(value), text }) => Side { number: Some(value), text, unit: None },
            Some(Lexeme { token: Token::Quoted(name), .. }) => Side { number: None, text: name, unit: None },
            Some(Lexeme { token: Token::Word(_), .. }) => {
                self.at -= 1;
                Side { number: None, text: self.name()?, unit: None }
            }
            Some(word) => return Err(format!("found `{word}` where a feature or number was expected")),
        };
        if let Some(Token::Unit(unit)) = self.peek() {
            side.unit = Some(unit);
            self.at += 1;
            // "The flipper length in mm is above 200".
            while matches!(self.peek(), Some(Token::Word(word)) if side.number.is_none() && is_among(ABOUT_FEATURE, word)) {
                self.at += 1;
            }
        }
        Ok(side)
    }

    /// A name in one word or several: "the flipper length".
    fn name(&mut self) -> Result<String, String> {
        let (mut name, start) = (Vec::new(), self.at);
        while let Some(word) = self.peek().and_then(|token| if let Token::Word(word) | Token::Quoted(word) = token { Some(word.clone()) } else { None }) {
            if !is_among(ABOUT_FEATURE, &word) {
                name.push(word);
            }
            self.at += 1;
        }
        if name.is_empty() {
            let word = self.all.get(self.at).or_else(|| self.all.get(start)).map(ToString::to_string).unwrap_or_default();
            return Err(format!("found `{word}` where a feature or number was expected"));
        }
        Ok(name.join(" "))
    }

    /// The class behind the condition.
    fn tail(&mut self) -> Result<Option<String>, String> {
        let end = self.all[self.at.min(self.all.len())..].iter().position(|lexeme| lexeme.token == Token::Else).map_or(self.all.len(), |end| self.at + end);
        let phrase = &self.all[self.at.min(end)..end];
        let comma = usize::from(phrase.first().is_some_and(|lexeme| lexeme.token == Token::Comma));
        let has_class = match phrase.get(comma).map(|lexeme| &lexeme.token) {
            Some(Token::Then | Token::Colon) => true,
            Some(Token::Word(word)) => is_among(ABOUT_CLASS, word),
            _ => false,
        };
        if !has_class {
            return Ok(None);
        }
        let class = class(phrase)?.or_else(|| letter(phrase)).ok_or("it ends where a class was expected")?;
        self.at = end;
        Ok(Some(class))
    }

    /// What the rule says of all others: nothing, "not a Gentoo", "other", or the classes it names.
    fn otherwise(&mut self, class: Option<&str>) -> Result<Vec<String>, String> {
        let comma = usize::from(self.peek() == Some(&Token::Comma));
        if self.all.get(self.at + comma).is_none_or(|lexeme| lexeme.token != Token::Else) {
            return Ok(Vec::new());
        }
        self.at += comma + 1;
        let (mut negated, mut named) = (false, Vec::new());
        while let Some(lexeme) = self.next() {
            match &lexeme.token {
                Token::Not => negated = true,
                Token::Word(word) | Token::Quoted(word) if matches!(word.to_lowercase().as_str(), "no" | "non") => negated = true,
                Token::Word(word) | Token::Quoted(word) => {
                    let parts = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
                    let says = |part: &&str| !is_among(ABOUT_CLASS, part) && !is_among(OTHERS, part);
                    named.extend(parts.filter(says).map(str::to_owned));
                }
                Token::Colon | Token::Comma | Token::Or | Token::And | Token::Open | Token::Close | Token::Then | Token::Order(Order::Equal) => {}
                _ => return Err(format!("found `{lexeme}` behind `else`")),
            }
        }
        let is_class = |name: &String| class.is_some_and(|class| class.eq_ignore_ascii_case(name));
        match negated {
            true if named.iter().all(is_class) => Ok(Vec::new()),
            false if !named.iter().any(is_class) => Ok(named),
            _ => Err("what it says behind `else` is not understood".to_owned()),
        }
    }
}

/// One side of a comparison.
#[derive(Debug)]
struct Side {
    number: Option<f64>,
    text: String,
    unit: Option<&'static str>,
}

impl Side {
    /// The feature's name, with its own unit or that of the number it is compared with.
    fn feature(&self, other: Option<&'static str>) -> Result<String, String> {
        let own = self.text.rsplit(|c: char| !c.is_alphanumeric()).next().and_then(|word| unit(&word.to_lowercase())).or(self.unit);
        match (own, other) {
            (Some(own), Some(other)) if own != other => Err(format!("`{}` in {own} is compared with a number in {other}", self.text)),
            (_, unit) => Ok(match self.unit.or(unit).filter(|_| own != unit || self.unit.is_some()) {
                Some(unit) if !self.text.to_lowercase().ends_with(unit) => format!("{} {unit}", self.text),
                _ => self.text.clone(),
            }),
        }
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

fn compare(left: &Side, order: Order, right: &Side) -> Result<Condition, String> {
    let (feature, order, other) = match (left.number, right.number) {
        (Some(_), Some(_)) => return Err(format!("`{} {} {}` compares no feature", left.text, sign(order), right.text)),
        (Some(_), None) => (right, order.flipped(), left),
        (None, _) => (left, order, right),
    };
    let with = match other.number {
        Some(value) => Operand::Number(value),
        None if matches!(order, Order::Equal | Order::Unequal) => Operand::Word(other.text.clone()),
        None => return Err(format!("`{}` is compared with `{}`; compare a feature with a number or a word with == or !=", other.text, feature.text)),
    };
    Ok(Condition::Compare { feature: feature.feature(other.unit)?, order, with })
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
