//! What is understood of answers in ordinary words, and what goes to a person.

use super::*;
use proptest::prelude::*;

const MODELS: [&str; 3] = ["tree", "forest", "boosted"];

fn answer(name: &str, choices: &[&str], count: usize) -> Answer {
    let choices = choices.iter().map(ToString::to_string).collect();
    let name = Spanned::new(0..0, name.to_owned());
    Answer { name, choices, also: BTreeMap::new(), count: Count::Exactly(count), expect: Some(Expect::Any(Vec::new())), tolerance: None }
}

/// The choice that is understood.
fn chosen(answer: &Answer, title: &str, texts: &[&str]) -> Option<Vec<String>> {
    let texts: Vec<String> = texts.iter().map(ToString::to_string).collect();
    let picked = answer.pick(&texts, &answer.choices, None, title).ok()?;
    Some(picked.iter().map(|picked| picked.shown(&answer.choices)).collect())
}

#[test]
fn a_choice_is_understood_and_a_sentence_goes_to_a_person() {
    let models = answer("least_overfitting", &MODELS, 1);
    let choose = |text: &str| chosen(&models, "Which model is least prone to overfitting?", &[text]).map(|all| all.join(" "));
    for text in ["Forest", "the random forest", "Random forests", "RandomForestRegressor(n_estimators=100)", "RF", "**Random Forest**", "It is the forest."] {
        assert_eq!(choose(text).as_deref(), Some("forest"), "{text}");
    }
    assert_eq!(choose("The model least prone to overfitting is the forest").as_deref(), Some("forest"));
    for text in [
        "not the forest",
        "rather the tree than the boosted one",
        "tree or forest",
        "deforestation",
        "forest is false",
        "anything but forest",
        "hardly forest",
        "opposite of forest",
        "the forest is prone to overfitting",
        "most prone to overfitting is the forest",
        "forest?",
        "!forest",
        "~~forest~~",
        "forest ❌",
        "",
    ] {
        assert_eq!(choose(text), None, "{text}");
    }
}

#[test]
fn several_choices_are_counted_once_each() {
    let two = answer("two_features", &["bill_length_mm", "bill_depth_mm", "body_mass_g", "sex"], 2);
    let choose = |texts: &[&str]| chosen(&two, "Which two features would you choose?", texts).map(|all| all.join(" "));
    assert_eq!(choose(&["bill_length_mm", "body_mass_g"]).as_deref(), Some("bill_length_mm body_mass_g"));
    assert_eq!(choose(&["Bill Length (mm)", "Body mass"]).as_deref(), Some("bill_length_mm body_mass_g"));
    assert_eq!(choose(&["bill length and depth"]).as_deref(), Some("bill_length_mm bill_depth_mm"));
    assert_eq!(choose(&["mass & sex"]).as_deref(), Some("body_mass_g sex"));
    assert_eq!(choose(&["bill_length_mm", "bill_length_mm"]), None);
    assert_eq!(choose(&["bill_length_mm"]), None);
    assert_eq!(choose(&["bill and mass"]), None, "there are two of the bill");
    assert_eq!(choose(&["body length and mass"]), None, "no such column");
}

#[test]
fn a_name_of_two_choices_names_neither() {
    let linear = answer("x", &["logistic", "linear regression", "svm"], 1);
    assert_eq!(chosen(&linear, "Which?", &["LR"]), None);
    let kernels = answer("x", &["linear svm", "rbf svm"], 1);
    assert_eq!(chosen(&kernels, "Which?", &["SVM"]), None);
    assert_eq!(chosen(&kernels, "Which?", &["RBF SVM"]), Some(vec!["rbf svm".to_owned()]));
}

#[test]
fn the_rubric_has_other_names() {
    let mut models = answer("x", &MODELS, 1);
    models.also.insert("forest".to_owned(), vec!["bagged trees".to_owned()]);
    assert_eq!(chosen(&models, "Which?", &["Bagged trees"]), Some(vec!["forest".to_owned()]));
}

#[test]
fn numbers_are_the_same_however_they_are_written() {
    let depths = answer("best_depth", &["2", "4", "8", "16", "32"], 1);
    let choose = |text: &str| chosen(&depths, "Which depth is best?", &[text]).map(|all| all.join(" "));
    for text in
        ["4", "4.0", "4.", "depth 4", "max_depth=4", "max_depth = 4 (RMSE 3.67)", "The best depth is 4, with an RMSE of 0.3.", "four", "depth-4", "**4**"]
    {
        assert_eq!(choose(text).as_deref(), Some("4"), "{text}");
    }
    assert_eq!(choose("5").as_deref(), Some("5"), "understood, and wrong");
    for text in
        ["4 or 8", "4 and 8", "not 4", "4th", "-4", "4²", "about 4", "2^2", "between 2 and 4", "4, 3.67", "4?", "worst depth is 4", "RMSE 4", "all but 4"]
    {
        assert_eq!(choose(text), None, "{text}");
    }
    let several = answer("x", &["1", "2", "3", "4", "5"], 4);
    for text in ["1, 2, 3, 5", "1,2,3,5", "1 2 3 and 5", "(1), (2), (3), (5)"] {
        assert_eq!(chosen(&several, "Which apply?", &[text]).map(|all| all.len()), Some(4), "{text}");
    }
}

proptest! {
    /// Whatever is written, it is understood as a choice or goes to a person.
    #[test]
    fn any_text_gives_an_answer(text in "\\PC{0,60}") {
        let _ = chosen(&answer("x", &MODELS, 1), "Which?", &[&text]);
        let _ = chosen(&answer("x", &["1", "2.5"], 1), "Which?", &[&text]);
    }

    /// A word that nobody knows is never passed over.
    #[test]
    fn an_unknown_word_goes_to_a_person(word in "[qxz][a-z]{4,9}", before in prop::bool::ANY) {
        let text = if before { format!("{word} forest") } else { format!("forest {word}") };
        prop_assert_eq!(chosen(&answer("x", &MODELS, 1), "Which?", &[&text]), None);
    }
}
