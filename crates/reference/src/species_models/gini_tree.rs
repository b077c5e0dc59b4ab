//! A small classification tree by Gini impurity (Breiman, Friedman, Olshen and Stone 1984) that can be read as rules; the libraries'
//! trees do not show their nodes.

use mlgrade_domain::number::significant;

/// A node with what lies below it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    /// How many training rows of each class reach it.
    pub(super) counts: Vec<usize>,
    /// How it divides them, unless it is a leaf.
    pub(super) split: Option<Split>,
}

/// A question: is the feature at most the threshold?
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Split {
    pub(super) feature: usize,
    pub(super) threshold: f64,
    /// Where it is.
    pub(super) at_most: Box<Tree>,
    /// Where it is not.
    pub(super) above: Box<Tree>,
}

impl Tree {
    /// The tree of at most `depth` questions in a row about the `allowed` features of `rows`. Thresholds lie midway between
    /// neighbouring values; of equally good splits the first feature's lowest is taken.
    pub(super) fn grow<const N: usize>(rows: &[[f64; N]], classes: &[usize], allowed: &[usize], depth: usize) -> Self {
        let width = classes.iter().copied().max().map_or(0, |most| most + 1);
        Self::below(rows, classes, allowed, depth, width, &(0..rows.len()).collect::<Vec<_>>())
    }

    fn below<const N: usize>(rows: &[[f64; N]], classes: &[usize], allowed: &[usize], depth: usize, width: usize, here: &[usize]) -> Self {
        let mut counts = vec![0; width];
        for &row in here {
            counts[classes[row]] += 1;
        }
        let pure = counts.iter().filter(|count| **count > 0).count() < 2;
        let best = if depth == 0 || pure { None } else { best_split(rows, classes, allowed, &counts, here) };
        let split = best.map(|(feature, threshold)| {
            let (low, high): (Vec<usize>, Vec<usize>) = here.iter().partition(|&&row| rows[row][feature] <= threshold);
            let grow = |part: &[usize]| Box::new(Self::below(rows, classes, allowed, depth - 1, width, part));
            Split { feature, threshold, at_most: grow(&low), above: grow(&high) }
        });
        Self { counts, split }
    }

    /// The feature of the first question.
    pub(super) fn feature(&self) -> Option<usize> {
        self.split.as_ref().map(|split| split.feature)
    }

    /// The class of most training rows, the first of equals.
    pub(super) fn class(&self) -> usize {
        (0..self.counts.len()).reduce(|best, class| if self.counts[class] > self.counts[best] { class } else { best }).unwrap_or(0)
    }

    /// The conditions that lead to the leaf which best covers `class`: the most of its rows less those of others.
    pub(super) fn rule(&self, class: usize, names: &[&str]) -> Option<String> {
        let mut leaves = Vec::new();
        self.leaves(names, &mut Vec::new(), &mut leaves);
        let score = |leaf: &Tree| 2 * i64::try_from(leaf.counts[class]).unwrap_or(0) - i64::try_from(leaf.counts.iter().sum::<usize>()).unwrap_or(0);
        let best = leaves.into_iter().max_by_key(|(_, leaf)| score(leaf))?;
        (!best.0.is_empty()).then(|| best.0.join(" and "))
    }

    fn leaves<'t>(&'t self, names: &[&str], path: &mut Vec<String>, leaves: &mut Vec<(Vec<String>, &'t Tree)>) {
        let Some(split) = &self.split else {
            leaves.push((path.clone(), self));
            return;
        };
        for (question, below) in split.branches(names) {
            path.push(question);
            below.leaves(names, path, leaves);
            path.pop();
        }
    }

    /// The tree as indented rules, as scikit-learn's `export_text` has them.
    pub(super) fn text(&self, names: &[&str], classes: &[String]) -> String {
        let mut lines = Vec::new();
        self.lines(names, classes, "", &mut lines);
        lines.concat()
    }

    fn lines(&self, names: &[&str], classes: &[String], indent: &str, lines: &mut Vec<String>) {
        match &self.split {
            None => lines.push(format!("{indent}|--- class: {}\n", classes.get(self.class()).map_or("?", String::as_str))),
            Some(split) => {
                for (question, below) in split.branches(names) {
                    lines.push(format!("{indent}|--- {question}\n"));
                    below.lines(names, classes, &format!("{indent}|   "), lines);
                }
            }
        }
    }
}

impl Split {
    /// Both answers in words, and what lies below each.
    pub(super) fn branches(&self, names: &[&str]) -> [(String, &Tree); 2] {
        let (name, threshold) = (names.get(self.feature).copied().unwrap_or("?"), significant(self.threshold, 10));
        [(format!("{name} <= {threshold}"), &self.at_most), (format!("{name} > {threshold}"), &self.above)]
    }
}

/// The feature and threshold that leave the least impurity, if any leaves less than there is.
fn best_split<const N: usize>(rows: &[[f64; N]], classes: &[usize], allowed: &[usize], counts: &[usize], here: &[usize]) -> Option<(usize, f64)> {
    let mut best = (weighted_gini(counts) * (1.0 - 1e-12), None);
    for &feature in allowed {
        let mut sorted = here.to_vec();
        sorted.sort_by(|&a, &b| rows[a][feature].total_cmp(&rows[b][feature]));
        let mut low = vec![0; counts.len()];
        for pair in sorted.windows(2) {
            low[classes[pair[0]]] += 1;
            let (value, next) = (rows[pair[0]][feature], rows[pair[1]][feature]);
            let high: Vec<usize> = counts.iter().zip(&low).map(|(all, low)| all - low).collect();
            let impurity = weighted_gini(&low) + weighted_gini(&high);
            if value < next && impurity < best.0 - 1e-9 {
                best = (impurity, Some((feature, f64::midpoint(value, next))));
            }
        }
    }
    best.1
}

/// The Gini impurity, 1 - Σ p², times the number of rows.
fn weighted_gini(counts: &[usize]) -> f64 {
    let total = counts.iter().sum::<usize>() as f64;
    if total > 0.0 { total - counts.iter().map(|&count| (count as f64).powi(2)).sum::<f64>() / total } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_lie_midway_and_the_rule_leads_to_the_purest_leaf() {
        let rows = [[1.0, 5.0], [2.0, 5.0], [4.0, 1.0], [4.0, 3.0], [5.0, 1.0], [6.0, 3.0]];
        let tree = Tree::grow(&rows, &[0, 0, 1, 0, 1, 0], &[0, 1], 2);
        let names = ["length", "depth"];
        assert_eq!(tree.rule(1, &names).as_deref(), Some("depth <= 2"));
        let without = Tree::grow(&rows, &[0, 0, 1, 0, 1, 0], &[0], 2);
        assert_eq!(without.rule(1, &names).as_deref(), Some("length > 3 and length <= 5.5"));
        let classes = ["no".to_owned(), "yes".to_owned()];
        assert_eq!(tree.text(&names, &classes), "|--- depth <= 2\n|   |--- class: yes\n|--- depth > 2\n|   |--- class: no\n");
    }
}
