//! What the names of columns, lists and arrays say: which of them holds the predictions.

use mlgrade_domain::name::list;

use super::{Asked, is_called};

/// Names under which predictions usually stand, in the order of preference. What may as well be the right answers comes last.
const NAMES: [&str; 26] = [
    "y_pred",
    "predictions",
    "prediction",
    "predicted",
    "predicted_label",
    "predicted_class",
    "preds",
    "pred",
    "y_hat",
    "yhat",
    "proba",
    "y_proba",
    "y_prob",
    "y_score",
    "probabilities",
    "probs",
    "logits",
    "scores",
    "output",
    "outputs",
    "values",
    "labels",
    "label",
    "classes",
    "class",
    "arr_0",
];

/// What people and pandas call a column that only names or counts the rows.
const INDEX: [&str; 13] = ["", "index", "idx", "row", "n", "i", "no", "nr", "number", "example", "sample", "image", "#"];

const PREDICTION: [&str; 23] = [
    "pred",
    "preds",
    "predict",
    "predicts",
    "predicted",
    "prediction",
    "predictions",
    "hat",
    "yhat",
    "ypred",
    "forecast",
    "forecasts",
    "guess",
    "guesses",
    "guessed",
    "output",
    "outputs",
    "inferred",
    "inference",
    "estimate",
    "estimates",
    "estimated",
    "fitted",
];

const TRUTH: [&str; 19] = [
    "true",
    "truth",
    "ytrue",
    "ytest",
    "yval",
    "actual",
    "actuals",
    "gt",
    "gold",
    "target",
    "targets",
    "expected",
    "real",
    "observed",
    "reference",
    "groundtruth",
    "correct",
    "solution",
    "annotation",
];

const SCORE: [&str; 17] = [
    "proba",
    "probas",
    "prob",
    "probs",
    "probability",
    "probabilities",
    "score",
    "scores",
    "logit",
    "logits",
    "softmax",
    "sigmoid",
    "likelihood",
    "logprob",
    "confidence",
    "conf",
    "certainty",
];

/// What a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Says {
    Id,
    Prediction,
    /// A number for each class, or one for each row.
    Score,
    Truth,
    Nothing,
}

/// Which of several columns, lists or arrays hold the predictions.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice {
    /// This one, as its name says.
    Named(usize),
    /// This one, since nothing else can be meant.
    Left(usize),
    /// These, a number for each class.
    Several(Vec<usize>),
}

/// The columns that hold the predictions that are asked for, and the one that names the rows. The error says which may be meant.
pub(super) fn choose(names: &[String], asked: Asked<'_>) -> (Option<usize>, Result<Choice, String>) {
    let mut says: Vec<Says> = names.iter().map(|name| said(name)).collect();
    // Of two columns `True` and `False`, neither says what is right.
    if names.iter().any(|name| name.eq_ignore_ascii_case("false")) {
        names.iter().zip(&mut says).filter(|(name, _)| name.eq_ignore_ascii_case("true")).for_each(|(_, says)| *says = Says::Nothing);
    }
    let id = asked.layout.join.as_ref().and_then(|join| column(names, join)).or_else(|| says.iter().position(|says| *says == Says::Id));
    let id = id.or_else(|| key(names, &says, asked));
    if let Some(says) = id.and_then(|id| says.get_mut(id)) {
        *says = Says::Id;
    }
    // A second column that may name the rows may be what is predicted.
    says.iter_mut().enumerate().filter(|(place, says)| **says == Says::Id && Some(*place) != id).for_each(|(_, says)| *says = Says::Nothing);
    if says.len() == 1 && asked.layout.join.is_none() {
        return (None, Ok(Choice::Left(0)));
    }
    let others: Vec<usize> = (0..names.len()).filter(|place| Some(*place) != id).collect();
    if let Some(choice) = of_targets(names, &others, &asked.layout.targets) {
        return (id, choice);
    }
    (id, choose_from(names, &says, asked))
}

/// The column of this name: spelt so, or else the only one in another letter case.
pub(super) fn column(names: &[String], wanted: &str) -> Option<usize> {
    let alike: Vec<usize> = (0..names.len()).filter(|&place| is_called(&names[place], wanted)).collect();
    names.iter().position(|name| name == wanted).or(if let [only] = alike.as_slice() { Some(*only) } else { None })
}

/// The only column that is called as one that tells the rows of the data set apart, and that does not sound like predictions.
fn key(names: &[String], says: &[Says], asked: Asked<'_>) -> Option<usize> {
    let is_key = |name: &String| asked.layout.keys.iter().any(|key| is_called(name, key)) && !asked.layout.targets.iter().any(|target| is_called(name, target));
    let keys: Vec<usize> = (0..names.len()).filter(|&place| says[place] == Says::Nothing && is_key(&names[place])).collect();
    if let [only] = keys.as_slice() { Some(*only).filter(|_| names.len() > 1) } else { None }
}

