//! Any bytes, read as a log of each kind, are series or refused with a message. The first byte says which kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::submission::Submission;

/// A path for each kind of log.
const PATHS: [&str; 8] = [
    "training.log",
    "run.jsonl",
    "history.json",
    "results.yaml",
    "runs/mlp/events.out.tfevents.1.h",
    "wandb/offline-run-1/run-1.wandb",
    "mlruns/0/1/metrics/val_loss",
    "results.npz",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((&kind, file)) = bytes.split_first() else { return };
    let path = PATHS[usize::from(kind) % PATHS.len()];
    let bag = Submission::of_files("fuzz", [(path.to_owned(), file.to_vec())]).bag;
    assert!(bag.logged().iter().all(|logged| !logged.path.is_empty()));
    // Whatever is in it, a number is finite and a message is not empty.
    match bag.series("val_loss") {
        Ok(values) => assert!(values.iter().all(|value| value.get().is_finite())),
        Err(absent) => assert!(!absent.diagnostic().message.is_empty()),
    }
});
