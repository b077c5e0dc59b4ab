//! Which files of a submission are logs, told from their paths, and which of them belong to one run.

use std::collections::BTreeMap;

use super::Kind;

/// Files that are one log together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What wrote them.
    pub kind: Kind,
    /// The file, or the folder that holds them.
    pub path: String,
    /// The files, in order.
    pub files: Vec<String>,
}

/// Folders whose files are something else: pictures, predictions and the like.
const OTHERS: [&str; 7] = ["figures", "predictions", "networks", "arrays", "rules", "data", "node_modules"];

/// Files that state a submission's values where they lie at its top.
pub const STATEMENTS: [&str; 6] = ["metrics.json", "metrics.yaml", "metrics.yml", "answers.json", "answers.yaml", "answers.yml"];

/// What tools write about themselves.
const NO_LOGS: [&str; 6] = ["package.json", "package-lock.json", "environment.yml", "environment.yaml", "wandb-metadata.json", "submission.json"];

/// The endings of logs that are one file.
const ENDINGS: [(&str, Kind); 9] = [
    ("csv", Kind::Table),
    ("log", Kind::Table),
    ("tsv", Kind::Table),
    ("jsonl", Kind::JsonLines),
    ("ndjson", Kind::JsonLines),
    ("json", Kind::Json),
    ("yaml", Kind::Yaml),
    ("yml", Kind::Yaml),
    ("npz", Kind::Arrays),
];

/// The name of a log's file without its ending, and its kind; `None` if no log ends so.
pub fn stem_of(file: &str) -> Option<(&str, Kind)> {
    let (stem, ending) = file.rsplit_once('.')?;
    let (_, kind) = ENDINGS.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending))?;
    Some((stem, *kind))
}

/// The logs among `paths`, in the order of their paths.
pub fn groups<'p>(paths: impl IntoIterator<Item = &'p str>) -> Vec<Group> {
    let paths: Vec<&str> = paths.into_iter().collect();
    let runs: Vec<&str> = paths.iter().filter_map(|path| run_of_mlflow(path)).collect();
    let mut groups: BTreeMap<(String, Kind), Vec<String>> = BTreeMap::new();
    for path in paths {
        if let Some((kind, group)) = place(path, &runs) {
            groups.entry((group.to_owned(), kind)).or_default().push(path.to_owned());
        }
    }
    let named = |path: String, files: &[String]| if path.is_empty() { files.first().cloned().unwrap_or_default() } else { path };
    groups.into_iter().map(|((path, kind), files)| Group { kind, path: named(path, &files), files }).collect()
}

/// The folder of the run of MLflow that `path` proves to be one: its tags are called so.
fn run_of_mlflow(path: &str) -> Option<&str> {
    if path.starts_with("tags/mlflow.") { Some("") } else { path.find("/tags/mlflow.").and_then(|at| path.get(..at)) }
}

/// What kind of log `path` is part of, and the path of that log.
fn place<'p>(path: &'p str, runs: &[&str]) -> Option<(Kind, &'p str)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let within = |run: &str| if run.is_empty() { Some(path) } else { path.strip_prefix(run)?.strip_prefix('/') };
    if let Some((run, inner)) = runs.iter().find_map(|run| Some((run, within(run)?))) {
        if inner.starts_with("metrics/") {
            return Some((Kind::Mlflow, &path[..run.len()]));
        }
        // A run at the top has the rest of the submission beside it.
        if !run.is_empty() || inner.starts_with("tags/") || inner.starts_with("params/") || inner == "meta.yaml" {
            return None;
        }
    }
    if let Some((before, _)) = path.split_once("/metrics/").filter(|_| path.contains("mlruns/")) {
        return Some((Kind::Mlflow, before));
    }
    if path.contains("mlruns/") {
        return None;
    }
    if file.contains(".tfevents.") {
        return Some((Kind::TensorBoard, folder));
    }
    if let Some(run) = run_of_wandb(path, folder, file) {
        return Some((Kind::WeightsAndBiases, run));
    }
    let first = path.split('/').next().filter(|_| !folder.is_empty()).unwrap_or_default();
    let is_other = OTHERS.iter().any(|other| first.eq_ignore_ascii_case(other)) || path.split('/').any(|part| part == "wandb");
    if is_other
        || path.ends_with("files/output.log")
        || STATEMENTS.iter().chain(&NO_LOGS).any(|name| file.eq_ignore_ascii_case(name)) && folder.is_empty()
        || file == "hparams.yaml"
    {
        return None;
    }
    stem_of(file).map(|(_, kind)| (kind, path))
}

/// The folder of the run of Weights & Biases that a file is part of.
fn run_of_wandb<'p>(path: &'p str, folder: &'p str, file: &str) -> Option<&'p str> {
    if file.strip_prefix("run-").and_then(|rest| rest.rsplit_once('.')).is_some_and(|(_, ending)| ending == "wandb") {
        return Some(folder);
    }
    let is_ours = matches!(file, "wandb-summary.json" | "wandb-history.jsonl");
    is_ours.then(|| folder.strip_suffix("/files").unwrap_or(if folder == "files" { "" } else { folder })).filter(|folder| path.len() > folder.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[&str]) -> Vec<(Kind, String, usize)> {
        groups(paths.iter().copied()).into_iter().map(|group| (group.kind, group.path, group.files.len())).collect()
    }

    #[test]
    fn logs_are_known_by_their_paths() {
        for (path, kind) in [
            ("training.log", Kind::Table),
            ("lightning_logs/version_0/metrics.csv", Kind::Table),
            ("mlp/metrics.json", Kind::Json),
            ("history.json", Kind::Json),
            ("trainer_state.json", Kind::Json),
            ("out/run.jsonl", Kind::JsonLines),
            ("results.yaml", Kind::Yaml),
            ("results.npz", Kind::Arrays),
        ] {
            assert_eq!(found(&[path]), [(kind, path.to_owned(), 1)], "{path}");
        }
        for path in [
            "metrics.json",
            "answers.yaml",
            "figures/trees.json",
            "predictions/a.csv",
            "networks/a.npz",
            "hw2.ipynb",
            "train.py",
            "lightning_logs/version_0/hparams.yaml",
            "wandb/run-1/files/config.yaml",
        ] {
            assert_eq!(found(&[path]), [], "{path}");
        }
    }

    #[test]
    fn the_files_of_a_run_belong_together() {
        assert_eq!(
            found(&["runs/a/events.out.tfevents.1.h", "runs/a/events.out.tfevents.2.h", "runs/b/events.out.tfevents.1.h"]),
            [(Kind::TensorBoard, "runs/a".to_owned(), 2), (Kind::TensorBoard, "runs/b".to_owned(), 1)]
        );
        assert_eq!(
            found(&["r/1/metrics/val/loss", "r/1/metrics/acc", "r/1/tags/mlflow.runName", "r/1/meta.yaml", "r/1/params/lr"]),
            [(Kind::Mlflow, "r/1".to_owned(), 2)]
        );
        assert_eq!(found(&["mlruns/0/71/metrics/acc", "mlruns/0/71/meta.yaml"]), [(Kind::Mlflow, "mlruns/0/71".to_owned(), 1)]);
        assert_eq!(
            found(&["wandb/offline-run-1/run-1.wandb", "wandb/offline-run-1/files/wandb-summary.json", "wandb/offline-run-1/files/config.yaml"]),
            [(Kind::WeightsAndBiases, "wandb/offline-run-1".to_owned(), 2)]
        );
    }
}
