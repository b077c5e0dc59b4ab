//! Which of several matches is meant, and what they amount to.

use std::collections::{BTreeMap, BTreeSet};

use mlgrade_domain::limits;

use super::super::number::{Reading, Token, finest, says_the_same};
use super::{Hit, Match};
use mlgrade_domain::value::Value;

/// Which of several things is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Which {
    /// There must be exactly one, or all say the same.
    #[default]
    Only,
    /// The first.
    First,
    /// The last.
    Last,
    /// All of them, as a series.
    All,
    /// This one, from 1.
    Nth(usize),
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Choice {
    /// The value.
    pub(crate) value: Value,
    /// The hit that it is from; of a series the first one.
    pub(crate) hit: usize,
    /// What somebody should know who relies on it.
    pub(crate) note: Option<String>,
}

impl Which {
    /// What `match` and `nth` say together, or why they cannot both be there.
    pub(crate) fn of(matching: Match, nth: Option<usize>) -> Result<Self, String> {
        match (matching, nth) {
            (_, Some(0)) => Err("`nth` counts from 1".to_owned()),
            (Match::Only, Some(nth)) => Ok(Self::Nth(nth)),
            (_, Some(_)) => Err("say `match` or `nth`, not both".to_owned()),
            (Match::Only, None) => Ok(Self::Only),
            (Match::First, None) => Ok(Self::First),
            (Match::Last, None) => Ok(Self::Last),
            (Match::All, None) => Ok(Self::All),
        }
    }

    /// The place of the one that is meant among `all`; an error says that there is no such one, or that there are several.
    pub(crate) fn index(self, all: usize, what: &str, several: impl Fn(usize) -> String) -> Result<usize, String> {
        match self {
            Self::Only | Self::All if all > 1 => Err(several(all)),
            Self::Nth(nth) if nth > all => Err(format!("there is no {what} number {nth}; there {} {all}", if all == 1 { "is" } else { "are" })),
            Self::Nth(nth) => Ok(nth.saturating_sub(1)),
            Self::Last => Ok(all.saturating_sub(1)),
            Self::Only | Self::First | Self::All => Ok(0),
        }
    }
}

/// The one of `hits` that is meant, or all of them as a series. `several` says of several hits that it is not clear which.
pub(crate) fn choose(hits: &[Hit], which: Which, several: impl Fn(usize) -> String) -> Result<Choice, String> {
    if hits.len() > limits::SERIES_LENGTH {
        return Err(format!("the pattern matches more than the {} times that are counted", limits::SERIES_LENGTH));
    }
    let meant = meant(hits, which)?;
    let mut choice = match meant.as_slice() {
        [only] => of_one(&hits[*only].tokens, which, &several)?,
        _ => of_several(&meant.iter().map(|&i| &hits[i]).collect::<Vec<_>>(), which, &several)?,
    };
    choice.hit = meant.get(choice.hit).copied().unwrap_or_default();
    let left_out: Vec<&str> = (0..hits.len()).filter(|i| meant.binary_search(i).is_err()).filter_map(|i| hits[i].label.as_deref()).collect();
    let behind: Vec<&str> = match which {
        Which::All => meant.iter().filter_map(|&i| hits[i].label.as_deref()).collect(),
        _ => hits.get(choice.hit).and_then(|hit| hit.label.as_deref()).into_iter().collect(),
    };
    choice.note = match which {
        _ if !behind.is_empty() => Some(format!("matches behind {}", list(&behind))),
        Which::First | Which::Last | Which::All if !left_out.is_empty() => Some(format!("leaves out {} matches behind {}", left_out.len(), list(&left_out))),
        _ => None,
    };
    Ok(choice)
}