/// The column that names the rows as `join` asks: the one of that name, or a first one without a name, as pandas writes an index.
pub(super) fn joined(names: &[String], join: &str) -> Option<usize> {
    column(names, join).or_else(|| names.first().filter(|first| first.trim().is_empty()).map(|_| 0))
}

/// The columns of several targets in their order: those that are called so, and for the other targets the other columns as they stand.
fn of_targets(names: &[String], others: &[usize], targets: &[String]) -> Option<Result<Choice, String>> {
    let own = |target: &String| column(names, target).filter(|place| others.contains(place));
    let places: Vec<Option<usize>> = targets.iter().map(own).collect();
    let mut rest = others.iter().copied().filter(|place| !places.contains(&Some(*place)));
    match places.iter().flatten().count() {
        _ if targets.len() < 2 => None,
        found if found == targets.len() || others.len() == targets.len() => {
            Some(Ok(Choice::Several(places.iter().filter_map(|place| place.or_else(|| rest.next())).collect())))
        }
        0 => None,
        _ => {
            let missing = targets.iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(target, _)| target.as_str());
            Some(Err(format!("none is called {}", list(missing))))
        }
    }
}

fn choose_from(names: &[String], says: &[Says], asked: Asked<'_>) -> Result<Choice, String> {
    let that = |wanted: &[Says]| -> Vec<usize> { (0..says.len()).filter(|&place| wanted.contains(&says[place])).collect() };
    let spelt = |wanted: &str, among: &[usize]| among.iter().copied().find(|&place| names[place].eq_ignore_ascii_case(wanted));
    let (predicted, scores, others) = (that(&[Says::Prediction]), that(&[Says::Score]), that(&[Says::Nothing]));
    if let Some(place) = spelt(asked.name, &that(&[Says::Prediction, Says::Score, Says::Nothing])) {
        return Ok(Choice::Named(place));
    }
    if let [only] = predicted.as_slice() {
        return Ok(Choice::Named(*only));
    }
    match (predicted.as_slice(), scores.as_slice(), others.as_slice()) {
        ([_, _, ..], ..) if are_numbered(names, &predicted) => Ok(Choice::Several(predicted)),
        ([_, _, ..], ..) => {
            let usual: Vec<usize> = NAMES.iter().filter_map(|name| spelt(name, &predicted)).collect();
            if let [only] = usual.as_slice() { Ok(Choice::Named(*only)) } else { Err(unclear(names, &predicted)) }
        }
        // A label with how sure the model is of it.
        (_, [score], others) if is_certainty(&names[*score]) && !others.is_empty() => among(names, others, asked, spelt),
        (_, [only], _) => Ok(Choice::Named(*only)),
        (_, [_, _, ..], _) => Ok(Choice::Several(scores)),
        (_, [], []) => match that(&[Says::Truth]).as_slice() {
            [only] => Ok(Choice::Left(*only)),
            several => Err(unclear(names, several)),
        },
        (_, [], others) => among(names, others, asked, spelt),
    }
}

fn among(names: &[String], others: &[usize], asked: Asked<'_>, spelt: impl Fn(&str, &[usize]) -> Option<usize>) -> Result<Choice, String> {
    let usual = NAMES.iter().find_map(|name| spelt(name, others));
    let of_target = || asked.layout.targets.iter().find_map(|target| others.iter().copied().find(|&place| is_called(&names[place], target)));
    if let Some(place) = usual.or_else(|| of_target().filter(|_| others.len() > 1)) {
        return Ok(Choice::Named(place));
    }
    match others {
        [] => Err(unclear(names, others)),
        [only] => Ok(Choice::Left(*only)),
        several => Ok(Choice::Several(several.to_vec())),
    }
}

fn unclear(names: &[String], may_be: &[usize]) -> String {
    format!("{} may all be the predictions; call one `y_pred`", list(may_be.iter().take(8).map(|&place| names[place].as_str())))
}

