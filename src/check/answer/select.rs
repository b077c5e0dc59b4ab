//! Selecting all that apply: `count = "any"`, with what a part of it is worth.

use toml::de::DeValue;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::name::list;
use crate::domain::points::Fraction;
use crate::domain::quantity::Quantity;
use crate::domain::value::Value;
use crate::domain::verdict::{Finding, Verdict};

use super::{Answer, Case, Count, Edition, Expect, Picked, Stop, only_the_course, shortened};

/// What a part of the right choices is worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Partial {
    /// Nothing.
    #[default]
    None,
    /// The right ones named less the wrong ones named, of the right ones.
    Net,
    /// The choices rightly named or rightly left out, of all choices.
    Each,
}

/// `count`, a number or "any", and `partial` with it.
pub(super) fn read(fields: &mut Fields<'_>) -> Count {
    let is_any = matches!(fields.peek("count").map(toml::Spanned::get_ref), Some(DeValue::String(_)));
    let any = if is_any { fields.word("count", &[("any", ())]) } else { None };
    let count = if is_any { None } else { fields.optional::<usize>("count").map(toml::Spanned::into_inner) };
    let partial = fields.word("partial", &[("net", Partial::Net), ("each", Partial::Each)]);
    if partial.is_some() && !is_any {
        fields.fault(Code::BadValue, fields.place("partial"), "`partial` needs `count = \"any\"`");
    }
    match (any, count) {
        (Some(()), _) => Count::Any(partial.unwrap_or_default()),
        (None, count) => Count::Exactly(count.unwrap_or(1)),
    }
}

impl Count {
    /// How many different choices are asked for; `None` if as many as the student likes.
    pub(super) fn exactly(self) -> Option<usize> {
        if let Self::Exactly(count) = self { Some(count) } else { None }
    }
}

/// What people write for no choice at all.
const NONE: [&str; 8] = ["none", "none of them", "none of these", "none of the above", "nothing", "no choice", "[]", "{}"];

impl Partial {
    /// What an answer is worth that names `named` of `choices`, of which `right` should be.
    fn worth(self, named: &[usize], right: &[usize], choices: usize) -> Fraction {
        let hits = named.iter().filter(|choice| right.contains(choice)).count();
        let (wrong, missed) = (named.len() - hits, right.len() - hits);
        match self {
            _ if wrong == 0 && missed == 0 => Fraction::ALL,
            Self::None => Fraction::NOTHING,
            Self::Net if right.is_empty() => Fraction::NOTHING,
            Self::Net => Fraction::new(hits.saturating_sub(wrong), right.len()),
            Self::Each => Fraction::new(choices.saturating_sub(wrong + missed), choices),
        }
    }
}

impl Answer {
    /// The finding of an answer that names any number of choices.
    pub(super) fn select(&self, partial: Partial, case: &Case<'_>) -> Result<Finding, Stop> {
        let name = self.name.get_ref();
        let chooses_nothing = matches!(case.student.value(name), Ok((Value::List(values), _)) if values.is_empty());
        let given = if chooses_nothing { Vec::new() } else { case.student.texts(name)? };
        let said = given.join(", ");
        let says_none = |text: &String| NONE.contains(&text.trim().trim_end_matches('.').to_lowercase().as_str()) && !self.choices.contains(text);
        let named = if given.iter().all(says_none) {
            Vec::new()
        } else {
            match self.pick(&given, &self.choices, None, case.title) {
                Ok(picked) => picked.into_iter().filter_map(|picked| picked.place(&self.choices)).collect(),
                Err(why) => {
                    let sentence = format!("{name}: `{}` is for a person to read: {why}", shortened(&said));
                    return Ok(Finding::open(Verdict::NeedsReview, sentence).actual(Quantity::parsed(said)));
                }
            }
        };
        let words = |places: &[usize]| {
            let known = places.iter().filter_map(|&place| self.choices.get(place)).map(String::as_str);
            if places.is_empty() { "none".to_owned() } else { list(known) }
        };
        let stated = format!("{name}: {}", words(&named));
        let Some(Expect::Any(wanted)) = &self.expect else {
            return Ok(if case.edition == Edition::Student { only_the_course(stated) } else { Finding::open(Verdict::Pass, stated) });
        };
        let right: Vec<usize> = (0..self.choices.len()).filter(|&place| wanted.contains(&self.choices[place])).collect();
        let worth = partial.worth(&named, &right, self.choices.len());
        let hits = named.iter().filter(|choice| right.contains(choice)).count();
        let (wrong, missed) = (named.len() - hits, right.len() - hits);
        let reason = format!("{stated}; right are {}: {wrong} wrongly named, {missed} left out", words(&right));
        let advice = if worth.is_all() { stated } else { format!("{stated}: that is not all of them and no other; look again at each") };
        Ok(Finding::new(Verdict::of(worth), reason, advice).expected(Quantity::parsed(words(&right))).actual(Quantity::parsed(said)))
    }
}

impl Picked {
    /// The place among `choices`.
    fn place(&self, choices: &[String]) -> Option<usize> {
        match self {
            Self::Option(place) => Some(*place),
            Self::Number(_) => choices.iter().position(|choice| self.is(choice, choices)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_worth_what_the_rubric_says() {
        // Of a, b, c, d, e the right ones are a, c, e.
        let right = [0, 2, 4];
        for (named, net, each) in [
            (vec![0, 2, 4], (3, 3), (5, 5)),
            // All five: two are wrong.
            (vec![0, 1, 2, 3, 4], (1, 3), (3, 5)),
            (vec![0], (1, 3), (3, 5)),
            (vec![1, 3], (0, 3), (0, 5)),
            (vec![], (0, 3), (2, 5)),
        ] {
            assert_eq!(Partial::Net.worth(&named, &right, 5), fraction(net), "net {named:?}");
            assert_eq!(Partial::Each.worth(&named, &right, 5), fraction(each), "each {named:?}");
            assert_eq!(Partial::None.worth(&named, &right, 5).is_all(), named == right, "{named:?}");
        }
        assert_eq!((Partial::Net.worth(&[], &[], 3), Partial::Net.worth(&[1], &[], 3)), (Fraction::ALL, Fraction::NOTHING));
    }

    fn fraction((part, whole): (usize, usize)) -> Fraction {
        if part == whole { Fraction::ALL } else { Fraction::new(part, whole) }
    }
}
