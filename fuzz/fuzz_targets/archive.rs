//! Any bytes are a zip, a tar or a tar.gz with messages, and its files have bytes or messages.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mlgrade::submission::Submission;

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.zip", "a.tar", "a.tar.gz"] {
        let submission = Submission::of_archive(name, bytes.to_vec());
        assert!(submission.unreachable.is_none());
        for evidence in ["improved.val_error", "best.accuracy"] {
            let _ = submission.bag.number(evidence);
        }
        let _ = submission.bag.figure("trees");
        let _ = submission.bag.predictions("improved");
    }
});
