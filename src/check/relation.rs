//! Numbers that belong together: what a stated number must be by the student's own other numbers.

use toml::Spanned;
use toml::de::DeValue;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::name::list;
use crate::domain::number::{Finite, significant};
use crate::domain::quantity::Quantity;
use crate::domain::rounding::Interval;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Absent;

use super::units::UnitGroup;
use super::{Case, Need, Stop, settings};

/// How far a value of a curve and the same value measured once more may lie apart.
const MEASURED_AGAIN: f64 = 1e-3;

/// What some numbers must be, by name.
#[derive(Debug, Default)]
pub(super) struct Relations(Vec<Relation>);

#[derive(Debug)]
struct Relation {
    name: String,
    term: Term,
}

/// A value made of the student's own numbers.
#[derive(Debug, Clone, PartialEq)]
enum Term {
    Constant(Finite),
    Number(String),
    Of(Pick, Source),
    OneOf(Vec<String>),
    Two(Joint, Box<[Term; 2]>),
}

/// One value of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pick {
    First,
    Last,
    Least,
    Greatest,
    Mean,
    Sum,
    Place(usize),
}

/// Several values.
#[derive(Debug, Clone, PartialEq)]
enum Source {
    Series(String),
    Numbers(Vec<String>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Ratio,
    Difference,
}

const PICKS: [(&str, Pick); 6] =
    [("first", Pick::First), ("last", Pick::Last), ("least", Pick::Least), ("greatest", Pick::Greatest), ("mean", Pick::Mean), ("sum", Pick::Sum)];

const WAYS: &str = "`first`, `last`, `least`, `greatest`, `mean`, `sum`, `place` with `of`, `one_of`, `ratio` or `difference`";

impl Relations {
    /// The table `is`; each of its keys is one of the `known` names.
    pub(super) fn read(fields: &mut Fields<'_>, known: &[Spanned<String>]) -> Self {
        let Some(value) = fields.take("is") else { return Self::default() };
        let span = value.span();
        let DeValue::Table(table) = value.into_inner() else {
            fields.fault(Code::WrongType, span, "`is` is a table by the number's name, such as is.\"best.val_loss\" = { least = \"val_loss\" }");
            return Self::default();
        };
        let mut relations = Vec::new();
        for (name, value) in table {
            if !known.iter().any(|known| known.get_ref() == name.get_ref()) {
                let message = format!(
                    "`is` speaks of `{}`, which this item does not judge: it judges {}",
                    name.get_ref(),
                    list(known.iter().map(|name| name.get_ref().as_str()))
                );
                fields.fault(Code::BadValue, name.span(), message);
            }
            let (name, span) = (name.get_ref().to_string(), value.span());
            if let Some(term) = read_term(fields, value) {
                if term.names().contains(&name.as_str()) {
                    fields.fault(Code::BadValue, span, format!("`{name}` is said to be made of itself"));
                }
                relations.push(Relation { name, term });
            }
        }
        relations.sort_by(|a, b| a.name.cmp(&b.name));
        Self(relations)
    }

    /// Whether nothing is said of any number.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What else the numbers are held against.
    pub(super) fn needs(&self) -> impl Iterator<Item = Need<'_>> {
        self.0.iter().flat_map(|relation| relation.term.names()).map(Need::Evidence)
    }

    /// The numbers that are in one unit, since one is said to be made of the others.
    pub(super) fn unit_groups(&self) -> impl Iterator<Item = UnitGroup<'_>> {
        self.0.iter().filter_map(|relation| relation.term.unit_group(&relation.name))
    }

    /// Holds the number stated as `name` against the others: what they say it is, if anything is said of it, or a finding if it is not.
    pub(super) fn settle(&self, name: &str, stated: Finite, case: &Case<'_>) -> Result<Option<Interval>, Stop> {
        let Some(relation) = self.0.iter().find(|relation| relation.name == name) else { return Ok(None) };
        if let Term::OneOf(names) = &relation.term {
            return relation.none_of(names, stated, case).map_or(Ok(None), |finding| Err(finding.into()));
        }
        match relation.term.value(case) {
            Ok(meant) if meant.meets(Interval::of(stated)) => Ok(Some(meant)),
            Ok(meant) => Err(Stop::from(match relation.term.absent_beyond(meant, stated, case) {
                Some(absent) => relation.unsettled(stated, absent.into()),
                None => relation.contradiction(stated, meant, case),
            })),
            Err(stop) => Err(relation.unsettled(stated, stop).into()),
        }
    }
}

