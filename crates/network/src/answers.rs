//! What a network says of every example, and which class that is.

/// What a network says of every example.
#[derive(Debug, Clone, PartialEq)]
pub enum Answers {
    /// Scores for each class, example by example; none is NaN.
    Scores {
        /// The scores of an example.
        width: usize,
        /// All of them.
        values: Vec<f32>,
        /// The class of each score, if it is not its position.
        classes: Option<Vec<i64>>,
        /// Whether they come out of a sigmoid.
        sigmoid: bool,
        /// The classes of the examples, if the network says them besides and not by its greatest scores, as support-vector machines do.
        labels: Option<Vec<i64>>,
    },
    /// One class an example.
    Classes(Vec<i64>),
}

/// The class of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// That of the greatest score, the first of equals.
    pub class: Option<usize>,
    /// The other classes with the same score, give or take rounding.
    pub equals: Vec<Option<usize>>,
    /// Whether one of them has the same score to the last digit.
    pub exact: bool,
}

/// Scores this close to the greatest, relative to it, are equal to it: single precision has seven digits, and computes with fewer.
const EQUAL: f32 = 1e-6;

impl Answers {
    /// How many examples there are.
    pub fn count(&self) -> usize {
        match self {
            Self::Classes(classes) => classes.len(),
            Self::Scores { width, values, .. } => values.len() / (*width).max(1),
        }
    }

    /// The class of every example: that of the greatest score, the first of equals. `None` if there is one score only.
    pub fn classes(&self) -> Option<Vec<i64>> {
        match self {
            Self::Classes(classes) | Self::Scores { labels: Some(classes), .. } => Some(classes.clone()),
            Self::Scores { width, .. } if *width < 2 => None,
            Self::Scores { width, values, classes, .. } => {
                let name = |i: usize| classes.as_ref().and_then(|classes| classes.get(i).copied()).unwrap_or(i64::try_from(i).unwrap_or(-1));
                Some(values.chunks_exact(*width).map(|row| name(greatest(row))).collect())
            }
        }
    }

    /// The class of every example with those that have the same score; `of_number` tells the class of a number. `None` if there is one
    /// score only.
    pub fn choices(&self, of_number: impl Fn(i64) -> Option<usize>) -> Option<Vec<Choice>> {
        match self {
            Self::Classes(classes) | Self::Scores { labels: Some(classes), .. } => {
                Some(classes.iter().map(|&class| Choice { class: of_number(class), equals: Vec::new(), exact: false }).collect())
            }
            Self::Scores { width, .. } if *width < 2 => None,
            Self::Scores { width, values, classes, .. } => {
                let place = |i: usize| classes.as_ref().map_or(Some(i), |classes| classes.get(i).copied().and_then(&of_number));
                let choice = |row: &[f32]| {
                    let best = greatest(row);
                    let near = |i: usize| i != best && (row[i] >= row[best] || row[best] - row[i] <= EQUAL * row[best].abs());
                    let exact = row.iter().enumerate().any(|(i, score)| i != best && *score >= row[best]);
                    Choice { class: place(best), equals: (0..row.len()).filter(|&i| near(i)).map(place).collect(), exact }
                };
                Some(values.chunks_exact(*width).map(choice).collect())
            }
        }
    }

    /// One score for each example as scores of two classes, in the ways in which it may be meant, the likelier first, with what is assumed
    /// then; nothing if they are not one score each.
    pub fn of_two_classes(&self) -> Vec<(Self, &'static str)> {
        let Self::Scores { width: 1, values, sigmoid, .. } = self else { return Vec::new() };
        let two = |other: fn(f32) -> f32| {
            let values = values.iter().flat_map(|&score| [other(score), score]).collect();
            Self::Scores { width: 2, values, classes: None, sigmoid: false, labels: None }
        };
        let probability = || (two(|score| 1.0 - score), "its one score taken for the probability of the second class, above 0.5");
        let odds = || (two(|_| 0.0), "its one score taken for the second class above 0");
        let fractions = values.iter().all(|score| (0.0..=1.0).contains(score));
        match (*sigmoid, fractions) {
            (true, _) => vec![probability()],
            (false, true) => vec![probability(), odds()],
            (false, false) => vec![odds(), (two(|score| 1.0 - score), "its one score taken for the second class above 0.5")],
        }
    }
}

fn greatest(row: &[f32]) -> usize {
    (0..row.len()).reduce(|best, i| if row[i] > row[best] { i } else { best }).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(width: usize, values: &[f32]) -> Answers {
        Answers::Scores { width, values: values.to_vec(), classes: None, sigmoid: false, labels: None }
    }

    #[test]
    fn scores_that_are_equal_in_single_precision_are_told() {
        let of = |values: &[f32]| scores(3, values).choices(|class| usize::try_from(class).ok()).unwrap().remove(0);
        assert_eq!(of(&[0.1, 0.7, 0.2]), Choice { class: Some(1), equals: Vec::new(), exact: false });
        assert_eq!(of(&[1.0, 0.2, 1.0]), Choice { class: Some(0), equals: vec![Some(2)], exact: true });
        assert_eq!(of(&[0.3, 1.0 - f32::EPSILON, 1.0]), Choice { class: Some(2), equals: vec![Some(1)], exact: false });
        assert_eq!(of(&[0.99, 1.0, 0.999]), Choice { class: Some(1), equals: Vec::new(), exact: false });
        assert_eq!(of(&[f32::NEG_INFINITY, 0.0, -1e-30]), Choice { class: Some(1), equals: Vec::new(), exact: false });
    }

    #[test]
    fn labels_that_a_network_says_besides_go_before_its_scores() {
        // sklearn.svm.SVC(probability=True): predict is by votes, predict_proba by Platt's sigmoids, and they may differ.
        let answers = Answers::Scores { width: 2, values: vec![0.6, 0.4, 0.2, 0.8], classes: None, sigmoid: false, labels: Some(vec![1, 1]) };
        assert_eq!(answers.classes(), Some(vec![1, 1]));
        let choices = answers.choices(|class| usize::try_from(class).ok()).unwrap();
        assert_eq!(choices[0], Choice { class: Some(1), equals: Vec::new(), exact: false });
    }

    #[test]
    fn one_score_is_read_by_what_it_comes_out_of() {
        let readings = |values: &[f32], sigmoid: bool| {
            let answers = Answers::Scores { width: 1, values: values.to_vec(), classes: None, sigmoid, labels: None };
            answers.of_two_classes().iter().map(|(answers, _)| answers.classes().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(readings(&[0.2, 0.5, 0.7], true), [vec![0, 0, 1]]);
        assert_eq!(readings(&[-3.0, 0.2, 4.0], false), [vec![0, 1, 1], vec![0, 0, 1]]);
        assert_eq!(readings(&[0.1, 0.2, 0.9], false), [vec![0, 0, 1], vec![1, 1, 1]]);
        assert!(scores(2, &[0.0, 1.0]).of_two_classes().is_empty());
    }
}