/// The hits that are counted, in order. Where the words of a pattern stand alone and also belong to a longer name, as `R-squared:` does to
/// `Adj. R-squared:`, those alone are meant; where they belong to several names all along, nobody can tell.
fn meant(hits: &[Hit], which: Which) -> Result<Vec<usize>, String> {
    let all = || (0..hits.len()).collect();
    let alone = || (0..hits.len()).filter(|&i| hits[i].label.is_none()).collect::<Vec<usize>>();
    if let Which::Nth(_) = which {
        return Ok(all());
    }
    if which == Which::Only {
        let alone = alone();
        return Ok(if alone.is_empty() { all() } else { alone });
    }
    let mut counts: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for hit in hits {
        *counts.entry(hit.label.as_deref()).or_default() += 1;
    }
    let series: Vec<Option<&str>> = counts.into_iter().filter(|(_, count)| *count > 1).map(|(label, _)| label).collect();
    match series.as_slice() {
        [None, _, ..] => Ok(alone()),
        [Some(one), Some(other), ..] => Err(format!("its words stand behind `{one}` and behind `{other}`; write that word into the pattern")),
        _ => Ok(all()),
    }
}

/// What the numbers of a single match amount to: mostly it is one.
fn of_one(tokens: &[Token], which: Which, several: &impl Fn(usize) -> String) -> Result<Choice, String> {
    let value = match (tokens, which) {
        ([token], Which::Only | Which::First | Which::Last | Which::Nth(1)) => value(token)?,
        (_, Which::Only | Which::All) => Value::List(tokens.iter().map(value).collect::<Result<_, _>>()?),
        _ => value(&tokens[which.index(tokens.len(), "match", several)?])?,
    };
    Ok(Choice { value, hit: 0, note: None })
}

/// What several matches amount to.
fn of_several(hits: &[&Hit], which: Which, several: &impl Fn(usize) -> String) -> Result<Choice, String> {
    let all = |hit: &Hit| match hit.tokens.as_slice() {
        [token] => value(token),
        tokens => tokens.iter().map(value).collect::<Result<_, _>>().map(Value::List),
    };
    let has_list = hits.iter().any(|hit| hit.tokens.len() != 1);
    let (value, hit) = match which {
        Which::Only if !has_list => {
            let at = agreed(hits).ok_or_else(|| several(hits.len()))?;
            (all(hits[at])?, at)
        }
        Which::All if !has_list => (Value::List(hits.iter().map(|hit| all(hit)).collect::<Result<_, _>>()?), 0),
        _ => {
            let at = which.index(hits.len(), "match", several)?;
            (all(hits[at])?, at)
        }
    };
    Ok(Choice { value, hit, note: None })
}

/// The hit that says what all say. Rounded is the same only where it stands behind the same words in the same output: elsewhere it may be
/// another model's.
fn agreed(hits: &[&Hit]) -> Option<usize> {
    let finest = finest(hits.iter().flat_map(|hit| &hit.tokens))?;
    let at = hits.iter().position(|hit| hit.tokens.iter().any(|token| std::ptr::eq(token, finest)))?;
    let same = |hit: &&Hit| {
        let beside = hit.output == hits[at].output && hit.label == hits[at].label;
        hit.tokens.iter().all(|token| token.reading == finest.reading || token.text == finest.text || beside && says_the_same(token, finest))
    };
    hits.iter().all(same).then_some(at)
}

fn value(token: &Token) -> Result<Value, String> {
    match &token.reading {
        // That a number was printed in percent must not be lost.
        Reading::Number(_) if token.is_percent() => Ok(Value::text(token.text.clone())),
        Reading::Number(number) => Ok(Value::Number(*number)),
        Reading::NoNumber(word) => Ok(Value::Unusable(word.clone())),
        Reading::Unclear(reason) => Err(reason.clone()),
    }
}

fn list(words: &[&str]) -> String {
    let words: BTreeSet<&str> = words.iter().copied().collect();
    let more = if words.len() > 3 { ", …" } else { "" };
    format!("`{}`{more}", words.into_iter().take(3).collect::<Vec<_>>().join("`, `"))
}
