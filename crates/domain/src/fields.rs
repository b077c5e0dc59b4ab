//! Reading a TOML table key by key, collecting every fault instead of stopping at the first.
//!
//! Serde stops at the first fault and, with tagged or flattened enums, loses the place. Here each key is taken by name; what is
//! left over at the end was misspelt.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::de::{Deserialize, DeserializeOwned, IntoDeserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic};
use super::name::{did_you_mean, list, nearest};
use super::number::Finite;

/// A TOML table being read.
#[derive(Debug)]
pub struct Fields<'t> {
    what: String,
    table: DeTable<'t>,
    span: Range<usize>,
    known: Vec<&'static str>,
    /// Where the assignments stand whose values have been taken.
    taken: BTreeMap<&'static str, Range<usize>>,
    faults: Vec<Diagnostic>,
}

impl<'t> Fields<'t> {
    /// The table at `span`; `what` names it in messages ("a `curve` check").
    pub fn new(what: impl Into<String>, table: DeTable<'t>, span: Range<usize>) -> Self {
        Self { what: what.into(), table, span, known: Vec::new(), taken: BTreeMap::new(), faults: Vec::new() }
    }

    /// Where the table stands.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Where the assignment of `key` stands, its value included, whether it has been taken or not; without one, where the table does.
    pub fn place(&self, key: &str) -> Range<usize> {
        let unread = || self.table.get_key_value(key).map(|(key, value)| assignment(&key.span(), &value.span()));
        self.taken.get(key).cloned().or_else(unread).unwrap_or_else(|| self.span())
    }

    /// Calls the table by another name from here on.
    pub fn call(&mut self, what: impl Into<String>) {
        self.what = what.into();
    }

    /// Whether `key` is there and unread.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The raw value of `key`, which stays unread.
    pub fn peek(&self, key: &str) -> Option<&Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    /// Takes the raw value of `key`, if it is there.
    pub fn take(&mut self, key: &'static str) -> Option<Spanned<DeValue<'t>>> {
        self.known.push(key);
        let (name, value) = self.table.remove_entry(key)?;
        self.taken.insert(key, assignment(&name.span(), &value.span()));
        Some(value)
    }

    /// Takes `key`, if it is there and has the right type.
    pub fn optional<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        let value = self.take(key)?;
        let span = value.span();
        match T::deserialize(value.into_deserializer()) {
            Ok(read) => Some(Spanned::new(span, read)),
            Err(error) => {
                let message = format!("`{key}` in {}: {}", self.what, error.message().trim_end_matches('\n'));
                self.fault(Code::WrongType, error.span().unwrap_or(span), message);
                None
            }
        }
    }

