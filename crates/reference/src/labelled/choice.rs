//! Which examples and features of a data set are used, as the rubric says.

use std::collections::BTreeMap;

use crate::settings::setting;
use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;
use toml::de::DeValue;

/// What the rubric says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Choice {
    pub(super) target: Option<String>,
    pub(super) features: Option<Vec<String>>,
    pub(super) categorical: Vec<String>,
    pub(super) id: Option<String>,
    pub(super) holdout: Option<Holdout>,
    train: Option<usize>,
    /// Whether features are standardised.
    pub(crate) scale: bool,
}

/// Which rows of a table are held out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Holdout {
    /// This share of them, drawn at random.
    Share(f64),
    /// Those with this text in this column.
    Where {
        /// The column.
        column: String,
        /// The text.
        text: String,
    },
}

impl Choice {
    /// Reads it from a rubric.
    pub(crate) fn read(fields: &mut Fields<'_>) -> Self {
        let mut text = |key| fields.optional::<String>(key).map(toml::Spanned::into_inner);
        let (target, id) = (text("target"), text("id"));
        let different = |names: &Vec<String>| !names.is_empty() && (1..names.len()).all(|i| !names[..i].contains(&names[i]));
        let mut names = |key| fields.has(key).then(|| setting(fields, key, Vec::new(), different, "a list of different columns"));
        let (features, categorical) = (names("features"), names("categorical").unwrap_or_default());
        let holdout = Holdout::read(fields);
        let train = fields.has("train").then(|| setting(fields, "train", 1, |train| *train >= 1, "at least 1"));
        let scale = setting(fields, "scale", false, |_| true, "true or false");
        let choice = Self { target, features, categorical, id, holdout, train, scale };
        if let Some(fault) = choice.contradiction() {
            fields.fault(Code::BadValue, fields.span(), fault);
        }
        choice
    }

    fn contradiction(&self) -> Option<String> {
        let target = self.target.as_ref();
        let features = self.features.as_deref().unwrap_or_default();
        let alone = |other: &Option<String>, what: &str| {
            let name = other.as_ref().filter(|name| features.contains(name))?;
            Some(format!("`{name}` is {what}, and is among `features`"))
        };
        let odd = self.categorical.iter().find(|name| self.features.is_some() && !features.contains(name));
        alone(&self.target, "the column to predict")
            .or_else(|| alone(&self.id, "the column that names the rows"))
            .or_else(|| odd.map(|name| format!("`{name}` is among `categorical`, and not among `features`")))
            .or_else(|| (target.is_some() && target == self.id.as_ref()).then(|| "`target` and `id` are the same column".to_owned()))
            .or_else(|| (target.is_some() && self.train.is_some()).then(|| "a table, which has a `target`, is divided by `holdout`, not by `train`".to_owned()))
    }

    /// Whether the data are a table: it alone has a column to predict.
    pub(crate) fn is_of_table(&self) -> bool {
        self.target.is_some()
    }

    /// Whether something is held out: of data in two parts the second, of a table what `holdout` says.
    pub(crate) fn holds_out(&self) -> bool {
        !self.is_of_table() || self.holdout.is_some()
    }

    /// Holds `share` of a table's rows out unless the rubric says what is.
    pub(crate) fn holding_out(self, share: f64) -> Self {
        let holdout = self.holdout.clone().or(self.is_of_table().then_some(Holdout::Share(share)));
        Self { holdout, ..self }
    }

    /// How many of `count` training examples count.
    pub(super) fn most(&self, count: usize) -> usize {
        self.train.map_or(count, |most| most.min(count))
    }

    /// Nothing that only a table has is asked for; `kind` is what the data set is.
    pub(super) fn is_for_a_split(&self, kind: &str) -> Result<(), String> {
        let settings = [
            ("target", self.target.is_some()),
            ("features", self.features.is_some()),
            ("categorical", !self.categorical.is_empty()),
            ("id", self.id.is_some()),
            ("holdout", self.holdout.is_some()),
        ];
        match settings.iter().find(|(_, given)| *given) {
            Some((key, _)) => Err(format!("only a table has columns, so that `{key}` does nothing: the data set is {kind}")),
            None => Ok(()),
        }
    }
}

impl Holdout {
    fn read(fields: &mut Fields<'_>) -> Option<Self> {
        if !matches!(fields.peek("holdout").map(toml::Spanned::get_ref), Some(DeValue::Table(_))) {
            let span = fields.peek("holdout")?.span();
            let share = fields.share("holdout")?;
            if !(share > 0.0 && share < 1.0) {
                fields.fault(Code::BadValue, span, "`holdout` is a share between 0 and 1, such as \"20%\"");
            }
            return Some(Self::Share(share));
        }
        let place = fields.optional::<BTreeMap<String, String>>("holdout")?;
        let span = place.span();
        let mut pairs = place.into_inner().into_iter();
        let (Some((column, text)), None) = (pairs.next(), pairs.next()) else {
            fields.fault(Code::BadValue, span, "`holdout` has one column and the text that a row to validate on has there, such as { split = \"test\" }");
            return None;
        };
        Some(Self::Where { column, text })
    }
}
