//! Names of series as a legend may spell them.

/// What a legend would call the series of these names: their words without those that all of them share, so `tree.train_rmse` and
/// `tree.val_rmse` become "train" and "val". A single name keeps all its words.
pub fn labels<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let words: Vec<Vec<String>> = names.into_iter().map(words).collect();
    let shared = |word: &String| words.len() > 1 && words.iter().all(|others| others.contains(word));
    let label = |own: &Vec<String>| {
        let telling: Vec<&str> = own.iter().filter(|word| !shared(word)).map(String::as_str).collect();
        if telling.is_empty() { own.join(" ") } else { telling.join(" ") }
    };
    words.iter().map(label).collect()
}

/// The groups into which the series of these labels fall when they are told apart by one of their words: `lr0.1 train`, `lr0.1 val`,
/// `lr1 train` and `lr1 val` by rate and by part. Each group is of at least one series, and there are at least two groups.
pub(crate) fn groupings(labels: &[String]) -> Vec<Vec<Vec<usize>>> {
    let words: Vec<Vec<&str>> = labels.iter().map(|label| label.split_whitespace().collect()).collect();
    let columns = words.iter().map(Vec::len).min().unwrap_or(0);
    let mut all: Vec<Vec<Vec<usize>>> = Vec::new();
    for column in 0..columns {
        let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
        for (i, words) in words.iter().enumerate() {
            match groups.iter_mut().find(|(word, _)| *word == words[column]) {
                Some((_, members)) => members.push(i),
                None => groups.push((words[column], vec![i])),
            }
        }
        let groups: Vec<Vec<usize>> = groups.into_iter().map(|(_, members)| members).collect();
        if groups.len() > 1 && !all.contains(&groups) {
            all.push(groups);
        }
    }
    all
}

/// The words of a name. A point between digits is a decimal point: `lr0.01`.
fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let decimal = |i: usize| {
        let digit = |at: Option<&char>| at.is_some_and(char::is_ascii_digit);
        characters[i] == '.' && i > 0 && digit(characters.get(i - 1)) && digit(characters.get(i + 1))
    };
    let parts = |(i, &c): (usize, &char)| if !decimal(i) && matches!(c, '.' | '_' | '-' | '/' | ' ' | ',') { '\n' } else { c };
    let text: String = characters.iter().enumerate().map(parts).collect();
    text.split('\n').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_names_share_is_left_out() {
        assert_eq!(labels(["tree.train_rmse", "tree.val_rmse", "forest.val_rmse"]), ["tree train", "tree val", "forest val"]);
        assert_eq!(labels(["mlp.lr0.01.train_loss", "mlp.lr1.0.val_loss"]), ["lr0.01 train", "lr1.0 val"]);
        assert_eq!(labels(["improved.val_loss"]), ["improved val loss"]);
        assert_eq!(labels(["loss", "val_loss"]), ["loss", "val"]);
        assert_eq!(labels(["", "…"]), ["", "…"]);
    }

    #[test]
    fn series_are_grouped_by_each_word() {
        let labels = ["lr0.1 train", "lr0.1 val", "lr1 train", "lr1 val"].map(str::to_owned);
        assert_eq!(groupings(&labels), [vec![vec![0, 1], vec![2, 3]], vec![vec![0, 2], vec![1, 3]]]);
        assert_eq!(groupings(&["train".to_owned(), "val".to_owned()]), [vec![vec![0], vec![1]]]);
        assert!(groupings(&["one".to_owned()]).is_empty() && groupings(&[]).is_empty());
    }
}