/// What a name says. Its words are parted by signs, and by capitals as in `ImageId`.
fn said(name: &str) -> Says {
    let words = words(name);
    let whole = name.trim().to_lowercase();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
    let y_of = |parts: &[&str]| matches!(words.as_slice(), [y, part] if y == "y" && parts.contains(&part.as_str()));
    if has(&PREDICTION) && !has(&SCORE) {
        Says::Prediction
    } else if has(&SCORE) {
        Says::Score
    } else if INDEX.contains(&whole.as_str())
        || words.last().is_some_and(|last| ["id", "ids", "idx", "index", "indices", "uid", "uuid"].contains(&last.as_str()))
        || has(&["unnamed", "rowname", "rownames", "filename"])
    {
        Says::Id
    } else if has(&TRUTH) || y_of(&["test", "val", "valid", "validation", "dev", "train"]) {
        Says::Truth
    } else {
        Says::Nothing
    }
}

/// Whether a name says how sure a model is rather than how probable a class.
fn is_certainty(name: &str) -> bool {
    words(name).iter().any(|word| ["confidence", "conf", "certainty"].contains(&word.as_str()))
}

/// Whether the columns are one for each class by their names: alike but for a number at the end.
fn are_numbered(names: &[String], places: &[usize]) -> bool {
    let parts = |place: &usize| {
        let stem = names[*place].trim_end_matches(|c: char| c.is_ascii_digit());
        (stem.to_lowercase(), names[*place][stem.len()..].parse::<usize>().ok())
    };
    let mut numbers: Vec<usize> = Vec::new();
    for place in places {
        let (stem, Some(number)) = parts(place) else { return false };
        if stem != parts(&places[0]).0 {
            return false;
        }
        numbers.push(number);
    }
    numbers.first().is_some_and(|first| *first <= 1) && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1)
}

fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts =
            !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase()) || (c.is_ascii_digit() != before.is_ascii_digit() && before.is_alphanumeric());
        if starts && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a name says anything of what stands under it, or is usual for predictions.
pub(super) fn is_usual(name: &str, asked: Asked<'_>) -> bool {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    is(asked.name) || asked.names(name) || NAMES.iter().any(|known| is(known)) || (said(name) != Says::Nothing && !name.is_empty())
}

/// Whether a name says that it names the rows.
pub(super) fn is_id(name: &str) -> bool {
    said(name.trim_matches('"')) == Says::Id
}

/// Whether a name says that the right answers stand under it.
pub(super) fn says_truth(name: &str) -> bool {
    said(name) == Says::Truth
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::predictions::Layout;

    fn chosen(names: &str) -> String {
        let names: Vec<String> = names.split(',').map(str::to_owned).collect();
        let (id, choice) = choose(&names, Asked { name: "mine", layout: &Layout::default() });
        let at = |place: &usize| names[*place].clone();
        let id = id.map_or_else(String::new, |id| format!("{} -> ", names[id]));
        match choice {
            Ok(Choice::Named(place) | Choice::Left(place)) => id + &at(&place),
            Ok(Choice::Several(places)) => id + &places.iter().map(at).collect::<Vec<_>>().join("+"),
            Err(message) => message,
        }
    }

    #[test]
    fn the_column_that_says_prediction_wins() {
        for (names, expected) in [
            ("label,predicted_labels", "predicted_labels"),
            ("true_label,pred_label", "pred_label"),
            ("y_true,y_pred", "y_pred"),
            ("y_test,y_hat", "y_hat"),
            ("Actual,Predicted", "Predicted"),
            ("PredictedLabel,TrueLabel", "PredictedLabel"),
            ("gold,system", "system"),
            ("id,target", "id -> target"),
            ("ImageId,Label", "ImageId -> Label"),
            ("PassengerId,Survived", "PassengerId -> Survived"),
            ("label,mine", "mine"),
            ("Unnamed: 0,label,prediction,correct", "Unnamed: 0 -> prediction"),
            ("id,text,label", "id -> label"),
            ("label,confidence", "label"),
            ("label,proba", "proba"),
            ("id,pred_0,pred_1,pred_2", "id -> pred_0+pred_1+pred_2"),
            ("id,label,prob_cat,prob_dog", "id -> prob_cat+prob_dog"),
            ("label,pred,pred_proba", "pred"),
            ("False,True", "False+True"),
            (",cat,dog", " -> cat+dog"),
            ("pred_knn,pred_svm", "`pred_knn` and `pred_svm` may all be the predictions; call one `y_pred`"),
            ("y_true,target", "`y_true` and `target` may all be the predictions; call one `y_pred`"),
            ("y_pred,pred_svm", "y_pred"),
        ] {
            assert_eq!(chosen(names), expected, "{names}");
        }
    }

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(words("PredictedLabel"), ["predicted", "label"]);
        assert_eq!(words("Unnamed: 0"), ["unnamed", "0"]);
        assert_eq!(words("y-hat.2"), ["y", "hat", "2"]);
        assert_eq!(words("ID"), ["id"]);
        assert!(words("").is_empty());
    }
}