impl Relation {
    fn contradiction(&self, stated: Finite, meant: Interval, case: &Case<'_>) -> Finding {
        let (name, words, value) = (&self.name, self.term.words(), significant(meant.value(), 5));
        let mix_up = self.term.mix_ups().into_iter().find(|other| other.value(case).is_ok_and(|value| value.meets(Interval::of(stated))));
        let mix_up = mix_up.map(|other| format!("; {stated} is {}", other.words())).unwrap_or_default();
        let sentence = format!("{name} says {stated}, but by your own numbers {words} is {value}{mix_up}");
        Finding::open(Verdict::Contradicted, sentence).expected(Quantity::computed(meant.value())).actual(stated)
    }

    /// A finding, if the number is none of those stated as `names`, in whichever unit. There may be another one that is not stated, so a
    /// person looks.
    fn none_of(&self, names: &[String], stated: Finite, case: &Case<'_>) -> Option<Finding> {
        let hundredfold = Interval::exact(100.0);
        let is_stated = |other: Interval| {
            let stated = Interval::of(stated);
            other.meets(stated) || other.over(hundredfold).meets(stated) || other.meets(stated.over(hundredfold))
        };
        match Source::Numbers(names.to_vec()).values(case) {
            Ok((values, _)) if values.iter().copied().any(is_stated) => None,
            Ok((values, None)) => {
                let shown: Vec<String> = values.iter().map(|value| significant(value.value(), 5)).collect();
                let names = list(names.iter().map(String::as_str));
                let sentence = format!("{} says {stated}, which is none of {names} ({}): of what is it, then?", self.name, shown.join(", "));
                Some(Finding::open(Verdict::NeedsReview, sentence).actual(stated).urgent())
            }
            Ok((_, Some(absent))) => Some(self.unsettled(stated, absent.into())),
            Err(stop) => Some(self.unsettled(stated, stop)),
        }
    }

    /// What the number is made of is not there or cannot be read: a person decides what it is worth alone.
    fn unsettled(&self, stated: Finite, stop: Stop) -> Finding {
        let why = stop.into_finding();
        let sentence = format!("{} = {stated} cannot be held against {}: {}", self.name, self.term.words(), why.advice);
        let verdict = if why.verdict == Verdict::Broken { Verdict::Broken } else { Verdict::NeedsReview };
        Finding::open(verdict, sentence).actual(stated)
    }
}

impl Term {
    fn value(&self, case: &Case<'_>) -> Result<Interval, Stop> {
        match self {
            Self::Constant(number) => Ok(Interval::exact(number.get())),
            Self::Number(name) => Ok(Interval::of(case.student.number(name)?.number)),
            Self::Of(pick, source) => pick.value(source, case),
            Self::OneOf(names) => Pick::Greatest.value(&Source::Numbers(names.clone()), case),
            Self::Two(joint, terms) => {
                let (left, right) = (terms[0].value(case)?, terms[1].value(case)?);
                Ok(if *joint == Joint::Ratio { left.over(right) } else { left.less(right) })
            }
        }
    }

    /// Why a number is not there that may have been the least or the greatest, if `stated` lies beyond those that are.
    fn absent_beyond(&self, meant: Interval, stated: Finite, case: &Case<'_>) -> Option<Absent> {
        let Self::Of(pick, source) = self else { return None };
        let is_beyond = match pick {
            Pick::Least => stated.get() < meant.value(),
            Pick::Greatest => stated.get() > meant.value(),
            _ => false,
        };
        source.values(case).ok().filter(|_| is_beyond)?.1
    }

