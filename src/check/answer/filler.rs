//! Words around an answer that change nothing about it. The list is closed: whoever uses another word is read by a person, for it may be
//! "hardly", "anything but" or "false".

use crate::domain::name::is_among;

use super::words::is_number;

/// Words that say nothing by themselves.
const PLAIN: &str = "\
    a an the this that these those it its i we my our me us they them there which is are was were be has have had gives give gave giving get \
    gets got do does did shows show showed performs perform performed scored works work worked wins won think believe say choose chose chosen pick \
    picked take select selected use used using would will should can keep achieves achieved achieving reaches reached found find see comes came \
    called named namely ie of for in on at by with to from as among amongst via per and so thus hence therefore here clearly both also answer \
    answers ans choice option result results value values setting case statement statements model models method methods classifier classifiers \
    algorithm algorithms network networks net nets regressor estimator learner optimizer optimiser optimizers optimisers approach technique \
    architecture activation activations kernel linear rbf poly polynomial gaussian sklearn scikit learn torch optim keras data dataset set \
    feature features variable variables column columns measurement measurements attribute attributes parameter hyperparameter edge edges line \
    lines ones depth depths level levels lr rate learning eta alpha η α epoch epochs step steps iteration iterations size k c n d gamma \
    estimators neighbors neighbours fold folds cv cross mm cm g kg layer layers hidden units leaf leaves nodes rmse mse mae loss losses error \
    errors accuracy accuracies acc score scores r2 f1 auc percent validation val validated valid mean average final test";

/// Words for what a number measures, so that it is not the answer itself.
const MEASURES: &str = "\
    rmse mse mae loss losses error errors accuracy accuracies acc score scores r2 f1 auc percent fold folds seconds seed state";

/// Words between which a number and what it measures stand.
const BREAKS: &str = "\
    with at giving gives give gave has have had for by and where using achieving achieves achieved reaching reaches which that performs works \
    wins";

/// Settings whose names hold a word of degree.
pub(super) const SETTINGS: &str = "maxdepth maximumdepth maxiter maxleafnodes minsamplesleaf minsamplessplit maxfeatures";

/// Words for what a question is about. Who repeats one repeats no statement.
const NOUNS: &str = "tree trees regression classification seven six penguin penguins digit digits mnist";

/// Words that turn a sentence round. No question makes them harmless.
const TURNING: &str = "not no never neither nor than without except but or if unless opposite false wrong cannot why how";

/// Words of degree, by direction: of a question for the least error, "least" and "lowest" say the same.
const LOW: &str = "least lowest smallest minimal minimum min fewest lower less fewer minimizes minimises";
const HIGH: &str = "most highest greatest largest maximal maximum max higher more maximizes maximises";
const GOOD: &str = "best optimal better good winner top";
const BAD: &str = "worst worse bad poorest";
const SOON: &str = "soonest fastest first earliest quickest faster sooner";
const LATE: &str = "latest slowest last slower later";
const DEGREES: [&str; 6] = [LOW, HIGH, GOOD, BAD, SOON, LATE];

/// In which direction the right answer lies, where it is derived from numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Toward {
    Least,
    Greatest,
}

/// What may stand around an answer to one question.
#[derive(Debug)]
pub(super) struct Filler {
    /// The question's own words.
    question: Vec<String>,
    /// Words of the names of the student's numbers.
    names: Vec<String>,
    allowed: Vec<&'static str>,
    /// The directions that the question asks for: "prone to overfitting" is no answer to "least prone to overfitting".
    asked: Vec<&'static str>,
}

/// How a word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// It changes nothing.
    Plain,
    /// The question says it, and nobody else would.
    OfTheQuestion,
    /// A word of degree in the direction that is asked.
    Degree,
    /// Nobody knows what it does here.
    Unknown,
}

impl Filler {
    /// Of a question with this `title`, whose answer has this `name`; `names` are the words that the student's numbers are called by.
    pub(super) fn new(title: &[String], name: &[String], names: Vec<String>, toward: Option<Toward>, every_choice_is_right: bool) -> Self {
        let groups =
            |words: &[String]| -> Vec<&'static str> { DEGREES.iter().filter(|group| words.iter().any(|word| is_among(group, word))).copied().collect() };
        let (of_title, of_name) = (groups(title), groups(name));
        let mut allowed: Vec<_> = of_title.iter().chain(&of_name).copied().collect();
        match toward {
            Some(Toward::Least) => allowed.push(LOW),
            Some(Toward::Greatest) => allowed.push(HIGH),
            None => {}
        }
        if (toward.is_some() || every_choice_is_right) && !allowed.contains(&BAD) {
            allowed.push(GOOD);
        }
        let question = title.iter().chain(name).filter(|word| !turns(word)).cloned().collect();
        let names = names.into_iter().filter(|word| !turns(word)).collect();
        Self { question, names, allowed, asked: if of_title.is_empty() { of_name } else { of_title } }
    }

    pub(super) fn of(&self, word: &str) -> Use {
        let is_degree = DEGREES.iter().any(|group| is_among(group, word));
        if self.allowed.iter().any(|group| is_among(group, word)) {
            return Use::Degree;
        }
        if is_degree {
            return Use::Unknown;
        }
        let is_asked = self.question.iter().any(|known| known == word);
        let is_plain = is_among(PLAIN, word) || is_number(word) || self.names.iter().any(|known| known == word);
        match is_asked {
            _ if is_plain => Use::Plain,
            true if is_among(NOUNS, word) => Use::Plain,
            true => Use::OfTheQuestion,
            false => Use::Unknown,
        }
    }

    /// Whether a text that repeats the question with these words of degree leaves out none of its directions.
    pub(super) fn is_repeated_whole(&self, degrees: &[String]) -> bool {
        self.asked.iter().all(|group| degrees.iter().any(|word| is_among(group, word)))
    }

    /// Whether the word says what a number measures, unless the question asks for just that.
    pub(super) fn is_measure(&self, word: &str, derived: bool) -> bool {
        is_among(MEASURES, word) && (derived || !self.question.iter().any(|known| known == word))
    }
}

/// Whether a new phrase begins with the word.
pub(super) fn breaks(word: &str) -> bool {
    is_among(BREAKS, word)
}

/// Whether the word is one of degree that turns round what it stands right before: "least forest", "less 4".
pub(super) fn lessens(word: &str) -> bool {
    DEGREES.iter().any(|group| *group != GOOD && is_among(group, word))
}

/// Whether the word turns a sentence round, wherever it stands.
pub(super) fn turns(word: &str) -> bool {
    is_among(TURNING, word)
}
