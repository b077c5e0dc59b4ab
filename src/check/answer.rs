//! `check = "answer"`: a choice or number, given by the rubric or derived from the student's own series.

use toml::Spanned;
use toml::de::DeValue;

use crate::domain::diagnostic::Code;
use crate::domain::fields::Fields;
use crate::domain::name::list;
use crate::domain::number::Finite;
use crate::domain::tolerance::{Tolerance, argmax, argmin};
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Found;
use crate::evidence::value::Value;

use super::units::Quantity;
use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course, settings};

pub(super) const KIND: Kind = Kind {
    name: "answer",
    doc: "\
Judges a short answer from answers.toml or answers.json: a choice, a number, or several choices.

  answer     the answer's name
  choices    [\"tree\", \"forest\"]: what it can be; a text that names just one of them counts as that one,
             and one that cannot be matched goes to a person, never to zero
  count      how many different choices it takes (default 1), for questions such as \"which two features?\"
  expect     the right one, or a list of right ones; left out, every valid choice passes
  expect     { argmin = \"tree.val_rmse\", over = \"depths\" }: derived from the student's own numbers, so that a
             consistent reader gets the point. `argmin` or `argmax` of one series or of a list of numbers,
             `over` a series or a list in the rubric. Equal values are all right.

An `expect` that is not derived from the student's own numbers is not in the student's edition of a rubric.",
    example: Example {
        item: "answer = \"best_depth\"\nexpect = { argmin = \"tree.val_rmse\", over = \"depths\" }",
        reference: "",
        passes: "best_depth = 4\ndepths = [2, 4, 8]\ntree.val_rmse = [4.3, 3.7, 4.4]",
        fails: "best_depth = 8\ndepths = [2, 4, 8]\ntree.val_rmse = [4.3, 3.7, 4.4]",
    },
    secret: &["expect"],
    read,
};

#[derive(Debug)]
struct Answer {
    name: Spanned<String>,
    choices: Vec<String>,
    count: usize,
    expect: Option<Expect>,
}

#[derive(Debug)]
enum Expect {
    Any(Vec<String>),
    Derived { extreme: Extreme, of: Vec<Spanned<String>>, over: Over },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extreme {
    Least,
    Greatest,
}

#[derive(Debug)]
enum Over {
    Series(String),
    Given(Vec<String>),
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let answer = fields.required::<String>("answer");
    let choices: Vec<String> = settings::optional_names(fields, "choices").unwrap_or_default().into_iter().map(Spanned::into_inner).collect();
    let count = fields.optional::<usize>("count").map_or(1, Spanned::into_inner);
    let expect = read_expect(fields);
    if let Some(Expect::Any(wanted)) = &expect
        && let Some(odd) = wanted.iter().find(|wanted| !choices.is_empty() && !choices.contains(wanted))
    {
        fields.fault(Code::BadValue, fields.span(), format!("`expect` wants `{odd}`, which is not among `choices`"));
    }
    if edition == Edition::Course && expect.is_none() && choices.is_empty() {
        fields.fault(Code::MissingKey, fields.span(), "an `answer` check needs `expect` or `choices`; for free text use `written`");
    }
    if count == 0 || (count > 1 && choices.is_empty()) {
        fields.fault(Code::BadValue, fields.span(), "`count` is at least 1, and more than 1 only with `choices`");
    }
    Some(Box::new(Answer { name: answer?, choices, count, expect }))
}

fn read_expect(fields: &mut Fields<'_>) -> Option<Expect> {
    let value = fields.take("expect")?;
    let span = value.span();
    if let DeValue::Table(table) = value.get_ref() {
        let mut inner = Fields::new("a derived `expect`", table.clone(), span);
        let least = settings::optional_names(&mut inner, "argmin").map(|of| (Extreme::Least, of));
        let greatest = settings::optional_names(&mut inner, "argmax").map(|of| (Extreme::Greatest, of));
        let over = read_over(&mut inner);
        if least.is_some() == greatest.is_some() {
            inner.fault(Code::MissingKey, inner.span(), "a derived `expect` needs either `argmin` or `argmax`");
        }
        fields.absorb(inner);
        let (extreme, of) = least.or(greatest)?;
        return Some(Expect::Derived { extreme, of, over: over? });
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

impl Check for Answer {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let name = self.name.get_ref();
        let given = case.student.texts(name)?;
        let said = given.join(", ");
        let chosen = match self.choose(&given) {
            Ok(chosen) => chosen,
            Err(sentence) => return Ok(Finding::open(Verdict::NeedsReview, format!("{name}: `{}` {sentence}", shortened(&said))).actual(said)),
        };
        let Some(expect) = &self.expect else {
            let finding = Finding::open(Verdict::Pass, format!("{name}: {}", list(chosen.iter().map(String::as_str))));
            let secret = case.edition == Edition::Student && self.count == 1;
            return Ok(if secret { only_the_course(finding.reason) } else { finding });
        };
        Ok(match expect {
            Expect::Any(wanted) => {
                let right = chosen.iter().all(|chosen| wanted.iter().any(|wanted| same(chosen, wanted)));
                let verdict = if right { Verdict::Pass } else { Verdict::Fail };
                let reason = format!("{name}: `{said}`, expected {}", wanted.iter().map(|wanted| format!("`{wanted}`")).collect::<Vec<_>>().join(" or "));
                let advice = if right { format!("{name}: `{said}`") } else { format!("{name}: `{said}` is not what your own results should tell; look again") };
                Finding::new(verdict, reason, advice).expected(wanted.join(" or "))
            }
            Expect::Derived { extreme, of, over } => {
                let best = derive(*extreme, of, over, case)?;
                let right = best.iter().any(|best| same(&said, best));
                let word = if *extreme == Extreme::Least { "least" } else { "greatest" };
                let what = list(of.iter().map(|name| name.get_ref().as_str()));
                let (verdict, joint) = if right { (Verdict::Pass, "as your own numbers say") } else { (Verdict::Fail, "but by your own numbers it is") };
                let told = if right { String::new() } else { format!(" {}", best.join(" or ")) };
                Finding::open(verdict, format!("{name}: you say {said}, {joint}{told} ({word} of {what})")).expected(best.join(" or "))
            }
        }
        .actual(said))
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let mut needs = vec![Need::Answer(self.name.get_ref())];
        if let Some(Expect::Derived { of, over, .. }) = &self.expect {
            needs.extend(of.iter().map(|name| Need::Evidence(name.get_ref())));
            needs.extend(if let Over::Series(name) = over { Some(Need::Evidence(name)) } else { None });
        }
        needs
    }

    fn quantities(&self, _: &Case<'_>) -> Vec<Quantity<'_>> {
        let Some(Expect::Derived { of, .. }) = &self.expect else { return Vec::new() };
        vec![Quantity::asked(None, of.iter().map(|name| name.get_ref().as_str()))]
    }
}

impl Answer {
    /// The choices that were meant, or why a person has to look.
    fn choose(&self, given: &[String]) -> Result<Vec<String>, String> {
        if self.choices.is_empty() {
            return Ok(given.to_vec());
        }
        let options = || list(self.choices.iter().map(String::as_str));
        let mut chosen = Vec::new();
        for text in given {
            // One text may name several: "flipper_length_mm and bill_length_mm".
            let named: Vec<&String> = self.choices.iter().filter(|choice| names_choice(text, choice)).collect();
            let exact = self.choices.iter().find(|choice| same(text, choice));
            match exact {
                Some(choice) => chosen.push(choice.clone()),
                None if is_negated(text) => return Err(format!("cannot be matched to one of {}", options())),
                None => chosen.extend(named.into_iter().cloned()),
            }
        }
        chosen.dedup();
        let different = chosen.iter().collect::<std::collections::BTreeSet<_>>().len();
        if different == self.count && chosen.len() == self.count {
            return Ok(chosen);
        }
        let wanted = if self.count == 1 { "one".to_owned() } else { format!("{} different ones", self.count) };
        Err(format!("does not name exactly {wanted} of {}", options()))
    }
}

fn derive(extreme: Extreme, of: &[Spanned<String>], over: &Over, case: &Case<'_>) -> Result<Vec<String>, Stop> {
    let bag = case.student;
    let numbers: Vec<Finite> = match of {
        [single] if matches!(bag.value(single.get_ref()), Ok((Value::List(_), _)) | Err(_)) => bag.series(single.get_ref())?,
        several => several.iter().map(|name| bag.number(name.get_ref()).map(|stated| stated.number)).collect::<Found<_>>()?,
    };
    let places = match over {
        Over::Given(places) => places.clone(),
        Over::Series(name) => bag.series(name)?.iter().map(|place| place.get().to_string()).collect(),
    };
    if numbers.len() != places.len() {
        let what = list(of.iter().map(|name| name.get_ref().as_str()));
        let sentence = format!("{what} has {} values for {} places, so nothing can be read off it", numbers.len(), places.len());
        return Err(Finding::open(Verdict::Fail, sentence).into());
    }
    let best = match extreme {
        Extreme::Least => argmin(&numbers),
        Extreme::Greatest => argmax(&numbers),
    };
    let ties = |best: usize| (0..numbers.len()).filter(move |&i| Tolerance::ROUNDING.accepts(numbers[i], numbers[best]));
    let ties: Vec<usize> = best.map(|best| ties(best).collect()).unwrap_or_default();
    Ok(ties.into_iter().map(|i| places[i].clone()).collect())
}

/// Whether an answer is the wanted one: the same number, or the same text in any letter case.
fn same(given: &str, wanted: &str) -> bool {
    let number = |text: &str| text.parse::<Finite>().ok();
    match (number(wanted), number(given).or_else(|| only_number(given))) {
        (Some(wanted), Some(given)) => Tolerance::ROUNDING.accepts(given, wanted),
        _ => given.trim().eq_ignore_ascii_case(wanted.trim()),
    }
}

/// The number in a text that holds just one: "depth 4", "4 levels".
fn only_number(text: &str) -> Option<Finite> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-');
    let numbers: Vec<Finite> = text.split(|c: char| !is_part(c)).filter_map(|part| part.trim_end_matches('.').parse().ok()).collect();
    if let [only] = numbers.as_slice() { Some(*only) } else { None }
}

/// Whether `choice` stands in `text` as a word of its own, perhaps in the plural.
fn names_choice(text: &str, choice: &str) -> bool {
    let words = |text: &str| text.to_lowercase().split(|c: char| !(c.is_alphanumeric() || c == '_')).map(str::to_owned).collect::<Vec<_>>();
    let (text, choice) = (words(text), words(choice));
    let equal = |word: &String, wanted: &String| word == wanted || word.strip_suffix('s') == Some(wanted);
    text.windows(choice.len().max(1)).any(|window| window.iter().zip(&choice).all(|(word, wanted)| equal(word, wanted)))
}

/// Whether a text says what is *not* the answer, or is a sentence that only a person understands.
fn is_negated(text: &str) -> bool {
    let words = text.split_whitespace().count();
    words > 8 || ["not", "no", "never", "neither", "nor", "than", "isn't", "except"].iter().any(|word| names_choice(text, word))
}

fn shortened(text: &str) -> String {
    if text.chars().count() > 60 { format!("{}…", text.chars().take(60).collect::<String>()) } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(choices: &[&str], count: usize) -> Answer {
        Answer { name: Spanned::new(0..0, "x".to_owned()), choices: choices.iter().map(ToString::to_string).collect(), count, expect: None }
    }

    #[test]
    fn a_choice_is_understood_and_a_sentence_goes_to_a_person() {
        let models = answer(&["tree", "forest", "boosted"], 1);
        let choose = |text: &str| models.choose(&[text.to_owned()]).ok();
        assert_eq!(choose("Forest"), Some(vec!["forest".to_owned()]));
        assert_eq!(choose("the random forest"), Some(vec!["forest".to_owned()]));
        assert_eq!(choose("Random forests"), Some(vec!["forest".to_owned()]));
        assert_eq!(choose("not the forest"), None);
        assert_eq!(choose("rather the tree than the boosted one"), None);
        assert_eq!(choose("tree or forest"), None);
        assert_eq!(choose("deforestation"), None);
        assert_eq!(choose("xgboost"), None);
    }

    #[test]
    fn several_choices_are_counted_once_each() {
        let two = answer(&["bill_length_mm", "body_mass_g"], 2);
        let choose = |texts: &[&str]| two.choose(&texts.iter().map(ToString::to_string).collect::<Vec<_>>()).is_ok();
        assert!(choose(&["bill_length_mm", "body_mass_g"]));
        assert!(choose(&["bill_length_mm and body_mass_g"]));
        assert!(!choose(&["bill_length_mm", "bill_length_mm"]));
        assert!(!choose(&["bill_length_mm"]));
    }

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        assert!(same("4", "4") && same("4.0", "4") && same("depth 4", "4") && same("0.10", "0.1") && same("1e-1", "0.1"));
        assert!(!same("8", "4") && !same("4 or 8", "4") && !same("four", "4"));
    }
}
