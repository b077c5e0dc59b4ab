//! What submissions of a class have in common, as a value and as text. It names no student as having done anything.

use std::fmt::Write;

use anstyle::Style;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::markdown::escape;
use super::text::{pad, wrapped};

/// What every view says first.
const HEAD: &str = "This report accuses nobody and changes no score. What is listed is a reason to look, and has ordinary explanations: a starter \
                    file, work in pairs that the course permits, one group's work handed in by each, a second upload, the same seed with the \
                    same library, a text that several have read.";

/// What the class has in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The version of this format: 1.
    pub schema: u32,
    /// The rubric's id.
    pub rubric: String,
    /// How many submissions were compared.
    pub submissions: usize,
    /// From how many bits a pair is listed; null if the class is too small to tell what is unusual.
    pub least_bits: Option<u32>,
    /// Pairs and groups that share what few or none of the others have, the most unusual first.
    pub groups: Vec<Group>,
    /// Groups that share what none of the others have, but which are so many that a common cause is likely.
    pub shared_by_many: Vec<Group>,
    /// Submissions that could not be compared.
    pub left_out: Vec<LeftOut>,
}

/// Submissions that have something in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// Who they are, at least two.
    pub students: Vec<String>,
    /// How unusual it is; null in a class that is too small to tell.
    pub bits: Option<Bits>,
    /// What they share, a kind each.
    pub evidence: Vec<Evidence>,
}

/// How unusual what a group shares is in this class, in bits. A pair has one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bits {
    /// Of the member that shares least with the one nearest to it.
    pub least: u32,
    /// Of the two members that share most.
    pub most: u32,
}

/// A kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Stated numbers and series.
    Numbers,
    /// Predictions.
    Predictions,
    /// Figures.
    Images,
    /// Answers and decision rules.
    Words,
    /// Files that are the same byte for byte.
    Files,
}

/// What a group shares of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// The kind.
    pub kind: Kind,
    /// Its part of the bits of the two that share most.
    pub bits: Option<u32>,
    /// How much of what all of them have is the same.
    pub summary: String,
    /// What is the same, the most unusual first.
    pub exhibits: Vec<Shared>,
    /// How many exhibits were left out.
    pub more: usize,
}

/// One thing that is the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Shared {
    /// Its name, such as `mlp.lr0.1.val_loss`.
    pub name: String,
    /// What is the same.
    pub what: String,
    /// Which members have it; empty if all do.
    pub students: Vec<String>,
    /// How many submissions of the class have it, these included.
    pub holders: usize,
    /// How many submissions have something under this name.
    pub stated_by: usize,
}

/// A submission that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Whose it is.
    pub student: String,
    /// Why.
    pub why: String,
}

impl Kind {
    /// All kinds, in the order of the report.
    pub const ALL: [Self; 5] = [Self::Numbers, Self::Predictions, Self::Images, Self::Words, Self::Files];

    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Numbers => "numbers",
            Self::Predictions => "predictions",
            Self::Images => "images",
            Self::Words => "words",
            Self::Files => "files",
        }
    }

    /// What is counted.
    pub fn things(self) -> &'static str {
        match self {
            Self::Numbers => "numbers and series",
            Self::Predictions => "sets of predictions",
            Self::Images => "figures",
            Self::Words => "answers",
            Self::Files => "files",
        }
    }
}

impl Bits {
    /// "84 bits" or "20 to 84 bits".
    pub(super) fn words(self) -> String {
        if self.least == self.most { format!("{} bits", self.most) } else { format!("{} to {} bits", self.least, self.most) }
    }
}

impl Shared {
    /// The sentence, with who has it. `escaped` makes names and texts fit for where they stand.
    fn sentence(&self, escaped: fn(&str) -> String) -> String {
        let rest = self.stated_by - self.holders;
        let elsewhere = match rest {
            0 => format!("all {} that have it", self.stated_by),
            1 => format!("{} of {} have this, the other one has another", self.holders, self.stated_by),
            _ => format!("{} of {} have this, the other {rest} have others", self.holders, self.stated_by),
        };
        let who = if self.students.is_empty() { String::new() } else { format!(" [{}]", escaped(&self.students.join(", "))) };
        format!("{}{who}: {} ({elsewhere})", escaped(&self.name), escaped(&self.what))
    }
}

