//! Settings that may be lists: a model is fitted with each combination of their values.

use toml::de::DeValue;

use mlgrade_domain::diagnostic::Code;
use mlgrade_domain::fields::Fields;

/// The most values of one setting, and the most combinations.
const MOST_VALUES: usize = 100;
const MOST_COMBINATIONS: usize = 1_000;

/// A setting with its values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    pub(super) key: &'static str,
    pub(super) values: Vec<f64>,
    /// Whether the rubric gives a list.
    pub(super) listed: bool,
}

/// Which values of a setting make sense.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sense {
    /// Whole numbers between these two.
    Whole(u32, u32),
    /// Numbers above 0; of a penalty's inverse also infinity.
    Above0 { infinite: bool },
    /// Numbers from 0 on.
    From0,
    /// Numbers above 0 and at most 1.
    Share,
}

impl Sense {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Whole(least, most) => value.fract().abs() <= 0.0 && (f64::from(least)..=f64::from(most)).contains(&value),
            Self::Above0 { infinite } => value > 0.0 && (infinite || value.is_finite()),
            Self::From0 => value >= 0.0 && value.is_finite(),
            Self::Share => value > 0.0 && value <= 1.0,
        }
    }

    fn words(self) -> String {
        match self {
            Self::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Self::Above0 { infinite: false } => "a number above 0".to_owned(),
            Self::Above0 { infinite: true } => "a number above 0, or inf".to_owned(),
            Self::From0 => "a number from 0 on".to_owned(),
            Self::Share => "a number above 0 and at most 1".to_owned(),
        }
    }
}

impl Axis {
    /// Takes the setting `key`, a value or a list of values, or `default` where it is absent or faulty.
    pub(super) fn read(fields: &mut Fields<'_>, key: &'static str, default: f64, sense: Sense) -> Self {
        let usual = Self { key, values: vec![default], listed: false };
        let listed = matches!(fields.peek(key).map(toml::Spanned::get_ref), Some(DeValue::Array(_)));
        let read = if listed {
            fields.optional::<Vec<f64>>(key).map(|list| (list.span(), list.into_inner()))
        } else {
            fields.optional::<f64>(key).map(|value| (value.span(), vec![value.into_inner()]))
        };
        let Some((span, values)) = read else { return usual };
        if !values.iter().all(|&value| sense.holds(value)) {
            fields.fault(Code::BadValue, span, format!("`{key}` must be {}, or a list of them", sense.words()));
            return usual;
        }
        let twice = (1..values.len()).any(|i| values[..i].iter().any(|value| value.total_cmp(&values[i]).is_eq()));
        if values.is_empty() || twice || values.len() > MOST_VALUES {
            fields.fault(Code::BadValue, span, format!("`{key}` must be a list of different values, at most {MOST_VALUES}"));
            return usual;
        }
        Self { key, values, listed }
    }

    /// A setting that the rubric cannot give here.
    pub(super) fn fixed(key: &'static str, value: f64) -> Self {
        Self { key, values: vec![value], listed: false }
    }
}

/// All combinations of the values of `axes`; the last setting changes first.
pub(super) fn combinations<const N: usize>(axes: &[Axis; N]) -> Vec<[f64; N]> {
    let mut all = vec![[0.0; N]];
    for (place, axis) in axes.iter().enumerate() {
        all = all
            .into_iter()
            .flat_map(|combination| {
                axis.values.iter().map(move |&value| {
                    let mut longer = combination;
                    longer[place] = value;
                    longer
                })
            })
            .collect();
    }
    all
}

/// Says so where the lists make too many combinations.
pub(super) fn check_size(fields: &mut Fields<'_>, combinations: usize) {
    if combinations > MOST_COMBINATIONS {
        fields.fault(Code::BadValue, fields.span(), format!("the lists make {combinations} combinations; at most {MOST_COMBINATIONS} are fitted"));
    }
}

/// The whole number that a setting has; infinity is the greatest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`Sense::Whole` holds of it")]
pub(super) fn whole(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_setting_changes_first() {
        let axis = |key, values: &[f64]| Axis { key, values: values.to_vec(), listed: true };
        let all = combinations(&[axis("a", &[1.0, 2.0]), axis("b", &[3.0, 4.0, 5.0])]);
        assert_eq!(all, [[1.0, 3.0], [1.0, 4.0], [1.0, 5.0], [2.0, 3.0], [2.0, 4.0], [2.0, 5.0]]);
    }
}