    /// In words: "the last of `mnist.sgd.val_loss`".
    fn words(&self) -> String {
        match self {
            Self::Constant(number) => number.to_string(),
            Self::Number(name) => name.clone(),
            Self::Of(Pick::Place(place), source) => format!("value {place} of {}", source.words()),
            Self::Of(pick, source) => {
                let word = PICKS.iter().find(|(_, other)| other == pick).map_or("", |(word, _)| word);
                format!("the {word} of {}", source.words())
            }
            Self::OneOf(names) => format!("one of {}", list(names.iter().map(String::as_str))),
            Self::Two(Joint::Ratio, terms) => format!("{} divided by {}", terms[0].words(), terms[1].words()),
            Self::Two(Joint::Difference, terms) => format!("{} minus {}", terms[0].words(), terms[1].words()),
        }
    }

    fn names(&self) -> Vec<&str> {
        match self {
            Self::Constant(_) => Vec::new(),
            Self::Number(name) | Self::Of(_, Source::Series(name)) => vec![name],
            Self::Of(_, Source::Numbers(names)) | Self::OneOf(names) => names.iter().map(String::as_str).collect(),
            Self::Two(_, terms) => terms.iter().flat_map(Self::names).collect(),
        }
    }

    /// The number `name` with those of its unit that it is made of; a ratio has a unit of its own.
    fn unit_group<'a>(&'a self, name: &'a str) -> Option<UnitGroup<'a>> {
        match self {
            Self::Constant(_) | Self::Two(Joint::Ratio, _) => None,
            Self::Of(Pick::First | Pick::Last | Pick::Least | Pick::Greatest | Pick::Place(_), Source::Series(series)) => {
                Some(UnitGroup { unit: None, names: vec![series, name], of_series: true })
            }
            Self::Number(_) | Self::OneOf(_) | Self::Of(..) | Self::Two(Joint::Difference, _) => {
                Some(UnitGroup::asked(None, std::iter::once(name).chain(self.names())))
            }
        }
    }

