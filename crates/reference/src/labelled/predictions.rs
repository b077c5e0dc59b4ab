//! Predictions of a model, and the file that holds them.

use super::{Labelled, Truth};
use crate::Run;
use crate::matrix::greatest;

/// What a model says of some examples.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Prediction {
    /// A number for each.
    Numbers(Vec<f64>),
    /// A class for each.
    Classes(Vec<usize>),
    /// For each a row with the probability of every class.
    Probabilities(Vec<Vec<f64>>),
}

/// Which row of the file each example is.
#[derive(Debug)]
pub(super) struct Order {
    /// Of a table, where a column names its rows: the column and the names.
    ids: Option<(String, Vec<String>)>,
    /// The rows that are learnt from; none if only what is held out has a row.
    train_at: Vec<usize>,
    /// The rows that are held out.
    val_at: Vec<usize>,
}

impl Order {
    /// Only what is held out has rows.
    pub(super) fn of_split(val: usize) -> Self {
        Self { ids: None, train_at: Vec::new(), val_at: (0..val).collect() }
    }

    /// All rows of a table.
    pub(super) fn of_table(ids: Option<(String, Vec<String>)>, train_at: Vec<usize>, val_at: Vec<usize>) -> Self {
        Self { ids, train_at, val_at }
    }
}

impl Prediction {
    /// The predicted classes: of probabilities the greatest, the first of equals.
    pub(crate) fn classes(&self) -> Vec<usize> {
        match self {
            Self::Numbers(_) => Vec::new(),
            Self::Classes(classes) => classes.clone(),
            Self::Probabilities(rows) => rows.iter().map(|row| greatest(row)).collect(),
        }
    }

    /// Puts the predictions for a table's rows `at` into their places among `into`; all are of one kind.
    pub(crate) fn place(self, at: &[usize], into: &mut Option<Self>, rows: usize) {
        fn fill<T: Clone + Default>(values: Vec<T>, at: &[usize], known: Option<Vec<T>>, rows: usize) -> Vec<T> {
            let mut all = known.unwrap_or_else(|| vec![T::default(); rows]);
            for (value, &place) in values.into_iter().zip(at) {
                all[place] = value;
            }
            all
        }
        let known = into.take();
        *into = Some(match (self, known) {
            (Self::Numbers(new), Some(Self::Numbers(known))) => Self::Numbers(fill(new, at, Some(known), rows)),
            (Self::Numbers(new), _) => Self::Numbers(fill(new, at, None, rows)),
            (Self::Classes(new), Some(Self::Classes(known))) => Self::Classes(fill(new, at, Some(known), rows)),
            (Self::Classes(new), _) => Self::Classes(fill(new, at, None, rows)),
            (Self::Probabilities(new), Some(Self::Probabilities(known))) => Self::Probabilities(fill(new, at, Some(known), rows)),
            (Self::Probabilities(new), _) => Self::Probabilities(fill(new, at, None, rows)),
        });
    }
}

impl Labelled<'_> {
    /// Hands in what is predicted of the examples held out, and of a table's other rows, as `predictions/name.csv`: a line for each row of
    /// the data set, in its order. Probabilities are handed in beside the classes, as `predictions/name_probabilities.csv`.
    pub(crate) fn hand_in(&self, run: &mut Run, name: &str, train: Option<Prediction>, val: Option<Prediction>) {
        let Order { ids, train_at, val_at } = &self.order;
        let rows = train_at.len() + val_at.len();
        let mut all = None;
        for (prediction, at) in [(train, train_at), (val, val_at)] {
            if let Some(prediction) = prediction.filter(|_| !at.is_empty()) {
                prediction.place(at, &mut all, rows);
            }
        }
        let Some(all) = all else { return };
        let ids = ids.as_ref();
        let mut file = |name: String, columns: Vec<String>, row: &dyn Fn(usize) -> String| {
            let head = ids.iter().map(|(column, _)| quoted(column)).chain(columns).collect::<Vec<_>>().join(",");
            let line = |i: usize| ids.map_or_else(|| row(i), |(_, ids)| format!("{},{}", quoted(&ids[i]), row(i)));
            let text: String = std::iter::once(head).chain((0..rows).map(line)).flat_map(|line| [line, "\n".to_owned()]).collect();
            run.files.insert(format!("predictions/{name}.csv"), text.into_bytes());
        };
        if let Prediction::Numbers(numbers) = &all {
            file(name.to_owned(), vec!["predicted".to_owned()], &|i| numbers[i].to_string());
            return;
        }
        let classes = all.classes();
        file(name.to_owned(), vec!["label".to_owned()], &|i| quoted(&self.classes[classes[i]]));
        if let Prediction::Probabilities(shares) = &all {
            let columns = self.classes.iter().map(|class| quoted(&format!("prob_{class}"))).collect();
            file(format!("{name}_probabilities"), columns, &|i| shares[i].iter().map(f64::to_string).collect::<Vec<_>>().join(","));
        }
    }

    /// What is right for the examples held out.
    pub(crate) fn val_truth(&self) -> Option<&Truth> {
        self.val.as_ref().map(|part| &part.y)
    }
}

/// A cell of a CSV file.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
}
