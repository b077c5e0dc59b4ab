//! Which of some choices a text names. A text is understood only if each of its words is: a choice, or a word that changes nothing.

use std::collections::BTreeMap;

use crate::domain::name::list;
use crate::domain::units::without_unit;

use super::filler::{Filler, Use, lessens, turns};
use super::names::{also_called, stems};
use super::number::setting;
use super::words::{Piece, pieces, squeezed, words};

/// The words that a name has at most.
const WORDS: usize = 7;

/// Choices under all their names.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) known: Vec<String>,
    /// By squeezed name; `None` if several choices have it.
    names: BTreeMap<String, Option<usize>>,
    /// The words of each choice that is the name of a measurement, such as `bill_length_mm`, without its unit; of others, none.
    columns: Vec<Vec<String>>,
}

impl Choices {
    /// The choices `known`, each of which is `also` called by the names beside it.
    pub(super) fn new(known: &[String], also: &BTreeMap<String, Vec<String>>) -> Self {
        let mut names = BTreeMap::new();
        let add = |names: &mut BTreeMap<String, Option<usize>>, given: Vec<(String, usize)>| {
            let earlier = names.clone();
            for (name, choice) in given.into_iter().filter(|(name, _)| !name.is_empty() && !earlier.contains_key(name)) {
                let held = names.entry(name).or_insert(Some(choice));
                if *held != Some(choice) {
                    *held = None;
                }
            }
        };
        let each = |of: &dyn Fn(&String) -> Vec<String>| -> Vec<(String, usize)> {
            known.iter().enumerate().flat_map(|(at, choice)| of(choice).into_iter().map(move |name| (name, at))).collect()
        };
        // What the rubric calls a choice goes before what the field does.
        add(&mut names, each(&|choice| vec![squeezed(choice)]));
        add(&mut names, each(&|choice| also.get(choice).into_iter().flatten().map(|name| squeezed(name)).collect()));
        add(&mut names, each(&|choice| also_called(choice)));
        let columns = known.iter().map(|choice| {
            let (all, words) = (words(choice), without_unit(&words(choice)));
            if all.len() > words.len() { words } else { Vec::new() }
        });
        Self { known: known.to_vec(), names, columns: columns.collect() }
    }

    /// The choice with this name.
    fn named(&self, name: &str) -> Option<usize> {
        stems(name).into_iter().find_map(|stem| self.names.get(stem)).copied().flatten()
    }

    /// The only choice with these words: `bill length` is `bill_length_mm`. Of a measurement one word may do, if no other choice has it.
    fn measured(&self, window: &[&str]) -> Option<usize> {
        let window = without_unit(window);
        let is_part = |word: &&str, parts: &[String]| parts.iter().any(|part| part == word || Some(part.as_str()) == word.strip_suffix('s'));
        let holds = |parts: &Vec<String>| window.iter().all(|word| is_part(word, parts));
        let mut holding = self.columns.iter().enumerate().filter(|(_, parts)| holds(parts));
        match (holding.next(), holding.next()) {
            (Some((only, _)), None) => Some(only),
            _ => None,
        }
    }

    /// The choices that `texts` name, `count` different ones or as many as there are; or why a person has to read them.
    pub(super) fn pick(&self, texts: &[String], filler: &Filler, count: Option<usize>) -> Result<Vec<usize>, Why> {
        let named: Vec<Named> = texts.iter().map(|text| self.named_in(text, filler)).collect();
        let mut picked: Vec<usize> = Vec::new();
        let mut repeated = false;
        for named in &named {
            let before = picked.len();
            for choice in &named.choices {
                repeated |= picked[..before].contains(choice);
                if !picked.contains(choice) {
                    picked.push(*choice);
                }
            }
        }
        if named.iter().any(|named| named.choices.is_empty()) || count.is_some_and(|count| picked.len() != count || repeated) {
            return Err(Why::Count(count));
        }
        named.into_iter().find_map(|named| named.doubt).map_or(Ok(picked), |doubt| Err(Why::Doubt(doubt)))
    }

