//! `check = "rule"`: a decision rule, evaluated on a data set. Many rules are right, so its text is never compared.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::data::Datasets;
use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::key::{Key, Type};
use crate::domain::name::list;
use crate::domain::number::{Finite, significant};
use crate::domain::quantity::{Quantity, Symbol};
use crate::domain::table::{Column, Table};
use crate::domain::tolerance::{Bound, Order};
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::Absent;
use crate::evidence::rule::{Rule, Scaling, Tree, Written};

use super::request::{Request, RequestKind, with_known};
use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course};

pub(super) const KIND: Kind = Kind {
    name: "rule",
    about: "\
Judges a decision rule by evaluating it on every row of a data set.",
    keys: &[
        Key::new(
            "rule",
            Type::Text,
            r#""gentoo_rule""#,
            "The rule's name; students write it as \"petal_width_cm > 0.8 and petal_length_cm <= 4.9 -> versicolor\", or hand in a \
            decision tree as scikit-learn's export_text or export_graphviz writes it: as the answer's text or as the file rules/NAME.txt \
            or .dot.",
        )
        .required(),
        Key::new("data", Type::Text, r#""penguins""#, "The data set, a table.").required(),
        Key::new("class", Type::Text, r#""Gentoo""#, "The class that the rule distinguishes from all others.").required(),
        Key::new("accuracy", Type::Table, "{ at_least = 0.9 }", "Bounds of the share of rows on which the rule and the class agree.").required().secret(),
        Key::new("conditions", Type::Table, "{ at_most = 3 }", "How many comparisons it may make; of a tree, its splits that matter to the class."),
        Key::new("differs_from", Type::Text, r#""first_rule""#, "The name of another rule: this one must leave out at least one feature of that one."),
    ],
    more: "\
Understood are and, or, not (also & | !), brackets, < <= > >= == !=, chains such as 15 < x <= 17, words for text columns
(island == Biscoe) and one-hot columns (island_Biscoe > 0.5); conditions in Python and pandas, df[\"petal_width_cm\"] > 0.8;
and sentences: \"If the petal width is at least 0.9 cm and the petal length below 4,9 cm, then it is a versicolor\". A column is
found by the words of its name. A rule that is not understood to its last word goes to a person and is never zero, and so does
a feature that may be two columns. A rule that looks at the class itself fails.
A tree's leaves call the class by its name, or by True where all others are False. Numbers count as places in alphabetical
order, or as 1 for the class and 0 for the others, if the rule is then right; else a person looks, for they may be numbered in
another way. Thresholds count as they are written; if all lie outside of their columns, the finding says so.",
    example: Example {
        item: "rule = \"gentoo_rule\"\ndata = \"penguins\"\nclass = \"Gentoo\"\naccuracy = { at_least = 0.9 }\nconditions = { at_most = 3 }",
        reference: "",
        passes: "gentoo_rule = \"flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 -> Gentoo\"",
        fails: "gentoo_rule = \"body_mass_g > 4000 -> Gentoo\"",
    },
    read,
};

#[derive(Debug)]
struct RuleCheck {
    rule: String,
    data: Spanned<String>,
    class: String,
    accuracy: Option<Finite>,
    conditions: Option<usize>,
    differs_from: Option<String>,
}

fn read(fields: &mut Fields<'_>, edition: Edition) -> Option<Box<dyn Check>> {
    let rule = fields.required::<String>("rule");
    let data = fields.required::<String>("data");
    let class = fields.required::<String>("class");
    let accuracy = fields.table("accuracy", "`accuracy`").and_then(|mut inner| {
        let least = inner.number("at_least");
        fields.absorb(inner);
        least
    });
    let conditions = fields.table("conditions", "`conditions`").and_then(|mut inner| {
        let most = inner.required::<usize>("at_most");
        fields.absorb(inner);
        most
    });
    let differs_from = fields.optional::<String>("differs_from").map(Spanned::into_inner);
    if edition == Edition::Course && accuracy.is_none() {
        fields.fault(Code::MissingKey, fields.span(), "a `rule` check needs `accuracy = { at_least = … }`");
    }
    let conditions = conditions.map(Spanned::into_inner);
    Some(Box::new(RuleCheck { rule: rule?.into_inner(), data: data?, class: class?.into_inner(), accuracy, conditions, differs_from }))
}

impl Check for RuleCheck {
    fn judge(&self, case: &Case<'_>) -> Result<Finding, Stop> {
        let written = match case.student.rule(&self.rule) {
            Ok(written) => written,
            Err(Absent::ForAPerson(diagnostic)) => return Ok(self.review(case, &diagnostic.to_string())),
            Err(absent) => return Err(absent.into()),
        };
        let table = case.data.table(self.data.get_ref()).map_err(Stop::Fault)?;
        let (column, species) = column_of(table, &self.class).map_err(Stop::Fault)?;
        let classes: Vec<String> = species.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let subject = Subject { table, column, members: species.iter().map(|value| *value == self.class).collect(), classes: &classes };
        let readings = match written.readings(&self.class, &classes) {
            Ok(readings) => readings,
            Err(message) => return Ok(self.review(case, &format!("{message}; name the classes: export_text(tree, feature_names=…, class_names=…)"))),
        };
        let tree = if let Written::Tree(tree) = &written { Some(tree) } else { None };
        let shown = tree.map_or_else(String::new, |tree| format!(", a tree of depth {},", tree.depth()));
        let mut findings = readings.iter().map(|rule| self.judged(rule, &shown, case, &subject));
        let first = findings.next().unwrap_or_else(|| self.review(case, "it says nothing"));
        if first.verdict == Verdict::Pass || !tree.is_some_and(Tree::is_numbered) {
            return Ok(first);
        }
        // Another number may well be the class: nobody but its author knows.
        Ok(match findings.find(|finding| matches!(finding.verdict, Verdict::Pass | Verdict::NeedsReview)) {
            Some(_) => {
                self.review(case, &format!("the tree has numbers for classes, and which of them is {} is not said; name them with class_names=…", self.class))
            }
            None => first,
        })
    }

    fn open(&self, data: &dyn Datasets) -> Result<(), Diagnostic> {
        column_of(data.table(self.data.get_ref())?, &self.class).map(|_| ())
    }

    fn requests(&self, _: &dyn Datasets) -> Vec<Request> {
        let kind = RequestKind::Rule { data: self.data.get_ref().clone(), class: self.class.clone() };
        with_known(self.needs(), vec![Request::new(&self.rule, kind)])
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let names = std::iter::once(&self.rule).chain(&self.differs_from);
        names.map(|name| Need::Rule(name)).chain([Need::Data(&self.data)]).collect()
    }
}

/// What a rule is evaluated on.
struct Subject<'t> {
    table: &'t Table,
    /// The column of classes.
    column: &'t str,
    members: Vec<bool>,
    classes: &'t [String],
}

impl RuleCheck {
    /// The finding of a rule that only a person understands.
    fn review(&self, case: &Case<'_>, message: &str) -> Finding {
        let finding = Finding::open(Verdict::NeedsReview, format!("{}: a person has to read it: {message}", self.rule));
        match case.student.text(&self.rule) {
            Ok(text) => finding.actual(Quantity::words(text)),
            Err(_) => finding,
        }
    }

    /// The finding of one reading of what was handed in; `tree` says that it is a tree.
    fn judged(&self, rule: &Rule, tree: &str, case: &Case<'_>, subject: &Subject<'_>) -> Finding {
        let (name, class) = (&self.rule, &self.class);
        let fail = |sentence: String| Finding::open(Verdict::Fail, sentence);
        if let Some(other) = rule.class().filter(|other| !other.eq_ignore_ascii_case(class)) {
            return fail(format!("{name} is about {other}, the question is about {class}"));
        }
        let rule = match rule.of(subject.table).and_then(|rule| rule.evaluate(subject.table).map(|says| (rule, says))) {
            Ok((rule, says)) => (rule, says),
            Err(message) => {
                let help = if tree.is_empty() { "use the data set's own column names" } else { "export_text(tree, feature_names=list(X.columns))" };
                return self.review(case, &format!("{message}; {help}"));
            }
        };
        let (rule, says) = rule;
        if let Some(finding) = self.begs_the_question(&rule, subject, case) {
            return finding;
        }
        let right = agreement(&says, &subject.members);
        let (rows, count) = (subject.members.len(), rule.conditions());
        let accuracy = right as f64 / rows.max(1) as f64;
        if let Some(most) = self.conditions.filter(|&most| count > most) {
            return fail(format!("{name}{tree} has {count} conditions, at most {most} are allowed"));
        }
        if let Some(finding) = self.same_features(&rule.features(), case, subject) {
            return finding;
        }
        let shown = format!(
            "{name}{tree} is right on {right} of {rows} rows ({}) with {count} condition{}",
            significant(accuracy, 4),
            if count == 1 { "" } else { "s" }
        );
        let Some(least) = self.accuracy else { return only_the_course(shown) };
        let bound = Quantity::bounds(&[Bound { order: Order::AtLeast, limit: least }]).in_unit(Symbol::Fraction);
        let finding = if Order::AtLeast.holds(accuracy, least.get()) {
            Finding::new(Verdict::Pass, format!("{shown}, {bound} is asked"), shown)
        } else if let Some(ranges) = rule.outside(subject.table) {
            let advice = if rule.looks_scaled() { "these look like standardised features: undo the scaling" } else { "look at their units" };
            let outside = format!("all its thresholds lie outside of their columns ({ranges}): {advice}");
            let unscaled = unscaled(&rule, subject, least).map_or_else(String::new, |right| format!("; unscaled it is right on {right} of {rows}"));
            Finding::new(Verdict::Fail, format!("{shown}, {bound} is asked; {outside}{unscaled}"), format!("{shown}; {outside}"))
        } else {
            Finding::new(Verdict::Fail, format!("{shown}, {bound} is asked"), format!("{shown}; look for a split that tells {class} apart better"))
        };
        finding.expected(bound).actual(Quantity::computed(accuracy).in_unit(Symbol::Fraction))
    }

    /// What to say of a rule that looks at the class itself.
    fn begs_the_question(&self, rule: &Rule, subject: &Subject<'_>, case: &Case<'_>) -> Option<Finding> {
        let column = subject.column;
        let is_class = |feature: &&&str| **feature == column || feature.strip_prefix(column).is_some_and(|rest| rest.starts_with('_'));
        let features = rule.features();
        let message = format!("it looks at `{column}` itself, which is what it should tell");
        match features.iter().filter(is_class).count() {
            0 => None,
            all if all == features.len() => Some(Finding::open(Verdict::Fail, format!("{}: {message}", self.rule))),
            _ => Some(self.review(case, &message)),
        }
    }

    /// What to say when this rule uses every feature of the rule it must differ from.
    fn same_features(&self, features: &BTreeSet<&str>, case: &Case<'_>, subject: &Subject<'_>) -> Option<Finding> {
        let (name, other) = (&self.rule, self.differs_from.as_ref()?);
        let first = case.student.rule(other).ok().and_then(|first| first.readings(&self.class, subject.classes).ok());
        let Some(first) = first.and_then(|first| first.first()?.of(subject.table).ok()) else {
            let sentence = format!("{name} must leave out a feature of {other}, which cannot be read; a person has to compare");
            return Some(Finding::open(Verdict::NeedsReview, sentence));
        };
        let all_used = first.features().is_subset(features);
        all_used.then(|| Finding::open(Verdict::Fail, format!("{name} uses every feature of {other}; it must leave out at least one of them")))
    }
}

/// On how many rows a rule and the class agree.
fn agreement(says: &[bool], members: &[bool]) -> usize {
    says.iter().zip(members).filter(|(says, is)| says == is).count()
}

/// On how many rows the rule is right once its thresholds are brought back to the data's units, if that is enough.
fn unscaled(rule: &Rule, subject: &Subject<'_>, least: Finite) -> Option<usize> {
    let right = |scaling| Some(agreement(&rule.unscaled(scaling, subject.table).evaluate(subject.table).ok()?, &subject.members));
    let best = Scaling::ALL.into_iter().filter_map(right).max()?;
    Order::AtLeast.holds(best as f64 / subject.members.len().max(1) as f64, least.get()).then_some(best)
}

/// The text column that has this class, with its name.
fn column_of<'t>(table: &'t Table, class: &str) -> Result<(&'t str, &'t [String]), Diagnostic> {
    let column = table.names().find_map(|name| match table.column(name) {
        Ok(Column::Text(values)) if values.iter().any(|value| value == class) => Some((name, values.as_slice())),
        _ => None,
    });
    column.ok_or_else(|| {
        let message = format!("no text column of the data set has the class `{class}`; its columns are {}", list(table.names()));
        Diagnostic::error(Code::DataMalformed, message)
    })
}