    /// Takes `key`, which must be there.
    pub fn required<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        if !self.table.contains_key(key) {
            self.known.push(key);
            self.fault(Code::MissingKey, self.span.clone(), format!("{} needs `{key}`", self.what));
            return None;
        }
        self.optional(key)
    }

    /// Takes a finite number, if `key` is there.
    pub fn number(&mut self, key: &'static str) -> Option<Finite> {
        let value = self.optional::<f64>(key)?;
        self.finite(key, &value)
    }

    /// Takes a tolerance, `{ absolute = 0.3 }`, `{ relative = "10%" }` or both.
    pub fn tolerance(&mut self, key: &'static str) -> Option<super::tolerance::Tolerance> {
        let inner = self.table(key, "a tolerance")?;
        self.tolerance_in(inner)
    }

    /// The tolerance that the table `inner` is.
    pub fn tolerance_in(&mut self, mut inner: Fields<'t>) -> Option<super::tolerance::Tolerance> {
        let absolute = inner.number("absolute").map(Finite::get);
        let relative = inner.share("relative");
        if absolute.is_none() && relative.is_none() && inner.faults.is_empty() && inner.table.is_empty() {
            let message = "a tolerance needs `absolute`, `relative` or both".to_owned();
            inner.fault(Code::MissingKey, inner.span.clone(), message);
        }
        if absolute.is_some_and(|a| a < 0.0) {
            inner.fault(Code::BadValue, inner.span.clone(), "a tolerance is never negative".to_owned());
        }
        self.absorb(inner);
        Some(super::tolerance::Tolerance { absolute: absolute.unwrap_or(0.0), relative: relative.unwrap_or(0.0) })
    }

    /// Takes a share, written `"10%"` or `0.1`.
    pub fn share(&mut self, key: &'static str) -> Option<f64> {
        let value = self.take(key)?;
        let share = share_in(value.get_ref());
        if share.is_none() {
            self.fault(Code::BadValue, value.span(), format!("`{key}` is a share such as \"10%\" or 0.1"));
        }
        share
    }

    /// Takes one share or a list of shares, empty if `key` is not there.
    pub fn shares(&mut self, key: &'static str) -> Vec<f64> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let shares: Option<Vec<f64>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().map(|value| share_in(value.get_ref())).collect(),
            one => share_in(one).map(|share| vec![share]),
        };
        if shares.is_none() {
            self.fault(Code::BadValue, value.span(), format!("`{key}` is a share such as \"10%\" or 0.1, or a list of shares"));
        }
        shares.unwrap_or_default()
    }

    /// Takes a table, if `key` is there. Give it back to [`Fields::absorb`] when it is read.
    pub fn table(&mut self, key: &'static str, what: &str) -> Option<Fields<'t>> {
        let value = self.take(key)?;
        let span = value.span();
        if let DeValue::Table(table) = value.into_inner() {
            Some(Fields::new(what, table, span))
        } else {
            self.fault(Code::WrongType, span, format!("`{key}` in {} is a table", self.what));
            None
        }
    }

    /// Takes a list of tables, empty if `key` is not there.
    pub fn tables(&mut self, key: &'static str, what: &str) -> Vec<Fields<'t>> {
        let Some(value) = self.take(key) else { return Vec::new() };
        let span = value.span();
        let DeValue::Array(array) = value.into_inner() else {
            self.fault(Code::WrongType, span, format!("`{key}` in {} is a list of tables", self.what));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for value in array {
            let span = value.span();
            match value.into_inner() {
                DeValue::Table(table) => tables.push(Fields::new(what, table, span)),
                _ => self.fault(Code::WrongType, span, format!("`{key}` in {} is a list of tables", self.what)),
            }
        }
        tables
    }

    /// Takes every remaining key with its value, as a list of named tables.
    pub fn rest(&mut self, what: &str) -> Vec<(Spanned<String>, Fields<'t>)> {
        let mut rest = Vec::new();
        for (key, value) in std::mem::take(&mut self.table) {
            let name = Spanned::new(key.span(), key.get_ref().to_string());
            let span = value.span();
            match value.into_inner() {
                DeValue::Table(table) => rest.push((name, Fields::new(what, table, span))),
                _ => self.fault(Code::WrongType, span, format!("`{}` is {what}, a table", name.get_ref())),
            }
        }
        rest
    }

    /// Takes one of `words`, if `key` is there.
    pub fn word<T: Copy>(&mut self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        let word = self.optional::<String>(key)?;
        let found = words.iter().find(|(name, _)| name == word.get_ref()).map(|(_, value)| *value);
        if found.is_none() {
            let names = || words.iter().map(|(name, _)| *name);
            let help = did_you_mean(word.get_ref(), names()).unwrap_or_else(|| format!("it is one of {}", list(names())));
            self.push(Diagnostic::error(Code::BadValue, format!("`{key}` cannot be `{}`", word.get_ref())).at(word.span()).help(help));
        }
        found
    }

    /// What is still unread as TOML with sorted keys, so that two tables can be compared.
    pub fn canonical(&self) -> String {
        let value = Spanned::new(self.span.clone(), DeValue::Table(self.table.clone()));
        toml::Table::deserialize(value.into_deserializer()).map(|table| table.to_string()).unwrap_or_default()
    }

    /// Says of each key that other programs call otherwise, in pairs of their name and ours, what to write here.
    pub fn translate(&mut self, names: &[(&str, &str)]) {
        for (theirs, ours) in names {
            if let Some((key, _)) = self.table.remove_entry(*theirs) {
                let message = format!("unknown key `{theirs}` in {}", self.what);
                self.push(Diagnostic::error(Code::UnknownKey, message).at(key.span()).help(format!("it is called `{ours}` here")));
            }
        }
    }

    /// Leaves the rest unread without calling it unknown.
    pub fn forget(&mut self) {
        self.table = DeTable::new();
    }

    /// Adds a fault at `span`.
    pub fn fault(&mut self, code: Code, span: Range<usize>, message: impl Into<String>) {
        self.push(Diagnostic::error(code, message).at(span));
    }

    /// Adds a fault.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.faults.push(diagnostic);
    }

    /// Takes over the faults of a table that has been read.
    pub fn absorb(&mut self, inner: Fields<'_>) {
        self.faults.extend(inner.finish());
    }

    /// All faults, those keys included that nobody asked for.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        for key in self.table.keys() {
            let name = key.get_ref();
            if let Some(meant) = nearest(name, self.known.iter().copied()) {
                // That the key is missing follows from its misspelling.
                let meant = format!("`{meant}`");
                self.faults.retain(|fault| fault.code != Code::MissingKey || !fault.message.contains(&meant));
            }
            let help = did_you_mean(name, self.known.iter().copied()).unwrap_or_else(|| format!("{} has {}", self.what, list(self.known.iter().copied())));
            let message = format!("unknown key `{name}` in {}", self.what);
            self.faults.push(Diagnostic::error(Code::UnknownKey, message).at(key.span()).help(help));
        }
        self.faults
    }

    fn finite(&mut self, key: &str, value: &Spanned<f64>) -> Option<Finite> {
        match Finite::new(*value.get_ref()) {
            Ok(number) => Some(number),
            Err(error) => {
                self.fault(Code::BadValue, value.span(), format!("`{key}` in {} is {error}", self.what));
                None
            }
        }
    }
}

/// Where `key = value` stands. The tables of a list, `[[part.item.levels]]`, have their values elsewhere.
fn assignment(key: &Range<usize>, value: &Range<usize>) -> Range<usize> {
    if value.start >= key.end { key.start..value.end } else { key.clone() }
}

/// A share, written `"10%"` or `0.1`.
fn share_in(value: &DeValue<'_>) -> Option<f64> {
    let share = match value {
        DeValue::String(text) => text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok()).map(|percent| percent / 100.0),
        DeValue::Float(_) | DeValue::Integer(_) => f64::deserialize(Spanned::new(0..0, value.clone()).into_deserializer()).ok(),
        _ => None,
    };
    share.filter(|share| (0.0..=10.0).contains(share))
}
