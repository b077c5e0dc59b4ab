//! `check = "answer"`: a choice or number, given by the rubric or derived from the student's own series.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::name::list;
use crate::domain::number::Finite;
use crate::domain::quantity::Quantity;
use crate::domain::rounding::Rounding;
use crate::domain::tolerance::Tolerance;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::prose;

use super::request::{Request, RequestKind, with_known};
use super::units::UnitGroup;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course, settings};

mod choice;
mod derived;
mod filler;
mod names;
mod number;
mod select;
mod words;

use choice::Choices;
use derived::{Derived, Over, Stated};
use filler::{Filler, Toward};
use number::{Asked, numbers_in};
use select::Partial;

pub(super) const KIND: Kind = Kind {
    name: "answer",
    about: "\
Judges a short answer from answers.toml or answers.json: a choice, a number, or several choices.",
    keys: &[
        Key::new("answer", Type::Text, r#""best_depth""#, "The answer's name.").required(),
        Key::new("choices", Type::Texts, r#"["tree", "forest"]"#, "What it can be."),
        Key::new("also", Type::Table, r#"{ forest = ["bagged trees"] }"#, "Other names of a choice, beside those that the field has.").secret(),
        Key::new(
            "count",
            Type::Any,
            "2",
            "How many different choices it takes, for questions such as \"which two features?\"; every one chosen has to be among \
            `expect`. \"any\": as many as the student likes, also none (an empty list); all of `expect` and no other is right.",
        )
        .default("1"),
        Key::new(
            "partial",
            Type::Word(&["net", "each"]),
            r#""each""#,
            "With `count = \"any\"`: \"net\" gives (right ones named - wrong ones named) / right ones, at least 0; \"each\" gives every \
            choice that is rightly named or rightly left out its share. Without it, all or nothing.",
        ),
        Key::new(
            "expect",
            Type::Any,
            r#"{ argmin = "tree.val_rmse", over = "depths" }"#,
            "The right one, or a list of right ones; left out, every valid choice passes. Or derived from the student's own numbers, so \
            that a consistent reader gets the point: `argmin` or `argmax` of one series or of a list of numbers, `over` a series or a \
            list in the rubric; this form stays in the student's edition. Equal values are all right. A number that is missing or NaN is \
            passed over, as long as two others are stated and the answer names one of those.",
        )
        .secret(),
        Key::new("tolerance", Type::Tolerance, r#"{ relative = "2%" }"#, "How far a number may lie from `expect`.").secret(),
    ],
    more: "\
An answer is read as people write it: \"Random Forest\", \"RandomForestClassifier(n_estimators=100)\" and \"I chose the RF\"
are the choice `forest`, \"Bill Length (mm)\" is `bill_length_mm`, \"max_depth = 12 (RMSE 5.1)\" is 12. Each word of it must be
a choice, a word of the question, or one of a closed list of words that change nothing. Whatever else it says, a negation, two
choices where one is asked, a comparison, goes to a person and is never zero. A text that names just a wrong choice fails.
Without `choices` only the right text is known: another one goes to a person.

An `expect` that is not derived from the student's own numbers is not in the student's edition of a rubric, nor is `also`.",
    example: Example {
        item: "answer = \"best_depth\"\nexpect = { argmin = \"tree.val_rmse\", over = \"depths\" }",
        reference: "",
        passes: "best_depth = 4\ndepths = [2, 4, 8]\ntree.val_rmse = [4.3, 3.7, 4.4]",
        fails: "best_depth = 8\ndepths = [2, 4, 8]\ntree.val_rmse = [4.3, 3.7, 4.4]",
    },
    read,
};

#[derive(Debug)]
struct Answer {
    name: Spanned<String>,
    choices: Vec<String>,
    also: BTreeMap<String, Vec<String>>,
    count: Count,
    expect: Option<Expect>,
    tolerance: Option<Tolerance>,
}

/// How many choices an answer names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    /// So many different ones.
    Exactly(usize),
    /// As many as the student likes, and what a part of the right ones is worth.
    Any(Partial),
}

#[derive(Debug)]
enum Expect {
    Any(Vec<String>),
    Derived(Derived),
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let answer = fields.required::<String>("answer");
    let choices: Vec<String> = settings::optional_names(fields, "choices").unwrap_or_default().into_iter().map(Spanned::into_inner).collect();
    let count = select::read(fields);
    let fields_list = fields.peek("expect").map(|value| matches!(value.get_ref(), DeValue::Array(_)));
    let expect = read_expect(fields);
    let tolerance = fields.tolerance("tolerance");
    let also = read_also(fields, &choices, expect.as_ref());
    if let Some(Expect::Any(wanted)) = &expect
        && let Some(odd) = wanted.iter().find(|wanted| !choices.is_empty() && !choices.contains(wanted))
    {
        fields.fault(Code::BadValue, fields.span(), format!("`expect` wants `{odd}`, which is not among `choices`"));
    }
    if let (Edition::Course, Some(Expect::Any(wanted))) = (edition, &expect)
        && !choices.is_empty()
        && choices.iter().all(|choice| wanted.contains(choice))
    {
        let message = "`choices` has the right answers and no other, and students read it";
        fields.push(Diagnostic::warning(Code::OnlyRightChoices, message).at(fields.place("choices")).help("add the wrong ones".to_owned()));
    }
    if edition == Edition::Course && expect.is_none() && choices.is_empty() {
        fields.fault(Code::MissingKey, fields.span(), "an `answer` check needs `expect` or `choices`; for free text use `written`");
    }
    match (count, &expect) {
        (Count::Exactly(0), _) => fields.fault(Code::BadValue, fields.place("count"), "`count` is at least 1"),
        (Count::Exactly(2..), _) if choices.is_empty() => fields.fault(Code::BadValue, fields.place("count"), "`count` is more than 1 only with `choices`"),
        (Count::Exactly(_), Some(Expect::Any(wanted))) if wanted.is_empty() => {
            fields.fault(Code::BadValue, fields.place("expect"), "an empty `expect` needs `count = \"any\"`, with which nothing may be chosen");
        }
        (Count::Any(_), expect) => {
            let is_list = matches!(expect, Some(Expect::Any(_))) || (edition == Edition::Student && expect.is_none());
            if choices.is_empty() || !is_list || fields_list.is_some_and(|is_list| !is_list) {
                fields.fault(Code::BadValue, fields.place("count"), "`count = \"any\"` needs `choices` and a list for `expect`");
            }
        }
        _ => {}
    }
    let is_number = matches!(&expect, Some(Expect::Any(wanted)) if choices.is_empty() && wanted.iter().all(|wanted| wanted.parse::<Finite>().is_ok()));
    if tolerance.is_some() && !is_number {
        fields.fault(Code::BadValue, fields.place("tolerance"), "`tolerance` is for an `expect` that is a number");
    }
    Some(Box::new(Answer { name: answer?, choices, also, count, expect, tolerance }))
}

fn read_expect(fields: &mut Fields<'_>) -> Option<Expect> {
    let value = fields.take("expect")?;
    let span = value.span();
    if let DeValue::Table(table) = value.get_ref() {
        let mut inner = Fields::new("a derived `expect`", table.clone(), span);
        let least = settings::optional_names(&mut inner, "argmin").map(|of| (Toward::Least, of));
        let greatest = settings::optional_names(&mut inner, "argmax").map(|of| (Toward::Greatest, of));
        let over = read_over(&mut inner);
        if least.is_some() == greatest.is_some() {
            inner.fault(Code::MissingKey, inner.span(), "a derived `expect` needs either `argmin` or `argmax`");
        }
        fields.absorb(inner);
        let (toward, of) = least.or(greatest)?;
        return Some(Expect::Derived(Derived { toward, of, over: over? }));
    }
    let wanted = match value.get_ref() {
        DeValue::Array(items) => items.iter().map(|item| word(item.get_ref())).collect(),
        single => word(single).map(|word| vec![word]),
    };
    if wanted.is_none() {
        fields.fault(Code::WrongType, span, "`expect` is a text, a number, a list of them, or { argmin = …, over = … }");
    }
    wanted.map(Expect::Any)
}

fn read_over(fields: &mut Fields<'_>) -> Option<Over> {
    let Some(value) = fields.take("over") else {
        fields.fault(Code::MissingKey, fields.span(), "a derived `expect` needs `over`");
        return None;
    };
    match value.get_ref() {
        DeValue::String(name) => Some(Over::Series(name.to_string())),
        DeValue::Array(items) => items.iter().map(|item| word(item.get_ref())).collect::<Option<_>>().map(Over::Given),
        _ => {
            fields.fault(Code::WrongType, value.span(), "`over` is the name of a series or a list");
            None
        }
    }
}

fn word(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The names of choices beside those that the field has.
fn read_also(fields: &mut Fields<'_>, choices: &[String], expect: Option<&Expect>) -> BTreeMap<String, Vec<String>> {
    let Some(value) = fields.take("also") else { return BTreeMap::new() };
    let over = match expect {
        Some(Expect::Derived(Derived { over: Over::Given(places), .. })) => places.as_slice(),
        Some(Expect::Any(wanted)) => wanted.as_slice(),
        _ => &[],
    };
    let mut also = BTreeMap::new();
    let DeValue::Table(table) = value.get_ref() else {
        fields.fault(Code::WrongType, value.span(), "`also` is a table of choices with lists of names: { forest = [\"bagged trees\"] }");
        return also;
    };
    for (choice, names) in table {
        let listed = match names.get_ref() {
            DeValue::Array(names) => names.iter().map(|name| word(name.get_ref())).collect(),
            single => word(single).map(|name| vec![name]),
        };
        match listed {
            Some(_) if !choices.iter().chain(over).any(|known| known == choice.get_ref()) => {
                fields.fault(Code::BadValue, choice.span(), format!("`also` names `{}`, which is no choice", choice.get_ref()));
            }
            Some(listed) => drop(also.insert(choice.get_ref().to_string(), listed)),
            None => fields.fault(Code::WrongType, names.span(), "the other names of a choice are a text or a list of texts"),
        }
    }
    also
}

/// Words that change nothing about a number to which a tolerance is given.
const APPROXIMATELY: [&str; 7] = ["about", "around", "approximately", "approx", "roughly", "circa", "ca"];

/// What an answer can be.
enum Options {
    Numbers(Vec<Finite>),
    Words(Choices),
}

/// What was understood of an answer.
#[derive(Debug, Clone, PartialEq)]
enum Picked {
    /// The place among the options.
    Option(usize),
    /// A number that is none of them.
    Number(Finite),
}

impl Check for Answer {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let name = self.name.get_ref();
        if let Count::Any(partial) = self.count {
            return self.select(partial, case);
        }
        let given = case.student.texts(name)?;
        let said = given.join(", ");
        let review = |why: String| {
            Finding::open(Verdict::NeedsReview, format!("{name}: `{}` is for a person to read: {why}", shortened(&said))).actual(Quantity::parsed(&*said))
        };
        let stated = match &self.expect {
            Some(Expect::Derived(derived)) => Some((derived, derived.stated(case)?)),
            _ => None,
        };
        let options: &[String] = match (&stated, &self.expect) {
            (Some((_, stated)), _) => &stated.places,
            (None, Some(Expect::Any(wanted))) if self.choices.is_empty() => wanted,
            _ => &self.choices,
        };
        if options.is_empty() {
            return Ok(only_the_course(format!("{name}: `{}`", shortened(&said))));
        }
        let picked = match self.pick(&given, options, stated.as_ref(), case.title) {
            Ok(picked) => picked,
            Err(why) => return Ok(review(why)),
        };
        let shown: Vec<String> = picked.iter().map(|picked| picked.shown(options)).collect();
        Ok(match (&self.expect, &stated) {
            (_, Some((derived, stated))) => self.derived(derived, stated, &picked, &shown, &said),
            (Some(Expect::Any(wanted)), None) => {
                let right = picked.iter().all(|picked| wanted.iter().any(|wanted| picked.is_within(wanted, options, self.tolerance)));
                let verdict = if right { Verdict::Pass } else { Verdict::Fail };
                let reason = format!("{name}: `{said}`, expected {}", wanted.iter().map(|wanted| format!("`{wanted}`")).collect::<Vec<_>>().join(" or "));
                let advice = if right { format!("{name}: `{said}`") } else { format!("{name}: `{said}` is not what your own results should tell; look again") };
                Finding::new(verdict, reason, advice).expected(Quantity::parsed(wanted.join(" or "))).actual(Quantity::parsed(said))
            }
            (None | Some(Expect::Derived(_)), None) => {
                let finding = Finding::open(Verdict::Pass, format!("{name}: {}", list(shown.iter().map(String::as_str))));
                let secret = case.edition == Edition::Student && self.count == Count::Exactly(1);
                if secret { only_the_course(finding.reason) } else { finding }
            }
        })
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let mut needs = vec![Need::Answer(self.name.get_ref())];
        if let Some(Expect::Derived(Derived { of, over, .. })) = &self.expect {
            needs.extend(of.iter().map(|name| Need::Evidence(name.get_ref())));
            needs.extend(if let Over::Series(name) = over { Some(Need::Evidence(name)) } else { None });
        }
        needs
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        let several = !matches!(self.count, Count::Exactly(1));
        let answer = Request::new(self.name.get_ref(), RequestKind::Answer { choices: self.choices.clone(), several });
        with_known(self.needs(), vec![answer])
    }

    fn unit_groups(&self, _: &Case<'_>) -> Vec<UnitGroup<'_>> {
        let Some(Expect::Derived(Derived { of, .. })) = &self.expect else { return Vec::new() };
        vec![UnitGroup::asked(None, of.iter().map(|name| name.get_ref().as_str()))]
    }
}

impl Answer {
    /// Which of `options` was meant, or why a person has to look.
    fn pick(&self, given: &[String], options: &[String], stated: Option<&(&Derived, Stated)>, title: &str) -> Result<Vec<Picked>, String> {
        let mut names = Vec::new();
        let (toward, of) = stated.map_or((None, [].as_slice()), |(derived, _)| (Some(derived.toward), derived.of.as_slice()));
        // What a model's number is called is a name of that model.
        let mut also = self.also.clone();
        let of_places = of.iter().zip(options).filter(|_| of.len() == options.len());
        for (series, place) in of_places {
            also.entry(place.clone()).or_default().push(series.get_ref().clone());
            names.extend(words::words(series.get_ref()));
        }
        if self.tolerance.is_some() {
            names.extend(APPROXIMATELY.map(str::to_owned));
        }
        let (title, name) = (words::words(title), words::words(self.name.get_ref()));
        let filler = Filler::new(&title, &name, names, toward, self.expect.is_none());
        let marks: &[char] = if self.tolerance.is_some() { &['~', '≈', ' '] } else { &[] };
        let texts: Vec<String> = given.iter().map(|text| prose::answer(text).trim_start_matches(marks).to_owned()).collect();
        match Options::of(options, &also) {
            Options::Words(choices) => {
                let picked = choices.pick(&texts, &filler, self.count.exactly());
                // Without choices, the right ones are not listed.
                let is_open = !self.choices.is_empty() || stated.is_some();
                picked.map(|picked| picked.into_iter().map(Picked::Option).collect()).map_err(|why| why.sentence(is_open.then(|| choices.listed()).as_deref()))
            }
            Options::Numbers(choices) => {
                if let ([only], true) = (texts.as_slice(), self.count == Count::Exactly(1))
                    && let Some(place) =
                        options.iter().position(|place| also.get(place).is_some_and(|names| names.iter().any(|name| name.eq_ignore_ascii_case(only))))
                {
                    return Ok(vec![Picked::Option(place)]);
                }
                let own = stated.map(|(_, stated)| stated.own()).unwrap_or_default();
                let asked = Asked { choices: &choices, count: self.count.exactly().unwrap_or(1), derived: stated.is_some(), own: &own };
                let numbers = numbers_in(&texts.join("\n"), &asked, &filler)?;
                let place = |number: Finite| choices.iter().position(|choice| Tolerance::ROUNDING.accepts(number, *choice));
                Ok(numbers.into_iter().map(|number| place(number).map_or(Picked::Number(number), Picked::Option)).collect())
            }
        }
    }

    /// The finding where the right answer is derived from what the student states.
    fn derived(&self, derived: &Derived, stated: &Stated, picked: &[Picked], shown: &[String], said: &str) -> Finding {
        let name = self.name.get_ref();
        let best: Vec<&str> = stated.best().into_iter().map(|at| stated.places[at].as_str()).collect();
        let is_right = picked.iter().all(|picked| best.iter().any(|best| picked.is(best, &stated.places)));
        let (gaps, shown) = (stated.gaps(), shown.join(", "));
        let read = if shown.eq_ignore_ascii_case(said.trim()) { String::new() } else { format!(" (read as {shown})") };
        let computed = derived.words();
        let open = |verdict, sentence: String| Finding::open(verdict, sentence).expected(Quantity::parsed(best.join(" or "))).actual(Quantity::parsed(said));
        let unknown = picked.iter().find_map(|picked| if let Picked::Option(place) = picked { (!stated.is_known(*place)).then_some(*place) } else { None });
        if let Some(place) = unknown {
            return open(
                Verdict::NeedsReview,
                format!("{name}: you say {said}{read}, but no number is stated for {}, so a person has to look", stated.places[place]),
            );
        }
        if !gaps.is_empty() && stated.known() < 2 {
            return open(Verdict::NeedsReview, format!("{name}: you say {said}{read}, but only one number is stated of {computed}, so a person has to look"));
        }
        let without = if gaps.is_empty() { String::new() } else { format!("; no number for {}", gaps.join(", ")) };
        match (is_right, stated.borrowed) {
            (true, false) => open(Verdict::Pass, format!("{name}: you say {said}{read}, as your own numbers say ({computed}{without})")),
            (true, true) => {
                open(Verdict::Pass, format!("{name}: you say {said}{read}, as your own numbers say at the places that are asked ({computed}{without})"))
            }
            (false, true) => open(
                Verdict::NeedsReview,
                format!("{name}: you say {said}{read}, but not at which places your numbers are ({computed}), so a person has to look"),
            ),
            (false, false) => {
                open(Verdict::Fail, format!("{name}: you say {said}{read}, but by your own numbers it is {} ({computed}{without})", best.join(" or ")))
            }
        }
    }
}

impl Options {
    fn of(options: &[String], also: &BTreeMap<String, Vec<String>>) -> Self {
        let numbers: Option<Vec<Finite>> = options.iter().map(|option| option.parse().ok()).collect();
        numbers.map_or_else(|| Self::Words(Choices::new(options, also)), Self::Numbers)
    }
}

impl Picked {
    fn shown(&self, options: &[String]) -> String {
        match self {
            Self::Option(place) => options[*place].clone(),
            Self::Number(number) => number.get().to_string(),
        }
    }

    /// Whether it is the right answer `wanted`, or a number within the tolerance of it.
    fn is_within(&self, wanted: &str, options: &[String], tolerance: Option<Tolerance>) -> bool {
        match (self, wanted.parse::<Finite>(), tolerance) {
            (Self::Number(picked), Ok(wanted), Some(tolerance)) => tolerance.accepts_rounded(*picked, wanted, Rounding::of(*picked)),
            _ => self.is(wanted, options),
        }
    }

    /// Whether it is the right answer `wanted`.
    fn is(&self, wanted: &str, options: &[String]) -> bool {
        let number = |text: &str| text.parse::<Finite>().ok();
        match (self, number(wanted)) {
            (Self::Number(picked), Some(wanted)) => Tolerance::ROUNDING.accepts(*picked, wanted),
            (Self::Option(place), Some(wanted)) => number(&options[*place]).is_some_and(|picked| Tolerance::ROUNDING.accepts(picked, wanted)),
            (Self::Option(place), None) => options[*place] == wanted,
            (Self::Number(_), None) => false,
        }
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() > 60 { format!("{}…", text.chars().take(60).collect::<String>()) } else { text.to_owned() }
}

#[cfg(test)]
mod tests;
