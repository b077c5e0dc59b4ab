//! Names as people print them, and as a rubric asks for them: `Val. Loss` is `val_loss`.

/// Words that are one word.
const SAME: [(&str, &str); 9] = [
    ("valid", "val"),
    ("validation", "val"),
    ("dev", "val"),
    ("training", "train"),
    ("testing", "test"),
    ("acc", "accuracy"),
    ("accuracies", "accuracy"),
    ("err", "error"),
    ("losses", "loss"),
];

/// `name` in lower case, with one spelling for words that are the same and one sign between them. Two names with the same normal form are taken
/// for each other where only one of them is there.
pub(crate) fn normal(name: &str) -> String {
    let sign = |c: char| if matches!(c, ' ' | '-' | '_' | '(' | ')' | '%' | '\t' | '\'') { '_' } else { c };
    let spaced: String = name.to_lowercase().chars().map(sign).collect();
    let mut out = String::with_capacity(name.len());
    for part in spaced.split('.') {
        let words: Vec<&str> = part.split('_').filter(|word| !word.is_empty()).map(same).collect();
        if !out.is_empty() && !words.is_empty() {
            // The dot of `Val. Loss` stands between no two names.
            out.push(if part.starts_with('_') { '_' } else { '.' });
        }
        out += &words.join("_");
    }
    out
}

fn same(word: &str) -> &str {
    SAME.iter().find(|(known, _)| *known == word).map_or(word, |(_, same)| same)
}

#[cfg(test)]
mod tests {
    use super::normal;
    use proptest::prelude::*;

    #[test]
    fn names_that_people_take_for_each_other_have_one_normal_form() {
        for (name, expected) in [
            ("Val Loss", "val_loss"),
            ("Val._Loss", "val_loss"),
            ("Validation loss", "val_loss"),
            ("mlp.valid-loss", "mlp.val_loss"),
            ("Best score", "best_score"),
            ("cv.Best_score", "cv.best_score"),
            ("val_acc", "val_accuracy"),
            ("Accuracy (%)", "accuracy"),
            ("Adj. R-squared", "adj_r_squared"),
            ("R-squared", "r_squared"),
            ("lr0.1.val_loss", "lr0.1.val_loss"),
            ("macro avg.f1-score", "macro_avg.f1_score"),
        ] {
            assert_eq!(normal(name), expected, "{name}");
        }
        assert_ne!(normal("train_loss"), normal("val_loss"));
        assert_ne!(normal("loss"), normal("val_loss"));
    }

    proptest! {
        #[test]
        fn a_normal_form_is_its_own(name in "[a-cA-C ._(%-]{0,20}|\\PC{0,20}") {
            let once = normal(&name);
            prop_assert_eq!(normal(&once), once.clone());
        }
    }
}
