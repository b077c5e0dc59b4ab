//! `check = "rule"`: a decision rule, evaluated on a data set. Many rules are right, so its text is never compared.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::domain::diagnostic::{Code, Diagnostic};
use crate::domain::fields::Fields;
use crate::domain::name::list;
use crate::domain::number::{Finite, significant};
use crate::domain::tolerance::Order;
use crate::domain::verdict::{Finding, Verdict};
use crate::evidence::rule::Written;
use crate::evidence::table::{Column, Table};
use crate::evidence::{Absent, Datasets};

use super::{Case, Check, Edition, Example, Kind, Need, Stop, only_the_course};

pub(super) const KIND: Kind = Kind {
    name: "rule",
    doc: "\
Judges a decision rule by evaluating it on every row of a data set.

  rule          the rule's name; students write it as \"petal_width_cm > 0.8 and petal_length_cm <= 4.9 -> versicolor\",
                or hand in a decision tree as scikit-learn's export_text or export_graphviz writes it: as the answer's text or as
                the file rules/NAME.txt or .dot
  data          the data set, a table
  class         the class that the rule tells from all others
  accuracy      { at_least = 0.9 }: the share of rows on which the rule and the class agree
  conditions    { at_most = 3 }: how many comparisons it may make; of a tree, its splits that matter to the class
  differs_from  the name of another rule: this one must leave out at least one feature of that one

Understood are and, or, not (also & | !), brackets, < <= > >= == !=, chains such as 15 < x <= 17, words for text columns
(island == Biscoe) and one-hot columns (island_Biscoe > 0.5). A tree's leaves call the class by its name, by its place in
alphabetical order, or by True or 1 where all others are False or 0; its thresholds count as they are written.
`accuracy` is not in the student's edition of a rubric; the accuracy that a student's rule has is told.",
    example: Example {
        item: "rule = \"gentoo_rule\"\ndata = \"penguins\"\nclass = \"Gentoo\"\naccuracy = { at_least = 0.9 }\nconditions = { at_most = 3 }",
        reference: "",
        passes: "gentoo_rule = \"flipper_length_mm > 206.5 and bill_depth_mm <= 17.65 -> Gentoo\"",
        fails: "gentoo_rule = \"body_mass_g > 4000 -> Gentoo\"",
    },
    secret: &["accuracy"],
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
        let (name, class) = (&self.rule, &self.class);
        let written = case.student.rule(name)?;
        let table = case.data.table(self.data.get_ref()).map_err(Stop::Fault)?;
        let species = column_of(table, class).map_err(Stop::Fault)?;
        let members: Vec<bool> = species.iter().map(|value| value == class).collect();
        let classes: Vec<String> = species.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
        let bad = |message: String, help: &str| {
            Stop::Absent(Absent::Unreadable(Diagnostic::error(Code::BadRule, format!("`{name}`: {message}")).help(help.to_owned())))
        };
        let rule = written.about(class, &classes).map_err(|message| bad(message, "name the classes: export_text(tree, feature_names=…, class_names=…)"))?;
        let depth = if let Written::Tree(tree) = &written { format!(", a tree of depth {},", tree.depth()) } else { String::new() };
        let fail = |sentence: String| Ok(Finding::open(Verdict::Fail, sentence));
        if let Some(other) = rule.class().filter(|other| !other.eq_ignore_ascii_case(class)) {
            return fail(format!("{name} is about {other}, the question is about {class}"));
        }
        let says = rule.evaluate(table).map_err(|message| {
            let tree = "use the data set's own column names: export_text(tree, feature_names=list(X.columns))";
            bad(message, if depth.is_empty() { "use the data set's own column names" } else { tree })
        })?;
        let right = says.iter().zip(&members).filter(|(says, is)| says == is).count();
        let accuracy = right as f64 / members.len().max(1) as f64;
        let (count, told) = (rule.conditions(), format!("{name}{depth} is right on {right} of {} rows ({})", members.len(), significant(accuracy, 4)));
        if let Some(most) = self.conditions.filter(|&most| count > most) {
            return fail(format!("{name}{depth} has {count} conditions, at most {most} are allowed"));
        }
        if let Some(finding) = self.same_features(&rule.features(), case, &classes) {
            return Ok(finding);
        }
        let told = format!("{told} with {count} condition{}", if count == 1 { "" } else { "s" });
        let Some(least) = self.accuracy else { return Ok(only_the_course(told)) };
        let bound = format!("at least {least}");
        let finding = if Order::AtLeast.holds(accuracy, least.get()) {
            Finding::new(Verdict::Pass, format!("{told}, {bound} is asked"), told)
        } else {
            Finding::new(Verdict::Fail, format!("{told}, {bound} is asked"), format!("{told}; look for a split that tells {class} apart better"))
        };
        Ok(finding.expected(bound).actual(significant(accuracy, 5)))
    }

    fn open(&self, data: &dyn Datasets) -> Result<(), Diagnostic> {
        column_of(data.table(self.data.get_ref())?, &self.class).map(|_| ())
    }

    fn needs(&self) -> Vec<Need<'_>> {
        let names = std::iter::once(&self.rule).chain(&self.differs_from);
        names.map(|name| Need::Rule(name)).chain([Need::Data(&self.data)]).collect()
    }
}

impl RuleCheck {
    /// What to say when this rule uses every feature of the rule it must differ from.
    fn same_features(&self, features: &BTreeSet<&str>, case: &Case<'_>, classes: &[String]) -> Option<Finding> {
        let (name, other) = (&self.rule, self.differs_from.as_ref()?);
        let Some(first) = case.student.rule(other).ok().and_then(|first| first.about(&self.class, classes).ok()) else {
            let sentence = format!("{name} must leave out a feature of {other}, which cannot be read; a person has to compare");
            return Some(Finding::open(Verdict::NeedsReview, sentence));
        };
        let all_used = first.features().is_subset(features);
        all_used.then(|| Finding::open(Verdict::Fail, format!("{name} uses every feature of {other}; it must leave out at least one of them")))
    }
}

/// The text column that has this class.
fn column_of<'t>(table: &'t Table, class: &str) -> Result<&'t [String], Diagnostic> {
    let column = table.names().find_map(|name| match table.column(name) {
        Ok(Column::Text(values)) if values.iter().any(|value| value == class) => Some(values.as_slice()),
        _ => None,
    });
    column.ok_or_else(|| {
        let message = format!("no text column of the data set has the class `{class}`; its columns are {}", list(table.names()));
        Diagnostic::error(Code::DataMalformed, message)
    })
}
