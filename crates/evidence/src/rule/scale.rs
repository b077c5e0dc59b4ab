//! Thresholds that lie outside of their columns: a tree that was grown on standardised features says nothing of the data as they are.

use mlgrade_domain::number::significant;
use mlgrade_domain::table::{Column, Table};

use super::{Condition, Operand, Rule};

/// What a column was scaled by before the tree was grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// To mean 0 and standard deviation 1.
    Standard,
    /// To the range from 0 to 1.
    Range,
}

impl Scaling {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Standard, Self::Range];
}

impl Rule {
    /// The features, with their ranges, whose thresholds all lie outside of their columns, if that is so of every threshold.
    pub fn outside(&self, table: &Table) -> Option<String> {
        let mut thresholds = Vec::new();
        self.condition.thresholds(&mut thresholds);
        let ranges: Vec<(&str, f64, f64, f64)> =
            thresholds.iter().filter_map(|&(feature, value)| range(table, feature).map(|(least, greatest)| (feature, value, least, greatest))).collect();
        let is_outside = |&(_, value, least, greatest): &(&str, f64, f64, f64)| value < least || value > greatest;
        if ranges.is_empty() || !ranges.iter().all(is_outside) {
            return None;
        }
        let mut names: Vec<String> =
            ranges.iter().map(|(feature, _, least, greatest)| format!("{feature} from {} to {}", significant(*least, 5), significant(*greatest, 5))).collect();
        names.sort();
        names.dedup();
        Some(names.join(", "))
    }

    /// Whether the thresholds are as small as standardised features are.
    pub fn looks_scaled(&self) -> bool {
        let mut thresholds = Vec::new();
        self.condition.thresholds(&mut thresholds);
        thresholds.iter().all(|(_, value)| value.abs() <= 6.0)
    }

    /// The rule in the data's own units, if its thresholds are those of features scaled so.
    #[must_use]
    pub fn unscaled(&self, scaling: Scaling, table: &Table) -> Self {
        let back = |feature: &str, value: f64| match (scaling, table.column(feature)) {
            (Scaling::Standard, Ok(Column::Number(values))) => {
                let count = values.len().max(1) as f64;
                let mean = values.iter().sum::<f64>() / count;
                let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count;
                value.mul_add(variance.sqrt(), mean)
            }
            (Scaling::Range, Ok(Column::Number(_))) => range(table, feature).map_or(value, |(least, greatest)| value.mul_add(greatest - least, least)),
            _ => value,
        };
        Self { condition: self.condition.with_thresholds(&back), ..self.clone() }
    }
}

/// The least and the greatest value of a column of numbers.
fn range(table: &Table, feature: &str) -> Option<(f64, f64)> {
    let Ok(Column::Number(values)) = table.column(feature) else { return None };
    values.iter().fold(None, |range, &value| Some(range.map_or((value, value), |(least, greatest): (f64, f64)| (least.min(value), greatest.max(value)))))
}

impl Condition {
    fn thresholds<'c>(&'c self, into: &mut Vec<(&'c str, f64)>) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.thresholds(into)),
            Self::Not(part) => part.thresholds(into),
            Self::Compare { feature, with: Operand::Number(value), .. } => into.push((feature, *value)),
            Self::Branch { test, yes, no } => [test, yes, no].into_iter().for_each(|part| part.thresholds(into)),
            Self::Compare { .. } | Self::Always(_) => {}
        }
    }

    fn with_thresholds(&self, back: &dyn Fn(&str, f64) -> f64) -> Self {
        let each = |parts: &[Self]| parts.iter().map(|part| part.with_thresholds(back)).collect();
        let boxed = |part: &Self| Box::new(part.with_thresholds(back));
        match self {
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::Not(part) => Self::Not(boxed(part)),
            Self::Compare { feature, order, with: Operand::Number(value) } => {
                Self::Compare { feature: feature.clone(), order: *order, with: Operand::Number(back(feature, *value)) }
            }
            Self::Branch { test, yes, no } => Self::Branch { test: boxed(test), yes: boxed(yes), no: boxed(no) },
            other => other.clone(),
        }
    }
}