    fn named_in(&self, text: &str, filler: &Filler) -> Named {
        let is_one_name = text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'));
        if let Some(choice) = self.named(&squeezed(text)).filter(|_| is_one_name) {
            return Named { choices: vec![choice], doubt: None };
        }
        let pieces = pieces(text);
        let calls = calls(&pieces);
        let mut named = Named { choices: Vec::new(), doubt: None };
        let (mut degrees, mut repeats, mut at, mut apart) = (Vec::new(), false, 0, true);
        let doubtful = |word: &str| format!("`{word}` may change what it says");
        while at < pieces.len() {
            if let Some((choice, length)) = self.at(&pieces[at..]) {
                if !apart && named.choices.last().is_some_and(|&last| last != choice) {
                    named.doubt.get_or_insert_with(|| "it names two side by side".to_owned());
                }
                if let Some(Piece::Word(word)) = at.checked_sub(1).map(|before| &pieces[before])
                    && lessens(word)
                {
                    named.doubt.get_or_insert_with(|| doubtful(word));
                }
                named.choices.push(choice);
                (at, apart) = (at + length, false);
                continue;
            }
            if let Some(length) = setting(&pieces[at..]).or_else(|| tally(&pieces[at..])) {
                (at, apart) = (at + length, true);
                continue;
            }
            match &pieces[at] {
                Piece::Word(word) => match filler.of(word) {
                    Use::Plain => {}
                    Use::Degree => degrees.push(word.clone()),
                    Use::OfTheQuestion => repeats = true,
                    // What a constructor is called with.
                    Use::Unknown if calls.iter().any(|call| call.contains(&at)) && !turns(word) => {}
                    Use::Unknown => drop(named.doubt.get_or_insert_with(|| doubtful(word))),
                },
                Piece::Other(sign) => drop(named.doubt.get_or_insert_with(|| doubtful(sign))),
                Piece::Number(_) | Piece::Mark(_) => {}
            }
            (at, apart) = (at + 1, true);
        }
        if repeats && !filler.is_repeated_whole(&degrees) {
            named.doubt.get_or_insert_with(|| "it repeats only a part of the question".to_owned());
        }
        named
    }

    /// The choice that the pieces begin with, by its longest name, and how many pieces that takes.
    fn at(&self, pieces: &[Piece]) -> Option<(usize, usize)> {
        let mut best = None;
        let mut window: Vec<&str> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            match piece {
                piece if piece.letters().is_some() => window.extend(piece.letters()),
                // `k-NN`, `penguins.logistic`, `SGD + momentum`, `SGD (momentum)`.
                Piece::Mark('-' | '.' | '+' | '(' | ')' | '_') if at > 0 => continue,
                _ => break,
            }
            if window.len() > WORDS {
                break;
            }
            if let Some(choice) = self.named(&window.concat()).or_else(|| self.measured(&window)) {
                best = Some((choice, at + 1));
            }
        }
        best
    }

    /// The choices, for a message.
    pub(super) fn listed(&self) -> String {
        list(self.known.iter().map(String::as_str))
    }
}

/// What one text names.
struct Named {
    choices: Vec<usize>,
    /// Why it may say something else all the same.
    doubt: Option<String>,
}

/// Why a person has to read an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// It names more or fewer than were asked for.
    Count(Option<usize>),
    /// It holds something that nobody knows.
    Doubt(String),
}

impl Why {
    /// In words; `options` are what could have been named, if that may be shown.
    pub(super) fn sentence(self, options: Option<&str>) -> String {
        match (self, options) {
            (Self::Doubt(doubt), _) => doubt,
            (Self::Count(Some(1)), Some(options)) => format!("it does not name exactly one of {options}"),
            (Self::Count(Some(count)), Some(options)) => format!("it does not name exactly {count} different ones of {options}"),
            (Self::Count(None), Some(options)) => format!("it does not name some of {options} only"),
            (Self::Count(_), None) => "it is not understood".to_owned(),
        }
    }
}

/// The pieces that "100 trees" takes: a forest's size is no choice.
fn tally(pieces: &[Piece]) -> Option<usize> {
    matches!(pieces, [Piece::Number(_), Piece::Word(word), ..] if word == "trees").then_some(2)
}

/// Where the arguments of constructors stand: `SVC(kernel="linear")`.
fn calls(pieces: &[Piece]) -> Vec<std::ops::Range<usize>> {
    let mut calls = Vec::new();
    for (open, _) in pieces.iter().enumerate().filter(|(_, piece)| **piece == Piece::Mark('(')) {
        let Some(length) = pieces[open + 1..].iter().position(|piece| matches!(piece, Piece::Mark('(' | ')' | '\n'))) else { continue };
        let inside = open + 1..open + 1 + length;
        if pieces[inside.clone()].contains(&Piece::Mark('=')) && open > 0 && pieces[open - 1].letters().is_some() {
            calls.push(inside);
        }
    }
    calls
}
