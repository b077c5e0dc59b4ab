//! Which number a text gives: `max_depth = 4 (RMSE 3.67)` is 4. Every number and every word has to be understood.

use crate::domain::name::is_among;
use crate::domain::number::Finite;
use crate::domain::tolerance::Tolerance;

use super::filler::{Filler, SETTINGS, Use, breaks, lessens};
use super::words::{Piece, pieces, readings};

/// What is asked, and what is known of it.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    /// The numbers that it can be.
    pub(super) choices: &'a [Finite],
    /// How many.
    pub(super) count: usize,
    /// Whether the right one is derived from the student's own numbers.
    pub(super) derived: bool,
    /// Those numbers, which a student may repeat: "4 (3.67)".
    pub(super) own: &'a [Finite],
}

/// The numbers that `text` gives as its answer; or why a person has to read it.
pub(super) fn numbers_in(text: &str, asked: &Asked<'_>, filler: &Filler) -> Result<Vec<Finite>, String> {
    let pieces: Vec<Piece> = pieces(text).into_iter().map(Piece::counted).collect();
    understood(&pieces, asked, filler)?;
    if pieces.windows(3).any(|three| matches!(three, [Piece::Number(_), Piece::Mark('+' | '/' | '='), Piece::Number(_)])) {
        return Err("it is a calculation".to_owned());
    }
    if let Some(word) = pieces.windows(2).find_map(|two| if let [Piece::Word(word), Piece::Number(_)] = two { lessens(word).then_some(word) } else { None }) {
        return Err(format!("`{word}` may change what it says"));
    }
    let is_choice = |number: &Finite| asked.choices.iter().any(|choice| Tolerance::ROUNDING.accepts(*number, *choice));
    let (mut among, mut others) = (Vec::new(), Vec::new());
    for (at, digits) in pieces.iter().enumerate().filter_map(|(at, piece)| if let Piece::Number(digits) = piece { Some((at, digits)) } else { None }) {
        if measured(&pieces, at, asked, filler) {
            continue;
        }
        let read = readings(digits, asked.count > 1).ok_or_else(|| format!("`{digits}` can be read in two ways"))?;
        for number in read {
            if is_choice(&number) {
                among.push(number);
            } else if digits.starts_with('-') && Finite::new(-number.get()).is_ok_and(|positive| is_choice(&positive)) {
                return Err(format!("`{digits}` can be read in two ways"));
            } else if !asked.own.iter().any(|own| is_rounded(digits, number, *own)) {
                others.push(number);
            }
        }
    }
    let mut different: Vec<Finite> = Vec::new();
    for number in among.iter().chain(&others) {
        if !different.iter().any(|known| Tolerance::ROUNDING.accepts(*number, *known)) {
            different.push(*number);
        }
    }
    match (among.is_empty(), others.is_empty()) {
        (true, true) => Err("it gives no number".to_owned()),
        (false, false) => Err("it gives several numbers".to_owned()),
        _ if different.len() != asked.count => {
            let wanted = if asked.count == 1 { "one number".to_owned() } else { format!("{} different numbers", asked.count) };
            Err(format!("it does not give exactly {wanted}"))
        }
        _ => Ok(different),
    }
}

/// Whether every word is one that changes nothing.
fn understood(pieces: &[Piece], asked: &Asked<'_>, filler: &Filler) -> Result<(), String> {
    let (mut degrees, mut repeats, mut at) = (Vec::new(), false, 0);
    while at < pieces.len() {
        if let Some(length) = setting(&pieces[at..]) {
            at += length;
            continue;
        }
        match &pieces[at] {
            Piece::Word(word) => match filler.of(word) {
                Use::Plain => {}
                Use::Degree => degrees.push(word.clone()),
                Use::OfTheQuestion => repeats = true,
                Use::Unknown => return Err(format!("`{word}` may change what it says")),
            },
            Piece::Other(sign) => return Err(format!("`{sign}` may change what it says")),
            Piece::Number(_) | Piece::Mark(_) => {}
        }
        at += 1;
    }
    if repeats && !asked.derived && !filler.is_repeated_whole(&degrees) {
        return Err("it repeats a part of the question".to_owned());
    }
    Ok(())
}

/// How many pieces the name of a setting such as `max_depth` takes, if they begin with one.
pub(super) fn setting(pieces: &[Piece]) -> Option<usize> {
    let mut name = String::new();
    for (at, piece) in pieces.iter().take(7).enumerate() {
        match piece {
            Piece::Word(word) => name.push_str(word),
            Piece::Mark('_' | '-') if at > 0 => continue,
            _ => return None,
        }
        if is_among(SETTINGS, &name) {
            return Some(at + 1);
        }
    }
    None
}

/// Whether the number at `at` is of something measured: "RMSE 3.67", "0.97 accuracy", "98 %".
fn measured(pieces: &[Piece], at: usize, asked: &Asked<'_>, filler: &Filler) -> bool {
    let is_break = |piece: &Piece| match piece {
        Piece::Word(word) => breaks(word),
        Piece::Number(_) => true,
        Piece::Mark(mark) => matches!(mark, ',' | ';' | '(' | ')' | '[' | ']' | '\n' | '→'),
        Piece::Other(_) => false,
    };
    let words = |piece: &&Piece| matches!(piece, Piece::Word(_));
    let measures = |piece: &Piece| matches!(piece, Piece::Word(word) if filler.is_measure(word, asked.derived));
    if pieces.get(at + 1) == Some(&Piece::Mark('%')) {
        return true;
    }
    let before = pieces[..at].iter().rev().take_while(|piece| !is_break(piece));
    if before.clone().any(measures) {
        return true;
    }
    // What follows tells only if nothing stands before: "3.67 RMSE", and not "depth 4 - RMSE 3.67".
    let ends = |piece: &Piece| is_break(piece) || matches!(piece, Piece::Mark(':' | '-' | '.' | '='));
    before.filter(words).count() == 0 && pieces[at + 1..].iter().take_while(|piece| !ends(piece)).any(measures)
}

/// Whether `digits` is `exact`, rounded to two digits or more.
fn is_rounded(digits: &str, number: Finite, exact: Finite) -> bool {
    let decimals = digits.split_once(['.', ',']).map_or(0, |(_, decimals)| decimals.len());
    let all = digits.chars().filter(char::is_ascii_digit).skip_while(|c| *c == '0').count();
    let half = 0.500_001 * 10_f64.powi(-i32::try_from(decimals).unwrap_or(i32::MAX));
    all >= 2 && Tolerance { absolute: half, relative: 0.0 }.accepts(number, exact)
}