impl Comparison {
    /// What is said of the size of the class and of the least bits.
    fn measure(&self) -> String {
        let count = self.submissions;
        let pairs = count * count.saturating_sub(1) / 2;
        let compared = if count == 1 { "1 submission was compared".to_owned() } else { format!("{count} submissions were compared") };
        match self.least_bits {
            None => format!(
                "{compared}. The class is too small to tell how unusual anything is: what two of so few have in common \
                 is listed as it is, without a measure."
            ),
            Some(least) => format!(
                "{compared}, {pairs} pairs. A pair is listed from {least} bits. Bits tell how rarely two of this class \
                 who have other values agree so: 10 bits are one in a thousand, 20 one in a million. From {least} bits, fewer than one pair in \
                 32 such classes would be listed by chance, if things that the class shows no link between were independent. They are not quite: \
                 take the bits as an order of what to look at, not as a probability, and never as one about a person."
            ),
        }
    }

    fn left_out(&self) -> Vec<String> {
        self.left_out.iter().map(|left| format!("{} was not compared: {}", left.student, left.why)).collect()
    }
}

/// What stands above what many share.
const MANY: &str = "So many have these in common that a common cause is likelier than anything between two of them: a starter file, a seed that \
                    the course gives, a result that does not depend on chance. Few or none of the others have them.";

/// The report as Markdown.
pub fn markdown(comparison: &Comparison) -> String {
    let mut out = format!("# What submissions have in common: {}\n\n> {HEAD}\n\n{}\n", escape(&comparison.rubric), comparison.measure());
    for line in comparison.left_out() {
        let _ = writeln!(out, "\n> {}", escape(&line));
    }
    let _ = writeln!(out, "\n## Pairs and groups");
    if comparison.groups.is_empty() {
        let _ = writeln!(out, "\nNone.");
    }
    comparison.groups.iter().for_each(|group| markdown_group(group, &mut out));
    if !comparison.shared_by_many.is_empty() {
        let _ = writeln!(out, "\n## Shared by many\n\n{MANY}");
        comparison.shared_by_many.iter().for_each(|group| markdown_group(group, &mut out));
    }
    out
}

fn markdown_group(group: &Group, out: &mut String) {
    let bits = group.bits.map_or_else(String::new, |bits| format!(" — {}", bits.words()));
    let _ = writeln!(out, "\n### {}{bits}\n", escape(&group.students.join(", ")));
    for evidence in &group.evidence {
        let bits = evidence.bits.filter(|&bits| bits > 0).map_or_else(String::new, |bits| format!(" ({bits} {})", if bits == 1 { "bit" } else { "bits" }));
        let _ = writeln!(out, "- **{}**{bits}: {}", evidence.kind.word(), escape(&evidence.summary));
        for exhibit in &evidence.exhibits {
            let _ = writeln!(out, "  - {}", exhibit.sentence(escape));
        }
        if evidence.more > 0 {
            let _ = writeln!(out, "  - and {} more", evidence.more);
        }
    }
}

/// Columns of the terminal's text.
const WIDTH: usize = 110;

/// The report for a terminal: for each kind of evidence how much is the same, with its first exhibits.
pub fn terminal(comparison: &Comparison) -> String {
    const BOLD: Style = Style::new().bold();
    let list = |groups: &[Group]| groups.iter().map(terminal_group).collect::<String>();
    let mut out = format!("{}\n\n{}\n", wrapped("", HEAD, 0, WIDTH), wrapped("", &comparison.measure(), 0, WIDTH));
    for line in comparison.left_out() {
        let _ = writeln!(out, "{}", wrapped("  ", &line, 4, WIDTH));
    }
    out += &list(&comparison.groups);
    if comparison.groups.is_empty() {
        out += "\n  no pair has unusually much in common\n";
    }
    if !comparison.shared_by_many.is_empty() {
        let _ = write!(out, "\n{BOLD}Shared by many{BOLD:#}, so that a common cause is likely:\n{}", list(&comparison.shared_by_many));
    }
    out
}

fn terminal_group(group: &Group) -> String {
    const BOLD: Style = Style::new().bold();
    const QUIET: Style = Style::new().dimmed();
    let bits = group.bits.map_or_else(String::new, |bits| format!("  {}", bits.words()));
    let mut out = format!("\n{BOLD}{}{BOLD:#}{bits}\n", wrapped("  ", &group.students.join(", "), 2, WIDTH));
    for evidence in &group.evidence {
        let bits = evidence.bits.filter(|&bits| bits > 0).map_or_else(String::new, |bits| bits.to_string());
        let first = format!("    {} {}  ", pad(evidence.kind.word(), 11, false), pad(&bits, 3, true));
        let _ = writeln!(out, "{}", wrapped(&first, &evidence.summary, 21, WIDTH));
        for exhibit in evidence.exhibits.iter().take(2) {
            let _ = writeln!(out, "{QUIET}{}{QUIET:#}", wrapped(&" ".repeat(21), &exhibit.sentence(str::to_owned), 23, WIDTH));
        }
    }
    out
}