    /// What people state by mistake in its place.
    fn mix_ups(&self) -> Vec<Self> {
        match self {
            Self::Of(pick, source) => PICKS.iter().filter(|(_, other)| other != pick).map(|(_, other)| Self::Of(*other, source.clone())).collect(),
            Self::Two(joint, terms) => {
                let [left, right] = terms.as_ref();
                let turned = Self::Two(*joint, Box::new([right.clone(), left.clone()]));
                [turned, left.clone(), right.clone()].into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Pick {
    fn value(self, source: &Source, case: &Case<'_>) -> Result<Interval, Stop> {
        let (values, absent) = source.values(case)?;
        let picked = match self {
            Self::First => values.first().copied(),
            Self::Last => values.last().copied(),
            Self::Least => Interval::least(&values),
            Self::Greatest => Interval::greatest(&values),
            Self::Mean => Interval::mean(&values),
            Self::Sum => Interval::sum(&values),
            Self::Place(place) => place.checked_sub(1).and_then(|i| values.get(i)).copied(),
        };
        let picked = picked.ok_or_else(|| Finding::open(Verdict::Fail, format!("{} has {} values", source.words(), values.len())))?;
        match (self, absent) {
            (Self::Least | Self::Greatest, _) | (_, None) => Ok(picked),
            (_, Some(absent)) => Err(absent.into()),
        }
    }
}

impl Source {
    /// The values that are there, and why the first of the others is not. At least one is there.
    fn values(&self, case: &Case<'_>) -> Result<(Vec<Interval>, Option<Absent>), Stop> {
        match self {
            Self::Series(name) => {
                let series = Interval::of_series(&case.student.series(name)?);
                Ok((series.into_iter().map(|value| value.widened(MEASURED_AGAIN)).collect(), None))
            }
            Self::Numbers(names) => {
                let (mut values, mut absent) = (Vec::new(), None);
                for name in names {
                    match case.student.number(name) {
                        Ok(stated) => values.push(Interval::of(stated.number)),
                        Err(why) => absent = absent.or(Some(why)),
                    }
                }
                match absent {
                    Some(absent) if values.is_empty() => Err(absent.into()),
                    absent => Ok((values, absent)),
                }
            }
        }
    }

    fn words(&self) -> String {
        match self {
            Self::Series(name) => name.clone(),
            Self::Numbers(names) => list(names.iter().map(String::as_str)),
        }
    }
}

fn read_term(fields: &mut Fields<'_>, value: Spanned<DeValue<'_>>) -> Option<Term> {
    let span = value.span();
    match value.into_inner() {
        DeValue::String(name) => Some(Term::Number(name.to_string())),
        DeValue::Integer(number) => constant(number.as_str()),
        DeValue::Float(number) => constant(number.as_str()),
        DeValue::Table(table) => {
            let mut inner = Fields::new("what a number `is`", table, span);
            let term = read_table(&mut inner);
            fields.absorb(inner);
            term
        }
        _ => {
            fields.fault(Code::WrongType, span, format!("what a number `is`: a table with {WAYS}; the name of a number, or a number"));
            None
        }
    }
}

fn constant(text: &str) -> Option<Term> {
    text.replace('_', "").parse().ok().map(Term::Constant)
}

fn read_table(fields: &mut Fields<'_>) -> Option<Term> {
    let mut terms: Vec<Option<Term>> = Vec::new();
    for (word, pick) in PICKS {
        if fields.has(word) {
            terms.push(read_source(fields, word).map(|source| Term::Of(pick, source)));
        }
    }
    if fields.has("one_of") {
        let names = settings::optional_names(fields, "one_of").unwrap_or_default();
        terms.push(Some(Term::OneOf(names.into_iter().map(Spanned::into_inner).collect())));
    }
    for (word, joint) in [("ratio", Joint::Ratio), ("difference", Joint::Difference)] {
        if fields.has(word) {
            terms.push(read_pair(fields, word).map(|pair| Term::Two(joint, Box::new(pair))));
        }
    }
    if fields.has("place") || fields.has("of") {
        let place = fields.required::<usize>("place");
        if let Some(place) = place.as_ref().filter(|place| *place.get_ref() == 0) {
            fields.fault(Code::BadValue, place.span(), "`place` counts from 1");
        }
        let of = if fields.has("of") { read_source(fields, "of") } else { fields.required::<String>("of").map(|_| Source::Numbers(Vec::new())) };
        terms.push(place.zip(of).map(|(place, source)| Term::Of(Pick::Place(place.into_inner()), source)));
    }
    if terms.len() == 1 {
        return terms.remove(0);
    }
    fields.fault(Code::MissingKey, fields.span(), format!("what a number `is`: one of {WAYS}"));
    None
}

fn read_source(fields: &mut Fields<'_>, key: &'static str) -> Option<Source> {
    let is_list = fields.peek(key).is_some_and(|value| matches!(value.get_ref(), DeValue::Array(_)));
    let mut names: Vec<String> = settings::optional_names(fields, key)?.into_iter().map(Spanned::into_inner).collect();
    if is_list || names.is_empty() { Some(Source::Numbers(names)).filter(|_| is_list) } else { Some(Source::Series(names.remove(0))) }
}

fn read_pair(fields: &mut Fields<'_>, key: &'static str) -> Option<[Term; 2]> {
    let value = fields.take(key)?;
    let span = value.span();
    let terms: Vec<Option<Term>> = match value.into_inner() {
        DeValue::Array(array) => array.into_iter().map(|value| read_term(fields, value)).collect(),
        _ => Vec::new(),
    };
    if terms.len() != 2 {
        fields.fault(Code::WrongType, span, format!("`{key}` is a list of two: [{{ first = \"norms\" }}, {{ last = \"norms\" }}]"));
        return None;
    }
    terms.into_iter().collect::<Option<Vec<_>>>()?.try_into().ok()
}
