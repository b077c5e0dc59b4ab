//! The item for each thing: the first of its possible forms that the solution itself passes, as the check judges it.

mod curve;
mod figure;
mod number;
mod predictions;

use std::path::Path;

use toml::Value as Toml;

use crate::submission::Submission;

use super::Settings;
use super::things::{Thing, What};
use super::trial::{Trial, passed};

/// An item as it is drafted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// The lines from `check = …` on, with comments.
    pub(super) check: String,
    /// How much it weighs when points are given out.
    pub(super) weight: u32,
    /// Why it stands in comments, if the rubric cannot have it yet.
    pub(super) asleep: Option<String>,
    /// The data set that it uses.
    pub(super) data: Option<String>,
    /// Whether it compares with the reference.
    pub(super) compares: bool,
}

/// A possible form of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    check: String,
    data: Option<String>,
}

/// What may become of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Forms {
    /// The best first; the first that the solution passes is taken.
    tried: Vec<Form>,
    /// What is taken if it passes none.
    otherwise: Item,
}

impl Item {
    fn new(check: String, weight: u32) -> Self {
        Self { check, weight, asleep: None, data: None, compares: false }
    }

    fn comparing(self) -> Self {
        Self { compares: true, ..self }
    }

    fn asleep(self, why: &str) -> Self {
        Self { asleep: Some(why.to_owned()), ..self }
    }
}

impl From<Item> for Forms {
    fn from(otherwise: Item) -> Self {
        Self { tried: Vec::new(), otherwise }
    }
}

/// An item for each of `things`, in their order.
pub(super) fn items(things: &[Thing], solution: &Submission, settings: &Settings, folder: &Path) -> Vec<Item> {
    let trial = Trial { solution, things, data: &settings.data, folder };
    let of_thing = |thing: &Thing| {
        let Forms { tried, otherwise } = forms(thing, things, settings);
        let checks: Vec<&str> = tried.iter().map(|form| form.check.as_str()).collect();
        let first = passed(&trial, &checks).into_iter().position(|passed| passed);
        match first.and_then(|at| tried.into_iter().nth(at)) {
            Some(Form { check, data }) => Item { check, data, asleep: None, ..otherwise },
            None => otherwise,
        }
    };
    things.iter().map(of_thing).collect()
}

fn forms(thing: &Thing, things: &[Thing], settings: &Settings) -> Forms {
    let name = text(&thing.name);
    match &thing.what {
        What::Number(number) => number::item(&thing.name, *number).into(),
        What::Series(values) => curve::item(&thing.name, values).into(),
        What::Array(shape, largest) => curve::array(&thing.name, shape, *largest).into(),
        What::Answer(words) => answer(&name, words).into(),
        What::Words(words) => {
            Item::new(format!("check = \"written\"\nanswer = {name}\nguide = {} # your own answer; say what earns which points\n", text(words)), 4).into()
        }
        What::Rule(class) => predictions::rule(&thing.name, class.as_deref(), &settings.data),
        What::Figure => figure::forms(&thing.name, things),
        What::Predictions => predictions::forms(&thing.name, things, &settings.data),
        What::Network => {
            let check =
                format!("check = \"network\"\nnetwork = {name}\nmetric = \"accuracy\"\ndata = \"…\"\nclaim = \"…\"\ntolerance = {{ absolute = 0.001 }}\n");
            Item::new(check, 6).asleep("name the data set and the number that the network has to give").into()
        }
    }
}

/// A short answer, or several of which all are right.
fn answer(name: &str, words: &[String]) -> Item {
    let [only] = words else {
        let all = Toml::Array(words.iter().map(|word| Toml::from(word.as_str())).collect());
        let check = format!("check = \"answer\"\nanswer = {name}\nchoices = [\"…\"]\nexpect = {all}\ncount = \"any\"\npartial = \"each\"\n");
        return Item::new(check, 3).asleep("`choices` are all that can be chosen, the wrong ones too, for students read them");
    };
    let check = if let Ok(number) = only.parse::<f64>() {
        let tolerance = if number.fract().abs() > 0.0 { "tolerance = { relative = \"2%\" }\n" } else { "" };
        format!("check = \"answer\"\nanswer = {name}\nexpect = {only} # or of the student's own numbers: {{ argmin = \"…\", over = \"…\" }}\n{tolerance}")
    } else {
        let choices = if matches!(only.as_str(), "true" | "false") {
            "choices = [\"true\", \"false\"]\n"
        } else {
            "# choices = [\"…\", \"…\"] # with them any other answer is wrong; without, it goes to a person\n"
        };
        format!("check = \"answer\"\nanswer = {name}\n{choices}expect = {}\n", text(only))
    };
    Item::new(check, 2)
}

/// A text as TOML has it.
fn text(text: &str) -> String {
    Toml::from(text).to_string()
}

/// Names as a list, or the only one by itself.
fn names(names: &[&str]) -> String {
    match names {
        [only] => text(only),
        several => Toml::Array(several.iter().map(|name| Toml::from(*name)).collect()).to_string(),
    }
}

/// The first digit of a number and zeros, rounded up: 0.0123 is 0.02. For tolerances.
fn rough(number: f64) -> f64 {
    if number <= 0.0 || !number.is_finite() {
        return 0.001;
    }
    let exponent = number.log10().floor();
    let unit = 10_f64.powf(exponent);
    // In decimal, so that 0.3 is no 0.30000000000000004.
    format!("{:.0}e{exponent}", (number / unit).ceil()).parse().unwrap_or(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tolerance_has_one_digit() {
        for (number, expected) in [(0.0123, 0.02), (0.3, 0.3), (5.0, 5.0), (96.0, 100.0), (1234.0, 2000.0), (0.0, 0.001)] {
            assert!((rough(number) - expected).abs() < 1e-12, "{number}: {}", rough(number));
        }
    }
}
